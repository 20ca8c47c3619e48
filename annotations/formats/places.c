/* places: see places.h. */
#include "annotations/formats/places.h"

#include <string.h>

#include "model/utf8.h"

#define SHOWN 24 /* code points of a text in a message */

bool places_number(const struct node *n, uint64_t *out)
{
	return node_is_number(n, out) || (n && n->kind == NODE_SCALAR && n->quoted && str_number(n->text, out));
}

bool places_add(struct places *p, struct record *r, const struct node *from, const struct node *start,
                const struct node *end, const struct node *text)
{
	uint64_t a = 0, b = 0;
	if (!places_number(start, &a) || !places_number(end, &b))
		return record_fail(r, from->line, from->column, ERROR_SCHEMA,
		                   "a span needs its start and end, whole numbers that are not negative");
	if (p->n == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 32;
		p->list = mem_grow(p->list, p->cap, sizeof *p->list);
		p->nodes = mem_grow(p->nodes, p->cap, sizeof *p->nodes);
	}
	bool told = text && text->kind == NODE_SCALAR && text->quoted;
	p->list[p->n] = (struct unit_span){.start = a,
	                                   .end = b,
	                                   .text = told ? text->text.n ? text->text : S("") : STR_NONE,
	                                   .line = from->line,
	                                   .column = from->column};
	p->nodes[p->n++] = from;
	return true;
}

static void add_shown(struct buf *out, struct str text)
{
	size_t end = utf8_skip(text, 0, SHOWN);
	buf_add(out, str_sub(text, 0, end));
	buf_adds(out, end < text.n ? "…" : "");
}

static void misfit(struct record *r, struct str text, const struct unit_span *s)
{
	struct buf what = {0};
	if (s->off == NOWHERE || s->stop == NOWHERE || s->off > s->stop) {
		record_fail(r, s->line, s->column, ERROR_OFFSET, "%llu to %llu is no place in the text",
		            (unsigned long long)s->start, (unsigned long long)s->end);
		return;
	}
	buf_addf(&what, "at %llu to %llu the article reads '", (unsigned long long)s->start,
	         (unsigned long long)s->end);
	add_shown(&what, str_sub(text, s->off, s->stop));
	buf_adds(&what, "', not '");
	add_shown(&what, s->text);
	buf_addc(&what, '\'');
	record_fail(r, s->line, s->column, ERROR_TEXT, "%s", what.p);
	buf_free(&what);
}

bool places_find(struct places *p, struct record *r, struct str text, struct unit declared)
{
	struct unit found = declared;
	struct error err = {0};
	if (!units_find(text, declared, p->list, p->n, r->path, &found, &err)) {
		record_fail(r, err.line, err.column, err.code, "%s", err.message);
		error_clear(&err);
		return false;
	}
	if (found.unit != declared.unit || found.inclusive != declared.inclusive || found.lf != declared.lf)
		record_noted(r->job, "articles whose offsets are %s", units_name(found));
	for (size_t i = 0; i < p->n; i++)
		if (!p->list[i].fits)
			misfit(r, text, &p->list[i]);
	return true;
}

void span_places_free(struct places *p)
{
	mem_free(p->list);
	mem_free(p->nodes);
	*p = (struct places){0};
}

/* ---- names -------------------------------------------------------------------------------------------------- */

/* An id of another program as part of a file name. */
static void add_id(struct buf *out, struct str id)
{
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];
		bool bad = c == '/' || c == '\\' || (unsigned char)c < ' ' || c == 0x7F;
		buf_addc(out, bad ? '_' : c);
	}
}

void record_put_file(struct record *r, struct str file, struct str id, size_t number)
{
	struct buf name = {0};
	if (!file.n) {
		char *own = record_name(r->job);
		buf_add(&name, str_sub(str_of(own), 0, strlen(own) - strlen(".txt")));
		if (id.n) {
			buf_addc(&name, '-');
			add_id(&name, id);
		} else if (number != NOWHERE) {
			buf_addf(&name, "-%zu", number);
		}
		buf_adds(&name, ".txt");
		mem_free(own);
		file = buf_str(&name);
	}
	node_put_text(r->object, S("file"), file);
	buf_free(&name);
}

bool record_take_or_count(struct record *r, bool fine, struct error *err)
{
	if (fine)
		return record_take(r, err);
	r->job->counts.objects++;
	r->job->counts.failed++;
	record_drop(r);
	return true;
}

/* ---- what has no place -------------------------------------------------------------------------------------- */

static bool among(struct str key, const char *const *known)
{
	for (size_t i = 0; known[i]; i++)
		if (str_eq(key, str_of(known[i])))
			return true;
	return false;
}

void record_keep_rest(struct record *r, struct node *item, const struct node *in, const char *const *known)
{
	for (size_t i = 0; in->kind == NODE_MAP && i < in->n; i++)
		if (!among(in->keys[i], known))
			node_put(record_keep(r, item), in->keys[i], node_copy(in->items[i]));
}

void record_put_rest(const struct export_job *job, const struct node *map, struct node *out)
{
	const struct node *kept = record_kept(job, map);
	for (size_t i = 0; kept && kept->kind == NODE_MAP && i < kept->n; i++)
		if (!node_get(out, kept->keys[i]))
			node_put(out, kept->keys[i], node_copy(kept->items[i]));
}

uint32_t *utf16_table(struct str text)
{
	uint32_t *table = mem_array(text.n + 1, sizeof *table), count = 0;
	codepoint cp = 0;
	for (size_t off = 0, step; (step = utf8_step(text, off, &cp)); off += step) {
		for (size_t i = 0; i < step; i++)
			table[off + i] = count;
		count += utf16_units(cp);
	}
	table[text.n] = count;
	return table;
}

size_t utf16_length(struct str text)
{
	size_t n = 0;
	codepoint cp = 0;
	for (size_t off = 0, step; (step = utf8_step(text, off, &cp)); off += step)
		n += utf16_units(cp);
	return n;
}
