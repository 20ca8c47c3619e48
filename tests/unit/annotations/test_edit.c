/* edit: what each action makes of an item. */
#include "edit_bench_fixture.h"

#include "tests/unit/hang_fixture.h"

/* ---- verdicts ---------------------------------------------------------------------------------------------------- */

static void test_verdicts_of_a_proposal(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct bench b;
	open_bench(&b);
	struct group *g = start();
	OK(edit_verdict(g, b.doc, ITEM_SPAN, S("cgao2"), VERDICT_ACCEPTED, &err_));
	assert_what(&b, g, "accept PERSON 高建军");
	assert_key(span(&b, "cgao2"), "verdict", "accepted");
	assert_string_equal(node_get_text(node_get(span(&b, "cgao2"), S("judged")), S("by")).p, "alice");
	/* Again: nothing to do. */
	g = start();
	OK(edit_verdict(g, b.doc, ITEM_SPAN, S("cgao2"), VERDICT_ACCEPTED, &err_));
	assert_true(group_empty(g));
	group_free(g);
	g = start();
	OK(edit_delete(g, b.doc, ITEM_SPAN, S("cgao2"), &err_));
	assert_what(&b, g, "reject PERSON 高建军");
	assert_key(span(&b, "cgao2"), "verdict", "rejected");
	g = start();
	OK(edit_verdict(g, b.doc, ITEM_SPAN, S("cgao2"), VERDICT_UNDECIDED, &err_));
	assert_what(&b, g, "un-decide PERSON 高建军");
	assert_key(span(&b, "cgao2"), "judged", NULL);
	g = start();
	assert_false(edit_verdict(g, b.doc, ITEM_SPAN, S("nobody"), VERDICT_ACCEPTED, NULL));
	assert_false(edit_verdict(g, b.doc, ITEM_NOTE, S("cgao2"), VERDICT_ACCEPTED, NULL));
	assert_true(group_empty(g));
	group_free(g);
	close_bench(&b);
}

/* Keys of others may be very many: what changed among them is found at once. */
static void test_a_record_of_many_keys(void **state)
{
	struct buf sidecar = {0};
	struct bench b;
	(void)state;
	buf_adds(&sidecar, THREE_SPANS);
	for (unsigned i = 0; i < 150000; i++)
		buf_addf(&sidecar, "  k%u: v\n", i);
	put_corpus(sidecar.p);
	open_bench(&b);
	hang_guard(10);
	struct group *g = start();
	OK(edit_verdict(g, b.doc, ITEM_SPAN, S("dlu33"), VERDICT_ACCEPTED, &err_));
	hang_guard(0);
	assert_what(&b, g, "accept PERSON 卢志军");
	assert_key(span(&b, "dlu33"), "k149999", "v");
	close_bench(&b);
	buf_free(&sidecar);
}

static void test_label_corrects_and_goes_back(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct bench b;
	open_bench(&b);
	struct group *g = start();
	OK(edit_label(g, b.doc, S("bpost"), label(&b, "POST"), true, &err_));
	assert_what(&b, g, "ORG → POST 开封市委书记");
	assert_key(span(&b, "bpost"), "verdict", "corrected");
	assert_key(span(&b, "bpost"), "original", "{label: ORG, at: [[5, 11]]}");
	g = start();
	OK(edit_label(g, b.doc, S("bpost"), label(&b, "ORG"), true, &err_));
	assert_what(&b, g, "POST → ORG 开封市委书记");
	assert_key(span(&b, "bpost"), "verdict", "accepted");
	assert_key(span(&b, "bpost"), "original", NULL);
	/* The same label accepts. */
	g = start();
	OK(edit_label(g, b.doc, S("cgao2"), label(&b, "PERSON"), true, &err_));
	assert_what(&b, g, "accept PERSON 高建军");
	/* Without judging an undecided one stays undecided. */
	g = start();
	OK(edit_label(g, b.doc, S("dlu33"), label(&b, "ORG"), false, &err_));
	mem_free(apply(&b, g));
	assert_key(span(&b, "dlu33"), "verdict", "undecided");
	assert_key(span(&b, "dlu33"), "original", "{label: PERSON, at: [[24, 27]]}");
	g = start();
	OK(edit_verdict(g, b.doc, ITEM_SPAN, S("dlu33"), VERDICT_ACCEPTED, &err_));
	mem_free(apply(&b, g));
	assert_key(span(&b, "dlu33"), "verdict", "corrected");
	close_bench(&b);
}

