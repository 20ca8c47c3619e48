/* table.c: see table.h. */
#include "table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#define MOST_CALLS 65536
#define MOST_INTERRUPTIONS 40

static struct {
	struct fault plan;
	unsigned long calls, left;
	bool struck;
	enum call name; /* of the call that was struck */
	uint64_t random;
	unsigned char names[MOST_CALLS];
} now;

static const char *const names[CALLS] = {
	"open", "read", "pread", "write", "fsync", "fdatasync", "ftruncate", "close", "rename", "renameat2", "link", "symlink", "unlink",
	"mkdir", "stat", "lstat", "fstat", "fstatat", "fchmod", "fchown", "flistxattr", "fgetxattr", "fsetxattr", "fremovexattr", "flock",
	"poll", "readlink",
};

const char *call_name(enum call c)
{
	return names[c];
}

static bool strikes(enum call c)
{
	if (now.calls < MOST_CALLS)
		now.names[now.calls] = (unsigned char)c;
	now.calls++;
	if (now.plan.other && now.calls == now.plan.other_at)
		now.plan.other();
	if (now.plan.double_at && now.calls == now.plan.double_at) {
		if (now.plan.double_kills)
			_exit(KILLED);
		return true;
	}
	if (now.calls == now.plan.at) {
		now.struck = true;
		now.name = c;
		now.left = now.plan.error == EINTR ? MOST_INTERRUPTIONS : ~0ul;
		return true;
	}
	return now.struck && now.plan.for_good && c == now.name && now.left && now.left--;
}

/* What is to be done instead of the call: true, and errno is set. */
static bool before(enum call c, bool *strike)
{
	*strike = strikes(c);
	if (!*strike)
		return false;
	if (now.plan.what == FAULT_KILL_BEFORE)
		_exit(KILLED);
	errno = now.plan.error;
	return now.plan.what == FAULT_FAIL || (now.plan.double_at && now.calls == now.plan.double_at);
}

static long long after(bool strike, long long result)
{
	if (!strike)
		return result;
	if (now.plan.what == FAULT_KILL_AFTER)
		_exit(KILLED);
	if (now.plan.what != FAULT_AFTER_ALL)
		return result;
	errno = now.plan.error;
	return -1;
}

static void see(enum call c, int fd, const char *path, const char *other, const void *bytes, long long n, long long result)
{
	int cause = errno;
	if (now.plan.seen && result >= 0)
		now.plan.seen(c, fd, path, other, bytes, n, (int)result);
	errno = cause;
}

#define GUARD(c)                                                                                                       \
	bool strike;                                                                                                   \
	if (before(c, &strike))                                                                                        \
		return -1;

static int f_open(const char *path, int flags, mode_t mode)
{
	GUARD(CALL_OPEN)
	int fd = io_system.open(path, flags, mode);
	see(CALL_OPEN, fd, path, NULL, NULL, flags, fd);
	if (strike && now.plan.what == FAULT_AFTER_ALL && fd >= 0)
		(void)io_system.close(fd);
	return (int)after(strike, fd);
}

static ssize_t f_read(int fd, void *to, size_t n)
{
	GUARD(CALL_READ)
	return after(strike, io_system.read(fd, to, n));
}

static ssize_t f_pread(int fd, void *to, size_t n, off_t off)
{
	GUARD(CALL_PREAD)
	return after(strike, io_system.pread(fd, to, n, off));
}

static ssize_t f_write(int fd, const void *from, size_t n)
{
	GUARD(CALL_WRITE)
	if (now.plan.most && n > now.plan.most)
		n = now.plan.most;
	ssize_t put = io_system.write(fd, from, n);
	see(CALL_WRITE, fd, NULL, NULL, from, put, put);
	return after(strike, put);
}

static int f_fsync(int fd)
{
	GUARD(CALL_FSYNC)
	int r = io_system.fsync(fd);
	see(CALL_FSYNC, fd, NULL, NULL, NULL, 0, r);
	return (int)after(strike, r);
}

static int f_fdatasync(int fd)
{
	GUARD(CALL_FDATASYNC)
	int r = io_system.fdatasync(fd);
	see(CALL_FDATASYNC, fd, NULL, NULL, NULL, 0, r);
	return (int)after(strike, r);
}

