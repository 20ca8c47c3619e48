/* choose.c: which of the hits of a window are proposed. */
#include <stdlib.h>
#include <string.h>

#include "annotations/extract/extract_internal.h"

/* qsort has no context: what is compared is copied together. */
struct candidate {
	uint32_t hit, length, start;
	uint16_t order, score;
	uint8_t over;
};

static int better_first(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	if (x->over != y->over)
		return x->over > y->over ? -1 : 1;
	if (x->length != y->length)
		return x->length > y->length ? -1 : 1;
	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return x->start == y->start ? 0 : x->start < y->start ? -1 : 1;
}

struct choice {
	struct extractor *e;
	struct extraction *out;
	uint32_t window;
	size_t first;          /* spans before this are of other windows */
	uint32_t *places;      /* start and end of each span chosen, in elements */
	size_t n_places, cap_places;
};

static void add_lost(struct choice *c, const struct hit *h, const struct found *winner)
{
	struct extraction *x = c->out;
	size_t off, end;
	if (!c->e->explain)
		return;
	if (x->n_lost == x->cap_lost) {
		x->cap_lost = x->cap_lost ? x->cap_lost * 2 : 64;
		x->lost = mem_grow(x->lost, x->cap_lost, sizeof *x->lost);
	}
	window_range(&c->e->window, h->start, h->end, &off, &end);
	x->lost[x->n_lost++] = (struct lost){(uint32_t)off, (uint32_t)end, winner->off, winner->end, winner->class, h->class, h->rule, h->score};
}

static void add_span(struct choice *c, const struct hit *h)
{
	struct extraction *x = c->out;
	size_t off, end, text = x->texts.n;
	window_range(&c->e->window, h->start, h->end, &off, &end);
	window_add_text(&c->e->window, h->start, h->end, &x->texts);
	extraction_add(x, (struct found){.off = (uint32_t)off, .end = (uint32_t)end, .text = (uint32_t)text, .text_end = (uint32_t)x->texts.n,
	                                 .window = c->window, .class = h->class, .rule = h->rule, .score = h->score,
	                                 .zone = (uint8_t)c->e->window.zone, .dropped = h->class == 0});
	if (c->n_places + 2 > c->cap_places) {
		c->cap_places = c->cap_places ? c->cap_places * 2 : 128;
		c->places = mem_grow(c->places, c->cap_places, sizeof *c->places);
	}
	c->places[c->n_places++] = h->start;
	c->places[c->n_places++] = h->end;
}

static bool swallows(const struct class *c, class_id inner)
{
	for (size_t i = 0; i < c->n_swallows; i++)
		if (c->swallows[i] == inner)
			return true;
	return false;
}

/* Index of the flat span that stands in [start, end), plus 1. */
static uint32_t who_is_there(const struct extractor *e, size_t start, size_t end)
{
	for (size_t i = start; i < end; i++)
		if (e->taken[i])
			return e->taken[i];
	return 0;
}

static void choose_flat(struct choice *c, const struct hit *h)
{
	struct extractor *e = c->e;
	uint32_t there = who_is_there(e, h->start, h->end);
	if (there) {
		add_lost(c, h, &c->out->spans[there - 1]);
		return;
	}
	add_span(c, h);
	for (size_t i = h->start; i < h->end; i++)
		e->taken[i] = (uint32_t)c->out->n;
}

/* Containers: of one label none overlaps; inside a flat one that swallows them they go; what they swallow goes. */
static void choose_container(struct choice *c, const struct hit *h)
{
	struct extraction *x = c->out;
	const struct class *classes = c->e->pack->classes;
	for (size_t i = c->first; i < x->n; i++) {
		const struct found *f = &x->spans[i];
		uint32_t start = c->places[(i - c->first) * 2], end = c->places[(i - c->first) * 2 + 1];
		bool overlaps = !f->dropped && start < h->end && end > h->start;
		if (overlaps && (f->class == h->class || (swallows(&classes[f->class], h->class) && start <= h->start && end >= h->end))) {
			add_lost(c, h, f);
			return;
		}
	}
	size_t before = x->n;
	add_span(c, h);
	for (size_t i = c->first; i < before; i++)
		if (swallows(&classes[h->class], x->spans[i].class) && c->places[(i - c->first) * 2] >= h->start &&
		    c->places[(i - c->first) * 2 + 1] <= h->end)
			x->spans[i].dropped = true;
}

