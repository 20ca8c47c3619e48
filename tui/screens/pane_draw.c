/* pane_draw: how the pane looks: how the list and the item in focus share it, and each of their lines.  See
 * article.h. */
#include "model/segment.h"
#include "tui/screens/article.h"
#include "tui/wrap.h"

/* ---- geometry ----------------------------------------------------------------------------------------------- */

static struct rect content(const struct review *v)
{
	struct rect r = v->pane_rect;

	if (v->pane_right) {
		r.col += 2;
		r.cols -= 3;
	} else {
		r.row++;
		r.rows--;
		r.col++;
		r.cols -= 2;
	}
	if (r.rows < 0)
		r.rows = 0;
	return r;
}

/* The list stays where it is while the focus is in it, and else moves so that the focus is a third from the top: a list
 * that went along with each key would be drawn afresh each time. */
static size_t window_start(struct pane *p, size_t focus, size_t total, int rows)
{
	size_t height = rows > 0 ? (size_t)rows : 0, last = total > height ? total - height : 0;

	if (focus != NOWHERE && (focus < p->first || focus >= p->first + height))
		p->first = focus > height / 3 ? focus - height / 3 : 0;
	if (p->first > last)
		p->first = last;
	return p->first;
}

/* Lines that the detail of any span takes, so that the list above does not move from label to label. */
static int detail_height(struct review *v)
{
	const struct schema *schema = set_schema(v->doc->set);
	size_t most = 0;

	for (uint16_t label = 0; label < schema->n_labels; label++) {
		size_t n = 0;

		for (size_t i = 0; i < schema->n_attributes; i++)
			n += label_list_has(&schema->attributes[i].on, label);
		most = n > most ? n : most;
	}
	return (int)most + 5;
}

static bool is_edited(const struct review *v, struct detail_line line)
{
	return v->pane.editing && line.kind == v->pane.edit_line.kind && line.index == v->pane.edit_line.index;
}

/* Where the value begins: after the line's name. */
static int value_col(struct review *v, const struct detail *d, struct detail_line line, int cols)
{
	struct str name = detail_name(v, d, line);
	int width = (int)text_width(name, app_ambiguous(v->app));

	if (!name.n)
		return 0;
	width = (width < cols / 2 ? width : cols / 2) + 2;
	return width < 6 ? 6 : width;
}

static void wrap_value(struct review *v, const struct detail *d, struct detail_line line, int cols, struct buf *value,
                       struct wrap *rows)
{
	int col = value_col(v, d, line, cols);

	detail_value(v, d, line, value);
	wrap_text(rows, buf_str(value), cols > col ? (unsigned)(cols - col) : 1, app_ambiguous(v->app));
}

/* As many rows as each line needs; all of them together. */
static int count_rows(struct review *v, struct detail *d, int cols)
{
	int all = 0;

	for (size_t i = 0; i < d->n; i++) {
		struct buf value = {0};
		struct wrap rows = {0};

		if (d->list[i].kind != DETAIL_HEAD && !is_edited(v, d->list[i]))
			wrap_value(v, d, d->list[i], cols, &value, &rows);
		d->list[i].rows = rows.n > 1 ? (int)rows.n : 1;
		all += d->list[i].rows;
		wrap_free(&rows);
		buf_free(&value);
	}
	return all;
}

/* Each line has a row; what the first take beyond that the others do without. */
static void share_rows(struct detail *d, int rows, size_t first)
{
	int left = rows - (int)(d->n - first);

	for (size_t i = first; i < d->n; i++) {
		int more = left > 0 ? left : 0;

		if (d->list[i].rows > 1 + more)
			d->list[i].rows = 1 + more;
		left -= d->list[i].rows - 1;
	}
}

size_t pane_detail_at(const struct pane_parts *p, const struct detail *d, int row)
{
	size_t at = p->detail_first;

	for (int top = p->detail.row; at + 1 < d->n && row >= top + d->list[at].rows; at++)
		top += d->list[at].rows;
	return at;
}

