/* Looks of patterns: alternatives that a single step tells beside the same ones run as a program, on looks and texts
 * at random. */
#include "tests/unit/annotations/pattern_fixture.h"

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
