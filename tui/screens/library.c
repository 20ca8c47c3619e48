/* What keys do in the library: see library.h. */
#include "tui/screens/library.h"

#define RENEW_MS 300     /* while facts come in, the order is renewed no more often */
#define RESCAN_MS 10000  /* the folder is looked at again no more often, and the longer a look takes, the less */
#define COUNT_MS 100     /* and what stands in folders' rows is added up no more often */
#define LISTING_MS 30    /* spent on names before the first frame … */
#define OPENING_MS 15    /* … and on what it shows */

static struct library *library_of(const struct screen *s)
{
	return s->state;
}

static size_t current_entry(const struct library *l)
{
	return library_entry_at(l, l->line);
}

/* Facts changed: totals, and order and rows where they rest on facts. */
static void facts_changed(struct library *l)
{
	library_count(l);
	library_sort(l);
}

/* ---- opening, closing, the world outside ----------------------------------------------------------------------- */

static void read_settings(struct library *l)
{
	struct str order = places_setting(l->places, S("library-order"));
	struct str filter = places_setting(l->places, S("library-filter"));
	for (enum library_order o = 0; o < LIBRARY_ORDERS; o++)
		if (str_eq(order, library_order_name(o)))
			l->order = o;
	for (enum library_filter f = 0; f < LIBRARY_FILTERS; f++)
		if (str_eq(filter, library_filter_name(f)))
			l->filter = f;
	l->reversed = str_eq(places_setting(l->places, S("library-reversed")), S("yes"));
	l->preview = str_eq(places_setting(l->places, S("library-preview")), S("yes"));
}

/* Rows on the screen whose facts are not known yet: they come first. */
static bool know_rows(struct library *l, int64_t until_ms)
{
	size_t end = l->top + (size_t)(l->list_rows > 0 ? l->list_rows : 1);
	for (size_t line = l->top; line < end && line < l->n_rows; line++) {
		size_t entry = library_entry_at(l, line);
		if (entry == NOWHERE || corpus_entry(l->corpus, entry)->titled)
			continue;
		(void)corpus_know(l->corpus, entry); /* what failed is shown as such */
		if (io_now_ms() >= until_ms)
			return false;
	}
	return true;
}

/* To the article opened last, when that is another than last time. */
static void go_last(struct library *l)
{
	struct str last = places_setting(l->places, S("last"));
	if (l->last != NULL && str_eq(last, str_of(l->last)))
		return;
	size_t entry = corpus_find(l->corpus, last);
	if (entry == NOWHERE && !corpus_listed(l->corpus))
		return; /* asked again when it is */
	mem_free(l->last);
	l->last = str_dup(last);
	if (entry != NOWHERE)
		(void)library_go_entry(l, entry);
}

/* Names go on coming after the first frame; rows follow at the end of those that are there. */
static bool list_names(struct library *l, int64_t until_ms)
{
	if (corpus_listed(l->corpus))
		return true;
	bool all = corpus_list(l->corpus, until_ms);
	if (!all && io_now_ms() - l->sorted_ms < RENEW_MS)
		return false;
	library_tree(l);
	if (!l->touched)
		go_last(l);
	return all;
}

/* For what needs all names: before it anything that is there could be taken for all. */
static void list_all_names(struct library *l)
{
	(void)list_names(l, INT64_MAX);
}

static bool library_open(struct screen *s, const void *arg, struct error *err)
{
	(void)arg;
	(void)err;
	struct library *l = mem_alloc(sizeof(*l));
	s->state = l;
	l->app = s->app;
	l->corpus = app_corpus(s->app);
	l->places = app_places(s->app);
	read_settings(l);
	l->scanned_ms = io_now_ms();
	(void)corpus_list(l->corpus, l->scanned_ms + LISTING_MS);
	library_tree(l);
	go_last(l);
	l->list_rows = app_rows(s->app);
	l->top = l->line < (size_t)l->list_rows / 2 ? 0 : l->line - (size_t)l->list_rows / 2;
	(void)know_rows(l, io_now_ms() + OPENING_MS);
	if (corpus_known(l->corpus) > 0)
		facts_changed(l);
	return true;
}

static void library_close(struct screen *s)
{
	struct library *l = library_of(s);
	if (l == NULL)
		return;
	library_preview_drop(l);
	library_free_rows(l);
	find_free(l->pattern);
	buf_free(&l->search);
	mem_free(l->search_from);
	mem_free(l->last);
	mem_free(l);
	s->state = NULL;
}

static void draw(struct screen *s, struct grid *g)
{
	library_draw(library_of(s), g);
}

