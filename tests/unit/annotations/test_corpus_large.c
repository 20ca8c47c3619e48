/* corpus, of a size where time counts: names in slices, and what is known kept from one time to the next. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "annotations/corpus.h"
#include "model/io.h"

#define ARTICLES 600 /* more than are worth keeping in mind */
#define FOLDERS  20
#define SEED     UINT64_C(20261128)

/* ---- a corpus, and a clock that is ahead of it -------------------------------------------------------------- */

static size_t opened; /* files of the corpus, counted by count_open(): folders are only held, not read */

static int count_open(const char *path, int flags, mode_t mode)
{
	opened += !(flags & O_PATH) && strncmp(path, "c/f", 3) == 0;
	return io_system.open(path, flags, mode);
}

/* A minute ahead: what was written just now has settled.  Or behind: it never does. */
static int late_clock(clockid_t which, struct timespec *now)
{
	int result = io_system.clock(which, now);
	now->tv_sec += 60;
	return result;
}

static int early_clock(clockid_t which, struct timespec *now)
{
	int result = io_system.clock(which, now);
	now->tv_sec -= 60;
	return result;
}

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void put_sidecar(size_t i, const char *status)
{
	char path[64], text[256];
	(void)snprintf(path, sizeof(path), "c/f%zu/%zu.txt.yaml", i % FOLDERS, i);
	(void)snprintf(text, sizeof(text),
	               "zhupi: 1\nstatus: %s\nspans:\n- {id: bcdfg, label: ORG, at: [[0, 2]], text: 标题, verdict: accepted}\n"
	               "- {id: bcdfh, label: ORG, at: [[0, 1]], text: 标, verdict: undecided}\n%s",
	               status, i % 3 ? "" : "fields:\n- {id: fbcdf, name: title, value: 字段标题}\n");
	if (i % 7)
		put(path, text);
}

static bool untitled(size_t i)
{
	return i % 50 == 23;
}

static void put_article(size_t i)
{
	char path[64], text[128];
	(void)snprintf(path, sizeof(path), "c/f%zu/%zu.txt", i % FOLDERS, i);
	if (untitled(i))
		(void)snprintf(text, sizeof(text), "会议%zu指出,要抓好落实。\n", i);
	else
		(void)snprintf(text, sizeof(text), "标题%zu\n2022-03-14 来源: 衡澜日报\n\n会议指出,要抓好落实。\n", i);
	put(path, text);
	put_sidecar(i, "reviewing");
}

static int set_up(void **state)
{
	static struct io table;
	const char *tmp = getenv("TMPDIR");
	struct buf folder = {0};
	buf_addf(&folder, "%s/zhupi-large-XXXXXX", tmp && tmp[0] ? tmp : "/tmp");
	*state = buf_take(&folder);
	if (!mkdtemp(*state) || chdir(*state) != 0 || setenv("XDG_STATE_HOME", *state, 1) != 0)
		return -1;
	for (size_t i = 0; i < FOLDERS; i++) {
		char path[32];
		(void)snprintf(path, sizeof(path), "c/f%zu", i);
		if (!io_make_folder(path, NULL))
			return -1;
	}
	for (size_t i = 0; i < ARTICLES; i++)
		put_article(i);
	table = io_system;
	table.open = count_open;
	table.clock = late_clock;
	(void)io_swap(&table);
	opened = 0;
	return 0;
}

static int tear_down(void **state)
{
	(void)io_swap(&io_system);
	struct buf command = {0};
	buf_addf(&command, "rm -rf '%s'", (char *)*state);
	int gone = chdir("/") | system(command.p);
	buf_free(&command);
	mem_free(*state);
	return gone;
}

static struct corpus *open_corpus(void)
{
	struct corpus *c = NULL;
	assert_true(corpus_open("c", "alice", &c, NULL));
	return c;
}

/* Reads all and keeps it; how many files of the corpus were opened for it. */
static size_t know_all(struct corpus *c)
{
	opened = 0;
	while (!corpus_step(c, INT64_MAX))
		continue;
	assert_true(corpus_remember(c, NULL));
	return opened;
}

static void assert_right(const struct corpus *c, size_t done)
{
	for (size_t i = 0; i < corpus_count(c); i++) {
		const struct entry *e = corpus_entry(c, i);
		size_t number = (size_t)strtoul(strchr(e->file.p, '/') + 1, NULL, 10);
		bool field = number % 7 && number % 3 == 0;
		char title[32] = "", opening[64];
		if (!untitled(number))
			(void)snprintf(title, sizeof(title), "标题%zu", number);
		(void)snprintf(opening, sizeof(opening), "会议%zu指出,要抓好落实。", number);
		assert_true(e->known && e->titled && !e->failed);
		assert_string_equal(e->title, field ? "字段标题" : title);
		if (untitled(number) && !field)
			assert_string_equal(e->opening, opening);
		else
			assert_null(e->opening);
		assert_int_equal(e->proposed, number % 7 ? 2 : 0);
		assert_int_equal(e->decided, number % 7 ? 1 : 0);
		assert_int_equal(e->status, !(number % 7) ? STATUS_NONE : number == done ? STATUS_DONE : STATUS_REVIEWING);
	}
	assert_int_equal(corpus_count(c), ARTICLES);
}

