/* pane_list: what the pane lists: a title and the items of each section.  Lines are made when asked for, so that a
 * list of 10,000 spans costs what is on screen.  See article.h. */
#include <stdlib.h>

#include "tui/screens/article.h"

/* ---- sections -------------------------------------------------------------------------------------------------- */

static void field_row_add(struct field_rows *f, enum pane_kind kind, size_t index)
{
	if (f->n == f->cap) {
		f->cap = f->cap ? f->cap * 2 : 16;
		f->list = mem_grow(f->list, f->cap, sizeof(*f->list));
	}
	f->list[f->n++] = (struct pane_line){kind, index};
}

/* In the schema's order, those without a value too; then those that the schema does not know. */
static const struct field_rows *field_rows(struct review *v)
{
	struct field_rows *f = &v->pane.fields;
	const struct set *set = v->doc->set;
	const struct schema *schema = set_schema(set);

	if (f->made && f->version == set_version(set))
		return f;
	f->n = 0;
	for (size_t type = 0; type <= schema->n_fields; type++) {
		size_t before = f->n;

		for (size_t i = 0; i < set_fields(set); i++) {
			size_t of = schema_field(schema, set_field(set, i)->name);

			if (of == type || (of == NOWHERE && type == schema->n_fields))
				field_row_add(f, LINE_FIELD, i);
		}
		if (f->n == before && type < schema->n_fields)
			field_row_add(f, LINE_EMPTY_FIELD, type);
	}
	f->made = true;
	f->version = set_version(set);
	return f;
}

struct relation_key {
	size_t from, to; /* where the ends are, NOWHERE for what is not there */
	struct str id;
	uint32_t index;
};

static int compare_relations(const void *one, const void *other)
{
	const struct relation_key *a = one, *b = other;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return str_cmp(a->id, b->id);
}

static const struct relation_rows *relation_rows(struct review *v)
{
	struct relation_rows *r = &v->pane.relations;
	const struct set *set = v->doc->set;
	size_t n = set_relations(set);
	struct relation_key *keys;

	if (r->made && r->version == set_version(set))
		return r;
	keys = mem_array(n + 1, sizeof(*keys));
	mem_free(r->list);
	r->list = mem_array(n + 1, sizeof(*r->list));
	for (size_t i = 0; i < n; i++) {
		const struct relation *rel = set_relation(set, i);

		keys[i] = (struct relation_key){set_find_span(set, rel->from), set_find_span(set, rel->to), rel->id,
		                                (uint32_t)i};
	}
	qsort(keys, n, sizeof(*keys), compare_relations);
	for (size_t i = 0; i < n; i++)
		r->list[i] = keys[i].index;
	mem_free(keys);
	r->n = n;
	r->made = true;
	r->version = set_version(set);
	return r;
}

size_t pane_relation(struct review *v, size_t i)
{
	const struct relation_rows *r = relation_rows(v);

	return i < r->n ? r->list[i] : NOWHERE;
}

bool relations_stand(struct review *v, const struct group *g)
{
	if (!v->pane.relations.made || v->pane.relations.version != set_version(v->doc->set))
		return false;
	for (size_t i = 0; i < g->n_ops; i++) {
		const struct op *op = &g->ops[i];
		bool is_span = op->kind == ITEM_SPAN;

		if ((is_span || op->kind == ITEM_RELATION) &&
		    (!op->was || !op->set || node_get(op->set, is_span ? S("at") : S("args"))))
			return false;
	}
	return true;
}

void relations_keep(struct review *v)
{
	v->pane.relations.version = set_version(v->doc->set);
}

static size_t section_size(struct review *v, enum pane_section section)
{
	switch (section) {
	case SECTION_FIELDS:
		return field_rows(v)->n;
	case SECTION_SPANS:
		return queue_size(v);
	case SECTION_RELATIONS:
		return set_relations(v->doc->set);
	default:
		return set_notes(v->doc->set);
	}
}

size_t pane_lines(struct review *v)
{
	size_t n = 0;

	for (enum pane_section s = 0; s < SECTIONS; s++)
		n += 1 + section_size(v, s);
	return n;
}

