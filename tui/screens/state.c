/* state.c: see state.h. */
#include "tui/screens/state.h"

enum article_state article_state(enum status status, uint64_t decided, bool seen)
{
	if (status == STATUS_DONE)
		return STATE_DONE;
	/* An import may write `reviewing` beside proposals that nobody has looked at. */
	if (decided > 0 || (status == STATUS_REVIEWING && seen))
		return STATE_REVIEWING;
	return seen ? STATE_READ : STATE_UNREAD;
}

struct str article_state_name(enum article_state s)
{
	static const struct str names[ARTICLE_STATES] = {
		[STATE_REVIEWING] = S("reviewing"), [STATE_UNREAD] = S("unread"), [STATE_READ] = S("read"),
		[STATE_BROKEN] = S("broken"),       [STATE_DONE] = S("done"),     [STATE_UNKNOWN] = S(""),
	};
	return names[s];
}
