/* near.c: see near.h. */
#include "tui/commands/near.h"

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t near_distance(struct str a, struct str b)
{
	size_t width = b.n + 1;
	size_t *rows = mem_array(3 * width, sizeof(*rows)), *before = rows, *last = rows + width, *row = rows + 2 * width;
	for (size_t j = 0; j <= b.n; j++)
		last[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			row[j] = least(least(last[j], row[j - 1]) + 1, last[j - 1] + (a.p[i - 1] != b.p[j - 1]));
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
		size_t *spare = before;
		before = last;
		last = row;
		row = spare;
	}
	size_t distance = last[b.n];
	mem_free(rows);
	return distance;
}

bool near_is_meant(struct str a, struct str b)
{
	size_t most = least(2, (a.n + 2) / 3);
	/* What differs by more than that in length is not worth the table, however long it is. */
	if (a.n > b.n + most || b.n > a.n + most)
		return false;
	return near_distance(a, b) <= most;
}
