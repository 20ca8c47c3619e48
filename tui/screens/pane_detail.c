/* pane_detail: what the pane tells of the item in focus, one line each; `link` has a line more than there are
 * links, for a new one.  What differs from label to label comes last, so that the rest stands still.  See
 * article.h. */
#include "tui/screens/article.h"

static void add_line(struct detail *d, enum detail_kind kind, size_t index)
{
	if (d->n == d->cap) {
		d->cap = d->cap ? d->cap * 2 : 16;
		d->list = mem_grow(d->list, d->cap, sizeof(*d->list));
	}
	d->list[d->n++] = (struct detail_line){kind, index, 1};
}

static const struct node *detail_node(struct review *v, const struct detail *d)
{
	return d->id.n ? set_node(v->doc->set, d->item, d->id) : NULL;
}

static size_t children(const struct node *n)
{
	return n && n->kind != NODE_SCALAR ? n->n : 0;
}

/* Attributes of its label; then those it has although the schema does not know them, counted on from the schema's. */
static void add_attributes(struct review *v, struct detail *d, uint16_t label)
{
	const struct schema *schema = set_schema(v->doc->set);
	const struct node *has = node_get(detail_node(v, d), S("attributes"));

	for (size_t i = 0; i < schema->n_attributes; i++) {
		if (label_list_has(&schema->attributes[i].on, label) || node_get(has, schema->attributes[i].name))
			add_line(d, DETAIL_ATTRIBUTE, i);
	}
	for (size_t i = 0; i < children(has); i++) {
		if (has->kind == NODE_MAP && schema_attribute(schema, has->keys[i]) == NOWHERE)
			add_line(d, DETAIL_ATTRIBUTE, schema->n_attributes + i);
	}
}

/* Where the queue puts those together that read alike. */
static bool reads_like_others(struct review *v, const struct detail *d)
{
	size_t index = v->queue.order == ORDER_STRING ? set_find_span(v->doc->set, d->id) : NOWHERE,
	       rank = index == NOWHERE ? NOWHERE : queue_rank(v, index), first, end, open;

	if (rank == NOWHERE)
		return false;
	queue_group(v, rank, &first, &end, &open);
	return end - first > 1;
}

static void add_span_lines(struct review *v, struct detail *d, const struct span *span)
{
	size_t links = children(node_get(detail_node(v, d), S("links")));

	if (reads_like_others(v, d))
		add_line(d, DETAIL_GROUP, 0);
	if (span->anchoring != ANCHORED)
		add_line(d, DETAIL_TEXT, 0);
	add_line(d, DETAIL_SOURCE, 0);
	add_line(d, DETAIL_NOTE, 0);
	add_line(d, DETAIL_FLAG, 0);
	for (size_t i = 0; i <= links; i++)
		add_line(d, DETAIL_LINK, i);
	add_attributes(v, d, span->label);
}

struct detail pane_detail(struct review *v)
{
	struct pane_line line = pane_focus(v);
	struct detail d = {0};

	if (line.kind == LINE_EMPTY_FIELD) {
		d.item = ITEM_FIELD;
		add_line(&d, DETAIL_HEAD, line.index);
		add_line(&d, DETAIL_VALUE, line.index);
		return d;
	}
	if (line.kind == LINE_TITLE && line.index == SECTION_NOTES) {
		d.item = ITEM_NOTE;
		add_line(&d, DETAIL_TEXT, 0);
		return d;
	}
	if (!pane_item(v, line, &d.item, &d.id))
		return d;
	add_line(&d, DETAIL_HEAD, 0);
	if (d.item == ITEM_NOTE) {
		add_line(&d, DETAIL_TEXT, 0);
		return d;
	}
	if (d.item == ITEM_SPAN) {
		add_span_lines(v, &d, set_span(v->doc->set, line.index));
		return d;
	}
	add_line(&d, d.item == ITEM_FIELD ? DETAIL_VALUE : DETAIL_TEXT, 0);
	add_line(&d, DETAIL_SOURCE, 0);
	add_line(&d, DETAIL_NOTE, 0);
	add_line(&d, DETAIL_FLAG, 0);
	return d;
}

void detail_free(struct detail *d)
{
	mem_free(d->list);
	*d = (struct detail){0};
}

bool detail_editable(const struct detail *d, struct detail_line line)
{
	switch (line.kind) {
	case DETAIL_HEAD:
	case DETAIL_GROUP:
	case DETAIL_SOURCE:
		return false;
	case DETAIL_TEXT:
		return d->item == ITEM_NOTE;
	default:
		return true;
	}
}

size_t detail_first_editable(const struct detail *d)
{
	for (size_t i = 0; i < d->n; i++) {
		if (detail_editable(d, d->list[i]))
			return i;
	}
	return 0;
}

/* The last line of a kind, or with an index the one of that index; 0 when there is none. */
size_t detail_find(const struct detail *d, enum detail_kind kind, size_t index)
{
	size_t found = 0;

	for (size_t i = 0; i < d->n; i++) {
		if (d->list[i].kind == kind && (index == NOWHERE || d->list[i].index == index))
			found = i;
	}
	return found;
}

