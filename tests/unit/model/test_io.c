/* io: files whole or not at all, under every fault that the table can be made to give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "model/io.h"

/* ---- a folder of one's own ---------------------------------------------------------------------------------- */

static char *folder;

static char *in_folder(const char *name)
{
	return io_join(folder, name);
}

static int make_folder(void **state)
{
	(void)state;
	const char *temporary = getenv("TMPDIR");
	struct buf path = {0};
	buf_addf(&path, "%s/zhupi-test-io-XXXXXX", temporary ? temporary : "/tmp");
	folder = buf_take(&path);
	return mkdtemp(folder) ? 0 : -1;
}

static bool remove_one(void *ctx, struct str relative)
{
	(void)ctx;
	char *path = in_folder(relative.p);
	(void)unlink(path);
	mem_free(path);
	return true;
}

static int remove_folder(void **state)
{
	(void)state;
	static const char *const also[] = {"fifo", "dangling"};
	(void)io_walk(folder, remove_one, NULL, NULL, NULL);
	for (size_t i = 0; i < COUNT_OF(also); i++) {
		char *path = in_folder(also[i]);
		(void)(unlink(path) == 0 || rmdir(path) == 0);
		mem_free(path);
	}
	int result = rmdir(folder);
	mem_free(folder);
	return result;
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_true(fd >= 0);
	assert_true(io_write_all(fd, str_of(text), NULL));
	assert_int_equal(close(fd), 0);
}

static void assert_holds(const char *path, const char *text)
{
	struct buf b = {0};
	struct error e = {0};
	if (!io_read_file(path, 1 << 20, &b, NULL, &e))
		fail_msg("%s: %s", path, e.message);
	assert_true(str_eq(buf_str(&b), str_of(text)));
	buf_free(&b);
}

/* Temporary files are dot files, which the walk skips: they are looked for by name. */
static size_t temporaries_left(void)
{
	struct buf command = {0};
	size_t count = 0;
	buf_addf(&command, "find '%s' -name '.*.tmp'", folder);
	FILE *found = popen(command.p, "r");
	assert_non_null(found);
	for (int c; (c = fgetc(found)) != EOF;)
		count += c == '\n';
	assert_int_equal(pclose(found), 0);
	buf_free(&command);
	return count;
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

static void reading(void **state)
{
	(void)state;
	char *path = in_folder("read");
	struct buf b = {0};
	struct io_identity id, again;
	struct error e = {0};
	put(path, "some text");
	buf_adds(&b, "before ");
	assert_true(io_read_file(path, 9, &b, &id, &e));
	assert_string_equal(b.p, "before some text");
	assert_int_equal(id.size, 9);
	assert_true(io_identify(path, &again, &e));
	assert_memory_equal(&id, &again, sizeof(id));
	assert_false(io_read_file(path, 8, &b, NULL, &e));
	assert_int_equal(e.code, ERROR_LIMIT);
	assert_string_equal(b.p, "before some text");
	error_clear(&e);
	buf_free(&b);
	assert_true(io_read_file(path, 9, &b, NULL, &e));
	assert_true(b.cap <= 9 + 2); /* one allocation, just large enough */
	buf_free(&b);
	put(path, "");
	assert_true(io_read_file(path, 9, &b, NULL, &e));
	assert_string_equal(b.p, "");
	buf_free(&b);
	/* Files that claim to be empty and are not. */
	assert_true(io_read_file("/proc/self/status", 1 << 20, &b, NULL, &e));
	assert_true(b.n > 100);
	buf_free(&b);
	mem_free(path);
}

static void what_is_no_file_is_refused_at_once(void **state)
{
	(void)state;
	char *fifo = in_folder("fifo");
	struct buf b = {0};
	struct error e = {0};
	assert_int_equal(mkfifo(fifo, 0600), 0);
	const char *const paths[] = {fifo, folder, "/dev/zero", "/dev/tty", "/dev/null"};
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		if (io_read_file(paths[i], 100, &b, NULL, &e))
			fail_msg("%s was read", paths[i]);
		if (strcmp(paths[i], "/dev/tty") != 0)
			assert_int_equal(e.code, ERROR_KIND);
		error_clear(&e);
		assert_false(io_replace_file(paths[i], S("x"), &e));
		error_clear(&e);
	}
	char *missing = in_folder("missing");
	assert_false(io_read_file(missing, 100, &b, NULL, &e));
	assert_int_equal(e.code, ERROR_MISSING);
	error_clear(&e);
	mem_free(missing);
	mem_free(fifo);
	buf_free(&b);
}

