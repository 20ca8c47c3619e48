/* edit_item.c: attributes, links, notes, flags, fields, relations, zones and the status; see edit.h. */
#include <string.h>

#include "annotations/edit_internal.h"

static void say_about(struct group *g, const struct doc *d, const char *verb, const struct node *map)
{
	struct buf text = {0};
	struct str name = node_get_text(map, S("label"));
	if (!name.n)
		name = node_get_text(map, S("name"));
	if (!name.n)
		name = node_get_text(map, S("type"));
	edit_text_of(d, map, &text);
	edit_say(g, verb, name, buf_str(&text));
	buf_free(&text);
}

static bool put_and_mark(struct group *g, struct doc *d, enum item_kind kind, struct str id, struct node *map,
                         bool reopen)
{
	edit_put(g, d, kind, id, map);
	edit_mark_reviewing(g, d, reopen);
	return true;
}

/* ---- keys of an item ---------------------------------------------------------------------------------------- */

bool edit_attribute(struct group *g, struct doc *d, struct str id, struct str name, struct str value, struct error *err)
{
	struct node *map = edit_view_or_fail(g, d, ITEM_SPAN, id, err);
	if (!map)
		return false;
	struct node *attributes = node_get(map, S("attributes"));
	if (!attributes || attributes->kind != NODE_MAP) {
		attributes = node_map();
		node_put(map, S("attributes"), attributes);
	}
	node_put(attributes, name, value.n ? node_text(value) : NULL);
	if (attributes->n == 0)
		node_put(map, S("attributes"), NULL);
	struct buf verb = {0};
	buf_adds(&verb, "set ");
	buf_add(&verb, name);
	buf_adds(&verb, " of");
	say_about(g, d, verb.p, map);
	buf_free(&verb);
	return put_and_mark(g, d, ITEM_SPAN, id, map, false);
}

bool edit_links(struct group *g, struct doc *d, struct str id, const struct node *links, struct error *err)
{
	struct node *map = edit_view_or_fail(g, d, ITEM_SPAN, id, err);
	if (!map)
		return false;
	node_put(map, S("links"), links && links->n ? node_copy(links) : NULL);
	say_about(g, d, "link", map);
	return put_and_mark(g, d, ITEM_SPAN, id, map, false);
}

static bool put_text(struct group *g, struct doc *d, enum item_kind kind, struct str id, struct str key,
                     struct str text, const char *verb, struct error *err)
{
	if (kind == ITEM_ARTICLE)
		return error_set(err, ERROR_USAGE, d->file,
		                 "what is to be said of the whole article is a note of its own");
	struct node *map = edit_view_or_fail(g, d, kind, id, err);
	if (!map)
		return false;
	bool reopen = str_eq(key, S("flag")) && text.n > 0;
	node_put(map, key, text.n ? node_text(text) : NULL);
	say_about(g, d, verb, map);
	return put_and_mark(g, d, kind, id, map, reopen);
}

bool edit_note(struct group *g, struct doc *d, enum item_kind kind, struct str id, struct str text, struct error *err)
{
	if (kind == ITEM_NOTE && text.n == 0)
		return edit_delete(g, d, kind, id, err);
	return put_text(g, d, kind, id, kind == ITEM_NOTE ? S("text") : S("note"), text, "note on", err);
}

bool edit_flag(struct group *g, struct doc *d, enum item_kind kind, struct str id, struct str reason, struct error *err)
{
	return put_text(g, d, kind, id, S("flag"), reason, reason.n ? "flag" : "unflag", err);
}

/* ---- new items ---------------------------------------------------------------------------------------------- */

/* Hands the id over where it is wanted. */
static bool put_new(struct group *g, struct doc *d, enum item_kind kind, char *fresh, struct node *map, char **id)
{
	put_and_mark(g, d, kind, str_of(fresh), map, true);
	if (id)
		*id = fresh;
	else
		mem_free(fresh);
	return true;
}

