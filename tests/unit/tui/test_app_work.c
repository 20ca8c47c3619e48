/* The app: work that takes long is done behind a frame and between keys: reading a large sidecar, searching a long
 * article. */
#include "app_fixture.h"

/* ---- a large sidecar ----------------------------------------------------------------------------------------- */

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
	const char *first = f->record.frames.p, *second = strstr(first, "unread 0/1");
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

/* ---- what is worth a frame ----------------------------------------------------------------------------------- */

#define MORE 100 /* articles, more than are on the screen: those are read first, with their titles */

static void for_more_articles(struct fixture *f, void (*what)(const char *path))
{
	for (int i = 0; i < MORE; i++) {
		struct buf path = {0};
		buf_addf(&path, "%s/more%d.txt", f->folder, i);
		what(path.p);
		buf_free(&path);
	}
}

static void write_article(const char *path)
{
	assert_true(io_create_file(path, S("text\n"), NULL));
}

static void remove_article(const char *path)
{
	assert_int_equal(unlink(path), 0);
}

/* Titles are still looked for then: the frame does not wait for them, nor for its time. */
static void statuses_are_shown_when_the_last_is_known(void **state)
{
	struct fixture *f = *state;
	struct error err = {0};
	for_more_articles(f, write_article);
	assert_true(app_close(f->app, &err) && app_open(f->app, f->folder, &err));
	const struct corpus *c = app_corpus(f->app);
	app_draw(f->app);
	while (!corpus_listed(c) || corpus_known(c) < MORE + 1) {
		assert_false(app_draw_due(f->app));
		assert_false(app_work(f->app, 0));
	}
	assert_true(app_draw_due(f->app));
	expect_on_screen(f, "101 articles · 0 done");
	assert_false(app_draw_due(f->app));
	assert_true(slices_left(f) > 10);
	assert_false(app_draw_due(f->app));
	for_more_articles(f, remove_article);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    APP_TEST(text_is_shown_before_a_large_sidecar_is_read),
	    APP_TEST(a_large_sidecar_is_read_before_an_event),
	    APP_TEST(a_long_article_is_searched_in_slices),
	    APP_TEST(statuses_are_shown_when_the_last_is_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
