/* external: another program as an extractor, kept running over a corpus.
 *
 * It reads one JSON object a line, {"id", "text", "language"}, and answers each with one line, see answers.h; the answer's id is the question's.
 * It must write out each line at once.  Its argument vector comes from the user's own configuration (config.h) and never passes through a shell; a
 * corpus can only name it.
 *
 * A program that ends is started again once and asked again; then the article is given up.  One that is late, says something else than an
 * answer or answers for another article is ended; the next article starts it anew.  It is killed and waited for at the end. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_EXTERNAL_H
#define ZHUPI_ANNOTATIONS_EXTRACT_EXTERNAL_H

#include "annotations/node.h"
#include "model/process.h"

struct external;

/* argv: a list of texts.  Copies name and argv; watch as in process.h.  Starts nothing yet. */
struct external *external_new(struct str name, const struct node *argv, int64_t limit_ms, const struct process_watch *watch);
void external_free(struct external *e); /* NULL is fine */
const char *external_name(const struct external *e);

/* Starts the program unless it is running, so that one which is missing is told before any article. */
bool external_start(struct external *e, struct error *err);
/* Asks for one article; path is for messages.  *answer: the caller frees it.  False: err says what went wrong; nothing is set when stop() said so. */
bool external_ask(struct external *e, struct str id, struct str text, struct str language, const char *path, struct node **answer,
                  struct error *err);

#endif
