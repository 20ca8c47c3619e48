/* sidecar: loaded, verified, rendered with the bytes that nobody touched, installed or refused. */
#include "sidecar_fixture.h"

/* ---- loading ---------------------------------------------------------------------------------------------------- */

static void test_missing_file_is_empty(void **state)
{
	(void)state;
	struct loaded l;
	load(&l, NULL);
	assert_true(l.good);
	assert_int_equal(set_spans(l.set), 0);
	assert_int_equal(set_status(l.set), STATUS_NONE);
	assert_string_equal(sidecar_hash(l.sidecar), "");
	assert_renders(&l, "");
	struct error err = {0};
	assert_good(sidecar_install(l.sidecar, l.set, STR_NONE, &err), &err);
	assert_int_not_equal(access("a.txt.yaml", F_OK), 0);
	unload(&l);
}

static void test_spans_in_bytes(void **state)
{
	(void)state;
	char *text = sidecar_text(THREE_SPANS);
	struct loaded l;
	load(&l, text);
	assert_good(l.good, &l.err);
	assert_int_equal(l.findings.n, 0);
	assert_int_equal(set_spans(l.set), 3);
	const struct span *gao = set_span(l.set, 1);
	assert_true(str_eq(gao->id, S("cgao2")));
	assert_int_equal(gao->off, 33);
	assert_int_equal(gao->end, 42);
	assert_int_equal(gao->score, 930);
	assert_int_equal(gao->anchoring, ANCHORED);
	assert_int_equal(set_status(l.set), STATUS_REVIEWING);
	assert_int_equal(set_counts(l.set)->spans[VERDICT_UNDECIDED], 3);
	const struct node *map = set_node(l.set, ITEM_SPAN, S("cgao2"));
	assert_true(str_eq(node_get_text(node_get(map, S("source")), S("rule")), S("name-after-post")));
	assert_false(sidecar_article_changed(l.sidecar));
	assert_renders(&l, text);
	mem_free(text);
	unload(&l);
}

/* ---- rendering -------------------------------------------------------------------------------------------------- */

static void test_one_verdict_changes_its_record_only(void **state)
{
	(void)state;
	char *text = sidecar_text(THREE_SPANS);
	struct loaded l;
	load(&l, text);
	change(&l, ITEM_SPAN, "cgao2", "{verdict: accepted, judged: {by: alice, on: 2026-11-22T06:31:07Z}}");
	char *expected =
	    replaced(text, "  verdict: undecided\n  source: {by: zh-report, rule: name-after-post, score: 0.93}\n",
	             "  verdict: accepted\n  source: {by: zh-report, rule: name-after-post, score: 0.93}\n"
	             "  judged: {by: alice, \"on\": \"2026-11-22T06:31:07Z\"}\n");
	assert_renders(&l, expected);
	change(&l, ITEM_SPAN, "cgao2", "{verdict: undecided, judged: null}");
	assert_renders(&l, text);
	mem_free(expected);
	mem_free(text);
	unload(&l);
}

#define ODD_STYLE                                                                                                        \
	"# head\n---\n# mine\nzhupi:   1\nextra: {keep: [me, 'as', \"I am\"]}   # so\n"                                  \
	"spans: # the list\n# before the first\n"                                                                        \
	"  - {id: bpost, label: ORG, at: [[5,11]], text: '开封市委书记', verdict: undecided, mystery: 0x1F}\n"     \
	"    # after bpost\n\n"                                                                                          \
	"  - label:   PERSON\n    id: cgao2   # who\n    at: [ [11, 14] ]\n    text: >-\n      高建军\n    verdict: " \
	"undecided\n"                                                                                                    \
	"  # after cgao2\n"                                                                                              \
	"more: yes\nstatus: reviewing # still\n...\n# the end\n"

