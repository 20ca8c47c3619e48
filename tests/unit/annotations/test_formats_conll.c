/* conll: columns, separators and schemes are found; tokens are laid onto an article; what goes out comes back. */
#include "formats_cases_fixture.h"

#include "annotations/formats/tags.h"

static char *import_said(struct bench *b, struct str text, struct str file, struct heard *h)
{
	char *corpus = new_corpus(b);
	if (text.p) {
		char *path = io_join(corpus, "in.txt");
		assert_true(io_create_file(path, text, NULL));
		mem_free(path);
	}
	(void)import_bytes(b, corpus, &conll_format, "in.conll", file, h);
	char *said = say_corpus(corpus, &jsonl_format, &jsonl_format, true);
	mem_free(corpus);
	return said;
}

static void expect_said(struct bench *b, struct str text, struct str file, const char *expected)
{
	struct heard h = {0};
	char *said = import_said(b, text, file, &h);
	if (h.failures)
		fail_msg("%s", h.message);
	assert_string_equal(said, expected);
	mem_free(said);
	heard_free(&h);
}

static void columns_are_found(void **state)
{
	const char *expected = "# in.txt\n\"U.N. official Ekeus\\n\"\n0-4 \"ORG\"\n14-19 \"PER\"\n";
	expect_said(*state, STR_NONE, S("U.N. B-ORG\nofficial O\nEkeus B-PER\n"), expected);
	expect_said(*state, STR_NONE, S("U.N.\tB-ORG\nofficial\tO\nEkeus\tB-PER\n\n"), expected);
	expect_said(*state, STR_NONE, S("-DOCSTART- -X- O O\n\nU.N. NNP I-NP I-ORG\nofficial NN I-NP O\nEkeus NNP I-NP I-PER\n"),
	            expected);
	expect_said(*state, STR_NONE, S("U.N. B_ORG \nofficial O \nEkeus B_PER \n"), expected);
	expect_said(*state, STR_NONE, S("\xEF\xBB\xBFU.N. S-ORG\r\nofficial O\r\nEkeus U-PER\r\n\r\n"), expected);
	expect_said(*state, STR_NONE, S("U.N. ORG\nofficial O\nEkeus PER\n"), expected);
	expect_said(*state, STR_NONE, S("U.N.|NNP|I-ORG official|NN|O Ekeus|NNP|I-PER\n"), expected);
	expect_said(*state, STR_NONE, S("U.N.|B-ORG  official|O\tEkeus|B-PER \r\n"), expected);
	expect_said(*state, STR_NONE, S("a|X|B-A ||:|O\n\nb|X|I-A\n"), "# in.txt\n\"a |\\nb\\n\"\n0-1 \"A\"\n4-5 \"A\"\n");
	expect_said(*state, STR_NONE,
	            S("#\thttp://x [2009]\n1\tU.N.\tB-ORG\tO\n2\tofficial\tO\tO\n3\tEkeus\tB-PER\tO\n"), expected);
	expect_said(*state, STR_NONE, S("#\tc\n1\ta\tB-X\tB-Y\n2\tb\tI-X\tO\n\n1\tc\tO\tO\n"),
	            "# in.txt\n\"a b\\nc\\n\"\n0-1 \"Y\"\n0-3 \"X\"\n");
	expect_said(*state, STR_NONE, S("# B-X\n, O\na O\n"), "# in.txt\n\"# , a\\n\"\n0-1 \"X\"\n");
}

static void chinese_stands_close(void **state)
{
	expect_said(*state, STR_NONE, S("开 B-ORG\n封 I-ORG\n2 O\n号 O\n\n𠮷 B-A-B_C\n野 E-A-B_C\n"),
	            "# in.txt\n\"开封2号\\n𠮷野\\n\"\n0-2 \"ORG\"\n5-7 \"A-B_C\"\n");
	expect_said(*state, STR_NONE, S("开封 B-ORG\n市委 I-ORG\nHello O\nWorld O\n"),
	            "# in.txt\n\"开封市委Hello World\\n\"\n0-4 \"ORG\"\n");
	/* Where tokens are characters, digits and letters are no words. */
	expect_said(*state, STR_NONE, S("于 O\n1 B-T\n9 I-T\n6 I-T\n3 I-T\n年 I-T\n( O\nP B-X\nM I-X\n) O\n"),
	            "# in.txt\n\"于1963年(PM)\\n\"\n1-6 \"T\"\n7-9 \"X\"\n");
}

