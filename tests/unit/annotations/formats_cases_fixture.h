/* formats_cases_fixture: articles for the tests of the interchange formats (formats_fixture.h): what every converter
 * stumbles over, random ones from a fixed seed, and files of the shared data; where these are not there the test is
 * skipped. */
#ifndef ZHUPI_TESTS_FORMATS_CASES_FIXTURE_H
#define ZHUPI_TESTS_FORMATS_CASES_FIXTURE_H

#include "formats_fixture.h"

/* ---- cases ---------------------------------------------------------------------------------------------------- */

/* Formats.md calls these golden: what every converter stumbles over. One article each. */
static const char golden_cases[] =
    "{\"file\":\"astral.txt\",\"text\":\"我在𠮷野家吃。\",\"spans\":[{\"start\":2,\"end\":5,\"label\":\"ORG\"},{"
    "\"start\":0,"
    "\"end\":1,\"label\":\"PERSON\"}]}\n"
    "{\"file\":\"zwj.txt\",\"text\":\"来了👨🏻‍🚒和人\",\"spans\":[{\"start\":2,\"end\":6,\"label\":\"PERSON\"},{"
    "\"start\":7,"
    "\"end\":8,\"label\":\"PERSON\"}]}\n"
    "{\"file\":\"marks.txt\",\"text\":\"e\\u0301tude 葛\\uDB40\\uDD00城 "
    "✌️。\",\"spans\":[{\"start\":0,\"end\":6,\"label\":\"A\"},"
    "{\"start\":7,\"end\":10,\"label\":\"B\"}]}\n"
    "{\"file\":\"wide-space.txt\",\"text\":\"　　开封　市委\\n　书记\",\"spans\":[{\"start\":2,\"end\":4,\"label\":"
    "\"PLACE\"},"
    "{\"start\":2,\"end\":7,\"label\":\"ORG\"}]}\n"
    "{\"file\":\"crlf.txt\",\"text\":\"第一行\\r\\n第二行\\r\\n\",\"spans\":[{\"start\":5,\"end\":8,\"label\":\"A\"}]}"
    "\n"
    "{\"file\":\"bom.txt\",\"text\":\"\\uFEFF开封\",\"spans\":[{\"start\":1,\"end\":3,\"label\":\"PLACE\"}]}\n"
    "{\"file\":\"tab.txt\",\"text\":\"甲\\t乙\\\\丙\",\"spans\":[{\"start\":0,\"end\":3,\"label\":\"A\"},{\"start\":4,"
    "\"end\":5,"
    "\"label\":\"B\"}]}\n"
    "{\"file\":\"newline.txt\",\"text\":\"甲乙\\n丙丁\\n\\n戊\",\"spans\":[{\"start\":1,\"end\":4,\"label\":\"A\"},{"
    "\"start\":3,"
    "\"end\":8,\"label\":\"B\"}]}\n"
    "{\"file\":\"adjacent.txt\",\"text\":\"甲乙丙丁\",\"spans\":[{\"start\":0,\"end\":2,\"label\":\"A\"},{\"start\":2,"
    "\"end\":4,"
    "\"label\":\"A\"}]}\n"
    "{\"file\":\"twice.txt\",\"text\":\"甲乙丙丁\",\"spans\":[{\"start\":0,\"end\":2,\"label\":\"A\"},{\"start\":0,"
    "\"end\":2,"
    "\"label\":\"B\"}]}\n"
    "{\"file\":\"nested.txt\",\"text\":\"甲乙丙丁\",\"spans\":[{\"start\":0,\"end\":4,\"label\":\"A\"},{\"start\":1,"
    "\"end\":4,"
    "\"label\":\"B\"},{\"start\":1,\"end\":2,\"label\":\"C\"}]}\n"
    "{\"file\":\"crossing.txt\",\"text\":\"甲乙丙丁\",\"spans\":[{\"start\":0,\"end\":3,\"label\":\"A\"},{\"start\":1,"
    "\"end\":4,"
    "\"label\":\"A\"}]}\n"
    "{\"file\":\"fragments.txt\",\"text\":\"甲乙丙丁戊\",\"spans\":[{\"fragments\":[[0,1],[3,5]],\"label\":\"A\"}]}\n"
    "{\"file\":\"empty-spans.txt\",\"text\":\"甲乙丙\",\"spans\":[{\"start\":0,\"end\":0,\"label\":\"A\"},{\"start\":2,"
    "\"end\":2,"
    "\"label\":\"A\"},{\"start\":3,\"end\":3,\"label\":\"A\"}]}\n"
    "{\"file\":\"labels.txt\",\"text\":\"甲乙丙丁戊己\",\"spans\":[{\"start\":0,\"end\":1,\"label\":\"A-B\"},{"
    "\"start\":1,\"end\":2,"
    "\"label\":\"A_B\"},{\"start\":2,\"end\":3,\"label\":\"A|B\"},{\"start\":3,\"end\":4,\"label\":\"A "
    "B\"},{\"start\":4,\"end\":"
    "5,\"label\":\"[x]->*;\\\\\"},{\"start\":5,\"end\":6,\"label\":\"人名<&\\\"'>\"}]}\n"
    "{\"file\":\"none.txt\",\"text\":\"没有\"}\n"
    "{\"file\":\"relations.txt\",\"text\":\"高建军任开封市长。\",\"spans\":[{\"id\":\"ab1\",\"start\":0,\"end\":3,"
    "\"label\":\"PERSON\","
    "\"attributes\":{\"role\":\"chair\",\"空\":\"a|b_c\"},\"note\":\"一\\n二\",\"links\":[{\"db\":\"wikidata\",\"id\":"
    "\"Q1\"}]},{\"id\":"
    "\"ab2\",\"start\":4,\"end\":8,\"label\":\"POST\"},{\"id\":\"ab3\",\"start\":4,\"end\":6,\"label\":\"PLACE\"}],"
    "\"relations\":[{"
    "\"type\":\"holds\",\"from\":\"ab1\",\"to\":\"ab2\"},{\"type\":\"in\",\"from\":\"ab2\",\"to\":\"ab3\"},{\"type\":"
    "\"of\",\"from\":"
    "\"ab3\",\"to\":\"ab2\",\"note\":\"n\"}],\"fields\":{\"chair\":[\"高建军\",\"某某\"],\"cats\":[\"news\"]},"
    "\"notes\":[{\"text\":"
    "\"再看一遍\"}]}\n";

