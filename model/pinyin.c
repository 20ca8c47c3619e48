/* pinyin: see pinyin.h.  The table is made by gen/pinyin_make.c. */
#include "model/pinyin.h"

#include "pinyin_table.h"

/* A packed entry is a character above PINYIN_BITS bits of a syllable's number. */
static unsigned entry_number(uint32_t entry)
{
	return entry & ((1u << PINYIN_BITS) - 1);
}

struct str pinyin_syllable(unsigned number)
{
	if (number >= COUNT_OF(pinyin_names))
		return STR_NONE;
	return str_of(pinyin_names[number]);
}

bool pinyin_find(struct str syllable, unsigned *number)
{
	unsigned low = 0, high = COUNT_OF(pinyin_names);

	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		int order = str_cmp(str_of(pinyin_names[middle]), syllable);

		if (order == 0) {
			if (number)
				*number = middle;
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

unsigned pinyin_readings(codepoint cp, unsigned numbers[PINYIN_MOST])
{
	size_t low = 0, high = COUNT_OF(pinyin_entries);
	unsigned n = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (pinyin_entries[middle] >> PINYIN_BITS < cp)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < COUNT_OF(pinyin_entries) && pinyin_entries[low] >> PINYIN_BITS == cp; low++)
		numbers[n++] = entry_number(pinyin_entries[low]);
	return n;
}

bool pinyin_reads(codepoint cp, unsigned number)
{
	unsigned numbers[PINYIN_MOST];
	unsigned n = pinyin_readings(cp, numbers);

	for (unsigned i = 0; i < n; i++)
		if (numbers[i] == number)
			return true;
	return false;
}
