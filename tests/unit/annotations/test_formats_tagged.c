/* hf, cluener, yedda, csv and tsv: what they say is read, what is wrong costs itself, what goes out comes back. */
#include "formats_cases_fixture.h"

static char *import_said(struct bench *b, const struct format *f, const char *name, struct str article, struct str file,
                         struct heard *h)
{
	char *corpus = new_corpus(b);
	if (article.p) {
		char *path = io_join(corpus, "in.txt");
		assert_true(io_create_file(path, article, NULL));
		mem_free(path);
	}
	(void)import_bytes(b, corpus, f, name, file, h);
	struct format all = jsonl_format;
	char *said = say_corpus(corpus, &all, f, true);
	mem_free(corpus);
	return said;
}

static void expect_said(struct bench *b, const struct format *f, const char *name, struct str article, struct str file,
                        const char *expected)
{
	struct heard h = {0};
	char *said = import_said(b, f, name, article, file, &h);
	if (h.failures || h.last)
		fail_msg("%s", h.message);
	assert_string_equal(said, expected);
	mem_free(said);
	heard_free(&h);
}

/* The second of three lines is wrong. */
static void expect_failure(struct bench *b, const struct format *f, const char *name, struct str article, struct str file,
                           enum error_code code, size_t line, size_t spans)
{
	struct heard h = {0};
	char *said = import_said(b, f, name, article, file, &h);
	if (h.failures != 1 || h.last != code || h.line != line || h.counts.items[ITEM_SPAN] != spans)
		fail_msg("%zu failures, code %d, line %zu, %llu spans: %s\n%s", h.failures, (int)h.last, h.line,
		         (unsigned long long)h.counts.items[ITEM_SPAN], h.message ? h.message : "", said);
	mem_free(said);
	heard_free(&h);
}

/* Articles go along: these formats bring no text. */
static void expect_back(struct bench *b, const char *corpus, const struct format *f, const char *suffix)
{
	struct pot p = {.folder = new_corpus(b)};
	struct export_job job = export_job_of(f, &p);
	struct heard h = {0};
	struct buf copy = {0}, name = {0};
	char *again = new_corpus(b);
	assert_true(!f->begin || f->begin(&job, NULL));
	each_article(corpus, export_one, &job);
	buf_addf(&copy, "cp %s/*.txt %s", corpus, again);
	assert_int_equal(system(copy.p), 0);
	buf_addf(&name, "again%s", suffix);
	assert_true(import_bytes(b, again, f, name.p, buf_str(&p.out), &h));
	if (h.failures)
		fail_msg("%s", h.message);
	char *was = say_corpus(corpus, f, f, true), *is = say_corpus(again, f, f, true);
	if (strcmp(was, is) != 0)
		fail_msg("%s\n---- was\n%s\n---- is\n%s\n---- file\n%s", f->name, was, is, p.out.p);
	mem_free(was);
	mem_free(is);
	mem_free(again);
	mem_free((char *)(uintptr_t)p.folder);
	losses_free(&job.losses);
	heard_free(&h);
	buf_free(&copy);
	buf_free(&name);
	pot_free(&p);
}

/* ---- cluener -------------------------------------------------------------------------------------------------- */

static void cluener_ends_are_characters(void **state)
{
	expect_said(*state, &cluener_format, "in.json", STR_NONE,
	            S("{\"text\": \"北京勘察设计协会副会长周荫如\", \"label\": {\"organization\": {\"北京勘察设计协会\": [[0, 7]]}, "
	              "\"name\": {\"周荫如\": [[11, 13]]}}}\n{\"text\":\"无\"}\n"),
	            "# in-1.txt\n\"北京勘察设计协会副会长周荫如\"\n0-8 \"organization\"\n11-14 \"name\"\n# in-2.txt\n\"无\"\n");
	expect_failure(*state, &cluener_format, "in.json", STR_NONE,
	               S("{\"text\":\"甲乙丙\",\"label\":{\"A\":{\"甲\":[[0,0]]}}}\n"
	                 "{\"text\":\"甲乙丙\",\"label\":{\"A\":{\"甲\":[[0,0]],\"乙\":[[2,2]],\"丙\":[[2,2]]}}}\n"),
	               ERROR_TEXT, 2, 3);
}

