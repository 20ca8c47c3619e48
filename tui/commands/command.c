/* command: the table, the parser and --help, see command.h. */
#include "tui/commands/command.h"

#include <string.h>

#include "model/segment.h"
#include "tui/commands/near.h"
#include "tui/commands/output.h"

#define HELP_WIDTH 90

const struct command *const commands[] = {
    &init_command,  &show_command,  &extract_command, &import_command, &export_command, &formats_command,
    &check_command, &stats_command, &score_command,   &log_command,    &keys_command,   NULL,
};

const struct option common_options[] = {
    {"--json", NULL, NULL, "one JSON object a line, errors too"},
    {"--help", NULL, NULL, "this text"},
    {NULL, NULL, NULL, NULL},
};

const struct command *command_find(const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return strcmp(name, help_command.name) == 0 ? &help_command : NULL;
}

/* ---- the command line --------------------------------------------------------------------------------------- */

struct set_option {
	const struct option *option;
	const char *value;
};

struct command_line {
	const struct command *command;
	struct set_option *options;
	const char **operands;
	size_t n_options, n_operands;
};

const char *command_option(const struct command_line *l, const char *name)
{
	for (size_t i = l->n_options; i-- > 0;) /* the last one counts */
		if (strcmp(l->options[i].option->name, name) == 0)
			return l->options[i].value;
	return NULL;
}

const char *command_option_nth(const struct command_line *l, const char *name, size_t i)
{
	for (size_t k = 0; k < l->n_options; k++)
		if (strcmp(l->options[k].option->name, name) == 0 && i-- == 0)
			return l->options[k].value;
	return NULL;
}

bool command_json(const struct command_line *l)
{
	return command_option(l, "--json") != NULL;
}

size_t command_operands(const struct command_line *l)
{
	return l->n_operands;
}

const char *command_operand(const struct command_line *l, size_t i)
{
	return i < l->n_operands ? l->operands[i] : NULL;
}

static const struct option *find_in(const struct option *list, struct str name)
{
	for (; list && list->name; list++)
		if (str_eq(str_of(list->name), name))
			return list;
	return NULL;
}

static const struct option *find_option(const struct command *c, struct str name)
{
	const struct option *o = find_in(c->options, name);
	return o ? o : find_in(common_options, name);
}

static bool is_one_of(struct str word, struct str words)
{
	for (size_t at = 0; at < words.n;) {
		size_t blank = str_byte(words, ' ', at);
		blank = blank == NOWHERE ? words.n : blank;
		if (str_eq(str_sub(words, at, blank), word))
			return true;
		at = blank + 1;
	}
	return false;
}

/* An argument called LIST is several of the values with commas between. */
static bool value_allowed(const struct option *o, struct str value)
{
	if (!o->values)
		return true;
	if (strcmp(o->argument, "LIST") != 0)
		return is_one_of(value, str_of(o->values));
	for (;;) {
		size_t comma = str_byte(value, ',', 0);
		if (!is_one_of(str_sub(value, 0, comma == NOWHERE ? value.n : comma), str_of(o->values)))
			return false;
		if (comma == NOWHERE)
			return true;
		value = str_sub(value, comma + 1, value.n);
	}
}

static bool usage_error(struct error *err, const struct command *c, const char *format, ...) PRINTF_LIKE(3, 4);
static bool usage_error(struct error *err, const struct command *c, const char *format, ...)
{
	struct buf text = {0};
	va_list args;
	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	error_set(err, ERROR_USAGE, NULL, "%s; zhupi %s --help tells more", text.p, c->name);
	buf_free(&text);
	return false;
}

static bool unknown_option(const struct command *c, const char *word, struct error *err)
{
	const struct option *const lists[] = {c->options, common_options};
	for (size_t i = 0; i < COUNT_OF(lists); i++)
		for (const struct option *o = lists[i]; o && o->name; o++)
			if (near_is_meant(str_of(word), str_of(o->name)))
				return usage_error(err, c, "%s is no option of %s, but %s is", word, c->name, o->name);
	return usage_error(err, c, "%s is no option of %s", word, c->name);
}

/* One argument that begins with a dash; *i moves on when the next one is its value. */
static bool parse_option(struct command_line *l, int argc, char **argv, int *i, struct error *err)
{
	const struct command *c = l->command;
	struct str word = str_of(argv[*i]);
	size_t sign = str_starts(word, S("--")) ? str_byte(word, '=', 0) : NOWHERE;
	const struct option *o = find_option(c, str_sub(word, 0, sign == NOWHERE ? word.n : sign));
	if (!o)
		return unknown_option(c, argv[*i], err);
	const char *value = "";
	if (!o->argument && sign != NOWHERE)
		return usage_error(err, c, "%s takes no value", o->name);
	if (o->argument) {
		if (sign == NOWHERE && *i + 1 >= argc)
			return usage_error(err, c, "%s needs a value: %s %s", o->name, o->name, o->argument);
		value = sign != NOWHERE ? argv[*i] + sign + 1 : argv[++*i];
		if (!value_allowed(o, str_of(value)))
			return usage_error(err, c, "%s cannot be `%s`; choose from: %s", o->name, value, o->values);
	}
	l->options[l->n_options++] = (struct set_option){o, value};
	return true;
}