static void scheme(struct bench *b, const char *file, const char *expected, const char *said)
{
	struct heard h = {0};
	char *is = import_said(b, STR_NONE, str_of(file), &h);
	assert_int_equal(h.failures, 0);
	assert_string_equal(h.notices.list[0].what, expected);
	assert_string_equal(strchr(strchr(is, '\n') + 1, '\n') + 1, said);
	mem_free(is);
	heard_free(&h);
}

static void schemes_are_found(void **state)
{
	struct bench *b = *state;
	scheme(b, "甲 B-X\n乙 I-X\n丙 B-X\n丁 O\n", "tags are BIO, columns divided by blanks", "0-2 \"X\"\n2-3 \"X\"\n");
	scheme(b, "甲 I-X\n乙 I-X\n丙 B-X\n丁 O\n", "tags are IOB1, columns divided by blanks", "0-2 \"X\"\n2-3 \"X\"\n");
	scheme(b, "甲 I-X\n乙 E-X\n丙 E-X\n丁 O\n", "tags are IOE2, columns divided by blanks", "0-2 \"X\"\n2-3 \"X\"\n");
	scheme(b, "甲 I-X\n乙 E-X\n丙 I-X\n丁 O\n", "tags are IOE1, columns divided by blanks", "0-2 \"X\"\n2-3 \"X\"\n");
	scheme(b, "甲 B-X\n乙 E-X\n丙 S-X\n丁 O\n", "tags are BIOES, columns divided by blanks", "0-2 \"X\"\n2-3 \"X\"\n");
	scheme(b, "甲 B-X\n乙 M-X\n丙 E-X\n丁 O\n", "tags are BMES, columns divided by blanks", "0-3 \"X\"\n");
	scheme(b, "甲\tB-X\n乙\tL-X\n丙\tU-X\n丁\tO\n", "tags are BILOU, columns divided by tabs", "0-2 \"X\"\n2-3 \"X\"\n");
	scheme(b, "甲 I-X\n乙 I-Y\n\n丙 I-Y\n丁 B-X\n", "tags are IOB1 with some that the scheme would have otherwise, "
	                                                "columns divided by blanks",
	       "0-1 \"X\"\n1-2 \"Y\"\n3-4 \"Y\"\n4-5 \"X\"\n");
}

static void tokens_are_laid_onto_the_article(void **state)
{
	const struct str text = S("\xEF\xBB\xBF　开封 市委。\r\n(Hello) World\n");
	struct heard h = {0};
	expect_said(*state, text, S("开 B-X\n封 I-X\n市 I-X\n委 I-X\n。 O\n\n( O\nHello B-Y\n) O\nWorld I-Y\n"),
	            "# in.txt\n\"\\ufeff　开封 市委。\\r\\n(Hello) World\\n\"\n11-16 \"Y\"\n18-23 \"Y\"\n2-7 \"X\"\n");
	/* Something was left out of the tokens, and one is not in the article. */
	char *said = import_said(*state, text, S("开 B-X\n市 I-X\n委 I-X\nXX O\n。 O\nHello B-Y\nWorld O\n"), &h);
	assert_string_equal(said,
	                    "# in.txt\n\"\\ufeff　开封 市委。\\r\\n(Hello) World\\n\"\n11-16 \"Y\"\n2-7 \"X\"\n");
	assert_int_equal(h.failures, 0);
	assert_int_equal(h.losses.n, 1);
	assert_int_equal(h.losses.list[0].count, 1);
	assert_int_equal(h.notices.list[0].count, 3);
	mem_free(said);
	heard_free(&h);
	/* A span that holds the token that is not there. */
	said = import_said(*state, text, S("开 O\n封 B-X\nXX I-X\n市 O\n委 O\n"), &h);
	assert_int_equal(h.failures, 1);
	assert_int_equal(h.line, 3);
	mem_free(said);
	heard_free(&h);
	/* Another article altogether. */
	said = import_said(*state, text, S("别 B-X\n的 O\n文 O\n章 O\n"), &h);
	assert_int_equal(h.failures, 1);
	assert_int_equal(h.counts.items[ITEM_SPAN], 0);
	mem_free(said);
	heard_free(&h);
}