static void reading_a_descriptor(void **state)
{
	(void)state;
	int ends[2];
	struct buf b = {0};
	struct error e = {0};
	assert_int_equal(pipe(ends), 0);
	assert_true(io_write_all(ends[1], S("through a pipe"), &e));
	assert_int_equal(close(ends[1]), 0);
	assert_true(io_read_fd(ends[0], "-", 100, &b, &e));
	assert_string_equal(b.p, "through a pipe");
	assert_int_equal(close(ends[0]), 0);
	assert_false(io_read_fd(ends[0], "-", 100, &b, &e));
	assert_int_equal(e.code, ERROR_IO);
	error_clear(&e);
	buf_free(&b);
}

/* A reader that is slower than a non-blocking writer. */
static void writing_to_a_full_pipe_waits(void **state)
{
	(void)state;
	int ends[2];
	struct buf big = {0}, back = {0};
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
	for (int i = 0; i < 300000; i++)
		buf_addc(&big, (char)('a' + i % 26));
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(io_write_all(ends[1], buf_str(&big), NULL) ? 0 : 1);
	assert_int_equal(close(ends[1]), 0);
	assert_true(io_read_fd(ends[0], "socket", big.n, &back, NULL));
	assert_true(str_eq(buf_str(&big), buf_str(&back)));
	assert_int_equal(close(ends[0]), 0);
	buf_free(&big);
	buf_free(&back);
}

/* ---- replacing ---------------------------------------------------------------------------------------------- */

static void replacing_keeps_mode_and_link(void **state)
{
	(void)state;
	char *path = in_folder("kept"), *link = in_folder("link"), *dangling = in_folder("dangling"), *target = in_folder("target");
	struct stat st;
	struct error e = {0};
	put(path, "old");
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(symlink("kept", link), 0);
	assert_true(io_replace_file(link, S("new"), &e));
	assert_holds(path, "new");
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(symlink("target", dangling), 0);
	assert_true(io_replace_file(dangling, S("made"), &e));
	assert_holds(target, "made");
	assert_int_equal(unlink(link), 0);
	assert_int_equal(symlink("link", link), 0);
	assert_false(io_replace_file(link, S("x"), &e));
	assert_int_equal(e.code, ERROR_IO);
	error_clear(&e);
	assert_int_equal(unlink(link), 0);
	assert_int_equal(temporaries_left(), 0);
	mem_free(path);
	mem_free(link);
	mem_free(dangling);
	mem_free(target);
}

static void a_read_only_file_stays(void **state)
{
	(void)state;
	char *path = in_folder("readonly");
	struct error e = {0};
	put(path, "old");
	assert_int_equal(chmod(path, 0444), 0);
	assert_false(io_replace_file(path, S("new"), &e));
	assert_int_equal(e.code, ERROR_IO);
	error_clear(&e);
	assert_holds(path, "old");
	mem_free(path);
}

static void long_names_and_new_files(void **state)
{
	(void)state;
	char name[256];
	struct error e = {0};
	struct stat st;
	memset(name, 'n', 255);
	name[255] = '\0';
	char *path = in_folder(name);
	mode_t mask = umask(027);
	assert_true(io_replace_file(path, S("x"), &e));
	umask(mask);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_true(io_replace_file(path, S(""), &e));
	assert_holds(path, "");
	mem_free(path);
	path = in_folder("nowhere/at/all");
	assert_false(io_replace_file(path, S("x"), &e));
	assert_int_equal(e.code, ERROR_MISSING);
	error_clear(&e);
	mem_free(path);
}

