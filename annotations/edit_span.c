/* edit_span.c: what a reviewer does to spans, and verdicts on anything; see edit.h. */
#include <string.h>

#include "annotations/anchor.h"
#include "annotations/edit_internal.h"
#include "model/utf8.h"

/* ---- places ------------------------------------------------------------------------------------------------- */

static struct node *at_of(struct article *a, const struct fragment *fragments, size_t n)
{
	struct node *at = node_list();
	for (size_t i = 0; i < n; i++)
		node_add(at, node_pair(article_cp(a, fragments[i].off), article_cp(a, fragments[i].end)));
	return at;
}

/* Bytes that are no character cannot stand in YAML or JSON. */
static struct node *text_node(struct str raw)
{
	struct buf text = {0};
	codepoint cp;
	for (size_t off = 0, step; (step = utf8_step(raw, off, &cp)) != 0; off += step)
		utf8_add(&text, cp & UTF8_BAD ? 0xFFFD : cp);
	struct node *n = node_text(buf_str(&text));
	buf_free(&text);
	return n;
}

static void put_place(const struct doc *d, struct node *map, const struct fragment *fragments, size_t n)
{
	struct str text = article_text(d->article), before, after;
	struct node *texts = node_list(), *context = node_list();
	for (size_t i = 0; i < n; i++)
		node_add(texts, text_node(str_sub(text, fragments[i].off, fragments[i].end)));
	if (n == 1) {
		struct node *only = texts->items[0];
		texts->n = 0;
		node_free(texts);
		texts = only;
	}
	anchor_context(text, fragments[0].off, fragments[n - 1].end, &before, &after);
	node_add(context, text_node(before));
	node_add(context, text_node(after));
	node_put(map, S("at"), at_of(d->article, fragments, n));
	node_put(map, S("text"), texts);
	node_put(map, S("context"), context);
}

bool edit_same_place(const struct node *a, const struct node *b)
{
	return node_equal(node_get(a, S("at")), node_get(b, S("at")));
}

static bool first_cp(const struct node *at, uint64_t *cp)
{
	const struct node *pair = at && at->kind == NODE_LIST && at->n ? at->items[0] : NULL;
	return pair && pair->kind == NODE_LIST && pair->n == 2 && node_is_number(pair->items[0], cp);
}

/* The proposal's place moved with the text as the span's did. */
static void shift_original(struct node *map, const struct node *old_at)
{
	struct node *original = node_get(map, S("original")), *at = node_get(original, S("at"));
	uint64_t from, to, cp;
	if (!at || at->kind != NODE_LIST || !first_cp(old_at, &from) || !first_cp(node_get(map, S("at")), &to))
		return;
	for (size_t i = 0; i < at->n; i++)
		for (size_t k = 0; at->items[i]->kind == NODE_LIST && k < at->items[i]->n; k++)
			if (node_is_number(at->items[i]->items[k], &cp) && cp + to >= from) {
				node_free(at->items[i]->items[k]);
				at->items[i]->items[k] = node_number(cp + to - from);
			}
}

static const struct span *span_of(const struct doc *d, const struct node *map)
{
	size_t i = set_find_span(d->set, node_get_text(map, S("id")));
	return i == NOWHERE ? NULL : set_span(d->set, i);
}

/* Whether the set's lean record speaks of the place that the map has: not when the group moved it. */
static bool place_is_in_set(const struct doc *d, const struct node *map)
{
	return edit_same_place(map, set_node(d->set, ITEM_SPAN, node_get_text(map, S("id"))));
}

bool edit_settle(const struct doc *d, struct node *map)
{
	const struct span *span = span_of(d, map);
	if (!span || !place_is_in_set(d, map) || span->anchoring == ANCHORED)
		return true;
	if (span->anchoring == ANCHOR_LOST)
		return false;
	struct node *old = node_copy(node_get(map, S("at")));
	put_place(d, map, span->fragments, span->n_fragments);
	shift_original(map, old);
	node_free(old);
	return true;
}

static bool label_is(const struct doc *d, const struct span *span, struct str label)
{
	return str_eq(set_schema(d->set)->labels[span->label].name, label);
}

struct str edit_find_same(const struct doc *d, struct str label, const struct fragment *fragments, size_t n,
                          struct str but)
{
	for (size_t i = set_from(d->set, fragments[0].off); i < set_spans(d->set); i++) {
		const struct span *span = set_span(d->set, i);
		if (span->anchoring == ANCHOR_LOST || span->off != fragments[0].off)
			break;
		bool same = span->n_fragments == n && memcmp(span->fragments, fragments, n * sizeof(*fragments)) == 0;
		if (same && label_is(d, span, label) && !str_eq(span->id, but))
			return span->id;
	}
	return STR_NONE;
}