/* Verdict accepted for what is of people's formats: `all` gets it on every item. */
static inline char *accepted_corpus(struct bench *b, struct str lines)
{
	char *corpus = new_corpus(b), *path = put_file(b, "cases.jsonl", lines);
	struct heard h = {0};
	struct corpus *c = NULL;
	assert_true(corpus_open(corpus, "tester", &c, NULL));
	struct import_job job = {.folder = "",
	                         .format = &jsonl_format,
	                         .name = "cases.jsonl",
	                         .verdict = "accepted",
	                         .hooks = {&h, on_failed, never, on_progress}};
	assert_true(session_open(c, false, &job.session, NULL));
	assert_true(jsonl_format.import(&job, path, NULL));
	if (h.failures)
		fail_msg("%s", h.message);
	assert_true(session_close(job.session, NULL));
	session_free(job.session);
	corpus_free(c);
	losses_free(&job.losses);
	losses_free(&job.notices);
	heard_free(&h);
	mem_free(path);
	return corpus;
}

/* ---- random articles ------------------------------------------------------------------------------------------ */

struct dice {
	uint64_t state;
};

/* xorshift64*, Marsaglia 2003 and Vigna 2014. */
static inline size_t roll(struct dice *d, size_t sides)
{
	d->state ^= d->state >> 12;
	d->state ^= d->state << 25;
	d->state ^= d->state >> 27;
	return (size_t)((d->state * 2685821657736338717u) >> 33) % sides;
}

static inline void add_random_article(struct buf *out, struct dice *d, size_t number)
{
	static const char *const pieces[] = {"开",      "封", "市",   "𠮷",     "👨🏻‍🚒",
	                                     "e\u0301", "　", " ",    "\\r\\n", "\\n",
	                                     "\\t",     "a",  "Word", "12",     "。",
	                                     "“",       "—",  "\\\\", "\\\"",   "葛󠄀",
	                                     "<b>",     "&",  "*",    "_",      "[1]",
	                                     "|",       ";",  "->",   "،",      "한"};
	static const size_t lengths[] = {1, 1, 1, 1, 4, 2, 1, 1, 2, 1, 1, 1, 4, 2, 1,
	                                 1, 1, 1, 1, 2, 3, 1, 1, 1, 3, 1, 1, 2, 1, 1};
	static const char *const labels[] = {"ORG", "人名", "A-B_C|D", "with space", "PERSON"};
	size_t n = roll(d, 40), cps = 0, spans = roll(d, 12);
	buf_addf(out, "{\"file\":\"random-%zu.txt\",\"text\":\"", number);
	for (size_t i = 0; i < n; i++) {
		size_t k = roll(d, COUNT_OF(pieces));
		buf_adds(out, pieces[k]);
		cps += lengths[k];
	}
	buf_adds(out, "。\",\"spans\":[");
	cps++;
	for (size_t i = 0; i < spans; i++) {
		size_t start = roll(d, cps + 1), end = start + roll(d, cps + 1 - start);
		buf_addf(out, "%s{\"id\":\"s%zu\",\"start\":%zu,\"end\":%zu,\"label\":\"%s\"", i ? "," : "", i, start,
		         end, labels[roll(d, COUNT_OF(labels))]);
		if (roll(d, 4) == 0)
			buf_adds(out, ",\"attributes\":{\"role\":\"主|[1]\"}");
		if (roll(d, 5) == 0)
			buf_adds(out, ",\"note\":\"查 \\t 一\\n下\"");
		buf_addc(out, '}');
	}
	buf_adds(out, "],\"relations\":[");
	for (size_t i = 0; spans && i < roll(d, 4); i++)
		buf_addf(out, "%s{\"type\":\"%s\",\"from\":\"s%zu\",\"to\":\"s%zu\"}", i ? "," : "",
		         roll(d, 2) ? "holds" : "任", roll(d, spans), roll(d, spans));
	buf_adds(out, "]}\n");
}

