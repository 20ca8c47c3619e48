/* io_swap: what is done with files that a process left which was about to put one in the place of another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/io_internal.h"
#include "model/sha256.h"

#define TARGET "report.txt.yaml"

static char start[PATH_MAX], folder[] = "/tmp/zhupi-test-swap-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return getcwd(start, sizeof(start)) && mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	return chdir(start) == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* NULL where there is none. */
static char *get(const char *path)
{
	struct buf b = {0};
	return io_read_file(path, 1000, &b, NULL, NULL) ? buf_take(&b) : NULL;
}

static void assert_holds(const char *path, const char *text)
{
	char *there = get(path);
	if (!text)
		assert_null(there);
	else if (!there || strcmp(there, text) != 0)
		fail_msg("%s holds '%s', not '%s'", path, there ? there : "nothing", text);
	mem_free(there);
}

/* A name as a process has it that is no more by now; the caller frees it. */
static char *name_of_dead(const char *path, bool aside, const char *old, const char *new)
{
	int ends[2];
	char name[NAME_MAX + 1] = "";
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		char *a = sha256_of(str_of(old)), *b = sha256_of(str_of(new)), *mine = swap_name(path, aside, a, b);
		_exit(write(ends[1], mine, strlen(mine)) == (ssize_t)strlen(mine) ? 0 : 1);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_true(read(ends[0], name, NAME_MAX) > 0);
	assert_int_equal(close(ends[0]) | close(ends[1]), 0);
	return mem_dup(name);
}

static unsigned told;

static void count_kept(void *ctx, const char *path)
{
	assert_non_null(strstr(path, ctx));
	told++;
}

static int refuse_exchange(const char *from, const char *to, unsigned flags)
{
	(void)from, (void)to, (void)flags;
	errno = EINVAL;
	return -1;
}

static int refuse_link(const char *from, const char *to)
{
	(void)from, (void)to;
	errno = EPERM;
	return -1;
}

/* The process was replacing `old` by `new`. */
static const struct left {
	const char *what;
	bool aside;
	const char *old, *temp, *target;             /* what is found; NULL: there is no target */
	const char *target_after, *conflict_after;
} cases[] = {
	{"not yet in place", false, "old", "new", "old", "old", NULL},
	{"in place", false, "old", "old", "new", "new", NULL},
	{"another version came out, ours is in place", false, "old", "other", "new", "other", NULL},
	{"another version came out, and one more is there", false, "old", "other", "third", "third", "other"},
	{"another version came out, and is there again", false, "old", "other", "other", "other", NULL},
	{"another version came out, and the target is gone", false, "old", "other", NULL, NULL, "other"},
	{"not yet in place, and the target was removed", false, "old", "new", NULL, NULL, NULL},
	{"in place, and then removed", false, "old", "old", NULL, NULL, NULL},
	{"aside, nothing in its place", true, "old", "old", NULL, "old", NULL},
	{"aside, the new one in its place", true, "old", "old", "new", "new", NULL},
	{"another version aside, nothing in its place", true, "old", "other", NULL, "other", NULL},
	{"another version aside, the new one in its place", true, "old", "other", "new", "other", NULL},
	{"another version aside, and one more is there", true, "old", "other", "third", "third", "other"},
	{"the name was taken by an empty file", false, "", "new", "", "new", NULL},
};

static void one_case(const struct left *l)
{
	char *temp = name_of_dead(TARGET, l->aside, l->old, "new");
	told = 0;
	put(temp, l->temp);
	if (l->target)
		put(TARGET, l->target);
	char conflict[] = TARGET ".conflict";
	io_recover(".", false, &(struct io_keeper){count_kept, conflict});
	print_message("%s\n", l->what);
	assert_holds(TARGET, l->target_after);
	assert_holds(conflict, l->conflict_after);
	assert_int_equal(told, l->conflict_after != NULL);
	assert_holds(temp, NULL);
	(void)unlink(TARGET);
	(void)unlink(conflict);
	mem_free(temp);
}

static void what_is_left_is_put_right(void **state)
{
	(void)state;
	struct io lesser = io_system;
	lesser.renameat2 = refuse_exchange;
	lesser.link = refuse_link;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		one_case(&cases[i]);
	io_swap(&lesser);
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		one_case(&cases[i]);
	io_swap(&io_system);
}

