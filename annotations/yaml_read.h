/* yaml_read: the one place that sees libyaml's parser.  Events for the sidecar loader, trees for everything else.
 *
 * libyaml 0.2.5 has no limit on nesting and is worse than quadratic in it, so events are counted here and the depth
 * limited before it gets a chance.  Anchors, aliases, tags, a second document and duplicate keys are errors: values are
 * data.  Errors carry line and column (1-based, column in code points).  libyaml's marks count characters; offsets
 * given here are bytes.
 *
 * The text must be UTF-8; a BOM is passed over (and counted in offsets).  Git's conflict markers at the start of a line
 * are found before anything else (ERROR_CONFLICT).  Keys are text, checked to be unique where a tree is built; an event
 * loop must see to that itself. */
#ifndef ZHUPI_ANNOTATIONS_YAML_READ_H
#define ZHUPI_ANNOTATIONS_YAML_READ_H

#include "annotations/node.h"

#define YAML_DEPTH  16
#define YAML_SCALAR ((size_t)1 << 20)   /* bytes of one scalar */
#define YAML_FILE   ((size_t)256 << 20) /* bytes of a file */

/* An empty document gives an empty map.  path is for messages. */
bool yaml_read(struct str bytes, const char *path, struct node **out, struct error *err);

enum yaml_kind { YAML_SCALAR_EVENT, YAML_LIST_START, YAML_LIST_END, YAML_MAP_START, YAML_MAP_END, YAML_END };

struct yaml_event {
	enum yaml_kind kind;
	struct str text; /* of a scalar; valid until the next event */
	bool quoted;
	size_t off, end;     /* byte range in the input */
	size_t line, column; /* of off, 1-based */
	unsigned depth;      /* lists and maps open around it */
};

struct yaml_reader;

struct yaml_reader *yaml_reader_new(struct str bytes, const char *path); /* borrows both */
void yaml_reader_free(struct yaml_reader *r);
/* After false or YAML_END only free may be called. */
bool yaml_next(struct yaml_reader *r, struct yaml_event *e, struct error *err);
/* Bytes up to the end of what was read last, blanks and comments behind it left out. */
size_t yaml_content_end(const struct yaml_reader *r);
/* Builds the tree of the value whose first event is *first, reading on to its end.  A value that is a list, a map or
 * empty bears the line and column of its key, a scalar its own. */
bool yaml_tree(struct yaml_reader *r, const struct yaml_event *first, struct node **out, struct error *err);

#endif
