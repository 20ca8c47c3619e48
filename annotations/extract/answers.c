/* answers.c: see answers.h. */
#include "annotations/extract/answers.h"

#include <stdlib.h>

#include "model/io.h"

void answers_free(struct answers *a)
{
	for (size_t i = 0; i < a->n_spans; i++) {
		mem_free(a->spans[i].label);
		mem_free(a->spans[i].by);
	}
	for (size_t i = 0; i < a->n_fields; i++) {
		mem_free(a->fields[i].name);
		mem_free(a->fields[i].value);
		mem_free(a->fields[i].by);
	}
	for (size_t i = 0; i < a->n_relations; i++) {
		mem_free(a->relations[i].type);
		mem_free(a->relations[i].by);
	}
	mem_free(a->spans);
	mem_free(a->fields);
	mem_free(a->relations);
	*a = (struct answers){0};
}

/* ---- putting together --------------------------------------------------------------------------------------- */

static int compare_place(const struct answer_span *s, uint64_t start, uint64_t end, struct str label)
{
	if (s->start != start)
		return s->start < start ? -1 : 1;
	if (s->end != end)
		return s->end < end ? -1 : 1;
	return str_cmp(str_of(s->label), label);
}

static int by_place(const void *a, const void *b)
{
	const struct answer_span *s = a, *t = b;
	int order = compare_place(s, t->start, t->end, str_of(t->label));
	return order ? order : (s->asked > t->asked) - (s->asked < t->asked);
}

