/* label_studio_out: articles go out as tasks of Label Studio, see label_studio.h.  What is accepted is an annotation,
 * what is not is a prediction by who proposed it. */
#include "annotations/formats/label_studio.h"

#include "annotations/formats/places.h"
#include "annotations/json.h"

struct writing {
	const struct outgoing *o;
	struct node *annotation;  /* results */
	struct node *predictions; /* list of {model_version, result} */
};

static bool is_kept(const struct node *map)
{
	enum verdict v;
	return verdict_of_name(node_get_text(map, S("verdict")), &v) && verdict_keeps(v);
}

/* ---- results ----------------------------------------------------------------------------------------------------- */

/* What else the model's prediction said when it came. */
static struct node *kept_prediction(const struct outgoing *o, struct str by)
{
	const struct node *list = node_get(record_kept(o->job, o->top), S(LS_PREDICTIONS));
	for (size_t i = 0; list && list->kind == NODE_LIST && i < list->n; i++)
		if (str_eq(node_get_text(list->items[i], S("model_version")), by))
			return node_copy(list->items[i]);
	return node_map();
}

static struct node *prediction_by(struct writing *w, struct str by)
{
	for (size_t i = 0; i < w->predictions->n; i++)
		if (str_eq(node_get_text(w->predictions->items[i], S("model_version")), by))
			return node_get(w->predictions->items[i], S("result"));
	struct node *prediction = kept_prediction(w->o, by);
	node_put_text(prediction, S("model_version"), by);
	node_put(prediction, S("result"), node_list());
	node_add(w->predictions, prediction);
	return node_get(prediction, S("result"));
}

static struct node *results_for(struct writing *w, const struct node *map)
{
	struct str by = node_get_text(node_get(map, S("source")), S("by"));
	return is_kept(map) ? w->annotation : prediction_by(w, by.n ? by : S("zhupi"));
}

static struct node *value_of(const struct outgoing *o, const struct record_span *s)
{
	struct node *value = node_map();
	node_put(value, S("start"), node_number(s->fragments[0].start));
	node_put(value, S("end"), node_number(s->fragments[0].stop));
	node_put_text(value, S("text"), record_text(o, &s->fragments[0]));
	return value;
}

static struct node *strings(struct str text)
{
	struct node *list = node_list();
	node_add(list, node_text(text));
	return list;
}

/* The name of the text in the settings of the project, where it is not the usual one. */
static void put_target(const struct writing *w, const struct node *map, struct node *result)
{
	const struct node *name = node_get(record_kept(w->o->job, map), S("to_name"));
	if (name)
		node_put(result, S("to_name"), node_copy(name));
}

static void put_common(const struct writing *w, const struct node *map, struct node *result)
{
	const struct node *score = node_get(node_get(map, S("source")), S("score"));
	struct str note = node_get_text(map, S("note"));
	if (score)
		node_put(result, S("score"), node_copy(score));
	if (note.n) {
		struct node *meta = node_map();
		node_put(meta, S("text"), strings(note));
		node_put(result, S("meta"), meta);
	}
	if (str_eq(node_get_text(map, S("verdict")), S("rejected")))
		node_put_text(result, S("verdict"), S("rejected"));
	record_put_rest(w->o->job, map, result);
	node_put(result, S(LS_TYPES), NULL);
	put_target(w, map, result);
}

static struct node *result_of(struct str id, struct str from_name, struct str type, struct node *value)
{
	struct node *result = node_map();
	if (id.n)
		node_put_text(result, S("id"), id);
	if (from_name.n)
		node_put_text(result, S("from_name"), from_name);
	node_put_text(result, S("to_name"), S("text"));
	node_put_text(result, S("type"), type);
	node_put(result, S("value"), value);
	return result;
}

/* A > B as ["A", "B"]. */
static struct node *path_of(struct str said)
{
	struct node *path = node_list();
	for (size_t at = 0; at <= said.n;) {
		size_t step = str_find(said, S(LS_STEP), at);
		step = step == NOWHERE ? said.n : step;
		node_add(path, node_text(str_sub(said, at, step)));
		at = step + sizeof(LS_STEP) - 1;
	}
	return path;
}

