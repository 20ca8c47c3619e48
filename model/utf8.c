/* utf8.c: see utf8.h.  Well-formed sequences are those of The Unicode Standard 15.0, table 3-7. */
#include "model/utf8.h"

#include <string.h>
#include <unicode/uchar.h>

/* ---- stepping ----------------------------------------------------------------------------------------------- */

static inline bool is_continuation(unsigned char byte)
{
	return (byte & 0xC0) == 0x80;
}

/* Bytes of the well-formed sequence that starts with `lead`, 0 where none can. */
static inline size_t sequence_length(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead < 0xC2)
		return 0;
	if (lead < 0xE0)
		return 2;
	if (lead < 0xF0)
		return 3;
	return lead < 0xF5 ? 4 : 0;
}

/* The second byte is where overlong forms, surrogates and values past U+10FFFF show. */
static inline bool second_fits(unsigned char lead, unsigned char second)
{
	switch (lead) {
	case 0xE0: return second >= 0xA0 && second <= 0xBF;
	case 0xED: return second >= 0x80 && second <= 0x9F;
	case 0xF0: return second >= 0x90 && second <= 0xBF;
	case 0xF4: return second >= 0x80 && second <= 0x8F;
	default:   return is_continuation(second);
	}
}

/* Length of the code point at p, of which n > 0 bytes are there; 1 for a bad byte. */
static inline size_t length_at(const unsigned char *p, size_t n)
{
	size_t length = sequence_length(p[0]);
	if (length <= 1)
		return 1;
	if (length > n || !second_fits(p[0], p[1]))
		return 1;
	for (size_t i = 2; i < length; i++)
		if (!is_continuation(p[i]))
			return 1;
	return length;
}

