/* script: see script.h. */
#include "model/script.h"

#include <string.h>

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

/* ---- words that keep a character ------------------------------------------------------------------------------
 *
 * Characters that are simplified in one reading only, and words in which they are not.  ICU knows some of these.
 * Source: the notes of 简化字总表 (General List of Simplified Characters, 1986) on 乾 (qián), 瞭 (liào) and 藉 (jí); for 乾
 * moreover names of counties (乾县, 乾安县) and of eras.  Beside the words there are two signs: in a text that is
 * simplified otherwise each of them stands on purpose (a person named 王乾), and 乾 with another character in front of
 * what ends the name of a place (乾务镇) is no drought. */
static const char *const kept_words[] = {
	"乾隆",   "乾坤",   "乾卦",   "乾元",   "乾道", "乾符", "乾德", "乾祐", "乾宁", "乾寧", "乾亨", "乾统", "乾統", "乾兴", "乾興", "乾嘉", "乾陵",
	"乾清宫", "乾清宮", "乾清门", "乾清門", "乾县", "乾縣", "乾纲", "乾綱", "朝乾", "康乾", "雍乾", "乾安县", "乾安縣", "瞭望", "狼藉", "慰藉", "枕藉",
	"蕴藉",   "蘊藉",
};
static const struct str kept_characters[] = {{"乾", 3}, {"瞭", 3}, {"藉", 3}};
/* What follows 乾 (qián) and one more character in names of places; and what follows 乾 where it is dry, or a relation
 * by name only. */
static const char place_ends[] = "镇鎮乡鄉村县縣市区區州河江湖溪路街寺山";
static const char dry_ends[] = "旱涸燥枯淨净季濕湿冷熱热灘滩草货貨果糧粮裂洗咳坡地涼凉";

static bool stands_in_word(struct str text, size_t off, struct str character)
{
	for (size_t i = 0; i < COUNT_OF(kept_words); i++) {
		struct str word = str_of(kept_words[i]);
		size_t at = str_find(word, character, 0);

		if (at != NOWHERE && off >= at && str_starts(str_sub(text, off - at, text.n), word))
			return true;
	}
	return false;
}

static bool names_place(struct str text, size_t off)
{
	codepoint cp;
	size_t second = off + kept_characters[0].n, n = utf8_step(text, second, &cp);
	size_t end = second + n, m = n > 0 ? utf8_step(text, end, &cp) : 0;

	return m > 0 && str_starts(str_sub(text, off, text.n), kept_characters[0]) &&
	       str_find(str_of(place_ends), str_sub(text, end, end + m), 0) != NOWHERE &&
	       str_find(str_of(dry_ends), str_sub(text, second, end), 0) == NOWHERE;
}

static bool may_be_kept(struct str text, size_t off)
{
	for (size_t i = 0; i < COUNT_OF(kept_characters); i++)
		if (str_starts(str_sub(text, off, text.n), kept_characters[i]))
			return true;
	return false;
}

static bool is_kept(struct str text, size_t off)
{
	for (size_t i = 0; i < COUNT_OF(kept_characters); i++)
		if (str_starts(str_sub(text, off, text.n), kept_characters[i]))
			return stands_in_word(text, off, kept_characters[i]) || names_place(text, off);
	return false;
}

/* Has characters that only simplified text has, and but for those that may be kept none that only traditional text has. */
static bool is_simplified(struct str text)
{
	bool simplified = false;
	codepoint cp;
	for (size_t off = 0, n; (n = utf8_step(text, off, &cp)) > 0; off += n) {
		if (may_be_kept(text, off))
			continue;
		if (fold_hans(cp) != cp)
			return false;
		simplified = simplified || fold_hant(cp) != cp;
	}
	return simplified;
}

/* Puts them back into out, which from `from` on has text converted. */
static void restore_kept(struct str text, size_t from, struct buf *out)
{
	codepoint cp, converted;
	bool whole_known = false, all_kept = false;
	for (size_t off = 0, at = from, n; (n = utf8_step(text, off, &cp)) > 0; off += n) {
		size_t width = utf8_step(buf_str(out), at, &converted);
		if (cp != converted && n == width && may_be_kept(text, off)) {
			if (!whole_known)
				all_kept = is_simplified(text);
			whole_known = true;
			if (all_kept || is_kept(text, off))
				memcpy(out->p + at, text.p + off, n);
		}
		at += width;
	}
}

void script_convert(struct script_converter *c, struct str text, enum script to, struct buf *out)
{
	if (to == SCRIPT_RAW || text.n == 0) {
		buf_add(out, text);
		return;
	}
	size_t from = out->n;
	if (!by_words(c, text, to, out))
		by_characters(text, to, out);
	if (to == SCRIPT_HANS)
		restore_kept(text, from, out);
}
