/* pattern_needs.c: where a pattern may begin, what must end there, and what it cannot do without; all told from its program.
 *
 * Steps lead forward but for the jumps of loops.  So every way passes a step that no other step leads past: what can be tried there, one of those must be
 * in every match. */
#include <string.h>

#include "annotations/extract/pattern_program.h"

#define ITEMS_MOST 64 /* more characters than these are not listed */
#define NEEDS_MOST 12 /* all that the largest rules have: each one saves more matches begun than it costs */

void items_free(struct items *i)
{
	mem_free(i->classes);
	mem_free(i->characters);
	*i = (struct items){0};
}

static void add_character(struct items *to, codepoint c)
{
	for (size_t i = 0; i < to->n_characters; i++)
		if (to->characters[i] == c)
			return;
	if (to->n_characters == to->cap_characters) {
		to->cap_characters = to->cap_characters ? to->cap_characters * 2 : 16;
		to->characters = mem_grow(to->characters, to->cap_characters, sizeof *to->characters);
	}
	to->characters[to->n_characters++] = c;
}

static bool is_wide(const struct set *s)
{
	size_t listed = 0;
	for (size_t i = 0; i < s->n; i++)
		listed += s->ranges[i].to - s->ranges[i].from + 1;
	return s->negated || s->kinds & (KIND_HAN | KIND_MARK) || listed > ITEMS_MOST;
}

/* Ten digits, and the numerals of kinds_of(). */
static void add_numerals(struct items *to, unsigned kinds)
{
	static const codepoint han[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341,
	                                0x767E, 0x5343, 0x4E07, 0x4EBF, 0x4E24, 0x96F6, 0x3007};
	if (kinds & (KIND_DIGIT | KIND_NUMERAL))
		for (codepoint c = '0'; c <= '9'; c++)
			add_character(to, c);
	if (kinds & KIND_NUMERAL)
		for (size_t i = 0; i < COUNT_OF(han); i++)
			add_character(to, han[i]);
}

bool items_add_set(struct items *to, const struct set *s)
{
	if (is_wide(s))
		return false;
	for (size_t i = 0; i < s->n; i++)
		for (codepoint c = s->ranges[i].from; c <= s->ranges[i].to; c++)
			add_character(to, c);
	add_numerals(to, s->kinds);
	if (s->kinds & KIND_SPACE)
		add_character(to, ' '); /* a window has no other (window.h) */
	return true;
}

/* What the step takes; false: it takes nothing, or too many things to list. */
static bool add_step(struct items *to, const struct pattern *p, const struct op_step *s)
{
	if (s->code == OP_CHAR)
		add_character(to, s->a);
	else if (s->code == OP_CLASS)
		class_list_add(&to->classes, &to->n, &to->cap, (class_id)s->a);
	else
		return s->code == OP_SET && items_add_set(to, &p->sets[s->a]);
	return true;
}

static bool takes(const struct op_step *s)
{
	return s->code == OP_CHAR || s->code == OP_SET || s->code == OP_ANY || s->code == OP_CLASS;
}

/* Where a step that takes nothing leads, and one that does; the second one only of a split. */
static void next_steps(const struct op_step *s, uint32_t at, uint32_t next[2])
{
	bool elsewhere = s->code == OP_SPLIT || s->code == OP_JUMP || s->code == OP_AHEAD || s->code == OP_BEHIND;
	next[0] = elsewhere ? s->a : at + 1;
	next[1] = s->code == OP_SPLIT ? s->b : next[0];
}

enum items_found items_first(const struct pattern *p, uint32_t from, struct items *out)
{
	if (takes(&p->steps[from])) /* asked of nearly every step of a pattern: without memory of its own */
		return add_step(out, p, &p->steps[from]) ? ITEMS_LISTED : ITEMS_ANY;
	uint32_t *stack = mem_array(p->n * 2 + 2, sizeof *stack), next[2];
	bool *seen = mem_array(p->n + 1, sizeof *seen);
	enum items_found found = ITEMS_LISTED;
	size_t depth = 0;
	stack[depth++] = from;
	while (depth && found != ITEMS_NONE) {
		uint32_t at = stack[--depth];
		const struct op_step *s = &p->steps[at];
		if (seen[at])
			continue;
		seen[at] = true;
		if (s->code == OP_MATCH) {
			found = ITEMS_NONE;
		} else if (takes(s)) {
			if (!add_step(out, p, s))
				found = ITEMS_ANY;
		} else {
			next_steps(s, at, next);
			stack[depth++] = next[1];
			stack[depth++] = next[0];
		}
	}
	mem_free(stack);
	mem_free(seen);
	return found;
}

