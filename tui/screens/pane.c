/* pane: going about in the pane, and what its keys do.  See article.h. */
#include "tui/screens/article.h"

void pane_free(struct pane *p)
{
	mem_free(p->fields.list);
	mem_free(p->relations.list);
	mem_free(p->edit_id);
	buf_free(&p->typed);
	lineedit_free(&p->edit);
}

/* ---- going -------------------------------------------------------------------------------------------------- */

static void look_at_span(struct review *v, struct str id)
{
	size_t index = set_find_span(v->doc->set, id);

	if (index != NOWHERE && set_span(v->doc->set, index)->anchoring != ANCHOR_LOST)
		review_center(v, set_span(v->doc->set, index)->off);
}

/* The text goes along: to the span itself, to where a field's value is said, to where a relation begins. */
void pane_go(struct review *v, size_t row)
{
	struct pane_line line;
	size_t n = pane_lines(v);

	v->pane.at = row < n ? row : n - 1;
	line = pane_line(v, v->pane.at);
	if (line.kind == LINE_SPAN)
		review_go(v, line.index);
	else if (line.kind == LINE_FIELD && set_field(v->doc->set, line.index)->n_spans)
		look_at_span(v, set_field(v->doc->set, line.index)->spans[0]);
	else if (line.kind == LINE_RELATION)
		look_at_span(v, set_relation(v->doc->set, line.index)->from);
}

static size_t item_row(struct review *v, enum item_kind kind, struct str id)
{
	const struct set *set = v->doc->set;

	for (size_t i = 0; kind == ITEM_FIELD && i < set_fields(set); i++) {
		if (str_eq(set_field(set, i)->id, id))
			return pane_row_of(v, LINE_FIELD, i);
	}
	for (size_t i = 0; kind == ITEM_RELATION && i < set_relations(set); i++) {
		if (str_eq(set_relation(set, i)->id, id))
			return pane_row_of(v, LINE_RELATION, i);
	}
	for (size_t i = 0; kind == ITEM_NOTE && i < set_notes(set); i++) {
		if (str_eq(set_note(set, i)->id, id))
			return pane_row_of(v, LINE_NOTE, i);
	}
	return NOWHERE;
}

void pane_go_item(struct review *v, enum item_kind kind, struct str id)
{
	size_t row = item_row(v, kind, id);

	if (row == NOWHERE)
		return;
	if (v->mode != MODE_PANE)
		pane_enter(v, false);
	v->pane.in_detail = false;
	pane_go(v, row);
}

void pane_enter(struct review *v, bool in_detail)
{
	struct detail d;
	size_t row = v->mode == MODE_PANE ? v->pane.at : pane_focus_row(v);

	v->pane.from_text = v->mode != MODE_PANE;
	v->pane.singly = false;
	v->mode = MODE_PANE;
	v->pane.at = row == NOWHERE && !review_span(v) ? 0 : row;
	v->pane.in_detail = false;
	d = pane_detail(v);
	if (in_detail && d.n) {
		v->pane.in_detail = true;
		v->pane.detail_at = detail_first_editable(&d);
	} else {
		v->pane.from_text = false;
	}
	detail_free(&d);
	review_arrange(v, app_rows(v->app), app_cols(v->app));
}

void pane_leave(struct review *v)
{
	edit_stop(v);
	v->pane.in_detail = false;
	v->pane.from_text = false;
	v->mode = MODE_TEXT;
	review_arrange(v, app_rows(v->app), app_cols(v->app));
}

/* A title where no key does anything: the others add the first relation, the next note. */
static bool is_passed_over(struct review *v, size_t row)
{
	struct pane_line line = pane_line(v, row);

	return line.kind == LINE_TITLE && line.index != SECTION_NOTES &&
	       (line.index != SECTION_RELATIONS || set_relations(v->doc->set) > 0);
}

/* The line to stop at from row on; NOWHERE: there is none that way. */
static size_t next_stop(struct review *v, size_t row, int step)
{
	size_t n = pane_lines(v);

	while (row < n && is_passed_over(v, row))
		row += step > 0 ? 1 : (size_t)-1;
	return row < n ? row : NOWHERE;
}

static void move(struct review *v, int step)
{
	struct detail d;
	size_t at = pane_focus_row(v), to;

	if (!v->pane.in_detail) {
		if (at == NOWHERE)
			to = next_stop(v, 0, 1);
		else
			to = step < 0 && at == 0 ? NOWHERE : next_stop(v, step > 0 ? at + 1 : at - 1, step);
		if (to != NOWHERE)
			pane_go(v, to);
		return;
	}
	d = pane_detail(v);
	if (step < 0 && v->pane.detail_at > 0)
		v->pane.detail_at--;
	else if (step > 0 && v->pane.detail_at + 1 < d.n)
		v->pane.detail_at++;
	detail_free(&d);
}

