/* base: the few things every file needs: byte slices, growing buffers, arenas, memory and errors.
 *
 * Memory.  mem_* never return NULL: when memory runs out they call the handler set with mem_on_exhausted()
 * (the terminal is restored there), say so on stderr and end the program with status 2.  That is safe here
 * because whatever a person decided was on the disk before it was on the screen, and it keeps a thousand
 * never-tested error paths out of the code.  Sizes are bytes.
 *
 * Ownership.  A `struct str` never owns its bytes.  A `struct buf` and a `struct arena` own theirs.  A function
 * that returns `char *` returns memory that the caller frees with mem_free(); `const char *` is borrowed. */
#ifndef ZHUPI_MODEL_BASE_H
#define ZHUPI_MODEL_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- memory ---------------------------------------------------------------------------------------------- */

void *mem_alloc(size_t size);                        /* zeroed */
void *mem_array(size_t count, size_t size);          /* zeroed; an overflowing product counts as exhausted */
void *mem_grow(void *p, size_t count, size_t size);  /* realloc of an array; the new part is not zeroed */
void mem_free(void *p);                              /* NULL is fine */
char *mem_dup(const char *s);
void *mem_get(size_t size);                          /* not zeroed; for libraries that take an allocator */
/* Before any call of ICU, once: its memory is got here too.  ICU 72 goes on with NULL in places (CjkBreakEngine). */
void mem_start(void);
void mem_on_exhausted(void (*restore)(void));        /* called once before the program ends; NULL clears it */

/* ---- byte slices ------------------------------------------------------------------------------------------ */

/* Bytes that somebody else owns; not terminated.  {NULL, 0} is the empty slice. */
struct str {
	const char *p;
	size_t n;
};

#define S(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_NONE ((struct str){NULL, 0})
#define NOWHERE SIZE_MAX /* "no such position", in every function that answers an offset or an index */

struct str str_of(const char *s);                                 /* s may be NULL: the empty slice */
struct str str_sub(struct str s, size_t from, size_t to);         /* clamped to s; [from, to) */
bool str_eq(struct str a, struct str b);
int str_cmp(struct str a, struct str b);                          /* by bytes, as memcmp; a prefix sorts first */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
size_t str_find(struct str s, struct str needle, size_t from);    /* byte offset or NOWHERE */
size_t str_byte(struct str s, char c, size_t from);               /* first c at or after from, or NOWHERE */
struct str str_trim(struct str s);                                /* ASCII blanks off both ends */
bool str_number(struct str s, uint64_t *out);                     /* decimal digits only, no sign, no overflow */
#define MOST_DIGITS 20 /* UINT64_MAX has twenty */
struct str str_digits(uint64_t number, char digits[MOST_DIGITS]); /* in decimal, a slice of digits */
char *str_dup(struct str s);                                      /* terminated copy; bytes after a NUL are kept */

/* ---- buffers ---------------------------------------------------------------------------------------------- */

/* A growing byte buffer.  {0} is an empty one.  p is terminated with a NUL (not counted) whenever it is not NULL. */
struct buf {
	char *p;
	size_t n, cap;
};

void buf_add(struct buf *b, struct str s);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3); /* numbers in the C locale only: no %f */
void buf_addn(struct buf *b, uint64_t number); /* in decimal digits */
void buf_addv(struct buf *b, const char *format, va_list args);
void buf_reserve(struct buf *b, size_t more);
void buf_clear(struct buf *b);           /* n = 0, memory kept */
void buf_free(struct buf *b);
struct str buf_str(const struct buf *b); /* valid until the next change of b */
char *buf_take(struct buf *b);           /* never NULL; the caller owns it, b is empty afterwards */

/* ---- arenas ----------------------------------------------------------------------------------------------- */

/* Memory of one lifetime, freed as a whole.  {0} is an empty one. */
struct arena {
	struct arena_block *blocks;
	size_t used; /* bytes handed out, for the memory figures */
};

void *arena_alloc(struct arena *a, size_t size); /* zeroed, aligned for any type */
struct str arena_dup(struct arena *a, struct str s);
void arena_free(struct arena *a);

/* ---- errors ----------------------------------------------------------------------------------------------- */

/* What the user is told: `PATH:LINE:COL: CODE: message`.  The codes are an enumeration with names because scripts
 * match on them; error_code_name() is the one place that spells them. */
enum error_code {
	ERROR_NONE,
	ERROR_IO,        /* io: the system refused; the message carries its reason */
	ERROR_MISSING,   /* missing: no such file or item */
	ERROR_KIND,      /* not-a-file: a folder, FIFO, device where a file was expected */
	ERROR_SYNTAX,    /* syntax: not well-formed YAML, JSON, HTML, a regular expression */
	ERROR_SCHEMA,    /* schema: well-formed, but not what the format says */
	ERROR_VERSION,   /* version: written by a newer zhupi */
	ERROR_LIMIT,     /* limit: too large, too deep, too many */
	ERROR_ENCODING,  /* encoding: bytes that are not text in the encoding named */
	ERROR_OFFSET,    /* offset: a span outside the text, or fragments that overlap or are not sorted */
	ERROR_TEXT,      /* text: a span whose text is not what stands at its offsets */
	ERROR_DUPLICATE, /* duplicate: an id or key that is there twice */
	ERROR_REFERENCE, /* reference: an id that nothing bears */
	ERROR_CONFLICT,  /* conflict: changed by somebody else in a way that cannot be merged */
	ERROR_EXISTS,    /* exists: will not overwrite */
	ERROR_USAGE,     /* usage: a command line that makes no sense */
	ERROR_OVERLAP,   /* overlap: spans over the same text, which the layer of their label forbids */
	ERROR_STATUS,    /* status: done, but something is left to decide */
	ERROR_FLAG,      /* flag: a person flagged it, so it waits for an answer */
	ERROR_CODES
};

/* {0} is "no error".  Owns path and message. */
struct error {
	enum error_code code;
	char *path;          /* as given by the user, may be NULL; sanitised only when it is shown */
	size_t line, column; /* 1-based, column in code points; 0: not known */
	/* A sentence without a full stop that says what to do where something can be done.  Names, keys and values stand in
	 * `backquotes`, text of an article in 'single quotes'. */
	char *message;
};

/* All functions that can fail return bool and take a `struct error *` last; true is success.  err may be NULL.
 * Always returns false, so that `return error_set(...)` reads well.  An error already in *err is kept: the first
 * cause is the one worth telling. */
bool error_set(struct error *err, enum error_code code, const char *path, const char *format, ...) PRINTF_LIKE(4, 5);
bool error_at(struct error *err, enum error_code code, const char *path, size_t line, size_t column,
              const char *format, ...) PRINTF_LIKE(6, 7);
bool error_atv(struct error *err, enum error_code code, const char *path, size_t line, size_t column,
               const char *format, va_list args) PRINTF_LIKE(6, 0);
bool error_errno(struct error *err, const char *path, const char *doing); /* ERROR_IO/MISSING from errno */
const char *error_code_name(enum error_code code);
void error_clear(struct error *err);

#endif
