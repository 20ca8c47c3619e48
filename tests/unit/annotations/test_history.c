/* history: what is told of an article from its sidecar and from journals, made by hand here. */
#include <sys/stat.h>

#include "replay_fixture.h"

static int open_but_one(const char *path, int flags, mode_t mode)
{
	if (!strstr(path, "2-broken"))
		return io_system.open(path, flags, mode);
	errno = EIO;
	return -1;
}

#define JUDGED "judged: {by: carol, on: 2026-11-01T08:00:00Z}"

static void test_history(void **state)
{
	(void)state;
	put_corpus("spans:\n"
	           "- {id: s2222, label: PERSON, at: [[11, 14]], text: 高建军, verdict: accepted, " JUDGED "}\n"
	           "- {id: s3333, label: PERSON, at: [[24, 27]], text: 卢志军, verdict: undecided}\n"
	           "relations:\n"
	           "- {id: r2222, type: holds, args: {from: s2222, to: s3333}, verdict: rejected, " JUDGED "}\n"
	           "fields:\n"
	           "- {id: f2222, name: chair, value: 高建军, verdict: accepted, " JUDGED "}\n"
	           "- {id: f3333, verdict: rejected, " JUDGED "}\n");
	say("{\"n\":1,\"t\":\"2026-11-22T06:31:00Z\",\"by\":\"bob\",\"what\":\"two\",\"ops\":["
	    "{\"file\":\"a.txt\",\"kind\":\"article\",\"id\":\"\",\"was\":{\"status\":null},\"set\":{\"status\":\"done\"}},"
	    "{\"file\":\"b.txt\",\"kind\":\"span\",\"id\":\"s9999\",\"set\":{}},"
	    "{\"file\":\"a.txt\",\"kind\":\"note\",\"id\":\"n2222\",\"set\":{\"id\":\"n2222\",\"text\":\"x\"}},"
	    "{\"file\":\"a.txt\",\"kind\":\"note\",\"id\":\"n3333\",\"set\":{\"id\":\"n3333\",\"text\":\"y\"}}]");
	/* Of another article, though the name is somewhere in it; undone and done again; undone of nobody knows what. */
	say("{\"n\":2,\"t\":\"2026-11-22T06:31:01Z\",\"by\":\"bob\",\"what\":\"a.txt\",\"ops\":["
	    "{\"file\":\"b.txt\",\"kind\":\"span\",\"id\":\"a.txt\",\"set\":{}}]");
	for (int n = 3; n < 50; n++)
		say_group(n, "", SPAN("a.txt", "s2222", VERDICT("accepted"), VERDICT("accepted")));
	say_group(50, ",\"undo\":true,\"of\":\"1-dead:7\"", SPAN("a.txt", "s2222", VERDICT("accepted"), VERDICT("accepted")));
	say_group(51, ",\"undo\":true,\"of\":\"1-dead:9\"", SPAN("a.txt", "s2222", VERDICT("accepted"), VERDICT("accepted")));
	say_group(52, ",\"of\":\"1-dead:9\"", SPAN("a.txt", "s2222", VERDICT("accepted"), VERDICT("accepted")));
	say_group(53, ",\"undo\":true,\"of\":\"lost:1\"", SPAN("a.txt", "s2222", VERDICT("accepted"), VERDICT("accepted")));
	put_journal("1-dead");
	assert_int_equal(mkdir(".zhupi/journal/folder.jsonl", 0777), 0);
	assert_int_equal(mkfifo(".zhupi/journal/pipe.jsonl", 0777), 0);
	say_group(1, "", SPAN("a.txt", "s2222", VERDICT("accepted"), VERDICT("accepted")));
	put_journal("2-broken");
	struct open_session o;
	struct history h;
	struct error err = {0};
	struct io table = io_system;
	open_one(&o);
	/* Of one that cannot be read nothing is told. */
	table.open = open_but_one;
	io_swap(&table);
	assert_good(history_of(o.corpus, S("a.txt"), &h, &err), &err);
	io_swap(&io_system);
	static const char *const told[] = {"accepted PERSON 高建军", "rejected holds 高建军 → 卢志军", "accepted chair 高建军", "rejected"};
	assert_int_equal(h.n, COUNT_OF(told) + 1 + 47);
	for (size_t i = 0; i < COUNT_OF(told); i++) {
		assert_string_equal(h.list[i].what, told[i]);
		assert_string_equal(h.list[i].from, "sidecar");
		assert_string_equal(h.list[i].by, "carol");
	}
	const struct event *first = &h.list[COUNT_OF(told)];
	assert_string_equal(first->what, "two");
	assert_string_equal(first->id, "n2222");
	assert_int_equal(first->kind, ITEM_NOTE);
	for (size_t i = COUNT_OF(told) + 1; i < h.n; i++)
		assert_int_equal(h.list[i].undone, strcmp(h.list[i].what, "w7") == 0);
	history_free(&h);
	/* An article that nobody worked on, and one that is not there. */
	put("b.txt", "nothing\n");
	put("c.txt", "nothing\n");
	assert_good(history_of(o.corpus, S("c.txt"), &h, &err), &err);
	assert_int_equal(h.n, 0);
	history_free(&h);
	assert_false(history_of(o.corpus, S("gone.txt"), &h, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	error_clear(&err);
	abandon(&o);
}

/* A group of several articles tells each its own part; what a journal knows was judged is not told again from the sidecar,
 * what was judged since, elsewhere, is. */
static void test_history_of_many(void **state)
{
	(void)state;
	put_corpus("spans:\n"
	           "- {id: s2222, label: PERSON, at: [[11, 14]], text: 高建军, verdict: accepted, " JUDGED "}\n"
	           "- {id: s3333, label: PERSON, at: [[24, 27]], text: 卢志军, verdict: rejected, "
	           "judged: {by: dora, on: 2026-12-01T08:00:00Z}}\n");
	say("{\"n\":1,\"t\":\"2026-11-01T07:00:00Z\",\"by\":\"bob\",\"what\":\"propose ORG 乙 and 2 more\",\"ops\":["
	    "{\"file\":\"b.txt\",\"kind\":\"span\",\"id\":\"s9999\",\"set\":{}},"
	    "{\"file\":\"a.txt\",\"kind\":\"span\",\"id\":\"s2222\",\"set\":{\"id\":\"s2222\"}},"
	    "{\"file\":\"a.txt\",\"kind\":\"span\",\"id\":\"s3333\",\"set\":{\"id\":\"s3333\"}}]");
	say("{\"n\":2,\"t\":\"2026-11-01T08:00:00Z\",\"by\":\"carol\",\"what\":\"accept PERSON 高建军 and 1 more\",\"ops\":["
	    "{\"file\":\"a.txt\",\"kind\":\"span\",\"id\":\"s3333\",\"set\":{\"judged\":{\"by\":\"carol\",\"on\":\"2026-11-01T08:00:00Z\"}}},"
	    "{\"file\":\"a.txt\",\"kind\":\"span\",\"id\":\"s2222\",\"set\":{\"judged\":{\"by\":\"carol\",\"on\":\"2026-11-01T08:00:00Z\"}}}]");
	put_journal("1-dead");
	struct open_session o;
	struct history h;
	struct error err = {0};
	open_one(&o);
	assert_good(history_of(o.corpus, S("a.txt"), &h, &err), &err);
	static const char *const told[] = {"propose PERSON 高建军 and 1 more", "accept PERSON 高建军 and 1 more",
	                                   "rejected PERSON 卢志军"};
	assert_int_equal(h.n, COUNT_OF(told));
	for (size_t i = 0; i < COUNT_OF(told); i++)
		assert_string_equal(h.list[i].what, told[i]);
	history_free(&h);
	abandon(&o);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)
	const struct CMUnitTest tests[] = {
	    CASE(test_history),
	    CASE(test_history_of_many),
	};
	return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
