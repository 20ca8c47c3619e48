/* tsv_places: which layers an article has in WebAnno TSV, on which units its annotations lie, and which of them need a
 * number; see tsv.h. */
#include "annotations/formats/tsv.h"

#include <stdlib.h>

#include "model/utf8.h"

/* Structures know their place in the CAS by their number. */
static void number_structures(struct sheet_out *s)
{
	for (size_t i = 0; i < s->cas.n; i++)
		s->cas.fs[i]->number = i;
}

const struct cas_ref *tsv_ref(const struct cas_fs *fs, const char *feature)
{
	for (size_t i = 0; i < fs->n_refs; i++)
		if (str_eq(fs->refs[i].feature, str_of(feature)))
			return &fs->refs[i];
	return NULL;
}

bool tsv_is_relation(const struct cas_fs *fs)
{
	return tsv_ref(fs, "Governor") && tsv_ref(fs, "Dependent");
}

static bool is_span(const struct cas_fs *fs)
{
	return fs->placed && !fs->is_token && !tsv_is_relation(fs);
}

/* ---- layers ------------------------------------------------------------------------------------------------------ */

static struct sheet_out_layer *find_layer(struct sheet_out *s, char kind, struct str type, struct str base)
{
	for (size_t i = 0; i < s->n_layers; i++) {
		struct sheet_out_layer *l = &s->layers[i];
		if (l->kind == kind && str_eq(l->type, type) && (kind != 'R' || str_eq(l->base, base)))
			return l;
	}
	s->layers = mem_grow(s->layers, s->n_layers + 1, sizeof *s->layers);
	s->layers[s->n_layers] =
	    (struct sheet_out_layer){.type = type, .base = base, .kind = kind, .features = node_map(), .before = NOWHERE};
	return &s->layers[s->n_layers++];
}

char tsv_kind_of(const struct cas_fs *fs)
{
	return tsv_is_relation(fs) ? 'R' : fs->chain ? 'C' : 'S';
}

struct str tsv_base_of(const struct cas_fs *fs)
{
	return tsv_is_relation(fs) ? tsv_ref(fs, "Dependent")->to->type : STR_NONE;
}

static void lost_features(struct sheet_out *s, const struct cas_fs *fs, const char *known, const char *other,
                          const char *what)
{
	for (size_t i = 0; i < fs->features->n; i++)
		if (!str_eq(fs->features->keys[i], str_of(known)) && !str_eq(fs->features->keys[i], str_of(other)))
			losses_add(&s->job->losses, 1, "%s", what);
}

static void add_slot(struct sheet_out *s, struct sheet_out_layer *l, const struct cas_ref *ref)
{
	const struct cas_ref *target = tsv_ref(ref->to, "target");
	lost_features(s, ref->to, "role", "role", "attributes of slots");
	for (size_t i = 0; i < l->n_slots; i++) {
		if (!str_eq(l->slots[i].feature, ref->feature))
			continue;
		if (!str_eq(l->slots[i].target, target->to->type))
			l->slots[i].target = S("uima.tcas.Annotation");
		return;
	}
	l->slots = mem_grow(l->slots, l->n_slots + 1, sizeof *l->slots);
	l->slots[l->n_slots++] = (struct slot_column){ref->feature, ref->to->type, target->to->type};
}

static void add_to_layer(struct sheet_out *s, const struct cas_fs *fs)
{
	struct sheet_out_layer *l = find_layer(s, tsv_kind_of(fs), fs->type, tsv_base_of(fs));
	if (l->kind == 'C')
		lost_features(s, fs, "referenceType", "referenceRelation", "attributes of links of chains");
	for (size_t i = 0; l->kind != 'C' && i < fs->features->n; i++)
		node_put(l->features, fs->features->keys[i], node_plain(S("1")));
	for (size_t i = 0; !tsv_is_relation(fs) && i < fs->n_refs; i++) {
		if (tsv_ref(fs->refs[i].to, "target") && l->kind == 'S')
			add_slot(s, l, &fs->refs[i]);
		else if (!str_eq(fs->refs[i].feature, S("next")))
			losses_add(&s->job->losses, 1, "references");
	}
}

