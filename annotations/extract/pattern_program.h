/* pattern_program: what pattern.c compiles to, pattern_plan.c looks over and pattern_match.c runs; for these alone. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_PATTERN_PROGRAM_H
#define ZHUPI_ANNOTATIONS_EXTRACT_PATTERN_PROGRAM_H

#include "annotations/extract/kinds.h"
#include "annotations/extract/pattern.h"

struct range {
	codepoint from, to;
};

struct set {
	struct range *ranges;
	size_t n, cap;
	unsigned kinds; /* of enum kind */
	bool negated;
	uint64_t sieve[4]; /* bit c % 256 of each character listed: most questions end here */
};

/* What may come next where a step is tried: true of all that could, and of a little that could not.  It ends most ways of a choice at one look. */
struct glance {
	uint64_t classes; /* as lattice_mask() */
	uint64_t traits;  /* as kinds.h has them; all of them: anything, the end too */
};

/* One of several things that a single look can tell: a character of a set, a hit of a class, a word, an end of the line. */
struct look {
	class_id *classes;
	size_t n, cap;
	codepoint *words;  /* of each its length and its characters */
	size_t n_words;    /* elements of words */
	size_t set;        /* NOWHERE: none */
	bool edge;         /* ^ behind, $ ahead */
	struct glance glance;
};

/* OP_LOOK_SET: a look and the set of characters behind it, as one step; made of the two when a program is made ready to run. */
enum op_code {
	OP_CHAR, OP_SET, OP_ANY, OP_CLASS, OP_SPLIT, OP_JUMP, OP_OPEN, OP_CLOSE, OP_LOOK, OP_LOOK_SET, OP_AHEAD, OP_BEHIND, OP_BOL, OP_EOL, OP_WORD, OP_MATCH
};

/* 16 bytes: a program is read all the time. */
struct op_step {
	uint8_t code;
	bool negated : 1, behind : 1; /* of OP_LOOK, OP_LOOK_SET, OP_AHEAD, OP_BEHIND */
	bool once : 1;         /* of OP_SPLIT: no two ways lead here at one place */
	uint16_t value;        /* of OP_CLASS: its hit's value must be larger, when not 0; of OP_SPLIT: its number; of OP_LOOK_SET: its set */
	uint16_t glance;       /* of OP_SPLIT: at a, the next one at b; of OP_AHEAD, OP_BEHIND: at the nested program */
	uint32_t a, b;         /* a: character, set, class, look, target, of OP_AHEAD and OP_BEHIND the step behind the nested program.
	                        * b: the other target of OP_SPLIT; of OP_BEHIND bit n is set where it may take n code points; else the next step */
};

/* What may stand at a place: hits of classes, characters. */
struct items {
	class_id *classes;
	size_t n, cap;
	codepoint *characters;
	size_t n_characters, cap_characters;
};

/* Something that every match has; see pattern_needs(). */
struct need {
	struct items items;
	class_id *passed;
	size_t n_passed, cap_passed;
	uint32_t steps, hits;
};

struct pattern {
	struct op_step *steps;
	size_t n, cap;
	struct set *sets;
	size_t n_sets, cap_sets;
	struct look *looks;
	size_t n_looks, cap_looks;
	struct items starts, behind;
	struct need *needs;
	size_t n_needs, cap_needs;
	class_id *groups;
	size_t n_groups, cap_groups;
	struct glance *glances;
	size_t n_glances;
	size_t n_splits;
	bool anywhere, longest, all;
	bool divides;                    /* it asks where words begin */
	bool behind_listed, behind_edge; /* behind: all that may end where a match begins, and whether the line may begin there */
};

/* The character of a word of a look that stands at the place looked from: its first one, behind its last one. */
static inline codepoint look_word_edge(const codepoint *word, bool behind)
{
	return word[behind ? word[0] : 1];
}

/* kinds: kinds_of(c). */
static inline bool charset_has(const struct set *s, codepoint c, unsigned kinds)
{
	bool in = (s->kinds & kinds) != 0;
	if (!in && s->sieve[c >> 6 & 3] >> (c & 63) & 1)
		for (size_t i = 0; i < s->n && !in; i++)
			in = c >= s->ranges[i].from && c <= s->ranges[i].to;
	return in != s->negated;
}

/* What pattern_plan() needs; here because it is a subject of its own (pattern_glance.c).  The second one also tells which splits are met once. */
void pattern_sift(struct pattern *p);
void pattern_glances(struct pattern *p);

void class_list_add(class_id **list, size_t *n, size_t *cap, class_id class); /* once */
/* Fills in all that pattern_plan.c and pattern_needs.c tell; false: a match could be empty. */
bool pattern_plan(struct pattern *p);

enum items_found { ITEMS_LISTED, ITEMS_ANY /* too many to list */, ITEMS_NONE /* the program may end without any */ };

/* What can be tried first from that step on, nested programs passed over. */
enum items_found items_first(const struct pattern *p, uint32_t from, struct items *out);
bool items_add_set(struct items *to, const struct set *s); /* false: too many to list */
void items_free(struct items *i);
/* What a program [from, end), with its OP_MATCH at end - 1, can end with; *edge: it may also take nothing at the start of the line. */
bool items_last(const struct pattern *p, uint32_t from, uint32_t end, struct items *out, bool *edge);
void pattern_find_needs(struct pattern *p);
void pattern_find_behind(struct pattern *p);

#endif
