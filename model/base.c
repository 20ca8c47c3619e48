/* base.c: see base.h. */
#include "model/base.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/io.h"

/* The test build shrinks it so that block borders are met. */
#ifndef ARENA_BLOCK
#define ARENA_BLOCK 16384
#endif

/* ---- memory ---------------------------------------------------------------------------------------------- */

static void *memory_or_end(void *p, size_t size)
{
	/* realloc(p, 0) may free: one byte keeps "never NULL" true. */
	void *q = io_get()->realloc(p, size ? size : 1);
	if (!q)
		io_out_of_memory();
	return q;
}

static size_t product_or_end(size_t count, size_t size)
{
	size_t product;
	if (__builtin_mul_overflow(count, size, &product) || product > PTRDIFF_MAX)
		io_out_of_memory();
	return product;
}

void *mem_get(size_t size)
{
	return memory_or_end(NULL, size);
}

void *mem_alloc(size_t size)
{
	return mem_array(1, size);
}

void *mem_array(size_t count, size_t size)
{
	size_t bytes = product_or_end(count, size);
	void *p = memory_or_end(NULL, bytes);
	memset(p, 0, bytes ? bytes : 1);
	return p;
}

void *mem_grow(void *p, size_t count, size_t size)
{
	return memory_or_end(p, product_or_end(count, size));
}

void mem_free(void *p)
{
	free(p);
}

char *mem_dup(const char *s)
{
	return str_dup(str_of(s));
}

/* ---- byte slices ------------------------------------------------------------------------------------------ */

struct str str_of(const char *s)
{
	return s ? (struct str){s, strlen(s)} : STR_NONE;
}

struct str str_sub(struct str s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from >= to)
		return (struct str){s.p && from <= s.n ? s.p + from : NULL, 0};
	return (struct str){s.p + from, to - from};
}

bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;
	if (order)
		return order;
	return (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq(str_sub(s, 0, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_sub(s, s.n - suffix.n, s.n), suffix);
}

size_t str_find(struct str s, struct str needle, size_t from)
{
	if (from > s.n)
		return NOWHERE;
	if (needle.n == 0)
		return from;
	if (from == s.n)
		return NOWHERE;
	const char *hit = memmem(s.p + from, s.n - from, needle.p, needle.n);
	return hit ? (size_t)(hit - s.p) : NOWHERE;
}

size_t str_byte(struct str s, char c, size_t from)
{
	if (from >= s.n)
		return NOWHERE;
	const char *hit = memchr(s.p + from, c, s.n - from);
	return hit ? (size_t)(hit - s.p) : NOWHERE;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	while (s.n && is_blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	return s;
}

bool str_number(struct str s, uint64_t *out)
{
	uint64_t value = 0;
	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		if (__builtin_mul_overflow(value, 10u, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(s.p[i] - '0'), &value))
			return false;
	}
	*out = value;
	return true;
}

char *str_dup(struct str s)
{
	char *p = mem_grow(NULL, s.n + 1, 1);
	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

/* ---- buffers ---------------------------------------------------------------------------------------------- */

void buf_reserve(struct buf *b, size_t more)
{
	size_t need;
	if (__builtin_add_overflow(b->n, more, &need) || __builtin_add_overflow(need, 1, &need))
		io_out_of_memory();
	if (need <= b->cap)
		return;
	/* An empty buffer takes just what it is told, so that a file read whole wastes nothing. */
	size_t cap = b->cap ? b->cap + b->cap / 2 : 0;
	if (cap < need)
		cap = need;
	b->p = mem_grow(b->p, cap, 1);
	b->cap = cap;
	b->p[b->n] = '\0';
}

/* Room for a few more of the same when bytes come one by one. */
static void reserve_for_small(struct buf *b, size_t more)
{
	buf_reserve(b, b->cap == 0 && more < 64 ? 64 : more);
}

/* In line, for hardly a byte is added that there is no room for; one is kept for the 0. */
static inline bool has_room(const struct buf *b, size_t more)
{
	return b->cap - b->n > more;
}

void buf_add(struct buf *b, struct str s)
{
	if (!has_room(b, s.n))
		reserve_for_small(b, s.n);
	if (s.n)
		memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
	b->p[b->n] = '\0';
}

void buf_adds(struct buf *b, const char *s)
{
	buf_add(b, str_of(s));
}

void buf_addc(struct buf *b, char c)
{
	if (!has_room(b, 1))
		reserve_for_small(b, 1);
	b->p[b->n++] = c;
	b->p[b->n] = '\0';
}

struct str str_digits(uint64_t number, char digits[MOST_DIGITS])
{
	size_t at = MOST_DIGITS;
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	return (struct str){digits + at, MOST_DIGITS - at};
}

void buf_addn(struct buf *b, uint64_t number)
{
	char digits[MOST_DIGITS];
	buf_add(b, str_digits(number, digits));
}

void buf_addf(struct buf *b, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	buf_addv(b, format, args);
	va_end(args);
}

void buf_addv(struct buf *b, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	reserve_for_small(b, 1);
	int n = vsnprintf(b->p + b->n, b->cap - b->n, format, args);
	if (n > 0 && (size_t)n >= b->cap - b->n) {
		buf_reserve(b, (size_t)n);
		n = vsnprintf(b->p + b->n, b->cap - b->n, format, again);
	}
	va_end(again);
	if (n > 0)
		b->n += (size_t)n;
	b->p[b->n] = '\0';
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	if (b->p)
		b->p[0] = '\0';
}

void buf_free(struct buf *b)
{
	mem_free(b->p);
	*b = (struct buf){0};
}

struct str buf_str(const struct buf *b)
{
	return (struct str){b->p, b->n};
}

char *buf_take(struct buf *b)
{
	char *p = b->p ? b->p : mem_dup("");
	*b = (struct buf){0};
	return p;
}

/* ---- arenas ----------------------------------------------------------------------------------------------- */

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	_Alignas(max_align_t) char bytes[];
};

static struct arena_block *arena_block_for(struct arena *a, size_t size)
{
	struct arena_block *first = a->blocks;
	if (first && first->size - first->used >= size)
		return first;
	size_t room = size > ARENA_BLOCK ? size : ARENA_BLOCK;
	if (room > PTRDIFF_MAX - sizeof(struct arena_block))
		io_out_of_memory();
	struct arena_block *block = mem_grow(NULL, 1, sizeof(struct arena_block) + room);
	*block = (struct arena_block){.size = room};
	/* A block made for one large piece goes behind the first, which still has room for small ones. */
	if (first && size > ARENA_BLOCK / 4) {
		block->next = first->next;
		first->next = block;
	} else {
		block->next = first;
		a->blocks = block;
	}
	return block;
}

void *arena_alloc(struct arena *a, size_t size)
{
	size_t align = _Alignof(max_align_t);
	if (size > PTRDIFF_MAX - align)
		io_out_of_memory();
	size = (size + align - 1) / align * align;
	struct arena_block *block = arena_block_for(a, size);
	void *p = block->bytes + block->used;
	block->used += size;
	a->used += size;
	memset(p, 0, size);
	return p;
}

struct str arena_dup(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);
	if (s.n)
		memcpy(p, s.p, s.n);
	return (struct str){p, s.n};
}

