/* label_studio_results: regions, what is said of them or of the whole, and relations, see label_studio_reading.h. */
#include "annotations/formats/label_studio_reading.h"

/* ---- regions -------------------------------------------------------------------------------------------------- */

/* The list of labels of a region: under the name of its type, or `labels`. */
static const struct node *labels_of(const struct node *result)
{
	const struct node *value = node_get(result, S("value"));
	struct str type = node_get_text(result, S("type"));
	const struct node *list = node_get(value, type.n ? type : S("labels"));
	if (type.n && !str_ends(type, S("labels")))
		return NULL;
	list = list ? list : node_get(value, S("labels"));
	return list && list->kind == NODE_LIST && list->n ? list : NULL;
}

/* Regions of pages (HyperText) count elsewhere and give the offsets in the whole beside. */
static const struct node *offset_of(const struct node *value, struct str key)
{
	const struct node *global = node_get(node_get(value, S("globalOffsets")), key);
	return global ? global : node_get(value, key);
}

static bool in_paragraphs(const struct node *value)
{
	return node_get(value, S("startOffset")) && !node_get(value, S("globalOffsets"));
}

static void find_region(struct taking *t, size_t batch, const struct node *result)
{
	const struct node *value = node_get(result, S("value"));
	if (!labels_of(result))
		return;
	if (!offset_of(value, S("start")) || in_paragraphs(value)) {
		losses_add(&t->record.job->losses, 1, "regions that are no place in a text: %.*s",
		           (int)node_get_text(result, S("type")).n, node_get_text(result, S("type")).p);
		return;
	}
	if (!places_add(&t->places, &t->record, result, offset_of(value, S("start")), offset_of(value, S("end")),
	                node_get(value, S("text"))))
		return;
	if (t->places.n > t->cap_owners) {
		t->cap_owners = t->places.cap;
		t->owners = mem_grow(t->owners, t->cap_owners, sizeof *t->owners);
	}
	t->owners[t->places.n - 1] = batch;
}

static void add_local(struct buf *out, const struct taking *t, size_t batch, struct str id, size_t label)
{
	if (!t->batches[batch].first || label)
		buf_addf(out, "#%zu-%zu-", batch, label);
	buf_add(out, id);
}

static void put_maker(const struct batch *b, const struct node *result, struct node *item)
{
	const struct node *score = node_get(result, S("score"));
	struct str on = node_get_text(b->node, S("updated_at")), by = buf_str(&b->by);
	if (!score && b->prediction)
		score = node_get(b->node, S("score"));
	if (score && !node_is_absent(score) && !score->quoted)
		node_put(item, S("score"), node_copy(score));
	if (by.n)
		node_put_text(item, S("source"), by);
	if (!b->first) {
		struct str verdict = node_get_text(result, S("verdict"));
		node_put_text(item, S("verdict"), verdict.n ? verdict : S("undecided"));
	} else if (by.n) {
		struct node *judged = node_map();
		node_put_text(judged, S("by"), by);
		if (on.n && !node_is_absent(node_get(b->node, S("updated_at"))))
			node_put_text(judged, S("on"), on);
		node_put(item, S("judged"), judged);
	}
}

static void put_note(const struct node *result, struct node *item)
{
	const struct node *list = node_get(node_get(result, S("meta")), S("text"));
	struct buf note = {0};
	for (size_t i = 0; list && list->kind == NODE_LIST && i < list->n; i++) {
		buf_adds(&note, i ? "\n" : "");
		buf_add(&note, node_scalar(list->items[i]));
	}
	if (list && list->kind == NODE_SCALAR)
		buf_add(&note, list->text);
	if (note.n)
		node_put_text(item, S("note"), buf_str(&note));
	buf_free(&note);
}

static void remember_region(struct taking *t, size_t batch, struct str id, size_t span, size_t labels)
{
	struct buf index = {0};
	if (t->n_regions == t->cap_regions) {
		t->cap_regions = t->cap_regions ? t->cap_regions * 2 : 32;
		t->regions = mem_grow(t->regions, t->cap_regions, sizeof *t->regions);
	}
	buf_addf(&index, "%zu", t->n_regions);
	t->regions[t->n_regions++] = (struct region){batch, span, labels};
	if (id.n)
		strmap_put(&t->batches[batch].regions, id, buf_str(&index));
	buf_free(&index);
}

/* What goes out as it came: the annotation that was taken, and predictions. */
static bool keeps_rest(const struct batch *b)
{
	return b->first || b->prediction;
}