static inline codepoint value_at(const unsigned char *p, size_t length)
{
	switch (length) {
	case 1:  return p[0] < 0x80 ? p[0] : UTF8_BAD | p[0];
	case 2:  return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
	case 3:  return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
	default: return (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
	}
}

static inline const unsigned char *bytes_of(struct str s)
{
	return (const unsigned char *)s.p;
}

size_t utf8_step_any(struct str s, size_t off, codepoint *cp)
{
	if (off >= s.n)
		return 0;
	const unsigned char *p = bytes_of(s) + off;
	size_t length = length_at(p, s.n - off);
	if (cp)
		*cp = value_at(p, length);
	return length;
}

/* A sequence that holds the byte at off, off not its first one, starts at most three bytes before: it is enough to
 * try these. */
size_t utf8_floor(struct str s, size_t off)
{
	if (off >= s.n)
		return s.n;
	const unsigned char *p = bytes_of(s);
	if (!is_continuation(p[off]))
		return off;
	for (size_t back = 1; back <= 3 && back <= off; back++) {
		if (is_continuation(p[off - back]))
			continue;
		return length_at(p + off - back, s.n - off + back) > back ? off - back : off;
	}
	return off;
}

size_t utf8_back(struct str s, size_t off)
{
	return off == 0 ? 0 : utf8_floor(s, off - 1);
}

bool utf8_boundary(struct str s, size_t off)
{
	return off <= s.n && utf8_floor(s, off) == off;
}

/* ---- counting ----------------------------------------------------------------------------------------------- */

/* Bytes from p that are plain runs: eight at a time while all are ASCII, three at a time while they are ideographs
 * and the like. */
static size_t plain_run(const unsigned char *p, size_t n, size_t *count)
{
	size_t i = 0;
	for (;;) {
		size_t from = i;
		uint64_t eight;
		while (n - i >= 8 && (memcpy(&eight, p + i, 8), (eight & 0x8080808080808080u) == 0)) {
			i += 8;
			*count += 8;
		}
		/* Lead bytes E1..EC take any two continuation bytes. */
		while (n - i >= 3 && (unsigned char)(p[i] - 0xE1) < 12 && is_continuation(p[i + 1]) && is_continuation(p[i + 2])) {
			i += 3;
			*count += 1;
		}
		if (i == from)
			return i;
	}
}

size_t utf8_count(struct str s)
{
	const unsigned char *p = bytes_of(s);
	size_t count = 0;
	for (size_t i = 0; i < s.n;) {
		i += plain_run(p + i, s.n - i, &count);
		if (i == s.n)
			break;
		i += length_at(p + i, s.n - i);
		count++;
	}
	return count;
}

size_t utf8_skip(struct str s, size_t off, size_t count)
{
	const unsigned char *p = bytes_of(s);
	while (count && off < s.n) {
		/* As in plain_run(), but only so far. */
		uint64_t eight;
		while (count >= 8 && s.n - off >= 8 &&
		       (memcpy(&eight, p + off, 8), (eight & 0x8080808080808080u) == 0)) {
			off += 8;
			count -= 8;
		}
		while (count && s.n - off >= 3 && (unsigned char)(p[off] - 0xE1) < 12 && is_continuation(p[off + 1]) &&
		       is_continuation(p[off + 2])) {
			off += 3;
			count--;
		}
		if (count && off < s.n) {
			off += length_at(p + off, s.n - off);
			count--;
		}
	}
	return off < s.n ? off : s.n;
}

bool utf8_valid(struct str s)
{
	const unsigned char *p = bytes_of(s);
	size_t count = 0;
	for (size_t i = 0; i < s.n;) {
		i += plain_run(p + i, s.n - i, &count);
		if (i == s.n)
			break;
		size_t length = length_at(p + i, s.n - i);
		if (length == 1 && p[i] >= 0x80)
			return false;
		i += length;
	}
	return true;
}

#define LONGEST 4 /* bytes of a code point */

static inline size_t encode(codepoint cp, char bytes[LONGEST])
{
	size_t n = 0;
	if ((cp >= 0xD800 && cp < 0xE000) || (cp > 0x10FFFF && !(cp & UTF8_BAD)))
		cp = 0xFFFD;
	if (cp & UTF8_BAD) {
		bytes[n++] = (char)(cp & 0xFF);
	} else if (cp < 0x80) {
		bytes[n++] = (char)cp;
	} else if (cp < 0x800) {
		bytes[n++] = (char)(0xC0 | cp >> 6);
		bytes[n++] = (char)(0x80 | (cp & 0x3F));
	} else if (cp < 0x10000) {
		bytes[n++] = (char)(0xE0 | cp >> 12);
		bytes[n++] = (char)(0x80 | (cp >> 6 & 0x3F));
		bytes[n++] = (char)(0x80 | (cp & 0x3F));
	} else {
		bytes[n++] = (char)(0xF0 | (cp >> 18 & 0x07));
		bytes[n++] = (char)(0x80 | (cp >> 12 & 0x3F));
		bytes[n++] = (char)(0x80 | (cp >> 6 & 0x3F));
		bytes[n++] = (char)(0x80 | (cp & 0x3F));
	}
	return n;
}

/* Where there is room, as nearly always, right into the buffer. */
void utf8_add(struct buf *b, codepoint cp)
{
	char bytes[LONGEST];
	if (b->cap - b->n <= sizeof bytes) {
		buf_add(b, (struct str){bytes, encode(cp, bytes)});
		return;
	}
	b->n += encode(cp, b->p + b->n);
	b->p[b->n] = '\0';
}

/* ---- what may be seen --------------------------------------------------------------------------------------- */

/* What most text consists of and what is never hidden: printable ASCII, CJK marks, kana, ideographs, full-width forms. */
static inline bool is_plain(codepoint cp)
{
	return (cp >= 0x20 && cp < 0x7F) || (cp >= 0x3000 && cp < 0x3100) || (cp >= 0x3400 && cp < 0xA000) ||
	       (cp >= 0xFF01 && cp < 0xFF61);
}

bool cp_is_hidden(codepoint cp)
{
	if (is_plain(cp))
		return false;
	if (cp < 0xA0 || cp > 0x10FFFF || (cp >= 0xD800 && cp < 0xE000))
		return true;
	switch (u_charType((UChar32)cp)) {
	case U_CONTROL_CHAR:
	case U_FORMAT_CHAR:
	case U_LINE_SEPARATOR:
	case U_PARAGRAPH_SEPARATOR:
		return true;
	default:
		return u_hasBinaryProperty((UChar32)cp, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
		       u_hasBinaryProperty((UChar32)cp, UCHAR_NONCHARACTER_CODE_POINT);
	}
}

void cp_add_mark(struct buf *b, codepoint cp)
{
	if (cp & UTF8_BAD)
		buf_addf(b, "<%02X>", (unsigned)(cp & 0xFF));
	else
		buf_addf(b, "<U+%04X>", (unsigned)cp);
}

/* Bytes from off that may go out as they are: found without decoding where the text is plain. */
static size_t visible_run(struct str s, size_t off, bool keep_lines)
{
	size_t at = off;
	while (at < s.n) {
		unsigned char byte = (unsigned char)s.p[at];
		if (byte >= 0x20 && byte < 0x7F) {
			at++;
			continue;
		}
		if (keep_lines && (byte == '\n' || byte == '\t')) {
			at++;
			continue;
		}
		codepoint cp;
		size_t step = utf8_step(s, at, &cp);
		if (cp_is_hidden(cp))
			break;
		at += step;
	}
	return at - off;
}

void visible_add(struct buf *b, struct str s, bool keep_lines)
{
	for (size_t off = 0; off < s.n;) {
		size_t run = visible_run(s, off, keep_lines);
		buf_add(b, str_sub(s, off, off + run));
		off += run;
		codepoint cp;
		size_t step = utf8_step(s, off, &cp);
		if (step)
			cp_add_mark(b, cp);
		off += step;
	}
}

/* Symbols that emoji sequences are made of: their blocks, and the modifiers of skin. */
static bool is_emoji(codepoint cp)
{
	return (cp >= 0x1F000 && cp <= 0x1FAFF) || (cp >= 0x2190 && cp <= 0x2BFF) || cp == 0x3030 || cp == 0x303D ||
	       cp == 0x3297 || cp == 0x3299 || cp == 0xA9 || cp == 0xAE;
}

static bool is_selector(codepoint cp)
{
	return (cp >= 0xFE00 && cp <= 0xFE0F) || (cp >= 0xE0100 && cp <= 0xE01EF);
}

bool cp_belongs(codepoint cp, codepoint before, codepoint after)
{
	if (is_selector(cp))
		return cp_is_han(before) || is_emoji(before) || after == 0x20E3;
	return cp == 0x200D && (is_emoji(before) || is_selector(before)) && is_emoji(after);
}

void visible_add_graphemes(struct buf *b, struct str s)
{
	codepoint cp, before = 0, after;
	for (size_t off = 0, step; (step = utf8_step(s, off, &cp)) > 0; off += step) {
		if (utf8_step(s, off + step, &after) == 0)
			after = 0;
		if (cp_is_hidden(cp) && !cp_belongs(cp, before, after))
			cp_add_mark(b, cp);
		else
			buf_add(b, str_sub(s, off, off + step));
		before = cp;
	}
}

/* ---- classes ------------------------------------------------------------------------------------------------ */

bool cp_is_han(codepoint cp)
{
	if (cp >= 0x4E00 && cp <= 0x9FFF)
		return true;
	if (cp < 0x3007 || cp > 0x10FFFF)
		return false;
	return cp == 0x3007 || u_hasBinaryProperty((UChar32)cp, UCHAR_UNIFIED_IDEOGRAPH) ||
	       (cp >= 0xF900 && cp <= 0xFAFF && u_isdefined((UChar32)cp)) || (cp >= 0x2F800 && cp <= 0x2FA1D);
}

bool cp_is_space(codepoint cp)
{
	if (cp == ' ' || cp == 0x3000 || (cp >= '\t' && cp <= '\r'))
		return true;
	return cp >= 0x80 && cp <= 0x10FFFF && u_hasBinaryProperty((UChar32)cp, UCHAR_WHITE_SPACE);
}

bool cp_is_digit(codepoint cp)
{
	return (cp >= '0' && cp <= '9') || (cp >= 0xFF10 && cp <= 0xFF19);
}

bool cp_is_word(codepoint cp)
{
	if (cp >= 0x4E00 && cp <= 0x9FFF)
		return true;
	return cp <= 0x10FFFF && (U_GET_GC_MASK((UChar32)cp) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0;
}

bool cp_is_one_of(codepoint cp, const char *set)
{
	unsigned char bytes[4];
	size_t n = 0;
	if (cp < 0x80)
		return cp && strchr(set, (int)cp);
	if (cp > 0x10FFFF)
		return false;
	if (cp >= 0x10000)
		bytes[n++] = (unsigned char)(0xF0 | cp >> 18);
	if (cp >= 0x800)
		bytes[n++] = (unsigned char)(cp >= 0x10000 ? 0x80 | (cp >> 12 & 0x3F) : 0xE0 | cp >> 12);
	bytes[n++] = (unsigned char)(cp >= 0x800 ? 0x80 | (cp >> 6 & 0x3F) : 0xC0 | cp >> 6);
	bytes[n++] = (unsigned char)(0x80 | (cp & 0x3F));
	for (const char *p = set; *p; p++)
		if ((unsigned char)*p == bytes[0] && memcmp(p, bytes, strnlen(p, n)) == 0)
			return true;
	return false;
}
