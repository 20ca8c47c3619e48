/* app_row.c: the last row: messages, key hints, `saved N`, and what is asked there; see screen.h and app.h. */
#include <string.h>

#include "model/segment.h"
#include "model/utf8.h"
#include "tui/app.h"
#include "tui/wrap.h"

enum { MESSAGE_ROWS = 4, GAP = 2, PROMPT_LEAST = 20, MESSAGE_GAP = 4, HINTS_LEAST = 26 };

/* ---- messages ----------------------------------------------------------------------------------------------- */

void message_clear(struct app *a)
{
	buf_clear(&a->message.text);
	a->message.is_error = false;
}

void app_say(struct app *a, const char *format, ...)
{
	struct buf text = {0};
	va_list args;
	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	message_clear(a);
	visible_add(&a->message.text, buf_str(&text), false);
	buf_free(&text);
}

void app_error(struct app *a, struct error *err)
{
	if (err->code == ERROR_NONE)
		return;
	const char *message = err->message ? err->message : error_code_name(err->code);
	if (err->path && err->line)
		app_say(a, "%s:%zu:%zu: %s", err->path, err->line, err->column, message);
	else if (err->path)
		app_say(a, "%s: %s", err->path, message);
	else
		app_say(a, "%s", message);
	a->message.is_error = true;
	error_clear(err);
}

struct str app_message(const struct app *a)
{
	return buf_str(&a->message.text);
}

static struct style message_style(const struct app *a)
{
	return a->message.is_error ? (struct style){COLOR_RED, STYLE_BOLD} : PLAIN;
}

/* ---- the footer --------------------------------------------------------------------------------------------- */

/* What stands at the right: the mode, and how much is on the disk. */
static void add_right(struct app *a, const char *mode, struct buf *out)
{
	size_t before = out->n;
	app_extract_progress(a, out);
	if (out->n > before)
		buf_adds(out, "  ");
	if (mode && *mode)
		buf_addf(out, "%s  ", mode);
	if (a->read_only)
		buf_adds(out, "read only");
	else
		buf_addf(out, "saved %llu", (unsigned long long)session_saved(a->session));
	if (!a->read_only && session_journal_elsewhere(a->session))
		buf_adds(out, " (journal not in the corpus)");
}

/* The keys of rows[0] and of the rows below that have the same hint: they are one thing to the reader, as both directions
 * of both ends of a span are.  Answers how many rows. */
static size_t add_hint_keys(const struct app *a, const struct key_row *rows, size_t n, struct buf *out)
{
	const char *hint = action_hint(rows[0].action);
	struct buf key = {0};
	size_t same = 0, last = 0;
	for (; same < n && rows[same].context == rows[0].context && strcmp(action_hint(rows[same].action), hint) == 0; same++) {
		buf_clear(&key);
		keymap_first(a->keys, rows[same].action, &key);
		/* Marks stand together, names of keys apart. */
		if (last && (last > 1 || key.n > 1))
			buf_addc(out, ' ');
		buf_add(out, buf_str(&key));
		last = key.n;
	}
	buf_free(&key);
	return same;
}

/* `keys hint` at col when it fits before `limit`; the column after it, or col. */
static int draw_hint(struct grid *g, struct str keys, const char *hint, int col, int limit)
{
	int row = g->rows - 1,
	    width = (int)(text_width(keys, g->ambiguous) + text_width(str_of(hint), g->ambiguous)) + 1;
	if (!keys.n || col + width > limit)
		return col;
	int end = col + grid_text(g, row, col, width, keys, (struct style){COLOR_DEFAULT, STYLE_BOLD}) + 1;
	return end + grid_text(g, row, end, limit - end, str_of(hint), PLAIN) + GAP;
}

