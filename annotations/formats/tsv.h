/* tsv: what the two halves of WebAnno TSV 3 share.  Nobody else includes this.
 *
 * A row is a token or a part of one (a unit); a layer has a column for each of its features.  `_`: no annotation here,
 * `*`: one without a value, `|` between annotations of one layer on a unit, `[N]` the number of an annotation of
 * several units, or stacked, or referred to without its type.  Source: INCEpTION's user guide, "WebAnno TSV 3.3 File
 * format". */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_TSV_H
#define ZHUPI_ANNOTATIONS_FORMATS_TSV_H

#include "annotations/formats/cas_formats.h"

/* \ [ ] | _ -> ; tab, newline and * with a backslash before them, and back. */
void tsv_add_value(struct buf *out, struct str value);
void tsv_add_plain(struct buf *out, struct str value);
/* Text of sentences and tokens: controls and backslashes. */
void tsv_add_text(struct buf *out, struct str text);
void tsv_add_plain_text(struct buf *out, struct str text, bool java); /* java: of versions before 3.2, \uXXXX too */

#define TSV_SENTENCE_IDS "sentence-ids" /* kept of an article: a list, where its sentences bore ids */
#define TSV_LAYERS       "layers" /* kept of an article: the layers of its file, in order, as its header has them */

/* Columns of a layer. */
enum tsv_column_kind {
	TSV_PLACEHOLDER, /* the layer has no feature */
	TSV_VALUE,
	TSV_ROLES, /* of a slot; targets follow */
	TSV_TARGETS,
	TSV_CHAIN_TYPE,
	TSV_CHAIN_LINK,
	TSV_SOURCE /* unit from which a relation comes */
};

/* ---- reading ---------------------------------------------------------------------------------------------------- */

struct sheet_column {
	enum tsv_column_kind kind;
	struct str feature;
	struct str type; /* of links of a slot, of its targets, of the ends of a relation */
};

struct sheet_layer {
	struct str header; /* as it stands: SP=type|feature */
	struct str type;
	char kind; /* S, C, R */
	struct sheet_column *columns;
	size_t n;
};

struct sheet_row {
	struct str id, token, cells;
	size_t begin, end; /* UTF-16 code units */
	size_t line;
	size_t annotation; /* the first that is here, 1-based place in `here`; 0: none */
	struct cas_fs *token_fs;
};

/* An annotation on a row. */
struct here {
	struct cas_fs *fs;
	size_t next;
};

/* A reference to an annotation by unit and number, to be found when all are there. */
struct pending {
	struct cas_fs *from;
	struct str feature, unit, type;
	uint64_t number; /* 0: none */
	size_t line;
};

struct first_link {
	size_t layer, chain;
	struct cas_fs *fs;
};

struct sheet {
	struct import_job *job;
	const char *path;
	struct cas *cas;
	bool java; /* before 3.2 */
	bool second; /* TSV 2 */
	struct sheet_layer *layers;
	size_t n_layers;
	struct sheet_row *rows;
	size_t n_rows, cap_rows;
	struct here *here;
	size_t n_here, cap_here;
	struct pending *pending;
	size_t n_pending, cap_pending;
	struct first_link *firsts;
	size_t n_firsts;
	struct sheet_sentence {
		size_t begin, end; /* UTF-16 code units */
		struct str id;     /* empty: none */
	} * sentences;
	struct str sentence_id; /* of the one that is being read */
	size_t n_sentences, cap_sentences;
	struct buf text;
	size_t length;       /* of the text, UTF-16 code units */
	struct buf sentence; /* lines that were read and belong to the next row */
	size_t lines;        /* of the sentence */
	struct strmap known; /* "unit 1-1" -> row, "N 3" -> structure, "chain 1-2" -> structure; in decimal */
	size_t line;
	bool failed;
};

