/* tsv2_in: WebAnno TSV 2, as WebAnno wrote it before 2016 and INCEpTION's tests of agreement still are.
 *
 *   # my.Layer | feature # my.Relation | type | AttachTo=my.Layer
 *   #id=1
 *   #text=A sentence.
 *   1-1<TAB>A<TAB>B-value<TAB>_<TAB>_
 *   1-2<TAB>sentence<TAB>I-value<TAB>subj<TAB>1-1
 *
 * A layer has a column for each feature; a relation's AttachTo is the token that it comes from, its row the one that it
 * goes to.  B- begins an annotation, I- goes on with one of the row before, a value without either is one of a single
 * token; `|` stands between several, O and _ for none, and the layer's name with a _ for one without a value.  There are
 * no offsets: tokens are looked for in the sentence, one behind the other; sentences become lines.  Source: WebAnno 2's
 * user guide, "WebAnno TSV". */
#include "annotations/formats/tsv.h"

#include "annotations/formats/places.h"
#include "model/utf8.h"

bool tsv2_recognise(struct str start)
{
	struct str s = str_trim(start);
	if (!str_starts(s, S("# ")))
		return false;
	size_t end = str_byte(s, '\n', 0);
	struct str line = str_trim(str_sub(s, 2, end == NOWHERE ? s.n : end));
	size_t bar = str_find(line, S(" | "), 0), dot = str_byte(line, '.', 0);
	return bar != NOWHERE && dot != NOWHERE && dot < bar && str_byte(str_sub(line, 0, bar), ' ', 0) == NOWHERE;
}

/* ---- the sheet ---------------------------------------------------------------------------------------------- */

static void add_column(struct sheet_layer *l, enum tsv_column_kind kind, struct str feature, struct str type)
{
	l->columns = mem_grow(l->columns, l->n + 1, sizeof *l->columns);
	l->columns[l->n++] = (struct sheet_column){kind, feature, type};
}

static struct str next_piece(struct str *rest, struct str mark)
{
	size_t end = str_find(*rest, mark, 0);
	struct str piece = str_trim(str_sub(*rest, 0, end == NOWHERE ? rest->n : end));
	*rest = end == NOWHERE ? STR_NONE : str_sub(*rest, end + mark.n, rest->n);
	return piece;
}

static void read_header(struct sheet *s, struct str line)
{
	struct str rest = str_sub(line, 2, line.n);
	while (rest.n) {
		struct str layer = next_piece(&rest, S(" # ")), type = next_piece(&layer, S(" | "));
		s->layers = mem_grow(s->layers, s->n_layers + 1, sizeof *s->layers);
		struct sheet_layer *l = &s->layers[s->n_layers++];
		*l = (struct sheet_layer){.type = type, .kind = 'S'};
		while (layer.n) {
			struct str feature = next_piece(&layer, S(" | "));
			bool attach = str_starts(feature, S("AttachTo="));
			l->kind = attach ? 'R' : l->kind;
			add_column(l, attach ? TSV_SOURCE : TSV_VALUE, attach ? STR_NONE : feature,
			           attach ? str_sub(feature, 9, feature.n) : STR_NONE);
		}
		if (l->n == 0)
			add_column(l, TSV_PLACEHOLDER, STR_NONE, STR_NONE);
	}
}

/* at: how much of the sentence is behind the tokens before, in bytes. */
static void read_row(struct sheet *s, struct str line, struct str sentence, size_t *at)
{
	struct sheet_row row = {.line = s->line};
	row.id = tsv_next_field(&line);
	row.token = tsv_next_field(&line);
	row.cells = line;
	size_t found = row.token.n ? str_find(sentence, row.token, *at) : NOWHERE;
	if (str_byte(row.id, '-', 0) == NOWHERE || found == NOWHERE) {
		tsv_complain(s, s->line, ERROR_TEXT, "this token does not stand in its sentence, behind the one before it");
		return;
	}
	s->length += utf16_length(str_sub(sentence, *at, found));
	row.begin = s->length;
	s->length += utf16_length(row.token);
	row.end = s->length;
	*at = found + row.token.n;
	if (s->n_rows == s->cap_rows) {
		s->cap_rows = s->cap_rows ? s->cap_rows * 2 : 64;
		s->rows = mem_grow(s->rows, s->cap_rows, sizeof *s->rows);
	}
	tsv_know(s, "unit", row.id, s->n_rows);
	s->rows[s->n_rows++] = row;
}

static void end_sentence(struct sheet *s, struct str sentence, size_t at)
{
	if (sentence.p)
		s->length += utf16_length(str_sub(sentence, at, sentence.n));
}

