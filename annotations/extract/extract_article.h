/* extract_article: an extraction over a whole article, with the zones that a person set in it. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_EXTRACT_ARTICLE_H
#define ZHUPI_ANNOTATIONS_EXTRACT_EXTRACT_ARTICLE_H

#include "annotations/extract/extract.h"
#include "annotations/set.h"
#include "model/article.h"

/* As extract(); judged: its annotations, whose zones win over those found; NULL: none. */
bool extract_article(struct extractor *e, struct article *a, struct set *judged, const struct zone_rules *words,
                     bool (*stop)(void), struct extraction *out);

#endif