static void test_moved_edges(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct bench b;
	open_bench(&b);
	struct fragment f = piece(&b, 5, 9), back = piece(&b, 5, 11);
	struct group *g = start();
	OK(edit_fragments(g, b.doc, S("bpost"), &f, 1, &err_));
	assert_what(&b, g, "move end ORG 开封市委书记");
	assert_key(span(&b, "bpost"), "at", "[[5, 9]]");
	assert_key(span(&b, "bpost"), "text", "开封市委");
	assert_key(span(&b, "bpost"), "context", "[三月十二日, \"书记高建军强调,\"]");
	assert_key(span(&b, "bpost"), "verdict", "undecided");
	assert_key(span(&b, "bpost"), "original", "{label: ORG, at: [[5, 11]]}");
	g = start();
	OK(edit_verdict(g, b.doc, ITEM_SPAN, S("bpost"), VERDICT_ACCEPTED, &err_));
	mem_free(apply(&b, g));
	assert_key(span(&b, "bpost"), "verdict", "corrected");
	g = start();
	OK(edit_fragments(g, b.doc, S("bpost"), &back, 1, &err_));
	mem_free(apply(&b, g));
	assert_key(span(&b, "bpost"), "verdict", "accepted");
	assert_key(span(&b, "bpost"), "original", NULL);
	assert_key(span(&b, "bpost"), "text", "开封市委书记");
	/* Two keys of one user action are one op, and cancel out. */
	g = start();
	OK(edit_fragments(g, b.doc, S("dlu33"), &f, 1, &err_));
	f = piece(&b, 24, 27);
	OK(edit_fragments(g, b.doc, S("dlu33"), &f, 1, &err_));
	assert_true(group_empty(g));
	group_free(g);
	/* Fragments. */
	struct fragment two[2] = {piece(&b, 5, 7), piece(&b, 9, 11)};
	g = start();
	OK(edit_fragments(g, b.doc, S("bpost"), two, 2, &err_));
	assert_what(&b, g, "split ORG 开封市委书记");
	assert_key(span(&b, "bpost"), "text", "[开封, 书记]");
	g = start();
	struct fragment wrong[2] = {piece(&b, 9, 11), piece(&b, 5, 7)}, inside = {16, 19}, beyond = {0, 10000};
	assert_false(edit_fragments(g, b.doc, S("bpost"), wrong, 2, NULL));
	assert_false(edit_fragments(g, b.doc, S("bpost"), &inside, 1, NULL));
	assert_false(edit_fragments(g, b.doc, S("bpost"), &beyond, 1, NULL));
	assert_false(edit_fragments(g, b.doc, S("bpost"), NULL, 0, NULL));
	assert_true(group_empty(g));
	group_free(g);
	close_bench(&b);
}

/* ---- a person's own items ---------------------------------------------------------------------------------------- */

