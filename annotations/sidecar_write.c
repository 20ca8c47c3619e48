/* sidecar_write.c: a set as the bytes of its sidecar; see sidecar.h.
 *
 * What reads as it was read is copied.  The rest is written in one layout, the same bytes for the same content:
 *
 *   zhupi: 1
 *   article: {file: report.txt, …}
 *   schema: report
 *   status: reviewing
 *   spans:
 *   - id: kfq2m
 *     label: PERSON          one key to a line
 *   relations:
 *   - {id: rw7cd, …}         one record to a line, as in fields, zones and notes */
#include <stdlib.h>

#include "annotations/sidecar_internal.h"
#include "annotations/yaml_write.h"

/* ---- values ------------------------------------------------------------------------------------------------- */

/* text: keys whose values are text, whatever they look like: `value: 2022` without quotes would be a number to other
 * readers. */
struct known_key {
	struct str name;
	bool text;
};
#define TEXT(name)  {{name, sizeof(name) - 1}, true}
#define OTHER(name) {{name, sizeof(name) - 1}, false}
#define JUDGED_KEYS                                                                                                    \
	OTHER("verdict"), OTHER("source"), OTHER("original"), TEXT("judged"), OTHER("attributes"), OTHER("links"),     \
	    TEXT("note"), TEXT("flag")
#define MOST_KEYS 14

/* In the order in which they are written. */
static const struct known_key key_orders[ITEM_KINDS][MOST_KEYS] = {
    [ITEM_SPAN] = {TEXT("id"), TEXT("label"), OTHER("at"), TEXT("text"), TEXT("context"), JUDGED_KEYS},
    [ITEM_RELATION] = {TEXT("id"), TEXT("type"), TEXT("args"), JUDGED_KEYS},
    [ITEM_FIELD] = {TEXT("id"), TEXT("name"), TEXT("value"), TEXT("spans"), JUDGED_KEYS},
    [ITEM_ZONE] = {OTHER("at"), OTHER("kind"), OTHER("source"), TEXT("judged"), TEXT("note"), TEXT("flag")},
    [ITEM_NOTE] = {TEXT("id"), TEXT("text"), TEXT("by"), OTHER("on"), TEXT("flag")},
};

/* A value that stood without quotes and may be a number, date or truth value to whoever put it there. */
static bool goes_as_it_is(const struct node *value)
{
	if (value->kind != NODE_SCALAR || value->quoted || value->text.n == 0)
		return false;
	for (size_t i = 0; i < value->text.n; i++) {
		char c = value->text.p[i];
		bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
		            c == '.' || c == '~';
		if (!safe && !(i && (c == '+' || c == '-')))
			return false;
	}
	return true;
}

static void write_pair(struct buf *out, const struct known_key *key, const struct node *value)
{
	buf_add(out, key->name);
	buf_adds(out, ": ");
	yaml_write_flow(out, value, !key->text);
}

/* indent: see yaml_write_key(). */
static void write_unknown_pair(struct buf *out, struct str key, const struct node *value, size_t indent)
{
	yaml_write_key(out, key, indent);
	if (goes_as_it_is(value))
		buf_add(out, value->text);
	else
		yaml_write_flow(out, value, true);
}

static size_t key_rank(enum item_kind kind, struct str key)
{
	size_t rank = 0;
	while (rank < MOST_KEYS && key_orders[kind][rank].name.n && !str_eq(key_orders[kind][rank].name, key))
		rank++;
	return rank < MOST_KEYS && key_orders[kind][rank].name.n ? rank : NOWHERE;
}

static void add_blanks(struct buf *out, size_t n)
{
	while (n--)
		buf_addc(out, ' ');
}

static void start_pair(struct buf *out, bool block, size_t indent, bool *first)
{
	if (!*first && block) {
		buf_addc(out, '\n');
		add_blanks(out, indent + 2);
	} else if (!*first) {
		buf_adds(out, ", ");
	}
	*first = false;
}

