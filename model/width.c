/* width.c: cells of clusters and of text, see segment.h.
 *
 * The rules of glibc 2.36's UTF-8 charmap (its localedata/unicode-gen): nothing for Mn, Me, Cf, bidi class NSM and
 * the Hangul vowels and finals U+1160..11FF, D7B0..D7FF; two for East Asian Width W and F, and for U+3248..324F and
 * U+4DC0..4DFF; else one.  The unit test compares with wcwidth() over all code points and pins where the two differ. */
#include "model/segment.h"

#include <unicode/uchar.h>

#include "model/utf8.h"

/* ncurses holds one spacing and four combining characters in a cell (CCHARW_MAX). */
#define MARKS_DRAWN 4
/* 〓 is what a Chinese or Japanese typesetter puts where a sort is missing; the other is its narrow counterpart. */
#define MISSING_WIDE 0x3013u
#define MISSING_NARROW 0xFFFDu
#define TERMINAL_UNICODE 14 /* glibc 2.36's version: what came later, and what is not assigned, has no width there */

static bool takes_no_cell(codepoint cp)
{
	if (cp < 0x300)
		return false;
	int8_t type = u_charType((UChar32)cp);
	if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK)
		return true;
	if ((cp >= 0x1160 && cp <= 0x11FF) || (cp >= 0xD7B0 && cp <= 0xD7FF))
		return true;
	return u_charDirection((UChar32)cp) == U_DIR_NON_SPACING_MARK;
}

/* Cells of a visible code point by itself: 0, 1 or 2. */
static unsigned spacing_of(codepoint cp, unsigned ambiguous)
{
	if (cp >= 0x20 && cp < 0x7F)
		return 1;
	if (cp >= 0x4E00 && cp < 0xA000)
		return 2;
	if (takes_no_cell(cp))
		return 0;
	switch (u_getIntPropertyValue((UChar32)cp, UCHAR_EAST_ASIAN_WIDTH)) {
	case U_EA_WIDE:
	case U_EA_FULLWIDTH:
		return 2;
	case U_EA_AMBIGUOUS:
		return cp >= 0x3248 && cp <= 0x324F ? 2 : ambiguous;
	default:
		return cp >= 0x4DC0 && cp <= 0x4DFF ? 2 : 1;
	}
}

static bool unknown_to_terminal(codepoint cp)
{
	UVersionInfo age;
	if (cp < 0x300 || (cp >= 0x2000 && cp < 0xA000))
		return u_charType((UChar32)cp) == U_UNASSIGNED;
	u_charAge((UChar32)cp, age);
	return age[0] == 0 || age[0] > TERMINAL_UNICODE;
}

static codepoint drawn_as(codepoint cp)
{
	if (!unknown_to_terminal(cp))
		return cp;
	return spacing_of(cp, 1) == 2 ? MISSING_WIDE : MISSING_NARROW;
}

static bool joins_pictures(codepoint cp)
{
	return cp == 0x200D || (cp >= 0x1F3FB && cp <= 0x1F3FF);
}

/* Walks the code points of a cluster that are drawn; out may be NULL.  Returns the cells that they take. */
static unsigned draw_cluster(struct str cluster, unsigned ambiguous, struct buf *out)
{
	codepoint base, cp;
	size_t off = utf8_step(cluster, 0, &base);
	base = drawn_as(base);
	unsigned width = spacing_of(base, ambiguous), marks = 0;
	if (width == 0) {
		/* Something must carry a lone mark: a no-break space does and looks like nothing. */
		if (out)
			utf8_add(out, 0xA0);
		width = 1;
		marks = 1;
	}
	if (out)
		utf8_add(out, base);
	bool joined = false; /* from a joiner on, what has cells is not drawn */
	for (size_t step; (step = utf8_step(cluster, off, &cp)) != 0; off += step) {
		joined |= joins_pictures(cp);
		if (cp_is_hidden(cp) || unknown_to_terminal(cp))
			continue;
		unsigned cells = spacing_of(cp, ambiguous);
		if (cells == 0 ? marks >= MARKS_DRAWN : joined || width + cells > 2)
			continue;
		marks = cells == 0 ? marks + 1 : 0;
		width += cells;
		if (out)
			utf8_add(out, cp);
	}
	return width;
}

/* The hidden characters that a cluster starts with, as marks; returns their bytes and adds their cells to *width. */
static size_t leading_marks(struct str cluster, unsigned *width, struct buf *out)
{
	codepoint cp;
	size_t off = 0;
	struct buf marks = {0};
	for (size_t step; (step = utf8_step(cluster, off, &cp)) != 0 && cp_is_hidden(cp); off += step)
		cp_add_mark(&marks, cp);
	*width += (unsigned)marks.n;
	if (out)
		buf_add(out, buf_str(&marks));
	buf_free(&marks);
	return off;
}

static unsigned show_cluster(struct str cluster, unsigned ambiguous, struct buf *out)
{
	unsigned width = 0;
	size_t off = leading_marks(cluster, &width, out);
	if (off < cluster.n)
		width += draw_cluster(str_sub(cluster, off, cluster.n), ambiguous, out);
	return width;
}

unsigned cell_width(struct str cluster, unsigned ambiguous)
{
	if (cluster.n == 1 && cluster.p[0] >= 0x20 && cluster.p[0] < 0x7F)
		return 1;
	return show_cluster(cluster, ambiguous, NULL);
}

void cluster_add_drawn(struct buf *out, struct str cluster)
{
	(void)show_cluster(cluster, 1, out);
}

unsigned text_width(struct str text, unsigned ambiguous)
{
	unsigned width = 0;
	for (size_t off = 0, end; off < text.n; off = end) {
		end = cluster_next(text, off);
		width += cell_width(str_sub(text, off, end), ambiguous);
	}
	return width;
}

size_t text_fit(struct str text, unsigned cells, unsigned ambiguous, unsigned *used)
{
	unsigned width = 0;
	size_t off = 0;
	while (off < text.n) {
		size_t end = cluster_next(text, off);
		unsigned more = cell_width(str_sub(text, off, end), ambiguous);
		if (more > cells - width)
			break;
		width += more;
		off = end;
	}
	if (used)
		*used = width;
	return off;
}
