/* article_view: where text and pane lie, and how the screen is drawn: header, text, footer.  See article.h. */
#include "tui/screens/article.h"
#include "tui/screens/state.h"

#define RIGHT_FROM 110 /* columns from which the pane stands beside the text */
#define SMALL_ROWS 12  /* below, the pane is shown on a key only */
#define STEP_COLS 90   /* columns from which the last row tells of single characters too */

/* ---- geometry ----------------------------------------------------------------------------------------------- */

static enum pane_place place_in_force(const struct review *v, int rows, int cols)
{
	enum pane_place place = v->pane.place;

	if (place == PANE_AUTO)
		place = cols >= RIGHT_FROM ? PANE_RIGHT : PANE_BELOW;
	if (place == PANE_RIGHT && cols < 60)
		place = PANE_BELOW;
	if (place == PANE_BELOW && rows < SMALL_ROWS)
		place = PANE_HIDDEN;
	return place;
}

static int clamp_int(int n, int least, int most)
{
	return n < least ? least : n > most ? most : n;
}

static void place_pane(struct review *v, int rows, int cols)
{
	struct rect body = {rows > 2, 0, rows > 2 ? rows - 2 : rows - 1, cols};
	enum pane_place place = place_in_force(v, rows, cols);

	if (body.rows < 1)
		body.rows = 1;
	v->text_rect = body;
	v->pane_rect = (struct rect){0};
	v->pane_right = place == PANE_RIGHT;
	if (place == PANE_RIGHT) {
		v->pane_rect = body;
		v->pane_rect.cols = clamp_int(cols * 37 / 100, 24, 70);
		v->pane_rect.col = cols - v->pane_rect.cols;
		v->text_rect.cols = v->pane_rect.col - 2;
	} else if (place == PANE_BELOW) {
		v->pane_rect = body;
		v->pane_rect.rows = rows / 4 > 5 ? rows / 4 : 5;
		v->text_rect.rows -= v->pane_rect.rows;
		v->pane_rect.row = body.row + v->text_rect.rows;
	} else if (v->mode != MODE_END && (v->pane.shown_once || v->mode == MODE_PANE)) {
		v->pane_rect = body;
	}
}

/* The reading may fold and unfold with every span that becomes current: the first row shown is found again by its
 * offset. */
static void sync_top(struct review *v)
{
	unsigned version = reading_version(v->reading);

	if (v->reading_seen == version)
		return;
	v->reading_seen = version;
	v->text.top = layout_place(v->layout, v->top_off, NULL);
}

static void keep_top(struct review *v)
{
	const struct block *b = layout_block(v->layout, v->text.top.block);

	if (b)
		v->top_off = b->off + b->rows[v->text.top.row < b->n_rows ? v->text.top.row : b->n_rows - 1].off;
}

void review_arrange(struct review *v, int rows, int cols)
{
	unsigned width;

	zones_sync(v);
	place_pane(v, rows, cols);
	width = textview_measure(v->text_rect);
	if (width != layout_width(v->layout)) {
		layout_set_width(v->layout, width);
		v->text.top = layout_place(v->layout, v->top_off, NULL);
		v->reading_seen = reading_version(v->reading);
	}
	sync_top(v);
}

void review_center(struct review *v, size_t off)
{
	sync_top(v);
	textview_center(&v->text, v->text_rect, off);
	keep_top(v);
}

void review_scroll(struct review *v, long rows)
{
	/* Not past the screen that has the last row. */
	if (rows > 0 && review_at_end(v))
		rows = 0;
	sync_top(v);
	textview_scroll(&v->text, rows);
	keep_top(v);
}

bool review_at_end(struct review *v)
{
	long rows = textview_rows(&v->text, v->text_rect), moved;

	sync_top(v);
	(void)layout_move(v->layout, v->text.top, rows, &moved);
	return moved < rows;
}

