/* facts.c: document fields and relations. */
#include "annotations/extract/extract_internal.h"

void facts_find(const struct pack *p, struct extraction *x, struct str text, const struct zones *zones, const struct zone_rules *words)
{
	(void)p, (void)x, (void)text, (void)zones, (void)words;
}
