/* json.c: see json.h. */
#include "annotations/json.h"

#include <jansson.h>
#include <string.h>

#include "annotations/json_quick.h"
#include "model/io.h"
#include "model/utf8.h"

/* ---- reading ------------------------------------------------------------------------------------------------ */

struct reading {
	const char *path;
	size_t line;   /* of the first line, for messages */
	uint32_t mark; /* the line for every node of a text of one line; else 0: jansson does not tell */
	struct error *err;
};

static enum error_code code_of(const json_error_t *e)
{
	switch (json_error_code(e)) {
	case json_error_stack_overflow:
	case json_error_numeric_overflow:
		return ERROR_LIMIT;
	case json_error_invalid_utf8:
		return ERROR_ENCODING;
	case json_error_duplicate_key:
		return ERROR_DUPLICATE;
	default:
		return ERROR_SYNTAX;
	}
}

/* jansson adds `near '…'`, cut anywhere: line and column say it better. */
static bool syntax_error(const struct reading *r, const json_error_t *e)
{
	if (json_error_code(e) == json_error_out_of_memory)
		io_out_of_memory();
	struct str text = str_of(e->text);
	size_t near = str_find(text, S(" near "), 0);
	text = str_sub(text, 0, near == NOWHERE ? text.n : near);
	size_t line = r->line + (e->line > 1 ? (size_t)e->line - 1 : 0);
	size_t column = e->column > 0 ? (size_t)e->column : 1;
	return error_at(r->err, code_of(e), r->path, line, column, "not JSON as it should be: %.*s", (int)text.n,
	                text.p);
}

static size_t spell_real(const json_t *real, size_t digits, char *out, size_t size)
{
	size_t n = json_dumpb(real, out, size, JSON_ENCODE_ANY | JSON_REAL_PRECISION(digits));
	if (n == 0 || n > size)
		io_out_of_memory();
	return n;
}

static bool reads_as(const char *spelling, size_t n, double value)
{
	json_error_t ignored;
	json_t *back = json_loadb(spelling, n, JSON_DECODE_ANY, &ignored);
	double difference = back ? json_real_value(back) - value : 1;
	json_decref(back);
	return !(difference < 0 || difference > 0);
}

/* A number with few decimals, as scores are: whole / power is what `whole` with the point put into it reads as, both
 * being exact in a double and a division being rounded but once (W. D. Clinger, 1990).  NULL: it is no such number. */
static struct node *short_real(double value)
{
	double size = value < 0 ? -value : value, power = 10;
	if (!(size >= 0.0001 && size < 1000000.0))
		return NULL;
	for (int decimals = 1; decimals <= 6; decimals++, power *= 10) {
		uint64_t whole = (uint64_t)(size * power + 0.5);
		double back = (double)whole / power;
		if (back < size || back > size)
			continue;
		struct buf spelling = {0};
		uint64_t unit = (uint64_t)power;
		buf_addf(&spelling, "%s%llu.%0*llu", value < 0 ? "-" : "", (unsigned long long)(whole / unit), decimals,
		         (unsigned long long)(whole % unit));
		struct node *n = node_plain(buf_str(&spelling));
		buf_free(&spelling);
		return n;
	}
	return NULL;
}

/* The fewest digits that are read as the same number, whatever the locale: jansson takes its decimal point out. Without
 * an exponent where 17 digits suffice: YAML 1.1 and 1.2 disagree on what 1e3 is. */
static struct node *real_node(const json_t *real)
{
	char spelling[64]; /* 17 digits, sign, point and exponent are 25 at most */
	size_t shortest = 0, n;
	struct node *quick = short_real(json_real_value(real));
	if (quick)
		return quick;
	/* Fewer than 15 that suffice are what 15 are without the zeros at their end, which are not written. */
	for (size_t digits = 15; digits <= 17; digits++) {
		n = spell_real(real, digits, spelling, sizeof(spelling));
		if (!reads_as(spelling, n, json_real_value(real)))
			continue;
		if (!memchr(spelling, 'e', n))
			return node_plain((struct str){spelling, n});
		if (!shortest)
			shortest = digits;
	}
	n = spell_real(real, shortest ? shortest : 17, spelling, sizeof(spelling));
	return node_plain((struct str){spelling, n});
}

