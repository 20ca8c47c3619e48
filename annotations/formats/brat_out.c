/* brat_out: brat's standoff files written; see brat.h.
 *
 * First the lines of the file that the article came from, in their order, each as it stood if it is still true, changed
 * or left out if it is not; then what came since, with ids that follow. */
#include <stdlib.h>
#include <string.h>

#include "annotations/formats/brat.h"
#include "model/utf8.h"

#define NONE UINT32_MAX

/* What an id stands for. */
struct referent {
	uint32_t span, relation; /* one of them is NONE */
};

struct writing {
	struct outgoing *out;
	struct brat_used *used;
	struct buf file, scratch;
	const struct node *lines;
	const char *newline;
	struct strmap ids;       /* of the file -> struct referent, as bytes */
	struct strmap places;    /* label and fragments -> index of a span */
	struct strmap relations; /* type, from and to -> index of a relation */
	struct strmap said;      /* attributes, links and notes that were written */
	struct str *span_ids, *relation_ids; /* in the file; p NULL: none yet */
	bool *span_done, *relation_done;
	struct arena memory;
	size_t next[128]; /* next free number by letter */
};

/* Whether a word or text of the file stands for this. */
static bool means(struct str written, struct str text)
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

static struct str new_id(struct writing *w, char letter)
{
	struct buf id = {0};
	buf_addf(&id, "%c%zu", letter, w->next[(unsigned char)letter]++);
	struct str kept = arena_dup(&w->memory, buf_str(&id));
	buf_free(&id);
	return kept;
}

static bool refer(const struct writing *w, struct str id, struct referent *out)
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

static bool own_id(struct str id, char letter)
{
	return id.n > 1 && id.p[0] == letter && brat_number(id) != NOWHERE;
}

static void place_key(struct buf *key, struct str label, const struct record_fragment *f, size_t n)
{
	buf_clear(key);
	buf_add(key, label);
	for (size_t i = 0; i < n; i++)
		buf_addf(key, "\x1f%zu %zu", f[i].start, f[i].stop);
}

static void relation_key(struct buf *key, struct str type, size_t from, size_t to)
{
	buf_clear(key);
	buf_addf(key, "%zu %zu ", from, to);
	buf_add(key, type);
}

static void index_items(struct writing *w)
{
	const struct outgoing *o = w->out;
	for (size_t i = 0; i < o->n_spans; i++) {
		struct str id = record_id(o->job, o->spans[i].map);
		struct referent r = {(uint32_t)i, NONE};
		if (!own_id(id, 'T') || strmap_get(&w->ids, id, NULL))
			continue;
		w->span_ids[i] = id;
		put_referent(w, id, r);
		know_number(w, id);
	}
	for (size_t i = 0; i < o->n_relations; i++) {
		struct str id = record_id(o->job, o->relations[i].map);
		struct referent r = {NONE, (uint32_t)i};
		relation_key(&w->scratch, o->relations[i].type, o->relations[i].from, o->relations[i].to);
		strmap_put(&w->relations, buf_str(&w->scratch), (struct str){(const char *)&i, sizeof i});
		if (!own_id(id, 'R') || strmap_get(&w->ids, id, NULL))
			continue;
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
static bool bound_of(struct str line, struct str *type, struct record_fragment **f, size_t *n)
{
	struct str id, rest;
	struct brat_bound b;
	const char *why;
	if (!brat_line(line, &id, &rest) || !brat_bound(rest, &b, &why))
		return false;
	*f = mem_array(b.n, sizeof **f);
	*n = settle(b.fragments, b.n, *f);
	*type = b.type;
	mem_free(b.fragments);
	return true;
}

static void index_places(struct writing *w)
{
	if (w->places.n)
		return;
	for (size_t i = 0; i < w->out->n_spans; i++) {
		const struct record_span *s = &w->out->spans[i];
		struct buf label = {0};
		record_add_word(&label, s->label);
		place_key(&w->scratch, buf_str(&label), s->fragments, s->n);
		buf_free(&label);
		strmap_put(&w->places, buf_str(&w->scratch), (struct str){(const char *)&i, sizeof i});
	}
}

/* A second line for a span: its id stands for the same. */
static void know_second(struct writing *w, struct str line, struct str id)
{
	struct record_fragment *f;
	struct str type, value;
	size_t n, i;
	if (!bound_of(line, &type, &f, &n))
		return;
	index_places(w);
	place_key(&w->scratch, type, f, n);
	if (strmap_get(&w->places, buf_str(&w->scratch), &value)) {
		memcpy(&i, value.p, sizeof i);
		put_referent(w, id, (struct referent){(uint32_t)i, NONE});
	}
	mem_free(f);
}

static void know_event(struct writing *w, struct str rest, struct str id)
{
	struct str type, trigger;
	struct referent r;
	size_t blank = str_byte(rest, ' ', 0);
	if (brat_pair(str_sub(rest, 0, blank == NOWHERE ? rest.n : blank), &type, &trigger) && refer(w, trigger, &r))
		put_referent(w, id, r);
}

/* =line: the line; else empty. */
static struct str verbatim(const struct node *entry)
{
	struct str s = node_scalar(entry);
	return s.n && s.p[0] == '=' ? str_sub(s, 1, s.n) : STR_NONE;
}

static void index_lines(struct writing *w)
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
		if (id.p[0] == 'T')
			know_second(w, line, id);
	}
	for (size_t i = 0; w->lines && i < w->lines->n; i++) {
		struct str line = verbatim(w->lines->items[i]);
		if (line.n && brat_line(line, &id, &rest) && id.p[0] == 'E')
			know_event(w, rest, id);
	}
}