bool items_last(const struct pattern *p, uint32_t from, uint32_t end, struct items *out, bool *edge)
{
	enum { ENDS = 1, ENDS_AT_EDGE = 2 };
	uint8_t *ends = mem_array(end - from, sizeof *ends); /* of each step: the program may end from there without taking more */
	bool listed = true;
	ends[end - 1 - from] = ENDS;
	for (uint32_t i = end - 1; i-- > from && listed;) {
		const struct op_step *s = &p->steps[i];
		uint32_t next[2];
		next_steps(s, i, next);
		uint8_t here = 0;
		for (size_t k = 0; k < 2; k++) {
			listed = listed && next[k] > i; /* loops are not looked through */
			here |= listed && next[k] < end ? ends[next[k] - from] : 0;
		}
		if (takes(s))
			listed = listed && (!(here & ENDS) || add_step(out, p, s)) && !(here & ENDS_AT_EDGE);
		else
			ends[i - from] = s->code == OP_BOL && here ? ENDS_AT_EDGE : here;
	}
	*edge = listed && ends[0] & ENDS_AT_EDGE;
	listed = listed && !(ends[0] & ENDS);
	mem_free(ends);
	return listed;
}

static void add_listed(struct items *to, const struct look *look, bool behind)
{
	for (size_t i = 0; i < look->n; i++)
		class_list_add(&to->classes, &to->n, &to->cap, look->classes[i]);
	for (size_t i = 0; i < look->n_words; i += look->words[i] + 1)
		add_character(to, look_word_edge(&look->words[i], behind));
}

/* ---- behind --------------------------------------------------------------------------------------------------------- */

void pattern_find_behind(struct pattern *p)
{
	const struct op_step *s = &p->steps[0];
	if (s->negated)
		return;
	if (s->code == OP_BEHIND) {
		p->behind_listed = items_last(p, 1, s->a, &p->behind, &p->behind_edge);
	} else if (s->code == OP_LOOK && s->behind) {
		const struct look *look = &p->looks[s->a];
		p->behind_listed = look->set == NOWHERE || items_add_set(&p->behind, &p->sets[look->set]);
		p->behind_edge = look->edge;
		add_listed(&p->behind, look, true);
	}
}

/* ---- needs ---------------------------------------------------------------------------------------------------------- */

/* Whether the end can be reached without a hit of the class. */
static bool avoidable(const struct pattern *p, class_id class, uint32_t *stack, bool *seen)
{
	size_t depth = 0;
	uint32_t next[2];
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
		next_steps(s, at, next);
		stack[depth++] = next[1];
		stack[depth++] = next[0];
	}
	return false;
}

/* How far the longest way to each step is, in code points taken one by one and in hits. */
static void measure(const struct pattern *p, uint32_t *steps, uint32_t *hits)
{
	bool loops = false;
	memset(steps, 0, (p->n + 1) * sizeof *steps);
	memset(hits, 0, (p->n + 1) * sizeof *hits);
	for (uint32_t i = 0; i < p->n; i++) {
		const struct op_step *s = &p->steps[i];
		uint32_t next[2];
		next_steps(s, i, next);
		loops = loops || (s->code == OP_JUMP && s->a <= i);
		if (loops)
			steps[i] = PATTERN_REACH;
		for (size_t k = 0; k < 2; k++) {
			uint32_t to = next[k];
			if (to <= i || to > p->n)
				continue;
			uint32_t by_one = steps[i] + (takes(s) && s->code != OP_CLASS), by_hit = hits[i] + (s->code == OP_CLASS);
			steps[to] = steps[to] > by_one ? steps[to] : by_one;
			hits[to] = hits[to] > by_hit ? hits[to] : by_hit;
		}
		if (s->code == OP_AHEAD || s->code == OP_BEHIND)
			i = s->a - 1;
	}
}

static bool has_all(const struct items *i, const struct items *of)
{
	size_t found = 0;
	for (size_t k = 0; k < of->n; k++)
		for (size_t j = 0; j < i->n; j++)
			found += i->classes[j] == of->classes[k];
	for (size_t k = 0; k < of->n_characters; k++)
		for (size_t j = 0; j < i->n_characters; j++)
			found += i->characters[j] == of->characters[k];
	return found == of->n + of->n_characters;
}

