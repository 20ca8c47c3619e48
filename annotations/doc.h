/* doc: an article with its annotations, as open in one session: the thing that screens and commands hold.
 *
 * Owns article, set, sidecar and findings.  An article can be read although its sidecar cannot: then `trouble` says why
 * and the doc is read-only. */
#ifndef ZHUPI_ANNOTATIONS_DOC_H
#define ZHUPI_ANNOTATIONS_DOC_H

#include "annotations/corpus.h"
#include "annotations/sidecar.h"

struct doc {
	struct corpus *corpus; /* borrowed */
	char *file;            /* relative to the corpus root */
	struct article *article;
	struct set *set;
	struct sidecar *sidecar;
	struct findings findings; /* what was wrong with single items */
	struct error trouble;     /* code != ERROR_NONE: the sidecar could not be used */
	bool dirty;               /* changed since the sidecar was written */
	bool rests;               /* session_save_in_pause() leaves it: it was written not long ago, which took long */
	bool unread;              /* nothing but the text is there yet: doc_read_sidecar() */
};

/* False when the article itself cannot be read. */
bool doc_open(struct corpus *c, struct str file, struct doc **out, struct error *err);
/* In two steps, for who wants to show the text before a large sidecar is read.  An unread doc has an empty set and is
 * read-only. */
bool doc_open_text(struct corpus *c, struct str file, struct doc **out, struct error *err);
void doc_read_sidecar(struct doc *d); /* nothing when it was read */
/* The annotations as they are on disk now: set, sidecar and findings are others afterwards, but for the pointer to the
 * set.  False: they cannot be read; all stays as it was. */
bool doc_reload(struct doc *d, struct error *err);
void doc_free(struct doc *d);
bool doc_read_only(const struct doc *d);

#endif
