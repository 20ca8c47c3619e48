/* kills.c: the process ends before and after each of its calls. */
#include "runner.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct versions {
	char hashes[MOST_VERSIONS][65];
	size_t n;
};

struct kill {
	const struct operation *operation;
	const struct versions *versions; /* of sidecars in a run without a fault */
	struct fault fault;
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
	fault_start(&k->fault, SEED);
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
	                                     .lesser = k->fault.no_rename_over,
	                                     .most_litter = k->fault.no_rename_over ? 2 : 1, /* the old one aside */
	                                     .again = k->operation->alone ? k->operation->run : NULL});
	return was_good("%s%s, %s call %lu", k->operation->name, k->fault.no_exchange ? " on a lesser file system" : "",
	                k->fault.what == FAULT_KILL_BEFORE ? "before" : "after", k->fault.at);
}

/* Kills before and after each call (before alone where `fewer`), on a file system as that says. */
static void add_kills(struct kills *all, const struct operation *o, const struct fault *lesser, struct versions *v, bool fewer)
{
	unsigned long n = operation_dry(o, lesser, NULL, 0);
	report(n > 0, "%s%s makes %lu calls%s%s", o->name, lesser->no_exchange ? " on a lesser file system" : "", n, n ? "" : ": ",
	       n ? "" : shared->complaint);
	memcpy(v->hashes, shared->versions, sizeof(v->hashes));
	v->n = shared->n_versions;
	all->list = mem_grow(all->list, all->n + 2 * n, sizeof(*all->list));
	for (unsigned long at = 1; at <= n; at++)
		for (enum what what = FAULT_KILL_BEFORE; what <= FAULT_KILL_AFTER; what++) {
			struct fault f = *lesser;
			f.what = what;
			f.at = at;
			if (what == FAULT_KILL_BEFORE || !fewer)
				all->list[all->n++] = (struct kill){o, v, f};
		}
}

void test_kills(void)
{
	/* Files are created by taking the name first, and replaced by turns. */
	static const struct fault lesser = {.no_links = EPERM, .no_exchange = EINVAL, .no_rename_over = true};
	struct kills all = {.versions = mem_array(2 * operations_count(), sizeof(*all.versions))};
	struct versions *v = all.versions;
	world_make_shared();
	world_enter(99);
	for (const struct operation *o = operations; o->name; o++)
		add_kills(&all, o, &(struct fault){0}, v++, false);
	for (const struct operation *o = operations; o->name; o++)
		if (fault_scale() > 1 || o->on_lesser)
			add_kills(&all, o, &lesser, v++, fault_scale() == 1);
	world_leave();
	run_all(&(struct tally){"kills", 2000}, one_kill, &all, all.n, "tests/fault/run kills");
	mem_free(all.list);
	mem_free(all.versions);
}
