/* replay: what journals of sessions that are no more say, made by hand here, is done again where nobody came between. */
#include "replay_fixture.h"

/* ---- stories ----------------------------------------------------------------------------------------------------- */

struct story {
	const char *ops[4]; /* a group each */
	const char *id;
	int found; /* the verdict that it has then, -1: not there */
	int choices;
	int mine, theirs; /* as found, after either choice */
};

static int state_of(const struct open_session *o, const char *id)
{
	return has(o, id) ? (int)verdict_of(o, id) : -1;
}

/* What was done is done again where nobody came between, and asked about where somebody did. */
static void test_stories(void **state)
{
	(void)state;
	enum { GONE = -1, UNDECIDED = VERDICT_UNDECIDED, ACCEPTED = VERDICT_ACCEPTED, REJECTED = VERDICT_REJECTED };
	static const struct story stories[] = {
	    /* the value on disk is the first, a later or the last one of the story */
	    {{SPAN("a.txt", "cgao2", VERDICT("undecided"), VERDICT("accepted"))}, "cgao2", ACCEPTED, 0, 0, 0},
	    {{SPAN("a.txt", "cgao2", VERDICT("accepted"), VERDICT("undecided")),
	      SPAN("a.txt", "cgao2", VERDICT("undecided"), VERDICT("rejected"))}, "cgao2", REJECTED, 0, 0, 0},
	    {{SPAN("a.txt", "cgao2", VERDICT("accepted"), VERDICT("undecided")),
	      SPAN("a.txt", "cgao2", "{\"note\":null}", "{\"note\":\"n\"}"),
	      SPAN("a.txt", "cgao2", VERDICT("corrected"), VERDICT("rejected"))}, "cgao2", REJECTED, 0, 0, 0},
	    {{SPAN("a.txt", "cgao2", VERDICT("rejected"), VERDICT("undecided"))}, "cgao2", UNDECIDED, 0, 0, 0},
	    /* somebody came between; when it was judged alone is nothing to ask about */
	    {{SPAN("a.txt", "cgao2", VERDICT("accepted"), VERDICT("rejected"))}, "cgao2", UNDECIDED, 1, REJECTED, UNDECIDED},
	    {{SPAN("a.txt", "cgao2", "{\"judged\":{\"by\":\"carol\"}}", "{\"judged\":{\"by\":\"bob\"}}")}, "cgao2",
	     UNDECIDED, 0, 0, 0},
	    {{SPAN("a.txt", "cgao2", "{\"note\":\"x\",\"verdict\":\"accepted\"}", "{\"note\":null,\"verdict\":\"rejected\"}")},
	     "cgao2", UNDECIDED, 1, REJECTED, UNDECIDED},
	    /* removed: what is there is what was removed, is another, is gone already */
	    {{SPAN("a.txt", "cgao2", GAO("undecided"), "null")}, "cgao2", GONE, 0, 0, 0},
	    {{SPAN("a.txt", "cgao2", GAO("accepted"), "null")}, "cgao2", UNDECIDED, 1, GONE, UNDECIDED},
	    {{SPAN("a.txt", "cgao2", "{\"id\":\"cgao2\"}", "null")}, "cgao2", UNDECIDED, 1, GONE, UNDECIDED},
	    {{SPAN("a.txt", "fnew2", NEW("accepted"), "null")}, "fnew2", GONE, 0, 0, 0},
	    /* added: not there, there already, there and another */
	    {{SPAN("a.txt", "fnew2", "null", NEW("accepted"))}, "fnew2", ACCEPTED, 0, 0, 0},
	    {{SPAN("a.txt", "cgao2", "null", GAO("undecided"))}, "cgao2", UNDECIDED, 0, 0, 0},
	    {{SPAN("a.txt", "cgao2", "null", GAO("accepted"))}, "cgao2", UNDECIDED, 1, ACCEPTED, UNDECIDED},
	    {{SPAN("a.txt", "cgao2", "null", GAO("undecided")),
	      SPAN("a.txt", "cgao2", VERDICT("undecided"), VERDICT("accepted"))}, "cgao2", ACCEPTED, 0, 0, 0},
	    /* added and removed, and the reverse */
	    {{SPAN("a.txt", "fnew2", "null", NEW("accepted")), SPAN("a.txt", "fnew2", NEW("accepted"), "null")}, "fnew2",
	     GONE, 0, 0, 0},
	    {{SPAN("a.txt", "cgao2", GAO("undecided"), "null"), SPAN("a.txt", "cgao2", "null", GAO("accepted"))}, "cgao2",
	     ACCEPTED, 0, 0, 0},
	    /* changed, but somebody removed it */
	    {{SPAN("a.txt", "fnew2", VERDICT("undecided"), VERDICT("accepted"))}, "fnew2", GONE, 1, GONE, GONE},
	};
	for (size_t i = 0; i < COUNT_OF(stories); i++)
		for (int mine = 0; mine < 2; mine++) {
			const struct story *s = &stories[i];
			struct open_session o;
			clean_folder();
			put_corpus(THREE_SPANS);
			for (int k = 0; k < 4 && s->ops[k]; k++)
				say_group(k + 1, "", s->ops[k]);
			put_journal("1-dead");
			open_one(&o);
			if (state_of(&o, s->id) != s->found || (int)session_conflicts(o.session) != s->choices)
				print_error("story %zu: %d, %zu choices\n", i, state_of(&o, s->id),
				            session_conflicts(o.session));
			assert_int_equal(state_of(&o, s->id), s->found);
			assert_int_equal(session_conflicts(o.session), s->choices);
			if (s->choices && s->theirs != s->mine) {
				struct error err = {0};
				assert_good(session_resolve(o.session, 0, mine, &err), &err);
				assert_int_equal(state_of(&o, s->id), mine ? s->mine : s->theirs);
				assert_int_equal(session_conflicts(o.session), 0);
			} else if (s->choices) {
				assert_null(session_conflict(o.session, 0)->theirs);
				assert_true(session_resolve(o.session, 0, false, NULL));
			}
			judge(&o, "dlu33", VERDICT_ACCEPTED);
			int now = state_of(&o, s->id);
			close_one(&o);
			/* From the sidecar alone. */
			assert_int_equal(system("rm -rf .zhupi"), 0);
			open_one(&o);
			assert_int_equal(state_of(&o, s->id), now);
			abandon(&o);
		}
}

