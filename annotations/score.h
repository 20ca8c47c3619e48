/* score: how sure whoever proposed a span was: from 0 to 1 in files, per mille in memory, rounded down. */
#ifndef ZHUPI_ANNOTATIONS_SCORE_H
#define ZHUPI_ANNOTATIONS_SCORE_H

#include "annotations/node.h"

#define SCORE_NONE UINT16_MAX

/* "0.93": 930; with as many digits as it has, and with a negative exponent, as JSON writes numbers.  SCORE_NONE: it is
 * no number from 0 to 1. */
uint16_t score_of(struct str text);
/* With two decimals, unquoted: 930 as 0.93.  The caller owns it. */
struct node *score_node(uint16_t score);
/* Of two who propose the same and err independently: 1 - (1-a)(1-b), at most 0.99 unless one of them is surer than that.
 * Either may be SCORE_NONE. */
uint16_t score_join(uint16_t a, uint16_t b);

#endif
