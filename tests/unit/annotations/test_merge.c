/* merge: nothing is lost, nothing chosen silently. */
#include "edit_fixture.h"

#include "annotations/merge.h"
#include "annotations/yaml_read.h"

static struct node *tree(const char *text)
{
	struct node *n = NULL;
	struct error err = {0};
	if (!text)
		return NULL;
	assert_good(yaml_read(str_of(text), NULL, &n, &err), &err);
	return n;
}

static void check(const char *base, const char *ours, const char *theirs, enum merge_result result, const char *merged)
{
	struct node *b = tree(base), *o = tree(ours), *t = tree(theirs), *expected = tree(merged), *out = NULL;
	enum merge_result got = merge_item(b, o, t, &out);
	if (got != result || !node_equal(out, expected))
		print_error("base %s\nours %s\ntheirs %s\n", base ? base : "-", ours ? ours : "-",
		            theirs ? theirs : "-");
	assert_int_equal(got, result);
	assert_true(node_equal(out, expected));
	node_free(b);
	node_free(o);
	node_free(t);
	node_free(expected);
	node_free(out);
}

static void test_table(void **state)
{
	(void)state;
	static const char base[] = "{id: a, label: ORG, at: [[1, 2]], verdict: undecided}";
	check(base, base, base, MERGE_SAME, base);
	check(NULL, NULL, base, MERGE_SAME, base);
	check(NULL, base, NULL, MERGE_TAKEN, base);
	check(base, NULL, base, MERGE_TAKEN, NULL);
	check(base, base, NULL, MERGE_SAME, NULL);
	/* Different keys. */
	check(base, "{id: a, label: ORG, at: [[1, 2]], verdict: undecided, note: n}",
	      "{id: a, label: ORG, at: [[1, 2]], verdict: undecided, flag: f}", MERGE_TAKEN,
	      "{id: a, label: ORG, at: [[1, 2]], verdict: undecided, note: n, flag: f}");
	/* A decision on one side. */
	check(base, "{id: a, label: POST, at: [[1, 2]], verdict: corrected, judged: {by: x}}",
	      "{id: a, label: ORG, at: [[1, 2]], verdict: undecided, flag: f}", MERGE_TAKEN,
	      "{id: a, label: POST, at: [[1, 2]], verdict: corrected, judged: {by: x}, flag: f}");
	/* The same decision by two people. */
	check(base, "{id: a, label: ORG, at: [[1, 2]], verdict: accepted, judged: {by: x}}",
	      "{id: a, label: ORG, at: [[1, 2]], verdict: accepted, judged: {by: y}}", MERGE_SAME,
	      "{id: a, label: ORG, at: [[1, 2]], verdict: accepted, judged: {by: y}}");
	/* Two decisions: half of one and half of another would be a third. */
	check(base, "{id: a, label: ORG, at: [[1, 3]], verdict: undecided, note: n}",
	      "{id: a, label: ORG, at: [[1, 2]], verdict: accepted, judged: {by: y}}", MERGE_CONFLICT,
	      "{id: a, label: ORG, at: [[1, 2]], verdict: accepted, judged: {by: y}, note: n}");
	check(base, NULL, "{id: a, label: ORG, at: [[1, 2]], verdict: accepted}", MERGE_CONFLICT,
	      "{id: a, label: ORG, at: [[1, 2]], verdict: accepted}");
	check(base, "{id: a, label: ORG, at: [[1, 2]], verdict: accepted}", NULL, MERGE_CONFLICT, NULL);
	/* The same key, differently; both sides removing. */
	check("{id: a, note: b}", "{id: a, note: o}", "{id: a, note: t}", MERGE_CONFLICT, "{id: a, note: t}");
	check("{id: a, note: b}", "{id: a}", "{id: a}", MERGE_SAME, "{id: a}");
	check("{id: a, note: b, flag: f}", "{id: a, flag: f}", "{id: a, note: b}", MERGE_TAKEN, "{id: a}");
	/* Attributes one by one. */
	check("{id: a, attributes: {x: 1}}", "{id: a, attributes: {x: 1, y: 2}}", "{id: a, attributes: {x: 3}}",
	      MERGE_TAKEN, "{id: a, attributes: {x: 3, y: 2}}");
	check(NULL, "{id: a, note: o}", "{id: a, note: t}", MERGE_CONFLICT, "{id: a, note: t}");
}

