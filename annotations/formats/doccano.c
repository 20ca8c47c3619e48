/* doccano: JSON lines as doccano's sequence labelling imports and exports them.
 *
 *   {"text": "…", "label": [[0, 2, "ORG"], …], "Comments": ["…"], any other key: metadata}
 *   {"text": "…", "entities": [{"id", "label", "start_offset", "end_offset"}], "relations": [{"id", "from_id", "to_id",
 *    "type"}]}
 *
 * Before doccano 1.7 the text of such files was `data`, and both lists stood in `label`, for a time under each other's name.
 * Older files have `labels`, and `annotations` of {label, start_offset, end_offset, user}; items may be lists or maps
 * in all.  Texts that are classed have `cats`, or `label` of strings: values of a field.  doccano's page counts UTF-16
 * code units (doccano#2290), in grapheme mode clusters, and nothing in the file says which: whatever is a place between
 * characters for all spans is taken, UTF-16 first.  Source: doccano 1.8, data_import and data_export. */
#include "annotations/formats/places.h"


#define CATEGORIES "cats"
#define SHAPE      "shape" /* kept: the key under which the spans came */
#define LISTS      "lists" /* kept: that spans under `entities` were lists, as where texts are classed too */

static const char *const top_keys[] = {"data", "text",     "label", "labels",   "annotations", "entities", "relations",
                                       CATEGORIES, "file",  "Comments", "comments",    "fields",   NULL};

/* ---- in ----------------------------------------------------------------------------------------------------- */

struct taking {
	struct record record;
	const struct node *object;
	struct places places;
};

static const struct node *member(const struct node *item, size_t index, const char *const *keys)
{
	if (item->kind == NODE_LIST)
		return index < item->n ? item->items[index] : NULL;
	for (size_t i = 0; keys[i]; i++)
		if (node_get(item, str_of(keys[i])))
			return node_get(item, str_of(keys[i]));
	return NULL;
}

static const struct node *start_of(const struct node *item)
{
	return member(item, 0, (const char *const[]){"start_offset", "start", NULL});
}

static const struct node *end_of(const struct node *item)
{
	return member(item, 1, (const char *const[]){"end_offset", "end", NULL});
}

static const struct node *label_of(const struct node *item)
{
	return member(item, 2, (const char *const[]){"label", NULL});
}

/* Spans and relations in one object, as doccano 1.5 and 1.6 wrote them. */
static bool is_pair(const struct node *label)
{
	return label && label->kind == NODE_MAP && (node_get(label, S("entities")) || node_get(label, S("relations")));
}

/* The list of the two whose items have this key: 1.5 had their names the wrong way round. */
static const struct node *of_pair(const struct node *label, const char *key)
{
	for (size_t i = 0; i < label->n; i++) {
		const struct node *list = label->items[i];
		if (list->kind == NODE_LIST && list->n && node_get(list->items[0], str_of(key)))
			return list;
	}
	return NULL;
}

static const struct node *items_of(const struct taking *t, struct str key)
{
	const struct node *label = node_get(t->object, S("label"));
	if (is_pair(label) && str_eq(key, S("entities")))
		return of_pair(label, "start_offset");
	if (is_pair(label) && str_eq(key, S("relations")))
		return of_pair(label, "from_id");
	return node_get(t->object, key);
}

static void find_items(struct taking *t, struct str key)
{
	const struct node *list = items_of(t, key);
	if (!list || node_is_absent(list) || is_pair(list))
		return;
	if (list->kind != NODE_LIST) {
		record_fail(&t->record, list->line, list->column, ERROR_SCHEMA, "%.*s must be a list", (int)key.n,
		            key.p);
		return;
	}
	if (!str_eq(key, S(CATEGORIES)))
		node_put_text(record_keep(&t->record, t->record.object), S(SHAPE), key);
	if (str_eq(key, S("entities")) && list->n && list->items[0]->kind == NODE_LIST)
		node_put(record_keep(&t->record, t->record.object), S(LISTS), node_plain(S("true")));
	for (size_t i = 0; i < list->n; i++) {
		const struct node *item = list->items[i];
		if (item->kind == NODE_SCALAR) {
			struct str field = str_eq(key, S("label"))    ? S("label")
			                   : str_eq(key, S("labels")) ? S("label")
			                                              : key;
			record_add_field(&t->record, field, item->text);
		} else if (!label_of(item) || label_of(item)->kind != NODE_SCALAR || !label_of(item)->text.n) {
			record_fail(&t->record, item->line, item->column, ERROR_SCHEMA, "a span needs a label");
		} else {
			(void)places_add(&t->places, &t->record, item, start_of(item), end_of(item), NULL);
		}
	}
}

