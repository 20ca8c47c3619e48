/* schema.c: see schema.h. */
#include "model/schema.h"

#include <string.h>

/* Labels beyond those of the schema come from sidecars, that is from anybody: the last place is shared by all that find
 * no other.  The set keeps the true name in the record, so nothing is lost on disk. */
static const struct str overflow_name = {"(too many labels)", sizeof("(too many labels)") - 1};

struct schema *schema_new(void)
{
	return mem_alloc(sizeof(struct schema));
}

void schema_free(struct schema *s)
{
	if (!s)
		return;
	arena_free(&s->memory);
	mem_free(s->labels);
	mem_free(s->by_name);
	mem_free(s);
}

/* The place of name in by_name: the first label whose name is not before it. */
static size_t place_by_name(const struct schema *s, struct str name)
{
	size_t low = 0, high = s->n_labels;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_cmp(s->labels[s->by_name[middle]].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct label *schema_add_label(struct schema *s, struct str name)
{
	if (s->n_labels == SCHEMA_LABELS)
		return &s->labels[SCHEMA_LABELS - 1];
	if (s->n_labels == s->cap_labels) {
		s->cap_labels = s->cap_labels ? 2 * s->cap_labels : 16;
		s->labels = mem_grow(s->labels, s->cap_labels, sizeof(*s->labels));
		s->by_name = mem_grow(s->by_name, s->cap_labels, sizeof(*s->by_name));
	}
	size_t place = place_by_name(s, name);
	memmove(s->by_name + place + 1, s->by_name + place, (s->n_labels - place) * sizeof(*s->by_name));
	s->by_name[place] = (uint16_t)s->n_labels;
	struct label *label = &s->labels[s->n_labels++];
	*label = (struct label){.name = arena_dup(&s->memory, name), .layer = LAYER_FREE};
	return label;
}

size_t schema_label(const struct schema *s, struct str name)
{
	size_t place = place_by_name(s, name);
	if (place == s->n_labels || !str_eq(s->labels[s->by_name[place]].name, name))
		return NOWHERE;
	return s->by_name[place];
}

uint16_t schema_intern(struct schema *s, struct str name)
{
	size_t found = schema_label(s, name);
	if (found != NOWHERE)
		return (uint16_t)found;
	if (s->n_labels < SCHEMA_LABELS - 1)
		schema_add_label(s, name);
	else if (s->n_labels == SCHEMA_LABELS - 1)
		schema_add_label(s, overflow_name);
	return (uint16_t)(s->n_labels - 1);
}

size_t schema_relation(const struct schema *s, struct str type)
{
	for (size_t i = 0; i < s->n_relations; i++)
		if (str_eq(s->relations[i].name, type))
			return i;
	return NOWHERE;
}

size_t schema_field(const struct schema *s, struct str name)
{
	for (size_t i = 0; i < s->n_fields; i++)
		if (str_eq(s->fields[i].name, name))
			return i;
	return NOWHERE;
}

size_t schema_attribute(const struct schema *s, struct str name)
{
	for (size_t i = 0; i < s->n_attributes; i++)
		if (str_eq(s->attributes[i].name, name))
			return i;
	return NOWHERE;
}

bool label_list_has(const struct label_list *l, uint16_t label)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->list[i] == label)
			return true;
	return l->n == 0;
}

/* ---- names ------------------------------------------------------------------------------------------------ */

const char *const color_names[COLORS] = {
    [COLOR_DEFAULT] = "default", [COLOR_RED] = "red",         [COLOR_GREEN] = "green", [COLOR_YELLOW] = "yellow",
    [COLOR_BLUE] = "blue",       [COLOR_MAGENTA] = "magenta", [COLOR_CYAN] = "cyan",   [COLOR_WHITE] = "white",
};

const char *const layer_names[LAYERS] = {
    [LAYER_FLAT] = "flat",
    [LAYER_CONTAINER] = "container",
    [LAYER_FREE] = "free",
};
