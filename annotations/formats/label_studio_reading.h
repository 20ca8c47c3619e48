/* label_studio_reading: one task while it is read; what label_studio_in.c (files, tasks, who annotated) and
 * label_studio_results.c (the results of each annotation: regions, what is said of them, relations) share.  Nobody else
 * includes this.
 *
 * A task is taken in this order: its batches; which of them comes first; the places of all regions at once, because the
 * unit of offsets is found out by all of them together; then the results, of which those that speak of a region find it
 * by its id within their batch. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_LABEL_STUDIO_READING_H
#define ZHUPI_ANNOTATIONS_FORMATS_LABEL_STUDIO_READING_H

#include "annotations/formats/label_studio.h"
#include "annotations/formats/places.h"

/* One annotation or prediction. */
struct batch {
	const struct node *node, *results;
	bool prediction, first; /* first: its items are accepted and bear their own ids */
	struct buf by;          /* who or what made it; empty: not known */
	struct strmap regions;  /* id -> index in `regions` of the taking, in decimal */
};

/* A region that was taken. */
struct region {
	size_t batch;
	size_t span, labels; /* 0-based place of its first label's span in the record; those of others follow */
};

/* Owns its lists; the nodes are of the file, which outlives it. */
struct taking {
	struct record record;
	const struct node *task;
	struct batch *batches;
	size_t n_batches;
	struct places places;
	size_t *owners; /* the batch of each place */
	size_t cap_owners;
	struct region *regions;
	size_t n_regions, cap_regions, n_spans;
};

/* ---- label_studio_results.c */
/* Takes the results of all batches into the record; text: the article's, as UTF-8.  What cannot be taken is reported to
 * the record or counted as lost; where no unit fits the offsets nothing is taken. */
void label_studio_take_results(struct taking *t, struct str text);
/* Values that are of the whole text: a field of that name for each; type: the kind of control (choices, taxonomy …);
 * result: where they stand, whose other keys are kept; NULL: nowhere in particular. */
void label_studio_take_fields(struct taking *t, const struct batch *b, struct str name, struct str type,
                              const struct node *values, const struct node *result);

#endif
