/* anchor: the text of a span found again in an article that was edited, or said to be lost. */
#include "edit_fixture.h"

#include "annotations/anchor.h"

static enum anchoring find(const char *text, size_t off, size_t end, const char *stored, const char *before,
                           const char *after, struct fragment *out)
{
	struct str s = str_of(stored);
	*out = (struct fragment){(uint32_t)off, (uint32_t)end};
	struct anchor_request r = {
	    .fragments = out, .texts = &s, .n = 1, .before = str_of(before), .after = str_of(after)};
	return anchor_find(str_of(text), &r);
}

static void assert_found(const char *text, size_t off, const char *stored, const char *before, const char *after,
                         enum anchoring how, const char *around)
{
	struct fragment f;
	enum anchoring got = find(text, off, off + strlen(stored), stored, before, after, &f);
	if (got != how)
		print_error("%s in %s\n", stored, text);
	assert_int_equal(got, how);
	if (how == ANCHOR_LOST)
		return;
	/* around: where it is, up to the end of the text. */
	assert_string_equal(text + f.off, around);
	assert_int_equal(f.end - f.off, strlen(stored));
}

static void test_single(void **state)
{
	(void)state;
	assert_found("xx abc yy", 3, "abc", "xx ", " yy", ANCHORED, "abc yy");
	assert_found("0123456789xx abc yy", 3, "abc", "xx ", " yy", ANCHOR_MOVED, "abc yy");
	assert_found("abc yy", 3, "abc", "xx ", " yy", ANCHOR_MOVED, "abc yy");
	assert_found("", 3, "abc", "xx ", " yy", ANCHOR_LOST, NULL);
	assert_found("nothing of it", 3, "abc", "xx ", " yy", ANCHOR_LOST, NULL);
	/* Of several the one whose context agrees, not the nearest. */
	assert_found("abc abc -- xx abc yy", 0, "abc", "xx ", " yy", ANCHOR_MOVED, "abc yy");
	/* Two alike: neither. */
	assert_found("pad xx abc yy pad xx abc yy", 1, "abc", "xx ", " yy", ANCHOR_LOST, NULL);
	/* Without context only the one there is. */
	assert_found("far away is abc here", 0, "abc", "", "", ANCHOR_MOVED, "abc here");
	assert_found("abc far away is abc here", 1, "abc", "", "", ANCHOR_LOST, NULL);
	assert_found("far away is a bee", 0, "a", "", "", ANCHOR_LOST, NULL);
}

static void test_han(void **state)
{
	(void)state;
	assert_found("会议由高建军主持,李高建军出席。", 30, "高建军", "会议由", "主持", ANCHOR_MOVED,
	             "高建军主持,李高建军出席。");
	assert_found("今日,会议由高建军主持。", 9, "高建军", "会议由", "主持", ANCHOR_MOVED, "高建军主持。");
}

static void test_empty_span(void **state)
{
	(void)state;
	assert_found("one two three", 2, "", "two ", "three", ANCHOR_MOVED, "three");
	assert_found("one two three", 2, "", "", "", ANCHOR_LOST, NULL);
}

static void test_fragments_keep_their_order(void **state)
{
	(void)state;
	const char *text = "头。王 在会上 说了 三件事,王 说了别的";
	size_t off = 0;
	struct str texts[2] = {S("王"), S("说了")};
	struct fragment f[2] = {{(uint32_t)off, (uint32_t)off + 3}, {14, 20}};
	struct anchor_request r = {.fragments = f, .texts = texts, .n = 2, .before = S("头。"), .after = S(" 三件事")};
	assert_int_equal(anchor_find(str_of(text), &r), ANCHOR_MOVED);
	assert_int_equal(f[0].off, 6);
	assert_true(str_starts(str_of(text + f[1].off), S("说了 三件事")));
	assert_int_equal(r.shift, 6);
	/* The second is gone. */
	struct fragment g[2] = {{0, 3}, {14, 20}};
	r.fragments = g;
	r.shift = 0;
	assert_int_equal(anchor_find(S("头。王 在会上 讲了 三件事"), &r), ANCHOR_LOST);
	assert_int_equal(g[0].off, 0);
}

static void test_neighbours_shift_is_tried_first(void **state)
{
	(void)state;
	const char *text = "pad xx abc yy pad xx abc yy";
	struct str s = S("abc");
	struct fragment f = {3, 6};
	struct anchor_request r = {
	    .fragments = &f, .texts = &s, .n = 1, .before = S("xx "), .after = S(" yy"), .shift = 18};
	assert_int_equal(anchor_find(str_of(text), &r), ANCHOR_MOVED);
	assert_int_equal(f.off, 21);
}

static void test_broken_bytes_match_the_replacement_character(void **state)
{
	(void)state;
	assert_true(anchor_matches(S("a\xff z"), 0, 3, S("a\xEF\xBF\xBD ")));
	assert_true(anchor_matches(S("abc"), 1, 2, S("b")));
	assert_false(anchor_matches(S("abc"), 1, 2, S("bc")));
	assert_false(anchor_matches(S("abc"), 1, 3, S("b")));
	assert_false(anchor_matches(S("abc"), 5, 3, S("b")));
}

static void test_context_stays_on_the_line(void **state)
{
	(void)state;
	struct str before, after, text = S("第一行\n一二三四五六七八九十甲乙丙丁戊己庚辛壬癸\r\n第三行");
	size_t off = str_find(text, S("甲"), 0), line = str_find(text, S("一二"), 0);
	anchor_context(text, off, off + 3, &before, &after);
	assert_true(str_eq(before, S("三四五六七八九十")));
	assert_true(str_eq(after, S("乙丙丁戊己庚辛壬")));
	anchor_context(text, line, line + 3, &before, &after);
	assert_int_equal(before.n, 0);
	off = str_find(text, S("癸"), 0);
	anchor_context(text, off, off + 3, &before, &after);
	assert_int_equal(after.n, 0);
	anchor_context(S(""), 0, 0, &before, &after);
	assert_int_equal(before.n + after.n, 0);
}

/* Many lost spans in a long text end in time: the budget is shared. */
static void test_budget(void **state)
{
	(void)state;
	struct buf text = {0};
	for (int i = 0; i < 200000; i++)
		buf_adds(&text, "aaaaaaaaaa");
	size_t budget = (size_t)8 << 20;
	struct str s = S("aab");
	for (int i = 0; i < 20000; i++) {
		struct fragment f = {(uint32_t)i * 90, (uint32_t)i * 90 + 3};
		struct anchor_request r = {
		    .fragments = &f, .texts = &s, .n = 1, .before = S("q"), .after = S("q"), .budget = &budget};
		assert_int_equal(anchor_find(buf_str(&text), &r), ANCHOR_LOST);
	}
	assert_int_equal(budget, 0);
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_single),
	    cmocka_unit_test(test_han),
	    cmocka_unit_test(test_empty_span),
	    cmocka_unit_test(test_fragments_keep_their_order),
	    cmocka_unit_test(test_neighbours_shift_is_tried_first),
	    cmocka_unit_test(test_broken_bytes_match_the_replacement_character),
	    cmocka_unit_test(test_context_stays_on_the_line),
	    cmocka_unit_test(test_budget),
	};
	return cmocka_run_group_tests_name("anchor", tests, NULL, NULL);
}
