/* json: jansson behind one header, as node trees.  One object a line is the unit of everything that zhupi reads or
 * writes as JSON.
 *
 * Numbers become unquoted scalars: whole ones (up to 64 bits, larger ones are ERROR_LIMIT) as they are, others in the
 * fewest digits that mean the same; true, false and null become unquoted scalars of those words; strings become quoted
 * ones.  Duplicate keys are an error.  Errors carry line and column; nesting is limited to JSON_DEPTH. Nodes carry the
 * line when bytes is one line.  A BOM is passed over. */
#ifndef ZHUPI_ANNOTATIONS_JSON_H
#define ZHUPI_ANNOTATIONS_JSON_H

#include "annotations/node.h"

#define JSON_DEPTH 32

/* What json_quick.h reads is read by that, the rest by jansson.
 * line: the number of the first line of bytes in path, for messages (1 for a whole file). */
bool json_read(struct str bytes, const char *path, size_t line, struct node **out, struct error *err);
/* The same by jansson alone. */
bool json_read_whole(struct str bytes, const char *path, size_t line, struct node **out, struct error *err);
/* A number as it is kept, by jansson; false: it is none, or too large. */
bool json_number(struct str text, struct buf *out);
/* Compact, keys in order, UTF-8 as itself; controls, bidi and zero-width characters as \u escapes.  Unquoted scalars
 * that are JSON numbers or literals are written bare. */
void json_write(struct buf *out, const struct node *n);
void json_write_plain(struct buf *out, struct str text); /* an unquoted scalar */
void json_write_text(struct buf *out, struct str text); /* as a JSON string; bad bytes become U+FFFD */

#endif
