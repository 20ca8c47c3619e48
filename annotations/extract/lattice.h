/* lattice: all that is known of one window: hits of words and of rules, by class and place.
 *
 * For each class a bit set of the places where a hit starts and one of where a hit ends make "is there one here" a
 * single test; for each place a mask of the classes (lattice_mask()) answers for many of them at once, now and then
 * with a yes too many.  The hits themselves hang at class and start, the shortest first.  Owns its arrays; borrows
 * the window; one lattice serves window after window. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_LATTICE_H
#define ZHUPI_ANNOTATIONS_EXTRACT_LATTICE_H

#include "annotations/extract/lexicon.h"
#include "annotations/extract/window.h"

#define RULE_LIST UINT16_MAX      /* a word of a list */
#define RULE_REPEATED (UINT16_MAX - 1) /* a string found for sure elsewhere in the article */
#define RULE_LEARNED (UINT16_MAX - 2)  /* a string accepted in review (learned.h) */

struct hit {
	uint32_t start, end;
	uint32_t next;  /* the next longer one of its class at the same start, index plus 1 */
	class_id class;
	uint16_t value; /* of a word */
	uint16_t rule, score;
	uint8_t over;
};

struct lattice {
	struct window *window;
	struct hit *hits;
	size_t n, cap;
	uint32_t *first;      /* of class and place, index plus 1; means something only where the bit in starts is set, so nobody needs to clear it */
	size_t places, cap_first;
	uint64_t *start_masks, *end_masks; /* of each place, and of the end of the window */
	size_t cap_masks;
	uint16_t *longest;    /* of each class: code points of its longest hit, 0 where there is none */
	size_t cap_longest;
	class_id *met;        /* the classes of which there is one */
	size_t n_met;
	size_t n_classes, words;
	uint64_t *starts, *ends; /* n_classes * words */
	size_t cap_bits;
	struct lexicon_word *found; /* scratch */
	size_t cap_found;
};

void lattice_reset(struct lattice *l, struct window *w, size_t n_classes);
void lattice_free(struct lattice *l);

/* What is asked of the hits of a class; bits. */
enum class_use {
	CLASS_STARTS = 1, /* whether one starts at a place */
	CLASS_ENDS = 2,   /* whether one ends there */
	CLASS_LOOKED = 4, /* either of it by the masks of a place */
	CLASS_WALKED = 8, /* the hits themselves */
};
#define CLASS_WHOLE (CLASS_STARTS | CLASS_ENDS | CLASS_LOOKED | CLASS_WALKED)

/* Adds the words of the window, as far as that is asked for.  uses: bits by class; 0: nothing is added. */
void lattice_scan(struct lattice *l, const struct lexicon *lexicon, const uint8_t *uses, uint16_t rule, uint16_t score);
/* Of the same class and range the better score stays. */
void lattice_add(struct lattice *l, class_id class, size_t start, size_t end, uint16_t rule, uint16_t score, uint8_t over);

static inline bool lattice_starts(const struct lattice *l, class_id class, size_t at)
{
	return l->starts[class * l->words + (at >> 6)] >> (at & 63) & 1;
}

/* The bit that a class shares with few others. */
static inline uint64_t lattice_mask(class_id class)
{
	return (uint64_t)1 << (class & 63);
}

static inline uint32_t lattice_first(const struct lattice *l, class_id class, size_t at)
{
	return l->first[class * l->places + at];
}

static inline bool lattice_ends(const struct lattice *l, class_id class, size_t at)
{
	return l->ends[class * l->words + (at >> 6)] >> (at & 63) & 1;
}

#endif
