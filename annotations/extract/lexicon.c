/* lexicon.c: see lexicon.h. */
#include "annotations/extract/lexicon.h"

#include <stdlib.h>

#define ROOTS 0x10000u

struct edge {
	uint32_t state, next;
	codepoint c;
};

/* Of a frozen one. */
struct state {
	uint64_t mask;          /* bit c % 64 of each of its edges */
	uint32_t child, n;      /* its edges */
	uint32_t out;           /* index plus 1 */
};

struct child {
	codepoint c;
	uint32_t next;
};

#define LEAST_EDGES 64u
#define SIEVE_LARGE 18 /* 32 KiB: stays near the processor */
#define SIEVE_SMALL 12

struct lexicon {
	struct state *states;   /* NULL: not frozen */
	struct child *children;
	uint64_t *sieve;        /* bit of each edge there is, by hash: most questions end here */
	unsigned sieve_bits;
	uint32_t *root;         /* next state by code point of the first plane; NULL: among the edges */
	struct edge *edges;     /* hash table; next 0: free */
	size_t n_edges, size;   /* size is a power of two */
	uint32_t *firsts;       /* of each state, index into outs plus 1 */
	size_t n_states, cap_states;
	struct lexicon_out *outs;
	size_t n_outs, cap_outs;
};

struct lexicon *lexicon_new(bool large, size_t edges)
{
	struct lexicon *l = mem_alloc(sizeof *l);
	l->sieve_bits = large ? SIEVE_LARGE : SIEVE_SMALL;
	l->sieve = mem_array((size_t)1 << (l->sieve_bits - 6), sizeof *l->sieve);
	l->root = large ? mem_array(ROOTS, sizeof *l->root) : NULL;
	l->size = LEAST_EDGES;
	while (l->size / 2 < edges) /* half of them stay free */
		l->size *= 2;
	l->edges = mem_array(l->size, sizeof *l->edges);
	l->cap_states = l->size / 2;
	l->firsts = mem_array(l->cap_states, sizeof *l->firsts);
	l->n_states = 1;
	return l;
}

void lexicon_free(struct lexicon *l)
{
	if (!l)
		return;
	mem_free(l->states);
	mem_free(l->children);
	mem_free(l->sieve);
	mem_free(l->root);
	mem_free(l->edges);
	mem_free(l->firsts);
	mem_free(l->outs);
	mem_free(l);
}

size_t lexicon_words(const struct lexicon *l)
{
	return l->n_outs;
}

/* Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4). */
static uint64_t hash_of(uint32_t state, codepoint c)
{
	return ((uint64_t)state << 32 | c) * 0x9E3779B97F4A7C15u;
}

static size_t slot_of(const struct lexicon *l, uint32_t state, codepoint c)
{
	return (size_t)(hash_of(state, c) >> 32) & (l->size - 1);
}

static size_t sieve_of(const struct lexicon *l, uint32_t state, codepoint c)
{
	return (size_t)(hash_of(state, c) >> (64 - l->sieve_bits));
}

static struct edge *find_edge(const struct lexicon *l, uint32_t state, codepoint c)
{
	size_t i = slot_of(l, state, c);
	while (l->edges[i].next && (l->edges[i].state != state || l->edges[i].c != c))
		i = (i + 1) & (l->size - 1);
	return &l->edges[i];
}

static inline uint32_t frozen_step(const struct lexicon *l, uint32_t state, codepoint c)
{
	const struct state *s = &l->states[state];
	if (!(s->mask >> (c & 63) & 1))
		return 0;
	const struct child *children = &l->children[s->child];
	uint32_t low = 0, high = s->n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (children[middle].c < c)
			low = middle + 1;
		else
			high = middle;
	}
	return low < s->n && children[low].c == c ? children[low].next : 0;
}

static inline uint32_t step(const struct lexicon *l, uint32_t state, codepoint c)
{
	if (state == 0 && c < ROOTS && l->root)
		return l->root[c];
	if (l->states)
		return frozen_step(l, state, c);
	size_t bit = sieve_of(l, state, c);
	if (!(l->sieve[bit >> 6] >> (bit & 63) & 1))
		return 0;
	return find_edge(l, state, c)->next;
}

uint32_t lexicon_step(const struct lexicon *l, uint32_t state, codepoint c)
{
	return step(l, state, c);
}

static void grow_edges(struct lexicon *l)
{
	struct edge *old = l->edges;
	size_t n = l->size;
	l->size *= 2;
	l->edges = mem_array(l->size, sizeof *l->edges);
	for (size_t i = 0; i < n; i++)
		if (old[i].next)
			*find_edge(l, old[i].state, old[i].c) = old[i];
	mem_free(old);
}

static uint32_t new_state(struct lexicon *l)
{
	if (l->n_states == l->cap_states) {
		l->cap_states *= 2;
		l->firsts = mem_grow(l->firsts, l->cap_states, sizeof *l->firsts);
	}
	l->firsts[l->n_states] = 0;
	return (uint32_t)l->n_states++;
}

static uint32_t make_step(struct lexicon *l, uint32_t state, codepoint c)
{
	uint32_t next = lexicon_step(l, state, c);
	if (next)
		return next;
	next = new_state(l);
	if (state == 0 && c < ROOTS && l->root) {
		l->root[c] = next;
		return next;
	}
	if (l->n_edges * 2 >= l->size)
		grow_edges(l);
	size_t bit = sieve_of(l, state, c);
	l->sieve[bit >> 6] |= (uint64_t)1 << (bit & 63);
	*find_edge(l, state, c) = (struct edge){state, next, c};
	l->n_edges++;
	return next;
}

