/* article_relate: a relation begins at the current span (R); the reviewer goes to the other end by any key that
 * goes to spans and presses Enter there.  Types that the schema allows for the two labels are offered, in either
 * direction; a single one is taken at once.  See article.h. */
#include "tui/screens/article.h"

/* Whether a span of that label may be an end of any relation. */
static bool may_relate(struct review *v, uint16_t label)
{
	const struct schema *schema = set_schema(v->doc->set);

	for (size_t i = 0; i < schema->n_relations; i++)
		if (label_list_has(&schema->relations[i].from, label) || label_list_has(&schema->relations[i].to, label))
			return true;
	return false;
}

void relate_start(struct review *v)
{
	const struct span *span = review_span(v);
	struct str label;

	if (!span || span->anchoring == ANCHOR_LOST) {
		app_say(v->app, "A relation begins at a span: none is current");
		return;
	}
	if (!review_editable(v))
		return;
	label = review_label_name(v, span->label);
	if (!may_relate(v, span->label)) {
		app_say(v->app, "The schema has no relation of %.*s", (int)label.n, label.p);
		return;
	}
	mem_free(v->relate_from);
	v->relate_from = str_dup(span->id);
}

/* Stands in the last row as long as the other end is looked for. */
bool relate_hint(struct review *v, struct buf *out)
{
	size_t from = v->relate_from ? set_find_span(v->doc->set, str_of(v->relate_from)) : NOWHERE;

	if (from == NOWHERE)
		return false;
	buf_adds(out, "Relation from ");
	review_quote(v, set_span(v->doc->set, from), 24, out);
	buf_adds(out, ": go to the other end, Enter; Esc leaves it");
	return true;
}

static void stop(struct review *v)
{
	mem_free(v->relate_from);
	mem_free(v->relate_to);
	v->relate_from = v->relate_to = NULL;
}

/* value: the type's index doubled, odd where the relation runs from the second span to the first. */
static void type_chosen(struct screen *s, size_t value)
{
	struct review *v = review_of(s);
	const struct relation_type *type = &set_schema(v->doc->set)->relations[value / 2];
	struct str from = str_of(v->relate_from), to = str_of(v->relate_to);
	struct group *g = review_group(v);
	struct error err = {0};
	bool ok = value % 2 ? edit_add_relation(g, v->doc, type->name, to, from, NULL, &err)
	                    : edit_add_relation(g, v->doc, type->name, from, to, NULL, &err);

	if (review_commit(v, g, ok, &err))
		app_say(v->app, "%.*s added, u undoes", (int)type->name.n, type->name.p);
	stop(v);
}

static void offer(struct review *v, size_t type, bool back, size_t *n, size_t *only)
{
	const struct relation_type *t = &set_schema(v->doc->set)->relations[type];
	const struct span *one =
	        set_span(v->doc->set, set_find_span(v->doc->set, str_of(back ? v->relate_to : v->relate_from)));
	const struct span *other =
	        set_span(v->doc->set, set_find_span(v->doc->set, str_of(back ? v->relate_from : v->relate_to)));
	struct buf text = {0};

	if (!label_list_has(&t->from, one->label) || !label_list_has(&t->to, other->label))
		return;
	buf_add(&text, t->name);
	buf_adds(&text, ": ");
	review_quote(v, one, 14, &text);
	buf_adds(&text, app_ascii(v->app) ? " > " : " → ");
	review_quote(v, other, 14, &text);
	*only = type * 2 + back;
	menu_add(v, 0, buf_str(&text), *only);
	++*n;
	buf_free(&text);
}

/* Which labels no relation joins. */
static void say_none(struct review *v, const struct span *to)
{
	const struct span *from =
	        set_span(v->doc->set, set_find_span(v->doc->set, str_of(v->relate_from)));
	struct str one = review_label_name(v, from->label), other = review_label_name(v, to->label);

	app_say(v->app, "The schema has no relation between %.*s and %.*s", (int)one.n, one.p, (int)other.n, other.p);
}

void relate_finish(struct review *v)
{
	const struct schema *schema = set_schema(v->doc->set);
	const struct span *to = review_span(v);
	size_t n = 0, only = 0;

	if (!to || set_find_span(v->doc->set, str_of(v->relate_from)) == NOWHERE) {
		stop(v);
		app_say(v->app, "The span that the relation began at is gone");
		return;
	}
	if (str_eq(to->id, str_of(v->relate_from))) {
		app_say(v->app, "Go to the other end first: j, ;, / or the mouse");
		return;
	}
	mem_free(v->relate_to);
	v->relate_to = str_dup(to->id);
	menu_open(v, "Relation", MODE_TEXT, type_chosen);
	for (size_t i = 0; i < schema->n_relations; i++) {
		offer(v, i, false, &n, &only);
		offer(v, i, true, &n, &only);
	}
	if (n > 1)
		return;
	menu_close(v);
	if (n == 1)
		type_chosen(v->screen, only);
	else
		say_none(v, to);
}
