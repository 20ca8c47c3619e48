/* base: slices, buffers, arenas, errors, and the one way in which running out of memory ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/io.h"

/* ---- slices ------------------------------------------------------------------------------------------------- */

static void slices(void **state)
{
	(void)state;
	struct str s = S("abcabc");
	assert_true(str_eq(str_sub(s, 1, 3), S("bc")));
	assert_true(str_eq(str_sub(s, 4, 99), S("bc")));
	assert_int_equal(str_sub(s, 9, 12).n, 0);
	assert_int_equal(str_sub(s, 3, 2).n, 0);
	assert_int_equal(str_sub(STR_NONE, 0, 5).n, 0);
	assert_true(str_eq(STR_NONE, S("")));
	assert_false(str_eq(s, S("abcabd")));
	assert_true(str_cmp(S("ab"), S("abc")) < 0);
	assert_true(str_cmp(S("b"), S("abc")) > 0);
	assert_true(str_cmp(S("\xFF"), S("a")) > 0);
	assert_true(str_cmp(STR_NONE, S("")) == 0);
	assert_true(str_starts(s, S("abc")) && str_starts(s, STR_NONE) && !str_starts(S("ab"), S("abc")));
	assert_true(str_ends(s, S("bc")) && !str_ends(s, S("ab")));
	assert_int_equal(str_of(NULL).n, 0);
}

static void searching(void **state)
{
	(void)state;
	struct str s = S("abcabc");
	assert_int_equal(str_find(s, S("ca"), 0), 2);
	assert_int_equal(str_find(s, S("abc"), 1), 3);
	assert_true(str_find(s, S("abc"), 4) == NOWHERE);
	assert_true(str_find(s, S("x"), 99) == NOWHERE);
	assert_int_equal(str_find(s, STR_NONE, 6), 6);
	assert_int_equal(str_byte(s, 'b', 2), 4);
	assert_true(str_byte(s, 'b', 5) == NOWHERE);
	assert_true(str_byte(STR_NONE, 'b', 0) == NOWHERE);
	assert_true(str_eq(str_trim(S(" \t a b\r\n")), S("a b")));
	assert_int_equal(str_trim(S(" \n ")).n, 0);
}

static void numbers(void **state)
{
	(void)state;
	uint64_t n = 0;
	assert_true(str_number(S("18446744073709551615"), &n) && n == UINT64_MAX);
	static const char *const bad[] = {"18446744073709551616", "99999999999999999999", "", "-1", "+1", " 1", "1 ", "0x1", "１"};
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(str_number(str_of(bad[i]), &n));
	assert_true(str_number(S("007"), &n) && n == 7);
}

/* ---- buffers ------------------------------------------------------------------------------------------------ */

static void buffers(void **state)
{
	(void)state;
	struct buf b = {0};
	assert_int_equal(buf_str(&b).n, 0);
	for (int i = 0; i < 1000; i++)
		buf_addf(&b, "%d,", i);
	assert_int_equal(b.n, 10 * 2 + 90 * 3 + 900 * 4);
	assert_int_equal(b.p[b.n], '\0');
	assert_true(str_ends(buf_str(&b), S("998,999,")));
	buf_clear(&b);
	assert_string_equal(b.p, "");
	buf_add(&b, (struct str){"a\0b", 3});
	buf_addc(&b, 'c');
	assert_int_equal(b.n, 4);
	char *p = buf_take(&b);
	assert_memory_equal(p, "a\0bc", 5);
	assert_null(b.p);
	mem_free(p);
	p = buf_take(&b);
	assert_string_equal(p, "");
	mem_free(p);
	buf_addf(&b, "%s", "");
	assert_string_equal(b.p, "");
	buf_free(&b);
}

/* The 0 behind what is there has room of its own, whatever is added to however full a buffer. */
static void room_for_the_end(void **state)
{
	(void)state;
	for (size_t first = 0; first < 300; first++)
		for (size_t second = 0; second < 3; second++) {
			struct buf b = {0};
			char bytes[300] = {0};
			buf_add(&b, (struct str){bytes, first});
			assert_true(b.n < b.cap);
			if (second == 2)
				buf_addc(&b, 'c');
			else
				buf_add(&b, (struct str){bytes, b.cap - b.n - second});
			assert_true(b.n < b.cap);
			assert_int_equal(b.p[b.n], '\0');
			buf_free(&b);
		}
}

static void reserving_wastes_nothing(void **state)
{
	(void)state;
	struct buf b = {0};
	buf_reserve(&b, 100000);
	assert_int_equal(b.cap, 100001);
	buf_free(&b);
}

/* ---- arenas ------------------------------------------------------------------------------------------------- */

