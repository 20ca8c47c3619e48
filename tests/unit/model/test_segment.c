/* segment: clusters and line breaks against Unicode's own tests, cells against wcwidth, and all of it on broken bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <wchar.h>

#include "model/io.h"
#include "model/segment.h"
#include "model/utf8.h"

#define UNICODE_TESTS "/usr/share/unicode/auxiliary/"

/* ---- Unicode's tests ---------------------------------------------------------------------------------------- */

/* One line `÷ 0020 × 0308 ÷ # …`: the text, and for each byte whether a boundary is wanted there. */
struct unicode_case {
	struct buf text;
	bool wanted[512];
};

static bool parse_case(struct str line, struct unicode_case *c)
{
	buf_clear(&c->text);
	memset(c->wanted, 0, sizeof(c->wanted));
	size_t hash = str_byte(line, '#', 0);
	line = str_sub(line, 0, hash);
	for (size_t off = 0, step; off < line.n; off += step) {
		codepoint cp;
		step = utf8_step(line, off, &cp);
		if (cp == 0xF7 || cp == 0xD7) {
			c->wanted[c->text.n] = cp == 0xF7;
		} else if (cp > ' ') {
			char *end;
			unsigned long value = strtoul(line.p + off, &end, 16);
			step = (size_t)(end - (line.p + off));
			if (value >= 0xD800 && value < 0xE000)
				return false; /* a lone surrogate is no character in UTF-8 */
			utf8_add(&c->text, (codepoint)value);
		}
	}
	return c->text.n > 0;
}

static void explain(struct str line, enum segment_by by, size_t off)
{
	struct buf shown = {0};
	visible_add(&shown, line, false);
	print_message("kind %d, byte %zu of: %s\n", (int)by, off, shown.p);
	buf_free(&shown);
}

static size_t failures_in(const char *path, enum segment_by by, bool chinese, bool tell)
{
	struct buf file = {0};
	struct error e = {0};
	if (!io_read_file(path, 1u << 24, &file, NULL, &e)) {
		print_message("%s is not here (Debian: unicode-data)\n", path);
		error_clear(&e);
		skip();
	}
	struct segmenter *g = segmenter_new(chinese);
	struct unicode_case c = {0};
	size_t failed = 0, cases = 0;
	for (size_t at = 0, end; at < file.n; at = end + 1) {
		end = str_byte(buf_str(&file), '\n', at);
		if (end == NOWHERE)
			end = file.n;
		struct str line = str_sub(buf_str(&file), at, end);
		if (!parse_case(line, &c))
			continue;
		cases++;
		segment_text(g, buf_str(&c.text));
		size_t off = 0, wrong = NOWHERE;
		for (size_t i = 1; i <= c.text.n && wrong == NOWHERE; i++) {
			/* UAX #14 lets a space and a mark on it part, and an emoji and its skin tone; a cluster is
			 * never divided here. */
			c.wanted[i] &= cluster_boundary(buf_str(&c.text), i);
			bool reached = segment_next(g, by, off) == i;
			if (reached != c.wanted[i] || segment_is_boundary(g, by, i) != c.wanted[i])
				wrong = i;
			else if (reached && segment_prev(g, by, i) != off)
				wrong = i;
			if (reached)
				off = i;
		}
		failed += wrong != NOWHERE;
		if (tell && wrong != NOWHERE)
			explain(line, by, wrong);
	}
	assert_true(cases > 500);
	segmenter_free(g);
	buf_free(&c.text);
	buf_free(&file);
	return failed;
}

static void unicode_grapheme_test(void **state)
{
	(void)state;
	assert_int_equal(failures_in(UNICODE_TESTS "GraphemeBreakTest.txt", BY_GRAPHEME, true, true), 0);
}

/* What ICU does otherwise than the plain rules, in both locales: a hyphen stays with the letter after it at the
 * start of a line (8 lines of the test), and digits with the comma or full stop before them, as in .35 and a.2 (14
 * lines). */
#define LINES_TAILORED 22

