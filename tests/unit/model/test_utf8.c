/* utf8: one division for every byte string, told the same forward and backward; and nothing hidden gets out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "model/utf8.h"

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static void every_code_point_round_trips(void **state)
{
	(void)state;
	for (codepoint cp = 0; cp <= 0x10FFFF; cp++) {
		struct buf b = {0};
		codepoint back;
		utf8_add(&b, cp);
		if (utf8_step(buf_str(&b), 0, &back) != b.n)
			fail_msg("U+%04X", (unsigned)cp);
		assert_int_equal(back, cp >= 0xD800 && cp < 0xE000 ? 0xFFFD : cp);
		buf_free(&b);
	}
	struct buf b = {0};
	utf8_add(&b, UTF8_BAD | 0xC3);
	utf8_add(&b, 0x110000);
	assert_string_equal(b.p, "\xC3\xEF\xBF\xBD");
	buf_free(&b);
}

/* However little room a buffer has, the bytes are the same and the 0 behind them has room too. */
static void added_wherever_there_is_room(void **state)
{
	(void)state;
	static const codepoint some[] = {'a', 0xE9, 0x4E2D, 0x20000, 0xD800, UTF8_BAD | 0xC3};
	for (size_t i = 0; i < COUNT_OF(some); i++)
		for (size_t room = 0; room < 9; room++) {
			struct buf plain = {0}, full = {0};
			utf8_add(&plain, some[i]);
			buf_reserve(&full, room);
			utf8_add(&full, some[i]);
			assert_true(full.n < full.cap);
			assert_string_equal(full.p, plain.p);
			buf_free(&plain);
			buf_free(&full);
		}
}

/* Well-formedness by the table of the standard, written as ranges and not as the code has it. */
static size_t table_3_7(const unsigned char *p, size_t n)
{
	static const struct {
		unsigned char low[4], high[4];
		size_t n;
	} rows[] = {
		{{0x00}, {0x7F}, 1},
		{{0xC2, 0x80}, {0xDF, 0xBF}, 2},
		{{0xE0, 0xA0, 0x80}, {0xE0, 0xBF, 0xBF}, 3},
		{{0xE1, 0x80, 0x80}, {0xEC, 0xBF, 0xBF}, 3},
		{{0xED, 0x80, 0x80}, {0xED, 0x9F, 0xBF}, 3},
		{{0xEE, 0x80, 0x80}, {0xEF, 0xBF, 0xBF}, 3},
		{{0xF0, 0x90, 0x80, 0x80}, {0xF0, 0xBF, 0xBF, 0xBF}, 4},
		{{0xF1, 0x80, 0x80, 0x80}, {0xF3, 0xBF, 0xBF, 0xBF}, 4},
		{{0xF4, 0x80, 0x80, 0x80}, {0xF4, 0x8F, 0xBF, 0xBF}, 4},
	};
	for (size_t r = 0; r < COUNT_OF(rows); r++) {
		bool fits = rows[r].n <= n;
		for (size_t i = 0; fits && i < rows[r].n; i++)
			fits = p[i] >= rows[r].low[i] && p[i] <= rows[r].high[i];
		if (fits)
			return rows[r].n;
	}
	return 0;
}

static void check_division(struct str s)
{
	bool starts[64] = {false};
	size_t count = 0, last = 0;
	bool valid = true;
	for (size_t off = 0; off < s.n; count++) {
		size_t want = table_3_7((const unsigned char *)s.p + off, s.n - off);
		codepoint cp;
		size_t step = utf8_step(s, off, &cp);
		assert_int_equal(step, want ? want : 1);
		assert_int_equal((cp & UTF8_BAD) != 0, want == 0);
		valid &= want != 0;
		starts[off] = true;
		if (off)
			assert_int_equal(utf8_back(s, off), last);
		assert_int_equal(utf8_skip(s, 0, count), off);
		last = off;
		off += step;
	}
	for (size_t off = 0, floor = 0; off < s.n; off++) {
		floor = starts[off] ? off : floor;
		assert_int_equal(utf8_boundary(s, off), starts[off]);
		assert_int_equal(utf8_floor(s, off), floor);
	}
	assert_true(utf8_boundary(s, s.n) && !utf8_boundary(s, s.n + 1));
	assert_int_equal(utf8_floor(s, s.n + 7), s.n);
	if (s.n)
		assert_int_equal(utf8_back(s, s.n), last);
	assert_int_equal(utf8_count(s), count);
	assert_int_equal(utf8_skip(s, 0, count + 5), s.n);
	assert_int_equal(utf8_valid(s), valid);
}

static void one_division_of_any_bytes(void **state)
{
	(void)state;
	static const unsigned char edges[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1,
	                                      0xED, 0xEE, 0xEF, 0xF0, 0xF3, 0xF4, 0xF5, 0xFF};
	uint32_t seed = 1;
	check_division(STR_NONE);
	for (int round = 0; round < 100000; round++) {
		char bytes[40];
		size_t n = next_random(&seed) % sizeof(bytes);
		for (size_t i = 0; i < n; i++)
			bytes[i] = (char)edges[next_random(&seed) % COUNT_OF(edges)];
		check_division((struct str){bytes, n});
	}
	/* All pairs after a lead byte, so that each row of the table is met at its borders. */
	for (unsigned lead = 0x80; lead < 0x100; lead++)
		for (unsigned second = 0; second < 0x100; second++) {
			char bytes[] = {(char)lead, (char)second, '\x80', '\xBF', 'a'};
			check_division((struct str){bytes, sizeof(bytes)});
		}
}

