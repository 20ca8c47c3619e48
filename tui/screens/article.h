/* article: the screen on which an article is read and its spans are judged.  Private to article*.c, pane*.c and end.c.
 *
 * One struct review for each screen, freed when it closes; it borrows the open doc from the session and owns reading,
 * layout and the rest.  A span is remembered by its id, because indices change with every edit; `index` is looked up
 * again when the set's version says so.
 *
 * Files: article.c dispatch, article_open.c opening and leaving, article_view.c geometry and text, article_queue.c
 * order and filter, article_judge.c verdicts and edges, article_bulk.c many at once, article_select.c selecting,
 * article_mouse.c the mouse, article_menu.c menus and toggles, article_why.c reasons, article_search.c search,
 * article_relate.c relations, article_zone.c parts of the page, article_conflict.c what could not be merged,
 * article_seen.c what was on screen, pane_list.c what the pane lists, pane.c its keys, pane_detail.c what it tells of
 * one item, pane_draw.c how, pane_edit.c editing in it, end.c the end card.
 *
 * `off` is a byte of the raw text, `rank` a place in the queue, `index` one in the set, `row` a screen row or a line
 * of the pane. */
#ifndef ZHUPI_TUI_SCREENS_ARTICLE_H
#define ZHUPI_TUI_SCREENS_ARTICLE_H

#include "model/find.h"
#include "model/noise.h"
#include "tui/lineedit.h"
#include "tui/places.h"
#include "tui/screen.h"
#include "tui/textview.h"

enum review_mode { MODE_TEXT, MODE_SELECT, MODE_PANE, MODE_TOGGLES, MODE_MENU, MODE_END };
enum queue_order { ORDER_POSITION, ORDER_SCORE, ORDER_LABEL, ORDER_STRING, QUEUE_ORDERS };
enum pane_place { PANE_AUTO, PANE_RIGHT, PANE_BELOW, PANE_HIDDEN, PANE_PLACES };

/* The order in which spans are gone through, where it is not simply that of the set; made again when the set or the
 * wish changed. */
struct queue {
	enum queue_order order;
	uint16_t label; /* only this one; PAINT_NO_LABEL: all */
	bool made;
	unsigned version;
	uint32_t *list; /* rank to index */
	uint32_t *rank; /* index to rank, UINT32_MAX where the filter leaves it out */
	size_t n;
};

/* A choice of one out of a few, each by a key. */
struct menu_entry {
	char key; /* 0: by its digit only */
	char *text;
	size_t value;
};
struct menu {
	char *title;
	struct menu_entry *list;
	size_t n, cap;
	enum review_mode after; /* mode when it is closed */
	void (*chosen)(struct screen *s, size_t value);
};

struct selection {
	size_t caret, anchor; /* starts of characters; without `anchored` only the caret counts */
	bool anchored;
	size_t origin;  /* where growing by units began */
	enum unit unit; /* last grown to */
	unsigned goal;  /* column that rows are moved in */
	bool goal_set;
	bool dragging;
	bool adding; /* label first: each selection gets `label` */
	uint16_t label;
};

enum pane_section { SECTION_FIELDS, SECTION_SPANS, SECTION_RELATIONS, SECTION_NOTES, SECTIONS };

/* A line of the pane's list. */
enum pane_kind { LINE_TITLE, LINE_FIELD, LINE_EMPTY_FIELD, LINE_SPAN, LINE_RELATION, LINE_NOTE, LINE_NONE };
struct pane_line {
	enum pane_kind kind;
	size_t index; /* of the item in the set; of the section for a title; of the field type for an empty field */
};

/* A line of the part below the list, about one item. */
enum detail_kind {
	DETAIL_HEAD,
	DETAIL_GROUP, /* how many read alike, in the order by string */
	DETAIL_TEXT,
	DETAIL_SOURCE,
	DETAIL_VALUE,
	DETAIL_ATTRIBUTE,
	DETAIL_LINK,
	DETAIL_NOTE,
	DETAIL_FLAG
};
struct detail_line {
	enum detail_kind kind;
	size_t index; /* of the attribute type, of the link (its number: a new one) */
	int rows;     /* drawn on so many, by pane_divide() */
};
struct detail {
	enum item_kind item;
	struct str id; /* borrowed from the set */
	struct detail_line *list;
	size_t n, cap;
};

