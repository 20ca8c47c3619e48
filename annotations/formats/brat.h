/* brat: standoff files, `X.ann` beside `X.txt`; what the reader and the writer share.  Nobody else includes this.
 *
 * A line is an id, a tab and the rest: `T1<TAB>Type 0 5;7 9<TAB>text` (text-bound, fragments joined by one blank),
 * `E1<TAB>Type:T3 Role:T1` (event), `R1<TAB>Type Arg1:T1 Arg2:T2<TAB>`, `A1<TAB>Name T1 Value` (old files: M),
 * `N1<TAB>Reference T1 DB:ID<TAB>name`, `#1<TAB>AnnotatorNotes T1<TAB>text`, `*<TAB>Equiv T1 T2`.  Source: brat's
 * standoff documentation and server/src/annotation.py.
 *
 * A T line becomes a span of the same id, R a relation; of an event each role becomes a relation from its trigger; A, N
 * and # become attributes, links and notes of the span or relation that they are of (of an event: its trigger).  The
 * record keeps under `brat` the `lines` of the file in their order: `T1..T9` is a run of lines that can be made anew,
 * `=…` a line as it stood.  Such a line is written again as long as it is true of the items as they are now.  An item
 * whose line is not as zhupi would write it keeps that `line`. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_BRAT_H
#define ZHUPI_ANNOTATIONS_FORMATS_BRAT_H

#include "annotations/formats/record.h"

struct brat_fragment {
	uint64_t start, end;
};

struct brat_bound {
	struct str type;
	struct brat_fragment one;   /* of one fragment, as nearly all are */
	struct brat_fragment *more; /* of several; the caller frees them */
	size_t n;
	struct str text; /* p NULL: the line has none */
};

/* The id and what follows the tab. False: no such line. */
bool brat_line(struct str line, struct str *id, struct str *rest);
/* The number of an id: 7 of T7; NOWHERE where the tail is no number. */
size_t brat_number(struct str id);
/* What follows the tab of a T line.  False: why says what is wrong. */
bool brat_bound(struct str rest, struct brat_bound *out, const char **why);
/* All of them, as the line has them. */
static inline const struct brat_fragment *brat_fragments(const struct brat_bound *b)
{
	return b->more ? b->more : &b->one;
}
/* Splits at blanks; the last word takes all the rest. */
size_t brat_words(struct str s, struct str *words, size_t most);
/* role:target */
bool brat_pair(struct str word, struct str *role, struct str *target);
/* A role without the number that tells it from others of its name: Theme of Theme2. */
struct str brat_role(struct str role);

/* Lines as zhupi writes them, without the newline. A line of a span has its fragments cut at newlines, since no text of
 * a span can hold one. */
void brat_add_bound(struct buf *out, struct str id, struct str type, const struct record_fragment *fragments, size_t n,
                    struct str text);
void brat_add_relation(struct buf *out, struct str id, struct str type, struct str from, struct str to);

/* ---- settings: annotation.conf, visual.conf, kb_shortcuts.conf (brat_conf.c) -------------------------------- */

/* Whether the file is one of those three. */
bool brat_is_conf(const char *path);
/* Makes zhupi.yaml of the corpus from annotation.conf and, beside it, visual.conf and kb_shortcuts.conf, where there is
 * no zhupi.yaml yet. */
bool brat_conf_import(struct import_job *job, const char *path, struct error *err);

/* The lines of the three files that the zhupi.yaml was made of, if its schema is still as it was made; roles of events that
 * they know are told to u in any case. */
struct brat_used;
bool brat_conf_kept(const struct corpus *corpus, struct buf *annotation, struct buf *visual, struct buf *shortcuts,
                    struct brat_used *u);

/* What was written, for the three files at the end. */
struct brat_used *brat_used_new(void);
void brat_used_free(struct brat_used *u);
void brat_use_corpus(struct brat_used *u, const struct corpus *c, const struct schema *s);
void brat_use_label(struct brat_used *u, struct str label);
void brat_use_relation(struct brat_used *u, struct str type);
void brat_use_role(struct brat_used *u, struct str event, struct str role);
void brat_use_attribute(struct brat_used *u, struct str name, struct str value);
bool brat_conf_export(struct export_job *job, const struct brat_used *u, struct error *err);

bool brat_begin(struct export_job *job, struct error *err);
bool brat_export(struct export_job *job, struct doc *d, struct error *err);
bool brat_end(struct export_job *job, struct error *err);

#endif
