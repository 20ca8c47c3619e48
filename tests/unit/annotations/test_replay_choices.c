/* replay: choices between two versions, which wait in journals until somebody made them. */
#include "replay_fixture.h"

#define CONFLICT(file, kind, id, mine)                                                                                 \
	"{\"n\":1,\"conflict\":\"" file "\",\"kind\":\"" kind "\",\"id\":\"" id "\",\"mine\":" mine                    \
	",\"theirs\":null,\"by\":\"bob\",\"why\":\"w\""
#define RESOLVED(file, kind, id) "{\"n\":2,\"resolved\":\"" file "\",\"kind\":\"" kind "\",\"id\":\"" id "\""

static void test_choices_wait_until_they_are_made(void **state)
{
	(void)state;
	static const struct {
		const char *first, *second;
		size_t choices;
	} cases[] = {
	    {CONFLICT("a.txt", "span", "cgao2", GAO("accepted")), NULL, 1},
	    {CONFLICT("a.txt", "span", "cgao2", "null"), NULL, 1},
	    {CONFLICT("a.txt", "span", "fnew2", NEW("accepted")), NULL, 1},
	    /* of another article, of no kind, none any more */
	    {CONFLICT("b.txt", "span", "cgao2", GAO("accepted")), NULL, 0},
	    {CONFLICT("a.txt", "spam", "cgao2", GAO("accepted")), NULL, 0},
	    {CONFLICT("a.txt", "span", "cgao2", GAO("undecided")), NULL, 0},
	    {CONFLICT("a.txt", "span", "fnew2", "null"), NULL, 0},
	    /* made since, or another one */
	    {CONFLICT("a.txt", "span", "cgao2", GAO("accepted")), RESOLVED("a.txt", "span", "cgao2"), 0},
	    {CONFLICT("a.txt", "span", "cgao2", GAO("accepted")), RESOLVED("b.txt", "span", "cgao2"), 1},
	    {CONFLICT("a.txt", "span", "cgao2", GAO("accepted")), RESOLVED("a.txt", "field", "cgao2"), 1},
	    {CONFLICT("a.txt", "span", "cgao2", GAO("accepted")), RESOLVED("a.txt", "span", "dlu33"), 1},
	    {RESOLVED("a.txt", "span", "cgao2"), CONFLICT("a.txt", "span", "cgao2", GAO("accepted")), 1},
	    /* the same item twice is one choice, items of one id and another kind are two */
	    {CONFLICT("a.txt", "span", "cgao2", GAO("accepted")), CONFLICT("a.txt", "span", "cgao2", GAO("rejected")), 1},
	    {CONFLICT("a.txt", "span", "cgao2", GAO("accepted")), CONFLICT("a.txt", "span", "dlu33", "null"), 2},
	    {CONFLICT("a.txt", "span", "cgao2", GAO("accepted")),
	     CONFLICT("a.txt", "field", "cgao2", "{\"id\":\"cgao2\",\"name\":\"chair\",\"value\":\"x\"}"), 2},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct open_session o;
		clean_folder();
		put_corpus(THREE_SPANS);
		say(cases[i].first);
		if (cases[i].second)
			say(cases[i].second);
		put_journal("1-dead");
		open_one(&o);
		if (session_conflicts(o.session) != cases[i].choices)
			print_error("case %zu: %zu choices\n", i, session_conflicts(o.session));
		assert_int_equal(session_conflicts(o.session), cases[i].choices);
		assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_UNDECIDED);
		assert_null(session_conflict(o.session, cases[i].choices));
		assert_false(session_resolve(o.session, cases[i].choices, true, NULL));
		abandon(&o);
		/* Who only reads is asked nothing that could be answered. */
		open_as(&o, "carol", true);
		assert_false(session_resolve(o.session, 0, true, NULL));
		abandon(&o);
	}
}

/* A choice about a story that was made after it is not asked for again. */
static void test_a_choice_about_a_story(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	say_group(1, "", SPAN("a.txt", "cgao2", VERDICT("accepted"), VERDICT("rejected")));
	say(RESOLVED("a.txt", "span", "cgao2"));
	put_journal("1-dead");
	struct open_session o;
	open_one(&o);
	assert_int_equal(session_conflicts(o.session), 0);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_UNDECIDED);
	abandon(&o);
}

/* Chosen is the whole of it: keys that it does not have go. */
static void test_a_choice_with_fewer_keys(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	say(CONFLICT("a.txt", "span", "cgao2",
	             "{\"id\":\"cgao2\",\"label\":\"PERSON\",\"at\":[[11,14]],\"text\":\"高建军\",\"verdict\":\"accepted\"}"));
	put_journal("1-dead");
	struct open_session o;
	struct error err = {0};
	open_one(&o);
	assert_good(session_resolve(o.session, 0, true, &err), &err);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_ACCEPTED);
	assert_null(node_get(set_node(o.doc->set, ITEM_SPAN, S("cgao2")), S("source")));
	assert_clean_undo(&o, "choose own version");
	assert_non_null(node_get(set_node(o.doc->set, ITEM_SPAN, S("cgao2")), S("source")));
	close_one(&o);
}

