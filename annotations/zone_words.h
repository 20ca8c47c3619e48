/* zone_words: the words by which zones are found (model/zones.h), out of the pack file zh-report/zones.yaml.
 *
 * The file is a map of lists, one for each kind of word by its name (byline, source, author, credit, title, notice,
 * legal, related, share, platform, nav, section, ticker); each word is folded as it is read.  Other keys, words that
 * are no scalars and empty ones are errors. */
#ifndef ZHUPI_ANNOTATIONS_ZONE_WORDS_H
#define ZHUPI_ANNOTATIONS_ZONE_WORDS_H

#include "model/zones.h"

bool zone_words_load(struct zone_rules *out, struct error *err);                                     /* the built-in ones */
bool zone_words_read(struct str yaml, const char *path, struct zone_rules *out, struct error *err); /* *out is not changed on failure */
void zone_words_free(struct zone_rules *rules);

#endif
