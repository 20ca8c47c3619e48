/* lattice.c: see lattice.h. */
#include "annotations/extract/lattice.h"

#include <string.h>

void lattice_free(struct lattice *l)
{
	mem_free(l->hits);
	mem_free(l->first);
	mem_free(l->start_masks);
	mem_free(l->end_masks);
	mem_free(l->longest);
	mem_free(l->found);
	mem_free(l->starts);
	mem_free(l->ends);
	*l = (struct lattice){0};
}

void lattice_reset(struct lattice *l, struct window *w, size_t n_classes)
{
	l->window = w;
	l->n = 0;
	l->n_classes = n_classes;
	l->words = w->n / 64 + 1; /* one place behind the last character: where the last hit ends */
	l->places = w->n;
	if (n_classes * l->places > l->cap_first) {
		l->cap_first = n_classes * (l->places + 64);
		mem_free(l->first);
		l->first = mem_array(l->cap_first, sizeof *l->first);
	}
	if (w->n + 1 > l->cap_masks) {
		l->cap_masks = w->n + 256;
		l->start_masks = mem_grow(l->start_masks, l->cap_masks, sizeof *l->start_masks);
		l->end_masks = mem_grow(l->end_masks, l->cap_masks, sizeof *l->end_masks);
	}
	if (n_classes > l->cap_met) {
		l->cap_met = n_classes;
		l->longest = mem_grow(l->longest, l->cap_met, sizeof *l->longest);
	}
	memset(l->start_masks, 0, (w->n + 1) * sizeof *l->start_masks);
	memset(l->end_masks, 0, (w->n + 1) * sizeof *l->end_masks);
	memset(l->longest, 0, n_classes * sizeof *l->longest);
	size_t bits = n_classes * l->words;
	if (bits > l->cap_bits) {
		l->cap_bits = bits * 2;
		l->starts = mem_grow(l->starts, l->cap_bits, sizeof *l->starts);
		l->ends = mem_grow(l->ends, l->cap_bits, sizeof *l->ends);
	}
	memset(l->starts, 0, bits * sizeof *l->starts);
	memset(l->ends, 0, bits * sizeof *l->ends);
}

/* Answers whether another hit of the class starts there too. */
static inline bool mark(struct lattice *l, class_id class, size_t start, size_t end)
{
	uint64_t *starts = &l->starts[class * l->words + (start >> 6)], bit = (uint64_t)1 << (start & 63);
	bool before = *starts & bit;
	*starts |= bit;
	l->ends[class * l->words + (end >> 6)] |= (uint64_t)1 << (end & 63);
	l->start_masks[start] |= lattice_mask(class);
	l->end_masks[end] |= lattice_mask(class);
	if (end - start > l->longest[class])
		l->longest[class] = (uint16_t)(end - start);
	return before;
}

static inline void append(struct lattice *l, struct hit hit)
{
	if (l->n == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 1024;
		l->hits = mem_grow(l->hits, l->cap, sizeof *l->hits);
	}
	uint32_t *at = &l->first[hit.class * l->places + hit.start];
	if (mark(l, hit.class, hit.start, hit.end)) {
		while (*at && l->hits[*at - 1].end < hit.end)
			at = &l->hits[*at - 1].next;
		hit.next = *at;
	}
	l->hits[l->n] = hit;
	*at = (uint32_t)++l->n;
}

void lattice_add(struct lattice *l, struct hit hit)
{
	if (lattice_starts(l, hit.class, hit.start))
		for (uint32_t i = lattice_first(l, hit.class, hit.start); i; i = l->hits[i - 1].next) {
			struct hit *h = &l->hits[i - 1];
			if (h->end != hit.end)
				continue;
			if (hit.over > h->over || (hit.over == h->over && hit.score > h->score)) {
				hit.next = h->next;
				*h = hit;
			}
			return;
		}
	append(l, hit);
}

void lattice_scan(struct lattice *l, const struct lexicon *lexicon, const uint8_t *uses, uint16_t rule, uint16_t score)
{
	size_t n = lexicon_scan(lexicon, l->window->cp, l->window->n, &l->found, &l->cap_found);
	for (size_t i = 0; i < n; i++) {
		const struct lexicon_word *f = &l->found[i];
		if (uses[f->class] == CLASS_LOOKED)
			mark(l, f->class, f->start, f->end);
		else if (uses[f->class] == CLASS_WALKED)
			append(l, (struct hit){.start = f->start, .end = f->end, .class = f->class, .value = f->value, .rule = rule, .score = score});
	}
}
