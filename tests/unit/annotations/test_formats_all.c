/* Every format of the table that goes out and comes in: what zhupi holds is written, read back and compared; it is the
 * same but for what the table says the format does not carry whole. */
#include "formats_cases_fixture.h"

#include "tests/unit/hang_fixture.h"

/* How a file of the format finds its way back. */
static const struct way {
	const struct format *format;
	const char *suffix;
	bool articles; /* it brings no texts, or not whole: they are there before */
	bool tokens;   /* of spans that begin and end with a character that is no blank, as it says */
} ways[] = {
    {&jsonl_format, ".jsonl", false, false},       {&brat_format, ".ann", true, false},
    {&conll_format, ".conll", true, true},         {&hf_format, ".jsonl", true, true},
    {&cluener_format, ".json", false, false},      {&yedda_format, ".txt.ann", false, false},
    {&csv_format, ".csv", true, false},            {&table_tsv_format, ".tsv", true, false},
    {&doccano_format, ".jsonl", false, false},     {&prodigy_format, ".jsonl", false, false},
    {&label_studio_format, ".json", false, false}, {&spacy_format, ".jsonl", false, false},
    {&webanno_format, ".tsv", false, false},       {&w3c_format, ".jsonld", true, false},
    {&xmi_format, ".xmi", false, false},           {&cas_json_format, ".json", false, false},
};

static void no_format_is_left_out(void **state)
{
	(void)state;
	for (size_t i = 0; formats[i]; i++) {
		size_t k = 0;
		while (k < COUNT_OF(ways) && ways[k].format != formats[i])
			k++;
		if (k == COUNT_OF(ways) && formats[i]->import && formats[i]->export && formats[i] != &html_format)
			fail_msg("%s goes out and comes in and is not tried here", formats[i]->name);
	}
}

/* ---- random articles ------------------------------------------------------------------------------------------ */

static const struct piece {
	const char *json;
	size_t length; /* code points */
	bool blank;
} pieces[] = {
    {"开", 1, false},  {"封", 1, false},    {"𠮷", 1, false},    {"👨🏻‍🚒", 4, false}, {"e\u0301", 2, false}, {"葛󠄀", 2, false},
    {"。", 1, false},  {"—", 1, false},    {"Word", 4, false},  {"3.14", 4, false},  {"\\\"", 1, false},   {"\\\\", 1, false},
    {"<b>", 3, false}, {"&", 1, false},    {"[1]", 3, false},   {"|", 1, false},     {"->", 2, false},     {"한", 1, false},
    {" ", 1, true},    {"　", 1, true},    {"\\t", 1, true},    {"\\n", 1, true},    {"\\r\\n", 2, true},
};

struct article_made {
	struct buf line;
	size_t ends[64]; /* code points behind each piece; ends[0] is 0 */
	bool blank[64];
	size_t n, spans;
};

static void add_span(struct article_made *a, struct dice *d, size_t first, size_t last, size_t hole)
{
	static const char *const labels[] = {"ORG", "人名", "A-B_C|D", "with space", "PERSON"};
	buf_addf(&a->line, "%s{\"id\":\"s%zu\",", a->spans ? "," : "", a->spans);
	a->spans++;
	if (hole)
		buf_addf(&a->line, "\"fragments\":[[%zu,%zu],[%zu,%zu]]", a->ends[first], a->ends[hole], a->ends[hole + 1],
		         a->ends[last]);
	else
		buf_addf(&a->line, "\"start\":%zu,\"end\":%zu", a->ends[first], a->ends[last]);
	buf_addf(&a->line, ",\"label\":\"%s\"", labels[roll(d, COUNT_OF(labels))]);
	if (roll(d, 4) == 0)
		buf_adds(&a->line, ",\"attributes\":{\"role\":\"主|[1]\"}");
	if (roll(d, 5) == 0)
		buf_adds(&a->line, ",\"note\":\"查 \\t 一\\n下\"");
	if (roll(d, 6) == 0)
		buf_adds(&a->line, ",\"links\":[{\"db\":\"wikidata\",\"id\":\"Q1\"}]");
	buf_addc(&a->line, '}');
}

