/* brat: every kind of line, what is kept of it, what is wrong with it, and that what nobody changed goes out as it came
 * in. */
#include "formats_cases_fixture.h"

#include "annotations/edit.h"

struct pair {
	char *corpus, *folder; /* where it went in, where it came out */
};

static struct pair open_pair(struct bench *b, struct str text, struct str ann, struct heard *h)
{
	struct pair p = {new_corpus(b), new_corpus(b)};
	mem_free(put_file(b, "in/a.txt", text));
	char *path = put_file(b, "in/a.ann", ann);
	if (!import_file(p.corpus, &brat_format, path, "a.ann", h))
		print_message("%s\n", h->message);
	mem_free(path);
	return p;
}

static void close_pair(struct pair *p, struct heard *h)
{
	mem_free(p->corpus);
	mem_free(p->folder);
	heard_free(h);
}

/* What a.ann is when the corpus is written; the caller frees it. */
static char *written(const struct pair *p)
{
	struct pot pot = {.folder = p->folder};
	struct losses losses = {0};
	struct buf ann = {0};
	export_corpus(p->corpus, &brat_format, &pot, &losses);
	char *path = io_join(p->folder, "a.ann");
	assert_true(io_read_file(path, (size_t)1 << 26, &ann, NULL, NULL));
	mem_free(path);
	losses_free(&losses);
	pot_free(&pot);
	return buf_take(&ann);
}

static void expect_said(struct bench *b, struct str text, struct str ann, const char *expected)
{
	struct heard h = {0};
	struct pair p = open_pair(b, text, ann, &h);
	char *said = say_corpus(p.corpus, &jsonl_format, &brat_format, true);
	const char *items = strstr(strchr(said, '\n') + 1, "\n") + 1;
	if (h.failures)
		fail_msg("%s", h.message);
	assert_string_equal(items, expected);
	mem_free(said);
	close_pair(&p, &h);
}

static void expect_same(struct bench *b, struct str text, struct str ann)
{
	struct heard h = {0};
	struct pair p = open_pair(b, text, ann, &h);
	if (h.failures)
		fail_msg("%s", h.message);
	char *out = written(&p);
	assert_string_equal(out, ann.p);
	mem_free(out);
	close_pair(&p, &h);
}

#define TEXT S("高建军任开封市长。\n他去了北京。\n")

static void lines_become_items(void **state)
{
	expect_said(*state, TEXT, S("T1\tPERSON 0 3\t高建军\n"), "0-3 \"PERSON\"\n");
	expect_said(*state, TEXT, S("T1\tPERSON 0 1;2 3\t高 军\n"), "0-1,2-3 \"PERSON\"\n");
	expect_said(*state, TEXT, S("T1\tPERSON 2 3;0 1\t军 高\n"), "0-1,2-3 \"PERSON\"\n");
	expect_said(*state, TEXT, S("T1\tPERSON 0 1;1 3\t高 建军\n"), "0-3 \"PERSON\"\n");
	expect_said(*state, TEXT, S("T1\tPERSON 0 0\t\nT2\tPERSON 17 17\t\n"), "0-0 \"PERSON\"\n17-17 \"PERSON\"\n");
	expect_said(*state, TEXT, S("T1\tPERSON 0 3\n"), "0-3 \"PERSON\"\n");
	expect_said(*state, TEXT, S("\xEF\xBB\xBFT1\tPERSON 0 3\t高建军\n"), "0-3 \"PERSON\"\n");
	expect_said(*state, TEXT, S("T1\tP 0 3\t高建军\nT2\tQ 4 8\t开封市长\nR1\tholds Arg1:T1 Arg2:T2\t\n"),
	            "0-3 \"P\"\n4-8 \"Q\"\nrelation \"holds\" (0-3 \"P\") (4-8 \"Q\")\n");
	expect_said(*state, TEXT,
	            S("T1\tP 0 3\t高建军\nA1\tSure T1\nM2\tRole T1 the chair\nN1\tReference T1 Wiki:Q1\t高\n#1\tAnnotatorNotes "
	              "T1\t查一下\n"),
	            "0-3 \"P\" {\"Role\":\"the chair\",\"Sure\":\"true\"} note \"查一下\" links "
	            "[{\"db\":\"Wiki\",\"id\":\"Q1\",\"name\":\"高\"}]\n");
}

