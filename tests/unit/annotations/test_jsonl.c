/* The parts of the JSONL importer: lines of a stream, what was met before, names, units of offsets, places of values;
 * and that garbage is never more than an error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "annotations/formats/jsonl.h"
#include "annotations/formats/lines.h"
#include "annotations/json.h"

/* ---- a folder of its own ------------------------------------------------------------------------------------ */

struct folder {
	char *path;
};

static int open_folder(void **state)
{
	struct folder *f = mem_alloc(sizeof *f);
	f->path = mem_dup("/tmp/zhupi-jsonl-XXXXXX");
	assert_non_null(mkdtemp(f->path));
	*state = f;
	return 0;
}

static int close_folder(void **state)
{
	struct folder *f = *state;
	struct buf command = {0};
	buf_addf(&command, "rm -rf '%s'", f->path);
	assert_int_equal(system(command.p), 0);
	buf_free(&command);
	mem_free(f->path);
	mem_free(f);
	return 0;
}

static char *put(const struct folder *f, const char *name, struct str bytes)
{
	char *path = io_join(f->path, name);
	assert_true(io_replace_file(path, bytes, NULL));
	return path;
}

/* ---- lines -------------------------------------------------------------------------------------------------- */

static void expect_lines(const struct folder *f, struct str bytes, const char *const *expected)
{
	char *path = put(f, "lines", bytes);
	struct lines *l = lines_open(path, NULL, NULL, NULL);
	struct str line;
	bool fatal;
	assert_non_null(l);
	for (size_t i = 0; expected[i]; i++) {
		assert_int_equal(lines_next(l, &line, &fatal, NULL), LINE_READ);
		assert_int_equal(line.n, strlen(expected[i]));
		assert_memory_equal(line.p, expected[i], line.n);
		assert_int_equal(lines_number(l), i + 1);
	}
	assert_int_equal(lines_next(l, &line, &fatal, NULL), LINE_END);
	assert_int_equal(lines_next(l, &line, &fatal, NULL), LINE_END);
	lines_close(l);
	mem_free(path);
}

static void lines_end_as_they_like(void **state)
{
	expect_lines(*state, S(""), (const char *const[]){NULL});
	expect_lines(*state, S("a"), (const char *const[]){"a", NULL});
	expect_lines(*state, S("a\n"), (const char *const[]){"a", NULL});
	expect_lines(*state, S("a\r\nb\r\n"), (const char *const[]){"a", "b", NULL});
	expect_lines(*state, S("\n\na"), (const char *const[]){"", "", "a", NULL});
	expect_lines(*state,
	             S("\xEF\xBB\xBF"
	               "a\n\xEF\xBB\xBF"),
	             (const char *const[]){"a", "\xEF\xBB\xBF", NULL});
	expect_lines(*state, S("\xEF\xBB\xBF"), (const char *const[]){NULL});
}

/* Lines longer than one read, ends at every place of a chunk. */
static void lines_longer_than_a_read(void **state)
{
	struct buf bytes = {0};
	for (size_t i = 0; i < 40; i++) {
		for (size_t k = 0; k < i * 5003; k++)
			buf_addc(&bytes, (char)('a' + i % 26));
		buf_addc(&bytes, '\n');
	}
	char *path = put(*state, "long", buf_str(&bytes));
	struct lines *l = lines_open(path, NULL, NULL, NULL);
	for (size_t i = 0; i < 40; i++) {
		struct str line;
		bool fatal;
		assert_int_equal(lines_next(l, &line, &fatal, NULL), LINE_READ);
		assert_int_equal(line.n, i * 5003);
		for (size_t k = 0; k < line.n; k += 997)
			assert_int_equal(line.p[k], 'a' + i % 26);
	}
	lines_close(l);
	mem_free(path);
	buf_free(&bytes);
}

/* ---- names -------------------------------------------------------------------------------------------------- */

static void names_that_lead_out_are_refused(void **state)
{
	static const char *const bad[] = {"",     "/a", "..",     "../a", "a/..",  "a/../b", "a//b", "a/",   ".a",
	                                  "a/.b", "./", "./../a", "a\nb", "a\x7f", "a.yaml", "./.a", "a/./b"};
	static const char *const good[] = {"a", "a.txt", "a/b/c.txt", "中文/报告.txt", "a..b", "a b"};
	(void)state;
	const char *why;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct str name = str_of(bad[i]);
		if (import_name(&name, &why))
			fail_msg("%s was taken", bad[i]);
		assert_non_null(why);
	}
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		struct str name = str_of(good[i]);
		assert_true(import_name(&name, &why));
	}
	struct str dotted = S("./a.txt");
	assert_true(import_name(&dotted, &why));
	assert_true(str_eq(dotted, S("a.txt")));
}

/* ---- strmap ------------------------------------------------------------------------------------------------- */