static void creating(void **state)
{
	(void)state;
	char *path = in_folder("created");
	struct error e = {0};
	assert_true(io_create_file(path, S("first"), &e));
	assert_false(io_create_file(path, S("second"), &e));
	assert_int_equal(e.code, ERROR_EXISTS);
	error_clear(&e);
	assert_holds(path, "first");
	assert_int_equal(temporaries_left(), 0);
	mem_free(path);
}

/* ---- faults ------------------------------------------------------------------------------------------------- */

enum call { CALL_OPEN, CALL_WRITE, CALL_FSYNC, CALL_CLOSE, CALL_RENAME, CALL_LINK, CALL_FSTAT, CALL_LSTAT, CALL_FCHMOD, CALLS };

static struct {
	enum call call;
	int countdown, cause;  /* the countdown-th call fails with cause; 0: none any more */
	bool dribble, interrupt;
	bool interrupted;
} fault;

static bool fails(enum call call)
{
	if (fault.call != call || fault.countdown == 0 || --fault.countdown > 0)
		return false;
	errno = fault.cause;
	return true;
}

static int faulty_open(const char *path, int flags, mode_t mode)
{
	return fails(CALL_OPEN) ? -1 : io_system.open(path, flags, mode);
}

static ssize_t faulty_write(int fd, const void *from, size_t n)
{
	if (fault.interrupt && (fault.interrupted = !fault.interrupted)) {
		errno = EINTR;
		return -1;
	}
	return fails(CALL_WRITE) ? -1 : io_system.write(fd, from, fault.dribble && n > 1 ? 1 : n);
}

static int faulty_fsync(int fd)
{
	if (fault.interrupt && (fault.interrupted = !fault.interrupted)) {
		errno = EINTR;
		return -1;
	}
	return fails(CALL_FSYNC) ? -1 : io_system.fsync(fd);
}

static int faulty_close(int fd)
{
	bool fail = fails(CALL_CLOSE);
	int cause = errno, result = io_system.close(fd);
	if (!fail)
		return result;
	errno = cause;
	return -1;
}

static int faulty_rename(const char *from, const char *to)
{
	return fails(CALL_RENAME) ? -1 : io_system.rename(from, to);
}

static int faulty_link(const char *from, const char *to)
{
	return fails(CALL_LINK) ? -1 : io_system.link(from, to);
}

static int faulty_fstat(int fd, struct stat *st)
{
	return fails(CALL_FSTAT) ? -1 : io_system.fstat(fd, st);
}

static int faulty_lstat(const char *path, struct stat *st)
{
	return fails(CALL_LSTAT) ? -1 : io_system.lstat(path, st);
}

static int faulty_fchmod(int fd, mode_t mode)
{
	return fails(CALL_FCHMOD) ? -1 : io_system.fchmod(fd, mode);
}

static struct io faulty_table(void)
{
	struct io table = io_system;
	table.open = faulty_open;
	table.write = faulty_write;
	table.fsync = faulty_fsync;
	table.close = faulty_close;
	table.rename = faulty_rename;
	table.link = faulty_link;
	table.fstat = faulty_fstat;
	table.lstat = faulty_lstat;
	table.fchmod = faulty_fchmod;
	return table;
}

/* Fails each call of each kind in turn until none is left to fail.  Old or new, whole; told or done; nothing left
 * behind.  `wanted`: how many calls of each kind must not fail unnoticed. */
