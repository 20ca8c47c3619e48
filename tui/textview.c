/* textview: see textview.h. */
#include "tui/textview.h"

/* ---- looks -------------------------------------------------------------------------------------------------- */

static uint8_t label_color(const struct textview *v, uint16_t label)
{
	if (!v->color || !v->schema || label >= v->schema->n_labels)
		return COLOR_DEFAULT;
	return (uint8_t)v->schema->labels[label].color;
}

static unsigned verdict_flags(uint8_t verdict)
{
	switch (verdict) {
	case VERDICT_UNDECIDED:
		return STYLE_BOLD;
	case VERDICT_CORRECTED:
		return STYLE_ITALIC;
	case VERDICT_REJECTED:
		return STYLE_DIM;
	default:
		return 0;
	}
}

struct style textview_style(const struct textview *v, const struct run *run)
{
	struct style style = PLAIN;
	unsigned flags = 0;

	if (run->label != PAINT_NO_LABEL) {
		flags |= verdict_flags(run->verdict);
		if (run->verdict != VERDICT_REJECTED)
			style.color = label_color(v, run->label);
	}
	if (run->depth > 1)
		flags |= STYLE_UNDERLINE;
	if (run->match) {
		flags |= STYLE_REVERSE | STYLE_UNDERLINE;
		style.color = v->color ? COLOR_YELLOW : COLOR_DEFAULT;
	}
	if (run->current || run->selected)
		flags |= STYLE_REVERSE;
	style.flags = (uint8_t)flags;
	return style;
}

static struct str lane_text(const struct grid *g, const struct lane_cell *c)
{
	static const struct str line[] = {S(" "), S("└"), S("┘"), S("┴"), S("╚"), S("╝")};
	static const struct str ascii[] = {S(" "), S("("), S(")"), S("|"), S("{"), S("}")};
	static const struct str body[] = {S("─"), S("═"), S("≡")};
	static const struct str ascii_body[] = {S("-"), S("="), S("#")};
	bool plain = g->ascii || g->ambiguous > 1;
	unsigned depth = c->depth > 2 ? 2 : c->depth ? c->depth - 1u : 0;

	if (c->mark == LANE_LETTER || c->mark == LANE_STATE)
		return (struct str){&c->letter, 1};
	if (c->mark != LANE_BODY && c->mark != LANE_NONE)
		return plain ? ascii[c->mark] : line[c->mark];
	if (c->current)
		return plain ? S("^") : S("▔");
	if (c->mark == LANE_NONE)
		return line[LANE_NONE];
	return plain ? ascii_body[depth] : body[depth];
}

/* ---- drawing ------------------------------------------------------------------------------------------------ */

unsigned textview_measure(struct rect r)
{
	int cols = r.cols > 24 ? r.cols - 2 : r.cols;

	if (cols > LAYOUT_MEASURE)
		cols = LAYOUT_MEASURE;
	return cols > LAYOUT_NARROWEST ? (unsigned)cols : LAYOUT_NARROWEST;
}

static int text_left(const struct textview *v, struct rect r)
{
	int width = (int)layout_width(v->layout);

	return r.col + (r.cols > width ? (r.cols - width) / 2 : 0);
}

int textview_rows(const struct textview *v, struct rect r)
{
	int rows = r.rows / (1 + v->lanes);

	return rows > 0 ? rows : 1;
}

static size_t text_length(const struct textview *v)
{
	return article_text(reading_article(layout_reading(v->layout))).n;
}

static void draw_cluster(struct grid *g, const struct block *b, const struct cluster *k, int row, int col,
                         struct style style)
{
	struct str text = str_sub(buf_str(&b->shown), k->shown, k->shown_end);

	if (k->width > 2)
		grid_text(g, row, col, k->width, text, style);
	else
		grid_put(g, row, col, text, k->width, style);
}

struct painter {
	const struct textview *v;
	const struct paint_request *paint;
	struct grid *g;
	struct rect r;
	struct run *runs;
	size_t cap_runs;
	struct lane_cell *lane;
	size_t cap_lane;
};

static struct style run_style(const struct painter *p, const struct block *b, const struct run *run)
{
	struct run look = *run;
	struct style style;

	/* While text is being selected, reverse means the selection; the current span is only underlined. */
	if (p->paint->select_off < p->paint->select_end && run->current)
		look.current = false;
	style = textview_style(p->v, &look);
	if (look.current != run->current)
		style.flags |= STYLE_UNDERLINE;
	if (run->label == PAINT_NO_LABEL && zone_is_furniture(b->zone))
		style.flags |= STYLE_DIM;
	return style;
}

