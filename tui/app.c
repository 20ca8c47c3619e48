/* app.c: what is open and the stack of screens, see app.h and screen.h. */
#include "tui/app.h"

#include "model/io.h"
#include "tui/places.h"

enum { LEAST_ROWS = 5, LEAST_COLS = 20 };

/* ---- what screens ask --------------------------------------------------------------------------------------- */

struct session *app_session(struct app *a)
{
	return a->session;
}

struct corpus *app_corpus(struct app *a)
{
	return a->corpus;
}

const struct user_config *app_config(const struct app *a)
{
	return &a->config;
}

void app_keys(const struct app *a, enum action action, struct buf *out)
{
	keymap_keys(a->keys, action, out);
}

struct places *app_places(struct app *a)
{
	return a->places;
}

bool app_read_only(const struct app *a)
{
	return a->read_only;
}

bool app_color(const struct app *a)
{
	return a->platform->color && !str_eq(str_of(a->config.palette), S("none"));
}

bool app_ascii(const struct app *a)
{
	return a->grid.ascii;
}

int app_lanes(const struct app *a)
{
	if (a->config.lanes >= 0)
		return a->config.lanes;
	return app_color(a) ? 0 : 1;
}

unsigned app_ambiguous(const struct app *a)
{
	return a->grid.ambiguous;
}

int app_rows(const struct app *a)
{
	return a->grid.rows;
}

int app_cols(const struct app *a)
{
	return a->grid.cols;
}

void app_draw_now(struct app *a)
{
	a->due = true;
}

bool app_draw_due(const struct app *a)
{
	return a->due;
}

void app_toggle_mouse(struct app *a)
{
	bool was = !str_eq(places_setting(a->places, S("mouse")), S("off"));
	a->mouse = a->platform->mouse(a->platform->ctx, !was);
	places_set_setting(a->places, S("mouse"), a->mouse ? S("on") : S("off"));
	app_say(a, a->mouse ? "Mouse on: the terminal's own selection needs Shift" : "Mouse off");
}

bool app_mouse(const struct app *a)
{
	return a->mouse;
}

/* ---- the stack ---------------------------------------------------------------------------------------------- */

struct screen *app_top(struct app *a)
{
	return a->n_levels ? &a->levels[a->n_levels - 1]->screen : NULL;
}

enum key_context app_context(struct app *a)
{
	struct screen *s = app_top(a);
	if (!s)
		return IN_EVERYWHERE;
	return s->ops->context_of ? s->ops->context_of(s) : s->ops->context;
}

static bool shows_article(const struct screen_ops *ops)
{
	return ops->context == IN_ARTICLE;
}

static struct str file_of(const struct level *l)
{
	if (l->screen.ops->file)
		return l->screen.ops->file(&l->screen);
	return str_of(l->file);
}

struct str app_level_file(struct app *a, size_t level)
{
	return file_of(a->levels[level]);
}

struct str app_top_file(struct app *a)
{
	return a->n_levels ? file_of(a->levels[a->n_levels - 1]) : STR_NONE;
}

static void close_level(struct level *l)
{
	asking_cancel(l->screen.app, &l->screen);
	if (l->screen.ops->close)
		l->screen.ops->close(&l->screen);
	mem_free(l->file);
	mem_free(l);
}

/* A screen that has just asked to be replaced is still running: it is closed when its event is dealt with. */
static void close_marked(struct app *a)
{
	size_t kept = 0;
	for (size_t i = 0; i < a->n_levels; i++) {
		struct level *l = a->levels[i];
		if (l->closing)
			close_level(l);
		else
			a->levels[kept++] = l;
	}
	a->n_levels = kept;
}

static void refresh_top(struct app *a)
{
	struct screen *s = app_top(a);
	if (s && s->ops->refresh)
		s->ops->refresh(s);
}

