/* article_select: selecting works on characters as shown.  `caret` and `anchor` are starts of characters; the
 * selection runs from the first of the two to the end of the other.  Before `v` was pressed there is a caret only:
 * it moves freely, and what it stands on counts as the selection.  See article.h. */
#include "tui/screens/article.h"

static size_t text_length(const struct review *v)
{
	return article_text(v->doc->article).n;
}

/* End of the character at off. */
static size_t character_end(struct review *v, size_t off)
{
	size_t from, to;

	layout_unit(v->layout, off, UNIT_CHARACTER, &from, &to);
	return to;
}

void select_range(struct review *v, size_t *from, size_t *to)
{
	size_t a = v->select.caret, b = v->select.anchored ? v->select.anchor : a;

	*from = a < b ? a : b;
	*to = character_end(v, a < b ? b : a);
	if (*to < *from)
		*to = *from;
}

/* Without the blanks at its edges, unless there is nothing else. */
static void select_text(struct review *v, size_t *from, size_t *to)
{
	struct str text = article_text(v->doc->article);
	size_t off, end, n;
	codepoint cp;

	select_range(v, from, to);
	off = *from;
	end = *to;
	while (off < end && (n = utf8_step(text, off, &cp)) && cp_is_space(cp))
		off += n;
	while (end > off && utf8_step(text, utf8_back(text, end), &cp) && cp_is_space(cp))
		end = utf8_back(text, end);
	if (off == end)
		return;
	*from = off;
	*to = end;
}

/* The start of the character before the boundary off. */
static size_t character_before(struct review *v, size_t off)
{
	return layout_step(v->layout, off, UNIT_CHARACTER, -1, EDGE_START);
}

void select_put(struct review *v, size_t off)
{
	size_t length = text_length(v);

	if (off >= length)
		off = length ? character_before(v, length) : 0;
	v->select.caret = off;
	v->select.goal_set = false;
	review_center(v, off);
}

void select_start(struct review *v, size_t off)
{
	bool adding = v->select.adding;
	uint16_t label = v->select.label;

	v->select = (struct selection){.adding = adding, .label = label};
	v->mode = MODE_SELECT;
	select_put(v, layout_snap(v->layout, off, EDGE_START));
}

void select_end(struct review *v)
{
	v->select = (struct selection){0};
	v->mode = MODE_TEXT;
}

/* From the match just found, else the current span where it is on screen, else the first row shown. */
size_t select_place(struct review *v)
{
	const struct span *span = review_span(v);

	if (v->search.at != NOWHERE && review_in_view(v, v->search.at))
		return v->search.at;
	if (span && span->anchoring != ANCHOR_LOST && review_in_view(v, span->off))
		return span->off;
	return v->top_off;
}

/* ---- moving ------------------------------------------------------------------------------------------------- */

/* While selecting, a step forward takes the whole next unit in, and one back drops a whole one. */
static void step_unit(struct review *v, enum unit unit, int step)
{
	struct selection *s = &v->select;
	size_t to;

	if (unit != UNIT_CHARACTER && s->anchored && step > 0 && s->caret >= s->anchor) {
		to = layout_step(v->layout, character_end(v, s->caret), unit, 1, EDGE_END);
		select_put(v, character_before(v, to));
		return;
	}
	if (unit != UNIT_CHARACTER && s->anchored && step < 0 && s->caret > s->anchor) {
		to = layout_step(v->layout, character_end(v, s->caret), unit, -1, EDGE_END);
		select_put(v, to > s->anchor ? character_before(v, to) : s->anchor);
		return;
	}
	select_put(v, layout_step(v->layout, s->caret, unit, step, EDGE_START));
}

/* An empty row has no character to stand on: it is passed over. */
static void step_row(struct review *v, long step)
{
	struct selection *s = &v->select;
	unsigned col, goal;
	struct place place = layout_place(v->layout, s->caret, &col);
	size_t off = s->caret;
	long moved;

	goal = s->goal_set ? s->goal : col;
	do {
		place = layout_move(v->layout, place, step, &moved);
		if (moved)
			off = layout_snap(v->layout, layout_offset(v->layout, place, goal), EDGE_START);
	} while (moved && (step > 0 ? off <= s->caret : off >= s->caret));
	if (moved == 0)
		return;
	select_put(v, off);
	s->goal = goal;
	s->goal_set = true;
}

static void row_edge(struct review *v, bool end)
{
	struct place place = layout_place(v->layout, v->select.caret, NULL);

	select_put(v, layout_offset(v->layout, place, end ? UINT16_MAX : 0));
}

