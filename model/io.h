/* io: every call to the operating system that touches files, the clock, randomness or memory, in one table.
 *
 * The fault tests swap the table (io_swap) to fail, shorten or count any call; nothing outside io.c calls the
 * system for these things.  The members behave as the system calls of their names: -1 and errno.  This table, the
 * terminal (tui/term.c) and the signal flags are the only mutable state of the program that is not passed.
 *
 * Paths are bytes as the system has them; they are sanitised where they are shown, not here. */
#ifndef ZHUPI_MODEL_IO_H
#define ZHUPI_MODEL_IO_H

#include <dirent.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

#include "model/base.h"

struct io {
	int (*open)(const char *path, int flags, mode_t mode);
	ssize_t (*read)(int fd, void *to, size_t n);
	ssize_t (*pread)(int fd, void *to, size_t n, off_t off);
	ssize_t (*write)(int fd, const void *from, size_t n);
	int (*fsync)(int fd);
	int (*fdatasync)(int fd);
	int (*ftruncate)(int fd, off_t size);
	int (*close)(int fd);
	int (*rename)(const char *from, const char *to);
	int (*renameat2)(const char *from, const char *to, unsigned flags); /* RENAME_EXCHANGE, RENAME_NOREPLACE */
	int (*link)(const char *from, const char *to);
	int (*symlink)(const char *target, const char *path);
	int (*unlink)(const char *path);
	int (*mkdir)(const char *path, mode_t mode);
	int (*stat)(const char *path, struct stat *st);
	int (*lstat)(const char *path, struct stat *st);
	int (*fstat)(int fd, struct stat *st);
	int (*fstatat)(int folder, const char *path, struct stat *st, int flags);
	int (*fchmod)(int fd, mode_t mode);
	int (*fchown)(int fd, uid_t uid, gid_t gid);
	ssize_t (*flistxattr)(int fd, char *names, size_t n);
	ssize_t (*fgetxattr)(int fd, const char *name, void *to, size_t n);
	int (*fsetxattr)(int fd, const char *name, const void *value, size_t n, int flags);
	int (*fremovexattr)(int fd, const char *name);
	int (*flock)(int fd, int how);
	int (*poll)(struct pollfd *fds, nfds_t n, int ms); /* also to wait for a lock: without descriptors */
	ssize_t (*readlink)(const char *path, char *to, size_t n);
	DIR *(*fdopendir)(int fd);
	struct dirent *(*readdir)(DIR *folder);
	int (*gethostname)(char *to, size_t n);
	int (*clock)(clockid_t which, struct timespec *now);
	ssize_t (*random)(void *to, size_t n);
	void *(*realloc)(void *p, size_t n);
};

extern const struct io io_system;                 /* the real calls */
const struct io *io_get(void);                    /* the table in force */
const struct io *io_swap(const struct io *table); /* for tests; returns the one before */
_Noreturn void io_out_of_memory(void);            /* what mem_* do when memory runs out, see base.h */

int io_open(const char *path, int flags, mode_t mode); /* open(), repeated after EINTR */

/* ---- whole files ------------------------------------------------------------------------------------------ */

/* What tells whether a file is still the one that was read; the hash decides, this is only the hint. */
struct io_identity {
	uint64_t dev, ino, size;
	int64_t mtime_ns, ctime_ns;
};

/* Reads a regular file of at most `limit` bytes into *out (appended).  Opens with O_NONBLOCK so that a FIFO or a device
 * is refused (ERROR_KIND) and never waited for.  identity may be NULL. */
bool io_read_file(const char *path, size_t limit, struct buf *out, struct io_identity *identity, struct error *err);

/* The same of its first `most` bytes, or all where it is shorter. */
bool io_read_start(const char *path, size_t most, struct buf *out, struct error *err);

/* The identity of what is at path now. */
bool io_identify(const char *path, struct io_identity *identity, struct error *err);

/* Reads all of an open descriptor (standard input), up to limit. */
bool io_read_fd(int fd, const char *name, size_t limit, struct buf *out, struct error *err);

/* Replaces or creates `path` so that at every instant the old or the new file is there, whole, and the new one after
 * true was returned: temporary file beside the target (O_EXCL), all bytes, owner, mode, access list and extended
 * attributes of the old one, fsync, close, rename, fsync of the folder.  What of these cannot be kept refuses the
 * replacement; attributes that the system gives by itself (security.*, trusted.*) are its own business.  A symbolic link
 * is resolved first, so the link stays.  A failed fsync is never retried on the same file.  A target whose write
 * permission is off is refused although rename could replace it. */