/* Whether something is needed already that is no less, and as near; what a match begins with is. */
static bool is_implied(const struct pattern *p, const struct items *items, uint32_t steps, uint32_t hits)
{
	if (!p->anywhere && has_all(items, &p->starts))
		return true;
	for (size_t i = 0; i < p->n_needs; i++) {
		const struct need *n = &p->needs[i];
		if (n->hits <= hits && n->steps <= (steps < PATTERN_REACH ? steps : PATTERN_REACH) && has_all(items, &n->items))
			return true;
	}
	return false;
}

static void add_need(struct pattern *p, struct items items, uint32_t step, uint32_t steps, uint32_t hits)
{
	if (p->n_needs == NEEDS_MOST || steps + hits == 0 || is_implied(p, &items, steps, hits)) {
		items_free(&items);
		return;
	}
	if (p->n_needs == p->cap_needs) {
		p->cap_needs = p->cap_needs ? p->cap_needs * 2 : 4;
		p->needs = mem_grow(p->needs, p->cap_needs, sizeof *p->needs);
	}
	struct need *n = &p->needs[p->n_needs++];
	*n = (struct need){.items = items, .steps = steps < PATTERN_REACH ? steps : PATTERN_REACH, .hits = hits};
	for (uint32_t i = 0; i < step; i++) {
		const struct op_step *s = &p->steps[i];
		if (s->code == OP_CLASS)
			class_list_add(&n->passed, &n->n_passed, &n->cap_passed, (class_id)s->a);
		if (s->code == OP_AHEAD || s->code == OP_BEHIND)
			i = s->a - 1;
	}
}

/* What must begin where that step is tried. */
static bool list_needed(const struct pattern *p, uint32_t at, struct items *out)
{
	const struct op_step *s = &p->steps[at];
	if (s->code == OP_LOOK) {
		const struct look *look = &p->looks[s->a];
		if (s->negated || s->behind || look->edge || (look->set != NOWHERE && !items_add_set(out, &p->sets[look->set])))
			return false;
		add_listed(out, look, false);
		return true;
	}
	if (s->code == OP_AHEAD)
		return !s->negated && items_first(p, at + 1, out) == ITEMS_LISTED;
	return (takes(s) || s->code == OP_SPLIT) && items_first(p, at, out) == ITEMS_LISTED;
}

static void find_passed_by_all(struct pattern *p, const uint32_t *steps, const uint32_t *hits)
{
	uint32_t furthest = 0;
	for (uint32_t i = 0; i < p->n; i++) {
		const struct op_step *s = &p->steps[i];
		struct items items = {0};
		uint32_t next[2];
		if (furthest <= i && list_needed(p, i, &items))
			add_need(p, items, i, steps[i], hits[i]);
		else
			items_free(&items);
		next_steps(s, i, next);
		for (size_t k = 0; k < 2; k++)
			furthest = next[k] > furthest ? next[k] : furthest;
		if (s->code == OP_AHEAD || s->code == OP_BEHIND)
			i = s->a - 1;
	}
}

/* ---- of several ways one each ---- */

#define COMMON_MOST 16 /* what may be met so often is hardly ever missing */

/* How often something of it may be met in a text, roughly: classes are met more often than single characters.  What a match begins with tells
 * nothing new. */
static size_t commonness(const struct items *i, bool begins)
{
	return i->n_characters + 8 * i->n + (begins ? COMMON_MOST / 2 : 0);
}

/* Of what every way through [from, to) has, the rarest; false: nothing that could be listed. */
static bool rarest_between(const struct pattern *p, uint32_t from, uint32_t to, const uint32_t *steps, const uint32_t *hits, struct items *out,
                           uint32_t *step)
{
	uint32_t furthest = from, next[2];
	size_t least = SIZE_MAX;
	for (uint32_t i = from; i < to; i++) {
		const struct op_step *s = &p->steps[i];
		struct items here = {0};
		if (furthest <= i && list_needed(p, i, &here) && commonness(&here, steps[i] + hits[i] == 0) < least) {
			least = commonness(&here, steps[i] + hits[i] == 0);
			items_free(out);
			*out = here;
			*step = i;
		} else {
			items_free(&here);
		}
		next_steps(s, i, next);
		for (size_t k = 0; k < 2; k++)
			furthest = next[k] > furthest ? next[k] : furthest;
		if (s->code == OP_AHEAD || s->code == OP_BEHIND)
			i = s->a - 1;
	}
	return least != SIZE_MAX;
}

