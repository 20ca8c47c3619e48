/* headless: the same program and screens with a script instead of a terminal: `zhupi --headless COLSxROWS PATH`.
 *
 * The script comes from stdin, one instruction a line; answers go to stdout, flushed after each.  Long work is
 * finished after every instruction, so that what is shown does not depend on time.  Empty lines and lines that begin
 * with # are passed over. */
#ifndef ZHUPI_TUI_HEADLESS_H
#define ZHUPI_TUI_HEADLESS_H

#include "tui/app.h"

/* size: "80x24".  0; 2 after an error, which has been told on stderr. */
int headless_run(struct app *a, const char *size, const char *path);
extern const char headless_help[]; /* the instructions, for --help */

#endif
