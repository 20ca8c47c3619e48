/* layout: the cache of blocks, and places in them; see layout.h.  layout_rows.c makes a block, layout_step.c steps
 * over what is shown. */
#include "model/layout.h"

#include <limits.h>

#include "model/layout_build.h"

#define CACHE_BLOCKS 512
#define CACHE_BYTES ((size_t)4 << 20) /* beyond it only LAYOUT_KEEP blocks are kept */

struct kept {
	struct block *block;
	uint64_t used; /* when, for the oldest to go */
};

struct layout {
	struct reading *reading;
	struct builder *builder;
	struct segmenter *steps;      /* holds the shown text of `stepped`, so that one step after the other need not give it anew */
	const struct block *stepped;
	unsigned width, ambiguous, version;
	struct kept cache[CACHE_BLOCKS];
	size_t n, bytes, latest;
	uint64_t clock;
};

/* ---- the cache -------------------------------------------------------------------------------------------- */

static void block_free(struct block *b)
{
	buf_free(&b->shown);
	mem_free(b->clusters);
	mem_free(b->rows);
	mem_free(b);
}

static size_t block_weight(const struct block *b)
{
	return sizeof *b + b->shown.cap + b->n_clusters * sizeof *b->clusters + b->n_rows * sizeof *b->rows;
}

static void forget_all(struct layout *l)
{
	l->stepped = NULL;
	for (size_t i = 0; i < l->n; i++)
		block_free(l->cache[i].block);
	l->n = l->bytes = l->latest = 0;
}

static void forget_oldest(struct layout *l)
{
	size_t oldest = 0;

	for (size_t i = 1; i < l->n; i++)
		if (l->cache[i].used < l->cache[oldest].used)
			oldest = i;
	if (l->stepped == l->cache[oldest].block)
		l->stepped = NULL;
	l->bytes -= block_weight(l->cache[oldest].block);
	block_free(l->cache[oldest].block);
	l->cache[oldest] = l->cache[--l->n];
}

static const struct block *find_kept(struct layout *l, size_t off)
{
	for (size_t i = 0; i < l->n; i++) {
		size_t at = (l->latest + i) % l->n;
		const struct block *b = l->cache[at].block;

		if (off < b->off || off >= b->end)
			continue;
		l->latest = at;
		l->cache[at].used = ++l->clock;
		return b;
	}
	return NULL;
}

const struct block *layout_block(struct layout *l, size_t off)
{
	size_t length = article_text(reading_article(l->reading)).n;
	const struct block *kept;
	struct block *b;
	size_t start, end;

	if (length == 0)
		return NULL;
	if (off >= length)
		off = length - 1;
	if (l->version != reading_version(l->reading)) {
		forget_all(l);
		l->version = reading_version(l->reading);
	}
	kept = find_kept(l, off);
	if (kept || !reading_block(l->reading, off, &start, &end))
		return kept;
	b = builder_block(l->builder, start, end, l->width, l->ambiguous);
	while (l->n == CACHE_BLOCKS || (l->n >= LAYOUT_KEEP && l->bytes > CACHE_BYTES))
		forget_oldest(l);
	l->latest = l->n;
	l->cache[l->n++] = (struct kept){b, ++l->clock};
	l->bytes += block_weight(b);
	return b;
}

struct layout *layout_new(struct reading *r, unsigned width, unsigned ambiguous)
{
	struct layout *l = mem_alloc(sizeof *l);

	l->reading = r;
	l->builder = builder_new(r);
	l->steps = segmenter_new(article_has_han(reading_article(r)));
	l->ambiguous = ambiguous;
	l->version = reading_version(r);
	layout_set_width(l, width);
	return l;
}

void layout_free(struct layout *l)
{
	if (!l)
		return;
	forget_all(l);
	builder_free(l->builder);
	segmenter_free(l->steps);
	mem_free(l);
}

void layout_set_width(struct layout *l, unsigned width)
{
	if (width < LAYOUT_NARROWEST)
		width = LAYOUT_NARROWEST;
	if (width == l->width)
		return;
	forget_all(l);
	l->width = width;
}

unsigned layout_width(const struct layout *l)
{
	return l->width;
}

struct reading *layout_reading(const struct layout *l)
{
	return l->reading;
}

