/* edit.c: groups, operations, and items seen through a group; see edit.h. */
#include <string.h>

#include "annotations/edit_internal.h"
#include "annotations/set_internal.h"
#include "model/utf8.h"

/* ---- groups ------------------------------------------------------------------------------------------------- */

struct group *group_new(const char *by)
{
	struct group *g = mem_alloc(sizeof(*g));
	g->by = mem_dup(by);
	return g;
}

static void op_clear(struct op *op)
{
	mem_free(op->file);
	mem_free(op->id);
	node_free(op->was);
	node_free(op->set);
}

void group_free(struct group *g)
{
	if (!g)
		return;
	for (size_t i = 0; i < g->n_ops; i++)
		op_clear(&g->ops[i]);
	mem_free(g->ops);
	mem_free(g->index);
	mem_free(g->time);
	mem_free(g->by);
	mem_free(g->what);
	mem_free(g->of);
	mem_free(g);
}

bool group_empty(const struct group *g)
{
	return g->n_ops == 0;
}

void group_finish(struct group *g)
{
	struct buf what = {0};
	if (!g->what)
		g->what = mem_dup("");
	if (g->acts < 2)
		return;
	buf_addf(&what, "%s and %zu more", g->what, g->acts - 1);
	mem_free(g->what);
	g->what = buf_take(&what);
	g->acts = 1;
}

void edit_say(struct group *g, const char *verb, struct str name, struct str text)
{
	struct buf what = {0};
	if (g->acts++ || g->what)
		return;
	buf_adds(&what, verb);
	if (name.n) {
		buf_adds(&what, what.n ? " " : "");
		buf_add(&what, name);
	}
	if (text.n) {
		buf_addc(&what, ' ');
		buf_add(&what, text);
	}
	g->what = buf_take(&what);
}

/* ---- ops by item -------------------------------------------------------------------------------------------- */

static uint32_t hash_of(const char *file, enum item_kind kind, struct str id)
{
	uint64_t h = 0xcbf29ce484222325u ^ (uint64_t)kind * 0x9e3779b97f4a7c15u;
	for (; *file; file++)
		h = (h ^ (unsigned char)*file) * 0x100000001b3u;
	for (size_t i = 0; i < id.n; i++)
		h = (h ^ (unsigned char)id.p[i]) * 0x100000001b3u;
	return (uint32_t)(h ^ h >> 32);
}

/* Ops of another hash are not looked at. */
static struct op_place *index_place(const struct group *g, const char *file, enum item_kind kind, struct str id, uint32_t hash)
{
	size_t mask = g->n_index - 1;
	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		struct op_place *place = &g->index[i];
		if (place->op == 0)
			return place;
		const struct op *op = &g->ops[place->op - 1];
		if (place->hash == hash && op->kind == kind && str_eq(str_of(op->id), id) && strcmp(op->file, file) == 0)
			return place;
	}
}

static void index_put(struct group *g, size_t nth)
{
	const struct op *op = &g->ops[nth];
	uint32_t hash = hash_of(op->file, op->kind, str_of(op->id));
	*index_place(g, op->file, op->kind, str_of(op->id), hash) = (struct op_place){(uint32_t)nth + 1, hash};
}

static void index_build(struct group *g)
{
	size_t n = 16;
	while (n < 4 * (g->n_ops + 1))
		n *= 2;
	mem_free(g->index);
	g->n_index = n;
	g->index = mem_array(n, sizeof(*g->index));
	for (size_t i = 0; i < g->n_ops; i++)
		index_put(g, i);
}

static struct op *find_op(const struct group *g, const char *file, enum item_kind kind, struct str id)
{
	if (g->n_ops == 0)
		return NULL;
	uint32_t found = index_place(g, file, kind, id, hash_of(file, kind, id))->op;
	return found ? &g->ops[found - 1] : NULL;
}

static struct op *new_op(struct group *g, const char *file, enum item_kind kind, struct str id)
{
	if (g->n_ops == g->cap) {
		g->cap = g->cap ? 2 * g->cap : 4;
		g->ops = mem_grow(g->ops, g->cap, sizeof(*g->ops));
	}
	struct op *op = &g->ops[g->n_ops++];
	*op = (struct op){.file = mem_dup(file), .kind = kind, .id = str_dup(id)};
	if (2 * g->n_ops > g->n_index)
		index_build(g);
	else
		index_put(g, g->n_ops - 1);
	return op;
}

static void remove_op(struct group *g, struct op *op)
{
	op_clear(op);
	size_t i = (size_t)(op - g->ops);
	g->n_ops--;
	memmove(op, op + 1, (g->n_ops - i) * sizeof(*op));
	index_build(g);
}

void group_add_op(struct group *g, const char *file, enum item_kind kind, struct str id, struct node *was,
                  struct node *set)
{
	struct op *op = new_op(g, file, kind, id);
	op->was = was;
	op->set = set;
}

