/* set_item.c: items and their maps, and the lean records made from them; see set.h. */
#include <string.h>

#include "annotations/anchor.h"
#include "annotations/set_internal.h"
#include "annotations/yaml_quick.h"
#include "annotations/yaml_read.h"

/* ---- names -------------------------------------------------------------------------------------------------- */

static const char *const verdict_names[VERDICTS] = {"undecided", "accepted", "corrected", "rejected"};
static const char *const status_names[] = {"", "reviewing", "done"};
static const char *const kind_names[ITEM_KINDS] = {"article", "span", "relation", "field", "zone", "note"};

static bool find_name(const char *const *names, size_t n, struct str name, size_t *out)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(str_of(names[i]), name)) {
			*out = i;
			return true;
		}
	return false;
}

const char *verdict_name(enum verdict v)
{
	return verdict_names[v];
}

bool verdict_of_name(struct str name, enum verdict *out)
{
	size_t i;
	if (!find_name(verdict_names, VERDICTS, name, &i))
		return false;
	*out = (enum verdict)i;
	return true;
}

bool verdict_keeps(enum verdict v)
{
	return v == VERDICT_ACCEPTED || v == VERDICT_CORRECTED;
}

const char *status_name(enum status st)
{
	return status_names[st];
}

const char *item_kind_name(enum item_kind kind)
{
	return kind_names[kind];
}

bool item_kind_of_name(struct str name, enum item_kind *out)
{
	size_t i;
	if (!find_name(kind_names, ITEM_KINDS, name, &i))
		return false;
	*out = (enum item_kind)i;
	return true;
}

/* ---- what a map says ---------------------------------------------------------------------------------------- */

bool map_is_human(const struct node *map)
{
	const struct node *source = node_get(map, S("source"));
	struct str by = node_get_text(source, S("by"));
	return by.n && str_eq(by, node_get_text(node_get(map, S("judged")), S("by"))) &&
	       str_eq(node_get_text(map, S("verdict")), S("accepted")) && !node_get(map, S("original")) &&
	       !node_get(source, S("score")) && !node_get(source, S("rule")) && !node_get(source, S("version"));
}

static size_t digits(struct str text, size_t from, unsigned *out)
{
	size_t i = from;
	for (*out = 0; i < text.n && i < from + 4 && text.p[i] >= '0' && text.p[i] <= '9'; i++)
		*out = *out * 10 + (unsigned)(text.p[i] - '0');
	return i;
}

/* "0.93" is 930; more than 1 counts as 1. */
uint16_t set_score(struct str text)
{
	unsigned whole, part = 0;
	size_t dot = digits(text, 0, &whole);
	if (dot == 0 || (dot < text.n && text.p[dot] != '.'))
		return SCORE_NONE;
	for (size_t i = 1; i <= 3; i++) {
		char c = dot + i < text.n ? text.p[dot + i] : '0';
		if (c < '0' || c > '9')
			return SCORE_NONE;
		part = part * 10 + (unsigned)(c - '0');
	}
	return (uint16_t)(whole >= 1 ? 1000 : part);
}

static bool trouble_at(struct error *trouble, const struct node *map, const char *key, enum error_code code,
                       const char *message)
{
	const struct node *at = node_get(map, str_of(key));
	if (!at)
		at = map;
	return error_at(trouble, code, NULL, at->line, at->column, "%s", message);
}

/* All but the place. */
static void derive_looks(struct set *s, const struct node *map, struct span *out, struct error *trouble)
{
	struct str label = node_get_text(map, S("label")), verdict = node_get_text(map, S("verdict"));
	enum verdict v = VERDICT_UNDECIDED;
	if (label.n == 0) {
		trouble_at(trouble, map, "label", ERROR_SCHEMA, "this span has no label");
		label = S("?");
	}
	if (!verdict_of_name(verdict, &v))
		trouble_at(trouble, map, "verdict", ERROR_SCHEMA,
		           "a verdict is undecided, accepted, corrected or rejected; this counts as undecided");
	out->label = schema_intern(s->schema, label);
	out->verdict = (uint8_t)v;
	out->score = set_score(node_get_text(node_get(map, S("source")), S("score")));
	out->flagged = node_get_text(map, S("flag")).n > 0;
	out->human = map_is_human(map);
}

