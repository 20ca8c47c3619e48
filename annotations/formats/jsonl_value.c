/* jsonl_value: single values of a JSONL line, checked. */
#include "annotations/formats/jsonl.h"
#include "annotations/formats/record.h"

#include "model/utf8.h"

#define SHOWN       24 /* code points of a text in a message */
#define VALUE_DEPTH 4  /* of what is carried as it is; the sidecar's own limit leaves room for it */

bool jsonl_fail(struct jsonl_object *o, const struct node *at, enum error_code code, const char *format, ...)
{
	struct error e = {0};
	va_list args;
	va_start(args, format);
	error_atv(&e, code, o->path, at->line, at->column, format, args);
	va_end(args);
	o->failed = true;
	o->job->hooks.failed(o->job->hooks.ctx, &e);
	return false;
}

const struct node *jsonl_get(const struct node *map, struct str key)
{
	const struct node *value = node_get(map, key);
	return value && !node_is_absent(value) ? value : NULL;
}

bool jsonl_text(struct jsonl_object *o, const struct node *map, struct str key, bool number, struct str *out)
{
	const struct node *value = jsonl_get(map, key);
	*out = value ? node_scalar(value) : STR_NONE;
	if (!value ||
	    (value->kind == NODE_SCALAR && (value->quoted || (number && node_is_number(value, &(uint64_t){0})))))
		return true;
	return jsonl_fail(o, value, ERROR_SCHEMA, "%.*s must be a string", (int)key.n, key.p);
}

bool jsonl_list(struct jsonl_object *o, const struct node *map, struct str key, const struct node **out)
{
	*out = jsonl_get(map, key);
	if (!*out || (*out)->kind == NODE_LIST)
		return true;
	jsonl_fail(o, *out, ERROR_SCHEMA, "%.*s must be a list", (int)key.n, key.p);
	*out = NULL;
	return false;
}

void jsonl_count_unknown(struct jsonl_object *o, const struct node *map, const char *const *known, const char *where)
{
	for (size_t i = 0; map->kind == NODE_MAP && i < map->n; i++) {
		size_t k = 0;
		while (known[k] && !str_eq(str_of(known[k]), map->keys[i]))
			k++;
		if (!known[k] && !record_is_kept(map->keys[i]))
			losses_add(&o->job->losses, 1, "key %s%.*s", where, (int)map->keys[i].n, map->keys[i].p);
	}
}

void jsonl_add_shown(struct buf *out, struct str text)
{
	size_t end = utf8_skip(text, 0, SHOWN);
	buf_add(out, str_sub(text, 0, end));
	if (end < text.n)
		buf_adds(out, "…");
}

/* ---- places ------------------------------------------------------------------------------------------------- */

static bool place_error(struct jsonl_object *o, struct error *err, const struct node *at, enum error_code code,
                        const char *message)
{
	return error_at(err, code, o->path, at->line, at->column, "%s", message);
}

/* One pair; *least is where it may start. */
static bool check_pair(struct jsonl_object *o, const struct node *start, const struct node *end, uint64_t *least,
                       const struct node *where, struct error *err)
{
	uint64_t from = 0, to = 0;
	size_t length = article_length(o->doc->article);
	if (!start || !end)
		return place_error(o, err, where, ERROR_SCHEMA,
		                   "start and end, or fragments: [[start, end], …], are missing");
	if (!node_is_number(start, &from))
		return place_error(o, err, start, ERROR_SCHEMA, "an offset must be a whole number, not negative");
	if (!node_is_number(end, &to))
		return place_error(o, err, end, ERROR_SCHEMA, "an offset must be a whole number, not negative");
	if (to < from)
		return place_error(o, err, end, ERROR_OFFSET, "the end lies before the start");
	if (to > length)
		return error_at(err, ERROR_OFFSET, o->path, end->line, end->column,
		                "offset %llu lies behind the end of the article, which has %zu code points",
		                (unsigned long long)to, length);
	if (from < *least)
		return place_error(o, err, start, ERROR_OFFSET, "fragments must be sorted and must not overlap");
	*least = to;
	return true;
}