struct pane_parts pane_divide(struct review *v, struct detail *d)
{
	struct rect all = content(v);
	struct pane_parts p = {.list = all, .detail = all};
	int least = detail_height(v), needed = count_rows(v, d, all.cols), wanted = needed > least ? needed : least,
	    line = all.rows >= 10, most;

	/* The item in focus has up to half of the pane, more of a small one while it is edited. */
	most = all.rows / 2;
	if (v->pane.in_detail && v->mode == MODE_PANE && all.rows < 10)
		most = all.rows - 1;
	if (all.rows == 1)
		most = 1;
	p.detail.rows = wanted < most ? wanted : most;
	p.list.rows = all.rows - p.detail.rows - line;
	p.detail.row = all.row + all.rows - p.detail.rows;
	p.first = window_start(&v->pane, pane_focus_row(v), pane_lines(v), p.list.rows);
	if (v->pane.in_detail && v->pane.detail_at >= (size_t)p.detail.rows)
		p.detail_first = v->pane.detail_at - (size_t)p.detail.rows + 1;
	share_rows(d, p.detail.rows, p.detail_first);
	return p;
}

/* ---- the list ----------------------------------------------------------------------------------------------- */

static struct style label_style(struct review *v, uint16_t label)
{
	const struct schema *schema = set_schema(v->doc->set);

	if (!app_color(v->app) || label >= schema->n_labels)
		return PLAIN;
	return (struct style){(uint8_t)schema->labels[label].color, 0};
}

static void draw_title(struct review *v, struct grid *g, struct rect r, size_t section)
{
	static const char *const names[] = {"Fields", "Spans", "Relations", "Notes"};
	const struct counts *c = set_counts(v->doc->set);
	const size_t open[] = {c->fields[VERDICT_UNDECIDED], c->spans[VERDICT_UNDECIDED],
	                       c->relations[VERDICT_UNDECIDED], 0};
	const size_t all[] = {set_fields(v->doc->set), set_spans(v->doc->set), set_relations(v->doc->set),
	                      set_notes(v->doc->set)};
	struct buf count = {0};

	if (section == SECTION_NOTES)
		buf_addf(&count, "%zu", all[section]);
	else
		buf_addf(&count, "%zu of %zu", all[section] - open[section], all[section]);
	grid_text(g, r.row, r.col, r.cols, str_of(names[section]), (struct style){COLOR_DEFAULT, STYLE_BOLD});
	grid_right(g, r.row, r.col + 10, r.cols - 10, buf_str(&count), PLAIN);
	buf_free(&count);
}

/* Verdict, flag and score at the right; the columns they take. */
static int draw_state(struct grid *g, struct rect r, enum verdict verdict, bool flagged, uint16_t score)
{
	struct buf state = {0};
	int from;

	if (flagged)
		buf_add(&state, grid_mark(g, MARK_FLAG));
	buf_add(&state, verdict_mark(g, verdict));
	if (score == SCORE_NONE)
		buf_adds(&state, "    ");
	else if (score >= 1000)
		buf_adds(&state, " 1.0");
	else
		buf_addf(&state, " .%02u", (unsigned)score / 10);
	from = grid_right(g, r.row, r.col, r.cols, buf_str(&state), PLAIN);
	buf_free(&state);
	return r.col + r.cols - from + 1;
}

static struct style verdict_style(enum verdict verdict)
{
	return (struct style){COLOR_DEFAULT, verdict == VERDICT_REJECTED ? STYLE_DIM : 0};
}

static int name_width(struct rect r)
{
	return r.cols < 30 ? 6 : 10;
}