/* ---- the place of a span ------------------------------------------------------------------------------------ */

static bool pair_of(const struct node *n, uint64_t *from, uint64_t *to)
{
	return n->kind == NODE_LIST && n->n == 2 && node_is_number(n->items[0], from) &&
	       node_is_number(n->items[1], to);
}

struct place {
	struct fragment *fragments;
	struct str *texts;
	size_t n;
	bool inside; /* the text has such offsets */
	struct fragment one; /* of nearly every span */
	struct str one_text;
};

static void place_free(struct place *p)
{
	if (p->fragments != &p->one)
		mem_free(p->fragments);
	if (p->texts != &p->one_text)
		mem_free(p->texts);
}

static uint32_t off_of(struct set *s, uint64_t cp, bool *inside)
{
	size_t off = cp > UINT32_MAX ? NOWHERE : article_off(s->article, (size_t)cp);
	if (off != NOWHERE)
		return (uint32_t)off;
	*inside = false;
	return (uint32_t)article_text(s->article).n;
}

static bool read_at(struct set *s, const struct node *map, struct place *p, struct error *trouble)
{
	const struct node *at = node_get(map, S("at"));
	if (!at || at->kind != NODE_LIST || at->n == 0 || at->n > UINT16_MAX)
		return trouble_at(trouble, map, "at", ERROR_OFFSET,
		                  "`at` must be a list of [start, end] in characters");
	p->fragments = at->n == 1 ? &p->one : mem_array(at->n, sizeof(*p->fragments));
	p->inside = true;
	uint64_t last = 0;
	for (p->n = 0; p->n < at->n; p->n++) {
		uint64_t from, to;
		if (!pair_of(at->items[p->n], &from, &to))
			return trouble_at(trouble, map, "at", ERROR_OFFSET,
			                  "`at` must be a list of [start, end] in characters");
		if (from > to || from < last)
			return trouble_at(
			    trouble, map, "at", ERROR_OFFSET,
			    "fragments must be in order, not overlapping, each [start, end] with start <= end");
		last = to;
		p->fragments[p->n] = (struct fragment){off_of(s, from, &p->inside), off_of(s, to, &p->inside)};
	}
	return true;
}

static bool read_texts(const struct node *map, struct place *p, struct error *trouble)
{
	const struct node *text = node_get(map, S("text"));
	p->texts = p->n == 1 ? &p->one_text : mem_array(p->n, sizeof(*p->texts));
	if (text && text->kind == NODE_SCALAR && p->n == 1) {
		p->texts[0] = text->text;
		return true;
	}
	if (!text || text->kind != NODE_LIST || text->n != p->n)
		return trouble_at(
		    trouble, map, "text", ERROR_TEXT,
		    "`text` must hold as many strings as `at` has fragments; without it the place cannot be verified");
	for (size_t i = 0; i < p->n; i++)
		p->texts[i] = node_scalar(text->items[i]);
	return true;
}

static bool reads_as_stored(const struct set *s, const struct place *p, const struct anchor_request *r)
{
	struct str text = article_text(s->article);
	if (!p->inside)
		return false;
	for (size_t i = 0; i < p->n; i++)
		if (!anchor_matches(text, p->fragments[i].off, p->fragments[i].end, p->texts[i]))
			return false;
	size_t of,
	    agree = anchor_agreement(text, p->fragments[0].off, p->fragments[p->n - 1].end, r->before, r->after, &of);
	return !s->article_changed || agree == of;
}

static enum anchoring find_place(struct set *s, const struct node *map, struct place *p, struct error *trouble)
{
	if (!read_at(s, map, p, trouble) || !read_texts(map, p, trouble))
		return ANCHOR_LOST;
	const struct node *context = node_get(map, S("context"));
	bool paired = context && context->kind == NODE_LIST && context->n == 2;
	struct anchor_request r = {
	    .fragments = p->fragments, .texts = p->texts, .n = p->n, .shift = s->shift, .budget = &s->search_budget};
	if (paired) {
		r.before = node_scalar(context->items[0]);
		r.after = node_scalar(context->items[1]);
	}
	if (reads_as_stored(s, p, &r))
		return ANCHORED;
	enum anchoring found = anchor_find(article_text(s->article), &r);
	if (found == ANCHOR_MOVED)
		s->shift = r.shift;
	if (found == ANCHORED)
		return found;
	if (!p->inside)
		trouble_at(trouble, map, "at", ERROR_OFFSET,
		           found == ANCHOR_LOST
		               ? "this span lies beyond the end of the text, and its text is not found"
		               : "this span lies beyond the end of the text; its text was found further up");
	else
		trouble_at(trouble, map, "text", ERROR_TEXT,
		           found == ANCHOR_LOST ? "this is not what stands there, and it is not found near by"
		                                : "this is not what stands there; it was found elsewhere");
	return found;
}

