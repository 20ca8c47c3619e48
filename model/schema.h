/* schema: what may be said of an article: labels, attributes, relation types, document fields.
 *
 * A schema owns its strings (one arena).  It is built by annotations/config from YAML; a label that a sidecar uses and
 * the schema does not know is added at the end with `known` false, so that every span can be shown and `check` can name
 * it.  Indices are stable.
 *
 * The lists of attributes, relations and fields, and all that they point to, live in `memory`; whoever builds a schema
 * takes them from there. */
#ifndef ZHUPI_MODEL_SCHEMA_H
#define ZHUPI_MODEL_SCHEMA_H

#include "model/base.h"

/* A schema never has more labels; beyond it all unknown ones share the last place, "(too many labels)". */
#define SCHEMA_LABELS 4096

enum layer {
	LAYER_FLAT,      /* flat ones must not overlap one another */
	LAYER_CONTAINER, /* may hold others; same label never overlaps */
	LAYER_FREE,      /* no rule */
	LAYERS
};

enum color {
	COLOR_DEFAULT,
	COLOR_RED,
	COLOR_GREEN,
	COLOR_YELLOW,
	COLOR_BLUE,
	COLOR_MAGENTA,
	COLOR_CYAN,
	COLOR_WHITE,
	COLORS
};

struct label {
	struct str name, zh, help;
	char key; /* ASCII letter in the label menu, 0: none */
	enum color color;
	enum layer layer;
	bool known;
};

/* A set of label indices; empty means every label. */
struct label_list {
	uint16_t *list;
	size_t n;
};

struct attribute_type {
	struct str name, help;
	struct label_list on;
	struct str *values; /* n_values 0: free text */
	size_t n_values;
};

struct relation_type {
	struct str name, help;
	struct label_list from, to;
};

struct field_type {
	struct str name, help;
	bool list;
	struct label_list from;
};

struct schema {
	struct arena memory;
	struct str name;
	struct label *labels;
	size_t n_labels, cap_labels;
	uint16_t *by_name; /* indices of labels, sorted by name */
	struct attribute_type *attributes;
	size_t n_attributes;
	struct relation_type *relations;
	size_t n_relations;
	struct field_type *fields;
	size_t n_fields;
};

struct schema *schema_new(void);
void schema_free(struct schema *s);
/* Copies the name, which must be new; valid until the next one is added. */
struct label *schema_add_label(struct schema *s, struct str name);
size_t schema_label(const struct schema *s, struct str name); /* index or NOWHERE */
uint16_t schema_intern(struct schema *s, struct str name);    /* adds an unknown one where there is none */
size_t schema_relation(const struct schema *s, struct str type);
size_t schema_field(const struct schema *s, struct str name);
size_t schema_attribute(const struct schema *s, struct str name);
bool label_list_has(const struct label_list *l, uint16_t label); /* an empty list has all */
/* As zhupi.yaml writes them. */
extern const char *const color_names[COLORS], *const layer_names[LAYERS];

#endif
