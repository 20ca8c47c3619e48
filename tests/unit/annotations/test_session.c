/* session: what was committed is found again, undone and redone over restarts, and told of. */
#include "session_fixture.h"

/* ---- looking leaves no trace ------------------------------------------------------------------------------------- */

static void test_looking_writes_nothing(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	char *before = get("a.txt.yaml");
	struct open_session o;
	open_one(&o);
	assert_int_equal(set_spans(o.doc->set), 3);
	save(&o);
	close_one(&o);
	assert_file("a.txt.yaml", before);
	assert_int_not_equal(access(".zhupi", F_OK), 0);
	mem_free(before);
}

static void test_read_only_refuses(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session o;
	open_as(&o, "alice", true);
	struct group *g = group_of(&o);
	assert_true(edit_verdict(g, o.doc, ITEM_SPAN, S("cgao2"), VERDICT_ACCEPTED, NULL));
	assert_false(session_commit(o.session, g, NULL));
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_UNDECIDED);
	close_one(&o);
	assert_int_not_equal(access(".zhupi", F_OK), 0);
}

/* ---- the journal ------------------------------------------------------------------------------------------------- */

static void test_crc_is_the_usual_one(void **state)
{
	(void)state;
	assert_int_equal(journal_crc(S("123456789")), 0xCBF43926u);
	/* Long lines take another way; figures of zlib. */
	char bytes[20003];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)((i * 7 + (i >> 8)) & 0xff);
	assert_int_equal(journal_crc((struct str){bytes, sizeof bytes}), 0xFE2CADF5u);
	assert_int_equal(journal_crc((struct str){bytes, 16384}), 0xA219C94Fu);
}

static void test_killed_session_is_found_again(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	char *before = get("a.txt.yaml");
	struct open_session o;
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	relabel(&o, "bpost", "POST");
	assert_int_equal(session_saved(o.session), 2);
	char *expected = rendered(&o);
	abandon(&o);
	assert_file("a.txt.yaml", before);
	assert_file(".zhupi/.gitignore", "*\n");
	open_one(&o);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_ACCEPTED);
	assert_int_equal(verdict_of(&o, "bpost"), VERDICT_CORRECTED);
	assert_int_equal(session_conflicts(o.session), 0);
	char *again = rendered(&o);
	assert_string_equal(again, expected);
	/* Still only looked at. */
	close_one(&o);
	assert_file("a.txt.yaml", before);
	assert_int_equal(count_journals(), 1);
	/* A session that writes brings all of it into the sidecar and closes the old journal. */
	open_one(&o);
	judge(&o, "dlu33", VERDICT_REJECTED);
	close_one(&o);
	open_one(&o);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_ACCEPTED);
	assert_int_equal(verdict_of(&o, "dlu33"), VERDICT_REJECTED);
	assert_false(o.doc->dirty);
	abandon(&o);
	struct journal_list l = {0};
	journal_list_add(&l, ".zhupi/journal");
	assert_int_equal(l.n, 2);
	for (size_t i = 0; i < l.n; i++)
		assert_true(journal_is_closed(l.paths[i]));
	journal_list_free(&l);
	mem_free(again);
	mem_free(expected);
	mem_free(before);
}

