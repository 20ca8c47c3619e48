/* record: articles and what is said of them come in, whatever format they came from; see record.h.  Spans, relations,
 * fields and notes are taken by jsonl_spans.c and jsonl_items.c; here are the article itself, its zones and its keys. */
#include "annotations/formats/record.h"

#include "annotations/formats/jsonl.h"

/* ---- zones -------------------------------------------------------------------------------------------------- */

static bool found_anyway(const struct zones *found, size_t off, size_t end, enum zone_kind kind)
{
	const struct zone *z = zones_at(found, off);
	return z && z->off == off && z->end == end && z->kind == kind;
}

static void keep_zone(struct jsonl_object *o, const struct node *in, const struct node *at)
{
	struct buf id = {0};
	struct node *map = node_map(), *pair = node_copy(at->items[0]);
	struct error err = {0};
	bool added = false;
	buf_addf(&id, "%.*s-%.*s", (int)pair->items[0]->text.n, pair->items[0]->text.p, (int)pair->items[1]->text.n,
	         pair->items[1]->text.p);
	node_put(map, S("at"), pair);
	node_put_text(map, S("kind"), node_get_text(in, S("kind")));
	node_put(map, S("judged"), node_copy(node_get(in, S("judged"))));
	if (set_has(o->doc->set, ITEM_ZONE, buf_str(&id)))
		o->job->counts.there++;
	else if (!edit_propose(o->group, o->doc, ITEM_ZONE, map, &added, &err))
		jsonl_fail(o, in, err.code, "%s", err.message);
	o->job->counts.items[ITEM_ZONE] += added;
	error_clear(&err);
	node_free(map);
	buf_free(&id);
}

static void take_zone(struct jsonl_object *o, const struct node *in, const struct zones *found)
{
	static const char *const known[] = {"start", "end", "at", "kind", "judged", "fragments", NULL};
	struct error err = {0};
	enum zone_kind kind;
	struct node *at = in->kind == NODE_MAP ? jsonl_place(o, in, &err) : NULL;
	uint64_t from = 0, to = 0;
	if (!at) {
		jsonl_fail(o, in, err.code ? err.code : ERROR_SCHEMA, "%s",
		           err.message ? err.message : "a zone must be an object");
	} else if (at->n != 1 || !zone_of_name(node_get_text(in, S("kind")), &kind)) {
		jsonl_fail(
		    o, in, ERROR_SCHEMA,
		    "a zone needs one place and a kind: title, byline, body, nav, notice, related, share or ticker");
	} else if (node_is_number(at->items[0]->items[0], &from) && node_is_number(at->items[0]->items[1], &to)) {
		jsonl_count_unknown(o, in, known, "zones.");
		if (jsonl_get(in, S("judged")) && node_get(in, S("judged"))->kind == NODE_MAP)
			keep_zone(o, in, at);
		else if (found_anyway(found, article_off(o->doc->article, (size_t)from),
		                      article_off(o->doc->article, (size_t)to), kind))
			o->job->counts.zones_as_found++;
		else
			losses_add(&o->job->losses, 1, "zones that are not found so and that nobody judged");
	}
	node_free(at);
	error_clear(&err);
}

static void take_zones(struct jsonl_object *o)
{
	const struct node *list;
	struct zones found = {0};
	if (!jsonl_list(o, o->object, S("zones"), &list) || !list || list->n == 0)
		return;
	zones_find(article_text(o->doc->article), corpus_zone_rules(o->doc->corpus), &found);
	for (size_t i = 0; i < list->n; i++)
		take_zone(o, list->items[i], &found);
	zones_free(&found);
}

/* ---- what is said of the article as a whole --------------------------------------------------------------------- */

/* One of the keys that are kept as they are, where the sidecar says nothing yet. */
static void take_key(struct jsonl_object *o, struct str key, struct node *was, struct node *set)
{
	const struct node *value = jsonl_get(o->object, key);
	if (!value || node_get(set_node(o->doc->set, ITEM_ARTICLE, STR_NONE), key))
		return;
	bool flat = value->kind != NODE_LIST;
	for (size_t i = 0; value->kind == NODE_MAP && i < value->n; i++)
		flat = flat && value->items[i]->kind == NODE_SCALAR;
	if (!flat) {
		jsonl_fail(o, value, ERROR_SCHEMA, "%.*s must be a string or an object of strings", (int)key.n, key.p);
		return;
	}
	node_put(was, key, node_absent());
	node_put(set, key, node_copy(value));
}

