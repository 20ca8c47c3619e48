/* What a search in the library finds: titles, or opening words where there is none, and file names that hold it, whatever
 * script, case or width; flags too. */
#include "tui/screens/library.h"

void library_search(struct library *l, struct str text)
{
	find_free(l->pattern);
	buf_clear(&l->search);
	buf_add(&l->search, text);
	l->pattern = find_compile(buf_str(&l->search));
}

bool library_match(const struct library *l, struct str text, size_t *off, size_t *end)
{
	*off = l->pattern != NULL ? find_next(l->pattern, text, (struct find_hidden){0}, 0, end) : NOWHERE;
	return *off != NOWHERE;
}

static bool found(const struct library *l, size_t entry)
{
	const struct entry *e = corpus_entry(l->corpus, entry);
	size_t off, end;
	if (!library_passes(l, e))
		return false;
	return library_match(l, library_title(e), &off, &end) || library_match(l, e->file, &off, &end) ||
	       (library_untitled(e) && library_match(l, str_of(e->opening), &off, &end));
}

size_t library_find(const struct library *l, size_t from, int step)
{
	size_t n = l->n_entries;
	if (n == 0 || l->pattern == NULL)
		return NOWHERE;
	size_t rank = from % n;
	for (size_t i = 0; i < n; i++) {
		if (found(l, l->sorted[rank]))
			return rank;
		rank = step > 0 ? (rank + 1) % n : (rank + n - 1) % n;
	}
	return NOWHERE;
}

size_t library_matches(const struct library *l)
{
	size_t n = 0;
	for (size_t i = 0; i < l->n_entries && l->pattern != NULL; i++)
		n += found(l, i);
	return n;
}

/* ---- asking ---------------------------------------------------------------------------------------------------- */

static bool go_match(struct library *l, size_t from, int step)
{
	size_t rank = library_find(l, from, step);
	return rank != NOWHERE && library_go_entry(l, l->sorted[rank]);
}

static size_t search_start(const struct library *l)
{
	size_t entry = corpus_find(l->corpus, str_of(l->search_from));
	return entry != NOWHERE ? l->rank_of[entry] : 0;
}

static void search_changed(struct screen *s, struct str text)
{
	struct library *l = s->state;
	library_search(l, text);
	l->nothing_found = !go_match(l, search_start(l), 1) && text.n > 0;
	if (text.n > 0)
		app_prompt_note(l->app, "%zu found", library_matches(l));
	if (text.n == 0 || l->nothing_found)
		(void)library_go_entry(l, l->sorted[search_start(l)]);
}

static void search_done(struct screen *s, struct str text, bool ok)
{
	struct library *l = s->state;
	search_changed(s, ok ? text : STR_NONE);
	size_t n = library_matches(l);
	if (ok && text.n > 0 && n == 0)
		app_say(l->app, "No title or name here holds that");
	else if (n > 0)
		app_say(l->app, n == 1 ? "%zu article found" : "%zu articles found; n next, N previous", n);
	l->nothing_found = false;
	mem_free(l->search_from);
	l->search_from = NULL;
}

enum answer library_ask(struct screen *s, struct library *l)
{
	static const struct prompt_ops ops = {search_changed, search_done};
	if (l->n_entries == 0) {
		app_say(l->app, "No articles here");
		return DONE;
	}
	mem_free(l->search_from);
	l->search_from = str_dup(corpus_entry(l->corpus, l->sorted[library_rank_at(l, l->line)])->file);
	app_prompt(l->app, s, "Search titles and names: ", STR_NONE, &ops);
	return DONE;
}

enum answer library_search_step(struct library *l, int step)
{
	if (l->search.n == 0) {
		app_say(l->app, "Nothing was searched for yet: / searches");
		return DONE;
	}
	size_t n = l->n_entries, rank = library_rank_at(l, l->line);
	size_t from = library_entry_at(l, l->line) == NOWHERE && step > 0 ? rank : step > 0 ? rank + 1 : rank + n - 1;
	if (n == 0 || !go_match(l, from, step))
		app_say(l->app, "No title or name here holds that");
	return DONE;
}

enum answer library_next_flagged(struct library *l)
{
	size_t n = l->n_entries, from = library_rank_at(l, l->line) + (library_entry_at(l, l->line) != NOWHERE);
	for (size_t i = 0; i < n; i++) {
		size_t entry = l->sorted[(from + i) % n];
		const struct entry *e = corpus_entry(l->corpus, entry);
		if (e->known && (e->flagged || e->failed) && library_go_entry(l, entry))
			return DONE;
	}
	bool reading = corpus_known(l->corpus) < n;
	app_say(l->app, reading ? "No flag found so far; still reading" : "No article here has a flag");
	return DONE;
}
