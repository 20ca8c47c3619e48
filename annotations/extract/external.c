/* external.c: see external.h. */
#include "annotations/extract/external.h"

#include "annotations/json.h"

#define LEAVE_MS 2000 /* to tidy up once its input is closed */

struct external {
	char *name;
	char **argv; /* ends with NULL */
	size_t n_argv;
	int64_t limit_ms;
	struct process_watch watch;
	struct process *process; /* NULL: not running */
};

struct external *external_new(struct str name, const struct node *argv, int64_t limit_ms, const struct process_watch *watch)
{
	struct external *e = mem_alloc(sizeof(*e));
	*e = (struct external){.name = str_dup(name), .n_argv = argv->n, .limit_ms = limit_ms, .watch = *watch};
	e->argv = mem_array(argv->n + 1, sizeof(*e->argv));
	for (size_t i = 0; i < argv->n; i++)
		e->argv[i] = str_dup(node_scalar(argv->items[i]));
	return e;
}

void external_free(struct external *e)
{
	if (!e)
		return;
	(void)process_end(e->process, LEAVE_MS);
	for (size_t i = 0; i < e->n_argv; i++)
		mem_free(e->argv[i]);
	mem_free(e->argv);
	mem_free(e->name);
	mem_free(e);
}

const char *external_name(const struct external *e)
{
	return e->name;
}

bool external_start(struct external *e, struct error *err)
{
	return e->process || process_start(e->argv, &e->watch, &e->process, err);
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

static void stop_running(struct external *e, int64_t grace_ms, int *status)
{
	*status = process_end(e->process, grace_ms);
	e->process = NULL;
}

static bool tell_end(const struct external *e, enum process_answer how, int status, const char *path, struct error *err)
{
	switch (how) {
	case PROCESS_LATE:
		return error_set(err, ERROR_IO, path, "%s gave no answer within %lld s (--timeout) and was ended", e->name,
		                 (long long)(e->limit_ms / 1000));
	case PROCESS_LONG:
		return error_set(err, ERROR_LIMIT, path, "%s answered with a line of more than %zu MiB and was ended", e->name, PROCESS_LINE_LIMIT >> 20);
	case PROCESS_EARLY:
		return error_set(err, ERROR_SYNTAX, path, "%s wrote more than one line for one article and was ended", e->name);
	case PROCESS_GONE:
		if (status > 128)
			return error_set(err, ERROR_IO, path, "%s was ended by signal %d, twice", e->name, status - 128);
		return error_set(err, ERROR_IO, path, "%s ended without an answer (exit status %d), twice", e->name, status);
	default:
		return false; /* stopped by the user */
	}
}

static bool read_answer(const struct external *e, struct str line, struct str id, const char *path, struct node **answer, struct error *err)
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
	if (!is_id(id, got->text))
		return error_set(err, ERROR_REFERENCE, path, "%s: answered for another id: %.*s", e->name, (int)(got->text.n < 200 ? got->text.n : 200),
		                 got->text.p);
	return true;
}

static enum process_answer exchange(struct external *e, struct str question, struct str *line, int *status, struct error *err)
{
	enum process_answer how = PROCESS_GONE;
	for (int tries = 0; tries < 2 && how == PROCESS_GONE; tries++) {
		if (!external_start(e, err))
			return PROCESS_GONE;
		how = process_ask(e->process, question, e->limit_ms, line);
		if (how != PROCESS_ANSWERED)
			stop_running(e, how == PROCESS_GONE ? LEAVE_MS : 0, status);
	}
	return how;
}

bool external_ask(struct external *e, struct str id, struct str text, struct str language, const char *path, struct node **answer,
                  struct error *err)
{
	struct buf question = {0};
	struct str line = STR_NONE;
	int status = 0;
	*answer = NULL;
	write_question(&question, id, text, language);
	enum process_answer how = exchange(e, buf_str(&question), &line, &status, err);
	buf_free(&question);
	if (how != PROCESS_ANSWERED)
		return tell_end(e, how, status, path, err);
	if (read_answer(e, line, id, path, answer, err))
		return true;
	node_free(*answer);
	*answer = NULL;
	/* Who knows what it says next: question and answer may be out of step. */
	stop_running(e, 0, &status);
	return false;
}
