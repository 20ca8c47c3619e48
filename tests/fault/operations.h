/* operations: what zhupi does that writes, as the fault tests drive it: each through the same functions as the program.
 *
 * An operation can be run again after it failed, in the same process: what was done is passed over.  It returns true
 * when all that it set out to do is done and was told so. */
#ifndef ZHUPI_TESTS_FAULT_OPERATIONS_H
#define ZHUPI_TESTS_FAULT_OPERATIONS_H

#include "world.h"

struct work {
	struct corpus *corpus;
	struct session *session;
	bool told; /* every failure so far came with a reason */
	char last[300]; /* reason */
};

struct operation {
	const char *name;
	bool (*prepare)(struct work *w); /* by a process that is then killed, without faults; NULL: nothing */
	bool (*run)(struct work *w);
	bool alone; /* by no session: what a killed one leaves is removed when it is done again */
	bool other; /* another program writes meanwhile: sidecars are not those of the clean run */
	bool on_lesser; /* killed on a lesser file system too, whatever the time */
};

extern const struct operation operations[]; /* ends with name NULL */
size_t operations_count(void);

void operations_load(void); /* what is read once: the rule pack */
/* By a fork of its own: sets up the corpus, runs prepare. */
void operation_set_up(const struct operation *o);
/* Runs without a fault in a fork, on a file system as `lesser` says (NULL: a whole one), notes versions of sidecars; the
 * number of calls, their names in names[] (may be NULL).  0 and a complaint where it does not work even so. */
unsigned long operation_dry(const struct operation *o, const struct fault *lesser, unsigned char *names, size_t most);
bool work_close(struct work *w); /* writes and lets go; may be called again when it failed */
void work_drop(struct work *w);

/* Waits for a child; its exit status, or 256 + the signal. */
int wait_for(long pid);

#endif
