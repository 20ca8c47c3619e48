/* draw.c: see draw.h. */
#include "tui/draw.h"

#include <string.h>
#include <wchar.h>

#include "model/segment.h"
#include "model/utf8.h"
#include "tui/term_curses.h"

struct drawing {
	bool color;
	bool few;           /* eight colours: blue is a ground */
	struct grid last;   /* the frame on screen; 0 rows: none */
	bool *held;         /* rows sent here, not by ncurses */
	bool forget;
};

/* ---- colours ------------------------------------------------------------------------------------------------ */

/* The palette of Okabe and Ito (Color Universal Design, 2008), told apart by colour-blind readers too, in the nearest
 * of the 256 colours of XTerm; blue one step lighter than theirs, to be read on black. */
static const short colors_256[COLORS] = {
	[COLOR_DEFAULT] = -1, [COLOR_RED] = 166,    [COLOR_GREEN] = 36, [COLOR_YELLOW] = 178,
	[COLOR_BLUE] = 32,    [COLOR_MAGENTA] = 175, [COLOR_CYAN] = 74,  [COLOR_WHITE] = -1,
};

/* Of the eight, plain blue is the one that nobody can read on black (2.2 : 1 in XTerm's, where WCAG 2 asks for 4.5), and
 * bold, which makes it lighter, says undecided: it is the ground, under white. */
static void start_colors(bool many)
{
	for (short color = COLOR_RED; color <= COLOR_WHITE; color++)
		init_pair(color, many ? colors_256[color] : color, -1);
	if (!many)
		init_pair(COLOR_BLUE, COLOR_WHITE, COLOR_BLUE);
}

struct drawing *drawing_new(bool color, const char *palette)
{
	struct drawing *d = mem_alloc(sizeof(*d));
	bool none = palette && strcmp(palette, "none") == 0;
	d->color = color && !none && has_colors() && start_color() == OK && use_default_colors() == OK;
	d->few = tigetnum("colors") < 256 || (palette && strcmp(palette, "8") == 0);
	if (d->color)
		start_colors(!d->few);
	return d;
}

void drawing_free(struct drawing *d)
{
	if (!d)
		return;
	grid_free(&d->last);
	mem_free(d->held);
	mem_free(d);
}

void drawing_forget(struct drawing *d)
{
	d->forget = true;
}

static attr_t attributes(struct style s)
{
	attr_t a = A_NORMAL;
	if (s.flags & STYLE_BOLD)
		a |= A_BOLD;
	if (s.flags & STYLE_DIM)
		a |= A_DIM;
	if (s.flags & STYLE_ITALIC)
		a |= A_ITALIC;
	if (s.flags & STYLE_UNDERLINE)
		a |= A_UNDERLINE;
	if (s.flags & STYLE_REVERSE)
		a |= A_REVERSE;
	return a;
}

static short pair_of(const struct drawing *d, struct style s)
{
	if (!d->color || s.color > COLOR_WHITE)
		return 0;
	/* A ground reversed would be no more than blue letters where the terminal is white. */
	return d->few && s.color == COLOR_BLUE && (s.flags & STYLE_REVERSE) ? 0 : s.color;
}

/* ---- cells -------------------------------------------------------------------------------------------------- */

/* A character that has cells, with its marks, as ncurses takes them in one go; answers where the next one begins. */
static size_t take_spacing(struct str drawn, size_t off, wchar_t out[CCHARW_MAX + 1])
{
	size_t n = 0;
	codepoint cp;
	for (size_t step; n < CCHARW_MAX && (step = utf8_step(drawn, off, &cp)); off += step) {
		if (n && wcwidth((wchar_t)cp) != 0)
			break;
		out[n++] = (wchar_t)cp;
	}
	out[n] = L'\0';
	return off;
}

static void put_text(const struct drawing *d, int row, int col, const wchar_t *text, struct style style)
{
	cchar_t out;
	if (setcchar(&out, text, attributes(style), pair_of(d, style), NULL) == OK)
		(void)mvadd_wch(row, col, &out); /* ERR at the last cell of the screen, which is drawn all the same */
}

/* drawn: scratch. */
static void put_cell(const struct drawing *d, const struct grid *g, int row, int col, const struct grid_cell *c,
                     struct buf *drawn)
{
	if (c->width == 0)
		return;
	if (c->bytes == 0) {
		put_text(d, row, col, L" ", c->style);
		return;
	}
	buf_clear(drawn);
	cluster_add_drawn(drawn, grid_cell_text(g, c));
	size_t off = 0;
	for (int at = 0; off < drawn->n && at < c->width;) {
		wchar_t text[CCHARW_MAX + 1];
		off = take_spacing(buf_str(drawn), off, text);
		int cells = wcwidth(text[0]);
		if (cells < 1 || at + cells > c->width) { /* an older C library does not know it */
			put_text(d, row, col, c->width == 2 ? L"\u3013" : L"?", c->style);
			return;
		}
		put_text(d, row, col + at, text, c->style);
		at += cells;
	}
}

static bool same_cell(const struct grid *a, const struct grid_cell *x, const struct grid *b, const struct grid_cell *y)
{
	return x->width == y->width && x->style.color == y->style.color && x->style.flags == y->style.flags &&
	       x->bytes == y->bytes && (x->bytes == 0 || str_eq(grid_cell_text(a, x), grid_cell_text(b, y)));
}