static void strmap_keeps_the_first(void **state)
{
	(void)state;
	struct strmap m = {0};
	struct buf key = {0};
	struct str value;
	assert_false(strmap_get(&m, S("x"), &value));
	for (size_t i = 0; i < 5000; i++) {
		buf_clear(&key);
		buf_addf(&key, "key %zu", i);
		strmap_put(&m, buf_str(&key), buf_str(&key));
		strmap_put(&m, buf_str(&key), S("another"));
	}
	strmap_put(&m, STR_NONE, S("empty"));
	for (size_t i = 0; i < 5000; i++) {
		buf_clear(&key);
		buf_addf(&key, "key %zu", i);
		assert_true(strmap_get(&m, buf_str(&key), &value));
		assert_true(str_eq(value, buf_str(&key)));
	}
	assert_true(strmap_get(&m, S(""), &value));
	assert_true(str_eq(value, S("empty")));
	assert_false(strmap_get(&m, S("key 5000"), NULL));
	strmap_free(&m);
	buf_free(&key);
}

/* ---- units -------------------------------------------------------------------------------------------------- */

static const char *unit_of(const char *text, const char *spans)
{
	struct node *list;
	assert_true(json_read(str_of(spans), "test", 1, &list, NULL));
	const char *unit = jsonl_other_unit(str_of(text), list);
	node_free(list);
	return unit;
}

static void units_are_recognised(void **state)
{
	static const char text[] = "我是𠮷野家的人。\r\n第二行AB";
	(void)state;
	assert_string_equal(
	    unit_of(text, "[{\"start\":2,\"end\":6,\"text\":\"𠮷野家\"},{\"start\":7,\"end\":8,\"text\":\"人\"}]"),
	    "UTF-16 code units");
	assert_string_equal(unit_of(text, "[{\"start\":6,\"end\":16,\"text\":\"𠮷野家\"}]"), "UTF-8 bytes");
	assert_string_equal(unit_of(text, "[{\"start\":2,\"end\":4,\"text\":\"𠮷野家\"}]"),
	                    "code points with an end that is the last character");
	assert_string_equal(unit_of(text, "[{\"fragments\":[[12,13],[13,14]],\"text\":[\"A\",\"B\"]}]"),
	                    "code points after CRLF became LF");
	/* One that fits nothing spoils all; nothing to judge by is no proof. */
	assert_null(
	    unit_of(text, "[{\"start\":6,\"end\":16,\"text\":\"𠮷野家\"},{\"start\":0,\"end\":3,\"text\":\"x\"}]"));
	assert_null(unit_of(text, "[{\"start\":6,\"end\":16}]"));
	assert_null(unit_of(text, "[]"));
	/* What fits as it is is not blamed for the one beside it that is nowhere. */
	assert_null(unit_of("张三在北京。", "[{\"start\":3,\"end\":5,\"text\":\"北京\"},{\"start\":3,\"end\":99}]"));
	assert_null(unit_of("", "[{\"start\":0,\"end\":99999999999,\"text\":\"x\"}]"));
	/* In the middle of a pair of surrogates or of a character there is no place. */
	assert_null(unit_of(text, "[{\"start\":3,\"end\":6,\"text\":\"野家\"}]"));
}

/* ---- places ------------------------------------------------------------------------------------------------- */

static void values_have_their_column(void **state)
{
	static const char line[] = " {\"人\\\"\" : [1, \"二\" ,{\"b\":true}],\t\"c\":{}, \"d\":[], \"e\":-1.5e3 }";
	struct node *o;
	(void)state;
	assert_true(json_read(str_of(line), "test", 1, &o, NULL));
	jsonl_locate(str_of(line), 7, 1, o);
	const struct node *list = node_get(o, S("人\""));
	assert_int_equal(o->column, 2);
	assert_int_equal(o->line, 7);
	assert_int_equal(list->column, 11);
	assert_int_equal(list->items[0]->column, 12);
	assert_int_equal(list->items[1]->column, 15);
	assert_int_equal(list->items[2]->column, 20);
	assert_int_equal(node_get(list->items[2], S("b"))->column, 25);
	assert_int_equal(node_get(o, S("c"))->column, 37);
	assert_int_equal(node_get(o, S("d"))->column, 45);
	assert_int_equal(node_get(o, S("e"))->column, 53);
	node_free(o);
}

/* ---- whole imports ------------------------------------------------------------------------------------------ */

struct heard {
	size_t failures;
	enum error_code last;
};

