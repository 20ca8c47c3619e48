/* term_signals: signals as flags that the loop of term.c takes, and two that cannot wait.
 *
 * A handler sets its flag and writes a byte into a pipe, so that a loop that waits for keys wakes up; nothing else is done
 * in it.  Two cannot wait for the loop: a signal by which the program dies (SEGV, ABRT …) calls `fatal` and takes its
 * course; and when SIGTERM, SIGHUP or SIGINT came and the loop has not ended within two seconds, since it is stuck writing
 * to a terminal that takes nothing, `stuck` is called and the process ends with 128 + that signal.  Both are called within
 * a handler: they may use no memory and no locks.
 *
 * What was ignored when the program was started stays ignored: nohup, a shell without job control.  SIGPIPE is ignored.
 * Handlers have no argument, so the flags are mutable globals, of term_signals.c alone; there is one terminal. */
#ifndef ZHUPI_TUI_TERM_SIGNALS_H
#define ZHUPI_TUI_TERM_SIGNALS_H

#include "model/base.h"

/* Sets the handlers.  False: there is no pipe to be had, and nothing was set. */
bool signals_open(void (*fatal)(void), void (*stuck)(void), struct error *err);
void signals_close(void);        /* handlers as they were; harmless where none are set */

int signals_fd(void);            /* to be polled: readable after a signal; -1 before signals_open() */
void signals_drain(void);        /* when it was */

int signals_ended(void);         /* the signal that is to end the program, 0: none came; stays set */
void signals_ending(void);       /* the loop is about to end: it is not stuck */
bool signals_take_resize(void);  /* whether it came since it was taken last; this and the next two */
bool signals_take_stop(void);    /* SIGTSTP, sent by another program */
bool signals_take_continue(void);

bool signals_may_stop(void);     /* false: SIGTSTP was ignored from the start, nobody could say `fg` */
/* Stops the whole group, so that `make` above us stops as well; returns when the process was continued. */
void signals_stop(void);

#endif