static void move_to_end(struct review *v, bool last)
{
	struct detail d;

	if (!v->pane.in_detail) {
		pane_go(v, last ? pane_lines(v) - 1 : next_stop(v, 0, 1));
		return;
	}
	d = pane_detail(v);
	v->pane.detail_at = last && d.n ? d.n - 1 : 0;
	detail_free(&d);
}

/* ---- judging and changing ------------------------------------------------------------------------------------ */

/* From a field or relation to the next one that waits; from a span to the next line.  Whoever came from the end card to
 * judge what is left goes back there when nothing is. */
static void go_on(struct review *v)
{
	size_t at = pane_focus_row(v), next = pane_next_open(v, at);
	enum pane_kind kind = at == NOWHERE ? LINE_NONE : pane_line(v, at).kind;

	if (kind == LINE_SPAN || kind == LINE_NONE || (next == NOWHERE && !v->pane.singly))
		move(v, 1);
	else if (next == NOWHERE)
		end_show(v);
	else
		pane_go(v, next);
}

/* A verdict on the item in focus, then on. */
static void judge(struct review *v, enum verdict verdict)
{
	enum item_kind kind;
	struct str id;
	struct group *g;
	struct error err = {0};

	if (!pane_item(v, pane_focus(v), &kind, &id) || kind == ITEM_NOTE) {
		app_say(v->app, "Nothing to judge on this line");
		return;
	}
	if (!review_editable(v))
		return;
	g = review_group(v);
	if (review_commit(v, g, edit_verdict(g, v->doc, kind, id, verdict, &err), &err) && !v->pane.in_detail &&
	    verdict != VERDICT_UNDECIDED)
		go_on(v);
}

static void edit_or_enter(struct review *v)
{
	struct pane_line line = pane_focus(v);
	struct detail d = pane_detail(v);
	struct detail_line at;

	if (d.n == 0) {
		app_say(v->app, "Nothing to edit on this line");
	} else if (!v->pane.in_detail && (line.kind == LINE_SPAN || line.kind == LINE_RELATION)) {
		v->pane.in_detail = true;
		v->pane.detail_at = detail_first_editable(&d);
	} else {
		at = d.list[v->pane.in_detail && v->pane.detail_at < d.n ? v->pane.detail_at
		                                                         : detail_first_editable(&d)];
		edit_begin(v, at, line.kind == LINE_EMPTY_FIELD || line.kind == LINE_TITLE);
	}
	detail_free(&d);
}

/* A field that takes one value and has one: that is what changes, rather than a second one being added. */
static bool is_taken(struct review *v, struct pane_line line)
{
	const struct schema *schema = set_schema(v->doc->set);
	size_t type;

	if (line.kind != LINE_FIELD || set_field(v->doc->set, line.index)->verdict == VERDICT_REJECTED)
		return false;
	type = schema_field(schema, set_field(v->doc->set, line.index)->name);
	return type != NOWHERE && !schema->fields[type].list;
}

static void add(struct review *v)
{
	struct pane_line line = pane_focus(v);
	struct detail d;

	if (line.kind == LINE_RELATION || (line.kind == LINE_TITLE && line.index == SECTION_RELATIONS)) {
		pane_leave(v);
		relate_start(v);
		return;
	}
	if (line.kind == LINE_NOTE)
		pane_go(v, pane_row_of(v, LINE_TITLE, SECTION_NOTES));
	d = pane_detail(v);
	if (line.kind == LINE_SPAN)
		edit_begin(v, d.list[detail_find(&d, DETAIL_LINK, NOWHERE)], false);
	else if (line.kind == LINE_FIELD || line.kind == LINE_EMPTY_FIELD)
		edit_begin(v, d.list[detail_find(&d, DETAIL_VALUE, NOWHERE)], !is_taken(v, line));
	else if (d.n)
		edit_begin(v, d.list[detail_first_editable(&d)], true);
	else
		app_say(v->app, "Nothing can be added here");
	if (is_taken(v, line))
		app_say(v->app, "This field takes one value: change it, or d rejects it first");
	detail_free(&d);
}