static void broken_lines_cost_themselves(void **state)
{
	struct heard h = {0};
	char *said = import_said(*state, STR_NONE, S("甲 B-X\n乙 I-X zu viel\n丙 I-X\n  O\n丁 O\n"), &h);
	assert_string_equal(said, "# in.txt\n\"甲丙丁\\n\"\n0-2 \"X\"\n");
	assert_int_equal(h.failures, 1);
	assert_int_equal(h.line, 2);
	mem_free(said);
	heard_free(&h);
	said = import_said(*state, STR_NONE, S("no tags here\nnone at all\n"), &h);
	assert_int_equal(h.last, ERROR_SYNTAX);
	mem_free(said);
	heard_free(&h);
}

static void documents_are_articles(void **state)
{
	expect_said(*state, STR_NONE, S("-DOCSTART- -X- O\n\n甲 -X- _ B-X\n\n-DOCSTART- -X- O\n\n乙 -X- _ O\n"),
	            "# in-001.txt\n\"甲\\n\"\n0-1 \"X\"\n# in-002.txt\n\"乙\\n\"\n");
}

/* CoNLL-2012: as many columns as a sentence has predicates; brackets may nest. */
static void names_in_brackets_are_read(void **state)
{
	const struct str file = S("#begin document (nw/a); part 000\n"
	                          "nw/a 0 0 Ko NNP (TOP(S(NP* - - - - (PERSON* (A0* (0\n"
	                          "nw/a 0 1 Li NNP *) - - - - *) *) 0)\n"
	                          "nw/a 0 2 saw VBD (VP* see 01 1 - * (V*) -\n"
	                          "nw/a 0 3 Kaifeng NNP (NP*)))) - - - - (ORG(GPE)) (A1*) -\n"
	                          "\n"
	                          "nw/a 0 0 Yes UH (TOP*) - - - - * -\n"
	                          "#end document\n");
	expect_said(*state, STR_NONE, file,
	            "# in.txt\n\"Ko Li saw Kaifeng\\nYes\\n\"\n0-5 \"PERSON\"\n10-17 \"GPE\"\n10-17 \"ORG\"\n");
	struct heard h = {0};
	char *said = import_said(*state, STR_NONE,
	                         S("a 0 0 Ko N (TOP* - - - - (PERSON* * -\na 0 1 a N * - - - - * * -\n\n"
	                           "a 0 0 b N (TOP*) - - - - *) * -\na 0 1 c N * - - - - (X) * -\n"),
	                         &h);
	assert_string_equal(said, "# in.txt\n\"Ko a\\nb c\\n\"\n7-8 \"X\"\n");
	assert_int_equal(h.failures, 2); /* one that is not closed in its sentence, one that was not opened */
	mem_free(said);
	heard_free(&h);
}

static void treebanks_are_read(void **state)
{
	/* CoNLL-U: a token of two words, a word that is not in the text, no blank behind one. */
	const char *expected = "# in.txt\n\"We haven't it.\\n\"\n0-2 \"PRON\"\n11-13 \"PRON\"\n13-14 \"PUNCT\"\n3-10 "
	                       "\"VERB+PART\"\nrelation \"nsubj\" (3-10 \"VERB+PART\") (0-2 \"PRON\")\n"
	                       "relation \"obj\" (3-10 \"VERB+PART\") (11-13 \"PRON\")\nrelation \"punct\" (3-10 "
	                       "\"VERB+PART\") (13-14 \"PUNCT\")\n";
	expect_said(*state, STR_NONE,
	            S("# text = We haven't it.\n1\tWe\twe\tPRON\t_\t_\t2\tnsubj\t_\t_\n2-3\thaven't\t_\t_\t_\t_\t_\t_\t_\t_\n"
	              "2\thave\thave\tVERB\t_\t_\t0\troot\t_\t_\n3\tn't\tnot\tPART\t_\t_\t2\tadvmod\t_\t_\n"
	              "3.1\tseen\tsee\tVERB\t_\t_\t_\t_\t_\t_\n"
	              "4\tit\tit\tPRON\t_\t_\t2\tobj\t_\tSpaceAfter=No\n5\t.\t.\tPUNCT\t_\t_\t2\tpunct\t_\t_\n"),
	            expected);
	/* CoNLL-2009: parts of speech in the fifth column, columns for each predicate. */
	expect_said(*state, STR_NONE,
	            S("1\tA\ta\ta\tDT\tDT\t_\t_\t2\t2\tNMOD\tNMOD\t_\t_\tA1\n2\tb\tb\tb\tNN\tNN\t_\t_\t0\t0\tROOT\tROOT\tY\tb.01\t_\n\n"
	              "1\tc\tc\tc\tNN\tNN\t_\t_\t0\t0\tROOT\tROOT\t_\t_\n"),
	            "# in.txt\n\"A b\\nc\\n\"\n0-1 \"DT\"\n2-3 \"NN\"\n4-5 \"NN\"\nrelation \"NMOD\" (2-3 \"NN\") (0-1 \"DT\")\n");
	/* CoNLL-2008: a word divided at its hyphen. */
	expect_said(*state, STR_NONE,
	            S("1\ttop-down\ttop-down\tJJ\t_\ttop\ttop\tNN\t3\tHMOD\t_\n2\t_\t_\t_\t_\t-\t-\tHYPH\t3\tHYPH\t_\n"
	              "3\t_\t_\t_\t_\tdown\tdown\tRB\t0\tROOT\t_\n"),
	            "# in.txt\n\"top-down-down\\n\"\n0-8 \"JJ\"\n8-9 \"Token\"\n9-13 \"Token\"\nrelation \"HMOD\" (9-13 "
	            "\"Token\") (0-8 \"JJ\")\nrelation \"HYPH\" (9-13 \"Token\") (8-9 \"Token\")\n");
	/* A word that depends on one that is not there. */
	struct heard h = {0};
	char *said = import_said(*state, STR_NONE, S("<s>\n1\ta\ta\tX\tX\t_\t7\tdep\t_\t_\n</s>\n"), &h);
	assert_string_equal(said, "# in.txt\n\"a\\n\"\n0-1 \"X\"\n");
	assert_int_equal(h.failures, 1);
	assert_int_equal(h.line, 2);
	mem_free(said);
	heard_free(&h);
}

