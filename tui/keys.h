/* keys: the one table of actions and keys.  keys.def.h has a row for each action: context, keys, name, help; the
 * enumeration, the bindings, the help screen, footers, `zhupi keys`, man page and README all come from it;
 * config.yaml remaps it by action name. */
#ifndef ZHUPI_TUI_KEYS_H
#define ZHUPI_TUI_KEYS_H

#include "annotations/config.h"
#include "tui/input.h"

/* A context hears its own rows, then those of EVERYWHERE. */
enum key_context {
	IN_EVERYWHERE,
	IN_ARTICLE,
	IN_SELECT,
	IN_PANE,
	IN_TOGGLES,
	IN_LABELS,
	IN_LIBRARY,
	IN_END,
	IN_HISTORY,
	IN_HELP,
	KEY_CONTEXTS
};

#define KEY(context, action, name, keys, hint, help) action,
enum action {
	ACTION_NONE,
#include "tui/keys.def.h"
	ACTIONS
};
#undef KEY

struct keymap;

/* The defaults with the user's changes; a clash within a context and EVERYWHERE, an unknown action or key is an error
 * with file, line and column. */
bool keymap_new(const struct user_config *config, struct keymap **out, struct error *err);
void keymap_free(struct keymap *k);
/* Full-width and Chinese marks act as their ASCII key.  ACTION_NONE: not bound; *is_han (may be NULL): committed Han,
 * the input method is on. */
enum action keymap_action(const struct keymap *k, enum key_context context, uint32_t key, bool *is_han);

/* the ASCII key of a full-width or Chinese mark; other keys as they are */
uint32_t key_as_ascii(uint32_t key);

const char *action_name(enum action a);                       /* "accept" */
enum action action_of_name(struct str name);
enum key_context action_context(enum action a);
const char *action_help(enum action a);                       /* one line */
const char *action_hint(enum action a);                       /* one or two words for footers, "" for none */
const char *context_title(enum key_context c);
void keymap_keys(const struct keymap *k, enum action a, struct buf *out); /* "j <Down>" */
/* The first of them as it is read: "j", "Enter" for "<Enter>"; nothing where none is bound. */
void keymap_first(const struct keymap *k, enum action a, struct buf *out);
/* Rows of the table in order, for help and manuals. */
struct key_row {
	enum key_context context;
	enum action action;
	const char *group; /* title of the group this row stands in */
};
size_t key_rows(const struct key_row **out);

#endif
