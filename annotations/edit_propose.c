/* edit_propose.c: ids, and what an extractor or an import proposes; see edit.h. */

#include "annotations/anchor.h"
#include "annotations/edit_internal.h"
#include "annotations/json.h"
#include "model/sha256.h"

/* ---- ids ---------------------------------------------------------------------------------------------------- */

/* No vowels: no words, and nothing that YAML could take for a number or a truth value.  Letters first. */
static const char alphabet[] = "bcdfghjkmnpqrstvwxz23456789";
#define LETTERS   19
#define SIGNS     27
#define ID_LENGTH 5
/* Of a person's item.  Who adds in another process or clone at the same time does not see it: with five signs one of 10
 * million pairs would be two items of one id, between which a person has to choose; with eight, one of 200 thousand
 * million. */
#define RANDOM_LENGTH 8

static void add_id(struct buf *id, const unsigned char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		buf_addc(id, alphabet[bytes[i] % (i == 0 ? LETTERS : SIGNS)]);
}

static char *id_of_bytes(const unsigned char *bytes, size_t length)
{
	struct buf id = {0};
	add_id(&id, bytes, length);
	return buf_take(&id);
}

char *edit_random_id(void)
{
	unsigned char bytes[ID_LENGTH];
	io_random(bytes, sizeof(bytes));
	return id_of_bytes(bytes, sizeof(bytes));
}

char *edit_free_id(const struct group *g, const struct doc *d, enum item_kind kind)
{
	unsigned char bytes[32];
	for (size_t length = RANDOM_LENGTH;; length += length < sizeof(bytes)) {
		io_random(bytes, sizeof(bytes));
		char *id = id_of_bytes(bytes, length);
		/* One that was removed may come back by undo. */
		if (!edit_there(g, d, kind, str_of(id)) && !set_has(d->set, kind, str_of(id)))
			return id;
		mem_free(id);
	}
}

/* What names a proposal; `at` as JSON goes between. */
static void hash_before(struct sha256 *sum, struct str by, struct str label)
{
	sha256_start(sum);
	sha256_add(sum, by);
	sha256_add(sum, (struct str){"", 1});
	sha256_add(sum, label);
	sha256_add(sum, (struct str){"", 1});
}

/* length at most 32. */
static void hash_after(struct sha256 *sum, struct str at, struct str text, size_t length, struct buf *id)
{
	unsigned char bytes[32];
	sha256_add(sum, at);
	sha256_add(sum, (struct str){"", 1});
	sha256_add(sum, text);
	sha256_end(sum, bytes);
	buf_clear(id);
	add_id(id, bytes, length);
}

static char *proposal_id(struct str by, struct str label, const struct node *at, struct str text, size_t length)
{
	struct sha256 sum;
	struct buf place = {0}, id = {0};
	if (at)
		json_write(&place, at);
	hash_before(&sum, by, label);
	hash_after(&sum, buf_str(&place), text, length, &id);
	buf_free(&place);
	return buf_take(&id);
}

void edit_span_id(struct buf *id, struct str by, struct str label, uint64_t start, uint64_t end, struct str text,
                  size_t more)
{
	struct sha256 sum;
	size_t length = ID_LENGTH + more < 32 ? ID_LENGTH + more : 32;
	buf_clear(id);
	buf_adds(id, "[[");
	buf_addn(id, start);
	buf_addc(id, ',');
	buf_addn(id, end);
	buf_adds(id, "]]");
	hash_before(&sum, by, label);
	hash_after(&sum, buf_str(id), text, length, id);
}

char *edit_proposal_id(struct str by, struct str label, const struct node *at, struct str text)
{
	return proposal_id(by, label, at, text, ID_LENGTH);
}

/* ---- spans -------------------------------------------------------------------------------------------------- */

static struct fragment *read_fragments(const struct doc *d, const struct node *map, size_t *n, struct error *err)
{
	const struct node *at = node_get(map, S("at"));
	struct fragment *list = at && at->kind == NODE_LIST && at->n ? mem_array(at->n, sizeof(*list)) : NULL;
	size_t last = 0;
	for (*n = 0; list && *n < at->n; ++*n) {
		const struct node *pair = at->items[*n];
		uint64_t from, to;
		bool good = pair->kind == NODE_LIST && pair->n == 2 && node_is_number(pair->items[0], &from) &&
		            node_is_number(pair->items[1], &to) && from <= to && to <= UINT32_MAX;
		size_t off = good ? article_off(d->article, (size_t)from) : NOWHERE;
		size_t end = good ? article_off(d->article, (size_t)to) : NOWHERE;
		if (off == NOWHERE || end == NOWHERE || off < last) {
			mem_free(list);
			list = NULL;
			break;
		}
		list[*n] = (struct fragment){(uint32_t)off, (uint32_t)end};
		last = end;
	}
	if (!list)
		error_set(err, ERROR_OFFSET, d->file,
		          "a proposal needs `at` as [start, end] in characters, in order and inside the text of %zu",
		          article_length(d->article));
	return list;
}

