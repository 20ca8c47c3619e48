/* The table of commands says all that help, man page and completions are made of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "annotations/formats/format.h"
#include "tui/commands/command.h"

static void check_option(const struct option *o)
{
	assert_true(o->name[0] == '-' && o->name[1]);
	assert_true(strlen(o->help) > 3);
	assert_true(!o->values || o->argument);
}

static void every_command_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; commands[i]; i++) {
		const struct command *c = commands[i];
		assert_true(strlen(c->name) > 1);
		assert_true(strlen(c->summary) > 10);
		assert_null(strchr(c->summary, '\n'));
		assert_non_null(c->arguments);
		assert_non_null(c->run);
		assert_true(c->least <= c->most);
		assert_ptr_equal(command_find(c->name), c);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(commands[k]->name, c->name);
		for (const struct option *o = c->options; o && o->name; o++)
			check_option(o);
	}
	for (const struct option *o = common_options; o->name; o++)
		check_option(o);
	assert_null(command_find("nothing"));
	assert_ptr_equal(command_find("help"), &help_command);
}

/* The values of --from and --to are those of the table of formats. */
static void formats_are_offered(void **state)
{
	(void)state;
	struct buf in = {0}, out = {0};
	for (size_t i = 0; formats[i]; i++) {
		if (formats[i]->import)
			buf_addf(&in, "%s%s", in.n ? " " : "", formats[i]->name);
		if (formats[i]->export)
			buf_addf(&out, "%s%s", out.n ? " " : "", formats[i]->name);
		assert_ptr_equal(format_find(formats[i]->name), formats[i]);
	}
	assert_string_equal(import_command.options[0].values, in.p);
	assert_string_equal(export_command.options[0].values, out.p);
	buf_free(&in);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_command_is_whole),
	                                   cmocka_unit_test(formats_are_offered)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
