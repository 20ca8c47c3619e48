/* proposal_json: what an extraction found and what other extractors answered, as one object of JSONL.
 *
 * Written as text at once, without a tree: tens of thousands of articles go this way.  Offsets are code points of
 * the raw text. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_PROPOSAL_JSON_H
#define ZHUPI_ANNOTATIONS_EXTRACT_PROPOSAL_JSON_H

#include "annotations/extract/answers.h"

/* Appends {key: name, "spans": […], "fields": {…}, "relations": […]}, the first pair only where there is a name.
 * Spans of the answers that were found too are marked as taken and lend their names and scores to them. */
void proposal_write_json(struct buf *out, const struct proposal_options *o, const struct extraction *x, struct answers *answers, struct article *a,
                         const char *key, struct str name);

#endif