static bool check_fragments(const struct doc *d, const struct fragment *fragments, size_t n, struct error *err)
{
	struct str text = article_text(d->article);
	size_t last = 0;
	if (n == 0 || n > UINT16_MAX)
		return error_set(err, ERROR_OFFSET, d->file, "a span needs between 1 and %d fragments", UINT16_MAX);
	for (size_t i = 0; i < n; i++) {
		const struct fragment *f = &fragments[i];
		if (f->off > f->end || f->off < last || f->end > text.n)
			return error_set(err, ERROR_OFFSET, d->file,
			                 "fragments must lie in the text, in order and apart");
		if (!utf8_boundary(text, f->off) || !utf8_boundary(text, f->end))
			return error_set(err, ERROR_OFFSET, d->file,
			                 "a fragment must begin and end between characters");
		last = f->end;
	}
	return true;
}

/* ---- what it was proposed as -------------------------------------------------------------------------------- */

static void keep_original(const struct group *g, struct node *map, const struct node *before)
{
	if (edit_is_own(g, before) || node_get(map, S("original")))
		return;
	struct node *original = node_map();
	node_put(original, S("label"), node_copy(node_get(before, S("label"))));
	node_put(original, S("at"), node_copy(node_get(before, S("at"))));
	node_put(map, S("original"), original);
}

static bool is_original(const struct node *map)
{
	const struct node *original = node_get(map, S("original")), *label = node_get(original, S("label"));
	const struct node *at = node_get(original, S("at"));
	return original && (!label || node_equal(label, node_get(map, S("label")))) &&
	       (!at || node_equal(at, node_get(map, S("at"))));
}

/* After a change of label or place: `original` comes at the first difference and goes with the last; a verdict that
 * stood follows. */
static void settle_original(const struct group *g, struct node *map, const struct node *before)
{
	keep_original(g, map, before);
	if (is_original(map))
		node_put(map, S("original"), NULL);
	if (verdict_keeps(edit_verdict_of(before)))
		edit_decide_kept(g, map);
}

static void say_span(struct group *g, const struct doc *d, const char *verb, const struct node *map)
{
	struct buf text = {0};
	edit_text_of(d, map, &text);
	edit_say(g, verb, node_get_text(map, S("label")), buf_str(&text));
	buf_free(&text);
}

/* ---- verdicts ----------------------------------------------------------------------------------------------- */

static bool judged_by(const struct group *g, const struct node *map)
{
	return str_eq(node_get_text(node_get(map, S("judged")), S("by")), str_of(g->by));
}

static void say_verdict(struct group *g, const struct doc *d, enum item_kind kind, enum verdict v,
                        const struct node *map)
{
	static const char *const verbs[VERDICTS] = {"un-decide", "accept", "accept", "reject"};
	struct buf text = {0};
	edit_text_of(d, map, &text);
	struct str name = node_get_text(map, kind == ITEM_SPAN    ? S("label")
	                                     : kind == ITEM_FIELD ? S("name")
	                                                          : S("type"));
	edit_say(g, verbs[v], name, buf_str(&text));
	buf_free(&text);
}

static bool own_verdict(struct group *g, struct doc *d, enum item_kind kind, struct str id, enum verdict v,
                        struct error *err)
{
	if (v == VERDICT_REJECTED)
		return edit_delete(g, d, kind, id, err);
	if (v == VERDICT_UNDECIDED)
		return error_set(err, ERROR_USAGE, d->file,
		                 "you added this yourself: it is accepted as long as it is there; delete it instead");
	return true;
}

bool edit_verdict(struct group *g, struct doc *d, enum item_kind kind, struct str id, enum verdict v, struct error *err)
{
	if (kind != ITEM_SPAN && kind != ITEM_RELATION && kind != ITEM_FIELD)
		return error_set(err, ERROR_USAGE, d->file, "a %s has no verdict", item_kind_name(kind));
	struct node *map = edit_view_or_fail(g, d, kind, id, err);
	if (!map)
		return false;
	if (edit_is_own(g, map)) {
		node_free(map);
		return own_verdict(g, d, kind, id, v, err);
	}
	if (kind == ITEM_SPAN && !edit_settle(d, map) && verdict_keeps(v)) {
		node_free(map);
		return error_set(
		    err, ERROR_TEXT, d->file,
		    "the text of this span is no longer in the article: select its place first, or reject it");
	}
	v = verdict_keeps(v) ? (node_get(map, S("original")) ? VERDICT_CORRECTED : VERDICT_ACCEPTED) : v;
	bool already =
	    node_get(map, S("verdict")) && edit_verdict_of(map) == v && (v == VERDICT_UNDECIDED || judged_by(g, map));
	if (!already) {
		edit_decide(g, map, v);
		say_verdict(g, d, kind, v, map);
	}
	edit_put(g, d, kind, id, map);
	if (!already)
		edit_mark_reviewing(g, d, v == VERDICT_UNDECIDED);
	return true;
}

