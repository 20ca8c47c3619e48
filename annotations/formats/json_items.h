/* json_items: a file of JSON taken apart into the values that importers want, with memory for the largest alone.
 *
 * The file is one list, whose items they are, or values one after the other with blanks between (one a line, or spread
 * over lines as jq writes them); lists among these stand for their items too.  Cutting looks at quotes and brackets alone:
 * what is wrong within a value is for its reader to say, and costs that value.  What is wrong between values (no comma, a
 * list that does not end) is told and passed over. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_JSON_ITEMS_H
#define ZHUPI_ANNOTATIONS_FORMATS_JSON_ITEMS_H

#include "annotations/formats/lines.h"

struct json_items;

/* Borrows the lines, of which none may have been read. */
struct json_items *json_items_new(struct lines *l);
void json_items_free(struct json_items *j);

struct json_item {
	struct str bytes;    /* valid until the next call */
	size_t line, column; /* where it begins, 1-based, column in code points */
};

/* The results of lines.h: LINE_FAILED with *fatal false tells what is wrong between values, and the next call goes on
 * after it. */
enum line_result json_items_next(struct json_items *j, struct json_item *item, bool *fatal, struct error *err);

#endif