static int f_ftruncate(int fd, off_t size)
{
	GUARD(CALL_FTRUNCATE)
	int r = io_system.ftruncate(fd, size);
	see(CALL_FTRUNCATE, fd, NULL, NULL, NULL, size, r);
	return (int)after(strike, r);
}

/* Closed whatever it answers, as Linux does. */
static int f_close(int fd)
{
	bool strike = strikes(CALL_CLOSE);
	if (strike && now.plan.what == FAULT_KILL_BEFORE)
		_exit(KILLED);
	see(CALL_CLOSE, fd, NULL, NULL, NULL, 0, 0);
	int r = io_system.close(fd);
	if (strike && now.plan.what == FAULT_KILL_AFTER)
		_exit(KILLED);
	if (!strike)
		return r;
	errno = now.plan.error;
	return -1;
}

static int f_rename(const char *from, const char *to)
{
	struct stat st;
	GUARD(CALL_RENAME)
	if (now.plan.no_rename_over && io_system.lstat(to, &st) == 0) {
		errno = EPERM;
		return -1;
	}
	if (now.plan.before_install)
		now.plan.before_install(to);
	int r = io_system.rename(from, to);
	see(CALL_RENAME, -1, from, to, NULL, 0, r);
	return (int)after(strike, r);
}

static int f_renameat2(const char *from, const char *to, unsigned flags)
{
	GUARD(CALL_RENAMEAT2)
	if (now.plan.no_exchange) {
		errno = now.plan.no_exchange;
		return -1;
	}
	if (now.plan.before_install)
		now.plan.before_install(to);
	int r = io_system.renameat2(from, to, flags);
	see(CALL_RENAMEAT2, -1, from, to, NULL, flags, r);
	return (int)after(strike, r);
}

static int f_link(const char *from, const char *to)
{
	GUARD(CALL_LINK)
	if (now.plan.no_links) {
		errno = now.plan.no_links;
		return -1;
	}
	if (now.plan.before_install)
		now.plan.before_install(to);
	int r = io_system.link(from, to);
	see(CALL_LINK, -1, from, to, NULL, 0, r);
	return (int)after(strike, r);
}

static int f_symlink(const char *target, const char *path)
{
	GUARD(CALL_SYMLINK)
	if (now.plan.no_links) {
		errno = now.plan.no_links;
		return -1;
	}
	int r = io_system.symlink(target, path);
	see(CALL_SYMLINK, -1, path, target, NULL, 0, r);
	return (int)after(strike, r);
}

static int f_unlink(const char *path)
{
	GUARD(CALL_UNLINK)
	int r = io_system.unlink(path);
	see(CALL_UNLINK, -1, path, NULL, NULL, 0, r);
	return (int)after(strike, r);
}

static int f_mkdir(const char *path, mode_t mode)
{
	GUARD(CALL_MKDIR)
	int r = io_system.mkdir(path, mode);
	see(CALL_MKDIR, -1, path, NULL, NULL, 0, r);
	return (int)after(strike, r);
}

static void freeze(struct stat *st)
{
	if (now.plan.frozen_times)
		st->st_mtim = st->st_ctim = (struct timespec){.tv_sec = 1700000000};
}

static int f_stat(const char *path, struct stat *st)
{
	GUARD(CALL_STAT)
	int r = io_system.stat(path, st);
	freeze(st);
	return (int)after(strike, r);
}

static int f_lstat(const char *path, struct stat *st)
{
	GUARD(CALL_LSTAT)
	int r = io_system.lstat(path, st);
	freeze(st);
	return (int)after(strike, r);
}

static int f_fstat(int fd, struct stat *st)
{
	GUARD(CALL_FSTAT)
	int r = io_system.fstat(fd, st);
	freeze(st);
	return (int)after(strike, r);
}

static int f_fstatat(int folder, const char *path, struct stat *st, int flags)
{
	GUARD(CALL_FSTATAT)
	int r = io_system.fstatat(folder, path, st, flags);
	freeze(st);
	return (int)after(strike, r);
}

