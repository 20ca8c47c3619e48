/* json_items: see json_items.h. */
#include "annotations/formats/json_items.h"

struct json_items {
	struct lines *lines;
	struct str bytes; /* read, of which `at` are done */
	size_t at;
	size_t line, column; /* of what comes next; column in code points */
	struct buf item;
	bool listed;      /* within a list whose items are wanted */
	bool wants_comma; /* a value came before and no comma since */
	bool wants_value; /* a comma came before and no value since */
	bool end;
};

struct json_items *json_items_new(struct lines *l)
{
	struct json_items *j = mem_alloc(sizeof *j);
	j->lines = l;
	j->line = j->column = 1;
	return j;
}

void json_items_free(struct json_items *j)
{
	if (!j)
		return;
	buf_free(&j->item);
	mem_free(j);
}

/* Something to look at, or the end. */
static enum line_result fill(struct json_items *j, struct error *err)
{
	while (j->at == j->bytes.n && !j->end) {
		enum line_result r = lines_bytes(j->lines, &j->bytes, err);
		j->at = 0;
		if (r == LINE_END) {
			j->bytes = STR_NONE;
			j->end = true;
		} else if (r != LINE_READ) {
			j->bytes = STR_NONE;
			return r;
		}
	}
	return LINE_READ;
}

static void pass(struct json_items *j)
{
	char c = j->bytes.p[j->at++];
	if (c == '\n') {
		j->line++;
		j->column = 1;
	} else {
		j->column += ((unsigned char)c & 0xC0) != 0x80;
	}
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static enum line_result wrong(struct json_items *j, bool *fatal, struct error *err, const char *what)
{
	*fatal = false;
	error_at(err, ERROR_SYNTAX, lines_name(j->lines), j->line, j->column, "not JSON as it should be: %s", what);
	return LINE_FAILED;
}

/* How far the value under way has come. */
struct within {
	size_t depth;
	bool quoted, escaped;
};

/* Bytes that belong to the value; *done: it ends with them. */
static size_t value_bytes(struct json_items *j, struct within *w, bool *done)
{
	size_t i = j->at;
	while (i < j->bytes.n && !*done) {
		char c = j->bytes.p[i];
		if (w->quoted) {
			if (w->escaped)
				w->escaped = false;
			else if (c == '\\')
				w->escaped = true;
			else
				w->quoted = c != '"';
			i++;
			*done = !w->quoted && w->depth == 0;
			continue;
		}
		bool closes = c == '}' || c == ']';
		if (w->depth == 0 && (closes || c == ',' || is_blank(c))) {
			*done = true; /* a number or word: what ends it is not part of it */
			break;
		}
		w->quoted = c == '"';
		w->depth += c == '{' || c == '[';
		w->depth -= closes;
		i++;
		*done = closes && w->depth == 0;
	}
	return i - j->at;
}

static enum line_result take_value(struct json_items *j, struct json_item *item, bool *fatal, struct error *err)
{
	struct within w = {0};
	bool done = false;
	size_t line = j->line, column = j->column;
	buf_clear(&j->item);
	for (;;) {
		enum line_result r = fill(j, err);
		if (r != LINE_READ)
			return r;
		if (j->end)
			break;
		size_t n = value_bytes(j, &w, &done), stop = j->at + n;
		buf_add(&j->item, str_sub(j->bytes, j->at, stop));
		while (j->at < stop)
			pass(j);
		if (done)
			break;
		if (j->item.n > LINES_LIMIT) {
			*fatal = true;
			error_at(err, ERROR_LIMIT, lines_name(j->lines), line, column,
			         "this value is longer than %zu bytes, the most that is read here", LINES_LIMIT);
			return LINE_FAILED;
		}
	}
	j->wants_comma = j->listed;
	j->wants_value = false;
	*item = (struct json_item){buf_str(&j->item), line, column};
	return LINE_READ;
}

/* A mark between values. */
static bool take_mark(struct json_items *j, char c, const char **what)
{
	*what = NULL;
	if (c == '[' && !j->listed) {
		j->listed = true;
		j->wants_comma = j->wants_value = false;
	} else if (c == ']' || c == '}') {
		*what = c == '}' || !j->listed ? "this ends what did not begin"
		        : j->wants_value       ? "a value is missing before this"
		                               : NULL;
		j->listed = c == '}' && j->listed;
		j->wants_comma = j->wants_comma && j->listed;
		j->wants_value = false;
	} else if (c == ',') {
		*what = j->wants_comma ? NULL : "a value is missing before this";
		j->wants_comma = false;
		j->wants_value = j->listed;
	} else {
		return false;
	}
	return true;
}

enum line_result json_items_next(struct json_items *j, struct json_item *item, bool *fatal, struct error *err)
{
	*fatal = true;
	for (;;) {
		const char *what = NULL;
		enum line_result r = fill(j, err);
		if (r != LINE_READ)
			return r;
		if (j->end) {
			if (!j->listed)
				return LINE_END;
			j->listed = false;
			return wrong(j, fatal, err, "the file ends within a list");
		}
		char c = j->bytes.p[j->at];
		if (is_blank(c)) {
			pass(j);
		} else if (take_mark(j, c, &what)) {
			if (what)
				r = wrong(j, fatal, err, what);
			pass(j);
			if (what)
				return r;
		} else if (j->wants_comma) {
			j->wants_comma = false;
			return wrong(j, fatal, err, "a comma is missing before this");
		} else {
			return take_value(j, item, fatal, err);
		}
	}
}
