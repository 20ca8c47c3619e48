/* The app: who gets an event, what happens to screens while one of them is running, and what stands on the last row. */
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

static void note(struct record *r, const char *what)
{
	buf_addf(&r->log, "%s%s", r->log.n ? " " : "", what);
}

static void show(void *ctx, struct grid *g)
{
	struct record *r = ctx;
	if (r->keep)
		grid_dump(g, &r->frames, false);
	note(r, "show");
}

static void drop(void *ctx)
{
	note(ctx, "drop");
}

static void suspend(void *ctx)
{
	note(ctx, "suspend");
}

static void nothing(void *ctx)
{
	(void)ctx;
}

static bool mouse(void *ctx, bool on)
{
	(void)ctx;
	return on;
}

static void size_of(void *ctx, int *rows, int *cols)
{
	const struct record *r = ctx;
	*rows = r->rows;
	*cols = r->cols;
}

struct probe {
	const char *name;
	struct record *record;
	bool editing;
};

static bool probe_open(struct screen *s, const void *arg, struct error *err)
{
	const struct probe *p = arg;
	if (!p->name)
		return error_set(err, ERROR_MISSING, "probe", "cannot be opened");
	struct probe *copy = mem_alloc(sizeof(*copy));
	*copy = *p;
	s->state = copy;
	return true;
}

static void probe_draw(struct screen *s, struct grid *g)
{
	const struct probe *p = s->state;
	grid_text(g, 0, 0, g->cols, str_of(p->name), PLAIN);
	app_footer(s->app, g, s->ops->context, NULL);
}

static const struct screen_ops probe_screen, other_screen;
static void asked(struct screen *s, char key);
static const struct prompt_ops prompting;

static enum answer probe_act(struct screen *s, enum action action)
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

static enum answer probe_text(struct screen *s, struct str typed, bool pasted)
{
	struct probe *p = s->state;
	buf_addf(&p->record->log, " %s(%.*s)", pasted ? "pasted" : "typed", (int)typed.n, typed.p);
	return DONE;
}

static enum answer probe_edit_key(struct screen *s, uint32_t key)
{
	struct probe *p = s->state;
	if (key != KEY_ENTER_)
		return PASS;
	p->editing = false;
	note(p->record, "entered");
	return DONE;
}

static bool probe_editing(const struct screen *s)
{
	return ((const struct probe *)s->state)->editing;
}

static void probe_refresh(struct screen *s)
{
	note(((struct probe *)s->state)->record, "refresh");
}

static void probe_close(struct screen *s)
{
	struct probe *p = s->state;
	buf_addf(&p->record->log, " closed:%s", p->name);
	mem_free(p);
}

static void asked(struct screen *s, char key)
{
	struct probe *p = s->state;
	buf_addf(&p->record->log, " answer:%c", key ? key : '-');
}

static void changed(struct screen *s, struct str text)
{
	struct probe *p = s->state;
	buf_addf(&p->record->log, " changed:%.*s", (int)text.n, text.p);
}

static void done(struct screen *s, struct str text, bool ok)
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

struct fixture {
	struct app *app;
	struct record record;
	struct platform platform;
	char folder[64], *article;
};

static int start(void **state)
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

static int end(void **state)
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

static void key(struct fixture *f, uint32_t k)
{
	struct buf text = {0};
	if (k >= 0x20 && k < KEY_NONE_)
		utf8_add(&text, k);
	struct input in = {.kind = INPUT_KEY, .key = k, .text = buf_str(&text)};
	app_handle(f->app, &in);
	buf_free(&text);
}

static void type(struct fixture *f, const char *keys)
{
	for (; *keys; keys++)
		key(f, (uint32_t)*keys);
}

static void paste(struct fixture *f, const char *text)
{
	struct input in = {.kind = INPUT_PASTE, .text = str_of(text)};
	app_handle(f->app, &in);
}

static void expect_log(struct fixture *f, const char *expected)
{
	char *log = str_dup(str_trim(buf_str(&f->record.log)));
	assert_string_equal(log, expected);
	mem_free(log);
	buf_clear(&f->record.log);
}

