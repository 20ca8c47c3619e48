/* stats: a corpus in numbers. */
#include "annotations/stats.h"

#include "tui/commands/articles.h"
#include "tui/commands/table.h"

static const enum verdict order[VERDICTS] = {VERDICT_ACCEPTED, VERDICT_CORRECTED, VERDICT_REJECTED, VERDICT_UNDECIDED};

struct stats_job {
	const struct command_line *line;
	struct stats stats;
};

static bool visit(void *ctx, struct corpus *c, struct session *s, struct str file, const char *path)
{
	struct stats_job *job = ctx;
	struct error err = {0};
	struct doc *d = session_doc(s, file, &err);
	(void)c;
	(void)path;
	if (!d || d->trouble.code != ERROR_NONE) {
		job->stats.failed++;
		command_error(job->line, d ? &d->trouble : &err);
		if (d)
			session_drop(s, d);
		return false;
	}
	stats_add(&job->stats, d->set);
	session_drop(s, d);
	return true;
}

/* ---- as text ------------------------------------------------------------------------------------------------ */

/* Parts in a hundred of all decided, rounded. */
static uint64_t percent(uint64_t part, uint64_t all)
{
	return all ? (part * 100 + all / 2) / all : 0;
}

static void print_rows(const char *title, const struct stat_row *rows, size_t n, bool added)
{
	struct table t = {.columns = added ? 7 : 8};
	if (n == 0)
		return;
	table_cell(&t, "%s", title);
	table_cell(&t, "all");
	for (size_t i = 0; i < VERDICTS; i++)
		table_cell(&t, "%s", verdict_name(order[i]));
	if (added)
		table_cell(&t, "added");
	else
		table_cell(&t, "right"), table_cell(&t, "wrong");
	for (size_t r = 0; r < n; r++) {
		uint64_t decided = stat_row_decided(&rows[r]);
		table_cell(&t, "%s", rows[r].name);
		table_number(&t, stat_row_sum(&rows[r]));
		for (size_t i = 0; i < VERDICTS; i++)
			table_number(&t, rows[r].count[order[i]]);
		if (added) {
			table_number(&t, rows[r].added);
		} else if (decided) {
			table_cell(&t, "%llu %%",
			           (unsigned long long)percent(rows[r].count[VERDICT_ACCEPTED], decided));
			table_cell(&t, "%llu %%",
			           (unsigned long long)percent(rows[r].count[VERDICT_REJECTED], decided));
		} else {
			table_cell(&t, "-");
			table_cell(&t, "-");
		}
	}
	command_out("\n");
	table_print(&t);
}

static void print_paces(const struct stats *s)
{
	struct table t = {.columns = 4};
	if (s->n_paces == 0)
		return;
	table_cell(&t, "annotator");
	table_cell(&t, "decisions");
	table_cell(&t, "minutes");
	table_cell(&t, "an hour");
	for (size_t i = 0; i < s->n_paces; i++) {
		const struct stat_pace *p = &s->paces[i];
		table_cell(&t, "%s", p->by);
		table_number(&t, p->decisions);
		table_number(&t, (p->seconds + 59) / 60);
		table_number(&t, p->seconds ? p->decisions * 3600 / p->seconds : 0);
	}
	command_out("\n");
	table_print(&t);
}

static struct stat_row row_of_counts(const char *name, const uint64_t counts[VERDICTS], uint64_t added)
{
	struct stat_row row = {.name = mem_dup(name), .added = added};
	for (size_t v = 0; v < VERDICTS; v++)
		row.count[v] = counts[v];
	return row;
}

