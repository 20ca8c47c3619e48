/* extract_article.c: see extract_article.h. */
#include "annotations/extract/extract_article.h"

static void apply_zone(struct article *a, const struct node *map, struct zones *zones)
{
	const struct node *at = node_get(map, S("at"));
	uint64_t from, to;
	enum zone_kind kind;
	if (at && at->kind == NODE_LIST && at->n == 2 && node_is_number(at->items[0], &from) &&
	    node_is_number(at->items[1], &to) && zone_of_name(node_get_text(map, S("kind")), &kind) && from < to &&
	    to <= article_length(a))
		zones_set(zones, article_off(a, (size_t)from), article_off(a, (size_t)to), kind);
}

bool extract_article(struct extractor *e, struct article *a, struct set *judged, const struct zone_rules *words,
                     const struct learned *learned, bool (*stop)(void), struct extraction *out)
{
	struct zones zones = {0};
	zones_find(article_text(a), words, &zones);
	for (size_t i = 0; judged && i < set_items(judged, ITEM_ZONE); i++)
		apply_zone(a, set_node(judged, ITEM_ZONE, set_item_id(judged, ITEM_ZONE, i)), &zones);
	bool whole = extract(e, article_text(a), &zones, words, stop, out);
	if (whole && learned)
		learned_apply(learned, article_text(a), &zones, judged, out);
	zones_free(&zones);
	return whole;
}
