/* json_quick: what it reads, it reads as jansson does, places too; over texts as programs write them and over such texts
 * broken at random. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "annotations/formats/jsonl.h"
#include "annotations/json.h"
#include "annotations/json_quick.h"

static uint32_t seed;

static uint32_t roll(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

static const char *const in_strings[] = {"高建军",   "a",      "Z9 ",    "é",      "𠮷",      "\\n",           "\\\"",
                                         "\\\\",     "\\/",    "\\u9ad8", "\\u0000", "\\u001b", "\\ud842\\udfb7", "\\u00E9",
                                         "\\t\\b\\f\\r", "\x7f", "\xEF\xBB\xBF", "\xEF\xBF\xBF", "0123456789abcdef", "{[,:]}"};
static const char *const numbers[] = {"0",         "7",     "-3",      "120",    "0.93",   "1.0",    "-0.5",    "0.0001",
                                      "123456.75", "1e3",   "-0",      "0.10",   "0.0",    "0.00001", "12345678901234.5",
                                      "0.9300000071525574", "123456789012345678", "1234567890123456789", "12345678901234567890",
                                      "10000000.0", "100000000000000000.0", "999999.999999", "0.1234567", "-120.25"};
static const char *const keys[] = {"id", "start", "end", "text", "label", "a", "高", "\\u0061", "", "a\\u0000", "spans"};
static const char *const noise[] = {"\"", "\\",  "{",    "}",    "[",   "]",        ",",        ":",   " ",   "\t",
                                    "\n", "e",   ".",    "-",    "0",   "1",        "\\u",      "\\ud842", "\xED\xA0\x80", "\xC0\x80",
                                    "\xFF", "\x01", "null", "true", "tru", "\\x41", "\xE9\xAB", "//",  "NaN", "'"};

static void add_blanks(struct buf *out)
{
	static const char *const blanks[] = {"", "", "", " ", "\n", "\t ", "\r\n"};
	buf_adds(out, blanks[roll(COUNT_OF(blanks))]);
}

static void add_string(struct buf *out, const char *const *of, uint32_t n, uint32_t pieces)
{
	buf_addc(out, '"');
	for (uint32_t k = pieces; k--;)
		buf_adds(out, of[roll(n)]);
	buf_addc(out, '"');
}

static void add_value(struct buf *out, unsigned depth)
{
	static const char *const words[] = {"true", "false", "null"};
	uint32_t what = roll(depth > 3 ? 5 : 8);
	add_blanks(out);
	if (what < 2)
		add_string(out, in_strings, COUNT_OF(in_strings), roll(5));
	else if (what < 4)
		buf_adds(out, numbers[roll(roll(3) ? 8 : COUNT_OF(numbers))]);
	else if (what == 4)
		buf_adds(out, words[roll(3)]);
	else {
		bool map = what > 5;
		buf_addc(out, map ? '{' : '[');
		for (uint32_t k = roll(4), first = k; k--;) {
			buf_adds(out, k + 1 < first ? "," : "");
			add_blanks(out);
			if (map) {
				add_string(out, keys, COUNT_OF(keys), 1 + (roll(4) == 0));
				add_blanks(out);
				buf_addc(out, ':');
			}
			add_value(out, depth + 1);
		}
		add_blanks(out);
		buf_addc(out, map ? '}' : ']');
	}
	add_blanks(out);
}

static void break_it(struct buf *text)
{
	for (uint32_t n = roll(3); n-- && text->n;) {
		size_t at = roll((uint32_t)text->n);
		struct buf out = {0};
		buf_add(&out, str_sub(buf_str(text), 0, at));
		if (roll(3))
			buf_adds(&out, noise[roll(COUNT_OF(noise))]);
		buf_add(&out, str_sub(buf_str(text), at + roll(3), text->n));
		buf_free(text);
		*text = out;
	}
}

/* Equal in all that a node has, its place too where `places`. */
static bool same(const struct node *a, const struct node *b, bool places)
{
	if (a->kind != b->kind || a->n != b->n || a->quoted != b->quoted || !str_eq(a->text, b->text))
		return false;
	if (places && (a->line != b->line || a->column != b->column))
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!same(a->items[i], b->items[i], places) || (a->kind == NODE_MAP && !str_eq(a->keys[i], b->keys[i])))
			return false;
	return true;
}

static unsigned depth_of(const struct node *n)
{
	unsigned deepest = 0;
	for (size_t i = 0; n->kind != NODE_SCALAR && i < n->n; i++) {
		unsigned d = depth_of(n->items[i]);
		deepest = d > deepest ? d : deepest;
	}
	return n->kind == NODE_SCALAR ? 0 : deepest + 1;
}

/* NULL: it gave up. */
static struct node *read_quickly(struct str text)
{
	struct json_quick q;
	struct node *n = json_quick_start(&q, text) ? (json_quick_place(&q, 7, 3), json_quick_value(&q)) : NULL;
	bool whole = n && json_quick_at_end(&q);
	json_quick_end(&q);
	if (whole)
		return n;
	node_free(n);
	return NULL;
}

