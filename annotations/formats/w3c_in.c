/* w3c_in: W3C Web Annotations come in, see w3c.h. */
#include "annotations/formats/w3c.h"

#include "annotations/anchor.h"
#include "annotations/formats/places.h"
#include "annotations/json.h"
#include "model/utf8.h"

/* One target of an annotation. */
struct target {
	size_t annotation; /* place in the list of the article's */
	const struct node *node;
	uint64_t start, end;              /* where placed */
	bool placed;                      /* it has a position in the article */
	bool inner;                       /* it has one in a part of a page, which only the page knows */
	struct str exact, prefix, suffix; /* exact.p NULL: no quote */
	size_t off, stop, from, to;       /* found: bytes, code points */
	bool found;
};

/* Annotations of one article. */
struct sourced {
	struct str source;
	const struct node **list;
	size_t n, cap;
};

struct taking {
	struct import_job *job;
	const char *path;
	struct sourced *sources;
	size_t n_sources;
	struct strmap by_source; /* source -> index */
	struct strmap by_id;     /* id of an annotation -> index of its source */
	struct node *values;     /* list of what was read; owned */
};

/* ---- what a target says ------------------------------------------------------------------------------------- */

/* One value, or the i-th of several. */
static const struct node *item_of(const struct node *n, size_t i)
{
	if (!n || n->kind != NODE_LIST)
		return i == 0 ? n : NULL;
	return i < n->n ? n->items[i] : NULL;
}

static size_t items_of(const struct node *n)
{
	return !n ? 0 : n->kind == NODE_LIST ? n->n : 1;
}

/* Several that stand for one are its items; of a choice the first is what who cannot choose takes (3.2.7, 4.3). */
static const struct node *resources_of(const struct node *annotation, struct str key)
{
	const struct node *list = node_get(annotation, key), *items = node_get(list, S("items"));
	return items && items->kind == NODE_LIST ? str_eq(node_get_text(list, S("type")), S("Choice")) ? item_of(items, 0) : items
	                                         : list;
}

static const struct node *targets_of(const struct node *annotation)
{
	return resources_of(annotation, S("target"));
}

static const struct node *bodies_of(const struct node *annotation)
{
	return resources_of(annotation, S("body"));
}

static struct str source_of(const struct node *target)
{
	const struct node *source = node_get(target, S("source"));
	struct str name = target && target->kind == NODE_SCALAR ? target->text
	                  : source && source->kind == NODE_MAP  ? node_get_text(source, S("id"))
	                                                        : node_scalar(source);
	return str_starts(name, S("file:")) ? str_sub(name, sizeof("file:") - 1, name.n) : name;
}

#define REFINED 8 /* selectors that refine one another */

/* RFC 5147: char=3,5 counts what stands between characters. */
static bool read_characters(struct str value, uint64_t *start, uint64_t *end)
{
	size_t comma = str_byte(value, ',', 0), rest = str_byte(value, ';', 0);
	return str_starts(value, S("char=")) && comma != NOWHERE && str_number(str_sub(value, 5, comma), start) &&
	       str_number(str_sub(value, comma + 1, rest == NOWHERE ? value.n : rest), end);
}

static bool read_position(const struct node *selector, uint64_t *start, uint64_t *end)
{
	struct str type = node_get_text(selector, S("type"));
	if (str_eq(type, S("FragmentSelector")))
		return read_characters(node_get_text(selector, S("value")), start, end);
	return str_eq(type, S("TextPositionSelector")) && places_number(node_get(selector, S("start")), start) &&
	       places_number(node_get(selector, S("end")), end);
}

/* From where the one begins to where the other does (4.2.9). */
static bool read_range(const struct node *selector, uint64_t *start, uint64_t *end)
{
	uint64_t ignored;
	return str_eq(node_get_text(selector, S("type")), S("RangeSelector")) &&
	       read_position(node_get(selector, S("startSelector")), start, &ignored) &&
	       read_position(node_get(selector, S("endSelector")), end, &ignored);
}

