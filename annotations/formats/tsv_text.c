/* tsv_text: the escapes of WebAnno TSV, see tsv.h. */
#include "annotations/formats/tsv.h"

#include "model/utf8.h"

void tsv_add_value(struct buf *out, struct str value)
{
	codepoint cp = 0;
	for (size_t off = 0, step; (step = utf8_step(value, off, &cp)); off += step) {
		struct str rest = str_sub(value, off, value.n);
		if (cp == '\t' || cp == '\n')
			buf_adds(out, cp == '\t' ? "\\t" : "\\n");
		else if (cp == '\\' || cp == '[' || cp == ']' || cp == '|' || cp == '_' || cp == ';' || cp == '*')
			buf_addf(out, "\\%c", (char)cp);
		else if (str_starts(rest, S("->")))
			buf_adds(out, "\\-");
		else
			utf8_add(out, cp & UTF8_BAD ? 0xFFFD : cp);
	}
}

void tsv_add_plain(struct buf *out, struct str value)
{
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] != '\\' || i + 1 == value.n) {
			buf_addc(out, value.p[i]);
			continue;
		}
		char c = value.p[++i];
		buf_addc(out, c == 't' ? '\t' : c == 'n' ? '\n' : c);
	}
}

/* Backspace to carriage return, of which VT has no escape. */
static const char *named_escape(codepoint cp)
{
	switch (cp) {
	case '\t':
		return "\\t";
	case '\n':
		return "\\n";
	case '\f':
		return "\\f";
	case '\r':
		return "\\r";
	case '\b':
		return "\\b";
	case '\\':
		return "\\\\";
	default:
		return NULL;
	}
}

void tsv_add_text(struct buf *out, struct str text)
{
	codepoint cp = 0;
	for (size_t off = 0, step; (step = utf8_step(text, off, &cp)); off += step) {
		const char *escape = named_escape(cp);
		if (escape)
			buf_adds(out, escape);
		else if (cp < ' ' && cp != '\v')
			buf_addf(out, "\\%c", (char)cp);
		else
			utf8_add(out, cp & UTF8_BAD ? 0xFFFD : cp);
	}
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* uXXXX at i (of the u), which may be one half of a pair; 0: it is none. */
static uint32_t java_unit(struct str s, size_t i)
{
	uint32_t unit = 0;
	if (i + 4 >= s.n || s.p[i] != 'u')
		return 0;
	for (size_t k = 1; k <= 4; k++) {
		int digit = hex(s.p[i + k]);
		if (digit < 0)
			return 0;
		unit = unit * 16 + (uint32_t)digit;
	}
	return unit;
}

static size_t add_java(struct buf *out, struct str s, size_t i)
{
	uint32_t unit = java_unit(s, i), low;
	if (!unit)
		return 0;
	if (unit >= 0xD800 && unit < 0xDC00 && i + 5 < s.n && s.p[i + 5] == '\\' &&
	    (low = java_unit(s, i + 6)) >= 0xDC00 && low < 0xE000) {
		utf8_add(out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
		return 11;
	}
	utf8_add(out, unit);
	return 5;
}

void tsv_add_plain_text(struct buf *out, struct str text, bool java)
{
	static const char from[] = "tnfrb", to[] = "\t\n\f\r\b";
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] != '\\' || i + 1 == text.n) {
			buf_addc(out, text.p[i]);
			continue;
		}
		char c = text.p[++i];
		size_t unit = java ? add_java(out, text, i) : 0, k = 0;
		while (from[k] && from[k] != c)
			k++;
		if (unit)
			i += unit - 1;
		else
			buf_addc(out, from[k] ? to[k] : c);
	}
}
