/* Rule packs in memory: patterns, conditions, choice, learning, and where errors are told. */
#include "extract_fixture.h"

/* What is proposed, as text: `LABEL off-end text;`. */
static char *propose(struct pack *p, struct str text)
{
	struct run_of_pack run = {0};
	struct buf out = {0};
	find_in(&run, p, text);
	for (size_t i = 0; i < run.found.n; i++) {
		const struct found *f = &run.found.spans[i];
		struct str label = p->classes[f->class].name;
		buf_addf(&out, "%.*s %u-%u %.*s;", (int)label.n, label.p, f->off, f->end, (int)(f->end - f->off), text.p + f->off);
	}
	run_free(&run);
	return buf_take(&out);
}

static void check(const char *yaml, const char *text, const char *wanted)
{
	struct pack *p = read_pack(yaml);
	char *got = propose(p, str_of(text));
	assert_string_equal(got, wanted);
	mem_free(got);
	pack_free(p);
}

#define LABELS "labels:\n- {name: A, layer: flat}\n- {name: B, layer: flat}\n- {name: C, layer: container, swallows: [B]}\n"

static void test_words_and_groups(void **state)
{
	(void)state;
	check(LABELS "lists:\n  head: 局长 副局长\n  name: 王 李=5\nrules:\n- {name: r, match: '<A: @head> <B: @name \\h{1,2}>'}\n", "请副局长李小明来",
	      "A 3-12 副局长;B 12-21 李小明;");
	check(LABELS "lists:\n  name: 王 李=5\nrules:\n- {name: r, as: A, match: '@name>4 \\h'}\n", "王一李二", "A 6-12 李二;");
}

static void test_conditions(void **state)
{
	(void)state;
	check(LABELS "lists:\n  w: 甲\nrules:\n- {name: r, as: A, match: '@w', before: '[,。]|^', not-after: 乙}\n", "甲丙甲,甲乙,甲",
	      "A 0-3 甲;A 17-20 甲;");
	check(LABELS "lists:\n  w: 甲\nrules:\n- {name: r, as: A, match: '(?<!子丑)@w(?=寅|卯)'}\n", "子丑甲寅丑甲卯", "A 15-18 甲;");
}

static void test_longest_wins(void **state)
{
	(void)state;
	check(LABELS "lists:\n  w: 河南 河南省 省委\nrules:\n- {name: r, as: A, match: '@w'}\n- {name: s, as: B, match: 南省委}\n", "河南省委", "A 0-9 河南省;");
	check(LABELS "rules:\n- {name: r, as: A, match: 甲乙}\n- {name: s, as: B, match: 乙, over: 1}\n", "甲乙", "B 3-6 乙;");
	check(LABELS "rules:\n- {name: r, as: B, match: 甲}\n- {name: s, as: C, match: '乙甲乙'}\n- {name: t, as: A, match: 乙}\n", "乙甲乙",
	      "C 0-9 乙甲乙;A 0-3 乙;A 6-9 乙;");
	check(LABELS "rules:\n- {name: r, as: A, match: 甲}\n- {name: s, as: NONE, match: '甲(?=乙)'}\n", "甲丙甲乙", "A 0-3 甲;");
}

static void test_classes_build_on_classes(void **state)
{
	(void)state;
	check(LABELS "lists:\n  place: 开封\nrules:\n- {name: a, as: area, match: '@place 市?'}\n- {name: b, as: A, match: '@area 委 (书记)?', pick: longest}\n",
	      "开封市委书记", "A 0-18 开封市委书记;");
	check(LABELS "lists:\n  w: 甲\nrules:\n- {name: a, as: x, pick: all, match: '@w \\h{1,3}'}\n- {name: b, as: A, match: '@x 丁'}\n", "甲乙丁丁丁",
	      "A 0-15 甲乙丁丁丁;");
}

static void test_learning(void **state)
{
	(void)state;
	check(LABELS "lists:\n  head: 书记\nrules:\n- {name: r, match: '@head <A: 高建军>', sure: A}\n", "高建军说。\n书记高建军。",
	      "A 0-9 高建军;A 22-31 高建军;");
	/* Of a match with several parts the part of that class alone. */
	check(LABELS "lists:\n  head: 书记\nrules:\n- {name: r, match: '<B: @head> <A: 高建军>', sure: A}\n", "书记说。\n书记高建军。", "B 13-19 书记;A 19-28 高建军;");
	/* Not what lost against something else. */
	check(LABELS "rules:\n- {name: r, match: '甲 <A: 乙丙>', sure: A}\n- {name: s, as: B, match: 甲乙丙丁}\n", "甲乙丙丁。\n乙丙。", "B 0-12 甲乙丙丁;");
}

