/* sha256.c: see sha256.h.  FIPS 180-4, sections 4.1.2 (functions), 4.2.2 (constants), 6.2.2 (computation). */
#include "model/sha256.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#if defined(__has_include)
#if __has_include(<sys/platform/x86.h>)
#include <sys/platform/x86.h>
#endif
#endif
#endif

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t round_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* ---- portable ----------------------------------------------------------------------------------------------- */

static inline uint32_t rotate(uint32_t x, unsigned by)
{
	return x >> by | x << (32 - by);
}

static inline uint32_t read_word(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void block_schedule(uint32_t w[64], const unsigned char *p)
{
	for (size_t t = 0; t < 16; t++)
		w[t] = read_word(p + 4 * t);
	for (size_t t = 16; t < 64; t++) {
		uint32_t s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ w[t - 15] >> 3;
		uint32_t s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ w[t - 2] >> 10;
		w[t] = s1 + w[t - 7] + s0 + w[t - 16];
	}
}

static void blocks_portable(uint32_t h[8], const unsigned char *p, size_t count)
{
	for (; count; count--, p += 64) {
		uint32_t w[64];
		block_schedule(w, p);
		uint32_t v[8];
		memcpy(v, h, sizeof(v));
		for (size_t t = 0; t < 64; t++) {
			uint32_t a = v[0], e = v[4];
			uint32_t t1 = v[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & v[5]) ^ (~e & v[6])) +
			              round_constants[t] + w[t];
			uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
			              ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
			memmove(v + 1, v, 7 * sizeof(v[0]));
			v[4] += t1;
			v[0] = t1 + t2;
		}
		for (size_t i = 0; i < 8; i++)
			h[i] += v[i];
	}
}

/* ---- with the SHA instructions of x86 ----------------------------------------------------------------------- */

#if defined(__x86_64__)

/* The instructions keep the eight working words as two vectors, {f e b a} and {h g d c} from the low end up. */
__attribute__((target("sha,sse4.1"))) static void blocks_x86(uint32_t h[8], const unsigned char *p, size_t count)
{
	const __m128i swap = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
	__m128i abef = _mm_set_epi32((int)h[0], (int)h[1], (int)h[4], (int)h[5]);
	__m128i cdgh = _mm_set_epi32((int)h[2], (int)h[3], (int)h[6], (int)h[7]);
	for (; count; count--, p += 64) {
		const __m128i abef_before = abef, cdgh_before = cdgh;
		__m128i w[4]; /* the last sixteen words of the message schedule, four to a vector */
		for (size_t i = 0; i < 16; i++) {
			if (i < 4) {
				w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i)), swap);
			} else {
				__m128i last = w[(i + 3) % 4];
				__m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w[i % 4], w[(i + 1) % 4]),
				                            _mm_alignr_epi8(last, w[(i + 2) % 4], 4));
				w[i % 4] = _mm_sha256msg2_epu32(sum, last);
			}
			const __m128i k = _mm_loadu_si128((const __m128i *)(const void *)(round_constants + 4 * i));
			const __m128i wk = _mm_add_epi32(w[i % 4], k);
			cdgh = _mm_sha256rnds2_epu32(cdgh, abef, wk);
			abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(wk, 0x0E));
		}
		abef = _mm_add_epi32(abef, abef_before);
		cdgh = _mm_add_epi32(cdgh, cdgh_before);
	}
	uint32_t out[8];
	_mm_storeu_si128((__m128i *)(void *)out, abef);
	_mm_storeu_si128((__m128i *)(void *)(out + 4), cdgh);
	static const unsigned char place[8] = {5, 4, 1, 0, 7, 6, 3, 2};
	for (size_t i = 0; i < 8; i++)
		h[place[i]] = out[i];
}

#if defined(CPU_FEATURE_PRESENT)

/* As glibc has found out once: a virtual machine takes as long over CPUID as over kilobytes of hashing. */
static bool has_sha_instructions(void)
{
	return CPU_FEATURE_PRESENT(SHA) && CPU_FEATURE_PRESENT(SSE4_1) && CPU_FEATURE_PRESENT(SSSE3);
}

#else

static bool has_sha_instructions(void)
{
	unsigned a, b, c, d;
	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSE4_1) || !(c & bit_SSSE3))
		return false;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & 1u << 29) != 0;
}

#endif
#endif

/* ---- the computation ---------------------------------------------------------------------------------------- */

void sha256_start_portable(struct sha256 *s)
{
	/* The first 32 bits of the fractional parts of the square roots of the first eight primes. */
	*s = (struct sha256){
		.h = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19},
		.blocks = blocks_portable,
	};
}

void sha256_start(struct sha256 *s)
{
	sha256_start_portable(s);
#if defined(__x86_64__)
	if (has_sha_instructions())
		s->blocks = blocks_x86;
#endif
}

void sha256_add(struct sha256 *s, struct str bytes)
{
	size_t held = s->bytes % 64;
	s->bytes += bytes.n;
	if (held) {
		size_t take = bytes.n < 64 - held ? bytes.n : 64 - held;
		if (take)
			memcpy(s->tail + held, bytes.p, take);
		bytes = str_sub(bytes, take, bytes.n);
		if (held + take < 64)
			return;
		s->blocks(s->h, s->tail, 1);
	}
	s->blocks(s->h, (const unsigned char *)bytes.p, bytes.n / 64);
	bytes = str_sub(bytes, bytes.n / 64 * 64, bytes.n);
	if (bytes.n)
		memcpy(s->tail, bytes.p, bytes.n);
}

void sha256_end(struct sha256 *s, unsigned char sum[32])
{
	unsigned char padding[72] = {0x80};
	uint64_t bits = s->bytes * 8;
	size_t fill = 64 - (s->bytes + 8) % 64; /* 1 to 64 bytes, so that with the length a block is full */
	for (size_t i = 0; i < 8; i++)
		padding[fill + i] = (unsigned char)(bits >> (56 - 8 * i));
	sha256_add(s, (struct str){(const char *)padding, fill + 8});
	for (size_t i = 0; i < 32; i++)
		sum[i] = (unsigned char)(s->h[i / 4] >> (24 - 8 * (i % 4)));
}

void sha256_hex(struct sha256 *s, char hex[65])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char sum[32];
	sha256_end(s, sum);
	for (size_t i = 0; i < 64; i++)
		hex[i] = digits[sum[i / 2] >> (i % 2 ? 0 : 4) & 0xF];
	hex[64] = '\0';
}

char *sha256_of(struct str bytes)
{
	struct sha256 s;
	char *hex = mem_alloc(65);
	sha256_start(&s);
	sha256_add(&s, bytes);
	sha256_hex(&s, hex);
	return hex;
}
