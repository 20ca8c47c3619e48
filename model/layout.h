/* layout: blocks of shown text to rows of clusters at a width; only what is asked for is ever laid out.
 *
 * Line breaks by UAX #14 with Chinese rules (segment.h), graphemes never split, a cluster too wide for the row is
 * drawn by its mark.  Layout depends on the reading and the width alone, never on a span: text does not move under
 * the reader.  `col` and `width` are cells.
 *
 * A cluster of more than CLUSTER_BYTES (a flood of combining marks) is divided there.  Blanks at the end of a row
 * hang past its width and do not begin the next.  Where nothing may break, a row breaks between clusters, if it can
 * be not before a closing or after an opening mark.
 *
 * A layout borrows its reading and owns a cache of blocks.  A `const struct block *` is valid until the reading's
 * version or the width changes, or until LAYOUT_KEEP other blocks were asked for. */
#ifndef ZHUPI_MODEL_LAYOUT_H
#define ZHUPI_MODEL_LAYOUT_H

#include "model/reading.h"
#include "model/segment.h"

#define LAYOUT_KEEP 64
#define LAYOUT_MEASURE 72 /* widest row of text, in cells */
#define LAYOUT_NARROWEST 4
#define CLUSTER_BYTES 64

/* One thing that takes cells: a grapheme cluster, a mark for one hidden character (drawn together), or a piece of virtual text.
 * A hidden raw range belongs to no cluster: it lies between the end of one and the start of the next. */
struct cluster {
	uint32_t off, end;         /* raw bytes, relative to the block; equal for virtual text */
	uint32_t shown, shown_end; /* in the block's shown text */
	uint16_t col;              /* first cell within its row (stays at UINT16_MAX among endless hanging blanks) */
	uint8_t width;             /* cells, at least 1 */
	uint8_t kind;              /* enum piece_kind: RAW, REPLACED or VIRTUAL */
};

struct row {
	uint32_t first, n;   /* slice of the block's clusters; an empty line is one row with n = 0 */
	uint32_t off, end;   /* raw bytes that this row stands for, relative to the block; rows of a block cover it without gaps */
	unsigned width;      /* cells, hanging blanks included */
};

struct block {
	size_t off, end; /* raw bytes, newline included */
	enum zone_kind zone;
	bool folded;     /* one virtual row stands for all of it */
	struct buf shown;
	struct cluster *clusters;
	size_t n_clusters;
	struct row *rows;
	size_t n_rows;   /* at least 1 */
};

/* Where a row is: the block's first byte and the row within it. */
struct place {
	size_t block;
	size_t row;
};

struct layout;

struct layout *layout_new(struct reading *r, unsigned width, unsigned ambiguous);
void layout_free(struct layout *l);
void layout_set_width(struct layout *l, unsigned width); /* clamped to LAYOUT_NARROWEST and above */
unsigned layout_width(const struct layout *l);
struct reading *layout_reading(const struct layout *l);

/* The block that off lies in; NULL only for an empty text. */
const struct block *layout_block(struct layout *l, size_t off);

/* ---- places and offsets ----------------------------------------------------------------------------------- */

/* Of the cluster that off is in or, where hidden, of the next one of its block; the end of its last row after the
 * last one.  col may be NULL. */
struct place layout_place(struct layout *l, size_t off, unsigned *col);
size_t layout_offset(struct layout *l, struct place p, unsigned col);   /* start of the cluster at that cell; of the last one right of the row's end; the row's start where it is empty */
struct place layout_move(struct layout *l, struct place p, long rows, long *moved); /* clamped to the text; moved may be NULL */
bool layout_before(struct place a, struct place b);
/* Rows from a to b, negative where b is before a, at most `limit` either way (so that it costs no more than a screen). */
long layout_rows_between(struct layout *l, struct place a, struct place b, long limit);

/* ---- stepping over what is shown ---------------------------------------------------------------------------- */

enum edge { EDGE_START, EDGE_END };
enum unit { UNIT_CHARACTER, UNIT_WORD, UNIT_CLAUSE, UNIT_SENTENCE, UNIT_PARAGRAPH, UNITS };

/* The next (step > 0) or previous (step < 0) boundary of that unit from the boundary `off`, as a start or an end of
 * a span: at a hidden piece a start lies after it, an end before it.  Newlines, folded zones and blanks at a unit's
 * ends (a character's not) are stepped over.  off itself where there is no such boundary any more.  With the raw
 * view on, a step is a raw one.  A clause ends after a mark and the closing quotes that follow it, a paragraph is a
 * line. */
size_t layout_step(struct layout *l, size_t off, enum unit unit, int step, enum edge edge);

/* The unit that holds the character at off, as a span without blanks at its ends. */
void layout_unit(struct layout *l, size_t off, enum unit unit, size_t *from, size_t *to);

/* off moved to a boundary between shown clusters, as a start or an end. */
size_t layout_snap(struct layout *l, size_t off, enum edge edge);

const char *unit_name(enum unit unit); /* "character", … */

#endif