static struct node *integer_node(const json_t *integer)
{
	struct buf digits = {0};
	buf_addf(&digits, "%lld", (long long)json_integer_value(integer));
	struct node *n = node_plain(buf_str(&digits));
	buf_free(&digits);
	return n;
}

static struct str string_of(const json_t *string)
{
	return (struct str){json_string_value(string), json_string_length(string)};
}

static struct node *value_node(const struct reading *r, json_t *value, unsigned depth);

static struct node *list_node(const struct reading *r, json_t *array, unsigned depth)
{
	struct node *list = node_list();
	size_t i;
	json_t *value;
	json_array_foreach(array, i, value)
	{
		struct node *item = value_node(r, value, depth);
		if (!item) {
			node_free(list);
			return NULL;
		}
		node_add(list, item);
	}
	return list;
}

static struct node *map_node(const struct reading *r, json_t *object, unsigned depth)
{
	struct node *map = node_map();
	const char *key;
	json_t *value;
	json_object_foreach(object, key, value)
	{
		struct node *item = value_node(r, value, depth);
		if (!item) {
			node_free(map);
			return NULL;
		}
		node_append(map, str_of(key), item);
	}
	return map;
}

static struct node *unplaced_node(const struct reading *r, json_t *value, unsigned depth)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return map_node(r, value, depth);
	case JSON_ARRAY:
		return list_node(r, value, depth);
	case JSON_STRING:
		return node_text(string_of(value));
	case JSON_INTEGER:
		return integer_node(value);
	case JSON_REAL:
		return real_node(value);
	case JSON_TRUE:
		return node_plain(S("true"));
	case JSON_FALSE:
		return node_plain(S("false"));
	default:
		return node_plain(S("null"));
	}
}

/* NULL after an error. */
static struct node *value_node(const struct reading *r, json_t *value, unsigned depth)
{
	if ((json_is_object(value) || json_is_array(value)) && ++depth > JSON_DEPTH) {
		error_at(r->err, ERROR_LIMIT, r->path, r->line, 1, "lists and objects are nested more than %d deep",
		         JSON_DEPTH);
		return NULL;
	}
	struct node *n = unplaced_node(r, value, depth);
	if (n)
		n->line = r->mark;
	return n;
}

/* A line of a journal that memory ran out for is not a broken line. */
static void set_memory(void)
{
	json_set_alloc_funcs(mem_get, mem_free);
}

static struct str without_bom(struct str bytes)
{
	return str_starts(bytes, S("\xEF\xBB\xBF")) ? str_sub(bytes, 3, bytes.n) : bytes;
}

/* The line that every node gets: of a text of one line. */
static uint32_t mark_of(struct str bytes, size_t line)
{
	size_t newline = str_byte(bytes, '\n', 0);
	return (newline == NOWHERE || newline + 1 == bytes.n) && line <= UINT32_MAX ? (uint32_t)line : 0;
}

bool json_read(struct str bytes, const char *path, size_t line, struct node **out, struct error *err)
{
	struct str text = without_bom(bytes);
	struct json_quick q;
	bool fine = json_quick_start(&q, text);
	q.mark = mark_of(text, line);
	*out = fine ? json_quick_value(&q) : NULL;
	if (*out && !json_quick_at_end(&q)) {
		node_free(*out);
		*out = NULL;
	}
	json_quick_end(&q);
	return *out || json_read_whole(bytes, path, line, out, err);
}

bool json_read_whole(struct str bytes, const char *path, size_t line, struct node **out, struct error *err)
{
	bytes = without_bom(bytes);
	struct reading r = {.path = path, .line = line, .mark = mark_of(bytes, line), .err = err};
	json_error_t e;
	set_memory();
	json_t *root =
	    json_loadb(bytes.p ? bytes.p : "", bytes.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &e);
	*out = NULL;
	if (!root)
		return syntax_error(&r, &e);
	*out = value_node(&r, root, 0);
	json_decref(root);
	return *out != NULL;
}

bool json_number(struct str text, struct buf *out)
{
	json_error_t ignored;
	set_memory();
	json_t *number = json_loadb(text.p, text.n, JSON_DECODE_ANY, &ignored);
	struct node *n = json_is_integer(number)  ? integer_node(number)
	                 : json_is_real(number) ? real_node(number)
	                                        : NULL;
	json_decref(number);
	buf_add(out, node_scalar(n));
	node_free(n);
	return n != NULL;
}

