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

static inline bool is_of(const struct set *s, const struct window *w, size_t place)
{
	return charset_has(s, w->cp[place], w->kinds[place]);
}

static inline uint64_t glance_fits(const struct glance *g, uint64_t classes, uint64_t traits)
{
	return (g->classes & classes) | (g->traits & traits);
}

static inline bool may_begin(const struct pattern *p, const struct op_step *s, const struct lattice *l, size_t place)
{
	return glance_fits(&p->glances[s->glance], l->start_masks[place], l->window->traits[place]);
}

static inline bool word_stands(const codepoint *word, size_t n, const codepoint *at)
{
	size_t i = 0;
	while (i < n && word[i] == at[i])
		i++;
	return i == n;
}

static bool word_begins(const struct look *look, const struct window *w, size_t place)
{
	const codepoint *end = look->words + look->n_words;
	for (const codepoint *word = look->words; word < end; word += word[0] + 1)
		if (word[0] <= w->n - place && word_stands(word + 1, word[0], w->cp + place))
			return true;
	return false;
}

static bool word_ends(const struct look *look, const struct window *w, size_t place)
{
	const codepoint *end = look->words + look->n_words;
	for (const codepoint *word = look->words; word < end; word += word[0] + 1)
		if (word[0] <= place && word[word[0]] == w->cp[place - 1] && word_stands(word + 1, word[0], w->cp + place - word[0]))
			return true;
	return false;
}

static bool looks_ahead(const struct pattern *p, const struct look *look, const struct lattice *l, size_t place)
{
	const struct window *w = l->window;
	if (place == w->n ? look->edge : look->set != NOWHERE && is_of(&p->sets[look->set], w, place))
		return true;
	for (size_t i = 0; i < look->n; i++)
		if (lattice_starts(l, look->classes[i], place))
			return true;
	return look->n_words && word_begins(look, w, place);
}

static bool looks_behind(const struct pattern *p, const struct look *look, const struct lattice *l, size_t place)
{
	const struct window *w = l->window;
	if (look->set != NOWHERE && is_of(&p->sets[look->set], w, place - 1))
		return true;
	for (size_t i = 0; i < look->n; i++)
		if (lattice_ends(l, look->classes[i], place))
			return true;
	return look->n_words && word_ends(look, w, place);
}

/* The glance is here, in line: most looks end with it. */
static inline bool look_holds(const struct pattern *p, const struct op_step *s, const struct lattice *l, size_t place)
{
	const struct look *look = &p->looks[s->a];
	if (!s->behind)
		return glance_fits(&look->glance, l->start_masks[place], l->window->traits[place]) && looks_ahead(p, look, l, place);
	if (place == 0)
		return look->edge;
	return glance_fits(&look->glance, l->end_masks[place], l->window->traits[place - 1]) && looks_behind(p, look, l, place);
}

static size_t run(const struct pattern *p, struct matcher *m, struct lattice *l, size_t step, size_t at, size_t want, bool whole);

/* What is presumed helps a match to come about: inside what must not match, the other way round. */
static void turn_words(struct matcher *m)
{
	if (m->words != WORDS_ASKED)
		m->words = m->words == WORDS_HOLD ? WORDS_FAIL : WORDS_HOLD;
}

static bool nested_matches(const struct pattern *p, struct matcher *m, struct lattice *l, const struct op_step *s, size_t place)
{
	const size_t step = (size_t)(s - p->steps) + 1;
	if (s->code == OP_AHEAD)
		return may_begin(p, s, l, place) && run(p, m, l, step, place, NOWHERE, false) != NOWHERE;
	size_t furthest = place > PATTERN_BEHIND ? place - PATTERN_BEHIND : 0;
	for (size_t from = place + 1; from-- > furthest;)
		if (s->b >> (place - from) & 1 && may_begin(p, s, l, from) && run(p, m, l, step, from, place, false) != NOWHERE)
			return true;
	return false;
}

static bool nested_holds(const struct pattern *p, struct matcher *m, struct lattice *l, const struct op_step *s, size_t place)
{
	if (!s->negated)
		return nested_matches(p, m, l, s, place);
	turn_words(m);
	bool matches = nested_matches(p, m, l, s, place);
	turn_words(m);
	return !matches;
}

static bool word_holds(const struct matcher *m, struct window *w, const struct op_step *s, size_t place)
{
	return m->words == WORDS_ASKED ? window_word_starts(w, place) != s->negated : m->words == WORDS_HOLD;
}

/* The end of the longest hit of the class, 0 where there is none; the others wait, the longer ones to be tried first. */
static inline uint32_t take_hit(struct matcher *m, struct lattice *l, const struct op_step *s, uint32_t place, uint32_t captures, size_t furthest)
{
	uint32_t last = 0;
	if (!lattice_starts(l, (class_id)s->a, place))
		return 0;
	/* The shortest hangs first. */
	for (uint32_t i = lattice_first(l, (class_id)s->a, place); i; i = l->hits[i - 1].next) {
		const struct hit *h = &l->hits[i - 1];
		if ((s->value && h->value <= s->value) || h->end == last)
			continue;
		if (h->end > furthest)
			break;
		if (last)
			push(m, s->b, last, captures);
		last = h->end;
	}
	return last;
}

/* The one way that may lead on from a split, as a step, or NULL; of two the other one waits. */
static inline const struct op_step *choose(const struct pattern *p, struct matcher *m, const struct lattice *l, const struct op_step *s, uint32_t place,
                                           uint32_t captures, size_t from, uint32_t generation)
{
	const struct glance *glances = &p->glances[s->glance];
	const uint64_t classes = l->start_masks[place], traits = l->window->traits[place];
	const uint64_t first = glance_fits(&glances[0], classes, traits), second = glance_fits(&glances[1], classes, traits);
	m->steps++;
	if (!(first | second) || (!s->once && visited(m, p, s, place - from, generation)))
		return NULL;
	if (!first)
		return &p->steps[s->b];
	if (second)
		push(m, s->b, place, captures);
	return &p->steps[s->a];
}

