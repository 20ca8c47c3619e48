/* task: work longer than a frame, in slices between keys; a batch command runs the same task to its end.
 *
 * Whoever makes a task fills in step, close and ctx; whoever runs it calls task_step() with the time it has, waits for `fd` when the task waits
 * for one, shows done of total, and calls task_close().  A task owns its ctx. */
#ifndef ZHUPI_MODEL_TASK_H
#define ZHUPI_MODEL_TASK_H

#include "model/base.h"

struct task {
	/* Works until io_now_ms() passes until_ms, at least a little; true when nothing is left, also after a failure (then *error is set).
	 * With `cancelled` set it only tidies up and returns true: what was finished stays. */
	bool (*step)(struct task *t, int64_t until_ms);
	void (*close)(struct task *t); /* frees ctx; may be NULL */
	void *ctx;
	int fd;               /* readable when there is something to do; -1: there always is */
	uint64_t done, total; /* in whatever the task counts; total 0: not known */
	bool cancelled, finished;
	struct error error;
};

bool task_step(struct task *t, int64_t until_ms); /* true when finished; harmless afterwards */
void task_cancel(struct task *t);
/* Runs to the end in slices; between them calls tick (may be NULL), which may cancel.  False when *t->error was set. */
bool task_run(struct task *t, void (*tick)(void *ctx, struct task *t), void *ctx);
void task_close(struct task *t); /* cancels what is not finished; frees ctx and error, {0} afterwards */

#endif