static void unicode_line_test(void **state)
{
	(void)state;
	assert_int_equal(failures_in(UNICODE_TESTS "LineBreakTest.txt", BY_LINE, false, false), LINES_TAILORED);
	assert_int_equal(failures_in(UNICODE_TESTS "LineBreakTest.txt", BY_LINE, true, false), LINES_TAILORED);
}

/* ---- broken bytes ------------------------------------------------------------------------------------------- */

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static struct buf random_text(uint32_t *seed, size_t pieces_wanted)
{
	static const char *const pieces[] = {
		"a", " ", "é", "e\u0301", "\u0301", "高", "，", "。", "“", "”", "《", "》", "——", "……", "𠮷", "\r\n", "\n", "1",
		"🇨🇳", "🇨", "👨‍👩‍👧", "\u200D", "👍🏻", "\u0915\u093F", "각", "\u1100", "\u1161", "\u0600", "ｶﾞ", "\xFF", "\x80",
		"\xE9\xAB", "\xF0\xA0\xAE", "\xC3", "\u202E", "\xEF\xBB\xBF",
	};
	struct buf text = {0};
	for (size_t i = 0; i < pieces_wanted; i++)
		buf_adds(&text, pieces[next_random(seed) % COUNT_OF(pieces)]);
	return text;
}

/* next, prev and is_boundary tell the same, from any byte; nothing divides a code point; a bad byte stands alone. */
static void check_agreement(struct segmenter *g, struct str text, enum segment_by by)
{
	size_t last = 0;
	for (size_t off = 1; off <= text.n; off++) {
		bool boundary = segment_is_boundary(g, by, off);
		if (segment_next(g, by, last) != off && boundary)
			fail_msg("kind %d: next(%zu) passes the boundary %zu", (int)by, last, off);
		if (segment_next(g, by, off - 1) == off && !boundary)
			fail_msg("kind %d: next(%zu) is no boundary", (int)by, off - 1);
		if (segment_prev(g, by, off) != last)
			fail_msg("kind %d: prev(%zu) is %zu, not %zu", (int)by, off, segment_prev(g, by, off), last);
		if (boundary && !utf8_boundary(text, off))
			fail_msg("kind %d: byte %zu is within a code point", (int)by, off);
		codepoint cp = 0;
		if (by == BY_GRAPHEME && utf8_boundary(text, off) && utf8_step(text, off, &cp) && cp & UTF8_BAD)
			assert_true(boundary && segment_next(g, by, off) == off + 1);
		if (boundary)
			last = off;
	}
	assert_int_equal(last, text.n);
}

static void all_questions_agree_on_broken_text(void **state)
{
	(void)state;
	uint32_t seed = 42;
	for (int round = 0; round < 300; round++) {
		struct buf text = random_text(&seed, 1 + next_random(&seed) % 40);
		struct segmenter *g = segmenter_new(round % 2);
		segment_text(g, buf_str(&text));
		for (int by = 0; by < SEGMENT_KINDS; by++)
			check_agreement(g, buf_str(&text), (enum segment_by)by);
		segmenter_free(g);
		buf_free(&text);
	}
}

static void reuse_for_other_texts(void **state)
{
	(void)state;
	struct segmenter *g = segmenter_new(true);
	segment_text(g, S("高建军主持。会议"));
	assert_int_equal(segment_next(g, BY_SENTENCE, 0), 18);
	segment_text(g, S("a b"));
	assert_int_equal(segment_next(g, BY_SENTENCE, 0), 3);
	assert_int_equal(segment_next(g, BY_LINE, 0), 2);
	assert_int_equal(segment_next(g, BY_GRAPHEME, 0), 1);
	segment_text(g, STR_NONE);
	assert_int_equal(segment_next(g, BY_WORD, 0), 0);
	assert_int_equal(segment_prev(g, BY_WORD, 0), 0);
	segmenter_free(g);
}

/* ---- Chinese ------------------------------------------------------------------------------------------------ */

static void line_breaks(struct segmenter *g, const char *text, struct buf *out)
{
	struct str s = str_of(text);
	buf_clear(out);
	segment_text(g, s);
	for (size_t off = 0, end; off < s.n; off = end) {
		end = segment_next(g, BY_LINE, off);
		buf_add(out, str_sub(s, off, end));
		buf_addc(out, '|');
	}
}

