/* io: folders made, listed and walked, on file systems that do not tell what an entry is too; paths. */
#include <dirent.h>
#include <sys/resource.h>

#include "io_fixture.h"

static char *in_folder(void **state, const char *name)
{
	return io_join(*state, name);
}

/* ---- making and walking ------------------------------------------------------------------------------------------ */

static bool note_path(void *ctx, struct str relative)
{
	buf_add(ctx, relative);
	buf_addc(ctx, '\n');
	return true;
}

static bool stop_at_once(void *ctx, struct str relative)
{
	(void)relative;
	++*(size_t *)ctx;
	return false;
}

static void making_folders(void **state)
{
	char *deep = in_folder(state, "deep/er//still/"), *file = in_folder(state, "deep/file"),
	     *below = in_folder(state, "deep/file/x");
	struct error e = {0};
	assert_true(io_make_folder(deep, &e));
	assert_true(io_make_folder(deep, &e));
	put(file, "x");
	assert_false(io_make_folder(below, &e));
	assert_int_equal(e.code, ERROR_KIND);
	error_clear(&e);
	assert_true(io_make_folder("/", &e));
	mem_free(deep);
	mem_free(file);
	mem_free(below);
}

static void walking(void **state)
{
	static const char *const files[] = {"deep/er/still/leaf", "deep/er/a", ".hidden/x", ".dot"};
	char *hidden = in_folder(state, ".hidden"), *loop = in_folder(state, "loop-folder"),
	     *link = in_folder(state, "link-to-leaf");
	struct error e = {0};
	assert_true(io_make_folder(hidden, &e) && io_make_folder("deep/er/still", &e));
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		char *path = in_folder(state, files[i]);
		put(path, "x");
		mem_free(path);
	}
	assert_int_equal(symlink(".", loop), 0);
	assert_int_equal(symlink("deep/er/a", link), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	struct buf seen = {0};
	assert_true(io_walk(*state, note_path, NULL, &seen, &e));
	assert_non_null(strstr(seen.p, "deep/er/still/leaf\n"));
	assert_non_null(strstr(seen.p, "link-to-leaf\n"));
	assert_null(strstr(seen.p, "hidden"));
	assert_null(strstr(seen.p, ".dot"));
	assert_null(strstr(seen.p, "loop-folder"));
	assert_null(strstr(seen.p, "fifo"));
	size_t count = 0;
	assert_true(io_walk(*state, stop_at_once, NULL, &count, &e));
	assert_int_equal(count, 1);
	assert_false(io_walk(link, stop_at_once, NULL, &count, &e));
	assert_int_equal(e.code, ERROR_KIND);
	error_clear(&e);
	char *dot = in_folder(state, ".dot");
	assert_int_equal(unlink(dot), 0);
	mem_free(dot);
	buf_free(&seen);
	mem_free(hidden);
	mem_free(loop);
	mem_free(link);
}

static void note_trouble(void *ctx, struct error *e)
{
	assert_int_equal(e->code, ERROR_IO);
	buf_addf(ctx, "trouble: %s\n", e->path);
}

/* One folder that cannot be read does not hide the others. */
static void unreadable_folders_are_passed_over(void **state)
{
	if (geteuid() == 0)
		skip(); /* root reads everything */
	struct buf seen = {0};
	struct error e = {0};
	char *closed = in_folder(state, "deep/er/still"), *path = in_folder(state, "deep/er/still/leaf");
	assert_true(io_make_folder(closed, &e));
	put(path, "x");
	put("deep/er/a", "x");
	assert_int_equal(chmod(closed, 0), 0);
	assert_true(io_walk(*state, note_path, note_trouble, &seen, &e));
	assert_int_equal(chmod(closed, 0700), 0);
	assert_non_null(strstr(seen.p, "trouble: "));
	assert_non_null(strstr(seen.p, "deep/er/still\n"));
	assert_non_null(strstr(seen.p, "deep/er/a\n"));
	buf_free(&seen);
	mem_free(closed);
	mem_free(path);
}

/* ---- what is no folder, and is no file --------------------------------------------------------------------------- */

static size_t files, troubles;

static bool count_file(void *ctx, struct str relative)
{
	/* A folder that is gone when its turn comes. */
	if (ctx)
		(void)!system("rm -rf d/e");
	files += relative.n > 0;
	return true;
}

static bool stop_at_first(void *ctx, struct str relative)
{
	(void)ctx;
	files += relative.n > 0;
	return false;
}

static void count_trouble(void *ctx, struct error *e)
{
	(void)ctx;
	troubles += e->message != NULL;
}

static bool count_name(void *ctx, struct str name, bool folder)
{
	(void)ctx, (void)name, (void)folder;
	files++;
	return true;
}

