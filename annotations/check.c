/* check: the sidecar as a whole, relations, fields, zones, ids, status; see check.h. */
#include "annotations/check_internal.h"

#include <stdlib.h>
#include <string.h>

#include "annotations/yaml_read.h"
#include "model/decode.h"
#include "model/utf8.h"

#define SHOWN 60 /* bytes of a name in a message */

void check_add(struct checker *c, const struct node *at, struct str item, enum error_code code, const char *format, ...)
{
	struct buf message = {0};
	char *id = str_dup(item);
	va_list args;
	va_start(args, format);
	buf_addv(&message, format, args);
	va_end(args);
	findings_add(c->out, id, code, c->path, at->line, at->column, "%s", message.p);
	buf_free(&message);
	mem_free(id);
}

int check_shown(struct str s)
{
	return (int)(s.n < SHOWN ? s.n : utf8_floor(s, SHOWN));
}

bool check_verdict(struct checker *c, const struct node *map, struct str id, enum verdict *v)
{
	const struct node *verdict = node_get(map, S("verdict")), *flag = node_get(map, S("flag"));
	*v = VERDICT_UNDECIDED;
	if (flag) {
		c->flags++;
		check_add(c, flag, id, ERROR_FLAG, "flagged: %.*s", check_shown(node_scalar(flag)),
		          node_scalar(flag).p ? node_scalar(flag).p : "");
	}
	if (!verdict || verdict_of_name(node_scalar(verdict), v))
		return true;
	check_add(c, verdict, id, ERROR_SCHEMA, "verdict must be undecided, accepted, corrected or rejected");
	return false;
}

/* ---- relations, fields, zones --------------------------------------------------------------------------------- */

static const struct node *list_of(struct checker *c, struct str key)
{
	const struct node *list = node_get(c->top, key);
	if (!list || list->kind == NODE_LIST || node_is_absent(list))
		return list && list->kind == NODE_LIST ? list : NULL;
	check_add(c, list, STR_NONE, ERROR_SCHEMA, "%.*s must be a list", (int)key.n, key.p);
	return NULL;
}

static void check_end(struct checker *c, const struct node *map, struct str id, struct str key,
                      const struct label_list *labels, bool kept)
{
	const struct node *end = node_get(node_get(map, S("args")), key);
	if (!end) {
		check_add(c, map, id, ERROR_SCHEMA, "a relation needs args: {from: …, to: …}; %.*s is missing",
		          (int)key.n, key.p);
		return;
	}
	struct checked_span *span = check_find_span(c, node_scalar(end));
	if (!span)
		check_add(c, end, id, ERROR_REFERENCE, "no span has the id %.*s", check_shown(node_scalar(end)),
		          node_scalar(end).p);
	else if (kept && span->verdict == VERDICT_REJECTED)
		check_add(c, end, id, ERROR_REFERENCE, "the span %.*s was rejected, the relation was not",
		          check_shown(span->id), span->id.p);
	else if (labels && span->label != NOWHERE && !label_list_has(labels, (uint16_t)span->label))
		check_add(c, end, id, ERROR_REFERENCE, "%.*s cannot be %.*s of this relation",
		          (int)c->schema->labels[span->label].name.n, c->schema->labels[span->label].name.p, (int)key.n,
		          key.p);
}

static void check_relation(struct checker *c, const struct node *map)
{
	struct str id = node_get_text(map, S("id")), type = node_get_text(map, S("type"));
	enum verdict v;
	(void)check_verdict(c, map, id, &v);
	size_t known = schema_relation(c->schema, type);
	if (known == NOWHERE)
		check_add(c, node_get(map, S("type")) ? node_get(map, S("type")) : map, id, ERROR_SCHEMA,
		          "the schema knows no relation `%.*s`", check_shown(type), type.p ? type.p : "");
	check_end(c, map, id, S("from"), known == NOWHERE ? NULL : &c->schema->relations[known].from, verdict_keeps(v));
	check_end(c, map, id, S("to"), known == NOWHERE ? NULL : &c->schema->relations[known].to, verdict_keeps(v));
}

