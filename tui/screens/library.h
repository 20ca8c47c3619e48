/* library: the articles of a corpus as a tree of folders: what is done, what is left, and the way into each.
 *
 * Private to tui/screens/library*.c, divided by subject: library.c keys, library_rows.c the tree and its rows,
 * library_draw.c columns, library_search.c what is found, library_preview.c the article beside the list,
 * library_extract.c proposals.
 *
 * Three steps lead from the corpus to the screen, each done again only when what it rests on changed: the tree (folders,
 * from file names; after a rescan), the order within each folder (when the order or a fact it needs changed), the rows
 * (when a folder opens or closes, or the filter changes).  Moving costs nothing but the rows drawn.  Facts (title, status,
 * counts) come in slices; an article whose facts are not known shows its file name.
 *
 * `entry` is an index for corpus_entry(), `folder` one in library.folders (0 is the root, which has no row), `line` one in
 * library.rows, `rank` one in library.sorted. */
#ifndef ZHUPI_TUI_SCREENS_LIBRARY_H
#define ZHUPI_TUI_SCREENS_LIBRARY_H

#include "model/find.h"
#include "model/layout.h"
#include "tui/lineedit.h"
#include "tui/places.h"
#include "tui/screen.h"
#include "tui/screens/state.h"
#include "tui/textview.h"

enum library_order { ORDER_NAME, ORDER_DATE, ORDER_STATUS, ORDER_PROGRESS, ORDER_TITLE, LIBRARY_ORDERS };
enum library_filter { FILTER_ALL, FILTER_UNREAD, FILTER_REVIEWING, FILTER_DONE, FILTER_FLAGGED, LIBRARY_FILTERS };

struct library_totals {
	size_t articles, known, done;
	uint64_t decided, proposed;
};

struct library_folder {
	struct str path;               /* "henan/2022"; of the root "" */
	size_t parent;                 /* NOWHERE for the root */
	size_t child, last, sibling;   /* first and last child, next sibling; NOWHERE: none */
	size_t from, n;                /* its own articles: a slice of library.sorted */
	size_t shown;                  /* articles below it that pass the filter */
	struct library_totals totals;  /* with all below it */
	unsigned depth;                /* of its row; articles in it are one deeper */
	bool open;
};

struct library_row {
	uint32_t index; /* folder or entry */
	bool folder;
};

struct library {
	struct app *app;
	struct corpus *corpus;
	struct places *places;

	struct arena names;                 /* paths of folders; renewed with the tree */
	struct library_folder *folders;
	size_t n_folders, cap_folders;
	uint32_t *folder_of;                /* of each entry */
	size_t n_entries;
	uint32_t *sorted;                   /* entries in the order shown, were every folder open */
	uint32_t *rank_of;                  /* of each entry */
	struct library_row *rows;
	size_t n_rows, cap_rows;

	enum library_order order;
	bool reversed;
	enum library_filter filter;
	size_t line;                        /* current row; 0 when there is none */
	size_t top;                         /* first row on the screen */
	int list_rows;                      /* rows of the list as last drawn or opened */

	bool dated;                         /* some article has a date: there is a column for it */
	size_t facts;                       /* corpus_facts() when totals were last added up … */
	int64_t counted_ms;                 /* … and when that was … */
	bool complete;                      /* … and whether every status was known */
	bool touched;                       /* by a key: what was open last is no longer gone to */
	bool rescanning;                    /* the folder is being walked again */
	int64_t sorted_ms;                  /* when the order was last renewed while facts came in */
	int64_t scanned_ms, scan_cost_ms;   /* when the folder was last walked, and how long it took */
	bool stale;                         /* facts came in that order or filter rest on */

	struct buf search;                  /* as typed; empty: none */
	struct find_pattern *pattern;       /* of it; NULL: none */
	bool nothing_found;                 /* by what is being typed */
	char *search_from;                  /* the file that was current when the search began; NULL: no search open */

	char *last;                         /* the article opened last, as far as was seen */
	bool preview;
	struct library_preview *shown;      /* NULL: nothing loaded */
};

/* ---- library_rows.c ------------------------------------------------------------------------------------------- */

void library_tree(struct library *l);  /* folders anew from the corpus, then order and rows */
void library_sort(struct library *l);  /* the order anew, then the rows */
void library_fill(struct library *l);  /* the rows anew; what is current stays so where it is shown */
void library_count(struct library *l); /* totals anew: O(articles) additions */
void library_free_rows(struct library *l);

enum article_state library_state(const struct library *l, const struct entry *e);
bool library_unread(const struct library *l, const struct entry *e);  /* never opened here, and not done: has the mark */
bool library_passes(const struct library *l, const struct entry *e);  /* the filter */
bool library_untitled(const struct entry *e);
struct str library_title(const struct entry *e); /* or, where there is none, the name of the file without its folder */
uint32_t library_day(struct str date); /* 20220314 of 2022-03-14, 2022/3/14, 2022年3月14日 …; 0: none */

void library_open_folder(struct library *l, size_t folder, bool open); /* remembered; rows are not renewed */
/* Makes the article's row current, opening the folders around it.  False when the filter hides it. */
bool library_go_entry(struct library *l, size_t entry);
void library_go_line(struct library *l, size_t line); /* clamped */
size_t library_entry_at(const struct library *l, size_t line);  /* NOWHERE on a folder's row */
size_t library_folder_at(const struct library *l, size_t line); /* the folder of the row, or around it */
size_t library_folder_line(const struct library *l, size_t folder); /* NOWHERE: not shown */
/* Of the article, or of the first one in the folder; 0 where there is none. */
size_t library_rank_at(const struct library *l, size_t line);
/* ---- library_extract.c ---------------------------------------------------------------------------------------- */

/* The article of the row, or what the filter shows of the folder of the row or (folder: also of an article's) around it. */
enum answer library_extract(struct screen *s, struct library *l, bool folder);

/* ---- library_search.c ----------------------------------------------------------------------------------------- */

void library_search(struct library *l, struct str text); /* what is searched for from now on; empty: nothing */
/* From rank `from` on (inclusive), forward or back, round the end: the next article whose title, or opening words, or
 * name holds the search; NOWHERE: none. */
size_t library_find(const struct library *l, size_t from, int step);
size_t library_matches(const struct library *l); /* how many there are among the articles that the filter shows */
enum answer library_ask(struct screen *s, struct library *l); /* what to search for, found while it is typed */
enum answer library_search_step(struct library *l, int step); /* the next match that the filter shows, round the end */
enum answer library_next_flagged(struct library *l);          /* the same for articles with a flag, or broken ones */
/* Where the search stands in text: bytes; false when it does not. */
bool library_match(const struct library *l, struct str text, size_t *off, size_t *end);

/* ---- library_draw.c ------------------------------------------------------------------------------------------- */

void library_draw(struct library *l, struct grid *g);
struct str library_order_name(enum library_order o);
struct str library_filter_name(enum library_filter f);

/* ---- library_preview.c ---------------------------------------------------------------------------------------- */

/* Where list and preview lie on a screen of that size; preview->rows 0: none. */
void library_places(const struct library *l, int rows, int cols, struct rect *list, struct rect *preview);
bool library_preview_step(struct library *l); /* loads what is current; true when nothing is left to do */
void library_preview_draw(struct library *l, struct grid *g, struct rect r);
void library_preview_drop(struct library *l);

#endif
