/* table: the io table of the fault tests: every call counted, and one of them made to fail, to come short or to be the
 * last thing that the process does.
 *
 * Calls are counted from 1 in the order in which they are made; the clock and randomness are no calls here: they answer
 * the same in every run, so that states of the disk can be compared byte for byte.  poll() does not wait. */
#ifndef ZHUPI_TESTS_FAULT_TABLE_H
#define ZHUPI_TESTS_FAULT_TABLE_H

#include "model/io.h"

enum call {
	CALL_OPEN, CALL_READ, CALL_PREAD, CALL_WRITE, CALL_FSYNC, CALL_FDATASYNC, CALL_FTRUNCATE, CALL_CLOSE, CALL_RENAME,
	CALL_RENAMEAT2, CALL_LINK, CALL_SYMLINK, CALL_UNLINK, CALL_MKDIR, CALL_STAT, CALL_LSTAT, CALL_FSTAT, CALL_FSTATAT, CALL_FCHMOD, CALL_FCHOWN,
	CALL_FLISTXATTR, CALL_FGETXATTR, CALL_FSETXATTR, CALL_FREMOVEXATTR, CALL_FLOCK, CALL_POLL, CALL_READLINK, CALLS
};
const char *call_name(enum call c);

enum what {
	FAULT_NONE,
	FAULT_KILL_BEFORE, /* the process ends with status KILLED instead of making the call */
	FAULT_KILL_AFTER,  /* and here when it has made it */
	FAULT_FAIL,        /* the call is not made and answers `error` (close is made) */
	FAULT_AFTER_ALL    /* the call is made and answers `error` all the same: an answer lost on the way */
};
#define KILLED 137

struct fault {
	enum what what;
	unsigned long at;  /* the call; 0: none */
	int error;
	bool for_good;     /* from that call on every one of its name; of EINTR 40, for nobody interrupts for ever */
	size_t most;       /* bytes that one write takes; 0: any */
	bool no_locks;     /* flock answers ENOLCK */
	bool held_locks;   /* flock answers EWOULDBLOCK for ever */
	bool false_locks;  /* flock answers 0 and locks nothing */
	int no_exchange;   /* what renameat2 with flags answers: EINVAL …; 0: it works */
	bool frozen_times; /* stat tells the same times of every file */
	int no_links;      /* what link and symlink answer: EPERM …; 0: they work */
	bool no_rename_over; /* EPERM from rename where the target is there */
	unsigned long double_at; /* a second fault, FAULT_FAIL with `error`, at this call; 0: none */
	bool double_kills; /* instead the process ends there */
	/* Seen before each call that changes what is on disk, with its names and bytes; see power.c. */
	void (*seen)(enum call c, int fd, const char *path, const char *other, const void *bytes, long long n, int result);
	/* Just before that call: another program. */
	unsigned long other_at;
	void (*other)(void);
	/* Just before a file gets its name, by exchange, rename or link: where another program slips in. */
	void (*before_install)(const char *path);
};

void fault_start(const struct fault *f, uint64_t seed); /* counts from 1 again; seed: of randomness */
unsigned long fault_stop(void);                        /* calls made; the system's own table is in force again */
unsigned long fault_calls(void);
bool fault_struck(void);
enum call fault_call_at(unsigned long i); /* name of the i-th call made since fault_start() */

#endif
