/* sidecar_merge.c: a set that has changes of its own, brought onto a newer version of its file; see sidecar.h. */
#include "annotations/merge.h"
#include "annotations/sidecar_internal.h"

/* Sets on `theirs` what makes the item read as `out`. */
static void put_merged(struct set *theirs, enum item_kind kind, struct str id, const struct node *out)
{
	const struct node *now = set_node(theirs, kind, id);
	if (node_equal(now, out))
		return;
	if (!now) {
		(void)set_add(theirs, kind, id, out, NULL);
		return;
	}
	if (!out) {
		(void)set_remove(theirs, kind, id);
		return;
	}
	struct node *keys = node_map();
	size_t in_now = 0, in_out = 0;
	for (size_t i = 0; i < out->n; i++)
		if (!node_equal(node_get_along(now, out->keys[i], &in_now), out->items[i]))
			node_put(keys, out->keys[i], node_copy(out->items[i]));
	for (size_t i = 0; i < now->n; i++)
		if (!node_get_along(out, now->keys[i], &in_out))
			node_put(keys, now->keys[i], node_absent());
	(void)set_change(theirs, kind, id, keys, NULL);
	node_free(keys);
}

static void merge_one(const struct set *ours, const struct item *item, struct set *theirs,
                      const struct sidecar_merger *m)
{
	struct node *base = set_map_as_read(ours, item), *out;
	const struct node *mine = item->alive ? item->map : NULL, *other = set_node(theirs, item->kind, item->id);
	if (merge_item(base, mine, other, &out) == MERGE_CONFLICT)
		m->conflict(m->ctx, item->kind, item->id, mine, other);
	put_merged(theirs, item->kind, item->id, out);
	node_free(out);
	node_free(base);
}

/* What `article` says follows from the text that is there, and is written anew when need be. */
static struct node *without_article(const struct node *top)
{
	struct node *copy = node_copy(top);
	node_put(copy, S("article"), NULL);
	return copy;
}

static void merge_top(const struct set *ours, struct set *theirs, const struct sidecar_merger *m)
{
	struct node *base = without_article(ours->top_read), *mine = without_article(ours->top),
	            *other = without_article(theirs->top);
	struct node *out;
	if (merge_item(base, mine, other, &out) == MERGE_CONFLICT)
		m->conflict(m->ctx, ITEM_ARTICLE, STR_NONE, ours->top, theirs->top);
	const struct node *article = node_get(theirs->top, S("article"));
	if (article)
		node_put(out, S("article"), node_copy(article));
	put_merged(theirs, ITEM_ARTICLE, STR_NONE, out);
	node_free(out);
	node_free(base);
	node_free(mine);
	node_free(other);
}

bool sidecar_has_changes(struct set *set)
{
	bool any;
	mem_free(sidecar_fates(set, &any));
	return any || !node_equal(set->top, set->top_read);
}

void sidecar_merge(struct set *ours, struct set *theirs, const struct sidecar_merger *m)
{
	bool any;
	uint8_t *fates = sidecar_fates(ours, &any);
	for (size_t i = 0; i < ours->n_items; i++) {
		const struct item *item = &ours->items[i];
		bool was_there = item->record.mode != RECORD_NONE;
		if (fates[i] == FATE_WRITE || (fates[i] == FATE_SKIP && was_there))
			merge_one(ours, item, theirs, m);
	}
	mem_free(fates);
	merge_top(ours, theirs, m);
}