/* What last rows name and --read forbids. */
static bool is_change(enum action a)
{
	switch (a) {
	case ACT_UNDO:
	case ACT_ACCEPT:
	case ACT_REJECT:
	case ACT_LABEL_MENU:
	case ACT_END_RIGHT:
	case ACT_END_LEFT:
	case ACT_START_RIGHT:
	case ACT_START_LEFT:
	case ACT_ADD:
	case ACT_EDIT:
	case SEL_LABEL_MENU:
	case SEL_ADD:
	case PANE_EDIT:
	case PANE_ACCEPT:
	case PANE_REJECT:
	case PANE_ADD:
	case LIB_EXTRACT:
	case END_ACCEPT:
		return true;
	default:
		return false;
	}
}

/* How one gets out of a context again: nobody should have to look for that. */
static bool is_way_out(enum action a)
{
	switch (a) {
	case LIB_QUIT:
	case SEL_CANCEL:
	case PANE_FOCUS:
	case HIST_BACK:
	case HELP_BACK:
		return true;
	default:
		return false;
	}
}

static enum action way_out(enum key_context context)
{
	const struct key_row *rows;
	size_t n = key_rows(&rows);
	for (size_t i = 0; i < n; i++)
		if (rows[i].context == context && is_way_out(rows[i].action))
			return rows[i].action;
	return ACTION_NONE;
}

/* Keys and hint of one action, and what they take with the gap before them; 0 where no key is bound. */
static int hint_width(const struct app *a, const struct grid *g, enum action action, struct buf *keys)
{
	if (action != ACTION_NONE)
		keymap_first(a->keys, action, keys);
	if (!keys->n)
		return 0;
	return (int)(text_width(buf_str(keys), g->ambiguous) + text_width(str_of(action_hint(action)), g->ambiguous)) + 1 + GAP;
}

/* The context's own hints from col on, in the order of the table as far as they fit, then the way out and help, which is the
 * way to the others: these two always. */
static void draw_hints(struct app *a, struct grid *g, enum key_context context, int col, int limit)
{
	const struct key_row *rows;
	struct buf keys = {0}, out = {0}, help = {0};
	size_t n = key_rows(&rows), same;
	enum action leave = way_out(context);
	int help_width = hint_width(a, g, ACT_HELP, &help), out_width = hint_width(a, g, leave, &out);
	for (size_t i = 0; i < n; i += same) {
		const char *hint = action_hint(rows[i].action);
		same = 1;
		if (rows[i].context != context || !*hint || rows[i].action == leave || (a->read_only && is_change(rows[i].action)))
			continue;
		buf_clear(&keys);
		same = add_hint_keys(a, rows + i, n - i, &keys);
		col = draw_hint(g, buf_str(&keys), hint, col, limit - help_width - out_width);
	}
	if (out_width)
		col = draw_hint(g, buf_str(&out), action_hint(leave), col, limit - help_width);
	(void)draw_hint(g, buf_str(&help), action_hint(ACT_HELP), col, limit);
	buf_free(&keys);
	buf_free(&out);
	buf_free(&help);
}

/* Whether the message needs more than the last row and has it: the rows above. */
static bool spreads(struct app *a, const struct grid *g)
{
	struct buf right = {0};
	add_right(a, NULL, &right);
	int room = g->cols - 1 - (int)text_width(buf_str(&right), g->ambiguous) - GAP;
	buf_free(&right);
	return g->rows >= 3 + MESSAGE_ROWS && (int)text_width(app_message(a), g->ambiguous) > room;
}

static void draw_footer(struct app *a, struct grid *g, enum key_context context, const char *hint, const char *mode)
{
	struct buf right = {0};
	add_right(a, mode, &right);
	int row = g->rows - 1;
	struct str message = spreads(a, g) ? STR_NONE : app_message(a);
	int right_width = (int)text_width(buf_str(&right), g->ambiguous),
	    message_width = (int)text_width(message, g->ambiguous);
	if (right_width > g->cols * 2 / 3 || (message_width && message_width + right_width + GAP + 2 > g->cols)) {
		buf_clear(&right);
		add_right(a, NULL, &right);
	}
	int limit = g->cols - 1 - (int)text_width(buf_str(&right), g->ambiguous) - GAP;
	grid_right(g, row, 0, g->cols - 1, buf_str(&right), PLAIN);
	/* At one place whatever the length of most messages: hints that move with each key would be no help. */
	int after = 1 + message_width + MESSAGE_GAP, place = g->cols * 2 / 5;
	after = after > place ? after : place;
	if (message.n)
		grid_text(g, row, 1, limit, message, message_style(a));
	else if (hint)
		grid_text(g, row, 1, limit - 1, str_of(hint), PLAIN);
	else
		draw_hints(a, g, context, 1, limit);
	/* While one judges there is always a message: what the next key may be stands beside it where it has room. */
	if (message.n && !hint && !a->message.is_error && after + HINTS_LEAST <= limit)
		draw_hints(a, g, context, after, limit);
	buf_free(&right);
}

