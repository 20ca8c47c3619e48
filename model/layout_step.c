/* layout_step.c: stepping over what is shown, by units, see layout.h. */
#include "model/layout_build.h"

#include "model/lines.h"
#include "model/utf8.h"

const char *unit_name(enum unit unit)
{
	static const char *const names[UNITS] = {"character", "word", "clause", "sentence", "paragraph"};

	return names[unit];
}

/* ---- blocks one after the other ----------------------------------------------------------------------------- */

/* What is passed over between two blocks byte by byte, without laying it out, as there may be millions of lines of
 * it: newlines, of which no character is made, and for units that have no blanks at their ends those too. */
enum passed { PASS_NEWLINES, PASS_BLANKS };

static bool is_passed(struct str text, size_t off, enum passed what)
{
	codepoint cp = 0;

	if (is_newline(text.p[off]))
		return true;
	return what == PASS_BLANKS && utf8_step(text, off, &cp) && cp_is_space(cp) && (cp == '\t' || !cp_is_hidden(cp));
}

/* The next block in the direction of `step` that has something to step on, or NULL. */
static const struct block *next_block(struct layout *l, const struct block *b, int step, enum passed what)
{
	struct str text = article_text(reading_article(layout_reading(l)));

	do {
		size_t off = step > 0 ? b->end : b->off;

		if (step > 0) {
			while (off < text.n && is_passed(text, off, what))
				off += utf8_step(text, off, NULL);
			if (off == text.n)
				return NULL;
		} else {
			while (off > 0 && is_passed(text, utf8_back(text, off), what))
				off = utf8_back(text, off);
			if (off == 0)
				return NULL;
			off--;
		}
		b = layout_block(l, off);
	} while (b->folded || b->n_clusters == 0);
	return b;
}

/* The block of off, or where there is nothing to step on the next in that direction. */
static const struct block *block_here(struct layout *l, size_t off, int step, enum passed what)
{
	const struct block *b = layout_block(l, off);

	if (b && (b->folded || b->n_clusters == 0))
		return next_block(l, b, step, what);
	return b;
}

/* ---- boundaries of a unit within the shown text of a block ------------------------------------------------------ */

static bool ends_clause(codepoint cp)
{
	switch (cp) {
	case ',': case ';': case ':': case '!': case '?':
	case 0x3001: case 0x3002: case 0xFF01: case 0xFF0C: case 0xFF1A: case 0xFF1B: case 0xFF1F: case 0x2026:
		return true;
	default:
		return false;
	}
}

static bool closes_quote(codepoint cp)
{
	switch (cp) {
	case ')': case ']': case '"': case 0x2019: case 0x201D: case 0x300B: case 0x300D: case 0x300F: case 0x3011: case 0xFF09:
		return true;
	default:
		return false;
	}
}

/* Whether a clause ends between code points `before` and `after`.  A mark between digits is part of a number. */
static bool clause_boundary(struct str shown, size_t at)
{
	codepoint after = 0, before = 0;

	if (at == 0 || at >= shown.n)
		return true;
	utf8_step(shown, at, &after);
	if (ends_clause(after) || closes_quote(after))
		return false;
	for (at = utf8_back(shown, at);; at = utf8_back(shown, at)) {
		utf8_step(shown, at, &before);
		if (ends_clause(before))
			return !cp_is_digit(after) || (before != ',' && before != ':');
		if (!closes_quote(before) || at == 0)
			return false;
	}
}

/* The next (step > 0) or previous boundary in the block's shown text; its ends are boundaries of every unit. */
static size_t unit_boundary(struct layout *l, const struct block *b, size_t at, enum unit unit, int step)
{
	enum segment_by by = unit == UNIT_WORD ? BY_WORD : BY_SENTENCE;
	struct str shown = buf_str(&b->shown);

	if (unit == UNIT_PARAGRAPH)
		return step > 0 ? shown.n : 0;
	if (unit == UNIT_CLAUSE) {
		do {
			at = step > 0 ? at + utf8_step(shown, at, NULL) : utf8_back(shown, at);
		} while (!clause_boundary(shown, at));
		return at;
	}
	return step > 0 ? segment_next(layout_segmenter(l, b), by, at) : segment_prev(layout_segmenter(l, b), by, at);
}

