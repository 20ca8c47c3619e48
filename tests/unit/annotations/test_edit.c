/* edit: what each action makes of an item, and that every script of actions can be taken back. */
#include "edit_fixture.h"

#include "annotations/yaml_read.h"

struct bench {
	struct corpus *corpus;
	struct session *session;
	struct doc *doc;
};

static void open_bench(struct bench *b)
{
	struct error err = {0};
	assert_good(corpus_open(".", "alice", &b->corpus, &err), &err);
	assert_good(session_open(b->corpus, false, &b->session, &err), &err);
	b->doc = session_doc(b->session, S("a.txt"), &err);
	assert_good(b->doc != NULL, &err);
}

static void close_bench(struct bench *b)
{
	session_free(b->session);
	corpus_free(b->corpus);
}

static uint16_t label(const struct bench *b, const char *name)
{
	return schema_intern(corpus_schema(b->corpus), str_of(name));
}

/* Applies a group directly: the journal has its own tests. */
static char *apply(struct bench *b, struct group *g)
{
	struct error err = {0};
	for (size_t i = 0; i < g->n_ops; i++) {
		assert_int_equal(op_state(b->doc->set, &g->ops[i]), OP_BEFORE);
		assert_good(op_apply(b->doc->set, &g->ops[i], &err), &err);
		assert_int_equal(op_state(b->doc->set, &g->ops[i]), OP_AFTER);
	}
	group_finish(g);
	char *what = mem_dup(g->what);
	group_free(g);
	return what;
}

static struct group *start(void)
{
	return group_new("alice");
}

static void assert_what(struct bench *b, struct group *g, const char *what)
{
	char *said = apply(b, g);
	assert_string_equal(said, what);
	mem_free(said);
}

static const struct node *span(struct bench *b, const char *id)
{
	return set_node(b->doc->set, ITEM_SPAN, str_of(id));
}

static void assert_key(const struct node *map, const char *key, const char *yaml)
{
	struct node *expected = NULL;
	if (yaml)
		assert_true(yaml_read(str_of(yaml), NULL, &expected, NULL));
	const struct node *there = node_get(map, str_of(key));
	if (!node_equal(there, expected))
		print_error("%s is %.*s, not %s\n", key, (int)node_scalar(there).n,
		            node_scalar(there).p ? node_scalar(there).p : "", yaml ? yaml : "absent");
	assert_true(node_equal(there, expected));
	node_free(expected);
}

static struct fragment piece(const struct bench *b, size_t from, size_t to)
{
	return (struct fragment){(uint32_t)article_off(b->doc->article, from),
	                         (uint32_t)article_off(b->doc->article, to)};
}

#define OK(call)                                                                                                       \
	do {                                                                                                           \
		struct error err_ = {0};                                                                               \
		assert_good((call), &err_);                                                                            \
	} while (0)

/* ---- proposals --------------------------------------------------------------------------------------------------- */

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

/* ---- proposals --------------------------------------------------------------------------------------------------- */

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

/* ---- random scripts ---------------------------------------------------------------------------------------------- */

static uint32_t seed;