static bool open_screen(struct app *a, const struct screen_ops *ops, const void *arg, struct error *err)
{
	struct level *l = mem_alloc(sizeof(*l));
	l->screen = (struct screen){.ops = ops, .app = a};
	if (ops == &article_screen || ops == &history_screen)
		l->file = arg ? str_dup(((const struct article_arg *)arg)->file) : NULL;
	if (ops->open && !ops->open(&l->screen, arg, err)) {
		mem_free(l->file);
		mem_free(l);
		return false;
	}
	if (a->n_levels == a->cap_levels) {
		a->cap_levels = a->cap_levels ? a->cap_levels * 2 : 8;
		a->levels = mem_grow(a->levels, a->cap_levels, sizeof(*a->levels));
	}
	a->levels[a->n_levels++] = l;
	a->drop = a->drop || shows_article(ops);
	return true;
}

bool app_push(struct app *a, const struct screen_ops *ops, const void *arg)
{
	struct error err = {0};
	if (open_screen(a, ops, arg, &err))
		return true;
	app_error(a, &err);
	return false;
}

bool app_leads_on(const struct app *a)
{
	return a->n_levels > 1 || a->more_paths;
}

bool app_beside(struct app *a, struct str file, int step, bool work, struct str *out)
{
	for (size_t i = a->n_levels; i-- > 0;) {
		struct screen *s = &a->levels[i]->screen;
		if (!s->ops->beside)
			continue;
		*out = s->ops->beside(s, file, step, work);
		return true;
	}
	return false;
}

bool app_replace(struct app *a, const struct screen_ops *ops, const void *arg)
{
	struct level *old = a->n_levels ? a->levels[a->n_levels - 1] : NULL;
	if (!app_push(a, ops, arg))
		return false;
	if (old)
		old->closing = true;
	return true;
}

/* ---- showing an item ---------------------------------------------------------------------------------------- */

/* Done when the event is dealt with: the screen that asks may have to go. */
void app_show_item(struct app *a, struct str file, enum item_kind kind, struct str id)
{
	mem_free(a->item.file);
	mem_free(a->item.id);
	a->item.file = str_dup(file);
	a->item.id = str_dup(id);
	a->item.kind = kind;
	a->item.wanted = true;
}

static bool show_in(struct app *a, size_t level)
{
	struct screen *s = &a->levels[level]->screen;
	if (!s->ops->show || !str_eq(file_of(a->levels[level]), str_of(a->item.file)))
		return false;
	for (size_t i = level + 1; i < a->n_levels; i++)
		a->levels[i]->closing = true;
	close_marked(a);
	return s->ops->show(s, a->item.kind, str_of(a->item.id));
}

static void show_wanted(struct app *a)
{
	if (!a->item.wanted)
		return;
	a->item.wanted = false;
	for (size_t i = a->n_levels; i-- > 0;)
		if (shows_article(a->levels[i]->screen.ops)) {
			if (show_in(a, i))
				return;
			break;
		}
	for (size_t i = 0; i < a->n_levels; i++)
		if (a->levels[i]->screen.ops->context != IN_LIBRARY)
			a->levels[i]->closing = true;
	close_marked(a);
	struct article_arg arg = {.file = str_of(a->item.file), .item = str_of(a->item.id)};
	app_push(a, &article_screen, &arg);
}

/* After each event: screens that are through go, the one below is told. */
static void settle(struct app *a)
{
	struct screen *before = app_top(a);
	close_marked(a);
	show_wanted(a);
	if (app_top(a) != before)
		refresh_top(a);
	app_part_ask(a);
}

/* ---- decisions ---------------------------------------------------------------------------------------------- */

bool app_commit(struct app *a, struct group *g)
{
	struct error err = {0};
	if (group_empty(g)) {
		group_free(g);
		return true;
	}
	if (a->read_only) {
		group_free(g);
		app_say(a, "Opened with --read: nothing is changed");
		return false;
	}
	if (session_commit(a->session, g, &err))
		return true;
	app_error(a, &err);
	return false;
}

