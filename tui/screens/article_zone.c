/* article_zone: what part of the page a stretch of text is.  Zones are found by rules; the sidecar has those that a
 * person changed, and here they are laid over what was found.  Where two overlap, the one said last counts.  See
 * article.h. */
#include <stdlib.h>

#include "model/lines.h"
#include "tui/screens/article.h"

#define QUOTED 120 /* bytes of a zone in the question about it */

/* ---- laying them over ---------------------------------------------------------------------------------------- */

struct said {
	size_t off, end;
	enum zone_kind kind;
	char *on; /* when, as in the sidecar: ISO 8601 sorts by time */
	size_t item;
};

static bool read_said(struct review *v, size_t i, struct said *out)
{
	const struct set *set = v->doc->set;
	const struct node *map = set_node(v->doc->set, ITEM_ZONE, set_item_id(set, ITEM_ZONE, i));
	const struct node *at = node_get(map, S("at"));
	uint64_t from, to;

	if (!at || at->kind != NODE_LIST || at->n != 2 || !zone_of_name(node_get_text(map, S("kind")), &out->kind) ||
	    !node_is_number(at->items[0], &from) || !node_is_number(at->items[1], &to))
		return false;
	out->off = article_off(v->doc->article, (size_t)from);
	out->end = article_off(v->doc->article, (size_t)to);
	out->item = i;
	if (out->off == NOWHERE || out->end == NOWHERE || out->off >= out->end)
		return false;
	out->on = str_dup(node_get_text(node_get(map, S("judged")), S("on")));
	return true;
}

static int compare_said(const void *one, const void *other)
{
	const struct said *a = one, *b = other;
	int order = str_cmp(str_of(a->on), str_of(b->on));

	return order ? order : (a->item > b->item) - (a->item < b->item);
}

/* In the order in which they were said. */
static struct said *all_said(struct review *v, size_t *n)
{
	size_t items = set_items(v->doc->set, ITEM_ZONE);
	struct said *list = mem_array(items + 1, sizeof(*list));

	*n = 0;
	for (size_t i = 0; i < items; i++)
		*n += read_said(v, i, &list[*n]);
	qsort(list, *n, sizeof(*list), compare_said);
	return list;
}

static void said_free(struct said *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		mem_free(list[i].on);
	mem_free(list);
}

/* All of them, to know whether they are others than those in force. */
static void describe(const struct said *list, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++)
		buf_addf(out, "%zu-%zu %d;", list[i].off, list[i].end, (int)list[i].kind);
}

void zones_sync(struct review *v)
{
	struct said *list;
	size_t n;
	struct buf now = {0};

	if (v->zones_version == set_version(v->doc->set) ||
	    (set_items(v->doc->set, ITEM_ZONE) == 0 && v->zones_applied.n == 0))
		return;
	v->zones_version = set_version(v->doc->set);
	list = all_said(v, &n);
	describe(list, n, &now);
	if (!str_eq(buf_str(&now), buf_str(&v->zones_applied))) {
		reading_find_zones(v->reading);
		for (size_t i = 0; i < n; i++)
			reading_set_zone(v->reading, list[i].off, list[i].end, list[i].kind);
		buf_clear(&v->zones_applied);
		buf_add(&v->zones_applied, buf_str(&now));
		review_make_headline(v);
	}
	said_free(list, n);
	buf_free(&now);
}

void zones_show(struct review *v, struct str id)
{
	uint64_t from;
	size_t off;

	if (!str_number(str_sub(id, 0, str_byte(id, '-', 0)), &from))
		return;
	off = article_off(v->doc->article, (size_t)from);
	if (off != NOWHERE)
		review_center(v, off);
}

/* ---- saying so ----------------------------------------------------------------------------------------------- */

/* Only whole lines fold, so furniture is whole lines; to anything else the line end belongs where it reaches it. */
static void fit_lines(struct review *v, enum zone_kind kind, size_t *off, size_t *end)
{
	struct str text = article_text(v->doc->article);
	size_t start = line_start(text, *off, text.n), after = line_end(text, *end > *off ? *end - 1 : *end, text.n);

	if (zone_is_furniture(kind) || !str_trim(str_sub(text, start, *off)).n)
		*off = start;
	if (zone_is_furniture(kind) || !str_trim(str_sub(text, *end, after)).n)
		*end = after;
}

