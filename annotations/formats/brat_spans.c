/* brat_spans: the text-bound lines of an .ann file: where they stand in the article, and what becomes of them; see
 * brat_reading.h. */
#include <string.h>

#include "annotations/formats/brat_reading.h"
#include "model/utf8.h"

#define SIGNS "\xE2\x90" /* how the signs begin that stand for blanks, see record.h */

static void collect_units(struct reading *r)
{
	size_t n = 0;
	r->units = mem_array(r->n_units + 1, sizeof *r->units);
	for (size_t i = 0; i < r->n; i++) {
		struct ann_line *l = &r->lines[i];
		const struct brat_fragment *f = brat_fragments(&l->bound);
		l->first = n;
		for (size_t k = 0; k < l->bound.n && !l->gone; k++)
			r->units[n++] = (struct unit_span){.start = f[k].start,
			                                   .end = f[k].end,
			                                   .text = l->bound.n == 1 ? l->bound.text : STR_NONE,
			                                   .line = l->number,
			                                   .column = 1};
	}
}

static struct str unit_text(const struct reading *r, const struct unit_span *u)
{
	return str_sub(r->text, u->off, u->stop);
}

/* Fragments joined by one blank, by nothing (files before brat 1.3) or by " [...] " (bconv). */
static bool joined(const struct reading *r, const struct ann_line *l)
{
	static const char *const between[] = {" ", "", " [...] "};
	for (size_t k = 0; k < COUNT_OF(between); k++) {
		struct buf all = {0};
		for (size_t i = 0; i < l->bound.n; i++) {
			buf_adds(&all, i ? between[k] : "");
			buf_add(&all, unit_text(r, &r->units[l->first + i]));
		}
		bool same = str_eq(buf_str(&all), l->bound.text);
		buf_free(&all);
		if (same)
			return true;
	}
	return false;
}

/* The text of a span over several lines stands in the file as it is, so that its lines are broken: those that follow
 * are part of this one. */
static bool over_lines(struct reading *r, size_t i, struct str file, struct str wanted)
{
	struct ann_line *l = &r->lines[i];
	size_t from = (size_t)(l->bound.text.p - file.p), end = from + wanted.n;
	if (end > file.n || memcmp(file.p + from, wanted.p, wanted.n) != 0 ||
	    (end < file.n && file.p[end] != '\n' && file.p[end] != '\r'))
		return false;
	l->line.n = (size_t)(file.p + end - l->line.p);
	l->bound.text = wanted;
	for (size_t k = i + 1; k < r->n && r->lines[k].line.p < file.p + end; k++)
		r->lines[k].gone = true;
	return true;
}

/* As some programs write it: a blank for each newline. */
static bool but_for_newlines(struct str given, struct str wanted)
{
	bool same = given.n == wanted.n;
	for (size_t i = 0; same && i < given.n; i++)
		same = given.p[i] == wanted.p[i] || (given.p[i] == ' ' && (wanted.p[i] == '\n' || wanted.p[i] == '\r'));
	return same;
}

static bool text_fits(struct reading *r, size_t i, struct str file)
{
	struct ann_line *l = &r->lines[i];
	const struct unit_span *u = &r->units[l->first];
	for (size_t k = 0; k < l->bound.n; k++)
		if (u[k].off == NOWHERE || u[k].stop == NOWHERE || u[k].off > u[k].stop)
			return false;
	if (!l->bound.text.p)
		return true;
	if (l->bound.n > 1)
		return joined(r, l) || but_for_newlines(l->bound.text, unit_text(r, u));
	if (u->fits)
		return true;
	struct str wanted = unit_text(r, u);
	if (str_byte(wanted, '\n', 0) == NOWHERE)
		return false;
	return but_for_newlines(l->bound.text, wanted) || over_lines(r, i, file, wanted);
}

static bool misfit(struct reading *r, struct ann_line *l)
{
	const struct unit_span *u = &r->units[l->first];
	for (size_t k = 0; k < l->bound.n; k++)
		if (u[k].off == NOWHERE || u[k].stop == NOWHERE)
			return brat_fail(r, l, ERROR_OFFSET, "its offsets lie outside the text");
	if (!utf8_valid(l->bound.text))
		return brat_fail(r, l, ERROR_ENCODING, "its text is no UTF-8, which brat's files are: convert it, with iconv");
	struct buf why = {0};
	buf_adds(&why, "the text reads otherwise there: '");
	visible_add(&why, str_sub(r->text, u->off, utf8_skip(str_sub(r->text, 0, u->stop), u->off, 24)), false);
	buf_adds(&why, "'");
	brat_fail(r, l, ERROR_TEXT, why.p);
	buf_free(&why);
	return false;
}