struct segmenter *layout_segmenter(struct layout *l, const struct block *b)
{
	if (l->stepped != b)
		segment_text(l->steps, buf_str(&b->shown));
	l->stepped = b;
	return l->steps;
}

/* ---- places and offsets ----------------------------------------------------------------------------------- */

size_t block_cluster(const struct block *b, size_t off)
{
	size_t low = 0, high = b->n_clusters;
	uint32_t rel = off > b->off ? (uint32_t)(off - b->off) : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (b->clusters[middle].end <= rel)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The row that cluster i is in; the last one beyond the last cluster. */
static size_t row_of(const struct block *b, size_t i)
{
	size_t low = 0, high = b->n_rows - 1;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (b->rows[middle].first + b->rows[middle].n <= i)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct place layout_place(struct layout *l, size_t off, unsigned *col)
{
	const struct block *b = layout_block(l, off);
	size_t i, row;

	if (col)
		*col = 0;
	if (!b)
		return (struct place){0, 0};
	if (b->folded)
		return (struct place){b->off, 0};
	i = block_cluster(b, off);
	row = row_of(b, i);
	if (col)
		*col = i < b->n_clusters ? b->clusters[i].col : b->rows[row].width;
	return (struct place){b->off, row};
}

/* The block of a place, whose row is put right where the text was laid out anew since. */
static const struct block *block_of(struct layout *l, struct place *p)
{
	const struct block *b = layout_block(l, p->block);

	if (!b)
		return NULL;
	if (b->off != p->block)
		*p = layout_place(l, p->block, NULL);
	if (p->row >= b->n_rows)
		p->row = b->n_rows - 1;
	return b;
}

size_t layout_offset(struct layout *l, struct place p, unsigned col)
{
	const struct block *b = block_of(l, &p);
	const struct row *row;
	const struct cluster *c;

	if (!b)
		return 0;
	row = &b->rows[p.row];
	if (row->n == 0)
		return b->off + row->off;
	c = &b->clusters[row->first];
	while (c + 1 < b->clusters + row->first + row->n && c[1].col <= col)
		c++;
	return b->off + c->off;
}

static struct place move_down(struct layout *l, struct place p, long rows, long *moved)
{
	const struct block *b = block_of(l, &p);
	size_t length = article_text(reading_article(l->reading)).n;

	while (b && *moved < rows) {
		size_t left = b->n_rows - 1 - p.row, want = (size_t)(rows - *moved);

		if (want <= left || b->end >= length) {
			size_t step = want < left ? want : left;

			p.row += step;
			*moved += (long)step;
			return p;
		}
		*moved += (long)left + 1;
		b = layout_block(l, b->end);
		p = (struct place){b->off, 0};
	}
	return p;
}

static struct place move_up(struct layout *l, struct place p, long rows, long *moved)
{
	const struct block *b = block_of(l, &p);

	while (b && *moved < rows) {
		size_t want = (size_t)(rows - *moved);

		if (want <= p.row || b->off == 0) {
			size_t step = want < p.row ? want : p.row;

			p.row -= step;
			*moved += (long)step;
			return p;
		}
		*moved += (long)p.row + 1;
		b = layout_block(l, b->off - 1);
		p = (struct place){b->off, b->n_rows - 1};
	}
	return p;
}

struct place layout_move(struct layout *l, struct place p, long rows, long *moved)
{
	long done = 0;

	if (rows >= 0) {
		p = move_down(l, p, rows, &done);
	} else {
		p = move_up(l, p, rows == LONG_MIN ? LONG_MAX : -rows, &done);
		done = -done;
	}
	if (moved)
		*moved = done;
	return p;
}

bool layout_before(struct place a, struct place b)
{
	return a.block != b.block ? a.block < b.block : a.row < b.row;
}

long layout_rows_between(struct layout *l, struct place a, struct place b, long limit)
{
	long rows = 0;

	if (layout_before(b, a))
		return -layout_rows_between(l, b, a, limit);
	while (a.block < b.block && rows < limit) {
		const struct block *block = block_of(l, &a);

		if (!block)
			return 0;
		rows += (long)(block->n_rows - a.row);
		if (block->end > b.block)
			return rows < limit ? rows : limit;
		a = (struct place){block->end, 0};
	}
	if (a.block == b.block && rows < limit)
		rows += (long)b.row - (long)a.row;
	return rows < limit ? rows : limit;
}
