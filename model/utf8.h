/* utf8: stepping over UTF-8 that may be broken, and the one way in which text reaches a terminal.
 *
 * A byte that belongs to no well-formed sequence (Unicode 15, table 3-7) counts as one code point of its own, value
 * UTF8_BAD | byte.  With that rule every byte string has exactly one division into code points, and whether an offset is
 * a boundary can be told from three bytes before it.  `off` is a byte offset. */
#ifndef ZHUPI_MODEL_UTF8_H
#define ZHUPI_MODEL_UTF8_H

#include "model/base.h"

#define UTF8_BAD 0x80000000u /* | the byte: not a character */

typedef uint32_t codepoint;

size_t utf8_step_any(struct str s, size_t off, codepoint *cp); /* utf8_step() for what is rare */

/* Bytes of the code point at off (1..4); 0 at the end; cp may be NULL. */
static inline size_t utf8_step(struct str s, size_t off, codepoint *cp)
{
	/* What most text is made of: ASCII, and the leads E1..EC, which take any two continuation bytes. */
	if (off < s.n) {
		const unsigned char *p = (const unsigned char *)s.p + off;
		if (p[0] < 0x80) {
			if (cp)
				*cp = p[0];
			return 1;
		}
		if ((unsigned char)(p[0] - 0xE1) < 12 && s.n - off >= 3 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80) {
			if (cp)
				*cp = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
			return 3;
		}
	}
	return utf8_step_any(s, off, cp);
}

size_t utf8_back(struct str s, size_t off);                /* offset of the code point before off (off > 0, a boundary) */
bool utf8_boundary(struct str s, size_t off);
size_t utf8_floor(struct str s, size_t off);               /* the boundary at or before off */
size_t utf8_count(struct str s);                           /* code points */
size_t utf8_skip(struct str s, size_t off, size_t count);  /* offset count code points further, at most s.n */
bool utf8_valid(struct str s);
void utf8_add(struct buf *b, codepoint cp);                /* UTF8_BAD values write their byte; what is no character: U+FFFD */

/* ---- what may be seen ------------------------------------------------------------------------------------- */

/* True for code points that must not reach a terminal as themselves: C0, DEL, C1, U+2028/9, bidi controls, zero-width and
 * other default-ignorable format characters, noncharacters, bad bytes.  (Variation selectors and ZWJ inside an emoji
 * sequence are for segment.h to allow.)  Source: Unicode 15 general categories Cc, Cf, Zl, Zp, Cn noncharacters. */
bool cp_is_hidden(codepoint cp);

/* Appends the visible mark of such a code point: `<1B>`-style for bad bytes is `<FF>`, for code points `<U+202E>`. */
void cp_add_mark(struct buf *b, codepoint cp);

/* Appends s with every hidden code point as its mark; tabs and newlines too unless keep_lines, then those two stay.  This is
 * the sanitiser: whatever leaves the program for a terminal, by screen, stderr or stdout, has passed it. */
void visible_add(struct buf *b, struct str s, bool keep_lines);

/* Whether a hidden code point is part of the grapheme that it stands in: a variation selector after a character that
 * takes one, a joiner between emoji.  before, after: its neighbours, 0 for none. */
bool cp_belongs(codepoint cp, codepoint before, codepoint after);
/* As visible_add() without lines, but those stay: for what is drawn by clusters (segment.h), which sends none of
 * them to the terminal. */
void visible_add_graphemes(struct buf *b, struct str s);

/* UTF-16 code units of a code point; a byte that is no character counts one, as U+FFFD does. */
static inline unsigned utf16_units(codepoint cp)
{
	return cp >= 0x10000 && cp < UTF8_BAD ? 2 : 1;
}

/* ---- classes that several modules ask for ------------------------------------------------------------------ */

bool cp_is_han(codepoint cp);   /* Script=Han ideographs, all extensions, compatibility ones, 〇 */
bool cp_is_space(codepoint cp); /* White_Space, U+3000 included */
bool cp_is_digit(codepoint cp); /* ASCII and full-width digits */
bool cp_is_one_of(codepoint cp, const char *set); /* of a few, written as well-formed UTF-8; U+0000 is of none */
bool cp_is_word(codepoint cp);  /* letter, mark, number */

#endif
