/* pane_edit: one line of the item in focus in a line editor, or its text in $EDITOR.  Enter commits, Esc leaves it
 * as it was, Tab and the arrows offer values: those of the schema for an attribute, for a field the texts of spans
 * that it may come from.  See article.h. */
#include "tui/screens/article.h"

/* ---- beginning and ending ------------------------------------------------------------------------------------ */

/* What the line belongs to: the id of the item, or for a new field its name. */
static bool note_target(struct review *v, struct detail_line line, bool adds)
{
	struct pane_line focus = pane_focus(v);
	const struct schema *schema = set_schema(v->doc->set);
	enum item_kind kind = ITEM_NOTE;
	struct str id = STR_NONE;

	if (line.kind == DETAIL_TEXT && adds) {
		kind = ITEM_NOTE;
	} else if (focus.kind == LINE_EMPTY_FIELD) {
		kind = ITEM_FIELD;
		id = schema->fields[focus.index].name;
	} else if (!pane_item(v, focus, &kind, &id)) {
		return false;
	} else if (adds && kind == ITEM_FIELD) {
		id = set_field(v->doc->set, focus.index)->name;
	}
	mem_free(v->pane.edit_id);
	v->pane.edit_id = str_dup(id);
	v->pane.edit_kind = kind;
	v->pane.edit_line = line;
	v->pane.edit_adds = adds;
	return true;
}

static void show_line(struct review *v, const struct detail *d, struct detail_line line)
{
	v->pane.from_text |= v->mode != MODE_PANE;
	v->pane.edit_from_list = v->mode == MODE_PANE && !v->pane.in_detail;
	v->mode = MODE_PANE;
	v->pane.in_detail = true;
	v->pane.detail_at = detail_find(d, line.kind, line.index);
	review_arrange(v, app_rows(v->app), app_cols(v->app));
}

void edit_begin(struct review *v, struct detail_line line, bool adds)
{
	struct detail d = pane_detail(v);
	struct buf value = {0};

	if (!detail_editable(&d, line))
		app_say(v->app, d.item == ITEM_SPAN ? "The label changes by a digit or r in the text"
		                                    : "Nothing to edit on this line");
	else if (review_editable(v) && note_target(v, line, adds)) {
		show_line(v, &d, line);
		if (!adds)
			detail_value(v, &d, line, &value);
		lineedit_start(&v->pane.edit, buf_str(&value));
		v->pane.editing = true;
		v->pane.choice = NOWHERE;
	}
	detail_free(&d);
	buf_free(&value);
}

void edit_stop(struct review *v)
{
	v->pane.editing = false;
	lineedit_free(&v->pane.edit);
	v->pane.edit = (struct lineedit){0};
	if (v->pane.edit_from_list)
		v->pane.in_detail = false;
	v->pane.edit_from_list = false;
	if (!v->pane.edit_once)
		return;
	v->pane.edit_once = false;
	pane_leave(v);
}

void edit_note_of_current(struct review *v)
{
	struct detail d;

	if (!review_span(v)) {
		app_say(v->app, "No span is current");
		return;
	}
	if (!review_editable(v))
		return;
	pane_enter(v, true);
	d = pane_detail(v);
	v->pane.edit_once = true;
	edit_begin(v, d.list[detail_find(&d, DETAIL_NOTE, NOWHERE)], false);
	detail_free(&d);
}

/* ---- committing --------------------------------------------------------------------------------------------- */

/* The part of text up to the blank; the rest is left without the blanks before it. */
static struct str take_word(struct str *text)
{
	struct str word = str_sub(*text, 0, str_byte(*text, ' ', 0));

	*text = str_trim(str_sub(*text, word.n, text->n));
	return word;
}

/* "wikidata Q1 the name", "wikidata:Q1 the name", "https://… the name": database, id, and a name that may have blanks.
 * NULL where there is no id. */
static struct node *link_of(struct str text)
{
	struct str rest = str_trim(text), db = take_word(&rest), id;
	size_t colon = str_byte(db, ':', 0);
	struct node *link;

	if (str_find(db, S("://"), 0) != NOWHERE) {
		id = db;
		db = S("url");
	} else if (colon != NOWHERE && colon > 0 && colon + 1 < db.n) {
		id = str_sub(db, colon + 1, db.n);
		db = str_sub(db, 0, colon);
	} else {
		id = take_word(&rest);
	}
	if (!id.n)
		return NULL;
	link = node_map();
	node_put_text(link, S("db"), db);
	node_put_text(link, S("id"), id);
	if (rest.n)
		node_put_text(link, S("name"), rest);
	return link;
}