static void cluener_comes_back(void **state)
{
	char *corpus = accepted_corpus(*state, str_of(golden_cases));
	const struct format *f = format_recognise(
	    S("{\n  \"text\": \"甲\",\n  \"label\": {\n    \"name\": {\n      \"甲\": [\n        [\n          0"), "dev.json", NULL);
	assert_ptr_equal(f, &cluener_format);
	expect_round_trip(*state, corpus, &cluener_format, ".json");
	mem_free(corpus);
	expect_random_round_trips(*state, &cluener_format, ".json");
}

/* ---- yedda ---------------------------------------------------------------------------------------------------- */

static void yedda_marks_are_taken_off(void **state)
{
	expect_said(*state, &yedda_format, "in.txt.ann", STR_NONE, S("任[@高建军#PERSON*]为[@开封＃PLACE*]市长[x]#*]。"),
	            "# in.txt\n\"任高建军为开封市长[x]#*]。\"\n1-4 \"PERSON\"\n5-7 \"PLACE\"\n");
	expect_failure(*state, &yedda_format, "in.txt.ann", STR_NONE, S("甲\n[@乙 丙\n[@丁#X*]"), ERROR_SYNTAX, 2, 1);
}

/* Without spans that overlap, and texts that read like marks. */
static void yedda_comes_back(void **state)
{
	char *corpus = accepted_corpus(*state, str_of(golden_cases));
	expect_round_trip(*state, corpus, &yedda_format, ".txt.ann");
	mem_free(corpus);
	expect_random_round_trips(*state, &yedda_format, ".txt.ann");
}

/* ---- hf ------------------------------------------------------------------------------------------------------- */

static void hf_tags_are_read(void **state)
{
	struct bench *b = *state;
	expect_said(b, &hf_format, "in.jsonl", STR_NONE,
	            S("{\"words\": [\"He\", \"saw\", \"Paris\"], \"ner\": [\"O\", \"O\", \"B-LOC\"]}\n"),
	            "# in-1.txt\n\"He saw Paris\\n\"\n7-12 \"LOC\"\n");
	mem_free(put_file(b, "label_list.txt", S("O\nB-LOC\nI-LOC\n")));
	expect_said(b, &hf_format, "in.jsonl", STR_NONE,
	            S("{\"file\":\"in.txt\",\"tokens\":[\"开\",\"封\",\"市\"],\"ner_tags\":[1,2,0]}\n"),
	            "# in.txt\n\"开封市\\n\"\n0-2 \"LOC\"\n");
	expect_failure(b, &hf_format, "in.jsonl", STR_NONE,
	               S("{\"tokens\":[\"甲\"],\"ner_tags\":[\"B-X\"]}\n{\"tokens\":[\"甲\"],\"ner_tags\":[]}\n"
	                 "{\"tokens\":[\"甲\"],\"ner_tags\":[\"O\"]}\n"),
	               ERROR_SCHEMA, 2, 1);
}

/* A page of the viewer, whose features name the tags; a column in one list; what is neither. */
static void hf_tables_are_read(void **state)
{
	expect_said(*state, &hf_format, "in.json", STR_NONE,
	            S("{\"features\":[{\"name\":\"tokens\",\"type\":{\"feature\":{\"dtype\":\"string\"}}},{\"name\":\"ner_tags\",\"type\":{"
	              "\"feature\":{\"names\":[\"O\",\"B-LOC\",\"I-LOC\"]}}}],\n\"rows\":[{\"row_idx\":0,\"row\":{\"tokens\":[\"在\",\"厦\",\"门\"],"
	              "\"ner_tags\":[0,1,2]}},{\"row\":{\"tokens\":[\"无\"],\"ner_tags\":[0]}}]}"),
	            "# in-1.txt\n\"在厦门\\n\"\n1-3 \"LOC\"\n# in-2.txt\n\"无\\n\"\n");
	expect_said(*state, &hf_format, "in.json", STR_NONE,
	            S("{\"tokens\":[[\"在\",\"厦\"],[\"门\"]],\"ner_tags\":[[\"O\",\"B-X\"],[\"O\"]]}"),
	            "# in-1.txt\n\"在厦\\n\"\n1-2 \"X\"\n# in-2.txt\n\"门\\n\"\n");
	expect_failure(*state, &hf_format, "in.json", STR_NONE, S("[{\"tokens\":[\"a\",[\"b\"]],\"ner_tags\":[\"O\",\"O\"]}]"),
	               ERROR_SCHEMA, 1, 0);
}