static void chinese_lines(void **state)
{
	(void)state;
	static const struct {
		const char *text, *broken;
	} cases[] = {
		{"强调，“要扎牢”——这是……的。", "强|调，|“要|扎|牢”|——|这|是……|的。|"},
		{"他说（中文）、《书名》等。", "他|说|（中|文）、|《书|名》|等。|"},
		{"中文“引用”中文", "中|文|“引|用”|中|文|"},
		{"1,000元50％￥100", "1,000|元|50％|￥100|"},
		{"在Beijing的 New York", "在|Beijing|的 |New |York|"},
	};
	struct segmenter *g = segmenter_new(true);
	struct buf out = {0};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		line_breaks(g, cases[i].text, &out);
		assert_string_equal(out.p, cases[i].broken);
	}
	buf_free(&out);
	segmenter_free(g);
}

static void words(void **state)
{
	(void)state;
	struct segmenter *g = segmenter_new(true);
	segment_text(g, S("开封市，2022年"));
	size_t comma = strlen("开封市");
	assert_true(segment_is_boundary(g, BY_WORD, comma));
	assert_true(segment_word_like(g, comma));
	assert_false(segment_word_like(g, comma + 3));
	assert_true(segment_word_like(g, comma + 3 + 4));
	assert_false(segment_word_like(g, 1));
	segmenter_free(g);
}

/* ---- cells -------------------------------------------------------------------------------------------------- */

static unsigned drawn_width(struct str cluster)
{
	struct buf drawn = {0};
	cluster_add_drawn(&drawn, cluster);
	unsigned width = 0;
	codepoint cp;
	for (size_t off = 0, step; (step = utf8_step(buf_str(&drawn), off, &cp)) != 0; off += step) {
		int w = wcwidth((wchar_t)cp);
		if (w < 0)
			fail_msg("U+%04X would be drawn, but the terminal does not know it", (unsigned)cp);
		width += (unsigned)w;
	}
	buf_free(&drawn);
	return width;
}

/* Every code point by itself takes the cells that the terminal advances for what is drawn; where that is not the character, the
 * terminal does not know it. */
static void every_code_point_agrees_with_wcwidth(void **state)
{
	(void)state;
	size_t stand_ins = 0, han_stand_ins = 0;
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		skip();
	for (codepoint cp = 0; cp <= 0x10FFFF; cp++) {
		if (cp >= 0xD800 && cp < 0xE000)
			continue;
		struct buf one = {0};
		utf8_add(&one, cp);
		unsigned width = cell_width(buf_str(&one), 1);
		if (width == 0 || (!cp_is_hidden(cp) && width > 2) || width != drawn_width(buf_str(&one)))
			fail_msg("U+%04X: %u cells, drawn in %u", (unsigned)cp, width, drawn_width(buf_str(&one)));
		int known = wcwidth((wchar_t)cp);
		if (!cp_is_hidden(cp) && known > 0 && (unsigned)known != width)
			fail_msg("U+%04X: %u cells, wcwidth %d", (unsigned)cp, width, known);
		if (!cp_is_hidden(cp) && known < 0 && u_isdefined((UChar32)cp)) {
			stand_ins++;
			han_stand_ins += cp_is_han(cp) && width == 2;
		}
		buf_free(&one);
	}
	/* Unicode 15's new characters, where glibc has Unicode 14; a newer glibc knows them and has none. */
	print_message("%zu code points, %zu Han, are unknown to this glibc\n", stand_ins, han_stand_ins);
	if (stand_ins)
		assert_int_equal(han_stand_ins, 4193);
}

static void random_clusters_agree_with_wcwidth(void **state)
{
	(void)state;
	uint32_t seed = 5;
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		skip();
	for (int round = 0; round < 500; round++) {
		struct buf text = random_text(&seed, 30);
		struct str s = buf_str(&text);
		for (size_t off = 0, end; off < s.n; off = end) {
			end = cluster_next(s, off);
			struct str cluster = str_sub(s, off, end);
			assert_int_equal(cell_width(cluster, 1), drawn_width(cluster));
		}
		buf_free(&text);
	}
}

