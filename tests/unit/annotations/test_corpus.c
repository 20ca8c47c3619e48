/* corpus: which files are articles, where the corpus is, in what order, and what is known of each; glob. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "annotations/corpus.h"
#include "annotations/glob.h"
#include "annotations/yaml_read.h"
#include "model/io.h"
#include "tests/unit/hang_fixture.h"

/* ---- a folder for each test --------------------------------------------------------------------------------- */

static char *folder_template(void)
{
	const char *tmp = getenv("TMPDIR");
	struct buf folder = {0};
	buf_addf(&folder, "%s/zhupi-corpus-XXXXXX", tmp && tmp[0] ? tmp : "/tmp");
	return buf_take(&folder);
}

/* The test runs inside its folder, so that paths are short and relative. */
static int set_up(void **state)
{
	char *folder = folder_template();
	*state = folder;
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
	char *folder = *state;
	struct buf command = {0};
	buf_addf(&command, "rm -rf '%s'", folder);
	int gone = chdir("/") | system(command.p);
	buf_free(&command);
	mem_free(folder);
	return gone;
}

static void put_bytes(const char *path, struct str bytes)
{
	char *folder = io_folder_of(path);
	assert_true(io_make_folder(folder, NULL));
	mem_free(folder);
	(void)unlink(path);
	assert_true(io_create_file(path, bytes, NULL));
}

static void put(const char *path, const char *text)
{
	put_bytes(path, str_of(text));
}

static struct corpus *open_good(const char *path)
{
	struct corpus *c = NULL;
	struct error err = {0};
	bool good = corpus_open(path, "alice", &c, &err);
	if (!good)
		print_error("%s: %s\n", path, err.message);
	assert_true(good);
	return c;
}

static void know_all(struct corpus *c)
{
	while (!corpus_step(c, INT64_MAX))
		continue;
}

static void assert_names(struct corpus *c, const char *const *names, size_t n)
{
	for (size_t i = 0; i < corpus_count(c); i++) {
		struct str file = corpus_entry(c, i)->file;
		bool right = i < n && str_eq(file, str_of(names[i]));
		if (!right)
			print_error("%zu: %.*s\n", i, (int)file.n, file.p);
		assert_true(right);
		assert_int_equal(corpus_find(c, file), i);
	}
	assert_int_equal(corpus_count(c), n);
}

/* ---- patterns ----------------------------------------------------------------------------------------------- */

static void test_glob(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *path;
		bool match;
	} cases[] = {
		{"**/*.txt", "a.txt", true},         {"**/*.txt", "x/y/a.txt", true},       {"**/*.txt", "a.txt.yaml", false},
		{"**/*.txt", "x/a.md", false},       {"*.txt", "a.txt", true},              {"*.txt", "x/a.txt", false},
		{"x/*.txt", "x/a.txt", true},        {"x/*.txt", "x/y/a.txt", false},       {"x/**/a.txt", "x/a.txt", true},
		{"x/**/a.txt", "x/y/z/a.txt", true}, {"x/**/a.txt", "y/a.txt", false},      {"**", "x/y/z", true},
		{"x/**", "x/y/z", true},             {"x/**", "y", false},                  {"?.txt", "高.txt", true},
		{"?.txt", "高建.txt", false},        {"??.txt", "高建.txt", true},          {"*高*", "建高军.txt", true},
		{"a*b*c", "aXbXbYc", true},          {"a*b*c", "aXbXbYcd", false},          {"**/x/**/x/*", "x/y/x/z", true},
		{"**/x/**/x/*", "x/y/z", false},     {"", "a", false},                      {"a", "a", true},
		{"a", "A", false},                   {"*", "", false},                      {"a.txt/", "a.txt", true},
		{"**/**/a", "a", true},              {"a**", "abc", true},                  {"[a]", "a", false},
		{"**/*.txt", "x/\xFF.txt", true},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		bool match = glob_match(str_of(cases[i].pattern), str_of(cases[i].path));
		if (match != cases[i].match)
			print_error("%s %s\n", cases[i].pattern, cases[i].path);
		assert_int_equal(match, cases[i].match);
	}
}

