/* cas_tokens: see cas_tokens.h. */
#include "annotations/formats/cas_tokens.h"

#include <stdlib.h>

#include "annotations/formats/places.h"
#include "model/utf8.h"

#define NONE "none"

/* ---- sentences ---------------------------------------------------------------------------------------------- */

static bool is_among(struct str token, const char *const *marks)
{
	for (size_t i = 0; marks[i]; i++)
		if (str_eq(token, str_of(marks[i])))
			return true;
	return false;
}

static bool ends_sentence(struct str token)
{
	return is_among(token, (const char *const[]){"。", "！", "？", "!", "?", NULL});
}

static bool closes(struct str token)
{
	return is_among(token, (const char *const[]){"”", "’", "」", "』", "）", ")", "\"", "》", NULL}) || ends_sentence(token);
}

static bool starts_sentence(struct str text, const struct token *t, size_t i)
{
	if (i == 0)
		return true;
	if (!t[i].blank && str_byte(str_sub(text, 0, t[i].off), '\n', t[i - 1].off) != NOWHERE)
		return true;
	if (closes(str_sub(text, t[i].off, t[i].end)) || t[i].blank)
		return false;
	size_t last = i;
	while (last > 0 && closes(str_sub(text, t[last - 1].off, t[last - 1].end)) &&
	       !ends_sentence(str_sub(text, t[last - 1].off, t[last - 1].end)))
		last--;
	return last > 0 && ends_sentence(str_sub(text, t[last - 1].off, t[last - 1].end));
}

static void find_sentences(struct str text, const struct tokens *t, struct cas_sentences *out)
{
	out->list = mem_array(t->n + 1, sizeof *out->list);
	for (size_t i = 0; i < t->n; i++) {
		if (starts_sentence(text, t->list, i))
			out->list[out->n++].off = t->list[i].off;
		out->list[out->n - 1].end = t->list[i].end;
	}
}

/* What a reader of rows makes of what lies between two sentences. */
static bool is_made_again(struct str gap)
{
	for (size_t i = 0; i < gap.n; i++)
		if (gap.p[i] != (i ? ' ' : '\n'))
			return false;
	return true;
}

static void close_gaps(struct str text, struct cas_sentences *s)
{
	for (size_t i = 0; i < s->n; i++) {
		size_t next = i + 1 < s->n ? s->list[i + 1].off : text.n;
		if (i + 1 == s->n || !is_made_again(str_sub(text, s->list[i].end, next)))
			s->list[i].end = next;
	}
}

/* ---- places as text ----------------------------------------------------------------------------------------- */

/* Bytes as code points, of places in order. */
struct counting {
	struct str text;
	size_t off, cp;
};

static size_t count_to(struct counting *c, size_t off)
{
	if (off < c->off)
		*c = (struct counting){.text = c->text};
	c->cp += utf8_count(str_sub(c->text, c->off, off));
	c->off = off;
	return c->cp;
}

static void add_place(struct buf *out, struct counting *c, size_t off, size_t end)
{
	size_t start = count_to(c, off);
	buf_addf(out, "%s%zu-%zu", out->n ? " " : "", start, count_to(c, end));
}

static bool next_number(struct str s, size_t *at, size_t *out)
{
	size_t from = *at;
	for (*out = 0; *at < s.n && *at - from < 15 && s.p[*at] >= '0' && s.p[*at] <= '9'; ++*at)
		*out = *out * 10 + (size_t)(s.p[*at] - '0');
	return *at > from;
}

/* The places of "0-4 5-7", as bytes: up to the first that cannot be, for the sidecar may say anything. */
static void read_places(struct str text, struct str places, struct tokens *out)
{
	size_t off = 0, cp = 0, start, stop;
	for (size_t at = 0; at < places.n; at++) {
		struct token t = {0};
		if (!next_number(places, &at, &start) || at == places.n || places.p[at++] != '-' ||
		    !next_number(places, &at, &stop) || start < cp || stop <= start)
			return;
		for (; cp < start && off < text.n; cp++)
			off += utf8_step(text, off, NULL);
		t.off = off;
		for (; cp < stop && off < text.n; cp++)
			off += utf8_step(text, off, NULL);
		t.end = off;
		if (cp != stop)
			return;
		out->list = mem_grow(out->list, out->n + 1, sizeof *out->list);
		out->list[out->n++] = t;
	}
}

/* ---- kept --------------------------------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
	const struct unit_span *x = a, *y = b;
	return x->off == y->off ? (x->stop > y->stop) - (x->stop < y->stop) : x->off < y->off ? -1 : 1;
}

/* Those of one type, in order; what overlaps or is nowhere is left out. */
static void collect(struct record *r, const struct cas *c, const struct cas_view *view, struct str type,
                    struct tokens *out)
{
	struct unit_span *places = mem_array(c->n + 1, sizeof *places);
	size_t n = 0, end = 0;
	for (size_t i = 0; i < c->n; i++)
		if (c->fs[i]->placed && str_eq(c->fs[i]->sofa, view->id) && str_eq(c->fs[i]->type, type))
			places[n++] = (struct unit_span){.start = c->fs[i]->begin, .end = c->fs[i]->end};
	units_place(view->text, (struct unit){.unit = UNIT_UTF16}, places, n);
	qsort(places, n, sizeof *places, by_place);
	out->list = mem_array(n + 1, sizeof *out->list);
	for (size_t i = 0; i < n; i++) {
		if (!places[i].fits || places[i].stop <= places[i].off || places[i].off < end) {
			losses_add(&r->job->losses, 1, "tokens and sentences that overlap or are empty");
			continue;
		}
		end = places[i].stop;
		out->list[out->n++] = (struct token){.off = places[i].off, .end = end};
	}
	mem_free(places);
}