static bool text_agrees(const struct doc *d, const struct node *map, const struct fragment *fragments, size_t n,
                        struct error *err)
{
	const struct node *text = node_get(map, S("text"));
	bool list = text && text->kind == NODE_LIST, agrees = !list || text->n == n;
	for (size_t i = 0; text && agrees && i < n; i++) {
		struct str part = list ? node_scalar(text->items[i]) : text->text;
		agrees = (list || n == 1) &&
		         anchor_matches(article_text(d->article), fragments[i].off, fragments[i].end, part);
	}
	return agrees ||
	       error_set(err, ERROR_TEXT, d->file, "the text of a proposal is not what stands at its offsets");
}

static struct node *text_at(const struct doc *d, const struct fragment *fragments, size_t n)
{
	struct node *list = node_list();
	for (size_t i = 0; i < n; i++)
		node_add(list, node_text(str_sub(article_text(d->article), fragments[i].off, fragments[i].end)));
	if (n != 1)
		return list;
	struct node *only = list->items[0];
	list->n = 0;
	node_free(list);
	return only;
}

static void fill_span(const struct doc *d, struct node *map, const struct fragment *fragments, size_t n)
{
	struct str before, after;
	if (!node_get(map, S("text")))
		node_put(map, S("text"), text_at(d, fragments, n));
	if (node_get(map, S("context")))
		return;
	struct node *context = node_list();
	anchor_context(article_text(d->article), fragments[0].off, fragments[n - 1].end, &before, &after);
	node_add(context, node_text(before));
	node_add(context, node_text(after));
	node_put(map, S("context"), context);
}

/* Whether a span was proposed with this label and place and then corrected into something else. */
static bool was_corrected(struct doc *d, const struct node *map, const struct fragment *fragments, size_t n)
{
	size_t *near = NULL, count = 0, cap = 0;
	bool found = false;
	set_touching(d->set, fragments[0].off, fragments[n - 1].end, &near, &count, &cap);
	for (size_t i = 0; i < count && !found; i++) {
		const struct span *span = set_span(d->set, near[i]);
		if (span->verdict == VERDICT_ACCEPTED)
			continue;
		const struct node *original = node_get(set_node(d->set, ITEM_SPAN, span->id), S("original"));
		found = original && edit_same_place(original, map) &&
		        node_equal(node_get(original, S("label")), node_get(map, S("label")));
	}
	mem_free(near);
	return found;
}

/* ---- what is there already ---------------------------------------------------------------------------------- */

static bool same_said(const struct node *a, const struct node *b, enum item_kind kind)
{
	static const char *const keys[ITEM_KINDS][3] = {
	    [ITEM_SPAN] = {"label", "at", "text"}, [ITEM_RELATION] = {"type", "args"},
	    [ITEM_FIELD] = {"name", "value"},      [ITEM_ZONE] = {"at"},
	    [ITEM_NOTE] = {"text", "by"},
	};
	for (size_t i = 0; i < 3 && keys[kind][i]; i++)
		if (!node_equal(node_get(a, str_of(keys[kind][i])), node_get(b, str_of(keys[kind][i]))))
			return false;
	return true;
}

static bool same_but_for_correction(const struct node *there, const struct node *map, enum item_kind kind)
{
	struct node *first = node_copy(there);
	const struct node *original = node_get(there, S("original"));
	for (size_t i = 0; original && original->kind == NODE_MAP && i < original->n; i++)
		node_put(first, original->keys[i], node_copy(original->items[i]));
	if (original && kind == ITEM_SPAN)
		node_put(first, S("text"), node_copy(node_get(map, S("text"))));
	bool same = same_said(first, map, kind);
	node_free(first);
	return same;
}

