/* record_plain: plain spans of a record come in; see record.h.
 *
 * Into an article that has no items yet they go as they are: nothing can be there already, and nothing has to be known
 * of them afterwards.  Into any other they go as the items that they stand for. */
#include "annotations/anchor.h"
#include "annotations/formats/jsonl.h"
#include "annotations/formats/record.h"

void record_add_plain_span(struct record *r, struct record_plain span)
{
	if (r->n_plain == r->cap_plain) {
		r->cap_plain = r->cap_plain ? r->cap_plain * 2 : 64;
		r->plain = mem_grow(r->plain, r->cap_plain, sizeof *r->plain);
	}
	r->plain[r->n_plain++] = span;
}

bool jsonl_has_items(const struct set *s)
{
	for (enum item_kind kind = ITEM_SPAN; kind < ITEM_KINDS; kind++)
		if (set_items(s, kind))
			return true;
	return false;
}

void jsonl_plain_items(struct jsonl_object *o)
{
	struct record *r = o->record;
	if (!jsonl_has_items(o->doc->set))
		return;
	for (size_t i = 0; i < r->n_plain; i++)
		(void)record_add_span(r, r->plain[i].id, r->plain[i].label, r->plain[i].start, r->plain[i].end);
	r->n_plain = 0;
}

struct node *jsonl_span_map(struct jsonl_object *o, struct record_plain span, const struct node *said)
{
	struct str text = article_text(o->doc->article), before, after;
	struct node *map = node_map(), *at = node_list(), *context = node_list();
	node_add(at, node_pair(span.start, span.end));
	anchor_context(text, span.off, span.stop, &before, &after);
	node_add(context, node_text(before));
	node_add(context, node_text(after));
	node_append(map, S("id"), node_text(span.id));
	node_append(map, S("label"), node_text(span.label));
	node_append(map, S("at"), at);
	node_append(map, S("text"), node_text(str_sub(text, span.off, span.stop)));
	node_append(map, S("context"), context);
	(void)jsonl_common(o, ITEM_SPAN, said, map); /* nothing is said that could be wrong */
	return node_pack(map);
}

void jsonl_plain(struct jsonl_object *o)
{
	const struct record *r = o->record;
	struct node *nothing = node_map();
	o->job->counts.items[ITEM_SPAN] += r->n_plain;
	o->job->target->changed |= r->n_plain > 0;
	for (size_t i = 0; i < r->n_plain && !o->job->dry_run; i++)
		edit_propose_new(o->group, o->doc, ITEM_SPAN, jsonl_span_map(o, r->plain[i], nothing));
	node_free(nothing);
}
