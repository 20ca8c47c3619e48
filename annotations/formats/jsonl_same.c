/* jsonl_same: items of one line that are the same (import.h tells what that is) and yet may be several: two mentions of
 * one place under one label that differ in their attributes, two regions that a file tells apart by their ids.
 *
 * Of those that an article has, each is met once: by the item that bears its id, else in their order, so that a file
 * that is read again finds all of them.  What is left over is one more where its own id tells it from the others, or
 * where it says what none of them says.  A proposal of what somebody judged already is no other item.  Ids that begin
 * with # were made up by the importer: they tell items apart that one and the same maker set side by side, but not the
 * proposal of one from the decision of another. */
#include "annotations/edit_internal.h"
#include "annotations/formats/jsonl.h"

/* ---- what was met --------------------------------------------------------------------------------------------- */

static void met_key(struct buf *key, char kind, struct str what)
{
	buf_clear(key);
	buf_addc(key, kind);
	buf_add(key, what);
}

static void mark(struct jsonl_object *o, char kind, struct str what, struct str id)
{
	struct buf key = {0};
	met_key(&key, kind, what);
	strmap_put(&o->met, buf_str(&key), id);
	buf_free(&key);
}

static bool marked(const struct jsonl_object *o, char kind, struct str what, struct str *id)
{
	struct buf key = {0};
	met_key(&key, kind, what);
	bool found = strmap_get(&o->met, buf_str(&key), id);
	buf_free(&key);
	return found;
}

/* Two kinds may have items of one id. */
static char met_kind(enum item_kind kind)
{
	return (char)('A' + (int)kind);
}

/* What this line added is not in the set until it is committed. */
static bool is_met(const struct jsonl_object *o, enum item_kind kind, struct str id)
{
	return (!o->job->dry_run && !set_has(o->doc->set, kind, id)) || marked(o, met_kind(kind), id, NULL);
}

/* ---- what is said of an item ------------------------------------------------------------------------------------ */

/* By the text of values, which a sidecar may quote otherwise. */
static void add_value(struct buf *out, const struct node *value)
{
	buf_addc(out, value->kind == NODE_SCALAR ? '"' : value->kind == NODE_LIST ? '[' : '{');
	buf_add(out, node_scalar(value));
	for (size_t i = 0; value->kind != NODE_SCALAR && i < value->n; i++) {
		if (value->kind == NODE_MAP)
			buf_add(out, value->keys[i]);
		add_value(out, value->items[i]);
	}
	buf_addc(out, '\x1f');
}

static void add_saying(struct buf *out, struct str identity, const struct node *map)
{
	static const char *const keys[] = {"attributes", "links", "note", "flag"};
	buf_add(out, identity);
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		const struct node *value = node_get(map, str_of(keys[i]));
		buf_addc(out, '\x1f');
		if (value)
			add_value(out, value);
	}
}

static void add_maker(struct buf *out, const struct node *map)
{
	buf_addc(out, '\x1f');
	buf_add(out, node_get_text(node_get(map, S("source")), S("by")));
	buf_addc(out, '\x1f');
	buf_add(out, node_get_text(node_get(map, S("judged")), S("by")));
}

static void move_mark(struct jsonl_object *o, char kind, struct str what, struct str id)
{
	struct buf key = {0};
	met_key(&key, kind, what);
	strmap_set(&o->met, buf_str(&key), id);
	buf_free(&key);
}

static void next_key(struct buf *key, struct str saying, struct str id)
{
	buf_add(key, saying);
	buf_addc(key, '\x1f');
	buf_add(key, id);
}

static void mark_next(struct jsonl_object *o, struct str saying, struct str id, struct str next)
{
	struct buf key = {0};
	next_key(&key, saying, id);
	mark(o, 'n', buf_str(&key), next);
	buf_free(&key);
}

static bool next_marked(struct jsonl_object *o, struct str saying, struct str id, struct str *next)
{
	struct buf key = {0};
	next_key(&key, saying, id);
	bool found = marked(o, 'n', buf_str(&key), next);
	buf_free(&key);
	return found;
}

/* 's' leads to the first that says so, 'n' from one to the next, 't' to the last. */
static void know_saying(struct jsonl_object *o, struct str identity, const struct node *map, struct str id)
{
	struct buf saying = {0};
	struct str last, kept = node_get_text(node_get(map, str_of(o->job->format->name)), S("id"));
	add_saying(&saying, identity, map);
	if (marked(o, 't', buf_str(&saying), &last))
		mark_next(o, buf_str(&saying), last, id);
	else
		mark(o, 's', buf_str(&saying), id);
	move_mark(o, 't', buf_str(&saying), id);
	add_maker(&saying, map);
	mark(o, 'b', buf_str(&saying), id);
	buf_clear(&saying);
	buf_add(&saying, identity);
	if (edit_verdict_of(map) != VERDICT_UNDECIDED)
		mark(o, 'd', identity, id);
	buf_addc(&saying, '\x1f');
	buf_add(&saying, kept);
	if (kept.n)
		mark(o, 'k', buf_str(&saying), id);
	buf_free(&saying);
}

