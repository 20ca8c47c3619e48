/* journal_read.c: see journal.h. */
#include "annotations/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include "annotations/json.h"
#include "model/io.h"

#define CRC_TAIL ((size_t)18) /* ,"crc":"xxxxxxxx"} */

/* ---- one line ----------------------------------------------------------------------------------------------- */

static bool hex_of(struct str digits, uint32_t *out)
{
	*out = 0;
	for (size_t i = 0; i < digits.n; i++) {
		char c = digits.p[i];
		uint32_t value = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
		                 : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10
		                                        : 16;
		if (value == 16)
			return false;
		*out = *out << 4 | value;
	}
	return true;
}

/* line: without its newline. */
static bool crc_agrees(struct str line)
{
	uint32_t said;
	if (line.n < CRC_TAIL + 1)
		return false;
	struct str tail = str_sub(line, line.n - CRC_TAIL, line.n);
	if (!str_starts(tail, S(",\"crc\":\"")) || !str_ends(tail, S("\"}")) || !hex_of(str_sub(tail, 8, 16), &said))
		return false;
	struct buf whole = {0};
	buf_add(&whole, str_sub(line, 0, line.n - CRC_TAIL));
	buf_addc(&whole, '}');
	bool same = journal_crc(buf_str(&whole)) == said;
	buf_free(&whole);
	return same;
}

