/* Every interchange format against what is no good file: cut off anywhere, with bytes changed anywhere.  It is taken or
 * refused, and nothing else. */
#include "formats_fixture.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(broken_files_are_only_errors, open_bench, close_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
