/* brat_writing: one .ann file while it is written; what brat_out.c (files, their lines), brat_refer.c (ids and what they
 * stand for) and brat_tell.c (attributes, links and notes) share.  Nobody else includes this. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_BRAT_WRITING_H
#define ZHUPI_ANNOTATIONS_FORMATS_BRAT_WRITING_H

#include "annotations/formats/brat.h"

#define NONE UINT32_MAX

/* What an id stands for. */
struct referent {
	uint32_t span, relation; /* one of them is NONE */
};

struct writing {
	struct outgoing *out;
	struct brat_used *used;
	struct buf file, scratch;
	const struct node *lines;
	const char *newline;
	struct strmap ids;       /* of the file -> struct referent, as bytes */
	struct strmap roles;     /* E1-1 -> index of the relation that came from there */
	struct strmap relations; /* type, from and to -> index of a relation that has no line of its own */
	struct strmap said;      /* attributes, links and notes that were written */
	struct str *span_ids, *relation_ids; /* in the file; p NULL: none yet */
	bool *span_done, *relation_done;
	struct arena memory;
	size_t next[128]; /* next free number by letter */
};

/* ---- brat_out.c */
void brat_write_line(struct writing *w, struct str line);

/* ---- brat_refer.c */
/* Whether a word or text of the file stands for this. */
bool brat_means(struct str written, struct str text);
/* Gives all spans and relations the ids that they have in the file that they came from, and finds what else the ids of
 * that file stand for. */
void brat_index_items(struct writing *w);
void brat_index_lines(struct writing *w);
bool brat_refer(const struct writing *w, struct str id, struct referent *out); /* false: to nothing that goes out */
struct str brat_new_id(struct writing *w, char letter);                        /* valid as long as w */
bool brat_own_id(struct str id, char letter);
/* Type and places of a T line, sorted, touching ones as one; false: it is none.  The caller frees *f. */
bool brat_bound_of(struct str line, struct str *type, struct record_fragment **f, size_t *n);
void brat_relation_key(struct buf *key, struct str type, size_t from, size_t to);

/* ---- brat_tell.c: lines of the file, each as it stood if that is still so, changed or left out if it is not */
void brat_write_attribute(struct writing *w, struct str line, struct str id, struct str rest);
void brat_write_link(struct writing *w, struct str line, struct str rest);
void brat_write_note(struct writing *w, struct str line, struct str id, struct str rest);
/* What is said of an item and was not written yet, target being its id. */
void brat_write_parts(struct writing *w, struct referent r, struct str target);

#endif
