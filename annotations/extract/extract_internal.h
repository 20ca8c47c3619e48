/* extract_internal: what the parts of the extractor share; nobody else includes this. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_EXTRACT_INTERNAL_H
#define ZHUPI_ANNOTATIONS_EXTRACT_EXTRACT_INTERNAL_H

#include "annotations/extract/extract.h"

struct extractor {
	const struct pack *pack;
	struct window window;
	struct lattice lattice;
	struct matcher matcher;
	struct sets_met met;
	struct lexicon *learnt;     /* of this article; NULL: nothing yet */
	uint64_t *starts;           /* scratch: where a rule may begin */
	size_t cap_starts;
	struct lexicon_word *words; /* scratch */
	size_t cap_words;
	uint32_t *taken;            /* scratch: of each place, index of the flat span there plus 1 */
	size_t cap_taken;
	struct buf text;            /* scratch */
	uint64_t *steps;            /* that each rule has left in this article; 0: it was given up */
	bool explain;
};

/* Chooses between the hits of the window and appends those that stay. */
void choose_spans(struct extractor *e, struct extraction *out, uint32_t window);
/* Drops what belongs to no enumeration: rules with `series`. */
void choose_series(const struct pack *p, struct extraction *x);

/* Values of attributes; the year that a date leaves out is that of the byline. */
void values_fill(const struct pack *p, struct extraction *x);
/* Fields and relations. */
void facts_find(struct extractor *e, struct extraction *x, struct str text, const struct zones *zones, const struct zone_rules *words,
                struct noise_facts noise);

struct found *extraction_add(struct extraction *x, struct found f);

#endif
