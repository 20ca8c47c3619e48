/* io: what other processes left in a folder, and what they do between one call of ours and the next. */
#include <stdio.h>

#include "io_fixture.h"

/* ---- names ------------------------------------------------------------------------------------------------------- */

/* The name with its nth part put otherwise; parts end at - or a dot and are counted from the end, the suffix being 0. */
static char *otherwise(const char *name, int nth, const char *part)
{
	size_t end = strlen(name), start;
	for (;; end = start - 1) {
		start = end;
		while (start > 0 && !strchr("-.", name[start - 1]))
			start--;
		if (nth-- == 0)
			break;
	}
	struct buf out = {0};
	buf_add(&out, (struct str){name, start});
	buf_adds(&out, part);
	buf_adds(&out, name + end);
	return buf_take(&out);
}

/* Only what is surely of a process that is no more is taken away. */
static void names_of_temporary_files(void **state)
{
	(void)state;
	static const struct {
		int nth; /* 1 random, 2 process, 3 its space, 4 start of the machine, 5 host */
		const char *part;
		bool stale;
	} cases[] = {
	    {0, "tmp", true},     {0, "txt", false}, {1, "bcdf", false},        {1, "bcdfghjkm2", true}, {2, "0", false},
	    {2, "", false},       {2, "1x", false},  {2, "99999999999", false}, {2, "1", false},         {3, "0123456", false},
	    {3, "012345678", false}, {4, "x", false}, {5, "x", false},
	};
	char *name = dead_name(false);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *other = otherwise(name, cases[i].nth, cases[i].part);
		if (temp_is_stale(other) != cases[i].stale)
			print_error("%s\n", other);
		assert_int_equal(temp_is_stale(other), cases[i].stale);
		put(other, "x");
		io_recover(".", false, NULL);
		assert_is(other, cases[i].stale ? NULL : "x");
		mem_free(other);
	}
	/* Of the same length, but another host, another start of this one, another space of process ids. */
	for (int nth = 3; nth <= 5; nth++) {
		const char *end = name + strlen(name);
		for (int i = 0; i <= nth; i++)
			for (end--; !strchr("-.", *end); end--)
				;
		char *other = mem_dup(name), *digit = other + (end - name) + 1;
		*digit = *digit == '0' ? '1' : '0';
		assert_int_equal(temp_is_stale(other), nth == 4);
		mem_free(other);
	}
	/* Parts that are missing. */
	static const char *const none[] = {".tmp", ".f.tmp", "f.tmp", "-.tmp", ".-bcdfghjkmn.tmp", ".1-bcdfghjkmn.tmp",
	                                   ".x-1-bcdfghjkmn.tmp", ".x-y-1-bcdfghjkmn.tmp", ".x-y-z-1-bcdfghjkmn.tmp"};
	for (size_t i = 0; i < COUNT_OF(none); i++)
		assert_false(temp_is_stale(none[i]));
	for (const char *at = name; (at = strpbrk(at + 1, "-.")); )
		assert_int_equal(temp_is_stale(at + 1), false);
	mem_free(name);
}

static void names_of_second_stages(void **state)
{
	(void)state;
	static const struct {
		int nth; /* 6 the new version, 7 the old one, 8 the target */
		const char *part;
		bool stale;
	} cases[] = {{0, "swap", true}, {0, "aside", true}, {0, "tmp2", false}, {6, "123", false}, {7, "123", false}, {8, "", false}};
	char *name = dead_name(true);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct swapped out;
		char *other = otherwise(name, cases[i].nth, cases[i].part);
		if (swap_is_stale(other, &out) != cases[i].stale)
			print_error("%s\n", other);
		mem_free(out.target);
		assert_int_equal(swap_is_stale(other, &out), cases[i].stale);
		if (cases[i].stale)
			assert_string_equal(out.target, "f");
		mem_free(out.target);
		mem_free(other);
	}
	mem_free(name);
}

/* Where the system does not tell who it is nothing is known of any process. */
static int no_gethostname(char *to, size_t n)
{
	(void)to, (void)n;
	return -1;
}

static void nothing_is_known_of_processes(void **state)
{
	(void)state;
	struct io table = io_system;
	char *name = dead_name(false);
	table.gethostname = no_gethostname;
	io_swap(&table);
	assert_false(temp_is_stale(name));
	put(name, "x");
	io_recover(".", false, NULL);
	io_swap(&io_system);
	assert_is(name, "x");
	mem_free(name);
}

/* ---- locks ------------------------------------------------------------------------------------------------------- */

static char *dead_lock;

/* Another process broke the lock of the dead one, and has it now. */
static int late_rename(const char *from, const char *to)
{
	if (strcmp(from, "lock") == 0) {
		(void)unlink("lock");
		(void)!symlink("another", "lock");
	}
	return io_system.rename(from, to);
}

