/* log: who decided what and when. */
#include "model/utf8.h"
#include "tui/commands/articles.h"

/* A line end or a tab of a name is a mark: one event, one line. */
static char *on_one_line(const char *text)
{
	struct buf out = {0};
	visible_add(&out, str_of(text), false);
	return buf_take(&out);
}

static void print_event(const struct event *e)
{
	char *time = on_one_line(e->time), *by = on_one_line(e->by), *what = on_one_line(e->what), *from = on_one_line(e->from);
	command_out("%-20s  %-10s  %s%s  (%s)\n", time, by, e->undone ? "undone: " : "", what, from);
	mem_free(time);
	mem_free(by);
	mem_free(what);
	mem_free(from);
}

static void print_json(struct str file, const struct event *e)
{
	struct node *o = node_map();
	node_put_text(o, S("file"), file);
	node_put_text(o, S("time"), str_of(e->time));
	node_put_text(o, S("by"), str_of(e->by));
	node_put_text(o, S("what"), str_of(e->what));
	node_put_text(o, S("kind"), str_of(item_kind_name(e->kind)));
	node_put_text(o, S("id"), str_of(e->id));
	node_put_text(o, S("from"), str_of(e->from));
	node_put(o, S("undone"), node_plain(e->undone ? S("true") : S("false")));
	command_out_node(o);
}

struct log_job {
	const struct command_line *line;
};

static bool visit(void *ctx, struct corpus *c, struct session *s, struct str file, const char *path)
{
	const struct command_line *l = ((struct log_job *)ctx)->line;
	struct history h = {0};
	struct error err = {0};
	(void)s;
	if (!history_of(c, file, &h, &err)) {
		command_error(l, &err);
		return false;
	}
	if (h.n && command_operands(l) + corpus_count(c) > 2 && !command_json(l))
		command_out("%s\n", path);
	for (size_t i = 0; i < h.n; i++) {
		if (command_json(l))
			print_json(file, &h.list[i]);
		else
			print_event(&h.list[i]);
	}
	history_free(&h);
	return true;
}

static int run(const struct command_line *l)
{
	struct log_job job = {l};
	struct article_visitor v = {.ctx = &job, .visit = visit};
	return command_each_article(l, &v);
}

const struct command log_command = {
    .name = "log",
    .arguments = "ARTICLE…",
    .summary = "list who decided what and when",
    .description =
        "One line for each decision, oldest first: time (UTC), annotator, what was done, and in brackets where that is "
        "known from: the "
        "name of a journal, or the sidecar where no journal tells. Decisions that were undone stay in the list.",
    .least = 1,
    .most = SIZE_MAX,
    .run = run,
};
