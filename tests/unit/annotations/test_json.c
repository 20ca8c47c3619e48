/* json: values as nodes and back, numbers whatever the locale, errors with their place, hostile text. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "annotations/json.h"
#include "tests/unit/hang_fixture.h"

#define HOSTILE_SIZE ((size_t)1 << 20)
#define HOSTILE_SECONDS 8

static void assert_rewritten(struct str text, const char *expected)
{
	struct node *n = NULL;
	struct error err = {0};
	bool good = json_read(text, "t.jsonl", 1, &n, &err);
	if (!good)
		print_error("%.*s: %s\n", (int)text.n, text.p, err.message);
	assert_true(good);
	struct buf out = {0};
	json_write(&out, n);
	assert_string_equal(out.p, expected);
	buf_free(&out);
	node_free(n);
}

static void assert_bad(struct str text, size_t first_line, enum error_code code, size_t line, size_t column)
{
	struct node *n = NULL;
	struct error err = {0};
	assert_false(json_read(text, "t.jsonl", first_line, &n, &err));
	assert_null(n);
	assert_string_equal(error_code_name(err.code), error_code_name(code));
	assert_int_equal(err.line, line);
	assert_int_equal(err.column, column);
	assert_string_equal(err.path, "t.jsonl");
	error_clear(&err);
}

static void test_values(void **state)
{
	(void)state;
	assert_rewritten(S("{\"b\": [1, \"1\", true, false, null, {}], \"a\": \"高\\u5efa\\ud842\\udfb7\"}"),
	                 "{\"b\":[1,\"1\",true,false,null,{}],\"a\":\"高建𠮷\"}");
	assert_rewritten(S("\xEF\xBB\xBF [ ]\r\n"), "[]");
	assert_rewritten(S("\"a\\u0000b\\n\\u001b\\u202e\\u200b\\udb40\\udd00\""), "\"a\\u0000b\\n\\u001b\\u202e\\u200b\\udb40\\udd00\"");
	assert_rewritten(S("\"\\\"\\\\\\/\""), "\"\\\"\\\\/\"");
	struct node *n = NULL;
	assert_true(json_read(S("{\"x\":null,\"y\":\"null\",\"z\":12}"), NULL, 7, &n, NULL));
	uint64_t number;
	assert_true(node_is_absent(node_get(n, S("x"))));
	assert_false(node_is_absent(node_get(n, S("y"))));
	assert_true(node_is_number(node_get(n, S("z")), &number) && number == 12);
	assert_int_equal(node_get(n, S("z"))->line, 7);
	node_free(n);
}

static void test_numbers(void **state)
{
	(void)state;
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{"0", "0"},           {"-7", "-7"},         {"9007199254740993", "9007199254740993"},
		{"0.93", "0.93"},     {"0.930", "0.93"},    {"1.0", "1.0"},
		{"0.1", "0.1"},       {"1e3", "1000.0"},    {"1e-7", "1e-7"},
		{"1.5e300", "1.5e300"}, {"0.30000000000000004", "0.30000000000000004"}, {"-0.5", "-0.5"},
		{"9223372036854775807", "9223372036854775807"}, {"3.141592653589793", "3.141592653589793"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_rewritten(str_of(cases[i].text), cases[i].expected);
	/* With a decimal comma, where such a locale is installed. */
	static const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8", "fr_FR.utf8"};
	for (size_t i = 0; i < COUNT_OF(locales); i++)
		if (setlocale(LC_NUMERIC, locales[i]))
			assert_rewritten(S("[0.93, 1.5]"), "[0.93,1.5]");
	setlocale(LC_NUMERIC, "C");
}

static void test_writing_scalars(void **state)
{
	(void)state;
	static const struct {
		const char *text, *expected;
	} plain[] = {
		{"12", "12"},      {"-1.5e+10", "-1.5e+10"}, {"true", "true"},     {"null", "null"}, {"012", "\"012\""},
		{"+1", "\"+1\""},  {"1.", "\"1.\""},         {".5", "\".5\""},     {"1e", "\"1e\""}, {"-", "\"-\""},
		{"", "\"\""},      {"True", "\"True\""},     {"NaN", "\"NaN\""},   {"0x1", "\"0x1\""}, {"1 ", "\"1 \""},
	};
	for (size_t i = 0; i < COUNT_OF(plain); i++) {
		struct buf out = {0};
		struct node *n = node_plain(str_of(plain[i].text));
		json_write(&out, n);
		assert_string_equal(out.p, plain[i].expected);
		buf_clear(&out);
		n->quoted = true;
		json_write(&out, n);
		assert_true(out.p[0] == '"');
		node_free(n);
		buf_free(&out);
	}
	struct buf out = {0};
	json_write_text(&out, S("a\xFF" "b\xE4\xB8"));
	assert_string_equal(out.p, "\"a\xEF\xBF\xBD" "b\xEF\xBF\xBD\xEF\xBF\xBD\"");
	buf_free(&out);
}

