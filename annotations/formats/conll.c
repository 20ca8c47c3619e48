/* conll: one token to a line with its tag in a column, an empty line after each sentence (CoNLL-2000, 2002, 2003 and
 * all that look like them, character by character for Chinese).
 *
 * There are no offsets: see align.h.  Which columns there are, what divides them, which of them is the token and which
 * the tag, and the scheme of tags (tags.h) are found in the file.  The column of tags is the last one in which every
 * value is a tag; where the lines are numbered and all columns behind the token are tags, each is a layer of its own
 * (GermEval 2014).  -DOCSTART- begins another article.  A `#` line of fewer columns is a comment.  Sources: the CoNLL-2002
 * and 2003 shared tasks, GermEval 2014. */
#include <string.h>

#include "annotations/formats/align.h"
#include "annotations/formats/conll.h"

#define MOST_COLUMNS 64
#define MOST_LAYERS  4
#define SNIFF_LINES  2000
#define CONLL_LIMIT  ((size_t)1 << 30)

struct layout {
	bool tabs; /* else runs of blanks */
	bool plain; /* labels without a letter before them */
	size_t columns, token, tags[MOST_LAYERS], n_tags;
};

/* ---- columns -------------------------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* How many there are; no more than MOST_COLUMNS are filled in. */
static size_t split(struct str line, bool tabs, struct str *fields)
{
	size_t n = 0, at = 0;
	while (at < line.n) {
		size_t end = at;
		while (end < line.n && (tabs ? line.p[end] != '\t' : !is_blank(line.p[end])))
			end++;
		if (tabs || end > at) {
			if (n < MOST_COLUMNS)
				fields[n] = str_sub(line, at, end);
			n++;
		}
		at = end + 1;
	}
	return n;
}

static bool next_line(struct str file, size_t *at, struct str *line)
{
	if (*at >= file.n)
		return false;
	size_t end = str_byte(file, '\n', *at);
	*line = str_sub(file, *at, end == NOWHERE ? file.n : end);
	*at = end == NOWHERE ? file.n : end + 1;
	while (line->n && (is_blank(line->p[line->n - 1]) || line->p[line->n - 1] == '\r'))
		line->n--;
	return true;
}

static bool says_nothing(struct str line)
{
	return line.n == 0 || str_starts(line, S("-DOCSTART-"));
}

struct sniff {
	size_t by_count[MOST_COLUMNS + 1];
	size_t lines, tagged[MOST_COLUMNS], outside[MOST_COLUMNS], numbered[MOST_COLUMNS];
};

static bool is_number(struct str s)
{
	uint64_t n;
	return str_number(s, &n);
}

static size_t most_common(const struct sniff *s)
{
	size_t best = 0;
	for (size_t i = 1; i <= MOST_COLUMNS; i++)
		if (s->by_count[i] > s->by_count[best])
			best = i;
	return best;
}

static void count_columns(struct str file, bool tabs, struct sniff *s)
{
	struct str line, fields[MOST_COLUMNS];
	for (size_t at = 0, n = 0; n < SNIFF_LINES && next_line(file, &at, &line);) {
		if (says_nothing(line))
			continue;
		size_t count = split(line, tabs, fields);
		s->by_count[count < MOST_COLUMNS ? count : MOST_COLUMNS]++;
		n++;
	}
}

static void look_at_values(struct str file, const struct layout *l, struct sniff *s)
{
	struct str line, fields[MOST_COLUMNS], label;
	char place;
	for (size_t at = 0; s->lines < SNIFF_LINES && next_line(file, &at, &line);) {
		if (says_nothing(line) || split(line, l->tabs, fields) != l->columns)
			continue;
		s->lines++;
		for (size_t i = 0; i < l->columns; i++) {
			s->tagged[i] += tag_parse(fields[i], &place, &label);
			s->outside[i] += str_eq(fields[i], S("O"));
			s->numbered[i] += is_number(fields[i]);
		}
	}
}

/* A line or two may be broken. */
static bool nearly_all(size_t n, size_t of)
{
	return of && n * 50 >= of * 49;
}