/* Known keys in their order, then the others as they stand. */
void sidecar_write_record(struct buf *out, enum item_kind kind, const struct node *map, size_t indent)
{
	size_t places[MOST_KEYS] = {0}; /* of known keys in the map, plus one */
	size_t known = 0;
	bool block = kind == ITEM_SPAN, first = true;
	add_blanks(out, indent);
	buf_adds(out, "- ");
	if (map->kind != NODE_MAP || map->n == 0) {
		yaml_write_flow(out, map, true);
		return;
	}
	for (size_t i = 0; i < map->n; i++) {
		size_t rank = key_rank(kind, map->keys[i]);
		if (rank == NOWHERE)
			continue;
		places[rank] = i + 1;
		known++;
	}
	if (!block)
		buf_addc(out, '{');
	for (size_t rank = 0; rank < MOST_KEYS; rank++) {
		if (!places[rank])
			continue;
		start_pair(out, block, indent, &first);
		write_pair(out, &key_orders[kind][rank], map->items[places[rank] - 1]);
	}
	for (size_t i = 0; known < map->n && i < map->n; i++) {
		if (key_rank(kind, map->keys[i]) != NOWHERE)
			continue;
		start_pair(out, block, indent, &first);
		write_unknown_pair(out, map->keys[i], map->items[i], block ? indent + 2 : YAML_FLOW);
	}
	if (!block)
		buf_addc(out, '}');
}

/* ---- what changed ------------------------------------------------------------------------------------------- */

static enum fate fate_of(const struct set *set, const struct item *item)
{
	if (!item->touched)
		return FATE_KEEP;
	if (!item->alive)
		return FATE_SKIP;
	struct node *read = set_map_as_read(set, item);
	bool same = node_equal(read, item->map);
	node_free(read);
	return same ? FATE_KEEP : FATE_WRITE;
}

uint8_t *sidecar_fates(struct set *set, bool *any)
{
	uint8_t *fates = mem_array(set->n_items, 1);
	*any = false;
	for (size_t i = 0; i < set->n_items; i++) {
		fates[i] = (uint8_t)fate_of(set, &set->items[i]);
		bool was_there = set->items[i].record.mode != RECORD_NONE;
		*any |= fates[i] == FATE_WRITE || (fates[i] == FATE_SKIP && was_there);
	}
	return fates;
}

static bool has_unplaced(const struct set *set)
{
	return set_counts(set)->lost || set_counts(set)->moved;
}

static struct node *article_node(const struct sidecar *s, struct article *a)
{
	struct node *n = node_map();
	node_put_text(n, S("file"), str_of(s->article_name));
	node_put_text(n, S("sha256"), str_of(article_sha256(a)));
	node_put(n, S("bytes"), node_number(article_bytes(a)));
	node_put(n, S("length"), node_number(article_length(a)));
	node_put_text(n, S("encoding"), str_of(article_encoding(a)));
	node_put_text(n, S("newlines"), str_of(article_newlines(a)));
	return n;
}

/* The top-level values to be written.  `article` says which text the offsets were verified against: it is renewed when
 * all spans have their place in this one. */
static struct node *top_to_write(const struct sidecar *s, struct set *set)
{
	struct node *top = node_copy(set->top);
	const struct node *article = node_get(top, S("article"));
	bool stale = !article || s->article_changed ||
	             !str_eq(node_get_text(article, S("sha256")), str_of(article_sha256(set->article)));
	if (!node_get(top, S("zhupi")))
		node_put(top, S("zhupi"), node_number(SIDECAR_FORMAT));
	if (!node_get(top, S("schema")) && set->schema->name.n)
		node_put_text(top, S("schema"), set->schema->name);
	if (!stale || (article && has_unplaced(set)))
		return top;
	struct node *now = article_node(s, set->article);
	for (size_t i = 0; article && article->kind == NODE_MAP && i < article->n; i++)
		if (!node_get(now, article->keys[i]))
			node_put(now, article->keys[i], node_copy(article->items[i]));
	node_put(top, S("article"), now);
	return top;
}

/* ---- order of records --------------------------------------------------------------------------------------- */

struct writer {
	const struct sidecar *s;
	struct set *set;
	struct str bytes;
	struct node *top;
	uint8_t *fates;
	bool written[SIDECAR_OTHER];
	struct buf *out;
};

/* Place of a field's type in the schema; unknown ones come last. */
static size_t field_rank(const struct set *set, const struct item *item)
{
	struct node *parsed;
	size_t rank = schema_field(set->schema, node_get_text(set_map_of(set, item, &parsed), S("name")));
	node_free(parsed);
	return rank;
}

