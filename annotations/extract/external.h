/* external: another program as an extractor, kept running over a corpus.
 *
 * It reads one JSON object a line, {"id", "text", "language"}, and answers each with one line, see answers.h; the
 * answer's id is the question's.  It must write out each line at once.  Its argument vector comes from the user's
 * own configuration (config.h) and never passes through a shell; a corpus can only name it.
 *
 * A program that ends is started again once and asked again; then the article is given up.  One that is late, says
 * something else than an answer or answers for another article is ended; the next article starts it anew.  It is
 * killed and waited for at the end. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_EXTERNAL_H
#define ZHUPI_ANNOTATIONS_EXTRACT_EXTERNAL_H

#include "annotations/node.h"
#include "model/process.h"

#define EXTERNAL_LIMIT_MS 60000 /* for an answer, where nobody says another time */

struct external;

/* argv: a list of texts.  Copies name and argv; watch as in process.h; where it does not hear what the program says
 * on stderr, the last line of that is part of the message when the program ends.  Starts nothing yet. */
struct external *external_new(struct str name, const struct node *argv, int64_t limit_ms, const struct process_watch *watch);
void external_free(struct external *e); /* NULL is fine */
const char *external_name(const struct external *e);

/* Starts the program unless it is running, so that one which is missing is told before any article. */
bool external_start(struct external *e, struct error *err);

/* Asks for one article, in slices: copies what it is given; then external_step() waits at most wait_ms (and somewhat
 * longer where the program has to be started again), path being for messages.  True when it is through: *answer is
 * the caller's to free, or NULL, and err says what went wrong; nothing is set when stop() said so. */
void external_begin(struct external *e, struct str id, struct str text, struct str language);
bool external_step(struct external *e, int64_t wait_ms, const char *path, struct node **answer, struct error *err);
/* Gives up what was begun, if anything: the program, which may be in the middle of it, is ended at once. */
void external_stop(struct external *e);

#endif