static void widths_of_clusters(void **state)
{
	(void)state;
	static const struct {
		const char *cluster;
		unsigned width, ambiguous_width;
	} cases[] = {
		{"a", 1, 1}, {"高", 2, 2}, {"，", 2, 2}, {"“", 1, 2}, {"—", 1, 2}, {"①", 1, 2}, {"e\u0301", 1, 1}, {"\u0301", 1, 1},
		{"🇨🇳", 2, 2}, {"👨‍👩‍👧", 2, 2}, {"👍🏻", 2, 2}, {"ｶﾞ", 2, 2}, {"\U00031350", 2, 2}, {"\xFF", 4, 4}, {"\u202E", 8, 8},
		{"\t", 8, 8}, {"🀄", 2, 2}, {"각", 2, 2}, {"❤️", 1, 1}, {"\u0915\u093F", 2, 2},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str c = str_of(cases[i].cluster);
		if (cell_width(c, 1) != cases[i].width || cell_width(c, 2) != cases[i].ambiguous_width)
			fail_msg("case %zu: %u and %u", i, cell_width(c, 1), cell_width(c, 2));
		assert_int_equal(cluster_next(c, 0), c.n);
	}
}

static void nothing_hidden_is_drawn(void **state)
{
	(void)state;
	struct buf out = {0};
	cluster_add_drawn(&out, S("高\u200D"));
	assert_string_equal(out.p, "高");
	buf_clear(&out);
	cluster_add_drawn(&out, S("\u202E"));
	assert_string_equal(out.p, "<U+202E>");
	buf_clear(&out);
	cluster_add_drawn(&out, S("👨‍👩‍👧"));
	assert_string_equal(out.p, "👨");
	buf_clear(&out);
	cluster_add_drawn(&out, S("\U00031350"));
	assert_string_equal(out.p, "〓");
	buf_clear(&out);
	cluster_add_drawn(&out, S("e\u0301\u0302\u0303\u0304\u0305\u0306"));
	assert_string_equal(out.p, "e\u0301\u0302\u0303\u0304");
	buf_free(&out);
}

static void fitting(void **state)
{
	(void)state;
	unsigned used;
	assert_int_equal(text_width(S("高a，"), 1), 5);
	assert_int_equal(text_fit(S("高a，"), 4, 1, &used), 4);
	assert_int_equal(used, 3);
	assert_int_equal(text_fit(S("高a，"), 1, 1, &used), 0);
	assert_int_equal(used, 0);
	assert_int_equal(text_fit(S("e\u0301x"), 1, 1, NULL), 3);
	assert_int_equal(text_fit(STR_NONE, 9, 1, NULL), 0);
}

/* Ten thousand marks on a letter, ten thousand flag letters: linear, and one cluster or pairs. */
static void floods(void **state)
{
	(void)state;
	struct buf marks = {0}, flags = {0};
	buf_addc(&marks, 'e');
	for (int i = 0; i < 10000; i++) {
		buf_adds(&marks, "\u0301");
		buf_adds(&flags, "\U0001F1E8");
	}
	assert_int_equal(cluster_next(buf_str(&marks), 0), marks.n);
	assert_int_equal(cell_width(buf_str(&marks), 1), 1);
	assert_int_equal(text_width(buf_str(&flags), 1), 10000);
	buf_free(&marks);
	buf_free(&flags);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unicode_grapheme_test),
		cmocka_unit_test(unicode_line_test),
		cmocka_unit_test(all_questions_agree_on_broken_text),
		cmocka_unit_test(reuse_for_other_texts),
		cmocka_unit_test(chinese_lines),
		cmocka_unit_test(words),
		cmocka_unit_test(every_code_point_agrees_with_wcwidth),
		cmocka_unit_test(random_clusters_agree_with_wcwidth),
		cmocka_unit_test(widths_of_clusters),
		cmocka_unit_test(nothing_hidden_is_drawn),
		cmocka_unit_test(fitting),
		cmocka_unit_test(floods),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
