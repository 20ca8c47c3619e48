/* cas_in: a CAS becomes records, one for each view with a text; the mapping stands in cas.h. */
#include "annotations/formats/cas.h"

#include <string.h>

#include "annotations/formats/cas_tokens.h"
#include "annotations/formats/units.h"

#define METADATA "de.tudarmstadt.ukp.dkpro.core.api.metadata.type."

struct taking {
	struct import_job *job;
	struct cas *cas;
	struct cas_view *view;
	struct record record;
	struct unit_span *places; /* of the spans of this view */
};

/* ---- what a structure is ------------------------------------------------------------------------------------ */

static const struct cas_ref *ref_to(const struct cas_fs *fs, const char *feature)
{
	for (size_t i = 0; i < fs->n_refs; i++)
		if (fs->refs[i].to && str_eq(fs->refs[i].feature, str_of(feature)))
			return &fs->refs[i];
	return NULL;
}

static bool is_document(const struct cas *c, const struct cas_fs *fs)
{
	return cas_extends(c, fs->type, S("uima.tcas.DocumentAnnotation")) || str_eq(fs->type, S(CAS_METADATA));
}

/* DKPro notes in these which tag sets and models made the rest. */
static bool is_metadata(const struct cas_fs *fs)
{
	return str_starts(fs->type, S(METADATA));
}

static bool is_relation(const struct cas_fs *fs)
{
	bool found = false;
	for (size_t i = 0; i < fs->n_refs; i++)
		found |= str_eq(fs->refs[i].feature, S("Governor")) || str_eq(fs->refs[i].feature, S("Dependent"));
	return fs->placed && found;
}

static bool is_chain(const struct cas_fs *fs)
{
	return !fs->placed && ref_to(fs, "first");
}

static bool is_link(const struct cas_fs *fs)
{
	return !fs->placed && ref_to(fs, "target");
}

static bool in_view(const struct taking *t, const struct cas_fs *fs)
{
	return str_eq(fs->sofa, t->view->id);
}

static void want(struct cas_fs *fs)
{
	fs->is_span = fs->is_span || fs->placed;
}

/* Which structures become spans: annotations, but tokens only where something else than a token refers to them. */
static void choose_spans(struct taking *t)
{
	for (size_t i = 0; i < t->cas->n; i++) {
		struct cas_fs *fs = t->cas->fs[i];
		bool plain = str_eq(fs->type, S(CAS_TOKEN)) || str_eq(fs->type, S(CAS_SENTENCE));
		fs->is_token = plain;
		struct buf key = {0};
		buf_addf(&key, "#%zu", i);
		fs->key = arena_dup(&t->cas->memory, buf_str(&key));
		buf_free(&key);
		fs->is_span = fs->placed && !plain && !is_document(t->cas, fs) && !is_metadata(fs) && !is_relation(fs);
	}
	for (size_t i = 0; i < t->cas->n; i++) {
		struct cas_fs *fs = t->cas->fs[i];
		for (size_t k = 0; k < fs->n_refs; k++) {
			struct cas_fs *to = fs->refs[k].to;
			if (to && to->is_token && !fs->is_token && !is_metadata(fs))
				want(to);
		}
	}
}

/* ---- chains ------------------------------------------------------------------------------------------------- */

static void number_chain(struct cas_fs *first, size_t number)
{
	for (struct cas_fs *fs = first; fs && !fs->chain && fs->placed;) {
		const struct cas_ref *next = ref_to(fs, "next");
		fs->chain = number;
		fs = next ? next->to : NULL;
	}
}

/* A chain is named by what has `first`; where that is missing, by the link that no other link comes before. */
static void number_chains(struct taking *t)
{
	size_t number = 0;
	for (size_t i = 0; i < t->cas->n; i++) {
		const struct cas_ref *next = ref_to(t->cas->fs[i], "next");
		if (next && t->cas->fs[i]->placed)
			next->to->in_chain = true;
	}
	for (size_t i = 0; i < t->cas->n; i++)
		if (is_chain(t->cas->fs[i]))
			number_chain(ref_to(t->cas->fs[i], "first")->to, ++number);
	for (size_t i = 0; i < t->cas->n; i++) {
		struct cas_fs *fs = t->cas->fs[i];
		if (fs->placed && ref_to(fs, "next") && !fs->in_chain && !fs->chain)
			number_chain(fs, ++number);
	}
}

/* ---- labels and features ------------------------------------------------------------------------------------- */