/* ---- names -------------------------------------------------------------------------------------------------- */

static void test_names_in_slices(void **state)
{
	(void)state;
	struct corpus *whole = open_corpus(), *c = NULL;
	assert_true(corpus_open_at_once("c", "alice", &c, NULL));
	assert_false(corpus_listed(c));
	assert_int_equal(corpus_count(c), 0);
	size_t slices = 0;
	for (bool all = false; !all; slices++) {
		size_t before = corpus_count(c);
		all = corpus_list(c, 0);
		assert_true(all == corpus_listed(c) && corpus_count(c) >= before);
		for (size_t i = 0; i < corpus_count(c); i++)
			assert_true(str_eq(corpus_entry(c, i)->file, corpus_entry(whole, i)->file));
		if (corpus_count(c))
			assert_int_equal(corpus_find(c, corpus_entry(c, corpus_count(c) - 1)->file), corpus_count(c) - 1);
	}
	assert_true(slices > 3);
	assert_int_equal(corpus_count(c), ARTICLES);
	corpus_free(c);
	corpus_free(whole);
}

static void test_looked_at_again_in_slices(void **state)
{
	(void)state;
	struct corpus *c = open_corpus();
	(void)know_all(c);
	put("c/f3/new.txt", "新\n");
	assert_int_equal(unlink("c/f0/0.txt"), 0);
	size_t slices = 0;
	while (!corpus_rescan(c, 0, NULL)) {
		assert_int_equal(corpus_count(c), ARTICLES);
		slices++;
	}
	assert_true(slices > 3);
	assert_int_equal(corpus_count(c), ARTICLES);
	assert_int_equal(corpus_find(c, S("f0/0.txt")), NOWHERE);
	assert_false(corpus_entry(c, corpus_find(c, S("f3/new.txt")))->known);
	assert_int_equal(corpus_known(c), ARTICLES - 1);
	corpus_free(c);
}

/* ---- what is kept ------------------------------------------------------------------------------------------- */

static void test_kept(void **state)
{
	(void)state;
	struct corpus *c = open_corpus();
	assert_true(know_all(c) > ARTICLES);
	assert_right(c, NOWHERE);
	corpus_free(c);
	c = open_corpus();
	assert_int_equal(know_all(c), 0);
	assert_right(c, NOWHERE);
	corpus_free(c);
	/* Of another annotator nothing was kept. */
	assert_true(corpus_open("c", "bob", &c, NULL));
	assert_true(know_all(c) > ARTICLES);
	corpus_free(c);
}

/* Of the same size and name, with the old time: still another file. */
static void test_files_win(void **state)
{
	(void)state;
	struct corpus *c = open_corpus();
	(void)know_all(c);
	corpus_free(c);
	struct stat st;
	assert_int_equal(stat("c/f1/1.txt.yaml", &st), 0);
	put_sidecar(1, "done     ");
	struct timespec times[2] = {st.st_atim, st.st_mtim};
	assert_int_equal(utimensat(AT_FDCWD, "c/f1/1.txt.yaml", times, 0), 0);
	c = open_corpus();
	assert_int_equal(know_all(c), 2); /* the sidecar, then the article, whose title it does not tell */
	assert_right(c, 1);
	corpus_free(c);
}

/* Another file under the name, and one gone: what was kept was not of these. */
static void test_other_files_win(void **state)
{
	(void)state;
	struct corpus *c = open_corpus();
	(void)know_all(c);
	corpus_free(c);
	assert_int_equal(rename("c/f2/2.txt.yaml", "c/f2/2.away"), 0);
	assert_int_equal(rename("c/f1/1.txt.yaml", "c/f2/2.txt.yaml"), 0);
	assert_int_equal(rename("c/f2/2.away", "c/f1/1.txt.yaml"), 0);
	assert_int_equal(unlink("c/f4/4.txt.yaml"), 0);
	c = open_corpus();
	assert_int_equal(know_all(c), 3 + 3); /* their sidecars, and their articles, whose titles were kept with these */
	assert_int_equal(corpus_entry(c, corpus_find(c, S("f4/4.txt")))->status, STATUS_NONE);
	corpus_free(c);
}

/* Looked for out of their order, near and far. */
static void test_kept_in_any_order(void **state)
{
	(void)state;
	struct corpus *c = open_corpus();
	(void)know_all(c);
	corpus_free(c);
	c = open_corpus();
	(void)corpus_step(c, 0);
	opened = 0;
	for (size_t i = 0; i < 20; i++)
		assert_true(corpus_know(c, 97 * (i + 1) % ARTICLES));
	assert_int_equal(opened, 0);
	assert_int_equal(know_all(c), 0);
	assert_right(c, NOWHERE);
	corpus_free(c);
}

