/* yaml_quick.c: see yaml_quick.h. */
#include "annotations/yaml_quick.h"

#include <string.h>

#include "annotations/yaml_read.h"
#include "model/utf8.h"

#define QUICK_DEPTH 8   /* of a value; what we write has three */
#define QUICK_KEYS  64  /* of a map: looking for each among those before is quadratic */
#define QUICK_KEY   200 /* bytes; libyaml's limit is 1024 characters, and all of its line to the colon counts */

/* ---- what may be read ----------------------------------------------------------------------------------------- */

/* Code points beyond ASCII that YAML does not take as they are, or takes for line ends; U+FEFF may be one. */
static bool is_special(codepoint cp)
{
	return (cp & UTF8_BAD) || cp < 0xA0 || cp == 0x2028 || cp == 0x2029 || cp == 0xFEFF || cp == 0xFFFE ||
	       cp == 0xFFFF;
}

#define EACH(byte) (0x0101010101010101u * (byte))

/* Eight bytes, of which each is ASCII and no control but LF.  No sum here goes beyond its byte. */
static bool harmless_eight(uint64_t x)
{
	uint64_t no_control = x + EACH(0x60), no_lf = (x ^ EACH('\n')) + EACH(0x7F), is_del = x + EACH(1);
	return ((x | (~no_control & no_lf) | is_del) & EACH(0x80)) == 0;
}

/* Bytes from off of which none needs a look: such ASCII, and three at a time what the leads E3 to E9 begin (U+3000 to
 * U+9FFF). */
static size_t harmless_run(struct str text, size_t off)
{
	const unsigned char *p = (const unsigned char *)text.p;
	size_t at = off;
	for (;;) {
		size_t from = at;
		for (uint64_t x; text.n - at >= 8; at += 8) {
			memcpy(&x, p + at, 8);
			if ((x & EACH(0x80)) || !harmless_eight(x))
				break;
		}
		while (text.n - at >= 3 && (unsigned char)(p[at] - 0xE3) < 7 && (p[at + 1] & 0xC0) == 0x80 &&
		       (p[at + 2] & 0xC0) == 0x80)
			at += 3;
		if (at == from)
			return at - off;
	}
}

bool quick_may_read(struct str text)
{
	for (size_t off = 0; (off += harmless_run(text, off)) < text.n;) {
		unsigned char c = (unsigned char)text.p[off];
		if (c < 0x80) {
			if ((c < 0x20 && c != '\n') || c == 0x7F)
				return false;
			off++;
			continue;
		}
		codepoint cp;
		off += utf8_step(text, off, &cp);
		if (is_special(cp))
			return false;
	}
	return true;
}

/* ---- scalars -------------------------------------------------------------------------------------------------- */

static int peek(const struct quick *q)
{
	return q->off < q->text.n ? (unsigned char)q->text.p[q->off] : -1;
}

bool quick_take(struct quick *q, char c)
{
	if (peek(q) != (unsigned char)c)
		return false;
	q->off++;
	return true;
}

/* What a byte is to a plain scalar. */
enum byte_class {
	INSIDE, /* may stand in one */
	FIRST,  /* may begin one too */
	ENDS,   /* marks behind one of ours */
	NEVER   /* marks that one of ours does not have */
};

static enum byte_class class_of(unsigned char c)
{
	static const unsigned char classes[128] = {
	    ['\n'] = ENDS, [','] = ENDS,  [']'] = ENDS,  ['}'] = ENDS,   [':'] = ENDS,  ['['] = NEVER, ['{'] = NEVER,
	    ['?'] = NEVER, ['#'] = NEVER, ['"'] = NEVER, ['\''] = NEVER, ['0'] = FIRST, ['1'] = FIRST, ['2'] = FIRST,
	    ['3'] = FIRST, ['4'] = FIRST, ['5'] = FIRST, ['6'] = FIRST,  ['7'] = FIRST, ['8'] = FIRST, ['9'] = FIRST,
	    ['_'] = FIRST, ['/'] = FIRST, ['('] = FIRST, ['$'] = FIRST,  ['a'] = FIRST, ['b'] = FIRST, ['c'] = FIRST,
	    ['d'] = FIRST, ['e'] = FIRST, ['f'] = FIRST, ['g'] = FIRST,  ['h'] = FIRST, ['i'] = FIRST, ['j'] = FIRST,
	    ['k'] = FIRST, ['l'] = FIRST, ['m'] = FIRST, ['n'] = FIRST,  ['o'] = FIRST, ['p'] = FIRST, ['q'] = FIRST,
	    ['r'] = FIRST, ['s'] = FIRST, ['t'] = FIRST, ['u'] = FIRST,  ['v'] = FIRST, ['w'] = FIRST, ['x'] = FIRST,
	    ['y'] = FIRST, ['z'] = FIRST, ['A'] = FIRST, ['B'] = FIRST,  ['C'] = FIRST, ['D'] = FIRST, ['E'] = FIRST,
	    ['F'] = FIRST, ['G'] = FIRST, ['H'] = FIRST, ['I'] = FIRST,  ['J'] = FIRST, ['K'] = FIRST, ['L'] = FIRST,
	    ['M'] = FIRST, ['N'] = FIRST, ['O'] = FIRST, ['P'] = FIRST,  ['Q'] = FIRST, ['R'] = FIRST, ['S'] = FIRST,
	    ['T'] = FIRST, ['U'] = FIRST, ['V'] = FIRST, ['W'] = FIRST,  ['X'] = FIRST, ['Y'] = FIRST, ['Z'] = FIRST,
	};
	return c < 0x80 ? (enum byte_class)classes[c] : FIRST;
}

