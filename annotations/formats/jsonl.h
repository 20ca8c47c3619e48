/* jsonl: what the files of the JSONL importer share.  Nobody else includes this.
 *
 * One line is one object, one article.  Keys: `file` or `id`, `text`, `language`, `status`, `origin`, `spans`,
 * `fields`, `relations`, `notes`, `zones`; see jsonl_in.c for each. Offsets are code points of the raw text,
 * half-open. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_JSONL_H
#define ZHUPI_ANNOTATIONS_FORMATS_JSONL_H

#include "annotations/formats/lines.h"
#include "annotations/formats/record.h"

/* One line being read.  Borrows all but `local`. */
struct jsonl_object {
	struct import_job *job;
	struct record *record; /* that it comes as */
	const char *path; /* for messages */
	const struct node *object;
	struct doc *doc;
	struct group *group;
	struct strmap local; /* ids as the line has them -> ids in the sidecar */
	struct strmap met;   /* items of the article that the line has spoken of; see jsonl_same.c */
	bool failed;         /* something of it was not taken */
};

/* Reports what is wrong with `at`, which is not taken. Always false. */
bool jsonl_fail(struct jsonl_object *o, const struct node *at, enum error_code code, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* ---- values (jsonl_value.c) ----------------------------------------------------------------------------------- */

/* The value of a key; NULL where it is missing or null. */
const struct node *jsonl_get(const struct node *map, struct str key);
/* Text of a key (a string; a number where `number` allows); empty where it is missing.  False: reported. */
bool jsonl_text(struct jsonl_object *o, const struct node *map, struct str key, bool number, struct str *out);
/* A list; *out is NULL where it is missing. */
bool jsonl_list(struct jsonl_object *o, const struct node *map, struct str key, const struct node **out);
/* `start` and `end`, `fragments` or `at` as a list of pairs within the text, sorted and apart; the caller frees it.
 * NULL: err says why. */
struct node *jsonl_place(struct jsonl_object *o, const struct node *map, struct error *err);
/* verdict, source with score, original, judged, attributes, links, note, flag go from in to map, in the order of a
 * sidecar. */
bool jsonl_common(struct jsonl_object *o, enum item_kind kind, const struct node *in, struct node *map);
/* The start of a text that may be long, for a message. */
void jsonl_add_shown(struct buf *out, struct str text);
/* Counts the keys of a map that none of `known` (ends with NULL) names. */
void jsonl_count_unknown(struct jsonl_object *o, const struct node *map, const char *const *known, const char *where);

/* ---- items (jsonl_take.c, jsonl_spans.c, jsonl_items.c) ---------------------------------------------------- */

/* Adds the item unless it is there; map has everything but its id (its first key, empty).  identity: see import.h. */
struct jsonl_item {
	enum item_kind kind;
	const struct node *in;
	struct node *map;
	struct str identity, identity_before; /* of a corrected item: as it was; else empty */
};
void jsonl_take(struct jsonl_object *o, struct jsonl_item *item, bool fine); /* if fine; and frees its map */
/* Whether an item, of the article or of those that were added, has this id. */
bool jsonl_id_used(struct jsonl_object *o, struct str id);
void jsonl_use_id(struct jsonl_object *o, struct str id);
/* Ids of other programs are kept where no reader of YAML could take them for anything but text, and numbers of a file
 * (`1`, `2`) are not: they name a line of that file, no item. */
bool jsonl_id_keeps(struct str id);
struct node *jsonl_new_map(void); /* with an empty id as its first key */

bool jsonl_has_items(const struct set *s);

/* Items of one line that are the same and yet are several (jsonl_same.c). */
enum jsonl_same {
	JSONL_NEW,    /* there is none like it */
	JSONL_THERE,  /* it is the one with this id */
	JSONL_BESIDE, /* one more, beside those that are the same */
};
enum jsonl_same jsonl_find_same(struct jsonl_object *o, const struct jsonl_item *item, struct str *id);
/* Of one that was added, with its id: that it was, and what it says. */
void jsonl_know_met(struct jsonl_object *o, enum item_kind kind, struct str id);
void jsonl_know_same(struct jsonl_object *o, const struct jsonl_item *item, enum jsonl_same how, struct str id);

void jsonl_plain_items(struct jsonl_object *o); /* plain spans become items where some are there already */
void jsonl_plain(struct jsonl_object *o);       /* those that did not (record_plain.c) */
/* The map of a new span that has been verified: code points, bytes of the text, and what else is said of it. */
struct node *jsonl_span_map(struct jsonl_object *o, struct record_plain span, const struct node *said);
void jsonl_span(struct jsonl_object *o, const struct node *in); /* one of them */
bool jsonl_spans(struct jsonl_object *o); /* false: none of the object is to be taken */
void jsonl_relations(struct jsonl_object *o);
void jsonl_fields(struct jsonl_object *o);
void jsonl_notes(struct jsonl_object *o);

/* json_read() of a line (or several) that begins there; every node gets its line and column (jsonl_locate.c). */
bool jsonl_read(struct str text, const char *path, size_t number, size_t column, struct node **out, struct error *err);
/* Sets them in a tree that was read from that text. */
void jsonl_locate(struct str line, size_t number, size_t column, struct node *object);

/* Reads lines of JSON and hands over one object after the other; lines that are no JSON are reported.  None of the
 * lines was read before; they stay open.  False: they could not be read (record_lines.c). */
bool record_json_lines_of(struct import_job *job, struct lines *lines, json_taker *take, struct error *err);

/* Whether all spans that carry text fit when offsets are counted otherwise, and not as they are; says how: "UTF-16 code
 * units", "bytes", or NULL. */
const char *jsonl_other_unit(struct str text, const struct node *spans);

/* ---- lines without a tree (jsonl_quick.c) ---------------------------------------------------------------------- */

/* The same of a file, each line of which is first handed over as it is; *taken false: it is to be read as others
 * are.  quick may be NULL. */
typedef bool line_taker(struct import_job *job, const char *path, size_t number, struct str line, bool *taken,
                        struct error *err);
bool jsonl_lines(struct import_job *job, const char *path, line_taker *quick, json_taker *take, struct error *err);

struct jsonl_quick; /* the spans of a line */
bool jsonl_quick_line(struct import_job *job, const char *path, size_t number, struct str line, bool *taken,
                      struct error *err);
void jsonl_quick_free(struct jsonl_quick *l);
void jsonl_quick_items(struct jsonl_object *o); /* spans become nodes where they do not fit or items are there already */
void jsonl_quick_spans(struct jsonl_object *o); /* those that did not */

/* ---- out (jsonl_out.c) ---------------------------------------------------------------------------------------- */

bool jsonl_export(struct export_job *job, struct doc *d, struct error *err);
/* The object of a span from the lines of its sidecar (jsonl_copy.c); false, and nothing is written: not of a kind that
 * can be copied. */
bool jsonl_copy_span(struct doc *d, const struct span *s, struct buf *out);

#endif
