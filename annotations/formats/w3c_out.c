/* w3c_out: articles go out as one page of W3C Web Annotations, see w3c.h. */
#include "annotations/formats/w3c.h"

#include "annotations/anchor.h"
#include "annotations/json.h"

static struct node *text_body(struct str value, const char *purpose)
{
	struct node *body = node_map();
	node_put_text(body, S("type"), S("TextualBody"));
	node_put_text(body, S("value"), value);
	node_put_text(body, S("purpose"), str_of(purpose));
	return body;
}

static void add_links(const struct node *map, struct node *bodies)
{
	const struct node *links = node_get(map, S("links"));
	for (size_t i = 0; links && links->kind == NODE_LIST && i < links->n; i++) {
		struct str db = node_get_text(links->items[i], S("db")),
		           name = node_get_text(links->items[i], S("name"));
		struct node *body = node_map();
		node_put_text(body, S("source"), node_get_text(links->items[i], S("id")));
		node_put_text(body, S("purpose"), S("identifying"));
		if (db.n)
			node_put_text(body, S("db"), db);
		if (name.n)
			node_put_text(body, S("name"), name);
		node_add(bodies, body);
	}
}

static void add_attributes(const struct node *map, struct node *bodies)
{
	const struct node *attributes = node_get(map, S("attributes"));
	struct buf json = {0};
	if (!attributes || attributes->kind != NODE_MAP || !attributes->n)
		return;
	json_write(&json, attributes);
	struct node *body = text_body(buf_str(&json), "describing");
	node_put_text(body, S("format"), S(W3C_JSON));
	node_add(bodies, body);
	buf_free(&json);
}

/* What stands with an item beside its name. */
static void add_parts(const struct node *map, struct node *bodies)
{
	struct str note = node_get_text(map, S("note")), verdict = node_get_text(map, S("verdict"));
	enum verdict v;
	add_attributes(map, bodies);
	add_links(map, bodies);
	if (note.n)
		node_add(bodies, text_body(note, "commenting"));
	if (verdict_of_name(verdict, &v) && !verdict_keeps(v))
		node_add(bodies, text_body(verdict, "assessing"));
}

static struct node *annotation_of(struct str id, const char *motivation, const struct node *map)
{
	const struct node *judged = node_get(map, S("judged"));
	struct node *out = node_map();
	node_put_text(out, S("@context"), S(W3C_CONTEXT));
	if (id.n)
		node_put_text(out, S("id"), id);
	node_put_text(out, S("type"), S("Annotation"));
	node_put_text(out, S("motivation"), str_of(motivation));
	if (node_get_text(judged, S("by")).n)
		node_put_text(out, S("creator"), node_get_text(judged, S("by")));
	if (node_get_text(judged, S("on")).n)
		node_put_text(out, S("created"), node_get_text(judged, S("on")));
	return out;
}

static struct node *target_of(const struct outgoing *o, const struct record_fragment *f)
{
	struct node *target = node_map(), *selectors = node_list(), *quote = node_map(), *position = node_map();
	struct str before, after;
	anchor_context(o->text, f->off, f->end, &before, &after);
	node_put_text(quote, S("type"), S("TextQuoteSelector"));
	node_put_text(quote, S("exact"), record_text(o, f));
	node_put_text(quote, S("prefix"), before);
	node_put_text(quote, S("suffix"), after);
	node_put_text(position, S("type"), S("TextPositionSelector"));
	node_put(position, S("start"), node_number(f->start));
	node_put(position, S("end"), node_number(f->stop));
	node_add(selectors, quote);
	node_add(selectors, position);
	node_put_text(target, S("source"), str_of(o->file));
	node_put(target, S("selector"), selectors);
	return target;
}

static void put_target(const struct outgoing *o, const struct record_span *s, struct node *out)
{
	struct node *targets = node_list();
	for (size_t i = 0; i < s->n; i++)
		node_add(targets, target_of(o, &s->fragments[i]));
	if (s->n == 1)
		node_put(out, S("target"), node_copy(targets->items[0]));
	else
		node_put(out, S("target"), node_copy(targets));
	node_free(targets);
}