/* What was said, as the control has it: a list of lines or of paths, a number, a text.  lines: there may be several. */
static void put_said(struct node *value, struct str type, struct str said, bool lines)
{
	uint64_t number;
	bool taxonomy = str_eq(type, S("taxonomy")), choices = str_eq(type, S("choices"));
	if ((str_eq(type, S("rating")) || str_eq(type, S("number"))) && str_number(said, &number)) {
		node_put(value, type, node_number(number));
		return;
	}
	if (!taxonomy && !choices) {
		node_put(value, S("text"), strings(said));
		return;
	}
	struct node *list = node_list();
	for (size_t at = 0; at <= said.n;) {
		size_t end = lines ? str_byte(said, '\n', at) : NOWHERE;
		end = end == NOWHERE ? said.n : end;
		struct str line = str_sub(said, at, end);
		node_add(list, taxonomy ? path_of(line) : node_text(line));
		at = end + 1;
	}
	node_put(value, type, list);
}

/* That of the control it came from; a number that was made a text goes as one. */
static struct str type_of(struct str kept, struct str said)
{
	uint64_t number;
	bool counted = str_eq(kept, S("rating")) || str_eq(kept, S("number"));
	if (str_eq(kept, S("taxonomy")) || str_eq(kept, S("choices")) || (counted && str_number(said, &number)))
		return kept;
	return S("textarea");
}

/* Choices where the schema knows the values, else a text, unless the region came from a control of another kind. */
static void add_attribute(const struct writing *w, const struct record_span *s, struct str id, struct str name,
                          struct str said, struct node *results)
{
	const struct schema *schema = set_schema(w->o->doc->set);
	size_t known = schema_attribute(schema, name);
	bool choices = known != NOWHERE && schema->attributes[known].n_values;
	struct str kept = node_get_text(node_get(record_kept(w->o->job, s->map), S(LS_TYPES)), name);
	struct str type = kept.n || !choices ? type_of(kept, said) : S("choices");
	struct node *value = value_of(w->o, s);
	put_said(value, type, said, true);
	struct node *result = result_of(id, name, type, value);
	put_target(w, s->map, result);
	node_add(results, result);
}

static void add_links(const struct writing *w, const struct record_span *s, struct str id, const struct node *links,
                      struct node *results)
{
	struct node *value = value_of(w->o, s), *list = node_list();
	for (size_t i = 0; i < links->n; i++) {
		struct buf link = {0};
		struct str db = node_get_text(links->items[i], S("db"));
		buf_add(&link, db);
		buf_adds(&link, db.n ? ":" : "");
		buf_add(&link, node_get_text(links->items[i], S("id")));
		node_add(list, node_text(buf_str(&link)));
		buf_free(&link);
	}
	node_put(value, S("text"), list);
	node_add(results, result_of(id, S(LS_LINKS), S("textarea"), value));
}

static void add_span(struct writing *w, const struct record_span *s)
{
	struct str id = record_id(w->o->job, s->map),
	           name = node_get_text(record_kept(w->o->job, s->map), S("from_name"));
	const struct node *attributes = node_get(s->map, S("attributes")), *links = node_get(s->map, S("links"));
	struct node *results = results_for(w, s->map), *value = value_of(w->o, s);
	node_put(value, S("labels"), strings(s->label));
	struct node *result = result_of(id, name.n ? name : S("label"), S("labels"), value);
	put_common(w, s->map, result);
	if (is_kept(s->map) && !node_get(result, S("origin")))
		node_put_text(result, S("origin"), S("manual"));
	node_add(results, result);
	for (size_t i = 0; attributes && attributes->kind == NODE_MAP && i < attributes->n; i++)
		add_attribute(w, s, id, attributes->keys[i], node_scalar(attributes->items[i]), results);
	if (links && links->kind == NODE_LIST && links->n)
		add_links(w, s, id, links, results);
}

static void add_relation(struct writing *w, const struct record_relation *r)
{
	const struct record_span *from = &w->o->spans[r->from], *to = &w->o->spans[r->to];
	struct str direction = node_get_text(node_get(r->map, S("attributes")), S("direction"));
	struct node *result = node_map();
	bool kept = is_kept(from->map) && is_kept(to->map) && is_kept(r->map);
	node_put_text(result, S("from_id"), record_id(w->o->job, from->map));
	node_put_text(result, S("to_id"), record_id(w->o->job, to->map));
	node_put_text(result, S("type"), S("relation"));
	node_put_text(result, S("direction"), direction.n ? direction : S("right"));
	node_put(result, S("labels"), str_eq(r->type, S(LS_RELATED)) ? node_list() : strings(r->type));
	put_common(w, r->map, result);
	node_add(kept ? w->annotation : results_for(w, is_kept(from->map) ? to->map : from->map), result);
}