static void test_untouched_bytes_stay(void **state)
{
	(void)state;
	struct loaded l;
	load(&l, ODD_STYLE);
	assert_good(l.good, &l.err);
	assert_int_equal(set_spans(l.set), 2);
	assert_renders(&l, ODD_STYLE);
	change(&l, ITEM_SPAN, "bpost", "{verdict: rejected}");
	char *out = render(&l);
	assert_non_null(strstr(out, "# head\n---\n# mine\nzhupi:   1\n"));
	assert_non_null(strstr(out, "extra: {keep: [me, 'as', \"I am\"]}   # so\n"));
	assert_non_null(strstr(
	    out,
	    "spans: # the list\n# before the first\n  - id: bpost\n    label: ORG\n"
	    "    at: [[5, 11]]\n    text: 开封市委书记\n    verdict: rejected\n    mystery: 0x1F\n    # after bpost\n\n"
	    "  - label:   PERSON\n    id: cgao2   # who\n    at: [ [11, 14] ]\n    text: >-\n      高建军\n    "
	    "verdict: undecided\n"
	    "  # after cgao2\nmore: yes\nstatus: reviewing # still\n"));
	assert_non_null(strstr(out, "...\n# the end\n"));
	mem_free(out);
	change(&l, ITEM_SPAN, "bpost", "{verdict: undecided}");
	assert_renders(&l, ODD_STYLE);
	change(&l, ITEM_ARTICLE, "", "{status: done}");
	out = render(&l);
	assert_non_null(strstr(out, "status: done # still\n"));
	mem_free(out);
	unload(&l);
}

static void test_block_scalar_at_the_end_of_a_touched_record(void **state)
{
	(void)state;
	struct loaded l;
	load(
	    &l,
	    "zhupi: 1\nspans:\n- id: bpost\n  label: ORG\n  at: [[5, 11]]\n  text: 开封市委书记\n  verdict: undecided\n"
	    "  note: |\n    two\n    # no comment\n# a comment\n- id: cgao2\n  label: PERSON\n  at: [[11, 14]]\n  "
	    "text: 高建军\n  verdict: undecided\n");
	change(&l, ITEM_SPAN, "bpost", "{verdict: accepted}");
	char *out = render(&l);
	assert_non_null(strstr(out, "  note: \"two\\n# no comment\\n\"\n# a comment\n- id: cgao2\n"));
	mem_free(out);
	unload(&l);
}

static void test_flow_file_loads_and_is_rewritten(void **state)
{
	(void)state;
	struct loaded l;
	const char *flow =
	    "{zhupi: 1, spans: [{id: bpost, label: ORG, at: [[5, 11]], text: 开封市委书记, verdict: undecided},\n"
	    " {id: cgao2, label: PERSON, at: [[11, 14]], text: 高建军, verdict: undecided}], mine: [1, 2]}\n";
	load(&l, flow);
	assert_good(l.good, &l.err);
	assert_int_equal(set_spans(l.set), 2);
	assert_renders(&l, flow);
	change(&l, ITEM_SPAN, "cgao2", "{verdict: accepted}");
	char *out = render(&l);
	assert_non_null(strstr(
	    out,
	    "spans:\n- id: bpost\n  label: ORG\n  at: [[5, 11]]\n  text: 开封市委书记\n  verdict: undecided\n"
	    "- id: cgao2\n  label: PERSON\n  at: [[11, 14]]\n  text: 高建军\n  verdict: accepted\nmine: [1, 2]\n"));
	struct error err = {0};
	assert_good(sidecar_install(l.sidecar, l.set, str_of(out), &err), &err);
	assert_file("a.txt.yaml", out);
	mem_free(out);
	unload(&l);
}

