/* Rows at every width: nothing lost, nothing too wide, offsets to places and back; steps; texts of
 * extreme shape. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/layout.h"
#include "tests/unit/hang_fixture.h"
#include "tests/unit/model/seeds.h"

/* Everything that can stand in a line, and lines of every kind. */
#define MIXED_TEXT \
    "\xef\xbb\xbf标题:“外防输入、内防反弹”(试行)\n" \
    "\n" \
    "    落實(shí)责任，環(huán)節(jié)。He said “hello, world”—and left…… 12,345.67元;价格:¥100。\r\n" \
    "\t制表符\t在这里\r\n" \
    "👨‍👩‍👧‍👦一家人 👍🏽 ❤️ 🇨🇳 e\xcc\x81\xcc\x82 𠮷野家 葛\xf3\xa0\x84\x80城\n" \
    "控制\x1b[31m红\x07色\xe2\x80\xae反向\xe2\x80\x8b零宽\xc2\x9d" "C1 \xff\xfe坏字节\xe5\xae 尾\n" \
    "????本報訊(記者李錚?馮蕓)會議指出,變?yōu)榇_定因素。\r" \
    "(((“（《嵌套的开括号》）”))) ，。、；：连续的标点！？……——\n" \
    "https://example.com/a/very/long/path/that/does/not/break/anywhere/at/all/0123456789\n" \
    "\xe3\x80\x80\xe3\x80\x80全角空格开头,末尾有空格          \n" \
    "最后一行没有换行"
#define MIXED S(MIXED_TEXT)

struct fixture {
	struct article *article;
	struct reading *reading;
	struct layout *layout;
	struct str text;
};

static struct fixture fixture_of(struct str text, struct reading_options options, unsigned width)
{
	struct fixture f;

	f.article = article_of(text);
	f.text = article_text(f.article);
	f.reading = reading_new(f.article, NULL);
	reading_set_options(f.reading, options);
	f.layout = layout_new(f.reading, width, 1);
	return f;
}

static void fixture_close(struct fixture *f)
{
	layout_free(f->layout);
	reading_free(f->reading);
	article_free(f->article);
}

/* ---- properties ------------------------------------------------------------------------------------------- */

static codepoint first_of(const struct block *b, size_t cluster)
{
	codepoint cp = 0;

	utf8_step(buf_str(&b->shown), b->clusters[cluster].shown, &cp);
	return cp;
}

static codepoint last_of(const struct block *b, size_t cluster)
{
	codepoint cp = 0;

	utf8_step(buf_str(&b->shown), utf8_back(buf_str(&b->shown), b->clusters[cluster].shown_end), &cp);
	return cp;
}

static bool in(codepoint cp, const char *set)
{
	codepoint c;

	for (size_t off = 0, n; (n = utf8_step(str_of(set), off, &c)) > 0; off += n)
		if (c == cp)
			return true;
	return false;
}

static bool is_blank(const struct block *b, size_t cluster)
{
	return cp_is_space(first_of(b, cluster));
}

/* Width of a row without the blanks at its end; 0 when only one cluster is left. */
static unsigned width_without_blanks(const struct block *b, const struct row *r)
{
	unsigned width = r->width;
	size_t i;

	for (i = r->first + r->n; i > r->first && is_blank(b, i - 1); i--)
		width -= b->clusters[i - 1].width;
	return i - r->first > 1 ? width : 0;
}

static void check_rows(const struct block *b, unsigned width)
{
	uint32_t off = 0, next = 0;

	assert_true(b->n_rows >= 1);
	for (size_t i = 0; i < b->n_rows; i++) {
		const struct row *r = &b->rows[i];
		unsigned col = 0;

		assert_int_equal(r->off, off);
		assert_int_equal(r->first, next);
		assert_true(r->end >= r->off);
		for (size_t c = r->first; c < r->first + r->n; c++) {
			assert_int_equal(b->clusters[c].col, col);
			col += b->clusters[c].width;
		}
		assert_int_equal(col, r->width);
		if (!b->folded)
			assert_true(width_without_blanks(b, r) <= width);
		if (b->n_rows > 1)
			assert_true(r->n > 0);
		off = r->end;
		next = r->first + r->n;
	}
	assert_int_equal(off, b->end - b->off);
	assert_int_equal(next, b->n_clusters);
}

