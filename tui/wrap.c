/* wrap.c: see wrap.h. */
#include "tui/wrap.h"

#include "model/segment.h"

static void add_row(struct wrap *w, struct str row)
{
	if (w->n == w->cap) {
		w->cap = w->cap ? 2 * w->cap : 8;
		w->rows = mem_grow(w->rows, w->cap, sizeof(*w->rows));
	}
	while (row.n && row.p[row.n - 1] == ' ')
		row.n--;
	w->rows[w->n++] = row;
}

/* Where the row that starts at `from` ends, before a line's end; the blanks it is broken at belong to it. */
static size_t row_end(struct segmenter *g, struct str line, size_t from, unsigned cols, unsigned ambiguous)
{
	size_t fit = from + text_fit(str_sub(line, from, line.n), cols, ambiguous, NULL), end = fit, may;
	while (end < line.n && line.p[end] == ' ')
		end++;
	if (end > from && (end == line.n || segment_is_boundary(g, BY_LINE, end)))
		return end;
	may = segment_prev(g, BY_LINE, end);
	if (may > from)
		return may;
	return fit > from ? fit : cluster_next(line, from);
}

/* Most lines fit: a segmenter, which is slow to open, is only made for one that does not. */
static void wrap_line(struct wrap *w, struct segmenter **g, struct str line, unsigned cols, unsigned ambiguous)
{
	if (text_fit(line, cols, ambiguous, NULL) == line.n) {
		add_row(w, line);
		return;
	}
	if (!*g)
		*g = segmenter_new(true);
	segment_text(*g, line);
	for (size_t from = 0, end; from < line.n; from = end) {
		end = row_end(*g, line, from, cols, ambiguous);
		add_row(w, str_sub(line, from, end));
	}
}

void wrap_text(struct wrap *w, struct str text, unsigned cols, unsigned ambiguous)
{
	struct segmenter *g = NULL;
	w->n = 0;
	for (size_t at = 0; at < text.n;) {
		size_t end = str_byte(text, '\n', at);
		end = end == NOWHERE ? text.n : end;
		wrap_line(w, &g, str_sub(text, at, end), cols ? cols : 1, ambiguous);
		at = end + 1;
	}
	if (g)
		segmenter_free(g);
}

void wrap_free(struct wrap *w)
{
	mem_free(w->rows);
	*w = (struct wrap){0};
}
