/* lattice.c: see lattice.h. */
#include "annotations/extract/lattice.h"

#include <string.h>

void lattice_free(struct lattice *l)
{
	mem_free(l->hits);
	mem_free(l->first);
	mem_free(l->starts);
	mem_free(l->ends);
	mem_free(l->word_starts);
	words_free(l->words_finder);
	*l = (struct lattice){0};
}

void lattice_reset(struct lattice *l, const struct window *w, size_t n_classes)
{
	l->window = w;
	l->n = 0;
	l->words_known = false;
	l->n_classes = n_classes;
	l->words = w->n / 64 + 1; /* one place behind the last character: where the last hit ends */
	if (w->n + 1 > l->cap_first) {
		l->cap_first = w->n + 256;
		l->first = mem_grow(l->first, l->cap_first, sizeof *l->first);
	}
	memset(l->first, 0, (w->n + 1) * sizeof *l->first);
	size_t bits = n_classes * l->words;
	if (bits > l->cap_bits) {
		l->cap_bits = bits * 2;
		l->starts = mem_grow(l->starts, l->cap_bits, sizeof *l->starts);
		l->ends = mem_grow(l->ends, l->cap_bits, sizeof *l->ends);
	}
	memset(l->starts, 0, bits * sizeof *l->starts);
	memset(l->ends, 0, bits * sizeof *l->ends);
}

/* Words do not cross what is no Han, so the clause round the place is enough; the last one asked for is kept. */
static void divide_clause(struct lattice *l, size_t at)
{
	const struct window *w = l->window;
	size_t from = at, to = at;
	while (from > 0 && cp_is_han(w->cp[from - 1]))
		from--;
	while (to < w->n && cp_is_han(w->cp[to]))
		to++;
	size_t words = (to - from) / 64 + 1;
	if (words > l->cap_words) {
		l->cap_words = words + 16;
		l->word_starts = mem_grow(l->word_starts, l->cap_words, sizeof *l->word_starts);
	}
	if (!l->words_finder)
		l->words_finder = words_new();
	words_find(l->words_finder, w->cp + from, to - from, l->word_starts);
	l->clause = from;
	l->clause_end = to;
	l->words_known = true;
}

bool lattice_word_starts(struct lattice *l, size_t at)
{
	if (!l->words_known || at < l->clause || at > l->clause_end)
		divide_clause(l, at);
	at -= l->clause;
	return l->word_starts[at >> 6] >> (at & 63) & 1;
}

static void append(struct lattice *l, struct hit hit)
{
	if (l->n == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 1024;
		l->hits = mem_grow(l->hits, l->cap, sizeof *l->hits);
	}
	hit.next = l->first[hit.start];
	l->hits[l->n] = hit;
	l->first[hit.start] = (uint32_t)++l->n;
	l->starts[hit.class * l->words + (hit.start >> 6)] |= (uint64_t)1 << (hit.start & 63);
	l->ends[hit.class * l->words + (hit.end >> 6)] |= (uint64_t)1 << (hit.end & 63);
}

void lattice_add(struct lattice *l, struct hit hit)
{
	if (lattice_starts(l, hit.class, hit.start))
		for (uint32_t i = l->first[hit.start]; i; i = l->hits[i - 1].next) {
			struct hit *h = &l->hits[i - 1];
			if (h->class != hit.class || h->end != hit.end)
				continue;
			if (hit.over > h->over || (hit.over == h->over && hit.score > h->score)) {
				hit.next = h->next;
				*h = hit;
			}
			return;
		}
	append(l, hit);
}

void lattice_scan(struct lattice *l, const struct lexicon *lexicon, uint16_t rule, uint16_t score)
{
	const struct window *w = l->window;
	for (size_t i = 0; i < w->n; i++) {
		uint32_t state = 0;
		for (size_t k = i; k < w->n; k++) {
			state = lexicon_step(lexicon, state, w->cp[k]);
			if (!state)
				break;
			for (const struct lexicon_out *o = lexicon_first(lexicon, state); o; o = lexicon_next(lexicon, o))
				append(l, (struct hit){.start = (uint32_t)i, .end = (uint32_t)(k + 1), .class = o->class, .value = o->value,
				                            .rule = rule, .score = score});
		}
	}
}
