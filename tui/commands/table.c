/* table: see table.h. */
#include "tui/commands/table.h"

#include "model/segment.h"
#include "model/utf8.h"
#include "tui/commands/command.h"

#define GAP 2

static void take(struct table *t, char *cell)
{
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 64;
		t->cells = mem_grow(t->cells, t->cap, sizeof *t->cells);
	}
	t->cells[t->n++] = cell;
}

void table_cell(struct table *t, const char *format, ...)
{
	struct buf text = {0}, shown = {0};
	va_list args;
	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	visible_add(&shown, buf_str(&text), false);
	take(t, buf_take(&shown));
	buf_free(&text);
}

void table_number(struct table *t, uint64_t number)
{
	if (number)
		table_cell(t, "%llu", (unsigned long long)number);
	else
		table_cell(t, "-");
}

void table_print(struct table *t)
{
	struct buf out = {0};
	unsigned *widths = mem_array(t->columns + 1, sizeof *widths);
	for (size_t i = 0; i < t->n; i++) {
		unsigned width = text_width(str_of(t->cells[i]), 1);
		if (width > widths[i % t->columns])
			widths[i % t->columns] = width;
	}
	for (size_t i = 0; i < t->n; i++) {
		size_t column = i % t->columns;
		int fill = (int)(widths[column] - text_width(str_of(t->cells[i]), 1));
		if (column == 0)
			buf_addf(&out, "%s%*s", t->cells[i], fill, "");
		else
			buf_addf(&out, "%*s%s", fill + GAP, "", t->cells[i]);
		if (column + 1 == t->columns)
			buf_addc(&out, '\n');
		mem_free(t->cells[i]);
	}
	command_out_raw(buf_str(&out));
	buf_free(&out);
	mem_free(widths);
	mem_free(t->cells);
	*t = (struct table){0};
}