static void keep_places(struct record *r, const char *key, struct buf *places)
{
	if (places->n)
		node_put_text(record_keep(r, r->object), str_of(key), buf_str(places));
	buf_free(places);
}

static void keep_tokens(struct record *r, struct str text, const struct tokens *had, const struct tokens *found)
{
	struct counting count = {.text = text}, other = count;
	struct buf more = {0}, gone = {0};
	size_t k = 0;
	for (size_t i = 0; i < had->n; i++) {
		const struct token *h = &had->list[i];
		for (; k < found->n && found->list[k].end <= h->off; k++)
			add_place(&gone, &other, found->list[k].off, found->list[k].end);
		if (k == found->n || found->list[k].off != h->off || found->list[k].end != h->end)
			add_place(&more, &count, h->off, h->end);
		while (k < found->n && found->list[k].off < h->end)
			k++;
	}
	for (; k < found->n; k++)
		add_place(&gone, &other, found->list[k].off, found->list[k].end);
	if (!had->n && found->n) {
		buf_clear(&gone);
		buf_adds(&more, NONE);
	}
	keep_places(r, "tokens", &more);
	keep_places(r, "no-tokens", &gone);
}

static void keep_sentences(struct record *r, struct str text, const struct tokens *had, const struct cas_sentences *found)
{
	struct counting count = {.text = text};
	struct buf places = {0};
	bool same = had->n == found->n;
	for (size_t i = 0; same && i < had->n; i++)
		same = had->list[i].off == found->list[i].off && had->list[i].end == found->list[i].end;
	for (size_t i = 0; !same && i < had->n; i++)
		add_place(&places, &count, had->list[i].off, had->list[i].end);
	if (!same && !had->n)
		buf_adds(&places, NONE);
	keep_places(r, "sentences", &places);
}

static void keep_feature(struct record *r, struct str feature, struct str type)
{
	struct node *features = node_child(record_keep(r, r->object), S(CAS_TOKEN_FEATURES), NODE_MAP);
	struct node *types = node_child(features, feature, NODE_LIST);
	for (size_t i = 0; i < types->n; i++)
		if (str_eq(types->items[i]->text, type))
			return;
	node_add(types, node_text(type));
}

/* What tokens and sentences say beyond where they are. */
static void keep_features(struct record *r, const struct cas *c, const struct cas_view *view)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct cas_fs *fs = c->fs[i];
		if (!fs->is_token || !str_eq(fs->sofa, view->id))
			continue;
		struct str name = cas_short(fs->type);
		for (size_t k = 0; k < fs->features->n && !fs->is_span; k++)
			if (!node_is_absent(fs->features->items[k]) && !str_eq(node_scalar(fs->features->items[k]), S("0")))
				losses_add(&r->job->losses, 1, "features %.*s.%.*s", (int)name.n, name.p, (int)fs->features->keys[k].n,
				           fs->features->keys[k].p);
		for (size_t k = 0; k < fs->n_refs; k++) {
			const struct cas_ref *ref = &fs->refs[k];
			bool here = ref->to && ref->to->is_span && !ref->list && ref->to->begin == fs->begin && ref->to->end == fs->end;
			if (here && str_eq(fs->type, S(CAS_TOKEN)))
				keep_feature(r, ref->feature, ref->to->type);
			else if (!str_eq(ref->id, S("0")))
				losses_add(&r->job->losses, 1, "references %.*s.%.*s", (int)name.n, name.p, (int)ref->feature.n,
				           ref->feature.p);
		}
	}
}

void cas_keep_tokens(struct record *r, const struct cas *c, const struct cas_view *view, bool rows)
{
	const struct outgoing bare = {.text = view->text};
	struct tokens had = {0}, sentences = {0}, found = {0};
	struct cas_sentences usual = {0};
	collect(r, c, view, S(CAS_TOKEN), &had);
	collect(r, c, view, S(CAS_SENTENCE), &sentences);
	tokens_find(&bare, TOKENS_WORDS, &found);
	find_sentences(view->text, &had, &usual);
	if (rows)
		close_gaps(view->text, &usual);
	keep_tokens(r, view->text, &had, &found);
	keep_sentences(r, view->text, &sentences, &usual);
	keep_features(r, c, view);
	tokens_free(&had);
	tokens_free(&sentences);
	tokens_free(&found);
	mem_free(usual.list);
}

