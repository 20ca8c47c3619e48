/* proposal.c: see proposal.h. */
#include "annotations/extract/proposal.h"

#include "model/io.h"

static bool wanted(const struct proposal_options *o, const struct found *f)
{
	return !o->wanted || o->wanted(o->ctx, o->pack->classes[f->class].name);
}

static struct node *attributes_of(const struct proposal_options *o, const struct found *f)
{
	struct str name = o->pack->classes[f->class].attribute;
	if (!f->value || !name.n)
		return NULL;
	struct node *map = node_map();
	node_put_text(map, name, str_of(f->value));
	return map;
}

static struct node *source_of(const struct proposal_options *o, uint16_t rule, uint16_t score, struct str on)
{
	struct node *map = node_map();
	node_put_text(map, S("by"), S(EXTRACTOR_NAME));
	node_put(map, S("version"), node_number(EXTRACTOR_VERSION));
	if (o)
		node_put_text(map, S("rule"), rule_name(o->pack, rule));
	node_put(map, S("score"), score_node(score));
	if (on.n)
		node_put_text(map, S("on"), on);
	return map;
}

static struct node *span_source(const struct proposal_options *o, struct article *a, const struct found *f, struct str on)
{
	struct node *source = source_of(o, f->rule, f->score, on);
	if (o->seen)
		o->seen(o->seen_ctx, article_cp(a, f->off), article_cp(a, f->end), o->pack->classes[f->class].name, source);
	return source;
}

/* ---- sidecars ----------------------------------------------------------------------------------------------- */

struct adding {
	const struct proposal_options *o;
	const struct extraction *x;
	struct doc *d;
	struct group *g;
	struct proposal_counts *counts;
	char *now;
	char **ids; /* of each span, NULL where it is not to be used */
	struct error *err;
};

/* The span that was there before in this place with this label; one that was rejected is of no use. */
static char *id_there(struct doc *d, uint16_t label, uint32_t off, uint32_t end)
{
	size_t *near = NULL, n = 0, cap = 0;
	char *id = NULL;
	set_touching(d->set, off, end, &near, &n, &cap);
	for (size_t i = 0; i < n && !id; i++) {
		const struct span *s = set_span(d->set, near[i]);
		if (s->off == off && s->end == end && s->label == label && s->verdict != VERDICT_REJECTED)
			id = str_dup(s->id);
	}
	mem_free(near);
	return id;
}

static bool propose(struct adding *a, enum item_kind kind, struct node *map, uint64_t *count, char **id)
{
	bool added = false;
	bool fine = edit_propose(a->g, a->d, kind, map, &added, a->err);
	node_free(map);
	*count += added;
	a->counts->there += fine && !added;
	if (added && id)
		*id = mem_dup(a->g->ops[a->g->n_ops - 1].id);
	return fine;
}

static bool add_spans(struct adding *a)
{
	for (size_t i = 0; i < a->x->n; i++) {
		const struct found *f = &a->x->spans[i];
		if (!wanted(a->o, f))
			continue;
		struct str label = a->o->pack->classes[f->class].name;
		struct node *map = node_map(), *at = node_list();
		node_put_text(map, S("label"), label);
		node_add(at, node_pair(article_cp(a->d->article, f->off), article_cp(a->d->article, f->end)));
		node_put(map, S("at"), at);
		node_put(map, S("source"), span_source(a->o, a->d->article, f, str_of(a->now)));
		node_put(map, S("attributes"), attributes_of(a->o, f));
		if (!propose(a, ITEM_SPAN, map, &a->counts->spans, &a->ids[i]))
			return false;
		if (!a->ids[i])
			a->ids[i] = id_there(a->d, schema_intern(corpus_schema(a->d->corpus), label), f->off, f->end);
	}
	return true;
}

static bool add_relations(struct adding *a)
{
	for (size_t i = 0; i < a->x->n_relations; i++) {
		const struct fact_relation *r = &a->x->relations[i];
		if (!a->ids[r->from] || !a->ids[r->to])
			continue;
		struct node *map = node_map(), *args = node_map();
		node_put_text(map, S("type"), str_of(r->type));
		node_put_text(args, S("from"), str_of(a->ids[r->from]));
		node_put_text(args, S("to"), str_of(a->ids[r->to]));
		node_put(map, S("args"), args);
		node_put(map, S("source"), source_of(NULL, 0, r->score, str_of(a->now)));
		if (!propose(a, ITEM_RELATION, map, &a->counts->relations, NULL))
			return false;
	}
	return true;
}

static bool add_fields(struct adding *a)
{
	for (size_t i = 0; i < a->x->n_fields; i++) {
		const struct fact_field *f = &a->x->fields[i];
		struct node *map = node_map();
		node_put_text(map, S("name"), str_of(f->name));
		node_put_text(map, S("value"), str_of(f->value));
		if (f->span != UINT32_MAX && a->ids[f->span]) {
			struct node *spans = node_list();
			node_add(spans, node_text(str_of(a->ids[f->span])));
			node_put(map, S("spans"), spans);
		}
		node_put(map, S("source"), source_of(NULL, 0, f->score, str_of(a->now)));
		if (!propose(a, ITEM_FIELD, map, &a->counts->fields, NULL))
			return false;
	}
	return true;
}

bool proposal_add(const struct proposal_options *o, const struct extraction *x, struct doc *d, struct group *g, struct proposal_counts *counts,
                  struct error *err)
{
	struct adding a = {.o = o, .x = x, .d = d, .g = g, .counts = counts, .now = io_utc(), .err = err};
	a.ids = mem_array(x->n + 1, sizeof *a.ids);
	bool fine = add_spans(&a) && add_relations(&a) && add_fields(&a);
	for (size_t i = 0; i < x->n; i++)
		mem_free(a.ids[i]);
	mem_free(a.ids);
	mem_free(a.now);
	return fine;
}