static void hf_answers_are_proposals(void **state)
{
	struct bench *b = *state;
	struct heard h = {0};
	char *said = import_said(b, &hf_format, "in.json", S("高建军任开封市长"),
	                         S("[{\"entity_group\":\"PER\",\"score\":0.99,\"word\":\"高 建 军\",\"start\":0,\"end\":3},\n"
	                           "{\"entity\":\"B-LOC\",\"score\":0.5,\"word\":\"开 封\",\"start\":4,\"end\":6},\n"
	                           "{\"entity_group\":\"LOC\",\"score\":0.5,\"word\":\"别 处\",\"start\":4,\"end\":6}]\n"),
	                         &h);
	assert_string_equal(said, "# in.txt\n\"高建军任开封市长\"\n0-3 \"PER\"\n4-6 \"LOC\"\n");
	assert_int_equal(h.failures, 1);
	assert_int_equal(h.last, ERROR_TEXT);
	mem_free(said);
	heard_free(&h);
}

/* ---- csv ------------------------------------------------------------------------------------------------------ */

#define ARTICLE S("甲乙\n=SUM(1)\"丙\",丁")

static void rows_are_read(void **state)
{
	expect_said(*state, &csv_format, "in.csv", ARTICLE,
	            S("\xEF\xBB\xBFtext,label,end,start,extra,attributes\r\n甲乙,A,2,0,x,\"{\"\"k\"\":\"\"v\"\"}\"\r\n\"乙\n=\",B,4,1\n"
	              "\"\"\"丙\"\"\",C,13,10,,\n,Z,3;1,2;0\n"),
	            "# in.txt\n\"甲乙\\n=SUM(1)\\\"丙\\\",丁\"\n0-1,2-3 \"Z\"\n0-2 \"A\" {\"k\":\"v\"}\n1-4 \"B\"\n10-13 \"C\"\n");
	expect_said(*state, &table_tsv_format, "in.tsv", ARTICLE, S("label\tstart\tend\nA\t0\t2\n"),
	            "# in.txt\n\"甲乙\\n=SUM(1)\\\"丙\\\",丁\"\n0-2 \"A\"\n");
	expect_said(*state, &csv_format, "in.csv", ARTICLE, S("label;start;end;text\nA;3;10;\"'=SUM(1)\"\n"),
	            "# in.txt\n\"甲乙\\n=SUM(1)\\\"丙\\\",丁\"\n3-10 \"A\"\n");
	expect_failure(*state, &csv_format, "in.csv", ARTICLE, S("label,start,end,text\nA,0,1,甲\nA,1,2,丙\nB,0,1,甲\n"),
	               ERROR_TEXT, 3, 2);
	expect_failure(*state, &csv_format, "in.csv", ARTICLE, S("label,start,end\nA,0,1\nA,x,2\nB,0,1\n"), ERROR_SCHEMA, 3, 2);
}

static void cells_are_guarded(void **state)
{
	struct bench *b = *state;
	struct pot p = {0};
	char *corpus = accepted_corpus(b, S("{\"file\":\"in.txt\",\"text\":\"甲=SUM(1)\",\"spans\":[{\"id\":\"ab\",\"start\":1,\"end\":"
	                                    "8,\"label\":\"-A\",\"note\":\"@x\"}]}\n"));
	struct export_job job = export_job_of(&csv_format, &p);
	job.for_spreadsheet = true;
	each_article(corpus, export_one, &job);
	assert_string_equal(p.out.p, "in.txt,ab,\"'-A\",1,8,\"'=SUM(1)\",accepted,,jsonl,\"'@x\",,\r\n");
	losses_free(&job.losses);
	pot_free(&p);
	mem_free(corpus);
}

