/* yaml_write: what is written is read back as the same text by our reader and, where it is installed, by PyYAML (YAML 1.1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "annotations/json.h"
#include "annotations/yaml_read.h"
#include "annotations/yaml_write.h"
#include "model/utf8.h"

static void assert_written(const char *text, const char *expected)
{
	struct buf out = {0};
	yaml_write_text(&out, str_of(text));
	assert_string_equal(out.p, expected);
	buf_free(&out);
}

static void test_plain(void **state)
{
	(void)state;
	static const char *const plain[] = {
		"PERSON", "kfq2m", "高建军", "开封市委书记", "3月12日", "一要坚持“外防输入、内防反弹”", "zh-report", "name-after-post",
		"a b  c", "O'Brien", "2022-03-14（周一）", "80多人", "1e3一", "say \"x\"", "R&D", "a#b", "(记者)", "_x", "/a/b", "null9", "noo", "𠮷野家", "𱍐", "２０２２", "é", "①", "─", "yesterday",
		"a-", "x*", "nine",
	};
	for (size_t i = 0; i < COUNT_OF(plain); i++)
		assert_written(plain[i], plain[i]);
}

/* What some reader of YAML 1.1 or 1.2 takes for something else, or stumbles over, in block or flow. */
static const char *const traps[] = {
	"", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON",
	"off", "Off", "OFF", "y", "Y", "n", "N", "0", "7", "017", "0o17", "0x1F", "0b11", "1_000", "+1", "-1", "1.0", "1.", ".5", "1e3", "1E3", "1e+3",
	"-1.5e-3", ".inf", "-.inf", "+.INF", ".nan", ".NaN", "12:30", "12:30:45", "190:20:30.15", "2022-03-14", "2022-03-14 10:07:18",
	"2022-03-14T10:07:18Z", "<<", "=", "-", "?", ":", "- a", "? a", ": a", "a: b", "a:", "a:b", "http://x/y", "a #b", "#a", "&a", "*a", "!a", "!", "|",
	">", "%a", "@a", "`a", "'a", "\"a", "[a", "]", "{a", "}", ",", "a,b", "a]b", "a{b", "what?", "---", "...", "--- a", " a", "a ", "\ta", "a\tb", "a\nb",
	"\n", "a\r\nb", "\\", "\\n", "高: 建", "高建军:", "高 #建", "-高", "，", "2022年: ", "12:30左右", "\xE3\x80\x80高", "高\xE3\x80\x80", "\xC2\xA0", "a\xC2\x85" "b", "\xE2\x80\xA8", "\xEF\xBB\xBF" "a",
	"a\xE2\x80\x8B" "b", "a\xE2\x80\xAE" "b", "\x1B[31m", "\x7F", "\xEF\xBF\xBE", "\xF3\xA0\x84\x80", "\xC2\xAD", "a\x01", "\xE2\x80\x8F",
};

static void test_traps_are_quoted(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(traps); i++) {
		struct buf out = {0};
		bool chinese_comma = str_eq(str_of(traps[i]), S("，"));
		yaml_write_text(&out, str_of(traps[i]));
		if ((out.p[0] == '"') == chinese_comma)
			print_error("`%s` came out as `%s`\n", traps[i], out.p);
		assert_true((out.p[0] == '"') != chinese_comma);
		buf_free(&out);
	}
}

static void test_escapes(void **state)
{
	(void)state;
	assert_written("a\nb\t\r\"\\", "\"a\\nb\\t\\r\\\"\\\\\"");
	assert_written("\x1B[0m", "\"\\x1B[0m\"");
	assert_written("a\xE2\x80\xAE" "b", "\"a\\u202Eb\"");
	assert_written("\xF3\xA0\x84\x80", "\"\\U000E0100\"");
	assert_written("no 𠮷: 野", "\"no 𠮷: 野\"");
	assert_written("a\xFF\xE4\xB8: ", "\"a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD: \"");
	struct buf out = {0};
	yaml_write_text(&out, S("a\0b"));
	assert_string_equal(out.p, "\"a\\x00b\"");
	buf_free(&out);
}

/* Han of every plane stand as themselves. */
static void test_every_ideograph(void **state)
{
	(void)state;
	struct buf text = {0}, out = {0};
	size_t count = 0;
	for (codepoint cp = 0x3400; cp < 0x33480; cp++) {
		if (!cp_is_han(cp))
			continue;
		buf_clear(&text);
		buf_clear(&out);
		utf8_add(&text, cp);
		yaml_write_text(&out, buf_str(&text));
		assert_string_equal(out.p, text.p);
		count++;
	}
	assert_true(count > 97000);
	buf_free(&text);
	buf_free(&out);
}