static uint32_t roll(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

static struct str any(struct bench *b, enum item_kind kind)
{
	size_t n = set_items(b->doc->set, kind);
	return n ? set_item_id(b->doc->set, kind, roll((uint32_t)n)) : S("none");
}

static void random_fragments(struct bench *b, struct fragment *f, size_t *n)
{
	size_t from = roll(40), gap = roll(4);
	*n = 1 + (roll(4) == 0);
	f[0] = piece(b, from, from + roll(5));
	f[1] = piece(b, from + 5 + gap, from + 5 + gap + roll(4));
	if (*n == 2 && f[1].end > article_text(b->doc->article).n)
		*n = 1;
}

/* One thing a reviewer might do; it may be refused. */
static void random_action(struct bench *b, struct group *g)
{
	static const char *const labels[] = {"PERSON", "POST", "ORG", "PLACE", "TIME", "新标签"};
	struct str id = any(b, ITEM_SPAN), ids[1] = {id};
	struct fragment f[2];
	size_t n;
	random_fragments(b, f, &n);
	uint16_t l = label(b, labels[roll(COUNT_OF(labels))]);
	enum item_kind judged = ITEM_SPAN + roll(3);
	switch (roll(16)) {
	case 0:
	case 1:
	case 2:
		(void)edit_verdict(g, b->doc, judged, any(b, judged), roll(VERDICTS), NULL);
		break;
	case 3:
	case 4:
		(void)edit_label(g, b->doc, id, l, roll(2), NULL);
		break;
	case 5:
	case 6:
		(void)edit_fragments(g, b->doc, id, f, n, NULL);
		break;
	case 7:
	case 8:
		(void)edit_add_span(g, b->doc, l, f, n, NULL, NULL);
		break;
	case 9:
		(void)edit_delete(g, b->doc, judged, any(b, judged), NULL);
		break;
	case 10:
		(void)edit_attribute(g, b->doc, id, S("role"), roll(3) ? S("no") : STR_NONE, NULL);
		break;
	case 11:
		(void)edit_note(g, b->doc, ITEM_SPAN, id, roll(3) ? S("a\n# b: c") : STR_NONE, NULL);
		(void)edit_flag(g, b->doc, judged, any(b, judged), roll(2) ? S("~") : STR_NONE, NULL);
		break;
	case 12:
		(void)edit_add_field(g, b->doc, S("chair"), S("2022-03-14"), ids, 1, NULL, NULL);
		(void)edit_field(g, b->doc, any(b, ITEM_FIELD), roll(2) ? S("017") : S("卢志军"), ids, roll(2), NULL);
		break;
	case 13:
		(void)edit_add_relation(g, b->doc, S("holds"), id, any(b, ITEM_SPAN), NULL, NULL);
		break;
	case 14:
		(void)edit_zone(g, b->doc, f[0].off, f[0].end, roll(2) ? S("nav") : S("body"), NULL);
		(void)edit_add_note(g, b->doc, S("note"), NULL, NULL);
		break;
	default:
		(void)edit_status(g, b->doc, roll(3), NULL);
		break;
	}
}

static char *rendered(struct bench *b)
{
	struct buf out = {0};
	sidecar_render(b->doc->sidecar, b->doc->set, &out);
	return buf_take(&out);
}

#define GROUPS 60

static void check_counts(struct bench *b)
{
	struct set *s = b->doc->set;
	struct counts by_hand = {0};
	for (size_t i = 0; i < set_spans(s); i++) {
		const struct span *x = set_span(s, i);
		by_hand.spans[x->verdict]++;
		by_hand.added += x->human;
		by_hand.flagged += x->flagged;
	}
	for (size_t i = 0; i < set_relations(s); i++)
		by_hand.flagged += set_relation(s, i)->flagged;
	for (size_t i = 0; i < set_fields(s); i++)
		by_hand.flagged += set_field(s, i)->flagged;
	const struct counts *kept = set_counts(s);
	assert_memory_equal(kept->spans, by_hand.spans, sizeof(by_hand.spans));
	assert_int_equal(kept->added, by_hand.added);
	assert_int_equal(kept->flagged, by_hand.flagged);
}

static struct group *random_group(struct bench *b)
{
	struct group *g = start();
	for (uint32_t acts = 1 + roll(4); acts--;)
		random_action(b, g);
	return g;
}

/* Each group and its inverse; all undone gives the first bytes; what is rendered loads as the same set. */
static void random_script(struct bench *b)
{
	struct group *done[GROUPS];
	char *states[GROUPS + 1];
	states[0] = rendered(b);
	for (int i = 0; i < GROUPS; i++) {
		done[i] = random_group(b);
		for (size_t k = 0; k < done[i]->n_ops; k++)
			OK(op_apply(b->doc->set, &done[i]->ops[k], &err_));
		states[i + 1] = rendered(b);
		check_counts(b);
	}
	for (int i = GROUPS; i-- > 0;) {
		struct group *back = group_inverse(done[i]);
		for (size_t k = 0; k < back->n_ops; k++) {
			assert_int_equal(op_state(b->doc->set, &back->ops[k]), OP_BEFORE);
			OK(op_apply(b->doc->set, &back->ops[k], &err_));
		}
		char *now = rendered(b);
		if (strcmp(now, states[i]) != 0)
			print_error("seed %u, group %d (%s):\n%s\n--- instead of\n%s\n", seed, i,
			            done[i]->what ? done[i]->what : "", now, states[i]);
		assert_string_equal(now, states[i]);
		mem_free(now);
		group_free(back);
	}
	/* Forward again, saved and loaded. */
	for (int i = 0; i < GROUPS; i++)
		for (size_t k = 0; k < done[i]->n_ops; k++)
			OK(op_apply(b->doc->set, &done[i]->ops[k], &err_));
	OK(sidecar_install(b->doc->sidecar, b->doc->set, str_of(states[GROUPS]), &err_));
	assert_file("a.txt.yaml", states[GROUPS]);
	char *again = rendered(b);
	assert_string_equal(again, states[GROUPS]);
	check_counts(b);
	mem_free(again);
	for (int i = 0; i <= GROUPS; i++)
		mem_free(states[i]);
	for (int i = 0; i < GROUPS; i++)
		group_free(done[i]);
}

static void test_random_scripts(void **state)
{
	(void)state;
	for (uint32_t start_seed = 1; start_seed <= 12; start_seed++) {
		(void)unlink("a.txt.yaml");
		put_corpus(start_seed % 4 ? THREE_SPANS "extra: {kept: [yes, 0x1F]}\n" : NULL);
		struct bench b;
		open_bench(&b);
		seed = start_seed * 1000;
		random_script(&b);
		close_bench(&b);
	}
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)
	const struct CMUnitTest tests[] = {
	    CASE(test_verdicts_of_a_proposal),
	    CASE(test_label_corrects_and_goes_back),
	    CASE(test_moved_edges),
	    CASE(test_own_spans),
	    CASE(test_relations_are_told_by_their_ends),
	    CASE(test_adding_what_was_proposed_accepts_it),
	    CASE(test_attributes_notes_flags),
	    CASE(test_fields_are_corrected),
	    CASE(test_done),
	    CASE(test_first_decision_makes_it_reviewing),
	    CASE(test_proposals),
	    CASE(test_ids),
	    CASE(test_a_decision_on_a_moved_span_takes_its_place),
	    CASE(test_the_proposal_moves_with_its_correction),
	    CASE(test_a_lost_span_needs_a_place),
	    CASE(test_random_scripts),
	};
	return cmocka_run_group_tests_name("edit", tests, NULL, NULL);
}