static void test_own_spans(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct bench b;
	open_bench(&b);
	struct fragment f = piece(&b, 0, 5);
	char *id = NULL;
	struct group *g = start();
	OK(edit_add_span(g, b.doc, label(&b, "TIME"), &f, 1, &id, &err_));
	assert_what(&b, g, "add TIME 三月十二日");
	assert_key(span(&b, id), "verdict", "accepted");
	assert_key(span(&b, id), "source", "{by: alice}");
	assert_int_equal(set_counts(b.doc->set)->added, 1);
	g = start();
	f = piece(&b, 0, 4);
	OK(edit_fragments(g, b.doc, str_of(id), &f, 1, &err_));
	OK(edit_label(g, b.doc, str_of(id), label(&b, "PLACE"), true, &err_));
	mem_free(apply(&b, g));
	assert_key(span(&b, id), "verdict", "accepted");
	assert_key(span(&b, id), "original", NULL);
	assert_key(span(&b, id), "text", "三月十二");
	g = start();
	assert_false(edit_verdict(g, b.doc, ITEM_SPAN, str_of(id), VERDICT_UNDECIDED, NULL));
	assert_false(edit_add_span(g, b.doc, label(&b, "PLACE"), &f, 1, NULL, NULL));
	assert_true(group_empty(g));
	group_free(g);
	/* For somebody else it is a proposal. */
	g = group_new("bob");
	OK(edit_delete(g, b.doc, ITEM_SPAN, str_of(id), &err_));
	assert_int_equal(g->n_ops, 1);
	assert_non_null(g->ops[0].set);
	group_free(g);
	/* What points to it goes with it. */
	char *field = NULL;
	struct str ids[2] = {str_of(id), S("cgao2")};
	g = start();
	OK(edit_add_relation(g, b.doc, S("holds"), S("cgao2"), str_of(id), NULL, &err_));
	OK(edit_add_field(g, b.doc, S("chair"), S("高建军"), ids, 2, &field, &err_));
	mem_free(apply(&b, g));
	assert_int_equal(set_relations(b.doc->set), 1);
	g = start();
	OK(edit_verdict(g, b.doc, ITEM_SPAN, str_of(id), VERDICT_REJECTED, &err_));
	assert_what(&b, g, "delete PLACE 三月十二");
	assert_false(set_has(b.doc->set, ITEM_SPAN, str_of(id)));
	assert_int_equal(set_relations(b.doc->set), 0);
	assert_int_equal(set_field(b.doc->set, 0)->n_spans, 1);
	mem_free(id);
	mem_free(field);
	close_bench(&b);
}

/* Not by the ids of its ends, which nobody knows. */
static void test_relations_are_told_by_their_ends(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct bench b;
	open_bench(&b);
	char *id = NULL;
	struct group *g = start();
	OK(edit_add_relation(g, b.doc, S("holds"), S("cgao2"), S("bpost"), &id, &err_));
	assert_what(&b, g, "add holds 高建军 → 开封市委书记");
	g = start();
	OK(edit_delete(g, b.doc, ITEM_RELATION, str_of(id), &err_));
	assert_what(&b, g, "delete holds 高建军 → 开封市委书记");
	mem_free(id);
	close_bench(&b);
}

static void test_adding_what_was_proposed_accepts_it(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct bench b;
	open_bench(&b);
	struct fragment f = piece(&b, 11, 14);
	char *id = NULL;
	struct group *g = start();
	OK(edit_add_span(g, b.doc, label(&b, "PERSON"), &f, 1, &id, &err_));
	assert_string_equal(id, "cgao2");
	assert_what(&b, g, "accept PERSON 高建军");
	mem_free(id);
	close_bench(&b);
}

/* ---- keys, fields, status ---------------------------------------------------------------------------------------- */

static void test_attributes_notes_flags(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct bench b;
	open_bench(&b);
	struct group *g = start();
	OK(edit_attribute(g, b.doc, S("cgao2"), S("role"), S("chair"), &err_));
	OK(edit_note(g, b.doc, ITEM_SPAN, S("cgao2"), S("两行\n的"), &err_));
	OK(edit_flag(g, b.doc, ITEM_SPAN, S("cgao2"), S("who"), &err_));
	assert_what(&b, g, "set role of PERSON 高建军 and 2 more");
	assert_key(span(&b, "cgao2"), "attributes", "{role: chair}");
	assert_key(span(&b, "cgao2"), "note", "\"两行\\n的\"");
	assert_int_equal(set_counts(b.doc->set)->flagged, 1);
	g = start();
	OK(edit_attribute(g, b.doc, S("cgao2"), S("role"), STR_NONE, &err_));
	OK(edit_note(g, b.doc, ITEM_SPAN, S("cgao2"), STR_NONE, &err_));
	OK(edit_flag(g, b.doc, ITEM_SPAN, S("cgao2"), STR_NONE, &err_));
	mem_free(apply(&b, g));
	assert_key(span(&b, "cgao2"), "attributes", NULL);
	assert_key(span(&b, "cgao2"), "note", NULL);
	assert_key(span(&b, "cgao2"), "flag", NULL);
	assert_int_equal(set_counts(b.doc->set)->flagged, 0);
	close_bench(&b);
}