/* What a person added goes; of a proposal it is remembered that it was rejected. */
static void delete_item(struct review *v, enum item_kind kind, struct str id)
{
	struct group *g = review_group(v);
	struct error err = {0};
	char *copy = str_dup(id);

	if (review_commit(v, g, edit_delete(g, v->doc, kind, id, &err), &err))
		app_say(v->app, set_node(v->doc->set, kind, str_of(copy)) ? "Rejected, u undoes" : "Deleted, u undoes");
	mem_free(copy);
}

static void delete_focused(struct review *v)
{
	enum item_kind kind;
	struct str id;
	struct detail d = pane_detail(v);

	if (!pane_item(v, pane_focus(v), &kind, &id))
		app_say(v->app, "Nothing to delete on this line");
	else if (review_editable(v) && v->pane.in_detail && v->pane.detail_at < d.n &&
	         detail_editable(&d, d.list[v->pane.detail_at]))
		edit_clear_line(v, &d, d.list[v->pane.detail_at]);
	else if (review_editable(v))
		delete_item(v, kind, id);
	detail_free(&d);
}

static bool is_flagged(struct review *v, enum item_kind kind, struct str id)
{
	return node_get_text(set_node(v->doc->set, kind, id), S("flag")).n > 0;
}

static void flag(struct review *v)
{
	enum item_kind kind;
	struct str id;

	if (!pane_item(v, pane_focus(v), &kind, &id) || kind == ITEM_NOTE)
		app_say(v->app, "Nothing to flag on this line");
	else if (review_editable(v))
		edit_flag_of(v, kind, id, is_flagged(v, kind, id));
}

static void write_note(struct review *v)
{
	struct detail d = pane_detail(v);
	size_t at = detail_find(&d, DETAIL_NOTE, NOWHERE);

	if (d.n && d.list[at].kind == DETAIL_NOTE)
		edit_begin(v, d.list[at], false);
	else
		app_say(v->app, "No note belongs to this line");
	detail_free(&d);
}

static enum answer back(struct review *v)
{
	if (v->pane.in_detail && !v->pane.from_text)
		v->pane.in_detail = false;
	else
		pane_leave(v);
	return DONE;
}

enum answer pane_act(struct review *v, enum action action)
{
	switch (action) {
	case PANE_DOWN:
	case PANE_UP:
		move(v, action == PANE_DOWN ? 1 : -1);
		return DONE;
	case PANE_FIRST:
	case PANE_LAST:
		move_to_end(v, action == PANE_LAST);
		return DONE;
	case PANE_EDIT:
		edit_or_enter(v);
		return DONE;
	case PANE_EDITOR:
		edit_outside(v);
		return DONE;
	case PANE_ACCEPT:
	case PANE_REJECT:
		judge(v, action == PANE_ACCEPT ? VERDICT_ACCEPTED : VERDICT_REJECTED);
		return DONE;
	case PANE_UNDECIDE:
		judge(v, VERDICT_UNDECIDED);
		return DONE;
	case PANE_FLAG:
		flag(v);
		return DONE;
	case PANE_NOTE:
		write_note(v);
		return DONE;
	case PANE_ADD:
		if (review_editable(v))
			add(v);
		return DONE;
	case PANE_DELETE:
		delete_focused(v);
		return DONE;
	case PANE_DONE:
		pane_leave(v);
		end_show(v);
		return DONE;
	case PANE_NEXT_ARTICLE:
	case PANE_PREVIOUS_ARTICLE:
		return review_leave_for(v, action == PANE_NEXT_ARTICLE ? 1 : -1, false);
	case PANE_FOCUS:
		pane_leave(v);
		return DONE;
	case PANE_BACK:
	case ACT_CANCEL:
		return back(v);
	default:
		return PASS;
	}
}

enum answer pane_mouse(struct review *v, const struct input *in)
{
	struct detail d = pane_detail(v);
	struct pane_parts parts = pane_divide(v, &d);
	size_t detail_row = pane_detail_at(&parts, &d, in->row);
	int row = in->row - parts.list.row;

	detail_free(&d);
	if (v->pane.editing)
		return DONE;
	if (in->button == MOUSE_WHEEL_UP || in->button == MOUSE_WHEEL_DOWN) {
		if (v->mode != MODE_PANE)
			pane_enter(v, false);
		move(v, in->button == MOUSE_WHEEL_DOWN ? 1 : -1);
	} else if (in->button == MOUSE_PRESS && row >= 0 && row < parts.list.rows) {
		pane_enter(v, false);
		pane_go(v, parts.first + (size_t)row);
	} else if (in->button == MOUSE_PRESS && in->row >= parts.detail.row &&
	           in->row < parts.detail.row + parts.detail.rows) {
		pane_enter(v, true);
		v->pane.detail_at = detail_row;
	}
	return DONE;
}
