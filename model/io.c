/* io.c: the table of system calls, paths, clock and randomness; see io.h.  Files are in io_file.c, folders in io_walk.c. */
#include "model/io.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/xattr.h>
#include <unistd.h>

/* ---- the table ---------------------------------------------------------------------------------------------- */

static int system_open(const char *path, int flags, mode_t mode)
{
	return open(path, flags, mode);
}

static int system_renameat2(const char *from, const char *to, unsigned flags)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, flags);
}

static ssize_t system_random(void *to, size_t n)
{
	return getrandom(to, n, 0);
}

const struct io io_system = {
	.open = system_open,
	.read = read,
	.pread = pread,
	.write = write,
	.fsync = fsync,
	.fdatasync = fdatasync,
	.ftruncate = ftruncate,
	.close = close,
	.rename = rename,
	.renameat2 = system_renameat2,
	.link = link,
	.symlink = symlink,
	.unlink = unlink,
	.mkdir = mkdir,
	.stat = stat,
	.lstat = lstat,
	.fstat = fstat,
	.fstatat = fstatat,
	.fchmod = fchmod,
	.fchown = fchown,
	.flistxattr = flistxattr,
	.fgetxattr = fgetxattr,
	.fsetxattr = fsetxattr,
	.fremovexattr = fremovexattr,
	.flock = flock,
	.poll = poll,
	.readlink = readlink,
	.fdopendir = fdopendir,
	.readdir = readdir,
	.gethostname = gethostname,
	.clock = clock_gettime,
	.random = system_random,
	.realloc = realloc,
};

/* The only mutable state of the layer: the table in force, and what restores the terminal when memory runs out. */
static const struct io *table_in_force = &io_system;
static void (*restore_when_exhausted)(void);

const struct io *io_get(void)
{
	return table_in_force;
}

const struct io *io_swap(const struct io *table)
{
	const struct io *before = table_in_force;
	table_in_force = table;
	return before;
}

void mem_on_exhausted(void (*restore)(void))
{
	restore_when_exhausted = restore;
}

_Noreturn void io_out_of_memory(void)
{
	static const char message[] = "zhupi: out of memory; what was decided is on the disk\n";
	void (*restore)(void) = restore_when_exhausted;
	restore_when_exhausted = NULL; /* should restoring itself need memory, it is not entered again */
	if (restore)
		restore();
	/* Nothing can be done about a failure here: the exit status says it all. */
	ssize_t ignored = write(STDERR_FILENO, message, sizeof(message) - 1);
	(void)ignored;
	_exit(2);
}

/* ---- paths -------------------------------------------------------------------------------------------------- */

char *io_join(const char *folder, const char *name)
{
	struct buf path = {0};
	if (name[0] != '/' && folder[0] != '\0') {
		buf_adds(&path, folder);
		if (path.p[path.n - 1] != '/')
			buf_addc(&path, '/');
	}
	buf_adds(&path, name);
	return buf_take(&path);
}

char *io_folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return mem_dup(".");
	while (slash > path && slash[-1] == '/')
		slash--;
	return slash == path ? mem_dup("/") : str_dup((struct str){path, (size_t)(slash - path)});
}

const char *io_name_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* ---- clock and randomness ----------------------------------------------------------------------------------- */

int64_t io_now_ms(void)
{
	struct timespec now = {0};
	if (io_get()->clock(CLOCK_MONOTONIC, &now) != 0)
		return 0;
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct tm utc_now(void)
{
	struct timespec now = {0};
	struct tm tm = {.tm_year = 70, .tm_mday = 1};
	if (io_get()->clock(CLOCK_REALTIME, &now) == 0)
		gmtime_r(&now.tv_sec, &tm);
	return tm;
}

char *io_utc(void)
{
	struct tm t = utc_now();
	struct buf out = {0};
	buf_addf(&out, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min,
	         t.tm_sec);
	return buf_take(&out);
}

char *io_utc_compact(void)
{
	struct tm t = utc_now();
	struct buf out = {0};
	buf_addf(&out, "%04d%02d%02dT%02d%02d%02dZ", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min,
	         t.tm_sec);
	return buf_take(&out);
}

/* SplitMix64 (Steele, Lea, Flood 2014) over whatever differs between two calls. */
static void random_fallback(unsigned char *to, size_t n)
{
	struct timespec real = {0}, cpu = {0};
	(void)io_get()->clock(CLOCK_REALTIME, &real);
	(void)io_get()->clock(CLOCK_MONOTONIC, &cpu);
	uint64_t state = (uint64_t)real.tv_sec * 1000000007u ^ (uint64_t)real.tv_nsec << 20 ^ (uint64_t)cpu.tv_nsec ^
	                 (uint64_t)getpid() << 40 ^ (uint64_t)(uintptr_t)to;
	for (size_t i = 0; i < n; i++) {
		state += 0x9e3779b97f4a7c15u;
		uint64_t z = state;
		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
		z = (z ^ z >> 27) * 0x94d049bb133111ebu;
		to[i] = (unsigned char)(z >> 56);
	}
}

void io_random(void *to, size_t n)
{
	unsigned char *p = to;
	while (n) {
		ssize_t got = io_get()->random(p, n);
		if (got <= 0) {
			random_fallback(p, n);
			return;
		}
		p += got;
		n -= (size_t)got;
	}
}