/* A position within what another selector selects is none in the article. */
static void read_selector(const struct node *selector, struct target *t)
{
	for (int i = 0; selector && i < REFINED; i++) {
		uint64_t start, end;
		if (read_position(selector, &start, &end) || read_range(selector, &start, &end)) {
			t->inner = t->inner || i > 0;
			if (i == 0) {
				t->placed = true;
				t->start = start;
				t->end = end;
			}
		} else if (str_eq(node_get_text(selector, S("type")), S("TextQuoteSelector"))) {
			t->exact = node_get_text(selector, S("exact"));
			t->exact.p = t->exact.p ? t->exact.p : "";
			t->prefix = node_get_text(selector, S("prefix"));
			t->suffix = node_get_text(selector, S("suffix"));
		}
		selector = node_get(selector, S("refinedBy"));
	}
}

static struct target read_target(const struct node *node, size_t annotation)
{
	struct target t = {.annotation = annotation, .node = node};
	const struct node *selector = node_get(node, S("selector"));
	for (size_t i = 0; i < items_of(selector); i++)
		read_selector(item_of(selector, i), &t);
	return t;
}

/* ---- sorting by article ------------------------------------------------------------------------------------- */

static struct sourced *sourced_of(struct taking *t, struct str source)
{
	struct str index;
	uint64_t at = 0;
	struct buf digits = {0};
	if (strmap_get(&t->by_source, source, &index) && str_number(index, &at))
		return &t->sources[at];
	buf_addf(&digits, "%zu", t->n_sources);
	strmap_put(&t->by_source, source, buf_str(&digits));
	buf_free(&digits);
	t->sources = mem_grow(t->sources, t->n_sources + 1, sizeof *t->sources);
	t->sources[t->n_sources] = (struct sourced){.source = source};
	return &t->sources[t->n_sources++];
}

static void add_to(struct sourced *s, const struct node *annotation)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 16;
		s->list = mem_grow(s->list, s->cap, sizeof(const struct node *));
	}
	s->list[s->n++] = annotation;
}

static bool is_link(const struct taking *t, const struct node *annotation)
{
	const struct node *first = item_of(targets_of(annotation), 0);
	struct str id = first && first->kind == NODE_SCALAR ? first->text : node_get_text(first, S("id"));
	return id.n && strmap_get(&t->by_id, id, NULL);
}

/* Annotations of places first: those of annotations go where what they join is. */
static void sort_annotation(struct taking *t, const struct node *annotation, bool links)
{
	const struct node *first = item_of(targets_of(annotation), 0);
	struct str id = node_get_text(annotation, S("id")), source = source_of(first), index;
	uint64_t at = 0;
	if (is_link(t, annotation) != links)
		return;
	if (links) {
		struct str end = first->kind == NODE_SCALAR ? first->text : node_get_text(first, S("id"));
		if (strmap_get(&t->by_id, end, &index) && str_number(index, &at))
			add_to(&t->sources[at], annotation);
		return;
	}
	struct sourced *s = sourced_of(t, source);
	struct buf digits = {0};
	add_to(s, annotation);
	buf_addf(&digits, "%zu", (size_t)(s - t->sources));
	if (id.n)
		strmap_put(&t->by_id, id, buf_str(&digits));
	buf_free(&digits);
}

/* Pages and collections are taken apart. */
static void sort_value(struct taking *t, const struct node *value, bool links)
{
	const struct node *items = node_get(value, S("items"));
	const struct node *first = node_get(value, S("first"));
	if (value->kind == NODE_LIST || items) {
		const struct node *list = items ? items : value;
		for (size_t i = 0; list->kind == NODE_LIST && i < list->n; i++)
			sort_value(t, list->items[i], links);
	} else if (first && first->kind == NODE_MAP) {
		sort_value(t, first, links);
	} else if (node_get(value, S("target"))) {
		sort_annotation(t, value, links);
	} else if (!links) {
		struct error e = {0};
		error_at(&e, ERROR_SCHEMA, t->path, value->line, value->column, "an annotation needs a target");
		t->job->counts.objects++;
		t->job->counts.failed++;
		t->job->hooks.failed(t->job->hooks.ctx, &e);
	}
}