static void events_become_relations(void **state)
{
	expect_said(*state, TEXT,
	            S("T1\tP 0 3\t高建军\nE1\tTake:T3 Who:T1 What2:T2\nT2\tQ 4 8\t开封市长\nT3\tTake 3 4\t任\nE2\tTake:T3 "
	              "Of:E1\nA1\tNeg E1\n"),
	            "0-3 \"P\"\n3-4 \"Take\" {\"Neg\":\"true\"}\n4-8 \"Q\"\n"
	            "relation \"Of\" (3-4 \"Take\" {\"Neg\":\"true\"}) (3-4 \"Take\" {\"Neg\":\"true\"})\n"
	            "relation \"What\" (3-4 \"Take\" {\"Neg\":\"true\"}) (4-8 \"Q\")\n"
	            "relation \"Who\" (3-4 \"Take\" {\"Neg\":\"true\"}) (0-3 \"P\")\n");
	expect_said(*state, TEXT, S("T1\tP 0 1\t高\nT2\tP 1 2\t建\nT3\tP 2 3\t军\n*\tEquiv T1 T2 T3\n"),
	            "0-1 \"P\"\n1-2 \"P\"\n2-3 \"P\"\nrelation \"Equiv\" (0-1 \"P\") (1-2 \"P\")\n"
	            "relation \"Equiv\" (1-2 \"P\") (2-3 \"P\")\n");
}

static void files_go_out_as_they_came(void **state)
{
	expect_same(*state, TEXT, S(""));
	expect_same(*state, TEXT, S("T1\tPERSON 0 3\t高建军\n"));
	expect_same(*state, TEXT, S("T1\tPERSON 0 3\t高建军"));
	expect_same(*state, TEXT, S("T9\tPERSON 0 3\t高建军\r\nT2\tQ 4 8\t开封市长\r\n"));
	expect_same(*state, TEXT, S("T07\tPERSON 0 3\t高建军\nT8\tQ 04 8\t开封市长\nT9\tQ 4 6\n"));
	expect_same(*state, TEXT, S("T1\tP 2 3;0 1\t军 高\nT2\tP 3 4;4 5\t任 开\nT3\tP 0 1;4 5\t高开\nT4\tP 0 1;5 6\t高 [...] 封\n"));
	expect_same(*state, TEXT, S("T1\tP 0 3\t高建军\nT2\tP 0 3\t高建军\nA1\tSure T2\n")); /* twice the same */
	expect_same(*state, TEXT, S("X1\tsomething else\n\nno tab\nT1\tP 0 3\t高建军\nW3\tx\ty\tz\n"));
	expect_same(*state, TEXT,
	            S("T1\tP 0 3\t高建军\nT2\tQ 4 8\t开封市长\nR1\tholds Arg1:T1 Arg2:T2\nR2\tx A:T1 B:T2\t\n"
	              "R3\ty Arg1:T1 Arg2:T2 Arg3:T1\t\nR4\tof Arg1:R1 Arg2:T1\t\nA1\tSure R1\n"));
	expect_same(*state, TEXT,
	            S("T1\tP 0 3\t高建军\nE1\tTake:T3 Who:T1 What2:T2\nT2\tQ 4 8\t开封市长\nT3\tTake 3 4\t任\nE2\tTake:T3 "
	              "Of:E1 Who:T1\nA1\tNeg E1\nA2\tNeg E2 no\nM3\tOld T1 x y\n*\tEquiv T1 T2\n*\tEquiv T1 T2\n"));
	expect_same(*state, TEXT,
	            S("T1\tP 0 3\t高建军\nN1\tReference T1 Wiki:Q1\t高\nN2\tOther T1 Wiki:Q2\t高\nN3\tReference T1 a:b:c\t\n"
	              "#1\tAnnotatorNotes T1\t一\n#2\tAnnotatorNotes T1\t二\n#3\tSource T1\thttp://x\n#4\tAnnotatorNotes A1\tz\n"
	              "A1\tSure T1\n#5\tAnnotatorNotes T1\t\n"));
	expect_same(*state, TEXT, S("T1\tA␣B 0 3\t高建军\n"));
	expect_same(*state, TEXT, S("\xEF\xBB\xBFT1\tP 0 3\t高建军\n"));
}

