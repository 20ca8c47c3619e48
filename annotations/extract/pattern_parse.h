/* pattern_parse: what the two halves of the compiler of patterns share, pattern.c and pattern_look.c; for these alone.
 *
 * A compiler reads the text of one part of a rule from `at` on and adds steps to the program.  Functions that answer bool fill in the error where
 * they answer false. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_PATTERN_PARSE_H
#define ZHUPI_ANNOTATIONS_EXTRACT_PATTERN_PARSE_H

#include "annotations/extract/pattern_program.h"

struct compiler {
	struct pattern *p;
	struct str text;
	size_t at; /* byte of text */
	class_of_name *name;
	void *ctx;
	struct error *err;
	unsigned depth;
};

bool parse_fail(struct compiler *c, size_t at, const char *message);
codepoint parse_peek(struct compiler *c);  /* the next character that is no blank, 0 at the end */
codepoint parse_take(struct compiler *c);  /* and past it */
struct str parse_name(struct compiler *c); /* of a class; empty where there is none */
bool parse_has_bound(const struct compiler *c); /* whether `>` and a number stand here; a `>` alone closes a named part */
unsigned parse_kind(codepoint escaped);    /* enum kind that it stands for behind a \, 0: none */
bool parse_set(struct compiler *c, struct set *out); /* behind `[`; adds to what is there */
void parse_add_range(struct set *s, codepoint from, codepoint to);
size_t parse_add_set(struct compiler *c, struct set set);
size_t parse_add_step(struct compiler *c, struct op_step s);
bool parse_alternatives(struct compiler *c);
/* The alternatives that begin at these places of the text, and no others. */
bool parse_alternatives_at(struct compiler *c, const size_t *places, size_t n);
/* A look, behind its `(?=` or the like, to past its `)`. */
bool parse_look(struct compiler *c, bool behind, bool negated);

#endif
