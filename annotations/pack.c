/* pack.c: see pack.h. */
#include "annotations/pack.h"

#include <string.h>

struct pack_entry {
	const char *name;
	const unsigned char *bytes;
	size_t size;
};

#include "packs.inc" /* static const struct pack_entry pack_table[] */

struct str pack_file(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(pack_table); i++)
		if (strcmp(pack_table[i].name, name) == 0)
			return (struct str){(const char *)pack_table[i].bytes, pack_table[i].size};
	return STR_NONE;
}

size_t pack_count(void)
{
	return COUNT_OF(pack_table);
}

const char *pack_name(size_t i)
{
	return pack_table[i].name;
}
