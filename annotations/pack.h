/* pack: the YAML files of annotations/packs/, linked into the program.
 *
 * A file is found by its path below that folder ("report/schema.yaml").  A new file needs nothing but to be there:
 * annotations/gen/rules.mk makes the table.  The bytes are constants of the program. */
#ifndef ZHUPI_ANNOTATIONS_PACK_H
#define ZHUPI_ANNOTATIONS_PACK_H

#include "model/base.h"

struct str pack_file(const char *name); /* STR_NONE when there is none of that name */
size_t pack_count(void);
const char *pack_name(size_t i); /* in order of names */

#endif
