/* cluster.c: grapheme clusters, see segment.h.  UAX #29 (Unicode 15), rules GB3 to GB999, over ICU's properties.  Written out
 * rather than asked of ICU's iterator because that takes ill-formed bytes its own way, and needs opening. */
#include "model/segment.h"

#include <unicode/uchar.h>

#include "model/utf8.h"

enum break_class {
	CLASS_OTHER,
	CLASS_BAD, /* a byte that is no character: a boundary on both sides */
	CLASS_CR,
	CLASS_LF,
	CLASS_CONTROL,
	CLASS_EXTEND,
	CLASS_ZWJ,
	CLASS_REGIONAL,
	CLASS_PREPEND,
	CLASS_SPACING,
	CLASS_PICTURE, /* Extended_Pictographic */
	CLASS_L,
	CLASS_V,
	CLASS_T,
	CLASS_LV,
	CLASS_LVT
};

static enum break_class class_by_property(codepoint cp)
{
	switch (u_getIntPropertyValue((UChar32)cp, UCHAR_GRAPHEME_CLUSTER_BREAK)) {
	case U_GCB_CONTROL:            return CLASS_CONTROL;
	case U_GCB_CR:                 return CLASS_CR;
	case U_GCB_LF:                 return CLASS_LF;
	case U_GCB_EXTEND:             return CLASS_EXTEND;
	case U_GCB_ZWJ:                return CLASS_ZWJ;
	case U_GCB_REGIONAL_INDICATOR: return CLASS_REGIONAL;
	case U_GCB_PREPEND:            return CLASS_PREPEND;
	case U_GCB_SPACING_MARK:       return CLASS_SPACING;
	case U_GCB_L:                  return CLASS_L;
	case U_GCB_V:                  return CLASS_V;
	case U_GCB_T:                  return CLASS_T;
	case U_GCB_LV:                 return CLASS_LV;
	case U_GCB_LVT:                return CLASS_LVT;
	default:
		return u_hasBinaryProperty((UChar32)cp, UCHAR_EXTENDED_PICTOGRAPHIC) ? CLASS_PICTURE : CLASS_OTHER;
	}
}

static inline enum break_class class_of(codepoint cp)
{
	if ((cp >= 0x20 && cp < 0x7F) || (cp >= 0x4E00 && cp < 0xA000) || (cp >= 0xFF01 && cp < 0xFF61))
		return CLASS_OTHER;
	return cp & UTF8_BAD ? CLASS_BAD : class_by_property(cp);
}

static bool hangul_joins(enum break_class a, enum break_class b)
{
	if (a == CLASS_L)
		return b == CLASS_L || b == CLASS_V || b == CLASS_LV || b == CLASS_LVT; /* GB6 */
	if (a == CLASS_LV || a == CLASS_V)
		return b == CLASS_V || b == CLASS_T; /* GB7 */
	return (a == CLASS_LVT || a == CLASS_T) && b == CLASS_T; /* GB8 */
}

/* Two neighbours tell, but for the pairs that the two rules with a memory speak of. */
enum verdict { DIVIDED, JOINED, DEPENDS_ON_FLAGS, DEPENDS_ON_PICTURE };

static enum verdict judge(enum break_class a, enum break_class b)
{
	if (a == CLASS_OTHER && b == CLASS_OTHER)
		return DIVIDED;
	if (a == CLASS_BAD || b == CLASS_BAD)
		return DIVIDED;
	if (a == CLASS_CR && b == CLASS_LF)
		return JOINED; /* GB3 */
	if ((a >= CLASS_CR && a <= CLASS_CONTROL) || (b >= CLASS_CR && b <= CLASS_CONTROL))
		return DIVIDED; /* GB4, GB5 */
	if (hangul_joins(a, b) || b == CLASS_EXTEND || b == CLASS_ZWJ || b == CLASS_SPACING || a == CLASS_PREPEND)
		return JOINED; /* GB6 to GB9b */
	if (a == CLASS_ZWJ && b == CLASS_PICTURE)
		return DEPENDS_ON_PICTURE; /* GB11 */
	if (a == CLASS_REGIONAL && b == CLASS_REGIONAL)
		return DEPENDS_ON_FLAGS; /* GB12, GB13 */
	return DIVIDED;
}

static enum break_class class_at(struct str text, size_t off, size_t *step)
{
	codepoint cp = 0;
	*step = utf8_step(text, off, &cp);
	return class_of(cp);
}

/* From the start of a cluster the two memories begin empty. */
size_t cluster_next(struct str text, size_t off)
{
	size_t step;
	if (off >= text.n)
		return text.n;
	enum break_class before = class_at(text, off, &step);
	bool picture = before == CLASS_PICTURE; /* Extended_Pictographic Extend* [ZWJ] so far */
	bool odd = before == CLASS_REGIONAL;
	for (off += step; off < text.n; off += step) {
		enum break_class here = class_at(text, off, &step);
		enum verdict verdict = judge(before, here);
		if (verdict == DIVIDED || (verdict == DEPENDS_ON_PICTURE && !picture) || (verdict == DEPENDS_ON_FLAGS && !odd))
			return off;
		odd = here == CLASS_REGIONAL && !(odd && before == CLASS_REGIONAL);
		picture = here == CLASS_PICTURE ||
		          (picture && before != CLASS_ZWJ && (here == CLASS_EXTEND || here == CLASS_ZWJ));
		before = here;
	}
	return text.n;
}

/* Whether Extended_Pictographic Extend* lies before the ZWJ at `zwj`. */
static bool picture_before(struct str text, size_t zwj)
{
	size_t step;
	while (zwj > 0) {
		zwj = utf8_back(text, zwj);
		enum break_class class = class_at(text, zwj, &step);
		if (class == CLASS_PICTURE)
			return true;
		if (class != CLASS_EXTEND)
			return false;
	}
	return false;
}

static bool odd_flags_before(struct str text, size_t off)
{
	size_t step, count = 0;
	while (off > 0) {
		off = utf8_back(text, off);
		if (class_at(text, off, &step) != CLASS_REGIONAL)
			break;
		count++;
	}
	return count % 2 == 1;
}

bool cluster_boundary(struct str text, size_t off)
{
	size_t step;
	if (off == 0 || off >= text.n)
		return off == 0 || off == text.n;
	if (!utf8_boundary(text, off))
		return false;
	size_t before = utf8_back(text, off);
	switch (judge(class_at(text, before, &step), class_at(text, off, &step))) {
	case DIVIDED:
		return true;
	case JOINED:
		return false;
	case DEPENDS_ON_PICTURE:
		return !picture_before(text, before);
	case DEPENDS_ON_FLAGS:
		return !odd_flags_before(text, off);
	}
	return true;
}