/* ---- lines ---------------------------------------------------------------------------------------------------- */

static void add_line(struct writing *w, struct str line)
{
	buf_add(&w->file, line);
	buf_adds(&w->file, w->newline);
}

static void write_span(struct writing *w, size_t i)
{
	const struct record_span *s = &w->out->spans[i];
	struct str line = node_get_text(record_kept(w->out->job, s->map), S("line")), type;
	struct record_fragment *f = NULL;
	size_t n = 0;
	w->span_done[i] = true;
	brat_use_label(w->used, s->label);
	bool same = line.n && bound_of(line, &type, &f, &n) && n == s->n && means(type, s->label);
	for (size_t k = 0; same && k < n; k++)
		same = f[k].start == s->fragments[k].start && f[k].stop == s->fragments[k].stop;
	mem_free(f);
	if (same) {
		add_line(w, line);
		return;
	}
	brat_add_bound(&w->file, w->span_ids[i], s->label, s->fragments, s->n, w->out->text);
	buf_adds(&w->file, w->newline);
}

/* The kept line as long as its ends and type are those of the relation. */
static bool same_relation(const struct writing *w, const struct record_relation *r, struct str line)
{
	struct str id, rest, words[4], role, target;
	struct referent from, to;
	if (!brat_line(line, &id, &rest) || brat_words(str_trim(rest), words, 4) != 3 || !means(words[0], r->type))
		return false;
	return brat_pair(words[1], &role, &target) && refer(w, target, &from) && from.span == r->from &&
	       brat_pair(words[2], &role, &target) && refer(w, target, &to) && to.span == r->to;
}

static void write_relation(struct writing *w, size_t i)
{
	const struct record_relation *r = &w->out->relations[i];
	struct str line = node_get_text(record_kept(w->out->job, r->map), S("line"));
	w->relation_done[i] = true;
	brat_use_relation(w->used, r->type);
	if (line.n && same_relation(w, r, line)) {
		add_line(w, line);
		return;
	}
	brat_add_relation(&w->file, w->relation_ids[i], r->type, w->span_ids[r->from], w->span_ids[r->to]);
	buf_adds(&w->file, w->newline);
}

static bool find_relation(struct writing *w, struct str type, size_t from, size_t to, size_t *i)
{
	struct str value;
	struct buf plain = {0};
	record_add_plain(&plain, type);
	relation_key(&w->scratch, buf_str(&plain), from, to);
	buf_free(&plain);
	if (!strmap_get(&w->relations, buf_str(&w->scratch), &value))
		return false;
	memcpy(i, value.p, sizeof *i);
	return true;
}