/* The feature that names it: of links of a chain referenceType, see cas.h. */
static struct str naming_of(const struct cas_fs *fs)
{
	return fs->chain ? S("referenceType") : cas_naming(fs->type);
}

static struct str name_of(const struct cas_fs *fs)
{
	return node_get_text(fs->features, naming_of(fs));
}

/* The name is told by the label, unless that would be taken for the type's own. */
static bool told_by_label(const struct cas_fs *fs, struct str feature)
{
	return str_eq(feature, naming_of(fs)) && name_of(fs).n && !str_eq(name_of(fs), cas_short(fs->type));
}

static void put_layer(struct node *item, struct str type)
{
	struct buf plain = {0};
	cas_add_plain(&plain, type);
	record_put_attribute(item, S("layer"), buf_str(&plain));
	buf_free(&plain);
}

static void put_number(struct node *item, struct str attribute, size_t number)
{
	struct buf digits = {0};
	buf_addf(&digits, "%zu", number);
	record_put_attribute(item, attribute, buf_str(&digits));
	buf_free(&digits);
}

/* "wikidata:Q1" is an item of a knowledge base, "http://…" names itself. */
static void put_link(struct node *item, struct str identifier)
{
	size_t colon = str_byte(identifier, ':', 0);
	bool address = colon != NOWHERE && str_starts(str_sub(identifier, colon, identifier.n), S("://"));
	if (colon == NOWHERE || colon == 0 || address)
		record_add_link(item, STR_NONE, identifier, STR_NONE);
	else
		record_add_link(item, str_sub(identifier, 0, colon), str_sub(identifier, colon + 1, identifier.n),
		                STR_NONE);
}

static void put_value(struct node *item, struct str name, const struct node *value)
{
	struct buf joined = {0};
	for (size_t i = 0; value->kind == NODE_LIST && i < value->n; i++) {
		buf_adds(&joined, i ? "\n" : "");
		buf_add(&joined, node_scalar(value->items[i]));
	}
	struct buf plain = {0};
	cas_add_plain(&plain, name);
	record_put_attribute(item, buf_str(&plain), value->kind == NODE_LIST ? buf_str(&joined) : node_scalar(value));
	buf_free(&plain);
	buf_free(&joined);
}

static void put_features(const struct cas_fs *fs, struct node *item)
{
	for (size_t i = 0; i < fs->features->n; i++) {
		struct str key = fs->features->keys[i];
		const struct node *value = fs->features->items[i];
		if (node_is_absent(value) || told_by_label(fs, key) ||
		    (fs->chain && str_eq(key, S("referenceRelation"))))
			continue;
		if (str_eq(key, S("note")) && value->kind == NODE_SCALAR && value->text.n)
			node_put_text(item, S("note"), value->text);
		else if (str_eq(key, S("identifier")) && str_eq(fs->type, S(CAS_ENTITY)) && node_scalar(value).n)
			put_link(item, node_scalar(value));
		else
			put_value(item, key, value);
	}
}

static struct str label_of(const struct cas_fs *fs)
{
	return name_of(fs).n ? name_of(fs) : cas_short(fs->type);
}

/* ---- spans -------------------------------------------------------------------------------------------------- */

static void take_span(struct taking *t, const struct cas_fs *fs, const struct unit_span *place)
{
	if (!place->fits || place->stop < place->off) {
		record_fail(&t->record, fs->line, 0, ERROR_OFFSET,
		            "%.*s: %llu-%llu is no place in the text, which is counted in UTF-16 code units",
		            (int)fs->type.n, fs->type.p, (unsigned long long)fs->begin, (unsigned long long)fs->end);
		return;
	}
	struct node *span = record_add_span(&t->record, fs->key, label_of(fs), place->from, place->to);
	span->line = (uint32_t)fs->line;
	if (!str_eq(fs->type, S(CAS_ENTITY)) || !told_by_label(fs, S("value")))
		put_layer(span, fs->type);
	if (fs->chain)
		put_number(span, S("chain"), fs->chain);
	put_features(fs, span);
}

static void take_spans(struct taking *t)
{
	size_t n = 0;
	t->places = mem_array(t->cas->n + 1, sizeof *t->places);
	for (size_t i = 0; i < t->cas->n; i++) {
		const struct cas_fs *fs = t->cas->fs[i];
		if (fs->is_span && in_view(t, fs))
			t->places[n++] = (struct unit_span){.start = fs->begin, .end = fs->end, .line = fs->line};
	}
	units_place(t->view->text, (struct unit){.unit = UNIT_UTF16}, t->places, n);
	n = 0;
	for (size_t i = 0; i < t->cas->n; i++) {
		struct cas_fs *fs = t->cas->fs[i];
		if (!fs->is_span || !in_view(t, fs))
			continue;
		take_span(t, fs, &t->places[n]);
		fs->is_span = t->places[n].fits && t->places[n].stop >= t->places[n].off;
		n++;
	}
}

