/* Reading places: kept from one run to the next, outside the corpus, and never in the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "model/io.h"
#include "tui/places.h"

static char folder[] = "/tmp/zhupi-test-places-XXXXXX";

static int start(void **state)
{
	(void)state;
	return mkdtemp(folder) && setenv("XDG_STATE_HOME", folder, 1) == 0 ? 0 : -1;
}

static bool remove_file(void *ctx, struct str relative)
{
	(void)ctx;
	char *name = str_dup(relative), *path = io_join(folder, name);
	(void)unlink(path);
	mem_free(path);
	mem_free(name);
	return true;
}

static int end(void **state)
{
	(void)state;
	struct error err = {0};
	io_walk(folder, remove_file, NULL, NULL, &err);
	error_clear(&err);
	struct buf path = {0};
	static const char *const under[] = {"zhupi/places", "zhupi", ""};
	for (size_t i = 0; i < COUNT_OF(under); i++) {
		buf_clear(&path);
		buf_addf(&path, "%s/%s", folder, under[i]);
		(void)rmdir(path.p);
	}
	buf_free(&path);
	return 0;
}

static void places_come_back(void **state)
{
	(void)state;
	struct error err = {0};
	struct places *p = places_open("/tmp");
	assert_false(places_get(p, S("a.txt")).seen);
	places_set(p, S("b\n%41\t.txt"), 7, S("kfq2m"));
	places_set(p, S("a.txt"), 12, S(""));
	places_set(p, S("c.txt"), 1, S("x"));
	places_unread(p, S("c.txt"));
	places_set_setting(p, S("order"), S("date\t1"));
	assert_true(places_save(p, &err));
	places_free(p);
	p = places_open("/tmp");
	struct article_place place = places_get(p, S("b\n%41\t.txt"));
	assert_true(place.seen);
	assert_int_equal(place.off, 7);
	assert_true(str_eq(place.span, S("kfq2m")));
	assert_int_equal(places_get(p, S("a.txt")).off, 12);
	assert_false(places_get(p, S("c.txt")).seen);
	assert_true(str_eq(places_setting(p, S("order")), S("date\t1")));
	assert_int_equal(places_setting(p, S("none")).n, 0);
	places_free(p);
}

static void each_corpus_has_its_own(void **state)
{
	(void)state;
	struct error err = {0};
	struct places *p = places_open("/tmp");
	places_set(p, S("only-here.txt"), 1, S(""));
	assert_true(places_save(p, &err));
	places_free(p);
	p = places_open("/usr");
	assert_false(places_get(p, S("only-here.txt")).seen);
	places_free(p);
}

static char *found; /* the one file under the folder */

static bool note_file(void *ctx, struct str relative)
{
	(void)ctx;
	char *name = str_dup(relative);
	mem_free(found);
	found = io_join(folder, name);
	mem_free(name);
	return true;
}

static void a_broken_file_counts_as_empty(void **state)
{
	(void)state;
	static const char *const broken[] = {"", "not ours\n", "zhupi-places 9\nplace\t1\tx\tfile\n",
	                                     "zhupi-places 1\nplace\tx\ty\nplace\nset\t%zz%\n\t\t\t\t\n"};
	struct error err = {0};
	struct places *p = places_open("/var");
	places_set(p, S("file"), 1, S(""));
	assert_true(places_save(p, &err));
	places_free(p);
	assert_true(io_walk(folder, note_file, NULL, NULL, &err));
	for (size_t i = 0; i < COUNT_OF(broken); i++) {
		assert_true(io_replace_file(found, str_of(broken[i]), &err));
		p = places_open("/tmp");
		places_free(p);
		p = places_open("/usr");
		places_free(p);
		p = places_open("/var");
		assert_non_null(p);
		places_free(p);
	}
	mem_free(found);
	found = NULL;
}

static void nothing_changed_nothing_written(void **state)
{
	(void)state;
	struct error err = {0};
	assert_true(io_walk(folder, remove_file, NULL, NULL, &err));
	struct places *p = places_open("/etc");
	assert_true(places_save(p, &err)); /* nothing yet: no file */
	places_set(p, S("f"), 3, S("s"));
	assert_true(places_save(p, &err));
	assert_true(io_walk(folder, note_file, NULL, NULL, &err));
	struct io_identity before, after;
	assert_true(io_identify(found, &before, &err));
	places_set(p, S("f"), 3, S("s"));
	assert_true(places_save(p, &err));
	assert_true(io_identify(found, &after, &err));
	assert_int_equal(before.ino, after.ino);
	assert_int_equal(before.mtime_ns, after.mtime_ns);
	mem_free(found);
	found = NULL;
	places_free(p);
}

static void a_folder_that_cannot_be_made_is_an_error(void **state)
{
	(void)state;
	struct error err = {0};
	setenv("XDG_STATE_HOME", "/proc/nowhere", 1);
	struct places *p = places_open("/etc");
	places_set(p, S("f"), 3, S("s"));
	assert_false(places_save(p, &err));
	assert_int_not_equal(err.code, ERROR_NONE);
	error_clear(&err);
	places_free(p);
	setenv("XDG_STATE_HOME", folder, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_come_back),
		cmocka_unit_test(each_corpus_has_its_own),
		cmocka_unit_test(a_broken_file_counts_as_empty),
		cmocka_unit_test(nothing_changed_nothing_written),
		cmocka_unit_test(a_folder_that_cannot_be_made_is_an_error),
	};
	return cmocka_run_group_tests(tests, start, end);
}