/* ---- growing ------------------------------------------------------------------------------------------------ */

void select_unit(struct review *v, enum unit unit)
{
	struct selection *s = &v->select;
	size_t from, to;

	layout_unit(v->layout, s->origin, unit, &from, &to);
	s->unit = unit;
	if (to <= from)
		return;
	s->anchor = from;
	s->caret = character_before(v, to);
	s->goal_set = false;
	review_center(v, s->caret);
}

static void grow(struct review *v)
{
	struct selection *s = &v->select;

	if (!s->anchored) {
		s->anchored = true;
		s->anchor = s->origin = s->caret;
		s->unit = UNIT_CHARACTER;
		return;
	}
	if (s->unit + 1 < UNITS)
		select_unit(v, s->unit + 1);
}

static void shrink(struct review *v)
{
	struct selection *s = &v->select;

	if (!s->anchored)
		return;
	if (s->unit > UNIT_CHARACTER) {
		select_unit(v, s->unit - 1);
		return;
	}
	s->anchored = false;
}

static void other_end(struct review *v)
{
	size_t anchor = v->select.anchor;

	if (!v->select.anchored)
		return;
	v->select.anchor = v->select.caret;
	select_put(v, anchor);
}

/* ---- what is done with a selection --------------------------------------------------------------------------- */

static void after_adding(struct review *v, const char *id, size_t to)
{
	bool adding = v->select.adding;

	if (adding)
		select_start(v, to);
	else
		select_end(v);
	if (!adding)
		review_go_id(v, str_of(id));
}

/* A lost span gets the selection as its new place; otherwise it becomes a new span. */
static bool place_lost(struct review *v, size_t from, size_t to)
{
	const struct span *span = review_span(v);
	struct fragment f = {(uint32_t)from, (uint32_t)to};
	struct group *g;
	struct error err = {0};
	char *id;
	bool ok;

	if (!span || span->anchoring != ANCHOR_LOST)
		return false;
	id = str_dup(span->id);
	g = review_group(v);
	ok = edit_fragments(g, v->doc, str_of(id), &f, 1, &err);
	if (review_commit(v, g, ok, &err)) {
		select_end(v);
		review_go_id(v, str_of(id));
		app_say(v->app, review_span(v) && span_open(review_span(v)) ? "Here it is: y accepts it"
		                                                            : "Here it is, u undoes");
	}
	mem_free(id);
	return true;
}

static bool share_text(const struct span *a, const struct span *b)
{
	for (size_t i = 0; i < a->n_fragments; i++)
		for (size_t k = 0; k < b->n_fragments; k++)
			if (a->fragments[i].off < b->fragments[k].end && b->fragments[k].off < a->fragments[i].end)
				return true;
	return false;
}

/* Whether the schema has them not overlap (model/schema.h). */
static bool exclude_each_other(const struct schema *schema, const struct span *a, const struct span *b)
{
	enum layer one, other;

	if (a->label >= schema->n_labels || b->label >= schema->n_labels)
		return false;
	one = schema->labels[a->label].layer;
	other = schema->labels[b->label].layer;
	return (one == LAYER_FLAT && other == LAYER_FLAT) || (one == LAYER_CONTAINER && a->label == b->label);
}

/* The first that nobody rejected and that must not share text with it; NULL: none. */
static const struct span *in_its_way(struct review *v, const struct span *span)
{
	const struct span *found = NULL;
	size_t *list = NULL, n = 0, cap = 0;

	set_touching(v->doc->set, span->off, span->end, &list, &n, &cap);
	for (size_t i = 0; i < n && !found; i++) {
		const struct span *other = set_span(v->doc->set, list[i]);

		if (other != span && other->verdict != VERDICT_REJECTED && other->anchoring != ANCHOR_LOST &&
		    exclude_each_other(set_schema(v->doc->set), span, other) && share_text(span, other))
			found = other;
	}
	mem_free(list);
	return found;
}

static void add_name(struct review *v, const struct span *span, struct buf *out)
{
	buf_add(out, review_label_name(v, span->label));
	buf_addc(out, ' ');
	review_quote(v, span, 24, out);
}

static void say_added(struct review *v, struct str id)
{
	size_t index = set_find_span(v->doc->set, id);
	const struct span *span = index == NOWHERE ? NULL : set_span(v->doc->set, index), *other;
	struct buf text = {0};

	if (!span)
		return;
	add_name(v, span, &text);
	buf_adds(&text, " added, u undoes");
	other = in_its_way(v, span);
	if (other) {
		buf_adds(&text, "; reject it or ");
		add_name(v, other, &text);
		buf_adds(&text, ": they overlap");
	}
	app_say(v->app, "%s", text.p);
	buf_free(&text);
}

