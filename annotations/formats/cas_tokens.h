/* cas_tokens: the tokens and sentences of a CAS.  They are found anew in every text (tokens.h; a sentence ends with its
 * mark or its line), but for those that the file had otherwise: where these are is kept with the article under the
 * format's name, in code points, half-open, blanks between:
 *
 *   tokens: "3-5 5-9"     tokens that would not be found; `none`: the file has none at all
 *   no-tokens: "12-13"    tokens that would be found, and that the file has not
 *   sentences: "0-9 9-20" all of them, where they are others than would be found; `none`
 *   token-features: {pos: [TYPE …]}  references of each token to an annotation of one of these types at its place
 *
 * Only files of CAS include this. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_CAS_TOKENS_H
#define ZHUPI_ANNOTATIONS_FORMATS_CAS_TOKENS_H

#include "annotations/formats/cas.h"
#include "annotations/formats/tokens.h"

#define CAS_TOKEN_FEATURES "token-features"

struct cas_sentence {
	size_t off, end; /* bytes of the text */
};

/* {0} is an empty one; owns its list. */
struct cas_sentences {
	struct cas_sentence *list;
	size_t n;
};

/* Keeps what of the view's tokens and sentences would be found otherwise.  rows: as below. */
void cas_keep_tokens(struct record *r, const struct cas *c, const struct cas_view *view, bool rows);
/* Both are freed by the caller.  rows: for a format of one row a token, which has no text but that of its sentences: a
 * newline and blanks that follow stand for what lies between two, and each end of a span lies in a token. */
void cas_find_tokens(const struct outgoing *o, bool rows, struct tokens *tokens, struct cas_sentences *sentences);

#endif
