/* Looks of patterns: alternatives that a single step tells beside the same ones run as a program, on looks and texts at random. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "annotations/extract/extract.h"

static uint32_t seed;

static size_t any(size_t below)
{
	seed = seed * 1664525u + 1013904223u; /* Numerical Recipes, 7.1 */
	return (seed >> 8) % below;
}

static const char *const letters[] = {"甲", "乙", "丙", "丁", "，"};

/* Two ways to write an alternative; {1} asks for a program of its own. */
static void add_alternative(struct buf *simple, struct buf *program)
{
	static const char *const atoms[][2] = {{"@w", "@w{1}"}, {"[甲，]", "[甲，]{1}"}, {"^", "(^){1}"}, {"$", "($){1}"}, {"\\p", "\\p{1}"}, {"\\h", "\\h{1}"}};
	if (any(2)) {
		for (size_t n = 1 + any(3); n > 0; n--) {
			const char *letter = letters[any(COUNT_OF(letters))];
			buf_adds(simple, letter);
			buf_addf(program, "%s{1}", letter);
		}
		return;
	}
	size_t atom = any(COUNT_OF(atoms));
	bool rare = atom < 4 || any(4) == 0;
	buf_adds(simple, atoms[rare ? atom : 0][0]);
	buf_adds(program, atoms[rare ? atom : 0][1]);
}

static void add_look(struct buf *simple, struct buf *program)
{
	static const char *const heads[] = {"(?=", "(?!", "(?<=", "(?<!"};
	const char *head = heads[any(4)];
	bool group = any(3) == 0;
	buf_addf(simple, "%s%s", head, group ? "(" : "");
	buf_addf(program, "%s%s", head, group ? "(" : "");
	for (size_t n = 1 + any(4), i = 0; i < n; i++) {
		if (i) {
			buf_addc(simple, '|');
			buf_addc(program, '|');
		}
		/* Some need a program either way, so that looks are divided. */
		if (any(5) == 0) {
			buf_adds(simple, "乙(?!丙)");
			buf_adds(program, "乙(?!丙{1})");
		} else {
			add_alternative(simple, program);
		}
	}
	buf_adds(simple, group ? "))" : ")");
	buf_adds(program, group ? "))" : ")");
}

static struct pack *pack_of(const char *match)
{
	struct buf yaml = {0};
	struct error err = {0};
	struct pack *p = NULL;
	buf_addf(&yaml, "labels:\n- {name: A, layer: flat}\nlists:\n  w: 丙丁 丁\nrules:\n- {name: r, as: A, match: '%s'}\n", match);
	struct str files[] = {S("test.yaml"), buf_str(&yaml)};
	if (!pack_read(files, 1, &p, &err))
		fail_msg("%s: %zu: %s", match, err.column, err.message);
	buf_free(&yaml);
	return p;
}

static char *found_by(const struct pack *p, struct str text)
{
	struct extractor *e = extractor_new(p);
	struct extraction x = {0};
	struct zones zones = {0};
	struct zone_rules words = {0};
	struct buf out = {0};
	zones_find(text, &words, &zones);
	assert_true(extract(e, text, &zones, &words, NULL, &x));
	for (size_t i = 0; i < x.n; i++)
		buf_addf(&out, "%u-%u;", x.spans[i].off, x.spans[i].end);
	zones_free(&zones);
	extraction_free(&x);
	extractor_free(e);
	return buf_take(&out);
}

static void check_texts(const char *simple, const char *program)
{
	struct pack *fast = pack_of(simple), *plain = pack_of(program);
	for (size_t round = 0; round < 12; round++) {
		struct buf text = {0};
		for (size_t n = 1 + any(24); n > 0; n--)
			buf_adds(&text, letters[any(COUNT_OF(letters))]);
		char *got = found_by(fast, buf_str(&text)), *wanted = found_by(plain, buf_str(&text));
		if (strcmp(got, wanted) != 0)
			fail_msg("%s: %s: %s, but %s by %s", buf_str(&text).p, simple, got, wanted, program);
		mem_free(got);
		mem_free(wanted);
		buf_free(&text);
	}
	pack_free(fast);
	pack_free(plain);
}

static void test_single_steps(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 400; round++) {
		struct buf simple = {0}, program = {0};
		seed = round * 7919;
		size_t place = any(4);
		if (place & 1)
			add_look(&simple, &program);
		buf_adds(&simple, place & 2 ? "\\h" : "[甲丙]");
		buf_adds(&program, place & 2 ? "\\h" : "[甲丙]");
		add_look(&simple, &program);
		buf_adds(&simple, "\\h?");
		buf_adds(&program, "\\h?");
		check_texts(simple.p, program.p);
		buf_free(&simple);
		buf_free(&program);
	}
}

/* What needs no program is found whatever stands beside it, and errors are told where they are. */
static void test_divided(void **state)
{
	(void)state;
	struct pack *p = pack_of("甲(?!(乙(?!丙)|丙丁|[，]))");
	char *got = found_by(p, S("甲乙甲乙丙甲丙丁甲，甲"));
	assert_string_equal(got, "6-9;30-33;");
	mem_free(got);
	pack_free(p);
	static const char *const wrong[] = {"甲(?!乙", "甲(?!(乙)", "甲(?=乙|", "甲(?<!乙))", "甲(?!乙|[丙)"};
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct buf yaml = {0};
		struct error err = {0};
		buf_addf(&yaml, "labels:\n- {name: A, layer: flat}\nrules:\n- {name: r, as: A, match: '%s'}\n", wrong[i]);
		struct str files[] = {S("test.yaml"), buf_str(&yaml)};
		assert_false(pack_read(files, 1, &p, &err));
		assert_int_equal(err.line, 4);
		assert_true(err.column > 0);
		error_clear(&err);
		buf_free(&yaml);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_single_steps),
		cmocka_unit_test(test_divided),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
