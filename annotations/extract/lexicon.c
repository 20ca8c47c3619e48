/* lexicon.c: see lexicon.h. */
#include "annotations/extract/lexicon.h"

#include <string.h>

#define ROOTS 0x10000u

struct edge {
	uint32_t state, next;
	codepoint c;
};

#define SIEVE_BITS 18 /* 32 KiB: stays near the processor */

struct lexicon {
	uint64_t *sieve;        /* bit of each edge there is, by hash: most questions end here */
	uint32_t *root;         /* next state by code point of the first plane; NULL: among the edges */
	struct edge *edges;     /* hash table; next 0: free */
	size_t n_edges, size;   /* size is a power of two */
	uint32_t *firsts;       /* of each state, index into outs plus 1 */
	size_t n_states, cap_states;
	struct lexicon_out *outs;
	size_t n_outs, cap_outs;
};

struct lexicon *lexicon_new(bool large)
{
	struct lexicon *l = mem_alloc(sizeof *l);
	l->sieve = mem_array((size_t)1 << (SIEVE_BITS - 6), sizeof *l->sieve);
	l->root = large ? mem_array(ROOTS, sizeof *l->root) : NULL;
	l->size = 1024;
	l->edges = mem_array(l->size, sizeof *l->edges);
	l->cap_states = 256;
	l->firsts = mem_array(l->cap_states, sizeof *l->firsts);
	l->n_states = 1;
	return l;
}

void lexicon_free(struct lexicon *l)
{
	if (!l)
		return;
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

static size_t sieve_of(uint32_t state, codepoint c)
{
	return (size_t)(hash_of(state, c) >> (64 - SIEVE_BITS));
}

static struct edge *find_edge(const struct lexicon *l, uint32_t state, codepoint c)
{
	size_t i = slot_of(l, state, c);
	while (l->edges[i].next && (l->edges[i].state != state || l->edges[i].c != c))
		i = (i + 1) & (l->size - 1);
	return &l->edges[i];
}

uint32_t lexicon_step(const struct lexicon *l, uint32_t state, codepoint c)
{
	if (state == 0 && c < ROOTS && l->root)
		return l->root[c];
	size_t bit = sieve_of(state, c);
	if (!(l->sieve[bit >> 6] >> (bit & 63) & 1))
		return 0;
	return find_edge(l, state, c)->next;
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
	size_t bit = sieve_of(state, c);
	l->sieve[bit >> 6] |= (uint64_t)1 << (bit & 63);
	*find_edge(l, state, c) = (struct edge){state, next, c};
	l->n_edges++;
	return next;
}

const struct lexicon_out *lexicon_first(const struct lexicon *l, uint32_t state)
{
	return l->firsts[state] ? &l->outs[l->firsts[state] - 1] : NULL;
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

size_t lexicon_scan(const struct lexicon *l, const codepoint *cp, size_t n, struct lexicon_word **list, size_t *cap)
{
	size_t found = 0;
	for (size_t i = 0; i < n; i++) {
		uint32_t state = 0;
		for (size_t k = i; k < n && (state = lexicon_step(l, state, cp[k])) != 0; k++)
			for (uint32_t o = l->firsts[state]; o; o = l->outs[o - 1].next) {
				if (found == *cap) {
					*cap = *cap ? *cap * 2 : 1024;
					*list = mem_grow(*list, *cap, sizeof **list);
				}
				(*list)[found++] = (struct lexicon_word){(uint32_t)i, (uint32_t)(k + 1), l->outs[o - 1].class, l->outs[o - 1].value};
			}
	}
	return found;
}