static void add_items(struct items *to, const struct items *from)
{
	for (size_t i = 0; i < from->n; i++)
		class_list_add(&to->classes, &to->n, &to->cap, from->classes[i]);
	for (size_t i = 0; i < from->n_characters; i++)
		add_character(to, from->characters[i]);
}

/* Where the alternatives end whose first one the step divides from the others; 0: it divides no alternatives. */
static uint32_t alternatives_end(const struct pattern *p, uint32_t at)
{
	const struct op_step *s = &p->steps[at], *last = &p->steps[s->b - (s->b > 0)];
	return s->code == OP_SPLIT && s->b > at + 1 && last->code == OP_JUMP && last->a >= s->b ? last->a : 0;
}

/* Of alternatives that no other way leads past: one thing of each. */
static void add_need_of_alternatives(struct pattern *p, uint32_t at, const uint32_t *steps, const uint32_t *hits)
{
	const uint32_t end = alternatives_end(p, at);
	struct items all = {0};
	uint32_t last = at, by_one = 0, by_hit = 0;
	bool more = true, fine = true;
	while (more && fine) {
		struct items one = {0};
		uint32_t step = at;
		more = alternatives_end(p, at) == end;
		fine = rarest_between(p, at + more, more ? p->steps[at].b - 1 : end, steps, hits, &one, &step);
		add_items(&all, &one);
		items_free(&one);
		last = step; /* alternatives stand one behind the other */
		by_one = steps[step] > by_one ? steps[step] : by_one;
		by_hit = hits[step] > by_hit ? hits[step] : by_hit;
		at = p->steps[at].b;
	}
	if (fine && commonness(&all, false) <= COMMON_MOST)
		add_need(p, all, last, by_one, by_hit);
	else
		items_free(&all);
}

static void find_in_alternatives(struct pattern *p, const uint32_t *steps, const uint32_t *hits)
{
	uint32_t furthest = 0, next[2];
	for (uint32_t i = 0; i < p->n; i++) {
		const struct op_step *s = &p->steps[i];
		if (furthest <= i && alternatives_end(p, i))
			add_need_of_alternatives(p, i, steps, hits);
		next_steps(s, i, next);
		for (size_t k = 0; k < 2; k++)
			furthest = next[k] > furthest ? next[k] : furthest;
		if (s->code == OP_AHEAD || s->code == OP_BEHIND)
			i = s->a - 1;
	}
}

/* Classes that stand in several ways, one of which is always gone. */
static void find_unavoidable(struct pattern *p, const uint32_t *steps, const uint32_t *hits, uint32_t *stack, bool *seen)
{
	struct items known = {0};
	for (uint32_t i = 0; i < p->n; i++) {
		const struct op_step *s = &p->steps[i];
		size_t before = known.n;
		if (s->code == OP_AHEAD || s->code == OP_BEHIND)
			i = s->a - 1;
		if (s->code != OP_CLASS)
			continue;
		class_list_add(&known.classes, &known.n, &known.cap, (class_id)s->a);
		if (known.n == before || avoidable(p, (class_id)s->a, stack, seen))
			continue;
		struct items one = {0};
		uint32_t last = i, by_one = 0, by_hit = 0;
		for (uint32_t k = i; k < p->n; k++)
			if (p->steps[k].code == OP_CLASS && p->steps[k].a == s->a) {
				last = k;
				by_one = steps[k] > by_one ? steps[k] : by_one;
				by_hit = hits[k] > by_hit ? hits[k] : by_hit;
			}
		class_list_add(&one.classes, &one.n, &one.cap, (class_id)s->a);
		add_need(p, one, last, by_one, by_hit);
	}
	items_free(&known);
}

void pattern_find_needs(struct pattern *p)
{
	uint32_t *steps = mem_array(p->n + 1, sizeof *steps), *hits = mem_array(p->n + 1, sizeof *hits);
	uint32_t *stack = mem_array(2 * p->n + 2, sizeof *stack);
	bool *seen = mem_array(p->n + 1, sizeof *seen);
	measure(p, steps, hits);
	find_passed_by_all(p, steps, hits);
	find_unavoidable(p, steps, hits, stack, seen);
	find_in_alternatives(p, steps, hits);
	mem_free(steps);
	mem_free(hits);
	mem_free(stack);
	mem_free(seen);
}
