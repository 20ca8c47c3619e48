/* completions: scripts for bash, zsh and fish from the table of commands; see manual.h. */
#include "tui/commands/manual.h"

#include "tui/commands/command.h"

#include <string.h>

/* In single quotes of a shell. */
static void add_quoted(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			buf_adds(out, "'\\''");
		else
			buf_addc(out, *text);
	}
}

static void add_option_names(struct buf *out, const struct option *list)
{
	for (; list && list->name; list++)
		buf_addf(out, "%s%s", out->n && out->p[out->n - 1] != '\'' ? " " : "", list->name);
}

static void add_command_names(struct buf *out)
{
	for (size_t i = 0; commands[i]; i++)
		buf_addf(out, "%s%s", i ? " " : "", commands[i]->name);
}

/* ---- bash --------------------------------------------------------------------------------------------------- */

static void add_bash_values(struct buf *out, const struct command *c)
{
	for (const struct option *o = c->options; o && o->name; o++)
		if (o->values)
			buf_addf(out, "\t%s:%s) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n", c->name,
			         o->name, o->values);
}

void manual_bash(void)
{
	struct buf out = {0};
	buf_adds(&out,
	         "# bash completion for zhupi; made by: zhupi help --bash\n"
	         "_zhupi() {\n"
	         "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}\n"
	         "\tCOMPREPLY=()\n"
	         "\tif [ \"$COMP_CWORD\" = 1 ]; then\n"
	         "\t\tCOMPREPLY=($(compgen -W '");
	add_command_names(&out);
	buf_adds(&out, " help --read --help --version' -- \"$word\") $(compgen -f -- \"$word\"))\n"
	               "\t\treturn\n"
	               "\tfi\n"
	               "\tcase $command:$before in\n");
	for (size_t i = 0; commands[i]; i++)
		add_bash_values(&out, commands[i]);
	buf_adds(&out, "\tesac\n\tcase $command:$word in\n");
	for (size_t i = 0; commands[i]; i++) {
		buf_addf(&out, "\t%s:-*) COMPREPLY=($(compgen -W '", commands[i]->name);
		add_option_names(&out, commands[i]->options);
		add_option_names(&out, common_options);
		buf_adds(&out, "' -- \"$word\")) ;;\n");
	}
	buf_adds(&out, "\thelp:*) COMPREPLY=($(compgen -W '");
	add_command_names(&out);
	buf_adds(&out, "' -- \"$word\")) ;;\n"
	               "\t*) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
	               "\tesac\n"
	               "}\n"
	               "complete -o filenames -F _zhupi zhupi\n");
	command_out_raw(buf_str(&out));
	buf_free(&out);
}

/* ---- zsh ---------------------------------------------------------------------------------------------------- */

/* _arguments takes brackets and colons as its own. */
static void add_zsh_text(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("[]:\\", *text))
			buf_addc(out, '\\');
		if (*text == '\'')
			buf_adds(out, "'\\''");
		else
			buf_addc(out, *text);
	}
}

static void add_zsh_options(struct buf *out, const struct option *list)
{
	for (; list && list->name; list++) {
		buf_addf(out, " \\\n\t\t\t'%s[", list->name);
		add_zsh_text(out, list->help);
		buf_addc(out, ']');
		if (list->argument)
			buf_addf(out, ":%s:%s%s%s", list->argument, list->values ? "(" : "",
			         list->values ? list->values : "_files", list->values ? ")" : "");
		buf_addc(out, '\'');
	}
}

void manual_zsh(void)
{
	struct buf out = {0};
	buf_adds(&out, "#compdef zhupi\n# zsh completion for zhupi; made by: zhupi help --zsh\n"
	               "_zhupi() {\n"
	               "\tlocal -a names=(\n");
	for (size_t i = 0; commands[i]; i++) {
		buf_addf(&out, "\t\t'%s:", commands[i]->name);
		add_zsh_text(&out, commands[i]->summary);
		buf_adds(&out, "'\n");
	}
	buf_adds(&out, "\t)\n"
	               "\tif (( CURRENT == 2 )); then\n"
	               "\t\t_describe command names\n"
	               "\t\t_files\n"
	               "\t\treturn\n"
	               "\tfi\n"
	               "\tlocal command=$words[2]\n"
	               "\tshift words\n"
	               "\t(( CURRENT-- ))\n"
	               "\tcase $command in\n");
	for (size_t i = 0; commands[i]; i++) {
		buf_addf(&out, "\t%s)\n\t\t_arguments", commands[i]->name);
		add_zsh_options(&out, commands[i]->options);
		add_zsh_options(&out, common_options);
		buf_adds(&out, " \\\n\t\t\t'*:file:_files' ;;\n");
	}
	buf_adds(&out, "\thelp) _describe command names ;;\n"
	               "\t*) _files ;;\n"
	               "\tesac\n"
	               "}\n"
	               "_zhupi \"$@\"\n");
	command_out_raw(buf_str(&out));
	buf_free(&out);
}

/* ---- fish --------------------------------------------------------------------------------------------------- */

static void add_fish_options(struct buf *out, const char *command, const struct option *list)
{
	for (; list && list->name; list++) {
		bool is_long = strncmp(list->name, "--", 2) == 0;
		buf_addf(out, "complete -c zhupi -n '__fish_seen_subcommand_from %s' %s %s -d '", command,
		         is_long ? "-l" : "-s", list->name + (is_long ? 2 : 1));
		add_quoted(out, list->help);
		buf_addc(out, '\'');
		if (list->values)
			buf_addf(out, " -x -a '%s'", list->values);
		else if (list->argument)
			buf_adds(out, " -r");
		buf_addc(out, '\n');
	}
}

void manual_fish(void)
{
	struct buf out = {0};
	buf_adds(&out, "# fish completion for zhupi; made by: zhupi help --fish\n");
	for (size_t i = 0; commands[i]; i++) {
		buf_addf(&out, "complete -c zhupi -n __fish_use_subcommand -a %s -d '", commands[i]->name);
		add_quoted(&out, commands[i]->summary);
		buf_adds(&out, "'\n");
		add_fish_options(&out, commands[i]->name, commands[i]->options);
		add_fish_options(&out, commands[i]->name, common_options);
	}
	buf_adds(&out, "complete -c zhupi -n '__fish_seen_subcommand_from help' -x -a '");
	add_command_names(&out);
	buf_adds(&out, "'\n");
	command_out_raw(buf_str(&out));
	buf_free(&out);
}
