/* pattern_match.c: runs the programs of pattern.c. */
#include <string.h>

#include "annotations/extract/pattern_program.h"

struct thread {
	uint32_t step, place, captures; /* captures: index plus 1 of the last one, 0 for none */
};

/* A named part opened or closed; the list runs backwards. */
struct capture {
	uint32_t place, before;
	class_id class;
	bool open;
};

static bool is_numeral(codepoint c)
{
	switch (c) {
	case 0x4E00: case 0x4E8C: case 0x4E09: case 0x56DB: case 0x4E94: case 0x516D: case 0x4E03: case 0x516B: case 0x4E5D: case 0x5341:
	case 0x767E: case 0x5343: case 0x4E07: case 0x4EBF: case 0x4E24: case 0x96F6: case 0x3007:
		return true;
	default:
		return c >= '0' && c <= '9';
	}
}

static bool has_kind(unsigned kinds, codepoint c)
{
	if (kinds & SET_HAN && ((c >= 0x4E00 && c <= 0x9FFF) || (c > 0x9FFF && cp_is_han(c)) || (c >= 0x3400 && c < 0x4E00) || c == 0x3007))
		return true;
	if (kinds & SET_DIGIT && c >= '0' && c <= '9')
		return true;
	if (kinds & SET_NUMERAL && is_numeral(c))
		return true;
	if (kinds & SET_SPACE && cp_is_space(c))
		return true;
	return kinds & SET_MARK && !cp_is_word(c);
}

bool charset_has(const struct set *s, codepoint c)
{
	bool in = s->kinds && has_kind(s->kinds, c);
	for (size_t i = 0; i < s->n && !in; i++)
		in = c >= s->ranges[i].from && c <= s->ranges[i].to;
	return in != s->negated;
}

void pattern_matcher_free(struct matcher *m)
{
	mem_free(m->stamps);
	mem_free(m->stack);
	mem_free(m->captures);
	mem_free(m->groups);
	mem_free(m->ends);
	*m = (struct matcher){0};
}

static void grow_stack(struct matcher *m)
{
	m->cap_stack = m->cap_stack ? m->cap_stack * 2 : 256;
	m->stack = mem_grow(m->stack, m->cap_stack, sizeof *m->stack);
}

static inline void push(struct matcher *m, size_t step, size_t place, uint32_t captures)
{
	if (m->depth == m->cap_stack)
		grow_stack(m);
	m->stack[m->depth++] = (struct thread){(uint32_t)step, (uint32_t)place, captures};
}

static uint32_t capture(struct matcher *m, uint32_t before, class_id class, size_t place, bool open)
{
	if (m->n_captures == m->cap_captures) {
		m->cap_captures = m->cap_captures ? m->cap_captures * 2 : 64;
		m->captures = mem_grow(m->captures, m->cap_captures, sizeof *m->captures);
	}
	m->captures[m->n_captures] = (struct capture){(uint32_t)place, before, class, open};
	return (uint32_t)++m->n_captures;
}

static void grow_stamps(struct matcher *m, size_t n)
{
	if (n <= m->n_stamps)
		return;
	m->stamps = mem_grow(m->stamps, n, sizeof *m->stamps);
	memset(m->stamps + m->n_stamps, 0, (n - m->n_stamps) * sizeof *m->stamps);
	m->n_stamps = n;
}

/* Whether this step was at this place before, in this run; marks it.  The stamp is of the run: nested programs have steps of their own. */
static inline bool visited(struct matcher *m, const struct pattern *p, const struct op_step *split, size_t reach,
                           uint32_t generation)
{
	size_t i = reach * p->n_splits + split->value;
	bool seen = m->stamps[i] == generation;
	m->stamps[i] = generation;
	return seen;
}

static bool look_holds(const struct pattern *p, const struct op_step *s, struct lattice *l, size_t place)
{
	const struct look *look = &p->looks[s->a];
	const struct window *w = l->window;
	if (look->edge && place == (s->behind ? 0 : w->n))
		return true;
	if (look->set != NOWHERE && (s->behind ? place > 0 : place < w->n) && charset_has(&p->sets[look->set], w->cp[s->behind ? place - 1 : place]))
		return true;
	for (size_t i = 0; i < look->n; i++)
		if (s->behind ? lattice_ends(l, look->classes[i], place) : lattice_starts(l, look->classes[i], place))
			return true;
	return false;
}

static size_t run(const struct pattern *p, struct matcher *m, struct lattice *l, size_t step, size_t at, size_t want, bool longest,
                  uint32_t *captures);

static bool nested_holds(const struct pattern *p, struct matcher *m, struct lattice *l, size_t step, size_t place)
{
	const struct op_step *s = &p->steps[step];
	if (s->code == OP_AHEAD)
		return run(p, m, l, step + 1, place, NOWHERE, false, NULL) != NOWHERE;
	size_t furthest = place > PATTERN_BEHIND ? place - PATTERN_BEHIND : 0;
	for (size_t from = place + 1; from-- > furthest;)
		if (s->b >> (place - from) & 1 && run(p, m, l, step + 1, from, place, false, NULL) != NOWHERE)
			return true;
	return false;
}

static void push_hits(struct matcher *m, struct lattice *l, const struct op_step *s, const struct thread *t)
{
	if (!lattice_starts(l, (class_id)s->a, t->place))
		return;
	/* The hits hang in no order; the longest is to be tried first, so it is pushed last. */
	size_t base = m->depth;
	for (uint32_t i = l->first[t->place]; i; i = l->hits[i - 1].next) {
		const struct hit *h = &l->hits[i - 1];
		if (h->class != s->a || (s->value && h->value <= s->value))
			continue;
		push(m, t->step + 1, h->end, t->captures);
		for (size_t k = m->depth - 1; k > base && m->stack[k].place < m->stack[k - 1].place; k--) {
			struct thread swap = m->stack[k];
			m->stack[k] = m->stack[k - 1];
			m->stack[k - 1] = swap;
		}
	}
}