/* Facts came in: totals, and order and rows where they rest on facts, but not at every slice. */
static void facts_came(struct library *l, bool left)
{
	int64_t now = io_now_ms();
	bool complete = !l->complete && corpus_known(l->corpus) == l->n_entries;
	if (complete)
		app_draw_now(l->app);
	if (corpus_facts(l->corpus) != l->facts && (!left || complete || now - l->counted_ms >= COUNT_MS)) {
		library_count(l);
		l->stale = l->order != ORDER_NAME || l->filter != FILTER_ALL;
		l->counted_ms = now;
	}
	if (l->stale && (!left || now - l->sorted_ms >= RENEW_MS))
		library_sort(l);
}

static bool rescan(struct library *l, int64_t until_ms)
{
	struct error err = {0};
	size_t before = corpus_count(l->corpus);
	if (!corpus_rescan(l->corpus, until_ms, &err))
		return false;
	if (err.code != ERROR_NONE)
		app_error(l->app, &err);
	int64_t now = io_now_ms();
	l->scan_cost_ms = now - l->scanned_ms;
	l->scanned_ms = now;
	l->rescanning = false;
	library_tree(l); /* indices may mean other articles now, even where the number is the same */
	size_t more = corpus_count(l->corpus) > before ? corpus_count(l->corpus) - before : 0;
	if (more)
		app_say(l->app, "%zu new article%s", more, more == 1 ? "" : "s");
	return true;
}

static bool work(struct screen *s, int64_t until_ms)
{
	struct library *l = library_of(s);
	if (!list_names(l, until_ms) || (l->rescanning && !rescan(l, until_ms)))
		return false;
	bool left = !know_rows(l, until_ms) || !corpus_step(l->corpus, until_ms);
	facts_came(l, left);
	return library_preview_step(l) && !left;
}

static void idle(struct screen *s)
{
	struct library *l = library_of(s);
	int64_t now = io_now_ms();
	if (l->rescanning || now - l->scanned_ms < RESCAN_MS + 100 * l->scan_cost_ms)
		return;
	l->rescanning = true;
	l->scanned_ms = now;
}

/* Shown again: an article was read or judged, or the window changed. */
static void refresh(struct screen *s)
{
	struct library *l = library_of(s);
	library_preview_drop(l);
	if (corpus_count(l->corpus) != l->n_entries)
		library_tree(l);
	facts_changed(l);
	go_last(l);
}

/* ---- opening an article ---------------------------------------------------------------------------------------- */

static enum answer open_entry(struct library *l, size_t entry, bool review)
{
	/* The name is copied: what goes on above may rescan the corpus. */
	char *file = str_dup(corpus_entry(l->corpus, entry)->file);
	struct article_arg arg = {.file = str_of(file), .review = review};
	library_preview_drop(l);
	(void)app_push(l->app, &article_screen, &arg); /* what went wrong is on the screen */
	mem_free(file);
	return DONE;
}

static enum answer open_row(struct library *l)
{
	if (l->n_rows == 0)
		return DONE;
	size_t entry = current_entry(l);
	if (entry != NOWHERE)
		return open_entry(l, entry, false);
	size_t folder = l->rows[l->line].index;
	library_open_folder(l, folder, !l->folders[folder].open);
	library_fill(l);
	return DONE;
}

static enum answer close_row(struct library *l)
{
	size_t folder = library_folder_at(l, l->line);
	if (folder == NOWHERE)
		return DONE;
	bool on_folder = current_entry(l) == NOWHERE;
	if (on_folder && l->folders[folder].open) {
		library_open_folder(l, folder, false);
		library_fill(l);
		return DONE;
	}
	size_t around = on_folder ? l->folders[folder].parent : folder;
	size_t line = around == NOWHERE ? NOWHERE : library_folder_line(l, around);
	if (line != NOWHERE)
		library_go_line(l, line);
	return DONE;
}

static bool has_work(struct library *l, size_t entry)
{
	if (!corpus_entry(l->corpus, entry)->known)
		(void)corpus_know(l->corpus, entry);
	const struct entry *e = corpus_entry(l->corpus, entry);
	return e->known && !e->failed && e->status != STATUS_DONE && library_passes(l, e);
}

/* The article last reviewed where it has work left, else the next one in the order shown that has. */
static enum answer go_on(struct library *l)
{
	size_t last = corpus_find(l->corpus, places_setting(l->places, S("last")));
	size_t from = last != NOWHERE ? l->rank_of[last] : 0;
	for (size_t i = 0; i < l->n_entries; i++) {
		size_t entry = l->sorted[(from + i) % l->n_entries];
		if (!has_work(l, entry))
			continue;
		(void)library_go_entry(l, entry);
		return open_entry(l, entry, true);
	}
	if (l->n_entries == 0)
		app_say(l->app, "No articles here");
	else if (l->filter != FILTER_ALL)
		app_say(l->app, "Nothing is left to review among those shown: f a shows all");
	else
		app_say(l->app, "Nothing is left to review: zhupi export takes the result");
	return DONE;
}

