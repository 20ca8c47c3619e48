/* intruders.c: another program, which knows no locks, writes the sidecar just before any call of a save, and the saving
 * process ends at any call after that: what the other wrote is there in the end, and what was decided too. */
#include "runner.h"

#include <string.h>

#define SIDECAR "a.txt.yaml"
#define NEAR 40 /* calls after the intrusion: each of them is the last in one run, of later ones some */

struct intrusion {
	unsigned long at, end; /* end: 0: the process goes on */
	struct fault lesser;
};

struct intrusions {
	struct intrusion *list;
	unsigned long n;
};

static void intrude(void)
{
	const struct io *table = io_swap(&io_system);
	char *text = get_file(SIDECAR), *at = text ? strstr(text, "colour: unknown") : NULL;
	if (at) {
		memcpy(at, "colour: crimson", 15);
		put_file(SIDECAR, text);
		shared->foreign = true;
	}
	mem_free(text);
	io_swap(table);
}

static void run_intruded(void *ctx)
{
	const struct intrusion *i = ctx;
	struct work w = {.told = true};
	struct fault f = i->lesser;
	f.other = intrude;
	f.other_at = i->at;
	f.what = FAULT_KILL_BEFORE;
	f.at = i->end ? i->end : ~0ul;
	fault_start(&f, SEED);
	(void)operations[1].run(&w);
	/* Another program in between is an error that the next pause makes good. */
	(void)work_close(&w);
}

static bool says_crimson(const char *path)
{
	char *text = get_file(path);
	bool says = text && strstr(text, "colour: crimson");
	mem_free(text);
	return says;
}

static bool one_intrusion(void *ctx, unsigned long i)
{
	struct intrusion *one = &((struct intrusions *)ctx)->list[i];
	operation_set_up(&operations[1]);
	int status = in_fork(run_intruded, one, 20);
	if (status != 0 && status != KILLED)
		complain("ended with %d", status);
	check_world(&(struct expected_files){.litter = true, .most_litter = 2});
	if (shared->foreign && !says_crimson(SIDECAR) && !says_crimson(SIDECAR ".conflict"))
		complain("what the other program wrote is lost");
	return was_good("written by another before call %lu, ended before call %lu", one->at, one->end);
}

void test_intruders(void)
{
	struct intrusions all = {0};
	uint64_t random = fault_seed();
	world_make_shared();
	world_enter(99);
	unsigned long n = operation_dry(&operations[1], NULL, NULL, 0);
	world_leave();
	if (n == 0)
		report(false, "%s", shared->complaint);
	all.list = mem_array(n * (n + NEAR) + 1, sizeof(*all.list));
	for (unsigned long at = 1; at <= n; at++) {
		all.list[all.n++] = (struct intrusion){at, 0, {0}};
		for (unsigned long end = at; end < n + NEAR; end++) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			/* By turns where time is short; never the same ones of two neighbours. */
			bool now = end < at + NEAR ? (end + at / 2) % 20 == 0 : (random >> 33) % 500 == 0;
			if (now || fault_scale() > 1)
				all.list[all.n++] = (struct intrusion){at, end, {0}};
		}
	}
	run_all(&(struct tally){"intruders", 1000}, one_intrusion, &all, all.n, "tests/fault/run intruders");
	mem_free(all.list);
}
