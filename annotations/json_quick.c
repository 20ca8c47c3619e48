/* json_quick.c: see json_quick.h.  The grammar is that of RFC 8259, as jansson takes it. */
#include "annotations/json_quick.h"

#include <string.h>

#include "annotations/json.h"
#include "model/utf8.h"

#define QUICK_KEYS   64 /* of a map that is passed over: looking for each among those before is quadratic */
#define QUICK_DIGITS 15 /* a double has as many for certain: they are the fewest that mean what it means (DBL_DIG) */
#define QUICK_WHOLE  18 /* digits that fit 64 bits with a sign */

bool json_quick_start(struct json_quick *q, struct str text)
{
	*q = (struct json_quick){.text = text};
	return utf8_valid(text);
}

void json_quick_place(struct json_quick *q, size_t line, size_t column)
{
	q->places = true;
	q->counted = 0;
	q->number = line;
	q->column = column;
}

void json_quick_end(struct json_quick *q)
{
	arena_free(&q->memory);
}

/* ---- marks ------------------------------------------------------------------------------------------------------ */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static int here(const struct json_quick *q)
{
	return q->off < q->text.n ? (unsigned char)q->text.p[q->off] : -1;
}

int json_quick_peek(struct json_quick *q)
{
	while (q->off < q->text.n && is_blank(q->text.p[q->off]))
		q->off++;
	return here(q);
}

bool json_quick_take(struct json_quick *q, char mark)
{
	if (json_quick_peek(q) != (unsigned char)mark)
		return false;
	q->off++;
	return true;
}

bool json_quick_at_end(struct json_quick *q)
{
	return json_quick_peek(q) < 0;
}

bool json_quick_more(struct json_quick *q, bool *first, bool *good)
{
	*good = json_quick_take(q, ']');
	if (*good)
		return false;
	if (!*first && !json_quick_take(q, ','))
		return false;
	*first = false;
	return true;
}

bool json_quick_next(struct json_quick *q, bool *first, struct str *key, bool *good)
{
	*good = json_quick_take(q, '}');
	if (*good)
		return false;
	if (!*first && !json_quick_take(q, ','))
		return false;
	*first = false;
	/* A key with NUL is none to jansson. */
	return json_quick_peek(q) == '"' && json_quick_string(q, key) && str_byte(*key, '\0', 0) == NOWHERE &&
	       json_quick_take(q, ':');
}

/* ---- strings ---------------------------------------------------------------------------------------------------- */

#define EACH(byte) (0x0101010101010101u * (byte))

/* Bytes that stand for themselves in a string, eight at a time: a byte with its high bit set is part of a character,
 * which was looked at before. */
static size_t plain_run(const char *p, size_t n)
{
	size_t i = 0;
	for (uint64_t x; n - i >= 8; i += 8) {
		memcpy(&x, p + i, 8);
		uint64_t quote = x ^ EACH('"'), escape = x ^ EACH('\\');
		uint64_t found = ((x - EACH(0x20)) & ~x) | ((quote - EACH(1)) & ~quote) | ((escape - EACH(1)) & ~escape);
		if (found & EACH(0x80))
			break;
	}
	while (i < n && (unsigned char)p[i] >= 0x20 && p[i] != '"' && p[i] != '\\')
		i++;
	return i;
}

static bool hex_four(struct str text, size_t at, uint32_t *out)
{
	*out = 0;
	if (text.n - at < 4)
		return false;
	for (size_t i = at; i < at + 4; i++) {
		char c = text.p[i];
		unsigned digit = is_digit(c)             ? (unsigned)(c - '0')
		                 : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
		                 : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
		                                        : 16;
		if (digit > 15)
			return false;
		*out = *out << 4 | digit;
	}
	return true;
}

/* Behind `\u`; a pair of surrogates is one code point, one without the other is none. */
static bool escaped_point(struct json_quick *q, codepoint *cp)
{
	uint32_t low;
	if (!hex_four(q->text, q->off, cp))
		return false;
	q->off += 4;
	if (*cp < 0xD800 || *cp > 0xDFFF)
		return true;
	if (*cp > 0xDBFF || q->text.n - q->off < 6 || q->text.p[q->off] != '\\' || q->text.p[q->off + 1] != 'u' ||
	    !hex_four(q->text, q->off + 2, &low) || low < 0xDC00 || low > 0xDFFF)
		return false;
	q->off += 6;
	*cp = 0x10000 + ((*cp - 0xD800) << 10) + (low - 0xDC00);
	return true;
}