static bool relation_is_there(struct doc *d, const struct node *map)
{
	const struct node *args = node_get(map, S("args"));
	for (size_t i = 0; i < set_relations(d->set); i++) {
		const struct relation *r = set_relation(d->set, i);
		if (str_eq(r->type, node_get_text(map, S("type"))) && str_eq(r->from, node_get_text(args, S("from"))) &&
		    str_eq(r->to, node_get_text(args, S("to"))))
			return true;
	}
	return false;
}

static bool field_is_there(struct doc *d, const struct node *map)
{
	for (size_t i = 0; i < set_fields(d->set); i++)
		if (same_but_for_correction(set_node(d->set, ITEM_FIELD, set_field(d->set, i)->id), map, ITEM_FIELD))
			return true;
	return false;
}

static struct str name_of(const struct node *map, enum item_kind kind)
{
	return node_get_text(map, kind == ITEM_SPAN       ? S("label")
	                          : kind == ITEM_FIELD    ? S("name")
	                          : kind == ITEM_RELATION ? S("type")
	                                                  : S("kind"));
}

static struct str text_of(const struct node *map, enum item_kind kind, struct buf *joined)
{
	const struct node *text = node_get(map, kind == ITEM_FIELD ? S("value") : S("text"));
	for (size_t i = 0; text && text->kind == NODE_LIST && i < text->n; i++) {
		buf_add(joined, node_scalar(text->items[i]));
		buf_addc(joined, '\0');
	}
	return text && text->kind == NODE_SCALAR ? text->text : buf_str(joined);
}

/* As the first key, as it is written. */
static void put_id(struct node *map, struct str id)
{
	if (map->n && str_eq(map->keys[0], S("id"))) {
		node_put_text(map, S("id"), id);
		return;
	}
	struct node *with_id = node_map();
	node_put_text(with_id, S("id"), id);
	for (size_t i = 0; i < map->n; i++)
		if (!str_eq(map->keys[i], S("id")))
			node_put(with_id, map->keys[i], node_copy(map->items[i]));
	struct node swap = *map;
	*map = *with_id;
	*with_id = swap;
	node_free(with_id);
}

/* Gives the map its id.  False when the id shows that the same was proposed before, whatever became of it. */
static bool take_id(struct group *g, struct doc *d, enum item_kind kind, struct node *map)
{
	struct str given = node_get_text(map, S("id"));
	if (given.n)
		return !edit_there(g, d, kind, given);
	struct buf joined = {0};
	struct str text = text_of(map, kind, &joined), by = node_get_text(node_get(map, S("source")), S("by"));
	const struct node *at = node_get(map, kind == ITEM_RELATION ? S("args") : S("at"));
	bool fresh = false, same = false;
	for (size_t length = ID_LENGTH; length <= 32 && !fresh && !same; length++) {
		char *id = proposal_id(by, name_of(map, kind), at, text, length);
		struct node *there = edit_view(g, d, kind, str_of(id));
		fresh = !there;
		same = there && same_but_for_correction(there, map, kind);
		if (fresh)
			put_id(map, str_of(id));
		node_free(there);
		mem_free(id);
	}
	buf_free(&joined);
	return fresh;
}

/* ---- proposing ---------------------------------------------------------------------------------------------- */

static bool prepare_span(struct doc *d, struct node *map, bool *there, struct error *err)
{
	size_t n;
	if (node_get_text(map, S("label")).n == 0)
		return error_set(err, ERROR_SCHEMA, d->file, "a proposed span needs a label");
	struct fragment *fragments = read_fragments(d, map, &n, err);
	bool good = fragments && text_agrees(d, map, fragments, n, err);
	if (good) {
		fill_span(d, map, fragments, n);
		struct str same = edit_find_same(d, node_get_text(map, S("label")), fragments, n, STR_NONE);
		*there = same.n || was_corrected(d, map, fragments, n);
	}
	mem_free(fragments);
	return good;
}

static bool end_is_there(const struct group *g, const struct doc *d, struct str id, struct error *err)
{
	return edit_there(g, d, ITEM_SPAN, id) ||
	       error_set(err, ERROR_REFERENCE, d->file, "a proposed relation names a span %.*s that is not there",
	                 (int)(id.n < 40 ? id.n : 40), id.p ? id.p : "");
}