static int no_rename(const char *from, const char *to)
{
	(void)from, (void)to;
	errno = EACCES;
	return -1;
}

static int no_poll(struct pollfd *fds, nfds_t n, int ms)
{
	(void)fds, (void)n, (void)ms;
	return 0;
}

static void locks_by_name(void **state)
{
	(void)state;
	struct io table = io_system;
	char there[100] = "";
	table.poll = no_poll;
	io_swap(&table);
	dead_lock = dead_name(false);
	assert_int_equal(symlink(dead_lock, "lock"), 0);
	assert_true(io_lock_name("lock", 100));
	assert_false(io_lock_name("lock", 100));
	io_unlock_name("lock");
	assert_int_equal(access("lock", F_OK), -1);
	/* One that cannot be taken away is waited for no longer than told. */
	assert_int_equal(symlink(dead_lock, "lock"), 0);
	table.rename = no_rename;
	assert_false(io_lock_name("lock", 20));
	table.rename = late_rename;
	assert_false(io_lock_name("lock", 20));
	assert_int_equal(readlink("lock", there, sizeof there), strlen("another"));
	assert_string_equal(there, "another");
	io_unlock_name("lock");
	put("lock", "no link");
	assert_false(io_lock_name("lock", 20));
	assert_is("lock", "no link");
	assert_false(io_lock_name("missing/lock", 20));
	io_swap(&io_system);
	mem_free(dead_lock);
}

/* ---- between two calls ------------------------------------------------------------------------------------------- */

static int renames, exchanges;

/* Does not rename over a file; before the first rename somebody writes another version. */
static int late_writer_rename(const char *from, const char *to)
{
	if (access(to, F_OK) == 0) {
		errno = EEXIST;
		return -1;
	}
	if (strcmp(from, "./f") == 0 || strcmp(from, "f") == 0)
		put("f", "other");
	renames++;
	return io_system.rename(from, to);
}

static int no_exchange(const char *from, const char *to, unsigned flags)
{
	(void)from, (void)to, (void)flags;
	errno = EINVAL;
	return -1;
}

static int busy_exchange(const char *from, const char *to, unsigned flags)
{
	struct buf text = {0};
	buf_addf(&text, "other %d", exchanges++);
	put("f", text.p);
	buf_free(&text);
	return io_system.renameat2(from, to, flags);
}

static bool replace_old(struct error *err)
{
	char *old = sha256_of(S("old"));
	bool good = io_replace_known_file("f", S("new"), &(struct io_known){old, 100, NULL}, err);
	mem_free(old);
	return good;
}

static void somebody_writes_in_between(void **state)
{
	(void)state;
	struct io table = io_system;
	struct error err = {0};
	table.renameat2 = no_exchange;
	table.rename = late_writer_rename;
	table.poll = no_poll;
	put("f", "old");
	io_swap(&table);
	assert_false(replace_old(&err));
	io_swap(&io_system);
	assert_int_equal(err.code, ERROR_CONFLICT);
	assert_is("f", "other");
	assert_true(renames > 0);
	error_clear(&err);
	/* And writes each time that it is looked at: what one of them wrote is kept, and told. */
	table.rename = io_system.rename;
	table.renameat2 = busy_exchange;
	put("f", "old");
	io_swap(&table);
	assert_false(replace_old(&err));
	io_swap(&io_system);
	assert_int_equal(err.code, ERROR_IO);
	assert_non_null(strstr(err.message, "kept here"));
	assert_true(exchanges > 100);
	assert_int_equal(access(err.path, F_OK), 0);
	error_clear(&err);
}

static bool hide_size;

static int small_fstat(int fd, struct stat *st)
{
	int result = io_system.fstat(fd, st);
	if (hide_size)
		st->st_size = 0;
	return result;
}

static int read_answers[4], answers_given;

static ssize_t answering_read(int fd, void *to, size_t n)
{
	int answer = read_answers[answers_given++ % 4];
	errno = answer;
	return answer ? -1 : io_system.read(fd, to, n);
}

static int failing_fstat(int fd, struct stat *st)
{
	(void)fd, (void)st;
	errno = EIO;
	return -1;
}