static int f_fchmod(int fd, mode_t mode)
{
	GUARD(CALL_FCHMOD)
	return (int)after(strike, io_system.fchmod(fd, mode));
}

static int f_fchown(int fd, uid_t uid, gid_t gid)
{
	GUARD(CALL_FCHOWN)
	return (int)after(strike, io_system.fchown(fd, uid, gid));
}

static ssize_t f_flistxattr(int fd, char *to, size_t n)
{
	GUARD(CALL_FLISTXATTR)
	return after(strike, io_system.flistxattr(fd, to, n));
}

static ssize_t f_fgetxattr(int fd, const char *name, void *to, size_t n)
{
	GUARD(CALL_FGETXATTR)
	return after(strike, io_system.fgetxattr(fd, name, to, n));
}

static int f_fsetxattr(int fd, const char *name, const void *value, size_t n, int flags)
{
	GUARD(CALL_FSETXATTR)
	return (int)after(strike, io_system.fsetxattr(fd, name, value, n, flags));
}

static int f_fremovexattr(int fd, const char *name)
{
	GUARD(CALL_FREMOVEXATTR)
	return (int)after(strike, io_system.fremovexattr(fd, name));
}

static int f_flock(int fd, int how)
{
	GUARD(CALL_FLOCK)
	if (now.plan.no_locks || now.plan.held_locks) {
		errno = now.plan.no_locks ? ENOLCK : EWOULDBLOCK;
		return -1;
	}
	return now.plan.false_locks ? 0 : (int)after(strike, io_system.flock(fd, how));
}

static int f_poll(struct pollfd *fds, nfds_t n, int ms)
{
	GUARD(CALL_POLL)
	/* Waiting for a lock is not waited for, unless processes really wait for one another. */
	return n || !now.plan.at ? io_system.poll(fds, n, ms) : 0;
}

static ssize_t f_readlink(const char *path, char *to, size_t n)
{
	GUARD(CALL_READLINK)
	return after(strike, io_system.readlink(path, to, n));
}

static int f_clock(clockid_t which, struct timespec *t)
{
	*t = (struct timespec){.tv_sec = which == CLOCK_REALTIME ? 1795329067 : 12, .tv_nsec = 345678901};
	return 0;
}

/* SplitMix64 (Steele, Lea, Flood 2014). */
static ssize_t f_random(void *to, size_t n)
{
	unsigned char *p = to;
	for (size_t i = 0; i < n; i++) {
		now.random += 0x9e3779b97f4a7c15u;
		uint64_t z = now.random;
		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
		z = (z ^ z >> 27) * 0x94d049bb133111ebu;
		p[i] = (unsigned char)(z >> 56);
	}
	return (ssize_t)n;
}

static const struct io table = {
	.open = f_open, .read = f_read, .pread = f_pread, .write = f_write, .fsync = f_fsync, .fdatasync = f_fdatasync,
	.ftruncate = f_ftruncate, .close = f_close, .rename = f_rename, .renameat2 = f_renameat2, .link = f_link, .symlink = f_symlink,
	.unlink = f_unlink, .mkdir = f_mkdir, .stat = f_stat, .lstat = f_lstat, .fstat = f_fstat, .fstatat = f_fstatat, .fchmod = f_fchmod,
	.fchown = f_fchown, .flistxattr = f_flistxattr, .fgetxattr = f_fgetxattr, .fsetxattr = f_fsetxattr,
	.fremovexattr = f_fremovexattr, .flock = f_flock, .poll = f_poll, .readlink = f_readlink,
	.fdopendir = fdopendir, .readdir = readdir, .gethostname = gethostname, .clock = f_clock,
	.random = f_random, .realloc = realloc,
};

void fault_start(const struct fault *f, uint64_t seed)
{
	now.plan = *f;
	now.calls = 0;
	now.struck = false;
	now.random = seed;
	io_swap(&table);
}

unsigned long fault_stop(void)
{
	io_swap(&io_system);
	return now.calls;
}

unsigned long fault_calls(void)
{
	return now.calls;
}

bool fault_struck(void)
{
	return now.struck;
}

enum call fault_call_at(unsigned long i)
{
	return i && i <= MOST_CALLS ? (enum call)now.names[i - 1] : CALLS;
}