void arena_free(struct arena *a)
{
	for (struct arena_block *block = a->blocks, *next; block; block = next) {
		next = block->next;
		mem_free(block);
	}
	*a = (struct arena){0};
}

/* ---- errors ----------------------------------------------------------------------------------------------- */

bool error_atv(struct error *err, enum error_code code, const char *path, size_t line, size_t column,
               const char *format, va_list args)
{
	if (!err || err->code != ERROR_NONE)
		return false;
	struct buf message = {0};
	buf_addv(&message, format, args);
	*err = (struct error){code, path ? mem_dup(path) : NULL, line, column, buf_take(&message)};
	return false;
}

bool error_set(struct error *err, enum error_code code, const char *path, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	bool no = error_atv(err, code, path, 0, 0, format, args);
	va_end(args);
	return no;
}

bool error_at(struct error *err, enum error_code code, const char *path, size_t line, size_t column,
              const char *format, ...)
{
	va_list args;
	va_start(args, format);
	bool no = error_atv(err, code, path, line, column, format, args);
	va_end(args);
	return no;
}

bool error_errno(struct error *err, const char *path, const char *doing)
{
	int cause = errno;
	bool missing = cause == ENOENT || cause == ENOTDIR;
	return error_set(err, missing ? ERROR_MISSING : ERROR_IO, path, "cannot %s: %s", doing, strerror(cause));
}

const char *error_code_name(enum error_code code)
{
	static const char *const names[ERROR_CODES] = {
		[ERROR_NONE] = "none",           [ERROR_IO] = "io",
		[ERROR_MISSING] = "missing",     [ERROR_KIND] = "not-a-file",
		[ERROR_SYNTAX] = "syntax",       [ERROR_SCHEMA] = "schema",
		[ERROR_VERSION] = "version",     [ERROR_LIMIT] = "limit",
		[ERROR_ENCODING] = "encoding",   [ERROR_OFFSET] = "offset",
		[ERROR_TEXT] = "text",           [ERROR_DUPLICATE] = "duplicate",
		[ERROR_REFERENCE] = "reference", [ERROR_CONFLICT] = "conflict",
		[ERROR_EXISTS] = "exists",       [ERROR_USAGE] = "usage",
		[ERROR_OVERLAP] = "overlap",     [ERROR_STATUS] = "status",
		[ERROR_FLAG] = "flag",
	};
	return (unsigned)code < ERROR_CODES ? names[code] : "unknown";
}

void error_clear(struct error *err)
{
	mem_free(err->path);
	mem_free(err->message);
	*err = (struct error){0};
}
