/* history: who decided what and when in one article, oldest first, from journals and sidecar; Enter goes to the
 * item. */
#include <time.h>

#include "model/segment.h"
#include "tui/screen.h"

struct past {
	char *file;
	struct history events;
	size_t current, top;
};

static int past_rows(const struct screen *s)
{
	return app_rows(s->app) - 2;
}

/* Moves to an event and keeps it on screen. */
static void go_to(struct screen *s, long to)
{
	struct past *p = s->state;
	long last = (long)p->events.n - 1;
	to = to > last ? last : to;
	p->current = (size_t)(to > 0 ? to : 0);
	size_t rows = (size_t)(past_rows(s) > 0 ? past_rows(s) : 1);
	if (p->current < p->top)
		p->top = p->current;
	if (p->current >= p->top + rows)
		p->top = p->current - rows + 1;
	if (p->top + rows > p->events.n)
		p->top = p->events.n > rows ? p->events.n - rows : 0;
}

static bool history_open(struct screen *s, const void *arg, struct error *err)
{
	const struct article_arg *a = arg;
	struct past *p = mem_alloc(sizeof(*p));
	if (!history_of(app_corpus(s->app), a->file, &p->events, err)) {
		mem_free(p);
		return false;
	}
	p->file = str_dup(a->file);
	s->state = p;
	go_to(s, (long)p->events.n - 1);
	for (size_t i = 0; a->item.n && i < p->events.n; i++)
		if (str_eq(str_of(p->events.list[i].id), a->item))
			go_to(s, (long)i);
	return true;
}

static int column(struct grid *g, int row, int col, int width, const char *text, struct style style)
{
	if (col < g->cols - 1)
		grid_text(g, row, col, width < g->cols - 1 - col ? width : g->cols - 1 - col, str_of(text), style);
	return col + width + 2;
}

static unsigned widest_name(const struct past *p, const struct grid *g)
{
	unsigned widest = 0;
	for (size_t i = 0; i < p->events.n; i++) {
		unsigned width = text_width(str_of(p->events.list[i].by), g->ambiguous);
		widest = width > widest ? width : widest;
	}
	return widest < 16 ? widest : 16;
}

/* Digits at [from, from + n) of s; -1 where there are none. */
static int number_at(struct str s, size_t from, size_t n)
{
	int number = 0;
	for (size_t i = from; i < from + n; i++) {
		if (i >= s.n || s.p[i] < '0' || s.p[i] > '9')
			return -1;
		number = number * 10 + (s.p[i] - '0');
	}
	return number;
}

/* Written in UTC, read by somebody whose clock shows another time.  What is no time stays as it is. */
static void add_time(struct buf *out, struct str iso, bool day)
{
	struct tm utc = {.tm_year = number_at(iso, 0, 4) - 1900,
	                 .tm_mon = number_at(iso, 5, 2) - 1,
	                 .tm_mday = number_at(iso, 8, 2),
	                 .tm_hour = number_at(iso, 11, 2),
	                 .tm_min = number_at(iso, 14, 2)},
	          here;
	bool is_time = utc.tm_year >= 0 && utc.tm_mon >= 0 && utc.tm_mday > 0 && utc.tm_hour >= 0 && utc.tm_min >= 0;
	time_t seconds = is_time ? timegm(&utc) : -1;
	if (seconds < 0 || !localtime_r(&seconds, &here)) {
		buf_add(out, str_sub(iso, 0, day ? 10 : 0));
		buf_adds(out, day ? " " : "");
		buf_add(out, str_sub(iso, 11, 16));
		return;
	}
	if (day)
		buf_addf(out, "%04d-%02d-%02d ", here.tm_year + 1900, here.tm_mon + 1, here.tm_mday);
	buf_addf(out, "%02d:%02d", here.tm_hour, here.tm_min);
}

