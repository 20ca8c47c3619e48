/* io_swap.c: temporary files that were about to take the place of another file, and what is done with those whose
 * process is no more; see io.h.
 *
 * Such a file is whole and synced before it gets the name of this stage, which tells hashes of what it was to replace
 * (old) and of what was written into it (new).  So what it holds tells how far its process came:
 *
 *   new       not yet in place, or taken out again: what it says is in the journal too
 *   old       replaced; the target holds the new version
 *   another   a version that somebody put there in the last instant, to be put back
 *
 * One that is called aside is the target itself, where names cannot be exchanged (replace_by_turns()): it gets its name
 * back unless the new version has it. */
#include "model/io_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "model/sha256.h"

#define PIECE ((size_t)1 << 16)
#define MOST_CONFLICTS 1000 /* files of that name beside one target */

static bool hash_open_file(int fd, size_t limit, struct sha256 *sum)
{
	struct stat st;
	if (io_get()->fstat(fd, &st) != 0)
		return false;
	if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size > limit) {
		errno = S_ISREG(st.st_mode) ? EFBIG : EINVAL;
		return false;
	}
	char *piece = mem_array(PIECE, 1);
	ssize_t got;
	size_t n = 0;
	while ((got = io_get()->read(fd, piece, PIECE)) > 0 || (got < 0 && errno == EINTR)) {
		if (got < 0)
			continue;
		n += (size_t)got;
		if (n > limit)
			break;
		sha256_add(sum, (struct str){piece, (size_t)got});
	}
	int cause = n > limit ? EFBIG : errno;
	mem_free(piece);
	errno = cause;
	return got == 0 && n <= limit;
}

bool hash_file(const char *path, size_t limit, char hex[65])
{
	struct sha256 sum;
	int fd = io_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC, 0);
	if (fd < 0) {
		if (errno == ELOOP || errno == ENXIO)
			errno = EINVAL;
		return false;
	}
	sha256_start(&sum);
	bool good = hash_open_file(fd, limit, &sum);
	close_quietly(fd);
	if (good)
		sha256_hex(&sum, hex);
	return good;
}

bool install_stage(struct install *in, const char *old, const char *new)
{
	char *staged = swap_name(in->path, false, old, new);
	bool good = io_get()->rename(in->temp, staged) == 0;
	if (good) {
		mem_free(in->temp);
		in->temp = staged;
	} else {
		mem_free(staged);
	}
	return good;
}

/* ---- what a process left ------------------------------------------------------------------------------------ */

struct left {
	const char *temp;
	char *target;
	bool there; /* the target */
	char holds[65], now[65];
};

static bool begins(const char *hash, const char *digits)
{
	return strncmp(hash, digits, SWAP_DIGITS) == 0;
}

static bool same_content(const char *a, const char *hash)
{
	char other[65];
	return hash_file(a, SIZE_MAX, other) && strcmp(other, hash) == 0;
}

/* Under the first name of its kind that is free. */
static void keep(const struct left *l, const struct io_keeper *k)
{
	for (unsigned i = 1; i < MOST_CONFLICTS; i++) {
		struct stat st;
		struct buf name = {0};
		buf_addf(&name, "%s.conflict", l->target);
		if (i > 1)
			buf_addf(&name, "-%u", i);
		bool free_name = io_get()->lstat(name.p, &st) != 0 && errno == ENOENT, same = false;
		bool kept = free_name && (io_get()->link(l->temp, name.p) == 0 || io_get()->rename(l->temp, name.p) == 0);
		if (!free_name)
			same = same_content(name.p, l->holds);
		if (kept || same)
			unlink_quietly(l->temp);
		if (kept && k && k->kept)
			k->kept(k->ctx, name.p);
		buf_free(&name);
		if (kept || same || free_name)
			return;
	}
}

/* The target holds what the dead process wrote, and this is the version that has to be there.  What comes out must be
 * that; if not, there was yet another one in between, and the next start looks again. */
