/* corpus_internal: the struct behind corpus.h, for corpus.c (names) and corpus_know.c (content) alone. */
#ifndef ZHUPI_ANNOTATIONS_CORPUS_INTERNAL_H
#define ZHUPI_ANNOTATIONS_CORPUS_INTERNAL_H

#include "annotations/corpus.h"
#include "model/collate.h"

/* Bytes of key_bytes. */
struct key_range {
	size_t off, n;
};

/* One walk over the folder.  keys[i] is where the sort key of list[i] lies. */
struct listing {
	struct arena names;
	struct buf key_bytes;
	struct key_range *keys;
	struct entry *list;
	size_t n, cap;
};

struct corpus {
	char *root, *name, *annotator;
	char *below;  /* the folder that was opened, relative to root; "" when it is the root */
	char *single; /* the one article, relative to root; NULL for a folder */
	struct corpus_config config;
	struct zone_rules rules;
	struct collator *collator;
	struct listing entries;
	size_t known;
	size_t next;           /* no entry before it is unknown */
	size_t want, want_end; /* known first */
};

void listing_free(struct listing *l);

#endif
