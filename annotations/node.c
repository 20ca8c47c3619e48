/* node.c: see node.h. */
#include "annotations/node.h"

#include <stdlib.h>
#include <string.h>

#include "model/utf8.h"

/* Up to here pairs are compared one by one; a larger map is sorted first, so that no input makes this quadratic. */
#define SMALL_MAP 16

static struct node *node_new(enum node_kind kind)
{
	struct node *n = mem_alloc(sizeof(*n));
	n->kind = kind;
	return n;
}

/* A scalar and its text are one piece of memory: a large sidecar has millions. */
static struct node *scalar_new(struct str text)
{
	struct node *n = mem_grow(NULL, sizeof(*n) + text.n + 1, 1);
	char *bytes = (char *)(n + 1);
	*n = (struct node){.kind = NODE_SCALAR, .text = {bytes, text.n}};
	if (text.n)
		memcpy(bytes, text.p, text.n);
	bytes[text.n] = '\0';
	return n;
}

/* Keys that nearly all maps have are not copied.  By length; `first` says where each length begins. */
static const char common_keys[][12] = {"id",   "at",    "by",    "on",    "text",  "kind",   "type",   "args",    "from",    "file",
                                       "rule", "label", "score", "value", "spans", "source", "judged", "context", "verdict", "version",
                                       "original"};
static const unsigned char first_of_length[] = {0, 0, 0, 4, 4, 11, 15, 17, 20, 21};

static bool is_common(const char *key)
{
	return (uintptr_t)key - (uintptr_t)common_keys < sizeof(common_keys);
}

static struct str owned_key(struct str key)
{
	for (size_t i = key.n < 9 ? first_of_length[key.n] : 0; key.n < 9 && i < first_of_length[key.n + 1]; i++)
		if (memcmp(common_keys[i], key.p, key.n) == 0)
			return (struct str){common_keys[i], key.n};
	return (struct str){str_dup(key), key.n};
}

static void key_free(struct str key)
{
	if (!is_common(key.p))
		mem_free((void *)(uintptr_t)key.p);
}

/* A scalar's own text stands behind it; one that was mended elsewhere. */
static void text_free(struct node *n)
{
	if (n->text.p != (const char *)(n + 1))
		mem_free((void *)(uintptr_t)n->text.p);
}

/* Whether there was something to mend; the caller owns *good. */
static bool mend(struct str text, struct buf *good)
{
	codepoint cp;
	if (utf8_valid(text))
		return false;
	for (size_t off = 0, step; (step = utf8_step(text, off, &cp)); off += step)
		utf8_add(good, cp & UTF8_BAD ? 0xFFFD : cp);
	return true;
}

static void mend_text(struct node *n)
{
	struct buf good = {0};
	if (!mend(n->text, &good))
		return;
	text_free(n);
	n->text.n = good.n;
	n->text.p = buf_take(&good);
}

static void mend_key(struct str *key)
{
	struct buf good = {0};
	if (!mend(*key, &good))
		return;
	key_free(*key);
	key->n = good.n;
	key->p = buf_take(&good);
}

void node_mend(struct node *n)
{
	if (!n)
		return;
	mend_text(n);
	for (size_t i = 0; i < n->n; i++) {
		if (n->kind == NODE_MAP)
			mend_key(&n->keys[i]);
		node_mend(n->items[i]);
	}
}

struct node *node_text(struct str text)
{
	struct node *n = scalar_new(text);
	n->quoted = true;
	return n;
}

struct node *node_plain(struct str text)
{
	return scalar_new(text);
}

struct node *node_number(uint64_t number)
{
	char digits[MOST_DIGITS];
	return node_plain(str_digits(number, digits));
}

struct node *node_absent(void)
{
	return node_plain(S("null"));
}

struct node *node_list(void)
{
	return node_new(NODE_LIST);
}

struct node *node_pair(uint64_t from, uint64_t to)
{
	struct node *pair = node_list();
	node_add(pair, node_number(from));
	node_add(pair, node_number(to));
	return pair;
}

struct node *node_map(void)
{
	return node_new(NODE_MAP);
}

/* ---- growing ---------------------------------------------------------------------------------------------- */

/* There is no capacity to keep: a list of n has room for the next power of two, at least four. */
static size_t room_for(size_t n)
{
	size_t room = 4;
	while (room < n)
		room *= 2;
	return room;
}

/* Arrays in a piece have no room and cannot get any there. */
static void move_out(struct node *n)
{
	struct node **items = mem_array(n->n, sizeof(struct node *));
	memcpy(items, n->items, n->n * sizeof(struct node *));
	n->items = items;
	if (n->kind == NODE_MAP) {
		struct str *keys = mem_array(n->n, sizeof(struct str));
		memcpy(keys, n->keys, n->n * sizeof(struct str));
		n->keys = keys;
	}
	n->within = false;
}

