/* article_judge: verdicts, labels, edges and flags of the current span: what was decided is committed, said, and
 * followed by the next one.  See article.h. */
#include "tui/screens/article.h"

/* ---- committing --------------------------------------------------------------------------------------------- */

/* The sidecar cannot be used: where it is wrong, and what to do. */
void review_say_trouble(struct review *v)
{
	const struct error *e = &v->doc->trouble;
	char *path = corpus_sidecar_path(app_corpus(v->app), str_of(v->file));
	bool mends = e->code == ERROR_SYNTAX || e->code == ERROR_SCHEMA || e->code == ERROR_DUPLICATE;
	struct buf place = {0};

	buf_adds(&place, e->path ? e->path : path);
	if (e->line)
		buf_addf(&place, ":%zu:%zu", e->line, e->column);
	app_say(v->app, "Read-only: %s: %s%s", buf_str(&place).p, e->message,
	        mends ? "; mend it, then open the article again" : "");
	buf_free(&place);
	mem_free(path);
}

bool review_editable(struct review *v)
{
	if (v->doc->trouble.code != ERROR_NONE) {
		review_say_trouble(v);
		return false;
	}
	if (app_read_only(v->app) || doc_read_only(v->doc)) {
		app_say(v->app, "Opened with --read: nothing is changed");
		return false;
	}
	return true;
}

struct group *review_group(struct review *v)
{
	return group_new(corpus_annotator(app_corpus(v->app)));
}

bool review_commit(struct review *v, struct group *g, bool ok, struct error *err)
{
	bool stands, relations;

	if (!ok) {
		group_free(g);
		app_error(v->app, err);
		return false;
	}
	stands = queue_stands(v, g);
	relations = relations_stand(v, g);
	ok = app_commit(v->app, g);
	if (stands)
		queue_keep(v);
	if (relations)
		relations_keep(v);
	return ok;
}

/* ---- verdicts ----------------------------------------------------------------------------------------------- */

/* A verdict needs a span, and one that the reviewer has before the eyes. */
static const struct span *span_to_judge(struct review *v)
{
	const struct span *span = review_span(v);

	if (!review_editable(v))
		return NULL;
	if (!span) {
		app_say(v->app, "No span is current: P proposes, v selects, m is the end card");
		return NULL;
	}
	if (!v->shown || !str_eq(str_of(v->shown), span->id)) {
		review_go(v, review_index(v));
		app_say(v->app, "Back at the current span");
		return NULL;
	}
	return span;
}

static bool refuse_lost(struct review *v, const struct span *span)
{
	if (span->anchoring != ANCHOR_LOST)
		return false;
	app_say(v->app, "Its text is gone: v and Enter give it a new place, x rejects it");
	return true;
}

/* Whether the filter shows nothing undecided any more, though there is some. */
static bool filter_is_done(struct review *v)
{
	return v->queue.label != PAINT_NO_LABEL && set_counts(v->doc->set)->spans[VERDICT_UNDECIDED] &&
	       queue_step(v, 1, test_open, true) == NOWHERE && !(review_span(v) && span_open(review_span(v)));
}

/* "+ TIME 3月12日, u undoes": what was just decided; there is nothing to undo where it was so already. */
static void say_judged(struct review *v, struct str id, bool already)
{
	size_t index = set_find_span(v->doc->set, id);
	const struct span *span = index == NOWHERE ? NULL : set_span(v->doc->set, index);
	static const char marks[VERDICTS] = {'?', '+', '~', 'x'};
	struct buf quote = {0};
	struct str label;

	if (!span)
		return;
	label = review_label_name(v, span->label);
	review_quote(v, span, 24, &quote);
	app_say(v->app, "%c %.*s %s%s%s", marks[span->verdict], (int)label.n, label.p, buf_str(&quote).p,
	        already ? " already" : ", u undoes", filter_is_done(v) ? "; no more of this label: f * shows all" : "");
	buf_free(&quote);
}

