/* process: another program run by its argument vector, never through a shell. */
#ifndef ZHUPI_MODEL_PROCESS_H
#define ZHUPI_MODEL_PROCESS_H

#include "model/base.h"

/* Runs argv (found along PATH, NULL-terminated) with our stdin, stdout and stderr and waits for it.  The caller gives the terminal over before
 * and takes it back after.  Ctrl-C and Ctrl-\ go to the program alone meanwhile; it starts with all signals at their defaults and no descriptors but
 * those three.  *status: its exit status, or 128 + the signal that ended it.  False when it could not be started (ERROR_MISSING, ERROR_IO). */
bool process_run(char *const argv[], int *status, struct error *err);

#endif