static bool plain(struct quick *q, struct str *out)
{
	const unsigned char *p = (const unsigned char *)q->text.p;
	size_t from = q->off, at = from;
	enum byte_class class = at < q->text.n ? class_of(p[at]) : NEVER;
	if (class != FIRST)
		return false;
	while (class < ENDS && ++at < q->text.n)
		class = class_of(p[at]);
	q->off = at;
	if (class == NEVER)
		return false;
	*out = str_sub(q->text, from, q->off);
	return out->n <= YAML_SCALAR && out->p[out->n - 1] != ' ';
}

static int hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool escaped_point(struct quick *q, size_t digits, struct buf *out)
{
	uint32_t cp = 0;
	for (size_t i = 0; i < digits; i++, q->off++) {
		int value = hex_digit(peek(q));
		if (value < 0)
			return false;
		cp = cp << 4 | (uint32_t)value;
	}
	if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		return false;
	utf8_add(out, cp);
	return true;
}

static bool escape(struct quick *q, struct buf *out)
{
	int c = peek(q);
	q->off++;
	switch (c) {
	case 'n':
		buf_addc(out, '\n');
		return true;
	case 't':
		buf_addc(out, '\t');
		return true;
	case 'r':
		buf_addc(out, '\r');
		return true;
	case '"':
	case '\\':
		buf_addc(out, (char)c);
		return true;
	case 'x':
		return escaped_point(q, 2, out);
	case 'u':
		return escaped_point(q, 4, out);
	case 'U':
		return escaped_point(q, 8, out);
	default:
		return false;
	}
}

/* Behind the opening quote. */
static bool quoted(struct quick *q, struct buf *out)
{
	for (;;) {
		size_t from = q->off;
		int c;
		while ((c = peek(q)) >= 0 && c != '"' && c != '\\' && c != '\n')
			q->off++;
		buf_add(out, str_sub(q->text, from, q->off));
		if (c != '"' && c != '\\')
			return false;
		q->off++;
		if (c == '"')
			return out->n <= YAML_SCALAR;
		if (!escape(q, out))
			return false;
	}
}

/* ---- values --------------------------------------------------------------------------------------------------- */

static struct node *value_within(struct quick *q, unsigned depth);

static void skip_blanks(struct quick *q)
{
	while (peek(q) == ' ')
		q->off++;
}

/* Columns are asked for from left to right, so each line is counted once. */
static uint32_t column_of(struct quick *q, size_t off)
{
	if (q->counted < q->line_start || q->counted > off) {
		q->counted = q->line_start;
		q->column = 0;
	}
	q->column += (uint32_t)utf8_count(str_sub(q->text, q->counted, off));
	q->counted = off;
	return q->column + 1;
}

static struct node *placed(struct quick *q, struct node *n, size_t off)
{
	n->line = q->line;
	n->column = column_of(q, off);
	return n;
}

/* A value that is a list, a map or empty has the place of its key, as yaml_read has it. */
static void place_by_key(struct node *value, uint32_t line, uint32_t column)
{
	if (value->kind == NODE_SCALAR && value->text.n)
		return;
	value->line = line;
	value->column = column;
}

static struct node *scalar(struct quick *q)
{
	size_t from = q->off;
	struct str text;
	if (!quick_take(q, '"'))
		return plain(q, &text) ? placed(q, node_plain(text), from) : NULL;
	struct buf out = {0};
	struct node *n = quoted(q, &out) ? placed(q, node_text(buf_str(&out)), from) : NULL;
	buf_free(&out);
	return n;
}

static bool fill_list(struct quick *q, struct node *list, unsigned depth)
{
	if (quick_take(q, ']'))
		return true;
	for (;;) {
		struct node *item = value_within(q, depth + 1);
		if (!item)
			return false;
		node_add(list, item);
		if (quick_take(q, ']'))
			return true;
		if (!quick_take(q, ','))
			return false;
		skip_blanks(q);
	}
}