bool io_replace_file(const char *path, struct str bytes, struct error *err);

/* The same, but only what is known is replaced: what is there is looked at after it was taken out by an exchange of
 * names, so that nobody can put another version there in between.  Where it is not known it is put back and the answer
 * is ERROR_CONFLICT.  On file systems that cannot exchange it is looked at just before the rename, which leaves an
 * instant; on those that cannot rename over a file either it is renamed aside first. */
struct io_known {
	const char *sha256; /* hex, of what may be replaced */
	size_t limit;       /* bytes: a larger file is not known */
	const char *within; /* the folder that a symbolic link at path may not lead out of; NULL: anywhere */
};
bool io_replace_known_file(const char *path, struct str bytes, const struct io_known *k, struct error *err);

/* Temporary files bear the name of their target and of the process that made them.  Goes through those in the folder
 * whose process is no more (below: and in those below it, dot folders left out); what was cut short is finished or taken
 * back, and they are removed.  What is neither what that process wrote nor what it was to replace, another program had
 * put there in the last instant: it goes back to its name, or, where yet another version is there by now, becomes
 * TARGET.conflict, and kept() is told its path (may be NULL).  Files of other machines are left alone. */
struct io_keeper {
	void (*kept)(void *ctx, const char *path);
	void *ctx;
};
void io_recover(const char *folder, bool below, const struct io_keeper *k);

/* Whether the file is gone from its name only because a program is replacing it, where that goes by turns, or did not
 * come to the end of that. */
bool io_is_aside(const char *path);

/* A lock that needs none of the system's: a symbolic link at path, which one process alone can make, and which says
 * whose it is.  One whose process is no more is taken away.  Waits for at most ms; false where it is held longer, or no
 * links can be made. */
bool io_lock_name(const char *path, int64_t ms);
void io_unlock_name(const char *path); /* after true */

/* Creates `path`, which must not exist (ERROR_EXISTS), with the same promises. */
bool io_create_file(const char *path, struct str bytes, struct error *err);
/* The same, but its name may be lost with the power until io_sync_folder_of() has been called for it or another file
 * of its folder: once for many files. */
bool io_create_file_of_many(const char *path, struct str bytes, struct error *err);
bool io_sync_folder_of(const char *path, struct error *err);

/* A new file that is written piece by piece and has its name only when it is whole: nobody takes half of it for all. */
struct io_new;
/* ERROR_EXISTS: left as it is.  What killed processes left in the folder goes. */
bool io_new_open(const char *path, struct io_new **out, struct error *err);
bool io_new_write(struct io_new *f, struct str bytes, struct error *err);
bool io_new_install(struct io_new *f, struct error *err); /* frees f, also on false; then nothing is left of it */
void io_new_drop(struct io_new *f);

/* Writes all of bytes to fd: short writes, EINTR and EAGAIN are handled. */
bool io_write_all(int fd, struct str bytes, struct error *err);

/* Makes the folder and those above it that are missing, to stay. */
bool io_make_folder(const char *path, struct error *err);

/* Walks a folder tree and calls visit for each regular file (symbolic links to files too, to folders not), path relative to
 * root, in no order.  Dot files and dot folders are skipped.  visit returning false ends the walk.  Folders that cannot be
 * read are reported through trouble (may be NULL) and passed over.  False only when root itself cannot be read. */
bool io_walk(const char *root, bool (*visit)(void *ctx, struct str relative), void (*trouble)(void *ctx, struct error *e),
             void *ctx, struct error *err);

/* Calls visit for each regular file and each folder in a folder, in no order, as io_walk() does, but for no folder below
 * it. */
bool io_read_folder(const char *path, bool (*visit)(void *ctx, struct str name, bool folder), void *ctx, struct error *err);

char *io_join(const char *folder, const char *name); /* folder/name; an absolute name wins */
/* The absolute path without links, "." and ".."; NULL after an error.  The caller frees it. */
char *io_real_path(const char *path, struct error *err);
char *io_folder_of(const char *path);                /* "." when there is none */
const char *io_name_of(const char *path);            /* the part after the last slash, borrowed */

/* ---- clock and randomness --------------------------------------------------------------------------------- */

int64_t io_now_ms(void);           /* monotonic, for budgets */
char *io_utc(void);                /* 2026-11-22T06:31:07Z; the caller frees it */
char *io_utc_compact(void);        /* 20261122T063107Z, for file names */
void io_random(void *to, size_t n); /* falls back to clock and pid where the system has none: ids, no secrets */

#endif
