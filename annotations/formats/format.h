/* format: the doors through which articles and what is said of them come in and go out.  One table, one file (or two)
 * for each format.
 *
 * Rules of every format: offsets are verified against the stored text, never trusted; nothing is dropped silently: what
 * a file says and zhupi cannot keep, and what zhupi holds and a file cannot say, is counted in `losses`; a broken
 * object is reported with its place and the rest goes on; memory follows the largest object, not the file.  A format
 * reads nothing but its input and writes nothing but through a job. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_FORMAT_H
#define ZHUPI_ANNOTATIONS_FORMATS_FORMAT_H

#include "annotations/session.h"

/* What could not be carried: "key noise", 5.  {0} is empty; owns its strings. */
struct losses {
	struct loss {
		char *what;
		uint64_t count;
	} * list;
	size_t n, cap;
};
void losses_add(struct losses *l, uint64_t count, const char *format, ...) PRINTF_LIKE(3, 4);
void losses_free(struct losses *l);

/* What the caller of a job hears while it runs; every member must be there. */
struct job_hooks {
	void *ctx;
	void (*failed)(void *ctx, struct error *e); /* an object or item that was not taken; clears e */
	bool (*interrupted)(void *ctx);             /* asked between objects, and when a read is interrupted */
	void (*progress)(void *ctx, uint64_t done); /* objects read so far */
};

/* ---- in ----------------------------------------------------------------------------------------------------- */

struct import_counts {
	uint64_t objects;           /* lines, pages: what one article comes as */
	uint64_t failed;            /* of these, those of which something was not taken */
	uint64_t created;           /* articles that were not there */
	uint64_t changed;           /* articles whose annotations changed */
	uint64_t items[ITEM_KINDS]; /* added, by kind */
	uint64_t decided;           /* items that were there undecided and got the verdict that came */
	uint64_t there;             /* items that were there already */
	uint64_t zones_as_found;    /* zones that say what is found anyway */
};

struct import_target; /* the article that items go to: import.h */

struct import_job {
	struct session *session; /* of the corpus that takes it */
	const char *folder;      /* where names in the input begin, relative to the corpus root; "": there */
	const char *by;          /* who is named as the source of proposals that name none; NULL: the format */
	bool dry_run;            /* everything is read and checked, nothing is written */
	struct job_hooks hooks;
	struct import_counts counts;
	struct losses losses;
	bool unsaved;                 /* something could not be written, and that was told: it is in the journal */
	struct import_target *target; /* for import.c */
};

/* ---- out ---------------------------------------------------------------------------------------------------- */

struct export_job {
	bool text;               /* the articles' texts too */
	bool verdicts[VERDICTS]; /* items of these only */
	uint64_t articles, items;
	struct losses losses;
	bool (*write)(void *ctx, struct str bytes, struct error *err);
	void *ctx;
};

/* ---- the table ---------------------------------------------------------------------------------------------- */

struct format {
	const char *name; /* after --from and --to */
	const char *summary;
	const char *unit; /* of its offsets, "" where it has none */
	const char *carries, *loses;
	/* Reads one file, "-" for standard input.  False: the file as a whole could not be read; single objects go to
	 * hooks.failed. */
	bool (*import)(struct import_job *job, const char *path, struct error *err);
	/* Writes one article.  False: could not write. */
	bool (*export)(struct export_job *job, struct doc *d, struct error *err);
};

extern const struct format jsonl_format, html_format;
extern const struct format *const formats[]; /* ends with NULL */
const struct format *format_find(const char *name);

#endif