/* What looks guarded and is not comes back too, for spreadsheets and without. */
static void quotes_come_back(void **state)
{
	struct bench *b = *state;
	char *corpus = accepted_corpus(b, S("{\"file\":\"in.txt\",\"text\":\"'=1 ＝2\",\"spans\":[{\"id\":\"ab\",\"start\":0,\"end\":3,"
	                                    "\"label\":\"'=A\",\"note\":\"''+\"},{\"start\":4,\"end\":6,\"label\":\"＝\",\"note\":\"'x\"}]}\n"));
	for (int spreadsheet = 0; spreadsheet < 2; spreadsheet++) {
		struct pot p = {0};
		struct heard h = {0};
		char *again = new_corpus(b), *path = io_join(again, "in.txt");
		assert_true(io_create_file(path, S("'=1 ＝2"), NULL));
		struct export_job job = export_job_of(&csv_format, &p);
		job.for_spreadsheet = spreadsheet;
		assert_true(!csv_format.begin || csv_format.begin(&job, NULL));
		each_article(corpus, export_one, &job);
		(void)import_bytes(b, again, &csv_format, "in.csv", buf_str(&p.out), &h);
		if (h.failures)
			fail_msg("%s\n%s", h.message, p.out.p);
		char *said = say_corpus(again, &jsonl_format, &csv_format, true);
		assert_string_equal(said, "# in.txt\n\"'=1 ＝2\"\n0-3 \"'=A\" note \"''+\"\n4-6 \"＝\" note \"'x\"\n");
		mem_free(said);
		mem_free(path);
		mem_free(again);
		losses_free(&job.losses);
		pot_free(&p);
		heard_free(&h);
	}
	mem_free(corpus);
}

static void random_lines(struct buf *lines)
{
	struct dice d = {99};
	for (size_t i = 0; i < 80; i++)
		add_random_article(lines, &d, i);
}

static void tables_come_back(void **state)
{
	struct buf lines = {0};
	random_lines(&lines);
	char *corpora[] = {accepted_corpus(*state, str_of(golden_cases)), accepted_corpus(*state, buf_str(&lines))};
	for (size_t i = 0; i < COUNT_OF(corpora); i++) {
		expect_back(*state, corpora[i], &csv_format, ".csv");
		expect_back(*state, corpora[i], &table_tsv_format, ".tsv");
		mem_free(corpora[i]);
	}
	buf_free(&lines);
}

/* ---- what a file is ------------------------------------------------------------------------------------------- */

static void formats_are_recognised(void **state)
{
	static const struct {
		const char *name, *start;
		const struct format *format;
	} files[] = {
	    {"a.ann", "T1\tPERSON 0 3\t高建军\n", &brat_format},
	    {"a.ann", "", &brat_format},
	    {"x", "R1\tx Arg1:T1 Arg2:T2\t\nT1\tPERSON 0 3\t高建军\n", &brat_format},
	    {"annotation.conf", "[entities]\n", &brat_format},
	    {"train.txt", "开 B-LOC\n封 I-LOC\n\n", &conll_format},
	    {"x.bmes", "开\tB-LOC\n封\tE-LOC\n\n", &conll_format},
	    {"en.conll", "-DOCSTART- -X- O\n\nU.N. NNP I-NP I-ORG\n", &conll_format},
	    {"d.jsonl", "{\"tokens\": [\"a\"], \"ner_tags\": [\"O\"]}\n", &hf_format},
	    {"p.json", "[{\"entity_group\": \"PER\", \"start\": 0}]", &hf_format},
	    {"c.json", "{\"text\": \"周\", \"label\": {\"name\": {\"周\": [[0, 0]]}}}\n", &cluener_format},
	    {"y.ann", "任[@高建军#PERSON*]为\n", &yedda_format},
	    {"t.csv", "file,id,label,start,end\r\n", &csv_format},
	    {"t.tsv", "file\tid\tlabel\tstart\tend\r\n", &table_tsv_format},
	    {"z.jsonl", "{\"file\":\"a.txt\",\"text\":\"x\"}\n", &jsonl_format},
	    {"p.html", "<!DOCTYPE html><html><body>x</body></html>", &html_format},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct error err = {0};
		const struct format *f = format_recognise(str_of(files[i].start), files[i].name, &err);
		if (f != files[i].format)
			fail_msg("%s: %s, not %s", files[i].start, f ? f->name : err.message, files[i].format->name);
		error_clear(&err);
	}
	struct error err = {0};
	assert_null(format_recognise(S("Only some text.\n"), "a.txt", &err));
	assert_int_equal(err.code, ERROR_USAGE);
	error_clear(&err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(cluener_ends_are_characters, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(cluener_comes_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(yedda_marks_are_taken_off, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(yedda_comes_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(hf_tags_are_read, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(hf_tables_are_read, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(hf_answers_are_proposals, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(rows_are_read, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(cells_are_guarded, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(quotes_come_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(tables_come_back, open_bench, close_bench),
	    cmocka_unit_test(formats_are_recognised),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
