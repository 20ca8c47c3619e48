/* One source of spans against another: what agrees, and what kind each difference is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "annotations/compare.h"

static struct compared_source read_source(const char *json, enum compared_as as, const char *label)
{
	struct compared_source s = {.label = str_of(label)};
	struct error err = {0};
	char path[] = "/tmp/zhupi-compare-XXXXXX.jsonl";
	int fd = mkstemps(path, 6);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, json, strlen(json)), (ssize_t)strlen(json));
	close(fd);
	if (!compared_add_jsonl(&s, path, as, &err))
		fail_msg("%s", err.message);
	unlink(path);
	compared_sort(&s);
	return s;
}

#define GOLD "{\"file\":\"x/a.txt\",\"spans\":[{\"start\":0,\"end\":2,\"label\":\"A\"},{\"start\":5,\"end\":8,\"label\":\"A\"}," \
             "{\"start\":10,\"end\":12,\"label\":\"B\"},{\"start\":20,\"end\":22,\"label\":\"A\"}," \
             "{\"start\":30,\"end\":31,\"label\":\"A\",\"verdict\":\"rejected\"}]}\n"
#define SYSTEM "{\"id\":\"a\",\"spans\":[{\"start\":0,\"end\":2,\"label\":\"A\",\"source\":{\"rule\":\"r\",\"score\":0.95}},{\"start\":5,\"end\":9,\"label\":\"A\"}," \
               "{\"start\":10,\"end\":12,\"label\":\"A\"},{\"start\":30,\"end\":31,\"label\":\"A\",\"source\":{\"rule\":\"r\",\"score\":0.91}}]}\n"

static void test_kinds(void **state)
{
	(void)state;
	struct compared_source gold = read_source(GOLD, COMPARED_GOLD, NULL), system = read_source(SYSTEM, COMPARED_SYSTEM, NULL);
	struct comparison c;
	compare(&gold, &system, &c);
	assert_int_equal(c.missing, 0);
	assert_int_equal(c.unscored, 0);
	assert_int_equal(c.all.gold, 4);
	assert_int_equal(c.all.system, 4);
	assert_int_equal(c.all.exact, 1);
	assert_int_equal(c.all.errors[BOUNDARY], 1);
	assert_int_equal(c.all.errors[LABEL], 1);
	assert_int_equal(c.all.errors[MISSED], 1);
	assert_int_equal(c.all.errors[WRONG], 1);
	assert_int_equal(c.all.overlap_gold, 2);
	assert_int_equal(c.all.overlap_system, 2);
	assert_int_equal(tally_precision(&c.all), 2500);
	assert_int_equal(tally_f1(&c.all), 2500);
	assert_int_equal(c.rules.n, 1);
	assert_int_equal(c.rules.list[0].system, 2);
	assert_int_equal(c.rules.list[0].exact, 1);
	assert_int_equal(c.bands[9].system, 2);
	assert_int_equal(c.bands[9].exact, 1);
	comparison_free(&c);
	compared_free(&gold);
	compared_free(&system);
}

static void test_label_alone(void **state)
{
	(void)state;
	struct compared_source gold = read_source(GOLD, COMPARED_GOLD, "B"), system = read_source(SYSTEM, COMPARED_SYSTEM, "B");
	struct comparison c;
	compare(&gold, &system, &c);
	assert_int_equal(c.all.gold, 1);
	assert_int_equal(c.all.system, 0);
	assert_int_equal(c.all.errors[MISSED], 1);
	comparison_free(&c);
	compared_free(&gold);
	compared_free(&system);
}

static void test_original(void **state)
{
	(void)state;
	const char *judged = "{\"id\":\"a\",\"spans\":[{\"start\":0,\"end\":3,\"label\":\"B\",\"verdict\":\"corrected\",\"original\":{\"label\":\"A\",\"at\":[[0,2]]}}]}\n";
	struct compared_source gold = read_source(judged, COMPARED_GOLD, NULL), system = read_source(judged, COMPARED_SYSTEM, NULL);
	assert_int_equal(gold.articles[0].spans[0].end, 3);
	assert_int_equal(system.articles[0].spans[0].end, 2);
	assert_true(str_eq(system.articles[0].spans[0].label, S("A")));
	compared_free(&gold);
	compared_free(&system);
}

static void test_articles_alone(void **state)
{
	(void)state;
	struct compared_source gold = read_source(GOLD, COMPARED_GOLD, NULL);
	struct compared_source system = read_source("{\"id\":\"b\",\"spans\":[{\"start\":0,\"end\":2,\"label\":\"A\"}]}\n", COMPARED_SYSTEM, NULL);
	struct comparison c;
	compare(&gold, &system, &c);
	assert_int_equal(c.missing, 1);
	assert_int_equal(c.unscored, 1);
	assert_int_equal(c.all.errors[MISSED], 4);
	assert_int_equal(c.all.system, 0);
	assert_int_equal(c.all.errors[WRONG], 0);
	comparison_free(&c);
	compared_free(&gold);
	compared_free(&system);
}

/* A model writes all the digits that it has, and small scores with an exponent. */
static void test_scores_of_many_digits(void **state)
{
	(void)state;
	static const struct {
		const char *score;
		int band;
	} cases[] = {{"0.5", 5}, {"0.9512345678", 9}, {"0.30000000000000004", 3}, {"1.2e-7", 0}, {"1.0", 10}};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf line = {0};
		buf_addf(&line, "{\"id\":\"a\",\"spans\":[{\"start\":0,\"end\":2,\"label\":\"A\",\"score\":%s}]}\n", cases[i].score);
		struct compared_source gold = read_source(GOLD, COMPARED_GOLD, NULL), system = read_source(line.p, COMPARED_SYSTEM, NULL);
		struct comparison c;
		compare(&gold, &system, &c);
		for (int band = 0; band < SCORE_BANDS; band++)
			if (c.bands[band].system != (band == cases[i].band))
				fail_msg("%s is not in band %d", cases[i].score, cases[i].band);
		comparison_free(&c);
		compared_free(&gold);
		compared_free(&system);
		buf_free(&line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_kinds), cmocka_unit_test(test_label_alone), cmocka_unit_test(test_original),
	                                   cmocka_unit_test(test_articles_alone), cmocka_unit_test(test_scores_of_many_digits)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
