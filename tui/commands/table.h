/* table: columns that stay straight with wide characters: the first left, the others right. */
#ifndef ZHUPI_TUI_COMMANDS_TABLE_H
#define ZHUPI_TUI_COMMANDS_TABLE_H

#include "model/base.h"

struct table {
	size_t columns;
	char **cells; /* owned; row by row */
	size_t n, cap;
};

void table_cell(struct table *t, const char *format, ...) PRINTF_LIKE(2, 3); /* the next one */
void table_number(struct table *t, uint64_t number); /* 0 as `-`, so that what is there stands out */
void table_print(struct table *t);                   /* through command_out; frees the cells */

#endif
