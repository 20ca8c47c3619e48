/* process.c: see process.h. */
#include "model/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
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

/* ---- a program kept running ----------------------------------------------------------------------------------- */

#define SLICE_MS 100 /* how long a wait lasts before stop() is asked again */

struct process {
	pid_t child;
	int in, out, said; /* our ends; -1: closed */
	struct process_watch watch;
	struct buf answer, saying, question;
	size_t sent;     /* bytes of the question */
	size_t searched; /* bytes of answer without a newline */
	int64_t until;   /* the answer must be there */
	bool early;      /* it spoke before it was asked */
};

static void close_end(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static void close_pair(int ends[2])
{
	close_end(&ends[0]);
	close_end(&ends[1]);
}

/* In the child.  dup2 keeps close-on-exec where source and target are one, which pipe2 never gives: 0, 1 and 2 are
 * open in this program. */
static _Noreturn void become_kept(char *const argv[], int in, int out, int said, int tell)
{
	(void)setpgid(0, 0);
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(said, STDERR_FILENO) < 0)
		_exit(127);
	become(argv, tell);
}

static bool set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

bool process_start(char *const argv[], const struct process_watch *watch, struct process **out, struct error *err)
{
	int in[2] = {-1, -1}, answers[2] = {-1, -1}, said[2] = {-1, -1}, tell[2] = {-1, -1};
	pid_t child = -1;
	*out = NULL;
	if (pipe2(in, O_CLOEXEC) == 0 && pipe2(answers, O_CLOEXEC) == 0 && pipe2(said, O_CLOEXEC) == 0 && pipe2(tell, O_CLOEXEC) == 0 &&
	    set_nonblocking(in[1]) && set_nonblocking(answers[0]) && set_nonblocking(said[0]))
		child = fork();
	if (child == 0)
		become_kept(argv, in[0], answers[1], said[1], tell[1]);
	bool fine = child > 0 || error_errno(err, argv[0], "run this program");
	close_end(&in[0]);
	close_end(&answers[1]);
	close_end(&said[1]);
	close_end(&tell[1]);
	if (fine && !started(tell[0], argv[0], err)) {
		(void)wait_for_end(child);
		fine = false;
	}
	close_end(&tell[0]);
	if (!fine) {
		close_pair(in);
		close_pair(answers);
		close_pair(said);
		return false;
	}
	*out = mem_alloc(sizeof(**out));
	**out = (struct process){.child = child, .in = in[1], .out = answers[0], .said = said[0], .watch = *watch};
	return true;
}

/* Writes without the signal that a reader's end would raise: the answer to that is PROCESS_GONE. */
static ssize_t write_quietly(int fd, struct str bytes)
{
	sigset_t pipe_signal, before, pending;
	(void)sigemptyset(&pipe_signal);
	(void)sigaddset(&pipe_signal, SIGPIPE);
	(void)sigpending(&pending);
	bool was_pending = sigismember(&pending, SIGPIPE) == 1;
	(void)pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
	ssize_t n = write(fd, bytes.p, bytes.n);
	int cause = errno;
	if (n < 0 && cause == EPIPE && !was_pending) {
		struct timespec now = {0, 0};
		while (sigtimedwait(&pipe_signal, NULL, &now) < 0 && errno == EINTR)
			continue;
	}
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = cause;
	return n;
}