/* One thread as far as it goes without a choice; true when it came to the end of the program. */
static inline bool follow(const struct pattern *p, struct matcher *m, struct lattice *l, struct thread *t, size_t from, uint32_t generation)
{
	const struct window *w = l->window;
	const size_t furthest = from + PATTERN_REACH, end = furthest < w->n ? furthest : w->n; /* characters from there on are out of reach */
	const struct op_step *s = &p->steps[t->step];
	uint32_t place = t->place;
	for (;;) {
		/* Apart from the others: every third step is a split, and the processor foresees one question better than a jump to one of many places. */
		while (s->code == OP_SPLIT)
			if (!(s = choose(p, m, l, s, place, t->captures, from, generation)))
				return false;
		switch ((enum op_code)s->code) {
		case OP_CHAR:
			if (place >= end || w->cp[place++] != s->a)
				return false;
			break;
		case OP_SET:
			if (place >= end || !is_of(&p->sets[s->a], w, place++))
				return false;
			break;
		case OP_ANY:
			if (place++ >= end)
				return false;
			break;
		case OP_CLASS:
			place = take_hit(m, l, s, place, t->captures, furthest);
			if (!place)
				return false;
			break;
		case OP_SPLIT: /* passed above */
			break;
		case OP_JUMP:
			s = &p->steps[s->a];
			continue;
		case OP_OPEN:
		case OP_CLOSE:
			t->captures = capture(m, t->captures, (class_id)s->a, place, s->code == OP_OPEN);
			break;
		case OP_LOOK:
			if (look_holds(p, s, l, place) == s->negated)
				return false;
			break;
		case OP_LOOK_SET:
			if (place >= end || !is_of(&p->sets[s->value], w, place) || look_holds(p, s, l, place) == s->negated)
				return false;
			place++;
			break;
		case OP_AHEAD:
		case OP_BEHIND:
			if (!nested_holds(p, m, l, s, place))
				return false;
			s = &p->steps[s->a];
			continue;
		case OP_BOL:
			if (place != 0)
				return false;
			break;
		case OP_EOL:
			if (place != w->n)
				return false;
			break;
		case OP_WORD:
			if (!word_holds(m, l->window, s, place))
				return false;
			break;
		case OP_MATCH:
			t->place = place;
			return true;
		}
		s = &p->steps[s->b];
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

/* Runs from `step` at `at`; the end of the match or NOWHERE.  want: the match must end there.  whole: it is the pattern's own match, with what it captures
 * and of the length asked for; else any will do. */
static size_t run(const struct pattern *p, struct matcher *m, struct lattice *l, size_t step, size_t at, size_t want, bool whole)
{
	const uint32_t generation = ++m->generation;
	const size_t base = m->depth;
	size_t best = NOWHERE;
	struct thread t = {(uint32_t)step, (uint32_t)at, 0};
	for (;;) {
		bool through = follow(p, m, l, &t, at, generation);
		/* Asked between ways: each of them ends by itself. */
		if (m->steps > m->allowed) {
			best = NOWHERE;
			break;
		}
		if (through && (want == NOWHERE || t.place == want)) {
			if (whole && p->all)
				add_end(m, t.place);
			if (best == NOWHERE || t.place > best) {
				best = t.place;
				if (whole)
					m->last_capture = t.captures;
			}
			if (!(whole && p->longest))
				break;
		}
		if (m->depth == base)
			break;
		t = m->stack[--m->depth];
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

/* Passes over the looks that the program begins with; false: no match can begin here.  Most starts end at this. */
static inline bool first_step(const struct pattern *p, const struct lattice *l, size_t at, uint32_t *step)
{
	const struct op_step *s = &p->steps[0];
	while (s->code == OP_LOOK) {
		if (look_holds(p, s, l, at) == s->negated)
			return false;
		s = &p->steps[s->b];
	}
	*step = (uint32_t)(s - p->steps);
	return true;
}

void pattern_prepare(const struct pattern *p, struct matcher *m, uint64_t allowed)
{
	m->steps = 0;
	m->allowed = allowed;
	if (m->generation > UINT32_MAX / 2) {
		m->generation = 0;
		memset(m->stamps, 0, m->n_stamps * sizeof *m->stamps);
	}
	grow_stamps(m, p->n_splits * (PATTERN_REACH + 1));
	m->n_ends = 0;
}

size_t pattern_match(const struct pattern *p, struct matcher *m, struct lattice *l, size_t at)
{
	uint32_t step;
	if (!first_step(p, l, at, &step))
		return NOWHERE;
	/* To divide a clause into words costs more than all else: only where there is a match if words begin where they are wanted. */
	if (p->divides && at < l->window->n && !(l->window->kinds[at] & WINDOW_DIVIDED)) {
		m->words = WORDS_HOLD;
		bool may = run(p, m, l, step, at, NOWHERE, false) != NOWHERE;
		m->words = WORDS_ASKED;
		if (!may)
			return NOWHERE;
	}
	m->n_captures = 0;
	if (p->all)
		m->n_ends = 0;
	size_t end = run(p, m, l, step, at, NOWHERE, true);
	if (end == NOWHERE || end == at)
		return NOWHERE;
	m->n_groups = 0;
	if (m->last_capture)
		collect_groups(m, m->last_capture);
	return end;
}
