/* memory.c: every allocation fails, once and for good, those of libyaml, ICU, jansson and libxml2 too: malloc() is this
 * file's in the whole program.  What is done then is the program's one rule: it ends with status 2, and all that was shown
 * is on the disk; or a library says so and the operation fails. */
#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__

void test_memory(void)
{
	printf("ok - failing allocations # SKIP the sanitizer has a malloc of its own\n");
}

#else

static struct {
	unsigned long n, at; /* allocations; the one that fails, 0: none */
	bool counting, for_good;
} allocations;

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t count, size_t n);
void *__libc_realloc(void *p, size_t n);

static bool runs_out(void)
{
	if (!allocations.counting)
		return false;
	allocations.n++;
	if (allocations.n != allocations.at && !(allocations.for_good && allocations.at && allocations.n > allocations.at))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t n)
{
	return runs_out() ? NULL : __libc_malloc(n);
}

void *calloc(size_t count, size_t n)
{
	return runs_out() ? NULL : __libc_calloc(count, n);
}

void *realloc(void *p, size_t n)
{
	return runs_out() ? NULL : __libc_realloc(p, n);
}

void memory_fail(unsigned long at, bool for_good)
{
	allocations.n = 0;
	allocations.at = at;
	allocations.for_good = for_good;
	allocations.counting = true;
}

unsigned long memory_counted(void)
{
	allocations.counting = false;
	return allocations.n;
}

/* ---- runs ------------------------------------------------------------------------------------------------------- */

struct shortage {
	const struct operation *operation;
	unsigned long at;
	bool for_good;
};

struct shortages {
	struct shortage *list;
	unsigned long n, cap;
};

static void run_short(void *ctx)
{
	const struct shortage *s = ctx;
	struct work w = {.told = true};
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	(void)dup2(nowhere, STDERR_FILENO);
	fault_start(&(struct fault){.at = ~0ul}, SEED);
	memory_fail(s->at, s->for_good);
	(void)s->operation->run(&w);
	(void)memory_counted();
}

static bool one_shortage(void *ctx, unsigned long i)
{
	struct shortage *s = &((struct shortages *)ctx)->list[i];
	operation_set_up(s->operation);
	int status = in_fork(run_short, s, 10);
	if (status != 0 && status != 2)
		complain("ended with %d", status);
	/* All of what the next start finds, for some; for the others what was promised. */
	if (i % 16 == 0)
		check_world(&(struct expected_files){.litter = true,
		                                     .again = s->operation->alone ? s->operation->run : NULL});
	else
		check_claims("afterwards");
	return was_good("%s, allocation %lu%s", s->operation->name, s->at, s->for_good ? " and all after it" : "");
}

static unsigned long *counted;

static void count_allocations(void *ctx)
{
	struct shortage *s = ctx;
	run_short(s);
	*counted = allocations.n;
}

#define WANTED 30500 /* of all of them, evenly, where time is short */

void test_memory(void)
{
	struct shortages all = {0};
	unsigned long total = 0, each[32] = {0};
	counted = mmap(NULL, sizeof(*counted), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	world_make_shared();
	world_enter(99);
	for (const struct operation *o = operations; o->name; o++) {
		operation_set_up(o);
		*counted = 0;
		(void)in_fork(count_allocations, &(struct shortage){o, 0, false}, 20);
		each[o - operations] = *counted;
		total += *counted;
	}
	world_leave();
	unsigned long wanted = fault_scale() > 1 || 2 * total < WANTED ? 2 * total : WANTED, i = 0;
	all.list = mem_array(2 * total + 1, sizeof(*all.list));
	for (const struct operation *o = operations; o->name; o++)
		for (unsigned long at = 1; at <= each[o - operations]; at++)
			for (int for_good = 0; for_good < 2; for_good++, i++)
				if ((i + 1) * wanted / (2 * total) != i * wanted / (2 * total))
					all.list[all.n++] = (struct shortage){o, at, for_good};
	run_all(&(struct tally){"failing allocations", wanted < 30000 ? wanted : 30000}, one_shortage, &all, all.n,
	        "tests/fault/run memory");
	mem_free(all.list);
	(void)munmap(counted, sizeof(*counted));
}

#endif
