/* config_schema.c: see config_schema.h. */
#include "annotations/config_schema.h"

#include <string.h>

#include "annotations/yaml_read.h"

/* ---- parts that all share ---------------------------------------------------------------------------------- */

static bool read_text(const struct config_source *from, const struct node *item, struct str key, struct schema *s,
                      struct str *out)
{
	const struct node *n = config_get(item, key);
	struct str text;
	if (!n)
		return true;
	if (!config_text(from, n, key.p, &text))
		return false;
	*out = arena_dup(&s->memory, text);
	return true;
}

/* What an item is called: the text of `key`, or the item itself where only the name is given. */
static bool read_name(const struct config_source *from, const struct node *item, struct str key, struct str *out)
{
	if (item->kind == NODE_SCALAR)
		return config_text(from, item, key.p, out);
	if (!config_is(from, item, NODE_MAP, "each entry here"))
		return false;
	const struct node *n = config_get(item, key);
	if (!n)
		return config_fail(from, item, ERROR_SCHEMA, "`%s` is missing", key.p);
	return config_text(from, n, key.p, out);
}

/* The list behind a key of the schema, its names checked to be there and each there once; *out stays NULL where there
 * is none. */
static bool read_items(const struct config_source *from, const struct node *map, struct str key, struct str name_key,
                       const struct node **out)
{
	const struct node *list = config_get(map, key);
	struct str name, before;
	if (!list)
		return true;
	if (!config_is(from, list, NODE_LIST, key.p))
		return false;
	if (list->n > SCHEMA_ITEMS)
		return config_fail(from, list, ERROR_LIMIT, "more than %d %s", SCHEMA_ITEMS, key.p);
	for (size_t i = 0; i < list->n; i++) {
		if (!read_name(from, list->items[i], name_key, &name))
			return false;
		for (size_t j = 0; j < i; j++)
			if (read_name(from, list->items[j], name_key, &before) && str_eq(name, before))
				return config_fail(from, list->items[i], ERROR_DUPLICATE,
				                   "`%s` is there twice; keep one", name.p);
	}
	*out = list;
	return true;
}

static bool add_to_list(const struct config_source *from, const struct node *n, const struct schema *s,
                        struct label_list *out)
{
	struct str name;
	if (!config_text(from, n, "a label's name", &name))
		return false;
	size_t label = schema_label(s, name);
	if (label == NOWHERE)
		return config_fail(from, n, ERROR_REFERENCE, "no label is called `%s`", name.p);
	out->list[out->n++] = (uint16_t)label;
	return true;
}

/* Labels by name; one alone needs no brackets. */
static bool read_labels_of(const struct config_source *from, const struct node *item, struct str key, struct schema *s,
                           struct label_list *out)
{
	const struct node *n = config_get(item, key);
	if (!n)
		return true;
	if (n->kind == NODE_MAP)
		return config_is(from, n, NODE_LIST, key.p);
	size_t count = n->kind == NODE_LIST ? n->n : 1;
	*out = (struct label_list){.list = arena_alloc(&s->memory, count * sizeof(*out->list))};
	if (n->kind == NODE_SCALAR)
		return add_to_list(from, n, s, out);
	for (size_t i = 0; i < n->n; i++)
		if (!add_to_list(from, n->items[i], s, out))
			return false;
	return true;
}

/* ---- labels ------------------------------------------------------------------------------------------------- */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct label *label_with_key(struct schema *s, char key)
{
	for (size_t i = 0; i < s->n_labels; i++)
		if (s->labels[i].key == key)
			return &s->labels[i];
	return NULL;
}

/* `labels` up to `before` were read from the same file: what they claim is not taken from them. */
static bool claim_key(const struct config_source *from, const struct node *labels, size_t before, struct schema *s,
                      struct label *label)
{
	const struct node *n = config_get(labels->items[before], S("key"));
	struct str text;
	if (!n)
		return true;
	if (!config_text(from, n, "key", &text))
		return false;
	if (text.n != 1 || !is_letter(text.p[0]))
		return config_fail(from, n, ERROR_SCHEMA, "key must be one letter from a to z or A to Z, not `%s`",
		                   text.p);
	for (size_t i = 0; i < before; i++)
		if (str_eq(node_get_text(labels->items[i], S("key")), text))
			return config_fail(from, n, ERROR_DUPLICATE, "the key `%s` is taken by `%s`", text.p,
			                   node_get_text(labels->items[i], S("name")).p);
	struct label *other = label_with_key(s, text.p[0]);
	if (other)
		other->key = 0;
	label->key = text.p[0];
	return true;
}

