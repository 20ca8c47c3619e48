/* reading: the text as a reader wants it, and for each shown character the raw bytes that it is.
 *
 * The reading layer shows each raw range as itself, replaced by other text, or hidden; a virtual piece has text and
 * no raw range.  Toggles change what is shown, never an offset.  Text is handled in blocks: a block is one line with
 * its newline; of a line longer than BLOCK_BYTES, the pieces between the last line-break opportunities before each
 * BLOCK_BYTES-th byte of the text (but for those so near an end of the line that less than a quarter of BLOCK_BYTES
 * would be left over); or one folded furniture zone (consecutive furniture zones of the same kind are one, and only
 * whole lines fold).  Block bounds depend on the raw text, the zones and the folds that are open, not on any width;
 * finding the block of an offset looks at no more than a few BLOCK_BYTES either side.  A line ends after "\n",
 * "\r\n" or a lone "\r".
 *
 * What stands for what: a gloss is hidden, mojibake is a space, a newline and a BOM at the start are hidden, a tab
 * is four spaces wherever it stands (so that a paragraph indented by one begins two characters in), every other
 * control, format or broken byte is its mark (`<U+202E>`).  Variation selectors after a character that takes them
 * and joiners between emoji stay.
 *
 * A reading borrows its article and owns the rest. */
#ifndef ZHUPI_MODEL_READING_H
#define ZHUPI_MODEL_READING_H

#include "model/article.h"
#include "model/noise.h"
#include "model/script.h"
#include "model/zones.h"

#define BLOCK_BYTES ((size_t)12288)

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

/* A range of one kind within a block, in order, covering it without gaps (virtual ones have off == end).  Raw and
 * hidden ones are as long as can be; a replaced one is what one replacement stands for. */
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
void reading_find_zones(struct reading *r); /* as found: without what was set */
void reading_set_zone(struct reading *r, size_t off, size_t end, enum zone_kind kind);

struct reading_options reading_options(const struct reading *r);
void reading_set_options(struct reading *r, struct reading_options o);
bool reading_converted(const struct reading *r); /* the script shown is not the one written */

/* Folding.  A zone is shown open when the option says so, when toggled open, or while it holds the range that is
 * held (the current span). */
void reading_toggle_fold(struct reading *r, size_t off);
void reading_hold(struct reading *r, size_t off, size_t end); /* off == NOWHERE: nothing */
bool reading_folded(const struct reading *r, size_t off);
/* Counts up whenever what is shown may have changed: caches compare it. */
unsigned reading_version(const struct reading *r);

/* Bounds of the block that off lies in (off == text length: the last block).  False for an empty text. */
bool reading_block(const struct reading *r, size_t off, size_t *start, size_t *end);

/* A growing list of pieces.  Owns it: pieces_free(). */
struct pieces {
	struct piece *list;
	size_t n, cap;
};

/* Text and pieces of the block [start, end), in place of what was there.  No newline is shown.  Returns the kind of
 * the zone that most of it is in. */
enum zone_kind reading_show(const struct reading *r, size_t start, size_t end, struct buf *shown, struct pieces *pieces);
void pieces_free(struct pieces *p);

/* Appends the reading text of [off, end) as search, quotes and lists want it, whatever is toggled: glosses gone,
 * mojibake a space, all else (newlines, controls, script) as it is. */
void reading_text(const struct reading *r, size_t off, size_t end, struct buf *out);

#endif
