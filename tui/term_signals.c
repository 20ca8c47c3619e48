/* term_signals.c: see term_signals.h. */
#include "tui/term_signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

enum { STUCK_S = 2, SIGNAL_STACK = 1 << 16 };

static struct {
	bool set;
	int wake[2]; /* a pipe: what is written into [1] wakes who polls [0] */
	volatile sig_atomic_t ended, resized, stopped, continued;
	struct sigaction before[NSIG];
	void (*fatal)(void), (*stuck)(void);
} signals = {.wake = {-1, -1}};

/* ---- handlers ----------------------------------------------------------------------------------------------- */

static void wake(void)
{
	int cause = errno;
	ssize_t ignored = write(signals.wake[1], "!", 1);
	(void)ignored;
	errno = cause;
}

/* The loop ends at its next turn.  It may be stuck writing to a terminal that takes nothing: then the alarm ends it,
 * and the journal has everything. */
static void on_end(int signal_number)
{
	signals.ended = signal_number;
	(void)alarm(STUCK_S);
	wake();
}

static void on_alarm(int signal_number)
{
	(void)signal_number;
	signals.stuck();
	_exit(128 + signals.ended);
}

static void on_resize(int signal_number)
{
	(void)signal_number;
	signals.resized = 1;
	wake();
}

static void on_stop(int signal_number)
{
	(void)signal_number;
	signals.stopped = 1;
	wake();
}

static void on_continue(int signal_number)
{
	(void)signal_number;
	signals.continued = 1;
	wake();
}

static void on_fatal(int signal_number)
{
	signals.fatal();
	(void)sigaction(signal_number, &signals.before[signal_number], NULL);
	(void)raise(signal_number);
}

static const struct {
	int number;
	void (*handler)(int);
} handled[] = {
	{SIGTERM, on_end},    {SIGHUP, on_end},       {SIGINT, on_end},     {SIGWINCH, on_resize}, {SIGTSTP, on_stop},
	{SIGCONT, on_continue}, {SIGALRM, on_alarm},  {SIGQUIT, on_fatal},  {SIGABRT, on_fatal},   {SIGSEGV, on_fatal},
	{SIGBUS, on_fatal},   {SIGILL, on_fatal},     {SIGFPE, on_fatal},
};

/* ---- setting them ------------------------------------------------------------------------------------------- */

static void set_handlers(void)
{
	/* A stack of their own: one of them may tell that the other is full. */
	static char room[SIGNAL_STACK];
	stack_t stack = {.ss_sp = room, .ss_size = sizeof(room)};
	(void)sigaltstack(&stack, NULL);
	for (size_t i = 0; i < COUNT_OF(handled); i++) {
		struct sigaction sa = {.sa_handler = handled[i].handler, .sa_flags = SA_ONSTACK},
		                 *before = &signals.before[handled[i].number];
		(void)sigemptyset(&sa.sa_mask);
		(void)sigaction(handled[i].number, &sa, before);
		if (before->sa_handler == SIG_IGN)
			(void)sigaction(handled[i].number, before, NULL);
	}
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	(void)sigaction(SIGPIPE, &ignore, &signals.before[SIGPIPE]);
}

bool signals_open(void (*fatal)(void), void (*stuck)(void), struct error *err)
{
	if (pipe2(signals.wake, O_CLOEXEC | O_NONBLOCK) != 0)
		return error_errno(err, "pipe", "make");
	signals.fatal = fatal;
	signals.stuck = stuck;
	signals.set = true;
	set_handlers();
	return true;
}

void signals_close(void)
{
	if (!signals.set)
		return;
	signals.set = false;
	for (size_t i = 0; i < COUNT_OF(handled); i++)
		(void)sigaction(handled[i].number, &signals.before[handled[i].number], NULL);
	(void)sigaction(SIGPIPE, &signals.before[SIGPIPE], NULL);
}

/* ---- what the loop asks ------------------------------------------------------------------------------------- */

int signals_fd(void)
{
	return signals.wake[0];
}

void signals_drain(void)
{
	char bytes[64];
	while (read(signals.wake[0], bytes, sizeof(bytes)) > 0)
		continue;
}

int signals_ended(void)
{
	return signals.ended;
}

void signals_ending(void)
{
	(void)alarm(0);
}

static bool take(volatile sig_atomic_t *flag)
{
	/* Cleared only when it was seen: one that comes between the look and the clearing would be lost. */
	if (!*flag)
		return false;
	*flag = 0;
	return true;
}

bool signals_take_resize(void)
{
	return take(&signals.resized);
}

bool signals_take_stop(void)
{
	return take(&signals.stopped);
}

bool signals_take_continue(void)
{
	return take(&signals.continued);
}

bool signals_may_stop(void)
{
	return signals.before[SIGTSTP].sa_handler != SIG_IGN;
}

void signals_stop(void)
{
	struct sigaction stop = {.sa_handler = SIG_DFL}, ours;
	(void)sigaction(SIGTSTP, &stop, &ours);
	(void)kill(0, SIGTSTP);
	(void)sigaction(SIGTSTP, &ours, NULL);
	signals.stopped = signals.continued = 0;
}
