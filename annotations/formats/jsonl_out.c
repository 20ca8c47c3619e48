/* jsonl_out: one article as one line of JSON, in the form that jsonl_in reads; see there.  The order of keys and items
 * is fixed, so that what was exported, imported and exported again is the same bytes: spans by position, fields by name
 * in the order in which names first appear, the rest as in the sidecar. */
#include "annotations/formats/jsonl.h"
#include "annotations/formats/record.h"

#include "annotations/json.h"
#include "model/utf8.h"

struct writing {
	struct export_job *job;
	struct doc *doc;
	struct buf line;
	bool refers;         /* something may refer to spans */
	struct strmap spans; /* ids of those that go out, if so */
};

static void add_key(struct buf *line, const char *key)
{
	if (line->n && line->p[line->n - 1] != '{')
		buf_addc(line, ',');
	json_write_text(line, str_of(key));
	buf_addc(line, ':');
}

static void add_value(struct buf *line, const char *key, const struct node *value)
{
	if (!value)
		return;
	add_key(line, key);
	json_write(line, value);
}

static bool wanted(const struct writing *w, enum verdict v)
{
	if (!w->job->verdicts[v])
		return false;
	w->job->items++;
	return true;
}

static void count_unknown(struct writing *w, const struct node *map, const char *const *known, const char *where)
{
	for (size_t i = 0; map && i < map->n; i++) {
		size_t k = 0;
		while (known[k] && !str_eq(str_of(known[k]), map->keys[i]))
			k++;
		if (!known[k] && !record_is_kept(map->keys[i]))
			losses_add(&w->job->losses, 1, "key %s%.*s", where, (int)map->keys[i].n, map->keys[i].p);
	}
}

static void copy_key(struct node *to, const struct node *from, struct str key)
{
	const struct node *value = node_get(from, key);
	if (value)
		node_put(to, key, node_copy(value));
}

/* ---- what all judged items have ------------------------------------------------------------------------------- */

static struct node *copy_ordered(const struct node *source)
{
	static const char *const first[] = {"by", "version", "rule"};
	struct node *out = node_map();
	for (size_t i = 0; i < COUNT_OF(first); i++)
		copy_key(out, source, str_of(first[i]));
	for (size_t i = 0; i < source->n; i++)
		if (!node_get(out, source->keys[i]) && !str_eq(source->keys[i], S("score")))
			node_put(out, source->keys[i], node_copy(source->items[i]));
	return out;
}

/* The score stands beside the source, where other programs look for it. */
static void add_source(const struct node *map, struct node *out)
{
	const struct node *source = node_get(map, S("source")), *score = node_get(source, S("score"));
	if (score && score->kind == NODE_SCALAR)
		node_put(out, S("score"), node_plain(score->text));
	if (!source)
		node_put(out, S("source"), node_absent());
	else if (source->kind == NODE_MAP)
		node_put(out, S("source"), copy_ordered(source));
	else
		node_put(out, S("source"), node_copy(source));
}

static void put_place(struct node *out, const struct node *at)
{
	if (!at || at->kind != NODE_LIST)
		return;
	if (at->n == 1 && at->items[0]->kind == NODE_LIST && at->items[0]->n == 2) {
		node_put(out, S("start"), node_copy(at->items[0]->items[0]));
		node_put(out, S("end"), node_copy(at->items[0]->items[1]));
	} else {
		node_put(out, S("fragments"), node_copy(at));
	}
}

static void add_original(enum item_kind kind, const struct node *map, struct node *out)
{
	const struct node *original = node_get(map, S("original"));
	if (!original)
		return;
	if (kind != ITEM_SPAN) {
		node_put(out, S("original"), node_copy(original));
		return;
	}
	struct node *was = node_map();
	copy_key(was, original, S("label"));
	put_place(was, node_get(original, S("at")));
	node_put(out, S("original"), was);
}

/* What formats keep of their own, see record.h. */
static void copy_kept(struct node *to, const struct node *from)
{
	for (size_t i = 0; i < from->n; i++)
		if (record_is_kept(from->keys[i]))
			node_put(to, from->keys[i], node_copy(from->items[i]));
}

static void add_common(enum item_kind kind, const struct node *map, enum verdict v, struct node *out)
{
	node_put_text(out, S("verdict"), str_of(verdict_name(v)));
	add_source(map, out);
	add_original(kind, map, out);
	copy_key(out, map, S("judged"));
	copy_key(out, map, S("attributes"));
	copy_key(out, map, S("links"));
	copy_key(out, map, S("note"));
	copy_key(out, map, S("flag"));
	copy_kept(out, map);
}

/* ---- items -------------------------------------------------------------------------------------------------- */

/* Where the span is now, which is not where a sidecar says when the article was edited since. */
static struct node *place_now(struct writing *w, const struct span *s)
{
	struct node *list = node_list();
	for (size_t i = 0; i < s->n_fragments; i++)
		node_add(list, node_pair(article_cp(w->doc->article, s->fragments[i].off),
		                         article_cp(w->doc->article, s->fragments[i].end)));
	return list;
}

