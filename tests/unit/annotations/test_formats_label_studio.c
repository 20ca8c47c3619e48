/* Label Studio: tasks, predictions, relations, what is said of regions, JSON_MIN, and what comes back as it went. */
#include "formats_cases_fixture.h"

static void expect_said(struct bench *b, const char *bytes, const char *expected)
{
	expect_import(b, &label_studio_format, "in.json", bytes, expected);
}

#define REGION(id, start, end, text, label)                                                                            \
	"{\"id\":\"" id                                                                                                \
	"\",\"type\":\"labels\",\"from_name\":\"label\",\"to_name\":\"text\",\"value\":{\"start\":" start              \
	",\"end\":" end ",\"text\":\"" text "\",\"labels\":[\"" label "\"]}}"

static void tasks_are_read(void **state)
{
	expect_said(
	    *state,
	    "[{\"id\":3,\"data\":{\"text\":\"𠮷野家和人\"},\"annotations\":[{\"completed_by\":{\"id\":1,\"email\":\"a@"
	    "b\"},"
	    "\"result\":[" REGION("r1", "0", "3", "𠮷野家", "ORG") "," REGION(
	        "r2", "\"4\"", "\"5\"", "人", "PER") ",{\"type\":\"relation\",\"from_id\":\"r1\",\"to_id\":\"r2\","
	                                             "\"direction\":\"left\",\"labels\":[\"of\"]}"
	                                             ",{\"id\":\"r1\",\"type\":\"choices\",\"from_name\":\"kind\",\"to_"
	                                             "name\":\"text\",\"value\":{\"start\":0,\"end\":3,"
	                                             "\"choices\":[\"firm\"]}},{\"id\":\"x\",\"type\":\"choices\","
	                                             "\"from_name\":\"topic\",\"to_name\":\"text\",\"value\":{"
	                                             "\"choices\":[\"food\",\"news\"]}}]}]}]",
	    "# in-3.txt\n\"𠮷野家和人\"\n0-3 \"ORG\" {\"kind\":\"firm\"}\n4-5 \"PER\"\nfield topic = food\nfield topic "
	    "= news\n"
	    "relation \"of\" (4-5 \"PER\") (0-3 \"ORG\" {\"kind\":\"firm\"})\n");
}

/* What is said of a region or the whole goes back to a control of the kind that it came from. */
static void controls_come_back(void **state)
{
#define SAID(id, name, type, place, values)                                                                            \
	"{\"id\":\"" id "\",\"from_name\":\"" name "\",\"to_name\":\"text\",\"type\":\"" type "\",\"value\":{" place values "}}"
#define PLACE "\"start\":0,\"end\":2,\"text\":\"张三\","
	static const char *const said[] = {
	    SAID("r1", "tax", "taxonomy", PLACE, "\"taxonomy\":[[\"A\",\"B\"],[\"C\"]]"),
	    SAID("r1", "kind", "choices", PLACE, "\"choices\":[\"x\",\"y\"]"),
	    SAID("r1", "sure", "rating", PLACE, "\"rating\":4"),
	    SAID("r1", "free", "textarea", "\"start\":0,\"end\":2,", "\"text\":[\"t\"]"),
	    SAID("cc", "topic", "choices", "", "\"choices\":[\"one\\ntwo\"]"),
	    SAID("dd", "tree", "taxonomy", "", "\"taxonomy\":[[\"X\",\"Y\"]]"),
	    SAID("ee", "stars", "number", "", "\"number\":5"),
	};
	struct bench *b = *state;
	struct heard h = {0};
	struct losses losses = {0};
	struct pot p = {0};
	struct buf task = {0};
	char *corpus = new_corpus(b);
	buf_adds(&task, "[{\"data\":{\"text\":\"张三来\"},\"annotations\":[{\"result\":[" REGION("r1", "0", "2", "张三", "PER"));
	for (size_t i = 0; i < COUNT_OF(said); i++)
		buf_addf(&task, ",%s", said[i]);
	buf_adds(&task, "]}]}]");
	if (!import_bytes(b, corpus, &label_studio_format, "in.json", buf_str(&task), &h) || h.failures || h.losses.n)
		fail_msg("%s", h.message ? h.message : "something is lost");
	export_corpus(corpus, &label_studio_format, &p, &losses);
	for (size_t i = 0; i < COUNT_OF(said); i++) {
		const char *value = strstr(said[i], "\"from_name\""); /* ids of fields are zhupi's own */
		if (!strstr(p.out.p, value))
			fail_msg("%s\n%s", value, p.out.p);
	}
	losses_free(&losses);
	heard_free(&h);
	pot_free(&p);
	buf_free(&task);
	mem_free(corpus);
#undef SAID
#undef PLACE
}

