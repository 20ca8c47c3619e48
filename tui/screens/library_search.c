/* What a search in the library finds: titles and file names that hold it, whatever script, case or width. */
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
	return library_match(l, library_title(e), &off, &end) || library_match(l, e->file, &off, &end);
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
