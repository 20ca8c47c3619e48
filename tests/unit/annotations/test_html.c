/* Pages to lines of text, their encodings, and pages that would take for ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "annotations/formats/html_page.h"
#include "annotations/formats/html_source.h"

static void expect(const char *html, const char *text)
{
	struct page p = {0};
	struct error err = {0};
	assert_true(page_read(str_of(html), "test", &p, NULL, &err));
	assert_string_equal(p.text.p ? p.text.p : "", text);
	page_free(&p);
}

static void elements_make_lines(void **state)
{
	(void)state;
	expect("", "");
	expect("a", "a\n");
	expect("<p>a<p>b", "a\nb\n");
	expect("<div>a<div>b</div>c</div>", "a\nb\nc\n");
	expect("a<br>b<br/>c", "a\nb\nc\n");
	expect("<p> a \n b </p>\n\n<p></p><p>&nbsp;</p>", "a b\n");
	expect("<b>a</b><i>b</i> <u>c</u>", "ab c\n");
	expect("<tr><td>a<td>b<tr><th>c</th> <td> </td><td>d</td>", "a b\nc d\n");
	expect("<ul><li>a<li>b</ul>c", "a\nb\nc\n");
	expect("<pre>a  b\n c</pre>d", "a  b\n c\nd\n");
	expect("<p>甲\n乙，\n丙\nab\n丁", "甲乙，丙 ab 丁\n");
	expect("<p>　　甲", "　　甲\n");
	expect("a<p>b</div></span></p>c", "a\nb\nc\n");
	expect("<nav>首页</nav><footer>©</footer>", "首页\n©\n");
}

static void what_is_no_text_is_left_out(void **state)
{
	(void)state;
	expect("a<script>b<p>c</script><style>d</style><noscript>e</noscript>f", "af\n");
	expect("<template><p>a</template><svg><text>b</text></svg><select><option>c</select>d", "d\n");
	expect("<div hidden>a<p>b</div>c", "c\n");
	expect("<span style='x:y;display:none'>a</span><span style='display:block'>b</span>", "b\n");
	expect("a<!-- b --><?php d ?>e", "ae\n");
	expect("<title>t</title>a", "a\n");
}

static void characters_are_what_they_mean(void **state)
{
	(void)state;
	expect("&lt;&amp;&gt;&quot;&mdash;&#39640;&#x5EFA;&#x20BB7;", "<&>\"—高建𠮷\n");
	expect("&#128;&#151;", "€—\n");
	expect("a&shy;b&#8203;c", "abc\n");
	expect("&nosuch; &", "&nosuch; &\n");
	struct page p = {0};
	struct str with_nul = S("<p>a\0b\xff"
	                        "c</p><p>d");
	/* Bytes with a NUL are UTF-8 to nobody but the one who says so. */
	bool read = page_read(with_nul, "test", &p, NULL, NULL);
	assert_true(!read || str_find(buf_str(&p.text), S("d"), 0) != NOWHERE || p.text.n > 0);
	page_free(&p);
}

static void the_head_is_read(void **state)
{
	struct page p = {0};
	(void)state;
	assert_true(page_read(S("<title> A\n page </title><meta property=og:title content='T&amp;U'><meta name=PubDate "
	                        "content='2022-01-02'>"
	                        "<meta name=source content=' X  Y '><link rel=canonical "
	                        "href=http://e.org/><h1></h1><h1>H<b>1</b></h1><h1>H2</h1>"
	                        "<time datetime=2023-01-01>x</time>"),
	                      "test", &p, NULL, NULL));
	assert_string_equal(p.title.p, "A page");
	assert_string_equal(p.meta_title.p, "T&U");
	assert_string_equal(p.date.p, "2022-01-02");
	assert_string_equal(p.source.p, "X Y");
	assert_string_equal(p.url.p, "http://e.org/");
	assert_string_equal(p.heading.p, "H1");
	assert_string_equal(p.text.p, "H1\nH2\nx\n");
	page_free(&p);
}

static void encodings(void **state)
{
	(void)state;
	assert_string_equal(html_encoding(S("<p>a")), "utf-8");
	assert_string_equal(html_encoding(S("<meta charset=gbk><p>中文")), "utf-8");
	assert_string_equal(html_encoding(S("<meta charset=gb2312><p>\xd6\xd0")), "gb18030");
	assert_string_equal(html_encoding(S("<META http-equiv=x content='text/html; CHARSET = \"Big5\"'><p>\xa4\xa4")),
	                    "big5");
	assert_string_equal(html_encoding(S("<?xml encoding='Shift_JIS'?><p>\x93\xfa")), "shift_jis");
	assert_string_equal(html_encoding(S("\xFF\xFE<\0p\0>\0")), "utf-16le");
	/* A name that is not known decides nothing. */
	assert_non_null(
	    html_encoding(S("<meta charset=nonsense><p>\xd6\xd0\xce\xc4\xd6\xd0\xce\xc4\xb5\xc4\xce\xc4\xd5\xc2")));
}

static void repeat(struct buf *out, const char *text, size_t n)
{
	while (n-- > 0)
		buf_adds(out, text);
}

/* Each is read or refused; cmocka has no clock, but a quadratic one would be noticed. */
static void hostile_pages_end(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		const char *then;
		size_t m;
		enum error_code code;
	} pages[] = {
	    {"<div>", 200000, "x", 1, ERROR_NONE},
	    {"<b>", 200000, "</i>", 1000000, ERROR_LIMIT},
	    {"<a ", 1, "b=1 ", 100000, ERROR_LIMIT},
	    {"<a b=\"", 300000, "", 0, ERROR_LIMIT},
	    {"<!--", 300000, "", 0, ERROR_NONE},
	    {"<table><tr><td>", 20000, "x", 1, ERROR_NONE},
	    {"&", 1000000, "x", 1, ERROR_NONE},
	    {"<p>x", 300000, "", 0, ERROR_NONE},
	    {"<script>", 100000, "<p>", 100000, ERROR_NONE},
	    {"<![CDATA[", 300000, "", 0, ERROR_NONE},
	    {"<", 1000000, "", 0, ERROR_NONE},
	    {"</p>", 300000, "", 0, ERROR_NONE},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(pages); i++) {
		struct buf html = {0};
		struct page p = {0};
		struct error err = {0};
		repeat(&html, pages[i].text, pages[i].n);
		repeat(&html, pages[i].then, pages[i].m);
		assert_int_equal(page_read(buf_str(&html), "test", &p, NULL, &err), pages[i].code == ERROR_NONE);
		assert_int_equal(err.code, pages[i].code);
		error_clear(&err);
		page_free(&p);
		buf_free(&html);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(elements_make_lines),
	    cmocka_unit_test(what_is_no_text_is_left_out),
	    cmocka_unit_test(characters_are_what_they_mean),
	    cmocka_unit_test(the_head_is_read),
	    cmocka_unit_test(encodings),
	    cmocka_unit_test(hostile_pages_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
