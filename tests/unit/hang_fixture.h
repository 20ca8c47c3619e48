/* hang_fixture: an end for what must not take long, whatever it is given.  SIGPROF then kills the program, which the
 * suite counts as a failure.  It is the processor's time of this process that counts: a busy machine fails no test. */
#ifndef ZHUPI_TESTS_UNIT_HANG_FIXTURE_H
#define ZHUPI_TESTS_UNIT_HANG_FIXTURE_H

#include <sys/time.h>

/* seconds: from now on; 0: no end any more. */
static inline void hang_guard(int seconds)
{
	struct itimerval end = {.it_value = {.tv_sec = seconds}};
	assert_int_equal(setitimer(ITIMER_PROF, &end, NULL), 0);
}

#endif
