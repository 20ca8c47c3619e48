/* lattice: all that is known of one window: hits of words and of rules, by class and place.
 *
 * For each class a bit set of the places where a hit starts and one of where a hit ends make "is there one here" a single test; the hits themselves
 * hang at their start.  Owns its arrays; borrows the window; one lattice serves window after window. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_LATTICE_H
#define ZHUPI_ANNOTATIONS_EXTRACT_LATTICE_H

#include "annotations/extract/lexicon.h"
#include "annotations/extract/window.h"
#include "model/words.h"

#define RULE_LIST UINT16_MAX      /* a word of a list */
#define RULE_REPEATED (UINT16_MAX - 1) /* a string found for sure elsewhere in the article */
#define RULE_LEARNED (UINT16_MAX - 2)  /* a string accepted in review (learned.h) */

struct hit {
	uint32_t start, end;
	uint32_t next;  /* another one at the same start, index plus 1 */
	class_id class;
	uint16_t value; /* of a word */
	uint16_t rule, score;
	uint8_t over;
};

struct lattice {
	const struct window *window;
	struct hit *hits;
	size_t n, cap;
	uint32_t *first;      /* of each place, index plus 1 */
	size_t cap_first;
	size_t n_classes, words;
	uint64_t *starts, *ends; /* n_classes * words */
	size_t cap_bits;
	struct words *words_finder;
	uint64_t *word_starts;   /* of the clause last asked for */
	size_t clause, clause_end;
	size_t cap_words;
	bool words_known;
};

void lattice_reset(struct lattice *l, const struct window *w, size_t n_classes);
void lattice_free(struct lattice *l);
void lattice_scan(struct lattice *l, const struct lexicon *lexicon, uint16_t rule, uint16_t score); /* adds the words of the window */
/* Whether a dictionary word begins at the place, or ends there. */
bool lattice_word_starts(struct lattice *l, size_t at);
/* Of the same class and range the better score stays. */
void lattice_add(struct lattice *l, struct hit hit);

static inline bool lattice_starts(const struct lattice *l, class_id class, size_t at)
{
	return l->starts[class * l->words + (at >> 6)] >> (at & 63) & 1;
}

static inline bool lattice_ends(const struct lattice *l, class_id class, size_t at)
{
	return l->ends[class * l->words + (at >> 6)] >> (at & 63) & 1;
}

#endif
