/* w3c: what the two halves of the W3C Web Annotation format share.  Nobody else includes this.
 *
 * A file is a list of annotations, one of them, a page or collection (`items`), or one a line.  A target names its
 * article (`source`) and a place: TextPositionSelector counts code points, half-open, and so do FragmentSelectors of
 * RFC 5147 (char=3,5) and a RangeSelector from one to another; TextQuoteSelector says what stands there and around
 * it, so that a text that was edited since still has its spans.  A position within what a CssSelector or another
 * selects (refinedBy) is no place in the article, a quote is.  Several targets in one source, also as items of a
 * Composite or List, are the fragments of a span; of a Choice the first counts; targets that are ids of annotations
 * make a relation.  Bodies: purpose tagging or classifying is the label, commenting the note, identifying a link,
 * assessing the verdict (undecided, rejected), and describing, as JSON, the attributes.  An annotation of a whole
 * article is a field (classifying, with `name`) or a note (commenting). Source: Web Annotation Data Model, W3C
 * Recommendation of 23 February 2017. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_W3C_H
#define ZHUPI_ANNOTATIONS_FORMATS_W3C_H

#include "annotations/formats/record.h"

#define W3C_CONTEXT "http://www.w3.org/ns/anno.jsonld"
#define W3C_JSON    "application/json" /* format of a body that has attributes */
#define W3C_UNNAMED "annotation"       /* label of a span that no body names */

bool w3c_begin(struct export_job *job, struct error *err);
bool w3c_export(struct export_job *job, struct doc *d, struct error *err);
bool w3c_end(struct export_job *job, struct error *err);

#endif