static void check_clusters(const struct fixture *f, const struct block *b)
{
	uint32_t off = 0, shown = 0;

	for (size_t i = 0; i < b->n_clusters; i++) {
		const struct cluster *c = &b->clusters[i];
		unsigned col;
		struct place p;

		assert_true(c->off >= off);
		assert_int_equal(c->shown, shown);
		assert_true(c->shown_end > c->shown);
		assert_true(c->width >= 1);
		off = c->end;
		shown = c->shown_end;
		if (c->kind == PIECE_VIRTUAL) {
			assert_int_equal(c->off, c->end);
			continue;
		}
		assert_true(c->end > c->off);
		for (size_t at = c->off; at < c->end; at++) {
			p = layout_place(f->layout, b->off + at, &col);
			assert_int_equal(p.block, b->off);
			assert_int_equal(layout_offset(f->layout, p, col), b->off + c->off);
		}
	}
	assert_int_equal(shown, b->shown.n);
}

/* No mark that closes begins a row, none that opens ends one, where another break was to be had. */
static size_t bad_breaks(const struct block *b)
{
	size_t bad = 0;

	for (size_t i = 0; i + 1 < b->n_rows; i++) {
		const struct row *r = &b->rows[i];
		size_t last = r->first + r->n - 1;

		if (in(first_of(b, last + 1), "，。、；：！？）》」』】”’,;:!?)") && r->n > 1)
			bad++;
		else if (in(last_of(b, last), "（《「『【“‘([") && r->n > 1)
			bad++;
	}
	return bad;
}

static void check_tiling(const struct fixture *f)
{
	size_t off = 0, end = f->text.n;

	while (off < f->text.n) {
		const struct block *b = layout_block(f->layout, off);

		assert_int_equal(b->off, off);
		assert_true(b->end > off);
		assert_ptr_equal(layout_block(f->layout, b->end - 1), b);
		off = b->end;
	}
	assert_int_equal(off, f->text.n);
	while (end > 0) {
		const struct block *b = layout_block(f->layout, end - 1);

		assert_int_equal(b->end, end);
		end = b->off;
	}
}

static size_t check_all(struct str text, struct reading_options options, unsigned from, unsigned to)
{
	struct fixture f = fixture_of(text, options, from);
	size_t bad = 0;

	for (unsigned width = from; width <= to; width++) {
		layout_set_width(f.layout, width);
		check_tiling(&f);
		for (size_t off = 0; off < f.text.n;) {
			const struct block *b = layout_block(f.layout, off);

			check_rows(b, width);
			check_clusters(&f, b);
			bad += bad_breaks(b);
			off = b->end;
		}
	}
	fixture_close(&f);
	return bad;
}

static void every_width(void **state)
{
	const struct reading_options options[] = {
	    {0}, {.raw = true}, {.show_glosses = true, .show_mojibake = true}, {.script = SCRIPT_HANS}, {.script = SCRIPT_HANT}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(options); i++) {
		assert_int_equal(check_all(MIXED, options[i], 12, 80), 0);
		check_all(MIXED, options[i], 4, 11);
	}
}

static void seeds_at_every_width(void **state)
{
	(void)state;
	for (size_t i = 0; i < SEEDS; i++) {
		struct seed s;

		if (!seed_open(i, &s))
			skip();
		assert_int_equal(check_all(s.text, (struct reading_options){0}, 8, 80), 0);
		check_all(s.text, (struct reading_options){0}, 4, 7);
		seed_close(&s);
	}
}

/* ---- moving ----------------------------------------------------------------------------------------------- */

static void moving(void **state)
{
	struct fixture f = fixture_of(MIXED, (struct reading_options){0}, 20);
	struct place top = {0, 0}, p = top, q;
	long rows = 0, moved;

	(void)state;
	for (;; rows++) {
		q = layout_move(f.layout, p, 1, &moved);
		if (moved == 0)
			break;
		assert_true(layout_before(p, q));
		assert_int_equal(layout_rows_between(f.layout, p, q, 100), 1);
		p = q;
	}
	assert_true(rows > 20);
	q = layout_move(f.layout, top, rows, &moved);
	assert_int_equal(moved, rows);
	assert_memory_equal(&q, &p, sizeof p);
	assert_int_equal(layout_rows_between(f.layout, top, p, 1000), rows);
	assert_int_equal(layout_rows_between(f.layout, p, top, 1000), -rows);
	assert_int_equal(layout_rows_between(f.layout, top, p, 7), 7);
	q = layout_move(f.layout, p, -rows - 50, &moved);
	assert_int_equal(moved, -rows);
	assert_memory_equal(&q, &top, sizeof q);
	q = layout_move(f.layout, top, rows + 50, &moved);
	assert_int_equal(moved, rows);
	fixture_close(&f);
}

