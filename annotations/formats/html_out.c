/* html_out: an article as a page that shows its spans and needs nothing else: no network, no script.
 *
 * The text is cut wherever a span begins or ends; each piece lies in one element for each span over it, so that
 * spans may nest and cross.  Labels, and their names in the text, are switched off by check boxes that CSS alone
 * reads.  All that comes from a corpus is escaped; characters that would turn text round or hide are shown by their
 * code; a content security policy forbids the page all but its own style. */
#include <stdlib.h>

#include "annotations/formats/html_out.h"
#include "model/utf8.h"

struct edge {
	size_t off;
	size_t span;
};

struct page_out {
	const struct outgoing *o;
	struct buf out;
	size_t *labels; /* index of each span's label in `names` */
	struct str *names;
	size_t *counts;
	size_t n_names;
	struct edge *starts, *ends; /* of all fragments, by offset */
	size_t n_edges;
	size_t *active; /* spans over the piece at hand */
	size_t n_active;
	bool *met; /* spans whose first piece was written */
};

/* ---- text --------------------------------------------------------------------------------------------------- */

/* What draws nothing or turns text round. */
static bool is_harmful(struct str text, size_t off, size_t step, codepoint cp, codepoint before)
{
	codepoint after = 0;
	if (!cp_is_hidden(cp) || cp == '\n' || cp == '\t')
		return false;
	(void)utf8_step(text, off + step, &after);
	return !cp_belongs(cp, before, after);
}

void html_add_text(struct buf *out, struct str text)
{
	codepoint cp = 0, before = 0;
	for (size_t off = 0, step; (step = utf8_step(text, off, &cp)); off += step, before = cp) {
		if (cp == '&' || cp == '<' || cp == '>' || cp == '"' || cp == '\'')
			buf_addf(out, "&#%u;", (unsigned)cp);
		else if (cp == '\r' && off + 1 < text.n && text.p[off + 1] == '\n')
			continue;
		else if (is_harmful(text, off, step, cp, before)) {
			struct buf mark = {0};
			cp_add_mark(&mark, cp);
			html_add_text(out, buf_str(&mark));
			buf_free(&mark);
		} else
			buf_add(out, str_sub(text, off, off + step));
	}
}

static void add_text(struct page_out *p, struct str text)
{
	html_add_text(&p->out, text);
}

static void add_node_text(struct page_out *p, const struct node *map, const char *key)
{
	add_text(p, node_get_text(map, str_of(key)));
}

/* ---- labels ------------------------------------------------------------------------------------------------- */

static void find_labels(struct page_out *p)
{
	struct strmap known = {0};
	p->labels = mem_array(p->o->n_spans + 1, sizeof *p->labels);
	p->names = mem_array(p->o->n_spans + 1, sizeof *p->names);
	p->counts = mem_array(p->o->n_spans + 1, sizeof *p->counts);
	for (size_t i = 0; i < p->o->n_spans; i++) {
		struct str name = p->o->spans[i].label, index;
		uint64_t at = p->n_names;
		struct buf digits = {0};
		if (!strmap_get(&known, name, &index) || !str_number(index, &at)) {
			buf_addf(&digits, "%zu", p->n_names);
			strmap_put(&known, name, buf_str(&digits));
			p->names[p->n_names++] = name;
		}
		p->labels[i] = (size_t)at;
		p->counts[at]++;
		buf_free(&digits);
	}
	strmap_free(&known);
}

static void add_legend(struct page_out *p)
{
	for (size_t i = 0; i < p->n_names; i++)
		buf_addf(&p->out, "<input class=\"c\" type=\"checkbox\" id=\"l%zu\" checked=\"checked\"/>\n", i);
	if (!p->n_names)
		return;
	buf_adds(&p->out, "<input class=\"c\" type=\"checkbox\" id=\"names\" checked=\"checked\"/>\n"
	                  "<nav aria-label=\"Labels: switch them off and on\">");
	for (size_t i = 0; i < p->n_names; i++) {
		buf_addf(&p->out, "<label for=\"l%zu\" class=\"l%zu\">", i, i);
		add_text(p, p->names[i]);
		buf_addf(&p->out, " <b>%zu</b></label>\n", p->counts[i]);
	}
	buf_adds(&p->out, "<label for=\"names\" class=\"names\">names</label></nav>\n");
}

