/* W3C Web Annotations: targets, quotes that find their text again, bodies, and what comes back as it went. */
#include "formats_cases_fixture.h"

/* The texts of a corpus without what is said of them, in a new one. */
struct texts {
	struct buf lines;
};

static void add_text_line(void *ctx, struct doc *d)
{
	struct texts *t = ctx;
	buf_adds(&t->lines, "{\"file\":");
	json_write_text(&t->lines, str_of(d->file));
	buf_adds(&t->lines, ",\"text\":");
	json_write_text(&t->lines, article_text(d->article));
	buf_adds(&t->lines, "}\n");
}

static char *texts_of(struct bench *b, const char *corpus)
{
	struct texts t = {0};
	each_article(corpus, add_text_line, &t);
	char *out = accepted_corpus(b, buf_str(&t.lines));
	buf_free(&t.lines);
	return out;
}

static void expect_same(struct bench *b, const char *corpus)
{
	struct pot p = {0};
	struct losses losses = {0};
	struct heard h = {0};
	char *again = texts_of(b, corpus);
	export_corpus(corpus, &w3c_format, &p, &losses);
	assert_int_equal(losses.n, 0);
	if (!import_bytes(b, again, &w3c_format, "in.jsonld", buf_str(&p.out), &h))
		fail_msg("%s", h.message);
	if (h.failures)
		fail_msg("%s", h.message);
	char *was = say_corpus(corpus, &w3c_format, &w3c_format, true),
	     *is = say_corpus(again, &w3c_format, &w3c_format, true);
	assert_string_equal(is, was);
	mem_free(was);
	mem_free(is);
	mem_free(again);
	pot_free(&p);
	heard_free(&h);
	losses_free(&losses);
}

static char *import_said(struct bench *b, const char *text, const char *annotations, struct heard *h)
{
	struct buf line = {0};
	buf_adds(&line, "{\"file\":\"a.txt\",\"text\":");
	json_write_text(&line, str_of(text));
	buf_adds(&line, "}\n");
	char *corpus = accepted_corpus(b, buf_str(&line));
	if (!import_bytes(b, corpus, &w3c_format, "a.jsonld", str_of(annotations), h))
		fail_msg("%s", h->message);
	char *said = say_corpus(corpus, &jsonl_format, &jsonl_format, true);
	mem_free(corpus);
	buf_free(&line);
	return said;
}

static void expect_said(struct bench *b, const char *text, const char *annotations, const char *expected)
{
	struct heard h = {0};
	char *said = import_said(b, text, annotations, &h);
	if (h.failures)
		fail_msg("%s", h.message);
	assert_string_equal(said, expected);
	mem_free(said);
	heard_free(&h);
}

static void annotations_are_read(void **state)
{
	expect_said(
	    *state, "𠮷野家和人",
	    "{\"@context\":\"http://www.w3.org/ns/"
	    "anno.jsonld\",\"type\":\"Annotation\",\"body\":[{\"type\":\"TextualBody\","
	    "\"value\":\"ORG\",\"purpose\":\"tagging\"},{\"source\":\"http://kb/"
	    "Q1\",\"purpose\":\"identifying\"},{\"type\":"
	    "\"TextualBody\",\"value\":\"sic\",\"purpose\":\"commenting\"}],\"target\":{\"selector\":[{\"type\":"
	    "\"TextQuoteSelector\","
	    "\"exact\":\"𠮷野家\"},{\"type\":\"TextPositionSelector\",\"start\":0,\"end\":3}]}}",
	    "# a.txt\n\"𠮷野家和人\"\n0-3 \"ORG\" note \"sic\" links [{\"db\":\"\",\"id\":\"http://kb/Q1\"}]\n");
	expect_said(*state, "甲乙丙",
	            "{\"items\":[{\"id\":\"x:1\",\"motivation\":\"tagging\",\"body\":\"A\",\"target\":{\"source\":"
	            "\"file:a.txt\","
	            "\"selector\":{\"type\":\"TextPositionSelector\",\"start\":0,\"end\":1}}},{\"id\":\"x:2\","
	            "\"motivation\":\"tagging\","
	            "\"body\":{\"value\":\"B\"},\"target\":[{\"source\":\"a.txt\",\"selector\":{\"type\":"
	            "\"TextPositionSelector\",\"start\":"
	            "2,\"end\":3}},{\"source\":\"a.txt\",\"selector\":{\"type\":\"TextPositionSelector\",\"start\":0,"
	            "\"end\":1}}]},{"
	            "\"motivation\":\"linking\",\"body\":{\"value\":\"r\",\"purpose\":\"tagging\"},\"target\":[\"x:1\","
	            "\"x:2\"]}]}",
	            "# a.txt\n\"甲乙丙\"\n0-1 \"A\"\n0-1,2-3 \"B\"\nrelation \"r\" (0-1 \"A\") (0-1,2-3 \"B\")\n");
}

