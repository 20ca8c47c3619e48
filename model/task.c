/* task.c: see task.h. */
#include "model/task.h"

#include <poll.h>

#include "model/io.h"

#define SLICE_MS 50 /* between two looks at what the user wants */

bool task_step(struct task *t, int64_t until_ms)
{
	if (!t->finished)
		t->finished = t->step(t, until_ms);
	return t->finished;
}

void task_cancel(struct task *t)
{
	t->cancelled = true;
}

bool task_run(struct task *t, void (*tick)(void *ctx, struct task *t), void *ctx)
{
	while (!task_step(t, io_now_ms() + SLICE_MS)) {
		if (tick)
			tick(ctx, t);
		if (t->fd < 0 || t->cancelled)
			continue;
		struct pollfd one = {.fd = t->fd, .events = POLLIN};
		(void)poll(&one, 1, SLICE_MS);
	}
	if (tick)
		tick(ctx, t);
	return t->error.code == ERROR_NONE;
}

void task_close(struct task *t)
{
	if (t->step && !t->finished) {
		t->cancelled = true;
		while (!task_step(t, 0))
			;
	}
	if (t->close)
		t->close(t);
	error_clear(&t->error);
	*t = (struct task){.fd = -1};
}
