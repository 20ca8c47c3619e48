/* term_curses: <curses.h> and <term.h> beside our own names; for term.c and draw.c alone, after every other header of
 * ours.
 *
 * Its variable COLORS has the name of a constant of model/schema.h, so it is not to be had here (tigetnum("colors")
 * says the same); nor is its key_name().  Its macros COLOR_RED … have the names and the values of enum color. */
#ifndef ZHUPI_TUI_TERM_CURSES_H
#define ZHUPI_TUI_TERM_CURSES_H

#define COLORS curses_colors
#define key_name curses_key_name
#include <curses.h>
#undef COLORS
#undef key_name
#include <term.h>

#endif
