/* Prodigy: rows with and without tokens, answers, relations by tokens, and what comes back as it went. */
#include "formats_cases_fixture.h"

static void expect_said(struct bench *b, const char *bytes, const char *expected)
{
	expect_import(b, &prodigy_format, "in.jsonl", bytes, expected);
}

static void rows_are_read(void **state)
{
	expect_said(*state,
	            "{\"text\":\"𠮷野家\",\"spans\":[{\"start\":0,\"end\":3,\"label\":\"ORG\",\"kb_id\":\"Q1\"}]}\n",
	            "# in-1.txt\n\"𠮷野家\"\n0-3 \"ORG\" links [{\"db\":\"\",\"id\":\"Q1\"}]\n");
	expect_said(*state, "{\"text\":\"甲\",\"meta\":{\"file\":\"b.txt\"},\"answer\":\"accept\"}\n",
	            "# b.txt\n\"甲\"\n");
}

static void relations_join_last_tokens(void **state)
{
	expect_said(
	    *state,
	    "{\"text\":\"a b "
	    "c\",\"tokens\":[{\"text\":\"a\",\"start\":0,\"end\":1,\"id\":0},{\"text\":\"b\",\"start\":2,\"end\":3,"
	    "\"id\":1},{\"text\":\"c\",\"start\":4,\"end\":5,\"id\":2}],\"spans\":[{\"start\":0,\"end\":3,\"token_"
	    "start\":0,"
	    "\"token_end\":1,\"label\":\"X\"}],\"relations\":[{\"head\":1,\"child\":2,\"label\":\"R\"}],\"answer\":"
	    "\"accept\"}\n",
	    "# in-1.txt\n\"a b c\"\n0-3 \"X\"\n4-5 \"token\"\nrelation \"R\" (0-3 \"X\") (4-5 \"token\")\n");
	expect_said(*state,
	            "{\"text\":\"甲乙\",\"spans\":[{\"start\":0,\"end\":1,\"label\":\"X\"},{\"start\":1,\"end\":2,"
	            "\"label\":\"Y\"}],"
	            "\"relations\":[{\"head\":0,\"child\":1,\"head_span\":{\"start\":1,\"end\":2,\"label\":\"Y\"},"
	            "\"child_span\":{"
	            "\"start\":0,\"end\":1,\"label\":\"X\"},\"label\":\"R\"}],\"answer\":\"accept\"}\n",
	            "# in-1.txt\n\"甲乙\"\n0-1 \"X\"\n1-2 \"Y\"\nrelation \"R\" (1-2 \"Y\") (0-1 \"X\")\n");
}

static void answers_are_verdicts(void **state)
{
	struct bench *b = *state;
	struct heard h = {0};
	size_t counts[VERDICTS] = {0};
	char *corpus = new_corpus(b);
	assert_true(import_bytes(
	    b, corpus, &prodigy_format, "in.jsonl",
	    S("{\"text\":\"甲\",\"spans\":[{\"start\":0,\"end\":1,\"label\":\"A\"}],\"answer\":\"accept\"}\n"
	      "{\"text\":\"乙\",\"spans\":[{\"start\":0,\"end\":1,\"label\":\"A\",\"score\":0.5,\"source\":\"m\"}],"
	      "\"answer\":\"reject\"}\n"
	      "{\"text\":\"丙丁\",\"spans\":[{\"start\":0,\"end\":1,\"label\":\"A\"},{\"start\":1,\"end\":2,\"label\":"
	      "\"A\"}],"
	      "\"answer\":\"reject\"}\n"
	      "{\"text\":\"戊\",\"spans\":[{\"start\":0,\"end\":1,\"label\":\"A\"}],\"answer\":\"ignore\"}\n"
	      "{\"text\":\"己庚\",\"spans\":[{\"start\":0,\"end\":1,\"label\":\"A\",\"answer\":\"reject\"},{\"start\":"
	      "1,\"end\":2,"
	      "\"label\":\"A\",\"answer\":\"accept\"}]}\n"),
	    &h));
	assert_int_equal(h.failures, 0);
	each_article(corpus, count_verdicts, counts);
	assert_int_equal(counts[VERDICT_ACCEPTED], 2);
	assert_int_equal(counts[VERDICT_REJECTED], 2);
	assert_int_equal(counts[VERDICT_UNDECIDED], 3);
	heard_free(&h);
	mem_free(corpus);
}

