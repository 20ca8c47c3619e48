/* The library's rows: tree, order, filter, search, and what stays current. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tui/screens/library.h"

struct folder {
	char *root;
	struct corpus *corpus;
	struct library library;
};

static void write_file(const struct folder *f, const char *name, const char *text)
{
	struct error err = {0};
	char *path = io_join(f->root, name), *above = io_folder_of(path);
	assert_true(io_make_folder(above, &err));
	assert_true(io_create_file(path, str_of(text), &err));
	mem_free(above);
	mem_free(path);
}

static int set_up(void **state)
{
	struct folder *f = mem_alloc(sizeof(*f));
	struct buf root = {0};
	unsigned char random[6];
	io_random(random, sizeof(random));
	buf_adds(&root, "/tmp/zhupi-test-library-");
	for (size_t i = 0; i < sizeof(random); i++)
		buf_addf(&root, "%02x", random[i]);
	f->root = buf_take(&root);
	if (setenv("XDG_STATE_HOME", f->root, 1) != 0 || !io_make_folder(f->root, NULL))
		return -1;
	*state = f;
	return 0;
}

static void fill(struct folder *f)
{
	struct error err = {0};
	assert_true(corpus_open(f->root, "tester", &f->corpus, &err));
	f->library = (struct library){.corpus = f->corpus, .places = places_open(f->root)};
	while (!corpus_step(f->corpus, io_now_ms() + 1000))
		;
	library_tree(&f->library);
}

static int tear_down(void **state)
{
	struct folder *f = *state;
	library_search(&f->library, STR_NONE);
	buf_free(&f->library.search);
	library_free_rows(&f->library);
	places_free(f->library.places);
	corpus_free(f->corpus);
	struct buf command = {0};
	buf_adds(&command, "rm -rf ");
	buf_adds(&command, f->root);
	int status = system(command.p);
	buf_free(&command);
	mem_free(f->root);
	mem_free(f);
	return status;
}

/* Rows as text: folders with a slash, ">" before the current one. */
static char *rows_of(const struct library *l)
{
	struct buf out = {0};
	for (size_t i = 0; i < l->n_rows; i++) {
		buf_adds(&out, i > 0 ? " " : "");
		buf_adds(&out, i == l->line ? ">" : "");
		if (l->rows[i].folder) {
			buf_add(&out, l->folders[l->rows[i].index].path);
			buf_addc(&out, '/');
		} else {
			struct str file = corpus_entry(l->corpus, l->rows[i].index)->file;
			buf_add(&out, str_sub(file, 0, file.n - strlen(".txt")));
		}
	}
	return buf_take(&out);
}

static void assert_rows(const struct library *l, const char *expected)
{
	char *rows = rows_of(l);
	assert_string_equal(rows, expected);
	mem_free(rows);
}

static size_t folder_at(const struct library *l, const char *path)
{
	for (size_t i = 0; i < l->n_folders; i++)
		if (str_eq(l->folders[i].path, str_of(path)))
			return i;
	fail_msg("no folder %s", path);
	return NOWHERE;
}

static size_t entry_at(const struct library *l, const char *file)
{
	size_t entry = corpus_find(l->corpus, str_of(file));
	assert_int_not_equal(entry, NOWHERE);
	return entry;
}

