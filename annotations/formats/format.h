/* format: the doors through which articles and what is said of them come in and go out.  One table, one file (or two)
 * for each format.
 *
 * Rules of every format: offsets are verified against the stored text, never trusted; nothing is dropped silently: what
 * a file says and zhupi cannot keep, and what zhupi holds and a file cannot say, is counted in `losses`; a broken
 * object is reported with its place and the rest goes on; memory follows the largest object, not the file.  A format
 * reads nothing but its input and writes nothing but through a job. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_FORMAT_H
#define ZHUPI_ANNOTATIONS_FORMATS_FORMAT_H

#include "annotations/formats/strmap.h"
#include "annotations/session.h"

/* What could not be carried: "key noise", 5.  {0} is empty; owns its strings. */
struct losses {
	struct loss {
		char *what;
		uint64_t count;
	} *list; /* as they were met first */
	size_t n, cap;
	struct strmap places; /* the place in the list of each, as the bytes of a size_t: a file may lose thousands of different things */
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
struct format;

struct import_job {
	struct session *session; /* of the corpus that takes it */
	const char *folder;      /* where names in the input begin, relative to the corpus root; "": there */
	const char *by;          /* who is named as the source of proposals that name none; NULL: the format */
	const struct format *format;
	const char *name;    /* of the file being read, relative to the folder that was given, or its last part */
	const char *text;    /* --text: the article, or the folder of articles, of files without text; NULL: none */
	const char *verdict; /* of items that bring none; NULL: as the format has it */
	bool dry_run;        /* everything is read and checked, nothing is written */
	struct job_hooks hooks;
	struct import_counts counts;
	struct losses losses;
	struct losses notices;        /* what was found out: "offsets are UTF-16 code units", 3 */
	bool unsaved;                 /* something could not be written, and that was told: it is in the journal */
	struct import_target *target; /* for import.c */
	void *state;                  /* of the format, while it reads a file */
};

/* ---- out ---------------------------------------------------------------------------------------------------- */

enum on_overlap { OVERLAP_LONGEST, OVERLAP_FIRST, OVERLAP_ERROR };

struct export_job {
	const struct format *format;
	bool text;                  /* the articles' texts too */
	bool verdicts[VERDICTS];    /* items of these only */
	enum on_overlap on_overlap; /* which of two spans stays where the format cannot have both */
	bool for_spreadsheet;       /* CSV: no cell may be taken for a formula */
	const char *scheme;         /* of tags: BIO, IOB1, BIOES …; NULL: as the format has it */
	const char *level;          /* of tokens: "char", "word"; NULL: by the script of the text */
	const char *separator;      /* between the columns of a line; NULL: as the format has it */
	uint64_t articles, items;
	struct losses losses;
	void *state; /* of the format, from begin to end */
	/* Appends to the one stream of a format that has one. */
	bool (*write)(void *ctx, struct str bytes, struct error *err);
	/* Writes a file of a format that has one (or more) for each article; name is relative to the folder. One that
	 * is there already is ERROR_EXISTS. */
	bool (*write_file)(void *ctx, const char *name, struct str bytes, struct error *err);
	void *ctx;
};

/* ---- the table ---------------------------------------------------------------------------------------------- */

/* What a corpus may hold and a format may not.  record_out.c leaves out and counts by it. */
enum feature {
	FEATURE_NESTED,        /* a span within another */
	FEATURE_CROSSING,      /* spans that overlap and none is within the other */
	FEATURE_SAME_PLACE,    /* two labels on the same text */
	FEATURE_TWIN,          /* two spans of one label on the same text */
	FEATURE_DISCONTINUOUS, /* a span of several fragments */
	FEATURE_ZERO_WIDTH,
	FEATURE_NEWLINE, /* a span over the end of a line */
	FEATURE_ATTRIBUTES,
	FEATURE_RELATIONS,
	FEATURE_ITEM_NOTES, /* notes on spans and relations */
	FEATURE_LINKS,
	FEATURE_FIELDS,
	FEATURE_NOTES, /* of the article */
	FEATURE_REJECTED,
	FEATURE_UNDECIDED,
	FEATURE_ORIGINALS, /* what was proposed for a corrected item */
	FEATURE_FLAGS,
	FEATURE_EVIDENCE, /* the spans that say what a field says */
	FEATURE_ZONES,    /* those that a person changed */
	FEATURES
};
enum carry {
	CARRY_NONE, /* left out, counted */
	CARRY_PART, /* goes out in another form, which does not come back as it was; counted */
	CARRY_ALL
};
const char *feature_name(enum feature f); /* "nested", "zero-width" … */

struct format {
	const char *name; /* after --from and --to; also the key under which it keeps what zhupi has no place for */
	const char *summary;
	const char *suffixes; /* of its files, blanks between: ".ann"; NULL: none of its own */
	const char *unit;     /* of its offsets, "" where it has none */
	const char *carries, *loses;
	uint8_t carry[FEATURES]; /* enum carry */
	bool judged;             /* its files are the work of people: what they say comes in accepted */
	bool every_verdict;      /* all verdicts go out unless a choice was made; else accepted and corrected */
	bool folder;             /* written as files in a folder, by write_file */
	/* How sure one can be, 0 to 100, that a file that starts so and bears that name is of this format.  NULL: never
	 * guessed. */
	unsigned (*recognise)(struct str start, const char *name);
	/* Reads one file, "-" for standard input.  False: the file as a whole could not be read; single objects go to
	 * hooks.failed. */
	bool (*import)(struct import_job *job, const char *path, struct error *err);
	/* Before the first article and after the last, also after an error; may be NULL. */
	bool (*begin)(struct export_job *job, struct error *err);
	/* Writes one article.  False: could not write. */
	bool (*export)(struct export_job *job, struct doc *d, struct error *err);
	bool (*end)(struct export_job *job, struct error *err);
};

extern const struct format jsonl_format, html_format, epub_format, brat_format, conll_format;
extern const struct format hf_format, cluener_format, yedda_format, csv_format, table_tsv_format;
extern const struct format doccano_format, prodigy_format, label_studio_format, spacy_format;
extern const struct format markdown_format, w3c_format, webanno_format, xmi_format, cas_json_format;
extern const struct format *const formats[]; /* ends with NULL */
/* Their names, for the options --from and --to. */
#define FORMATS_IN                                                                                                     \
	"jsonl html epub brat conll hf cluener yedda csv tsv doccano prodigy label-studio spacy webanno-tsv w3c xmi "       \
	"cas-json"
#define FORMATS_OUT                                                                                                    \
	"jsonl html brat conll hf cluener yedda csv tsv doccano prodigy label-studio spacy webanno-tsv w3c xmi "       \
	"cas-json markdown"
const struct format *format_find(const char *name);
/* The format of a file by its first bytes (RECOGNISE_BYTES at most) and name.  NULL: none, or several as well; err
 * says which. */
#define RECOGNISE_BYTES ((size_t)1 << 16)
const struct format *format_recognise(struct str start, const char *name, struct error *err);

#endif
