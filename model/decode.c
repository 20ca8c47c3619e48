/* decode.c: see decode.h. */
#include "model/decode.h"

#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/ucsdet.h>
#include <unicode/ustring.h>

#include "model/utf8.h"

/* Enough to tell; a detector that read all of a long file would keep the first screen waiting. */
#define SAMPLE ((size_t)1 << 16)

/* The encodings, in the order in which a tie is decided.  converter is ICU's name of the widest superset in use (as the WHATWG
 * Encoding Standard chooses them). */
struct encoding {
	const char *name, *converter;
	const char *detected; /* as ucsdet calls it, NULL: never asked */
	/* Of a character of two bytes: whether it is among the common ones of the encoding's standard (level 1
	 * ideographs, kana, Hangul, punctuation). */
	bool (*common)(unsigned char lead, unsigned char trail);
	bool (*leads)(unsigned char byte);
};

/* GB 2312: rows 1 to 3 punctuation and full-width forms, 16 to 55 the 3,755 ideographs of level 1. */
static bool common_gb18030(unsigned char lead, unsigned char trail)
{
	return trail >= 0xA1 && ((lead >= 0xB0 && lead <= 0xD7) || lead == 0xA1 || lead == 0xA3);
}

/* Big5: A1 to A3 punctuation, A4 to C6 the 5,401 frequent ideographs. */
static bool common_big5(unsigned char lead, unsigned char trail)
{
	return lead >= 0xA1 && lead <= 0xC6 && ((trail >= 0x40 && trail <= 0x7E) || trail >= 0xA1);
}

/* JIS X 0208 shifted: 81 punctuation, 82 and 83 kana, 88 to 97 ideographs of level 1. */
static bool common_shift_jis(unsigned char lead, unsigned char trail)
{
	return trail >= 0x40 && ((lead >= 0x88 && lead <= 0x97) || lead == 0x82 || lead == 0x83 || (lead == 0x81 && trail < 0x80));
}

/* JIS X 0208: rows 1 punctuation, 4 and 5 kana, 16 to 47 ideographs of level 1. */
static bool common_euc_jp(unsigned char lead, unsigned char trail)
{
	return trail >= 0xA1 && (lead == 0xA1 || lead == 0xA4 || lead == 0xA5 || (lead >= 0xB0 && lead <= 0xCF));
}

/* KS X 1001: rows 16 to 40 Hangul. */
static bool common_euc_kr(unsigned char lead, unsigned char trail)
{
	return trail >= 0xA1 && lead >= 0xB0 && lead <= 0xC8;
}

static bool leads_high(unsigned char byte)
{
	return byte >= 0x81;
}

/* A1 to DF are half-width katakana, one byte each. */
static bool leads_shift_jis(unsigned char byte)
{
	return byte >= 0x81 && (byte < 0xA0 || byte > 0xDF);
}

static const struct encoding encodings[] = {
	{"utf-8", "UTF-8", NULL, NULL, NULL},
	{"utf-16le", "UTF-16LE", NULL, NULL, NULL},
	{"utf-16be", "UTF-16BE", NULL, NULL, NULL},
	{"gb18030", "gb18030", "GB18030", common_gb18030, leads_high},
	{"big5", "Big5-HKSCS", "Big5", common_big5, leads_high},
	{"shift_jis", "windows-31j", "Shift_JIS", common_shift_jis, leads_shift_jis},
	{"euc-jp", "EUC-JP", "EUC-JP", common_euc_jp, leads_high},
	{"euc-kr", "windows-949", "EUC-KR", common_euc_kr, leads_high},
	{"windows-1252", "windows-1252", "windows-1252", NULL, NULL},
};

static const struct encoding *encoding_named(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(encodings); i++)
		if (strcmp(encodings[i].name, name) == 0)
			return &encodings[i];
	return NULL;
}

bool decode_known(const char *encoding)
{
	return encoding_named(encoding) != NULL;
}

const char *decode_name(const char *encoding)
{
	const struct encoding *e = encoding_named(encoding);
	return e ? e->name : NULL;
}

/* ---- conversion --------------------------------------------------------------------------------------------- */

