/* lineedit.c: one line of text being edited, see lineedit.h. */
#include "tui/lineedit.h"

#include <string.h>

#include "model/segment.h"
#include "model/utf8.h"

enum {
	CTRL_A = 1,
	CTRL_B = 2,
	CTRL_D = 4,
	CTRL_E = 5,
	CTRL_F = 6,
	CTRL_K = 11,
	CTRL_T = 20,
	CTRL_U = 21,
	CTRL_W = 23,
	CTRL_Y = 25
};

void lineedit_start(struct lineedit *e, struct str text)
{
	buf_clear(&e->text);
	buf_add(&e->text, text);
	e->cursor = e->text.n;
	e->first = 0;
}

void lineedit_free(struct lineedit *e)
{
	buf_free(&e->text);
	buf_free(&e->cut);
	*e = (struct lineedit){0};
}

struct str lineedit_text(const struct lineedit *e)
{
	return buf_str(&e->text);
}

/* ---- steps -------------------------------------------------------------------------------------------------- */

static struct segmenter *segments(const struct lineedit *e)
{
	struct segmenter *g = segmenter_new(true);
	segment_text(g, buf_str(&e->text));
	return g;
}

static size_t step_back(const struct lineedit *e, enum segment_by by, size_t off)
{
	if (!off)
		return 0;
	struct segmenter *g = segments(e);
	size_t at = segment_prev(g, by, off);
	while (by == BY_WORD && at && !segment_word_like(g, segment_next(g, by, at)))
		at = segment_prev(g, by, at);
	segmenter_free(g);
	return at;
}

static size_t step_on(const struct lineedit *e, size_t off)
{
	struct segmenter *g = segments(e);
	size_t at = segment_next(g, BY_GRAPHEME, off);
	segmenter_free(g);
	return at;
}

/* ---- change ------------------------------------------------------------------------------------------------- */

static void insert(struct lineedit *e, struct str text)
{
	if (!text.n)
		return;
	size_t tail = e->text.n - e->cursor;
	buf_reserve(&e->text, text.n + 1);
	memmove(e->text.p + e->cursor + text.n, e->text.p + e->cursor, tail);
	memcpy(e->text.p + e->cursor, text.p, text.n);
	e->text.n += text.n;
	e->text.p[e->text.n] = '\0';
	e->cursor += text.n;
}

static void erase_range(struct lineedit *e, size_t from, size_t to, bool keep)
{
	if (from >= to)
		return;
	if (keep) {
		buf_clear(&e->cut);
		buf_add(&e->cut, str_sub(buf_str(&e->text), from, to));
	}
	memmove(e->text.p + from, e->text.p + to, e->text.n - to);
	e->text.n -= to - from;
	e->text.p[e->text.n] = '\0';
	e->cursor = from;
}

/* Line ends and tabs become blanks (CR LF one), other controls go, bytes that are no text become U+FFFD. */
static void add_clean(struct buf *out, struct str text)
{
	codepoint cp, before = 0;
	for (size_t off = 0, step; (step = utf8_step(text, off, &cp)); off += step) {
		if (cp & UTF8_BAD)
			utf8_add(out, 0xFFFD);
		else if (cp == '\n' || cp == '\r' || cp == '\t')
			buf_adds(out, cp == '\n' && before == '\r' ? "" : " ");
		else if (cp >= 0x20 && cp != 0x7F && !(cp >= 0x80 && cp < 0xA0))
			buf_add(out, str_sub(text, off, off + step));
		before = cp;
	}
}

void lineedit_type(struct lineedit *e, struct str text)
{
	struct buf clean = {0};
	add_clean(&clean, text);
	insert(e, buf_str(&clean));
	buf_free(&clean);
}

/* Swaps the characters on both sides of the cursor, or the last two at the end, and steps on. */
static void swap_characters(struct lineedit *e)
{
	size_t middle = e->cursor == e->text.n ? step_back(e, BY_GRAPHEME, e->cursor) : e->cursor;
	if (!middle)
		return;
	size_t start = step_back(e, BY_GRAPHEME, middle), end = step_on(e, middle);
	struct buf swapped = {0};
	buf_add(&swapped, str_sub(buf_str(&e->text), middle, end));
	buf_add(&swapped, str_sub(buf_str(&e->text), start, middle));
	memcpy(e->text.p + start, swapped.p, swapped.n);
	buf_free(&swapped);
	e->cursor = end;
}