static void print_text(const struct stats *s)
{
	command_out("%llu article%s: %llu done, %llu reviewing, %llu without a decision",
	            (unsigned long long)s->articles, s->articles == 1 ? "" : "s", (unsigned long long)s->status[STATUS_DONE],
	            (unsigned long long)s->status[STATUS_REVIEWING], (unsigned long long)s->status[STATUS_NONE]);
	if (s->failed)
		command_out("; %llu more could not be read", (unsigned long long)s->failed);
	command_out("\n");
	if (s->flagged || s->lost)
		command_out("%llu item%s flagged, %llu span%s whose text is lost\n", (unsigned long long)s->flagged, s->flagged == 1 ? "" : "s",
		            (unsigned long long)s->lost, s->lost == 1 ? "" : "s");
	struct stat_row kinds[] = {row_of_counts("spans", s->spans, s->added),
	                           row_of_counts("relations", s->relations, 0), row_of_counts("fields", s->fields, 0)};
	print_rows("kind", kinds, COUNT_OF(kinds), true);
	print_rows("label", s->labels, s->n_labels, true);
	print_rows("proposed by", s->rules, s->n_rules, false);
	print_paces(s);
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		mem_free(kinds[i].name);
}

/* ---- as JSON ------------------------------------------------------------------------------------------------ */

static struct node *counts_node(const uint64_t counts[VERDICTS])
{
	struct node *o = node_map();
	for (size_t i = 0; i < VERDICTS; i++)
		node_put(o, str_of(verdict_name(order[i])), node_number(counts[order[i]]));
	return o;
}

static struct node *rows_node(const struct stat_row *rows, size_t n, bool added)
{
	struct node *o = node_map();
	for (size_t i = 0; i < n; i++) {
		struct node *row = counts_node(rows[i].count);
		if (added)
			node_put(row, S("added"), node_number(rows[i].added));
		node_put(o, str_of(rows[i].name), row);
	}
	return o;
}

static void print_json(const struct stats *s)
{
	struct node *o = node_map(), *articles = node_map(), *paces = node_map();
	node_put(articles, S("all"), node_number(s->articles));
	node_put(articles, S("done"), node_number(s->status[STATUS_DONE]));
	node_put(articles, S("reviewing"), node_number(s->status[STATUS_REVIEWING]));
	node_put(articles, S("failed"), node_number(s->failed));
	node_put(o, S("articles"), articles);
	node_put(o, S("flagged"), node_number(s->flagged));
	node_put(o, S("lost"), node_number(s->lost));
	node_put(o, S("added"), node_number(s->added));
	node_put(o, S("spans"), counts_node(s->spans));
	node_put(o, S("relations"), counts_node(s->relations));
	node_put(o, S("fields"), counts_node(s->fields));
	node_put(o, S("labels"), rows_node(s->labels, s->n_labels, true));
	node_put(o, S("rules"), rows_node(s->rules, s->n_rules, false));
	for (size_t i = 0; i < s->n_paces; i++) {
		struct node *p = node_map();
		node_put(p, S("decisions"), node_number(s->paces[i].decisions));
		node_put(p, S("seconds"), node_number(s->paces[i].seconds));
		node_put(paces, str_of(s->paces[i].by), p);
	}
	node_put(o, S("annotators"), paces);
	command_out_node(o);
}

static int run(const struct command_line *l)
{
	struct stats_job job = {.line = l};
	struct article_visitor v = {.ctx = &job, .visit = visit, .session = true, .doing = "articles"};
	int status = command_each_article(l, &v);
	stats_finish(&job.stats);
	if (command_json(l))
		print_json(&job.stats);
	else if (status != EXIT_FAILED || job.stats.articles)
		print_text(&job.stats);
	stats_free(&job.stats);
	return status;
}

const struct command stats_command = {
    .name = "stats",
    .arguments = "PATH…",
    .summary = "count articles by status, spans by label and verdict, how often each rule is right, pace",
    .description = "Added spans are those that a person made; they count as accepted. Right and wrong are the accepted "
                   "and the rejected in a hundred "
                   "decided proposals of an extractor's rule; the rest was corrected. Of the pace, pauses of more than "
                   "five minutes are left out.",
    .least = 1,
    .most = SIZE_MAX,
    .run = run,
};