/* [first, last) in pieces; an article of tokens has its spans cut back to what is no blank. */
static void add_some(struct article_made *a, struct dice *d, bool tokens, size_t first, size_t last, size_t hole)
{
	if (!tokens) {
		add_span(a, d, first, last, hole);
		return;
	}
	while (first < last && a->blank[first])
		first++;
	while (last > first && a->blank[last - 1])
		last--;
	if (first < last)
		add_span(a, d, first, last, 0);
}

static void add_spans(struct article_made *a, struct dice *d, bool tokens)
{
	for (size_t k = a->n ? roll(d, 7) : 0; k > 0; k--) {
		size_t first = roll(d, a->n + 1), last = first + roll(d, a->n + 1 - first), kind = roll(d, 8);
		add_some(a, d, tokens, first, last, 0);
		if (kind == 0) /* two labels on one place, or one label twice */
			add_some(a, d, tokens, first, last, 0);
		if (kind == 7)
			for (size_t i = 0; i < 6; i++)
				add_some(a, d, tokens, first, last, 0);
		if (kind == 1 && last - first > 2) { /* three deep */
			add_some(a, d, tokens, first + 1, last, 0);
			add_some(a, d, tokens, first + 1, last - 1, 0);
		}
		if (kind == 2 && last < a->n) /* the next one begins where this one ends */
			add_some(a, d, tokens, last, last + 1, 0);
		if (kind == 3 && last - first > 2)
			add_some(a, d, tokens, first, last, first + 1);
		if (kind == 4 && last < a->n && first < last) /* crossing */
			add_some(a, d, tokens, last - 1, last + 1, 0);
		if (kind == 5)
			add_some(a, d, tokens, 0, 0, 0);
		if (kind == 6)
			add_some(a, d, tokens, a->n, a->n, 0);
	}
}

static void add_article(struct buf *lines, struct dice *d, size_t number, bool tokens)
{
	struct article_made a = {.n = roll(d, 40)};
	bool mark = !tokens && roll(d, 8) == 0;
	buf_addf(&a.line, "{\"file\":\"random-%02zu.txt\",\"text\":\"%s", number, mark ? "\\uFEFF" : "");
	a.ends[0] = mark;
	if (tokens && a.n == 0)
		a.n = 1;
	for (size_t i = 0; i < a.n; i++) {
		const struct piece *p = &pieces[tokens && i == 0 ? 0 : roll(d, COUNT_OF(pieces))];
		buf_adds(&a.line, p->json);
		a.ends[i + 1] = a.ends[i] + p->length;
		a.blank[i] = p->blank;
	}
	buf_adds(&a.line, "\",\"spans\":[");
	add_spans(&a, d, tokens);
	buf_adds(&a.line, "],\"relations\":[");
	for (size_t i = 0, n = a.spans ? roll(d, 4) : 0; i < n; i++)
		buf_addf(&a.line, "%s{\"type\":\"%s\",\"from\":\"s%zu\",\"to\":\"s%zu\"}", i ? "," : "", roll(d, 2) ? "holds" : "任",
		         roll(d, a.spans), roll(d, a.spans));
	buf_adds(&a.line, "]");
	if (roll(d, 3) == 0)
		buf_adds(&a.line, ",\"fields\":{\"chair\":[\"高建军\",\"某某\"]}");
	if (roll(d, 3) == 0)
		buf_adds(&a.line, ",\"notes\":[{\"text\":\"再看\\n一遍\"}]");
	buf_add(lines, buf_str(&a.line));
	buf_adds(lines, "}\n");
	buf_free(&a.line);
}

/* ---- there and back ------------------------------------------------------------------------------------------- */