static bool prepare(struct group *g, struct doc *d, enum item_kind kind, struct node *map, bool *there,
                    struct error *err)
{
	const struct node *args = node_get(map, S("args"));
	switch (kind) {
	case ITEM_SPAN:
		return prepare_span(d, map, there, err);
	case ITEM_RELATION:
		if (!end_is_there(g, d, node_get_text(args, S("from")), err) ||
		    !end_is_there(g, d, node_get_text(args, S("to")), err))
			return false;
		*there = relation_is_there(d, map);
		return true;
	case ITEM_FIELD:
		*there = field_is_there(d, map);
		return node_get_text(map, S("name")).n ||
		       error_set(err, ERROR_SCHEMA, d->file, "a proposed field needs a name");
	case ITEM_ZONE:
	case ITEM_NOTE:
		return true;
	default:
		return error_set(err, ERROR_USAGE, d->file, "an article cannot be proposed");
	}
}

static char *zone_id(const struct node *map)
{
	const struct node *at = node_get(map, S("at"));
	uint64_t from, to;
	struct buf id = {0};
	if (at && at->kind == NODE_LIST && at->n == 2 && node_is_number(at->items[0], &from) &&
	    node_is_number(at->items[1], &to) && from <= to)
		buf_addf(&id, "%llu-%llu", (unsigned long long)from, (unsigned long long)to);
	return buf_take(&id);
}

static bool propose_zone(struct group *g, struct doc *d, struct node *map, bool *added, struct error *err)
{
	char *id = zone_id(map);
	bool good = *id || error_set(err, ERROR_OFFSET, d->file, "a proposed zone needs `at: [start, end]`");
	*added = good && !edit_there(g, d, ITEM_ZONE, str_of(id));
	if (*added)
		edit_put(g, d, ITEM_ZONE, str_of(id), node_copy(map));
	mem_free(id);
	return good;
}

static bool propose(struct group *g, struct doc *d, enum item_kind kind, struct node *map, bool *added,
                    struct error *err)
{
	bool there = false;
	*added = false;
	if (!prepare(g, d, kind, map, &there, err))
		return false;
	if (kind == ITEM_ZONE)
		return propose_zone(g, d, map, added, err);
	if (kind != ITEM_NOTE && !node_get(map, S("verdict")))
		node_put_text(map, S("verdict"), S("undecided"));
	*added = !there && take_id(g, d, kind, map);
	return true;
}

static void take_back_done(struct group *g, struct doc *d, const struct node *map, enum item_kind kind)
{
	if (set_status(d->set) != STATUS_DONE)
		return;
	struct node *top = edit_view(g, d, ITEM_ARTICLE, STR_NONE);
	bool judged = kind == ITEM_NOTE || kind == ITEM_ZONE || edit_verdict_of(map) != VERDICT_UNDECIDED;
	if (str_eq(node_get_text(top, S("status")), S("done")) && !judged)
		edit_mark_reviewing(g, d, true);
	node_free(top);
}

/* The group takes the map over. */
static void put_proposal(struct group *g, struct doc *d, enum item_kind kind, struct node *map)
{
	struct buf text = {0};
	if (!g->what)
		edit_text_of(d, map, &text);
	edit_say(g, "propose", name_of(map, kind), buf_str(&text));
	buf_free(&text);
	take_back_done(g, d, map, kind);
	if (kind == ITEM_ZONE)
		node_free(map); /* put where its place was found to be free */
	else
		edit_put(g, d, kind, node_get_text(map, S("id")), map);
}

bool edit_propose_beside(struct group *g, struct doc *d, enum item_kind kind, const struct node *map,
                         struct error *err)
{
	struct node *own = node_copy(map);
	bool there = false;
	if (!prepare(g, d, kind, own, &there, err)) {
		node_free(own);
		return false;
	}
	put_proposal(g, d, kind, own);
	return true;
}

bool edit_propose(struct group *g, struct doc *d, enum item_kind kind, const struct node *map, bool *added,
                  struct error *err)
{
	bool ignored;
	if (!map || map->kind != NODE_MAP)
		return error_set(err, ERROR_SCHEMA, d->file, "a proposal must be a map");
	struct node *own = node_copy(map);
	if (!added)
		added = &ignored;
	bool good = propose(g, d, kind, own, added, err);
	if (!good || !*added) {
		node_free(own);
		return good;
	}
	put_proposal(g, d, kind, own);
	return true;
}

void edit_propose_new(struct group *g, struct doc *d, enum item_kind kind, struct node *map)
{
	group_add_op(g, d->file, kind, node_get_text(map, S("id")), NULL, map);
	take_back_done(g, d, map, kind);
}