struct field_rows {
	struct pane_line *list;
	size_t n, cap;
	unsigned version;
	bool made;
};

/* Relations by the place of their first end, then of the other: in the set they stand by their ids. */
struct relation_rows {
	uint32_t *list; /* place to index */
	size_t n;
	unsigned version;
	bool made;
};

struct pane {
	enum pane_place place;
	bool shown_once; /* asked for where there is no room beside the text */
	size_t at;       /* line of the list that has the focus */
	size_t first;    /* line at the top of the list */
	bool in_detail;
	size_t detail_at;
	bool singly;    /* from the end card, to judge what is left */
	bool from_text; /* the detail was entered from the text: leaving it leads back there */
	struct field_rows fields;
	struct relation_rows relations;
	struct lineedit edit;
	bool editing;
	struct detail_line edit_line;
	bool edit_adds; /* a new item rather than a change */
	bool edit_once; /* asked for from the text: back there when it is done */
	bool edit_from_list; /* of the pane, not of the detail: back there when it is done */
	enum item_kind edit_kind;
	char *edit_id;    /* of the item, or the name of a new field */
	size_t choice;    /* value offered by Tab and arrows, NOWHERE before the first */
	struct buf typed; /* what had been typed before: offers begin with it */
};

struct seen {
	struct fragment *list; /* sorted, apart: what was on screen */
	size_t n, cap;
};

/* A search on its way through the article, in slices between keys. */
enum search_for { SEARCH_TYPED, SEARCH_ENTERED, SEARCH_AGAIN };
struct search_run {
	bool on;
	enum search_for what;
	int step;        /* 1 forward, -1 backward */
	size_t from;     /* where it began … */
	size_t at, to;   /* … and what is left of the part before or after that */
	bool round;      /* the other part is looked through */
};

struct search {
	struct search_run run;
	struct find_pattern *pattern; /* NULL: nothing is searched */
	struct noise_facts facts;
	size_t at;             /* the match that was gone to, NOWHERE once a span became current since */
	char *query;           /* as it was entered */
	size_t from, top;      /* where the search began, to return to */
	char *current;         /* id of the current span then */
	struct fragment *list; /* matches on screen */
	size_t n, cap;
};

struct review {
	struct app *app;
	struct screen *screen;
	char *file;
	struct doc *doc;
	struct reading *reading;
	struct layout *layout;
	struct textview text;
	struct buf headline;
	struct buf zones_applied; /* those of the sidecar that the reading has, in words */
	unsigned zones_version;
	size_t zone_off, zone_end; /* asked about */

	enum review_mode mode;
	struct rect text_rect, pane_rect; /* pane_rect.rows 0: no pane */
	bool pane_right;
	size_t top_off;        /* raw offset of the first row shown, which outlives a new layout */
	unsigned reading_seen; /* version of the reading that text.top belongs to */

	struct {
		char *item;
		bool review;
	} wanted; /* see struct article_arg */
	char *current; /* id of the current span, NULL: none */
	size_t index;
	unsigned index_version;
	size_t current_off; /* where it was last, to find a neighbour when it goes */
	char *shown;        /* id of the span that the last frame showed as current */
	char *judged;       /* id of the span that had the last verdict */
	bool word_step, hide_rejected, why;
	enum verdict bulk; /* what app_ask was asked about */

	struct queue queue;
	struct menu menu;
	struct selection select;
	struct pane pane;
	struct seen seen;
	struct search search;
	char *relate_from; /* id of the span a relation begins at; NULL: none is being made */
	char *relate_to;
	size_t end_unseen, end_first_unseen;
	bool asked_conflict, told_changed; /* said once is enough */
	int64_t saved_ms, save_cost_ms;    /* when the sidecar was last written in a pause, and how long that took */
};

struct review *review_of(const struct screen *s);

/* ---- article_open.c */
bool review_open(struct screen *s, const void *arg, struct error *err);
void review_make_headline(struct review *v);
void review_close(struct screen *s);
bool review_load(struct screen *s); /* the annotations, where the text was shown without them first */
void review_idle(struct screen *s);
void review_refresh(struct screen *s);
bool review_work(struct screen *s, int64_t until_ms);
/* The article before or after, or with `work` the next one that is not done. */
enum answer review_leave_for(struct review *v, int step, bool work);