void select_add(struct review *v, size_t label)
{
	struct fragment f;
	struct group *g;
	struct error err = {0};
	char *id = NULL;
	size_t from, to;

	select_text(v, &from, &to);
	if (!review_editable(v) || from == to)
		return;
	if (label >= set_schema(v->doc->set)->n_labels) {
		app_say(v->app, "The schema has no label %zu", label + 1);
		return;
	}
	f = (struct fragment){(uint32_t)from, (uint32_t)to};
	g = review_group(v);
	if (review_commit(v, g, edit_add_span(g, v->doc, (uint16_t)label, &f, 1, &id, &err), &err)) {
		after_adding(v, id, to);
		say_added(v, str_of(id));
	}
	mem_free(id);
}

static void add_chosen(struct screen *s, size_t value)
{
	select_add(review_of(s), value);
}

static void add_with_enter(struct review *v)
{
	size_t from, to;

	select_text(v, &from, &to);
	if (review_editable(v) && place_lost(v, from, to))
		return;
	if (v->select.adding)
		select_add(v, v->select.label);
	else
		menu_labels(v, "Add as", MODE_SELECT, add_chosen);
}

/* ---- fragments ---------------------------------------------------------------------------------------------- */

struct fragments {
	struct fragment *list;
	size_t n;
};

static void fragments_put(struct fragments *f, size_t off, size_t end)
{
	if (off >= end)
		return;
	f->list = mem_grow(f->list, f->n + 1, sizeof(*f->list));
	f->list[f->n++] = (struct fragment){(uint32_t)off, (uint32_t)end};
}

/* The span's fragments with [from, to) in it, those that it overlaps taken into one. */
static struct fragments fragments_with(const struct span *span, size_t from, size_t to)
{
	struct fragments f = {0};
	bool put = false;

	for (size_t i = 0; i < span->n_fragments; i++) {
		struct fragment old = span->fragments[i];

		if (old.end < from) {
			fragments_put(&f, old.off, old.end);
		} else if (old.off > to) {
			if (!put)
				fragments_put(&f, from, to);
			put = true;
			fragments_put(&f, old.off, old.end);
		} else {
			from = old.off < from ? old.off : from;
			to = old.end > to ? old.end : to;
		}
	}
	if (!put)
		fragments_put(&f, from, to);
	return f;
}

/* The span's fragments without [from, to); where the two are the same, divided there. */
static struct fragments fragments_without(const struct span *span, size_t from, size_t to)
{
	struct fragments f = {0};

	for (size_t i = 0; i < span->n_fragments; i++) {
		struct fragment old = span->fragments[i];

		fragments_put(&f, old.off, old.end < from ? old.end : from);
		fragments_put(&f, old.off > to ? old.off : to, old.end);
	}
	return f;
}

static bool has_fragments(const struct span *span, struct fragments f)
{
	if (f.n != span->n_fragments)
		return false;
	for (size_t i = 0; i < f.n; i++) {
		if (f.list[i].off != span->fragments[i].off || f.list[i].end != span->fragments[i].end)
			return false;
	}
	return true;
}

static void commit_fragments(struct review *v, struct fragments f, const char *said)
{
	const struct span *span = review_span(v);
	struct group *g = review_group(v);
	struct error err = {0};

	if (review_commit(v, g, edit_fragments(g, v->doc, span->id, f.list, f.n, &err), &err)) {
		select_end(v);
		review_go(v, review_index(v));
		app_say(v->app, "%s, u undoes", said);
	}
	mem_free(f.list);
}

static const struct span *span_to_change(struct review *v)
{
	const struct span *span = review_span(v);

	if (!span)
		app_say(v->app, "No span is current");
	else if (span->anchoring == ANCHOR_LOST)
		app_say(v->app, "Its text is gone: Enter gives it the selection as its place");
	else if (review_editable(v))
		return span;
	return NULL;
}

static void add_fragment(struct review *v)
{
	const struct span *span = span_to_change(v);
	struct fragments f;
	size_t from, to;

	if (!span)
		return;
	select_text(v, &from, &to);
	f = fragments_with(span, from, to);
	if (!has_fragments(span, f)) {
		commit_fragments(v, f, "Added to the span");
		return;
	}
	mem_free(f.list);
	app_say(v->app, "That is part of the span already");
}

