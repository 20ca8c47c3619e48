/* tsv_rows: header, text and rows of a WebAnno TSV file, see tsv.h. */
#include "annotations/formats/tsv.h"

#include "annotations/formats/places.h"
#include "annotations/formats/units.h"
#include "model/utf8.h"

void tsv_complain(struct sheet *s, size_t line, enum error_code code, const char *what)
{
	struct error e = {0};
	error_at(&e, code, s->path, line, 0, "%s", what);
	s->failed = true;
	s->job->hooks.failed(s->job->hooks.ctx, &e);
}

/* ---- what is known by a name ------------------------------------------------------------------------------------ */

void tsv_know(struct sheet *s, const char *kind, struct str name, size_t place)
{
	struct buf key = {0}, value = {0};
	buf_addf(&key, "%s %.*s", kind, (int)name.n, name.p);
	buf_addf(&value, "%zu", place);
	strmap_put(&s->known, buf_str(&key), buf_str(&value));
	buf_free(&key);
	buf_free(&value);
}

size_t tsv_look_up(const struct sheet *s, const char *kind, struct str name)
{
	struct buf key = {0};
	struct str value;
	uint64_t place = 0;
	buf_addf(&key, "%s %.*s", kind, (int)name.n, name.p);
	bool found = strmap_get(&s->known, buf_str(&key), &value) && str_number(value, &place);
	buf_free(&key);
	return found ? (size_t)place : NOWHERE;
}

/* Up to the next mark that no backslash stands before; *rest begins behind it. False: there is nothing more. */
bool tsv_next_part(struct str *rest, char mark, struct str *part)
{
	size_t i = 0;
	if (!rest->p)
		return false;
	while (i < rest->n && rest->p[i] != mark)
		i += rest->p[i] == '\\' && i + 1 < rest->n ? 2 : 1;
	*part = str_sub(*rest, 0, i);
	*rest = i < rest->n ? str_sub(*rest, i + 1, rest->n) : STR_NONE;
	return true;
}

/* ---- the header -------------------------------------------------------------------------------------------------- */

static void add_column(struct sheet_layer *l, enum tsv_column_kind kind, struct str feature, struct str type)
{
	l->columns = mem_grow(l->columns, l->n + 1, sizeof *l->columns);
	l->columns[l->n++] = (struct sheet_column){kind, feature, type};
}

/* ROLE_my.Layer:links_my.LinkType: the underscore before the dotted name that ends it. */
static void add_slot(struct sheet_layer *l, struct str piece, struct str target)
{
	size_t colon = str_byte(piece, ':', 0), from = colon == NOWHERE ? sizeof("ROLE_") - 1 : colon + 1;
	size_t dot = str_byte(piece, '.', from), cut = dot == NOWHERE ? piece.n : dot;
	while (cut > from && piece.p[cut - 1] != '_')
		cut--;
	if (cut == from)
		cut = piece.n + 1;
	add_column(l, TSV_ROLES, str_sub(piece, from, cut - 1), str_sub(piece, cut, piece.n));
	add_column(l, TSV_TARGETS, str_sub(piece, from, cut - 1), target);
}

void tsv_read_layer(struct sheet *s, char kind, struct str rest)
{
	struct str piece, type = STR_NONE, header = rest;
	(void)tsv_next_part(&rest, '|', &type);
	s->layers = mem_grow(s->layers, s->n_layers + 1, sizeof *s->layers);
	struct sheet_layer *l = &s->layers[s->n_layers++];
	*l = (struct sheet_layer){.header = header, .type = type, .kind = kind};
	while (tsv_next_part(&rest, '|', &piece)) {
		struct str target = STR_NONE;
		if (kind == 'S' && str_starts(piece, S("ROLE_"))) {
			(void)tsv_next_part(&rest, '|', &target);
			add_slot(l, piece, target);
		} else if (kind == 'R' && str_starts(piece, S("BT_"))) {
			add_column(l, TSV_SOURCE, STR_NONE, str_sub(piece, 3, piece.n));
		} else if (kind == 'C') {
			bool link = str_eq(piece, S("referenceRelation"));
			add_column(l, link ? TSV_CHAIN_LINK : TSV_CHAIN_TYPE, piece, STR_NONE);
		} else {
			add_column(l, piece.n ? TSV_VALUE : TSV_PLACEHOLDER, piece, STR_NONE);
		}
	}
	if (l->n == 0)
		add_column(l, TSV_PLACEHOLDER, STR_NONE, STR_NONE);
}