static void copy_articles(const char *from, const char *to)
{
	struct buf command = {0};
	buf_addf(&command, "cp '%s'/*.txt '%s'", from, to);
	assert_int_equal(system(command.p), 0);
	buf_free(&command);
}

static void import_into(struct bench *b, const char *corpus, const struct way *w, const struct format *f,
                        const struct pot *p, struct heard *h)
{
	struct buf name = {0};
	buf_addf(&name, "again%s", w->suffix);
	if (f->folder)
		import_files(corpus, f, p, w->suffix, h);
	else if (!import_bytes(b, corpus, f, name.p, buf_str(&p->out), h))
		fail_msg("%s: %s", f->name, h->message);
	buf_free(&name);
}

/* What is there already is not added again. */
static void expect_known(struct bench *b, const char *corpus, const struct way *w, const struct format *f,
                         const struct pot *p, const char *said)
{
	struct heard h = {0};
	import_into(b, corpus, w, f, p, &h);
	char *is = say_corpus(corpus, &jsonl_format, f, true);
	size_t same = 0;
	while (is[same] && is[same] == said[same])
		same++;
	while (same && is[same - 1] != '\n')
		same--;
	if (strcmp(is, said) != 0)
		fail_msg("%s: read twice it differs first\n  was %.300s\n  is %.300s", f->name, said + same, is + same);
	mem_free(is);
	heard_free(&h);
}

static void expect_back(struct bench *b, const char *corpus, const struct way *w, bool twice)
{
	/* What goes out in another form does not come back as it was. */
	struct format f = *w->format;
	for (size_t i = 0; i < FEATURES; i++)
		if (f.carry[i] == CARRY_PART && i <= FEATURE_NEWLINE)
			f.carry[i] = CARRY_NONE;
	struct pot p = {.folder = new_corpus(b)};
	struct losses losses = {0};
	struct heard h = {0};
	char *again = new_corpus(b);
	if (w->articles)
		copy_articles(corpus, again);
	export_corpus(corpus, &f, &p, &losses);
	import_into(b, again, w, &f, &p, &h);
	if (h.failures)
		fail_msg("%s: %zu failures, first: %s\n%s", f.name, h.failures, h.message, p.out.p ? p.out.p : "");
	char *was = say_corpus(corpus, &f, &f, true), *is = say_corpus(again, &jsonl_format, &f, true);
	size_t same = 0;
	while (was[same] && was[same] == is[same])
		same++;
	while (same && was[same - 1] != '\n')
		same--;
	if (strcmp(was, is) != 0)
		fail_msg("%s: first difference\n  was %.300s\n  is %.300s", f.name, was + same, is + same);
	if (twice)
		expect_known(b, again, w, &f, &p, is);
	mem_free(was);
	mem_free(is);
	mem_free(again);
	mem_free((char *)(uintptr_t)p.folder);
	losses_free(&losses);
	heard_free(&h);
	pot_free(&p);
}

static void what_goes_out_comes_back(void **state)
{
	struct bench *b = *state;
	for (int tokens = 0; tokens < 2; tokens++) {
		struct dice d = {0xD1CEu + (unsigned)tokens};
		struct buf lines = {0};
		for (size_t i = 0; i < 60; i++)
			add_article(&lines, &d, i, tokens);
		char *corpus = accepted_corpus(b, buf_str(&lines));
		for (size_t i = 0; i < COUNT_OF(ways); i++)
			if (ways[i].tokens == tokens)
				expect_back(b, corpus, &ways[i], true);
		mem_free(corpus);
		buf_free(&lines);
	}
}

/* Spans of one label at one place, told apart by what is said of them, by relations, or by nothing but that they are
 * two; relations of one type between the same ends. */
