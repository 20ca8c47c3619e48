/* io_internal: what io_file.c and io_replace.c share.  Nobody else includes this.
 *
 * An install is a file on its way to its name: a temporary file beside it that is whole and synced before anybody can
 * see it under that name. */
#ifndef ZHUPI_MODEL_IO_INTERNAL_H
#define ZHUPI_MODEL_IO_INTERNAL_H

#include "model/io.h"

struct install {
	const char *path; /* the file to be there in the end, symbolic links resolved */
	char *temp;       /* owned; see install_free() */
	int folder; /* descriptor, opened first: a folder that cannot be synced is found before anything is written */
	bool exists;
	struct stat old;
};

/* All of these leave errno as the call that failed left it. */
void close_quietly(int fd);
void unlink_quietly(const char *path);
bool close_checked(int fd);
bool sync_checked(int fd);
bool write_whole(int fd, struct str bytes);

bool check_regular(const struct stat *st, const char *path, struct error *err);

bool install_folder(struct install *in, struct error *err); /* opens in->folder */
int install_open(struct install *in); /* makes the temporary file and opens it; -1 and errno */
bool install_temp(struct install *in, struct str bytes); /* leaves it whole, synced and closed; on failure none */
bool install_new(struct install *in, struct error *err); /* gives it its name, which nothing may have; it is gone then */
bool install_sync(struct install *in);                      /* the folder, where there is such a thing */
void install_free(struct install *in);

/* ---- io_attributes.c */
/* Gives the open file owner, mode, access list and extended attributes of the file at path, whose stat is old. */
bool keep_attributes(int fd, const char *path, const struct stat *old);

/* ---- io_temp.c */
char *temp_name(const char *path);
/* Whether name is that of a temporary file whose process is no more. */
bool temp_is_stale(const char *name);

/* The second stage of a temporary file, whole and about to change places with its target; or a target that is aside while
 * another takes its place; see io_swap.c. */
#define SWAP_DIGITS 10 /* of hashes */
struct swapped {
	bool aside;
	char *target;                                    /* a name without folder, owned; NULL: it was too long */
	char old[SWAP_DIGITS + 1], new[SWAP_DIGITS + 1]; /* what was to be replaced, and by what */
};
/* Hashes in hex, of which the first digits are taken. */
char *swap_name(const char *path, bool aside, const char *old, const char *new);
/* Whether name is one whose process is no more; what it says, to be freed by the caller. */
bool swap_is_stale(const char *name, struct swapped *out);

/* ---- io_swap.c */
/* Of the regular file at path, no link; at most limit bytes. EFBIG: larger; EINVAL: no such file. */
bool hash_file(const char *path, size_t limit, char hex[65]);
/* Gives the temporary file, which is whole, the name of the second stage. */
bool install_stage(struct install *in, const char *old, const char *new);

#endif
