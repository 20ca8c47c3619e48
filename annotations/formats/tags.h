/* tags: spans as one tag for each token, B-PER I-PER O.
 *
 * Schemes: BIO (IOB2: every chunk begins with B), IOB1 (B only between two chunks of the same label), IOE2 (every chunk
 * ends with E), IOE1 (E only between two), BIOES, BILOU and BMES (the same under other letters: L and E, U, W and S, M and
 * I).  Between letter and label stands `-` or `_`; the label itself may hold either.  Decoding follows the rules of
 * conlleval (CoNLL-2000), which hold for all schemes at once, so a file need not say which it is. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_TAGS_H
#define ZHUPI_ANNOTATIONS_FORMATS_TAGS_H

#include "model/base.h"

enum tag_scheme { TAGS_BIO, TAGS_IOB1, TAGS_IOE1, TAGS_IOE2, TAGS_BIOES, TAGS_BMES, TAGS_BILOU, TAG_SCHEMES };

const char *tag_scheme_name(enum tag_scheme s);
bool tag_scheme_of_name(struct str name, enum tag_scheme *out);

/* A tag taken apart: place is O, B, I, E or S, whatever letter the scheme has for it.  False: it is no tag. */
bool tag_parse(struct str tag, char *place, struct str *label);

/* What the tags of a file have shown so far; {0}: nothing. */
struct tag_evidence {
	char before;       /* place of the tag before; 0: a sentence begins */
	struct str label;  /* of the tag before; borrowed until tags_sentence_end() */
	bool begins, ends, single, middle, last, unit; /* letters B; E or L; S; M; L; U */
	uint64_t starts_inside;  /* chunks that begin with I after O or another label: no IOB2 */
	uint64_t starts_apart;   /* chunks that begin with B where IOB1 has I */
	uint64_t stops_inside;   /* chunks of I and E that end with I: no IOE2 */
};
/* Whether a chunk ends before this tag and whether one starts with it. */
void tags_next(struct tag_evidence *e, struct str tag, char place, struct str label, bool *ends, bool *starts);
void tags_sentence_end(struct tag_evidence *e); /* also before the first one */
enum tag_scheme tags_scheme(const struct tag_evidence *e);
/* Whether what was seen is of one scheme throughout. */
bool tags_clean(const struct tag_evidence *e);

/* Appends the tag of token i of a chunk of n tokens; after: a chunk of the same label ended right before this one;
 * next: one begins right behind it. */
void tag_add(struct buf *out, enum tag_scheme s, char separator, struct str label, size_t i, size_t n, bool after,
             bool next);

#endif
