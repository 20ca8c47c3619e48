/* What a search in the library finds: titles and file names that hold it, whatever the script, case or width of either. */
#include "model/fold.h"
#include "tui/screens/library.h"

bool library_match(const struct library *l, struct str text, size_t *off, size_t *end)
{
	struct buf folded = {0}, wanted = {0};
	fold_add(&folded, text);
	fold_add(&wanted, buf_str(&l->search));
	size_t at = wanted.n > 0 ? str_find(buf_str(&folded), buf_str(&wanted), 0) : NOWHERE;
	if (at != NOWHERE) {
		/* One code point folds to one: counting them leads back. */
		*off = utf8_skip(text, 0, utf8_count(str_sub(buf_str(&folded), 0, at)));
		*end = utf8_skip(text, *off, utf8_count(buf_str(&wanted)));
	}
	buf_free(&folded);
	buf_free(&wanted);
	return at != NOWHERE;
}

static bool found(const struct library *l, size_t entry)
{
	const struct entry *e = corpus_entry(l->corpus, entry);
	size_t off, end;
	return library_passes(l, e) && (library_match(l, library_title(e), &off, &end) || library_match(l, e->file, &off, &end));
}

size_t library_find(const struct library *l, size_t from, int step)
{
	size_t n = l->n_entries;
	if (n == 0 || l->search.n == 0)
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
	for (size_t i = 0; i < l->n_entries && l->search.n > 0; i++)
		n += found(l, i);
	return n;
}
