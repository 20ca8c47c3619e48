/* html_page: an HTML page as lines of text, and what its head says of it.  The one place that sees libxml2's HTML
 * parser.
 *
 * Block elements, <br> and rows of tables break lines, cells of a row stand apart by a blank, runs of blanks are one; a
 * line break of the source between two Han characters is nothing (CSS Text 3, 4.1.2).  Script, style and what is marked
 * hidden is left out; navigation and other furniture stays, zones are for that. <pre> keeps its lines.  The readings of
 * <ruby> stand in brackets behind what they are readings of.  Elements may nest and lack ends as they like: only events
 * are used, no tree is built. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_HTML_PAGE_H
#define ZHUPI_ANNOTATIONS_FORMATS_HTML_PAGE_H

#include "model/base.h"

#define HTML_LIMIT ((size_t)256 << 20) /* bytes of a page */

/* Owns its buffers. */
struct page {
	struct buf text;                          /* lines, each with its newline, none empty */
	struct buf title;                         /* of the head's <title> */
	struct buf heading;                       /* of the first <h1> that is not empty */
	struct buf lesser;                        /* of the first <h2> or <h3> */
	bool frames;                              /* its text stands in other files */
	struct buf meta_title, date, source, url; /* from <meta>, <time>, <link>; empty where there is none */
};

/* html: bytes as they are in the file; *encoding (may be NULL): as what they were read. False: binary, or too large or
 * too broken to be read in reasonable time. */
bool page_read(struct str html, const char *path, struct page *out, const char **encoding, struct error *err);
void page_free(struct page *p);

#endif
