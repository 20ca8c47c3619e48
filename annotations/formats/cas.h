/* cas: the common analysis structure of Apache UIMA in memory: what XMI, CAS JSON and WebAnno TSV say in three ways.
 *
 * A CAS holds feature structures (a type, an id, features that are values or references to other structures) and views,
 * each with a text.  An annotation is a structure with begin and end: UTF-16 code units, half-open.  Types are known by
 * their dotted names; what a type system says of them is used where there is one.
 *
 * How it maps to a record (cas_in.c reads it so, cas_out.c writes it so):
 *  - an annotation is a span.  Its label is the feature that names it (`value`; PosValue of POS, chunkValue of Chunk,
 *    referenceType of a chain's link), else the last part of its type.  Attribute `layer` is the type, unless it is
 *    DKPro's NamedEntity with a value; other features are attributes; `note` is the note, `identifier` of a NamedEntity
 *    is a link.
 *  - one with Governor and Dependent is a relation; its type is `value` (DependencyType of a Dependency) or the last
 *    part of its type, its layer an attribute unless it is webanno.custom.Relation with a value.
 *  - a structure with `target` that an annotation refers to (a slot) is a relation of the type `role`, with attributes
 *    `slot` (the feature) and `layer` (the link's type).
 *  - annotations linked by `next` are a chain: spans with the attribute `chain` (its number), and a relation from each
 *    to the next with the attribute `chain`, of the type referenceRelation, else "next".
 *  - another reference to an annotation is a relation named by the feature, with the attribute `reference` ("one" or
 *    "list").
 *  - several slots or references of one feature keep their order: kept of the relation, `n`, from the second on.
 *  - Token and Sentence are found anew on the way out, but where the file had others (cas_tokens.h); a Token is a span
 *    only where something refers to it.
 *
 * Sources: UIMA XMI CAS serialisation (Apache UIMA Tutorials, section 8), UIMA CAS JSON 0.4.0, DKPro Core type system,
 * WebAnno TSV 3.3 of INCEpTION's user guide. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_CAS_H
#define ZHUPI_ANNOTATIONS_FORMATS_CAS_H

#include "annotations/formats/record.h"

#define CAS_TOKEN    "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token"
#define CAS_SENTENCE "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence"
#define CAS_ENTITY   "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
#define CAS_METADATA "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
#define CAS_RELATION "webanno.custom.Relation"
#define CAS_DOCUMENT "document" /* kept of an article: type and features of what tells of the text as a whole */
#define CAS_ORDER    "n" /* kept of a relation that was a slot or reference: how many of its feature came before */

struct cas_fs;

struct cas_ref {
	struct str feature;
	struct str id;     /* as the file names what it points to */
	struct cas_fs *to; /* NULL until cas_resolve(), and where nothing bears the id */
	bool list;
};

struct cas_view {
	struct str id, name; /* of its sofa */
	struct str text;
	bool has_text;
};

struct cas_fs {
	struct str id, type;
	struct str sofa; /* id of its sofa; empty: none */
	bool placed;
	uint64_t begin, end;   /* UTF-16 code units */
	struct node *features; /* values: scalars, and lists of scalars; owned */
	struct cas_ref *refs;  /* owned */
	size_t n_refs, cap_refs;
	struct str key; /* for cas_in: the id of its span in the record */
	size_t line;   /* where it was read; 0: nowhere */
	bool is_token; /* Token, and nothing more */
	bool is_document; /* for writers: tells of the text as a whole */
	bool is_span;  /* goes into the record as a span */
	bool in_chain; /* has next, or is one's next */
	size_t chain;  /* number of its chain, 1-based; 0: none */
	size_t number; /* for writers */
};

/* Owns everything; pointers to structures stay valid. {0} is an empty one. */
struct cas {
	struct arena memory;
	struct cas_fs **fs;
	size_t n, cap;
	struct cas_view *views;
	size_t n_views;
	struct strmap types; /* a type -> what it extends; type, 0x1F, feature -> its range */
	struct strmap ids;   /* id -> index in decimal; for cas_resolve() */
	struct node *kept;   /* a map, kept with each of its articles; NULL: nothing */
};

void cas_free(struct cas *c);
struct cas_fs *cas_add(struct cas *c, struct str id, struct str type);        /* copies both */
struct cas_view *cas_add_view(struct cas *c, struct str id, struct str name); /* valid until the next */
void cas_put(struct cas *c, struct cas_fs *fs, struct str feature, struct node *value); /* takes value over */
void cas_put_text(struct cas *c, struct cas_fs *fs, struct str feature, struct str text);
void cas_refer(struct cas *c, struct cas_fs *fs, struct str feature, struct str id, bool list);
/* Points every reference at its structure; arrays and lists that stand apart become part of what refers to them. */
void cas_resolve(struct cas *c);

/* ---- types (cas_types.c) ------------------------------------------------------------------------------------ */

void cas_add_type(struct cas *c, struct str name, struct str super);
void cas_add_feature(struct cas *c, struct str type, struct str feature, struct str range);
struct str cas_range(const struct cas *c, struct str type, struct str feature); /* empty: not known */
bool cas_extends(const struct cas *c, struct str type, struct str super);       /* or is */
bool cas_range_is_value(struct str range);                                      /* a primitive */
bool cas_is_array(struct str type);    /* uima.cas.FSArray, StringArray, NonEmptyFSList … */
struct str cas_short(struct str type); /* the part after the last dot */
/* The feature that names an annotation of this type: see above. */
struct str cas_naming(struct str type);
/* Names that a feature or type cannot have (blanks, marks, names that UIMA itself uses) as one it can, and back: what
 * does not fit becomes _xHEX_. */
void cas_add_name(struct buf *out, struct str name, bool dots);
void cas_add_plain(struct buf *out, struct str name);
/* Reads a UIMA type system description (XML). */
bool cas_read_types(struct cas *c, struct str xml, const char *path, struct error *err);

/* ---- in and out --------------------------------------------------------------------------------------------- */

/* Takes every view with a text as an article.  False only when nothing more can be written. */
bool cas_take(struct import_job *job, struct cas *c, const char *path, struct error *err);

struct cas_out_options {
	bool rows; /* for a format of one row a token: sentences touch, and each end of a span lies in a token */
};
/* What goes out as a CAS with one view, sofa id "1"; ids are numbers. */
void cas_make(const struct outgoing *out, struct cas_out_options options, struct cas *c);
/* The types that c uses: {name: {"super": …, "features": {name: range}}}, by name; the caller frees it. */
struct node *cas_describe(const struct cas *c);

#endif
