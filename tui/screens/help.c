/* help: every action with its keys, the context that asked first; made from the key table. */
#include "model/find.h"
#include "model/segment.h"
#include "model/utf8.h"
#include "tui/screen.h"
#include "tui/wrap.h"

struct help_line {
	char *keys; /* NULL: a heading */
	char *text;
};

/* A line takes as many rows as its text needs in the width. */
struct help_row {
	const char *keys;
	struct str text;
	bool heading;
};

struct help {
	enum key_context context;
	struct help_line *lines;
	size_t n, cap;
	struct help_row *rows;
	size_t n_rows, cap_rows;
	int keys; /* columns */
	size_t top;
	struct find_pattern *pattern; /* NULL: nothing is searched */
	size_t found;                 /* its row; NOWHERE: none */
	size_t before;                /* the top when the search was asked for */
};

/* Takes both over. */
static void add_line(struct help *h, char *keys, char *text)
{
	if (h->n == h->cap) {
		h->cap = h->cap ? h->cap * 2 : 128;
		h->lines = mem_grow(h->lines, h->cap, sizeof(*h->lines));
	}
	h->lines[h->n++] = (struct help_line){keys, text};
}

/* What the table says; of a digit also which label of the corpus's schema it is. */
static char *help_text(struct app *a, enum action action)
{
	const struct schema *schema = corpus_schema(app_corpus(a));
	struct buf text = {0};
	size_t label = action >= ACT_LABEL_1 && action <= ACT_LABEL_10   ? (size_t)(action - ACT_LABEL_1)
	               : action >= SEL_LABEL_1 && action <= SEL_LABEL_10 ? (size_t)(action - SEL_LABEL_1)
	                                                                 : NOWHERE;
	if (label < schema->n_labels) {
		const struct label *l = &schema->labels[label];
		visible_add(&text, l->name, false);
		buf_adds(&text, l->zh.n ? " " : "");
		visible_add(&text, l->zh, false);
		buf_adds(&text, ": ");
	}
	buf_adds(&text, action_help(action));
	return buf_take(&text);
}

/* The rows of one context under the titles of their groups. */
static void add_context(struct help *h, struct app *a, enum key_context context)
{
	const struct key_row *rows;
	size_t n = key_rows(&rows);
	const char *group = NULL;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].context != context)
			continue;
		if (rows[i].group != group) {
			if (h->n)
				add_line(h, NULL, mem_dup(""));
			group = rows[i].group;
			add_line(h, NULL, mem_dup(group));
		}
		struct buf names = {0};
		app_keys(a, rows[i].action, &names);
		add_line(h, buf_take(&names), help_text(a, rows[i].action));
	}
}

static void add_row(struct help *h, const char *keys, struct str text, bool heading)
{
	if (h->n_rows == h->cap_rows) {
		h->cap_rows = h->cap_rows ? h->cap_rows * 2 : 256;
		h->rows = mem_grow(h->rows, h->cap_rows, sizeof(*h->rows));
	}
	h->rows[h->n_rows++] = (struct help_row){keys, text, heading};
}

static int key_width(const struct help *h, const struct app *a)
{
	unsigned widest = 0, most = (unsigned)app_cols(a) / 3;
	for (size_t i = 0; i < h->n; i++) {
		unsigned width = h->lines[i].keys ? text_width(str_of(h->lines[i].keys), app_ambiguous(a)) : 0;
		widest = width > widest ? width : widest;
	}
	return (int)(widest < most ? widest : most);
}

static void make_rows(struct help *h, const struct app *a)
{
	h->n_rows = 0;
	h->keys = key_width(h, a);
	int cols = app_cols(a) - h->keys - 5;
	for (size_t i = 0; i < h->n; i++) {
		const struct help_line *l = &h->lines[i];
		struct wrap rows = {0};
		if (l->keys)
			wrap_text(&rows, str_of(l->text), cols > 1 ? (unsigned)cols : 1, app_ambiguous(a));
		if (rows.n == 0)
			add_row(h, l->keys, str_of(l->text), !l->keys);
		for (size_t k = 0; k < rows.n; k++)
			add_row(h, k == 0 ? l->keys : "", rows.rows[k], false);
		wrap_free(&rows);
	}
}

