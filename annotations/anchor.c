/* anchor.c: see anchor.h.
 *
 * Candidates are the occurrences of the first fragment's text, from the expected place outwards; the other fragments
 * follow it in order, each the nearest after the one before.  A candidate is worth the code points of context that
 * agree with it. */
#include "annotations/anchor.h"

#include <string.h>

#include "model/utf8.h"

#define CONTEXT        8                 /* code points either side */
#define NEAR           ((size_t)3000)    /* bytes: "near by" for a text without context */
#define WINDOW         ((size_t)1 << 18) /* bytes searched either side of the expected place */
#define DISTINCTIVE    8                 /* code points: a text that says where it is from */
#define CANDIDATE_COST 256               /* bytes that could be read in the time of looking at one */
#define CANDIDATES     512               /* occurrences looked at, nearest ones of each direction first */

/* ---- comparing ---------------------------------------------------------------------------------------------- */

bool anchor_matches(struct str text, size_t off, size_t end, struct str stored)
{
	struct str here = str_sub(text, off, end);
	if (str_eq(here, stored))
		return true;
	if (here.n > stored.n)
		return false;
	size_t i = 0, j = 0;
	while (i < here.n && j < stored.n) {
		codepoint a = 0, b = 0;
		i += utf8_step(here, i, &a);
		j += utf8_step(stored, j, &b);
		if (a != b && !((a & UTF8_BAD) && b == 0xFFFD))
			return false;
	}
	return i == here.n && j == stored.n;
}

static bool same_point(codepoint article, codepoint stored)
{
	return article == stored || ((article & UTF8_BAD) && stored == 0xFFFD);
}

static size_t agreement_before(struct str text, size_t off, struct str before)
{
	size_t agree = 0, i = off, j = before.n;
	while (i > 0 && j > 0) {
		codepoint a = 0, b = 0;
		i = utf8_back(text, i);
		j = utf8_back(before, j);
		utf8_step(text, i, &a);
		utf8_step(before, j, &b);
		if (!same_point(a, b))
			break;
		agree++;
	}
	return agree;
}

static size_t agreement_after(struct str text, size_t end, struct str after)
{
	size_t agree = 0, i = end, j = 0;
	while (i < text.n && j < after.n) {
		codepoint a = 0, b = 0;
		i += utf8_step(text, i, &a);
		j += utf8_step(after, j, &b);
		if (!same_point(a, b))
			break;
		agree++;
	}
	return agree;
}

size_t anchor_agreement(struct str text, size_t off, size_t end, struct str before, struct str after, size_t *of)
{
	*of = utf8_count(before) + utf8_count(after);
	return agreement_before(text, off, before) + agreement_after(text, end, after);
}

static bool line_end_at(struct str text, size_t off)
{
	return off == text.n || text.p[off] == '\n' || text.p[off] == '\r';
}

void anchor_context(struct str text, size_t off, size_t end, struct str *before, struct str *after)
{
	size_t from = off, to = end;
	for (int i = 0; i < CONTEXT && from > 0; i++) {
		size_t back = utf8_back(text, from);
		if (line_end_at(text, back))
			break;
		from = back;
	}
	for (int i = 0; i < CONTEXT && to < text.n && !line_end_at(text, to); i++)
		to += utf8_step(text, to, NULL);
	*before = str_sub(text, from, off);
	*after = str_sub(text, end, to);
}

/* ---- candidates --------------------------------------------------------------------------------------------- */

struct search {
	struct str text;
	struct anchor_request *r;
	size_t expected;       /* where the first fragment would be if it moved as its neighbour did */
	struct fragment *try;  /* r->n */
	struct fragment *best; /* r->n */
	size_t best_agree, best_distance, of;
	size_t count;       /* occurrences seen */
	bool tie, complete; /* complete: the whole text was searched */
};

static size_t distance(size_t a, size_t b)
{
	return a > b ? a - b : b - a;
}

/* The fragments behind the first: each at the occurrence of its text after the one before that is nearest to its old
 * distance. */
static bool place_rest(struct search *q)
{
	const struct anchor_request *r = q->r;
	for (size_t i = 1; i < r->n; i++) {
		size_t gap =
		    r->fragments[i].off > r->fragments[i - 1].end ? r->fragments[i].off - r->fragments[i - 1].end : 0;
		size_t from = q->try[i - 1].end, expected = from + gap, found = NOWHERE;
		struct str part = str_sub(q->text, 0, expected + gap + NEAR);
		for (size_t at = from; (at = str_find(part, r->texts[i], at)) != NOWHERE; at++) {
			if (found != NOWHERE && distance(at, expected) >= distance(found, expected))
				break;
			found = at;
		}
		if (found == NOWHERE)
			return false;
		q->try[i] = (struct fragment){(uint32_t)found, (uint32_t)(found + r->texts[i].n)};
	}
	return true;
}

