/* input: what a person does, as events; where they come from (a terminal, a script) is not for screens to know. */
#ifndef ZHUPI_TUI_INPUT_H
#define ZHUPI_TUI_INPUT_H

#include "model/utf8.h"

/* Keys are code points, or one of these above them.  Ctrl-letter is the control code 1..26. */
enum {
	KEY_NONE_ = 0x110000,
	KEY_UP_,
	KEY_DOWN_,
	KEY_LEFT_,
	KEY_RIGHT_,
	KEY_HOME_,
	KEY_END_,
	KEY_PGUP_,
	KEY_PGDN_,
	KEY_INSERT_,
	KEY_DELETE_,
	KEY_BACKSPACE_,
	KEY_ENTER_,
	KEY_TAB_,
	KEY_BACKTAB_,
	KEY_ESC_,
	KEY_F1_,
	KEY_LIMIT_ = KEY_F1_ + 12
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

/* ---- from bytes to events ----------------------------------------------------------------------------------------
 *
 * A reader takes the bytes of a terminal and gives events.  Sequences it does not know are swallowed whole: no part
 * of one is ever a key.
 *
 * A bracketed paste (ESC[200~ … ESC[201~) is one INPUT_PASTE whatever its size.  An end mark inside it (from a
 * terminal that does not filter what it pastes) does not end it when another one follows in the same burst; one that
 * never comes is given up after PASTE_MS of silence.
 *
 * Where bracketed paste is not to be had (input_reader_guard), more than BURST_KEYS characters that come at once and
 * read like prose (Han, or many different characters with several blanks among them) are a paste too.  Key repeat,
 * and keys that a script sends, are few different characters without blanks and stay keys.
 *
 * Sources: ECMA-48 for CSI and SS3, ctlseqs of XTerm for mouse (SGR 1006 and X10), modifiers and bracketed paste. */
enum { ESCAPE_MS = 25, PASTE_MS = 2000, PASTE_TAIL_MS = 10, BURST_MS = 50, BURST_KEYS = 30, PASTE_LIMIT = 1 << 26 };

struct input_reader;

struct input_reader *input_reader_new(void);
void input_reader_free(struct input_reader *r);
/* from the terminal's description; starts with ESC */
void input_reader_define(struct input_reader *r, const char *sequence, uint32_t key);
void input_reader_guard(struct input_reader *r, bool on);   /* this terminal is not known to bracket pastes */
void input_reader_feed(struct input_reader *r, struct str bytes);
/* The next event.  False: more bytes, or silence, are needed.  `silent_ms`: how long nothing has come. */
bool input_reader_next(struct input_reader *r, int silent_ms, struct input *out);
/* after how much silence to ask again; -1: nothing is pending */
int input_reader_wait(const struct input_reader *r);
void input_reader_drop(struct input_reader *r);             /* forgets what was typed ahead, not the rest of a paste */
/* The answer to a question for the cursor's place (ESC[6n), which is no key: asked beforehand, then true once when it
 * has come. */
void input_reader_expect(struct input_reader *r);
bool input_reader_place(struct input_reader *r, int *row, int *col);

/* Names in config.yaml, help and scripts: "y", "<Space>", "<Enter>", "<C-r>", "<PgDn>".  0: there is
 * no such name. */
uint32_t key_of_name(struct str name);
void key_name(struct buf *out, uint32_t key);

#endif