static void arenas(void **state)
{
	(void)state;
	struct arena a = {0};
	unsigned char *pieces[300];
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		size_t size = i % 7 == 0 ? 20000 + i : i;
		pieces[i] = arena_alloc(&a, size);
		assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
		for (size_t k = 0; k < size; k++)
			assert_int_equal(pieces[i][k], 0);
		memset(pieces[i], (int)(i % 255) + 1, size);
	}
	for (size_t i = 1; i < COUNT_OF(pieces); i++)
		assert_int_equal(pieces[i][0], i % 255 + 1);
	struct str s = arena_dup(&a, S("高"));
	assert_string_equal(s.p, "高");
	assert_true(a.used > 0);
	arena_free(&a);
	assert_null(a.blocks);
	arena_free(&a);
}

/* ---- errors ------------------------------------------------------------------------------------------------- */

static void the_first_cause_is_kept(void **state)
{
	(void)state;
	struct error e = {0};
	assert_false(error_at(&e, ERROR_SCHEMA, "a.yaml", 3, 4, "no %s", "label"));
	assert_false(error_set(&e, ERROR_IO, "b", "later"));
	assert_int_equal(e.code, ERROR_SCHEMA);
	assert_string_equal(e.path, "a.yaml");
	assert_string_equal(e.message, "no label");
	assert_int_equal(e.line, 3);
	error_clear(&e);
	assert_int_equal(e.code, ERROR_NONE);
	error_clear(&e);
	assert_false(error_set(NULL, ERROR_IO, NULL, "nobody listens"));
}

static void errno_becomes_an_error(void **state)
{
	(void)state;
	struct error e = {0};
	errno = ENOENT;
	assert_false(error_errno(&e, "x", "open"));
	assert_int_equal(e.code, ERROR_MISSING);
	error_clear(&e);
	errno = ENOSPC;
	assert_false(error_errno(&e, "x", "write"));
	assert_int_equal(e.code, ERROR_IO);
	assert_non_null(strstr(e.message, "cannot write: "));
	error_clear(&e);
}

static void every_code_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < ERROR_CODES; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(error_code_name((enum error_code)i), error_code_name((enum error_code)k));
	assert_string_equal(error_code_name(ERROR_KIND), "not-a-file");
	assert_string_equal(error_code_name(ERROR_CODES), "unknown");
}

/* ---- memory that runs out ----------------------------------------------------------------------------------- */

static void *no_memory(void *p, size_t n)
{
	(void)p;
	(void)n;
	return NULL;
}

static void say_restored(void)
{
	if (write(STDERR_FILENO, "restored ", 9) != 9)
		_exit(3);
}

static void use_all(void)
{
	(void)mem_alloc(10);
}

static void use_overflow(void)
{
	(void)mem_array(SIZE_MAX / 2, 3);
}

static void use_growing(void)
{
	struct buf b = {0};
	b.n = SIZE_MAX - 3;
	buf_reserve(&b, 10);
}

/* Status and stderr of a child in which memory runs out. */
static int exhausted(void (*use)(void), char *said, size_t room)
{
	int ends[2], how = 0;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fflush(stdout), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct io table = io_system;
		table.realloc = no_memory;
		io_swap(&table);
		mem_on_exhausted(say_restored);
		if (dup2(ends[1], STDERR_FILENO) < 0)
			_exit(4);
		use();
		_exit(5);
	}
	assert_int_equal(close(ends[1]), 0);
	size_t n = 0;
	for (ssize_t got; (got = read(ends[0], said + n, room - 1 - n)) > 0;)
		n += (size_t)got;
	said[n] = '\0';
	assert_int_equal(close(ends[0]), 0);
	assert_true(waitpid(child, &how, 0) == child);
	return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

static void exhausted_memory_ends_the_program_tidily(void **state)
{
	(void)state;
	void (*const uses[])(void) = {use_all, use_overflow, use_growing};
	for (size_t i = 0; i < COUNT_OF(uses); i++) {
		char said[200];
		assert_int_equal(exhausted(uses[i], said, sizeof(said)), 2);
		assert_non_null(strstr(said, "restored zhupi: out of memory"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices),
		cmocka_unit_test(searching),
		cmocka_unit_test(numbers),
		cmocka_unit_test(buffers),
		cmocka_unit_test(room_for_the_end),
		cmocka_unit_test(reserving_wastes_nothing),
		cmocka_unit_test(arenas),
		cmocka_unit_test(the_first_cause_is_kept),
		cmocka_unit_test(errno_becomes_an_error),
		cmocka_unit_test(every_code_has_a_name_of_its_own),
		cmocka_unit_test(exhausted_memory_ends_the_program_tidily),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
