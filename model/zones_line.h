/* zones_line: one line of an article as zones_find.c looks at it; nobody but zones_*.c and a test of theirs includes
 * it.
 *
 * A line is folded (fold.h), glosses and mojibake taken out, blanks made one kind, ends trimmed; `cp` counts code
 * points of that.  A matcher holds the words of the rules; it borrows them. */
#ifndef ZHUPI_MODEL_ZONES_LINE_H
#define ZHUPI_MODEL_ZONES_LINE_H

#include "model/noise.h"
#include "model/utf8.h"
#include "model/zones.h"

/* A folded line.  off[i] is where cp[i] stands in the raw text, off[n] where the last one ends. */
struct folded {
	codepoint *cp;
	size_t *off;
	size_t n, cap;
};

struct matcher;

const struct matcher *matcher_of(const struct zone_rules *rules);
void matcher_done(const struct matcher *m, const struct zone_rules *rules);
/* Code points from i on that the longest word of each kind takes, blanks between ideographs included; 0 for none.
 * False when all are 0. */
bool matcher_at(const struct matcher *m, const struct folded *f, size_t i, size_t lengths[ZONE_WORDS]);

void folded_line(struct folded *f, struct str text, size_t off, size_t end, struct noise_facts facts); /* in place of what is there */
/* Adds it behind the lines that are there; answers where it begins among them. */
size_t folded_add(struct folded *lines, struct str text, size_t off, size_t end, struct noise_facts facts);
void folded_free(struct folded *f);

/* Code points of a date, of a clock time, of both from i on; 0 for none.  *full (may be NULL): a year and a day are there. */
size_t date_at(const struct folded *f, size_t i, bool *full);
size_t clock_at(const struct folded *f, size_t i);
size_t moment_at(const struct folded *f, size_t i, bool *full, bool *clock);

size_t blanks_at(const struct folded *f, size_t i);

enum line_class { LINE_BLANK, LINE_MARKS, LINE_PROSE, LINE_SHORT, LINE_DATE, LINE_BYLINE, LINE_TITLE, LINE_NOTICE, LINE_RELATED, LINE_SHARE,
                  LINE_NAV, LINE_SECTION, LINE_TICKER, LINE_LINK };

struct line {
	size_t off, end;           /* bytes, newline included */
	size_t folded, folded_end; /* where it stands among the folded lines; NOWHERE: it is not there */
	unsigned n;                /* code points */
	unsigned words;            /* those that are letters, digits, ideographs */
	unsigned han, digits, commas, bars, paths, tokens;
	unsigned stops;            /* 。!?; and full stops after words */
	unsigned full_stops;       /* 。 and ; */
	unsigned hits[ZONE_WORDS]; /* places where a word of the kind stands */
	unsigned cover[ZONE_WORDS];/* code points that they take */
	unsigned starts;           /* bit for each kind that has a word at the start, bullets and brackets passed over */
	unsigned labels;           /* bit for each kind that has one there with a colon after it */
	unsigned spaced;           /* bit for each kind that has one there with a blank after it */
	unsigned label_count;      /* labels of bylines anywhere, each with a colon */
	unsigned spaced_count;     /* the same with a blank instead of the colon */
	unsigned dated;            /* code points of dates and times */
	bool clock, full_date, weekday;
	bool bullet, ordinal, bracketed;
	bool ends_stop;            /* ends like a sentence */
	bool ends_colon;
	bool ends_date;
	unsigned legal;            /* how much it reads like a notice: 2 for each word of one, 1 for what other texts say too, none for what is quoted */
	unsigned colon;            /* code points before the first colon; n when there is none */
	enum line_class class;
	int weight;                /* how much it speaks for being part of the article */
	enum zone_kind kind;
};

/* Looks at the line [off, end) of the text and classes it by itself; adds it to the folded lines. */
void line_read(struct line *line, struct str text, size_t off, size_t end, struct noise_facts facts, const struct matcher *m,
               struct folded *lines);
struct folded line_folded(const struct line *line, const struct folded *lines); /* borrowed from them; only of one that is there */
bool line_has(const struct line *line, enum zone_word kind); /* starts with a word of the kind */

#endif
