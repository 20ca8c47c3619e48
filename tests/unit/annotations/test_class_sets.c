/* Sets of classes beside the plain ways to tell the same, on lattices, sets and rules at random. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "annotations/extract/class_sets.h"

#define CLASSES 70
#define SETS 300
#define RULES 150
#define PLACES 300

static uint32_t seed;

static size_t any(size_t below)
{
	seed = seed * 1664525u + 1013904223u; /* Numerical Recipes, 7.1 */
	return (seed >> 8) % below;
}

static bool has(const uint64_t *row, size_t i)
{
	return row[i >> 6] >> (i & 63) & 1;
}

static void test_near(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 3000; round++) {
		uint64_t starts[4], hits[4], got[4];
		seed = round * 7919;
		size_t words = 1 + any(4), reach = any(4) ? any(70) : any(300), left = 0;
		for (size_t k = 0; k < words; k++) {
			starts[k] = (uint64_t)1 << any(64) | (any(3) ? 0 : (uint64_t)any(1 << 20) << any(44));
			hits[k] = any(3) ? 0 : (uint64_t)1 << any(64) | (uint64_t)1 << any(64);
		}
		memcpy(got, starts, sizeof got);
		bool some = starts_keep_near(got, hits, words, reach);
		for (size_t at = 0; at < 64 * words; at++) {
			bool near = false;
			for (size_t i = at; i < 64 * words && i - at <= reach; i++)
				near = near || has(hits, i);
			assert_int_equal(has(got, at), has(starts, at) && near);
			left += has(got, at);
		}
		assert_int_equal(some, left > 0);
	}
}

struct plain {
	class_id members[SETS][12];
	size_t n_members[SETS];
	set_id ids[SETS], waits[RULES][4];
	size_t n_waits[RULES];
	bool made[CLASSES];
};

static void make(struct plain *p, struct class_sets *s)
{
	for (size_t c = 0; c < CLASSES; c++)
		p->made[c] = any(4) == 0;
	for (size_t i = 0; i < SETS; i++) {
		p->n_members[i] = any(13);
		for (size_t k = 0; k < p->n_members[i]; k++)
			p->members[i][k] = (class_id)any(CLASSES);
		p->ids[i] = class_sets_add(s, p->members[i], p->n_members[i]);
	}
	for (size_t r = 0; r < RULES; r++) {
		class_sets_rule(s);
		p->n_waits[r] = any(5);
		for (size_t k = 0; k < p->n_waits[r]; k++) {
			p->waits[r][k] = (set_id)any(SETS);
			class_sets_wait(s, p->ids[p->waits[r][k]]);
		}
	}
	class_sets_finish(s, p->made, CLASSES);
}

/* Hits of classes that rules make, or of others. */
static void add_hits(const struct plain *p, struct lattice *l, size_t n, bool made)
{
	while (n-- > 0) {
		class_id c = (class_id)any(CLASSES);
		size_t start = any(l->window->n - 3);
		if (p->made[c] == made)
			lattice_add(l, c, start, start + 1 + any(3), 0, 0, 0);
	}
}

static bool is_met(const struct plain *p, const struct lattice *l, size_t set)
{
	for (size_t k = 0; k < p->n_members[set]; k++)
		if (l->longest[p->members[set][k]])
			return true;
	return false;
}

static size_t next_rule(const struct plain *p, const struct lattice *l, size_t rule)
{
	for (; rule < RULES; rule++) {
		size_t k = 0;
		while (k < p->n_waits[rule] && is_met(p, l, p->waits[rule][k]))
			k++;
		if (k == p->n_waits[rule])
			return rule;
	}
	return NOWHERE;
}

static void check_rows(const struct plain *p, struct sets_met *m, const struct lattice *l)
{
	size_t set = any(SETS);
	for (size_t at = 0; at <= l->window->n; at++) {
		bool starts = false, ends = false;
		for (size_t k = 0; k < p->n_members[set]; k++) {
			starts = starts || lattice_starts(l, p->members[set][k], at);
			ends = ends || lattice_ends(l, p->members[set][k], at);
		}
		assert_int_equal(has(sets_starts(m, p->ids[set]), at), starts);
		assert_int_equal(has(sets_ends(m, p->ids[set]), at), ends);
	}
}

static void test_rules_and_rows(void **state)
{
	(void)state;
	struct lattice lattice = {0};
	for (uint32_t round = 0; round < 20; round++) {
		static struct plain p;
		struct class_sets sets = {0};
		struct sets_met met = {0};
		seed = round;
		make(&p, &sets);
		for (size_t window = 0; window < 6; window++) {
			struct window w = {.n = 4 + any(PLACES)};
			lattice_reset(&lattice, &w, CLASSES);
			add_hits(&p, &lattice, any(40), false);
			add_hits(&p, &lattice, any(40), true);
			sets_begin(&met, &sets, &lattice);
			for (size_t rule = 0; rule != NOWHERE;) {
				size_t wanted = next_rule(&p, &lattice, rule);
				assert_int_equal(sets_next_rule(&met, rule), wanted);
				check_rows(&p, &met, &lattice);
				add_hits(&p, &lattice, any(4), true);
				rule = wanted == NOWHERE ? NOWHERE : wanted + 1;
			}
		}
		sets_met_free(&met);
		class_sets_free(&sets);
	}
	lattice_free(&lattice);
}

static void test_sets_are_kept_once(void **state)
{
	(void)state;
	struct class_sets s = {0};
	const class_id one[] = {5, 3, 5, 9}, same[] = {9, 3, 5}, other[] = {9, 3};
	set_id id = class_sets_add(&s, one, COUNT_OF(one));
	assert_int_equal(class_sets_add(&s, same, COUNT_OF(same)), id);
	assert_int_not_equal(class_sets_add(&s, other, COUNT_OF(other)), id);
	assert_int_equal(s.n, 2);
	class_sets_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_near),
		cmocka_unit_test(test_rules_and_rows),
		cmocka_unit_test(test_sets_are_kept_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
