/* session_internal: the struct behind session.h, for session.c (documents and changes), session_save.c, session_undo.c,
 * session_conflict.c and replay.c alone. */
#ifndef ZHUPI_ANNOTATIONS_SESSION_INTERNAL_H
#define ZHUPI_ANNOTATIONS_SESSION_INTERNAL_H

#include "annotations/journal.h"
#include "annotations/session.h"

/* A group that was done, and where it stands. */
struct made {
	struct group *group;
	char *ref;  /* "journal:n" */
	bool owned; /* by the list that it is in */
};

struct made_list {
	struct made *list;
	size_t n, cap;
};

struct session {
	struct corpus *corpus;
	bool read_only;
	struct session_watcher watcher;
	char *folder, *elsewhere; /* where journals go; where they go when the first cannot be written */

	bool has_turn;            /* session_take_turn() is held */
	struct journal *journal;  /* NULL before the first change, and after one that broke */
	struct journal **retired; /* broken ones: their lines stay, their locks too */
	size_t n_retired;
	char *path; /* of the last journal */
	bool is_elsewhere;
	uint64_t n; /* groups in this session's journals */
	struct made_list made;

	struct doc **docs;
	size_t n_docs, cap_docs;

	struct journal_file *found; /* journals of others that are not closed: to be replayed, or (live) only to be
	                               asked what they saved */
	size_t n_found;
	char *unread; /* a journal, or a folder of them, that the system failed to read when these were looked for; or NULL */
	bool crashed; /* some of them ended without closing */
	char **settled; /* articles whose sidecar this session wrote: all that was found for them is in it, or was
	                   undone since */
	size_t n_settled;

	struct conflict *conflicts;
	size_t n_conflicts, cap_conflicts;

	char *earlier_file; /* article whose earlier groups these are */
	struct made_list earlier;
	struct journal_file *read; /* and the journals that own them */
	size_t n_read;
};

/* ---- session.c */
void session_folders(const struct corpus *c, char **here, char **elsewhere); /* of journals; owned by the caller */
/* What two sessions must not do at the same time: look at a file and replace it; look for journals and take them over.
 * By flock, and by a link (io_lock_name) for where flock is missing or reaches this machine alone.  A courtesy: nobody
 * is waited for longer than TURN_WAIT; what is written without it is still looked at when it is replaced. */
#define TURN_WAIT 4000 /* milliseconds */
struct turn {
	int fd;     /* -1: none */
	char *link; /* NULL: none */
};
struct turn session_take_turn(const struct session *s);
void session_end_turn(struct turn *turn);
bool session_ready(struct session *s, struct error *err);                     /* a journal that takes lines */
bool session_append(struct session *s, struct node *line, struct error *err); /* takes line over */
/* Takes them over; all or none. */
bool session_append_all(struct session *s, struct node **lines, size_t n, struct error *err);
/* Of a session that changed nothing yet: its documents as they are on disk, replayed anew. */
bool session_start_over(struct session *s, struct error *err);
struct doc *session_open_doc(const struct session *s, struct str file); /* NULL when it is not open */
void made_add(struct made_list *l, struct group *g, const char *journal, bool owned);
void made_free(struct made_list *l);

/* ---- session_conflict.c */
/* Takes mine and theirs over.  One for each item: a later one takes the place of an earlier one. */
void session_add_conflict(struct session *s, const char *file, enum item_kind kind, struct str id, struct node *mine,
                          struct node *theirs, const char *by, const char *why);
bool session_has_conflicts(const struct session *s, const char *file); /* file NULL: any */
void session_drop_conflicts(struct session *s, const char *file);
bool session_note_conflicts(struct session *s, const char *file, struct error *err); /* in the journal */
void conflicts_free(struct session *s);

/* ---- replay.c */
/* Reads what is to be replayed.  claim: takes it over.  Whether it is something else than before. */
bool replay_find(struct session *s, bool claim);
void replay_doc(struct session *s, struct doc *d); /* brings a document that was just loaded up to it */
/* Brings claimed journals into the sidecars of their articles and closes them, where nothing waits for a choice.
 * Whether all are closed. */
bool replay_close(struct session *s);
void replay_free(struct session *s);

/* ---- session_save.c */
/* Written by this session: nothing is to be replayed into it again. */
bool session_settled(const struct session *s, const char *file);
bool session_write_doc(struct session *s, struct doc *d, bool *merged, struct error *err);

/* ---- session_undo.c */
void undo_forget(struct session *s);

#endif