/* ---- places ------------------------------------------------------------------------------------------------- */

static void use_place(struct target *t, const struct unit_span *s)
{
	t->off = s->off;
	t->stop = s->stop;
	t->from = (size_t)s->from;
	t->to = (size_t)s->to;
	t->found = true;
}

/* The quote, as near as may be to where it was. */
static void search_quote(struct record *r, struct str text, struct target *t, const struct unit_span *s)
{
	size_t off = s && s->off != NOWHERE ? s->off : 0;
	size_t end = off + t->exact.n < UINT32_MAX ? off + t->exact.n : off;
	struct fragment f = {(uint32_t)off, (uint32_t)end};
	struct anchor_request request = {
	    .fragments = &f, .texts = &t->exact, .n = 1, .before = t->prefix, .after = t->suffix};
	if (!t->exact.n || anchor_find(text, &request) == ANCHOR_LOST) {
		record_fail(r, t->node->line, t->node->column, ERROR_TEXT,
		            "the article has not what this target quotes, or in several places");
		return;
	}
	t->off = f.off;
	t->stop = f.end;
	t->from = utf8_count(str_sub(text, 0, f.off));
	t->to = t->from + utf8_count(str_sub(text, f.off, f.end));
	t->found = true;
	if (s)
		record_noted(r->job, "targets found again by what they quote");
}

static void find_places(struct record *r, struct str text, struct target *targets, size_t n)
{
	struct unit_span *places = mem_array(n + 1, sizeof *places);
	struct unit found = {.unit = UNIT_CP};
	size_t *index = mem_array(n + 1, sizeof *index), placed = 0;
	for (size_t i = 0; i < n; i++) {
		index[i] = NOWHERE;
		if (!targets[i].placed)
			continue;
		index[i] = placed;
		places[placed++] =
		    (struct unit_span){.start = targets[i].start, .end = targets[i].end, .text = targets[i].exact};
	}
	if (!units_find(text, found, places, placed, r->path, &found, NULL))
		units_place(text, (struct unit){.unit = UNIT_CP}, places, placed);
	else if (found.unit != UNIT_CP || found.inclusive || found.lf)
		record_noted(r->job, "articles whose offsets are %s", units_name(found));
	for (size_t i = 0; i < n; i++) {
		struct unit_span *s = index[i] == NOWHERE ? NULL : &places[index[i]];
		if (s && s->fits)
			use_place(&targets[i], s);
		else if (targets[i].exact.p)
			search_quote(r, text, &targets[i], s);
		else
			record_fail(r, targets[i].node->line, targets[i].node->column, ERROR_OFFSET,
			            s                  ? "this is no place in the text"
			            : targets[i].inner ? "this place is counted within a part of a page, which only the page knows; a "
			                                 "TextQuoteSelector would tell it"
			                               : "a target needs a TextPositionSelector, a TextQuoteSelector, a FragmentSelector "
			                                 "with char=, or a RangeSelector of positions");
	}
	mem_free(index);
	mem_free(places);
}

/* ---- bodies ------------------------------------------------------------------------------------------------- */

struct said {
	struct str label, note, verdict;
	const struct node *name; /* of a field */
};

static void put_attributes(struct node *item, struct str json)
{
	struct node *map = NULL;
	if (json_read(json, "body", 1, &map, NULL) && map->kind == NODE_MAP)
		for (size_t i = 0; i < map->n; i++)
			if (map->items[i]->kind == NODE_SCALAR)
				record_put_attribute(item, map->keys[i], map->items[i]->text);
	node_free(map);
}

