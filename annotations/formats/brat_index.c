/* brat_index: the lines of an .ann file, and which id is which line; see brat_reading.h. */
#include <string.h>

#include "annotations/formats/brat_reading.h"
#include "model/utf8.h"

void brat_split(struct reading *r, struct str file, bool crlf)
{
	size_t room = 1;
	for (size_t at = 0; (at = str_byte(file, '\n', at)) != NOWHERE; at++)
		room++;
	r->lines = mem_array(room, sizeof *r->lines);
	for (size_t at = 0; at < file.n;) {
		size_t end = str_byte(file, '\n', at);
		struct ann_line *l = &r->lines[r->n++];
		l->line = str_sub(file, at, end == NOWHERE ? file.n : end);
		if (crlf && str_ends(l->line, S("\r")))
			l->line.n--;
		l->number = r->n;
		at = end == NOWHERE ? file.n : end + 1;
	}
}

bool brat_fail(struct reading *r, struct ann_line *l, enum error_code code, const char *why)
{
	l->gone = true;
	return record_fail(&r->record, l->number, 1, code, "%.*s: %s", (int)l->id.n, l->id.p, why);
}

static struct str index_bytes(const size_t *i)
{
	return (struct str){(const char *)i, sizeof *i};
}

size_t brat_line_of(const struct reading *r, struct str id)
{
	struct str value;
	size_t number = id.n && id.p[0] == 'T' ? brat_number(id) : NOWHERE, i = NOWHERE;
	if (number < r->n_numbers)
		return r->by_number[number] - 1; /* 0, not there, gives NOWHERE */
	if (strmap_get(&r->ids, id, &value))
		memcpy(&i, value.p, sizeof i);
	return i;
}

static void index_line(struct reading *r, size_t i)
{
	struct ann_line *l = &r->lines[i];
	if (l->kind == '*')
		return;
	if (brat_line_of(r, l->id) != NOWHERE) {
		brat_fail(r, l, ERROR_DUPLICATE, "another line bears this id already");
		return;
	}
	size_t number = l->kind == 'T' ? brat_number(l->id) : NOWHERE;
	if (number < r->n_numbers)
		r->by_number[number] = i + 1;
	else
		strmap_put(&r->ids, l->id, index_bytes(&i));
}

/* The kinds of line that are understood; others are kept as they are. */
static char kind_of(struct str id)
{
	char c = id.n ? id.p[0] : '\0';
	if (!c)
		return '\0';
	if (c == '*')
		return id.n == 1 ? c : '\0';
	if (c == 'M')
		c = 'A';
	return strchr("TERAN#", c) && brat_number(id) != NOWHERE ? c : '\0';
}

static void index_bound(struct reading *r, struct ann_line *l)
{
	const char *why = "";
	if (l->gone)
		return;
	if (!brat_bound(l->rest, &l->bound, &why))
		brat_fail(r, l, ERROR_SYNTAX, why);
	else if (!utf8_valid(l->bound.type))
		brat_fail(r, l, ERROR_ENCODING, "its type is no UTF-8");
	else
		r->n_units += l->bound.n;
}

/* T5 PER 0 2: kept as every line that is not understood, but somebody meant it. */
static bool wants_tab(struct str line)
{
	size_t i = 1;
	while (i < line.n && line.p[i] >= '0' && line.p[i] <= '9')
		i++;
	return i > 1 && i < line.n && line.p[i] == ' ' && strchr("TERAMN#", line.p[0]);
}

void brat_tell_unknown(struct reading *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct ann_line *l = &r->lines[i];
		if (l->kind || l->gone || str_trim(l->line).n == 0)
			continue;
		if (wants_tab(l->line))
			(void)record_fail(&r->record, l->number, 1, ERROR_SYNTAX,
			                  "a tab is wanted behind the id; the line is kept as it is");
		else
			record_noted(r->job, "lines of standoff that are not understood, kept as they are");
	}
}

bool brat_is_standoff(const struct reading *r)
{
	size_t said = 0, known = 0;
	for (size_t i = 0; i < r->n; i++) {
		const struct ann_line *l = &r->lines[i];
		said += str_trim(l->line).n > 0;
		known += l->kind || wants_tab(l->line);
	}
	return known || !said;
}

void brat_index(struct reading *r)
{
	r->n_numbers = r->n * 2 + 64;
	r->by_number = mem_array(r->n_numbers, sizeof *r->by_number);
	for (size_t i = 0; i < r->n; i++) {
		struct ann_line *l = &r->lines[i];
		l->kind = brat_line(l->line, &l->id, &l->rest) ? kind_of(l->id) : '\0';
		if (l->kind != 'T' && !utf8_valid(l->line)) {
			brat_fail(r, l, ERROR_ENCODING, "this line is no UTF-8");
			continue;
		}
		if (l->kind)
			index_line(r, i);
		if (l->kind == 'T')
			index_bound(r, l);
	}
}
