/* reading: the text as a reader wants it, and for each shown character the raw bytes that it is.
 *
 * The reading layer shows each raw range as itself, replaced by other text, or hidden; a virtual piece has text and no raw range.  Toggles change
 * what is shown, never an offset.  Text is handled in blocks: a block is one line with its newline; of a line longer than
 * BLOCK_BYTES, the pieces between the last line-break opportunities before each BLOCK_BYTES-th byte; or one folded furniture zone (consecutive furniture
 * zones of the same kind are one).  Block bounds depend on the raw text, the zones and the folds that are open, not on any width; finding the
 * block of an offset costs no more than the length of its line searched by memchr.
 *
 * A reading borrows its article and owns the rest. */
#ifndef ZHUPI_MODEL_READING_H
#define ZHUPI_MODEL_READING_H

#include "model/article.h"
#include "model/noise.h"
#include "model/zones.h"

#define BLOCK_BYTES ((size_t)12288)

enum script { SCRIPT_RAW, SCRIPT_HANS, SCRIPT_HANT };

/* {0} is the default: all noise hidden, furniture folded, script as written. */
struct reading_options {
	bool show_glosses, show_mojibake, show_furniture;
	bool raw; /* everything as it is: overrides all the others */
	enum script script;
};

enum piece_kind {
	PIECE_RAW,      /* shown as it is */
	PIECE_REPLACED, /* other text stands for it: a mark for a control character, a space for mojibake, a converted character */
	PIECE_HIDDEN,   /* not shown; len of shown text 0 */
	PIECE_VIRTUAL   /* shown text without raw bytes: the line of a folded zone */
};

/* A maximal range of one kind within a block, in order, covering it without gaps (virtual ones have off == end). */
struct piece {
	uint32_t off, end;     /* relative to the block's start */
	uint32_t shown, shown_end; /* in the block's shown text */
	enum piece_kind kind;
};

struct reading;

struct reading *reading_new(struct article *a, const struct zone_rules *rules); /* rules may be NULL: all is body; borrowed */
void reading_free(struct reading *r);
const struct article *reading_article(const struct reading *r);
const struct zones *reading_zones(const struct reading *r);
struct headline reading_headline(const struct reading *r);
void reading_set_zone(struct reading *r, size_t off, size_t end, enum zone_kind kind);

struct reading_options reading_options(const struct reading *r);
void reading_set_options(struct reading *r, struct reading_options o);
bool reading_converted(const struct reading *r); /* the script shown is not the one written */

/* Folding.  A zone is shown open when the option says so, when toggled open, or while it holds the range that is held (the current span). */
void reading_toggle_fold(struct reading *r, size_t off);
void reading_hold(struct reading *r, size_t off, size_t end); /* off == NOWHERE: nothing */
bool reading_folded(const struct reading *r, size_t off);
/* Counts up whenever what is shown may have changed: caches compare it. */
unsigned reading_version(const struct reading *r);

/* Bounds of the block that off lies in (off == text length: the last block).  False for an empty text. */
bool reading_block(const struct reading *r, size_t off, size_t *start, size_t *end);

/* Text and pieces of the block that starts at `start`; appended.  No newline is shown.  Returns the kind of its zone. */
enum zone_kind reading_show(const struct reading *r, size_t start, size_t end, struct buf *shown, struct piece **pieces, size_t *n);

/* The reading text of [off, end) as one string without newlines becoming anything else, as search, quotes and lists want it: glosses gone, mojibake a space. */
void reading_text(const struct reading *r, size_t off, size_t end, struct buf *out);

#endif
