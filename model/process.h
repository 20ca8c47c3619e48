/* process: another program run by its argument vector, never through a shell: once, with the terminal, or kept
 * running and asked line by line. */
#ifndef ZHUPI_MODEL_PROCESS_H
#define ZHUPI_MODEL_PROCESS_H

#include "model/base.h"

/* Runs argv (found along PATH, NULL-terminated) with our stdin, stdout and stderr and waits for it.  The caller
 * gives the terminal over before and takes it back after.  Ctrl-C and Ctrl-\ go to the program alone meanwhile; it
 * starts with all signals at their defaults and no descriptors but those three.  *status: its exit status, or 128 +
 * the signal that ended it.  False when it could not be started (ERROR_MISSING, ERROR_IO). */
bool process_run(char *const argv[], int *status, struct error *err);

/* ---- a program kept running ---------------------------------------------------------------------------------
 * It reads lines on its standard input and answers on its standard output, one for each.  All three of its streams
 * are pipes; what it says on stderr goes line by line to `said`.  It leads a process group of its own: Ctrl-C does
 * not reach it, and whatever it started ends with it. */

#define PROCESS_LINE_LIMIT ((size_t)256 << 20) /* bytes of an answer */
#define PROCESS_SAID_LIMIT 2000                /* bytes of a line on stderr; longer ones come in pieces */

struct process;

struct process_watch {
	void (*said)(void *ctx, struct str line); /* a line on stderr without its newline, not sanitised; NULL: thrown away */
	bool (*stop)(void);                       /* asked ten times a second; NULL: never */
	void *ctx;
};

enum process_answer {
	PROCESS_ANSWERED, /* *answer: the line without its newline, valid until the next question */
	PROCESS_GONE,     /* it ended, or closed a stream */
	PROCESS_LATE,     /* the time is over */
	PROCESS_LONG,     /* a line of more than PROCESS_LINE_LIMIT */
	PROCESS_EARLY,    /* it had answered before it was asked */
	PROCESS_STOPPED,  /* stop() said so */
	PROCESS_WAITS     /* of process_hear(): nothing of that yet */
};

/* False when it could not be started (ERROR_MISSING, ERROR_IO). */
bool process_start(char *const argv[], const struct process_watch *watch, struct process **out, struct error *err);
/* Asks: writes a line (its newline included, copied), which is to be answered by one within limit_ms.  Each
 * process_hear() waits at most wait_ms of that, until one answers something else than PROCESS_WAITS.  After anything
 * but PROCESS_ANSWERED the two are out of step: end it. */
void process_say(struct process *p, struct str line, int64_t limit_ms);
enum process_answer process_hear(struct process *p, int64_t wait_ms, struct str *answer);
/* Closes its input and waits at most wait_ms; true when it has ended by itself.  process_end() is still to be called. */
bool process_leaves(struct process *p, int64_t wait_ms);
/* Closes its input, gives it a moment to leave (grace_ms), kills it and what it started, and waits for it.  Its
 * status as above; NULL is fine: 0. */
int process_end(struct process *p, int64_t grace_ms);

#endif
