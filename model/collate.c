/* collate.c: see collate.h. */
#include "model/collate.h"

#include <unicode/ucol.h>
#include <unicode/uiter.h>

struct collator {
	UCollator *ucol; /* NULL: by bytes */
};

struct collator *collator_new(void)
{
	struct collator *c = mem_alloc(sizeof(*c));
	UErrorCode status = U_ZERO_ERROR;
	c->ucol = ucol_open("zh", &status);
	if (!U_FAILURE(status))
		ucol_setAttribute(c->ucol, UCOL_NUMERIC_COLLATION, UCOL_ON, &status);
	if (U_FAILURE(status)) {
		ucol_close(c->ucol);
		c->ucol = NULL;
	}
	return c;
}

void collator_free(struct collator *c)
{
	if (!c)
		return;
	ucol_close(c->ucol);
	mem_free(c);
}

/* Sort keys end in a zero byte and hold none before: what follows decides only between equal ones. */
static void add_sort_key(const struct collator *c, struct str name, struct buf *key)
{
	UCharIterator text;
	uint32_t state[2] = {0};
	uint8_t part[64];
	uiter_setUTF8(&text, name.n ? name.p : "", (int32_t)name.n);
	for (;;) {
		UErrorCode status = U_ZERO_ERROR;
		int32_t n = ucol_nextSortKeyPart(c->ucol, &text, state, part, (int32_t)sizeof(part), &status);
		if (U_FAILURE(status) || n <= 0)
			break;
		buf_add(key, (struct str){(const char *)part, (size_t)n});
		if ((size_t)n < sizeof(part))
			break;
	}
	buf_addc(key, '\0');
}

void collate_key(const struct collator *c, struct str name, struct buf *key)
{
	name = str_sub(name, 0, INT32_MAX);
	if (c->ucol)
		add_sort_key(c, name, key);
	buf_add(key, name);
}