static void expect_message(struct fixture *f, const char *part)
{
	struct str message = app_message(f->app);
	if (str_find(message, str_of(part), 0) == NOWHERE)
		fail_msg("%.*s does not say %s", (int)message.n, message.n ? message.p : "", part);
}

static void expect_on_screen(struct fixture *f, const char *part)
{
	struct buf out = {0};
	app_draw(f->app);
	grid_dump(&f->app->grid, &out, false);
	if (!strstr(out.p, part))
		fail_msg("%s is not on the screen:\n%s", part, out.p);
	buf_free(&out);
}

/* ---- tests -------------------------------------------------------------------------------------------------- */

static void a_paste_is_never_keys(void **state)
{
	struct fixture *f = *state;
	paste(f, "yyyqxm\n");
	expect_log(f, "");
	expect_message(f, "7 characters was refused");
	type(f, "o");
	paste(f, "yy");
	expect_log(f, "sort pasted(yy)");
}

static void a_field_gets_all_text(void **state)
{
	struct fixture *f = *state;
	type(f, "oq?u");
	key(f, 0x9AD8);
	key(f, KEY_ENTER_);
	type(f, "q");
	expect_log(f, "sort typed(q) typed(?) typed(u) typed(高) entered quit");
	assert_false(app_running(f->app));
}

static void a_screen_that_is_replaced_lives_until_it_returns(void **state)
{
	struct fixture *f = *state;
	key(f, KEY_ENTER_);
	expect_log(f, "open probe closed:probe");
	app_draw(f->app);
	app_draw(f->app);
	expect_log(f, "show drop show"); /* after the first frame, what was typed before it goes */
}

static void a_screen_that_cannot_be_opened_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct probe none = {.name = NULL};
	struct screen *before = app_top(f->app);
	assert_false(app_push(f->app, &probe_screen, &none));
	assert_false(app_replace(f->app, &probe_screen, &none));
	assert_ptr_equal(app_top(f->app), before);
	expect_message(f, "probe: cannot be opened");
}

static void the_screen_below_is_refreshed(void **state)
{
	struct fixture *f = *state;
	struct probe above = {.name = "above", .record = &f->record};
	assert_true(app_push(f->app, &probe_screen, &above));
	type(f, "h");
	expect_log(f, "close-folder closed:above refresh");
}

static void a_line_is_asked_for(void **state)
{
	struct fixture *f = *state;
	type(f, "/b");
	expect_on_screen(f, "look for ab");
	paste(f, "c\nd");
	key(f, KEY_ENTER_);
	expect_log(f, "find changed:ab show changed:abc d done:abc d");
	type(f, "/");
	key(f, KEY_ESC_);
	type(f, "/");
	key(f, KEY_BACKSPACE_);
	key(f, KEY_BACKSPACE_); /* on an empty line: enough */
	expect_log(f, "find cancelled:a find changed: cancelled:");
}

static void a_screen_that_goes_is_told_that_its_line_was_cancelled(void **state)
{
	struct fixture *f = *state;
	type(f, "/");
	buf_clear(&f->record.log);
	struct probe other = {.name = "other", .record = &f->record};
	app_replace(f->app, &other_screen, &other);
	struct input idle = {.kind = INPUT_RESIZE};
	app_handle(f->app, &idle);
	expect_log(f, "cancelled:a closed:probe");
	assert_null(f->app->asking.label);
}

static void a_question_has_one_key_for_an_answer(void **state)
{
	struct fixture *f = *state;
	type(f, "f");
	expect_on_screen(f, "Sure? y n");
	type(f, "y");
	type(f, "f");
	key(f, 0xFF4E); /* full-width n */
	type(f, "fx");
	type(f, "f");
	paste(f, "yyy");
	expect_message(f, "A paste was refused");
	key(f, KEY_ENTER_);
	expect_log(f, "show-only show answer:y show-only answer:n show-only answer:- show-only answer:-");
}

static void a_question_that_insists_takes_no_other_key(void **state)
{
	struct fixture *f = *state;
	app_insist(f->app, app_top(f->app), "Mine or theirs? m t", "mt", asked);
	type(f, "yx");
	key(f, KEY_ENTER_);
	expect_log(f, "");
	expect_on_screen(f, "Mine or theirs");
	type(f, "t");
	app_insist(f->app, app_top(f->app), "Mine or theirs? m t", "mt", asked);
	key(f, KEY_ESC_);
	expect_log(f, "show answer:t answer:-");
}

