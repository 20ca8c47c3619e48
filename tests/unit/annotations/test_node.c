/* node: building, changing, copying, comparing trees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "annotations/node.h"

static void test_map(void **state)
{
	(void)state;
	struct node *m = node_map();
	node_put_text(m, S("a"), S("1"));
	node_put_text(m, S("b"), S("2"));
	node_put_text(m, S("c"), S("3"));
	node_put_text(m, S("b"), S("two"));
	assert_int_equal(m->n, 3);
	assert_true(str_eq(node_get_text(m, S("b")), S("two")));
	assert_true(str_eq(m->keys[1], S("b")));
	node_put(m, S("a"), NULL);
	node_put(m, S("nothing"), NULL);
	assert_int_equal(m->n, 2);
	assert_true(str_eq(m->keys[0], S("b")) && str_eq(m->keys[1], S("c")));
	assert_null(node_get(m, S("a")));
	assert_int_equal(node_get_text(m, S("a")).n, 0);
	assert_null(node_get(NULL, S("a")));
	assert_int_equal(node_get_text(NULL, S("a")).n, 0);
	node_free(m);
	node_free(NULL);
}

/* There is no capacity in a node: every order of adding, removing and copying must keep room. */
static void test_room(void **state)
{
	(void)state;
	for (size_t size = 0; size < 40; size++) {
		struct node *m = node_map();
		for (size_t i = 0; i < size; i++) {
			char key = (char)('0' + i);
			node_put(m, (struct str){&key, 1}, node_number(i));
		}
		struct node *copy = node_copy(m);
		for (size_t i = 0; i < size; i += 2) {
			char key = (char)('0' + i);
			node_put(m, (struct str){&key, 1}, NULL);
		}
		for (size_t i = 0; i < 20; i++) {
			char key = (char)('a' + i);
			node_put(m, (struct str){&key, 1}, node_number(i));
			node_put(copy, (struct str){&key, 1}, node_list());
		}
		assert_int_equal(m->n, size / 2 + 20);
		assert_int_equal(node_duplicate(m), NOWHERE);
		node_free(copy);
		node_free(m);
	}
}

static void test_copy_and_equal(void **state)
{
	(void)state;
	struct node *m = node_map(), *list = node_list();
	node_add(list, node_number(1));
	node_add(list, node_text(S("a\0b")));
	node_put(m, S("list"), list);
	node_put(m, S("map"), node_map());
	node_put_text(m, S("text"), S("高建军"));
	struct node *copy = node_copy(m);
	assert_true(node_equal(m, copy));
	assert_int_equal(node_get(copy, S("list"))->items[1]->text.n, 3);
	assert_false(node_get(copy, S("list"))->items[0]->quoted);
	node_add(node_get(copy, S("list")), node_text(S("")));
	assert_false(node_equal(m, copy));
	node_free(copy);
	node_free(m);
	assert_null(node_copy(NULL));
	assert_true(node_equal(NULL, NULL));
	struct node *n = node_list();
	assert_false(node_equal(n, NULL) || node_equal(NULL, n));
	node_free(n);
}

static void test_equal_is_by_content(void **state)
{
	(void)state;
	struct node *a = node_map(), *b = node_map();
	node_put_text(a, S("x"), S("1"));
	node_put_text(a, S("y"), S("2"));
	node_put(b, S("y"), node_plain(S("2")));
	node_put(b, S("x"), node_number(1));
	b->items[0]->line = 7;
	assert_true(node_equal(a, b));
	node_put_text(b, S("x"), S("01"));
	assert_false(node_equal(a, b));
	node_put_text(b, S("x"), S("1"));
	node_put(b, S("y"), NULL);
	node_put_text(b, S("z"), S("2"));
	assert_false(node_equal(a, b));
	struct node *empty_map = node_map(), *empty_list = node_list(), *empty_text = node_text(S(""));
	assert_false(node_equal(empty_map, empty_list));
	assert_false(node_equal(empty_list, empty_text));
	node_free(empty_map);
	node_free(empty_list);
	node_free(empty_text);
	node_free(a);
	node_free(b);
}

