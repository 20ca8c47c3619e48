/* pattern_plan.c: makes a compiled pattern ready to run, and answers what can be told of it before; where it may begin and what it cannot do without:
 * pattern_needs.c. */
#include <string.h>

#include "annotations/extract/pattern_program.h"

/* What was visited is kept by place and number of split, so that what is near in a match is near in memory; for splits that are met once
 * nothing is kept. */
static void number_splits(struct pattern *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->steps[i].code == OP_SPLIT && !p->steps[i].once)
			p->steps[i].value = (uint16_t)p->n_splits++;
}

#define ANY_LENGTH ((2u << PATTERN_BEHIND) - 1)

/* How many code points a nested program may take, as bits; steps lead forward but for the jumps of loops.
 * lengths: scratch, n + 1 of them. */
static uint32_t lengths_of(const struct pattern *p, uint32_t from, uint32_t end, uint32_t *lengths)
{
	memset(lengths + from, 0, (end - from + 1) * sizeof *lengths);
	lengths[from] = 1;
	for (uint32_t i = from; i + 1 < end; i++) {
		const struct op_step *s = &p->steps[i];
		uint32_t here = lengths[i];
		if (s->code == OP_CHAR || s->code == OP_SET || s->code == OP_ANY)
			here = here << 1 & ANY_LENGTH;
		else if (s->code == OP_CLASS && here)
			here = ANY_LENGTH & ~((2u << __builtin_ctz(here)) - 1);
		if ((s->code == OP_JUMP || s->code == OP_SPLIT) && s->a <= i)
			return ANY_LENGTH;
		if (s->code == OP_SPLIT && s->b <= i)
			return ANY_LENGTH;
		if (s->code == OP_SPLIT)
			lengths[s->b] |= here;
		if (s->code == OP_SPLIT || s->code == OP_JUMP || s->code == OP_AHEAD || s->code == OP_BEHIND)
			lengths[s->a] |= here;
		else
			lengths[i + 1] |= here;
		if (s->code == OP_AHEAD || s->code == OP_BEHIND)
			i = s->a - 1;
	}
	return lengths[end - 1];
}

static void measure_behind(struct pattern *p)
{
	uint32_t *scratch = mem_array(p->n + 1, sizeof *scratch);
	for (size_t i = 0; i < p->n; i++)
		if (p->steps[i].code == OP_BEHIND)
			p->steps[i].b = lengths_of(p, (uint32_t)i + 1, p->steps[i].a, scratch);
	mem_free(scratch);
}

void pattern_uses(const struct pattern *p, uint8_t *uses)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->steps[i].code == OP_CLASS)
			uses[p->steps[i].a] |= CLASS_STARTS | CLASS_LOOKED | CLASS_WALKED;
	for (size_t i = 0; i < p->n; i++) {
		if (p->steps[i].code != OP_LOOK && p->steps[i].code != OP_LOOK_SET)
			continue;
		const struct look *look = &p->looks[p->steps[i].a];
		for (size_t k = 0; k < look->n; k++)
			uses[look->classes[k]] |= CLASS_LOOKED | (p->steps[i].behind ? CLASS_ENDS : CLASS_STARTS);
	}
}

static uint32_t behind_jumps(const struct pattern *p, uint32_t step)
{
	while (p->steps[step].code == OP_JUMP)
		step = p->steps[step].a;
	return step;
}

/* Each step gets its next one, jumps passed over: none is met when a program runs. */
static void link_steps(struct pattern *p)
{
	for (uint32_t i = 0; i + 1 < p->n; i++) {
		struct op_step *s = &p->steps[i];
		bool nested = s->code == OP_AHEAD || s->code == OP_BEHIND;
		if (s->code == OP_SPLIT || nested)
			s->a = behind_jumps(p, s->a);
		if (s->code == OP_SPLIT)
			s->b = behind_jumps(p, s->b);
		else if (!nested && s->code != OP_MATCH)
			s->b = behind_jumps(p, i + 1);
	}
}

static void join_looks(struct pattern *p)
{
	for (uint32_t i = 0; i + 1 < p->n; i++) {
		struct op_step *s = &p->steps[i];
		const struct op_step *next = &p->steps[s->b];
		if (s->code != OP_LOOK || next->code != OP_SET || next->a > UINT16_MAX)
			continue;
		s->code = OP_LOOK_SET;
		s->value = (uint16_t)next->a;
		s->b = next->b;
	}
}

bool pattern_plan(struct pattern *p)
{
	pattern_sift(p);
	for (size_t i = 0; i < p->n; i++)
		p->divides = p->divides || p->steps[i].code == OP_WORD;
	measure_behind(p);
	pattern_glances(p);
	number_splits(p);
	pattern_find_behind(p);
	enum items_found starts = items_first(p, 0, &p->starts);
	p->anywhere = starts == ITEMS_ANY;
	pattern_find_needs(p);
	link_steps(p);
	join_looks(p);
	return starts != ITEMS_NONE;
}

bool pattern_starts(const struct pattern *p, const class_id **classes, size_t *n, const codepoint **characters, size_t *n_characters)
{
	*classes = p->starts.classes;
	*n = p->starts.n;
	*characters = p->starts.characters;
	*n_characters = p->starts.n_characters;
	return !p->anywhere;
}

bool pattern_behind(const struct pattern *p, const class_id **classes, size_t *n, const codepoint **characters, size_t *n_characters, bool *edge)
{
	*classes = p->behind.classes;
	*n = p->behind.n;
	*characters = p->behind.characters;
	*n_characters = p->behind.n_characters;
	*edge = p->behind_edge;
	return p->behind_listed;
}

bool pattern_needs(const struct pattern *p, size_t i, struct needed *out)
{
	if (i >= p->n_needs)
		return false;
	const struct need *n = &p->needs[i];
	*out = (struct needed){n->items.classes, n->items.n, n->items.characters, n->items.n_characters, n->passed, n->n_passed, n->steps, n->hits};
	return true;
}

void pattern_groups(const struct pattern *p, const class_id **classes, size_t *n)
{
	*classes = p->groups;
	*n = p->n_groups;
}
