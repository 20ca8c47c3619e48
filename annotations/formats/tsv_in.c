/* tsv_in: annotations of WebAnno TSV 3.0 to 3.3 become structures of a CAS, see tsv.h and cas.h; TSV 2: tsv2_in.c. */
#include "annotations/formats/tsv.h"

#include <stdlib.h>

static struct cas_fs *add_structure(struct sheet *s, struct str type)
{
	struct buf id = {0};
	buf_addf(&id, "%zu", s->cas->n + 1);
	struct cas_fs *fs = cas_add(s->cas, buf_str(&id), type);
	buf_free(&id);
	return fs;
}

struct cas_fs *tsv_add_annotation(struct sheet *s, struct str type, const struct sheet_row *row)
{
	struct cas_fs *fs = add_structure(s, type);
	fs->sofa = S("1");
	fs->placed = true;
	fs->begin = row->begin;
	fs->end = row->end;
	fs->line = row->line;
	return fs;
}

void tsv_put_here(struct sheet *s, struct sheet_row *row, struct cas_fs *fs)
{
	if (s->n_here == s->cap_here) {
		s->cap_here = s->cap_here ? s->cap_here * 2 : 64;
		s->here = mem_grow(s->here, s->cap_here, sizeof *s->here);
	}
	s->here[s->n_here++] = (struct here){fs, row->annotation};
	row->annotation = s->n_here;
}

/* ---- pieces of a cell -------------------------------------------------------------------------------------------- */

/* Takes "[12]" off the end; what stands between the brackets. */
static struct str take_suffix(struct str *part)
{
	size_t open;
	if (part->n < 3 || part->p[part->n - 1] != ']')
		return STR_NONE;
	for (open = part->n - 1; open > 0 && part->p[open - 1] != '['; open--)
		if ((part->p[open - 1] < '0' || part->p[open - 1] > '9') && part->p[open - 1] != '_')
			return STR_NONE;
	if (open == 0 || open == part->n - 1 || (open > 1 && part->p[open - 2] == '\\'))
		return STR_NONE;
	struct str inside = str_sub(*part, open, part->n - 1);
	*part = str_sub(*part, 0, open - 1);
	return inside;
}

static bool is_none(struct str part)
{
	return str_eq(part, S("_")) || !part.n;
}

static void put_value(struct sheet *s, struct cas_fs *fs, struct str feature, struct str part)
{
	struct buf plain = {0};
	if (is_none(part) || str_eq(part, S("*")))
		return;
	tsv_add_plain(&plain, part);
	cas_put_text(s->cas, fs, feature, buf_str(&plain));
	buf_free(&plain);
}

/* ---- annotations ------------------------------------------------------------------------------------------------- */

void tsv_add_pending(struct sheet *s, struct cas_fs *from, struct str feature, struct str unit, struct str type,
                        uint64_t number, size_t line)
{
	if (s->n_pending == s->cap_pending) {
		s->cap_pending = s->cap_pending ? s->cap_pending * 2 : 64;
		s->pending = mem_grow(s->pending, s->cap_pending, sizeof *s->pending);
	}
	s->pending[s->n_pending++] = (struct pending){from, feature, unit, type, number, line};
}

static void take_slots(struct sheet *s, struct cas_fs *host, const struct sheet_column *roles,
                       const struct sheet_column *targets, struct str role_part, struct str target_part, size_t line)
{
	struct str role, target;
	(void)take_suffix(&role_part);
	if (is_none(role_part))
		return;
	while (tsv_next_part(&role_part, ';', &role) && tsv_next_part(&target_part, ';', &target)) {
		uint64_t number = 0;
		struct str suffix = take_suffix(&target);
		(void)str_number(suffix, &number);
		struct cas_fs *link = add_structure(s, roles->type.n ? roles->type : S("webanno.custom.Link"));
		put_value(s, link, S("role"), role);
		cas_refer(s->cas, host, roles->feature, link->id, true);
		tsv_add_pending(s, link, S("target"), target, targets->type, number, line);
	}
}

