/* process: a program run to its end; one kept running: questions and answers, and every way in which it can fail to
 * answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>

#include "model/io.h"
#include "model/process.h"

#define LONG_MS 20000 /* more than any answer here takes */

static void note_said(void *ctx, struct str line)
{
	struct buf *said = ctx;
	buf_add(said, line);
	buf_addc(said, '|');
}

static struct process *start(const char *script, struct buf *said)
{
	char *argv[] = {mem_dup("sh"), mem_dup("-c"), mem_dup(script), NULL};
	struct process_watch watch = {.said = said ? note_said : NULL, .ctx = said};
	struct process *p = NULL;
	assert_true(process_start(argv, &watch, &p, NULL));
	for (size_t i = 0; i < 3; i++)
		mem_free(argv[i]);
	return p;
}

static enum process_answer ask(struct process *p, struct str line, int64_t limit_ms, struct str *answer)
{
	enum process_answer how;
	process_say(p, line, limit_ms);
	do {
		how = process_hear(p, limit_ms, answer);
	} while (how == PROCESS_WAITS);
	return how;
}

static void nothing_is_left(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void one_line_for_one_line(void **state)
{
	(void)state;
	struct buf said = {0};
	struct str answer = STR_NONE;
	struct process *p = start("while read -r l; do echo \"got $l\" >&2; echo \"<$l>\"; done", &said);
	assert_int_equal(ask(p, S("a\n"), LONG_MS, &answer), PROCESS_ANSWERED);
	assert_true(str_eq(answer, S("<a>")));
	assert_int_equal(ask(p, S("b c\n"), LONG_MS, &answer), PROCESS_ANSWERED);
	assert_true(str_eq(answer, S("<b c>")));
	assert_int_equal(process_end(p, LONG_MS), 0);
	assert_true(str_eq(buf_str(&said), S("got a|got b c|")));
	buf_free(&said);
	nothing_is_left();
}

/* Both pipes are full at some moment: who only writes first, or only reads, waits for ever. */
static void large_lines_go_both_ways(void **state)
{
	(void)state;
	struct buf line = {0};
	struct str answer = STR_NONE;
	for (size_t i = 0; i < 2000000; i++)
		buf_addc(&line, (char)('a' + i % 26));
	buf_addc(&line, '\n');
	struct process *p = start("exec cat", NULL);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ask(p, buf_str(&line), LONG_MS, &answer), PROCESS_ANSWERED);
		assert_true(str_eq(answer, str_sub(buf_str(&line), 0, line.n - 1)));
	}
	assert_int_equal(process_end(p, LONG_MS), 0);
	buf_free(&line);
}

static void one_that_ends_is_gone(void **state)
{
	(void)state;
	struct str answer = STR_NONE;
	struct process *p = start("exit 3", NULL);
	assert_int_equal(ask(p, S("a\n"), LONG_MS, &answer), PROCESS_GONE);
	assert_int_equal(process_end(p, LONG_MS), 3);
	p = start("kill -9 $$", NULL);
	assert_int_equal(ask(p, S("a\n"), LONG_MS, &answer), PROCESS_GONE);
	assert_int_equal(process_end(p, LONG_MS), 128 + 9);
	nothing_is_left();
}

/* Its input is closed while we write: no signal may end us. */
static void a_closed_input_raises_nothing(void **state)
{
	(void)state;
	struct str answer = STR_NONE;
	struct buf line = {0};
	for (size_t i = 0; i < 1000000; i++)
		buf_addc(&line, 'x');
	struct process *p = start("exec <&-; echo ready >&2; exec cat /dev/zero >/dev/null", NULL);
	assert_int_equal(ask(p, buf_str(&line), LONG_MS, &answer), PROCESS_GONE);
	assert_int_equal(process_end(p, 0), 128 + 9);
	buf_free(&line);
	nothing_is_left();
}

static void one_that_hangs_is_late_and_killed(void **state)
{
	(void)state;
	struct str answer = STR_NONE;
	struct process *p = start("trap '' TERM HUP INT; while :; do read -r l; done </dev/zero", NULL);
	int64_t from = io_now_ms();
	assert_int_equal(ask(p, S("a\n"), 50, &answer), PROCESS_LATE);
	assert_int_equal(process_end(p, 0), 128 + 9);
	assert_true(io_now_ms() - from < LONG_MS);
	nothing_is_left();
}

static void a_line_too_many_is_seen(void **state)
{
	(void)state;
	struct str answer = STR_NONE;
	struct process *p = start("read -r l; printf '1\\n2\\n'; read -r l", NULL);
	assert_int_equal(ask(p, S("a\n"), LONG_MS, &answer), PROCESS_ANSWERED);
	assert_int_equal(ask(p, S("b\n"), LONG_MS, &answer), PROCESS_EARLY);
	(void)process_end(p, 0);
	nothing_is_left();
}

static bool always(void)
{
	return true;
}

