/* lines: see lines.h. */
#include "model/lines.h"

#include <string.h>

bool is_newline(char c)
{
	return c == '\n' || c == '\r';
}

/* Whether off stands between the two bytes of a CR LF. */
static bool inside_newline(struct str text, size_t off)
{
	return off > 0 && off < text.n && text.p[off] == '\n' && text.p[off - 1] == '\r';
}

size_t line_start(struct str text, size_t off, size_t reach)
{
	size_t low = off > reach ? off - reach : 0;

	if (inside_newline(text, off))
		off--;
	const char *lf = memrchr(text.p + low, '\n', off - low);
	if (lf)
		low = (size_t)(lf - text.p) + 1;
	const char *cr = memrchr(text.p + low, '\r', off - low);
	if (cr)
		return (size_t)(cr - text.p) + 1;
	return lf || low == 0 ? low : NOWHERE;
}

size_t line_end(struct str text, size_t off, size_t reach)
{
	size_t high = text.n - off > reach ? off + reach : text.n;

	if (inside_newline(text, off))
		return off + 1;
	size_t lf = str_byte(str_sub(text, 0, high), '\n', off);
	size_t cr = str_byte(str_sub(text, 0, lf == NOWHERE ? high : lf), '\r', off);
	if (cr != NOWHERE)
		return cr + (cr + 1 < text.n && text.p[cr + 1] == '\n' ? 2 : 1);
	if (lf != NOWHERE)
		return lf + 1;
	return high == text.n ? text.n : NOWHERE;
}
