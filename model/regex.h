/* regex: ICU regular expressions over UTF-8 text, with limits, so that no pattern can hang or exhaust the program.
 *
 * Syntax and semantics are ICU's (UTS #18); matching is by code points, with Unicode case folding where asked for.  Positions are byte
 * offsets within the text last given.  A regex owns itself and borrows the text; a match is that of the last regex_next(). */
#ifndef ZHUPI_MODEL_REGEX_H
#define ZHUPI_MODEL_REGEX_H

#include "model/base.h"

#define REGEX_PATTERN_LIMIT ((size_t)65536) /* bytes of a pattern */

enum { REGEX_IGNORE_CASE = 1 };

struct regex;

/* ERROR_SYNTAX carries the line and column (code points, 1-based) within the pattern. */
bool regex_compile(struct str pattern, unsigned flags, struct regex **out, struct error *err);
void regex_free(struct regex *r);

void regex_text(struct regex *r, struct str text);
/* The first match that starts at or after `from`.  False: none, or *err is set (ERROR_LIMIT: the pattern needs too much time or memory
 * on this text; the search can go on behind).  A match may be empty; the caller steps on. */
bool regex_next(struct regex *r, size_t from, size_t *off, size_t *end, struct error *err);

/* Groups of the last match: 0 is the whole.  False for a group that took no part, or a name that the pattern does not have. */
bool regex_group(struct regex *r, unsigned group, size_t *off, size_t *end);
bool regex_named(struct regex *r, const char *name, size_t *off, size_t *end);

#endif
