/* pattern_glance.c: what each choice of a pattern can begin with, so that pattern_match.c need not try what cannot match. */
#include <string.h>

#include "annotations/extract/pattern_program.h"

#define ANYTHING UINT64_MAX

void pattern_sift(struct pattern *p)
{
	for (size_t i = 0; i < p->n_sets; i++) {
		struct set *s = &p->sets[i];
		for (size_t k = 0; k < s->n; k++)
			for (codepoint c = s->ranges[k].from; c <= s->ranges[k].to && c - s->ranges[k].from < 256; c++)
				s->sieve[c >> 6 & 3] |= (uint64_t)1 << (c & 63);
	}
}

static void add_set(struct glance *g, const struct set *s)
{
	g->traits |= s->negated ? ANYTHING : s->kinds;
	for (size_t i = 0; i < s->n; i++)
		for (codepoint c = s->ranges[i].from; c <= s->ranges[i].to && c - s->ranges[i].from < TRAIT_CHARACTERS; c++)
			g->traits |= trait_of(c);
}

static struct glance glance_of_look(const struct pattern *p, const struct look *look, bool behind)
{
	struct glance g = {.traits = look->edge ? ANYTHING : 0};
	if (look->set != NOWHERE)
		add_set(&g, &p->sets[look->set]);
	for (size_t i = 0; i < look->n; i++)
		g.classes |= lattice_mask(look->classes[i]);
	for (size_t i = 0; i < look->n_words; i += look->words[i] + 1)
		g.traits |= trait_of(look_word_edge(&look->words[i], behind));
	return g;
}

struct work {
	const struct pattern *p;
	uint32_t *stack;
	uint32_t *seen; /* number of the glance that met the step last */
	uint32_t number;
};

/* Of all steps that can be tried first from there; looks are taken to hold. */
static struct glance glance_of(struct work *w, uint32_t from)
{
	const struct pattern *p = w->p;
	struct glance g = {0};
	size_t depth = 0;
	w->number++;
	w->stack[depth++] = from;
	while (depth && g.traits != ANYTHING) {
		uint32_t at = w->stack[--depth];
		const struct op_step *s = &p->steps[at];
		if (w->seen[at] == w->number)
			continue;
		w->seen[at] = w->number;
		switch ((enum op_code)s->code) {
		case OP_CHAR:
			g.traits |= trait_of(s->a);
			break;
		case OP_SET:
			add_set(&g, &p->sets[s->a]);
			break;
		case OP_CLASS:
			g.classes |= lattice_mask((class_id)s->a);
			break;
		case OP_ANY:
		case OP_MATCH:
			g.traits = ANYTHING;
			break;
		case OP_SPLIT:
			w->stack[depth++] = s->b;
			w->stack[depth++] = s->a;
			break;
		case OP_JUMP:
		case OP_AHEAD:
		case OP_BEHIND:
			w->stack[depth++] = s->a;
			break;
		case OP_OPEN: case OP_CLOSE: case OP_LOOK: case OP_LOOK_SET: case OP_BOL: case OP_EOL: case OP_WORD:
			w->stack[depth++] = at + 1;
			break;
		}
	}
	return g;
}

/* Marks the splits that one way alone leads to, with at most one step on it that may end at several places: a class, or a loop, which is left
 * at each place once because its own split is not marked. */
static void mark_once(struct pattern *p, uint32_t *ways, uint32_t *wide)
{
	memset(ways, 0, (p->n + 1) * sizeof *ways);
	memset(wide, 0, (p->n + 1) * sizeof *wide);
	ways[0] = 1;
	for (size_t i = 0; i < p->n; i++)
		if (p->steps[i].code == OP_JUMP && p->steps[i].a <= i)
			p->steps[p->steps[i].a].once = true; /* for now: a loop begins here */
	for (size_t i = 0; i < p->n; i++) {
		struct op_step *s = &p->steps[i];
		bool jumps = s->code == OP_JUMP || s->code == OP_SPLIT || s->code == OP_AHEAD || s->code == OP_BEHIND, loop = s->once;
		size_t next[2] = {jumps ? s->a : i + 1, s->code == OP_SPLIT ? s->b : jumps && s->code != OP_JUMP ? i + 1 : p->n};
		s->once = s->code == OP_SPLIT && !loop && ways[i] == 1 && wide[i] <= 1;
		for (size_t k = 0; k < COUNT_OF(next) && s->code != OP_MATCH; k++)
			if (next[k] > i) {
				ways[next[k]] += ways[i] < 2 ? ways[i] : 2;
				wide[next[k]] += wide[i] + (loop || s->code == OP_CLASS);
			}
	}
}

void pattern_glances(struct pattern *p)
{
	struct work w = {.p = p, .stack = mem_array(2 * p->n + 2, sizeof *w.stack), .seen = mem_array(p->n + 1, sizeof *w.seen)};
	size_t n = 0;
	for (size_t i = 0; i < p->n; i++) {
		struct op_step *s = &p->steps[i];
		bool nested = s->code == OP_AHEAD || s->code == OP_BEHIND;
		s->glance = (uint16_t)n;
		n += s->code == OP_SPLIT ? 2 : nested;
	}
	p->glances = mem_array(n + 1, sizeof *p->glances);
	p->n_glances = n;
	for (uint32_t i = 0; i < p->n; i++) {
		const struct op_step *s = &p->steps[i];
		if (s->code == OP_SPLIT) {
			p->glances[s->glance] = glance_of(&w, s->a);
			p->glances[s->glance + 1] = glance_of(&w, s->b);
		} else if (s->code == OP_AHEAD || s->code == OP_BEHIND) {
			p->glances[s->glance] = glance_of(&w, i + 1);
		}
	}
	for (size_t i = 0; i < p->n; i++)
		if (p->steps[i].code == OP_LOOK) {
			struct look *look = &p->looks[p->steps[i].a];
			look->glance = glance_of_look(p, look, p->steps[i].behind);
		}
	mark_once(p, w.stack, w.seen);
	mem_free(w.stack);
	mem_free(w.seen);
}
