/* decode: detection of the encodings that Chinese text comes in, and conversion that counts what it cannot read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <unicode/ucnv.h>

#include "model/decode.h"
#include "model/io.h"
#include "model/utf8.h"

#define SEEDS "../shared/seeds"

static const char simplified[] = "3月12日,开封市委书记高建军等在开封分会场参加会议。会议强调,要坚决筑牢疫情防控安全防线。\n";
static const char traditional[] = "總統府發言人今天表示,這個問題非常重要,政府會認真處理。台灣的經濟發展需要大家共同努力。\n";
static const char japanese[] = "日本語の文章です。これはテストです。カタカナもひらがなも漢字もあります。\n";
static const char korean[] = "한국어 문장입니다. 이것은 시험입니다. 정부는 오늘 회의를 열었다.\n";
static const char french[] = "Les élèves français étudient à l'école près du château. C'était déjà l'été dernier.\n";

static struct buf encode(struct str text, const char *converter)
{
	struct buf out = {0};
	UErrorCode status = U_ZERO_ERROR;
	buf_reserve(&out, text.n * 4 + 16);
	int32_t n = ucnv_convert(converter, "UTF-8", out.p, (int32_t)out.cap - 1, text.p, (int32_t)text.n, &status);
	if (U_FAILURE(status))
		fail_msg("%s: %s", converter, u_errorName(status));
	out.n = (size_t)n;
	return out;
}

static void check_round_trip(struct str text, const char *name, const char *converter)
{
	struct buf bytes = encode(text, converter), back = {0};
	struct error e = {0};
	size_t bad = 99;
	const char *found = decode_detect(buf_str(&bytes));
	if (!found || strcmp(found, name) != 0)
		fail_msg("%s is taken for %s", name, found ? found : "binary");
	assert_true(decode_to_utf8(buf_str(&bytes), name, &back, &bad, &e));
	assert_int_equal(bad, 0);
	assert_true(str_eq(buf_str(&back), text));
	buf_free(&bytes);
	buf_free(&back);
}

static void each_encoding_is_found_and_read(void **state)
{
	(void)state;
	static const struct {
		const char *text, *name, *converter;
	} cases[] = {
		{simplified, "utf-8", "UTF-8"},         {simplified, "gb18030", "gb18030"},     {simplified, "utf-16le", "UTF-16LE"},
		{simplified, "utf-16be", "UTF-16BE"},   {traditional, "big5", "Big5"},          {traditional, "gb18030", "gb18030"},
		{japanese, "shift_jis", "Shift_JIS"},   {japanese, "euc-jp", "EUC-JP"},         {korean, "euc-kr", "EUC-KR"},
		{french, "windows-1252", "windows-1252"}, {"plain ASCII\n", "utf-8", "US-ASCII"}, {"plain ASCII\n", "utf-16le", "UTF-16LE"},
		{"高建军", "gb18030", "gb18030"},       {"高建军", "utf-8", "UTF-8"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		check_round_trip(str_of(cases[i].text), cases[i].name, cases[i].converter);
}

static void byte_order_marks(void **state)
{
	(void)state;
	struct buf out = {0};
	assert_string_equal(decode_detect(S("\xEF\xBB\xBFx")), "utf-8");
	assert_string_equal(decode_detect(S("\xFF\xFE\xD8\x9A")), "utf-16le");
	assert_string_equal(decode_detect(S("\xFE\xFF\x9A\xD8")), "utf-16be");
	assert_null(decode_detect(S("\xFF\xFE\0\0x\0\0\0")));
	assert_true(decode_to_utf8(S("\xFF\xFE\xD8\x9A"), "utf-16le", &out, NULL, NULL));
	assert_string_equal(out.p, "\uFEFF高");
	buf_clear(&out);
	assert_true(decode_to_utf8(S("\x84\x31\x95\x33\xB8\xDF"), "gb18030", &out, NULL, NULL));
	assert_string_equal(out.p, "\uFEFF高");
	buf_free(&out);
}

static void broken_utf8_stays_utf8(void **state)
{
	(void)state;
	static const char *const texts[] = {"会议强调\xFF,要坚决", "\xE9\xAB会议强调", "abc\xFF", "\x80", "会议强\xE8\xB0"};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		const char *found = decode_detect(str_of(texts[i]));
		if (!found || strcmp(found, "utf-8") != 0)
			fail_msg("case %zu is taken for %s", i, found ? found : "binary");
	}
	struct buf out = {0};
	size_t bad;
	assert_true(decode_to_utf8(str_of(texts[0]), "utf-8", &out, &bad, NULL));
	assert_string_equal(out.p, texts[0]);
	assert_int_equal(bad, 0);
	buf_free(&out);
}

static void binaries(void **state)
{
	(void)state;
	assert_null(decode_detect(S("\x7F" "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\x3E\0\1\0\0\0\x40\x1F")));
	assert_null(decode_detect(S("text with a \0 in it\n")));
	assert_null(decode_detect(S("\xEF\xBB\xBF\0")));
	assert_string_equal(decode_detect(STR_NONE), "utf-8");
}

static void undecodable_bytes_are_counted(void **state)
{
	(void)state;
	struct buf out = {0};
	struct error e = {0};
	size_t bad = 0;
	buf_adds(&out, "kept ");
	assert_true(decode_to_utf8(S("\xB8\xDF\xFF\xBD\xA8\x81"), "gb18030", &out, &bad, &e));
	assert_string_equal(out.p, "kept 高\uFFFD建\uFFFD");
	assert_int_equal(bad, 2);
	assert_true(decode_to_utf8(S("\x00\xD8" "a\0b"), "utf-16le", &out, &bad, &e));
	assert_true(bad >= 1);
	assert_true(utf8_valid(buf_str(&out)));
	assert_false(decode_to_utf8(S("x"), "latin-9", &out, &bad, &e));
	assert_int_equal(e.code, ERROR_ENCODING);
	error_clear(&e);
	buf_free(&out);
	assert_true(decode_known("big5") && !decode_known("BIG5") && !decode_known(""));
	assert_string_equal(decode_name("shift_jis"), "shift_jis");
	assert_null(decode_name("x"));
}

/* Longer than the converter's buffer, with surrogate pairs at every position of its border. */
static void long_texts_and_pairs(void **state)
{
	(void)state;
	for (size_t shift = 0; shift < 3; shift++) {
		struct buf text = {0}, out = {0};
		for (size_t i = 0; i < shift; i++)
			buf_addc(&text, 'x');
		for (int i = 0; i < 9000; i++)
			buf_adds(&text, "𠮷");
		struct buf bytes = encode(buf_str(&text), "gb18030");
		assert_true(decode_to_utf8(buf_str(&bytes), "gb18030", &out, NULL, NULL));
		assert_true(str_eq(buf_str(&out), buf_str(&text)));
		buf_free(&text);
		buf_free(&bytes);
		buf_free(&out);
	}
}