/* The values of a list keep the order in which they came, which is the order in which the article names them. */
static int compare_fields(const struct set *set, const struct item *a, const struct item *b)
{
	size_t x = field_rank(set, a), y = field_rank(set, b);
	return x != y ? (x < y ? -1 : 1) : (a > b) - (a < b);
}

static int compare_items(const struct set *set, const struct item *a, const struct item *b)
{
	if (a->kind == ITEM_FIELD)
		return compare_fields(set, a, b);
	if (a->kind == ITEM_SPAN) {
		const struct span *x = &set->spans[a->index], *y = &set->spans[b->index];
		bool x_lost = x->anchoring == ANCHOR_LOST, y_lost = y->anchoring == ANCHOR_LOST;
		if (x_lost != y_lost)
			return x_lost ? 1 : -1;
		if (x->off != y->off)
			return x->off < y->off ? -1 : 1;
		if (x->end != y->end)
			return x->end > y->end ? -1 : 1;
	}
	if (a->kind == ITEM_ZONE) {
		uint64_t x = 0, y = 0;
		(void)str_number(str_sub(a->id, 0, str_byte(a->id, '-', 0)), &x);
		(void)str_number(str_sub(b->id, 0, str_byte(b->id, '-', 0)), &y);
		if (x != y)
			return x < y ? -1 : 1;
	}
	return str_cmp(a->id, b->id);
}

static int compare_indices(const void *a, const void *b, void *ctx)
{
	const struct set *set = ctx;
	return compare_items(set, &set->items[*(const uint32_t *)a], &set->items[*(const uint32_t *)b]);
}

/* New records mostly come in their order. */
static bool in_order(const struct set *set, const uint32_t *list, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (compare_items(set, &set->items[list[i - 1]], &set->items[list[i]]) > 0)
			return false;
	return true;
}

/* Whether a record stays where it was in the file: it does unless its place in the text changed. */
static bool stays(const struct writer *w, uint32_t index)
{
	const struct item *item = &w->set->items[index];
	if (item->record.mode == RECORD_NONE)
		return false;
	if (item->kind != ITEM_SPAN || w->fates[index] == FATE_KEEP)
		return true;
	struct node *read = set_map_as_read(w->set, item);
	bool same = read && node_equal(node_get(read, S("at")), node_get(item->map, S("at")));
	node_free(read);
	return same;
}

/* Nothing is sorted before or after what has no certain place. */
static bool comes_before(const struct set *set, uint32_t fresh, uint32_t settled)
{
	const struct item *a = &set->items[fresh], *b = &set->items[settled];
	if (b->opaque || (b->kind == ITEM_SPAN && set->spans[b->index].anchoring != ANCHORED))
		return false;
	return compare_items(set, a, b) < 0;
}

/* The records of a list in the order in which they are written: those of the file as they stood, new and moved ones
 * between them where they belong. */
static uint32_t *records_in_order(const struct writer *w, enum item_kind kind, size_t *count)
{
	const struct item_list *l = &w->set->by_kind[kind];
	uint32_t *settled = mem_array(l->n + 1, sizeof(*settled)), *fresh = mem_array(l->n + 1, sizeof(*fresh));
	uint32_t *order = mem_array(l->n + 1, sizeof(*order));
	size_t n_settled = 0, n_fresh = 0, n = 0, k = 0;
	for (size_t i = 0; i < l->n; i++) {
		if (w->fates[l->list[i]] == FATE_SKIP)
			continue;
		if (stays(w, l->list[i]))
			settled[n_settled++] = l->list[i];
		else
			fresh[n_fresh++] = l->list[i];
	}
	if (!in_order(w->set, fresh, n_fresh))
		qsort_r(fresh, n_fresh, sizeof(*fresh), compare_indices, w->set);
	for (size_t i = 0; i < n_settled; i++) {
		while (k < n_fresh && comes_before(w->set, fresh[k], settled[i]))
			order[n++] = fresh[k++];
		order[n++] = settled[i];
	}
	while (k < n_fresh)
		order[n++] = fresh[k++];
	mem_free(settled);
	mem_free(fresh);
	*count = n;
	return order;
}

/* ---- parts -------------------------------------------------------------------------------------------------- */

static const char *line_end(const struct writer *w)
{
	return w->s->crlf ? "\r\n" : "\n";
}