/* Stars that all nearly fit: time must be that of a product, not of a power. */
static void test_glob_is_quick(void **state)
{
	(void)state;
	struct buf pattern = {0}, path = {0};
	for (int i = 0; i < 100; i++)
		buf_adds(&pattern, "**/a*a*/");
	for (int i = 0; i < 1000; i++)
		buf_adds(&path, "aaaa/");
	buf_addc(&pattern, 'b');
	buf_addc(&path, 'a');
	hang_guard(8);
	assert_false(glob_match(buf_str(&pattern), buf_str(&path)));
	hang_guard(0);
	buf_free(&pattern);
	buf_free(&path);
}

/* ---- which files, in what order ----------------------------------------------------------------------------- */

static void test_articles(void **state)
{
	(void)state;
	static const char *const names[] = {"b.txt", "henan/a.txt", "henan/deep/x.txt"};
	put("c/b.txt", "");
	put("c/.hidden.txt", "");
	put("c/.git/a.txt", "");
	put("c/b.txt.yaml", "");
	put("c/notes.md", "");
	put("c/henan/a.txt", "");
	put("c/henan/deep/x.txt", "");
	put("c/henan/a.txt.alice.yaml", "");
	assert_int_equal(symlink("../..", "c/henan/loop"), 0);
	struct corpus *c = open_good("c");
	assert_names(c, names, COUNT_OF(names));
	assert_string_equal(corpus_root(c), "c");
	assert_string_equal(corpus_name(c), "c");
	assert_string_equal(corpus_annotator(c), "alice");
	assert_int_equal(corpus_find(c, S("henan")), NOWHERE);
	assert_int_equal(corpus_find(c, S("./b.txt")), NOWHERE);
	assert_int_equal(corpus_find(c, S("")), NOWHERE);
	assert_int_equal(corpus_schema(c)->n_labels, 10);
	assert_non_null(corpus_zone_rules(c));
	corpus_free(c);
	corpus_free(NULL);
}

static void test_patterns(void **state)
{
	(void)state;
	static const char *const names[] = {"a.md", "in/b.txt"};
	put("zhupi.yaml", "articles: [\"*.md\", in/*, \"**/*.yaml\", \"**/.*\"]\n");
	put("a.md", "");
	put("a.txt", "");
	put("in/b.txt", "");
	put("in/c.yaml", "");
	put("out/a.md", "");
	struct corpus *c = open_good(".");
	assert_names(c, names, COUNT_OF(names));
	corpus_free(c);
}

static void test_order(void **state)
{
	(void)state;
	static const char *const names[] = {
		"a/1.txt", "a/2.txt", "a/10.txt", "A/3.txt", "a-b/1.txt", "a.txt", "2022-3-1.txt", "2022-03-14.txt", "安阳.txt", "开封.txt", "郑州/x.txt", "周口.txt",
	};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		put(names[i], "");
	struct corpus *c = open_good(".");
	assert_int_equal(corpus_count(c), COUNT_OF(names));
	size_t at[COUNT_OF(names)];
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		at[i] = corpus_find(c, str_of(names[i]));
		assert_true(at[i] != NOWHERE);
	}
	assert_true(at[0] + 1 == at[1] && at[1] + 1 == at[2]); /* by value, in one folder without a gap */
	assert_true(at[6] < at[7]);
	assert_true(at[8] < at[9] && at[9] < at[10] && at[10] < at[11]); /* ān, kāi, zhèng, zhōu */
	corpus_free(c);
}

/* Names that collate alike, told apart by an invisible character: their folders must not mix. */
static void test_order_of_likes(void **state)
{
	(void)state;
	static const char *const names[] = {"a/1.txt", "a/\xEF\xBF\xBD.txt", "a\xE2\x80\x8B/1.txt", "a\xE2\x80\x8B/\xEF\xBF\xBD.txt"};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		put(names[i], "");
	struct corpus *c = open_good(".");
	assert_names(c, names, COUNT_OF(names));
	corpus_free(c);
}

