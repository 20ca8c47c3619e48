/* session: several processes on one sidecar at once, killed in the middle of what they do; every decision that one of
 * them reported is there in the end. */
#include "edit_fixture.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define WRITERS 4
#define SPANS   12 /* of each writer */
#define ROUNDS  8

/* Shared by all: what each writer knows to be safe. */
static volatile unsigned char (*reported)[SPANS];

static int calls_left;

static bool killed_here(void)
{
	if (calls_left > 0 && --calls_left == 0)
		(void)raise(SIGKILL);
	return false;
}

static ssize_t killing_write(int fd, const void *from, size_t n)
{
	(void)killed_here();
	return io_system.write(fd, from, n);
}

static int killing_rename(const char *from, const char *to)
{
	(void)killed_here();
	return io_system.rename(from, to);
}

static int killing_fdatasync(int fd)
{
	(void)killed_here();
	return io_system.fdatasync(fd);
}

static void put_many(void)
{
	struct buf text = {0}, sidecar = {0};
	buf_adds(&sidecar, "zhupi: 1\nspans:\n");
	for (int i = 0; i < WRITERS * SPANS; i++) {
		buf_addf(&text, "第%03d人\n", i);
		buf_addf(&sidecar,
		         "- id: p%03d\n  label: PERSON\n  at: [[%d, %d]]\n  text: 第%03d人\n  context: [\"\", \"\"]\n  "
		         "verdict: undecided\n  source: {by: x}\n",
		         i, i * 6, i * 6 + 5, i);
	}
	put("a.txt", text.p);
	put("zhupi.yaml", "zhupi: 1\n");
	put("a.txt.yaml", sidecar.p);
	buf_free(&text);
	buf_free(&sidecar);
}

static enum verdict verdict_for(int round, int i)
{
	return (round + i) % 2 ? VERDICT_ACCEPTED : VERDICT_REJECTED;
}

/* One process: judges its own spans, saving now and then, until it is done or killed.  Ends with a status that tells
 * what failed. */
static void write_some(int writer, int round)
{
	struct io table = io_system;
	struct corpus *c = NULL;
	struct session *s = NULL;
	struct doc *d = NULL;
	table.write = killing_write;
	table.rename = killing_rename;
	table.fdatasync = killing_fdatasync;
	calls_left = round == ROUNDS - 1 ? 0 : 3 + (writer * 7 + round * 13) % 40;
	io_swap(&table);
	struct buf name = {0};
	buf_addf(&name, "writer%d", writer);
	if (!corpus_open(".", name.p, &c, NULL) || !session_open(c, false, &s, NULL) ||
	    !(d = session_doc(s, S("a.txt"), NULL)))
		_exit(1);
	for (int i = 0; i < SPANS; i++) {
		struct buf id = {0};
		buf_addf(&id, "p%03d", writer * SPANS + i);
		bool nothing = false;
		for (int attempt = 0;; attempt++) {
			struct group *g = group_new(name.p);
			struct error err = {0};
			if (!edit_verdict(g, d, ITEM_SPAN, buf_str(&id), verdict_for(round, i), NULL))
				_exit(2);
			nothing = group_empty(g);
			if (session_commit(s, g, &err))
				break;
			/* What was on the screen is no longer so: look again. */
			if (err.code != ERROR_CONFLICT || attempt)
				_exit(2);
			error_clear(&err);
		}
		/* It may be so already, from an earlier round: nothing was promised anew. */
		reported[writer][i] = nothing ? 0 : (unsigned char)(round + 1);
		buf_free(&id);
		if (i % 3 == writer % 3 && !session_save(s, d, NULL, NULL))
			_exit(3);
	}
	_exit(session_close(s, NULL) && session_conflicts(s) == 0 ? 0 : 4);
}

/* The change after the last reported one may have been cut off, done or not. */
static void check_reported(const struct doc *d, int round)
{
	for (int w = 0; w < WRITERS; w++)
		for (int i = 0; i < SPANS; i++) {
			struct buf id = {0};
			buf_addf(&id, "p%03d", w * SPANS + i);
			enum verdict there = set_span(d->set, set_find_span(d->set, buf_str(&id)))->verdict;
			bool promised = reported[w][i] == round + 1;
			if (promised && there != verdict_for(round, i))
				print_error("%s: %s, reported in round %d\n", id.p, verdict_name(there), round);
			assert_true(!promised || there == verdict_for(round, i));
			buf_free(&id);
		}
}

static void test_killed_writers_lose_nothing(void **state)
{
	(void)state;
	reported = mmap(NULL, sizeof(*reported) * WRITERS, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(reported != MAP_FAILED);
	put_many();
	for (int round = 0; round < ROUNDS; round++) {
		pid_t pids[WRITERS];
		for (int w = 0; w < WRITERS; w++)
			if ((pids[w] = fork()) == 0)
				write_some(w, round);
		for (int w = 0; w < WRITERS; w++) {
			int status;
			assert_int_equal(waitpid(pids[w], &status, 0), pids[w]);
			assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
		}
		struct corpus *c;
		struct session *s;
		struct error err = {0};
		assert_good(corpus_open(".", "reader", &c, &err), &err);
		assert_good(session_open(c, true, &s, &err), &err);
		struct doc *d = session_doc(s, S("a.txt"), &err);
		assert_good(d != NULL, &err);
		assert_int_equal(session_conflicts(s), 0);
		check_reported(d, round);
		session_free(s);
		corpus_free(c);
	}
	assert_int_equal(munmap((void *)(uintptr_t)reported, sizeof(*reported) * WRITERS), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_killed_writers_lose_nothing, folder_set_up, folder_tear_down),
	};
	return cmocka_run_group_tests_name("writers", tests, NULL, NULL);
}
