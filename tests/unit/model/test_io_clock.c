/* io: clock and randomness, there and not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "model/io.h"

static int fixed_clock(clockid_t which, struct timespec *now)
{
	*now = (struct timespec){.tv_sec = which == CLOCK_REALTIME ? 1795329067 : 12, .tv_nsec = 345678901};
	return 0;
}

static ssize_t no_random(void *to, size_t n)
{
	(void)to;
	(void)n;
	errno = ENOSYS;
	return -1;
}

static void clock_and_randomness(void **state)
{
	(void)state;
	struct io table = io_system;
	table.clock = fixed_clock;
	table.random = no_random;
	unsigned char a[16] = {0}, b[16] = {0};
	io_swap(&table);
	char *utc = io_utc(), *compact = io_utc_compact();
	assert_int_equal(io_now_ms(), 12345);
	io_random(a, sizeof(a));
	io_swap(&io_system);
	assert_string_equal(utc, "2026-11-22T06:31:07Z");
	assert_string_equal(compact, "20261122T063107Z");
	mem_free(utc);
	mem_free(compact);
	assert_memory_not_equal(a, b, sizeof(a));
	io_random(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
	assert_int_equal(strlen(utc = io_utc()), 20);
	mem_free(utc);
}

static int no_clock(clockid_t which, struct timespec *now)
{
	(void)which, (void)now;
	return -1;
}

static void without_a_clock(void **state)
{
	(void)state;
	struct io table = io_system;
	table.clock = no_clock;
	io_swap(&table);
	char *utc = io_utc();
	assert_int_equal(io_now_ms(), 0);
	io_swap(&io_system);
	assert_string_equal(utc, "1970-01-01T00:00:00Z");
	mem_free(utc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(clock_and_randomness),
	    cmocka_unit_test(without_a_clock),
	};
	return cmocka_run_group_tests_name("io_clock", tests, NULL, NULL);
}