bool edit_reanchor(struct group *g, struct doc *d, struct str id, struct error *err)
{
	struct node *map = edit_view_or_fail(g, d, ITEM_SPAN, id, err);
	if (!map)
		return false;
	if (!edit_settle(d, map)) {
		node_free(map);
		return error_set(err, ERROR_TEXT, d->file,
		                 "the text of this span was not found: select its place, or reject it");
	}
	say_span(g, d, "re-anchor", map);
	edit_put(g, d, ITEM_SPAN, id, map);
	edit_mark_reviewing(g, d, false);
	return true;
}

void edit_follow(struct group *g, const struct doc *d)
{
	if (set_counts(d->set)->moved == 0)
		return;
	for (size_t i = 0; i < set_spans(d->set); i++) {
		const struct span *span = set_span(d->set, i);
		struct node *map = span->anchoring == ANCHOR_MOVED ? edit_view(g, d, ITEM_SPAN, span->id) : NULL;
		if (map && edit_settle(d, map))
			edit_put(g, d, ITEM_SPAN, span->id, map);
		else
			node_free(map);
	}
}

/* ---- label and place ---------------------------------------------------------------------------------------- */

static void say_label(struct group *g, const struct doc *d, const struct node *before, const struct node *map)
{
	struct buf change = {0}, text = {0};
	buf_add(&change, node_get_text(before, S("label")));
	buf_adds(&change, " → ");
	buf_add(&change, node_get_text(map, S("label")));
	edit_text_of(d, map, &text);
	edit_say(g, "", buf_str(&change), buf_str(&text));
	buf_free(&change);
	buf_free(&text);
}

bool edit_label(struct group *g, struct doc *d, struct str id, uint16_t label, bool judge, struct error *err)
{
	const struct schema *schema = set_schema(d->set);
	if (label >= schema->n_labels)
		return error_set(err, ERROR_USAGE, d->file, "there is no such label");
	struct str name = schema->labels[label].name;
	struct node *before = edit_view_or_fail(g, d, ITEM_SPAN, id, err);
	if (!before)
		return false;
	if (str_eq(node_get_text(before, S("label")), name)) {
		node_free(before);
		return !judge || edit_verdict(g, d, ITEM_SPAN, id, VERDICT_ACCEPTED, err);
	}
	bool settled = edit_settle(d, before);
	if (judge && !settled) {
		node_free(before);
		return error_set(
		    err, ERROR_TEXT, d->file,
		    "the text of this span is no longer in the article: select its place first, or reject it");
	}
	struct node *map = node_copy(before);
	node_put_text(map, S("label"), name);
	say_label(g, d, before, map);
	settle_original(g, map, before);
	if (judge)
		edit_decide_kept(g, map);
	edit_put(g, d, ITEM_SPAN, id, map);
	edit_mark_reviewing(g, d, false);
	node_free(before);
	return true;
}

static const char *move_verb(const struct fragment *old, size_t n_old, const struct fragment *now, size_t n)
{
	if (n != n_old)
		return n > n_old ? "split" : "join";
	bool start = old[0].off != now[0].off, end = old[n - 1].end != now[n - 1].end;
	return start && end ? "move" : start ? "move start" : end ? "move end" : "move inside";
}

static void say_move(struct group *g, const struct doc *d, const struct node *before, const struct fragment *fragments,
                     size_t n)
{
	const struct span *span = span_of(d, before);
	bool known = span && span->anchoring != ANCHOR_LOST && place_is_in_set(d, before);
	say_span(g, d, known ? move_verb(span->fragments, span->n_fragments, fragments, n) : "place", before);
}

/* Whether the span only gets its place back in an article that was edited: that corrects nothing. */
static bool only_replaced(const struct doc *d, const struct node *before, const struct node *map)
{
	const struct span *span = span_of(d, before);
	return span && span->anchoring != ANCHORED && place_is_in_set(d, before) &&
	       node_equal(node_get(before, S("text")), node_get(map, S("text")));
}

bool edit_fragments(struct group *g, struct doc *d, struct str id, const struct fragment *fragments, size_t n,
                    struct error *err)
{
	if (!check_fragments(d, fragments, n, err))
		return false;
	struct node *before = edit_view_or_fail(g, d, ITEM_SPAN, id, err);
	if (!before)
		return false;
	struct node *map = node_copy(before);
	put_place(d, map, fragments, n);
	bool same = edit_same_place(before, map), replaced = only_replaced(d, before, map);
	if (same) {
		node_free(map);
		node_free(before);
		return true;
	}
	say_move(g, d, before, fragments, n);
	if (replaced) {
		shift_original(map, node_get(before, S("at")));
	} else {
		/* What is moved is the place on the screen, which in an edited article is not the stored one. */
		(void)edit_settle(d, before);
		struct node *original = node_get(before, S("original"));
		node_put(map, S("original"), node_copy(original));
		settle_original(g, map, before);
	}
	edit_put(g, d, ITEM_SPAN, id, map);
	edit_mark_reviewing(g, d, false);
	node_free(before);
	return true;
}