static bool choose_columns(struct layout *l, const struct sniff *s)
{
	size_t last = NOWHERE;
	l->token = l->columns > 2 && nearly_all(s->numbered[0], s->lines) ? 1 : 0;
	for (size_t i = l->token + 1; i < l->columns; i++)
		if (nearly_all(s->tagged[i], s->lines))
			last = i;
	bool layers = l->token == 1 && last + 1 == l->columns && l->columns - 2 <= MOST_LAYERS;
	for (size_t i = 2; layers && i < l->columns; i++)
		layers = nearly_all(s->tagged[i], s->lines);
	for (size_t i = 2; layers && i < l->columns; i++)
		l->tags[l->n_tags++] = i;
	if (!layers && last != NOWHERE)
		l->tags[l->n_tags++] = last;
	if (!l->n_tags && l->columns > 1 && s->outside[l->columns - 1] * 5 >= s->lines) {
		l->plain = true;
		l->tags[l->n_tags++] = l->columns - 1;
	}
	return l->n_tags > 0;
}

/* What the file is like; false: no CoNLL. */
static bool sniff(struct str file, struct layout *l)
{
	struct sniff tabs = {0}, blanks = {0};
	*l = (struct layout){0};
	count_columns(file, true, &tabs);
	count_columns(file, false, &blanks);
	l->tabs = most_common(&tabs) > 1;
	l->columns = most_common(l->tabs ? &tabs : &blanks);
	if (l->columns < 2 || l->columns >= MOST_COLUMNS)
		return false;
	struct sniff *s = l->tabs ? &tabs : &blanks;
	look_at_values(file, l, s);
	return choose_columns(l, s);
}

/* ---- articles ------------------------------------------------------------------------------------------------- */

struct reading {
	struct import_job *job;
	const char *path;
	struct layout layout;
	struct record record;
	struct align_tokens tokens;
	struct str *tags; /* of all layers, n_tags for each token */
	size_t cap_tags;
	struct tag_evidence evidence;
	size_t number, articles; /* of the article, how many there are */
	char separator;          /* between letter and label */
	bool sentence;           /* the next token is the first of one */
	bool told;               /* the scheme was noted */
};

static void add_token(struct reading *r, const struct str *fields, size_t line)
{
	const struct layout *l = &r->layout;
	if (r->tokens.n * l->n_tags + l->n_tags > r->cap_tags) {
		r->cap_tags = r->cap_tags ? r->cap_tags * 2 : 1024 * MOST_LAYERS;
		r->tags = mem_grow(r->tags, r->cap_tags, sizeof *r->tags);
	}
	for (size_t i = 0; i < l->n_tags; i++)
		r->tags[r->tokens.n * l->n_tags + i] = fields[l->tags[i]];
	align_add(&r->tokens, fields[l->token], line, r->sentence);
	r->sentence = false;
}

static bool tag_of(struct reading *r, size_t i, size_t layer, char *place, struct str *label, struct str *tag)
{
	*tag = r->tags[i * r->layout.n_tags + layer];
	if (r->layout.plain) {
		bool outside = str_eq(*tag, S("O")) || str_eq(*tag, S("_"));
		*place = outside ? 'O' : 'I';
		*label = outside ? STR_NONE : *tag;
		return true;
	}
	if (!tag_parse(*tag, place, label)) {
		*place = 'O';
		*label = STR_NONE;
		return record_fail(&r->record, r->tokens.list[i].line, 1, ERROR_SYNTAX,
		                   "'%.*s' is no tag; O, B-LABEL, I-LABEL … are", (int)(tag->n < 40 ? tag->n : 40), tag->p);
	}
	if (*place != 'O' && !r->separator)
		r->separator = tag->p[1];
	return true;
}

static void end_chunk(struct reading *r, size_t first, size_t end, struct str label)
{
	const struct align_token *t = r->tokens.list;
	for (size_t i = first; i < end; i++) {
		if (t[i].off != NOWHERE)
			continue;
		record_fail(&r->record, t[i].line, 1, ERROR_TEXT,
		            "'%.*s' does not stand in the article here, so that its %.*s has no place", (int)t[i].form.n,
		            t[i].form.p, (int)label.n, label.p);
		return;
	}
	struct buf plain = {0};
	record_add_plain(&plain, label);
	r->record.line = t[first].line;
	record_add_span(&r->record, STR_NONE, buf_str(&plain), t[first].from, t[end - 1].to);
	buf_free(&plain);
}