/* ---- found -------------------------------------------------------------------------------------------------- */

/* Those of `first`, and of `t` what overlaps none of them; both in order. */
static void put_first(struct tokens *t, const struct tokens *first)
{
	struct tokens all = {0};
	size_t at = 0, end = 0;
	all.list = mem_array(t->n + first->n + 1, sizeof *all.list);
	for (size_t i = 0; i <= first->n; i++) {
		size_t from = i < first->n ? first->list[i].off : NOWHERE;
		for (; at < t->n && t->list[at].off < from; at++)
			if (t->list[at].off >= end && t->list[at].end <= from)
				all.list[all.n++] = t->list[at];
		if (i == first->n)
			break;
		all.list[all.n++] = first->list[i];
		end = first->list[i].end;
	}
	tokens_free(t);
	*t = all;
}

static void take_kept_tokens(const struct node *kept, struct str text, struct tokens *t)
{
	struct str more = node_get_text(kept, S("tokens"));
	struct tokens first = {0}, gone = {0};
	size_t n = 0, k = 0;
	read_places(text, more, &first);
	read_places(text, node_get_text(kept, S("no-tokens")), &gone);
	put_first(t, &first);
	for (size_t i = 0; i < t->n; i++) {
		while (k < gone.n && gone.list[k].end <= t->list[i].off)
			k++;
		bool drop = k < gone.n && gone.list[k].off == t->list[i].off && gone.list[k].end == t->list[i].end;
		if (!drop && !(str_eq(more, S(NONE)) && !t->list[i].blank))
			t->list[n++] = t->list[i];
	}
	t->n = n;
	tokens_free(&first);
	tokens_free(&gone);
}

/* Tokens that came as spans, because something refers to them, are the tokens there.  Spans are sorted. */
static void take_token_spans(const struct outgoing *o, struct tokens *t)
{
	struct tokens first = {0};
	size_t end = 0;
	first.list = mem_array(o->n_spans + 1, sizeof *first.list);
	for (size_t i = 0; i < o->n_spans; i++) {
		const struct record_span *s = &o->spans[i];
		size_t from = s->fragments[0].off, to = s->fragments[s->n - 1].end;
		if (from == to || from < end || !str_eq(node_get_text(node_get(s->map, S("attributes")), S("layer")), S(CAS_TOKEN)))
			continue;
		first.list[first.n++] = (struct token){.off = from, .end = to};
		end = to;
	}
	put_first(t, &first);
	tokens_free(&first);
}

static void drop_blanks(struct tokens *t)
{
	size_t n = 0;
	for (size_t i = 0; i < t->n; i++)
		if (!t->list[i].blank)
			t->list[n++] = t->list[i];
	t->n = n;
}

/* Rows begin with the first token, and spaces are made before it: what else stands there must be a token. */
static void take_blank_start(struct str text, struct tokens *t)
{
	size_t first = t->n ? t->list[0].off : text.n, i = 0;
	while (i < first && text.p[i] == ' ' && t->n)
		i++;
	if (i == first)
		return;
	t->list = mem_grow(t->list, t->n + 1, sizeof *t->list);
	for (size_t k = t->n; k > 0; k--)
		t->list[k] = t->list[k - 1];
	t->list[0] = (struct token){.end = first, .blank = true};
	t->n++;
}

/* Whether every token lies in one of them, as rows must. */
static bool hold_all(const struct tokens *sentences, const struct tokens *t)
{
	size_t k = 0;
	for (size_t i = 0; i < t->n; i++) {
		while (k < sentences->n && sentences->list[k].end <= t->list[i].off)
			k++;
		if (k == sentences->n || sentences->list[k].off > t->list[i].off || sentences->list[k].end < t->list[i].end)
			return false;
	}
	return true;
}

static bool take_kept_sentences(const struct node *kept, struct str text, const struct tokens *t, bool rows,
                                struct cas_sentences *out)
{
	struct str places = node_get_text(kept, S("sentences"));
	struct tokens had = {0};
	read_places(text, places, &had);
	bool fine = had.n ? !rows || hold_all(&had, t) : str_eq(places, S(NONE)) && !rows;
	out->list = fine ? mem_array(had.n + 1, sizeof *out->list) : NULL;
	for (size_t i = 0; fine && i < had.n; i++)
		out->list[out->n++] = (struct cas_sentence){had.list[i].off, had.list[i].end};
	tokens_free(&had);
	return fine;
}

void cas_find_tokens(const struct outgoing *o, bool rows, struct tokens *tokens, struct cas_sentences *sentences)
{
	const struct node *kept = record_kept(o->job, o->top);
	tokens_find(o, TOKENS_WORDS, tokens);
	if (!rows)
		drop_blanks(tokens);
	if (kept)
		take_kept_tokens(kept, o->text, tokens);
	take_token_spans(o, tokens);
	if (rows)
		take_blank_start(o->text, tokens);
	if (!kept || !take_kept_sentences(kept, o->text, tokens, rows, sentences))
		find_sentences(o->text, tokens, sentences);
	if (rows)
		close_gaps(o->text, sentences);
}
