/* segment.c: words, sentences and lines through ICU's break iterators, see segment.h.  Clusters are in cluster.c,
 * cells in width.c. */
#include "model/segment.h"

#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include "model/utf8.h"

struct segmenter {
	const char *locale;
	struct str text;
	struct buf mended; /* the text with bad bytes replaced, where it has any */
	UText *utext;
	UBreakIterator *iterators[SEGMENT_KINDS];
	bool stale[SEGMENT_KINDS]; /* has not been given the text yet */
	size_t cluster;            /* a boundary of clusters that was answered: the next question mostly starts there */
};

struct segmenter *segmenter_new(bool chinese)
{
	struct segmenter *g = mem_alloc(sizeof(*g));
	g->locale = chinese ? "zh" : "en";
	return g;
}

void segmenter_free(struct segmenter *g)
{
	if (!g)
		return;
	for (size_t by = 0; by < SEGMENT_KINDS; by++)
		if (g->iterators[by])
			ubrk_close(g->iterators[by]);
	utext_close(g->utext);
	buf_free(&g->mended);
	mem_free(g);
}

void segment_text(struct segmenter *g, struct str text)
{
	g->text = text;
	g->cluster = 0;
	buf_clear(&g->mended);
	for (size_t by = 0; by < SEGMENT_KINDS; by++)
		g->stale[by] = true;
}

/* ICU takes several bad bytes as one and moves offsets among them.  A star in place of each has the same length and
 * the classes of U+FFFD: other for words and sentences, alphabetic for lines. */
static struct str text_for_icu(struct segmenter *g)
{
	if (g->mended.n == 0 && utf8_valid(g->text))
		return g->text.n ? g->text : S("");
	if (g->mended.n)
		return buf_str(&g->mended);
	codepoint cp;
	buf_add(&g->mended, g->text);
	for (size_t off = 0, step; (step = utf8_step(g->text, off, &cp)) != 0; off += step)
		if (cp & UTF8_BAD)
			g->mended.p[off] = '*';
	return buf_str(&g->mended);
}

/* The iterator, holding the text; NULL when ICU cannot, and clusters must do. */
static UBreakIterator *iterator_for(struct segmenter *g, enum segment_by by)
{
	static const UBreakIteratorType types[SEGMENT_KINDS] = {
		[BY_WORD] = UBRK_WORD,
		[BY_SENTENCE] = UBRK_SENTENCE,
		[BY_LINE] = UBRK_LINE,
	};
	UErrorCode status = U_ZERO_ERROR;
	if (!g->iterators[by]) {
		g->iterators[by] = ubrk_open(types[by], g->locale, NULL, 0, &status);
		g->stale[by] = true;
		if (U_FAILURE(status)) {
			g->iterators[by] = NULL;
			return NULL;
		}
	}
	if (!g->stale[by])
		return g->iterators[by];
	/* The iterator keeps a clone of its own, so that one UText serves them all. */
	struct str text = text_for_icu(g);
	g->utext = utext_openUTF8(g->utext, text.p, (int64_t)text.n, &status);
	ubrk_setUText(g->iterators[by], g->utext, &status);
	if (U_FAILURE(status))
		return NULL;
	g->stale[by] = false;
	return g->iterators[by];
}

/* ---- clusters ----------------------------------------------------------------------------------------------- */

static size_t next_cluster(struct segmenter *g, size_t off)
{
	if (off != g->cluster)
		while (off > 0 && !cluster_boundary(g->text, off))
			off--;
	g->cluster = cluster_next(g->text, off);
	return g->cluster;
}

static size_t previous_cluster(const struct segmenter *g, size_t off)
{
	do {
		off--;
	} while (off > 0 && !cluster_boundary(g->text, off));
	return off;
}

/* ---- boundaries --------------------------------------------------------------------------------------------- */

static bool is_boundary_in(UBreakIterator *it, struct str text, size_t off)
{
	return cluster_boundary(text, off) && ubrk_isBoundary(it, (int32_t)off);
}

size_t segment_next(struct segmenter *g, enum segment_by by, size_t off)
{
	if (off >= g->text.n)
		return g->text.n;
	UBreakIterator *it = by == BY_GRAPHEME ? NULL : iterator_for(g, by);
	if (!it)
		return next_cluster(g, off);
	int32_t at = ubrk_following(it, (int32_t)off);
	/* LB9 lets a space and a mark on it part, UAX #29 does not. */
	while (at != UBRK_DONE && !cluster_boundary(g->text, (size_t)at))
		at = ubrk_next(it);
	return at == UBRK_DONE ? g->text.n : (size_t)at;
}

size_t segment_prev(struct segmenter *g, enum segment_by by, size_t off)
{
	if (off > g->text.n)
		off = g->text.n;
	if (off == 0)
		return 0;
	UBreakIterator *it = by == BY_GRAPHEME ? NULL : iterator_for(g, by);
	if (!it)
		return previous_cluster(g, off);
	/* ICU moves an offset within a code point to its start first. */
	size_t floor = utf8_floor(g->text, off);
	if (floor < off && is_boundary_in(it, g->text, floor))
		return floor;
	int32_t at = ubrk_preceding(it, (int32_t)floor);
	while (at != UBRK_DONE && !cluster_boundary(g->text, (size_t)at))
		at = ubrk_previous(it);
	return at == UBRK_DONE ? 0 : (size_t)at;
}

bool segment_is_boundary(struct segmenter *g, enum segment_by by, size_t off)
{
	if (off == 0 || off >= g->text.n)
		return off == 0 || off == g->text.n;
	UBreakIterator *it = by == BY_GRAPHEME ? NULL : iterator_for(g, by);
	return it ? is_boundary_in(it, g->text, off) : cluster_boundary(g->text, off);
}

bool segment_word_like(struct segmenter *g, size_t off)
{
	UBreakIterator *it = iterator_for(g, BY_WORD);
	if (!it || off == 0 || off > g->text.n || !is_boundary_in(it, g->text, off))
		return false;
	return ubrk_getRuleStatus(it) >= UBRK_WORD_NUMBER;
}
