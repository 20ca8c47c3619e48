/* JSONL lines that are read without a tree come in as the same lines read as trees: the same sidecars, messages,
 * counts and losses, in dry runs too.  Spans that go out from the lines of a sidecar are what they are as trees:
 * such are spans with a comment. */
#include <stdio.h>

#include "annotations/formats/jsonl.h"
#include "formats_fixture.h"

static uint32_t seed;

static uint32_t pick(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

static bool rarely(void)
{
	return pick(24) == 0;
}

#define ARTICLE "市委书记高建军主持会议𠮷\\n县长李慧娟é讲话abc\\n\\u7701\\u59d4常委会召开。" /* as JSON has it */

static const char *const points[] = {"市", "委", "书", "记", "高", "建", "军", "主", "持", "会", "议", "𠮷", "\\n", "县", "长", "李",
                                     "慧", "娟", "é", "讲", "话", "a", "b", "c", "\\n", "省", "委", "常", "委", "会", "召", "开", "。"};

/* ---- lines ------------------------------------------------------------------------------------------------------ */

static const char *one_of(const char *const *list, size_t n)
{
	return list[pick((uint32_t)n)];
}
#define ONE_OF(...) one_of((const char *const[]){__VA_ARGS__}, COUNT_OF(((const char *const[]){__VA_ARGS__})))

static void add_text(struct buf *out, size_t start, size_t end)
{
	buf_adds(out, ",\"text\":\"");
	for (size_t i = start; i < end && i < COUNT_OF(points); i++)
		buf_adds(out, points[i]);
	buf_addc(out, '"');
}

static void add_extras(struct buf *out)
{
	if (pick(3) == 0)
		buf_addf(out, ",\"score\":%s", rarely() ? ONE_OF("null", "\"1\"", "true", "1e-1") : ONE_OF("0.93", "1", "0.5"));
	if (pick(3) == 0)
		buf_addf(out, ",\"verdict\":%s",
		         rarely() ? ONE_OF("null", "\"\"", "\"maybe\"", "1")
		                  : ONE_OF("\"accepted\"", "\"rejected\"", "\"undecided\"", "\"corrected\""));
	if (pick(3) == 0)
		buf_addf(out, ",\"source\":%s",
		         rarely() ? ONE_OF("null", "[]", "{\"a\":[[[[1]]]]}", "true", "{\"by\":{}}")
		                  : ONE_OF("\"model\"", "\"\"", "{\"by\":\"model\",\"rule\":\"x\"}", "{\"rule\":\"r\",\"version\":2}", "{}"));
	if (pick(4) == 0)
		buf_addf(out, ",\"judged\":%s", rarely() ? ONE_OF("[]", "1", "null") : ONE_OF("\"ann\"", "{\"by\":\"ann\",\"on\":\"2026-01-01T00:00:00Z\"}"));
	if (pick(6) == 0)
		buf_addf(out, ",\"attributes\":%s", rarely() ? ONE_OF("[]", "1") : ONE_OF("{\"role\":\"chair\"}", "{\"a\":[{\"b\":\"c\"}]}"));
	if (pick(6) == 0)
		buf_addf(out, ",\"links\":%s", rarely() ? ONE_OF("{}", "\"x\"") : "[{\"db\":\"wikidata\",\"id\":\"Q1\"}]");
	if (pick(6) == 0)
		buf_addf(out, ",\"note\":%s", rarely() ? ONE_OF("1", "null") : ONE_OF("\"a\\tb\"", "\"\""));
	if (pick(6) == 0)
		buf_addf(out, ",\"flag\":%s", rarely() ? "{}" : "\"why\"");
	if (rarely())
		buf_addf(out, ",%s", ONE_OF("\"label\":\"ORG\"", "\"colour\":1", "\"brat\":{\"line\":\"T1\"}", "\"original\":{\"label\":\"POST\"}",
		                            "\"original\":{\"start\":0,\"end\":2}"));
}

static void add_span(struct buf *out)
{
	size_t start = pick(4) * pick(4), end = start + pick(4);
	buf_addc(out, '{');
	if (pick(3) == 0)
		buf_addf(out, "\"id\":%s,", rarely() ? ONE_OF("7", "null", "\"\"", "\"on\"") : ONE_OF("\"s1\"", "\"s2\"", "\"7\"", "\"T-4\"", "\"s\\u0031\""));
	if (rarely())
		buf_addf(out, "\"fragments\":[[%zu,%zu],[%zu,%zu]]", start, start + 1, start + 2, start + 3);
	else if (rarely())
		buf_addf(out, "\"start\":%s,\"end\":%s", ONE_OF("-1", "1.5", "\"1\"", "99", "18446744073709551615"), ONE_OF("3", "99", "null"));
	else
		buf_addf(out, "\"start\":%zu, \"end\" : %zu", start, end);
	buf_addf(out, ",\"label\":%s", rarely() ? ONE_OF("null", "\"\"", "1", "\"a\\u0007b\"") : ONE_OF("\"PERSON\"", "\"ORG\"", "\"新\""));
	if (pick(2))
		add_text(out, start, rarely() ? end + 1 : end);
	add_extras(out);
	buf_addc(out, '}');
}

static void add_rest(struct buf *out)
{
	if (pick(6) == 0)
		buf_addf(out, ",\"relations\":[{\"type\":\"holds\",\"from\":%s,\"to\":%s}]", ONE_OF("\"s1\"", "\"7\"", "[0,2]", "[2,3]"),
		         ONE_OF("\"s2\"", "\"T-4\"", "[1,3]", "\"nobody\""));
	if (pick(3) == 0)
		buf_addf(out, ",\"fields\":{\"chair\":[{\"value\":\"高建军\",\"spans\":[%s]}],\"title\":\"x\"}", ONE_OF("", "\"s1\"", "[0,1]", "[1,2]", "[2,4]"));
	if (pick(8) == 0)
		buf_adds(out, ",\"notes\":[\"seen\"]");
	if (pick(8) == 0)
		buf_addf(out, ",\"status\":%s", ONE_OF("\"done\"", "\"reviewing\"", "\"no\"", "null"));
	if (pick(8) == 0)
		buf_addf(out, ",\"language\":%s", ONE_OF("\"zh\"", "[1]"));
	if (rarely())
		buf_addf(out, ",%s", ONE_OF("\"spans\":[]", "\"text\":\"other\"", "\"text\":null", "\"zones\":[{\"start\":0,\"end\":3,\"kind\":\"nav\"}]", "\"file\":1"));
}

/* Of one to five lines. */
static void make_lines(struct buf *out)
{
	for (uint32_t n = 1 + pick(5); n--;) {
		buf_addf(out, "%s{\"file\": \"%s\"", ONE_OF("", " "), ONE_OF("a.txt", "a.txt", "b.txt", "c/d.txt", "e\\u002etxt"));
		if (pick(6))
			buf_adds(out, rarely() ? ",\"text\":\"\\u0000\"" : ",\"text\":\"" ARTICLE "\"");
		if (pick(8)) {
			buf_adds(out, ",\"spans\":[");
			for (uint32_t k = pick(6), first = k; k--;) {
				buf_adds(out, k + 1 < first ? ", " : "");
				add_span(out);
			}
			buf_addc(out, ']');
		}
		add_rest(out);
		buf_adds(out, rarely() ? ",\"x\":1}}\n" : ",\"x\":1}\n");
	}
}

/* ---- imports ------------------------------------------------------------------------------------------------ */

struct outcome {
	struct buf said; /* messages, losses, counts; the corpus's path as @ */
	const char *corpus;
};

static void hear(void *ctx, struct error *e)
{
	struct outcome *o = ctx;
	struct buf message = {0};
	buf_addf(&message, "%s:%zu:%zu: %s: %s\n", e->path ? e->path : "", e->line, e->column, error_code_name(e->code), e->message);
	for (size_t from = 0;;) {
		size_t at = str_find(buf_str(&message), str_of(o->corpus), from);
		buf_add(&o->said, str_sub(buf_str(&message), from, at == NOWHERE ? message.n : at));
		if (at == NOWHERE)
			break;
		buf_addc(&o->said, '@');
		from = at + strlen(o->corpus);
	}
	buf_free(&message);
	error_clear(e);
}

/* What jsonl_in.c makes of a line that it has to read as a tree. */
static bool take_tree(struct import_job *job, const char *path, size_t line, struct node *object, struct error *err)
{
	struct record r = {.job = job, .path = path, .line = line, .object = object};
	return record_take(&r, err);
}

static void import_lines(struct outcome *o, const char *path, bool trees, bool dry_run)
{
	struct error err = {0};
	struct corpus *c = NULL;
	assert_true(corpus_open(o->corpus, "tester", &c, NULL));
	struct import_job job = {.folder = "", .format = &jsonl_format, .name = "in.jsonl", .dry_run = dry_run, .hooks = {o, hear, never, on_progress}};
	assert_true(session_open(c, false, &job.session, NULL));
	if (!(trees ? jsonl_lines(&job, path, NULL, take_tree, &err) : jsonl_format.import(&job, path, &err)))
		hear(o, &err);
	assert_true(session_close(job.session, NULL));
	session_free(job.session);
	corpus_free(c);
	const struct import_counts *n = &job.counts;
	buf_addf(&o->said, "objects %d failed %d created %d changed %d decided %d there %d zones %d\n", (int)n->objects, (int)n->failed,
	         (int)n->created, (int)n->changed, (int)n->decided, (int)n->there, (int)n->zones_as_found);
	for (enum item_kind kind = 0; kind < ITEM_KINDS; kind++)
		buf_addf(&o->said, " %d", (int)n->items[kind]);
	for (size_t i = 0; i < job.losses.n; i++)
		buf_addf(&o->said, "\nloss %s %d", job.losses.list[i].what, (int)job.losses.list[i].count);
	buf_addc(&o->said, '\n');
	losses_free(&job.losses);
	losses_free(&job.notices);
}

static void add_sidecars(struct outcome *o)
{
	static const char *const names[] = {"a.txt.yaml", "b.txt.yaml", "c/d.txt.yaml", "e.txt.yaml"};
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char *path = io_join(o->corpus, names[i]);
		struct buf bytes = {0};
		if (io_read_file(path, 1 << 20, &bytes, NULL, NULL))
			buf_add(&o->said, buf_str(&bytes));
		buf_addf(&o->said, "--- %s\n", names[i]);
		buf_free(&bytes);
		mem_free(path);
	}
}

