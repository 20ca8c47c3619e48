/* double.c: two faults in one life, or one in the life that recovers from another. */
#include "runner.h"

#include <errno.h>

struct pair {
	const struct operation *operation;
	struct fault first, second; /* second: during the restart */
};

static uint64_t next(uint64_t *random)
{
	*random = *random * 6364136223846793005u + 1442695040888963407u;
	return *random >> 33;
}

static void run_first(void *ctx)
{
	const struct pair *p = ctx;
	struct work w = {.told = true};
	fault_start(&p->first, SEED);
	(void)p->operation->run(&w);
}

/* A call that was made and says EINTR all the same is none that a kernel has: to repeat it is right, and would write twice. */
static void make_possible(struct fault *f)
{
	if (f->what == FAULT_AFTER_ALL && f->error == EINTR)
		f->error = EIO;
}

/* The next session, which takes over what is left and is hit itself. */
static void run_second(void *ctx)
{
	const struct pair *p = ctx;
	struct work w = {.told = true};
	fault_start(&p->second, SEED + 3);
	(void)operations[0].run(&w);
}

static int no_wait(struct pollfd *fds, nfds_t n, int ms)
{
	return n ? io_system.poll(fds, n, ms) : 0;
}

/* A process that could not read who it is, and was killed, leaves a turn of which nobody can tell that it is over: the
 * next ones wait for it as long as for any.  Here no time passes for that. */
static void check_unhurried(const struct expected_files *e)
{
	struct io table = io_system;
	table.poll = no_wait;
	const struct io *before = io_swap(&table);
	check_world(e);
	io_swap(before);
}

static bool one_pair(void *ctx, unsigned long i)
{
	static const int reasons[] = {EIO, ENOSPC, EINTR, EMFILE};
	static const enum what kinds[] = {FAULT_KILL_BEFORE, FAULT_KILL_AFTER, FAULT_FAIL, FAULT_AFTER_ALL};
	const unsigned long *calls = ctx;
	uint64_t random = fault_seed() + i * 977;
	struct pair p = {.operation = &operations[next(&random) % operations_count()]};
	p.first = (struct fault){.what = kinds[next(&random) % COUNT_OF(kinds)],
	                         .at = 1 + next(&random) % calls[p.operation - operations],
	                         .error = reasons[next(&random) % COUNT_OF(reasons)],
	                         .for_good = next(&random) % 2};
	if (p.first.what == FAULT_FAIL) {
		p.first.double_at = p.first.at + next(&random) % 40;
		p.first.double_kills = next(&random) % 2;
	}
	p.second = (struct fault){.what = kinds[next(&random) % COUNT_OF(kinds)],
	                          .at = 1 + next(&random) % (2 * calls[0]),
	                          .error = reasons[next(&random) % COUNT_OF(reasons)],
	                          .for_good = next(&random) % 2};
	make_possible(&p.first);
	make_possible(&p.second);
	operation_set_up(p.operation);
	int first = in_fork(run_first, &p, 20), second = in_fork(run_second, &p, 20);
	if ((first != 0 && first != KILLED) || (second != 0 && second != KILLED))
		complain("ended with %d and %d", first, second);
	check_unhurried(&(struct expected_files){.litter = true,
	                                         .most_litter = 32,
	                                         .again = p.operation->alone ? p.operation->run : NULL});
	return was_good("%s, call %lu (%d), then call %lu (%d)", p.operation->name, p.first.at, (int)p.first.what, p.second.at,
	                (int)p.second.what);
}

void test_double(void)
{
	unsigned long calls[32] = {0};
	world_make_shared();
	world_enter(99);
	for (size_t i = 0; i < operations_count(); i++) {
		calls[i] = operation_dry(&operations[i], NULL, NULL, 0);
		if (calls[i] == 0) {
			report(false, "%s: %s", operations[i].name, shared->complaint);
			return;
		}
	}
	world_leave();
	run_all(&(struct tally){"pairs of faults", 2000}, one_pair, calls, 2200 * fault_scale(), "tests/fault/run double");
}
