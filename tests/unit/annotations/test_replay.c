/* replay: what journals of sessions that are no more say, made by hand here, what is made of it, and what is told of it. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "session_fixture.h"

#define SPAN(file, id, was, set)                                                                                       \
	"{\"file\":\"" file "\",\"kind\":\"span\",\"id\":\"" id "\",\"was\":" was ",\"set\":" set "}"
#define VERDICT(v) "{\"verdict\":\"" v "\"}"
/* As THREE_SPANS has it. */
#define GAO(verdict)                                                                                                   \
	"{\"id\":\"cgao2\",\"label\":\"PERSON\",\"at\":[[11,14]],\"text\":\"高建军\","                                 \
	"\"context\":[\"二日开封市委书记\",\"强调,要筑牢防线\"],\"verdict\":\"" verdict "\","                          \
	"\"source\":{\"by\":\"zh-report\",\"rule\":\"name-after-post\",\"score\":0.93}}"
#define NEW(verdict)                                                                                                   \
	"{\"id\":\"fnew2\",\"label\":\"PERSON\",\"at\":[[29,32]],\"text\":\"主持会\",\"verdict\":\"" verdict "\"}"

static struct buf journal;

/* One line of the journal at hand; body without its closing brace. */
static void say(const char *body)
{
	struct buf whole = {0};
	buf_addf(&whole, "%s}", body);
	buf_addf(&journal, "%s,\"crc\":\"%08x\"}\n", body, journal_crc(buf_str(&whole)));
	buf_free(&whole);
}

static void say_group(int n, const char *rest, const char *op)
{
	struct buf body = {0};
	buf_addf(&body, "{\"n\":%d,\"t\":\"2026-11-22T06:31:%02dZ\",\"by\":\"bob\",\"what\":\"w%d\"%s,\"ops\":[%s]", n, n, n,
	         rest, op);
	say(body.p);
	buf_free(&body);
}

/* Puts the journal at hand where that of a session that died would be, and begins another. */
static void put_journal(const char *name)
{
	struct buf path = {0};
	assert_true(io_make_folder(".zhupi/journal", NULL));
	buf_addf(&path, ".zhupi/journal/%s.jsonl", name);
	put(path.p, journal.p);
	buf_free(&path);
	buf_free(&journal);
}

static bool has(const struct open_session *o, const char *id)
{
	return set_find_span(o->doc->set, str_of(id)) != NOWHERE;
}

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

/* ---- choices ----------------------------------------------------------------------------------------------------- */

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

/* ---- history ----------------------------------------------------------------------------------------------------- */

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
	static const char *const told[] = {"rejected holds", "accepted chair 高建军", "rejected"};
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
	    CASE(test_choices_wait_until_they_are_made),
	    CASE(test_a_choice_about_a_story),
	    CASE(test_a_choice_with_fewer_keys),
	    CASE(test_choices_that_are_none_any_more),
	    CASE(test_choices_are_made_one_by_one),
	    CASE(test_a_choice_on_a_full_disk),
	    CASE(test_history),
	};
	return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