/* Forward over all of the text by a unit, then back: the same boundaries. */
static void there_and_back(struct fixture *f, enum unit unit, enum edge edge)
{
	size_t *seen = mem_array(f->text.n + 2, sizeof *seen), n = 0;
	size_t off = edge == EDGE_START ? layout_snap(f->layout, 0, EDGE_START) : layout_step(f->layout, 0, unit, 1, EDGE_END);

	for (;;) {
		size_t next;

		seen[n++] = off;
		assert_true(n <= f->text.n);
		next = layout_step(f->layout, off, unit, 1, edge);
		if (next == off)
			break;
		assert_true(next > off);
		assert_int_equal(layout_snap(f->layout, next, edge), next);
		off = next;
	}
	assert_true(n > 5);
	while (--n > 0) {
		size_t back = layout_step(f->layout, seen[n], unit, -1, edge);

		assert_int_equal(back, seen[n - 1]);
	}
	mem_free(seen);
}

static void stepping(void **state)
{
	(void)state;
	for (int raw = 0; raw < 2; raw++)
		for (enum unit u = UNIT_CHARACTER; u < UNITS; u++)
			for (enum edge e = EDGE_START; e <= EDGE_END; e++) {
				struct fixture f = fixture_of(MIXED, (struct reading_options){.raw = raw}, 30);

				there_and_back(&f, u, e);
				fixture_close(&f);
			}
	for (size_t i = 0; i < SEEDS; i++) {
		struct seed s;

		if (!seed_open(i, &s))
			return;
		for (enum unit u = UNIT_CHARACTER; u < UNIT_PARAGRAPH; u++)
			for (enum edge e = EDGE_START; e <= EDGE_END; e++) {
				struct fixture f = fixture_of(s.text, (struct reading_options){0}, 60);

				there_and_back(&f, u, e);
				fixture_close(&f);
			}
		seed_close(&s);
	}
}

static void steps_pass_glosses(void **state)
{
	struct fixture f = fixture_of(S("落實(shí)责"), (struct reading_options){0}, 30);

	(void)state;
	/* 落 0..3, 實 3..6, gloss 6..12, 责 12..15 */
	assert_int_equal(f.text.n, 15);
	assert_int_equal(layout_step(f.layout, 3, UNIT_CHARACTER, 1, EDGE_START), 12);
	assert_int_equal(layout_step(f.layout, 12, UNIT_CHARACTER, -1, EDGE_START), 3);
	assert_int_equal(layout_step(f.layout, 3, UNIT_CHARACTER, 1, EDGE_END), 6);
	assert_int_equal(layout_step(f.layout, 6, UNIT_CHARACTER, 1, EDGE_END), 15);
	assert_int_equal(layout_step(f.layout, 15, UNIT_CHARACTER, -1, EDGE_END), 6);
	assert_int_equal(layout_snap(f.layout, 8, EDGE_START), 12);
	assert_int_equal(layout_snap(f.layout, 8, EDGE_END), 6);
	assert_int_equal(layout_snap(f.layout, 4, EDGE_START), 3);
	assert_int_equal(layout_snap(f.layout, 4, EDGE_END), 6);
	reading_set_options(f.reading, (struct reading_options){.raw = true});
	assert_int_equal(layout_step(f.layout, 3, UNIT_CHARACTER, 1, EDGE_START), 6);
	fixture_close(&f);
}

static void check_unit(struct fixture *f, const char *at, enum unit unit, const char *expected)
{
	size_t from, to;
	struct str got;

	layout_unit(f->layout, str_find(f->text, str_of(at), 0), unit, &from, &to);
	got = str_sub(f->text, from, to);
	if (!str_eq(got, str_of(expected)))
		fail_msg("%s: %.*s instead of %s", unit_name(unit), (int)got.n, got.p, expected);
}

static void units(void **state)
{
	struct fixture f = fixture_of(S("  第一段。\n  会议指出,防控“四个口袋”,要坚持。价格12,345元!下一句 \n末"), (struct reading_options){0}, 30);

	(void)state;
	check_unit(&f, "议指", UNIT_CHARACTER, "议");
	check_unit(&f, "议指", UNIT_WORD, "会议");
	check_unit(&f, "个口", UNIT_CLAUSE, "防控“四个口袋”,");
	check_unit(&f, "格12", UNIT_CLAUSE, "价格12,345元!");
	check_unit(&f, "持", UNIT_SENTENCE, "会议指出,防控“四个口袋”,要坚持。");
	check_unit(&f, "持", UNIT_PARAGRAPH, "会议指出,防控“四个口袋”,要坚持。价格12,345元!下一句");
	check_unit(&f, "第一", UNIT_PARAGRAPH, "第一段。");
	fixture_close(&f);
}

