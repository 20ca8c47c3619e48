/* article_search: searching goes through the text in windows, so that the next match of a long article costs what
 * lies before it and no more.  Glosses are passed over: they are known by their neighbourhood alone (noise.h), each
 * window finds its own.  See article.h. */
#include "model/io.h"
#include "tui/screens/article.h"

#define WINDOW  ((size_t)1 << 18)
#define OVERLAP (NOISE_REACH + 4 * (size_t)FIND_LIMIT)
#define AT_ONCE_MS 20 /* of a search, before other keys may come */

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

/* The first match that begins in [from, to), which is no longer than a window. */
static size_t search_forward(struct review *v, size_t from, size_t to)
{
	struct window w = window_open(v, from, to + OVERLAP);
	size_t found = find_next(v->search.pattern, w.text, window_hidden(&w), from - w.off, NULL);

	found = found == NOWHERE || w.off + found >= to ? NOWHERE : w.off + found;
	window_close(&w);
	return found;
}

/* The last match that begins in [from, to), which is no longer than a window. */
static size_t search_backward(struct review *v, size_t from, size_t to)
{
	struct window w = window_open(v, from, to + OVERLAP);
	size_t found = find_prev(v->search.pattern, w.text, window_hidden(&w), to - w.off, NULL);

	found = found == NOWHERE || w.off + found < from ? NOWHERE : w.off + found;
	window_close(&w);
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

/* One window of what is left. */
static size_t search_on(struct review *v, struct search_run *r)
{
	size_t piece = r->to - r->at > WINDOW ? WINDOW : r->to - r->at, found;

	if (r->step > 0) {
		found = search_forward(v, r->at, r->at + piece);
		r->at += piece;
	} else {
		found = search_backward(v, r->to - piece, r->to);
		r->to -= piece;
	}
	return found;
}

/* Forward all that comes after it and then all before it, or the reverse. */
static void search_part(struct review *v, bool second)
{
	struct search_run *r = &v->search.run;
	bool after = (r->step > 0) != second;

	r->round = second;
	r->at = after ? r->from : 0;
	r->to = after ? article_text(v->doc->article).n : r->from;
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

/* ---- searching -------------------------------------------------------------------------------------------------- */

static void found_typed(struct review *v, size_t found)
{
	if (found == NOWHERE)
		go_back(v);
	else
		go_to(v, found);
	note_match(v, found);
}

static void found_entered(struct review *v, size_t found, const char *query)
{
	found_typed(v, found);
	if (v->search.pattern && found == NOWHERE)
		app_say(v->app, "No match for %s", query);
	else if (v->search.pattern)
		say_match(v, found, false);
}

static void found_again(struct review *v, size_t found, bool round)
{
	if (found == NOWHERE) {
		app_say(v->app, "No match");
		return;
	}
	say_match(v, found, round);
	go_to(v, found);
}

static void search_found(struct review *v, size_t found)
{
	struct search_run r = v->search.run;

	v->search.run.on = false;
	if (r.what == SEARCH_TYPED)
		found_typed(v, found);
	else if (r.what == SEARCH_ENTERED)
		found_entered(v, found, v->search.query ? v->search.query : "");
	else
		found_again(v, found, r.round);
}

bool search_work(struct review *v, int64_t until_ms)
{
	struct search_run *r = &v->search.run;

	while (r->on) {
		size_t found = r->at < r->to ? search_on(v, r) : NOWHERE;

		if (found != NOWHERE || (r->at >= r->to && r->round))
			search_found(v, found);
		else if (r->at >= r->to)
			search_part(v, true);
		if (r->on && io_now_ms() >= until_ms)
			return false;
	}
	return true;
}

/* A short article is through at once; of a long one the rest is done while nobody types. */
static void search_start(struct review *v, size_t from, int step, enum search_for what)
{
	v->search.run = (struct search_run){.on = true, .what = what, .step = step, .from = from};
	search_part(v, false);
	if (search_work(v, io_now_ms() + AT_ONCE_MS))
		return;
	if (what == SEARCH_AGAIN)
		app_say(v->app, "Searching: Esc stops");
	else
		app_prompt_note(v->app, "searching");
}

bool search_stop(struct review *v)
{
	bool was = v->search.run.on;

	v->search.run.on = false;
	return was;
}

void search_go(struct review *v, int step)
{
	size_t from = place_now(v);

	if (!v->search.pattern) {
		app_say(v->app, "Nothing was searched for yet: / searches");
		return;
	}
	if (step > 0 && from < article_text(v->doc->article).n)
		from += utf8_step(article_text(v->doc->article), from, NULL);
	search_start(v, from, step, SEARCH_AGAIN);
}

static void typed(struct screen *s, struct str text)
{
	struct review *v = review_of(s);

	v->search.run.on = false;
	compile(v, text);
	if (v->search.pattern)
		search_start(v, v->search.from, 1, SEARCH_TYPED);
	else
		found_typed(v, NOWHERE);
}

static void asked(struct screen *s, struct str text, bool ok)
{
	struct review *v = review_of(s);

	if (!ok) {
		v->search.run.on = false;
		go_back(v);
		search_end(v);
		return;
	}
	mem_free(v->search.query);
	v->search.query = str_dup(text);
	if (v->search.run.on) { /* it goes on where it is */
		v->search.run.what = SEARCH_ENTERED;
		app_say(v->app, "Searching: Esc stops");
	} else if (text.n) {
		compile(v, text);
		search_start(v, v->search.from, 1, SEARCH_ENTERED);
	}
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
	mem_free(v->search.query);
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
