/* app_fixture: an app for each test of the app: without a terminal, on a folder of its own that holds the article a.txt,
 * and with a screen on top that writes down what it is told, as words in the order of the calls.
 *
 * start() and end() are for cmocka (APP_TEST). */
#ifndef ZHUPI_TESTS_APP_FIXTURE_H
#define ZHUPI_TESTS_APP_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "model/io.h"
#include "model/utf8.h"
#include "tui/app.h"

/* ---- a platform and a screen that write down what happens ---------------------------------------------------- */

struct record {
	struct buf log;
	struct buf frames; /* all that was shown, where `keep` */
	bool keep;
	int rows, cols;
};

static inline void note(struct record *r, const char *what)
{
	buf_addf(&r->log, "%s%s", r->log.n ? " " : "", what);
}

static inline void show(void *ctx, struct grid *g)
{
	struct record *r = ctx;
	if (r->keep)
		grid_dump(g, &r->frames, false);
	note(r, "show");
}

static inline void drop(void *ctx)
{
	note(ctx, "drop");
}

static inline void suspend(void *ctx)
{
	note(ctx, "suspend");
}

static inline void nothing(void *ctx)
{
	(void)ctx;
}

static inline bool mouse(void *ctx, bool on)
{
	(void)ctx;
	return on;
}

static inline void size_of(void *ctx, int *rows, int *cols)
{
	const struct record *r = ctx;
	*rows = r->rows;
	*cols = r->cols;
}

/* The state of the screen; name NULL: it cannot be opened. */
struct probe {
	const char *name;
	struct record *record;
	bool editing;
};

static inline bool probe_open(struct screen *s, const void *arg, struct error *err)
{
	const struct probe *p = arg;
	if (!p->name)
		return error_set(err, ERROR_MISSING, "probe", "cannot be opened");
	struct probe *copy = mem_alloc(sizeof(*copy));
	*copy = *p;
	s->state = copy;
	return true;
}

static inline void probe_draw(struct screen *s, struct grid *g)
{
	const struct probe *p = s->state;
	grid_text(g, 0, 0, g->cols, str_of(p->name), PLAIN);
	app_footer(s->app, g, s->ops->context, NULL);
}

static const struct screen_ops probe_screen, other_screen;
static inline void asked(struct screen *s, char key);
static const struct prompt_ops prompting;

static inline enum answer probe_act(struct screen *s, enum action action)
{
	struct probe *p = s->state;
	struct probe next = {.name = "next", .record = p->record};
	note(p->record, action_name(action));
	switch (action) {
	case LIB_OPEN:
		app_replace(s->app, &other_screen, &next);
		note(p->record, p->name); /* still there */
		return DONE;
	case LIB_CLOSE:
		return CLOSE;
	case LIB_SEARCH:
		app_prompt(s->app, s, "look for", S("a"), &prompting);
		return DONE;
	case LIB_FILTER:
		app_ask(s->app, s, "Sure? y n", "yn", asked);
		return DONE;
	case LIB_QUIT:
		return QUIT;
	case LIB_ORDER:
		p->editing = true;
		return DONE;
	default:
		return PASS;
	}
}

static inline enum answer probe_text(struct screen *s, struct str typed, bool pasted)
{
	struct probe *p = s->state;
	buf_addf(&p->record->log, " %s(%.*s)", pasted ? "pasted" : "typed", (int)typed.n, typed.p);
	return DONE;
}

static inline enum answer probe_edit_key(struct screen *s, uint32_t key)
{
	struct probe *p = s->state;
	if (key != KEY_ENTER_)
		return PASS;
	p->editing = false;
	note(p->record, "entered");
	return DONE;
}

static inline bool probe_editing(const struct screen *s)
{
	return ((const struct probe *)s->state)->editing;
}

static inline void probe_refresh(struct screen *s)
{
	note(((struct probe *)s->state)->record, "refresh");
}

static inline void probe_close(struct screen *s)
{
	struct probe *p = s->state;
	buf_addf(&p->record->log, " closed:%s", p->name);
	mem_free(p);
}

static inline void asked(struct screen *s, char key)
{
	struct probe *p = s->state;
	buf_addf(&p->record->log, " answer:%c", key ? key : '-');
}

static inline void changed(struct screen *s, struct str text)
{
	struct probe *p = s->state;
	buf_addf(&p->record->log, " changed:%.*s", (int)text.n, text.p);
}

