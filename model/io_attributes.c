/* io_attributes.c: owner, mode, access list and extended attributes, from one file to the one that replaces it; see
 * io.h.
 *
 * A POSIX access list is the extended attribute system.posix_acl_access (acl(5), xattr(7)): it is kept with the others.
 * A new file in a folder with a default list gets one of its own, which goes when the old file had none. */
#include "model/io_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define ATTRIBUTE_TRIES 8 /* they can grow between asking for their size and reading them */

static const char access_list[] = "system.posix_acl_access";

/* Ours to keep: what users and their programs set.  security.* and trusted.* come from the system. */
static bool is_kept(const char *name)
{
	return strncmp(name, "user.", 5) == 0 || strcmp(name, access_list) == 0;
}

static bool has_none(int cause)
{
	return cause == EOPNOTSUPP || cause == ENOSYS;
}

/* The names, each with its NUL, appended.  Empty where the file system has no attributes. */
static bool read_names(int fd, struct buf *names)
{
	for (int i = 0; i < ATTRIBUTE_TRIES; i++) {
		ssize_t size = io_get()->flistxattr(fd, NULL, 0);
		if (size <= 0)
			return size == 0 || has_none(errno);
		buf_reserve(names, (size_t)size);
		size = io_get()->flistxattr(fd, names->p, (size_t)size);
		if (size >= 0) {
			names->n = (size_t)size;
			return true;
		}
		if (errno != ERANGE)
			return false;
	}
	return false;
}

static bool read_value(int fd, const char *name, struct buf *value)
{
	for (int i = 0; i < ATTRIBUTE_TRIES; i++) {
		ssize_t size = io_get()->fgetxattr(fd, name, NULL, 0);
		if (size < 0)
			return false;
		buf_clear(value);
		buf_reserve(value, (size_t)size + 1);
		size = io_get()->fgetxattr(fd, name, value->p, (size_t)size);
		if (size >= 0) {
			value->n = (size_t)size;
			return true;
		}
		if (errno != ERANGE)
			return false;
	}
	return false;
}

static bool has_name(const struct buf *names, const char *name)
{
	for (size_t at = 0; at < names->n; at += strlen(names->p + at) + 1)
		if (strcmp(names->p + at, name) == 0)
			return true;
	return false;
}

static bool copy_attributes(int from, int to, const struct buf *names)
{
	struct buf value = {0};
	bool good = true;
	for (size_t at = 0; good && at < names->n; at += strlen(names->p + at) + 1) {
		const char *name = names->p + at;
		if (is_kept(name))
			good = read_value(from, name, &value) &&
			       io_get()->fsetxattr(to, name, value.p, value.n, 0) == 0;
	}
	int cause = errno;
	buf_free(&value);
	errno = cause;
	return good;
}

static bool drop_inherited(int to, const struct buf *names)
{
	struct buf now = {0};
	bool good = read_names(to, &now);
	if (good && has_name(&now, access_list) && !has_name(names, access_list))
		good = io_get()->fremovexattr(to, access_list) == 0;
	int cause = errno;
	buf_free(&now);
	errno = cause;
	return good;
}

static bool keep_extended(int from, int to)
{
	struct buf names = {0};
	bool good = read_names(from, &names) && drop_inherited(to, &names) && copy_attributes(from, to, &names);
	int cause = errno;
	buf_free(&names);
	errno = cause;
	return good;
}

/* Somebody else's file in a shared folder can be replaced but not given back to them; its group must stay, because the
 * mode speaks of it. */
static bool keep_owner(int fd, const struct stat *old)
{
	struct stat st;
	if (io_get()->fstat(fd, &st) != 0)
		return false;
	return (st.st_uid == old->st_uid && st.st_gid == old->st_gid) ||
	       io_get()->fchown(fd, old->st_uid, old->st_gid) == 0 || st.st_gid == old->st_gid ||
	       io_get()->fchown(fd, (uid_t)-1, old->st_gid) == 0;
}

bool keep_attributes(int fd, const char *path, const struct stat *old)
{
	int from = io_open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC, 0);
	if (from < 0)
		return false;
	/* The mode last: chown takes set-id bits away, an access list says what the group bits mean. */
	bool good = keep_owner(fd, old) && keep_extended(from, fd) && io_get()->fchmod(fd, old->st_mode & 07777) == 0;
	close_quietly(from);
	return good;
}
