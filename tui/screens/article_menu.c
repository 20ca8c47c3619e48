/* article_menu: choices by one key in a box over the text, and the toggles of what is shown.  See article.h. */
#include "tui/screens/article.h"

/* ---- menus -------------------------------------------------------------------------------------------------- */

void menu_free(struct menu *m)
{
	for (size_t i = 0; i < m->n; i++)
		mem_free(m->list[i].text);
	mem_free(m->list);
	mem_free(m->title);
	*m = (struct menu){0};
}

void menu_open(struct review *v, const char *title, enum review_mode after, void (*chosen)(struct screen *, size_t))
{
	menu_free(&v->menu);
	v->menu.title = mem_dup(title);
	v->menu.after = after;
	v->menu.chosen = chosen;
	v->mode = MODE_MENU;
}

void menu_close(struct review *v)
{
	v->mode = v->menu.after;
	menu_free(&v->menu);
}

static bool key_taken(const struct menu *m, char key)
{
	for (size_t i = 0; i < m->n; i++) {
		if (m->list[i].key == key)
			return true;
	}
	return false;
}

/* A letter of its text that no other entry has, else any free one. */
static char free_key(const struct menu *m, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c >= 'a' && c <= 'z' && !key_taken(m, c))
			return c;
	}
	for (char c = 'a'; c <= 'z'; c++) {
		if (!key_taken(m, c))
			return c;
	}
	return 0;
}

void menu_add(struct review *v, char key, struct str text, size_t value)
{
	struct menu *m = &v->menu;

	if (m->n == m->cap) {
		m->cap = m->cap ? m->cap * 2 : 16;
		m->list = mem_grow(m->list, m->cap, sizeof(*m->list));
	}
	m->list[m->n] = (struct menu_entry){key && !key_taken(m, key) ? key : 0, str_dup(text), value};
	m->n++;
}

/* Keys for those entries that brought none. */
static void menu_find_keys(struct menu *m)
{
	for (size_t i = 0; i < m->n; i++) {
		if (!m->list[i].key)
			m->list[i].key = free_key(m, str_of(m->list[i].text));
	}
}

void menu_labels(struct review *v, const char *title, enum review_mode after, void (*chosen)(struct screen *, size_t))
{
	const struct schema *schema = set_schema(v->doc->set);

	menu_open(v, title, after, chosen);
	for (size_t i = 0; i < schema->n_labels; i++) {
		const struct label *l = &schema->labels[i];
		struct buf text = {0};

		buf_add(&text, l->name);
		if (l->zh.n) {
			buf_addc(&text, ' ');
			buf_add(&text, l->zh);
		}
		menu_add(v, l->key, buf_str(&text), i);
		buf_free(&text);
	}
	menu_find_keys(&v->menu);
}

enum answer menu_text(struct review *v, struct str typed)
{
	struct menu *m = &v->menu;
	void (*chosen)(struct screen *, size_t) = m->chosen;
	char key = typed.n ? typed.p[0] : 0;
	size_t at = NOWHERE;

	menu_find_keys(m);
	for (size_t i = 0; i < m->n && at == NOWHERE; i++) {
		if (key && m->list[i].key == key)
			at = i;
	}
	/* A digit names the entry at that place. */
	if (at == NOWHERE && key >= '0' && key <= '9')
		at = key == '0' ? 9 : (size_t)(key - '1');
	if (at >= m->n) {
		app_say(v->app, "Esc leaves the menu");
		return DONE;
	}
	at = m->list[at].value;
	menu_close(v);
	chosen(v->screen, at);
	return DONE;
}

/* ---- boxes over the lower part of the text ------------------------------------------------------------------- */

struct rect menu_box(struct review *v, struct grid *g, int lines, struct str title)
{
	struct rect r = v->text_rect;
	int used;

