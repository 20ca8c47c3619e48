/* compare.c: see compare.h. */
#include "annotations/compare.h"

#include <stdlib.h>

static const char *const names[DIFFERENCES] = {"same", "missed", "wrong", "boundary", "label"};

const char *difference_name(enum difference d)
{
	return names[d];
}

/* ---- figures ---------------------------------------------------------------------------------------------------- */

static unsigned share(uint64_t part, uint64_t whole)
{
	return whole ? (unsigned)((part * 20000 + whole) / (whole * 2)) : 0;
}

unsigned tally_precision(const struct tally *t)
{
	return share(t->exact, t->system);
}

unsigned tally_recall(const struct tally *t)
{
	return share(t->exact, t->gold);
}

unsigned tally_f1(const struct tally *t)
{
	return share(2 * t->exact, t->gold + t->system);
}

unsigned tally_overlap_precision(const struct tally *t)
{
	return share(t->overlap_system, t->system);
}

unsigned tally_overlap_recall(const struct tally *t)
{
	return share(t->overlap_gold, t->gold);
}

static struct tally *tally_of(struct tallies *t, struct str name)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->list[i].name, name))
			return &t->list[i];
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 16;
		t->list = mem_grow(t->list, t->cap, sizeof *t->list);
	}
	t->list[t->n] = (struct tally){.name = name};
	return &t->list[t->n++];
}

/* ---- one article ------------------------------------------------------------------------------------------------- */

static bool overlap(const struct compared_span *a, const struct compared_span *b)
{
	return a->start < b->end && b->start < a->end;
}

static bool same_extent(const struct compared_span *a, const struct compared_span *b)
{
	return a->start == b->start && a->end == b->end;
}

static void add_pair(struct comparison *c, struct compared_pair p)
{
	if (c->n == c->cap) {
		c->cap = c->cap ? c->cap * 2 : 256;
		c->pairs = mem_grow(c->pairs, c->cap, sizeof *c->pairs);
	}
	c->pairs[c->n++] = p;
	struct tally *t = tally_of(&c->labels, p.gold ? p.gold->label : p.system->label);
	t->errors[p.difference]++;
	c->all.errors[p.difference]++;
}

struct match {
	const struct compared_article *gold, *system;
	bool *gold_used, *system_used;
	struct comparison *out;
};

enum step { STEP_SAME, STEP_BOUNDARY, STEP_LABEL, STEPS };

static bool fits(enum step step, const struct compared_span *g, const struct compared_span *s)
{
	bool label = str_eq(g->label, s->label);
	switch (step) {
	case STEP_SAME:
		return label && same_extent(g, s);
	case STEP_BOUNDARY:
		return label && overlap(g, s);
	default:
		return same_extent(g, s);
	}
}

static void match_step(struct match *m, enum step step)
{
	static const enum difference kinds[STEPS] = {SAME, BOUNDARY, LABEL};
	size_t from = 0;
	for (size_t i = 0; i < m->gold->n; i++) {
		const struct compared_span *g = &m->gold->spans[i];
		/* Sorted by start, and nothing is longer than a few hundred: what lies far behind is past. */
		while (from < m->system->n && m->system->spans[from].start + 4096 < g->start)
			from++;
		for (size_t k = from; !m->gold_used[i] && k < m->system->n && m->system->spans[k].start < g->end + (g->start == g->end); k++) {
			if (m->system_used[k] || !fits(step, g, &m->system->spans[k]))
				continue;
			m->gold_used[i] = m->system_used[k] = true;
			add_pair(m->out, (struct compared_pair){m->gold, g, &m->system->spans[k], kinds[step]});
		}
	}
}

static bool overlaps_any(const struct compared_span *s, const struct compared_article *a)
{
	for (size_t i = 0; i < a->n && a->spans[i].start < s->end; i++)
		if (str_eq(a->spans[i].label, s->label) && overlap(s, &a->spans[i]))
			return true;
	return false;
}

static void count_spans(struct match *m)
{
	struct comparison *c = m->out;
	for (size_t i = 0; i < m->gold->n; i++) {
		struct tally *t = tally_of(&c->labels, m->gold->spans[i].label);
		bool over = overlaps_any(&m->gold->spans[i], m->system);
		t->gold++, c->all.gold++;
		t->overlap_gold += over, c->all.overlap_gold += over;
	}
	for (size_t i = 0; i < m->system->n; i++) {
		struct tally *t = tally_of(&c->labels, m->system->spans[i].label);
		bool over = overlaps_any(&m->system->spans[i], m->gold);
		t->system++, c->all.system++;
		t->overlap_system += over, c->all.overlap_system += over;
	}
}

static void count_right(struct comparison *c, const struct compared_span *s, bool right)
{
	if (s->rule.n) {
		struct tally *t = tally_of(&c->rules, s->rule);
		t->system++;
		t->exact += right;
	}
	if (s->score != SCORE_NONE) {
		size_t band = s->score / 100u < SCORE_BANDS ? s->score / 100u : SCORE_BANDS - 1;
		c->bands[band].system++;
		c->bands[band].exact += right;
	}
}

static void compare_articles(const struct compared_article *gold, const struct compared_article *system, struct comparison *out)
{
	struct match m = {gold, system, mem_array(gold->n + 1, sizeof(bool)), mem_array(system->n + 1, sizeof(bool)), out};
	size_t first = out->n;
	count_spans(&m);
	for (enum step s = STEP_SAME; s < STEPS; s++)
		match_step(&m, s);
	for (size_t i = first; i < out->n; i++) {
		bool same = out->pairs[i].difference == SAME;
		tally_of(&out->labels, out->pairs[i].gold->label)->exact += same;
		out->all.exact += same;
		count_right(out, out->pairs[i].system, same);
	}
	for (size_t i = 0; i < gold->n; i++)
		if (!m.gold_used[i])
			add_pair(out, (struct compared_pair){gold, &gold->spans[i], NULL, MISSED});
	for (size_t i = 0; i < system->n; i++)
		if (!m.system_used[i]) {
			add_pair(out, (struct compared_pair){gold, NULL, &system->spans[i], WRONG});
			count_right(out, &system->spans[i], false);
		}
	mem_free(m.gold_used);
	mem_free(m.system_used);
}

/* ---- all articles ------------------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	return str_cmp(((const struct tally *)a)->name, ((const struct tally *)b)->name);
}

void compare(const struct compared_source *gold, const struct compared_source *system, struct comparison *out)
{
	const struct compared_article none = {0};
	size_t g = 0, s = 0;
	*out = (struct comparison){.all.name = S("all")};
	while (g < gold->n || s < system->n) {
		int order = g == gold->n ? 1 : s == system->n ? -1 : str_cmp(gold->articles[g].name, system->articles[s].name);
		if (order <= 0)
			compare_articles(&gold->articles[g], order == 0 ? &system->articles[s] : &none, out);
		out->missing += order < 0;
		out->unscored += order > 0;
		g += order <= 0;
		s += order >= 0;
	}
	if (out->labels.n)
		qsort(out->labels.list, out->labels.n, sizeof *out->labels.list, by_name);
	if (out->rules.n)
		qsort(out->rules.list, out->rules.n, sizeof *out->rules.list, by_name);
}

void comparison_free(struct comparison *c)
{
	mem_free(c->labels.list);
	mem_free(c->rules.list);
	mem_free(c->pairs);
	*c = (struct comparison){0};
}
