/* check_spans: the spans of a sidecar one by one, and those that lie over one another. */
#include "annotations/check_internal.h"

#include <stdlib.h>

#include "annotations/anchor.h"

/* ---- one span ----------------------------------------------------------------------------------------------- */

static bool check_pair(struct checker *c, const struct node *pair, struct str id, size_t *least, struct fragment *out)
{
	uint64_t from, to;
	size_t length = article_length(c->article);
	if (pair->kind != NODE_LIST || pair->n != 2 || !node_is_number(pair->items[0], &from) ||
	    !node_is_number(pair->items[1], &to)) {
		check_add(c, pair, id, ERROR_SCHEMA, "a fragment is [start, end]");
		return false;
	}
	if (from > to || to > length) {
		check_add(c, pair, id, ERROR_OFFSET, "[%llu, %llu] is not in the text, which has %zu code points",
		          (unsigned long long)from, (unsigned long long)to, length);
		return false;
	}
	if (from < *least) {
		check_add(c, pair, id, ERROR_OFFSET, "fragments must be sorted and must not overlap");
		return false;
	}
	*least = (size_t)to;
	*out = (struct fragment){(uint32_t)article_off(c->article, (size_t)from),
	                         (uint32_t)article_off(c->article, (size_t)to)};
	return true;
}

static void check_place(struct checker *c, struct checked_span *s)
{
	const struct node *at = node_get(s->map, S("at"));
	size_t least = 0;
	bool fine = at && at->kind == NODE_LIST && at->n > 0;
	if (!fine) {
		check_add(c, at ? at : s->map, s->id, ERROR_SCHEMA, "a span needs at: [[start, end]]");
		return;
	}
	s->fragments = mem_array(at->n, sizeof *s->fragments);
	s->n_fragments = at->n;
	for (size_t i = 0; fine && i < at->n; i++)
		fine = check_pair(c, at->items[i], s->id, &least, &s->fragments[i]);
	if (fine)
		return;
	mem_free(s->fragments);
	s->fragments = NULL;
}

static void check_one_text(struct checker *c, const struct checked_span *s, const struct node *text, size_t i)
{
	struct str all = article_text(c->article);
	/* Of an edited article that it was edited says all; what was rejected needs no place any more. */
	if (c->edited || s->verdict == VERDICT_REJECTED)
		return;
	if (text->kind == NODE_SCALAR && anchor_matches(all, s->fragments[i].off, s->fragments[i].end, text->text))
		return;
	struct str there = str_sub(all, s->fragments[i].off, s->fragments[i].end);
	check_add(c, text, s->id, ERROR_TEXT, "the article reads '%.*s' at these offsets", check_shown(there),
	          there.p ? there.p : "");
}

static void check_text(struct checker *c, const struct checked_span *s)
{
	const struct node *text = node_get(s->map, S("text"));
	if (!s->fragments)
		return;
	if (!text)
		check_add(c, s->map, s->id, ERROR_SCHEMA,
		          "a span needs its text, so that it is found when the article changes");
	else if (text->kind == NODE_SCALAR && s->n_fragments == 1)
		check_one_text(c, s, text, 0);
	else if (text->kind != NODE_LIST || text->n != s->n_fragments)
		check_add(c, text, s->id, ERROR_SCHEMA, "text must be one string for each fragment");
	else
		for (size_t i = 0; i < text->n; i++)
			check_one_text(c, s, text->items[i], i);
}

static bool value_known(const struct attribute_type *type, struct str value)
{
	for (size_t i = 0; i < type->n_values; i++)
		if (str_eq(type->values[i], value))
			return true;
	return type->n_values == 0;
}

static void check_attributes(struct checker *c, const struct checked_span *s)
{
	const struct node *map = node_get(s->map, S("attributes"));
	if (map && map->kind != NODE_MAP)
		check_add(c, map, s->id, ERROR_SCHEMA, "attributes must be a map");
	for (size_t i = 0; map && map->kind == NODE_MAP && i < map->n; i++) {
		struct str name = map->keys[i], value = node_scalar(map->items[i]);
		size_t known = schema_attribute(c->schema, name);
		if (known == NOWHERE)
			check_add(c, map->items[i], s->id, ERROR_SCHEMA, "the schema knows no attribute `%.*s`",
			          check_shown(name), name.p);
		else if (s->label != NOWHERE && !label_list_has(&c->schema->attributes[known].on, (uint16_t)s->label))
			check_add(c, map->items[i], s->id, ERROR_SCHEMA, "%.*s is no attribute of this label",
			          check_shown(name), name.p);
		else if (!value_known(&c->schema->attributes[known], value))
			check_add(c, map->items[i], s->id, ERROR_SCHEMA, "`%.*s` is no value of %.*s", check_shown(value),
			          value.p ? value.p : "", check_shown(name), name.p);
	}
}

static void check_original(struct checker *c, const struct checked_span *s)
{
	const struct node *original = node_get(s->map, S("original"));
	if (s->verdict == VERDICT_CORRECTED && !original)
		check_add(c, s->map, s->id, ERROR_SCHEMA, "corrected, but what was proposed (original) is not there");
	if (!original)
		return;
	const struct node *label = node_get(original, S("label")), *at = node_get(original, S("at"));
	bool same = (!label || node_equal(label, node_get(s->map, S("label")))) &&
	            (!at || node_equal(at, node_get(s->map, S("at"))));
	if (s->verdict == VERDICT_CORRECTED && same)
		check_add(c, original, s->id, ERROR_SCHEMA, "corrected, but nothing differs from what was proposed");
	if (s->verdict == VERDICT_ACCEPTED && !same)
		check_add(c, original, s->id, ERROR_SCHEMA,
		          "accepted, but it differs from what was proposed: that is corrected");
}

