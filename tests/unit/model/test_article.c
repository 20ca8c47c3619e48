/* article: the index against naive counting, on text that is well-formed, broken, or made of newlines only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

#include "model/article.h"
#include "model/sha256.h"
#include "model/utf8.h"

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static struct buf random_text(uint32_t *seed, size_t n)
{
	static const char *const pieces[] = {"a", "é", "高", "𠮷", "\r", "\n", "\r\n", "\xFF", "\x80", "\xE9\xAB", "\xF0\xA0", "，"};
	struct buf text = {0};
	while (text.n < n)
		buf_adds(&text, pieces[next_random(seed) % COUNT_OF(pieces)]);
	return text;
}

/* Every boundary of the text answers its own number and back; what lies between belongs to the code point that holds it. */
static void check_offsets(struct article *a)
{
	struct str text = article_text(a);
	size_t cp = 0;
	for (size_t off = 0, step; (step = utf8_step(text, off, NULL)) != 0; off += step, cp++) {
		if (article_cp(a, off) != cp || article_off(a, cp) != off)
			fail_msg("at byte %zu, code point %zu", off, cp);
		if (step > 1)
			assert_int_equal(article_cp(a, off + 1), cp);
	}
	assert_int_equal(article_length(a), cp);
	assert_int_equal(article_off(a, cp), text.n);
	assert_int_equal(article_cp(a, text.n + 5), cp);
	assert_true(article_off(a, cp + 1) == NOWHERE);
}

static void offsets_round_trip(void **state)
{
	(void)state;
	uint32_t seed = 20261122;
	for (size_t n = 0; n < 40000; n = n * 2 + 1) {
		struct buf text = random_text(&seed, n);
		struct article *a = article_of(buf_str(&text));
		check_offsets(a);
		article_free(a);
		buf_free(&text);
	}
}

static void index_grows_on_demand_from_any_side(void **state)
{
	(void)state;
	uint32_t seed = 7;
	struct buf text = random_text(&seed, 100000);
	size_t length = utf8_count(buf_str(&text));
	for (int round = 0; round < 50; round++) {
		struct article *a = article_of(buf_str(&text));
		size_t cp = next_random(&seed) % length;
		size_t off = utf8_skip(buf_str(&text), 0, cp);
		if (round % 2)
			assert_int_equal(article_off(a, cp), off);
		else
			assert_int_equal(article_cp(a, off), cp);
		assert_int_equal(article_length(a), length);
		article_free(a);
	}
	buf_free(&text);
}

static void naive_line_column(struct str text, size_t off, size_t *line, size_t *column)
{
	*line = 1;
	size_t first = 0;
	for (size_t i = 0; i < off; i++) {
		bool lf = text.p[i] == '\n';
		bool lone_cr = text.p[i] == '\r' && !(i + 1 < text.n && text.p[i + 1] == '\n');
		if (lf || lone_cr) {
			++*line;
			first = i + 1;
		}
	}
	*column = utf8_count(str_sub(text, first, off)) + 1;
}

static void lines_and_columns(void **state)
{
	(void)state;
	uint32_t seed = 3;
	struct buf text = random_text(&seed, 20000);
	struct article *a = article_of(buf_str(&text));
	for (size_t off = 0; off <= text.n; off += off > 4000 && off < 4200 ? 1 : 37) {
		size_t line, column, want_line, want_column;
		size_t at = utf8_floor(buf_str(&text), off);
		article_line_column(a, at, &line, &column);
		naive_line_column(buf_str(&text), at, &want_line, &want_column);
		assert_int_equal(line, want_line);
		assert_int_equal(column, want_column);
	}
	article_free(a);
	buf_free(&text);
}

static void line_starts(void **state)
{
	(void)state;
	struct article *a = article_of(S("ab\r\nc\rd\n\ne"));
	static const size_t starts[] = {0, 0, 0, 0, 4, 4, 6, 6, 8, 9, 9};
	for (size_t off = 0; off < COUNT_OF(starts); off++)
		assert_int_equal(article_line_start(a, off), starts[off]);
	assert_string_equal(article_newlines(a), "mixed");
	article_free(a);
}

static void kinds_of_newlines(void **state)
{
	(void)state;
	static const struct {
		const char *text, *kind;
	} cases[] = {{"a\nb\n", "lf"}, {"a\r\nb\r\n", "crlf"}, {"a\rb\r", "cr"}, {"ab", "none"}, {"", "none"}, {"\r\n\n", "mixed"}};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct article *a = article_of(str_of(cases[i].text));
		assert_string_equal(article_newlines(a), cases[i].kind);
		article_free(a);
	}
}