static void test_fields_are_corrected(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS "fields:\n- {id: fxm44, name: chair, value: 高建, spans: [cgao2], verdict: undecided, "
	                       "source: {by: zh-report}}\n");
	struct bench b;
	open_bench(&b);
	struct str ids[1] = {S("cgao2")};
	struct group *g = start();
	OK(edit_field(g, b.doc, S("fxm44"), S("高建军"), ids, 1, &err_));
	mem_free(apply(&b, g));
	const struct node *f = set_node(b.doc->set, ITEM_FIELD, S("fxm44"));
	assert_key(f, "verdict", "corrected");
	assert_key(f, "original", "{value: 高建, spans: [cgao2]}");
	g = start();
	OK(edit_field(g, b.doc, S("fxm44"), S("高建"), ids, 1, &err_));
	assert_false(edit_field(g, b.doc, S("fxm44"), S(" "), ids, 1, NULL));
	mem_free(apply(&b, g));
	f = set_node(b.doc->set, ITEM_FIELD, S("fxm44"));
	assert_key(f, "verdict", "accepted");
	assert_key(f, "original", NULL);
	close_bench(&b);
}

static void test_done(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct bench b;
	open_bench(&b);
	struct error err = {0};
	struct group *g = start();
	assert_false(edit_status(g, b.doc, STATUS_DONE, &err));
	assert_string_equal(err.message, "3 spans are still undecided");
	error_clear(&err);
	OK(edit_verdict(g, b.doc, ITEM_SPAN, S("bpost"), VERDICT_ACCEPTED, &err_));
	OK(edit_verdict(g, b.doc, ITEM_SPAN, S("cgao2"), VERDICT_ACCEPTED, &err_));
	OK(edit_verdict(g, b.doc, ITEM_SPAN, S("dlu33"), VERDICT_REJECTED, &err_));
	OK(edit_flag(g, b.doc, ITEM_SPAN, S("dlu33"), S("?"), &err_));
	assert_false(edit_status(g, b.doc, STATUS_DONE, NULL));
	OK(edit_flag(g, b.doc, ITEM_SPAN, S("dlu33"), STR_NONE, &err_));
	OK(edit_status(g, b.doc, STATUS_DONE, &err_));
	mem_free(apply(&b, g));
	assert_int_equal(set_status(b.doc->set), STATUS_DONE);
	/* A changed mind about a decided one leaves it done; un-deciding does not. */
	g = start();
	OK(edit_verdict(g, b.doc, ITEM_SPAN, S("bpost"), VERDICT_REJECTED, &err_));
	mem_free(apply(&b, g));
	assert_int_equal(set_status(b.doc->set), STATUS_DONE);
	g = start();
	OK(edit_verdict(g, b.doc, ITEM_SPAN, S("bpost"), VERDICT_UNDECIDED, &err_));
	mem_free(apply(&b, g));
	assert_int_equal(set_status(b.doc->set), STATUS_REVIEWING);
	close_bench(&b);
}

static void test_first_decision_makes_it_reviewing(void **state)
{
	(void)state;
	put_corpus(NULL);
	struct bench b;
	open_bench(&b);
	struct fragment f = piece(&b, 0, 5);
	struct group *g = start();
	OK(edit_add_span(g, b.doc, label(&b, "TIME"), &f, 1, NULL, &err_));
	mem_free(apply(&b, g));
	assert_int_equal(set_status(b.doc->set), STATUS_REVIEWING);
	close_bench(&b);
}

/* ---- an edited article ------------------------------------------------------------------------------------------- */

