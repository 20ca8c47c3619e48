/* strmap: from strings to strings, for readers that must know what they met before.  Owns copies of both; {0} is an
 * empty one. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_STRMAP_H
#define ZHUPI_ANNOTATIONS_FORMATS_STRMAP_H

#include "model/base.h"

struct strmap {
	struct arena memory;
	struct strmap_slot {
		struct str key, value; /* key.p NULL: empty */
		uint64_t hash;
	} *slots;
	size_t n, size;
};

void strmap_put(struct strmap *m, struct str key, struct str value);        /* the first value of a key stays */
void strmap_set(struct strmap *m, struct str key, struct str value);        /* the last one does */
bool strmap_get(const struct strmap *m, struct str key, struct str *value); /* value may be NULL */
void strmap_free(struct strmap *m);

#endif