static struct node *take(struct node *map, struct str key)
{
	const struct node *value = node_get(map, key);
	return !value || node_is_absent(value) ? NULL : node_copy(value);
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A name that is no UTF-8 as it is: see spell_name() in journal.c. */
static void unspell_name(struct node *map, struct str key)
{
	struct str hex = node_get_text(map, S("bytes"));
	struct buf name = {0};
	bool good = hex.n > 0 && hex.n % 2 == 0 && node_get_text(map, key).n > 0;
	for (size_t i = 0; good && i < hex.n; i += 2) {
		int high = hex_digit(hex.p[i]), low = hex_digit(hex.p[i + 1]);
		good = high >= 0 && low >= 0 && (high || low);
		if (good)
			buf_addc(&name, (char)(high << 4 | low));
	}
	if (good)
		node_put_text(map, key, buf_str(&name));
	buf_free(&name);
}

static bool read_op(struct group *g, struct node *one)
{
	enum item_kind kind;
	unspell_name(one, S("file"));
	struct str file = node_get_text(one, S("file"));
	if (file.n == 0 || !item_kind_of_name(node_get_text(one, S("kind")), &kind))
		return false;
	struct node *was = take(one, S("was")), *set = take(one, S("set"));
	bool good = (was || set) && (!was || was->kind == NODE_MAP) && (!set || set->kind == NODE_MAP);
	if (good) {
		char *name = str_dup(file);
		group_add_op(g, name, kind, node_get_text(one, S("id")), was, set);
		mem_free(name);
	} else {
		node_free(was);
		node_free(set);
	}
	return good;
}

static struct group *read_group(const struct node *map)
{
	const struct node *ops = node_get(map, S("ops"));
	char *by = str_dup(node_get_text(map, S("by")));
	struct group *g = group_new(by);
	mem_free(by);
	g->time = str_dup(node_get_text(map, S("t")));
	g->what = str_dup(node_get_text(map, S("what")));
	g->undo = str_eq(node_get_text(map, S("undo")), S("true"));
	if (node_get_text(map, S("of")).n)
		g->of = str_dup(node_get_text(map, S("of")));
	bool good = ops->kind == NODE_LIST;
	for (size_t i = 0; good && i < ops->n; i++)
		good = read_op(g, ops->items[i]);
	if (good)
		return g;
	group_free(g);
	return NULL;
}

static bool line_of_map(struct node *map, struct journal_line *out)
{
	static const struct {
		const char *key;
		enum journal_kind kind;
	} kinds[] = {{"saving", JOURNAL_SAVING},
	             {"recovers", JOURNAL_RECOVERS},
	             {"conflict", JOURNAL_CONFLICT},
	             {"resolved", JOURNAL_RESOLVED},
	             {"closed", JOURNAL_CLOSED}};
	*out = (struct journal_line){0};
	if (!str_number(node_get_text(map, S("n")), &out->n))
		return false;
	if (node_get(map, S("ops"))) {
		out->group = read_group(map);
		if (!out->group)
			return false;
		out->group->n = out->n;
		node_free(map);
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (node_get(map, str_of(kinds[i].key))) {
			out->kind = kinds[i].kind;
			out->map = map;
			unspell_name(map, str_of(kinds[i].key));
			return true;
		}
	return false;
}

/* ---- files -------------------------------------------------------------------------------------------------- */

/* What another session said of a journal of which it had not read all says nothing. */
static bool closes_here(const struct node *map, size_t at)
{
	uint64_t said;
	const struct node *place = node_get(map, S("at"));
	return !place || (str_number(node_get_text(map, S("at")), &said) && said == at);
}

static void add_line(struct journal_file *f, const struct journal_line *line, size_t at)
{
	if (f->n_lines == f->cap_lines) {
		f->cap_lines = f->cap_lines ? 2 * f->cap_lines : 16;
		f->lines = mem_grow(f->lines, f->cap_lines, sizeof(*f->lines));
	}
	f->lines[f->n_lines++] = *line;
	f->closed = line->kind == JOURNAL_CLOSED && closes_here(line->map, at);
}

/* False where the file ends for the reader. */
static bool read_line(struct journal_file *f, struct str bytes, size_t at, struct str containing)
{
	struct node *map = NULL;
	struct journal_line line;
	if (bytes.n == 0)
		return true;
	if (!crc_agrees(bytes))
		return false;
	bool wanted = containing.n == 0 || str_find(bytes, containing, 0) != NOWHERE;
	f->closed = false;
	if (!wanted)
		return true;
	if (!json_read(bytes, NULL, 1, &map, NULL))
		return false;
	if (!line_of_map(map, &line)) {
		node_free(map);
		return false;
	}
	add_line(f, &line, at);
	return true;
}

static char *name_of(const char *path)
{
	struct str name = str_of(io_name_of(path));
	return str_dup(str_ends(name, S(".jsonl")) ? str_sub(name, 0, name.n - 6) : name);
}

/* What somebody may not read is none of theirs; what the system fails to read is missed. */
static bool may_open(const char *path)
{
	int fd = io_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	if (fd >= 0)
		(void)io_get()->close(fd);
	return fd >= 0 || errno != EACCES;
}

bool journal_read(const char *path, struct str containing, struct journal_file *out, struct error *err)
{
	struct buf bytes = {0};
	*out = (struct journal_file){0};
	struct error cause = {0};
	if (!io_read_file(path, JOURNAL_LIMIT, &bytes, NULL, &cause)) {
		out->unreadable = cause.code == ERROR_IO && may_open(path);
		error_set(err, cause.code, cause.path, "%s", cause.message);
		error_clear(&cause);
		return false;
	}
	out->path = mem_dup(path);
	out->name = name_of(path);
	out->size = bytes.n;
	struct str all = buf_str(&bytes);
	for (size_t at = 0, end; (end = str_byte(all, '\n', at)) != NOWHERE; at = end + 1)
		if (!read_line(out, str_sub(all, at, end), at, containing))
			break;
	buf_free(&bytes);
	return true;
}

void journal_file_free(struct journal_file *f)
{
	for (size_t i = 0; i < f->n_lines; i++) {
		group_free(f->lines[i].group);
		node_free(f->lines[i].map);
	}
	if (f->claimed)
		(void)io_get()->close(f->claim);
	mem_free(f->lines);
	mem_free(f->path);
	mem_free(f->name);
	*f = (struct journal_file){0};
}

#define LAST_LINE 128 /* bytes: a `closed` line is shorter */

static bool read_tail(int fd, char *tail, size_t *n, size_t *at)
{
	struct stat st;
	if (io_get()->fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	off_t from = st.st_size > LAST_LINE ? st.st_size - LAST_LINE : 0;
	ssize_t got;
	do
		got = io_get()->pread(fd, tail, LAST_LINE, from);
	while (got < 0 && errno == EINTR);
	*n = got > 0 ? (size_t)got : 0;
	*at = (size_t)from;
	return got > 0;
}

bool journal_is_closed(const char *path)
{
	char tail[LAST_LINE];
	size_t n = 0, at = 0;
	int fd = io_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	if (fd < 0)
		return false;
	bool read = read_tail(fd, tail, &n, &at);
	(void)io_get()->close(fd);
	if (!read || tail[n - 1] != '\n')
		return false;
	size_t start = --n;
	while (start > 0 && tail[start - 1] != '\n')
		start--;
	struct str line = {tail + start, n - start};
	struct node *map = NULL;
	bool closed = str_find(line, S("\"closed\":true"), 0) != NOWHERE && crc_agrees(line) &&
	              json_read(line, NULL, 1, &map, NULL) && closes_here(map, at + start);
	node_free(map);
	return closed;
}

bool journal_is_live(const char *path)
{
	int fd = io_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	if (fd < 0)
		return false;
	bool live = io_get()->flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	(void)io_get()->close(fd);
	return live;
}

/* ---- folders ------------------------------------------------------------------------------------------------ */

struct listing {
	struct journal_list *list;
	const char *folder;
};

static bool list_one(void *ctx, struct str relative)
{
	struct listing *l = ctx;
	struct journal_list *list = l->list;
	if (!str_ends(relative, S(".jsonl")) || str_byte(relative, '/', 0) != NOWHERE)
		return true;
	if (list->n == list->cap) {
		list->cap = list->cap ? 2 * list->cap : 16;
		list->paths = mem_grow(list->paths, list->cap, sizeof(*list->paths));
	}
	char *name = str_dup(relative);
	list->paths[list->n++] = io_join(l->folder, name);
	mem_free(name);
	return true;
}

static void note_trouble(void *ctx, struct error *e)
{
	const struct listing *l = ctx;
	l->list->partial |= strcmp(e->path, l->folder) == 0;
}

void journal_list_add(struct journal_list *l, const char *folder)
{
	struct listing listing = {l, folder};
	struct error err = {0};
	/* No folder, no journals. */
	if (!io_walk(folder, list_one, note_trouble, &listing, &err))
		l->partial |= err.code == ERROR_IO && may_open(folder);
	error_clear(&err);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(io_name_of(*(char *const *)a), io_name_of(*(char *const *)b));
}

void journal_list_sort(struct journal_list *l)
{
	if (l->n)
		qsort(l->paths, l->n, sizeof(*l->paths), compare_names);
}

void journal_list_free(struct journal_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		mem_free(l->paths[i]);
	mem_free(l->paths);
	*l = (struct journal_list){0};
}
