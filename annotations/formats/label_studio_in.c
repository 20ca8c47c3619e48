/* label_studio_in: tasks of Label Studio come in, see label_studio.h. */
#include "annotations/formats/label_studio_reading.h"

/* ---- the text ------------------------------------------------------------------------------------------------- */

static bool is_text(const struct node *n)
{
	return n && n->kind == NODE_SCALAR && n->quoted;
}

/* `text`, else the longest string that is no address. */
static const struct node *find_text(const struct node *data, struct str *key)
{
	const struct node *found = node_get(data, S(LS_TEXT_KEY));
	*key = S(LS_TEXT_KEY);
	if (is_text(found))
		return found;
	found = NULL;
	for (size_t i = 0; data && data->kind == NODE_MAP && i < data->n; i++) {
		const struct node *value = data->items[i];
		if (!is_text(value) || str_find(str_sub(value->text, 0, 12), S("://"), 0) != NOWHERE ||
		    str_starts(value->text, S("/data/")) || (found && value->text.n <= found->text.n))
			continue;
		found = value;
		*key = data->keys[i];
	}
	return found;
}

/* ---- batches -------------------------------------------------------------------------------------------------- */

static bool is_true(const struct node *map, struct str key)
{
	const struct node *n = node_get(map, key);
	return n && n->kind == NODE_SCALAR && !n->quoted && str_eq(n->text, S("true"));
}

static void name_maker(const struct node *node, bool prediction, struct buf *by)
{
	const struct node *who = node_get(node, prediction ? S("model_version") : S("completed_by"));
	struct str name = node_scalar(who);
	if (who && who->kind == NODE_MAP)
		name = node_get_text(who, S("email")).n ? node_get_text(who, S("email")) : node_get_text(who, S("id"));
	if (who && !node_is_absent(who))
		buf_add(by, name);
}

static void add_batch(struct taking *t, const struct node *node, bool prediction)
{
	const struct node *results = node_get(node, S("result"));
	if (!prediction && (is_true(node, S("was_cancelled")) || is_true(node, S("skipped")))) {
		losses_add(&t->record.job->losses, 1, "annotations that were skipped");
		return;
	}
	if (!results || results->kind != NODE_LIST) {
		record_fail(&t->record, node->line, node->column, ERROR_SCHEMA, "it has no list `result`");
		return;
	}
	t->batches = mem_grow(t->batches, t->n_batches + 1, sizeof *t->batches);
	struct batch *b = &t->batches[t->n_batches++];
	*b = (struct batch){.node = node, .results = results, .prediction = prediction};
	name_maker(node, prediction, &b->by);
}

static void add_batches(struct taking *t, struct str key, bool prediction)
{
	const struct node *list = node_get(t->task, key);
	for (size_t i = 0; list && list->kind == NODE_LIST && i < list->n; i++)
		add_batch(t, list->items[i], prediction);
}

/* The ground truth, else the first; the others are proposals. */
static void choose_first(struct taking *t)
{
	size_t chosen = NOWHERE, people = 0;
	for (size_t i = 0; i < t->n_batches; i++) {
		if (t->batches[i].prediction)
			continue;
		people++;
		if (chosen == NOWHERE || (is_true(t->batches[i].node, S("ground_truth")) &&
		                          !is_true(t->batches[chosen].node, S("ground_truth"))))
			chosen = i;
	}
	if (chosen != NOWHERE)
		t->batches[chosen].first = true;
	if (people > 1)
		record_noted(t->record.job, "articles annotated by several people, of whom one is taken and the others "
		                            "are proposals");
}

/* ---- tasks ------------------------------------------------------------------------------------------------------ */

static void count_list(struct taking *t, struct str key, const char *what)
{
	const struct node *list = node_get(t->task, key);
	if (list && list->kind == NODE_LIST && list->n)
		losses_add(&t->record.job->losses, list->n, "%s", what);
}