/* Of all that are the same, once in a line. */
static void know_sayings(struct jsonl_object *o, enum item_kind kind, struct str identity, struct str id)
{
	if (marked(o, 'w', identity, NULL))
		return;
	mark(o, 'w', identity, id);
	do {
		struct node *map = edit_view(o->group, o->doc, kind, id);
		if (map)
			know_saying(o, identity, map, id);
		node_free(map);
	} while (import_next_same(o->job->target, identity, id, &id));
}

/* ---- which one it is -------------------------------------------------------------------------------------------- */

/* By its id, here or in the file that it came from. */
static bool find_by_id(struct jsonl_object *o, const struct jsonl_item *item, struct str identity, struct str *id)
{
	struct str given = node_scalar(jsonl_get(item->in, S("id")));
	struct buf key = {0};
	bool found = given.n && !is_met(o, item->kind, given) && import_is_same(o->job->target, identity, given);
	if (found)
		*id = given;
	buf_add(&key, identity);
	buf_addc(&key, '\x1f');
	buf_add(&key, given);
	found = found || (given.n && marked(o, 'k', buf_str(&key), id) && !is_met(o, item->kind, *id));
	buf_free(&key);
	return found;
}

static bool find_by_saying(struct jsonl_object *o, const struct jsonl_item *item, struct str identity, struct str *id)
{
	struct buf saying = {0};
	struct str next;
	add_saying(&saying, identity, item->map);
	bool said = marked(o, 's', buf_str(&saying), id);
	while (said && is_met(o, item->kind, *id) && next_marked(o, buf_str(&saying), *id, &next))
		*id = next;
	if (said)
		move_mark(o, 's', buf_str(&saying), *id);
	buf_free(&saying);
	return said && !is_met(o, item->kind, *id);
}

static bool find_by_order(struct jsonl_object *o, const struct jsonl_item *item, struct str identity, struct str first,
                          struct str *id)
{
	struct str next;
	*id = first;
	(void)marked(o, '@', identity, id);
	while (is_met(o, item->kind, *id) && import_next_same(o->job->target, identity, *id, &next))
		*id = next;
	move_mark(o, '@', identity, *id);
	return !is_met(o, item->kind, *id);
}

/* Whether one of which there are enough already is one more; else *id is the one that it is. */
static bool is_one_more(struct jsonl_object *o, const struct jsonl_item *item, struct str identity, struct str *id)
{
	struct str given = node_scalar(jsonl_get(item->in, S("id")));
	bool named = given.n && given.p[0] != '#', numbered = given.n && !named;
	struct buf saying = {0};
	if (named) {
		struct str twice = given; /* the id itself, said twice */
		(void)strmap_get(&o->local, given, &twice);
		if (!import_is_same(o->job->target, identity, twice))
			return true;
		*id = twice;
		return false;
	}
	if (item->kind != ITEM_SPAN && item->kind != ITEM_RELATION)
		return false;
	add_saying(&saying, identity, item->map);
	bool said = marked(o, 's', buf_str(&saying), id);
	add_maker(&saying, item->map);
	bool apart = numbered && said && marked(o, 'b', buf_str(&saying), NULL);
	bool judged = edit_verdict_of(item->map) == VERDICT_UNDECIDED && marked(o, 'd', identity, said ? NULL : id);
	buf_free(&saying);
	return apart || (!said && !judged);
}

static enum jsonl_same find(struct jsonl_object *o, const struct jsonl_item *item, struct str identity, struct str *id)
{
	struct str first = *id, next;
	bool several = import_next_same(o->job->target, identity, first, &next) || is_met(o, item->kind, first);
	if (several) {
		know_sayings(o, item->kind, identity, first);
		if (!find_by_id(o, item, identity, id) && !find_by_saying(o, item, identity, id) &&
		    !find_by_order(o, item, identity, first, id))
			return is_one_more(o, item, identity, id) ? JSONL_BESIDE : JSONL_THERE;
	}
	mark(o, met_kind(item->kind), *id, *id);
	return JSONL_THERE;
}

enum jsonl_same jsonl_find_same(struct jsonl_object *o, const struct jsonl_item *item, struct str *id)
{
	const struct strmap *known = &o->job->target->known;
	if (strmap_get(known, item->identity, id))
		return find(o, item, item->identity, id);
	if (item->identity_before.n && strmap_get(known, item->identity_before, id))
		return find(o, item, item->identity_before, id);
	return JSONL_NEW;
}

void jsonl_know_met(struct jsonl_object *o, enum item_kind kind, struct str id)
{
	if (o->job->dry_run)
		mark(o, met_kind(kind), id, id);
}

void jsonl_know_same(struct jsonl_object *o, const struct jsonl_item *item, enum jsonl_same how, struct str id)
{
	jsonl_know_met(o, item->kind, id);
	if (how == JSONL_BESIDE && marked(o, 'w', item->identity, NULL))
		know_saying(o, item->identity, item->map, id);
}