static bool read_version(struct sheet *s, struct str line, struct error *err)
{
	struct str version = str_trim(str_sub(line, sizeof("#FORMAT=WebAnno TSV") - 1, line.n));
	if (!str_starts(version, S("3")))
		return error_at(err, ERROR_VERSION, s->path, s->line, 1,
		                "this is WebAnno TSV %.*s; 3.0 to 3.3 are read", (int)version.n, version.p);
	s->java = str_eq(version, S("3")) || str_eq(version, S("3.0")) || str_eq(version, S("3.1"));
	return true;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

/* The sentence begins where its first token does; what lies before the first and between two is not in the file and
 * becomes, as INCEpTION has it, blanks, after a sentence a newline and blanks. */
static void place_sentence(struct sheet *s, size_t begin)
{
	size_t gap = 0;
	if (!s->lines)
		return;
	if (begin < s->length)
		tsv_complain(s, s->line, ERROR_OFFSET, "this sentence begins before the end of the one before it");
	else if (begin - s->length > s->sentence.n + ((size_t)1 << 20))
		tsv_complain(s, s->line, ERROR_OFFSET, "this sentence begins far behind the one before it");
	for (; s->length < begin && begin - s->length <= s->sentence.n + ((size_t)1 << 20); s->length++)
		buf_addc(&s->text, s->n_sentences && !gap++ ? '\n' : ' ');
	size_t start = s->length;
	buf_add(&s->text, buf_str(&s->sentence));
	s->length += utf16_length(buf_str(&s->sentence));
	if (s->n_sentences == s->cap_sentences) {
		s->cap_sentences = s->cap_sentences ? s->cap_sentences * 2 : 64;
		s->sentences = mem_grow(s->sentences, s->cap_sentences, sizeof *s->sentences);
	}
	s->sentences[s->n_sentences++] = (struct sheet_sentence){start, s->length, s->sentence_id};
	s->sentence_id = STR_NONE;
	buf_clear(&s->sentence);
	s->lines = 0;
}

bool tsv_read_pair(struct str field, uint64_t *begin, uint64_t *end)
{
	size_t dash = str_byte(field, '-', 0);
	return dash != NOWHERE && str_number(str_sub(field, 0, dash), begin) &&
	       str_number(str_sub(field, dash + 1, field.n), end);
}

struct str tsv_next_field(struct str *rest)
{
	size_t tab = str_byte(*rest, '\t', 0);
	struct str field = str_sub(*rest, 0, tab == NOWHERE ? rest->n : tab);
	*rest = tab == NOWHERE ? STR_NONE : str_sub(*rest, tab + 1, rest->n);
	return field;
}

static void read_row(struct sheet *s, struct str line)
{
	struct sheet_row row = {.line = s->line};
	uint64_t begin = 0, end = 0;
	row.id = tsv_next_field(&line);
	struct str place = tsv_next_field(&line);
	row.token = tsv_next_field(&line);
	row.cells = line;
	if (str_byte(row.id, '-', 0) == NOWHERE || !tsv_read_pair(place, &begin, &end) || end < begin) {
		tsv_complain(s, s->line, ERROR_SYNTAX,
		             "no row of a token: 1-1, a tab, 0-2, a tab, the token is wanted");
		return;
	}
	row.begin = (size_t)begin;
	row.end = (size_t)end;
	place_sentence(s, row.begin);
	if (s->n_rows == s->cap_rows) {
		s->cap_rows = s->cap_rows ? s->cap_rows * 2 : 64;
		s->rows = mem_grow(s->rows, s->cap_rows, sizeof *s->rows);
	}
	tsv_know(s, "unit", row.id, s->n_rows);
	s->rows[s->n_rows++] = row;
}

static bool read_line(struct sheet *s, struct str line, struct error *err)
{
	if (str_starts(line, S("#FORMAT=")))
		return read_version(s, line, err);
	if (str_starts(line, S("#Text="))) {
		if (s->lines++)
			buf_addc(&s->sentence, '\n');
		tsv_add_plain_text(&s->sentence, str_sub(line, 6, line.n), s->java);
	} else if (str_starts(line, S("#T_SP=")) || str_starts(line, S("#T_CH=")) || str_starts(line, S("#T_RL="))) {
		tsv_read_layer(s, line.p[3], str_sub(line, 6, line.n));
	} else if (line.n && line.p[0] >= '0' && line.p[0] <= '9') {
		read_row(s, line);
	} else if (str_starts(line, S("#Sentence.id="))) {
		s->sentence_id = str_sub(line, sizeof("#Sentence.id=") - 1, line.n);
	} else if (line.n && line.p[0] != '#') {
		tsv_complain(s, s->line, ERROR_SYNTAX, "this line is neither a row nor a comment");
	}
	return true;
}

static bool read_lines(struct sheet *s, struct str bytes, struct error *err)
{
	bool fine = true;
	if (str_starts(bytes, S("\xEF\xBB\xBF")))
		bytes = str_sub(bytes, 3, bytes.n);
	if (!str_starts(bytes, S("#FORMAT=WebAnno TSV")))
		return error_at(err, ERROR_SYNTAX, s->path, 1, 1,
		                "this is no WebAnno TSV: it begins with #FORMAT=WebAnno TSV 3.3 or, of version 2, # layer | "
		                "feature; version 1 is not read");
	for (size_t from = 0; fine && from < bytes.n;) {
		size_t end = str_byte(bytes, '\n', from);
		end = end == NOWHERE ? bytes.n : end;
		struct str line = str_sub(bytes, from, end);
		if (str_ends(line, S("\r")))
			line.n--;
		s->line++;
		fine = read_line(s, line, err);
		from = end + 1;
	}
	place_sentence(s, s->length);
	return fine;
}

/* Rows whose token is not what stands there are left out. */
static void check_rows(struct sheet *s)
{
	struct unit_span *places = mem_array(s->n_rows + 1, sizeof *places);
	struct buf *tokens = mem_array(s->n_rows + 1, sizeof *tokens);
	for (size_t i = 0; i < s->n_rows; i++) {
		tsv_add_plain_text(&tokens[i], s->rows[i].token, s->java);
		places[i] = (struct unit_span){.start = s->rows[i].begin, .end = s->rows[i].end};
	}
	units_place(buf_str(&s->text), (struct unit){.unit = UNIT_UTF16}, places, s->n_rows);
	for (size_t i = 0; i < s->n_rows; i++) {
		struct str there = str_sub(buf_str(&s->text), places[i].off, places[i].stop);
		bool same = str_eq(there, s->rows[i].token) || str_eq(there, buf_str(&tokens[i]));
		if (!places[i].fits)
			tsv_complain(s, s->rows[i].line, ERROR_OFFSET, "this is no place in the text");
		else if (!same)
			tsv_complain(s, s->rows[i].line, ERROR_TEXT, "the text has not this token at these offsets");
		if (!places[i].fits || !same)
			s->rows[i].cells = STR_NONE;
		buf_free(&tokens[i]);
	}
	mem_free(tokens);
	mem_free(places);
}

bool tsv_read_sheet(struct sheet *s, struct str bytes, struct error *err)
{
	if (!read_lines(s, bytes, err))
		return false;
	check_rows(s);
	return true;
}

void tsv_free_sheet(struct sheet *s)
{
	for (size_t i = 0; i < s->n_layers; i++)
		mem_free(s->layers[i].columns);
	mem_free(s->layers);
	mem_free(s->rows);
	mem_free(s->here);
	mem_free(s->pending);
	mem_free(s->firsts);
	mem_free(s->sentences);
	buf_free(&s->text);
	buf_free(&s->sentence);
	strmap_free(&s->known);
}
