/* failures.c: every call fails, once and for good, with every reason; and comes short. */
#include "runner.h"

#include <errno.h>
#include <string.h>

static const int reasons[] = {ENOSPC, EIO, EDQUOT, EACCES, EROFS, EINTR, EMFILE, ENOMEM, ESTALE};
static const char *const reason_names[] = {"ENOSPC", "EIO", "EDQUOT", "EACCES", "EROFS", "EINTR", "EMFILE", "ENOMEM",
					   "ESTALE"};

struct failure {
	const struct operation *operation;
	struct fault fault;
	char *how;
};

struct failures {
	struct failure *list;
	unsigned long n, cap;
};

static void add(struct failures *all, const struct operation *o, struct fault f, char *how)
{
	if (all->n == all->cap) {
		all->cap = all->cap ? 2 * all->cap : 1024;
		all->list = mem_grow(all->list, all->cap, sizeof(*all->list));
	}
	all->list[all->n++] = (struct failure){o, f, how};
}

static void run_failing(void *ctx)
{
	const struct failure *f = ctx;
	struct work w = {.told = true};
	fault_start(&f->fault, SEED);
	bool done = f->operation->run(&w);
	(void)fault_stop();
	/* What was not done is still in memory or refused: now it goes. */
	if (!done) {
		fault_start(&(struct fault){0}, SEED + 2);
		done = f->operation->run(&w);
		(void)fault_stop();
	}
	if (!done)
		complain("the second try, without a fault, failed too: %s", w.last);
	if (!work_close(&w))
		complain("cannot be closed after the second try: %s", w.last);
	shared->done = true;
}

static bool one_failure(void *ctx, unsigned long i)
{
	struct failure *f = &((struct failures *)ctx)->list[i];
	operation_set_up(f->operation);
	int status = in_fork(run_failing, f, 20);
	if (status != 0)
		complain("ended with %d", status);
	for (size_t k = 0; k < shared->n_claims; k++) {
		bool redone = false;
		for (size_t l = k + 1; l < shared->n_claims; l++)
			redone |= strcmp(shared->claims[k].id, shared->claims[l].id) == 0;
		if (shared->claims[k].state != CLAIM_SAVED && !redone)
			complain("%s is not saved in the end", shared->claims[k].id);
	}
	check_world(&(struct expected_files){.litter = true,
	                                     .most_litter = f->fault.for_good ? 16 : 1,
	                                     .again = f->operation->alone ? f->operation->run : NULL});
	return was_good("%s, call %lu, %s", f->operation->name, f->fault.at, f->how);
}

static char *describe(enum call c, int reason, bool for_good)
{
	struct buf how = {0};
	buf_addf(&how, "%s %s%s", call_name(c), reason_names[reason], for_good ? " for good" : "");
	return buf_take(&how);
}

void test_failures(void)
{
	struct failures all = {0};
	unsigned char names[1024];
	world_make_shared();
	world_enter(99);
	for (const struct operation *o = operations; o->name; o++) {
		unsigned long n = operation_dry(o, NULL, names, sizeof(names));
		if (n == 0)
			report(false, "%s: %s", o->name, shared->complaint);
		for (unsigned long at = 1; at <= n && at <= sizeof(names); at++) {
			for (size_t r = 0; r < COUNT_OF(reasons); r++)
				for (int good = 0; good < 2; good++)
					/* By turns where time is short: every reason and both ways, not all at each call. */
					if (fault_scale() > 1 || (at + r) % 5 == 2 * (unsigned)good)
						add(&all, o,
						    (struct fault){.what = FAULT_FAIL, .at = at, .error = reasons[r], .for_good = good},
						    describe(names[at - 1], (int)r, good));
			if (names[at - 1] == CALL_OPEN || names[at - 1] == CALL_LINK)
				add(&all, o, (struct fault){.what = FAULT_FAIL, .at = at, .error = EEXIST},
				    mem_dup("a false EEXIST"));
			add(&all, o, (struct fault){.what = FAULT_AFTER_ALL, .at = at, .error = EIO}, mem_dup("made, but EIO"));
		}
		static const struct fault lesser[] = {
		    {.at = ~0ul, .no_locks = true},
		    {.at = ~0ul, .held_locks = true},
		    {.at = ~0ul, .no_exchange = EINVAL},
		    {.at = ~0ul, .no_exchange = EPERM},
		    {.at = ~0ul, .no_links = EPERM},
		    {.at = ~0ul, .frozen_times = true},
		    {.at = ~0ul, .no_links = EPERM, .no_exchange = EINVAL},
		    {.at = ~0ul, .no_links = ENOSYS, .no_exchange = ENOSYS},
		    {.at = ~0ul, .no_links = EOPNOTSUPP, .no_exchange = EOPNOTSUPP},
		    {.at = ~0ul, .no_links = EPERM, .no_exchange = EINVAL, .no_rename_over = true}};
		for (size_t i = 0; i < COUNT_OF(lesser); i++)
			/* A journal whose lock is held for ever is that of a session at work, which nobody may take over. */
			if (!lesser[i].held_locks || !o->prepare || o->alone)
				add(&all, o, lesser[i], mem_dup("a lesser file system"));
		for (size_t most = 1; most < 300; most = most * 3 + 1)
			add(&all, o, (struct fault){.most = most}, mem_dup("short writes"));
	}
	world_leave();
	run_all(&(struct tally){"failing calls", 10000}, one_failure, &all, all.n, "tests/fault/run failures");
	for (unsigned long i = 0; i < all.n; i++)
		mem_free(all.list[i].how);
	mem_free(all.list);
}