bool edit_add_note(struct group *g, struct doc *d, struct str text, char **id, struct error *err)
{
	if (str_trim(text).n == 0)
		return error_set(err, ERROR_USAGE, d->file, "a note needs a text");
	char *fresh = edit_free_id(g, d, ITEM_NOTE), *now = io_utc();
	struct node *map = node_map();
	node_put_text(map, S("id"), str_of(fresh));
	node_put_text(map, S("text"), text);
	node_put_text(map, S("by"), str_of(g->by));
	node_put_text(map, S("on"), str_of(now));
	mem_free(now);
	say_about(g, d, "add note", map);
	return put_new(g, d, ITEM_NOTE, fresh, map, id);
}

static bool check_span(const struct group *g, const struct doc *d, struct str id, struct error *err)
{
	return edit_there(g, d, ITEM_SPAN, id) || error_set(err, ERROR_REFERENCE, d->file, "there is no span %.*s",
	                                                    (int)(id.n < 40 ? id.n : 40), id.p ? id.p : "");
}

static struct node *ids_node(const struct str *spans, size_t n)
{
	struct node *list = node_list();
	for (size_t i = 0; i < n; i++)
		node_add(list, node_text(spans[i]));
	return list;
}

static bool put_value(const struct group *g, const struct doc *d, struct node *map, struct str value,
                      const struct str *spans, size_t n, struct error *err)
{
	for (size_t i = 0; i < n; i++)
		if (!check_span(g, d, spans[i], err))
			return false;
	node_put_text(map, S("value"), value);
	node_put(map, S("spans"), n ? ids_node(spans, n) : NULL);
	return true;
}

bool edit_add_field(struct group *g, struct doc *d, struct str name, struct str value, const struct str *spans,
                    size_t n, char **id, struct error *err)
{
	if (name.n == 0 || str_trim(value).n == 0)
		return error_set(err, ERROR_USAGE, d->file, "a field needs a name and a value");
	char *fresh = edit_free_id(g, d, ITEM_FIELD);
	struct node *map = node_map();
	node_put_text(map, S("id"), str_of(fresh));
	node_put_text(map, S("name"), name);
	if (!put_value(g, d, map, value, spans, n, err)) {
		node_free(map);
		mem_free(fresh);
		return false;
	}
	node_put(map, S("source"), edit_source(g));
	edit_decide(g, map, VERDICT_ACCEPTED);
	say_about(g, d, "add", map);
	return put_new(g, d, ITEM_FIELD, fresh, map, id);
}

static void keep_field_original(const struct group *g, struct node *map, const struct node *before)
{
	struct node *original = node_get(map, S("original"));
	if (!original && !edit_is_own(g, before)) {
		original = node_map();
		node_put(original, S("value"), node_copy(node_get(before, S("value"))));
		node_put(original, S("spans"), node_copy(node_get(before, S("spans"))));
		node_put(map, S("original"), original);
	}
	bool back = original && node_equal(node_get(original, S("value")), node_get(map, S("value"))) &&
	            node_equal(node_get(original, S("spans")), node_get(map, S("spans")));
	if (back)
		node_put(map, S("original"), NULL);
}

bool edit_field(struct group *g, struct doc *d, struct str id, struct str value, const struct str *spans, size_t n,
                struct error *err)
{
	if (str_trim(value).n == 0)
		return error_set(err, ERROR_USAGE, d->file, "a value cannot be empty; reject or delete it instead");
	struct node *before = edit_view_or_fail(g, d, ITEM_FIELD, id, err);
	if (!before)
		return false;
	struct node *map = node_copy(before);
	bool good = put_value(g, d, map, value, spans, n, err);
	if (good && !node_equal(map, before)) {
		keep_field_original(g, map, before);
		edit_decide_kept(g, map);
		say_about(g, d, "set", map);
		put_and_mark(g, d, ITEM_FIELD, id, node_copy(map), false);
	}
	node_free(map);
	node_free(before);
	return good;
}

static bool same_relation(const struct relation *r, struct str type, struct str from, struct str to)
{
	return str_eq(r->type, type) && str_eq(r->from, from) && str_eq(r->to, to);
}

