/* brat_in: brat's standoff files read; see brat.h and brat_reading.h. */

#include "annotations/formats/brat_reading.h"
#include "model/article.h"

#define BOM "\xEF\xBB\xBF"

/* ---- the order of lines ---------------------------------------------------------------------------------------- */

struct run {
	char kind;
	size_t first, last;
};

static void add_run(struct node *list, const struct run *run)
{
	struct buf text = {0};
	if (!run->kind)
		return;
	buf_addf(&text, "%c%zu", run->kind, run->first);
	if (run->last > run->first)
		buf_addf(&text, "..%c%zu", run->kind, run->last);
	node_add(list, node_text(buf_str(&text)));
	buf_free(&text);
}

/* T7, not T07: a run spells its numbers so. */
static bool counts_on(struct run *run, const struct ann_line *l)
{
	size_t number = brat_number(l->id);
	if (l->id.p[1] == '0' || run->kind != l->id.p[0] || number != run->last + 1)
		return false;
	run->last = number;
	return true;
}

static void add_line(struct node *list, struct str line)
{
	struct buf text = {0};
	buf_addc(&text, '=');
	buf_add(&text, line);
	node_add(list, node_text(buf_str(&text)));
	buf_free(&text);
}

static void keep_order(struct reading *r, struct str file, bool crlf)
{
	struct node *list = node_list(), *kept = record_keep(&r->record, r->record.object);
	struct run run = {0};
	for (size_t i = 0; i < r->n; i++) {
		const struct ann_line *l = &r->lines[i];
		if (l->gone || (l->referred && counts_on(&run, l)))
			continue;
		add_run(list, &run);
		run = (struct run){0};
		if (!l->referred)
			add_line(list, l->line);
		else if (l->id.p[1] == '0')
			node_add(list, node_text(l->id));
		else
			run = (struct run){l->id.p[0], brat_number(l->id), brat_number(l->id)};
	}
	add_run(list, &run);
	node_put(kept, S("lines"), list);
	if (crlf)
		node_put_text(kept, S("newlines"), S("crlf"));
	if (file.n && file.p[file.n - 1] != '\n')
		node_put_text(kept, S("end"), S("open"));
}

/* ---- files ---------------------------------------------------------------------------------------------------- */

static void free_reading(struct reading *r)
{
	for (size_t i = 0; i < r->n; i++)
		mem_free(r->lines[i].bound.more);
	mem_free(r->lines);
	mem_free(r->units);
	mem_free(r->by_number);
	strmap_free(&r->ids);
	strmap_free(&r->claimed);
	buf_free(&r->canonical);
	buf_free(&r->plain);
}

static bool all_crlf(struct str file)
{
	size_t at = 0, n = 0;
	for (size_t lf; (lf = str_byte(file, '\n', at)) != NOWHERE; at = lf + 1, n++)
		if (lf == 0 || file.p[lf - 1] != '\r')
			return false;
	return n > 0;
}

static bool take_file(struct reading *r, struct str file, struct error *err)
{
	bool crlf = all_crlf(file), mark = str_starts(file, S(BOM));
	if (mark) {
		file = str_sub(file, sizeof BOM - 1, file.n);
		node_put_text(record_keep(&r->record, r->record.object), S("mark"), S("bom"));
	}
	brat_split(r, file, crlf);
	brat_index(r);
	if (!brat_is_standoff(r))
		return error_set(err, ERROR_SYNTAX, r->record.path,
		                 "this is no standoff file: no line begins with an id and a tab, as in T1, tab, TYPE 0 5, tab, TEXT");
	if (!brat_place(r, file, err))
		return false;
	brat_tell_unknown(r);
	brat_take_said(r);
	brat_take_spans(r);
	keep_order(r, file, crlf);
	return true;
}