static void a_field_can_be_suspended(void **state)
{
	struct fixture *f = *state;
	type(f, "o");
	key(f, 0x1A);
	type(f, "y");
	key(f, KEY_ENTER_);
	expect_log(f, "sort suspend suspend typed(y) entered");
}

static void actions_have_names(void **state)
{
	struct fixture *f = *state;
	type(f, ":show");
	key(f, KEY_TAB_);
	expect_on_screen(f, ":show-only");
	key(f, KEY_ESC_);
	type(f, ":sort");
	key(f, KEY_ENTER_);
	expect_log(f, "command show command sort");
	key(f, KEY_ENTER_);
	type(f, ":clo");
	key(f, KEY_ENTER_);
	expect_log(f, "entered command close-folder closed:probe");
}

static void what_is_no_action_is_said(void **state)
{
	struct fixture *f = *state;
	type(f, ":nonsense");
	key(f, KEY_ENTER_);
	expect_message(f, "no action nonsense");
	type(f, ":mark");
	key(f, KEY_ENTER_);
	expect_message(f, "mark-done  mark-unread");
	key(f, 0x9AD8);
	expect_message(f, "input method is on");
	key(f, KEY_F1_ + 8);
	expect_message(f, "<F9> is no key here");
	expect_log(f, "command command");
}

static void a_long_message_is_whole(void **state)
{
	struct fixture *f = *state;
	app_say(f->app, "%s", "one two three four five six seven eight nine ten eleven twelve thirteen fourteen");
	expect_on_screen(f, "fourteen");
	expect_on_screen(f, "saved 0");
}

static void nothing_said_reaches_the_terminal_raw(void **state)
{
	struct fixture *f = *state;
	app_say(f->app, "%s", "a\033[31mb\u202E");
	expect_message(f, "<U+001B>[31mb<U+202E>");
}

static void any_size_will_do(void **state)
{
	struct fixture *f = *state;
	for (int rows = 1; rows <= 13; rows++)
		for (int cols = 1; cols <= 70; cols++) {
			struct input in = {.kind = INPUT_RESIZE};
			f->record.rows = rows;
			f->record.cols = cols;
			app_handle(f->app, &in);
			type(f, "/");
			app_draw(f->app);
			key(f, KEY_ESC_);
			app_draw(f->app);
		}
	f->record.rows = 4;
	struct input in = {.kind = INPUT_RESIZE};
	app_handle(f->app, &in);
	expect_on_screen(f, "20x5 or more");
}

/* One span, and a comment that makes it a large sidecar. */
static void write_large_sidecar(const char *article)
{
	struct buf text = {0}, path = {0};
	struct error err = {0};
	buf_adds(&text, "zhupi: 1\nschema: report\nspans:\n- id: bbbbb\n  label: ORG\n  at: [[0, 4]]\n  text: text\n"
	                "  verdict: undecided\n#");
	for (size_t i = 0; i < (size_t)300 << 10; i++)
		buf_addc(&text, '-');
	buf_addc(&text, '\n');
	buf_addf(&path, "%s.yaml", article);
	assert_true(io_create_file(path.p, buf_str(&text), &err));
	buf_free(&text);
	buf_free(&path);
}

static void forget_sidecar(const char *article)
{
	struct buf path = {0};
	buf_addf(&path, "%s.yaml", article);
	assert_int_equal(unlink(path.p), 0);
	buf_free(&path);
}

/* A key that was typed before the spans were shown is no verdict: what was typed ahead is dropped after the frame that
 * has them. */
static void text_is_shown_before_a_large_sidecar_is_read(void **state)
{
	struct fixture *f = *state;
	struct article_arg arg = {.file = S("a.txt")};
	write_large_sidecar(f->article);
	assert_true(app_push(f->app, &article_screen, &arg));
	f->record.keep = true;
	app_draw(f->app);
	expect_log(f, "show show drop");
	const char *first = f->record.frames.p, *second = strstr(first, "new 0/1");
	assert_non_null(second);
	assert_true(strstr(first, "loading") && strstr(first, "loading") < second);
	assert_true(strstr(first, "text") && strstr(first, "text") < second);
	assert_null(strstr(second, "loading"));
	app_draw(f->app);
	expect_log(f, "show");
	forget_sidecar(f->article);
}

