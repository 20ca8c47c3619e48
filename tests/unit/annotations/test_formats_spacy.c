/* spaCy: its three shapes, tags on tokens, entities that must not overlap, and what comes back as it went. */
#include "formats_cases_fixture.h"

static void expect_said(struct bench *b, const char *bytes, const char *expected)
{
	expect_import(b, &spacy_format, "in.json", bytes, expected);
}

static void examples_are_read(void **state)
{
	static const char expected[] = "# in-1.txt\n\"𠮷野家\"\n0-3 \"ORG\"\nfield cats = NEWS\n";
	expect_said(*state, "[[\"𠮷野家\",{\"entities\":[[0,3,\"ORG\"]],\"cats\":{\"NEWS\":1.0,\"SPORT\":0.0}}]]",
	            expected);
	expect_said(*state, "[\n[\"𠮷野家\",\n{\"entities\":[[0,3,\"ORG\"]],\"cats\":{\"NEWS\":true}}]\n]\n",
	            "# in-2.txt\n\"𠮷野家\"\n0-3 \"ORG\"\nfield cats = NEWS\n");
	expect_said(*state, "[\"甲\",{\"entities\":[]}]\n[\"乙\",{\"entities\":[[0,1,\"A\"]]}]\n",
	            "# in-1.txt\n\"甲\"\n# in-2.txt\n\"乙\"\n0-1 \"A\"\n");
	expect_said(*state,
	            "{\"text\":\"甲乙\",\"ents\":[{\"start\":0,\"end\":1,\"label\":\"A\"}],\"spans\":{\"sc\":[{"
	            "\"start\":0,\"end\":2,"
	            "\"label\":\"B\",\"kb_id\":\"Q1\"}]}}\n",
	            "# in-1.txt\n\"甲乙\"\n0-1 \"A\"\n0-2 \"B\" links [{\"db\":\"\",\"id\":\"Q1\"}]\n");
}

static void documents_are_read(void **state)
{
	static const char tokens[] = "\"sentences\":[{\"tokens\":[{\"id\":0,\"orth\":\"Li\",\"ner\":\"B-PER\"},{\"id\":"
	                             "1,\"orth\":\"Bai\",\"ner\":\"L-PER\"},{\"id\":2,"
	                             "\"orth\":\"met\",\"ner\":\"O\"},{\"id\":3,\"orth\":\"Du\",\"ner\":\"U-PER\"},{"
	                             "\"id\":4,\"orth\":\"Fu\",\"ner\":\"U-PER\"}]}]";
	struct buf with = {0}, without = {0};
	buf_addf(&with, "[{\"id\":7,\"paragraphs\":[{\"raw\":\"Li  Bai met\\nDu Fu\",%s}]}]", tokens);
	buf_addf(&without, "[{\"id\":7,\"paragraphs\":[{%s}]}]", tokens);
	expect_said(*state, with.p, "# in-7.txt\n\"Li  Bai met\\nDu Fu\"\n0-7 \"PER\"\n12-14 \"PER\"\n15-17 \"PER\"\n");
	expect_said(*state, without.p, "# in-7.txt\n\"Li Bai met Du Fu\"\n0-6 \"PER\"\n11-13 \"PER\"\n14-16 \"PER\"\n");
	buf_free(&with);
	buf_free(&without);
}

/* Quotes and brackets as treebanks have them, blanks that are tokens, categories of a paragraph; what else tokens say. */
static void treebanks_are_read(void **state)
{
	struct bench *b = *state;
	struct heard h = {0};
	char *corpus = new_corpus(b);
	assert_true(import_bytes(
	    b, corpus, &spacy_format, "in.json",
	    S("[{\"id\":7,\"paragraphs\":[{\"raw\":\"\\\"Li\\\"\\n(a)\",\"sentences\":[{\"tokens\":[{\"orth\":\"``\",\"ner\":\"O\",\"tag\":"
	      "\"``\"},{\"orth\":\"Li\",\"ner\":\"U-PER\"},{\"orth\":\"''\",\"ner\":\"O\"},{\"orth\":\"\\n\",\"ner\":\"O\"},{\"orth\":\"-LRB-"
	      "\",\"ner\":\"O\"},{\"orth\":\"a\",\"ner\":\"B-X\"},{\"orth\":\"-RRB-\",\"ner\":\"L-X\"}]}],\"cats\":[{\"label\":\"N\",\"value\":"
	      "1.0},{\"label\":\"M\",\"value\":0.0}]}]}]"),
	    &h));
	char *said = say_corpus(corpus, &jsonl_format, &jsonl_format, true);
	assert_string_equal(said, "# in-7.txt\n\"\\\"Li\\\"\\n(a)\"\n1-3 \"PER\"\n6-8 \"X\"\nfield cats = N\n");
	assert_int_equal(h.failures, 0);
	assert_int_equal(h.losses.n, 1);
	assert_string_equal(h.losses.list[0].what, "tokens with tags, heads or the like");
	mem_free(said);
	heard_free(&h);
	mem_free(corpus);
}