static void take_spans(struct taking *t, struct str text)
{
	static const char *const known[] = {"id", "label", "start_offset", "end_offset", "start", "end", NULL};
	if (!places_find(&t->places, &t->record, text, (struct unit){.unit = UNIT_UTF16}))
		return;
	for (size_t i = 0; i < t->places.n; i++) {
		const struct unit_span *s = &t->places.list[i];
		const struct node *item = t->places.nodes[i];
		if (!s->fits)
			continue;
		struct node *span =
		    record_add_span(&t->record, node_get_text(item, S("id")), label_of(item)->text, s->from, s->to);
		span->line = item->line;
		span->column = item->column;
		record_keep_rest(&t->record, span, item, known);
	}
}

static void take_relations(struct taking *t)
{
	static const char *const known[] = {"id", "from_id", "to_id", "type", NULL};
	const struct node *list = items_of(t, S("relations"));
	for (size_t i = 0; list && list->kind == NODE_LIST && i < list->n; i++) {
		const struct node *in = list->items[i];
		struct str type = node_get_text(in, S("type")), from = node_get_text(in, S("from_id")),
		           to = node_get_text(in, S("to_id"));
		if (!type.n || !from.n || !to.n) {
			record_fail(&t->record, in->line, in->column, ERROR_SCHEMA,
			            "a relation needs type, from_id and to_id");
			continue;
		}
		struct node *relation = record_add_relation(&t->record, node_get_text(in, S("id")), type, from, to);
		relation->line = in->line;
		relation->column = in->column;
		record_keep_rest(&t->record, relation, in, known);
	}
}

static void take_comments(struct taking *t, struct str key)
{
	const struct node *list = node_get(t->object, key);
	for (size_t i = 0; list && list->kind == NODE_LIST && i < list->n; i++) {
		struct str text = list->items[i]->kind == NODE_MAP ? node_get_text(list->items[i], S("text"))
		                                                   : node_scalar(list->items[i]);
		if (text.n)
			record_add_note(&t->record, text);
	}
}

static void take_fields(struct taking *t)
{
	const struct node *fields = node_get(t->object, S("fields"));
	for (size_t i = 0; fields && fields->kind == NODE_MAP && i < fields->n; i++) {
		const struct node *list = fields->items[i];
		for (size_t k = 0; list->kind == NODE_LIST && k < list->n; k++)
			if (node_scalar(list->items[k]).n)
				record_add_field(&t->record, fields->keys[i], node_scalar(list->items[k]));
	}
}

static bool take(struct import_job *job, const char *path, size_t line, struct node *object, struct error *err)
{
	struct taking t = {.record = record_new(job, path, line), .object = object};
	const struct node *text = node_get(object, S("text"));
	bool fine = true;
	text = text ? text : node_get(object, S("data"));
	if (object->kind != NODE_MAP || !text || text->kind != NODE_SCALAR || !text->quoted) {
		record_fail(&t.record, line, 1, ERROR_SCHEMA,
		            "an object with a text is wanted here: {\"text\": \"…\", \"label\": [[0, 2, \"ORG\"]]}");
		fine = record_take_or_count(&t.record, false, err);
	} else {
		record_put_file(&t.record, node_get_text(object, S("file")), node_get_text(object, S("id")), line);
		node_put_text(t.record.object, S("text"), text->text);
		find_items(&t, S("label"));
		find_items(&t, S("labels"));
		find_items(&t, S("annotations"));
		find_items(&t, S("entities"));
		find_items(&t, S(CATEGORIES));
		take_spans(&t, text->text);
		take_relations(&t);
		take_comments(&t, S("Comments"));
		take_comments(&t, S("comments"));
		take_fields(&t);
		record_keep_rest(&t.record, t.record.object, object, top_keys);
		fine = record_take(&t.record, err);
	}
	span_places_free(&t.places);
	node_free(object);
	return fine;
}