/* Files of 2021 count UTF-16: the text that comes with each region tells. */
static void units_are_found_out(void **state)
{
	expect_said(*state,
	            "[{\"data\":{\"text\":\"𠮷野家和人\"},\"annotations\":[{\"result\":[" REGION(
	                "r1", "0", "4", "𠮷野家", "ORG") "," REGION("r2", "5", "6", "人", "PER") "]}]}]",
	            "# in-1.txt\n\"𠮷野家和人\"\n0-3 \"ORG\"\n4-5 \"PER\"\n");
}

/* The same span again is there already; another one of a second person or a model is a proposal. */
static void predictions_are_proposals(void **state)
{
	struct bench *b = *state;
	struct heard h = {0};
	size_t counts[VERDICTS] = {0};
	char *corpus = new_corpus(b);
	assert_true(
	    import_bytes(b, corpus, &label_studio_format, "in.json",
	                 S("[{\"data\":{\"text\":\"甲乙丙\"},\"predictions\":[{\"model_version\":\"m1\",\"score\":0.9,"
	                   "\"result\":[" REGION("p1", "0", "1", "甲", "A") "," REGION(
	                       "p2", "2", "3", "丙",
	                       "A") "]}],\"annotations\":[{\"was_cancelled\":true,"
	                            "\"result\":[]},{\"completed_by\":1,\"result\":[" REGION(
	                                "p1", "0", "1", "甲",
	                                "A") "]},{\"completed_by\":2,\"result\":[" REGION("q1", "1", "2", "乙",
	                                                                                  "B") "]}],\"drafts\":[{}]}]"),
	                 &h));
	assert_int_equal(h.failures, 0);
	each_article(corpus, count_verdicts, counts);
	assert_int_equal(counts[VERDICT_ACCEPTED], 1);
	assert_int_equal(counts[VERDICT_UNDECIDED], 2);
	assert_int_equal(h.losses.n, 2);
	assert_int_equal(h.notices.n, 1);
	heard_free(&h);
	mem_free(corpus);
}

static void flat_tasks_are_read(void **state)
{
	expect_said(
	    *state,
	    "[{\"id\":1,\"text\":\"甲乙\",\"label\":[{\"start\":0,\"end\":1,\"text\":\"甲\",\"labels\":[\"A\",\"B\"]}],"
	    "\"sentiment\":{\"choices\":[\"good\"]},\"annotator\":1,\"annotation_id\":2}]",
	    "# in-1.txt\n\"甲乙\"\n0-1 \"A\"\n0-1 \"B\"\nfield sentiment = good\n");
}

static void broken_tasks_cost_themselves(void **state)
{
	struct heard h = {0};
	char *said =
	    import_says(*state, &label_studio_format, "in.json",
	                "[{\"data\":{\"image\":\"/data/x.png\"},\"annotations\":[]},\n 7,\n"
	                "{\"id\":2,\"data\":{\"text\":\"甲乙\"},\"annotations\":[{\"result\":[" REGION(
	                    "a", "0", "9", "甲",
	                    "A") "," REGION("b", "0", "1", "甲",
	                                    "A") ",{\"type\":\"relation\",\"from_id\":\"a\",\"to_id\":\"b\"}]},{}]}]",
	                &h);
	assert_string_equal(said, "# in-2.txt\n\"甲乙\"\n0-1 \"A\"\n");
	assert_int_equal(h.counts.failed, 3);
	assert_int_equal(h.failures, 5);
	assert_int_equal(h.line, 3);
	mem_free(said);
	heard_free(&h);
}

