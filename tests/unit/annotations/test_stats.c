/* Times, pace and rows of the statistics. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "annotations/json.h"
#include "annotations/stats.h"

static int64_t at(const char *utc)
{
	int64_t t = -1;
	assert_true(stats_time(str_of(utc), &t));
	return t;
}

static void times(void **state)
{
	static const char *const bad[] = {"",
	                                  "2026-11-22",
	                                  "2026-11-22 06:31:07Z",
	                                  "2026-11-22T06:31:07",
	                                  "2026-13-22T06:31:07Z",
	                                  "2026-00-22T06:31:07Z",
	                                  "x026-11-22T06:31:07Z",
	                                  "2026-11-22T06:31:-7Z",
	                                  "2026-11-22T06:31:07+01"};
	int64_t t;
	(void)state;
	assert_int_equal(at("1970-01-01T00:00:00Z"), 0);
	assert_int_equal(at("2000-02-29T12:00:00Z"), 951825600);
	assert_int_equal(at("2026-11-22T06:31:07Z"), 1795329067);
	assert_int_equal(at("2038-01-19T03:14:08Z"), 2147483648);
	assert_int_equal(at("1969-12-31T23:59:59Z"), -1);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(stats_time(str_of(bad[i]), &t));
}

static void add(struct set *s, const char *json)
{
	struct node *map;
	assert_true(json_read(str_of(json), "test", 1, &map, NULL));
	assert_true(set_add(s, ITEM_SPAN, node_get_text(map, S("id")), map, NULL));
	node_free(map);
}

static void rows_and_pace(void **state)
{
	(void)state;
	struct schema *schema = schema_new();
	struct article *article = article_of(S("abcdefgh"));
	struct set *set = set_new(article, schema);
	add(set, "{\"id\":\"bbbbb\",\"label\":\"B\",\"at\":[[0,1]],\"text\":\"a\",\"verdict\":\"accepted\",\"source\":{"
	         "\"by\":\"x\",\"rule\":"
	         "\"r\"},\"judged\":{\"by\":\"eve\",\"on\":\"2026-01-01T00:10:00Z\"}}");
	add(set, "{\"id\":\"ccccc\",\"label\":\"A\",\"at\":[[1,2]],\"text\":\"b\",\"verdict\":\"rejected\",\"source\":{"
	         "\"by\":\"x\",\"rule\":"
	         "\"r\"},\"judged\":{\"by\":\"eve\",\"on\":\"2026-01-01T00:05:00Z\"}}");
	add(set, "{\"id\":\"ddddd\",\"label\":\"A\",\"at\":[[2,3]],\"text\":\"c\",\"verdict\":\"accepted\",\"source\":{"
	         "\"by\":\"eve\"},"
	         "\"judged\":{\"by\":\"eve\",\"on\":\"2026-01-01T00:15:01Z\"}}");
	add(set, "{\"id\":\"fffff\",\"label\":\"A\",\"at\":[[3,4]],\"text\":\"d\",\"verdict\":\"undecided\"}");
	struct stats s = {0};
	stats_add(&s, set);
	stats_finish(&s);
	assert_int_equal(s.articles, 1);
	assert_int_equal(s.n_labels, 2);
	assert_string_equal(s.labels[0].name, "A");
	assert_int_equal(stat_row_sum(&s.labels[0]), 3);
	assert_int_equal(s.labels[0].added, 1);
	assert_int_equal(s.n_rules, 2); /* a person's own span is no rule's */
	assert_string_equal(s.rules[1].name, "x r");
	assert_int_equal(stat_row_decided(&s.rules[1]), 2);
	assert_int_equal(s.rules[1].count[VERDICT_REJECTED], 1);
	assert_int_equal(s.n_paces, 1);
	assert_int_equal(s.paces[0].decisions, 3);
	assert_int_equal(s.paces[0].seconds, 300); /* five minutes are work, a second more is a pause */
	stats_free(&s);
	set_free(set);
	article_free(article);
	schema_free(schema);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(times), cmocka_unit_test(rows_and_pace)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