/* Any bytes give an answer, and any answer gives well-formed text. */
static void random_bytes(void **state)
{
	(void)state;
	static const char *const names[] = {"utf-16le", "utf-16be", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr", "windows-1252"};
	uint32_t seed = 4;
	for (int round = 0; round < 500; round++) {
		char bytes[300];
		struct buf out = {0};
		for (size_t i = 0; i < sizeof(bytes); i++) {
			seed = seed * 1664525u + 1013904223u;
			bytes[i] = (char)(seed >> 24);
		}
		struct str s = {bytes, (size_t)round % sizeof(bytes)};
		const char *found = decode_detect(s);
		assert_true(!found || decode_known(found));
		const char *name = names[(size_t)round % COUNT_OF(names)];
		assert_true(decode_to_utf8(s, name, &out, NULL, NULL));
		assert_true(utf8_valid(buf_str(&out)));
		buf_free(&out);
	}
}

static bool check_seed(void *ctx, struct str relative)
{
	static const char *const encodings[][2] = {{"utf-8", "UTF-8"}, {"gb18030", "gb18030"}, {"utf-16le", "UTF-16LE"}, {"utf-16be", "UTF-16BE"}};
	struct buf text = {0};
	struct error e = {0};
	if (!str_ends(relative, S(".txt")))
		return true;
	char *path = io_join(SEEDS, relative.p);
	assert_true(io_read_file(path, 1 << 20, &text, NULL, &e));
	mem_free(path);
	for (size_t i = 0; i < COUNT_OF(encodings); i++) {
		check_round_trip(buf_str(&text), encodings[i][0], encodings[i][1]);
		/* Only the beginning, as of a short note. */
		struct str begin = str_sub(buf_str(&text), 0, utf8_floor(buf_str(&text), 240));
		check_round_trip(begin, encodings[i][0], encodings[i][1]);
	}
	++*(size_t *)ctx;
	buf_free(&text);
	return true;
}

static void real_articles(void **state)
{
	(void)state;
	size_t seen = 0;
	if (!io_walk(SEEDS, check_seed, NULL, &seen, NULL)) {
		print_message("%s is not here\n", SEEDS);
		skip();
	}
	assert_true(seen >= 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_encoding_is_found_and_read),
		cmocka_unit_test(byte_order_marks),
		cmocka_unit_test(broken_utf8_stays_utf8),
		cmocka_unit_test(binaries),
		cmocka_unit_test(undecodable_bytes_are_counted),
		cmocka_unit_test(long_texts_and_pairs),
		cmocka_unit_test(random_bytes),
		cmocka_unit_test(real_articles),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
