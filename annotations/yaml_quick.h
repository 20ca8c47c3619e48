/* yaml_quick: the YAML that yaml_write and the sidecar's writer write, read without libyaml and ten times as fast.
 *
 * It knows a small part of YAML and gives up at the first byte of anything else: then yaml_read has to be asked.  What
 * it does read it reads as yaml_read does, which a test asserts over random texts.  A scalar is plain (no mark that
 * could mean something), or in double quotes with the escapes of yaml_write, on one line; lists and maps are in flow
 * style on one line; no comments, anchors, tags. */
#ifndef ZHUPI_ANNOTATIONS_YAML_QUICK_H
#define ZHUPI_ANNOTATIONS_YAML_QUICK_H

#include "annotations/node.h"

/* Where reading stands.  start with {.text = …, .line = 1}. */
struct quick {
	struct str text;
	size_t off;
	size_t line_start; /* of the line that off is on */
	uint32_t line;
	size_t counted;  /* up to here columns were counted on this line */
	uint32_t column; /* 0-based, at counted */
};

/* Whether the bytes are UTF-8 without control characters other than LF and without any code point that libyaml takes
 * for a line end: asked once for a text. */
bool quick_may_read(struct str text);
/* One value that ends on its line; NULL: not of this kind, q is then of no more use. */
struct node *quick_value(struct quick *q);
/* The same without building anything.  *raw, unless NULL, gets a scalar's text where it stands in the source; NULL
 * bytes when it is no scalar or has escapes. */
bool quick_skip(struct quick *q, struct str *raw);
/* Steps through a flow map (behind its `{`, *first true at the start): true with a key, its value next; false at the
 * end, where *good says whether it was one. */
bool quick_map_next(struct quick *q, bool *first, struct str *key, bool *good);
bool quick_take(struct quick *q, char c); /* this byte, if it is next */
/* `key: ` or `key:` before a line end; false when there is none.  *more: a value follows on the line. */
bool quick_key(struct quick *q, struct str *key, struct buf *room, bool *more);
/* Behind a value in a record of lines: the start of its next key, if there is one. */
bool quick_next_key(struct quick *q);
/* A record of a list: `- {…}`, or `- key: value` with further keys on lines indented by two.  Ends before the line
 * end. */
struct node *quick_record(struct quick *q);
/* Whether such a record says what the map says (node_equal), told without building anything.  False also where it
 * cannot be told so. */
bool quick_record_says(struct quick *q, const struct node *map);
bool quick_line_end(struct quick *q); /* takes a line end; false when there is something else */

#endif