/* ---- where replaying starts -------------------------------------------------------------------------------------- */

static void test_what_a_session_took_over_is_not_done_again(void **state)
{
	(void)state;
	static const struct {
		const char *lines;
		enum verdict found;
	} cases[] = {{"1", VERDICT_UNDECIDED}, {"0", VERDICT_ACCEPTED}, {"\"all\"", VERDICT_ACCEPTED}};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		clean_folder();
		put_corpus(THREE_SPANS);
		char *text = get("a.txt.yaml"), *hash = sha256_of(str_of(text));
		struct buf line = {0};
		say_group(1, "", SPAN("a.txt", "cgao2", VERDICT("undecided"), VERDICT("accepted")));
		put_journal("1");
		buf_addf(&line, "{\"n\":0,\"recovers\":\"1\",\"lines\":%s", cases[i].lines);
		say(line.p);
		buf_clear(&line);
		say("{\"n\":0,\"recovers\":\"missing\",\"lines\":7");
		say_group(1, "", SPAN("b.txt", "cgao2", VERDICT("undecided"), VERDICT("accepted")));
		say("{\"n\":1,\"saving\":\"b.txt\",\"sha256\":\"00\"");
		say("{\"n\":1,\"saving\":\"a.txt\",\"sha256\":\"00\"");
		buf_addf(&line, "{\"n\":1,\"saving\":\"a.txt\",\"sha256\":\"%s\"", hash);
		say(line.p);
		put_journal("2");
		struct open_session o;
		open_one(&o);
		assert_int_equal(verdict_of(&o, "cgao2"), cases[i].found);
		abandon(&o);
		buf_free(&line);
		mem_free(hash);
		mem_free(text);
	}
}

static void test_an_empty_line_behind_closed(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	say_group(1, "", SPAN("a.txt", "cgao2", VERDICT("undecided"), VERDICT("accepted")));
	say("{\"n\":1,\"closed\":true");
	buf_adds(&journal, "\n");
	char *before = str_dup(buf_str(&journal));
	put_journal("1-dead");
	struct open_session o;
	open_one(&o);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_UNDECIDED);
	judge(&o, "dlu33", VERDICT_ACCEPTED);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_UNDECIDED);
	close_one(&o);
	assert_file(".zhupi/journal/1-dead.jsonl", before);
	mem_free(before);
}