/* ---- out ---------------------------------------------------------------------------------------------------- */

/* Behind each label a comment, which the quick readers do not take; or keys of sources in another order. */
static void edit_sidecar(const char *corpus, const char *name, bool comments)
{
	static const char said[] = "  source: {by: model, rule: x}", turned[] = "  source: {rule: x, by: model}";
	char *path = io_join(corpus, name);
	struct buf bytes = {0}, out = {0};
	if (io_read_file(path, 1 << 20, &bytes, NULL, NULL)) {
		struct str text = buf_str(&bytes);
		for (size_t at = 0, end; at < text.n; at = end + 1) {
			end = str_byte(text, '\n', at);
			struct str line = str_sub(text, at, end);
			if (!comments && str_eq(line, str_of(said)))
				line = str_of(turned);
			buf_add(&out, line);
			buf_adds(&out, comments && str_starts(line, S("  label: ")) ? " # said\n" : "\n");
		}
		assert_true(io_replace_file(path, buf_str(&out), NULL));
	}
	buf_free(&bytes);
	buf_free(&out);
	mem_free(path);
}

static void edit_sidecars(const char *corpus, bool comments)
{
	edit_sidecar(corpus, "a.txt.yaml", comments);
	edit_sidecar(corpus, "b.txt.yaml", comments);
	edit_sidecar(corpus, "e.txt.yaml", comments);
}