static bool change_key(struct lineedit *e, uint32_t key)
{
	switch (key) {
	case KEY_BACKSPACE_:
		erase_range(e, step_back(e, BY_GRAPHEME, e->cursor), e->cursor, false);
		return true;
	case KEY_DELETE_: case CTRL_D:
		erase_range(e, e->cursor, step_on(e, e->cursor), false);
		return true;
	case CTRL_W:
		erase_range(e, step_back(e, BY_WORD, e->cursor), e->cursor, true);
		return true;
	case CTRL_U:
		erase_range(e, 0, e->cursor, true);
		return true;
	case CTRL_K:
		erase_range(e, e->cursor, e->text.n, true);
		return true;
	case CTRL_Y:
		insert(e, buf_str(&e->cut));
		return true;
	case CTRL_T:
		swap_characters(e);
		return true;
	default:
		return false;
	}
}

bool lineedit_key(struct lineedit *e, uint32_t key)
{
	switch (key) {
	case KEY_LEFT_: case CTRL_B:
		e->cursor = step_back(e, BY_GRAPHEME, e->cursor);
		return true;
	case KEY_RIGHT_: case CTRL_F:
		e->cursor = step_on(e, e->cursor);
		return true;
	case KEY_HOME_: case CTRL_A:
		e->cursor = 0;
		return true;
	case KEY_END_: case CTRL_E:
		e->cursor = e->text.n;
		return true;
	default:
		return change_key(e, key);
	}
}

/* ---- drawing ------------------------------------------------------------------------------------------------ */

/* The first byte from which the text up to `end`, and one cell for the cursor, is on screen. */
static size_t first_for(const struct lineedit *e, struct segmenter *g, unsigned ambiguous, int cols, size_t end)
{
	int used = 1;
	while (end) {
		size_t at = segment_prev(g, BY_GRAPHEME, end);
		bool newline = e->text.p[at] == '\n'; /* drawn as a mark */
		used += newline ? 1 : (int)text_width(str_sub(buf_str(&e->text), at, end), ambiguous);
		if (used > cols)
			break;
		end = at;
	}
	return end;
}

/* As before where the cursor is still on screen, but no room stays empty at the right that the beginning could have. */
static size_t first_drawn(const struct lineedit *e, struct segmenter *g, unsigned ambiguous, int cols)
{
	size_t low = first_for(e, g, ambiguous, cols, e->cursor), most = first_for(e, g, ambiguous, cols, e->text.n);
	if (e->first > e->cursor || !segment_is_boundary(g, BY_GRAPHEME, e->first) || e->first < low)
		return low;
	return e->first < most ? e->first : most;
}

/* That something stands before what is drawn: in place of its first cluster, `width` cells wide. */
static void draw_cut(struct grid *g, int row, int col, int width, struct style style)
{
	grid_fill(g, (struct rect){row, col, 1, width}, style);
	grid_text(g, row, col, width, grid_mark(g, MARK_ELLIPSIS), style);
}

void lineedit_draw(struct lineedit *e, struct grid *g, int row, int col, int cols, struct style style, bool focus)
{
	if (cols <= 0)
		return;
	struct segmenter *s = segments(e);
	struct str text = buf_str(&e->text);
	e->first = first_drawn(e, s, g->ambiguous, cols);
	grid_fill(g, (struct rect){row, col, 1, cols}, style);
	int at = 0, cursor = 0;
	for (size_t off = e->first; off < text.n && at < cols;) {
		size_t end = segment_next(s, BY_GRAPHEME, off);
		if (off == e->cursor)
			cursor = at;
		bool newline = text.p[off] == '\n';
		at += grid_text(g, row, col + at, cols - at,
		                newline ? grid_mark(g, MARK_NEWLINE) : str_sub(text, off, end), style);
		off = end;
	}
	if (e->cursor == text.n)
		cursor = at;
	if (e->first > 0 && cursor > 0)
		draw_cut(g, row, col, (int)text_width(str_sub(text, e->first, segment_next(s, BY_GRAPHEME, e->first)), g->ambiguous), style);
	if (focus) {
		g->cursor_row = row;
		g->cursor_col = col + (cursor < cols ? cursor : cols - 1);
	}
	segmenter_free(s);
}
