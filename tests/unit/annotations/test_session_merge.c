/* session: a sidecar that somebody else changed, by another session or by hand. */
#include <errno.h>
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

/* ---- looking, and saving many ------------------------------------------------------------------------------------ */

static void test_who_only_looks_follows_the_file(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	char *text = get("a.txt.yaml");
	struct open_session o;
	struct error err = {0};
	bool changed = false;
	open_one(&o);
	char *done = mem_dup(text);
	memcpy(strstr(strstr(done, "cgao2"), "undecided"), "rejected\n", 9);
	put("a.txt.yaml", done);
	assert_good(session_refresh(o.session, o.doc, &changed, &err), &err);
	assert_true(changed);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_REJECTED);
	put("a.txt.yaml", text);
	assert_good(session_refresh(o.session, o.doc, NULL, &err), &err);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_UNDECIDED);
	close_one(&o);
	assert_int_not_equal(access(".zhupi", F_OK), 0);
	mem_free(done);
	mem_free(text);
}

/* A large sidecar is left unread until something is done with it; there is nothing to follow before. */
static void test_a_large_sidecar_waits(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct buf text = {0};
	buf_adds(&text, "zhupi: 1\nnotes:\n- {id: n2222, text: x, more: ");
	for (int i = 0; i < 300000; i++)
		buf_addc(&text, 'x');
	buf_adds(&text, "}\n");
	put("b.txt", ARTICLE_TEXT);
	put("b.txt.yaml", text.p);
	struct open_session o;
	struct error err = {0};
	bool changed = true;
	open_one(&o);
	struct doc *d = session_doc_text(o.session, S("b.txt"), &err);
	assert_good(d && d->unread, &err);
	assert_true(session_refresh(o.session, d, &changed, &err));
	assert_false(changed);
	assert_ptr_equal(session_doc(o.session, S("b.txt"), &err), d);
	assert_false(d->unread);
	assert_true(set_has(d->set, ITEM_NOTE, S("n2222")));
	close_one(&o);
	buf_free(&text);
}

static int folder_syncs, no_folder_syncs;

static int folder_fsync(int fd)
{
	struct stat st;
	if (fstat(fd, &st) != 0 || !S_ISDIR(st.st_mode))
		return io_system.fsync(fd);
	folder_syncs++;
	errno = EIO;
	return no_folder_syncs ? -1 : io_system.fsync(fd);
}

static void note(struct open_session *o, const char *file)
{
	struct error err = {0};
	struct group *g = group_of(o);
	assert_good(edit_add_note(g, session_doc(o->session, str_of(file), NULL), S("x"), NULL, &err), &err);
	commit(o, g);
}

/* New sidecars of one folder are synced together; one whose folder cannot be synced is not said to be saved. */
static void test_new_sidecars_of_several_folders(void **state)
{
	(void)state;
	static const char *const files[] = {"d/x.txt", "d/y.txt", "e/x.txt", "d/z.txt"};
	for (no_folder_syncs = 0; no_folder_syncs < 2; no_folder_syncs++) {
		struct io table = io_system;
		struct open_session o;
		struct error err = {0};
		assert_int_equal(system("rm -rf d e .zhupi"), 0);
		put_corpus(THREE_SPANS);
		assert_true(io_make_folder("d", NULL) && io_make_folder("e", NULL));
		for (size_t i = 0; i < COUNT_OF(files); i++)
			put(files[i], ARTICLE_TEXT);
		open_one(&o);
		for (size_t i = 0; i < COUNT_OF(files); i++)
			note(&o, files[i]);
		table.fsync = folder_fsync;
		folder_syncs = 0;
		io_swap(&table);
		bool good = session_save_all(o.session, &err);
		io_swap(&io_system);
		assert_int_equal(good, !no_folder_syncs);
		assert_int_equal(folder_syncs, 3);
		assert_int_equal(err.code, good ? ERROR_NONE : ERROR_IO);
		error_clear(&err);
		for (size_t i = 0; i < COUNT_OF(files); i++)
			assert_int_equal(session_doc(o.session, str_of(files[i]), NULL)->dirty, false);
		close_one(&o);
	}
}

