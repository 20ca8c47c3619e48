/* cluener: CLUENER2020's JSON lines, {"text": "…", "label": {"name": {"周荫如": [[15, 17]]}}}; both ends of a place are
 * characters of it, counted in code points.  Source: the README of CLUEbenchmark/CLUENER2020. */
#include "annotations/formats/places.h"

struct taking {
	struct record record;
	struct places places;
	struct node *labels; /* of the places, in their order */
};

static bool bad(struct taking *t, const struct node *at, const char *what)
{
	return record_fail(&t->record, at->line, at->column, ERROR_SCHEMA, "%s", what);
}

static void add_surface(struct taking *t, struct str label, struct str surface, const struct node *list)
{
	struct node *text = node_text(surface);
	if (list->kind != NODE_LIST) {
		bad(t, list, "the places of a text must be a list of [first, last]");
		node_free(text);
		return;
	}
	for (size_t i = 0; i < list->n; i++) {
		const struct node *pair = list->items[i];
		if (pair->kind != NODE_LIST || pair->n != 2) {
			bad(t, pair, "a place is [first, last]");
		} else if (places_add(&t->places, &t->record, pair, pair->items[0], pair->items[1], text)) {
			/* What was given is borrowed: the key of the map lives as long. */
			t->places.list[t->places.n - 1].text = surface;
			node_add(t->labels, node_text(label));
		}
	}
	node_free(text);
}

static void add_labels(struct taking *t, const struct node *labels)
{
	for (size_t i = 0; labels && labels->kind == NODE_MAP && i < labels->n; i++) {
		const struct node *surfaces = labels->items[i];
		if (surfaces->kind != NODE_MAP)
			bad(t, surfaces, "a label is an object of texts and their places");
		for (size_t k = 0; surfaces->kind == NODE_MAP && k < surfaces->n; k++)
			add_surface(t, labels->keys[i], surfaces->keys[k], surfaces->items[k]);
	}
	if (labels && labels->kind != NODE_MAP)
		bad(t, labels, "label must be an object: {LABEL: {TEXT: [[first, last]]}}");
}

static void add_spans(struct taking *t, struct str text)
{
	const struct unit declared = {.unit = UNIT_CP, .inclusive = true};
	if (!places_find(&t->places, &t->record, text, declared))
		return;
	for (size_t i = 0; i < t->places.n; i++) {
		const struct unit_span *s = &t->places.list[i];
		if (!s->fits)
			continue;
		struct node *span = record_add_span(&t->record, STR_NONE, t->labels->items[i]->text, s->from, s->to);
		span->line = t->places.nodes[i]->line;
		span->column = t->places.nodes[i]->column;
	}
}

static bool take(struct import_job *job, const char *path, size_t line, struct node *object, struct error *err)
{
	static const char *const known[] = {"text", "label", "file", NULL};
	struct taking t = {.record = record_new(job, path, line), .labels = node_list()};
	const struct node *text = node_get(object, S("text"));
	bool fine = object->kind == NODE_MAP && text && text->kind == NODE_SCALAR && text->quoted;
	if (fine) {
		record_put_file(&t.record, node_get_text(object, S("file")), node_get_text(object, S("id")), line);
		node_put_text(t.record.object, S("text"), text->text);
		add_labels(&t, node_get(object, S("label")));
		add_spans(&t, text->text);
		record_keep_rest(&t.record, t.record.object, object, known);
	} else {
		bad(&t, object, "an object with a text is wanted here: {\"text\": \"…\", \"label\": {…}}");
	}
	fine = record_take_or_count(&t.record, fine, err);
	span_places_free(&t.places);
	node_free(t.labels);
	node_free(object);
	return fine;
}

static bool import(struct import_job *job, const char *path, struct error *err)
{
	return record_json_values(job, path, take, err);
}

static bool export(struct export_job *job, struct doc *d, struct error *err)
{
	struct outgoing o;
	if (!outgoing_make(job, d, &o, err))
		return false;
	struct node *out = node_map(), *labels = node_map();
	node_put_text(out, S("file"), str_of(o.file));
	node_put_text(out, S("text"), o.text);
	for (size_t i = 0; i < o.n_spans; i++) {
		const struct record_fragment *f = &o.spans[i].fragments[0];
		struct node *surfaces = node_child(labels, o.spans[i].label, NODE_MAP);
		node_add(node_child(surfaces, record_text(&o, f), NODE_LIST), node_pair(f->start, f->stop - 1));
	}
	node_put(out, S("label"), labels);
	record_put_rest(job, o.top, out);
	bool fine = record_write_line(job, out, err);
	outgoing_free(&o);
	return fine;
}

static bool opens_range(struct str s)
{
	for (size_t at = 0; (at = str_byte(s, '[', at)) != NOWHERE; at++)
		if (str_starts(str_trim(str_sub(s, at + 1, s.n)), S("[")))
			return true;
	return false;
}

static unsigned recognise(struct str start, const char *name)
{
	struct str first = str_sub(start, 0, str_byte(start, '\n', 0)), object = first;
	if (str_trim(first).n < 3) /* an object over several lines */
		object = str_sub(start, 0, 4096);
	size_t label = str_find(object, S("\"label\""), 0), brace = str_byte(object, '{', 0);
	(void)name;
	if (!str_starts(str_trim(start), S("{")) && !str_starts(str_trim(start), S("[")))
		return 0;
	if (brace == NOWHERE || label == NOWHERE || str_find(object, S("\"text\""), 0) == NOWHERE)
		return 0;
	struct str rest = str_trim(str_sub(object, label + 7, object.n));
	return str_starts(rest, S(":")) && str_starts(str_trim(str_sub(rest, 1, rest.n)), S("{")) && opens_range(rest) ? 88 : 0;
}

const struct format cluener_format = {
    .name = "cluener",
    .summary = "CLUENER2020's JSON lines",
    .suffixes = ".jsonl .json",
    .unit = "code points, the end being the last character",
    .carries = "spans",
    .loses = "fragments, empty spans, relations, attributes, notes, links, fields, ids, verdicts",
    .carry = {[FEATURE_NESTED] = CARRY_ALL,
              [FEATURE_CROSSING] = CARRY_ALL,
              [FEATURE_SAME_PLACE] = CARRY_ALL,
              [FEATURE_NEWLINE] = CARRY_ALL},
    .judged = true,
    .recognise = recognise,
    .import = import,
    .export = export,
};
