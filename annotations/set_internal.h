/* set_internal: what set.c, set_item.c and the sidecar's reader and writer know of a set.  Nobody else includes this.
 *
 * An item is one record of the sidecar or one made since.  Spans also have a slot in `spans`, the other kinds have
 * their map always in memory and a lean struct in an array of their own.  Items are never moved or reused while the set
 * lives, so an index stays good: one that was removed keeps its place and its record, and gets both back when undo
 * brings it back. */
#ifndef ZHUPI_ANNOTATIONS_SET_INTERNAL_H
#define ZHUPI_ANNOTATIONS_SET_INTERNAL_H

#include "annotations/set.h"

/* How the bytes of a record can be taken out of the file. */
enum record_mode {
	RECORD_NONE,  /* made here */
	RECORD_LINES, /* whole lines from the one with `- ` on; comments behind it belong to it */
	RECORD_FLOW,  /* inside a flow list: from the first byte of the value to its last */
	RECORD_TREE   /* neither: the map is kept in memory, the file cannot be cut */
};

struct record {
	uint32_t from, content, to; /* bytes of the sidecar: start, behind the last value, behind comments */
	uint32_t line;              /* 1-based, in the sidecar */
	uint8_t mode;               /* enum record_mode */
};

struct item {
	struct str id;    /* lives as long as the set; of a zone "START-END" in code points */
	struct node *map; /* NULL: to be parsed from the record */
	struct record record;
	uint32_t index; /* of a span: its slot; of others: place in the array of its kind */
	uint8_t kind;   /* enum item_kind */
	bool alive;
	bool touched; /* changed, added or removed since it was read */
	bool opaque;  /* cannot be used (no id, the id of another): its bytes are kept, nothing else */
};

/* Indices of items of one kind in file order, then in the order in which they were added. */
struct item_list {
	uint32_t *list;
	size_t n, cap;
};

struct item_table {
	struct table_slot {
		uint32_t item; /* index + 1, 0: empty */
		uint32_t hash; /* of kind and id */
	} *slots; /* open addressing */
	size_t n, used;  /* n: a power of two */
};

#define SET_RECENT 64 /* maps parsed on demand that are kept for the caller at a time */

struct set {
	struct article *article;
	struct schema *schema;
	struct buf bytes;    /* the sidecar as loaded */
	struct arena memory; /* ids, fragments */
	unsigned version;
	bool changed; /* something was done to it since it was loaded */

	struct item *items;
	size_t n_items, cap_items;
	struct item_list by_kind[ITEM_KINDS];
	struct item_table table;
	struct node *top, *top_read; /* of ITEM_ARTICLE: now, as read */
	enum status status;

	struct span *spans; /* slots */
	size_t n_spans, cap_spans;
	uint32_t *order; /* slots of living spans by position */
	size_t n_order, cap_order;
	uint32_t *waiting; /* slots to be put into order */
	size_t n_waiting, cap_waiting;
	bool stale;      /* order holds slots that are gone or waiting */
	size_t placed;   /* order[0 .. placed) are not lost */
	uint32_t *reach; /* segment tree: the largest end in each block of order; reach[1] is the root */
	size_t reach_leaves;

	struct relation *relations; /* these four are made anew when asked for after a change of their kinds */
	struct field *fields;
	struct note *notes;
	uint32_t *living[ITEM_KINDS];
	size_t n_living[ITEM_KINDS];
	bool lists_known;

	struct counts counts; /* of spans; those of the lists are added when they are made */
	size_t flagged_spans;
	struct recent {
		uint32_t item;
		struct node *map;
	} recent[SET_RECENT];
	size_t next_recent;
	int64_t shift;        /* by how much the last moved span moved, in bytes: the first guess for the next */
	bool article_changed; /* the text is not the one that the sidecar was written for: a match at the old place must
	                         agree with its context too */
	size_t search_budget; /* bytes that looking for lost spans may still read */
};

/* ---- set.c */
#define NO_ITEM UINT32_MAX
/* Dead ones too; NO_ITEM when there is none. */
uint32_t set_find(const struct set *s, enum item_kind kind, struct str id);
/* Copies id; opaque ones cannot be found. */
uint32_t set_new_item(struct set *s, enum item_kind kind, struct str id, bool opaque);
uint32_t set_new_slot(struct set *s);
void set_put_slot(struct set *s, uint32_t slot); /* a new or moved span is to be put into order */
void set_take_slot(struct set *s);               /* some slot is no longer where order has it */
void set_trim(struct set *s);                    /* gives back the room to spare */
void set_note_change(struct set *s, enum item_kind kind);

/* ---- set_list.c */
void set_drop_lists(struct set *s);
void set_count(struct set *s, const struct span *span, bool in);

/* ---- set_item.c */
/* Makes the lean record of a span from its map; id and record are left alone.  False when the map cannot be a span at
 * all.  What is wrong goes to trouble. */
bool set_derive_span(struct set *s, const struct node *map, struct span *out, struct error *trouble);
/* The map of an item: kept, or parsed anew (then *parsed is to be freed).  NULL when there is none. */
const struct node *set_map_of(const struct set *s, const struct item *item, struct node **parsed);
/* Owned by the caller; NULL when it was made here. */
struct node *set_map_as_read(const struct set *s, const struct item *item);
/* Adds an item read from a sidecar and takes map over.  What is wrong with it goes to trouble; it may then be
 * opaque. */
uint32_t set_load_item(struct set *s, enum item_kind kind, struct node *map, const struct record *record,
                       struct error *trouble);
/* A span of one fragment, [off, end) filled in and verified, everything else of it too.  NO_ITEM: the id is taken. */
uint32_t set_load_common(struct set *s, struct str id, const struct span *span, const struct record *record);
uint16_t set_score(struct str text);                /* "0.93": 930 */
void set_load_top(struct set *s, struct node *top); /* takes it over */
void set_derive_top(struct set *s);
char *set_zone_id(const struct node *map); /* "START-END"; NULL when `at` is no pair of numbers */

#endif
