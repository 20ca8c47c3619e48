/* session: one process at work: open articles, the journal, undo and redo, and when sidecars are written.
 *
 * Order of a change: build a group (edit.h), append it to the journal, fdatasync, apply, draw.  What was never in the
 * journal was never on the screen. The journal is `.zhupi/journal/<utc>-<host>-<pid>-<random>.jsonl` at the corpus
 * root, or under state_folder() where that cannot be written; it is made at the first change and held by flock.  One
 * line, one group: {"n","t","by","what","ops":[{"file","kind","id","was","set"}],"undo","of","crc"}; before a sidecar
 * is installed {"n","saving":file,"sha256":new}.  crc is CRC-32 (ISO-HDLC) over the line without its crc member, as
 * hex.  A line without newline or right crc ends the file.
 *
 * Opening recovers: journals that were not closed and whose lock is free are replayed from the last `saving` line whose
 * hash is the sidecar's on disk; an op is applied where its item reads as `was`, skipped where it reads as `set`, else
 * kept as a conflict for a person to choose.  Replaying for somebody who only looks writes nothing; the first change of
 * a session brings all of it into the sidecars and closes those journals (see replay.c).
 *
 * set pointers of open documents stay valid through saving, refreshing and the first change; spans, indices and maps do
 * not. */
#ifndef ZHUPI_ANNOTATIONS_SESSION_H
#define ZHUPI_ANNOTATIONS_SESSION_H

#include "annotations/doc.h"
#include "annotations/edit.h"

struct session;

/* Borrows the corpus; nothing is written. */
bool session_open(struct corpus *c, bool read_only, struct session **out, struct error *err);
/* Writes what is dirty, marks the journal closed.  False when something could not be written: it stays in the
 * journal. */
bool session_close(struct session *s, struct error *err);
void session_free(struct session *s);

/* What a session meets while it writes, for who can tell or ask a person.  NULL: nobody; everything is done. */
struct session_watcher {
	/* The sidecar of this article has a second name (a hard link), which will keep what it has now.  false: it is
	 * not written now, which is no failure; what was decided stays in the journal, and that stays open. */
	bool (*may_part)(void *ctx, const char *file);
	/* Of a save that a session did not survive a version was left that another program had written, and there is a newer
	 * one by now: it is kept under this path (io_recover()). */
	void (*kept)(void *ctx, const char *path);
	void *ctx;
};
void session_watch(struct session *s, const struct session_watcher *w); /* copied; ctx borrowed */
struct corpus *session_corpus(const struct session *s);

/* An open article; opened when it is not yet, with recovered groups applied.  Valid until session_drop() or the
 * session's end. */
struct doc *session_doc(struct session *s, struct str file, struct error *err);
/* The same, but a large sidecar is left unread (doc->unread), so that the text can be shown at once; session_doc()
 * reads it, before anything is done with the doc. */
struct doc *session_doc_text(struct session *s, struct str file, struct error *err);
/* Writes and forgets it unless a recent undo may need it; the caller lets go of the pointer. */
void session_drop(struct session *s, struct doc *d);

/* Takes the group over.  When the journal cannot be written nothing is applied and the group is dropped: the error says
 * what to do. */
bool session_commit(struct session *s, struct group *g, struct error *err);
/* The same for commands that change many articles and offer no undo: nothing of the group is kept in memory. */
bool session_commit_for_good(struct session *s, struct group *g, struct error *err);
/* What session_commit() does before the first change: what dead sessions left is brought into the sidecars or removed,
 * open documents are brought up to date, the journal is made.  For who makes files in the corpus before that: of a
 * session that is killed it is the journal that tells that something may be left behind. */
bool session_begin(struct session *s, struct error *err);
uint64_t session_saved(const struct session *s);         /* groups in this session's journal: the N of `saved N` */
const char *session_journal(const struct session *s);    /* path, "" before the first change */
bool session_journal_elsewhere(const struct session *s); /* not inside the corpus */

/* Undo and redo.  What was done: the file it happened in and the item to show.  Strings are owned by the caller
 * (undone_free). */
struct undone {
	char *file, *id, *what;
	enum item_kind kind;
};
void undone_free(struct undone *u);
/* The last group of this session not undone yet, passing over those that only propose in other articles than `file`;
 * then, of earlier sessions of the same annotator, those that touch `file` (empty: any, of the last sessions) and do
 * more than propose: an import of an earlier session is not undone by a key.  ERROR_CONFLICT: changed by somebody
 * since, with the reason; ERROR_MISSING: nothing left to undo. */
bool session_undo(struct session *s, struct str file, struct undone *out, struct error *err);
bool session_redo(struct session *s, struct str file, struct undone *out, struct error *err);

/* Writes the sidecar of d if dirty: renders, journals `saving`, installs; a sidecar changed on disk since is merged
 * first (merge.h), reloaded and *merged set. */
bool session_save(struct session *s, struct doc *d, bool *merged, struct error *err);
bool session_save_all(struct session *s, struct error *err);
bool session_save_in_pause(struct session *s, struct error *err); /* all but those that rest (doc.h) */
/* Whether the sidecar of d changed on disk; then merges it in.  Called on idle and before saving. */
bool session_refresh(struct session *s, struct doc *d, bool *changed, struct error *err);

/* Lets go of the groups committed so far: they can no longer be undone by this session.  For commands that change many
 * articles and offer no undo. */
void session_forget(struct session *s);

/* What could not be merged or replayed: a choice for a person. */
struct conflict {
	char *file, *id;
	enum item_kind kind;
	struct node *mine, *theirs; /* whole maps or NULL: not there */
	char *by, *why;
};
size_t session_conflicts(const struct session *s);
const struct conflict *session_conflict(const struct session *s, size_t i);
bool session_resolve(struct session *s, size_t i, bool mine, struct error *err);

/* ---- history ------------------------------------------------------------------------------------------------ */

/* What `zhupi log` and the history screen show: one decision, newest last, from journals and, where no journal tells,
 * from `judged` in the sidecar. */
struct event {
	char *time, *by, *what, *id;
	enum item_kind kind;
	char *from; /* journal name, or "sidecar" */
	bool undone;
};
struct history {
	struct event *list;
	size_t n, cap;
};
bool history_of(struct corpus *c, struct str file, struct history *out, struct error *err);
void history_free(struct history *h);

#endif
