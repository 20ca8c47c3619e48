/* yaml_quick.c: see yaml_quick.h. */
#include "annotations/yaml_quick.h"

#include <string.h>

#include "annotations/yaml_read.h"
#include "model/utf8.h"

#define QUICK_DEPTH 8    /* of a value; what we write has three */
#define QUICK_KEYS 64    /* of a map: looking for each among those before is quadratic */
#define QUICK_KEY 200    /* bytes; libyaml's limit is 1024 characters, and all of its line to the colon counts */

/* ---- what may be read ----------------------------------------------------------------------------------------- */

/* Code points beyond ASCII that YAML does not take as they are, or takes for line ends; U+FEFF may be one. */
static bool is_special(codepoint cp)
{
	return (cp & UTF8_BAD) || cp < 0xA0 || cp == 0x2028 || cp == 0x2029 || cp == 0xFEFF || cp == 0xFFFE || cp == 0xFFFF;
}

bool quick_may_read(struct str text)
{
	for (size_t off = 0; off < text.n;) {
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

static bool take(struct quick *q, char c)
{
	if (peek(q) != (unsigned char)c)
		return false;
	q->off++;
	return true;
}

static bool starts_plain(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80 || c == '_' || c == '/' || c == '(' || c == '$';
}

/* Marks at which a plain scalar of ours ends, and those that it never has. */
static bool ends_plain(int c)
{
	return c < 0 || c == '\n' || c == ',' || c == ']' || c == '}' || c == ':';
}

static bool never_plain(int c)
{
	return c == '[' || c == '{' || c == '?' || c == '#' || c == '"' || c == '\'';
}

static bool plain(struct quick *q, struct str *out)
{
	size_t from = q->off;
	if (!starts_plain(peek(q)))
		return false;
	for (; !ends_plain(peek(q)); q->off++)
		if (never_plain(peek(q)))
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
	if (!take(q, '"'))
		return plain(q, &text) ? placed(q, node_plain(text), from) : NULL;
	struct buf out = {0};
	struct node *n = quoted(q, &out) ? placed(q, node_text(buf_str(&out)), from) : NULL;
	buf_free(&out);
	return n;
}

static bool fill_list(struct quick *q, struct node *list, unsigned depth)
{
	if (take(q, ']'))
		return true;
	for (;;) {
		struct node *item = value_within(q, depth + 1);
		if (!item)
			return false;
		node_add(list, item);
		if (take(q, ']'))
			return true;
		if (!take(q, ','))
			return false;
		skip_blanks(q);
	}
}

static bool key_text(struct quick *q, struct str *key, struct buf *room)
{
	size_t from = q->off;
	buf_clear(room);
	if (take(q, '"')) {
		if (!quoted(q, room))
			return false;
		*key = buf_str(room);
	} else if (!plain(q, key)) {
		return false;
	}
	return q->off - from <= QUICK_KEY && take(q, ':');
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
	if (take(q, '}'))
		return true;
	for (;;) {
		struct str key;
		uint32_t line = q->line, column = column_of(q, q->off);
		if (map->n > QUICK_KEYS || !key_text(q, &key, room) || !take(q, ' '))
			return false;
		struct node *value = value_within(q, depth + 1);
		if (!value)
			return false;
		place_by_key(value, line, column);
		if (!put_new(map, key, value))
			return false;
		if (take(q, '}'))
			return true;
		if (!take(q, ','))
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

/* ---- lines ---------------------------------------------------------------------------------------------------- */

bool quick_line_end(struct quick *q)
{
	if (!take(q, '\n'))
		return false;
	q->line++;
	q->line_start = q->off;
	return true;
}

bool quick_key(struct quick *q, struct str *key, struct buf *room, bool *more)
{
	if (!key_text(q, key, room))
		return false;
	*more = take(q, ' ');
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

static bool next_key_line(struct quick *q)
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
	if (!take(q, '-') || !take(q, ' '))
		return NULL;
	if (peek(q) == '{')
		return quick_value(q);
	struct node *map = placed(q, node_map(), q->off);
	struct buf room = {0};
	bool good;
	do
		good = block_pair(q, map, &room);
	while (good && next_key_line(q));
	buf_free(&room);
	if (good)
		return map;
	node_free(map);
	return NULL;
}
