/* Extraction from the library: see library.h.  The work itself is the app's (screen.h), so that it goes on under any
 * screen. */
#include "tui/screens/library.h"

static bool is_within(const struct library *l, size_t entry, size_t folder)
{
	size_t around = l->folder_of[entry];
	while (around != NOWHERE && around != folder)
		around = l->folders[around].parent;
	return around == folder;
}

/* Those marked done are left alone: new proposals would take that back in one key for all of them. */
static bool is_wanted(const struct library *l, size_t entry, size_t folder)
{
	const struct entry *e = corpus_entry(l->corpus, entry);
	return is_within(l, entry, folder) && library_passes(l, e) && !(e->known && e->status == STATUS_DONE);
}

static size_t count_wanted(const struct library *l, size_t folder)
{
	size_t n = 0;
	for (size_t i = 0; i < l->n_entries; i++)
		n += is_wanted(l, i, folder);
	return n;
}

static void answered(struct screen *s, char key)
{
	const struct library *l = s->state;
	size_t folder = library_folder_at(l, l->line);
	if (key != 'y' || folder == NOWHERE)
		return;
	for (size_t i = 0; i < l->n_entries; i++)
		if (is_wanted(l, l->sorted[i], folder) &&
		    !app_extract(l->app, corpus_entry(l->corpus, l->sorted[i])->file, true))
			break;
}

static void ask(struct screen *s, const struct library *l, size_t folder)
{
	struct str path = l->folders[folder].path;
	size_t n = count_wanted(l, folder);
	struct buf question = {0};
	if (n == 0) {
		app_say(l->app, "No article here is shown and not done");
		return;
	}
	buf_addf(&question, "Propose in %zu article%s", n, n == 1 ? "" : "s");
	if (path.n)
		buf_addf(&question, " of %.*s", (int)path.n, path.p);
	if (l->filter != FILTER_ALL) {
		buf_adds(&question, ", only ");
		buf_add(&question, library_filter_name(l->filter));
	}
	buf_adds(&question, ", not those done?  y yes  n no");
	app_ask(l->app, s, question.p, "yn", answered);
	buf_free(&question);
}

enum answer library_extract(struct screen *s, struct library *l, bool folder)
{
	if (app_read_only(l->app)) {
		app_say(l->app, "Opened with --read: nothing is changed");
		return DONE;
	}
	if (l->n_rows == 0) {
		app_say(l->app, "No articles here");
		return DONE;
	}
	size_t entry = library_entry_at(l, l->line);
	if (entry != NOWHERE && !folder)
		(void)app_extract(l->app, corpus_entry(l->corpus, entry)->file, false);
	else
		ask(s, l, library_folder_at(l, l->line));
	return DONE;
}
