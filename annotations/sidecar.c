/* sidecar.c: loading and installing; see sidecar.h.  sidecar_read.c takes the bytes apart, sidecar_write.c puts them
 * together. */
#include "annotations/sidecar.h"

#include <string.h>

#include "annotations/sidecar_internal.h"
#include "annotations/yaml_quick.h"
#include "annotations/yaml_read.h"
#include "model/sha256.h"

/* ---- findings ----------------------------------------------------------------------------------------------- */

void findings_add(struct findings *f, const char *item, enum error_code code, const char *path, size_t line,
                  size_t column, const char *format, ...)
{
	if (f->n == f->cap) {
		f->cap = f->cap ? 2 * f->cap : 16;
		f->list = mem_grow(f->list, f->cap, sizeof(*f->list));
	}
	struct finding *one = &f->list[f->n++];
	*one = (struct finding){.item = mem_dup(item ? item : "")};
	va_list args;
	va_start(args, format);
	error_atv(&one->error, code, path, line, column, format, args);
	va_end(args);
}

void findings_free(struct findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		mem_free(f->list[i].item);
		error_clear(&f->list[i].error);
	}
	mem_free(f->list);
	*f = (struct findings){0};
}

/* ---- loading ------------------------------------------------------------------------------------------------ */

static struct sidecar *sidecar_new(const char *path, const char *article_name)
{
	struct sidecar *s = mem_alloc(sizeof(*s));
	s->path = mem_dup(path);
	s->article_name = mem_dup(article_name);
	return s;
}

void sidecar_free(struct sidecar *s)
{
	if (!s)
		return;
	sidecar_drop_parts(s);
	for (size_t i = 0; i < s->n_origins; i++) {
		mem_free(s->origins[i].id);
		mem_free(s->origins[i].bytes);
		node_free(s->origins[i].map);
	}
	mem_free(s->origins);
	mem_free(s->path);
	mem_free(s->article_name);
	mem_free(s);
}

const char *sidecar_path(const struct sidecar *s)
{
	return s->path;
}

const char *sidecar_hash(const struct sidecar *s)
{
	return s->hash;
}

void sidecar_keep_within(struct sidecar *s, const char *folder)
{
	s->within = folder;
}

bool sidecar_read_only(const struct sidecar *s)
{
	return s->unusable;
}

bool sidecar_article_changed(const struct sidecar *s)
{
	return s->article_changed;
}

static void note_hash(struct sidecar *s, struct str bytes)
{
	char *hash = sha256_of(bytes);
	memcpy(s->hash, hash, sizeof(s->hash));
	mem_free(hash);
}

/* A file that changed within the last second could change again without a new time. */
static void note_identity(struct sidecar *s, const struct io_identity *identity)
{
	struct timespec now = {0};
	s->identity = *identity;
	s->settled =
	    io_get()->clock(CLOCK_REALTIME, &now) == 0 && (int64_t)now.tv_sec > identity->ctime_ns / 1000000000 + 1;
}

static void empty_again(struct set *set)
{
	set_become(set, set_new(set->article, set->schema));
}

static bool load_bytes(struct sidecar *s, struct set *set, struct findings *findings, struct error *err)
{
	struct io_identity identity;
	struct error cause = {0};
	if (!io_read_file(s->path, YAML_FILE, &set->bytes, &identity, &cause)) {
		bool missing = cause.code == ERROR_MISSING;
		if (!missing)
			error_at(err, cause.code, s->path, cause.line, cause.column, "%s", cause.message);
		error_clear(&cause);
		return missing;
	}
	note_hash(s, buf_str(&set->bytes));
	note_identity(s, &identity);
	return sidecar_parse(s, set, findings, err);
}

bool sidecar_load(const char *path, const char *article_name, struct set *set, struct sidecar **out,
                  struct findings *findings, struct error *err)
{
	struct sidecar *s = *out = sidecar_new(path, article_name);
	if (load_bytes(s, set, findings, err))
		return true;
	s->unusable = true;
	sidecar_drop_parts(s);
	empty_again(set);
	return false;
}

/* ---- the file on disk --------------------------------------------------------------------------------------- */

static bool same_identity(const struct io_identity *a, const struct io_identity *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->size == b->size && a->mtime_ns == b->mtime_ns &&
	       a->ctime_ns == b->ctime_ns;
}

