/* set.c: storage, order and queries; see set.h.  Items and their maps are in set_item.c.
 *
 * Order.  `order` holds the slots of living spans by position.  Changes only say that it is stale; it is put right when
 * somebody asks, in one pass for any number of changes.  Above it stands a segment tree of the largest end in each
 * block of BLOCK spans, so that what touches a range is found without looking at what ends before. */
#include "annotations/set.h"

#include <stdlib.h>
#include <string.h>

#include "annotations/set_internal.h"

#define BLOCK         ((size_t)16)
#define SEARCH_BUDGET ((size_t)1 << 30) /* bytes: about a second of looking for what is lost */

struct set *set_new(struct article *article, struct schema *schema)
{
	struct set *s = mem_alloc(sizeof(*s));
	s->article = article;
	s->schema = schema;
	s->top = node_map();
	s->top_read = node_map();
	s->search_budget = SEARCH_BUDGET;
	return s;
}

static void drop_recent(struct set *s)
{
	for (size_t i = 0; i < SET_RECENT; i++) {
		node_free(s->recent[i].map);
		s->recent[i] = (struct recent){0};
	}
}

static void set_empty(struct set *s)
{
	drop_recent(s);
	set_drop_lists(s);
	for (size_t i = 0; i < s->n_items; i++)
		node_free(s->items[i].map);
	for (size_t k = 0; k < ITEM_KINDS; k++)
		mem_free(s->by_kind[k].list);
	mem_free(s->items);
	mem_free(s->table.slots);
	mem_free(s->spans);
	mem_free(s->order);
	mem_free(s->waiting);
	mem_free(s->reach);
	node_free(s->top);
	node_free(s->top_read);
	buf_free(&s->bytes);
	arena_free(&s->memory);
}

void set_free(struct set *s)
{
	if (!s)
		return;
	set_empty(s);
	mem_free(s);
}

void set_become(struct set *s, struct set *from)
{
	unsigned version = s->version > from->version ? s->version : from->version;
	set_empty(s);
	*s = *from;
	s->version = version + 1;
	mem_free(from);
}

struct article *set_article(const struct set *s)
{
	return s->article;
}

struct schema *set_schema(const struct set *s)
{
	return s->schema;
}

enum status set_status(const struct set *s)
{
	return s->status;
}

unsigned set_version(const struct set *s)
{
	return s->version;
}

/* ---- items by id -------------------------------------------------------------------------------------------- */

/* FNV-1a, Fowler, Noll and Vo; the seed tells the kinds apart. */
static uint32_t hash_of(enum item_kind kind, struct str id)
{
	uint64_t h = 0xcbf29ce484222325u ^ (uint64_t)kind * 0x9e3779b97f4a7c15u;
	for (size_t i = 0; i < id.n; i++)
		h = (h ^ (unsigned char)id.p[i]) * 0x100000001b3u;
	return (uint32_t)(h ^ h >> 32);
}

/* Items of another hash are not looked at. */
static struct table_slot *table_place(const struct set *s, enum item_kind kind, struct str id, uint32_t hash)
{
	size_t mask = s->table.n - 1;
	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		struct table_slot *slot = &s->table.slots[i];
		if (slot->item == 0)
			return slot;
		const struct item *item = &s->items[slot->item - 1];
		if (slot->hash == hash && item->kind == kind && str_eq(item->id, id))
			return slot;
	}
}

uint32_t set_find(const struct set *s, enum item_kind kind, struct str id)
{
	if (s->table.n == 0)
		return NO_ITEM;
	uint32_t found = table_place(s, kind, id, hash_of(kind, id))->item;
	return found ? found - 1 : NO_ITEM;
}

static void table_grow(struct set *s)
{
	struct table_slot *old = s->table.slots;
	size_t n = s->table.n, mask;
	s->table.n = n ? 2 * n : 16;
	s->table.slots = mem_array(s->table.n, sizeof(*s->table.slots));
	mask = s->table.n - 1;
	for (size_t i = 0; i < n; i++) {
		size_t to = old[i].hash & mask;
		while (old[i].item && s->table.slots[to].item)
			to = (to + 1) & mask;
		if (old[i].item)
			s->table.slots[to] = old[i];
	}
	mem_free(old);
}

static void list_add(struct item_list *l, uint32_t item)
{
	if (l->n == l->cap) {
		l->cap += l->cap / 2 + 8;
		l->list = mem_grow(l->list, l->cap, sizeof(*l->list));
	}
	l->list[l->n++] = item;
}

