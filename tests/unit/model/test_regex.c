/* regex, collate, task, process: the small wrappers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <string.h>

#include "model/collate.h"
#include "model/process.h"
#include "model/regex.h"

#define MANY 5000000

/* ---- regex -------------------------------------------------------------------------------------------------- */

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

/* ---- collate ------------------------------------------------------------------------------------------------ */

static void names_in_a_readers_order(void **state)
{
	(void)state;
	static const char *const sorted[] = {"2.txt", "10.txt", "北京", "河南", "開封", "上海", "郑州", "a.txt", "B.txt"};
	struct collator *c = collator_new();
	struct buf before = {0};
	for (size_t i = 0; i < COUNT_OF(sorted); i++) {
		struct buf key = {0};
		collate_key(c, str_of(sorted[i]), &key);
		if (i && str_cmp(buf_str(&before), buf_str(&key)) >= 0)
			fail_msg("%s is not after %s", sorted[i], sorted[i - 1]);
		buf_free(&before);
		before = key;
	}
	buf_free(&before);
	struct buf a = {0}, b = {0};
	collate_key(c, S("e\u0301"), &a);
	collate_key(c, S("é"), &b);
	assert_true(str_cmp(buf_str(&a), buf_str(&b)) != 0);
	buf_clear(&a);
	collate_key(c, STR_NONE, &a);
	assert_true(str_cmp(buf_str(&a), buf_str(&b)) < 0);
	buf_free(&a);
	buf_free(&b);
	collator_free(c);
}

/* A digit, another script's digit, a character that is none, drawn from a few so that names are often alike. */
static void add_random(struct buf *name, uint64_t *seed)
{
	static const char *const pieces[] = {"0", "1", "2", "9", "0", "12", "\xEF\xBC\x91", "\xD9\xA1", ".", "a", "A", "年", "e\xCC\x81"};
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	buf_adds(name, pieces[*seed % COUNT_OF(pieces)]);
}

/* Answers whether the order was told. */
static bool assert_same_order(const struct collator *c, struct str a, struct str b)
{
	int told = collate_numbered(a, b);
	struct buf key_a = {0}, key_b = {0};
	collate_key(c, a, &key_a);
	collate_key(c, b, &key_b);
	int order = str_cmp(buf_str(&key_a), buf_str(&key_b));
	if (told && (told < 0) != (order < 0))
		fail_msg("%.*s and %.*s", (int)a.n, a.p, (int)b.n, b.p);
	buf_free(&key_a);
	buf_free(&key_b);
	return told != 0;
}

static void numbered_names_have_the_order_of_their_keys(void **state)
{
	(void)state;
	struct collator *c = collator_new();
	uint64_t seed = 20261128;
	size_t told = 0;
	for (size_t round = 0; round < 60000; round++) {
		struct buf a = {0}, b = {0};
		for (size_t i = 0; i < 3 + round % 6; i++)
			add_random(&a, &seed);
		buf_add(&b, str_sub(buf_str(&a), 0, a.n / 2));
		for (size_t i = 0; i < 3; i++)
			add_random(&b, &seed);
		told += assert_same_order(c, buf_str(&a), buf_str(&b));
		buf_free(&a);
		buf_free(&b);
	}
	assert_true(told > 500);
	assert_true(collate_numbered(S("a009.txt"), S("a010.txt")) < 0);
	assert_int_equal(collate_numbered(S("a9.txt"), S("a10.txt")), 0);
	assert_int_equal(collate_numbered(S("a1"), S("a1")), 0);
	assert_int_equal(collate_numbered(S("a1"), S("a1b")), 0);
	collator_free(c);
}

/* ICU weighs digits by 254, from the first that is no zero: of two the one with more zeros in front may be the larger. */
static void very_long_numbers_are_left_to_keys(void **state)
{
	(void)state;
	struct collator *c = collator_new();
	struct buf a = {0}, b = {0};
	for (size_t i = 0; i < 300; i++) {
		buf_addc(&a, i < 2 ? '0' : '5');
		buf_addc(&b, i < 1 ? '0' : '1');
		(void)assert_same_order(c, buf_str(&a), buf_str(&b));
	}
	assert_true(collate_numbered(str_sub(buf_str(&a), 0, 254), str_sub(buf_str(&b), 0, 254)) < 0);
	buf_free(&a);
	buf_free(&b);
	collator_free(c);
}

/* ---- process ------------------------------------------------------------------------------------------------ */

static int run(const char *program, const char *argument, const char *more, struct error *e)
{
	char *argv[] = {mem_dup(program), argument ? mem_dup(argument) : NULL, more ? mem_dup(more) : NULL, NULL};
	int status = -1;
	bool fine = process_run(argv, &status, e);
	for (size_t i = 0; i < 3; i++)
		mem_free(argv[i]);
	return fine ? status : -1;
}

static void processes(void **state)
{
	(void)state;
	struct error e = {0};
	assert_int_equal(run("true", NULL, NULL, &e), 0);
	assert_int_equal(run("false", NULL, NULL, &e), 1);
	assert_int_equal(run("sh", "-c", "exit 7", &e), 7);
	assert_int_equal(run("sh", "-c", "kill -TERM $$", &e), 128 + SIGTERM);
	/* Signals that we ignore are not inherited as ignored. */
	assert_true(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	assert_int_equal(run("sh", "-c", "kill -PIPE $$", &e), 128 + SIGPIPE);
	assert_true(signal(SIGPIPE, SIG_DFL) == SIG_IGN);
	assert_int_equal(e.code, ERROR_NONE);
	assert_int_equal(run("zhupi-no-such-program", NULL, NULL, &e), -1);
	assert_int_equal(e.code, ERROR_MISSING);
	error_clear(&e);
	assert_int_equal(run("/", NULL, NULL, &e), -1);
	assert_int_equal(e.code, ERROR_IO);
	error_clear(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches_and_groups),
		cmocka_unit_test(bad_patterns_name_the_place),
		cmocka_unit_test(runaway_patterns_end), cmocka_unit_test(searches_share_their_steps),
		cmocka_unit_test(names_in_a_readers_order),
		cmocka_unit_test(numbered_names_have_the_order_of_their_keys),
		cmocka_unit_test(very_long_numbers_are_left_to_keys),
		cmocka_unit_test(processes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
