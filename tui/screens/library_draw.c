/* How the library looks: header, columns that come and go with the width, bars.
 *
 * From the right: percent, bar, decided/proposed, status, source; from the left: marks, date; the title takes what is
 * left.  An article without one shows its file name and, dim, how it begins. */
#include "tui/screens/library.h"

enum { MARKS_WIDTH = 3, DATE_WIDTH = 10, SOURCE_WIDTH = 12, STATUS_WIDTH = 9, COUNT_WIDTH = 9, PERCENT_WIDTH = 5 };
enum { GAP = 2, TITLE_LEAST = 12, INDENT = 2, INDENT_MOST = 12 };

/* First cell of each column; -1: not shown. */
struct columns {
	int end;   /* of the title, exclusive */
	int date;  /* width of the date column with its gap, 0: not shown; it stands after the indent */
	int source, status, count, bar, bar_width, percent;
};

/* A row being drawn. */
struct line {
	struct library *l;
	struct grid *g;
	const struct columns *c;
	int row;
	unsigned flags; /* STYLE_REVERSE on the current one */
};

static struct columns columns_for(int cols, bool dated)
{
	struct columns c = {.source = -1, .status = -1, .count = -1, .bar = -1, .percent = -1};
	int at = cols > 24 ? cols - 1 : cols; /* a margin where there is room */
	c.percent = at -= PERCENT_WIDTH;
	/* The title is what a reader looks for: the others get room once it has some forty columns. */
	if (cols >= 90) {
		c.bar_width = cols >= 136 ? 20 : 10;
		c.bar = at -= c.bar_width + 1;
	}
	if (cols >= 44)
		c.count = at -= COUNT_WIDTH + (c.bar < 0 ? 1 : 2);
	if (cols >= 60)
		c.status = at -= STATUS_WIDTH + 1;
	if (cols >= 112)
		c.source = at -= SOURCE_WIDTH + 2;
	if (cols >= 66 && dated)
		c.date = DATE_WIDTH + 1;
	c.end = at - 1;
	return c;
}

/* ---- words and numbers ----------------------------------------------------------------------------------------- */

struct str library_order_name(enum library_order o)
{
	static const struct str names[LIBRARY_ORDERS] = {S("name"), S("date"), S("status"), S("progress"), S("title")};
	return names[o];
}

struct str library_filter_name(enum library_filter f)
{
	static const struct str names[] = {S("all"), S("unread"), S("reviewing"), S("done"), S("flagged")};
	return names[f];
}

static enum color state_color(enum article_state s)
{
	switch (s) {
	case STATE_REVIEWING:
		return COLOR_YELLOW;
	case STATE_DONE:
		return COLOR_GREEN;
	case STATE_BROKEN:
		return COLOR_RED;
	case STATE_UNREAD:
	case STATE_READ:
	case STATE_UNKNOWN:
	case ARTICLE_STATES:
		break;
	}
	return COLOR_DEFAULT;
}

/* 9,876 */
static void add_number(struct buf *b, uint64_t number)
{
	if (number >= 1000) {
		add_number(b, number / 1000);
		buf_addf(b, ",%03u", (unsigned)(number % 1000));
	} else {
		buf_addf(b, "%u", (unsigned)number);
	}
}

/* Rounded, but 100 only when nothing is left and 0 only when nothing is done. */
static unsigned percent_of(uint64_t part, uint64_t whole)
{
	if (part == 0 || whole == 0)
		return 0;
	if (part >= whole)
		return 100;
	unsigned p = (unsigned)((part * 200 + whole) / (whole * 2));
	return p < 1 ? 1 : p > 99 ? 99 : p;
}

static struct style styled(const struct library *l, enum color color, unsigned flags)
{
	return (struct style){app_color(l->app) ? (uint8_t)color : (uint8_t)COLOR_DEFAULT, (uint8_t)flags};
}

/* The current row is reverse as a whole: a colour would become a patch of background, and a bar a gap in it. */
static struct style on_line(const struct line *n, enum color color)
{
	return styled(n->l, n->flags & STYLE_REVERSE ? COLOR_DEFAULT : color, n->flags);
}

/* ---- cells ----------------------------------------------------------------------------------------------------- */