static bool commit_link(struct review *v, struct group *g, struct str id, size_t index, struct str text,
                        struct error *err)
{
	const struct node *old = node_get(set_node(v->doc->set, ITEM_SPAN, id), S("links"));
	struct node *links = node_list();
	size_t n = old && old->kind == NODE_LIST ? old->n : 0;
	struct node *link = link_of(text);
	bool ok;

	if (!link && str_trim(text).n) {
		node_free(links);
		return error_set(err, ERROR_USAGE, NULL, "a link is a database, an id and a name: wikidata Q148 中国");
	}
	for (size_t i = 0; i <= n; i++) {
		if (i != index && i < n) {
			node_add(links, node_copy(old->items[i]));
			continue;
		}
		if (i == index && link) {
			/* Keys of a link that the line does not show stay. */
			for (size_t k = 0; i < n && old->items[i]->kind == NODE_MAP && k < old->items[i]->n; k++) {
				struct str key = old->items[i]->keys[k];

				if (!str_eq(key, S("db")) && !str_eq(key, S("id")) && !str_eq(key, S("name")))
					node_put(link, key, node_copy(old->items[i]->items[k]));
			}
			node_add(links, link);
		}
	}
	ok = edit_links(g, v->doc, id, links, err);
	node_free(links);
	return ok;
}

/* The value as the schema spells it: itself, or the only one that begins so. */
static bool closed_value(const struct attribute_type *type, struct str *text)
{
	size_t found = NOWHERE;

	if (!type || type->n_values == 0 || text->n == 0)
		return true;
	for (size_t i = 0; i < type->n_values; i++) {
		if (str_eq(type->values[i], *text))
			return true;
		if (str_starts(type->values[i], *text)) {
			if (found != NOWHERE)
				return false;
			found = i;
		}
	}
	if (found == NOWHERE)
		return false;
	*text = type->values[found];
	return true;
}

static bool commit_attribute(struct review *v, struct group *g, struct str id, struct detail_line line, struct str text,
                             struct error *err)
{
	const struct attribute_type *type = detail_attribute(v, line);
	struct detail d = {.item = ITEM_SPAN, .id = id};
	struct buf values = {0};

	text = str_trim(text);
	if (closed_value(type, &text))
		return edit_attribute(g, v->doc, id, detail_name(v, &d, line), text, err);
	for (size_t i = 0; i < type->n_values; i++) {
		buf_addc(&values, ' ');
		buf_add(&values, type->values[i]);
	}
	error_set(err, ERROR_SCHEMA, NULL, "not a value of this attribute; it has%s", buf_str(&values).p);
	buf_free(&values);
	return false;
}

/* Spans whose text a field's value may be. */
static bool may_say(struct review *v, const struct field_type *type, const struct span *span)
{
	(void)v;
	return span->verdict != VERDICT_REJECTED && span->anchoring != ANCHOR_LOST &&
	       (!type || label_list_has(&type->from, span->label));
}

static const struct field_type *field_type_named(struct review *v, struct str name)
{
	const struct schema *schema = set_schema(v->doc->set);
	size_t type = schema_field(schema, name);

	return type == NOWHERE ? NULL : &schema->fields[type];
}

/* The first span that says exactly this: the value is then tied to it. */
static struct str saying(struct review *v, const struct field_type *type, struct str value)
{
	struct buf text = {0};
	struct str found = STR_NONE;

	for (size_t i = 0; i < set_spans(v->doc->set) && !found.n; i++) {
		const struct span *span = set_span(v->doc->set, i);

		if (!may_say(v, type, span))
			continue;
		buf_clear(&text);
		for (size_t f = 0; f < span->n_fragments; f++)
			reading_text(v->reading, span->fragments[f].off, span->fragments[f].end, &text);
		if (str_eq(buf_str(&text), value))
			found = span->id;
	}
	buf_free(&text);
	return found;
}

static struct str field_name_of(struct review *v)
{
	if (v->pane.edit_adds)
		return str_of(v->pane.edit_id);
	return node_get_text(set_node(v->doc->set, ITEM_FIELD, str_of(v->pane.edit_id)), S("name"));
}

static bool commit_field(struct review *v, struct group *g, struct str text, char **new_id, struct error *err)
{
	struct str id = str_of(v->pane.edit_id), said;

	text = str_trim(text);
	if (!text.n)
		return error_set(err, ERROR_USAGE, NULL, "a field has a value; d deletes it");
	said = saying(v, field_type_named(v, field_name_of(v)), text);
	if (v->pane.edit_adds)
		return edit_add_field(g, v->doc, id, text, &said, said.n > 0, new_id, err);
	return edit_field(g, v->doc, id, text, &said, said.n > 0, err);
}

