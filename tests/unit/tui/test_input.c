/* From bytes to events: what a terminal may send, whole, in pieces and hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/hang_fixture.h"
#include "tui/input.h"

/* All events as text: key names, P(text), M what row,col. */
static void add_event(struct buf *out, const struct input *in)
{
	static const char *const buttons[] = {"press", "drag", "release", "double", "up", "down"};
	if (out->n)
		buf_addc(out, ' ');
	if (in->kind == INPUT_KEY)
		key_name(out, in->key);
	else if (in->kind == INPUT_PASTE)
		buf_addf(out, "P(%.*s)", (int)in->text.n, in->text.n ? in->text.p : "");
	else if (in->kind == INPUT_MOUSE)
		buf_addf(out, "M%s:%d,%d", buttons[in->button], in->row, in->col);
}

static void take(struct input_reader *r, int silent_ms, struct buf *out)
{
	struct input in;
	while (input_reader_next(r, silent_ms, &in))
		add_event(out, &in);
}

static void expect_of(struct input_reader *r, struct str bytes, const char *expected)
{
	struct buf out = {0};
	input_reader_feed(r, bytes);
	take(r, 0, &out);
	take(r, 5000, &out);
	assert_string_equal(out.p ? out.p : "", expected);
	assert_int_equal(input_reader_wait(r), -1);
	buf_free(&out);
}

static void expect(struct str bytes, const char *expected)
{
	struct input_reader *r = input_reader_new();
	expect_of(r, bytes, expected);
	input_reader_free(r);
	/* the same one byte at a time: nothing may depend on how reads divide it */
	struct buf out = {0};
	r = input_reader_new();
	for (size_t i = 0; i < bytes.n; i++) {
		input_reader_feed(r, str_sub(bytes, i, i + 1));
		take(r, 0, &out);
	}
	take(r, 5000, &out);
	assert_string_equal(out.p ? out.p : "", expected);
	buf_free(&out);
	input_reader_free(r);
}

static void keys_and_characters(void **state)
{
	(void)state;
	expect(S("y高\t\r\n\x7F\b\x12"), "y 高 <Tab> <Enter> <Enter> <BS> <BS> <C-r>");
	expect(S("\033"), "<Esc>");
	expect(S("\033\033[A"), "<Esc> <Up>");
	expect(S("\033y"), "<Esc> y");
	expect(S("\033]y"), "<Esc> ] y");
}

static void sequences(void **state)
{
	(void)state;
	expect(S("\033[A\033OB\033[H\033[4~\033[5~\033[Z\033OP\033[15~\033[3~"),
	       "<Up> <Down> <Home> <End> <PgUp> <S-Tab> <F1> <F5> <Delete>");
	expect(S("\033[1;5C\033[6;2~"), "<Right> <PgDn>");
}

static void what_is_not_known_is_no_key(void **state)
{
	(void)state;
	expect(S("\033[27;5;121~y"), "y");
	expect(S("\033[?2004;1$yx"), "x");
	expect(S("\033]11;rgb:1111/2222/3333\033\\x"), "x");
	expect(S("\033]11;rgb:1111/2222/3333\ax"), "x");
	expect(S("\033P>|xterm 300\033\\x"), "x");
	expect(S("\033[>0;276;0cx"), "x");
	expect(S("\033[3;1Rx"), "<F3> x"); /* nobody asked for a place: the third function key with a modifier */
}

static void broken_bytes_are_passed_over(void **state)
{
	(void)state;
	expect(S("\xFFy\xC3"), "y");
	expect(S("\xE9\xABy"), "y");
}

static void the_mouse(void **state)
{
	(void)state;
	expect(S("\033[<0;5;3M\033[<32;6;3M\033[<0;6;3m\033[<64;1;1M\033[<65;1;1M"),
	       "Mpress:2,4 Mdrag:2,5 Mrelease:2,5 Mup:0,0 Mdown:0,0");
	expect(S("\033[<2;5;3My\033[<66;5;3My"), "y y"); /* other buttons say nothing */
	expect(S("\033[M !!y"), "Mpress:0,0 y");
}

static void a_paste_is_one_event(void **state)
{
	(void)state;
	expect(S("a\033[200~yyy\nx\033[Ax\033[201~b"), "a P(yyy\nx\033[Ax) b");
	expect(S("\033[200~\033[201~"), "P()");
	expect(S("\033[200~一\033[201~\033[200~二\033[201~"), "P(一) P(二)");
}

