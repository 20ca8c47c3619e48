/* external.c: see external.h. */
#include "annotations/extract/external.h"

#include "annotations/json.h"
#include "model/io.h"

#define LEAVE_MS 2000 /* to tidy up once its input is closed */

enum stage {
	STAGE_IDLE,
	STAGE_BEGUN,   /* not asked yet */
	STAGE_ASKED,
	STAGE_LEAVING, /* it has closed a stream and is given time to end */
};

struct external {
	char *name;
	char **argv; /* ends with NULL */
	size_t n_argv;
	int64_t limit_ms;
	struct process_watch watch;
	struct process *process; /* NULL: not running */
	struct buf last_words;   /* on stderr, where nobody else hears it */
	enum stage stage;
	char *id;
	struct buf question;
	int tries;
	int64_t leave_until_ms;
};

static void note_words(void *ctx, struct str line)
{
	struct external *e = ctx;
	if (!str_trim(line).n)
		return;
	buf_clear(&e->last_words);
	buf_add(&e->last_words, str_trim(line));
}

struct external *external_new(struct str name, const struct node *argv, int64_t limit_ms, const struct process_watch *watch)
{
	struct external *e = mem_alloc(sizeof(*e));
	*e = (struct external){.name = str_dup(name), .n_argv = argv->n, .limit_ms = limit_ms, .watch = *watch};
	if (!watch->said) {
		e->watch.said = note_words;
		e->watch.ctx = e;
	}
	e->argv = mem_array(argv->n + 1, sizeof(*e->argv));
	for (size_t i = 0; i < argv->n; i++)
		e->argv[i] = str_dup(node_scalar(argv->items[i]));
	return e;
}

void external_free(struct external *e)
{
	if (!e)
		return;
	external_stop(e);
	(void)process_end(e->process, LEAVE_MS);
	for (size_t i = 0; i < e->n_argv; i++)
		mem_free(e->argv[i]);
	mem_free(e->argv);
	mem_free(e->name);
	buf_free(&e->last_words);
	buf_free(&e->question);
	mem_free(e);
}

const char *external_name(const struct external *e)
{
	return e->name;
}

bool external_start(struct external *e, struct error *err)
{
	if (e->process)
		return true;
	buf_clear(&e->last_words);
	return process_start(e->argv, &e->watch, &e->process, err);
}

/* ---- question and answer ---------------------------------------------------------------------------------------- */

static void write_question(struct buf *line, struct str id, struct str text, struct str language)
{
	buf_adds(line, "{\"id\":");
	json_write_text(line, id);
	buf_adds(line, ",\"text\":");
	json_write_text(line, text);
	buf_adds(line, ",\"language\":");
	json_write_text(line, language);
	buf_adds(line, "}\n");
}

/* The id as it comes back from JSON: a file's name may hold bytes that are no UTF-8. */
static bool is_id(struct str id, struct str answered)
{
	struct buf sent = {0}, got = {0};
	json_write_text(&sent, id);
	json_write_text(&got, answered);
	bool same = str_eq(buf_str(&sent), buf_str(&got));
	buf_free(&sent);
	buf_free(&got);
	return same;
}

static int stop_running(struct external *e)
{
	int status = process_end(e->process, 0);
	e->process = NULL;
	return status;
}

static bool tell_gone(const struct external *e, int status, const char *path, struct error *err)
{
	struct buf how = {0};
	if (status > 128)
		buf_addf(&how, "was ended by signal %d", status - 128);
	else
		buf_addf(&how, "ended without an answer (exit status %d)", status);
	buf_adds(&how, ", twice");
	if (e->last_words.n)
		buf_addf(&how, "; its last words: %.*s", (int)e->last_words.n, e->last_words.p);
	error_set(err, ERROR_IO, path, "%s %s", e->name, how.p);
	buf_free(&how);
	return false;
}

