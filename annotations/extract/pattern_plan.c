/* pattern_plan.c: what can be told of a compiled pattern before it is run: where it may begin, and what it cannot do without. */
#include <string.h>

#include "annotations/extract/pattern_program.h"

#define STARTS_LISTED 64 /* more characters than these: the pattern may begin anywhere */

static bool is_wide(const struct set *s)
{
	size_t listed = 0;
	for (size_t i = 0; i < s->n; i++)
		listed += s->ranges[i].to - s->ranges[i].from + 1;
	return s->negated || s->kinds & (KIND_HAN | KIND_SPACE | KIND_MARK) || listed > STARTS_LISTED;
}

static void add_to(codepoint **list, size_t *n, size_t *cap, codepoint c)
{
	if (*n == *cap) {
		*cap = *cap ? *cap * 2 : 16;
		*list = mem_grow(*list, *cap, sizeof **list);
	}
	(*list)[(*n)++] = c;
}

static void add_character(struct pattern *p, codepoint c)
{
	add_to(&p->characters, &p->n_characters, &p->cap_characters, c);
}

/* Ten digits, and the numerals of kinds_of(). */
static void add_numerals(struct pattern *p, unsigned kinds)
{
	static const codepoint han[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341,
	                                0x767E, 0x5343, 0x4E07, 0x4EBF, 0x4E24, 0x96F6, 0x3007};
	if (kinds & (KIND_DIGIT | KIND_NUMERAL))
		for (codepoint c = '0'; c <= '9'; c++)
			add_character(p, c);
	if (kinds & KIND_NUMERAL)
		for (size_t i = 0; i < COUNT_OF(han); i++)
			add_character(p, han[i]);
}

static void add_set_starts(struct pattern *p, const struct set *s)
{
	if (is_wide(s)) {
		p->anywhere = true;
		return;
	}
	for (size_t i = 0; i < s->n; i++)
		for (codepoint c = s->ranges[i].from; c <= s->ranges[i].to; c++)
			add_character(p, c);
	add_numerals(p, s->kinds);
}

/* What a match can begin with; false where it could be empty. */
static bool find_starts(struct pattern *p)
{
	uint32_t *stack = mem_array(p->n * 2 + 2, sizeof *stack);
	bool *seen = mem_array(p->n + 1, sizeof *seen), fine = true;
	size_t depth = 0;
	stack[depth++] = 0;
	while (depth && fine) {
		uint32_t at = stack[--depth];
		const struct op_step *s = &p->steps[at];
		if (seen[at])
			continue;
		seen[at] = true;
		switch ((enum op_code)s->code) {
		case OP_CHAR:
			add_character(p, s->a);
			break;
		case OP_SET:
			add_set_starts(p, &p->sets[s->a]);
			break;
		case OP_ANY:
			p->anywhere = true;
			break;
		case OP_CLASS:
			class_list_add(&p->starts, &p->n_starts, &p->cap_starts, (class_id)s->a);
			break;
		case OP_SPLIT:
			stack[depth++] = s->b;
			stack[depth++] = s->a;
			break;
		case OP_JUMP:
		case OP_AHEAD:
		case OP_BEHIND:
			stack[depth++] = s->a;
			break;
		case OP_OPEN: case OP_CLOSE: case OP_LOOK: case OP_BOL: case OP_EOL: case OP_WORD:
			stack[depth++] = at + 1;
			break;
		case OP_MATCH:
			fine = false;
			break;
		}
	}
	mem_free(stack);
	mem_free(seen);
	return fine;
}

/* Characters of the set of a look; false where they are too many to list. */
static bool list_behind(struct pattern *p, const struct set *s)
{
	if (s->negated || s->kinds & (KIND_HAN | KIND_MARK))
		return false;
	for (size_t i = 0; i < s->n; i++)
		for (codepoint c = s->ranges[i].from; c <= s->ranges[i].to && p->n_behind < STARTS_LISTED; c++)
			add_to(&p->behind, &p->n_behind, &p->cap_behind, c);
	if (s->kinds & KIND_SPACE)
		add_to(&p->behind, &p->n_behind, &p->cap_behind, ' ');
	return p->n_behind < STARTS_LISTED && !(s->kinds & (KIND_DIGIT | KIND_NUMERAL));
}

/* Whether the end can be reached without a hit of the class; nested programs are passed over. */
static bool avoidable(const struct pattern *p, class_id class, uint32_t *stack, bool *seen)
{
	size_t depth = 0;
	memset(seen, 0, p->n * sizeof *seen);
	stack[depth++] = 0;
	while (depth) {
		uint32_t at = stack[--depth];
		const struct op_step *s = &p->steps[at];
		if (seen[at])
			continue;
		seen[at] = true;
		if (s->code == OP_MATCH)
			return true;
		if (s->code == OP_CLASS && s->a == class)
			continue;
		if (s->code == OP_SPLIT)
			stack[depth++] = s->b;
		stack[depth++] = s->code == OP_SPLIT || s->code == OP_JUMP || s->code == OP_AHEAD || s->code == OP_BEHIND ? s->a : at + 1;
	}
	return false;
}

