/* UIMA XMI: structures of all kinds, type systems, views, broken files, and what comes back as it went. */
#include "formats_cases_fixture.h"

#define HEAD                                                                                                           \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?><xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\" "                     \
	"xmlns:cas=\"http:///uima/cas.ecore\" xmlns:ner=\"http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore\" " \
	"xmlns:seg=\"http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore\" "                             \
	"xmlns:c=\"http:///webanno/custom.ecore\" xmi:version=\"2.0\"><cas:NULL xmi:id=\"0\"/>"
#define TAIL(text)                                                                                                     \
	"<cas:Sofa xmi:id=\"1\" sofaNum=\"1\" sofaID=\"_InitialView\" mimeType=\"text\" sofaString=\"" text            \
	"\"/><cas:View sofa=\"1\" members=\"\"/></xmi:XMI>"

static char *import_said(struct bench *b, const char *xml, struct heard *h)
{
	char *corpus = new_corpus(b);
	if (!import_bytes(b, corpus, &xmi_format, "in.xmi", str_of(xml), h))
		fail_msg("%s", h->message);
	char *said = say_corpus(corpus, &jsonl_format, &jsonl_format, true);
	mem_free(corpus);
	return said;
}

static void expect_said(struct bench *b, const char *xml, const char *expected)
{
	struct heard h = {0};
	char *said = import_said(b, xml, &h);
	if (h.failures)
		fail_msg("%s", h.message);
	assert_string_equal(said, expected);
	mem_free(said);
	heard_free(&h);
}

static void annotations_are_spans(void **state)
{
	expect_said(
	    *state,
	    HEAD
	    "<seg:Token xmi:id=\"2\" sofa=\"1\" begin=\"0\" end=\"1\"/><ner:NamedEntity xmi:id=\"9\" sofa=\"1\" "
	    "begin=\"0\" "
	    "end=\"4\" value=\"ORG\" identifier=\"wikidata:Q1\"/><ner:NamedEntity xmi:id=\"8\" sofa=\"1\" begin=\"6\" "
	    "end=\"7\"/><c:Mood xmi:id=\"7\" sofa=\"1\" begin=\"6\" end=\"6\" note=\"n\" "
	    "strength=\"3\"><tags>a</tags><tags>b</tags></c:Mood>" TAIL("𠮷野家&#13;&#10;人"),
	    "# in.txt\n\"𠮷野家\\r\\n人\"\n0-3 \"ORG\" links [{\"db\":\"wikidata\",\"id\":\"Q1\"}]\n"
	    "5-5 \"Mood\" {\"layer\":\"webanno.custom.Mood\",\"strength\":\"3\",\"tags\":\"a\\nb\"} note \"n\"\n"
	    "5-6 \"NamedEntity\" {\"layer\":\"de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity\"}\n");
}

/* A token that a relation ends in, with more said of it than that it is one. */
static void what_is_said_of_tokens_comes_back(void **state)
{
	struct bench *b = *state;
	struct heard h = {0};
	char *corpus = new_corpus(b);
	assert_true(import_bytes(b, corpus, &xmi_format, "in.xmi",
	                         S(HEAD "<seg:Token xmi:id=\"2\" sofa=\"1\" begin=\"0\" end=\"1\" order=\"5\"/><seg:Token xmi:id=\"3\" "
	                                "sofa=\"1\" begin=\"1\" end=\"2\" note=\"n\"/><c:Relation xmi:id=\"7\" sofa=\"1\" begin=\"1\" "
	                                "end=\"2\" Governor=\"2\" Dependent=\"3\"/>" TAIL("甲乙")),
	                         &h));
	char *said = say_corpus(corpus, &jsonl_format, &jsonl_format, false);
	assert_string_equal(said, "# in.txt\n\"甲乙\"\n0-1 \"Token\" {\"order\":\"5\"}\n1-2 \"Token\" {} note \"n\"\n"
	                          "relation \"Relation\" (0-1 \"Token\" {\"order\":\"5\"}) (1-2 \"Token\" {} note \"n\") {}\n");
	expect_round_trip(b, corpus, &xmi_format, ".xmi");
	expect_round_trip(b, corpus, &cas_json_format, ".json");
	mem_free(said);
	mem_free(corpus);
	heard_free(&h);
}

