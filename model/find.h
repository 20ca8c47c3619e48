/* find: a string searched in folded text (fold.h), with matches in raw byte offsets; forward and backward, linear in
 * the text.
 *
 * Offsets are bytes of the text as given.  Hidden ranges (glosses) are passed over: a match may begin before one and
 * end after it, and none begins or ends within.  A pattern owns its memory and may be used for any number of texts. */
#ifndef ZHUPI_MODEL_FIND_H
#define ZHUPI_MODEL_FIND_H

#include "model/base.h"

#define FIND_LIMIT 1024 /* code points of a query that count; the rest is ignored */

struct find_pattern;

struct find_range {
	size_t off, end;
};

/* Sorted ranges of the text that are not there for the search; {0}: none.  Borrowed. */
struct find_hidden {
	const struct find_range *ranges;
	size_t n;
};

struct find_pattern *find_compile(struct str query); /* NULL for an empty query */
void find_free(struct find_pattern *p);

/* First match that starts at or after `from`; NOWHERE when there is none.  *end (may be NULL) receives its end. */
size_t find_next(const struct find_pattern *p, struct str text, struct find_hidden hidden, size_t from, size_t *end);
/* Last match that starts before `before`. */
size_t find_prev(const struct find_pattern *p, struct str text, struct find_hidden hidden, size_t before, size_t *end);

#endif