void choose_spans(struct extractor *e, struct extraction *out, uint32_t window)
{
	const struct lattice *l = &e->lattice;
	struct candidate *list = NULL;
	size_t n = 0, cap = 0;
	for (size_t i = 0; i < l->n; i++) {
		const struct class *k = &e->pack->classes[l->hits[i].class];
		if (!k->label)
			continue;
		if (n == cap) {
			cap = cap ? cap * 2 : 64;
			list = mem_grow(list, cap, sizeof *list);
		}
		const struct hit *h = &l->hits[i];
		list[n++] = (struct candidate){(uint32_t)i, h->end - h->start, h->start, k->order, h->score, h->over};
	}
	if (!n)
		return;
	qsort(list, n, sizeof *list, better_first);
	if (e->window.n > e->cap_taken) {
		e->cap_taken = e->window.n + 256;
		e->taken = mem_grow(e->taken, e->cap_taken, sizeof *e->taken);
	}
	memset(e->taken, 0, e->window.n * sizeof *e->taken);
	struct choice c = {.e = e, .out = out, .window = window, .first = out->n};
	for (size_t i = 0; i < n; i++)
		if (!e->pack->classes[l->hits[list[i].hit].class].container)
			choose_flat(&c, &l->hits[list[i].hit]);
	for (size_t i = 0; i < n; i++)
		if (e->pack->classes[l->hits[list[i].hit].class].container)
			choose_container(&c, &l->hits[list[i].hit]);
	mem_free(c.places);
	mem_free(list);
}

/* ---- enumerations ------------------------------------------------------------------------------------------- */

#define ORDINALS 128

/* The ordinal that a folded text begins with, brackets and 第 passed over; 0: none. */
static unsigned ordinal_of(struct str text)
{
	static const struct {
		const char *digit;
		unsigned value;
	} digits[] = {{"一", 1}, {"二", 2}, {"三", 3}, {"四", 4}, {"五", 5}, {"六", 6}, {"七", 7}, {"八", 8}, {"九", 9}};
	unsigned number = 0, last = 0;
	size_t off = 0;
	codepoint c;
	for (size_t step; (step = utf8_step(text, off, &c)) != 0; off += step) {
		struct str ch = str_sub(text, off, off + step);
		if (c == 0x7B2C || c == '(') /* 第 */
			continue;
		unsigned value = 0;
		for (size_t i = 0; i < COUNT_OF(digits) && !value; i++)
			value = str_eq(ch, str_of(digits[i].digit)) ? digits[i].value : 0;
		if (c >= '0' && c <= '9')
			number = number * 10 + (c - '0');
		else if (c == 0x5341) /* 十 */
			number = (last ? last : 1) * 10, last = 0;
		else if (value)
			last = value;
		else
			break;
		if (number >= ORDINALS)
			return 0;
	}
	return number + last;
}

void choose_series(const struct pack *p, struct extraction *x)
{
	bool seen[ORDINALS + 2] = {0};
	bool any = false;
	for (size_t i = 0; i < x->n; i++) {
		const struct found *f = &x->spans[i];
		if (f->dropped || f->rule >= p->n_rules || !p->rules[f->rule].series)
			continue;
		unsigned ordinal = ordinal_of(found_text(x, f));
		any = true;
		if (ordinal && ordinal < ORDINALS)
			seen[ordinal] = true;
	}
	for (size_t i = 0; any && i < x->n; i++) {
		struct found *f = &x->spans[i];
		if (f->rule >= p->n_rules || !p->rules[f->rule].series)
			continue;
		unsigned ordinal = ordinal_of(found_text(x, f));
		f->dropped = f->dropped || !ordinal || (!seen[ordinal - 1] && !seen[ordinal + 1]);
	}
}