static inline void done(struct screen *s, struct str text, bool ok)
{
	struct probe *p = s->state;
	buf_addf(&p->record->log, " %s:%.*s", ok ? "done" : "cancelled", (int)text.n, text.n ? text.p : "");
}

static const struct prompt_ops prompting = {.changed = changed, .done = done};

static const struct screen_ops probe_screen = {
	.name = "probe",
	.context = IN_LIBRARY,
	.open = probe_open,
	.draw = probe_draw,
	.act = probe_act,
	.text = probe_text,
	.edit_key = probe_edit_key,
	.editing = probe_editing,
	.refresh = probe_refresh,
	.close = probe_close,
};
/* The same as an article: keys typed before its first frame are dropped. */
static const struct screen_ops other_screen = {
	.name = "other", .context = IN_ARTICLE, .draw = probe_draw, .act = probe_act, .close = probe_close,
	.open = probe_open,
};

/* ---- one app for each test ----------------------------------------------------------------------------------- */

/* *state of a test between start() and end(), which make and free it. */
struct fixture {
	struct app *app;
	struct record record;
	struct platform platform;
	char folder[64], *article;
};

static inline int start(void **state)
{
	struct fixture *f = mem_alloc(sizeof(*f));
	struct error err = {0};
	(void)snprintf(f->folder, sizeof(f->folder), "/tmp/zhupi-test-app-XXXXXX");
	if (!mkdtemp(f->folder) || setenv("XDG_STATE_HOME", f->folder, 1) != 0 ||
	    setenv("XDG_CONFIG_HOME", f->folder, 1) != 0)
		return -1;
	f->article = io_join(f->folder, "a.txt");
	f->record = (struct record){.rows = 12, .cols = 60};
	f->platform = (struct platform){.ctx = &f->record,
	                                .show = show,
	                                .redraw = nothing,
	                                .drop = drop,
	                                .suspend = suspend,
	                                .leave = nothing,
	                                .enter = nothing,
	                                .mouse = mouse,
	                                .size = size_of,
	                                .color = true,
	                                .ambiguous = 1};
	f->app = app_new(false, &err);
	if (!io_create_file(f->article, S("text\n"), &err) || !f->app)
		return -1;
	app_attach(f->app, &f->platform);
	if (!app_open(f->app, f->folder, &err))
		return -1;
	struct probe probe = {.name = "probe", .record = &f->record};
	if (!app_push(f->app, &probe_screen, &probe))
		return -1;
	*state = f;
	return 0;
}

static inline int end(void **state)
{
	struct fixture *f = *state;
	struct error err = {0};
	bool ok = app_close(f->app, &err);
	app_free(f->app);
	buf_free(&f->record.log);
	buf_free(&f->record.frames);
	(void)unlink(f->article);
	(void)rmdir(f->folder);
	mem_free(f->article);
	mem_free(f);
	return ok ? 0 : -1;
}

/* A key of input.h or a code point; the text of a character with it. */
static inline void key(struct fixture *f, uint32_t k)
{
	struct buf text = {0};
	if (k >= 0x20 && k < KEY_NONE_)
		utf8_add(&text, k);
	struct input in = {.kind = INPUT_KEY, .key = k, .text = buf_str(&text)};
	app_handle(f->app, &in);
	buf_free(&text);
}

/* Each byte is a key. */
static inline void type(struct fixture *f, const char *keys)
{
	for (; *keys; keys++)
		key(f, (uint32_t)*keys);
}

static inline void paste(struct fixture *f, const char *text)
{
	struct input in = {.kind = INPUT_PASTE, .text = str_of(text)};
	app_handle(f->app, &in);
}

/* What was written down since the last look, blanks at its ends left out. */
static inline void expect_log(struct fixture *f, const char *expected)
{
	char *log = str_dup(str_trim(buf_str(&f->record.log)));
	assert_string_equal(log, expected);
	mem_free(log);
	buf_clear(&f->record.log);
}

static inline void expect_message(struct fixture *f, const char *part)
{
	struct str message = app_message(f->app);
	if (str_find(message, str_of(part), 0) == NOWHERE)
		fail_msg("%.*s does not say %s", (int)message.n, message.n ? message.p : "", part);
}

/* Draws a frame first. */
static inline void expect_on_screen(struct fixture *f, const char *part)
{
	struct buf out = {0};
	app_draw(f->app);
	grid_dump(&f->app->grid, &out, false);
	if (!strstr(out.p, part))
		fail_msg("%s is not on the screen:\n%s", part, out.p);
	buf_free(&out);
}

#define APP_TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

#endif