struct pane_line pane_line(struct review *v, size_t row)
{
	for (enum pane_section s = 0; s < SECTIONS; s++) {
		size_t n = section_size(v, s);

		if (row == 0)
			return (struct pane_line){LINE_TITLE, s};
		if (--row >= n) {
			row -= n;
			continue;
		}
		if (s == SECTION_FIELDS)
			return field_rows(v)->list[row];
		if (s == SECTION_SPANS)
			return (struct pane_line){LINE_SPAN, queue_index(v, row)};
		if (s == SECTION_RELATIONS)
			return (struct pane_line){LINE_RELATION, pane_relation(v, row)};
		return (struct pane_line){LINE_NOTE, row};
	}
	return (struct pane_line){LINE_NONE, 0};
}

static size_t section_start(struct review *v, enum pane_section section)
{
	size_t row = 0;

	for (enum pane_section s = 0; s < section; s++)
		row += 1 + section_size(v, s);
	return row;
}

static size_t relation_row(struct review *v, size_t index)
{
	for (size_t i = 0; i < relation_rows(v)->n; i++) {
		if (v->pane.relations.list[i] == index)
			return section_start(v, SECTION_RELATIONS) + 1 + i;
	}
	return NOWHERE;
}

size_t pane_row_of(struct review *v, enum pane_kind kind, size_t index)
{
	const struct field_rows *f;
	size_t rank;

	switch (kind) {
	case LINE_TITLE:
		return section_start(v, (enum pane_section)index);
	case LINE_SPAN:
		rank = queue_rank(v, index);
		return rank == NOWHERE ? NOWHERE : section_start(v, SECTION_SPANS) + 1 + rank;
	case LINE_RELATION:
		return relation_row(v, index);
	case LINE_NOTE:
		return section_start(v, SECTION_NOTES) + 1 + index;
	default:
		break;
	}
	f = field_rows(v);
	for (size_t i = 0; i < f->n; i++) {
		if (f->list[i].kind == kind && f->list[i].index == index)
			return 1 + i;
	}
	return NOWHERE;
}

static bool in_pane(const struct review *v)
{
	return v->mode == MODE_PANE || (v->mode == MODE_MENU && v->menu.after == MODE_PANE);
}

size_t pane_focus_row(struct review *v)
{
	size_t index, n = pane_lines(v);

	if (in_pane(v) && v->pane.at != NOWHERE)
		return v->pane.at < n ? v->pane.at : n - 1;
	index = review_index(v);
	return index == NOWHERE ? NOWHERE : pane_row_of(v, LINE_SPAN, index);
}

/* The current span where the text has the focus, even when the filter leaves it out of the list. */
struct pane_line pane_focus(struct review *v)
{
	size_t row = pane_focus_row(v);

	if (row != NOWHERE && in_pane(v) && v->pane.at != NOWHERE)
		return pane_line(v, row);
	if (review_index(v) == NOWHERE)
		return (struct pane_line){LINE_NONE, 0};
	return (struct pane_line){LINE_SPAN, review_index(v)};
}

bool pane_item(struct review *v, struct pane_line line, enum item_kind *kind, struct str *id)
{
	const struct set *set = v->doc->set;

	switch (line.kind) {
	case LINE_SPAN:
		*kind = ITEM_SPAN;
		*id = set_span(set, line.index)->id;
		return true;
	case LINE_FIELD:
		*kind = ITEM_FIELD;
		*id = set_field(set, line.index)->id;
		return true;
	case LINE_RELATION:
		*kind = ITEM_RELATION;
		*id = set_relation(set, line.index)->id;
		return true;
	case LINE_NOTE:
		*kind = ITEM_NOTE;
		*id = set_note(set, line.index)->id;
		return true;
	default:
		return false;
	}
}

static bool line_waits(struct review *v, struct pane_line line)
{
	if (line.kind == LINE_FIELD)
		return set_field(v->doc->set, line.index)->verdict == VERDICT_UNDECIDED;
	return line.kind == LINE_RELATION &&
	       set_relation(v->doc->set, line.index)->verdict == VERDICT_UNDECIDED;
}

size_t pane_next_open(struct review *v, size_t row)
{
	static const enum pane_section sections[] = {SECTION_FIELDS, SECTION_RELATIONS};
	size_t first = NOWHERE;

	for (size_t s = 0; s < COUNT_OF(sections); s++) {
		size_t start = section_start(v, sections[s]) + 1, n = section_size(v, sections[s]);

		for (size_t at = start; at < start + n; at++) {
			if (!line_waits(v, pane_line(v, at)))
				continue;
			if (row == NOWHERE || at > row)
				return at;
			first = first == NOWHERE ? at : first;
		}
	}
	return first;
}
