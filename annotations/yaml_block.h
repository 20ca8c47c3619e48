/* yaml_block: the YAML that rule packs are written in, read without libyaml: seven times as fast, and the start of
 * an extraction is mostly that.
 *
 * Like yaml_quick it knows a part of YAML and gives up at the first thing beyond it; then yaml_read has to be asked,
 * which also tells what is wrong.  What it does read it reads as yaml_read does, places too, which a test asserts
 * over the packs and over packs broken at random.  Maps and lists in block style, one key a line; keys of letters,
 * digits, `_` and `-`; values plain, in quotes or in flow style on one line, or a block scalar `|`; comments on
 * lines of their own. */
#ifndef ZHUPI_ANNOTATIONS_YAML_BLOCK_H
#define ZHUPI_ANNOTATIONS_YAML_BLOCK_H

#include "annotations/node.h"

struct node *yaml_block(struct str text); /* a map; NULL: not of this kind */
/* yaml_block, and where that gives up yaml_read. */
bool yaml_block_or_read(struct str text, const char *path, struct node **out, struct error *err);

#endif