void app_footer(struct app *a, struct grid *g, enum key_context context, const char *mode)
{
	draw_footer(a, g, context, NULL, mode);
}

void app_footer_hint(struct app *a, struct grid *g, const char *hint)
{
	draw_footer(a, g, IN_EVERYWHERE, hint, NULL);
}

static void draw_above(struct grid *g, struct str text, struct style style)
{
	struct wrap lines = {0};
	wrap_text(&lines, text, (unsigned)(g->cols - 2), g->ambiguous);
	int n = lines.n < MESSAGE_ROWS ? (int)lines.n : MESSAGE_ROWS;
	style.flags |= STYLE_REVERSE;
	for (int i = 0; i < n; i++) {
		int row = g->rows - 1 - n + i;
		struct str line = lines.rows[i];
		/* What has no room is told by `…`. */
		if (i == n - 1)
			line = str_sub(text, (size_t)(line.p - text.p), text.n);
		grid_fill(g, (struct rect){row, 0, 1, g->cols}, style);
		grid_text(g, row, 1, g->cols - 2, line, style);
	}
	wrap_free(&lines);
}

void message_draw(struct app *a, struct grid *g)
{
	if (spreads(a, g))
		draw_above(g, app_message(a), message_style(a));
}

/* ---- what is asked ------------------------------------------------------------------------------------------ */

static void asking_start(struct app *a, struct screen *s, const char *label)
{
	asking_cancel(a, NULL);
	a->asking.screen = s;
	a->asking.label = mem_dup(label);
}

void app_prompt(struct app *a, struct screen *s, const char *label, struct str initial, const struct prompt_ops *ops)
{
	asking_start(a, s, label);
	a->asking.ops = ops;
	lineedit_start(&a->asking.line, initial);
}

void app_prompt_note(struct app *a, const char *format, ...)
{
	va_list args;
	if (!a->asking.label)
		return;
	va_start(args, format);
	buf_clear(&a->asking.note);
	buf_addv(&a->asking.note, format, args);
	va_end(args);
}

void app_ask(struct app *a, struct screen *s, const char *question, const char *keys,
             void (*answered)(struct screen *, char key))
{
	asking_start(a, s, question);
	a->asking.keys = keys;
	a->asking.answered = answered;
}

void app_insist(struct app *a, struct screen *s, const char *question, const char *keys,
                void (*answered)(struct screen *, char key))
{
	app_ask(a, s, question, keys, answered);
	a->asking.insists = true;
}

void app_command_line(struct app *a)
{
	asking_start(a, app_top(a), ":");
	a->asking.command = true;
	lineedit_start(&a->asking.line, STR_NONE);
}

/* Nothing is asked any more; what was is handed to the caller, who frees it.  Before anybody is told: they may ask
 * anew. */
static struct asking asking_take(struct app *a)
{
	struct asking was = a->asking;
	a->asking = (struct asking){0};
	return was;
}

static void asking_free(struct asking *was)
{
	mem_free(was->label);
	mem_free(was->candidates);
	buf_free(&was->note);
	lineedit_free(&was->line);
}

/* Told also when it was cancelled. */
static void asking_end(struct app *a, bool ok, char key)
{
	struct asking was = asking_take(a);
	if (was.keys && was.answered)
		was.answered(was.screen, ok ? key : 0);
	else if (was.ops && was.ops->done)
		was.ops->done(was.screen, lineedit_text(&was.line), ok);
	else if (was.command && ok)
		app_command_run(a, lineedit_text(&was.line));
	asking_free(&was);
}

