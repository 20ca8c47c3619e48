/* failures.c: every call fails, once and for good, with every reason; and comes short.  After calls that journals are written
 * by the process may end as well: what was told as saved in spite of the failure is then nowhere but on the disk. */
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
	bool restarts; /* a call that a signal interrupts and that is made again: no failure at all */
	bool ends;     /* the process ends after the first try */
};

struct failures {
	struct failure *list;
	unsigned long n, cap;
};

static struct failure *add(struct failures *all, const struct operation *o, struct fault f, char *how)
{
	if (all->n == all->cap) {
		all->cap = all->cap ? 2 * all->cap : 1024;
		all->list = mem_grow(all->list, all->cap, sizeof(*all->list));
	}
	all->list[all->n] = (struct failure){.operation = o, .fault = f, .how = how};
	return &all->list[all->n++];
}

static void run_failing(void *ctx)
{
	const struct failure *f = ctx;
	struct work w = {.told = true};
	fault_start(&f->fault, SEED);
	bool done = f->operation->run(&w);
	(void)fault_stop();
	if (!done && f->restarts)
		complain("only interrupted, and not done: %s", w.last);
	if (f->ends)
		return;
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
		if (shared->claims[k].state != CLAIM_SAVED && !redone && !f->ends)
			complain("%s is not saved in the end", shared->claims[k].id);
	}
	check_world(&(struct expected_files){.litter = true,
	                                     .most_litter = f->fault.for_good ? 16 : 1,
	                                     .again = f->operation->alone ? f->operation->run : NULL});
	return was_good("%s, call %lu, %s", f->operation->name, f->fault.at, f->how);
}

/* What Linux answers EINTR to. */
static bool is_interruptible(enum call c)
{
	return c == CALL_OPEN || c == CALL_READ || c == CALL_PREAD || c == CALL_WRITE || c == CALL_FSYNC || c == CALL_FDATASYNC ||
	       c == CALL_FLOCK;
}

static bool writes_journals(enum call c)
{
	return c == CALL_OPEN || c == CALL_WRITE || c == CALL_FSYNC || c == CALL_FDATASYNC || c == CALL_FTRUNCATE;
}

static char *describe(enum call c, int reason, bool for_good, bool ends)
{
	struct buf how = {0};
	buf_addf(&how, "%s %s%s%s", call_name(c), reason_names[reason], for_good ? " for good" : "", ends ? ", then ended" : "");
	return buf_take(&how);
}

/* The call fails with every reason, once and for good.  By turns where time is short: every reason and all ways, not all at
 * each call.  The turns are those of the calls of that name, so that none of them is left out by chance. */
static void add_reasons(struct failures *all, const struct operation *o, enum call c, unsigned long at, unsigned long turn)
{
	for (size_t r = 0; r < COUNT_OF(reasons); r++)
		for (unsigned way = 0; way < 3; way++) {
			if ((fault_scale() == 1 && (turn + r) % 5 != 2 * way) || (way == 2 && !writes_journals(c)))
				continue;
			bool for_good = way == 1 || (way == 2 && turn % 2);
			struct fault f = {.what = FAULT_FAIL, .at = at, .error = reasons[r], .for_good = for_good};
			struct failure *one = add(all, o, f, describe(c, (int)r, for_good, way == 2));
			one->restarts = reasons[r] == EINTR && is_interruptible(c);
			one->ends = way == 2;
		}
}

void test_failures(void)
{
	struct failures all = {0};
	unsigned long turns[CALLS] = {0};
	unsigned char names[1024];
	world_make_shared();
	world_enter(99);
	for (const struct operation *o = operations; o->name; o++) {
		unsigned long n = operation_dry(o, NULL, names, sizeof(names));
		if (n == 0)
			report(false, "%s: %s", o->name, shared->complaint);
		for (unsigned long at = 1; at <= n && at <= sizeof(names); at++) {
			add_reasons(&all, o, names[at - 1], at, turns[names[at - 1]]++);
			if (names[at - 1] == CALL_OPEN || names[at - 1] == CALL_LINK)
				(void)add(&all, o, (struct fault){.what = FAULT_FAIL, .at = at, .error = EEXIST},
				    mem_dup("a false EEXIST"));
			(void)add(&all, o, (struct fault){.what = FAULT_AFTER_ALL, .at = at, .error = EIO}, mem_dup("made, but EIO"));
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
				(void)add(&all, o, lesser[i], mem_dup("a lesser file system"));
		for (size_t most = 1; most < 300; most = most * 3 + 1)
			(void)add(&all, o, (struct fault){.most = most}, mem_dup("short writes"));
	}
	world_leave();
	run_all(&(struct tally){"failing calls", 10000}, one_failure, &all, all.n, "tests/fault/run failures");
	for (unsigned long i = 0; i < all.n; i++)
		mem_free(all.list[i].how);
	mem_free(all.list);
}