static bool help_open(struct screen *s, const void *arg, struct error *err)
{
	(void)err;
	struct help *h = mem_alloc(sizeof(*h));
	s->state = h;
	h->context = *(const enum key_context *)arg;
	h->found = NOWHERE;
	add_context(h, s->app, h->context);
	if (h->context != IN_EVERYWHERE)
		add_context(h, s->app, IN_EVERYWHERE);
	for (enum key_context c = IN_EVERYWHERE + 1; c < KEY_CONTEXTS; c++)
		if (c != h->context)
			add_context(h, s->app, c);
	make_rows(h, s->app);
	return true;
}

static int help_rows(const struct screen *s)
{
	return app_rows(s->app) - 2;
}

/* What is searched is underlined, where one is now reverse. */
static void draw_row(struct screen *s, const struct help *h, struct grid *g, int row, size_t index)
{
	const struct help_row *l = &h->rows[index];
	int col = l->heading ? 1 : h->keys + 4;
	struct style style = {COLOR_DEFAULT, l->heading ? STYLE_BOLD : 0};
	size_t end, off = h->pattern ? find_next(h->pattern, l->text, (struct find_hidden){0}, 0, &end) : NOWHERE;
	if (!l->heading)
		grid_text(g, row, 2, h->keys, str_of(l->keys), PLAIN);
	grid_text(g, row, col, g->cols - col - 1, l->text, style);
	if (off == NOWHERE)
		return;
	int from = col + (int)text_width(str_sub(l->text, 0, off), app_ambiguous(s->app)),
	    width = (int)text_width(str_sub(l->text, off, end), app_ambiguous(s->app));
	grid_restyle(g, (struct rect){row, from, 1, from + width < g->cols ? width : g->cols - from - 1},
	             index == h->found ? STYLE_REVERSE : STYLE_UNDERLINE);
}

static void help_draw(struct screen *s, struct grid *g)
{
	const struct help *h = s->state;
	struct buf where = {0};
	size_t last = h->top + (size_t)help_rows(s);
	buf_addf(&where, "%zu-%zu of %zu", h->top + 1, last < h->n_rows ? last : h->n_rows, h->n_rows);
	int start = grid_right(g, 0, 1, g->cols - 2, buf_str(&where), PLAIN);
	buf_free(&where);
	grid_textf(g, 0, 1, start - 2, (struct style){COLOR_DEFAULT, STYLE_BOLD}, "Help: %s", context_title(h->context));
	for (int row = 1; row < g->rows - 1 && h->top + (size_t)row - 1 < h->n_rows; row++)
		draw_row(s, h, g, row, h->top + (size_t)row - 1);
	app_footer(s->app, g, IN_HELP, NULL);
}

static void help_scroll(struct screen *s, long by)
{
	struct help *h = s->state;
	long most = (long)h->n_rows - help_rows(s), top = (long)h->top + by;
	top = top > most ? most : top;
	h->top = (size_t)(top > 0 ? top : 0);
}

/* ---- searching ------------------------------------------------------------------------------------------------ */

static bool row_matches(const struct help *h, const struct help_row *l)
{
	struct find_hidden none = {0};
	return find_next(h->pattern, l->text, none, 0, NULL) != NOWHERE ||
	       (l->keys && find_next(h->pattern, str_of(l->keys), none, 0, NULL) != NOWHERE);
}

/* The matching row from `from` on, round the end; NOWHERE: there is none. */
static size_t find_row(const struct help *h, size_t from, int step)
{
	size_t row = h->n_rows ? from % h->n_rows : 0;
	for (size_t tried = 0; h->pattern && tried < h->n_rows; tried++) {
		if (row_matches(h, &h->rows[row]))
			return row;
		row = step > 0 ? (row + 1) % h->n_rows : (row + h->n_rows - 1) % h->n_rows;
	}
	return NOWHERE;
}