static void references_are_relations(void **state)
{
	expect_said(
	    *state,
	    HEAD
	    "<c:Host xmi:id=\"2\" sofa=\"1\" begin=\"0\" end=\"1\" links=\"5 6\"/><c:Arg xmi:id=\"3\" sofa=\"1\" "
	    "begin=\"1\" "
	    "end=\"2\" value=\"x\"/><seg:Token xmi:id=\"4\" sofa=\"1\" begin=\"2\" end=\"3\"/><seg:Token xmi:id=\"44\" "
	    "sofa=\"1\" begin=\"0\" end=\"1\"/><c:L xmi:id=\"5\" role=\"r\" target=\"3\"/><c:L xmi:id=\"6\" "
	    "target=\"4\"/>"
	    "<c:Relation xmi:id=\"7\" sofa=\"1\" begin=\"1\" end=\"2\" Governor=\"2\" Dependent=\"3\" value=\"of\" "
	    "sure=\"yes\"/>" TAIL("甲乙丙"),
	    "# in.txt\n\"甲乙丙\"\n0-1 \"Host\" {\"layer\":\"webanno.custom.Host\"}\n"
	    "1-2 \"x\" {\"layer\":\"webanno.custom.Arg\"}\n"
	    "2-3 \"Token\" {\"layer\":\"de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token\"}\n"
	    "relation \"links\" (0-1 \"Host\" {\"layer\":\"webanno.custom.Host\"}) (2-3 \"Token\" "
	    "{\"layer\":\"de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token\"}) "
	    "{\"layer\":\"webanno.custom.L\",\"slot\":\"links\"}\n"
	    "relation \"of\" (0-1 \"Host\" {\"layer\":\"webanno.custom.Host\"}) (1-2 \"x\" "
	    "{\"layer\":\"webanno.custom.Arg\"}) "
	    "{\"sure\":\"yes\"}\n"
	    "relation \"r\" (0-1 \"Host\" {\"layer\":\"webanno.custom.Host\"}) (1-2 \"x\" "
	    "{\"layer\":\"webanno.custom.Arg\"}) "
	    "{\"layer\":\"webanno.custom.L\",\"slot\":\"links\"}\n");
}

static void chains_are_numbered(void **state)
{
	expect_said(
	    *state,
	    HEAD
	    "<c:SimpleLink xmi:id=\"2\" sofa=\"1\" begin=\"0\" end=\"1\" next=\"3\" referenceType=\"pr\" "
	    "referenceRelation=\"coref\"/><c:SimpleLink xmi:id=\"3\" sofa=\"1\" begin=\"1\" end=\"2\"/><c:SimpleLink "
	    "xmi:id=\"4\" sofa=\"1\" begin=\"2\" end=\"3\"/><c:SimpleChain xmi:id=\"5\" sofa=\"1\" "
	    "first=\"4\"/><c:SimpleChain "
	    "xmi:id=\"6\" sofa=\"1\" first=\"2\"/>" TAIL("甲乙丙"),
	    "# in.txt\n\"甲乙丙\"\n0-1 \"pr\" {\"chain\":\"2\",\"layer\":\"webanno.custom.SimpleLink\"}\n"
	    "1-2 \"SimpleLink\" {\"chain\":\"2\",\"layer\":\"webanno.custom.SimpleLink\"}\n"
	    "2-3 \"SimpleLink\" {\"chain\":\"1\",\"layer\":\"webanno.custom.SimpleLink\"}\n"
	    "relation \"coref\" (0-1 \"pr\" {\"chain\":\"2\",\"layer\":\"webanno.custom.SimpleLink\"}) (1-2 "
	    "\"SimpleLink\" "
	    "{\"chain\":\"2\",\"layer\":\"webanno.custom.SimpleLink\"}) {\"chain\":\"2\"}\n");
}