/* Each version that is kept has a name of its own, the same one only once. */
static void versions_kept_are_numbered(void **state)
{
	(void)state;
	static const char *const versions[] = {"one", "two", "two", "three"};
	char target[] = TARGET;
	put(TARGET, "newest");
	told = 0;
	for (size_t i = 0; i < COUNT_OF(versions); i++) {
		char *temp = name_of_dead(TARGET, false, "old", "new");
		put(temp, versions[i]);
		io_recover(".", false, &(struct io_keeper){count_kept, target});
		assert_holds(temp, NULL);
		mem_free(temp);
	}
	assert_int_equal(told, 3);
	assert_holds(TARGET, "newest");
	assert_holds(TARGET ".conflict", "one");
	assert_holds(TARGET ".conflict-2", "two");
	assert_holds(TARGET ".conflict-3", "three");
	assert_int_equal(unlink(TARGET) | unlink(TARGET ".conflict") | unlink(TARGET ".conflict-2") | unlink(TARGET ".conflict-3"), 0);
}

/* What is of a living process, cannot be read as a file, or does not name its target whole, stays. */
static void what_is_not_known_stays(void **state)
{
	(void)state;
	char *hash = sha256_of(S("old")), *mine = swap_name(TARGET, false, hash, hash), name[NAME_MAX + 1];
	put(mine, "other");
	io_recover(".", false, NULL);
	assert_holds(mine, "other");
	assert_int_equal(unlink(mine), 0);

	char *link = name_of_dead(TARGET, false, "old", "new");
	put("elsewhere", "other");
	assert_int_equal(symlink("elsewhere", link), 0);
	io_recover(".", false, NULL);
	assert_int_equal(unlink(link), 0);
	assert_holds("elsewhere", "other");
	assert_holds(TARGET, NULL);
	assert_int_equal(unlink("elsewhere"), 0);

	memset(name, 'x', NAME_MAX);
	name[NAME_MAX] = '\0';
	char *cut = name_of_dead(name, false, "old", "new");
	assert_int_equal(strlen(cut), NAME_MAX);
	put(cut, "other");
	io_recover(".", false, NULL);
	assert_holds(cut, "other");
	assert_int_equal(unlink(cut), 0);
	mem_free(hash);
	mem_free(mine);
	mem_free(link);
	mem_free(cut);
}

/* Where a file cannot be renamed over another one, the old one goes aside and comes back when the new one cannot be put
 * in its place. */
static unsigned renames, fail_from;

static int rename_to_what_is_free(const char *from, const char *to)
{
	struct stat st;
	renames++;
	if (renames >= fail_from || lstat(to, &st) == 0) {
		errno = renames >= fail_from ? EIO : EPERM;
		return -1;
	}
	return rename(from, to);
}

static void replacing_by_turns(void **state)
{
	(void)state;
	struct io lesser = io_system;
	char *hash = sha256_of(S("old"));
	lesser.renameat2 = refuse_exchange;
	lesser.link = refuse_link;
	lesser.rename = rename_to_what_is_free;
	for (fail_from = 1; fail_from < 8; fail_from++) {
		for (int known = 0; known < 2; known++) {
			struct error e = {0};
			put(TARGET, "old");
			renames = 0;
			io_swap(&lesser);
			bool done = known ? io_replace_known_file(TARGET, S("new"), &(struct io_known){hash, 100, NULL}, &e)
			                  : io_replace_file(TARGET, S("new"), &e);
			io_swap(&io_system);
			/* Staged where it is known; over the old one; the old one aside; in its place.  Where it
			 * cannot even be put back the next start does that, of a process that is no more. */
			assert_int_equal(done, fail_from > (unsigned)(known ? 4 : 3));
			assert_true(done == (e.code == ERROR_NONE));
			char *there = get(TARGET);
			if (there)
				assert_string_equal(there, done ? "new" : "old");
			else
				assert_non_null(strstr(e.path, ".aside"));
			if (!there)
				assert_int_equal(unlink(e.path), 0);
			mem_free(there);
			error_clear(&e);
			(void)unlink(TARGET);
		}
	}
	put(TARGET, "other");
	struct error e = {0};
	fail_from = UINT_MAX;
	io_swap(&lesser);
	assert_false(io_replace_known_file(TARGET, S("new"), &(struct io_known){hash, 100, NULL}, &e));
	assert_int_equal(e.code, ERROR_CONFLICT);
	error_clear(&e);
	assert_true(io_create_file("created", S("first"), NULL));
	assert_false(io_create_file("created", S("second"), &e));
	io_swap(&io_system);
	assert_int_equal(e.code, ERROR_EXISTS);
	error_clear(&e);
	assert_holds(TARGET, "other");
	assert_holds("created", "first");
	assert_int_equal(unlink(TARGET) | unlink("created"), 0);
	mem_free(hash);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_left_is_put_right),
		cmocka_unit_test(versions_kept_are_numbered),
		cmocka_unit_test(what_is_not_known_stays),
		cmocka_unit_test(replacing_by_turns),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