static void take_region(struct taking *t, size_t batch, const struct node *result, const struct unit_span *place)
{
	static const char *const known[] = {"id", "value", "type", "score", "meta", "verdict", NULL};
	const struct node *labels = labels_of(result);
	struct str id = node_get_text(result, S("id"));
	size_t first = t->n_spans;
	for (size_t i = 0; i < labels->n; i++) {
		struct buf local = {0};
		if (id.n)
			add_local(&local, t, batch, id, i);
		struct node *span =
		    record_add_span(&t->record, buf_str(&local), node_scalar(labels->items[i]), place->from, place->to);
		span->line = result->line;
		span->column = result->column;
		put_maker(&t->batches[batch], result, span);
		put_note(result, span);
		if (keeps_rest(&t->batches[batch]))
			record_keep_rest(&t->record, span, result, known);
		if (t->batches[batch].prediction && id.n && i == 0)
			node_put_text(record_keep(&t->record, span), S("id"), id);
		t->n_spans++;
		buf_free(&local);
	}
	remember_region(t, batch, id, first, labels->n);
}

static const struct region *find_region_of(const struct taking *t, size_t batch, struct str id)
{
	struct str index;
	uint64_t at;
	if (!strmap_get(&t->batches[batch].regions, id, &index) || !str_number(index, &at))
		return NULL;
	return &t->regions[at];
}

/* ---- what is said of regions and of the whole ------------------------------------------------------------------- */

/* The values of choices, a text area, a number or a rating. */
static const struct node *said_values(const struct node *result)
{
	const struct node *value = node_get(result, S("value"));
	struct str type = node_get_text(result, S("type"));
	return node_get(value, str_eq(type, S("textarea")) ? S("text") : type);
}

/* [["A", "B"], ["C"]]: paths, each on a line of its own. */
static void add_path(struct buf *out, const struct node *path)
{
	for (size_t i = 0; path->kind == NODE_LIST && i < path->n; i++) {
		buf_adds(out, i ? LS_STEP : "");
		buf_add(out, node_scalar(path->items[i]));
	}
	buf_add(out, node_scalar(path));
}

static bool is_taxonomy(struct str type)
{
	return str_eq(type, S("taxonomy"));
}

static void add_paths(struct buf *out, const struct node *paths)
{
	for (size_t i = 0; paths->kind == NODE_LIST && i < paths->n; i++) {
		buf_adds(out, i ? "\n" : "");
		add_path(out, paths->items[i]);
	}
}

/* Whether what was put together can be taken apart again. */
static bool is_divisible(const struct node *value, bool path)
{
	bool fine = str_byte(node_scalar(value), '\n', 0) == NOWHERE;
	fine = fine && (!path || str_find(node_scalar(value), S(LS_STEP), 0) == NOWHERE);
	for (size_t i = 0; fine && value->kind == NODE_LIST && i < value->n; i++)
		fine = is_divisible(value->items[i], path);
	return fine;
}

static void add_said(struct buf *out, const struct node *value)
{
	for (size_t i = 0; value->kind == NODE_LIST && i < value->n; i++) {
		buf_adds(out, i ? "\n" : "");
		add_said(out, value->items[i]);
	}
	buf_add(out, node_scalar(value));
}

static void put_link(struct node *span, struct str text)
{
	size_t colon = str_byte(text, ':', 0);
	bool address = colon != NOWHERE && str_starts(str_sub(text, colon, text.n), S("://"));
	if (colon == NOWHERE || address)
		record_add_link(span, STR_NONE, text, STR_NONE);
	else
		record_add_link(span, str_sub(text, 0, colon), str_sub(text, colon + 1, text.n), STR_NONE);
}

static void keep_type(struct taking *t, struct node *span, struct str name, struct str type)
{
	struct node *kept = record_keep(&t->record, span), *types = node_get(kept, S(LS_TYPES));
	if (!types) {
		types = node_map();
		node_put(kept, S(LS_TYPES), types);
	}
	node_put_text(types, name, type);
}

static void put_said(struct taking *t, const struct region *r, struct str name, struct str type,
                     const struct node *values)
{
	const struct node *spans = node_get(t->record.object, S("spans"));
	for (size_t i = r->span; i < r->span + r->labels && i < spans->n; i++) {
		struct buf said = {0};
		if (str_eq(name, S(LS_LINKS)) && values->kind == NODE_LIST) {
			for (size_t k = 0; k < values->n; k++)
				put_link(spans->items[i], node_scalar(values->items[k]));
		} else {
			if (is_taxonomy(type))
				add_paths(&said, values);
			else
				add_said(&said, values);
			if (!is_divisible(values, is_taxonomy(type)))
				losses_add(&t->record.job->losses, 1, "where one choice ends and the next begins");
			else if (keeps_rest(&t->batches[r->batch]))
				keep_type(t, spans->items[i], name, type);
			record_put_attribute(spans->items[i], name, buf_str(&said));
		}
		buf_free(&said);
	}
}

