/* sidecar_summary.c: what the library shows of an article, from the events of its sidecar; see sidecar.h. */

#include "annotations/sidecar_internal.h"
#include "annotations/yaml_quick.h"
#include "annotations/yaml_read.h"

/* Reads past the value whose first event is *e. */
static bool skip_value(struct yaml_reader *r, const struct yaml_event *e, struct error *err)
{
	struct yaml_event next;
	unsigned depth = e->depth;
	if (e->kind == YAML_SCALAR_EVENT)
		return true;
	do {
		if (!yaml_next(r, &next, err))
			return false;
	} while (next.depth != depth || (next.kind != YAML_LIST_END && next.kind != YAML_MAP_END));
	return true;
}

struct glance {
	enum verdict verdict;
	bool flagged;
	char *name, *value;
};

static void glance_free(struct glance *g)
{
	mem_free(g->name);
	mem_free(g->value);
}

/* The few keys of a record that count. */
static bool look_at_record(struct yaml_reader *r, const struct yaml_event *first, struct glance *g, struct error *err)
{
	struct yaml_event e;
	if (first->kind != YAML_MAP_START)
		return skip_value(r, first, err);
	for (;;) {
		if (!yaml_next(r, &e, err))
			return false;
		if (e.kind == YAML_MAP_END)
			return true;
		enum {
			OTHER,
			VERDICT,
			FLAG,
			NAME,
			VALUE
		} key = str_eq(e.text, S("verdict")) ? VERDICT
		        : str_eq(e.text, S("flag"))  ? FLAG
		        : str_eq(e.text, S("name"))  ? NAME
		        : str_eq(e.text, S("value")) ? VALUE
		                                     : OTHER;
		if (!yaml_next(r, &e, err))
			return false;
		if (e.kind != YAML_SCALAR_EVENT) {
			if (!skip_value(r, &e, err))
				return false;
			continue;
		}
		if (key == VERDICT)
			(void)verdict_of_name(e.text, &g->verdict);
		g->flagged |= key == FLAG && e.text.n;
		char **text = key == NAME ? &g->name : key == VALUE ? &g->value : NULL;
		if (text) {
			mem_free(*text);
			*text = str_dup(e.text);
		}
	}
}

static void note_field(struct sidecar_summary *out, const struct glance *g)
{
	struct str name = str_of(g->name);
	char **to = str_eq(name, S("title"))       ? &out->title
	            : str_eq(name, S("published")) ? &out->date
	            : str_eq(name, S("source"))    ? &out->source
	                                           : NULL;
	if (!to || (*to)[0] || !g->value || g->verdict == VERDICT_REJECTED)
		return;
	mem_free(*to);
	*to = mem_dup(g->value);
}

static bool summarise_list(struct yaml_reader *r, enum item_kind kind, struct sidecar_summary *out, struct error *err)
{
	for (;;) {
		struct yaml_event e;
		struct glance g = {0};
		if (!yaml_next(r, &e, err))
			return false;
		if (e.kind == YAML_LIST_END)
			return true;
		bool good = look_at_record(r, &e, &g, err);
		out->flagged |= g.flagged;
		if (good && kind == ITEM_SPAN) {
			out->proposed++;
			out->decided += g.verdict != VERDICT_UNDECIDED;
		}
		if (good && kind == ITEM_FIELD)
			note_field(out, &g);
		glance_free(&g);
		if (!good)
			return false;
	}
}

static void note_status(struct sidecar_summary *out, struct str status)
{
	out->status = str_eq(status, S("done"))        ? STATUS_DONE
	              : str_eq(status, S("reviewing")) ? STATUS_REVIEWING
	                                               : STATUS_NONE;
}

static bool summarise_key(struct yaml_reader *r, const char *path, enum sidecar_key key, struct sidecar_summary *out,
                          struct error *err)
{
	struct yaml_event e;
	enum item_kind kind;
	uint64_t version;
	if (!yaml_next(r, &e, err))
		return false;
	if (sidecar_key_is_list(key, &kind) && e.kind == YAML_LIST_START)
		return summarise_list(r, kind, out, err);
	if (key == SIDECAR_STATUS && e.kind == YAML_SCALAR_EVENT)
		note_status(out, e.text);
	if (key == SIDECAR_ZHUPI && e.kind == YAML_SCALAR_EVENT && str_number(e.text, &version) &&
	    version > SIDECAR_FORMAT)
		return error_at(err, ERROR_VERSION, path, e.line, e.column, "written by a newer zhupi");
	return skip_value(r, &e, err);
}