/* Names in CoNLL-U's last column; in CoreNLP's fifth, without a scheme. */
static void names_stand_among_other_columns(void **state)
{
	expect_said(*state, STR_NONE,
	            S("1\tKo\tKo\tPROPN\t_\t_\t0\troot\t_\tNER=B-PER|SpaceAfter=No\n2\tLi\tLi\tPROPN\t_\t_\t1\tflat\t_\tX=1|NER=I-PER\n"
	              "3\tsaw\tsee\tVERB\t_\t_\t1\tx\t_\t_\n"),
	            "# in.txt\n\"Ko Li saw\\n\"\n0-5 \"PER\"\n");
	expect_said(*state, STR_NONE,
	            S("1\tKo\tKo\tNNP\tPERSON\t2\tsubj\n2\tsaw\tsee\tVBD\tO\t0\tROOT\n3\tit\tit\tPRP\tO\t2\tobj\n"),
	            "# in.txt\n\"Ko saw it\\n\"\n0-2 \"PERSON\"\n");
}

/* ---- out ------------------------------------------------------------------------------------------------------ */

static char *exported(struct bench *b, const char *corpus, const char *scheme_name, const char *level, struct losses *l)
{
	char *folder = new_corpus(b), *path = io_join(folder, "a.conll");
	struct pot p = {.folder = folder};
	struct buf file = {0};
	struct export_job job = export_job_of(&conll_format, &p);
	job.scheme = scheme_name;
	job.level = level;
	each_article(corpus, export_one, &job);
	assert_true(io_read_file(path, (size_t)1 << 20, &file, NULL, NULL));
	*l = job.losses;
	pot_free(&p);
	mem_free(path);
	mem_free(folder);
	return buf_take(&file);
}