static void test_new_items_find_their_place(void **state)
{
	(void)state;
	char *text = sidecar_text(THREE_SPANS);
	struct loaded l;
	load(&l, text);
	add(&l, ITEM_SPAN, "new22", "{id: new22, label: TIME, at: [[0, 5]], text: 三月十二日, verdict: accepted}");
	add(&l, ITEM_SPAN, "new33", "{verdict: accepted, id: new33, label: ORG, at: [[5, 9]], text: 开封市委}");
	add(&l, ITEM_NOTE, "note2", "{id: note2, text: \"two\\nlines: yes\", by: alice}");
	add(&l, ITEM_FIELD, "fff22", "{id: fff22, name: chair, value: \"2022\", spans: [dlu33], verdict: accepted}");
	add(&l, ITEM_ZONE, "0-24", "{at: [0, 24], kind: nav}");
	char *out = render(&l);
	assert_non_null(strstr(out, "spans:\n- id: new22\n"));
	const char *post = strstr(out, "- id: bpost\n"), *inner = strstr(out, "- id: new33\n"),
	           *gao = strstr(out, "- id: cgao2\n");
	assert_true(post && inner && gao && post < inner && inner < gao);
	const char *tail =
	    "fields:\n- {id: fff22, name: chair, value: \"2022\", spans: [dlu33], verdict: accepted}\n"
	    "zones:\n- {at: [0, 24], kind: nav}\nnotes:\n- {id: note2, text: \"two\\nlines: yes\", by: alice}\n";
	assert_true(str_ends(str_of(out), str_of(tail)));
	mem_free(out);
	assert_true(set_remove(l.set, ITEM_SPAN, S("new22")));
	assert_true(set_remove(l.set, ITEM_SPAN, S("new33")));
	assert_true(set_remove(l.set, ITEM_NOTE, S("note2")));
	assert_true(set_remove(l.set, ITEM_FIELD, S("fff22")));
	assert_true(set_remove(l.set, ITEM_ZONE, S("0-24")));
	assert_renders(&l, text);
	mem_free(text);
	unload(&l);
}

static void test_removed_record_goes_alone(void **state)
{
	(void)state;
	char *text = sidecar_text(THREE_SPANS);
	struct loaded l;
	load(&l, text);
	assert_true(set_remove(l.set, ITEM_SPAN, S("cgao2")));
	char *out = render(&l), *from = strstr(text, "- id: cgao2"), *to = strstr(text, "- id: dlu33");
	memmove(from, to, strlen(to) + 1);
	assert_string_equal(out, text);
	struct error err = {0};
	assert_good(sidecar_install(l.sidecar, l.set, str_of(out), &err), &err);
	assert_file("a.txt.yaml", text);
	mem_free(out);
	mem_free(text);
	unload(&l);
}

static void test_first_save_writes_the_head(void **state)
{
	(void)state;
	struct loaded l;
	load(&l, NULL);
	add(&l, ITEM_SPAN, "new22", "{id: new22, label: TIME, at: [[0, 5]], text: 三月十二日, verdict: accepted}");
	change(&l, ITEM_ARTICLE, "", "{status: reviewing}");
	char *out = render(&l),
	     *head = sidecar_text("status: reviewing\nspans:\n- id: new22\n  label: TIME\n  at: [[0, 5]]\n"
	                          "  text: 三月十二日\n  verdict: accepted\n");
	assert_string_equal(out, head);
	struct error err = {0};
	assert_good(sidecar_install(l.sidecar, l.set, str_of(out), &err), &err);
	assert_file("a.txt.yaml", head);
	assert_renders(&l, head);
	mem_free(out);
	mem_free(head);
	unload(&l);
}

static void test_crlf_and_bom_stay(void **state)
{
	(void)state;
	struct loaded l;
	const char *text =
	    "\xEF\xBB\xBFzhupi: 1\r\nspans:\r\n- id: bpost\r\n  label: ORG\r\n  at: [[5, 11]]\r\n  text: "
	    "开封市委书记\r\n  verdict: undecided\r\n"
	    "- id: cgao2\r\n  label: PERSON\r\n  at: [[11, 14]]\r\n  text: 高建军\r\n  verdict: undecided\r\n";
	load(&l, text);
	assert_good(l.good, &l.err);
	change(&l, ITEM_SPAN, "cgao2", "{verdict: accepted}");
	char *out = render(&l);
	assert_true(str_starts(str_of(out), S("\xEF\xBB\xBFzhupi: 1\r\n")));
	assert_true(str_ends(str_of(out), S("  text: 高建军\r\n  verdict: accepted\r\n")));
	struct error err = {0};
	assert_good(sidecar_install(l.sidecar, l.set, str_of(out), &err), &err);
	mem_free(out);
	unload(&l);
}

static void test_no_newline_at_the_end(void **state)
{
	(void)state;
	struct loaded l;
	load(
	    &l,
	    "zhupi: 1\nspans:\n- id: bpost\n  label: ORG\n  at: [[5, 11]]\n  text: 开封市委书记\n  verdict: undecided");
	add(&l, ITEM_SPAN, "new33", "{id: new33, label: PERSON, at: [[11, 14]], text: 高建军, verdict: accepted}");
	char *out = render(&l);
	assert_non_null(strstr(out, "  verdict: undecided\n- id: new33\n"));
	struct error err = {0};
	assert_good(sidecar_install(l.sidecar, l.set, str_of(out), &err), &err);
	mem_free(out);
	unload(&l);
}