/* ---- hostile text ----------------------------------------------------------------------------------------- */

static void repeat(struct buf *b, const char *what, size_t times)
{
	for (size_t i = 0; i < times; i++)
		buf_adds(b, what);
}

static void long_lines(void **state)
{
	static const char *const units_of[] = {"新冠肺炎疫情防控,", "a", "\xcc\x81", " ", "\t", "👨‍👩‍👧‍👦", "\xff", "(", "word ", "實(shí)"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(units_of); i++) {
		struct buf b = {0};
		struct fixture f;

		buf_adds(&b, "起");
		repeat(&b, units_of[i], 120000 / strlen(units_of[i]));
		buf_adds(&b, "\n第二行\n");
		f = fixture_of(buf_str(&b), (struct reading_options){0}, 60);
		check_tiling(&f);
		for (size_t off = 0; off < f.text.n;) {
			const struct block *block = layout_block(f.layout, off);

			assert_true(block->end - block->off <= 2 * BLOCK_BYTES);
			off = block->end;
		}
		assert_int_equal(layout_block(f.layout, f.text.n)->off, f.text.n - 10);
		fixture_close(&f);
		buf_free(&b);
	}
}

static void a_flood_of_marks(void **state)
{
	struct buf b = {0};
	struct fixture f;
	long moved;

	(void)state;
	buf_adds(&b, "é");
	repeat(&b, "\xcc\x81", 1000000);
	f = fixture_of(buf_str(&b), (struct reading_options){0}, 60);
	for (size_t off = 0; off < f.text.n;) {
		const struct block *block = layout_block(f.layout, off);

		for (size_t i = 0; i < block->n_clusters; i++)
			assert_true(block->clusters[i].end - block->clusters[i].off <= CLUSTER_BYTES);
		off = block->end;
	}
	layout_move(f.layout, (struct place){0, 0}, 1000000, &moved);
	assert_true(moved > 100);
	fixture_close(&f);
	buf_free(&b);
}

static void a_million_empty_lines(void **state)
{
	struct buf b = {0};
	struct fixture f;

	(void)state;
	buf_adds(&b, "一");
	repeat(&b, "\n", 1000000);
	buf_adds(&b, "二");
	f = fixture_of(buf_str(&b), (struct reading_options){0}, 60);
	assert_int_equal(layout_step(f.layout, 0, UNIT_CHARACTER, 1, EDGE_START), 1000003);
	assert_int_equal(layout_step(f.layout, 1000003, UNIT_SENTENCE, -1, EDGE_START), 0);
	fixture_close(&f);
	buf_free(&b);
}

/* A step over lines of blanks costs their bytes, not their layout. */
static void a_million_blank_lines(void **state)
{
	struct buf b = {0};
	struct fixture f;
	size_t second;

	(void)state;
	buf_adds(&b, "一");
	repeat(&b, "\n\t\xe3\x80\x80 \r\n", 300000);
	second = b.n;
	buf_adds(&b, "二");
	f = fixture_of(buf_str(&b), (struct reading_options){0}, 60);
	hang_guard(10);
	for (int i = 0; i < 10; i++)
		for (enum unit unit = UNIT_WORD; unit < UNITS; unit++) {
			assert_int_equal(layout_step(f.layout, 0, unit, 1, EDGE_START), second);
			assert_int_equal(layout_step(f.layout, second, unit, -1, EDGE_START), 0);
		}
	hang_guard(0);
	assert_int_equal(layout_step(f.layout, 0, UNIT_CHARACTER, 1, EDGE_START), 4);
	assert_int_equal(layout_step(f.layout, second, UNIT_CHARACTER, -1, EDGE_START), second - 3);
	fixture_close(&f);
	buf_free(&b);
}

/* A blank with a mark on it, and what is shown by a mark, are no blanks between the lines. */
static void steps_pass_blanks_alone(void **state)
{
	struct fixture f = fixture_of(S("一\n \xe2\x80\xa8\n 二\n \n\f\n"), (struct reading_options){0}, 60);

	(void)state;
	assert_int_equal(layout_step(f.layout, 0, UNIT_PARAGRAPH, 1, EDGE_START), 5);
	assert_int_equal(layout_step(f.layout, 5, UNIT_PARAGRAPH, 1, EDGE_START), 10);
	assert_int_equal(layout_step(f.layout, 10, UNIT_PARAGRAPH, -1, EDGE_START), 5);
	assert_int_equal(layout_step(f.layout, 10, UNIT_PARAGRAPH, 1, EDGE_START), 16);
	fixture_close(&f);
}

