/* yaml_block: what it reads, it reads as libyaml does, places too; over the built-in packs and over pieces of packs
 * broken at random. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "annotations/pack.h"
#include "annotations/yaml_block.h"
#include "annotations/yaml_read.h"

static uint32_t seed;

static uint32_t roll(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

/* Order, quoting and places count too. */
static bool alike(const struct node *a, const struct node *b)
{
	if (a->kind != b->kind || a->quoted != b->quoted || a->line != b->line || a->column != b->column || a->n != b->n || !str_eq(a->text, b->text))
		return false;
	for (size_t i = 0; i < a->n; i++)
		if ((a->kind == NODE_MAP && !str_eq(a->keys[i], b->keys[i])) || !alike(a->items[i], b->items[i]))
			return false;
	return true;
}

/* Whether the quick reader knew it; what it knew is then what libyaml says. */
static bool agrees(struct str text)
{
	struct node *quick = yaml_block(text), *slow = NULL;
	struct error err = {0};
	bool good = yaml_read(text, "text", &slow, &err);
	if (quick && (!good || !alike(quick, slow)))
		fail_msg("%s: %.*s", good ? "another tree" : err.message, (int)text.n, text.p);
	bool known = quick != NULL;
	error_clear(&err);
	node_free(quick);
	node_free(slow);
	return known;
}

static void test_packs(void **state)
{
	(void)state;
	for (size_t i = 0; i < pack_count(); i++)
		if (strstr(pack_name(i), "zh-report/") && !agrees(pack_file(pack_name(i))))
			fail_msg("%s is left to libyaml", pack_name(i));
}

static void test_forms(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool known;
	} rows[] = {
		{"a: b\n", true}, {"a: 'it''s'\nb: \"x\\n\"\n", true}, {"a:\n- b\n- c: d\n  e: f\n-   g: h\n    i: j\n", true}, {"a:\n  - b\n", true},
		{"# c\na: |\n  x\n\n   y\n\n# d\nb: 1\n", true}, {"a: {b: [c, d]}\n", true}, {"a: |\n  x\nb: |\n  y\n", true}, {"a:\n  b:\n    c: d\n  e: f\n", true},
		{"a: b", true}, {"a: b\n\n\n", true}, {"a: ''\n", true},
		{"", false}, {"a:\n", false}, {"a: b # c\n", false}, {"a: b: c\n", false}, {"a: b\n c\n", false}, {"a: |\n  x", false}, {"a: |\n\n  x\n", false},
		{"a: |-\n  x\n", false}, {"a: >\n  x\n", false}, {"a: 'b\n", false}, {"a: 'b' c\n", false}, {"a: &b c\n", false}, {"- a\n", false}, {"a: 1\na: 2\n", false},
		{"a: b:\n", false}, {"a:\tb\n", false}, {"a: b\r\n", false}, {"a:\n- b\n - c\n", false}, {"a:\n  b: c\n d: e\n", false}, {"---\na: b\n", false},
		{"a: b\n...\n", false}, {"a: - b\n", false}, {"a: b \n", false}, {"\xEF\xBB\xBF" "a: b\n", false}, {"a: |\n  x\n y\n", false}, {"a: |\n  x\n  \n", false},
		{"<<<<<<< ours\na: b\n", false}, {"a: |\n  x\n<<<<<<< ours\n", false},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (agrees(str_of(rows[i].text)) != rows[i].known)
			fail_msg("%s: %s", rows[i].known ? "not read" : "read", rows[i].text);
}

static const char *const pieces[] = {"\n", " ", "  ", ":", ": ", "'", "''", "\"", "#", " #", "- ", "-", "|", ">", "[", "]", "{", "}", ",", "\\", "&", "*", "!", "?",
                                     "a", "b: c", "\n\n", "\n  ", "\n- ", "\n    ", "中", "\t", "\r", "---", "...", "~", "%", "@", "\xC2\x85", "\xE2\x80\xA8"};

/* Some lines of a pack with a few changes. */
static void break_text(struct buf *out)
{
	struct str text;
	do
		text = pack_file(pack_name(roll((uint32_t)pack_count())));
	while (text.n < 100);
	size_t from = str_byte(text, '\n', roll((uint32_t)text.n - 50));
	struct str some = from == NOWHERE ? STR_NONE : str_sub(text, from + 1, str_byte(text, '\n', from + 20 + roll(600)));
	buf_clear(out);
	if (str_starts(some, S(" ")))
		buf_adds(out, "lists:\n");
	if (str_starts(some, S("    ")))
		buf_adds(out, "  some: |\n");
	if (str_starts(some, S("- ")))
		buf_adds(out, "rules:\n");
	buf_add(out, some);
	buf_addc(out, '\n');
	for (uint32_t n = roll(4); n; n--) {
		size_t at = roll((uint32_t)out->n), skip = roll(3) ? 0 : roll(4);
		char *rest = str_dup(str_sub(buf_str(out), at + skip, out->n));
		out->n = at;
		buf_adds(out, pieces[roll(COUNT_OF(pieces))]);
		buf_adds(out, rest);
		mem_free(rest);
	}
}

static void test_broken(void **state)
{
	(void)state;
	struct buf text = {0};
	size_t known = 0, all = 20000;
	for (seed = 1; seed <= all; seed++) {
		uint32_t now = seed;
		break_text(&text);
		known += agrees(buf_str(&text));
		seed = now;
	}
	assert_in_range(known, all / 20, all * 19 / 20);
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_packs), cmocka_unit_test(test_forms), cmocka_unit_test(test_broken)};
	return cmocka_run_group_tests_name("yaml_block", tests, NULL, NULL);
}
