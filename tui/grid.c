/* grid.c: cells, see grid.h. */
#include "tui/grid.h"

#include <string.h>

#include "model/segment.h"
#include "model/utf8.h"

#define CLUSTER_BYTES 255 /* what grid_cell.bytes can say */

/* ---- the cells ---------------------------------------------------------------------------------------------- */

void grid_resize(struct grid *g, int rows, int cols)
{
	g->rows = rows > 0 ? rows : 0;
	g->cols = cols > 0 ? cols : 0;
	mem_free(g->cells);
	g->cells = mem_array((size_t)g->rows * (size_t)g->cols, sizeof(*g->cells));
	grid_clear(g);
}

void grid_clear(struct grid *g)
{
	size_t n = (size_t)g->rows * (size_t)g->cols;
	if (n)
		memset(g->cells, 0, n * sizeof(*g->cells));
	for (size_t i = 0; i < n; i++)
		g->cells[i].width = 1;
	buf_clear(&g->pool);
	g->cursor_row = g->cursor_col = -1;
	if (!g->ambiguous)
		g->ambiguous = 1;
}

void grid_free(struct grid *g)
{
	mem_free(g->cells);
	buf_free(&g->pool);
	segmenter_free(g->clusters);
	*g = (struct grid){0};
}

struct grid_cell *grid_at(struct grid *g, int row, int col)
{
	if (row < 0 || row >= g->rows || col < 0 || col >= g->cols)
		return NULL;
	return &g->cells[(size_t)row * (size_t)g->cols + (size_t)col];
}

struct str grid_cell_text(const struct grid *g, const struct grid_cell *c)
{
	return c->bytes ? str_sub(buf_str(&g->pool), c->text, (size_t)c->text + c->bytes) : STR_NONE;
}

static void blank(struct grid_cell *c)
{
	c->bytes = 0;
	c->width = 1;
}

/* Before the cells [col, col + width) are written: a wide cluster that sticks out on either side leaves a blank
 * there. */
static void cut_neighbours(struct grid *g, int row, int col, int width)
{
	struct grid_cell *first = grid_at(g, row, col);
	if (first && first->width == 0 && col > 0)
		blank(first - 1);
	struct grid_cell *last = grid_at(g, row, col + width - 1);
	if (last && last->width == 2 && col + width < g->cols)
		blank(last + 1);
}

/* ---- writing ------------------------------------------------------------------------------------------------ */

/* Joiners and variation selectors belong to an emoji or a rare Han form when something stands before them. */
static bool may_follow(codepoint cp)
{
	return cp == 0x200D || (cp >= 0xFE00 && cp <= 0xFE0F) || (cp >= 0xE0100 && cp <= 0xE01EF);
}

/* The part of a cluster that may go to a terminal: up to the first code point that must not, and at most
 * CLUSTER_BYTES. */
static size_t safe_length(struct str cluster)
{
	size_t off = 0;
	codepoint cp;
	for (size_t step; (step = utf8_step(cluster, off, &cp)) && off + step <= CLUSTER_BYTES; off += step)
		if (cp_is_hidden(cp) && !(off && may_follow(cp)))
			break;
	return off;
}

