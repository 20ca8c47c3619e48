/* record: one article and what is said of it, on its way in or out: what every format is turned into and made from.
 *
 * In, a record is the object of a zhupi JSONL line (jsonl_in.c tells its keys): an importer builds it with node.h and
 * hands it to record_take(), which verifies, finds what is there already, and adds the rest.  Offsets in it are code
 * points of the raw text, half-open: units.h finds out what a file counts in and converts.  Nodes that carry a line and
 * a column are named by them in messages.
 *
 * What a format says and zhupi has no place for is kept under a key that is the format's name, in the record or in any
 * item: {"file": …, "brat": {"lines": […]}, "spans": [{"id": "T1", …, "brat": {"line": "…"}}]}.  It goes into the
 * sidecar as it is and comes back by record_kept(), so that a file can be written as it was read.  An id that zhupi
 * cannot give the item (`7`, or one that is taken) is kept there as `id`: record_id() gives it back.  One that begins
 * with # is for relations to name the item by and is not kept.
 *
 * Out, a struct outgoing is what of one open article goes to a format: chosen by verdict, with what the format cannot
 * carry left out and counted, in this one place.  It owns all it holds and is never changed by a format. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_RECORD_H
#define ZHUPI_ANNOTATIONS_FORMATS_RECORD_H

#include "annotations/formats/import.h"

/* ---- in ----------------------------------------------------------------------------------------------------- */

/* A span of one fragment of which nothing else is said: what most spans of large files are, held in less than an item
 * needs.  Everything is borrowed until record_take(). */
struct record_plain {
	struct str id, label; /* id: a letter and digits, which no other item of the record bears */
	uint64_t start, end;  /* code points */
	size_t off, stop;     /* bytes of the text, where the caller has seen that the span stands */
};

struct record {
	struct import_job *job;
	const char *path;    /* of the file that it comes from, for messages; borrowed */
	size_t line;         /* where it begins there, 1-based; 0: nowhere in particular */
	struct node *object; /* a map; owned */
	struct str text;     /* what the article must read, or will where it is not there; borrowed; p NULL: `text` of the
	                        object says it, or nothing does */
	struct record_plain *plain; /* owned */
	size_t n_plain, cap_plain;
	struct jsonl_quick *quick; /* of a JSONL line: its spans, where they are not in the object; owned (jsonl_quick.c) */
	bool failed;         /* something of it was reported and left out */
};

/* An empty one. */
struct record record_new(struct import_job *job, const char *path, size_t line);
/* Reports something of it that is not taken: a line that makes no sense costs that line.  Always false. */
bool record_fail(struct record *r, size_t line, size_t column, enum error_code code, const char *format, ...)
    PRINTF_LIKE(5, 6);
/* The name of the article: that of the file being read (job->name) with .txt for its suffix; the caller frees it. */
char *record_name(const struct import_job *job);
/* The raw text of the article that bears this name in the corpus, for a format whose files bring none; valid until
 * record_take().  False: there is none (err). */
bool record_article(struct record *r, struct str file, struct str *text, struct error *err);
/* Takes it in, counts it and frees it.  False only when nothing more can be written. */
bool record_take(struct record *r, struct error *err);
/* Frees one that is not taken after all. */
void record_drop(struct record *r);
/* Something that was found out about the input and that its owner should know, counted: "offsets are UTF-16 code
 * units". */
void record_noted(struct import_job *job, const char *format, ...) PRINTF_LIKE(2, 3);

/* Builders: each appends to the record and returns the item, to which more may be put. */
struct node *record_add_span(struct record *r, struct str id, struct str label, uint64_t start, uint64_t end);
/* No place and label may be there twice.  An article whose record has these is saved when it is taken. */
void record_add_plain_span(struct record *r, struct record_plain span);
/* A further fragment of a span; fragments may come in any order, touching ones are put together. */
void record_add_fragment(struct node *span, uint64_t start, uint64_t end);
struct node *record_add_relation(struct record *r, struct str id, struct str type, struct str from, struct str to);
/* A value of a field; more than one make a list. */
struct node *record_add_field(struct record *r, struct str name, struct str value);
struct node *record_add_note(struct record *r, struct str text);
void record_put_attribute(struct node *item, struct str name, struct str value);
void record_add_link(struct node *item, struct str db, struct str id, struct str name); /* name may be empty */
/* The map under the format's name in the record or an item, made where it is not there. */
struct node *record_keep(const struct record *r, struct node *item);
bool record_is_kept(struct str key); /* whether a key is the name of a format */

/* Takes over one object of a file of JSON, whose nodes have lines and columns.  False: nothing more can be written. */
typedef bool json_taker(struct import_job *job, const char *path, size_t line, struct node *object, struct error *err);

/* ---- out ---------------------------------------------------------------------------------------------------- */

struct record_fragment {
	size_t off, end;     /* bytes of the text */
	size_t start, stop; /* code points */
};

struct record_span {
	struct str id, label;
	struct record_fragment *fragments; /* sorted, at least one */
	size_t n;
	struct node *map; /* the whole item as in the sidecar: attributes, links, note, flag, verdict, source … */
};

struct record_relation {
	struct str id, type;
	size_t from, to; /* indices of spans */
	struct node *map;
};

struct record_field {
	struct str name, value;
	size_t *spans; /* indices of the spans that say so and that go out */
	size_t n_spans;
	struct node *map;
};

struct outgoing {
	struct export_job *job;
	struct doc *doc;
	const char *file; /* of the article, relative to the corpus */
	struct str text;  /* raw */
	struct node *top; /* what stands at the top of the sidecar */
	struct record_span *spans; /* in order of position: by start, then the longer first */
	size_t n_spans;
	struct record_relation *relations;
	size_t n_relations;
	struct record_field *fields;
	size_t n_fields;
	struct node **notes; /* maps: text, by, on */
	size_t n_notes;
	struct arena memory;
};

#define LOSS_NAME "names of files that are no UTF-8 (U+FFFD stands for each such byte)"
#define LOSS_TEXT "texts with bytes that are no characters (U+FFFD stands for each)"

/* What of d goes to the format of the job.  False: `--on-overlap error` and there is one (err). */
bool outgoing_make(struct export_job *job, struct doc *d, struct outgoing *out, struct error *err);
void outgoing_free(struct outgoing *out);
/* What was kept under the format's name in an item's map or the top; NULL where there is nothing. */
const struct node *record_kept(const struct export_job *job, const struct node *map);
/* The id as the format knew it: what was kept, else the item's own. */
struct str record_id(const struct export_job *job, const struct node *map);
/* For each span the first one of the same label at the same place, where that is another, else NOWHERE.  The caller frees
 * it. */
size_t *record_twins(const struct outgoing *out);
/* The bytes of a span's fragment. */
struct str record_text(const struct outgoing *out, const struct record_fragment *f);
/* Text for a place that cannot hold newlines and tabs, or blanks either (a word): those become the signs of Unicode for
 * them, ␤ ␍ ␉ ␣, and are themselves again when they are read. */
void record_add_line(struct buf *out, struct str text);
void record_add_word(struct buf *out, struct str text);
void record_add_plain(struct buf *out, struct str text); /* the reverse */
/* An article's object as a line of the job's stream; takes it over and counts the article. */
bool record_write_line(struct export_job *job, struct node *object, struct error *err);
/* A file name for the article: its own with another suffix; the caller frees it. */
char *record_file(const struct outgoing *out, const char *suffix);

#endif
