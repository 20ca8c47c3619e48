/* window: a stretch of an article as rules see it: reading text folded to simplified script and half-width, one code
 * point an element, each knowing its raw bytes.
 *
 * Glosses are left out, mojibake is one blank, and so is every other blank.  Besides fold.h, marks that are written
 * in several ways are made one: corner brackets “ ”, straight double quotes by turns “ ”, middle dots ·, waves and
 * long dashes ~ and —, brackets 【〔〖 round ones; a comma directly in front of another mark, which some pages put
 * there, is left out.  A window is a line, or of a line longer than WINDOW_MAX code points a part of it that ends at
 * a sentence end where there is one.  Hits never cross windows.  `start` and `end` count elements; `off` and `end`
 * of an element are bytes of the raw text.  A window borrows the article's text and owns its arrays. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_WINDOW_H
#define ZHUPI_ANNOTATIONS_EXTRACT_WINDOW_H

#include "annotations/extract/kinds.h"
#include "model/noise.h"
#include "model/utf8.h"
#include "model/words.h"
#include "model/zones.h"

#define WINDOW_MAX 3072
#define WINDOWS_KEPT 65536 /* elements of one article's windows that are kept, for each is asked for two or three times */

struct window_kept {
	size_t from, to;
	size_t start, n;
	enum zone_kind zone;
};

/* Beside those of enum kind. */
enum window_bit {
	WINDOW_WORD = 0x20,    /* a word of the dictionary begins here */
	WINDOW_DIVIDED = 0x40, /* the bit before is known */
};

struct window {
	const codepoint *cp;
	const uint32_t *off, *end;
	const uint8_t *kinds; /* kinds_of(cp), and bits of enum window_bit */
	const uint64_t *traits; /* of each (kinds.h), and TRAIT_END behind the last */
	size_t n;
	enum zone_kind zone;
	size_t from, to;      /* bytes of the raw text */
	struct {              /* the windows of this article so far, one after the other */
		codepoint *cp;
		uint32_t *off, *end;
		uint8_t *kinds;
		uint64_t *traits;
		size_t n, cap;
		struct window_kept *list; /* by from */
		size_t n_list, cap_list;
	} kept;
	struct noise_list noise; /* scratch */
	uint8_t *known;          /* kinds of characters met before */
	struct words *words;
	uint64_t *word_bits;     /* scratch */
	size_t cap_word_bits;
};

void window_begin(struct window *w); /* another article: nothing of the last one is kept */
/* The window that begins at `from`; false at the end of the text.  The next one begins at w->to. */
bool window_fill(struct window *w, struct str text, const struct zones *zones, struct noise_facts facts, size_t from);
void window_free(struct window *w);
/* Whether a dictionary word begins at the element, or ends there. */
bool window_word_starts(struct window *w, size_t at);
/* Raw bytes of elements [start, end): noise after the last one stays outside. */
void window_range(const struct window *w, size_t start, size_t end, size_t *off, size_t *to);
void window_add_text(const struct window *w, size_t start, size_t end, struct buf *out); /* appends the folded text */

#endif