/* ---- pieces ------------------------------------------------------------------------------------------------- */

static int by_offset(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;
	if (x->off != y->off)
		return x->off < y->off ? -1 : 1;
	return (x->span > y->span) - (x->span < y->span);
}

/* Both lists end with an edge behind the text. */
static void find_edges(struct page_out *p)
{
	size_t all = 1;
	for (size_t i = 0; i < p->o->n_spans; i++)
		all += p->o->spans[i].n;
	p->starts = mem_array(all, sizeof *p->starts);
	p->ends = mem_array(all, sizeof *p->ends);
	for (size_t i = 0; i < p->o->n_spans; i++) {
		for (size_t k = 0; k < p->o->spans[i].n; k++) {
			p->starts[p->n_edges] = (struct edge){p->o->spans[i].fragments[k].off, i};
			p->ends[p->n_edges++] = (struct edge){p->o->spans[i].fragments[k].end, i};
		}
	}
	p->starts[p->n_edges] = p->ends[p->n_edges] = (struct edge){NOWHERE, 0};
	qsort(p->starts, p->n_edges, sizeof *p->starts, by_offset);
	qsort(p->ends, p->n_edges, sizeof *p->ends, by_offset);
}

static void add_attributes(struct page_out *p, const struct node *attributes, const char *between)
{
	for (size_t i = 0; attributes && attributes->kind == NODE_MAP && i < attributes->n; i++) {
		buf_adds(&p->out, i ? between : "");
		add_text(p, attributes->keys[i]);
		buf_adds(&p->out, ": ");
		add_text(p, node_scalar(attributes->items[i]));
	}
}

static void add_title(struct page_out *p, size_t span)
{
	const struct record_span *s = &p->o->spans[span];
	const struct node *attributes = node_get(s->map, S("attributes"));
	add_text(p, s->label);
	buf_adds(&p->out, attributes && attributes->n ? "; " : "");
	add_attributes(p, attributes, "; ");
	if (node_get_text(s->map, S("note")).n) {
		buf_adds(&p->out, " - ");
		add_node_text(p, s->map, "note");
	}
}

static bool fragment_at(const struct record_span *s, size_t off, bool start)
{
	for (size_t i = 0; i < s->n; i++)
		if ((start ? s->fragments[i].off : s->fragments[i].end) == off)
			return true;
	return false;
}

static void open_mark(struct page_out *p, size_t span, size_t from, size_t to)
{
	const struct record_span *s = &p->o->spans[span];
	bool begins = fragment_at(s, from, true), ends = fragment_at(s, to, false);
	buf_addf(&p->out, "<mark class=\"l%zu%s%s%s\"", p->labels[span], begins ? " b" : "", ends ? " e" : "",
	         from == to ? " z" : "");
	if (!p->met[span])
		buf_addf(&p->out, " id=\"s%zu\"", span);
	p->met[span] = true;
	if (begins) {
		buf_adds(&p->out, " data-l=\"");
		add_text(p, s->label);
		buf_addc(&p->out, '"');
	}
	buf_adds(&p->out, " title=\"");
	add_title(p, span);
	buf_adds(&p->out, "\">");
}

static void add_piece(struct page_out *p, size_t from, size_t to)
{
	for (size_t i = 0; i < p->n_active; i++)
		open_mark(p, p->active[i], from, to);
	add_text(p, str_sub(p->o->text, from, to));
	for (size_t i = 0; i < p->n_active; i++)
		buf_adds(&p->out, "</mark>");
}

static void drop_active(struct page_out *p, size_t span)
{
	size_t n = 0;
	bool dropped = false;
	for (size_t i = 0; i < p->n_active; i++) {
		if (!dropped && p->active[i] == span)
			dropped = true;
		else
			p->active[n++] = p->active[i];
	}
	p->n_active = n;
}