/* By content, whatever the times say. */
static bool hash_differs(const struct sidecar *s)
{
	struct buf bytes = {0};
	struct error cause = {0};
	bool differs = true;
	if (io_read_file(s->path, YAML_FILE, &bytes, NULL, &cause)) {
		char *hash = sha256_of(buf_str(&bytes));
		differs = strcmp(hash, s->hash) != 0;
		mem_free(hash);
	} else if (cause.code == ERROR_MISSING) {
		differs = s->hash[0] != '\0';
	}
	error_clear(&cause);
	buf_free(&bytes);
	return differs;
}

bool sidecar_has_second_name(const struct sidecar *s)
{
	struct stat st;
	return s->hash[0] && io_get()->stat(s->path, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink > 1;
}

bool sidecar_changed_on_disk(const struct sidecar *s)
{
	struct io_identity now;
	if (s->settled && io_identify(s->path, &now, NULL) && same_identity(&now, &s->identity))
		return false;
	return hash_differs(s);
}

/* ---- installing --------------------------------------------------------------------------------------------- */

static bool refuse(struct error *err, const struct sidecar *s, enum item_kind kind, struct str id)
{
	return error_set(err, ERROR_SCHEMA, s->path,
	                 "not saved: %s %.*s would not read back as it is; this is a fault of zhupi, "
	                 "and what you did stays in the journal",
	                 item_kind_name(kind), (int)(id.n < 40 ? id.n : 40), id.p ? id.p : "");
}

/* Records that were copied are compared as bytes, those in our own layout without a tree: both cost less than maps. */
static bool reads_back(const struct set *set, const struct item *item, uint8_t fate, const struct set *fresh)
{
	uint32_t i = set_find(fresh, item->kind, item->id);
	if (i == NO_ITEM || !fresh->items[i].alive)
		return false;
	const struct record *a = &item->record, *b = &fresh->items[i].record;
	if (fate == FATE_KEEP && a->mode == b->mode && a->mode != RECORD_TREE &&
	    str_eq(str_sub(buf_str(&set->bytes), a->from, a->content),
	           str_sub(buf_str(&fresh->bytes), b->from, b->content)))
		return true;
	if (item->map && b->mode == RECORD_LINES && !fresh->items[i].map) {
		struct quick q = {.text = str_sub(buf_str(&fresh->bytes), b->from, b->content), .line = 1};
		if (quick_may_read(q.text) && quick_record_says(&q, item->map) && q.off == q.text.n)
			return true;
	}
	struct node *mine, *theirs;
	bool same = node_equal(set_map_of(set, item, &mine), set_map_of(fresh, &fresh->items[i], &theirs));
	node_free(mine);
	node_free(theirs);
	return same;
}

static size_t count_living(const struct set *s)
{
	size_t n = 0;
	for (size_t i = 0; i < s->n_items; i++)
		n += s->items[i].alive;
	return n;
}

static bool same_top(const struct set *set, const struct set *fresh)
{
	for (size_t i = 0; i < set->top->n; i++) {
		struct str key = set->top->keys[i];
		bool written_new = sidecar_key_of(key) == SIDECAR_ARTICLE;
		if (!written_new && !node_equal(set->top->items[i], node_get(fresh->top, key)))
			return false;
	}
	return true;
}

static bool same_items(const struct sidecar *s, struct set *set, const struct set *fresh, struct error *err)
{
	bool any, good = true;
	uint8_t *fates = sidecar_fates(set, &any);
	for (size_t i = 0; i < set->n_items && good; i++)
		if (set->items[i].alive && !reads_back(set, &set->items[i], fates[i], fresh))
			good = refuse(err, s, set->items[i].kind, set->items[i].id);
	mem_free(fates);
	if (good && (count_living(set) != count_living(fresh) || !same_top(set, fresh)))
		good = refuse(err, s, ITEM_ARTICLE, STR_NONE);
	return good;
}

/* Parses what is to be written into *read and *fresh and compares. */
static bool read_back(const struct sidecar *s, struct set *set, struct str bytes, struct sidecar **read,
                      struct set **fresh, struct error *err)
{
	*read = sidecar_new(s->path, s->article_name);
	*fresh = set_new(set->article, set->schema);
	buf_reserve(&(*fresh)->bytes, bytes.n);
	buf_add(&(*fresh)->bytes, bytes);
	return sidecar_parse(*read, *fresh, NULL, err) && same_items(s, set, *fresh, err);
}

/* Remembers how a record that is now written anew was first spelt, where that is not how it would be written. */
static void keep_origin(struct sidecar *s, const struct set *set, const struct item *item)
{
	struct node *map = set_map_as_read(set, item);
	struct buf canonical = {0};
	struct str bytes = str_sub(buf_str(&set->bytes), item->record.from, item->record.content);
	if (map)
		sidecar_write_record(&canonical, item->kind, map, 0);
	bool known = !map || str_eq(buf_str(&canonical), bytes);
	for (size_t i = 0; !known && i < s->n_origins; i++)
		known = s->origins[i].kind == item->kind && str_eq(str_of(s->origins[i].id), item->id);
	buf_free(&canonical);
	if (known) {
		node_free(map);
		return;
	}
	if (s->n_origins == s->cap_origins) {
		s->cap_origins = s->cap_origins ? 2 * s->cap_origins : 16;
		s->origins = mem_grow(s->origins, s->cap_origins, sizeof(*s->origins));
	}
	s->origins[s->n_origins++] = (struct origin){
	    .kind = item->kind, .id = str_dup(item->id), .map = map, .bytes = str_dup(bytes), .n = bytes.n};
}

static void keep_origins(struct sidecar *s, struct set *set)
{
	bool any;
	uint8_t *fates = sidecar_fates(set, &any);
	for (size_t i = 0; i < set->n_items; i++)
		if (fates[i] != FATE_KEEP && set->items[i].record.mode == RECORD_LINES)
			keep_origin(s, set, &set->items[i]);
	mem_free(fates);
}

static void adopt(struct sidecar *s, struct set *set, struct sidecar *read, struct set *fresh)
{
	keep_origins(s, set);
	sidecar_drop_parts(s);
	s->parts = read->parts;
	s->n_parts = read->n_parts;
	s->cap_parts = read->cap_parts;
	s->prefix = read->prefix;
	s->suffix = read->suffix;
	s->plain = read->plain;
	s->crlf = read->crlf;
	s->article_changed = read->article_changed;
	read->parts = NULL;
	read->n_parts = 0;
	note_hash(s, buf_str(&fresh->bytes));
	struct io_identity identity;
	s->settled = false;
	if (io_identify(s->path, &identity, NULL))
		note_identity(s, &identity);
	set_become(set, fresh);
}

static bool conflict_on_disk(struct error *err, const struct sidecar *s)
{
	return error_set(err, ERROR_CONFLICT, s->path, "this file was changed by another program since it was read");
}

static bool create_new(const struct sidecar *s, struct str bytes, bool *created, struct error *err)
{
	struct error cause = {0};
	struct stat st;
	if (created ? io_create_file_of_many(s->path, bytes, &cause) : io_create_file(s->path, bytes, &cause)) {
		if (created)
			*created = true;
		return true;
	}
	if (cause.code != ERROR_EXISTS)
		error_set(err, cause.code, cause.path, "%s", cause.message);
	else if (io_get()->lstat(s->path, &st) == 0 && S_ISLNK(st.st_mode) && io_get()->stat(s->path, &st) != 0)
		error_set(err, ERROR_IO, s->path, "this symbolic link leads to no file; make that file or remove the link");
	else
		conflict_on_disk(err, s);
	error_clear(&cause);
	return false;
}

static bool put_file(struct sidecar *s, struct str bytes, bool *created, struct error *err)
{
	if (hash_differs(s))
		return conflict_on_disk(err, s);
	if (!s->hash[0])
		return create_new(s, bytes, created, err);
	return io_replace_known_file(s->path, bytes, &(struct io_known){s->hash, YAML_FILE, s->within}, err);
}

bool sidecar_install_of_many(struct sidecar *s, struct set *set, struct str bytes, bool *created, struct error *err)
{
	if (s->unusable)
		return error_set(err, ERROR_SCHEMA, s->path,
		                 "this file could not be understood and is never written over; repair it first");
	if (!s->hash[0] && bytes.n == 0)
		return true;
	struct sidecar *read = NULL;
	struct set *fresh = NULL;
	bool good = read_back(s, set, bytes, &read, &fresh, err) && put_file(s, bytes, created, err);
	if (good)
		adopt(s, set, read, fresh);
	else
		set_free(fresh);
	sidecar_free(read);
	return good;
}

bool sidecar_install(struct sidecar *s, struct set *set, struct str bytes, struct error *err)
{
	return sidecar_install_of_many(s, set, bytes, NULL, err);
}