static void start_line(struct writer *w)
{
	struct buf *out = w->out;
	bool bom_only = out->n == 3 && str_starts(buf_str(out), S("\xEF\xBB\xBF"));
	if (out->n && !bom_only && out->p[out->n - 1] != '\n' && out->p[out->n - 1] != '\r')
		buf_adds(out, line_end(w));
}

/* What stood behind a value that was written anew: the comment on its line, comments on lines of their own. */
static void copy_tail(struct writer *w, size_t content, size_t to)
{
	if (content > 0 && (w->bytes.p[content - 1] == '\n' || w->bytes.p[content - 1] == '\r'))
		buf_adds(w->out, line_end(w));
	buf_add(w->out, str_sub(w->bytes, content, to));
}

static void add_with_line_ends(struct writer *w, const struct buf *lines)
{
	if (!w->s->crlf) {
		buf_add(w->out, buf_str(lines));
		return;
	}
	for (size_t at = 0; at < lines->n;) {
		size_t end = str_byte(buf_str(lines), '\n', at);
		buf_add(w->out, str_sub(buf_str(lines), at, end));
		if (end == NOWHERE)
			break;
		buf_adds(w->out, line_end(w));
		at = end + 1;
	}
}

/* How a record was spelt before this session wrote it in another way, if that is what it says again. */
static const struct origin *origin_of(const struct writer *w, const struct item *item, const struct node *map,
                                      size_t indent)
{
	for (size_t i = 0; i < w->s->n_origins; i++) {
		const struct origin *o = &w->s->origins[i];
		size_t blanks = 0;
		while (blanks < o->n && o->bytes[blanks] == ' ')
			blanks++;
		if (o->kind == item->kind && blanks == indent && str_eq(str_of(o->id), item->id) &&
		    node_equal(o->map, map))
			return o;
	}
	return NULL;
}

static void write_anew(struct writer *w, const struct item *item, size_t indent)
{
	struct node *parsed;
	const struct node *map = set_map_of(w->set, item, &parsed);
	struct buf lines = {0};
	start_line(w);
	const struct origin *origin = map ? origin_of(w, item, map, indent) : NULL;
	if (origin || !map) {
		struct str as_read = str_sub(w->bytes, item->record.from, item->record.content);
		buf_add(w->out, origin ? (struct str){origin->bytes, origin->n} : as_read);
	} else {
		sidecar_write_record(&lines, item->kind, map, indent);
		add_with_line_ends(w, &lines);
	}
	buf_free(&lines);
	node_free(parsed);
}

static void write_item(struct writer *w, uint32_t index, size_t indent, bool by_lines)
{
	const struct item *item = &w->set->items[index];
	const struct record *r = &item->record;
	if (by_lines && w->fates[index] == FATE_KEEP && r->mode == RECORD_LINES) {
		start_line(w);
		buf_add(w->out, str_sub(w->bytes, r->from, r->to));
		return;
	}
	write_anew(w, item, indent);
	if (by_lines && r->mode == RECORD_LINES)
		copy_tail(w, r->content, r->to);
	else
		buf_adds(w->out, line_end(w));
}

static bool list_changed(const struct writer *w, enum item_kind kind)
{
	const struct item_list *l = &w->set->by_kind[kind];
	for (size_t i = 0; i < l->n; i++) {
		uint8_t fate = w->fates[l->list[i]];
		bool was_there = w->set->items[l->list[i]].record.mode != RECORD_NONE;
		if (fate == FATE_WRITE || (fate == FATE_SKIP && was_there))
			return true;
	}
	return false;
}

/* part: NULL for a list that the file does not have yet, or that cannot be kept by lines. */
static void write_list(struct writer *w, enum sidecar_key key, enum item_kind kind, const struct part *part)
{
	size_t n;
	bool by_lines = part && part->lines && part->records;
	uint32_t *order = records_in_order(w, kind, &n);
	if (n) {
		start_line(w);
		if (by_lines)
			buf_add(w->out, str_sub(w->bytes, part->from, part->head));
		else
			buf_addf(w->out, "%s:%s", sidecar_key_name(key), line_end(w));
	}
	for (size_t i = 0; i < n; i++)
		write_item(w, order[i], by_lines ? part->indent : 0, by_lines);
	mem_free(order);
}

