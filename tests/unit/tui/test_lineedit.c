/* The line editor: by graphemes, whatever is typed or pasted, and always with its cursor on screen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/lineedit.h"

static void expect(struct lineedit *e, const char *before, const char *after)
{
	struct str text = lineedit_text(e);
	struct buf seen = {0}, wanted = {0};
	buf_add(&seen, str_sub(text, 0, e->cursor));
	buf_addc(&seen, '|');
	buf_add(&seen, str_sub(text, e->cursor, text.n));
	buf_addf(&wanted, "%s|%s", before, after);
	assert_string_equal(seen.p, wanted.p);
	buf_free(&seen);
	buf_free(&wanted);
}

static void keys(struct lineedit *e, const uint32_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_true(lineedit_key(e, list[i]));
}

#define KEYS(e, ...) keys(e, (const uint32_t[]){__VA_ARGS__}, COUNT_OF(((const uint32_t[]){__VA_ARGS__})))

static void steps_are_graphemes(void **state)
{
	(void)state;
	struct lineedit e = {0};
	lineedit_start(&e, S("高e\u0301\U0001F468\u200D\U0001F469"));
	KEYS(&e, KEY_LEFT_);
	expect(&e, "高e\u0301", "\U0001F468\u200D\U0001F469");
	KEYS(&e, KEY_BACKSPACE_);
	expect(&e, "高", "\U0001F468\u200D\U0001F469");
	KEYS(&e, KEY_DELETE_);
	expect(&e, "高", "");
	KEYS(&e, KEY_RIGHT_, KEY_DELETE_, KEY_LEFT_, KEY_LEFT_, KEY_BACKSPACE_);
	expect(&e, "", "高");
	lineedit_free(&e);
}

static void words_and_halves_are_cut_and_come_back(void **state)
{
	(void)state;
	struct lineedit e = {0};
	lineedit_start(&e, S("one two  "));
	KEYS(&e, 23);
	expect(&e, "one ", "");
	KEYS(&e, 25, KEY_HOME_, KEY_RIGHT_, KEY_RIGHT_, KEY_RIGHT_, 21);
	expect(&e, "", " two  ");
	KEYS(&e, KEY_END_, 25, KEY_HOME_, 11);
	expect(&e, "", "");
	KEYS(&e, 25);
	expect(&e, " two  one", "");
	lineedit_free(&e);
}

static void characters_are_swapped(void **state)
{
	(void)state;
	struct lineedit e = {0};
	lineedit_start(&e, S("a高b"));
	KEYS(&e, 20);
	expect(&e, "ab高", "");
	KEYS(&e, KEY_HOME_, 20, KEY_RIGHT_, 20);
	expect(&e, "ba", "高");
	lineedit_start(&e, S("a"));
	KEYS(&e, 20);
	expect(&e, "a", "");
	lineedit_free(&e);
}

static void what_is_pasted_stays_one_line_of_text(void **state)
{
	(void)state;
	struct lineedit e = {0};
	lineedit_start(&e, S("<>"));
	KEYS(&e, KEY_LEFT_);
	lineedit_type(&e, S("一\r\n二\n三\t\033[31m\xFF\x01"));
	expect(&e, "<一 二 三 [31m\uFFFD", ">");
	lineedit_free(&e);
}

static void keys_of_others_are_left_to_them(void **state)
{
	(void)state;
	struct lineedit e = {0};
	lineedit_start(&e, S("x"));
	const uint32_t others[] = {KEY_ENTER_, KEY_ESC_, KEY_TAB_, KEY_UP_, KEY_DOWN_, 3, 26};
	for (size_t i = 0; i < COUNT_OF(others); i++)
		assert_false(lineedit_key(&e, others[i]));
	expect(&e, "x", "");
	lineedit_free(&e);
}

/* Whatever the width, the cursor is inside, and no cell outside is touched. */
static void the_cursor_is_always_on_screen(void **state)
{
	(void)state;
	for (int cols = 1; cols <= 12; cols++) {
		struct lineedit e = {0};
		struct grid g = {0};
		grid_resize(&g, 1, 20);
		lineedit_start(&e, S("高建军 abc 主持会议"));
		const uint32_t way[] = {KEY_HOME_, KEY_RIGHT_,     KEY_RIGHT_, KEY_END_,
		                        KEY_LEFT_, KEY_BACKSPACE_, KEY_HOME_,  KEY_END_};
		for (size_t i = 0; i < COUNT_OF(way); i++) {
			lineedit_key(&e, way[i]);
			grid_clear(&g);
			lineedit_draw(&e, &g, 0, 3, cols, (struct style){COLOR_DEFAULT, STYLE_REVERSE}, true);
			assert_in_range(g.cursor_col, 3, 3 + cols - 1);
			if (e.cursor == e.text.n) { /* on a cell of its own behind the text */
				assert_int_equal(grid_at(&g, 0, g.cursor_col)->bytes, 0);
				assert_int_equal(grid_at(&g, 0, g.cursor_col)->width, 1);
			}
			assert_int_equal(grid_at(&g, 0, 2)->style.flags, 0);
			assert_int_equal(grid_at(&g, 0, 3 + cols)->style.flags, 0);
		}
		grid_free(&g);
		lineedit_free(&e);
	}
}

static void a_short_line_is_drawn_from_its_start(void **state)
{
	(void)state;
	struct lineedit e = {0};
	struct grid g = {0};
	struct buf out = {0};
	grid_resize(&g, 1, 10);
	lineedit_start(&e, S("高a"));
	lineedit_draw(&e, &g, 0, 0, 10, PLAIN, true);
	assert_int_equal(g.cursor_col, 3);
	grid_dump(&g, &out, false);
	assert_string_equal(out.p, "高a\n");
	lineedit_draw(&e, &g, 0, 0, 10, PLAIN, false);
	buf_free(&out);
	grid_free(&g);
	lineedit_free(&e);
}

/* Scrolled where there was no room, it shows its beginning again when there is. */
static void room_is_used_again(void **state)
{
	(void)state;
	struct lineedit e = {0};
	struct grid g = {0};
	struct buf out = {0};
	grid_resize(&g, 1, 20);
	lineedit_start(&e, S("一二三四五六七"));
	lineedit_draw(&e, &g, 0, 0, 6, PLAIN, true);
	grid_clear(&g);
	lineedit_draw(&e, &g, 0, 0, 20, PLAIN, true);
	grid_dump(&g, &out, false);
	assert_string_equal(out.p, "一二三四五六七\n");
	buf_free(&out);
	grid_free(&g);
	lineedit_free(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_are_graphemes),
		cmocka_unit_test(words_and_halves_are_cut_and_come_back),
		cmocka_unit_test(characters_are_swapped),
		cmocka_unit_test(what_is_pasted_stays_one_line_of_text),
		cmocka_unit_test(keys_of_others_are_left_to_them),
		cmocka_unit_test(the_cursor_is_always_on_screen),
		cmocka_unit_test(a_short_line_is_drawn_from_its_start),
		cmocka_unit_test(room_is_used_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
