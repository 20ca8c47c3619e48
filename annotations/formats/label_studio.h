/* label_studio: what the two halves of this format share.  Nobody else includes this.
 *
 * A file is a list of tasks: {"data": {"text": "…"}, "annotations": [{"result": [R …]}], "predictions":
 * [{"model_version", "score", "result": [R …]}]}.  An R is a region {"id", "type": "labels", "value": {"start", "end",
 * "text", "labels"}}, what is said of a region (the same id, type choices, textarea, number …: attributes), of the text
 * as a whole (no place: fields), or a relation {"type": "relation", "from_id", "to_id", "direction", "labels"}.
 * JSON_MIN has the text and the regions' values in one flat object and no relations.
 *
 * The annotation that is the ground truth, else the first, is accepted; those of further people, and predictions, are
 * undecided.  Offsets are code points, half-open; files of 2021 and before count UTF-16, which is found out.
 * What else an annotation and a prediction say is kept with the article, what else a result says with its item.
 * Source: Label Studio, "Label Studio Task Format" and "Export annotations". */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_LABEL_STUDIO_H
#define ZHUPI_ANNOTATIONS_FORMATS_LABEL_STUDIO_H

#include "annotations/formats/record.h"

#define LS_LINKS    "links"   /* from_name of what zhupi writes for links: "db:id" */
#define LS_RELATED  "related" /* type of a relation that has no label */
#define LS_TYPES    "types"   /* kept of a region: what kind of control each of its attributes came from */
#define LS_TYPE     "type"    /* kept of a field: the same */
#define LS_ANNOTATION  "annotation"  /* kept of a task: what else stands in the annotation that was taken */
#define LS_PREDICTIONS "predictions" /* the same of its predictions, a list */
#define LS_STEP     " > "     /* between the steps of a path in a taxonomy */
#define LS_TEXT_KEY "text"    /* of `data`, where a file does not say otherwise */

bool label_studio_begin(struct export_job *job, struct error *err);
bool label_studio_export(struct export_job *job, struct doc *d, struct error *err);
bool label_studio_end(struct export_job *job, struct error *err);

#endif