/* A CR LF that straddles an index border is one line end. */
static void newline_across_a_border(void **state)
{
	(void)state;
	for (size_t before = 4090; before < 4100; before++) {
		struct buf text = {0};
		for (size_t i = 0; i < before; i++)
			buf_addc(&text, 'x');
		buf_adds(&text, "\r\ny");
		struct article *a = article_of(buf_str(&text));
		size_t line, column;
		assert_string_equal(article_newlines(a), "crlf");
		article_line_column(a, before + 2, &line, &column);
		assert_int_equal(line, 2);
		assert_int_equal(column, 1);
		article_free(a);
		buf_free(&text);
	}
}

/* More of one byte in a chunk than a byte can count. */
static void nothing_but_newlines(void **state)
{
	(void)state;
	struct buf text = {0};
	for (size_t i = 0; i < 20000; i++)
		buf_addc(&text, '\n');
	struct article *a = article_of(buf_str(&text));
	size_t line, column;
	article_line_column(a, 19999, &line, &column);
	assert_int_equal(line, 20000);
	assert_int_equal(column, 1);
	article_free(a);
	buf_free(&text);
}

static char *write_temporary(struct str bytes)
{
	struct buf path = {0};
	const char *folder = getenv("TMPDIR");
	buf_addf(&path, "%s/zhupi-test-article-%ld.txt", folder ? folder : "/tmp", (long)getpid());
	struct error e = {0};
	if (!io_replace_file(path.p, bytes, &e))
		fail_msg("%s", e.message);
	return buf_take(&path);
}

static void file_is_its_own_text(void **state)
{
	(void)state;
	struct str bytes = S("\xEF\xBB\xBF高\r\n\xFF.");
	char *path = write_temporary(bytes);
	struct article *a;
	struct error e = {0};
	assert_true(article_open(path, NULL, &a, &e));
	assert_true(str_eq(article_text(a), bytes));
	assert_string_equal(article_encoding(a), "utf-8");
	assert_int_equal(article_bytes(a), bytes.n);
	assert_int_equal(article_length(a), 6);
	assert_true(article_has_han(a));
	char *hex = sha256_of(bytes);
	while (!article_step(a, 0))
		;
	assert_string_equal(article_sha256(a), hex);
	mem_free(hex);
	assert_false(article_changed(a));
	assert_true(io_replace_file(path, S("other"), &e));
	assert_true(article_changed(a));
	assert_int_equal(unlink(path), 0);
	assert_true(article_changed(a));
	article_free(a);
	mem_free(path);
}

static void converted_file_keeps_the_hash_of_its_bytes(void **state)
{
	(void)state;
	struct str bytes = S("\xB8\xDF\xBD\xA8\xBE\xFC\xD6\xF7\xB3\xD6\xBB\xE1\xD2\xE9\xA1\xA3\n"); /* 高建军主持会议。 */
	char *path = write_temporary(bytes);
	struct article *a;
	struct error e = {0};
	assert_true(article_open(path, NULL, &a, &e));
	assert_string_equal(article_encoding(a), "gb18030");
	assert_true(str_eq(article_text(a), S("高建军主持会议。\n")));
	char *hex = sha256_of(bytes);
	assert_string_equal(article_sha256(a), hex);
	assert_int_equal(article_bytes(a), bytes.n);
	mem_free(hex);
	article_free(a);
	assert_true(article_open(path, "windows-1252", &a, &e)); /* what is written down wins */
	assert_string_equal(article_encoding(a), "windows-1252");
	article_free(a);
	assert_false(article_open(path, "klingon", &a, &e));
	assert_int_equal(e.code, ERROR_ENCODING);
	assert_null(a);
	error_clear(&e);
	assert_int_equal(unlink(path), 0);
	mem_free(path);
}

static void binary_and_missing_are_refused(void **state)
{
	(void)state;
	char *path = write_temporary(S("\x7F" "ELF\0\x01\0\0\0\xF3\0\x90"));
	struct article *a;
	struct error e = {0};
	assert_false(article_open(path, NULL, &a, &e));
	assert_int_equal(e.code, ERROR_ENCODING);
	error_clear(&e);
	assert_int_equal(unlink(path), 0);
	assert_false(article_open(path, NULL, &a, &e));
	assert_int_equal(e.code, ERROR_MISSING);
	error_clear(&e);
	assert_false(article_open("/dev", NULL, &a, &e));
	assert_int_equal(e.code, ERROR_KIND);
	error_clear(&e);
	mem_free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offsets_round_trip),
		cmocka_unit_test(index_grows_on_demand_from_any_side),
		cmocka_unit_test(lines_and_columns),
		cmocka_unit_test(line_starts),
		cmocka_unit_test(kinds_of_newlines),
		cmocka_unit_test(newline_across_a_border),
		cmocka_unit_test(nothing_but_newlines),
		cmocka_unit_test(file_is_its_own_text),
		cmocka_unit_test(converted_file_keeps_the_hash_of_its_bytes),
		cmocka_unit_test(binary_and_missing_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
