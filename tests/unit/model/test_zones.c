/* Zones from a few words of each kind: whole pages, lines that are divided, what a person sets,
 * headlines, random bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "model/utf8.h"
#include "model/zones.h"

/* A few words of each kind; what the real lists do is tested with them, in annotations. */
static struct str byline[] = {{"发布时间", 12}}, source[] = {{"来源", 6}}, author[] = {{"记者", 6}}, credit[] = {{"责任编辑", 12}},
                  title[] = {{"原标题", 9}}, notice[] = {{"版权所有", 12}, {"不得转载", 12}}, legal[] = {{"版权", 6}},
                  related[] = {{"相关阅读", 12}}, share[] = {{"分享", 6}}, nav[] = {{"首页", 6}}, section[] = {{"正文", 6}},
                  ticker[] = {{"上证指数", 12}};

static const struct zone_rules rules = {
    .words = {byline, source, author, credit, title, notice, legal, related, share, NULL, nav, section, ticker},
    .count = {COUNT_OF(byline), COUNT_OF(source), COUNT_OF(author), COUNT_OF(credit), COUNT_OF(title), COUNT_OF(notice),
              COUNT_OF(legal), COUNT_OF(related), COUNT_OF(share), 0, COUNT_OF(nav), COUNT_OF(section),
              COUNT_OF(ticker)},
};

#define PROSE "会议指出,要坚持问题导向,逐条逐项抓好整改落实,确保各项措施落到实处。\n"

static void check_tiled(struct str text, const struct zones *z)
{
	size_t off = 0;

	for (size_t i = 0; i < z->n; i++) {
		assert_int_equal(z->list[i].off, off);
		assert_true(z->list[i].end > off);
		assert_true(utf8_boundary(text, off));
		if (zone_is_furniture(z->list[i].kind))
			assert_true((off == 0 || text.p[off - 1] == '\n' || text.p[off - 1] == '\r'));
		off = z->list[i].end;
	}
	assert_int_equal(off, text.n);
}

/* Zones as `kind[text]`, newlines as `/`. */
static void check(const char *page, const char *expected)
{
	struct str text = str_of(page);
	struct zones z = {0};
	struct buf b = {0};

	zones_find(text, &rules, &z);
	check_tiled(text, &z);
	buf_adds(&b, "");
	for (size_t i = 0; i < z.n; i++) {
		buf_addf(&b, "%s[", zone_name(z.list[i].kind));
		for (size_t off = z.list[i].off; off < z.list[i].end; off++)
			buf_addc(&b, text.p[off] == '\n' ? '/' : text.p[off]);
		buf_adds(&b, "]");
	}
	if (strcmp(b.n ? b.p : "", expected) != 0)
		fail_msg("%s instead of %s", b.n ? b.p : "nothing", expected);
	buf_free(&b);
	zones_free(&z);
}

#define BODY "会议指出,要坚持问题导向,逐条逐项抓好整改落实,确保各项措施落到实处。/"

static void whole_page(void **state)
{
	(void)state;
	check("首页 > 正文\n\n市里开会\n2022-03-14 10:07 来源: 日报\n" PROSE "责任编辑:张三\n相关阅读\n另一条\n版权所有 不得转载\n",
	      "nav[首页 > 正文//]title[市里开会/]byline[2022-03-14 10:07 来源: 日报/]body[" BODY
	      "]byline[责任编辑:张三/]related[相关阅读/另一条/]notice[版权所有 不得转载/]");
	check(PROSE PROSE, "body[" BODY BODY "]");
	check("", "");
	check("\n\n", "body[//]");
	check("一行", "body[一行]");
}

static void divided_lines(void **state)
{
	(void)state;
	check("市里开会\n本报讯(记者张三 李四)" PROSE, "title[市里开会/]byline[本报讯(记者张三 李四)]body[" BODY "]");
	check("发布时间: 2021-01-04 09:04:36" PROSE, "byline[发布时间: 2021-01-04 09:04:36]body[" BODY "]");
	check("2021-01-04 09:04:36 来源:日报 " PROSE, "byline[2021-01-04 09:04:36 来源:日报 ]body[" BODY "]");
	check("他开了会,讲了话,回答了问题,最后回家了。(日报记者 张三)\n", "body[他开了会,讲了话,回答了问题,最后回家了。]byline[(日报记者 张三)/]");
	check("他开了会,讲了话,回答了问题,最后回家了。(笑)\n", "body[他开了会,讲了话,回答了问题,最后回家了。(笑)/]");
	check("2022年3月14日,他开了会,讲了话,回答了问题,最后回家了。\n", "body[2022年3月14日,他开了会,讲了话,回答了问题,最后回家了。/]");
}

