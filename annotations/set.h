/* set: all that is said of one article: spans, relations, fields, zones, notes, and its status.
 *
 * Every item is, at bottom, a map as it stands in the sidecar (struct node).  To keep 100,000 spans small, a span is
 * held as a lean record of what drawing and queues need; its whole map is parsed from the sidecar's bytes when asked
 * for (set_node) and kept once changed.  The map is the truth, the record its index.
 *
 * Only edit.c and the sidecar loader change a set (functions under "for edit and sidecar").  Offsets here are bytes of
 * the raw text; code points exist on disk only. */
#ifndef ZHUPI_ANNOTATIONS_SET_H
#define ZHUPI_ANNOTATIONS_SET_H

#include "annotations/node.h"
#include "annotations/score.h"
#include "model/article.h"
#include "model/schema.h"

enum item_kind { ITEM_ARTICLE, ITEM_SPAN, ITEM_RELATION, ITEM_FIELD, ITEM_ZONE, ITEM_NOTE, ITEM_KINDS };

enum verdict { VERDICT_UNDECIDED, VERDICT_ACCEPTED, VERDICT_CORRECTED, VERDICT_REJECTED, VERDICTS };

enum status { STATUS_NONE, STATUS_REVIEWING, STATUS_DONE }; /* none: no sidecar, or one that says nothing */

enum anchoring {
	ANCHORED,     /* its text stands at its offsets */
	ANCHOR_MOVED, /* found elsewhere, for certain enough to show it there; offsets here are the new ones */
	ANCHOR_LOST   /* not found: has no place in the text until a person decides */
};

struct fragment {
	uint32_t off, end; /* bytes of the raw text, half-open */
};

struct span {
	struct str id;              /* valid as long as the set */
	struct fragment *fragments; /* sorted, not overlapping, at least one; of a lost span: zero at 0 */
	uint32_t off, end;          /* from the first fragment's start to the last one's end */
	uint32_t record;            /* for the set */
	uint16_t n_fragments;
	uint16_t label;    /* index in the schema */
	uint16_t score;    /* per mille, SCORE_NONE where there is none */
	uint8_t verdict;   /* enum verdict */
	uint8_t anchoring; /* enum anchoring */
	bool flagged;
	bool human;     /* a person made it: no proposal stands behind it */
	bool unsettled; /* for the set */
};

struct relation {
	struct str id, type;
	struct str from, to; /* ids of spans */
	enum verdict verdict;
	bool flagged, human;
};

struct field {
	struct str id, name, value;
	struct str *spans; /* ids of the spans that say so */
	size_t n_spans;
	enum verdict verdict;
	bool flagged, human;
};

struct note {
	struct str id, text, by, on;
};

struct set;

struct set *set_new(struct article *article, struct schema *schema); /* borrows both */
void set_free(struct set *s);
struct article *set_article(const struct set *s);
struct schema *set_schema(const struct set *s);
enum status set_status(const struct set *s);
/* Counts up with every change, for caches. */
unsigned set_version(const struct set *s);

/* Spans in order of position: by start, then the longer first, then by id.  Lost ones come last.  An index is valid
 * until the next change. */
size_t set_spans(const struct set *s);
const struct span *set_span(const struct set *s, size_t i);
size_t set_find_span(const struct set *s, struct str id); /* index or NOWHERE */
/* Appends the indices of the spans whose extent [off, end) touches [from, to), in order; an empty span at from or to
 * touches too. */
void set_touching(const struct set *s, size_t from, size_t to, size_t **out, size_t *n, size_t *cap);
/* First span in order that starts at or after off; set_spans() when none. */
size_t set_from(const struct set *s, size_t off);
/* Raw bytes of its fragments, joined by " … ". */
void set_span_text(const struct set *s, const struct span *span, struct buf *out);

size_t set_relations(const struct set *s);
const struct relation *set_relation(const struct set *s, size_t i);
size_t set_fields(const struct set *s);
const struct field *set_field(const struct set *s, size_t i);
size_t set_notes(const struct set *s);
const struct note *set_note(const struct set *s, size_t i);

/* Counts by verdict, kept up to date. */
struct counts {
	size_t spans[VERDICTS], relations[VERDICTS], fields[VERDICTS];
	size_t added;   /* spans made by a person */
	size_t flagged; /* items of any kind */
	size_t lost;    /* spans without a place that nobody rejected */
	size_t moved;   /* spans found elsewhere */
};
const struct counts *set_counts(const struct set *s);

/* The whole map of an item, as on disk with offsets in code points (`at`, `original.at`).  NULL when there is none.
 * Borrowed, valid until the next change or 64 further calls for other spans.  id is ignored for ITEM_ARTICLE, whose map
 * holds `status`, `schema`, `article` and what else stands at the top of the sidecar. A zone has no id on disk: here it
 * is "START-END", its code points. */
const struct node *set_node(struct set *s, enum item_kind kind, struct str id);
bool set_has(const struct set *s, enum item_kind kind, struct str id);
/* Ids of all items of a kind: spans in their order, others in file order, then as added. */
size_t set_items(const struct set *s, enum item_kind kind);
struct str set_item_id(const struct set *s, enum item_kind kind, size_t i);

/* Whether a map is of an item that the person who judged it made: accepted, by its own source, no proposal behind
 * it. */
bool map_is_human(const struct node *map);

const char *verdict_name(enum verdict v);
bool verdict_of_name(struct str name, enum verdict *out);
bool verdict_keeps(enum verdict v);              /* accepted or corrected */
const char *status_name(enum status st);         /* "", "reviewing", "done" */
const char *item_kind_name(enum item_kind kind); /* "article", "span", "relation", "field", "zone", "note" */
bool item_kind_of_name(struct str name, enum item_kind *out);

/* ---- for edit and sidecar ---------------------------------------------------------------------------------- */

/* Changes keys of an item that is there: each value of the map `keys` replaces the item's, one that node_is_absent()
 * removes it. */
bool set_change(struct set *s, enum item_kind kind, struct str id, const struct node *keys, struct error *err);
/* Adds an item with its whole map (copied; its `id` key must agree).  Spans at offsets outside the text become lost,
 * never refused. */
bool set_add(struct set *s, enum item_kind kind, struct str id, const struct node *map, struct error *err);
/* The same, map taken over. */
bool set_add_owned(struct set *s, enum item_kind kind, struct str id, struct node *map, struct error *err);
bool set_remove(struct set *s, enum item_kind kind, struct str id);
/* The record's bytes as read; empty when it was touched since or made here. */
struct str set_record(const struct set *s, enum item_kind kind, struct str id);
/* s gets all that is in from, which is freed: a set that was loaded anew takes the place of the one that others point
 * to. */
void set_become(struct set *s, struct set *from);

#endif
