/* term: the terminal: modes, bytes in, and getting it back whatever happens; signals are term_signals.h.
 *
 * There is one terminal, so its state is a mutable global, of term.c alone.  When the program dies (SEGV, ABRT …) the
 * terminal is restored by bytes prepared beforehand.
 *
 * A terminal that is gone (hung up, end of file, three errors in a row) is an end like SIGHUP: term_next() answers
 * INPUT_END and never spins. */
#ifndef ZHUPI_TUI_TERM_H
#define ZHUPI_TUI_TERM_H

#include "tui/app.h"

/* Takes the terminal over.  False: there is none that will do; err says what to do about it.  ascii: the locale is
 * not UTF-8. */
bool term_open(const struct user_config *config, bool ascii, struct error *err);
void term_close(void);                /* gives it back; harmless when it is not open */
void term_restore(void);              /* the same in an emergency: no memory is needed; for mem_on_exhausted() */
const struct platform *term_platform(void);

/* The next event, INPUT_IDLE after a second without any.  False: nothing within timeout_ms. */
bool term_next(struct input *out, int timeout_ms);
/* why INPUT_END came: 128 + signal, 2 for a terminal that is gone, 0: it did not */
int term_exit_status(void);

#endif
