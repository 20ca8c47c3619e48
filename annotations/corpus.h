/* corpus: a folder of articles, known quickly by name and slowly by content.
 *
 * Names are listed folder by folder in their order, in slices where the corpus was opened at once; then statuses and
 * counts come in slices (corpus_step), then titles; who shows entries asks for those first (corpus_know).  What was learned is
 * kept for the next time (corpus_remember) in the user's state folder and taken from there where the files are the same as
 * then; what a file says always wins.  What was opened, a folder or one file, is all that it holds; its root is the
 * nearest folder at or above it with a zhupi.yaml, else the folder itself.  Names are relative to the root; the order is
 * that of collate.h, folder by folder.  Articles are the files that match `articles` of zhupi.yaml (glob.h); dot files,
 * dot folders and *.yaml never.  A zhupi.yaml that cannot be understood is an error: a guess would label wrongly.
 *
 * A title, date or source comes from the sidecar's fields, else from the zones of the article's first 16 KiB. */
#ifndef ZHUPI_ANNOTATIONS_CORPUS_H
#define ZHUPI_ANNOTATIONS_CORPUS_H

#include "annotations/config.h"
#include "annotations/set.h"
#include "model/zones.h"

struct entry {
	struct str file; /* path relative to the root, bytes as the system has them */
	bool known;      /* status and counts were read */
	bool titled;     /* title, date and source are what they will be */
	bool failed;     /* the sidecar could not be read: shown with `!`; `check` says why */
	bool flagged;
	enum status status;
	uint32_t decided, proposed;  /* spans with a verdict, all spans (added ones count in both) */
	char *title, *date, *source; /* from fields or zones; "" where there is none; NULL until known */
	char *opening;   /* how the body begins, some forty characters in one line, where no title was found; else NULL */
	uint64_t sidecar_seen, article_seen; /* for corpus*.c: fingerprints of the files that this was read from */
};

struct corpus;

/* path: a folder, or an article.  annotator picks the sidecar's name in a corpus of independent annotators. */
bool corpus_open(const char *path, const char *annotator, struct corpus **out, struct error *err);
/* The same with no more listed than the folder's own names; the rest comes with corpus_list(). */
bool corpus_open_at_once(const char *path, const char *annotator, struct corpus **out, struct error *err);
void corpus_free(struct corpus *c);

/* Lists further names.  They come after those that are there, whose indices stay.  True when all are. */
bool corpus_list(struct corpus *c, int64_t until_ms);
bool corpus_listed(const struct corpus *c);

const char *corpus_root(const struct corpus *c); /* where zhupi.yaml is, or would be; `.zhupi/` goes here */
const char *corpus_name(const struct corpus *c); /* last part of the root's real path */
const char *corpus_annotator(const struct corpus *c);
struct schema *corpus_schema(struct corpus *c);
const struct zone_rules *corpus_zone_rules(const struct corpus *c);
const struct corpus_config *corpus_settings(const struct corpus *c);

size_t corpus_count(const struct corpus *c);
const struct entry *corpus_entry(const struct corpus *c, size_t i); /* in order of file names as a reader sorts them */
size_t corpus_find(const struct corpus *c, struct str file);        /* index or NOWHERE */
char *corpus_article_path(const struct corpus *c, struct str file); /* root/file */
char *corpus_sidecar_path(const struct corpus *c, struct str file);

/* True when all is listed, known and titled.  A step ends early where the last status became known: they can be shown. */
bool corpus_step(struct corpus *c, int64_t until_ms);
bool corpus_know(struct corpus *c, size_t i);                      /* now; false when the sidecar failed */
/* An open article changed: keep its row right.  NOWHERE does nothing: undo reaches articles beyond what was opened. */
void corpus_note(struct corpus *c, size_t i, const struct set *s);
size_t corpus_known(const struct corpus *c);
size_t corpus_facts(const struct corpus *c); /* changes whenever corpus_step() learned something: known and titled */
/* Keeps what is known for the next time, where that saves time; nothing of a single article.  Not for truth: a failure may
 * be passed over. */
bool corpus_remember(struct corpus *c, struct error *err);

/* Looks again for what appeared on disk or went (an import), in slices; what was known of the rest stays known.  True when
 * it is done, or could not be (err): entries and indices from before are no longer valid then. */
bool corpus_rescan(struct corpus *c, int64_t until_ms, struct error *err);

#endif