/* A circle of links or of a list ends; ids that nothing bears are counted. */
static void circles_end(void **state)
{
	struct heard h = {0};
	char *said = import_said(*state,
	                         HEAD "<c:SimpleLink xmi:id=\"2\" sofa=\"1\" begin=\"0\" end=\"1\" "
	                              "next=\"2\"/><c:SimpleChain xmi:id=\"3\" sofa=\"1\" "
	                              "first=\"2\"/><cas:NonEmptyFSList xmi:id=\"4\" head=\"2\" "
	                              "tail=\"4\"/><c:Relation xmi:id=\"5\" sofa=\"1\" begin=\"0\" "
	                              "end=\"1\" Governor=\"99\" Dependent=\"2\"/>" TAIL("甲"),
	                         &h);
	assert_non_null(strstr(said, "0-1 \"SimpleLink\""));
	mem_free(said);
	heard_free(&h);
}

static void expect_refused(struct bench *b, const char *xml, enum error_code code)
{
	struct heard h = {0};
	char *corpus = new_corpus(b);
	assert_false(import_bytes(b, corpus, &xmi_format, "in.xmi", str_of(xml), &h));
	assert_int_equal(h.last, code);
	mem_free(corpus);
	heard_free(&h);
}

static void broken_files_are_refused(void **state)
{
	expect_refused(*state, "", ERROR_SYNTAX);
	expect_refused(*state, "no xml", ERROR_SYNTAX);
	expect_refused(*state, HEAD "<c:Mood", ERROR_SYNTAX);
	expect_refused(*state, "<html/>", ERROR_SCHEMA);
	expect_refused(*state,
	               "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><xmi:XMI "
	               "xmlns:xmi=\"http://www.omg.org/XMI\">&b;</xmi:XMI>",
	               ERROR_SYNTAX);
}

static void broken_annotations_cost_themselves(void **state)
{
	struct heard h = {0};
	char *said = import_said(
	    *state,
	    HEAD "\n<ner:NamedEntity xmi:id=\"2\" sofa=\"1\" begin=\"0\" end=\"9\" value=\"A\"/>\n<ner:NamedEntity "
	         "xmi:id=\"3\" sofa=\"1\" begin=\"1\" end=\"2\" value=\"B\"/>\n<ner:NamedEntity xmi:id=\"4\" "
	         "sofa=\"1\" begin=\"2\" end=\"1\" value=\"C\"/><ner:NamedEntity xmi:id=\"5\" sofa=\"1\" begin=\"0\" "
	         "end=\"2\" value=\"D\"/>" TAIL("𠮷野"),
	    &h);
	assert_string_equal(said, "# in.txt\n\"𠮷野\"\n0-1 \"D\"\n");
	assert_int_equal(h.failures, 3);
	assert_int_equal(h.line, 4);
	mem_free(said);
	heard_free(&h);
}

/* What XMI says goes out again, ids apart. */
static void expect_parts(struct bench *b, const char *xml, const char *const *parts, const char *absent)
{
	struct heard h = {0};
	char *corpus = new_corpus(b), *folder = new_corpus(b), *path = io_join(folder, "in.xmi");
	struct pot p = {.folder = folder};
	struct losses losses = {0};
	struct buf out = {0};
	assert_true(import_bytes(b, corpus, &xmi_format, "in.xmi", str_of(xml), &h));
	if (h.failures)
		fail_msg("%s", h.message);
	export_corpus(corpus, &xmi_format, &p, &losses);
	assert_true(io_read_file(path, 10000, &out, NULL, NULL));
	for (size_t i = 0; parts[i]; i++)
		if (!strstr(out.p, parts[i]))
			fail_msg("%s is not in\n%s", parts[i], out.p);
	if (strstr(out.p, absent))
		fail_msg("%s is in\n%s", absent, out.p);
	buf_free(&out);
	mem_free(path);
	mem_free(folder);
	pot_free(&p);
	losses_free(&losses);
	heard_free(&h);
	mem_free(corpus);
}