void asking_cancel(struct app *a, struct screen *of)
{
	if (a->asking.label && (!of || a->asking.screen == of))
		asking_end(a, false, 0);
}

static void asking_changed(struct app *a)
{
	mem_free(a->asking.candidates);
	a->asking.candidates = NULL;
	buf_clear(&a->asking.note);
	if (a->asking.ops && a->asking.ops->changed)
		a->asking.ops->changed(a->asking.screen, lineedit_text(&a->asking.line));
}

static void answer_question(struct app *a, uint32_t key)
{
	uint32_t ascii = key_as_ascii(key);
	bool known = ascii > 0x20 && ascii < 0x7F && strchr(a->asking.keys, (int)ascii);
	if (!known && a->asking.insists)
		return;
	asking_end(a, known, known ? (char)ascii : 0);
}

static void line_key(struct app *a, const struct input *in)
{
	struct lineedit *line = &a->asking.line;
	if (in->text.n) {
		lineedit_type(line, in->text);
		asking_changed(a);
	} else if (in->key == KEY_ENTER_) {
		asking_end(a, true, 0);
	} else if (in->key == KEY_BACKSPACE_ && !line->text.n) {
		asking_end(a, false, 0);
	} else if (in->key == KEY_TAB_ && a->asking.command) {
		app_command_complete(a);
	} else if (lineedit_key(line, in->key)) {
		asking_changed(a);
	}
}

bool asking_input(struct app *a, const struct input *in)
{
	if (!a->asking.label)
		return false;
	message_clear(a);
	enum action action =
	    in->kind == INPUT_KEY && !in->text.n ? keymap_action(a->keys, IN_EVERYWHERE, in->key, NULL) : ACTION_NONE;
	if (in->kind == INPUT_PASTE && a->asking.keys) {
		app_say(a, "A paste was refused: a question is being asked");
	} else if (in->kind == INPUT_PASTE) {
		lineedit_type(&a->asking.line, in->text);
		asking_changed(a);
	} else if (action == ACT_CANCEL) {
		asking_end(a, false, 0);
	} else if (action == ACT_REDRAW || action == ACT_SUSPEND) {
		app_act(a, action);
	} else if (a->asking.keys) {
		answer_question(a, in->key);
	} else {
		line_key(a, in);
	}
	return true;
}

void asking_draw(struct app *a, struct grid *g)
{
	if (!a->asking.label)
		return;
	int row = g->rows - 1;
	struct str label = str_of(a->asking.label);
	grid_fill(g, (struct rect){row, 0, 1, g->cols}, PLAIN);
	int least = a->asking.keys ? 0 : g->cols / 2;
	int col = grid_text(g, row, 0, g->cols - 1 - least, label, (struct style){COLOR_DEFAULT, STYLE_BOLD});
	if (a->asking.keys) {
		g->cursor_row = row;
		g->cursor_col = col;
		if ((int)text_width(label, g->ambiguous) > g->cols - 1)
			draw_above(g, label, (struct style){COLOR_DEFAULT, STYLE_BOLD});
		return;
	}
	col += a->asking.command ? 0 : 1;
	int end = g->cols;
	struct str note = buf_str(&a->asking.note);
	if (note.n && col + PROMPT_LEAST + GAP + (int)text_width(note, g->ambiguous) < end)
		end = grid_right(g, row, 0, end - 1, note, PLAIN) - GAP;
	lineedit_draw(&a->asking.line, g, row, col, end - col, PLAIN, true);
	if (a->asking.candidates) {
		grid_fill(g, (struct rect){row - 1, 0, 1, g->cols}, (struct style){COLOR_DEFAULT, STYLE_REVERSE});
		grid_text(g, row - 1, 0, g->cols, str_of(a->asking.candidates),
		          (struct style){COLOR_DEFAULT, STYLE_REVERSE});
	}
}
