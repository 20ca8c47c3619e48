/* paint: see paint.h. */
#include "annotations/paint.h"

#include <stdlib.h>

/* A fragment of a span on this row. */
struct cover {
	const struct span *span;
	size_t index;       /* of the span in the set */
	size_t first, last; /* clusters of the row, both covered */
	bool starts, ends;  /* the fragment's own edge is on this row */
	bool current, rejected;
};

struct covers {
	struct cover *list;
	size_t n, cap;
};

static const struct cluster *row_cluster(const struct block *b, const struct row *row, size_t i)
{
	return &b->clusters[row->first + i];
}

/* First cluster of the row that ends after `off` (bytes relative to the block); row->n when none does. */
static size_t cluster_after(const struct block *b, const struct row *row, size_t off)
{
	size_t low = 0, high = row->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (row_cluster(b, row, middle)->end > off)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Whether something without width at `off` (raw bytes) is shown on this row and not on the one before or after. */
static bool row_holds(const struct paint_request *r, const struct block *b, const struct row *row, size_t off)
{
	size_t from = b->off + row->off, to = b->off + row->end;

	if (off >= from && off < to)
		return true;
	return off == to && to == article_text(set_article(r->set)).n;
}

static void cover_add(struct covers *c, struct cover cover)
{
	if (c->n == c->cap) {
		c->cap = c->cap ? c->cap * 2 : 16;
		c->list = mem_grow(c->list, c->cap, sizeof(*c->list));
	}
	c->list[c->n++] = cover;
}

static void cover_fragment(struct covers *c, const struct paint_request *r, const struct block *b,
                           const struct row *row, struct cover cover, struct fragment f)
{
	size_t from = b->off + row->off, to = b->off + row->end;
	size_t start, stop;

	if (f.off == f.end ? !row_holds(r, b, row, f.off) : f.off >= to || f.end <= from)
		return;
	start = f.off > b->off ? f.off - b->off : 0;
	stop = f.end > b->off ? f.end - b->off : 0;
	cover.first = cluster_after(b, row, start);
	/* One past the last cluster that begins before the end. */
	cover.last = cluster_after(b, row, stop);
	if (cover.last < row->n && row_cluster(b, row, cover.last)->off < stop)
		cover.last++;
	if (cover.last <= cover.first) {
		/* Nothing of it is shown: an empty span, or one inside what is hidden.  Its place is the cluster after
		 * it.  What goes on in another row is shown there. */
		if (!row_holds(r, b, row, f.off) || f.end > to)
			return;
		cover.first = cover.first < row->n ? cover.first : row->n - 1;
		cover.last = cover.first;
	} else {
		cover.last--;
	}
	cover.starts = f.off >= from;
	cover.ends = f.end <= to;
	cover_add(c, cover);
}

/* The fragments of a span that begin before `to`, from the first that reaches `from`. */
static void cover_span(struct covers *c, const struct paint_request *r, const struct block *b, const struct row *row,
                       size_t index)
{
	const struct span *span = set_span(r->set, index);
	struct cover cover = {.span = span,
	                      .index = index,
	                      .current = index == r->current,
	                      .rejected = span->verdict == VERDICT_REJECTED};
	size_t low = 0, high = span->n_fragments;

	if (span->anchoring == ANCHOR_LOST || (cover.rejected && r->hide_rejected && !cover.current))
		return;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (span->fragments[middle].end >= b->off + row->off)
			high = middle;
		else
			low = middle + 1;
	}
	for (; low < span->n_fragments && span->fragments[low].off <= b->off + row->end; low++)
		cover_fragment(c, r, b, row, cover, span->fragments[low]);
}

/* Rejected ones lie below, then the longer below the shorter, then by position; the current one lies on top. */
static int cover_order(const void *one, const void *other)
{
	const struct cover *a = one, *b = other;
	uint32_t length_a = a->span->end - a->span->off, length_b = b->span->end - b->span->off;

	if (a->current != b->current)
		return a->current ? 1 : -1;
	if (a->rejected != b->rejected)
		return a->rejected ? -1 : 1;
	if (length_a != length_b)
		return length_a > length_b ? -1 : 1;
	if (a->index != b->index)
		return a->index < b->index ? -1 : 1;
	return a->first < b->first ? -1 : a->first > b->first;
}

