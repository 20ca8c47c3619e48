/* power.c: the power goes at every step of every operation, with every choice of what had reached the disk. */
#include "runner.h"

#include <stdio.h>
#include <string.h>

#include "disk.h"

#define ALL_OF 8 /* open effects of which every choice is tried; of more, as many choices drawn at random */

struct state {
	size_t step;
	uint64_t choice; /* bits for the open effects */
};

struct states {
	const struct operation *operation;
	struct state *list;
	size_t n, cap;
	struct claim claims[MOST_CLAIMS];
	char versions[MOST_VERSIONS][65];
	size_t n_versions;
};

static void record_operation(void *ctx)
{
	const struct operation *o = ctx;
	struct work w = {.told = true};
	disk_record();
	claim_seen = disk_claim;
	put_seen = disk_put;
	fault_start(&(struct fault){.seen = disk_seen, .at = ~0ul}, SEED);
	bool done = o->run(&w);
	(void)fault_stop();
	if (!done)
		complain("%s does not work even without faults", o->name);
}

static bool by_bits(void *ctx, size_t nth)
{
	uint64_t bits = *(uint64_t *)ctx;
	return nth < 64 ? bits >> nth & 1 : bits >> (nth * 7 % 64) & 1;
}

static bool one_state(void *ctx, unsigned long i)
{
	struct states *all = ctx;
	struct state *s = &all->list[i];
	memcpy(shared->claims, all->claims, sizeof(shared->claims));
	memcpy(shared->versions, all->versions, sizeof(shared->versions));
	shared->n_versions = all->n_versions;
	disk_rebuild(s->step, by_bits, &s->choice);
	check_world(&(struct expected_files){.versions = !all->operation->other, .litter = true, .most_litter = 8, .again = all->operation->alone ? all->operation->run : NULL});
	return was_good("%s, step %zu, choice %llx of %zu", all->operation->name, s->step, (unsigned long long)s->choice,
	         disk_open_effects(s->step));
}

static void add_state(struct states *all, size_t step, uint64_t choice)
{
	if (all->n == all->cap) {
		all->cap = all->cap ? 2 * all->cap : 1024;
		all->list = mem_grow(all->list, all->cap, sizeof(*all->list));
	}
	all->list[all->n++] = (struct state){step, choice};
}

static void add_states(struct states *all, uint64_t *random)
{
	for (size_t step = 1; step < disk_steps(); step++) {
		size_t open = disk_open_effects(step);
		if (open <= ALL_OF) {
			for (uint64_t choice = 0; choice < (uint64_t)1 << open; choice++)
				add_state(all, step, choice);
			continue;
		}
		add_state(all, step, 0);
		add_state(all, step, ~(uint64_t)0);
		for (size_t i = 0; i < open && i < 64; i++) {
			add_state(all, step, (uint64_t)1 << i);
			add_state(all, step, ~((uint64_t)1 << i));
		}
		for (unsigned long i = 0; i < 200 * fault_scale(); i++) {
			*random = *random * 6364136223846793005u + 1442695040888963407u;
			add_state(all, step, *random ^ *random >> 29);
		}
	}
}

void test_power(void)
{
	uint64_t random = fault_seed();
	unsigned long total = 0;
	disk_make();
	for (const struct operation *o = operations; o->name; o++) {
		struct states all = {.operation = o};
		world_make_shared();
		world_enter(99);
		(void)operation_dry(o, NULL, NULL, 0);
		memcpy(all.versions, shared->versions, sizeof(all.versions));
		all.n_versions = shared->n_versions;
		operation_set_up(o);
		(void)in_fork(record_operation, (void *)(uintptr_t)o, 20);
		memcpy(all.claims, shared->claims, sizeof(all.claims));
		if (shared->complaint[0])
			report(false, "%s", shared->complaint);
		world_leave();
		add_states(&all, &random);
		char what[80];
		(void)snprintf(what, sizeof(what), "disks after a loss of power during %s", o->name);
		run_all(&(struct tally){what, 0}, one_state, &all, all.n, "tests/fault/run power");
		total += all.n;
		mem_free(all.list);
	}
	report(only_run() >= 0 || total >= 5000 / fault_shallow(), "%lu disks in all", total);
}