static void twins_come_back(void **state)
{
	struct bench *b = *state;
	char *corpus = accepted_corpus(
	    b, S("{\"file\":\"a.txt\",\"text\":\"甲乙丙丁\",\"spans\":["
	         "{\"id\":\"tw1\",\"start\":0,\"end\":2,\"label\":\"P\",\"attributes\":{\"role\":\"one\"}},"
	         "{\"id\":\"tw2\",\"start\":0,\"end\":2,\"label\":\"P\",\"attributes\":{\"role\":\"two\"}},"
	         "{\"id\":\"tw3\",\"start\":0,\"end\":2,\"label\":\"P\",\"note\":\"three\"},"
	         "{\"id\":\"tw4\",\"start\":0,\"end\":2,\"label\":\"P\"},"
	         "{\"id\":\"tw5\",\"start\":0,\"end\":2,\"label\":\"P\"},"
	         "{\"id\":\"tw6\",\"start\":2,\"end\":3,\"label\":\"P\"}],\"relations\":["
	         "{\"id\":\"re1\",\"type\":\"r\",\"from\":\"tw2\",\"to\":\"tw6\"},"
	         "{\"id\":\"re2\",\"type\":\"r\",\"from\":\"tw3\",\"to\":\"tw6\"},"
	         "{\"id\":\"re3\",\"type\":\"r\",\"from\":\"tw3\",\"to\":\"tw6\",\"note\":\"again\"}]}\n"));
	for (size_t i = 0; i < COUNT_OF(ways); i++)
		expect_back(b, corpus, &ways[i], true);
	mem_free(corpus);
}

/* ---- losses ----------------------------------------------------------------------------------------------------- */

/* How much of what can be said a corpus says. */
enum held { SPANS, RELATIONS, FIELDS, NOTES, ATTRIBUTES, ITEM_NOTES, LINKS, FLAGS, ORIGINALS, EVIDENCE, ZONES, HELD };

static void count_list(const struct node *map, const char *key, size_t *n)
{
	const struct node *value = node_get(map, str_of(key));
	*n += !value ? 0 : value->kind == NODE_SCALAR ? value->text.n > 0 : str_eq(str_of(key), S("original")) ? 1 : value->n;
}

static void count_held(void *ctx, struct doc *d)
{
	static const struct {
		const char *key;
		enum held held;
	} parts[] = {{"attributes", ATTRIBUTES}, {"note", ITEM_NOTES}, {"links", LINKS}, {"flag", FLAGS}, {"original", ORIGINALS}};
	static const enum item_kind kinds[] = {ITEM_SPAN, ITEM_RELATION, ITEM_FIELD};
	size_t *held = ctx;
	for (size_t k = 0; k < COUNT_OF(kinds); k++) {
		for (size_t i = 0; i < set_items(d->set, kinds[k]); i++) {
			const struct node *map = set_node(d->set, kinds[k], set_item_id(d->set, kinds[k], i));
			held[SPANS + k]++;
			for (size_t p = 0; p < COUNT_OF(parts); p++)
				count_list(map, parts[p].key, &held[parts[p].held]);
			if (kinds[k] == ITEM_FIELD)
				held[EVIDENCE] += node_get(map, S("spans")) != NULL;
		}
	}
	held[NOTES] += set_items(d->set, ITEM_NOTE);
	held[ZONES] += set_items(d->set, ITEM_ZONE);
}

/* "spans nested" and "spans with attributes" are said of spans and of attributes. */
static enum held held_of(struct str what)
{
	static const struct {
		const char *end;
		enum held held;
	} with[] = {{" with attributes", ATTRIBUTES}, {" with notes on items", ITEM_NOTES}, {" with links", LINKS},
	            {" with flags", FLAGS},           {" with originals", ORIGINALS},       {" with evidence", EVIDENCE}};
	static const char *const kinds[] = {"spans", "relations", "fields", "notes"};
	for (size_t i = 0; i < COUNT_OF(with); i++)
		if (str_ends(what, str_of(with[i].end)))
			return with[i].held;
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (str_starts(what, str_of(kinds[i])))
			return SPANS + (enum held)i;
	return str_eq(what, S("zones")) ? ZONES : HELD;
}