/* The type of an event is the label of its trigger; one that was corrected goes into the event too. */
static struct str event_type(const struct record_span *trigger, struct str type)
{
	struct str was = node_get_text(node_get(trigger->map, S("original")), S("label"));
	return was.n && means(type, was) ? trigger->label : type;
}

static bool add_role(struct writing *w, struct buf *line, struct str word, size_t trigger, struct str type)
{
	struct str role, target;
	struct referent to;
	size_t relation;
	if (!brat_pair(word, &role, &target) || !refer(w, target, &to))
		return false;
	if (to.span != NONE) {
		if (!find_relation(w, brat_role(role), trigger, to.span, &relation))
			return false;
		w->relation_done[relation] = true;
	}
	brat_use_role(w->used, type, brat_role(role));
	buf_addc(line, ' ');
	buf_add(line, word);
	return true;
}

static void write_event(struct writing *w, struct str line, struct str id, struct str rest)
{
	size_t at = str_byte(rest, ' ', 0);
	struct str type, trigger;
	struct referent r;
	struct buf made = {0};
	bool whole = true;
	if (!refer(w, id, &r) || r.span == NONE ||
	    !brat_pair(str_sub(rest, 0, at == NOWHERE ? rest.n : at), &type, &trigger))
		return;
	struct str now = event_type(&w->out->spans[r.span], type);
	whole = str_eq(now, type);
	buf_addf(&made, "%.*s\t%.*s:%.*s", (int)id.n, id.p, (int)now.n, now.p, (int)trigger.n, trigger.p);
	while (at < rest.n) {
		size_t end = str_byte(rest, ' ', at + 1);
		struct str word = str_sub(rest, at + 1, end == NOWHERE ? rest.n : end);
		if (word.n && !add_role(w, &made, word, r.span, now))
			whole = false;
		at = end;
	}
	add_line(w, whole ? line : buf_str(&made));
	buf_free(&made);
}

/* `*`: a group is cut where two neighbours are no longer together. */
static void end_group(struct writing *w, struct buf *group, size_t members)
{
	if (members > 1)
		add_line(w, buf_str(group));
	buf_clear(group);
}

static void write_group(struct writing *w, struct str rest)
{
	size_t at = str_byte(rest, ' ', 0), before = NOWHERE, relation, members = 0;
	struct str type = str_sub(rest, 0, at == NOWHERE ? rest.n : at);
	struct buf group = {0};
	while (at < rest.n) {
		size_t end = str_byte(rest, ' ', at + 1);
		struct str id = str_sub(rest, at + 1, end == NOWHERE ? rest.n : end);
		struct referent r;
		at = end;
		if (!id.n || !refer(w, str_trim(id), &r) || r.span == NONE)
			continue;
		bool together = before != NOWHERE && find_relation(w, type, before, r.span, &relation);
		if (together)
			w->relation_done[relation] = true;
		if (!together && before != r.span) {
			end_group(w, &group, members);
			members = 0;
			buf_addf(&group, "*\t%.*s", (int)type.n, type.p);
		}
		buf_addc(&group, ' ');
		buf_add(&group, id);
		members++;
		before = r.span;
	}
	end_group(w, &group, members);
	buf_free(&group);
}

/* ---- attributes, links, notes --------------------------------------------------------------------------------- */

static const struct node *map_of(const struct writing *w, struct referent r)
{
	return r.span != NONE ? w->out->spans[r.span].map : w->out->relations[r.relation].map;
}

/* Whether this was not said of the item yet; now it is. */
static bool say(struct writing *w, struct referent r, const char *kind, struct str name)
{
	buf_clear(&w->scratch);
	buf_addf(&w->scratch, "%s %u %u ", kind, (unsigned)r.span, (unsigned)r.relation);
	buf_add(&w->scratch, name);
	bool fresh = !strmap_get(&w->said, buf_str(&w->scratch), NULL);
	if (fresh)
		strmap_put(&w->said, buf_str(&w->scratch), S("1"));
	return fresh;
}