void group_move(struct group *to, struct group *from)
{
	for (size_t i = 0; i < from->n_ops; i++) {
		struct op *op = &from->ops[i];
		group_add_op(to, op->file, op->kind, str_of(op->id), op->was, op->set);
		op->was = op->set = NULL;
		op_clear(op);
	}
	from->n_ops = 0;
	index_build(from);
	to->acts += from->acts;
	from->acts = 0;
	if (to->what)
		return;
	to->what = from->what;
	from->what = NULL;
}

struct group *group_inverse(const struct group *g)
{
	struct group *inverse = group_new(g->by);
	for (size_t i = g->n_ops; i-- > 0;) {
		const struct op *op = &g->ops[i];
		group_add_op(inverse, op->file, op->kind, str_of(op->id), node_copy(op->set), node_copy(op->was));
	}
	return inverse;
}

/* ---- applying ----------------------------------------------------------------------------------------------- */

static bool same_value(const struct node *there, const struct node *said)
{
	bool none = !there || node_is_absent(there);
	return node_is_absent(said) ? none : node_equal(there, said);
}

static bool reads_as(const struct node *map, const struct node *keys)
{
	if (!map || !keys)
		return !map && !keys;
	for (size_t i = 0; i < keys->n; i++)
		if (!same_value(node_get(map, keys->keys[i]), keys->items[i]))
			return false;
	return true;
}

/* Whether a map leaves the item its identity and the sidecar its shape: journals come from a disk that others write. */
static bool keeps_shape(const struct op *op, const struct node *map, bool whole)
{
	static const char *const owned[] = {"zhupi", "spans", "relations", "fields", "zones", "notes"};
	if (!map)
		return true;
	if (map->kind != NODE_MAP)
		return false;
	if (op->kind == ITEM_ARTICLE) {
		for (size_t i = 0; i < COUNT_OF(owned); i++)
			if (node_get(map, str_of(owned[i])))
				return false;
		return !whole;
	}
	struct str key = op->kind == ITEM_ZONE ? S("at") : S("id");
	if (!whole && !node_get(map, key))
		return true;
	if (op->kind != ITEM_ZONE)
		return *op->id && str_eq(node_get_text(map, key), str_of(op->id));
	char *id = set_zone_id(map);
	bool same = id && *id && strcmp(id, op->id) == 0;
	mem_free(id);
	return same;
}

enum op_state op_state(struct set *s, const struct op *op)
{
	if (!keeps_shape(op, op->set, !op->was) || !keeps_shape(op, op->was, !op->set))
		return OP_OTHER;
	const struct node *map = set_node(s, op->kind, str_of(op->id));
	if (reads_as(map, op->set))
		return OP_AFTER;
	return reads_as(map, op->was) ? OP_BEFORE : OP_OTHER;
}

bool op_apply_last(struct set *s, struct op *op, struct error *err)
{
	if (op->was || !op->set || op_state(s, op) != OP_BEFORE)
		return op_apply(s, op, err);
	struct node *map = op->set;
	op->set = NULL;
	return set_add_owned(s, op->kind, str_of(op->id), map, err);
}

bool op_apply(struct set *s, const struct op *op, struct error *err)
{
	struct str id = str_of(op->id);
	enum op_state state = op_state(s, op);
	if (state == OP_AFTER)
		return true;
	if (state == OP_OTHER)
		return error_set(err, ERROR_CONFLICT, op->file, "%s %s is no longer what it was when this was decided",
		                 item_kind_name(op->kind), op->id);
	if (!op->was)
		return set_add(s, op->kind, id, op->set, err);
	if (!op->set)
		return set_remove(s, op->kind, id);
	return set_change(s, op->kind, id, op->set, err);
}

/* ---- the view ----------------------------------------------------------------------------------------------- */

struct node *edit_view(const struct group *g, const struct doc *d, enum item_kind kind, struct str id)
{
	const struct op *op = find_op(g, d->file, kind, id);
	if (op && !op->set)
		return NULL;
	struct node *map = node_copy(set_node(d->set, kind, id));
	if (op && !map)
		return node_copy(op->set);
	for (size_t i = 0; op && i < op->set->n; i++) {
		const struct node *value = op->set->items[i];
		node_put(map, op->set->keys[i], node_is_absent(value) ? NULL : node_copy(value));
	}
	return map;
}

bool edit_there(const struct group *g, const struct doc *d, enum item_kind kind, struct str id)
{
	const struct op *op = find_op(g, d->file, kind, id);
	return op ? op->set != NULL : set_has(d->set, kind, id);
}

struct node *edit_view_or_fail(const struct group *g, const struct doc *d, enum item_kind kind, struct str id,
                               struct error *err)
{
	struct node *map = edit_view(g, d, kind, id);
	if (!map)
		error_set(err, ERROR_MISSING, d->file, "there is no %s %.*s", item_kind_name(kind),
		          (int)(id.n < 40 ? id.n : 40), id.p ? id.p : "");
	return map;
}