/* A note of the article is written anew: it has no history of its own. */
static bool commit_note(struct review *v, struct group *g, struct str text, char **new_id, struct error *err)
{
	if (!v->pane.edit_adds && !edit_delete(g, v->doc, ITEM_NOTE, str_of(v->pane.edit_id), err))
		return false;
	return !text.n || edit_add_note(g, v->doc, text, new_id, err);
}

static bool build(struct review *v, struct group *g, struct str text, char **new_id, struct error *err)
{
	struct str id = str_of(v->pane.edit_id);

	switch (v->pane.edit_line.kind) {
	case DETAIL_VALUE:
		return commit_field(v, g, text, new_id, err);
	case DETAIL_ATTRIBUTE:
		return commit_attribute(v, g, id, v->pane.edit_line, text, err);
	case DETAIL_LINK:
		return commit_link(v, g, id, v->pane.edit_line.index, text, err);
	case DETAIL_NOTE:
		return edit_note(g, v->doc, v->pane.edit_kind, id, text, err);
	case DETAIL_FLAG:
		return edit_flag(g, v->doc, v->pane.edit_kind, id, text, err);
	default:
		return commit_note(v, g, text, new_id, err);
	}
}

static bool commit_text(struct review *v, struct str text)
{
	struct group *g = review_group(v);
	struct error err = {0};
	char *id = NULL;
	bool ok = review_commit(v, g, build(v, g, text, &id, &err), &err);

	/* What is new is looked at. */
	if (ok && id)
		pane_go_item(v, v->pane.edit_kind, str_of(id));
	mem_free(id);
	return ok;
}

/* What was edited is compared with what stood there, so that Enter on an untouched line changes nothing, newlines of a
 * long note least of all. */
static bool untouched(struct review *v, struct str text)
{
	struct detail d = pane_detail(v);
	struct lineedit as_line = {0};
	struct buf old = {0};
	bool same;

	detail_value(v, &d, v->pane.edit_line, &old);
	lineedit_start(&as_line, buf_str(&old));
	same = !v->pane.edit_adds && str_eq(lineedit_text(&as_line), text);
	lineedit_free(&as_line);
	buf_free(&old);
	detail_free(&d);
	return same;
}

static void finish(struct review *v)
{
	struct str text = lineedit_text(&v->pane.edit);

	if (untouched(v, text) || (v->pane.edit_adds && !str_trim(text).n) || commit_text(v, text))
		edit_stop(v);
}

void edit_clear_line(struct review *v, const struct detail *d, struct detail_line line)
{
	(void)d;
	if (!note_target(v, line, false))
		return;
	if (line.kind == DETAIL_VALUE || line.kind == DETAIL_TEXT)
		app_say(v->app, "q, then d deletes the whole item");
	else if (commit_text(v, STR_NONE))
		app_say(v->app, "Removed, u undoes");
}

/* ---- values that are offered --------------------------------------------------------------------------------- */

/* The i-th value that might stand here; false: there are no more. */
static bool offer(struct review *v, size_t i, struct buf *out)
{
	const struct attribute_type *type;

	buf_clear(out);
	if (v->pane.edit_line.kind == DETAIL_ATTRIBUTE) {
		type = detail_attribute(v, v->pane.edit_line);
		if (!type || i >= type->n_values)
			return false;
		buf_add(out, type->values[i]);
		return true;
	}
	if (v->pane.edit_line.kind != DETAIL_VALUE || i >= set_spans(v->doc->set))
		return false;
	if (may_say(v, field_type_named(v, field_name_of(v)), set_span(v->doc->set, i)))
		review_quote(v, set_span(v->doc->set, i), 200, out);
	return true;
}

static size_t offers(struct review *v)
{
	const struct attribute_type *type =
	        v->pane.edit_line.kind == DETAIL_ATTRIBUTE ? detail_attribute(v, v->pane.edit_line) : NULL;

	if (v->pane.edit_line.kind == DETAIL_VALUE)
		return set_spans(v->doc->set);
	return type ? type->n_values : 0;
}

