/* glob: patterns of paths, as in the `articles` of a zhupi.yaml.
 *
 * `*` is any part of a name, `?` one code point of it, `**` as a whole part of the path any number of folders (none
 * too); everything else is itself.  Neither crosses a slash.  Time is at most the product of the lengths.  Paths are
 * relative, parts divided by one slash. */
#ifndef ZHUPI_ANNOTATIONS_GLOB_H
#define ZHUPI_ANNOTATIONS_GLOB_H

#include "model/base.h"

bool glob_match(struct str pattern, struct str path);

#endif
