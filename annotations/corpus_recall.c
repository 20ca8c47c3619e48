/* corpus_recall.c: what was known of a corpus's articles, kept from one time to the next; see corpus_internal.h.
 *
 * The file is `known/HASH` in the state folder, HASH that of the root and the annotator.  It begins with a line that names
 * format and program, since another version may read titles otherwise.  A record is, all numbers little-endian: two fingerprints of 8 bytes, decided and proposed of 4, status and flags of 1, then the lengths of file,
 * title, date, source and opening words of 2 each, and their bytes.
 *
 * It is a hint and may be anybody's bytes: whatever does not fit ends the reading of it, what was read before stays, and a
 * record counts only for files whose fingerprints are the same. */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "annotations/config.h"
#include "annotations/corpus_internal.h"
#include "model/io.h"
#include "model/sha256.h"

#define HEADER     "zhupi-known 2 " ZHUPI_VERSION "\n"
#define FILE_LIMIT ((size_t)1 << 30)
#define FIXED      ((size_t)36) /* bytes of a record before its texts */
#define FLAGGED    1u
#define FAILED     2u

struct recall {
	struct buf bytes;
	size_t next;     /* the record behind the one found last: they are mostly asked for in their order */
	uint32_t *slots; /* places of records by the hash of their file, 0: free; at most half full; NULL until one is not next */
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

uint64_t recall_fingerprint(const char *path)
{
	struct stat st;
	struct timespec now;
	if (io_get()->stat(path, &st) != 0)
		return errno == ENOENT ? FINGERPRINT_NONE : FINGERPRINT_UNSURE;
	int64_t changed = (int64_t)st.st_ctim.tv_sec * 1000000000 + st.st_ctim.tv_nsec;
	int64_t written = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	if (io_get()->clock(CLOCK_REALTIME, &now) != 0 ||
	    (int64_t)now.tv_sec * 1000000000 + now.tv_nsec < changed + LATELY_NS)
		return FINGERPRINT_UNSURE;
	uint64_t h = mix(mix((uint64_t)st.st_dev, (uint64_t)st.st_ino), (uint64_t)st.st_size);
	h = mix(mix(h, (uint64_t)written), (uint64_t)changed);
	return h < FIRST_FREE ? h + FIRST_FREE : h;
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

/* The record at *at, which moves behind it; false where none fits. */
static bool read_record(struct str bytes, size_t *at, struct str *file, struct recalled *r)
{
	if (bytes.n - *at < FIXED)
		return false;
	const char *p = bytes.p + *at;
	*r = (struct recalled){0};
	r->sidecar = take(&p, 8);
	r->article = take(&p, 8);
	r->decided = (uint32_t)take(&p, 4);
	r->proposed = (uint32_t)take(&p, 4);
	uint64_t status = take(&p, 1), flags = take(&p, 1);
	r->flagged = flags & FLAGGED;
	r->failed = flags & FAILED;
	if (status > STATUS_DONE || r->decided > r->proposed)
		return false;
	r->status = (enum status)status;
	struct str *texts[] = {file, &r->title, &r->date, &r->source, &r->opening};
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		texts[i]->n = (size_t)take(&p, 2);
	size_t off = *at + FIXED;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		if (bytes.n - off < texts[i]->n)
			return false;
		texts[i]->p = bytes.p + off;
		if (memchr(texts[i]->p, '\0', texts[i]->n))
			return false;
		off += texts[i]->n;
	}
	*at = off;
	return true;
}

/* The slot of the file's record, or the free one where it would be. */
static size_t slot_of(const struct recall *r, struct str file)
{
	uint64_t h = 0xcbf29ce484222325u; /* FNV-1a */
	for (size_t i = 0; i < file.n; i++)
		h = (h ^ (unsigned char)file.p[i]) * 0x100000001b3u;
	size_t slot = (size_t)(h ^ h >> 32) & (r->size - 1);
	for (; r->slots[slot]; slot = (slot + 1) & (r->size - 1)) {
		struct recalled facts;
		struct str there;
		size_t at = r->slots[slot];
		if (read_record(buf_str(&r->bytes), &at, &there, &facts) && str_eq(there, file))
			break;
	}
	return slot;
}

static void index_records(struct recall *r)
{
	struct str bytes = buf_str(&r->bytes), file;
	struct recalled facts;
	size_t head = sizeof(HEADER) - 1, at = head, n = 0;
	while (read_record(bytes, &at, &file, &facts))
		n++;
	for (r->size = 16; r->size < 2 * n + 2; r->size *= 2)
		continue;
	r->slots = mem_array(r->size, sizeof(*r->slots));
	for (size_t from = at = head; read_record(bytes, &at, &file, &facts); from = at)
		r->slots[slot_of(r, file)] = (uint32_t)from;
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
	r->next = sizeof(HEADER) - 1;
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

bool recall_of(struct recall *r, struct str file, struct recalled *out)
{
	struct str there;
	if (!r)
		return false;
	size_t at = r->next;
	bool found = read_record(buf_str(&r->bytes), &at, &there, out) && str_eq(there, file);
	if (!found) {
		if (!r->slots)
			index_records(r);
		at = r->slots[slot_of(r, file)];
		found = at && read_record(buf_str(&r->bytes), &at, &there, out);
	}
	if (found)
		r->next = at;
	return found;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

static void write_record(struct buf *out, const struct entry *e)
{
	struct str texts[] = {e->file, str_of(e->title), str_of(e->date), str_of(e->source), str_of(e->opening)};
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		if (texts[i].n > UINT16_MAX)
			return;
	put(out, e->sidecar_seen, 8);
	put(out, e->article_seen, 8);
	put(out, e->decided, 4);
	put(out, e->proposed, 4);
	put(out, e->status, 1);
	put(out, (e->flagged ? FLAGGED : 0) | (e->failed ? FAILED : 0), 1);
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		put(out, texts[i].n, 2);
	for (size_t i = 0; i < COUNT_OF(texts); i++)
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
