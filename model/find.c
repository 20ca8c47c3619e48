/* find.c: see find.h.  Knuth, Morris, Pratt (1977) over folded code points. */
#include "model/find.h"

#include "model/fold.h"
#include "model/utf8.h"

/* The pattern in one reading direction. */
struct direction {
	codepoint *points;
	size_t *border; /* border[i]: longest proper prefix that is also a suffix of the first i points */
};

struct find_pattern {
	size_t n;
	struct direction forward, backward;
};

static void fill_borders(struct direction *d, size_t n)
{
	d->border = mem_array(n + 1, sizeof(*d->border));
	size_t k = 0;
	for (size_t i = 1; i < n; i++) {
		while (k > 0 && d->points[i] != d->points[k])
			k = d->border[k];
		k += d->points[i] == d->points[k];
		d->border[i + 1] = k;
	}
}

struct find_pattern *find_compile(struct str query)
{
	size_t n = utf8_count(query);
	if (n == 0)
		return NULL;
	if (n > FIND_LIMIT)
		n = FIND_LIMIT;
	struct find_pattern *p = mem_alloc(sizeof(*p));
	p->n = n;
	p->forward.points = mem_array(n, sizeof(codepoint));
	p->backward.points = mem_array(n, sizeof(codepoint));
	size_t off = 0;
	for (size_t i = 0; i < n; i++) {
		codepoint cp = 0;
		off += utf8_step(query, off, &cp);
		p->forward.points[i] = p->backward.points[n - 1 - i] = fold_cp(cp);
	}
	fill_borders(&p->forward, n);
	fill_borders(&p->backward, n);
	return p;
}

void find_free(struct find_pattern *p)
{
	if (!p)
		return;
	mem_free(p->forward.points);
	mem_free(p->forward.border);
	mem_free(p->backward.points);
	mem_free(p->backward.border);
	mem_free(p);
}

/* One more code point read in that direction after `matched` of the pattern, not yet all of it; returns how much is
 * matched now. */
static size_t advance(const struct direction *d, size_t matched, codepoint cp)
{
	while (matched > 0 && d->points[matched] != cp)
		matched = d->border[matched];
	return matched + (d->points[matched] == cp);
}

/* Number of ranges that end at or before off. */
static size_t ranges_before(struct find_hidden hidden, size_t off)
{
	size_t low = 0, high = hidden.n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (hidden.ranges[middle].end <= off)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Matches begin at boundaries: those from an offset within a code point on are those from its end on. */
static size_t boundary_from(struct str text, size_t off)
{
	size_t floor = utf8_floor(text, off);
	return floor < off && floor < text.n ? floor + utf8_step(text, floor, NULL) : floor;
}

size_t find_next(const struct find_pattern *p, struct str text, struct find_hidden hidden, size_t from, size_t *end)
{
	from = boundary_from(text, from);
	size_t matched = 0, slot = 0, next_hidden = ranges_before(hidden, from);
	size_t *starts = mem_array(p->n, sizeof(*starts)); /* where the last n visible code points began, a ring */
	size_t found = NOWHERE;
	for (size_t off = from, step; off < text.n; off += step) {
		codepoint cp;
		if (next_hidden < hidden.n && off >= hidden.ranges[next_hidden].off) {
			step = hidden.ranges[next_hidden].end > off ? hidden.ranges[next_hidden].end - off : 0;
			next_hidden++;
			continue;
		}
		step = utf8_step(text, off, &cp);
		starts[slot] = off;
		slot = slot + 1 == p->n ? 0 : slot + 1;
		matched = advance(&p->forward, matched, fold_cp(cp));
		if (matched == p->n) {
			found = starts[slot];
			if (end)
				*end = off + step;
			break;
		}
	}
	mem_free(starts);
	return found;
}

/* Where a backward search begins, so that each match that starts before `before` is met and no other: n - 1 visible
 * code points on. */
static size_t last_end(const struct find_pattern *p, struct str text, struct find_hidden hidden, size_t before)
{
	size_t i = ranges_before(hidden, before), left = p->n - 1, off = before;
	while (left > 0 && off < text.n) {
		if (i < hidden.n && off >= hidden.ranges[i].off) {
			off = hidden.ranges[i].end > off ? hidden.ranges[i].end : off;
			i++;
			continue;
		}
		off += utf8_step(text, off, NULL);
		left--;
	}
	return off < text.n ? off : text.n;
}

size_t find_prev(const struct find_pattern *p, struct str text, struct find_hidden hidden, size_t before, size_t *end)
{
	before = boundary_from(text, before);
	size_t off = last_end(p, text, hidden, before), matched = 0, slot = 0;
	size_t i = ranges_before(hidden, off);
	if (i < hidden.n && hidden.ranges[i].off < off)
		i++; /* the one that off lies in is met as well */
	size_t *ends = mem_array(p->n, sizeof(*ends));
	size_t found = NOWHERE;
	while (off > 0) {
		if (i > 0 && off > hidden.ranges[i - 1].off && off <= hidden.ranges[i - 1].end) {
			off = hidden.ranges[--i].off;
			continue;
		}
		size_t here = utf8_back(text, off);
		codepoint cp = 0;
		(void)utf8_step(text, here, &cp);
		ends[slot] = off;
		slot = slot + 1 == p->n ? 0 : slot + 1;
		off = here;
		matched = advance(&p->backward, matched, fold_cp(cp));
		if (matched == p->n) {
			found = here;
			if (end)
				*end = ends[slot];
			break;
		}
	}
	mem_free(ends);
	return found;
}
