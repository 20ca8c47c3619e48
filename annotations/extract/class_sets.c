/* class_sets.c: see class_sets.h. */
#include "annotations/extract/class_sets.h"

#include <stdlib.h>
#include <string.h>

/* ---- made with a pack --------------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
	class_id x = *(const class_id *)a, y = *(const class_id *)b;
	return x == y ? 0 : x < y ? -1 : 1;
}

set_id class_sets_add(struct class_sets *s, const class_id *classes, size_t n)
{
	class_id *sorted = mem_array(n + 1, sizeof *sorted);
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		sorted[i] = classes[i];
	qsort(sorted, n, sizeof *sorted, by_number);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || sorted[i] != sorted[kept - 1])
			sorted[kept++] = sorted[i];
	for (size_t i = 0; i < s->n; i++)
		if (s->list[i].n == kept && memcmp(s->list[i].classes, sorted, kept * sizeof *sorted) == 0) {
			mem_free(sorted);
			return (set_id)i;
		}
	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 256;
		s->list = mem_grow(s->list, s->cap, sizeof *s->list);
	}
	s->list[s->n] = (struct class_set){.classes = sorted, .n = kept};
	return (set_id)s->n++;
}

void class_sets_rule(struct class_sets *s)
{
	if (s->n_rules + 1 >= s->cap_rules) {
		s->cap_rules = s->cap_rules ? s->cap_rules * 2 : 256;
		s->first = mem_grow(s->first, s->cap_rules, sizeof *s->first);
	}
	s->first[s->n_rules] = (uint32_t)s->n_waits;
	s->first[++s->n_rules] = (uint32_t)s->n_waits;
}

void class_sets_wait(struct class_sets *s, set_id set)
{
	if (s->n_waits == s->cap_waits) {
		s->cap_waits = s->cap_waits ? s->cap_waits * 2 : 512;
		s->waits = mem_grow(s->waits, s->cap_waits, sizeof *s->waits);
	}
	s->waits[s->n_waits++] = set;
	s->first[s->n_rules] = (uint32_t)s->n_waits;
}

static void settled_first(struct class_set *set, const bool *made)
{
	for (size_t i = 0; i < set->n; i++) {
		class_id class = set->classes[i];
		if (made[class])
			continue;
		set->classes[i] = set->classes[set->n_settled];
		set->classes[set->n_settled++] = class;
	}
}

void class_sets_finish(struct class_sets *s, const bool *made, size_t n_classes)
{
	s->first_of = mem_array(n_classes + 2, sizeof *s->first_of);
	for (size_t i = 0; i < s->n; i++) {
		settled_first(&s->list[i], made);
		for (size_t k = 0; k < s->list[i].n; k++)
			s->first_of[s->list[i].classes[k] + 2]++;
	}
	for (size_t c = 2; c < n_classes + 2; c++)
		s->first_of[c] += s->first_of[c - 1];
	/* Each place behind a class's own counts up to where that of the next one begins. */
	s->of = mem_array(s->first_of[n_classes + 1] + 1, sizeof *s->of);
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->list[i].n; k++)
			s->of[s->first_of[s->list[i].classes[k] + 1]++] = (set_id)i;
}

void class_sets_free(struct class_sets *s)
{
	for (size_t i = 0; i < s->n; i++)
		mem_free(s->list[i].classes);
	mem_free(s->list);
	mem_free(s->waits);
	mem_free(s->first);
	mem_free(s->of);
	mem_free(s->first_of);
	*s = (struct class_sets){0};
}

/* ---- met in a window ---------------------------------------------------------------------------------------- */

static void free_rows(struct sets_rows *r)
{
	mem_free(r->settled);
	mem_free(r->made);
	mem_free(r->joined);
}

void sets_met_free(struct sets_met *m)
{
	mem_free(m->met);
	mem_free(m->missing);
	free_rows(&m->starts);
	free_rows(&m->ends);
	*m = (struct sets_met){0};
}

static void begin_rows(struct sets_rows *r, size_t n, size_t words)
{
	if (words > r->cap) {
		r->cap = words + 4;
		r->settled = mem_grow(r->settled, n * r->cap, sizeof *r->settled);
		r->joined = mem_grow(r->joined, r->cap, sizeof *r->joined);
	}
	memset(r->made, 0, n * sizeof *r->made);
}

void sets_begin(struct sets_met *m, const struct class_sets *s, const struct lattice *l)
{
	if (m->sets != s) {
		sets_met_free(m);
		m->sets = s;
		m->met = mem_array(s->n + 1, sizeof *m->met);
		m->starts.made = mem_array(s->n + 1, sizeof *m->starts.made);
		m->ends.made = mem_array(s->n + 1, sizeof *m->ends.made);
		m->missing = mem_array(s->n_rules + 1, sizeof *m->missing);
		for (size_t i = 0; i < s->n_rules; i++)
			m->missing[i] = s->first[i] < s->first[i + 1] ? s->waits[s->first[i]] : (set_id)s->n;
	}
	m->lattice = l;
	m->seen = 0;
	memset(m->met, 0, s->n * sizeof *m->met);
	m->met[s->n] = true;
	begin_rows(&m->starts, s->n + 1, l->words);
	begin_rows(&m->ends, s->n + 1, l->words);
}

