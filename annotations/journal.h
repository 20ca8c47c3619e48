/* journal: the append-only file of a session, one JSON object a line, written and read.
 *
 *   {"n":1,"t":"2026-11-22T06:31:07Z","by":"alice","what":"accept PERSON 高建军",
 *    "ops":[{"file","kind","id","was","set"}],"crc":"1c291ca3"}  a group; with "undo":true and "of":"journal:n" where it
 *                                                  undoes another, "of" alone where it does it again
 *   {"n":1,"saving":"report.txt","sha256":"5e1c…","crc":…}       before a sidecar with that hash is installed; n: groups
 *                                                  before it
 *   {"n":0,"recovers":"journal","lines":12,"crc":…}              this session starts from what that unclosed journal says
 *   {"n":4,"conflict":"report.txt","kind","id","mine","theirs","by","why","crc":…}
 *                                                  what a merge could not decide
 *   {"n":5,"resolved":"report.txt","kind","id","crc":…}          and that a person did
 *   {"n":9,"closed":true,"crc":…}                                all of it is in sidecars
 *   {"n":9,"closed":true,"at":1588,"crc":…}                      the same, said by another session: of all that is before
 *                                                  byte 1588, and nothing unless this line begins there
 *
 * A file name that is no UTF-8 reads with U+FFFD there, and `bytes` beside it has the whole of it in hex.
 *
 * crc: CRC-32 (ISO-HDLC, as in zlib and PNG), eight hex digits, over the line as it would read without the crc member.
 * A line that has no newline or another crc ends the file: what comes after was never promised; empty lines are
 * nothing.  Journals are data from a disk that others can write: limits and checks are those of sidecars. */
#ifndef ZHUPI_ANNOTATIONS_JOURNAL_H
#define ZHUPI_ANNOTATIONS_JOURNAL_H

#include "annotations/edit.h"
#include "annotations/node.h"

#define JOURNAL_LIMIT ((size_t)256 << 20) /* bytes of a journal that is read */

/* ---- writing ------------------------------------------------------------------------------------------------ */

/* Owns an open descriptor, locked as long as it is open. */
struct journal;

/* Makes folder/<utc>-<host>-<pid>-<random>.jsonl with the folders above it.  last: the greatest name there is, or
 * empty: the new one is greater, whatever the clock says, so that names tell the order of sessions. */
bool journal_create(const char *folder, struct str last, struct journal **out, struct error *err);
void journal_free(struct journal *j);
void journal_discard(struct journal *j); /* the same for one in which nothing stands that anybody needs: the file goes too */
const char *journal_path(const struct journal *j);
const char *journal_name(const struct journal *j); /* the file's name without .jsonl */
/* Appends one line (taken over) and syncs it.  On false nothing of it is in the file, or the journal is broken and
 * takes no more. */
bool journal_append(struct journal *j, struct node *line, struct error *err);
/* The same for several lines: all or none, one sync. */
bool journal_append_all(struct journal *j, struct node **lines, size_t n, struct error *err);
size_t journal_lines(const struct journal *j); /* that are safely there */
bool journal_broken(const struct journal *j);
/* The journal of a session that is no more, held so that no other session takes over its work too: a descriptor, or -1
 * when somebody holds it or it cannot be opened. */
int journal_claim(const char *path);
/* Appends a `closed` line to a claimed journal, behind whatever its session could not finish; where it cannot be
 * written the journal stays open, to be found again.  size: of the journal as it was read; where locks are none, its writer
 * may have gone on, and then it is not closed. */
bool journal_close_claimed(int claim, const char *path, size_t size, uint64_t n);

bool journal_append_group(struct journal *j, const struct group *g, struct error *err); /* the same for a group */
uint32_t journal_crc(struct str bytes);

/* ---- reading ------------------------------------------------------------------------------------------------ */

enum journal_kind {
	JOURNAL_GROUP,
	JOURNAL_SAVING,
	JOURNAL_RECOVERS,
	JOURNAL_CONFLICT,
	JOURNAL_RESOLVED,
	JOURNAL_CLOSED
};

struct journal_line {
	enum journal_kind kind;
	uint64_t n;
	struct group *group; /* JOURNAL_GROUP */
	struct node *map;    /* the others: the line as read */
};

/* Owns its lines. */
struct journal_file {
	char *path, *name;
	size_t size; /* bytes, as read */
	struct journal_line *lines;
	size_t n_lines, cap_lines;
	bool closed;
	bool unreadable; /* after false: it is there and may be read, but the system failed to */
	bool live;    /* somebody holds its lock */
	bool claimed; /* by this process: `claim` is open */
	int claim;
};

/* containing: lines without these bytes are passed over (a JSON string, to be quick); empty: all lines. */
bool journal_read(const char *path, struct str containing, struct journal_file *out, struct error *err);
void journal_file_free(struct journal_file *f);
/* Whether the last line says closed, without reading the rest. */
bool journal_is_closed(const char *path);
bool journal_is_live(const char *path);

/* Paths of the journals in a folder, in the order of their names, which is that of their starts.  None where there is
 * no folder. */
struct journal_list {
	char **paths;
	size_t n, cap;
	bool partial; /* the system failed to list a folder that is there and may be read: there may be more */
};
void journal_list_add(struct journal_list *l, const char *folder);
void journal_list_sort(struct journal_list *l); /* by name, over several folders */
void journal_list_free(struct journal_list *l);

#endif
