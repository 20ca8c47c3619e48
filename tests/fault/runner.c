/* runner.c: see runner.h. */
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SHOWN 3 /* complaints of a kind that are printed */

struct run_counts {
	unsigned long runs, bad;
	char shown[SHOWN][700];
};

static int failed;

static unsigned long number_of(const char *name, unsigned long otherwise)
{
	uint64_t n;
	return str_number(str_of(getenv(name)), &n) && n ? n : otherwise;
}

unsigned workers(void)
{
	long there = sysconf(_SC_NPROCESSORS_ONLN);
	return (unsigned)number_of("FAULT_WORKERS", there > 0 ? (unsigned long)there : 1);
}

unsigned long fault_scale(void)
{
	return number_of("FAULT_SCALE", 1);
}

unsigned long fault_shallow(void)
{
	return number_of("FAULT_SHALLOW", 1);
}

uint64_t fault_seed(void)
{
	return number_of("FAULT_SEED", SEED);
}

long only_run(void)
{
	uint64_t n;
	return str_number(str_of(getenv("FAULT_ONLY")), &n) ? (long)n : -1;
}

void report(bool good, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	printf("%s - ", good ? "ok" : "not ok");
	(void)vprintf(format, args);
	printf("\n");
	(void)fflush(stdout);
	va_end(args);
	failed |= !good;
}

int reported(void)
{
	return failed;
}

int in_fork(void (*body)(void *ctx), void *ctx, unsigned seconds)
{
	pid_t child = fork();
	if (child == 0) {
		(void)alarm(seconds);
		body(ctx);
		_exit(0);
	}
	return wait_for(child);
}

static void work_off(struct run_counts *c, one_run *run, void *ctx, unsigned long n, unsigned worker, unsigned all)
{
	world_make_shared();
	world_enter(worker);
	bool stop = getenv("FAULT_STOP") != NULL;
	FILE *log = getenv("FAULT_LOG") ? fopen(getenv("FAULT_LOG"), "a") : NULL;
	for (unsigned long i = worker * fault_shallow(); i < n; i += all * fault_shallow()) {
		if (only_run() >= 0 && (unsigned long)only_run() != i)
			continue;
		if (stop && c->bad)
			break;
		shared->complaint[0] = '\0';
		bool good = run(ctx, i);
		(void)__atomic_add_fetch(&c->runs, 1, __ATOMIC_RELAXED);
		if (good)
			continue;
		if (log)
			(void)fprintf(log, "%lu: %s\n", i, shared->complaint);
		unsigned long bad = __atomic_fetch_add(&c->bad, 1, __ATOMIC_RELAXED);
		if (bad < SHOWN)
			(void)snprintf(c->shown[bad], sizeof(c->shown[bad]), "run %lu: %s", i, shared->complaint);
		if (only_run() >= 0 && getenv("FAULT_KEEP")) {
			printf("# kept: %s\n", world_folder());
			(void)fflush(stdout);
			_exit(0);
		}
	}
	if (log)
		(void)fclose(log);
	world_leave();
}

void run_all(const struct tally *t, one_run *run, void *ctx, unsigned long n, const char *repeat)
{
	unsigned all = only_run() >= 0 ? 1 : workers();
	struct run_counts *c = mmap(NULL, sizeof(*c), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t *children = mem_array(all, sizeof(*children));
	bool died = c == MAP_FAILED;
	(void)fflush(stdout);
	for (unsigned i = 0; !died && i < all; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			work_off(c, run, ctx, n, i, all);
			(void)fflush(stdout);
			_exit(0);
		}
	}
	for (unsigned i = 0; i < all; i++)
		died |= wait_for(children[i]) != 0;
	mem_free(children);
	for (size_t i = 0; i < SHOWN && i < c->bad; i++)
		printf("# %s (repeat: FAULT_SEED=%llu FAULT_SCALE=%lu FAULT_ONLY=%.*s %s)\n", c->shown[i],
		       (unsigned long long)fault_seed(), fault_scale(), (int)strcspn(c->shown[i] + 4, ":"), c->shown[i] + 4, repeat);
	bool enough = only_run() >= 0 || c->runs >= t->least / fault_shallow();
	report(!died && c->bad == 0 && enough, "%lu %s, %lu not as promised%s%s", c->runs, t->what, c->bad,
	       died ? "; a test process died" : "", enough ? "" : "; fewer than there should be");
	(void)munmap(c, sizeof(*c));
}