/* What read gave: bytes (true), nothing now (true), the end or an error (false). */
static bool read_some(int fd, struct buf *into, size_t *got)
{
	char bytes[1 << 16];
	ssize_t n = read(fd, bytes, sizeof(bytes));
	*got = n > 0 ? (size_t)n : 0;
	buf_add(into, (struct str){bytes, *got});
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static void say_lines(struct process *p, bool all)
{
	struct str left = buf_str(&p->saying);
	while (left.n) {
		size_t end = str_byte(left, '\n', 0);
		bool whole = end != NOWHERE && end <= PROCESS_SAID_LIMIT;
		if (!whole && left.n < PROCESS_SAID_LIMIT && !all)
			break;
		size_t n = whole ? end : left.n < PROCESS_SAID_LIMIT ? left.n : PROCESS_SAID_LIMIT;
		if (p->watch.said)
			p->watch.said(p->watch.ctx, str_sub(left, 0, n));
		left = str_sub(left, n + whole, left.n);
	}
	if (left.n)
		memmove(p->saying.p, left.p, left.n);
	p->saying.n = left.n;
}

static void hear_said(struct process *p)
{
	size_t got;
	if (!read_some(p->said, &p->saying, &got))
		close_end(&p->said);
	say_lines(p, p->said < 0);
}

static bool whole_line(struct process *p, struct str *answer)
{
	size_t end = str_byte(buf_str(&p->answer), '\n', p->searched);
	p->searched = end == NOWHERE ? p->answer.n : end;
	if (end != NOWHERE)
		*answer = str_sub(buf_str(&p->answer), 0, end);
	return end != NOWHERE;
}

static struct str unsent(const struct process *p)
{
	return str_sub(buf_str(&p->question), p->sent, p->question.n);
}

/* One wait; true when the exchange is over, with *how. */
static bool exchange(struct process *p, int wait_ms, struct str *answer, enum process_answer *how)
{
	struct str line = unsent(p);
	struct pollfd ends[] = {{.fd = p->out, .events = POLLIN}, {.fd = p->said, .events = POLLIN}, {.fd = line.n ? p->in : -1, .events = POLLOUT}};
	size_t got;
	*how = PROCESS_GONE;
	if (poll(ends, COUNT_OF(ends), wait_ms) < 0)
		return errno != EINTR;
	if (ends[1].revents)
		hear_said(p);
	if (ends[2].revents) {
		ssize_t n = write_quietly(p->in, line);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return true;
		p->sent += n > 0 ? (size_t)n : 0;
	}
	if (ends[0].revents && !read_some(p->out, &p->answer, &got))
		return true;
	if (whole_line(p, answer)) {
		*how = unsent(p).n ? PROCESS_EARLY : PROCESS_ANSWERED;
		return true;
	}
	*how = PROCESS_LONG;
	return p->answer.n > PROCESS_LINE_LIMIT;
}

/* Drops the answer before.  False when there is more than that: it speaks without being asked. */
static bool clear_answer(struct process *p)
{
	size_t got = 0;
	size_t taken = p->answer.n > p->searched ? p->searched + 1 : 0;
	bool more = p->answer.n > taken;
	buf_clear(&p->answer);
	p->searched = 0;
	(void)read_some(p->out, &p->answer, &got);
	return !more && got == 0;
}

void process_say(struct process *p, struct str line, int64_t limit_ms)
{
	p->early = !clear_answer(p);
	buf_clear(&p->question);
	buf_add(&p->question, line);
	p->sent = 0;
	p->until = io_now_ms() + limit_ms;
}

enum process_answer process_hear(struct process *p, int64_t wait_ms, struct str *answer)
{
	int64_t end = io_now_ms() + wait_ms;
	enum process_answer how;
	if (p->early)
		return PROCESS_EARLY;
	for (;;) {
		int64_t now = io_now_ms(), left = (end < p->until ? end : p->until) - now;
		if (p->watch.stop && p->watch.stop())
			return PROCESS_STOPPED;
		if (now >= p->until)
			return PROCESS_LATE;
		if (exchange(p, left < 0 ? 0 : left < SLICE_MS ? (int)left : SLICE_MS, answer, &how))
			return how;
		if (io_now_ms() >= end)
			return PROCESS_WAITS;
	}
}

/* Without reaping it: until that is done no other process can have its number. */
static bool has_ended(const struct process *p)
{
	siginfo_t info = {0};
	return waitid(P_PID, (id_t)p->child, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == p->child;
}

/* Waits until it is gone or the time is over. */
static void let_leave(struct process *p, int64_t grace_ms)
{
	int64_t until = io_now_ms() + grace_ms;
	for (int64_t left = grace_ms; left > 0 && (p->out >= 0 || p->said >= 0); left = until - io_now_ms()) {
		struct pollfd ends[] = {{.fd = p->out, .events = POLLIN}, {.fd = p->said, .events = POLLIN}};
		size_t got;
		(void)poll(ends, COUNT_OF(ends), (int)left);
		if (ends[1].revents)
			hear_said(p);
		buf_clear(&p->answer);
		if (ends[0].revents && !read_some(p->out, &p->answer, &got))
			close_end(&p->out);
	}
	/* Between closing its streams and its end there is no event to wait for. */
	while (io_now_ms() < until && !has_ended(p))
		(void)poll(NULL, 0, 1);
}

bool process_leaves(struct process *p, int64_t wait_ms)
{
	close_end(&p->in);
	let_leave(p, wait_ms);
	return has_ended(p);
}

int process_end(struct process *p, int64_t grace_ms)
{
	if (!p)
		return 0;
	(void)process_leaves(p, grace_ms);
	say_lines(p, true);
	(void)kill(-p->child, SIGKILL);
	(void)kill(p->child, SIGKILL); /* should it not have made its group yet */
	int status = wait_for_end(p->child);
	close_end(&p->out);
	close_end(&p->said);
	buf_free(&p->answer);
	buf_free(&p->saying);
	buf_free(&p->question);
	mem_free(p);
	return status;
}
