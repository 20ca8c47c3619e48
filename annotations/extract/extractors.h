/* extractors: which extractors work on a corpus, and asking the external ones (external.h) for an article, in slices.
 *
 * Each has a name: EXTRACTOR_NAME is the built-in one, which the caller runs itself; for any other the user's own
 * configuration (config.h) says which program it is.  Programs are started when they are chosen and kept running
 * until extractors_free(). */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_EXTRACTORS_H
#define ZHUPI_ANNOTATIONS_EXTRACT_EXTRACTORS_H

#include "annotations/config.h"
#include "annotations/extract/answers.h"
#include "annotations/extract/external.h"

struct extractors;

/* Borrows user.  watch: of each program, as in external.h; what its said() is given as ctx is then the program's
 * name, a struct str.  reports: who is told of programs that fail and of what is wrong in answers. */
struct extractors *extractors_new(const struct user_config *user, int64_t limit_ms, const struct process_watch *watch,
                                  const struct answer_reports *reports);
void extractors_free(struct extractors *x); /* NULL is fine */

/* From now on these; none: the built-in one alone.  False: one has no program (ERROR_MISSING with the file to say it
 * in), or that does not start. */
bool extractors_choose(struct extractors *x, const char *const *names, size_t n, struct error *err);
bool extractors_builtin(const struct extractors *x);  /* the built-in one is among them */
bool extractors_external(const struct extractors *x); /* others are */

/* Asks the external ones for an article, one after the other.  All but id and language is borrowed until it is
 * through; path is for messages; language "": by the script of the text.  `into` is added to.  extractors_step()
 * waits at most wait_ms; true when it is through, with *well false where one failed or answered badly (told), or
 * stop() said so. */
void extractors_begin(struct extractors *x, struct article *a, struct str id, struct str language, const char *path, const struct schema *schema,
                      struct answers *into);
bool extractors_step(struct extractors *x, int64_t wait_ms, bool *well);
void extractors_stop(struct extractors *x); /* gives up what was begun */

#endif
