/* Keys into the screens: the bytes of a terminal, through the reader that reads one, into the program as it runs, on a
 * small corpus that is made anew each time.  The first byte says how large the screen is, a byte FF what else may happen:
 * another size, a pause, coming back from Ctrl-Z. */
#include <stdlib.h>

#include "model/io.h"
#include "model/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "tui/app.h"

#define SIDECAR                                                                                                        \
	"zhupi: 1\nschema: report\nstatus: reviewing\nspans:\n"                                                      \
	"- id: bpost\n  label: ORG\n  at: [[5, 11]]\n  text: 开封市委书记\n  verdict: undecided\n"                         \
	"- id: cgao2\n  label: PERSON\n  at: [[11, 14]]\n  text: 高建军\n  verdict: undecided\n  flag: why\n"             \
	"- id: dlost\n  label: PLACE\n  at: [[1, 3]]\n  text: 不在\n  verdict: undecided\n"                            \
	"relations:\n- {id: rw7cd, type: holds, args: {from: cgao2, to: bpost}, verdict: undecided}\n"               \
	"fields:\n- {id: fxm4k, name: chair, value: 卢志军, spans: [], verdict: undecided}\n"                         \
	"notes:\n- {id: nk5tt, text: \"x\\u202Ey\", by: alice}\n"

struct driver {
	struct app *app;
	int rows, cols;
};

static void show(void *ctx, struct grid *g)
{
	const struct driver *d = ctx;
	HOLDS(g->rows == d->rows && g->cols == d->cols);
	for (int row = 0; row < g->rows; row++)
		for (int col = 0, left = 0; col < g->cols; col++) {
			const struct grid_cell *c = &g->cells[row * g->cols + col];
			HOLDS(c->width == 0 ? left > 0 : left == 0); /* wide ones are whole */
			left = c->width ? c->width - 1 : left - 1;
			HOLDS(col + left < g->cols);
			struct str text = c->bytes ? grid_cell_text(g, c) : STR_NONE;
			codepoint cp;
			for (size_t off = 0, step; (step = utf8_step(text, off, &cp)); off += step)
				HOLDS(!cp_is_hidden(cp));
		}
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
	const struct driver *d = ctx;
	*rows = d->rows;
	*cols = d->cols;
}

static void give(struct driver *d, const struct input *in)
{
	if (!app_running(d->app))
		return;
	app_handle(d->app, in);
	if (app_running(d->app))
		app_draw(d->app);
	while (app_running(d->app) && !app_work(d->app, io_now_ms() + 1000))
		continue;
}

static void resize(struct driver *d, unsigned byte)
{
	static const int rows[] = {24, 1, 2, 3, 5, 10, 12, 40}, cols[] = {80, 1, 2, 4, 9, 20, 60, 120};
	d->rows = rows[byte & 7];
	d->cols = cols[byte >> 3 & 7];
}

/* FF is in no UTF-8: it stands for what is no byte of a terminal. */
static void happen(struct driver *d, unsigned byte)
{
	struct input in = {.kind = byte & 0x80 ? INPUT_IDLE : byte & 0x40 ? INPUT_RESUME : INPUT_RESIZE};
	if (in.kind == INPUT_RESIZE)
		resize(d, byte);
	give(d, &in);
}

static void drive(struct driver *d, struct str input)
{
	struct input_reader *r = input_reader_new();
	struct input in;
	while (input.n) {
		size_t end = str_byte(input, '\xFF', 0);
		input_reader_feed(r, str_sub(input, 0, end));
		while (input_reader_next(r, 10000, &in))
			give(d, &in);
		input = end == NOWHERE ? STR_NONE : str_sub(input, end + 1, input.n);
		if (end != NOWHERE)
			happen(d, fuzz_byte(&input));
	}
	input_reader_free(r);
}

static void make_corpus(void)
{
	fuzz_empty();
	fuzz_put("c/zhupi.yaml", S("zhupi: 1\n"));
	fuzz_put("c/a.txt", S(FUZZ_ARTICLE));
	fuzz_put("c/a.txt.yaml", S(SIDECAR));
	fuzz_put("c/b/b.txt", S("會議實(shí)\xE2\x80\xAE\x1B[31m\n\xFF\n  下一篇。张三丰说:好。\n"));
	fuzz_put("c/c.txt", S(""));
}

void fuzz_screens(struct str input)
{
	struct error err = {0};
	struct driver d = {0};
	struct platform platform = {.ctx = &d, .show = show, .redraw = nothing, .drop = nothing, .suspend = nothing,
	                            .leave = nothing, .enter = nothing, .mouse = mouse, .size = size_of, .color = true,
	                            .ambiguous = 1};
	fuzz_folder();
	make_corpus();
	HOLDS(unsetenv("EDITOR") == 0 && unsetenv("VISUAL") == 0 && setenv("EDITOR", "false", 1) == 0);
	unsigned first = fuzz_byte(&input);
	resize(&d, first);
	platform.ambiguous = 1 + (first >> 6 & 1);
	d.app = app_new(first >> 7, &err);
	HOLDS(d.app);
	app_attach(d.app, &platform);
	SUCCEEDS(app_open(d.app, "c", &err), &err);
	app_draw(d.app);
	drive(&d, input);
	SUCCEEDS(app_close(d.app, &err), &err);
	app_free(d.app);
}