/* ---- algebra over random versions ------------------------------------------------------------------------------- */

static uint32_t seed;

static uint32_t roll(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

/* Attributes are merged one by one only where both still are maps of them. */
static void test_attributes_that_are_none(void **state)
{
	(void)state;
#define A(value) "{id: a, attributes: " value "}"
	check(A("{x: 1}"), A("{x: 2}"), A("{x: 1, y: 3}"), MERGE_TAKEN, A("{x: 2, y: 3}"));
	check(A("{x: 1}"), A("{x: 2}"), "{id: a, note: n}", MERGE_CONFLICT, "{id: a, note: n}");
	check(A("{x: 1}"), "{id: a, note: n}", A("{x: 2}"), MERGE_CONFLICT, "{id: a, attributes: {x: 2}, note: n}");
	check(A("{x: 1}"), A("[x]"), A("{x: 2}"), MERGE_CONFLICT, A("{x: 2}"));
	check(A("{x: 1}"), A("{x: 2}"), A("[x]"), MERGE_CONFLICT, A("[x]"));
	check(A("[x]"), A("{x: 2}"), A("{y: 3}"), MERGE_TAKEN, A("{y: 3, x: 2}"));
}

static const char *const keys[] = {"label", "at", "verdict", "judged", "note", "flag", "attributes", "links"};

static struct node *value(void)
{
	struct buf text = {0};
	buf_addf(&text, "v%u", roll(3));
	struct node *n = node_text(buf_str(&text));
	buf_free(&text);
	return n;
}

static struct node *version(const struct node *from)
{
	if (roll(12) == 0)
		return NULL;
	struct node *n = from ? node_copy(from) : node_map();
	node_put_text(n, S("id"), S("a"));
	for (uint32_t changes = roll(3); changes--;) {
		struct str key = str_of(keys[roll(COUNT_OF(keys))]);
		node_put(n, key, roll(4) ? value() : NULL);
	}
	return n;
}

/* Where one side alone changed a key from base, the result must have it; where nothing clashes both orders give the
 * same. */
static void check_algebra(const struct node *b, const struct node *o, const struct node *t)
{
	struct node *out, *other, *again;
	enum merge_result result = merge_item(b, o, t, &out), swapped = merge_item(b, t, o, &other);
	assert_int_equal(result == MERGE_CONFLICT, swapped == MERGE_CONFLICT);
	if (result != MERGE_CONFLICT) {
		for (size_t i = 0; o && out && i < COUNT_OF(keys); i++) {
			struct str key = str_of(keys[i]);
			const struct node *in_b = node_get(b, key), *in_o = node_get(o, key), *in_t = node_get(t, key),
			                  *in_out = node_get(out, key);
			bool judged = str_eq(key, S("judged"));
			if (node_equal(in_o, in_t))
				assert_true(judged || node_equal(in_out, in_o));
			else if (node_equal(in_b, in_t) && !judged)
				assert_true(node_equal(in_out, in_o));
			else if (node_equal(in_b, in_o) && !judged)
				assert_true(node_equal(in_out, in_t));
			if (!judged)
				assert_true(node_equal(in_out, node_get(other, key)));
		}
		/* Merging what was merged changes nothing. */
		assert_int_not_equal(merge_item(b, out, out, &again), MERGE_CONFLICT);
		assert_true(node_equal(again, out));
		node_free(again);
		assert_int_not_equal(merge_item(t, out, t, &again), MERGE_CONFLICT);
		assert_true(node_equal(again, out));
		node_free(again);
	}
	node_free(out);
	node_free(other);
}

static void test_algebra(void **state)
{
	(void)state;
	for (seed = 1; seed < 20000; seed += 7) {
		uint32_t start = seed;
		struct node *b = version(NULL), *o = version(b), *t = version(b);
		check_algebra(b, o, t);
		node_free(b);
		node_free(o);
		node_free(t);
		seed = start;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_attributes_that_are_none), cmocka_unit_test(test_table),
	    cmocka_unit_test(test_algebra),
	};
	return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
