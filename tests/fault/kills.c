/* kills.c: the process ends before and after each of its calls. */
#include "runner.h"

#include <string.h>
#include <unistd.h>

struct versions {
	char hashes[MOST_VERSIONS][65];
	size_t n;
};

struct kill {
	const struct operation *operation;
	const struct versions *versions; /* of sidecars in a run without a fault */
	unsigned long at;
	enum what what;
};

struct kills {
	struct kill *list;
	unsigned long n;
	struct versions *versions; /* for each operation */
};

static void run_killed(void *ctx)
{
	const struct kill *k = ctx;
	struct work w = {.told = true};
	fault_start(&(struct fault){.what = k->what, .at = k->at}, SEED);
	shared->done = k->operation->run(&w);
}

static bool one_kill(void *ctx, unsigned long i)
{
	struct kill *k = &((struct kills *)ctx)->list[i];
	operation_set_up(k->operation);
	memcpy(shared->versions, k->versions->hashes, sizeof(shared->versions));
	shared->n_versions = k->versions->n;
	int status = in_fork(run_killed, k, 20);
	if (status != KILLED)
		complain("not killed, but ended with %d", status);
	check_world(&(struct expected_files){.versions = !k->operation->other,
	                                     .litter = true,
	                                     .again = k->operation->alone ? k->operation->run : NULL});
	return was_good("%s, %s call %lu", k->operation->name, k->what == FAULT_KILL_BEFORE ? "before" : "after", k->at);
}

void test_kills(void)
{
	struct kills all = {.versions = mem_array(operations_count(), sizeof(*all.versions))};
	world_make_shared();
	world_enter(99);
	for (const struct operation *o = operations; o->name; o++) {
		unsigned long n = operation_dry(o, NULL, 0);
		report(n > 0, "%s makes %lu calls%s%s", o->name, n, n ? "" : ": ", n ? "" : shared->complaint);
		struct versions *v = &all.versions[o - operations];
		memcpy(v->hashes, shared->versions, sizeof(v->hashes));
		v->n = shared->n_versions;
		all.list = mem_grow(all.list, all.n + 2 * n, sizeof(*all.list));
		for (unsigned long at = 1; at <= n; at++)
			for (enum what what = FAULT_KILL_BEFORE; what <= FAULT_KILL_AFTER; what++)
				all.list[all.n++] = (struct kill){o, v, at, what};
	}
	world_leave();
	run_all(&(struct tally){"kills", 2000}, one_kill, &all, all.n, "tests/fault/run kills");
	mem_free(all.list);
	mem_free(all.versions);
}