static void test_flow(void **state)
{
	(void)state;
	static const char text[] = "{by: zh-report, \"on\": \"2026-11-22T06:20:00Z\", version: 1, score: 0.93, at: [[213, 217], []], no: {}, "
	                           "quoted: \"7\", odd: [-3, 017, 1e3, 1.5.2, -, 00, 1., true]}";
	struct node *n = NULL;
	assert_true(yaml_read(str_of(text), NULL, &n, NULL));
	struct buf out = {0};
	yaml_write_flow(&out, n, true);
	assert_string_equal(out.p, "{by: zh-report, \"on\": \"2026-11-22T06:20:00Z\", version: 1, score: 0.93, at: [[213, 217], []], \"no\": {}, "
	                           "quoted: \"7\", odd: [-3, \"017\", \"1e3\", \"1.5.2\", \"-\", \"00\", \"1.\", true]}");
	struct node *again = NULL;
	assert_true(yaml_read(buf_str(&out), NULL, &again, NULL));
	assert_true(node_equal(n, again));
	node_free(again);
	buf_clear(&out);
	yaml_write_flow(&out, node_get(n, S("at")), false);
	assert_string_equal(out.p, "[[\"213\", \"217\"], []]");
	buf_free(&out);
	node_free(n);
}

/* A key near the 1,024 characters that a reader looks for its colon in. */
static void test_long_keys(void **state)
{
	(void)state;
	static const char *const ends[] = {"一", "x: y", "\xE2\x80\xAE"}; /* plain, in quotes, escaped */
	static const size_t indents[] = {YAML_FLOW, 0, 2, 4};
	for (size_t i = 0; i < COUNT_OF(ends) * COUNT_OF(indents) * 50; i++) {
		size_t indent = indents[i % COUNT_OF(indents)], length = 990 + i / (COUNT_OF(ends) * COUNT_OF(indents));
		struct buf key = {0}, out = {0};
		for (size_t k = 0; k < length; k++)
			buf_adds(&key, "開");
		buf_adds(&key, ends[i / COUNT_OF(indents) % COUNT_OF(ends)]);
		buf_adds(&out, indent == YAML_FLOW ? "{" : indent == 4 ? "    " : indent == 2 ? "  " : "");
		yaml_write_key(&out, buf_str(&key), indent);
		buf_adds(&out, indent == YAML_FLOW ? "v}" : "v\n");
		struct node *n = NULL;
		struct error err = {0};
		if (!yaml_read(buf_str(&out), "long", &n, &err))
			print_error("%zu characters, indent %zu: %s\n", length, indent, err.message);
		assert_non_null(n);
		assert_string_equal(node_get_text(n, buf_str(&key)).p, "v");
		node_free(n);
		buf_free(&key);
		buf_free(&out);
	}
}

