/* article_mouse: a click makes a span current or puts the caret, a drag selects, a double click selects a word, the
 * wheel scrolls.  See article.h. */
#include "tui/screens/article.h"

/* The innermost span at off. */
size_t span_at(struct review *v, size_t off)
{
	size_t *list = NULL, n = 0, cap = 0, best = NOWHERE;
	uint32_t least = UINT32_MAX;

	set_touching(v->doc->set, off, off + 1, &list, &n, &cap);
	for (size_t i = 0; i < n; i++) {
		const struct span *span = set_span(v->doc->set, list[i]);

		if (span->off > off || span->end <= off || span->end - span->off >= least)
			continue;
		least = span->end - span->off;
		best = list[i];
	}
	mem_free(list);
	return best;
}

static enum answer press(struct review *v, size_t off)
{
	if (v->mode != MODE_SELECT)
		v->select = (struct selection){0};
	v->select.anchor = v->select.origin = off;
	v->select.dragging = true;
	v->select.anchored = false;
	return DONE;
}

static enum answer drag(struct review *v, size_t off)
{
	if (!v->select.dragging)
		return DONE;
	v->mode = MODE_SELECT;
	v->select.anchored = true;
	v->select.unit = UNIT_CHARACTER;
	v->select.caret = off;
	return DONE;
}

/* A click without a drag: on a span it becomes the current one, elsewhere the caret goes there. */
static enum answer release(struct review *v, size_t off)
{
	size_t index;

	if (!v->select.dragging)
		return DONE;
	v->select.dragging = false;
	if (v->select.anchored)
		return DONE;
	index = v->mode == MODE_SELECT ? NOWHERE : span_at(v, off);
	if (index != NOWHERE)
		review_go(v, index);
	else
		select_start(v, off);
	return DONE;
}

static enum answer double_click(struct review *v, size_t off)
{
	select_start(v, off);
	v->select.anchored = true;
	v->select.origin = off;
	select_unit(v, UNIT_WORD);
	return DONE;
}

static bool inside(struct rect r, const struct input *in)
{
	return in->row >= r.row && in->row < r.row + r.rows && in->col >= r.col && in->col < r.col + r.cols;
}

enum answer review_mouse(struct screen *s, const struct input *in)
{
	struct review *v = review_of(s);
	size_t off;

	review_arrange(v, app_rows(v->app), app_cols(v->app));
	if (v->mode == MODE_MENU || v->mode == MODE_TOGGLES || v->mode == MODE_END)
		return DONE;
	if (v->pane_rect.rows && inside(v->pane_rect, in) && !v->select.dragging)
		return pane_mouse(v, in);
	if (in->button == MOUSE_WHEEL_UP || in->button == MOUSE_WHEEL_DOWN) {
		review_scroll(v, in->button == MOUSE_WHEEL_UP ? -1 : 1);
		return DONE;
	}
	if (v->pane.editing)
		return DONE;
	if (v->mode == MODE_PANE)
		pane_leave(v);
	off = textview_hit(&v->text, v->text_rect, in->row, in->col);
	if (off == NOWHERE)
		return DONE;
	switch (in->button) {
	case MOUSE_PRESS:
		return press(v, off);
	case MOUSE_DRAG:
		return drag(v, off);
	case MOUSE_RELEASE:
		return release(v, off);
	default:
		return double_click(v, off);
	}
}
