/* csv: a span to a row, for spreadsheets and data frames; tsv is the same with tabs.
 *
 * file, id, label, start, end, text, verdict, score, by, note, attributes, links: offsets are code points, half-open, of
 * several fragments with ; between; their texts with " … ".  Attributes and links are JSON.  Cells are quoted as RFC 4180
 * has it.  With --for-spreadsheet a cell that a spreadsheet would take for a formula (it begins with = + - @, a tab or a
 * line end) has a ' before it, which reading takes off again; so that reading is always right, what begins like that
 * itself has a second one, without the option too.  A file that comes in needs a first row of names, in any
 * order, with label, start and end at least; without `file` its rows are of the article of its own name. */

#include "annotations/formats/places.h"
#include "annotations/json.h"
#include "model/article.h"
#include "model/utf8.h"

enum column { COL_FILE, COL_ID, COL_LABEL, COL_START, COL_END, COL_TEXT, COL_VERDICT, COL_SCORE, COL_BY, COL_NOTE,
	      COL_ATTRIBUTES, COL_LINKS, COLUMNS };
static const char *const column_names[COLUMNS] = {"file", "id", "label", "start", "end", "text", "verdict", "score",
                                                  "by", "note", "attributes", "links"};
#define MOST_CELLS 256
#define BETWEEN    " … "

/* ---- rows ----------------------------------------------------------------------------------------------------- */

struct table {
	struct str bytes;
	char separator;
	size_t at, line; /* of the next row */
	struct buf cells; /* of the row, one behind the other, each with a NUL */
	size_t starts[MOST_CELLS + 1], n;
};

static void read_quoted(struct table *t)
{
	for (t->at++; t->at < t->bytes.n; t->at++) {
		char c = t->bytes.p[t->at];
		t->line += c == '\n';
		if (c != '"') {
			buf_addc(&t->cells, c);
		} else if (t->at + 1 < t->bytes.n && t->bytes.p[t->at + 1] == '"') {
			buf_addc(&t->cells, c);
			t->at++;
		} else {
			t->at++;
			return;
		}
	}
}

static bool ends_cell(const struct table *t)
{
	char c = t->at < t->bytes.n ? t->bytes.p[t->at] : '\n';
	return c == t->separator || c == '\n' || (c == '\r' && t->at + 1 < t->bytes.n && t->bytes.p[t->at + 1] == '\n');
}

/* False at the end. */
static bool next_row(struct table *t)
{
	buf_clear(&t->cells);
	t->n = 0;
	if (t->at >= t->bytes.n)
		return false;
	for (;;) {
		if (t->n < MOST_CELLS)
			t->starts[t->n++] = t->cells.n;
		if (t->at < t->bytes.n && t->bytes.p[t->at] == '"')
			read_quoted(t);
		for (; !ends_cell(t); t->at++)
			buf_addc(&t->cells, t->bytes.p[t->at]);
		buf_addc(&t->cells, '\0');
		if (t->at < t->bytes.n && t->bytes.p[t->at] == t->separator) {
			t->at++;
			continue;
		}
		t->at += t->at < t->bytes.n && t->bytes.p[t->at] == '\r';
		t->at++;
		t->line++;
		t->starts[t->n] = t->cells.n;
		return true;
	}
}

static struct str cell(const struct table *t, size_t i)
{
	if (i >= t->n)
		return STR_NONE;
	return str_sub(buf_str(&t->cells), t->starts[i], t->starts[i + 1] - 1);
}