static void replace_and_count(const void *context, UConverterToUnicodeArgs *args, const char *bytes, int32_t length,
                              UConverterCallbackReason reason, UErrorCode *status)
{
	static const UChar replacement[] = {0xFFFD};
	size_t *bad = (size_t *)(uintptr_t)context;
	(void)bytes;
	if (reason > UCNV_IRREGULAR)
		return;
	*bad += (size_t)length;
	*status = U_ZERO_ERROR;
	ucnv_cbToUWriteUChars(args, replacement, 1, 0, status);
}

static void add_utf16(struct buf *out, const UChar *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		codepoint cp = text[i];
		if (U16_IS_LEAD(cp) && i + 1 < n && U16_IS_TRAIL(text[i + 1]))
			cp = (codepoint)U16_GET_SUPPLEMENTARY(cp, text[++i]);
		utf8_add(out, cp);
	}
}

static bool convert(UConverter *converter, struct str bytes, struct buf *out)
{
	UChar chunk[4096];
	const char *from = bytes.p, *end = bytes.p + bytes.n;
	UErrorCode status;
	size_t kept = 0; /* 1: a lead surrogate from the end of the chunk before */
	do {
		UChar *to = chunk + kept;
		status = U_ZERO_ERROR;
		ucnv_toUnicode(converter, &to, chunk + COUNT_OF(chunk), &from, end, NULL, 1, &status);
		size_t n = (size_t)(to - chunk);
		kept = status == U_BUFFER_OVERFLOW_ERROR && n > 0 && U16_IS_LEAD(chunk[n - 1]);
		add_utf16(out, chunk, n - kept);
		if (kept)
			chunk[0] = chunk[n - 1];
	} while (status == U_BUFFER_OVERFLOW_ERROR);
	return !U_FAILURE(status);
}

bool decode_to_utf8(struct str bytes, const char *encoding, struct buf *out, size_t *bad, struct error *err)
{
	const struct encoding *e = encoding_named(encoding);
	size_t undecodable = 0;
	if (bad)
		*bad = 0;
	if (!e)
		return error_set(err, ERROR_ENCODING, NULL, "unknown encoding %s", encoding);
	if (bytes.n == 0 || e == encodings) {
		buf_add(out, bytes);
		return true;
	}
	UErrorCode status = U_ZERO_ERROR;
	UConverter *converter = ucnv_open(e->converter, &status);
	if (U_FAILURE(status))
		return error_set(err, ERROR_ENCODING, NULL, "ICU has no converter for %s: %s", e->name, u_errorName(status));
	UConverterToUCallback before;
	const void *context_before;
	ucnv_setToUCallBack(converter, replace_and_count, &undecodable, &before, &context_before, &status);
	size_t start = out->n;
	buf_reserve(out, bytes.n + bytes.n / 2);
	bool fine = !U_FAILURE(status) && convert(converter, bytes, out);
	ucnv_close(converter);
	if (!fine) {
		out->n = start;
		return error_set(err, ERROR_ENCODING, NULL, "this text cannot be read as %s", e->name);
	}
	if (bad)
		*bad = undecodable;
	return true;
}

/* ---- detection ---------------------------------------------------------------------------------------------- */

static bool is_ascii(struct str s, size_t *first)
{
	size_t i = 0;
	uint64_t eight;
	while (s.n - i >= 8 && (memcpy(&eight, s.p + i, 8), (eight & 0x8080808080808080u) == 0))
		i += 8;
	while (i < s.n && (unsigned char)s.p[i] < 0x80)
		i++;
	*first = i;
	return i == s.n;
}

/* Text in UTF-8 with a few broken bytes is still UTF-8; of text in another encoding less than half looks like it. */
static bool looks_like_utf8(struct str sample, bool cut)
{
	size_t good = 0, bad = 0;
	for (size_t off = 0; off < sample.n;) {
		codepoint cp;
		size_t step = utf8_step(sample, off, &cp);
		if (cp & UTF8_BAD)
			bad += !cut || off + 3 < sample.n;
		else if (step > 1)
			good += step;
		off += step;
	}
	return bad == 0 || good * 3 >= (good + bad) * 2;
}

