/* json_quick: JSON as programs write it, read without jansson and several times as fast.
 *
 * It gives up at the first thing that it does not know: then json_read_whole() has to be asked, which also says what is
 * wrong.  What it does read it reads as that does, which a test and a fuzzer assert over random texts.  Numbers
 * that are spelt otherwise than they are kept it has jansson read, one by one; it does not know maps of very many keys
 * where they are passed over.  A value can be built as a tree, passed over, or taken apart key by key without a tree. */
#ifndef ZHUPI_ANNOTATIONS_JSON_QUICK_H
#define ZHUPI_ANNOTATIONS_JSON_QUICK_H

#include "annotations/node.h"

/* Where reading stands.  After a function has answered false or NULL it is of no more use.  Borrows the text. */
struct json_quick {
	struct str text;
	size_t off;
	struct arena memory; /* of strings that had escapes; valid until json_quick_end() */
	uint32_t mark;       /* the line that nodes get which bear no column */
	bool places;         /* nodes get line and column */
	size_t number, counted, column; /* line and column (in code points, 1-based) of the byte `counted` */
};

/* False: the text is not UTF-8. */
bool json_quick_start(struct json_quick *q, struct str text);
/* Nodes get their places, the text beginning at that line and column (1-based) of its file. */
void json_quick_place(struct json_quick *q, size_t line, size_t column);
void json_quick_end(struct json_quick *q); /* frees what it holds; nodes stay */

/* ---- values ---------------------------------------------------------------------------------------------------- */

int json_quick_peek(struct json_quick *q);            /* the next byte that is no blank; -1 at the end */
bool json_quick_take(struct json_quick *q, char mark); /* that one, if it is next */
bool json_quick_at_end(struct json_quick *q);          /* nothing but blanks is left */
struct node *json_quick_value(struct json_quick *q);
/* The same without building anything; *depth (may be NULL): how deep lists and maps are in it, 0 for a scalar. */
bool json_quick_skip(struct json_quick *q, unsigned *depth);
/* A string; *out is in the text or in q->memory. */
bool json_quick_string(struct json_quick *q, struct str *out);
/* A number, as it is kept.  Whole ones are digits with a sign at most. */
bool json_quick_number(struct json_quick *q, struct str *out);
/* Steps through a map (behind its `{`, *first true at the start): true with a key, its value next; false at the end,
 * where *good says whether it was one.  Keys that are there twice are for the caller to see. */
bool json_quick_next(struct json_quick *q, bool *first, struct str *key, bool *good);
/* The same for a list (behind its `[`): true where a value is next. */
bool json_quick_more(struct json_quick *q, bool *first, bool *good);

#endif
