/* sidecar_read.c: the bytes of a sidecar into parts and items: by lines where they are in our own layout, else by
 * libyaml's events; see sidecar.h. */

#include "annotations/sidecar_pass.h"
#include "annotations/yaml_read.h"

struct reading {
	struct pass pass;
	struct yaml_reader *reader;
};

/* ---- records ------------------------------------------------------------------------------------------------ */

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

/* The line that starts with the `- ` of the item whose first event is at off; NOWHERE when no such line does. */
static size_t dash_line(struct str bytes, size_t off, size_t *indent)
{
	size_t i = off;
	while (i > 0 && (bytes.p[i - 1] == ' ' || is_line_end(bytes.p[i - 1])))
		i--;
	if (i == 0 || bytes.p[i - 1] != '-')
		return NOWHERE;
	size_t start = pass_line_start(bytes, --i);
	for (size_t k = start; k < i; k++)
		if (bytes.p[k] != ' ')
			return NOWHERE;
	*indent = i - start;
	return start;
}

static struct record record_at(struct reading *r, struct part *part, const struct yaml_event *e, bool flow)
{
	struct record record = {
	    .from = (uint32_t)e->off, .line = (uint32_t)e->line, .mode = flow ? RECORD_FLOW : RECORD_TREE};
	size_t indent = 0, start = flow ? NOWHERE : dash_line(r->pass.bytes, e->off, &indent);
	if (start == NOWHERE) {
		part->lines = false;
		return record;
	}
	record.mode = RECORD_LINES;
	record.from = (uint32_t)start;
	pass_record_line(&r->pass, part, start, indent);
	return record;
}

static bool load_record(struct reading *r, struct part *part, enum item_kind kind, const struct yaml_event *e,
                        bool flow, struct error *err)
{
	struct record record = record_at(r, part, e, flow);
	struct node *map = NULL;
	if (!yaml_tree(r->reader, e, &map, err))
		return false;
	record.content = record.to = (uint32_t)yaml_content_end(r->reader);
	pass_record(&r->pass, part, kind, map, &record);
	return true;
}

static bool load_list(struct reading *r, struct part *part, enum item_kind kind, const struct yaml_event *start,
                      struct error *err)
{
	bool flow = r->pass.bytes.p[start->off] == '[';
	part->lines = !flow;
	for (;;) {
		struct yaml_event e;
		if (!yaml_next(r->reader, &e, err))
			return false;
		if (e.kind == YAML_LIST_END)
			return true;
		if (!load_record(r, part, kind, &e, flow, err))
			return false;
	}
}

/* ---- keys --------------------------------------------------------------------------------------------------- */

static bool load_value(struct reading *r, struct part *part, struct error *err)
{
	struct yaml_event e;
	enum item_kind kind;
	struct node *value = NULL;
	if (!yaml_next(r->reader, &e, err))
		return false;
	if (sidecar_key_is_list(part->key, &kind) && e.kind == YAML_LIST_START)
		return load_list(r, part, kind, &e, err);
	return yaml_tree(r->reader, &e, &value, err) && pass_top(&r->pass, part, value, err);
}

static bool load_key(struct reading *r, const struct yaml_event *e, struct error *err)
{
	struct part *part = pass_key(&r->pass, e->text, e->off, e->line, e->column, err);
	if (!part || !load_value(r, part, err))
		return false;
	part->content = yaml_content_end(r->reader);
	return true;
}

static bool load_keys(struct reading *r, struct error *err)
{
	struct yaml_event e;
	if (!yaml_next(r->reader, &e, err))
		return false;
	if (e.kind == YAML_END || (e.kind == YAML_SCALAR_EVENT && !e.quoted && e.text.n == 0))
		return true;
	if (e.kind != YAML_MAP_START)
		return error_at(err, ERROR_SCHEMA, r->pass.sidecar->path, e.line, e.column,
		                "a sidecar is a map of keys");
	for (;;) {
		if (!yaml_next(r->reader, &e, err))
			return false;
		if (e.kind == YAML_MAP_END)
			return yaml_next(r->reader, &e, err);
		if (!load_key(r, &e, err))
			return false;
	}
}

/* ---- the whole ---------------------------------------------------------------------------------------------- */

static bool parse_events(struct sidecar *s, struct set *set, struct findings *findings, struct error *err)
{
	struct reading r;
	pass_start(&r.pass, s, set, findings);
	r.reader = yaml_reader_new(r.pass.bytes, s->path);
	bool good = pass_end(&r.pass, load_keys(&r, err), err);
	yaml_reader_free(r.reader);
	return good;
}

/* Back to the bytes alone. */
static void start_again(struct sidecar *s, struct set *set, struct findings *findings, size_t n_findings)
{
	struct buf bytes = set->bytes;
	set->bytes = (struct buf){0};
	set_become(set, set_new(set->article, set->schema));
	set->bytes = bytes;
	sidecar_drop_parts(s);
	s->article_changed = false;
	while (findings && findings->n > n_findings) {
		struct finding *last = &findings->list[--findings->n];
		mem_free(last->item);
		error_clear(&last->error);
	}
}

bool sidecar_parse(struct sidecar *s, struct set *set, struct findings *findings, struct error *err)
{
	struct pass p;
	size_t n_findings = findings ? findings->n : 0;
	pass_start(&p, s, set, findings);
	if (pass_end(&p, pass_quickly(&p), NULL))
		return true;
	start_again(s, set, findings, n_findings);
	return parse_events(s, set, findings, err);
}
