/* tokens: a text divided for formats that want tokens: Han and marks stand alone, letters and digits in runs.
 *
 * Blanks are no tokens, unless something begins or ends with one; or all of them are but single spaces after a token,
 * so that texts of tokens put together are the text again (spaCy).  Offsets are bytes. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_TOKENS_H
#define ZHUPI_ANNOTATIONS_FORMATS_TOKENS_H

#include "annotations/formats/record.h"

struct token {
	size_t off, end;
	bool space; /* one space follows, which is no token of its own */
	bool blank; /* it is itself a blank */
};

struct tokens {
	struct token *list;
	size_t n, cap;
};

enum token_mode {
	TOKENS_WORDS, /* ends of spans may lie within a token */
	TOKENS_EXACT  /* no token holds the end of a span in it; blanks are kept */
};

void tokens_find(const struct outgoing *o, enum token_mode mode, struct tokens *out);
void tokens_free(struct tokens *t);
size_t tokens_at(const struct tokens *t, size_t off);     /* the first token that ends behind off; t->n: none */
size_t tokens_before(const struct tokens *t, size_t end); /* the last token that starts before end; NOWHERE: none */

#endif