/* Everything that an article can hold; what is not accepted says nothing more, so that it counts once. */
static const char everything[] =
    "{\"file\":\"a.txt\",\"text\":\"甲乙丙丁戊己庚辛\\n壬癸子丑寅卯\",\"spans\":[{\"id\":\"sp1\",\"start\":0,\"end\":4,\"la"
    "bel\":\"A\",\"verdict\":\"accepted\",\"attributes\":{\"k\":\"v\",\"m\":\"n\"},\"note\":\"nn\",\"links\":"
    "[{\"db\":\"w\",\"id\":\"Q1\"}],\"flag\":\"look\"},{\"id\":\"sp2\",\"start\":1,\"end\":2,\"label\":\"B\","
    "\"verdict\":\"accepted\"},{\"id\":\"sp3\",\"start\":3,\"end\":6,\"label\":\"C\",\"verdict\":\"corrected\""
    ",\"original\":{\"label\":\"D\",\"at\":[[3,5]]}},{\"id\":\"sp4\",\"fragments\":[[6,7],[9,10]],\"label\":\""
    "A\",\"verdict\":\"accepted\"},{\"id\":\"sp5\",\"start\":7,\"end\":10,\"label\":\"A\",\"verdict\":\"accep"
    "ted\"},{\"id\":\"sp6\",\"start\":5,\"end\":5,\"label\":\"Z\",\"verdict\":\"accepted\"},{\"id\":\"sp7\",\""
    "start\":10,\"end\":11,\"label\":\"R\",\"verdict\":\"rejected\"},{\"id\":\"sp8\",\"start\":11,\"end\":12,"
    "\"label\":\"U\"},{\"id\":\"sp9\",\"start\":12,\"end\":13,\"label\":\"S\",\"verdict\":\"accepted\"},{\"id"
    "\":\"sp10\",\"start\":12,\"end\":13,\"label\":\"T\",\"verdict\":\"accepted\"},{\"id\":\"sp11\",\"start\""
    ":12,\"end\":13,\"label\":\"T\",\"verdict\":\"accepted\"}],\"relations\":[{\"id\":\"re1\",\"type\":\"r\","
    "\"from\":\"sp1\",\"to\":\"sp2\",\"verdict\":\"accepted\"},{\"id\":\"re2\",\"type\":\"r\",\"from\":\"sp1\""
    ",\"to\":\"sp7\",\"verdict\":\"accepted\"},{\"id\":\"re3\",\"type\":\"r\",\"from\":\"sp1\",\"to\":\"sp9\""
    ",\"verdict\":\"rejected\"}],\"fields\":{\"chair\":[{\"id\":\"fi1\",\"value\":\"甲\",\"verdict\":\"accepte"
    "d\",\"spans\":[\"sp1\"]},{\"id\":\"fi2\",\"value\":\"乙\"}],\"title\":{\"id\":\"fi3\",\"value\":\"丙\",\"v"
    "erdict\":\"rejected\"}},\"notes\":[{\"id\":\"no1\",\"text\":\"n\"}],\"zones\":[{\"start\":0,\"end\":9,\""
    "kind\":\"nav\",\"judged\":{\"by\":\"x\"}}]}\n";

