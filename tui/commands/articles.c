/* articles: see articles.h. */
#include "tui/commands/articles.h"

#include <string.h>

bool command_corpus(const char *path, struct corpus **out, char **annotator, struct error *err)
{
	struct user_config user = {0};
	if (!user_config_read(&user, err))
		return false;
	bool fine = corpus_open(path, user.annotator, out, err);
	if (fine && annotator)
		*annotator = mem_dup(user.annotator);
	user_config_free(&user);
	return fine;
}

static bool part_and_say(void *ctx, const char *file)
{
	struct corpus *c = ctx;
	char *path = corpus_sidecar_path(c, str_of(file));
	command_warn("%s: another name of this file (a hard link) keeps what was in it", path);
	mem_free(path);
	return true;
}

static void say_kept(void *ctx, const char *path)
{
	(void)ctx;
	command_warn("%s: what another program wrote while a session was killed; compare it with the file of that name", path);
}

bool command_session(struct corpus *c, struct session **out, struct error *err)
{
	if (!session_open(c, false, out, err))
		return false;
	session_watch(*out, &(struct session_watcher){part_and_say, say_kept, c});
	return true;
}

/* report.txt.yaml means report.txt, where that is a file; report.txt.alice.yaml too. */
char *command_article_of(const char *operand)
{
	struct str name = str_of(operand);
	struct stat st;
	if (!str_ends(name, S(".yaml")) || io_get()->stat(operand, &st) != 0 || !S_ISREG(st.st_mode))
		return mem_dup(operand);
	name = str_sub(name, 0, name.n - strlen(".yaml"));
	for (int annotator = 0; annotator < 2; annotator++) {
		char *article = str_dup(name);
		if (io_get()->stat(article, &st) == 0 && S_ISREG(st.st_mode))
			return article;
		mem_free(article);
		while (name.n && name.p[name.n - 1] != '.' && name.p[name.n - 1] != '/')
			name.n--;
		if (name.n == 0 || name.p[--name.n] == '/')
			break;
	}
	return mem_dup(operand);
}

bool command_met(struct strmap *met, const char *path)
{
	struct stat st;
	struct buf key = {0};
	if (io_get()->stat(path, &st) != 0)
		return false;
	buf_addf(&key, "%llu:%llu", (unsigned long long)st.st_dev, (unsigned long long)st.st_ino);
	bool met_it = strmap_get(met, buf_str(&key), NULL);
	strmap_put(met, buf_str(&key), STR_NONE);
	buf_free(&key);
	return met_it;
}

void command_warn_empty(const struct corpus *c, const char *operand)
{
	const struct corpus_config *config = corpus_settings(c);
	struct buf globs = {0};
	for (size_t i = 0; i < config->n_articles; i++)
		buf_addf(&globs, " %s", config->articles[i]);
	command_warn("%s: no article here: articles are the files named%s", operand, globs.p ? globs.p : " nothing");
	buf_free(&globs);
}

/* met: NULL where one operand names all, none twice. */
static bool visit_one(const struct article_visitor *v, struct corpus *c, struct session *s, size_t i, struct strmap *met)
{
	struct str file = corpus_entry(c, i)->file;
	char *path = corpus_article_path(c, file);
	bool fine = (met && command_met(met, path)) || v->visit(v->ctx, c, s, file, path);
	mem_free(path);
	return fine;
}

static int visit_corpus(const struct article_visitor *v, struct corpus *c, struct session *s, const char *operand,
                        struct strmap *met)
{
	int status = EXIT_DONE;
	size_t n = corpus_count(c);
	if (n == 0)
		command_warn_empty(c, operand);
	if (v->corpus && !v->corpus(v->ctx, c, operand))
		status = EXIT_FINDINGS;
	for (size_t i = 0; i < n && !command_interrupted(); i++) {
		if (!visit_one(v, c, s, i, met))
			status = EXIT_FINDINGS;
		if (v->doing)
			command_progress(v->doing, i + 1, n);
	}
	return command_interrupted() ? EXIT_INTERRUPTED : status;
}

static int visit_operand(const struct article_visitor *v, const struct command_line *l, const char *operand,
                         struct strmap *met)
{
	struct error err = {0};
	struct corpus *c = NULL;
	struct session *s = NULL;
	char *path = command_article_of(operand);
	int status = EXIT_FAILED;
	if (command_corpus(path, &c, NULL, &err) && (!v->session || session_open(c, true, &s, &err)))
		status = visit_corpus(v, c, s, operand, met);
	else
		command_error(l, &err);
	if (s)
		session_free(s);
	if (c)
		corpus_free(c);
	mem_free(path);
	return status;
}

int command_each_article(const struct command_line *l, const struct article_visitor *v)
{
	int worst = EXIT_DONE;
	struct strmap met = {0};
	for (size_t i = 0; i < command_operands(l) && worst != EXIT_INTERRUPTED; i++) {
		int status = visit_operand(v, l, command_operand(l, i), command_operands(l) > 1 ? &met : NULL);
		worst = status > worst ? status : worst;
	}
	strmap_free(&met);
	return worst;
}
