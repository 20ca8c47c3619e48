/* jsonl_spans: the spans of a JSONL line, verified against the article. */
#include "annotations/formats/jsonl.h"

#include "annotations/anchor.h"

static size_t offset_in(struct jsonl_object *o, const struct node *number)
{
	uint64_t cp = 0;
	return node_is_number(number, &cp) ? article_off(o->doc->article, (size_t)cp) : 0;
}

/* One fragment against the text that came with it. */
static bool check_text(struct jsonl_object *o, const struct node *pair, const struct node *given, struct error *err)
{
	struct str text = article_text(o->doc->article);
	size_t off = offset_in(o, pair->items[0]), end = offset_in(o, pair->items[1]);
	if (given->kind == NODE_SCALAR && anchor_matches(text, off, end, given->text))
		return true;
	struct buf what = {0};
	buf_addf(&what, "at %.*s-%.*s the article reads '", (int)pair->items[0]->text.n, pair->items[0]->text.p,
	         (int)pair->items[1]->text.n, pair->items[1]->text.p);
	jsonl_add_shown(&what, str_sub(text, off, end));
	buf_adds(&what, "', not '");
	jsonl_add_shown(&what, node_scalar(given));
	buf_addc(&what, '\'');
	error_at(err, ERROR_TEXT, o->path, given->line, given->column, "%s", what.p);
	buf_free(&what);
	return false;
}

static bool check_texts(struct jsonl_object *o, const struct node *in, const struct node *at, struct error *err)
{
	const struct node *given = jsonl_get(in, S("text"));
	bool fine = true;
	if (!given)
		return true;
	if (given->kind == NODE_SCALAR && at->n == 1)
		return check_text(o, at->items[0], given, err);
	if (given->kind != NODE_LIST || given->n != at->n)
		return error_at(err, ERROR_SCHEMA, o->path, given->line, given->column,
		                "text must be a string, or of several fragments a list of as many");
	for (size_t i = 0; fine && i < at->n; i++)
		fine = check_text(o, at->items[i], given->items[i], err);
	return fine;
}

/* text and context as a sidecar holds them. */
static void put_texts(struct jsonl_object *o, const struct node *at, struct node *map)
{
	struct str text = article_text(o->doc->article), before, after;
	struct node *context = node_list(), *list = node_list();
	size_t first = offset_in(o, at->items[0]->items[0]), last = offset_in(o, at->items[at->n - 1]->items[1]);
	for (size_t i = 0; i < at->n; i++)
		node_add(list, node_text(str_sub(text, offset_in(o, at->items[i]->items[0]),
		                                 offset_in(o, at->items[i]->items[1]))));
	anchor_context(text, first, last, &before, &after);
	node_add(context, node_text(before));
	node_add(context, node_text(after));
	if (list->n == 1) {
		node_put(map, S("text"), node_copy(list->items[0]));
		node_free(list);
	} else {
		node_put(map, S("text"), list);
	}
	node_put(map, S("context"), context);
}

static void take_span(struct jsonl_object *o, const struct node *in, struct node *at)
{
	static const char *const known[] = {"id",         "start",   "end",   "fragments", "at",       "label",
	                                    "text",       "verdict", "score", "source",    "original", "judged",
	                                    "attributes", "links",   "note",  "flag",      NULL};
	struct jsonl_item item = {.kind = ITEM_SPAN, .in = in, .map = jsonl_new_map()};
	struct buf identity = {0}, before = {0};
	struct str label;
	bool fine = jsonl_text(o, in, S("label"), false, &label);
	if (fine && !label.n)
		fine = jsonl_fail(o, in, ERROR_SCHEMA, "a span needs a label");
	jsonl_count_unknown(o, in, known, "spans.");
	node_put_text(item.map, S("label"), label);
	node_put(item.map, S("at"), at);
	put_texts(o, at, item.map);
	fine = fine && jsonl_common(o, ITEM_SPAN, in, item.map);
	identity_span(&identity, label, at);
	const struct node *original = node_get(item.map, S("original"));
	if (original) {
		struct str was = node_get_text(original, S("label"));
		identity_span(&before, was.n ? was : label,
		              node_get(original, S("at")) ? node_get(original, S("at")) : at);
	}
	item.identity = buf_str(&identity);
	item.identity_before = buf_str(&before);
	jsonl_take(o, &item, fine);
	buf_free(&before);
	buf_free(&identity);
}

struct span_check {
	struct node *at; /* NULL: err says why not */
	struct error err;
};

static void check_span(struct jsonl_object *o, const struct node *in, struct span_check *c)
{
	if (in->kind != NODE_MAP) {
		error_at(&c->err, ERROR_SCHEMA, o->path, in->line, in->column, "a span must be an object");
		return;
	}
	c->at = jsonl_place(o, in, &c->err);
	if (c->at && !check_texts(o, in, c->at, &c->err)) {
		node_free(c->at);
		c->at = NULL;
	}
}

/* Offsets in another unit are told once and not span by span: then nothing of the object can be right. */
static bool offsets_usable(struct jsonl_object *o, const struct node *spans, const struct span_check *checks)
{
	bool wrong = false;
	for (size_t i = 0; i < spans->n; i++)
		wrong |= checks[i].err.code == ERROR_TEXT || checks[i].err.code == ERROR_OFFSET;
	const char *unit = wrong ? jsonl_other_unit(article_text(o->doc->article), spans) : NULL;
	if (!unit)
		return true;
	return jsonl_fail(
	    o, spans, ERROR_OFFSET,
	    "every span fits when its offsets are read as %s; zhupi counts code points, half-open: convert them; "
	    "nothing of this object is imported",
	    unit);
}

static void take_checked(struct jsonl_object *o, const struct node *in, struct span_check *c)
{
	if (c->at) {
		take_span(o, in, c->at);
		c->at = NULL; /* the map has it now */
		return;
	}
	o->failed = true;
	o->job->hooks.failed(o->job->hooks.ctx, &c->err);
}

void jsonl_span(struct jsonl_object *o, const struct node *in)
{
	struct span_check check = {0};
	check_span(o, in, &check);
	take_checked(o, in, &check);
	error_clear(&check.err);
}

bool jsonl_spans(struct jsonl_object *o)
{
	const struct node *spans;
	if (!jsonl_list(o, o->object, S("spans"), &spans) || !spans)
		return true;
	struct span_check *checks = mem_array(spans->n + 1, sizeof *checks);
	for (size_t i = 0; i < spans->n; i++)
		check_span(o, spans->items[i], &checks[i]);
	bool usable = offsets_usable(o, spans, checks);
	for (size_t i = 0; i < spans->n; i++) {
		if (usable)
			take_checked(o, spans->items[i], &checks[i]);
		node_free(checks[i].at);
		error_clear(&checks[i].err);
	}
	mem_free(checks);
	return usable;
}
