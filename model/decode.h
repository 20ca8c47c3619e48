/* decode: bytes of a file to UTF-8.  BOMs first, then valid UTF-8, then ICU's detector (ucsdet) restricted to the
 * encodings below, scored again by how much of the result is common Han, kana and ASCII.  The names are those that a
 * sidecar carries, lower case. */
#ifndef ZHUPI_MODEL_DECODE_H
#define ZHUPI_MODEL_DECODE_H

#include "model/base.h"

/* "utf-8", "utf-16le", "utf-16be", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr", "windows-1252"; NULL: binary
 * (NULs, no UTF-16). */
const char *decode_detect(struct str bytes);
bool decode_known(const char *encoding);
const char *decode_name(const char *encoding); /* the same name as a constant of the program, NULL: not known */
/* Appends bytes as UTF-8.  A BOM stays, as U+FEFF.  Undecodable bytes become U+FFFD and are counted in *bad (may be
 * NULL). For "utf-8" the bytes are copied as they are. */
bool decode_to_utf8(struct str bytes, const char *encoding, struct buf *out, size_t *bad, struct error *err);
#endif
