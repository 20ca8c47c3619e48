/* Writes fold_table.h to standard output, from ICU's own data.  Runs at build only; ends with status 1 where what
 * fold.h promises would not hold. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#define LIMIT 0x110000
#define BLOCK 128
#define HAN_CHANGED 2853 /* what ICU 72 gives; a guard against a transliterator that is missing or another one */

static void fail(const char *why, unsigned cp)
{
	fprintf(stderr, "fold_make: %s: U+%04X\n", why, cp);
	exit(1);
}

static UTransliterator *open_transliterator(const char *name)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar id[64];
	u_uastrncpy(id, name, 64);
	UTransliterator *t = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
	if (U_FAILURE(status)) {
		fprintf(stderr, "fold_make: ICU has no %s: %s\n", name, u_errorName(status));
		exit(1);
	}
	return t;
}

/* The one code point that text consists of, or else the other. */
static UChar32 only_one(const UChar *text, int32_t n, UChar32 other)
{
	if (n == 1)
		return text[0];
	return n == 2 && U16_IS_LEAD(text[0]) ? (UChar32)U16_GET_SUPPLEMENTARY(text[0], text[1]) : other;
}

/* The one code point that cp becomes; itself where it becomes several. */
static UChar32 transliterate(UTransliterator *t, UChar32 cp)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar text[16];
	int32_t n = 0, limit;
	U16_APPEND_UNSAFE(text, n, cp);
	limit = n;
	utrans_transUChars(t, text, &n, 16, 0, &limit, &status);
	if (U_FAILURE(status) || n < 1)
		fail("cannot be transliterated", (unsigned)cp);
	return only_one(text, n, cp);
}

/* The plain form of wide, narrow and compatibility characters. */
static UChar32 plain_form(const UNormalizer2 *nfkc, UChar32 cp)
{
	int32_t type = u_getIntPropertyValue(cp, UCHAR_DECOMPOSITION_TYPE);
	bool radical = cp >= 0x2E80 && cp <= 0x2FDF && type == U_DT_COMPAT;
	bool ideograph = ((cp >= 0xF900 && cp <= 0xFAFF) || (cp >= 0x2F800 && cp <= 0x2FA1F)) && type == U_DT_CANONICAL;
	if (type != U_DT_WIDE && type != U_DT_NARROW && !radical && !ideograph)
		return cp;
	UErrorCode status = U_ZERO_ERROR;
	UChar text[16];
	int32_t n = unorm2_getRawDecomposition(nfkc, cp, text, 16, &status);
	if (U_FAILURE(status) || n < 1)
		return cp;
	return only_one(text, n, cp);
}

static int32_t fold[LIMIT], hans[LIMIT], hant[LIMIT];

/* Old and variant forms that pages and fonts write for a character and ICU leaves alone, each with the form of
 * today.  Most are kSemanticVariant or kZVariant of Unihan 15.0 (Unihan_Variants.txt, 2022-08-01); U+965C stands for
 * U+965D (the province), which it resembles, in countless converted pages.  For search and rules only: what is shown
 * as simplified stays ICU's. */
static const UChar32 variants[][2] = {
	{0x965C, 0x9655}, {0x67FB, 0x67E5}, {0x654E, 0x6559}, {0x90DE, 0x90CE}, {0x9751, 0x9752}, {0x96B7, 0x96B6}, {0x5CEF, 0x5CF0},
	{0x9EAA, 0x9762}, {0x69EA, 0x6982}, {0x65E3, 0x65E2}, {0x537D, 0x5373}, {0x983C, 0x8D56}, {0x5861, 0x586B}, {0x5036, 0x4FF1},
	{0x9AD9, 0x9AD8}, {0x6FF6, 0x9614}, {0x5C19, 0x5C1A}, {0x93AD, 0x9547}, {0x613C, 0x614E}, {0x985A, 0x98A0},
	{0x6238, 0x6237}, {0x9ED2, 0x9ED1}, {0x6B69, 0x6B65}, {0x6BCE, 0x6BCF}, {0x56D8, 0x56DE}, {0x56EF, 0x56FD}, {0x95D7, 0x5173},
	{0x5BF3, 0x5B9D}, {0x5CE9, 0x5CE8}, {0x60EA, 0x5FB7}, {0x9B2A, 0x6597}, {0x6822, 0x67CF}, {0x6801, 0x67F3}, {0x6C5A, 0x6C61},
	{0x6C37, 0x51B0}, {0x7F99, 0x7F8E}, {0x5BC3, 0x51A4}, {0x5BD5, 0x5B81}, {0x9EB4, 0x66F2},
	{0x4FAD, 0x5C3D}, {0x5869, 0x76D0}, {0x6804, 0x8363}, {0x69D8, 0x6837}, {0x6075, 0x60E0}, {0x6483, 0x51FB},
};