static bool summarise(struct yaml_reader *r, const char *path, struct sidecar_summary *out, struct error *err)
{
	struct yaml_event e;
	if (!yaml_next(r, &e, err))
		return false;
	if (e.kind == YAML_END || (e.kind == YAML_SCALAR_EVENT && e.text.n == 0))
		return true;
	if (e.kind != YAML_MAP_START)
		return error_at(err, ERROR_SCHEMA, path, e.line, e.column, "a sidecar is a map of keys");
	for (;;) {
		if (!yaml_next(r, &e, err))
			return false;
		if (e.kind == YAML_MAP_END)
			return true;
		if (!summarise_key(r, path, sidecar_key_of(e.text), out, err))
			return false;
	}
}

/* ---- by lines --------------------------------------------------------------------------------------------------- */

static void glance_at_map(struct glance *g, const struct node *map)
{
	(void)verdict_of_name(node_get_text(map, S("verdict")), &g->verdict);
	g->flagged = node_get_text(map, S("flag")).n > 0;
	g->name = str_dup(node_get_text(map, S("name")));
	g->value = str_dup(node_get_text(map, S("value")));
}

/* One record on lines of its own: only what counts is looked at. */
static bool glance_at_lines(struct quick *q, struct glance *g)
{
	struct str key, raw;
	struct buf room = {0};
	bool more, good = quick_take(q, '-') && quick_take(q, ' ');
	while (good) {
		good = quick_key(q, &key, &room, &more) && more && room.n == 0 && quick_skip(q, &raw);
		if (good && str_eq(key, S("verdict")))
			(void)verdict_of_name(raw, &g->verdict);
		g->flagged |= good && str_eq(key, S("flag")) && (!raw.p || raw.n);
		if (!good || !quick_next_key(q))
			break;
	}
	buf_free(&room);
	return good;
}

static bool summarise_lines(struct quick *q, enum item_kind kind, struct sidecar_summary *out)
{
	bool good = true;
	while (good && str_starts(str_sub(q->text, q->off, q->off + 2), S("- "))) {
		struct glance g = {0};
		bool lines = kind == ITEM_SPAN && !str_starts(str_sub(q->text, q->off, q->off + 3), S("- {"));
		struct node *map = lines ? NULL : quick_record(q);
		if (map)
			glance_at_map(&g, map);
		good = (lines ? glance_at_lines(q, &g) : map != NULL) && quick_line_end(q);
		out->flagged |= g.flagged;
		out->proposed += kind == ITEM_SPAN;
		out->decided += kind == ITEM_SPAN && g.verdict != VERDICT_UNDECIDED;
		if (kind == ITEM_FIELD)
			note_field(out, &g);
		glance_free(&g);
		node_free(map);
	}
	return good;
}

static bool summarise_quickly(struct str bytes, struct sidecar_summary *out)
{
	struct quick q = {.text = bytes, .line = 1};
	struct buf room = {0};
	bool good = quick_may_read(bytes), seen[SIDECAR_OTHER] = {false};
	while (good && q.off < q.text.n) {
		struct str key, value;
		enum item_kind kind;
		bool more;
		good = quick_key(&q, &key, &room, &more) && room.n == 0;
		enum sidecar_key k = good ? sidecar_key_of(key) : SIDECAR_OTHER;
		bool list = sidecar_key_is_list(k, &kind);
		if (!good || k == SIDECAR_OTHER || seen[k] || more == list) {
			good = false;
			break;
		}
		seen[k] = true;
		good = list ? quick_line_end(&q) && summarise_lines(&q, kind, out)
		            : quick_skip(&q, &value) && quick_line_end(&q);
		if (good && k == SIDECAR_STATUS)
			note_status(out, value);
		good = good && (k != SIDECAR_ZHUPI || str_eq(value, S("1")));
	}
	buf_free(&room);
	return good;
}