/* At the caret, or with a selection: what is selected falls out. */
static void split(struct review *v)
{
	const struct span *span = span_to_change(v);
	struct fragments f;
	size_t from, to;

	if (!span)
		return;
	select_range(v, &from, &to);
	f = fragments_without(span, from, v->select.anchored ? to : from);
	if (f.n <= span->n_fragments || f.n == 0) {
		mem_free(f.list);
		app_say(v->app, "Put the caret, or a selection, inside the current span");
		return;
	}
	commit_fragments(v, f, "Divided");
}

/* ---- actions ------------------------------------------------------------------------------------------------ */

static void label_first(struct screen *s, size_t value)
{
	struct review *v = review_of(s);
	struct str name = review_label_name(v, (uint16_t)value);

	v->select.adding = true;
	v->select.label = (uint16_t)value;
	select_start(v, select_place(v));
	app_say(v->app, "Each selection becomes %.*s: v begins one, Enter adds it, Esc ends", (int)name.n, name.p);
}

static enum answer begin(struct review *v, enum action action)
{
	if (text_length(v) == 0)
		return DONE;
	if (action == ACT_ADD) {
		if (review_editable(v))
			menu_labels(v, "Add spans labelled", MODE_TEXT, label_first);
		return DONE;
	}
	select_start(v, select_place(v));
	if (action == ACT_CARET_LEFT)
		step_unit(v, UNIT_CHARACTER, -1);
	else if (action == ACT_CARET_RIGHT)
		step_unit(v, UNIT_CHARACTER, 1);
	else if (action == ACT_FRAGMENT)
		app_say(v->app, "Select what belongs to the span too, then +");
	else if (action == ACT_SPLIT)
		app_say(v->app, "Put the caret where the span divides, then |");
	return DONE;
}

static enum answer cancel(struct review *v)
{
	if (v->select.adding && v->select.anchored)
		v->select.anchored = false;
	else
		select_end(v);
	return DONE;
}

static enum answer move_act(struct review *v, enum action action)
{
	switch (action) {
	case SEL_LEFT:
	case SEL_RIGHT:
		step_unit(v, UNIT_CHARACTER, action == SEL_RIGHT ? 1 : -1);
		return DONE;
	case SEL_DOWN:
	case SEL_UP:
		step_row(v, action == SEL_DOWN ? 1 : -1);
		return DONE;
	case SEL_WORD_RIGHT:
	case SEL_WORD_LEFT:
		step_unit(v, UNIT_WORD, action == SEL_WORD_RIGHT ? 1 : -1);
		return DONE;
	case SEL_SENTENCE_RIGHT:
	case SEL_SENTENCE_LEFT:
		step_unit(v, UNIT_SENTENCE, action == SEL_SENTENCE_RIGHT ? 1 : -1);
		return DONE;
	case SEL_PARAGRAPH_RIGHT:
	case SEL_PARAGRAPH_LEFT:
		step_unit(v, UNIT_PARAGRAPH, action == SEL_PARAGRAPH_RIGHT ? 1 : -1);
		return DONE;
	case SEL_ROW_START:
	case SEL_ROW_END:
		row_edge(v, action == SEL_ROW_END);
		return DONE;
	default:
		return PASS;
	}
}

enum answer select_act(struct review *v, enum action action)
{
	if (v->mode != MODE_SELECT)
		return begin(v, action);
	if (action >= SEL_LABEL_1 && action <= SEL_LABEL_10) {
		select_add(v, (size_t)(action - SEL_LABEL_1));
		return DONE;
	}
	switch (action) {
	case SEL_GROW:
		grow(v);
		return DONE;
	case SEL_SHRINK:
		shrink(v);
		return DONE;
	case SEL_OTHER:
		other_end(v);
		return DONE;
	case SEL_LABEL_MENU:
		menu_labels(v, "Add as", MODE_SELECT, add_chosen);
		return DONE;
	case SEL_ADD:
		add_with_enter(v);
		return DONE;
	case SEL_FRAGMENT:
		add_fragment(v);
		return DONE;
	case SEL_SPLIT:
		split(v);
		return DONE;
	case SEL_ZONE:
		zone_ask(v);
		return DONE;
	case SEL_SEARCH:
		search_ask(v);
		return DONE;
	case SEL_SEARCH_NEXT:
	case SEL_SEARCH_PREVIOUS:
		search_go(v, action == SEL_SEARCH_NEXT ? 1 : -1);
		return DONE;
	case SEL_CANCEL:
	case ACT_CANCEL:
		return cancel(v);
	default:
		return move_act(v, action);
	}
}