static void bad_lines_cost_themselves(void **state)
{
	static const struct {
		const char *bad;
		enum error_code code;
	} lines[] = {
	    {"T2\tPERSON 0 2\t高建军\n", ERROR_TEXT},
	    {"T2\tPERSON 0 99\t高建军\n", ERROR_OFFSET},
	    {"T2\tPERSON 3 0\t高建军\n", ERROR_SYNTAX},
	    {"T2\tPERSON x 3\t高建军\n", ERROR_SYNTAX},
	    {"T2\tPERSON 0\n", ERROR_SYNTAX},
	    {"T2\tPERSON 0 99999999999999999999999\tx\n", ERROR_SYNTAX},
	    {"T2\tPERSON 0 2;1 3\t高建 建军\n", ERROR_OFFSET},
	    {"T1\tPERSON 0 2\t高建\n", ERROR_DUPLICATE},
	    {"T2\t0 3\t高建军\n", ERROR_SYNTAX},
	    {"T2\t 0 3\t高建军\n", ERROR_SYNTAX},
	    {"T2\tPERSON 0 3 高建军\n", ERROR_SYNTAX},
	    {"T2\tPERSON -1 3\t高建军\n", ERROR_SYNTAX},
	    {"T2\tPERSON 0 3;\t高建军\n", ERROR_SYNTAX},
	    {"T2\tPER\xFFSON 0 2\t高建\n", ERROR_ENCODING},
	    {"T2\tPERSON 0 2\t\xFF\n", ERROR_ENCODING},
	    {"R1\tholds\xFF Arg1:T1 Arg2:T3\t\n", ERROR_ENCODING},
	    {"X1\twhat\xFF\n", ERROR_ENCODING},
	    {"R1\tholds Arg1:T1 Arg2:T7\t\n", ERROR_REFERENCE},
	    {"R1\tholds\n", ERROR_SYNTAX},
	    {"E1\tTake\n", ERROR_SYNTAX},
	    {"E1\tTake:T9 Who:T1\n", ERROR_REFERENCE},
	    {"A1\tSure\n", ERROR_SYNTAX},
	    {"A1\tSure T9\n", ERROR_REFERENCE},
	    {"N1\tReference T1 Q1\n", ERROR_SYNTAX},
	    {"#1\tAnnotatorNotes T9\tx\n", ERROR_REFERENCE},
	};
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		struct buf ann = {0};
		struct heard h = {0};
		buf_addf(&ann, "T1\tPERSON 0 3\t高建军\n%sT3\tPLACE 4 6\t开封\n", lines[i].bad);
		struct pair p = open_pair(*state, TEXT, buf_str(&ann), &h);
		if (h.failures != 1 || h.last != lines[i].code || h.line != 2)
			fail_msg("%s: %zu failures, line %zu, %s", lines[i].bad, h.failures, h.line,
			         h.message ? h.message : "none");
		assert_int_equal(h.counts.items[ITEM_SPAN], 2);
		assert_int_equal(h.counts.failed, 1);
		char *out = written(&p);
		assert_string_equal(out, "T1\tPERSON 0 3\t高建军\nT3\tPLACE 4 6\t开封\n");
		mem_free(out);
		close_pair(&p, &h);
		buf_free(&ann);
	}
}

