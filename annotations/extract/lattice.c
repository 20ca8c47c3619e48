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
	mem_free(l->met);
	mem_free(l->found);
	mem_free(l->starts);
	mem_free(l->ends);
	*l = (struct lattice){0};
}

/* Only what the last window has touched. */
static void clear_rows(struct lattice *l)
{
	for (size_t i = 0; i < l->n_met; i++) {
		size_t row = l->met[i] * l->words;
		for (size_t k = row; k < row + l->words; k++)
			l->starts[k] = l->ends[k] = 0;
		l->longest[l->met[i]] = 0;
	}
	l->n_met = 0;
}

static uint64_t *new_rows(uint64_t *old, size_t n)
{
	mem_free(old);
	return mem_array(n, sizeof *old);
}

void lattice_reset(struct lattice *l, struct window *w, size_t n_classes)
{
	clear_rows(l);
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
	if (n_classes > l->cap_longest) {
		l->cap_longest = n_classes;
		mem_free(l->longest);
		l->longest = mem_array(l->cap_longest, sizeof *l->longest);
		mem_free(l->met);
		l->met = mem_array(l->cap_longest, sizeof *l->met);
	}
	if (n_classes * l->words > l->cap_bits) {
		l->cap_bits = n_classes * l->words * 2;
		l->starts = new_rows(l->starts, l->cap_bits);
		l->ends = new_rows(l->ends, l->cap_bits);
	}
	memset(l->start_masks, 0, (w->n + 1) * sizeof *l->start_masks);
	memset(l->end_masks, 0, (w->n + 1) * sizeof *l->end_masks);
}

static inline void note_length(struct lattice *l, class_id class, size_t length)
{
	if (length <= l->longest[class])
		return;
	if (l->longest[class] == 0)
		l->met[l->n_met++] = class;
	l->longest[class] = (uint16_t)length;
}

/* Where a hit lies in a row: the same for all classes of a word. */
struct ends {
	uint32_t start, end;
	uint32_t start_word, end_word;
	uint64_t start_bit, end_bit;
};

static inline struct ends ends_of(uint32_t start, uint32_t end)
{
	return (struct ends){start, end, start >> 6, end >> 6, (uint64_t)1 << (start & 63), (uint64_t)1 << (end & 63)};
}

/* Answers whether another hit of the class starts there too. */
static inline bool mark(struct lattice *l, class_id class, const struct ends *at)
{
	const size_t row = class * l->words;
	uint64_t *starts = &l->starts[row + at->start_word];
	const uint64_t before = *starts;
	*starts = before | at->start_bit;
	l->ends[row + at->end_word] |= at->end_bit;
	note_length(l, class, at->end - at->start);
	return before & at->start_bit;
}

static void grow_hits(struct lattice *l)
{
	l->cap = l->cap ? l->cap * 2 : 1024;
	l->hits = mem_grow(l->hits, l->cap, sizeof *l->hits);
}

/* Field by field into its place: a hit put together elsewhere and then copied has the processor wait for itself.
 * The masks of the places are left to the caller.  In line by order: three hits for each character of a text pass
 * here, and the call costs half as much again as what is done. */
static inline __attribute__((always_inline)) void append(struct lattice *l, const struct ends *place, class_id class, uint16_t value, uint16_t rule,
                                                         uint16_t score, uint8_t over)
{
	if (l->n == l->cap)
		grow_hits(l);
	struct hit *hit = &l->hits[l->n];
	uint32_t *at = &l->first[class * l->places + place->start];
	hit->start = place->start;
	hit->end = place->end;
	hit->next = 0;
	hit->class = class;
	hit->value = value;
	hit->rule = rule;
	hit->score = score;
	hit->over = over;
	if (mark(l, class, place)) {
		while (*at && l->hits[*at - 1].end < place->end)
			at = &l->hits[*at - 1].next;
		hit->next = *at;
	}
	*at = (uint32_t)++l->n;
}

void lattice_add(struct lattice *l, class_id class, size_t start, size_t end, uint16_t rule, uint16_t score, uint8_t over)
{
	if (lattice_starts(l, class, start))
		for (uint32_t i = lattice_first(l, class, start); i; i = l->hits[i - 1].next) {
			struct hit *h = &l->hits[i - 1];
			if (h->end != end)
				continue;
			if (over > h->over || (over == h->over && score > h->score)) {
				h->value = 0;
				h->rule = rule;
				h->score = score;
				h->over = over;
			}
			return;
		}
	const struct ends place = ends_of((uint32_t)start, (uint32_t)end);
	append(l, &place, class, 0, rule, score, over);
	l->start_masks[start] |= lattice_mask(class);
	l->end_masks[end] |= lattice_mask(class);
}

void lattice_scan(struct lattice *l, const struct lexicon *lexicon, const uint8_t *uses, uint16_t rule, uint16_t score)
{
	size_t n = lexicon_scan(lexicon, l->window->cp, l->window->n, &l->found, &l->cap_found);
	const struct lexicon_out *outs = lexicon_outs(lexicon);
	const size_t words = l->words;
	for (size_t i = 0; i < n; i++) {
		const struct lexicon_word *f = &l->found[i];
		const struct ends place = ends_of(f->start, f->end);
		uint64_t looked = 0;
		for (uint32_t k = f->out; k; k = outs[k - 1].next) {
			const struct lexicon_out *o = &outs[k - 1];
			unsigned use = uses[o->class];
			if (use & CLASS_WALKED) {
				append(l, &place, o->class, o->value, rule, score, 0);
				looked |= lattice_mask(o->class);
				continue;
			}
			if (!use)
				continue;
			if (use & CLASS_STARTS)
				l->starts[o->class * words + place.start_word] |= place.start_bit;
			if (use & CLASS_ENDS)
				l->ends[o->class * words + place.end_word] |= place.end_bit;
			if (use & CLASS_LOOKED)
				looked |= lattice_mask(o->class);
			note_length(l, o->class, f->end - f->start);
		}
		l->start_masks[f->start] |= looked;
		l->end_masks[f->end] |= looked;
	}
}
