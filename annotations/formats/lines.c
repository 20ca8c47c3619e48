/* lines: see lines.h. */
#include "annotations/formats/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "model/io.h"

#define CHUNK   ((size_t)1 << 16)
#define WAIT_MS 200

struct lines {
	char *name;
	int fd;
	bool opened;          /* fd is ours to close */
	bool end;             /* nothing more comes */
	bool begun;           /* the place for a BOM is past */
	struct buf bytes;     /* read, not yet handed out */
	size_t from, scanned; /* start of the next line in bytes; no LF before `scanned` */
	size_t number;
	bool (*stop)(void *ctx);
	void *ctx;
};

static bool open_file(struct lines *l, const char *path, struct error *err)
{
	struct stat st;
	l->fd = io_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	if (l->fd < 0)
		return error_errno(err, path, "open");
	l->opened = true;
	if (io_get()->fstat(l->fd, &st) != 0)
		return error_errno(err, path, "read");
	if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode))
		return error_set(err, ERROR_KIND, path, "this is %s, not a file",
		                 S_ISDIR(st.st_mode) ? "a folder" : "a device or socket");
	return true;
}

struct lines *lines_open(const char *path, bool (*stop)(void *ctx), void *ctx, struct error *err)
{
	struct lines *l = mem_alloc(sizeof *l);
	l->stop = stop;
	l->ctx = ctx;
	l->fd = STDIN_FILENO;
	bool standard = strcmp(path, "-") == 0;
	l->name = mem_dup(standard ? "standard input" : path);
	if (standard || open_file(l, path, err))
		return l;
	lines_close(l);
	return NULL;
}

void lines_close(struct lines *l)
{
	if (!l)
		return;
	if (l->opened)
		(void)io_get()->close(l->fd); /* only read from: nothing can be lost */
	buf_free(&l->bytes);
	mem_free(l->name);
	mem_free(l);
}

size_t lines_number(const struct lines *l)
{
	return l->number;
}

const char *lines_name(const struct lines *l)
{
	return l->name;
}

/* One read; waits where the other side of a pipe is slow. */
static enum line_result fill(struct lines *l, struct error *err)
{
	buf_reserve(&l->bytes, CHUNK + 1);
	for (;;) {
		ssize_t got = io_get()->read(l->fd, l->bytes.p + l->bytes.n, CHUNK);
		if (got >= 0) {
			l->bytes.n += (size_t)got;
			l->bytes.p[l->bytes.n] = '\0';
			l->end = got == 0;
			return LINE_READ;
		}
		if (errno == EAGAIN) {
			struct pollfd one = {.fd = l->fd, .events = POLLIN};
			(void)poll(&one, 1, WAIT_MS);
		} else if (errno != EINTR) {
			error_errno(err, l->name, "read");
			return LINE_FAILED;
		}
		if (l->stop && l->stop(l->ctx))
			return LINE_INTERRUPTED;
	}
}

/* What was handed out is given up once it is most of the buffer, so that moving stays linear. */
static void shift(struct lines *l)
{
	if (l->from == 0 || l->from < l->bytes.n / 2)
		return;
	memmove(l->bytes.p, l->bytes.p + l->from, l->bytes.n - l->from);
	l->bytes.n -= l->from;
	l->scanned -= l->from;
	l->from = 0;
}

static void skip_bom(struct lines *l)
{
	if (l->begun || (l->bytes.n < 3 && !l->end))
		return;
	l->begun = true;
	if (str_starts(buf_str(&l->bytes), S("\xEF\xBB\xBF")))
		l->from = l->scanned = 3;
}

/* Finds the end of the line in what is read: false when more is needed. */
static bool cut(struct lines *l, struct str *line)
{
	size_t lf = str_byte(buf_str(&l->bytes), '\n', l->scanned);
	if (lf == NOWHERE && !l->end) {
		l->scanned = l->bytes.n;
		return false;
	}
	size_t end = lf == NOWHERE ? l->bytes.n : lf;
	*line = str_sub(buf_str(&l->bytes), l->from, end);
	if (line->n && line->p[line->n - 1] == '\r')
		line->n--;
	l->from = l->scanned = lf == NOWHERE ? end : end + 1;
	l->number++;
	return true;
}

/* Reads on to the next LF without keeping anything. */
static enum line_result pass_over(struct lines *l, struct error *err)
{
	for (;;) {
		size_t lf = str_byte(buf_str(&l->bytes), '\n', l->scanned);
		if (lf != NOWHERE) {
			l->from = l->scanned = lf + 1;
			break;
		}
		buf_clear(&l->bytes);
		l->from = l->scanned = 0;
		if (l->end)
			break;
		enum line_result r = fill(l, err);
		if (r != LINE_READ)
			return r;
	}
	l->number++;
	error_at(err, ERROR_LIMIT, l->name, l->number, 1,
	         "this line is longer than %zu bytes, the most that is read here", LINES_LIMIT);
	return LINE_FAILED;
}

enum line_result lines_next(struct lines *l, struct str *line, bool *fatal, struct error *err)
{
	*fatal = true;
	shift(l);
	for (;;) {
		skip_bom(l);
		if (l->end && l->from == l->bytes.n)
			return LINE_END;
		if (l->begun && cut(l, line))
			return LINE_READ;
		if (l->bytes.n - l->from > LINES_LIMIT) {
			*fatal = false;
			return pass_over(l, err);
		}
		enum line_result r = fill(l, err);
		if (r != LINE_READ)
			return r;
	}
}

enum line_result lines_peek(struct lines *l, struct str *bytes, struct error *err)
{
	while (!l->end && (l->bytes.n < CHUNK || !l->begun)) {
		enum line_result r = fill(l, err);
		if (r != LINE_READ)
			return r;
		skip_bom(l);
	}
	*bytes = str_sub(buf_str(&l->bytes), l->from, l->bytes.n);
	return LINE_READ;
}

enum line_result lines_bytes(struct lines *l, struct str *bytes, struct error *err)
{
	for (;;) {
		skip_bom(l);
		if (l->begun && l->from < l->bytes.n) {
			*bytes = str_sub(buf_str(&l->bytes), l->from, l->bytes.n);
			l->from = l->scanned = l->bytes.n;
			return LINE_READ;
		}
		if (l->end)
			return LINE_END;
		shift(l);
		enum line_result r = fill(l, err);
		if (r != LINE_READ)
			return r;
	}
}