static void make_room(struct node *n)
{
	bool full = n->n == 0 || (n->n >= 4 && (n->n & (n->n - 1)) == 0);
	if (n->within)
		move_out(n);
	else if (!full)
		return;
	size_t room = room_for(n->n + 1);
	n->items = mem_grow(n->items, room, sizeof(struct node *));
	if (n->kind == NODE_MAP)
		n->keys = mem_grow(n->keys, room, sizeof(struct str));
}

void node_add(struct node *list, struct node *item)
{
	make_room(list);
	list->items[list->n++] = item;
}

void node_append(struct node *map, struct str key, struct node *value)
{
	make_room(map);
	map->keys[map->n] = owned_key(key);
	map->items[map->n++] = value;
}

static size_t find_key(const struct node *map, struct str key)
{
	for (size_t i = 0; i < map->n; i++)
		if (str_eq(map->keys[i], key))
			return i;
	return NOWHERE;
}

static void remove_at(struct node *map, size_t i)
{
	key_free(map->keys[i]);
	node_free(map->items[i]);
	map->n--;
	memmove(map->keys + i, map->keys + i + 1, (map->n - i) * sizeof(*map->keys));
	memmove(map->items + i, map->items + i + 1, (map->n - i) * sizeof(struct node *));
}

void node_put(struct node *map, struct str key, struct node *value)
{
	size_t i = find_key(map, key);
	if (i == NOWHERE) {
		if (value)
			node_append(map, key, value);
	} else if (value) {
		node_free(map->items[i]);
		map->items[i] = value;
	} else {
		remove_at(map, i);
	}
}

void node_put_text(struct node *map, struct str key, struct str text)
{
	node_put(map, key, node_text(text));
}

/* ---- copies and ends -------------------------------------------------------------------------------------- */

struct node *node_copy(const struct node *n)
{
	if (!n)
		return NULL;
	struct node *copy = n->kind == NODE_SCALAR ? scalar_new(n->text) : node_new(n->kind);
	copy->quoted = n->quoted;
	copy->line = n->line;
	copy->column = n->column;
	if (n->n == 0)
		return copy;
	copy->n = n->n;
	copy->items = mem_array(room_for(n->n), sizeof(struct node *));
	if (n->kind == NODE_MAP)
		copy->keys = mem_array(room_for(n->n), sizeof(struct str));
	for (size_t i = 0; i < n->n; i++) {
		copy->items[i] = node_copy(n->items[i]);
		if (n->kind == NODE_MAP)
			copy->keys[i] = owned_key(n->keys[i]);
	}
	return copy;
}

void node_free(struct node *n)
{
	if (!n)
		return;
	text_free(n);
	for (size_t i = 0; i < n->n; i++) {
		node_free(n->items[i]);
		if (n->kind == NODE_MAP)
			key_free(n->keys[i]);
	}
	if (!n->within) {
		mem_free(n->items);
		mem_free(n->keys);
	}
	if (!n->part)
		mem_free(n);
}

/* ---- pieces ----------------------------------------------------------------------------------------------- */

static size_t rounded(size_t size)
{
	size_t align = _Alignof(struct node);
	return (size + align - 1) / align * align;
}

/* Of the node itself and its arrays, without what is in them. */
static size_t size_of(const struct node *n)
{
	if (n->kind == NODE_SCALAR)
		return rounded(sizeof(*n) + n->text.n + 1);
	size_t item = sizeof(struct node *) + (n->kind == NODE_MAP ? sizeof(struct str) : 0);
	return rounded(sizeof(*n) + n->n * item);
}

/* Adds up; false: some key has memory of its own. */
static bool add_sizes(const struct node *n, size_t *size)
{
	*size += size_of(n);
	for (size_t i = 0; i < n->n; i++)
		if ((n->kind == NODE_MAP && !is_common(n->keys[i].p)) || !add_sizes(n->items[i], size))
			return false;
	return true;
}

static struct node *put_into_piece(const struct node *n, char **at)
{
	struct node *to = (struct node *)(void *)*at;
	*at += size_of(n);
	*to = *n;
	to->part = to->within = true;
	if (n->kind == NODE_SCALAR) {
		char *text = (char *)(to + 1);
		if (n->text.n)
			memcpy(text, n->text.p, n->text.n);
		text[n->text.n] = '\0';
		to->text.p = text;
		return to;
	}
	/* Keys first: they want no less alignment than pointers do. */
	to->keys = n->kind == NODE_MAP ? (struct str *)(void *)(to + 1) : NULL;
	to->items = n->kind == NODE_MAP ? (struct node **)(void *)(to->keys + n->n) : (struct node **)(void *)(to + 1);
	for (size_t i = 0; i < n->n; i++) {
		if (to->keys)
			to->keys[i] = n->keys[i];
		to->items[i] = put_into_piece(n->items[i], at);
	}
	return to;
}

