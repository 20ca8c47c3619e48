/* extract: runs a pack over an article and answers what it proposes.
 *
 * The text goes by in windows (window.h), each scanned once for words and then by each rule where it may begin, so
 * that cost is linear in the text and memory follows the proposals.  Strings that a rule learns (`sure`) are looked
 * for in a second pass; only windows where one stands that the first pass did not see are worked over again.  Then
 * overlapping hits are chosen between (choose.c), enumerations checked, values computed (values.c), and fields and
 * relations told from what stands round the spans (facts.c).
 *
 * Offsets are bytes of the raw text.  An extractor borrows its pack and owns scratch memory; an extraction owns what
 * it holds and can be filled again and again. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_EXTRACT_H
#define ZHUPI_ANNOTATIONS_EXTRACT_EXTRACT_H

#include "annotations/extract/rules.h"

/* A span proposed.  Texts are folded (simplified, half-width) and lie in the extraction's buffer. */
struct found {
	uint32_t off, end;
	uint32_t text, text_end;
	uint32_t window; /* where its window begins */
	class_id class;
	uint16_t rule;  /* or RULE_LIST, RULE_REPEATED, RULE_LEARNED */
	uint16_t score; /* per mille */
	uint8_t zone;
	bool dropped;
	char *value;    /* of its attribute (iso, value), or NULL; owned */
};

/* A hit that another one won over. */
struct lost {
	uint32_t off, end;
	uint32_t winner_off, winner_end;
	class_id winner;     /* class 0: NONE */
	class_id class;
	uint16_t rule, score;
};

struct fact_field {
	const char *name;
	char *value;      /* owned */
	uint32_t span;    /* that says so, UINT32_MAX: none */
	uint32_t off, end; /* the raw text that the value stands in; 0, 0: none */
	uint16_t score;
};

struct fact_relation {
	const char *type;
	uint32_t from, to; /* spans */
	uint16_t score;
};

struct extraction {
	struct found *spans; /* by position */
	size_t n, cap;
	struct lost *lost;   /* only when asked for */
	size_t n_lost, cap_lost;
	struct fact_field *fields;
	size_t n_fields, cap_fields;
	struct fact_relation *relations;
	size_t n_relations, cap_relations;
	struct buf texts;
	size_t slow_rules;  /* given up in this article: they took too many steps (rules.h) */
	uint16_t slow_rule; /* the first of them */
};

struct extractor;

struct extractor *extractor_new(const struct pack *p); /* borrows the pack */
void extractor_free(struct extractor *e);
void extractor_explain(struct extractor *e, bool on);  /* fill `lost` */

/* Fills *out anew.  stop (may be NULL) is asked now and then; false when it said so: *out then holds nothing of use. */
bool extract(struct extractor *e, struct str text, const struct zones *zones, const struct zone_rules *words, bool (*stop)(void), struct extraction *out);
void extraction_free(struct extraction *x);

struct str found_text(const struct extraction *x, const struct found *f); /* folded */
struct str rule_name(const struct pack *p, uint16_t rule); /* "list", "repeated" and "learned" too */
struct str rule_why(const struct pack *p, uint16_t rule);
/* Of the rule as a sidecar names it; empty where the pack has none of that name. */
struct str rule_why_of_name(const struct pack *p, struct str name);

#endif
