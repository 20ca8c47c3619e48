/* config_value: reading settings out of a node tree, each wrong one an error that says where it stands and what may
 * stand there.
 *
 * Used by config.c and config_schema.c only.  Nothing here owns the trees. */
#ifndef ZHUPI_ANNOTATIONS_CONFIG_VALUE_H
#define ZHUPI_ANNOTATIONS_CONFIG_VALUE_H

#include "annotations/config.h"

/* Where a tree was read and where complaints go; err may be NULL. */
struct config_source {
	const char *path;
	struct config_warnings *warnings;
	struct error *err;
};

/* The value of a key; NULL when the key is missing or nothing stands behind it. */
const struct node *config_get(const struct node *map, struct str key);
/* An error at n; false. */
bool config_fail(const struct config_source *from, const struct node *n, enum error_code code, const char *format, ...)
    PRINTF_LIKE(4, 5);
void config_warn(const struct config_source *from, const struct node *n, enum error_code code, const char *format, ...)
    PRINTF_LIKE(4, 5);
/* Warns of each key that is not among the names. */
void config_unknown(const struct config_source *from, const struct node *map, const char *const *names, size_t n);

/* What must be there; `what` names the setting in messages. */
bool config_is(const struct config_source *from, const struct node *n, enum node_kind kind, const char *what);
/* A scalar that is not empty. */
bool config_text(const struct config_source *from, const struct node *n, const char *what, struct str *out);
/* One of the names; *out is its index. */
bool config_choice(const struct config_source *from, const struct node *n, const char *what, const char *const *names,
                   size_t count, size_t *out);
/* true, yes, on; false, no, off. */
bool config_flag(const struct config_source *from, const struct node *n, const char *what, bool *out);

#endif