static void test_evil_names(void **state)
{
	(void)state;
	static const char *const names[] = {"a\nb.txt", "\x1B[31m.txt", "\xFF\xFE.txt", "\xE4\xB8.txt", "\xE2\x80\xAE.txt", " .txt", "-rf.txt", "\xFF\xFD.txt"};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		put_bytes(names[i], S("高"));
	struct corpus *c = open_good(".");
	assert_int_equal(corpus_count(c), COUNT_OF(names));
	for (size_t i = 0; i < COUNT_OF(names); i++)
		assert_true(corpus_find(c, str_of(names[i])) != NOWHERE);
	while (!corpus_step(c, io_now_ms() + 100))
		;
	corpus_free(c);
}

/* ---- where the corpus is ------------------------------------------------------------------------------------ */

static void test_root_above(void **state)
{
	const char *base = *state;
	static const char *const below[] = {"henan/a.txt", "henan/kaifeng/b.txt"};
	put("reports/zhupi.yaml", "annotators: independent\n");
	put("reports/henan/a.txt", "");
	put("reports/henan/kaifeng/b.txt", "");
	put("reports/hebei/c.txt", "");
	struct corpus *c = open_good("reports/henan");
	assert_names(c, below, COUNT_OF(below));
	assert_string_equal(corpus_root(c), "reports");
	assert_string_equal(corpus_name(c), "reports");
	corpus_free(c);
	c = open_good("reports/henan/kaifeng/b.txt");
	assert_names(c, below + 1, 1);
	assert_string_equal(corpus_root(c), "reports");
	char *article = corpus_article_path(c, S("henan/kaifeng/b.txt")), *sidecar = corpus_sidecar_path(c, S("henan/kaifeng/b.txt"));
	assert_string_equal(article, "reports/henan/kaifeng/b.txt");
	assert_string_equal(sidecar, "reports/henan/kaifeng/b.txt.alice.yaml");
	mem_free(article);
	mem_free(sidecar);
	assert_true(corpus_settings(c)->independent);
	corpus_free(c);
	/* From inside there is no shorter spelling than the real path. */
	assert_int_equal(chdir("reports/henan"), 0);
	c = open_good(".");
	assert_names(c, below, COUNT_OF(below));
	char *here = io_real_path("..", NULL);
	assert_string_equal(corpus_root(c), here);
	mem_free(here);
	corpus_free(c);
	c = open_good("../henan/a.txt");
	assert_names(c, below, 1);
	corpus_free(c);
	c = open_good("a.txt");
	assert_names(c, below, 1);
	corpus_free(c);
	assert_int_equal(chdir(base), 0);
	c = open_good("./reports/henan//");
	assert_names(c, below, COUNT_OF(below));
	assert_string_equal(corpus_root(c), "./reports");
	corpus_free(c);
}

static void test_one_file(void **state)
{
	(void)state;
	static const char *const name[] = {"page.md"};
	put("x/page.md", "");
	put("x/other.txt", "");
	struct corpus *c = open_good("x/page.md");
	assert_names(c, name, 1);
	assert_string_equal(corpus_root(c), "x");
	char *sidecar = corpus_sidecar_path(c, S("page.md"));
	assert_string_equal(sidecar, "x/page.md.yaml");
	mem_free(sidecar);
	assert_true(corpus_rescan(c, INT64_MAX, NULL));
	assert_names(c, name, 1);
	corpus_free(c);
	assert_int_equal(chdir("x"), 0);
	c = open_good("page.md");
	assert_string_equal(corpus_root(c), ".");
	assert_string_equal(corpus_name(c), "x");
	corpus_free(c);
}

