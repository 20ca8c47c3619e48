/* article_open: opening an article where it was left, looking after it while it is open, and leaving it for
 * another.  See article.h. */
#include "tui/screens/article.h"

#define SAVE_MANY  20000 /* spans from which writing the sidecar takes longer than a key should wait … */
#define SAVE_RARER 30    /* … and so takes no more than one part in so many of the time */

/* ---- opening ------------------------------------------------------------------------------------------------ */

static void add_headline_part(struct review *v, size_t off, size_t end)
{
	if (end <= off)
		return;
	if (v->headline.n)
		buf_adds(&v->headline, app_ascii(v->app) ? " - " : " · ");
	reading_text(v->reading, off, end, &v->headline);
}

void review_make_headline(struct review *v)
{
	struct headline h = reading_headline(v->reading);

	buf_clear(&v->headline);
	add_headline_part(v, h.title.off, h.title.end);
	if (v->headline.n == 0)
		buf_adds(&v->headline, v->file);
	add_headline_part(v, h.date.off, h.date.end);
	add_headline_part(v, h.source.off, h.source.end);
}

static void read_settings(struct review *v)
{
	struct places *p = app_places(v->app);
	struct str pane = places_setting(p, S("pane"));

	v->pane.place = str_eq(pane, S("right"))    ? PANE_RIGHT
	                : str_eq(pane, S("below"))  ? PANE_BELOW
	                : str_eq(pane, S("hidden")) ? PANE_HIDDEN
	                                            : PANE_AUTO;
	v->word_step = str_eq(places_setting(p, S("step")), S("word"));
	v->hide_rejected = str_eq(places_setting(p, S("rejected")), S("hidden"));
	v->text.lanes = app_lanes(v->app);
	if (str_eq(places_setting(p, S("lanes")), S("on")))
		v->text.lanes = 1;
	else if (str_eq(places_setting(p, S("lanes")), S("off")))
		v->text.lanes = 0;
}

/* The rows that were on screen when it was left. */
static void go_to_rows(struct review *v)
{
	struct article_place place = places_get(app_places(v->app), str_of(v->file));

	if (!place.seen || v->wanted.review)
		return;
	v->top_off = place.off < article_text(v->doc->article).n ? place.off : 0;
	v->text.top = layout_place(v->layout, v->top_off, NULL);
}

static bool go_to_first_open(struct review *v)
{
	size_t found = queue_step(v, 1, test_open, false);

	if (found != NOWHERE)
		review_go(v, found);
	return found != NOWHERE;
}

static void go_to_span(struct review *v)
{
	struct article_place place = places_get(app_places(v->app), str_of(v->file));
	struct str item = str_of(v->wanted.item);
	size_t found = set_find_span(v->doc->set, item);

	if (item.n && found != NOWHERE) {
		review_go(v, found);
		return;
	}
	if (place.seen && !v->wanted.review) {
		found = place.span.n ? set_find_span(v->doc->set, place.span) : NOWHERE;
		if (found != NOWHERE) {
			review_go(v, found);
			return;
		}
	}
	if (set_spans(v->doc->set) == 0)
		return;
	if (!go_to_first_open(v) && !place.seen)
		review_go(v, queue_index(v, 0));
}

static void say_state(struct review *v)
{
	if (v->doc->trouble.code != ERROR_NONE)
		review_say_trouble(v);
	else if (sidecar_article_changed(v->doc->sidecar) && set_counts(v->doc->set)->lost)
		app_say(v->app, "The article was edited: spans follow it; %zu lost, last in the queue",
		        set_counts(v->doc->set)->lost);
	else if (sidecar_article_changed(v->doc->sidecar))
		app_say(v->app, "The article was edited since: spans follow their text");
	else if (v->doc->findings.n)
		app_say(v->app, "%zu thing%s in the sidecar %s wrong: `zhupi check` says what", v->doc->findings.n,
		        v->doc->findings.n == 1 ? "" : "s", v->doc->findings.n == 1 ? "is" : "are");
}

