/* fold.c: see fold.h. */
#include "model/fold.h"

#include "fold_table.h"

codepoint fold_cp(codepoint cp)
{
	if (cp >= COUNT_OF(fold_index) * FOLD_BLOCK)
		return cp;
	return cp + (codepoint)fold_blocks[fold_index[cp / FOLD_BLOCK]][cp % FOLD_BLOCK];
}

void fold_add(struct buf *out, struct str text)
{
	codepoint cp;
	size_t kept = 0, off = 0;
	/* What stays as it is goes over in runs. */
	for (size_t step; (step = utf8_step(text, off, &cp)) != 0; off += step) {
		codepoint folded = fold_cp(cp);
		if (folded == cp)
			continue;
		buf_add(out, str_sub(text, kept, off));
		utf8_add(out, folded);
		kept = off + step;
	}
	buf_add(out, str_sub(text, kept, off));
}

static codepoint look_up(const uint32_t (*pairs)[2], size_t n, codepoint cp)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (pairs[middle][0] == cp)
			return pairs[middle][1];
		if (pairs[middle][0] < cp)
			low = middle + 1;
		else
			high = middle;
	}
	return cp;
}

codepoint fold_hans(codepoint cp)
{
	return cp < 0x3400 ? cp : look_up(hans_pairs, COUNT_OF(hans_pairs), cp);
}

codepoint fold_hant(codepoint cp)
{
	return cp < 0x3400 ? cp : look_up(hant_pairs, COUNT_OF(hant_pairs), cp);
}
