/* edit: the only door for change.
 *
 * An operation takes one item from one state to another and carries both, so its inverse is itself turned round.  A
 * group is what one user action did, in one article or in a hundred; it is what undo undoes, what a line of the journal
 * holds and what a merge compares.
 *
 * A group is built by the functions below from what a person did, then handed to session_commit(), which writes it to
 * the journal and only then applies it. Building reads the sets and changes nothing; each function sees the effect of
 * those called before on the same group. */
#ifndef ZHUPI_ANNOTATIONS_EDIT_H
#define ZHUPI_ANNOTATIONS_EDIT_H

#include "annotations/set.h"

struct doc; /* an open article: doc.h */

struct op {
	char *file; /* article, relative to the corpus */
	enum item_kind kind;
	char *id;
	struct node *was; /* map of the keys that change as they were, absent ones as node_absent(); NULL: the item was
	                     not there */
	struct node *set; /* the same keys as they become; NULL: the item goes */
};

struct group {
	uint64_t n;      /* line in its journal; 0 while being built */
	char *time, *by; /* UTC, annotator */
	char *what;      /* for people: "accept PERSON 高建军"; data from the article, to be sanitised where shown */
	bool undo;       /* this group undoes another */
	char *of;        /* when it undoes or redoes: journal name and line of the one meant, "name:n" */
	struct op *ops;  /* at most one for each item: what several actions of a group do to it is put together */
	size_t n_ops, cap;
	size_t acts;     /* actions put together; `what` tells the first until group_finish() */
	struct op_place {
		uint32_t op; /* its number + 1, 0: none */
		uint32_t hash;
	} *index; /* for edit: items to ops */
	size_t n_index;
};

struct group *group_new(const char *by);
void group_free(struct group *g);
bool group_empty(const struct group *g);
struct group *group_inverse(const struct group *g);
void group_finish(struct group *g); /* completes `what`: "accept PERSON 高建军 and 3 more"; session_commit() does it */
/* Takes was and set over.  For readers of journals; the functions below build their own. */
void group_add_op(struct group *g, const char *file, enum item_kind kind, struct str id, struct node *was,
                  struct node *set);

/* Moves all ops to the end of another group, for other items; `from` is then empty. */
void group_move(struct group *to, struct group *from);

/* Applies to the set of the file concerned; used by session and replay. ERROR_CONFLICT where the item reads neither as
 * `was` nor as `set`. */
bool op_apply(struct set *s, const struct op *op, struct error *err);
bool op_apply_last(struct set *s, struct op *op, struct error *err); /* the same; what an added item is leaves the op */
enum op_state { OP_BEFORE, OP_AFTER, OP_OTHER }; /* the item reads as its `was`, as its `set`, as something else */
enum op_state op_state(struct set *s, const struct op *op);

/* ---- what a reviewer does -----------------------------------------------------------------------------------
 * All take the open article and ids.  False when the action makes no sense there (err says why); the group is then
 * unchanged. Verdict rules: `corrected` is accepted and different from `original`; moved back it is `accepted` again; a
 * person's own span is always `accepted`, deleting it removes it; deleting a proposal is `rejected`.  `judged: {by,
 * on}` goes with every verdict.  Adding or un-deciding anything takes `done` back. */

bool edit_verdict(struct group *g, struct doc *d, enum item_kind kind, struct str id, enum verdict v,
                  struct error *err); /* span, relation, field */
/* judge: also the verdict; the same label accepts. */
bool edit_label(struct group *g, struct doc *d, struct str id, uint16_t label, bool judge, struct error *err);
bool edit_fragments(struct group *g, struct doc *d, struct str id, const struct fragment *fragments, size_t n,
                    struct error *err); /* verdict untouched if undecided, else recomputed */
bool edit_add_span(struct group *g, struct doc *d, uint16_t label, const struct fragment *fragments, size_t n,
                   char **id, struct error *err); /* id may be NULL */
bool edit_delete(struct group *g, struct doc *d, enum item_kind kind, struct str id, struct error *err);
bool edit_attribute(struct group *g, struct doc *d, struct str id, struct str name, struct str value,
                    struct error *err); /* empty value removes */
bool edit_links(struct group *g, struct doc *d, struct str id, const struct node *links, struct error *err);
/* Of an item; empty removes. */
bool edit_note(struct group *g, struct doc *d, enum item_kind kind, struct str id, struct str text, struct error *err);
bool edit_flag(struct group *g, struct doc *d, enum item_kind kind, struct str id, struct str reason,
               struct error *err);                                                                 /* empty removes */
bool edit_add_note(struct group *g, struct doc *d, struct str text, char **id, struct error *err); /* of the article */
bool edit_field(struct group *g, struct doc *d, struct str id, struct str value, const struct str *spans, size_t n,
                struct error *err); /* corrects a value */
bool edit_add_field(struct group *g, struct doc *d, struct str name, struct str value, const struct str *spans,
                    size_t n, char **id, struct error *err);
bool edit_add_relation(struct group *g, struct doc *d, struct str type, struct str from, struct str to, char **id,
                       struct error *err);
bool edit_zone(struct group *g, struct doc *d, size_t off, size_t end, struct str kind, struct error *err);
/* Done is refused while flags or undecided spans are left. */
bool edit_status(struct group *g, struct doc *d, enum status status, struct error *err);
/* In an article that was edited elsewhere every moved span takes the place found.  All decisions do this by themselves:
 * a sidecar must not mix places in two texts. */
void edit_follow(struct group *g, const struct doc *d);
/* Of a moved span: the place found becomes its place. */
bool edit_reanchor(struct group *g, struct doc *d, struct str id, struct error *err);
/* A proposal of an extractor or an import: a whole map as in a sidecar with `at` in code points.  Skipped (true, *added
 * false) where the same label, fragments and text were judged before, whatever the verdict. */
bool edit_propose(struct group *g, struct doc *d, enum item_kind kind, const struct node *map, bool *added,
                  struct error *err);
/* A proposal that is added though there is one like it: what is said of the two differs, or whoever proposes them tells
 * them apart.  Its map has an id that no item has. */
bool edit_propose_beside(struct group *g, struct doc *d, enum item_kind kind, const struct node *map,
                         struct error *err);
/* The same as edit_propose(), quickly, for an item that cannot be there, in an article without items: its map is
 * whole and right (id, verdict, text, context …) and is taken over. */
void edit_propose_new(struct group *g, struct doc *d, enum item_kind kind, struct node *map);

char *edit_random_id(void); /* five signs as in ids, for names of files */
/* The same everywhere for the same proposal. */
char *edit_proposal_id(struct str by, struct str label, const struct node *at, struct str text);
/* The same of a span of one fragment (code points), written into *id.  more: characters more than usual, because the
 * shorter one is taken. */
void edit_span_id(struct buf *id, struct str by, struct str label, uint64_t start, uint64_t end, struct str text,
                  size_t more);

#endif