static void days(void **state)
{
	(void)state;
	static const struct {
		const char *date;
		uint32_t day;
	} cases[] = {
		{"2022-03-14", 20220314},
		{"2022-03-14 10:07", 20220314},
		{"2022/3/4", 20220304},
		{"2022年3月14日", 20220314},
		{"20220314", 20220314},
		{"2022-03", 20220300},
		{"发布时间：2022.12.31", 20221231},
		{"2022-12-40", 20221200},
		{"2022031", 20220301},
		{"", 0},
		{"March", 0},
		{"2022", 0},
		{"2022-13-01", 0},
		{"99", 0},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(library_day(str_of(cases[i].date)), cases[i].day);
}

static void tree_and_folding(void **state)
{
	struct folder *f = *state;
	struct library *l = &f->library;
	write_file(f, "four.txt", "四");
	write_file(f, "a/one.txt", "一");
	write_file(f, "a/b/two.txt", "二");
	write_file(f, "a/b/c/deep.txt", "深");
	write_file(f, "z/three.txt", "三");
	fill(f);
	assert_rows(l, ">a/ a/b/ a/b/c/ a/b/c/deep a/b/two a/one z/ z/three four");
	assert_int_equal(l->folders[0].totals.articles, 5);
	assert_int_equal(l->folders[folder_at(l, "a")].totals.articles, 3);
	assert_int_equal(l->folders[folder_at(l, "a/b/c")].depth, 2);

	/* What is current stays so, or the folder that closed over it becomes so. */
	library_go_line(l, 4);
	library_open_folder(l, folder_at(l, "z"), false);
	library_fill(l);
	assert_rows(l, "a/ a/b/ a/b/c/ a/b/c/deep >a/b/two a/one z/ four");
	library_open_folder(l, folder_at(l, "a"), false);
	library_fill(l);
	assert_rows(l, ">a/ z/ four");
	assert_true(library_go_entry(l, entry_at(l, "a/b/c/deep.txt")));
	assert_rows(l, "a/ a/b/ a/b/c/ >a/b/c/deep a/b/two a/one z/ four");

	/* Remembered, and found again in a tree made anew. */
	library_tree(l);
	assert_rows(l, "a/ a/b/ a/b/c/ >a/b/c/deep a/b/two a/one z/ four");
	library_go_line(l, NOWHERE);
	assert_int_equal(l->line, l->n_rows - 1);
}

static const char done[] = "zhupi: 1\nstatus: done\nspans: []\n";
static const char half[] = "zhupi: 1\nstatus: reviewing\nspans:\n"
                           "- id: kfq2m\n  label: PERSON\n  at: [[0, 1]]\n  text: 甲\n  verdict: accepted\n"
                           "- id: kfq3m\n  label: PERSON\n  at: [[1, 2]]\n  text: 乙\n  verdict: undecided\n"
                           "  flag: why\n"
                           "fields:\n- {id: fxm4k, name: published, value: 2022-03-14, verdict: undecided}\n"
                           "- {id: fxm5k, name: title, value: 乙的標題, verdict: undecided}\n";

static void order_and_filter(void **state)
{
	struct folder *f = *state;
	struct library *l = &f->library;
	write_file(f, "a.txt", "甲乙");
	write_file(f, "b.txt", "甲乙");
	write_file(f, "c.txt", "甲乙");
	write_file(f, "a.txt.yaml", done);
	write_file(f, "c.txt.yaml", half);
	fill(f);
	assert_rows(l, ">a b c");
	assert_int_equal(library_state(l, corpus_entry(f->corpus, 0)), STATE_DONE);
	assert_int_equal(library_state(l, corpus_entry(f->corpus, 1)), STATE_UNREAD);
	assert_int_equal(library_state(l, corpus_entry(f->corpus, 2)), STATE_REVIEWING);
	assert_int_equal(l->folders[0].totals.done, 1);
	assert_int_equal(l->folders[0].totals.decided, 1);
	assert_int_equal(l->folders[0].totals.proposed, 2);

	l->order = ORDER_STATUS;
	library_sort(l);
	assert_rows(l, "c b >a");
	l->order = ORDER_DATE;
	library_sort(l);
	assert_rows(l, "c >a b");
	l->order = ORDER_PROGRESS;
	library_sort(l);
	assert_rows(l, "b c >a");
	l->reversed = true;
	library_sort(l);
	assert_rows(l, ">a c b");
	l->reversed = false;
	l->order = ORDER_NAME;
	library_sort(l);

	l->filter = FILTER_REVIEWING;
	library_fill(l);
	assert_rows(l, ">c");
	assert_false(library_go_entry(l, 0));
	l->filter = FILTER_FLAGGED;
	library_fill(l);
	assert_rows(l, ">c");
	l->filter = FILTER_UNREAD;
	library_fill(l);
	assert_rows(l, "b >c");
	places_set(l->places, S("b.txt"), 0, STR_NONE);
	library_fill(l);
	assert_rows(l, ">c");
	l->filter = FILTER_DONE;
	library_fill(l);
	assert_rows(l, ">a");
}

#define DATED                                                                                                          \
	"zhupi: 1\nfields:\n- {id: fxm4k, name: published, value: %s, verdict: undecided}\n"                          \
	"- {id: fxm5k, name: title, value: %s, verdict: undecided}\n"

static void newest_first(void **state)
{
	struct folder *f = *state;
	struct library *l = &f->library;
	static const char *const dates[] = {"2021-08-06", "2022-03-14", "2022-03-13"};
	static const char *const titles[] = {"标题10", "爱", "标题9"};
	for (size_t i = 0; i < COUNT_OF(dates); i++) {
		struct buf yaml = {0};
		char name[] = {(char)('a' + i), '.', 't', 'x', 't', '.', 'y', 'a', 'm', 'l', 0};
		buf_addf(&yaml, DATED, dates[i], titles[i]);
		write_file(f, name, yaml.p);
		name[5] = 0;
		write_file(f, name, "甲乙");
		buf_free(&yaml);
	}
	fill(f);
	l->order = ORDER_DATE;
	library_sort(l);
	assert_rows(l, "b c >a");
	l->reversed = true;
	library_sort(l);
	assert_rows(l, ">a c b");
	l->reversed = false;
	l->order = ORDER_TITLE; /* by pinyin, numbers by their value: ai, biaoti 9, biaoti 10 */
	library_sort(l);
	assert_rows(l, "b c >a");
}

static void search(void **state)
{
	struct folder *f = *state;
	struct library *l = &f->library;
	write_file(f, "p/a.txt", "甲乙");
	write_file(f, "p/c.txt", "甲乙");
	write_file(f, "p/c.txt.yaml", half);
	write_file(f, "q/Ab.txt", "甲乙");
	fill(f);
	assert_int_equal(library_find(l, 0, 1), NOWHERE);
	library_search(l, S("标题")); /* of 乙的標題 */
	assert_int_equal(library_matches(l), 1);
	size_t rank = library_find(l, 0, 1);
	assert_int_equal(l->sorted[rank], entry_at(l, "p/c.txt"));
	size_t off, end;
	assert_true(library_match(l, S("乙的標題"), &off, &end));
	assert_int_equal(off, 6);
	assert_int_equal(end, 12);
	library_search(l, S("ＡＢ"));
	assert_int_equal(library_matches(l), 1);
	library_search(l, S(".txt"));
	assert_int_equal(library_matches(l), 3);
	assert_int_equal(library_find(l, 0, -1), 0);
	assert_int_equal(library_find(l, 3, 1), 0); /* round the end */
	library_search(l, S("不在"));
	assert_int_equal(library_find(l, 0, 1), NOWHERE);
	assert_int_equal(library_matches(l), 0);
}

static void nothing(void **state)
{
	struct folder *f = *state;
	struct library *l = &f->library;
	fill(f);
	assert_int_equal(l->n_rows, 0);
	assert_int_equal(l->line, 0);
	assert_int_equal(library_entry_at(l, 0), NOWHERE);
	assert_int_equal(library_folder_at(l, 0), NOWHERE);
	assert_int_equal(library_rank_at(l, 0), 0);
	library_sort(l);
	library_search(l, S("x"));
	assert_int_equal(library_find(l, 0, 1), NOWHERE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days),
		cmocka_unit_test_setup_teardown(tree_and_folding, set_up, tear_down),
		cmocka_unit_test_setup_teardown(order_and_filter, set_up, tear_down),
		cmocka_unit_test_setup_teardown(newest_first, set_up, tear_down),
		cmocka_unit_test_setup_teardown(search, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
