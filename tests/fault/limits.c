/* limits.c: files that may not grow beyond a size, at every byte; the signal that comes with it ignored and not. */
#include "runner.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#define LAST 8192 /* bytes */
#define NEW 6000

struct limited {
	const struct operation *operation;
	size_t limit;
	bool dies; /* SIGXFSZ is not ignored */
	char *old, *new;
};

static void limit_files(const struct limited *l)
{
	struct rlimit limit = {l->limit, RLIM_INFINITY};
	if (signal(SIGXFSZ, l->dies ? SIG_DFL : SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit) != 0)
		complain("the test cannot limit files");
}

static void replace_limited(void *ctx)
{
	const struct limited *l = ctx;
	struct error err = {0};
	limit_files(l);
	if (!io_replace_file("file", str_of(l->new), &err) && (!err.message || !err.path))
		complain("refused without a reason");
}

/* Of one file: old or new, told or not. */
static bool one_file(void *ctx, unsigned long i)
{
	struct limited l = *(struct limited *)ctx;
	l.limit = i / 2;
	l.dies = i % 2;
	put_file("file", l.old);
	shared->n_claims = 0;
	int status = in_fork(replace_limited, &l, 20);
	char *there = get_file("file");
	bool is_new = there && strcmp(there, l.new) == 0, is_old = there && strcmp(there, l.old) == 0;
	if (!is_old && !is_new)
		complain("at %zu bytes the file is neither old nor new", l.limit);
	if (is_new != (l.limit >= NEW))
		complain("at %zu bytes the file is %s", l.limit, is_new ? "new" : "old");
	if (status != 0 && status != 256 + SIGXFSZ)
		complain("at %zu bytes it ended with %d", l.limit, status);
	mem_free(there);
	return !shared->complaint[0];
}

static void run_limited(void *ctx)
{
	const struct limited *l = ctx;
	struct work w = {.told = true};
	limit_files(l);
	fault_start(&(struct fault){.at = ~0ul}, SEED);
	bool done = l->operation->run(&w);
	struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
	(void)setrlimit(RLIMIT_FSIZE, &none);
	if (!done && !l->operation->run(&w))
		complain("the second try, without a limit, failed too");
	if (!work_close(&w))
		complain("cannot be closed after the second try");
}

static bool one_operation(void *ctx, unsigned long i)
{
	struct limited l = {.operation = &operations[i % operations_count()], .limit = i / operations_count()};
	(void)ctx;
	/* The other program would be limited too. */
	if (l.operation->other)
		l.operation = operations;
	operation_set_up(l.operation);
	int status = in_fork(run_limited, &l, 20);
	if (status != 0)
		complain("ended with %d", status);
	check_world(&(struct expected_files){.litter = true, .again = l.operation->alone ? l.operation->run : NULL});
	return was_good("%s, files of %zu bytes at most", l.operation->name, l.limit);
}

/* A text of n bytes. */
static char *text_of(size_t n, char first)
{
	struct buf b = {0};
	for (size_t i = 0; i < n; i++)
		buf_addc(&b, (char)(first + (char)(i % 26)));
	return buf_take(&b);
}

void test_limits(void)
{
	struct limited l = {.old = text_of(900, 'a'), .new = text_of(NEW, 'A')};
	run_all(&(struct tally){"limits of one file's size", 2 * LAST}, one_file, &l, 2 * (LAST + 1), "tests/fault/run limits");
	mem_free(l.old);
	mem_free(l.new);
	run_all(&(struct tally){"limits of files' sizes during operations", 2000}, one_operation, NULL,
	        operations_count() * (fault_scale() > 1 ? 4096 : 400), "tests/fault/run limits");
}
