#include "tui/screens/article.h"

/* Searching goes through the text in windows, so that the next match of a long article costs what lies before it and no
 * more.  Glosses are passed over: they are known by their neighbourhood alone (noise.h), each window finds its own. */

#define WINDOW  ((size_t)1 << 18)
#define OVERLAP (NOISE_REACH + 4 * (size_t)FIND_LIMIT)

struct window {
	struct str text; /* a part of the article */
	size_t off;      /* where it begins */
	struct noise_list noise;
	struct find_range *hidden;
	size_t n_hidden;
};

static struct window window_open(struct review *v, size_t from, size_t to)
{
	struct str text = article_text(v->doc->article);
	struct window w = {.off = utf8_floor(text, from)};

	to = to < text.n ? utf8_floor(text, to) : text.n;
	w.text = str_sub(text, w.off, to);
	noise_find(text, w.off, to, v->search.facts, &w.noise);
	w.hidden = mem_array(w.noise.n + 1, sizeof(*w.hidden));
	for (size_t i = 0; i < w.noise.n; i++) {
		if (w.noise.list[i].kind == NOISE_GLOSS && w.noise.list[i].end <= to)
			w.hidden[w.n_hidden++] =
			        (struct find_range){w.noise.list[i].off - w.off, w.noise.list[i].end - w.off};
	}
	return w;
}

static void window_close(struct window *w)
{
	noise_free(&w->noise);
	mem_free(w->hidden);
}

static struct find_hidden window_hidden(const struct window *w)
{
	return (struct find_hidden){w->hidden, w->n_hidden};
}

/* The first match that begins in [from, to). */
static size_t search_forward(struct review *v, size_t from, size_t to)
{
	size_t found = NOWHERE;

	while (from < to && found == NOWHERE) {
		size_t stop = from + WINDOW < to ? from + WINDOW : to;
		struct window w = window_open(v, from, stop + OVERLAP);

		found = find_next(v->search.pattern, w.text, window_hidden(&w), from - w.off, NULL);
		found = found == NOWHERE || w.off + found >= to ? NOWHERE : w.off + found;
		window_close(&w);
		from = stop;
	}
	return found;
}

/* The last match that begins in [from, to). */
static size_t search_backward(struct review *v, size_t from, size_t to)
{
	size_t found = NOWHERE;

	while (from < to && found == NOWHERE) {
		size_t start = to - from > WINDOW ? to - WINDOW : from;
		struct window w = window_open(v, start, to + OVERLAP);

		found = find_prev(v->search.pattern, w.text, window_hidden(&w), to - w.off, NULL);
		found = found == NOWHERE || w.off + found < from ? NOWHERE : w.off + found;
		window_close(&w);
		to = start;
	}
	return found;
}

/* ---- going to a match --------------------------------------------------------------------------------------- */

/* The caret goes along while selecting; else the span that the match is in becomes the current one. */
static void go_to(struct review *v, size_t off)
{
	size_t index = v->mode == MODE_SELECT ? NOWHERE : span_at(v, off);

	if (v->mode == MODE_SELECT)
		select_put(v, layout_snap(v->layout, off, EDGE_START));
	else if (index != NOWHERE)
		review_go(v, index);
	/* A match in folded furniture opens it. */
	if (reading_folded(v->reading, off))
		reading_toggle_fold(v->reading, off);
	review_center(v, off);
	v->search.at = off;
}

static size_t place_now(struct review *v)
{
	const struct span *span = review_span(v);

	if (v->mode == MODE_SELECT)
		return v->select.caret;
	if (v->search.at != NOWHERE)
		return v->search.at;
	if (span && span->anchoring != ANCHOR_LOST && review_in_view(v, span->off))
		return span->off;
	return v->top_off;
}

static size_t search_from(struct review *v, size_t from, int step)
{
	size_t length = article_text(v->doc->article).n, found;

	if (step > 0) {
		found = search_forward(v, from, length);
		return found == NOWHERE ? search_forward(v, 0, from) : found;
	}
	found = search_backward(v, 0, from);
	return found == NOWHERE ? search_backward(v, from, length) : found;
}

/* How many matches there are and which of them is at off, from 1.  False: the article is so long that counting would be
 * felt. */
static bool count_matches(struct review *v, size_t off, size_t *which, size_t *all)
{
	struct str text = article_text(v->doc->article);
	struct window w;
	size_t at = 0, end;

	*which = *all = 0;
	if (text.n > WINDOW)
		return false;
	w = window_open(v, 0, text.n);
	while ((at = find_next(v->search.pattern, w.text, window_hidden(&w), at, &end)) != NOWHERE) {
		*which += at <= off;
		++*all;
		at = end > at ? end : at + 1;
	}
	window_close(&w);
	return true;
}