static void walking_what_is_no_folder(void **state)
{
	(void)state;
	struct error err = {0};
	put("f", "old");
	assert_false(io_walk("f", count_file, NULL, NULL, &err));
	assert_int_equal(err.code, ERROR_KIND);
	error_clear(&err);
	assert_false(io_read_folder("f", count_name, NULL, &err));
	assert_int_equal(err.code, ERROR_KIND);
	error_clear(&err);
	assert_false(io_read_folder("missing", count_name, NULL, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	error_clear(&err);
	assert_false(io_walk("missing", count_file, count_trouble, NULL, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	error_clear(&err);
}

/* Links to files count, links to folders, FIFOs and what leads nowhere do not. */
static void walking_over_links(void **state)
{
	(void)state;
	assert_true(io_make_folder("d/e", NULL));
	put("d/f", "x");
	put("d/e/f", "x");
	assert_int_equal(symlink("f", "d/to-file") | symlink("e", "d/to-folder") | symlink("x", "d/to-nothing") |
	                     mkfifo("d/fifo", 0666),
	                 0);
	files = troubles = 0;
	assert_true(io_walk("d", count_file, count_trouble, NULL, NULL));
	assert_int_equal(files, 3);
	assert_int_equal(troubles, 0);
}

/* ---- file systems that do not tell ------------------------------------------------------------------------------- */

static enum { AS_IT_IS, UNKNOWN_KINDS, GONE, BROKEN } folder_state;

static struct dirent *odd_readdir(DIR *dir)
{
	if (folder_state == BROKEN) {
		errno = EIO;
		return NULL;
	}
	struct dirent *e = readdir(dir);
	if (e && folder_state >= UNKNOWN_KINDS)
		e->d_type = DT_UNKNOWN;
	if (e && folder_state == GONE && e->d_name[0] != '.')
		e->d_name[0] = '_';
	return e;
}

static DIR *no_fdopendir(int fd)
{
	(void)fd;
	errno = ENOMEM;
	return NULL;
}

/* File systems that do not tell what an entry is; links to files count, those to folders and FIFOs do not. */
static void folders_that_do_not_tell(void **state)
{
	(void)state;
	struct io table = io_system;
	table.readdir = odd_readdir;
	assert_true(io_make_folder("d/e", NULL));
	put("d/f", "x");
	put("d/e/f", "x");
	char *stale = dead_name(false), *deep = io_join("d/e", stale);
	put(deep, "x");
	assert_int_equal(symlink("f", "d/to-file") | symlink("e", "d/to-folder") | symlink("x", "d/to-nothing") |
	                     mkfifo("d/fifo", 0666),
	                 0);
	for (folder_state = AS_IT_IS; folder_state <= BROKEN; folder_state++) {
		files = troubles = 0;
		io_swap(&table);
		assert_true(io_walk("d", count_file, count_trouble, NULL, NULL));
		assert_true(io_walk("d", stop_at_first, NULL, NULL, NULL));
		io_swap(&io_system);
		assert_int_equal(files, folder_state <= UNKNOWN_KINDS ? 4 : 0);
		assert_int_equal(troubles, folder_state == BROKEN);
	}
	folder_state = UNKNOWN_KINDS;
	io_swap(&table);
	io_recover(".", true, NULL);
	io_swap(&io_system);
	assert_is(deep, NULL);
	assert_is("d/e/f", "x");
	struct error err = {0};
	folder_state = BROKEN;
	io_swap(&table);
	assert_false(io_read_folder("d", NULL, NULL, &err));
	io_swap(&io_system);
	assert_int_equal(err.code, ERROR_IO);
	error_clear(&err);
	table = io_system;
	table.fdopendir = no_fdopendir;
	troubles = 0;
	io_swap(&table);
	assert_true(io_walk("d", count_file, count_trouble, NULL, NULL));
	io_swap(&io_system);
	assert_int_equal(troubles, 1);
	/* Gone between being seen and being read. */
	troubles = 0;
	assert_true(io_walk("d", count_file, count_trouble, &troubles, NULL));
	assert_int_equal(troubles, 1);
	mem_free(stale);
	mem_free(deep);
}

static void too_many_open_files(void **state)
{
	(void)state;
	struct rlimit before;
	struct error err = {0};
	int next = dup(0);
	assert_int_equal(close(next) | getrlimit(RLIMIT_NOFILE, &before), 0);
	struct rlimit few = {.rlim_cur = (rlim_t)next + 1, .rlim_max = before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	bool good = io_walk(".", count_file, NULL, NULL, &err);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_false(good);
	assert_int_equal(err.code, ERROR_IO);
	assert_int_equal(close(dup(0)), 0);
	error_clear(&err);
}

/* ---- paths ------------------------------------------------------------------------------------------------------- */

static void paths(void **state)
{
	(void)state;
	static const struct {
		const char *path, *folder, *name;
	} cases[] = {{"a/b", "a", "b"}, {"a", ".", "a"},    {"/a", "/", "a"},
	             {"//a", "/", "a"}, {"a//b", "a", "b"}, {"a/", "a", ""}};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *f = io_folder_of(cases[i].path);
		assert_string_equal(f, cases[i].folder);
		assert_string_equal(io_name_of(cases[i].path), cases[i].name);
		mem_free(f);
	}
	static const char *const joins[][3] = {
	    {"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"", "b", "b"}, {"a", "/b", "/b"}, {"/", "b", "/b"}};
	for (size_t i = 0; i < COUNT_OF(joins); i++) {
		char *j = io_join(joins[i][0], joins[i][1]);
		assert_string_equal(j, joins[i][2]);
		mem_free(j);
	}
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)
	const struct CMUnitTest tests[] = {
	    CASE(making_folders),
	    CASE(walking),
	    CASE(unreadable_folders_are_passed_over),
	    CASE(walking_what_is_no_folder),
	    CASE(walking_over_links),
	    CASE(folders_that_do_not_tell),
	    CASE(too_many_open_files),
	    CASE(paths),
	};
	return cmocka_run_group_tests_name("io_folders", tests, NULL, NULL);
}