uint32_t set_new_item(struct set *s, enum item_kind kind, struct str id, bool opaque)
{
	if (s->n_items == s->cap_items) {
		s->cap_items += s->cap_items / 2 + 8;
		s->items = mem_grow(s->items, s->cap_items, sizeof(*s->items));
	}
	uint32_t index = (uint32_t)s->n_items++;
	s->items[index] = (struct item){.id = arena_dup(&s->memory, id), .kind = (uint8_t)kind, .opaque = opaque};
	list_add(&s->by_kind[kind], index);
	if (opaque)
		return index;
	if (2 * (s->table.used + 1) > s->table.n)
		table_grow(s);
	s->table.used++;
	uint32_t hash = hash_of(kind, id);
	*table_place(s, kind, id, hash) = (struct table_slot){index + 1, hash};
	return index;
}

void set_note_change(struct set *s, enum item_kind kind)
{
	s->version++;
	drop_recent(s);
	if (kind != ITEM_SPAN && kind != ITEM_ARTICLE)
		set_drop_lists(s);
}

/* What was made to grow has room to spare; what was loaded mostly stays as it is. */
void set_trim(struct set *s)
{
	(void)set_spans(s);
	mem_free(s->waiting);
	s->waiting = NULL;
	s->cap_waiting = 0;
	if (s->n_items == 0)
		return;
	s->cap_items = s->n_items;
	s->items = mem_grow(s->items, s->n_items, sizeof(*s->items));
	for (size_t k = 0; k < ITEM_KINDS; k++) {
		struct item_list *l = &s->by_kind[k];
		l->cap = l->n;
		if (l->n)
			l->list = mem_grow(l->list, l->n, sizeof(*l->list));
	}
	if (s->n_spans == 0)
		return;
	s->cap_spans = s->n_spans;
	s->spans = mem_grow(s->spans, s->n_spans, sizeof(*s->spans));
}

/* ---- order of spans ----------------------------------------------------------------------------------------- */

static int compare_spans(const struct span *a, const struct span *b)
{
	bool a_lost = a->anchoring == ANCHOR_LOST, b_lost = b->anchoring == ANCHOR_LOST;
	if (a_lost != b_lost)
		return a_lost ? 1 : -1;
	if (a->off != b->off)
		return a->off < b->off ? -1 : 1;
	if (a->end != b->end)
		return a->end > b->end ? -1 : 1;
	return str_cmp(a->id, b->id);
}

static int compare_slots(const void *a, const void *b, void *ctx)
{
	const struct set *s = ctx;
	return compare_spans(&s->spans[*(const uint32_t *)a], &s->spans[*(const uint32_t *)b]);
}

uint32_t set_new_slot(struct set *s)
{
	if (s->n_spans == s->cap_spans) {
		s->cap_spans += s->cap_spans / 2 + 8;
		s->spans = mem_grow(s->spans, s->cap_spans, sizeof(*s->spans));
	}
	s->spans[s->n_spans] = (struct span){0};
	return (uint32_t)s->n_spans++;
}

void set_put_slot(struct set *s, uint32_t slot)
{
	if (s->n_waiting == s->cap_waiting) {
		s->cap_waiting = s->cap_waiting ? 2 * s->cap_waiting : 16;
		s->waiting = mem_grow(s->waiting, s->cap_waiting, sizeof(*s->waiting));
	}
	s->waiting[s->n_waiting++] = slot;
	s->stale = true;
}

void set_take_slot(struct set *s)
{
	s->stale = true;
}

static bool slot_alive(const struct set *s, uint32_t slot)
{
	return s->items[s->spans[slot].record].alive;
}

static size_t keep_settled(struct set *s)
{
	size_t kept = 0;
	for (size_t i = 0; i < s->n_order; i++)
		if (!s->spans[s->order[i]].unsettled && slot_alive(s, s->order[i]))
			s->order[kept++] = s->order[i];
	return kept;
}

/* Whether what waits came in its order, as from files mostly. */
static bool in_order(struct set *s, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (compare_slots(&s->waiting[i - 1], &s->waiting[i], s) > 0)
			return false;
	return true;
}

/* A slot may wait twice, or have died while it waited. */
static size_t settle_waiting(struct set *s)
{
	size_t n = 0;
	for (size_t i = 0; i < s->n_waiting; i++) {
		struct span *span = &s->spans[s->waiting[i]];
		if (span->unsettled && slot_alive(s, s->waiting[i]))
			s->waiting[n++] = s->waiting[i];
		span->unsettled = false;
	}
	if (!in_order(s, n))
		qsort_r(s->waiting, n, sizeof(*s->waiting), compare_slots, s);
	return n;
}

static void merge_waiting(struct set *s, size_t kept, size_t n)
{
	if (kept + n > s->cap_order) {
		s->cap_order = kept + n + (kept + n) / 16 + 4;
		s->order = mem_grow(s->order, s->cap_order, sizeof(*s->order));
	}
	size_t to = kept + n;
	while (n) {
		bool settled_last = kept && compare_slots(&s->order[kept - 1], &s->waiting[n - 1], s) > 0;
		s->order[--to] = settled_last ? s->order[--kept] : s->waiting[--n];
	}
}

