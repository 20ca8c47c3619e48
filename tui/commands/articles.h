/* articles: what most commands do first: open the corpora that the operands name, and go through their articles one
 * after the other.
 *
 * An operand is a folder, an article, or an article's sidecar (report.txt.yaml stands for report.txt). */
#ifndef ZHUPI_TUI_COMMANDS_ARTICLES_H
#define ZHUPI_TUI_COMMANDS_ARTICLES_H

#include "annotations/formats/strmap.h"
#include "tui/commands/command.h"

/* Opens the corpus that path belongs to, for the annotator of the user's configuration, whose name goes to *annotator
 * (may be NULL; the caller frees it).  False: err says why. */
bool command_corpus(const char *path, struct corpus **out, char **annotator, struct error *err);

/* A session that may write: what a person would be asked about (see session_watch) is done and told on stderr. */
bool command_session(struct corpus *c, struct session **out, struct error *err);
/* What an operand means: of a sidecar's path its article's, where that is there; else the operand itself.  The caller
 * frees it. */
char *command_article_of(const char *operand);
/* Whether this file was met before, under any name; it is now.  A shell's `dir/a*` names an article and its sidecar. */
bool command_met(struct strmap *met, const char *path);

struct article_visitor {
	void *ctx;
	/* Called for each article; false: it failed (what was wrong has been told).  s is NULL unless `session`. */
	bool (*visit)(void *ctx, struct corpus *c, struct session *s, struct str file, const char *path);
	/* Before the articles of each operand; may be NULL. */
	bool (*corpus)(void *ctx, struct corpus *c, const char *operand);
	bool session;      /* open a session, read-only: decisions that are in a journal only are seen too */
	const char *doing; /* for the progress line; NULL: none */
};

/* Each article once, however often the operands name it.  A folder without any is told.  EXIT_DONE, EXIT_FINDINGS when a
 * visit was false, EXIT_FAILED when an operand could not be opened (told), EXIT_INTERRUPTED. */
int command_each_article(const struct command_line *l, const struct article_visitor *v);

/* That a folder has no articles, and what would be one: a warning, no error. */
void command_warn_empty(const struct corpus *c, const char *operand);

#endif