void app_undo(struct app *a, bool redo)
{
	struct error err = {0};
	struct undone undone = {0};
	struct str file = app_top_file(a);
	if (a->read_only) {
		app_say(a, "Opened with --read: nothing is changed");
		return;
	}
	bool ok = redo ? session_redo(a->session, file, &undone, &err) : session_undo(a->session, file, &undone, &err);
	if (!ok) {
		if (err.code == ERROR_MISSING) {
			app_say(a, "%s", err.message);
			error_clear(&err);
		} else {
			app_error(a, &err);
		}
		return;
	}
	app_say(a, "%s: %s", redo ? "Done again" : "Undone", undone.what ? undone.what : "");
	bool here = str_eq(str_of(undone.file), file) || app_context(a) == IN_LIBRARY;
	bool stays = app_context(a) == IN_HISTORY || (undone.kind == ITEM_ARTICLE && here);
	if (undone.file && !stays)
		app_show_item(a, str_of(undone.file), undone.kind, str_of(undone.id));
	else
		refresh_top(a);
	undone_free(&undone);
}

/* ---- events ------------------------------------------------------------------------------------------------- */

static unsigned ambiguous_width(const struct app *a)
{
	return a->config.ambiguous_width ? a->config.ambiguous_width : a->platform->ambiguous;
}

/* Marks of the interface are ambiguous characters: where those are wide, ASCII. */
static void set_width(struct app *a)
{
	a->grid.ambiguous = ambiguous_width(a);
	a->grid.ascii = a->platform->ascii || a->grid.ambiguous == 2;
}

/* An article is laid out for a width of ambiguous characters: when the terminal's turns out to be another, it is
 * opened anew. */
static void reopen_article(struct app *a)
{
	struct level *l = a->levels[a->n_levels - 1];
	char *file = str_dup(file_of(l));
	close_level(l);
	a->n_levels--;
	struct article_arg arg = {.file = str_of(file)};
	app_push(a, &article_screen, &arg);
	mem_free(file);
}

static void resize(struct app *a)
{
	int rows, cols;
	a->platform->size(a->platform->ctx, &rows, &cols);
	grid_resize(&a->grid, rows, cols);
	if (a->grid.ambiguous != ambiguous_width(a)) {
		set_width(a);
		if (a->n_levels && shows_article(app_top(a)->ops))
			reopen_article(a);
	}
	refresh_top(a);
}

/* A pause: everything that is only in the journal goes into the sidecars. */
static void idle(struct app *a)
{
	struct error err = {0};
	struct screen *s = app_top(a);
	if (s && s->ops->idle)
		s->ops->idle(s);
	if (!a->read_only && !session_save_in_pause(a->session, &err))
		app_error(a, &err);
	if (!places_save(a->places, &err) && !a->places_told) {
		a->places_told = true;
		app_error(a, &err);
	}
	error_clear(&err);
}

void app_answer(struct app *a, struct screen *s, enum answer answer)
{
	bool leaves = answer == QUIT || (answer == CLOSE && a->n_levels == 1);
	if (leaves && app_part_first(a, s, answer))
		return;
	if (answer == QUIT)
		a->quit = true;
	if (answer != CLOSE)
		return;
	for (size_t i = 0; i < a->n_levels; i++)
		if (&a->levels[i]->screen == s)
			a->levels[i]->closing = true;
}

/* True: there is more to draw. */
static bool load_top(struct app *a)
{
	struct screen *s = app_top(a);
	return s && s->ops->load && s->ops->load(s);
}

void app_handle(struct app *a, const struct input *in)
{
	load_top(a);
	switch (in->kind) {
	case INPUT_KEY: case INPUT_PASTE: case INPUT_MOUSE:
		app_input(a, in);
		break;
	case INPUT_RESIZE:
		resize(a);
		break;
	case INPUT_IDLE:
		idle(a);
		break;
	case INPUT_RESUME:
		resize(a);
		idle(a);
		break;
	case INPUT_END:
		a->quit = true;
		break;
	}
	settle(a);
}

bool app_work(struct app *a, int64_t until_ms)
{
	struct screen *s = app_top(a);
	bool finished = !s || !s->ops->work || s->ops->work(s, until_ms);
	finished = app_extract_work(a, until_ms) && finished;
	settle(a);
	return finished;
}