static bool parse_all(struct command_line *l, int argc, char **argv, struct error *err)
{
	bool only_operands = false;
	for (int i = 0; i < argc; i++) {
		if (!only_operands && strcmp(argv[i], "--") == 0)
			only_operands = true;
		else if (only_operands || argv[i][0] != '-' || argv[i][1] == '\0')
			l->operands[l->n_operands++] = argv[i];
		else if (!parse_option(l, argc, argv, &i, err))
			return false;
	}
	return true;
}

static bool count_operands(const struct command_line *l, struct error *err)
{
	const struct command *c = l->command;
	if (l->n_operands < c->least)
		return usage_error(err, c, "%s wanted: zhupi %s %s", l->n_operands ? "more is" : "an argument is",
		                   c->name, c->arguments);
	if (l->n_operands > c->most)
		return usage_error(err, c, "`%s` is one argument too many", l->operands[c->most]);
	return true;
}

static int run(const struct command_line *l)
{
	struct error err = {0};
	int status = l->command->run(l);
	if (!command_flush(&err)) {
		if (err.code != ERROR_NONE)
			command_error(l, &err);
		return EXIT_FAILED;
	}
	return command_interrupted() ? EXIT_INTERRUPTED : status;
}

int command_main(const struct command *c, int argc, char **argv)
{
	size_t most = argc > 0 ? (size_t)argc : 0;
	struct command_line l = {
	    .command = c,
	    .options = mem_array(most + 1, sizeof *l.options),
	    .operands = mem_array(most + 1, sizeof *l.operands),
	};
	struct error err = {0};
	int status = EXIT_FAILED;
	output_start();
	bool fine = parse_all(&l, argc, argv, &err);
	if (command_option(&l, "--help")) {
		error_clear(&err);
		command_help(c);
		status = command_flush(&err) ? EXIT_DONE : EXIT_FAILED;
	} else if (fine && count_operands(&l, &err)) {
		status = run(&l);
	}
	if (err.code != ERROR_NONE)
		command_error(&l, &err);
	mem_free(l.options);
	mem_free(l.operands);
	return status;
}

/* ---- --help ------------------------------------------------------------------------------------------------- */

/* Appends a paragraph, its rows at most HELP_WIDTH wide, all but the first indented; breaks at blanks alone. */
static void add_wrapped(struct buf *out, struct str text, unsigned column, unsigned indent)
{
	for (size_t from = 0; from < text.n;) {
		size_t end = str_byte(text, ' ', from);
		end = end == NOWHERE ? text.n : end;
		struct str word = str_sub(text, from, end);
		unsigned width = text_width(word, 1);
		if (column > indent && column + 1 + width > HELP_WIDTH) {
			buf_addf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			buf_addc(out, ' ');
			column++;
		}
		buf_add(out, word);
		column += width;
		from = end + 1;
	}
	buf_addc(out, '\n');
}

static void add_paragraphs(struct buf *out, const char *text)
{
	struct str all = str_of(text);
	for (size_t from = 0; from < all.n;) {
		size_t end = str_find(all, S("\n\n"), from);
		end = end == NOWHERE ? all.n : end;
		buf_addc(out, '\n');
		add_wrapped(out, str_sub(all, from, end), 0, 0);
		from = end + 2;
	}
}

static void add_options(struct buf *out, const struct option *list)
{
	for (; list && list->name; list++) {
		struct buf left = {0};
		buf_addf(&left, "  %s%s%s", list->name, list->argument ? " " : "",
		         list->argument ? list->argument : "");
		unsigned width = text_width(buf_str(&left), 1);
		buf_add(out, buf_str(&left));
		buf_addf(out, "%*s", width < 22 ? (int)(22 - width) : 1, "");
		add_wrapped(out, str_of(list->help), width < 22 ? 22 : width + 1, 22);
		buf_free(&left);
	}
}

void command_help(const struct command *c)
{
	struct buf out = {0};
	buf_addf(&out, "usage: zhupi %s [OPTION…]%s%s\n\n", c->name, *c->arguments ? " " : "", c->arguments);
	add_wrapped(&out, str_of(c->summary), 0, 0);
	if (c->description)
		add_paragraphs(&out, c->description);
	buf_adds(&out, "\noptions\n");
	add_options(&out, c->options);
	add_options(&out, common_options);
	buf_adds(&out,
	         "\nexit status: 0 done; 1 findings; 2 could not do it; 130 interrupted, what was finished is kept\n");
	command_out_raw(buf_str(&out));
	buf_free(&out);
}

void command_overview(void)
{
	struct buf out = {0};
	buf_adds(
	    &out,
	    "usage: zhupi [--read] [PATH…]\n"
	    "       zhupi COMMAND [OPTION…] [ARGUMENT…]\n\n"
	    "Without a command: the browser.  A folder opens its library, a file its article; with --read the keys\n"
	    "that change anything are dead.  A file that bears a command's name is ./NAME.\n\n"
	    "commands\n");
	for (size_t i = 0; commands[i]; i++) {
		struct buf left = {0};
		buf_addf(&left, "  %s %s", commands[i]->name, commands[i]->arguments);
		unsigned width = text_width(buf_str(&left), 1);
		buf_add(&out, buf_str(&left));
		buf_addf(&out, "%*s", width < 42 ? (int)(42 - width) : 1, "");
		add_wrapped(&out, str_of(commands[i]->summary), width < 42 ? 42 : width + 1, 42);
		buf_free(&left);
	}
	buf_adds(&out, "\nzhupi COMMAND --help tells more; the keys of the browser: zhupi keys\n");
	command_out_raw(buf_str(&out));
	buf_free(&out);
}
