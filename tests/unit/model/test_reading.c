/* What is shown of an article for which raw bytes: toggles, scripts, folds, long lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "model/reading.h"
#include "model/utf8.h"

struct fixture {
	struct article *article;
	struct reading *reading;
	struct str text;
};

static struct fixture fixture_of(struct str text, struct reading_options o)
{
	struct fixture f;

	f.article = article_of(text);
	f.text = article_text(f.article);
	f.reading = reading_new(f.article, NULL);
	reading_set_options(f.reading, o);
	return f;
}

static void fixture_close(struct fixture *f)
{
	reading_free(f->reading);
	article_free(f->article);
}

/* Blocks tile the text, pieces each block. */
static void check_pieces(const struct fixture *f)
{
	struct buf shown = {0};
	struct pieces p = {0};

	for (size_t off = 0, start, end; off < f->text.n; off = end) {
		uint32_t at = 0, to = 0;

		assert_true(reading_block(f->reading, off, &start, &end));
		assert_int_equal(start, off);
		reading_show(f->reading, start, end, &shown, &p);
		for (size_t i = 0; i < p.n; i++) {
			const struct piece *it = &p.list[i];

			assert_int_equal(it->off, at);
			assert_int_equal(it->shown, to);
			if (it->kind == PIECE_HIDDEN)
				assert_int_equal(it->shown, it->shown_end);
			if (it->kind == PIECE_VIRTUAL)
				assert_int_equal(it->off, it->end);
			else
				assert_true(it->end > it->off);
			at = it->end;
			to = it->shown_end;
		}
		assert_int_equal(at, end - start);
		assert_int_equal(to, shown.n);
		assert_true(utf8_valid(buf_str(&shown)));
		assert_null(memchr(shown.p ? shown.p : "", '\n', shown.n));
	}
	buf_free(&shown);
	pieces_free(&p);
}

/* What is shown of all blocks, one line each. */
static void check(const struct fixture *f, const char *expected)
{
	struct buf all = {0}, shown = {0};
	struct pieces p = {0};

	check_pieces(f);
	buf_adds(&all, "");
	for (size_t off = 0, start, end; reading_block(f->reading, off, &start, &end); off = end) {
		reading_show(f->reading, start, end, &shown, &p);
		buf_add(&all, buf_str(&shown));
		buf_addc(&all, '\n');
		if (end == f->text.n)
			break;
	}
	if (strcmp(all.p, expected) != 0)
		fail_msg("shown %s instead of %s", all.p, expected);
	buf_free(&all);
	buf_free(&shown);
	pieces_free(&p);
}

static void check_text(const char *text, struct reading_options o, const char *expected)
{
	struct fixture f = fixture_of(str_of(text), o);

	check(&f, expected);
	fixture_close(&f);
}

static void as_it_is_read(void **state)
{
	(void)state;
	check_text("落實(shí)责任\n", (struct reading_options){0}, "落實责任\n");
	check_text("落實(shí)责任\n", (struct reading_options){.show_glosses = true}, "落實(shí)责任\n");
	check_text("落實(shí)责任\n", (struct reading_options){.raw = true}, "落實(shí)责任\n");
	check_text("????會議\n????會議", (struct reading_options){0}, " 會議\n 會議\n");
	check_text("????會議\n????會議", (struct reading_options){.show_mojibake = true}, "????會議\n????會議\n");
	check_text("2022-03-14 10:07来源", (struct reading_options){0}, "2022-03-14 10:07来源\n");
}

static void marks(void **state)
{
	(void)state;
	check_text("\xef\xbb\xbf一\r\n二\r三\n\n四", (struct reading_options){0}, "一\n二\n三\n\n四\n");
	check_text("\xef\xbb\xbf一", (struct reading_options){.raw = true}, "<U+FEFF>一\n");
	check_text("\t一\x1b[2J\xe2\x80\xae\xff", (struct reading_options){0}, "    一<U+001B>[2J<U+202E><FF>\n");
	check_text("👨‍👩‍👧 ❤️ 葛\xf3\xa0\x84\x80 1️⃣", (struct reading_options){0}, "👨‍👩‍👧 ❤️ 葛\xf3\xa0\x84\x80 1️⃣\n");
	check_text("a\xe2\x80\x8d" "b\xef\xb8\x8f", (struct reading_options){0}, "a<U+200D>b<U+FE0F>\n");
	check_text("一\xe3\x80\x80二", (struct reading_options){0}, "一\xe3\x80\x80二\n");
}

static void scripts(void **state)
{
	struct fixture f;

	(void)state;
	check_text("落實(shí)責任,皇后以後", (struct reading_options){.script = SCRIPT_HANS}, "落实责任,皇后以后\n");
	check_text("落实责任", (struct reading_options){.script = SCRIPT_HANT}, "落實責任\n");
	check_text("轉(zhuǎn)運(yùn)", (struct reading_options){.script = SCRIPT_HANS, .raw = true}, "轉(zhuǎn)運(yùn)\n");
	check_text("\x1b落實", (struct reading_options){.script = SCRIPT_HANS}, "<U+001B>落实\n");
	f = fixture_of(S("落实责任"), (struct reading_options){.script = SCRIPT_HANS});
	assert_false(reading_converted(f.reading));
	reading_set_options(f.reading, (struct reading_options){.script = SCRIPT_HANT});
	assert_true(reading_converted(f.reading));
	reading_set_options(f.reading, (struct reading_options){.script = SCRIPT_HANT, .raw = true});
	assert_false(reading_converted(f.reading));
	fixture_close(&f);
}