/* Statuses before titles: where the last one is known a step ends, for there is something to show. */
static void test_step_ends_with_statuses(void **state)
{
	(void)state;
	struct corpus *c = open_corpus();
	assert_false(corpus_step(c, INT64_MAX));
	assert_int_equal(corpus_known(c), ARTICLES);
	assert_true(corpus_facts(c) < 2 * ARTICLES);
	assert_true(corpus_step(c, INT64_MAX));
	assert_int_equal(corpus_facts(c), 2 * ARTICLES);
	corpus_free(c);
}

static int open_no_folder(const char *path, int flags, mode_t mode)
{
	if (flags & O_PATH) {
		errno = EMFILE;
		return -1;
	}
	return count_open(path, flags, mode);
}

/* Where folders cannot be held open, files are read; and none is held longer than a step. */
static void test_folders_held(void **state)
{
	(void)state;
	struct corpus *c = open_corpus();
	(void)know_all(c);
	corpus_free(c);
	struct io table = *io_get();
	const struct io *before = io_get();
	c = open_corpus();
	int lowest = dup(0);
	(void)close(lowest);
	while (corpus_known(c) < ARTICLES) {
		(void)corpus_step(c, 0);
		int next = dup(0);
		assert_int_equal(next, lowest);
		(void)close(next);
	}
	corpus_free(c);
	table.open = open_no_folder;
	(void)io_swap(&table);
	c = open_corpus();
	assert_true(know_all(c) > ARTICLES);
	assert_right(c, NOWHERE);
	corpus_free(c);
	(void)io_swap(before);
}

/* What changed within the last moments may change again without a new time: it is not kept. */
static void test_nothing_lately_changed_is_kept(void **state)
{
	(void)state;
	struct io table = io_system;
	table.open = count_open;
	table.clock = early_clock;
	(void)io_swap(&table);
	struct corpus *c = open_corpus();
	size_t first = know_all(c);
	corpus_free(c);
	c = open_corpus();
	assert_int_equal(know_all(c), first);
	assert_right(c, NOWHERE);
	corpus_free(c);
	(void)io_swap(&io_system);
}

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static char *kept_file(void)
{
	FILE *found = popen("ls -d $PWD/zhupi/known/*", "r");
	char line[512] = "";
	assert_non_null(found);
	assert_non_null(fgets(line, sizeof(line), found));
	(void)pclose(found);
	line[strcspn(line, "\n")] = '\0';
	return mem_dup(line);
}

/* Cut anywhere: what was not read of it is read from the files. */
static void test_cut(void **state)
{
	(void)state;
	struct corpus *c = open_corpus();
	(void)know_all(c);
	corpus_free(c);
	char *path = kept_file();
	struct buf good = {0};
	assert_true(io_read_file(path, SIZE_MAX / 2, &good, NULL, NULL));
	uint64_t seed = SEED;
	for (size_t round = 0; round < 40; round++) {
		FILE *f = fopen(path, "w");
		assert_non_null(f);
		size_t n = (size_t)(next_random(&seed) % good.n);
		assert_int_equal(fwrite(good.p, 1, n, f), n);
		assert_int_equal(fclose(f), 0);
		c = open_corpus();
		while (!corpus_step(c, INT64_MAX))
			continue;
		assert_right(c, NOWHERE);
		corpus_free(c);
	}
	buf_free(&good);
	mem_free(path);
}

/* Anybody's bytes: they may lie about files that are as they say, but do no harm. */
static void test_hostile(void **state)
{
	(void)state;
	struct corpus *c = open_corpus();
	(void)know_all(c);
	corpus_free(c);
	char *path = kept_file();
	struct buf good = {0};
	assert_true(io_read_file(path, SIZE_MAX / 2, &good, NULL, NULL));
	uint64_t seed = SEED;
	for (size_t round = 0; round < 60; round++) {
		for (size_t i = 0; i < 20; i++)
			good.p[25 + next_random(&seed) % (good.n - 25)] = (char)next_random(&seed);
		FILE *f = fopen(path, "w");
		assert_non_null(f);
		assert_int_equal(fwrite(good.p, 1, good.n, f), good.n);
		assert_int_equal(fclose(f), 0);
		c = open_corpus();
		while (!corpus_step(c, INT64_MAX))
			continue;
		assert_int_equal(corpus_known(c), ARTICLES);
		for (size_t i = 0; i < ARTICLES; i++)
			assert_true(corpus_entry(c, i)->title && corpus_entry(c, i)->decided <= corpus_entry(c, i)->proposed);
		corpus_free(c);
	}
	buf_free(&good);
	mem_free(path);
}

#define WITH_CORPUS(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CORPUS(test_names_in_slices), WITH_CORPUS(test_looked_at_again_in_slices),
		WITH_CORPUS(test_kept),            WITH_CORPUS(test_files_win),
		WITH_CORPUS(test_other_files_win), WITH_CORPUS(test_kept_in_any_order),
		WITH_CORPUS(test_folders_held),    WITH_CORPUS(test_step_ends_with_statuses),
		WITH_CORPUS(test_nothing_lately_changed_is_kept),
		WITH_CORPUS(test_cut),             WITH_CORPUS(test_hostile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