static const struct grid_cell *row_of(const struct grid *g, int row)
{
	return g->cells + (size_t)row * (size_t)g->cols;
}

static bool same_row(const struct grid *a, const struct grid *b, int row)
{
	for (int col = 0; col < a->cols; col++)
		if (!same_cell(a, row_of(a, row) + col, b, row_of(b, row) + col))
			return false;
	return true;
}

static void put_row(const struct drawing *d, const struct grid *g, int row, bool all)
{
	const struct grid_cell *now = row_of(g, row), *was = all ? NULL : row_of(&d->last, row);
	struct buf drawn = {0};
	for (int col = 0; col < g->cols; col++)
		if (all || !same_cell(g, &now[col], &d->last, &was[col]))
			put_cell(d, g, row, col, &now[col], &drawn);
	buf_free(&drawn);
}

/* ---- rows with clusters whose width ncurses has wrong -------------------------------------------------------- */

static bool is_doubtful(const struct grid *g, const struct grid_cell *c)
{
	codepoint cp;
	return c->width == 2 && utf8_step(grid_cell_text(g, c), 0, &cp) && wcwidth((wchar_t)cp) == 1;
}

static bool holds_doubtful(const struct grid *g, int row)
{
	if (g->ambiguous != 2)
		return false;
	for (int col = 0; col < g->cols; col++)
		if (is_doubtful(g, row_of(g, row) + col))
			return true;
	return false;
}

static void place_cursor(int row, int col)
{
	(void)putp(tiparm(cursor_address, row, col));
}

/* Between save and restore of the cursor and its attributes, so that ncurses is none the wiser. */
static void send_row(const struct drawing *d, const struct grid *g, int row)
{
	const struct grid_cell *cells = row_of(g, row);
	struct buf bytes = {0};
	bool place = true;
	struct style style = {0xFF, 0};
	(void)putp(save_cursor);
	for (int col = 0; col < g->cols; col++) {
		const struct grid_cell *c = &cells[col];
		if (c->width == 0)
			continue;
		if (place)
			place_cursor(row, col);
		if (c->style.color != style.color || c->style.flags != style.flags) {
			style = c->style;
			(void)vid_puts(attributes(style), pair_of(d, style), NULL, putchar);
		}
		buf_clear(&bytes);
		if (c->bytes)
			cluster_add_drawn(&bytes, grid_cell_text(g, c));
		else
			buf_adds(&bytes, c->width == 2 ? "  " : " ");
		(void)fwrite(bytes.p, 1, bytes.n, stdout);
		place = is_doubtful(g, c);
	}
	(void)putp(restore_cursor);
	buf_free(&bytes);
}

/* ---- a frame ------------------------------------------------------------------------------------------------ */

static void remember(struct drawing *d, const struct grid *g)
{
	if (d->last.rows != g->rows || d->last.cols != g->cols)
		grid_resize(&d->last, g->rows, g->cols);
	buf_clear(&d->last.pool);
	buf_add(&d->last.pool, buf_str(&g->pool));
	size_t n = (size_t)g->rows * (size_t)g->cols;
	if (n)
		memcpy(d->last.cells, g->cells, n * sizeof(*g->cells));
}

static void put_cursor(const struct grid *g)
{
	bool shown = g->cursor_row >= 0 && g->cursor_row < g->rows && g->cursor_col >= 0 && g->cursor_col < g->cols;
	(void)curs_set(shown ? 1 : 0);
	(void)move(shown ? g->cursor_row : g->rows - 1, shown ? g->cursor_col : 0);
}

/* A row goes over from ncurses to us: it is blank there. */
static void hold_row(struct drawing *d, int row)
{
	d->held[row] = true;
	(void)move(row, 0);
	(void)clrtoeol();
}

/* And back: what stands there on the screen is not what ncurses believes. */
static void release_row(struct drawing *d, int row)
{
	d->held[row] = false;
	(void)wredrawln(stdscr, row, 1);
}

static void start_afresh(struct drawing *d, const struct grid *g)
{
	d->held = mem_grow(d->held, (size_t)g->rows, sizeof(*d->held));
	memset(d->held, 0, (size_t)g->rows * sizeof(*d->held));
	(void)erase();
	(void)clearok(curscr, TRUE);
}

void drawing_show(struct drawing *d, const struct grid *g)
{
	if (g->rows <= 0 || g->cols <= 0)
		return;
	bool all = d->forget || d->last.rows != g->rows || d->last.cols != g->cols;
	if (all)
		start_afresh(d, g);
	for (int row = 0; row < g->rows; row++) {
		bool was_held = d->held[row];
		bool hold = holds_doubtful(g, row) && save_cursor && restore_cursor;
		if (hold && !was_held)
			hold_row(d, row);
		if (!hold && was_held)
			release_row(d, row);
		if (!hold)
			put_row(d, g, row, all || was_held);
	}
	put_cursor(g);
	(void)refresh();
	for (int row = 0; row < g->rows; row++)
		if (d->held[row] && (all || !same_row(g, &d->last, row)))
			send_row(d, g, row);
	(void)fflush(stdout);
	remember(d, g);
	d->forget = false;
}
