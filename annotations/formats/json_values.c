/* json_values: files that hold one JSON value after the other: objects a line, or one value over many lines, of which a
 * list stands for its items.  See places.h. */
#include "annotations/formats/places.h"

#include <string.h>

#include "annotations/formats/jsonl.h"
#include "annotations/formats/lines.h"
#include "annotations/json.h"

#define WHOLE_LIMIT ((size_t)512 << 20) /* bytes of a file that is one value */
#define TRIED       3                   /* lines at the start, of which one must be a value */

/* Of a line; NODE_SCALAR also where it is no value. */
static enum node_kind kind_of(struct str line, const char *path)
{
	struct node *value = NULL;
	enum node_kind kind = json_read(line, path, 1, &value, NULL) ? value->kind : NODE_SCALAR;
	node_free(value);
	return kind;
}

/* A file of one value a line may have a broken first line; one value over many lines has none that is whole.  A list on
 * a line is one of several, or the whole file. */
static bool has_lines(const char *path)
{
	struct lines *l = lines_open(path, NULL, NULL, NULL);
	struct str line;
	bool fatal, found = false, whole = false;
	size_t tried = 0, lists = 0;
	while (l && !found && !whole && tried < TRIED && lines_next(l, &line, &fatal, NULL) == LINE_READ) {
		line = str_trim(line);
		if (!line.n)
			continue;
		enum node_kind kind = kind_of(line, path);
		lists += kind == NODE_LIST;
		found = kind == NODE_MAP || lists > 1;
		whole = tried++ == 0 && kind == NODE_SCALAR && line.p[0] == '[';
	}
	lines_close(l);
	return found;
}

static bool take_value(struct import_job *job, const char *path, struct node *value,
                       bool (*take)(struct import_job *job, const char *path, size_t line, struct node *object,
                                    struct error *err),
                       struct error *err)
{
	bool fine = true;
	if (value->kind != NODE_LIST)
		return take(job, path, 1, value, err);
	for (size_t i = 0; i < value->n; i++) {
		struct node *item = value->items[i];
		value->items[i] = node_map(); /* the item is given away */
		if (fine && !job->hooks.interrupted(job->hooks.ctx))
			fine = take(job, path, item->line ? item->line : i + 1, item, err);
		else
			node_free(item);
		job->hooks.progress(job->hooks.ctx, job->counts.objects);
	}
	node_free(value);
	return fine;
}

bool record_json_values(struct import_job *job, const char *path,
                        bool (*take)(struct import_job *job, const char *path, size_t line, struct node *object,
                                     struct error *err),
                        struct error *err)
{
	struct stat st;
	bool standard = strcmp(path, "-") == 0;
	bool once = standard || (io_get()->stat(path, &st) == 0 && !S_ISREG(st.st_mode)); /* a pipe is read once */
	struct buf bytes = {0};
	struct node *value = NULL;
	bool lines = job->format->suffixes && str_find(str_of(job->format->suffixes), S(".jsonl"), 0) != NOWHERE;
	if (once ? lines : has_lines(path))
		return record_json_lines(job, path, take, err);
	bool fine = standard ? io_read_fd(0, "standard input", WHOLE_LIMIT, &bytes, err)
	                     : io_read_file(path, WHOLE_LIMIT, &bytes, NULL, err);
	fine = fine && json_read(buf_str(&bytes), path, 1, &value, err);
	if (fine) {
		size_t mark = str_starts(buf_str(&bytes), S("\xEF\xBB\xBF")) ? 3 : 0;
		jsonl_locate(str_sub(buf_str(&bytes), mark, bytes.n), 1, value);
		fine = take_value(job, path, value, take, err);
		import_end(job);
	}
	buf_free(&bytes);
	return fine;
}
