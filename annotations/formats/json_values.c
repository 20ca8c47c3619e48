/* json_values: files that hold one JSON value after the other: objects a line, or values over many lines, of which a list
 * stands for its items.  See places.h. */
#include "annotations/formats/places.h"

#include "annotations/formats/json_items.h"
#include "annotations/formats/jsonl.h"
#include "annotations/json.h"

#define TRIED    3  /* lines at the start, of which one must be an object */
#define HOPELESS 20 /* values at the start that are no JSON */

/* The first two bytes that are no blanks; NUL where there is none. */
static void first_marks(struct str start, char marks[2])
{
	size_t found = 0;
	marks[0] = marks[1] = '\0';
	for (size_t i = 0; i < start.n && found < 2; i++)
		if (str_byte(S(" \t\r\n"), start.p[i], 0) == NOWHERE)
			marks[found++] = start.p[i];
}

static bool is_object(struct str line, const char *path)
{
	struct node *value = NULL;
	bool object = json_read(line, path, 1, &value, NULL) && value->kind == NODE_MAP;
	node_free(value);
	return object;
}

/* Whether one of the first lines is an object, of which the first may be broken; a line that goes on behind what was
 * read counts as one. */
static bool has_object_line(struct str start, const char *path)
{
	size_t at = 0;
	for (size_t tried = 0; tried < TRIED && at < start.n;) {
		size_t end = str_byte(start, '\n', at);
		struct str line = str_trim(str_sub(start, at, end));
		if (end == NOWHERE ? tried == 0 && str_starts(line, S("{")) : is_object(line, path))
			return true;
		at = end == NOWHERE ? start.n : end + 1;
		tried += line.n > 0;
	}
	return false;
}

struct taking {
	struct import_job *job;
	const char *path;
	struct lines *lines;
	json_taker *take;
	size_t good, bad;
	struct error first; /* what was wrong with the first value, as long as it is the only one */
};

static void tell(struct taking *t, struct error *failed)
{
	t->job->counts.objects++;
	t->job->counts.failed++;
	t->job->hooks.failed(t->job->hooks.ctx, failed);
}

static void tell_first(struct taking *t)
{
	if (t->first.code != ERROR_NONE)
		tell(t, &t->first);
	t->first = (struct error){0};
}

/* False: this is no JSON at all. */
static bool count_bad(struct taking *t, struct error *failed, struct error *err)
{
	if (t->bad++ == 0 && t->good == 0) {
		t->first = *failed;
		return true;
	}
	tell_first(t);
	tell(t, failed);
	return t->good || t->bad < HOPELESS ||
	       error_set(err, ERROR_SYNTAX, lines_name(t->lines), "this is no JSON, as far as it was read");
}

static bool take_item(struct taking *t, const struct json_item *item, struct error *err)
{
	struct error failed = {0};
	struct node *value = NULL;
	if (!jsonl_read(item->bytes, lines_name(t->lines), item->line, item->column, &value, &failed)) {
		if (failed.line == item->line)
			failed.column += item->column - 1;
		return count_bad(t, &failed, err);
	}
	tell_first(t);
	t->good++;
	return t->take(t->job, t->path, item->line, value, err);
}

static bool take_items(struct taking *t, struct json_items *items, struct error *err)
{
	struct import_job *job = t->job;
	for (;;) {
		struct error failed = {0};
		struct json_item item;
		bool fatal;
		if (job->hooks.interrupted(job->hooks.ctx))
			return true;
		switch (json_items_next(items, &item, &fatal, &failed)) {
		case LINE_READ:
			if (!take_item(t, &item, err))
				return false;
			break;
		case LINE_FAILED:
			if (fatal) {
				*err = failed;
				return false;
			}
			if (!count_bad(t, &failed, err))
				return false;
			break;
		case LINE_END:
		case LINE_INTERRUPTED:
			return true;
		}
		job->hooks.progress(job->hooks.ctx, job->counts.objects);
	}
}

/* A file of one value that is no JSON could not be read; of more, the others could. */
static bool take_values(struct taking *t, struct error *err)
{
	struct json_items *items = json_items_new(t->lines);
	bool fine = take_items(t, items, err);
	if (fine && t->first.code != ERROR_NONE) {
		*err = t->first;
		t->first = (struct error){0};
		fine = false;
	}
	tell_first(t);
	json_items_free(items);
	import_end(t->job);
	return fine;
}

static bool take_file(struct taking *t, struct error *err)
{
	struct str start;
	char marks[2];
	enum line_result r = lines_peek(t->lines, &start, err);
	if (r != LINE_READ)
		return r == LINE_INTERRUPTED;
	first_marks(start, marks);
	if (!marks[0])
		return error_set(err, ERROR_SYNTAX, lines_name(t->lines), "nothing is in it");
	/* ["text", …] is an example on a line; a list of such begins with [[.  The last line of a list may be an object. */
	if (marks[0] == '[' ? marks[1] == '"' : has_object_line(start, t->path))
		return record_json_lines_of(t->job, t->lines, t->take, err);
	if (marks[0] == '[' || marks[0] == '{')
		return take_values(t, err);
	struct node *none = NULL;
	bool fine = json_read(start, lines_name(t->lines), 1, &none, err);
	node_free(none);
	return fine && take_values(t, err);
}

bool record_json_values(struct import_job *job, const char *path, json_taker *take, struct error *err)
{
	struct taking t = {.job = job, .path = path, .take = take};
	t.lines = lines_open(path, job->hooks.interrupted, job->hooks.ctx, err);
	bool fine = t.lines && take_file(&t, err);
	lines_close(t.lines);
	return fine;
}