bool review_in_view(struct review *v, size_t off)
{
	int row, col;

	sync_top(v);
	return textview_cell(&v->text, v->text_rect, off, &row, &col);
}

/* ---- header and footer -------------------------------------------------------------------------------------- */

struct str verdict_mark(const struct grid *g, enum verdict verdict)
{
	static const enum mark marks[VERDICTS] = {MARK_UNDECIDED, MARK_ACCEPTED, MARK_CORRECTED, MARK_REJECTED};

	return grid_mark(g, marks[verdict]);
}

static void add_words(struct buf *out, const char *word, struct str name)
{
	buf_adds(out, out->n ? "  " : "");
	buf_adds(out, word);
	buf_add(out, name);
}

/* What the keys that move would do: of a selection what it grows by. */
static void add_select_words(struct review *v, struct buf *out)
{
	if (v->select.adding)
		add_words(out, "add ", review_label_name(v, v->select.label));
	else if (v->select.anchored)
		add_words(out, "by ", str_of(unit_name(v->select.unit)));
	else
		add_words(out, "caret", STR_NONE);
}

static void add_queue_words(struct review *v, struct buf *out)
{
	if (v->queue.order != ORDER_POSITION)
		add_words(out, "by ", str_of(order_name(v->queue.order)));
	if (v->queue.label != PAINT_NO_LABEL)
		add_words(out, "only ", review_label_name(v, v->queue.label));
}

/* What is as it always is gives way to the keys where there is no room for both. */
static void add_mode_words(struct review *v, int cols, struct buf *out)
{
	if (v->relate_from)
		add_words(out, "relation", STR_NONE);
	if (v->mode == MODE_SELECT)
		add_select_words(v, out);
	if (reading_options(v->reading).raw)
		add_words(out, "raw", STR_NONE);
	else if (reading_converted(v->reading))
		add_words(out, "converted", STR_NONE);
	if (v->mode != MODE_SELECT)
		add_queue_words(v, out);
	if (v->word_step && v->mode != MODE_END)
		add_words(out, "words", STR_NONE);
	else if (cols >= STEP_COLS && v->mode != MODE_END && v->mode != MODE_SELECT)
		add_words(out, "characters", STR_NONE);
}

static void add_score(struct buf *b, uint16_t score)
{
	if (score == SCORE_NONE)
		return;
	if (score >= 1000)
		buf_adds(b, " 1.0");
	else
		buf_addf(b, " .%02u", (unsigned)score / 10);
}

/* Without a pane the header says what the current span is. */
static void add_current(struct review *v, const struct grid *g, struct buf *b)
{
	const struct span *span = review_span(v);

	if (!span || (v->pane_rect.rows && span->anchoring != ANCHOR_LOST))
		return;
	buf_add(b, review_label_name(v, span->label));
	buf_addc(b, ' ');
	if (span->anchoring == ANCHOR_LOST) {
		review_quote(v, span, 12, b);
		buf_adds(b, " lost ");
	}
	buf_add(b, verdict_mark(g, span->verdict));
	if (g->cols >= 40)
		add_score(b, span->score);
	buf_adds(b, g->cols >= 40 ? "  " : " ");
}

/* What there is to do here, and what of it is done. */
static void add_progress(struct review *v, const struct grid *g, struct buf *b)
{
	const struct counts *c = set_counts(v->doc->set);
	size_t total = set_spans(v->doc->set), decided = total - c->spans[VERDICT_UNDECIDED];
	bool seen = places_get(app_places(v->app), str_of(v->file)).seen;

	add_current(v, g, b);
	if (c->flagged && g->cols >= 40)
		buf_addf(b, "%zu flagged  ", c->flagged);
	if (c->lost && g->cols >= 40)
		buf_addf(b, "%zu lost  ", c->lost);
	if (g->cols >= 40) {
		buf_add(b, article_state_name(article_state(set_status(v->doc->set), decided, seen)));
		buf_addc(b, ' ');
	}
	buf_addf(b, "%zu/%zu", decided, total);
}