/* The longest way to a step of the class; steps lead forward but for the jumps of loops, which have no bound. */
static uint32_t distance_to(const struct pattern *p, class_id class, uint32_t *far)
{
	uint32_t most = 0;
	memset(far, 0, (p->n + 1) * sizeof *far);
	for (uint32_t i = 0; i < p->n; i++) {
		const struct op_step *s = &p->steps[i];
		uint32_t length = s->code == OP_CHAR || s->code == OP_SET || s->code == OP_ANY ? 1 : s->code == OP_CLASS ? PATTERN_HIT : 0;
		uint32_t next[2] = {i + 1, i + 1};
		if (s->code == OP_CLASS && s->a == class && far[i] > most)
			most = far[i];
		if (s->code == OP_JUMP && s->a <= i)
			return PATTERN_REACH;
		if (s->code == OP_SPLIT || s->code == OP_JUMP || s->code == OP_AHEAD || s->code == OP_BEHIND)
			next[0] = next[1] = s->a;
		if (s->code == OP_SPLIT)
			next[1] = s->b;
		for (size_t k = 0; k < COUNT_OF(next); k++)
			if (next[k] < p->n && far[next[k]] < far[i] + length)
				far[next[k]] = far[i] + length;
		if (s->code == OP_AHEAD || s->code == OP_BEHIND)
			i = s->a - 1;
	}
	return most < PATTERN_REACH ? most : PATTERN_REACH;
}

/* What was visited is kept by place and number of split, so that what is near in a match is near in memory. */
static void number_splits(struct pattern *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->steps[i].code == OP_SPLIT)
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

static void find_needs(struct pattern *p)
{
	uint32_t *scratch = mem_array(2 * p->n + 2, sizeof *scratch);
	bool *seen = mem_array(p->n + 1, sizeof *seen);
	for (uint32_t i = 0; i < p->n; i++) {
		const struct op_step *s = &p->steps[i];
		if (s->code == OP_AHEAD || s->code == OP_BEHIND) {
			i = s->a - 1;
			continue;
		}
		class_id class = (class_id)s->a;
		bool known = s->code != OP_CLASS;
		for (size_t k = 0; k < p->n_needs; k++)
			known = known || p->needs[k].class == class;
		if (known || avoidable(p, class, scratch, seen))
			continue;
		if (p->n_needs == p->cap_needs) {
			p->cap_needs = p->cap_needs ? p->cap_needs * 2 : 4;
			p->needs = mem_grow(p->needs, p->cap_needs, sizeof *p->needs);
		}
		p->needs[p->n_needs++] = (struct needed){class, distance_to(p, class, scratch)};
	}
	mem_free(scratch);
	mem_free(seen);
}

void pattern_uses(const struct pattern *p, uint8_t *uses)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->steps[i].code == OP_CLASS)
			uses[p->steps[i].a] = CLASS_WALKED;
	for (size_t i = 0; i < p->n_looks; i++)
		for (size_t k = 0; k < p->looks[i].n; k++)
			if (uses[p->looks[i].classes[k]] == CLASS_UNUSED)
				uses[p->looks[i].classes[k]] = CLASS_LOOKED;
}

void pattern_needs(const struct pattern *p, const struct needed **list, size_t *n)
{
	*list = p->needs;
	*n = p->n_needs;
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

bool pattern_plan(struct pattern *p)
{
	const struct op_step *s = &p->steps[0];
	if (s->code == OP_LOOK && s->behind && !s->negated)
		p->behind_listed = p->looks[s->a].set == NOWHERE || list_behind(p, &p->sets[p->looks[s->a].set]);
	pattern_sift(p);
	number_splits(p);
	measure_behind(p);
	pattern_glances(p);
	find_needs(p);
	bool fine = find_starts(p);
	link_steps(p);
	return fine;
}

bool pattern_starts(const struct pattern *p, const class_id **classes, size_t *n, const codepoint **characters, size_t *n_characters)
{
	*classes = p->starts;
	*n = p->n_starts;
	*characters = p->characters;
	*n_characters = p->n_characters;
	return !p->anywhere;
}

bool pattern_behind(const struct pattern *p, const class_id **classes, size_t *n, const codepoint **characters, size_t *n_characters, bool *edge)
{
	const struct op_step *s = &p->steps[0];
	if (s->code != OP_LOOK || !s->behind || s->negated || !p->behind_listed)
		return false;
	const struct look *look = &p->looks[s->a];
	*classes = look->classes;
	*n = look->n;
	*characters = p->behind;
	*n_characters = p->n_behind;
	*edge = look->edge;
	return true;
}

void pattern_groups(const struct pattern *p, const class_id **classes, size_t *n)
{
	*classes = p->groups;
	*n = p->n_groups;
}