static struct str purpose_of(const struct node *annotation, const struct node *body)
{
	struct str purpose = node_get_text(body, S("purpose"));
	return purpose.n ? purpose : node_scalar(item_of(node_get(annotation, S("motivation")), 0));
}

static struct str value_of(const struct node *body)
{
	if (body->kind == NODE_SCALAR)
		return body->text;
	struct str value = node_get_text(body, S("value"));
	if (!value.n)
		value = node_get_text(body, S("source"));
	return value.n ? value : node_get_text(body, S("id"));
}

static void hear(struct said *s, const struct node *annotation, const struct node *body)
{
	struct str purpose = purpose_of(annotation, body), value = value_of(body);
	if (str_eq(purpose, S("assessing")))
		s->verdict = value;
	else if (str_eq(purpose, S("tagging")) || str_eq(purpose, S("classifying")))
		s->label = s->label.n ? s->label : value;
	else if (!str_eq(purpose, S("identifying")) && !str_eq(purpose, S("describing")) && body->kind == NODE_MAP)
		s->note = s->note.n ? s->note : value;
	else if (body->kind == NODE_SCALAR && !s->label.n)
		s->label = value;
	if (node_get(body, S("name")))
		s->name = node_get(body, S("name"));
}

static struct said hear_all(const struct node *annotation)
{
	const struct node *bodies = bodies_of(annotation);
	struct said s = {0};
	for (size_t i = 0; i < items_of(bodies); i++)
		hear(&s, annotation, item_of(bodies, i));
	if (node_get_text(annotation, S("bodyValue")).n)
		s.note = node_get_text(annotation, S("bodyValue"));
	return s;
}

static void put_creator(const struct node *annotation, struct node *item)
{
	const struct node *creator = item_of(node_get(annotation, S("creator")), 0);
	struct str by = node_scalar(creator).n                ? node_scalar(creator)
	                : node_get_text(creator, S("name")).n ? node_get_text(creator, S("name"))
	                                                      : node_get_text(creator, S("id"));
	struct str on = node_get_text(annotation, S("created"));
	if (!by.n)
		return;
	struct node *judged = node_map();
	node_put_text(judged, S("by"), by);
	if (on.n)
		node_put_text(judged, S("on"), on);
	node_put(item, S("judged"), judged);
	node_put_text(item, S("source"), by);
}

static void put_parts(const struct node *annotation, struct node *item)
{
	const struct node *bodies = bodies_of(annotation);
	struct said s = hear_all(annotation);
	enum verdict v;
	for (size_t i = 0; i < items_of(bodies); i++) {
		const struct node *body = item_of(bodies, i);
		struct str purpose = purpose_of(annotation, body);
		if (str_eq(purpose, S("identifying")))
			record_add_link(item, node_get_text(body, S("db")), value_of(body),
			                node_get_text(body, S("name")));
		else if (str_eq(node_get_text(body, S("format")), S(W3C_JSON)))
			put_attributes(item, value_of(body));
	}
	if (s.note.n)
		node_put_text(item, S("note"), s.note);
	if (verdict_of_name(s.verdict, &v))
		node_put_text(item, S("verdict"), s.verdict);
	put_creator(annotation, item);
}

/* What of it has no place in a span. */
static void count_lost(struct record *r, const struct node *annotation)
{
	const struct node *bodies = bodies_of(annotation), *items = node_get(node_get(annotation, S("body")), S("items"));
	const struct node *targets = targets_of(annotation);
	size_t tags = 0;
	for (size_t i = 0; i < items_of(bodies); i++) {
		struct str purpose = purpose_of(annotation, item_of(bodies, i));
		tags += str_eq(purpose, S("tagging")) || str_eq(purpose, S("classifying"));
	}
	if (tags > 1)
		losses_add(&r->job->losses, tags - 1, "tags of an annotation but its first");
	if (items && items != bodies && items_of(items) > 1)
		losses_add(&r->job->losses, items_of(items) - 1, "bodies to choose from but the first");
	for (size_t i = 1; i < items_of(targets); i++)
		if (!str_eq(source_of(item_of(targets, i)), source_of(item_of(targets, 0))))
			losses_add(&r->job->losses, 1, "targets in another source than the first");
}

