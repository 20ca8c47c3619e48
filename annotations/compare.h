/* compare: spans of one source against spans of another: exact and overlapping agreement, and what kind of error
 * each difference is.
 *
 * Two spans agree exactly when label and extent are the same; they overlap when the label is the same and they share
 * a code point.  What does not agree exactly is a boundary error (same label, overlapping), a label error (same
 * extent, another label), missed (gold alone) or wrong (system alone).  Offsets are code points.  Articles are told
 * by the name of their file, without folders and `.txt`.  A source owns all it holds. */
#ifndef ZHUPI_ANNOTATIONS_COMPARE_H
#define ZHUPI_ANNOTATIONS_COMPARE_H

#include "annotations/set.h"

struct compared_span {
	struct str label, text, rule;
	uint32_t start, end;
	uint16_t score; /* per mille or SCORE_NONE */
};

struct compared_article {
	struct str name;
	struct compared_span *spans; /* by start, end, label */
	size_t n, cap;
};

struct compared_source {
	struct arena memory;
	struct compared_article *articles; /* by name, once sorted */
	size_t n, cap;
	struct str label; /* spans of this alone are taken in; empty: all */
};

/* What the spans of a source are taken from: the truth (accepted, corrected, without verdict) or a proposal as it was made. */
enum compared_as { COMPARED_GOLD, COMPARED_SYSTEM };

bool compared_add_jsonl(struct compared_source *s, const char *path, enum compared_as as, struct error *err); /* "-": standard input; also one JSON object in a file */
void compared_add_set(struct compared_source *s, struct set *set, struct str file, enum compared_as as);
void compared_sort(struct compared_source *s);
void compared_free(struct compared_source *s);

enum difference { SAME, MISSED, WRONG, BOUNDARY, LABEL, DIFFERENCES };
const char *difference_name(enum difference d); /* "same", "missed", … */

/* gold or system may be NULL. */
struct compared_pair {
	const struct compared_article *article;
	const struct compared_span *gold, *system;
	enum difference difference;
};

struct tally {
	struct str name;
	uint64_t gold, system, exact, overlap_gold, overlap_system;
	uint64_t errors[DIFFERENCES];
};

struct tallies {
	struct tally *list;
	size_t n, cap;
};

#define SCORE_BANDS 11 /* tenths; the last: 1.0 */

struct comparison {
	struct tally all;
	struct tallies labels, rules; /* of a rule: system and exact alone */
	struct {
		uint64_t system, exact;
	} bands[SCORE_BANDS];
	struct compared_pair *pairs;
	size_t n, cap;
	size_t missing;  /* articles that only gold has: all their spans are missed */
	size_t unscored; /* articles that only the system has: nobody said what is right there, they count nowhere */
};

/* Borrows both sources, which must be sorted. */
void compare(const struct compared_source *gold, const struct compared_source *system, struct comparison *out);
void comparison_free(struct comparison *c);

/* Per ten thousand, so that nothing depends on a locale. */
unsigned tally_precision(const struct tally *t);
unsigned tally_recall(const struct tally *t);
unsigned tally_f1(const struct tally *t);
unsigned tally_overlap_precision(const struct tally *t);
unsigned tally_overlap_recall(const struct tally *t);

#endif
