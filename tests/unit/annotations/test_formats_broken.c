/* Every interchange format against what is no good file: cut off anywhere, with bytes changed anywhere.  It is taken or
 * refused, and nothing else. */
#include "formats_cases_fixture.h"

static const struct {
	const struct format *format;
	const char *suffix;
} tried[] = {
    {&doccano_format, ".jsonl"}, {&prodigy_format, ".jsonl"}, {&label_studio_format, ".json"},
    {&spacy_format, ".jsonl"},   {&webanno_format, ".tsv"},   {&xmi_format, ".xmi"},
    {&cas_json_format, ".json"}, {&w3c_format, ".jsonld"},
};

static const char article[] = "{\"file\":\"a.txt\",\"text\":\"高建军任𠮷野市长。\\n再来\",\"spans\":[{\"id\":\"ab1\","
                              "\"start\":0,\"end\":3,\"label\":\"PERSON\","
                              "\"attributes\":{\"role\":\"chair\"},\"note\":\"n\"},{\"id\":\"ab2\",\"start\":4,\"end\":"
                              "9,\"label\":\"POST\"}],\"relations\":[{"
                              "\"type\":\"holds\",\"from\":\"ab1\",\"to\":\"ab2\"}],\"fields\":{\"chair\":\"高建军\"},"
                              "\"notes\":[{\"text\":\"n\"}]}\n";

/* A good file of the format. */
static void write_good(struct bench *b, const char *corpus, const struct format *f, struct buf *out)
{
	char *folder = new_corpus(b);
	struct pot p = {.folder = folder};
	struct losses losses = {0};
	export_corpus(corpus, f, &p, &losses);
	if (f->folder) {
		size_t end = str_byte(buf_str(&p.names), '\n', 0);
		char *name = str_dup(str_sub(buf_str(&p.names), 0, end)), *path = io_join(folder, name);
		assert_true(io_read_file(path, (size_t)1 << 26, out, NULL, NULL));
		mem_free(path);
		mem_free(name);
	} else {
		buf_add(out, buf_str(&p.out));
	}
	pot_free(&p);
	losses_free(&losses);
	mem_free(folder);
}

static void try_bytes(struct bench *b, const char *corpus, size_t i, struct str bytes)
{
	struct heard h = {0};
	struct buf name = {0};
	buf_addf(&name, "a%s", tried[i].suffix);
	(void)import_bytes(b, corpus, tried[i].format, name.p, bytes, &h);
	heard_free(&h);
	buf_free(&name);
}

static void broken_files_are_only_errors(void **state)
{
	static const char marks[] = "\"{}[],:<>&|_\\;*-0x\t\n\xff";
	struct bench *b = *state;
	char *corpus = accepted_corpus(b, str_of(article));
	for (size_t i = 0; i < COUNT_OF(tried); i++) {
		struct buf good = {0}, bad = {0};
		struct dice d = {77 + i};
		write_good(b, corpus, tried[i].format, &good);
		for (size_t n = 0; n < 60; n++) {
			size_t at = roll(&d, good.n);
			try_bytes(b, corpus, i, str_sub(buf_str(&good), 0, at));
			buf_clear(&bad);
			buf_add(&bad, buf_str(&good));
			for (size_t k = 0; k <= roll(&d, 4); k++)
				bad.p[roll(&d, bad.n)] = marks[roll(&d, sizeof(marks) - 1)];
			try_bytes(b, corpus, i, buf_str(&bad));
		}
		buf_free(&good);
		buf_free(&bad);
	}
	mem_free(corpus);
}

/* Of three lines of JSONL the second is wrong: what is wrong costs itself, its line or its span, and is told with its
 * place. */
