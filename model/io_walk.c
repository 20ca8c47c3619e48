/* io_walk.c: the files below a folder; see io.h.  But for reading entries the directory calls are made here and not through
 * the table: nothing but reading happens, and what fails is reported and passed over. */
#include "model/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct walk {
	const char *root;
	int root_fd;
	struct buf pending; /* folders still to be read: paths relative to the root, each with a NUL after it */
	struct buf path;    /* of what is visited, relative to the root */
	size_t stem;        /* length of its folder's part */
	bool (*visit)(void *ctx, struct str relative);
	void (*trouble)(void *ctx, struct error *e);
	void *ctx;
	bool stopped;
};

enum kind { KIND_FILE, KIND_FOLDER, KIND_OTHER };

/* One stat only where the directory entry does not tell, or is a link whose target counts. */
static enum kind kind_of(int folder, const struct dirent *entry)
{
	struct stat st;
	if (entry->d_type == DT_REG)
		return KIND_FILE;
	if (entry->d_type == DT_DIR)
		return KIND_FOLDER;
	if (entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN)
		return KIND_OTHER;
	if (entry->d_type == DT_UNKNOWN && fstatat(folder, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode))
		return KIND_FOLDER;
	return fstatat(folder, entry->d_name, &st, 0) == 0 && S_ISREG(st.st_mode) ? KIND_FILE : KIND_OTHER;
}

static void report(struct walk *w, const char *relative, const char *doing)
{
	struct error e = {0};
	char *path = relative[0] ? io_join(w->root, relative) : mem_dup(w->root);
	error_errno(&e, path, doing);
	mem_free(path);
	if (w->trouble)
		w->trouble(w->ctx, &e);
	error_clear(&e);
}

/* Reads the folder that is open as fd, which is consumed.  False with errno set: not to the end. */
static bool read_folder(int fd, bool (*visit)(void *ctx, struct str name, bool folder), void *ctx)
{
	DIR *dir = io_get()->fdopendir(fd);
	if (!dir) {
		int cause = errno;
		(void)close(fd);
		errno = cause;
		return false;
	}
	const struct dirent *entry;
	bool more = true;
	while (more && (errno = 0, entry = io_get()->readdir(dir))) {
		enum kind kind = entry->d_name[0] == '.' ? KIND_OTHER : kind_of(fd, entry);
		errno = 0;
		more = kind == KIND_OTHER || visit(ctx, str_of(entry->d_name), kind == KIND_FOLDER);
	}
	int cause = more ? errno : 0;
	(void)closedir(dir);
	errno = cause;
	return cause == 0;
}

bool io_read_folder(const char *path, bool (*visit)(void *ctx, struct str name, bool folder), void *ctx, struct error *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 && read_folder(fd, visit, ctx))
		return true;
	if (fd < 0 && errno == ENOTDIR)
		return error_set(err, ERROR_KIND, path, "this is a file, not a folder");
	return error_errno(err, path, "read this folder");
}

static bool walk_entry(void *ctx, struct str name, bool folder)
{
	struct walk *w = ctx;
	w->path.n = w->stem;
	buf_add(&w->path, name);
	if (!folder) {
		w->stopped = !w->visit(w->ctx, buf_str(&w->path));
		return !w->stopped;
	}
	buf_add(&w->pending, buf_str(&w->path));
	buf_addc(&w->pending, '\0');
	return true;
}

/* Consumes fd. */
static void walk_folder(struct walk *w, int fd, const char *relative)
{
	buf_clear(&w->path);
	if (relative[0])
		buf_addf(&w->path, "%s/", relative);
	w->stem = w->path.n;
	if (!read_folder(fd, walk_entry, w))
		report(w, relative, "read this folder");
}

/* The last of the pending folders, taken off; the caller frees it. */
static char *take_pending(struct walk *w)
{
	size_t start = w->pending.n - 1;
	while (start > 0 && w->pending.p[start - 1] != '\0')
		start--;
	char *relative = mem_dup(w->pending.p + start);
	w->pending.n = start;
	return relative;
}

bool io_walk(const char *root, bool (*visit)(void *ctx, struct str relative), void (*trouble)(void *ctx, struct error *e),
             void *ctx, struct error *err)
{
	struct walk w = {.root = root, .visit = visit, .trouble = trouble, .ctx = ctx};
	w.root_fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = w.root_fd < 0 ? -1 : openat(w.root_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		if (errno == ENOTDIR)
			error_set(err, ERROR_KIND, root, "this is a file, not a folder");
		error_errno(err, root, "read this folder");
		if (w.root_fd >= 0)
			(void)close(w.root_fd);
		return false;
	}
	walk_folder(&w, fd, "");
	while (w.pending.n && !w.stopped) {
		char *relative = take_pending(&w);
		/* From the root each time: the depth costs neither stack nor descriptors. */
		fd = openat(w.root_fd, relative, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0)
			walk_folder(&w, fd, relative);
		else
			report(&w, relative, "read this folder");
		mem_free(relative);
	}
	buf_free(&w.pending);
	buf_free(&w.path);
	(void)close(w.root_fd);
	return true;
}

char *io_real_path(const char *path, struct error *err)
{
	char *system_path = realpath(path, NULL);
	if (!system_path) {
		error_errno(err, path, "find");
		return NULL;
	}
	char *copy = mem_dup(system_path);
	free(system_path);
	return copy;
}
