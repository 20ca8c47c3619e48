/* io: each call of the system answering anything that some file system or kernel may answer, at each place where it is
 * made, once and for good, on file systems that have everything and on lesser ones. */
#include <dirent.h>
#include <sys/xattr.h>

#include "io_fixture.h"

/* ---- the table --------------------------------------------------------------------------------------------------- */

enum call {
	OPEN, READ, WRITE, FSYNC, CLOSE, RENAME, RENAMEAT2, LINK, UNLINK, LSTAT, FSTAT, FCHMOD, FCHOWN, READLINK, FLISTXATTR,
	FGETXATTR, FSETXATTR, FREMOVEXATTR, CALLS
};

static struct {
	enum call call;
	int from, times; /* the calls of that name that fail: from the nth on, so many */
	int error, made;
	bool struck;
} plan;
static int lacks[CALLS]; /* what a lesser file system always answers; 0: nothing special */

static bool fails(enum call call)
{
	bool strikes = call == plan.call && ++plan.made >= plan.from && plan.made < plan.from + plan.times;
	plan.struck |= strikes;
	errno = strikes ? plan.error : lacks[call] ? lacks[call] : errno;
	return strikes || lacks[call];
}

#define WRAP(type, name, call, parameters, arguments)                                                                  \
	static type f_##name parameters                                                                                \
	{                                                                                                              \
		return fails(call) ? -1 : io_system.name arguments;                                                    \
	}
WRAP(int, open, OPEN, (const char *path, int flags, mode_t mode), (path, flags, mode))
WRAP(ssize_t, read, READ, (int fd, void *to, size_t n), (fd, to, n))
WRAP(ssize_t, write, WRITE, (int fd, const void *from, size_t n), (fd, from, n))
WRAP(int, fsync, FSYNC, (int fd), (fd))
WRAP(int, renameat2, RENAMEAT2, (const char *from, const char *to, unsigned flags), (from, to, flags))
WRAP(int, link, LINK, (const char *from, const char *to), (from, to))
WRAP(int, unlink, UNLINK, (const char *path), (path))
WRAP(int, lstat, LSTAT, (const char *path, struct stat *st), (path, st))
WRAP(int, fchmod, FCHMOD, (int fd, mode_t mode), (fd, mode))
WRAP(ssize_t, readlink, READLINK, (const char *path, char *to, size_t n), (path, to, n))

static bool renames_over_none; /* but over no file that is there, as SFTP without its extension */

static int f_rename(const char *from, const char *to)
{
	if (fails(RENAME))
		return -1;
	if (!renames_over_none || access(to, F_OK) != 0)
		return io_system.rename(from, to);
	errno = EEXIST;
	return -1;
}

/* Closed it is in any case. */
static int f_close(int fd)
{
	int result = io_system.close(fd);
	return fails(CLOSE) ? -1 : result;
}

/* ---- owners and attributes that no file system here need have ----------------------------------------------- */

static uid_t new_uid; /* of files that were made, where the old ones have 0 */
static gid_t new_gid;
static int chowns;
static bool gives; /* chown to another user works */