/* What was said last of the place that was asked about; NOWHERE: nothing. */
static size_t item_at(struct review *v, size_t off)
{
	size_t n, item = NOWHERE;
	struct said *list = all_said(v, &n);

	for (size_t i = 0; i < n; i++) {
		if (list[i].off <= off && off < list[i].end)
			item = list[i].item;
	}
	said_free(list, n);
	return item;
}

static bool build(struct review *v, struct group *g, size_t value, size_t *off, struct error *err)
{
	size_t end = v->zone_end, item;

	*off = v->zone_off;
	if (value < ZONE_KINDS) {
		fit_lines(v, (enum zone_kind)value, off, &end);
		return edit_zone(g, v->doc, *off, end, str_of(zone_name((enum zone_kind)value)), err);
	}
	item = item_at(v, *off);
	return item == NOWHERE || edit_delete(g, v->doc, ITEM_ZONE, set_item_id(v->doc->set, ITEM_ZONE, item), err);
}

/* value: a zone_kind, or one more for the kind that was found. */
static void kind_chosen(struct screen *s, size_t value)
{
	struct review *v = review_of(s);
	struct group *g = review_group(v);
	struct error err = {0};
	const struct zone *zone;
	size_t off;

	if (!review_commit(v, g, build(v, g, value, &off, &err), &err))
		return;
	if (v->mode == MODE_SELECT)
		select_end(v);
	zones_sync(v);
	review_center(v, off);
	zone = zones_at(reading_zones(v->reading), off);
	app_say(v->app, "This is %s now, u undoes", zone ? zone_name(zone->kind) : "");
}

static void ask(struct review *v, size_t off, size_t end, enum review_mode after)
{
	const struct zone *now = zones_at(reading_zones(v->reading), off);
	struct buf title = {0}, text = {0};

	v->zone_off = off;
	v->zone_end = end;
	reading_text(v->reading, off, utf8_floor(article_text(v->doc->article), end < off + QUOTED ? end : off + QUOTED),
	             &text);
	for (size_t i = 0; i < text.n; i++)
		text.p[i] = text.p[i] == '\n' || text.p[i] == '\r' ? ' ' : text.p[i];
	buf_addf(&title, "Now %s, make it: ", now ? zone_name(now->kind) : "");
	buf_add(&title, str_trim(buf_str(&text)));
	menu_open(v, buf_str(&title).p, after, kind_chosen);
	for (enum zone_kind kind = 0; kind < ZONE_KINDS; kind++)
		menu_add(v, 0, str_of(zone_name(kind)), (size_t)kind);
	if (item_at(v, off) != NOWHERE)
		menu_add(v, 'f', S("as found"), ZONE_KINDS);
	buf_free(&title);
	buf_free(&text);
}

/* What is selected; with a caret alone its line, or the furniture that is folded there. */
static void ask_of_selection(struct review *v)
{
	struct str text = article_text(v->doc->article);
	const struct zone *zone;
	size_t off, end;

	select_range(v, &off, &end);
	zone = zones_at(reading_zones(v->reading), off);
	if (!v->select.anchored && zone && reading_folded(v->reading, off)) {
		off = zone->off;
		end = zone->end;
	} else if (!v->select.anchored) {
		end = line_end(text, off, text.n);
		off = line_start(text, off, text.n);
	}
	ask(v, off, end, MODE_SELECT);
}

/* Without a selection the whole zone at the current place. */
void zone_ask(struct review *v)
{
	const struct zone *zone;

	if (article_text(v->doc->article).n == 0 || !review_editable(v))
		return;
	if (v->mode == MODE_SELECT) {
		ask_of_selection(v);
		return;
	}
	zone = zones_at(reading_zones(v->reading), select_place(v));
	if (zone)
		ask(v, zone->off, zone->end, MODE_TEXT);
}
