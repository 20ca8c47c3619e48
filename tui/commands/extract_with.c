/* extract_with.c: see extract_with.h. */
#include "tui/commands/extract_with.h"

#define TIMEOUT_DEFAULT 60
#define TIMEOUT_MOST    86400 /* seconds */

static bool read_timeout(struct extract_with *w, struct error *err)
{
	const char *text = command_option(w->line, "--timeout");
	uint64_t seconds = TIMEOUT_DEFAULT;
	if (text && (!str_number(str_of(text), &seconds) || seconds == 0 || seconds > TIMEOUT_MOST))
		return error_set(err, ERROR_USAGE, NULL, "--timeout is a number of seconds from 1 to %d, not %s", TIMEOUT_MOST, text);
	w->limit_ms = (int64_t)seconds * 1000;
	return true;
}

bool extract_with_open(struct extract_with *w, const struct command_line *line, struct error *err)
{
	*w = (struct extract_with){.line = line};
	return user_config_read(&w->user, err) && read_timeout(w, err);
}

void extract_with_close(struct extract_with *w)
{
	for (size_t i = 0; i < w->n_all; i++)
		external_free(w->all[i]);
	mem_free(w->all);
	mem_free(w->use);
	user_config_free(&w->user);
	*w = (struct extract_with){0};
}

/* What a program says on stderr, behind its name. */
static void pass_on(void *ctx, struct str line)
{
	const struct str *name = ctx;
	command_warn("%.*s: %.*s", (int)name->n, name->p, (int)line.n, line.p);
}

static struct external *find_or_make(struct extract_with *w, struct str name)
{
	struct node *commands_of = w->user.extractors;
	for (size_t i = 0; i < w->n_all; i++)
		if (str_eq(str_of(external_name(w->all[i])), name))
			return w->all[i];
	for (size_t i = 0; commands_of && i < commands_of->n; i++) {
		if (!str_eq(commands_of->keys[i], name))
			continue;
		struct process_watch watch = {.said = pass_on, .stop = command_interrupted, .ctx = &commands_of->keys[i]};
		w->all = mem_grow(w->all, w->n_all + 1, sizeof(*w->all));
		return w->all[w->n_all++] = external_new(name, commands_of->items[i], w->limit_ms, &watch);
	}
	return NULL;
}

static bool is_used(const struct extract_with *w, const struct external *e)
{
	for (size_t i = 0; i < w->n_use; i++)
		if (w->use[i] == e)
			return true;
	return false;
}

static bool use(struct extract_with *w, const char *name, struct error *err)
{
	if (str_eq(str_of(name), S(EXTRACTOR_NAME))) {
		w->builtin = true;
		return true;
	}
	struct external *e = find_or_make(w, str_of(name));
	if (!e)
		return error_set(err, ERROR_MISSING, w->user.path,
		                 "there is no extractor %s; say here which program it is: `extractors: {%s: [program, argument]}`", name, name);
	if (is_used(w, e))
		return true;
	w->use = mem_grow(w->use, w->n_use + 1, sizeof(*w->use));
	w->use[w->n_use++] = e;
	return external_start(e, err);
}

bool extract_with_choose(struct extract_with *w, const char *corpus, struct error *err)
{
	const char *name;
	bool fine = true;
	w->n_use = 0;
	w->builtin = false;
	if (!command_option(w->line, "--with"))
		return use(w, corpus[0] ? corpus : EXTRACTOR_NAME, err);
	for (size_t i = 0; fine && (name = command_option_nth(w->line, "--with", i)); i++)
		fine = use(w, name, err);
	return fine;
}

static void tell(void *ctx, struct error *err)
{
	command_error(((struct extract_with *)ctx)->line, err);
}

bool extract_with_ask(struct extract_with *w, struct article *a, struct str id, struct str language, const char *path, const struct schema *schema,
                      struct answers *out)
{
	struct answer_reports reports = {.tell = tell, .ctx = w};
	bool fine = true;
	if (language.n == 0)
		language = article_has_han(a) ? S("zh") : S("und");
	for (size_t i = 0; i < w->n_use && !command_interrupted(); i++) {
		struct node *answer = NULL;
		struct error err = {0};
		if (external_ask(w->use[i], id, article_text(a), language, path, &answer, &err))
			fine = answers_add(out, answer, external_name(w->use[i]), a, path, schema, &reports) && fine;
		else
			fine = false;
		node_free(answer);
		if (err.code != ERROR_NONE)
			command_error(w->line, &err);
	}
	return fine && !command_interrupted();
}