static bool read_label_styles(const struct config_source *from, const struct node *item, struct label *label)
{
	const struct node *color = config_get(item, S("color")), *layer = config_get(item, S("layer"));
	size_t i;
	if (color) {
		if (!config_choice(from, color, "color", color_names, COLORS, &i))
			return false;
		label->color = (enum color)i;
	}
	if (layer) {
		if (!config_choice(from, layer, "layer", layer_names, LAYERS, &i))
			return false;
		label->layer = (enum layer)i;
	}
	return true;
}

static bool read_label(const struct config_source *from, const struct node *labels, size_t at, struct schema *s)
{
	static const char *const known[] = {"name", "zh", "key", "color", "layer", "help"};
	/* Black and white text stay for what has no label. */
	static const enum color turn[] = {COLOR_BLUE, COLOR_CYAN, COLOR_YELLOW, COLOR_GREEN, COLOR_MAGENTA, COLOR_RED};
	const struct node *item = labels->items[at];
	struct str name;
	if (!read_name(from, item, S("name"), &name))
		return false;
	size_t found = schema_label(s, name);
	struct label *label = found == NOWHERE ? schema_add_label(s, name) : &s->labels[found];
	if (found == NOWHERE)
		label->color = turn[(s->n_labels - 1) % COUNT_OF(turn)];
	label->known = true;
	if (item->kind == NODE_SCALAR)
		return true;
	config_unknown(from, item, known, COUNT_OF(known));
	return read_text(from, item, S("zh"), s, &label->zh) && read_text(from, item, S("help"), s, &label->help) &&
	       claim_key(from, labels, at, s, label) && read_label_styles(from, item, label);
}

/* A free letter, of its own name if there is one. */
static char free_key(struct schema *s, struct str name)
{
	static const struct str all = {"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 52};
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i] >= 'A' && name.p[i] <= 'Z' ? (char)(name.p[i] - 'A' + 'a') : name.p[i];
		if (is_letter(c) && !label_with_key(s, c))
			return c;
	}
	for (size_t i = 0; i < all.n; i++)
		if (!label_with_key(s, all.p[i]))
			return all.p[i];
	return 0;
}

static bool read_labels(const struct config_source *from, const struct node *map, struct schema *s)
{
	const struct node *labels = NULL;
	if (!read_items(from, map, S("labels"), S("name"), &labels))
		return false;
	for (size_t i = 0; labels && i < labels->n; i++)
		if (!read_label(from, labels, i, s))
			return false;
	for (size_t i = 0; i < s->n_labels; i++)
		if (!s->labels[i].key)
			s->labels[i].key = free_key(s, s->labels[i].name);
	return true;
}

/* ---- attributes, relations, fields --------------------------------------------------------------------------- */

/* Room for `more` behind the n that are there. */
static void *grown(struct schema *s, const void *list, size_t n, size_t more, size_t size)
{
	void *wider = arena_alloc(&s->memory, (n + more) * size);
	if (n)
		memcpy(wider, list, n * size);
	return wider;
}

static bool read_values(const struct config_source *from, const struct node *item, struct schema *s,
                        struct attribute_type *type)
{
	const struct node *n = config_get(item, S("values"));
	if (!n)
		return true;
	if (!config_is(from, n, NODE_LIST, "values"))
		return false;
	type->values = arena_alloc(&s->memory, n->n * sizeof(*type->values));
	type->n_values = 0;
	for (size_t i = 0; i < n->n; i++) {
		struct str value;
		if (!config_text(from, n->items[i], "a value", &value))
			return false;
		type->values[type->n_values++] = arena_dup(&s->memory, value);
	}
	return true;
}

static bool read_attribute(const struct config_source *from, const struct node *item, struct schema *s)
{
	static const char *const known[] = {"name", "on", "values", "help"};
	struct str name;
	if (!read_name(from, item, S("name"), &name))
		return false;
	size_t found = schema_attribute(s, name);
	struct attribute_type *type = &s->attributes[found == NOWHERE ? s->n_attributes++ : found];
	if (found == NOWHERE)
		*type = (struct attribute_type){.name = arena_dup(&s->memory, name)};
	if (item->kind == NODE_SCALAR)
		return true;
	config_unknown(from, item, known, COUNT_OF(known));
	return read_labels_of(from, item, S("on"), s, &type->on) && read_values(from, item, s, type) &&
	       read_text(from, item, S("help"), s, &type->help);
}

