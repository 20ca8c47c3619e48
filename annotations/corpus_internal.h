/* corpus_internal: the struct behind corpus.h, for the files corpus*.c alone: corpus.c opens, corpus_list.c lists names,
 * corpus_know.c learns what the files hold, corpus_recall.c keeps what was learned for the next time. */
#ifndef ZHUPI_ANNOTATIONS_CORPUS_INTERNAL_H
#define ZHUPI_ANNOTATIONS_CORPUS_INTERNAL_H

#include "annotations/corpus.h"
#include "model/collate.h"

/* ---- names: corpus_list.c --------------------------------------------------------------------------------------- */

struct listed_name {
	struct str name, key; /* key: of collate.h, none until it is needed; both in the folder's memory */
	bool folder;
};

/* A folder whose names are being gone through. */
struct folder {
	struct arena memory;
	struct listed_name *names; /* folders and articles only */
	struct listed_name **sorted;
	size_t n, at;              /* sorted[at] is next */
	size_t stem;               /* bytes of its path relative to the root, with the slash; 0 for the root */
};

/* A walk over what was opened.  While folders are open the list is the beginning of what it will be. */
struct listing {
	struct arena names;
	struct entry *list;
	size_t n, cap;
	struct folder *open; /* outermost first */
	size_t n_open;
	struct buf path;
};

bool listing_start(const struct corpus *c, struct listing *l, struct error *err);
bool listing_step(const struct corpus *c, struct listing *l, int64_t until_ms); /* true: all is listed */
void listing_free(struct listing *l);
/* The order of the list, as of strcmp. */
int listing_compare(const struct corpus *c, struct str a, struct str b);

/* ---- what was known: corpus_recall.c ---------------------------------------------------------------------------- */

struct recall; /* what was kept the last time; NULL: nothing */

/* Facts of one article as kept; texts borrowed from the recall. */
struct recalled {
	uint64_t sidecar, article; /* fingerprints of the files they were read from */
	enum status status;
	uint32_t decided, proposed;
	bool flagged, failed;
	struct str title, date, source, opening;
};

struct recall *recall_load(const struct corpus *c);
void recall_free(struct recall *r);
bool recall_of(struct recall *r, struct str file, struct recalled *out);
/* Writes what is known of the entries now. */
bool recall_save(const struct corpus *c, struct error *err);

/* What tells whether a file is still the one that was read: dev, inode, size, mtime and ctime in one number.
 * FINGERPRINT_UNSURE: it changed so lately that it could change again without a new time, or cannot be looked at;
 * FINGERPRINT_NONE: there is no file; FINGERPRINT_UNUSED, of an article: its sidecar told all. */
#define FINGERPRINT_UNSURE UINT64_C(0)
#define FINGERPRINT_NONE   UINT64_C(1)
#define FINGERPRINT_UNUSED UINT64_C(2)
uint64_t recall_fingerprint(const char *path);

/* A folder of the corpus that stays open while its files are looked at one after the other: the system then need not go
 * the whole way to each of them.  {0}: none. */
struct held_folder {
	bool held;
	int fd;
	struct buf path; /* relative to the root, with the slash; empty: the root */
	struct buf name; /* of the file looked at last */
};
/* Whether the article, or its sidecar, is the file of that fingerprint.  False also where that cannot be told.  A file that is
 * to be read needs recall_fingerprint() first: that of its path, where another folder may be by now. */
bool recall_is_still(struct corpus *c, struct str file, bool sidecar, uint64_t fingerprint);
void held_folder_release(struct held_folder *h); /* it is not to be held longer than a step */

/* ---- the corpus ------------------------------------------------------------------------------------------------- */

struct corpus {
	char *root, *name, *annotator;
	char *below;  /* the folder that was opened, relative to root; "" when it is the root */
	char *single; /* the one article, relative to root; NULL for a folder */
	struct corpus_config config;
	struct zone_rules rules;
	struct collator *collator;
	struct listing entries;
	struct listing fresh; /* being listed again */
	bool rescanning;
	struct recall *recall;
	bool recall_asked;     /* recall was looked for */
	struct held_folder held;
	size_t learned;        /* entries of which something was read that the recall does not have */
	size_t known, titled;
	size_t next, next_untitled; /* no entry before is unknown, without a title */
};

void entry_clear(struct entry *e);
void corpus_add_suffix(const struct corpus *c, struct buf *path); /* makes an article's name its sidecar's */

#endif
