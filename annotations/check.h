/* check: what is wrong with an article's annotations, found in its sidecar as it stands on the disk.
 *
 * Found: what cannot be read (syntax, a newer version), what the format forbids (schema, duplicate), offsets outside
 * the text or not in order (offset), text that is not what stands at the offsets (text), overlaps that a layer
 * forbids (overlap), labels, attributes, values, relation types and fields that the schema does not know (schema),
 * references to nothing or to a wrong kind of end (reference), flags (flag), `done` with something left (status),
 * sidecars whose article is gone (missing), versions that a crash left beside a sidecar (conflict).  Each has its
 * line and column in the sidecar. Nothing is changed. */
#ifndef ZHUPI_ANNOTATIONS_CHECK_H
#define ZHUPI_ANNOTATIONS_CHECK_H

#include "annotations/corpus.h"
#include "annotations/sidecar.h"

/* Appends findings; an article without a sidecar has none. */
void check_article(struct corpus *c, struct str file, struct findings *out);
/* Sidecars of the corpus without an article, and versions kept beside one (session_watcher).  False: the folder
 * could not be walked. */
bool check_orphans(struct corpus *c, struct findings *out, struct error *err);

#endif
