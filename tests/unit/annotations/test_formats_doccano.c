/* doccano: its shapes, units that are found out, broken objects, and what comes back as it went. */
#include "formats_cases_fixture.h"

static void expect_said(struct bench *b, const char *bytes, const char *expected)
{
	expect_import(b, &doccano_format, "in.jsonl", bytes, expected);
}

static void all_shapes_are_read(void **state)
{
	static const char expected[] = "# in-1.txt\n\"EU rejects\"\n0-2 \"ORG\"\n";
	expect_said(*state, "{\"text\":\"EU rejects\",\"label\":[[0,2,\"ORG\"]]}\n", expected);
	expect_said(*state, "{\"text\":\"EU rejects\",\"labels\":[[0,2,\"ORG\"]]}\n", expected);
	expect_said(*state, "{\"text\":\"EU rejects\",\"entities\":[[0,2,\"ORG\"]]}\n", expected);
	expect_said(*state,
	            "{\"text\":\"EU rejects\",\"annotations\":[{\"label\":\"ORG\",\"start_offset\":0,\"end_offset\":2,"
	            "\"user\":1}]}\n",
	            expected);
	expect_said(
	    *state,
	    "{\"text\": \"EU rejects\",\n \"entities\": [\n{\"id\": 0, \"label\": \"ORG\", \"start_offset\": 0,\n"
	    "\"end_offset\": "
	    "2},{\"id\":1,\"label\":\"V\",\"start_offset\":3,\"end_offset\":10}],\"relations\":[{\"id\":"
	    "0,\"from_id\":0,\"to_id\":1,\"type\":\"subject\"}]}\n",
	    "# in-1.txt\n\"EU rejects\"\n0-2 \"ORG\"\n3-10 \"V\"\nrelation \"subject\" (0-2 \"ORG\") (3-10 \"V\")\n");
	static const char *const pairs[] = {
	    "{\"data\":\"EU rejects\",\"label\":{\"entities\":[{\"id\":4,\"label\":\"ORG\",\"start_offset\":0,\"end_offset\":2},{\"id\":"
	    "5,\"label\":\"V\",\"start_offset\":3,\"end_offset\":10}],\"relations\":[{\"id\":0,\"from_id\":4,\"to_id\":5,\"type\":\"s\"}]}}\n",
	    "{\"data\":\"EU rejects\",\"label\":{\"relations\":[{\"id\":4,\"label\":\"ORG\",\"start_offset\":0,\"end_offset\":2},{\"id\":"
	    "5,\"label\":\"V\",\"start_offset\":3,\"end_offset\":10}],\"entities\":[{\"id\":0,\"from_id\":4,\"to_id\":5,\"type\":\"s\"}]}}\n"};
	for (size_t i = 0; i < COUNT_OF(pairs); i++)
		expect_said(*state, pairs[i],
		            "# in-1.txt\n\"EU rejects\"\n0-2 \"ORG\"\n3-10 \"V\"\nrelation \"s\" (0-2 \"ORG\") (3-10 \"V\")\n");
	expect_said(*state, "{\"text\":\"a\",\"label\":[],\"cats\":[\"news\"],\"Comments\":[\"look\"]}\n",
	            "# in-1.txt\n\"a\"\nfield cats = news\nnote \"look\"\n");
}

/* What fits is taken: the page's code units, code points where units would divide a pair, clusters of the mode for
 * them. */
static void units_are_found_out(void **state)
{
	expect_said(*state, "{\"text\":\"𠮷野家和人\",\"label\":[[0,4,\"ORG\"],[5,6,\"P\"]]}\n",
	            "# in-1.txt\n\"𠮷野家和人\"\n0-3 \"ORG\"\n4-5 \"P\"\n");
	expect_said(*state, "{\"text\":\"𠮷野\",\"label\":[[0,1,\"A\"],[0,2,\"B\"]]}\n",
	            "# in-1.txt\n\"𠮷野\"\n0-1 \"A\"\n0-2 \"B\"\n");
}

static void broken_objects_cost_themselves(void **state)
{
	struct heard h = {0};
	char *said =
	    import_says(*state, &doccano_format, "in.jsonl",
	                "{\"text\":\"甲乙\",\"label\":[[0,9,\"A\"],[0,1,\"B\"],[0,1],[\"x\",1,\"C\"],[2,0,\"D\"]]}\n"
	                "{\"label\":[[0,1,\"PER\"]]}\n"
	                "not json\n"
	                "[1]\n"
	                "{\"text\":\"丙\",\"entities\":7,\"relations\":[{\"from_id\":1}]}\n"
	                "{\"text\":\"丁\",\"label\":[[0,1,\"P\"]]}\n",
	                &h);
	assert_string_equal(said,
	                    "# in-1.txt\n\"甲乙\"\n0-1 \"B\"\n# in-5.txt\n\"丙\"\n# in-6.txt\n\"丁\"\n0-1 \"P\"\n");
	assert_int_equal(h.counts.objects, 6);
	assert_int_equal(h.counts.failed, 5);
	assert_int_equal(h.failures, 9);
	mem_free(said);
	heard_free(&h);
}

static void what_zhupi_has_no_place_for_comes_back(void **state)
{
	static const char line[] =
	    "{\"text\":\"甲乙\",\"file\":\"a.txt\",\"label\":[[0,1,\"A\"]],\"id\":7,\"wiki\":{\"page\":[1,2]}}\n";
	struct bench *b = *state;
	struct heard h = {0};
	char *corpus = new_corpus(b), *folder = new_corpus(b);
	assert_true(import_bytes(b, corpus, &doccano_format, "in.jsonl", str_of(line), &h));
	struct pot p = {.folder = folder};
	struct losses losses = {0};
	export_corpus(corpus, &doccano_format, &p, &losses);
	assert_string_equal(p.out.p, line);
	assert_int_equal(losses.n, 0);
	pot_free(&p);
	heard_free(&h);
	mem_free(corpus);
	mem_free(folder);
}

