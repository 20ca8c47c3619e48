/* jsonl_items: relations, fields and notes of a JSONL line. */
#include "annotations/formats/jsonl.h"

/* ---- ends --------------------------------------------------------------------------------------------------- */

/* The span at [start, end): one whose label the relation asks for, else any. */
static bool span_at(struct jsonl_object *o, const struct node *pair, const struct label_list *labels, struct str *id)
{
	const struct schema *schema = set_schema(o->doc->set);
	const struct strmap *known = &o->job->target->known;
	struct node *at = node_list();
	struct buf key = {0};
	bool found = false;
	import_know_extents(o->job->target, o->group);
	node_add(at, node_copy(pair));
	for (size_t i = 0; labels && i < labels->n && !found; i++) {
		buf_clear(&key);
		identity_extent(&key, at, schema->labels[labels->list[i]].name);
		found = strmap_get(known, buf_str(&key), id);
	}
	buf_clear(&key);
	identity_extent(&key, at, STR_NONE);
	found = found || strmap_get(known, buf_str(&key), id);
	buf_free(&key);
	node_free(at);
	return found;
}

/* An id of the line or of the sidecar, or [start, end]. */
static bool resolve(struct jsonl_object *o, const struct node *end, const struct label_list *labels, struct str *id)
{
	uint64_t number;
	if (end->kind == NODE_LIST && end->n == 2 && node_is_number(end->items[0], &number) &&
	    node_is_number(end->items[1], &number))
		return span_at(o, end, labels, id) ||
		       jsonl_fail(o, end, ERROR_REFERENCE, "no span of this object or article stands at [%.*s, %.*s]",
		                  (int)end->items[0]->text.n, end->items[0]->text.p, (int)end->items[1]->text.n,
		                  end->items[1]->text.p);
	if (end->kind != NODE_SCALAR)
		return jsonl_fail(o, end, ERROR_SCHEMA, "a span is named by its id or by [start, end]");
	*id = end->text;
	if (strmap_get(&o->local, end->text, id) || jsonl_id_used(o, end->text) ||
	    set_has(o->doc->set, ITEM_SPAN, end->text))
		return true;
	struct buf shown = {0};
	jsonl_add_shown(&shown, end->text);
	jsonl_fail(o, end, ERROR_REFERENCE, "no span has the id `%s`", shown.p ? shown.p : "");
	buf_free(&shown);
	return false;
}

/* ---- relations ---------------------------------------------------------------------------------------------- */

static bool relation_end(struct jsonl_object *o, const struct node *in, struct str key, struct str type, struct str *id)
{
	const struct schema *schema = set_schema(o->doc->set);
	size_t known = schema_relation(schema, type);
	const struct label_list *labels = NULL;
	const struct node *args = jsonl_get(in, S("args")), *end = jsonl_get(args ? args : in, key);
	if (known != NOWHERE)
		labels = str_eq(key, S("from")) ? &schema->relations[known].from : &schema->relations[known].to;
	if (!end)
		return jsonl_fail(o, in, ERROR_SCHEMA, "a relation needs %.*s", (int)key.n, key.p);
	return resolve(o, end, labels, id);
}

static void take_relation(struct jsonl_object *o, const struct node *in)
{
	static const char *const known[] = {"id",         "type",  "from",   "to",       "args",
	                                    "verdict",    "score", "source", "original", "judged",
	                                    "attributes", "links", "note",   "flag",     NULL};
	struct jsonl_item item = {.kind = ITEM_RELATION, .in = in, .map = jsonl_new_map()};
	struct str type, from, to;
	struct buf identity = {0};
	bool fine = in->kind == NODE_MAP || jsonl_fail(o, in, ERROR_SCHEMA, "a relation must be an object");
	fine = fine && jsonl_text(o, in, S("type"), false, &type);
	if (fine && !type.n)
		fine = jsonl_fail(o, in, ERROR_SCHEMA, "a relation needs a type");
	fine = fine && relation_end(o, in, S("from"), type, &from) && relation_end(o, in, S("to"), type, &to);
	if (fine) {
		struct node *args = node_map();
		node_put_text(args, S("from"), from);
		node_put_text(args, S("to"), to);
		node_put_text(item.map, S("type"), type);
		node_put(item.map, S("args"), args);
		identity_relation(&identity, type, from, to);
		item.identity = buf_str(&identity);
		jsonl_count_unknown(o, in, known, "relations.");
		fine = jsonl_common(o, ITEM_RELATION, in, item.map);
	}
	jsonl_take(o, &item, fine);
	buf_free(&identity);
}

void jsonl_relations(struct jsonl_object *o)
{
	const struct node *list;
	if (!jsonl_list(o, o->object, S("relations"), &list) || !list)
		return;
	for (size_t i = 0; i < list->n; i++)
		take_relation(o, list->items[i]);
}

/* ---- fields ------------------------------------------------------------------------------------------------- */