/* The text: of --text, of X.txt beside X.ann, of the article that the corpus has. */
static bool find_text(struct reading *r, const char *path, struct article **beside, struct error *err)
{
	struct buf file = {0};
	struct stat st;
	bool fine = true;
	buf_adds(&file, path);
	if (str_ends(buf_str(&file), S(".ann")))
		file.n -= 4;
	buf_adds(&file, ".txt");
	const char *text = r->job->text ? r->job->text : file.p;
	char *name = record_name(r->job);
	if (io_get()->stat(text, &st) == 0 && S_ISREG(st.st_mode)) {
		fine = article_open(text, NULL, beside, err);
		r->text = fine ? article_text(*beside) : STR_NONE;
		if (fine)
			r->record.text = r->text;
	} else {
		fine = record_article(&r->record, str_of(name), &r->text, err);
		if (!fine && err->code == ERROR_MISSING) {
			error_clear(err);
			error_set(err, ERROR_MISSING, path, "its text is neither beside it, as %s, nor in the corpus, as %s; "
			          "--text FILE says where it is", io_name_of(text), name);
		}
	}
	if (fine)
		node_put_text(r->record.object, S("file"), str_of(name));
	mem_free(name);
	buf_free(&file);
	return fine;
}

static bool import(struct import_job *job, const char *path, struct error *err)
{
	if (brat_is_conf(path))
		return brat_conf_import(job, path, err);
	struct reading r = {.job = job, .record = record_new(job, path, 0)};
	struct buf file = {0};
	struct article *beside = NULL;
	bool fine = import_read(path, ARTICLE_LIMIT, &file, err) &&
	            find_text(&r, path, &beside, err) && take_file(&r, buf_str(&file), err);
	if (fine)
		fine = record_take(&r.record, err);
	else
		record_drop(&r.record);
	free_reading(&r);
	article_free(beside);
	buf_free(&file);
	import_end(job);
	job->hooks.progress(job->hooks.ctx, job->counts.objects);
	return fine;
}

/* T1, a tab, a type and a number at the start say enough. */
static unsigned recognise(struct str start, const char *name)
{
	struct str id, rest;
	struct brat_bound bound = {0};
	const char *why;
	unsigned score = str_ends(str_of(name), S(".ann")) ? 50 : 0;
	if (brat_is_conf(name))
		return 90;
	for (size_t at = 0, n = 0; at < start.n && n < 20; n++) {
		size_t end = str_byte(start, '\n', at);
		struct str line = str_sub(start, at, end);
		if (end != NOWHERE && brat_line(line, &id, &rest) && id.p[0] == 'T' && brat_number(id) != NOWHERE &&
		    brat_bound(rest, &bound, &why)) {
			mem_free(bound.more);
			return score + 45;
		}
		if (end == NOWHERE)
			break;
		at = end + 1;
	}
	return score && start.n == 0 ? score : score / 2;
}

const struct format brat_format = {
    .name = "brat",
    .summary = "brat standoff: X.ann beside X.txt, with annotation.conf, visual.conf and kb_shortcuts.conf",
    .suffixes = ".ann annotation.conf",
    .unit = "code points, half-open",
    .carries = "spans with fragments, relations, attributes, links (normalisations), notes; events as relations from "
               "their triggers; lines it does not know, ids and the order of lines as they were",
    .loses = "verdicts and who judged, sources and scores, fields, notes of the article; a span over a newline is "
             "written in parts",
    .carry = {[FEATURE_NESTED] = CARRY_ALL,
              [FEATURE_CROSSING] = CARRY_ALL,
              [FEATURE_SAME_PLACE] = CARRY_ALL,
              [FEATURE_TWIN] = CARRY_ALL,
              [FEATURE_DISCONTINUOUS] = CARRY_ALL,
              [FEATURE_ZERO_WIDTH] = CARRY_ALL,
              [FEATURE_NEWLINE] = CARRY_PART,
              [FEATURE_ATTRIBUTES] = CARRY_ALL,
              [FEATURE_RELATIONS] = CARRY_ALL,
              [FEATURE_ITEM_NOTES] = CARRY_ALL,
              [FEATURE_LINKS] = CARRY_ALL},
    .judged = true,
    .folder = true,
    .recognise = recognise,
    .import = import,
    .begin = brat_begin,
    .export = brat_export,
    .end = brat_end,
};
