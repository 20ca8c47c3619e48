/* yaml_quick: what it reads, it reads as libyaml does; over texts that the writer made and over such texts broken at
 * random. */
#include "edit_fixture.h"

#include "annotations/yaml_quick.h"
#include "annotations/yaml_read.h"
#include "annotations/yaml_write.h"

static uint32_t seed;

static uint32_t roll(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

static const char *const pieces[] = {"高建军",
                                     "a",
                                     "Z9",
                                     " ",
                                     "  ",
                                     ":",
                                     ": ",
                                     ", ",
                                     ",",
                                     "#",
                                     " #",
                                     "'",
                                     "\"",
                                     "\\",
                                     "\n",
                                     "\t",
                                     "[",
                                     "]",
                                     "{",
                                     "}",
                                     "?",
                                     "-",
                                     "- ",
                                     "&",
                                     "*",
                                     "!",
                                     "|",
                                     ">",
                                     "%",
                                     "@",
                                     "`",
                                     "~",
                                     "no",
                                     "0.93",
                                     "017",
                                     "12:30",
                                     "𠮷",
                                     "\xE2\x80\xAE",
                                     "\xC2\x85",
                                     "\xE2\x80\xA8",
                                     "\xEF\xBB\xBF",
                                     "\xE3\x80\x80",
                                     "\xC2\xA0",
                                     "=",
                                     "<<",
                                     "...",
                                     "---",
                                     "_",
                                     "(",
                                     "$",
                                     "/",
                                     "é"};

static void random_text(struct buf *out)
{
	for (uint32_t n = roll(5); n--;)
		buf_adds(out, pieces[roll(COUNT_OF(pieces))]);
}

static struct node *random_node(unsigned depth)
{
	uint32_t what = roll(depth > 3 ? 3 : 6);
	struct buf text = {0};
	if (what < 3) {
		random_text(&text);
		struct node *n = what == 0   ? node_number(roll(1000))
		                 : what == 1 ? node_text(buf_str(&text))
		                             : node_plain(S("0.5"));
		buf_free(&text);
		return n;
	}
	struct node *n = what == 3 ? node_list() : node_map();
	for (uint32_t k = roll(4); k--;) {
		struct node *child = random_node(depth + 1);
		buf_clear(&text);
		random_text(&text);
		if (n->kind == NODE_LIST)
			node_add(n, child);
		else
			node_put(n, buf_str(&text), child);
	}
	buf_free(&text);
	return n;
}

/* Equal in all that a node has, its place too. */
static bool same(const struct node *a, const struct node *b)
{
	if (a->kind != b->kind || a->n != b->n || a->quoted != b->quoted || a->line != b->line ||
	    a->column != b->column || !str_eq(a->text, b->text))
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!same(a->items[i], b->items[i]) || (a->kind == NODE_MAP && !str_eq(a->keys[i], b->keys[i])))
			return false;
	return true;
}

static void write_record(struct buf *out)
{
	struct node *map = node_map();
	struct buf key = {0};
	for (uint32_t n = 1 + roll(5); n--;) {
		buf_clear(&key);
		random_text(&key);
		node_put(map, buf_str(&key), random_node(0));
	}
	buf_free(&key);
	buf_adds(out, "- ");
	if (roll(2)) {
		yaml_write_flow(out, map, true);
	} else {
		for (size_t i = 0; i < map->n; i++) {
			buf_adds(out, i ? "\n  " : "");
			yaml_write_text(out, map->keys[i]);
			buf_adds(out, ": ");
			yaml_write_flow(out, map->items[i], true);
		}
	}
	node_free(map);
}

static void break_it(struct buf *text)
{
	for (uint32_t n = roll(3); n-- && text->n;) {
		const char *piece = pieces[roll(COUNT_OF(pieces))];
		size_t at = roll((uint32_t)text->n);
		struct buf out = {0};
		buf_add(&out, str_sub(buf_str(text), 0, at));
		if (roll(3))
			buf_adds(&out, piece);
		buf_add(&out, str_sub(buf_str(text), at + roll(3), text->n));
		buf_free(text);
		*text = out;
	}
}

static void test_as_libyaml(void **state)
{
	(void)state;
	size_t quick_ones = 0, whole_ones = 0;
	for (seed = 1; seed < 60000; seed++) {
		uint32_t first = seed;
		struct buf text = {0};
		write_record(&text);
		bool whole = seed % 3 == 0;
		if (!whole)
			break_it(&text);
		struct quick q = {.text = buf_str(&text), .line = 1};
		struct node *fast = quick_may_read(buf_str(&text)) ? quick_record(&q) : NULL, *slow = NULL;
		if (fast && q.off == text.n) {
			quick_ones++;
			whole_ones += whole;
			bool good = yaml_read(buf_str(&text), NULL, &slow, NULL) && slow->kind == NODE_LIST &&
			            slow->n == 1 && same(fast, slow->items[0]);
			if (!good)
				print_error("seed %u:\n%s\n", first, text.p);
			assert_true(good);
		}
		node_free(fast);
		node_free(slow);
		buf_free(&text);
		seed = first;
	}
	/* It is of use: it reads what the writer writes, but for what libyaml cannot take either or depth. */
	assert_true(quick_ones > 10000);
	assert_true(whole_ones > 8000);
}

