/* near: the word that was probably meant by one that is mistyped. */
#ifndef ZHUPI_TUI_COMMANDS_NEAR_H
#define ZHUPI_TUI_COMMANDS_NEAR_H

#include "model/base.h"

/* Bytes put in, left out, changed, or swapped with the next, to come from one to the other: the distance of Damerau (1964)
 * in the form that touches no byte twice ("optimal string alignment"). */
size_t near_distance(struct str a, struct str b);
/* Whether b may be meant by a: at most one slip for each three bytes, and two in all. */
bool near_is_meant(struct str a, struct str b);

#endif