static void draw_bar(const struct line *n, uint64_t part, uint64_t whole, struct style style)
{
	static const struct str eighths[] = {S(""), S("▏"), S("▎"), S("▍"), S("▌"), S("▋"), S("▊"), S("▉")};
	struct grid *g = n->g;
	if (n->c->bar < 0 || whole == 0 || part == 0)
		return;
	uint64_t cells = (uint64_t)n->c->bar_width * 8;
	uint64_t filled = part >= whole ? cells : part * cells / whole;
	if (filled == 0)
		filled = 1;
	int at = n->c->bar, full = at + (int)(filled / 8);
	while (at < full)
		(void)grid_put(g, n->row, at++, grid_mark(g, MARK_BAR), 1, style);
	unsigned rest = (unsigned)(filled % 8);
	if (rest > 0 && !g->ascii && g->ambiguous == 1)
		(void)grid_put(g, n->row, at, eighths[rest], 1, style);
	else if (rest >= 4)
		(void)grid_put(g, n->row, at, grid_mark(g, MARK_BAR), 1, style);
}

static void draw_right(const struct line *n, int col, int width, struct buf *text, struct style style)
{
	(void)grid_right(n->g, n->row, col, width, buf_str(text), style);
	buf_clear(text);
}

/* Bar and percent, as all rows have them. */
static void draw_progress(const struct line *n, uint64_t part, uint64_t whole, enum color color)
{
	struct buf text = {0};
	draw_bar(n, part, whole, on_line(n, color));
	buf_addf(&text, "%u %%", percent_of(part, whole));
	draw_right(n, n->c->percent, PERCENT_WIDTH, &text, on_line(n, COLOR_DEFAULT));
	buf_free(&text);
}

static int indent_of(const struct columns *c, unsigned depth)
{
	int most = (c->end - MARKS_WIDTH - TITLE_LEAST) / 2;
	int indent = (int)(depth > 100 ? 100 : depth) * INDENT;
	most = most < 0 ? 0 : most > INDENT_MOST ? INDENT_MOST : most;
	return indent < most ? indent : most;
}

static void draw_folder(const struct line *n, const struct library_folder *f)
{
	const struct library_totals *t = &f->totals;
	const struct columns *c = n->c;
	struct style style = on_line(n, COLOR_DEFAULT);
	int col = MARKS_WIDTH + indent_of(c, f->depth);
	size_t name = f->path.n;
	while (name > 0 && f->path.p[name - 1] != '/')
		name--;
	struct buf text = {0};
	buf_add(&text, str_sub(f->path, name, f->path.n));
	buf_addc(&text, '/');
	(void)grid_put(n->g, n->row, col, grid_mark(n->g, f->open ? MARK_OPEN : MARK_FOLDED), 1, style);
	(void)grid_text(n->g, n->row, col + 2, c->end - col - 2, buf_str(&text), style);
	buf_clear(&text);
	if (c->status >= 0) {
		add_number(&text, t->articles);
		draw_right(n, c->status - 8, 6, &text, style);
		add_number(&text, t->done);
		buf_adds(&text, " done");
		draw_right(n, c->status, STATUS_WIDTH, &text, on_line(n, t->done > 0 ? COLOR_GREEN : COLOR_DEFAULT));
	} else if (c->count >= 0) {
		buf_addf(&text, "%zu/%zu", t->done, t->articles);
		draw_right(n, c->count, COUNT_WIDTH, &text, style);
	}
	buf_free(&text);
	if (t->known == 0)
		return;
	if (t->proposed > 0)
		draw_progress(n, t->decided, t->proposed, COLOR_CYAN);
	else /* without any spans, articles are what is counted */
		draw_progress(n, t->done, t->articles, COLOR_CYAN);
}

/* The day as 2022-03-14, the date as it is written where it is none. */
static void draw_date(const struct line *n, int col, struct str date)
{
	uint32_t day = library_day(date);
	struct buf text = {0};
	buf_addf(&text, "%04u-%02u", (unsigned)day / 10000, (unsigned)day / 100 % 100);
	if (day % 100 != 0)
		buf_addf(&text, "-%02u", (unsigned)day % 100);
	(void)grid_text(n->g, n->row, col, DATE_WIDTH, day != 0 ? buf_str(&text) : date, on_line(n, COLOR_DEFAULT));
	buf_free(&text);
}

/* What the search found, underlined where it stands. */
static void mark_match(const struct line *n, int col, int cols, struct str title)
{
	size_t off, end;
	if (!library_match(n->l, title, &off, &end))
		return;
	int from = (int)text_width(str_sub(title, 0, off), n->g->ambiguous);
	int to = (int)text_width(str_sub(title, 0, end), n->g->ambiguous);
	if (to > cols)
		to = cols;
	if (from < to)
		grid_restyle(n->g, (struct rect){n->row, col + from, 1, to - from}, STYLE_UNDERLINE);
}