static void take_layer(struct reading *r, size_t layer)
{
	struct tag_evidence *e = &r->evidence;
	struct str label, tag, open = STR_NONE;
	size_t first = NOWHERE;
	char place;
	for (size_t i = 0; i < r->tokens.n; i++) {
		bool ends, starts;
		(void)tag_of(r, i, layer, &place, &label, &tag);
		if (r->tokens.list[i].sentence) {
			if (first != NOWHERE)
				end_chunk(r, first, i, open);
			first = NOWHERE;
			tags_sentence_end(e);
		}
		tags_next(e, tag, place, label, &ends, &starts);
		if (ends && first != NOWHERE) {
			end_chunk(r, first, i, open);
			first = NOWHERE;
		}
		if (starts) {
			first = i;
			open = label;
		}
	}
	if (first != NOWHERE)
		end_chunk(r, first, r->tokens.n, open);
	tags_sentence_end(e);
}

static void tell_scheme(struct reading *r)
{
	struct node *kept = record_keep(&r->record, r->record.object);
	const char *scheme = r->layout.plain ? "labels without a scheme" : tag_scheme_name(tags_scheme(&r->evidence));
	if (r->separator && !r->layout.plain)
		node_put_text(kept, S("scheme"), str_of(scheme));
	if (r->separator && r->separator != '-')
		node_put_text(kept, S("tag"), (struct str){&r->separator, 1});
	node_put_text(kept, S("separator"), r->layout.tabs ? S("tab") : S("space"));
	record_noted(r->job, "tags are %s%s, %s", scheme,
	             tags_clean(&r->evidence) ? "" : " with some that the scheme would have otherwise",
	             r->layout.tabs ? "columns divided by tabs" : "columns divided by blanks");
}

static char *article_name(const struct reading *r)
{
	char *name = record_name(r->job);
	if (r->articles < 2 || r->job->text)
		return name;
	struct buf out = {0};
	buf_add(&out, str_sub(str_of(name), 0, strlen(name) - 4));
	buf_addf(&out, "-%0*zu.txt", r->articles > 999 ? 6 : 3, r->number);
	mem_free(name);
	return buf_take(&out);
}

static bool none_found(const struct reading *r)
{
	size_t missing = 0;
	for (size_t i = 0; i < r->tokens.n; i++)
		missing += r->tokens.list[i].off == NOWHERE;
	return missing * 2 > r->tokens.n;
}

/* The tokens so far are an article. */
static bool end_article(struct reading *r, struct error *err)
{
	struct error failed = {0};
	if (!r->tokens.n)
		return true;
	r->number++;
	char *name = article_name(r);
	bool fine = align_record(&r->record, name, &r->tokens, &failed);
	if (fine && none_found(r))
		fine = error_at(&failed, ERROR_TEXT, r->path, r->tokens.list[0].line, 1,
		                "most tokens do not stand in %s: it is another article; nothing of it is taken", name);
	if (fine) {
		for (size_t i = 0; i < r->layout.n_tags; i++)
			take_layer(r, i);
		tell_scheme(r);
		if (r->layout.columns > r->layout.token + 1 + r->layout.n_tags)
			losses_add(&r->job->losses, r->tokens.n, "tokens with other columns");
		fine = record_take(&r->record, err);
	} else {
		r->job->counts.objects++;
		r->job->counts.failed++;
		r->job->hooks.failed(r->job->hooks.ctx, &failed);
		record_drop(&r->record);
		fine = true;
	}
	r->tokens.n = 0;
	r->record = record_new(r->job, r->path, 0);
	mem_free(name);
	return fine;
}

/* ---- files ---------------------------------------------------------------------------------------------------- */

static size_t count_articles(struct str file)
{
	size_t n = 0, at = 0;
	struct str line;
	while (next_line(file, &at, &line))
		n += str_starts(line, S("-DOCSTART-"));
	return n;
}