/* The spans that say so, as ids. */
static bool put_field_spans(struct jsonl_object *o, const struct node *in, size_t field, struct node *map)
{
	const struct schema *schema = set_schema(o->doc->set);
	const struct node *list;
	if (!jsonl_list(o, in, S("spans"), &list))
		return false;
	if (!list)
		return true;
	struct node *ids = node_list();
	bool fine = true;
	for (size_t i = 0; fine && i < list->n; i++) {
		struct str id;
		fine = resolve(o, list->items[i], field == NOWHERE ? NULL : &schema->fields[field].from, &id);
		if (fine)
			node_add(ids, node_text(id));
	}
	if (fine)
		node_put(map, S("spans"), ids);
	else
		node_free(ids);
	return fine;
}

/* A value is a string, or an object with the rest; an empty one says that the text does not say. */
static void take_value(struct jsonl_object *o, struct str name, const struct node *in)
{
	static const char *const known[] = {"id",     "value",      "spans", "verdict", "score", "source", "original",
	                                    "judged", "attributes", "links", "note",    "flag",  NULL};
	struct jsonl_item item = {.kind = ITEM_FIELD, .in = in, .map = jsonl_new_map()};
	struct buf identity = {0}, before = {0};
	struct node *plain = NULL;
	struct str value;
	bool fine = in->kind == NODE_MAP;
	if (in->kind == NODE_SCALAR && (in->quoted || node_is_number(in, &(uint64_t){0}))) {
		plain = node_map();
		node_put(plain, S("value"), node_text(in->text));
		item.in = plain;
		fine = true;
	}
	if (!fine && !node_is_absent(in))
		jsonl_fail(o, in, ERROR_SCHEMA, "the value of a field must be a string or an object with value");
	fine = fine && jsonl_text(o, item.in, S("value"), true, &value);
	bool judged =
	    !plain && jsonl_get(item.in, S("verdict")) && !str_eq(node_get_text(item.in, S("verdict")), S("undecided"));
	if (fine && !value.n && judged)
		fine = jsonl_fail(o, item.in, ERROR_SCHEMA, "a value that was judged cannot be empty");
	if (fine && value.n) {
		node_put_text(item.map, S("name"), name);
		node_put_text(item.map, S("value"), value);
		identity_field(&identity, name, value);
		jsonl_count_unknown(o, item.in, known, "fields.");
		fine = put_field_spans(o, item.in, schema_field(set_schema(o->doc->set), name), item.map) &&
		       jsonl_common(o, ITEM_FIELD, item.in, item.map);
		const struct node *was = node_get(node_get(item.map, S("original")), S("value"));
		if (was)
			identity_field(&before, name, node_scalar(was));
		item.identity = buf_str(&identity);
		item.identity_before = buf_str(&before);
	} else {
		fine = false;
	}
	jsonl_take(o, &item, fine);
	node_free(plain);
	buf_free(&before);
	buf_free(&identity);
}

void jsonl_fields(struct jsonl_object *o)
{
	const struct node *fields = jsonl_get(o->object, S("fields"));
	if (!fields)
		return;
	if (fields->kind != NODE_MAP) {
		jsonl_fail(o, fields, ERROR_SCHEMA, "fields must be an object: {name: value}");
		return;
	}
	for (size_t i = 0; i < fields->n; i++) {
		const struct node *value = fields->items[i];
		if (value->kind != NODE_LIST)
			take_value(o, fields->keys[i], value);
		for (size_t k = 0; value->kind == NODE_LIST && k < value->n; k++)
			take_value(o, fields->keys[i], value->items[k]);
	}
}

/* ---- notes -------------------------------------------------------------------------------------------------- */

static void take_note(struct jsonl_object *o, const struct node *in)
{
	static const char *const known[] = {"id", "text", "by", "on", NULL};
	struct jsonl_item item = {.kind = ITEM_NOTE, .in = in, .map = jsonl_new_map()};
	struct str value = STR_NONE, by = STR_NONE, on = STR_NONE;
	struct buf identity = {0};
	bool fine = in->kind == NODE_MAP || (in->kind == NODE_SCALAR && in->quoted);
	if (!fine)
		jsonl_fail(o, in, ERROR_SCHEMA, "a note must be a string or an object with text");
	if (in->kind == NODE_SCALAR)
		value = in->text;
	else
		fine = fine && jsonl_text(o, in, S("text"), false, &value) && jsonl_text(o, in, S("by"), false, &by) &&
		       jsonl_text(o, in, S("on"), false, &on);
	if (fine && !value.n)
		fine = jsonl_fail(o, in, ERROR_SCHEMA, "a note needs text");
	if (fine) {
		jsonl_count_unknown(o, in, known, "notes.");
		node_put_text(item.map, S("text"), value);
		if (by.n)
			node_put_text(item.map, S("by"), by);
		if (on.n)
			node_put_text(item.map, S("on"), on);
		identity_note(&identity, value);
		item.identity = buf_str(&identity);
	}
	jsonl_take(o, &item, fine);
	buf_free(&identity);
}

void jsonl_notes(struct jsonl_object *o)
{
	const struct node *list;
	if (!jsonl_list(o, o->object, S("notes"), &list) || !list)
		return;
	for (size_t i = 0; i < list->n; i++)
		take_note(o, list->items[i]);
}