static void check_field(struct checker *c, const struct node *map, bool *filled)
{
	struct str id = node_get_text(map, S("id")), name = node_get_text(map, S("name"));
	const struct node *spans = node_get(map, S("spans")),
	                  *at = node_get(map, S("name")) ? node_get(map, S("name")) : map;
	enum verdict v;
	(void)check_verdict(c, map, id, &v);
	size_t known = schema_field(c->schema, name);
	if (known == NOWHERE)
		check_add(c, at, id, ERROR_SCHEMA, "the schema knows no field `%.*s`", check_shown(name),
		          name.p ? name.p : "");
	else if (verdict_keeps(v) && filled[known] && !c->schema->fields[known].list)
		check_add(c, at, id, ERROR_SCHEMA, "%.*s has a value already and is no list", check_shown(name), name.p);
	if (known != NOWHERE)
		filled[known] |= verdict_keeps(v);
	if (!node_get(map, S("value")) || node_get(map, S("value"))->kind != NODE_SCALAR)
		check_add(c, map, id, ERROR_SCHEMA, "a field needs a value");
	for (size_t i = 0; spans && spans->kind == NODE_LIST && i < spans->n; i++)
		if (!check_find_span(c, node_scalar(spans->items[i])))
			check_add(c, spans->items[i], id, ERROR_REFERENCE, "no span has the id %.*s",
			          check_shown(node_scalar(spans->items[i])),
			          node_scalar(spans->items[i]).p ? node_scalar(spans->items[i]).p : "");
}

static void check_zone(struct checker *c, const struct node *map)
{
	const struct node *at = node_get(map, S("at")), *kind = node_get(map, S("kind"));
	uint64_t from, to;
	enum zone_kind zone;
	if (!at || at->kind != NODE_LIST || at->n != 2 || !node_is_number(at->items[0], &from) ||
	    !node_is_number(at->items[1], &to))
		check_add(c, at ? at : map, STR_NONE, ERROR_SCHEMA, "a zone needs at: [start, end]");
	else if (from > to || to > article_length(c->article))
		check_add(c, at, STR_NONE, ERROR_OFFSET, "the zone lies outside the text, which has %zu code points",
		          article_length(c->article));
	if (!kind || !zone_of_name(node_scalar(kind), &zone))
		check_add(c, kind ? kind : map, STR_NONE, ERROR_SCHEMA,
		          "a zone needs a kind: title, byline, body, nav, notice, related, share or ticker");
}

static void check_lists(struct checker *c)
{
	const struct node *relations = list_of(c, S("relations")), *fields = list_of(c, S("fields")),
	                  *zones = list_of(c, S("zones"));
	bool *filled = mem_array(c->schema->n_fields + 1, sizeof *filled);
	for (size_t i = 0; relations && i < relations->n; i++)
		check_relation(c, relations->items[i]);
	for (size_t i = 0; fields && i < fields->n; i++)
		check_field(c, fields->items[i], filled);
	for (size_t i = 0; zones && i < zones->n; i++)
		check_zone(c, zones->items[i]);
	mem_free(filled);
}

/* ---- ids ---------------------------------------------------------------------------------------------------- */

struct id_at {
	struct str id;
	const struct node *map;
};

static int by_id_and_line(const void *a, const void *b)
{
	const struct id_at *x = a, *y = b;
	int order = str_cmp(x->id, y->id);
	if (order)
		return order;
	return (x->map->line > y->map->line) - (x->map->line < y->map->line);
}

static size_t collect_ids(struct checker *c, struct str key, struct id_at *out)
{
	const struct node *list = node_get(c->top, key);
	size_t n = 0;
	for (size_t i = 0; list && list->kind == NODE_LIST && i < list->n; i++) {
		struct str id = node_get_text(list->items[i], S("id"));
		if (id.n == 0 && out)
			check_add(c, list->items[i], STR_NONE, ERROR_SCHEMA, "an item of %.*s needs an id", (int)key.n,
			          key.p);
		if (id.n && out)
			out[n] = (struct id_at){id, list->items[i]};
		n += id.n > 0;
	}
	return n;
}

static void check_ids(struct checker *c)
{
	static const char *const lists[] = {"spans", "relations", "fields", "notes"};
	size_t most = 0, n = 0;
	for (size_t i = 0; i < COUNT_OF(lists); i++)
		most += collect_ids(c, str_of(lists[i]), NULL);
	struct id_at *ids = mem_array(most + 1, sizeof *ids);
	for (size_t i = 0; i < COUNT_OF(lists); i++)
		n += collect_ids(c, str_of(lists[i]), ids + n);
	qsort(ids, n, sizeof *ids, by_id_and_line);
	for (size_t i = 1; i < n; i++)
		if (str_eq(ids[i].id, ids[i - 1].id))
			check_add(c, ids[i].map, ids[i].id, ERROR_DUPLICATE,
			          "line %u has an item with the id %.*s already", ids[i - 1].map->line, check_shown(ids[i].id),
			          ids[i].id.p);
	mem_free(ids);
}