static bool only_blanks(struct str s)
{
	return str_trim(s).n == 0 || str_eq(s, S("\xE3\x80\x80")) || str_eq(s, S("\xC2\xA0"));
}

static void take_line(struct reading *r, struct str line, size_t number)
{
	struct str fields[MOST_COLUMNS];
	size_t n = split(line, r->layout.tabs, fields);
	if (n == r->layout.columns) {
		if (!only_blanks(fields[r->layout.token]))
			add_token(r, fields, number);
		return;
	}
	/* A comment; the tag of a blank, which is no token. */
	if (line.p[0] == '#' || (n + 1 == r->layout.columns && is_blank(line.p[0])))
		return;
	record_fail(&r->record, number, 1, ERROR_SYNTAX, "this line has %zu column%s where the others have %zu", n,
	            n == 1 ? "" : "s", r->layout.columns);
}

static bool take_file(struct reading *r, struct str file, struct error *err)
{
	struct str line;
	if (str_starts(file, S("\xEF\xBB\xBF")))
		file = str_sub(file, 3, file.n);
	if (!sniff(file, &r->layout))
		return error_set(err, ERROR_SYNTAX, r->path,
		                 "no column of tags is found: lines of TOKEN TAG, tags like O, B-LABEL, I-LABEL");
	r->articles = count_articles(file);
	r->sentence = true;
	for (size_t at = 0, number = 1; next_line(file, &at, &line); number++) {
		if (str_starts(line, S("-DOCSTART-"))) {
			r->sentence = true;
			if (!r->job->text && !end_article(r, err))
				return false;
		} else if (line.n == 0) {
			r->sentence = true;
		} else {
			take_line(r, line, number);
		}
		if (number % 4096 == 0 && r->job->hooks.interrupted(r->job->hooks.ctx))
			return true;
	}
	return end_article(r, err);
}

static bool import(struct import_job *job, const char *path, struct error *err)
{
	struct reading r = {.job = job, .path = path, .record = record_new(job, path, 0)};
	struct buf file = {0};
	bool standard = strcmp(path, "-") == 0;
	bool fine = (standard ? io_read_fd(0, "standard input", CONLL_LIMIT, &file, err)
	                      : io_read_file(path, CONLL_LIMIT, &file, NULL, err)) &&
	            take_file(&r, buf_str(&file), err);
	job->counts.failed += r.record.failed; /* lines behind the last article */
	record_drop(&r.record);
	align_free(&r.tokens);
	mem_free(r.tags);
	buf_free(&file);
	import_end(job);
	job->hooks.progress(job->hooks.ctx, job->counts.objects);
	return fine;
}

static unsigned recognise(struct str start, const char *name)
{
	struct layout l;
	struct str n = str_of(name), head = start;
	bool named = str_ends(n, S(".conll")) || str_ends(n, S(".iob")) || str_ends(n, S(".bio")) ||
	             str_ends(n, S(".bmes")) || str_ends(n, S(".bioes"));
	/* The last line may be cut. */
	if (head.n == RECOGNISE_BYTES)
		while (head.n && head.p[head.n - 1] != '\n')
			head.n--;
	if (str_starts(start, S("{")) || str_starts(start, S("#FORMAT=")) || str_starts(start, S("<")) || !sniff(head, &l))
		return named ? 30 : 0;
	return l.plain ? (named ? 60 : 15) : named ? 90 : 70;
}

const struct format conll_format = {
    .name = "conll",
    .summary = "a token and its tag to a line: CoNLL-2002, CoNLL-2003, BIO, IOB1, IOE1, IOE2, BIOES, BMES, BILOU, by "
               "characters or words",
    .suffixes = ".conll .iob .bio .bmes .bioes",
    .unit = "",
    .carries = "spans that do not overlap and that begin and end with a character that is no blank; best with the "
               "article (--text)",
    .loses = "blanks of the text; relations, attributes, notes, links, fields, ids, verdicts; other columns of a file "
             "that comes in",
    .carry = {[FEATURE_NEWLINE] = CARRY_ALL},
    .judged = true,
    .folder = true,
    .recognise = recognise,
    .import = import,
    .export = conll_export,
};
