/* Cells: what is written where, what is cut, and that nothing written reaches a terminal as a control. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tui/grid.h"

static struct grid grid_of(int rows, int cols)
{
	struct grid g = {0};
	grid_resize(&g, rows, cols);
	return g;
}

static void expect_dump(struct grid *g, const char *expected)
{
	struct buf out = {0};
	grid_dump(g, &out, false);
	assert_string_equal(out.p, expected);
	buf_free(&out);
	grid_free(g);
}

static void text_stands_where_it_was_put(void **state)
{
	(void)state;
	struct grid g = grid_of(2, 12);
	assert_int_equal(grid_text(&g, 0, 2, 10, S("高建军 ok"), PLAIN), 9);
	assert_int_equal(grid_text(&g, 1, 0, 12, S(""), PLAIN), 0);
	expect_dump(&g, "  高建军 ok\n\n");
}

static void text_that_does_not_fit_ends_in_an_ellipsis(void **state)
{
	(void)state;
	struct grid g = grid_of(3, 8);
	assert_int_equal(grid_text(&g, 0, 0, 7, S("高建军在场"), PLAIN), 7);
	/* a wide one does not fit beside the ellipsis */
	assert_int_equal(grid_text(&g, 1, 0, 6, S("高建军在场"), PLAIN), 5);
	assert_int_equal(grid_text(&g, 2, 4, 100, S("abcdef"), PLAIN), 4);
	expect_dump(&g, "高建军…\n高建…\n    abc…\n");
	g = grid_of(1, 3);
	g.ascii = true;
	grid_text(&g, 0, 0, 3, S("abcd"), PLAIN);
	expect_dump(&g, "ab~\n");
}

static void right_aligned_text_ends_at_the_edge(void **state)
{
	(void)state;
	struct grid g = grid_of(2, 10);
	assert_int_equal(grid_right(&g, 0, 0, 10, S("军 41"), PLAIN), 5);
	assert_int_equal(grid_right(&g, 1, 2, 4, S("abcdef"), PLAIN), 2);
	expect_dump(&g, "     军 41\n  abc…\n");
}

static void half_a_wide_cluster_never_stays(void **state)
{
	(void)state;
	struct grid g = grid_of(3, 6);
	for (int row = 0; row < 3; row++)
		grid_text(&g, row, 0, 6, S("一二三"), PLAIN);
	grid_put(&g, 0, 1, S("x"), 1, PLAIN);   /* over the second half */
	grid_put(&g, 1, 2, S("x"), 1, PLAIN);   /* over the first half */
	grid_put(&g, 2, 1, S("中"), 2, PLAIN);  /* over two halves */
	assert_int_equal(grid_at(&g, 0, 0)->width, 1);
	assert_int_equal(grid_at(&g, 1, 3)->width, 1);
	expect_dump(&g, " x二三\n一x 三\n 中 三\n");
}

static void nor_beside_what_is_filled(void **state)
{
	(void)state;
	struct grid g = grid_of(2, 8);
	grid_text(&g, 0, 0, 8, S("一二三四"), PLAIN);
	grid_text(&g, 1, 0, 8, S("一二三四"), PLAIN);
	grid_fill(&g, (struct rect){0, 3, 1, 2}, PLAIN); /* from the second half of 二 to the first of 三 */
	assert_int_equal(grid_at(&g, 0, 2)->width, 1);
	assert_int_equal(grid_at(&g, 0, 5)->width, 1);
	expect_dump(&g, "一    四\n一二三四\n");
}

static void writing_outside_is_clipped(void **state)
{
	(void)state;
	struct grid g = grid_of(2, 4);
	assert_int_equal(grid_put(&g, -1, 0, S("a"), 1, PLAIN), 0);
	assert_int_equal(grid_put(&g, 0, 3, S("中"), 2, PLAIN), 0);
	assert_int_equal(grid_put(&g, 2, 0, S("a"), 1, PLAIN), 0);
	assert_int_equal(grid_text(&g, 5, 0, 4, S("abc"), PLAIN), 0);
	assert_int_equal(grid_text(&g, 0, 9, 4, S("abc"), PLAIN), 0);
	assert_int_equal(grid_text(&g, 0, 0, -3, S("abc"), PLAIN), 0);
	grid_fill(&g, (struct rect){-2, -2, 10, 10}, (struct style){COLOR_DEFAULT, STYLE_REVERSE});
	grid_restyle(&g, (struct rect){1, 3, 9, 9}, STYLE_BOLD);
	assert_int_equal(grid_at(&g, 1, 3)->style.flags, STYLE_REVERSE | STYLE_BOLD);
	assert_null(grid_at(&g, 2, 0));
	expect_dump(&g, "\n\n");
}

