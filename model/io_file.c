/* io_file.c: files read and written whole; see io.h. */
#include "model/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>

#define READ_CHUNK ((size_t)1 << 16)

/* ---- descriptors -------------------------------------------------------------------------------------------- */

/* Closes after a failure: the errno that matters is the one before. */
static void close_quietly(int fd)
{
	int cause = errno;
	(void)io_get()->close(fd);
	errno = cause;
}

static void unlink_quietly(const char *path)
{
	int cause = errno;
	(void)io_get()->unlink(path);
	errno = cause;
}

/* NFS and quotas report what write() did not here.  After EINTR Linux has closed the descriptor. */
static bool close_checked(int fd)
{
	return io_get()->close(fd) == 0 || errno == EINTR;
}

/* Only EINTR is repeated: after any other failure the kernel may have dropped the pages and a second fsync would lie. */
static bool sync_checked(int fd)
{
	while (io_get()->fsync(fd) != 0)
		if (errno != EINTR)
			return false;
	return true;
}

static void wait_for(int fd, short events)
{
	struct pollfd one = {.fd = fd, .events = events};
	(void)poll(&one, 1, 1000);
}

static bool write_whole(int fd, struct str bytes)
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

static bool check_regular(const struct stat *st, const char *path, struct error *err)
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

bool io_read_file(const char *path, size_t limit, struct buf *out, struct io_identity *identity, struct error *err)
{
	int fd = io_get()->open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	if (fd < 0)
		return errno == ENXIO ? error_set(err, ERROR_KIND, path, "this is a socket or a device, not a file")
		                      : error_errno(err, path, "open");
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

/* ---- writing ------------------------------------------------------------------------------------------------ */

/* What a replacement needs between its first and its last step. */
struct install {
	const char *path; /* the file to be there in the end, symbolic links resolved */
	char *temp;
	int folder;       /* descriptor, opened first: a folder that cannot be synced is found before anything is written */
	bool exists;
	struct stat old;
};

/* The file that `path` means, links followed by hand: a dangling one names the file to create. */
static char *resolve_links(const char *path, struct error *err)
{
	char *now = mem_dup(path);
	for (int hop = 0; hop < 40; hop++) {
		struct stat st;
		if (io_get()->lstat(now, &st) != 0 || !S_ISLNK(st.st_mode))
			return now;
		size_t room = st.st_size > 0 ? (size_t)st.st_size : PATH_MAX;
		char *target = mem_alloc(room + 1);
		ssize_t n = io_get()->readlink(now, target, room);
		if (n < 0) {
			error_errno(err, path, "follow this link");
			mem_free(target);
			mem_free(now);
			return NULL;
		}
		char *folder = io_folder_of(now);
		mem_free(now);
		now = io_join(folder, target);
		mem_free(folder);
		mem_free(target);
	}
	mem_free(now);
	error_set(err, ERROR_IO, path, "symbolic links that lead in a circle");
	return NULL;
}

static char *temp_name(const char *path)
{
	static const char digits[] = "bcdfghjkmnpqrstvwxz2345679";
	unsigned char random[10];
	io_random(random, sizeof(random));
	char *folder = io_folder_of(path);
	struct str name = str_of(io_name_of(path));
	struct buf temp = {0};
	buf_addc(&temp, '.');
	buf_add(&temp, str_sub(name, 0, NAME_MAX - sizeof(random) - sizeof("..") - sizeof("tmp")));
	buf_addc(&temp, '.');
	for (size_t i = 0; i < sizeof(random); i++)
		buf_addc(&temp, digits[random[i] % (sizeof(digits) - 1)]);
	buf_adds(&temp, ".tmp");
	char *whole = io_join(folder, temp.p);
	buf_free(&temp);
	mem_free(folder);
	return whole;
}

static int open_temp(struct install *in)
{
	/* A new file gets what the umask leaves; one that replaces is private until it has the old one's mode. */
	mode_t mode = in->exists ? 0600 : 0666;
	for (int attempt = 0; attempt < 8; attempt++) {
		mem_free(in->temp);
		in->temp = temp_name(in->path);
		int fd = io_get()->open(in->temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

/* Somebody else's file in a shared folder can be replaced but not given back to them; its group must stay, because the
 * mode speaks of it. */
static bool keep_owner_and_mode(int fd, const struct stat *old)
{
	struct stat st;
	if (io_get()->fstat(fd, &st) != 0)
		return false;
	if ((st.st_uid != old->st_uid || st.st_gid != old->st_gid) &&
	    io_get()->fchown(fd, old->st_uid, old->st_gid) != 0 && st.st_gid != old->st_gid &&
	    io_get()->fchown(fd, (uid_t)-1, old->st_gid) != 0)
		return false;
	return io_get()->fchmod(fd, old->st_mode & 07777) == 0;
}

/* Leaves a whole, synced and closed temporary file; on failure none. */
static bool write_temp(struct install *in, struct str bytes)
{
	int fd = open_temp(in);
	if (fd < 0)
		return false;
	bool fine = write_whole(fd, bytes) && (!in->exists || keep_owner_and_mode(fd, &in->old)) && sync_checked(fd);
	if (!fine)
		close_quietly(fd);
	else
		fine = close_checked(fd);
	if (!fine)
		unlink_quietly(in->temp);
	return fine;
}

/* Some file systems have no such thing as syncing a folder; they say EINVAL, and rename is all there is. */
static bool sync_folder(int folder)
{
	return sync_checked(folder) || errno == EINVAL;
}

static bool open_folder(struct install *in, struct error *err)
{
	char *folder = io_folder_of(in->path);
	in->folder = io_get()->open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (in->folder < 0)
		error_errno(err, folder, "write in this folder");
	mem_free(folder);
	return in->folder >= 0;
}

/* rename() asks only for the right to the folder; somebody who took the write permission off the file meant it. */
static bool check_writable(const struct install *in, struct error *err)
{
	if ((in->old.st_mode & 0222) == 0)
		return error_set(err, ERROR_IO, in->path, "this file is read-only; chmod u+w allows writing it");
	int fd = io_get()->open(in->path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC, 0);
	if (fd < 0)
		return error_errno(err, in->path, "write");
	close_quietly(fd);
	return true;
}

static bool look_at_target(struct install *in, struct error *err)
{
	if (io_get()->lstat(in->path, &in->old) != 0)
		return errno == ENOENT || error_errno(err, in->path, "write");
	in->exists = true;
	return check_regular(&in->old, in->path, err) && check_writable(in, err);
}

static bool install_renamed(struct install *in, struct str bytes, struct error *err)
{
	if (!write_temp(in, bytes))
		return error_errno(err, in->path, "write");
	if (io_get()->rename(in->temp, in->path) != 0) {
		unlink_quietly(in->temp);
		return error_errno(err, in->path, "put the new version in place");
	}
	return sync_folder(in->folder) || error_errno(err, in->path, "make sure that the new version stays");
}

bool io_replace_file(const char *path, struct str bytes, struct error *err)
{
	char *target = resolve_links(path, err);
	if (!target)
		return false;
	struct install in = {.path = target, .folder = -1};
	bool fine = look_at_target(&in, err) && open_folder(&in, err) && install_renamed(&in, bytes, err);
	if (in.folder >= 0)
		close_quietly(in.folder);
	mem_free(in.temp);
	mem_free(target);
	return fine;
}

static bool exists_error(const char *path, struct error *err)
{
	return error_set(err, ERROR_EXISTS, path, "this file exists already and is left as it is");
}

/* File systems without hard links: the name itself is taken with O_EXCL and given up when anything fails. */
static bool create_in_place(struct install *in, struct str bytes, struct error *err)
{
	int fd = io_get()->open(in->path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0)
		return errno == EEXIST ? exists_error(in->path, err) : error_errno(err, in->path, "create");
	bool fine = write_whole(fd, bytes) && sync_checked(fd);
	if (!fine)
		close_quietly(fd);
	else
		fine = close_checked(fd);
	if (fine)
		return true;
	unlink_quietly(in->path);
	return error_errno(err, in->path, "write");
}

static bool install_linked(struct install *in, struct str bytes, struct error *err)
{
	if (!write_temp(in, bytes))
		return error_errno(err, in->path, "write");
	bool linked = io_get()->link(in->temp, in->path) == 0;
	int cause = errno;
	struct stat st;
	/* Over NFS a link can have been made although the answer was lost: two names tell. */
	if (!linked && io_get()->lstat(in->temp, &st) == 0 && st.st_nlink == 2)
		linked = true;
	unlink_quietly(in->temp);
	errno = cause;
	if (linked)
		return true;
	if (cause == EEXIST)
		return exists_error(in->path, err);
	if (cause == EPERM || cause == EOPNOTSUPP || cause == ENOSYS || cause == EMLINK)
		return create_in_place(in, bytes, err);
	return error_errno(err, in->path, "create");
}

static bool create_file(const char *path, struct str bytes, bool sync, struct error *err)
{
	struct install in = {.path = path, .folder = -1};
	struct stat st;
	if (io_get()->lstat(path, &st) == 0)
		return exists_error(path, err);
	bool fine = open_folder(&in, err) && install_linked(&in, bytes, err);
	if (fine && sync && !sync_folder(in.folder))
		fine = error_errno(err, path, "make sure that the new file stays");
	if (in.folder >= 0)
		close_quietly(in.folder);
	mem_free(in.temp);
	return fine;
}

bool io_create_file(const char *path, struct str bytes, struct error *err)
{
	return create_file(path, bytes, true, err);
}

bool io_create_file_of_many(const char *path, struct str bytes, struct error *err)
{
	return create_file(path, bytes, false, err);
}

bool io_sync_folder_of(const char *path, struct error *err)
{
	struct install in = {.path = path, .folder = -1};
	if (!open_folder(&in, err))
		return false;
	bool fine = sync_folder(in.folder) || error_errno(err, path, "make sure that the new file stays");
	close_quietly(in.folder);
	return fine;
}

/* ---- folders ------------------------------------------------------------------------------------------------ */

static bool make_one_folder(const char *path, struct error *err)
{
	struct stat st;
	if (io_get()->mkdir(path, 0777) == 0)
		return true;
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
