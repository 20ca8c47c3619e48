/* html_out: articles as pages to look at: html_in.c has the way in. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_HTML_OUT_H
#define ZHUPI_ANNOTATIONS_FORMATS_HTML_OUT_H

#include "annotations/formats/record.h"

/* Text as content or as the value of an attribute; CRLF becomes LF, what is hidden is shown by its code. */
void html_add_text(struct buf *out, struct str text);
/* Writes a page for one article, "report.html". */
bool html_export(struct export_job *job, struct doc *d, struct error *err);

/* The style of a page whose spans have so many labels, in html_style.c: classes l0, l1 … and check boxes of these ids. */
void html_add_style(struct buf *out, size_t labels);

#endif