static struct node *texts_now(struct writing *w, const struct span *s)
{
	struct str text = article_text(w->doc->article);
	if (s->n_fragments == 1)
		return node_text(str_sub(text, s->off, s->end));
	struct node *list = node_list();
	for (size_t i = 0; i < s->n_fragments; i++)
		node_add(list, node_text(str_sub(text, s->fragments[i].off, s->fragments[i].end)));
	return list;
}

static void add_span(struct writing *w, const struct span *s)
{
	static const char *const known[] = {"id",       "label",  "at",         "text",  "context", "verdict", "source",
	                                    "original", "judged", "attributes", "links", "note",    "flag",    NULL};
	if (!wanted(w, (enum verdict)s->verdict))
		return;
	if (s->anchoring == ANCHOR_LOST) {
		losses_add(&w->job->losses, 1, "spans whose text is lost");
		return;
	}
	if (w->refers)
		strmap_put(&w->spans, s->id, S("1"));
	if (w->line.p[w->line.n - 1] != '[')
		buf_addc(&w->line, ',');
	if (jsonl_copy_span(w->doc, s, &w->line))
		return;
	const struct node *map = set_node(w->doc->set, ITEM_SPAN, s->id);
	struct node *out = node_map(), *at = place_now(w, s);
	node_put_text(out, S("id"), s->id);
	put_place(out, at);
	copy_key(out, map, S("label"));
	node_put(out, S("text"), texts_now(w, s));
	add_common(ITEM_SPAN, map, (enum verdict)s->verdict, out);
	count_unknown(w, map, known, "spans.");
	json_write(&w->line, out);
	node_free(out);
	node_free(at);
}

static void add_spans(struct writing *w)
{
	add_key(&w->line, "spans");
	buf_addc(&w->line, '[');
	for (size_t i = 0; i < set_spans(w->doc->set); i++)
		add_span(w, set_span(w->doc->set, i));
	buf_addc(&w->line, ']');
}

static struct node *field_value(struct writing *w, const struct field *f)
{
	static const char *const known[] = {"id",     "name",       "value", "spans", "verdict", "source", "original",
	                                    "judged", "attributes", "links", "note",  "flag",    NULL};
	const struct node *map = set_node(w->doc->set, ITEM_FIELD, f->id);
	struct node *out = node_map(), *spans = node_list();
	node_put_text(out, S("id"), f->id);
	copy_key(out, map, S("value"));
	for (size_t i = 0; i < f->n_spans; i++) {
		if (strmap_get(&w->spans, f->spans[i], NULL))
			node_add(spans, node_text(f->spans[i]));
		else
			losses_add(&w->job->losses, 1, "spans of fields that do not go out themselves");
	}
	if (spans->n)
		node_put(out, S("spans"), spans);
	else
		node_free(spans);
	add_common(ITEM_FIELD, map, f->verdict, out);
	count_unknown(w, map, known, "fields.");
	return out;
}

/* All values of the name of field i, which is the first of that name: a list where the schema says so or there are
 * several. */
static void add_field_values(struct writing *w, size_t i, struct node *fields)
{
	struct set *s = w->doc->set;
	struct str name = set_field(s, i)->name;
	size_t known = schema_field(set_schema(s), name);
	struct node *values = node_list();
	for (size_t k = i; k < set_fields(s); k++)
		if (str_eq(set_field(s, k)->name, name) && wanted(w, set_field(s, k)->verdict))
			node_add(values, field_value(w, set_field(s, k)));
	if (values->n == 0) {
		node_free(values);
	} else if (values->n == 1 && (known == NOWHERE || !set_schema(s)->fields[known].list)) {
		node_put(fields, name, node_copy(values->items[0]));
		node_free(values);
	} else {
		node_put(fields, name, values);
	}
}

static void add_fields(struct writing *w)
{
	struct set *s = w->doc->set;
	struct node *fields = node_map();
	struct strmap met = {0};
	for (size_t i = 0; i < set_fields(s); i++) {
		struct str name = set_field(s, i)->name;
		if (strmap_get(&met, name, NULL))
			continue;
		strmap_put(&met, name, S("1"));
		add_field_values(w, i, fields);
	}
	if (fields->n)
		add_value(&w->line, "fields", fields);
	strmap_free(&met);
	node_free(fields);
}

