/* grid: an array of cells that screens draw into; the one painter for terminal, `show`, and tests.
 *
 * A cell holds one grapheme cluster (as UTF-8 in the grid's own pool) and a style.  A cluster two cells wide owns its
 * cell and the next (a filler).  Writing over half of a wide cluster blanks the other half.  Everything written is
 * sanitised here (visible_add), so no caller can leak a control. Rows and columns count from 0; writing outside is
 * clipped. A grid owns its cells. */
#ifndef ZHUPI_TUI_GRID_H
#define ZHUPI_TUI_GRID_H

#include "model/base.h"
#include "model/schema.h"

enum { STYLE_BOLD = 1, STYLE_DIM = 2, STYLE_ITALIC = 4, STYLE_UNDERLINE = 8, STYLE_REVERSE = 16 };

struct style {
	uint8_t color; /* enum color */
	uint8_t flags; /* STYLE_* */
};
#define PLAIN ((struct style){COLOR_DEFAULT, 0})

struct rect {
	int row, col, rows, cols;
};

struct grid_cell {
	uint32_t text; /* offset in the pool */
	uint8_t bytes; /* 0: blank */
	uint8_t width; /* 1 or 2; 0: filler, the second half of the cluster before */
	struct style style;
};

struct grid {
	int rows, cols;
	struct grid_cell *cells; /* rows * cols */
	struct buf pool;
	unsigned ambiguous;      /* width of East Asian Ambiguous: 1 or 2 */
	bool ascii;              /* marks and lines in ASCII */
	int cursor_row, cursor_col; /* -1: hidden */
	struct segmenter *clusters; /* opened when first needed */
};

void grid_resize(struct grid *g, int rows, int cols); /* clears */
void grid_clear(struct grid *g);
void grid_free(struct grid *g);
struct grid_cell *grid_at(struct grid *g, int row, int col); /* NULL outside */
struct str grid_cell_text(const struct grid *g, const struct grid_cell *c);

/* One cluster of known width.  Returns cells used (0 when clipped). */
int grid_put(struct grid *g, int row, int col, struct str cluster, int width, struct style style);
/* Text, sanitised, at most `cols` cells; what does not fit ends in `…` (`~` in ASCII).  Returns cells used. */
int grid_text(struct grid *g, int row, int col, int cols, struct str text, struct style style);
int grid_textf(struct grid *g, int row, int col, int cols, struct style style, const char *format, ...)
    PRINTF_LIKE(6, 7);
/* Right-aligned so that it ends before col + cols. Returns its first column. */
int grid_right(struct grid *g, int row, int col, int cols, struct str text, struct style style);
void grid_fill(struct grid *g, struct rect r, struct style style);       /* blanks in that style */
void grid_restyle(struct grid *g, struct rect r, uint8_t add_flags);
/* The marks of the interface, in ASCII where the grid says so: grid_mark(g, MARK_CURRENT) … */
enum mark {
	MARK_CURRENT,
	MARK_FOLDED,
	MARK_OPEN,
	MARK_ACCEPTED,
	MARK_UNDECIDED,
	MARK_CORRECTED,
	MARK_REJECTED,
	MARK_FLAG,
	MARK_UNREAD,
	MARK_BAR,
	MARK_VLINE,
	MARK_HLINE,
	MARK_ELLIPSIS,
	MARK_ARROW,
	MARK_DOT,
	MARK_NEWLINE,
	MARKS
};
struct str grid_mark(const struct grid *g, enum mark m);

/* As text, one line a row, trailing blanks cut; with_sgr adds SGR colours (for `show --color`). */
void grid_dump(const struct grid *g, struct buf *out, bool with_sgr);
/* For golden tests: the text and, below, one line a row of style letters where any cell is not plain. */
void grid_dump_styles(const struct grid *g, struct buf *out);

#endif