/* Passing over takes no more than reading does, and ends where it does. */
static void test_passing_over(void **state)
{
	(void)state;
	size_t passed = 0;
	for (seed = 1; seed < 60000; seed++) {
		uint32_t first = seed;
		struct buf text = {0};
		struct node *n = random_node(0);
		yaml_write_flow(&text, n, true);
		if (seed % 3)
			break_it(&text);
		struct quick skipping = {.text = buf_str(&text), .line = 1}, reading = skipping;
		struct str raw;
		if (quick_may_read(buf_str(&text)) && quick_skip(&skipping, &raw) &&
		    (skipping.off == text.n || text.p[skipping.off] == '\n')) {
			struct node *read = quick_value(&reading);
			passed++;
			if (!read || reading.off != skipping.off)
				print_error("seed %u:\n%s\n", first, text.p);
			assert_non_null(read);
			assert_int_equal(reading.off, skipping.off);
			assert_true(!raw.p || (read->kind == NODE_SCALAR && str_eq(read->text, raw)));
			node_free(read);
		}
		node_free(n);
		buf_free(&text);
		seed = first;
	}
	assert_true(passed > 10000);
}

static void test_what_it_leaves_alone(void **state)
{
	(void)state;
	static const char *const texts[] = {"- a: 'x'",
	                                    "- a: |\n  x",
	                                    "- a: &x b",
	                                    "- a: b # c",
	                                    "- a: [1, 2",
	                                    "- {a: 1",
	                                    "- a: 1\n  a: 2",
	                                    "- a",
	                                    "-a: 1",
	                                    "- a: \"x\n  y\"",
	                                    "- a:\n    b: c",
	                                    "- a: -1",
	                                    "- a: \"\\q\"",
	                                    "- a: \"\\uD800\"",
	                                    "- ",
	                                    "",
	                                    "- a: 1\n   b: 2",
	                                    "- {a: 1, a: 2}",
	                                    "- {a: 1}x",
	                                    "- a: b: c"};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct quick q = {.text = str_of(texts[i]), .line = 1};
		struct node *n = quick_record(&q);
		if (n && q.off == strlen(texts[i]))
			print_error("%s\n", texts[i]);
		assert_true(!n || q.off < strlen(texts[i]));
		node_free(n);
	}
	assert_false(quick_may_read(S("a\tb")));
	assert_false(quick_may_read(S("a\r\n")));
	assert_false(quick_may_read(S("a\xff")));
	assert_false(quick_may_read(S("\xC2\x85")));
	assert_false(quick_may_read(S("\xE2\x80\xA8")));
	assert_true(quick_may_read(S("高\n𠮷")));
	struct buf deep = {0};
	buf_adds(&deep, "- ");
	for (int i = 0; i < 100000; i++)
		buf_addc(&deep, '[');
	struct quick q = {.text = buf_str(&deep), .line = 1};
	assert_null(quick_record(&q));
	buf_free(&deep);
}

/* What is told without building it is so: of all pairs of a record and a map. */
static void test_what_a_record_says(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    "- {}",
	    "- {a: x}",
	    "- {a: \"x\"}",
	    "- {a: y}",
	    "- {a: [x]}",
	    "- {a: [x, y]}",
	    "- {a: [x, [y]]}",
	    "- {a: {x: y}}",
	    "- {a: {x: y, z: y}}",
	    "- {a: x, b: y}",
	    "- {b: y, a: x}",
	    "- {b: x, a: y}",
	    "- a: x",
	    "- a: x\n  b: y",
	    "- b: y\n  a: x",
	    "- a: [x]\n  b: {x: y}",
	    "- {a: [[[[[[[[x]]]]]]]]}",
	    "- a: [[[[[[[[[x]]]]]]]]]",
	    "- {a: \"x\\ty\"}",
	    "- {\"a\\tb\": x}",
	    "- \"a\\tb\": x",
	    "- [x]",
	    "- x",
	    "-",
	    "- a:",
	    "- {a: x",
	    "- {a: x}}",
	    "- a: x y: z",
	    "- a: [x\n",
	    "x",
	};
	size_t told = 0;
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		for (size_t j = 0; j < COUNT_OF(texts); j++) {
			struct quick q = {.text = str_of(texts[i]), .line = 1}, a = q, b = {.text = str_of(texts[j]), .line = 1};
			struct node *mine = quick_record(&a), *other = quick_record(&b);
			bool says = other && quick_record_says(&q, other) && q.off == q.text.n;
			if (says && !(mine && node_equal(mine, other)))
				print_error("%s is not %s\n", texts[i], texts[j]);
			assert_true(!says || (mine && a.off == a.text.n && node_equal(mine, other)));
			told += says;
			node_free(mine);
			node_free(other);
		}
	/* Not by saying no to all. */
	assert_true(told > 20);
	struct node *list = node_list(), *many = node_map();
	struct quick q = {.text = S("- {a: x}"), .line = 1};
	assert_false(quick_record_says(&q, list));
	for (int i = 0; i < 70; i++) {
		char key[2] = {(char)('0' + i), '\0'};
		node_put_text(many, str_of(key), S("x"));
	}
	assert_false(quick_record_says(&q, many));
	/* Nested deeper than it looks: left to libyaml. */
	struct node *deep = NULL;
	struct str text = S("- {a: [[[[[[[[[x]]]]]]]]]}");
	assert_true(yaml_read(str_sub(text, 2, text.n), NULL, &deep, NULL));
	q = (struct quick){.text = text, .line = 1};
	assert_false(quick_record_says(&q, deep));
	node_free(deep);
	node_free(list);
	node_free(many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_as_libyaml),
	    cmocka_unit_test(test_passing_over),
	    cmocka_unit_test(test_what_it_leaves_alone),
	    cmocka_unit_test(test_what_a_record_says),
	};
	return cmocka_run_group_tests_name("yaml_quick", tests, NULL, NULL);
}
