/* sidecar_pass.c: parts, records and what is wrong with them; see sidecar_pass.h. */
#include "annotations/sidecar_pass.h"

#include <string.h>

static const struct {
	const char *name;
	enum item_kind kind; /* of a list; ITEM_ARTICLE: no list */
} keys[SIDECAR_OTHER] = {
    [SIDECAR_ZHUPI] = {"zhupi", ITEM_ARTICLE},   [SIDECAR_ARTICLE] = {"article", ITEM_ARTICLE},
    [SIDECAR_SCHEMA] = {"schema", ITEM_ARTICLE}, [SIDECAR_STATUS] = {"status", ITEM_ARTICLE},
    [SIDECAR_SPANS] = {"spans", ITEM_SPAN},      [SIDECAR_RELATIONS] = {"relations", ITEM_RELATION},
    [SIDECAR_FIELDS] = {"fields", ITEM_FIELD},   [SIDECAR_ZONES] = {"zones", ITEM_ZONE},
    [SIDECAR_NOTES] = {"notes", ITEM_NOTE},
};

enum sidecar_key sidecar_key_of(struct str name)
{
	for (size_t i = 0; i < SIDECAR_OTHER; i++)
		if (str_eq(name, str_of(keys[i].name)))
			return (enum sidecar_key)i;
	return SIDECAR_OTHER;
}

const char *sidecar_key_name(enum sidecar_key key)
{
	return keys[key].name;
}

bool sidecar_key_is_list(enum sidecar_key key, enum item_kind *kind)
{
	if (key == SIDECAR_OTHER || keys[key].kind == ITEM_ARTICLE)
		return false;
	*kind = keys[key].kind;
	return true;
}

void sidecar_drop_parts(struct sidecar *s)
{
	for (size_t i = 0; i < s->n_parts; i++)
		mem_free(s->parts[i].name);
	mem_free(s->parts);
	s->parts = NULL;
	s->n_parts = s->cap_parts = 0;
}

/* ---- the pass ----------------------------------------------------------------------------------------------- */

#define FINDINGS_LIMIT 1000

static void find_fault(struct pass *p, struct str id, enum error_code code, size_t line, size_t column,
                       const char *message)
{
	if (!p->findings || p->findings->n >= FINDINGS_LIMIT)
		return;
	char *item = str_dup(id);
	findings_add(p->findings, item, code, p->sidecar->path, line, column, "%s", message);
	mem_free(item);
}

static void find_fault_about(struct pass *p, struct str id, enum error_code code, const struct node *at,
                             const char *before, struct str name, const char *after)
{
	struct buf message = {0};
	buf_adds(&message, before);
	buf_add(&message, str_sub(name, 0, 60));
	buf_adds(&message, after);
	find_fault(p, id, code, at->line, at->column, message.p);
	buf_free(&message);
}

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

size_t pass_line_start(struct str bytes, size_t off)
{
	while (off > 0 && !is_line_end(bytes.p[off - 1]))
		off--;
	return off;
}

static void close_record(struct pass *p, size_t end)
{
	if (p->last_record == NO_ITEM)
		return;
	struct record *r = &p->set->items[p->last_record].record;
	if (r->mode == RECORD_LINES)
		r->to = (uint32_t)end;
	p->last_record = NO_ITEM;
}

/* ---- what items may say ------------------------------------------------------------------------------------- */

void pass_label(struct pass *p, uint32_t index, const struct node *at)
{
	const struct schema *schema = p->set->schema;
	const struct item *item = &p->set->items[index];
	if (!p->findings || item->opaque)
		return;
	uint16_t label = p->set->spans[item->index].label;
	if (schema->labels[label].known)
		return;
	if (label >= p->n_label_told) {
		p->label_told = mem_grow(p->label_told, schema->n_labels, sizeof(bool));
		memset(p->label_told + p->n_label_told, 0, schema->n_labels - p->n_label_told);
		p->n_label_told = schema->n_labels;
	}
	if (!p->label_told[label])
		find_fault_about(p, item->id, ERROR_SCHEMA, at, "the schema has no label `", schema->labels[label].name,
		                 "`");
	p->label_told[label] = true;
}