/* ---- the sidecar as a whole ------------------------------------------------------------------------------------- */

static bool check_version(struct checker *c)
{
	const struct node *version = node_get(c->top, S("zhupi"));
	uint64_t number;
	if (!version || !node_is_number(version, &number)) {
		check_add(c, version ? version : c->top, STR_NONE, ERROR_SCHEMA, "a sidecar begins with `zhupi: %d`",
		          SIDECAR_FORMAT);
		return true;
	}
	if (number <= SIDECAR_FORMAT)
		return true;
	check_add(c, version, STR_NONE, ERROR_VERSION, "written by a newer zhupi, in format %llu; this one knows %d",
	          (unsigned long long)number, SIDECAR_FORMAT);
	return false;
}

/* As a sidecar can hold it: a name need not be UTF-8. */
static bool is_name_of(struct str file, const struct article *a)
{
	struct str name = str_of(io_name_of(article_path(a)));
	struct buf held = {0};
	codepoint cp;
	for (size_t off = 0, step; (step = utf8_step(name, off, &cp)); off += step)
		utf8_add(&held, cp & UTF8_BAD ? 0xFFFD : cp);
	bool same = str_eq(file, buf_str(&held));
	buf_free(&held);
	return same;
}

static void check_article_map(struct checker *c)
{
	const struct node *map = node_get(c->top, S("article")), *hash = node_get(map, S("sha256")),
	                  *file = node_get(map, S("file"));
	if (file && !is_name_of(node_scalar(file), c->article))
		check_add(c, file, STR_NONE, ERROR_MISSING, "this sidecar was written for %.*s",
		          check_shown(node_scalar(file)), node_scalar(file).p ? node_scalar(file).p : "");
	c->edited = hash && !str_eq(node_scalar(hash), str_of(article_sha256(c->article)));
	if (c->edited)
		check_add(c, hash, STR_NONE, ERROR_TEXT,
		          "the article was edited since; opening it finds the spans again");
}

static void check_status(struct checker *c)
{
	const struct node *status = node_get(c->top, S("status"));
	if (!status)
		return;
	if (!str_eq(node_scalar(status), S("done"))) {
		if (!str_eq(node_scalar(status), S("reviewing")))
			check_add(c, status, STR_NONE, ERROR_SCHEMA, "status must be reviewing or done");
		return;
	}
	if (c->undecided || c->flags)
		check_add(c, status, STR_NONE, ERROR_STATUS, "done, but %zu spans are undecided and %zu items flagged",
		          c->undecided, c->flags);
}

static void check_tree(struct checker *c)
{
	if (!check_version(c))
		return;
	check_article_map(c);
	check_spans(c);
	check_overlaps(c);
	check_lists(c);
	check_ids(c);
	check_status(c);
	for (size_t i = 0; i < c->n_spans; i++)
		mem_free(c->spans[i].fragments);
	mem_free(c->spans);
}

static void take_error(struct findings *out, struct error *e)
{
	findings_add(out, "", e->code, e->path, e->line, e->column, "%s", e->message);
	error_clear(e);
}

static bool has_conflict_markers(struct str bytes)
{
	return str_starts(bytes, S("<<<<<<< ")) || str_find(bytes, S("\n<<<<<<< "), 0) != NOWHERE;
}

static void check_article_against(struct corpus *corpus, const char *text_path, const char *path,
                                  const struct node *top, struct findings *out)
{
	struct error err = {0};
	struct checker c = {.path = path, .schema = corpus_schema(corpus), .top = top, .out = out};
	char *encoding = str_dup(node_get_text(node_get(top, S("article")), S("encoding")));
	if (top->kind != NODE_MAP) {
		check_add(&c, top, STR_NONE, ERROR_SCHEMA, "a sidecar is a map: `zhupi: 1` and so on");
	} else if (article_open(text_path, decode_known(encoding) ? encoding : NULL, &c.article, &err)) {
		check_tree(&c);
		article_free(c.article);
	} else {
		take_error(out, &err);
	}
	mem_free(encoding);
}

static void take_syntax(struct findings *out, const char *path, struct str bytes, struct error *err)
{
	if (has_conflict_markers(bytes))
		findings_add(out, "", ERROR_CONFLICT, path, err->line, err->column,
		             "git left the marks of a merge in it (<<<<<<<): settle that first");
	else
		take_error(out, err);
	error_clear(err);
}