static bool key_text(struct quick *q, struct str *key, struct buf *room)
{
	size_t from = q->off;
	buf_clear(room);
	if (quick_take(q, '"')) {
		if (!quoted(q, room))
			return false;
		*key = buf_str(room);
	} else if (!plain(q, key)) {
		return false;
	}
	return q->off - from <= QUICK_KEY && quick_take(q, ':');
}

static bool put_new(struct node *map, struct str key, struct node *value)
{
	if (node_get(map, key)) {
		node_free(value);
		return false;
	}
	node_append(map, key, value);
	return true;
}

static bool fill_map(struct quick *q, struct node *map, struct buf *room, unsigned depth)
{
	if (quick_take(q, '}'))
		return true;
	for (;;) {
		struct str key;
		uint32_t line = q->line, column = column_of(q, q->off);
		if (map->n > QUICK_KEYS || !key_text(q, &key, room) || !quick_take(q, ' '))
			return false;
		struct node *value = value_within(q, depth + 1);
		if (!value)
			return false;
		place_by_key(value, line, column);
		if (!put_new(map, key, value))
			return false;
		if (quick_take(q, '}'))
			return true;
		if (!quick_take(q, ','))
			return false;
		skip_blanks(q);
	}
}

static struct node *value_within(struct quick *q, unsigned depth)
{
	size_t from = q->off;
	bool list = peek(q) == '[';
	if (!list && peek(q) != '{')
		return scalar(q);
	if (depth == QUICK_DEPTH)
		return NULL;
	q->off++;
	struct node *n = placed(q, list ? node_list() : node_map(), from);
	struct buf room = {0};
	bool good = list ? fill_list(q, n, depth) : fill_map(q, n, &room, depth);
	buf_free(&room);
	if (good)
		return n;
	node_free(n);
	return NULL;
}

struct node *quick_value(struct quick *q)
{
	struct node *n = value_within(q, 0);
	/* A plain scalar also ends at marks that are none here. */
	if (n && peek(q) >= 0 && peek(q) != '\n') {
		node_free(n);
		n = NULL;
	}
	return n;
}

/* ---- passing over ----------------------------------------------------------------------------------------------- */

static bool skip_within(struct quick *q, struct str *raw, unsigned depth);

/* Behind the opening quote; escapes are looked at, not decoded. */
static bool skip_quoted(struct quick *q, struct str *raw)
{
	size_t from = q->off;
	struct buf one = {0};
	bool good = true, plain_bytes = true;
	while (good && peek(q) != '"') {
		int c = peek(q);
		good = c >= 0 && c != '\n';
		q->off++;
		if (good && c == '\\') {
			plain_bytes = false;
			buf_clear(&one);
			good = escape(q, &one);
		}
	}
	buf_free(&one);
	if (!good || q->off - from > YAML_SCALAR)
		return false;
	if (raw && plain_bytes)
		*raw = str_sub(q->text, from, q->off);
	q->off++;
	return true;
}

static bool skip_list(struct quick *q, unsigned depth)
{
	if (quick_take(q, ']'))
		return true;
	for (;;) {
		if (!skip_within(q, NULL, depth + 1))
			return false;
		if (quick_take(q, ']'))
			return true;
		if (!quick_take(q, ','))
			return false;
		skip_blanks(q);
	}
}

bool quick_map_next(struct quick *q, bool *first, struct str *key, bool *good)
{
	*good = quick_take(q, '}');
	if (*good)
		return false;
	if (!*first) {
		if (!quick_take(q, ','))
			return false;
		skip_blanks(q);
	}
	*first = false;
	size_t from = q->off;
	*key = STR_NONE;
	/* Keys with escapes are left to the reader that decodes them. */
	bool read = quick_take(q, '"') ? skip_quoted(q, key) && key->p : plain(q, key);
	return read && q->off - from <= QUICK_KEY && quick_take(q, ':') && quick_take(q, ' ');
}

static bool skip_map(struct quick *q, unsigned depth)
{
	struct str keys[QUICK_KEYS];
	size_t n = 0;
	bool first = true, good;
	while (n < QUICK_KEYS && quick_map_next(q, &first, &keys[n], &good)) {
		for (size_t i = 0; i < n; i++)
			if (str_eq(keys[i], keys[n]))
				return false;
		n++;
		if (!skip_within(q, NULL, depth + 1))
			return false;
	}
	return n < QUICK_KEYS && good;
}

static bool skip_within(struct quick *q, struct str *raw, unsigned depth)
{
	struct str text;
	if (raw)
		*raw = STR_NONE;
	if (quick_take(q, '"'))
		return skip_quoted(q, raw);
	if (depth < QUICK_DEPTH && quick_take(q, '['))
		return skip_list(q, depth);
	if (depth < QUICK_DEPTH && quick_take(q, '{'))
		return skip_map(q, depth);
	if (!plain(q, &text))
		return false;
	if (raw)
		*raw = text;
	return true;
}

