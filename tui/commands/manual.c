/* manual: the man page and the README's table of commands; see manual.h. */
#include "tui/commands/manual.h"

#include "tui/commands/command.h"

/* ---- roff --------------------------------------------------------------------------------------------------- */

/* Text as text: no dash becomes a hyphen, no dot or quote at the start of a line a request. */
static void add_roff(struct buf *out, const char *text)
{
	bool start = out->n == 0 || out->p[out->n - 1] == '\n';
	for (; *text; text++) {
		if (start && (*text == '.' || *text == '\''))
			buf_adds(out, "\\&");
		if (*text == '\\')
			buf_adds(out, "\\e");
		else if (*text == '-')
			buf_adds(out, "\\-");
		else
			buf_addc(out, *text);
		start = *text == '\n';
	}
}

static void add_paragraphs(struct buf *out, const char *text)
{
	struct str all = str_of(text);
	for (size_t from = 0; from < all.n;) {
		size_t end = str_find(all, S("\n\n"), from);
		end = end == NOWHERE ? all.n : end;
		char *paragraph = str_dup(str_sub(all, from, end));
		if (from)
			buf_adds(out, ".IP\n");
		add_roff(out, paragraph);
		buf_addc(out, '\n');
		mem_free(paragraph);
		from = end + 2;
	}
}

static void add_options(struct buf *out, const struct option *list)
{
	for (; list && list->name; list++) {
		buf_adds(out, ".TP\n\\fB");
		add_roff(out, list->name);
		buf_adds(out, "\\fR");
		if (list->argument)
			buf_addf(out, " \\fI%s\\fR", list->argument);
		buf_addc(out, '\n');
		add_roff(out, list->help);
		if (list->values) {
			buf_adds(out, "\n(");
			add_roff(out, list->values);
			buf_addc(out, ')');
		}
		buf_addc(out, '\n');
	}
}

static void add_command(struct buf *out, const struct command *c)
{
	buf_addf(out, ".TP\n\\fBzhupi %s\\fR \\fI", c->name);
	add_roff(out, c->arguments);
	buf_adds(out, "\\fR\n");
	add_roff(out, c->summary);
	buf_adds(out, ".\n");
	if (c->description) {
		buf_adds(out, ".IP\n");
		add_paragraphs(out, c->description);
	}
	if (c->options) {
		buf_adds(out, ".RS\n");
		add_options(out, c->options);
		buf_adds(out, ".RE\n");
	}
}

static void add_head(struct buf *out)
{
	buf_adds(
	    out,
	    ".\\\" made by: zhupi help --man\n"
	    ".TH ZHUPI 1 \"\" \"zhupi " ZHUPI_VERSION "\"\n"
	    ".SH NAME\n"
	    "zhupi \\- review what was extracted from articles, and read them\n"
	    ".SH SYNOPSIS\n"
	    "\\fBzhupi\\fR [\\fB\\-\\-read\\fR] [\\fIPATH\\fR…]\n"
	    ".br\n"
	    "\\fBzhupi\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR…] [\\fIARGUMENT\\fR…]\n"
	    ".SH DESCRIPTION\n"
	    "Without a command: the browser.\n"
	    "A folder opens its library, a file its article; with \\fB\\-\\-read\\fR the keys that change anything are "
	    "dead.\n"
	    "Each article is shown with its proposed spans marked; one key judges a span and goes on to the next.\n"
	    "What was decided is in a YAML file beside the article; the article itself is never written.\n"
	    ".PP\n"
	    "Without a terminal on standard output the article is printed as \\fBzhupi show\\fR does.\n"
	    "A file that bears a command's name is \\fB./\\fINAME\\fR.\n"
	    ".SH COMMANDS\n");
}

static void add_tail(struct buf *out)
{
	buf_adds(out,
	         ".SH FILES\n"
	         ".TP\n\\fIzhupi.yaml\\fR\nat the root of a corpus: which files are articles, what may be said of "
	         "them; \\fBzhupi init\\fR writes a commented one\n"
	         ".TP\n\\fIreport.txt.yaml\\fR\nwhat is said of report.txt\n"
	         ".TP\n\\fI.zhupi/journal/\\fR\neach decision as it was made, so that nothing is lost and everything "
	         "can be undone; not for version control\n"
	         ".TP\n\\fI$XDG_CONFIG_HOME/zhupi/config.yaml\\fR\nyour name as annotator, keys, colours, extractors\n"
	         ".TP\n\\fI$XDG_STATE_HOME/zhupi/\\fR\nwhere you were in each article\n"
	         ".SH ENVIRONMENT\n"
	         "\\fBNO_COLOR\\fR, \\fBVISUAL\\fR, \\fBEDITOR\\fR, \\fBXDG_CONFIG_HOME\\fR, \\fBXDG_STATE_HOME\\fR, "
	         "\\fBTERM\\fR, \\fBLC_ALL\\fR.\n"
	         ".SH EXIT STATUS\n"
	         "0 done; 1 findings: differences, invalid spans, losses under \\-\\-strict, articles that failed; 2 "
	         "could not do it, or usage; "
	         "130 interrupted, with everything finished so far kept.\n"
	         "Errors read PATH:LINE:COLUMN: CODE: message.\n");
}

void manual_man(void)
{
	struct buf out = {0};
	char roff[] = "--roff";
	char *roff_argument[] = {roff};
	add_head(&out);
	for (size_t i = 0; commands[i]; i++)
		add_command(&out, commands[i]);
	buf_adds(&out, ".PP\nCommon to all:\n");
	add_options(&out, common_options);
	buf_adds(&out, ".SH KEYS\n");
	command_out_raw(buf_str(&out));
	buf_clear(&out);
	(void)command_main(&keys_command, 1, roff_argument);
	add_tail(&out);
	command_out_raw(buf_str(&out));
	buf_free(&out);
}

/* ---- Markdown ----------------------------------------------------------------------------------------------- */

void manual_markdown(void)
{
	struct buf out = {0};
	buf_adds(&out, "| command | does |\n| --- | --- |\n");
	for (size_t i = 0; commands[i]; i++)
		buf_addf(&out, "| `zhupi %s%s%s` | %s |\n", commands[i]->name, *commands[i]->arguments ? " " : "",
		         commands[i]->arguments, commands[i]->summary);
	command_out_raw(buf_str(&out));
	buf_free(&out);
}
