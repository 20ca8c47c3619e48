/* session: a sidecar that somebody else changed, by another session or by hand. */
#include <stdio.h>

#include "session_fixture.h"

/* ---- several writers --------------------------------------------------------------------------------------------- */

static void test_two_sessions_on_one_sidecar(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session a, b;
	open_one(&a);
	open_as(&b, "bob", false);
	judge(&a, "cgao2", VERDICT_ACCEPTED);
	judge(&b, "dlu33", VERDICT_REJECTED);
	relabel(&b, "bpost", "POST");
	save(&a);
	bool merged = false;
	struct error err = {0};
	assert_good(session_save(b.session, b.doc, &merged, &err), &err);
	assert_true(merged);
	assert_int_equal(session_conflicts(b.session), 0);
	assert_good(session_refresh(a.session, a.doc, &merged, &err), &err);
	assert_true(merged);
	for (int i = 0; i < 2; i++) {
		const struct open_session *o = i ? &b : &a;
		assert_int_equal(verdict_of(o, "cgao2"), VERDICT_ACCEPTED);
		assert_int_equal(verdict_of(o, "dlu33"), VERDICT_REJECTED);
		assert_int_equal(verdict_of(o, "bpost"), VERDICT_CORRECTED);
	}
	assert_clean_undo(&a, "accept PERSON 高建军");
	close_one(&a);
	assert_good(session_refresh(b.session, b.doc, &merged, &err), &err);
	assert_int_equal(verdict_of(&b, "cgao2"), VERDICT_UNDECIDED);
	close_one(&b);
}

