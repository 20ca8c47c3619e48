/* edit_internal: what the files of edit share: the view of an item through a group, and how maps say things.  Of others only
 * history includes this, which says it in the same way. */
#ifndef ZHUPI_ANNOTATIONS_EDIT_INTERNAL_H
#define ZHUPI_ANNOTATIONS_EDIT_INTERNAL_H

#include "annotations/doc.h"
#include "annotations/edit.h"

/* The item as it will be when the group is applied: a copy, owned by the caller; NULL when it is not there. */
struct node *edit_view(const struct group *g, const struct doc *d, enum item_kind kind, struct str id);
bool edit_there(const struct group *g, const struct doc *d, enum item_kind kind, struct str id);
/* The same or an error that names it. */
struct node *edit_view_or_fail(const struct group *g, const struct doc *d, enum item_kind kind, struct str id,
                               struct error *err);
/* Makes `after` (taken over; NULL: gone) what the item becomes. */
void edit_put(struct group *g, const struct doc *d, enum item_kind kind, struct str id, struct node *after);
/* Counts an action and says what it is, if it is the first: the arguments are joined by blanks, empty ones left out. */
void edit_say(struct group *g, const char *verb, struct str name, struct str text);
/* First decision on an article: `reviewing`.  reopen: takes `done` back. */
void edit_mark_reviewing(struct group *g, const struct doc *d, bool reopen);

/* Made by the person whose group this is, and nobody else judged it. */
bool edit_is_own(const struct group *g, const struct node *map);
void edit_put_judged(const struct group *g, struct node *map);             /* by whom, and now */
void edit_decide(const struct group *g, struct node *map, enum verdict v); /* verdict and judged */
/* Accepted, or corrected where there is an `original`. */
void edit_decide_kept(const struct group *g, struct node *map);
enum verdict edit_verdict_of(const struct node *map);
/* For people: a span's text, a field's value, the texts of a relation's ends, cut after some characters. */
void edit_text_of(const struct doc *d, const struct node *map, struct buf *out);
struct node *edit_source(const struct group *g);
char *edit_free_id(const struct group *g, const struct doc *d, enum item_kind kind);

bool edit_same_place(const struct node *a, const struct node *b); /* `at` of two maps */
/* Of a moved span: its place becomes the one found; false when it is lost. */
bool edit_settle(const struct doc *d, struct node *map);
/* Whether a span of this label stands at this place; its id, or empty. */
struct str edit_find_same(const struct doc *d, struct str label, const struct fragment *fragments, size_t n,
                          struct str but);

#endif
