/* Families of cases that the built-in pack once got wrong: sentences with their spans in the text, as in
 * tests/extract/reports.  Each is extracted as a paragraph of an article of its own; all its spans must come back,
 * and no others.  The people are invented. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "annotations/extract/extract.h"

#define TITLE "关于有关工作的报道\n\n"

/* The text between the marks `{LABEL|` and `}`. */
static void strip(struct str marked, struct buf *out)
{
	for (size_t i = 0; i < marked.n; i++) {
		if (marked.p[i] == '{')
			i = str_find(marked, S("|"), i);
		else if (marked.p[i] != '}')
			buf_addc(out, marked.p[i]);
	}
}

/* The text with the marks of what is proposed; of spans that begin together the longest first. */
static void mark(const struct pack *p, struct str text, const struct extraction *x, struct buf *out)
{
	for (size_t at = 0; at <= text.n; at++) {
		for (size_t i = 0; i < x->n; i++)
			if (x->spans[i].end == at)
				buf_addc(out, '}');
		for (uint32_t longest = (uint32_t)text.n; longest; longest--)
			for (size_t i = 0; i < x->n; i++)
				if (x->spans[i].off == at && x->spans[i].end - x->spans[i].off == longest) {
					struct str label = p->classes[x->spans[i].class].name;
					buf_addf(out, "{%.*s|", (int)label.n, label.p);
				}
		if (at < text.n)
			buf_addc(out, text.p[at]);
	}
}

static void check_all(const char *const *cases, size_t n)
{
	struct error err = {0};
	struct pack *p = NULL;
	struct zone_rules words = {0};
	size_t wrong = 0;
	assert_true(pack_load(NULL, &p, &err));
	struct extractor *e = extractor_new(p);
	for (size_t i = 0; i < n; i++) {
		struct buf wanted = {0}, text = {0}, got = {0};
		struct extraction x = {0};
		struct zones zones = {0};
		buf_addf(&wanted, TITLE "%s\n", cases[i]);
		strip(buf_str(&wanted), &text);
		zones_find(buf_str(&text), &words, &zones);
		assert_true(extract(e, buf_str(&text), &zones, &words, NULL, &x));
		mark(p, buf_str(&text), &x, &got);
		if (!str_eq(buf_str(&got), buf_str(&wanted))) {
			print_error("wanted %sgot    %s", wanted.p + sizeof TITLE - 1, got.p + sizeof TITLE - 1);
			wrong++;
		}
		zones_free(&zones);
		extraction_free(&x);
		buf_free(&wanted);
		buf_free(&text);
		buf_free(&got);
	}
	extractor_free(e);
	pack_free(p);
	assert_int_equal(wrong, 0);
}

/* A name of two characters is not lengthened by the word behind it. */
static void test_short_names(void **state)
{
	(void)state;
	static const char *const cases[] = {
		"县领导{PERSON|李大明}、{PERSON|周伟}等出席。",
		"市领导{PERSON|赵国华}、{PERSON|钱文忠}、{PERSON|周伟}等参加会议。",
		"{PERSON|李大明}、{PERSON|赵国华}、{PERSON|钱文忠}、{PERSON|周弘}等出席。",
		"{PERSON|李大明}、{PERSON|赵国华}、{PERSON|钱文忠}、{PERSON|周弘}作总结讲话。",
		"{POST|市委书记}{PERSON|尹弘}致欢迎辞。",
		"{POST|市委副书记}、{POST|市长}{PERSON|尹弘}致开幕词。",
		"{POST|市长}{PERSON|周弘}作总结讲话。",
		"{POST|市长}{PERSON|周弘}赴现场检查。",
		"{POST|市长}{PERSON|周弘}任组长。",
		"县领导{PERSON|李大明}、{PERSON|周弘}就相关工作进行说明。",
		"县领导{PERSON|李大明}、{PERSON|周弘}为新馆揭幕。",
	};
	check_all(cases, COUNT_OF(cases));
}

/* Verbs, roles and pronouns in front of an organ or place are none of it; organs of a level, of two fields of work,
 * and founded just now. */