static void note_difference(struct op *op, struct str key, const struct node *before, const struct node *after)
{
	if (node_equal(before, after))
		return;
	node_put(op->was, key, before ? node_copy(before) : node_absent());
	node_put(op->set, key, after ? node_copy(after) : node_absent());
}

static void fill_op(struct op *op, const struct node *before, const struct node *after)
{
	node_free(op->was);
	node_free(op->set);
	op->was = before && after ? node_map() : node_copy(before);
	op->set = before && after ? node_map() : node_copy(after);
	if (!before || !after)
		return;
	size_t in_after = 0, in_before = 0;
	for (size_t i = 0; i < before->n; i++)
		note_difference(op, before->keys[i], before->items[i], node_get_along(after, before->keys[i], &in_after));
	for (size_t i = 0; i < after->n; i++)
		if (!node_get_along(before, after->keys[i], &in_before))
			note_difference(op, after->keys[i], NULL, after->items[i]);
}

void edit_put(struct group *g, const struct doc *d, enum item_kind kind, struct str id, struct node *after)
{
	const struct node *before = set_node(d->set, kind, id);
	struct op *op = find_op(g, d->file, kind, id);
	bool differs = !node_equal(before, after);
	if (!op && differs)
		op = new_op(g, d->file, kind, id);
	if (op && differs)
		fill_op(op, before, after);
	else if (op)
		remove_op(g, op);
	node_free(after);
}

/* ---- what maps say ------------------------------------------------------------------------------------------ */

void edit_mark_reviewing(struct group *g, const struct doc *d, bool reopen)
{
	struct node *top = edit_view(g, d, ITEM_ARTICLE, STR_NONE);
	struct str status = node_get_text(top, S("status"));
	bool done = str_eq(status, S("done"));
	if (status.n == 0 || (done && reopen)) {
		node_put_text(top, S("status"), S("reviewing"));
		edit_put(g, d, ITEM_ARTICLE, STR_NONE, top);
	} else {
		node_free(top);
	}
	edit_follow(g, d);
}

bool edit_is_own(const struct group *g, const struct node *map)
{
	return map_is_human(map) && str_eq(node_get_text(node_get(map, S("source")), S("by")), str_of(g->by));
}

enum verdict edit_verdict_of(const struct node *map)
{
	enum verdict v = VERDICT_UNDECIDED;
	(void)verdict_of_name(node_get_text(map, S("verdict")), &v);
	return v;
}

void edit_put_judged(const struct group *g, struct node *map)
{
	struct node *judged = node_map();
	char *now = io_utc();
	node_put_text(judged, S("by"), str_of(g->by));
	node_put_text(judged, S("on"), str_of(now));
	node_put(map, S("judged"), judged);
	mem_free(now);
}

void edit_decide(const struct group *g, struct node *map, enum verdict v)
{
	node_put_text(map, S("verdict"), str_of(verdict_name(v)));
	if (v == VERDICT_UNDECIDED) {
		node_put(map, S("judged"), NULL);
		return;
	}
	edit_put_judged(g, map);
}

void edit_decide_kept(const struct group *g, struct node *map)
{
	edit_decide(g, map, node_get(map, S("original")) ? VERDICT_CORRECTED : VERDICT_ACCEPTED);
}

#define SHOWN_POINTS 24 /* of an item's text in `what` */

static void add_cut(struct buf *out, struct str text)
{
	size_t cut = utf8_skip(text, 0, SHOWN_POINTS);
	buf_add(out, str_sub(text, 0, cut));
	if (cut < text.n)
		buf_adds(out, "…");
}

static void add_text(struct buf *out, const struct node *text)
{
	struct buf whole = {0};
	if (text && text->kind == NODE_LIST) {
		for (size_t i = 0; i < text->n; i++) {
			buf_adds(&whole, i ? " … " : "");
			buf_add(&whole, node_scalar(text->items[i]));
		}
	} else {
		buf_add(&whole, node_scalar(text));
	}
	add_cut(out, buf_str(&whole));
	buf_free(&whole);
}

/* By its text, else by its id. */
static void add_end(const struct doc *d, struct str id, struct buf *out)
{
	const struct node *text = node_get(set_node(d->set, ITEM_SPAN, id), S("text"));
	if (text)
		add_text(out, text);
	else
		buf_add(out, id);
}

void edit_text_of(const struct doc *d, const struct node *map, struct buf *out)
{
	const struct node *text = node_get(map, S("text")), *args = node_get(map, S("args"));
	if (args) {
		add_end(d, node_get_text(args, S("from")), out);
		buf_adds(out, " → ");
		add_end(d, node_get_text(args, S("to")), out);
		return;
	}
	add_text(out, text ? text : node_get(map, S("value")));
}

struct node *edit_source(const struct group *g)
{
	struct node *source = node_map();
	node_put_text(source, S("by"), str_of(g->by));
	return source;
}
