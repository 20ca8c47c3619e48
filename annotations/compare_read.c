/* compare_read.c: the sources of a comparison. */
#include <stdlib.h>

#include "annotations/compare.h"
#include "annotations/formats/lines.h"
#include "annotations/json.h"
#include "model/io.h"

#define SOURCE_FILE ((size_t)1 << 30)

static struct str name_of(struct str file)
{
	for (size_t i = file.n; i-- > 0;)
		if (file.p[i] == '/') {
			file = str_sub(file, i + 1, file.n);
			break;
		}
	return str_ends(file, S(".txt")) ? str_sub(file, 0, file.n - 4) : file;
}

static struct compared_article *add_article(struct compared_source *s, struct str file)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 16;
		s->articles = mem_grow(s->articles, s->cap, sizeof *s->articles);
	}
	s->articles[s->n] = (struct compared_article){.name = arena_dup(&s->memory, name_of(file))};
	return &s->articles[s->n++];
}

static void add_span(struct compared_source *s, struct compared_article *a, struct compared_span span)
{
	if (s->label.n && !str_eq(span.label, s->label))
		return;
	if (a->n == a->cap) {
		a->cap = a->cap ? a->cap * 2 : 32;
		a->spans = mem_grow(a->spans, a->cap, sizeof *a->spans);
	}
	span.label = arena_dup(&s->memory, span.label);
	span.text = arena_dup(&s->memory, span.text);
	span.rule = arena_dup(&s->memory, span.rule);
	a->spans[a->n++] = span;
}

static bool first_and_last(const struct node *map, uint64_t *start, uint64_t *end)
{
	const struct node *at = node_get(map, S("at"));
	if (!at)
		at = node_get(map, S("fragments"));
	if (at && at->kind == NODE_LIST && at->n) {
		const struct node *first = at->items[0], *last = at->items[at->n - 1];
		return first->kind == NODE_LIST && first->n == 2 && last->kind == NODE_LIST && last->n == 2 && node_is_number(first->items[0], start) &&
		       node_is_number(last->items[1], end);
	}
	const struct node *from = node_get(map, S("start")), *to = node_get(map, S("end"));
	return from && to && node_is_number(from, start) && node_is_number(to, end);
}

/* A span as a map of a sidecar or of JSONL. */
static void take_map(struct compared_source *s, struct compared_article *a, const struct node *map, enum compared_as as)
{
	const struct node *original = node_get(map, S("original")), *source = node_get(map, S("source"));
	struct str verdict = node_get_text(map, S("verdict")), label = node_get_text(map, S("label"));
	uint64_t start, end, moved, moved_end;
	if (as == COMPARED_GOLD && (str_eq(verdict, S("rejected")) || str_eq(verdict, S("undecided"))))
		return;
	if (!first_and_last(map, &start, &end))
		return;
	if (as == COMPARED_SYSTEM && original) {
		if (node_get_text(original, S("label")).n)
			label = node_get_text(original, S("label"));
		if (first_and_last(original, &moved, &moved_end))
			start = moved, end = moved_end;
	}
	struct str score = node_get_text(source, S("score")).n ? node_get_text(source, S("score")) : node_get_text(map, S("score"));
	if (start <= end && end <= UINT32_MAX)
		add_span(s, a, (struct compared_span){label, node_get_text(map, S("text")), node_get_text(source, S("rule")), (uint32_t)start, (uint32_t)end,
		                                      score_of(score)});
}

static void take_object(struct compared_source *s, const struct node *object, enum compared_as as)
{
	struct str file = node_get_text(object, S("file"));
	const struct node *spans = node_get(object, S("spans"));
	struct compared_article *a = add_article(s, file.n ? file : node_get_text(object, S("id")));
	for (size_t i = 0; spans && spans->kind == NODE_LIST && i < spans->n; i++)
		take_map(s, a, spans->items[i], as);
}

/* One object over several lines: what `.json` files hold. */
static bool add_json(struct compared_source *s, const char *path, enum compared_as as, struct error *err)
{
	struct buf bytes = {0};
	struct node *object = NULL;
	bool fine = io_read_file(path, SOURCE_FILE, &bytes, NULL, err) && json_read(buf_str(&bytes), path, 1, &object, err);
	if (fine && object->kind == NODE_LIST)
		for (size_t i = 0; i < object->n; i++)
			take_object(s, object->items[i], as);
	else if (fine)
		take_object(s, object, as);
	node_free(object);
	buf_free(&bytes);
	return fine;
}

bool compared_add_jsonl(struct compared_source *s, const char *path, enum compared_as as, struct error *err)
{
	if (str_ends(str_of(path), S(".json")))
		return add_json(s, path, as, err);
	struct lines *in = lines_open(path, NULL, NULL, err);
	struct str line;
	bool fatal, fine = in != NULL;
	while (fine) {
		enum line_result got = lines_next(in, &line, &fatal, err);
		if (got != LINE_READ) {
			fine = got == LINE_END;
			break;
		}
		struct node *object = NULL;
		if (!str_trim(line).n)
			continue;
		fine = json_read(line, lines_name(in), lines_number(in), &object, err);
		if (fine)
			take_object(s, object, as);
		node_free(object);
	}
	if (in)
		lines_close(in);
	return fine;
}

void compared_add_set(struct compared_source *s, struct set *set, struct str file, enum compared_as as)
{
	struct compared_article *a = add_article(s, file);
	for (size_t i = 0; i < set_spans(set); i++) {
		const struct span *span = set_span(set, i);
		if (as == COMPARED_SYSTEM && span->human)
			continue;
		take_map(s, a, set_node(set, ITEM_SPAN, span->id), as);
	}
}

static int by_place(const void *a, const void *b)
{
	const struct compared_span *x = a, *y = b;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	return str_cmp(x->label, y->label);
}

static int by_article(const void *a, const void *b)
{
	return str_cmp(((const struct compared_article *)a)->name, ((const struct compared_article *)b)->name);
}

void compared_sort(struct compared_source *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->articles[i].n)
			qsort(s->articles[i].spans, s->articles[i].n, sizeof *s->articles[i].spans, by_place);
	if (s->n)
		qsort(s->articles, s->n, sizeof *s->articles, by_article);
}

void compared_free(struct compared_source *s)
{
	for (size_t i = 0; i < s->n; i++)
		mem_free(s->articles[i].spans);
	mem_free(s->articles);
	arena_free(&s->memory);
	*s = (struct compared_source){0};
}
