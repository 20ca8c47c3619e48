/* zones_split: zones out of lines, with bylines that share a line with the body divided off.  Only zones_find.c includes it. */
#ifndef ZHUPI_MODEL_ZONES_SPLIT_H
#define ZHUPI_MODEL_ZONES_SPLIT_H

#include "model/zones_line.h"

/* Appends to *out the zones of lines that follow one another without gaps; folded: those lines as they were read.
 * Of a line of body, `本报讯(记者…)` or a byline with its date at the start and a reporter's credit in brackets at the
 * end become zones of their own. */
void zones_split(const struct line *lines, size_t n, const struct folded *folded, const struct matcher *m, struct zones *out);

#endif