/* Payloads as in terminal escape attacks: ESC, C1 as UTF-8 and as a bad byte, bidi, newline, zero width. */
static const char *const payloads[] = {
	"\033]0;x\a", "\xC2\x9B" "31m", "\x9B" "31m", "\xE2\x80\xAE", "a\nb", "\xE2\x80\x8B", "\x7F", "\xEF\xBB\xBF",
};

static void no_payload_leaves_as_it_came(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(payloads); i++) {
		struct grid g = grid_of(1, 40);
		struct buf out = {0};
		grid_text(&g, 0, 0, 20, str_of(payloads[i]), PLAIN);
		grid_put(&g, 0, 20, str_of(payloads[i]), 1, PLAIN);
		grid_dump(&g, &out, false);
		assert_null(strstr(out.p, "\033"));
		assert_null(strstr(out.p, "\xC2\x9B"));
		assert_null(strchr(out.p, '\x9B'));
		assert_null(strchr(out.p, '\x7F'));
		assert_null(strstr(out.p, "\xE2\x80"));
		assert_null(strstr(out.p, "\xEF\xBB\xBF"));
		assert_int_equal(strchr(out.p, '\n') - out.p, (long)out.n - 1);
		buf_free(&out);
		grid_free(&g);
	}
}

static void an_emoji_keeps_its_joiners(void **state)
{
	(void)state;
	struct grid g = grid_of(1, 4);
	struct str family = S("\U0001F468\u200D\U0001F469");
	assert_int_equal(grid_put(&g, 0, 0, family, 2, PLAIN), 2);
	assert_true(str_eq(grid_cell_text(&g, grid_at(&g, 0, 0)), family));
	grid_free(&g);
}

static void a_flood_of_marks_is_cut(void **state)
{
	(void)state;
	struct grid g = grid_of(1, 4);
	struct buf flood = {0};
	buf_addc(&flood, 'e');
	for (int i = 0; i < 10000; i++)
		buf_adds(&flood, "\u0301");
	assert_int_equal(grid_put(&g, 0, 0, buf_str(&flood), 1, PLAIN), 1);
	assert_in_range(grid_cell_text(&g, grid_at(&g, 0, 0)).n, 254, 255);
	assert_int_equal(grid_cell_text(&g, grid_at(&g, 0, 0)).n % 2, 1); /* e and whole marks of two bytes */
	buf_free(&flood);
	grid_free(&g);
}

static void styles_are_dumped_below_their_row(void **state)
{
	(void)state;
	struct grid g = grid_of(3, 8);
	struct buf out = {0};
	grid_text(&g, 0, 0, 8, S("plain"), PLAIN);
	grid_text(&g, 1, 1, 8, S("中a"), (struct style){COLOR_BLUE, STYLE_BOLD});
	grid_text(&g, 1, 5, 2, S("xy"), (struct style){COLOR_GREEN, 0});
	grid_text(&g, 2, 0, 2, S("r"), (struct style){COLOR_RED, STYLE_REVERSE});
	grid_dump_styles(&g, &out);
	assert_string_equal(out.p, "plain\n 中a xy\n.BBB.gg\nr\n#\n");
	buf_free(&out);
	grid_free(&g);
}

static void colours_are_switched_off_again(void **state)
{
	(void)state;
	struct grid g = grid_of(1, 6);
	struct buf out = {0};
	grid_text(&g, 0, 0, 1, S("a"), PLAIN);
	grid_text(&g, 0, 1, 1, S("b"), (struct style){COLOR_RED, STYLE_BOLD | STYLE_UNDERLINE});
	grid_dump(&g, &out, true);
	assert_string_equal(out.p, "a\033[0;1;4;31mb\033[0m\n");
	buf_free(&out);
	grid_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_stands_where_it_was_put),
		cmocka_unit_test(text_that_does_not_fit_ends_in_an_ellipsis),
		cmocka_unit_test(right_aligned_text_ends_at_the_edge),
		cmocka_unit_test(half_a_wide_cluster_never_stays),
		cmocka_unit_test(nor_beside_what_is_filled),
		cmocka_unit_test(writing_outside_is_clipped),
		cmocka_unit_test(no_payload_leaves_as_it_came),
		cmocka_unit_test(an_emoji_keeps_its_joiners),
		cmocka_unit_test(a_flood_of_marks_is_cut),
		cmocka_unit_test(styles_are_dumped_below_their_row),
		cmocka_unit_test(colours_are_switched_off_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