/* ---- article_view.c */
void review_arrange(struct review *v, int rows, int cols); /* where text and pane are; keeps the place at a new width */
void review_center(struct review *v, size_t off);
void review_scroll(struct review *v, long rows); /* stops where the last row is on screen */
bool review_at_end(struct review *v);            /* the last row of the text is on screen */
void review_draw(struct screen *s, struct grid *g);
bool review_in_view(struct review *v, size_t off);
struct paint_request review_paint(struct review *v);
struct str verdict_mark(const struct grid *g, enum verdict verdict);

/* ---- current span */
const struct span *review_span(struct review *v); /* NULL: none */
size_t review_index(struct review *v);            /* or NOWHERE */
void review_go(struct review *v, size_t index);   /* makes it current and brings it into view; NOWHERE: none */
void review_go_id(struct review *v, struct str id);
/* Its reading text, cut in the middle. */
void review_quote(struct review *v, const struct span *span, unsigned cells, struct buf *out);
struct str review_label_name(const struct review *v, uint16_t label);

/* ---- article_queue.c */
void queue_forget(struct queue *q);
bool queue_stands(struct review *v, const struct group *g); /* asked before g is applied; then, after it: */
void queue_keep(struct review *v);
bool relations_stand(struct review *v, const struct group *g); /* the same of their order */
void relations_keep(struct review *v);
size_t queue_size(struct review *v);
size_t queue_index(struct review *v, size_t rank);
size_t queue_rank(struct review *v, size_t index); /* NOWHERE where the filter leaves it out */
bool span_open(const struct span *span);           /* waits for a verdict */
typedef bool (*span_test)(struct review *v, const struct span *span);
/* The ranks from *first to before *end whose spans read like the one at rank, and how many of them wait for a
 * verdict; in the order by string these are all of that string. */
void queue_group(struct review *v, size_t rank, size_t *first, size_t *end, size_t *open);
/* The next span after (step 1) or before (-1) the current one that passes; NOWHERE: none.  wrap: goes on at the other
 * end. */
size_t queue_step(struct review *v, int step, span_test test, bool wrap);
bool test_any(struct review *v, const struct span *span);
bool test_open(struct review *v, const struct span *span);
enum answer queue_act(struct review *v, enum action action);
const char *order_name(enum queue_order order);

/* ---- article_judge.c */
bool review_editable(struct review *v); /* says why not */
void review_say_trouble(struct review *v);
struct group *review_group(struct review *v);
/* Commits when ok, else shows the error and drops the group. */
bool review_commit(struct review *v, struct group *g, bool ok, struct error *err);
void review_judge(struct review *v, enum verdict verdict);
void review_label(struct review *v, size_t label);
void review_advance(struct review *v);
enum answer judge_act(struct review *v, enum action action);

/* ---- article_bulk.c */
void bulk_same(struct review *v);
void bulk_ask(struct review *v, enum verdict verdict);
bool same_string(struct review *v, const struct span *a, const struct span *b);

/* ---- article_select.c */
void select_start(struct review *v, size_t off);
void select_end(struct review *v);
void select_range(struct review *v, size_t *from, size_t *to);
enum answer select_act(struct review *v, enum action action);
void select_add(struct review *v, size_t label);
void select_put(struct review *v, size_t off);      /* the caret, while selecting */
/* Where a selection would begin: the last match, the current span, the first row. */
size_t select_place(struct review *v);
void select_unit(struct review *v, enum unit unit); /* round the place where growing began */

/* ---- article_mouse.c */
size_t span_at(struct review *v, size_t off); /* index of the innermost span there, or NOWHERE */
enum answer review_mouse(struct screen *s, const struct input *in);

/* ---- article_menu.c */
void menu_open(struct review *v, const char *title, enum review_mode after, void (*chosen)(struct screen *, size_t));
void menu_add(struct review *v, char key, struct str text, size_t value); /* key 0: one is found */
void menu_close(struct review *v);
void menu_free(struct menu *m);
void menu_labels(struct review *v, const char *title, enum review_mode after, void (*chosen)(struct screen *, size_t));
enum answer menu_text(struct review *v, struct str typed);
void menu_draw(struct review *v, struct grid *g);
enum answer toggle_act(struct review *v, enum action action);
void toggles_draw(struct review *v, struct grid *g);
void fold_here(struct review *v);
/* A box over the lower part of the text, of `lines` and a title where there is room; the rect within. */
struct rect menu_box(struct review *v, struct grid *g, int lines, struct str title);

