/* window: a stretch of an article as rules see it: reading text folded to simplified script and half-width, one code point an element, each
 * knowing its raw bytes.
 *
 * Glosses are left out, mojibake is one blank.  Besides fold.h, marks that are written in several ways are made one: corner brackets “ ”, straight double
 * quotes by turns “ ”, middle dots ·, waves and long dashes ~ and —.  A window is a line, or of a line longer than WINDOW_MAX code points a part of it that ends at
 * a sentence end where there is one.  Hits never cross windows.  `start` and `end` count elements; `off` and `end` of an element are bytes of the raw text.  A
 * window borrows the article's text and owns its arrays, which are used again by the next. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_WINDOW_H
#define ZHUPI_ANNOTATIONS_EXTRACT_WINDOW_H

#include "model/noise.h"
#include "model/utf8.h"
#include "model/zones.h"

#define WINDOW_MAX 3072

struct window {
	codepoint *cp;
	uint32_t *off, *end;
	size_t n, cap;
	enum zone_kind zone;
	size_t from, to;         /* bytes of the raw text */
	struct noise_list noise; /* scratch */
};

/* The window that begins at `from`; false at the end of the text.  The next one begins at w->to. */
bool window_fill(struct window *w, struct str text, const struct zones *zones, struct noise_facts facts, size_t from);
void window_free(struct window *w);
/* Raw bytes of elements [start, end): noise after the last one stays outside. */
void window_range(const struct window *w, size_t start, size_t end, size_t *off, size_t *to);
void window_add_text(const struct window *w, size_t start, size_t end, struct buf *out); /* appends the folded text */

#endif