static void body_stays(void **state)
{
	(void)state;
	check("市里开会\n" PROSE "一、首页\n二、分享经验\n(一)备足物资\n" PROSE,
	      "title[市里开会/]body[" BODY "一、首页/二、分享经验/(一)备足物资/" BODY "]");
	check("市里开会\n" PROSE "他说,“版权所有,不得转载”这句话,不少人见过,却没有几个人真正读过它。\n" PROSE,
	      "title[市里开会/]body[" BODY "他说,“版权所有,不得转载”这句话,不少人见过,却没有几个人真正读过它。/" BODY "]");
	check("市里开会\n" PROSE "市人民政府\n2022年3月14日\n", "title[市里开会/]body[" BODY "市人民政府/2022年3月14日/]");
	check("诗\n雨落在街上\n落在灯上\n没有人问\n", "title[诗/]body[雨落在街上/落在灯上/没有人问/]");
}

static void glosses_and_scripts(void **state)
{
	(void)state;
	check("首頁 > 正文\n市裡開會\n" PROSE "責(zé)任編輯:張三\n", "nav[首頁 > 正文/]title[市裡開會/]body[" BODY "]byline[責(zé)任編輯:張三/]");
	check("　　原标题:开会了\n" PROSE, "title[　　原标题:开会了/]body[" BODY "]");
}

static void line_ends(void **state)
{
	struct str text = S("首页 > 正文\r\n市里开会\r\n会议指出,要坚持问题导向,确保各项措施落到实处。\r相关阅读\r\n另一条");
	struct zones z = {0};

	(void)state;
	zones_find(text, &rules, &z);
	check_tiled(text, &z);
	assert_int_equal(z.n, 4);
	assert_int_equal(z.list[3].kind, ZONE_RELATED);
	zones_free(&z);
}

/* ---- the list --------------------------------------------------------------------------------------------- */

static void setting(void **state)
{
	struct zones z = {0};

	(void)state;
	zones_set(&z, 0, 100, ZONE_BODY);
	zones_set(&z, 10, 20, ZONE_NAV);
	assert_int_equal(z.n, 3);
	assert_int_equal(zones_at(&z, 9)->kind, ZONE_BODY);
	assert_int_equal(zones_at(&z, 10)->kind, ZONE_NAV);
	assert_int_equal(zones_at(&z, 20)->kind, ZONE_BODY);
	zones_set(&z, 15, 30, ZONE_SHARE);
	assert_int_equal(zones_at(&z, 14)->kind, ZONE_NAV);
	assert_int_equal(zones_at(&z, 29)->kind, ZONE_SHARE);
	zones_set(&z, 5, 40, ZONE_BODY);
	assert_int_equal(z.n, 1);
	assert_int_equal(z.list[0].end, 100);
	zones_set(&z, 90, 100, ZONE_NOTICE);
	zones_set(&z, 0, 100, ZONE_TITLE);
	assert_int_equal(z.n, 1);
	zones_free(&z);
	assert_null(zones_at(&z, 0));
}

static void naming(void **state)
{
	(void)state;
	for (enum zone_kind k = ZONE_BODY; k < ZONE_KINDS; k++) {
		enum zone_kind back = ZONE_KINDS;

		assert_true(zone_of_name(str_of(zone_name(k)), &back));
		assert_int_equal(back, k);
	}
	assert_false(zone_of_name(S("footer"), &(enum zone_kind){0}));
	assert_false(zone_is_furniture(ZONE_BYLINE));
	assert_true(zone_is_furniture(ZONE_TICKER));
}

static void check_range(struct str text, struct zone z, const char *expected)
{
	struct str got = str_sub(text, z.off, z.end);

	if (!str_eq(got, str_of(expected)))
		fail_msg("%.*s instead of %s", (int)got.n, got.p, expected);
}