static void give_back(const struct left *l, const struct io_keeper *k)
{
	if (io_get()->renameat2(l->temp, l->target, RENAME_EXCHANGE) != 0) {
		if (io_get()->rename(l->temp, l->target) != 0)
			keep(l, k);
		return;
	}
	if (same_content(l->temp, l->now))
		unlink_quietly(l->temp);
	else
		(void)io_get()->renameat2(l->temp, l->target, RENAME_EXCHANGE);
}

/* A target that is not there gets what is here; nothing is written over. */
static void give_name_back(const struct left *l)
{
	if (io_get()->link(l->temp, l->target) == 0)
		unlink_quietly(l->temp);
	else if (errno != EEXIST && io_get()->renameat2(l->temp, l->target, RENAME_NOREPLACE) != 0 && errno != EEXIST)
		(void)io_get()->rename(l->temp, l->target);
}

/* The name was taken for what is here by an empty file (io_new.c). */
static bool waits_for_it(const struct left *l, const struct swapped *w)
{
	char *empty = sha256_of(STR_NONE);
	bool waits = l->there && strcmp(l->now, empty) == 0 && begins(empty, w->old);
	mem_free(empty);
	return waits;
}

static void settle(const struct left *l, const struct swapped *w, const struct io_keeper *k)
{
	bool is_new = begins(l->holds, w->new), is_old = begins(l->holds, w->old);
	if (!l->there && w->aside)
		give_name_back(l);
	else if (is_new && waits_for_it(l, w))
		(void)io_get()->rename(l->temp, l->target);
	else if (is_new || is_old || (l->there && strcmp(l->holds, l->now) == 0))
		unlink_quietly(l->temp);
	else if (l->there && begins(l->now, w->new))
		give_back(l, k);
	else
		keep(l, k);
}

/* What cannot be read, or whose target is not known, stays for ever rather than being lost. */
static void recover_swap(const char *folder, const char *temp, struct swapped *w, const struct io_keeper *k)
{
	struct left l = {.temp = temp};
	if (!w->target || !hash_file(temp, SIZE_MAX, l.holds))
		return;
	l.target = io_join(folder, w->target);
	l.there = hash_file(l.target, SIZE_MAX, l.now);
	if (l.there || errno == ENOENT)
		settle(&l, w, k);
	mem_free(l.target);
}

static void recover_one(const char *folder, const char *name, const struct io_keeper *k)
{
	struct swapped w = {0};
	char *path = io_join(folder, name);
	if (temp_is_stale(name))
		unlink_quietly(path);
	else if (swap_is_stale(name, &w))
		recover_swap(folder, path, &w, k);
	mem_free(w.target);
	mem_free(path);
}

bool io_is_aside(const char *path)
{
	char *folder = io_folder_of(path);
	struct buf start = {0};
	buf_addf(&start, ".%s.", io_name_of(path));
	DIR *dir = opendir(folder);
	bool aside = false;
	for (const struct dirent *e; dir && !aside && (e = readdir(dir));)
		aside = str_starts(str_of(e->d_name), buf_str(&start)) && str_ends(str_of(e->d_name), S(".aside"));
	if (dir)
		(void)closedir(dir);
	buf_free(&start);
	mem_free(folder);
	return aside;
}

/* The folder itself, then those in it: as many descriptors are open as folders are nested. */
void io_recover(const char *folder, bool below, const struct io_keeper *k)
{
	DIR *dir = opendir(folder);
	for (const struct dirent *e; dir && (e = io_get()->readdir(dir));) {
		if (e->d_name[0] == '.') {
			recover_one(folder, e->d_name, k);
			continue;
		}
		if (!below || (e->d_type != DT_DIR && e->d_type != DT_UNKNOWN))
			continue;
		struct stat st;
		char *path = io_join(folder, e->d_name);
		if (e->d_type == DT_DIR || (io_get()->lstat(path, &st) == 0 && S_ISDIR(st.st_mode)))
			io_recover(path, true, k);
		mem_free(path);
	}
	if (dir)
		(void)closedir(dir);
}