/* In the order by string the first of several that read alike says how many they are; cells taken at the right. */
static int draw_group(struct review *v, struct grid *g, struct rect r, size_t index)
{
	size_t rank = queue_rank(v, index), first, end, open;
	struct buf text = {0};
	int from;

	if (v->queue.order != ORDER_STRING || rank == NOWHERE)
		return 0;
	if (rank > 0 && same_string(v, set_span(v->doc->set, index), set_span(v->doc->set, queue_index(v, rank - 1))))
		return 0;
	queue_group(v, rank, &first, &end, &open);
	if (end - first < 2)
		return 0;
	buf_addf(&text, "%s%zu", g->ascii ? "x" : "×", end - first);
	if (open)
		buf_addf(&text, r.cols < 60 ? ", %zu?" : ", %zu undecided", open);
	from = grid_right(g, r.row, r.col, r.cols, buf_str(&text), (struct style){COLOR_DEFAULT, STYLE_BOLD});
	buf_free(&text);
	return r.col + r.cols - from + 1;
}

static void draw_span(struct review *v, struct grid *g, struct rect r, size_t index)
{
	const struct span *span = set_span(v->doc->set, index);
	int name = name_width(r), used = draw_state(g, r, span->verdict, span->flagged, span->score),
	    rest = r.cols - 2 - name - used;
	struct buf text = {0};

	if (rest > 16)
		rest -= draw_group(v, g, (struct rect){r.row, r.col, 1, r.cols - used}, index);
	if (index == review_index(v))
		grid_text(g, r.row, r.col, 1, grid_mark(g, MARK_CURRENT), PLAIN);
	grid_text(g, r.row, r.col + 2, name - 1, review_label_name(v, span->label), label_style(v, span->label));
	if (span->anchoring == ANCHOR_LOST)
		buf_adds(&text, "lost: ");
	else if (span->anchoring == ANCHOR_MOVED)
		buf_adds(&text, "moved: ");
	if (rest > 0) {
		review_quote(v, span, (unsigned)rest, &text);
		grid_text(g, r.row, r.col + 2 + name, rest, buf_str(&text), verdict_style(span->verdict));
	}
	buf_free(&text);
}

static void draw_field(struct review *v, struct grid *g, struct rect r, size_t row, size_t index)
{
	const struct field *f = set_field(v->doc->set, index);
	struct pane_line before = pane_line(v, row - 1);
	int name = r.cols < 30 ? 8 : 12, used = draw_state(g, r, f->verdict, f->flagged, SCORE_NONE);

	/* The values of a list stand under one name. */
	if (before.kind != LINE_FIELD || !str_eq(set_field(v->doc->set, before.index)->name, f->name))
		grid_text(g, r.row, r.col + 2, name - 1, f->name, PLAIN);
	grid_text(g, r.row, r.col + 2 + name, r.cols - 2 - name - used, f->value, verdict_style(f->verdict));
}

static void add_end(struct review *v, struct str id, unsigned cells, struct buf *out)
{
	size_t index = set_find_span(v->doc->set, id);

	if (index == NOWHERE)
		buf_adds(out, "?");
	else
		review_quote(v, set_span(v->doc->set, index), cells, out);
}

static void draw_relation(struct review *v, struct grid *g, struct rect r, size_t index)
{
	const struct relation *rel = set_relation(v->doc->set, index);
	int name = name_width(r), used = draw_state(g, r, rel->verdict, rel->flagged, SCORE_NONE),
	    rest = r.cols - 2 - name - used;
	unsigned end = rest > 8 ? (unsigned)(rest - 3) / 2 : 2;
	struct buf text = {0};

	add_end(v, rel->from, end, &text);
	buf_addc(&text, ' ');
	buf_add(&text, grid_mark(g, MARK_ARROW));
	buf_addc(&text, ' ');
	add_end(v, rel->to, end, &text);
	grid_text(g, r.row, r.col + 2, name - 1, rel->type, PLAIN);
	grid_text(g, r.row, r.col + 2 + name, rest, buf_str(&text), verdict_style(rel->verdict));
	buf_free(&text);
}

/* Newlines as a mark. */
static void as_one_line(const struct grid *g, struct str text, struct buf *out)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\n')
			buf_add(out, grid_mark(g, MARK_NEWLINE));
		else if (text.p[i] != '\r')
			buf_addc(out, text.p[i]);
	}
}

