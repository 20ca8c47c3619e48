/* disk: what happened to files, in order, and the disks that a loss of power can leave of it.
 *
 * The model is that of "All File Systems Are Not Created Equal" (Pillai and others, OSDI 2014): what was not synced may
 * be there or not, each effect for itself, data in blocks of 512 bytes; an fsync of a file settles its data, one of a
 * folder the names in it.  A rename is one effect.  Bytes that did not arrive may still have made the file longer. */
#ifndef ZHUPI_TESTS_FAULT_DISK_H
#define ZHUPI_TESTS_FAULT_DISK_H

#include "world.h"

/* Starts recording in this process (fault_start() with disk_seen), from the files that are in the working directory. */
void disk_make(void); /* the memory that a child's record is left in; once */
void disk_record(void);
void disk_seen(enum call c, int fd, const char *path, const char *other, const void *bytes, long long n, int result);
void disk_claim(size_t claim, enum claim_state state);
void disk_put(const char *path, const char *text); /* another program put a file there, and it stays */

size_t disk_steps(void); /* recorded */
/* The number of choices about effects before that step that a loss of power just before it leaves open: whether each
 * came to be, and of bytes that did not, whether the file became longer. */
size_t disk_open_effects(size_t step);
/* Makes the working directory what it then is: choice() is asked for each open effect whether it arrived. Sets the
 * claims to what had been said by then. */
void disk_rebuild(size_t step, bool (*choice)(void *ctx, size_t nth), void *ctx);

#endif
