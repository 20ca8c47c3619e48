/* class_sets: what rules ask of a window before they run: whether a hit of any of several classes was met in it, and
 * where such hits begin or end.
 *
 * Many rules ask for the same classes, so each set of classes is kept once.  A rule waits for some of them: it need
 * not run before something of each was met.  What is met is told of sets class by class as classes are met, so that
 * a rule that cannot match in a window costs one look there: at the set that was missing the last time.  Rows are
 * bits by place, as those of lattice.h.
 *
 * A pack owns its `class_sets`, an extractor its `sets_met`, which serves window after window. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_CLASS_SETS_H
#define ZHUPI_ANNOTATIONS_EXTRACT_CLASS_SETS_H

#include "annotations/extract/lattice.h"

typedef uint16_t set_id;

struct class_set {
	class_id *classes; /* each once; those that no rule makes hits of first */
	size_t n, n_settled;
};

struct class_sets {
	struct class_set *list;
	size_t n, cap;
	set_id *waits;     /* of all rules, one after the other */
	size_t n_waits, cap_waits;
	uint32_t *first;   /* of each rule, into waits; one more */
	size_t n_rules, cap_rules;
	set_id *of;        /* of all classes the sets they are in, one after the other */
	uint32_t *first_of; /* of each class, into of; one more */
};

/* The set of these classes, made where there is none yet. */
set_id class_sets_add(struct class_sets *s, const class_id *classes, size_t n);
void class_sets_rule(struct class_sets *s);             /* the next rule: it waits for nothing yet */
void class_sets_wait(struct class_sets *s, set_id set); /* for that set, too */
/* When all is added.  made: of each class, whether rules make hits of it. */
void class_sets_finish(struct class_sets *s, const bool *made, size_t n_classes);
void class_sets_free(struct class_sets *s);

/* Rows of one window: where hits of each set begin, or where they end. */
struct sets_rows {
	uint64_t *settled; /* of each set, what no rule can change */
	bool *made;        /* of each set: that is there */
	uint64_t *joined;  /* the row asked for last, where there is more to it */
	size_t cap;        /* words of a row */
};

struct sets_met {
	const struct class_sets *sets;
	const struct lattice *lattice;
	size_t seen;       /* of the classes that the lattice met */
	bool *met;         /* of each set, and behind the last one of none, which is always met: rules that wait for nothing wait for that */
	set_id *missing;   /* of each rule the set that was missing the last time; where it waits for none, one that is always met */
	struct sets_rows starts, ends;
};

/* Another window, whose lattice holds the words of lists already. */
void sets_begin(struct sets_met *m, const struct class_sets *s, const struct lattice *l);
/* The first rule at or behind that one that waits for nothing; NOWHERE: none.  Hits added meanwhile are counted. */
size_t sets_next_rule(struct sets_met *m, size_t rule);
/* Where hits of the set begin, and where they end; valid until the next hit is added or the next row asked for. */
const uint64_t *sets_starts(struct sets_met *m, set_id set);
const uint64_t *sets_ends(struct sets_met *m, set_id set);
void sets_met_free(struct sets_met *m);

/* Keeps of the starts, bits of `words` words, those that have a hit at their own place or at most `reach` behind it;
 * false: none. */
bool starts_keep_near(uint64_t *starts, const uint64_t *hits, size_t words, size_t reach);

#endif