static bool waits(struct sets_met *m, size_t rule)
{
	const bool *met = m->met;
	const set_id *list = m->sets->waits;
	const uint32_t end = m->sets->first[rule + 1];
	for (uint32_t i = m->sets->first[rule]; i < end; i++)
		if (!met[list[i]]) {
			m->missing[rule] = list[i];
			return true;
		}
	return false;
}

size_t sets_next_rule(struct sets_met *m, size_t rule)
{
	const struct class_sets *s = m->sets;
	const size_t n = s->n_rules;
	bool *met = m->met;
	for (; m->seen < m->lattice->n_met; m->seen++) {
		const class_id class = m->lattice->met[m->seen];
		const set_id *end = s->of + s->first_of[class + 1];
		for (const set_id *set = s->of + s->first_of[class]; set < end; set++)
			met[*set] = true;
	}
	for (const set_id *missing = m->missing; rule < n; rule++)
		if (met[missing[rule]] && !waits(m, rule))
			return rule;
	return NOWHERE;
}

/* rows: of all classes, as the lattice has them; to: what they are joined to, NULL for nothing.  Those of classes
 * that were not met are empty: to join them costs less than to ask. */
static inline void join(const uint64_t *rows, size_t words, const class_id *classes, size_t n, const uint64_t *to, uint64_t *row)
{
	size_t k = 0;
	/* Two words at a time, for as many has the row of a line of common length. */
	for (; k + 1 < words; k += 2) {
		uint64_t first = to ? to[k] : 0, second = to ? to[k + 1] : 0;
		for (const class_id *c = classes; c < classes + n; c++) {
			const uint64_t *of = rows + k + *c * words;
			first |= of[0];
			second |= of[1];
		}
		row[k] = first;
		row[k + 1] = second;
	}
	if (k == words)
		return;
	uint64_t last = to ? to[k] : 0;
	for (const class_id *c = classes; c < classes + n; c++)
		last |= (rows + k)[*c * words];
	row[k] = last;
}

static const uint64_t *join_set(const struct lattice *l, const struct class_set *set, set_id number, const uint64_t *rows, struct sets_rows *r)
{
	uint64_t *settled = r->settled + number * r->cap;
	if (!r->made[number]) {
		join(rows, l->words, set->classes, set->n_settled, NULL, settled);
		r->made[number] = true;
	}
	if (set->n_settled == set->n)
		return settled;
	join(rows, l->words, set->classes + set->n_settled, set->n - set->n_settled, settled, r->joined);
	return r->joined;
}

static inline const uint64_t *row_of(const struct sets_met *m, set_id number, const uint64_t *rows, struct sets_rows *r)
{
	const struct class_set *set = &m->sets->list[number];
	return set->n == 1 ? rows + set->classes[0] * m->lattice->words : join_set(m->lattice, set, number, rows, r);
}

const uint64_t *sets_starts(struct sets_met *m, set_id set)
{
	return row_of(m, set, m->lattice->starts, &m->starts);
}

const uint64_t *sets_ends(struct sets_met *m, set_id set)
{
	return row_of(m, set, m->lattice->ends, &m->ends);
}

/* ---- starts ------------------------------------------------------------------------------------------------- */

/* The first bit set at or behind `from`, NOWHERE: none. */
static inline size_t next_bit(const uint64_t *bits, size_t words, size_t from)
{
	size_t k = from >> 6;
	uint64_t word = k < words ? bits[k] & UINT64_MAX << (from & 63) : 0;
	while (!word && ++k < words)
		word = bits[k];
	return word ? k * 64 + (size_t)__builtin_ctzll(word) : NOWHERE;
}

/* With a reach longer than the row it is enough that the last hit is not in front of a start. */
static bool keep_before_last(uint64_t *starts, const uint64_t *hits, size_t words)
{
	uint64_t any = 0;
	size_t last = words;
	while (last > 0 && !hits[last - 1])
		starts[--last] = 0;
	if (last == 0)
		return false;
	starts[last - 1] &= UINT64_MAX >> __builtin_clzll(hits[last - 1]);
	for (size_t k = 0; k < last; k++)
		any |= starts[k];
	return any;
}

bool starts_keep_near(uint64_t *starts, const uint64_t *hits, size_t words, size_t reach)
{
	uint64_t any = 0;
	size_t hit = 0;
	if (reach >= 64 * words)
		return keep_before_last(starts, hits, words);
	for (size_t k = 0; k < words; k++) {
		uint64_t kept = 0;
		for (uint64_t bits = hit == NOWHERE ? 0 : starts[k]; bits; bits &= bits - 1) {
			size_t at = k * 64 + (size_t)__builtin_ctzll(bits);
			if (hit < at || hit == 0)
				hit = next_bit(hits, words, at);
			if (hit == NOWHERE)
				break;
			if (hit - at <= reach)
				kept |= bits & -bits;
		}
		any |= starts[k] = kept;
	}
	return any;
}