/* A record that was spelt its own way, written over and undone after a save, gets its spelling back. */
static void test_first_spelling_comes_back_after_a_save(void **state)
{
	(void)state;
	struct loaded l;
	const char *text =
	    "zhupi: 1\nspans:\n- {id: bpost, label: ORG, at: [[5,11]], text: '开封市委书记', verdict: undecided}\n";
	load(&l, text);
	change(&l, ITEM_SPAN, "bpost", "{verdict: rejected}");
	char *out = render(&l);
	struct error err = {0};
	assert_good(sidecar_install(l.sidecar, l.set, str_of(out), &err), &err);
	mem_free(out);
	change(&l, ITEM_SPAN, "bpost", "{verdict: undecided}");
	out = render(&l);
	assert_non_null(
	    strstr(out, "spans:\n- {id: bpost, label: ORG, at: [[5,11]], text: '开封市委书记', verdict: undecided}\n"));
	mem_free(out);
	unload(&l);
}

/* ---- what is wrong ---------------------------------------------------------------------------------------------- */

static const struct finding *finding_about(const struct loaded *l, const char *item, enum error_code code)
{
	for (size_t i = 0; i < l->findings.n; i++)
		if (strcmp(l->findings.list[i].item, item) == 0 && l->findings.list[i].error.code == code)
			return &l->findings.list[i];
	return NULL;
}

static void test_faulty_items_are_found_and_kept(void **state)
{
	(void)state;
	const char *text =
	    "zhupi: 1\nspans:\n"
	    "- id: past2\n  label: ORG\n  at: [[500, 510]]\n  text: 天涯海角\n  verdict: undecided\n"
	    "- id: back2\n  label: ORG\n  at: [[9, 5]]\n  text: x\n  verdict: undecided\n"
	    "- id: over2\n  label: ORG\n  at: [[5, 9], [7, 11]]\n  text: [开封市委, 委书记]\n  verdict: undecided\n"
	    "- id: twice\n  label: ORG\n  at: [[5, 11]]\n  text: 开封市委书记\n  verdict: undecided\n"
	    "- id: twice\n  label: ORG\n  at: [[5, 9]]\n  text: 开封市委\n  verdict: undecided\n"
	    "- label: ORG\n  at: [[5, 9]]\n  text: 开封市委\n"
	    "- just text\n"
	    "- id: label\n  label: WIZARD\n  at: [[11, 14]]\n  text: 高建军\n  verdict: perhaps\n  colour: red\n"
	    "relations:\n- {id: rel22, type: holds, args: {from: twice, to: nobody}, verdict: undecided}\n";
	struct loaded l;
	load(&l, text);
	assert_good(l.good, &l.err);
	assert_int_equal(set_spans(l.set), 5);
	const struct finding *f = finding_about(&l, "past2", ERROR_OFFSET);
	assert_non_null(f);
	assert_int_equal(f->error.line, 5);
	assert_int_equal(f->error.column, 3);
	assert_string_equal(f->error.path, "a.txt.yaml");
	assert_non_null(finding_about(&l, "back2", ERROR_OFFSET));
	assert_non_null(finding_about(&l, "over2", ERROR_OFFSET));
	f = finding_about(&l, "twice", ERROR_DUPLICATE);
	assert_non_null(f);
	assert_int_equal(f->error.line, 23);
	assert_non_null(finding_about(&l, "", ERROR_SCHEMA));
	assert_non_null(finding_about(&l, "label", ERROR_SCHEMA));
	f = finding_about(&l, "rel22", ERROR_REFERENCE);
	assert_non_null(f);
	assert_int_equal(f->error.line, 39);
	assert_int_equal(set_counts(l.set)->lost, 3);
	assert_int_equal(set_span(l.set, 4)->anchoring, ANCHOR_LOST);
	size_t wizard = set_find_span(l.set, S("label"));
	assert_true(str_eq(l.schema->labels[set_span(l.set, wizard)->label].name, S("WIZARD")));
	/* A change elsewhere leaves all of it as it was. */
	change(&l, ITEM_SPAN, "twice", "{verdict: accepted}");
	char *out = render(&l), *expected = replaced(text, "  text: 开封市委书记\n  verdict: undecided\n",
	                                             "  text: 开封市委书记\n  verdict: accepted\n");
	assert_non_null(strstr(out, strstr(expected, "spans:")));
	struct error err = {0};
	assert_good(sidecar_install(l.sidecar, l.set, str_of(out), &err), &err);
	mem_free(out);
	mem_free(expected);
	unload(&l);
}