/* ---- drawing ------------------------------------------------------------------------------------------------ */

static void draw_too_small(struct grid *g)
{
	grid_textf(g, 0, 0, g->cols, PLAIN, "zhupi: %dx%d or more", LEAST_COLS, LEAST_ROWS);
}

static void draw_frame(struct app *a)
{
	struct screen *s = app_top(a);
	struct grid *g = &a->grid;
	grid_clear(g);
	if (g->rows < LEAST_ROWS || g->cols < LEAST_COLS) {
		draw_too_small(g);
	} else if (s) {
		s->ops->draw(s, g);
		message_draw(a, g);
		asking_draw(a, g);
	}
	a->platform->show(a->platform->ctx, g);
}

void app_draw(struct app *a)
{
	draw_frame(a);
	if (load_top(a))
		draw_frame(a);
	if (a->drop)
		a->platform->drop(a->platform->ctx);
	a->drop = a->due = false;
}

bool app_quitting(const struct app *a)
{
	return a->quit;
}

bool app_running(const struct app *a)
{
	return !a->quit && a->n_levels;
}

/* ---- opening and closing ------------------------------------------------------------------------------------ */

struct app *app_new(bool read_only, struct error *err)
{
	struct app *a = mem_alloc(sizeof(*a));
	a->read_only = read_only;
	if (user_config_read(&a->config, err) && keymap_new(&a->config, &a->keys, err))
		return a;
	app_free(a);
	return NULL;
}

void app_attach(struct app *a, const struct platform *platform)
{
	a->platform = platform;
	set_width(a);
	resize(a);
}

static bool is_folder(const char *path)
{
	struct stat st;
	return io_get()->stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* An article alone: the corpus knows its file name relative to the root. */
static bool open_article(struct app *a, const char *path, struct error *err)
{
	if (!corpus_count(a->corpus))
		return error_set(err, ERROR_MISSING, path, "there is no such article in its corpus");
	struct article_arg arg = {.file = corpus_entry(a->corpus, 0)->file};
	return open_screen(a, &article_screen, &arg, err);
}

static void close_corpus(struct app *a)
{
	app_extract_free(a);
	app_part_free(a);
	session_free(a->session);
	places_free(a->places);
	corpus_free(a->corpus);
	a->session = NULL;
	a->places = NULL;
	a->corpus = NULL;
	a->n_levels = 0;
	a->quit = a->places_told = false;
}

bool app_open(struct app *a, const char *path, struct error *err)
{
	close_corpus(a);
	if (!corpus_open_at_once(path, a->config.annotator, &a->corpus, err) ||
	    !session_open(a->corpus, a->read_only, &a->session, err))
		return false;
	app_part_watch(a);
	a->places = places_open(corpus_root(a->corpus));
	a->mouse = a->platform->mouse(a->platform->ctx, !str_eq(places_setting(a->places, S("mouse")), S("off")));
	return is_folder(path) ? open_screen(a, &library_screen, NULL, err) : open_article(a, path, err);
}

bool app_close(struct app *a, struct error *err)
{
	asking_cancel(a, NULL);
	while (a->n_levels) {
		struct level *l = a->levels[a->n_levels - 1];
		close_level(l);
		a->n_levels--;
	}
	bool ok = !a->session || session_close(a->session, err);
	/* What is only a help for the next time may fail. */
	if (a->places)
		(void)places_save(a->places, NULL);
	if (a->corpus)
		(void)corpus_remember(a->corpus, NULL);
	return ok;
}

void app_free(struct app *a)
{
	if (!a)
		return;
	close_corpus(a);
	message_clear(a);
	buf_free(&a->message.text);
	lineedit_free(&a->asking.line);
	mem_free(a->item.file);
	mem_free(a->item.id);
	mem_free(a->levels);
	grid_free(&a->grid);
	keymap_free(a->keys);
	user_config_free(&a->config);
	mem_free(a);
}
