/* answers: what external extractors said of one article, checked, put together, and added to its annotations.
 *
 * An answer is one JSON object: {"id", "spans": [{"start", "end", "label", "score"}], "fields": {name: value or list
 * of values}, "relations": [{"type", "from": [start, end], "to": [start, end]}]}.  Offsets are code points of the
 * raw text, half-open; a score is a number from 0 to 1 and may be missing.  What is wrong is left out and reported,
 * each thing with its place in the answer; the rest stands.
 *
 * The same span (place and label) from several extractors is one: its score is 1 - (1-a)(1-b), at most 0.99, as if
 * they erred independently, and its source names all of them, `a+b`, in the order in which they were asked.
 *
 * Answers own what they hold.  Reading n spans costs n log n. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_ANSWERS_H
#define ZHUPI_ANNOTATIONS_EXTRACT_ANSWERS_H

#include "annotations/extract/proposal.h"

#define ANSWER_FIELDS  1000 /* values of fields for one article */
#define ANSWER_REPORTS 5    /* findings told of one answer; the others are counted */

struct answer_span {
	uint64_t start, end;
	char *label, *by;
	uint16_t score; /* per mille or SCORE_NONE */
	uint16_t asked; /* number of the last extractor that said it */
	bool taken;     /* a span of the built-in extractor says it too */
};

struct answer_field {
	char *name, *value, *by;
};

struct answer_relation {
	char *type, *by;
	uint64_t from[2], to[2];
};

struct answers {
	struct answer_span *spans; /* by start, end, label */
	size_t n_spans;
	struct answer_field *fields;
	size_t n_fields;
	struct answer_relation *relations;
	size_t n_relations;
	uint16_t asked; /* extractors so far */
};

/* Who is told of what is wrong; clears the error. */
struct answer_reports {
	void (*tell)(void *ctx, struct error *err);
	void *ctx;
};

/* Adds what the extractor `by` answered for the article at path.  labels, fields and relations are those that the
 * schema knows.  False: something was left out and told. */
bool answers_add(struct answers *to, const struct node *object, const char *by, struct article *a, const char *path, const struct schema *schema,
                 const struct answer_reports *reports);
void answers_free(struct answers *a); /* {0} afterwards */

/* Where a span of the built-in extractor is one of the answers too: marks it, joins its score to *score and answers
 * with both names, which the caller frees.  Else NULL. */
char *answers_join(struct answers *a, uint64_t start, uint64_t end, struct str label, uint16_t *score);
/* A proposal_seen (proposal.h), ctx the answers: a span of the built-in extractor that they have too takes over
 * score and names and is marked. */
void answers_agree(void *ctx, uint64_t start, uint64_t end, struct str label, struct node *source);

/* Adds all that is not taken and not there yet to the group, after what the built-in extractor proposed. */
bool answers_propose(const struct answers *from, const struct proposal_options *o, struct doc *d, struct group *g, struct proposal_counts *counts,
                     struct error *err);

#endif