static bool read_relation(const struct config_source *from, const struct node *item, struct schema *s)
{
	static const char *const known[] = {"type", "from", "to", "help"};
	struct str name;
	if (!read_name(from, item, S("type"), &name))
		return false;
	size_t found = schema_relation(s, name);
	struct relation_type *type = &s->relations[found == NOWHERE ? s->n_relations++ : found];
	if (found == NOWHERE)
		*type = (struct relation_type){.name = arena_dup(&s->memory, name)};
	if (item->kind == NODE_SCALAR)
		return true;
	config_unknown(from, item, known, COUNT_OF(known));
	return read_labels_of(from, item, S("from"), s, &type->from) &&
	       read_labels_of(from, item, S("to"), s, &type->to) && read_text(from, item, S("help"), s, &type->help);
}

static bool read_field(const struct config_source *from, const struct node *item, struct schema *s)
{
	static const char *const known[] = {"name", "list", "from", "help"};
	struct str name;
	if (!read_name(from, item, S("name"), &name))
		return false;
	size_t found = schema_field(s, name);
	struct field_type *type = &s->fields[found == NOWHERE ? s->n_fields++ : found];
	if (found == NOWHERE)
		*type = (struct field_type){.name = arena_dup(&s->memory, name)};
	if (item->kind == NODE_SCALAR)
		return true;
	config_unknown(from, item, known, COUNT_OF(known));
	const struct node *list = config_get(item, S("list"));
	if (list && !config_flag(from, list, "list", &type->list))
		return false;
	return read_labels_of(from, item, S("from"), s, &type->from) &&
	       read_text(from, item, S("help"), s, &type->help);
}

static bool read_each(const struct config_source *from, const struct node *items, struct schema *s,
                      bool (*read)(const struct config_source *, const struct node *, struct schema *))
{
	for (size_t i = 0; i < items->n; i++)
		if (!read(from, items->items[i], s))
			return false;
	return true;
}

static bool read_types(const struct config_source *from, const struct node *map, struct schema *s)
{
	const struct node *attributes = NULL, *relations = NULL, *fields = NULL;
	if (!read_items(from, map, S("attributes"), S("name"), &attributes) ||
	    !read_items(from, map, S("relations"), S("type"), &relations) ||
	    !read_items(from, map, S("fields"), S("name"), &fields))
		return false;
	if (attributes) {
		s->attributes = grown(s, s->attributes, s->n_attributes, attributes->n, sizeof(*s->attributes));
		if (!read_each(from, attributes, s, read_attribute))
			return false;
	}
	if (relations) {
		s->relations = grown(s, s->relations, s->n_relations, relations->n, sizeof(*s->relations));
		if (!read_each(from, relations, s, read_relation))
			return false;
	}
	if (!fields)
		return true;
	s->fields = grown(s, s->fields, s->n_fields, fields->n, sizeof(*s->fields));
	return read_each(from, fields, s, read_field);
}

/* ---- the whole ------------------------------------------------------------------------------------------------ */

static bool read_base(const struct config_source *from, const struct node *map, struct schema *s)
{
	const struct node *extends = config_get(map, S("extends"));
	struct str name;
	if (!extends)
		return true;
	if (!config_text(from, extends, "extends", &name))
		return false;
	if (!str_eq(name, S("report")))
		return config_fail(from, extends, ERROR_REFERENCE,
		                   "there is no schema `%s` to extend; `report` is the one that is built in", name.p);
	return config_schema_builtin(s, from->err);
}

bool config_schema_read(const struct config_source *from, const struct node *map, struct schema *s)
{
	static const char *const known[] = {"name", "extends", "labels", "attributes", "relations", "fields"};
	if (!config_is(from, map, NODE_MAP, "schema"))
		return false;
	config_unknown(from, map, known, COUNT_OF(known));
	return read_base(from, map, s) && read_text(from, map, S("name"), s, &s->name) && read_labels(from, map, s) &&
	       read_types(from, map, s);
}

bool config_schema_builtin(struct schema *s, struct error *err)
{
	struct config_warnings warnings = {0};
	struct config_source from = {.path = "report (built in)", .warnings = &warnings, .err = err};
	struct node *map = NULL;
	bool good = yaml_read(config_report_schema(), from.path, &map, err) && config_schema_read(&from, map, s);
	node_free(map);
	config_warnings_free(&warnings);
	return good;
}
