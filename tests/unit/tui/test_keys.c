/* The key table: sound by itself, remapped by the user, heard through an input method. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tui/keys.h"

static void no_two_actions_share_a_name(void **state)
{
	(void)state;
	for (enum action a = ACTION_NONE + 1; a < ACTIONS; a++) {
		assert_int_equal(action_of_name(str_of(action_name(a))), a);
		assert_true(*action_help(a));
	}
	assert_int_equal(action_of_name(S("no-such")), ACTION_NONE);
	assert_int_equal(action_of_name(S("")), ACTION_NONE);
}

static void the_table_has_every_action_once(void **state)
{
	(void)state;
	const struct key_row *rows;
	assert_int_equal(key_rows(&rows), ACTIONS - 1);
	for (size_t i = 0; i + 1 < ACTIONS; i++) {
		assert_int_equal(rows[i].action, i + 1);
		assert_int_equal(rows[i].context, action_context(rows[i].action));
		assert_true(*rows[i].group);
	}
}

static void the_defaults_do_not_clash(void **state)
{
	(void)state;
	struct keymap *k = NULL;
	struct error err = {0};
	assert_true(keymap_new(NULL, &k, &err));
	assert_int_equal(keymap_action(k, IN_ARTICLE, 'y', NULL), ACT_ACCEPT);
	assert_int_equal(keymap_action(k, IN_LIBRARY, 'y', NULL), LIB_REVIEW);
	assert_int_equal(keymap_action(k, IN_SELECT, 'u', NULL), ACT_UNDO);
	assert_int_equal(keymap_action(k, IN_SELECT, 'y', NULL), ACTION_NONE);
	assert_int_equal(keymap_action(k, IN_ARTICLE, KEY_ENTER_, NULL), ACT_EDIT);
	struct buf keys = {0};
	keymap_keys(k, ACT_NEXT, &keys);
	assert_string_equal(keys.p, "j <Down>");
	buf_free(&keys);
	keymap_free(k);
}

static void enter_is_never_a_verdict(void **state)
{
	(void)state;
	struct keymap *k = NULL;
	struct error err = {0};
	assert_true(keymap_new(NULL, &k, &err));
	for (enum key_context c = 0; c < KEY_CONTEXTS; c++) {
		enum action a = keymap_action(k, c, KEY_ENTER_, NULL);
		assert_true(a != ACT_ACCEPT && a != ACT_REJECT && a != PANE_ACCEPT && a != PANE_REJECT &&
		            a != END_ACCEPT);
	}
	keymap_free(k);
}

static void chinese_marks_act_as_their_keys(void **state)
{
	(void)state;
	struct keymap *k = NULL;
	struct error err = {0};
	assert_true(keymap_new(NULL, &k, &err));
	static const struct {
		uint32_t key;
		enum action action;
	} pairs[] = {
		{0xFF1F, ACT_HELP},        {0xFF01, ACT_FLAG},      {0xFF0C, ACT_START_LEFT},
		{0x3002, ACT_START_RIGHT}, {0xFF1B, ACT_NEXT_UNDECIDED}, {0xFF1A, ACT_COMMAND},
		{0x3010, ACT_END_LEFT},    {0x3011, ACT_END_RIGHT}, {0x300C, ACT_END_LEFT},
		{0x300D, ACT_END_RIGHT},   {0x300A, ACT_START_WORD_LEFT}, {0x300B, ACT_START_WORD_RIGHT},
		{0x2019, ACT_PREVIOUS_UNDECIDED}, {0x3001, ACT_SEARCH}, {0xFF59, ACT_ACCEPT},
		{0xFF11, ACT_LABEL_1},     {0x3000, ACT_PAGE_DOWN},
	};
	for (size_t i = 0; i < COUNT_OF(pairs); i++)
		assert_int_equal(keymap_action(k, IN_ARTICLE, pairs[i].key, NULL), pairs[i].action);
	bool han = false;
	assert_int_equal(keymap_action(k, IN_ARTICLE, 0x9AD8, &han), ACTION_NONE);
	assert_true(han);
	keymap_action(k, IN_ARTICLE, 'y', &han);
	assert_false(han);
	keymap_free(k);
}

static void names_of_keys_go_both_ways(void **state)
{
	(void)state;
	static const char *const names[] = {"y",      "<",     "<Space>", "<Enter>", "<C-r>",
	                                    "<PgDn>", "<F12>", "<S-Tab>", "高"};
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct buf out = {0};
		uint32_t key = key_of_name(str_of(names[i]));
		assert_int_not_equal(key, 0);
		key_name(&out, key);
		assert_string_equal(out.p, names[i]);
		buf_free(&out);
	}
	assert_int_equal(key_of_name(S("<C-m>")), KEY_ENTER_);
	static const char *const wrong[] = {"", "ab", "<Nope>", "<C-R>", "<F0>", "<F13>", "<F>", "\033", " "};
	for (size_t i = 0; i < COUNT_OF(wrong); i++)
		assert_int_equal(key_of_name(str_of(wrong[i])), 0);
}

static struct user_config config_of(struct key_setting *list, size_t n)
{
	static char path[] = "config.yaml";
	for (size_t i = 0; i < n; i++) {
		list[i].line = 3 + i;
		list[i].column = 9;
	}
	return (struct user_config){.path = path, .keys = list, .n_keys = n};
}

static void the_user_remaps(void **state)
{
	(void)state;
	static char accept[] = "accept", a_keys[] = "t <F5>", toggles[] = "toggles", t_keys[] = "y";
	struct key_setting list[] = {{.action = accept, .keys = a_keys}, {.action = toggles, .keys = t_keys}};
	struct user_config config = config_of(list, 2);
	struct keymap *k = NULL;
	struct error err = {0};
	assert_true(keymap_new(&config, &k, &err));
	assert_int_equal(keymap_action(k, IN_ARTICLE, 't', NULL), ACT_ACCEPT);
	assert_int_equal(keymap_action(k, IN_ARTICLE, KEY_F1_ + 4, NULL), ACT_ACCEPT);
	assert_int_equal(keymap_action(k, IN_ARTICLE, 'y', NULL), ACT_TOGGLES);
	keymap_free(k);
}

static void expect_refused(char *action, char *keys, const char *says)
{
	struct key_setting list[] = {{.action = action, .keys = keys}};
	struct user_config config = config_of(list, 1);
	struct keymap *k = NULL;
	struct error err = {0};
	assert_false(keymap_new(&config, &k, &err));
	assert_null(k);
	assert_string_equal(err.path, "config.yaml");
	assert_int_equal(err.line, 3);
	assert_int_equal(err.column, 9);
	assert_non_null(strstr(err.message, says));
	error_clear(&err);
}

static void what_makes_no_sense_is_refused_with_its_place(void **state)
{
	(void)state;
	static char accept[] = "accept", x[] = "x", u[] = "u", bad[] = "y <Nope>", nothing[] = "acept", undo[] = "undo",
	            q[] = "q";
	expect_refused(accept, x, "reject");     /* in the same context */
	expect_refused(accept, u, "undo");       /* everywhere */
	expect_refused(undo, q, "give");         /* an everywhere key over those of contexts */
	expect_refused(accept, bad, "<Nope>");
	expect_refused(nothing, x, "acept");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_two_actions_share_a_name),
		cmocka_unit_test(the_table_has_every_action_once),
		cmocka_unit_test(the_defaults_do_not_clash),
		cmocka_unit_test(enter_is_never_a_verdict),
		cmocka_unit_test(chinese_marks_act_as_their_keys),
		cmocka_unit_test(names_of_keys_go_both_ways),
		cmocka_unit_test(the_user_remaps),
		cmocka_unit_test(what_makes_no_sense_is_refused_with_its_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
