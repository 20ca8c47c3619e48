/* anchor: finds the text of a span again in an article that was edited.
 *
 * Exact offsets first; then the occurrences of the text, ranked by agreement of the stored context on either side and
 * by distance; a unique best one with agreeing context, or the only occurrence near by (unless it is short and has
 * nothing of the context), moves the span; else it is lost.  Several fragments keep their order.  After the ideas of
 * the W3C Web Annotation TextQuoteSelector (exact, prefix, suffix). */
#ifndef ZHUPI_ANNOTATIONS_ANCHOR_H
#define ZHUPI_ANNOTATIONS_ANCHOR_H

#include "annotations/set.h"

struct anchor_request {
	struct fragment *fragments; /* in: by the old offsets (may lie outside the text); out: the new ones */
	const struct str *texts;    /* as many */
	size_t n;
	struct str before, after; /* stored context */
	int64_t shift;  /* by how many bytes the span before this one moved, the first guess; out: this one's */
	size_t *budget; /* bytes that may still be read in search, so that many lost spans cost no more than a few;
	                   NULL: enough for one */
};

/* ANCHORED: at the old offsets (with context that agrees where there is any); fragments are unchanged when
 * ANCHOR_LOST. */
enum anchoring anchor_find(struct str text, struct anchor_request *r);
/* Whether [off, end) reads as stored: byte for byte, or with U+FFFD where the article has bytes that are no
 * character. */
bool anchor_matches(struct str text, size_t off, size_t end, struct str stored);
/* Code points of stored context that agree with what stands before off and after end; *of: how many there are. */
size_t anchor_agreement(struct str text, size_t off, size_t end, struct str before, struct str after, size_t *of);
/* Context of up to 8 code points either side of [off, end), within the line. */
void anchor_context(struct str text, size_t off, size_t end, struct str *before, struct str *after);

#endif