/* Time without its letters, who, what; on a narrow screen the day alone is left out. */
static void draw_event(struct grid *g, int row, const struct event *e, int name_width, bool current)
{
	struct style style = {COLOR_DEFAULT, e->undone ? STYLE_DIM : 0};
	struct buf time = {0};
	bool narrow = g->cols < 60;
	add_time(&time, str_of(e->time), !narrow);
	int col = column(g, row, 1, (int)time.n ? (int)time.n : 1, time.p ? time.p : "", style);
	if (!narrow)
		col = column(g, row, col, name_width, e->by, style);
	buf_free(&time);
	if (e->undone)
		col = column(g, row, col, 8, "(undone)", style);
	column(g, row, col, g->cols - col - 1, e->what, style);
	if (current)
		grid_restyle(g, (struct rect){row, 0, 1, g->cols}, STYLE_REVERSE);
}

static void history_draw(struct screen *s, struct grid *g)
{
	const struct past *p = s->state;
	struct buf count = {0};
	buf_addf(&count, "%zu decision%s", p->events.n, p->events.n == 1 ? "" : "s");
	int start = grid_right(g, 0, 1, g->cols - 2, buf_str(&count), PLAIN);
	buf_free(&count);
	grid_textf(g, 0, 1, start - 3, (struct style){COLOR_DEFAULT, STYLE_BOLD}, "History of %s", p->file);
	int names = (int)widest_name(p, g);
	for (int row = 1; row < g->rows - 1 && p->top + (size_t)row - 1 < p->events.n; row++) {
		size_t i = p->top + (size_t)row - 1;
		draw_event(g, row, &p->events.list[i], names, i == p->current);
	}
	if (!p->events.n)
		grid_text(g, 2, 1, g->cols - 2, S("Nothing has been decided in this article yet"), PLAIN);
	app_footer(s->app, g, IN_HISTORY, p->events.n ? p->events.list[p->current].from : NULL);
}

static enum answer history_go(struct screen *s)
{
	const struct past *p = s->state;
	if (!p->events.n)
		return DONE;
	const struct event *e = &p->events.list[p->current];
	app_show_item(s->app, str_of(p->file), e->kind, str_of(e->id));
	return CLOSE;
}

static enum answer history_act(struct screen *s, enum action action)
{
	const struct past *p = s->state;
	long at = (long)p->current, page = past_rows(s) - 1;
	switch (action) {
	case HIST_DOWN:      go_to(s, at + 1); return DONE;
	case HIST_UP:        go_to(s, at - 1); return DONE;
	case HIST_PAGE_DOWN: go_to(s, at + page); return DONE;
	case HIST_PAGE_UP:   go_to(s, at - page); return DONE;
	case HIST_FIRST:     go_to(s, 0); return DONE;
	case HIST_LAST:      go_to(s, (long)p->events.n - 1); return DONE;
	case HIST_GO:        return history_go(s);
	case HIST_BACK: case ACT_CANCEL: return CLOSE;
	default:             return PASS;
	}
}

static enum answer history_mouse(struct screen *s, const struct input *in)
{
	const struct past *p = s->state;
	if (in->button == MOUSE_WHEEL_DOWN || in->button == MOUSE_WHEEL_UP)
		go_to(s, (long)p->current + (in->button == MOUSE_WHEEL_DOWN ? 3 : -3));
	else if ((in->button == MOUSE_PRESS || in->button == MOUSE_DOUBLE) && in->row >= 1 &&
	         in->row < app_rows(s->app) - 1)
		go_to(s, (long)p->top + in->row - 1);
	return in->button == MOUSE_DOUBLE ? history_go(s) : DONE;
}

/* After an undo the list is another. */
static void history_refresh(struct screen *s)
{
	struct past *p = s->state;
	struct history events = {0};
	struct error err = {0};
	if (!history_of(app_corpus(s->app), str_of(p->file), &events, &err)) {
		app_error(s->app, &err);
		return;
	}
	history_free(&p->events);
	p->events = events;
	go_to(s, (long)p->current);
}

static struct str history_file(const struct screen *s)
{
	return str_of(((const struct past *)s->state)->file);
}

static void history_close(struct screen *s)
{
	struct past *p = s->state;
	history_free(&p->events);
	mem_free(p->file);
	mem_free(p);
}

const struct screen_ops history_screen = {
	.name = "history",
	.context = IN_HISTORY,
	.open = history_open,
	.draw = history_draw,
	.act = history_act,
	.mouse = history_mouse,
	.refresh = history_refresh,
	.file = history_file,
	.close = history_close,
};