/* JSON has one spelling for a number; what was read is written back as it was. */
static void test_numbers_keep_their_spelling(void **state)
{
	(void)state;
	put_corpus(NULL);
	struct open_session o;
	open_one(&o);
	struct node *map = node_map(), *source = node_map(), *at = node_list(), *pair = node_list();
	node_add(pair, node_number(0));
	node_add(pair, node_number(5));
	node_add(at, pair);
	node_put_text(source, S("by"), S("x"));
	node_put(source, S("score"), node_plain(S("0.930")));
	node_put(source, S("version"), node_plain(S("99999999999999999999999")));
	node_put_text(map, S("id"), S("xxxx2"));
	node_put_text(map, S("label"), S("TIME"));
	node_put(map, S("at"), at);
	node_put(map, S("source"), source);
	struct group *g = group_of(&o);
	assert_true(edit_propose(g, o.doc, ITEM_SPAN, map, NULL, NULL));
	commit(&o, g);
	abandon(&o);
	open_one(&o);
	const struct node *read = node_get(set_node(o.doc->set, ITEM_SPAN, S("xxxx2")), S("source"));
	assert_true(node_equal(read, source));
	/* What an earlier session only proposed is not taken back by a key. */
	struct error err = {0};
	assert_false(session_undo(o.session, S("a.txt"), NULL, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	error_clear(&err);
	assert_int_equal(set_spans(o.doc->set), 1);
	abandon(&o);
	node_free(map);
}

static void test_half_a_line_ends_the_journal(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session o;
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	judge(&o, "dlu33", VERDICT_ACCEPTED);
	char *path = mem_dup(session_journal(o.session));
	abandon(&o);
	char *text = get(path);
	size_t n = strlen(text), first = (size_t)(strchr(text, '\n') - text) + 1;
	for (size_t cut = n; cut-- > first;) {
		assert_int_equal(truncate(path, (off_t)cut), 0);
		if (cut % 7 && cut > first + 3)
			continue;
		open_one(&o);
		assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_ACCEPTED);
		assert_int_equal(verdict_of(&o, "dlu33"), VERDICT_UNDECIDED);
		abandon(&o);
	}
	/* Well-formed, but not what was written. */
	memcpy(strstr(text, "accepted"), "rejected", 8);
	put(path, text);
	open_one(&o);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_UNDECIDED);
	abandon(&o);
	mem_free(text);
	mem_free(path);
}

static void test_saved_part_is_not_replayed(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session o;
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	save(&o);
	judge(&o, "dlu33", VERDICT_ACCEPTED);
	abandon(&o);
	open_one(&o);
	assert_int_equal(verdict_of(&o, "dlu33"), VERDICT_ACCEPTED);
	assert_true(o.doc->dirty);
	abandon(&o);
}

/* What takes long to write is left by a pause; the end of the session does not. */
static void test_what_rests_is_written_at_the_end(void **state)
{
	(void)state;
	struct open_session o;
	struct error err = {0};
	put_corpus(THREE_SPANS);
	open_one(&o);
	judge(&o, "bpost", VERDICT_ACCEPTED);
	o.doc->rests = true;
	assert_good(session_save_in_pause(o.session, &err), &err);
	assert_true(o.doc->dirty);
	o.doc->rests = false;
	assert_good(session_save_in_pause(o.session, &err), &err);
	assert_false(o.doc->dirty);
	judge(&o, "bpost", VERDICT_REJECTED);
	o.doc->rests = true;
	close_one(&o);
	open_as(&o, "bob", true);
	assert_int_equal(verdict_of(&o, "bpost"), VERDICT_REJECTED);
	abandon(&o);
}

/* A crashed session's decision, taken back by the next one that crashes too, stays taken back. */
static void test_two_crashes_in_a_row(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session o;
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	abandon(&o);
	for (int saved = 0; saved < 2; saved++) {
		open_one(&o);
		judge(&o, "cgao2", VERDICT_UNDECIDED);
		if (saved)
			save(&o);
		abandon(&o);
		open_one(&o);
		assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_UNDECIDED);
		judge(&o, "cgao2", VERDICT_ACCEPTED);
		if (saved)
			save(&o);
		abandon(&o);
		open_one(&o);
		assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_ACCEPTED);
		assert_int_equal(session_conflicts(o.session), 0);
		abandon(&o);
	}
}

/* A journal is data: names in it that lead out of the corpus lead nowhere. */
static void test_hostile_journal(void **state)
{
	(void)state;
	static const char *const files[] = {"../out.txt", "/etc/hostname", "x/../../out.txt", "a.txt/", ""};
	put_corpus(THREE_SPANS);
	put("../zhupi-edit-out.txt", ARTICLE_TEXT);
	assert_true(io_make_folder(".zhupi/journal", NULL));
	struct buf lines = {0};
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct buf line = {0};
		buf_addf(&line,
		         "{\"n\":%zu,\"t\":\"x\",\"by\":\"alice\",\"what\":\"x\",\"ops\":[{\"file\":\"%s\",\"kind\":"
		         "\"note\",\"id\":\"nnnn2\",\"was\":null,"
		         "\"set\":{\"id\":\"nnnn2\",\"text\":\"x\"}}]}",
		         i + 1, i == 0 ? "../zhupi-edit-out.txt" : files[i]);
		uint32_t crc = journal_crc(buf_str(&line));
		line.n--;
		buf_addf(&line, ",\"crc\":\"%08x\"}\n", crc);
		buf_add(&lines, buf_str(&line));
		buf_free(&line);
	}
	put(".zhupi/journal/20200101T000000.000000000Z-x-1-bbbbb.jsonl", lines.p);
	buf_free(&lines);
	struct open_session o;
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct error err = {0};
		assert_null(session_doc(o.session, str_of(files[i]), &err));
		error_clear(&err);
	}
	while (session_undo(o.session, S(""), NULL, NULL))
		;
	close_one(&o);
	assert_int_not_equal(access("../zhupi-edit-out.txt.yaml", F_OK), 0);
	assert_int_equal(unlink("../zhupi-edit-out.txt"), 0);
}

