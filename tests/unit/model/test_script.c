/* Simplified and traditional script by words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/script.h"
#include "model/utf8.h"

static void reads_as(enum script to, const char *text, const char *expected)
{
	struct script_converter *c = script_converter_new();
	struct buf out = {0};
	buf_adds(&out, "前");
	script_convert(c, str_of(text), to, &out);
	assert_true(str_starts(buf_str(&out), S("前")));
	assert_string_equal(out.p + 3, expected);
	assert_int_equal(utf8_count(buf_str(&out)), utf8_count(str_of(text)) + 1);
	buf_free(&out);
	script_converter_free(c);
}

static void words_are_converted(void **state)
{
	(void)state;
	reads_as(SCRIPT_HANS, "會議強調著作", "会议强调著作");
	reads_as(SCRIPT_HANT, "会议强调", "會議強調");
	reads_as(SCRIPT_RAW, "乾杯", "乾杯");
	reads_as(SCRIPT_HANS, "", "");
}

/* 乾 read qián, 瞭 read liào and 藉 read jí are not simplified. */
static void some_words_keep_a_character(void **state)
{
	(void)state;
	reads_as(SCRIPT_HANS, "乾隆年間", "乾隆年间");
	reads_as(SCRIPT_HANS, "陝西乾縣、乾陵", "陕西乾县、乾陵");
	reads_as(SCRIPT_HANS, "乾清宮外的餅乾", "乾清宫外的饼干");
	reads_as(SCRIPT_HANS, "乾燥的餅乾乾淨", "干燥的饼干干净");
	reads_as(SCRIPT_HANS, "餅乾安全，擦乾清洗", "饼干安全，擦干清洗");
	reads_as(SCRIPT_HANS, "瞭望塔上一目瞭然", "瞭望塔上一目了然");
	reads_as(SCRIPT_HANS, "狼藉，藉口", "狼藉，借口");
	reads_as(SCRIPT_HANS, "乾", "干");
	/* also in simplified text, where these are written as they are */
	reads_as(SCRIPT_HANS, "康乾盛世，乾隆", "康乾盛世，乾隆");
	reads_as(SCRIPT_HANS, "县长郭乾主持会议", "县长郭乾主持会议");
	reads_as(SCRIPT_HANS, "縣長郭明吃餅乾", "县长郭明吃饼干");
	/* 乾 and another character in front of the end of a place's name, no word that is dry */
	reads_as(SCRIPT_HANS, "來到乾務鎮、乾潭鎮", "来到乾务镇、乾潭镇");
	reads_as(SCRIPT_HANS, "乾旱區、乾涸河道", "干旱区、干涸河道");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_converted),
		cmocka_unit_test(some_words_keep_a_character),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
