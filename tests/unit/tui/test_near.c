/* near: what was meant by a word that is mistyped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/commands/near.h"

static size_t far(const char *a, const char *b)
{
	size_t there = near_distance(str_of(a), str_of(b));
	assert_int_equal(there, near_distance(str_of(b), str_of(a)));
	return there;
}

static void distances(void **state)
{
	(void)state;
	assert_int_equal(far("", ""), 0);
	assert_int_equal(far("", "abc"), 3);
	assert_int_equal(far("stats", "stats"), 0);
	assert_int_equal(far("stat", "stats"), 1);
	assert_int_equal(far("sttas", "stats"), 1);
	assert_int_equal(far("exrtcat", "extract"), 2);
	assert_int_equal(far("kitten", "sitting"), 3);
}

static bool meant(const char *a, const char *b)
{
	return near_is_meant(str_of(a), str_of(b));
}

static void what_is_meant(void **state)
{
	(void)state;
	assert_true(meant("chekc", "check"));
	assert_true(meant("improt", "import"));
	assert_true(meant("lgo", "log"));
	assert_false(meant("cat", "log"));
	assert_false(meant("", "log"));
	/* Of a long word two slips, no more; of what is much longer or shorter nothing. */
	assert_true(meant("export-as-jsnol", "export-as-jsonl"));
	assert_false(meant("exprot-sa-jsnol", "export-as-jsonl"));
	assert_false(meant("formatsformats", "formats"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(distances),
	    cmocka_unit_test(what_is_meant),
	};
	return cmocka_run_group_tests_name("near", tests, NULL, NULL);
}
