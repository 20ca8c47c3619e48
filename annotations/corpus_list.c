/* corpus_list.c: the names of a corpus, folder by folder in the order in which a reader sorts them; see
 * corpus_internal.h.
 *
 * A folder is read whole and its names sorted before anything in it is looked at.  So names come in their final order:
 * what is listed after a moment is the beginning of the list, and can be shown. */
#include <stdlib.h>

#include "annotations/corpus_internal.h"
#include "annotations/glob.h"
#include "model/io.h"

#define LOOK_EACH 64 /* names between two looks at the clock */

/* ---- one folder ----------------------------------------------------------------------------------------------- */

struct reading {
	const struct corpus *corpus;
	struct folder *folder;
	struct buf path; /* of a name, relative to the root */
	size_t cap;
};

/* Sidecars and settings are never articles. */
static bool is_article(const struct corpus *c, struct str file)
{
	if (str_ends(file, S(".yaml")))
		return false;
	for (size_t i = 0; i < c->config.n_articles; i++)
		if (glob_match(str_of(c->config.articles[i]), file))
			return true;
	return false;
}

static bool visit_name(void *ctx, struct str name, bool folder)
{
	struct reading *r = ctx;
	struct folder *f = r->folder;
	r->path.n = f->stem;
	buf_add(&r->path, name);
	if (!folder && !is_article(r->corpus, buf_str(&r->path)))
		return true;
	if (f->n == r->cap) {
		r->cap = r->cap ? 2 * r->cap : 64;
		f->names = mem_grow(f->names, r->cap, sizeof(*f->names));
	}
	f->names[f->n++] = (struct listed_name){.name = arena_dup(&f->memory, name), .folder = folder};
	return true;
}

struct sorting {
	const struct collator *collator;
	struct arena *memory;
	struct buf key;
};

static struct str key_of(struct sorting *s, struct listed_name *name)
{
	if (!name->key.n) {
		buf_clear(&s->key);
		collate_key(s->collator, name->name, &s->key);
		name->key = arena_dup(s->memory, buf_str(&s->key));
	}
	return name->key;
}

static int by_name(const void *a, const void *b, void *sorting)
{
	struct listed_name *x = *(struct listed_name *const *)a, *y = *(struct listed_name *const *)b;
	int order = collate_numbered(x->name, y->name);
	return order ? order : str_cmp(key_of(sorting, x), key_of(sorting, y));
}

static void sort_names(const struct corpus *c, struct folder *f)
{
	struct sorting s = {.collator = c->collator, .memory = &f->memory};
	f->sorted = mem_array(f->n, sizeof(struct listed_name *));
	for (size_t i = 0; i < f->n; i++)
		f->sorted[i] = &f->names[i];
	if (f->n)
		qsort_r(f->sorted, f->n, sizeof(struct listed_name *), by_name, &s);
	buf_free(&s.key);
}

static void folder_free(struct folder *f)
{
	arena_free(&f->memory);
	mem_free(f->names);
	mem_free(f->sorted);
}

/* What is in the folder, relative to the root, is next. */
static bool enter_folder(const struct corpus *c, struct listing *l, struct str relative, struct error *err)
{
	struct folder f = {0};
	struct reading r = {.corpus = c, .folder = &f};
	buf_add(&r.path, relative);
	char *path = r.path.n ? io_join(c->root, r.path.p) : mem_dup(c->root);
	if (r.path.n)
		buf_addc(&r.path, '/');
	f.stem = r.path.n;
	bool good = io_read_folder(path, visit_name, &r, err);
	sort_names(c, &f);
	r.path.n = f.stem;
	buf_clear(&l->path);
	buf_add(&l->path, buf_str(&r.path));
	l->open = mem_grow(l->open, l->n_open + 1, sizeof(*l->open));
	l->open[l->n_open++] = f;
	mem_free(path);
	buf_free(&r.path);
	return good;
}

/* ---- the list --------------------------------------------------------------------------------------------------- */

void listing_free(struct listing *l)
{
	for (size_t i = 0; i < l->n; i++)
		entry_clear(&l->list[i]);
	while (l->n_open)
		folder_free(&l->open[--l->n_open]);
	mem_free(l->open);
	mem_free(l->list);
	buf_free(&l->path);
	arena_free(&l->names);
	*l = (struct listing){0};
}

static void listing_add(struct listing *l, struct str file)
{
	if (l->n == l->cap) {
		l->cap = l->cap ? 2 * l->cap : 64;
		l->list = mem_grow(l->list, l->cap, sizeof(*l->list));
	}
	l->list[l->n++] = (struct entry){.file = arena_dup(&l->names, file)};
}

bool listing_start(const struct corpus *c, struct listing *l, struct error *err)
{
	if (c->single) {
		listing_add(l, str_of(c->single));
		return true;
	}
	if (enter_folder(c, l, str_of(c->below), err))
		return true;
	listing_free(l);
	return false;
}

/* The next name of the innermost folder that is open. */
static void take_name(const struct corpus *c, struct listing *l)
{
	struct folder *f = &l->open[l->n_open - 1];
	if (f->at == f->n) {
		folder_free(f);
		l->n_open--;
		return;
	}
	const struct listed_name *name = f->sorted[f->at++];
	l->path.n = f->stem;
	buf_add(&l->path, name->name);
	if (!name->folder) {
		listing_add(l, buf_str(&l->path));
		return;
	}
	/* A folder that cannot be read is passed over, with what could be read of it. */
	struct buf relative = {0};
	buf_add(&relative, buf_str(&l->path));
	(void)enter_folder(c, l, buf_str(&relative), NULL);
	buf_free(&relative);
}

bool listing_step(const struct corpus *c, struct listing *l, int64_t until_ms)
{
	for (size_t taken = 0; l->n_open; taken++) {
		take_name(c, l);
		if (until_ms != INT64_MAX && taken % LOOK_EACH == 0 && io_now_ms() >= until_ms)
			break;
	}
	return l->n_open == 0;
}

/* ---- the order -------------------------------------------------------------------------------------------------- */

/* The order in which names are listed: part by part, so that what is in one folder stays together whatever its name sorts
 * beside; the zero between sorts before all that a name may hold. */
static void add_key(const struct corpus *c, struct str file, struct buf *out)
{
	for (size_t from = 0; from <= file.n;) {
		size_t slash = str_byte(file, '/', from);
		size_t end = slash == NOWHERE ? file.n : slash;
		collate_key(c->collator, str_sub(file, from, end), out);
		buf_addc(out, '\0');
		from = end + 1;
	}
}

int listing_compare(const struct corpus *c, struct str a, struct str b)
{
	if (str_eq(a, b))
		return 0;
	struct buf key_a = {0}, key_b = {0};
	add_key(c, a, &key_a);
	add_key(c, b, &key_b);
	int order = str_cmp(buf_str(&key_a), buf_str(&key_b));
	buf_free(&key_a);
	buf_free(&key_b);
	return order;
}

size_t corpus_find(const struct corpus *c, struct str file)
{
	const struct listing *l = &c->entries;
	size_t low = 0, high = l->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = listing_compare(c, l->list[middle].file, file);
		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NOWHERE;
}