/* What is said to be left out is just what a file does not bring back; what goes in another form is there in some way. */
static void what_is_left_out_is_counted(void **state)
{
	struct bench *b = *state;
	struct heard h = {0};
	char *corpus = new_corpus(b);
	assert_true(import_bytes(b, corpus, &jsonl_format, "in.jsonl", str_of(everything), &h));
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		const struct format *f = ways[i].format;
		struct pot p = {.folder = new_corpus(b)};
		struct losses losses = {0};
		size_t had[HELD] = {0}, has[HELD] = {0};
		char *again = new_corpus(b);
		if (ways[i].articles)
			copy_articles(corpus, again);
		export_corpus(corpus, f, &p, &losses);
		import_into(b, again, &ways[i], f, &p, &h);
		each_article(corpus, count_held, had);
		each_article(again, count_held, has);
		for (size_t k = 0; k < losses.n; k++) {
			struct str what = str_of(losses.list[k].what);
			enum held held = held_of(what);
			if (held == HELD)
				fail_msg("%s: %s is of no kind", f->name, losses.list[k].what);
			if (!str_ends(what, S("written in another form")))
				had[held] -= (size_t)losses.list[k].count;
		}
		/* What is said of an item goes uncounted with the item itself. */
		if (f->carry[FEATURE_FIELDS] == CARRY_NONE)
			had[EVIDENCE] = 0;
		if (f->carry[FEATURE_CROSSING] == CARRY_NONE)
			had[ORIGINALS] = 0;
		for (size_t k = 0; k < HELD; k++)
			if (had[k] != has[k] && !(k == ATTRIBUTES && has[k] > had[k])) /* types of UIMA are attributes */
				fail_msg("%s: of kind %zu %zu should come back and %zu do", f->name, k, had[k], has[k]);
		losses_free(&losses);
		pot_free(&p);
		mem_free(again);
		mem_free((char *)(uintptr_t)p.folder);
	}
	heard_free(&h);
	mem_free(corpus);
}

/* More than 32,767 spans, with relations between neighbours. */
static void many_spans_come_back(void **state)
{
	struct bench *b = *state;
	struct buf line = {0};
	size_t n = 33000;
	buf_adds(&line, "{\"file\":\"a.txt\",\"text\":\"");
	for (size_t i = 0; i < n; i++)
		buf_adds(&line, i % 50 == 49 ? "甲。" : "甲乙");
	buf_adds(&line, "\",\"spans\":[");
	for (size_t i = 0; i < n; i++)
		buf_addf(&line, "%s{\"id\":\"s%zu\",\"start\":%zu,\"end\":%zu,\"label\":\"PERSON\"}", i ? "," : "", i,
		         2 * i, 2 * i + 1);
	buf_adds(&line, "],\"relations\":[");
	for (size_t i = 1; i < 2000; i++)
		buf_addf(&line, "%s{\"type\":\"t\",\"from\":\"s%zu\",\"to\":\"s%zu\"}", i > 1 ? "," : "", i - 1, i);
	buf_adds(&line, "]}\n");
	char *corpus = accepted_corpus(b, buf_str(&line));
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		hang_guard(15); /* no format goes through its file for each span */
		expect_back(b, corpus, &ways[i], false);
	}
	hang_guard(0);
	mem_free(corpus);
	buf_free(&line);
}

/* A file may have very many different keys of its own. */
static void many_losses_are_counted_at_once(void **state)
{
	enum { MANY = 150000 };
	struct losses l = {0};
	(void)state;
	hang_guard(10);
	for (unsigned round = 1; round <= 2; round++)
		for (unsigned i = 0; i < MANY; i++)
			losses_add(&l, round, "key k%u", i);
	hang_guard(0);
	assert_int_equal(l.n, MANY);
	for (unsigned i = 0; i < MANY; i += MANY / 7) {
		struct buf what = {0};
		buf_addf(&what, "key k%u", i);
		assert_string_equal(l.list[i].what, what.p);
		assert_int_equal(l.list[i].count, 3);
		buf_free(&what);
	}
	losses_free(&l);
	assert_int_equal(l.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_format_is_left_out),
	    cmocka_unit_test(many_losses_are_counted_at_once),
	    cmocka_unit_test_setup_teardown(what_goes_out_comes_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(twins_come_back, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(what_is_left_out_is_counted, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(many_spans_come_back, open_bench, close_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
