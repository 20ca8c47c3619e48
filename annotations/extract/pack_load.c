/* pack_load.c: the files of a pack, from the program and from a folder. */
#include <stdlib.h>
#include <string.h>

#include "annotations/extract/rules.h"
#include "annotations/pack.h"
#include "annotations/yaml_read.h"
#include "model/io.h"

#define BUILT_IN "zh-report/"
#define ZONES "zones.yaml"

struct file {
	struct str name;  /* as messages give it */
	struct str key;   /* by which it replaces another */
	struct str bytes;
};

struct files {
	struct arena memory;
	struct file *list;
	size_t n, cap;
	const char *folder;
	struct error *err;
	bool failed;
};

static void add_file(struct files *f, struct file file)
{
	for (size_t i = 0; i < f->n; i++)
		if (str_eq(f->list[i].key, file.key)) {
			f->list[i] = file;
			return;
		}
	if (f->n == f->cap) {
		f->cap = f->cap ? f->cap * 2 : 16;
		f->list = mem_grow(f->list, f->cap, sizeof *f->list);
	}
	f->list[f->n++] = file;
}

static bool visit(void *ctx, struct str relative)
{
	struct files *f = ctx;
	if (!str_ends(relative, S(".yaml")) || str_eq(relative, S(ZONES)))
		return true;
	char *name = str_dup(relative), *path = io_join(f->folder, name);
	struct buf bytes = {0};
	f->failed = !io_read_file(path, YAML_FILE, &bytes, NULL, f->err);
	if (!f->failed)
		add_file(f, (struct file){arena_dup(&f->memory, str_of(path)), arena_dup(&f->memory, relative),
		                          arena_dup(&f->memory, buf_str(&bytes))});
	buf_free(&bytes);
	mem_free(name);
	mem_free(path);
	return !f->failed;
}

static int by_key(const void *a, const void *b)
{
	return str_cmp(((const struct file *)a)->key, ((const struct file *)b)->key);
}

bool pack_load(const char *folder, struct pack **out, struct error *err)
{
	struct files f = {.folder = folder, .err = err};
	for (size_t i = 0; i < pack_count(); i++) {
		struct str name = str_of(pack_name(i));
		if (str_starts(name, S(BUILT_IN)) && !str_ends(name, S(ZONES)))
			add_file(&f, (struct file){name, str_sub(name, strlen(BUILT_IN), name.n), pack_file(pack_name(i))});
	}
	bool fine = !folder || (io_walk(folder, visit, NULL, &f, err) && !f.failed);
	if (f.n)
		qsort(f.list, f.n, sizeof *f.list, by_key);
	struct str *pairs = mem_array(f.n * 2 + 1, sizeof *pairs);
	for (size_t i = 0; i < f.n; i++) {
		pairs[2 * i] = f.list[i].name;
		pairs[2 * i + 1] = f.list[i].bytes;
	}
	fine = fine && pack_read(pairs, f.n, out, err);
	mem_free(pairs);
	mem_free(f.list);
	arena_free(&f.memory);
	return fine;
}