static struct node *relation_value(struct writing *w, const struct relation *r)
{
	static const char *const known[] = {"id",     "type",       "args",  "verdict", "source", "original",
	                                    "judged", "attributes", "links", "note",    "flag",   NULL};
	const struct node *map = set_node(w->doc->set, ITEM_RELATION, r->id), *args = node_get(map, S("args"));
	struct node *out = node_map();
	node_put_text(out, S("id"), r->id);
	copy_key(out, map, S("type"));
	copy_key(out, args, S("from"));
	copy_key(out, args, S("to"));
	add_common(ITEM_RELATION, map, r->verdict, out);
	count_unknown(w, map, known, "relations.");
	for (size_t i = 0; args && args->kind == NODE_MAP && i < args->n; i++)
		if (!str_eq(args->keys[i], S("from")) && !str_eq(args->keys[i], S("to")))
			losses_add(&w->job->losses, 1, "ends of relations other than from and to");
	return out;
}

static void add_relations(struct writing *w)
{
	struct set *s = w->doc->set;
	struct node *list = node_list();
	for (size_t i = 0; i < set_relations(s); i++) {
		const struct relation *r = set_relation(s, i);
		if (!wanted(w, r->verdict))
			continue;
		if (strmap_get(&w->spans, r->from, NULL) && strmap_get(&w->spans, r->to, NULL))
			node_add(list, relation_value(w, r));
		else
			losses_add(&w->job->losses, 1, "relations whose ends do not go out");
	}
	if (list->n)
		add_value(&w->line, "relations", list);
	node_free(list);
}

static void add_notes(struct writing *w)
{
	static const char *const known[] = {"id", "text", "by", "on", NULL};
	struct node *list = node_list();
	for (size_t i = 0; i < set_items(w->doc->set, ITEM_NOTE); i++) {
		const struct node *map = set_node(w->doc->set, ITEM_NOTE, set_item_id(w->doc->set, ITEM_NOTE, i));
		struct node *out = node_map();
		for (size_t k = 0; known[k]; k++)
			copy_key(out, map, str_of(known[k]));
		count_unknown(w, map, known, "notes.");
		node_add(list, out);
	}
	if (list->n)
		add_value(&w->line, "notes", list);
	node_free(list);
}

static void add_zones(struct writing *w)
{
	static const char *const known[] = {"at", "kind", "judged", "id", NULL};
	struct node *list = node_list();
	for (size_t i = 0; i < set_items(w->doc->set, ITEM_ZONE); i++) {
		const struct node *map = set_node(w->doc->set, ITEM_ZONE, set_item_id(w->doc->set, ITEM_ZONE, i));
		const struct node *at = node_get(map, S("at"));
		if (!at || at->kind != NODE_LIST || at->n != 2)
			continue;
		struct node *out = node_map();
		node_put(out, S("start"), node_copy(at->items[0]));
		node_put(out, S("end"), node_copy(at->items[1]));
		copy_key(out, map, S("kind"));
		copy_key(out, map, S("judged"));
		count_unknown(w, map, known, "zones.");
		node_add(list, out);
	}
	if (list->n)
		add_value(&w->line, "zones", list);
	node_free(list);
}

/* ---- the line ----------------------------------------------------------------------------------------------- */

static void add_head(struct writing *w)
{
	static const char *const known[] = {"zhupi", "article",   "schema", "status", "language", "origin",
	                                    "spans", "relations", "fields", "zones",  "notes",    NULL};
	struct set *s = w->doc->set;
	const struct node *map = set_node(s, ITEM_ARTICLE, STR_NONE);
	struct str text = article_text(w->doc->article);
	add_key(&w->line, "file");
	json_write_text(&w->line, str_of(w->doc->file));
	add_value(&w->line, "language", node_get(map, S("language")));
	if (set_status(s) != STATUS_NONE) {
		add_key(&w->line, "status");
		json_write_text(&w->line, str_of(status_name(set_status(s))));
	}
	add_value(&w->line, "origin", node_get(map, S("origin")));
	for (size_t i = 0; map && i < map->n; i++)
		if (record_is_kept(map->keys[i])) {
			struct buf key = {0};
			buf_add(&key, map->keys[i]);
			add_value(&w->line, key.p, map->items[i]);
			buf_free(&key);
		}
	count_unknown(w, map, known, "");
	if (!utf8_valid(str_of(w->doc->file)))
		losses_add(&w->job->losses, 1, LOSS_NAME);
	if (!w->job->text)
		return;
	add_key(&w->line, "text");
	json_write_text(&w->line, text);
	if (!utf8_valid(text))
		losses_add(&w->job->losses, 1, LOSS_TEXT);
}

bool jsonl_export(struct export_job *job, struct doc *d, struct error *err)
{
	struct writing w = {.job = job, .doc = d, .refers = set_fields(d->set) || set_relations(d->set)};
	buf_addc(&w.line, '{');
	add_head(&w);
	add_spans(&w);
	add_fields(&w);
	add_relations(&w);
	add_notes(&w);
	add_zones(&w);
	buf_adds(&w.line, "}\n");
	bool fine = job->write(job->ctx, buf_str(&w.line), err);
	job->articles += fine;
	buf_free(&w.line);
	strmap_free(&w.spans);
	return fine;
}
