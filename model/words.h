/* words: where the words of a Chinese text begin, by ICU's dictionary (UAX #29 with ICU's word list for Han), for
 * text given as code points.
 *
 * What stands in no dictionary falls into single characters.  About 16 MB of UTF-8 a second, so ask only where it
 * matters.  A `struct words` owns its iterator and scratch memory. */
#ifndef ZHUPI_MODEL_WORDS_H
#define ZHUPI_MODEL_WORDS_H

#include "model/utf8.h"

struct words;

struct words *words_new(void);
void words_free(struct words *w);
/* Sets bit i of bits (n / 64 + 1 of them) where a word begins at code point i; bit n too.  Code points that are no
 * characters stand alone. */
void words_find(struct words *w, const codepoint *cp, size_t n, uint64_t *bits);

#endif
