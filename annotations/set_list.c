/* set_list.c: relations, fields, notes and counts; see set.h.
 *
 * Kinds other than spans are few.  Their maps are always in memory, and the arrays made of them are made anew when
 * asked for after a change. */
#include <string.h>

#include "annotations/set_internal.h"

void set_drop_lists(struct set *s)
{
	for (size_t i = 0; s->fields && i < s->n_living[ITEM_FIELD]; i++)
		mem_free(s->fields[i].spans);
	mem_free(s->relations);
	mem_free(s->fields);
	mem_free(s->notes);
	s->relations = NULL;
	s->fields = NULL;
	s->notes = NULL;
	for (size_t k = 0; k < ITEM_KINDS; k++) {
		mem_free(s->living[k]);
		s->living[k] = NULL;
		s->n_living[k] = 0;
	}
	s->lists_known = false;
}

/* ---- the other kinds ---------------------------------------------------------------------------------------- */

static bool item_flagged(const struct item *item)
{
	return node_get_text(item->map, S("flag")).n > 0;
}

static enum verdict verdict_in(const struct node *map)
{
	enum verdict v = VERDICT_UNDECIDED;
	(void)verdict_of_name(node_get_text(map, S("verdict")), &v);
	return v;
}

static void list_relation(struct relation *r, const struct item *item)
{
	const struct node *args = node_get(item->map, S("args"));
	*r = (struct relation){.id = item->id,
	                       .type = node_get_text(item->map, S("type")),
	                       .from = node_get_text(args, S("from")),
	                       .to = node_get_text(args, S("to")),
	                       .verdict = verdict_in(item->map),
	                       .flagged = item_flagged(item),
	                       .human = map_is_human(item->map)};
}

static void list_field(struct field *f, const struct item *item)
{
	*f = (struct field){.id = item->id,
	                    .name = node_get_text(item->map, S("name")),
	                    .value = node_get_text(item->map, S("value")),
	                    .verdict = verdict_in(item->map),
	                    .flagged = item_flagged(item),
	                    .human = map_is_human(item->map)};
	const struct node *spans = node_get(item->map, S("spans"));
	if (!spans || spans->kind != NODE_LIST)
		return;
	f->spans = mem_array(spans->n, sizeof(*f->spans));
	f->n_spans = spans->n;
	for (size_t i = 0; i < spans->n; i++)
		f->spans[i] = node_scalar(spans->items[i]);
}

static void list_note(struct note *n, const struct item *item)
{
	*n = (struct note){.id = item->id,
	                   .text = node_get_text(item->map, S("text")),
	                   .by = node_get_text(item->map, S("by")),
	                   .on = node_get_text(item->map, S("on"))};
}

static void list_living(struct set *s, enum item_kind kind)
{
	const struct item_list *l = &s->by_kind[kind];
	s->living[kind] = mem_array(l->n, sizeof(uint32_t));
	for (size_t i = 0; i < l->n; i++) {
		const struct item *item = &s->items[l->list[i]];
		if (!item->alive)
			continue;
		s->living[kind][s->n_living[kind]++] = l->list[i];
		s->counts.flagged += item_flagged(item);
	}
}

static struct set *listed(const struct set *borrowed)
{
	struct set *s = (struct set *)(uintptr_t)borrowed;
	if (s->lists_known)
		return s;
	s->counts.flagged = s->flagged_spans;
	memset(s->counts.relations, 0, sizeof(s->counts.relations));
	memset(s->counts.fields, 0, sizeof(s->counts.fields));
	for (enum item_kind k = ITEM_RELATION; k <= ITEM_NOTE; k++)
		list_living(s, k);
	s->relations = mem_array(s->n_living[ITEM_RELATION], sizeof(*s->relations));
	s->fields = mem_array(s->n_living[ITEM_FIELD], sizeof(*s->fields));
	s->notes = mem_array(s->n_living[ITEM_NOTE], sizeof(*s->notes));
	for (size_t i = 0; i < s->n_living[ITEM_RELATION]; i++) {
		list_relation(&s->relations[i], &s->items[s->living[ITEM_RELATION][i]]);
		s->counts.relations[s->relations[i].verdict]++;
	}
	for (size_t i = 0; i < s->n_living[ITEM_FIELD]; i++) {
		list_field(&s->fields[i], &s->items[s->living[ITEM_FIELD][i]]);
		s->counts.fields[s->fields[i].verdict]++;
	}
	for (size_t i = 0; i < s->n_living[ITEM_NOTE]; i++)
		list_note(&s->notes[i], &s->items[s->living[ITEM_NOTE][i]]);
	s->lists_known = true;
	return s;
}

size_t set_relations(const struct set *s)
{
	return listed(s)->n_living[ITEM_RELATION];
}

const struct relation *set_relation(const struct set *s, size_t i)
{
	s = listed(s);
	return i < s->n_living[ITEM_RELATION] ? &s->relations[i] : NULL;
}

size_t set_fields(const struct set *s)
{
	return listed(s)->n_living[ITEM_FIELD];
}

const struct field *set_field(const struct set *s, size_t i)
{
	s = listed(s);
	return i < s->n_living[ITEM_FIELD] ? &s->fields[i] : NULL;
}

size_t set_notes(const struct set *s)
{
	return listed(s)->n_living[ITEM_NOTE];
}

const struct note *set_note(const struct set *s, size_t i)
{
	s = listed(s);
	return i < s->n_living[ITEM_NOTE] ? &s->notes[i] : NULL;
}

size_t set_items(const struct set *s, enum item_kind kind)
{
	if (kind == ITEM_ARTICLE)
		return 1;
	return kind == ITEM_SPAN ? set_spans(s) : listed(s)->n_living[kind];
}

struct str set_item_id(const struct set *s, enum item_kind kind, size_t i)
{
	if (i >= set_items(s, kind) || kind == ITEM_ARTICLE)
		return STR_NONE;
	return kind == ITEM_SPAN ? set_span(s, i)->id : s->items[s->living[kind][i]].id;
}

/* ---- counts ------------------------------------------------------------------------------------------------- */

static void count(size_t *n, bool in)
{
	*n = in ? *n + 1 : *n - 1;
}

void set_count(struct set *s, const struct span *span, bool in)
{
	count(&s->counts.spans[span->verdict], in);
	if (span->human)
		count(&s->counts.added, in);
	/* What was rejected needs no place any more. */
	if (span->anchoring == ANCHOR_LOST && span->verdict != VERDICT_REJECTED)
		count(&s->counts.lost, in);
	if (span->anchoring == ANCHOR_MOVED)
		count(&s->counts.moved, in);
	if (!span->flagged)
		return;
	count(&s->flagged_spans, in);
	if (s->lists_known)
		count(&s->counts.flagged, in);
}

const struct counts *set_counts(const struct set *s)
{
	return &listed(s)->counts;
}