static void folds(void **state)
{
	/* 0 nav (12), 12 body (7), 19 notice (14 and two empty lines) */
	struct fixture f = fixture_of(S("首页 新闻\n正文一\n声明一\n\n声明二\n"), (struct reading_options){0});
	size_t body = str_find(f.text, S("正文"), 0), notice = str_find(f.text, S("声明"), 0), start, end;
	unsigned version;

	(void)state;
	reading_set_zone(f.reading, 0, body, ZONE_NAV);
	reading_set_zone(f.reading, notice, f.text.n, ZONE_NOTICE);
	check(&f, "▸ navigation, 1 line\n正文一\n▸ notice, 2 lines\n");
	assert_true(reading_folded(f.reading, notice + 3));
	assert_false(reading_folded(f.reading, body));
	assert_true(reading_block(f.reading, f.text.n, &start, &end));
	assert_int_equal(start, notice);

	version = reading_version(f.reading);
	reading_toggle_fold(f.reading, notice + 5);
	assert_int_not_equal(reading_version(f.reading), version);
	check(&f, "▸ navigation, 1 line\n正文一\n声明一\n\n声明二\n");
	reading_toggle_fold(f.reading, notice);
	check(&f, "▸ navigation, 1 line\n正文一\n▸ notice, 2 lines\n");

	version = reading_version(f.reading);
	reading_hold(f.reading, body, body + 3);
	assert_int_equal(reading_version(f.reading), version);
	reading_hold(f.reading, 3, 3);
	assert_int_not_equal(reading_version(f.reading), version);
	check(&f, "首页 新闻\n正文一\n▸ notice, 2 lines\n");
	reading_hold(f.reading, NOWHERE, NOWHERE);
	check(&f, "▸ navigation, 1 line\n正文一\n▸ notice, 2 lines\n");

	reading_set_options(f.reading, (struct reading_options){.show_furniture = true});
	check(&f, "首页 新闻\n正文一\n声明一\n\n声明二\n");
	reading_set_options(f.reading, (struct reading_options){.raw = true});
	check(&f, "首页 新闻\n正文一\n声明一\n\n声明二\n");

	/* Half a line does not fold, two zones of one kind fold as one. */
	reading_set_options(f.reading, (struct reading_options){0});
	reading_set_zone(f.reading, 0, f.text.n, ZONE_BODY);
	reading_set_zone(f.reading, body + 3, notice + 3, ZONE_SHARE);
	check(&f, "首页 新闻\n正文一\n声明一\n\n声明二\n");
	fixture_close(&f);
}

static void plain_text(void **state)
{
	struct fixture f = fixture_of(S("????落實(shí)責\n二????"), (struct reading_options){.raw = true, .script = SCRIPT_HANS});
	struct buf b = {0};
	size_t gloss = str_find(f.text, S("("), 0);

	(void)state;
	reading_text(f.reading, 0, f.text.n, &b);
	assert_string_equal(b.p, " 落實責\n二????");
	buf_clear(&b);
	reading_text(f.reading, 7, gloss + 2, &b);
	assert_string_equal(b.p, "實");
	buf_clear(&b);
	reading_text(f.reading, gloss + 2, f.text.n - 4, &b);
	assert_string_equal(b.p, "責\n二");
	buf_free(&b);
	fixture_close(&f);
}

static void long_line(void **state)
{
	struct buf b = {0};
	struct fixture f;
	size_t start, end, other, after;

	(void)state;
	buf_adds(&b, "短行\n");
	while (b.n < 40 * BLOCK_BYTES)
		buf_adds(&b, "落實(shí)責任,环环相扣。");
	buf_adds(&b, "\n尾\n");
	f = fixture_of(buf_str(&b), (struct reading_options){0});
	check_pieces(&f);
	assert_true(reading_block(f.reading, 20 * BLOCK_BYTES, &start, &end));
	assert_true(end - start > BLOCK_BYTES / 2 && end - start < 2 * BLOCK_BYTES);
	for (size_t off = start; off < end; off += 97) {
		assert_true(reading_block(f.reading, off, &other, &after));
		assert_int_equal(other, start);
		assert_int_equal(after, end);
	}
	fixture_close(&f);
	buf_free(&b);
	f = fixture_of(STR_NONE, (struct reading_options){0});
	assert_false(reading_block(f.reading, 0, &start, &end));
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(as_it_is_read),
	    cmocka_unit_test(marks),
	    cmocka_unit_test(scripts),
	    cmocka_unit_test(folds),
	    cmocka_unit_test(plain_text),
	    cmocka_unit_test(long_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