static struct covers covers_of_row(const struct paint_request *r, const struct block *b, const struct row *row)
{
	struct covers c = {0};
	size_t *touching = NULL, n = 0, cap = 0;

	if (b->folded || row->n == 0)
		return c;
	set_touching(r->set, b->off + row->off, b->off + row->end, &touching, &n, &cap);
	for (size_t i = 0; i < n; i++)
		cover_span(&c, r, b, row, touching[i]);
	mem_free(touching);
	if (c.n > 1)
		qsort(c.list, c.n, sizeof(*c.list), cover_order);
	return c;
}

/* ---- runs --------------------------------------------------------------------------------------------------- */

struct look {
	const struct span *top;
	bool current, flagged;
	unsigned depth;
};

static bool in_matches(const struct paint_request *r, size_t off, size_t end)
{
	size_t low = 0, high = r->n_matches;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (r->matches[middle].end > off)
			high = middle;
		else
			low = middle + 1;
	}
	return low < r->n_matches && r->matches[low].off < end;
}

static struct run run_of(const struct paint_request *r, const struct block *b, const struct cluster *k,
                         const struct look *look)
{
	size_t off = b->off + k->off, end = b->off + k->end;
	struct run run = {.col = k->col, .width = k->width, .label = PAINT_NO_LABEL};

	if (look->top) {
		run.label = look->top->label;
		run.verdict = look->top->verdict;
	}
	run.depth = (uint8_t)(look->depth > UINT8_MAX ? UINT8_MAX : look->depth);
	run.current = look->current;
	run.flagged = look->flagged;
	run.match = off < end && in_matches(r, off, end);
	run.selected = r->select_off < r->select_end && off < end && off < r->select_end && end > r->select_off;
	return run;
}

static bool run_same_look(const struct run *a, const struct run *b)
{
	return a->label == b->label && a->verdict == b->verdict && a->depth == b->depth && a->current == b->current &&
	       a->match == b->match && a->selected == b->selected && a->flagged == b->flagged;
}

static void run_add(struct run run, size_t first, struct run **runs, size_t *n, size_t *cap)
{
	if (*n > first && run_same_look(&(*runs)[*n - 1], &run)) {
		(*runs)[*n - 1].width += run.width;
		return;
	}
	if (*n == *cap) {
		*cap = *cap ? *cap * 2 : 16;
		*runs = mem_grow(*runs, *cap, sizeof(**runs));
	}
	(*runs)[(*n)++] = run;
}

void paint_row(const struct paint_request *r, const struct block *b, const struct row *row, struct run **runs,
               size_t *n, size_t *cap)
{
	struct covers c = covers_of_row(r, b, row);
	struct look *looks = mem_array(row->n ? row->n : 1, sizeof(*looks));
	size_t first = *n;

	for (size_t i = 0; i < c.n; i++) {
		const struct cover *cover = &c.list[i];

		for (size_t k = cover->first; k <= cover->last; k++) {
			looks[k].top = cover->span;
			looks[k].depth += !cover->rejected;
			looks[k].current |= cover->current;
			looks[k].flagged |= cover->span->flagged;
		}
	}
	for (size_t k = 0; k < row->n; k++)
		run_add(run_of(r, b, row_cluster(b, row, k), &looks[k]), first, runs, n, cap);
	mem_free(looks);
	mem_free(c.list);
}

/* ---- lanes -------------------------------------------------------------------------------------------------- */

static char label_letter(const struct set *set, uint16_t label)
{
	const struct schema *schema = set_schema(set);
	char c;

	if (label >= schema->n_labels)
		return '*';
	c = schema->labels[label].key;
	if (!c && schema->labels[label].name.n)
		c = schema->labels[label].name.p[0];
	if (c >= 'a' && c <= 'z')
		return (char)(c - 'a' + 'A');
	return c > ' ' && c < 0x7f ? c : '*';
}

static char verdict_letter(uint8_t verdict)
{
	static const char letters[VERDICTS] = {'?', '+', '~', 'x'};

	return verdict < VERDICTS ? letters[verdict] : '?';
}

static unsigned first_cell(const struct block *b, const struct row *row, const struct cover *c)
{
	return row_cluster(b, row, c->first)->col;
}

