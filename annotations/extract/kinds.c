/* kinds.c: see kinds.h. */
#include "annotations/extract/kinds.h"

static bool is_numeral(codepoint c)
{
	switch (c) {
	case 0x4E00: case 0x4E8C: case 0x4E09: case 0x56DB: case 0x4E94: case 0x516D: case 0x4E03: case 0x516B: case 0x4E5D: case 0x5341:
	case 0x767E: case 0x5343: case 0x4E07: case 0x4EBF: case 0x4E24: case 0x96F6: case 0x3007:
		return true;
	default:
		return c >= '0' && c <= '9';
	}
}

unsigned kinds_of(codepoint c)
{
	unsigned kinds = is_numeral(c) ? KIND_NUMERAL : 0;
	if ((c >= 0x3400 && c < 0x4E00) || (c >= 0x4E00 && c <= 0x9FFF) || (c > 0x9FFF && cp_is_han(c)) || c == 0x3007)
		kinds |= KIND_HAN;
	if (c >= '0' && c <= '9')
		kinds |= KIND_DIGIT;
	if (cp_is_space(c))
		kinds |= KIND_SPACE;
	return cp_is_word(c) ? kinds : kinds | KIND_MARK;
}
