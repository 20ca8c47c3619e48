/* segment: where characters, words, sentences and lines may be divided, and how many cells a character takes.
 *
 * Grapheme clusters by UAX #29 over ICU 72's properties (Unicode 15); words and sentences by UAX #29 with ICU's
 * dictionary for Han, line breaks by UAX #14, through ICU's break iterators over UTF-8 (utext_openUTF8, so positions
 * are byte offsets).  Locale "zh" for text with Han whatever the environment says, else "en": with "zh" no closing
 * mark starts a row, no opening mark ends one, quotation marks break as in Chinese, `——` and `……` stay whole.
 *
 * A `struct segmenter` owns three iterators, opened on first use and reused: opening one costs up to 0.4 ms.
 * Positions are byte offsets within the text last given to segment_text().  Each boundary of words, sentences and
 * lines is one of clusters. */
#ifndef ZHUPI_MODEL_SEGMENT_H
#define ZHUPI_MODEL_SEGMENT_H

#include "model/base.h"

enum segment_by { BY_GRAPHEME, BY_WORD, BY_SENTENCE, BY_LINE, SEGMENT_KINDS };

struct segmenter;

struct segmenter *segmenter_new(bool chinese);
void segmenter_free(struct segmenter *g);

/* Text to be segmented; borrowed until the next call.  Broken UTF-8 is fine: a bad byte is a cluster of its own. */
void segment_text(struct segmenter *g, struct str text);
size_t segment_next(struct segmenter *g, enum segment_by by, size_t off); /* first boundary > off, or text.n */
size_t segment_prev(struct segmenter *g, enum segment_by by, size_t off); /* last boundary < off, or 0 */
bool segment_is_boundary(struct segmenter *g, enum segment_by by, size_t off);
/* Whether the part that ends at boundary `off` is a word (letters, digits, Han), not spaces or marks. */
bool segment_word_like(struct segmenter *g, size_t off);

/* ---- clusters ----------------------------------------------------------------------------------------------- */

/* End of the cluster that starts at `off`, a boundary; text.n at the end.  A bad byte is a cluster of its own. */
size_t cluster_next(struct str text, size_t off);
bool cluster_boundary(struct str text, size_t off);

/* ---- cells -------------------------------------------------------------------------------------------------- */

/* Cells of one cluster, 1 or 2, more only for marks; `ambiguous` is what East Asian Ambiguous characters take, 1 or
 * 2.  Does not depend on the locale in force, agrees with what ncurses advances in a UTF-8 locale for what
 * cluster_add_drawn() gives:
 *  - wcwidth of the base as glibc 2.36 has it; what it does not know is drawn as 〓 (2, all such Han) or U+FFFD (1); a lone
 *    combining mark takes 1;
 *  - a second spacing code point counts and is drawn after it where both fit two cells: the two letters of a flag, half-width
 *    kana and its voiced mark, a letter and its spacing vowel sign; further ones are not drawn;
 *  - emoji joined by ZWJ or with a skin tone are their base alone, because terminals disagree on everything else.
 * Hidden characters (cp_is_hidden) that a cluster starts with are as wide as their marks: 4 cells for a bad byte, 8
 * or more for others.  Those after a visible base take no cell; it is for who shows text to replace them by marks
 * where they matter. */
unsigned cell_width(struct str cluster, unsigned ambiguous);
/* Appends what is sent to the terminal for a cluster: never a hidden character, at most four combining marks. */
void cluster_add_drawn(struct buf *out, struct str cluster);

unsigned text_width(struct str text, unsigned ambiguous); /* sum over clusters */
/* The longest prefix of whole clusters that fits in `cells`; *used (may be NULL) receives its width. */
size_t text_fit(struct str text, unsigned cells, unsigned ambiguous, unsigned *used);

#endif