static void broken_rows_cost_themselves(void **state)
{
	struct heard h = {0};
	char *said = import_says(*state, &prodigy_format, "in.jsonl",
	    "{\"text\":\"甲乙\",\"spans\":[{\"start\":0,\"end\":1},{\"start\":0,\"end\":7,\"label\":\"A\"},{\"start\":"
	    "-1,\"end\":1,\"label\":\"A\"},{\"start\":0,\"end\":1,\"label\":\"A\"}],\"relations\":[{\"head\":5,"
	    "\"child\":0,\"label\":\"R\"}]}\n"
	    "{\"spans\":[]}\n{\"text\":\"\n{\"text\":\"丙\",\"spans\":{}}\n",
	    &h);
	assert_string_equal(said, "# in-1.txt\n\"甲乙\"\n0-1 \"A\"\n# in-4.txt\n\"丙\"\n");
	assert_int_equal(h.counts.failed, 3);
	assert_int_equal(h.failures, 6);
	mem_free(said);
	heard_free(&h);
}

static void tokens_cover_spans(void **state)
{
	static const char line[] =
	    "{\"file\":\"a.txt\",\"text\":\"开封 ab12 　x\",\"spans\":[{\"start\":1,\"end\":5,\"label\":\"A\"},"
	    "{\"start\":7,\"end\":9,\"label\":\"B\"}]}\n";
	struct bench *b = *state;
	char *corpus = accepted_corpus(b, str_of(line));
	struct pot p = {0};
	struct losses losses = {0};
	struct node *row;
	export_corpus(corpus, &prodigy_format, &p, &losses);
	assert_true(json_read(buf_str(&p.out), "row", 1, &row, NULL));
	struct buf tokens = {0};
	const struct node *list = node_get(row, S("tokens")), *spans = node_get(row, S("spans"));
	for (size_t i = 0; i < list->n; i++)
		buf_addf(&tokens, "%s/%s/%s%s", node_get_text(list->items[i], S("start")).p,
		         node_get_text(list->items[i], S("end")).p, node_get_text(list->items[i], S("text")).p,
		         node_get_text(list->items[i], S("ws")).p[0] == 't' ? "_ " : " ");
	assert_string_equal(tokens.p, "0/1/开 1/2/封_ 3/5/ab 5/7/12 7/8/  8/9/　 9/10/x ");
	assert_true(str_eq(node_get_text(spans->items[0], S("token_start")), S("1")));
	assert_true(str_eq(node_get_text(spans->items[0], S("token_end")), S("2")));
	assert_true(str_eq(node_get_text(spans->items[1], S("token_start")), S("4")));
	assert_true(str_eq(node_get_text(spans->items[1], S("token_end")), S("5")));
	node_free(row);
	buf_free(&tokens);
	pot_free(&p);
	losses_free(&losses);
	mem_free(corpus);
}

/* Rows as they came and as they go, when nobody changed anything. */
static void expect_rows(struct bench *b, const char *in, const char *out)
{
	struct heard h = {0};
	struct pot p = {0};
	struct export_job job = export_job_of(&prodigy_format, &p);
	char *corpus = new_corpus(b);
	assert_true(import_bytes(b, corpus, &prodigy_format, "in.jsonl", str_of(in), &h));
	if (h.failures)
		fail_msg("%s", h.message);
	for (enum verdict v = 0; v < VERDICTS; v++)
		job.verdicts[v] = true;
	each_article(corpus, export_one, &job);
	assert_string_equal(p.out.p, out);
	pot_free(&p);
	losses_free(&job.losses);
	heard_free(&h);
	mem_free(corpus);
}

#define TOKEN_A "{\"text\":\"甲\",\"start\":0,\"end\":1,\"id\":0,\"ws\":false}"
#define TOKEN_B "{\"text\":\"乙\",\"start\":1,\"end\":2,\"id\":1,\"ws\":false}"