/* ---- relations ---------------------------------------------------------------------------------------------- */

static bool is_end(const struct taking *t, const struct cas_fs *fs)
{
	return fs && fs->is_span && in_view(t, fs);
}

static void lost_reference(struct taking *t, const struct cas_fs *fs, struct str feature)
{
	losses_add(&t->job->losses, 1, "references %.*s.%.*s", (int)fs->type.n, fs->type.p, (int)feature.n, feature.p);
}

static void take_relation(struct taking *t, const struct cas_fs *fs)
{
	const struct cas_ref *governor = ref_to(fs, "Governor"), *dependent = ref_to(fs, "Dependent");
	const struct cas_fs *from = governor ? governor->to : NULL, *to = dependent ? dependent->to : NULL;
	if (!is_end(t, from) || !is_end(t, to)) {
		record_fail(&t->record, fs->line, 0, ERROR_REFERENCE,
		            "%.*s: an end of it is no annotation of this text", (int)fs->type.n, fs->type.p);
		return;
	}
	struct node *relation = record_add_relation(&t->record, STR_NONE, label_of(fs), from->key, to->key);
	relation->line = (uint32_t)fs->line;
	if (!str_eq(fs->type, S(CAS_RELATION)) || !told_by_label(fs, S("value")))
		put_layer(relation, fs->type);
	put_features(fs, relation);
	for (size_t i = 0; i < fs->n_refs; i++)
		if (!str_eq(fs->refs[i].feature, S("Governor")) && !str_eq(fs->refs[i].feature, S("Dependent")))
			lost_reference(t, fs, fs->refs[i].feature);
}

/* Relations have no order of their own. */
static void keep_order(struct taking *t, struct node *relation, const struct cas_fs *fs, const struct cas_ref *ref)
{
	size_t n = 0;
	for (const struct cas_ref *other = fs->refs; other < ref; other++)
		n += str_eq(other->feature, ref->feature);
	if (n)
		node_put(record_keep(&t->record, relation), S(CAS_ORDER), node_number(n));
}

static void take_slot(struct taking *t, const struct cas_fs *host, const struct cas_ref *ref)
{
	const struct cas_fs *link = ref->to, *target = ref_to(link, "target")->to;
	struct str role = node_get_text(link->features, S("role"));
	if (!is_end(t, target)) {
		lost_reference(t, host, ref->feature);
		return;
	}
	struct node *relation =
	    record_add_relation(&t->record, STR_NONE, role.n ? role : ref->feature, host->key, target->key);
	relation->line = (uint32_t)host->line;
	keep_order(t, relation, host, ref);
	put_layer(relation, link->type);
	record_put_attribute(relation, S("slot"), ref->feature);
	for (size_t i = 0; i < link->features->n; i++)
		if (!str_eq(link->features->keys[i], S("role")) && !node_is_absent(link->features->items[i]))
			put_value(relation, link->features->keys[i], link->features->items[i]);
}

static void take_next(struct taking *t, const struct cas_fs *fs, const struct cas_fs *next)
{
	struct str type = node_get_text(fs->features, S("referenceRelation"));
	struct node *relation =
	    record_add_relation(&t->record, STR_NONE, type.n ? type : S("next"), fs->key, next->key);
	relation->line = (uint32_t)fs->line;
	put_number(relation, S("chain"), fs->chain);
}

static void take_references(struct taking *t, const struct cas_fs *fs)
{
	for (size_t i = 0; i < fs->n_refs; i++) {
		const struct cas_ref *ref = &fs->refs[i];
		if (ref->to && is_link(ref->to)) {
			take_slot(t, fs, ref);
		} else if (fs->chain && str_eq(ref->feature, S("next")) && is_end(t, ref->to)) {
			take_next(t, fs, ref->to);
		} else if (is_end(t, ref->to)) {
			struct node *relation =
			    record_add_relation(&t->record, STR_NONE, ref->feature, fs->key, ref->to->key);
			record_put_attribute(relation, S("reference"), ref->list ? S("list") : S("one"));
			keep_order(t, relation, fs, ref);
		} else if (!str_eq(ref->id, S("0"))) { /* the null of XMI */
			lost_reference(t, fs, ref->feature);
		}
	}
}