/* Groups over several articles; a journal that grew while it was only looked at. */
static void test_journals_that_grow(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	put("b.txt", ARTICLE_TEXT);
#define BOTH                                                                                                           \
	SPAN("a.txt", "cgao2", VERDICT("undecided"), VERDICT("accepted"))                                              \
	"," SPAN("a.txt", "bpost", VERDICT("undecided"), VERDICT("rejected")) "," SPAN("b.txt", "fnew2", "null",       \
	                                                                             NEW("accepted"))
	say_group(1, "", BOTH);
	put_journal("1-dead");
	struct open_session o;
	open_one(&o);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_ACCEPTED);
	say_group(1, "", BOTH);
	say_group(2, "", SPAN("a.txt", "cgao2", VERDICT("accepted"), VERDICT("rejected")));
	put_journal("1-dead");
	judge(&o, "dlu33", VERDICT_ACCEPTED);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_REJECTED);
	assert_int_equal(verdict_of(&o, "bpost"), VERDICT_REJECTED);
	/* All of it is in the sidecars of both, before the session goes on. */
	assert_true(journal_is_closed(".zhupi/journal/1-dead.jsonl"));
	char *other = get("b.txt.yaml");
	assert_non_null(strstr(other, "fnew2"));
	mem_free(other);
	close_one(&o);
}

/* A journal whose article is gone stays, and keeps nobody from working. */
static void test_an_article_that_is_gone(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	say_group(1, "", SPAN("gone.txt", "fnew2", "null", NEW("accepted")));
	put_journal("1-dead");
	struct open_session o;
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	close_one(&o);
	assert_false(journal_is_closed(".zhupi/journal/1-dead.jsonl"));
	open_one(&o);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_ACCEPTED);
	abandon(&o);
}

static int listings_left;

static struct dirent *failing_readdir(DIR *folder)
{
	if (listings_left-- > 0)
		return io_system.readdir(folder);
	errno = EIO;
	return NULL;
}

/* Journals that cannot be listed may say anything: nothing is decided without them, and none gets a name before theirs. */
static void test_journals_that_cannot_be_listed(void **state)
{
	(void)state;
	for (int left = 0; left < 30; left++) {
		struct io table = io_system;
		struct open_session o;
		struct error err = {0};
		clean_folder();
		put_corpus(THREE_SPANS);
		say_group(1, "", SPAN("a.txt", "cgao2", VERDICT("undecided"), VERDICT("accepted")));
		put_journal("99990101T000000.000000000Z-x-1-dead");
		open_one(&o);
		table.readdir = failing_readdir;
		listings_left = left;
		io_swap(&table);
		struct group *g = group_of(&o);
		assert_true(edit_verdict(g, o.doc, ITEM_SPAN, S("cgao2"), VERDICT_UNDECIDED, NULL));
		bool good = session_commit(o.session, g, &err);
		io_swap(&io_system);
		assert_int_equal(err.code, good ? ERROR_NONE : ERROR_IO);
		error_clear(&err);
		assert_int_equal(verdict_of(&o, "cgao2"), good ? VERDICT_UNDECIDED : VERDICT_ACCEPTED);
		assert_true(left || !good);
		abandon(&o);
		open_one(&o);
		assert_int_equal(verdict_of(&o, "cgao2"), good ? VERDICT_UNDECIDED : VERDICT_ACCEPTED);
		judge(&o, "cgao2", VERDICT_REJECTED);
		close_one(&o);
	}
}

/* What a session wrote and undid is not done again when the article is opened again. */
static void test_an_article_that_is_opened_again(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	put("b.txt", ARTICLE_TEXT);
	say_group(1, "", SPAN("a.txt", "cgao2", VERDICT("undecided"), VERDICT("accepted")) "," SPAN("gone.txt", "fnew2", "null",
	                                                                                       NEW("accepted")));
	put_journal("1-dead");
	struct open_session o;
	open_one(&o);
	judge(&o, "cgao2", VERDICT_UNDECIDED);
	save(&o);
	session_drop(o.session, o.doc);
	o.doc = session_doc(o.session, S("a.txt"), NULL);
	assert_non_null(o.doc);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_UNDECIDED);
	close_one(&o);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)
	const struct CMUnitTest tests[] = {
	    CASE(test_stories),
	    CASE(test_what_a_session_took_over_is_not_done_again),
	    CASE(test_an_empty_line_behind_closed),
	    CASE(test_journals_that_grow),
	    CASE(test_an_article_that_is_gone),
	    CASE(test_journals_that_cannot_be_listed),
	    CASE(test_an_article_that_is_opened_again),
	};
	return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
