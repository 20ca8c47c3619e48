/* html_in: what the readers of pages share: fields that a page, or the book that it is in, says of itself. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_HTML_IN_H
#define ZHUPI_ANNOTATIONS_FORMATS_HTML_IN_H

#include "annotations/formats/import.h"

/* Appends ISO 8601 of the first date in s, with the time where one follows; false: there is none. */
bool page_date(struct str s, struct buf *out);
/* Proposes a value of a field of the job's target, undecided; an empty one is none. */
bool page_field(struct import_job *job, struct group *g, const char *name, struct str value, struct error *err);

#endif