void review_advance(struct review *v)
{
	size_t index;

	if (!app_config(v->app)->advance) {
		review_go(v, review_index(v));
		return;
	}
	index = queue_step(v, 1, test_open, true);
	if (index != NOWHERE) {
		review_go(v, index);
		return;
	}
	review_go(v, review_index(v));
	if (review_span(v) && span_open(review_span(v)))
		app_say(v->app, "This is the only undecided span left");
	else if (filter_is_done(v))
		app_say(v->app, "No undecided span of this label is left: f * shows all");
	else
		end_show(v);
}

static void judged(struct review *v, const char *id, bool already)
{
	mem_free(v->judged);
	v->judged = mem_dup(id);
	review_advance(v);
	say_judged(v, str_of(id), already);
}

/* A verdict about one span: then on to the next. */
static void commit_verdict(struct review *v, struct group *g, bool ok, const char *id, struct error *err)
{
	bool already = ok && group_empty(g);

	if (review_commit(v, g, ok, err))
		judged(v, id, already);
}

void review_judge(struct review *v, enum verdict verdict)
{
	const struct span *span = span_to_judge(v);
	struct group *g;
	struct error err = {0};
	char *id;
	bool ok = true;

	if (!span || (verdict != VERDICT_REJECTED && refuse_lost(v, span)))
		return;
	id = str_dup(span->id);
	g = review_group(v);
	if (span->anchoring == ANCHOR_MOVED && verdict != VERDICT_REJECTED)
		ok = edit_reanchor(g, v->doc, str_of(id), &err);
	ok = ok && edit_verdict(g, v->doc, ITEM_SPAN, str_of(id), verdict, &err);
	commit_verdict(v, g, ok, id, &err);
	mem_free(id);
}

void review_label(struct review *v, size_t label)
{
	const struct span *span;
	struct group *g;
	struct error err = {0};
	char *id;
	bool ok = true;

	if (label >= set_schema(v->doc->set)->n_labels) {
		app_say(v->app, "The schema has no label %zu", label + 1);
		return;
	}
	span = span_to_judge(v);
	if (!span || refuse_lost(v, span))
		return;
	id = str_dup(span->id);
	g = review_group(v);
	if (span->anchoring == ANCHOR_MOVED)
		ok = edit_reanchor(g, v->doc, str_of(id), &err);
	ok = ok && edit_label(g, v->doc, str_of(id), (uint16_t)label, true, &err);
	commit_verdict(v, g, ok, id, &err);
	mem_free(id);
}

/* Goes on and leaves it undecided; what was skipped comes again on the next round, so it ends at the end card. */
static void skip(struct review *v)
{
	size_t index = queue_step(v, 1, test_open, false);

	if (index != NOWHERE)
		review_go(v, index);
	else
		end_show(v);
}

/* Stays: what was decided too fast is looked at again. */
static void undecide(struct review *v)
{
	const struct span *span = span_to_judge(v);
	struct group *g;
	struct error err = {0};
	bool already;

	if (!span)
		return;
	already = span->verdict == VERDICT_UNDECIDED;
	g = review_group(v);
	if (review_commit(v, g, edit_verdict(g, v->doc, ITEM_SPAN, span->id, VERDICT_UNDECIDED, &err), &err))
		app_say(v->app, already ? "It is undecided" : "Undecided again, u undoes");
}

static void label_chosen(struct screen *s, size_t value)
{
	review_label(review_of(s), value);
}

/* ---- boundaries --------------------------------------------------------------------------------------------- */

/* The fragments with one outer edge moved a step; an edge never comes to or past the other one of its fragment. */
static bool move_edge(struct review *v, struct fragment *list, size_t n, enum edge edge, int step, enum unit unit)
{
	struct fragment *f = edge == EDGE_START ? &list[0] : &list[n - 1];
	size_t from = edge == EDGE_START ? f->off : f->end, to;

	to = layout_step(v->layout, from, unit, step, edge);
	if (to == from || to > UINT32_MAX) {
		app_say(v->app, "There is no text further on");
		return false;
	}
	if (edge == EDGE_START ? to >= f->end : to <= f->off) {
		app_say(v->app, "A span keeps at least one character");
		return false;
	}
	if (edge == EDGE_START)
		f->off = (uint32_t)to;
	else
		f->end = (uint32_t)to;
	return true;
}

