/* sidecar: `report.txt.yaml` beside `report.txt`: loaded, verified, and written back with every byte that nobody
 * touched.
 *
 * Invariants: (1) the article is never written; (2) the file on disk is always a whole valid document, old or new; (3)
 * a record that no operation touched keeps its bytes, unknown keys and all; (4) no change, no write; (5) what is
 * written was parsed back and compared first; (6) a sidecar that changed on disk since it was loaded is merged by item
 * (merge.h), never overwritten; (7) a file that could not be understood is never written.
 *
 * Schema of the file: format version 1; a larger version opens read-only with ERROR_VERSION. */
#ifndef ZHUPI_ANNOTATIONS_SIDECAR_H
#define ZHUPI_ANNOTATIONS_SIDECAR_H

#include "annotations/set.h"

#define SIDECAR_FORMAT 1

struct sidecar; /* the state of one file: bytes as loaded, their hash, identity */

/* Something `check` reports and the browser lists. `item` may be empty. */
struct finding {
	struct error error;
	char *item;
};
struct findings {
	struct finding *list;
	size_t n, cap;
};
void findings_add(struct findings *f, const char *item, enum error_code code, const char *path, size_t line,
                  size_t column, const char *format, ...) PRINTF_LIKE(7, 8);
void findings_free(struct findings *f);

/* Loads path into set (empty before).  A missing file is an empty sidecar.  False only when nothing of it can be used
 * (malformed, newer version, too large): then the set stays empty and *out refuses to be saved, but the article can
 * still be read.  What is wrong with single items goes to findings (may be NULL). */
bool sidecar_load(const char *path, const char *article_name, struct set *set, struct sidecar **out,
                  struct findings *findings, struct error *err);
void sidecar_free(struct sidecar *s);
const char *sidecar_path(const struct sidecar *s);
/* SHA-256 of the bytes loaded or last written; "" where there is no file. */
const char *sidecar_hash(const struct sidecar *s);
bool sidecar_read_only(const struct sidecar *s);
/* The article is not the one that the sidecar was written for: its spans were re-anchored. */
bool sidecar_article_changed(const struct sidecar *s);

/* The bytes that saving would write. */
void sidecar_render(struct sidecar *s, struct set *set, struct buf *out);
/* A symbolic link in the place of the file may not lead out of that folder (borrowed) when it is written; NULL, as at
 * first: anywhere. */
void sidecar_keep_within(struct sidecar *s, const char *folder);
/* Whether the file bears another name beside this one (a hard link): replacing it parts the two. */
bool sidecar_has_second_name(const struct sidecar *s);
/* Whether the file on disk is still what was loaded (by hash). */
bool sidecar_changed_on_disk(const struct sidecar *s);
/* Installs bytes (rendered before, so that the journal could name their hash). ERROR_CONFLICT when the file on disk
 * changed: merge first.  What is replaced is looked at after it was taken out (io_replace_known_file), so that nobody's
 * version is lost in between. */
bool sidecar_install(struct sidecar *s, struct set *set, struct str bytes, struct error *err);
/* The same; a new file is created with io_create_file_of_many() and *created is set, created may be NULL. */
bool sidecar_install_of_many(struct sidecar *s, struct set *set, struct str bytes, bool *created, struct error *err);

/* Brings what was changed in ours since it was loaded onto theirs, which was loaded later from the same file.  What
 * both changed differently is left as theirs and told to conflict(), maps borrowed, NULL where the item is not
 * there. */
struct sidecar_merger {
	void (*conflict)(void *ctx, enum item_kind kind, struct str id, const struct node *mine,
	                 const struct node *theirs);
	void *ctx;
};
void sidecar_merge(struct set *ours, struct set *theirs, const struct sidecar_merger *m);
bool sidecar_has_changes(struct set *set); /* whether it reads otherwise than its file did */

/* Reads status and counts without building a set: fast path for the library. */
struct sidecar_summary {
	enum status status;
	uint32_t decided, proposed;
	bool flagged;
	char *title, *date, *source; /* of the fields title, published, source; "" when missing; owned by the caller */
};
bool sidecar_summary(const char *path, struct sidecar_summary *out, struct error *err);
/* The article's encoding as written down; NULL when the file does not say or cannot be read.  Owned by the caller. */
char *sidecar_encoding(const char *path);

#endif