/* One annotation of a layer of spans: parts are what it has in each column. */
static void take_span(struct sheet *s, const struct sheet_layer *l, struct sheet_row *row, const struct str *parts)
{
	struct str number = STR_NONE;
	struct str *values = mem_array(l->n + 1, sizeof *values);
	bool there = false;
	for (size_t i = 0; i < l->n; i++) {
		values[i] = parts[i];
		there = there || !is_none(parts[i]);
		struct str own = l->columns[i].kind == TSV_TARGETS ? STR_NONE : take_suffix(&values[i]);
		number = own.n ? own : number;
	}
	size_t known = number.n ? tsv_look_up(s, "N", number) : NOWHERE;
	struct cas_fs *fs = known == NOWHERE ? NULL : s->cas->fs[known];
	if (there && fs && str_eq(fs->type, l->type)) {
		fs->end = row->end > fs->end ? row->end : fs->end;
		tsv_put_here(s, row, fs);
	} else if (there) {
		fs = tsv_add_annotation(s, l->type, row);
		if (number.n)
			tsv_know(s, "N", number, s->cas->n - 1);
		tsv_put_here(s, row, fs);
		for (size_t i = 0; i < l->n; i++) {
			if (l->columns[i].kind == TSV_VALUE)
				put_value(s, fs, l->columns[i].feature, values[i]);
			else if (l->columns[i].kind == TSV_ROLES && i + 1 < l->n)
				take_slots(s, fs, &l->columns[i], &l->columns[i + 1], parts[i], parts[i + 1],
				           row->line);
		}
	}
	mem_free(values);
}

/* "coref->1-2": the relation, and chain and link. */
static struct str take_link(struct str *part)
{
	for (size_t i = part->n; i > 1; i--) {
		if (part->p[i - 2] != '-' || part->p[i - 1] != '>' || (i > 2 && part->p[i - 3] == '\\'))
			continue;
		struct str link = str_sub(*part, i, part->n);
		*part = str_sub(*part, 0, i - 2);
		return link;
	}
	return STR_NONE;
}

static void remember_first(struct sheet *s, const struct sheet_layer *l, struct str link, struct cas_fs *fs)
{
	uint64_t chain, number;
	if (!tsv_read_pair(link, &chain, &number) || number != 1)
		return;
	s->firsts = mem_grow(s->firsts, s->n_firsts + 1, sizeof *s->firsts);
	s->firsts[s->n_firsts++] = (struct first_link){(size_t)(l - s->layers), (size_t)chain, fs};
}

static void take_chain(struct sheet *s, const struct sheet_layer *l, struct sheet_row *row, const struct str *parts)
{
	struct str type = STR_NONE, relation = STR_NONE, link = STR_NONE;
	for (size_t i = 0; i < l->n; i++) {
		if (l->columns[i].kind == TSV_CHAIN_LINK)
			relation = parts[i];
		else
			type = parts[i];
	}
	if (is_none(type) && is_none(relation))
		return;
	(void)take_suffix(&type);
	link = take_link(&relation);
	if (!link.n) {
		tsv_complain(s, row->line, ERROR_SYNTAX, "a link of a chain reads type[1] and relation->1-2");
		return;
	}
	struct buf key = {0};
	buf_add(&key, l->type);
	buf_addc(&key, ' ');
	buf_add(&key, link);
	size_t known = tsv_look_up(s, "chain", buf_str(&key));
	if (known != NOWHERE) {
		s->cas->fs[known]->end = row->end > s->cas->fs[known]->end ? row->end : s->cas->fs[known]->end;
	} else {
		struct cas_fs *fs = tsv_add_annotation(s, l->type, row);
		tsv_know(s, "chain", buf_str(&key), s->cas->n - 1);
		put_value(s, fs, S("referenceType"), type);
		put_value(s, fs, S("referenceRelation"), relation);
		tsv_put_here(s, row, fs);
		remember_first(s, l, link, fs);
	}
	buf_free(&key);
}

static void take_relation(struct sheet *s, const struct sheet_layer *l, struct sheet_row *row, const struct str *parts)
{
	struct str source = STR_NONE, base = STR_NONE, numbers;
	uint64_t from = 0, to = 0;
	for (size_t i = 0; i < l->n; i++) {
		if (l->columns[i].kind != TSV_SOURCE)
			continue;
		source = parts[i];
		base = l->columns[i].type;
	}
	if (is_none(source))
		return;
	numbers = take_suffix(&source);
	size_t line = str_byte(numbers, '_', 0);
	if (line != NOWHERE) {
		(void)str_number(str_sub(numbers, 0, line), &from);
		(void)str_number(str_sub(numbers, line + 1, numbers.n), &to);
	}
	struct cas_fs *fs = tsv_add_annotation(s, l->type, row);
	for (size_t i = 0; i < l->n; i++) {
		struct str value = parts[i];
		(void)take_suffix(&value);
		if (l->columns[i].kind == TSV_VALUE)
			put_value(s, fs, l->columns[i].feature, value);
	}
	tsv_add_pending(s, fs, S("Governor"), source, base, from, row->line);
	tsv_add_pending(s, fs, S("Dependent"), row->id, base, to, row->line);
}

