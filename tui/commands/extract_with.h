/* extract_with: which extractors `zhupi extract` asks, and asking them.
 *
 * Those that --with names, else those that the corpus names, else the built-in one.  Owns the programs it runs; each
 * is started once for all operands. */
#ifndef ZHUPI_TUI_COMMANDS_EXTRACT_WITH_H
#define ZHUPI_TUI_COMMANDS_EXTRACT_WITH_H

#include "annotations/extract/extractors.h"
#include "tui/commands/command.h"

struct extract_with {
	const struct command_line *line;
	struct user_config user;
	struct extractors *extractors;
};

bool extract_with_open(struct extract_with *w, const struct command_line *line, struct error *err);
void extract_with_close(struct extract_with *w);
/* corpus: the settings of the corpus at hand; NULL: there is none. */
bool extract_with_choose(struct extract_with *w, const struct corpus_config *corpus, struct error *err);
/* Asks all but the built-in one, as extractors_begin().  False: one failed or answered badly (told), or Ctrl-C came;
 * *out holds the rest. */
bool extract_with_ask(struct extract_with *w, struct article *a, struct str id, struct str language, const char *path, const struct schema *schema,
                      struct answers *out);

#endif