static void assert_unusable(const char *text, enum error_code code, size_t line)
{
	struct loaded l;
	load(&l, text);
	assert_false(l.good);
	if (l.err.code != code)
		print_error("%s: %s\n", error_code_name(l.err.code), l.err.message);
	assert_int_equal(l.err.code, code);
	assert_int_equal(l.err.line, line);
	assert_string_equal(l.err.path, "a.txt.yaml");
	assert_true(sidecar_read_only(l.sidecar));
	assert_int_equal(set_spans(l.set), 0);
	assert_false(sidecar_install(l.sidecar, l.set, S("zhupi: 1\n"), NULL));
	assert_file("a.txt.yaml", text);
	unload(&l);
}

static void test_unusable_files_are_left_alone(void **state)
{
	(void)state;
	assert_unusable("zhupi: 1\nspans: [\n", ERROR_SYNTAX, 3);
	assert_unusable("zhupi: 2\nspans: []\n", ERROR_VERSION, 1);
	assert_unusable(
	    "spans:\n- {id: bpost, label: ORG, at: [[5, 11]], text: 开封市委书记, verdict: undecided}\nzhupi: 9\n",
	    ERROR_VERSION, 3);
	assert_unusable("zhupi: one\n", ERROR_SCHEMA, 1);
	assert_unusable("- a list\n", ERROR_SCHEMA, 1);
	assert_unusable("zhupi: 1\nspans: text\n", ERROR_SCHEMA, 2);
	assert_unusable("zhupi: 1\nspans: []\nspans: []\n", ERROR_DUPLICATE, 3);
	assert_unusable("zhupi: 1\nmine: 1\nmine: 2\n", ERROR_DUPLICATE, 3);
	assert_unusable("zhupi: 1\nspans:\n<<<<<<< ours\n- {id: a}\n=======\n>>>>>>> theirs\n", ERROR_CONFLICT, 3);
	assert_unusable("zhupi: 1\nspans:\n- id: a\n  id: b\n", ERROR_DUPLICATE, 4);
	assert_unusable("zhupi: 1\nx: \xff\n", ERROR_ENCODING, 2);
	struct buf deep = {0};
	buf_adds(&deep, "zhupi: 1\nx: ");
	for (int i = 0; i < 100000; i++)
		buf_addc(&deep, '[');
	assert_unusable(deep.p, ERROR_LIMIT, 2);
	buf_free(&deep);
}

static void test_special_files_are_refused(void **state)
{
	(void)state;
	assert_true(io_make_folder("a.txt.yaml", NULL));
	struct loaded l;
	load(&l, NULL);
	assert_false(l.good);
	assert_int_equal(l.err.code, ERROR_KIND);
	unload(&l);
}

/* ---- the article was edited ------------------------------------------------------------------------------------- */

static void test_spans_follow_their_text(void **state)
{
	(void)state;
	char *text = sidecar_text(THREE_SPANS);
	struct loaded l;
	load_text(&l, "新加的一行。\n" ARTICLE_TEXT, text);
	assert_good(l.good, &l.err);
	assert_true(sidecar_article_changed(l.sidecar));
	assert_int_equal(set_counts(l.set)->lost, 0);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(set_span(l.set, i)->anchoring, ANCHOR_MOVED);
	struct buf shown = {0};
	set_span_text(l.set, set_span(l.set, 1), &shown);
	assert_string_equal(shown.p, "高建军");
	buf_free(&shown);
	assert_renders(&l, text);
	/* The old hash stays as long as a span has its place from the old text. */
	change(&l, ITEM_ARTICLE, "", "{status: done}");
	char *out = render(&l), *old = sidecar_text("");
	assert_true(str_starts(str_of(out), str_sub(str_of(old), 0, 80)));
	mem_free(out);
	mem_free(old);
	mem_free(text);
	unload(&l);
}

