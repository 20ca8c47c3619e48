/* sha256 against the examples of FIPS 180-4 / NIST CAVP, and the two implementations against each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "model/sha256.h"

static void known_answers(void **state)
{
	(void)state;
	static const struct {
		const char *text, *hex;
	} cases[] = {
		{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
		{"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrst"
	         "nopqrstu",
	         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *hex = sha256_of(str_of(cases[i].text));
		assert_string_equal(hex, cases[i].hex);
		mem_free(hex);
	}
}

static void million_a_in_odd_slices(void **state)
{
	(void)state;
	char a[997];
	memset(a, 'a', sizeof(a));
	struct sha256 s;
	char hex[65];
	sha256_start(&s);
	for (size_t left = 1000000, n = 1; left; n = n % sizeof(a) + 1) {
		size_t take = n < left ? n : left;
		sha256_add(&s, (struct str){a, take});
		left -= take;
	}
	sha256_hex(&s, hex);
	assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void both_implementations_agree(void **state)
{
	(void)state;
	char bytes[400];
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 131 + (i >> 3));
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		struct sha256 fast, plain;
		char a[65], b[65];
		sha256_start(&fast);
		sha256_start_portable(&plain);
		sha256_add(&fast, (struct str){bytes, n});
		sha256_add(&plain, (struct str){bytes, n / 2});
		sha256_add(&plain, (struct str){bytes + n / 2, n - n / 2});
		sha256_hex(&fast, a);
		sha256_hex(&plain, b);
		assert_string_equal(a, b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_answers),
		cmocka_unit_test(million_a_in_odd_slices),
		cmocka_unit_test(both_implementations_agree),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