static void fill(void)
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&status);
	UTransliterator *to_hans = open_transliterator("Traditional-Simplified");
	UTransliterator *to_hant = open_transliterator("Simplified-Traditional");
	size_t changed = 0;
	for (UChar32 cp = 0; cp < LIMIT; cp++) {
		fold[cp] = hans[cp] = hant[cp] = cp;
		if (!u_isdefined(cp) || (cp >= 0xD800 && cp < 0xE000))
			continue;
		bool han = u_hasBinaryProperty(cp, UCHAR_IDEOGRAPHIC);
		if (han) {
			hans[cp] = transliterate(to_hans, cp);
			hant[cp] = transliterate(to_hant, cp);
			changed += hans[cp] != cp;
		}
		fold[cp] = u_foldCase(plain_form(nfkc, cp), U_FOLD_CASE_DEFAULT);
	}
	utrans_close(to_hans);
	utrans_close(to_hant);
	if (changed != HAN_CHANGED)
		fail("another number of characters than ICU 72 changes to simplified", (unsigned)changed);
	for (UChar32 cp = 0; cp < LIMIT; cp++)
		fold[cp] = hans[fold[cp]];
	for (size_t i = 0; i < sizeof(variants) / sizeof(*variants); i++) {
		UChar32 old = variants[i][0], now = variants[i][1];
		if (fold[old] != old)
			fail("ICU folds this variant itself", (unsigned)old);
		fold[old] = fold[now];
	}
	/* A few simplified forms are themselves the traditional form of another: what is folded must stay as it is. */
	for (UChar32 cp = 0; cp < LIMIT; cp++) {
		for (int hop = 0; hop < 4 && fold[fold[cp]] != fold[cp]; hop++)
			fold[cp] = fold[fold[cp]];
		if (fold[fold[cp]] != fold[cp])
			fail("folding it does not come to an end", (unsigned)cp);
	}
}

static void print_pairs(const char *name, const int32_t *map)
{
	size_t n = 0;
	printf("static const uint32_t %s[][2] = {\n", name);
	for (int32_t cp = 0; cp < LIMIT; cp++)
		if (map[cp] != cp)
			printf("{0x%X,0x%X},%s", (unsigned)cp, (unsigned)map[cp], ++n % 8 ? "" : "\n");
	printf("\n};\n");
}

/* Differences in blocks, equal blocks once: block 0 is the one without any. */
static void print_blocks(void)
{
	static int32_t blocks[LIMIT / BLOCK][BLOCK];
	static unsigned index[LIMIT / BLOCK];
	unsigned n = 1;
	for (int32_t at = 0; at < LIMIT / BLOCK; at++) {
		int32_t one[BLOCK];
		for (int32_t i = 0; i < BLOCK; i++)
			one[i] = fold[at * BLOCK + i] - (at * BLOCK + i);
		unsigned same = 0;
		while (same < n && memcmp(blocks[same], one, sizeof(one)) != 0)
			same++;
		if (same == n)
			memcpy(blocks[n++], one, sizeof(one));
		index[at] = same;
	}
	printf("#define FOLD_BLOCK %d\nstatic const uint16_t fold_index[] = {\n", BLOCK);
	for (size_t at = 0; at < LIMIT / BLOCK; at++)
		printf("%u,%s", index[at], (at + 1) % 32 ? "" : "\n");
	printf("};\nstatic const int32_t fold_blocks[][FOLD_BLOCK] = {\n");
	for (unsigned b = 0; b < n; b++) {
		printf("{");
		for (size_t i = 0; i < BLOCK; i++)
			printf("%d,", blocks[b][i]);
		printf("},\n");
	}
	printf("};\n");
}

int main(void)
{
	fill();
	print_blocks();
	print_pairs("hans_pairs", hans);
	print_pairs("hant_pairs", hant);
	return fflush(stdout) == 0 ? 0 : 1;
}
