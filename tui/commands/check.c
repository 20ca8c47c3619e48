/* check: findings in sidecars. */
#include "annotations/check.h"

#include "tui/commands/articles.h"

struct check_job {
	const struct command_line *line;
	uint64_t articles, findings;
};

static void print_and_free(struct check_job *job, struct findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		struct buf line = {0};
		command_error_line(&line, &f->list[i].error, command_json(job->line));
		command_out_raw(buf_str(&line));
		buf_free(&line);
	}
	job->findings += f->n;
	findings_free(f);
}

static bool visit(void *ctx, struct corpus *c, struct session *s, struct str file, const char *path)
{
	struct check_job *job = ctx;
	struct findings found = {0};
	(void)s;
	(void)path;
	check_article(c, file, &found);
	job->articles++;
	bool fine = found.n == 0;
	print_and_free(job, &found);
	return fine;
}

/* Only who asks for a folder asks for what else lies in it. */
static bool visit_corpus(void *ctx, struct corpus *c, const char *operand)
{
	struct check_job *job = ctx;
	struct findings found = {0};
	struct error err = {0};
	struct stat st;
	if (io_get()->stat(operand, &st) != 0 || !S_ISDIR(st.st_mode))
		return true;
	bool fine = check_orphans(c, &found, &err) && found.n == 0;
	print_and_free(job, &found);
	if (err.code != ERROR_NONE)
		command_error(job->line, &err);
	return fine;
}

static int run(const struct command_line *l)
{
	struct check_job job = {.line = l};
	struct article_visitor v = {.ctx = &job, .visit = visit, .corpus = visit_corpus, .doing = "articles"};
	int status = command_each_article(l, &v);
	if (!command_json(l) && (status != EXIT_FAILED || job.articles))
		command_warn("%llu article%s, %llu finding%s", (unsigned long long)job.articles, job.articles == 1 ? "" : "s",
		             (unsigned long long)job.findings, job.findings == 1 ? "" : "s");
	return status;
}

const struct command check_command = {
    .name = "check",
    .arguments = "PATH…",
    .summary = "find what is wrong in sidecars: schema, offsets, quotes, references",
    .description = "One line for each finding: PATH:LINE:COLUMN: CODE: message, with the place in the sidecar. Found "
                   "are sidecars that cannot be read, "
                   "offsets outside the text, text that is not what stands at the offsets, overlaps that a layer "
                   "forbids, labels and the like that the "
                   "schema does not know, references to nothing, ids that are there twice, flags, articles that are "
                   "done with something left, "
                   "and sidecars whose article is gone. Nothing is changed.",
    .least = 1,
    .most = SIZE_MAX,
    .run = run,
};