static void take_relations(struct taking *t)
{
	for (size_t i = 0; i < t->cas->n; i++) {
		const struct cas_fs *fs = t->cas->fs[i];
		if (is_end(t, fs) && !fs->is_token)
			take_references(t, fs);
		else if (is_relation(fs) && in_view(t, fs))
			take_relation(t, fs);
	}
}

/* ---- views -------------------------------------------------------------------------------------------------- */

static void take_language(struct taking *t)
{
	for (size_t i = 0; i < t->cas->n; i++) {
		const struct cas_fs *fs = t->cas->fs[i];
		struct str language = node_get_text(fs->features, S("language"));
		if (is_document(t->cas, fs) && in_view(t, fs) && language.n && !str_eq(language, S("x-unspecified")))
			node_put_text(t->record.object, S("language"), language);
	}
}

/* What is said of the whole text goes back as it is: a map of its type and its features. */
static void keep_document(struct taking *t)
{
	for (size_t i = 0; i < t->cas->n; i++) {
		const struct cas_fs *fs = t->cas->fs[i];
		if (!is_document(t->cas, fs) || !in_view(t, fs))
			continue;
		struct node *kept = node_map();
		node_put_text(kept, S("type"), fs->type);
		for (size_t k = 0; k < fs->features->n; k++) {
			if (fs->features->items[k]->kind == NODE_SCALAR)
				node_put(kept, fs->features->keys[k], node_copy(fs->features->items[k]));
			else
				losses_add(&t->job->losses, 1, "features %.*s.%.*s", (int)fs->type.n, fs->type.p,
				           (int)fs->features->keys[k].n, fs->features->keys[k].p);
		}
		node_put(record_keep(&t->record, t->record.object), S(CAS_DOCUMENT), kept);
		return;
	}
}

/* report.txt, of another view than the first report-NAME.txt. */
static void put_name(struct taking *t, bool first)
{
	char *name = record_name(t->job);
	struct buf out = {0};
	struct str stem = str_sub(str_of(name), 0, strlen(name) - strlen(".txt"));
	buf_add(&out, stem);
	if (!first)
		buf_addf(&out, "-%.*s", (int)t->view->name.n, t->view->name.p);
	buf_adds(&out, ".txt");
	node_put_text(t->record.object, S("file"), buf_str(&out));
	buf_free(&out);
	mem_free(name);
}

static void count_losses(struct taking *t)
{
	for (size_t i = 0; i < t->cas->n; i++) {
		const struct cas_fs *fs = t->cas->fs[i];
		bool known = fs->is_span || fs->is_token || is_relation(fs) || is_chain(fs) || is_link(fs) ||
		             is_document(t->cas, fs) || cas_is_array(fs->type);
		if (!known)
			losses_add(&t->job->losses, 1, "structures of %.*s", (int)fs->type.n, fs->type.p);
	}
}

static bool take_view(struct import_job *job, struct cas *c, struct cas_view *view, bool first, const char *path,
                      struct error *err)
{
	struct taking t = {.job = job, .cas = c, .view = view, .record = record_new(job, path, 1)};
	put_name(&t, first);
	node_put_text(t.record.object, S("text"), view->text);
	take_language(&t);
	keep_document(&t);
	take_spans(&t);
	take_relations(&t);
	for (size_t i = 0; c->kept && i < c->kept->n; i++)
		node_put(record_keep(&t.record, t.record.object), c->kept->keys[i], node_copy(c->kept->items[i]));
	cas_keep_tokens(&t.record, c, view, job->format == &webanno_format);
	mem_free(t.places);
	return record_take(&t.record, err);
}

bool cas_take(struct import_job *job, struct cas *c, const char *path, struct error *err)
{
	struct taking all = {.job = job, .cas = c};
	size_t texts = 0;
	bool fine = true;
	choose_spans(&all);
	number_chains(&all);
	for (size_t i = 0; fine && i < c->n_views; i++) {
		if (!c->views[i].has_text)
			continue;
		fine = take_view(job, c, &c->views[i], texts == 0, path, err);
		texts++;
	}
	count_losses(&all);
	if (texts)
		return fine;
	job->counts.objects++;
	losses_add(&job->losses, 1, "CAS without a text, which make no article");
	for (size_t i = 0; i < c->n; i++)
		if (c->fs[i]->is_span)
			losses_add(&job->losses, 1, "annotations of no text");
	return fine;
}
