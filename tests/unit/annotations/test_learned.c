/* What was learned from review: where its strings are proposed and where not. */
#include "extract_fixture.h"

#include <stdlib.h>
#include <unistd.h>

#include "annotations/extract/learned.h"
#include "model/io.h"

static const char rules[] = "labels:\n- {name: A, layer: flat}\n- {name: B, layer: flat}\n- {name: C, layer: container}\n"
                            "lists:\n  a: 局长 市长\n  c: 天地玄黄\n"
                            "rules:\n- {name: one, as: A, match: '@a'}\n- {name: two, as: C, match: '@c'}\n";

static struct learned *read_learned(const char *yaml, struct error *err)
{
	char path[] = "/tmp/zhupi-test-learned-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_true(io_write_all(fd, str_of(yaml), err));
	close(fd);
	struct learned *l = NULL;
	(void)learned_read(path, &l, err);
	unlink(path);
	return l;
}

/* `LABEL off-end score;` of all that is proposed. */
static char *propose(const char *yaml, struct str text)
{
	struct error err = {0};
	struct pack *p = read_pack(rules);
	struct learned *l = read_learned(yaml, &err);
	if (!l)
		fail_msg("%zu:%zu: %s", err.line, err.column, err.message);
	struct run_of_pack run = {0};
	struct buf out = {0};
	find_in(&run, p, text);
	learned_prepare(l, p);
	learned_apply(l, text, &run.zones, NULL, &run.found);
	for (size_t i = 0; i < run.found.n; i++) {
		const struct found *f = &run.found.spans[i];
		struct str label = p->classes[f->class].name;
		buf_addf(&out, "%.*s %u-%u %u;", (int)label.n, label.p, f->off, f->end, f->score);
	}
	run_free(&run);
	learned_free(l);
	pack_free(p);
	return buf_take(&out);
}

static void check(const char *yaml, const char *text, const char *wanted)
{
	char *got = propose(yaml, str_of(text));
	assert_string_equal(got, wanted);
	mem_free(got);
}

#define COUNTED "learned: 1\ncounted:\n"

static void test_proposed(void **state)
{
	(void)state;
	check(COUNTED "  B: {甲乙: [3, 1]}\n", "请甲乙来", "B 3-9 666;");
	check(COUNTED "  B: {甲乙: [1, 1]}\n", "请甲乙来", "");
	check(COUNTED "  B: {甲: [9, 0], ab: [9, 0]}\n", "请甲来ab", "");
	check(COUNTED "  B: {甲乙: [3, 0], 甲乙丙: [3, 0]}\n", "甲乙丙丁", "B 0-9 800;");
	check(COUNTED "  B: {甲乙: [3, 0]}\n  A: {甲乙: [8, 0]}\n", "甲乙", "A 0-6 900;");
	check(COUNTED "  X: {甲乙: [3, 0]}\n", "甲乙", "");
}

static void test_no_overlap(void **state)
{
	(void)state;
	check(COUNTED "  B: {长来: [3, 0], 来了: [3, 0]}\n", "局长来了", "A 0-6 800;B 6-12 800;");
	check(COUNTED "  B: {请局: [3, 0]}\n", "请局长", "A 3-9 800;");
	check(COUNTED "  B: {玄黄: [3, 0]}\n", "天地玄黄", "C 0-12 800;B 6-12 800;");
	check(COUNTED "  C: {玄黄: [3, 0]}\n", "天地玄黄", "C 0-12 800;");
}

static void test_left_out(void **state)
{
	(void)state;
	check(COUNTED "  A: {局长: [0, 2]}\n", "局长市长", "A 6-12 800;");
	check(COUNTED "  A: {局长: [0, 1]}\n", "局长市长", "A 0-6 800;A 6-12 800;");
	check(COUNTED "  B: {局长: [0, 2]}\n", "局长", "A 0-6 800;");
	check("learned: 1\nfixed: {A: {局长: [1, 0]}}\ncounted: {A: {局长: [0, 9]}}\n", "局长", "A 0-6 800;");
}

static void test_no_flood(void **state)
{
	(void)state;
	struct buf text = {0};
	for (size_t i = 0; i < 4 * LEARNED_MOST; i++)
		buf_adds(&text, "甲乙");
	char *got = propose(COUNTED "  B: {甲乙: [3, 0]}\n", buf_str(&text));
	size_t n = 0;
	for (const char *c = got; *c; c++)
		n += *c == ';';
	assert_int_equal(n, LEARNED_MOST);
	mem_free(got);
	buf_free(&text);
}

static void test_errors(void **state)
{
	(void)state;
	static const char *const wrong[] = {
	    "", "5", "learned: 2\n", "learned: x\n", "learned: 1\ncounted: 5\n", "learned: 1\ncounted: {A: [1]}\n",
	    "learned: 1\nfixed: {A: {甲乙: [1]}}\n", "learned: 1\nfixed: {A: {甲乙: [1, -1]}}\n", "learned: [\n",
	};
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct error err = {0};
		assert_null(read_learned(wrong[i], &err));
		assert_int_not_equal(err.code, ERROR_NONE);
		assert_true(err.line > 0);
		error_clear(&err);
	}
	struct learned *l = NULL;
	struct error err = {0};
	assert_true(learned_read("/nonexistent/learned.yaml", &l, &err));
	assert_non_null(l);
	learned_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_proposed), cmocka_unit_test(test_no_overlap), cmocka_unit_test(test_left_out),
	    cmocka_unit_test(test_no_flood), cmocka_unit_test(test_errors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