static void add_pair(struct node *list, const struct node *start, const struct node *end)
{
	struct node *pair = node_list();
	node_add(pair, node_plain(start->text));
	node_add(pair, node_plain(end->text));
	node_add(list, pair);
}

struct node *jsonl_place(struct jsonl_object *o, const struct node *map, struct error *err)
{
	const struct node *list = jsonl_get(map, S("fragments"));
	struct node *out = node_list();
	uint64_t least = 0;
	bool fine = true;
	list = list ? list : jsonl_get(map, S("at"));
	if (!list) {
		const struct node *start = jsonl_get(map, S("start")), *end = jsonl_get(map, S("end"));
		fine = check_pair(o, start, end, &least, map, err);
		if (fine)
			add_pair(out, start, end);
	} else if (list->kind != NODE_LIST || list->n == 0) {
		fine = place_error(o, err, list, ERROR_SCHEMA, "fragments must be a list of pairs");
	}
	for (size_t i = 0; fine && list && i < list->n; i++) {
		const struct node *pair = list->items[i];
		if (pair->kind != NODE_LIST || pair->n != 2)
			fine = place_error(o, err, pair, ERROR_SCHEMA, "a fragment is a pair: [start, end]");
		else if ((fine = check_pair(o, pair->items[0], pair->items[1], &least, pair, err)))
			add_pair(out, pair->items[0], pair->items[1]);
	}
	if (fine)
		return out;
	node_free(out);
	return NULL;
}

/* ---- what all judged items have ------------------------------------------------------------------------------- */

static unsigned depth_of(const struct node *n)
{
	unsigned deepest = 0;
	for (size_t i = 0; n->kind != NODE_SCALAR && i < n->n; i++) {
		unsigned d = depth_of(n->items[i]);
		deepest = d > deepest ? d : deepest;
	}
	return n->kind == NODE_SCALAR ? 0 : deepest + 1;
}

static bool put_copy(struct jsonl_object *o, const struct node *in, struct str key, enum node_kind kind,
                     struct node *map)
{
	const struct node *value = jsonl_get(in, key);
	if (!value)
		return true;
	if (value->kind != kind || depth_of(value) > VALUE_DEPTH)
		return jsonl_fail(o, value, ERROR_SCHEMA, "%.*s must be %s, not nested deeper than %d", (int)key.n,
		                  key.p, kind == NODE_LIST ? "a list" : "an object", VALUE_DEPTH);
	node_put(map, key, node_copy(value));
	return true;
}

static bool put_text(struct jsonl_object *o, const struct node *in, struct str key, struct node *map)
{
	struct str text;
	if (!jsonl_text(o, in, key, false, &text))
		return false;
	if (text.n)
		node_put_text(map, key, text);
	return true;
}

static bool put_verdict(struct jsonl_object *o, const struct node *in, struct node *map)
{
	struct str name;
	enum verdict v;
	if (!jsonl_text(o, in, S("verdict"), false, &name))
		return false;
	if (!name.n)
		name = str_of(o->job->verdict ? o->job->verdict : verdict_name(VERDICT_UNDECIDED));
	if (!verdict_of_name(name, &v))
		return jsonl_fail(o, node_get(in, S("verdict")), ERROR_SCHEMA,
		                  "verdict must be undecided, accepted, corrected or rejected");
	node_put_text(map, S("verdict"), name);
	return true;
}

/* by, version and rule first, as a sidecar has them; the rest in its order. */
static struct node *ordered_source(const struct node *given, const struct node *score)
{
	static const char *const first[] = {"by", "version", "rule"};
	struct node *source = node_map();
	for (size_t i = 0; i < COUNT_OF(first); i++)
		if (jsonl_get(given, str_of(first[i])))
			node_put(source, str_of(first[i]), node_copy(node_get(given, str_of(first[i]))));
	if (score)
		node_put(source, S("score"), node_plain(score->text));
	for (size_t i = 0; given && i < given->n; i++)
		if (!node_get(source, given->keys[i]))
			node_put(source, given->keys[i], node_copy(given->items[i]));
	return source;
}

