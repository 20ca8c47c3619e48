/* html_source: the bytes of a page as UTF-8 that libxml2's HTML parser can be given, see html_page.h: decoded, without
 * what it would stumble over, and refused where it would take for ever.
 *
 * The encoding is found as browsers do, by BOM and <meta charset> (HTML Standard, 13.2.3; labels by the WHATWG Encoding
 * Standard, 4.2), but bytes that are valid UTF-8 are UTF-8 whatever the page says.  CDATA sections of XHTML, as EPUB
 * has it, become escaped text.  No tag may have more than a thousand attributes. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_HTML_SOURCE_H
#define ZHUPI_ANNOTATIONS_FORMATS_HTML_SOURCE_H

#include "model/base.h"

/* html: bytes as they are in the file.  Adds to `out`, which stays the caller's and must be freed in any case;
 * *encoding (may be NULL): as what they were read.  False: ERROR_ENCODING (binary, or not of that encoding) or
 * ERROR_LIMIT (more than INT32_MAX bytes of UTF-8, too many attributes). */
bool html_source(struct str html, const char *path, struct buf *out, const char **encoding, struct error *err);

/* As what the bytes are to be read: BOM, UTF-8 that is valid, <meta charset>, else by detection.  NULL: binary. */
const char *html_encoding(struct str html);

/* Whether s is the word, or starts with it, without regard to the case of ASCII letters; word: in lower case. */
bool html_equals_word(struct str s, const char *word);
bool html_starts_word(struct str s, const char *word);

#endif