static void check_end(struct pass *p, const struct node *map, const struct node *end)
{
	struct str id = node_scalar(end);
	if (end && !set_has(p->set, ITEM_SPAN, id))
		find_fault_about(p, node_get_text(map, S("id")), ERROR_REFERENCE, end, "there is no span `", id, "`");
}

static void check_references(struct pass *p)
{
	struct set *set = p->set;
	for (size_t i = 0; i < set_relations(set); i++) {
		const struct node *map = set_node(set, ITEM_RELATION, set_relation(set, i)->id),
		                  *args = node_get(map, S("args"));
		for (size_t k = 0; args && args->kind == NODE_MAP && k < args->n; k++)
			check_end(p, map, args->items[k]);
	}
	for (size_t i = 0; i < set_fields(set); i++) {
		const struct node *map = set_node(set, ITEM_FIELD, set_field(set, i)->id),
		                  *spans = node_get(map, S("spans"));
		for (size_t k = 0; spans && spans->kind == NODE_LIST && k < spans->n; k++)
			check_end(p, map, spans->items[k]);
	}
}

/* ---- records ------------------------------------------------------------------------------------------------ */

void pass_record_line(struct pass *p, struct part *part, size_t start, size_t indent)
{
	if (part->records == 0) {
		part->indent = indent;
		part->head = start;
	}
	part->lines &= indent == part->indent;
	close_record(p, start);
}

void pass_record(struct pass *p, struct part *part, enum item_kind kind, struct node *map, const struct record *record)
{
	struct error trouble = {0};
	struct node place = {.line = map->line, .column = map->column};
	char *id = str_dup(node_get_text(map, S("id")));
	const struct node *label = node_get(map, S("label"));
	struct node label_place = label ? *label : place;
	uint32_t index = set_load_item(p->set, kind, map, record, &trouble);
	if (trouble.code != ERROR_NONE)
		find_fault(p, str_of(id), trouble.code, trouble.line ? trouble.line : place.line, trouble.column,
		           trouble.message);
	if (kind == ITEM_SPAN)
		pass_label(p, index, &label_place);
	mem_free(id);
	error_clear(&trouble);
	p->last_record = index;
	part->records++;
}

/* ---- top-level keys ----------------------------------------------------------------------------------------- */

static bool check_version(struct pass *p, const struct node *value, struct error *err)
{
	uint64_t version;
	if (!str_number(node_scalar(value), &version) || version == 0)
		return error_at(err, ERROR_SCHEMA, p->sidecar->path, value->line, value->column,
		                "`zhupi` must be the number of the format, %d", SIDECAR_FORMAT);
	if (version > SIDECAR_FORMAT)
		return error_at(err, ERROR_VERSION, p->sidecar->path, value->line, value->column,
		                "written by a newer zhupi (format %llu, this one knows %d); it is left as it is",
		                (unsigned long long)version, SIDECAR_FORMAT);
	return true;
}

#define HASH_AT_ONCE ((uint64_t)1 << 20) /* bytes of an article whose hash is taken while loading */

static void check_article(struct pass *p, const struct node *value)
{
	struct article *a = p->set->article;
	struct str hash = node_get_text(value, S("sha256"));
	uint64_t bytes;
	bool changed = str_number(node_get_text(value, S("bytes")), &bytes) && bytes != article_bytes(a);
	if (!changed && hash.n && article_bytes(a) <= HASH_AT_ONCE)
		changed = !str_eq(hash, str_of(article_sha256(a)));
	p->sidecar->article_changed = p->set->article_changed = changed;
	struct str encoding = node_get_text(value, S("encoding"));
	if (encoding.n && !str_eq(encoding, str_of(article_encoding(a))))
		find_fault_about(p, STR_NONE, ERROR_ENCODING, value, "the article is said to be ", encoding,
		                 ", but was not read so");
}

