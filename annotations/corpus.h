/* corpus: a folder of articles, known quickly by name and slowly by content.
 *
 * Opening walks the folder and sorts names; titles, statuses and counts come in slices (corpus_step), those asked for
 * first (corpus_want) before the rest.  What was opened, a folder or one file, is all that it holds; its root is the
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
	bool known;      /* what follows was read */
	bool failed;     /* the sidecar could not be read: shown with `!`; `check` says why */
	bool flagged;
	enum status status;
	uint32_t decided, proposed;  /* spans with a verdict, all spans (added ones count in both) */
	char *title, *date, *source; /* from fields or zones; "" where there is none; NULL until known */
};

struct corpus;

/* path: a folder, or an article.  annotator picks the sidecar's name in a corpus of independent annotators. */
bool corpus_open(const char *path, const char *annotator, struct corpus **out, struct error *err);
void corpus_free(struct corpus *c);

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

bool corpus_step(struct corpus *c, int64_t until_ms);              /* true when every entry is known */
void corpus_want(struct corpus *c, size_t from, size_t to);        /* entries on screen: known first */
bool corpus_know(struct corpus *c, size_t i);                      /* now; false when the sidecar failed */
void corpus_note(struct corpus *c, size_t i, const struct set *s); /* an open article changed: keep its row right */
size_t corpus_known(const struct corpus *c);

/* Looks again for what appeared on disk or went (an import); what was known of the rest stays known.  Entries and indices
 * from before are no longer valid. */
bool corpus_rescan(struct corpus *c, struct error *err);

#endif
