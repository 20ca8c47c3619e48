/* paint: the spans that touch a row, merged into runs of equal look.
 *
 * Pure: spans and a row of clusters in, runs out; knows nothing of colours on a terminal.  Cost grows with the spans
 * that touch the row. */
#ifndef ZHUPI_ANNOTATIONS_PAINT_H
#define ZHUPI_ANNOTATIONS_PAINT_H

#include "annotations/set.h"
#include "model/layout.h"

#define PAINT_NO_LABEL UINT16_MAX

/* A stretch of cells of one look.  depth counts the spans here (rejected ones do not count); the innermost, or the
 * current one where it is here, gives label and verdict. */
struct run {
	unsigned col, width; /* cells within the row */
	uint16_t label;      /* PAINT_NO_LABEL: no span */
	uint8_t verdict;
	uint8_t depth;
	bool current;  /* the current span covers this */
	bool match;    /* a search match covers this */
	bool selected; /* the selection covers this */
	bool flagged;
};

/* One cell of the lane under a text row: what screens.md shows. */
enum lane_mark {
	LANE_NONE,
	LANE_START,
	LANE_END,
	LANE_SINGLE,
	LANE_START_MANY,
	LANE_END_MANY,
	LANE_BODY,
	LANE_LETTER,
	LANE_STATE
};
struct lane_cell {
	uint8_t mark;  /* enum lane_mark */
	uint8_t depth; /* of a body: 1, 2, 3 and more */
	bool current;
	char letter; /* LANE_LETTER: the label's key or first letter; LANE_STATE: ? + ~ x */
	uint16_t label;
};

struct paint_request {
	const struct set *set;
	size_t current;                 /* index of the current span, or NOWHERE */
	size_t select_off, select_end;  /* bytes; equal: none */
	const struct fragment *matches; /* search matches, sorted; may be NULL */
	size_t n_matches;
	bool hide_rejected;
};

/* Appends the runs of that row, covering all its cells in order. */
void paint_row(const struct paint_request *r, const struct block *b, const struct row *row, struct run **runs,
               size_t *n, size_t *cap);
/* Fills row->width cells (cells must have room for `width`). */
void paint_lane(const struct paint_request *r, const struct block *b, const struct row *row, struct lane_cell *cells,
                unsigned width);

#endif