static void build_reach(struct set *s)
{
	size_t blocks = (s->n_order + BLOCK - 1) / BLOCK, leaves = 1;
	while (leaves < blocks)
		leaves *= 2;
	if (leaves != s->reach_leaves) {
		s->reach = mem_grow(s->reach, 2 * leaves, sizeof(*s->reach));
		s->reach_leaves = leaves;
	}
	memset(s->reach, 0, 2 * leaves * sizeof(*s->reach));
	for (size_t i = 0; i < s->placed; i++) {
		uint32_t *leaf = &s->reach[leaves + i / BLOCK], end = s->spans[s->order[i]].end;
		if (end > *leaf)
			*leaf = end;
	}
	for (size_t i = leaves; i-- > 1;)
		s->reach[i] = s->reach[2 * i] > s->reach[2 * i + 1] ? s->reach[2 * i] : s->reach[2 * i + 1];
}

/* Questions about order come through here: a const set may still owe itself the work. */
static struct set *settled(const struct set *borrowed)
{
	struct set *s = (struct set *)(uintptr_t)borrowed;
	if (!s->stale)
		return s;
	size_t kept = keep_settled(s), n = settle_waiting(s);
	merge_waiting(s, kept, n);
	s->n_order = kept + n;
	s->n_waiting = 0;
	s->placed = s->n_order;
	while (s->placed && s->spans[s->order[s->placed - 1]].anchoring == ANCHOR_LOST)
		s->placed--;
	build_reach(s);
	s->stale = false;
	return s;
}

/* ---- spans -------------------------------------------------------------------------------------------------- */

size_t set_spans(const struct set *s)
{
	return settled(s)->n_order;
}

const struct span *set_span(const struct set *s, size_t i)
{
	s = settled(s);
	return i < s->n_order ? &s->spans[s->order[i]] : NULL;
}

static size_t first_not_before(const struct set *s, const struct span *key)
{
	size_t low = 0, high = s->n_order;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_spans(&s->spans[s->order[middle]], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t set_find_span(const struct set *s, struct str id)
{
	uint32_t item = set_find(s, ITEM_SPAN, id);
	if (item == NO_ITEM || !s->items[item].alive)
		return NOWHERE;
	s = settled(s);
	return first_not_before(s, &s->spans[s->items[item].index]);
}

size_t set_from(const struct set *s, size_t off)
{
	s = settled(s);
	size_t low = 0, high = s->placed;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (s->spans[s->order[middle]].off < off)
			low = middle + 1;
		else
			high = middle;
	}
	return low == s->placed ? s->n_order : low;
}

static bool touches(const struct span *span, size_t from, size_t to)
{
	if (span->off == span->end)
		return span->off >= from && span->off <= to;
	return span->off < to && span->end > from;
}

struct touching {
	const struct set *s;
	size_t from, to, limit; /* limit: order[limit ..) starts behind to */
	size_t **out, *n, *cap;
};

static void take_block(struct touching *t, size_t block)
{
	size_t end = (block + 1) * BLOCK < t->limit ? (block + 1) * BLOCK : t->limit;
	for (size_t i = block * BLOCK; i < end; i++) {
		if (!touches(&t->s->spans[t->s->order[i]], t->from, t->to))
			continue;
		if (*t->n == *t->cap) {
			*t->cap = *t->cap ? 2 * *t->cap : 16;
			*t->out = mem_grow(*t->out, *t->cap, sizeof(**t->out));
		}
		(*t->out)[(*t->n)++] = i;
	}
}

/* Depth is the logarithm of the number of spans. */
static void descend(struct touching *t, size_t node, size_t first_block, size_t blocks)
{
	if (first_block * BLOCK >= t->limit || t->s->reach[node] < t->from)
		return;
	if (blocks == 1) {
		take_block(t, first_block);
		return;
	}
	descend(t, 2 * node, first_block, blocks / 2);
	descend(t, 2 * node + 1, first_block + blocks / 2, blocks / 2);
}

void set_touching(const struct set *s, size_t from, size_t to, size_t **out, size_t *n, size_t *cap)
{
	s = settled(s);
	size_t limit = to == NOWHERE ? s->placed : set_from(s, to + 1);
	struct touching t = {s, from, to, limit < s->placed ? limit : s->placed, out, n, cap};
	if (t.limit)
		descend(&t, 1, 0, s->reach_leaves);
}

void set_span_text(const struct set *s, const struct span *span, struct buf *out)
{
	struct str text = article_text(s->article);
	if (span->anchoring == ANCHOR_LOST)
		return;
	for (size_t i = 0; i < span->n_fragments; i++) {
		if (i)
			buf_adds(out, " … ");
		buf_add(out, str_sub(text, span->fragments[i].off, span->fragments[i].end));
	}
}
