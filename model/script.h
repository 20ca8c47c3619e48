/* script: simplified and traditional Chinese, by words, through ICU's transliterators "Traditional-Simplified" and
 * "Simplified-Traditional".
 *
 * A struct script_converter is opened on first use (the rules take some milliseconds to load) and is not const: ICU
 * keeps state in it. */
#ifndef ZHUPI_MODEL_SCRIPT_H
#define ZHUPI_MODEL_SCRIPT_H

#include "model/base.h"

enum script { SCRIPT_RAW, SCRIPT_HANS, SCRIPT_HANT };

struct script_converter;

struct script_converter *script_converter_new(void);
void script_converter_free(struct script_converter *c); /* NULL is fine */

/* Appends `text` (well-formed UTF-8) in that script, with as many code points as it has: where a word's conversion
 * has another number of them, every character is converted by itself (fold.h).  SCRIPT_RAW copies.  Some words keep
 * a character that is simplified elsewhere, 乾隆 beside 饼干; so does text that is simplified already. */
void script_convert(struct script_converter *c, struct str text, enum script to, struct buf *out);

#endif