/* Spans say no token, a relation joins a word that is no span, null is no label; source, type and colour are kept. */
static void words_stay_words(void **state)
{
	expect_rows(*state,
	            "{\"text\":\"甲乙\",\"tokens\":[" TOKEN_A "," TOKEN_B "],\"spans\":[{\"start\":0,\"end\":1,\"label\":\"X\","
	            "\"source\":\"m\",\"type\":\"span\"}],\"relations\":[{\"head\":0,\"child\":1,\"label\":\"R\",\"color\":\"#fff\","
	            "\"child_span\":{\"start\":1,\"end\":2,\"label\":null}}],"
	            "\"answer\":\"accept\",\"_view_id\":\"relations\"}\n",
	            "{\"text\":\"甲乙\",\"meta\":{\"file\":\"in-1.txt\"},\"tokens\":[" TOKEN_A "," TOKEN_B
	            "],\"spans\":[{\"start\":0,\"end\":1,\"token_start\":0,\"token_end\":0,\"label\":\"X\",\"source\":\"m\",\"type\":"
	            "\"span\"}],\"relations\":[{\"head\":0,\"child\":1,\"head_span\":{\"start\":0,\"end\":1,\"token_start\":0,"
	            "\"token_end\":0,\"label\":\"X\"},\"child_span\":{\"start\":1,\"end\":2,\"token_start\":1,\"token_end\":1,"
	            "\"label\":null},\"label\":\"R\",\"color\":\"#fff\"}],\"answer\":\"accept\",\"_view_id\":\"relations\"}\n");
}

/* What nobody answered is not accepted; true, null and numbers stay what they are; a span tells what its row does not. */
static void answers_go_out(void **state)
{
	expect_rows(*state,
	            "{\"text\":\"甲乙\",\"tokens\":[],\"meta\":{\"seed\":true,\"n\":[0.5,null,\"true\"]},\"label\":\"L\",\"session\":null}\n"
	            "{\"text\":\"甲乙\",\"spans\":[{\"start\":0,\"end\":1,\"label\":\"A\",\"answer\":\"accept\"},"
	            "{\"start\":1,\"end\":2,\"label\":\"A\"}],\"answer\":\"ignore\"}\n",
	            "{\"text\":\"甲乙\",\"meta\":{\"seed\":true,\"n\":[0.5,null,\"true\"],\"file\":\"in-1.txt\"},\"tokens\":[" TOKEN_A
	            "," TOKEN_B "],\"spans\":[],\"label\":\"L\",\"session\":null}\n"
	            "{\"text\":\"甲乙\",\"meta\":{\"file\":\"in-2.txt\"},\"tokens\":[" TOKEN_A "," TOKEN_B
	            "],\"spans\":[{\"start\":0,\"end\":1,\"token_start\":0,\"token_end\":0,\"label\":\"A\"},{\"start\":1,\"end\":2,"
	            "\"token_start\":1,\"token_end\":1,\"label\":\"A\",\"answer\":\"ignore\"}],\"answer\":\"accept\",\"_view_id\":"
	            "\"ner_manual\"}\n");
}

static void golden_cases_come_back(void **state)
{
	char *corpus = accepted_corpus(*state, str_of(golden_cases));
	expect_round_trip(*state, corpus, &prodigy_format, ".jsonl");
	mem_free(corpus);
}

static void random_articles_come_back(void **state)
{
	expect_random_round_trips(*state, &prodigy_format, ".jsonl");
}

static void shared_files_are_read(void **state)
{
	static const char *const names[] = {"prodigy/annotated_news_headlines-ORG-PERSON-LOCATION-ner.jsonl",
	                                    "prodigy/bio_events.jsonl"};
	static const size_t spans[] = {303, 422};
	struct bench *b = *state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct buf bytes = {0};
		struct heard h = {0};
		shared_file(names[i], &bytes);
		char *corpus = new_corpus(b);
		assert_true(import_bytes(b, corpus, &prodigy_format, "in.jsonl", buf_str(&bytes), &h));
		if (h.failures)
			fail_msg("%s: %s", names[i], h.message);
		assert_int_equal(h.counts.items[ITEM_SPAN] + h.counts.there, spans[i]);
		expect_round_trip(b, corpus, &prodigy_format, ".jsonl");
		heard_free(&h);
		mem_free(corpus);
		buf_free(&bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(rows_are_read, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(relations_join_last_tokens, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(answers_are_verdicts, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(broken_rows_cost_themselves, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(tokens_cover_spans, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(words_stay_words, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(answers_go_out, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(golden_cases_come_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(random_articles_come_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(shared_files_are_read, open_bench, close_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