/* Without a sidecar there is only the article to be read. */
static void check_readable(const char *text_path, struct findings *out)
{
	struct error err = {0};
	struct article *article = NULL;
	if (!article_open(text_path, NULL, &article, &err))
		take_error(out, &err);
	article_free(article);
}

void check_article(struct corpus *c, struct str file, struct findings *out)
{
	struct error err = {0};
	struct buf bytes = {0};
	struct stat st;
	struct node *top = NULL;
	char *path = corpus_sidecar_path(c, file), *text_path = corpus_article_path(c, file);
	if (io_get()->lstat(path, &st) != 0)
		check_readable(text_path, out);
	else if (!io_read_file(path, YAML_FILE, &bytes, NULL, &err))
		take_error(out, &err);
	else if (!yaml_read(buf_str(&bytes), path, &top, &err))
		take_syntax(out, path, buf_str(&bytes), &err);
	else
		check_article_against(c, text_path, path, top, out);
	node_free(top);
	buf_free(&bytes);
	mem_free(text_path);
	mem_free(path);
}

/* ---- sidecars without an article -------------------------------------------------------------------------------- */

struct orphan_walk {
	struct corpus *corpus;
	struct findings *out;
};

static bool is_file(const char *root, struct str relative)
{
	struct stat st;
	char *name = str_dup(relative), *path = io_join(root, name);
	bool there = io_get()->stat(path, &st) == 0;
	mem_free(path);
	mem_free(name);
	return there;
}

/* Any YAML file may lie in a folder of articles; a sidecar says `zhupi:` in its first lines. */
static bool looks_like_sidecar(const char *path)
{
	struct buf bytes = {0};
	bool is = io_read_file(path, YAML_FILE, &bytes, NULL, NULL) &&
	          (str_starts(buf_str(&bytes), S("zhupi:")) ||
	           str_find(str_sub(buf_str(&bytes), 0, 4096), S("\nzhupi:"), 0) != NOWHERE);
	buf_free(&bytes);
	return is;
}

/* report.txt.yaml.conflict and report.txt.yaml.conflict-2, as io_recover() leaves them. */
static bool is_kept_version(struct str relative)
{
	struct str digits = S("0123456789");
	size_t n = relative.n;
	while (n && str_byte(digits, relative.p[n - 1], 0) != NOWHERE)
		n--;
	n -= n && n < relative.n && relative.p[n - 1] == '-';
	return str_ends(str_sub(relative, 0, n), S(".yaml.conflict"));
}

static void report_kept_version(struct orphan_walk *w, struct str relative)
{
	char *name = str_dup(relative), *path = io_join(corpus_root(w->corpus), name);
	findings_add(w->out, "", ERROR_CONFLICT, path, 1, 1,
	             "another program wrote this version while a session was killed; compare it with the sidecar, then remove it");
	mem_free(path);
	mem_free(name);
}

static bool visit_yaml(void *ctx, struct str relative)
{
	struct orphan_walk *w = ctx;
	const char *root = corpus_root(w->corpus);
	if (is_kept_version(relative))
		report_kept_version(w, relative);
	if (!str_ends(relative, S(".yaml")) || str_eq(relative, S("zhupi.yaml")) ||
	    str_ends(relative, S("/zhupi.yaml")))
		return true;
	struct str article = str_sub(relative, 0, relative.n - strlen(".yaml"));
	struct str shorter = article; /* report.txt.alice.yaml */
	while (shorter.n && shorter.p[shorter.n - 1] != '.' && shorter.p[shorter.n - 1] != '/')
		shorter.n--;
	if (is_file(root, article) ||
	    (shorter.n > 1 && shorter.p[shorter.n - 1] == '.' && is_file(root, str_sub(shorter, 0, shorter.n - 1))))
		return true;
	char *name = str_dup(relative), *path = io_join(root, name);
	if (looks_like_sidecar(path))
		findings_add(w->out, "", ERROR_MISSING, path, 1, 1,
		             "its article is gone; if that was renamed, rename this file as well");
	mem_free(path);
	mem_free(name);
	return true;
}

static void walk_trouble(void *ctx, struct error *e)
{
	struct orphan_walk *w = ctx;
	take_error(w->out, e);
}

bool check_orphans(struct corpus *c, struct findings *out, struct error *err)
{
	struct orphan_walk w = {c, out};
	return io_walk(corpus_root(c), visit_yaml, walk_trouble, &w, err);
}
