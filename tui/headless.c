/* headless.c: see headless.h. */
#include "tui/headless.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "model/io.h"
#include "model/utf8.h"
#include "tui/commands/command.h"

#define SIZE_LIMIT 2000 /* rows or columns */

const char headless_help[] =
	"for developers\n"
	"  zhupi --headless COLSxROWS PATH           the browser by a script: instructions on stdin, one a line\n"
	"    keys y ] <Enter> …    keys by name, blanks between\n"
	"    type TEXT             characters, as an input method commits them\n"
	"    paste TEXT            a bracketed paste; \\n, \\t, \\\\ in it\n"
	"    mouse WHAT ROW COL    press, drag, release, double, wheel-up, wheel-down; counted from 0\n"
	"    resize COLSxROWS\n"
	"    idle                  nothing is typed for a second\n"
	"    wait                  finish all work (done after each instruction anyway)\n"
	"    screen                prints the screen between `--- screen` and `---`\n"
	"    styles                the same, with a line of styles under each row that has any\n"
	"    cursor                prints `cursor ROW COL` or `cursor none`\n"
	"    say TEXT              prints TEXT\n";

struct script {
	struct app *app;
	struct platform platform;
	int rows, cols;
	struct buf out;
	size_t line;
};

/* ---- the platform ------------------------------------------------------------------------------------------- */

static void show(void *ctx, struct grid *g)
{
	(void)ctx;
	(void)g;
}

static void nothing(void *ctx)
{
	(void)ctx;
}

static bool mouse(void *ctx, bool on)
{
	(void)ctx;
	return on;
}

static void size_of(void *ctx, int *rows, int *cols)
{
	const struct script *s = ctx;
	*rows = s->rows;
	*cols = s->cols;
}

/* ---- instructions ------------------------------------------------------------------------------------------- */

static void finish_work(struct script *s)
{
	while (app_running(s->app) && !app_work(s->app, io_now_ms() + 1000))
		continue;
}

static void give(struct script *s, struct input in)
{
	if (!app_running(s->app))
		return;
	app_handle(s->app, &in);
	if (app_running(s->app))
		app_draw(s->app);
}

static struct str next_word(struct str *rest)
{
	*rest = str_trim(*rest);
	struct str word = str_sub(*rest, 0, str_byte(*rest, ' ', 0));
	*rest = str_sub(*rest, word.n, rest->n);
	return word;
}

static bool wrong(struct script *s, const char *what, struct str word, struct error *err)
{
	return error_at(err, ERROR_USAGE, "stdin", s->line, 0, "%s: %.*s", what, (int)word.n, word.p);
}

static void give_character(struct script *s, uint32_t key)
{
	struct buf text = {0};
	utf8_add(&text, key);
	give(s, (struct input){.kind = INPUT_KEY, .key = key, .text = buf_str(&text)});
	buf_free(&text);
}

static bool do_keys(struct script *s, struct str rest, struct error *err)
{
	struct str word;
	while ((word = next_word(&rest)).n) {
		uint32_t key = key_of_name(word);
		if (!key)
			return wrong(s, "no such key", word, err);
		if (key >= 0x20 && key < KEY_NONE_)
			give_character(s, key);
		else
			give(s, (struct input){.kind = INPUT_KEY, .key = key});
	}
	return true;
}

static bool do_type(struct script *s, struct str rest, struct error *err)
{
	(void)err;
	codepoint cp;
	for (size_t off = 0, step; (step = utf8_step(rest, off, &cp)); off += step)
		give_character(s, cp);
	return true;
}

static bool do_paste(struct script *s, struct str rest, struct error *err)
{
	(void)err;
	struct buf text = {0};
	for (size_t i = 0; i < rest.n; i++) {
		char c = rest.p[i];
		if (c == '\\' && i + 1 < rest.n) {
			c = rest.p[++i];
			c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
		}
		buf_addc(&text, c);
	}
	give(s, (struct input){.kind = INPUT_PASTE, .text = buf_str(&text)});
	buf_free(&text);
	return true;
}

static bool do_mouse(struct script *s, struct str rest, struct error *err)
{
	static const char *const names[] = {
		[MOUSE_PRESS] = "press",   [MOUSE_DRAG] = "drag",         [MOUSE_RELEASE] = "release",
		[MOUSE_DOUBLE] = "double", [MOUSE_WHEEL_UP] = "wheel-up", [MOUSE_WHEEL_DOWN] = "wheel-down",
	};
	struct str what = next_word(&rest);
	uint64_t row, col;
	if (!str_number(next_word(&rest), &row) || !str_number(next_word(&rest), &col) || row > SIZE_LIMIT ||
	    col > SIZE_LIMIT)
		return wrong(s, "mouse WHAT ROW COL", what, err);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_eq(what, str_of(names[i]))) {
			give(s, (struct input){.kind = INPUT_MOUSE,
			                       .row = (int)row,
			                       .col = (int)col,
			                       .button = (enum mouse_button)i});
			return true;
		}
	return wrong(s, "no such button", what, err);
}

