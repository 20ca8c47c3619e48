/* WebAnno TSV: units, stacks, numbers, slots, chains, relations, escapes, broken rows, and what comes back as it went;
 * cases that are there as XMI too mean the same. */
#include "formats_cases_fixture.h"

static char *import_said(struct bench *b, const char *rows, struct heard *h)
{
	char *corpus = new_corpus(b);
	if (!import_bytes(b, corpus, &webanno_format, "in.tsv", str_of(rows), h))
		fail_msg("%s", h->message);
	char *said = say_corpus(corpus, &jsonl_format, &jsonl_format, true);
	mem_free(corpus);
	return said;
}

static void expect_said(struct bench *b, const char *rows, const char *expected)
{
	struct heard h = {0};
	char *said = import_said(b, rows, &h);
	if (h.failures)
		fail_msg("%zu: %s", h.line, h.message);
	assert_string_equal(said, expected);
	mem_free(said);
	heard_free(&h);
}

#define NE "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"

static void rows_are_read(void **state)
{
	expect_said(
	    *state,
	    "#FORMAT=WebAnno TSV 3.3\n#T_SP=" NE "|identifier|value\n\n\n#Sentence.id=s1\n#Text=𠮷野家\\tx\n"
	    "1-1\t0-4\t𠮷野家\t*\tORG\t\n1-2\t5-6\tx\twikidata:Q1[1]\tA\\_B[1]\t\n\n#Text=y\n2-1\t8-9\ty\t_[1]\tA\\_B["
	    "1]\t\n",
	    "# in.txt\n\"𠮷野家\\tx\\n y\"\n0-3 \"ORG\"\n4-8 \"A_B\" links [{\"db\":\"wikidata\",\"id\":\"Q1\"}]\n");
	expect_said(*state,
	            "#FORMAT=WebAnno TSV 3.1\r\n#T_SP=" NE
	            "|value\r\n\r\n\r\n#Text=\\uD842\\uDFB7\\u5BB6\r\n1-1\t0-2\t𠮷\tA\t\r\n",
	            "# in.txt\n\"𠮷家\"\n0-1 \"A\"\n");
}

#define REL "webanno.custom.Relation"

/* Version 2: no offsets, tags like those of CoNLL, stacked ones too, a layer without a value, a relation to its row. */
static void the_older_version_is_read(void **state)
{
	expect_said(*state,
	            " # " NE " | value # webanno.custom.Op | a | b # " REL " | value | AttachTo=" NE "\n#id=1\n#text=𠮷野家 市 委 a a.\n"
	            "1-1\t𠮷野家\tB-ORG|B-X\t_\t_\t_\t_\t\n1-2\t市\tI-ORG|I-X\tp|q\t1|2\t_\t_\t\n"
	            "1-3\t委\tI-ORG|B-X\t_\t_\t_\t_\t\n1-4\ta\tO\twebanno.custom.Op_\t3\t_\t_\t\n"
	            "1-5\ta\tPER\t_\t_\tB-of\t1-1\t\n\n#id=2\n#text=b\n2-1\tb\tI-Y\t_\t_\t_\t_\t\n",
	            "# in.txt\n\"𠮷野家 市 委 a a.\\nb\\n\"\n0-5 \"X\"\n0-7 \"ORG\"\n10-11 \"PER\"\n13-14 \"Y\"\n4-5 \"Op\" "
	            "{\"a\":\"p\",\"b\":\"1\",\"layer\":\"webanno.custom.Op\"}\n4-5 \"Op\" "
	            "{\"a\":\"q\",\"b\":\"2\",\"layer\":\"webanno.custom.Op\"}\n6-7 \"X\"\n8-9 \"Op\" "
	            "{\"b\":\"3\",\"layer\":\"webanno.custom.Op\"}\nrelation \"of\" (0-7 \"ORG\") (10-11 \"PER\")\n");
	struct heard h = {0};
	char *said = import_said(*state, "# " NE " | value\n#text=甲 乙\n1-1\t甲\tB-A\t\n1-2\t丙\tB-A\t\nx\n1-3\t乙\tB-B\t\n", &h);
	assert_string_equal(said, "# in.txt\n\"甲 乙\\n\"\n0-1 \"A\"\n2-3 \"B\"\n");
	assert_int_equal(h.failures, 2);
	mem_free(said);
	heard_free(&h);
}

