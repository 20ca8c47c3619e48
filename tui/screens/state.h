/* state: how far an article is, in the one word that every screen says of it. */
#ifndef ZHUPI_TUI_SCREENS_STATE_H
#define ZHUPI_TUI_SCREENS_STATE_H

#include "annotations/set.h"

/* In the order in which the library shows them by status: work begun first, work ended last. */
enum article_state {
	STATE_REVIEWING, STATE_UNREAD, STATE_READ, STATE_BROKEN, STATE_DONE, STATE_UNKNOWN, ARTICLE_STATES
};

/* Of what its sidecar says, how many spans are decided there, and whether it was ever opened and left (places.h). */
enum article_state article_state(enum status status, uint64_t decided, bool seen);
struct str article_state_name(enum article_state s); /* "reviewing"; of what is not known yet: empty */

#endif