static void tags_of_all_schemes(void **state)
{
	static const struct {
		const char *scheme, *file;
	} cases[] = {
	    {"BIO", "甲 B-X\n乙 I-X\n丙 B-X\n丁 O\n戊 B-Y\n\n"},
	    {"IOB1", "甲 I-X\n乙 I-X\n丙 B-X\n丁 O\n戊 I-Y\n\n"},
	    {"IOE1", "甲 I-X\n乙 E-X\n丙 I-X\n丁 O\n戊 I-Y\n\n"},
	    {"IOE2", "甲 I-X\n乙 E-X\n丙 E-X\n丁 O\n戊 E-Y\n\n"},
	    {"BIOES", "甲 B-X\n乙 E-X\n丙 S-X\n丁 O\n戊 S-Y\n\n"},
	    {"BMES", "甲 B-X\n乙 E-X\n丙 S-X\n丁 O\n戊 S-Y\n\n"},
	    {"BILOU", "甲 B-X\n乙 L-X\n丙 U-X\n丁 O\n戊 U-Y\n\n"},
	};
	struct bench *b = *state;
	char *corpus = accepted_corpus(
	    b, S("{\"file\":\"a.txt\",\"text\":\"甲乙丙丁 戊\",\"spans\":[{\"start\":0,\"end\":2,\"label\":\"X\"},{\"start\":2,"
	         "\"end\":3,\"label\":\"X\"},{\"start\":4,\"end\":6,\"label\":\"Y\"}]}\n"));
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct losses l = {0};
		char *file = exported(b, corpus, cases[i].scheme, NULL, &l);
		assert_string_equal(file, cases[i].file);
		assert_int_equal(l.n, 1);
		assert_string_equal(l.list[0].what, "blanks at the ends of spans");
		losses_free(&l);
		mem_free(file);
	}
	mem_free(corpus);
}

static void what_cannot_be_said_is_counted(void **state)
{
	struct bench *b = *state;
	struct losses l = {0};
	char *corpus = accepted_corpus(
	    b, S("{\"file\":\"a.txt\",\"text\":\"甲乙丙丁戊\",\"spans\":[{\"start\":0,\"end\":3,\"label\":\"X\"},{\"start\":1,"
	         "\"end\":2,\"label\":\"Y\"},{\"start\":2,\"end\":4,\"label\":\"X\"},{\"fragments\":[[0,1],[4,5]],\"label\":"
	         "\"Z\"},{\"start\":5,\"end\":5,\"label\":\"W\"},{\"start\":4,\"end\":5,\"label\":\"R\",\"verdict\":"
	         "\"rejected\"}]}\n"));
	char *file = exported(b, corpus, NULL, NULL, &l);
	assert_string_equal(file, "甲 B-X\n乙 I-X\n丙 I-X\n丁 O\n戊 O\n\n");
	static const char *const whats[] = {"spans discontinuous", "spans rejected", "spans zero-width", "spans nested",
	                                    "spans crossing"};
	for (size_t i = 0; i < COUNT_OF(whats); i++) {
		size_t k = 0;
		while (k < l.n && strcmp(l.list[k].what, whats[i]) != 0)
			k++;
		if (k == l.n || l.list[k].count != 1)
			fail_msg("%s", whats[i]);
	}
	losses_free(&l);
	mem_free(file);
	mem_free(corpus);
}

/* A file of which the article was made comes back as it was, however its tokens were cut. */
static void files_come_back_as_they_were(void **state)
{
	static const char *const files[] = {
	    "U.N. I-ORG\nofficial O\nEkeus I-PER\n's O\n. O\n\nNo. O\n5 O\nSt. I-LOC\n“ O\nX I-LOC\n\n",
	    "ab-cd\tB-X\n(\tO\nef)\tB-X\n\n",
	    "于 O\n1 B_T\n9 M_T\n6 M_T\n年 E_T\n。 O\nP S_X\n\n！ O\n𠮷 O\n\n",
	};
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct bench *b = *state;
		struct heard h = {0};
		struct losses l = {0};
		char *corpus = new_corpus(b);
		assert_true(import_bytes(b, corpus, &conll_format, "a.conll", str_of(files[i]), &h));
		assert_int_equal(h.failures, 0);
		char *file = exported(b, corpus, NULL, NULL, &l);
		assert_string_equal(file, files[i]);
		assert_int_equal(l.n, 0);
		losses_free(&l);
		mem_free(file);
		mem_free(corpus);
		heard_free(&h);
	}
}

