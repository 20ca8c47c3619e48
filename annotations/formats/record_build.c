/* record_build: the items of a record as an importer makes them; see record.h. */
#include "annotations/formats/record.h"

static struct node *add_item(struct record *r, struct str list, struct str id)
{
	struct node *item = node_map();
	item->line = (uint32_t)r->line;
	if (id.n)
		node_append(item, S("id"), node_text(id));
	node_add(node_child(r->object, list, NODE_LIST), item);
	return item;
}

struct node *record_add_span(struct record *r, struct str id, struct str label, uint64_t start, uint64_t end)
{
	struct node *span = add_item(r, S("spans"), id), *list = node_list();
	node_append(span, S("label"), node_text(label));
	node_add(list, node_pair(start, end));
	node_append(span, S("fragments"), list);
	return span;
}

static uint64_t number_at(const struct node *pair, size_t which)
{
	uint64_t n = 0;
	return node_is_number(pair->items[which], &n) ? n : 0;
}

static void remove_item(struct node *list, size_t i)
{
	node_free(list->items[i]);
	for (; i + 1 < list->n; i++)
		list->items[i] = list->items[i + 1];
	list->n--;
}

void record_add_fragment(struct node *span, uint64_t start, uint64_t end)
{
	struct node *list = node_child(span, S("fragments"), NODE_LIST);
	for (size_t i = list->n; i-- > 0;) {
		uint64_t from = number_at(list->items[i], 0), to = number_at(list->items[i], 1);
		if (to != start && end != from)
			continue;
		start = to == start ? from : start;
		end = to == start ? end : to > end ? to : end;
		remove_item(list, i);
	}
	size_t at = list->n;
	node_add(list, node_pair(start, end));
	for (; at > 0 && number_at(list->items[at - 1], 0) > start; at--) {
		struct node *moved = list->items[at];
		list->items[at] = list->items[at - 1];
		list->items[at - 1] = moved;
	}
}

struct node *record_add_relation(struct record *r, struct str id, struct str type, struct str from, struct str to)
{
	struct node *relation = add_item(r, S("relations"), id);
	node_append(relation, S("type"), node_text(type));
	node_append(relation, S("from"), node_text(from));
	node_append(relation, S("to"), node_text(to));
	return relation;
}

struct node *record_add_field(struct record *r, struct str name, struct str value)
{
	struct node *fields = node_child(r->object, S("fields"), NODE_MAP), *list = node_child(fields, name, NODE_LIST);
	struct node *item = node_map();
	item->line = (uint32_t)r->line;
	node_append(item, S("value"), node_text(value));
	node_add(list, item);
	return item;
}

struct node *record_add_note(struct record *r, struct str text)
{
	struct node *note = add_item(r, S("notes"), STR_NONE);
	node_append(note, S("text"), node_text(text));
	return note;
}

void record_put_attribute(struct node *item, struct str name, struct str value)
{
	node_put_text(node_child(item, S("attributes"), NODE_MAP), name, value);
}

void record_add_link(struct node *item, struct str db, struct str id, struct str name)
{
	struct node *link = node_map();
	node_append(link, S("db"), node_text(db));
	node_append(link, S("id"), node_text(id));
	if (name.n)
		node_append(link, S("name"), node_text(name));
	node_add(node_child(item, S("links"), NODE_LIST), link);
}

struct node *record_keep(const struct record *r, struct node *item)
{
	return node_child(item, str_of(r->job->format->name), NODE_MAP);
}

/* ---- signs for what cannot stand in a line -------------------------------------------------------------------- */

static const struct {
	char c;
	const char *sign; /* Unicode block Control Pictures */
} signs[] = {{' ', "\xE2\x90\xA3"}, {'\n', "\xE2\x90\xA4"}, {'\r', "\xE2\x90\x8D"}, {'\t', "\xE2\x90\x89"}};

static void add_signs(struct buf *out, struct str text, size_t first)
{
	for (size_t i = 0; i < text.n; i++) {
		size_t k = first;
		while (k < COUNT_OF(signs) && signs[k].c != text.p[i])
			k++;
		if (k < COUNT_OF(signs))
			buf_adds(out, signs[k].sign);
		else
			buf_addc(out, text.p[i]);
	}
}

void record_add_line(struct buf *out, struct str text)
{
	add_signs(out, text, 1);
}

void record_add_word(struct buf *out, struct str text)
{
	add_signs(out, text, 0);
}

void record_add_plain(struct buf *out, struct str text)
{
	for (size_t at = 0; at < text.n;) {
		size_t sign = str_find(text, S("\xE2\x90"), at), k = 0;
		buf_add(out, str_sub(text, at, sign == NOWHERE ? text.n : sign));
		if (sign == NOWHERE)
			return;
		struct str rest = str_sub(text, sign, sign + 3);
		while (k < COUNT_OF(signs) && !str_eq(rest, str_of(signs[k].sign)))
			k++;
		if (k < COUNT_OF(signs))
			buf_addc(out, signs[k].c);
		else
			buf_add(out, rest);
		at = sign + rest.n;
	}
}
