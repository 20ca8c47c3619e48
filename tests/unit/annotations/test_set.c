/* set: order, queries, counts, against a plain list; memory of a span. */
#include "edit_fixture.h"

#include <malloc.h>

#define TEXT_POINTS 300

struct shadow {
	bool there;
	size_t from, to;
	enum verdict verdict;
	char id[8];
};

static uint32_t seed = 7;

static uint32_t roll(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

static struct article *long_article(void)
{
	struct buf text = {0};
	for (int i = 0; i < TEXT_POINTS; i++)
		buf_adds(&text, i % 3 ? "字" : "x");
	struct article *a = article_of(buf_str(&text));
	buf_free(&text);
	return a;
}

static struct node *span_map(struct article *a, const struct shadow *s)
{
	struct node *map = node_map(), *at = node_list(), *pair = node_list();
	size_t off = article_off(a, s->from), end = article_off(a, s->to);
	node_add(pair, node_number(s->from));
	node_add(pair, node_number(s->to));
	node_add(at, pair);
	node_put_text(map, S("id"), str_of(s->id));
	node_put_text(map, S("label"), S("ORG"));
	node_put(map, S("at"), at);
	node_put_text(map, S("text"), str_sub(article_text(a), off, end));
	node_put_text(map, S("verdict"), str_of(verdict_name(s->verdict)));
	return map;
}

static void new_place(struct shadow *s)
{
	s->from = roll(TEXT_POINTS);
	s->to = s->from + (roll(5) ? roll(9) : roll(150));
	if (s->to > TEXT_POINTS)
		s->to = TEXT_POINTS;
}

static void check_order(const struct set *set, struct article *a, const struct shadow *all, size_t n)
{
	size_t there = 0, by_verdict[VERDICTS] = {0};
	for (size_t i = 0; i < n; i++) {
		size_t at = set_find_span(set, str_of(all[i].id));
		assert_int_equal(at != NOWHERE, all[i].there);
		if (!all[i].there)
			continue;
		there++;
		by_verdict[all[i].verdict]++;
		const struct span *span = set_span(set, at);
		assert_true(str_eq(span->id, str_of(all[i].id)));
		assert_int_equal(span->off, article_off(a, all[i].from));
		assert_int_equal(span->end, article_off(a, all[i].to));
	}
	assert_int_equal(set_spans(set), there);
	for (size_t i = 1; i < there; i++) {
		const struct span *x = set_span(set, i - 1), *y = set_span(set, i);
		assert_true(x->off < y->off ||
		            (x->off == y->off && (x->end > y->end || (x->end == y->end && str_cmp(x->id, y->id) < 0))));
	}
	for (size_t v = 0; v < VERDICTS; v++)
		assert_int_equal(set_counts(set)->spans[v], by_verdict[v]);
}

static void check_touching(const struct set *set, size_t from, size_t to)
{
	size_t *list = NULL, n = 0, cap = 0, k = 0;
	set_touching(set, from, to, &list, &n, &cap);
	for (size_t i = 0; i < set_spans(set); i++) {
		const struct span *s = set_span(set, i);
		bool touches = s->off == s->end ? s->off >= from && s->off <= to : s->off < to && s->end > from;
		if (touches) {
			assert_true(k < n);
			assert_int_equal(list[k++], i);
		}
	}
	assert_int_equal(k, n);
	mem_free(list);
	size_t first = set_from(set, from);
	assert_true(first == set_spans(set) || set_span(set, first)->off >= from);
	assert_true(first == 0 || set_span(set, first - 1)->off < from);
}

#define MANY 200

static void test_against_a_plain_list(void **state)
{
	(void)state;
	struct article *a = long_article();
	struct schema *schema = test_schema();
	struct set *set = set_new(a, schema);
	struct shadow all[MANY] = {0};
	for (size_t i = 0; i < MANY; i++) {
		all[i].id[0] = (char)('b' + i % 20);
		all[i].id[1] = (char)('b' + i / 20);
	}
	for (int round = 0; round < 3000; round++) {
		struct shadow *s = &all[roll(MANY)];
		struct error err = {0};
		if (!s->there) {
			new_place(s);
			s->verdict = roll(VERDICTS);
			struct node *map = span_map(a, s);
			assert_good(set_add(set, ITEM_SPAN, str_of(s->id), map, &err), &err);
			assert_false(set_add(set, ITEM_SPAN, str_of(s->id), map, NULL));
			node_free(map);
			s->there = true;
		} else if (roll(3) == 0) {
			assert_true(set_remove(set, ITEM_SPAN, str_of(s->id)));
			assert_false(set_remove(set, ITEM_SPAN, str_of(s->id)));
			s->there = false;
		} else {
			if (roll(2))
				new_place(s);
			s->verdict = roll(VERDICTS);
			struct node *map = span_map(a, s);
			assert_good(set_change(set, ITEM_SPAN, str_of(s->id), map, &err), &err);
			node_free(map);
		}
		if (roll(4) == 0)
			check_touching(set, roll(700), roll(700));
		if (roll(40) == 0)
			check_order(set, a, all, MANY);
	}
	check_order(set, a, all, MANY);
	for (size_t from = 0; from < 710; from += 13)
		for (size_t to = from; to < 710; to += 57)
			check_touching(set, from, to);
	set_free(set);
	schema_free(schema);
	article_free(a);
}

/* ---- many spans ------------------------------------------------------------------------------------------------- */

/* Bytes in use; 0 where the allocator does not tell (under sanitizers). */
static size_t held(void)
{
	struct mallinfo2 info = mallinfo2();
	return info.uordblks + info.hblkhd;
}

#define LARGE 20000

static void write_large(struct buf *text, struct buf *sidecar)
{
	buf_adds(sidecar, "zhupi: 1\nspans:\n");
	for (int i = 0; i < LARGE; i++) {
		buf_adds(text, "开封市委书记高建军强调。\n");
		buf_addf(
		    sidecar,
		    "- id: g%05d\n  label: PERSON\n  at: [[%d, %d]]\n  text: 高建军\n  context: [开封市委书记, "
		    "强调。]\n"
		    "  verdict: undecided\n  source: {by: zh-report, version: 1, rule: name-after-post, score: 0.93}\n",
		    i, i * 13 + 6, i * 13 + 9);
	}
}

static void test_a_span_takes_little_memory(void **state)
{
	(void)state;
	struct buf text = {0}, sidecar = {0};
	write_large(&text, &sidecar);
	put("a.txt.yaml", sidecar.p);
	struct article *a = article_of(buf_str(&text));
	struct schema *schema = test_schema();
	struct sidecar *s;
	struct error err = {0};
	article_length(a);
	size_t before = held();
	struct set *set = set_new(a, schema);
	assert_good(sidecar_load("a.txt.yaml", "a.txt", set, &s, NULL, &err), &err);
	assert_int_equal(set_spans(set), LARGE);
	size_t used = held() - before, each = used ? (used - sidecar.n) / LARGE : 0;
	set_free(set);
	sidecar_free(s);
	if (each > 200)
		print_error("%zu bytes a span\n", each);
	assert_true(each <= 200);
	schema_free(schema);
	article_free(a);
	buf_free(&text);
	buf_free(&sidecar);
}

static void test_names(void **state)
{
	(void)state;
	for (enum verdict v = 0; v < VERDICTS; v++) {
		enum verdict back;
		assert_true(verdict_of_name(str_of(verdict_name(v)), &back));
		assert_int_equal(back, v);
	}
	for (enum item_kind k = 0; k < ITEM_KINDS; k++) {
		enum item_kind back;
		assert_true(item_kind_of_name(str_of(item_kind_name(k)), &back));
		assert_int_equal(back, k);
	}
	enum verdict v;
	assert_false(verdict_of_name(S("maybe"), &v));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_against_a_plain_list),
	    cmocka_unit_test_setup_teardown(test_a_span_takes_little_memory, folder_set_up, folder_tear_down),
	    cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests_name("set", tests, NULL, NULL);
}