/* Tokens and sentences of the file, what tokens refer to, what is said of the document, a feature that is called id. */
static void files_go_out_as_they_came(void **state)
{
	static const char *const words[] = {"Token xmi:id=\"3\" sofa=\"1\" begin=\"0\" end=\"2\" pos=\"6\"/>",
	                                    "Token xmi:id=\"4\" sofa=\"1\" begin=\"2\" end=\"4\"/>",
	                                    "Sentence xmi:id=\"5\" sofa=\"1\" begin=\"0\" end=\"4\"/>",
	                                    "POS xmi:id=\"6\" sofa=\"1\" begin=\"0\" end=\"2\" PosValue=\"N\" id=\"x\"/>",
	                                    "documentId=\"d7\" isLastSegment=\"false\"/>", NULL};
	static const char *const bare[] = {"tcas", "DocumentAnnotation xmi:id=\"2\" sofa=\"1\" begin=\"0\" end=\"4\" "
	                                           "language=\"zh\"/>", NULL};
	expect_parts(*state,
	             HEAD "<m:DocumentMetaData xmlns:m=\"http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore\" "
	                  "xmi:id=\"7\" sofa=\"1\" begin=\"0\" end=\"4\" documentId=\"d7\" isLastSegment=\"false\"/>"
	                  "<seg:Token xmi:id=\"2\" sofa=\"1\" begin=\"0\" end=\"2\" pos=\"5\"/><seg:Token xmi:id=\"3\" sofa=\"1\" "
	                  "begin=\"2\" end=\"4\"/><seg:Sentence xmi:id=\"4\" sofa=\"1\" begin=\"0\" end=\"4\"/><p:POS "
	                  "xmlns:p=\"http:///de/tudarmstadt/ukp/dkpro/core/api/lexmorph/type/pos.ecore\" xmi:id=\"5\" sofa=\"1\" "
	                  "begin=\"0\" end=\"2\" PosValue=\"N\" id=\"x\"/>" TAIL("开封。市"),
	             words, "TypeSystem");
	expect_parts(*state,
	             HEAD "<t:DocumentAnnotation xmlns:t=\"http:///uima/tcas.ecore\" xmi:id=\"7\" sofa=\"1\" begin=\"0\" end=\"4\" "
	                  "language=\"zh\"/><ner:NamedEntity xmi:id=\"9\" sofa=\"1\" begin=\"0\" end=\"2\" value=\"X\"/>" TAIL("开封。市"),
	             bare, "Token");
}

static void golden_cases_come_back(void **state)
{
	char *corpus = accepted_corpus(*state, str_of(golden_cases));
	expect_round_trip(*state, corpus, &xmi_format, ".xmi");
	expect_round_trip(*state, corpus, &cas_json_format, ".json");
	mem_free(corpus);
}

static void random_articles_come_back(void **state)
{
	expect_random_round_trips(*state, &xmi_format, ".xmi");
	expect_random_round_trips(*state, &cas_json_format, ".json");
}

/* Attributes whose names XML and Java do not have, or that UIMA has for itself. */
static void names_are_escaped(void **state)
{
	static const char line[] = "{\"file\":\"a.txt\",\"text\":\"甲乙\",\"spans\":[{\"start\":0,\"end\":1,\"label\":"
	                           "\"A\",\"attributes\":{\"begin\":\"1\",\"a "
	                           "b\":\"2\",\"1x\":\"3\",\"_x41_\":\"4\",\"value\":\"5\",\"键<>\":\"6\",\"note\":"
	                           "\"7\"}},{\"start\":1,\"end\":2,\"label\":\"Mood\","
	                           "\"attributes\":{\"layer\":\"my types.Mood\",\"value\":\"v\"}}]}\n";
	char *corpus = accepted_corpus(*state, str_of(line));
	expect_round_trip(*state, corpus, &xmi_format, ".xmi");
	expect_round_trip(*state, corpus, &cas_json_format, ".json");
	mem_free(corpus);
}

/* ---- real files ------------------------------------------------------------------------------------------------ */

static void shared_xmi_is_read(void **state)
{
	expect_folder(*state, SHARED_DATA "/cas", &xmi_format, ".xmi");
}

static void shared_json_is_read(void **state)
{
	expect_folder(*state, SHARED_DATA "/cas/json", &cas_json_format, ".json");
}

static void shared_cases_of_tsv_are_read(void **state)
{
	expect_folder(*state, SHARED_DATA "/webanno-tsv", &xmi_format, ".xmi");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(annotations_are_spans, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(what_is_said_of_tokens_comes_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(references_are_relations, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(chains_are_numbered, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(circles_end, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(broken_files_are_refused, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(broken_annotations_cost_themselves, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(files_go_out_as_they_came, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(golden_cases_come_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(random_articles_come_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(names_are_escaped, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(shared_xmi_is_read, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(shared_json_is_read, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(shared_cases_of_tsv_are_read, open_bench, close_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
