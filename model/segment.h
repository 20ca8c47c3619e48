/* segment: where characters, words, sentences and lines may be divided, and how many cells a character takes.
 *
 * Grapheme clusters by UAX #29, words and sentences by UAX #29 with ICU's dictionary for Han, line breaks by UAX #14, all
 * through ICU 72's break iterators over UTF-8 (utext_openUTF8, so positions are byte offsets).  Locale "zh" for text with
 * Han whatever the environment says, else "en".  A `struct segmenter` owns four iterators, opened on first use and reused: opening one costs up
 * to 0.4 ms.  Positions are byte offsets within the text last given to segment_text(). */
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
/* Whether the line must break at boundary `off` (after a newline) rather than may. */
bool segment_line_must(struct segmenter *g, size_t off);

/* Cells that ncurses advances for a grapheme cluster: wcwidth of its base in a UTF-8 locale, 2 for Han that wcwidth does not
 * know (drawn as 〓), 1 for a lone combining mark, 0 never: what takes no cell is drawn as a mark.  `ambiguous` is 1 or 2.
 * Does not depend on the locale in force. */
unsigned cell_width(struct str cluster, unsigned ambiguous);
unsigned text_width(struct str text, unsigned ambiguous); /* sum over clusters, hidden ones as their marks */
/* The longest prefix of whole clusters that fits in `cells`; *used (may be NULL) receives its width. */
size_t text_fit(struct str text, unsigned cells, unsigned ambiguous, unsigned *used);

#endif