static void sweep(bool create, int cause, const size_t wanted[CALLS])
{
	struct io table = faulty_table();
	char *path = in_folder("swept");
	for (int call = 0; call < CALLS; call++) {
		size_t failed = 0;
		for (int nth = 1; nth < 100; nth++) {
			struct error e = {0};
			(void)unlink(path);
			if (!create)
				put(path, "old");
			memset(&fault, 0, sizeof(fault));
			fault.call = (enum call)call;
			fault.countdown = nth;
			fault.cause = cause;
			fault.dribble = true;
			io_swap(&table);
			bool fine = create ? io_create_file(path, S("the new"), &e) : io_replace_file(path, S("the new"), &e);
			io_swap(&io_system);
			bool struck = fault.countdown == 0;
			failed += !fine;
			if (fine == (e.code != ERROR_NONE))
				fail_msg("call %d, %d: the answer and the error differ", call, nth);
			struct buf now = {0};
			bool there = io_read_file(path, 100, &now, NULL, NULL);
			bool is_new = str_eq(buf_str(&now), S("the new"));
			bool is_old = create ? !there : str_eq(buf_str(&now), S("old"));
			/* After a true answer it is the new one; after a false one the old, but for the very last step. */
			if (fine ? !is_new : !is_old && !(is_new && call == CALL_FSYNC))
				fail_msg("call %d, %d: %s, and the file holds '%s'", call, nth, fine ? "done" : e.message,
				         now.p ? now.p : "");
			if (temporaries_left() != 0)
				fail_msg("call %d, %d leaves a temporary file", call, nth);
			buf_free(&now);
			error_clear(&e);
			if (!struck)
				break;
		}
		if (failed != wanted[call])
			fail_msg("of call %d, %zu failures were told, not %zu", call, failed, wanted[call]);
	}
	mem_free(path);
}

static void replacing_under_faults(void **state)
{
	(void)state;
	/* Opened: the target to see whether it may be written and for what is kept of it, the folder, the temporary
	 * file; synced: file and folder; of the closes that of the file that was written counts. */
	static const size_t wanted[CALLS] = {
		[CALL_OPEN] = 4, [CALL_WRITE] = 7, [CALL_FSYNC] = 2, [CALL_CLOSE] = 1, [CALL_RENAME] = 1, [CALL_FSTAT] = 1,
		[CALL_LSTAT] = 1, [CALL_FCHMOD] = 1,
	};
	sweep(false, ENOSPC, wanted);
	sweep(false, EIO, wanted);
}

static void creating_under_faults(void **state)
{
	(void)state;
	static const size_t wanted[CALLS] = {
		[CALL_OPEN] = 2, [CALL_WRITE] = 7, [CALL_FSYNC] = 2, [CALL_CLOSE] = 1, [CALL_LINK] = 1,
	};
	sweep(true, EIO, wanted);
	sweep(true, EACCES, wanted);
}

/* File systems that cannot link, or cannot sync a folder, are still written. */
static void lesser_file_systems(void **state)
{
	(void)state;
	struct io table = faulty_table();
	char *path = in_folder("lesser");
	struct error e = {0};
	memset(&fault, 0, sizeof(fault));
	fault.call = CALL_LINK;
	fault.countdown = 1;
	fault.cause = EPERM;
	io_swap(&table);
	assert_true(io_create_file(path, S("one"), &e));
	fault.call = CALL_FSYNC;
	fault.countdown = 2; /* the folder's */
	fault.cause = EINVAL;
	assert_true(io_replace_file(path, S("two"), &e));
	io_swap(&io_system);
	assert_int_equal(fault.countdown, 0);
	assert_holds(path, "two");
	mem_free(path);
}

static void interrupted_calls_go_on(void **state)
{
	(void)state;
	struct io table = faulty_table();
	char *path = in_folder("interrupted");
	struct error e = {0};
	memset(&fault, 0, sizeof(fault));
	fault.interrupt = fault.dribble = true;
	io_swap(&table);
	assert_true(io_replace_file(path, S("every byte of it"), &e));
	io_swap(&io_system);
	assert_holds(path, "every byte of it");
	mem_free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading),
		cmocka_unit_test(what_is_no_file_is_refused_at_once),
		cmocka_unit_test(reading_a_descriptor),
		cmocka_unit_test(writing_to_a_full_pipe_waits),
		cmocka_unit_test(replacing_keeps_mode_and_link),
		cmocka_unit_test(a_read_only_file_stays),
		cmocka_unit_test(long_names_and_new_files),
		cmocka_unit_test(creating),
		cmocka_unit_test(replacing_under_faults),
		cmocka_unit_test(creating_under_faults),
		cmocka_unit_test(lesser_file_systems),
		cmocka_unit_test(interrupted_calls_go_on),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
