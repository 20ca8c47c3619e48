/* Normal values of dates and numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "annotations/extract/values.h"

struct row {
	const char *text, *wanted;
};

static void test_iso(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"3月12日", "2022-03-12"}, {"8月4日晚", "2022-08-04"}, {"2021年1月", "2021-01"}, {"2022-03-14 10:07:18", "2022-03-14T10:07:18"},
		{"2021年", "2021"}, {"14日", "2022-03-14"}, {"上午9时", "T09:00"}, {"下午3点30分", "T15:30"}, {"3月12日下午2时许", "2022-03-12T14:00"},
		{"3月12日至14日", "2022-03-12/2022-03-14"}, {"1-10月", "2022-01/2022-10"}, {"2021年至2023年", "2021/2023"}, {"二〇二四年", "2024"},
		{"十二月二十五日", "2022-12-25"}, {"六月一日十二时", "2022-06-01T12:00"}, {"109年9月28日", "2020-09-28"}, {"29.06.2018  04:12", "2018-06-29T04:12"},
		{"前三季度", NULL}, {"13月40日", NULL},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *got = value_iso(str_of(rows[i].text), (struct date_context){2022, 3});
		if (!rows[i].wanted) {
			assert_null(got);
			continue;
		}
		assert_non_null(got);
		assert_string_equal(got, rows[i].wanted);
		mem_free(got);
	}
	char *got = value_iso(S("3月12日"), (struct date_context){0});
	assert_string_equal(got, "--03-12");
	mem_free(got);
}

static void test_number(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"12个", "12"}, {"十三项", "13"}, {"95%", "95"}, {"80万", "800000"}, {"3.2万件", "32000"}, {"两级", "2"}, {"80多人", "80"},
		{"1,234吨", "1234"}, {"四分之三", "3/4"}, {"百分之五", "5"}, {"3至5天", "3-5"}, {"二百零三户", "203"}, {"1.25亿元", "125000000"},
		{"半年", "0.5"}, {"一万二千名", "12000"}, {"30多万人", "300000"}, {"0.35米", "0.35"}, {"多个", NULL},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *got = value_number(str_of(rows[i].text));
		if (!rows[i].wanted) {
			assert_null(got);
			continue;
		}
		assert_non_null(got);
		assert_string_equal(got, rows[i].wanted);
		mem_free(got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_iso), cmocka_unit_test(test_number)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
