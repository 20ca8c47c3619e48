/* article_conflict: what could not be merged is put as a question, one at a time: mine or theirs.  See article.h. */
#include "tui/screens/article.h"

static void add_side(struct buf *b, const struct node *map, struct str key)
{
	const struct node *value = node_get(map, key);

	if (!map)
		buf_adds(b, "gone");
	else if (!value)
		buf_adds(b, "none");
	else if (value->kind == NODE_SCALAR)
		buf_add(b, node_scalar(value));
	else
		buf_adds(b, "another");
}

/* The keys that both sides give differently, in words. */
static void add_difference(struct buf *b, const struct conflict *c)
{
	static const struct str keys[] = {S("label"),      S("at"),    S("verdict"), S("type"), S("value"),
	                                  S("attributes"), S("links"), S("note"),    S("flag"), S("status")};
	size_t said = 0;

	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		if (node_equal(node_get(c->mine, keys[i]), node_get(c->theirs, keys[i])))
			continue;
		buf_adds(b, said++ ? "; " : ": ");
		buf_add(b, keys[i]);
		buf_adds(b, " mine ");
		add_side(b, c->mine, keys[i]);
		buf_adds(b, ", theirs ");
		add_side(b, c->theirs, keys[i]);
		if (!c->mine || !c->theirs)
			return;
	}
}

static void add_name(struct buf *b, struct review *v, const struct conflict *c)
{
	size_t index = c->kind == ITEM_SPAN ? set_find_span(v->doc->set, str_of(c->id)) : NOWHERE;

	if (index == NOWHERE) {
		buf_addf(b, "%s %s", item_kind_name(c->kind), c->id);
		return;
	}
	buf_add(b, review_label_name(v, set_span(v->doc->set, index)->label));
	buf_addc(b, ' ');
	review_quote(v, set_span(v->doc->set, index), 16, b);
}

static size_t conflict_here(struct review *v)
{
	struct session *s = app_session(v->app);

	for (size_t i = 0; i < session_conflicts(s); i++) {
		const char *file = session_conflict(s, i)->file;

		if (file && str_eq(str_of(file), str_of(v->file)))
			return i;
	}
	return NOWHERE;
}

static void answered(struct screen *s, char key)
{
	struct review *v = review_of(s);
	size_t i = conflict_here(v);
	struct error err = {0};

	if (i == NOWHERE)
		return;
	if (key != 'm' && key != 't') {
		v->asked_conflict = true;
		app_say(v->app, "Left for later: the question comes again when the article is opened");
		return;
	}
	if (!session_resolve(app_session(v->app), i, key == 'm', &err)) {
		app_error(v->app, &err);
		return;
	}
	review_refresh(s);
	conflict_ask(v);
}

void conflict_ask(struct review *v)
{
	size_t i = conflict_here(v);
	const struct conflict *c;
	struct buf question = {0};

	if (i == NOWHERE || v->asked_conflict || v->pane.editing || v->mode == MODE_MENU)
		return;
	c = session_conflict(app_session(v->app), i);
	review_go_id(v, str_of(c->id));
	buf_adds(&question, "m mine, t theirs, Esc later?  ");
	add_name(&question, v, c);
	add_difference(&question, c);
	if (c->by)
		buf_addf(&question, " (%s)", c->by);
	app_insist(v->app, v->screen, buf_str(&question).p, "mt", answered);
	buf_free(&question);
}
