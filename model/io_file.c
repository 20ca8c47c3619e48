/* io_file.c: files read and written whole; see io.h. */
#include "model/io_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>

#define READ_CHUNK ((size_t)1 << 16)

/* ---- descriptors -------------------------------------------------------------------------------------------- */

/* Closes after a failure: the errno that matters is the one before. */
void close_quietly(int fd)
{
	int cause = errno;
	(void)io_get()->close(fd);
	errno = cause;
}

void unlink_quietly(const char *path)
{
	int cause = errno;
	(void)io_get()->unlink(path);
	errno = cause;
}

/* NFS and quotas report what write() did not here.  After EINTR Linux has closed the descriptor. */
bool close_checked(int fd)
{
	return io_get()->close(fd) == 0 || errno == EINTR;
}

/* Only EINTR is repeated: after any other failure the kernel may have dropped the pages and a second fsync would lie. */
bool sync_checked(int fd)
{
	while (io_get()->fsync(fd) != 0)
		if (errno != EINTR)
			return false;
	return true;
}

int io_open(const char *path, int flags, mode_t mode)
{
	int fd;
	do
		fd = io_get()->open(path, flags, mode);
	while (fd < 0 && errno == EINTR);
	return fd;
}

static void wait_for(int fd, short events)
{
	struct pollfd one = {.fd = fd, .events = events};
	(void)io_get()->poll(&one, 1, 1000);
}

bool write_whole(int fd, struct str bytes)
{
	while (bytes.n) {
		ssize_t put = io_get()->write(fd, bytes.p, bytes.n);
		if (put > 0) {
			bytes = str_sub(bytes, (size_t)put, bytes.n);
			continue;
		}
		if (put == 0) {
			errno = ENOSPC;
			return false;
		}
		if (errno == EAGAIN)
			wait_for(fd, POLLOUT);
		else if (errno != EINTR)
			return false;
	}
	return true;
}