static bool import(struct import_job *job, const char *path, struct error *err)
{
	return record_json_values(job, path, take, err);
}

/* ---- out ---------------------------------------------------------------------------------------------------- */

static struct node *span_list(const struct record_span *s, const uint32_t *utf16)
{
	struct node *list = node_pair(utf16[s->fragments[0].off], utf16[s->fragments[0].end]);
	node_add(list, node_text(s->label));
	return list;
}

/* The numbers by which doccano knows items: their own, where they have one that is no other's; else free ones. */
static uint64_t *numbers_of(const struct outgoing *o, bool relations)
{
	size_t n = relations ? o->n_relations : o->n_spans;
	uint64_t *numbers = mem_array(n + 1, sizeof *numbers), next = 0;
	struct strmap met = {0};
	for (size_t i = 0; i < n; i++) {
		struct str id = record_id(o->job, relations ? o->relations[i].map : o->spans[i].map);
		bool own = str_number(id, &numbers[i]) && numbers[i] < UINT32_MAX && !strmap_get(&met, id, NULL);
		if (own)
			strmap_put(&met, id, S("1"));
		next = own && numbers[i] >= next ? numbers[i] + 1 : next;
		numbers[i] = own ? numbers[i] : UINT64_MAX;
	}
	for (size_t i = 0; i < n; i++)
		if (numbers[i] == UINT64_MAX)
			numbers[i] = next++;
	strmap_free(&met);
	return numbers;
}

static struct node *entity(const struct export_job *job, const struct record_span *s, uint64_t id, const uint32_t *utf16)
{
	struct node *out = node_map();
	node_put(out, S("id"), node_number(id));
	node_put_text(out, S("label"), s->label);
	node_put(out, S("start_offset"), node_number(utf16[s->fragments[0].off]));
	node_put(out, S("end_offset"), node_number(utf16[s->fragments[0].end]));
	record_put_rest(job, s->map, out);
	return out;
}

static struct node *relation(const struct export_job *job, const struct record_relation *r, uint64_t id,
                             const uint64_t *spans)
{
	struct node *out = node_map();
	node_put(out, S("id"), node_number(id));
	node_put(out, S("from_id"), node_number(spans[r->from]));
	node_put(out, S("to_id"), node_number(spans[r->to]));
	node_put_text(out, S("type"), r->type);
	record_put_rest(job, r->map, out);
	return out;
}

/* Two spans of one label at one place, which only ids tell apart. */
static bool has_twins(const struct outgoing *o)
{
	size_t *twins = record_twins(o), i = 0;
	while (i < o->n_spans && twins[i] == NOWHERE)
		i++;
	mem_free(twins);
	return i < o->n_spans;
}

/* doccano takes one shape in a file: that of the file it came from, else, where the schema has relations, theirs. */
static bool is_related(const struct outgoing *o)
{
	struct str shape = node_get_text(record_kept(o->job, o->top), S(SHAPE));
	bool lists = str_eq(shape, S("label")) || str_eq(shape, S("labels"));
	return o->n_relations || (!lists && set_schema(o->doc->set)->n_relations) || has_twins(o);
}

/* What the list of spans is called where there are no relations. */
static struct str name_of_list(const struct outgoing *o, bool lists)
{
	bool old = str_eq(node_get_text(record_kept(o->job, o->top), S(SHAPE)), S("labels"));
	return lists ? S("entities") : old ? S("labels") : S("label");
}

