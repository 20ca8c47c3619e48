/* screen: one thing that fills the terminal, and the app that holds a stack of them.
 *
 * A screen is data (its own struct behind `state`) and behaviour (a constant table, last in its file).  The app
 * offers an action to the top screen; what it passes on is handled generically (help, undo, quit, redraw).  Drawing
 * is a function of state: draw() changes nothing that a key would notice.
 * Code never tests keys outside keys.c: screens see actions. */
#ifndef ZHUPI_TUI_SCREEN_H
#define ZHUPI_TUI_SCREEN_H

#include "annotations/session.h"
#include "tui/grid.h"
#include "tui/input.h"
#include "tui/keys.h"

struct app;
struct screen;

enum answer {
	PASS,  /* not mine: the app may handle it */
	DONE,  /* handled */
	CLOSE, /* handled, and this screen is finished: pop it */
	QUIT   /* leave the program */
};

struct screen_ops {
	const char *name;
	/* which rows of the key table are offered; may change: see `context_of` */
	enum key_context context;
	bool (*open)(struct screen *, const void *arg, struct error *);
	/* the whole grid; the app adds nothing but a prompt over the last row */
	void (*draw)(struct screen *, struct grid *);
	enum answer (*act)(struct screen *, enum action action);
	/* a field is being edited: gets all text; NULL or PASS: keys are actions */
	enum answer (*text)(struct screen *, struct str typed, bool pasted);
	/* likewise for keys that are no text (arrows, Enter, Esc, Ctrl) */
	enum answer (*edit_key)(struct screen *, uint32_t key);
	bool (*editing)(const struct screen *);            /* whether text() and edit_key() get the input now */
	enum key_context (*context_of)(const struct screen *); /* NULL: always `context` */
	enum answer (*mouse)(struct screen *, const struct input *);
	void (*idle)(struct screen *);                     /* a pause: save, look at files */
	/* shown again after a screen above closed, after undo, resize or resume */
	void (*refresh)(struct screen *);
	/* what the first frame did without, once that is shown and before any event; true: there is more to draw now */
	bool (*load)(struct screen *);
	bool (*work)(struct screen *, int64_t until_ms);   /* slices of long work; true: nothing left */
	struct str (*file)(const struct screen *);         /* the article it shows, for undo; NULL: none */
	/* make an item of that article current; NULL or false: it is opened anew */
	bool (*show)(struct screen *, enum item_kind kind, struct str id);
	/* in the order that it shows: the article after (step 1) or before (-1) that one; work: the next with work left, round
	 * the end.  Empty: there is none.  NULL: it shows no order */
	struct str (*beside)(struct screen *, struct str file, int step, bool work);
	void (*close)(struct screen *);
};

struct screen {
	const struct screen_ops *ops;
	struct app *app;
	void *state; /* the screen's own, freed by close */
};

/* ---- what screens may ask of the app -------------------------------------------------------------------------- */

struct session *app_session(struct app *a);
struct corpus *app_corpus(struct app *a);
const struct user_config *app_config(const struct app *a);
void app_keys(const struct app *a, enum action action, struct buf *out); /* as bound now: "j <Down>" */
struct places *app_places(struct app *a);      /* where the reader was in each article: places.h */
bool app_read_only(const struct app *a);       /* --read */
bool app_color(const struct app *a);
int app_lanes(const struct app *a);            /* 0 or 1 */
unsigned app_ambiguous(const struct app *a);
bool app_ascii(const struct app *a);           /* marks in ASCII: set in the grid too */
void app_toggle_mouse(struct app *a);          /* says what it is now */
bool app_mouse(const struct app *a);           /* is on: what cannot be is off */
int app_rows(const struct app *a);
int app_cols(const struct app *a);
void app_draw_now(struct app *a);              /* what work() found is not to wait for the next frame */

