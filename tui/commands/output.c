/* output: what commands print, see command.h.
 *
 * One process runs one command with one stdout, so what is known of that stream is kept here, beside the signal flag.
 * Whole answers are buffered by stdio; every byte that came from a file has passed visible_add() or json_write()
 * before. */
#include "tui/commands/command.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "annotations/json.h"
#include "model/utf8.h"
#include "tui/commands/output.h"

#define PROGRESS_EVERY 200 /* ms */

static volatile sig_atomic_t interrupted;

static struct {
	int failed; /* errno of the first write that failed, 0: none */
	bool told;
	int64_t started; /* of what is in progress, 0: nothing */
	int64_t last;    /* when a progress line was drawn, 0: none is on screen */
} stream;

static void on_interrupt(int signal_number)
{
	(void)signal_number;
	interrupted = 1;
}

void output_start(void)
{
	struct sigaction act = {.sa_handler = on_interrupt}; /* no SA_RESTART: a read that waits must end */
	struct sigaction before;
	(void)sigemptyset(&act.sa_mask);
	if (sigaction(SIGINT, NULL, &before) != 0 || before.sa_handler != SIG_IGN) /* whoever had it ignored meant it */
		(void)sigaction(SIGINT, &act, NULL);
	act.sa_handler = SIG_IGN; /* a closed pipe must not end an import between two articles */
	(void)sigaction(SIGPIPE, &act, NULL);
}

bool command_interrupted(void)
{
	return interrupted != 0;
}

/* ---- stdout ------------------------------------------------------------------------------------------------- */

void command_out_raw(struct str bytes)
{
	if (stream.failed || bytes.n == 0)
		return;
	errno = 0;
	if (fwrite(bytes.p, 1, bytes.n, stdout) != bytes.n)
		stream.failed = errno ? errno : EIO;
}

void command_out(const char *format, ...)
{
	struct buf text = {0}, shown = {0};
	va_list args;
	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	visible_add(&shown, buf_str(&text), true);
	command_out_raw(buf_str(&shown));
	buf_free(&shown);
	buf_free(&text);
}

void command_out_node(struct node *n)
{
	struct buf line = {0};
	json_write(&line, n);
	buf_addc(&line, '\n');
	command_out_raw(buf_str(&line));
	buf_free(&line);
	node_free(n);
}

/* Whoever read the pipe has seen enough: end as any filter does, by the signal, so that a shell sees nothing unusual. */
static void end_by_closed_pipe(void)
{
	(void)signal(SIGPIPE, SIG_DFL);
	(void)raise(SIGPIPE);
}

static void flush_stdout(void)
{
	errno = 0;
	if (!stream.failed && fflush(stdout) != 0)
		stream.failed = errno ? errno : EIO;
}

bool command_flush(struct error *err)
{
	flush_stdout();
	if (!stream.failed)
		return true;
	if (stream.failed == EPIPE)
		end_by_closed_pipe();
	if (stream.told)
		return false;
	stream.told = true;
	errno = stream.failed;
	return error_errno(err, "standard output", "write");
}

/* ---- stderr ------------------------------------------------------------------------------------------------- */

/* Where stderr itself fails there is nobody left to tell. */
static void put_stderr(struct str bytes)
{
	if (stream.last) {
		stream.last = 0;
		(void)fputs("\r\033[K", stderr);
	}
	flush_stdout(); /* what was answered before stands before */
	(void)fwrite(bytes.p, 1, bytes.n, stderr);
}

void command_warn(const char *format, ...)
{
	struct buf text = {0}, shown = {0};
	va_list args;
	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	visible_add(&shown, buf_str(&text), false);
	buf_addc(&shown, '\n');
	put_stderr(buf_str(&shown));
	buf_free(&shown);
	buf_free(&text);
}

static void add_json_error(struct buf *out, const struct error *e)
{
	struct node *o = node_map();
	node_put_text(o, S("error"), str_of(error_code_name(e->code)));
	node_put_text(o, S("message"), str_of(e->message));
	if (e->path)
		node_put_text(o, S("path"), str_of(e->path));
	if (e->line)
		node_put(o, S("line"), node_number(e->line));
	if (e->column)
		node_put(o, S("column"), node_number(e->column));
	json_write(out, o);
	node_free(o);
}

/* A name that nobody would see is put in quotes. */
static void add_path(struct buf *out, struct str path)
{
	bool blank = str_trim(path).n == 0;
	buf_adds(out, blank ? "'" : "");
	visible_add(out, path, false);
	buf_adds(out, blank ? "'" : "");
}

void command_error_line(struct buf *out, const struct error *e, bool json)
{
	if (json) {
		add_json_error(out, e);
		buf_addc(out, '\n');
		return;
	}
	add_path(out, str_of(e->path ? e->path : "zhupi"));
	if (e->line)
		buf_addf(out, ":%zu:%zu", e->line, e->column ? e->column : 1);
	buf_addf(out, ": %s: ", error_code_name(e->code));
	visible_add(out, str_of(e->message), false);
	buf_addc(out, '\n');
}

void command_error(const struct command_line *l, struct error *e)
{
	struct buf text = {0};
	if (e->code == ERROR_NONE) /* told before: a stream that broke is told once */
		return;
	command_error_line(&text, e, l && command_json(l));
	put_stderr(buf_str(&text));
	buf_free(&text);
	error_clear(e);
}

/* ---- progress ----------------------------------------------------------------------------------------------- */

static void add_duration(struct buf *out, int64_t seconds)
{
	if (seconds >= 3600)
		buf_addf(out, "%lld h %02lld min", (long long)(seconds / 3600), (long long)(seconds / 60 % 60));
	else if (seconds >= 60)
		buf_addf(out, "%lld min %02lld s", (long long)(seconds / 60), (long long)(seconds % 60));
	else
		buf_addf(out, "%lld s", (long long)seconds);
}

static void draw_progress(const char *doing, uint64_t done, uint64_t total, int64_t took)
{
	struct buf line = {0}, text = {0};
	buf_addf(&text, "%s %llu", doing, (unsigned long long)done);
	if (total)
		buf_addf(&text, " of %llu", (unsigned long long)total);
	if (took > 0 && done > 0) {
		buf_addf(&text, ", %llu/s", (unsigned long long)(done * 1000 / (uint64_t)took));
		if (total > done) {
			buf_adds(&text, ", ");
			add_duration(&text, (int64_t)((total - done) * (uint64_t)took / done / 1000) + 1);
			buf_adds(&text, " left");
		}
	}
	buf_adds(&line, "\r");
	visible_add(&line, buf_str(&text), false);
	buf_adds(&line, "\033[K");
	(void)fwrite(line.p, 1, line.n, stderr);
	buf_free(&text);
	buf_free(&line);
}

void command_progress(const char *doing, uint64_t done, uint64_t total)
{
	if (!isatty(STDERR_FILENO))
		return;
	int64_t now = io_now_ms();
	if (!doing || (total && done >= total)) {
		put_stderr(STR_NONE);
		stream.started = 0;
		return;
	}
	if (!stream.started)
		stream.started = now;
	if (now - stream.last < PROGRESS_EVERY || now - stream.started < PROGRESS_EVERY)
		return;
	stream.last = now;
	draw_progress(doing, done, total, now - stream.started);
}
