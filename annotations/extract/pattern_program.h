/* pattern_program: what pattern.c compiles to, pattern_plan.c looks over and pattern_match.c runs; for these alone. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_PATTERN_PROGRAM_H
#define ZHUPI_ANNOTATIONS_EXTRACT_PATTERN_PROGRAM_H

#include "annotations/extract/pattern.h"

enum set_kind { SET_HAN = 1, SET_DIGIT = 2, SET_NUMERAL = 4, SET_SPACE = 8, SET_MARK = 16 };

struct range {
	codepoint from, to;
};

struct set {
	struct range *ranges;
	size_t n, cap;
	unsigned kinds; /* of enum set_kind */
	bool negated;
};

/* One of several things that a single look can tell: a character of a set, a word of a class, an end of the line. */
struct look {
	class_id *classes;
	size_t n, cap;
	size_t set;        /* NOWHERE: none */
	bool edge;         /* ^ behind, $ ahead */
};

enum op_code { OP_CHAR, OP_SET, OP_ANY, OP_CLASS, OP_SPLIT, OP_JUMP, OP_OPEN, OP_CLOSE, OP_LOOK, OP_AHEAD, OP_BEHIND, OP_BOL, OP_EOL, OP_WORD, OP_MATCH };

struct op_step {
	uint8_t code;
	bool negated, behind;  /* of OP_LOOK, OP_AHEAD, OP_BEHIND */
	uint16_t value;        /* of OP_CLASS: its hit's value must be larger, when not 0; of OP_SPLIT: its number */
	uint32_t a, b;         /* character, set, class, targets, look, end of a nested program;
	                        * b of OP_BEHIND: bit n is set where it may take n code points */
};

struct pattern {
	struct op_step *steps;
	size_t n, cap;
	struct set *sets;
	size_t n_sets, cap_sets;
	struct look *looks;
	size_t n_looks, cap_looks;
	class_id *starts;
	size_t n_starts, cap_starts;
	codepoint *characters;
	size_t n_characters, cap_characters;
	codepoint *behind; /* characters of the look that it begins with */
	size_t n_behind, cap_behind;
	struct needed *needs;
	size_t n_needs, cap_needs;
	class_id *groups;
	size_t n_groups, cap_groups;
	size_t n_splits;
	bool anywhere, longest, all, behind_listed;
};

bool charset_has(const struct set *s, codepoint c);
void class_list_add(class_id **list, size_t *n, size_t *cap, class_id class); /* once */
/* Fills in all that pattern_plan.c tells; false: a match could be empty. */
bool pattern_plan(struct pattern *p);

#endif