/* The same name at the old offsets, but another mention of it. */
static void test_context_tells_mentions_apart(void **state)
{
	(void)state;
	char *text = sidecar_text(THREE_SPANS);
	struct loaded l;
	load_text(&l, "十一个字在这里放着呢哟高建军来了。\n" ARTICLE_TEXT, text);
	assert_good(l.good, &l.err);
	const struct span *gao = set_span(l.set, set_find_span(l.set, S("cgao2")));
	assert_int_equal(gao->anchoring, ANCHOR_MOVED);
	assert_true(str_starts(str_sub(article_text(l.article), gao->off, NOWHERE), S("高建军强调")));
	mem_free(text);
	unload(&l);
}

static void test_lost_spans_are_listed_last(void **state)
{
	(void)state;
	char *text = sidecar_text(THREE_SPANS);
	struct loaded l;
	load_text(&l, "三月十二日开封市委书记李明强调,要筑牢防线。\n卢志军主持会议,高建军出席。\n", text);
	assert_good(l.good, &l.err);
	assert_int_equal(set_spans(l.set), 3);
	/* The other 高建军 has none of the context: it is another mention. */
	assert_true(str_eq(set_span(l.set, 2)->id, S("cgao2")));
	assert_int_equal(set_span(l.set, 2)->anchoring, ANCHOR_LOST);
	assert_int_equal(set_counts(l.set)->lost, 1);
	assert_non_null(finding_about(&l, "cgao2", ERROR_TEXT));
	size_t *near = NULL, n = 0, cap = 0;
	set_touching(l.set, 0, 1000, &near, &n, &cap);
	assert_int_equal(n, 2);
	mem_free(near);
	mem_free(text);
	unload(&l);
}

/* ---- installing ------------------------------------------------------------------------------------------------- */

