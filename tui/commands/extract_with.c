/* extract_with.c: see extract_with.h. */
#include "tui/commands/extract_with.h"

#define TIMEOUT_MOST 86400 /* seconds */
#define WAIT_MS      1000

static bool read_timeout(const struct command_line *line, int64_t *limit_ms, struct error *err)
{
	const char *text = command_option(line, "--timeout");
	uint64_t seconds = (uint64_t)*limit_ms / 1000;
	if (text && (!str_number(str_of(text), &seconds) || seconds == 0 || seconds > TIMEOUT_MOST))
		return error_set(err, ERROR_USAGE, NULL, "--timeout is a number of seconds from 1 to %d, not %s", TIMEOUT_MOST, text);
	*limit_ms = (int64_t)seconds * 1000;
	return true;
}

/* What a program says on stderr, behind its name. */
static void pass_on(void *ctx, struct str line)
{
	const struct str *name = ctx;
	command_warn("%.*s: %.*s", (int)name->n, name->p, (int)line.n, line.p);
}

static void tell(void *ctx, struct error *err)
{
	command_error(((struct extract_with *)ctx)->line, err);
}

bool extract_with_open(struct extract_with *w, const struct command_line *line, struct error *err)
{
	struct process_watch watch = {.said = pass_on, .stop = command_interrupted};
	struct answer_reports reports = {.tell = tell, .ctx = w};
	int64_t limit_ms = EXTERNAL_LIMIT_MS;
	*w = (struct extract_with){.line = line};
	if (!user_config_read(&w->user, err) || !read_timeout(line, &limit_ms, err))
		return false;
	w->extractors = extractors_new(&w->user, limit_ms, &watch, &reports);
	return true;
}

void extract_with_close(struct extract_with *w)
{
	extractors_free(w->extractors);
	user_config_free(&w->user);
	*w = (struct extract_with){0};
}

bool extract_with_choose(struct extract_with *w, const struct corpus_config *corpus, struct error *err)
{
	const char **names = NULL, *name;
	size_t n = 0;
	for (; (name = command_option_nth(w->line, "--with", n)); names[n++] = name)
		names = mem_grow(names, n + 1, sizeof(*names));
	bool fine = n || !corpus ? extractors_choose(w->extractors, names, n, err)
	                         : extractors_choose(w->extractors, (const char *const *)corpus->extractors, corpus->n_extractors, err);
	mem_free(names);
	return fine;
}

bool extract_with_ask(struct extract_with *w, struct article *a, struct str id, struct str language, const char *path, const struct schema *schema,
                      struct answers *out)
{
	bool well;
	extractors_begin(w->extractors, a, id, language, path, schema, out);
	while (!extractors_step(w->extractors, WAIT_MS, &well))
		continue;
	return well;
}
