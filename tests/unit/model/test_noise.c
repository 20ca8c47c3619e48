/* Glosses, mojibake and glue: what is noise, what only looks like it, and that finding is local. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/noise.h"
#include "tests/unit/model/seeds.h"

static const char *const names[NOISE_KINDS] = {[NOISE_GLOSS] = "gloss", [NOISE_MOJIBAKE] = "mojibake", [NOISE_GLUE] = "glue"};

/* The noise of text as `kind[it]` one after the other. */
static void check(const char *text, const char *expected)
{
	struct str s = str_of(text);
	struct noise_list found = {0};
	struct buf b = {0};

	noise_find(s, 0, s.n, noise_facts_of(s), &found);
	buf_adds(&b, "");
	for (size_t i = 0; i < found.n; i++) {
		buf_addf(&b, "%s[", names[found.list[i].kind]);
		buf_add(&b, str_sub(s, found.list[i].off, found.list[i].end));
		buf_adds(&b, "]");
	}
	if (strcmp(b.n ? b.p : "", expected) != 0)
		fail_msg("%s: %s instead of %s", text, b.n ? b.p : "nothing", expected);
	buf_free(&b);
	noise_free(&found);
}

static void glosses(void **state)
{
	(void)state;
	check("落實(shí)责任", "gloss[(shí)]");
	check("落實（shí）责任", "gloss[（shí）]");
	check("環（shi\xcc\x81)", "gloss[（shi\xcc\x81)]"); /* NFD */
	check("轉(zhuǎn)運(yùn)", "gloss[(zhuǎn)]gloss[(yùn)]");
	check("展(zhǎn)旅(lǚ)略(lüè)", "gloss[(zhǎn)]gloss[(lǚ)]gloss[(lüè)]");
	check("嗯(ńg)", "gloss[(ńg)]");
	check("會(huì )議", "gloss[(huì )]");
	check("新闻办(xīnwénbàn)举行", "gloss[(xīnwénbàn)]");
	check("方案(fāng'àn)", "");
	check("西安(xi\xcc\x84" "a\xcc\x84n)", "gloss[(xi\xcc\x84" "a\xcc\x84n)]");
	check("嘚瑟(dèse)", "gloss[(dèse)]");
	check("联合体(liánhétǐ)", "gloss[(liánhétǐ)]");
	check("强(qiɑ\xcc\x81n\xc9\xa1)", "gloss[(qiɑ\xcc\x81n\xc9\xa1)]");
	check("𠮷(jí)", "gloss[(jí)]");
	check("李(Lǐ)先生", "gloss[(Lǐ)]");
}

static void no_glosses(void **state)
{
	(void)state;
	check("(记者李铮 冯芸)", "");
	check("公司(Ltd)", "");
	check("公司(shi)", "");
	check("咖啡(café)", "");
	check("贝(Dé)", "");
	check("a(shí)", "");
	check("實(shíì)", "");
	check("實(shí", "");
	check("實(shí/shì)", "");
	check("實()", "");
	check("公司(jìzhě)", "");
	check("者(jìzhě)", "");
	check("實( )", "");
	check("實( shí)", "");
	check("實(sh í)", "");
	check("(shí)", "");
	check("实\n(shí)", "");
}

static void toneless_only_where_toned_and_fitting(void **state)
{
	(void)state;
	check("實(shi)", "");
	check("實(shí)強(qiáng)轉(zhuǎn)區(qu)公司(Ltd)區(ou)區(wen)",
	      "gloss[(shí)]gloss[(qiáng)]gloss[(zhuǎn)]gloss[(qu)]gloss[(ou)]");
}

static void mojibake(void **state)
{
	(void)state;
	check("????本報訊(記者李錚?馮蕓)3月12日", "mojibake[????]mojibake[?]");
	check("第一段。\n  ??會議指出", "mojibake[??]");
	check("??會議。\n??會議要求\n說明?具體情況", "mojibake[??]mojibake[??]mojibake[?]");
	check("確定因素變?yōu)榇_定性", "mojibake[?yōu)榇_]");
	check("因素變?yōu)定性", "mojibake[?yōu)]");
	check("\xef\xbf\xbd\xef\xbf\xbd会议", "mojibake[\xef\xbf\xbd\xef\xbf\xbd]");
	check("好。?会议", "mojibake[?]");
	check("？？？？会议", "mojibake[？？？？]");
}

static void questions(void **state)
{
	(void)state;
	check("勒得有多緊?遼寧、山東等地", "");
	check("真的吗?不会吧", "");
	check("他来了?", "");
	check("什么??", "");
	check("??\n", "");
	check("????段\n????段\n这是谁?他说\n", "mojibake[????]mojibake[????]");
	check("http://a.cn/x?id=3", "");
	check("(真的来了?不会吧)", "");
	check("中\xef\xbf\xbd国", "");
}

