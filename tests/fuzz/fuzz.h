/* fuzz: what the targets share.  A target takes any bytes, gives them to one part of the program as that part would meet
 * them, and asserts what must hold whatever they are: no crash, no leak (the sanitizers see to these), what was read and
 * written is read back the same, offsets lie within the text.
 *
 * All targets are in one program.  Under libFuzzer (main.c, sanitized) FUZZ=NAME picks one; replay.c runs files through
 * one without libFuzzer, so that what was ever found is run by the plain build too. */
#ifndef ZHUPI_TESTS_FUZZ_H
#define ZHUPI_TESTS_FUZZ_H

#include "annotations/node.h"
#include "model/base.h"

typedef void fuzz_target(struct str input);

#define FUZZ_TARGET(name, max, runs) fuzz_target fuzz_##name;
#include "tests/fuzz/targets.h"
#undef FUZZ_TARGET

struct fuzz_named {
	const char *name;
	fuzz_target *run;
	size_t max, runs;
};
const struct fuzz_named *fuzz_by_name(const char *name); /* NULL: there is none */

/* Says what did not hold and aborts. */
#define HOLDS(condition) ((condition) ? (void)0 : fuzz_failed(#condition, __FILE__, __LINE__))
/* The same of what can fail, with the reason. */
#define SUCCEEDS(call, err) ((call) ? (void)0 : fuzz_failed((err)->message, __FILE__, __LINE__))
_Noreturn void fuzz_failed(const char *what, const char *file, int line);

/* Cuts off the front of *rest up to a line `%%`, which goes too; all of it where there is none. */
struct str fuzz_part(struct str *rest);
unsigned fuzz_byte(struct str *rest); /* cuts off the first byte; 0 where there is none */

/* An error is whole: a code, a message, and nothing in the message that must not be seen where `shown`. */
void fuzz_error(struct error *err); /* clears it */

/* ---- files ------------------------------------------------------------------------------------------------------
 * A folder of this process, in memory where the system has such a place, removed at the end.  It is the current one. */
void fuzz_folder(void);
void fuzz_put(const char *name, struct str bytes);
void fuzz_get(const char *name, struct buf *out); /* nothing when it is not there */
void fuzz_empty(void);                            /* removes all that is in it */

/* The text that sidecars, journals and imports are about, and its sidecar's head; offsets in code points:
 * 0 开 … 5 开封市委书记 11 高建军; the second line starts at 23. */
#define FUZZ_ARTICLE "三月十二日开封市委书记高建军强调,要筑牢防线。\n卢志军主持会议,高建军出席。\n杨克俊、付磊参加。\n"

#endif