bool tsv2_read_sheet(struct sheet *s, struct str bytes, struct error *err)
{
	struct str sentence = STR_NONE;
	size_t at = 0;
	bool header = false;
	(void)err;
	for (size_t from = 0; from < bytes.n;) {
		size_t end = str_byte(bytes, '\n', from);
		end = end == NOWHERE ? bytes.n : end;
		struct str line = str_sub(bytes, from, end);
		from = end + 1;
		s->line++;
		if (str_ends(line, S("\r")))
			line.n--;
		if (!header && str_trim(line).n) {
			read_header(s, str_trim(line));
			header = true;
		} else if (str_starts(line, S("#text="))) {
			end_sentence(s, sentence, at);
			if (s->text.n) {
				buf_addc(&s->text, '\n');
				s->length++;
			}
			sentence = str_sub(line, 6, line.n);
			at = 0;
			buf_add(&s->text, sentence);
		} else if (line.n && line.p[0] >= '0' && line.p[0] <= '9') {
			read_row(s, line, sentence, &at);
		} else if (line.n && line.p[0] != '#') {
			tsv_complain(s, s->line, ERROR_SYNTAX, "this line is neither a row nor a comment");
		}
	}
	if (s->text.n)
		buf_addc(&s->text, '\n');
	return true;
}

/* ---- annotations -------------------------------------------------------------------------------------------- */

static bool is_none(struct str part)
{
	return part.n == 0 || str_eq(part, S("_")) || str_eq(part, S("O"));
}

/* B or I, taken off; else 0. */
static char take_place(struct str *part)
{
	if (part->n < 2 || part->p[1] != '-' || (part->p[0] != 'B' && part->p[0] != 'I'))
		return 0;
	char place = part->p[0];
	*part = str_sub(*part, 2, part->n);
	return place;
}

/* my.Layer_ */
static bool is_without_value(const struct sheet_layer *l, struct str part)
{
	return part.n == l->type.n + 1 && str_starts(part, l->type) && part.p[part.n - 1] == '_';
}

static void put_values(struct sheet *s, const struct sheet_layer *l, struct cas_fs *fs, const struct str *parts)
{
	for (size_t i = 0; i < l->n; i++) {
		struct str value = parts[i];
		(void)take_place(&value);
		if (l->columns[i].kind == TSV_VALUE && !is_none(value) && !is_without_value(l, value))
			cas_put_text(s->cas, fs, l->columns[i].feature, value);
	}
}

static bool has_values(const struct sheet_layer *l, const struct cas_fs *fs, const struct str *parts)
{
	for (size_t i = 0; i < l->n; i++) {
		struct str value = parts[i];
		(void)take_place(&value);
		if (is_none(value) || is_without_value(l, value))
			value = STR_NONE;
		if (l->columns[i].kind == TSV_VALUE && !str_eq(node_get_text(fs->features, l->columns[i].feature), value))
			return false;
	}
	return true;
}

/* What an I- goes on with: an annotation of the row before, with these values, that ends there; of several the one that
 * began first and was not taken yet. */
static struct cas_fs *goes_on(struct sheet *s, const struct sheet_layer *l, const struct sheet_row *row,
                              const struct str *parts)
{
	struct cas_fs *found = NULL;
	if (row == s->rows)
		return NULL;
	const struct sheet_row *before = row - 1;
	for (size_t h = before->annotation; h; h = s->here[h - 1].next) {
		struct cas_fs *fs = s->here[h - 1].fs;
		if (str_eq(fs->type, l->type) && fs->end == before->end && has_values(l, fs, parts))
			found = fs;
	}
	return found;
}

static void take_span(struct sheet *s, const struct sheet_layer *l, struct sheet_row *row, const struct str *parts)
{
	bool there = false, inside = false;
	for (size_t i = 0; i < l->n; i++) {
		struct str value = parts[i];
		inside |= take_place(&value) == 'I';
		there |= !is_none(parts[i]);
	}
	if (!there)
		return;
	struct cas_fs *fs = inside ? goes_on(s, l, row, parts) : NULL;
	if (fs) {
		fs->end = row->end;
	} else {
		fs = tsv_add_annotation(s, l->type, row);
		put_values(s, l, fs, parts);
	}
	tsv_put_here(s, row, fs);
}

static void take_relation(struct sheet *s, const struct sheet_layer *l, struct sheet_row *row, const struct str *parts)
{
	struct str source = STR_NONE, base = STR_NONE;
	for (size_t i = 0; i < l->n; i++) {
		if (l->columns[i].kind != TSV_SOURCE)
			continue;
		source = parts[i];
		base = l->columns[i].type;
	}
	if (is_none(source))
		return;
	struct cas_fs *fs = tsv_add_annotation(s, l->type, row);
	put_values(s, l, fs, parts);
	tsv_add_pending(s, fs, S("Governor"), source, base, 0, row->line);
	tsv_add_pending(s, fs, S("Dependent"), row->id, base, 0, row->line);
}

void tsv2_take_row(struct sheet *s, struct sheet_row *row)
{
	struct str rest = row->cells;
	for (size_t i = 0; i < s->n_layers && rest.n; i++) {
		const struct sheet_layer *l = &s->layers[i];
		struct str *cells = mem_array(l->n + 1, sizeof *cells), *parts = mem_array(l->n + 1, sizeof *parts);
		for (size_t k = 0; k < l->n; k++)
			cells[k] = tsv_next_field(&rest);
		for (bool more = true; more;) {
			more = false;
			for (size_t k = 0; k < l->n; k++) {
				parts[k] = STR_NONE;
				more |= tsv_next_part(&cells[k], '|', &parts[k]);
			}
			if (more && l->kind == 'R')
				take_relation(s, l, row, parts);
			else if (more)
				take_span(s, l, row, parts);
		}
		mem_free(parts);
		mem_free(cells);
	}
}