bool pass_top(struct pass *p, const struct part *part, struct node *value, struct error *err)
{
	enum item_kind kind;
	if (sidecar_key_is_list(part->key, &kind)) {
		bool empty = value->kind == NODE_LIST
		                 ? value->n == 0
		                 : value->kind == NODE_SCALAR && (value->text.n == 0 || node_is_absent(value));
		if (!empty)
			error_at(err, ERROR_SCHEMA, p->sidecar->path, value->line, value->column, "`%s` must be a list",
			         part->name);
		node_free(value);
		return empty;
	}
	node_append(p->top, str_of(part->name), value);
	if (part->key == SIDECAR_ARTICLE)
		check_article(p, value);
	return part->key != SIDECAR_ZHUPI || check_version(p, value, err);
}

static struct part *new_part(struct pass *p, struct str name, size_t off)
{
	struct sidecar *s = p->sidecar;
	if (s->n_parts == s->cap_parts) {
		s->cap_parts = s->cap_parts ? 2 * s->cap_parts : 16;
		s->parts = mem_grow(s->parts, s->cap_parts, sizeof(*s->parts));
	}
	size_t from = pass_line_start(p->bytes, off);
	if (from == 0 && str_starts(p->bytes, S("\xEF\xBB\xBF")))
		from = 3;
	struct part *part = &s->parts[s->n_parts++];
	*part = (struct part){.key = sidecar_key_of(name), .name = str_dup(name), .from = from, .head = from};
	part->whole_lines = from == off;
	return part;
}

struct part *pass_key(struct pass *p, struct str name, size_t off, size_t line, size_t column, struct error *err)
{
	struct part *part = new_part(p, name, off);
	close_record(p, part->from);
	if (p->sidecar->n_parts > 1)
		part[-1].to = part->from;
	if (part->key == SIDECAR_OTHER)
		return part;
	if (p->seen[part->key]) {
		error_at(err, ERROR_DUPLICATE, p->sidecar->path, line, column, "the key `%s` is there twice; keep one",
		         part->name);
		return NULL;
	}
	p->seen[part->key] = true;
	return part;
}

/* ---- the whole ---------------------------------------------------------------------------------------------- */

/* The line of `...` behind the last value, if there is one. */
static size_t find_suffix(struct str bytes, size_t content)
{
	for (size_t at = content; (at = str_find(bytes, S("..."), at)) != NOWHERE; at++)
		if (at > 0 && is_line_end(bytes.p[at - 1]))
			return at;
	return bytes.n;
}

static void close_parts(struct pass *p)
{
	struct sidecar *s = p->sidecar;
	struct part *last = s->n_parts ? &s->parts[s->n_parts - 1] : NULL;
	s->suffix = find_suffix(p->bytes, last ? last->content : 0);
	close_record(p, s->suffix);
	s->prefix = last ? s->parts[0].from : s->suffix;
	if (last)
		last->to = s->suffix;
	s->plain = true;
	for (size_t i = 0; i < s->n_parts; i++)
		s->plain &= s->parts[i].whole_lines;
	size_t first_line = str_byte(p->bytes, '\n', 0);
	s->crlf = first_line != NOWHERE && first_line > 0 && p->bytes.p[first_line - 1] == '\r';
}

static bool check_top(struct pass *p, struct error *err)
{
	size_t twice = node_duplicate(p->top);
	if (twice != NOWHERE)
		return error_at(err, ERROR_DUPLICATE, p->sidecar->path, p->top->items[twice]->line,
		                p->top->items[twice]->column, "the key `%.*s` is there twice; keep one",
		                (int)(p->top->keys[twice].n % 80), p->top->keys[twice].p);
	if (!p->seen[SIDECAR_ZHUPI] && p->sidecar->n_parts)
		find_fault(p, STR_NONE, ERROR_SCHEMA, 1, 1, "`zhupi: 1`, the number of the format, is missing");
	return true;
}

void pass_start(struct pass *p, struct sidecar *s, struct set *set, struct findings *findings)
{
	*p = (struct pass){.sidecar = s, .set = set, .findings = findings, .last_record = NO_ITEM};
	p->bytes = buf_str(&set->bytes);
	p->top = node_map();
}

bool pass_end(struct pass *p, bool good, struct error *err)
{
	good = good && check_top(p, err);
	if (good) {
		close_parts(p);
		set_load_top(p->set, p->top);
		check_references(p);
		set_trim(p->set);
	} else {
		node_free(p->top);
	}
	mem_free(p->label_told);
	return good;
}
