/* noise: what a web page left inside the text that nobody would read aloud.
 *
 * gloss: an ideograph, then a bracket pair (half or full width) round one toned pinyin syllable out of the list of
 * real ones (compared in NFD;
 *   ɑ and ɡ count as a and g; blanks may stand before the closing bracket): `實(shí)`, `會(huì )`.  The range is the bracket pair, not the
 *   ideograph.  A toneless syllable only where the article has several toned glosses and the syllable is a reading of that ideograph
 *   (pinyin.h); the same where it begins with a capital.  Several syllables for as many ideographs, each a reading of its own:
 *   `記者(jìzhě)`.
 * mojibake: a run of `?`, `？` or U+FFFD that stood for spaces (at the start of a line, after a clause mark, between
 * the names of a
 *   credit in brackets, and between Han in an article with several of the first kind), or a gloss that broke (`?yōu)榇_`).  A question
 *   mark that asks is none.
 * glue: a numeric date, or one with a clock time, stuck to the next sentence or label (`10:07:18来源`); the range is
 * the date.  Shown as
 *   it is; only extraction cares.
 *
 * Finding is local: the answer for a range depends on that range, at most NOISE_REACH bytes either side and on
 * `struct noise_facts`; what would be longer than NOISE_REACH is no noise. */
#ifndef ZHUPI_MODEL_NOISE_H
#define ZHUPI_MODEL_NOISE_H

#include "model/base.h"

#define NOISE_REACH ((size_t)256)

enum noise_kind { NOISE_GLOSS, NOISE_MOJIBAKE, NOISE_GLUE, NOISE_KINDS };

struct noise {
	size_t off, end; /* bytes of the text, half-open */
	enum noise_kind kind;
};

/* {0} is empty; owns its list: noise_free(). */
struct noise_list {
	struct noise *list;
	size_t n, cap;
};

/* What must be known of the whole article: judged by its first 64 KiB. */
struct noise_facts {
	bool toneless_glosses; /* several toned ones were found */
	bool lost_spaces;      /* several lines begin with mojibake */
};

struct noise_facts noise_facts_of(struct str text);
/* Appends the noise that starts in [off, end), sorted. */
void noise_find(struct str text, size_t off, size_t end, struct noise_facts facts, struct noise_list *out);
void noise_free(struct noise_list *list);

#endif
