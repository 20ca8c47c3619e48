/* article_queue: the order in which spans are gone through, its filter, and steps along it.  See article.h. */
#include <stdlib.h>

#include "tui/screens/article.h"

#define NOT_LISTED UINT32_MAX

const char *order_name(enum queue_order order)
{
	static const char *const names[QUEUE_ORDERS] = {"position", "score", "label", "string"};

	return names[order];
}

/* ---- the list ----------------------------------------------------------------------------------------------- */

void queue_forget(struct queue *q)
{
	mem_free(q->list);
	mem_free(q->rank);
	q->list = NULL;
	q->rank = NULL;
	q->n = 0;
	q->made = false;
}

/* Order by position without a filter is the set's own: no list is needed. */
static bool queue_is_plain(const struct queue *q)
{
	return q->order == ORDER_POSITION && q->label == PAINT_NO_LABEL;
}

struct sort_key {
	uint32_t index;
	uint32_t number;   /* score, label or how many fragments */
	size_t from, to;   /* in texts, for the order by string */
	const char *texts; /* borrowed */
};

static struct str key_text(const struct sort_key *key)
{
	return key->to > key->from ? (struct str){key->texts + key->from, key->to - key->from} : STR_NONE;
}

static int compare_keys(const void *one, const void *other)
{
	const struct sort_key *a = one, *b = other;
	int order = a->number != b->number ? (a->number < b->number ? -1 : 1) : str_cmp(key_text(a), key_text(b));

	if (order)
		return order;
	return a->index < b->index ? -1 : a->index > b->index;
}

/* As it reads, so that a name with glosses stands with the name without; what is lost reads as nothing, last. */
static void add_string(const struct review *v, const struct span *span, struct sort_key *key, struct buf *texts)
{
	key->number = span->anchoring == ANCHOR_LOST ? UINT32_MAX : (uint32_t)span->n_fragments;
	key->from = texts->n;
	for (size_t i = 0; span->anchoring != ANCHOR_LOST && i < span->n_fragments; i++)
		reading_text(v->reading, span->fragments[i].off, span->fragments[i].end, texts);
	key->to = texts->n;
}

static struct sort_key sort_key_of(const struct review *v, size_t index, struct buf *texts)
{
	const struct span *span = set_span(v->doc->set, index);
	struct sort_key key = {.index = (uint32_t)index};

	if (v->queue.order == ORDER_SCORE)
		key.number = span->score;
	else if (v->queue.order == ORDER_LABEL)
		key.number = span->label;
	else if (v->queue.order == ORDER_STRING)
		add_string(v, span, &key, texts);
	return key;
}

static void queue_make(struct review *v)
{
	struct queue *q = &v->queue;
	size_t n = set_spans(v->doc->set);
	struct sort_key *keys;
	struct buf texts = {0};

	if (q->made && q->version == set_version(v->doc->set))
		return;
	queue_forget(q);
	keys = mem_array(n + 1, sizeof(*keys));
	q->list = mem_array(n + 1, sizeof(*q->list));
	q->rank = mem_array(n + 1, sizeof(*q->rank));
	for (size_t i = 0; i < n; i++) {
		q->rank[i] = NOT_LISTED;
		if (q->label == PAINT_NO_LABEL || set_span(v->doc->set, i)->label == q->label)
			keys[q->n++] = sort_key_of(v, i, &texts);
	}
	for (size_t i = 0; i < q->n; i++)
		keys[i].texts = texts.p;
	if (q->order != ORDER_POSITION)
		qsort(keys, q->n, sizeof(*keys), compare_keys);
	for (size_t i = 0; i < q->n; i++) {
		q->list[i] = keys[i].index;
		q->rank[keys[i].index] = (uint32_t)i;
	}
	mem_free(keys);
	buf_free(&texts);
	q->made = true;
	q->version = set_version(v->doc->set);
}

/* Whether the order stays as it is when g is applied: verdicts, notes and the like move nothing, so that a key costs no
 * sort. */
