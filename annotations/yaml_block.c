/* yaml_block.c: see yaml_block.h. */
#include "annotations/yaml_block.h"

#include <string.h>

#include "annotations/yaml_quick.h"
#include "annotations/yaml_read.h"
#include "model/utf8.h"

#define BLOCK_DEPTH 8
#define BLOCK_KEY 200 /* bytes; libyaml's limit is 1024 characters */

/* Where reading stands: always at the start of a line or on one. */
struct block {
	struct str text;
	size_t off, line_start;
	uint32_t line; /* 1-based */
};

static int peek_at(const struct block *b, size_t off)
{
	return off < b->text.n ? (unsigned char)b->text.p[off] : -1;
}

static size_t line_end(const struct block *b, size_t off)
{
	size_t end = str_byte(b->text, '\n', off);
	return end == NOWHERE ? b->text.n : end;
}

/* Behind the line that ends at `end`. */
static void next_line(struct block *b, size_t end)
{
	b->off = b->line_start = end < b->text.n ? end + 1 : end;
	b->line += end < b->text.n;
}

static size_t indent_of(const struct block *b)
{
	size_t n = 0;
	while (peek_at(b, b->line_start + n) == ' ')
		n++;
	return n;
}

/* To the next line that is neither empty nor a comment; its indent, or NOWHERE at the end. */
static size_t next_content(struct block *b)
{
	while (b->line_start < b->text.n) {
		size_t indent = indent_of(b);
		int c = peek_at(b, b->line_start + indent);
		if (c >= 0 && c != '\n' && c != '#')
			return indent;
		next_line(b, line_end(b, b->line_start));
	}
	return NOWHERE;
}

static struct node *placed(const struct block *b, struct node *n, size_t off)
{
	n->line = b->line;
	n->column = (uint32_t)utf8_count(str_sub(b->text, b->line_start, off)) + 1;
	return n;
}

/* ---- scalars ------------------------------------------------------------------------------------------------ */

static bool is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* A key and its colon from off; where what follows the colon begins, or NOWHERE. */
static size_t key_end(const struct block *b, size_t off)
{
	size_t at = off;
	int c = peek_at(b, at);
	if (!is_letter(c))
		return NOWHERE;
	while (is_letter(c) || c == '-' || c == '_')
		c = peek_at(b, ++at);
	int behind = peek_at(b, at + 1);
	return c == ':' && (behind == ' ' || behind == '\n' || behind < 0) && at - off <= BLOCK_KEY ? at + 1 : NOWHERE;
}

/* A plain scalar may hold nothing that could be a key, a comment or the start of something else. */
static struct node *plain(struct block *b, size_t off, size_t end)
{
	int first = peek_at(b, off), last = peek_at(b, end - 1);
	if ((!is_letter(first) && first < 0x80) || last == ' ' || last == ':')
		return NULL;
	struct str text = str_sub(b->text, off, end);
	for (size_t at = 0; (at = str_byte(text, ':', at)) != NOWHERE; at++)
		if (text.p[at + 1] == ' ')
			return NULL;
	for (size_t at = 0; (at = str_byte(text, '#', at)) != NOWHERE; at++)
		if (text.p[at - 1] == ' ')
			return NULL;
	return text.n <= YAML_SCALAR ? placed(b, node_plain(text), off) : NULL;
}

/* From the opening quote to the end of the line; '' stands for one. */
static struct node *single_quoted(struct block *b, size_t off, size_t end)
{
	struct buf out = {0};
	size_t from = off + 1;
	struct node *n = NULL;
	for (;;) {
		size_t quote = str_byte(str_sub(b->text, 0, end), '\'', from);
		if (quote == NOWHERE)
			break;
		buf_add(&out, str_sub(b->text, from, quote));
		if (peek_at(b, quote + 1) != '\'') {
			if (quote + 1 == end && out.n <= YAML_SCALAR)
				n = placed(b, node_text(buf_str(&out)), off);
			break;
		}
		buf_addc(&out, '\'');
		from = quote + 2;
	}
	buf_free(&out);
	return n;
}

/* In double quotes or brackets: as yaml_quick has it. */
static struct node *quick(struct block *b, size_t off, size_t end)
{
	struct quick q = {.text = str_sub(b->text, 0, end), .off = off, .line_start = b->line_start, .line = b->line};
	struct node *n = quick_value(&q);
	if (n && q.off == end)
		return n;
	node_free(n);
	return NULL;
}

/* Behind `|`: the lines that are indented deeper than `parent`.  Blanks alone on a line and empty lines before the
 * first are left to libyaml. */
