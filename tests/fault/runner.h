/* runner: many runs shared out to workers, one line of TAP for each kind. */
#ifndef ZHUPI_TESTS_FAULT_RUNNER_H
#define ZHUPI_TESTS_FAULT_RUNNER_H

#include "operations.h"

#define SEED 20261122u /* of the clock and the ids of a world: always the same */

/* One run, numbered from 0; false: there was something to complain about, in shared->complaint. */
typedef bool one_run(void *ctx, unsigned long i);

struct tally {
	const char *what;    /* "kills" */
	unsigned long least; /* that must have been run; fewer fail the test (divided by FAULT_SHALLOW) */
};

unsigned workers(void);         /* FAULT_WORKERS, else the processors */
unsigned long fault_shallow(void); /* FAULT_SHALLOW: every how manieth run is made; 1 */
unsigned long fault_scale(void); /* FAULT_SCALE: how many times the usual, where runs are drawn at random */
uint64_t fault_seed(void); /* FAULT_SEED: where what is drawn at random begins; SEED */
/* Runs 0 … n - 1, of several workers each its share; prints the first complaints and how to repeat one. */
void run_all(const struct tally *t, one_run *run, void *ctx, unsigned long n, const char *repeat);
void report(bool good, const char *format, ...) PRINTF_LIKE(2, 3); /* a TAP line */
int reported(void); /* exit status */
/* FAULT_ONLY: the one run to repeat, or -1. */
long only_run(void);
/* A fork that dies of SIGALRM where it hangs; what it ended with, as wait_for(). */
int in_fork(void (*body)(void *ctx), void *ctx, unsigned seconds);

/* memory.c, where malloc() is the test's own: the at-th allocation from now on fails (0: none), and for good those after
 * it.  Ended by asking how many there were. */
void memory_fail(unsigned long at, bool for_good);
unsigned long memory_counted(void);

/* kinds of tests, each in a file of its own */
void test_kills(void);
void test_failures(void);
void test_limits(void);
void test_power(void);
void test_writers(void);
void test_memory(void);
void test_memory_import(void);
void test_double(void);
void test_files(void);
void test_intruders(void);

/* trace.c: for strace.test */
int trace_operation(const char *name);
void list_operations(void);

#endif