	if (lines + 1 < r.rows) {
		r.row += r.rows - lines - 1;
		r.rows = lines + 1;
	}
	grid_fill(g, r, PLAIN);
	for (int col = 0; col < r.cols; col++)
		grid_put(g, r.row, r.col + col, grid_mark(g, MARK_HLINE), 1, PLAIN);
	used = grid_text(g, r.row, r.col + 2, r.cols - 4, title, (struct style){COLOR_DEFAULT, STYLE_BOLD});
	grid_text(g, r.row, r.col + 1, 1, S(" "), PLAIN);
	grid_text(g, r.row, r.col + 2 + used, 1, S(" "), PLAIN);
	return (struct rect){r.row + 1, r.col + 1, r.rows - 1, r.cols - 2};
}

static int menu_width(struct review *v)
{
	unsigned widest = 8;

	for (size_t i = 0; i < v->menu.n; i++) {
		unsigned width = text_width(str_of(v->menu.list[i].text), app_ambiguous(v->app)) + 8;

		widest = width > widest ? width : widest;
	}
	return (int)(widest < 40 ? widest : 40);
}

void menu_draw(struct review *v, struct grid *g)
{
	struct menu *m = &v->menu;
	int width = menu_width(v), columns = v->text_rect.cols / width, lines;
	struct rect r;

	menu_find_keys(m);
	if (columns < 1)
		columns = 1;
	lines = ((int)m->n + columns - 1) / columns;
	r = menu_box(v, g, lines, str_of(m->title));
	for (size_t i = 0; i < m->n; i++) {
		int row = r.row + (int)i / columns, col = r.col + (int)i % columns * width, used = 0;

		if (row >= r.row + r.rows)
			break;
		if (m->list[i].key)
			used = grid_textf(g, row, col, r.cols, (struct style){COLOR_DEFAULT, STYLE_BOLD}, "%c",
			                  m->list[i].key);
		if (i < 10 && (m->list[i].key < '0' || m->list[i].key > '9'))
			used += grid_textf(g, row, col + used, r.cols, (struct style){COLOR_DEFAULT, STYLE_DIM}, " %zu",
			                   (i + 1) % 10);
		grid_text(g, row, col + used + 1, width - used - 2, str_of(m->list[i].text), PLAIN);
	}
}

/* ---- toggles ------------------------------------------------------------------------------------------------ */

static const char *script_name(enum script script)
{
	return script == SCRIPT_HANS ? "simplified" : script == SCRIPT_HANT ? "traditional" : "as written";
}

static const char *pane_name(enum pane_place place)
{
	static const char *const names[PANE_PLACES] = {"by the width", "right", "below", "hidden"};

	return names[place];
}

static const char *toggle_state(struct review *v, enum action action)
{
	struct reading_options o = reading_options(v->reading);

	switch (action) {
	case TOGGLE_GLOSSES:
		return o.show_glosses || o.raw ? "shown" : "hidden";
	case TOGGLE_MOJIBAKE:
		return o.show_mojibake || o.raw ? "shown" : "hidden";
	case TOGGLE_FURNITURE:
		return o.show_furniture || o.raw ? "open" : "folded";
	case TOGGLE_SCRIPT:
		return script_name(o.raw ? SCRIPT_RAW : o.script);
	case TOGGLE_RAW:
		return o.raw ? "on" : "off";
	case TOGGLE_WORD_STEP:
		return v->word_step ? "words" : "characters";
	case TOGGLE_LANES:
		return v->text.lanes ? "on" : "off";
	case TOGGLE_PANE:
		return pane_name(v->pane.place);
	case TOGGLE_REJECTED:
		return v->hide_rejected ? "hidden" : "shown";
	case TOGGLE_MOUSE:
		return app_mouse(v->app) ? "on" : "off";
	default:
		return "";
	}
}

static bool is_toggle(const struct key_row *row)
{
	return row->context == IN_TOGGLES && row->action != TOGGLE_NOTHING;
}