struct node *node_pack(struct node *n)
{
	size_t size = 0;
	if (!add_sizes(n, &size))
		return n;
	char *at = mem_grow(NULL, size, 1);
	struct node *packed = put_into_piece(n, &at);
	packed->part = false;
	node_free(n);
	return packed;
}

/* ---- comparing -------------------------------------------------------------------------------------------- */

static int compare_keys(const void *a, const void *b, void *ctx)
{
	const struct node *map = ctx;
	size_t i = *(const size_t *)a, j = *(const size_t *)b;
	int order = str_cmp(map->keys[i], map->keys[j]);
	return order ? order : (i > j) - (i < j);
}

/* The places of a map's pairs, by key; equal keys in their order.  The caller frees it. */
static size_t *sorted_places(const struct node *map)
{
	size_t *places = mem_array(map->n, sizeof(*places));
	for (size_t i = 0; i < map->n; i++)
		places[i] = i;
	qsort_r(places, map->n, sizeof(*places), compare_keys, (void *)(uintptr_t)map);
	return places;
}

static size_t duplicate_in_small(const struct node *map)
{
	for (size_t i = 1; i < map->n; i++)
		for (size_t j = 0; j < i; j++)
			if (str_eq(map->keys[i], map->keys[j]))
				return i;
	return NOWHERE;
}

size_t node_duplicate(const struct node *map)
{
	if (map->n <= SMALL_MAP)
		return duplicate_in_small(map);
	size_t *places = sorted_places(map), found = NOWHERE;
	for (size_t i = 1; i < map->n; i++)
		if (str_eq(map->keys[places[i]], map->keys[places[i - 1]]) && places[i] < found)
			found = places[i];
	mem_free(places);
	return found;
}

static bool small_maps_equal(const struct node *a, const struct node *b)
{
	for (size_t i = 0; i < a->n; i++) {
		/* Most maps that are compared have their keys in the same order. */
		size_t j = str_eq(a->keys[i], b->keys[i]) ? i : find_key(b, a->keys[i]);
		if (j == NOWHERE || !node_equal(a->items[i], b->items[j]))
			return false;
	}
	return true;
}

static bool large_maps_equal(const struct node *a, const struct node *b)
{
	size_t *in_a = sorted_places(a), *in_b = sorted_places(b);
	bool equal = true;
	for (size_t i = 0; i < a->n && equal; i++)
		equal = str_eq(a->keys[in_a[i]], b->keys[in_b[i]]) && node_equal(a->items[in_a[i]], b->items[in_b[i]]);
	mem_free(in_a);
	mem_free(in_b);
	return equal;
}

static bool lists_equal(const struct node *a, const struct node *b)
{
	for (size_t i = 0; i < a->n; i++)
		if (!node_equal(a->items[i], b->items[i]))
			return false;
	return true;
}

bool node_equal(const struct node *a, const struct node *b)
{
	if (!a || !b)
		return a == b;
	if (a->kind != b->kind || a->n != b->n)
		return false;
	if (a->kind == NODE_SCALAR)
		return str_eq(a->text, b->text);
	if (a->kind == NODE_LIST)
		return lists_equal(a, b);
	return a->n <= SMALL_MAP ? small_maps_equal(a, b) : large_maps_equal(a, b);
}

/* ---- asking ----------------------------------------------------------------------------------------------- */

struct node *node_get(const struct node *map, struct str key)
{
	if (!map || map->kind != NODE_MAP)
		return NULL;
	size_t i = find_key(map, key);
	return i == NOWHERE ? NULL : map->items[i];
}

struct node *node_get_along(const struct node *map, struct str key, size_t *place)
{
	if (!map || map->kind != NODE_MAP)
		return NULL;
	for (size_t i = 0; i < map->n; i++) {
		size_t at = *place + i < map->n ? *place + i : *place + i - map->n;
		if (!str_eq(map->keys[at], key))
			continue;
		*place = at + 1 < map->n ? at + 1 : 0;
		return map->items[at];
	}
	return NULL;
}

struct node *node_child(struct node *map, struct str key, enum node_kind kind)
{
	struct node *child = node_get(map, key);
	if (child)
		return child;
	child = node_new(kind);
	node_append(map, key, child);
	return child;
}

struct str node_get_text(const struct node *map, struct str key)
{
	return node_scalar(node_get(map, key));
}

struct str node_scalar(const struct node *n)
{
	return n && n->kind == NODE_SCALAR ? n->text : STR_NONE;
}

bool node_is_absent(const struct node *n)
{
	return n && n->kind == NODE_SCALAR && !n->quoted && str_eq(n->text, S("null"));
}

bool node_is_number(const struct node *n, uint64_t *out)
{
	if (!n || n->kind != NODE_SCALAR || n->quoted)
		return false;
	if (n->text.n > 1 && n->text.p[0] == '0')
		return false;
	return str_number(n->text, out);
}
