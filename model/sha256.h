/* sha256: FIPS 180-4, in slices.  Pure function of its input; no allocation. */
#ifndef ZHUPI_MODEL_SHA256_H
#define ZHUPI_MODEL_SHA256_H

#include "model/base.h"

struct sha256 {
	uint32_t h[8];
	uint64_t bytes;
	unsigned char tail[64];
	void (*blocks)(uint32_t h[8], const unsigned char *p, size_t count); /* as this processor can do it best */
};

void sha256_start(struct sha256 *s);
void sha256_start_portable(struct sha256 *s);    /* without the processor's own instructions, for the tests */
void sha256_add(struct sha256 *s, struct str bytes);
void sha256_end(struct sha256 *s, unsigned char sum[32]); /* ends the computation */
void sha256_hex(struct sha256 *s, char hex[65]); /* the same; lower case, terminated */
char *sha256_of(struct str bytes);               /* hex, the caller frees it */
#endif