static void make_attribute(struct writing *w, struct str id, struct str name, struct str target, struct str value)
{
	buf_addf(&w->file, "%.*s\t", (int)id.n, id.p);
	record_add_word(&w->file, name);
	buf_addf(&w->file, " %.*s", (int)target.n, target.p);
	if (!str_eq(value, S("true"))) {
		buf_addc(&w->file, ' ');
		record_add_line(&w->file, value);
	}
	buf_adds(&w->file, w->newline);
}

static void write_attribute(struct writing *w, struct str line, struct str id, struct str rest)
{
	struct str words[3];
	struct referent r;
	size_t n = brat_words(rest, words, 3);
	if (n < 2 || !refer(w, words[1], &r))
		return;
	struct str value = n == 3 ? words[2] : S("true");
	struct buf name = {0};
	record_add_plain(&name, words[0]);
	const struct node *now = node_get(node_get(map_of(w, r), S("attributes")), buf_str(&name));
	brat_use_attribute(w->used, words[0], value);
	if (!say(w, r, "A", buf_str(&name)) || (now && means(value, node_scalar(now))))
		add_line(w, line);
	else if (now)
		make_attribute(w, id, buf_str(&name), words[1], node_scalar(now));
	buf_free(&name);
}

static struct str link_key(struct buf *key, struct str db, struct str id)
{
	buf_clear(key);
	buf_add(key, db);
	buf_addc(key, ':');
	buf_add(key, id);
	return buf_str(key);
}

static const struct node *find_link(const struct node *map, struct str db, struct str id)
{
	const struct node *links = node_get(map, S("links"));
	for (size_t i = 0; links && links->kind == NODE_LIST && i < links->n; i++)
		if (means(db, node_get_text(links->items[i], S("db"))) &&
		    means(id, node_get_text(links->items[i], S("id"))))
			return links->items[i];
	return NULL;
}

static void write_link(struct writing *w, struct str line, struct str rest)
{
	struct str words[3], db, id;
	struct referent r;
	struct buf key = {0};
	size_t tab = str_byte(rest, '\t', 0);
	size_t n = brat_words(str_sub(rest, 0, tab == NOWHERE ? rest.n : tab), words, 3);
	if (n < 3 || !refer(w, words[1], &r) || !brat_pair(words[2], &db, &id))
		return;
	bool ours = str_eq(words[0], S("Reference"));
	const struct node *link = ours ? find_link(map_of(w, r), db, id) : NULL;
	if (link)
		(void)say(w, r, "N", link_key(&key, node_get_text(link, S("db")), node_get_text(link, S("id"))));
	if (!ours || link)
		add_line(w, line);
	buf_free(&key);
}

static void make_note(struct writing *w, struct str id, struct str target, struct str text)
{
	buf_addf(&w->file, "%.*s\tAnnotatorNotes %.*s\t", (int)id.n, id.p, (int)target.n, target.p);
	record_add_line(&w->file, text);
	buf_adds(&w->file, w->newline);
}

static void write_note(struct writing *w, struct str line, struct str id, struct str rest)
{
	struct str words[2];
	struct referent r;
	size_t tab = str_byte(rest, '\t', 0);
	size_t n = brat_words(str_sub(rest, 0, tab == NOWHERE ? rest.n : tab), words, 2);
	bool known = n == 2 && refer(w, words[1], &r);
	if (!known && n == 2 && (own_id(words[1], 'T') || own_id(words[1], 'R') || own_id(words[1], 'E')))
		return;
	bool ours = known && str_eq(words[0], S("AnnotatorNotes")) && tab != NOWHERE && tab + 1 < rest.n;
	if (!ours || !say(w, r, "#", STR_NONE)) {
		add_line(w, line);
		return;
	}
	struct str now = node_get_text(map_of(w, r), S("note"));
	if (means(str_sub(rest, tab + 1, rest.n), now))
		add_line(w, line);
	else if (now.n)
		make_note(w, id, words[1], now);
}

/* ---- the lines of the file ------------------------------------------------------------------------------------ */