static void the_start_of_a_file(void **state)
{
	(void)state;
	struct io table = io_system;
	struct buf out = {0};
	struct error err = {0};
	put("f", "short");
	read_answers[1] = EINTR;
	table.read = answering_read;
	io_swap(&table);
	assert_true(io_read_start("f", 100, &out, &err));
	assert_true(str_eq(buf_str(&out), S("short")));
	read_answers[0] = read_answers[2] = read_answers[3] = EIO;
	assert_false(io_read_start("f", 100, &out, &err));
	assert_int_equal(err.code, ERROR_IO);
	error_clear(&err);
	table.fstat = failing_fstat;
	assert_false(io_read_start("f", 100, &out, &err));
	assert_int_equal(err.code, ERROR_IO);
	error_clear(&err);
	assert_false(io_read_start("missing", 100, &out, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	io_swap(&io_system);
	error_clear(&err);
	buf_free(&out);
}

/* A file larger than what is known is another one, also when it grows while it is read. */
static void larger_than_what_is_known(void **state)
{
	(void)state;
	struct io table = io_system;
	table.fstat = small_fstat;
	for (int growing = 0; growing < 2; growing++) {
		struct error err = {0};
		char text[200] = "";
		memset(text, 'x', sizeof text - 1);
		put("f", text);
		hide_size = growing;
		io_swap(&table);
		assert_false(replace_old(&err));
		io_swap(&io_system);
		assert_int_equal(err.code, ERROR_CONFLICT);
		assert_is("f", text);
		error_clear(&err);
	}
	int ends[2];
	struct buf out = {0};
	struct error err = {0};
	/* Its start can be read, of a folder neither. */
	assert_true(io_read_start("f", 5, &out, &err));
	assert_true(str_eq(buf_str(&out), S("xxxxx")));
	buf_clear(&out);
	assert_false(io_read_start(".", 5, &out, &err));
	assert_int_equal(err.code, ERROR_KIND);
	error_clear(&err);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "1234567890", 10), 10);
	assert_int_equal(close(ends[1]), 0);
	assert_false(io_read_fd(ends[0], "a pipe", 5, &out, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_int_equal(out.n, 0);
	assert_int_equal(close(ends[0]), 0);
	error_clear(&err);
	buf_free(&out);
}

/* What a dead process took out, by the name of a second stage: the file that was there goes back to its name. */
static int refuse_or_be_late(const char *from, const char *to, unsigned flags)
{
	if (flags != RENAME_EXCHANGE || exchanges < 0) {
		errno = EINVAL;
		return -1;
	}
	if (exchanges++ == 0)
		put(to, "third");
	return io_system.renameat2(from, to, flags);
}

static int rename_elsewhere(const char *from, const char *to)
{
	if (strcmp(to, "./f") == 0) {
		errno = EACCES;
		return -1;
	}
	return io_system.rename(from, to);
}

static void what_goes_back_meets_another(void **state)
{
	(void)state;
	struct io table = io_system;
	struct stat st;
	table.renameat2 = refuse_or_be_late;
	table.rename = rename_elsewhere;
	for (int late = 0; late < 2; late++) {
		char *name = dead_swap("old", "new");
		put(name, "other");
		put("f", "new");
		exchanges = late ? 0 : -1;
		io_swap(&table);
		io_recover(".", false, NULL);
		io_swap(&io_system);
		/* Yet another version in between stays, and the next start looks again; else it has a name of its own. */
		assert_is("f", late ? "third" : "new");
		assert_is(late ? name : "f.conflict", "other");
		assert_int_equal(lstat(late ? "f.conflict" : name, &st), -1);
		(void)unlink("f.conflict");
		(void)unlink(name);
		mem_free(name);
	}
}

/* ---- links ------------------------------------------------------------------------------------------------------- */

static void links_within_a_folder(void **state)
{
	(void)state;
	char *here = io_real_path(".", NULL), *in = io_join(here, "in");
	assert_true(io_make_folder("in/deep", NULL) && io_make_folder("inner", NULL));
	put("in/f", "old");
	put("in/deep/f", "old");
	put("inner/f", "old");
	const struct {
		const char *target, *within;
		bool good;
	} cases[] = {
	    {"in/f", in, true},          {"in/deep/f", in, true}, {"inner/f", in, false},    {"in/f", "/", true},
	    {"in/f", "missing", false}, {"missing/f", in, false}, {"in/deep/f", ".", true},
	};
	char *old = sha256_of(S("old"));
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error err = {0};
		(void)unlink("link");
		assert_int_equal(symlink(cases[i].target, "link"), 0);
		bool good = io_replace_known_file("link", S("old"), &(struct io_known){old, 100, cases[i].within}, &err);
		assert_int_equal(good, cases[i].good);
		assert_int_equal(err.code != ERROR_NONE, !good);
		error_clear(&err);
	}
	mem_free(old);
	mem_free(here);
	mem_free(in);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)
	const struct CMUnitTest tests[] = {
	    CASE(names_of_temporary_files),
	    CASE(names_of_second_stages),
	    CASE(nothing_is_known_of_processes),
	    CASE(locks_by_name),
	    CASE(somebody_writes_in_between),
	    CASE(the_start_of_a_file),
	    CASE(larger_than_what_is_known),
	    CASE(what_goes_back_meets_another),
	    CASE(links_within_a_folder),
	};
	return cmocka_run_group_tests_name("io_others", tests, NULL, NULL);
}