const struct attribute_type *detail_attribute(struct review *v, struct detail_line line)
{
	const struct schema *schema = set_schema(v->doc->set);

	return line.index < schema->n_attributes ? &schema->attributes[line.index] : NULL;
}

struct str detail_name(struct review *v, const struct detail *d, struct detail_line line)
{
	const struct schema *schema = set_schema(v->doc->set);
	const struct node *has;

	switch (line.kind) {
	case DETAIL_ATTRIBUTE:
		if (line.index < schema->n_attributes)
			return schema->attributes[line.index].name;
		has = node_get(detail_node(v, d), S("attributes"));
		return line.index - schema->n_attributes < children(has) ? has->keys[line.index - schema->n_attributes]
		                                                         : STR_NONE;
	case DETAIL_LINK:
		return S("link");
	case DETAIL_NOTE:
		return S("note");
	case DETAIL_FLAG:
		return S("flag");
	case DETAIL_VALUE:
		return S("value");
	case DETAIL_TEXT:
		return d->item == ITEM_NOTE ? S("note") : STR_NONE;
	default:
		return STR_NONE;
	}
}

/* ---- values ------------------------------------------------------------------------------------------------- */

static void add_words(struct buf *out, struct str text, const char *before)
{
	if (!text.n)
		return;
	buf_adds(out, before);
	buf_add(out, text);
}

static void add_source(struct review *v, const struct detail *d, struct buf *out)
{
	const struct node *map = detail_node(v, d), *source = node_get(map, S("source")),
	                  *judged = node_get(map, S("judged"));

	add_words(out, node_scalar(source), "by ");
	add_words(out, node_get_text(source, S("by")), "by ");
	add_words(out, node_get_text(source, S("rule")), out->n ? ", " : "");
	add_words(out, node_get_text(judged, S("by")), out->n ? "; judged by " : "judged by ");
}

static void add_link(struct review *v, const struct detail *d, size_t index, struct buf *out)
{
	const struct node *links = node_get(detail_node(v, d), S("links"));
	const struct node *link = index < children(links) ? links->items[index] : NULL;

	add_words(out, node_get_text(link, S("db")), "");
	add_words(out, node_get_text(link, S("id")), " ");
	add_words(out, node_get_text(link, S("name")), " ");
}

static void add_end(struct review *v, struct str id, struct buf *out)
{
	size_t index = set_find_span(v->doc->set, id);

	if (index == NOWHERE)
		buf_adds(out, "?");
	else
		review_quote(v, set_span(v->doc->set, index), 20, out);
}

static void add_text(struct review *v, const struct detail *d, struct buf *out)
{
	const struct node *map = detail_node(v, d), *args = node_get(map, S("args"));
	const struct span *span;

	if (d->item == ITEM_NOTE) {
		buf_add(out, node_get_text(map, S("text")));
	} else if (d->item == ITEM_RELATION) {
		add_end(v, node_get_text(args, S("from")), out);
		buf_adds(out, app_ascii(v->app) ? " > " : " → ");
		add_end(v, node_get_text(args, S("to")), out);
	} else if (d->item == ITEM_SPAN && set_find_span(v->doc->set, d->id) != NOWHERE) {
		span = set_span(v->doc->set, set_find_span(v->doc->set, d->id));
		buf_adds(out, span->anchoring == ANCHOR_LOST ? "its text is gone: v, Enter give it a place, x rejects"
		                                             : "moved with its text: y accepts the new place");
	}
}

static void add_group(struct review *v, const struct detail *d, struct buf *out)
{
	size_t index = set_find_span(v->doc->set, d->id), rank = index == NOWHERE ? NOWHERE : queue_rank(v, index), first, end, open;

	if (rank == NOWHERE)
		return;
	queue_group(v, rank, &first, &end, &open);
	buf_addf(out, "%s%zu", app_ascii(v->app) ? "x" : "×", end - first);
	if (open)
		buf_addf(out, ", %zu undecided: Y X decide them all", open);
}

void detail_value(struct review *v, const struct detail *d, struct detail_line line, struct buf *out)
{
	const struct node *map = detail_node(v, d);

	switch (line.kind) {
	case DETAIL_GROUP:
		add_group(v, d, out);
		return;
	case DETAIL_SOURCE:
		add_source(v, d, out);
		return;
	case DETAIL_ATTRIBUTE:
		buf_add(out, node_get_text(node_get(map, S("attributes")), detail_name(v, d, line)));
		return;
	case DETAIL_LINK:
		add_link(v, d, line.index, out);
		return;
	case DETAIL_NOTE:
		buf_add(out, node_get_text(map, S("note")));
		return;
	case DETAIL_FLAG:
		buf_add(out, node_get_text(map, S("flag")));
		return;
	case DETAIL_VALUE:
		buf_add(out, node_get_text(map, S("value")));
		return;
	case DETAIL_TEXT:
		add_text(v, d, out);
		return;
	default:
		return;
	}
}