static void review_free(struct review *v)
{
	layout_free(v->layout);
	reading_free(v->reading);
	buf_free(&v->headline);
	mem_free(v->file);
	mem_free(v->wanted.item);
	buf_free(&v->zones_applied);
	mem_free(v->current);
	mem_free(v->shown);
	mem_free(v->judged);
	mem_free(v->relate_from);
	mem_free(v->relate_to);
	mem_free(v->seen.list);
	queue_forget(&v->queue);
	menu_free(&v->menu);
	pane_free(&v->pane);
	search_end(v);
	mem_free(v);
}

/* When the annotations are there. */
static void begin(struct review *v)
{
	zones_sync(v);
	go_to_span(v);
	say_state(v);
	conflict_ask(v);
}

bool review_load(struct screen *s)
{
	struct review *v = review_of(s);

	if (!v->doc->unread)
		return false;
	(void)session_doc(app_session(v->app), str_of(v->file), NULL); /* the same doc, now whole */
	begin(v);
	return true;
}

bool review_open(struct screen *s, const void *arg, struct error *err)
{
	const struct article_arg *a = arg;
	struct review *v = mem_alloc(sizeof(*v));
	struct corpus *c = app_corpus(s->app);

	v->app = s->app;
	v->screen = s;
	v->file = str_dup(a->file);
	v->index = v->search.at = NOWHERE;
	v->queue.label = PAINT_NO_LABEL;
	v->doc = session_doc_text(app_session(s->app), a->file, err);
	if (!v->doc) {
		review_free(v);
		return false;
	}
	s->state = v;
	v->wanted.item = str_dup(a->item);
	v->wanted.review = a->review;
	v->reading = reading_new(v->doc->article, corpus_zone_rules(c));
	v->layout = layout_new(v->reading, LAYOUT_MEASURE, app_ambiguous(s->app));
	v->text = (struct textview){.layout = v->layout, .color = app_color(s->app), .schema = set_schema(v->doc->set)};
	review_make_headline(v);
	read_settings(v);
	seen_load(v);
	review_arrange(v, app_rows(s->app), app_cols(s->app));
	go_to_rows(v);
	if (!v->doc->unread)
		begin(v);
	places_set_setting(app_places(s->app), S("last"), str_of(v->file)); /* where the library goes on */
	return true;
}

/* ---- while it is open --------------------------------------------------------------------------------------- */

bool review_work(struct screen *s, int64_t until_ms)
{
	struct review *v = review_of(s);

	return search_work(v, until_ms) && article_step(v->doc->article, until_ms);
}

void review_refresh(struct screen *s)
{
	struct review *v = review_of(s);
	const struct span *span;

	review_arrange(v, app_rows(v->app), app_cols(v->app));
	span = review_span(v);
	/* Proposals came while it was open. */
	if (!v->current && set_spans(v->doc->set) && !v->doc->unread) {
		(void)go_to_first_open(v);
		return;
	}
	/* A reader who had gone elsewhere in the text stays there. */
	if (span && v->mode != MODE_END && v->shown)
		review_go(v, v->index);
}

/* The sidecar in a pause.  Nothing depends on it, every decision is in the journal: where writing takes long because
 * there are very many spans, a key pressed meanwhile waits, and so it is done the more rarely. */
static bool save_in_pause(struct review *v, bool *merged, struct error *err)
{
	int64_t start = io_now_ms();

	v->doc->rests = set_spans(v->doc->set) >= SAVE_MANY && start - v->saved_ms < SAVE_RARER * v->save_cost_ms;
	if (v->doc->rests)
		return true;
	bool good = session_save(app_session(v->app), v->doc, merged, err);
	v->saved_ms = io_now_ms();
	v->save_cost_ms = v->saved_ms - start;
	return good;
}

void review_idle(struct screen *s)
{
	struct review *v = review_of(s);
	struct session *session = app_session(v->app);
	struct error err = {0};
	bool changed = false, merged = false;

	if (!session_refresh(session, v->doc, &changed, &err) || !save_in_pause(v, &merged, &err)) {
		app_error(v->app, &err);
		return;
	}
	corpus_note(app_corpus(v->app), corpus_find(app_corpus(v->app), str_of(v->file)), v->doc->set);
	if (changed || merged) {
		app_say(v->app, "The sidecar was changed by somebody else: merged");
		review_refresh(s);
	} else if (!v->told_changed && article_changed(v->doc->article)) {
		v->told_changed = true;
		app_say(v->app,
		        "The article was edited on disk: leave it and open it again, its spans follow their text");
	}
	conflict_ask(v);
}