static size_t put_point(char *to, codepoint cp)
{
	if (cp < 0x80) {
		to[0] = (char)cp;
		return 1;
	}
	size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--, cp >>= 6)
		to[i] = (char)(0x80 | (cp & 0x3F));
	to[0] = (char)((n == 2 ? 0xC0 : n == 3 ? 0xE0 : 0xF0) | cp);
	return n;
}

/* Behind the backslash: what it stands for, which is never longer than what is written. 0: it stands for nothing. */
static size_t escape(struct json_quick *q, char *to)
{
	static const char marks[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
	codepoint cp;
	int c = here(q);
	q->off++;
	if (c == 'u')
		return escaped_point(q, &cp) ? put_point(to, cp) : 0;
	const char *mark = c > 0 ? strchr(marks, c) : NULL;
	if (!mark)
		return 0;
	*to = means[mark - marks];
	return 1;
}

/* Where the string ends, its quote not counted. */
static size_t closing_quote(const struct json_quick *q, size_t off)
{
	while (off < q->text.n && q->text.p[off] != '"') {
		off += q->text.p[off] == '\\' ? 2 : 1;
		off += off < q->text.n ? plain_run(q->text.p + off, q->text.n - off) : 0;
	}
	return off;
}

/* A string with an escape at q->off, which began at `from`. */
static bool decode(struct json_quick *q, size_t from, struct str *out)
{
	size_t end = closing_quote(q, q->off);
	if (end >= q->text.n)
		return false;
	char *bytes = arena_alloc(&q->memory, end - from + 1);
	size_t n = 0;
	for (q->off = from; q->off < end;) {
		size_t run = plain_run(q->text.p + q->off, end - q->off);
		memcpy(bytes + n, q->text.p + q->off, run);
		n += run;
		q->off += run;
		if (q->off == end)
			break;
		if (q->text.p[q->off++] != '\\')
			return false;
		size_t meant = escape(q, bytes + n);
		if (!meant)
			return false;
		n += meant;
	}
	*out = (struct str){bytes, n};
	q->off = end + 1;
	return true;
}

bool json_quick_string(struct json_quick *q, struct str *out)
{
	if (!json_quick_take(q, '"'))
		return false;
	size_t from = q->off;
	q->off += plain_run(q->text.p + from, q->text.n - from);
	int c = here(q);
	if (c == '\\')
		return decode(q, from, out);
	*out = str_sub(q->text, from, q->off);
	q->off++;
	return c == '"';
}

/* ---- numbers and words ------------------------------------------------------------------------------------------- */

static size_t digits(struct json_quick *q)
{
	size_t from = q->off;
	while (is_digit(here(q)))
		q->off++;
	return q->off - from;
}

/* Behind the point: whether these are the digits that json.h keeps of it. */
static bool fraction(struct json_quick *q, struct str whole)
{
	size_t from = q->off, n = digits(q);
	struct str said = str_sub(q->text, from, q->off);
	size_t zeros = 0, meant = str_eq(whole, S("0")) ? 0 : whole.n;
	while (zeros < said.n && said.p[zeros] == '0')
		zeros++;
	if (n == 0)
		return false;
	if (meant == 0 && (zeros == n || zeros > 3)) /* zero itself, or one that wants an exponent */
		return false;
	if (said.p[n - 1] == '0' && n > 1)
		return false;
	meant += meant ? n : n - zeros;
	return meant <= QUICK_DIGITS;
}

/* Spelt otherwise than it is kept, or with more digits than can be told from looking at it. */
static bool other_number(struct json_quick *q, size_t from, struct str *out)
{
	struct buf kept = {0};
	for (q->off = from; q->off < q->text.n && memchr("+-.eE0123456789", q->text.p[q->off], 15);)
		q->off++;
	bool fine = json_number(str_sub(q->text, from, q->off), &kept);
	if (fine)
		*out = arena_dup(&q->memory, buf_str(&kept));
	buf_free(&kept);
	return fine;
}

bool json_quick_number(struct json_quick *q, struct str *out)
{
	int c = json_quick_peek(q);
	size_t from = q->off;
	q->off += c == '-';
	size_t first = q->off, n = digits(q);
	struct str whole = str_sub(q->text, first, q->off);
	bool fine = n > 0 && n <= QUICK_WHOLE && (n == 1 || whole.p[0] != '0');
	bool real = fine && here(q) == '.';
	if (real) {
		q->off++;
		fine = fraction(q, whole);
	}
	*out = str_sub(q->text, from, q->off);
	c = here(q);
	if (fine && c != 'e' && c != 'E' && (real || !str_eq(*out, S("-0"))))
		return true;
	return n > 0 && other_number(q, from, out);
}

static bool word(struct json_quick *q, struct str *out)
{
	static const char *const words[] = {"true", "false", "null"};
	struct str rest = str_sub(q->text, q->off, q->text.n);
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (!str_starts(rest, str_of(words[i])))
			continue;
		*out = str_of(words[i]);
		q->off += out->n;
		return true;
	}
	return false;
}

