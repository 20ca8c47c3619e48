/* draw: a grid onto the terminal, by ncurses.
 *
 * Only cells that differ from the frame before are given to ncurses, which sends only what differs on the screen.  Of a
 * cluster goes what cluster_add_drawn() (segment.h) gives, each character that has cells in a cchar_t of its own with
 * the marks upon it, so that ncurses advances by as many cells as the grid counts.
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