static bool tell_end(const struct external *e, enum process_answer how, const char *path, struct error *err)
{
	switch (how) {
	case PROCESS_LATE:
		return error_set(err, ERROR_IO, path, "%s gave no answer within %lld s and was ended (`zhupi extract --timeout` gives it more)", e->name,
		                 (long long)(e->limit_ms / 1000));
	case PROCESS_LONG:
		return error_set(err, ERROR_LIMIT, path, "%s answered with a line of more than %zu MiB and was ended", e->name, PROCESS_LINE_LIMIT >> 20);
	case PROCESS_EARLY:
		return error_set(err, ERROR_SYNTAX, path, "%s wrote more than one line for one article and was ended", e->name);
	default:
		return false; /* stopped by the user */
	}
}

static bool read_answer(const struct external *e, struct str line, const char *path, struct node **answer, struct error *err)
{
	struct error why = {0};
	if (!json_read(line, path, 1, answer, &why)) {
		error_set(err, ERROR_SYNTAX, path, "%s: the answer is no JSON: %s (column %zu)", e->name, why.message, why.column);
		error_clear(&why);
		return false;
	}
	if ((*answer)->kind != NODE_MAP)
		return error_set(err, ERROR_SCHEMA, path, "%s: the answer is no JSON object", e->name);
	const struct node *got = node_get(*answer, S("id"));
	if (!got || got->kind != NODE_SCALAR)
		return error_set(err, ERROR_SCHEMA, path, "%s: the answer has no id", e->name);
	if (!is_id(str_of(e->id), got->text))
		return error_set(err, ERROR_REFERENCE, path, "%s: answered for another id: %.*s", e->name, (int)(got->text.n < 200 ? got->text.n : 200),
		                 got->text.p);
	return true;
}

void external_begin(struct external *e, struct str id, struct str text, struct str language)
{
	external_stop(e);
	buf_clear(&e->question);
	write_question(&e->question, id, text, language);
	e->id = str_dup(id);
	e->tries = 0;
	e->stage = STAGE_BEGUN;
}

static bool finish(struct external *e)
{
	e->stage = STAGE_IDLE;
	mem_free(e->id);
	e->id = NULL;
	return true;
}

static bool ask(struct external *e, struct error *err)
{
	if (!external_start(e, err))
		return false;
	process_say(e->process, buf_str(&e->question), e->limit_ms);
	e->tries++;
	e->stage = STAGE_ASKED;
	return true;
}

static bool hear(struct external *e, int64_t wait_ms, const char *path, struct node **answer, struct error *err)
{
	struct str line = STR_NONE;
	enum process_answer how = process_hear(e->process, wait_ms, &line);
	switch (how) {
	case PROCESS_WAITS:
		return false;
	case PROCESS_GONE:
		e->stage = STAGE_LEAVING;
		e->leave_until_ms = io_now_ms() + LEAVE_MS;
		return false;
	case PROCESS_ANSWERED:
		if (read_answer(e, line, path, answer, err))
			break;
		node_free(*answer);
		*answer = NULL;
		/* Who knows what it says next: question and answer may be out of step. */
		(void)stop_running(e);
		break;
	default:
		(void)stop_running(e);
		(void)tell_end(e, how, path, err);
		break;
	}
	return finish(e);
}

/* Its exit status is worth a moment. */
static bool leave(struct external *e, int64_t wait_ms, const char *path, struct error *err)
{
	int64_t left = e->leave_until_ms - io_now_ms();
	if (!process_leaves(e->process, left < wait_ms ? left : wait_ms) && io_now_ms() < e->leave_until_ms)
		return false;
	int status = stop_running(e);
	e->stage = STAGE_BEGUN;
	if (e->tries < 2)
		return false;
	(void)tell_gone(e, status, path, err);
	return finish(e);
}

bool external_step(struct external *e, int64_t wait_ms, const char *path, struct node **answer, struct error *err)
{
	*answer = NULL;
	if (e->stage == STAGE_BEGUN && !ask(e, err))
		return finish(e);
	return e->stage == STAGE_ASKED ? hear(e, wait_ms, path, answer, err) : leave(e, wait_ms, path, err);
}

void external_stop(struct external *e)
{
	if (e->stage == STAGE_ASKED || e->stage == STAGE_LEAVING)
		(void)stop_running(e);
	(void)finish(e);
}
