/* regex: ICU regular expressions over UTF-8 text, with limits, so that no pattern can hang or exhaust the program.
 *
 * Syntax and semantics are ICU's (UTS #18); matching is by code points, with Unicode case folding where asked for.
 * Positions are byte offsets within the text last given.  A regex owns itself and borrows the text; a match is that
 * of the last regex_next().
 *
 * Work is counted in steps of ICU's engine, which tells of them in blocks of REGEX_BLOCK; a search that ends within
 * its first block counts as none. */
#ifndef ZHUPI_MODEL_REGEX_H
#define ZHUPI_MODEL_REGEX_H

#include "model/base.h"

#define REGEX_PATTERN_LIMIT ((size_t)65536) /* bytes of a pattern */
#define REGEX_BLOCK 10000                   /* steps: some tenths of a millisecond */

enum { REGEX_IGNORE_CASE = 1 };

struct regex;

/* ERROR_SYNTAX carries the line and column (code points, 1-based) within the pattern. */
bool regex_compile(struct str pattern, unsigned flags, struct regex **out, struct error *err);
void regex_free(struct regex *r);

/* steps: what all searches in this text may take together. */
void regex_text(struct regex *r, struct str text, uint64_t steps);
/* The first match that starts at or after `from`.  False: none, or *err is set (ERROR_LIMIT: the steps are used up,
 * or the stack is).  A match may be empty; the caller steps on. */
bool regex_next(struct regex *r, size_t from, size_t *off, size_t *end, struct error *err);

uint64_t regex_steps(const struct regex *r); /* taken in this text, as far as they count; more than were allowed: they are used up */

/* Groups of the last match: 0 is the whole.  False for a group that took no part, or a name that the pattern does not have. */
bool regex_group(struct regex *r, unsigned group, size_t *off, size_t *end);
bool regex_named(struct regex *r, const char *name, size_t *off, size_t *end);

#endif
