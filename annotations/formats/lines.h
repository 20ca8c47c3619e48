/* lines: a stream read line by line, with memory for the longest line alone.
 *
 * A file, a pipe named in the file system (`<(command)`), or standard input.  A FIFO that nobody has opened for writing
 * is an empty file, so nothing is waited for. A line ends with LF or CRLF, neither is part of it; a BOM at the start is
 * skipped.  Lines longer than LINES_LIMIT are passed over and reported. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_LINES_H
#define ZHUPI_ANNOTATIONS_FORMATS_LINES_H

#include "model/base.h"

#ifndef LINES_LIMIT
#define LINES_LIMIT ((size_t)512 << 20) /* bytes */
#endif

struct lines;

enum line_result {
	LINE_READ,
	LINE_END,
	LINE_FAILED,     /* err says why; a line that is too long: the next call goes on after it (*fatal false) */
	LINE_INTERRUPTED /* a signal came while waiting, and `stop` said so */
};

/* path "-": standard input.  stop (may be NULL) is asked when a wait ends without data. */
struct lines *lines_open(const char *path, bool (*stop)(void *ctx), void *ctx, struct error *err);
void lines_close(struct lines *l);
/* *line is valid until the next call. */
enum line_result lines_next(struct lines *l, struct str *line, bool *fatal, struct error *err);
/* Instead of lines: what comes next, a piece of whatever size, valid until the next call.  LINE_READ, LINE_END,
 * LINE_FAILED (for good) or LINE_INTERRUPTED. */
enum line_result lines_bytes(struct lines *l, struct str *bytes, struct error *err);
/* The same without going on: the first pieces are read again by the next call of any of these.  Empty at the end. */
enum line_result lines_peek(struct lines *l, struct str *bytes, struct error *err);
size_t lines_number(const struct lines *l);    /* of the line last read, 1-based */
const char *lines_name(const struct lines *l); /* the path, "standard input" for "-" */

#endif