/* What is not of a category, and groups by their names. */
static void examples_go_out_as_they_came(void **state)
{
	static const char line[] = "{\"text\":\"甲乙\",\"file\":\"a.txt\",\"entities\":[[0,1,\"A\"]],\"spans\":{\"people\":[[1,2,\"B\"]]},"
	                           "\"cats\":{\"GOOD\":0.5,\"BAD\":0.0},\"tokens\":[{\"id\":0,\"start\":0,\"end\":1},{\"id\":1,\"start\":1,"
	                           "\"end\":2}],\"meta\":{\"seen\":true}}\n";
	struct bench *b = *state;
	struct heard h = {0};
	struct pot p = {0};
	struct losses losses = {0};
	char *corpus = new_corpus(b);
	assert_true(import_bytes(b, corpus, &spacy_format, "in.jsonl", str_of(line), &h));
	export_corpus(corpus, &spacy_format, &p, &losses);
	assert_string_equal(p.out.p, line);
	pot_free(&p);
	losses_free(&losses);
	heard_free(&h);
	mem_free(corpus);
}

static void entities_do_not_overlap(void **state)
{
	struct bench *b = *state;
	char *corpus = accepted_corpus(
	    b, S("{\"file\":\"a.txt\",\"text\":\"甲乙丙丁\",\"spans\":[{\"start\":0,\"end\":3,\"label\":\"A\"},{"
	         "\"start\":1,\"end\":2,\"label\":\"B\"},{\"start\":3,\"end\":4,\"label\":\"C\"}]}\n"));
	struct pot p = {0};
	struct losses losses = {0};
	export_corpus(corpus, &spacy_format, &p, &losses);
	assert_non_null(strstr(p.out.p, "\"entities\":[[0,3,\"A\"],[3,4,\"C\"]]"));
	assert_non_null(strstr(p.out.p, "\"sc\":[[0,3,\"A\"],[1,2,\"B\"],[3,4,\"C\"]]"));
	pot_free(&p);
	losses_free(&losses);
	mem_free(corpus);
}

static void broken_examples_cost_themselves(void **state)
{
	struct bench *b = *state;
	struct heard h = {0};
	char *corpus = new_corpus(b);
	assert_true(import_bytes(
	    b, corpus, &spacy_format, "in.json",
	    S("[[\"甲乙\",{\"entities\":[[0,9,\"A\"],[0,1,\"B\"],[0],[0,1,2]]}],[1],{\"text\":3},\"x\","
	      "{\"paragraphs\":[{\"raw\":\"甲\",\"sentences\":[{\"tokens\":[{\"orth\":\"乙\",\"ner\":\"U-A\"}]}]}]}]"),
	    &h));
	char *said = say_corpus(corpus, &jsonl_format, &jsonl_format, true);
	assert_string_equal(said, "# in-1.txt\n\"甲乙\"\n0-1 \"2\"\n0-1 \"B\"\n# in.txt\n\"甲\"\n");
	assert_int_equal(h.counts.failed, 5);
	mem_free(said);
	mem_free(corpus);
	heard_free(&h);
}

static void golden_cases_come_back(void **state)
{
	char *corpus = accepted_corpus(*state, str_of(golden_cases));
	expect_round_trip(*state, corpus, &spacy_format, ".jsonl");
	mem_free(corpus);
}

static void random_articles_come_back(void **state)
{
	expect_random_round_trips(*state, &spacy_format, ".jsonl");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(examples_are_read, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(documents_are_read, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(treebanks_are_read, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(examples_go_out_as_they_came, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(entities_do_not_overlap, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(broken_examples_cost_themselves, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(golden_cases_come_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(random_articles_come_back, open_bench, close_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
