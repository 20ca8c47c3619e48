/* io_replace.c: a file put in the place of another one; see io.h. */
#include "model/io_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "model/sha256.h"

#define EXCHANGES 200 /* of names with programs that do the same, until this one gives up */

/* ---- the target --------------------------------------------------------------------------------------------- */

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

static bool is_conflict(const struct install *in, struct error *err)
{
	return error_set(err, ERROR_CONFLICT, in->path, "this file was changed by another program since it was read");
}

/* rename() asks only for the right to the folder; somebody who took the write permission off the file meant it. */
static bool check_writable(const struct install *in, struct error *err)
{
	if ((in->old.st_mode & 0222) == 0)
		return error_set(err, ERROR_IO, in->path, "this file is read-only; chmod u+w allows writing it");
	int fd = io_open(in->path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC, 0);
	if (fd < 0) /* gone since it was looked at: somebody is replacing it */
		return errno == ENOENT ? is_conflict(in, err) : error_errno(err, in->path, "write");
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

/* Whether the folder that the file is really in is `within` or below it. */
static bool check_within(const char *target, const char *within, struct error *err)
{
	char *folder = io_folder_of(target), *real = io_real_path(folder, err), *root = io_real_path(within, err);
	bool inside = real && root && str_starts(str_of(real), str_of(root));
	if (inside) {
		char next = real[strlen(root)];
		inside = next == '\0' || next == '/' || root[1] == '\0';
	}
	if (!inside)
		error_set(err, ERROR_IO, target, "a symbolic link leads out of the folder %s; it is not written through",
		          within);
	mem_free(folder);
	mem_free(real);
	mem_free(root);
	return inside;
}

/* ---- putting it in place ------------------------------------------------------------------------------------- */

enum found { FOUND_KNOWN, FOUND_OTHER, FOUND_UNREADABLE };

static enum found look_at(const char *path, const struct io_known *k)
{
	char hash[65];
	if (hash_file(path, k->limit, hash))
		return strcmp(hash, k->sha256) == 0 ? FOUND_KNOWN : FOUND_OTHER;
	return errno == EFBIG || errno == ENOENT || errno == EINVAL ? FOUND_OTHER : FOUND_UNREADABLE;
}

static bool no_exchange_here(int cause)
{
	return cause == EINVAL || cause == ENOSYS || cause == EOPNOTSUPP || cause == EPERM;
}

/* Somebody put another version there between the last look and the exchange: it goes back.  What comes out for it must
 * be ours; if not, yet another one was put over ours, and that is now the one to go back. */
static bool put_back(struct install *in, const char *ours, struct error *err)
{
	struct io_known mine = {.sha256 = ours, .limit = SIZE_MAX};
	enum found found = FOUND_OTHER;
	for (int i = 0; i < EXCHANGES && found == FOUND_OTHER; i++) {
		if (io_get()->renameat2(in->temp, in->path, RENAME_EXCHANGE) != 0)
			return error_errno(err, in->temp, "put back what another program wrote, which is kept here");
		found = look_at(in->temp, &mine);
		/* In step with the others it would never end. */
		unsigned char wait;
		io_random(&wait, sizeof(wait));
		if (found == FOUND_OTHER)
			(void)io_get()->poll(NULL, 0, wait % 16);
	}
	if (found == FOUND_KNOWN) {
		unlink_quietly(in->temp);
		(void)install_sync(in);
		return is_conflict(in, err);
	}
	return error_set(err, ERROR_IO, in->temp,
	                 "other programs keep writing over this file; what one of them wrote is kept here");
}

static bool install_exchanged(struct install *in, const char *ours, const struct io_known *k, struct error *err)
{
	switch (look_at(in->temp, k)) {
	case FOUND_OTHER:
		return put_back(in, ours, err);
	case FOUND_UNREADABLE:
		/* Perhaps it is the one that was known: then this is an undo of what was done, else it is as above. */
		(void)put_back(in, ours, NULL);
		return error_set(err, ERROR_IO, in->path, "what this was written over cannot be read; it was put back");
	case FOUND_KNOWN:
		break;
	}
	unlink_quietly(in->temp);
	return install_sync(in) || error_errno(err, in->path, "make sure that the new version stays");
}

static bool cannot_replace(struct install *in, struct error *err)
{
	unlink_quietly(in->temp);
	return error_errno(err, in->path, "put the new version in place");
}

/* File systems that do not rename over a file (SFTP without its extension): the old one goes aside first.  Who is cut
 * short in between leaves no file of that name; io_recover() gives the old one its name back. */
static bool replace_by_turns(struct install *in, const char *ours, const struct io_known *k, struct error *err)
{
	char *aside = swap_name(in->path, true, k->sha256, ours);
	if (io_get()->rename(in->path, aside) != 0) {
		mem_free(aside);
		return cannot_replace(in, err);
	}
	enum found found = look_at(aside, k);
	bool good = found == FOUND_KNOWN && io_get()->rename(in->temp, in->path) == 0;
	int cause = errno;
	if (good)
		good = install_sync(in) || error_errno(err, in->path, "make sure that the new version stays");
	else if (io_get()->rename(aside, in->path) != 0)
		error_set(err, ERROR_IO, aside, "%s cannot be put back and is kept here", io_name_of(in->path));
	else if (found == FOUND_OTHER)
		is_conflict(in, err);
	errno = cause;
	if (good)
		unlink_quietly(aside);
	else
		(void)cannot_replace(in, err);
	mem_free(aside);
	return good;
}

static bool may_need_turns(int cause)
{
	return cause == EPERM || cause == EEXIST || cause == ENOSYS || cause == EOPNOTSUPP || cause == EINVAL;
}

static bool rename_over(struct install *in, const char *ours, const struct io_known *k, struct error *err)
{
	if (io_get()->rename(in->temp, in->path) == 0)
		return install_sync(in) || error_errno(err, in->path, "make sure that the new version stays");
	if (!in->exists || !may_need_turns(errno))
		return cannot_replace(in, err);
	char hash[65];
	struct io_known there = {.sha256 = hash, .limit = SIZE_MAX};
	if (!k && !hash_file(in->path, SIZE_MAX, hash))
		return cannot_replace(in, err);
	return replace_by_turns(in, ours, k ? k : &there, err);
}

/* The temporary file is there. */
static bool install_known(struct install *in, const char *ours, const struct io_known *k, struct error *err)
{
	if (!install_stage(in, k->sha256, ours))
		return cannot_replace(in, err);
	if (io_get()->renameat2(in->temp, in->path, RENAME_EXCHANGE) == 0)
		return install_exchanged(in, ours, k, err);
	/* Gone since it was looked at: then it is not what was known. */
	bool gone = errno == ENOENT;
	if (!gone && !no_exchange_here(errno))
		return cannot_replace(in, err);
	enum found found = gone ? FOUND_OTHER : look_at(in->path, k);
	if (found == FOUND_KNOWN)
		return rename_over(in, ours, k, err);
	unlink_quietly(in->temp);
	return found == FOUND_OTHER
	           ? is_conflict(in, err)
	           : error_set(err, ERROR_IO, in->path, "what is there cannot be read, so it stays");
}

static bool install_over(struct install *in, struct str bytes, const struct io_known *k, struct error *err)
{
	if (!install_temp(in, bytes))
		return error_errno(err, in->path, "write");
	char *ours = sha256_of(bytes);
	bool good = k && in->exists ? install_known(in, ours, k, err) : rename_over(in, ours, k, err);
	mem_free(ours);
	return good;
}

static bool replace(const char *path, struct str bytes, const struct io_known *k, struct error *err)
{
	char *target = resolve_links(path, err);
	if (!target)
		return false;
	struct install in = {.path = target, .folder = -1};
	bool linked = strcmp(target, path) != 0;
	bool fine = (!k || !k->within || !linked || check_within(target, k->within, err)) &&
	            look_at_target(&in, err) && install_folder(&in, err) && install_over(&in, bytes, k, err);
	install_free(&in);
	mem_free(target);
	return fine;
}

bool io_replace_file(const char *path, struct str bytes, struct error *err)
{
	return replace(path, bytes, NULL, err);
}

bool io_replace_known_file(const char *path, struct str bytes, const struct io_known *k, struct error *err)
{
	return replace(path, bytes, k, err);
}