/* The id that it came with, or one that no item of another article has. */
static void add_id(struct buf *out, const struct outgoing *o, const struct node *map)
{
	struct str kept = node_get_text(record_kept(o->job, map), S("id"));
	if (kept.n)
		buf_add(out, kept);
	else
		buf_addf(out, "%s#%.*s", o->file, (int)node_get_text(map, S("id")).n, node_get_text(map, S("id")).p);
}

static struct node *span_annotation(const struct outgoing *o, const struct record_span *s)
{
	struct buf id = {0};
	add_id(&id, o, s->map);
	struct node *out = annotation_of(buf_str(&id), "tagging", s->map), *bodies = node_list();
	node_add(bodies, text_body(s->label, "tagging"));
	add_parts(s->map, bodies);
	node_put(out, S("body"), bodies);
	put_target(o, s, out);
	buf_free(&id);
	return out;
}

static struct node *relation_annotation(const struct outgoing *o, const struct record_relation *r)
{
	struct buf id = {0}, from = {0}, to = {0};
	struct node *targets = node_list(), *bodies = node_list();
	add_id(&id, o, r->map);
	add_id(&from, o, o->spans[r->from].map);
	add_id(&to, o, o->spans[r->to].map);
	struct node *out = annotation_of(buf_str(&id), "linking", r->map);
	node_add(bodies, text_body(r->type, "tagging"));
	add_parts(r->map, bodies);
	node_put(out, S("body"), bodies);
	node_add(targets, node_text(buf_str(&from)));
	node_add(targets, node_text(buf_str(&to)));
	node_put(out, S("target"), targets);
	buf_free(&id);
	buf_free(&from);
	buf_free(&to);
	return out;
}

static struct node *field_annotation(const struct outgoing *o, const struct record_field *f)
{
	struct node *out = annotation_of(STR_NONE, "classifying", f->map), *bodies = node_list();
	struct node *body = text_body(f->value, "classifying"), *target = node_map();
	node_put_text(body, S("name"), f->name);
	node_add(bodies, body);
	add_parts(f->map, bodies);
	node_put(out, S("body"), bodies);
	node_put_text(target, S("source"), str_of(o->file));
	node_put(out, S("target"), target);
	return out;
}

static struct node *note_annotation(const struct outgoing *o, const struct node *note)
{
	struct node *out = annotation_of(STR_NONE, "commenting", NULL), *target = node_map();
	node_put(out, S("body"), text_body(node_get_text(note, S("text")), "commenting"));
	node_put_text(target, S("source"), str_of(o->file));
	node_put(out, S("target"), target);
	return out;
}

/* ---- the page ----------------------------------------------------------------------------------------------- */

/* job->state: not NULL once an annotation was written. */
static void add(struct export_job *job, struct buf *out, struct node *annotation)
{
	buf_adds(out, job->state ? ",\n" : "\n");
	json_write(out, annotation);
	node_free(annotation);
	job->state = job;
}

bool w3c_begin(struct export_job *job, struct error *err)
{
	job->state = NULL;
	return job->write(job->ctx, S("{\"@context\":\"" W3C_CONTEXT "\",\"type\":\"AnnotationPage\",\"items\":["),
	                  err);
}

bool w3c_export(struct export_job *job, struct doc *d, struct error *err)
{
	struct outgoing o;
	struct buf out = {0};
	if (!outgoing_make(job, d, &o, err))
		return false;
	for (size_t i = 0; i < o.n_spans; i++)
		add(job, &out, span_annotation(&o, &o.spans[i]));
	for (size_t i = 0; i < o.n_relations; i++)
		add(job, &out, relation_annotation(&o, &o.relations[i]));
	for (size_t i = 0; i < o.n_fields; i++)
		add(job, &out, field_annotation(&o, &o.fields[i]));
	for (size_t i = 0; i < o.n_notes; i++)
		add(job, &out, note_annotation(&o, o.notes[i]));
	bool fine = !out.n || job->write(job->ctx, buf_str(&out), err);
	job->articles += fine;
	buf_free(&out);
	outgoing_free(&o);
	return fine;
}

bool w3c_end(struct export_job *job, struct error *err)
{
	job->state = NULL;
	return job->write(job->ctx, S("\n]}\n"), err);
}