/* ---- trees ------------------------------------------------------------------------------------------------------ */

static struct node *value_within(struct json_quick *q, unsigned depth);

/* Values come from left to right, so each byte is counted once. */
static void place(struct json_quick *q, struct node *n, size_t off)
{
	n->line = q->mark;
	if (!q->places)
		return;
	for (;;) {
		size_t newline = str_byte(str_sub(q->text, 0, off), '\n', q->counted);
		if (newline == NOWHERE)
			break;
		q->number++;
		q->counted = newline + 1;
		q->column = 1;
	}
	q->column += utf8_count(str_sub(q->text, q->counted, off));
	q->counted = off;
	n->line = (uint32_t)q->number;
	n->column = (uint32_t)q->column;
}

static bool fill_list(struct json_quick *q, struct node *list, unsigned depth)
{
	bool first = true, good;
	while (json_quick_more(q, &first, &good)) {
		struct node *item = value_within(q, depth);
		if (!item)
			return false;
		node_add(list, item);
	}
	return good;
}

static bool fill_map(struct json_quick *q, struct node *map, unsigned depth)
{
	bool first = true, good;
	struct str key;
	while (json_quick_next(q, &first, &key, &good)) {
		struct node *value = value_within(q, depth);
		if (!value)
			return false;
		node_append(map, key, value);
	}
	return good && node_duplicate(map) == NOWHERE;
}

static struct node *scalar(struct json_quick *q)
{
	int c = here(q);
	struct str text;
	if (c == '"')
		return json_quick_string(q, &text) ? node_text(text) : NULL;
	bool good = c == '-' || is_digit(c) ? json_quick_number(q, &text) : word(q, &text);
	return good ? node_plain(text) : NULL;
}

static struct node *value_within(struct json_quick *q, unsigned depth)
{
	int c = json_quick_peek(q);
	size_t from = q->off;
	bool list = c == '[', map = c == '{';
	if ((list || map) && depth == JSON_DEPTH)
		return NULL;
	struct node *n = list ? node_list() : map ? node_map() : scalar(q);
	if (!n)
		return NULL;
	place(q, n, from);
	if (!list && !map)
		return n;
	q->off++;
	if (list ? fill_list(q, n, depth + 1) : fill_map(q, n, depth + 1))
		return n;
	node_free(n);
	return NULL;
}

struct node *json_quick_value(struct json_quick *q)
{
	return value_within(q, 0);
}

/* ---- passing over ------------------------------------------------------------------------------------------------ */

static bool skip_within(struct json_quick *q, unsigned depth, unsigned *deepest);

static bool skip_list(struct json_quick *q, unsigned depth, unsigned *deepest)
{
	bool first = true, good;
	while (json_quick_more(q, &first, &good))
		if (!skip_within(q, depth, deepest))
			return false;
	return good;
}

static bool skip_map(struct json_quick *q, unsigned depth, unsigned *deepest)
{
	struct str keys[QUICK_KEYS];
	size_t n = 0;
	bool first = true, good;
	while (n < QUICK_KEYS && json_quick_next(q, &first, &keys[n], &good)) {
		for (size_t i = 0; i < n; i++)
			if (str_eq(keys[i], keys[n]))
				return false;
		n++;
		if (!skip_within(q, depth, deepest))
			return false;
	}
	return n < QUICK_KEYS && good;
}

static bool skip_within(struct json_quick *q, unsigned depth, unsigned *deepest)
{
	int c = json_quick_peek(q);
	struct str ignored;
	if (c == '"')
		return json_quick_string(q, &ignored);
	if (c == '-' || is_digit(c))
		return json_quick_number(q, &ignored);
	if (c != '[' && c != '{')
		return word(q, &ignored);
	if (depth == JSON_DEPTH)
		return false;
	q->off++;
	*deepest = depth + 1 > *deepest ? depth + 1 : *deepest;
	return c == '[' ? skip_list(q, depth + 1, deepest) : skip_map(q, depth + 1, deepest);
}

bool json_quick_skip(struct json_quick *q, unsigned *depth)
{
	unsigned deepest = 0;
	bool good = skip_within(q, 0, &deepest);
	if (depth)
		*depth = deepest;
	return good;
}