/* ---- articles ----------------------------------------------------------------------------------------------- */

static void take_whole(struct record *r, const struct node *annotation)
{
	struct said s = hear_all(annotation);
	if (s.name && s.label.n)
		put_parts(annotation, record_add_field(r, node_scalar(s.name), s.label));
	else if (s.note.n)
		record_add_note(r, s.note);
	else
		losses_add(&r->job->losses, 1, "annotations of a whole article that say nothing");
}

static struct str end_id(const struct node *target)
{
	return target->kind == NODE_SCALAR ? target->text : node_get_text(target, S("id"));
}

static void take_relation(struct record *r, const struct node *annotation)
{
	const struct node *targets = targets_of(annotation);
	struct said s = hear_all(annotation);
	if (items_of(targets) != 2) {
		record_fail(r, annotation->line, annotation->column, ERROR_SCHEMA, "a relation needs two targets");
		return;
	}
	struct node *relation =
	    record_add_relation(r, node_get_text(annotation, S("id")), s.label.n ? s.label : S("linking"),
	                        end_id(targets->items[0]), end_id(targets->items[1]));
	relation->line = annotation->line;
	relation->column = annotation->column;
	put_parts(annotation, relation);
}

static void take_span(struct record *r, const struct node *annotation, const struct target *targets, size_t n)
{
	struct said s = hear_all(annotation);
	struct node *span = NULL;
	for (size_t i = 0; i < n; i++)
		if (!targets[i].found)
			return;
	for (size_t i = 0; i < n; i++) {
		if (span)
			record_add_fragment(span, targets[i].from, targets[i].to);
		else
			span = record_add_span(r, node_get_text(annotation, S("id")),
			                       s.label.n ? s.label : S(W3C_UNNAMED), targets[i].from, targets[i].to);
	}
	span->line = annotation->line;
	span->column = annotation->column;
	put_parts(annotation, span);
	count_lost(r, annotation);
}

static bool has_selector(const struct node *annotation)
{
	return node_get(item_of(targets_of(annotation), 0), S("selector")) != NULL;
}

static void take_annotations(struct record *r, const struct taking *t, const struct sourced *s, struct str text)
{
	struct target *targets = NULL;
	size_t n = 0, cap = 0;
	for (size_t i = 0; i < s->n; i++) {
		const struct node *list = targets_of(s->list[i]);
		for (size_t k = 0; has_selector(s->list[i]) && k < items_of(list); k++) {
			if (n == cap) {
				cap = cap ? cap * 2 : 32;
				targets = mem_grow(targets, cap, sizeof *targets);
			}
			if (str_eq(source_of(item_of(list, k)), source_of(item_of(list, 0))))
				targets[n++] = read_target(item_of(list, k), i);
		}
	}
	find_places(r, text, targets, n);
	for (size_t i = 0, at = 0; i < s->n; i++) {
		size_t end = at;
		while (end < n && targets[end].annotation == i)
			end++;
		if (end > at)
			take_span(r, s->list[i], targets + at, end - at);
		else if (is_link(t, s->list[i]))
			take_relation(r, s->list[i]);
		else
			take_whole(r, s->list[i]);
		at = end;
	}
	mem_free(targets);
}

/* The article that the source names, if it is a name: an address is not, then the file's own name counts. */
static void put_name(struct record *r, struct str source)
{
	const char *why;
	struct str name = source;
	bool named = source.n && str_find(source, S("://"), 0) == NOWHERE && import_name(&name, &why);
	record_put_file(r, named ? name : STR_NONE, STR_NONE, NOWHERE);
}