static void header_line(void **state)
{
	struct str text = S("首页 > 正文\n  市里开会  \n2022-03-14 10:07:18来源: 開封(fēng)日報責任編輯: 张三\n" PROSE);
	struct zones z = {0};
	struct headline h;

	(void)state;
	zones_find(text, &rules, &z);
	h = zones_headline(text, &z, &rules);
	check_range(text, h.title, "市里开会");
	check_range(text, h.date, "2022-03-14 10:07:18");
	check_range(text, h.source, "開封(fēng)日報");
	zones_free(&z);
	text = S("原标题:开会了\n" PROSE);
	zones_find(text, &rules, &z);
	h = zones_headline(text, &z, &rules);
	check_range(text, h.title, "开会了");
	check_range(text, h.date, "");
	check_range(text, h.source, "");
	zones_free(&z);
	/* A label without a value. */
	text = S("市里开会\n来源:   发布时间:2024-03-04\n" PROSE);
	zones_find(text, &rules, &z);
	h = zones_headline(text, &z, &rules);
	check_range(text, h.source, "");
	check_range(text, h.date, "2024-03-04");
	zones_free(&z);
}

/* ---- size and rubbish ------------------------------------------------------------------------------------- */

static void long_texts(void **state)
{
	struct buf b = {0};
	struct zones z = {0};

	(void)state;
	buf_adds(&b, "首页 > 正文\n市里开会\n");
	while (b.n < 3 * ZONES_WHOLE)
		buf_adds(&b, PROSE);
	buf_adds(&b, "版权所有 不得转载\n");
	zones_find(buf_str(&b), &rules, &z);
	check_tiled(buf_str(&b), &z);
	assert_int_equal(z.n, 4);
	assert_int_equal(z.list[0].kind, ZONE_NAV);
	assert_int_equal(z.list[3].kind, ZONE_NOTICE);
	zones_free(&z);
	buf_clear(&b);
	while (b.n < 3 * ZONES_WHOLE)
		buf_adds(&b, "没有换行");
	zones_find(buf_str(&b), &rules, &z);
	check_tiled(buf_str(&b), &z);
	assert_int_equal(z.n, 1);
	zones_free(&z);
	/* Pages one after the other: notices near both ends, and yet what was not looked at stays in sight. */
	buf_clear(&b);
	buf_adds(&b, "首页 > 正文\n市里开会\n" PROSE PROSE PROSE PROSE PROSE);
	while (b.n < 3 * ZONES_WHOLE)
		buf_adds(&b, "版权所有 不得转载\n版权所有 未经授权 不得转载\n版权所有 转载必究\n又一篇\n" PROSE);
	zones_find(buf_str(&b), &rules, &z);
	check_tiled(buf_str(&b), &z);
	assert_int_equal(zones_at(&z, b.n / 2)->kind, ZONE_BODY);
	zones_free(&z);
	buf_free(&b);
}

static void random_bytes(void **state)
{
	static const char *const parts[] = {"首页", "\n", " > ", "来源", ":", "2022-03-14", " 10:07", "(", "记者", ")", "。", "\xff", "\r", "分享",
	                                    "\xe4\xb8", "相关阅读", "版权所有", PROSE, "?", "-", "|"};
	uint32_t seed = 3;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct buf b = {0};
		struct zones z = {0};

		for (int i = 0; i < 40; i++) {
			seed = seed * 1103515245u + 12345u;
			buf_adds(&b, parts[(seed >> 16) % COUNT_OF(parts)]);
		}
		zones_find(buf_str(&b), &rules, &z);
		check_tiled(buf_str(&b), &z);
		zones_headline(buf_str(&b), &z, &rules);
		zones_free(&z);
		buf_free(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whole_page),
	    cmocka_unit_test(divided_lines),
	    cmocka_unit_test(body_stays),
	    cmocka_unit_test(glosses_and_scripts),
	    cmocka_unit_test(line_ends),
	    cmocka_unit_test(setting),
	    cmocka_unit_test(naming),
	    cmocka_unit_test(header_line),
	    cmocka_unit_test(long_texts),
	    cmocka_unit_test(random_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
