/* io_new.c: files that were not there before; see io.h. */
#include "model/io_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "model/sha256.h"

static bool exists_error(const char *path, struct error *err)
{
	return error_set(err, ERROR_EXISTS, path, "this file exists already and is left as it is");
}

static bool cannot(int cause)
{
	return cause == EPERM || cause == EOPNOTSUPP || cause == ENOSYS || cause == EINVAL || cause == EMLINK;
}

/* Over NFS a call can have been obeyed although the answer was lost: the names tell. */
static bool has_two_names(const char *path)
{
	struct stat st;
	return io_get()->lstat(path, &st) == 0 && st.st_nlink == 2;
}

/* File systems that can neither link nor rename without replacing: the name is taken by an empty file first.  The name of
 * the temporary file says so, and io_recover() finishes what is cut short here. */
static bool take_name(struct install *in)
{
	char *empty = sha256_of(STR_NONE), now[65];
	bool staged = hash_file(in->temp, SIZE_MAX, now) && install_stage(in, empty, now);
	mem_free(empty);
	if (!staged)
		return false;
	int fd = io_open(in->path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0)
		return false;
	close_quietly(fd);
	if (io_get()->rename(in->temp, in->path) == 0)
		return true;
	unlink_quietly(in->path);
	/* One that does not rename over a file will not do so now either. */
	return (errno == EEXIST || cannot(errno)) && io_get()->rename(in->temp, in->path) == 0;
}

static bool give_name(struct install *in)
{
	if (io_get()->link(in->temp, in->path) == 0)
		return true;
	int cause = errno;
	if (has_two_names(in->temp))
		return true;
	errno = cause;
	if (!cannot(cause))
		return false;
	if (io_get()->renameat2(in->temp, in->path, RENAME_NOREPLACE) == 0)
		return true;
	return cannot(errno) && take_name(in);
}

bool install_new(struct install *in, struct error *err)
{
	bool good = give_name(in);
	unlink_quietly(in->temp);
	if (good)
		return true;
	return errno == EEXIST ? exists_error(in->path, err) : error_errno(err, in->path, "create");
}

/* ---- whole ------------------------------------------------------------------------------------------------------ */

static bool make_temp(struct install *in, struct str bytes, struct error *err)
{
	return install_temp(in, bytes) || error_errno(err, in->path, "write");
}

static bool create_file(const char *path, struct str bytes, bool sync, struct error *err)
{
	struct install in = {.path = path, .folder = -1};
	struct stat st;
	if (io_get()->lstat(path, &st) == 0)
		return exists_error(path, err);
	bool fine = install_folder(&in, err) && make_temp(&in, bytes, err) && install_new(&in, err);
	if (fine && sync && !install_sync(&in))
		fine = error_errno(err, path, "make sure that the new file stays");
	install_free(&in);
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
	if (!install_folder(&in, err))
		return false;
	bool fine = install_sync(&in) || error_errno(err, path, "make sure that the new file stays");
	install_free(&in);
	return fine;
}

/* ---- piece by piece ---------------------------------------------------------------------------------------------- */

struct io_new {
	struct install in;
	char *path;
	int fd;
};

static void new_free(struct io_new *f)
{
	install_free(&f->in);
	mem_free(f->path);
	mem_free(f);
}

bool io_new_open(const char *path, struct io_new **out, struct error *err)
{
	struct stat st;
	*out = NULL;
	char *folder = io_folder_of(path);
	io_recover(folder, false, NULL);
	mem_free(folder);
	if (io_get()->lstat(path, &st) == 0)
		return exists_error(path, err);
	struct io_new *f = mem_alloc(sizeof(*f));
	f->path = mem_dup(path);
	f->in = (struct install){.path = f->path, .folder = -1};
	f->fd = -1;
	if (!install_folder(&f->in, NULL) || (f->fd = install_open(&f->in)) < 0) {
		error_errno(err, path, "create");
		new_free(f);
		return false;
	}
	*out = f;
	return true;
}

bool io_new_write(struct io_new *f, struct str bytes, struct error *err)
{
	return write_whole(f->fd, bytes) || error_errno(err, f->path, "write");
}

bool io_new_install(struct io_new *f, struct error *err)
{
	bool good = sync_checked(f->fd);
	if (!good)
		close_quietly(f->fd);
	else
		good = close_checked(f->fd);
	if (!good) {
		error_errno(err, f->path, "write");
		unlink_quietly(f->in.temp);
	} else {
		good = install_new(&f->in, err) &&
		       (install_sync(&f->in) || error_errno(err, f->path, "make sure that the new file stays"));
	}
	new_free(f);
	return good;
}

void io_new_drop(struct io_new *f)
{
	close_quietly(f->fd);
	unlink_quietly(f->in.temp);
	new_free(f);
}
