/* trace.c: an operation in a process of its own, without faults, between two calls that strace shows: what the table
 * counted against what the system saw; see strace.test. */
#include "runner.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static unsigned long opened_to_write;

static void count_opens(enum call c, int fd, const char *path, const char *other, const void *bytes, long long n, int r)
{
	(void)fd, (void)path, (void)other, (void)bytes, (void)r;
	opened_to_write += c == CALL_OPEN && (n & (O_WRONLY | O_RDWR | O_CREAT)) != 0;
}

static void print_counts(void)
{
	static const enum call changing[] = {CALL_WRITE, CALL_FSYNC, CALL_FDATASYNC, CALL_FTRUNCATE, CALL_RENAME,
	                                     CALL_RENAMEAT2, CALL_LINK, CALL_SYMLINK, CALL_UNLINK, CALL_MKDIR, CALL_FCHMOD,
	                                     CALL_FCHOWN, CALL_FSETXATTR, CALL_FREMOVEXATTR, CALL_FLOCK};
	printf("openat %lu\n", opened_to_write);
	for (size_t i = 0; i < COUNT_OF(changing); i++) {
		unsigned long n = 0;
		for (unsigned long k = 1; k <= fault_calls(); k++)
			n += fault_call_at(k) == changing[i];
		printf("%s %lu\n", call_name(changing[i]), n);
	}
}

int trace_operation(const char *name)
{
	const struct operation *o = operations;
	while (o->name && strcmp(o->name, name) != 0)
		o++;
	if (!o->name)
		return 2;
	world_make_shared();
	world_enter(0);
	operation_set_up(o);
	struct work w = {.told = true};
	(void)access("/zhupi-fault-begin", F_OK);
	fault_start(&(struct fault){.seen = count_opens, .at = ~0ul}, SEED);
	bool good = o->run(&w);
	(void)fault_stop();
	(void)access("/zhupi-fault-end", F_OK);
	print_counts();
	work_drop(&w);
	world_leave();
	return good ? 0 : 1;
}

void list_operations(void)
{
	for (const struct operation *o = operations; o->name; o++)
		if (!o->other) /* that other program is in the same process here */
			printf("%s\n", o->name);
}