static void glue(void **state)
{
	(void)state;
	check("2022-03-14 10:07:18来源: 开封日报", "glue[2022-03-14 10:07:18]");
	check("最后更新: 2021-01-04 09:04:361月3日下午", "glue[2021-01-04 09:04:36]");
	check("2022年3月14日 10:07来源", "glue[2022年3月14日 10:07]");
	check("2022-03-14来源:", "glue[2022-03-14]");
	check("2022年3月14日下午", "");
	check("2022-03-14起施行", "");
	check("2022-03-14至2022-03-20", "");
	check("2022-03-14 10:07 来源", "");
	check("2022-03-14 10:07", "");
	check("版本12022-03-14来源", "");
}

static void long_runs(void **state)
{
	struct buf b = {0};
	struct noise_list found = {0};

	(void)state;
	for (size_t i = 0; i < 4000000; i++)
		buf_addc(&b, '?');
	noise_find(buf_str(&b), 0, b.n, noise_facts_of(buf_str(&b)), &found);
	assert_int_equal(found.n, 0);
	buf_clear(&b);
	for (size_t i = 0; i < 1000000; i++)
		buf_adds(&b, "(?");
	noise_find(buf_str(&b), 0, b.n, (struct noise_facts){true, true}, &found);
	assert_int_equal(found.n, 0);
	noise_free(&found);
	buf_free(&b);
}

static void broken_bytes(void **state)
{
	static const char pieces[] = "(?\xe5\xae\x9f\xef\xbc\x88\xef\xbf\xbd 1234-5:\n)a\xc3\xad_";
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct noise_list found = {0};
		struct buf b = {0};
		size_t last = 0;

		for (int i = 0; i < 60; i++) {
			seed = seed * 1103515245u + 12345u;
			buf_addc(&b, pieces[(seed >> 16) % (sizeof pieces - 1)]);
		}
		noise_find(buf_str(&b), 0, b.n, (struct noise_facts){true, true}, &found);
		for (size_t i = 0; i < found.n; i++) {
			assert_true(found.list[i].off >= last && found.list[i].end > found.list[i].off);
			assert_true(utf8_boundary(buf_str(&b), found.list[i].off));
			assert_true(utf8_boundary(buf_str(&b), found.list[i].end));
			last = found.list[i].end;
		}
		assert_true(last <= b.n);
		noise_free(&found);
		buf_free(&b);
	}
}

static void the_seeds(void **state)
{
	size_t glosses_found = 0;

	(void)state;
	for (size_t i = 0; i < SEEDS; i++) {
		struct noise_list found = {0};
		struct gold_range gold;
		struct seed s;
		size_t n = 0;

		if (!seed_open(i, &s))
			skip();
		noise_find(s.text, 0, s.text.n, noise_facts_of(s.text), &found);
		for (; seed_range(&s, "noise", n, &gold); n++) {
			assert_true(n < found.n);
			assert_int_equal(found.list[n].off, gold.off);
			assert_int_equal(found.list[n].end, gold.end);
			assert_string_equal(names[found.list[n].kind], gold.kind);
			glosses_found += found.list[n].kind == NOISE_GLOSS;
		}
		assert_int_equal(found.n, n);
		noise_free(&found);
		seed_close(&s);
	}
	assert_int_equal(glosses_found, 457);
}

/* Found in one pass, with runs of other bytes passed over many at a time, and asked for at every byte by itself: the same. */
static void at_every_byte(void **state)
{
	static const char *const pieces[] = {"落實", "(shí)", "（shí）", "?", "？", "\xef\xbf\xbd", "2021-01-02 10:07:18", "来源", "1", "，", "a", "\n", "會(huì )", "\xef", "\xe8\xbd"};
	uint32_t seed = 1;

	(void)state;
	for (size_t round = 0; round < 500; round++) {
		struct buf b = {0};
		struct noise_list whole = {0};
		size_t n = 0;

		for (size_t k = 0; k < 40; k++) {
			seed = seed * 1664525u + 1013904223u; /* Numerical Recipes, 7.1 */
			buf_adds(&b, pieces[(seed >> 10) % (seed >> 30 ? COUNT_OF(pieces) : 2)]);
		}
		struct noise_facts facts = noise_facts_of(buf_str(&b));
		noise_find(buf_str(&b), 0, b.n, facts, &whole);
		for (size_t off = 0; off < b.n; off++) {
			struct noise_list here = {0};

			noise_find(buf_str(&b), off, off + 1, facts, &here);
			if (here.n) {
				assert_true(n < whole.n);
				assert_int_equal(whole.list[n].off, off);
				assert_int_equal(whole.list[n].end, here.list[0].end);
				off = whole.list[n++].end - 1;
			}
			noise_free(&here);
		}
		assert_int_equal(n, whole.n);
		noise_free(&whole);
		buf_free(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(glosses),
	    cmocka_unit_test(no_glosses),
	    cmocka_unit_test(toneless_only_where_toned_and_fitting),
	    cmocka_unit_test(mojibake),
	    cmocka_unit_test(questions),
	    cmocka_unit_test(glue),
	    cmocka_unit_test(long_runs),
	    cmocka_unit_test(broken_bytes),
	    cmocka_unit_test(at_every_byte),
	    cmocka_unit_test(the_seeds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
