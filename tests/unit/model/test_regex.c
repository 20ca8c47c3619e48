/* regex: matches and groups in bytes, patterns that are wrong, and searches that would take for ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "model/regex.h"

#define MANY 5000000

static void matches_and_groups(void **state)
{
	(void)state;
	struct regex *r;
	struct error e = {0};
	size_t off, end;
	assert_true(regex_compile(S("(?<month>\\d+)月(\\d+日)?"), 0, &r, &e));
	regex_text(r, S("\xFF在3月12日和4月"), MANY);
	assert_true(regex_next(r, 0, &off, &end, &e));
	assert_int_equal(off, 4);
	assert_int_equal(end, 4 + strlen("3月12日"));
	assert_true(regex_named(r, "month", &off, &end));
	assert_int_equal(end - off, 1);
	assert_false(regex_named(r, "year", &off, &end));
	assert_true(regex_next(r, 4 + strlen("3月12日"), &off, &end, &e));
	assert_false(regex_group(r, 2, &off, &end));
	assert_false(regex_group(r, 7, &off, &end));
	assert_false(regex_next(r, end, &off, &end, &e));
	assert_false(regex_next(r, 1000, &off, &end, &e));
	assert_int_equal(e.code, ERROR_NONE);
	regex_free(r);
	assert_true(regex_compile(S("abc"), REGEX_IGNORE_CASE, &r, &e));
	regex_text(r, S("xABC"), MANY);
	assert_true(regex_next(r, 0, &off, &end, &e));
	assert_int_equal(off, 1);
	regex_text(r, STR_NONE, MANY);
	assert_false(regex_next(r, 0, &off, &end, &e));
	regex_free(r);
}

static void bad_patterns_name_the_place(void **state)
{
	(void)state;
	struct regex *r;
	struct error e = {0};
	assert_false(regex_compile(S("市长(书记"), 0, &r, &e));
	assert_null(r);
	assert_int_equal(e.code, ERROR_SYNTAX);
	assert_int_equal(e.line, 1);
	assert_true(e.column > 0 && e.column <= 6);
	error_clear(&e);
	assert_false(regex_compile(S("\xFF"), 0, &r, &e));
	assert_int_equal(e.code, ERROR_SYNTAX);
	error_clear(&e);
}

static void runaway_patterns_end(void **state)
{
	(void)state;
	static const char *const evil[] = {"(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*)*b", "(a*)*(a*)*b", "(x+x+)+y|(a+a+)+b"};
	struct buf text = {0};
	for (int i = 0; i < 5000; i++)
		buf_addc(&text, 'a');
	buf_addc(&text, '!');
	for (size_t i = 0; i < COUNT_OF(evil); i++) {
		struct regex *r;
		struct error e = {0};
		size_t off, end;
		assert_true(regex_compile(str_of(evil[i]), 0, &r, &e));
		regex_text(r, buf_str(&text), MANY);
		if (!regex_next(r, 0, &off, &end, &e))
			assert_int_equal(e.code, ERROR_LIMIT);
		assert_true(regex_steps(r) <= MANY + REGEX_BLOCK);
		error_clear(&e);
		regex_free(r);
	}
	buf_free(&text);
}

/* What one search leaves is all that the next one has: many that are each quick enough end too. */
static void searches_share_their_steps(void **state)
{
	(void)state;
	struct buf text = {0};
	for (int i = 0; i < 50; i++)
		buf_adds(&text, "aaaaaaaaaaaaaaaaab\n");
	struct regex *r;
	struct error e = {0};
	size_t off, end, from = 0, found = 0;
	assert_true(regex_compile(S("(?m)(?:(a+)+c|b)"), 0, &r, &e));
	regex_text(r, buf_str(&text), MANY);
	while (regex_next(r, from, &off, &end, &e)) {
		from = end;
		found++;
	}
	assert_true(found > 0 && found < 50);
	assert_int_equal(e.code, ERROR_LIMIT);
	assert_true(regex_steps(r) > MANY && regex_steps(r) <= MANY + REGEX_BLOCK);
	error_clear(&e);
	/* Another text, new steps. */
	regex_text(r, S("b"), MANY);
	assert_true(regex_next(r, 0, &off, &end, &e));
	assert_int_equal(regex_steps(r), 0);
	regex_free(r);
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches_and_groups),
		cmocka_unit_test(bad_patterns_name_the_place),
		cmocka_unit_test(runaway_patterns_end),
		cmocka_unit_test(searches_share_their_steps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
