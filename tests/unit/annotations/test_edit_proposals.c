/* edit: what is proposed beside what a person judged before, and the ids that proposals and people's items get. */
#include "edit_bench_fixture.h"

static bool propose(struct bench *b, struct group *g, enum item_kind kind, const char *yaml, bool *added)
{
	struct node *map = NULL;
	assert_true(yaml_read(str_of(yaml), NULL, &map, NULL));
	bool good = edit_propose(g, b->doc, kind, map, added, NULL);
	node_free(map);
	return good;
}

static void test_proposals(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct bench b;
	open_bench(&b);
	bool added;
	struct group *g = start();
	OK(edit_label(g, b.doc, S("bpost"), label(&b, "POST"), true, &err_));
	OK(edit_verdict(g, b.doc, ITEM_SPAN, S("dlu33"), VERDICT_REJECTED, &err_));
	mem_free(apply(&b, g));
	g = start();
	static const char new_one[] = "{label: TIME, at: [[0, 5]], source: {by: zh-report, score: 0.9}}";
	assert_true(propose(&b, g, ITEM_SPAN, new_one, &added));
	assert_true(added);
	assert_true(propose(&b, g, ITEM_SPAN, new_one, &added));
	assert_false(added);
	/* Judged before: rejected, corrected, or simply there. */
	assert_true(
	    propose(&b, g, ITEM_SPAN, "{label: PERSON, at: [[24, 27]], text: 卢志军, source: {by: other}}", &added));
	assert_false(added);
	assert_true(propose(&b, g, ITEM_SPAN, "{label: ORG, at: [[5, 11]], source: {by: other}}", &added));
	assert_false(added);
	assert_true(propose(&b, g, ITEM_SPAN, "{label: PERSON, at: [[11, 14]], source: {by: other}}", &added));
	assert_false(added);
	assert_false(
	    propose(&b, g, ITEM_SPAN, "{label: PERSON, at: [[11, 15]], text: 高建军, source: {by: other}}", &added));
	assert_false(propose(&b, g, ITEM_SPAN, "{label: PERSON, at: [[11, 1500]], source: {by: other}}", &added));
	assert_false(propose(&b, g, ITEM_SPAN, "{label: PERSON, at: [[14, 11]], source: {by: other}}", &added));
	assert_false(propose(&b, g, ITEM_SPAN, "{at: [[11, 14]], source: {by: other}}", &added));
	assert_false(propose(&b, g, ITEM_RELATION, "{type: holds, args: {from: cgao2, to: nobody}}", &added));
	assert_true(
	    propose(&b, g, ITEM_RELATION, "{type: holds, args: {from: cgao2, to: bpost}, source: {by: x}}", &added));
	assert_true(added);
	assert_true(propose(&b, g, ITEM_FIELD, "{name: chair, value: 高建军, source: {by: x}}", &added));
	assert_true(added);
	assert_true(propose(&b, g, ITEM_FIELD, "{name: chair, value: 高建军, source: {by: x}}", &added));
	assert_false(added);
	assert_true(propose(&b, g, ITEM_ZONE, "{at: [0, 24], kind: nav}", &added));
	assert_true(added);
	assert_int_equal(g->n_ops, 4);
	struct node *at = NULL;
	assert_true(yaml_read(S("[[0, 5]]"), NULL, &at, NULL));
	char *id = edit_proposal_id(S("zh-report"), S("TIME"), at, S("三月十二日"));
	assert_string_equal(g->ops[0].id, id);
	assert_key(g->ops[0].set, "text", "三月十二日");
	assert_key(g->ops[0].set, "context", "[\"\", 开封市委书记高建]");
	assert_key(g->ops[0].set, "verdict", "undecided");
	mem_free(apply(&b, g));
	assert_true(set_has(b.doc->set, ITEM_SPAN, str_of(id)));
	mem_free(id);
	node_free(at);
	close_bench(&b);
}

static void test_ids(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++) {
		char *id = edit_random_id();
		assert_true(strlen(id) >= 5);
		assert_int_equal(strspn(id, "bcdfghjkmnpqrstvwxz23456789"), strlen(id));
		assert_true(id[0] >= 'b' && id[0] <= 'z');
		mem_free(id);
	}
	/* Pinned: two clones of different versions must agree. */
	struct node *at = NULL;
	assert_true(yaml_read(S("[[214, 217]]"), NULL, &at, NULL));
	char *id = edit_proposal_id(S("zh-report"), S("PERSON"), at, S("高建军"));
	assert_string_equal(id, "kddr7");
	mem_free(id);
	node_free(at);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)
	const struct CMUnitTest tests[] = {
	    CASE(test_proposals),
	    CASE(test_ids),
	};
	return cmocka_run_group_tests_name("edit_proposals", tests, NULL, NULL);
}
