/* tsv_out: an article as WebAnno TSV 3.3, see tsv.h.  Sentences touch, so that no text between them is lost, and blanks
 * that a span begins or ends with are tokens. */
#include "annotations/formats/tsv.h"

#include <stdlib.h>

/* ---- cells ------------------------------------------------------------------------------------------------------- */

static void add_unit_name(struct sheet_out *s, const struct cas_fs *fs)
{
	const struct unit_name *u = &s->first[fs->number];
	buf_addf(&s->out, "%zu-%zu", u->sentence, u->token);
	if (u->part)
		buf_addf(&s->out, ".%zu", u->part);
}

static void add_number(struct sheet_out *s, const struct cas_fs *fs)
{
	if (s->numbers[fs->number])
		buf_addf(&s->out, "[%zu]", s->numbers[fs->number]);
}

static void add_value(struct sheet_out *s, const struct cas_fs *fs, struct str feature)
{
	const struct node *value = node_get(fs->features, feature);
	if (value && node_scalar(value).n)
		tsv_add_value(&s->out, node_scalar(value));
	else
		buf_addc(&s->out, '*');
}

static void add_slot_cells(struct sheet_out *s, const struct cas_fs *fs, struct str feature, bool targets)
{
	size_t n = 0;
	for (size_t i = 0; i < fs->n_refs; i++) {
		const struct cas_ref *target = tsv_ref(fs->refs[i].to, "target");
		if (!target || !str_eq(fs->refs[i].feature, feature))
			continue;
		buf_adds(&s->out, n++ ? ";" : "");
		if (targets) {
			add_unit_name(s, target->to);
			add_number(s, target->to);
		} else {
			add_value(s, fs->refs[i].to, S("role"));
		}
	}
	if (!n)
		buf_addc(&s->out, targets ? '*' : '_');
	if (!targets)
		add_number(s, fs);
}

static void add_chain_cell(struct sheet_out *s, const struct cas_fs *fs, bool link)
{
	add_value(s, fs, link ? S("referenceRelation") : S("referenceType"));
	if (link)
		buf_addf(&s->out, "->%zu-%zu", s->numbers[fs->number], s->links[fs->number]);
	else
		buf_addf(&s->out, "[%zu]", s->numbers[fs->number]);
}

static void add_source(struct sheet_out *s, const struct cas_fs *fs)
{
	const struct cas_fs *from = tsv_ref(fs, "Governor")->to, *to = tsv_ref(fs, "Dependent")->to;
	size_t a = from->chain ? 0 : s->numbers[from->number], b = to->chain ? 0 : s->numbers[to->number];
	add_unit_name(s, from);
	if (a || b)
		buf_addf(&s->out, "[%zu_%zu]", a, b);
}

/* Which feature, and which half of a slot, a column is; NOWHERE: none.  Slots stand behind the features, or where the
 * file had them. */
static size_t feature_at(const struct sheet_out_layer *l, size_t column, size_t *half)
{
	size_t before = l->before < l->features->n ? l->before : l->features->n, slots = 2 * l->n_slots;
	bool slot = column >= before && column < before + slots;
	*half = slot ? column - before : NOWHERE;
	column -= column >= before + slots ? slots : 0;
	return slot || column >= l->features->n ? NOWHERE : column;
}

/* Column `column` of the layer for one annotation. */
static void add_cell(struct sheet_out *s, const struct sheet_out_layer *l, const struct cas_fs *fs, size_t column)
{
	size_t features = l->features->n, half, feature = feature_at(l, column, &half);
	if (l->kind == 'C') {
		add_chain_cell(s, fs, (column == 1) != l->relation_first);
	} else if (l->kind == 'R' && column == features) {
		add_source(s, fs);
	} else if (feature != NOWHERE) {
		add_value(s, fs, l->features->keys[feature]);
		if (l->kind == 'S')
			add_number(s, fs);
	} else if (half != NOWHERE) {
		add_slot_cells(s, fs, l->slots[half / 2].feature, half % 2);
	} else {
		buf_addc(&s->out, '*');
		add_number(s, fs);
	}
}

static size_t columns_of(const struct sheet_out_layer *l)
{
	if (l->kind == 'C')
		return 2;
	size_t n = l->features->n + 2 * l->n_slots + (l->kind == 'R');
	return n ? n : 1;
}

