/* pattern: the patterns of rules.h compiled, and matched over a lattice.
 *
 * A pattern becomes a program for a machine that explores its states depth first, in the order of preference that a backtracking matcher has; a
 * state at a place is visited once, so the work for one start is at most (states × PATTERN_REACH), and groups cannot explode.  (Thompson's
 * construction with memoised backtracking; R. Cox, "Regular Expression Matching: the Virtual Machine Approach", 2009.)  What lies within (?=…) and
 * its like is such a machine for each place where it is asked, so these multiply, and a long pattern at each start of a long text is much as well:
 * the matcher counts the choices that it meets, and takes no more of them than it was allowed.
 *
 * Places are elements of the window.  A pattern owns its program; a matcher owns scratch memory for any pattern. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_PATTERN_H
#define ZHUPI_ANNOTATIONS_EXTRACT_PATTERN_H

#include "annotations/extract/lattice.h"

#define PATTERN_REACH 255   /* code points of a match */
#define PATTERN_STATES 8192 /* steps of a program */
#define PATTERN_BEHIND 16   /* how far (?<=…) looks back */

struct pattern;

/* Gives the id of a class that a pattern names, making one where there is none. */
typedef class_id class_of_name(void *ctx, struct str name);

struct pattern_source {
	struct str match, before, not_before, after, not_after; /* empty where there is none */
	bool longest, all;
};

/* ERROR_SYNTAX with line 0 and the column within the text at fault; *part then says which one: 0 match … 4 not_after. */
bool pattern_compile(const struct pattern_source *source, class_of_name *name, void *ctx, struct pattern **out, size_t *part,
                     struct error *err);
void pattern_free(struct pattern *p);

/* Where a match may begin: classes and single characters; false: anywhere.  The lists are valid as long as the pattern. */
bool pattern_starts(const struct pattern *p, const class_id **classes, size_t *n, const codepoint **characters, size_t *n_characters);
/* What ends where a match begins, if anything is asked of it: classes, characters, the start of the line.  False: nothing that could be listed. */
bool pattern_behind(const struct pattern *p, const class_id **classes, size_t *n, const codepoint **characters, size_t *n_characters, bool *edge);
/* Something that begins within every match or right behind it: a hit of one of these classes or one of these characters.  Between its start and that of
 * the match lie at most `steps` code points and `hits` hits of the classes passed (PATTERN_REACH steps: as far as it may be).  Where nothing of it is near,
 * no match can begin. */
struct needed {
	const class_id *classes;
	size_t n;
	const codepoint *characters;
	size_t n_characters;
	const class_id *passed;
	size_t n_passed;
	uint32_t steps, hits;
};
bool pattern_needs(const struct pattern *p, size_t i, struct needed *out); /* false: there is no i-th one */

/* Adds to the bits of each class (enum class_use) what the pattern asks of its hits. */
void pattern_uses(const struct pattern *p, uint8_t *uses);

/* Classes that its named groups make. */
void pattern_groups(const struct pattern *p, const class_id **classes, size_t *n);

struct group_match {
	class_id class;
	uint32_t start, end;
};

/* What \b and \B are taken for: asked, or presumed, to hold or not to. */
enum words_presumed { WORDS_ASKED, WORDS_HOLD, WORDS_FAIL };

struct matcher {
	enum words_presumed words;
	uint64_t steps, allowed; /* choices met since pattern_prepare(), and how many may be: with more of them nothing matches any more */
	uint32_t *stamps;       /* visited in this generation */
	size_t n_stamps;
	uint32_t generation;
	struct thread *stack;
	size_t depth, cap_stack;
	struct capture *captures;
	size_t n_captures, cap_captures;
	uint32_t last_capture;      /* of the last match: index plus 1 */
	uint32_t *ends;             /* of the last match of a pattern with `all`: every place where one may end */
	size_t n_ends, cap_ends;
	struct group_match *groups; /* of the last match */
	size_t n_groups, cap_groups;
};

/* Before a pattern is matched anywhere in a window, after another one was.  allowed: see struct matcher. */
void pattern_prepare(const struct pattern *p, struct matcher *m, uint64_t allowed);
/* The match that begins at `at`; its end, or NOWHERE: then what the matcher holds of the last match means nothing. */
size_t pattern_match(const struct pattern *p, struct matcher *m, struct lattice *l, size_t at);
void pattern_matcher_free(struct matcher *m);

#endif