/* Empty spans stand at their place, in what is open around it. */
static void add_empty(struct page_out *p, size_t span, size_t off)
{
	size_t kept = p->n_active;
	p->active[p->n_active++] = span;
	add_piece(p, off, off);
	p->n_active = kept;
}

static bool is_empty(const struct record_span *s, size_t off)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->fragments[i].off == off && s->fragments[i].end == off)
			return true;
	return false;
}

static void add_body(struct page_out *p)
{
	size_t off = 0, start = 0, end = 0;
	buf_adds(&p->out, "<main>");
	for (;;) {
		while (end < p->n_edges && p->ends[end].off <= off)
			drop_active(p, p->ends[end++].span);
		for (; start < p->n_edges && p->starts[start].off <= off; start++) {
			if (is_empty(&p->o->spans[p->starts[start].span], off))
				add_empty(p, p->starts[start].span, off);
			else
				p->active[p->n_active++] = p->starts[start].span;
		}
		if (off >= p->o->text.n)
			break;
		size_t next = p->starts[start].off < p->ends[end].off ? p->starts[start].off : p->ends[end].off;
		next = next < p->o->text.n ? next : p->o->text.n;
		add_piece(p, off, next);
		off = next;
	}
	buf_adds(&p->out, "</main>\n");
}

/* ---- what stands below
 * ------------------------------------------------------------------------------------------------ */

static void add_reference(struct page_out *p, size_t span)
{
	const struct record_span *s = &p->o->spans[span];
	buf_addf(&p->out, "<a class=\"l%zu\" href=\"#s%zu\">", p->labels[span], span);
	for (size_t i = 0; i < s->n; i++) {
		buf_adds(&p->out, i ? " … " : "");
		add_text(p, record_text(p->o, &s->fragments[i]));
	}
	buf_adds(&p->out, "</a>");
}

static void add_fields(struct page_out *p)
{
	if (!p->o->n_fields)
		return;
	buf_adds(&p->out, "<section><h2>Fields</h2><table>\n");
	for (size_t i = 0; i < p->o->n_fields; i++) {
		const struct record_field *f = &p->o->fields[i];
		bool more = i && str_eq(f->name, f[-1].name);
		buf_adds(&p->out, more ? "<br/>" : i ? "</td></tr>\n<tr><th>" : "<tr><th>");
		if (!more) {
			add_text(p, f->name);
			buf_adds(&p->out, "</th><td>");
		}
		add_text(p, f->value);
	}
	buf_adds(&p->out, "</td></tr>\n</table></section>\n");
}

static void add_relations(struct page_out *p)
{
	if (!p->o->n_relations)
		return;
	buf_adds(&p->out, "<section><h2>Relations</h2><table>\n");
	for (size_t i = 0; i < p->o->n_relations; i++) {
		buf_adds(&p->out, "<tr><td>");
		add_reference(p, p->o->relations[i].from);
		buf_adds(&p->out, "</td><th>");
		add_text(p, p->o->relations[i].type);
		buf_adds(&p->out, "</th><td>");
		add_reference(p, p->o->relations[i].to);
		buf_adds(&p->out, "</td></tr>\n");
	}
	buf_adds(&p->out, "</table></section>\n");
}

static void add_links(struct page_out *p, const struct node *links)
{
	for (size_t i = 0; links && links->kind == NODE_LIST && i < links->n; i++) {
		buf_adds(&p->out, i ? ", " : "");
		add_node_text(p, links->items[i], "db");
		buf_adds(&p->out, node_get_text(links->items[i], S("db")).n ? ":" : "");
		add_node_text(p, links->items[i], "id");
		buf_addc(&p->out, ' ');
		add_node_text(p, links->items[i], "name");
	}
}

static bool is_noted(const struct record_span *s)
{
	const struct node *attributes = node_get(s->map, S("attributes"));
	return node_get_text(s->map, S("note")).n || node_get(s->map, S("links")) || (attributes && attributes->n);
}

