/* article.c: see article.h. */
#include "model/article.h"

#include <string.h>

#include "model/decode.h"
#include "model/lines.h"
#include "model/sha256.h"
#include "model/utf8.h"

/* Bytes of text between two entries of the index.  The test build makes it small so that borders are met. */
#ifndef ARTICLE_CHUNK
#define ARTICLE_CHUNK ((size_t)4096)
#endif
#define SLICE ((size_t)1 << 18) /* bytes between two looks at the clock */
#define HAN_SAMPLE ((size_t)1 << 16)

/* What lies before the first code point that starts at or after byte k * ARTICLE_CHUNK. */
struct mark {
	uint32_t points, lines;
};

struct article {
	char *path;
	const char *encoding;
	struct buf text;
	uint64_t file_bytes;
	struct io_identity identity;
	bool on_disk, has_han;

	struct mark *marks;    /* marks[0 .. known) are right */
	size_t chunks, known;  /* known == chunks + 1: the index is whole, its last entry holds the totals */
	bool has_lf, has_crlf, has_cr;

	size_t last_cp, last_off; /* the answer before: a sidecar asks for its places in their order */
	size_t last_asked, last_line; /* the same of article_line_column(): a place and where its line starts */

	struct sha256 sum;
	size_t hashed;         /* bytes of the text; the file is the text where it is hashed in slices */
	char sha256[65];       /* "" until it is known */
};

/* ---- opening ------------------------------------------------------------------------------------------------ */

static bool any_han(struct str text)
{
	text = str_sub(text, 0, HAN_SAMPLE);
	codepoint cp;
	for (size_t off = 0, step; (step = utf8_step(text, off, &cp)) != 0; off += step)
		if (cp >= 0x3007 && cp_is_han(cp))
			return true;
	return false;
}

static void article_start(struct article *a)
{
	a->chunks = (a->text.n + ARTICLE_CHUNK - 1) / ARTICLE_CHUNK;
	a->marks = mem_array(a->chunks + 1, sizeof(*a->marks));
	a->known = 1;
	a->has_han = any_han(buf_str(&a->text));
	sha256_start(&a->sum);
}

/* The file's own bytes are not kept: their hash is taken while they are here, a small part of what converting costs. */
static bool convert(struct article *a, struct buf *file, struct error *err)
{
	struct error cause = {0};
	if (!decode_to_utf8(buf_str(file), a->encoding, &a->text, NULL, &cause)) {
		error_set(err, cause.code, a->path, "%s", cause.message);
		error_clear(&cause);
		return false;
	}
	struct sha256 sum;
	sha256_start(&sum);
	sha256_add(&sum, buf_str(file));
	sha256_hex(&sum, a->sha256);
	buf_free(file);
	a->text.p = mem_grow(a->text.p, a->text.n + 1, 1);
	a->text.cap = a->text.n + 1;
	if (a->text.n > ARTICLE_LIMIT)
		return error_set(err, ERROR_LIMIT, a->path, "larger than %zu bytes as UTF-8, the most that an article may have",
		                 ARTICLE_LIMIT);
	return true;
}

static bool article_fill(struct article *a, const char *encoding, struct error *err)
{
	struct buf file = {0};
	if (encoding && !decode_known(encoding))
		return error_set(err, ERROR_ENCODING, a->path, "unknown encoding %s", encoding);
	if (!io_read_file(a->path, ARTICLE_LIMIT, &file, &a->identity, err))
		return false;
	a->on_disk = true;
	a->file_bytes = file.n;
	a->encoding = encoding ? decode_name(encoding) : decode_detect(buf_str(&file));
	bool fine = true;
	if (!a->encoding) {
		fine = error_set(err, ERROR_ENCODING, a->path, "this is no text: it holds NUL bytes");
	} else if (strcmp(a->encoding, "utf-8") == 0) {
		a->text = file;
		file = (struct buf){0};
	} else {
		fine = convert(a, &file, err);
	}
	buf_free(&file);
	return fine;
}

bool article_open(const char *path, const char *encoding, struct article **out, struct error *err)
{
	struct article *a = mem_alloc(sizeof(*a));
	a->path = mem_dup(path);
	*out = NULL;
	if (!article_fill(a, encoding, err)) {
		article_free(a);
		return false;
	}
	article_start(a);
	*out = a;
	return true;
}

