/* jsonl_take: one item of a JSONL line becomes one of the sidecar, unless it is there already. */
#include "annotations/formats/jsonl.h"

#include <strings.h>

#include "annotations/json.h"

bool jsonl_id_keeps(struct str id)
{
	static const char *const words[] = {"on", "off", "yes", "no", "true", "false", "null"};
	bool fine =
	    id.n >= 2 && id.n <= 64 && ((id.p[0] >= 'a' && id.p[0] <= 'z') || (id.p[0] >= 'A' && id.p[0] <= 'Z'));
	for (size_t i = 0; fine && i < id.n; i++) {
		char c = id.p[i];
		fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
		       c == '_' || c == '.';
	}
	for (size_t i = 0; fine && i < COUNT_OF(words); i++)
		fine = strncasecmp(id.p, words[i], id.n) != 0 || words[i][id.n] != '\0';
	return fine;
}

static void used_key(struct buf *out, struct str id)
{
	buf_adds(out, "i\x1f");
	buf_add(out, id);
}

/* Ids are one space over all kinds, so that a reference needs no kind. */
bool jsonl_id_used(struct jsonl_object *o, struct str id)
{
	struct buf key = {0};
	used_key(&key, id);
	bool used = strmap_get(&o->job->target->known, buf_str(&key), NULL);
	for (enum item_kind kind = ITEM_SPAN; !used && kind < ITEM_KINDS; kind++)
		used = set_has(o->doc->set, kind, id);
	buf_free(&key);
	return used;
}

void jsonl_use_id(struct jsonl_object *o, struct str id)
{
	struct buf key = {0};
	used_key(&key, id);
	strmap_put(&o->job->target->known, buf_str(&key), S("1"));
	buf_free(&key);
}

static struct str verdict_in(const struct node *map)
{
	struct str v = node_get_text(map, S("verdict"));
	return v.n ? v : str_of(verdict_name(VERDICT_UNDECIDED));
}

static bool undecided(const struct node *map)
{
	return str_eq(verdict_in(map), str_of(verdict_name(VERDICT_UNDECIDED)));
}

/* The item is there.  A person's verdict stays; one that nobody judged takes the verdict that came, with who gave it. */
static void meet(struct jsonl_object *o, struct jsonl_item *item, struct str id)
{
	const struct node *there = set_node(o->doc->set, item->kind, id);
	if (!there || !undecided(there) || undecided(item->map)) {
		o->job->counts.there++;
		return;
	}
	struct node *was = node_map(), *set = node_map();
	for (size_t i = 0; i < item->map->n; i++) {
		struct str key = item->map->keys[i];
		const struct node *old = node_get(there, key);
		if (str_eq(key, S("id")) || str_eq(key, S("source")) || node_equal(old, item->map->items[i]))
			continue;
		node_put(was, key, old ? node_copy(old) : node_absent());
		node_put(set, key, node_copy(item->map->items[i]));
	}
	group_add_op(o->group, o->doc->file, item->kind, id, was, set);
	o->job->counts.decided++;
}

/* The id that an item got which was just added: of the last operation on its kind. */
static struct str id_added(const struct group *g, enum item_kind kind)
{
	for (size_t i = g->n_ops; i-- > 0;)
		if (g->ops[i].kind == kind)
			return str_of(g->ops[i].id);
	return STR_NONE;
}

static void remember_local(struct jsonl_object *o, const struct jsonl_item *item, struct str id)
{
	struct str given = node_scalar(jsonl_get(item->in, S("id")));
	if (given.n && !str_eq(given, id)) /* else it is found as it is */
		strmap_put(&o->local, given, id);
}

/* Another program's id that cannot be ours: it stays known to its format.  One that begins with # names an item within
 * the record alone. */
static void keep_id(const struct jsonl_object *o, struct jsonl_item *item, struct str given)
{
	struct str format = str_of(o->job->format->name);
	if (o->job->format == &jsonl_format || given.p[0] == '#')
		return;
	struct node *kept = node_copy(node_get(item->map, format));
	if (!kept)
		kept = node_map();
	node_put_text(kept, S("id"), given);
	node_put(item->map, format, kept);
}

#define TRIES 64

/* For one beside others that are the same: what every clone would take, as long as it says the same, and if possible one
 * behind theirs, since such spans stand in the order of their ids. */
static void make_id(struct jsonl_object *o, struct jsonl_item *item)
{
	struct str last = STR_NONE;
	struct buf said = {0};
	char *id = NULL;
	if (!import_next_same(o->job->target, item->identity, STR_NONE, &last))
		(void)strmap_get(&o->job->target->known, item->identity, &last);
	json_write(&said, item->map);
	for (size_t i = 0; !id || jsonl_id_used(o, str_of(id)) || (i < TRIES && str_cmp(str_of(id), last) < 0); i++) {
		mem_free(id);
		buf_addc(&said, '+');
		id = edit_proposal_id(STR_NONE, STR_NONE, NULL, buf_str(&said));
	}
	node_put_text(item->map, S("id"), str_of(id));
	mem_free(id);
	buf_free(&said);
}

static bool propose(struct jsonl_object *o, struct jsonl_item *item, enum jsonl_same how, bool *added, struct error *err)
{
	if (how == JSONL_NEW)
		return edit_propose(o->group, o->doc, item->kind, item->map, added, err);
	if (!node_get_text(item->map, S("id")).n)
		make_id(o, item);
	*added = true;
	return edit_propose_beside(o->group, o->doc, item->kind, item->map, err);
}

static void add_new(struct jsonl_object *o, struct jsonl_item *item, enum jsonl_same how)
{
	struct str given = node_scalar(jsonl_get(item->in, S("id")));
	struct error err = {0};
	bool added = false;
	/* Without an id the proposal gets the one that every clone gives it. */
	if (jsonl_id_keeps(given) && !jsonl_id_used(o, given))
		node_put_text(item->map, S("id"), given);
	else if (given.n)
		keep_id(o, item, given);
	if (!propose(o, item, how, &added, &err)) {
		jsonl_fail(o, item->in, err.code, "%s", err.message);
		error_clear(&err);
		return;
	}
	if (!added) { /* a person made something else of it */
		o->job->counts.there++;
		return;
	}
	struct str id = id_added(o->group, item->kind);
	o->job->counts.items[item->kind]++;
	remember_local(o, item, id);
	jsonl_use_id(o, id);
	import_know(o->job->target, item->kind, id, item->map);
	jsonl_know_same(o, item, how, id);
}

static void take(struct jsonl_object *o, struct jsonl_item *item)
{
	struct str id;
	enum jsonl_same how = jsonl_find_same(o, item, &id);
	if (how == JSONL_THERE) {
		remember_local(o, item, id);
		meet(o, item, id);
	} else {
		add_new(o, item, how);
	}
}

void jsonl_take(struct jsonl_object *o, struct jsonl_item *item, bool fine)
{
	if (fine)
		take(o, item);
	node_free(item->map);
}

struct node *jsonl_new_map(void)
{
	struct node *map = node_map();
	node_put_text(map, S("id"), STR_NONE);
	return map;
}