static void test_series(void **state)
{
	(void)state;
	const char *rule = LABELS "rules:\n- {name: r, as: C, match: '[一二三五]要[^。]+', series: true}\n";
	check(rule, "一要快。二要准。五要停。", "C 0-9 一要快;C 12-21 二要准;");
	check(rule, "三要停。", "");
}

/* How many rules were given up, and their first; what is proposed must be `wanted` B. */
static size_t slow_rules(const char *yaml, struct str text, const char *wanted, size_t spans)
{
	struct pack *p = read_pack(yaml);
	struct extractor *e = extractor_new(p);
	struct extraction x = {0};
	struct zones zones = {0};
	struct zone_rules words = {0};
	zones_find(text, &words, &zones);
	assert_true(extract(e, text, &zones, &words, NULL, &x));
	if (x.slow_rules)
		assert_true(str_eq(rule_name(p, x.slow_rule), str_of(wanted)));
	assert_int_equal(x.n, spans);
	size_t slow = x.slow_rules;
	/* Another article: a rule has its steps anew. */
	zones_free(&zones);
	zones_find(S("甲"), &words, &zones);
	assert_true(extract(e, S("甲"), &zones, &words, NULL, &x));
	assert_int_equal(x.slow_rules, 0);
	assert_int_equal(x.n, 1);
	zones_free(&zones);
	extraction_free(&x);
	extractor_free(e);
	pack_free(p);
	return slow;
}

