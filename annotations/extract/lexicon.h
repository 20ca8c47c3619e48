/* lexicon: all word lists of a pack in one trie, so that one pass over a text finds the words of all of them.
 *
 * While it grows, edges are kept in a hash table (open addressing, linear probing) by state and code point; those of
 * the root by code point at once.  Frozen, the edges of a state lie together in order of code points, and a mask of
 * 64 bits in the state tells most questions off.  From each character of a text the trie is walked as far as it
 * goes, at most LEXICON_WORD steps: cost is linear in the text however many words there are.  Words are given
 * folded.  A lexicon owns itself. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_LEXICON_H
#define ZHUPI_ANNOTATIONS_EXTRACT_LEXICON_H

#include "model/utf8.h"

#define LEXICON_WORD 32 /* code points of a word */

typedef uint16_t class_id;
#define CLASS_NONE UINT16_MAX

struct lexicon;

/* A word of a class that ends in a state; next: index of another one plus 1, 0 for none. */
struct lexicon_out {
	class_id class;
	uint16_t value;
	uint32_t next;
};

/* large: made for many words; else cheap to make, for the few of one article.  edges: about how many code points of
 * words behind their first ones will come; of more it grows. */
struct lexicon *lexicon_new(bool large, size_t edges);
void lexicon_free(struct lexicon *l);
/* False when the word is empty or too long.  A word that the class already has keeps the larger value. */
bool lexicon_add(struct lexicon *l, const codepoint *word, size_t n, class_id class, uint16_t value);
void lexicon_freeze(struct lexicon *l); /* no word is added after this; only of a large one */
size_t lexicon_words(const struct lexicon *l);
uint32_t lexicon_step(const struct lexicon *l, uint32_t state, codepoint c); /* state 0 is the start; 0: no such edge */
const struct lexicon_out *lexicon_first(const struct lexicon *l, uint32_t state); /* words that end here, NULL for none */
const struct lexicon_out *lexicon_next(const struct lexicon *l, const struct lexicon_out *out);

/* A stretch that is a word, of one class or of several. */
struct lexicon_word {
	uint32_t start, end;
	uint32_t out; /* the first of its classes: index plus 1 into lexicon_outs() */
};

const struct lexicon_out *lexicon_outs(const struct lexicon *l);
/* All words in cp, by start and then end; the list is the caller's, made larger where that is needed.  Answers their number. */
size_t lexicon_scan(const struct lexicon *l, const codepoint *cp, size_t n, struct lexicon_word **list, size_t *cap);

#endif
