/* What is told of a pattern before it runs - where it may begin, what must end there, what it cannot do without -
 * takes no match away: patterns at random beside the same ones with an alternative of which nothing can be told, and
 * which no text here has. */
#include "tests/unit/annotations/pattern_fixture.h"

static void add_alternatives(struct buf *out, size_t depth);

static void add_atom(struct buf *out, size_t depth)
{
	static const char *const atoms[] = {"@w", "@v", "[甲，]", "\\h", "[^甲]", "丙丁"};
	size_t kind = any(depth ? 10 : 8);
	if (kind < 4)
		buf_adds(out, letters[any(COUNT_OF(letters))]);
	else if (kind < 8)
		buf_adds(out, atoms[any(COUNT_OF(atoms))]);
	else {
		buf_adds(out, "(");
		add_alternatives(out, depth - 1);
		buf_adds(out, ")");
	}
}

static void add_alternatives(struct buf *out, size_t depth)
{
	static const char *const counts[] = {"?", "*", "+", "{2}", "{0,3}", "{1,2}"};
	for (size_t n = 1 + any(3), i = 0; i < n; i++) {
		buf_adds(out, i ? "|" : "");
		for (size_t k = 1 + any(3); k > 0; k--) {
			add_atom(out, depth);
			if (any(4) == 0)
				buf_adds(out, counts[any(COUNT_OF(counts))]);
		}
		/* So that no alternative is empty. */
		buf_adds(out, letters[any(COUNT_OF(letters))]);
	}
}

static void test_nothing_is_lost(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 600; round++) {
		static const char *const looks[] = {"", "(?<=甲|@v|丙丁)", "(?<=^|，)", "(?=乙|@w)", "(?<=[甲乙]丙?)"};
		struct buf match = {0}, with = {0};
		seed = round * 7919;
		const char *look = looks[any(COUNT_OF(looks))];
		struct buf inner = {0};
		add_alternatives(&inner, 2);
		buf_addf(&match, "%s(%s)", look, inner.p);
		buf_addf(&with, "%s(%s)|[^甲]{250}", look, inner.p);
		check_texts(match.p, with.p);
		buf_free(&inner);
		buf_free(&match);
		buf_free(&with);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_lost),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