static int by_layer(const void *a, const void *b)
{
	static const char order[] = "SCR";
	const struct sheet_out_layer *x = a, *y = b;
	size_t i = 0, k = 0;
	while (order[i] != x->kind)
		i++;
	while (order[k] != y->kind)
		k++;
	if (i != k)
		return i < k ? -1 : 1;
	if (x->order != y->order)
		return x->order && (!y->order || x->order < y->order) ? -1 : 1;
	return str_cmp(x->type, y->type) ? str_cmp(x->type, y->type) : str_cmp(x->base, y->base);
}

/* A layer of the file that the article came from, with its columns in their order. */
static void add_kept_layer(struct sheet_out *s, const struct sheet_layer *in, size_t order)
{
	struct str base = STR_NONE;
	for (size_t i = 0; i < in->n; i++)
		base = in->columns[i].kind == TSV_SOURCE ? in->columns[i].type : base;
	struct sheet_out_layer *l = find_layer(s, in->kind, in->type, base);
	l->order = l->order ? l->order : order;
	l->relation_first = in->kind == 'C' && in->n && in->columns[0].kind == TSV_CHAIN_LINK;
	for (size_t i = 0; i < in->n; i++) {
		const struct sheet_column *c = &in->columns[i];
		if (c->kind == TSV_VALUE)
			node_put(l->features, c->feature, node_plain(S("1")));
		if (c->kind != TSV_ROLES || i + 1 == in->n)
			continue;
		if (l->before == NOWHERE)
			l->before = l->features->n;
		l->slots = mem_grow(l->slots, l->n_slots + 1, sizeof *l->slots);
		l->slots[l->n_slots++] = (struct slot_column){c->feature, c->type, in->columns[i + 1].type};
	}
}

/* No line of a header can hold one, but a sidecar may say anything. */
static bool has_control(struct str line)
{
	for (size_t i = 0; i < line.n; i++)
		if ((unsigned char)line.p[i] < ' ')
			return true;
	return false;
}

static void find_kept_layers(struct sheet_out *s)
{
	const struct node *list = node_get(record_kept(s->job, s->o->top), S(TSV_LAYERS));
	struct sheet in = {0};
	for (size_t i = 0; list && list->kind == NODE_LIST && i < list->n; i++) {
		struct str line = node_scalar(list->items[i]);
		if (has_control(line))
			continue;
		if (str_starts(line, S("SP=")) || str_starts(line, S("CH=")) || str_starts(line, S("RL=")))
			tsv_read_layer(&in, line.p[0], str_sub(line, 3, line.n));
	}
	for (size_t i = 0; i < in.n_layers; i++)
		add_kept_layer(s, &in.layers[i], i + 1);
	tsv_free_sheet(&in);
}

static void find_layers(struct sheet_out *s)
{
	find_kept_layers(s);
	for (size_t i = 0; i < s->cas.n; i++)
		if (is_span(s->cas.fs[i]) || tsv_is_relation(s->cas.fs[i]))
			add_to_layer(s, s->cas.fs[i]);
	if (s->n_layers)
		qsort(s->layers, s->n_layers, sizeof *s->layers, by_layer);
}

/* ---- places ------------------------------------------------------------------------------------------------------ */

