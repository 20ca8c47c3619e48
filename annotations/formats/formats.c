/* formats: the table and what all formats share, see format.h. */
#include "annotations/formats/format.h"

#include <string.h>

const struct format *const formats[] = {&jsonl_format, &html_format, NULL};

const struct format *format_find(const char *name)
{
	for (size_t i = 0; formats[i]; i++)
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return NULL;
}

void losses_add(struct losses *l, uint64_t count, const char *format, ...)
{
	struct buf what = {0};
	va_list args;
	va_start(args, format);
	buf_addv(&what, format, args);
	va_end(args);
	for (size_t i = 0; i < l->n; i++) {
		if (str_eq(str_of(l->list[i].what), buf_str(&what))) {
			l->list[i].count += count;
			buf_free(&what);
			return;
		}
	}
	if (l->n == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 8;
		l->list = mem_grow(l->list, l->cap, sizeof *l->list);
	}
	l->list[l->n++] = (struct loss){buf_take(&what), count};
}

void losses_free(struct losses *l)
{
	for (size_t i = 0; i < l->n; i++)
		mem_free(l->list[i].what);
	mem_free(l->list);
	*l = (struct losses){0};
}