static unsigned last_cell(const struct block *b, const struct row *row, const struct cover *c)
{
	const struct cluster *k = row_cluster(b, row, c->last);

	return (unsigned)k->col + k->width - 1u;
}

static void lane_body(const struct cover *c, struct lane_cell *cells, unsigned from, unsigned to)
{
	for (unsigned i = from; i <= to; i++) {
		cells[i].label = c->span->label;
		cells[i].current |= c->current;
		if (c->rejected)
			continue;
		cells[i].mark = LANE_BODY;
		if (cells[i].depth < UINT8_MAX)
			cells[i].depth++;
	}
}

static bool lane_is_edge(const struct lane_cell *c)
{
	return c->mark == LANE_START || c->mark == LANE_END || c->mark == LANE_SINGLE || c->mark == LANE_START_MANY ||
	       c->mark == LANE_END_MANY;
}

/* A second edge on a cell makes it one of many; it counts as a start as long as any of them is one. */
static void lane_edge(const struct cover *c, struct lane_cell *cell, enum lane_mark mark)
{
	bool starts = mark != LANE_END || cell->mark == LANE_START || cell->mark == LANE_START_MANY ||
	              cell->mark == LANE_SINGLE;

	if (lane_is_edge(cell))
		cell->mark = starts ? LANE_START_MANY : LANE_END_MANY;
	else
		cell->mark = (uint8_t)mark;
	cell->label = c->span->label;
}

static void lane_letters(const struct paint_request *r, const struct cover *c, struct lane_cell *cells, unsigned from,
                         unsigned to)
{
	char letters[2] = {label_letter(r->set, c->span->label), verdict_letter(c->span->verdict)};

	for (unsigned i = 0; i < 2; i++) {
		struct lane_cell *cell = from + 1 + i <= to ? &cells[from + 1 + i] : NULL;

		if (!cell || lane_is_edge(cell))
			return;
		cell->mark = i ? LANE_STATE : LANE_LETTER;
		cell->letter = letters[i];
		cell->label = c->span->label;
	}
}

/* A cover in cells of the lane; what lies beyond its width is cut off. False when nothing is left. */
static bool lane_extent(const struct block *b, const struct row *row, const struct cover *c, unsigned width,
                        unsigned *from, unsigned *to)
{
	*from = first_cell(b, row, c);
	*to = last_cell(b, row, c);
	if (*to >= width)
		*to = width - 1;
	return *from < width;
}

static void lane_edges(const struct cover *c, struct lane_cell *cells, unsigned from, unsigned to)
{
	if (c->starts && c->ends && from == to) {
		lane_edge(c, &cells[from], LANE_SINGLE);
		return;
	}
	if (c->starts)
		lane_edge(c, &cells[from], LANE_START);
	if (c->ends)
		lane_edge(c, &cells[to], LANE_END);
}

void paint_lane(const struct paint_request *r, const struct block *b, const struct row *row, struct lane_cell *cells,
                unsigned width)
{
	struct covers c = covers_of_row(r, b, row);
	unsigned from, to;

	for (unsigned i = 0; i < width; i++)
		cells[i] = (struct lane_cell){.label = PAINT_NO_LABEL};
	for (size_t i = 0; width && i < c.n; i++) {
		if (lane_extent(b, row, &c.list[i], width, &from, &to))
			lane_body(&c.list[i], cells, from, to);
	}
	for (size_t i = 0; width && i < c.n; i++) {
		if (lane_extent(b, row, &c.list[i], width, &from, &to))
			lane_edges(&c.list[i], cells, from, to);
	}
	/* Of spans that start on one cell the longest gives the letters, unless one of them is the current one: that
	 * lies last in the list. */
	for (size_t i = c.n; width && i-- > 0;) {
		if (c.list[i].starts && !c.list[i].current && lane_extent(b, row, &c.list[i], width, &from, &to))
			lane_letters(r, &c.list[i], cells, from, to);
	}
	for (size_t i = 0; width && i < c.n; i++) {
		if (c.list[i].starts && c.list[i].current && lane_extent(b, row, &c.list[i], width, &from, &to))
			lane_letters(r, &c.list[i], cells, from, to);
	}
	mem_free(c.list);
}