struct article *article_of(struct str text)
{
	struct article *a = mem_alloc(sizeof(*a));
	a->path = mem_dup("");
	a->encoding = "utf-8";
	buf_reserve(&a->text, text.n);
	buf_add(&a->text, text);
	a->file_bytes = text.n;
	article_start(a);
	return a;
}

void article_free(struct article *a)
{
	if (!a)
		return;
	buf_free(&a->text);
	mem_free(a->marks);
	mem_free(a->path);
	mem_free(a);
}

/* ---- what it is --------------------------------------------------------------------------------------------- */

struct str article_text(const struct article *a)
{
	return buf_str(&a->text);
}

const char *article_path(const struct article *a)
{
	return a->path;
}

const char *article_encoding(const struct article *a)
{
	return a->encoding;
}

uint64_t article_bytes(const struct article *a)
{
	return a->file_bytes;
}

bool article_has_han(const struct article *a)
{
	return a->has_han;
}

bool article_changed(const struct article *a)
{
	struct io_identity now;
	if (!a->on_disk)
		return false;
	const struct io_identity *then = &a->identity;
	return !io_identify(a->path, &now, NULL) || now.dev != then->dev || now.ino != then->ino ||
	       now.size != then->size || now.mtime_ns != then->mtime_ns || now.ctime_ns != then->ctime_ns;
}

/* ---- the index ---------------------------------------------------------------------------------------------- */

/* First boundary at or after off. */
static size_t boundary_from(struct str text, size_t off)
{
	size_t floor = utf8_floor(text, off);
	return floor >= off || floor == text.n ? floor : floor + utf8_step(text, floor, NULL);
}

/* Bytes equal to c, sixteen at a time; a lane counts to 255 before it is emptied. */
static size_t count_byte(const char *p, size_t n, unsigned char c)
{
	typedef unsigned char lanes __attribute__((vector_size(16)));
	const lanes wanted = {c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c};
	size_t total = 0, i = 0;
	while (n - i >= 16) {
		lanes sum = {0};
		for (int round = 0; round < 255 && n - i >= 16; round++, i += 16) {
			lanes some;
			memcpy(&some, p + i, 16);
			sum -= (lanes)(some == wanted);
		}
		for (size_t lane = 0; lane < 16; lane++)
			total += sum[lane];
	}
	for (; i < n; i++)
		total += (unsigned char)p[i] == c;
	return total;
}

/* Line ends whose last byte is in [from, to); also notes which kinds there are.  A CR LF that the border divides counts
 * where its LF is. */
static size_t count_lines(struct article *a, size_t from, size_t to)
{
	struct str text = buf_str(&a->text);
	size_t lf = count_byte(text.p + from, to - from, '\n');
	size_t pairs = from > 0 && text.p[from - 1] == '\r' && from < to && text.p[from] == '\n';
	size_t lone = 0;
	struct str part = str_sub(text, from, to);
	for (size_t at = str_byte(part, '\r', 0); at != NOWHERE; at = str_byte(part, '\r', at + 1)) {
		bool followed = from + at + 1 < text.n && text.p[from + at + 1] == '\n';
		lone += !followed;
		pairs += followed && at + 1 < part.n;
	}
	a->has_cr |= lone > 0;
	a->has_crlf |= pairs > 0;
	a->has_lf |= lf > pairs;
	return lf + lone;
}

static void extend_index(struct article *a)
{
	struct str text = buf_str(&a->text);
	const struct mark *before = &a->marks[a->known - 1];
	size_t from = boundary_from(text, (a->known - 1) * ARTICLE_CHUNK);
	size_t to = boundary_from(text, a->known * ARTICLE_CHUNK);
	a->marks[a->known] = (struct mark){
		.points = before->points + (uint32_t)utf8_count(str_sub(text, from, to)),
		.lines = before->lines + (uint32_t)count_lines(a, from, to),
	};
	a->known++;
}

static bool index_is_whole(const struct article *a)
{
	return a->known > a->chunks;
}

static void finish_index(struct article *a)
{
	while (!index_is_whole(a))
		extend_index(a);
}

size_t article_length(struct article *a)
{
	finish_index(a);
	return a->marks[a->chunks].points;
}