/* What was done and undone is not written. */
static void test_nothing_is_left_to_write(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	put("b.txt", ARTICLE_TEXT);
	struct open_session o;
	struct error err = {0};
	struct stat before, after;
	char *text = get("a.txt.yaml");
	assert_int_equal(stat("a.txt.yaml", &before), 0);
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	note(&o, "b.txt");
	for (int i = 0; i < 2; i++)
		assert_good(session_undo(o.session, S("a.txt"), NULL, &err), &err);
	assert_good(session_save_all(o.session, &err), &err);
	close_one(&o);
	assert_int_equal(stat("a.txt.yaml", &after), 0);
	assert_int_equal(after.st_ino, before.st_ino);
	assert_file("a.txt.yaml", text);
	assert_int_not_equal(access("b.txt.yaml", F_OK), 0);
	mem_free(text);
}

static int no_sync(int fd)
{
	(void)fd;
	errno = EIO;
	return -1;
}

/* A choice that cannot be noted keeps the sidecar as it is: else the next session would not know of it. */
static void test_a_choice_that_cannot_be_noted(void **state)
{
	(void)state;
	for (int many = 0; many < 2; many++) {
		clean_folder();
		put_corpus(THREE_SPANS);
		put("b.txt", ARTICLE_TEXT);
		struct open_session a, b;
		struct error err = {0};
		struct io table = io_system;
		open_one(&a);
		open_as(&b, "bob", false);
		judge(&a, "cgao2", VERDICT_ACCEPTED);
		judge(&b, "cgao2", VERDICT_REJECTED);
		judge(&b, "dlu33", VERDICT_ACCEPTED);
		save(&a);
		char *before = get("a.txt.yaml");
		if (many)
			note(&b, "b.txt");
		table.fdatasync = no_sync;
		io_swap(&table);
		assert_false(many ? session_save_all(b.session, &err) : session_save(b.session, b.doc, NULL, &err));
		io_swap(&io_system);
		assert_int_equal(session_conflicts(b.session), 1);
		assert_true(b.doc->dirty);
		assert_file("a.txt.yaml", before);
		assert_int_not_equal(err.code, ERROR_NONE);
		error_clear(&err);
		save(&b);
		close_one(&b);
		close_one(&a);
		open_as(&b, "bob", false);
		assert_int_equal(session_conflicts(b.session), 1);
		assert_int_equal(verdict_of(&b, "dlu33"), VERDICT_ACCEPTED);
		abandon(&b);
		mem_free(before);
	}
}

static bool answer;

static bool may_part(void *ctx, const char *file)
{
	(void)ctx;
	assert_string_equal(file, "a.txt");
	return answer;
}

/* A sidecar with a second name parts from it only where somebody allows it. */
static void test_a_second_name_is_asked_about(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	assert_int_equal(link("a.txt.yaml", "second.yaml"), 0);
	char *before = get("a.txt.yaml");
	struct open_session o;
	open_one(&o);
	session_watch(o.session, &(struct session_watcher){.may_part = may_part});
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	save(&o);
	assert_true(o.doc->dirty);
	assert_file("a.txt.yaml", before);
	answer = true;
	save(&o);
	assert_false(o.doc->dirty);
	assert_file("second.yaml", before);
	judge(&o, "cgao2", VERDICT_REJECTED);
	save(&o);
	close_one(&o);
	open_one(&o);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_REJECTED);
	abandon(&o);
	mem_free(before);
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
	    CASE(test_who_only_looks_follows_the_file),
	    CASE(test_a_large_sidecar_waits),
	    CASE(test_new_sidecars_of_several_folders),
	    CASE(test_nothing_is_left_to_write),
	    CASE(test_a_choice_that_cannot_be_noted),
	    CASE(test_a_second_name_is_asked_about),
	};
	return cmocka_run_group_tests_name("session_merge", tests, NULL, NULL);
}