static int f_fstat(int fd, struct stat *st)
{
	if (fails(FSTAT))
		return -1;
	int result = io_system.fstat(fd, st);
	bool made = (fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY;
	st->st_uid = made ? new_uid : 0;
	st->st_gid = made ? new_gid : 0;
	return result;
}

static int f_fchown(int fd, uid_t uid, gid_t gid)
{
	(void)fd;
	chowns++;
	if (fails(FCHOWN))
		return -1;
	if (uid != (uid_t)-1 && !gives) {
		errno = EPERM;
		return -1;
	}
	if (uid != (uid_t)-1)
		new_uid = uid;
	new_gid = gid;
	return 0;
}

#define ACCESS_LIST "system.posix_acl_access"

static const char *old_names, *new_names; /* each with its NUL; the end an empty one */
static char set[200];                     /* name=value; of the new file */
static bool grows;                        /* between asking for the size and reading */
static bool values_grow;

static const char *names_of(int fd)
{
	return (fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY ? new_names : old_names;
}

static size_t length_of(const char *names)
{
	size_t n = 0;
	while (names[n])
		n += strlen(names + n) + 1;
	return n;
}

static ssize_t answer(const char *from, size_t size, void *to, size_t room, bool more)
{
	if (room == 0)
		return (ssize_t)size - (more ? 1 : 0);
	if (room < size) {
		errno = ERANGE;
		return -1;
	}
	memcpy(to, from, size);
	return (ssize_t)size;
}

static ssize_t f_flistxattr(int fd, char *to, size_t n)
{
	const char *names = names_of(fd);
	return fails(FLISTXATTR) ? -1 : length_of(names) ? answer(names, length_of(names), to, n, grows) : 0;
}

static ssize_t f_fgetxattr(int fd, const char *name, void *to, size_t n)
{
	(void)fd;
	return fails(FGETXATTR) ? -1 : strstr(name, "empty") ? 0 : answer("value", 5, to, n, values_grow);
}

static int f_fsetxattr(int fd, const char *name, const void *value, size_t n, int flags)
{
	(void)fd, (void)flags;
	if (fails(FSETXATTR))
		return -1;
	strncat(set, name, sizeof set - strlen(set) - 1);
	strncat(set, "=", sizeof set - strlen(set) - 1);
	strncat(set, value, n);
	strncat(set, ";", sizeof set - strlen(set) - 1);
	return 0;
}

static int f_fremovexattr(int fd, const char *name)
{
	(void)fd, (void)name;
	if (fails(FREMOVEXATTR))
		return -1;
	new_names = "";
	return 0;
}

static const struct io table = {
    .open = f_open,
    .read = f_read,
    .pread = pread,
    .write = f_write,
    .fsync = f_fsync,
    .close = f_close,
    .rename = f_rename,
    .renameat2 = f_renameat2,
    .link = f_link,
    .symlink = symlink,
    .unlink = f_unlink,
    .mkdir = mkdir,
    .stat = stat,
    .lstat = f_lstat,
    .fstat = f_fstat,
    .fchmod = f_fchmod,
    .fchown = f_fchown,
    .flistxattr = f_flistxattr,
    .fgetxattr = f_fgetxattr,
    .fsetxattr = f_fsetxattr,
    .fremovexattr = f_fremovexattr,
    .flock = NULL,
    .poll = poll,
    .readlink = f_readlink,
    .fdopendir = fdopendir,
    .readdir = readdir,
    .gethostname = gethostname,
    .clock = clock_gettime,
    .random = NULL,
    .realloc = realloc,
};

static struct io in_force;

static void usual(void)
{
	memset(&plan, 0, sizeof plan);
	plan.call = CALLS;
	memset(lacks, 0, sizeof lacks);
	new_uid = new_gid = 0;
	chowns = 0;
	renames_over_none = false;
	gives = true;
	grows = values_grow = false;
	old_names = new_names = "";
	set[0] = '\0';
	in_force = table;
	in_force.flock = io_system.flock;
	in_force.random = io_system.random;
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static void empty_folder(void)
{
	DIR *folder = opendir(".");
	for (struct dirent *e; (e = readdir(folder));)
		(void)unlink(e->d_name);
	(void)closedir(folder);
}

/* ---- every call, every answer ------------------------------------------------------------------------------------ */

enum operation { CREATE, CREATE_OF_MANY, PIECES, REPLACE, REPLACE_LINK, REPLACE_KNOWN, REPLACE_OTHER, OPERATIONS };

static bool run(enum operation o, struct error *err)
{
	char *old = sha256_of(S("old")), *other = sha256_of(S("other"));
	struct io_known known = {o == REPLACE_OTHER ? other : old, 100, "."};
	struct io_new *pieces;
	bool good = false;
	switch (o) {
	case CREATE:
		good = io_create_file("f", S("new"), err);
		break;
	case CREATE_OF_MANY:
		good = io_create_file_of_many("f", S("new"), err) && io_sync_folder_of("f", err);
		break;
	case PIECES:
		if (!io_new_open("f", &pieces, err))
			break;
		good = io_new_write(pieces, S("ne"), err) && io_new_write(pieces, S("w"), err);
		if (good)
			good = io_new_install(pieces, err);
		else
			io_new_drop(pieces);
		break;
	case REPLACE:
		good = io_replace_file("f", S("new"), err);
		break;
	case REPLACE_LINK:
		good = io_replace_known_file("link", S("new"), &known, err);
		break;
	default:
		good = io_replace_known_file("f", S("new"), &known, err);
		break;
	}
	mem_free(old);
	mem_free(other);
	return good;
}

static unsigned long runs;

/* The file is the old one or the new one, whole; true means the new one, false comes with a reason; nothing else is left
 * of it, unless removing failed too, or it says that something is kept. */
static void check_one(enum operation o, const char *where)
{
	struct error err = {0};
	struct buf there = {0};
	struct stat st;
	empty_folder();
	if (o >= REPLACE)
		put("f", "old");
	if (o == REPLACE_LINK)
		assert_int_equal(symlink("f", "link"), 0);
	io_swap(&in_force);
	bool good = run(o, &err);
	io_swap(&io_system);
	runs++;
	bool is_there = stat("f", &st) == 0, read = is_there && io_read_file("f", 100, &there, NULL, NULL);
	bool is_new = read && str_eq(buf_str(&there), S("new")), is_old = read && str_eq(buf_str(&there), S("old"));
	bool kept = err.message && strstr(err.message, "kept here"), whole = is_new || is_old || (!is_there && o < REPLACE);
	bool fine = good ? is_new && o != REPLACE_OTHER : (whole || kept) && err.code != ERROR_NONE && err.message;
	if (!fine)
		print_error("%s, operation %d, call %d, %d from %d on with %s: %s, %.*s, %s\n", where, o, plan.call, plan.times,
		            plan.from, strerror(plan.error), good ? "true" : "false", (int)there.n, there.p ? there.p : "-",
		            err.message ? err.message : "no message");
	assert_true(fine);
	error_clear(&err);
	buf_free(&there);
}

static const int answers[] = {EIO, EINTR, EINVAL, ENOSYS, EOPNOTSUPP, EPERM, EEXIST, EMLINK, ENOENT, ERANGE, EACCES, ENOTDIR,
                              EAGAIN, ENXIO, ELOOP};

/* The call answers so at the first place where it is made, at the second … */
static void fail_everywhere(enum operation o, enum call c, int error, int times, const char *where)
{
	for (plan.from = 1;; plan.from++) {
		plan.call = c;
		plan.times = times;
		plan.error = error;
		plan.made = 0;
		plan.struck = false;
		check_one(o, where);
		if (!plan.struck)
			break;
	}
}

static void sweep_call(enum operation o, enum call c, const char *where)
{
	for (size_t a = 0; a < COUNT_OF(answers); a++) {
		/* That a name is not there though it is, is the one answer that nobody can see through. */
		if (c == LSTAT && answers[a] == ENOENT)
			continue;
		fail_everywhere(o, c, answers[a], 1, where);
		fail_everywhere(o, c, answers[a], 12, where);
	}
}

static void sweep(const char *where)
{
	for (enum operation o = 0; o < OPERATIONS; o++) {
		plan.call = CALLS;
		check_one(o, where);
		for (enum call c = 0; c < CALLS; c++)
			sweep_call(o, c, where);
	}
}

static void everything_is_there(void **state)
{
	(void)state;
	usual();
	sweep("all there");
	assert_true(runs > 3000);
}

static void names_cannot_be_exchanged(void **state)
{
	(void)state;
	usual();
	lacks[RENAMEAT2] = EINVAL;
	sweep("no exchange");
}

static void neither_links_nor_exchanges(void **state)
{
	(void)state;
	usual();
	lacks[RENAMEAT2] = ENOSYS;
	lacks[LINK] = EPERM;
	sweep("no links, no exchange");
}

static void renames_over_no_file(void **state)
{
	(void)state;
	usual();
	lacks[RENAMEAT2] = EINVAL;
	renames_over_none = true;
	sweep("no rename over a file");
}

/* ---- owners and attributes --------------------------------------------------------------------------------------- */

static bool replaces(struct error *err)
{
	put("f", "old");
	io_swap(&in_force);
	bool good = io_replace_file("f", S("new"), err);
	io_swap(&io_system);
	assert_is("f", good ? "new" : "old");
	return good;
}

/* A file of somebody else in a shared folder may become ours, but its group must stay, because its mode speaks of it. */
static void owner_and_group(void **state)
{
	(void)state;
	static const struct {
		uid_t uid;
		gid_t gid;
		bool gives;
		int fault; /* which chown fails besides */
		bool good;
		int chowns;
	} cases[] = {
	    {0, 0, true, 0, true, 0},  {7, 0, true, 0, true, 1},  {0, 7, true, 0, true, 1}, {7, 0, false, 0, true, 1},
	    {7, 7, false, 0, true, 2}, {7, 7, false, 2, false, 2}, {0, 7, true, 1, true, 2},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error err = {0};
		usual();
		new_uid = cases[i].uid;
		new_gid = cases[i].gid;
		gives = cases[i].gives;
		if (cases[i].fault) {
			plan.call = FCHOWN;
			plan.from = cases[i].fault;
			plan.times = 1;
			plan.error = EPERM;
		}
		assert_int_equal(replaces(&err), cases[i].good);
		assert_int_equal(chowns, cases[i].chowns);
		assert_int_equal(err.code, cases[i].good ? ERROR_NONE : ERROR_IO);
		if (cases[i].good)
			assert_int_equal(new_gid, 0);
		error_clear(&err);
	}
}

static void attributes_are_kept(void **state)
{
	(void)state;
	static const struct {
		const char *old, *new, *set;
		bool grows;
	} cases[] = {
	    {"", "", "", false},
	    {"user.a\0", "", "user.a=value;", false},
	    {"user.a\0security.b\0user.empty\0trusted.c\0", "", "user.a=value;user.empty=;", false},
	    {ACCESS_LIST "\0", ACCESS_LIST "\0", ACCESS_LIST "=value;", false},
	    /* A default list of the folder does not stay where the old file had none. */
	    {"", ACCESS_LIST "\0", "", false},
	    {"user.a\0", "security.b\0" ACCESS_LIST "\0", "user.a=value;", false},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error err = {0};
		usual();
		old_names = cases[i].old;
		new_names = cases[i].new;
		assert_true(replaces(&err));
		assert_string_equal(set, cases[i].set);
		if (!strstr(cases[i].old, ACCESS_LIST) && cases[i].new[0])
			assert_string_equal(new_names, "");
	}
}

/* What cannot be kept refuses the replacement; a file system that has none keeps all. */
static void attributes_under_faults(void **state)
{
	(void)state;
	static const enum call calls[] = {FLISTXATTR, FGETXATTR, FSETXATTR, FREMOVEXATTR, FCHMOD, FSTAT};
	for (size_t c = 0; c < COUNT_OF(calls); c++)
		for (size_t a = 0; a < COUNT_OF(answers); a++)
			for (int from = 1; from < 8; from++) {
				struct error err = {0};
				usual();
				old_names = "user.a\0user.b\0";
				new_names = ACCESS_LIST "\0";
				plan.call = calls[c];
				plan.from = from;
				plan.times = 1;
				plan.error = answers[a];
				bool good = replaces(&err);
				bool all = strcmp(set, "user.a=value;user.b=value;") == 0 && !new_names[0];
				bool none_there = calls[c] == FLISTXATTR && (answers[a] == EOPNOTSUPP || answers[a] == ENOSYS);
				bool fine = good ? all || none_there : err.code != ERROR_NONE && plan.struck;
				if (!fine)
					print_error("call %d, %d, %s: %d, set %s\n", calls[c], from, strerror(answers[a]), good, set);
				assert_true(fine);
				error_clear(&err);
			}
	/* They grow each time that they are asked for: it gives up. */
	for (int of_old = 0; of_old < 2; of_old++) {
		struct error err = {0};
		usual();
		grows = !of_old;
		values_grow = of_old;
		old_names = of_old ? "user.a\0" : "";
		new_names = of_old ? "" : "user.a\0";
		assert_false(replaces(&err));
		error_clear(&err);
	}
	usual();
	old_names = "user.a\0";
	plan.call = FGETXATTR;
	plan.error = ERANGE;
	for (plan.from = 2, plan.times = 1; plan.from <= 16; plan.from += 2) {
		struct error err = {0};
		plan.made = 0;
		set[0] = '\0';
		assert_true(replaces(&err));
		assert_string_equal(set, "user.a=value;");
	}
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static int refused; /* writes that take nothing */

static ssize_t lazy_write(int fd, const void *from, size_t n)
{
	if (refused-- > 0) {
		errno = EAGAIN;
		return refused % 2 ? 0 : -1;
	}
	return io_system.write(fd, from, n);
}

static void a_write_that_takes_nothing(void **state)
{
	(void)state;
	struct error err = {0};
	usual();
	in_force.write = lazy_write;
	io_swap(&in_force);
	refused = 1;
	assert_true(io_create_file("f", S("new"), &err));
	refused = 2;
	assert_false(io_create_file("g", S("new"), &err));
	io_swap(&io_system);
	assert_is("f", "new");
	assert_is("g", NULL);
	assert_non_null(strstr(err.message, strerror(ENOSPC)));
	error_clear(&err);
	assert_false(io_write_all(-1, S("x"), &err));
	assert_int_equal(err.code, ERROR_IO);
	error_clear(&err);
}

static int lost_link(const char *from, const char *to)
{
	(void)io_system.link(from, to);
	errno = EIO;
	return -1;
}

/* Over NFS a call can have been obeyed although the answer was lost. */
static void a_link_whose_answer_is_lost(void **state)
{
	(void)state;
	struct error err = {0};
	usual();
	in_force.link = lost_link;
	io_swap(&in_force);
	assert_true(io_create_file("f", S("new"), &err));
	assert_false(io_create_file("f", S("newer"), &err));
	io_swap(&io_system);
	assert_int_equal(err.code, ERROR_EXISTS);
	assert_is("f", "new");
	error_clear(&err);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)
	const struct CMUnitTest tests[] = {
	    CASE(everything_is_there),        CASE(names_cannot_be_exchanged), CASE(neither_links_nor_exchanges),
	    CASE(renames_over_no_file),
	    CASE(owner_and_group),            CASE(attributes_are_kept),       CASE(attributes_under_faults),
	    CASE(a_link_whose_answer_is_lost),
	    CASE(a_write_that_takes_nothing),
	};
	return cmocka_run_group_tests_name("io_faults", tests, NULL, NULL);
}