static void empty_text(void **state)
{
	struct fixture f = fixture_of(STR_NONE, (struct reading_options){0}, 60);
	unsigned col;
	long moved;

	(void)state;
	assert_null(layout_block(f.layout, 0));
	assert_int_equal(layout_offset(f.layout, layout_place(f.layout, 0, &col), 3), 0);
	assert_int_equal(layout_step(f.layout, 0, UNIT_WORD, 1, EDGE_START), 0);
	assert_int_equal(layout_step(f.layout, 0, UNIT_WORD, -1, EDGE_END), 0);
	layout_move(f.layout, (struct place){0, 0}, 10, &moved);
	assert_int_equal(moved, 0);
	fixture_close(&f);
}

static void random_bytes(void **state)
{
	static const char pieces[] = "\xe4\xb8\x80\n\r \t(?)\xcc\x81\xf0\x9f\x91\xa8\xe2\x80\x8d\xef\xb8\x8f\xe2\x80\xae,a";
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < 200; round++) {
		struct buf b = {0};

		for (int i = 0; i < 200; i++) {
			seed = seed * 1103515245u + 12345u;
			buf_addc(&b, pieces[(seed >> 16) % (sizeof pieces - 1)]);
		}
		check_all(buf_str(&b), (struct reading_options){.raw = round % 2}, 4 + (unsigned)round % 20, 4 + (unsigned)round % 20);
		buf_free(&b);
	}
}

static void cache(void **state)
{
	struct buf b = {0};
	struct fixture f;
	const struct block *first;
	size_t end;

	(void)state;
	repeat(&b, "一行文字。\n", 3000);
	f = fixture_of(buf_str(&b), (struct reading_options){0}, 60);
	first = layout_block(f.layout, 0);
	end = first->end;
	for (size_t i = 1; i < LAYOUT_KEEP; i++)
		assert_int_equal(layout_block(f.layout, i * end)->off, i * end);
	assert_ptr_equal(layout_block(f.layout, 0), first);
	for (size_t i = 0; i < 3000; i++)
		assert_int_equal(layout_block(f.layout, i * end)->off, i * end);
	for (size_t i = 3000; i > 0; i--)
		assert_int_equal(layout_block(f.layout, i * end - 1)->end, i * end);
	fixture_close(&f);
	buf_free(&b);
}

/* A line of several blocks is one paragraph, from wherever in it one asks or steps. */
static void paragraphs_of_many_blocks(void **state)
{
	struct buf b = {0};
	struct fixture f;
	size_t line, end, from, to;

	(void)state;
	buf_adds(&b, "第一段。\n");
	line = b.n;
	for (int i = 0; i < 4 * 4096; i++)
		buf_adds(&b, "长");
	end = b.n;
	buf_adds(&b, "\n\n第三段。\n");
	f = fixture_of(buf_str(&b), (struct reading_options){0}, 60);
	assert_true(layout_block(f.layout, line)->end < end);
	for (size_t off = line; off < end; off += 3 * 1000) {
		layout_unit(f.layout, off, UNIT_PARAGRAPH, &from, &to);
		assert_int_equal(from, line);
		assert_int_equal(to, end);
		assert_int_equal(layout_step(f.layout, off, UNIT_PARAGRAPH, 1, EDGE_END), end);
		assert_int_equal(layout_step(f.layout, off, UNIT_PARAGRAPH, 1, EDGE_START), end + 2);
		assert_int_equal(layout_step(f.layout, off, UNIT_PARAGRAPH, -1, EDGE_START), off == line ? 0 : line);
		assert_int_equal(layout_step(f.layout, off, UNIT_PARAGRAPH, -1, EDGE_END), line - 1);
	}
	fixture_close(&f);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_width),
	    cmocka_unit_test(seeds_at_every_width),
	    cmocka_unit_test(moving),
	    cmocka_unit_test(stepping),
	    cmocka_unit_test(steps_pass_glosses),
	    cmocka_unit_test(units),
	    cmocka_unit_test(long_lines),
	    cmocka_unit_test(paragraphs_of_many_blocks),
	    cmocka_unit_test(a_flood_of_marks),
	    cmocka_unit_test(a_million_empty_lines),
	    cmocka_unit_test(a_million_blank_lines),
	    cmocka_unit_test(steps_pass_blanks_alone),
	    cmocka_unit_test(empty_text),
	    cmocka_unit_test(random_bytes),
	    cmocka_unit_test(cache),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
