/* collate.c: see collate.h. */
#include "model/collate.h"

#include <unicode/ucol.h>
#include <unicode/ustring.h>

struct collator {
	UCollator *ucol; /* NULL: by bytes */
};

struct collator *collator_new(void)
{
	struct collator *c = mem_alloc(sizeof(*c));
	UErrorCode status = U_ZERO_ERROR;
	c->ucol = ucol_open("zh", &status);
	if (!U_FAILURE(status))
		ucol_setAttribute(c->ucol, UCOL_NUMERIC_COLLATION, UCOL_ON, &status);
	if (U_FAILURE(status)) {
		ucol_close(c->ucol);
		c->ucol = NULL;
	}
	return c;
}

void collator_free(struct collator *c)
{
	if (!c)
		return;
	ucol_close(c->ucol);
	mem_free(c);
}

#define MOST_DIGITS_AT_ONCE 254 /* of longer numbers ICU weighs so many digits at a time */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The end of the number in ASCII digits that `at` is in.  NOWHERE: a character follows that may be another digit. */
static size_t number_end(struct str s, size_t at)
{
	while (at < s.n && is_digit(s.p[at]))
		at++;
	return at < s.n && (unsigned char)s.p[at] >= 0x80 ? NOWHERE : at;
}

int collate_numbered(struct str a, struct str b)
{
	size_t least = a.n < b.n ? a.n : b.n, at = 0;
	while (at < least && a.p[at] == b.p[at])
		at++;
	if (at == least || !is_digit(a.p[at]) || !is_digit(b.p[at]))
		return 0;
	size_t end = number_end(a, at);
	if (end == NOWHERE || end > MOST_DIGITS_AT_ONCE || number_end(b, at) != end)
		return 0;
	return a.p[at] < b.p[at] ? -1 : 1;
}

#define UNITS 512 /* UTF-16 units of a name that need no memory of their own; its key is rarely longer */

/* The name as UTF-16, in room or in memory that the caller frees as *made; bytes that are no UTF-8 count as U+FFFD. */
static const UChar *in_utf16(struct str name, UChar room[UNITS], UChar **made, int32_t *n)
{
	UErrorCode status = U_ZERO_ERROR;
	*made = NULL;
	if (name.n > UNITS) /* never more units than bytes */
		*made = mem_array(name.n, sizeof(UChar));
	UChar *to = *made ? *made : room;
	u_strFromUTF8WithSub(to, *made ? (int32_t)name.n : UNITS, n, name.n ? name.p : "", (int32_t)name.n, 0xFFFD, NULL,
	                     &status);
	return to;
}

/* Sort keys end in a zero byte and hold none before: what follows decides only between equal ones. */
static void add_sort_key(const struct collator *c, struct str name, struct buf *key)
{
	UChar room[UNITS], *made;
	int32_t units = 0, had = UNITS, n;
	const UChar *text = in_utf16(name, room, &made, &units);
	for (;;) {
		buf_reserve(key, (size_t)had + 1);
		n = ucol_getSortKey(c->ucol, text, units, (uint8_t *)key->p + key->n, had);
		if (n <= had)
			break;
		had = n;
	}
	mem_free(made);
	key->n += n > 0 ? (size_t)n - 1 : 0;
	buf_addc(key, '\0');
}

void collate_key(const struct collator *c, struct str name, struct buf *key)
{
	name = str_sub(name, 0, INT32_MAX);
	if (c->ucol)
		add_sort_key(c, name, key);
	buf_add(key, name);
}
