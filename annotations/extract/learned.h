/* learned: what people accepted and rejected in a corpus, by label and string: `learned.yaml` at its root.
 *
 *   learned: 1
 *   fixed:                      # a person's own; wins over what was counted and is never rewritten
 *     ORG: {专班: [0, 2]}
 *   counted:                    # accepted, rejected; renewed from the sidecars
 *     ORG: {临江市委: [7, 1]}
 *
 * It is data only, to be read, edited and shared.  A count is of spans of one fragment with that very raw text: corrected
 * ones count as accepted with the label that they have now.  Nothing is guessed from it:
 *   accepted more often than rejected: proposed where it stands in title, byline or body and no proposal of the flat
 *     layer, none of its label and no span that a person keeps overlaps; at most LEARNED_MOST in an article; its score
 *     is (accepted + 1) / (accepted + rejected + 2), Laplace's rule of succession; the rule is `learned`;
 *   rejected twice or more and never accepted: what the rules find there with that label is left out.
 * Only strings of two to LEXICON_WORD characters, at least two of them Han, and only labels that the pack knows. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_LEARNED_H
#define ZHUPI_ANNOTATIONS_EXTRACT_LEARNED_H

#include "annotations/corpus.h"
#include "annotations/extract/extract.h"

#define LEARNED_MOST 50

struct learned;

char *learned_path(const struct corpus *c); /* the caller frees it */
/* No file: nothing learned.  Errors carry line and column; *out is then NULL. */
bool learned_read(const char *path, struct learned **out, struct error *err);
void learned_free(struct learned *l);
bool learned_is_empty(const struct learned *l);
/* Counts anew in all sidecars of the corpus, from its root on whatever part of it is open, as they are on disk; those
 * that cannot be read count for nothing.  False, and nothing has changed, when stop (may be NULL) said so. */
bool learned_count(struct learned *l, const struct corpus *part, bool (*stop)(void), struct error *err);
/* Replaces the file at once or not at all. */
bool learned_write(const struct learned *l, const char *path, struct error *err);

/* Before learned_apply(): for the classes of that pack, which is borrowed. */
void learned_prepare(struct learned *l, const struct pack *p);
/* Adds to and takes from an extraction of that text; judged may be NULL. */
void learned_apply(const struct learned *l, struct str text, const struct zones *zones, struct set *judged,
                   struct extraction *x);

#endif