static void write_verbatim(struct writing *w, struct str line)
{
	struct str id, rest;
	struct referent r;
	char kind = brat_line(line, &id, &rest) ? id.p[0] : '\0';
	bool numbered = kind && brat_number(id) != NOWHERE;
	if (kind == '*' && id.n == 1)
		write_group(w, rest);
	else if (kind == 'E' && numbered)
		write_event(w, line, id, rest);
	else if ((kind == 'A' || kind == 'M') && numbered)
		write_attribute(w, line, id, rest);
	else if (kind == 'N' && numbered)
		write_link(w, line, rest);
	else if (kind == '#' && numbered)
		write_note(w, line, id, rest);
	else if (kind != 'T' || !numbered || refer(w, id, &r))
		add_line(w, line);
}

static void write_referred(struct writing *w, struct str id)
{
	struct referent r;
	if (!refer(w, id, &r))
		return;
	if (r.span != NONE && !w->span_done[r.span])
		write_span(w, r.span);
	else if (r.relation != NONE && !w->relation_done[r.relation])
		write_relation(w, r.relation);
}

/* A run comes from a sidecar, that is from anywhere: one that is much longer than there are items ends early, and what
 * is left follows as new. */
static void write_run(struct writing *w, struct str from, struct str to)
{
	size_t first = brat_number(from), last = brat_number(to);
	size_t most = 1000 + 2 * (set_spans(w->out->doc->set) + set_relations(w->out->doc->set));
	struct buf id = {0};
	if (first == NOWHERE || last == NOWHERE)
		return;
	for (size_t k = first; k <= last && k - first < most; k++) {
		buf_clear(&id);
		buf_addf(&id, "%c%zu", from.p[0], k);
		write_referred(w, buf_str(&id));
	}
	buf_free(&id);
}

static void write_lines(struct writing *w)
{
	for (size_t i = 0; w->lines && i < w->lines->n; i++) {
		struct str s = node_scalar(w->lines->items[i]);
		size_t dots = str_find(s, S(".."), 0);
		if (s.n && s.p[0] == '=')
			write_verbatim(w, str_sub(s, 1, s.n));
		else if (dots == NOWHERE)
			write_referred(w, s);
		else
			write_run(w, str_sub(s, 0, dots), str_sub(s, dots + 2, s.n));
	}
}

/* ---- what came since ------------------------------------------------------------------------------------------ */

static void write_parts(struct writing *w, struct referent r, struct str target)
{
	const struct node *map = map_of(w, r), *attributes = node_get(map, S("attributes")),
	                  *links = node_get(map, S("links"));
	struct str note = node_get_text(map, S("note"));
	struct buf key = {0};
	for (size_t i = 0; attributes && attributes->kind == NODE_MAP && i < attributes->n; i++) {
		struct str value = node_scalar(attributes->items[i]);
		brat_use_attribute(w->used, attributes->keys[i], value);
		if (say(w, r, "A", attributes->keys[i]))
			make_attribute(w, new_id(w, 'A'), attributes->keys[i], target, value);
	}
	for (size_t i = 0; links && links->kind == NODE_LIST && i < links->n; i++) {
		struct str db = node_get_text(links->items[i], S("db")), id = node_get_text(links->items[i], S("id"));
		if (!db.n || !id.n || !say(w, r, "N", link_key(&key, db, id)))
			continue;
		struct str own = new_id(w, 'N');
		buf_addf(&w->file, "%.*s\tReference %.*s ", (int)own.n, own.p, (int)target.n, target.p);
		record_add_word(&w->file, db);
		buf_addc(&w->file, ':');
		record_add_word(&w->file, id);
		buf_addc(&w->file, '\t');
		record_add_line(&w->file, node_get_text(links->items[i], S("name")));
		buf_adds(&w->file, w->newline);
	}
	if (note.n && say(w, r, "#", STR_NONE))
		make_note(w, new_id(w, '#'), target, note);
	buf_free(&key);
}