static bool skip_quickly(struct str text, unsigned *depth)
{
	struct json_quick q;
	bool fine = json_quick_start(&q, text) && json_quick_skip(&q, depth) && json_quick_at_end(&q);
	json_quick_end(&q);
	return fine;
}

static struct node *read_wholly(struct str text)
{
	struct node *n = NULL;
	if (!json_read_whole(text, NULL, 7, &n, NULL))
		return NULL;
	jsonl_locate(text, 7, 3, n);
	return n;
}

static void test_as_jansson(void **state)
{
	(void)state;
	size_t taken = 0, right = 0, right_taken = 0;
	for (seed = 1; seed < 60000; seed++) {
		uint32_t first = seed;
		struct buf text = {0};
		unsigned depth = 0;
		add_value(&text, 0);
		bool broken = seed % 3 != 0;
		if (broken)
			break_it(&text);
		struct node *fast = read_quickly(buf_str(&text)), *slow = read_wholly(buf_str(&text));
		bool skipped = skip_quickly(buf_str(&text), &depth);
		bool agree = skipped == (fast != NULL);
		if (fast)
			agree = agree && slow && same(fast, slow, true) && depth == depth_of(slow);
		if (!agree)
			print_error("seed %u:\n%s\n", first, text.p);
		assert_true(agree);
		taken += fast != NULL;
		right += !broken && slow;
		right_taken += !broken && fast;
		node_free(fast);
		node_free(slow);
		buf_free(&text);
		seed = first;
	}
	/* It is of use: it reads all that is right but keys with NUL. */
	assert_true(taken > 15000);
	assert_true(right_taken * 100 > right * 99);
}

static void assert_taken(const char *text, bool taken)
{
	struct node *n = read_quickly(str_of(text));
	assert_true((n != NULL) == taken);
	node_free(n);
}

static void test_what_it_leaves(void **state)
{
	(void)state;
	assert_taken("{\"start\": 3, \"score\": 0.93, \"text\": \"高\\n𠮷\\ud842\\udfb7\"}", true);
	assert_taken("{\"a\":1,\"a\":2}", false);
	assert_taken("{\"a\":1,\"\\u0061\":2}", false);
	assert_taken("{\"a\\u0000\":1}", false);
	assert_taken("[1,]", false);
	assert_taken("{,}", false);
	assert_taken("[1 2]", false);
	assert_taken("1 2", false);
	assert_taken("\"\\ud842\"", false);
	assert_taken("\"\xED\xA0\x80\"", false);
	assert_taken("\"a\nb\"", false);
	assert_taken("\"a", false);
	assert_taken("\"a\\\"", false);
	assert_taken("01", false);
	assert_taken("1e3", true);
	assert_taken("1e", false);
	assert_taken("1.", false);
	assert_taken("-", false);
	assert_taken("1-2", false);
	assert_taken("1e400", false);
	assert_taken("123456789012345678901234567890", false);
	assert_taken("", false);
}

static void test_depth(void **state)
{
	(void)state;
	for (unsigned depth = JSON_DEPTH - 1; depth <= JSON_DEPTH + 1; depth++) {
		struct buf text = {0};
		for (unsigned i = 0; i < depth; i++)
			buf_addc(&text, '[');
		for (unsigned i = 0; i < depth; i++)
			buf_addc(&text, ']');
		assert_taken(text.p, depth <= JSON_DEPTH);
		assert_true(skip_quickly(buf_str(&text), NULL) == (depth <= JSON_DEPTH));
		buf_free(&text);
	}
}

/* Taken apart key by key and item by item. */
static void test_without_a_tree(void **state)
{
	(void)state;
	struct json_quick q;
	struct str key, value;
	bool first = true, good, first_item = true;
	assert_true(json_quick_start(&q, S(" {\"a\\n\": \"x\\ty\", \"list\" : [12, -0.5] , \"m\":{\"k\":[[]]}} ")));
	assert_true(json_quick_take(&q, '{'));
	assert_true(json_quick_next(&q, &first, &key, &good) && str_eq(key, S("a\n")));
	assert_true(json_quick_string(&q, &value) && str_eq(value, S("x\ty")));
	assert_true(json_quick_next(&q, &first, &key, &good) && str_eq(key, S("list")));
	assert_true(json_quick_take(&q, '['));
	assert_true(json_quick_more(&q, &first_item, &good) && json_quick_number(&q, &value) && str_eq(value, S("12")));
	assert_true(json_quick_more(&q, &first_item, &good) && json_quick_number(&q, &value) && str_eq(value, S("-0.5")));
	assert_false(json_quick_more(&q, &first_item, &good));
	assert_true(good);
	unsigned depth;
	assert_true(json_quick_next(&q, &first, &key, &good) && str_eq(key, S("m")));
	assert_true(json_quick_skip(&q, &depth));
	assert_int_equal(depth, 3);
	assert_false(json_quick_next(&q, &first, &key, &good));
	assert_true(good && json_quick_at_end(&q));
	json_quick_end(&q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_jansson),
		cmocka_unit_test(test_what_it_leaves),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_without_a_tree),
	};
	return cmocka_run_group_tests_name("json_quick", tests, NULL, NULL);
}
