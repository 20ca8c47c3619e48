/* help: the overview, a command's help, and what is generated for the installation. */
#include "tui/commands/command.h"
#include "tui/commands/manual.h"

static const struct option options[] = {
    {"--man", NULL, NULL, "the man page, for zhupi.1"},
    {"--markdown", NULL, NULL, "the commands as a table, for the README"},
    {"--bash", NULL, NULL, "completion for bash"},
    {"--zsh", NULL, NULL, "completion for zsh"},
    {"--fish", NULL, NULL, "completion for fish"},
    {NULL, NULL, NULL, NULL},
};

static const struct {
	const char *option;
	void (*print)(void);
} documents[] = {
    {"--man", manual_man}, {"--markdown", manual_markdown}, {"--bash", manual_bash},
    {"--zsh", manual_zsh}, {"--fish", manual_fish},
};

static int run(const struct command_line *l)
{
	struct error err = {0};
	const char *name = command_operand(l, 0);
	const struct command *c = name ? command_find(name) : NULL;
	for (size_t i = 0; i < COUNT_OF(documents); i++) {
		if (command_option(l, documents[i].option)) {
			documents[i].print();
			return EXIT_DONE;
		}
	}
	if (c) {
		command_help(c);
		return EXIT_DONE;
	}
	if (!name) {
		command_overview();
		return EXIT_DONE;
	}
	error_set(&err, ERROR_USAGE, NULL, "%s is no command; zhupi --help lists them", name);
	command_error(l, &err);
	return EXIT_FAILED;
}

const struct command help_command = {
    .name = "help",
    .arguments = "[COMMAND]",
    .summary = "what zhupi --help and zhupi COMMAND --help print",
    .options = options,
    .most = 1,
    .run = run,
};
