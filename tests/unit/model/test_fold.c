/* fold: what is alike, and that folding twice is folding once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/fold.h"

static void check(const char *text, const char *folded)
{
	struct buf out = {0};
	fold_add(&out, str_of(text));
	assert_string_equal(out.p, folded);
	buf_free(&out);
}

static void what_is_alike(void **state)
{
	(void)state;
	check("開封市委書記", "开封市委书记");
	check("ＡｂＣ１２，：（）　", "abc12,:() ");
	check("ÄΣİ", "äσİ");
	check("ｶﾞ｡", "カ\u3099。");
	check("。“”、", "。“”、");
	check("\uF900\u2F00\U0002F804", "岂一\u4F60");
	check("a\xFF高\xE9\xAB", "a\xFF高\xE9\xAB");
	check("\u965C西省査\u93AD", "陕西省查镇"); /* old forms and look-alikes that ICU leaves */
	check("", "");
}

static void idempotent_and_one_to_one(void **state)
{
	(void)state;
	size_t changed = 0;
	for (codepoint cp = 0; cp < 0x110000; cp++) {
		codepoint folded = fold_cp(cp);
		if (folded > 0x10FFFF || fold_cp(folded) != folded)
			fail_msg("U+%04X", (unsigned)cp);
		changed += fold_hans(cp) != cp;
	}
	assert_int_equal(changed, 2853); /* of Han, as design counts them in ICU 72 */
	assert_int_equal(fold_cp(UTF8_BAD | 0x80), UTF8_BAD | 0x80);
	assert_int_equal(fold_cp(0x110000), 0x110000);
}

static void scripts(void **state)
{
	(void)state;
	assert_int_equal(fold_hans(0x66F8), 0x4E66); /* 書 书 */
	assert_int_equal(fold_hant(0x4E66), 0x66F8);
	assert_int_equal(fold_hans(0x4E66), 0x4E66);
	assert_int_equal(fold_hans('A'), 'A');
	assert_int_equal(fold_hant(0x9AD8), 0x9AD8); /* 高 */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_alike),
		cmocka_unit_test(idempotent_and_one_to_one),
		cmocka_unit_test(scripts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
