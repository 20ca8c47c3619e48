/* fuzz.c: see fuzz.h. */
#include "tests/fuzz/fuzz.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/io.h"

static const struct fuzz_named targets[] = {
#define FUZZ_TARGET(name, max, runs) {#name, fuzz_##name, max, runs},
#include "tests/fuzz/targets.h"
#undef FUZZ_TARGET
};

const struct fuzz_named *fuzz_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(targets); i++)
		if (name && strcmp(targets[i].name, name) == 0)
			return &targets[i];
	return NULL;
}

void fuzz_failed(const char *what, const char *file, int line)
{
	(void)fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

struct str fuzz_part(struct str *rest)
{
	size_t at = str_starts(*rest, S("%%\n")) ? 0 : str_find(*rest, S("\n%%\n"), 0);
	struct str part = str_sub(*rest, 0, at);
	if (at == NOWHERE)
		*rest = STR_NONE;
	else
		*rest = str_sub(*rest, at + (rest->p[at] == '\n' ? 4 : 3), rest->n);
	return part;
}

unsigned fuzz_byte(struct str *rest)
{
	if (!rest->n)
		return 0;
	unsigned byte = (unsigned char)rest->p[0];
	*rest = str_sub(*rest, 1, rest->n);
	return byte;
}

void fuzz_error(struct error *err)
{
	HOLDS(err->code > ERROR_NONE && err->code < ERROR_CODES);
	HOLDS(err->message && err->message[0]);
	error_clear(err);
}

/* ---- files -------------------------------------------------------------------------------------------------- */

static char *folder;

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	return ftw->level == 0 ? 0 : kind == FTW_DP ? rmdir(path) : unlink(path);
}

void fuzz_empty(void)
{
	HOLDS(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0);
}

static void remove_folder(void)
{
	if (chdir("/") == 0 && nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0)
		(void)rmdir(folder);
	mem_free(folder);
	folder = NULL;
}

void fuzz_folder(void)
{
	if (folder)
		return;
	struct stat st;
	const char *tmp = getenv("TMPDIR");
	bool memory = stat("/dev/shm", &st) == 0 && S_ISDIR(st.st_mode) && access("/dev/shm", W_OK) == 0;
	folder = io_join(memory ? "/dev/shm" : tmp ? tmp : "/tmp", "zhupi-fuzz-XXXXXX");
	HOLDS(mkdtemp(folder));
	HOLDS(chdir(folder) == 0);
	HOLDS(setenv("XDG_STATE_HOME", folder, 1) == 0);
	HOLDS(setenv("XDG_CONFIG_HOME", folder, 1) == 0);
	HOLDS(setenv("USER", "tester", 1) == 0);
	HOLDS(atexit(remove_folder) == 0);
}

/* Not by io_create_file(): what the targets meet is to be made durable, what they are given is not. */
void fuzz_put(const char *name, struct str bytes)
{
	char *above = io_folder_of(name);
	HOLDS(io_make_folder(above, NULL));
	mem_free(above);
	FILE *f = fopen(name, "wb");
	HOLDS(f);
	HOLDS(fwrite(bytes.n ? bytes.p : "", 1, bytes.n, f) == bytes.n);
	HOLDS(fclose(f) == 0);
}

void fuzz_get(const char *name, struct buf *out)
{
	struct error err = {0};
	if (!io_read_file(name, (size_t)1 << 28, out, NULL, &err))
		fuzz_error(&err);
}
