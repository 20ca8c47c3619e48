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

unsigned kinds_of(codepoint c); /* bits of enum kind */

#endif
