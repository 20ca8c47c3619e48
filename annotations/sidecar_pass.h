/* sidecar_pass: one pass over a sidecar, fed by libyaml's events (sidecar_read.c) or by lines in our own layout
 * (sidecar_quick.c).  Nobody else includes this.
 *
 * A part is a top-level key with everything up to the line of the next one; a record of a list everything from the line
 * of its `- ` to that of the next.  So comments belong to what stands before them, and what nobody touched can be
 * written back by copying. */
#ifndef ZHUPI_ANNOTATIONS_SIDECAR_PASS_H
#define ZHUPI_ANNOTATIONS_SIDECAR_PASS_H

#include "annotations/sidecar_internal.h"

struct pass {
	struct sidecar *sidecar;
	struct set *set;
	struct findings *findings; /* may be NULL */
	struct str bytes;
	struct node *top;
	bool seen[SIDECAR_OTHER];
	bool *label_told;
	size_t n_label_told;
	uint32_t last_record; /* item whose record is not closed yet, or NO_ITEM */
};

void pass_start(struct pass *p, struct sidecar *s, struct set *set, struct findings *findings);
/* Takes what was gathered into set and sidecar where good, drops it where not. */
bool pass_end(struct pass *p, bool good, struct error *err);

/* A top-level key whose name begins at off.  NULL: it was there before. */
struct part *pass_key(struct pass *p, struct str name, size_t off, size_t line, size_t column, struct error *err);
/* The value of a key that is no list of records; taken over. */
bool pass_top(struct pass *p, const struct part *part, struct node *value, struct error *err);
/* Begins a record at its line (mode RECORD_LINES), ending the one before. */
void pass_record_line(struct pass *p, struct part *part, size_t line_start, size_t indent);
/* A record of a list; takes map over. */
void pass_record(struct pass *p, struct part *part, enum item_kind kind, struct node *map, const struct record *record);
/* Says that the schema does not know a span's label, which stands at `at`: once for each, at the first that bears it. */
void pass_label(struct pass *p, uint32_t index, const struct node *at);

size_t pass_line_start(struct str bytes, size_t off);

/* Reads the whole by lines; false where it is not in our own layout: nothing is said of it then, and p holds half of
 * it. */
bool pass_quickly(struct pass *p);

#endif