static void draw_title(const struct line *n, int col, const struct entry *e, bool unread)
{
	struct style style = on_line(n, COLOR_DEFAULT);
	int cols = n->c->end - col;
	style.flags |= !e->known ? STYLE_DIM : unread ? STYLE_BOLD : 0;
	struct str title = library_title(e);
	int width = (int)text_width(title, n->g->ambiguous);
	bool opens = library_untitled(e) && e->opening;
	if (opens && width > (cols - GAP) / 2)
		cols = width = (cols - GAP) / 2;
	(void)grid_text(n->g, n->row, col, cols, title, style);
	mark_match(n, col, cols, title);
	if (opens) {
		style = styled(n->l, COLOR_DEFAULT, n->flags | STYLE_DIM);
		col += width + GAP;
		(void)grid_text(n->g, n->row, col, n->c->end - col, str_of(e->opening), style);
		mark_match(n, col, n->c->end - col, str_of(e->opening));
	}
}

static void draw_counts(const struct line *n, const struct entry *e, enum article_state state)
{
	if (state == STATE_UNKNOWN || state == STATE_BROKEN)
		return;
	if (e->proposed > 0 && n->c->count >= 0) {
		struct buf text = {0};
		buf_addf(&text, "%u/%u", (unsigned)e->decided, (unsigned)e->proposed);
		draw_right(n, n->c->count, COUNT_WIDTH, &text, on_line(n, COLOR_DEFAULT));
		buf_free(&text);
	}
	if (state == STATE_DONE)
		draw_progress(n, 1, 1, COLOR_GREEN);
	else
		draw_progress(n, e->decided, e->proposed, COLOR_CYAN);
}

static void draw_article(const struct line *n, const struct entry *e, unsigned depth)
{
	const struct columns *c = n->c;
	enum article_state state = library_state(n->l, e);
	bool unread = library_unread(n->l, e);
	int col = MARKS_WIDTH + indent_of(c, depth);
	struct style flagged = on_line(n, COLOR_RED);
	flagged.flags |= STYLE_BOLD;

	if (unread)
		(void)grid_put(n->g, n->row, 1, grid_mark(n->g, MARK_UNREAD), 1, on_line(n, COLOR_CYAN));
	if (e->known && (e->flagged || e->failed))
		(void)grid_put(n->g, n->row, 2, grid_mark(n->g, MARK_FLAG), 1, flagged);
	if (c->date > 0 && e->known)
		draw_date(n, col, str_of(e->date));
	draw_title(n, col + c->date, e, unread);
	if (c->source >= 0 && e->known)
		(void)grid_text(n->g, n->row, c->source, SOURCE_WIDTH, str_of(e->source), on_line(n, COLOR_DEFAULT));
	if (c->status >= 0)
		(void)grid_text(n->g, n->row, c->status, STATUS_WIDTH, article_state_name(state), on_line(n, state_color(state)));
	draw_counts(n, e, state);
}

static void draw_row(struct library *l, struct grid *g, const struct columns *c, struct rect r, size_t line)
{
	struct line n = {.l = l, .g = g, .c = c, .row = r.row + (int)(line - l->top)};
	if (line == l->line) {
		n.flags = STYLE_REVERSE;
		grid_fill(g, (struct rect){n.row, r.col, 1, r.cols}, on_line(&n, COLOR_DEFAULT));
		(void)grid_put(g, n.row, 0, grid_mark(g, MARK_CURRENT), 1, on_line(&n, COLOR_DEFAULT));
	}
	const struct library_row *what = &l->rows[line];
	if (what->folder) {
		draw_folder(&n, &l->folders[what->index]);
		return;
	}
	const struct library_folder *f = &l->folders[l->folder_of[what->index]];
	draw_article(&n, corpus_entry(l->corpus, what->index), f->parent == NOWHERE ? 0 : f->depth + 1);
}

/* ---- the whole screen ------------------------------------------------------------------------------------------ */

static void header_left(const struct library *l, const struct grid *g, struct buf *out)
{
	size_t folder = library_folder_at(l, l->line);
	buf_adds(out, corpus_name(l->corpus));
	if (folder != NOWHERE && folder != 0) {
		buf_addc(out, ' ');
		buf_add(out, grid_mark(g, MARK_FOLDED));
		buf_addc(out, ' ');
		buf_add(out, l->folders[folder].path);
	}
	if (l->order != ORDER_NAME || l->reversed) {
		buf_adds(out, ", by ");
		buf_add(out, library_order_name(l->order));
		if (l->reversed)
			buf_adds(out, " reversed");
	}
	if (l->filter != FILTER_ALL) {
		buf_adds(out, ", only ");
		buf_add(out, library_filter_name(l->filter));
	}
	if (l->nothing_found)
		buf_adds(out, ": nothing found");
}