static void draw_text_row(struct painter *p, const struct block *b, const struct row *row, int at)
{
	int left = text_left(p->v, p->r);
	size_t n = 0, run = 0;

	paint_row(p->paint, b, row, &p->runs, &n, &p->cap_runs);
	for (size_t i = 0; i < row->n; i++) {
		const struct cluster *k = &b->clusters[row->first + i];

		while (run + 1 < n && k->col >= p->runs[run].col + p->runs[run].width)
			run++;
		if ((int)k->col + k->width > p->r.cols)
			break;
		draw_cluster(p->g, b, k, at, left + (int)k->col, run_style(p, b, &p->runs[run]));
	}
}

static void draw_lane_row(struct painter *p, const struct block *b, const struct row *row, int at)
{
	int left = text_left(p->v, p->r);

	if (row->width > p->cap_lane) {
		p->cap_lane = row->width;
		p->lane = mem_grow(p->lane, p->cap_lane, sizeof(*p->lane));
	}
	paint_lane(p->paint, b, row, p->lane, row->width);
	for (unsigned i = 0; i < row->width && (int)i < p->r.cols; i++) {
		const struct lane_cell *c = &p->lane[i];
		struct style style = {label_color(p->v, c->label), c->current ? STYLE_BOLD : 0};

		if (c->mark != LANE_NONE || c->current)
			grid_put(p->g, at, left + (int)i, lane_text(p->g, c), 1, style);
	}
}

size_t textview_draw(const struct textview *v, const struct paint_request *paint, struct grid *g, struct rect r)
{
	struct painter p = {.v = v, .paint = paint, .g = g, .r = r};
	struct place at = v->top;
	size_t off = 0, length = text_length(v);
	const struct block *b = layout_block(v->layout, at.block);

	grid_fill(g, r, PLAIN);
	for (int drawn = 0; b && drawn < textview_rows(v, r); drawn++) {
		const struct row *row;

		if (at.row >= b->n_rows) {
			if (b->end >= length)
				break;
			at = (struct place){b->end, 0};
			b = layout_block(v->layout, at.block);
			if (!b)
				break;
		}
		row = &b->rows[at.row++];
		off = b->off + row->end;
		draw_text_row(&p, b, row, r.row + drawn * (1 + v->lanes));
		if (v->lanes && drawn * 2 + 1 < r.rows)
			draw_lane_row(&p, b, row, r.row + drawn * 2 + 1);
	}
	mem_free(p.runs);
	mem_free(p.lane);
	return off;
}

/* ---- places ------------------------------------------------------------------------------------------------- */

size_t textview_hit(const struct textview *v, struct rect r, int row, int col)
{
	struct place place;
	long down, moved;
	int left = text_left(v, r);

	if (row < r.row || row >= r.row + r.rows || col < r.col || col >= r.col + r.cols || text_length(v) == 0)
		return NOWHERE;
	down = (row - r.row) / (1 + v->lanes);
	place = layout_move(v->layout, v->top, down, &moved);
	if (moved < down)
		return NOWHERE;
	return layout_offset(v->layout, place, col > left ? (unsigned)(col - left) : 0);
}

bool textview_cell(const struct textview *v, struct rect r, size_t off, int *row, int *col)
{
	unsigned cells;
	struct place place = layout_place(v->layout, off, &cells);
	long rows = textview_rows(v, r), down;

	if (layout_before(place, v->top))
		return false;
	down = layout_rows_between(v->layout, v->top, place, rows);
	if (down >= rows)
		return false;
	*row = r.row + (int)down * (1 + v->lanes);
	*col = text_left(v, r) + (int)cells;
	if (*col >= r.col + r.cols)
		*col = r.col + r.cols - 1;
	return true;
}

void textview_center(struct textview *v, struct rect r, size_t off)
{
	struct place place = layout_place(v->layout, off, NULL);
	long rows = textview_rows(v, r), third = rows / 3, moved, at;
	bool back = layout_before(place, v->top);

	at = back ? 0 : layout_rows_between(v->layout, v->top, place, rows);
	if (!back && at >= third && at < rows - third)
		return;
	/* To the near end of the middle third, so that what comes next in that direction is seen. */
	back |= at < third;
	v->top = layout_move(v->layout, place, back ? third + 1 - rows : -third, &moved);
}

void textview_scroll(struct textview *v, long rows)
{
	long moved;

	v->top = layout_move(v->layout, v->top, rows, &moved);
}