static void derive_place(struct set *s, const struct node *map, struct span *out, struct error *trouble)
{
	struct place p = {0};
	out->anchoring = (uint8_t)find_place(s, map, &p, trouble);
	size_t n = out->anchoring == ANCHOR_LOST ? 1 : p.n;
	if (!out->fragments || out->n_fragments < n)
		out->fragments = arena_alloc(&s->memory, n * sizeof(*out->fragments));
	out->n_fragments = (uint16_t)n;
	if (out->anchoring == ANCHOR_LOST)
		out->fragments[0] = (struct fragment){0, 0};
	else
		memcpy(out->fragments, p.fragments, n * sizeof(*p.fragments));
	out->off = out->fragments[0].off;
	out->end = out->fragments[n - 1].end;
	place_free(&p);
}

bool set_derive_span(struct set *s, const struct node *map, struct span *out, struct error *trouble)
{
	if (!map || map->kind != NODE_MAP)
		return error_set(trouble, ERROR_SCHEMA, NULL, "a span must be a map of keys");
	derive_looks(s, map, out, trouble);
	derive_place(s, map, out, out->verdict == VERDICT_REJECTED ? NULL : trouble);
	return true;
}

char *set_zone_id(const struct node *map)
{
	const struct node *at = node_get(map, S("at"));
	uint64_t from, to;
	if (!at || !pair_of(at, &from, &to))
		return NULL;
	struct buf id = {0};
	buf_addf(&id, "%llu-%llu", (unsigned long long)from, (unsigned long long)to);
	return buf_take(&id);
}

void set_derive_top(struct set *s)
{
	size_t i;
	struct str name = node_get_text(s->top, S("status"));
	s->status = find_name(status_names, COUNT_OF(status_names), name, &i) ? (enum status)i : STATUS_NONE;
}

void set_load_top(struct set *s, struct node *top)
{
	node_free(s->top);
	node_free(s->top_read);
	s->top = top;
	s->top_read = node_copy(top);
	set_derive_top(s);
}

/* ---- maps --------------------------------------------------------------------------------------------------- */

static struct node *read_quickly(struct str bytes)
{
	struct quick q = {.text = bytes, .line = 1};
	struct node *map = quick_may_read(bytes) ? quick_record(&q) : NULL;
	if (!map || q.off == bytes.n)
		return map;
	node_free(map);
	return NULL;
}

struct node *set_map_as_read(const struct set *s, const struct item *item)
{
	struct node *tree = NULL, *map = NULL;
	if (item->record.mode != RECORD_LINES && item->record.mode != RECORD_FLOW)
		return NULL;
	struct str bytes = str_sub(buf_str(&s->bytes), item->record.from, item->record.content);
	map = item->record.mode == RECORD_LINES ? read_quickly(bytes) : NULL;
	if (map)
		return map;
	if (!yaml_read(bytes, NULL, &tree, NULL))
		return NULL;
	if (item->record.mode == RECORD_FLOW)
		return tree;
	if (tree->kind == NODE_LIST && tree->n == 1) {
		map = tree->items[0];
		tree->n = 0;
	}
	node_free(tree);
	return map;
}

const struct node *set_map_of(const struct set *s, const struct item *item, struct node **parsed)
{
	*parsed = NULL;
	if (item->map)
		return item->map;
	return *parsed = set_map_as_read(s, item);
}

static struct item *living(const struct set *s, enum item_kind kind, struct str id)
{
	uint32_t i = set_find(s, kind, id);
	return i == NO_ITEM || !s->items[i].alive ? NULL : &s->items[i];
}