bool io_write_all(int fd, struct str bytes, struct error *err)
{
	return write_whole(fd, bytes) || error_errno(err, NULL, "write");
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

/* Reads to the end.  expected: bytes that the system announced, so that one allocation suffices. */
static bool read_whole(int fd, const char *name, size_t expected, size_t limit, struct buf *out, struct error *err)
{
	size_t before = out->n;
	buf_reserve(out, expected + 1); /* the byte more finds the end without a second allocation */
	for (;;) {
		if (out->cap - out->n <= 1)
			buf_reserve(out, READ_CHUNK);
		size_t room = out->cap - out->n - 1;
		ssize_t got = io_get()->read(fd, out->p + out->n, room < SSIZE_MAX ? room : SSIZE_MAX);
		if (got == 0)
			return true;
		if (got > 0) {
			out->n += (size_t)got;
			out->p[out->n] = '\0';
			if (out->n - before <= limit)
				continue;
			error_set(err, ERROR_LIMIT, name, "larger than %zu bytes, the most that is read here", limit);
			break;
		}
		if (errno == EAGAIN) {
			wait_for(fd, POLLIN);
		} else if (errno != EINTR) {
			error_errno(err, name, "read");
			break;
		}
	}
	out->n = before;
	out->p[before] = '\0';
	return false;
}

static int64_t nanoseconds(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static struct io_identity identity_of(const struct stat *st)
{
	return (struct io_identity){
		.dev = (uint64_t)st->st_dev,
		.ino = (uint64_t)st->st_ino,
		.size = (uint64_t)st->st_size,
		.mtime_ns = nanoseconds(st->st_mtim),
		.ctime_ns = nanoseconds(st->st_ctim),
	};
}

bool check_regular(const struct stat *st, const char *path, struct error *err)
{
	if (S_ISREG(st->st_mode))
		return true;
	const char *what = S_ISDIR(st->st_mode)    ? "a folder"
	                   : S_ISFIFO(st->st_mode) ? "a FIFO"
	                   : S_ISSOCK(st->st_mode) ? "a socket"
	                                           : "a device";
	return error_set(err, ERROR_KIND, path, "this is %s, not a file", what);
}

static bool read_open_file(int fd, const char *path, size_t limit, struct buf *out, struct io_identity *identity,
                           struct error *err)
{
	struct stat st;
	if (io_get()->fstat(fd, &st) != 0)
		return error_errno(err, path, "read");
	if (!check_regular(&st, path, err))
		return false;
	size_t size = (size_t)st.st_size;
	if (st.st_size < 0 || size > limit)
		return error_set(err, ERROR_LIMIT, path, "larger than %zu bytes, the most that is read here", limit);
	if (!read_whole(fd, path, size, limit, out, err))
		return false;
	if (identity)
		*identity = identity_of(&st);
	return true;
}

static int open_to_read(const char *path, struct error *err)
{
	int fd = io_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	if (fd < 0 && errno == ENXIO)
		error_set(err, ERROR_KIND, path, "this is a socket or a device, not a file");
	else if (fd < 0)
		error_errno(err, path, "open");
	return fd;
}

static bool read_start(int fd, const char *path, size_t most, struct buf *out, struct error *err)
{
	struct stat st;
	if (io_get()->fstat(fd, &st) != 0)
		return error_errno(err, path, "read");
	if (!check_regular(&st, path, err))
		return false;
	buf_reserve(out, most);
	for (size_t left = most; left;) {
		ssize_t got = io_get()->read(fd, out->p + out->n, left);
		if (got == 0)
			break;
		if (got < 0 && errno != EINTR)
			return error_errno(err, path, "read");
		if (got > 0) {
			out->n += (size_t)got;
			left -= (size_t)got;
		}
	}
	out->p[out->n] = '\0';
	return true;
}

bool io_read_start(const char *path, size_t most, struct buf *out, struct error *err)
{
	int fd = open_to_read(path, err);
	if (fd < 0)
		return false;
	bool fine = read_start(fd, path, most, out, err);
	close_quietly(fd);
	return fine;
}

bool io_read_file(const char *path, size_t limit, struct buf *out, struct io_identity *identity, struct error *err)
{
	int fd = open_to_read(path, err);
	if (fd < 0)
		return false;
	bool fine = read_open_file(fd, path, limit, out, identity, err);
	close_quietly(fd);
	return fine;
}

bool io_read_fd(int fd, const char *name, size_t limit, struct buf *out, struct error *err)
{
	return read_whole(fd, name, READ_CHUNK, limit, out, err);
}

bool io_identify(const char *path, struct io_identity *identity, struct error *err)
{
	struct stat st;
	if (io_get()->stat(path, &st) != 0)
		return error_errno(err, path, "look at");
	*identity = identity_of(&st);
	return true;
}

/* ---- temporary files ---------------------------------------------------------------------------------------- */

int install_open(struct install *in)
{
	/* A new file gets what the umask leaves; one that replaces is private until it has the old one's mode. */
	mode_t mode = in->exists ? 0600 : 0666;
	for (int attempt = 0; attempt < 8; attempt++) {
		mem_free(in->temp);
		in->temp = temp_name(in->path);
		int fd = io_open(in->temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

bool install_temp(struct install *in, struct str bytes)
{
	int fd = install_open(in);
	if (fd < 0)
		return false;
	bool fine =
	    write_whole(fd, bytes) && (!in->exists || keep_attributes(fd, in->path, &in->old)) && sync_checked(fd);
	if (!fine)
		close_quietly(fd);
	else
		fine = close_checked(fd);
	if (!fine)
		unlink_quietly(in->temp);
	return fine;
}

bool install_sync(struct install *in)
{
	/* Some file systems have no such thing as syncing a folder; they say EINVAL, and rename is all there is. */
	return sync_checked(in->folder) || errno == EINVAL;
}

bool install_folder(struct install *in, struct error *err)
{
	char *folder = io_folder_of(in->path);
	in->folder = io_open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (in->folder < 0)
		error_errno(err, folder, "write in this folder");
	mem_free(folder);
	return in->folder >= 0;
}

void install_free(struct install *in)
{
	if (in->folder >= 0)
		close_quietly(in->folder);
	mem_free(in->temp);
}

/* ---- folders ------------------------------------------------------------------------------------------------ */

static bool make_one_folder(const char *path, struct error *err)
{
	struct stat st;
	if (io_get()->mkdir(path, 0777) == 0)
		/* What is put into it would go with it. */
		return io_sync_folder_of(path, err);
	int cause = errno;
	if (io_get()->stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return true;
		return error_set(err, ERROR_KIND, path, "a folder is needed here, but this is a file");
	}
	errno = cause;
	return error_errno(err, path, "make this folder");
}

bool io_make_folder(const char *path, struct error *err)
{
	struct str all = str_of(path);
	for (size_t at = 1; at <= all.n; at++) {
		if (at < all.n && (path[at] != '/' || path[at - 1] == '/'))
			continue;
		char *part = str_dup(str_sub(all, 0, at));
		bool fine = make_one_folder(part, err);
		mem_free(part);
		if (!fine)
			return false;
	}
	return true;
}
