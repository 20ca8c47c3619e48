/* app_act.c: actions that no screen took, actions by name, and an editor outside; see app.h. */
#include <stdlib.h>
#include <unistd.h>

#include "model/io.h"
#include "model/process.h"
#include "model/utf8.h"
#include "tui/app.h"
#include "tui/commands/near.h"

#define NOTE_LIMIT ((size_t)1 << 20)

/* ---- what is the same on every screen ----------------------------------------------------------------------- */

static void show_help(struct app *a)
{
	enum key_context context = app_context(a);
	if (context != IN_HELP)
		app_push(a, &help_screen, &context);
}

static enum answer act_everywhere(struct app *a, enum action action)
{
	switch (action) {
	case ACT_HELP:
		show_help(a);
		return DONE;
	case ACT_COMMAND:
		app_command_line(a);
		return DONE;
	case ACT_UNDO: case ACT_REDO:
		app_undo(a, action == ACT_REDO);
		return DONE;
	case ACT_REDRAW:
		a->platform->redraw(a->platform->ctx);
		return DONE;
	case ACT_SUSPEND:
		a->platform->suspend(a->platform->ctx);
		return DONE;
	case ACT_CANCEL:
		if (app_extract_cancel(a))
			return DONE;
		app_say(a, "Nothing to cancel: q %s, : and a name does anything",
		        app_context(a) != IN_LIBRARY && app_leads_on(a) ? "goes back" : "quits");
		return DONE;
	case LIB_QUIT:
		return QUIT;
	default:
		app_say(a, "%s has no meaning here", action_name(action));
		return DONE;
	}
}

enum answer app_act(struct app *a, enum action action)
{
	struct screen *s = app_top(a);
	enum answer answer = s && s->ops->act ? s->ops->act(s, action) : PASS;
	return answer == PASS ? act_everywhere(a, action) : answer;
}

/* ---- actions by name ---------------------------------------------------------------------------------------- */

static bool offered(struct app *a, enum action action)
{
	enum key_context where = action_context(action);
	return where == app_context(a) || where == IN_EVERYWHERE || action == LIB_QUIT;
}

/* Names of actions that may be meant by `typed`, divided by blanks; answers how many, and what they begin with in
 * common. */
static size_t matching(struct app *a, struct str typed, struct buf *names, struct str *common, enum action *last)
{
	size_t n = 0;
	for (enum action action = ACTION_NONE + 1; action < ACTIONS; action++) {
		struct str name = str_of(action_name(action));
		if (!offered(a, action) || !str_starts(name, typed))
			continue;
		size_t same = 0;
		while (n && same < name.n && same < common->n && name.p[same] == common->p[same])
			same++;
		*common = n ? str_sub(name, 0, same) : name;
		*last = action;
		buf_addf(names, "%s%s", n++ ? "  " : "", action_name(action));
	}
	return n;
}

void app_command_complete(struct app *a)
{
	struct buf names = {0};
	struct str common = STR_NONE, typed = str_trim(lineedit_text(&a->asking.line));
	enum action last = ACTION_NONE;
	size_t n = matching(a, typed, &names, &common, &last);
	if (n)
		lineedit_start(&a->asking.line, common);
	mem_free(a->asking.candidates);
	a->asking.candidates = n == 1 ? NULL : n ? buf_take(&names) : mem_dup("no action begins like that");
	buf_free(&names);
}

/* With the action that may be meant, where one is near. */
static void say_unknown(struct app *a, struct str typed)
{
	for (enum action action = ACTION_NONE + 1; action < ACTIONS; action++)
		if (offered(a, action) && near_is_meant(typed, str_of(action_name(action)))) {
			app_say(a, "There is no action %.*s here, but %s is one", (int)typed.n, typed.p, action_name(action));
			return;
		}
	app_say(a, "There is no action %.*s here: Tab after : lists them", (int)typed.n, typed.p);
}