/* What else an annotation, a prediction and their results say; several choices in one result; names of the settings. */
static void the_rest_goes_back(void **state)
{
	static const char tasks[] =
	    "[\n{\"data\":{\"url\":\"a\",\"text\":\"甲乙丙\",\"file\":\"t.txt\"},\"annotations\":[{\"id\":3,\"completed_by\":{\"id\":"
	    "4},\"was_cancelled\":false,\"ground_truth\":true,\"lead_time\":3.5,\"draft_created_at\":null,\"result\":[{\"id\":\"aB3\","
	    "\"from_name\":\"ner\",\"to_name\":\"zh\",\"type\":\"labels\",\"value\":{\"start\":0,\"end\":2,\"text\":\"甲乙\","
	    "\"labels\":[\"X\"]},\"origin\":\"prediction-changed\"},{\"id\":\"aB3\",\"from_name\":\"sure\",\"to_name\":\"zh\",\"type\":"
	    "\"choices\",\"value\":{\"start\":0,\"end\":2,\"text\":\"甲乙\",\"choices\":[\"a\",\"b\"]}},{\"id\":\"t1\",\"from_name\":"
	    "\"topic\",\"to_name\":\"zh\",\"type\":\"choices\",\"value\":{\"choices\":[\"p\",\"q\"]},\"origin\":\"manual\"}]}],"
	    "\"predictions\":[{\"id\":9,\"model_version\":\"m1\",\"score\":0.5,\"result\":[{\"id\":\"z9\",\"from_name\":\"ner\","
	    "\"to_name\":\"zh\",\"type\":\"labels\",\"value\":{\"start\":2,\"end\":3,\"text\":\"丙\",\"labels\":[\"X\"]},\"score\":"
	    "0.25}]}],\"project\":2,\"is_labeled\":true}\n]\n";
	struct bench *b = *state;
	struct heard h = {0};
	struct pot p = {0};
	struct export_job job = export_job_of(&label_studio_format, &p);
	char *corpus = new_corpus(b);
	assert_true(import_bytes(b, corpus, &label_studio_format, "in.json", str_of(tasks), &h));
	assert_int_equal(h.failures, 0);
	for (enum verdict v = 0; v < VERDICTS; v++)
		job.verdicts[v] = true;
	assert_true(label_studio_format.begin(&job, NULL));
	each_article(corpus, export_one, &job);
	assert_true(label_studio_format.end(&job, NULL));
	assert_string_equal(p.out.p, tasks);
	pot_free(&p);
	losses_free(&job.losses);
	heard_free(&h);
	mem_free(corpus);
}

static void golden_cases_come_back(void **state)
{
	char *corpus = accepted_corpus(*state, str_of(golden_cases));
	expect_round_trip(*state, corpus, &label_studio_format, ".json");
	mem_free(corpus);
}

static void random_articles_come_back(void **state)
{
	expect_random_round_trips(*state, &label_studio_format, ".json");
}

static void shared_files_are_read(void **state)
{
	static const char *const names[] = {"label-studio/converter-tests/test_export_csv/csv_test.json",
	                                    "label-studio/converter-tests/test_export_csv/csv_test2.json",
	                                    "label-studio/converter-tests/test_export_csv/csv_test_history.json",
	                                    "label-studio/converter-tests/test_export_json_min/data.json"};
	struct bench *b = *state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct buf bytes = {0};
		struct heard h = {0};
		shared_file(names[i], &bytes);
		char *corpus = new_corpus(b);
		assert_true(import_bytes(b, corpus, &label_studio_format, "in.json", buf_str(&bytes), &h));
		assert_true(h.counts.objects > 0);
		expect_round_trip(b, corpus, &label_studio_format, ".json");
		heard_free(&h);
		mem_free(corpus);
		buf_free(&bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(tasks_are_read, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(controls_come_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(units_are_found_out, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(predictions_are_proposals, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(flat_tasks_are_read, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(broken_tasks_cost_themselves, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(the_rest_goes_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(golden_cases_come_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(random_articles_come_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(shared_files_are_read, open_bench, close_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