/* ---- writing ------------------------------------------------------------------------------------------------ */

static void write_escape(struct buf *out, codepoint cp)
{
	if (cp == '\n')
		buf_adds(out, "\\n");
	else if (cp == '\t')
		buf_adds(out, "\\t");
	else if (cp == '\r')
		buf_adds(out, "\\r");
	else if (cp < 0x10000)
		buf_addf(out, "\\u%04x", (unsigned)cp);
	else
		buf_addf(out, "\\u%04x\\u%04x", (unsigned)(0xD800 + ((cp - 0x10000) >> 10)),
		         (unsigned)(0xDC00 + ((cp - 0x10000) & 0x3FF)));
}

/* Bytes from off that stand for themselves whatever they are: ASCII that needs no mark, ideographs (U+4E00 to U+9FFF). */
static size_t plain_run(struct str text, size_t off)
{
	const unsigned char *p = (const unsigned char *)text.p;
	size_t at = off;
	for (;;) {
		if (at < text.n && p[at] >= ' ' && p[at] < 0x7F && p[at] != '"' && p[at] != '\\')
			at++;
		else if (text.n - at >= 3 && (p[at] == 0xE4 ? p[at + 1] >= 0xB8 : p[at] > 0xE4 && p[at] <= 0xE9) &&
		         (p[at + 1] & 0xC0) == 0x80 && (p[at + 2] & 0xC0) == 0x80)
			at += 3;
		else
			return at - off;
	}
}

void json_write_text(struct buf *out, struct str text)
{
	codepoint cp = 0;
	size_t kept = 0, off = 0; /* what stays as it is goes over in runs */
	off = plain_run(text, 0);
	buf_reserve(out, text.n + 2);
	buf_addc(out, '"');
	for (size_t step; (step = utf8_step(text, off, &cp)); off += step, off += plain_run(text, off)) {
		bool marked = cp == '"' || cp == '\\';
		if (!marked && !(cp & UTF8_BAD) && !cp_is_hidden(cp))
			continue;
		buf_add(out, str_sub(text, kept, off));
		kept = marked ? off : off + step;
		if (marked)
			buf_addc(out, '\\');
		else if (cp & UTF8_BAD)
			utf8_add(out, 0xFFFD);
		else
			write_escape(out, cp);
	}
	buf_add(out, str_sub(text, kept, off));
	buf_addc(out, '"');
}

static size_t digits_from(struct str s, size_t off)
{
	while (off < s.n && s.p[off] >= '0' && s.p[off] <= '9')
		off++;
	return off;
}

/* RFC 8259, section 6. */
static bool is_number(struct str s)
{
	size_t from = s.n && s.p[0] == '-' ? 1 : 0, off = digits_from(s, from);
	if (off == from || (off > from + 1 && s.p[from] == '0'))
		return false;
	if (off < s.n && s.p[off] == '.') {
		size_t fraction = off + 1;
		off = digits_from(s, fraction);
		if (off == fraction)
			return false;
	}
	if (off < s.n && (s.p[off] == 'e' || s.p[off] == 'E')) {
		off++;
		if (off < s.n && (s.p[off] == '+' || s.p[off] == '-'))
			off++;
		size_t exponent = off;
		off = digits_from(s, exponent);
		if (off == exponent)
			return false;
	}
	return off == s.n;
}

static bool is_bare(struct str s)
{
	return str_eq(s, S("true")) || str_eq(s, S("false")) || str_eq(s, S("null")) || is_number(s);
}

void json_write_plain(struct buf *out, struct str text)
{
	if (is_bare(text))
		buf_add(out, text);
	else
		json_write_text(out, text);
}

void json_write(struct buf *out, const struct node *n)
{
	if (n->kind == NODE_SCALAR) {
		if (n->quoted)
			json_write_text(out, n->text);
		else
			json_write_plain(out, n->text);
		return;
	}
	buf_addc(out, n->kind == NODE_MAP ? '{' : '[');
	for (size_t i = 0; i < n->n; i++) {
		if (i > 0)
			buf_addc(out, ',');
		if (n->kind == NODE_MAP) {
			json_write_text(out, n->keys[i]);
			buf_addc(out, ':');
		}
		json_write(out, n->items[i]);
	}
	buf_addc(out, n->kind == NODE_MAP ? '}' : ']');
}
