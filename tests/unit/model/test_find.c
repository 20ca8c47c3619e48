/* find: both directions against a naive search, with folding, hidden ranges and broken bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "model/find.h"
#include "model/fold.h"
#include "model/utf8.h"

static const struct find_hidden nothing = {NULL, 0};

static void finds_and_ends(void **state)
{
	(void)state;
	struct str text = S("強化舉措,扎牢“四個口袋”;ＡＢＣ");
	struct find_pattern *p = find_compile(S("四个口袋"));
	size_t end;
	size_t off = find_next(p, text, nothing, 0, &end);
	assert_int_equal(off, str_find(text, S("四個"), 0));
	assert_true(str_eq(str_sub(text, off, end), S("四個口袋")));
	assert_true(find_next(p, text, nothing, off + 1, &end) == NOWHERE);
	assert_int_equal(find_prev(p, text, nothing, text.n, &end), off);
	assert_int_equal(find_prev(p, text, nothing, off + 1, &end), off);
	assert_true(find_prev(p, text, nothing, off, &end) == NOWHERE);
	find_free(p);
	p = find_compile(S("abc"));
	assert_int_equal(find_next(p, text, nothing, 0, NULL), text.n - 9);
	find_free(p);
	assert_null(find_compile(STR_NONE));
	find_free(NULL);
}

static void glosses_do_not_part_a_match(void **state)
{
	(void)state;
	struct str text = S("落實(shí)到位(wèi)。實到");
	struct find_range ranges[] = {{6, 6 + 6}, {18, 18 + 6}};
	assert_true(str_eq(str_sub(text, 6, 12), S("(shí)")));
	struct find_hidden hidden = {ranges, COUNT_OF(ranges)};
	struct find_pattern *p = find_compile(S("落实到位。"));
	size_t end;
	assert_int_equal(find_next(p, text, hidden, 0, &end), 0);
	assert_true(end == 18 + 6 + 3);
	assert_int_equal(find_prev(p, text, hidden, text.n, &end), 0);
	assert_true(end == 18 + 6 + 3);
	assert_true(find_next(p, text, nothing, 0, &end) == NOWHERE);
	find_free(p);
	p = find_compile(S("shí"));
	assert_true(find_next(p, text, hidden, 0, &end) == NOWHERE);
	assert_true(find_next(p, text, hidden, 8, &end) == NOWHERE);
	find_free(p);
	p = find_compile(S("实到"));
	assert_int_equal(find_prev(p, text, hidden, 20, &end), 3); /* from within a hidden range */
	find_free(p);
}

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

struct letters {
	codepoint cp[200];
	size_t off[200], end[200], n;
};

static struct letters visible_letters(struct str text, struct find_hidden hidden)
{
	struct letters l = {0};
	codepoint cp;
	for (size_t off = 0, step; (step = utf8_step(text, off, &cp)) != 0; off += step) {
		bool inside = false;
		for (size_t i = 0; i < hidden.n; i++)
			inside |= off >= hidden.ranges[i].off && off < hidden.ranges[i].end;
		if (inside)
			continue;
		l.cp[l.n] = fold_cp(cp);
		l.off[l.n] = off;
		l.end[l.n++] = off + step;
	}
	return l;
}

/* All matches, by comparing at each place. */
static size_t naive(const struct letters *text, const struct letters *query, size_t from, bool backward, size_t *end)
{
	size_t found = NOWHERE;
	for (size_t i = 0; i + query->n <= text->n; i++) {
		if (backward ? text->off[i] >= from : text->off[i] < from)
			continue;
		if (memcmp(text->cp + i, query->cp, query->n * sizeof(codepoint)) != 0)
			continue;
		found = text->off[i];
		*end = text->end[i + query->n - 1];
		if (!backward)
			break;
	}
	return found;
}

static void as_naive_search_does(void **state)
{
	(void)state;
	static const char *const pieces[] = {"a", "A", "个", "個", "\xFF", "\xE4\xB8", "𠮷", "b"};
	uint32_t seed = 99;
	for (int round = 0; round < 3000; round++) {
		struct buf text = {0}, query = {0};
		struct find_range ranges[8];
		struct find_hidden hidden = {ranges, 0};
		for (size_t i = 0, n = next_random(&seed) % 60; i < n; i++) {
			size_t start = text.n;
			buf_adds(&text, pieces[next_random(&seed) % (round % 2 ? 3 : COUNT_OF(pieces))]);
			bool whole = utf8_boundary(buf_str(&text), start);
			if (whole && next_random(&seed) % 5 == 0 && hidden.n < COUNT_OF(ranges)) {
				buf_adds(&text, "x"); /* so that broken bytes do not join across the border */
				ranges[hidden.n++] = (struct find_range){start, text.n};
			}
		}
		for (size_t i = 0, n = 1 + next_random(&seed) % 4; i < n; i++)
			buf_adds(&query, pieces[next_random(&seed) % (round % 2 ? 3 : COUNT_OF(pieces))]);
		struct str s = buf_str(&text);
		struct find_pattern *p = find_compile(buf_str(&query));
		struct letters t = visible_letters(s, hidden), q = visible_letters(buf_str(&query), nothing);
		for (size_t from = 0; from <= s.n; from++) {
			size_t end = 0, want_end = 0;
			if (!utf8_boundary(s, from))
				continue;
			size_t want = naive(&t, &q, from, false, &want_end);
			assert_true(find_next(p, s, hidden, from, &end) == want && end == want_end);
			end = want_end = 0;
			want = naive(&t, &q, from, true, &want_end);
			assert_true(find_prev(p, s, hidden, from, &end) == want && end == want_end);
		}
		find_free(p);
		buf_free(&text);
		buf_free(&query);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_and_ends),
		cmocka_unit_test(glosses_do_not_part_a_match),
		cmocka_unit_test(as_naive_search_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
