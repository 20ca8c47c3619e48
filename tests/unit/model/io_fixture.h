/* io_fixture: what the tests of io share: a folder of their own for each test, which is the current one while it runs
 * and goes with all that is in it; files put there past the table of calls, and looked at; temporary names of processes
 * that are no more.
 *
 * folder_set_up() and folder_tear_down() are for cmocka; *state is the folder's path, which they own. */
#ifndef ZHUPI_TESTS_IO_FIXTURE_H
#define ZHUPI_TESTS_IO_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/io_internal.h"
#include "model/sha256.h"

static inline int folder_set_up(void **state)
{
	const char *tmp = getenv("TMPDIR");
	char *path = io_join(tmp && tmp[0] ? tmp : "/tmp", "zhupi-io-XXXXXX");
	*state = path;
	return mkdtemp(path) && chdir(path) == 0 ? 0 : -1;
}

static inline int folder_tear_down(void **state)
{
	struct buf command = {0};
	buf_addf(&command, "rm -rf '%s'", (char *)*state);
	int gone = chdir("/") | system(command.p);
	buf_free(&command);
	mem_free(*state);
	return gone;
}

/* A file that is there keeps its inode and mode. */
static inline void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && close(fd) == 0);
}

/* Its whole content; text NULL: there is no such file. */
static inline void assert_is(const char *path, const char *text)
{
	struct buf there = {0};
	bool good = io_read_file(path, 1000, &there, NULL, NULL);
	if (text && !(good && str_eq(buf_str(&there), str_of(text))))
		print_error("%s: %s\n", path, there.p ? there.p : "-");
	assert_true(text ? good && str_eq(buf_str(&there), str_of(text)) : !good);
	buf_free(&there);
}

/* A temporary name of a process that is no more, for the file f; old, new: what it would have exchanged, old NULL:
 * nothing. */
static inline char *dead_swap(const char *old, const char *new)
{
	int ends[2];
	char name[NAME_MAX + 1] = "";
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		char *a = sha256_of(str_of(old)), *b = sha256_of(str_of(new));
		char *mine = old ? swap_name("f", false, a, b) : temp_name("f");
		_exit(write(ends[1], mine, strlen(mine)) < 0);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(status == 0 && read(ends[0], name, NAME_MAX) > 0);
	assert_int_equal(close(ends[0]) | close(ends[1]), 0);
	return mem_dup(name + 2); /* without ./ */
}

static inline char *dead_name(bool swap)
{
	return dead_swap(swap ? "x" : NULL, swap ? "x" : NULL);
}

#endif