static bool take_source(const struct taking *t, const struct sourced *s, struct error *err)
{
	struct record r = record_new(t->job, t->path, s->list[0]->line);
	struct error failed = {0};
	struct str text = STR_NONE;
	put_name(&r, s->source);
	bool found = record_article(&r, node_get_text(r.object, S("file")), &text, &failed);
	if (found)
		take_annotations(&r, t, s, text);
	else
		record_fail(&r, s->list[0]->line, 0, failed.code, "%s: %s", failed.path ? failed.path : t->path,
		            failed.message);
	error_clear(&failed);
	return record_take_or_count(&r, found, err);
}

/* ---- files
 * ----------------------------------------------------------------------------------------------------------- */

static bool collect(struct import_job *job, const char *path, size_t line, struct node *object, struct error *err)
{
	struct taking *t = job->state;
	(void)path;
	(void)line;
	(void)err;
	node_add(t->values, object);
	return true;
}

static bool import(struct import_job *job, const char *path, struct error *err)
{
	struct taking t = {.job = job, .path = path, .values = node_list()};
	void *state = job->state;
	job->state = &t;
	bool fine = record_json_values(job, path, collect, err);
	job->state = state;
	for (size_t i = 0; fine && i < t.values->n; i++)
		sort_value(&t, t.values->items[i], false);
	for (size_t i = 0; fine && i < t.values->n; i++)
		sort_value(&t, t.values->items[i], true);
	for (size_t i = 0; fine && i < t.n_sources && !job->hooks.interrupted(job->hooks.ctx); i++)
		fine = take_source(&t, &t.sources[i], err);
	import_end(job);
	for (size_t i = 0; i < t.n_sources; i++)
		mem_free(t.sources[i].list);
	mem_free(t.sources);
	strmap_free(&t.by_source);
	strmap_free(&t.by_id);
	node_free(t.values);
	return fine;
}

static unsigned recognise(struct str start, const char *name)
{
	(void)name;
	if (str_find(start, S(W3C_CONTEXT), 0) != NOWHERE)
		return 95;
	return str_find(start, S("TextQuoteSelector"), 0) != NOWHERE ||
	               str_find(start, S("TextPositionSelector"), 0) != NOWHERE
	           ? 85
	           : 0;
}

const struct format w3c_format = {
    .name = "w3c",
    .summary = "W3C Web Annotations as JSON-LD, whose quotes find their text again",
    .suffixes = ".jsonld .json .jsonl",
    .unit = "code points, half-open; UTF-16 and others are recognised",
    .carries = "spans with fragments, relations, attributes, notes, links, fields, verdicts, who judged",
    .loses = "texts (the articles must be there), scores, originals; of a file with many articles memory holds all",
    .carry = {[FEATURE_NESTED] = CARRY_ALL,
              [FEATURE_CROSSING] = CARRY_ALL,
              [FEATURE_SAME_PLACE] = CARRY_ALL,
              [FEATURE_TWIN] = CARRY_ALL,
              [FEATURE_DISCONTINUOUS] = CARRY_ALL,
              [FEATURE_ZERO_WIDTH] = CARRY_ALL,
              [FEATURE_NEWLINE] = CARRY_ALL,
              [FEATURE_ATTRIBUTES] = CARRY_ALL,
              [FEATURE_RELATIONS] = CARRY_ALL,
              [FEATURE_ITEM_NOTES] = CARRY_ALL,
              [FEATURE_LINKS] = CARRY_ALL,
              [FEATURE_FIELDS] = CARRY_ALL,
              [FEATURE_NOTES] = CARRY_ALL,
              [FEATURE_REJECTED] = CARRY_ALL,
              [FEATURE_UNDECIDED] = CARRY_ALL},
    .judged = true,
    .recognise = recognise,
    .import = import,
    .begin = w3c_begin,
    .export = w3c_export,
    .end = w3c_end,
};
