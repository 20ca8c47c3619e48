/* brat_reading: one .ann file while it is read; what brat_in.c (files, the order of lines), brat_index.c (lines and ids),
 * brat_spans.c (text-bound lines) and brat_said.c (what is said of spans) share.  Nobody else includes this.
 *
 * Nearly all lines of large files are text-bound, as zhupi would write them, and no other line speaks of them.  Such a
 * line becomes a plain span of the record; an item, to which more can be put, is made of a line when another speaks of
 * it, or when it is not as zhupi would write it. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_BRAT_READING_H
#define ZHUPI_ANNOTATIONS_FORMATS_BRAT_READING_H

#include "annotations/formats/brat.h"
#include "annotations/formats/units.h"

struct ann_line {
	struct str line; /* without its newline */
	struct str id, rest;
	size_t number;     /* 1-based */
	struct node *item; /* the span or relation it became; of an event: its trigger; NULL: none, or none yet */
	struct brat_bound bound;
	size_t first; /* of a T line: its fragments in `units` */
	char kind;    /* T E R A N # *; 0: not understood, kept as it is */
	bool placed;  /* a T line that stands where it says */
	bool referred; /* it is named by its id in `lines`: its item knows the rest */
	bool gone;     /* reported, or part of another line */
};

struct reading {
	struct record record;
	struct import_job *job;
	struct str text; /* of the article */
	struct ann_line *lines;
	size_t n;
	struct unit_span *units;
	size_t n_units;
	size_t *by_number; /* lines of T1, T2 …: index + 1 */
	size_t n_numbers;
	struct strmap ids;           /* all other ids -> index of the line, as bytes */
	struct strmap claimed;       /* attributes and notes that an item has already */
	struct buf canonical, plain; /* scratch */
};

/* ---- brat_index.c */
void brat_split(struct reading *r, struct str file, bool crlf);
/* Finds what each line is, and lines by their ids.  Lines that are broken are reported. */
void brat_index(struct reading *r);
/* When it is known which lines are parts of others: what is not understood, and kept as it is. */
void brat_tell_unknown(struct reading *r);
/* False: no line of it is one of brat's, though there are some. */
bool brat_is_standoff(const struct reading *r);
size_t brat_line_of(const struct reading *r, struct str id); /* index or NOWHERE */
/* Reports a line, which is not taken.  Always false. */
bool brat_fail(struct reading *r, struct ann_line *l, enum error_code code, const char *why);

/* ---- brat_spans.c */
/* Finds the place of every T line, by whatever unit fits.  False: none does (err). */
bool brat_place(struct reading *r, struct str file, struct error *err);
/* The item of a line; of a T line it is made now if it was not yet.  NULL: it has none. */
struct node *brat_item(struct reading *r, struct ann_line *l);
void brat_keep_line(struct reading *r, const struct ann_line *l, struct node *item);
/* After all that speaks of them: the T lines of which there is no item yet. */
void brat_take_spans(struct reading *r);
/* What a word or text of the file stands for; valid until the next call. */
struct str brat_plain(struct reading *r, struct str text);

/* ---- brat_said.c */
void brat_take_said(struct reading *r);

#endif
