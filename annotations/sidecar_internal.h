/* sidecar_internal: what the loader, the writer and the installer of a sidecar share.  Nobody else includes this. */
#ifndef ZHUPI_ANNOTATIONS_SIDECAR_INTERNAL_H
#define ZHUPI_ANNOTATIONS_SIDECAR_INTERNAL_H

#include "annotations/set_internal.h"
#include "annotations/sidecar.h"

/* Top-level keys in the order in which they are written; a part's key is one of these or SIDECAR_OTHER. */
enum sidecar_key {
	SIDECAR_ZHUPI,
	SIDECAR_ARTICLE,
	SIDECAR_SCHEMA,
	SIDECAR_STATUS,
	SIDECAR_SPANS,
	SIDECAR_RELATIONS,
	SIDECAR_FIELDS,
	SIDECAR_ZONES,
	SIDECAR_NOTES,
	SIDECAR_OTHER
};

/* One top-level key of the file as read, with all that stands before the next one. */
struct part {
	enum sidecar_key key;
	char *name;
	size_t from, content, to; /* bytes: start of its line, behind its value, start of the next one's line */
	size_t head;              /* of a list of records: up to where its first record's line begins */
	size_t indent;            /* blanks before its `- ` */
	bool whole_lines;         /* begins at the start of a line */
	bool lines;               /* a list of records that can be taken out by lines */
	size_t records;           /* of a list: how many the file has */
};

struct sidecar {
	char *path, *article_name;
	const char *within; /* see sidecar_keep_within() */
	char hash[65]; /* of the file as loaded or last written; "" where there is none */
	struct io_identity identity;
	bool settled;  /* identity is old enough to tell the file from any later one */
	bool unusable; /* not understood: never written */
	bool article_changed;
	bool plain; /* every part starts at the start of a line: can be written by parts */
	bool crlf;
	struct part *parts;
	size_t n_parts, cap_parts;
	size_t prefix; /* bytes before the first part: comments, `---`, a BOM */
	size_t suffix; /* where `...` and what follows begins; the size of the file where there is none */
	/* Of records that were written here since they were loaded: their first bytes, for when undo brings them
	 * back. */
	struct origin *origins;
	size_t n_origins, cap_origins;
};

struct origin {
	enum item_kind kind;
	char *id;
	struct node *map;
	char *bytes;
	size_t n;
};

enum sidecar_key sidecar_key_of(struct str name);
const char *sidecar_key_name(enum sidecar_key key);
bool sidecar_key_is_list(enum sidecar_key key, enum item_kind *kind);

/* Reads set->bytes into parts and items (sidecar_read.c).  On false the set holds half of it and is to be emptied. */
bool sidecar_parse(struct sidecar *s, struct set *set, struct findings *findings, struct error *err);
void sidecar_drop_parts(struct sidecar *s);

/* What becomes of an item when the file is written (sidecar_write.c). */
enum fate { FATE_KEEP, FATE_WRITE, FATE_SKIP };
/* One for each item of the set, owned by the caller. *any: something is not as it was read. */
uint8_t *sidecar_fates(struct set *set, bool *any);
/* The record as it is written anew, its lines indented, without the last line end. */
void sidecar_write_record(struct buf *out, enum item_kind kind, const struct node *map, size_t indent);

#endif