static void draw_note(struct grid *g, struct rect r, const struct note *note)
{
	struct buf text = {0};

	as_one_line(g, note->text, &text);
	grid_text(g, r.row, r.col + 2, r.cols - 2, buf_str(&text), PLAIN);
	buf_free(&text);
}

static void draw_line(struct review *v, struct grid *g, struct rect r, size_t row)
{
	struct pane_line line = pane_line(v, row);

	switch (line.kind) {
	case LINE_TITLE:
		draw_title(v, g, r, line.index);
		break;
	case LINE_FIELD:
		draw_field(v, g, r, row, line.index);
		break;
	case LINE_EMPTY_FIELD:
		grid_text(g, r.row, r.col + 2, r.cols - 2, set_schema(v->doc->set)->fields[line.index].name,
		          (struct style){COLOR_DEFAULT, STYLE_DIM});
		break;
	case LINE_SPAN:
		draw_span(v, g, r, line.index);
		break;
	case LINE_RELATION:
		draw_relation(v, g, r, line.index);
		break;
	case LINE_NOTE:
		draw_note(g, r, set_note(v->doc->set, line.index));
		break;
	default:
		break;
	}
	if (v->mode == MODE_PANE && !v->pane.in_detail && row == pane_focus_row(v))
		grid_restyle(g, r, STYLE_REVERSE);
}

/* ---- the item in focus -------------------------------------------------------------------------------------- */

static void add_verdict(struct buf *b, enum verdict verdict, bool human)
{
	buf_adds(b, verdict_name(verdict));
	if (human)
		buf_adds(b, ", added");
}

static void draw_span_head(struct review *v, struct grid *g, struct rect r, const struct span *span)
{
	struct buf state = {0}, text = {0};
	struct style style = label_style(v, span->label);
	int from, used;

	add_verdict(&state, span->verdict, span->human);
	if (span->score != SCORE_NONE && span->score < 1000)
		buf_addf(&state, " .%02u", (unsigned)span->score / 10);
	from = grid_right(g, r.row, r.col, r.cols, buf_str(&state), PLAIN);
	style.flags = STYLE_BOLD;
	used = grid_text(g, r.row, r.col, from - r.col - 1, review_label_name(v, span->label), style) + 1;
	if (from - r.col - used - 1 > 2) {
		review_quote(v, span, (unsigned)(from - r.col - used - 1), &text);
		grid_text(g, r.row, r.col + used, from - r.col - used - 1, buf_str(&text),
		          (struct style){COLOR_DEFAULT, STYLE_BOLD});
	}
	buf_free(&state);
	buf_free(&text);
}

static void draw_item_head(struct review *v, struct grid *g, struct rect r, const struct detail *d,
                           struct detail_line line)
{
	const struct node *map = d->id.n ? set_node(v->doc->set, d->item, d->id) : NULL;
	struct style bold = {COLOR_DEFAULT, STYLE_BOLD};
	struct buf note = {0};

	if (d->item == ITEM_FIELD && !map) {
		const struct field_type *type = &set_schema(v->doc->set)->fields[line.index];

		grid_textf(g, r.row, r.col, r.cols, bold, "%.*s  %.*s", (int)type->name.n, type->name.p,
		           (int)type->help.n, type->help.p);
	} else if (d->item == ITEM_NOTE) {
		buf_adds(&note, "note by ");
		buf_add(&note, node_get_text(map, S("by")));
		buf_addc(&note, ' ');
		buf_add(&note, node_get_text(map, S("on")));
		grid_text(g, r.row, r.col, r.cols, buf_str(&note), bold);
	} else {
		grid_text(g, r.row, r.col, r.cols, node_get_text(map, d->item == ITEM_FIELD ? S("name") : S("type")),
		          bold);
		grid_right(g, r.row, r.col + 12, r.cols - 12, node_get_text(map, S("verdict")), PLAIN);
	}
	buf_free(&note);
}