static void say_match(struct review *v, size_t off, bool round)
{
	const char *again = round ? ", round the end of the article" : "";
	size_t which, all;

	if (count_matches(v, off, &which, &all))
		app_say(v->app, "Match %zu of %zu%s", which, all, again);
	else if (round)
		app_say(v->app, "Round the end of the article");
}

void search_go(struct review *v, int step)
{
	size_t from = place_now(v), found, length = article_text(v->doc->article).n;

	if (!v->search.pattern) {
		app_say(v->app, "Nothing was searched yet: / asks");
		return;
	}
	if (step > 0 && from < length)
		from += utf8_step(article_text(v->doc->article), from, NULL);
	found = search_from(v, from, step);
	if (found == NOWHERE) {
		app_say(v->app, "No match");
		return;
	}
	say_match(v, found, step > 0 ? found < from : found >= from);
	go_to(v, found);
}

/* ---- asking ------------------------------------------------------------------------------------------------- */

static void compile(struct review *v, struct str query)
{
	find_free(v->search.pattern);
	v->search.pattern = find_compile(query);
}

static void go_back(struct review *v)
{
	if (v->mode == MODE_SELECT)
		select_put(v, v->search.from);
	else if (v->search.current)
		review_go_id(v, str_of(v->search.current));
	v->top_off = v->search.top;
	v->text.top = layout_place(v->layout, v->top_off, NULL);
	v->reading_seen = reading_version(v->reading);
}

/* Beside what is typed: where it was found. */
static void note_match(struct review *v, size_t found)
{
	size_t which, all;

	if (!v->search.pattern)
		return;
	if (found == NOWHERE)
		app_prompt_note(v->app, "no match");
	else if (count_matches(v, found, &which, &all))
		app_prompt_note(v->app, "%zu of %zu", which, all);
}

static void typed(struct screen *s, struct str text)
{
	struct review *v = review_of(s);
	size_t found;

	compile(v, text);
	found = v->search.pattern ? search_from(v, v->search.from, 1) : NOWHERE;
	if (found == NOWHERE)
		go_back(v);
	else
		go_to(v, found);
	note_match(v, found);
}

static void asked(struct screen *s, struct str text, bool ok)
{
	struct review *v = review_of(s);

	if (!ok) {
		go_back(v);
		search_end(v);
		return;
	}
	if (text.n)
		typed(s, text);
	if (v->search.pattern && v->search.at == NOWHERE)
		app_say(v->app, "No match for %.*s", (int)text.n, text.p);
	else if (v->search.pattern)
		say_match(v, v->search.at, false);
}

void search_ask(struct review *v)
{
	static const struct prompt_ops ops = {typed, asked};
	const struct span *span = review_span(v);

	v->search.from = place_now(v);
	v->search.top = v->top_off;
	v->search.facts = noise_facts_of(article_text(v->doc->article));
	mem_free(v->search.current);
	v->search.current = span ? str_dup(span->id) : NULL;
	v->search.at = NOWHERE;
	app_prompt(v->app, v->screen, "/", STR_NONE, &ops);
}

void search_end(struct review *v)
{
	find_free(v->search.pattern);
	mem_free(v->search.current);
	mem_free(v->search.list);
	v->search = (struct search){.at = NOWHERE};
}

/* ---- what is drawn ------------------------------------------------------------------------------------------ */

static void add_match(struct search *s, size_t off, size_t end)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 16;
		s->list = mem_grow(s->list, s->cap, sizeof(*s->list));
	}
	s->list[s->n++] = (struct fragment){(uint32_t)off, (uint32_t)end};
}

void search_look(struct review *v)
{
	struct place last;
	const struct block *b;
	struct window w;
	size_t at, end, stop;
	long moved;

	v->search.n = 0;
	if (!v->search.pattern)
		return;
	last = layout_move(v->layout, v->text.top, textview_rows(&v->text, v->text_rect), &moved);
	b = layout_block(v->layout, last.block);
	if (!b)
		return;
	stop = b->off + b->rows[last.row < b->n_rows ? last.row : b->n_rows - 1].end;
	if (stop > v->top_off + WINDOW)
		stop = v->top_off + WINDOW;
	w = window_open(v, v->top_off > OVERLAP ? v->top_off - OVERLAP : 0, stop + OVERLAP);
	at = 0;
	while ((at = find_next(v->search.pattern, w.text, window_hidden(&w), at, &end)) != NOWHERE &&
	       w.off + at < stop) {
		add_match(&v->search, w.off + at, w.off + end);
		at = end > at ? end : at + 1;
	}
	window_close(&w);
}
