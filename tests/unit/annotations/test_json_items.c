/* Files of JSON taken apart into values: where each begins, what is wrong between them, and that it does not matter where
 * one read ends and the next begins. */
#include "formats_cases_fixture.h"

#include "annotations/formats/json_items.h"
#include "model/utf8.h"

/* What comes out of the bytes: `LINE:COLUMN VALUE`, or `LINE:COLUMN !`, a line each; the caller frees it. */
static char *taken_apart(struct bench *b, struct str bytes)
{
	struct buf out = {0};
	char *path = put_file(b, "in.json", bytes);
	struct lines *l = lines_open(path, NULL, NULL, NULL);
	assert_non_null(l);
	struct json_items *j = json_items_new(l);
	for (;;) {
		struct json_item item;
		struct error err = {0};
		bool fatal;
		enum line_result r = json_items_next(j, &item, &fatal, &err);
		if (r == LINE_END)
			break;
		if (r == LINE_READ) {
			buf_addf(&out, "%zu:%zu ", item.line, item.column);
			buf_add(&out, item.bytes);
			buf_addc(&out, '\n');
		} else {
			assert_int_equal(r, LINE_FAILED);
			assert_false(fatal);
			buf_addf(&out, "%zu:%zu !\n", err.line, err.column);
		}
		error_clear(&err);
	}
	json_items_free(j);
	lines_close(l);
	mem_free(path);
	return buf_take(&out);
}

static void values_and_lists(void **state)
{
	static const struct {
		const char *file, *items;
	} cases[] = {
	    {"", ""},
	    {" \n", ""},
	    {"[]", ""},
	    {"[{\"a\":1}]", "1:2 {\"a\":1}\n"},
	    {"\xEF\xBB\xBF[{}]", "1:2 {}\n"},
	    {"[ {\"a\":[1,{}]} ,\n  [2]\n,\"]\",-1.5e3,true]\n", "1:3 {\"a\":[1,{}]}\n2:3 [2]\n3:2 \"]\"\n3:6 -1.5e3\n3:13 true\n"},
	    {"{\"a\":1}\n{\n\"a\":2}{\"a\":3}\n", "1:1 {\"a\":1}\n2:1 {\n\"a\":2}\n3:7 {\"a\":3}\n"},
	    {"[1]\n[2]", "1:2 1\n2:2 2\n"},
	    {"[\"\\\"]\\\\\",\"人[\",{\"}\":\"{\"}]", "1:2 \"\\\"]\\\\\"\n1:10 \"人[\"\n1:15 {\"}\":\"{\"}\n"},
	    /* What is wrong between values. */
	    {"[{} {}]", "1:2 {}\n1:5 !\n1:5 {}\n"},
	    {"[{},]", "1:2 {}\n1:5 !\n"},
	    {"[,{}]", "1:2 !\n1:3 {}\n"},
	    {"[{}]]", "1:2 {}\n1:5 !\n"},
	    {"[{},\n", "1:2 {}\n2:1 !\n"},
	    {"[{},{\"a", "1:2 {}\n1:5 {\"a\n1:8 !\n"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *items = taken_apart(*state, str_of(cases[i].file));
		if (strcmp(items, cases[i].items) != 0)
			fail_msg("%s\n---- gave\n%s---- not\n%s", cases[i].file, items, cases[i].items);
		mem_free(items);
	}
}

/* Marks, escapes and characters of several bytes over the borders of what is read at once. */
static void borders_of_reads_do_not_matter(void **state)
{
	static const char *const parts[] = {"\\\"", "\\\\", "人", "𠮷", "[", "}", ",", " ", "a"};
	struct dice d = {5};
	struct buf file = {0}, expected = {0};
	buf_addc(&file, '[');
	for (size_t i = 0, column = 2; file.n < (size_t)1 << 20; i++) {
		struct buf item = {0};
		buf_addf(&item, "{\"n\":[%zu],\"t\":\"", i);
		for (size_t k = roll(&d, 400); k > 0; k--)
			buf_adds(&item, parts[roll(&d, COUNT_OF(parts))]);
		buf_adds(&item, "\"}");
		buf_addf(&expected, "1:%zu %s\n", column, item.p);
		buf_addf(&file, "%s,", item.p);
		column += utf8_count(buf_str(&item)) + 1;
		buf_free(&item);
	}
	file.p[file.n - 1] = ']';
	char *items = taken_apart(*state, buf_str(&file));
	assert_string_equal(items, expected.p);
	mem_free(items);
	buf_free(&file);
	buf_free(&expected);
}

/* A value that is no JSON costs itself, and is told where it is. */
static void bad_values_cost_themselves(void **state)
{
	static const char bad[] = "[{\"file\":\"a.txt\",\"data\":{\"text\":\"甲乙\"}},\n {\"data\":{\"text\":\"甲乙\" 3}},\n"
	                          "{\"file\":\"b.txt\",\"data\":{\"text\":\"丙\"}}]";
	struct bench *b = *state;
	struct heard h = {0};
	char *corpus = new_corpus(b);
	assert_true(import_bytes(b, corpus, &label_studio_format, "x.json", str_of(bad), &h));
	assert_int_equal(h.failures, 1);
	assert_int_equal(h.line, 2);
	assert_int_equal(h.counts.objects, 3);
	assert_int_equal(h.counts.created, 2);
	heard_free(&h);
	/* A list whose items stand on lines of their own is no file of lines. */
	assert_true(import_bytes(b, corpus, &label_studio_format, "y.json",
	                         S("[\n{\"data\":{\"text\":\"甲\"}},\n{\"data\":{\"text\":\"乙\"}}\n]\n"), &h));
	assert_int_equal(h.failures, 0);
	assert_int_equal(h.counts.created, 2);
	heard_free(&h);
	/* A file of one value that is none is no such file. */
	assert_false(import_bytes(b, corpus, &label_studio_format, "x.json", S("{\"data\":\n{]}"), &h));
	assert_int_equal(h.last, ERROR_SYNTAX);
	heard_free(&h);
	assert_false(import_bytes(b, corpus, &label_studio_format, "x.json", S("no JSON\n"), &h));
	heard_free(&h);
	assert_false(import_bytes(b, corpus, &label_studio_format, "x.json", S(" \n"), &h));
	heard_free(&h);
	mem_free(corpus);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(values_and_lists, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(borders_of_reads_do_not_matter, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(bad_values_cost_themselves, open_bench, close_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
