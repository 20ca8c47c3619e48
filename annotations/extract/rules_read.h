/* rules_read: what the readers of rule files share; for rules.c and its neighbours alone. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_RULES_READ_H
#define ZHUPI_ANNOTATIONS_EXTRACT_RULES_READ_H

#include "annotations/extract/rules.h"
#include "annotations/node.h"

/* A file being read. */
struct reader {
	struct pack *pack;
	const char *path;
	struct str bytes;
	size_t line; /* of the rule being read */
};

class_id pack_make_class(struct pack *p, struct str name, const char *path, size_t line); /* CLASS_NONE when there are too many */
bool rules_read_lists(struct reader *r, const struct node *lists, struct error *err);

#endif