static void go_out(const char *corpus, uint32_t first)
{
	struct pot copied = {0}, written = {0};
	struct losses some = {0}, same = {0};
	edit_sidecars(corpus, false);
	export_corpus(corpus, &jsonl_format, &copied, &some);
	edit_sidecars(corpus, true);
	export_corpus(corpus, &jsonl_format, &written, &same);
	bool equal = str_eq(buf_str(&copied.out), buf_str(&written.out)) && some.n == same.n;
	if (!equal)
		fprintf(stderr, "seed %u:\ncopied:\n%s\nwritten:\n%s\n", first, copied.out.p, written.out.p);
	assert_true(equal);
	losses_free(&some);
	losses_free(&same);
	pot_free(&copied);
	pot_free(&written);
}

/* ---- tests -------------------------------------------------------------------------------------------------- */

static void both_ways(struct bench *b, uint32_t first)
{
	struct outcome out[2] = {0};
	struct buf lines = {0};
	bool dry_run = pick(2);
	make_lines(&lines);
	for (size_t way = 0; way < 2; way++) {
		char *path = put_file(b, "in.jsonl", buf_str(&lines)), *corpus = new_corpus(b);
		out[way].corpus = corpus;
		if (dry_run)
			import_lines(&out[way], path, way == 1, true);
		import_lines(&out[way], path, way == 1, false);
		add_sidecars(&out[way]);
		if (way == 0)
			go_out(corpus, first);
		mem_free(path);
		mem_free(corpus);
	}
	bool same = str_eq(buf_str(&out[0].said), buf_str(&out[1].said));
	if (!same) /* longer than cmocka would print */
		fprintf(stderr, "seed %u:\n%s\nwithout a tree:\n%s\nas trees:\n%s\n", first, lines.p, out[0].said.p, out[1].said.p);
	assert_true(same);
	buf_free(&out[0].said);
	buf_free(&out[1].said);
	buf_free(&lines);
}

static int no_sync(int fd)
{
	(void)fd;
	return 0;
}

static void test_both_ways(void **state)
{
	struct io table = io_system;
	table.fsync = table.fdatasync = no_sync; /* most of the time otherwise, and of no use here */
	const struct io *before = io_swap(&table);
	for (seed = 1; seed < 250; seed++) {
		uint32_t first = seed;
		seed *= 2654435761u;
		both_ways(*state, first);
		seed = first;
	}
	io_swap(before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_both_ways, open_bench, close_bench),
	};
	return cmocka_run_group_tests_name("jsonl_quick", tests, NULL, NULL);
}