/* What is shown has an order of its own, and a filter: whoever reviews goes on as it stands there. */
static struct str beside(struct screen *s, struct str file, int step, bool work)
{
	struct library *l = library_of(s);
	list_all_names(l);
	size_t n = l->n_entries, entry = corpus_find(l->corpus, file);
	if (entry == NOWHERE || entry >= n)
		return STR_NONE;
	for (size_t tried = 1, rank = l->rank_of[entry]; tried < n; tried++) {
		if (!work && (step < 0 ? rank == 0 : rank + 1 == n))
			break;
		rank = (rank + (step < 0 ? n - 1 : 1)) % n;
		const struct entry *e = corpus_entry(l->corpus, l->sorted[rank]);
		if (!e->known && (work || l->filter != FILTER_ALL))
			(void)corpus_know(l->corpus, l->sorted[rank]);
		if (work ? has_work(l, l->sorted[rank]) : library_passes(l, e))
			return e->file;
	}
	return STR_NONE;
}

/* ---- status ---------------------------------------------------------------------------------------------------- */

static bool article_here(struct library *l, size_t *entry)
{
	*entry = current_entry(l);
	if (*entry == NOWHERE)
		app_say(l->app, "Choose an article first");
	return *entry != NOWHERE;
}

static bool change_status(struct library *l, struct doc *d, enum status status)
{
	struct group *g = group_new(corpus_annotator(l->corpus));
	struct error err = {0};
	if (!edit_status(g, d, status, &err)) {
		group_free(g);
		app_error(l->app, &err);
		return false;
	}
	return app_commit(l->app, g);
}

static enum answer toggle_done(struct library *l)
{
	size_t entry;
	if (!article_here(l, &entry))
		return DONE;
	if (app_read_only(l->app)) {
		app_say(l->app, "Opened with --read: nothing is changed");
		return DONE;
	}
	struct error err = {0};
	struct doc *d = session_doc(app_session(l->app), corpus_entry(l->corpus, entry)->file, &err);
	if (d == NULL) {
		app_error(l->app, &err);
		return DONE;
	}
	enum status status = set_status(d->set) == STATUS_DONE ? STATUS_REVIEWING : STATUS_DONE;
	if (change_status(l, d, status)) {
		corpus_note(l->corpus, entry, d->set);
		app_say(l->app, status == STATUS_DONE ? "Done" : "Not done after all");
		facts_changed(l);
	}
	session_drop(app_session(l->app), d);
	return DONE;
}

static enum answer mark_unread(struct library *l)
{
	size_t entry;
	if (!article_here(l, &entry))
		return DONE;
	const struct entry *e = corpus_entry(l->corpus, entry);
	places_unread(l->places, e->file);
	if (e->known && e->status == STATUS_DONE)
		app_say(l->app, "It is done; m takes that back");
	else
		app_say(l->app, "Unread again");
	facts_changed(l);
	return DONE;
}

/* ---- order and filter ------------------------------------------------------------------------------------------ */

static void order_chosen(struct screen *s, char key)
{
	static const char keys[LIBRARY_ORDERS] = {'n', 'd', 's', 'p', 't'};
	struct library *l = library_of(s);
	for (size_t i = 0; i < LIBRARY_ORDERS; i++) {
		bool reversed = key == keys[i] - 'a' + 'A';
		if (key != keys[i] && !reversed)
			continue;
		l->order = (enum library_order)i;
		l->reversed = reversed;
		places_set_setting(l->places, S("library-order"), library_order_name(l->order));
		places_set_setting(l->places, S("library-reversed"), reversed ? S("yes") : S("no"));
		library_sort(l);
	}
}

static void filter_chosen(struct screen *s, char key)
{
	static const char keys[LIBRARY_FILTERS] = {'a', 'u', 'r', 'd', 'f'};
	struct library *l = library_of(s);
	for (size_t i = 0; i < LIBRARY_FILTERS; i++) {
		if (key != keys[i])
			continue;
		l->filter = (enum library_filter)i;
		places_set_setting(l->places, S("library-filter"), library_filter_name(l->filter));
		library_fill(l);
	}
}

static enum answer history(struct library *l)
{
	size_t entry;
	if (!article_here(l, &entry))
		return DONE;
	struct article_arg arg = {.file = corpus_entry(l->corpus, entry)->file};
	library_preview_drop(l);
	(void)app_push(l->app, &history_screen, &arg);
	return DONE;
}

