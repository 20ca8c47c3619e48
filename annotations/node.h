/* node: a tree of scalars, lists and maps, the common form of YAML, JSON and what an operation changes.
 *
 * All scalars are text; what they mean is for the reader of a key to say.  A node owns its children, keys and text.
 * Maps keep their order; keys are unique.  Functions that put a node into another take it over. */
#ifndef ZHUPI_ANNOTATIONS_NODE_H
#define ZHUPI_ANNOTATIONS_NODE_H

#include "model/base.h"

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
	enum node_kind kind;
	bool quoted;           /* a scalar that was written in quotes, or a JSON string */
	bool part, within;     /* for node.c: it, and its items and keys, lie in the memory of the tree's root */
	uint32_t line, column; /* where it was read, 1-based; 0: made here */
	struct str text;       /* of a scalar; owned */
	struct node **items;   /* of a list, or a map's values */
	struct str *keys;      /* of a map; owned */
	size_t n;
};

struct node *node_text(struct str text);  /* quoted: text whatever it looks like */
struct node *node_plain(struct str text); /* unquoted: a number or word as it is spelt */
struct node *node_number(uint64_t number);
struct node *node_pair(uint64_t from, uint64_t to); /* a list of both, as offsets are written */
struct node *node_list(void);
struct node *node_map(void);
struct node *node_copy(const struct node *n); /* NULL gives NULL */
void node_free(struct node *n);
/* The same tree in one piece of memory, for whoever keeps very many; takes n over.  It can be changed as any other, but
 * what is taken out of it goes with it.  A map with unusual keys stays as it is. */
struct node *node_pack(struct node *n);
/* Bytes that are no UTF-8 become U+FFFD, in texts and keys: no file could hold them. */
void node_mend(struct node *n); /* NULL is fine */
/* NULL equals NULL only; maps as sets of pairs; quoting and place do not count. */
bool node_equal(const struct node *a, const struct node *b);

void node_add(struct node *list, struct node *item);
void node_put(struct node *map, struct str key, struct node *value); /* replaces; NULL removes */
void node_put_text(struct node *map, struct str key, struct str text);
/* For readers of large maps: appends without looking for the key, which is copied; node_duplicate() then looks once. */
void node_append(struct node *map, struct str key, struct node *value);
size_t node_duplicate(const struct node *map); /* index of the first key that was there before, or NOWHERE */
/* Borrowed; NULL when missing, when map is NULL or no map. */
struct node *node_get(const struct node *map, struct str key);
/* The same for many keys one after the other, in much the order in which the map has them: looks from *place on, 0 at first, and sets it behind what
 * was found, so that comparing two large maps does not go through one of them for each key of the other. */
struct node *node_get_along(const struct node *map, struct str key, size_t *place);
/* The list or map under the key, made at the end where there is none. */
struct node *node_child(struct node *map, struct str key, enum node_kind kind);
struct str node_get_text(const struct node *map, struct str key); /* empty when missing or no scalar */
struct str node_scalar(const struct node *n);                     /* its text; empty when NULL or no scalar */
/* In the maps of an operation: "this key is not there".  Spelt as an unquoted `null`, which is also what JSON's null
 * becomes. */
struct node *node_absent(void);
bool node_is_absent(const struct node *n);
/* An unquoted run of decimal digits; not 017, which YAML 1.1 reads as 15. */
bool node_is_number(const struct node *n, uint64_t *out);

#endif