/* Screens: the new one is opened on top; on failure the error is shown as a message and nothing changes. */
bool app_push(struct app *a, const struct screen_ops *ops, const void *arg);
/* Closing the top screen leads to one below it, or to another path of the command line. */
bool app_leads_on(const struct app *a);
/* The article after or before that one as a screen below shows them: see `beside`.  False: none below shows an order. */
bool app_beside(struct app *a, struct str file, int step, bool work, struct str *out);
/* Replaces the top screen (next article from the end card). Keys typed before the new screen was drawn are dropped. */
bool app_replace(struct app *a, const struct screen_ops *ops, const void *arg);

/* The message at the left of the last row until the next key; sanitised. */
void app_say(struct app *a, const char *format, ...) PRINTF_LIKE(2, 3);
void app_error(struct app *a, struct error *err); /* shows and clears it */
struct str app_message(const struct app *a);      /* empty: none */

/* Draws the last row that every screen shares: the message or else key hints of the context, the mode word (may be
 * NULL), `saved N` at the right. */
void app_footer(struct app *a, struct grid *g, enum key_context context, const char *mode);
/* The same while what is typed is no key of the table: a hint in words. */
void app_footer_hint(struct app *a, struct grid *g, const char *hint);

/* Commits what a person did; on failure shows why and returns false.  Takes the group over. An empty group is fine:
 * true. */
bool app_commit(struct app *a, struct group *g);

/* Proposes in that article by the extractors that the corpus names, else by the built-in rules, in slices of work between
 * keys, after those that wait already; when all are through, what was proposed and what went wrong is said.  Each article
 * is a group of its own, journaled and saved as others are; Esc stops at once.  unless_done: an article marked done is
 * left alone.  False: nothing can be extracted here (told). */
bool app_extract(struct app *a, struct str file, bool unless_done);
/* Why a built-in rule proposes, by its name in a sidecar; empty: there is none. */
struct str app_rule_why(struct app *a, struct str rule);

/* One line asked for on the last row.  changed (may be NULL) runs after every keystroke (search as you type), done
 * with ok=false when cancelled. */
struct prompt_ops {
	void (*changed)(struct screen *, struct str text);
	void (*done)(struct screen *, struct str text, bool ok);
};
void app_prompt(struct app *a, struct screen *s, const char *label, struct str initial, const struct prompt_ops *ops);
/* Says something at the right of the line being asked for, until the next keystroke: how much a search found. */
void app_prompt_note(struct app *a, const char *format, ...) PRINTF_LIKE(2, 3);
/* A question answered by one key out of `keys` ("yn"); anything else counts as cancelled (0). */
void app_ask(struct app *a, struct screen *s, const char *question, const char *keys,
             void (*answered)(struct screen *, char key));

/* The same for what must not be answered by a key meant for something else: only `keys` and Esc end it. */
void app_insist(struct app *a, struct screen *s, const char *question, const char *keys,
                void (*answered)(struct screen *, char key));

/* Edits text in $VISUAL or $EDITOR (argv split at blanks, never a shell) with the terminal handed over; false with a
 * reason when it cannot be run or fails: the text is unchanged. */
bool app_external_edit(struct app *a, struct buf *text, struct error *err);

/* Undo and redo as any screen does them: goes to the article concerned and says what was undone. */
void app_undo(struct app *a, bool redo);
/* Goes to an item in an article: the library stays below. */
void app_show_item(struct app *a, struct str file, enum item_kind kind, struct str id);

/* ---- the screens --------------------------------------------------------------------------------------------- */

struct article_arg {
	struct str file;     /* relative to the corpus */
	struct str item;     /* span to make current, or empty: the place last read, or the first undecided span */
	bool review;         /* start at the first undecided span wherever the reader was */
};
extern const struct screen_ops library_screen; /* arg NULL */
extern const struct screen_ops article_screen; /* struct article_arg */
extern const struct screen_ops history_screen; /* struct article_arg */
extern const struct screen_ops help_screen;    /* enum key_context * */

#endif
