/* memory.c: ICU's memory, got where the program's own is; see base.h. */
#include <stdlib.h>
#include <unicode/uclean.h>

#include "model/base.h"

static void *icu_get(const void *ctx, size_t size)
{
	(void)ctx;
	return mem_get(size);
}

static void *icu_grow(const void *ctx, void *p, size_t size)
{
	(void)ctx;
	return mem_grow(p, size, 1);
}

static void icu_free(const void *ctx, void *p)
{
	(void)ctx;
	free(p);
}

void mem_start(void)
{
	UErrorCode status = U_ZERO_ERROR;
	/* Where ICU does not take them it has its own, and says by itself when that runs out. */
	u_setMemoryFunctions(NULL, icu_get, icu_grow, icu_free, &status);
}