static void test_live_journal_is_not_replayed(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session a, b;
	open_one(&a);
	judge(&a, "cgao2", VERDICT_ACCEPTED);
	open_as(&b, "bob", false);
	assert_int_equal(verdict_of(&b, "cgao2"), VERDICT_UNDECIDED);
	abandon(&b);
	close_one(&a);
}

/* ---- undo -------------------------------------------------------------------------------------------------------- */

static void test_undo_and_redo(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	char *before = get("a.txt.yaml");
	struct open_session o;
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	relabel(&o, "bpost", "POST");
	char *both = rendered(&o);
	assert_clean_undo(&o, "ORG → POST 开封市委书记");
	assert_clean_undo(&o, "accept PERSON 高建军");
	char *none = rendered(&o);
	assert_string_equal(none, before);
	struct error err = {0};
	struct undone u;
	assert_false(session_undo(o.session, S("a.txt"), &u, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	error_clear(&err);
	assert_good(session_redo(o.session, S("a.txt"), &u, &err), &err);
	assert_string_equal(u.what, "accept PERSON 高建军");
	assert_string_equal(u.id, "cgao2");
	undone_free(&u);
	assert_good(session_redo(o.session, S("a.txt"), &u, &err), &err);
	undone_free(&u);
	char *again = rendered(&o);
	assert_string_equal(again, both);
	assert_false(session_redo(o.session, S("a.txt"), &u, NULL));
	/* Redone ones can be undone again, and something new ends what could be redone. */
	assert_clean_undo(&o, "ORG → POST 开封市委书记");
	judge(&o, "dlu33", VERDICT_ACCEPTED);
	assert_false(session_redo(o.session, S("a.txt"), &u, NULL));
	assert_clean_undo(&o, "accept PERSON 卢志军");
	assert_clean_undo(&o, "accept PERSON 高建军");
	mem_free(before);
	mem_free(both);
	mem_free(none);
	mem_free(again);
	close_one(&o);
}

static void test_undo_goes_on_after_a_restart(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	char *before = get("a.txt.yaml");
	struct open_session o;
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	judge(&o, "dlu33", VERDICT_REJECTED);
	close_one(&o);
	open_one(&o);
	relabel(&o, "bpost", "POST");
	abandon(&o);
	open_as(&o, "bob", false);
	assert_false(session_undo(o.session, S("a.txt"), NULL, NULL));
	abandon(&o);
	open_one(&o);
	assert_clean_undo(&o, "ORG → POST 开封市委书记");
	/* In the library, where no article is open, the last thing done anywhere goes back. */
	struct undone last;
	assert_true(session_undo(o.session, STR_NONE, &last, NULL));
	assert_string_equal(last.what, "reject PERSON 卢志军");
	assert_string_equal(last.file, "a.txt");
	undone_free(&last);
	/* Done again and undone again it is called the same, though its own words are in a journal of another day. */
	assert_true(session_redo(o.session, STR_NONE, &last, NULL));
	assert_string_equal(last.what, "reject PERSON 卢志军");
	undone_free(&last);
	assert_true(session_undo(o.session, STR_NONE, &last, NULL));
	assert_string_equal(last.what, "reject PERSON 卢志军");
	undone_free(&last);
	close_one(&o);
	open_one(&o);
	assert_clean_undo(&o, "accept PERSON 高建军");
	assert_false(session_undo(o.session, S("a.txt"), NULL, NULL));
	close_one(&o);
	assert_file("a.txt.yaml", before);
	open_one(&o);
	struct undone u;
	struct error err = {0};
	assert_good(session_redo(o.session, S("a.txt"), &u, &err), &err);
	assert_string_equal(u.what, "accept PERSON 高建军");
	undone_free(&u);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_ACCEPTED);
	close_one(&o);
	mem_free(before);
}

/* Two terminals of one person: what the other still has in hand cannot be undone from here, and is not said to be. */
static void test_undo_leaves_who_is_at_work_alone(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session a, b;
	struct error err = {0};
	open_one(&a);
	judge(&a, "cgao2", VERDICT_ACCEPTED);
	open_one(&b);
	assert_false(session_undo(b.session, S("a.txt"), NULL, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	error_clear(&err);
	close_one(&a);
	assert_good(session_refresh(b.session, b.doc, NULL, &err), &err);
	assert_int_equal(verdict_of(&b, "cgao2"), VERDICT_ACCEPTED);
	assert_clean_undo(&b, "accept PERSON 高建军");
	assert_int_equal(verdict_of(&b, "cgao2"), VERDICT_UNDECIDED);
	close_one(&b);
	open_one(&b);
	assert_int_equal(verdict_of(&b, "cgao2"), VERDICT_UNDECIDED);
	close_one(&b);
}

static void test_undo_is_refused_where_somebody_changed_it(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session a, b;
	open_one(&a);
	judge(&a, "cgao2", VERDICT_ACCEPTED);
	close_one(&a);
	open_as(&b, "bob", false);
	judge(&b, "cgao2", VERDICT_REJECTED);
	close_one(&b);
	open_one(&a);
	struct error err = {0};
	struct undone u;
	assert_false(session_undo(a.session, S("a.txt"), &u, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	assert_non_null(strstr(err.message, "bob"));
	assert_int_equal(verdict_of(&a, "cgao2"), VERDICT_REJECTED);
	error_clear(&err);
	close_one(&a);
}

/* Undo may open an article that is not among those that were opened; its row is nowhere. */
static void test_article_beyond_what_was_opened(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	put("b.txt", ARTICLE_TEXT);
	struct corpus *c = NULL;
	struct session *s = NULL;
	struct error err = {0};
	assert_good(corpus_open("a.txt", "alice", &c, &err), &err);
	assert_good(session_open(c, false, &s, &err), &err);
	assert_int_equal(corpus_find(c, S("b.txt")), NOWHERE);
	struct doc *d = session_doc(s, S("b.txt"), &err);
	assert_good(d != NULL, &err);
	corpus_note(c, corpus_find(c, S("b.txt")), d->set);
	assert_int_equal(corpus_count(c), 1);
	assert_good(session_close(s, &err), &err);
	session_free(s);
	corpus_free(c);
}

/* A journal that a kill tore in the middle of a line is closed by whoever recovers it: otherwise it would be replayed at
 * every start, and bring back what was taken back since. */
static void test_torn_journal_is_closed_for_good(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session o;
	struct buf journal = {0};
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	char *path = mem_dup(session_journal(o.session));
	abandon(&o);
	assert_true(io_read_file(path, JOURNAL_LIMIT, &journal, NULL, NULL));
	buf_adds(&journal, "{\"n\":2,\"t\":\"2026");
	put(path, journal.p);
	open_one(&o);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_ACCEPTED);
	judge(&o, "cgao2", VERDICT_UNDECIDED);
	close_one(&o);
	assert_true(journal_is_closed(path));
	open_one(&o);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_UNDECIDED);
	close_one(&o);
	buf_free(&journal);
	mem_free(path);
}

/* ---- what no file can hold as it is ------------------------------------------------------------------------- */

static struct doc *open_bad_name(struct open_session *o)
{
	struct error err = {0};
	assert_good(corpus_open(".", "alice", &o->corpus, &err), &err);
	assert_good(session_open(o->corpus, false, &o->session, &err), &err);
	o->doc = session_doc(o->session, S("\xFF.txt"), &err);
	assert_good(o->doc != NULL, &err);
	return o->doc;
}

/* JSON cannot spell the name; the decision is found again all the same. */
static void test_name_that_is_no_utf8_survives_a_kill(void **state)
{
	(void)state;
	struct open_session o;
	struct error err = {0};
	put("\xFF.txt", ARTICLE_TEXT);
	put("\xFE.txt", ARTICLE_TEXT);
	open_bad_name(&o);
	struct fragment f = {33, 42};
	struct group *g = group_of(&o);
	assert_good(edit_add_span(g, o.doc, 0, &f, 1, NULL, &err), &err);
	commit(&o, g);
	abandon(&o);
	open_bad_name(&o);
	assert_int_equal(set_spans(o.doc->set), 1);
	struct doc *other = session_doc(o.session, S("\xFE.txt"), &err);
	assert_good(other != NULL, &err);
	assert_int_equal(set_spans(other->set), 0);
	close_one(&o);
}

/* A byte that is no character, in a label or a note, is U+FFFD from the start: otherwise nothing of the article could
 * ever be saved again. */
static void test_text_that_is_no_utf8_is_saved(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session o;
	struct error err = {0};
	open_one(&o);
	struct group *g = group_of(&o);
	assert_good(edit_note(g, o.doc, ITEM_SPAN, S("cgao2"), S("a\xFF" "b"), &err), &err);
	commit(&o, g);
	relabel(&o, "bpost", "\xE5\xBC");
	close_one(&o);
	char *text = get("a.txt.yaml");
	assert_non_null(strstr(text, "note: a\xEF\xBF\xBD" "b\n"));
	assert_non_null(strstr(text, "label: \xEF\xBF\xBD\xEF\xBF\xBD\n"));
	mem_free(text);
}

/* A journal whose crc is right may still say what no session says. */
static void test_op_that_takes_the_id_away_is_a_choice(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session o;
	open_one(&o);
	struct group *g = group_of(&o);
	struct node *was = node_map(), *set = node_map();
	node_put_text(was, S("id"), S("cgao2"));
	node_put(set, S("id"), node_absent());
	group_add_op(g, "a.txt", ITEM_SPAN, S("cgao2"), was, set);
	assert_int_equal(op_state(o.doc->set, &g->ops[0]), OP_OTHER);
	assert_false(session_commit(o.session, g, NULL));
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	close_one(&o);
}

/* ---- history ----------------------------------------------------------------------------------------------------- */

static void test_history(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS "- id: fold2\n  label: PERSON\n  at: [[43, 46]]\n  text: 杨克俊\n  context: [\"\", "
	                       "\"、付磊参加。\"]\n  verdict: accepted\n"
	                       "  judged: {by: carol, \"on\": \"2020-01-01T00:00:00Z\"}\n");
	struct open_session o;
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	judge(&o, "dlu33", VERDICT_REJECTED);
	assert_clean_undo(&o, "reject PERSON 卢志军");
	close_one(&o);
	open_one(&o);
	struct history h;
	struct error err = {0};
	assert_good(history_of(o.corpus, S("a.txt"), &h, &err), &err);
	assert_int_equal(h.n, 3);
	assert_string_equal(h.list[0].by, "carol");
	assert_string_equal(h.list[0].from, "sidecar");
	assert_string_equal(h.list[1].what, "accept PERSON 高建军");
	assert_false(h.list[1].undone);
	assert_string_equal(h.list[2].what, "reject PERSON 卢志军");
	assert_true(h.list[2].undone);
	history_free(&h);
	abandon(&o);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)
	const struct CMUnitTest tests[] = {
	    CASE(test_looking_writes_nothing),
	    CASE(test_read_only_refuses),
	    CASE(test_crc_is_the_usual_one),
	    CASE(test_killed_session_is_found_again),
	    CASE(test_numbers_keep_their_spelling),
	    CASE(test_half_a_line_ends_the_journal),
	    CASE(test_saved_part_is_not_replayed),
	    CASE(test_what_rests_is_written_at_the_end),
	    CASE(test_two_crashes_in_a_row),
	    CASE(test_hostile_journal),
	    CASE(test_live_journal_is_not_replayed),
	    CASE(test_undo_and_redo),
	    CASE(test_undo_goes_on_after_a_restart),
	    CASE(test_undo_leaves_who_is_at_work_alone),
	    CASE(test_undo_is_refused_where_somebody_changed_it),
	    CASE(test_article_beyond_what_was_opened),
	    CASE(test_torn_journal_is_closed_for_good),
	    CASE(test_name_that_is_no_utf8_survives_a_kill),
	    CASE(test_text_that_is_no_utf8_is_saved),
	    CASE(test_op_that_takes_the_id_away_is_a_choice),
	    CASE(test_history),
	};
	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
