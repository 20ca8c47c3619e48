/* app: the program at a terminal: what is open, the stack of screens, and what happens to an event.  For main,
 * headless and the files app*.c; screens see screen.h.
 *
 * The app owns configuration, corpus, session, places and screens; it borrows the platform.  A platform is a terminal
 * or a script: it shows grids and has events.
 * The loop of either is: event, app_handle(), app_draw(), and app_work() while nobody types. */
#ifndef ZHUPI_TUI_APP_H
#define ZHUPI_TUI_APP_H

#include "tui/lineedit.h"
#include "tui/screen.h"

struct platform {
	void *ctx;                              /* given to each function */
	void (*show)(void *ctx, struct grid *g); /* the frame; what changed is sent */
	void (*redraw)(void *ctx);              /* the next frame is sent whole */
	void (*drop)(void *ctx);                /* what was typed ahead is forgotten */
	void (*suspend)(void *ctx);             /* Ctrl-Z: comes back after fg */
	void (*leave)(void *ctx);               /* the terminal is handed to another program … */
	void (*enter)(void *ctx);               /* … and taken back */
	bool (*mouse)(void *ctx, bool on);      /* whether it is on afterwards */
	void (*size)(void *ctx, int *rows, int *cols);
	bool color, ascii;
	unsigned ambiguous;                     /* may change; an INPUT_RESIZE tells */
};

struct message {
	struct buf text;
	bool is_error;
};

/* What stands on the last row and gets all keys: a line being asked for, or a question. */
struct asking {
	struct screen *screen;             /* who asked */
	char *label;                       /* NULL: nothing is asked */
	struct lineedit line;
	const struct prompt_ops *ops;      /* of a line; NULL for a question and for the command line */
	const char *keys;                  /* of a question, else NULL */
	void (*answered)(struct screen *, char key);
	bool insists;                      /* no other key ends the question */
	bool command;                      /* `:` */
	char *candidates;                  /* completions shown above it, or NULL */
	struct buf note;                   /* what is said at the right while a line is typed; may be empty */
};

/* Sidecars with a second name (hard links), each asked about once: app_part.c. */
struct parting {
	struct parted { char *file; bool may; } *list;
	size_t n;
	char *wanted;                      /* the next to be asked about, or NULL */
	struct screen *after;              /* what was to be done when the question came … */
	enum answer answer;                /* … PASS: nothing */
};

struct level {
	struct screen screen;
	char *file;                        /* the article it was opened with, or NULL */
	bool closing;
};

struct app {
	const struct platform *platform;
	struct user_config config;
	struct keymap *keys;
	struct corpus *corpus;
	struct session *session;
	struct places *places;
	bool read_only;
	bool mouse;                        /* is on */
	bool more_paths;                   /* of the command line, after the one that is open */
	struct grid grid;
	struct level **levels;             /* bottom to top; pointers, as screens keep theirs */
	size_t n_levels, cap_levels;
	struct message message;
	struct asking asking;
	bool quit;
	bool places_told;                  /* that reading places cannot be kept */
	struct parting parting;
	struct extracting *extracting;     /* NULL: nothing was extracted yet */
	bool drop;                         /* what was typed before the next frame is dropped */
	bool due;                          /* a frame, before its time */
	/* to be shown when the event is dealt with */
	struct { char *file, *id; enum item_kind kind; bool wanted; } item;
};

struct app *app_new(bool read_only, struct error *err); /* reads the user's configuration; NULL: it is wrong */
void app_attach(struct app *a, const struct platform *platform);
/* a folder or an article, and its first screen; after app_attach */
bool app_open(struct app *a, const char *path, struct error *err);
void app_handle(struct app *a, const struct input *in);
void app_draw(struct app *a);                       /* into the grid, and shown */
bool app_work(struct app *a, int64_t until_ms);     /* true: nothing is left to do */
bool app_draw_due(const struct app *a);             /* after app_work(): something came that is to be seen at once */
bool app_running(const struct app *a);
bool app_quitting(const struct app *a);             /* the program is to end, not only the last screen */
/* Closes all screens, writes what is to be written.  False: something could not be, but the journal has it. */
bool app_close(struct app *a, struct error *err);
void app_free(struct app *a);

/* ---- between the files app*.c -------------------------------------------------------------------------------- */

struct screen *app_top(struct app *a);              /* NULL: none */
enum key_context app_context(struct app *a);        /* of the top screen now */
struct str app_top_file(struct app *a);             /* the article it shows, or empty */
void app_answer(struct app *a, struct screen *s, enum answer answer);
void app_input(struct app *a, const struct input *in);  /* a key, a paste, the mouse */
enum answer app_act(struct app *a, enum action action); /* offered to the top screen, then done here */
bool asking_input(struct app *a, const struct input *in); /* false: nothing is asked */
void asking_cancel(struct app *a, struct screen *of);    /* of NULL: whoever asked */
void asking_draw(struct app *a, struct grid *g);
void app_command_line(struct app *a);                    /* `:` */
void app_command_complete(struct app *a);
void app_command_run(struct app *a, struct str typed);
struct str app_level_file(struct app *a, size_t level);  /* the article that it shows, or empty */
void app_part_watch(struct app *a);                      /* of the session that was just opened */
void app_part_ask(struct app *a);                        /* where a save waits for an answer */
/* Before the last screen goes: whether something is to be asked first; s and answer are what then follows. */
bool app_part_first(struct app *a, struct screen *s, enum answer answer);
void app_part_free(struct app *a);
bool app_extract_work(struct app *a, int64_t until_ms);  /* true: nothing waits */
bool app_extract_cancel(struct app *a);                  /* false: nothing waits */
void app_extract_progress(const struct app *a, struct buf *out); /* "extracting 3/12", or nothing */
void app_extract_free(struct app *a);
void message_clear(struct app *a);
void message_draw(struct app *a, struct grid *g);   /* one that is too long for the last row */

#endif
