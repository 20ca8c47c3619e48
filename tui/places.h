/* places: where the reader was in each article, which articles were ever opened, and settings of the window.  One
 * file for each corpus under state_folder(), never in the corpus:
 * losing it loses nothing but comfort, so it is written when the program ends or rests, and errors about it are
 * silent but for one message. */
#ifndef ZHUPI_TUI_PLACES_H
#define ZHUPI_TUI_PLACES_H

#include "model/base.h"

struct places;

struct article_place {
	bool seen;            /* was ever opened */
	size_t off;           /* byte offset of the first row on screen */
	struct str span;      /* id of the current span; valid until the next places_set */
};

struct places *places_open(const char *corpus_root); /* never NULL; a broken file counts as empty */
struct article_place places_get(const struct places *p, struct str file);
void places_set(struct places *p, struct str file, size_t off, struct str span);
void places_unread(struct places *p, struct str file);
struct str places_setting(const struct places *p, struct str name);     /* empty: not set */
void places_set_setting(struct places *p, struct str name, struct str value);
bool places_save(struct places *p, struct error *err);
void places_free(struct places *p);

#endif
