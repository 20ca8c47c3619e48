/* Families of cases that the built-in pack once got wrong: sentences with their spans in the text, as in tests/extract/reports.  Each is extracted as a
 * paragraph of an article of its own; all its spans must come back, and no others.  The people are invented. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "annotations/extract/extract.h"
#include "annotations/zone_words.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_short_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