const struct node *set_node(struct set *s, enum item_kind kind, struct str id)
{
	if (kind == ITEM_ARTICLE)
		return s->top;
	const struct item *item = living(s, kind, id);
	if (!item || item->map)
		return item ? item->map : NULL;
	uint32_t index = (uint32_t)(item - s->items);
	for (size_t i = 0; i < SET_RECENT; i++)
		if (s->recent[i].map && s->recent[i].item == index)
			return s->recent[i].map;
	struct recent *place = &s->recent[s->next_recent++ % SET_RECENT];
	node_free(place->map);
	*place = (struct recent){index, set_map_as_read(s, item)};
	return place->map;
}

bool set_has(const struct set *s, enum item_kind kind, struct str id)
{
	return kind == ITEM_ARTICLE || living(s, kind, id);
}

struct str set_record(const struct set *s, enum item_kind kind, struct str id)
{
	const struct item *item = living(s, kind, id);
	if (!item || item->touched || item->record.mode == RECORD_NONE || item->record.mode == RECORD_TREE)
		return STR_NONE;
	return str_sub(buf_str(&s->bytes), item->record.from, item->record.to);
}

/* ---- loading ------------------------------------------------------------------------------------------------ */

static uint32_t load_span(struct set *s, uint32_t index, const struct span *span)
{
	uint32_t slot = set_new_slot(s);
	s->spans[slot] = *span;
	s->spans[slot].id = s->items[index].id;
	s->spans[slot].record = index;
	s->spans[slot].unsettled = true;
	set_put_slot(s, slot);
	set_count(s, span, true);
	return slot;
}

/* The id under which an item can be found; trouble when it has none or another has it. */
static char *id_to_load(const struct set *s, enum item_kind kind, const struct node *map, struct error *trouble)
{
	if (map->kind != NODE_MAP) {
		error_at(trouble, ERROR_SCHEMA, NULL, map->line, map->column, "a %s must be a map of keys",
		         item_kind_name(kind));
		return NULL;
	}
	char *id = kind == ITEM_ZONE ? set_zone_id(map) : str_dup(node_get_text(map, S("id")));
	if (!id || !*id) {
		trouble_at(trouble, map, "id", ERROR_SCHEMA,
		           kind == ITEM_ZONE ? "a zone needs `at: [start, end]`; it is kept but not used"
		                             : "this has no id; it is kept but not used");
	} else if (set_find(s, kind, str_of(id)) != NO_ITEM) {
		trouble_at(trouble, map, "id", ERROR_DUPLICATE,
		           "another one above has the same id; this one is kept but not used");
	} else {
		return id;
	}
	mem_free(id);
	return NULL;
}

uint32_t set_load_item(struct set *s, enum item_kind kind, struct node *map, const struct record *record,
                       struct error *trouble)
{
	char *id = id_to_load(s, kind, map, trouble);
	struct span span = {0};
	bool usable = id && (kind != ITEM_SPAN || set_derive_span(s, map, &span, trouble));
	uint32_t index = set_new_item(s, kind, str_of(id), !usable);
	struct item *item = &s->items[index];
	item->record = *record;
	item->alive = usable;
	if (usable && kind == ITEM_SPAN)
		item->index = load_span(s, index, &span);
	bool readable_again = record->mode == RECORD_LINES || record->mode == RECORD_FLOW;
	if ((usable && kind != ITEM_SPAN) || !readable_again)
		item->map = map;
	else
		node_free(map);
	mem_free(id);
	s->lists_known = false;
	return index;
}

uint32_t set_load_common(struct set *s, struct str id, const struct span *span, const struct record *record)
{
	if (set_find(s, ITEM_SPAN, id) != NO_ITEM)
		return NO_ITEM;
	uint32_t index = set_new_item(s, ITEM_SPAN, id, false);
	struct item *item = &s->items[index];
	struct span own = *span;
	own.fragments = arena_alloc(&s->memory, sizeof(*own.fragments));
	own.fragments[0] = (struct fragment){span->off, span->end};
	own.n_fragments = 1;
	item->record = *record;
	item->alive = true;
	item->index = load_span(s, index, &own);
	return index;
}

/* ---- changes ------------------------------------------------------------------------------------------------ */