/* Spans that do not overlap, in articles that are there when the tokens come back. */
static void random_tags_come_back(void **state)
{
	static const char *const pieces[] = {"开", "𠮷", "👨🏻‍🚒", "é", " ", "　", "\\r\\n", "\\n\\n", "\\t", "Word", "3.14", "。", "\\u200b"};
	static const size_t lengths[] = {1, 1, 4, 1, 1, 1, 2, 2, 1, 4, 4, 1, 1};
	static const char *const labels[] = {"X", "A-B_C", "with space"};
	static const char *const levels[] = {NULL, "char", "word"};
	struct dice d = {7};
	struct buf lines = {0};
	for (size_t i = 0; i < 60; i++) {
		size_t n = roll(&d, 50) + 1, open = 0, cps = 0, spans = 0;
		struct buf list = {0};
		buf_addf(&lines, "{\"file\":\"r%02zu.txt\",\"text\":\"", i);
		for (size_t k = 0; k < n; k++) {
			size_t p = roll(&d, COUNT_OF(pieces));
			bool blank = (p >= 4 && p <= 8) || p == 12;
			buf_adds(&lines, pieces[p]);
			if (!blank && roll(&d, 2)) {
				open = cps; /* begins and ends with a character that is no blank */
				buf_addf(&list, "%s{\"start\":%zu,\"end\":%zu,\"label\":\"%s\"}", spans++ ? "," : "", open,
				         cps + lengths[p], labels[roll(&d, 3)]);
			}
			cps += lengths[p];
		}
		buf_addf(&lines, "\",\"spans\":[%s]}\n", list.p ? list.p : "");
		buf_free(&list);
	}
	char *corpus = accepted_corpus(*state, buf_str(&lines));
	char *was = say_corpus(corpus, &conll_format, &conll_format, true);
	for (enum tag_scheme s = 0; s < TAG_SCHEMES; s++) {
		struct bench *b = *state;
		struct pot p = {.folder = new_corpus(b)};
		struct export_job job = export_job_of(&conll_format, &p);
		struct heard h = {0};
		char *again = new_corpus(b);
		struct buf copy = {0};
		job.scheme = tag_scheme_name(s);
		job.level = levels[s % 3];
		each_article(corpus, export_one, &job);
		buf_addf(&copy, "cp %s/*.txt %s", corpus, again);
		assert_int_equal(system(copy.p), 0);
		for (size_t from = 0; from < p.names.n;) {
			size_t end = str_byte(buf_str(&p.names), '\n', from);
			char *name = str_dup(str_sub(buf_str(&p.names), from, end)), *path = io_join(p.folder, name);
			(void)import_file(again, &conll_format, path, name, &h); /* one of blanks alone has no tags */
			mem_free(path);
			mem_free(name);
			from = end + 1;
		}
		char *is = say_corpus(again, &jsonl_format, &conll_format, true);
		if (strcmp(was, is) != 0)
			fail_msg("%s\n%s\n----\n%s", job.scheme, was, is);
		mem_free(is);
		mem_free(again);
		buf_free(&copy);
		losses_free(&job.losses);
		mem_free((char *)(uintptr_t)p.folder);
		pot_free(&p);
		heard_free(&h);
	}
	mem_free(was);
	mem_free(corpus);
	buf_free(&lines);
}

/* ---- real files ----------------------------------------------------------------------------------------------- */

static void real_files_are_read(void **state)
{
	static const struct {
		const char *name;
		size_t spans;
	} files[] = {{"conll/2006/fi-orig.conll", 34},
	             {"conll/2008/en-orig.conll", 40},
	             {"conll/2009/en-orig.conll", 40},
	             {"conll/2012/en-orig.conll", 4},
	             {"conll/2012/semeval1010-en-sample.conll", 0},
	             {"conll/corenlp/en-orig.conll", 6},
	             {"conll/u/conllu-en-orig.conllu", 11},
	             {"conll/u_v2/conllu-untokenized_text.conllu", 15},
	             {"conll/2002/ner2002_test.conll", 4},
	             {"conll/2002/germeval2014_test.conll", 6},
	             {"conll/2003/en-orig.conll", 3},
	             {"conll/2000/chunk2000_test.conll", 44}};
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct bench *b = *state;
		struct buf file = {0};
		struct heard h = {0};
		char *corpus = new_corpus(b);
		shared_file(files[i].name, &file);
		assert_true(import_bytes(b, corpus, &conll_format, "x.conll", buf_str(&file), &h));
		if (h.failures)
			fail_msg("%s: %s", files[i].name, h.message);
		assert_int_equal(h.counts.items[ITEM_SPAN], files[i].spans);
		mem_free(corpus);
		buf_free(&file);
		heard_free(&h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(columns_are_found, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(chinese_stands_close, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(schemes_are_found, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(tokens_are_laid_onto_the_article, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(broken_lines_cost_themselves, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(documents_are_articles, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(names_in_brackets_are_read, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(treebanks_are_read, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(names_stand_among_other_columns, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(files_come_back_as_they_were, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(tags_of_all_schemes, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(what_cannot_be_said_is_counted, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(random_tags_come_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(real_files_are_read, open_bench, close_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
