/* fold: characters made alike for search, rules and sorting out of scripts: traditional to simplified, full-width to
 * ASCII, lower case.
 *
 * One code point folds to one code point, so that code point offsets of folded text are those of the text; byte
 * offsets are not.  The tables are generated at build (gen/fold_make.c) from ICU: transliterator
 * Traditional-Simplified (single code points; what lengths would change stays), the <wide> and <narrow>
 * decompositions, those of compatibility ideographs and radicals, simple case folding, and a list of old and variant
 * forms that ICU leaves alone (in the generator, with its source).  Folding is idempotent; the generator asserts it. */
#ifndef ZHUPI_MODEL_FOLD_H
#define ZHUPI_MODEL_FOLD_H

#include "model/base.h"
#include "model/utf8.h"

codepoint fold_cp(codepoint cp);                 /* UTF8_BAD values and what has no fold: themselves */
void fold_add(struct buf *out, struct str text); /* appends text folded */

/* Script alone, character by character: what traditional or simplified text writes for it, itself where that is the
 * same or where only the word tells.  For display by words see script.h. */
codepoint fold_hans(codepoint cp);
codepoint fold_hant(codepoint cp);

#endif
