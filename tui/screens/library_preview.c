/* The article of the current row beside the list, or below it: to be read, not judged.
 *
 * It is opened apart from the session, read-only by nature: the session may forget its own documents at any time without
 * asking who looks at them.  What was decided is in the sidecar by then, because it is written when an article is left. */
#include "tui/screens/library.h"

#define BESIDE 110 /* columns from which there is room beside the list */
#define BELOW 12   /* rows from which there is room below it */

struct library_preview {
	char *file;
	struct doc *doc;      /* NULL: could not be opened */
	struct error error;
	struct reading *reading;
	struct layout *layout;
	struct textview view;
};

void library_places(const struct library *l, int rows, int cols, struct rect *list, struct rect *preview)
{
	int top = rows > 3, body = rows - top - 1;
	*list = (struct rect){top, 0, body > 0 ? body : 1, cols};
	*preview = (struct rect){0};
	if (!l->preview)
		return;
	if (cols >= BESIDE) {
		list->cols = cols / 2;
		*preview = (struct rect){top, cols / 2, list->rows, cols - cols / 2};
	} else if (rows >= BELOW) {
		list->rows = body / 2;
		*preview = (struct rect){top + list->rows, 0, body - list->rows, cols};
	}
}

void library_preview_drop(struct library *l)
{
	struct library_preview *p = l->shown;
	l->shown = NULL;
	if (p == NULL)
		return;
	layout_free(p->layout);
	reading_free(p->reading);
	doc_free(p->doc);
	error_clear(&p->error);
	mem_free(p->file);
	mem_free(p);
}

static struct library_preview *load(struct library *l, struct str file)
{
	struct library_preview *p = mem_alloc(sizeof(*p));
	p->file = str_dup(file);
	if (!doc_open(l->corpus, file, &p->doc, &p->error))
		return p;
	p->reading = reading_new(p->doc->article, corpus_zone_rules(l->corpus));
	p->layout = layout_new(p->reading, LAYOUT_MEASURE, app_ambiguous(l->app));
	p->view = (struct textview){
		.layout = p->layout,
		.color = app_color(l->app),
		.lanes = app_lanes(l->app),
		.schema = corpus_schema(l->corpus),
	};
	size_t off = places_get(l->places, file).off;
	if (off > 0 && off < article_text(p->doc->article).n)
		p->view.top = layout_place(p->layout, off, NULL);
	return p;
}

bool library_preview_step(struct library *l)
{
	if (!l->preview)
		return true;
	size_t entry = library_entry_at(l, l->line);
	if (entry == NOWHERE) {
		library_preview_drop(l);
		return true;
	}
	struct str file = corpus_entry(l->corpus, entry)->file;
	if (l->shown != NULL && str_eq(str_of(l->shown->file), file))
		return true;
	library_preview_drop(l);
	l->shown = load(l, file);
	return true;
}

static void draw_text(struct library *l, struct grid *g, struct rect r)
{
	struct library_preview *p = l->shown;
	if (p->doc == NULL) {
		(void)grid_text(g, r.row, r.col + 1, r.cols - 2, str_of(p->error.message), PLAIN);
		return;
	}
	if (article_text(p->doc->article).n == 0) {
		(void)grid_text(g, r.row, r.col + 1, r.cols - 2, S("an empty file"), PLAIN);
		return;
	}
	unsigned width = textview_measure(r);
	if (layout_width(p->layout) != width) {
		size_t off = layout_offset(p->layout, p->view.top, 0);
		layout_set_width(p->layout, width);
		p->view.top = layout_place(p->layout, off, NULL);
	}
	struct paint_request paint = {.set = p->doc->set, .current = NOWHERE};
	(void)textview_draw(&p->view, &paint, g, r);
}

void library_preview_draw(struct library *l, struct grid *g, struct rect r)
{
	if (r.col > 0) {
		for (int row = r.row; row < r.row + r.rows; row++)
			(void)grid_put(g, row, r.col, grid_mark(g, MARK_VLINE), 1, PLAIN);
		r.col++;
		r.cols--;
	} else {
		for (int col = 0; col < r.cols; col++)
			(void)grid_put(g, r.row, col, grid_mark(g, MARK_HLINE), 1, PLAIN);
		r.row++;
		r.rows--;
	}
	size_t entry = library_entry_at(l, l->line);
	if (l->shown == NULL || entry == NOWHERE || r.rows <= 0)
		return;
	if (str_eq(str_of(l->shown->file), corpus_entry(l->corpus, entry)->file))
		draw_text(l, g, r);
}
