/* corpus_recall.c: what was known of a corpus's articles, kept from one time to the next; see corpus_internal.h.
 *
 * The file is `known/HASH` in the state folder, HASH that of the root and the annotator.  It begins with a line that names
 * format and program, since another version may read titles otherwise.  A record is, all numbers little-endian: two
 * fingerprints of 8 bytes, decided and proposed of 4, status and flags of 1, then the lengths of file, title, date, source
 * and opening words of 2 each, and their bytes.
 *
 * It is a hint and may be anybody's bytes: a record that does not fit counts for nothing, one that does not end is the end of
 * all, and any counts only for files whose fingerprints are the same. */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "annotations/config.h"
#include "annotations/corpus_internal.h"
#include "model/io.h"
#include "model/sha256.h"

#define HEADER     "zhupi-known 2 " ZHUPI_VERSION "\n"
#define FILE_LIMIT ((size_t)1 << 30)
#define HEAD       (sizeof(HEADER) - 1)
#define TEXTS      ((size_t)5)
#define NUMBERS    ((size_t)26)          /* bytes of a record before the lengths of its texts … */
#define FIXED      (NUMBERS + 2 * TEXTS) /* … and before these */
#define AHEAD      ((size_t)256)         /* records in which a file is looked for before an index is made */
#define FLAGGED    1u
#define FAILED     2u

struct recall {
	struct buf bytes;
	size_t next;     /* the record behind the one found last: they are mostly asked for in their order */
	uint32_t *slots; /* places of records by the hash of their file, 0: free; at most half full; NULL until one is not near */
	size_t size;
};

/* ---- fingerprints ----------------------------------------------------------------------------------------------- */

#define LATELY_NS INT64_C(2000000000)
#define FIRST_FREE UINT64_C(16) /* smaller ones have a meaning */

/* The finaliser of MurmurHash3 by Austin Appleby, in the public domain: every bit of h touches every other. */
static uint64_t mix(uint64_t h, uint64_t value)
{
	h ^= value;
	h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ h >> 33;
}

