/* conll: what the reader and the writer of tagged tokens share, with the formats that have the same tokens. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_CONLL_H
#define ZHUPI_ANNOTATIONS_FORMATS_CONLL_H

#include "annotations/formats/record.h"
#include "annotations/formats/tags.h"

struct conll_token {
	size_t off, end; /* bytes */
	size_t span;     /* the span it is in, or NOWHERE */
	size_t at, of;   /* which token of how many of the span */
	bool sentence;   /* the first of one */
};

struct conll_tokens {
	struct conll_token *list;
	size_t n, cap;
	enum tag_scheme scheme;
	char separator; /* of letter and label */
};

/* The article in tokens: graphemes or words (job->level, else by the script), no blanks, divided where spans begin and
 * end.  No sentence ends within a span.  What spans lose is counted. */
void conll_tokens_of(const struct outgoing *o, struct conll_tokens *out);
void conll_tokens_free(struct conll_tokens *t);
/* Appends the tag of token i. */
void conll_tag(struct buf *out, const struct outgoing *o, const struct conll_tokens *t, size_t i);

bool conll_export(struct export_job *job, struct doc *d, struct error *err);

#endif
