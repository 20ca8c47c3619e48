/* Pages that show an article: well-formed, the text whole, spans that nest and cross, nothing of a corpus unescaped. */
#include "formats_cases_fixture.h"

#include "annotations/formats/xml.h"

struct shown {
	size_t main; /* depth below <main>, 0: outside */
	size_t marks, deepest;
	bool script;
	struct buf text;
};

static void on_open(void *ctx, const struct xml_element *e)
{
	struct shown *s = ctx;
	s->script |= str_eq(e->name, S("script"));
	s->main += s->main || str_eq(e->name, S("main"));
	s->marks += str_eq(e->name, S("mark"));
	s->deepest = s->main > s->deepest ? s->main : s->deepest;
}

static void on_text(void *ctx, struct str text)
{
	struct shown *s = ctx;
	if (s->main)
		buf_add(&s->text, text);
}

static void on_close(void *ctx, const struct xml_element *e)
{
	struct shown *s = ctx;
	(void)e;
	s->main -= s->main > 0;
}

/* The page of the only article. */
static void show(struct bench *b, const char *lines, struct shown *s, struct buf *page)
{
	char *corpus = accepted_corpus(b, str_of(lines)), *folder = new_corpus(b), *path = io_join(folder, "a.html");
	struct pot p = {.folder = folder};
	struct losses losses = {0};
	struct error err = {0};
	const struct xml_hooks hooks = {s, on_open, on_text, on_close};
	export_corpus(corpus, &html_format, &p, &losses);
	assert_int_equal(losses.n, 0);
	assert_true(io_read_file(path, (size_t)1 << 24, page, NULL, NULL));
	assert_true(str_starts(buf_str(page), S("<!DOCTYPE html>\n")));
	if (!xml_read(str_sub(buf_str(page), sizeof("<!DOCTYPE html>"), page->n), "page", &hooks, &err))
		fail_msg("%zu:%zu: %s\n%s", err.line, err.column, err.message, page->p);
	pot_free(&p);
	mem_free(path);
	mem_free(folder);
	mem_free(corpus);
}

static void spans_nest_and_cross(void **state)
{
	struct shown s = {0};
	struct buf page = {0};
	show(*state,
	     "{\"file\":\"a.txt\",\"text\":\"甲乙丙\\r\\n丁\",\"spans\":[{\"start\":0,\"end\":3,\"label\":\"A\"},{"
	     "\"start\":1,\"end\":6,"
	     "\"label\":\"B\",\"note\":\"n\"},{\"start\":2,\"end\":2,\"label\":\"Z\"},{\"fragments\":[[0,1],[5,6]],"
	     "\"label\":\"F\"}]}\n",
	     &s, &page);
	assert_string_equal(s.text.p, "甲乙丙\n丁");
	assert_int_equal(s.deepest, 4);
	assert_non_null(strstr(page.p, "id=\"s3\""));
	assert_non_null(strstr(page.p, "default-src &#39;none&#39;"));
	buf_free(&page);
	buf_free(&s.text);
}

static void nothing_is_unescaped(void **state)
{
	struct shown s = {0};
	struct buf page = {0};
	show(*state,
	     "{\"file\":\"a.txt\",\"text\":\"<script>alert(1)</"
	     "script>&amp;\\u202e\\u0007'\\\"\",\"spans\":[{\"id\":\"ab\",\"start\":0,\"end\":"
	     "8,\"label\":\"\\\"><script>x</script>\",\"attributes\":{\"<b>\":\"</title>\"},\"note\":\"</"
	     "style><script>\",\"links\":[{\"db\":"
	     "\"<\",\"id\":\"javascript:x\"}]}],\"relations\":[{\"type\":\"<i>\",\"from\":\"ab\",\"to\":\"ab\"}],"
	     "\"fields\":{\"<f>\":\"<v>\"},"
	     "\"notes\":[\"<n>\"]}\n",
	     &s, &page);
	assert_false(s.script);
	assert_string_equal(s.text.p, "<script>alert(1)</script>&amp;<U+202E><U+0007>'\"");
	assert_null(strstr(page.p, "<script"));
	assert_null(strstr(page.p, "href=\"javascript"));
	buf_free(&page);
	buf_free(&s.text);
}

static void random_articles_are_whole(void **state)
{
	struct dice d = {0xABCDEF};
	for (size_t i = 0; i < 40; i++) {
		struct buf line = {0}, page = {0};
		struct shown s = {0};
		add_random_article(&line, &d, i);
		size_t comma = str_byte(buf_str(&line), ',', 0);
		struct buf named = {0};
		buf_adds(&named, "{\"file\":\"a.txt\"");
		buf_add(&named, str_sub(buf_str(&line), comma, line.n));
		show(*state, named.p, &s, &page);
		assert_non_null(s.text.p);
		buf_free(&named);
		buf_free(&line);
		buf_free(&page);
		buf_free(&s.text);
	}
}

static void markdown_escapes_its_marks(void **state)
{
	struct bench *b = *state;
	struct pot p = {0};
	struct losses losses = {0};
	char *corpus =
	    accepted_corpus(b, S("{\"file\":\"a.txt\",\"text\":\"# 1. *甲* <b>\\n- "
	                         "[乙](x)\",\"spans\":[{\"start\":6,\"end\":7,\"label\":\"A_B\"}],\"fields\":"
	                         "{\"f\":\"v\\nw\"}}\n"));
	export_corpus(corpus, &markdown_format, &p, &losses);
	assert_string_equal(
	    p.out.p, "# a.txt\n\n\\# 1\\. \\***甲** (A\\_B)\\* &#60;b&#62;\n\n\\- \\[乙\\](x)\n\n- **f**: v w\n\n");
	pot_free(&p);
	losses_free(&losses);
	mem_free(corpus);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(spans_nest_and_cross, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(nothing_is_unescaped, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(markdown_escapes_its_marks, open_bench, close_bench),
	    cmocka_unit_test_setup_teardown(random_articles_are_whole, open_bench, close_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