static void check_span(struct checker *c, struct checked_span *s)
{
	const struct node *label = node_get(s->map, S("label"));
	s->id = node_get_text(s->map, S("id"));
	s->label = label ? schema_label(c->schema, node_scalar(label)) : NOWHERE;
	if (s->label != NOWHERE && !c->schema->labels[s->label].known)
		s->label = NOWHERE;
	if (!label)
		check_add(c, s->map, s->id, ERROR_SCHEMA, "a span needs a label");
	else if (s->label == NOWHERE)
		check_add(c, label, s->id, ERROR_SCHEMA, "the schema knows no label `%.*s`", check_shown(node_scalar(label)),
		          node_scalar(label).p ? node_scalar(label).p : "");
	(void)check_verdict(c, s->map, s->id, &s->verdict);
	c->undecided += s->verdict == VERDICT_UNDECIDED;
	check_place(c, s);
	check_text(c, s);
	check_attributes(c, s);
	check_original(c, s);
}

static int by_id(const void *a, const void *b)
{
	const struct checked_span *x = a, *y = b;
	int order = str_cmp(x->id, y->id);
	return order ? order : (x->map->line > y->map->line) - (x->map->line < y->map->line);
}

void check_spans(struct checker *c)
{
	const struct node *list = node_get(c->top, S("spans"));
	if (!list || node_is_absent(list))
		return;
	if (list->kind != NODE_LIST) {
		check_add(c, list, STR_NONE, ERROR_SCHEMA, "spans must be a list");
		return;
	}
	c->spans = mem_array(list->n + 1, sizeof *c->spans);
	for (size_t i = 0; i < list->n; i++) {
		if (list->items[i]->kind != NODE_MAP) {
			check_add(c, list->items[i], STR_NONE, ERROR_SCHEMA, "a span must be a map");
			continue;
		}
		c->spans[c->n_spans].map = list->items[i];
		check_span(c, &c->spans[c->n_spans++]);
	}
	qsort(c->spans, c->n_spans, sizeof *c->spans, by_id);
}

struct checked_span *check_find_span(struct checker *c, struct str id)
{
	size_t low = 0, high = c->n_spans;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_cmp(c->spans[middle].id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return id.n && low < c->n_spans && str_eq(c->spans[low].id, id) ? &c->spans[low] : NULL;
}

/* ---- overlaps ----------------------------------------------------------------------------------------------- */

struct piece {
	struct fragment at;
	const struct checked_span *span;
};

static int by_start(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;
	if (x->at.off != y->at.off)
		return x->at.off < y->at.off ? -1 : 1;
	if (x->at.end != y->at.end)
		return x->at.end > y->at.end ? -1 : 1;
	return (x->span->map->line > y->span->map->line) - (x->span->map->line < y->span->map->line);
}

/* Those that no person rejected and that take up text. */
static size_t collect_pieces(const struct checker *c, struct piece *out)
{
	size_t n = 0;
	for (size_t i = 0; i < c->n_spans; i++) {
		const struct checked_span *s = &c->spans[i];
		if (!s->fragments || s->label == NOWHERE || s->verdict == VERDICT_REJECTED)
			continue;
		for (size_t k = 0; k < s->n_fragments; k++) {
			if (s->fragments[k].off == s->fragments[k].end)
				continue;
			if (out)
				out[n] = (struct piece){s->fragments[k], s};
			n++;
		}
	}
	return n;
}

static void tell_overlap(struct checker *c, const struct piece *p, const struct piece *before)
{
	struct str label = c->schema->labels[before->span->label].name;
	check_add(c, p->span->map, p->span->id, ERROR_OVERLAP, "over the %.*s of line %u; their layer forbids that",
	          (int)label.n, label.p, before->span->map->line);
}

/* Sorted by start, a piece overlaps an earlier one when it starts before the furthest end so far. */
static void meet(struct checker *c, const struct piece *p, const struct piece **furthest)
{
	if (*furthest && (*furthest)->span != p->span && p->at.off < (*furthest)->at.end)
		tell_overlap(c, p, *furthest);
	if (!*furthest || p->at.end > (*furthest)->at.end)
		*furthest = p;
}

void check_overlaps(struct checker *c)
{
	size_t n = collect_pieces(c, NULL);
	struct piece *pieces = mem_array(n + 1, sizeof *pieces);
	const struct piece **of_label = mem_array(c->schema->n_labels + 1, sizeof *of_label), *of_flat = NULL;
	(void)collect_pieces(c, pieces);
	qsort(pieces, n, sizeof *pieces, by_start);
	for (size_t i = 0; i < n; i++) {
		enum layer layer = c->schema->labels[pieces[i].span->label].layer;
		if (layer == LAYER_FLAT)
			meet(c, &pieces[i], &of_flat);
		else if (layer == LAYER_CONTAINER)
			meet(c, &pieces[i], &of_label[pieces[i].span->label]);
	}
	mem_free(of_label);
	mem_free(pieces);
}
