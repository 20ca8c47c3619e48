/* wrap: text of the interface in rows of a width, broken where UAX #14 allows it (segment.h), so that no word of Latin
 * script is cut and no closing mark begins a row.  Articles have a layout of their own: model/layout.h. */
#ifndef ZHUPI_TUI_WRAP_H
#define ZHUPI_TUI_WRAP_H

#include "model/base.h"

/* Rows, each a part of the text that was wrapped, without the newline or the blanks it was broken at.  Owns its list,
 * borrows the text: wrap_free(). */
struct wrap {
	struct str *rows;
	size_t n, cap;
};

/* Replaces *w (zero before the first use).  A newline ends a row; a newline at the end begins none.  cols is at least
 * 1; a word longer than that is cut between characters. */
void wrap_text(struct wrap *w, struct str text, unsigned cols, unsigned ambiguous);
void wrap_free(struct wrap *w);

#endif
