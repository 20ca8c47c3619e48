/* yaml_write: canonical YAML, the same bytes for the same tree, that readers of YAML 1.1 and 1.2 take for the same
 * text.
 *
 * A scalar is written plain only where no reader could take it for anything but that text; else in double quotes with
 * Han of every plane as itself and only controls, bidi and zero-width characters escaped (`\u202E`).  Never block
 * scalars, never folded lines.  Keys are written like values: `on`, a truth value of YAML 1.1, as "on".  Bytes that
 * are no UTF-8 become U+FFFD. */
#ifndef ZHUPI_ANNOTATIONS_YAML_WRITE_H
#define ZHUPI_ANNOTATIONS_YAML_WRITE_H

#include "annotations/node.h"

/* Text as a YAML scalar in flow or block context; plain where that is safe in both. */
void yaml_write_text(struct buf *out, struct str text);
/* A key with the colon and the blank behind it.  One that is longer than YAML's readers take for a key gets a `?` in
 * front; in block context its colon is then on a line of its own behind `indent` blanks. */
#define YAML_FLOW SIZE_MAX /* as indent: inside { } */
void yaml_write_key(struct buf *out, struct str key, size_t indent);
/* A whole value in flow style: {a: b, c: [1, 2]}. `plain`: unquoted scalars that mean the same to every reader (12, -3,
 * 0.93, true, false, null) are written plain; else all scalars are text. */
void yaml_write_flow(struct buf *out, const struct node *n, bool plain);

#endif
