/* sidecar_summary.c: what the library shows of an article, from the events of its sidecar; see sidecar.h. */
#include <string.h>

#include "annotations/sidecar_internal.h"
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
		enum { OTHER, VERDICT, FLAG, NAME, VALUE } key = str_eq(e.text, S("verdict")) ? VERDICT
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
		out->status = str_eq(e.text, S("done"))        ? STATUS_DONE
		              : str_eq(e.text, S("reviewing")) ? STATUS_REVIEWING
		                                               : STATUS_NONE;
	if (key == SIDECAR_ZHUPI && e.kind == YAML_SCALAR_EVENT && str_number(e.text, &version) && version > SIDECAR_FORMAT)
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

bool sidecar_summary(const char *path, struct sidecar_summary *out, struct error *err)
{
	struct buf bytes = {0};
	*out = (struct sidecar_summary){.title = mem_dup(""), .date = mem_dup(""), .source = mem_dup("")};
	struct error cause = {0};
	if (!io_read_file(path, YAML_FILE, &bytes, NULL, &cause)) {
		bool missing = cause.code == ERROR_MISSING;
		if (!missing)
			error_set(err, cause.code, path, "%s", cause.message);
		error_clear(&cause);
		return missing;
	}
	struct yaml_reader *r = yaml_reader_new(buf_str(&bytes), path);
	bool good = summarise(r, path, out, err);
	yaml_reader_free(r);
	buf_free(&bytes);
	return good;
}

char *sidecar_encoding(const char *path)
{
	struct buf bytes = {0};
	struct yaml_event e;
	char *found = NULL;
	if (!io_read_file(path, YAML_FILE, &bytes, NULL, NULL))
		return NULL;
	struct yaml_reader *r = yaml_reader_new(buf_str(&bytes), path);
	bool more = yaml_next(r, &e, NULL) && e.kind == YAML_MAP_START;
	while (more && yaml_next(r, &e, NULL) && e.kind == YAML_SCALAR_EVENT) {
		enum sidecar_key key = sidecar_key_of(e.text);
		struct node *article = NULL;
		/* It stands before the lists, in whose length this need not be read. */
		more = key < SIDECAR_SPANS && yaml_next(r, &e, NULL);
		if (more && key == SIDECAR_ARTICLE && yaml_tree(r, &e, &article, NULL)) {
			struct str encoding = node_get_text(article, S("encoding"));
			found = encoding.n ? str_dup(encoding) : NULL;
			more = false;
		} else if (more) {
			more = skip_value(r, &e, NULL);
		}
		node_free(article);
	}
	yaml_reader_free(r);
	buf_free(&bytes);
	return found;
}
