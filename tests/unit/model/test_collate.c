/* collate: names in the order of a reader of the language, by keys and, where numbers tell, without them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/collate.h"

static void names_in_a_readers_order(void **state)
{
	(void)state;
	static const char *const sorted[] = {"2.txt", "10.txt", "北京", "河南", "開封", "上海", "郑州", "a.txt", "B.txt"};
	struct collator *c = collator_new();
	struct buf before = {0};
	for (size_t i = 0; i < COUNT_OF(sorted); i++) {
		struct buf key = {0};
		collate_key(c, str_of(sorted[i]), &key);
		if (i && str_cmp(buf_str(&before), buf_str(&key)) >= 0)
			fail_msg("%s is not after %s", sorted[i], sorted[i - 1]);
		buf_free(&before);
		before = key;
	}
	buf_free(&before);
	struct buf a = {0}, b = {0};
	collate_key(c, S("e\u0301"), &a);
	collate_key(c, S("é"), &b);
	assert_true(str_cmp(buf_str(&a), buf_str(&b)) != 0);
	buf_clear(&a);
	collate_key(c, STR_NONE, &a);
	assert_true(str_cmp(buf_str(&a), buf_str(&b)) < 0);
	buf_free(&a);
	buf_free(&b);
	collator_free(c);
}

/* A digit, another script's digit, a character that is none, drawn from a few so that names are often alike. */
static void add_random(struct buf *name, uint64_t *seed)
{
	static const char *const pieces[] = {"0", "1", "2", "9", "0", "12", "\xEF\xBC\x91", "\xD9\xA1", ".", "a", "A", "年", "e\xCC\x81"};
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	buf_adds(name, pieces[*seed % COUNT_OF(pieces)]);
}

/* Answers whether the order was told. */
static bool assert_same_order(const struct collator *c, struct str a, struct str b)
{
	int told = collate_numbered(a, b);
	struct buf key_a = {0}, key_b = {0};
	collate_key(c, a, &key_a);
	collate_key(c, b, &key_b);
	int order = str_cmp(buf_str(&key_a), buf_str(&key_b));
	if (told && (told < 0) != (order < 0))
		fail_msg("%.*s and %.*s", (int)a.n, a.p, (int)b.n, b.p);
	buf_free(&key_a);
	buf_free(&key_b);
	return told != 0;
}

static void numbered_names_have_the_order_of_their_keys(void **state)
{
	(void)state;
	struct collator *c = collator_new();
	uint64_t seed = 20261128;
	size_t told = 0;
	for (size_t round = 0; round < 60000; round++) {
		struct buf a = {0}, b = {0};
		for (size_t i = 0; i < 3 + round % 6; i++)
			add_random(&a, &seed);
		buf_add(&b, str_sub(buf_str(&a), 0, a.n / 2));
		for (size_t i = 0; i < 3; i++)
			add_random(&b, &seed);
		told += assert_same_order(c, buf_str(&a), buf_str(&b));
		buf_free(&a);
		buf_free(&b);
	}
	assert_true(told > 500);
	assert_true(collate_numbered(S("a009.txt"), S("a010.txt")) < 0);
	assert_int_equal(collate_numbered(S("a9.txt"), S("a10.txt")), 0);
	assert_int_equal(collate_numbered(S("a1"), S("a1")), 0);
	assert_int_equal(collate_numbered(S("a1"), S("a1b")), 0);
	collator_free(c);
}

/* ICU weighs digits by 254, from the first that is no zero: of two the one with more zeros in front may be the larger. */
static void very_long_numbers_are_left_to_keys(void **state)
{
	(void)state;
	struct collator *c = collator_new();
	struct buf a = {0}, b = {0};
	for (size_t i = 0; i < 300; i++) {
		buf_addc(&a, i < 2 ? '0' : '5');
		buf_addc(&b, i < 1 ? '0' : '1');
		(void)assert_same_order(c, buf_str(&a), buf_str(&b));
	}
	assert_true(collate_numbered(str_sub(buf_str(&a), 0, 254), str_sub(buf_str(&b), 0, 254)) < 0);
	buf_free(&a);
	buf_free(&b);
	collator_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_in_a_readers_order),
		cmocka_unit_test(numbered_names_have_the_order_of_their_keys),
		cmocka_unit_test(very_long_numbers_are_left_to_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
