/* places: the spans of one article as a file of JSON has them, until it is known what their offsets count.
 *
 * An importer adds each span as it meets it, calls places_find() once, and then makes items of those that fit.
 * Misfits are reported one by one, the rest is right. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_PLACES_H
#define ZHUPI_ANNOTATIONS_FORMATS_PLACES_H

#include "annotations/formats/record.h"
#include "annotations/formats/units.h"

/* {0} is an empty one; what it points to is borrowed. */
struct places {
	struct unit_span *list;
	const struct node **nodes; /* what each came from */
	size_t n, cap;
};

/* A whole number, not negative, also one in quotes. */
bool places_number(const struct node *n, uint64_t *out);
/* Reports offsets that are no numbers. text may be NULL: none came with it. */
bool places_add(struct places *p, struct record *r, const struct node *from, const struct node *start,
                const struct node *end, const struct node *text);
/* False: no unit fits, which was reported; none of them is to be taken. */
bool places_find(struct places *p, struct record *r, struct str text, struct unit declared);
void span_places_free(struct places *p);

/* Hands over one object of a file of JSON after the other, on a line each or over many; a list stands for its items
 * (json_items.h). */
bool record_json_values(struct import_job *job, const char *path, json_taker *take, struct error *err);

/* Names the article: `file` where the object says so itself; else the name of the file that is being read, with the
 * object's id, or its number where that is not NOWHERE: report-7.txt. */
void record_put_file(struct record *r, struct str file, struct str id, size_t number);
/* record_take() where `fine`; else counts the object as one that failed and frees it. */
bool record_take_or_count(struct record *r, bool fine, struct error *err);
/* Keeps the keys of an object that none of `known` (ends with NULL) names, to be written back as they were. */
void record_keep_rest(struct record *r, struct node *item, const struct node *in, const char *const *known);
/* Puts what was kept so into an object that goes out, but no key that is there already. */
void record_put_rest(const struct export_job *job, const struct node *map, struct node *out);

/* UTF-16 code units before each byte of the text and before its end; the caller frees it. A byte that is no character
 * counts one, as U+FFFD does. */
uint32_t *utf16_table(struct str text);
size_t utf16_length(struct str text); /* of all of it */

#endif
