/* jsonl_locate: values of a line (or of several) with where each stands, for messages.  The quick reader tells the places
 * while it reads; a text that jansson parsed is well-formed and the tree has its shape, so that one walk over both
 * suffices. */
#include "annotations/formats/jsonl.h"

#include "annotations/json.h"
#include "annotations/json_quick.h"
#include "model/utf8.h"

struct place {
	struct str line;
	size_t off;
	size_t counted, column; /* 1-based column of the offset `counted` */
	size_t number;
};

static size_t column_at(struct place *p)
{
	for (;;) {
		size_t newline = str_byte(str_sub(p->line, 0, p->off), '\n', p->counted);
		if (newline == NOWHERE)
			break;
		p->number++;
		p->counted = newline + 1;
		p->column = 1;
	}
	p->column += utf8_count(str_sub(p->line, p->counted, p->off));
	p->counted = p->off;
	return p->column;
}

/* Over blanks, and over the one mark that may divide two values. */
static void skip(struct place *p, char mark)
{
	for (; p->off < p->line.n; p->off++) {
		char c = p->line.p[p->off];
		if (c == mark)
			mark = ' ';
		else if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
			return;
	}
}

static void pass_string(struct place *p)
{
	for (p->off++; p->off < p->line.n && p->line.p[p->off] != '"'; p->off++)
		p->off += p->line.p[p->off] == '\\';
	p->off++;
}

static void pass_word(struct place *p)
{
	while (p->off < p->line.n && p->line.p[p->off] != ',' && p->line.p[p->off] != ']' && p->line.p[p->off] != '}' &&
	       p->line.p[p->off] != ' ')
		p->off++;
}

static void locate(struct place *p, struct node *n)
{
	skip(p, ' ');
	if (p->off >= p->line.n)
		return;
	n->column = (uint32_t)column_at(p);
	n->line = (uint32_t)p->number;
	if (n->kind == NODE_SCALAR) {
		if (p->line.p[p->off] == '"')
			pass_string(p);
		else
			pass_word(p);
		return;
	}
	p->off++;
	for (size_t i = 0; i < n->n; i++) {
		skip(p, i ? ',' : ' ');
		if (n->kind == NODE_MAP) {
			pass_string(p);
			skip(p, ':');
		}
		locate(p, n->items[i]);
	}
	skip(p, ' ');
	p->off++;
}

void jsonl_locate(struct str line, size_t number, size_t column, struct node *object)
{
	struct place p = {.line = line, .column = column, .number = number};
	locate(&p, object);
}

bool jsonl_read(struct str text, const char *path, size_t number, size_t column, struct node **out, struct error *err)
{
	struct json_quick q;
	bool fine = json_quick_start(&q, text);
	json_quick_place(&q, number, column);
	*out = fine ? json_quick_value(&q) : NULL;
	if (*out && !json_quick_at_end(&q)) {
		node_free(*out);
		*out = NULL;
	}
	json_quick_end(&q);
	if (*out)
		return true;
	if (!json_read_whole(text, path, number, out, err))
		return false;
	jsonl_locate(text, number, column, *out);
	return true;
}
