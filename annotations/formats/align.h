/* align: tokens of a file without offsets, laid onto the text that they were taken from, or put together to a text.
 *
 * Blanks (U+3000 too) are passed over.  Where the next token does not stand at once, it is looked for a little
 * further on, and believed where the token behind it follows or is near; what is passed over is counted.  A token
 * that is not found has no place.  Work is linear in text and tokens. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_ALIGN_H
#define ZHUPI_ANNOTATIONS_FORMATS_ALIGN_H

#include "annotations/formats/record.h"

struct align_token {
	struct str form; /* borrowed until the end of align_to() or align_make() */
	size_t line;     /* of the file */
	bool sentence;   /* the first of one */
	bool close, close_after; /* nothing stands between it and the one before, or behind, in a text made of them */
	size_t off, end; /* out: bytes of the text; NOWHERE: not found */
	uint64_t from, to; /* out: code points */
};

struct align_tokens {
	struct align_token *list;
	size_t n, cap;
	bool made;       /* out: the text was made of them */
	bool characters; /* out, where it was: each is one character, and nothing stands between them */
};

struct align_report {
	size_t skipped; /* code points of the text that stand in no token, blanks apart */
	size_t first;   /* byte offset of the first of them */
	size_t missing; /* tokens that were not found */
};

void align_add(struct align_tokens *t, struct str form, size_t line, bool sentence);
void align_free(struct align_tokens *t);
void align_to(struct str text, struct align_tokens *t, struct align_report *report);
/* Makes the text: sentences have a line each, words a blank between; where there is Han, Han and marks stand close to
 * their neighbours, and of tokens that are characters Latin letters and digits too. */
void align_make(struct align_tokens *t, struct buf *text);
/* The text for tokens without one: of --text (the file, or in that folder the one of the article's name), else of the
 * article that is there already, else made of the tokens; places are filled and what was skipped is noted.  Puts `file`,
 * and `text` where there is one to put, into the record. */
bool align_record(struct record *r, const char *file, struct align_tokens *t, struct error *err);

#endif