/* ---- adding and deleting ------------------------------------------------------------------------------------ */

static bool add_where_one_is(struct group *g, struct doc *d, struct str there, char **id, struct error *err)
{
	struct node *map = edit_view(g, d, ITEM_SPAN, there);
	bool kept = verdict_keeps(edit_verdict_of(map));
	node_free(map);
	if (kept)
		return error_set(err, ERROR_DUPLICATE, d->file, "the same span is there already");
	if (!edit_verdict(g, d, ITEM_SPAN, there, VERDICT_ACCEPTED, err))
		return false;
	if (id)
		*id = str_dup(there);
	return true;
}

bool edit_add_span(struct group *g, struct doc *d, uint16_t label, const struct fragment *fragments, size_t n,
                   char **id, struct error *err)
{
	const struct schema *schema = set_schema(d->set);
	if (label >= schema->n_labels)
		return error_set(err, ERROR_USAGE, d->file, "there is no such label");
	if (!check_fragments(d, fragments, n, err))
		return false;
	struct str name = schema->labels[label].name, same = edit_find_same(d, name, fragments, n, STR_NONE);
	if (same.n && edit_there(g, d, ITEM_SPAN, same))
		return add_where_one_is(g, d, same, id, err);
	char *fresh = edit_free_id(g, d, ITEM_SPAN);
	struct node *map = node_map();
	node_put_text(map, S("id"), str_of(fresh));
	node_put_text(map, S("label"), name);
	put_place(d, map, fragments, n);
	node_put_text(map, S("verdict"), S("accepted"));
	node_put(map, S("source"), edit_source(g));
	edit_decide(g, map, VERDICT_ACCEPTED);
	say_span(g, d, "add", map);
	edit_put(g, d, ITEM_SPAN, str_of(fresh), map);
	edit_mark_reviewing(g, d, true);
	if (id)
		*id = fresh;
	else
		mem_free(fresh);
	return true;
}

/* Relations and field values that point to a span which goes. */
static void drop_references(struct group *g, struct doc *d, struct str id)
{
	for (size_t i = 0; i < set_relations(d->set); i++) {
		const struct relation *r = set_relation(d->set, i);
		if (str_eq(r->from, id) || str_eq(r->to, id))
			edit_put(g, d, ITEM_RELATION, r->id, NULL);
	}
	for (size_t i = 0; i < set_fields(d->set); i++) {
		struct node *map = edit_view(g, d, ITEM_FIELD, set_field(d->set, i)->id),
		            *spans = node_get(map, S("spans"));
		size_t kept = 0, had = spans && spans->kind == NODE_LIST ? spans->n : 0;
		for (size_t k = 0; k < had; k++) {
			if (str_eq(node_scalar(spans->items[k]), id))
				node_free(spans->items[k]);
			else
				spans->items[kept++] = spans->items[k];
		}
		if (had)
			spans->n = kept;
		if (kept < had)
			edit_put(g, d, ITEM_FIELD, set_field(d->set, i)->id, map);
		else
			node_free(map);
	}
}

static bool is_judged_kind(enum item_kind kind)
{
	return kind == ITEM_SPAN || kind == ITEM_RELATION || kind == ITEM_FIELD;
}

bool edit_delete(struct group *g, struct doc *d, enum item_kind kind, struct str id, struct error *err)
{
	if (kind == ITEM_ARTICLE)
		return error_set(err, ERROR_USAGE, d->file, "an article is not deleted here");
	struct node *map = edit_view_or_fail(g, d, kind, id, err);
	if (!map)
		return false;
	bool own = edit_is_own(g, map) || !is_judged_kind(kind);
	if (own) {
		struct buf text = {0};
		edit_text_of(d, map, &text);
		struct str name = node_get_text(map, kind == ITEM_SPAN       ? S("label")
		                                     : kind == ITEM_RELATION ? S("type")
		                                     : kind == ITEM_ZONE     ? S("kind")
		                                                             : S("name"));
		edit_say(g, "delete", name.n ? name : str_of(item_kind_name(kind)), buf_str(&text));
		buf_free(&text);
		edit_put(g, d, kind, id, NULL);
		if (kind == ITEM_SPAN)
			drop_references(g, d, id);
		edit_mark_reviewing(g, d, false);
	}
	node_free(map);
	return own || edit_verdict(g, d, kind, id, VERDICT_REJECTED, err);
}