/* The first span at or after it. */
static size_t lower_bound(const struct answers *a, uint64_t start, uint64_t end, struct str label)
{
	size_t low = 0, high = a->n_spans;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_place(&a->spans[middle], start, end, label) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct answer_span *find_span(const struct answers *a, uint64_t start, uint64_t end, struct str label)
{
	size_t i = lower_bound(a, start, end, label);
	return i < a->n_spans && compare_place(&a->spans[i], start, end, label) == 0 ? &a->spans[i] : NULL;
}

static bool has_span_at(const struct answers *a, const uint64_t at[2])
{
	size_t i = lower_bound(a, at[0], at[1], STR_NONE);
	return i < a->n_spans && a->spans[i].start == at[0] && a->spans[i].end == at[1];
}

static char *both_names(const char *first, const char *second)
{
	struct buf both = {0};
	buf_addf(&both, "%s+%s", first, second);
	return buf_take(&both);
}

/* The same span twice from one extractor is one and raises nothing. */
static void join_span(struct answer_span *first, struct answer_span *later)
{
	if (first->asked == later->asked) {
		bool better = first->score == SCORE_NONE || (later->score != SCORE_NONE && later->score > first->score);
		first->score = better ? later->score : first->score;
	} else {
		char *by = both_names(first->by, later->by);
		mem_free(first->by);
		first->by = by;
		first->score = score_join(first->score, later->score);
		first->asked = later->asked;
	}
	mem_free(later->label);
	mem_free(later->by);
}

static void join_spans(struct answers *a)
{
	size_t n = 0;
	if (a->n_spans)
		qsort(a->spans, a->n_spans, sizeof(*a->spans), by_place);
	for (size_t i = 0; i < a->n_spans; i++) {
		struct answer_span *s = &a->spans[i];
		if (n && compare_place(&a->spans[n - 1], s->start, s->end, str_of(s->label)) == 0)
			join_span(&a->spans[n - 1], s);
		else
			a->spans[n++] = *s;
	}
	a->n_spans = n;
}

/* ---- checking ----------------------------------------------------------------------------------------------- */

struct reading {
	struct answers *to;
	const char *by, *path;
	size_t length; /* of the text */
	const struct schema *schema;
	const struct answer_reports *reports;
	size_t found; /* things that were wrong */
};

static bool wrong(struct reading *r, enum error_code code, const char *format, ...) PRINTF_LIKE(3, 4);
static bool wrong(struct reading *r, enum error_code code, const char *format, ...)
{
	struct error err = {0};
	struct buf text = {0};
	va_list args;
	if (++r->found > ANSWER_REPORTS)
		return false;
	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	error_set(&err, code, r->path, "%s: %s", r->by, text.p);
	r->reports->tell(r->reports->ctx, &err);
	buf_free(&text);
	return false;
}

/* Of a text for a message. */
static int shown(struct str s)
{
	return (int)(s.n < 80 ? s.n : 80);
}

static bool read_range(struct reading *r, const char *what, size_t i, const struct node *start, const struct node *end, uint64_t at[2])
{
	if (!node_is_number(start, &at[0]) || !node_is_number(end, &at[1]))
		return wrong(r, ERROR_OFFSET, "%s %zu needs start and end as whole numbers", what, i + 1);
	if (at[0] >= at[1])
		return wrong(r, ERROR_OFFSET, "%s %zu is reversed or empty: %llu to %llu", what, i + 1, (unsigned long long)at[0],
		             (unsigned long long)at[1]);
	if (at[1] > r->length)
		return wrong(r, ERROR_OFFSET, "%s %zu is outside the text of %zu characters: %llu to %llu", what, i + 1, r->length,
		             (unsigned long long)at[0], (unsigned long long)at[1]);
	return true;
}

static bool read_score(struct reading *r, size_t i, const struct node *score, uint16_t *out)
{
	*out = SCORE_NONE;
	if (!score || node_is_absent(score))
		return true;
	struct str text = node_scalar(score);
	*out = score->quoted ? SCORE_NONE : score_of(text);
	return *out != SCORE_NONE ||
	       wrong(r, ERROR_SCHEMA, "span %zu needs a score from 0 to 1, not %.*s", i + 1, shown(text), text.p ? text.p : "");
}

static void read_span(struct reading *r, size_t i, const struct node *n)
{
	uint64_t at[2];
	uint16_t score;
	if (n->kind != NODE_MAP) {
		wrong(r, ERROR_SCHEMA, "span %zu is no object", i + 1);
		return;
	}
	struct str label = node_get_text(n, S("label"));
	if (!read_range(r, "span", i, node_get(n, S("start")), node_get(n, S("end")), at) || !read_score(r, i, node_get(n, S("score")), &score))
		return;
	size_t known = schema_label(r->schema, label);
	if (known == NOWHERE || !r->schema->labels[known].known) {
		wrong(r, ERROR_SCHEMA, "span %zu has a label that the corpus does not know: %.*s", i + 1, shown(label), label.p ? label.p : "");
		return;
	}
	r->to->spans[r->to->n_spans++] = (struct answer_span){
	    .start = at[0], .end = at[1], .label = str_dup(label), .by = mem_dup(r->by), .score = score, .asked = r->to->asked};
}

static void read_value(struct reading *r, struct str name, const struct node *n)
{
	if (n->kind != NODE_SCALAR || n->text.n == 0 || node_is_absent(n)) {
		wrong(r, ERROR_SCHEMA, "the field %.*s needs text, or a list of texts", shown(name), name.p);
		return;
	}
	if (r->to->n_fields == ANSWER_FIELDS) {
		wrong(r, ERROR_LIMIT, "more than %d values of fields", ANSWER_FIELDS);
		return;
	}
	r->to->fields = mem_grow(r->to->fields, r->to->n_fields + 1, sizeof(*r->to->fields));
	r->to->fields[r->to->n_fields++] = (struct answer_field){str_dup(name), str_dup(n->text), mem_dup(r->by)};
}

static void read_field(struct reading *r, struct str name, const struct node *n)
{
	if (schema_field(r->schema, name) == NOWHERE) {
		wrong(r, ERROR_SCHEMA, "the corpus knows no field %.*s", shown(name), name.p);
		return;
	}
	if (n->kind != NODE_LIST)
		read_value(r, name, n);
	for (size_t i = 0; n->kind == NODE_LIST && i < n->n; i++)
		read_value(r, name, n->items[i]);
}

static bool read_end(struct reading *r, size_t i, const struct node *n, uint64_t at[2])
{
	if (!n || n->kind != NODE_LIST || n->n != 2)
		return wrong(r, ERROR_SCHEMA, "relation %zu needs from and to as [start, end]", i + 1);
	if (!read_range(r, "an end of relation", i, n->items[0], n->items[1], at))
		return false;
	return has_span_at(r->to, at) || wrong(r, ERROR_REFERENCE, "relation %zu: there is no span from %llu to %llu", i + 1,
	                                       (unsigned long long)at[0], (unsigned long long)at[1]);
}

static void read_relation(struct reading *r, size_t i, const struct node *n)
{
	struct str type = node_get_text(n, S("type"));
	struct answer_relation got = {0};
	if (schema_relation(r->schema, type) == NOWHERE) {
		wrong(r, ERROR_SCHEMA, "relation %zu has a type that the corpus does not know: %.*s", i + 1, shown(type), type.p ? type.p : "");
		return;
	}
	if (!read_end(r, i, node_get(n, S("from")), got.from) || !read_end(r, i, node_get(n, S("to")), got.to))
		return;
	got.type = str_dup(type);
	got.by = mem_dup(r->by);
	r->to->relations[r->to->n_relations++] = got;
}

/* The items of a list that need not be there; NULL: it is no list, which is told. */
static const struct node *list_of(struct reading *r, const struct node *object, struct str key)
{
	static const struct node none = {.kind = NODE_LIST};
	const struct node *n = node_get(object, key);
	if (!n || node_is_absent(n))
		return &none;
	if (n->kind == NODE_LIST)
		return n;
	wrong(r, ERROR_SCHEMA, "%.*s must be a list", (int)key.n, key.p);
	return &none;
}

static void read_fields(struct reading *r, const struct node *object)
{
	const struct node *n = node_get(object, S("fields"));
	if (!n || node_is_absent(n))
		return;
	if (n->kind != NODE_MAP)
		wrong(r, ERROR_SCHEMA, "fields must be an object");
	for (size_t i = 0; n->kind == NODE_MAP && i < n->n; i++)
		read_field(r, n->keys[i], n->items[i]);
}

bool answers_add(struct answers *to, const struct node *object, const char *by, struct article *a, const char *path, const struct schema *schema,
                 const struct answer_reports *reports)
{
	struct reading r = {.to = to, .by = by, .path = path, .length = article_length(a), .schema = schema, .reports = reports};
	const struct node *spans = list_of(&r, object, S("spans")), *relations = list_of(&r, object, S("relations"));
	to->asked++;
	to->spans = mem_grow(to->spans, to->n_spans + spans->n + 1, sizeof(*to->spans));
	to->relations = mem_grow(to->relations, to->n_relations + relations->n + 1, sizeof(*to->relations));
	for (size_t i = 0; i < spans->n; i++)
		read_span(&r, i, spans->items[i]);
	join_spans(to);
	read_fields(&r, object);
	for (size_t i = 0; i < relations->n; i++)
		read_relation(&r, i, relations->items[i]);
	if (r.found > ANSWER_REPORTS) {
		struct error err = {0};
		error_set(&err, ERROR_LIMIT, path, "%s: %zu more faults in this answer", by, r.found - ANSWER_REPORTS);
		reports->tell(reports->ctx, &err);
	}
	return r.found == 0;
}

/* ---- with the built-in extractor ---------------------------------------------------------------------------- */

char *answers_join(struct answers *a, uint64_t start, uint64_t end, struct str label, uint16_t *score)
{
	struct answer_span *s = find_span(a, start, end, label);
	if (!s)
		return NULL;
	s->taken = true;
	*score = score_join(*score, s->score);
	return both_names(EXTRACTOR_NAME, s->by);
}

void answers_agree(void *ctx, uint64_t start, uint64_t end, struct str label, struct node *source)
{
	uint16_t score = score_of(node_get_text(source, S("score")));
	char *by = answers_join(ctx, start, end, label, &score);
	if (!by)
		return;
	node_put_text(source, S("by"), str_of(by));
	node_put(source, S("score"), score_node(score));
	mem_free(by);
}

static bool is_wanted(const struct proposal_options *o, const struct answer_span *s)
{
	return !s->taken && (!o->wanted || o->wanted(o->ctx, str_of(s->label)));
}

static struct node *source_of(const char *by, uint16_t score, const char *on)
{
	struct node *map = node_map();
	node_put_text(map, S("by"), str_of(by));
	if (score != SCORE_NONE)
		node_put(map, S("score"), score_node(score));
	if (on)
		node_put_text(map, S("on"), str_of(on));
	return map;
}

/* ---- into a sidecar ----------------------------------------------------------------------------------------- */

/* A span that the group proposes, by its place. */
struct proposed {
	uint64_t start, end;
	const char *id;
};

struct adding {
	const struct answers *from;
	const struct proposal_options *o;
	struct doc *d;
	struct group *g;
	struct proposal_counts *counts;
	char *now;
	struct proposed *proposed;
	size_t n_proposed;
	struct error *err;
};

static bool propose(struct adding *a, enum item_kind kind, struct node *map, uint64_t *count)
{
	bool added = false;
	bool fine = edit_propose(a->g, a->d, kind, map, &added, a->err);
	node_free(map);
	*count += added;
	a->counts->there += fine && !added;
	return fine;
}

static bool propose_spans(struct adding *a)
{
	for (size_t i = 0; i < a->from->n_spans; i++) {
		const struct answer_span *s = &a->from->spans[i];
		if (!is_wanted(a->o, s))
			continue;
		struct node *map = node_map(), *at = node_list();
		node_put_text(map, S("label"), str_of(s->label));
		node_add(at, node_pair(s->start, s->end));
		node_put(map, S("at"), at);
		node_put(map, S("source"), source_of(s->by, s->score, a->now));
		if (!propose(a, ITEM_SPAN, map, &a->counts->spans))
			return false;
	}
	return true;
}

static int by_start(const void *a, const void *b)
{
	const struct proposed *p = a, *q = b;
	if (p->start != q->start)
		return p->start < q->start ? -1 : 1;
	return (p->end > q->end) - (p->end < q->end);
}

static void index_group(struct adding *a)
{
	a->proposed = mem_array(a->g->n_ops + 1, sizeof(*a->proposed));
	for (size_t i = 0; i < a->g->n_ops; i++) {
		const struct op *op = &a->g->ops[i];
		const struct node *at = op->kind == ITEM_SPAN ? node_get(op->set, S("at")) : NULL;
		const struct node *only = at && at->kind == NODE_LIST && at->n == 1 ? at->items[0] : NULL;
		struct proposed p = {.id = op->id};
		if (only && only->kind == NODE_LIST && only->n == 2 && node_is_number(only->items[0], &p.start) && node_is_number(only->items[1], &p.end))
			a->proposed[a->n_proposed++] = p;
	}
	if (a->n_proposed)
		qsort(a->proposed, a->n_proposed, sizeof(*a->proposed), by_start);
}

/* Of the group, else of those there before that were not rejected; NULL: none.  The caller frees it. */
static char *id_at(const struct adding *a, const uint64_t at[2])
{
	struct proposed key = {.start = at[0], .end = at[1]};
	const struct proposed *p = bsearch(&key, a->proposed, a->n_proposed, sizeof(key), by_start);
	if (p)
		return mem_dup(p->id);
	size_t off = article_off(a->d->article, at[0]), end = article_off(a->d->article, at[1]);
	size_t *near = NULL, n = 0, cap = 0;
	char *id = NULL;
	set_touching(a->d->set, (uint32_t)off, (uint32_t)end, &near, &n, &cap);
	for (size_t i = 0; i < n && !id; i++) {
		const struct span *s = set_span(a->d->set, near[i]);
		if (s->off == off && s->end == end && s->verdict != VERDICT_REJECTED)
			id = str_dup(s->id);
	}
	mem_free(near);
	return id;
}

static bool propose_relation(struct adding *a, const struct answer_relation *k)
{
	char *from = id_at(a, k->from), *to = id_at(a, k->to);
	bool fine = true;
	if (from && to) {
		struct node *map = node_map(), *args = node_map();
		node_put_text(map, S("type"), str_of(k->type));
		node_put_text(args, S("from"), str_of(from));
		node_put_text(args, S("to"), str_of(to));
		node_put(map, S("args"), args);
		node_put(map, S("source"), source_of(k->by, SCORE_NONE, a->now));
		fine = propose(a, ITEM_RELATION, map, &a->counts->relations);
	}
	mem_free(from);
	mem_free(to);
	return fine;
}

/* The same value of the same field, proposed by somebody else in this group. */
static bool group_has_field(const struct group *g, const struct answer_field *f)
{
	for (size_t i = g->n_ops; i-- > 0;) {
		const struct op *op = &g->ops[i];
		if (op->kind == ITEM_FIELD && str_eq(node_get_text(op->set, S("name")), str_of(f->name)) &&
		    str_eq(node_get_text(op->set, S("value")), str_of(f->value)))
			return true;
	}
	return false;
}

static bool propose_field(struct adding *a, const struct answer_field *f)
{
	if (group_has_field(a->g, f))
		return true;
	struct node *map = node_map();
	node_put_text(map, S("name"), str_of(f->name));
	node_put_text(map, S("value"), str_of(f->value));
	node_put(map, S("source"), source_of(f->by, SCORE_NONE, a->now));
	return propose(a, ITEM_FIELD, map, &a->counts->fields);
}

bool answers_propose(const struct answers *from, const struct proposal_options *o, struct doc *d, struct group *g, struct proposal_counts *counts,
                     struct error *err)
{
	struct adding a = {.from = from, .o = o, .d = d, .g = g, .counts = counts, .now = io_utc(), .err = err};
	bool fine = propose_spans(&a);
	index_group(&a);
	for (size_t i = 0; fine && i < from->n_relations; i++)
		fine = propose_relation(&a, &from->relations[i]);
	for (size_t i = 0; fine && i < from->n_fields; i++)
		fine = propose_field(&a, &from->fields[i]);
	mem_free(a.proposed);
	mem_free(a.now);
	return fine;
}
