/* Text of the interface in rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/segment.h"
#include "tui/wrap.h"

/* The rows with a bar between. */
static void expect(const char *text, unsigned cols, const char *rows)
{
	struct wrap w = {0};
	struct buf out = {0};
	wrap_text(&w, str_of(text), cols, 1);
	for (size_t i = 0; i < w.n; i++) {
		buf_adds(&out, i ? "|" : "");
		buf_add(&out, w.rows[i]);
	}
	assert_string_equal(out.n ? out.p : "", rows);
	wrap_free(&w);
	buf_free(&out);
}

static void words_stay_whole(void **state)
{
	(void)state;
	expect("up to the first semicolon, not further", 14, "up to the|first|semicolon, not|further");
	expect("up to the first", 6, "up to|the|first");
}

static void blanks_at_a_break_go(void **state)
{
	(void)state;
	expect("one two", 3, "one|two");
	expect("one   two", 4, "one|two");
	expect("one ", 3, "one");
}

static void chinese_breaks_between_characters(void **state)
{
	(void)state;
	expect("一二三四五", 4, "一二|三四|五");
	expect("一二,三四", 5, "一二,|三四");
	/* No closing mark at a row's start, no opening mark at its end. */
	expect("一二三，四", 6, "一二|三，四");
	expect("一“二三”", 4, "一|“二|三”");
	expect("of time (24小时)", 10, "of time|(24小时)");
}

static void long_words_are_cut(void **state)
{
	(void)state;
	expect("abcdefgh", 3, "abc|def|gh");
	expect("一二", 1, "一|二");
	expect("ab", 0, "a|b");
}

static void newlines_end_rows(void **state)
{
	(void)state;
	expect("one\ntwo\n", 9, "one|two");
	expect("one\n\ntwo", 9, "one||two");
	expect("", 9, "");
}

/* Whatever the text and width: all of it but blanks and newlines is in the rows, and no row is too wide, unless it is
 * one character. */
static void nothing_is_lost(void **state)
{
	(void)state;
	static const char alphabet[][4] = {"a", "b", " ", "一", "，", "(", "“", "\n", "é"};
	uint32_t seed = 7;
	for (int round = 0; round < 2000; round++) {
		struct buf text = {0};
		struct wrap w = {0};
		unsigned cols;
		size_t letters = 0, got = 0;
		for (int i = 0; i < 24; i++) {
			seed = seed * 1664525 + 1013904223;
			buf_adds(&text, alphabet[(seed >> 16) % COUNT_OF(alphabet)]);
		}
		cols = 1 + (unsigned)round % 9;
		wrap_text(&w, buf_str(&text), cols, 1);
		for (size_t i = 0; i < text.n; i++)
			letters += text.p[i] != ' ' && text.p[i] != '\n';
		for (size_t r = 0; r < w.n; r++) {
			assert_true(text_width(w.rows[r], 1) <= cols || cluster_next(w.rows[r], 0) == w.rows[r].n);
			for (size_t i = 0; i < w.rows[r].n; i++)
				got += w.rows[r].p[i] != ' ';
		}
		assert_int_equal(letters, got);
		wrap_free(&w);
		buf_free(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_stay_whole),
		cmocka_unit_test(blanks_at_a_break_go),
		cmocka_unit_test(chinese_breaks_between_characters),
		cmocka_unit_test(long_words_are_cut),
		cmocka_unit_test(newlines_end_rows),
		cmocka_unit_test(nothing_is_lost),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