static bool block_lines(struct block *b, size_t parent, struct buf *out)
{
	size_t empty = 0, indent = 0;
	while (b->line_start < b->text.n) {
		size_t deep = indent_of(b), end = line_end(b, b->line_start);
		bool blank = b->line_start + deep == end;
		if (blank && (deep || !indent))
			return false;
		if (!blank && deep <= parent)
			break;
		if (blank) {
			empty++;
		} else {
			indent = indent ? indent : deep;
			if (deep < indent || end == b->text.n)
				return false;
			for (; empty; empty--)
				buf_addc(out, '\n');
			buf_add(out, str_sub(b->text, b->line_start + indent, end + 1));
		}
		next_line(b, end);
	}
	return indent && out->n <= YAML_SCALAR;
}

static struct node *block_scalar(struct block *b, size_t off, size_t parent)
{
	struct block sign = *b;
	struct buf out = {0};
	next_line(b, line_end(b, off));
	struct node *n = block_lines(b, parent, &out) ? placed(&sign, node_text(buf_str(&out)), off) : NULL;
	buf_free(&out);
	return n;
}

/* A value that begins at off, on the line of its key or dash, whose own indent is `parent`.  Takes the line. */
static struct node *value_on_line(struct block *b, size_t off, size_t parent)
{
	size_t end = line_end(b, off);
	int c = peek_at(b, off);
	if (c == '|')
		return off + 1 == end ? block_scalar(b, off, parent) : NULL;
	struct node *n = c == '\'' ? single_quoted(b, off, end) : c == '"' || c == '[' || c == '{' ? quick(b, off, end) : plain(b, off, end);
	if (n)
		next_line(b, end);
	return n;
}

/* ---- maps and lists ----------------------------------------------------------------------------------------- */

static struct node *read_map(struct block *b, size_t off, size_t indent, unsigned depth);

static bool is_dash(const struct block *b, size_t off)
{
	return peek_at(b, off) == '-' && peek_at(b, off + 1) == ' ';
}

/* Items at `indent`; the first dash is at hand. */
static struct node *read_list(struct block *b, size_t indent, unsigned depth)
{
	struct node *list = placed(b, node_list(), b->line_start + indent);
	size_t next = indent;
	while (next == indent && is_dash(b, b->line_start + indent)) {
		size_t off = b->line_start + indent + 1;
		while (peek_at(b, off) == ' ')
			off++;
		struct node *item = key_end(b, off) != NOWHERE ? read_map(b, off, off - b->line_start, depth + 1) : value_on_line(b, off, indent);
		next = item ? next_content(b) : NOWHERE;
		if (!item || (next != NOWHERE && next > indent)) {
			node_free(item);
			node_free(list);
			return NULL;
		}
		node_add(list, item);
	}
	return list;
}

/* What stands behind a key whose line has nothing else. */
static struct node *value_below(struct block *b, size_t indent, unsigned depth)
{
	next_line(b, line_end(b, b->off));
	size_t deep = next_content(b);
	if (deep == NOWHERE || deep < indent)
		return NULL;
	size_t off = b->line_start + deep;
	if (is_dash(b, off))
		return read_list(b, deep, depth + 1);
	return deep > indent && key_end(b, off) != NOWHERE ? read_map(b, off, deep, depth + 1) : NULL;
}

/* Keys at `indent`; the first is at off. */
static struct node *read_map(struct block *b, size_t off, size_t indent, unsigned depth)
{
	struct node *map = depth < BLOCK_DEPTH ? placed(b, node_map(), off) : NULL;
	for (size_t next = indent; map && next == indent;) {
		size_t value_at = key_end(b, off);
		if (value_at == NOWHERE)
			goto give_up;
		struct block key = *b;
		b->off = value_at;
		while (peek_at(b, value_at) == ' ')
			value_at++;
		struct node *value = peek_at(b, value_at) < 0    ? NULL
		                     : peek_at(b, value_at) == '\n' ? (value_at == b->off ? value_below(b, indent, depth) : NULL)
		                                                   : value_on_line(b, value_at, indent);
		if (!value)
			goto give_up;
		if (value->kind != NODE_SCALAR || !value->text.n)
			placed(&key, value, off);
		node_append(map, str_sub(b->text, off, key_end(&key, off) - 1), value);
		next = next_content(b);
		if (next != NOWHERE && next > indent)
			goto give_up;
		off = b->line_start + indent;
	}
	if (map && node_duplicate(map) == NOWHERE)
		return map;
give_up:
	node_free(map);
	return NULL;
}

struct node *yaml_block(struct str text)
{
	if (!quick_may_read(text))
		return NULL;
	struct block b = {.text = text, .line = 1};
	if (next_content(&b) != 0)
		return NULL;
	struct node *root = read_map(&b, b.line_start, 0, 0);
	if (root && b.line_start == b.text.n)
		return root;
	node_free(root);
	return NULL;
}

bool yaml_block_or_read(struct str text, const char *path, struct node **out, struct error *err)
{
	*out = yaml_block(text);
	return *out || yaml_read(text, path, out, err);
}