static void draw_header(struct review *v, struct grid *g)
{
	struct buf right = {0};
	int end;

	if (v->doc->unread)
		buf_adds(&right, "loading");
	else
		add_progress(v, g, &right);
	end = grid_right(g, 0, 0, g->cols - (g->cols >= 40), buf_str(&right), PLAIN);
	grid_text(g, 0, 1, end - 2, buf_str(&v->headline), (struct style){COLOR_DEFAULT, STYLE_BOLD});
	buf_free(&right);
}

/* What is typed into a field or a menu is no key of the table. */
static const char *typing_hint(const struct review *v, int cols)
{
	if (!v->pane.editing && v->mode != MODE_MENU && v->mode != MODE_TOGGLES)
		return NULL;
	if (cols < 30)
		return "Esc";
	if (v->pane.editing)
		return cols < 60 ? "Enter keep  Esc cancel" : edit_hint(v);
	if (cols < 60)
		return "Esc cancel";
	return v->mode == MODE_MENU ? "a letter or a digit chooses  Esc cancel"
	                            : "a letter changes what is shown  Esc cancel";
}

static void draw_footer(struct review *v, struct grid *g)
{
	const char *hint = typing_hint(v, g->cols);
	struct buf word = {0};

	if (hint) {
		app_footer_hint(v->app, g, hint);
		return;
	}
	if (v->mode == MODE_TEXT && relate_hint(v, &word)) {
		app_footer_hint(v->app, g, word.p);
		buf_free(&word);
		return;
	}
	add_mode_words(v, g->cols, &word);
	app_footer(v->app, g, v->screen->ops->context_of(v->screen), buf_str(&word).p);
	buf_free(&word);
}

/* ---- the whole ---------------------------------------------------------------------------------------------- */

struct paint_request review_paint(struct review *v)
{
	struct paint_request r = {.set = v->doc->set, .current = review_index(v), .hide_rejected = v->hide_rejected};

	if (v->mode == MODE_SELECT || (v->mode == MODE_MENU && v->menu.after == MODE_SELECT))
		select_range(v, &r.select_off, &r.select_end);
	r.matches = v->search.list;
	r.n_matches = v->search.n;
	return r;
}

static void note_shown(struct review *v, size_t from, size_t to)
{
	const struct span *span = review_span(v);
	bool shown = span && (span->anchoring == ANCHOR_LOST || (span->off <= to && span->end >= from));

	if (shown && v->shown && str_eq(str_of(v->shown), span->id))
		return;
	mem_free(v->shown);
	v->shown = shown ? str_dup(span->id) : NULL;
}

static void draw_caret(struct review *v, struct grid *g)
{
	int row, col;

	if (v->mode == MODE_SELECT && textview_cell(&v->text, v->text_rect, v->select.caret, &row, &col)) {
		g->cursor_row = row;
		g->cursor_col = col;
	}
}

static void draw_text(struct review *v, struct grid *g)
{
	struct paint_request paint;
	size_t end;

	search_look(v);
	paint = review_paint(v);
	end = textview_draw(&v->text, &paint, g, v->text_rect);
	seen_add(&v->seen, v->top_off, end);
	note_shown(v, v->top_off, end);
	draw_caret(v, g);
}

void review_draw(struct screen *s, struct grid *g)
{
	struct review *v = review_of(s);

	g->cursor_row = g->cursor_col = -1;
	review_arrange(v, g->rows, g->cols);
	if (g->rows > 2)
		draw_header(v, g);
	if (v->mode == MODE_END)
		end_draw(v, g);
	else
		draw_text(v, g);
	if (v->pane_rect.rows)
		pane_draw(v, g);
	if (v->mode == MODE_MENU)
		menu_draw(v, g);
	else if (v->mode == MODE_TOGGLES)
		toggles_draw(v, g);
	else if (v->why)
		why_draw(v, g);
	draw_footer(v, g);
}
