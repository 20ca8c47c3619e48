/* keys: the key table, for a reader at a terminal, for the README, for the man page, for a program.
 *
 * Plain and --json show the keys as the user's configuration has them; --markdown and --roff the defaults, because they go
 * into documents. */
#include "tui/commands/command.h"
#include "tui/keys.h"
#include "model/segment.h"

enum { KEYS_WIDTH = 16, NAME_WIDTH = 24 };

static const char *context_word(enum key_context c)
{
	static const char *const words[KEY_CONTEXTS] = {
		[IN_EVERYWHERE] = "everywhere", [IN_ARTICLE] = "article", [IN_SELECT] = "select",   [IN_PANE] = "pane",
		[IN_TOGGLES] = "toggles",       [IN_LABELS] = "labels",   [IN_LIBRARY] = "library", [IN_END] = "end",
		[IN_HISTORY] = "history",       [IN_HELP] = "help",
	};
	return words[c];
}

struct listing {
	const struct keymap *keys;
	struct buf out;
	void (*group)(struct listing *, const char *title, bool first);
	void (*row)(struct listing *, const struct key_row *, struct str keys);
};

static void pad(struct buf *out, struct str text, unsigned width)
{
	visible_add(out, text, false);
	for (unsigned used = text_width(text, 1); used < width; used++)
		buf_addc(out, ' ');
	buf_addc(out, ' ');
}

/* ---- plain ----------------------------------------------------------------------------------------------------- */

static void plain_group(struct listing *l, const char *title, bool first)
{
	if (!first)
		buf_addc(&l->out, '\n');
	buf_adds(&l->out, title);
	buf_addc(&l->out, '\n');
}

static void plain_row(struct listing *l, const struct key_row *row, struct str keys)
{
	buf_adds(&l->out, "  ");
	pad(&l->out, keys, KEYS_WIDTH);
	pad(&l->out, str_of(action_name(row->action)), NAME_WIDTH);
	buf_adds(&l->out, action_help(row->action));
	buf_addc(&l->out, '\n');
}

/* ---- Markdown -------------------------------------------------------------------------------------------------- */

static void markdown_group(struct listing *l, const char *title, bool first)
{
	buf_addf(&l->out, "%s**%s**\n\n| key | does |\n| --- | --- |\n", first ? "" : "\n", title);
}

/* A code span for each key; a bar would end the cell and a backquote the span. */
static void markdown_keys(struct buf *out, struct str keys)
{
	for (size_t at = 0; at < keys.n;) {
		size_t blank = str_byte(keys, ' ', at);
		blank = blank == NOWHERE ? keys.n : blank;
		struct str key = str_sub(keys, at, blank);
		if (at > 0)
			buf_addc(out, ' ');
		if (str_eq(key, S("|")))
			buf_adds(out, "`\\|`");
		else if (str_eq(key, S("`")))
			buf_adds(out, "`` ` ``");
		else
			buf_addf(out, "`%.*s`", (int)key.n, key.p);
		at = blank + 1;
	}
}

static void markdown_text(struct buf *out, const char *text)
{
	for (; *text != 0; text++) {
		if (*text == '|' || *text == '*' || *text == '_' || *text == '<')
			buf_addc(out, '\\');
		buf_addc(out, *text);
	}
}

static void markdown_row(struct listing *l, const struct key_row *row, struct str keys)
{
	buf_adds(&l->out, "| ");
	markdown_keys(&l->out, keys);
	buf_adds(&l->out, " | ");
	markdown_text(&l->out, action_help(row->action));
	buf_adds(&l->out, " |\n");
}

/* ---- roff (man(7)) --------------------------------------------------------------------------------------------- */

/* What roff would read as a command or typeset as another character. */
static const char *roff_escape(char c)
{
	static const struct {
		char c;
		const char *escape;
	} escapes[] = {
		{'\\', "\\e"}, {'-', "\\-"}, {'\'', "\\(aq"}, {'`', "\\(ga"}, {'^', "\\(ha"}, {'~', "\\(ti"}, {'"', "\\(dq"},
	};
	for (size_t i = 0; i < COUNT_OF(escapes); i++)
		if (escapes[i].c == c)
			return escapes[i].escape;
	return NULL;
}

