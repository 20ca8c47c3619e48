/* proposal: what an extraction found, in the form that sidecars have; as JSONL: proposal_json.h.
 *
 * Offsets are code points of the raw text. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_PROPOSAL_H
#define ZHUPI_ANNOTATIONS_EXTRACT_PROPOSAL_H

#include "annotations/doc.h"
#include "annotations/edit.h"
#include "annotations/extract/extract.h"

#define EXTRACTOR_NAME "zh-report"
#define EXTRACTOR_VERSION 1

/* Which labels are wanted; NULL: all. */
typedef bool label_wanted(void *ctx, struct str label);

/* Sees the source of each span before it goes out and may change it (answers.h); offsets in code points. */
typedef void proposal_seen(void *ctx, uint64_t start, uint64_t end, struct str label, struct node *source);

struct proposal_options {
	const struct pack *pack;
	label_wanted *wanted;
	void *ctx;
	proposal_seen *seen; /* NULL: none */
	void *seen_ctx;
};

struct proposal_counts {
	uint64_t spans, relations, fields; /* new ones */
	uint64_t there;                    /* those that were there before, judged or not */
};

/* Adds all that is not there yet to the group. */
bool proposal_add(const struct proposal_options *o, const struct extraction *x, struct doc *d, struct group *g, struct proposal_counts *counts,
                  struct error *err);

#endif