static void apply_keys(struct node *map, const struct node *keys)
{
	for (size_t i = 0; i < keys->n; i++)
		node_put(map, keys->keys[i], node_is_absent(keys->items[i]) ? NULL : node_copy(keys->items[i]));
}

static bool changes_place(const struct node *keys)
{
	return node_get(keys, S("at")) || node_get(keys, S("text")) || node_get(keys, S("context"));
}

static void rederive_span(struct set *s, struct item *item, bool place)
{
	struct span *span = &s->spans[item->index];
	set_count(s, span, false);
	derive_looks(s, item->map, span, NULL);
	if (place) {
		/* Whoever holds the old fragments holds them until the next change, which is this one. */
		derive_place(s, item->map, span, NULL);
		span->unsettled = true;
		set_put_slot(s, item->index);
	}
	set_count(s, span, true);
}

static bool no_item(struct error *err, enum item_kind kind, struct str id)
{
	return error_set(err, ERROR_MISSING, NULL, "there is no %s %.*s", item_kind_name(kind),
	                 (int)(id.n < 40 ? id.n : 40), id.p ? id.p : "");
}

bool set_change(struct set *s, enum item_kind kind, struct str id, const struct node *keys, struct error *err)
{
	if (kind == ITEM_ARTICLE) {
		apply_keys(s->top, keys);
		set_derive_top(s);
		set_note_change(s, kind);
		return s->changed = true;
	}
	struct item *item = living(s, kind, id);
	if (!item)
		return no_item(err, kind, id);
	if (!item->map)
		item->map = set_map_as_read(s, item);
	if (!item->map)
		return error_set(err, ERROR_SYNTAX, NULL, "the record of %.*s cannot be read again", (int)id.n, id.p);
	apply_keys(item->map, keys);
	item->touched = true;
	if (kind == ITEM_SPAN)
		rederive_span(s, item, changes_place(keys));
	set_note_change(s, kind);
	return s->changed = true;
}

static void revive_span(struct set *s, struct item *item, struct span *span)
{
	struct span *slot = &s->spans[item->index];
	span->id = item->id;
	span->record = slot->record;
	span->unsettled = true;
	*slot = *span;
	set_put_slot(s, item->index);
	set_count(s, slot, true);
}

bool set_add_owned(struct set *s, enum item_kind kind, struct str id, struct node *map, struct error *err)
{
	struct span span = {0};
	bool fine = true;
	if (kind == ITEM_ARTICLE || living(s, kind, id))
		fine = error_set(err, ERROR_DUPLICATE, NULL, "there is a %s %.*s already", item_kind_name(kind), (int)id.n,
		                 id.p);
	else if (id.n == 0 || !map || map->kind != NODE_MAP ||
	         (kind != ITEM_ZONE && !str_eq(node_get_text(map, S("id")), id)))
		fine = error_set(err, ERROR_SCHEMA, NULL, "a %s needs a map with its id", item_kind_name(kind));
	else if (kind == ITEM_SPAN && !set_derive_span(s, map, &span, NULL))
		fine = error_set(err, ERROR_SCHEMA, NULL, "this map is no span");
	if (!fine) {
		node_free(map);
		return false;
	}
	uint32_t index = set_find(s, kind, id);
	bool fresh = index == NO_ITEM;
	if (fresh)
		index = set_new_item(s, kind, id, false);
	struct item *item = &s->items[index];
	item->alive = item->touched = true;
	node_free(item->map);
	item->map = map;
	if (kind == ITEM_SPAN && fresh)
		item->index = load_span(s, index, &span);
	else if (kind == ITEM_SPAN)
		revive_span(s, item, &span);
	set_note_change(s, kind);
	return s->changed = true;
}

bool set_add(struct set *s, enum item_kind kind, struct str id, const struct node *map, struct error *err)
{
	return set_add_owned(s, kind, id, node_copy(map), err);
}

bool set_remove(struct set *s, enum item_kind kind, struct str id)
{
	struct item *item = living(s, kind, id);
	if (!item)
		return false;
	if (kind == ITEM_SPAN) {
		set_count(s, &s->spans[item->index], false);
		set_take_slot(s);
	}
	item->alive = false;
	item->touched = true;
	node_free(item->map);
	item->map = NULL;
	set_note_change(s, kind);
	return s->changed = true;
}