/* What formats keep of their own, see record.h. */
static void take_kept(struct jsonl_object *o, struct node *was, struct node *set)
{
	const struct node *top = set_node(o->doc->set, ITEM_ARTICLE, STR_NONE);
	for (size_t i = 0; i < o->object->n; i++) {
		struct str key = o->object->keys[i];
		if (!record_is_kept(key) || node_get(top, key))
			continue;
		node_put(was, key, node_absent());
		node_put(set, key, node_copy(o->object->items[i]));
	}
}

static void take_keys(struct jsonl_object *o)
{
	struct node *was = node_map(), *set = node_map();
	take_key(o, S("language"), was, set);
	take_key(o, S("origin"), was, set);
	take_kept(o, was, set);
	if (set->n) {
		group_add_op(o->group, o->doc->file, ITEM_ARTICLE, STR_NONE, was, set);
		return;
	}
	node_free(was);
	node_free(set);
}

/* A person's status stays; a new article takes the one that came.  `done` has conditions, so it comes in a group of its
 * own, last. */
static void take_status(struct jsonl_object *o, bool was_new)
{
	struct error err = {0};
	struct str name;
	if (!jsonl_text(o, o->object, S("status"), false, &name) || !name.n || !was_new)
		return;
	enum status status = str_eq(name, S("done"))        ? STATUS_DONE
	                     : str_eq(name, S("reviewing")) ? STATUS_REVIEWING
	                                                    : STATUS_NONE;
	if (status == STATUS_NONE)
		jsonl_fail(o, node_get(o->object, S("status")), ERROR_SCHEMA, "status must be reviewing or done");
	else if (set_status(o->doc->set) != status && !edit_status(o->group, o->doc, status, &err))
		jsonl_fail(o, node_get(o->object, S("status")), err.code, "%s", err.message);
	error_clear(&err);
}

/* ---- objects ------------------------------------------------------------------------------------------------ */

/* file, or id and ".txt"; the caller frees it. NULL: reported. */
static char *article_name(struct jsonl_object *o)
{
	struct str file, id;
	struct buf name = {0};
	const char *why;
	if (!jsonl_text(o, o->object, S("file"), false, &file) || !jsonl_text(o, o->object, S("id"), true, &id))
		return NULL;
	if (!file.n && !id.n) {
		jsonl_fail(o, o->object, ERROR_SCHEMA,
		           "an object needs `file`, the article's name in the folder, or `id` (then it is <id>.txt)");
		return NULL;
	}
	buf_add(&name, file.n ? file : id);
	if (!file.n)
		buf_adds(&name, ".txt");
	struct str given = buf_str(&name);
	if (!import_name(&given, &why)) {
		jsonl_fail(o, node_get(o->object, file.n ? S("file") : S("id")), ERROR_SCHEMA,
		           "no article can have this name: %s", why);
		buf_free(&name);
		return NULL;
	}
	char *out = str_dup(given);
	buf_free(&name);
	return out;
}

static bool commit(struct jsonl_object *o, struct group *g, struct error *err)
{
	if (!group_empty(g)) {
		struct buf what = {0};
		buf_addf(&what, "import %zu item%s from %s", g->n_ops, g->n_ops == 1 ? "" : "s", o->path);
		mem_free(g->what);
		g->what = buf_take(&what);
		g->acts = 1;
	}
	bool fine = import_commit(o->job, g, err);
	o->failed |= !fine;
	return fine;
}

static bool take_items(struct jsonl_object *o, struct error *err)
{
	const char *by = corpus_annotator(session_corpus(o->job->session));
	bool was_new = set_status(o->doc->set) == STATUS_NONE;
	o->group = group_new(by);
	jsonl_plain_items(o);
	jsonl_quick_items(o);
	if (!jsonl_spans(o)) {
		group_free(o->group);
		return true;
	}
	jsonl_plain(o);
	jsonl_quick_spans(o);
	jsonl_fields(o);
	jsonl_relations(o);
	jsonl_notes(o);
	take_zones(o);
	if (!commit(o, o->group, err))
		return false;
	o->group = group_new(by);
	take_keys(o);
	if (!commit(o, o->group, err))
		return false;
	if (o->job->dry_run)
		return true;
	o->group = group_new(by);
	take_status(o, was_new);
	return commit(o, o->group, err);
}

/* A NUL would make the file that is written a binary one. */
static bool check_text(struct jsonl_object *o, struct str *text, bool *given)
{
	const struct node *node = jsonl_get(o->object, S("text"));
	*given = node || o->record->text.p;
	if (o->record->text.p)
		*text = o->record->text;
	else if (!jsonl_text(o, o->object, S("text"), false, text))
		return false;
	if (str_byte(*text, '\0', 0) != NOWHERE)
		return jsonl_fail(o, node ? node : o->object, ERROR_ENCODING, "text with NUL characters is no article");
	return true;
}