static void long_plain_runs(void **state)
{
	(void)state;
	struct buf b = {0};
	for (int i = 0; i < 1000; i++)
		buf_adds(&b, i % 50 < 25 ? "高建军" : "abcdefghijklmnop");
	assert_int_equal(utf8_count(buf_str(&b)), 500 * 3 + 500 * 16);
	assert_true(utf8_valid(buf_str(&b)));
	buf_adds(&b, "高\xE9\xAB");
	assert_false(utf8_valid(buf_str(&b)));
	assert_int_equal(utf8_count(buf_str(&b)), 500 * 3 + 500 * 16 + 3);
	buf_free(&b);
}

/* ---- what may be seen --------------------------------------------------------------------------------------- */

static void hidden_by_property(void **state)
{
	(void)state;
	size_t hidden = 0;
	for (codepoint cp = 0; cp <= 0x10FFFF; cp++) {
		UChar32 c = (UChar32)cp;
		uint32_t mask = U_GET_GC_MASK(c);
		bool want = (mask & (U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CS_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK)) != 0 ||
		            u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
		            u_hasBinaryProperty(c, UCHAR_NONCHARACTER_CODE_POINT);
		if (cp_is_hidden(cp) != want)
			fail_msg("U+%04X", (unsigned)cp);
		hidden += want;
	}
	assert_true(hidden > 6000);
	assert_true(cp_is_hidden(UTF8_BAD | 0xFF));
	static const codepoint bidi[] = {0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069};
	for (size_t i = 0; i < COUNT_OF(bidi); i++)
		assert_true(cp_is_hidden(bidi[i]));
}

static void marks(void **state)
{
	(void)state;
	struct buf b = {0};
	visible_add(&b, S("a\x1B[31m高\u202E\u200B\xFF\xC2\x85\t\n\x7F."), false);
	assert_string_equal(b.p, "a<U+001B>[31m高<U+202E><U+200B><FF><U+0085><U+0009><U+000A><U+007F>.");
	buf_clear(&b);
	visible_add(&b, S("a\tb\n\r\x9D"), true);
	assert_string_equal(b.p, "a\tb\n<U+000D><9D>");
	buf_clear(&b);
	visible_add(&b, STR_NONE, false);
	assert_int_equal(b.n, 0);
	buf_free(&b);
}

/* Whatever goes in, what comes out is well-formed and holds nothing hidden. */
static void nothing_hidden_gets_out(void **state)
{
	(void)state;
	uint32_t seed = 8;
	for (int round = 0; round < 20000; round++) {
		struct buf in = {0}, out = {0};
		for (uint32_t i = 0, n = next_random(&seed) % 30; i < n; i++) {
			uint32_t r = next_random(&seed);
			if (r % 3 == 0)
				buf_addc(&in, (char)(r >> 4));
			else
				utf8_add(&in, (r >> 2) % (r % 3 == 1 ? 0x300 : 0x110000));
		}
		visible_add(&out, buf_str(&in), false);
		assert_true(utf8_valid(buf_str(&out)));
		codepoint cp;
		for (size_t off = 0, step; (step = utf8_step(buf_str(&out), off, &cp)) != 0; off += step)
			if (cp_is_hidden(cp))
				fail_msg("U+%04X came through", (unsigned)cp);
		buf_free(&in);
		buf_free(&out);
	}
}

/* ---- classes ------------------------------------------------------------------------------------------------ */

static void classes(void **state)
{
	(void)state;
	for (codepoint cp = 0; cp <= 0x10FFFF; cp++) {
		UChar32 c = (UChar32)cp;
		UErrorCode status = U_ZERO_ERROR;
		if (u_hasBinaryProperty(c, UCHAR_UNIFIED_IDEOGRAPH) && !cp_is_han(cp))
			fail_msg("U+%04X is Han", (unsigned)cp);
		if (cp_is_han(cp) && uscript_getScript(c, &status) != USCRIPT_HAN && cp != 0x3007 && u_isdefined(c))
			fail_msg("U+%04X is not Han", (unsigned)cp);
		if (cp_is_space(cp) != (u_hasBinaryProperty(c, UCHAR_WHITE_SPACE) != 0))
			fail_msg("U+%04X: space", (unsigned)cp);
		if (cp_is_word(cp) != ((U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0) && u_isdefined(c))
			fail_msg("U+%04X: word", (unsigned)cp);
	}
	assert_true(cp_is_digit('7') && cp_is_digit(0xFF17) && !cp_is_digit(0x0667) && !cp_is_digit('a'));
	assert_false(cp_is_han(UTF8_BAD | 0x80) || cp_is_space(UTF8_BAD | 0x20) || cp_is_word(UTF8_BAD | 0x41));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point_round_trips),
		cmocka_unit_test(added_wherever_there_is_room),
		cmocka_unit_test(one_division_of_any_bytes),
		cmocka_unit_test(long_plain_runs),
		cmocka_unit_test(hidden_by_property),
		cmocka_unit_test(marks),
		cmocka_unit_test(nothing_hidden_gets_out),
		cmocka_unit_test(classes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
