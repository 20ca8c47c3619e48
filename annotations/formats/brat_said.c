/* brat_said: what the lines of an .ann file say of its spans: events, relations, groups, attributes, links and notes; see
 * brat_reading.h. */
#include "annotations/formats/brat_reading.h"
#include "model/utf8.h"

/* The item that an id stands for; NULL: there is none, which is reported. */
static struct node *target(struct reading *r, struct ann_line *l, struct str id)
{
	size_t i = brat_line_of(r, id);
	if (i != NOWHERE && !r->lines[i].gone)
		return brat_item(r, &r->lines[i]);
	struct buf why = {0};
	buf_adds(&why, "it speaks of ");
	visible_add(&why, str_sub(id, 0, 40), false);
	buf_adds(&why, ", which is not there");
	brat_fail(r, l, ERROR_REFERENCE, why.p);
	buf_free(&why);
	return NULL;
}

static bool is_span(const struct node *item)
{
	return item && node_get(item, S("label"));
}

static struct str id_of(const struct node *item)
{
	return node_get_text(item, S("id"));
}

/* Of an event only its trigger, so that others can refer to it. */
static void take_trigger(struct reading *r, struct ann_line *l)
{
	struct str words[1], type, id;
	size_t blank = str_byte(l->rest, ' ', 0);
	struct str first = str_sub(l->rest, 0, blank == NOWHERE ? l->rest.n : blank);
	if (brat_words(first, words, 1) == 1 && brat_pair(words[0], &type, &id))
		l->item = target(r, l, id);
	else
		brat_fail(r, l, ERROR_SYNTAX, "an event reads: E1, tab, TYPE:TRIGGER ROLE:TARGET …");
}

static void take_roles(struct reading *r, struct ann_line *l)
{
	size_t at = str_byte(l->rest, ' ', 0), n = 0;
	while (at < l->rest.n) {
		size_t end = str_byte(l->rest, ' ', at + 1);
		struct str word = str_sub(l->rest, at + 1, end == NOWHERE ? l->rest.n : end), role, id;
		at = end;
		if (!word.n)
			continue;
		if (!brat_pair(word, &role, &id)) {
			brat_fail(r, l, ERROR_SYNTAX, "an event reads: E1, tab, TYPE:TRIGGER ROLE:TARGET …");
			return;
		}
		struct node *to = target(r, l, id);
		if (!to)
			return;
		struct buf name = {0};
		buf_addf(&name, "%.*s-%zu", (int)l->id.n, l->id.p, ++n);
		r->record.line = l->number;
		if (is_span(to) && is_span(l->item))
			record_add_relation(&r->record, buf_str(&name), brat_plain(r, brat_role(role)), id_of(l->item), id_of(to));
		buf_free(&name);
	}
}

static void take_relation(struct reading *r, struct ann_line *l)
{
	struct str words[4], role[2], id[2];
	size_t n = brat_words(str_trim(l->rest), words, COUNT_OF(words));
	if (n < 3 || !brat_pair(words[1], &role[0], &id[0]) || !brat_pair(words[2], &role[1], &id[1])) {
		brat_fail(r, l, ERROR_SYNTAX, "a relation reads: R1, tab, TYPE Arg1:T1 Arg2:T2");
		return;
	}
	struct node *from = target(r, l, id[0]), *to = from ? target(r, l, id[1]) : NULL;
	if (!to || n > 3 || !is_span(from) || !is_span(to))
		return;
	r->record.line = l->number;
	l->item = record_add_relation(&r->record, l->id, brat_plain(r, words[0]), id_of(from), id_of(to));
	l->referred = true;
	buf_clear(&r->canonical);
	brat_add_relation(&r->canonical, l->id, brat_plain(r, words[0]), id_of(from), id_of(to));
	if (!str_eq(buf_str(&r->canonical), l->line))
		brat_keep_line(r, l, l->item);
}

