/* command: the batch commands of zhupi, one table, one file each.
 *
 * The table gives names, arguments, options and one-line summaries; the parser, `--help`, man page, completions and
 * README come from it.  Answers go to stdout, progress, warnings and errors to stderr, both sanitised on the way
 * (command_out, command_warn).  Exit: 0 done; 1 findings; 2 could not, or usage; 130 interrupted with everything
 * finished so far kept. */
#ifndef ZHUPI_TUI_COMMANDS_COMMAND_H
#define ZHUPI_TUI_COMMANDS_COMMAND_H

#include "annotations/session.h"

enum { EXIT_DONE = 0, EXIT_FINDINGS = 1, EXIT_FAILED = 2, EXIT_INTERRUPTED = 130 };

struct option {
	const char *name;     /* "--width" */
	const char *argument; /* "N", or NULL for a switch */
	const char *values;   /* "auto always never" for completion and checking, or NULL */
	const char *help;
};

/* Parsed: options and operands. */
struct command_line;
/* Its argument, "" for a switch that is set, NULL when not set. */
const char *command_option(const struct command_line *l, const char *name);
/* The i-th of an option that may be given several times, NULL beyond the last. */
const char *command_option_nth(const struct command_line *l, const char *name, size_t i);
size_t command_operands(const struct command_line *l);
const char *command_operand(const struct command_line *l, size_t i);

struct command {
	const char *name;
	const char *arguments;        /* "ARTICLE…" */
	const char *summary;          /* one line */
	const char *description;      /* for --help and the man page, paragraphs divided by empty lines; may be NULL */
	const struct option *options; /* ends with a NULL name; --help and --json are common to all; may be NULL */
	size_t least, most;           /* operands; most SIZE_MAX: any number */
	int (*run)(const struct command_line *l);
};

extern const struct command *const commands[]; /* in the order of the manual; ends with NULL */
extern const struct option common_options[];   /* --json, --help; ends with a NULL name */
extern const struct command init_command, show_command, extract_command, import_command, export_command,
    formats_command, check_command, stats_command, score_command, log_command, keys_command;
/* Found by its name, not listed: `zhupi help COMMAND`, and what `make` generates. */
extern const struct command help_command;

const struct command *command_find(const char *name);             /* NULL: there is none */
int command_main(const struct command *c, int argc, char **argv); /* argv after the name */
void command_overview(void);                                      /* what `zhupi --help` prints */
void command_help(const struct command *c);                       /* what `zhupi NAME --help` prints */

/* ---- output -------------------------------------------------------------------------------------------------
 * Text is sanitised; to a file or pipe it goes exactly as to a terminal, without colours. */

bool command_json(const struct command_line *l); /* --json */
void command_out(const char *format, ...) PRINTF_LIKE(1, 2);
void command_out_raw(struct str bytes);                       /* already sanitised or JSON */
void command_out_node(struct node *n);                        /* one JSON object and a newline; takes n over */
void command_warn(const char *format, ...) PRINTF_LIKE(1, 2); /* a line on stderr */
/* PATH:LINE:COL: CODE: message on stderr, or a JSON object; clears e.  l may be NULL. */
void command_error(const struct command_line *l, struct error *e);
void command_error_line(struct buf *out, const struct error *e, bool json); /* the same as text, with its newline */
/* A full disk is an error, told once; a closed pipe ends the program as it ends any filter. */
bool command_flush(struct error *err);
bool command_interrupted(void); /* Ctrl-C came */
/* Progress on stderr when that is a terminal: rate and time left.  doing NULL, or done == total: the line is taken
 * away. */
void command_progress(const char *doing, uint64_t done, uint64_t total);

#endif
