/* article: one text file, read-only, and the arithmetic between its bytes and its code points.
 *
 * bytes of the file -> decode -> raw text (UTF-8, never changed; all offsets refer to it).  A UTF-8 file is its own
 * raw text, byte for byte, BOM, CR and broken bytes included; other encodings are converted once.  An article owns
 * its text.
 *
 * Opening reads the file and nothing else; index, newline count and hash follow in slices (article_step) or on
 * demand: a question that needs more of the index than there is extends it first. `off` is a byte offset in the raw
 * text, `cp` a code point index. */
#ifndef ZHUPI_MODEL_ARTICLE_H
#define ZHUPI_MODEL_ARTICLE_H

#include "model/base.h"
#include "model/io.h"

#define ARTICLE_LIMIT ((size_t)1 << 30) /* bytes; larger files are refused: offsets are held in 32 bits in places */

struct article;

/* encoding: what a sidecar says ("utf-8", "gb18030", "big5", "shift_jis", "utf-16le", …), or NULL to detect.  Bytes
 * with NULs that are no UTF-16 are refused as binary (ERROR_ENCODING). */
bool article_open(const char *path, const char *encoding, struct article **out, struct error *err);
struct article *article_of(struct str text);         /* from memory, UTF-8; copies */
void article_free(struct article *a);                /* NULL is fine */

struct str article_text(const struct article *a);    /* the raw text, valid as long as the article */
const char *article_path(const struct article *a);   /* as opened, "" for one from memory */
const char *article_encoding(const struct article *a);
const char *article_newlines(struct article *a);     /* "lf", "crlf", "cr", "mixed", "none" */
uint64_t article_bytes(const struct article *a);     /* size of the file */
bool article_has_han(const struct article *a);       /* judged by the first 64 KiB */

bool article_step(struct article *a, int64_t until_ms); /* works until io_now_ms() passes it; true when nothing is left */
const char *article_sha256(struct article *a);       /* of the file's bytes, 64 hex digits; finishes the hash if need be */
size_t article_length(struct article *a);            /* code points of the raw text; finishes the index */
size_t article_cp(struct article *a, size_t off);    /* code points before off; off beyond the end counts as the end */
size_t article_off(struct article *a, size_t cp);    /* NOWHERE when cp > length */

size_t article_line_start(const struct article *a, size_t off); /* start of the line that off is on */
void article_line_column(struct article *a, size_t off, size_t *line, size_t *column); /* 1-based, column in code points */
bool article_changed(const struct article *a);       /* the file on disk is not (by identity) the one that was read */

#endif