static void keep_settings(struct review *v)
{
	static const struct str names[PANE_PLACES] = {S("auto"), S("right"), S("below"), S("hidden")};
	struct places *p = app_places(v->app);

	places_set_setting(p, S("pane"), names[v->pane.place]);
	places_set_setting(p, S("step"), v->word_step ? S("word") : S("character"));
	places_set_setting(p, S("rejected"), v->hide_rejected ? S("hidden") : S("shown"));
	if (v->text.lanes != app_lanes(v->app))
		places_set_setting(p, S("lanes"), v->text.lanes ? S("on") : S("off"));
	else
		places_set_setting(p, S("lanes"), S("auto"));
}

void review_close(struct screen *s)
{
	struct review *v = review_of(s);
	struct corpus *c = app_corpus(v->app);
	struct error err = {0};
	bool merged;

	if (!session_save(app_session(v->app), v->doc, &merged, &err))
		app_error(v->app, &err);
	corpus_note(c, corpus_find(c, str_of(v->file)), v->doc->set);
	places_set(app_places(v->app), str_of(v->file), v->top_off, str_of(v->current));
	seen_save(v);
	keep_settings(v);
	session_drop(app_session(v->app), v->doc);
	review_free(v);
	s->state = NULL;
}

/* ---- leaving for another article ----------------------------------------------------------------------------- */

static bool work_left(struct corpus *c, size_t i)
{
	return corpus_know(c, i) && !corpus_entry(c, i)->failed && corpus_entry(c, i)->status != STATUS_DONE;
}

static bool all_done(struct corpus *c)
{
	for (size_t i = 0; i < corpus_count(c); i++)
		if (corpus_entry(c, i)->status != STATUS_DONE)
			return false;
	return true;
}

/* No article is left to go on to: back to the library, or to the next of several paths; an article that was opened
 * alone stays, so that what was done can still be looked at and undone. */
static enum answer nothing_left(struct review *v)
{
	bool done = set_status(v->doc->set) == STATUS_DONE;

	if (app_leads_on(v->app)) {
		app_say(v->app, all_done(app_corpus(v->app)) ? "Done, u undoes. Nothing is left to do: zhupi export takes the result"
		                                             : "No article with work is left among those shown");
		return CLOSE;
	}
	v->mode = MODE_TEXT;
	review_arrange(v, app_rows(v->app), app_cols(v->app));
	app_say(v->app, done ? "Done, u undoes; q leaves" : "This is the only article; q leaves");
	return DONE;
}

/* In the corpus's own order, where no library is below. */
static struct str beside(struct review *v, size_t here, int step, bool work)
{
	struct corpus *c = app_corpus(v->app);
	size_t n = corpus_count(c), i = here;

	for (size_t tried = 1; tried < n; tried++) {
		if (!work && (step < 0 ? i == 0 : i + 1 == n))
			break;
		i = (i + (step < 0 ? n - 1 : 1)) % n;
		if (!work || work_left(c, i))
			return corpus_entry(c, i)->file;
	}
	return STR_NONE;
}

enum answer review_leave_for(struct review *v, int step, bool work)
{
	struct corpus *c = app_corpus(v->app);
	(void)corpus_list(c, INT64_MAX); /* else the last one listed so far would pass for the last */
	size_t here = corpus_find(c, str_of(v->file));
	struct article_arg arg = {.review = work};

	if (here == NOWHERE)
		return work ? nothing_left(v) : DONE;
	corpus_note(c, here, v->doc->set);
	if (!app_beside(v->app, str_of(v->file), step, work, &arg.file))
		arg.file = beside(v, here, step, work);
	if (arg.file.n) {
		app_replace(v->app, &article_screen, &arg);
		return DONE;
	}
	if (work)
		return nothing_left(v);
	app_say(v->app, step < 0 ? "This is the first article" : "This is the last article");
	return DONE;
}