static void an_end_mark_inside_a_paste_does_not_end_it(void **state)
{
	(void)state;
	struct input_reader *r = input_reader_new();
	expect_of(r, S("\033[200~safe\033[201~yyyy\033[201~"), "P(safeyyyy)");
	expect_of(r, S("\033[200~safe\033[201~y"), "P(safe) y");
	struct buf out = {0};
	input_reader_feed(r, S("\033[200~safe\033[201~")); /* the rest comes with the next read */
	take(r, 0, &out);
	assert_int_equal(input_reader_wait(r), PASTE_TAIL_MS);
	input_reader_feed(r, S("yyyy\033[201~"));
	take(r, 0, &out);
	take(r, PASTE_TAIL_MS, &out);
	assert_string_equal(out.p, "P(safeyyyy)");
	buf_free(&out);
	input_reader_free(r);
}

static void a_paste_without_end_is_given_up_as_a_paste(void **state)
{
	(void)state;
	struct input_reader *r = input_reader_new();
	struct buf out = {0};
	input_reader_feed(r, S("\033[200~yyyy"));
	take(r, PASTE_MS - 1, &out);
	assert_int_equal(out.n, 0);
	assert_int_equal(input_reader_wait(r), PASTE_MS);
	take(r, PASTE_MS, &out);
	assert_string_equal(out.p, "P(yyyy)");
	expect_of(r, S("\033[201~j"), "j"); /* the end mark comes late */
	buf_free(&out);
	input_reader_free(r);
}

static void a_paste_of_any_size_is_one_event(void **state)
{
	(void)state;
	struct input_reader *r = input_reader_new();
	struct buf chunk = {0}, out = {0};
	while (chunk.n < 4000)
		buf_adds(&chunk, "y]");
	input_reader_feed(r, S("\033[200~"));
	for (int i = 0; i < 250; i++) {
		input_reader_feed(r, buf_str(&chunk));
		take(r, 0, &out);
	}
	assert_int_equal(out.n, 0);
	input_reader_feed(r, S("\033[201~"));
	take(r, 0, &out);
	take(r, PASTE_TAIL_MS, &out);
	assert_int_equal(out.n, 250 * chunk.n + 3);
	buf_free(&chunk);
	buf_free(&out);
	input_reader_free(r);
}

/* A terminal that does not bracket what it pastes. */
static void prose_that_comes_at_once_is_a_paste(void **state)
{
	(void)state;
	struct input_reader *r = input_reader_new();
	input_reader_guard(r, true);
	expect_of(r, S("开封市委书记高建军等在开封分会场参加完河南省委新冠肺炎疫情防控工作会议"),
	          "P(开封市委书记高建军等在开封分会场参加完河南省委新冠肺炎疫情防控工作会议)");
	expect_of(r, S("the quick brown fox jumps over the lazy dog\r"),
	          "P(the quick brown fox jumps over the lazy dog) <Enter>");
	input_reader_free(r);
}

static void keys_that_come_at_once_stay_keys(void **state)
{
	(void)state;
	struct buf keys = {0}, out = {0};
	struct input_reader *r = input_reader_new();
	input_reader_guard(r, true);
	for (int i = 0; i < 300; i++)
		buf_addc(&keys, "yyyx]y;y"[i % 8]);
	input_reader_feed(r, buf_str(&keys));
	take(r, 0, &out);
	assert_int_equal(out.n, 2 * keys.n - 1);
	buf_free(&keys);
	buf_free(&out);
	input_reader_free(r);
}

static void what_was_typed_ahead_is_dropped(void **state)
{
	(void)state;
	struct input_reader *r = input_reader_new();
	struct buf out = {0};
	input_reader_feed(r, S("yyy\033["));
	input_reader_drop(r);
	expect_of(r, S("Ax"), "<Up> x"); /* not A, x */
	input_reader_feed(r, S("yyy\033[200~yyy"));
	input_reader_drop(r);
	expect_of(r, S("yyy\033[201~x"), "x");
	buf_free(&out);
	input_reader_free(r);
}

static void the_answer_to_a_question_is_no_key(void **state)
{
	(void)state;
	struct input_reader *r = input_reader_new();
	int row = -1, col = -1;
	input_reader_expect(r);
	assert_false(input_reader_place(r, &row, &col));
	expect_of(r, S("y\033[1;3Ry"), "y y");
	assert_true(input_reader_place(r, &row, &col));
	assert_int_equal(row, 0);
	assert_int_equal(col, 2);
	assert_false(input_reader_place(r, &row, &col));
	input_reader_free(r);
}