static void start_summary(struct sidecar_summary *out)
{
	*out = (struct sidecar_summary){.title = mem_dup(""), .date = mem_dup(""), .source = mem_dup("")};
}

static void drop_summary(struct sidecar_summary *out)
{
	mem_free(out->title);
	mem_free(out->date);
	mem_free(out->source);
}

bool sidecar_summary(const char *path, struct sidecar_summary *out, struct error *err)
{
	struct buf bytes = {0};
	start_summary(out);
	struct error cause = {0};
	if (!io_read_file(path, YAML_FILE, &bytes, NULL, &cause)) {
		bool missing = cause.code == ERROR_MISSING;
		if (!missing)
			error_set(err, cause.code, path, "%s", cause.message);
		error_clear(&cause);
		return missing;
	}
	if (summarise_quickly(buf_str(&bytes), out)) {
		buf_free(&bytes);
		return true;
	}
	drop_summary(out);
	start_summary(out);
	struct yaml_reader *r = yaml_reader_new(buf_str(&bytes), path);
	bool good = summarise(r, path, out, err);
	yaml_reader_free(r);
	buf_free(&bytes);
	return good;
}

/* ---- encoding ------------------------------------------------------------------------------------------------- */

#define HEAD ((size_t)4096) /* bytes in which `article` stands where we wrote it */

static char *encoding_in(const struct node *article)
{
	struct str encoding = node_get_text(article, S("encoding"));
	return encoding.n ? str_dup(encoding) : NULL;
}

/* From the first lines in our own layout.  *known: they say, or say that they do not. */
static char *encoding_quickly(struct str bytes, bool *known)
{
	struct quick q = {.text = bytes, .line = 1};
	struct buf room = {0};
	struct str key;
	char *found = NULL;
	bool more, go_on = quick_may_read(q.text);
	*known = false;
	while (go_on && !*known && quick_key(&q, &key, &room, &more) && room.n == 0) {
		enum sidecar_key k = sidecar_key_of(key);
		bool list = k >= SIDECAR_SPANS && k != SIDECAR_OTHER;
		struct node *value = more && !list ? quick_value(&q) : NULL;
		*known = list || (value && k == SIDECAR_ARTICLE);
		if (value && k == SIDECAR_ARTICLE)
			found = encoding_in(value);
		go_on = value && quick_line_end(&q);
		node_free(value);
	}
	buf_free(&room);
	return found;
}

static char *encoding_by_events(struct str bytes, const char *path)
{
	struct yaml_event e;
	char *found = NULL;
	struct yaml_reader *r = yaml_reader_new(bytes, path);
	bool more = yaml_next(r, &e, NULL) && e.kind == YAML_MAP_START;
	while (more && yaml_next(r, &e, NULL) && e.kind == YAML_SCALAR_EVENT) {
		enum sidecar_key key = sidecar_key_of(e.text);
		struct node *article = NULL;
		/* It stands before the lists, in whose length this need not be read. */
		more = (key < SIDECAR_SPANS || key == SIDECAR_OTHER) && yaml_next(r, &e, NULL);
		if (more && key == SIDECAR_ARTICLE && yaml_tree(r, &e, &article, NULL)) {
			found = encoding_in(article);
			more = false;
		} else if (more) {
			more = skip_value(r, &e, NULL);
		}
		node_free(article);
	}
	yaml_reader_free(r);
	return found;
}

/* The lines at the head of the file. */
static char *encoding_of_head(const char *path, bool *known)
{
	struct buf head = {0};
	char *found = NULL;
	*known = false;
	if (io_read_start(path, HEAD, &head, NULL)) {
		while (head.n == HEAD || (head.n && head.p[head.n - 1] != '\n'))
			head.n--;
		found = encoding_quickly(buf_str(&head), known);
	}
	buf_free(&head);
	return found;
}

char *sidecar_encoding(const char *path)
{
	struct buf bytes = {0};
	bool known;
	char *found = encoding_of_head(path, &known);
	if (known || !io_read_file(path, YAML_FILE, &bytes, NULL, NULL))
		return found;
	found = encoding_by_events(buf_str(&bytes), path);
	buf_free(&bytes);
	return found;
}