/* Into an article that has spans already: what is there stays as it is, what is new comes. */
static void files_come_again(void **state)
{
	struct bench *b = *state;
	struct heard h = {0};
	struct pair p = open_pair(b, TEXT, S("T1\tPERSON 0 3\t高建军\nT2\tPLACE 4 6\t开封\n"), &h);
	assert_int_equal(h.counts.items[ITEM_SPAN], 2);
	heard_free(&h);
	char *path = put_file(b, "in/a.ann", S("T1\tPOST 4 8\t开封市长\nT2\tPLACE 4 6\t开封\nT3\tPERSON 0 3\t高建军\n"));
	assert_true(import_file(p.corpus, &brat_format, path, "a.ann", &h));
	assert_int_equal(h.failures, 0);
	assert_int_equal(h.counts.there, 2);
	assert_int_equal(h.counts.items[ITEM_SPAN], 1);
	char *said = say_corpus(p.corpus, &jsonl_format, &brat_format, true);
	assert_non_null(strstr(said, "\n0-3 \"PERSON\"\n4-6 \"PLACE\"\n4-8 \"POST\"\n"));
	mem_free(said);
	mem_free(path);
	close_pair(&p, &h);
}

/* The same behind a BOM and with CRLF, which say nothing against a file; what a broken text leaves behind is kept as lines
 * that nobody understands. */
static void bad_lines_among_crlf(void **state)
{
	struct heard h = {0};
	struct pair p = open_pair(*state, TEXT,
	                          S("\xEF\xBB\xBFT1\tPERSON 0 3\t高建军\r\nT2\tX 7 11\t长。\r\n我\r\nT3\tPLACE 4 6\t开封\r\n"), &h);
	assert_int_equal(h.failures, 1);
	assert_int_equal(h.last, ERROR_TEXT);
	assert_int_equal(h.line, 2);
	assert_int_equal(h.counts.items[ITEM_SPAN], 2);
	char *out = written(&p);
	assert_string_equal(out, "\xEF\xBB\xBFT1\tPERSON 0 3\t高建军\r\n我\r\nT3\tPLACE 4 6\t开封\r\n");
	mem_free(out);
	close_pair(&p, &h);
}

/* Lines that a newline in a text has broken are whole again. */
static void texts_over_newlines(void **state)
{
	expect_said(*state, TEXT, S("T1\tX 7 11\t长。\n他\nT2\tP 0 3\t高建军\n"), "0-3 \"P\"\n7-11 \"X\"\n");
	expect_same(*state, TEXT, S("T1\tX 7 11\t长。\n他\nT2\tP 0 3\t高建军\n"));
	expect_said(*state, TEXT, S("T1\tX 7 11\t长。 他\n"), "7-11 \"X\"\n");
	expect_same(*state, TEXT, S("T1\tX 7 11\t长。 他\n"));
}