/* ---- from boundaries to spans ----------------------------------------------------------------------------- */

/* The first cluster whose shown text begins at or after `at`. */
static size_t first_from(const struct block *b, size_t at)
{
	size_t low = 0, high = b->n_clusters;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (b->clusters[middle].shown < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The cluster of the shown text that begins at `at`. */
static const struct cluster *cluster_at(const struct block *b, size_t at)
{
	return &b->clusters[first_from(b, at)];
}

/* The cluster at a boundary of the shown text as a start: the first from there on that is no blank. */
static const struct cluster *start_cluster(const struct block *b, size_t at)
{
	size_t low = first_from(b, at);

	while (low < b->n_clusters && cluster_is_blank(b, &b->clusters[low]))
		low++;
	return low < b->n_clusters ? &b->clusters[low] : NULL;
}

/* As an end: the last before it that is no blank. */
static const struct cluster *end_cluster(const struct block *b, size_t at)
{
	size_t low = 0, high = b->n_clusters;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (b->clusters[middle].shown_end <= at)
			low = middle + 1;
		else
			high = middle;
	}
	while (low > 0 && cluster_is_blank(b, &b->clusters[low - 1]))
		low--;
	return low > 0 ? &b->clusters[low - 1] : NULL;
}

/* The raw offset that a boundary means, or NOWHERE. */
static size_t boundary_offset(const struct block *b, size_t at, enum edge edge)
{
	const struct cluster *c = edge == EDGE_START ? start_cluster(b, at) : end_cluster(b, at);

	if (!c)
		return NOWHERE;
	return b->off + (edge == EDGE_START ? c->off : c->end);
}

/* Where off is in the block's shown text. */
static size_t shown_at(const struct block *b, size_t off)
{
	size_t i = block_cluster(b, off);

	if (off < b->off)
		return 0;
	return i < b->n_clusters && off < b->end ? b->clusters[i].shown : b->shown.n;
}

/* Whether the paragraph goes on over the edge of the block. */
static bool joined(struct layout *l, const struct block *b, enum unit unit, enum edge edge)
{
	struct str text = article_text(reading_article(layout_reading(l)));
	size_t at = edge == EDGE_START ? b->off : b->end;

	return unit == UNIT_PARAGRAPH && at > 0 && at < text.n && text.p[at - 1] != '\n' && text.p[at - 1] != '\r';
}

/* The first or last block of the paragraph that b is in: found by its newline, as a line of many blocks would be
 * laid out whole on the way. */
static const struct block *paragraph_edge(struct layout *l, const struct block *b, enum edge edge)
{
	struct str text = article_text(reading_article(layout_reading(l)));

	if (!joined(l, b, UNIT_PARAGRAPH, edge))
		return b;
	return layout_block(l, edge == EDGE_START ? line_start(text, b->off, SIZE_MAX) : line_end(text, b->end - 1, SIZE_MAX) - 1);
}

static size_t step_character(struct layout *l, size_t off, int step, enum edge edge)
{
	const struct block *b = block_here(l, off, step, PASS_NEWLINES);

	for (; b; b = next_block(l, b, step, PASS_NEWLINES)) {
		size_t i = block_cluster(b, off), at;

		if (step > 0) {
			for (; i < b->n_clusters; i++) {
				at = b->off + (edge == EDGE_START ? b->clusters[i].off : b->clusters[i].end);
				if (at > off)
					return at;
			}
			continue;
		}
		for (i = i < b->n_clusters ? i + 1 : i; i > 0; i--) {
			at = b->off + (edge == EDGE_START ? b->clusters[i - 1].off : b->clusters[i - 1].end);
			if (at < off)
				return at;
		}
	}
	return off;
}

/* One block's boundary beyond off, or NOWHERE. */
static size_t step_in_block(struct layout *l, const struct block *b, size_t off, enum unit unit, int step, enum edge edge)
{
	size_t at = shown_at(b, off), found;
	size_t last = step > 0 ? b->shown.n : 0;

	if (joined(l, b, unit, edge))
		return NOWHERE;
	if (unit == UNIT_PARAGRAPH) {
		found = boundary_offset(b, edge == EDGE_START ? 0 : b->shown.n, edge);
		return found != NOWHERE && (step > 0 ? found > off : found < off) ? found : NOWHERE;
	}
	if (step < 0 && at < b->shown.n && b->off + cluster_at(b, at)->off < off)
		at = cluster_at(b, at)->shown_end;
	/* The block's own edge counts when off lies before or after all of it. */
	for (bool first = true;; first = false) {
		if (!first || (at != 0 && at != b->shown.n)) {
			if (at == last)
				return NOWHERE;
			at = unit_boundary(l, b, at, unit, step);
		}
		found = boundary_offset(b, at, edge);
		if (found != NOWHERE && (step > 0 ? found > off : found < off))
			return found;
		if (at == last)
			return NOWHERE;
	}
}

/* The next block that may have a boundary of the unit: of a paragraph, that at the edge of this one, then of the next. */
static const struct block *next_for_unit(struct layout *l, const struct block *b, enum unit unit, int step)
{
	size_t off = b->off;

	if (unit != UNIT_PARAGRAPH)
		return next_block(l, b, step, PASS_BLANKS);
	b = paragraph_edge(l, b, step > 0 ? EDGE_END : EDGE_START);
	return b->off != off && !b->folded && b->n_clusters ? b : next_block(l, b, step, PASS_BLANKS);
}

size_t layout_step(struct layout *l, size_t off, enum unit unit, int step, enum edge edge)
{
	const struct block *b;

	if (unit == UNIT_CHARACTER)
		return step_character(l, off, step, edge);
	for (b = block_here(l, off, step, PASS_BLANKS); b; b = next_for_unit(l, b, unit, step)) {
		size_t found = step_in_block(l, b, off, unit, step, edge);

		if (found != NOWHERE)
			return found;
	}
	return off;
}

/* ---- units and snapping ----------------------------------------------------------------------------------- */

size_t layout_snap(struct layout *l, size_t off, enum edge edge)
{
	const struct block *b = block_here(l, off, edge == EDGE_START ? 1 : -1, PASS_NEWLINES);
	size_t i;

	if (!b)
		return off;
	i = block_cluster(b, off);
	if (edge == EDGE_START) {
		if (i < b->n_clusters && off < b->end)
			return b->off + b->clusters[i].off;
		b = off < b->off ? b : next_block(l, b, 1, PASS_NEWLINES);
		return b ? b->off + b->clusters[0].off : off;
	}
	if (i < b->n_clusters && off >= b->off && b->off + b->clusters[i].off < off)
		return b->off + b->clusters[i].end;
	if (off < b->off || i == 0) {
		b = next_block(l, b, -1, PASS_NEWLINES);
		return b ? b->off + b->clusters[b->n_clusters - 1].end : off;
	}
	return b->off + b->clusters[i - 1].end;
}

void layout_unit(struct layout *l, size_t off, enum unit unit, size_t *from, size_t *to)
{
	const struct block *b = layout_block(l, off);
	size_t i, at, until, start;

	*from = *to = off;
	if (!b || b->folded || b->n_clusters == 0)
		return;
	i = block_cluster(b, off);
	if (i == b->n_clusters)
		i--;
	*from = b->off + b->clusters[i].off;
	*to = b->off + b->clusters[i].end;
	if (unit == UNIT_CHARACTER)
		return;
	if (unit == UNIT_PARAGRAPH) {
		start = boundary_offset(paragraph_edge(l, b, EDGE_START), 0, EDGE_START);
		b = paragraph_edge(l, b, EDGE_END);
		until = boundary_offset(b, b->shown.n, EDGE_END);
	} else {
		at = b->clusters[i].shown;
		until = unit_boundary(l, b, at, unit, 1);
		at = unit_boundary(l, b, until, unit, -1);
		start = boundary_offset(b, at, EDGE_START);
		until = boundary_offset(b, until, EDGE_END);
	}
	if (start == NOWHERE || until == NOWHERE || start >= until)
		return;
	*from = start;
	*to = until;
}