static void test_a_decision_on_a_moved_span_takes_its_place(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	put("a.txt", "新加的一行。\n" ARTICLE_TEXT);
	struct bench b;
	open_bench(&b);
	struct group *g = start();
	OK(edit_verdict(g, b.doc, ITEM_SPAN, S("cgao2"), VERDICT_ACCEPTED, &err_));
	mem_free(apply(&b, g));
	assert_key(span(&b, "cgao2"), "at", "[[18, 21]]");
	assert_key(span(&b, "cgao2"), "original", NULL);
	/* The others follow with the first decision, undecided as they are: a sidecar must not mix places in two
	 * texts. */
	assert_key(span(&b, "dlu33"), "at", "[[31, 34]]");
	assert_key(span(&b, "dlu33"), "verdict", "undecided");
	assert_int_equal(set_counts(b.doc->set)->moved, 0);
	g = start();
	OK(edit_reanchor(g, b.doc, S("dlu33"), &err_));
	mem_free(apply(&b, g));
	assert_key(span(&b, "dlu33"), "at", "[[31, 34]]");
	assert_key(span(&b, "dlu33"), "verdict", "undecided");
	struct fragment f = piece(&b, 12, 16);
	g = start();
	OK(edit_fragments(g, b.doc, S("bpost"), &f, 1, &err_));
	mem_free(apply(&b, g));
	assert_key(span(&b, "bpost"), "original", "{label: ORG, at: [[12, 18]]}");
	/* All have their place in this text: now the sidecar says which text that is. */
	struct buf out = {0};
	sidecar_render(b.doc->sidecar, b.doc->set, &out);
	assert_non_null(strstr(out.p, article_sha256(b.doc->article)));
	buf_free(&out);
	close_bench(&b);
}

static void test_the_proposal_moves_with_its_correction(void **state)
{
	(void)state;
	put_corpus("spans:\n- id: cgao2\n  label: PERSON\n  at: [[11, 14]]\n  text: 高建军\n  context: "
	           "[二日开封市委书记, \"强调,要筑牢防线\"]\n"
	           "  verdict: corrected\n  original: {label: PERSON, at: [[11, 13]]}\n  judged: {by: bob}\n");
	put("a.txt", "新加的一行。\n" ARTICLE_TEXT);
	struct bench b;
	open_bench(&b);
	struct group *g = start();
	OK(edit_verdict(g, b.doc, ITEM_SPAN, S("cgao2"), VERDICT_ACCEPTED, &err_));
	mem_free(apply(&b, g));
	assert_key(span(&b, "cgao2"), "at", "[[18, 21]]");
	assert_key(span(&b, "cgao2"), "original", "{label: PERSON, at: [[18, 20]]}");
	assert_key(span(&b, "cgao2"), "verdict", "corrected");
	close_bench(&b);
}

static void test_a_lost_span_needs_a_place(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	put("a.txt", "三月十二日开封市委书记李明强调,要筑牢防线。\n卢志军主持会议。\n");
	struct bench b;
	open_bench(&b);
	struct group *g = start();
	assert_false(edit_verdict(g, b.doc, ITEM_SPAN, S("cgao2"), VERDICT_ACCEPTED, NULL));
	assert_false(edit_reanchor(g, b.doc, S("cgao2"), NULL));
	assert_true(group_empty(g));
	struct fragment f = piece(&b, 11, 13);
	OK(edit_fragments(g, b.doc, S("cgao2"), &f, 1, &err_));
	OK(edit_verdict(g, b.doc, ITEM_SPAN, S("cgao2"), VERDICT_ACCEPTED, &err_));
	mem_free(apply(&b, g));
	assert_key(span(&b, "cgao2"), "text", "李明");
	assert_key(span(&b, "cgao2"), "verdict", "corrected");
	assert_int_equal(set_counts(b.doc->set)->lost, 0);
	close_bench(&b);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)
	const struct CMUnitTest tests[] = {
	    CASE(test_verdicts_of_a_proposal),
	    CASE(test_a_record_of_many_keys),
	    CASE(test_label_corrects_and_goes_back),
	    CASE(test_moved_edges),
	    CASE(test_own_spans),
	    CASE(test_relations_are_told_by_their_ends),
	    CASE(test_adding_what_was_proposed_accepts_it),
	    CASE(test_attributes_notes_flags),
	    CASE(test_fields_are_corrected),
	    CASE(test_done),
	    CASE(test_first_decision_makes_it_reviewing),
	    CASE(test_a_decision_on_a_moved_span_takes_its_place),
	    CASE(test_the_proposal_moves_with_its_correction),
	    CASE(test_a_lost_span_needs_a_place),
	};
	return cmocka_run_group_tests_name("edit", tests, NULL, NULL);
}