static void bad_lines_of_jsonl(void **state)
{
#define LINE(spans) "{\"file\":\"b.txt\",\"text\":\"甲乙丙\",\"spans\":" spans "}"
#define SPAN(rest)  LINE("[{\"start\":0,\"end\":1,\"label\":\"A\"},{" rest "}]")
	static const struct {
		const char *bad;
		enum error_code code;
		size_t spans; /* taken of it */
	} lines[] = {
	    {"{\"file\":\"b.txt\",\"text\":\"甲", ERROR_SYNTAX, 0},
	    {"{\"file\":\"b.txt\",\"file\":\"c.txt\"}", ERROR_DUPLICATE, 0},
	    {"{\"file\":\"b.txt\",\"text\":\"\xFF\"}", ERROR_ENCODING, 0},
	    {"[1,2]", ERROR_SCHEMA, 0},
	    {"7", ERROR_SCHEMA, 0},
	    {"{\"text\":\"甲\"}", ERROR_SCHEMA, 0},
	    {"{\"file\":7,\"text\":\"甲\"}", ERROR_SCHEMA, 0},
	    {"{\"file\":\"../b.txt\",\"text\":\"甲\"}", ERROR_SCHEMA, 0},
	    {"{\"file\":\"b.txt\",\"text\":[\"甲\"]}", ERROR_SCHEMA, 0},
	    {"{\"file\":\"b.txt\",\"text\":\"a\\u0000b\"}", ERROR_ENCODING, 0},
	    {"{\"file\":\"none.txt\"}", ERROR_MISSING, 0},
	    {LINE("7"), ERROR_SCHEMA, 0},
	    {LINE("[7]"), ERROR_SCHEMA, 0},
	    {SPAN("\"start\":-1,\"end\":2,\"label\":\"A\""), ERROR_SCHEMA, 1},
	    {SPAN("\"start\":0,\"end\":99999999999999999999,\"label\":\"A\""), ERROR_LIMIT, 0},
	    {SPAN("\"start\":0,\"end\":9223372036854775807,\"label\":\"A\""), ERROR_OFFSET, 1},
	    {SPAN("\"start\":0,\"end\":1.5,\"label\":\"A\""), ERROR_SCHEMA, 1},
	    {SPAN("\"start\":0,\"end\":\"2\",\"label\":\"A\""), ERROR_SCHEMA, 1},
	    {SPAN("\"start\":2,\"end\":1,\"label\":\"A\""), ERROR_OFFSET, 1},
	    {SPAN("\"start\":0,\"end\":4,\"label\":\"A\""), ERROR_OFFSET, 1},
	    {SPAN("\"start\":1,\"label\":\"A\""), ERROR_SCHEMA, 1},
	    {SPAN("\"fragments\":[[0,2],[1,3]],\"label\":\"A\""), ERROR_OFFSET, 1},
	    {SPAN("\"fragments\":[],\"label\":\"A\""), ERROR_SCHEMA, 1},
	    {SPAN("\"start\":1,\"end\":2"), ERROR_SCHEMA, 1},
	    {SPAN("\"start\":1,\"end\":2,\"label\":7"), ERROR_SCHEMA, 1},
	    {SPAN("\"start\":1,\"end\":2,\"label\":\"A\",\"text\":\"丙\""), ERROR_TEXT, 1},
	    {SPAN("\"start\":1,\"end\":2,\"label\":\"A\",\"verdict\":\"perhaps\""), ERROR_SCHEMA, 1},
	    {SPAN("\"start\":1,\"end\":2,\"label\":\"A\",\"score\":\"high\""), ERROR_SCHEMA, 1},
	};
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		struct bench *b = *state;
		struct buf file = {0};
		struct heard h = {0};
		char *corpus = new_corpus(b);
		buf_addf(&file,
		         "{\"file\":\"a.txt\",\"text\":\"甲\",\"spans\":[{\"start\":0,\"end\":1,\"label\":\"A\"}]}\n%s\n"
		         "{\"file\":\"c.txt\",\"text\":\"丙\",\"spans\":[{\"start\":0,\"end\":1,\"label\":\"A\"}]}\n",
		         lines[i].bad);
		assert_true(import_bytes(b, corpus, &jsonl_format, "x.jsonl", buf_str(&file), &h));
		if (h.failures != 1 || h.last != lines[i].code || h.line != 2 || h.counts.failed != 1 ||
		    h.counts.objects != 3 || h.counts.items[ITEM_SPAN] != 2 + lines[i].spans)
			fail_msg("%s: %zu failures, code %d, line %zu, %llu spans: %s", lines[i].bad, h.failures, (int)h.last,
			         h.line, (unsigned long long)h.counts.items[ITEM_SPAN], h.message ? h.message : "");
		heard_free(&h);
		buf_free(&file);
		mem_free(corpus);
	}
#undef SPAN
#undef LINE
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(broken_files_are_only_errors, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(bad_lines_of_jsonl, open_bench, close_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
