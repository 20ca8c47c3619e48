/* units: what the offsets of a file count.
 *
 * Programs count code points (Python), UTF-16 code units (JavaScript, Java), bytes (C, Go) or grapheme clusters; their
 * end is the place after the last character or that character itself; and CRLF is one for those that read in text mode.
 * A format declares one of these and files do not always hold to it, so every span that brings its text is compared
 * with the article under each of the hypotheses.
 *
 * What is declared is taken when it fits all spans, or when nothing else fits more (then those that misfit are reported
 * one by one and the others are right).  Another unit is taken when it fits every span, what is declared does not, and
 * all units that fit agree where the spans are.  Else the file is refused with the first misfit: nothing is guessed.
 * A span without text fits where its ends are places between characters.  One pass over the text for each hypothesis
 * that is tried, over offsets sorted once. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_UNITS_H
#define ZHUPI_ANNOTATIONS_FORMATS_UNITS_H

#include "model/base.h"

enum offset_unit { UNIT_CP, UNIT_UTF16, UNIT_BYTES, UNIT_GRAPHEMES, OFFSET_UNITS };

struct unit {
	enum offset_unit unit;
	bool inclusive; /* the end is the last character */
	bool lf;        /* CRLF counts as one */
};

struct unit_span {
	uint64_t start, end; /* in: as the file has them */
	struct str text;     /* that came with them; p NULL: none */
	size_t line, column; /* of the file, for messages */
	size_t off, stop;    /* out: bytes of the article, half-open; NOWHERE: there is no such place */
	uint64_t from, to;   /* out: code points, half-open */
	bool fits;           /* out: what stands there is the text that came */
};

/* Finds the unit and fills the spans' `out` members.  False: none can be told (err: path, line and column of the first
 * misfit). */
bool units_find(struct str text, struct unit declared, struct unit_span *spans, size_t n, const char *path,
                struct unit *found, struct error *err);
/* Fills the spans by a unit that is known. */
void units_place(struct str text, struct unit unit, struct unit_span *spans, size_t n);
/* "UTF-16 code units, with an end that is the last character, CRLF as one" */
const char *units_name(struct unit unit);

#endif