static void test_organs(void **state)
{
	(void)state;
	static const char *const cases[] = {
		"我{ORG|县人民医院}新院竣工,仪式在{ORG|县总医院}举行。",
		"{ORG|江西省对口支援新疆前方指挥部}始终关心当地发展。",
		"{POST|贵州省有色金属和核工业地质勘查局局长}{PERSON|李大明}出席。",
		"{POST|祁门县青年商会执行会长}{PERSON|王钊翀}代表企业捐款。",
		"会上,{ORG|辽宁监管局}{PERSON|宋明林}{POST|局长}颁发证书。",
		"{ORG|台东县卑南乡公所}与{ORG|县议会}合作,{POST|立法院长}{PERSON|李大明}出席。",
		"{ORG|国家铁路局}长期以来给予支持。",
		"{ORG|第三轮第二批中央生态环境保护督察组}{TIME|20日至21日}分别进驻。",
		"{ORG|湖北机场集团}与{ORG|三峡机场边检站}密切配合。",
		"获奖者包括{POST|财政部长}{PERSON|李大明}等人。",
		"{POST|华东石油集团董事会秘书}{PERSON|李大明},{POST|总经理}{PERSON|赵国华}出席。",
		"他希望{ORG|市中医院}全体员工努力工作。",
		"近年来,{PLACE|河南}牢记{POST|总书记}嘱托,持续深化改革开放。",
		"承建单位{POST|宏达建设集团总经理}{PERSON|李大明}出席。",
		"{POST|香港特别行政区政制及内地事务局局长}{PERSON|李大明}出席。",
		"{POST|商务部党组成员}、{POST|部长助理}{PERSON|李大明}出席会议。",
		"{POST|副省长}{PERSON|李大明}赶到{ORG|省地震局}现场指挥部署工作。",
		"已成立{ORG|抗震救灾总指挥部},全力救援。",
		"针对{PLACE|汉中市}学校、医院、水利、交通等设施受损严重的情况。",
		"{MEETING|市政府、市人民检察院第一次联席会议}在市党政综合办公大楼召开。",
		"{TIME|5月10日},{ORG|三山经济开发区人民法院}邀请代表座谈。",
		"{ORG|陕西中烟}召开{MEETING|2012年纪检监察工作会议}。",
		"{ORG|中铁十四局}、{ORG|中铁上海局}参加建设。",
		"在{PLACE|辽宁省}多地区开展活动,{PLACE|永胜县}一信用社职员报案。",
		"{ORG|永和区秀朗国小}学生参加,{ORG|永昌路派出所}民警宣传。",
		"{ORG|水利署第七河川分署}出动抽水机{QUANTITY|12台}。",
	};
	check_all(cases, COUNT_OF(cases));
}

static void test_places(void **state)
{
	(void)state;
	static const char *const cases[] = {
		"{PLACE|张掖市}的{PLACE|民乐}、{PLACE|山丹}两县之间发生地震。",
		"地震造成{PLACE|民乐}、{PLACE|山丹}、{PLACE|肃南}3县受灾。",
		"缩短{PLACE|粤东地区}与{PLACE|珠三角地区}的时空距离。",
		"新建{PLACE|梅州}至{PLACE|龙川}铁路位于{PLACE|河源市}境内。",
		"擦亮了“{SLOGAN|健康{PLACE|瑞安}}”这张金名片。",
		"以改革推动{PLACE|瑞安}卫生健康事业进一步发展。",
		"他说,{PLACE|得荣}地震发生后,各地迅速支援。",
		"波及{PLACE|甘肃省}中东部大部分地区。",
		"描绘了幸福美好新{PLACE|甘肃}的蓝图。",
		"{ORG|新甘肃}·{ORG|甘肃日报}记者{PERSON|李大明}",
		"根据《通知》(黔东南党建办〔2021〕2号)文件精神,开展工作。",
		"进入地震震中{PLACE|结古镇},开展慰问。",
		"赴{PLACE|大通区}和{PLACE|田家庵区}调研。",
		"{PLACE|渭南}市民说,{PLACE|泰顺}警方已经介入。",
		"{PLACE|二广高速}发生事故,{PLACE|兴义}往{PLACE|安龙}方向堵车。",
		"带动{PLACE|腊庄}、{PLACE|罗斯}、{PLACE|中寨}等{QUANTITY|6个}村委会增收。",
		"转移群众{QUANTITY|740人},其中{PLACE|泽头镇}{QUANTITY|320人}、{PLACE|宋村镇}{QUANTITY|210人}。",
		"在{PLACE|罗平县鲁布革布依族苗族乡}召开。",
		"震中位于{PLACE|伊基克市}西南部。",
		"建设{PLACE|长江}上游生态屏障,{PLACE|赣江}水位上涨。",
		"评选“{SLOGAN|中国好人}”。",
	};
	check_all(cases, COUNT_OF(cases));
}

/* What people say is no slogan; measures by digits. */
static void test_quotations(void **state)
{
	(void)state;
	static const char *const cases[] = {
		"“地震发生后大家都不敢进屋,晚上救援的官兵就给我们搭建了帐篷”,村民说。",
		"双方签署“医疗合作意向书”。",
		"坚持“{SLOGAN|开放创新、合作共赢}”。",
		"紧急调拨{QUANTITY|2000顶}帐篷,完成挡墙{QUANTITY|400方}。",
		"水位为{QUANTITY|负1.8公尺}。",
	};
	check_all(cases, COUNT_OF(cases));
}

/* Surnames with offices behind verbs, names of which only a part is told, names without marks between them. */
static void test_names(void **state)
{
	(void)state;
	static const char *const cases[] = {
		"按照{PERSON|李大明}{POST|局长}讲话要求,做到{PERSON|周}{POST|局长}提出的要求。",
		"坚持每周{POST|区长}接待群众。",
		"被告人{PERSON|邱某开}、{PERSON|罗某平}商量,{PERSON|邱飞某}等人参与。",
		"警方将{PERSON|李某}抓获。",
		"{ORG|新华网}{PLACE|福州}{TIME|2月1日}电({PERSON|李大明}{PERSON|周文静}记者{PERSON|赵国华})",
		"{POST|县委副书记}{PERSON|沙马友古}、{POST|副县长}{PERSON|呷绒翁丁}出席。",
		"{POST|田中镇长}{PERSON|李大明}、{POST|大里区长}{PERSON|周文静}出席。",
	};
	check_all(cases, COUNT_OF(cases));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_short_names), cmocka_unit_test(test_organs), cmocka_unit_test(test_places), cmocka_unit_test(test_quotations),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
