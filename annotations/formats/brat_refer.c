/* brat_refer: the ids of an .ann file that is written, and what they stand for; see brat_writing.h. */
#include <stdlib.h>
#include <string.h>

#include "annotations/formats/brat_writing.h"

/* Whether a word or text of the file stands for this. */
bool brat_means(struct str written, struct str text)
{
	struct buf plain = {0};
	if (str_eq(written, text))
		return true;
	if (str_find(written, S("\xE2\x90"), 0) == NOWHERE)
		return false;
	record_add_plain(&plain, written);
	bool same = str_eq(buf_str(&plain), text);
	buf_free(&plain);
	return same;
}

/* ---- ids ------------------------------------------------------------------------------------------------------ */

static void know_number(struct writing *w, struct str id)
{
	unsigned char letter = id.n ? (unsigned char)id.p[0] : 0;
	size_t number = brat_number(id);
	if (letter < 128 && number != NOWHERE && number >= w->next[letter])
		w->next[letter] = number + 1;
}

struct str brat_new_id(struct writing *w, char letter)
{
	struct buf id = {0};
	buf_addf(&id, "%c%zu", letter, w->next[(unsigned char)letter]++);
	struct str kept = arena_dup(&w->memory, buf_str(&id));
	buf_free(&id);
	return kept;
}

bool brat_refer(const struct writing *w, struct str id, struct referent *out)
{
	struct str value;
	if (!strmap_get(&w->ids, id, &value))
		return false;
	memcpy(out, value.p, sizeof *out);
	return true;
}

static void put_referent(struct writing *w, struct str id, struct referent r)
{
	strmap_put(&w->ids, id, (struct str){(const char *)&r, sizeof r});
}

bool brat_own_id(struct str id, char letter)
{
	return id.n > 1 && id.p[0] == letter && brat_number(id) != NOWHERE;
}

void brat_relation_key(struct buf *key, struct str type, size_t from, size_t to)
{
	buf_clear(key);
	buf_addf(key, "%zu %zu ", from, to);
	buf_add(key, type);
}

/* E7-2: what brat_said.c calls the second role of E7. */
static bool is_role_id(struct str id)
{
	size_t dash = str_byte(id, '-', 0);
	return dash != NOWHERE && brat_own_id(str_sub(id, 0, dash), 'E');
}

void brat_index_items(struct writing *w)
{
	const struct outgoing *o = w->out;
	for (size_t i = 0; i < o->n_spans; i++) {
		struct str id = record_id(o->job, o->spans[i].map);
		struct referent r = {(uint32_t)i, NONE};
		if (!brat_own_id(id, 'T') || strmap_get(&w->ids, id, NULL))
			continue;
		w->span_ids[i] = id;
		put_referent(w, id, r);
		know_number(w, id);
	}
	for (size_t i = 0; i < o->n_relations; i++) {
		struct str id = record_id(o->job, o->relations[i].map);
		struct referent r = {NONE, (uint32_t)i};
		if (is_role_id(id)) {
			strmap_put(&w->roles, id, (struct str){(const char *)&i, sizeof i});
			continue;
		}
		if (!brat_own_id(id, 'R') || strmap_get(&w->ids, id, NULL)) {
			brat_relation_key(&w->scratch, o->relations[i].type, o->relations[i].from, o->relations[i].to);
			strmap_put(&w->relations, buf_str(&w->scratch), (struct str){(const char *)&i, sizeof i});
			continue;
		}
		w->relation_ids[i] = id;
		put_referent(w, id, r);
		know_number(w, id);
	}
}

/* ---- what the lines of the file refer to ------------------------------------------------------------------------ */

static int by_start(const void *a, const void *b)
{
	const struct brat_fragment *x = a, *y = b;
	return x->start != y->start ? (x->start > y->start) - (x->start < y->start) : (x->end > y->end) - (x->end < y->end);
}

/* As record_add_fragment() puts them together: sorted, touching ones as one. */
static size_t settle(struct brat_fragment *f, size_t n, struct record_fragment *out)
{
	size_t m = 0;
	if (n > 1)
		qsort(f, n, sizeof *f, by_start);
	for (size_t i = 0; i < n; i++) {
		if (m && out[m - 1].stop == f[i].start)
			out[m - 1].stop = (size_t)f[i].end;
		else
			out[m++] = (struct record_fragment){0, 0, (size_t)f[i].start, (size_t)f[i].end};
	}
	return m;
}

/* Type and places of a T line; false: it is none.  The caller frees *f. */
bool brat_bound_of(struct str line, struct str *type, struct record_fragment **f, size_t *n)
{
	struct str id, rest;
	struct brat_bound b;
	const char *why;
	if (!brat_line(line, &id, &rest) || !brat_bound(rest, &b, &why))
		return false;
	*f = mem_array(b.n, sizeof **f);
	*n = settle(b.more ? b.more : &b.one, b.n, *f);
	*type = b.type;
	mem_free(b.more);
	return true;
}

static void know_event(struct writing *w, struct str rest, struct str id)
{
	struct str type, trigger;
	struct referent r;
	size_t blank = str_byte(rest, ' ', 0);
	if (brat_pair(str_sub(rest, 0, blank == NOWHERE ? rest.n : blank), &type, &trigger) && brat_refer(w, trigger, &r))
		put_referent(w, id, r);
}

/* =line: the line; else empty. */
static struct str verbatim(const struct node *entry)
{
	struct str s = node_scalar(entry);
	return s.n && s.p[0] == '=' ? str_sub(s, 1, s.n) : STR_NONE;
}

void brat_index_lines(struct writing *w)
{
	struct str id, rest;
	for (size_t i = 0; w->lines && i < w->lines->n; i++) {
		struct str line = verbatim(w->lines->items[i]), s = node_scalar(w->lines->items[i]);
		size_t dots = str_find(s, S(".."), 0);
		if (!line.n)
			know_number(w, dots == NOWHERE ? s : str_sub(s, dots + 2, s.n));
		if (!line.n || !brat_line(line, &id, &rest))
			continue;
		know_number(w, id);
	}
	for (size_t i = 0; w->lines && i < w->lines->n; i++) {
		struct str line = verbatim(w->lines->items[i]);
		if (line.n && brat_line(line, &id, &rest) && id.p[0] == 'E')
			know_event(w, rest, id);
	}
}