static void offer_next(struct review *v, int step)
{
	size_t n = offers(v), i = v->pane.choice;
	struct buf value = {0};

	if (v->pane.choice == NOWHERE) {
		buf_clear(&v->pane.typed);
		buf_add(&v->pane.typed, lineedit_text(&v->pane.edit));
		i = step > 0 && n ? n - 1 : 0;
	}
	for (size_t tried = 0; tried < n; tried++) {
		i = step > 0 ? (i + 1) % n : (i + n - 1) % n;
		if (!offer(v, i, &value) || !value.n || !str_starts(buf_str(&value), buf_str(&v->pane.typed)) ||
		    str_eq(buf_str(&value), lineedit_text(&v->pane.edit)))
			continue;
		v->pane.choice = i;
		lineedit_start(&v->pane.edit, buf_str(&value));
		break;
	}
	if (v->pane.choice == NOWHERE)
		app_say(v->app, "No value to offer: type it");
	buf_free(&value);
}

const char *edit_hint(const struct review *v)
{
	switch (v->pane.edit_line.kind) {
	case DETAIL_VALUE:
	case DETAIL_ATTRIBUTE:
		return "Enter keep  Esc cancel  Tab offers values";
	case DETAIL_LINK:
		return "Enter keep  Esc cancel  as in: wikidata Q148 中国";
	default:
		return "Enter keep  Esc cancel";
	}
}

/* ---- keys --------------------------------------------------------------------------------------------------- */

enum answer edit_text(struct review *v, struct str typed)
{
	lineedit_type(&v->pane.edit, typed);
	v->pane.choice = NOWHERE;
	return DONE;
}

enum answer edit_key(struct review *v, uint32_t key)
{
	switch (key) {
	case KEY_ENTER_:
		finish(v);
		return DONE;
	case KEY_ESC_:
		edit_stop(v);
		return DONE;
	case KEY_TAB_:
	case KEY_DOWN_:
		offer_next(v, 1);
		return DONE;
	case KEY_BACKTAB_:
	case KEY_UP_:
		offer_next(v, -1);
		return DONE;
	default:
		if (lineedit_key(&v->pane.edit, key))
			v->pane.choice = NOWHERE;
		return DONE;
	}
}

/* ---- $EDITOR ------------------------------------------------------------------------------------------------ */

/* The line in focus where it is one of text, else the note of the item. */
static struct detail_line long_line(struct review *v, const struct detail *d)
{
	struct detail_line at = d->list[v->pane.in_detail && v->pane.detail_at < d->n ? v->pane.detail_at : 0];

	if (v->mode == MODE_PANE && v->pane.in_detail && detail_editable(d, at))
		return at;
	return d->list[detail_find(d, d->item == ITEM_NOTE ? DETAIL_TEXT : DETAIL_NOTE, NOWHERE)];
}

void edit_outside(struct review *v)
{
	struct detail d = pane_detail(v);
	struct pane_line focus = pane_focus(v);
	struct buf text = {0}, before = {0};
	struct error err = {0};
	struct detail_line line;

	if (d.n == 0)
		app_say(v->app, "Nothing to edit here");
	else if (review_editable(v) &&
	         note_target(v, line = long_line(v, &d), focus.kind == LINE_TITLE || focus.kind == LINE_EMPTY_FIELD)) {
		detail_value(v, &d, line, &text);
		buf_add(&before, buf_str(&text));
		if (!app_external_edit(v->app, &text, &err))
			app_error(v->app, &err);
		else if (str_eq(buf_str(&text), buf_str(&before)))
			app_say(v->app, "Nothing was changed");
		else if (commit_text(v, buf_str(&text)))
			app_say(v->app, "Written, u undoes");
	}
	buf_free(&text);
	buf_free(&before);
	detail_free(&d);
}

/* ---- flags -------------------------------------------------------------------------------------------------- */

static void commit_flag(struct review *v, struct str reason)
{
	struct group *g = review_group(v);
	struct error err = {0};
	bool ok = edit_flag(g, v->doc, v->pane.edit_kind, str_of(v->pane.edit_id), reason, &err);

	if (review_commit(v, g, ok, &err))
		app_say(v->app, reason.n ? "Flagged: it blocks done until the flag goes" : "Flag taken away");
}

static void flag_asked(struct screen *s, struct str text, bool ok)
{
	if (!ok)
		return;
	commit_flag(review_of(s), str_trim(text).n ? str_trim(text) : S("flagged"));
}

void edit_flag_of(struct review *v, enum item_kind kind, struct str id, bool flagged)
{
	static const struct prompt_ops ops = {NULL, flag_asked};

	mem_free(v->pane.edit_id);
	v->pane.edit_id = str_dup(id);
	v->pane.edit_kind = kind;
	if (flagged)
		commit_flag(v, STR_NONE);
	else
		app_prompt(v->app, v->screen, "Flag, because: ", STR_NONE, &ops);
}