static inline void expect_random_round_trips(struct bench *b, const struct format *f, const char *suffix)
{
	struct dice d = {0x9E3779B97F4A7C15u};
	struct buf lines = {0};
	for (size_t i = 0; i < 120; i++)
		add_random_article(&lines, &d, i);
	char *corpus = accepted_corpus(b, buf_str(&lines));
	expect_round_trip(b, corpus, f, suffix);
	mem_free(corpus);
	buf_free(&lines);
}

/* ---- real files ------------------------------------------------------------------------------------------------ */

#define SHARED_DATA "../shared/data"

/* Reads a file of the shared data; skips where it is not there. */
static inline void shared_file(const char *name, struct buf *out)
{
	char *path = io_join(SHARED_DATA, name);
	if (!io_read_file(path, (size_t)1 << 26, out, NULL, NULL)) {
		print_message("%s is not there\n", path);
		mem_free(path);
		skip();
	}
	mem_free(path);
}

/* Every file of a folder that ends so is read, written and read again. */
static inline void expect_file(struct bench *b, const char *path, const struct format *f, const char *suffix, size_t *read)
{
	struct heard h = {0};
	char *corpus = new_corpus(b);
	if (!import_file(corpus, f, path, "in.x", &h))
		fail_msg("%s: %s", path, h.message);
	if (h.failures)
		fail_msg("%s: %s", path, h.message);
	expect_round_trip(b, corpus, f, suffix);
	(*read)++;
	mem_free(corpus);
	heard_free(&h);
}

struct search {
	struct bench *bench;
	const char *root, *suffix;
	const struct format *format;
	size_t read;
};

static inline bool visit_shared(void *ctx, struct str relative)
{
	struct search *s = ctx;
	char *name = str_dup(relative), *path = io_join(s->root, name);
	if (str_ends(relative, str_of(s->suffix)))
		expect_file(s->bench, path, s->format, s->suffix, &s->read);
	mem_free(path);
	mem_free(name);
	return true;
}

static inline void expect_folder(struct bench *b, const char *root, const struct format *f, const char *suffix)
{
	struct search s = {.bench = b, .root = root, .suffix = suffix, .format = f};
	if (!io_walk(root, visit_shared, NULL, &s, NULL)) {
		print_message("%s is not there\n", root);
		skip();
	}
	assert_true(s.read > 0);
}

/* ---- a file comes in ---------------------------------------------------------------------------------------- */

/* What a corpus that was empty says after those bytes came in. */
static inline char *import_says(struct bench *b, const struct format *f, const char *name, const char *bytes, struct heard *h)
{
	char *corpus = new_corpus(b);
	if (!import_bytes(b, corpus, f, name, str_of(bytes), h))
		fail_msg("%s", h->message);
	char *said = say_corpus(corpus, &jsonl_format, &jsonl_format, true);
	mem_free(corpus);
	return said;
}

/* All of it is taken, and says that. */
static inline void expect_import(struct bench *b, const struct format *f, const char *name, const char *bytes, const char *expected)
{
	struct heard h = {0};
	char *said = import_says(b, f, name, bytes, &h);
	if (h.failures)
		fail_msg("%s", h.message);
	assert_string_equal(said, expected);
	mem_free(said);
	heard_free(&h);
}

/* For each_article(); ctx: size_t[VERDICTS]. */
static inline void count_verdicts(void *ctx, struct doc *d)
{
	size_t *counts = ctx;
	for (enum verdict v = 0; v < VERDICTS; v++)
		counts[v] += set_counts(d->set)->spans[v];
}

#endif