/* Each two neighbours of the group. */
static void take_group(struct reading *r, struct ann_line *l)
{
	struct node *before = NULL;
	size_t at = str_byte(l->rest, ' ', 0);
	struct str type = str_sub(l->rest, 0, at == NOWHERE ? l->rest.n : at);
	while (at < l->rest.n) {
		size_t end = str_byte(l->rest, ' ', at + 1);
		struct str id = str_trim(str_sub(l->rest, at + 1, end == NOWHERE ? l->rest.n : end));
		struct node *item = id.n ? target(r, l, id) : NULL;
		at = end;
		if (id.n && !item)
			return;
		r->record.line = l->number;
		if (is_span(before) && is_span(item))
			record_add_relation(&r->record, STR_NONE, brat_plain(r, type), id_of(before), id_of(item));
		before = item ? item : before;
	}
}

/* Whether nothing has been said of this item under this name; now it is. */
static bool claim(struct reading *r, const struct node *item, struct str name)
{
	struct buf key = {0};
	buf_add(&key, (struct str){(const char *)&item, sizeof item});
	buf_add(&key, name);
	bool fresh = !strmap_get(&r->claimed, buf_str(&key), NULL);
	if (fresh)
		strmap_put(&r->claimed, buf_str(&key), S("1"));
	buf_free(&key);
	return fresh;
}

static void take_attribute(struct reading *r, struct ann_line *l)
{
	struct str words[3];
	size_t n = brat_words(l->rest, words, 3);
	struct node *item = n >= 2 ? target(r, l, words[1]) : NULL;
	if (n < 2)
		brat_fail(r, l, ERROR_SYNTAX, "an attribute reads: A1, tab, NAME TARGET VALUE");
	if (!item || !claim(r, item, words[0]))
		return;
	struct buf name = {0};
	record_add_plain(&name, words[0]);
	record_put_attribute(item, buf_str(&name), n == 3 ? brat_plain(r, words[2]) : S("true"));
	buf_free(&name);
}

static void take_link(struct reading *r, struct ann_line *l)
{
	struct str words[3], db, id;
	size_t tab = str_byte(l->rest, '\t', 0);
	struct str name = tab == NOWHERE ? STR_NONE : str_sub(l->rest, tab + 1, l->rest.n);
	size_t n = brat_words(str_sub(l->rest, 0, tab == NOWHERE ? l->rest.n : tab), words, 3);
	if (n < 3 || !brat_pair(words[2], &db, &id)) {
		brat_fail(r, l, ERROR_SYNTAX, "a normalisation reads: N1, tab, Reference TARGET DB:ID, tab, NAME");
		return;
	}
	struct node *item = target(r, l, words[1]);
	if (!item || !str_eq(words[0], S("Reference")))
		return;
	struct buf base = {0}, entry = {0};
	record_add_plain(&base, db);
	record_add_plain(&entry, id);
	record_add_link(item, buf_str(&base), buf_str(&entry), brat_plain(r, name));
	buf_free(&base);
	buf_free(&entry);
}

/* The first note of an annotator is the item's own; the others stay as they are. */
static void take_note(struct reading *r, struct ann_line *l)
{
	struct str words[2];
	size_t tab = str_byte(l->rest, '\t', 0);
	if (tab == NOWHERE || brat_words(str_sub(l->rest, 0, tab), words, 2) < 2 ||
	    !str_eq(words[0], S("AnnotatorNotes")) || tab + 1 == l->rest.n)
		return;
	size_t i = brat_line_of(r, words[1]);
	struct node *item = i == NOWHERE ? target(r, l, words[1]) : brat_item(r, &r->lines[i]);
	if (i != NOWHERE && r->lines[i].gone)
		item = target(r, l, words[1]);
	if (item && claim(r, item, S("#")))
		node_put_text(item, S("note"), brat_plain(r, str_sub(l->rest, tab + 1, l->rest.n)));
}

/* The lines of one kind. */
static void take_kind(struct reading *r, char kind, void (*take)(struct reading *r, struct ann_line *l))
{
	for (size_t i = 0; i < r->n; i++)
		if (r->lines[i].kind == kind && !r->lines[i].gone)
			take(r, &r->lines[i]);
}

void brat_take_said(struct reading *r)
{
	take_kind(r, 'E', take_trigger);
	take_kind(r, 'R', take_relation);
	take_kind(r, 'E', take_roles);
	take_kind(r, '*', take_group);
	take_kind(r, 'A', take_attribute);
	take_kind(r, 'N', take_link);
	take_kind(r, '#', take_note);
}
