/* zones_words.c: finding the words of the rules in a folded line, see zones_line.h. */
#include "model/zones_line.h"

#include <stdlib.h>

#define BLANKS_WITHIN 12 /* between the ideographs of a word: 来　　源 */
#define FILTER 4096

struct word {
	codepoint *cp;
	size_t n;
	enum zone_word kind;
};

struct matcher {
	struct word *words; /* sorted by the remainder of their first code point, then by that */
	size_t n;
	codepoint *memory;
	/* Index plus 1 of the first word that begins with a code point of that remainder; 0: none does. */
	uint32_t first[FILTER];
	/* Of the words of each remainder bit c % 64 of their second code points c, all bits for a word of one: most
	 * places of a line end here. */
	uint64_t seconds[FILTER];
};

static int by_first(const void *a, const void *b)
{
	const struct word *x = a, *y = b;

	if (x->cp[0] % FILTER != y->cp[0] % FILTER)
		return x->cp[0] % FILTER < y->cp[0] % FILTER ? -1 : 1;
	return (x->cp[0] > y->cp[0]) - (x->cp[0] < y->cp[0]);
}

static struct matcher *matcher_new(const struct zone_rules *rules)
{
	struct matcher *m = mem_alloc(sizeof *m);
	size_t count = 0, bytes = 0, used = 0;

	for (size_t k = 0; k < ZONE_WORDS; k++)
		for (size_t i = 0; i < rules->count[k]; i++, count++)
			bytes += rules->words[k][i].n;
	m->words = mem_array(count + 1, sizeof *m->words);
	m->memory = mem_array(bytes + 1, sizeof *m->memory);
	for (size_t k = 0; k < ZONE_WORDS; k++)
		for (size_t i = 0; i < rules->count[k]; i++) {
			struct str s = rules->words[k][i];
			struct word w = {m->memory + used, 0, (enum zone_word)k};

			for (size_t off = 0, n; (n = utf8_step(s, off, &w.cp[w.n])) > 0; off += n)
				w.n++;
			if (w.n == 0)
				continue;
			used += w.n;
			m->words[m->n++] = w;
		}
	qsort(m->words, m->n, sizeof *m->words, by_first);
	for (size_t i = m->n; i-- > 0;)
		m->first[m->words[i].cp[0] % FILTER] = (uint32_t)i + 1;
	for (size_t i = 0; i < m->n; i++)
		m->seconds[m->words[i].cp[0] % FILTER] |= m->words[i].n > 1 ? (uint64_t)1 << (m->words[i].cp[1] & 63) : UINT64_MAX;
	return m;
}

static void matcher_free(struct matcher *m)
{
	if (!m)
		return;
	mem_free(m->words);
	mem_free(m->memory);
	mem_free(m);
}

void zone_rules_prepare(struct zone_rules *rules)
{
	rules->matcher = matcher_new(rules);
}

void zone_rules_release(struct zone_rules *rules)
{
	matcher_free(rules->matcher);
	rules->matcher = NULL;
}

const struct matcher *matcher_of(const struct zone_rules *rules)
{
	return rules->matcher ? rules->matcher : matcher_new(rules);
}

void matcher_done(const struct matcher *m, const struct zone_rules *rules)
{
	if (m != rules->matcher)
		matcher_free((struct matcher *)(uintptr_t)m);
}

static bool is_letter(codepoint cp)
{
	return cp >= 'a' && cp <= 'z';
}

/* Code points from i on that the word takes, or 0. */
static size_t word_at(const struct word *w, const struct folded *f, size_t i)
{
	size_t at = i;

	if (is_letter(w->cp[0]) && i > 0 && is_letter(f->cp[i - 1]))
		return 0;
	for (size_t k = 0; k < w->n; k++, at++) {
		if (k > 0 && cp_is_han(w->cp[k]) && cp_is_han(w->cp[k - 1]))
			for (size_t blanks = 0; blanks < BLANKS_WITHIN && at < f->n && f->cp[at] == ' '; blanks++)
				at++;
		if (at >= f->n || f->cp[at] != w->cp[k])
			return 0;
	}
	if (is_letter(w->cp[w->n - 1]) && at < f->n && is_letter(f->cp[at]))
		return 0;
	return at - i;
}

/* The words whose remainder the place has; next: the character behind it.  Not in line: matcher_at() is asked of
 * every character of a text and would save registers for this each time. */
static __attribute__((noinline)) bool look_for_words(const struct matcher *m, const struct folded *f, size_t i, codepoint next,
                                                     size_t lengths[ZONE_WORDS])
{
	size_t low = m->first[f->cp[i] % FILTER] - 1;
	bool any = false;

	while (low < m->n && m->words[low].cp[0] % FILTER == f->cp[i] % FILTER && m->words[low].cp[0] != f->cp[i])
		low++;
	if (low == m->n || m->words[low].cp[0] != f->cp[i])
		return false;
	for (; low < m->n && m->words[low].cp[0] == f->cp[i]; low++) {
		/* Most words end with their second character; a blank may stand in front of it. */
		if (m->words[low].n > 1 && m->words[low].cp[1] != next && next != ' ')
			continue;
		size_t length = word_at(&m->words[low], f, i);
		size_t *longest = &lengths[m->words[low].kind];

		if (length == 0)
			continue;
		for (size_t k = 0; k < ZONE_WORDS && !any; k++)
			lengths[k] = 0;
		any = true;
		if (length > *longest)
			*longest = length;
	}
	return any;
}

bool matcher_at(const struct matcher *m, const struct folded *f, size_t i, size_t lengths[ZONE_WORDS])
{
	const codepoint next = i + 1 < f->n ? f->cp[i + 1] : 0;
	const uint64_t seconds = m->seconds[f->cp[i] % FILTER];

	return (next == ' ' ? seconds != 0 : seconds >> (next & 63) & 1) && look_for_words(m, f, i, next, lengths);
}