static void show_edge(struct review *v, enum edge edge)
{
	const struct span *span = review_span(v);

	if (!span || span->anchoring == ANCHOR_LOST)
		return;
	reading_hold(v->reading, span->off, span->end);
	review_center(v, edge == EDGE_START || span->end == span->off
	                         ? span->off
	                         : utf8_back(article_text(v->doc->article), span->end));
}

static void step_edge(struct review *v, enum edge edge, int step, bool word)
{
	const struct span *span = span_to_judge(v);
	struct fragment *list;
	struct group *g;
	struct error err = {0};
	char *id;

	if (!span || refuse_lost(v, span))
		return;
	list = mem_array(span->n_fragments, sizeof(*list));
	for (size_t i = 0; i < span->n_fragments; i++)
		list[i] = span->fragments[i];
	if (move_edge(v, list, span->n_fragments, edge, step, word != v->word_step ? UNIT_WORD : UNIT_CHARACTER)) {
		id = str_dup(span->id);
		g = review_group(v);
		if (review_commit(v, g, edit_fragments(g, v->doc, str_of(id), list, span->n_fragments, &err), &err))
			show_edge(v, edge);
		mem_free(id);
	}
	mem_free(list);
}

/* ---- flag, delete ------------------------------------------------------------------------------------------- */

static void flag(struct review *v)
{
	const struct span *span = review_span(v);

	if (span && review_editable(v))
		edit_flag_of(v, ITEM_SPAN, span->id, span->flagged);
}

static void delete_span(struct review *v)
{
	const struct span *span = span_to_judge(v);
	struct group *g;
	struct error err = {0};
	char *id;
	bool ok, already;

	if (!span)
		return;
	id = str_dup(span->id);
	g = review_group(v);
	ok = edit_delete(g, v->doc, ITEM_SPAN, str_of(id), &err);
	already = ok && group_empty(g);
	if (review_commit(v, g, ok, &err)) {
		app_say(v->app, "Deleted, u undoes");
		review_index(v);
		if (set_find_span(v->doc->set, str_of(id)) != NOWHERE)
			judged(v, id, already);
		else
			review_go(v, review_index(v));
	}
	mem_free(id);
}

enum answer judge_act(struct review *v, enum action action)
{
	switch (action) {
	case ACT_ACCEPT:
		review_judge(v, VERDICT_ACCEPTED);
		return DONE;
	case ACT_REJECT:
		review_judge(v, VERDICT_REJECTED);
		return DONE;
	case ACT_SKIP:
		skip(v);
		return DONE;
	case ACT_UNDECIDE:
		undecide(v);
		return DONE;
	case ACT_FLAG:
		flag(v);
		return DONE;
	case ACT_LABEL_MENU:
		if (span_to_judge(v))
			menu_labels(v, "It is a", MODE_TEXT, label_chosen);
		return DONE;
	case ACT_END_RIGHT:
	case ACT_END_WORD_RIGHT:
		step_edge(v, EDGE_END, 1, action == ACT_END_WORD_RIGHT);
		return DONE;
	case ACT_END_LEFT:
	case ACT_END_WORD_LEFT:
		step_edge(v, EDGE_END, -1, action == ACT_END_WORD_LEFT);
		return DONE;
	case ACT_START_RIGHT:
	case ACT_START_WORD_RIGHT:
		step_edge(v, EDGE_START, 1, action == ACT_START_WORD_RIGHT);
		return DONE;
	case ACT_START_LEFT:
	case ACT_START_WORD_LEFT:
		step_edge(v, EDGE_START, -1, action == ACT_START_WORD_LEFT);
		return DONE;
	case ACT_DELETE:
		delete_span(v);
		return DONE;
	case ACT_SAME_VERDICT:
		bulk_same(v);
		return DONE;
	case ACT_ACCEPT_ALL:
		bulk_ask(v, VERDICT_ACCEPTED);
		return DONE;
	case ACT_REJECT_ALL:
		bulk_ask(v, VERDICT_REJECTED);
		return DONE;
	default:
		break;
	}
	if (action < ACT_LABEL_1 || action > ACT_LABEL_10)
		return PASS;
	review_label(v, (size_t)(action - ACT_LABEL_1));
	return DONE;
}