/* Reports what is wrong with a line. */
void tsv_complain(struct sheet *s, size_t line, enum error_code code, const char *what);
/* What was met by a name: "unit" and "1-1", "N" and "3", "chain" and a layer with "1-2"; NOWHERE: nothing. */
void tsv_know(struct sheet *s, const char *kind, struct str name, size_t place);
size_t tsv_look_up(const struct sheet *s, const char *kind, struct str name);
/* Up to the next mark that no backslash stands before; *rest begins behind it. False: there is nothing more. */
bool tsv_next_part(struct str *rest, char mark, struct str *part);
struct str tsv_next_field(struct str *rest);                          /* up to the next tab */
bool tsv_read_pair(struct str field, uint64_t *begin, uint64_t *end); /* "0-2" */
/* Takes a layer of a header apart: "type|feature|…"; what is added to `layers` lives as long as rest. */
void tsv_read_layer(struct sheet *s, char kind, struct str rest);
/* Header, text and rows of a file; rows that do not fit the text have lost their cells. */
bool tsv_read_sheet(struct sheet *s, struct str bytes, struct error *err);
void tsv_free_sheet(struct sheet *s);
/* Annotations and what is known of where they are; a row's unit. */
struct cas_fs *tsv_add_annotation(struct sheet *s, struct str type, const struct sheet_row *row);
void tsv_put_here(struct sheet *s, struct sheet_row *row, struct cas_fs *fs);
void tsv_add_pending(struct sheet *s, struct cas_fs *from, struct str feature, struct str unit, struct str type,
                     uint64_t number, size_t line);

/* WebAnno TSV 2: a header `# layer | feature # layer | feature | AttachTo=base`, no offsets, tags like those of CoNLL. */
bool tsv2_recognise(struct str start);
bool tsv2_read_sheet(struct sheet *s, struct str bytes, struct error *err);
void tsv2_take_row(struct sheet *s, struct sheet_row *row);

/* ---- writing ---------------------------------------------------------------------------------------------------- */

/* An annotation on a unit: the token, or a part of it. */
struct place {
	size_t token;
	uint64_t begin, end;
	bool whole;
	struct cas_fs *fs;
	size_t order;
};

struct slot_column {
	struct str feature, link, target;
};

struct sheet_out_layer {
	struct str type, base; /* base: of the ends of a relation */
	char kind;
	bool relation_first;   /* of a chain: the column of links comes before that of types */
	size_t order;          /* in the file that it came from, 1-based; 0: in none */
	struct node *features; /* a map, for its keys */
	struct slot_column *slots;
	size_t n_slots;
	size_t before; /* features that stand before the slots; NOWHERE: all */
};

struct unit_name {
	size_t sentence, token, part; /* 1-based; part 0: the token */
};

struct sheet_out {
	struct export_job *job;
	const struct outgoing *o;
	struct cas cas;
	struct cas_fs **tokens, **sentences;
	size_t n_tokens, n_sentences;
	struct place *places;
	size_t n_places, cap_places;
	struct sheet_out_layer *layers;
	size_t n_layers;
	struct unit_name *first; /* of each structure, by its place in the CAS: where it begins */
	size_t *numbers;         /* of each: N, 0 where it needs none */
	size_t *units;           /* of each: how many it lies on */
	size_t *links;           /* of each: its link in its chain */
	size_t *off_of;          /* byte of a UTF-16 offset */
	struct buf out;
};

const struct cas_ref *tsv_ref(const struct cas_fs *fs, const char *feature); /* NULL: it has none of that name */
bool tsv_is_relation(const struct cas_fs *fs);
char tsv_kind_of(const struct cas_fs *fs);       /* of its layer */
struct str tsv_base_of(const struct cas_fs *fs); /* of a relation */
bool tsv_same_unit(const struct place *a, const struct place *b);
size_t tsv_unit_size(const struct sheet_out *s, size_t at); /* places on the unit that begins there */
/* Fills all but `out` from the CAS: layers, units, numbers. */
void tsv_lay_out(struct sheet_out *s);
void tsv_free_layout(struct sheet_out *s);

#endif