static inline uint32_t first_out(const struct lexicon *l, uint32_t state)
{
	return l->states ? l->states[state].out : l->firsts[state];
}

const struct lexicon_out *lexicon_first(const struct lexicon *l, uint32_t state)
{
	uint32_t first = first_out(l, state);
	return first ? &l->outs[first - 1] : NULL;
}

const struct lexicon_out *lexicon_next(const struct lexicon *l, const struct lexicon_out *out)
{
	return out->next ? &l->outs[out->next - 1] : NULL;
}

bool lexicon_add(struct lexicon *l, const codepoint *word, size_t n, class_id class, uint16_t value)
{
	if (n == 0 || n > LEXICON_WORD)
		return false;
	uint32_t state = 0;
	for (size_t i = 0; i < n; i++)
		state = make_step(l, state, word[i]);
	for (uint32_t i = l->firsts[state]; i; i = l->outs[i - 1].next)
		if (l->outs[i - 1].class == class) {
			if (value > l->outs[i - 1].value)
				l->outs[i - 1].value = value;
			return true;
		}
	if (l->n_outs == l->cap_outs) {
		l->cap_outs = l->cap_outs ? l->cap_outs * 2 : 256;
		l->outs = mem_grow(l->outs, l->cap_outs, sizeof *l->outs);
	}
	l->outs[l->n_outs] = (struct lexicon_out){class, value, l->firsts[state]};
	l->firsts[state] = (uint32_t)++l->n_outs;
	return true;
}

/* ---- freezing ----------------------------------------------------------------------------------------------- */

/* New numbers of the states: those behind the root come first, in order of code points, for they are asked most. */
static uint32_t *number_states(struct lexicon *l)
{
	uint32_t *numbers = mem_array(l->n_states, sizeof *numbers), n = 1;
	for (codepoint c = 0; c < ROOTS; c++)
		if (l->root[c])
			numbers[l->root[c]] = n++;
	for (size_t i = 1; i < l->n_states; i++)
		if (!numbers[i])
			numbers[i] = n++;
	for (codepoint c = 0; c < ROOTS; c++)
		l->root[c] = numbers[l->root[c]];
	return numbers;
}

static int by_character(const void *a, const void *b)
{
	const struct child *x = a, *y = b;
	return x->c == y->c ? 0 : x->c < y->c ? -1 : 1;
}

static void freeze_edges(struct lexicon *l, const uint32_t *numbers)
{
	uint32_t at = 0;
	l->children = mem_array(l->n_edges + 1, sizeof *l->children);
	for (size_t i = 0; i < l->size; i++)
		if (l->edges[i].next)
			l->states[numbers[l->edges[i].state]].n++;
	for (size_t i = 0; i < l->n_states; i++) {
		l->states[i].child = at;
		at += l->states[i].n;
		l->states[i].n = 0;
	}
	for (size_t i = 0; i < l->size; i++) {
		const struct edge *e = &l->edges[i];
		if (!e->next)
			continue;
		struct state *s = &l->states[numbers[e->state]];
		s->mask |= (uint64_t)1 << (e->c & 63);
		l->children[s->child + s->n++] = (struct child){e->c, numbers[e->next]};
	}
	for (size_t i = 0; i < l->n_states; i++)
		if (l->states[i].n > 1)
			qsort(&l->children[l->states[i].child], l->states[i].n, sizeof *l->children, by_character);
}

/* The words of a state side by side, in the order that they hung in; those of single characters, which are met most,
 * come first. */
static void freeze_outs(struct lexicon *l, const uint32_t *numbers)
{
	struct lexicon_out *outs = mem_array(l->n_outs + 1, sizeof *outs);
	uint32_t n = 0;
	for (size_t i = 0; i < l->n_states; i++)
		l->states[numbers[i]].out = l->firsts[i];
	for (size_t i = 0; i < l->n_states; i++) {
		uint32_t first = l->states[i].out;
		l->states[i].out = first ? n + 1 : 0;
		for (uint32_t o = first; o; o = l->outs[o - 1].next) {
			outs[n] = l->outs[o - 1];
			n++;
			outs[n - 1].next = outs[n - 1].next ? n + 1 : 0;
		}
	}
	mem_free(l->outs);
	l->outs = outs;
}

void lexicon_freeze(struct lexicon *l)
{
	uint32_t *numbers = number_states(l);
	l->states = mem_array(l->n_states, sizeof *l->states);
	freeze_edges(l, numbers);
	freeze_outs(l, numbers);
	mem_free(numbers);
	mem_free(l->edges);
	mem_free(l->firsts);
	mem_free(l->sieve);
	l->edges = NULL;
	l->firsts = NULL;
	l->sieve = NULL;
}

/* ---- scanning ----------------------------------------------------------------------------------------------- */

const struct lexicon_out *lexicon_outs(const struct lexicon *l)
{
	return l->outs;
}

size_t lexicon_scan(const struct lexicon *l, const codepoint *cp, size_t n, struct lexicon_word **list, size_t *cap)
{
	size_t found = 0;
	for (size_t i = 0; i < n; i++) {
		uint32_t state = 0;
		for (size_t k = i; k < n && (state = step(l, state, cp[k])) != 0; k++) {
			uint32_t out = first_out(l, state);
			if (!out)
				continue;
			__builtin_prefetch(&l->outs[out - 1]);
			if (found == *cap) {
				*cap = *cap ? *cap * 2 : 1024;
				*list = mem_grow(*list, *cap, sizeof **list);
			}
			(*list)[found++] = (struct lexicon_word){(uint32_t)i, (uint32_t)(k + 1), out};
		}
	}
	return found;
}