/* result: of stat() and its like. */
static uint64_t fingerprint_of(int result, const struct stat *st)
{
	struct timespec now;
	if (result != 0)
		return errno == ENOENT ? FINGERPRINT_NONE : FINGERPRINT_UNSURE;
	int64_t changed = (int64_t)st->st_ctim.tv_sec * 1000000000 + st->st_ctim.tv_nsec;
	int64_t written = (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
	if (io_get()->clock(CLOCK_REALTIME, &now) != 0 ||
	    (int64_t)now.tv_sec * 1000000000 + now.tv_nsec < changed + LATELY_NS)
		return FINGERPRINT_UNSURE;
	uint64_t h = mix(mix((uint64_t)st->st_dev, (uint64_t)st->st_ino), (uint64_t)st->st_size);
	h = mix(mix(h, (uint64_t)written), (uint64_t)changed);
	return h < FIRST_FREE ? h + FIRST_FREE : h;
}

uint64_t recall_fingerprint(const char *path)
{
	struct stat st;
	return fingerprint_of(io_get()->stat(path, &st), &st);
}

void held_folder_release(struct held_folder *h)
{
	if (h->held)
		(void)io_get()->close(h->fd); /* nothing was written */
	h->held = false;
}

static bool hold_folder(const struct corpus *c, struct held_folder *h, struct str relative)
{
	if (h->held && str_eq(buf_str(&h->path), relative))
		return true;
	held_folder_release(h);
	buf_clear(&h->path);
	buf_add(&h->path, relative);
	char *path = relative.n ? io_join(c->root, h->path.p) : mem_dup(c->root);
	h->fd = io_open(path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	h->held = h->fd >= 0;
	mem_free(path);
	return h->held;
}

bool recall_is_still(struct corpus *c, struct str file, bool sidecar, uint64_t fingerprint)
{
	struct held_folder *h = &c->held;
	struct stat st;
	size_t stem = file.n;
	while (stem > 0 && file.p[stem - 1] != '/')
		stem--;
	if (fingerprint == FINGERPRINT_UNSURE || !hold_folder(c, h, str_sub(file, 0, stem)))
		return false;
	buf_clear(&h->name);
	buf_add(&h->name, str_sub(file, stem, file.n));
	if (sidecar)
		corpus_add_suffix(c, &h->name);
	return fingerprint_of(io_get()->fstatat(h->fd, h->name.p, &st, 0), &st) == fingerprint;
}

/* ---- where it is ------------------------------------------------------------------------------------------------ */

/* NULL: there is no place for it. */
static char *recall_path(const struct corpus *c)
{
	char *folder = state_folder(), *real = io_real_path(c->root, NULL);
	struct buf key = {0}, path = {0};
	buf_adds(&key, real);
	buf_addc(&key, '\0');
	buf_adds(&key, c->annotator);
	char *hash = sha256_of(buf_str(&key));
	if (real && folder[0])
		buf_addf(&path, "%s/known/%.32s", folder, hash);
	mem_free(hash);
	mem_free(real);
	mem_free(folder);
	buf_free(&key);
	return path.n ? buf_take(&path) : NULL;
}

/* ---- numbers ---------------------------------------------------------------------------------------------------- */

static void put(struct buf *out, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		buf_addc(out, (char)(value >> 8 * i & 0xFF));
}

static uint64_t take(const char **p, size_t bytes)
{
	uint64_t value = 0;
	memcpy(&value, *p, bytes);
	*p += bytes;
	return le64toh(value);
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

/* A record where it lies. */
struct record {
	const char *p;
	size_t lengths[TEXTS]; /* of file, title, date, source, opening words … */
	struct str texts;      /* … one behind the other */
	size_t end;
};

/* False where none fits. */
static bool record_at(struct str bytes, size_t at, struct record *r)
{
	if (bytes.n - at < FIXED)
		return false;
	const char *p = bytes.p + at + NUMBERS;
	size_t n = 0;
	for (size_t i = 0; i < TEXTS; i++)
		n += r->lengths[i] = (size_t)take(&p, 2);
	if (bytes.n - at - FIXED < n)
		return false;
	r->p = bytes.p + at;
	r->texts = (struct str){p, n};
	r->end = at + FIXED + n;
	return true;
}

static bool is_of(const struct record *r, struct str file)
{
	return str_eq((struct str){r->texts.p, r->lengths[0]}, file);
}

static bool read_facts(const struct record *record, struct recalled *r)
{
	const char *p = record->p;
	*r = (struct recalled){0};
	r->sidecar = take(&p, 8);
	r->article = take(&p, 8);
	r->decided = (uint32_t)take(&p, 4);
	r->proposed = (uint32_t)take(&p, 4);
	uint64_t status = take(&p, 1), flags = take(&p, 1);
	r->flagged = flags & FLAGGED;
	r->failed = flags & FAILED;
	if (status > STATUS_DONE || r->decided > r->proposed || memchr(record->texts.p, '\0', record->texts.n))
		return false;
	r->status = (enum status)status;
	struct str *texts[TEXTS] = {NULL, &r->title, &r->date, &r->source, &r->opening};
	size_t off = record->lengths[0];
	for (size_t i = 1; i < TEXTS; i++) {
		*texts[i] = (struct str){record->texts.p + off, record->lengths[i]};
		off += record->lengths[i];
	}
	return true;
}

/* The slot of the file's record, or the free one where it would be. */
static size_t slot_of(const struct recall *r, struct str file)
{
	uint64_t h = 0xcbf29ce484222325u; /* FNV-1a */
	for (size_t i = 0; i < file.n; i++)
		h = (h ^ (unsigned char)file.p[i]) * 0x100000001b3u;
	size_t slot = (size_t)(h ^ h >> 32) & (r->size - 1);
	struct record record;
	for (; r->slots[slot]; slot = (slot + 1) & (r->size - 1))
		if (record_at(buf_str(&r->bytes), r->slots[slot], &record) && is_of(&record, file))
			break;
	return slot;
}

static void index_records(struct recall *r)
{
	struct str bytes = buf_str(&r->bytes);
	struct record record;
	size_t n = 0;
	for (size_t at = HEAD; record_at(bytes, at, &record); at = record.end)
		n++;
	for (r->size = 16; r->size < 2 * n + 2; r->size *= 2)
		continue;
	r->slots = mem_array(r->size, sizeof(*r->slots));
	for (size_t at = HEAD; record_at(bytes, at, &record); at = record.end)
		r->slots[slot_of(r, (struct str){record.texts.p, record.lengths[0]})] = (uint32_t)at;
}

struct recall *recall_load(const struct corpus *c)
{
	struct recall *r = mem_alloc(sizeof(*r));
	char *path = recall_path(c);
	bool good = path && io_read_file(path, FILE_LIMIT, &r->bytes, NULL, NULL) &&
	            str_starts(buf_str(&r->bytes), S(HEADER));
	mem_free(path);
	if (!good) {
		recall_free(r);
		return NULL;
	}
	r->next = HEAD;
	return r;
}

void recall_free(struct recall *r)
{
	if (!r)
		return;
	buf_free(&r->bytes);
	mem_free(r->slots);
	mem_free(r);
}

/* Among the records next, from the first again behind the last. */
static bool find_ahead(const struct recall *r, struct str file, struct record *record)
{
	struct str bytes = buf_str(&r->bytes);
	size_t at = r->next < bytes.n ? r->next : HEAD, most = r->slots ? 1 : AHEAD;
	for (size_t i = 0; i < most && record_at(bytes, at, record); i++) {
		if (is_of(record, file))
			return true;
		at = record->end;
	}
	return false;
}

static bool look_up(struct recall *r, struct str file, struct record *record)
{
	if (!r->slots)
		index_records(r);
	size_t at = r->slots[slot_of(r, file)];
	return at && record_at(buf_str(&r->bytes), at, record);
}

bool recall_of(struct recall *r, struct str file, struct recalled *out)
{
	struct record record;
	if (!r || !(find_ahead(r, file, &record) || look_up(r, file, &record)))
		return false;
	r->next = record.end;
	return read_facts(&record, out);
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

static void write_record(struct buf *out, const struct entry *e)
{
	struct str texts[TEXTS] = {e->file, str_of(e->title), str_of(e->date), str_of(e->source), str_of(e->opening)};
	for (size_t i = 0; i < TEXTS; i++)
		if (texts[i].n > UINT16_MAX)
			return;
	put(out, e->sidecar_seen, 8);
	put(out, e->article_seen, 8);
	put(out, e->decided, 4);
	put(out, e->proposed, 4);
	put(out, e->status, 1);
	put(out, (e->flagged ? FLAGGED : 0) | (e->failed ? FAILED : 0), 1);
	for (size_t i = 0; i < TEXTS; i++)
		put(out, texts[i].n, 2);
	for (size_t i = 0; i < TEXTS; i++)
		buf_add(out, texts[i]);
}

bool recall_save(const struct corpus *c, struct error *err)
{
	char *path = recall_path(c);
	if (!path)
		return true;
	struct buf out = {0};
	buf_adds(&out, HEADER);
	for (size_t i = 0; i < c->entries.n; i++) {
		const struct entry *e = &c->entries.list[i];
		if (e->known && e->titled && e->sidecar_seen != FINGERPRINT_UNSURE &&
		    e->article_seen != FINGERPRINT_UNSURE)
			write_record(&out, e);
	}
	char *folder = io_folder_of(path);
	bool good = io_make_folder(folder, err) && io_replace_file(path, buf_str(&out), err);
	mem_free(folder);
	mem_free(path);
	buf_free(&out);
	return good;
}
