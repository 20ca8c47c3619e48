/* The app: who gets an event, what happens to screens while one of them is running, and what stands on the last row. */
#include "app_fixture.h"

static void a_paste_is_never_keys(void **state)
{
	struct fixture *f = *state;
	paste(f, "yyyqxm\n");
	expect_log(f, "");
	expect_message(f, "7 characters was refused");
	type(f, "o");
	paste(f, "yy");
	expect_log(f, "sort pasted(yy)");
}

static void a_field_gets_all_text(void **state)
{
	struct fixture *f = *state;
	type(f, "oq?u");
	key(f, 0x9AD8);
	key(f, KEY_ENTER_);
	type(f, "q");
	expect_log(f, "sort typed(q) typed(?) typed(u) typed(高) entered quit");
	assert_false(app_running(f->app));
}

static void a_screen_that_is_replaced_lives_until_it_returns(void **state)
{
	struct fixture *f = *state;
	key(f, KEY_ENTER_);
	expect_log(f, "open probe closed:probe");
	app_draw(f->app);
	app_draw(f->app);
	expect_log(f, "show drop show"); /* after the first frame, what was typed before it goes */
}

static void a_screen_that_cannot_be_opened_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct probe none = {.name = NULL};
	struct screen *before = app_top(f->app);
	assert_false(app_push(f->app, &probe_screen, &none));
	assert_false(app_replace(f->app, &probe_screen, &none));
	assert_ptr_equal(app_top(f->app), before);
	expect_message(f, "probe: cannot be opened");
}

static void the_screen_below_is_refreshed(void **state)
{
	struct fixture *f = *state;
	struct probe above = {.name = "above", .record = &f->record};
	assert_true(app_push(f->app, &probe_screen, &above));
	type(f, "h");
	expect_log(f, "close-folder closed:above refresh");
}

static void a_line_is_asked_for(void **state)
{
	struct fixture *f = *state;
	type(f, "/b");
	expect_on_screen(f, "look for ab");
	paste(f, "c\nd");
	key(f, KEY_ENTER_);
	expect_log(f, "find changed:ab show changed:abc d done:abc d");
	type(f, "/");
	key(f, KEY_ESC_);
	type(f, "/");
	key(f, KEY_BACKSPACE_);
	key(f, KEY_BACKSPACE_); /* on an empty line: enough */
	expect_log(f, "find cancelled:a find changed: cancelled:");
}

static void a_screen_that_goes_is_told_that_its_line_was_cancelled(void **state)
{
	struct fixture *f = *state;
	type(f, "/");
	buf_clear(&f->record.log);
	struct probe other = {.name = "other", .record = &f->record};
	app_replace(f->app, &other_screen, &other);
	struct input idle = {.kind = INPUT_RESIZE};
	app_handle(f->app, &idle);
	expect_log(f, "cancelled:a closed:probe");
	assert_null(f->app->asking.label);
}

static void a_question_has_one_key_for_an_answer(void **state)
{
	struct fixture *f = *state;
	type(f, "f");
	expect_on_screen(f, "Sure? y n");
	type(f, "y");
	type(f, "f");
	key(f, 0xFF4E); /* full-width n */
	type(f, "fx");
	type(f, "f");
	paste(f, "yyy");
	expect_message(f, "A paste was refused");
	key(f, KEY_ENTER_);
	expect_log(f, "show-only show answer:y show-only answer:n show-only answer:- show-only answer:-");
}

static void a_question_that_insists_takes_no_other_key(void **state)
{
	struct fixture *f = *state;
	app_insist(f->app, app_top(f->app), "Mine or theirs? m t", "mt", asked);
	type(f, "yx");
	key(f, KEY_ENTER_);
	expect_log(f, "");
	expect_on_screen(f, "Mine or theirs");
	type(f, "t");
	app_insist(f->app, app_top(f->app), "Mine or theirs? m t", "mt", asked);
	key(f, KEY_ESC_);
	expect_log(f, "show answer:t answer:-");
}

static void a_field_can_be_suspended(void **state)
{
	struct fixture *f = *state;
	type(f, "o");
	key(f, 0x1A);
	type(f, "y");
	key(f, KEY_ENTER_);
	expect_log(f, "sort suspend suspend typed(y) entered");
}

static void actions_have_names(void **state)
{
	struct fixture *f = *state;
	type(f, ":show");
	key(f, KEY_TAB_);
	expect_on_screen(f, ":show-only");
	key(f, KEY_ESC_);
	type(f, ":sort");
	key(f, KEY_ENTER_);
	expect_log(f, "command show command sort");
	key(f, KEY_ENTER_);
	type(f, ":clo");
	key(f, KEY_ENTER_);
	expect_log(f, "entered command close-folder closed:probe");
}

static void what_is_no_action_is_said(void **state)
{
	struct fixture *f = *state;
	type(f, ":nonsense");
	key(f, KEY_ENTER_);
	expect_message(f, "no action nonsense");
	type(f, ":mark");
	key(f, KEY_ENTER_);
	expect_message(f, "mark-done  mark-unread");
	key(f, 0x9AD8);
	expect_message(f, "input method is on");
	key(f, KEY_F1_ + 8);
	expect_message(f, "<F9> is no key here");
	expect_log(f, "command command");
}

static void a_long_message_is_whole(void **state)
{
	struct fixture *f = *state;
	app_say(f->app, "%s", "one two three four five six seven eight nine ten eleven twelve thirteen fourteen");
	expect_on_screen(f, "fourteen");
	expect_on_screen(f, "saved 0");
}

static void nothing_said_reaches_the_terminal_raw(void **state)
{
	struct fixture *f = *state;
	app_say(f->app, "%s", "a\033[31mb\u202E");
	expect_message(f, "<U+001B>[31mb<U+202E>");
}

static void any_size_will_do(void **state)
{
	struct fixture *f = *state;
	for (int rows = 1; rows <= 13; rows++)
		for (int cols = 1; cols <= 70; cols++) {
			struct input in = {.kind = INPUT_RESIZE};
			f->record.rows = rows;
			f->record.cols = cols;
			app_handle(f->app, &in);
			type(f, "/");
			app_draw(f->app);
			key(f, KEY_ESC_);
			app_draw(f->app);
		}
	f->record.rows = 4;
	struct input in = {.kind = INPUT_RESIZE};
	app_handle(f->app, &in);
	expect_on_screen(f, "20x5 or more");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		APP_TEST(a_paste_is_never_keys),
		APP_TEST(a_field_gets_all_text),
		APP_TEST(a_screen_that_is_replaced_lives_until_it_returns),
		APP_TEST(a_screen_that_cannot_be_opened_changes_nothing),
		APP_TEST(the_screen_below_is_refreshed),
		APP_TEST(a_line_is_asked_for),
		APP_TEST(a_screen_that_goes_is_told_that_its_line_was_cancelled),
		APP_TEST(a_question_has_one_key_for_an_answer),
		APP_TEST(a_question_that_insists_takes_no_other_key),
		APP_TEST(a_field_can_be_suspended),
		APP_TEST(actions_have_names),
		APP_TEST(what_is_no_action_is_said),
		APP_TEST(a_long_message_is_whole),
		APP_TEST(nothing_said_reaches_the_terminal_raw),
		APP_TEST(any_size_will_do),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