void toggles_draw(struct review *v, struct grid *g)
{
	const struct key_row *rows;
	size_t n = key_rows(&rows), shown = 0;
	int width = 30, columns = v->text_rect.cols / width > 0 ? v->text_rect.cols / width : 1, count = 0;
	struct rect r;

	for (size_t i = 0; i < n; i++)
		count += is_toggle(&rows[i]);
	r = menu_box(v, g, (count + columns - 1) / columns, S("Show"));
	for (size_t i = 0; i < n; i++) {
		struct buf keys = {0};
		int row = r.row + (int)shown / columns, col = r.col + (int)shown % columns * width;

		if (!is_toggle(&rows[i]))
			continue;
		shown++;
		app_keys(v->app, rows[i].action, &keys);
		if (row < r.row + r.rows) {
			int used = grid_text(g, row, col, 6, buf_str(&keys), (struct style){COLOR_DEFAULT, STYLE_BOLD});

			grid_textf(g, row, col + used + 1, width - used - 2, PLAIN, "%s %s",
			           action_hint(rows[i].action), toggle_state(v, rows[i].action));
		}
		buf_free(&keys);
	}
}

static void set_options(struct review *v, struct reading_options o)
{
	const struct span *span = review_span(v);

	reading_set_options(v->reading, o);
	if (span && span->anchoring != ANCHOR_LOST && (v->shown && str_eq(str_of(v->shown), span->id)))
		review_center(v, span->off);
	else
		review_scroll(v, 0);
}

static void toggle_reading(struct review *v, enum action action)
{
	struct reading_options o = reading_options(v->reading);

	if (action == TOGGLE_GLOSSES)
		o.show_glosses = !o.show_glosses;
	else if (action == TOGGLE_MOJIBAKE)
		o.show_mojibake = !o.show_mojibake;
	else if (action == TOGGLE_FURNITURE)
		o.show_furniture = !o.show_furniture;
	else if (action == TOGGLE_SCRIPT)
		o.script = o.script == SCRIPT_RAW ? SCRIPT_HANS : o.script == SCRIPT_HANS ? SCRIPT_HANT : SCRIPT_RAW;
	else
		o.raw = !o.raw;
	set_options(v, o);
}

static bool toggle(struct review *v, enum action action)
{
	switch (action) {
	case TOGGLE_GLOSSES:
	case TOGGLE_MOJIBAKE:
	case TOGGLE_FURNITURE:
	case TOGGLE_SCRIPT:
	case TOGGLE_RAW:
		toggle_reading(v, action);
		return true;
	case TOGGLE_WORD_STEP:
		v->word_step = !v->word_step;
		return true;
	case TOGGLE_LANES:
		v->text.lanes = !v->text.lanes;
		return true;
	case TOGGLE_PANE:
		v->pane.place = (v->pane.place + 1) % PANE_PLACES;
		return true;
	case TOGGLE_REJECTED:
		v->hide_rejected = !v->hide_rejected;
		return true;
	default:
		return false;
	}
}

enum answer toggle_act(struct review *v, enum action action)
{
	v->mode = MODE_TEXT;
	if (action == TOGGLE_MOUSE) {
		app_toggle_mouse(v->app);
		return DONE;
	}
	if (toggle(v, action)) {
		app_say(v->app, "%s: %s", action_hint(action), toggle_state(v, action));
		review_arrange(v, app_rows(v->app), app_cols(v->app));
		return DONE;
	}
	return action == ACT_CANCEL || action == TOGGLE_NOTHING ? DONE : PASS;
}

/* The first furniture on screen opens or folds; what the current span holds open stays open. */
void fold_here(struct review *v)
{
	size_t off = v->top_off, length = article_text(v->doc->article).n;

	for (int row = 0; row < textview_rows(&v->text, v->text_rect) && off < length;) {
		const struct block *b = layout_block(v->layout, off);

		if (!b)
			break;
		if (b->folded || zone_is_furniture(b->zone)) {
			reading_toggle_fold(v->reading, b->off);
			review_scroll(v, 0);
			return;
		}
		row += (int)b->n_rows;
		off = b->end;
	}
	app_say(v->app, "No furniture on screen");
}
