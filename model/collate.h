/* collate: the order in which a Chinese reader expects names: CLDR's "zh" (pinyin for Han), numbers by their value.
 *
 * Keys are made once and compared as bytes.  Equal names in CLDR's eyes are told apart by their bytes, so that the
 * order is total.  A collator owns ICU's; where ICU has none the order is that of bytes. */
#ifndef ZHUPI_MODEL_COLLATE_H
#define ZHUPI_MODEL_COLLATE_H

#include "model/base.h"

struct collator;

struct collator *collator_new(void);
void collator_free(struct collator *c);
/* Appends the key of a name; keys compare with str_cmp(). */
void collate_key(const struct collator *c, struct str name, struct buf *key);
/* The order of two names as their keys have it, where it can be told without them: files are mostly numbered, and then the
 * first difference is between two numbers of as many digits.  0: not told. */
int collate_numbered(struct str a, struct str b);

#endif