/* ---- article_why.c */
void why_draw(struct review *v, struct grid *g);

/* ---- article_search.c */
bool search_work(struct review *v, int64_t until_ms); /* a slice; true: nothing is searched any more */
bool search_stop(struct review *v);                   /* whether one was on its way */
void search_ask(struct review *v);
void search_go(struct review *v, int step);
void search_end(struct review *v);
void search_look(struct review *v); /* finds the matches on screen */

/* ---- article_relate.c */
void relate_start(struct review *v);
void relate_finish(struct review *v);
bool relate_hint(struct review *v, struct buf *out); /* what is to be done now; false: no relation is being made */

/* ---- article_conflict.c */
void conflict_ask(struct review *v); /* what could not be merged: mine or theirs */

/* ---- article_zone.c */
void zones_sync(struct review *v); /* zones of the sidecar over those found, after any change of the set */
void zones_show(struct review *v, struct str id);
void zone_ask(struct review *v);

/* ---- pane_list.c */
size_t pane_lines(struct review *v);
struct pane_line pane_line(struct review *v, size_t row);
size_t pane_relation(struct review *v, size_t i); /* index of the i-th relation in the order of the text */
size_t pane_row_of(struct review *v, enum pane_kind kind, size_t index); /* NOWHERE: not listed */
size_t pane_focus_row(struct review *v); /* the line with the focus, or the current span's */
struct pane_line pane_focus(struct review *v);
/* The next undecided field or relation after a row, from the top after the last; NOWHERE: none is left. */
size_t pane_next_open(struct review *v, size_t row);
bool pane_item(struct review *v, struct pane_line line, enum item_kind *kind, struct str *id);

/* ---- pane.c */
void pane_enter(struct review *v, bool in_detail);
void pane_go(struct review *v, size_t row);
/* Focus on a field, relation or note; nothing when it is gone. */
void pane_go_item(struct review *v, enum item_kind kind, struct str id);
void pane_leave(struct review *v);
enum answer pane_act(struct review *v, enum action action);
enum answer pane_mouse(struct review *v, const struct input *in);
void pane_free(struct pane *p);

/* ---- pane_detail.c */
struct detail pane_detail(struct review *v); /* of the item in focus */
void detail_free(struct detail *d);
bool detail_editable(const struct detail *d, struct detail_line line);
size_t detail_first_editable(const struct detail *d); /* 0 when none is */
size_t detail_find(const struct detail *d, enum detail_kind kind, size_t index);
struct str detail_name(struct review *v, const struct detail *d, struct detail_line line);
void detail_value(struct review *v, const struct detail *d, struct detail_line line, struct buf *out);
const struct attribute_type *detail_attribute(struct review *v, struct detail_line line); /* NULL: not in the schema */

/* ---- pane_draw.c */
struct pane_parts {
	struct rect list, detail;   /* rows 0: not shown */
	size_t first, detail_first; /* lines at their tops */
};
struct pane_parts pane_divide(struct review *v, struct detail *d);
/* The line of d that is drawn on a screen row. */
size_t pane_detail_at(const struct pane_parts *p, const struct detail *d, int row);
void pane_draw(struct review *v, struct grid *g);

/* ---- pane_edit.c */
void edit_begin(struct review *v, struct detail_line line, bool adds); /* the line of the item in focus */
void edit_note_of_current(struct review *v);
void edit_outside(struct review *v); /* in $EDITOR */
void edit_stop(struct review *v);
const char *edit_hint(const struct review *v); /* for the footer */
enum answer edit_text(struct review *v, struct str typed);
enum answer edit_key(struct review *v, uint32_t key);
void edit_clear_line(struct review *v, const struct detail *d, struct detail_line line);
void edit_flag_of(struct review *v, enum item_kind kind, struct str id, bool flagged);

/* ---- end.c */
void end_show(struct review *v);
enum answer end_act(struct review *v, enum action action);
void end_draw(struct review *v, struct grid *g);

/* ---- article_seen.c */
void seen_add(struct seen *s, size_t off, size_t end);
void seen_load(struct review *v);
void seen_save(struct review *v);
/* Paragraphs of title, byline and body that were never on screen. */
size_t seen_missing(struct review *v, size_t *first);

#endif