/* Each line alone is within what a rule may take; all of them are not. */
static void test_slow_rules(void **state)
{
	(void)state;
	static const char *const slow[] = {
		"- {name: slow, as: A, trigger: t, regex: '(a+)+c'}\n",
		"- {name: slow, as: A, match: '((a?a?a?a?a){1,18}){1,40}c'}\n",
		"- {name: slow, as: A, match: '((?=((a|aa)*(?=(a|aa)*c)))a)+.*c'}\n",
		"- {name: slow, as: A, match: '((?!((a?a?a?a?a){1,18}){1,20}c)a)+.*c'}\n",
	};
	static const char *const last = "- {name: s, as: B, match: 甲}\n";
	struct buf few = {0}, text = {0}, yaml = {0};
	buf_adds(&few, "aaaaaaaaaaa甲乙c\n");
	for (int i = 0; i < 100; i++)
		buf_adds(&text, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa甲乙c\n");
	for (size_t i = 0; i < COUNT_OF(slow); i++) {
		buf_clear(&yaml);
		buf_addf(&yaml, "%slists:\n  t: a\nrules:\n%s%s", LABELS, slow[i], last);
		assert_int_equal(slow_rules(yaml.p, buf_str(&few), "", 1), 0);
		assert_int_equal(slow_rules(yaml.p, buf_str(&text), "slow", 100), 1);
	}
	buf_free(&few);
	buf_free(&text);
	buf_free(&yaml);
}

static void test_folding(void **state)
{
	(void)state;
	const char *rule = LABELS "lists:\n  w: 刘尚进\nrules:\n- {name: r, as: A, match: '@w'}\n- {name: s, as: B, match: '“[^“”]+”'}\n";
	check(rule, "劉尚進對", "A 0-9 劉尚進;");
	check(rule, "劉尚(shàng)進(jìn)對", "A 0-17 劉尚(shàng)進;");
	check(rule, "「早」", "B 0-9 「早」;");
	check(LABELS "rules:\n- {name: r, as: A, match: '甲、乙。'}\n- {name: s, as: B, match: '\\(丙\\)'}\n", "甲，、乙，。【丙】", "A 0-18 甲，、乙，。;B 18-27 【丙】;");
	check(rule, "\"早\"", "B 0-5 \"早\";");
}

static void test_regex(void **state)
{
	(void)state;
	check(LABELS "lists:\n  t: 第\nrules:\n- {name: r, as: A, trigger: t, regex: '第(?<span>\\d+)号'}\n", "第12号,13号", "A 3-5 12;");
	/* A pattern that explodes ends by its limit, and the rest goes on. */
	struct buf text = {0};
	for (int i = 0; i < 400; i++)
		buf_addc(&text, 'a');
	buf_adds(&text, "甲!");
	struct pack *p = read_pack(LABELS "lists:\n  t: a\nrules:\n- {name: r, as: A, trigger: t, regex: '(a+)+$'}\n- {name: s, as: B, match: 甲}\n");
	char *got = propose(p, buf_str(&text));
	assert_string_equal(got, "B 400-403 甲;");
	mem_free(got);
	pack_free(p);
	buf_free(&text);
}

static void test_no_explosion(void **state)
{
	(void)state;
	struct buf text = {0};
	for (int i = 0; i < 3000; i++)
		buf_addc(&text, 'a');
	struct pack *p = read_pack(LABELS "rules:\n- {name: r, as: A, match: 'a(a*)*(a*)*(a|a|a)*b'}\n");
	char *got = propose(p, buf_str(&text));
	assert_string_equal(got, "");
	mem_free(got);
	pack_free(p);
	buf_free(&text);
}

static void check_error(const char *yaml, enum error_code code, size_t line, size_t column)
{
	struct str files[] = {S("bad.yaml"), str_of(yaml)};
	struct error err = {0};
	struct pack *p = NULL;
	assert_false(pack_read(files, 1, &p, &err));
	assert_int_equal(err.code, code);
	assert_string_equal(err.path, "bad.yaml");
	assert_int_equal(err.line, line);
	assert_int_equal(err.column, column);
	error_clear(&err);
}

static void test_errors(void **state)
{
	(void)state;
	check_error("rules: 3\n", ERROR_SCHEMA, 1, 8);
	check_error("rule: []\n", ERROR_SCHEMA, 1, 1);
	check_error("rules:\n- {name: a, as: A, match: '甲(乙'}\n", ERROR_SYNTAX, 2, 29);
	check_error("rules:\n- {name: a, as: A, match: '@nothing'}\n", ERROR_REFERENCE, 2, 1);
	check_error("rules:\n- {name: a, as: A, match: '甲?'}\n", ERROR_SYNTAX, 2, 28);
	check_error("rules:\n- {name: a, as: A, match: 甲, score: 1001}\n", ERROR_SCHEMA, 2, 37);
	check_error("rules:\n- {name: a, as: A, match: 甲, colour: red}\n", ERROR_SCHEMA, 2, 38);
	check_error("rules:\n- {name: a, as: A, match: 甲}\n- {name: a, as: A, match: 乙}\n", ERROR_DUPLICATE, 3, 3);
	check_error("rules:\n- {name: a, as: A, match: 甲, zones: [bodies]}\n", ERROR_SCHEMA, 2, 38);
	check_error("lists:\n  w: |\n    甲 乙=x\n", ERROR_SCHEMA, 3, 7);
	check_error("lists:\n  w: |\n    甲\n    一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三\n", ERROR_SCHEMA, 4, 5);
}

static void test_nothing_to_find(void **state)
{
	(void)state;
	struct error err = {0};
	struct pack *p = NULL;
	assert_true(pack_load(NULL, &p, &err));
	const struct str texts[] = {S(""), S("\n\n\n"), S("The council met on Tuesday; Mr Brown, the chairman, spoke of the harbour."), S("\xFF\xFE\0\x01\x80\xC3\x28")};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		char *got = propose(p, texts[i]);
		assert_string_equal(got, "");
		mem_free(got);
	}
	pack_free(p);
}

static void test_large(void **state)
{
	(void)state;
	/* A list of a million words, a text of one line of 1 MB: bounded by design, so it ends. */
	struct buf yaml = {0}, text = {0};
	buf_adds(&yaml, LABELS "lists:\n  w:");
	for (unsigned i = 0; i < 1000000; i++)
		buf_addf(&yaml, i % 1000 ? " w%u" : "\n  - w%u", i);
	buf_adds(&yaml, "\nrules:\n- {name: r, as: A, match: '@w\\.'}\n");
	while (text.n < 1 << 20)
		buf_adds(&text, "甲乙丙丁w19 ");
	buf_adds(&text, "w199999.");
	struct pack *p = read_pack(yaml.p);
	char *got = propose(p, buf_str(&text));
	assert_non_null(strstr(got, " w199999.;"));
	mem_free(got);
	pack_free(p);
	buf_free(&yaml);
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_and_groups), cmocka_unit_test(test_conditions), cmocka_unit_test(test_longest_wins),
		cmocka_unit_test(test_classes_build_on_classes), cmocka_unit_test(test_learning), cmocka_unit_test(test_series),
		cmocka_unit_test(test_folding), cmocka_unit_test(test_regex), cmocka_unit_test(test_no_explosion), cmocka_unit_test(test_slow_rules), cmocka_unit_test(test_errors),
		cmocka_unit_test(test_nothing_to_find), cmocka_unit_test(test_large),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