void app_command_run(struct app *a, struct str typed)
{
	typed = str_trim(typed);
	if (!typed.n)
		return;
	struct buf names = {0};
	struct str common;
	enum action exact = action_of_name(typed), only = ACTION_NONE;
	size_t n = matching(a, typed, &names, &common, &only);
	if (exact != ACTION_NONE && offered(a, exact))
		app_answer(a, app_top(a), app_act(a, exact));
	else if (n == 1)
		app_answer(a, app_top(a), app_act(a, only));
	else if (n)
		app_say(a, "%.*s: which one? %s", (int)typed.n, typed.p, names.p);
	else
		say_unknown(a, typed);
	buf_free(&names);
}

/* ---- an editor outside -------------------------------------------------------------------------------------- */

static const char *editor_command(void)
{
	const char *names[] = {"VISUAL", "EDITOR"};
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *value = getenv(names[i]);
		if (value && str_trim(str_of(value)).n)
			return value;
	}
	return "vi";
}

struct arguments {
	char **list; /* owned, ends with NULL */
	size_t n;
};

static void add_argument(struct arguments *args, char *argument)
{
	args->list = mem_grow(args->list, args->n + 2, sizeof(*args->list));
	args->list[args->n++] = argument;
	args->list[args->n] = NULL;
}

/* Divided at blanks, never by a shell. */
static void add_words(struct arguments *args, struct str command)
{
	for (command = str_trim(command); command.n; command = str_trim(command)) {
		struct str word = str_sub(command, 0, str_byte(command, ' ', 0));
		add_argument(args, str_dup(word));
		command = str_sub(command, word.n, command.n);
	}
}

static void arguments_free(struct arguments *args)
{
	for (size_t i = 0; i < args->n; i++)
		mem_free(args->list[i]);
	mem_free(args->list);
}

/* A new folder that nobody else may look into: the caller frees its path. */
static char *private_folder(struct error *err)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	uint64_t number;
	io_random(&number, sizeof(number));
	struct buf path = {0};
	buf_addf(&path, "%s/zhupi-%016llx", runtime && *runtime == '/' ? runtime : "/tmp", (unsigned long long)number);
	if (io_get()->mkdir(path.p, 0700) == 0)
		return buf_take(&path);
	error_errno(err, path.p, "make a folder for the editor");
	buf_free(&path);
	return NULL;
}

static bool run_editor(struct app *a, char *path, struct error *err)
{
	struct arguments args = {0};
	int status = 0;
	const char *command = editor_command();
	add_words(&args, str_of(command));
	add_argument(&args, mem_dup(path));
	a->platform->leave(a->platform->ctx);
	bool ok = process_run(args.list, &status, err);
	a->platform->enter(a->platform->ctx);
	arguments_free(&args);
	if (ok && status != 0)
		return error_set(err, ERROR_IO, NULL, "the editor %s ended with status %d: the text is as it was",
		                 command, status);
	return ok;
}

/* One line end at the end is the editor's, not the writer's. */
static bool read_edited(const char *path, struct buf *text, struct error *err)
{
	struct buf edited = {0};
	if (!io_read_file(path, NOTE_LIMIT, &edited, NULL, err)) {
		buf_free(&edited);
		return false;
	}
	struct str s = buf_str(&edited);
	if (!utf8_valid(s)) {
		buf_free(&edited);
		return error_set(err, ERROR_ENCODING, NULL,
		                 "what the editor wrote is not UTF-8: the text is as it was");
	}
	while (s.n && s.p[s.n - 1] == '\n')
		s.n--;
	buf_clear(text);
	buf_add(text, s);
	buf_free(&edited);
	return true;
}

bool app_external_edit(struct app *a, struct buf *text, struct error *err)
{
	char *folder = private_folder(err);
	if (!folder)
		return false;
	char *path = io_join(folder, "note.txt");
	struct buf with_end = {0};
	buf_add(&with_end, buf_str(text));
	if (text->n)
		buf_addc(&with_end, '\n');
	bool ok =
	    io_create_file(path, buf_str(&with_end), err) && run_editor(a, path, err) && read_edited(path, text, err);
	(void)io_get()->unlink(path);
	if (rmdir(folder) != 0)
		app_say(a, "Left behind: %s", folder);
	buf_free(&with_end);
	mem_free(path);
	mem_free(folder);
	return ok;
}