/* Whether a spreadsheet would take the cell for more than text. Source: OWASP, CSV injection. */
/* What spreadsheets compute, by its first character (OWASP, CSV Injection); the wide ones are folded by some. */
static bool is_formula(struct str s)
{
	static const char *const first[] = {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"};
	for (size_t i = 0; i < COUNT_OF(first); i++)
		if (str_starts(s, str_of(first[i])))
			return true;
	return false;
}

/* A quote before a formula, or before what looks so. */
static bool looks_guarded(struct str s)
{
	size_t quotes = 0;
	while (quotes < s.n && s.p[quotes] == '\'')
		quotes++;
	return quotes && is_formula(str_sub(s, quotes, s.n));
}

static struct str unguarded(struct str s)
{
	return looks_guarded(s) ? str_sub(s, 1, s.n) : s;
}

/* ---- in ------------------------------------------------------------------------------------------------------- */

struct row {
	struct str cells[COLUMNS];
	size_t line, first, n; /* its fragments among the places */
};

struct reading {
	struct import_job *job;
	const char *path;
	struct table table;
	size_t columns[COLUMNS]; /* where each stands; NOWHERE */
	struct record record;
	struct arena memory; /* of the rows of one article */
	struct row *rows;
	size_t n, cap;
};

static bool read_header(struct reading *r, struct error *err)
{
	for (size_t c = 0; c < COLUMNS; c++)
		r->columns[c] = NOWHERE;
	bool row = next_row(&r->table);
	for (size_t i = 0; row && i < r->table.n; i++)
		for (size_t c = 0; c < COLUMNS; c++)
			if (str_eq(str_trim(cell(&r->table, i)), str_of(column_names[c])))
				r->columns[c] = i;
	if (r->columns[COL_LABEL] != NOWHERE && r->columns[COL_START] != NOWHERE && r->columns[COL_END] != NOWHERE)
		return true;
	return error_at(err, ERROR_SYNTAX, r->path, 1, 1, "the first row must name the columns: label, start and end at least");
}

static void keep_row(struct reading *r, size_t line)
{
	if (r->n == r->cap) {
		r->cap = r->cap ? r->cap * 2 : 256;
		r->rows = mem_grow(r->rows, r->cap, sizeof *r->rows);
	}
	struct row *row = &r->rows[r->n++];
	*row = (struct row){.line = line};
	for (size_t c = 0; c < COLUMNS; c++) {
		struct str s = cell(&r->table, r->columns[c]);
		/* The text is compared: what is a guard shows there. */
		row->cells[c] = arena_dup(&r->memory, c == COL_TEXT ? s : unguarded(s));
	}
}

/* Numbers with ; between. */
static size_t read_numbers(struct str s, struct node *list)
{
	for (size_t at = 0; at <= s.n;) {
		size_t end = str_byte(s, ';', at);
		node_add(list, node_plain(str_trim(str_sub(s, at, end == NOWHERE ? s.n : end))));
		at = end == NOWHERE ? s.n + 1 : end + 1;
	}
	return list->n;
}

/* A text that is one longer than its place has a guard before it. */
static bool is_guarded(struct str s, const struct node *start, struct str end)
{
	uint64_t from, to;
	return places_number(start, &from) && str_number(str_trim(end), &to) && to >= from && utf8_count(s) == to - from + 1;
}

static void collect(struct reading *r, struct places *p, struct node *numbers)
{
	for (size_t i = 0; i < r->n; i++) {
		struct row *row = &r->rows[i];
		struct node *from = node_list(), *to = node_list(), *said = NULL;
		row->first = p->n;
		from->line = (uint32_t)row->line;
		from->column = 1;
		node_add(numbers, from);
		node_add(numbers, to);
		size_t n = read_numbers(row->cells[COL_START], from);
		if (n == 1 && r->columns[COL_TEXT] != NOWHERE) {
			struct str s = row->cells[COL_TEXT];
			said = node_text(is_guarded(s, from->items[0], row->cells[COL_END]) ? unguarded(s) : s);
			node_add(numbers, said);
		}
		bool fine = n == read_numbers(row->cells[COL_END], to) ||
		            record_fail(&r->record, row->line, 1, ERROR_SCHEMA, "there must be as many ends as starts");
		for (size_t k = 0; fine && k < n; k++)
			fine = places_add(p, &r->record, from, from->items[k], to->items[k], said);
		row->n = fine ? n : 0;
	}
}

static void put_json(struct reading *r, const struct row *row, enum column c, enum node_kind kind, struct node *span)
{
	struct node *value = NULL;
	struct error err = {0};
	if (!row->cells[c].n)
		return;
	if (json_read(row->cells[c], r->path, row->line, &value, &err) && value->kind == kind)
		node_put(span, str_of(column_names[c]), node_copy(value));
	else
		record_fail(&r->record, row->line, 1, ERROR_SYNTAX, "%s must be JSON", column_names[c]);
	node_free(value);
	error_clear(&err);
}

static void add_span(struct reading *r, const struct row *row, const struct unit_span *u)
{
	for (size_t k = 0; k < row->n; k++)
		if (!u[k].fits)
			return;
	if (!row->n)
		return;
	r->record.line = row->line;
	struct node *span = record_add_span(&r->record, row->cells[COL_ID], row->cells[COL_LABEL], u[0].from, u[0].to);
	for (size_t k = 1; k < row->n; k++)
		record_add_fragment(span, u[k].from, u[k].to);
	if (row->cells[COL_VERDICT].n)
		node_put_text(span, S("verdict"), row->cells[COL_VERDICT]);
	if (row->cells[COL_SCORE].n)
		node_put(span, S("score"), node_plain(row->cells[COL_SCORE]));
	if (row->cells[COL_BY].n)
		node_put_text(span, S("source"), row->cells[COL_BY]);
	if (row->cells[COL_NOTE].n)
		node_put_text(span, S("note"), row->cells[COL_NOTE]);
	put_json(r, row, COL_ATTRIBUTES, NODE_MAP, span);
	put_json(r, row, COL_LINKS, NODE_LIST, span);
}

static bool find_text(struct reading *r, struct article **given, struct str *text, struct error *err)
{
	struct str file = r->rows[0].cells[COL_FILE];
	char *name = file.n ? str_dup(file) : record_name(r->job), *path = NULL;
	struct stat st;
	bool fine = true;
	if (r->job->text) {
		bool folder = io_get()->stat(r->job->text, &st) == 0 && S_ISDIR(st.st_mode);
		path = folder ? io_join(r->job->text, name) : mem_dup(r->job->text);
		fine = article_open(path, NULL, given, err);
		*text = fine ? article_text(*given) : STR_NONE;
		if (fine)
			node_put_text(r->record.object, S("text"), *text);
	} else {
		fine = record_article(&r->record, str_of(name), text, err);
	}
	node_put_text(r->record.object, S("file"), str_of(name));
	mem_free(path);
	mem_free(name);
	return fine;
}

/* The rows so far are of one article. */
static bool end_article(struct reading *r, struct error *err)
{
	struct article *given = NULL;
	struct str text = STR_NONE;
	struct places p = {0};
	struct node *numbers = node_list();
	struct error failed = {0};
	if (!r->n) {
		node_free(numbers);
		return true;
	}
	bool fine = find_text(r, &given, &text, &failed);
	if (fine) {
		collect(r, &p, numbers);
		fine = places_find(&p, &r->record, text, (struct unit){.unit = UNIT_CP});
		for (size_t i = 0; fine && i < r->n; i++)
			add_span(r, &r->rows[i], p.list ? &p.list[r->rows[i].first] : NULL);
	} else {
		record_fail(&r->record, r->rows[0].line, 1, failed.code, "%s", failed.message);
	}
	fine = record_take_or_count(&r->record, fine, err);
	r->record = record_new(r->job, r->path, 0);
	r->n = 0;
	arena_free(&r->memory);
	span_places_free(&p);
	node_free(numbers);
	error_clear(&failed);
	article_free(given);
	return fine;
}

static bool read_rows(struct reading *r, struct error *err)
{
	if (!read_header(r, err))
		return false;
	for (;;) {
		size_t line = r->table.line;
		if (r->job->hooks.interrupted(r->job->hooks.ctx))
			return true;
		if (!next_row(&r->table))
			return end_article(r, err);
		if (r->table.n == 1 && cell(&r->table, 0).n == 0)
			continue;
		if (r->n && !str_eq(unguarded(cell(&r->table, r->columns[COL_FILE])), r->rows[0].cells[COL_FILE]) &&
		    !end_article(r, err))
			return false;
		keep_row(r, line);
	}
}

static char separator_of(struct str bytes)
{
	struct str line = str_sub(bytes, 0, str_byte(bytes, '\n', 0));
	return str_byte(line, '\t', 0) != NOWHERE ? '\t' : str_byte(line, ',', 0) != NOWHERE ? ',' : ';';
}

static bool import(struct import_job *job, const char *path, struct error *err)
{
	struct reading r = {.job = job, .path = path, .record = record_new(job, path, 0)};
	struct buf bytes = {0};
	bool fine = import_read(path, ARTICLE_LIMIT, &bytes, err);
	if (fine) {
		bool mark = str_starts(buf_str(&bytes), S("\xEF\xBB\xBF"));
		r.table.bytes = str_sub(buf_str(&bytes), mark ? 3 : 0, bytes.n);
		r.table.line = 1;
		r.table.separator = separator_of(r.table.bytes);
		fine = read_rows(&r, err);
	}
	record_drop(&r.record);
	arena_free(&r.memory);
	buf_free(&r.table.cells);
	buf_free(&bytes);
	mem_free(r.rows);
	import_end(job);
	job->hooks.progress(job->hooks.ctx, job->counts.objects);
	return fine;
}

/* ---- out ------------------------------------------------------------------------------------------------------ */

struct writing {
	struct export_job *job;
	struct buf out;
	char separator;
	bool begun; /* the row has a cell */
};

static void add_sound_cell(struct writing *w, struct str s)
{
	/* What looks guarded already is guarded too: reading takes one quote away. */
	bool guard = (w->job->for_spreadsheet && is_formula(s)) || looks_guarded(s);
	bool quote = guard || (s.n && (s.p[0] == ' ' || s.p[s.n - 1] == ' '));
	for (size_t i = 0; i < s.n && !quote; i++)
		quote = s.p[i] == w->separator || s.p[i] == '"' || s.p[i] == '\n' || s.p[i] == '\r';
	if (w->begun)
		buf_addc(&w->out, w->separator);
	w->begun = true;
	if (!quote) {
		buf_add(&w->out, s);
		return;
	}
	buf_addc(&w->out, '"');
	if (guard)
		buf_addc(&w->out, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_addc(&w->out, '"');
		buf_addc(&w->out, s.p[i]);
	}
	buf_addc(&w->out, '"');
}

/* Bytes that are no characters (of names and texts; record_out.c counts them) would make the file none either. */
static void add_cell(struct writing *w, struct str s)
{
	struct buf sound = {0};
	codepoint cp = 0;
	bool valid = utf8_valid(s);
	for (size_t off = 0, step; !valid && (step = utf8_step(s, off, &cp)); off += step)
		utf8_add(&sound, cp & UTF8_BAD ? 0xFFFD : cp);
	add_sound_cell(w, sound.n ? buf_str(&sound) : s);
	buf_free(&sound);
}

static void end_row(struct writing *w)
{
	buf_adds(&w->out, "\r\n");
	w->begun = false;
}

static void add_numbers(struct writing *w, const struct record_span *s, bool ends)
{
	struct buf text = {0};
	for (size_t i = 0; i < s->n; i++)
		buf_addf(&text, "%s%zu", i ? ";" : "", ends ? s->fragments[i].stop : s->fragments[i].start);
	add_cell(w, buf_str(&text));
	buf_free(&text);
}

static void add_json(struct writing *w, const struct node *value)
{
	struct buf text = {0};
	if (value)
		json_write(&text, value);
	add_cell(w, buf_str(&text));
	buf_free(&text);
}

static void add_row(struct writing *w, const struct outgoing *o, const struct record_span *s)
{
	const struct node *source = node_get(s->map, S("source"));
	struct buf text = {0};
	for (size_t i = 0; i < s->n; i++) {
		buf_adds(&text, i ? BETWEEN : "");
		buf_add(&text, record_text(o, &s->fragments[i]));
	}
	add_cell(w, str_of(o->file));
	add_cell(w, record_id(o->job, s->map));
	add_cell(w, s->label);
	add_numbers(w, s, false);
	add_numbers(w, s, true);
	add_cell(w, buf_str(&text));
	add_cell(w, node_get_text(s->map, S("verdict")));
	add_cell(w, node_get_text(source, S("score")));
	add_cell(w, node_get_text(source, S("by")));
	add_cell(w, node_get_text(s->map, S("note")));
	add_json(w, node_get(s->map, S("attributes")));
	add_json(w, node_get(s->map, S("links")));
	end_row(w);
	buf_free(&text);
}

static bool begin_with(struct export_job *job, char separator, struct error *err)
{
	struct writing w = {.job = job, .separator = separator};
	for (size_t c = 0; c < COLUMNS; c++)
		add_cell(&w, str_of(column_names[c]));
	end_row(&w);
	bool fine = job->write(job->ctx, buf_str(&w.out), err);
	buf_free(&w.out);
	return fine;
}

static bool export_with(struct export_job *job, struct doc *d, char separator, struct error *err)
{
	struct outgoing o;
	struct writing w = {.job = job, .separator = separator};
	if (!outgoing_make(job, d, &o, err))
		return false;
	for (size_t i = 0; i < o.n_spans; i++)
		add_row(&w, &o, &o.spans[i]);
	bool fine = job->write(job->ctx, buf_str(&w.out), err);
	job->articles += fine;
	buf_free(&w.out);
	outgoing_free(&o);
	return fine;
}

static bool csv_begin(struct export_job *job, struct error *err)
{
	return begin_with(job, ',', err);
}

static bool csv_export(struct export_job *job, struct doc *d, struct error *err)
{
	return export_with(job, d, ',', err);
}

static bool tsv_begin(struct export_job *job, struct error *err)
{
	return begin_with(job, '\t', err);
}

static bool tsv_export(struct export_job *job, struct doc *d, struct error *err)
{
	return export_with(job, d, '\t', err);
}

/* ---- the formats ---------------------------------------------------------------------------------------------- */

static unsigned recognise_with(struct str start, char separator)
{
	struct table t = {.bytes = start, .separator = separator};
	unsigned known = 0;
	bool label = false;
	if (str_starts(start, S("\xEF\xBB\xBF")))
		t.bytes = str_sub(start, 3, start.n);
	t.bytes = str_sub(t.bytes, 0, str_byte(t.bytes, '\n', 0));
	bool row = next_row(&t);
	for (size_t i = 0; row && i < t.n; i++)
		for (size_t c = 0; c < COLUMNS; c++)
			if (str_eq(str_trim(cell(&t, i)), str_of(column_names[c]))) {
				known++;
				label |= c == COL_LABEL || c == COL_START;
			}
	buf_free(&t.cells);
	return label && known >= 3 ? 85 : 0;
}

static unsigned csv_recognise(struct str start, const char *name)
{
	unsigned comma = recognise_with(start, ','), semicolon = recognise_with(start, ';');
	(void)name;
	return comma > semicolon ? comma : semicolon;
}

static unsigned tsv_recognise(struct str start, const char *name)
{
	(void)name;
	return recognise_with(start, '\t');
}

#define CARRIED                                                                                                        \
	{                                                                                                              \
		[FEATURE_NESTED] = CARRY_ALL, [FEATURE_CROSSING] = CARRY_ALL, [FEATURE_SAME_PLACE] = CARRY_ALL,        \
		[FEATURE_TWIN] = CARRY_ALL,                                                                            \
		[FEATURE_DISCONTINUOUS] = CARRY_ALL, [FEATURE_ZERO_WIDTH] = CARRY_ALL, [FEATURE_NEWLINE] = CARRY_ALL,  \
		[FEATURE_ATTRIBUTES] = CARRY_ALL, [FEATURE_ITEM_NOTES] = CARRY_ALL, [FEATURE_LINKS] = CARRY_ALL,       \
		[FEATURE_REJECTED] = CARRY_ALL, [FEATURE_UNDECIDED] = CARRY_ALL                                        \
	}

const struct format csv_format = {
    .name = "csv",
    .summary = "a span to a row, commas between; --for-spreadsheet keeps spreadsheets from taking cells for formulas",
    .suffixes = ".csv",
    .unit = "code points, half-open",
    .carries = "spans with fragments, ids, verdicts, scores, sources, notes, attributes, links",
    .loses = "relations, fields, notes of the article, who judged, originals; the text",
    .carry = CARRIED,
    .judged = true,
    .recognise = csv_recognise,
    .import = import,
    .begin = csv_begin,
    .export = csv_export,
};

const struct format table_tsv_format = {
    .name = "tsv",
    .summary = "a span to a row, tabs between",
    .suffixes = ".tsv",
    .unit = "code points, half-open",
    .carries = "spans with fragments, ids, verdicts, scores, sources, notes, attributes, links",
    .loses = "relations, fields, notes of the article, who judged, originals; the text",
    .carry = CARRIED,
    .judged = true,
    .recognise = tsv_recognise,
    .import = import,
    .begin = tsv_begin,
    .export = tsv_export,
};