/* The other data of the task, and the name of the text among them where it is not the usual one. */
static void keep_data(struct taking *t, const struct node *data, struct str text_key)
{
	struct node *kept = node_map();
	for (size_t i = 0; i < data->n; i++)
		if (!str_eq(data->keys[i], text_key) && !str_eq(data->keys[i], S("file")))
			node_put(kept, data->keys[i], node_copy(data->items[i]));
	if (!str_eq(text_key, S(LS_TEXT_KEY)))
		node_put_text(kept, text_key, STR_NONE);
	if (kept->n)
		node_put(record_keep(&t->record, t->record.object), S("data"), kept);
	else
		node_free(kept);
}

/* All but the results; NULL where nothing else is said but `usual`. */
static struct node *rest_of_batch(const struct node *batch, struct str usual)
{
	struct node *rest = node_copy(batch);
	node_put(rest, S("result"), NULL);
	if (rest->n == 0 || (rest->n == 1 && str_eq(rest->keys[0], usual))) {
		node_free(rest);
		return NULL;
	}
	return rest;
}

/* Of the annotation that was taken and of the predictions; those of further people are proposals without it. */
static void keep_batches(struct taking *t)
{
	struct node *predictions = node_list();
	for (size_t i = 0; i < t->n_batches; i++) {
		const struct batch *b = &t->batches[i];
		struct node *rest = b->first || b->prediction ? rest_of_batch(b->node, S("model_version")) : NULL;
		if (rest && b->first)
			node_put(record_keep(&t->record, t->record.object), S(LS_ANNOTATION), rest);
		else if (rest)
			node_add(predictions, rest);
	}
	if (predictions->n)
		node_put(record_keep(&t->record, t->record.object), S(LS_PREDICTIONS), predictions);
	else
		node_free(predictions);
}

static void take_task(struct taking *t, const struct node *data, const struct node *text, struct str key, size_t line)
{
	static const char *const known[] = {"data", "annotations", "completions", "predictions", "drafts", NULL};
	const struct node *id = node_get(t->task, S("id"));
	record_put_file(&t->record, node_get_text(data, S("file")), node_scalar(id), line);
	node_put_text(t->record.object, S("text"), text->text);
	add_batches(t, S("annotations"), false);
	add_batches(t, S("completions"), false);
	add_batches(t, S("predictions"), true);
	choose_first(t);
	label_studio_take_results(t, text->text);
	keep_data(t, data, key);
	keep_batches(t);
	record_keep_rest(&t->record, t->record.object, t->task, known);
	count_list(t, S("drafts"), "drafts");
}

/* ---- JSON_MIN --------------------------------------------------------------------------------------------------- */

static bool is_flat_region(const struct node *n)
{
	return node_get(n, S("start")) && node_get(n, S("end")) && node_get(n, S("labels"));
}

/* Its lists of values become results, so that there is one way on. */
static struct node *results_of_flat(const struct node *task)
{
	struct node *results = node_list();
	for (size_t i = 0; i < task->n; i++) {
		const struct node *list = task->items[i];
		for (size_t k = 0; list->kind == NODE_LIST && k < list->n; k++) {
			if (!is_flat_region(list->items[k]))
				continue;
			struct node *result = node_map();
			result->line = list->items[k]->line;
			result->column = list->items[k]->column;
			node_put_text(result, S("type"), S("labels"));
			node_put_text(result, S("from_name"), task->keys[i]);
			node_put(result, S("value"), node_copy(list->items[k]));
			node_add(results, result);
		}
	}
	return results;
}

static void take_flat_fields(struct taking *t, struct str text_key)
{
	for (size_t i = 0; i < t->task->n; i++) {
		const struct node *value = t->task->items[i], *choices = node_get(value, S("choices"));
		struct str key = t->task->keys[i];
		bool regions = value->kind == NODE_LIST && value->n && is_flat_region(value->items[0]);
		if (choices)
			label_studio_take_fields(t, &t->batches[0], key, S("choices"), choices, NULL);
		else if (!regions && !str_eq(key, text_key) && !str_eq(key, S("file")))
			node_put(record_keep(&t->record, t->record.object), key, node_copy(value));
	}
}

