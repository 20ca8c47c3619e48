/* textview: an article's text on a part of the grid: rows of the layout, spans painted over them, lanes, selection,
 * matches.  Shared by the article screen, the library's preview and `show`; knows spans and styles, no keys.  Borrows
 * the layout. */
#ifndef ZHUPI_TUI_TEXTVIEW_H
#define ZHUPI_TUI_TEXTVIEW_H

#include "annotations/paint.h"
#include "tui/grid.h"

struct textview {
	struct layout *layout;
	struct place top; /* first row shown */
	int lanes;        /* 0 or 1 lane rows under each text row: a property of the view */
	bool color;
	const struct schema *schema;
};

/* Style of a run by screens.md "Marks on the text". */
struct style textview_style(const struct textview *v, const struct run *run);
/* Draws from v->top into r, the measure centred; returns the byte offset after the last row shown. */
size_t textview_draw(const struct textview *v, const struct paint_request *paint, struct grid *g, struct rect r);
int textview_rows(const struct textview *v, struct rect r); /* text rows that fit */
unsigned textview_measure(struct rect r);                   /* cells a row may take: at most LAYOUT_MEASURE */
/* The byte offset at a cell of r, as a boundary for a mouse; NOWHERE outside the text. */
size_t textview_hit(const struct textview *v, struct rect r, int row, int col);
/* The cell of r at which the cluster at off is drawn; false when it is not on screen. */
bool textview_cell(const struct textview *v, struct rect r, size_t off, int *row, int *col);
/* Scrolls so that off lies in the middle third when it is not there already. */
void textview_center(struct textview *v, struct rect r, size_t off);
void textview_scroll(struct textview *v, long rows);

#endif
