/* lines: where the lines of a text begin and end.  A line ends after "\n", "\r\n" or a lone "\r".  Offsets are bytes. */
#ifndef ZHUPI_MODEL_LINES_H
#define ZHUPI_MODEL_LINES_H

#include "model/base.h"

bool is_newline(char c);
/* Start of the line that off is on, or NOWHERE when it is more than `reach` bytes before off.  The LF of a CR LF is
 * on the line that it ends. */
size_t line_start(struct str text, size_t off, size_t reach);
/* End of the line that off is on, its newline included, or NOWHERE when it is more than `reach` bytes after off. */
size_t line_end(struct str text, size_t off, size_t reach);

#endif