static void cannot_begin(struct jsonl_object *o, const char *name, struct error *failed)
{
	o->failed = true;
	if (failed->line) {
		o->job->hooks.failed(o->job->hooks.ctx, failed);
		return;
	}
	/* Where the object stands says more than where its article would. */
	jsonl_fail(o, o->object, failed->code, "%s: %s", failed->path ? failed->path : name, failed->message);
	error_clear(failed);
}

/* False only when nothing more can be written. */
static bool take_object(struct jsonl_object *o, struct error *err)
{
	static const char *const known[] = {"file",  "id",     "text",      "language", "status", "origin",
	                                    "spans", "fields", "relations", "notes",    "zones",  NULL};
	struct error failed = {0};
	struct str text;
	bool given, fine = true;
	if (o->object->kind != NODE_MAP) {
		jsonl_fail(o, o->object, ERROR_SCHEMA,
		           "a line must be an object: {\"file\": …}; a list is taken apart by: jq -c '.[]' FILE");
		return true;
	}
	char *name = check_text(o, &text, &given) ? article_name(o) : NULL;
	if (!name)
		return true;
	if (import_begin(o->job, str_of(name), given ? &text : NULL, &failed)) {
		o->doc = o->job->target->doc;
		jsonl_count_unknown(o, o->object, known, "");
		fine = take_items(o, err);
	} else {
		cannot_begin(o, name, &failed);
	}
	mem_free(name);
	return fine;
}

/* ---- records ------------------------------------------------------------------------------------------------ */

struct record record_new(struct import_job *job, const char *path, size_t line)
{
	struct record r = {.job = job, .path = path, .line = line, .object = node_map()};
	r.object->line = (uint32_t)line;
	return r;
}

bool record_fail(struct record *r, size_t line, size_t column, enum error_code code, const char *format, ...)
{
	struct error e = {0};
	va_list args;
	va_start(args, format);
	error_atv(&e, code, r->path, line, column, format, args);
	va_end(args);
	r->failed = true;
	r->job->hooks.failed(r->job->hooks.ctx, &e);
	return false;
}

char *record_name(const struct import_job *job)
{
	struct str name = str_of(job->name);
	struct buf out = {0};
	size_t slash = NOWHERE, dot = NOWHERE;
	for (size_t i = 0; i < name.n; i++) {
		slash = name.p[i] == '/' ? i : slash;
		dot = name.p[i] == '.' ? i : dot;
	}
	if (dot != NOWHERE && dot > (slash == NOWHERE ? 0 : slash + 1))
		name.n = dot;
	buf_add(&out, name);
	if (!str_ends(name, S(".txt")))
		buf_adds(&out, ".txt");
	return buf_take(&out);
}

bool record_article(struct record *r, struct str file, struct str *text, struct error *err)
{
	const char *why;
	if (!import_name(&file, &why))
		return error_set(err, ERROR_SCHEMA, r->path, "no article can have the name of this file: %s", why);
	if (!import_begin(r->job, file, NULL, err))
		return false;
	*text = article_text(r->job->target->doc->article);
	return true;
}

void record_drop(struct record *r)
{
	node_free(r->object);
	mem_free(r->plain);
	jsonl_quick_free(r->quick);
	r->quick = NULL;
	r->object = NULL;
	r->plain = NULL;
	r->n_plain = r->cap_plain = 0;
}

bool record_take(struct record *r, struct error *err)
{
	struct jsonl_object o = {
	    .job = r->job, .record = r, .path = r->path, .object = r->object, .failed = r->failed};
	r->job->counts.objects++;
	bool fine = take_object(&o, err);
	r->job->counts.failed += o.failed;
	if (r->n_plain) /* what came so is not known: whoever comes next must find it in the article */
		import_end(r->job);
	strmap_free(&o.local);
	strmap_free(&o.met);
	record_drop(r);
	return fine;
}

void record_noted(struct import_job *job, const char *format, ...)
{
	struct buf what = {0};
	va_list args;
	va_start(args, format);
	buf_addv(&what, format, args);
	va_end(args);
	losses_add(&job->notices, 1, "%s", what.p);
	buf_free(&what);
}

bool record_is_kept(struct str key)
{
	for (size_t i = 0; formats[i]; i++)
		if (str_eq(str_of(formats[i]->name), key))
			return true;
	return false;
}
