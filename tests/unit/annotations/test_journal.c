/* journal: lines as they are written and read, and what is no line of a journal. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "annotations/journal.h"
#include "edit_fixture.h"

#define GROUP(n)                                                                                                       \
	"{\"n\":" #n ",\"t\":\"2026-11-22T06:31:07Z\",\"by\":\"alice\",\"what\":\"accept\",\"ops\":"                   \
	"[{\"file\":\"a.txt\",\"kind\":\"span\",\"id\":\"cgao2\",\"set\":{\"verdict\":\"accepted\"}}]"

/* A line whose check sum is right, whatever it says.  body: without its closing brace. */
static void add_sealed(struct buf *out, const char *body)
{
	struct buf whole = {0};
	buf_addf(&whole, "%s}", body);
	buf_addf(out, "%s,\"crc\":\"%08x\"}\n", body, journal_crc(buf_str(&whole)));
	buf_free(&whole);
}

static size_t lines_in(const char *text)
{
	struct journal_file f;
	put("j.jsonl", text);
	assert_true(journal_read("j.jsonl", STR_NONE, &f, NULL));
	assert_string_equal(f.name, "j");
	assert_int_equal(f.size, strlen(text));
	size_t n = f.n_lines;
	journal_file_free(&f);
	return n;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static void test_what_is_no_line_ends_the_file(void **state)
{
	(void)state;
#define OP(rest) "{\"n\":2,\"by\":\"a\",\"what\":\"w\",\"ops\":[{" rest "}]"
	static const char *const bad[] = {
	    "[{\"n\":2",
	    "{\"m\":2",
	    "{\"n\":\"two\"",
	    "{\"n\":2,\"nothing\":1",
	    "{\"n\":2,\"ops\":{}",
	    "{\"n\":2,\"ops\":\"all\"",
	    OP("\"kind\":\"span\",\"id\":\"cgao2\",\"set\":{}"),
	    OP("\"file\":\"a.txt\",\"kind\":\"spam\",\"id\":\"cgao2\",\"set\":{}"),
	    OP("\"file\":\"a.txt\",\"kind\":\"span\",\"id\":\"cgao2\""),
	    OP("\"file\":\"a.txt\",\"kind\":\"span\",\"id\":\"cgao2\",\"was\":null,\"set\":null"),
	    OP("\"file\":\"a.txt\",\"kind\":\"span\",\"id\":\"cgao2\",\"was\":\"all\",\"set\":{}"),
	    OP("\"file\":\"a.txt\",\"kind\":\"span\",\"id\":\"cgao2\",\"was\":{},\"set\":[]"),
	    OP("\"file\":\"a.txt\",\"kind\":\"span\",\"id\":\"cgao2\",\"set\":1"),
	};
	for (size_t i = 0; i <= COUNT_OF(bad); i++) {
		struct buf text = {0};
		add_sealed(&text, GROUP(1));
		add_sealed(&text, i < COUNT_OF(bad) ? bad[i] : GROUP(2));
		add_sealed(&text, GROUP(3));
		size_t n = lines_in(text.p);
		if (n != (i < COUNT_OF(bad) ? 1 : 3))
			print_error("%zu lines of: %s\n", n, i < COUNT_OF(bad) ? bad[i] : "good ones");
		assert_int_equal(n, i < COUNT_OF(bad) ? 1 : 3);
		buf_free(&text);
	}
}

static void test_check_sums(void **state)
{
	(void)state;
	struct buf good = {0};
	add_sealed(&good, GROUP(1));
	assert_int_equal(lines_in(good.p), 1);
	assert_int_equal(lines_in("{}\n"), 0);
	assert_int_equal(lines_in(",\"crc\":\"00000000\"}\n"), 0);
	/* Every byte of the tail counts, and a digit is a lower case one. */
	for (size_t back = 2; back <= 19; back++)
		for (const char *c = "/:@G`gA~"; *c; c++) {
			char *text = str_dup(buf_str(&good));
			if (text[good.n - back] != *c) {
				text[good.n - back] = *c;
				assert_int_equal(lines_in(text), 0);
			}
			mem_free(text);
		}
	buf_free(&good);
}

/* One line about the file `a.txt` with these bytes of the name. */
static char *name_read(const char *bytes)
{
	struct buf text = {0}, body = {0};
	struct journal_file f;
	buf_addf(&body, "{\"n\":1,\"saving\":\"a.txt\",\"sha256\":\"00\",\"bytes\":\"%s\"", bytes);
	add_sealed(&text, body.p);
	put("j.jsonl", text.p);
	assert_true(journal_read("j.jsonl", STR_NONE, &f, NULL));
	assert_int_equal(f.n_lines, 1);
	assert_int_equal(f.lines[0].kind, JOURNAL_SAVING);
	char *name = str_dup(node_get_text(f.lines[0].map, S("saving")));
	journal_file_free(&f);
	buf_free(&body);
	buf_free(&text);
	return name;
}

static void test_names_that_are_no_text(void **state)
{
	(void)state;
	static const struct {
		const char *bytes, *name;
	} cases[] = {
	    {"fF", "a.txt"},   {"ff2e747874", "\xff.txt"}, {"0a2e", "\n."}, {"", "a.txt"},  {"f", "a.txt"},
	    {"00", "a.txt"},   {"6100", "a.txt"},          {"/1", "a.txt"}, {":1", "a.txt"}, {"`1", "a.txt"},
	    {"g1", "a.txt"},   {"1g", "a.txt"},            {"10", "\x10"},  {"ag", "a.txt"}, {"af", "\xaf"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *name = name_read(cases[i].bytes);
		assert_string_equal(name, cases[i].name);
		mem_free(name);
	}
	/* Bytes without a name are nobody's. */
	struct buf text = {0};
	add_sealed(&text, OP("\"bytes\":\"612e747874\",\"kind\":\"span\",\"id\":\"cgao2\",\"set\":{}"));
	assert_int_equal(lines_in(text.p), 0);
	buf_free(&text);
}

static void test_closed_by_the_last_line_alone(void **state)
{
	(void)state;
	static const struct {
		const char *body;
		bool closed, whole;
	} cases[] = {
	    {"{\"n\":1,\"closed\":true", true, true},
	    {"{\"n\":1,\"closed\":true,\"at\":0", true, true},
	    {"{\"n\":1,\"closed\":true,\"at\":7", false, true},
	    {"{\"n\":1,\"closed\":true,\"at\":\"here\"", false, true},
	    {"[{\"n\":1,\"closed\":true", false, false},
	    {"{\"n\":1,\"saving\":\"a.txt\"", false, true},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf text = {0};
		struct journal_file f;
		add_sealed(&text, cases[i].body);
		assert_int_equal(lines_in(text.p), cases[i].whole);
		assert_int_equal(journal_is_closed("j.jsonl"), cases[i].closed);
		assert_true(journal_read("j.jsonl", STR_NONE, &f, NULL));
		assert_int_equal(f.closed, cases[i].closed);
		journal_file_free(&f);
		/* Another check sum, and a line that goes on. */
		text.p[3] ^= 1;
		put("j.jsonl", text.p);
		assert_false(journal_is_closed("j.jsonl"));
		text.p[3] ^= 1;
		buf_addc(&text, ' ');
		put("j.jsonl", text.p);
		assert_false(journal_is_closed("j.jsonl"));
		buf_free(&text);
	}
	put("j.jsonl", "");
	assert_false(journal_is_closed("j.jsonl"));
	assert_false(journal_is_closed("missing.jsonl"));
	assert_int_equal(mkdir("folder.jsonl", 0777), 0);
	assert_false(journal_is_closed("folder.jsonl"));
}

static void test_all_journals_of_a_folder_in_order(void **state)
{
	(void)state;
	assert_true(io_make_folder("j/deeper", NULL));
	put("j/deeper/a.jsonl", "");
	put("j/notes.txt", "");
	for (int i = 39; i >= 0; i--) {
		struct buf path = {0};
		buf_addf(&path, "j/%02d.jsonl", i);
		put(path.p, "");
		buf_free(&path);
	}
	struct journal_list list = {0};
	journal_list_add(&list, "j");
	journal_list_add(&list, "nowhere");
	journal_list_sort(&list);
	assert_int_equal(list.n, 40);
	assert_string_equal(list.paths[0], "j/00.jsonl");
	assert_string_equal(list.paths[39], "j/39.jsonl");
	journal_list_free(&list);
	/* A name without the suffix is itself. */
	struct journal_file f;
	assert_true(journal_read("j/notes.txt", STR_NONE, &f, NULL));
	assert_string_equal(f.name, "notes.txt");
	journal_file_free(&f);
}

static int open_error;

static int failing_open(const char *path, int flags, mode_t mode)
{
	(void)path, (void)flags, (void)mode;
	errno = open_error;
	return -1;
}

/* A journal that may not be read is somebody else's; one that the system fails to read is missed. */
static void test_what_cannot_be_read(void **state)
{
	(void)state;
	static const struct {
		int error;
		bool unreadable;
	} cases[] = {{EIO, true}, {EACCES, false}, {ENOENT, false}, {EMFILE, true}};
	struct io table = io_system;
	put("j.jsonl", "");
	table.open = failing_open;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct journal_file f;
		struct error err = {0};
		open_error = cases[i].error;
		io_swap(&table);
		assert_false(journal_read("j.jsonl", STR_NONE, &f, &err));
		assert_false(journal_is_closed("j.jsonl"));
		assert_false(journal_is_live("j.jsonl"));
		assert_int_equal(journal_claim("j.jsonl"), -1);
		io_swap(&io_system);
		assert_int_equal(f.unreadable, cases[i].unreadable);
		assert_string_equal(err.path, "j.jsonl");
		error_clear(&err);
	}
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

static const char *host;

static int our_gethostname(char *to, size_t n)
{
	if (!host)
		return -1;
	(void)snprintf(to, n, "%s", host);
	return 0;
}

static struct timespec our_time;

static int our_clock(clockid_t which, struct timespec *now)
{
	(void)which;
	*now = our_time;
	return 0;
}

static char *name_after(const char *last)
{
	struct journal *j;
	struct error err = {0};
	assert_good(journal_create("journals", str_of(last), &j, &err), &err);
	char *name = mem_dup(journal_name(j));
	assert_int_equal(access(journal_path(j), F_OK), 0);
	journal_discard(j);
	return name;
}

static void test_names_tell_time_and_host(void **state)
{
	(void)state;
	static const struct {
		const char *host, *part;
	} hosts[] = {
	    {"desk.example.org", "Z-desk-"}, {"Desk-9_z", "Z-Desk_9_z-"}, {"桌", "Z-___-"},
	    {"", "Z-host-"},                 {".org", "Z-host-"},         {NULL, "Z-host-"},
	};
	struct io table = io_system;
	table.gethostname = our_gethostname;
	table.clock = our_clock;
	our_time = (struct timespec){.tv_sec = 1700000000, .tv_nsec = 42};
	io_swap(&table);
	for (size_t i = 0; i < COUNT_OF(hosts); i++) {
		host = hosts[i].host;
		char *name = name_after("");
		assert_ptr_equal(strstr(name, "20231114T221320.000000042Z"), name);
		assert_non_null(strstr(name, hosts[i].part));
		mem_free(name);
	}
	io_swap(&io_system);
}

/* Names tell the order of sessions, whatever the clock says. */
static void test_a_name_comes_after_the_last(void **state)
{
	(void)state;
	static const struct {
		const char *last, *next;
	} cases[] = {
	    {"20231114T221320.000000041Z-x-1-y", "20231114T221320.000000042Z-"},
	    {"20231114T221320.000000042Z-x-1-y", "20231114T221320.000000043Z-"},
	    {"20991231T235959.000000999Z-x-1-y", "20991231T235959.000001000Z-"},
	    {"20991231T235958.999999999Z-x-1-y", "20991231T235959.000000000Z-"},
	    {"20991231T235959.999999999Z-x-1-y", "20991231T235960.000000000Z-"},
	    {"20991231T235999.999999999Z-x-1-y", "20991231T236000.000000000Z-"},
	    /* Of before stamps had a fraction, and of no session at all. */
	    {"20231114T221320Z-some-host-1-y", "20231114T221320.000000042Z-"},
	    {"zhupi", "20231114T221320.000000042Z-"},
	};
	struct io table = io_system;
	table.clock = our_clock;
	our_time = (struct timespec){.tv_sec = 1700000000, .tv_nsec = 42};
	io_swap(&table);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *name = name_after(cases[i].last);
		assert_ptr_equal(strstr(name, cases[i].next), name);
		mem_free(name);
	}
	io_swap(&io_system);
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static int sync_error, interruptions;

static int failing_sync(int fd)
{
	(void)fd;
	errno = interruptions-- > 0 ? EINTR : sync_error;
	return -1;
}

static int interrupted_flock(int fd, int how)
{
	if (interruptions-- <= 0)
		return io_system.flock(fd, how);
	errno = EINTR;
	return -1;
}

static ssize_t interrupted_pread(int fd, void *to, size_t n, off_t off)
{
	if (interruptions-- <= 0)
		return io_system.pread(fd, to, n, off);
	errno = EINTR;
	return -1;
}

static struct node *saving(const char *file)
{
	struct node *line = node_map();
	node_put(line, S("n"), node_number(1));
	node_put_text(line, S("saving"), str_of(file));
	return line;
}

/* Folders and files of some systems cannot be synced, which is no fault; any other answer is one. */
static void test_what_cannot_be_synced(void **state)
{
	(void)state;
	static const int errors[] = {EINVAL, ENOSYS, EIO};
	for (size_t i = 0; i < COUNT_OF(errors); i++) {
		struct io table = io_system;
		struct journal *j;
		struct error err = {0};
		bool fault = errors[i] == EIO;
		table.fsync = failing_sync;
		sync_error = errors[i];
		interruptions = 2;
		io_swap(&table);
		assert_int_equal(journal_create("journals", STR_NONE, &j, &err), !fault);
		assert_int_equal(err.code, fault ? ERROR_IO : ERROR_NONE);
		error_clear(&err);
		io_swap(&io_system);
		if (fault) {
			struct journal_list none = {0};
			assert_null(j);
			journal_list_add(&none, "journals");
			assert_int_equal(none.n, 0);
			journal_list_free(&none);
			assert_true(journal_create("journals", STR_NONE, &j, NULL));
		}
		table = io_system;
		table.fdatasync = failing_sync;
		interruptions = 2;
		io_swap(&table);
		assert_int_equal(journal_append(j, saving("a.txt"), &err), !fault);
		io_swap(&io_system);
		error_clear(&err);
		assert_int_equal(journal_broken(j), fault);
		assert_int_equal(journal_lines(j), !fault);
		/* Never again on a file whose sync failed. */
		assert_int_equal(journal_append(j, saving("b.txt"), &err), !fault);
		if (fault)
			assert_non_null(strstr(err.message, "takes no more"));
		error_clear(&err);
		journal_discard(j);
	}
	journal_free(NULL);
}

static void test_values_come_back_as_they_were(void **state)
{
	(void)state;
	static const char *const texts[] = {"0",   "1",     "17",       "0.5",   "0.930", "12.",   "1.5.2", "007",
	                                    "00.5", "1.23456", "1.2345", ".5",    "-3",    "1e3",   "true",  "null?",
	                                    "2,3", "12345678901234567", "9a", "", "1.0",  "x"};
	struct journal *j;
	struct journal_file f;
	struct error err = {0};
	struct node *set = node_map(), *list = node_list(), *map = node_map();
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		node_add(list, i % 5 == 4 ? node_text(str_of(texts[i])) : node_plain(str_of(texts[i])));
	node_put(map, S("in"), node_copy(list));
	node_put(map, S("none"), node_absent());
	node_put(set, S("list"), list);
	node_put(set, S("map"), map);
	struct group *g = group_new("alice");
	g->what = mem_dup("w");
	g->time = mem_dup("2026-11-22T06:31:07Z");
	g->of = mem_dup("x:1");
	g->undo = true;
	group_add_op(g, "a.txt", ITEM_SPAN, S("cgao2"), NULL, node_copy(set));
	group_add_op(g, "b\xff.txt", ITEM_SPAN, S("cgao2"), node_copy(set), NULL);
	assert_good(journal_create("journals", STR_NONE, &j, &err), &err);
	assert_good(journal_append_group(j, g, &err), &err);
	assert_good(journal_append(j, saving("c\xff\x01.txt"), &err), &err);
	assert_true(journal_read(journal_path(j), STR_NONE, &f, NULL));
	assert_int_equal(f.n_lines, 2);
	assert_int_equal(f.lines[0].group->n_ops, 2);
	assert_true(node_equal(f.lines[0].group->ops[0].set, set));
	assert_string_equal(f.lines[0].group->ops[1].file, "b\xff.txt");
	assert_true(node_equal(f.lines[0].group->ops[1].was, set));
	assert_null(f.lines[0].group->ops[1].set);
	assert_true(f.lines[0].group->undo);
	assert_true(str_eq(node_get_text(f.lines[1].map, S("saving")), S("c\xff\x01.txt")));
	journal_file_free(&f);
	journal_discard(j);
	group_free(g);
	node_free(set);
}

/* ---- closing for another ----------------------------------------------------------------------------------------- */

static ssize_t full_write(int fd, const void *from, size_t n)
{
	(void)fd, (void)from, (void)n;
	errno = ENOSPC;
	return -1;
}

static void test_closing_the_journal_of_a_dead_session(void **state)
{
	(void)state;
	struct buf whole = {0};
	struct io table = io_system;
	add_sealed(&whole, GROUP(1));
	for (int half = 0; half < 2; half++) {
		if (half)
			buf_adds(&whole, "{\"n\":2,\"t\":");
		put("j.jsonl", whole.p);
		table.flock = interrupted_flock;
		interruptions = 2;
		io_swap(&table);
		int claim = journal_claim("j.jsonl");
		io_swap(&io_system);
		assert_true(claim >= 0);
		assert_true(journal_is_live("j.jsonl"));
		assert_int_equal(journal_claim("j.jsonl"), -1);
		/* Somebody went on writing. */
		assert_false(journal_close_claimed(claim, "j.jsonl", whole.n - 1, 1));
		table = io_system;
		table.write = full_write;
		io_swap(&table);
		assert_false(journal_close_claimed(claim, "j.jsonl", whole.n, 1));
		io_swap(&io_system);
		assert_file("j.jsonl", whole.p);
		table = io_system;
		table.pread = interrupted_pread;
		interruptions = 3;
		io_swap(&table);
		assert_false(journal_is_closed("j.jsonl"));
		interruptions = 3;
		assert_true(journal_close_claimed(claim, "j.jsonl", whole.n, 1));
		io_swap(&io_system);
		assert_true(journal_is_closed("j.jsonl"));
		char *once = get("j.jsonl");
		assert_true(journal_close_claimed(claim, "j.jsonl", strlen(once), 1));
		assert_file("j.jsonl", once);
		mem_free(once);
		(void)close(claim);
		assert_false(journal_is_live("j.jsonl"));
	}
	buf_free(&whole);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)
	const struct CMUnitTest tests[] = {
	    CASE(test_what_is_no_line_ends_the_file),
	    CASE(test_check_sums),
	    CASE(test_names_that_are_no_text),
	    CASE(test_closed_by_the_last_line_alone),
	    CASE(test_all_journals_of_a_folder_in_order),
	    CASE(test_what_cannot_be_read),
	    CASE(test_names_tell_time_and_host),
	    CASE(test_a_name_comes_after_the_last),
	    CASE(test_what_cannot_be_synced),
	    CASE(test_values_come_back_as_they_were),
	    CASE(test_closing_the_journal_of_a_dead_session),
	};
	return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