/* A value without room for all of its lines has the rest on its last row. */
static void draw_text(struct review *v, struct grid *g, struct rect r, const struct detail *d, struct detail_line line)
{
	struct buf value = {0}, last = {0};
	struct wrap rows = {0};
	int col = value_col(v, d, line, r.cols);

	wrap_value(v, d, line, r.cols, &value, &rows);
	for (int i = 0; i < r.rows && (size_t)i < rows.n; i++) {
		struct str row = rows.rows[i];

		if (i == r.rows - 1 && (size_t)r.rows < rows.n) {
			as_one_line(g, str_sub(buf_str(&value), (size_t)(row.p - value.p), value.n), &last);
			row = buf_str(&last);
		}
		grid_text(g, r.row + i, r.col + col, r.cols - col, row, PLAIN);
	}
	for (int i = r.col + col; rows.n == 0 && detail_editable(d, line) && i < r.col + r.cols; i++)
		grid_text(g, r.row, i, 1, S("_"), (struct style){COLOR_DEFAULT, STYLE_DIM});
	wrap_free(&rows);
	buf_free(&last);
	buf_free(&value);
}

static void draw_value(struct review *v, struct grid *g, struct rect r, const struct detail *d, struct detail_line line)
{
	struct str name = detail_name(v, d, line);
	int col = value_col(v, d, line, r.cols);

	if (name.n)
		grid_text(g, r.row, r.col, r.cols / 2, name, PLAIN);
	if (is_edited(v, line))
		lineedit_draw(&v->pane.edit, g, r.row, r.col + col, r.cols - col,
		              (struct style){COLOR_DEFAULT, STYLE_UNDERLINE}, true);
	else
		draw_text(v, g, r, d, line);
}

static void draw_detail_line(struct review *v, struct grid *g, struct rect r, const struct detail *d, size_t at)
{
	struct detail_line line = d->list[at];
	size_t index;

	if (line.kind == DETAIL_HEAD && d->item == ITEM_SPAN) {
		index = set_find_span(v->doc->set, d->id);
		if (index != NOWHERE)
			draw_span_head(v, g, r, set_span(v->doc->set, index));
	} else if (line.kind == DETAIL_HEAD) {
		draw_item_head(v, g, r, d, line);
	} else {
		draw_value(v, g, r, d, line);
	}
	if (v->mode == MODE_PANE && v->pane.in_detail && !v->pane.editing && at == v->pane.detail_at)
		grid_restyle(g, r, STYLE_REVERSE);
}

static void draw_frame(struct review *v, struct grid *g, struct pane_parts p)
{
	struct rect r = v->pane_rect;

	grid_fill(g, r, PLAIN);
	for (int row = 0; v->pane_right && row < r.rows; row++)
		grid_put(g, r.row + row, r.col, grid_mark(g, MARK_VLINE), 1, PLAIN);
	for (int col = 0; !v->pane_right && col < r.cols; col++)
		grid_put(g, r.row, r.col + col, grid_mark(g, MARK_HLINE), 1, PLAIN);
	for (int col = 0; p.list.row + p.list.rows < p.detail.row && col < p.list.cols; col++)
		grid_put(g, p.detail.row - 1, p.list.col + col, grid_mark(g, MARK_HLINE), 1, PLAIN);
}

void pane_draw(struct review *v, struct grid *g)
{
	struct detail d = pane_detail(v);
	struct pane_parts p = pane_divide(v, &d);
	size_t lines = pane_lines(v);
	int used = 0;

	draw_frame(v, g, p);
	if (v->doc->unread)
		lines = 0;
	for (int i = 0; i < p.list.rows && p.first + (size_t)i < lines; i++)
		draw_line(v, g, (struct rect){p.list.row + i, p.list.col, 1, p.list.cols}, p.first + (size_t)i);
	for (size_t i = p.detail_first; i < d.n && used < p.detail.rows; used += d.list[i++].rows)
		draw_detail_line(v, g, (struct rect){p.detail.row + used, p.detail.col, d.list[i].rows, p.detail.cols},
		                 &d, i);
	detail_free(&d);
}