/* Counts, shorter with each level. */
static void header_right(const struct library *l, int level, const struct grid *g, struct buf *out)
{
	const struct library_totals *t = &l->folders[0].totals;
	struct str dot = grid_mark(g, MARK_DOT);
	if (level == 2) {
		buf_addf(out, "%zu/%zu", t->done, t->articles);
		return;
	}
	if (t->known < t->articles) {
		buf_adds(out, level == 0 ? "reading " : "");
		add_number(out, t->known);
		buf_adds(out, " of ");
		add_number(out, t->articles);
		buf_adds(out, level == 0 ? " articles" : "");
		return;
	}
	add_number(out, t->articles);
	buf_adds(out, t->articles == 1 ? " article " : " articles ");
	buf_add(out, dot);
	buf_addc(out, ' ');
	add_number(out, t->done);
	buf_adds(out, " done");
	if (level > 0 || t->proposed == 0)
		return;
	buf_addc(out, ' ');
	buf_add(out, dot);
	buf_addc(out, ' ');
	add_number(out, t->decided);
	buf_adds(out, " of ");
	add_number(out, t->proposed);
	buf_adds(out, " spans judged");
}

static void draw_header(const struct library *l, struct grid *g)
{
	struct buf left = {0}, right = {0};
	header_left(l, g, &left);
	int wanted = (int)text_width(buf_str(&left), g->ambiguous), room = g->cols - 2;
	if (wanted > room / 2)
		wanted = room / 2;
	for (int level = 0; level < 3; level++) {
		buf_clear(&right);
		header_right(l, level, g, &right);
		if ((int)text_width(buf_str(&right), g->ambiguous) + wanted + 2 <= room)
			break;
		if (level == 2)
			buf_clear(&right);
	}
	int used = right.n > 0 ? (int)text_width(buf_str(&right), g->ambiguous) + 2 : 0;
	(void)grid_text(g, 0, 1, room - used, buf_str(&left), styled(l, COLOR_DEFAULT, STYLE_BOLD));
	if (right.n > 0)
		(void)grid_right(g, 0, 1, room, buf_str(&right), PLAIN);
	buf_free(&left);
	buf_free(&right);
}

/* What to do where there are no articles at all. */
static void draw_no_articles(const struct library *l, struct grid *g, struct rect r)
{
	const struct corpus_config *config = corpus_settings(l->corpus);
	struct buf lines[3] = {{0}};
	int gap = r.rows > 5, row = r.row;
	buf_adds(&lines[0], "no articles here");
	buf_adds(&lines[1], "Articles are the files named");
	for (size_t i = 0; i < config->n_articles; i++)
		buf_addf(&lines[1], " %s", config->articles[i]);
	buf_adds(&lines[1], ". Copy some here, or make them of pages, books and JSON lines:");
	buf_adds(&lines[2], "zhupi import page.html book.epub found.jsonl ");
	buf_adds(&lines[2], corpus_root(l->corpus));
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		int col = i >= 2 && gap ? 3 : 1;
		struct style style = styled(l, COLOR_DEFAULT, i == 0 ? STYLE_BOLD : 0);
		if (row < r.row + r.rows)
			(void)grid_text(g, row++, col, r.cols - col - 1, buf_str(&lines[i]), style);
		row += i < 2 ? gap : 0;
		buf_free(&lines[i]);
	}
}

static void draw_nothing(const struct library *l, struct grid *g, struct rect r)
{
	static const char *const words[LIBRARY_FILTERS] = {"here", "unread", "being reviewed", "done", "flagged"};
	if (l->n_entries == 0)
		draw_no_articles(l, g, r);
	else
		(void)grid_textf(g, r.row, 1, r.cols - 2, PLAIN, "no article is %s; f a shows all", words[l->filter]);
}

/* The current row in view, with two rows around it where there is room. */
static void scroll(struct library *l, int rows)
{
	size_t n = (size_t)(rows > 0 ? rows : 1), margin = n >= 7 ? 2 : 0;
	if (l->line < l->top + margin)
		l->top = l->line > margin ? l->line - margin : 0;
	if (l->line + margin + 1 > l->top + n)
		l->top = l->line + margin + 1 - n;
	if (l->top + n > l->n_rows)
		l->top = l->n_rows > n ? l->n_rows - n : 0;
	l->list_rows = (int)n;
}

void library_draw(struct library *l, struct grid *g)
{
	struct rect list, preview;
	library_places(l, g->rows, g->cols, &list, &preview);
	grid_clear(g);
	struct columns c = columns_for(list.cols, l->dated);
	scroll(l, list.rows);
	if (list.row > 0)
		draw_header(l, g);
	if (l->n_rows == 0)
		draw_nothing(l, g, list);
	for (size_t line = l->top; line < l->top + (size_t)list.rows && line < l->n_rows; line++)
		draw_row(l, g, &c, list, line);
	if (preview.rows > 0)
		library_preview_draw(l, g, preview);
	app_footer(l->app, g, IN_LIBRARY, NULL);
}