void label_studio_take_fields(struct taking *t, const struct batch *b, struct str name, struct str type,
                              const struct node *values, const struct node *result)
{
	static const char *const known[] = {"value", "type", "from_name", NULL};
	bool several = values->kind == NODE_LIST;
	for (size_t i = 0; i < (several ? values->n : 1); i++) {
		const struct node *value = several ? values->items[i] : values;
		struct buf said = {0};
		if (is_taxonomy(type))
			add_path(&said, value);
		else
			add_said(&said, value);
		struct node *field = said.n ? record_add_field(&t->record, name, buf_str(&said)) : NULL;
		if (field && !b->first)
			node_put_text(field, S("verdict"), S("undecided"));
		if (field && keeps_rest(b) && (!is_taxonomy(type) || is_divisible(value, true)))
			node_put_text(record_keep(&t->record, field), S(LS_TYPE), type);
		if (field && keeps_rest(b) && result)
			record_keep_rest(&t->record, field, result, known);
		buf_free(&said);
	}
}

static void take_said(struct taking *t, size_t batch, const struct node *result)
{
	struct str name = node_get_text(result, S("from_name")), type = node_get_text(result, S("type"));
	const struct node *values = said_values(result);
	const struct region *r = find_region_of(t, batch, node_get_text(result, S("id")));
	if (!values || !type.n || labels_of(result) || !name.n) {
		if (!labels_of(result))
			losses_add(&t->record.job->losses, 1, "results of type %.*s", (int)type.n, type.p);
		return;
	}
	if (r)
		put_said(t, r, name, type, values);
	else if (node_get(node_get(result, S("value")), S("start")) || node_get(node_get(result, S("value")), S("x")))
		losses_add(&t->record.job->losses, 1, "what is said of regions without a label");
	else
		label_studio_take_fields(t, &t->batches[batch], name, type, values, result);
}

/* ---- relations -------------------------------------------------------------------------------------------------- */

static void add_relation(struct taking *t, size_t batch, const struct node *result, struct str type, bool left)
{
	static const char *const known[] = {"from_id", "to_id", "type", "labels", "direction", "id", NULL};
	struct buf from = {0}, to = {0};
	struct str direction = node_get_text(result, S("direction"));
	add_local(&from, t, batch, node_get_text(result, left ? S("to_id") : S("from_id")), 0);
	add_local(&to, t, batch, node_get_text(result, left ? S("from_id") : S("to_id")), 0);
	struct node *relation = record_add_relation(&t->record, STR_NONE, type, buf_str(&from), buf_str(&to));
	relation->line = result->line;
	relation->column = result->column;
	if (str_eq(direction, S("bi")))
		record_put_attribute(relation, S("direction"), direction);
	put_maker(&t->batches[batch], result, relation);
	put_note(result, relation);
	if (keeps_rest(&t->batches[batch]))
		record_keep_rest(&t->record, relation, result, known);
	buf_free(&from);
	buf_free(&to);
}

static void take_relation(struct taking *t, size_t batch, const struct node *result)
{
	const struct node *labels = node_get(result, S("labels"));
	bool left = str_eq(node_get_text(result, S("direction")), S("left")), named = false;
	if (!find_region_of(t, batch, node_get_text(result, S("from_id"))) ||
	    !find_region_of(t, batch, node_get_text(result, S("to_id")))) {
		record_fail(&t->record, result->line, result->column, ERROR_REFERENCE,
		            "an end of this relation is no region of the text");
		return;
	}
	for (size_t i = 0; labels && labels->kind == NODE_LIST && i < labels->n; i++) {
		if (!node_scalar(labels->items[i]).n)
			continue;
		add_relation(t, batch, result, node_scalar(labels->items[i]), left);
		named = true;
	}
	if (!named)
		add_relation(t, batch, result, S(LS_RELATED), left);
}

/* ---- all of a task -------------------------------------------------------------------------------------------- */

void label_studio_take_results(struct taking *t, struct str text)
{
	for (size_t b = 0; b < t->n_batches; b++)
		for (size_t i = 0; i < t->batches[b].results->n; i++)
			find_region(t, b, t->batches[b].results->items[i]);
	if (!places_find(&t->places, &t->record, text, (struct unit){.unit = UNIT_CP}))
		return;
	for (size_t i = 0; i < t->places.n; i++)
		if (t->places.list[i].fits)
			take_region(t, t->owners[i], t->places.nodes[i], &t->places.list[i]);
	for (size_t b = 0; b < t->n_batches; b++) {
		for (size_t i = 0; i < t->batches[b].results->n; i++) {
			const struct node *result = t->batches[b].results->items[i];
			if (str_eq(node_get_text(result, S("type")), S("relation")))
				take_relation(t, b, result);
			else
				take_said(t, b, result);
		}
	}
}
