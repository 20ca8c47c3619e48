/* extract_article: an extraction over a whole article, with the zones that a person set in it and what was learned. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_EXTRACT_ARTICLE_H
#define ZHUPI_ANNOTATIONS_EXTRACT_EXTRACT_ARTICLE_H

#include "annotations/extract/learned.h"
#include "model/article.h"

/* As extract(); judged: its annotations, whose zones win over those found; NULL: none.  learned: prepared for the
 * extractor's pack; NULL: none. */
bool extract_article(struct extractor *e, struct article *a, struct set *judged, const struct zone_rules *words,
                     const struct learned *learned, bool (*stop)(void), struct extraction *out);

#endif
