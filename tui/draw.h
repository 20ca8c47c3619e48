/* draw: a grid onto the terminal, by ncurses.
 *
 * Only cells that differ from the frame before are given to ncurses, which sends only what differs on the screen.  A
 * cluster goes in one cchar_t, so that ncurses advances by the width of its base; what ncurses cannot take is shown
 * by what it can: Han without a width in the C library as 〓, marks past CCHARW_MAX (of 5, as ncurses 6.4 is built)
 * not at all.
 *
 * Where the terminal draws ambiguous characters two cells wide, ncurses does not know it.  Rows that hold such a
 * cluster are kept blank in ncurses and sent here, with the cursor placed after each such cluster, so that a wrong
 * width cannot move what follows. */
#ifndef ZHUPI_TUI_DRAW_H
#define ZHUPI_TUI_DRAW_H

#include "tui/grid.h"

struct drawing;

/* ncurses has been started.  palette: "8", "256", "none" or "" for what the terminal can. */
struct drawing *drawing_new(bool color, const char *palette);
void drawing_free(struct drawing *d);
void drawing_show(struct drawing *d, const struct grid *g);
void drawing_forget(struct drawing *d); /* the next frame is sent whole */

#endif