/* Both versions are the same by now, or somebody else chose. */
static void test_choices_that_are_none_any_more(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	say(CONFLICT("a.txt", "span", "cgao2", "null"));
	say(CONFLICT("a.txt", "span", "dlu33", "{\"id\":\"dlu33\",\"verdict\":\"rejected\"}"));
	put_journal("1-dead");
	struct open_session o, other;
	struct error err = {0};
	open_one(&o);
	assert_int_equal(session_conflicts(o.session), 2);
	open_as(&other, "bob", false);
	assert_good(session_resolve(other.session, 1, false, &err), &err);
	struct group *g = group_of(&other);
	assert_good(edit_delete(g, other.doc, ITEM_SPAN, S("cgao2"), &err), &err);
	commit(&other, g);
	if (has(&other, "cgao2")) /* a proposal is only rejected */
		assert_int_equal(verdict_of(&other, "cgao2"), VERDICT_REJECTED);
	assert_good(session_resolve(other.session, 0, true, &err), &err);
	assert_false(has(&other, "cgao2"));
	close_one(&other);
	/* The first one finds that when it begins. */
	assert_good(session_resolve(o.session, 0, true, &err), &err);
	assert_int_equal(session_conflicts(o.session), 0);
	assert_false(has(&o, "cgao2"));
	assert_int_equal(verdict_of(&o, "dlu33"), VERDICT_UNDECIDED);
	close_one(&o);
}

static void say_choices(void)
{
	static const char *const ids[] = {"q2222", "q3333", "q4444", "q5555", "q6666", "q7777"};
	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		struct buf line = {0};
		buf_addf(&line,
		         "{\"n\":1,\"conflict\":\"%s\",\"kind\":\"note\",\"id\":\"%s\",\"mine\":{\"id\":\"%s\",\"text\":\"%zu\"},"
		         "\"theirs\":null,\"by\":\"bob\",\"why\":\"w\"",
		         i < 5 ? "a.txt" : "b.txt", ids[i], ids[i], i);
		say(line.p);
		buf_free(&line);
	}
	put_journal("1-dead");
}

static const struct node *note_text(const struct open_session *o, const char *id)
{
	return node_get(set_node(o->doc->set, ITEM_NOTE, str_of(id)), S("text"));
}

static void test_choices_are_made_one_by_one(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	put("b.txt", ARTICLE_TEXT);
	say_choices();
	struct open_session o;
	struct error err = {0};
	open_one(&o);
	assert_non_null(session_doc(o.session, S("b.txt"), NULL));
	assert_int_equal(session_conflicts(o.session), 6);
	/* Never in the order in which they stand. */
	assert_good(session_resolve(o.session, 3, true, &err), &err);
	assert_good(session_resolve(o.session, 1, false, &err), &err);
	assert_int_equal(session_conflicts(o.session), 4);
	assert_true(str_eq(node_scalar(note_text(&o, "q5555")), S("3")));
	assert_null(note_text(&o, "q3333"));
	/* What is still to be chosen is noted with the sidecar that it belongs to. */
	close_one(&o);
	open_one(&o);
	assert_int_equal(session_conflicts(o.session), 3);
	assert_non_null(session_doc(o.session, S("b.txt"), NULL));
	assert_int_equal(session_conflicts(o.session), 4);
	assert_true(str_eq(node_scalar(note_text(&o, "q5555")), S("3")));
	while (session_conflicts(o.session))
		assert_good(session_resolve(o.session, 0, true, &err), &err);
	close_one(&o);
	open_one(&o);
	assert_int_equal(session_conflicts(o.session), 0);
	assert_true(str_eq(node_scalar(note_text(&o, "q7777")), STR_NONE));
	assert_true(str_eq(node_scalar(note_text(&o, "q6666")), S("4")));
	abandon(&o);
}

/* The nth sync of a journal fails, and all after it. */
static int syncs_left;

static int failing_fdatasync(int fd)
{
	if (syncs_left-- > 0)
		return io_system.fdatasync(fd);
	errno = EIO;
	return -1;
}

static ssize_t failing_write(int fd, const void *from, size_t n)
{
	if (syncs_left > 0)
		return io_system.write(fd, from, n);
	errno = ENOSPC;
	return -1;
}

/* A choice that could not be noted is still to be made, in this session and in the next. */
static void test_a_choice_on_a_full_disk(void **state)
{
	(void)state;
	for (int left = 0; left < 12; left++) {
		clean_folder();
		put_corpus(THREE_SPANS);
		put("b.txt", ARTICLE_TEXT);
		say_choices();
		struct open_session o;
		struct io table = io_system;
		open_one(&o);
		table.fdatasync = failing_fdatasync;
		table.write = failing_write;
		syncs_left = left;
		io_swap(&table);
		struct error err = {0};
		bool good = session_resolve(o.session, 2, true, &err);
		assert_int_equal(session_conflicts(o.session), good ? 4 : 5);
		assert_int_equal(err.code != ERROR_NONE, !good);
		bool closed = session_close(o.session, NULL);
		io_swap(&io_system);
		abandon(&o);
		error_clear(&err);
		open_one(&o);
		assert_true(session_conflicts(o.session) == 4 || (!good && session_conflicts(o.session) == 5));
		if (good && closed)
			assert_true(str_eq(node_scalar(note_text(&o, "q4444")), S("2")));
		abandon(&o);
	}
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)
	const struct CMUnitTest tests[] = {
	    CASE(test_choices_wait_until_they_are_made),
	    CASE(test_a_choice_about_a_story),
	    CASE(test_a_choice_with_fewer_keys),
	    CASE(test_choices_that_are_none_any_more),
	    CASE(test_choices_are_made_one_by_one),
	    CASE(test_a_choice_on_a_full_disk),
	};
	return cmocka_run_group_tests_name("replay_choices", tests, NULL, NULL);
}
