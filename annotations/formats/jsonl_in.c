/* jsonl_in: zhupi's own JSONL, the plain door for any extractor; one object a line, one object an article.
 *
 *   {"file": "a.txt", "text": "…", "language": "zh", "status": "reviewing",
 *    "spans": [{"id", "start", "end" | "fragments", "label", "text", "verdict", "score", "source", "original",
 * "judged", "attributes", "links", "note", "flag"}], "fields": {"name": value | [value …]}, a value being a string or
 * {"value", "spans", "verdict", "score", "source", "judged", "id", …}, "relations": [{"id", "type", "from", "to" |
 * "args", …}], "notes": [{"id", "text", "by", "on"}], "zones": [{"start", "end", "kind", "judged"}], "origin": {…}}
 *
 * All is optional but `file` or `id` (then `<id>.txt`). `text` makes the article where it is not there.  Offsets are
 * code points of the raw text, half-open; an end of a relation is an id or [start, end].  Without `verdict`: undecided;
 * without `source`: the name of the job; `"source": null`: nobody knows.  Zones that are found anyway are not kept; one
 * that differs is kept when it says who judged it. */
#include "annotations/formats/jsonl.h"

#include <string.h>

#include "annotations/formats/lines.h"
#include "annotations/json.h"

#define HOPELESS 20 /* lines of no JSON at the start that make it another kind of file */

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

static void take_keys(struct jsonl_object *o)
{
	struct node *was = node_map(), *set = node_map();
	take_key(o, S("language"), was, set);
	take_key(o, S("origin"), was, set);
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
	if (!jsonl_spans(o)) {
		group_free(o->group);
		return true;
	}
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
	*given = node != NULL;
	if (!jsonl_text(o, o->object, S("text"), false, text))
		return false;
	if (str_byte(*text, '\0', 0) != NOWHERE)
		return jsonl_fail(o, node, ERROR_ENCODING, "text with NUL characters is no article");
	return true;
}

/* False only when nothing more can be written. */
static bool take_object(struct jsonl_object *o, struct error *err)
{
	static const char *const known[] = {"file",  "id",     "text",      "language", "status", "origin",
	                                    "spans", "fields", "relations", "notes",    "zones",  NULL};
	struct error failed = {0};
	struct str text;
	bool given;
	if (o->object->kind != NODE_MAP) {
		jsonl_fail(o, o->object, ERROR_SCHEMA,
		           "a line must be an object: {\"file\": …}; a list is taken apart by: jq -c '.[]' FILE");
		return true;
	}
	char *name = check_text(o, &text, &given) ? article_name(o) : NULL;
	if (!name)
		return true;
	bool fine = import_begin(o->job, str_of(name), given ? &text : NULL, &failed);
	if (fine) {
		o->doc = o->job->target->doc;
		jsonl_count_unknown(o, o->object, known, "");
		fine = take_items(o, err);
	} else {
		o->failed = true;
		if (!failed.line) { /* where the object stands says more than where its article would */
			jsonl_fail(o, o->object, failed.code, "%s: %s", failed.path ? failed.path : name,
			           failed.message);
			error_clear(&failed);
		} else {
			o->job->hooks.failed(o->job->hooks.ctx, &failed);
		}
		fine = true;
	}
	mem_free(name);
	return fine;
}

/* ---- files -------------------------------------------------------------------------------------------------- */

struct reading {
	struct import_job *job;
	struct lines *lines;
	size_t hopeless; /* lines of no JSON, none of JSON so far; NOWHERE: there was one */
};

static bool is_blank(struct str line)
{
	return str_trim(line).n == 0;
}

static bool take_line(struct reading *r, struct str line, struct error *err)
{
	struct import_job *job = r->job;
	struct error failed = {0};
	struct node *object = NULL;
	job->counts.objects++;
	if (!json_read(line, lines_name(r->lines), lines_number(r->lines), &object, &failed)) {
		job->counts.failed++;
		job->hooks.failed(job->hooks.ctx, &failed);
		if (r->hopeless != NOWHERE && ++r->hopeless >= HOPELESS)
			return error_set(err, ERROR_SYNTAX, lines_name(r->lines),
			                 "this is no JSONL, which has one whole object on each line; from JSON it is "
			                 "made by: jq -c . FILE");
		return true;
	}
	r->hopeless = NOWHERE;
	jsonl_locate(line, lines_number(r->lines), object);
	struct jsonl_object o = {.job = job, .path = lines_name(r->lines), .object = object};
	bool fine = take_object(&o, err);
	job->counts.failed += o.failed;
	strmap_free(&o.local);
	node_free(object);
	return fine;
}

static bool take_lines(struct reading *r, struct error *err)
{
	struct import_job *job = r->job;
	for (;;) {
		struct error failed = {0};
		struct str line;
		bool fatal;
		if (job->hooks.interrupted(job->hooks.ctx))
			return true;
		switch (lines_next(r->lines, &line, &fatal, &failed)) {
		case LINE_READ:
			if (!is_blank(line) && !take_line(r, line, err))
				return false;
			break;
		case LINE_FAILED:
			if (fatal) {
				*err = failed;
				return false;
			}
			job->counts.objects++;
			job->counts.failed++;
			job->hooks.failed(job->hooks.ctx, &failed);
			break;
		case LINE_END:
		case LINE_INTERRUPTED:
			return true;
		}
		job->hooks.progress(job->hooks.ctx, job->counts.objects);
	}
}

static bool import(struct import_job *job, const char *path, struct error *err)
{
	struct reading r = {.job = job};
	r.lines = lines_open(path, job->hooks.interrupted, job->hooks.ctx, err);
	if (!r.lines)
		return false;
	bool fine = take_lines(&r, err);
	if (fine && lines_number(r.lines) == 0 && !job->hooks.interrupted(job->hooks.ctx))
		fine = error_set(err, ERROR_SYNTAX, lines_name(r.lines), "nothing is in it");
	import_end(job);
	lines_close(r.lines);
	return fine;
}

const struct format jsonl_format = {
    .name = "jsonl",
    .summary = "zhupi's own JSON lines, one object an article: the plain door for any extractor, and the way out with "
               "everything",
    .unit = "code points of the raw text, half-open",
    .carries = "spans with fragments, verdicts, originals, sources, scores, judges, attributes, links, notes and "
               "flags; fields; relations; notes; "
               "zones that a person changed; status; texts",
    .loses = "context for re-anchoring (made anew), keys that zhupi does not know, comments, history",
    .import = import,
    .export = jsonl_export,
};