static void broken_rows_cost_themselves(void **state)
{
	struct heard h = {0};
	char *said = import_said(*state,
	                         "#FORMAT=WebAnno TSV 3.3\n#T_SP=" NE
	                         "|value\n#T_RL=webanno.custom.Relation|value|BT_" NE "\n\n\n#Text=甲乙丙\n"
	                         "1-1\t0-1\t甲\tA\tof\t9-9\t\n1-2\t1-2\t丁\tB\t_\t_\t\n1-3\t2-9\t丙\tC\t_\t_"
	                         "\t\nnonsense\n1-4\tx\t丙\t_\t_\t_\t\n",
	                         &h);
	assert_string_equal(said, "# in.txt\n\"甲乙丙\"\n0-1 \"A\"\n");
	assert_int_equal(h.failures, 5);
	assert_int_equal(h.counts.failed, 1);
	mem_free(said);
	heard_free(&h);
}

static void other_versions_are_refused(void **state)
{
	static const char *const files[] = {"", "# webanno\n", "#FORMAT=WebAnno TSV 2.0\n"};
	struct bench *b = *state;
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct heard h = {0};
		char *corpus = new_corpus(b);
		assert_false(import_bytes(b, corpus, &webanno_format, "in.tsv", str_of(files[i]), &h));
		mem_free(corpus);
		heard_free(&h);
	}
}

/* Layers without annotations, columns in their order, words of two characters, two sentences on a line, ids of sentences,
 * slots in their order, a gap before the text. */
static void files_go_out_as_they_came(void **state)
{
	static const char rows[] = "#FORMAT=WebAnno TSV 3.3\n#T_SP=x.Empty|a|b\n"
	                           "#T_SP=x.Host|kind|ROLE_x.Host:parts_x.Part|" NE "|more\n#T_SP=" NE "|value|identifier\n"
	                           "#T_CH=x.CorefLink|referenceRelation|referenceType\n#T_RL=" REL "|note|value|BT_" NE "\n\n\n"
	                           "#Sentence.id=s1\n#Text=开封市委。\n"
	                           "1-1\t2-4\t开封\t_\t_\t_\t_\t_\t_\tORG\t*\t*->1-1\tcity[1]\t_\t_\t_\t\n"
	                           "1-2\t4-6\t市委\t_\t_\tbig\tb;a\t1-3;1-1\t*\t_\t_\t*->1-2\t*[1]\t_\t_\t_\t\n"
	                           "1-3\t6-7\t。\t_\t_\t_\t_\t_\t_\tX\t*\t_\t_\t*\tof\t1-1\t\n\n"
	                           "#Sentence.id=s2\n#Text=好吗\n2-1\t7-9\t好吗\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t\n";
	struct bench *b = *state;
	struct heard h = {0};
	char *corpus = new_corpus(b), *folder = new_corpus(b), *path = io_join(folder, "in.tsv");
	struct pot p = {.folder = folder};
	struct losses losses = {0};
	struct buf out = {0};
	assert_true(import_bytes(b, corpus, &webanno_format, "in.tsv", str_of(rows), &h));
	if (h.failures)
		fail_msg("%s", h.message);
	export_corpus(corpus, &webanno_format, &p, &losses);
	assert_true(io_read_file(path, 10000, &out, NULL, NULL));
	assert_string_equal(out.p, rows);
	assert_int_equal(losses.n, 0);
	buf_free(&out);
	mem_free(path);
	mem_free(folder);
	pot_free(&p);
	losses_free(&losses);
	heard_free(&h);
	mem_free(corpus);
}

static void golden_cases_come_back(void **state)
{
	char *corpus = accepted_corpus(*state, str_of(golden_cases));
	expect_round_trip(*state, corpus, &webanno_format, ".tsv");
	mem_free(corpus);
}

static void random_articles_come_back(void **state)
{
	expect_random_round_trips(*state, &webanno_format, ".tsv");
}

static void shared_files_are_read(void **state)
{
	expect_folder(*state, SHARED_DATA "/webanno-tsv", &webanno_format, ".tsv");
}