static size_t first_token_to(const struct sheet_out *s, uint64_t begin, bool empty)
{
	size_t low = 0, high = s->n_tokens;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		uint64_t end = s->tokens[middle]->end;
		if (empty ? end >= begin : end > begin)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static void add_place(struct sheet_out *s, size_t token, uint64_t begin, uint64_t end, struct cas_fs *fs)
{
	const struct cas_fs *t = s->tokens[token];
	if (s->n_places == s->cap_places) {
		s->cap_places = s->cap_places ? s->cap_places * 2 : 256;
		s->places = mem_grow(s->places, s->cap_places, sizeof *s->places);
	}
	bool whole = begin == t->begin && end == t->end;
	s->places[s->n_places] = (struct place){token, begin, end, whole, fs, s->n_places};
	s->n_places++;
	s->units[fs->number]++;
}

/* On every token that it touches: the whole of it, or a part.  Blanks between tokens have no place. */
static void place_span(struct sheet_out *s, struct cas_fs *fs)
{
	bool empty = fs->begin == fs->end;
	size_t i = first_token_to(s, fs->begin, empty);
	if (i == s->n_tokens || (!empty && s->tokens[i]->begin >= fs->end)) {
		losses_add(&s->job->losses, 1, "spans that are nowhere in a token");
		return;
	}
	if (empty) {
		add_place(s, i, fs->begin, fs->end, fs);
		return;
	}
	for (; i < s->n_tokens && s->tokens[i]->begin < fs->end; i++) {
		uint64_t begin = s->tokens[i]->begin > fs->begin ? s->tokens[i]->begin : fs->begin;
		uint64_t end = s->tokens[i]->end < fs->end ? s->tokens[i]->end : fs->end;
		add_place(s, i, begin, end, fs);
	}
}

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	if (x->token != y->token)
		return x->token < y->token ? -1 : 1;
	if (x->whole != y->whole)
		return x->whole ? -1 : 1;
	if (x->begin != y->begin)
		return x->begin < y->begin ? -1 : 1;
	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

bool tsv_same_unit(const struct place *a, const struct place *b)
{
	return a->token == b->token && a->begin == b->begin && a->end == b->end;
}

size_t tsv_unit_size(const struct sheet_out *s, size_t at)
{
	size_t n = 1;
	while (at + n < s->n_places && tsv_same_unit(&s->places[at], &s->places[at + n]))
		n++;
	return n;
}

/* What stands alone on one unit is named by that; else it needs a number. */
static void mark_numbers(struct sheet_out *s)
{
	for (size_t i = 0; i < s->n_places;) {
		size_t end = i + 1;
		while (end < s->n_places && tsv_same_unit(&s->places[i], &s->places[end]))
			end++;
		for (size_t k = i; k < end; k++) {
			struct cas_fs *fs = s->places[k].fs;
			bool stacked = s->units[fs->number] > 1;
			stacked |= k > i && str_eq(s->places[k - 1].fs->type, fs->type);
			stacked |= k + 1 < end && str_eq(s->places[k + 1].fs->type, fs->type);
			if (stacked && !fs->chain)
				s->numbers[fs->number] = 1;
		}
		i = end;
	}
}

static void need_number(struct sheet_out *s, const struct cas_fs *fs)
{
	if (!fs->is_token && !fs->chain)
		s->numbers[fs->number] = 1;
}

/* The type that the columns of a slot tell. */
static struct str slot_target(struct sheet_out *s, const struct cas_fs *fs, struct str feature)
{
	const struct sheet_out_layer *l = find_layer(s, 'S', fs->type, STR_NONE);
	for (size_t i = 0; i < l->n_slots; i++)
		if (str_eq(l->slots[i].feature, feature))
			return l->slots[i].target;
	return STR_NONE;
}

/* Ends whose type the columns do not tell. */
static void mark_ends(struct sheet_out *s)
{
	for (size_t i = 0; i < s->cas.n; i++) {
		const struct cas_fs *fs = s->cas.fs[i];
		if (tsv_is_relation(fs)) {
			const struct cas_fs *from = tsv_ref(fs, "Governor")->to;
			if (!str_eq(from->type, tsv_base_of(fs)))
				need_number(s, from);
		}
		for (size_t k = 0; is_span(fs) && k < fs->n_refs; k++) {
			const struct cas_ref *target = tsv_ref(fs->refs[k].to, "target");
			if (target && !str_eq(slot_target(s, fs, fs->refs[k].feature), target->to->type))
				need_number(s, target->to);
		}
	}
}

/* Of one type together, so that neighbours tell what is stacked. */
static int by_type_within(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int order = tsv_same_unit(x, y) ? str_cmp(x->fs->type, y->fs->type) : 0;
	return order ? order : by_place(a, b);
}

/* 1, 2, … in the order in which they are met. */
static void give_numbers(struct sheet_out *s)
{
	size_t next = 0;
	bool *given = mem_array(s->cas.n + 1, sizeof *given);
	for (size_t i = 0; i < s->n_places; i++) {
		size_t at = s->places[i].fs->number;
		if (!s->numbers[at] || given[at])
			continue;
		s->numbers[at] = ++next;
		given[at] = true;
	}
	mem_free(given);
}

/* ---- names of units ---------------------------------------------------------------------------------------------- */

static void name_units(struct sheet_out *s)
{
	size_t sentence = 0, first = 0, at = 0;
	for (size_t t = 0; t < s->n_tokens; t++) {
		while (sentence < s->n_sentences && s->tokens[t]->begin >= s->sentences[sentence]->begin) {
			sentence++;
			first = t;
		}
		struct unit_name name = {sentence, t - first + 1, 0};
		s->first[s->tokens[t]->number] = name;
		for (; at < s->n_places && s->places[at].token == t; at++) {
			struct cas_fs *fs = s->places[at].fs;
			bool next = at == 0 || !tsv_same_unit(&s->places[at - 1], &s->places[at]);
			name.part += next && !s->places[at].whole;
			if (s->first[fs->number].sentence == 0)
				s->first[fs->number] = name;
		}
	}
}

static void number_links(struct sheet_out *s)
{
	for (size_t i = 0; i < s->cas.n; i++) {
		const struct cas_fs *chain = s->cas.fs[i];
		const struct cas_ref *first = chain->placed ? NULL : tsv_ref(chain, "first"), *next;
		size_t link = 0;
		for (struct cas_fs *fs = first ? first->to : NULL; fs; fs = next ? next->to : NULL) {
			s->links[fs->number] = ++link;
			next = tsv_ref(fs, "next");
		}
	}
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static void find_tokens(struct sheet_out *s)
{
	s->tokens = mem_array(s->cas.n + 1, sizeof(struct cas_fs *));
	s->sentences = mem_array(s->cas.n + 1, sizeof(struct cas_fs *));
	for (size_t i = 0; i < s->cas.n; i++) {
		struct cas_fs *fs = s->cas.fs[i];
		if (fs->is_token && str_eq(fs->type, S(CAS_TOKEN)))
			s->tokens[s->n_tokens++] = fs;
		else if (fs->is_token && str_eq(fs->type, S(CAS_SENTENCE)))
			s->sentences[s->n_sentences++] = fs;
	}
}

static void find_offsets(struct sheet_out *s)
{
	struct str text = s->o->text;
	codepoint cp = 0;
	size_t units = 0;
	s->off_of = mem_array(text.n + 2, sizeof *s->off_of);
	for (size_t off = 0, step; (step = utf8_step(text, off, &cp)); off += step) {
		s->off_of[units++] = off;
		if (cp >= 0x10000 && cp < UTF8_BAD)
			s->off_of[units++] = off;
	}
	s->off_of[units] = text.n;
}

static void place_spans(struct sheet_out *s)
{
	for (size_t i = 0; i < s->cas.n; i++)
		if (is_span(s->cas.fs[i]))
			place_span(s, s->cas.fs[i]);
	if (!s->n_places)
		return;
	qsort(s->places, s->n_places, sizeof *s->places, by_place);
	struct place *sorted = s->places;
	for (size_t i = 0; i < s->n_places;) {
		size_t n = tsv_unit_size(s, i);
		qsort(sorted + i, n, sizeof *sorted, by_type_within);
		i += n;
	}
}

/* A chain's number goes to its links. */
static void number_chains(struct sheet_out *s)
{
	size_t number = 0;
	for (size_t i = 0; i < s->cas.n; i++) {
		const struct cas_fs *chain = s->cas.fs[i];
		const struct cas_ref *first = chain->placed ? NULL : tsv_ref(chain, "first"), *next;
		if (!first)
			continue;
		number++;
		for (struct cas_fs *fs = first->to; fs; fs = next ? next->to : NULL) {
			s->numbers[fs->number] = number;
			next = tsv_ref(fs, "next");
		}
	}
}

void tsv_lay_out(struct sheet_out *s)
{
	number_structures(s);
	find_tokens(s);
	find_offsets(s);
	find_layers(s);
	s->first = mem_array(s->cas.n + 1, sizeof *s->first);
	s->numbers = mem_array(s->cas.n + 1, sizeof *s->numbers);
	s->units = mem_array(s->cas.n + 1, sizeof *s->units);
	s->links = mem_array(s->cas.n + 1, sizeof *s->links);
	place_spans(s);
	mark_numbers(s);
	mark_ends(s);
	give_numbers(s);
	name_units(s);
	number_links(s);
	number_chains(s);
}

void tsv_free_layout(struct sheet_out *s)
{
	for (size_t i = 0; i < s->n_layers; i++) {
		node_free(s->layers[i].features);
		mem_free(s->layers[i].slots);
	}
	mem_free(s->layers);
	mem_free(s->tokens);
	mem_free(s->sentences);
	mem_free(s->places);
	mem_free(s->first);
	mem_free(s->numbers);
	mem_free(s->units);
	mem_free(s->links);
	mem_free(s->off_of);
	buf_free(&s->out);
	cas_free(&s->cas);
}