static void units_are_found_out(void **state)
{
	const struct str text = S("𠮷野家在开封。\r\n高建军𠮷\r\n");
	static const struct {
		const char *ann, *said;
	} cases[] = {
	    {"T1\tA 0 3\t𠮷野家\nT2\tB 9 12\t高建军\n", "0-3 \"A\"\n9-12 \"B\"\n"},
	    {"T1\tA 0 4\t𠮷野家\nT2\tB 10 13\t高建军\n", "0-3 \"A\"\n9-12 \"B\"\n"},
	    {"T1\tA 0 10\t𠮷野家\nT2\tB 24 33\t高建军\n", "0-3 \"A\"\n9-12 \"B\"\n"},
	    {"T1\tA 0 2\t𠮷野家\nT2\tB 9 11\t高建军\n", "0-3 \"A\"\n9-12 \"B\"\n"},
	    {"T1\tA 0 3\t𠮷野家\nT2\tB 8 11\t高建军\n", "0-3 \"A\"\n9-12 \"B\"\n"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		expect_said(*state, text, str_of(cases[i].ann), cases[i].said);
	struct heard h = {0};
	struct pair p = open_pair(*state, text, S("T1\tA 0 4\t𠮷野家\nT2\tB 10 13\t高建军\n"), &h);
	assert_int_equal(h.notices.n, 1);
	assert_string_equal(h.notices.list[0].what, "offsets are UTF-16 code units");
	char *out = written(&p);
	assert_string_equal(out, "T1\tA 0 3\t𠮷野家\nT2\tB 9 12\t高建军\n");
	mem_free(out);
	close_pair(&p, &h);
	/* More fit otherwise than as declared, but not all: nothing is guessed. */
	p = open_pair(*state, text, S("T1\tA 0 4\t𠮷野家\nT2\tB 10 13\t高建军\nT3\tC 1 2\t高\n"), &h);
	assert_int_equal(h.last, ERROR_OFFSET);
	assert_int_equal(h.counts.items[ITEM_SPAN], 0);
	close_pair(&p, &h);
}

/* ---- what was changed since ----------------------------------------------------------------------------------- */

static void change(const struct pair *p, bool (*edit)(struct group *g, struct doc *d, struct error *err))
{
	struct corpus *c = NULL;
	struct session *s = NULL;
	struct error err = {0};
	assert_true(corpus_open(p->corpus, "tester", &c, NULL));
	assert_true(session_open(c, false, &s, NULL));
	struct doc *d = session_doc(s, S("a.txt"), NULL);
	struct group *g = group_new("tester");
	if (!edit(g, d, &err))
		fail_msg("%s", err.message);
	assert_true(session_commit(s, g, NULL));
	assert_true(session_close(s, NULL));
	session_free(s);
	corpus_free(c);
}

static bool reject_t1(struct group *g, struct doc *d, struct error *err)
{
	return edit_verdict(g, d, ITEM_SPAN, S("T1"), VERDICT_REJECTED, err);
}

static bool label_t1(struct group *g, struct doc *d, struct error *err)
{
	return edit_label(g, d, S("T1"), schema_intern(set_schema(d->set), S("POST")), true, err);
}

static bool move_t1(struct group *g, struct doc *d, struct error *err)
{
	const struct fragment f = {0, 6};
	return edit_fragments(g, d, S("T1"), &f, 1, err);
}

static bool attribute_t1(struct group *g, struct doc *d, struct error *err)
{
	return edit_attribute(g, d, S("T1"), S("Sure"), S("no"), err) &&
	       edit_attribute(g, d, S("T1"), S("New"), S("yes"), err) &&
	       edit_note(g, d, ITEM_SPAN, S("T1"), S("一\n二"), err);
}

static bool add_span(struct group *g, struct doc *d, struct error *err)
{
	const struct fragment f = {12, 18};
	return edit_add_span(g, d, schema_intern(set_schema(d->set), S("A B")), &f, 1, NULL, err);
}

static void expect_changed(struct bench *b, bool (*edit)(struct group *g, struct doc *d, struct error *err),
                           const char *expected)
{
	struct heard h = {0};
	struct pair p = open_pair(b, TEXT,
	                          S("T1\tP 0 3\t高建军\nT2\tTake 3 4\t任\nE1\tTake:T2 Who:T1 X:T2\nA1\tSure T1\n#1\tAnnotatorNotes "
	                            "T1\tn\nX9\tkept\n"),
	                          &h);
	assert_int_equal(h.failures, 0);
	change(&p, edit);
	char *out = written(&p);
	assert_string_equal(out, expected);
	mem_free(out);
	close_pair(&p, &h);
}

static void lines_follow_what_changed(void **state)
{
	expect_changed(*state, reject_t1, "T2\tTake 3 4\t任\nE1\tTake:T2 X:T2\nX9\tkept\n");
	expect_changed(*state, label_t1,
	               "T1\tPOST 0 3\t高建军\nT2\tTake 3 4\t任\nE1\tTake:T2 Who:T1 X:T2\nA1\tSure T1\n#1\tAnnotatorNotes "
	               "T1\tn\nX9\tkept\n");
	expect_changed(*state, move_t1,
	               "T1\tP 0 2\t高建\nT2\tTake 3 4\t任\nE1\tTake:T2 Who:T1 X:T2\nA1\tSure T1\n#1\tAnnotatorNotes "
	               "T1\tn\nX9\tkept\n");
	expect_changed(*state, attribute_t1,
	               "T1\tP 0 3\t高建军\nT2\tTake 3 4\t任\nE1\tTake:T2 Who:T1 X:T2\nA1\tSure T1 no\n#1\tAnnotatorNotes "
	               "T1\t一␤二\nX9\tkept\nA2\tNew T1 yes\n");
	expect_changed(*state, add_span,
	               "T1\tP 0 3\t高建军\nT2\tTake 3 4\t任\nE1\tTake:T2 Who:T1 X:T2\nA1\tSure T1\n#1\tAnnotatorNotes "
	               "T1\tn\nX9\tkept\nT3\tA␣B 4 6\t开封\n");
}

static void imported_twice_is_there_once(void **state)
{
	struct bench *b = *state;
	const struct str ann = S("T1\tP 0 3\t高建军\nT2\tQ 4 8\t开封市长\nR1\tholds Arg1:T1 Arg2:T2\t\nA1\tSure T1\n");
	struct heard h = {0};
	struct pair p = open_pair(b, TEXT, ann, &h);
	char *path = put_file(b, "in/a.ann", ann);
	assert_true(import_file(p.corpus, &brat_format, path, "a.ann", &h));
	assert_int_equal(h.counts.there, 3);
	assert_int_equal(h.counts.changed, 0);
	char *out = written(&p);
	assert_string_equal(out, ann.p);
	mem_free(out);
	mem_free(path);
	close_pair(&p, &h);
}

/* ---- everything there and back -------------------------------------------------------------------------------- */

/* But for spans over newlines, which go out in parts. */
static struct format narrow(void)
{
	struct format f = brat_format;
	f.carry[FEATURE_NEWLINE] = CARRY_NONE;
	return f;
}

static void golden_cases_come_back(void **state)
{
	const struct format f = narrow();
	char *corpus = accepted_corpus(*state, str_of(golden_cases));
	expect_round_trip(*state, corpus, &f, ".ann");
	mem_free(corpus);
}

static void random_sets_come_back(void **state)
{
	const struct format f = narrow();
	expect_random_round_trips(*state, &f, ".ann");
}

static void newlines_cut_spans(void **state)
{
	struct bench *b = *state;
	struct pair p = {accepted_corpus(b, S("{\"file\":\"a.txt\",\"text\":\"甲乙\\r\\n丙\\n\\n丁\",\"spans\":[{\"start\":1,"
	                                      "\"end\":8,\"label\":\"A\"},{\"start\":2,\"end\":4,\"label\":\"B\"}]}\n")),
	                 new_corpus(b)};
	char *out = written(&p);
	assert_string_equal(out, "T1\tA 1 2;4 5;7 8\t乙 丙 丁\nT2\tB 2 2\t\n");
	mem_free(out);
	close_pair(&p, &(struct heard){0});
}

/* Every beginning of a good file, and the file with every byte changed, is taken or refused, and nothing else. */
static void broken_files_are_only_errors(void **state)
{
	static const char good[] = "T1\tP 0 3\t高建军\nT2\tTake 3 4;5 6\t任 封\nE1\tTake:T2 Who:T1\nR1\tx Arg1:T1 Arg2:T2\t\n"
	                           "A1\tSure E1\nN1\tReference T1 a:b\tc\n#1\tAnnotatorNotes R1\tn\n*\tEquiv T1 T2\n";
	static const char marks[] = "\t\n :;9T\xFF";
	struct str all = {good, sizeof good - 1};
	for (size_t i = 0; i < all.n; i += 7) {
		struct heard h = {0};
		struct buf changed = {0};
		buf_add(&changed, str_sub(all, 0, i));
		if (i % 2) {
			buf_addc(&changed, marks[i / 14 % (sizeof marks - 1)]);
			buf_add(&changed, str_sub(all, i + 1, all.n));
		}
		struct pair p = open_pair(*state, TEXT, buf_str(&changed), &h);
		char *out = written(&p);
		mem_free(out);
		close_pair(&p, &h);
		buf_free(&changed);
	}
}

static void many_spans(void **state)
{
	struct bench *b = *state;
	struct buf text = {0}, ann = {0};
	struct heard h = {0};
	size_t n = 40000;
	for (size_t i = 0; i < n; i++) {
		buf_adds(&text, "甲乙");
		buf_addf(&ann, "T%zu\tP %zu %zu\t甲\n", i + 1, 2 * i, 2 * i + 1);
	}
	struct pair p = open_pair(b, buf_str(&text), buf_str(&ann), &h);
	assert_int_equal(h.failures, 0);
	assert_int_equal(h.counts.items[ITEM_SPAN], n);
	char *out = written(&p);
	assert_true(str_eq(str_of(out), buf_str(&ann)));
	mem_free(out);
	close_pair(&p, &h);
	buf_free(&text);
	buf_free(&ann);
}

/* ---- settings ------------------------------------------------------------------------------------------------- */

static void settings_become_a_schema(void **state)
{
	struct bench *b = *state;
	struct heard h = {0};
	char *corpus = new_corpus(b);
	mem_free(put_file(b, "in/visual.conf", S("[labels]\nPER | 人名 | P\n[drawing]\nPER\tbgColor:#ff2020\n")));
	mem_free(put_file(b, "in/kb_shortcuts.conf", S("P PER\nQ Nothing\n")));
	char *path = put_file(b, "in/annotation.conf",
	                      S("# c\n[entities]\n<POG>=PER|ORG\n!Thing\n\tPER\n\tORG\nyes\n[events]\nTake Who:<POG>, "
	                        "What?:<ENTITY>\n[relations]\nholds Arg1:PER, Arg2:ORG|yes, <REL-TYPE>:symmetric\n"
	                        "[attributes]\nNeg Arg:<EVENT>\nSure Arg:<ANY>, Value:High|Low\n"));
	assert_true(import_file(corpus, &brat_format, path, "annotation.conf", &h));
	struct corpus *c = NULL;
	assert_true(corpus_open(corpus, "tester", &c, NULL));
	const struct schema *s = corpus_schema(c);
	assert_int_equal(s->n_labels, 4);
	assert_true(schema_label(s, S("yes")) != NOWHERE);
	const struct label *per = &s->labels[schema_label(s, S("PER"))];
	assert_int_equal(per->key, 'P');
	assert_int_equal(per->color, COLOR_RED);
	size_t who = schema_relation(s, S("Who")), holds = schema_relation(s, S("holds"));
	assert_int_equal(s->relations[who].from.n, 1);
	assert_int_equal(s->relations[who].to.n, 2);
	assert_int_equal(s->relations[holds].to.n, 2);
	assert_int_equal(s->attributes[schema_attribute(s, S("Sure"))].n_values, 2);
	corpus_free(c);
	mem_free(path);
	mem_free(corpus);
	heard_free(&h);
}

static char *file_of(const char *folder, const char *name)
{
	struct buf bytes = {0};
	char *path = io_join(folder, name);
	assert_true(io_read_file(path, 1 << 20, &bytes, NULL, NULL));
	mem_free(path);
	return buf_take(&bytes);
}

/* As they came while the schema is as it was made of them; of one that was edited, events stay events. */
static void settings_come_back(void **state)
{
	static const char *const files[][2] = {
	    {"annotation.conf", "[entities]\r\n!Thing\r\n\tPER\n\tORG\n\n# 说\n[events]\nTake\tWho:PER|ORG, What{2}:<ANY>, "
	                        "Why?:Take\n[relations]\n<OVERLAP>\tArg1:PER, Arg2:ORG, <OVL-TYPE>:contain\nholds\tArg1:PER, "
	                        "Arg2:ORG, <REL-TYPE>:symmetric\n[attributes]\nNeg\tArg:<EVENT>"},
	    {"visual.conf", "[labels]\nPER | 人名\n[drawing]\nARC_DEFAULT\tcolor:black\n"},
	    {"kb_shortcuts.conf", "P\tPER\n"},
	};
	struct bench *b = *state;
	struct heard h = {0};
	struct losses losses = {0};
	char *corpus = new_corpus(b), *settings = NULL;
	for (size_t i = COUNT_OF(files); i-- > 0;) {
		struct buf name = {0};
		buf_addf(&name, "settings/%s", files[i][0]);
		mem_free(settings);
		settings = put_file(b, name.p, str_of(files[i][1]));
		buf_free(&name);
	}
	assert_true(import_file(corpus, &brat_format, settings, "annotation.conf", &h));
	assert_int_equal(h.notices.n, 5);
	mem_free(put_file(b, "in.txt", S("甲乙")));
	assert_true(import_bytes(b, corpus, &brat_format, "in.ann", S("T1\tPER 0 1\t甲\n"), &h));
	struct pot p = {.folder = new_corpus(b)};
	export_corpus(corpus, &brat_format, &p, &losses);
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		char *is = file_of(p.folder, files[i][0]);
		assert_string_equal(is, files[i][1]);
		mem_free(is);
	}
	char *yaml = file_of(corpus, "zhupi.yaml"), *at = strstr(yaml, "name: brat");
	assert_non_null(at);
	memcpy(at, "name: mine", strlen("name: mine"));
	char *path = io_join(corpus, "zhupi.yaml");
	assert_true(io_replace_file(path, str_of(yaml), NULL));
	struct pot q = {.folder = new_corpus(b)};
	export_corpus(corpus, &brat_format, &q, &losses);
	char *is = file_of(q.folder, "annotation.conf");
	if (!strstr(is, "\n[events]\nTake\tWho*:PER|ORG, What*:<ANY>, Why*:Take\n") || !strstr(is, "Neg\tArg:Take\n"))
		fail_msg("%s", is);
	mem_free(is);
	mem_free(path);
	mem_free(yaml);
	mem_free((char *)(uintptr_t)p.folder);
	mem_free((char *)(uintptr_t)q.folder);
	pot_free(&p);
	pot_free(&q);
	losses_free(&losses);
	mem_free(settings);
	mem_free(corpus);
	heard_free(&h);
}

/* ---- real files ----------------------------------------------------------------------------------------------- */

struct walk {
	struct bench *bench;
	const char *root;
	size_t files;
};

static bool try_file(void *ctx, struct str relative)
{
	struct walk *w = ctx;
	struct buf name = {0}, text = {0}, ann = {0};
	if (!str_ends(relative, S(".ann")))
		return true;
	buf_addf(&name, "%s/%.*s", w->root, (int)relative.n, relative.p);
	assert_true(io_read_file(name.p, (size_t)1 << 26, &ann, NULL, NULL));
	memcpy(name.p + name.n - 4, ".txt", 4);
	assert_true(io_read_file(name.p, (size_t)1 << 26, &text, NULL, NULL));
	buf_adds(&ann, "");
	struct heard h = {0};
	struct pair p = open_pair(w->bench, buf_str(&text), buf_str(&ann), &h);
	if (h.failures)
		fail_msg("%s: %s", name.p, h.message);
	char *out = written(&p);
	if (!str_eq(str_of(out), buf_str(&ann)))
		fail_msg("%s:\n%s", name.p, out);
	w->files++;
	mem_free(out);
	close_pair(&p, &h);
	buf_free(&name);
	buf_free(&text);
	buf_free(&ann);
	return true;
}

static void real_files_come_back(void **state)
{
	struct walk w = {.bench = *state, .root = SHARED_DATA "/brat"};
	struct stat st;
	if (stat(w.root, &st) != 0) {
		print_message("%s is not there\n", w.root);
		skip();
	}
	assert_true(io_walk(w.root, try_file, NULL, &w, NULL));
	assert_true(w.files > 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(lines_become_items, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(events_become_relations, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(files_go_out_as_they_came, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(bad_lines_cost_themselves, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(files_come_again, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(bad_lines_among_crlf, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(texts_over_newlines, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(units_are_found_out, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(lines_follow_what_changed, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(imported_twice_is_there_once, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(golden_cases_come_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(random_sets_come_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(newlines_cut_spans, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(broken_files_are_only_errors, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(many_spans, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(settings_become_a_schema, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(settings_come_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(real_files_come_back, open_bench, close_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