static void put_items(const struct outgoing *o, const uint32_t *utf16, struct node *out)
{
	bool lists = node_get(record_kept(o->job, o->top), S(LISTS)) && !o->n_relations && !has_twins(o);
	bool related = !lists && is_related(o);
	struct node *list = node_list(), *relations = node_list();
	uint64_t *spans = numbers_of(o, false), *ids = numbers_of(o, true);
	for (size_t i = 0; i < o->n_spans; i++)
		node_add(list, related ? entity(o->job, &o->spans[i], spans[i], utf16) : span_list(&o->spans[i], utf16));
	for (size_t i = 0; i < o->n_relations; i++)
		node_add(relations, relation(o->job, &o->relations[i], ids[i], spans));
	node_put(out, related ? S("entities") : name_of_list(o, lists), list);
	if (related)
		node_put(out, S("relations"), relations);
	else
		node_free(relations);
	mem_free(spans);
	mem_free(ids);
}

static void add_value(struct node *map, struct str name, struct str value)
{
	struct node *list = node_get(map, name);
	if (!list) {
		list = node_list();
		node_put(map, name, list);
	}
	node_add(list, node_text(value));
}

static void put_rest(const struct outgoing *o, struct node *out)
{
	struct node *fields = node_map(), *comments = node_list();
	for (size_t i = 0; i < o->n_fields; i++)
		add_value(str_eq(o->fields[i].name, S(CATEGORIES)) ? out : fields, o->fields[i].name,
		          o->fields[i].value);
	for (size_t i = 0; i < o->n_notes; i++)
		node_add(comments, node_text(node_get_text(o->notes[i], S("text"))));
	node_put(out, S("fields"), fields->n ? node_copy(fields) : NULL);
	node_put(out, S("Comments"), comments->n ? node_copy(comments) : NULL);
	node_free(fields);
	node_free(comments);
	record_put_rest(o->job, o->top, out);
	node_put(out, S(SHAPE), NULL);
	node_put(out, S(LISTS), NULL);
}

static bool export(struct export_job *job, struct doc *d, struct error *err)
{
	struct outgoing o;
	if (!outgoing_make(job, d, &o, err))
		return false;
	struct node *out = node_map();
	uint32_t *utf16 = utf16_table(o.text);
	node_put_text(out, S("text"), o.text);
	node_put_text(out, S("file"), str_of(o.file));
	put_items(&o, utf16, out);
	put_rest(&o, out);
	bool fine = record_write_line(job, out, err);
	mem_free(utf16);
	outgoing_free(&o);
	return fine;
}

/* The first line, or an object over several, has a text and one of the keys that only doccano has. */
static unsigned recognise(struct str start, const char *name)
{
	struct str line = str_sub(start, 0, str_byte(start, '\n', 0));
	(void)name;
	if (!str_starts(str_trim(start), S("{")))
		return 0;
	if (str_eq(str_trim(line), S("{")))
		line = start;
	if (str_find(line, S("\"start_offset\""), 0) != NOWHERE)
		return 90;
	if ((str_find(line, S("\"text\""), 0) == NOWHERE && str_find(line, S("\"data\""), 0) == NOWHERE) || str_find(line, S("\"label\""), 0) == NOWHERE)
		return 0;
	return str_find(line, S("\"label\":[["), 0) != NOWHERE || str_find(line, S("\"label\": [["), 0) != NOWHERE ||
	               str_find(line, S("\"label\": [ ["), 0) != NOWHERE
	           ? 85
	           : 0;
}

const struct format doccano_format = {
    .name = "doccano",
    .summary = "doccano's JSON lines, with relations or without",
    .suffixes = ".jsonl",
    .unit = "UTF-16 code units, half-open; grapheme clusters and code points are recognised",
    .carries = "spans, relations, comments, classes of texts, metadata",
    .loses = "fragments, empty spans, attributes, links, notes on spans, verdicts, scores, who judged",
    .carry = {[FEATURE_NESTED] = CARRY_ALL,
              [FEATURE_CROSSING] = CARRY_ALL,
              [FEATURE_SAME_PLACE] = CARRY_ALL,
              [FEATURE_TWIN] = CARRY_ALL,
              [FEATURE_NEWLINE] = CARRY_ALL,
              [FEATURE_RELATIONS] = CARRY_ALL,
              [FEATURE_FIELDS] = CARRY_PART,
              [FEATURE_NOTES] = CARRY_ALL},
    .judged = true,
    .recognise = recognise,
    .import = import,
    .export = export,
};