/* Large maps take another way than small ones; both must answer the same. */
static void test_large_maps(void **state)
{
	(void)state;
	enum { COUNT = 20000 };
	struct node *up = node_map(), *down = node_map();
	struct buf key = {0};
	for (uint64_t i = 0; i < COUNT; i++) {
		buf_clear(&key);
		buf_addf(&key, "k%llu", (unsigned long long)i);
		node_append(up, buf_str(&key), node_number(i));
		buf_clear(&key);
		buf_addf(&key, "k%llu", (unsigned long long)(COUNT - 1 - i));
		node_append(down, buf_str(&key), node_number(COUNT - 1 - i));
	}
	assert_true(node_equal(up, down));
	assert_int_equal(node_duplicate(up), NOWHERE);
	node_append(up, S("k7"), node_number(7));
	node_append(up, S("k3"), node_number(3));
	assert_int_equal(node_duplicate(up), COUNT);
	assert_false(node_equal(up, down));
	node_append(down, S("k7"), node_number(7));
	node_append(down, S("k4"), node_number(4));
	assert_false(node_equal(up, down));
	node_free(up);
	node_free(down);
	buf_free(&key);
}

/* Keys of large maps are compared in their order, whatever theirs is. */
static void test_large_maps_that_differ(void **state)
{
	(void)state;
	struct node *a = node_map(), *b = node_map();
	for (char key[3] = "aa"; key[1] <= 'z'; key[1]++)
		for (key[0] = 'a'; key[0] <= 'z'; key[0]++) {
			node_put_text(a, str_of(key), S("x"));
			node_put_text(b, str_of(key), S("x"));
		}
	assert_true(node_equal(a, b));
	node_put_text(b, S("mm"), S("y"));
	assert_false(node_equal(a, b));
	node_put(b, S("mm"), NULL);
	node_put_text(b, S("MM"), S("x"));
	assert_false(node_equal(a, b));
	/* Of two that are there twice the first to come again, in either order of names. */
	size_t n = a->n;
	node_append(a, S("zz"), node_list());
	node_append(a, S("bb"), node_list());
	node_append(a, S("yy"), node_list());
	assert_int_equal(node_duplicate(a), n);
	node_append(b, S("bb"), node_list());
	node_append(b, S("zz"), node_list());
	assert_int_equal(node_duplicate(b), n);
	node_free(a);
	node_free(b);
}

static void test_mending(void **state)
{
	(void)state;
	struct node *map = node_map(), *list = node_list();
	uint64_t number = 7;
	node_add(list, node_text(S("a\xFF")));
	node_add(list, node_text(S("good")));
	node_put(map, S("k\xC0"), list);
	node_put_text(map, S("l"), S("\xE5\xBC"));
	node_mend(map);
	node_mend(NULL);
	const struct node *mended = node_get(map, S("k\xEF\xBF\xBD"));
	assert_non_null(mended);
	assert_true(str_eq(mended->items[0]->text, S("a\xEF\xBF\xBD")));
	assert_true(str_eq(mended->items[1]->text, S("good")));
	assert_true(str_starts(node_get_text(map, S("l")), S("\xEF\xBF\xBD")));
	assert_false(node_is_number(mended, &number));
	assert_false(node_is_absent(mended));
	assert_int_equal(node_scalar(mended).n, 0);
	assert_int_equal(number, 7);
	node_free(map);
}

static void test_duplicate_in_small(void **state)
{
	(void)state;
	struct node *m = node_map();
	assert_int_equal(node_duplicate(m), NOWHERE);
	node_append(m, S("a"), node_list());
	node_append(m, S("b"), node_list());
	assert_int_equal(node_duplicate(m), NOWHERE);
	node_append(m, S("a"), node_list());
	node_append(m, S("b"), node_list());
	assert_int_equal(node_duplicate(m), 2);
	node_free(m);
}

static void test_scalars(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool quoted, number;
		uint64_t value;
	} cases[] = {
		{"0", false, true, 0},     {"17", false, true, 17},   {"9007199254740992", false, true, 9007199254740992u},
		{"17", true, false, 0},    {"017", false, false, 0},  {"00", false, false, 0},
		{"", false, false, 0},     {"-1", false, false, 0},   {"+1", false, false, 0},
		{"1.0", false, false, 0},  {"1e3", false, false, 0},  {"0x1F", false, false, 0},
		{" 1", false, false, 0},   {"1_0", false, false, 0},  {"99999999999999999999999", false, false, 0},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct node *n = cases[i].quoted ? node_text(str_of(cases[i].text)) : node_plain(str_of(cases[i].text));
		uint64_t value = 0;
		assert_int_equal(node_is_number(n, &value), cases[i].number);
		assert_int_equal(value, cases[i].value);
		node_free(n);
	}
	uint64_t value;
	assert_false(node_is_number(NULL, &value));
	struct node *absent = node_absent(), *word = node_text(S("null"));
	assert_true(node_is_absent(absent));
	assert_false(node_is_absent(word));
	assert_false(node_is_absent(NULL));
	assert_true(str_eq(node_scalar(word), S("null")));
	assert_int_equal(node_scalar(NULL).n, 0);
	node_free(absent);
	node_free(word);
}

