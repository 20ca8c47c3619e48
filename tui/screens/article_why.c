/* article_why: why a span was proposed, and what the guideline says of its label.  See article.h. */
#include "annotations/extract/proposal.h"
#include "tui/screens/article.h"
#include "tui/wrap.h"

static void add_line(struct buf *b, const char *name, struct str text)
{
	if (!text.n)
		return;
	buf_addf(b, "%s%s", name, *name ? " " : "");
	buf_add(b, text);
	buf_addc(b, '\n');
}

static void add_original(struct review *v, const struct node *map, struct buf *b)
{
	const struct node *original = node_get(map, S("original"));
	const struct node *at = node_get(original, S("at"));

	if (!original)
		return;
	buf_adds(b, "proposed as ");
	buf_add(b, node_get_text(original, S("label")));
	for (size_t i = 0; at && at->kind == NODE_LIST && i < at->n; i++) {
		const struct node *f = at->items[i];
		uint64_t from, to;
		size_t off, end;

		if (f->kind != NODE_LIST || f->n != 2 || !node_is_number(f->items[0], &from) ||
		    !node_is_number(f->items[1], &to))
			continue;
		off = article_off(v->doc->article, (size_t)from);
		end = article_off(v->doc->article, (size_t)to);
		if (off == NOWHERE || end == NOWHERE || end < off)
			continue;
		buf_addc(b, ' ');
		reading_text(v->reading, off, end, b);
	}
	buf_addc(b, '\n');
}

/* Who proposed it, where several agreed: `a+b`. */
static bool is_one_of(struct str name, struct str names)
{
	for (size_t from = 0; from <= names.n;) {
		size_t plus = str_byte(names, '+', from), end = plus == NOWHERE ? names.n : plus;

		if (str_eq(str_sub(names, from, end), name))
			return true;
		from = end + 1;
	}
	return false;
}

static void add_because(struct review *v, const struct node *source, struct buf *b)
{
	struct str by = node_get_text(source, S("by"));

	if (!by.n)
		by = node_scalar(source);
	if (is_one_of(S(EXTRACTOR_NAME), by))
		add_line(b, "because:", app_rule_why(v->app, node_get_text(source, S("rule"))));
	if (str_byte(by, '+', 0) != NOWHERE)
		buf_adds(b, "found by each of them, which raises the score\n");
	else if (by.n && !node_get_text(source, S("rule")).n && !review_span(v)->human)
		buf_adds(b, "no reason is given: it comes from outside, by an import or another program\n");
}

static void add_reasons(struct review *v, struct buf *b)
{
	const struct span *span = review_span(v);
	const struct schema *schema = set_schema(v->doc->set);
	const struct node *map, *source;

	if (!span) {
		buf_adds(b, "No span is current\n");
		return;
	}
	map = set_node(v->doc->set, ITEM_SPAN, span->id);
	source = node_get(map, S("source"));
	add_line(b, "by", node_scalar(source));
	add_line(b, "by", node_get_text(source, S("by")));
	add_line(b, "version", node_get_text(source, S("version")));
	add_line(b, "rule", node_get_text(source, S("rule")));
	add_because(v, source, b);
	add_line(b, "score", node_get_text(source, S("score")));
	add_line(b, "on", node_get_text(source, S("on")));
	add_original(v, map, b);
	add_line(b, "judged by", node_get_text(node_get(map, S("judged")), S("by")));
	if (span->label < schema->n_labels) {
		add_line(b, "", schema->labels[span->label].zh);
		add_line(b, "", schema->labels[span->label].help);
	}
}

void why_draw(struct review *v, struct grid *g)
{
	struct buf text = {0};
	struct wrap rows = {0};
	struct rect r;

	add_reasons(v, &text);
	wrap_text(&rows, buf_str(&text), v->text_rect.cols > 6 ? (unsigned)v->text_rect.cols - 2 : 4,
	          app_ambiguous(v->app));
	r = menu_box(v, g, (int)rows.n, S("Why"));
	for (int i = 0; i < r.rows && (size_t)i < rows.n; i++)
		grid_text(g, r.row + i, r.col, r.cols, rows.rows[i], PLAIN);
	wrap_free(&rows);
	buf_free(&text);
}