static enum answer toggle_preview(struct library *l)
{
	struct rect list, preview;
	l->preview = !l->preview;
	library_places(l, app_rows(l->app), app_cols(l->app), &list, &preview);
	if (l->preview && preview.rows == 0)
		app_say(l->app, "No room for a preview: 110 columns or 12 rows are needed");
	places_set_setting(l->places, S("library-preview"), l->preview ? S("yes") : S("no"));
	if (!l->preview)
		library_preview_drop(l);
	return DONE;
}

/* ---- keys ------------------------------------------------------------------------------------------------------ */

static enum answer move(struct library *l, long rows)
{
	size_t by = (size_t)(rows < 0 ? -rows : rows);
	if (rows < 0)
		library_go_line(l, l->line > by ? l->line - by : 0);
	else
		library_go_line(l, l->line + by);
	return DONE;
}

static enum answer go_into_row(struct library *l)
{
	if (l->n_rows == 0 || current_entry(l) != NOWHERE || !l->folders[l->rows[l->line].index].open)
		return open_row(l);
	return move(l, 1);
}

static long page(const struct library *l)
{
	return l->list_rows > 2 ? l->list_rows - 1 : 1;
}

static bool only_moves(enum action action)
{
	return action == LIB_DOWN || action == LIB_UP || action == LIB_PAGE_DOWN || action == LIB_PAGE_UP ||
	       action == LIB_FIRST || action == LIB_QUIT;
}

static enum answer act(struct screen *s, enum action action)
{
	struct library *l = library_of(s);
	if (!only_moves(action))
		list_all_names(l);
	l->touched = true;
	switch (action) {
	case LIB_DOWN:
		return move(l, 1);
	case LIB_UP:
		return move(l, -1);
	case LIB_PAGE_DOWN:
		return move(l, page(l));
	case LIB_PAGE_UP:
		return move(l, -page(l));
	case LIB_FIRST:
		library_go_line(l, 0);
		return DONE;
	case LIB_LAST:
		library_go_line(l, NOWHERE);
		return DONE;
	case LIB_OPEN:
		return open_row(l);
	case LIB_INTO:
		return go_into_row(l);
	case LIB_CLOSE:
		return close_row(l);
	case LIB_REVIEW:
		return go_on(l);
	case LIB_PREVIEW:
		return toggle_preview(l);
	case LIB_DONE:
		return toggle_done(l);
	case LIB_UNREAD:
		return mark_unread(l);
	case LIB_ORDER:
		app_ask(l->app, s, "Order: n name  d date  s status  p progress  t title; capitals: reversed",
		        "ndsptNDSPT", order_chosen);
		return DONE;
	case LIB_FILTER:
		app_ask(l->app, s, "Show: a all  u unread  r reviewing  d done  f flagged", "aurdf", filter_chosen);
		return DONE;
	case LIB_EXTRACT:
		return library_extract(s, l, false);
	case LIB_EXTRACT_FOLDER:
		return library_extract(s, l, true);
	case LIB_NEXT_FLAGGED:
		return library_next_flagged(l);
	case LIB_SEARCH:
		return library_ask(s, l);
	case LIB_SEARCH_NEXT:
		return library_search_step(l, 1);
	case LIB_SEARCH_PREVIOUS:
		return library_search_step(l, -1);
	case LIB_HISTORY:
		return history(l);
	case LIB_QUIT:
		return QUIT;
	default:
		return PASS;
	}
}

static enum answer mouse(struct screen *s, const struct input *in)
{
	struct library *l = library_of(s);
	struct rect list, preview;
	list_all_names(l);
	l->touched = true;
	library_places(l, app_rows(l->app), app_cols(l->app), &list, &preview);
	if (in->button == MOUSE_WHEEL_DOWN)
		return move(l, 3);
	if (in->button == MOUSE_WHEEL_UP)
		return move(l, -3);
	bool inside = in->row >= list.row && in->row < list.row + list.rows && in->col < list.col + list.cols;
	size_t line = inside ? l->top + (size_t)(in->row - list.row) : NOWHERE;
	if (line >= l->n_rows)
		return PASS;
	if (in->button != MOUSE_PRESS && in->button != MOUSE_DOUBLE)
		return DONE;
	library_go_line(l, line);
	return in->button == MOUSE_DOUBLE ? open_row(l) : DONE;
}

const struct screen_ops library_screen = {
	.name = "library",
	.context = IN_LIBRARY,
	.open = library_open,
	.draw = draw,
	.act = act,
	.mouse = mouse,
	.idle = idle,
	.refresh = refresh,
	.work = work,
	.beside = beside,
	.close = library_close,
};