static void test_changed_on_disk_is_a_conflict(void **state)
{
	(void)state;
	char *text = sidecar_text(THREE_SPANS), *other = replaced(text, "reviewing", "done");
	struct loaded l;
	load(&l, text);
	assert_false(sidecar_changed_on_disk(l.sidecar));
	change(&l, ITEM_SPAN, "cgao2", "{verdict: accepted}");
	put("a.txt.yaml", other);
	assert_true(sidecar_changed_on_disk(l.sidecar));
	char *out = render(&l);
	struct error err = {0};
	assert_false(sidecar_install(l.sidecar, l.set, str_of(out), &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	assert_file("a.txt.yaml", other);
	error_clear(&err);
	mem_free(out);
	mem_free(text);
	mem_free(other);
	unload(&l);
}

static void test_what_does_not_read_back_is_refused(void **state)
{
	(void)state;
	char *text = sidecar_text(THREE_SPANS);
	struct loaded l;
	load(&l, text);
	change(&l, ITEM_SPAN, "cgao2", "{verdict: accepted}");
	struct error err = {0};
	assert_false(sidecar_install(l.sidecar, l.set, str_of(text), &err));
	assert_int_equal(err.code, ERROR_SCHEMA);
	assert_non_null(strstr(err.message, "cgao2"));
	assert_file("a.txt.yaml", text);
	error_clear(&err);
	mem_free(text);
	unload(&l);
}

static void assert_encoding(const char *sidecar, const char *encoding)
{
	put("a.txt.yaml", sidecar);
	char *found = sidecar_encoding("a.txt.yaml");
	assert_true(found ? encoding && strcmp(found, encoding) == 0 : !encoding);
	mem_free(found);
}

static void test_encoding(void **state)
{
	(void)state;
	assert_encoding("zhupi: 1\narticle: {file: a.txt, encoding: big5}\nspans:\n- {id: a}\n", "big5");
	assert_encoding("# mine\nzhupi: 1\narticle:\n  encoding: 'gb18030'\n", "gb18030");
	assert_encoding("zhupi: 1\nspans:\n- {id: a}\n", NULL);
	assert_encoding("zhupi: 1\narticle: {file: a.txt}\n", NULL);
	assert_encoding("mine: [1]\narticle: {encoding: big5}\n", "big5");
	assert_encoding("mine:\n- 1\narticle: {encoding: big5}\n", "big5");
	assert_encoding("", NULL);
	assert_encoding("[", NULL);
	(void)unlink("a.txt.yaml");
	assert_null(sidecar_encoding("a.txt.yaml"));
}

/* The same from our own layout, which is read by lines, and from any other. */
static void test_summary_of_any_layout(void **state)
{
	(void)state;
	char *lines = sidecar_text(
	    THREE_SPANS "fields:\n- {id: ffff2, name: title, value: \"标 \\\"题\\\"\", verdict: undecided}\n");
	struct buf other = {0};
	buf_adds(&other, "# with a comment\n");
	buf_adds(&other, lines);
	struct sidecar_summary sums[2];
	struct error err = {0};
	put("a.txt.yaml", lines);
	assert_good(sidecar_summary("a.txt.yaml", &sums[0], &err), &err);
	put("a.txt.yaml", other.p);
	assert_good(sidecar_summary("a.txt.yaml", &sums[1], &err), &err);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(sums[i].proposed, 3);
		assert_int_equal(sums[i].decided, 0);
		assert_int_equal(sums[i].status, STATUS_REVIEWING);
		assert_string_equal(sums[i].title, "标 \"题\"");
		mem_free(sums[i].title);
		mem_free(sums[i].date);
		mem_free(sums[i].source);
	}
	buf_free(&other);
	mem_free(lines);
}

static void test_summary(void **state)
{
	(void)state;
	char *text =
	    sidecar_text(THREE_SPANS "fields:\n- {id: ffff2, name: title, value: 标题, verdict: undecided, flag: why}\n"
	                             "- {id: ffff3, name: published, value: \"2022-03-14\", verdict: rejected}\n");
	char *decided = replaced(text, "verdict: undecided", "verdict: rejected");
	put("a.txt.yaml", decided);
	struct sidecar_summary sum;
	struct error err = {0};
	assert_good(sidecar_summary("a.txt.yaml", &sum, &err), &err);
	assert_int_equal(sum.decided, 1);
	assert_int_equal(sum.proposed, 3);
	assert_true(sum.flagged);
	assert_int_equal(sum.status, STATUS_REVIEWING);
	assert_string_equal(sum.title, "标题");
	assert_string_equal(sum.date, "");
	mem_free(sum.title);
	mem_free(sum.date);
	mem_free(sum.source);
	char *encoding = sidecar_encoding("a.txt.yaml");
	assert_string_equal(encoding, "utf-8");
	mem_free(encoding);
	mem_free(text);
	mem_free(decided);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_missing_file_is_empty, folder_set_up, folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_spans_in_bytes, folder_set_up, folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_one_verdict_changes_its_record_only, folder_set_up, folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_untouched_bytes_stay, folder_set_up, folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_block_scalar_at_the_end_of_a_touched_record, folder_set_up,
	                                    folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_flow_file_loads_and_is_rewritten, folder_set_up, folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_new_items_find_their_place, folder_set_up, folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_removed_record_goes_alone, folder_set_up, folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_first_save_writes_the_head, folder_set_up, folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_crlf_and_bom_stay, folder_set_up, folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_no_newline_at_the_end, folder_set_up, folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_first_spelling_comes_back_after_a_save, folder_set_up,
	                                    folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_faulty_items_are_found_and_kept, folder_set_up, folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_unusable_files_are_left_alone, folder_set_up, folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_special_files_are_refused, folder_set_up, folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_spans_follow_their_text, folder_set_up, folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_context_tells_mentions_apart, folder_set_up, folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_lost_spans_are_listed_last, folder_set_up, folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_changed_on_disk_is_a_conflict, folder_set_up, folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_what_does_not_read_back_is_refused, folder_set_up, folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_summary_of_any_layout, folder_set_up, folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_encoding, folder_set_up, folder_tear_down),
	    cmocka_unit_test_setup_teardown(test_summary, folder_set_up, folder_tear_down),
	};
	return cmocka_run_group_tests_name("sidecar", tests, NULL, NULL);
}
