/* input: what a person does, as events; where they come from (a terminal, a script) is not for screens to know. */
#ifndef ZHUPI_TUI_INPUT_H
#define ZHUPI_TUI_INPUT_H

#include "model/utf8.h"

/* Keys are code points, or one of these above them.  Ctrl-letter is the control code 1..26. */
enum {
	KEY_NONE_ = 0x110000, KEY_UP_, KEY_DOWN_, KEY_LEFT_, KEY_RIGHT_, KEY_HOME_, KEY_END_, KEY_PGUP_, KEY_PGDN_, KEY_INSERT_, KEY_DELETE_, KEY_BACKSPACE_,
	KEY_ENTER_, KEY_TAB_, KEY_BACKTAB_, KEY_ESC_, KEY_F1_, KEY_LIMIT_ = KEY_F1_ + 12
};

enum input_kind {
	INPUT_KEY,     /* key; a character key also carries its text */
	INPUT_PASTE,   /* text: a bracketed paste, whole */
	INPUT_MOUSE,   /* row, col, button */
	INPUT_RESIZE,  /* the grid has a new size */
	INPUT_IDLE,    /* nothing came for a moment: time to save and to look at files */
	INPUT_RESUME,  /* back from Ctrl-Z or an editor: everything may have changed on disk */
	INPUT_END      /* the terminal is gone, or the script is at its end */
};

enum mouse_button { MOUSE_PRESS, MOUSE_DRAG, MOUSE_RELEASE, MOUSE_DOUBLE, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

struct input {
	enum input_kind kind;
	uint32_t key;
	struct str text; /* valid until the next event is read */
	int row, col;
	enum mouse_button button;
};

/* Names in config.yaml, help and scripts: "y", "<Space>", "<Enter>", "<C-r>", "<PgDn>".  NOWHERE-free: 0 for no such name. */
uint32_t key_of_name(struct str name);
void key_name(struct buf *out, uint32_t key);

#endif
