#include "model/script.h"

#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "model/fold.h"
#include "model/utf8.h"

struct script_converter {
	UTransliterator *to[SCRIPT_HANT + 1];
	bool failed[SCRIPT_HANT + 1]; /* ICU has no such rules here: by character then */
	UChar *units;
	size_t cap;
};

struct script_converter *script_converter_new(void)
{
	return mem_alloc(sizeof(struct script_converter));
}

void script_converter_free(struct script_converter *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < COUNT_OF(c->to); i++)
		if (c->to[i])
			utrans_close(c->to[i]);
	mem_free(c->units);
	mem_free(c);
}

static UTransliterator *rules(struct script_converter *c, enum script to)
{
	UErrorCode status = U_ZERO_ERROR;

	if (c->to[to] || c->failed[to])
		return c->to[to];
	c->to[to] = utrans_openU(to == SCRIPT_HANS ? u"Traditional-Simplified" : u"Simplified-Traditional", -1,
	                         UTRANS_FORWARD, NULL, 0, NULL, &status);
	c->failed[to] = U_FAILURE(status);
	if (c->failed[to])
		c->to[to] = NULL;
	return c->to[to];
}

static void reserve(struct script_converter *c, size_t units)
{
	if (units <= c->cap)
		return;
	c->units = mem_grow(c->units, units, sizeof *c->units);
	c->cap = units;
}

/* By words, appended; false where ICU cannot or where the number of code points changes. */
static bool by_words(struct script_converter *c, struct str text, enum script to, struct buf *out)
{
	UTransliterator *t = rules(c, to);
	UErrorCode status = U_ZERO_ERROR;
	int32_t n = 0, limit, bytes = 0;

	if (!t || text.n > INT32_MAX / 8)
		return false;
	reserve(c, text.n * 2 + 64);
	u_strFromUTF8(c->units, (int32_t)c->cap, &n, text.p, (int32_t)text.n, &status);
	limit = n;
	utrans_transUChars(t, c->units, &n, (int32_t)c->cap, 0, &limit, &status);
	if (U_FAILURE(status))
		return false;
	buf_reserve(out, (size_t)n * 3 + 1);
	u_strToUTF8(out->p + out->n, (int32_t)((size_t)n * 3 + 1), &bytes, c->units, n, &status);
	if (U_FAILURE(status) || utf8_count((struct str){out->p + out->n, (size_t)bytes}) != utf8_count(text)) {
		out->p[out->n] = '\0';
		return false;
	}
	out->n += (size_t)bytes;
	out->p[out->n] = '\0';
	return true;
}

static void by_characters(struct str text, enum script to, struct buf *out)
{
	codepoint cp;

	for (size_t off = 0, n; (n = utf8_step(text, off, &cp)) > 0; off += n) {
		utf8_add(out, to == SCRIPT_HANS ? fold_hans(cp) : fold_hant(cp));
	}
}

void script_convert(struct script_converter *c, struct str text, enum script to, struct buf *out)
{
	if (to == SCRIPT_RAW || text.n == 0) {
		buf_add(out, text);
		return;
	}
	if (!by_words(c, text, to, out))
		by_characters(text, to, out);
}