static void add_notes(struct page_out *p)
{
	buf_adds(&p->out, "<section><h2>Notes</h2><table>\n");
	for (size_t i = 0; i < p->o->n_spans; i++) {
		const struct node *map = p->o->spans[i].map;
		if (!is_noted(&p->o->spans[i]))
			continue;
		buf_adds(&p->out, "<tr><td>");
		add_reference(p, i);
		buf_adds(&p->out, "</td><td>");
		add_node_text(p, map, "note");
		buf_adds(&p->out, "</td><td>");
		add_attributes(p, node_get(map, S("attributes")), "<br/>");
		buf_adds(&p->out, "</td><td>");
		add_links(p, node_get(map, S("links")));
		buf_adds(&p->out, "</td></tr>\n");
	}
	for (size_t i = 0; i < p->o->n_notes; i++) {
		buf_adds(&p->out, "<tr><td></td><td>");
		add_node_text(p, p->o->notes[i], "text");
		buf_adds(&p->out, "</td><td></td><td></td></tr>\n");
	}
	buf_adds(&p->out, "</table></section>\n");
}

static bool has_notes(const struct outgoing *o)
{
	for (size_t i = 0; i < o->n_spans; i++)
		if (is_noted(&o->spans[i]))
			return true;
	return o->n_notes > 0;
}

/* ---- the whole
 * -------------------------------------------------------------------------------------------------------- */

/* The first value; empty: there is none. */
static struct str field_of(const struct outgoing *o, struct str name)
{
	for (size_t i = 0; i < o->n_fields; i++)
		if (str_eq(o->fields[i].name, name))
			return o->fields[i].value;
	return STR_NONE;
}

static struct str title_of(const struct outgoing *o)
{
	struct str title = field_of(o, S("title"));
	return title.n ? title : str_of(o->file);
}

static void add_head(struct page_out *p)
{
	struct str language = node_get_text(p->o->top, S("language"));
	buf_adds(&p->out, "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"");
	add_text(p, language.n ? language : article_has_han(p->o->doc->article) ? S("zh") : S("en"));
	buf_adds(&p->out, "\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta http-equiv=\"Content-Security-Policy\" "
	                  "content=\"default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;\"/>\n"
	                  "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"/>\n<title>");
	add_text(p, title_of(p->o));
	buf_adds(&p->out, "</title>\n");
	html_add_style(&p->out, p->n_names);
	buf_adds(&p->out, "</head>\n<body>\n<header><h1>");
	add_text(p, title_of(p->o));
	buf_adds(&p->out, "</h1><p>");
	static const char *const said[] = {"published", "source"};
	for (size_t i = 0; i < COUNT_OF(said); i++) {
		struct str value = field_of(p->o, str_of(said[i]));
		add_text(p, value);
		buf_adds(&p->out, value.n ? " · " : "");
	}
	add_text(p, str_of(p->o->file));
	buf_adds(&p->out, "</p></header>\n");
}

static void write_page(struct page_out *p)
{
	find_labels(p);
	find_edges(p);
	p->active = mem_array(p->n_edges + 1, sizeof *p->active);
	p->met = mem_array(p->o->n_spans + 1, sizeof *p->met);
	add_head(p);
	add_legend(p);
	add_body(p);
	add_fields(p);
	add_relations(p);
	if (has_notes(p->o))
		add_notes(p);
	buf_adds(&p->out, "</body>\n</html>\n");
}

bool html_export(struct export_job *job, struct doc *d, struct error *err)
{
	struct outgoing o;
	if (!outgoing_make(job, d, &o, err))
		return false;
	struct page_out p = {.o = &o};
	write_page(&p);
	char *name = record_file(&o, ".html");
	bool fine = job->write_file(job->ctx, name, buf_str(&p.out), err);
	job->articles += fine;
	mem_free(name);
	mem_free(p.labels);
	mem_free(p.names);
	mem_free(p.counts);
	mem_free(p.starts);
	mem_free(p.ends);
	mem_free(p.active);
	mem_free(p.met);
	buf_free(&p.out);
	outgoing_free(&o);
	return fine;
}