static void it_can_be_stopped(void **state)
{
	(void)state;
	char sh[] = "cat";
	char *argv[] = {sh, NULL};
	struct process_watch watch = {.stop = always};
	struct process *p = NULL;
	struct str answer = STR_NONE;
	assert_true(process_start(argv, &watch, &p, NULL));
	assert_int_equal(ask(p, S("a"), LONG_MS, &answer), PROCESS_STOPPED);
	(void)process_end(p, 0);
	nothing_is_left();
}

/* Between two slices the caller does something else: here it gives the program the line that it waits for. */
static void an_answer_comes_in_slices(void **state)
{
	(void)state;
	struct str answer = STR_NONE;
	struct process *p = start("read -r l; read -r m; echo \"$l $m\"", NULL);
	process_say(p, S("a\n"), LONG_MS);
	assert_int_equal(process_hear(p, 0, &answer), PROCESS_WAITS);
	assert_int_equal(process_hear(p, 20, &answer), PROCESS_WAITS);
	process_say(p, S("b\n"), LONG_MS);
	assert_int_equal(process_hear(p, LONG_MS, &answer), PROCESS_ANSWERED);
	assert_true(str_eq(answer, S("a b")));
	assert_true(process_leaves(p, LONG_MS));
	assert_int_equal(process_end(p, 0), 0);
	nothing_is_left();
}

static void one_that_stays_has_not_left(void **state)
{
	(void)state;
	struct process *p = start("while :; do read -r l; done </dev/zero", NULL);
	assert_false(process_leaves(p, 20));
	assert_int_equal(process_end(p, 0), 128 + 9);
	nothing_is_left();
}

/* Nothing of an argument is read as a shell would. */
static void no_shell_sees_the_arguments(void **state)
{
	(void)state;
	char echo[] = "echo", words[] = "$HOME `id` ; exit 4";
	char *argv[] = {echo, words, NULL};
	struct process_watch watch = {0};
	struct process *p = NULL;
	struct str answer = STR_NONE;
	assert_true(process_start(argv, &watch, &p, NULL));
	enum process_answer how = ask(p, STR_NONE, LONG_MS, &answer);
	/* It may have spoken before it was asked; it did not run anything. */
	assert_true(how == PROCESS_EARLY || (how == PROCESS_ANSWERED && str_eq(answer, str_of(words))));
	assert_int_equal(process_end(p, LONG_MS), 0);
}

static void one_that_is_missing_is_told(void **state)
{
	(void)state;
	char name[] = "/nonexistent/program";
	char *argv[] = {name, NULL};
	struct process_watch watch = {0};
	struct process *p = NULL;
	struct error err = {0};
	assert_false(process_start(argv, &watch, &p, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	assert_null(p);
	error_clear(&err);
	nothing_is_left();
}

/* ---- process ------------------------------------------------------------------------------------------------ */

static int run(const char *program, const char *argument, const char *more, struct error *e)
{
	char *argv[] = {mem_dup(program), argument ? mem_dup(argument) : NULL, more ? mem_dup(more) : NULL, NULL};
	int status = -1;
	bool fine = process_run(argv, &status, e);
	for (size_t i = 0; i < 3; i++)
		mem_free(argv[i]);
	return fine ? status : -1;
}

static void processes(void **state)
{
	(void)state;
	struct error e = {0};
	assert_int_equal(run("true", NULL, NULL, &e), 0);
	assert_int_equal(run("false", NULL, NULL, &e), 1);
	assert_int_equal(run("sh", "-c", "exit 7", &e), 7);
	assert_int_equal(run("sh", "-c", "kill -TERM $$", &e), 128 + SIGTERM);
	/* Signals that we ignore are not inherited as ignored. */
	assert_true(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	assert_int_equal(run("sh", "-c", "kill -PIPE $$", &e), 128 + SIGPIPE);
	assert_true(signal(SIGPIPE, SIG_DFL) == SIG_IGN);
	assert_int_equal(e.code, ERROR_NONE);
	assert_int_equal(run("zhupi-no-such-program", NULL, NULL, &e), -1);
	assert_int_equal(e.code, ERROR_MISSING);
	error_clear(&e);
	assert_int_equal(run("/", NULL, NULL, &e), -1);
	assert_int_equal(e.code, ERROR_IO);
	error_clear(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(processes),
		cmocka_unit_test(one_line_for_one_line),
		cmocka_unit_test(large_lines_go_both_ways),
		cmocka_unit_test(one_that_ends_is_gone),
		cmocka_unit_test(a_closed_input_raises_nothing),
		cmocka_unit_test(one_that_hangs_is_late_and_killed),
		cmocka_unit_test(a_line_too_many_is_seen),
		cmocka_unit_test(it_can_be_stopped),
		cmocka_unit_test(an_answer_comes_in_slices),
		cmocka_unit_test(one_that_stays_has_not_left),
		cmocka_unit_test(no_shell_sees_the_arguments),
		cmocka_unit_test(one_that_is_missing_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