static bool in_layer(const struct sheet_out_layer *l, const struct cas_fs *fs)
{
	return tsv_kind_of(fs) == l->kind && str_eq(fs->type, l->type) &&
	       (l->kind != 'R' || str_eq(tsv_base_of(fs), l->base));
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

struct unit_row {
	const struct place *places; /* of the spans on it */
	size_t n;
	struct cas_fs **relations; /* that end here */
	size_t n_relations;
};

static void add_column(struct sheet_out *s, const struct unit_row *row, const struct sheet_out_layer *l, size_t column)
{
	size_t n = 0;
	for (size_t i = 0; i < row->n + row->n_relations; i++) {
		const struct cas_fs *fs = i < row->n ? row->places[i].fs : row->relations[i - row->n];
		if (!in_layer(l, fs))
			continue;
		buf_adds(&s->out, n++ ? "|" : "");
		add_cell(s, l, fs, column);
	}
	buf_adds(&s->out, n ? "\t" : "_\t");
}

static void add_cells(struct sheet_out *s, const struct unit_row *row)
{
	for (size_t i = 0; i < s->n_layers; i++)
		for (size_t column = 0; column < columns_of(&s->layers[i]); column++)
			add_column(s, row, &s->layers[i], column);
	buf_addc(&s->out, '\n');
}

static void add_row_start(struct sheet_out *s, struct unit_name name, uint64_t begin, uint64_t end)
{
	buf_addf(&s->out, "%zu-%zu", name.sentence, name.token);
	if (name.part)
		buf_addf(&s->out, ".%zu", name.part);
	buf_addf(&s->out, "\t%llu-%llu\t", (unsigned long long)begin, (unsigned long long)end);
	tsv_add_text(&s->out, str_sub(s->o->text, s->off_of[begin], s->off_of[end]));
	buf_addc(&s->out, '\t');
}

/* Relations, in the order of the units on which they end. */
struct ends {
	struct cas_fs **list;
	size_t n, at;
};

static const struct unit_name *end_unit(const struct sheet_out *s, const struct cas_fs *relation)
{
	return &s->first[tsv_ref(relation, "Dependent")->to->number];
}

static int compare_units(const struct unit_name *a, const struct unit_name *b)
{
	if (a->sentence != b->sentence)
		return a->sentence < b->sentence ? -1 : 1;
	if (a->token != b->token)
		return a->token < b->token ? -1 : 1;
	return (a->part > b->part) - (a->part < b->part);
}

static int by_end(const void *a, const void *b, void *ctx)
{
	const struct cas_fs *x = *(struct cas_fs *const *)a, *y = *(struct cas_fs *const *)b;
	int order = compare_units(end_unit(ctx, x), end_unit(ctx, y));
	return order ? order : (x->number > y->number) - (x->number < y->number);
}

static void find_ends(struct sheet_out *s, struct ends *e)
{
	e->list = mem_array(s->cas.n + 1, sizeof(struct cas_fs *));
	for (size_t i = 0; i < s->cas.n; i++)
		if (tsv_is_relation(s->cas.fs[i]))
			e->list[e->n++] = s->cas.fs[i];
	qsort_r(e->list, e->n, sizeof *e->list, by_end, s);
}

static void take_ends(struct sheet_out *s, struct ends *e, struct unit_name name, struct unit_row *row)
{
	while (e->at < e->n && compare_units(end_unit(s, e->list[e->at]), &name) < 0)
		e->at++;
	row->relations = e->list + e->at;
	while (e->at + row->n_relations < e->n &&
	       compare_units(end_unit(s, e->list[e->at + row->n_relations]), &name) == 0)
		row->n_relations++;
	e->at += row->n_relations;
}

/* The token's row, then those of its parts. */
static void add_token(struct sheet_out *s, size_t token, size_t *at, struct ends *e)
{
	const struct cas_fs *t = s->tokens[token];
	struct unit_name name = s->first[t->number];
	struct unit_row row = {.places = s->places ? s->places + *at : NULL};
	if (*at < s->n_places && s->places[*at].token == token && s->places[*at].whole)
		row.n = tsv_unit_size(s, *at);
	take_ends(s, e, name, &row);
	add_row_start(s, name, t->begin, t->end);
	add_cells(s, &row);
	*at += row.n;
	while (*at < s->n_places && s->places[*at].token == token) {
		struct unit_row part = {.places = s->places + *at, .n = tsv_unit_size(s, *at)};
		name.part++;
		take_ends(s, e, name, &part);
		add_row_start(s, name, part.places->begin, part.places->end);
		add_cells(s, &part);
		*at += part.n;
	}
}

static void add_sentence_text(struct sheet_out *s, const struct cas_fs *sentence)
{
	struct str text = str_sub(s->o->text, s->off_of[sentence->begin], s->off_of[sentence->end]);
	for (size_t from = 0;;) {
		size_t end = str_byte(text, '\n', from);
		buf_adds(&s->out, "#Text=");
		tsv_add_text(&s->out, str_sub(text, from, end == NOWHERE ? text.n : end));
		buf_addc(&s->out, '\n');
		if (end == NOWHERE)
			return;
		from = end + 1;
	}
}

static void add_columns(struct sheet_out *s, const struct sheet_out_layer *l)
{
	for (size_t i = 0, half, k; i < l->features->n + 2 * l->n_slots; i++) {
		if ((k = feature_at(l, i, &half)) != NOWHERE)
			buf_addf(&s->out, "|%.*s", (int)l->features->keys[k].n, l->features->keys[k].p);
		else if (half % 2 == 0)
			buf_addf(&s->out, "|ROLE_%.*s:%.*s_%.*s|%.*s", (int)l->type.n, l->type.p,
			         (int)l->slots[half / 2].feature.n, l->slots[half / 2].feature.p,
			         (int)l->slots[half / 2].link.n, l->slots[half / 2].link.p,
			         (int)l->slots[half / 2].target.n, l->slots[half / 2].target.p);
	}
}

static void add_header(struct sheet_out *s)
{
	buf_adds(&s->out, "#FORMAT=WebAnno TSV 3.3\n");
	for (size_t i = 0; i < s->n_layers; i++) {
		const struct sheet_out_layer *l = &s->layers[i];
		buf_addf(&s->out, "#T_%s=%.*s",
		         l->kind == 'S'   ? "SP"
		         : l->kind == 'C' ? "CH"
		                          : "RL",
		         (int)l->type.n, l->type.p);
		if (l->kind == 'C')
			buf_adds(&s->out, l->relation_first ? "|referenceRelation|referenceType" : "|referenceType|referenceRelation");
		add_columns(s, l);
		if (l->kind == 'R')
			buf_addf(&s->out, "|BT_%.*s", (int)l->base.n, l->base.p);
		if (l->kind == 'S' && !l->features->n && !l->n_slots)
			buf_addc(&s->out, '|');
		buf_addc(&s->out, '\n');
	}
	buf_addc(&s->out, '\n');
}

static void add_sentence_id(struct sheet_out *s, struct str id)
{
	buf_adds(&s->out, "#Sentence.id=");
	tsv_add_text(&s->out, id);
	buf_addc(&s->out, '\n');
}

static void write_sheet(struct sheet_out *s)
{
	struct ends ends = {0};
	size_t token = 0, at = 0;
	const struct node *ids = node_get(record_kept(s->job, s->o->top), S(TSV_SENTENCE_IDS));
	if (ids && (ids->kind != NODE_LIST || ids->n != s->n_sentences))
		ids = NULL;
	find_ends(s, &ends);
	add_header(s);
	for (size_t i = 0; i < s->n_sentences; i++) {
		buf_addc(&s->out, '\n');
		if (ids)
			add_sentence_id(s, node_scalar(ids->items[i]));
		add_sentence_text(s, s->sentences[i]);
		for (; token < s->n_tokens && s->tokens[token]->begin < s->sentences[i]->end; token++)
			add_token(s, token, &at, &ends);
	}
	mem_free(ends.list);
}

bool tsv_export(struct export_job *job, struct doc *d, struct error *err)
{
	struct outgoing o;
	if (!outgoing_make(job, d, &o, err))
		return false;
	struct sheet_out s = {.job = job, .o = &o};
	cas_make(&o, (struct cas_out_options){.rows = true}, &s.cas);
	tsv_lay_out(&s);
	write_sheet(&s);
	char *name = record_file(&o, ".tsv");
	bool fine = job->write_file(job->ctx, name, buf_str(&s.out), err);
	job->articles += fine;
	mem_free(name);
	tsv_free_layout(&s);
	outgoing_free(&o);
	return fine;
}