/* False where a thread would end at its first step: most ways of a choice are told from one look. */
static inline bool may_pass(const struct pattern *p, const struct lattice *l, uint32_t step, size_t place)
{
	const struct op_step *s = &p->steps[step];
	const struct window *w = l->window;
	if (s->code == OP_CLASS)
		return lattice_starts(l, (class_id)s->a, place);
	if (s->code == OP_CHAR)
		return place < w->n && w->cp[place] == s->a;
	if (s->code == OP_SET)
		return place < w->n && charset_has(&p->sets[s->a], w->cp[place]);
	return true;
}

/* One thread as far as it goes without a choice; true when it came to the end of the program. */
static bool follow(const struct pattern *p, struct matcher *m, struct lattice *l, struct thread *t, size_t from, uint32_t generation)
{
	const struct window *w = l->window;
	for (;;) {
		const struct op_step *s = &p->steps[t->step];
		if (t->place - from > PATTERN_REACH)
			return false;
		switch ((enum op_code)s->code) {
		case OP_CHAR:
			if (t->place >= w->n || w->cp[t->place++] != s->a)
				return false;
			break;
		case OP_SET:
			if (t->place >= w->n || !charset_has(&p->sets[s->a], w->cp[t->place++]))
				return false;
			break;
		case OP_ANY:
			if (t->place++ >= w->n)
				return false;
			break;
		case OP_CLASS:
			push_hits(m, l, s, t);
			return false;
		case OP_SPLIT:
			if (visited(m, p, s, t->place - from, generation))
				return false;
			if (may_pass(p, l, s->b, t->place))
				push(m, s->b, t->place, t->captures);
			t->step = s->a;
			continue;
		case OP_JUMP:
			t->step = s->a;
			continue;
		case OP_OPEN:
		case OP_CLOSE:
			t->captures = capture(m, t->captures, (class_id)s->a, t->place, s->code == OP_OPEN);
			break;
		case OP_LOOK:
			if (look_holds(p, s, l, t->place) == s->negated)
				return false;
			break;
		case OP_AHEAD:
		case OP_BEHIND:
			if (nested_holds(p, m, l, t->step, t->place) == s->negated)
				return false;
			t->step = s->a;
			continue;
		case OP_BOL:
			if (t->place != 0)
				return false;
			break;
		case OP_EOL:
			if (t->place != w->n)
				return false;
			break;
		case OP_WORD:
			if (lattice_word_starts(l, t->place) == s->negated)
				return false;
			break;
		case OP_MATCH:
			return true;
		}
		t->step++;
	}
}

static void add_end(struct matcher *m, uint32_t place)
{
	for (size_t i = 0; i < m->n_ends; i++)
		if (m->ends[i] == place)
			return;
	if (m->n_ends == m->cap_ends) {
		m->cap_ends = m->cap_ends ? m->cap_ends * 2 : 16;
		m->ends = mem_grow(m->ends, m->cap_ends, sizeof *m->ends);
	}
	m->ends[m->n_ends++] = place;
}

/* Runs from `step` at `at`; the end of the match or NOWHERE.  want: the match must end there. */
static size_t run(const struct pattern *p, struct matcher *m, struct lattice *l, size_t step, size_t at, size_t want, bool longest,
                  uint32_t *captures)
{
	uint32_t generation = ++m->generation;
	size_t base = m->depth, best = NOWHERE;
	push(m, step, at, 0);
	while (m->depth > base) {
		struct thread t = m->stack[--m->depth];
		if (!follow(p, m, l, &t, at, generation))
			continue;
		if (captures && p->all)
			add_end(m, t.place);
		if ((want != NOWHERE && t.place != want) || (best != NOWHERE && t.place <= best))
			continue;
		best = t.place;
		if (captures)
			*captures = t.captures;
		if (!longest)
			break;
	}
	m->depth = base;
	return best;
}

static void collect_groups(struct matcher *m, uint32_t last)
{
	m->n_groups = 0;
	for (uint32_t i = last; i; i = m->captures[i - 1].before) {
		const struct capture *c = &m->captures[i - 1];
		if (m->n_groups == m->cap_groups) {
			m->cap_groups = m->cap_groups ? m->cap_groups * 2 : 16;
			m->groups = mem_grow(m->groups, m->cap_groups, sizeof *m->groups);
		}
		if (!c->open) {
			m->groups[m->n_groups++] = (struct group_match){c->class, UINT32_MAX, c->place};
			continue;
		}
		/* Backwards: an opening belongs to the innermost group of its class that is not opened yet. */
		for (size_t k = m->n_groups; k-- > 0;)
			if (m->groups[k].class == c->class && m->groups[k].start == UINT32_MAX) {
				m->groups[k].start = c->place;
				break;
			}
	}
}

size_t pattern_match(const struct pattern *p, struct matcher *m, struct lattice *l, size_t at)
{
	uint32_t captures = 0;
	m->n_captures = m->n_ends = 0;
	if (m->generation > UINT32_MAX / 2) {
		m->generation = 0;
		memset(m->stamps, 0, m->n_stamps * sizeof *m->stamps);
	}
	grow_stamps(m, p->n_splits * (PATTERN_REACH + 1));
	size_t end = run(p, m, l, 0, at, NOWHERE, p->longest, &captures);
	if (end == NOWHERE || end == at)
		return NOWHERE;
	collect_groups(m, captures);
	return end;
}
