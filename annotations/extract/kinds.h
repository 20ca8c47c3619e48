/* kinds: what kinds of character a code point is of, for the \h \d \n \s \p of patterns (rules.h).
 *
 * Asked once for each character of a window: what sets of characters are made of is then a matter of bits. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_KINDS_H
#define ZHUPI_ANNOTATIONS_EXTRACT_KINDS_H

#include "model/utf8.h"

enum kind {
	KIND_HAN = 1,     /* ideographs, 〇 */
	KIND_DIGIT = 2,   /* 0 to 9: full-width ones are folded before */
	KIND_NUMERAL = 4, /* those, 一 to 九, 十 百 千 万 亿 两 零 〇 */
	KIND_SPACE = 8,
	KIND_MARK = 16,   /* neither letter nor number: marks and blanks */
};

#define KIND_BITS 5

unsigned kinds_of(codepoint c); /* bits of enum kind */

/* Kinds and character of a place in one word, and one bit of its own where no character is: what a set of characters
 * has no bit in common with cannot stand there. */
#define TRAIT_END ((uint64_t)1 << 63)
#define TRAIT_CHARACTERS (63 - KIND_BITS) /* characters share so many bits */

static inline uint64_t trait_of(codepoint c)
{
	return (uint64_t)1 << (KIND_BITS + c % TRAIT_CHARACTERS);
}

#endif