int grid_put(struct grid *g, int row, int col, struct str cluster, int width, struct style style)
{
	if (width < 1 || width > 2 || !grid_at(g, row, col) || !grid_at(g, row, col + width - 1))
		return 0;
	cut_neighbours(g, row, col, width);
	struct str safe = str_sub(cluster, 0, safe_length(cluster));
	if (!safe.n && cluster.n)
		safe = S("?");
	struct grid_cell *c = grid_at(g, row, col);
	bool is_blank = str_eq(safe, S(" "));
	*c = (struct grid_cell){.text = (uint32_t)g->pool.n,
	                        .bytes = is_blank ? 0 : (uint8_t)safe.n,
	                        .width = (uint8_t)width,
	                        .style = style};
	if (c->bytes)
		buf_add(&g->pool, safe);
	if (width == 2)
		c[1] = (struct grid_cell){.width = 0, .style = style};
	return width;
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

struct step {
	struct str cluster;
	int width;
};

/* The cluster at off of sanitised text. */
static struct step step_at(struct grid *g, struct str text, bool ascii, size_t off)
{
	if (ascii)
		return (struct step){str_sub(text, off, off + 1), 1};
	struct str cluster = str_sub(text, off, segment_next(g->clusters, BY_GRAPHEME, off));
	return (struct step){cluster, (int)cell_width(cluster, g->ambiguous)};
}

/* Prepares text for step_at; true when it is plain ASCII. */
static bool begin_steps(struct grid *g, struct str text)
{
	if (is_ascii(text))
		return true;
	if (!g->clusters)
		g->clusters = segmenter_new(true);
	segment_text(g->clusters, text);
	return false;
}

/* Bytes of the longest prefix that fits in `cols` cells. */
static size_t fitting(struct grid *g, struct str text, bool ascii, int cols, int *used)
{
	size_t off = 0;
	*used = 0;
	while (off < text.n) {
		struct step s = step_at(g, text, ascii, off);
		if (*used + s.width > cols)
			break;
		*used += s.width;
		off += s.cluster.n;
	}
	return off;
}

static int put_steps(struct grid *g, int row, int col, struct str text, bool ascii, struct style style)
{
	int used = 0;
	for (size_t off = 0; off < text.n;) {
		struct step s = step_at(g, text, ascii, off);
		grid_put(g, row, col + used, s.cluster, s.width, style);
		used += s.width;
		off += s.cluster.n;
	}
	return used;
}

/* Text that is sanitised already. */
static int put_visible(struct grid *g, int row, int col, int cols, struct str text, struct style style)
{
	if (row < 0 || row >= g->rows || col < 0 || cols <= 0)
		return 0;
	if (cols > g->cols - col)
		cols = g->cols - col;
	if (cols <= 0)
		return 0;
	bool ascii = begin_steps(g, text);
	int used;
	size_t n = fitting(g, text, ascii, cols, &used);
	if (n == text.n)
		return put_steps(g, row, col, text, ascii, style);
	struct str more = grid_mark(g, MARK_ELLIPSIS);
	int more_width = (int)cell_width(more, g->ambiguous);
	n = fitting(g, text, ascii, cols - more_width, &used);
	used = put_steps(g, row, col, str_sub(text, 0, n), ascii, style);
	return used + grid_put(g, row, col + used, more, more_width, style);
}

int grid_text(struct grid *g, int row, int col, int cols, struct str text, struct style style)
{
	struct buf visible = {0};
	visible_add_graphemes(&visible, text);
	int used = put_visible(g, row, col, cols, buf_str(&visible), style);
	buf_free(&visible);
	return used;
}

int grid_textf(struct grid *g, int row, int col, int cols, struct style style, const char *format, ...)
{
	struct buf text = {0};
	va_list args;
	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	int used = grid_text(g, row, col, cols, buf_str(&text), style);
	buf_free(&text);
	return used;
}

int grid_right(struct grid *g, int row, int col, int cols, struct str text, struct style style)
{
	struct buf visible = {0};
	visible_add_graphemes(&visible, text);
	int used;
	struct str shown = buf_str(&visible);
	fitting(g, shown, begin_steps(g, shown), cols > 0 ? cols : 0, &used);
	int start = col + (cols > used ? cols - used : 0);
	put_visible(g, row, start, col + cols - start, shown, style);
	buf_free(&visible);
	return start;
}

/* Whole rows at once: blanks are most of a screen, and most of what drawing it costs when put one by one. */
void grid_fill(struct grid *g, struct rect r, struct style style)
{
	int from = r.col > 0 ? r.col : 0, to = r.col + r.cols < g->cols ? r.col + r.cols : g->cols;
	for (int row = r.row > 0 ? r.row : 0; from < to && row < r.row + r.rows && row < g->rows; row++) {
		struct grid_cell *cells = grid_at(g, row, from);
		cut_neighbours(g, row, from, to - from);
		for (int i = 0; i < to - from; i++)
			cells[i] = (struct grid_cell){.width = 1, .style = style};
	}
}

void grid_restyle(struct grid *g, struct rect r, uint8_t add_flags)
{
	for (int row = r.row; row < r.row + r.rows; row++)
		for (int col = r.col; col < r.col + r.cols; col++) {
			struct grid_cell *c = grid_at(g, row, col);
			if (c)
				c->style.flags |= add_flags;
		}
}

/* ---- marks -------------------------------------------------------------------------------------------------- */

struct str grid_mark(const struct grid *g, enum mark m)
{
	static const struct {
		const char *unicode, *ascii;
	} marks[MARKS] = {
		[MARK_CURRENT] = {"▶", ">"}, [MARK_FOLDED] = {"▸", "+"}, [MARK_OPEN] = {"▾", "-"},
		[MARK_ACCEPTED] = {"✓", "+"}, [MARK_UNDECIDED] = {"?", "?"}, [MARK_CORRECTED] = {"~", "~"},
		[MARK_REJECTED] = {"✗", "x"}, [MARK_FLAG] = {"!", "!"}, [MARK_UNREAD] = {"●", "*"},
		[MARK_BAR] = {"█", "#"}, [MARK_VLINE] = {"│", "|"}, [MARK_HLINE] = {"─", "-"},
		[MARK_ELLIPSIS] = {"…", "~"}, [MARK_ARROW] = {"→", ">"}, [MARK_DOT] = {"·", "-"},
		[MARK_NEWLINE] = {"⏎", "/"},
	};
	return str_of(g->ascii ? marks[m].ascii : marks[m].unicode);
}

/* ---- as text ------------------------------------------------------------------------------------------------ */

static bool style_eq(struct style a, struct style b)
{
	return a.color == b.color && a.flags == b.flags;
}

/* Cells of a row up to the last one that shows something. */
static int row_end(const struct grid *g, const struct grid_cell *row, bool styles_count)
{
	int end = g->cols;
	while (end > 0) {
		const struct grid_cell *c = &row[end - 1];
		if (c->bytes || c->width == 0 || (styles_count && (c->style.flags & (STYLE_REVERSE | STYLE_UNDERLINE))))
			break;
		end--;
	}
	return end;
}

/* SGR parameters by ECMA-48 8.3.117; colours as enum color follow its order, 1 red to 7 white. */
static void add_sgr(struct buf *out, struct style s)
{
	static const char *const codes[] = {"1", "2", "3", "4", "7"};
	buf_adds(out, "\033[0");
	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (s.flags & 1u << i)
			buf_addf(out, ";%s", codes[i]);
	if (s.color == COLOR_BLUE) /* as a ground under white: blue letters are hard to read on black */
		buf_addf(out, ";%d;%d", 30 + COLOR_WHITE, 40 + COLOR_BLUE);
	else if (s.color != COLOR_DEFAULT)
		buf_addf(out, ";%d", 30 + s.color);
	buf_addc(out, 'm');
}

static void dump_row(const struct grid *g, const struct grid_cell *row, struct buf *out, bool with_sgr)
{
	struct style now = PLAIN;
	int end = row_end(g, row, with_sgr);
	for (int col = 0; col < end; col++) {
		if (row[col].width == 0)
			continue;
		if (with_sgr && !style_eq(now, row[col].style)) {
			now = row[col].style;
			add_sgr(out, now);
		}
		if (row[col].bytes)
			buf_add(out, grid_cell_text(g, &row[col]));
		else
			buf_adds(out, row[col].width == 2 ? "  " : " ");
	}
	if (!style_eq(now, PLAIN))
		buf_adds(out, "\033[0m");
	buf_addc(out, '\n');
}

void grid_dump(const struct grid *g, struct buf *out, bool with_sgr)
{
	for (int row = 0; row < g->rows; row++)
		dump_row(g, g->cells + (size_t)row * (size_t)g->cols, out, with_sgr);
}

/* One letter for a style: what stands out most.  Colour by its initial (k for none), in capitals when bold; other
 * flags win. */
static char style_letter(struct style s)
{
	static const char colors[COLORS + 1] = ".rgybmcw";
	if (s.flags & STYLE_REVERSE)
		return '#';
	if (s.flags & STYLE_UNDERLINE)
		return '_';
	if (s.flags & STYLE_DIM)
		return ',';
	if (s.flags & STYLE_ITALIC)
		return '/';
	char letter = s.color < COLORS ? colors[s.color] : '?';
	if (!(s.flags & STYLE_BOLD))
		return letter;
	return letter == '.' ? 'B' : (char)(letter - 'a' + 'A');
}

static bool row_is_plain(const struct grid *g, const struct grid_cell *row)
{
	for (int col = 0; col < g->cols; col++)
		if (!style_eq(row[col].style, PLAIN))
			return false;
	return true;
}

void grid_dump_styles(const struct grid *g, struct buf *out)
{
	for (int row = 0; row < g->rows; row++) {
		const struct grid_cell *cells = g->cells + (size_t)row * (size_t)g->cols;
		dump_row(g, cells, out, false);
		if (row_is_plain(g, cells))
			continue;
		size_t start = out->n;
		for (int col = 0; col < g->cols; col++)
			buf_addc(out, style_letter(cells[col].style));
		while (out->n > start && out->p[out->n - 1] == '.')
			out->p[--out->n] = '\0';
		buf_addc(out, '\n');
	}
}