/* A link to an article is an article of the folder that it lies in. */
static void test_linked_article(void **state)
{
	(void)state;
	put("elsewhere/a.txt", "");
	put("c/zhupi.yaml", "");
	assert_int_equal(symlink("../elsewhere/a.txt", "c/l.txt"), 0);
	struct corpus *c = open_good("c/l.txt");
	assert_true(str_eq(corpus_entry(c, 0)->file, S("l.txt")));
	assert_string_equal(corpus_root(c), "c");
	corpus_free(c);
}

static void assert_refused(const char *path, const char *annotator, enum error_code code, size_t line, size_t column)
{
	struct corpus *c = NULL;
	struct error err = {0};
	assert_false(corpus_open(path, annotator, &c, &err));
	assert_null(c);
	assert_string_equal(error_code_name(err.code), error_code_name(code));
	assert_int_equal(err.line, line);
	assert_int_equal(err.column, column);
	error_clear(&err);
}

static void test_refused(void **state)
{
	(void)state;
	assert_refused("nothing", "a", ERROR_MISSING, 0, 0);
	assert_refused("", "a", ERROR_MISSING, 0, 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_refused("fifo", "a", ERROR_KIND, 0, 0);
	assert_refused(".", "a/b", ERROR_USAGE, 0, 0);
	put("bad/zhupi.yaml", "zhupi: 1\nannotators: none\n");
	put("bad/a.txt", "");
	assert_refused("bad/a.txt", "a", ERROR_SCHEMA, 2, 13);
	/* A folder by that name is not one. */
	put("odd/zhupi.yaml/a.txt", "");
	struct corpus *c = open_good("odd");
	assert_int_equal(corpus_count(c), 1);
	corpus_free(c);
}

/* ---- what is known ------------------------------------------------------------------------------------------ */

#define ARTICLE "高建军:坚决筑牢疫情防控安全防线\n2022-03-14 10:07:18 来源: 开封日报\n\n3月12日,开封市委书记高建军等在开封分会场参加完专题会议后,开封市第一时间召开会议。\n"

static void test_titles_without_sidecar(void **state)
{
	(void)state;
	put("a.txt", ARTICLE);
	put("empty.txt", "");
	put_bytes("binary.txt", S("\0\0\0\1\2\3"));
	struct corpus *c = open_good(".");
	assert_int_equal(corpus_known(c), 0);
	assert_null(corpus_entry(c, 0)->title);
	know_all(c);
	assert_int_equal(corpus_known(c), 3);
	const struct entry *e = corpus_entry(c, corpus_find(c, S("a.txt")));
	assert_true(e->known && !e->failed && e->status == STATUS_NONE && e->proposed == 0);
	assert_string_equal(e->title, "高建军:坚决筑牢疫情防控安全防线");
	assert_non_null(strstr(e->date, "2022-03-14"));
	assert_string_equal(e->source, "开封日报");
	assert_null(e->opening);
	e = corpus_entry(c, corpus_find(c, S("empty.txt")));
	assert_string_equal(e->title, "");
	assert_null(e->opening);
	e = corpus_entry(c, corpus_find(c, S("binary.txt")));
	assert_string_equal(e->title, "");
	assert_false(e->failed);
	corpus_free(c);
}

/* How an article without a title begins: one line, no blanks in front, no readings, cut at a character. */
static void test_opening_without_title(void **state)
{
	(void)state;
	put("a.txt", "\xEF\xBB\xBF\n  3月12日,劉尚(shàng)進在分會場參加會議。\n第二段。\n");
	struct buf text = {0};
	for (int i = 0; i < 100; i++)
		buf_adds(&text, i ? "会议召开后又召开会议," : "x会议,");
	put("long.txt", text.p);
	struct corpus *c = open_good(".");
	know_all(c);
	const struct entry *e = corpus_entry(c, corpus_find(c, S("a.txt")));
	assert_string_equal(e->title, "");
	assert_string_equal(e->opening, "3月12日,劉尚進在分會場參加會議。");
	e = corpus_entry(c, corpus_find(c, S("long.txt")));
	assert_string_equal(e->title, "");
	assert_int_equal(strlen(e->opening), 119);
	assert_memory_equal(e->opening, text.p, 119);
	buf_free(&text);
	corpus_free(c);
}

static void test_titles_in_other_encodings(void **state)
{
	(void)state;
	/* 会议召开 in GB18030, and a body long enough for the detector. */
	struct buf text = {0};
	buf_adds(&text, "\xBB\xE1\xD2\xE9\xD5\xD9\xBF\xAA\n\n");
	for (int i = 0; i < 50; i++)
		buf_adds(&text, "\xBF\xAA\xB7\xE2\xCA\xD0\xCE\xAF\xCA\xE9\xBC\xC7\xB8\xDF\xBD\xA8\xBE\xFC\xA1\xA3\n");
	put_bytes("gb.txt", buf_str(&text));
	/* Longer than what is read of it, cut within a character. */
	buf_clear(&text);
	buf_adds(&text, "a标题\n\n");
	while (text.n < 3 * ZONES_EDGE)
		buf_adds(&text, "开封市委书记高建军在会上讲话");
	put_bytes("long.txt", buf_str(&text));
	buf_free(&text);
	struct corpus *c = open_good(".");
	assert_true(corpus_know(c, 0) && corpus_know(c, 1));
	assert_string_equal(corpus_entry(c, 0)->title, "会议召开");
	assert_string_equal(corpus_entry(c, 1)->title, "a标题");
	corpus_free(c);
}

static void test_counts(void **state)
{
	(void)state;
	put("a.txt", ARTICLE);
	put("a.txt.yaml", "zhupi: 1\nstatus: reviewing\nspans:\n"
	                  "- {id: bcdfg, label: PERSON, at: [[0, 3]], text: 高建军, verdict: accepted}\n"
	                  "- {id: bcdfh, label: PERSON, at: [[0, 3]], text: 高建军, verdict: rejected}\n"
	                  "- {id: bcdfj, label: PERSON, at: [[0, 3]], text: 高建军, flag: why}\n"
	                  "fields:\n- {id: fbcdf, name: title, value: 另一个标题}\n");
	put("b.txt", ARTICLE);
	put("b.txt.yaml", "zhupi: 1\nspans: [\n");
	put("c.txt", ARTICLE);
	put("c.txt.yaml", "zhupi: 99\n");
	struct corpus *c = open_good(".");
	assert_true(corpus_know(c, 0));
	const struct entry *e = corpus_entry(c, 0);
	assert_int_equal(e->status, STATUS_REVIEWING);
	assert_int_equal(e->decided, 2);
	assert_int_equal(e->proposed, 3);
	assert_true(e->flagged);
	assert_string_equal(e->title, "另一个标题");
	for (size_t i = 1; i < 3; i++) {
		assert_false(corpus_know(c, i));
		e = corpus_entry(c, i);
		assert_true(e->known && e->failed && e->status == STATUS_NONE);
		assert_string_equal(e->title, "高建军:坚决筑牢疫情防控安全防线");
	}
	/* Mended: known again. */
	put("b.txt.yaml", "zhupi: 1\nstatus: done\n");
	assert_true(corpus_know(c, 1));
	assert_int_equal(corpus_entry(c, 1)->status, STATUS_DONE);
	assert_int_equal(corpus_known(c), 3);
	corpus_free(c);
}

static void test_slices(void **state)
{
	(void)state;
	struct buf name = {0};
	for (int i = 0; i < 50; i++) {
		buf_clear(&name);
		buf_addf(&name, "%d.txt", i);
		put(name.p, "");
	}
	buf_free(&name);
	struct corpus *c = open_good(".");
	/* No time at all: one entry for each call, in order; what was asked for meanwhile is passed over. */
	for (size_t i = 0; i < 3; i++) {
		assert_false(corpus_step(c, 0));
		assert_int_equal(corpus_known(c), i + 1);
		assert_true(corpus_entry(c, i)->known);
		assert_false(corpus_entry(c, i)->titled);
	}
	assert_true(corpus_know(c, 48));
	assert_true(corpus_entry(c, 48)->titled);
	size_t calls = 0;
	while (!corpus_step(c, 0))
		calls++;
	/* Statuses of all but the 4 that are known, titles of all but the one that was asked for; the last call is
	 * the one that ends. */
	assert_int_equal(calls, (50 - 4) + (50 - 1) - 1);
	assert_true(corpus_step(c, 0));
	corpus_free(c);
}

static void test_rescan(void **state)
{
	(void)state;
	static const char *const before[] = {"a.txt", "b.txt", "c.txt"}, *const after[] = {"a.txt", "aa.txt", "c.txt"};
	for (size_t i = 0; i < COUNT_OF(before); i++)
		put(before[i], ARTICLE);
	struct corpus *c = open_good(".");
	corpus_know(c, 0);
	corpus_know(c, 1);
	put("aa.txt", ARTICLE);
	assert_int_equal(unlink("b.txt"), 0);
	assert_true(corpus_rescan(c, INT64_MAX, NULL));
	assert_names(c, after, COUNT_OF(after));
	assert_int_equal(corpus_known(c), 1);
	assert_true(corpus_entry(c, 0)->known && corpus_entry(c, 0)->title[0]);
	assert_false(corpus_entry(c, 1)->known || corpus_entry(c, 2)->known);
	know_all(c);
	corpus_free(c);
}

static void test_note(void **state)
{
	(void)state;
	put("a.txt", ARTICLE);
	struct corpus *c = open_good("a.txt");
	struct article *article = NULL;
	assert_true(article_open("a.txt", NULL, &article, NULL));
	struct set *s = set_new(article, corpus_schema(c));
	struct node *map = NULL, *field = NULL;
	assert_true(yaml_read(S("{id: bcdfg, label: PERSON, at: [[0, 3]], text: 高建军, verdict: accepted, flag: why}"), NULL, &map, NULL));
	assert_true(set_add(s, ITEM_SPAN, S("bcdfg"), map, NULL));
	node_put_text(map, S("id"), S("bcdfh"));
	node_put_text(map, S("verdict"), S("undecided"));
	assert_true(set_add(s, ITEM_SPAN, S("bcdfh"), map, NULL));
	corpus_note(c, 0, s);
	const struct entry *e = corpus_entry(c, 0);
	assert_true(e->known && e->flagged && e->decided == 1 && e->proposed == 2);
	assert_string_equal(e->title, "高建军:坚决筑牢疫情防控安全防线");
	assert_true(yaml_read(S("{id: fbcdf, name: title, value: 新标题, verdict: accepted}"), NULL, &field, NULL));
	assert_true(set_add(s, ITEM_FIELD, S("fbcdf"), field, NULL));
	corpus_note(c, 0, s);
	assert_string_equal(corpus_entry(c, 0)->title, "新标题");
	assert_int_equal(corpus_known(c), 1);
	node_free(map);
	node_free(field);
	set_free(s);
	article_free(article);
	corpus_free(c);
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_glob),
		cmocka_unit_test(test_glob_is_quick),
		WITH_FOLDER(test_articles),
		WITH_FOLDER(test_patterns),
		WITH_FOLDER(test_order),
		WITH_FOLDER(test_order_of_likes),
		WITH_FOLDER(test_evil_names),
		WITH_FOLDER(test_root_above),
		WITH_FOLDER(test_one_file),
		WITH_FOLDER(test_linked_article),
		WITH_FOLDER(test_refused),
		WITH_FOLDER(test_titles_without_sidecar),
		WITH_FOLDER(test_opening_without_title),
		WITH_FOLDER(test_titles_in_other_encodings),
		WITH_FOLDER(test_counts),
		WITH_FOLDER(test_slices),
		WITH_FOLDER(test_rescan),
		WITH_FOLDER(test_note),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