bool queue_stands(struct review *v, const struct group *g)
{
	if (!v->queue.made || v->queue.version != set_version(v->doc->set))
		return false;
	for (size_t i = 0; i < g->n_ops; i++) {
		const struct op *op = &g->ops[i];
		bool label_counts = v->queue.order == ORDER_LABEL || v->queue.label != PAINT_NO_LABEL;

		if (op->kind != ITEM_SPAN)
			continue;
		if (!op->was || !op->set || node_get(op->set, S("at")) ||
		    (label_counts && node_get(op->set, S("label"))))
			return false;
	}
	return true;
}

void queue_keep(struct review *v)
{
	v->queue.version = set_version(v->doc->set);
}

size_t queue_size(struct review *v)
{
	if (queue_is_plain(&v->queue))
		return set_spans(v->doc->set);
	queue_make(v);
	return v->queue.n;
}

size_t queue_index(struct review *v, size_t rank)
{
	if (rank >= queue_size(v))
		return NOWHERE;
	return queue_is_plain(&v->queue) ? rank : v->queue.list[rank];
}

size_t queue_rank(struct review *v, size_t index)
{
	if (index >= set_spans(v->doc->set))
		return NOWHERE;
	if (queue_is_plain(&v->queue))
		return index;
	queue_make(v);
	return v->queue.rank[index] == NOT_LISTED ? NOWHERE : v->queue.rank[index];
}

void queue_group(struct review *v, size_t rank, size_t *first, size_t *end, size_t *open)
{
	const struct span *span = set_span(v->doc->set, queue_index(v, rank));
	size_t n = queue_size(v);

	*first = rank;
	*end = rank + 1;
	while (*first > 0 && same_string(v, span, set_span(v->doc->set, queue_index(v, *first - 1))))
		--*first;
	while (*end < n && same_string(v, span, set_span(v->doc->set, queue_index(v, *end))))
		++*end;
	*open = 0;
	for (size_t i = *first; i < *end; i++)
		*open += set_span(v->doc->set, queue_index(v, i))->verdict == VERDICT_UNDECIDED;
}

/* ---- stepping ----------------------------------------------------------------------------------------------- */

bool span_open(const struct span *span)
{
	return span->verdict == VERDICT_UNDECIDED ||
	       (span->anchoring == ANCHOR_LOST && span->verdict != VERDICT_REJECTED);
}

bool test_any(struct review *v, const struct span *span)
{
	(void)v;
	(void)span;
	return true;
}

bool test_open(struct review *v, const struct span *span)
{
	(void)v;
	return span_open(span);
}

static bool test_label(struct review *v, const struct span *span)
{
	return span->label == review_span(v)->label;
}

static bool test_string(struct review *v, const struct span *span)
{
	return same_string(v, review_span(v), span);
}