static bool read_size(struct script *s, struct str size, struct error *err)
{
	size_t x = str_byte(size, 'x', 0);
	uint64_t cols, rows;
	if (x == NOWHERE || !str_number(str_sub(size, 0, x), &cols) ||
	    !str_number(str_sub(size, x + 1, size.n), &rows) || !cols || !rows || cols > SIZE_LIMIT ||
	    rows > SIZE_LIMIT)
		return wrong(s, "a size is COLSxROWS, as in 80x24", size, err);
	s->rows = (int)rows;
	s->cols = (int)cols;
	return true;
}

static bool do_resize(struct script *s, struct str rest, struct error *err)
{
	if (!read_size(s, next_word(&rest), err))
		return false;
	give(s, (struct input){.kind = INPUT_RESIZE});
	return true;
}

static bool do_idle(struct script *s, struct str rest, struct error *err)
{
	(void)rest;
	(void)err;
	give(s, (struct input){.kind = INPUT_IDLE});
	return true;
}

static bool do_wait(struct script *s, struct str rest, struct error *err)
{
	(void)rest;
	(void)err;
	finish_work(s);
	return true;
}

static bool do_screen(struct script *s, struct str rest, struct error *err)
{
	(void)rest;
	(void)err;
	buf_adds(&s->out, "--- screen\n");
	if (app_running(s->app))
		grid_dump(&s->app->grid, &s->out, false);
	buf_adds(&s->out, "---\n");
	return true;
}

static bool do_styles(struct script *s, struct str rest, struct error *err)
{
	(void)rest;
	(void)err;
	buf_adds(&s->out, "--- styles\n");
	if (app_running(s->app))
		grid_dump_styles(&s->app->grid, &s->out);
	buf_adds(&s->out, "---\n");
	return true;
}

static bool do_cursor(struct script *s, struct str rest, struct error *err)
{
	(void)rest;
	(void)err;
	const struct grid *g = &s->app->grid;
	if (g->cursor_row < 0)
		buf_adds(&s->out, "cursor none\n");
	else
		buf_addf(&s->out, "cursor %d %d\n", g->cursor_row, g->cursor_col);
	return true;
}

static bool do_say(struct script *s, struct str rest, struct error *err)
{
	(void)err;
	buf_add(&s->out, rest);
	buf_addc(&s->out, '\n');
	return true;
}

static const struct {
	const char *name;
	bool (*run)(struct script *s, struct str rest, struct error *err);
} instructions[] = {
	{"keys", do_keys}, {"type", do_type}, {"paste", do_paste},   {"mouse", do_mouse},   {"resize", do_resize},
	{"idle", do_idle}, {"wait", do_wait}, {"screen", do_screen}, {"styles", do_styles}, {"cursor", do_cursor},
	{"say", do_say},
};

static bool obey(struct script *s, struct str line, struct error *err)
{
	struct str rest = line, name = next_word(&rest);
	if (!name.n || name.p[0] == '#')
		return true;
	rest = str_sub(rest, 1, rest.n);
	for (size_t i = 0; i < COUNT_OF(instructions); i++)
		if (str_eq(name, str_of(instructions[i].name)))
			return instructions[i].run(s, rest, err);
	return wrong(s, "no such instruction", name, err);
}

/* Answers go out as they come: whoever drives the program may wait for them. */
static bool flush_out(struct script *s, struct error *err)
{
	bool ok = io_write_all(STDOUT_FILENO, buf_str(&s->out), err);
	buf_clear(&s->out);
	return ok;
}

static bool read_script(struct script *s, struct error *err)
{
	char *line = NULL;
	size_t room = 0;
	bool ok = true;
	for (ssize_t n; ok && (n = getline(&line, &room, stdin)) > 0;) {
		s->line++;
		if (line[n - 1] == '\n')
			n--;
		ok = obey(s, (struct str){line, (size_t)n}, err);
		if (ok) {
			finish_work(s);
			if (app_running(s->app))
				app_draw(s->app);
			ok = flush_out(s, err);
		}
	}
	free(line);
	return ok;
}

static bool run(struct script *s, const char *size, const char *path, struct error *err)
{
	const char *no_color = getenv("NO_COLOR");
	if (!read_size(s, str_of(size), err))
		return false;
	s->platform = (struct platform){.ctx = s,
	                                .show = show,
	                                .redraw = nothing,
	                                .drop = nothing,
	                                .suspend = nothing,
	                                .leave = nothing,
	                                .enter = nothing,
	                                .mouse = mouse,
	                                .size = size_of,
	                                .color = !(no_color && *no_color),
	                                .ambiguous = 1};
	app_attach(s->app, &s->platform);
	if (!app_open(s->app, path, err))
		return false;
	app_draw(s->app);
	finish_work(s);
	app_draw(s->app);
	return read_script(s, err) && app_close(s->app, err);
}

int headless_run(struct app *a, const char *size, const char *path)
{
	struct script s = {.app = a};
	struct error err = {0};
	bool ok = run(&s, size, path, &err);
	buf_free(&s.out);
	if (!ok)
		command_error(NULL, &err);
	return ok ? EXIT_DONE : EXIT_FAILED;
}