bool quick_skip(struct quick *q, struct str *raw)
{
	return skip_within(q, raw, 0);
}

/* ---- lines ---------------------------------------------------------------------------------------------------- */

bool quick_line_end(struct quick *q)
{
	if (!quick_take(q, '\n'))
		return false;
	q->line++;
	q->line_start = q->off;
	return true;
}

bool quick_key(struct quick *q, struct str *key, struct buf *room, bool *more)
{
	if (!key_text(q, key, room))
		return false;
	*more = quick_take(q, ' ');
	return *more || peek(q) == '\n';
}

static bool block_pair(struct quick *q, struct node *map, struct buf *room)
{
	struct str key;
	bool more;
	uint32_t line = q->line, column = column_of(q, q->off);
	if (map->n > QUICK_KEYS || !quick_key(q, &key, room, &more) || !more)
		return false;
	struct node *value = quick_value(q);
	if (!value)
		return false;
	place_by_key(value, line, column);
	return put_new(map, key, value);
}

bool quick_next_key(struct quick *q)
{
	struct str ahead = str_sub(q->text, q->off, q->off + 3);
	if (ahead.n < 3 || memcmp(ahead.p, "\n  ", 3) != 0)
		return false;
	(void)quick_line_end(q);
	q->off += 2;
	return true;
}

struct node *quick_record(struct quick *q)
{
	if (!quick_take(q, '-') || !quick_take(q, ' '))
		return NULL;
	if (peek(q) == '{')
		return quick_value(q);
	struct node *map = placed(q, node_map(), q->off);
	struct buf room = {0};
	bool good;
	do
		good = block_pair(q, map, &room);
	while (good && quick_next_key(q));
	buf_free(&room);
	if (good)
		return map;
	node_free(map);
	return NULL;
}

/* ---- comparing -------------------------------------------------------------------------------------------------- */

static bool says(struct quick *q, const struct node *n, unsigned depth);

static bool list_says(struct quick *q, const struct node *list, unsigned depth)
{
	if (!quick_take(q, '['))
		return false;
	for (size_t i = 0; i < list->n; i++) {
		if (i && !quick_take(q, ','))
			return false;
		skip_blanks(q);
		if (!says(q, list->items[i], depth + 1))
			return false;
	}
	return quick_take(q, ']');
}

/* The value that the map has under the key, which is not met twice: `met` has a bit for each.  Mostly it is the next. */
static const struct node *meet(const struct node *map, struct str key, size_t next, uint64_t *met)
{
	size_t i = next < map->n && str_eq(map->keys[next], key) ? next : 0;
	while (i < map->n && !str_eq(map->keys[i], key))
		i++;
	if (i == map->n || (*met >> i & 1))
		return NULL;
	*met |= (uint64_t)1 << i;
	return map->items[i];
}

static bool map_says(struct quick *q, const struct node *map, unsigned depth)
{
	bool first = true, good;
	struct str key;
	uint64_t met = 0;
	size_t n = 0;
	if (map->n >= QUICK_KEYS || !quick_take(q, '{'))
		return false;
	for (; quick_map_next(q, &first, &key, &good); n++) {
		const struct node *value = meet(map, key, n, &met);
		if (!value || !says(q, value, depth + 1))
			return false;
	}
	return good && n == map->n;
}

static bool says(struct quick *q, const struct node *n, unsigned depth)
{
	struct str text;
	if (depth == QUICK_DEPTH)
		return false;
	if (n->kind != NODE_SCALAR)
		return n->kind == NODE_LIST ? list_says(q, n, depth) : map_says(q, n, depth);
	/* Texts with escapes are left to the reader that decodes them. */
	bool scalar = peek(q) != '[' && peek(q) != '{';
	return scalar && quick_skip(q, &text) && text.p && str_eq(text, n->text);
}

bool quick_record_says(struct quick *q, const struct node *map)
{
	struct buf room = {0};
	struct str key;
	uint64_t met = 0;
	size_t n = 0;
	bool good = map->kind == NODE_MAP && map->n < QUICK_KEYS && quick_take(q, '-') && quick_take(q, ' '), more;
	if (good && peek(q) == '{')
		return map_says(q, map, 0);
	for (; good; n++) {
		good = quick_key(q, &key, &room, &more) && more && room.n == 0;
		const struct node *value = good ? meet(map, key, n, &met) : NULL;
		good = value && says(q, value, 0) && (peek(q) < 0 || peek(q) == '\n');
		if (good && !quick_next_key(q)) {
			n++;
			break;
		}
	}
	buf_free(&room);
	return good && n == map->n;
}