static void the_description_of_the_terminal_wins(void **state)
{
	(void)state;
	struct input_reader *r = input_reader_new();
	input_reader_define(r, "\033[[A", KEY_F1_);
	input_reader_define(r, "x", KEY_F1_ + 1); /* not a sequence: ignored */
	expect_of(r, S("\033[[Ax\033[A"), "<F1> x <Up>");
	input_reader_free(r);
}

/* Half a megabyte of `piece`, at once and in reads: as many events as there should be.  What reads it over for each key takes
 * minutes of the processor, and is ended before. */
static void expect_flood(const char *piece, bool guard, size_t keys_each)
{
	struct buf flood = {0};
	size_t events, pieces = 0;
	struct input in;
	hang_guard(30);
	for (; flood.n < (size_t)1 << 19; pieces++)
		buf_adds(&flood, piece);
	for (size_t step = flood.n; step; step = step > 100 ? 100 : 0) {
		struct input_reader *r = input_reader_new();
		input_reader_guard(r, guard);
		events = 0;
		for (size_t at = 0; at < flood.n; at += step) {
			input_reader_feed(r, str_sub(buf_str(&flood), at, at + step < flood.n ? at + step : flood.n));
			while (input_reader_next(r, 0, &in))
				events++;
		}
		while (input_reader_next(r, 5000, &in))
			events++;
		assert_int_equal(events, pieces * keys_each);
		input_reader_free(r);
	}
	hang_guard(0);
	buf_free(&flood);
}

static void a_flood_is_read_once(void **state)
{
	(void)state;
	expect_flood("k", true, 1);
	expect_flood("k", false, 1);
	expect_flood("\033P!x", false, 4); /* strings without an end: Esc P ! x */
	expect_flood("\033]1;x\a", false, 0);
	expect_flood("\033P!x\033\\", false, 0);
}

/* Half of what ends a string may come later, and what ends one ends it alone. */
static void strings_end_where_they_end(void **state)
{
	(void)state;
	expect(S("\033P!x\033\\y"), "y");
	expect(S("\033P!x\033P!y\033\\z"), "z");
	expect(S("\033]1;a\033[A\ab\033P!\033\\c"), "b c");
	expect(S("\033P!abc"), "<Esc> P ! a b c");
	struct input_reader *r = input_reader_new();
	expect_of(r, S("\033P!ab"), "<Esc> P ! a b"); /* given up: what follows is another's */
	expect_of(r, S("\033P!ab\033\\c"), "c");
	input_reader_free(r);
}

/* Any bytes: every event is well-formed and it ends. */
static void noise_ends(void **state)
{
	(void)state;
	uint32_t seed = 1;
	struct input_reader *r = input_reader_new();
	for (int round = 0; round < 2000; round++) {
		char bytes[64];
		for (size_t i = 0; i < sizeof(bytes); i++) {
			seed = seed * 1664525u + 1013904223u;
			bytes[i] = (seed >> 24) % 4 ? (char)(seed >> 16) : "\033[0;~MR<O]P"[(seed >> 8) % 11];
		}
		input_reader_feed(r, (struct str){bytes, sizeof(bytes)});
		struct buf out = {0};
		take(r, round % 3 ? 0 : 5000, &out);
		buf_free(&out);
	}
	struct buf out = {0};
	take(r, 5000, &out);
	assert_int_equal(input_reader_wait(r), -1);
	buf_free(&out);
	input_reader_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_and_characters),
		cmocka_unit_test(sequences),
		cmocka_unit_test(what_is_not_known_is_no_key),
		cmocka_unit_test(broken_bytes_are_passed_over),
		cmocka_unit_test(the_mouse),
		cmocka_unit_test(a_paste_is_one_event),
		cmocka_unit_test(an_end_mark_inside_a_paste_does_not_end_it),
		cmocka_unit_test(a_paste_without_end_is_given_up_as_a_paste),
		cmocka_unit_test(a_paste_of_any_size_is_one_event),
		cmocka_unit_test(prose_that_comes_at_once_is_a_paste),
		cmocka_unit_test(keys_that_come_at_once_stay_keys),
		cmocka_unit_test(what_was_typed_ahead_is_dropped),
		cmocka_unit_test(the_answer_to_a_question_is_no_key),
		cmocka_unit_test(the_description_of_the_terminal_wins),
		cmocka_unit_test(a_flood_is_read_once),
		cmocka_unit_test(strings_end_where_they_end),
		cmocka_unit_test(noise_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