static void on_failed(void *ctx, struct error *e)
{
	struct heard *h = ctx;
	h->failures++;
	h->last = e->code;
	assert_non_null(e->message);
	error_clear(e);
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

static void on_progress(void *ctx, uint64_t done)
{
	(void)ctx;
	(void)done;
}

/* Imports bytes into the folder `corpus` of f. */
static struct import_counts import_bytes(const struct folder *f, struct str bytes, struct heard *heard)
{
	struct corpus *c = NULL;
	struct error err = {0};
	char *path = put(f, "in.jsonl", bytes), *folder = io_join(f->path, "corpus");
	assert_true(io_make_folder(folder, NULL));
	assert_true(corpus_open(folder, "tester", &c, NULL));
	struct import_job job = {.folder = "", .format = &jsonl_format, .name = "t.jsonl", .hooks = {heard, on_failed, never, on_progress}};
	assert_true(session_open(c, false, &job.session, NULL));
	(void)jsonl_format.import(&job, path, &err);
	error_clear(&err);
	assert_true(session_close(job.session, NULL));
	session_free(job.session);
	corpus_free(c);
	losses_free(&job.losses);
	mem_free(folder);
	mem_free(path);
	return job.counts;
}

/* Every beginning of a good line, and the line with every byte changed, is taken or refused, and nothing else. */
static void broken_lines_are_only_errors(void **state)
{
	static const char good[] =
	    "{\"file\":\"a.txt\",\"text\":\"开封市委书记\",\"spans\":[{\"id\":\"T1\",\"start\":0,\"end\":6,"
	    "\"label\":\"POST\",\"score\":0.5,\"source\":{\"by\":\"x\"},\"judged\":{\"by\":\"y\"}}],"
	    "\"fields\":{\"chair\":[{\"value\":\"v\",\"spans\":[[0,6]]}]},\"relations\":[{\"type\":"
	    "\"holds\",\"from\":\"T1\",\"to\":[0,6]}],\"notes\":[{\"text\":\"n\"}],\"zones\":"
	    "[{\"start\":0,\"end\":6,\"kind\":\"nav\",\"judged\":{\"by\":\"y\"}}]}";
	struct buf all = {0};
	struct heard heard = {0};
	size_t n = sizeof(good) - 1;
	for (size_t i = 1; i < n; i += 7) {
		buf_add(&all, str_sub(str_of(good), 0, i));
		buf_addc(&all, '\n');
		buf_addf(&all, "{\"file\":\"c%zu.txt\"}\n", i); /* so that it is not taken for no JSONL at all */
	}
	for (size_t i = 0; i < n; i += 3) {
		static const char marks[] = "\"{}[],:0x";
		buf_add(&all, str_sub(str_of(good), 0, i));
		buf_addc(&all, marks[i / 3 % (sizeof(marks) - 1)]);
		buf_add(&all, str_sub(str_of(good), i + 1, n));
		buf_addc(&all, '\n');
	}
	struct import_counts counts = import_bytes(*state, buf_str(&all), &heard);
	assert_true(counts.objects > n / 2);
	assert_true(heard.failures >= counts.failed);
	assert_true(counts.failed > n / 4);
	assert_true(counts.failed < counts.objects);
	buf_free(&all);
}

/* Ids are short and their space is small: items must not be taken for one another when two agree. */
static void many_proposals_are_all_there(void **state)
{
	struct buf line = {0};
	struct heard heard = {0};
	size_t n = 12000;
	buf_adds(&line, "{\"file\":\"many.txt\",\"text\":\"");
	for (size_t i = 0; i < n; i++)
		buf_adds(&line, "甲乙");
	buf_adds(&line, "\",\"spans\":[");
	for (size_t i = 0; i < n; i++)
		buf_addf(&line, "%s{\"start\":%zu,\"end\":%zu,\"label\":\"PERSON\"}", i ? "," : "", 2 * i, 2 * i + 1);
	buf_adds(&line, "],\"relations\":[");
	for (size_t i = 1; i < n; i++)
		buf_addf(&line, "%s{\"type\":\"t\",\"from\":[%zu,%zu],\"to\":[0,1]}", i > 1 ? "," : "", 2 * i,
		         2 * i + 1);
	buf_adds(&line, "]}\n");
	struct import_counts counts = import_bytes(*state, buf_str(&line), &heard);
	assert_int_equal(heard.failures, 0);
	assert_int_equal(counts.items[ITEM_SPAN], n);
	assert_int_equal(counts.items[ITEM_RELATION], n - 1);
	counts = import_bytes(*state, buf_str(&line), &heard);
	assert_int_equal(counts.there, 2 * n - 1);
	assert_int_equal(counts.changed, 0);
	buf_free(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(lines_end_as_they_like, open_folder, close_folder),
	    cmocka_unit_test_setup_teardown(lines_longer_than_a_read, open_folder, close_folder),
	    cmocka_unit_test(names_that_lead_out_are_refused),
	    cmocka_unit_test(strmap_keeps_the_first),
	    cmocka_unit_test(units_are_recognised),
	    cmocka_unit_test(values_have_their_column),
	    cmocka_unit_test_setup_teardown(broken_lines_are_only_errors, open_folder, close_folder),
	    cmocka_unit_test_setup_teardown(many_proposals_are_all_there, open_folder, close_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