/* The result that a value of the same control went into before; NULL: none, or its values stand alone. */
static struct node *result_before(const struct node *results, struct str name, struct str type)
{
	for (size_t i = results->n; i > 0; i--) {
		struct node *result = results->items[i - 1], *value = node_get(result, S("value"));
		if (str_eq(node_get_text(result, S("from_name")), name) && str_eq(node_get_text(result, S("type")), type) &&
		    !node_get(value, S("start")))
			return node_get(value, str_eq(type, S("textarea")) ? S("text") : type);
	}
	return NULL;
}

/* Several values of one control stand in one result. */
static void add_field(struct writing *w, const struct record_field *f)
{
	const struct node *kept = record_kept(w->o->job, f->map);
	struct node *value = node_map(), *results = results_for(w, f->map);
	struct str type = type_of(node_get_text(kept, S(LS_TYPE)), f->value);
	struct node *list = result_before(results, f->name, type), *result;
	put_said(value, type, f->value, false);
	if (list && list->kind == NODE_LIST) {
		const struct node *own = node_get(value, str_eq(type, S("textarea")) ? S("text") : type);
		for (size_t i = 0; i < own->n; i++)
			node_add(list, node_copy(own->items[i]));
		node_free(value);
		return;
	}
	result = result_of(record_id(w->o->job, f->map), f->name, type, value);
	record_put_rest(w->o->job, f->map, result);
	put_target(w, f->map, result);
	node_add(results, result);
}

/* ---- tasks ------------------------------------------------------------------------------------------------------- */

static struct node *data_of(const struct outgoing *o)
{
	const struct node *kept = node_get(record_kept(o->job, o->top), S("data"));
	struct node *data = node_map();
	struct str key = S(LS_TEXT_KEY);
	for (size_t i = 0; kept && kept->kind == NODE_MAP && i < kept->n; i++) {
		if (kept->items[i]->kind == NODE_SCALAR && kept->items[i]->quoted && !kept->items[i]->text.n)
			key = kept->keys[i];
		node_put(data, kept->keys[i], node_copy(kept->items[i]));
	}
	node_put_text(data, key, o->text);
	node_put_text(data, S("file"), str_of(o->file));
	return data;
}

static struct node *task_of(const struct outgoing *o)
{
	struct writing w = {.o = o, .annotation = node_list(), .predictions = node_list()};
	const struct node *kept = node_get(record_kept(o->job, o->top), S(LS_ANNOTATION));
	struct node *task = node_map(), *annotations = node_list();
	struct node *annotation = kept && kept->kind == NODE_MAP ? node_copy(kept) : node_map();
	for (size_t i = 0; i < o->n_spans; i++)
		add_span(&w, &o->spans[i]);
	for (size_t i = 0; i < o->n_relations; i++)
		add_relation(&w, &o->relations[i]);
	for (size_t i = 0; i < o->n_fields; i++)
		add_field(&w, &o->fields[i]);
	node_put(annotation, S("result"), w.annotation);
	if (!node_get(annotation, S("was_cancelled")))
		node_put(annotation, S("was_cancelled"), node_plain(S("false")));
	if (!node_get(annotation, S("ground_truth")))
		node_put(annotation, S("ground_truth"), node_plain(S("false")));
	node_add(annotations, annotation);
	node_put(task, S("data"), data_of(o));
	node_put(task, S("annotations"), annotations);
	node_put(task, S("predictions"), w.predictions);
	record_put_rest(o->job, o->top, task);
	node_put(task, S(LS_ANNOTATION), NULL);
	return task;
}

bool label_studio_begin(struct export_job *job, struct error *err)
{
	return job->write(job->ctx, S("["), err);
}

bool label_studio_export(struct export_job *job, struct doc *d, struct error *err)
{
	struct outgoing o;
	if (!outgoing_make(job, d, &o, err))
		return false;
	struct buf out = {0};
	struct node *task = task_of(&o);
	buf_adds(&out, job->articles ? ",\n" : "\n");
	json_write(&out, task);
	bool fine = job->write(job->ctx, buf_str(&out), err);
	job->articles += fine;
	buf_free(&out);
	node_free(task);
	outgoing_free(&o);
	return fine;
}

bool label_studio_end(struct export_job *job, struct error *err)
{
	return job->write(job->ctx, S("\n]\n"), err);
}