static bool overlap_within(const struct reading *r, const struct ann_line *l)
{
	const struct unit_span *u = &r->units[l->first];
	for (size_t i = 0; i < l->bound.n; i++)
		for (size_t k = 0; k < i; k++)
			if (u[i].off < u[k].stop && u[k].off < u[i].stop)
				return true;
	return false;
}

/* What a word or text of the file stands for; valid until the next call. */
struct str brat_plain(struct reading *r, struct str text)
{
	if (str_find(text, S(SIGNS), 0) == NOWHERE)
		return text;
	buf_clear(&r->plain);
	record_add_plain(&r->plain, text);
	return buf_str(&r->plain);
}

static size_t digits_of(uint64_t number)
{
	size_t n = 1;
	for (; number >= 10; number /= 10)
		n++;
	return n;
}

/* Whether the line is what brat_out.c writes for this span, told by its length: one fragment whose offsets are the
 * places and whose text is that of the article, on one line; then only noughts in front could be too many. */
static bool is_simple(const struct reading *r, const struct ann_line *l)
{
	const struct unit_span *u = &r->units[l->first];
	struct str text = l->bound.text;
	return l->bound.n == 1 && text.p && u->start == u->from && u->end == u->to && str_eq(text, unit_text(r, u)) &&
	       str_byte(text, '\r', 0) == NOWHERE && str_byte(text, '\n', 0) == NOWHERE &&
	       str_find(l->bound.type, S(SIGNS), 0) == NOWHERE &&
	       l->line.n == l->id.n + l->bound.type.n + digits_of(u->start) + digits_of(u->end) + text.n + strlen("\t  \t");
}

/* The same for all that is_simple() leaves open. */
static bool is_as_written(struct reading *r, const struct ann_line *l)
{
	const struct unit_span *u = &r->units[l->first];
	struct record_fragment f = {u->off, u->stop, (size_t)u->from, (size_t)u->to};
	if (l->bound.n != 1)
		return false;
	buf_clear(&r->canonical);
	brat_add_bound(&r->canonical, l->id, brat_plain(r, l->bound.type), &f, 1, r->text);
	return str_eq(buf_str(&r->canonical), l->line);
}

void brat_keep_line(struct reading *r, const struct ann_line *l, struct node *item)
{
	if (utf8_valid(l->line))
		node_put_text(record_keep(&r->record, item), S("line"), l->line);
}

static void place_line(struct reading *r, size_t i, struct str file)
{
	struct ann_line *l = &r->lines[i];
	if (!text_fits(r, i, file)) {
		misfit(r, l);
		return;
	}
	if (l->bound.n > 1 && overlap_within(r, l)) {
		brat_fail(r, l, ERROR_OFFSET, "its fragments overlap");
		return;
	}
	l->placed = true;
	l->referred = true;
}

bool brat_place(struct reading *r, struct str file, struct error *err)
{
	const struct unit declared = {.unit = UNIT_CP};
	struct unit found;
	collect_units(r);
	if (!units_find(r->text, declared, r->units, r->n_units, r->record.path, &found, err))
		return false;
	if (found.unit != UNIT_CP || found.inclusive || found.lf)
		record_noted(r->job, "offsets are %s", units_name(found));
	for (size_t i = 0; i < r->n; i++)
		if (r->lines[i].bound.n && !r->lines[i].gone)
			place_line(r, i, file);
	return true;
}

/* ---- items ------------------------------------------------------------------------------------------------------ */

struct node *brat_item(struct reading *r, struct ann_line *l)
{
	if (l->item || !l->placed)
		return l->item;
	const struct unit_span *u = &r->units[l->first];
	r->record.line = l->number;
	l->item = record_add_span(&r->record, l->id, brat_plain(r, l->bound.type), u->from, u->to);
	for (size_t k = 1; k < l->bound.n; k++)
		record_add_fragment(l->item, u[k].from, u[k].to);
	if (!is_simple(r, l) && !is_as_written(r, l))
		brat_keep_line(r, l, l->item);
	return l->item;
}

void brat_take_spans(struct reading *r)
{
	for (size_t i = 0; i < r->n; i++) {
		struct ann_line *l = &r->lines[i];
		const struct unit_span *u = &r->units[l->first];
		if (!l->placed || l->item)
			continue;
		if (is_simple(r, l))
			record_add_plain_span(&r->record, (struct record_plain){l->id, l->bound.type, u->from, u->to, u->off, u->stop});
		else
			(void)brat_item(r, l);
	}
}