/* Where stepping begins: the first rank to look at going on, one past it going back. */
static size_t start_rank(struct review *v, int step, size_t n)
{
	size_t index = review_index(v), rank = index == NOWHERE ? NOWHERE : queue_rank(v, index), low = 0, high = n;

	if (rank != NOWHERE)
		return step > 0 ? rank + 1 : rank;
	if (index == NOWHERE || v->queue.order != ORDER_POSITION)
		return step > 0 ? 0 : n;
	/* Not in the filter: from its place in the text. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (queue_index(v, middle) > index)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

size_t queue_step(struct review *v, int step, span_test test, bool wrap)
{
	size_t n = queue_size(v), from = start_rank(v, step, n), left = wrap ? n : step > 0 ? n - from : from;
	size_t here = review_index(v);

	for (size_t i = 0; i < left; i++) {
		size_t rank = step > 0 ? (from + i) % n : (from + n - 1 - i) % n, index = queue_index(v, rank);

		if (index != here && test(v, set_span(v->doc->set, index)))
			return index;
	}
	return NOWHERE;
}

static enum answer go(struct review *v, int step, span_test test, bool wrap, const char *none)
{
	size_t index;

	if (test != test_any && test != test_open && !review_span(v)) {
		app_say(v->app, "No span is current");
		return DONE;
	}
	index = queue_step(v, step, test, wrap);
	if (index == NOWHERE)
		app_say(v->app, "%s", none);
	else
		review_go(v, index);
	return DONE;
}

/* Without spans there is still text to go through. */
static enum answer go_next(struct review *v, int step, const char *none)
{
	if (set_spans(v->doc->set))
		return go(v, step, test_any, false, none);
	review_scroll(v, step);
	return DONE;
}

static enum answer go_lowest(struct review *v)
{
	size_t n = queue_size(v), best = NOWHERE;

	for (size_t rank = 0; rank < n; rank++) {
		size_t index = queue_index(v, rank);
		const struct span *span = set_span(v->doc->set, index);

		if (span_open(span) && (best == NOWHERE || span->score < set_span(v->doc->set, best)->score))
			best = index;
	}
	if (best == NOWHERE)
		app_say(v->app, "No undecided span");
	else
		review_go(v, best);
	return DONE;
}

/* ---- choosing order and filter ------------------------------------------------------------------------------ */

/* Whoever asks for another order wants to begin with it. */
static void go_first_open(struct review *v)
{
	for (size_t rank = 0; rank < queue_size(v); rank++) {
		if (span_open(set_span(v->doc->set, queue_index(v, rank)))) {
			review_go(v, queue_index(v, rank));
			return;
		}
	}
}

static void order_chosen(struct screen *s, size_t value)
{
	struct review *v = review_of(s);

	v->queue.order = (enum queue_order)value;
	queue_forget(&v->queue);
	go_first_open(v);
	app_say(v->app, "Queue by %s", order_name(v->queue.order));
}

static void ask_order(struct review *v)
{
	static const char letters[QUEUE_ORDERS] = {'p', 's', 'l', 't'};
	static const char *const texts[QUEUE_ORDERS] = {"position", "score, lowest first", "label",
	                                                "string, same text together"};

	menu_open(v, "Order of the queue", MODE_TEXT, order_chosen);
	for (size_t i = 0; i < QUEUE_ORDERS; i++)
		menu_add(v, letters[i], str_of(texts[i]), i);
}

static void filter_chosen(struct screen *s, size_t value)
{
	struct review *v = review_of(s);
	size_t index;

	v->queue.label = (uint16_t)value;
	queue_forget(&v->queue);
	if (queue_size(v) == 0) {
		v->queue.label = PAINT_NO_LABEL;
		queue_forget(&v->queue);
		app_say(v->app, "No span of that label");
		return;
	}
	index = review_index(v);
	if (index == NOWHERE || queue_rank(v, index) == NOWHERE) {
		index = queue_step(v, 1, test_open, true);
		review_go(v, index == NOWHERE ? queue_step(v, 1, test_any, true) : index);
	}
}

static enum answer go_end(struct review *v, bool last)
{
	size_t n = queue_size(v);

	if (n)
		review_go(v, queue_index(v, last ? n - 1 : 0));
	else
		review_center(v, last ? article_text(v->doc->article).n : 0);
	return DONE;
}

enum answer queue_act(struct review *v, enum action action)
{
	switch (action) {
	case ACT_NEXT:
		return go_next(v, 1, "This is the last span");
	case ACT_PREVIOUS:
		return go_next(v, -1, "This is the first span");
	case ACT_NEXT_UNDECIDED:
		return go(v, 1, test_open, true, "No other undecided span");
	case ACT_PREVIOUS_UNDECIDED:
		return go(v, -1, test_open, true, "No other undecided span");
	case ACT_NEXT_SAME:
		return go(v, 1, test_string, true, "No other span of this string");
	case ACT_PREVIOUS_SAME:
		return go(v, -1, test_string, true, "No other span of this string");
	case ACT_NEXT_LABEL:
		return go(v, 1, test_label, true, "No other span of this label");
	case ACT_PREVIOUS_LABEL:
		return go(v, -1, test_label, true, "No other span of this label");
	case ACT_LOWEST:
		return go_lowest(v);
	case ACT_FIRST:
	case ACT_LAST:
		return go_end(v, action == ACT_LAST);
	case ACT_ORDER:
		ask_order(v);
		return DONE;
	case ACT_FILTER:
		menu_labels(v, "Only spans labelled", MODE_TEXT, filter_chosen);
		menu_add(v, '*', S("all labels"), PAINT_NO_LABEL);
		return DONE;
	default:
		return PASS;
	}
}