static void take_layer(struct sheet *s, const struct sheet_layer *l, struct sheet_row *row, struct str *cells)
{
	struct str *parts = mem_array(l->n + 1, sizeof *parts);
	for (;;) {
		bool more = false;
		for (size_t i = 0; i < l->n; i++) {
			parts[i] = STR_NONE;
			more |= tsv_next_part(&cells[i], '|', &parts[i]);
		}
		if (!more)
			break;
		if (l->kind == 'C')
			take_chain(s, l, row, parts);
		else if (l->kind == 'R')
			take_relation(s, l, row, parts);
		else
			take_span(s, l, row, parts);
	}
	mem_free(parts);
}

static void take_row(struct sheet *s, struct sheet_row *row)
{
	struct str rest = row->cells;
	for (size_t i = 0; i < s->n_layers && rest.n; i++) {
		const struct sheet_layer *l = &s->layers[i];
		struct str *cells = mem_array(l->n + 1, sizeof *cells);
		for (size_t k = 0; k < l->n; k++)
			cells[k] = tsv_next_field(&rest);
		take_layer(s, l, row, cells);
		mem_free(cells);
	}
}

/* ---- references -------------------------------------------------------------------------------------------------- */

static struct cas_fs *token_of(struct sheet *s, struct sheet_row *row)
{
	if (!row->token_fs)
		row->token_fs = tsv_add_annotation(s, S(CAS_TOKEN), row);
	return row->token_fs;
}

static bool same_kind(struct str type, struct str wanted)
{
	return str_eq(type, wanted) || str_eq(wanted, S("uima.tcas.Annotation")) || !wanted.n;
}

/* By its number; else the one of that type on the unit; else the token itself. */
static struct cas_fs *find_end(struct sheet *s, const struct pending *p)
{
	struct buf number = {0};
	buf_addf(&number, "%llu", (unsigned long long)p->number);
	size_t known = p->number ? tsv_look_up(s, "N", buf_str(&number)) : NOWHERE;
	buf_free(&number);
	if (known != NOWHERE)
		return s->cas->fs[known];
	size_t at = tsv_look_up(s, "unit", p->unit);
	struct cas_fs *found = NULL;
	if (at == NOWHERE)
		return NULL;
	for (size_t h = s->rows[at].annotation; h; h = s->here[h - 1].next)
		if (same_kind(s->here[h - 1].fs->type, p->type))
			found = s->here[h - 1].fs;
	return found ? found : token_of(s, &s->rows[at]);
}

static void resolve(struct sheet *s)
{
	for (size_t i = 0; i < s->n_pending; i++) {
		const struct pending *p = &s->pending[i];
		struct cas_fs *to = find_end(s, p);
		if (to)
			cas_refer(s->cas, p->from, p->feature, to->id, false);
		else if (p->from->placed)
			cas_refer(s->cas, p->from, p->feature, S("missing"), false); /* a relation, which tells of it */
		else
			tsv_complain(s, p->line, ERROR_REFERENCE, "what this row refers to is not in the file");
	}
}

/* Links 1, 2, … of chains 1, 2, … of a layer. */
static void join_chain(struct sheet *s, const struct sheet_layer *l, size_t chain, struct cas_fs *first)
{
	struct buf key = {0}, type = {0};
	struct str stem = l->type;
	if (str_ends(stem, S("Link")))
		stem.n -= 4;
	buf_addf(&type, "%.*sChain", (int)stem.n, stem.p);
	struct cas_fs *head = add_structure(s, buf_str(&type)), *last = first;
	head->sofa = S("1");
	cas_refer(s->cas, head, S("first"), first->id, false);
	for (size_t link = 2;; link++) {
		buf_clear(&key);
		buf_addf(&key, "%.*s %zu-%zu", (int)l->type.n, l->type.p, chain, link);
		size_t at = tsv_look_up(s, "chain", buf_str(&key));
		if (at == NOWHERE)
			break;
		cas_refer(s->cas, last, S("next"), s->cas->fs[at]->id, false);
		last = s->cas->fs[at];
	}
	buf_free(&type);
	buf_free(&key);
}

static int by_chain(const void *a, const void *b)
{
	const struct first_link *x = a, *y = b;
	if (x->layer != y->layer)
		return (x->layer > y->layer) - (x->layer < y->layer);
	return (x->chain > y->chain) - (x->chain < y->chain);
}