/* Without a BOM: what UTF-16 gives must be nearly all ASCII, Han and their punctuation. */
static bool looks_like_utf16(struct str sample, bool big_endian)
{
	size_t units = sample.n / 2, good = 0;
	const unsigned char *p = (const unsigned char *)sample.p;
	for (size_t i = 0; i < units; i++) {
		unsigned high = p[2 * i + !big_endian], low = p[2 * i + big_endian], unit = high << 8 | low;
		good += unit == '\t' || unit == '\n' || unit == '\r' || (unit >= 0x20 && unit < 0x250 && unit != 0x7F) ||
		        (unit >= 0x2010 && unit < 0x2040) || (unit >= 0x3000 && unit < 0xA000) ||
		        (unit >= 0xD800 && unit < 0xE000) || unit >= 0xFF00;
	}
	return units > 0 && good * 20 >= units * 19;
}

static const char *detect_utf16(struct str sample)
{
	if (looks_like_utf16(sample, false))
		return "utf-16le";
	return looks_like_utf16(sample, true) ? "utf-16be" : NULL;
}

/* Of the characters that are not ASCII, the share (0 to 100) that is common in text of this encoding. */
static int common_share(const struct encoding *e, struct str sample)
{
	size_t all = 0, common = 0;
	const unsigned char *p = (const unsigned char *)sample.p;
	for (size_t i = 0; i < sample.n; i++) {
		if (p[i] < 0x80)
			continue;
		all++;
		if (!e->leads(p[i]) || i + 1 == sample.n)
			continue;
		common += e->common(p[i], p[i + 1]);
		i++;
	}
	return all ? (int)(common * 100 / all) : 0;
}

static int confidence_in(const struct encoding *e, const UCharsetMatch **matches, int32_t count)
{
	for (int32_t i = 0; i < count; i++) {
		UErrorCode status = U_ZERO_ERROR;
		const char *name = ucsdet_getName(matches[i], &status);
		int confidence = ucsdet_getConfidence(matches[i], &status);
		if (U_FAILURE(status))
			continue;
		/* The detector says ISO-8859-1 as long as no byte of 80..9F is there. */
		if (strcmp(name, e->detected) == 0 || (!e->common && strcmp(name, "ISO-8859-1") == 0))
			return confidence;
	}
	return 0;
}

static size_t undecodable_in(const struct encoding *e, struct str sample)
{
	struct buf text = {0};
	size_t bad = 0;
	if (!decode_to_utf8(sample, e->name, &text, &bad, NULL))
		bad = sample.n;
	buf_free(&text);
	return bad;
}

static const char *detect_legacy(struct str sample)
{
	UErrorCode status = U_ZERO_ERROR;
	UCharsetDetector *detector = ucsdet_open(&status);
	int32_t count = 0;
	const UCharsetMatch **matches = NULL;
	if (!U_FAILURE(status)) {
		ucsdet_setText(detector, sample.p, (int32_t)sample.n, &status);
		matches = ucsdet_detectAll(detector, &count, &status);
		if (U_FAILURE(status))
			count = 0;
	}
	const char *best = "utf-8";
	int best_score = 40;
	for (size_t i = 0; i < COUNT_OF(encodings); i++) {
		const struct encoding *e = &encodings[i];
		if (!e->detected)
			continue;
		int score = confidence_in(e, matches, count);
		score += e->common ? common_share(e, sample) : 0;
		size_t bad = undecodable_in(e, sample);
		/* One byte may be the cut end of the sample. */
		score -= bad <= 1 ? 0 : bad * 50 < sample.n ? (int)(bad * 2000 / sample.n) + 5 : 200;
		if (score > best_score) {
			best_score = score;
			best = e->name;
		}
	}
	ucsdet_close(detector);
	return best;
}

const char *decode_detect(struct str bytes)
{
	if (str_starts(bytes, S("\xEF\xBB\xBF")))
		return str_byte(bytes, '\0', 0) == NOWHERE ? "utf-8" : NULL;
	if (str_starts(bytes, S("\xFF\xFE\0\0")) || str_starts(bytes, S("\0\0\xFE\xFF")))
		return NULL;
	if (str_starts(bytes, S("\xFF\xFE")))
		return "utf-16le";
	if (str_starts(bytes, S("\xFE\xFF")))
		return "utf-16be";
	if (str_byte(bytes, '\0', 0) != NOWHERE)
		return detect_utf16(str_sub(bytes, 0, SAMPLE));
	size_t first;
	if (is_ascii(bytes, &first))
		return "utf-8";
	struct str sample = str_sub(bytes, first, first + SAMPLE);
	if (looks_like_utf8(sample, first + SAMPLE < bytes.n))
		return "utf-8";
	return detect_legacy(sample);
}