/* A candidate at the byte `at`.  skip: bytes of context in front of an empty span. */
static void consider(struct search *q, size_t at)
{
	const struct anchor_request *r = q->r;
	q->count++;
	q->try[0] = (struct fragment){(uint32_t)at, (uint32_t)(at + r->texts[0].n)};
	if (!place_rest(q))
		return;
	size_t agree = anchor_agreement(q->text, at, q->try[r->n - 1].end, r->before, r->after, &q->of);
	size_t far = distance(at, q->expected);
	bool first = q->best_distance == NOWHERE;
	if (!first && (agree < q->best_agree || (agree == q->best_agree && far >= q->best_distance))) {
		q->tie |= agree == q->best_agree;
		return;
	}
	q->tie = !first && agree == q->best_agree;
	q->best_agree = agree;
	q->best_distance = far;
	memcpy(q->best, q->try, r->n * sizeof(*q->best));
}

static void search_forward(struct search *q, size_t from, size_t to, struct str needle, size_t lead)
{
	struct str part = str_sub(q->text, 0, to);
	size_t limit = q->count + CANDIDATES;
	for (size_t at = from; (at = str_find(part, needle, at)) != NOWHERE && q->count < limit; at++)
		consider(q, at + lead);
}

/* Backwards by pieces, so that the nearest ones are met before the limit is. */
static void search_back(struct search *q, size_t from, size_t to, struct str needle, size_t lead)
{
	size_t limit = q->count + CANDIDATES;
	while (to > from && q->count < limit) {
		size_t start = to - from > NEAR ? to - NEAR : from;
		struct str part = str_sub(q->text, 0, to + needle.n - 1);
		for (size_t at = start; (at = str_find(part, needle, at)) != NOWHERE; at++)
			consider(q, at + lead);
		to = start;
	}
}

static void search_around(struct search *q, struct str needle, size_t lead)
{
	size_t room = WINDOW, n = q->text.n;
	if (q->r->budget) {
		room = room < *q->r->budget ? room : *q->r->budget;
		room = room > NEAR ? room : NEAR;
	}
	size_t here = q->expected < n ? q->expected : n;
	size_t from = here > room ? here - room : 0, to = n - here > room ? here + room + needle.n : n;
	here = here > lead ? here - lead : 0;
	from = from < here ? from : here;
	q->complete = from == 0 && to >= n;
	search_forward(q, here, to, needle, lead);
	search_back(q, from, here, needle, lead);
	size_t cost = to - from + q->count * CANDIDATE_COST;
	if (q->r->budget)
		*q->r->budget -= *q->r->budget < cost ? *q->r->budget : cost;
}

/* ---- deciding ----------------------------------------------------------------------------------------------- */

/* At least half of the context must agree where there is much; one with less must be the only occurrence. */
static bool certain(const struct search *q)
{
	if (q->best_distance == NOWHERE)
		return false;
	bool all = q->of > 0 && q->best_agree == q->of, much = q->best_agree >= 2 && 2 * q->best_agree >= q->of;
	if (all && q->best_distance == 0)
		return true;
	if (q->tie)
		return false;
	if (all || much)
		return true;
	/* The only occurrence.  A short one of whose context nothing is left is rather another mention of the same
	 * name. */
	size_t length = utf8_count(q->r->texts[0]);
	bool only = q->count == 1 && length > 1 && (q->best_agree > 0 || q->of < CONTEXT || length >= DISTINCTIVE);
	return only && (q->complete || q->best_distance <= NEAR);
}

static size_t shifted(size_t off, int64_t shift, size_t n)
{
	int64_t at = (int64_t)off + shift;
	return at < 0 ? 0 : (size_t)at < n ? (size_t)at : n;
}

/* Where its neighbour went it is looked for first: with all its context there, nothing else need be read. */
static bool at_expected(struct search *q)
{
	struct str first = q->r->texts[0];
	if (!str_eq(str_sub(q->text, q->expected, q->expected + first.n), first) ||
	    !utf8_boundary(q->text, q->expected))
		return false;
	consider(q, q->expected);
	if (q->best_distance == 0 && q->of > 0 && q->best_agree == q->of)
		return true;
	q->best_distance = NOWHERE;
	q->tie = false;
	q->count = 0;
	return false;
}

static void look(struct search *q)
{
	struct anchor_request *r = q->r;
	if (at_expected(q))
		return;
	if (r->texts[0].n > 0) {
		search_around(q, r->texts[0], 0);
		return;
	}
	if (r->n > 1 || r->before.n + r->after.n == 0)
		return;
	struct buf needle = {0};
	buf_add(&needle, r->before);
	buf_add(&needle, r->after);
	search_around(q, buf_str(&needle), r->before.n);
	buf_free(&needle);
}

enum anchoring anchor_find(struct str text, struct anchor_request *r)
{
	struct search q = {.text = text, .r = r, .best_distance = NOWHERE};
	q.expected = shifted(r->fragments[0].off, r->shift, text.n);
	q.try = mem_array(r->n, sizeof(*q.try));
	q.best = mem_array(r->n, sizeof(*q.best));
	look(&q);
	enum anchoring result = ANCHOR_LOST;
	if (certain(&q)) {
		result = memcmp(q.best, r->fragments, r->n * sizeof(*q.best)) == 0 ? ANCHORED : ANCHOR_MOVED;
		r->shift = (int64_t)q.best[0].off - (int64_t)r->fragments[0].off;
		memcpy(r->fragments, q.best, r->n * sizeof(*q.best));
	}
	mem_free(q.try);
	mem_free(q.best);
	return result;
}