static void join_chains(struct sheet *s)
{
	if (s->n_firsts)
		qsort(s->firsts, s->n_firsts, sizeof *s->firsts, by_chain);
	for (size_t i = 0; i < s->n_firsts; i++)
		join_chain(s, &s->layers[s->firsts[i].layer], s->firsts[i].chain, s->firsts[i].fs);
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

/* Tokens and sentences, so that it can be told where they are others than would be found. */
static void add_tokens(struct sheet *s)
{
	for (size_t i = 0; i < s->n_rows; i++)
		if (str_byte(s->rows[i].id, '.', 0) == NOWHERE)
			(void)token_of(s, &s->rows[i]);
	for (size_t i = 0; i < s->n_sentences; i++) {
		const struct sheet_row row = {.begin = s->sentences[i].begin, .end = s->sentences[i].end};
		(void)tsv_add_annotation(s, S(CAS_SENTENCE), &row);
	}
}

static struct node *layers_of(const struct sheet *s)
{
	struct node *list = node_list();
	for (size_t i = 0; i < s->n_layers && !s->second; i++) {
		struct buf line = {0};
		buf_addf(&line, "%s=%.*s", s->layers[i].kind == 'S' ? "SP" : s->layers[i].kind == 'C' ? "CH" : "RL",
		         (int)s->layers[i].header.n, s->layers[i].header.p);
		node_add(list, node_text(buf_str(&line)));
		buf_free(&line);
	}
	return list;
}

static struct node *sentence_ids_of(const struct sheet *s)
{
	struct node *list = node_list();
	for (size_t i = 0; i < s->n_sentences; i++) {
		if (!s->sentences[i].id.n) {
			node_free(list);
			return NULL;
		}
		node_add(list, node_text(s->sentences[i].id));
	}
	return list;
}

static bool take_sheet(struct sheet *s, struct error *err)
{
	for (size_t i = 0; i < s->n_rows; i++)
		if (s->second)
			tsv2_take_row(s, &s->rows[i]);
		else
			take_row(s, &s->rows[i]);
	resolve(s);
	join_chains(s);
	if (!s->second)
		add_tokens(s);
	struct cas_view *view = cas_add_view(s->cas, S("1"), S("_InitialView"));
	view->text = buf_str(&s->text);
	view->has_text = true;
	cas_resolve(s->cas);
	uint64_t failed = s->job->counts.failed;
	struct node *layers = layers_of(s);
	s->cas->kept = node_map();
	node_put(s->cas->kept, S(TSV_LAYERS), layers);
	node_put(s->cas->kept, S(TSV_SENTENCE_IDS), s->n_sentences ? sentence_ids_of(s) : NULL);
	bool fine = cas_take(s->job, s->cas, s->path, err);
	if (s->failed && s->job->counts.failed == failed)
		s->job->counts.failed++;
	return fine;
}

static bool import(struct import_job *job, const char *path, struct error *err)
{
	struct cas cas = {0};
	struct sheet s = {.job = job, .path = path, .cas = &cas};
	struct buf bytes = {0};
	bool fine = import_read(path, CAS_LIMIT, &bytes, err);
	s.second = fine && tsv2_recognise(buf_str(&bytes));
	fine = fine && (s.second ? tsv2_read_sheet(&s, buf_str(&bytes), err) : tsv_read_sheet(&s, buf_str(&bytes), err)) &&
	       take_sheet(&s, err);
	import_end(job);
	tsv_free_sheet(&s);
	buf_free(&bytes);
	cas_free(&cas);
	return fine;
}

static unsigned recognise(struct str start, const char *name)
{
	(void)name;
	if (str_starts(start, S("\xEF\xBB\xBF")))
		start = str_sub(start, 3, start.n);
	return str_starts(start, S("#FORMAT=WebAnno TSV 3")) ? 99 : tsv2_recognise(start) ? 95 : 0;
}

const struct format webanno_format = {
    .name = "webanno-tsv",
    .summary = "WebAnno TSV 3.0 to 3.3, which INCEpTION and WebAnno read and write; in also the older TSV 2",
    .suffixes = ".tsv",
    .unit = "UTF-16 code units, half-open",
    .carries = "annotations of any type with their features, relations, slots, chains, links, notes; texts whole, "
               "tokens, sentences and layers as they were",
    .loses = "fragments, fields, notes of the article, verdicts, scores, attributes of slots and chains",
    .carry = CAS_CARRIES,
    .judged = true,
    .folder = true,
    .recognise = recognise,
    .import = import,
    .export = tsv_export,
};