static void write_top(struct writer *w, struct str name, const struct node *value)
{
	start_line(w);
	yaml_write_key(w->out, name, 0);
	bool text = str_eq(name, S("schema")) || str_eq(name, S("status"));
	yaml_write_flow(w->out, value, !text);
}

/* A known key that the file does not have yet. */
static void write_missing(struct writer *w, enum sidecar_key key)
{
	enum item_kind kind;
	const struct node *value = node_get(w->top, str_of(sidecar_key_name(key)));
	w->written[key] = true;
	if (sidecar_key_is_list(key, &kind)) {
		write_list(w, key, kind, NULL);
	} else if (value) {
		write_top(w, str_of(sidecar_key_name(key)), value);
		buf_adds(w->out, line_end(w));
	}
}

/* Keys that zhupi does not know and that the file has not yet: what a format keeps of an import. */
static void write_new_others(struct writer *w)
{
	for (size_t i = 0; i < w->top->n; i++) {
		struct str name = w->top->keys[i];
		if (sidecar_key_of(name) != SIDECAR_OTHER || node_get(w->set->top_read, name))
			continue;
		write_top(w, name, w->top->items[i]);
		buf_adds(w->out, line_end(w));
	}
}

static void write_part(struct writer *w, const struct part *part)
{
	enum item_kind kind;
	struct str name = str_of(part->name), raw = str_sub(w->bytes, part->from, part->to);
	if (sidecar_key_is_list(part->key, &kind)) {
		if (list_changed(w, kind))
			write_list(w, part->key, kind, part);
		else
			buf_add(w->out, raw);
		return;
	}
	const struct node *value = node_get(w->top, name);
	if (node_equal(value, node_get(w->set->top_read, name))) {
		start_line(w);
		buf_add(w->out, raw);
	} else if (value) {
		write_top(w, name, value);
		copy_tail(w, part->content, part->to);
	}
}

static void write_by_parts(struct writer *w)
{
	const struct sidecar *s = w->s;
	for (size_t i = 0; i < s->n_parts; i++)
		if (s->parts[i].key != SIDECAR_OTHER)
			w->written[s->parts[i].key] = true;
	buf_add(w->out, str_sub(w->bytes, 0, s->prefix));
	enum sidecar_key next = SIDECAR_ZHUPI;
	for (size_t i = 0; i < s->n_parts; i++) {
		for (; s->parts[i].key != SIDECAR_OTHER && next < s->parts[i].key; next++)
			if (!w->written[next])
				write_missing(w, next);
		write_part(w, &s->parts[i]);
	}
	for (; next < SIDECAR_OTHER; next++)
		if (!w->written[next])
			write_missing(w, next);
	write_new_others(w);
	if (s->suffix < w->bytes.n) {
		start_line(w);
		buf_add(w->out, str_sub(w->bytes, s->suffix, w->bytes.n));
	}
}

static void write_whole(struct writer *w)
{
	for (enum sidecar_key key = SIDECAR_ZHUPI; key < SIDECAR_OTHER; key++)
		write_missing(w, key);
	for (size_t i = 0; i < w->top->n; i++)
		if (sidecar_key_of(w->top->keys[i]) == SIDECAR_OTHER) {
			write_top(w, w->top->keys[i], w->top->items[i]);
			buf_adds(w->out, line_end(w));
		}
}

/* A file of comments alone keeps them in front. */
static bool only_comments(struct str bytes)
{
	for (size_t at = 0; at < bytes.n;) {
		size_t end = str_byte(bytes, '\n', at);
		struct str line = str_trim(str_sub(bytes, at, end));
		if (line.n && line.p[0] != '#')
			return false;
		at = end == NOWHERE ? bytes.n : end + 1;
	}
	return true;
}

void sidecar_render(struct sidecar *s, struct set *set, struct buf *out)
{
	bool any;
	struct writer w = {.s = s, .set = set, .bytes = buf_str(&set->bytes), .out = out};
	w.fates = sidecar_fates(set, &any);
	if (!any && node_equal(set->top, set->top_read)) {
		buf_add(out, w.bytes);
	} else {
		w.top = top_to_write(s, set);
		if (s->plain && (s->n_parts || only_comments(w.bytes)))
			write_by_parts(&w);
		else
			write_whole(&w);
		node_free(w.top);
	}
	mem_free(w.fates);
}