/* The article was edited since: what the quote says, with its context, is found where it is now. */
static void quotes_find_their_text(void **state)
{
	expect_said(
	    *state, "新加的一句。高建军任市长，高建军出席。",
	    "[{\"motivation\":\"tagging\",\"body\":\"P\",\"target\":{\"source\":\"a.txt\",\"selector\":[{\"type\":"
	    "\"TextPositionSelector\",\"start\":7,\"end\":10},{\"type\":\"TextQuoteSelector\",\"exact\":\"高建军\","
	    "\"prefix\":"
	    "\"任市长，\",\"suffix\":\"出席\"}]}}]",
	    "# a.txt\n\"新加的一句。高建军任市长，高建军出席。\"\n13-16 \"P\"\n");
	expect_said(*state, "甲高建军乙",
	            "[{\"motivation\":\"tagging\",\"body\":\"P\",\"target\":{\"selector\":{\"type\":"
	            "\"TextQuoteSelector\",\"exact\":"
	            "\"高建军\",\"prefix\":\"甲\"}}}]",
	            "# a.txt\n\"甲高建军乙\"\n1-4 \"P\"\n");
}

static void broken_annotations_cost_themselves(void **state)
{
	struct heard h = {0};
	char *said = import_said(
	    *state, "甲乙",
	    "[{\"motivation\":\"tagging\",\"body\":\"A\",\"target\":{\"selector\":{\"type\":\"TextPositionSelector\","
	    "\"start\":0,\"end\":1}}},"
	    "{\"body\":\"B\"},7,{\"body\":\"C\",\"target\":{\"selector\":{\"type\":\"TextPositionSelector\",\"start\":"
	    "0,\"end\":9}}},{\"body\":"
	    "\"D\",\"target\":{\"selector\":{\"type\":\"TextQuoteSelector\",\"exact\":\"没有\"}}},{\"body\":\"E\","
	    "\"target\":{\"selector\":{"
	    "\"type\":\"SvgSelector\"}}},{\"body\":\"F\",\"target\":{\"source\":\"missing.txt\",\"selector\":{\"type\":"
	    "\"TextPositionSelector\",\"start\":0,\"end\":1}}}]",
	    &h);
	assert_string_equal(said, "# a.txt\n\"甲乙\"\n0-1 \"A\"\n");
	assert_int_equal(h.failures, 6);
	mem_free(said);
	heard_free(&h);
}

/* Every way to name a place; one that is counted within a part of a page is none. */
static void selectors_are_read(void **state)
{
#define TAG(v) "\"body\":{\"type\":\"TextualBody\",\"value\":\"" v "\",\"purpose\":\"tagging\"}"
#define ON(selector) "\"target\":{\"source\":\"a.txt\",\"selector\":" selector "}"
#define AT(s, e) "{\"type\":\"TextPositionSelector\",\"start\":" s ",\"end\":" e "}"
	struct heard h = {0};
	char *said = import_said(
	    *state, "张三在北京开会",
	    "[{" TAG("A") "," ON("{\"type\":\"FragmentSelector\",\"conformsTo\":\"http://tools.ietf.org/rfc/rfc5147\",\"value\":\"char=3,5\"}") "},"
	    "{" TAG("B") "," ON("{\"type\":\"RangeSelector\",\"startSelector\":" AT("0", "1") ",\"endSelector\":" AT("3", "5") "}") "},"
	    "{" TAG("C") "," ON("{\"type\":\"CssSelector\",\"value\":\"p\",\"refinedBy\":{\"type\":\"TextQuoteSelector\",\"exact\":\"开会\"}}") "},"
	    "{\"body\":{\"type\":\"Choice\",\"items\":[{\"value\":\"D\",\"purpose\":\"tagging\"},{\"value\":\"X\",\"purpose\":\"tagging\"}]}," ON(AT("0", "2")) "},"
	    "{" TAG("E") ",\"target\":{\"type\":\"Composite\",\"items\":[{\"source\":\"a.txt\",\"selector\":" AT("0", "1") "},"
	    "{\"source\":\"a.txt\",\"selector\":" AT("5", "7") "},{\"source\":\"b.txt\",\"selector\":" AT("2", "3") "}]}},"
	    "{" TAG("F") "," ON("{\"type\":\"XPathSelector\",\"value\":\"/p[2]\",\"refinedBy\":" AT("0", "2") "}") "},"
	    "{\"body\":[{\"value\":\"G\",\"purpose\":\"tagging\"},{\"value\":\"Y\",\"purpose\":\"tagging\"}]," ON(AT("2", "3")) "}]",
	    &h);
	assert_string_equal(said, "# a.txt\n\"张三在北京开会\"\n0-1,5-7 \"E\"\n0-2 \"D\"\n0-3 \"B\"\n2-3 \"G\"\n3-5 \"A\"\n5-7 \"C\"\n");
	assert_int_equal(h.failures, 1); /* F */
	assert_int_equal(h.last, ERROR_OFFSET);
	assert_int_equal(h.losses.n, 3); /* X, Y, b.txt */
	mem_free(said);
	heard_free(&h);
#undef TAG
#undef ON
#undef AT
}

static void golden_cases_come_back(void **state)
{
	char *corpus = accepted_corpus(*state, str_of(golden_cases));
	expect_same(*state, corpus);
	mem_free(corpus);
}

static void random_articles_come_back(void **state)
{
	struct dice d = {0x5DEECE66D};
	struct buf lines = {0};
	for (size_t i = 0; i < 60; i++)
		add_random_article(&lines, &d, i);
	char *corpus = accepted_corpus(*state, buf_str(&lines));
	expect_same(*state, corpus);
	mem_free(corpus);
	buf_free(&lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(annotations_are_read, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(selectors_are_read, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(quotes_find_their_text, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(broken_annotations_cost_themselves, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(golden_cases_come_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(random_articles_come_back, open_bench, close_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
