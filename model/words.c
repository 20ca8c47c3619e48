/* words.c: see words.h. */
#include "model/words.h"

#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/utf16.h>

struct words {
	UBreakIterator *iterator;
	UChar *text;
	uint32_t *index; /* code point of each UTF-16 unit */
	size_t cap;
};

struct words *words_new(void)
{
	UErrorCode status = U_ZERO_ERROR;
	struct words *w = mem_alloc(sizeof *w);
	w->iterator = ubrk_open(UBRK_WORD, "zh", NULL, 0, &status);
	if (U_FAILURE(status))
		w->iterator = NULL; /* every character is then a word */
	return w;
}

void words_free(struct words *w)
{
	if (!w)
		return;
	if (w->iterator)
		ubrk_close(w->iterator);
	mem_free(w->text);
	mem_free(w->index);
	mem_free(w);
}

void words_find(struct words *w, const codepoint *cp, size_t n, uint64_t *bits)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t units = 0;
	if (2 * n + 1 > w->cap) {
		w->cap = 2 * n + 256;
		w->text = mem_grow(w->text, w->cap, sizeof *w->text);
		w->index = mem_grow(w->index, w->cap, sizeof *w->index);
	}
	for (size_t i = 0; i < n; i++) {
		UChar32 c = cp[i] <= 0x10FFFF && !U_IS_SURROGATE(cp[i]) ? (UChar32)cp[i] : 0xFFFD;
		w->index[units] = (uint32_t)i;
		if (c > 0xFFFF)
			w->index[units + 1] = (uint32_t)i;
		U16_APPEND_UNSAFE(w->text, units, c);
	}
	w->index[units] = (uint32_t)n;
	memset(bits, w->iterator ? 0 : 0xFF, (n / 64 + 1) * sizeof *bits);
	if (!w->iterator)
		return;
	ubrk_setText(w->iterator, w->text, units, &status);
	for (int32_t at = ubrk_first(w->iterator); at != UBRK_DONE; at = ubrk_next(w->iterator))
		bits[w->index[at] >> 6] |= (uint64_t)1 << (w->index[at] & 63);
}