/* ---- the same as XMI ---------------------------------------------------------------------------------------- */

/* What it is called, or that it has no value: the XMI of the suite is older and has other layers in places. */
static void say_name(struct buf *out, const struct node *map, struct str name)
{
	struct str layer = node_get_text(node_get(map, S("attributes")), S("layer"));
	bool own = layer.n && str_ends(layer, name) && layer.n > name.n && layer.p[layer.n - name.n - 1] == '.';
	buf_addf(out, " %.*s", own ? 1 : (int)name.n, own ? "*" : name.p);
}

static void say_place(struct buf *out, const struct record_span *s)
{
	buf_addf(out, "%zu-%zu", s->fragments[0].start, s->fragments[0].stop);
}

static void say_meaning(void *ctx, struct doc *d)
{
	struct buf *out = ctx;
	struct pot ignored = {0};
	struct export_job job = export_job_of(&jsonl_format, &ignored);
	struct outgoing o;
	assert_true(outgoing_make(&job, d, &o, NULL));
	char **lines = mem_array(o.n_spans + o.n_relations + 1, sizeof *lines);
	size_t n = 0;
	json_write_text(out, str_trim(o.text));
	buf_addc(out, '\n');
	for (size_t i = 0; i < o.n_spans; i++) {
		struct buf line = {0};
		if (str_ends(node_get_text(node_get(o.spans[i].map, S("attributes")), S("layer")), S(".Token")))
			continue;
		say_place(&line, &o.spans[i]);
		say_name(&line, o.spans[i].map, o.spans[i].label);
		lines[n++] = buf_take(&line);
	}
	for (size_t i = 0; i < o.n_relations; i++) {
		struct buf line = {0};
		say_place(&line, &o.spans[o.relations[i].from]);
		buf_adds(&line, " to ");
		say_place(&line, &o.spans[o.relations[i].to]);
		say_name(&line, o.relations[i].map, o.relations[i].type);
		lines[n++] = buf_take(&line);
	}
	add_sorted(out, lines, n);
	losses_free(&job.losses);
	outgoing_free(&o);
}

static char *meaning_of(struct bench *b, const char *path, const struct format *f)
{
	struct heard h = {0};
	struct buf out = {0};
	char *corpus = new_corpus(b);
	assert_true(import_file(corpus, f, path, "in.x", &h));
	each_article(corpus, say_meaning, &out);
	heard_free(&h);
	mem_free(corpus);
	return buf_take(&out);
}

struct comparison {
	struct bench *bench;
	const char *root;
	size_t compared;
};

/* The format has no place for a span that begins or ends with a blank between tokens. */
static bool known_to_differ(const char *path)
{
	return strstr(path, "Whitespace") || strstr(path, "IsMovedTo");
}

static bool compare_case(void *ctx, struct str relative)
{
	struct comparison *c = ctx;
	char *name = str_dup(relative), *path = io_join(c->root, name), *folder = io_folder_of(path);
	char *tsv = io_join(folder, "reference.tsv");
	struct stat st;
	if (str_ends(relative, S("reference.xmi")) && !known_to_differ(path) && io_get()->stat(tsv, &st) == 0) {
		char *rows = meaning_of(c->bench, tsv, &webanno_format), *xml = meaning_of(c->bench, path, &xmi_format);
		if (strcmp(rows, xml) != 0)
			fail_msg("%s\n---- tsv\n%s---- xmi\n%s", path, rows, xml);
		c->compared++;
		mem_free(rows);
		mem_free(xml);
	}
	mem_free(tsv);
	mem_free(folder);
	mem_free(path);
	mem_free(name);
	return true;
}

static void tsv_and_xmi_mean_the_same(void **state)
{
	struct comparison c = {*state, SHARED_DATA "/webanno-tsv", 0};
	if (!io_walk(c.root, compare_case, NULL, &c, NULL)) {
		print_message("%s is not there\n", c.root);
		skip();
	}
	assert_true(c.compared > 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(rows_are_read, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(the_older_version_is_read, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(broken_rows_cost_themselves, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(other_versions_are_refused, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(files_go_out_as_they_came, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(golden_cases_come_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(random_articles_come_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(shared_files_are_read, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(tsv_and_xmi_mean_the_same, open_bench, close_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
