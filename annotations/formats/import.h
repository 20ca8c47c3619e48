/* import: what every importer needs: which article an object belongs to, whether it may be there, what is known of it
 * already, and one group and one save for each article.
 *
 * Objects of the same article that follow one another share one open article and one save. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_IMPORT_H
#define ZHUPI_ANNOTATIONS_FORMATS_IMPORT_H

#include "annotations/formats/format.h"
#include "annotations/formats/strmap.h"

struct import_target {
	struct doc *doc;
	bool made; /* a dry run on an article that is not there: doc is made here and not the session's */
	bool changed;
	struct import_counts before; /* what was counted before it */
	struct strmap known;         /* identity of every item -> its id, of several the first; see identity_* */
	bool extents; /* the places of spans are among them: import_know_extents() */
};

/* Reads a file of at most `limit` bytes whole, or standard input where path is "-". */
bool import_read(const char *path, size_t limit, struct buf *out, struct error *err);

/* The name of an article as another program gives it: relative, inside the corpus, no dot files, no sidecars; a leading
 * `./` is taken off. */
bool import_name(struct str *file, const char **why);

/* Makes file the target.  text: what the article must read, or NULL; where there is no such article it is created with
 * it (never in a dry run).  Saves the target before, if it is another. */
bool import_begin(struct import_job *job, struct str file, const struct str *text, struct error *err);
/* Creates the article, which must not be there (ERROR_EXISTS), and makes it the target. */
bool import_create(struct import_job *job, struct str file, struct str text, struct error *err);
/* Commits the group (taken over) to the target. */
bool import_commit(struct import_job *job, struct group *g, struct error *err);
/* Saves and lets go of the target, if any.  What cannot be saved is told to hooks.failed and not counted. */
void import_end(struct import_job *job);

/* ---- what is the same ---------------------------------------------------------------------------------------
 * Two items are the same when these agree: of a span its label and fragments (in code points), of a relation type and
 * ends, of a field name and value, of a note its text, of a zone extent and kind.  A corrected item is the same as what
 * it was and as what it became. */
void identity_span(struct buf *out, struct str label, const struct node *at);
void identity_place(struct buf *out, struct str label, uint64_t start, uint64_t end); /* of one fragment */
void identity_extent(struct buf *out, const struct node *at, struct str label); /* label empty: any */
void identity_relation(struct buf *out, struct str type, struct str from, struct str to);
void identity_field(struct buf *out, struct str name, struct str value);
void identity_note(struct buf *out, struct str text);
/* Records an item that is there now or will be when the group is committed. */
void import_know(struct import_target *t, enum item_kind kind, struct str id, const struct node *map);
/* Of several that are the same, in the order in which they became known: whether this is one of them, and the one that
 * comes after it. */
bool import_is_same(const struct import_target *t, struct str identity, struct str id);
bool import_next_same(const struct import_target *t, struct str identity, struct str id, struct str *next);
/* The same for the places of all spans, of the article and of the group that is being built: for who looks one up by
 * place, which few do. */
void import_know_extents(struct import_target *t, const struct group *g);

#endif
