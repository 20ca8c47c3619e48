/* yedda: YEDDA's text with marks in it, [@高建军#PERSON*]; [$…*] is what the program recommended and nobody confirmed.
 *
 * The text is what is left without the marks.  Marks do not nest and nothing escapes one: where the article itself reads
 * like a mark, that is counted.  A full-width ＃ is taken too.  Source: the README and YEDDA_Annotator.py of
 * jiesutd/YEDDA. */
#include <string.h>

#include "annotations/formats/record.h"
#include "model/article.h"
#include "model/utf8.h"

#define WIDE_HASH "\xEF\xBC\x83"

struct mark {
	struct str text, label;
	size_t end; /* behind it */
};

static bool opens(struct str s, size_t at)
{
	return at + 1 < s.n && s.p[at] == '[' && (s.p[at + 1] == '@' || s.p[at + 1] == '$');
}

static size_t last_of(struct str s, struct str what)
{
	size_t found = NOWHERE;
	for (size_t at = 0; (at = str_find(s, what, at)) != NOWHERE; at++)
		found = at;
	return found;
}

/* The mark at an opening; false: it is none. */
static bool read_mark(struct str s, size_t at, struct mark *m)
{
	size_t end = str_find(s, S("*]"), at + 2);
	if (end == NOWHERE)
		return false;
	struct str inner = str_sub(s, at + 2, end);
	size_t hash = last_of(inner, S("#")), width = 1;
	if (hash == NOWHERE) {
		hash = last_of(inner, S(WIDE_HASH));
		width = 3;
	}
	if (hash == NOWHERE || hash + width == inner.n)
		return false;
	*m = (struct mark){str_sub(inner, 0, hash), str_sub(inner, hash + width, inner.n), end + 2};
	for (size_t i = 0; i < m->text.n; i++)
		if (opens(m->text, i))
			return false;
	return str_byte(m->label, '\n', 0) == NOWHERE && str_byte(m->label, ' ', 0) == NOWHERE;
}

static void add_span(struct record *r, const struct mark *m, bool confirmed, uint64_t cp)
{
	struct buf label = {0};
	record_add_plain(&label, m->label);
	struct node *span = record_add_span(r, STR_NONE, buf_str(&label), cp, cp + utf8_count(m->text));
	if (!confirmed)
		node_put_text(span, S("verdict"), str_of(verdict_name(VERDICT_UNDECIDED)));
	buf_free(&label);
}

static void take_text(struct record *r, struct str s)
{
	struct buf text = {0};
	uint64_t cp = 0;
	size_t line = 1, from = 0;
	for (size_t at = 0; at < s.n;) {
		struct mark m;
		line += s.p[at] == '\n';
		if (!opens(s, at)) {
			at++;
			continue;
		}
		if (!read_mark(s, at, &m)) {
			record_fail(r, line, 1, ERROR_SYNTAX, "a mark that is not closed: [@TEXT#LABEL*]; it is left as text");
			at += 2;
			continue;
		}
		cp += utf8_count(str_sub(s, from, at));
		buf_add(&text, str_sub(s, from, at));
		r->line = line;
		add_span(r, &m, s.p[at + 1] == '@', cp);
		buf_add(&text, m.text);
		cp += utf8_count(m.text);
		for (size_t i = at; i < m.end; i++)
			line += s.p[i] == '\n';
		at = from = m.end;
	}
	buf_add(&text, str_sub(s, from, s.n));
	node_put_text(r->object, S("text"), buf_str(&text));
	buf_free(&text);
}

static bool import(struct import_job *job, const char *path, struct error *err)
{
	struct record r = record_new(job, path, 0);
	struct article *a = NULL;
	struct buf bytes = {0};
	bool standard = strcmp(path, "-") == 0;
	bool fine = standard ? io_read_fd(0, "standard input", ARTICLE_LIMIT, &bytes, err) : article_open(path, NULL, &a, err);
	if (fine) {
		char *name = record_name(job);
		node_put_text(r.object, S("file"), str_of(name));
		take_text(&r, standard ? buf_str(&bytes) : article_text(a));
		fine = record_take(&r, err);
		mem_free(name);
	} else {
		record_drop(&r);
	}
	article_free(a);
	buf_free(&bytes);
	import_end(job);
	job->hooks.progress(job->hooks.ctx, job->counts.objects);
	return fine;
}

static void count_lookalikes(const struct outgoing *o, struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (opens(text, i))
			losses_add(&o->job->losses, 1, "places where the text itself reads like a mark");
}

static bool export(struct export_job *job, struct doc *d, struct error *err)
{
	struct outgoing o;
	struct buf out = {0};
	size_t at = 0;
	if (!outgoing_make(job, d, &o, err))
		return false;
	count_lookalikes(&o, o.text);
	for (size_t i = 0; i < o.n_spans; i++) {
		const struct record_fragment *f = &o.spans[i].fragments[0];
		bool confirmed = !str_eq(node_get_text(o.spans[i].map, S("verdict")), S("undecided"));
		buf_add(&out, str_sub(o.text, at, f->off));
		buf_adds(&out, confirmed ? "[@" : "[$");
		buf_add(&out, record_text(&o, f));
		buf_addc(&out, '#');
		record_add_word(&out, o.spans[i].label);
		buf_adds(&out, "*]");
		at = f->end;
	}
	buf_add(&out, str_sub(o.text, at, o.text.n));
	char *name = record_file(&o, ".txt.ann");
	bool fine = job->write_file(job->ctx, name, buf_str(&out), err);
	job->articles += fine;
	mem_free(name);
	buf_free(&out);
	outgoing_free(&o);
	return fine;
}

static unsigned recognise(struct str start, const char *name)
{
	struct mark m;
	if (str_starts(start, S("{")) || str_starts(start, S("<")))
		return 0;
	for (size_t at = 0; at < start.n; at++)
		if (opens(start, at) && read_mark(start, at, &m))
			return str_ends(str_of(name), S(".ann")) ? 90 : 75;
	return 0;
}

const struct format yedda_format = {
    .name = "yedda",
    .summary = "YEDDA's text with marks in it, [@TEXT#LABEL*]",
    .unit = "",
    .carries = "spans that do not overlap, with the text; what nobody decided as recommended, [$…*]",
    .loses = "overlaps, fragments, empty spans, relations, attributes, notes, links, fields, ids, verdicts",
    .carry = {[FEATURE_NEWLINE] = CARRY_ALL},
    .judged = true,
    .folder = true,
    .recognise = recognise,
    .import = import,
    .export = export,
};