static void write_new(struct writing *w)
{
	const struct outgoing *o = w->out;
	for (size_t i = 0; i < o->n_spans; i++)
		if (!w->span_done[i])
			write_span(w, i);
	for (size_t i = 0; i < o->n_relations; i++) {
		if (w->relation_done[i])
			continue;
		if (!w->relation_ids[i].p)
			w->relation_ids[i] = new_id(w, 'R');
		write_relation(w, i);
	}
	for (size_t i = 0; i < o->n_spans; i++)
		write_parts(w, (struct referent){(uint32_t)i, NONE}, w->span_ids[i]);
	for (size_t i = 0; i < o->n_relations; i++)
		if (w->relation_ids[i].p)
			write_parts(w, (struct referent){NONE, (uint32_t)i}, w->relation_ids[i]);
}

/* What a line cannot hold. */
static void count_losses(const struct outgoing *o)
{
	for (size_t i = 0; i < o->n_spans + o->n_relations; i++) {
		const struct node *map = i < o->n_spans ? o->spans[i].map : o->relations[i - o->n_spans].map;
		const struct node *links = node_get(map, S("links"));
		for (size_t k = 0; links && links->kind == NODE_LIST && k < links->n; k++)
			if (!node_get_text(links->items[k], S("db")).n || !node_get_text(links->items[k], S("id")).n)
				losses_add(&o->job->losses, 1, "links without a database or id");
	}
}

/* ---- files ---------------------------------------------------------------------------------------------------- */

static void make_file(struct writing *w)
{
	const struct outgoing *o = w->out;
	const struct node *kept = record_kept(o->job, o->top);
	bool crlf = str_eq(node_get_text(kept, S("newlines")), S("crlf"));
	bool open = str_eq(node_get_text(kept, S("end")), S("open"));
	w->newline = crlf ? "\r\n" : "\n";
	if (str_eq(node_get_text(kept, S("mark")), S("bom")))
		buf_adds(&w->file, "\xEF\xBB\xBF");
	w->lines = node_get(kept, S("lines"));
	if (w->lines && w->lines->kind != NODE_LIST)
		w->lines = NULL;
	w->span_ids = mem_array(o->n_spans + 1, sizeof *w->span_ids);
	w->span_done = mem_array(o->n_spans + 1, sizeof *w->span_done);
	w->relation_ids = mem_array(o->n_relations + 1, sizeof *w->relation_ids);
	w->relation_done = mem_array(o->n_relations + 1, sizeof *w->relation_done);
	for (size_t i = 0; i < COUNT_OF(w->next); i++)
		w->next[i] = 1;
	index_items(w);
	index_lines(w);
	for (size_t i = 0; i < o->n_spans; i++)
		if (!w->span_ids[i].p)
			w->span_ids[i] = new_id(w, 'T');
	write_lines(w);
	write_new(w);
	if (open && str_ends(buf_str(&w->file), str_of(w->newline)))
		w->file.n -= strlen(w->newline);
}

static void free_writing(struct writing *w)
{
	buf_free(&w->file);
	buf_free(&w->scratch);
	strmap_free(&w->ids);
	strmap_free(&w->places);
	strmap_free(&w->relations);
	strmap_free(&w->said);
	mem_free(w->span_ids);
	mem_free(w->span_done);
	mem_free(w->relation_ids);
	mem_free(w->relation_done);
	arena_free(&w->memory);
}

bool brat_export(struct export_job *job, struct doc *d, struct error *err)
{
	struct outgoing out;
	if (!outgoing_make(job, d, &out, err))
		return false;
	struct writing w = {.out = &out, .used = job->state};
	char *ann = record_file(&out, ".ann"), *txt = record_file(&out, ".txt");
	brat_use_schema(w.used, set_schema(d->set));
	count_losses(&out);
	make_file(&w);
	bool fine = job->write_file(job->ctx, txt, out.text, err) &&
	            job->write_file(job->ctx, ann, buf_str(&w.file), err);
	job->articles += fine;
	free_writing(&w);
	mem_free(ann);
	mem_free(txt);
	outgoing_free(&out);
	return fine;
}

bool brat_begin(struct export_job *job, struct error *err)
{
	(void)err;
	job->state = brat_used_new();
	return true;
}

bool brat_end(struct export_job *job, struct error *err)
{
	bool fine = !job->articles || brat_conf_export(job, job->state, err);
	brat_used_free(job->state);
	job->state = NULL;
	return fine;
}