/* Only numbers have digits and no quotes among what JSON writes without them. */
static bool is_json_number(const struct node *n)
{
	return n->kind == NODE_SCALAR && !n->quoted && n->text.n &&
	       ((n->text.p[0] >= '0' && n->text.p[0] <= '9') || n->text.p[0] == '-');
}

/* No key: from this job; null: nobody knows. */
static bool put_source(struct jsonl_object *o, const struct node *in, struct node *map)
{
	const struct node *given = node_get(in, S("source")), *score = jsonl_get(in, S("score"));
	struct node *named = NULL;
	if (score && !is_json_number(score))
		return jsonl_fail(o, score, ERROR_SCHEMA, "score must be a number");
	if (given && given->kind == NODE_LIST)
		return jsonl_fail(o, given, ERROR_SCHEMA, "source must be a string or an object");
	if (given && given->kind == NODE_MAP && depth_of(given) > VALUE_DEPTH)
		return jsonl_fail(o, given, ERROR_SCHEMA, "source must not be nested deeper than %d", VALUE_DEPTH);
	if (!given || (given->kind == NODE_SCALAR && !node_is_absent(given))) {
		named = node_map();
		node_put_text(named, S("by"),
		              given ? given->text : str_of(o->job->by ? o->job->by : o->job->format->name));
	}
	if (named || score || !node_is_absent(given))
		node_put(map, S("source"),
		         ordered_source(named                     ? named
		                        : given->kind == NODE_MAP ? given
		                                                  : NULL,
		                        score));
	node_free(named);
	return true;
}

static bool put_judged(struct jsonl_object *o, const struct node *in, struct node *map)
{
	const struct node *judged = jsonl_get(in, S("judged"));
	if (!judged || judged->kind != NODE_SCALAR)
		return put_copy(o, in, S("judged"), NODE_MAP, map);
	struct node *by = node_map();
	node_put_text(by, S("by"), judged->text);
	node_put(map, S("judged"), by);
	return true;
}

/* What was proposed: of a span label and place, of others as it is. */
static bool put_original(struct jsonl_object *o, enum item_kind kind, const struct node *in, struct node *map)
{
	const struct node *given = jsonl_get(in, S("original"));
	struct error err = {0};
	if (!given || kind != ITEM_SPAN || given->kind != NODE_MAP)
		return put_copy(o, in, S("original"), NODE_MAP, map);
	struct node *original = node_map();
	bool placed = jsonl_get(given, S("start")) || jsonl_get(given, S("fragments")) || jsonl_get(given, S("at"));
	bool fine = put_text(o, given, S("label"), original);
	if (fine && placed) {
		struct node *at = jsonl_place(o, given, &err);
		fine = at != NULL;
		if (at)
			node_put(original, S("at"), at);
		else
			jsonl_fail(o, given, err.code, "original: %s", err.message);
	}
	if (fine)
		node_put(map, S("original"), original);
	else
		node_free(original);
	error_clear(&err);
	return fine;
}

/* What formats keep of their own, see record.h. */
static bool put_kept(struct jsonl_object *o, const struct node *in, struct node *map)
{
	for (size_t i = 0; i < in->n; i++) {
		if (!record_is_kept(in->keys[i]))
			continue;
		if (depth_of(in->items[i]) > VALUE_DEPTH)
			return jsonl_fail(o, in->items[i], ERROR_SCHEMA, "%.*s must not be nested deeper than %d",
			                  (int)in->keys[i].n, in->keys[i].p, VALUE_DEPTH);
		node_put(map, in->keys[i], node_copy(in->items[i]));
	}
	return true;
}

bool jsonl_common(struct jsonl_object *o, enum item_kind kind, const struct node *in, struct node *map)
{
	return put_verdict(o, in, map) && put_source(o, in, map) && put_original(o, kind, in, map) &&
	       put_judged(o, in, map) && put_copy(o, in, S("attributes"), NODE_MAP, map) &&
	       put_copy(o, in, S("links"), NODE_LIST, map) && put_text(o, in, S("note"), map) &&
	       put_text(o, in, S("flag"), map) && put_kept(o, in, map);
}