size_t article_cp(struct article *a, size_t off)
{
	struct str text = buf_str(&a->text);
	if (off >= text.n)
		return article_length(a);
	off = utf8_floor(text, off);
	size_t chunk = off / ARTICLE_CHUNK;
	while (a->known <= chunk)
		extend_index(a);
	size_t start = boundary_from(text, chunk * ARTICLE_CHUNK), points = a->marks[chunk].points;
	/* Places are mostly asked for one behind the other. */
	if (a->last_off >= start && a->last_off <= off) {
		start = a->last_off;
		points = a->last_cp;
	}
	size_t cp;
	if (a->last_off > off && a->last_off - off < off - start)
		cp = a->last_cp - utf8_count(str_sub(text, off, a->last_off));
	else
		cp = points + utf8_count(str_sub(text, start, off));
	a->last_off = off;
	a->last_cp = cp;
	return cp;
}

/* The last mark with at most cp code points before it; the index is long enough. */
static size_t mark_before(const struct article *a, size_t cp)
{
	size_t low = 0, high = a->known; /* marks[low] is at most cp, marks[high] is more or not there */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (a->marks[middle].points <= cp)
			low = middle;
		else
			high = middle;
	}
	return low;
}

size_t article_off(struct article *a, size_t cp)
{
	struct str text = buf_str(&a->text);
	while (!index_is_whole(a) && a->marks[a->known - 1].points <= cp)
		extend_index(a);
	if (cp > a->marks[a->known - 1].points)
		return NOWHERE;
	size_t chunk = mark_before(a, cp);
	size_t from_cp = a->marks[chunk].points, from_off = boundary_from(text, chunk * ARTICLE_CHUNK);
	if (a->last_cp >= from_cp && a->last_cp <= cp) {
		from_cp = a->last_cp;
		from_off = a->last_off;
	}
	/* The start of a span is asked for again after its end. */
	if (a->last_cp > cp && a->last_cp - cp < cp - from_cp) {
		for (; a->last_cp > cp; a->last_cp--)
			a->last_off = utf8_back(text, a->last_off);
		return a->last_off;
	}
	a->last_cp = cp;
	a->last_off = utf8_skip(text, from_off, cp - from_cp);
	return a->last_off;
}

/* ---- lines -------------------------------------------------------------------------------------------------- */

size_t article_line_start(const struct article *a, size_t off)
{
	struct str text = buf_str(&a->text);
	if (off > text.n)
		off = text.n;
	return off > 0 ? line_start(text, off, SIZE_MAX) : 0;
}

/* From the place asked for before on where the line is the same: an article may be one line of many megabytes. */
static size_t find_line_start(struct article *a, size_t off)
{
	const char *text = buf_str(&a->text).p;
	size_t asked = a->last_asked;
	bool same = off >= asked && (off == asked || !(memchr(text + asked, '\n', off - asked) || memchr(text + asked, '\r', off - asked)));
	if (!same || asked == 0)
		a->last_line = article_line_start(a, off);
	a->last_asked = off;
	return a->last_line;
}

void article_line_column(struct article *a, size_t off, size_t *line, size_t *column)
{
	struct str text = buf_str(&a->text);
	if (off > text.n)
		off = text.n;
	size_t first = find_line_start(a, off);
	size_t chunk = first / ARTICLE_CHUNK;
	while (a->known <= chunk)
		extend_index(a);
	size_t start = boundary_from(text, chunk * ARTICLE_CHUNK);
	*line = a->marks[chunk].lines + (start < first ? count_lines(a, start, first) : 0) + 1;
	*column = article_cp(a, off) - article_cp(a, first) + 1;
}

const char *article_newlines(struct article *a)
{
	finish_index(a);
	int kinds = a->has_lf + a->has_crlf + a->has_cr;
	if (kinds > 1)
		return "mixed";
	if (kinds == 0)
		return "none";
	return a->has_lf ? "lf" : a->has_crlf ? "crlf" : "cr";
}

/* ---- slices ------------------------------------------------------------------------------------------------- */

static void hash_slice(struct article *a)
{
	struct str slice = str_sub(buf_str(&a->text), a->hashed, a->hashed + SLICE);
	sha256_add(&a->sum, slice);
	a->hashed += slice.n;
	if (a->hashed == a->text.n)
		sha256_hex(&a->sum, a->sha256);
}

const char *article_sha256(struct article *a)
{
	while (!a->sha256[0])
		hash_slice(a);
	return a->sha256;
}

bool article_step(struct article *a, int64_t until_ms)
{
	do {
		if (!index_is_whole(a)) {
			for (size_t done = 0; done < SLICE && !index_is_whole(a); done += ARTICLE_CHUNK)
				extend_index(a);
		} else if (!a->sha256[0]) {
			hash_slice(a);
		}
		if (index_is_whole(a) && a->sha256[0])
			return true;
	} while (io_now_ms() <= until_ms);
	return false;
}
