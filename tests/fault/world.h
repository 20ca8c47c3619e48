/* world: a small corpus in a folder of its own, what was promised about it, and the oracle that looks whether it is so.
 *
 * A claim is one thing that an operation said of one item.  Claims stand in memory that parent and child share, so that
 * what a process was told before it ended is known to who looks at the disk afterwards. */
#ifndef ZHUPI_TESTS_FAULT_WORLD_H
#define ZHUPI_TESTS_FAULT_WORLD_H

#include "annotations/journal.h"
#include "annotations/session.h"
#include "table.h"

enum claim_state {
	CLAIM_TRYING, /* it may be there or not */
	CLAIM_SAVED,  /* it was told that it is there */
	CLAIM_FAILED  /* it was told that it is not; on a disk that fails it may be there all the same */
};

#define MOST_CLAIMS 128
#define MOST_VERSIONS 128
#define GONE (-1)

struct claim {
	char file[16], id[24];
	int value; /* enum verdict of a span; 1 of a note that is there, which begins with id; GONE */
	enum claim_state state;
};

struct shared {
	struct claim claims[MOST_CLAIMS];
	size_t n_claims;
	unsigned saved; /* what the last session said with `saved N` */
	bool done;      /* the operation said that all went well */
	bool foreign;   /* the other program has had its turn */
	char versions[MOST_VERSIONS][65]; /* hashes of what was ever whole under the name of a sidecar */
	size_t n_versions;
	char complaint[600]; /* the first; empty: none */
};

extern struct shared *shared;

void world_make_shared(void);
/* Makes the folder (of its own for each worker), once; then it is the working directory. */
void world_enter(unsigned worker);
void world_leave(void); /* removes it */
void world_empty(void); /* nothing is in it */
void world_fresh(void); /* a corpus as at first, no claims */
const char *world_folder(void);

void complain(const char *format, ...) PRINTF_LIKE(1, 2);
/* True where there was nothing to complain about; else that, with where it was before it. */
bool was_good(const char *format, ...) PRINTF_LIKE(1, 2);

/* Adds a claim in state TRYING; the index, for claim_end(). */
size_t claim_begin(const char *file, const char *id, int value);
void claim_end(size_t claim, bool saved);
extern void (*claim_seen)(size_t claim, enum claim_state state); /* NULL: nobody listens */
extern void (*put_seen)(const char *path, const char *text);     /* what another program wrote */

void put_file(const char *path, const char *text); /* by the system's own calls, whole */
char *get_file(const char *path);                  /* NULL when there is none */
char *hash_of_file(const char *path);              /* "" when there is none */
void note_version(const char *path);               /* the sidecar there is a version that may be found */

struct work;
struct expected_files {
	bool (*again)(struct work *w); /* the next start of a command that has no session */
	bool versions;  /* sidecars must be of those noted */
	bool litter;    /* temporary files may be left: one for each process that ended */
	bool lesser;    /* neither links nor exchanged names nor a rename over a file: for an instant a name is of nothing or of
	                   an empty file, which the next session that writes puts right */
	bool unlocked;  /* there are no locks: journals may be taken over twice */
	size_t most_litter;
};
/* Looks at the disk as the next two sessions would: nothing is asked, every claim holds, no litter stays. */
void check_world(const struct expected_files *e);
/* Whether every claim holds for who only looks. */
void check_claims(const char *when);

#define ARTICLE_A "三月十二日开封市委书记高建军强调,要筑牢防线。\n卢志军主持会议,高建军出席。\n杨克俊、付磊参加。\n"
#define ARTICLE_B "临江新闻\n高建军出席会议。\n"
#define ARTICLE_C "会议纪要\n卢志军主持。\n"

#endif
