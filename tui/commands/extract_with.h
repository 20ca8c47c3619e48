/* extract_with: which extractors `zhupi extract` asks, and asking them.
 *
 * Those that --with names, else the one that the corpus names, else the built-in one.  A name stands for a command in the user's own config.yaml
 * alone.  Owns the programs it runs; each is started once for all operands. */
#ifndef ZHUPI_TUI_COMMANDS_EXTRACT_WITH_H
#define ZHUPI_TUI_COMMANDS_EXTRACT_WITH_H

#include "annotations/extract/answers.h"
#include "annotations/extract/external.h"
#include "tui/commands/command.h"

struct extract_with {
	const struct command_line *line;
	struct user_config user;
	struct external **all; /* started so far */
	size_t n_all;
	struct external **use; /* for the corpus at hand, in the order of asking; borrowed from `all` */
	size_t n_use;
	bool builtin; /* the built-in one too */
	int64_t limit_ms;
};

bool extract_with_open(struct extract_with *w, const struct command_line *line, struct error *err);
void extract_with_close(struct extract_with *w);
/* corpus: what its zhupi.yaml says of an extractor, "" for nothing. */
bool extract_with_choose(struct extract_with *w, const char *corpus, struct error *err);
/* Asks all but the built-in one.  language "": by the script of the text.  False: one failed or answered badly (told), or Ctrl-C came; *out holds the
 * rest. */
bool extract_with_ask(struct extract_with *w, struct article *a, struct str id, struct str language, const char *path, const struct schema *schema,
                      struct answers *out);

#endif