static void take_flat(struct taking *t, const struct node *text, struct str key, size_t line)
{
	struct node *annotation = node_map();
	const struct node *annotator = node_get(t->task, S("annotator"));
	node_put(annotation, S("result"), results_of_flat(t->task));
	if (annotator)
		node_put(annotation, S("completed_by"), node_copy(annotator));
	record_put_file(&t->record, node_get_text(t->task, S("file")), node_get_text(t->task, S("id")), line);
	node_put_text(t->record.object, S("text"), text->text);
	add_batch(t, annotation, false);
	choose_first(t);
	label_studio_take_results(t, text->text);
	take_flat_fields(t, key);
	node_free(annotation);
}

/* ---- files ------------------------------------------------------------------------------------------------------ */

static void taking_free(struct taking *t)
{
	for (size_t i = 0; i < t->n_batches; i++) {
		buf_free(&t->batches[i].by);
		strmap_free(&t->batches[i].regions);
	}
	mem_free(t->batches);
	mem_free(t->owners);
	mem_free(t->regions);
	span_places_free(&t->places);
}

static bool take(struct import_job *job, const char *path, size_t line, struct node *task, struct error *err)
{
	struct taking t = {.record = record_new(job, path, line), .task = task};
	const struct node *data = node_get(task, S("data"));
	struct str key;
	const struct node *text = find_text(data ? data : task, &key);
	bool flat = !data && !node_get(task, S("annotations"));
	if (!text)
		record_fail(&t.record, line, task->column, ERROR_SCHEMA,
		            "this task has no text: images, sounds and the like are no articles");
	else if (flat)
		take_flat(&t, text, key, line);
	else
		take_task(&t, data ? data : task, text, key, line);
	bool fine = record_take_or_count(&t.record, text != NULL, err);
	taking_free(&t);
	node_free(task);
	return fine;
}

static bool import(struct import_job *job, const char *path, struct error *err)
{
	return record_json_values(job, path, take, err);
}

static unsigned recognise(struct str start, const char *name)
{
	(void)name;
	struct str text = str_trim(start);
	if (text.n == 0 || (text.p[0] != '[' && text.p[0] != '{') || str_find(text, S("\"result\""), 0) == NOWHERE)
		return text.n && text.p[0] == '[' && str_find(text, S("\"annotation_id\""), 0) != NOWHERE ? 85 : 0;
	return str_find(text, S("\"annotations\""), 0) != NOWHERE ||
	               str_find(text, S("\"predictions\""), 0) != NOWHERE ||
	               str_find(text, S("\"completions\""), 0) != NOWHERE
	           ? 90
	           : 0;
}

const struct format label_studio_format = {
    .name = "label-studio",
    .summary = "Label Studio's JSON and JSON_MIN: annotations, predictions, relations, what is said of regions",
    .suffixes = ".json",
    .unit = "code points, half-open; UTF-16 is recognised",
    .carries = "spans, relations, attributes, fields, notes on items, links by id, predictions with scores",
    .loses =
        "fragments, notes of the article, names of links; of several people's annotations all but one are proposals",
    .carry = {[FEATURE_NESTED] = CARRY_ALL,
              [FEATURE_CROSSING] = CARRY_ALL,
              [FEATURE_SAME_PLACE] = CARRY_ALL,
              [FEATURE_TWIN] = CARRY_ALL,
              [FEATURE_ZERO_WIDTH] = CARRY_PART,
              [FEATURE_NEWLINE] = CARRY_ALL,
              [FEATURE_ATTRIBUTES] = CARRY_ALL,
              [FEATURE_RELATIONS] = CARRY_ALL,
              [FEATURE_ITEM_NOTES] = CARRY_ALL,
              [FEATURE_LINKS] = CARRY_PART,
              [FEATURE_FIELDS] = CARRY_ALL,
              [FEATURE_REJECTED] = CARRY_ALL,
              [FEATURE_UNDECIDED] = CARRY_ALL},
    .judged = true,
    .recognise = recognise,
    .import = import,
    .begin = label_studio_begin,
    .export = label_studio_export,
    .end = label_studio_end,
};