/* An event that comes before any frame finds the spans. */
static void a_large_sidecar_is_read_before_an_event(void **state)
{
	struct fixture *f = *state;
	struct article_arg arg = {.file = S("a.txt")};
	write_large_sidecar(f->article);
	assert_true(app_push(f->app, &article_screen, &arg));
	type(f, "j");
	expect_message(f, "This is the last span");
	forget_sidecar(f->article);
}

/* ---- work in slices ------------------------------------------------------------------------------------------ */

static int64_t clock_ms;

/* Every look at it is 30 ms later. */
static int slow_clock(clockid_t which, struct timespec *now)
{
	if (which != CLOCK_MONOTONIC)
		return io_system.clock(which, now);
	clock_ms += 30;
	*now = (struct timespec){.tv_sec = clock_ms / 1000, .tv_nsec = clock_ms % 1000 * 1000000};
	return 0;
}

static void write_long_article(const char *path)
{
	FILE *out = fopen(path, "wb");
	assert_non_null(out);
	for (size_t i = 0; i < 100000; i++)
		assert_true(fputs(i == 90000 ? "the needle\n" : "hay and hay and hay\n", out) >= 0);
	assert_int_equal(fclose(out), 0);
}

static size_t slices_left(struct fixture *f)
{
	size_t n = 0;
	while (!app_work(f->app, 0))
		assert_true(++n < 1000);
	return n;
}

/* A long article is searched between keys: a key does not wait for the end, and what is typed meanwhile counts. */
static void a_long_article_is_searched_in_slices(void **state)
{
	struct fixture *f = *state;
	struct article_arg arg = {.file = S("a.txt")};
	struct io slow = io_system;
	slow.clock = slow_clock;
	write_long_article(f->article);
	assert_true(app_push(f->app, &article_screen, &arg));
	(void)slices_left(f);
	io_swap(&slow);
	type(f, "/zzz");
	expect_on_screen(f, "searching");
	assert_true(slices_left(f) > 5);
	expect_on_screen(f, "no match");
	key(f, KEY_ESC_);
	type(f, "/need");
	key(f, KEY_ENTER_);
	expect_message(f, "Searching: Esc stops");
	assert_true(slices_left(f) > 3);
	expect_on_screen(f, "the needle");
	type(f, "n");
	expect_message(f, "Searching: Esc stops");
	key(f, KEY_ESC_);
	expect_message(f, "The search was stopped");
	assert_int_equal(slices_left(f), 0);
	type(f, "N");
	assert_true(slices_left(f) > 3);
	expect_message(f, "Round the end of the article");
	type(f, "n ");
	assert_int_equal(slices_left(f), 0); /* another key is an end to it */
	io_swap(&io_system);
}

#define APP_TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		APP_TEST(a_paste_is_never_keys),
		APP_TEST(a_field_gets_all_text),
		APP_TEST(a_screen_that_is_replaced_lives_until_it_returns),
		APP_TEST(a_screen_that_cannot_be_opened_changes_nothing),
		APP_TEST(the_screen_below_is_refreshed),
		APP_TEST(a_line_is_asked_for),
		APP_TEST(a_screen_that_goes_is_told_that_its_line_was_cancelled),
		APP_TEST(a_question_has_one_key_for_an_answer),
		APP_TEST(a_question_that_insists_takes_no_other_key),
		APP_TEST(a_field_can_be_suspended),
		APP_TEST(actions_have_names),
		APP_TEST(what_is_no_action_is_said),
		APP_TEST(a_long_message_is_whole),
		APP_TEST(nothing_said_reaches_the_terminal_raw),
		APP_TEST(any_size_will_do),
		APP_TEST(text_is_shown_before_a_large_sidecar_is_read),
		APP_TEST(a_large_sidecar_is_read_before_an_event),
		APP_TEST(a_long_article_is_searched_in_slices),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