static void go_match(struct screen *s, size_t row)
{
	struct help *h = s->state;
	h->found = row;
	if (row != NOWHERE && (row < h->top || row >= h->top + (size_t)help_rows(s)))
		help_scroll(s, (long)row - (long)h->top - help_rows(s) / 3);
}

static void search_changed(struct screen *s, struct str text)
{
	struct help *h = s->state;
	find_free(h->pattern);
	h->pattern = find_compile(text);
	h->top = h->before;
	go_match(s, find_row(h, h->top, 1));
	if (text.n && h->found == NOWHERE)
		app_prompt_note(s->app, "no match");
}

static void search_done(struct screen *s, struct str text, bool ok)
{
	struct help *h = s->state;
	if (ok && text.n && h->found == NOWHERE)
		app_say(s->app, "No match for %.*s", (int)text.n, text.p);
	if (ok && h->found != NOWHERE)
		return;
	find_free(h->pattern);
	h->pattern = NULL;
	h->top = h->before;
}

static void search_ask(struct screen *s)
{
	static const struct prompt_ops ops = {search_changed, search_done};
	struct help *h = s->state;
	h->before = h->top;
	app_prompt(s->app, s, "/", STR_NONE, &ops);
}

static void search_next(struct screen *s, int step)
{
	struct help *h = s->state;
	size_t from = h->found == NOWHERE ? h->top : step > 0 ? h->found + 1 : h->found + h->n_rows - 1;
	if (!h->pattern)
		app_say(s->app, "Nothing was searched for yet: / searches");
	else
		go_match(s, find_row(h, from, step));
}

/* ---- keys ------------------------------------------------------------------------------------------------------- */

static enum answer help_act(struct screen *s, enum action action)
{
	const struct help *h = s->state;
	switch (action) {
	case HELP_DOWN:      help_scroll(s, 1); return DONE;
	case HELP_UP:        help_scroll(s, -1); return DONE;
	case HELP_PAGE_DOWN: help_scroll(s, help_rows(s) - 1); return DONE;
	case HELP_PAGE_UP:   help_scroll(s, 1 - help_rows(s)); return DONE;
	case HELP_FIRST:     help_scroll(s, -(long)h->n_rows); return DONE;
	case HELP_LAST:      help_scroll(s, (long)h->n_rows); return DONE;
	case HELP_SEARCH:    search_ask(s); return DONE;
	case HELP_SEARCH_NEXT: case HELP_SEARCH_PREVIOUS:
		search_next(s, action == HELP_SEARCH_NEXT ? 1 : -1);
		return DONE;
	case HELP_BACK: case ACT_CANCEL: case ACT_HELP: return CLOSE;
	default:             return PASS;
	}
}

static enum answer help_mouse(struct screen *s, const struct input *in)
{
	if (in->button == MOUSE_WHEEL_DOWN || in->button == MOUSE_WHEEL_UP)
		help_scroll(s, in->button == MOUSE_WHEEL_DOWN ? 3 : -3);
	return DONE;
}

static void help_refresh(struct screen *s)
{
	struct help *h = s->state;
	make_rows(h, s->app);
	h->found = NOWHERE; /* rows are others now */
	help_scroll(s, 0);
}

static void help_close(struct screen *s)
{
	struct help *h = s->state;
	for (size_t i = 0; i < h->n; i++) {
		mem_free(h->lines[i].keys);
		mem_free(h->lines[i].text);
	}
	find_free(h->pattern);
	mem_free(h->lines);
	mem_free(h->rows);
	mem_free(h);
}

const struct screen_ops help_screen = {
	.name = "help",
	.context = IN_HELP,
	.open = help_open,
	.draw = help_draw,
	.act = help_act,
	.mouse = help_mouse,
	.refresh = help_refresh,
	.close = help_close,
};
