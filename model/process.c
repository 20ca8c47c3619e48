/* process.c: see process.h. */
#include "model/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/io.h"

/* ---- signals ------------------------------------------------------------------------------------------------ */

struct saved_signals {
	struct sigaction interrupt, quit;
};

static void ignore_keys(struct saved_signals *saved)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	(void)sigaction(SIGINT, &ignore, &saved->interrupt);
	(void)sigaction(SIGQUIT, &ignore, &saved->quit);
}

static void restore_keys(const struct saved_signals *saved)
{
	(void)sigaction(SIGINT, &saved->interrupt, NULL);
	(void)sigaction(SIGQUIT, &saved->quit, NULL);
}

/* ---- the child: async-signal-safe calls only ---------------------------------------------------------------- */

static void default_signals(void)
{
	struct sigaction standard = {.sa_handler = SIG_DFL};
	sigset_t none;
	for (int s = 1; s < NSIG; s++)
		if (s != SIGKILL && s != SIGSTOP)
			(void)sigaction(s, &standard, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Says through the pipe why the program did not start; a pipe that closes without a word says that it did. */
static _Noreturn void become(char *const argv[], int tell)
{
	default_signals();
	(void)execvp(argv[0], argv);
	int cause = errno;
	ssize_t ignored = write(tell, &cause, sizeof(cause));
	(void)ignored;
	_exit(127);
}

/* ---- the parent --------------------------------------------------------------------------------------------- */

static bool started(int from, const char *name, struct error *err)
{
	int cause = 0;
	ssize_t n;
	do {
		n = read(from, &cause, sizeof(cause));
	} while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(cause))
		return true;
	errno = cause;
	return error_errno(err, name, "run this program");
}

static int wait_for_end(pid_t child)
{
	int how = 0;
	while (waitpid(child, &how, 0) < 0)
		if (errno != EINTR)
			return 127;
	return WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
}

bool process_run(char *const argv[], int *status, struct error *err)
{
	int ends[2];
	struct saved_signals saved;
	*status = 127;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return error_errno(err, argv[0], "run this program");
	ignore_keys(&saved);
	pid_t child = fork();
	if (child == 0)
		become(argv, ends[1]);
	bool fine = child > 0 || error_errno(err, argv[0], "run this program");
	(void)close(ends[1]);
	if (fine) {
		fine = started(ends[0], argv[0], err);
		*status = wait_for_end(child);
	}
	(void)close(ends[0]);
	restore_keys(&saved);
	return fine;
}
