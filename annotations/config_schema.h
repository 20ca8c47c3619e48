/* config_schema: the `schema:` of a zhupi.yaml, and the built-in one, as a struct schema.  Used by config.c only. */
#ifndef ZHUPI_ANNOTATIONS_CONFIG_SCHEMA_H
#define ZHUPI_ANNOTATIONS_CONFIG_SCHEMA_H

#include "annotations/config_value.h"

/* More labels, attributes, relations or fields than that in one file are a mistake. */
#define SCHEMA_ITEMS 1000

/* Fills s, which is new, from map.  With `extends: report` the built-in schema comes first: what bears a name of its
 * own changes the keys that it gives, what is new is added behind.  A letter that a label claims is taken from a
 * built-in label that had it; labels without one get a free letter, those without a color the next one in turn. */
bool config_schema_read(const struct config_source *from, const struct node *map, struct schema *s);
/* The built-in one. */
bool config_schema_builtin(struct schema *s, struct error *err);

#endif