/* ---- properties ------------------------------------------------------------------------------------------------ */

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Text made of what YAML stumbles over. */
static void random_text(uint64_t *seed, struct buf *out)
{
	static const char pieces[][5] = {"a", "n", "o", "N", "0", "1", "_", ".", "e", "x", ":", ": ", " ", "  ", "#", " #", "-", "- ", "?", "? ", ",", "[",
	                                 "]", "{", "}", "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`", "~", "<", "=", "\\", "\t", "\n", "\r", "+", "T", "Z",
	                                 "一", "，", "：", "“", "𠮷", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xAE", "\xEF\xBB\xBF", "\xC2\xA0", "\x01", "\x7F"};
	size_t n = next_random(seed) % 7;
	buf_clear(out);
	for (size_t i = 0; i < n; i++) {
		if (next_random(seed) % 8 == 0)
			utf8_add(out, (codepoint)(next_random(seed) % 0x110000));
		else
			buf_adds(out, pieces[next_random(seed) % COUNT_OF(pieces)]);
	}
}

static struct node *random_tree(uint64_t *seed, unsigned depth, struct buf *scratch)
{
	uint64_t kind = depth < 4 ? next_random(seed) % 4 : 0;
	if (kind < 2) {
		random_text(seed, scratch);
		return next_random(seed) % 3 ? node_text(buf_str(scratch)) : node_plain(buf_str(scratch));
	}
	struct node *n = kind == 2 ? node_list() : node_map();
	size_t count = next_random(seed) % 4;
	for (size_t i = 0; i < count; i++) {
		if (kind == 2) {
			node_add(n, random_tree(seed, depth + 1, scratch));
			continue;
		}
		struct node *value = random_tree(seed, depth + 1, scratch);
		random_text(seed, scratch);
		for (size_t k = next_random(seed) % 32 ? 0 : 1000; k > 0; k--)
			buf_adds(scratch, "長");
		node_put(n, buf_str(scratch), value);
	}
	return n;
}

static void test_round_trip(void **state)
{
	(void)state;
	uint64_t seed = 0xC0FFEE;
	struct buf scratch = {0}, out = {0};
	for (int round = 0; round < 30000; round++) {
		struct node *n = random_tree(&seed, 0, &scratch), *again = NULL, *in_block = NULL;
		buf_clear(&out);
		yaml_write_flow(&out, n, true);
		struct error err = {0};
		bool good = yaml_read(buf_str(&out), "t", &again, &err) &&
		            (node_equal(n, again) || (n->kind == NODE_SCALAR && n->text.n == 0));
		if (!good)
			print_error("`%s`: %s\n", out.p, err.message ? err.message : "not equal");
		assert_true(good);
		/* As the value of a block line, too. */
		buf_clear(&out);
		buf_adds(&out, "- ");
		yaml_write_flow(&out, n, true);
		buf_adds(&out, "\n- k: ");
		yaml_write_flow(&out, n, true);
		buf_adds(&out, "\n");
		assert_true(yaml_read(buf_str(&out), "t", &in_block, NULL));
		assert_true(node_equal(in_block->items[0], n) && node_equal(node_get(in_block->items[1], S("k")), n));
		node_free(in_block);
		node_free(again);
		node_free(n);
	}
	buf_free(&scratch);
	buf_free(&out);
}

/* PyYAML gets the expected strings as JSON on the first line, then the YAML: a block list, and a flow list of maps
 * with each string as key and value.  Its exit: 0 equal, 77 no PyYAML. */
static const char python_check[] =
	"python3 -c '\n"
	"import sys, json\n"
	"data = sys.stdin.buffer.read()\n"
	"try:\n"
	"  import yaml\n"
	"except ImportError:\n"
	"  sys.exit(77)\n"
	"first, rest = data.split(b\"\\n\", 1)\n"
	"want = json.loads(first)\n"
	"got = yaml.safe_load(rest.decode())\n"
	"bad = [(w, g) for w, g in zip(want, got[\"block\"]) if g != w or type(g) is not str]\n"
	"bad += [(w, g) for w, g in zip(want, got[\"flow\"]) if g != {w: [w]}]\n"
	"print(ascii(bad[:5]), file=sys.stderr) if bad else None\n"
	"sys.exit(1 if bad or len(want) != len(got[\"block\"]) or len(want) != len(got[\"flow\"]) else 0)\n"
	"'";

/* "Compares as PyYAML reads": what is no text in the first place (bad bytes) is left out by the caller. */
static int ask_python(const struct node *strings)
{
	struct buf out = {0};
	json_write(&out, strings);
	buf_adds(&out, "\nblock:\n");
	for (size_t i = 0; i < strings->n; i++) {
		buf_adds(&out, "- ");
		yaml_write_text(&out, strings->items[i]->text);
		buf_adds(&out, "\n");
	}
	buf_adds(&out, "flow: [");
	for (size_t i = 0; i < strings->n; i++) {
		struct node *map = node_map(), *list = node_list();
		node_add(list, node_copy(strings->items[i]));
		node_put(map, strings->items[i]->text, list);
		buf_adds(&out, i ? ", " : "");
		yaml_write_flow(&out, map, false);
		node_free(map);
	}
	buf_adds(&out, "]\n");
	FILE *python = popen(python_check, "w");
	assert_non_null(python);
	size_t written = fwrite(out.p, 1, out.n, python);
	assert_int_equal(written, out.n);
	buf_free(&out);
	int status = pclose(python);
	return status < 0 ? status : status >> 8;
}

static void test_python_agrees(void **state)
{
	(void)state;
	struct node *strings = node_list();
	for (size_t i = 0; i < COUNT_OF(traps); i++)
		node_add(strings, node_text(str_of(traps[i])));
	uint64_t seed = 0xBEEF;
	struct buf text = {0};
	for (int i = 0; i < 2000; i++) {
		random_text(&seed, &text);
		node_add(strings, node_text(buf_str(&text)));
	}
	buf_free(&text);
	int status = ask_python(strings);
	node_free(strings);
	if (status == 77 || status == 127) {
		print_message("no python3 with PyYAML here\n");
		skip();
	}
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),   cmocka_unit_test(test_traps_are_quoted), cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_flow), cmocka_unit_test(test_long_keys),    cmocka_unit_test(test_every_ideograph),  cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_python_agrees),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
