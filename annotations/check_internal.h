/* check_internal: what the files of check share.  Nobody else includes this. */
#ifndef ZHUPI_ANNOTATIONS_CHECK_INTERNAL_H
#define ZHUPI_ANNOTATIONS_CHECK_INTERNAL_H

#include "annotations/check.h"
#include "annotations/node.h"

/* A span as far as it could be understood. */
struct checked_span {
	const struct node *map;
	struct str id;
	size_t label; /* index in the schema, or NOWHERE */
	enum verdict verdict;
	struct fragment *fragments; /* bytes; NULL: unusable */
	size_t n_fragments;
};

struct checker {
	const char *path; /* of the sidecar */
	struct article *article;
	const struct schema *schema;
	const struct node *top;
	struct findings *out;
	struct checked_span *spans;
	size_t n_spans;
	bool edited;             /* the article is not the one that the places refer to */
	size_t undecided, flags; /* of items of any kind; spans only: undecided */
};

void check_add(struct checker *c, const struct node *at, struct str item, enum error_code code, const char *format, ...)
    PRINTF_LIKE(5, 6);
/* How much of a text a message shows: bytes, whole characters of the first 60. */
int check_shown(struct str s);
bool check_verdict(struct checker *c, const struct node *map, struct str id, enum verdict *v); /* and flag */
struct checked_span *check_find_span(struct checker *c, struct str id);
void check_spans(struct checker *c);    /* check_spans.c: fills c->spans */
void check_overlaps(struct checker *c); /* check_spans.c */

#endif