bool edit_add_relation(struct group *g, struct doc *d, struct str type, struct str from, struct str to, char **id,
                       struct error *err)
{
	if (type.n == 0)
		return error_set(err, ERROR_USAGE, d->file, "a relation needs a type");
	if (!check_span(g, d, from, err) || !check_span(g, d, to, err))
		return false;
	for (size_t i = 0; i < set_relations(d->set); i++) {
		const struct relation *r = set_relation(d->set, i);
		if (!same_relation(r, type, from, to) || !edit_there(g, d, ITEM_RELATION, r->id))
			continue;
		if (verdict_keeps(r->verdict))
			return error_set(err, ERROR_DUPLICATE, d->file, "the same relation is there already");
		if (id)
			*id = str_dup(r->id);
		return edit_verdict(g, d, ITEM_RELATION, r->id, VERDICT_ACCEPTED, err);
	}
	char *fresh = edit_free_id(g, d, ITEM_RELATION);
	struct node *map = node_map(), *args = node_map();
	node_put_text(args, S("from"), from);
	node_put_text(args, S("to"), to);
	node_put_text(map, S("id"), str_of(fresh));
	node_put_text(map, S("type"), type);
	node_put(map, S("args"), args);
	node_put(map, S("source"), edit_source(g));
	edit_decide(g, map, VERDICT_ACCEPTED);
	say_about(g, d, "add", map);
	return put_new(g, d, ITEM_RELATION, fresh, map, id);
}

bool edit_zone(struct group *g, struct doc *d, size_t off, size_t end, struct str kind, struct error *err)
{
	if (off >= end || end > article_text(d->article).n || kind.n == 0)
		return error_set(err, ERROR_OFFSET, d->file, "a zone needs a stretch of the text and a kind");
	uint64_t from = article_cp(d->article, off), to = article_cp(d->article, end);
	struct buf id = {0};
	buf_addf(&id, "%llu-%llu", (unsigned long long)from, (unsigned long long)to);
	struct node *map = edit_view(g, d, ITEM_ZONE, buf_str(&id));
	if (!map) {
		map = node_map();
		node_put(map, S("at"), node_pair(from, to));
	}
	node_put_text(map, S("kind"), kind);
	edit_put_judged(g, map);
	edit_say(g, "zone", kind, STR_NONE);
	put_and_mark(g, d, ITEM_ZONE, buf_str(&id), map, false);
	buf_free(&id);
	return true;
}

/* ---- status ------------------------------------------------------------------------------------------------- */

static bool undecided(const struct node *map)
{
	return map && edit_verdict_of(map) == VERDICT_UNDECIDED;
}

static bool flagged(const struct node *map)
{
	return node_get_text(map, S("flag")).n > 0;
}

/* What is left when the group is applied: the set's counts and what the group changes of them. */
static void count_left(const struct group *g, struct doc *d, size_t *spans, size_t *flags)
{
	const struct counts *counts = set_counts(d->set);
	*spans = counts->spans[VERDICT_UNDECIDED];
	*flags = counts->flagged;
	for (size_t i = 0; i < g->n_ops; i++) {
		const struct op *op = &g->ops[i];
		if (op->kind == ITEM_ARTICLE || strcmp(op->file, d->file) != 0)
			continue;
		struct node *after = edit_view(g, d, op->kind, str_of(op->id));
		const struct node *before = set_node(d->set, op->kind, str_of(op->id));
		if (op->kind == ITEM_SPAN)
			*spans = *spans + undecided(after) - undecided(before);
		*flags = *flags + flagged(after) - flagged(before);
		node_free(after);
	}
}

bool edit_status(struct group *g, struct doc *d, enum status status, struct error *err)
{
	size_t spans, flags;
	count_left(g, d, &spans, &flags);
	if (status == STATUS_DONE && spans)
		return error_set(err, ERROR_USAGE, d->file, "%zu span%s still undecided", spans,
		                 spans == 1 ? " is" : "s are");
	if (status == STATUS_DONE && flags)
		return error_set(err, ERROR_USAGE, d->file, "%zu flag%s still open: answer and remove %s first", flags,
		                 flags == 1 ? " is" : "s are", flags == 1 ? "it" : "them");
	struct node *top = edit_view(g, d, ITEM_ARTICLE, STR_NONE);
	node_put(top, S("status"), status == STATUS_NONE ? NULL : node_text(str_of(status_name(status))));
	edit_put(g, d, ITEM_ARTICLE, STR_NONE, top);
	edit_follow(g, d);
	edit_say(g, "mark as", status == STATUS_NONE ? S("unread") : str_of(status_name(status)), STR_NONE);
	return true;
}