/* The article was there, with a sidecar that has no such key. */
static void what_is_kept_joins_a_sidecar(void **state)
{
	struct bench *b = *state;
	struct heard h = {0};
	char *corpus = accepted_corpus(b, S("{\"file\":\"a.txt\",\"text\":\"甲乙\",\"notes\":[\"n\"]}\n"));
	assert_true(import_bytes(b, corpus, &doccano_format, "in.jsonl",
	                         S("{\"text\":\"甲乙\",\"file\":\"a.txt\",\"label\":[[0,1,\"A\"]],\"wiki\":7}\n"), &h));
	assert_int_equal(h.failures, 0);
	struct pot p = {0};
	struct losses losses = {0};
	export_corpus(corpus, &doccano_format, &p, &losses);
	assert_non_null(strstr(p.out.p, "\"wiki\":7"));
	pot_free(&p);
	losses_free(&losses);
	heard_free(&h);
	mem_free(corpus);
}

/* Numbers stay, but for those that are another's; lists of a text that is classed stay lists; true stays true. */
static void files_go_out_as_they_came(void **state)
{
	static const char lines[] =
	    "{\"text\":\"甲乙丙\",\"file\":\"a.txt\",\"entities\":[{\"id\":31,\"label\":\"A\",\"start_offset\":0,\"end_offset\":1},"
	    "{\"id\":7,\"label\":\"B\",\"start_offset\":1,\"end_offset\":3}],\"relations\":[{\"id\":4,\"from_id\":7,\"to_id\":31,"
	    "\"type\":\"R\"}],\"id\":12,\"confirmed\":true}\n"
	    "{\"text\":\"甲乙丙\",\"file\":\"b.txt\",\"entities\":[[0,1,\"A\"],[1,3,\"B\"]],\"cats\":[\"good\"]}\n";
	struct bench *b = *state;
	struct heard h = {0};
	struct pot p = {0};
	struct losses losses = {0};
	char *corpus = new_corpus(b);
	assert_true(import_bytes(b, corpus, &doccano_format, "in.jsonl", str_of(lines), &h));
	assert_int_equal(h.failures, 0);
	export_corpus(corpus, &doccano_format, &p, &losses);
	assert_string_equal(p.out.p, lines);
	pot_free(&p);
	losses_free(&losses);
	heard_free(&h);
	mem_free(corpus);
	const struct format *f = format_recognise(S("{\n  \"id\": 1,\n  \"text\": \"甲\",\n  \"entities\": [\n    "
	                                            "{\"id\": 0, \"start_offset\": 0"), "x.jsonl", NULL);
	assert_ptr_equal(f, &doccano_format);
}

static void golden_cases_come_back(void **state)
{
	char *corpus = accepted_corpus(*state, str_of(golden_cases));
	expect_round_trip(*state, corpus, &doccano_format, ".jsonl");
	mem_free(corpus);
}

static void random_articles_come_back(void **state)
{
	expect_random_round_trips(*state, &doccano_format, ".jsonl");
}

static void losses_are_counted(void **state)
{
	struct bench *b = *state;
	char *corpus = accepted_corpus(b, str_of(golden_cases));
	struct pot p = {0};
	struct losses losses = {0};
	export_corpus(corpus, &doccano_format, &p, &losses);
	uint64_t fragments = 0, empty = 0, attributes = 0;
	for (size_t i = 0; i < losses.n; i++) {
		fragments += strcmp(losses.list[i].what, "spans discontinuous") == 0 ? losses.list[i].count : 0;
		empty += strcmp(losses.list[i].what, "spans zero-width") == 0 ? losses.list[i].count : 0;
		attributes += strcmp(losses.list[i].what, "spans with attributes") == 0 ? losses.list[i].count : 0;
	}
	assert_int_equal(fragments, 1);
	assert_int_equal(empty, 3);
	assert_int_equal(attributes, 2);
	losses_free(&losses);
	pot_free(&p);
	mem_free(corpus);
}

static void shared_files_are_read(void **state)
{
	static const char *const names[] = {
	    "doccano/backend/data_export/pipeline/examples/relation_extraction/example.jsonl",
	    "doccano/backend/data_export/pipeline/examples/sequence_labeling/example.jsonl",
	    "doccano/backend/data_import/pipeline/examples/relation_extraction/example.jsonl",
	    "doccano/backend/data_import/pipeline/examples/intent_detection/example.jsonl",
	    "doccano/backend/data_import/tests/data/relation_extraction/example.jsonl",
	    "doccano/backend/data_import/tests/data/sequence_labeling/example_overlapping.jsonl",
	    "doccano/backend/data_import/tests/data/text_classification/example.jsonl",
	};
	struct bench *b = *state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct buf bytes = {0};
		struct heard h = {0};
		shared_file(names[i], &bytes);
		char *corpus = new_corpus(b);
		assert_true(import_bytes(b, corpus, &doccano_format, "in.jsonl", buf_str(&bytes), &h));
		if (h.failures)
			fail_msg("%s: %s", names[i], h.message);
		assert_true(h.counts.objects > 0);
		expect_round_trip(b, corpus, &doccano_format, ".jsonl");
		heard_free(&h);
		mem_free(corpus);
		buf_free(&bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(all_shapes_are_read, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(units_are_found_out, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(broken_objects_cost_themselves, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(what_zhupi_has_no_place_for_comes_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(what_is_kept_joins_a_sidecar, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(files_go_out_as_they_came, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(golden_cases_come_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(random_articles_come_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(losses_are_counted, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(shared_files_are_read, open_bench, close_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