/* Where names cannot be exchanged the file is aside for an instant: that is no removal of all that it says. */
static void test_a_file_that_is_aside_is_not_gone(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session o;
	struct error err = {0};
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	save(&o);
	judge(&o, "dlu33", VERDICT_ACCEPTED);
	assert_int_equal(rename("a.txt.yaml", ".a.txt.yaml.of-another.aside"), 0);
	assert_false(session_save(o.session, o.doc, NULL, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	error_clear(&err);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_ACCEPTED);
	assert_int_equal(rename(".a.txt.yaml.of-another.aside", "a.txt.yaml"), 0);
	save(&o);
	assert_int_equal(verdict_of(&o, "dlu33"), VERDICT_ACCEPTED);
	assert_int_equal(session_conflicts(o.session), 0);
	close_one(&o);
}

static void test_both_versions_of_a_conflict_are_kept(void **state)
{
	(void)state;
	for (int mine = 0; mine < 2; mine++) {
		clean_folder();
		put_corpus(THREE_SPANS);
		struct open_session a, b;
		open_one(&a);
		open_as(&b, "bob", false);
		judge(&a, "cgao2", VERDICT_ACCEPTED);
		judge(&b, "cgao2", VERDICT_REJECTED);
		flag(&b, "cgao2", "who is this");
		save(&a);
		save(&b);
		assert_int_equal(session_conflicts(b.session), 1);
		const struct conflict *c = session_conflict(b.session, 0);
		assert_string_equal(c->id, "cgao2");
		assert_true(str_eq(node_get_text(c->mine, S("verdict")), S("rejected")));
		assert_true(str_eq(node_get_text(c->theirs, S("verdict")), S("accepted")));
		assert_int_equal(verdict_of(&b, "cgao2"), VERDICT_ACCEPTED);
		/* What does not clash is there. */
		assert_true(set_span(b.doc->set, set_find_span(b.doc->set, S("cgao2")))->flagged);
		close_one(&a);
		close_one(&b);
		/* It waits for a choice over a restart. */
		open_as(&b, "bob", false);
		assert_int_equal(session_conflicts(b.session), 1);
		struct error err = {0};
		assert_good(session_resolve(b.session, 0, mine, &err), &err);
		assert_int_equal(session_conflicts(b.session), 0);
		assert_int_equal(verdict_of(&b, "cgao2"), mine ? VERDICT_REJECTED : VERDICT_ACCEPTED);
		/* Chosen is chosen, also when the session ends at once. */
		abandon(&b);
		open_as(&b, "bob", false);
		assert_int_equal(session_conflicts(b.session), 0);
		assert_int_equal(verdict_of(&b, "cgao2"), mine ? VERDICT_REJECTED : VERDICT_ACCEPTED);
		judge(&b, "dlu33", VERDICT_ACCEPTED);
		close_one(&b);
		open_as(&b, "bob", false);
		assert_int_equal(session_conflicts(b.session), 0);
		assert_int_equal(verdict_of(&b, "cgao2"), mine ? VERDICT_REJECTED : VERDICT_ACCEPTED);
		abandon(&b);
	}
}

static void test_replay_onto_a_file_that_somebody_changed(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session a, b;
	open_one(&a);
	judge(&a, "cgao2", VERDICT_ACCEPTED);
	judge(&a, "dlu33", VERDICT_ACCEPTED);
	abandon(&a);
	char *text = get("a.txt.yaml");
	struct buf changed = {0};
	const char *at = strstr(strstr(text, "cgao2"), "undecided");
	buf_add(&changed, (struct str){text, (size_t)(at - text)});
	buf_adds(&changed, "rejected");
	buf_adds(&changed, at + strlen("undecided"));
	put("a.txt.yaml", changed.p);
	open_one(&b);
	assert_int_equal(verdict_of(&b, "cgao2"), VERDICT_REJECTED);
	assert_int_equal(verdict_of(&b, "dlu33"), VERDICT_ACCEPTED);
	assert_int_equal(session_conflicts(b.session), 1);
	struct error err = {0};
	assert_good(session_resolve(b.session, 0, true, &err), &err);
	assert_int_equal(verdict_of(&b, "cgao2"), VERDICT_ACCEPTED);
	close_one(&b);
	open_one(&b);
	assert_int_equal(session_conflicts(b.session), 0);
	assert_int_equal(verdict_of(&b, "cgao2"), VERDICT_ACCEPTED);
	abandon(&b);
	buf_free(&changed);
	mem_free(text);
}

static void test_malformed_in_between_is_not_written_over(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	char *text = get("a.txt.yaml");
	struct open_session o;
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	put("a.txt.yaml", "zhupi: 1\n<<<<<<< ours\n");
	struct error err = {0};
	assert_false(session_save(o.session, o.doc, NULL, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	assert_file("a.txt.yaml", "zhupi: 1\n<<<<<<< ours\n");
	error_clear(&err);
	put("a.txt.yaml", text);
	save(&o);
	assert_false(o.doc->dirty);
	close_one(&o);
	open_one(&o);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_ACCEPTED);
	abandon(&o);
	mem_free(text);
}

static void test_repaired_file_can_be_used_again(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	char *text = get("a.txt.yaml");
	put("a.txt.yaml", "zhupi: 1\nspans: [\n");
	struct open_session o;
	open_one(&o);
	assert_true(doc_read_only(o.doc));
	bool changed = true;
	assert_true(session_refresh(o.session, o.doc, &changed, NULL));
	assert_false(changed);
	struct group *g = group_of(&o);
	assert_false(edit_verdict(g, o.doc, ITEM_SPAN, S("cgao2"), VERDICT_ACCEPTED, NULL));
	group_free(g);
	g = group_of(&o);
	assert_true(edit_add_note(g, o.doc, S("note"), NULL, NULL));
	assert_false(session_commit(o.session, g, NULL));
	put("a.txt.yaml", text);
	assert_true(session_refresh(o.session, o.doc, &changed, NULL));
	assert_true(changed);
	assert_false(doc_read_only(o.doc));
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	close_one(&o);
	mem_free(text);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)
	const struct CMUnitTest tests[] = {
	    CASE(test_two_sessions_on_one_sidecar),
	    CASE(test_a_file_that_is_aside_is_not_gone),
	    CASE(test_both_versions_of_a_conflict_are_kept),
	    CASE(test_replay_onto_a_file_that_somebody_changed),
	    CASE(test_malformed_in_between_is_not_written_over),
	    CASE(test_repaired_file_can_be_used_again),
	};
	return cmocka_run_group_tests_name("session_merge", tests, NULL, NULL);
}