static void roff_text(struct buf *out, struct str text)
{
	if (str_starts(text, S(".")))
		buf_adds(out, "\\&");
	for (size_t i = 0; i < text.n; i++) {
		const char *escape = roff_escape(text.p[i]);
		if (escape != NULL)
			buf_adds(out, escape);
		else
			buf_addc(out, text.p[i]);
	}
}

static void roff_group(struct listing *l, const char *title, bool first)
{
	(void)first;
	buf_adds(&l->out, ".SS ");
	roff_text(&l->out, str_of(title));
	buf_addc(&l->out, '\n');
}

static void roff_row(struct listing *l, const struct key_row *row, struct str keys)
{
	buf_adds(&l->out, ".TP\n\\fB");
	roff_text(&l->out, keys);
	buf_adds(&l->out, "\\fR\n");
	roff_text(&l->out, str_of(action_help(row->action)));
	buf_addc(&l->out, '\n');
}

/* ---- JSON ------------------------------------------------------------------------------------------------------ */

static void json_row(struct listing *l, const struct key_row *row, struct str keys)
{
	(void)l;
	struct node *o = node_map(), *list = node_list();
	for (size_t at = 0; at < keys.n;) {
		size_t blank = str_byte(keys, ' ', at);
		blank = blank == NOWHERE ? keys.n : blank;
		node_add(list, node_text(str_sub(keys, at, blank)));
		at = blank + 1;
	}
	node_put_text(o, S("context"), str_of(context_word(row->context)));
	node_put_text(o, S("action"), str_of(action_name(row->action)));
	node_put(o, S("keys"), list);
	node_put_text(o, S("group"), str_of(row->group));
	node_put_text(o, S("help"), str_of(action_help(row->action)));
	command_out_node(o);
}

/* ---- the command ----------------------------------------------------------------------------------------------- */

static void list_all(struct listing *l)
{
	const struct key_row *rows;
	size_t n = key_rows(&rows);
	struct buf keys = {0};
	for (size_t i = 0; i < n; i++) {
		bool new_group = i == 0 || !str_eq(str_of(rows[i].group), str_of(rows[i - 1].group));
		if (new_group && l->group != NULL)
			l->group(l, rows[i].group, i == 0);
		buf_clear(&keys);
		keymap_keys(l->keys, rows[i].action, &keys);
		l->row(l, &rows[i], buf_str(&keys));
	}
	command_out_raw(buf_str(&l->out));
	buf_free(&keys);
	buf_free(&l->out);
}

static int run(const struct command_line *line)
{
	bool markdown = command_option(line, "--markdown") != NULL, roff = command_option(line, "--roff") != NULL;
	struct listing l = {.group = plain_group, .row = plain_row};
	struct user_config config = {0};
	struct keymap *keys = NULL;
	struct error err = {0};
	if (markdown)
		l = (struct listing){.group = markdown_group, .row = markdown_row};
	else if (roff)
		l = (struct listing){.group = roff_group, .row = roff_row};
	else if (command_json(line))
		l = (struct listing){.row = json_row};
	bool ok = (markdown || roff || user_config_read(&config, &err)) && keymap_new(&config, &keys, &err);
	l.keys = keys;
	if (ok)
		list_all(&l);
	ok = ok && command_flush(&err);
	if (!ok)
		command_error(line, &err);
	keymap_free(keys);
	user_config_free(&config);
	return ok ? EXIT_DONE : EXIT_FAILED;
}

static const struct option options[] = {
	{"--markdown", NULL, NULL, "tables for a README, with the default keys"},
	{"--roff", NULL, NULL, "man page source, with the default keys"},
	{NULL, NULL, NULL, NULL},
};

const struct command keys_command = {
	.name = "keys",
	.arguments = "",
	.summary = "the keys of the browser",
	.description = "Every action with its keys as your config.yaml has them, its name (which is what config.yaml remaps and "
	               "`:` takes) and what it does. With --json one object for each action: context, action, keys, group, help.",
	.options = options,
	.least = 0,
	.most = 0,
	.run = run,
};
