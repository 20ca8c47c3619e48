/* lineedit: one line of text being edited, by graphemes, of any length, in cells of any width.
 *
 * A state machine fed with keys and text; it owns its text and nothing else, and draws itself scrolled so that the
 * cursor is seen.  Keys: arrows, Ctrl-A/E Home/End, Ctrl-W word back, Ctrl-U all before, Ctrl-K all after, Ctrl-Y
 * back again what was cut last; Backspace and Delete by grapheme; Ctrl-T swaps.  Newlines in pasted text
 * become blanks.  `off` is a byte offset. */
#ifndef ZHUPI_TUI_LINEEDIT_H
#define ZHUPI_TUI_LINEEDIT_H

#include "tui/grid.h"
#include "tui/input.h"

struct lineedit {
	struct buf text;
	size_t cursor;   /* byte offset, at a grapheme boundary */
	size_t first;    /* first byte drawn */
	struct buf cut;
};

void lineedit_start(struct lineedit *e, struct str text); /* cursor at the end */
void lineedit_free(struct lineedit *e);
void lineedit_type(struct lineedit *e, struct str text);  /* typed or pasted */
bool lineedit_key(struct lineedit *e, uint32_t key);      /* false: not an editing key (Enter, Esc, Tab, Up, Down …) */
/* sets the grid's cursor when in focus */
void lineedit_draw(struct lineedit *e, struct grid *g, int row, int col, int cols, struct style style, bool focus);
struct str lineedit_text(const struct lineedit *e);

#endif