/* A span as an import makes it. */
static struct node *span_map(bool unusual)
{
	struct node *map = node_map(), *at = node_list(), *pair = node_list();
	node_add(pair, node_number(3));
	node_add(pair, node_number(1234567));
	node_add(at, pair);
	node_put_text(map, S("id"), S("bcdfg"));
	node_put(map, S("at"), at);
	node_put_text(map, S("text"), S("高建军\xE9"));
	node_put_text(map, S("context"), STR_NONE);
	node_put(map, S("source"), node_map());
	if (unusual)
		node_put_text(node_get(map, S("source")), S("colour"), S("red"));
	return map;
}

static void change(struct node *map, unsigned how)
{
	struct node *at = node_get(map, S("at"));
	switch (how) {
	case 0:
		node_put_text(map, S("text"), S("longer than what was there before"));
		break;
	case 1:
		node_put(map, S("id"), NULL);
		node_put_text(map, S("flag"), S("why"));
		break;
	case 2:
		for (uint64_t i = 0; i < 9; i++)
			node_add(at->items[0], node_number(i));
		node_add(at, node_list());
		break;
	case 3:
		node_put_text(node_get(map, S("source")), S("unusual"), S("1"));
		node_put(map, S("source"), NULL);
		break;
	case 4:
		node_mend(map);
		break;
	default:
		node_put(map, S("context"), node_copy(at));
		node_put(node_get(map, S("source")), S("by"), node_text(S("x")));
		break;
	}
}

/* Keys asked for in their order are found at the place where the last one ended, others all the same. */
static void test_get_along(void **state)
{
	(void)state;
	struct node *map = node_map(), *list = node_list();
	size_t place = 0;
	node_put(map, S("a"), node_number(1));
	node_put(map, S("b"), node_number(2));
	node_put(map, S("c"), node_number(3));
	assert_ptr_equal(node_get_along(map, S("a"), &place), map->items[0]);
	assert_int_equal(place, 1);
	assert_ptr_equal(node_get_along(map, S("c"), &place), map->items[2]);
	assert_int_equal(place, 0);
	place = 2;
	assert_ptr_equal(node_get_along(map, S("b"), &place), map->items[1]);
	assert_null(node_get_along(map, S("d"), &place));
	assert_int_equal(place, 2);
	assert_null(node_get_along(list, S("a"), &place));
	assert_null(node_get_along(NULL, S("a"), &place));
	node_free(list);
	node_free(map);
}

/* In one piece it is what it was, and takes every change, one after the other, as the same tree in many pieces does. */
static void test_pack(void **state)
{
	(void)state;
	for (unsigned first = 0; first < 6; first++) {
		for (unsigned second = 0; second < 6; second++) {
			struct node *plain = span_map(false), *packed = node_pack(span_map(false));
			assert_true(node_equal(plain, packed));
			assert_true(packed->items[0]->part && packed->within && !packed->part);
			assert_true(packed->items[0]->quoted && !packed->items[1]->items[0]->items[0]->quoted);
			for (unsigned i = 0; i < 2 && (i == 0 || first != 3 || (second != 5 && second != 3)); i++) {
				change(plain, i ? second : first);
				change(packed, i ? second : first);
				assert_true(node_equal(plain, packed));
			}
			struct node *copy = node_copy(packed);
			node_free(packed);
			assert_true(node_equal(plain, copy));
			node_free(copy);
			node_free(plain);
		}
	}
	struct node *unusual = span_map(true), *same = node_pack(unusual);
	assert_ptr_equal(unusual, same);
	node_free(same);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_map),        cmocka_unit_test(test_room),
		cmocka_unit_test(test_copy_and_equal), cmocka_unit_test(test_equal_is_by_content),
		cmocka_unit_test(test_large_maps), cmocka_unit_test(test_large_maps_that_differ),
		cmocka_unit_test(test_mending),    cmocka_unit_test(test_duplicate_in_small),
		cmocka_unit_test(test_scalars),    cmocka_unit_test(test_pack),
		cmocka_unit_test(test_get_along),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
