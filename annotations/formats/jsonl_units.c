/* jsonl_units: offsets that fit the text when they are counted in another unit, as other programs do: UTF-16
 * (JavaScript, Java), bytes (C, Go), after CRLF became LF (Python's text mode), or with the last character instead of
 * the end (CLUENER). */
#include "annotations/formats/jsonl.h"

#include <stdlib.h>

#include "annotations/anchor.h"
#include "model/utf8.h"

enum offset_unit { UNIT_CP, UNIT_UTF16, UNIT_BYTES, UNIT_LF, OFFSET_UNITS };

/* An offset as given and the byte it means; NOWHERE when there is no such place. */
struct place_of {
	uint64_t given;
	size_t off;
};

struct hypothesis {
	struct str text;
	enum offset_unit unit;
	bool inclusive;
	struct place_of *places; /* sorted by `given` */
	size_t n;
};

static int by_offset(const void *a, const void *b)
{
	uint64_t x = ((const struct place_of *)a)->given, y = ((const struct place_of *)b)->given;
	return (x > y) - (x < y);
}

/* How far one code point moves the count. */
static uint64_t step_of(enum offset_unit unit, struct str text, size_t off, size_t bytes, codepoint cp)
{
	switch (unit) {
	case UNIT_UTF16:
		return utf16_units(cp);
	case UNIT_BYTES:
		return bytes;
	case UNIT_LF:
		return cp == '\r' && off + 1 < text.n && text.p[off + 1] == '\n' ? 0 : 1;
	case UNIT_CP:
	case OFFSET_UNITS:
		break;
	}
	return 1;
}

static void find_places(struct hypothesis *h)
{
	uint64_t count = 0;
	size_t off = 0, next = 0;
	while (next < h->n) {
		while (next < h->n && h->places[next].given <= count) {
			h->places[next].off = h->places[next].given == count ? off : NOWHERE;
			next++;
		}
		codepoint cp = 0;
		size_t bytes = utf8_step(h->text, off, &cp);
		if (!bytes)
			break;
		count += step_of(h->unit, h->text, off, bytes, cp);
		off += bytes;
	}
	for (; next < h->n; next++)
		h->places[next].off = NOWHERE;
}

static size_t place(const struct hypothesis *h, uint64_t given)
{
	const struct place_of key = {.given = given};
	const struct place_of *found = bsearch(&key, h->places, h->n, sizeof *h->places, by_offset);
	return found ? found->off : NOWHERE;
}

static bool fits(const struct hypothesis *h, const struct node *start, const struct node *end, struct str text)
{
	uint64_t from, to;
	if (!node_is_number(start, &from) || !node_is_number(end, &to))
		return false;
	size_t off = place(h, from), stop = place(h, to);
	if (h->inclusive && stop != NOWHERE && stop < h->text.n)
		stop += utf8_step(h->text, stop, NULL);
	return off != NOWHERE && stop != NOWHERE && off <= stop && anchor_matches(h->text, off, stop, text);
}

/* Calls each() for the pairs of every span that has as many texts; false as soon as each() is. */
static bool each_pair(const struct node *spans,
                      bool (*each)(struct hypothesis *h, const struct node *start, const struct node *end,
                                   struct str text),
                      struct hypothesis *h)
{
	bool fine = true;
	for (size_t i = 0; fine && i < spans->n; i++) {
		const struct node *text = jsonl_get(spans->items[i], S("text")),
		                  *list = jsonl_get(spans->items[i], S("fragments"));
		const struct node *start = jsonl_get(spans->items[i], S("start")),
		                  *end = jsonl_get(spans->items[i], S("end"));
		if (text && text->kind == NODE_SCALAR && start && end)
			fine = each(h, start, end, text->text);
		if (!text || text->kind != NODE_LIST || !list || list->kind != NODE_LIST || list->n != text->n)
			continue;
		for (size_t k = 0; fine && k < list->n; k++)
			if (list->items[k]->kind == NODE_LIST && list->items[k]->n == 2)
				fine = each(h, list->items[k]->items[0], list->items[k]->items[1],
				            node_scalar(text->items[k]));
	}
	return fine;
}

static bool collect(struct hypothesis *h, const struct node *start, const struct node *end, struct str text)
{
	uint64_t from, to;
	(void)text;
	if (!node_is_number(start, &from) || !node_is_number(end, &to))
		return false;
	h->places = mem_grow(h->places, h->n + 2, sizeof *h->places);
	h->places[h->n++] = (struct place_of){from, NOWHERE};
	h->places[h->n++] = (struct place_of){to, NOWHERE};
	return true;
}

static bool pair_fits(struct hypothesis *h, const struct node *start, const struct node *end, struct str text)
{
	return fits(h, start, end, text);
}

static bool all_fit(struct hypothesis *h, const struct node *spans, enum offset_unit unit, bool inclusive)
{
	h->unit = unit;
	h->inclusive = inclusive;
	find_places(h);
	return each_pair(spans, pair_fits, h);
}

const char *jsonl_other_unit(struct str text, const struct node *spans)
{
	static const struct {
		enum offset_unit unit;
		bool inclusive;
		const char *name;
	} hypotheses[] = {
	    {UNIT_UTF16, false, "UTF-16 code units"},
	    {UNIT_BYTES, false, "UTF-8 bytes"},
	    {UNIT_CP, true, "code points with an end that is the last character"},
	    {UNIT_LF, false, "code points after CRLF became LF"},
	    {UNIT_UTF16, true, "UTF-16 code units with an end that is the last character"},
	    {UNIT_BYTES, true, "UTF-8 bytes with an end that is the last character"},
	};
	struct hypothesis h = {.text = text};
	const char *found = NULL;
	if (each_pair(spans, collect, &h) && h.n) {
		qsort(h.places, h.n, sizeof *h.places, by_offset);
		/* Where they fit as they are, what is wrong is something else: another unit fits as well in a text
		 * of one plane. */
		bool known = all_fit(&h, spans, UNIT_CP, false);
		for (size_t i = 0; i < COUNT_OF(hypotheses) && !known; i++) {
			known = all_fit(&h, spans, hypotheses[i].unit, hypotheses[i].inclusive);
			found = known ? hypotheses[i].name : NULL;
		}
	}
	mem_free(h.places);
	return found;
}