static void test_errors(void **state)
{
	(void)state;
	assert_bad(S(""), 1, ERROR_SYNTAX, 1, 1);
	assert_bad(S("{\"a\": 1,}"), 5, ERROR_SYNTAX, 5, 9);
	assert_bad(S("{\n\"高建\" 1}"), 3, ERROR_SYNTAX, 4, 6);
	assert_bad(S("{\"a\": 1} x"), 1, ERROR_SYNTAX, 1, 10);
	assert_bad(S("{\"a\": 1, \"a\": 2}"), 1, ERROR_DUPLICATE, 1, 12);
	assert_bad(S("\"\xFF\""), 1, ERROR_ENCODING, 1, 1);
	assert_bad(S("123456789012345678901234567890"), 1, ERROR_LIMIT, 1, 30);
	assert_bad(S("[1e999]"), 1, ERROR_LIMIT, 1, 6);
	assert_bad(S("NaN"), 1, ERROR_SYNTAX, 1, 3);
	assert_bad(S("'a'"), 1, ERROR_SYNTAX, 1, 1);
	assert_bad(S("\"\\ud800\""), 1, ERROR_SYNTAX, 1, 8);
	assert_bad(S("{\"a\\u0000b\": 1}"), 1, ERROR_SYNTAX, 1, 11);
}

static void test_depth(void **state)
{
	(void)state;
	struct buf text = {0};
	for (int deep = JSON_DEPTH; deep <= JSON_DEPTH + 1; deep++) {
		buf_clear(&text);
		for (int i = 0; i < deep; i++)
			buf_adds(&text, i % 2 ? "{\"a\":" : "[");
		buf_addc(&text, '1');
		for (int i = deep; i-- > 0;)
			buf_addc(&text, i % 2 ? '}' : ']');
		if (deep > JSON_DEPTH)
			assert_bad(buf_str(&text), 3, ERROR_LIMIT, 3, 1);
		else
			assert_rewritten(buf_str(&text), text.p);
	}
	buf_free(&text);
}

static void test_hostile(void **state)
{
	(void)state;
	static const char *const pieces[] = {"[", "{\"a\":", "[],", "\"", "\\", "1", "1.", "-", "e", " ", "\n", "[1,", "{\"\":{},", "\xE4\xB8\x80", "\"a\","};
	struct buf text = {0};
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		for (int start = 0; start < 3; start++) {
			buf_clear(&text);
			buf_adds(&text, start == 0 ? "" : start == 1 ? "[" : "\"");
			while (text.n < HOSTILE_SIZE)
				buf_adds(&text, pieces[i]);
			struct node *n = NULL;
			struct error err = {0};
			hang_guard(HOSTILE_SECONDS);
			bool good = json_read(buf_str(&text), "t", 1, &n, &err);
			hang_guard(0);
			assert_true(good || (err.line > 0 && err.column > 0));
			node_free(n);
			error_clear(&err);
		}
	}
	buf_free(&text);
}

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* What is read is written so that it reads the same; what is not is refused with a place. */
static void test_random_text(void **state)
{
	(void)state;
	static const char *const words[] = {"{", "}", "[", "]", ",", ":", "\"a\":", "\"b\"", "\"高\"", "1", "0.5", "-2e3", "true", "null", " ", "\n", "\"",
	                                    "\\u4e00", "\\ud842", "\\n", "\xFF", "\xF0\xA0\xAE\xB7", "\x01", "99999999999999999999", "{\"a\":1}", "[1,[2]]"};
	uint64_t seed = 0x15011;
	struct buf text = {0}, out = {0};
	size_t accepted = 0;
	for (int round = 0; round < 60000; round++) {
		struct node *n = NULL, *again = NULL;
		struct error err = {0};
		buf_clear(&text);
		buf_clear(&out);
		size_t pieces = 1 + next_random(&seed) % 8;
		for (size_t i = 0; i < pieces; i++)
			buf_adds(&text, words[next_random(&seed) % COUNT_OF(words)]);
		if (json_read(buf_str(&text), "t", 1, &n, &err)) {
			accepted++;
			json_write(&out, n);
			assert_true(json_read(buf_str(&out), "t", 1, &again, NULL));
			assert_true(node_equal(n, again));
		} else {
			assert_true(err.code != ERROR_NONE && err.line > 0 && err.column > 0);
		}
		node_free(n);
		node_free(again);
		error_clear(&err);
	}
	buf_free(&text);
	buf_free(&out);
	assert_true(accepted > 1000);
}

/* Numbers with few decimals are spelt by another way than the rest: as they were, without noughts behind. */
static void short_numbers_keep_their_digits(void **state)
{
	uint64_t dice = 0x9E3779B97F4A7C15u, power = 10;
	(void)state;
	for (int decimals = 1; decimals <= 6; decimals++, power *= 10) {
		for (size_t i = 0; i < 2000; i++) {
			dice = dice * 6364136223846793005u + 1442695040888963407u; /* Knuth's MMIX generator */
			uint64_t whole = (dice >> 33) % (1000 * power);
			struct buf text = {0};
			buf_addf(&text, "[%s%llu.%0*llu]", i % 2 ? "-" : "", (unsigned long long)(whole / power), decimals,
			         (unsigned long long)(whole % power));
			struct node *list = NULL;
			assert_true(json_read(buf_str(&text), "test", 1, &list, NULL));
			size_t end = text.n - 1;
			while (text.p[end - 1] == '0' && text.p[end - 2] != '.')
				end--;
			if (whole * 10000 >= power && !str_eq(list->items[0]->text, str_sub(buf_str(&text), 1, end)))
				fail_msg("%s became %.*s", text.p, (int)list->items[0]->text.n, list->items[0]->text.p);
			node_free(list);
			buf_free(&text);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_numbers_keep_their_digits),
		cmocka_unit_test(test_values), cmocka_unit_test(test_numbers), cmocka_unit_test(test_writing_scalars),
		cmocka_unit_test(test_errors), cmocka_unit_test(test_depth),   cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_random_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
