/* journal.c: appending; see journal.h.  Reading is in journal_read.c. */
#include "annotations/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "annotations/json.h"
#include "model/io.h"
#include "model/utf8.h"

struct journal {
	char *path, *name;
	int fd;
	off_t good; /* bytes that are synced and whole */
	size_t lines;
	bool broken;
};

/* ---- crc ---------------------------------------------------------------------------------------------------- */

/* A long line is worth tables of its own: eight bytes at a time ("slicing by 8", Kounavis and Berry, 2005).
 * slices[k][b] is the remainder of byte b with k noughts behind it. */
#define LONG_LINE ((size_t)1 << 14)

static uint32_t crc_of_byte(uint32_t crc)
{
	for (int bit = 0; bit < 8; bit++)
		crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	return crc;
}

static uint32_t little_endian(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;
	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* Up to seven bytes are left over: how many were counted. */
static size_t crc_of_many(struct str bytes, uint32_t *crc)
{
	uint32_t slices[8][256];
	size_t at = 0;
	for (uint32_t b = 0; b < 256; b++)
		slices[0][b] = crc_of_byte(b);
	for (size_t k = 1; k < 8; k++)
		for (size_t b = 0; b < 256; b++)
			slices[k][b] = slices[k - 1][b] >> 8 ^ slices[0][slices[k - 1][b] & 0xff];
	for (; bytes.n - at >= 8; at += 8) {
		uint32_t low = little_endian(bytes.p + at) ^ *crc, high = little_endian(bytes.p + at + 4);
		*crc = slices[7][low & 0xff] ^ slices[6][low >> 8 & 0xff] ^ slices[5][low >> 16 & 0xff] ^
		       slices[4][low >> 24] ^ slices[3][high & 0xff] ^ slices[2][high >> 8 & 0xff] ^
		       slices[1][high >> 16 & 0xff] ^ slices[0][high >> 24];
	}
	return at;
}

uint32_t journal_crc(struct str bytes)
{
	uint32_t crc = 0xffffffffu;
	size_t from = bytes.n >= LONG_LINE ? crc_of_many(bytes, &crc) : 0;
	for (size_t i = from; i < bytes.n; i++)
		crc = crc_of_byte(crc ^ (unsigned char)bytes.p[i]);
	return ~crc;
}

/* ---- creating ----------------------------------------------------------------------------------------------- */

#define HOST_MARKS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static void add_host(struct buf *name)
{
	char host[64] = "";
	bool known = io_get()->gethostname(host, sizeof(host) - 1) == 0;
	size_t start = name->n;
	for (const char *c = host; known && *c && *c != '.'; c++)
		buf_addc(name, strchr(HOST_MARKS, *c) ? *c : '_');
	if (name->n == start)
		buf_adds(name, "host");
}

/* The number that the digits of a stamp make, plus one: no time of day any more after a few of 60 seconds, but greater. */
static void count_up(struct buf *stamp)
{
	for (size_t n = stamp->n; n-- > 0;) {
		char *c = &stamp->p[n];
		if (*c >= '0' && *c < '9') {
			++*c;
			return;
		}
		if (*c == '9')
			*c = '0';
	}
}

/* 20261122T063107.123456789Z.  Clocks are set back and two sessions start in one tick, so the time is only a first
 * guess: a stamp that does not come after the last one there is made of that one. */
static char *new_stamp(struct str last)
{
	struct timespec now = {0};
	struct buf stamp = {0};
	char *utc = io_utc_compact();
	(void)io_get()->clock(CLOCK_REALTIME, &now);
	buf_add(&stamp, str_sub(str_of(utc), 0, strlen(utc) - 1));
	buf_addf(&stamp, ".%09ldZ", now.tv_nsec);
	mem_free(utc);
	last = str_sub(last, 0, stamp.n);
	if (last.n == stamp.n && last.p[last.n - 1] == 'Z' && str_cmp(buf_str(&stamp), last) <= 0) {
		buf_clear(&stamp);
		buf_add(&stamp, last);
		count_up(&stamp);
	}
	return buf_take(&stamp);
}

static char *new_name(struct str last)
{
	struct buf name = {0};
	char *stamp = new_stamp(last), *random = edit_random_id();
	buf_adds(&name, stamp);
	buf_addc(&name, '-');
	add_host(&name);
	buf_addf(&name, "-%ld-%s", (long)getpid(), random);
	mem_free(stamp);
	mem_free(random);
	return buf_take(&name);
}

/* The name of a new file is durable when its folder is.  Where folders cannot be synced, or not be opened though
 * files can be made in them, there is nothing better. */
static bool sync_folder(const char *path, struct error *err)
{
	int fd = io_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (fd < 0)
		return errno == EACCES || error_errno(err, path, "make sure that the journal stays in this folder");
	int result;
	do
		result = io_get()->fsync(fd);
	while (result != 0 && errno == EINTR);
	bool good = result == 0 || errno == EINVAL || errno == ENOSYS ||
	            error_errno(err, path, "make sure that the journal stays in this folder");
	(void)io_get()->close(fd);
	return good;
}

static bool sync_folders(const char *folder, struct error *err)
{
	char *parent = io_folder_of(folder), *grandparent = io_folder_of(parent);
	bool good = sync_folder(folder, err) && sync_folder(parent, err) && sync_folder(grandparent, err);
	mem_free(parent);
	mem_free(grandparent);
	return good;
}

/* False only when another process holds the file.  Somebody who asks whether it is held holds it for a moment, so this
 * tries for a while.  Where there are no locks two processes may take over the same work; then what one saves is merged
 * into what the other has. */
static bool lock_file(int fd)
{
	int cause = 0;
	for (int i = 0; i < 20; i++) {
		cause = io_get()->flock(fd, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
		if (cause != EWOULDBLOCK && cause != EINTR)
			return true;
		(void)io_get()->poll(NULL, 0, 5);
	}
	return cause == EINTR;
}

bool journal_create(const char *folder, struct str last, struct journal **out, struct error *err)
{
	*out = NULL;
	if (!io_make_folder(folder, err))
		return false;
	struct journal *j = mem_alloc(sizeof(*j));
	struct buf file = {0};
	j->name = new_name(last);
	buf_adds(&file, j->name);
	buf_adds(&file, ".jsonl");
	j->path = io_join(folder, file.p);
	buf_free(&file);
	j->fd = io_open(j->path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (j->fd < 0) {
		error_errno(err, j->path, "make this journal");
		journal_free(j);
		return false;
	}
	(void)lock_file(j->fd);
	if (!sync_folders(folder, err)) {
		journal_discard(j);
		return false;
	}
	*out = j;
	return true;
}

void journal_free(struct journal *j)
{
	if (!j)
		return;
	if (j->fd >= 0)
		(void)io_get()->close(j->fd);
	mem_free(j->path);
	mem_free(j->name);
	mem_free(j);
}

void journal_discard(struct journal *j)
{
	(void)io_get()->unlink(j->path);
	journal_free(j);
}

const char *journal_path(const struct journal *j)
{
	return j->path;
}

const char *journal_name(const struct journal *j)
{
	return j->name;
}

size_t journal_lines(const struct journal *j)
{
	return j->lines;
}

bool journal_broken(const struct journal *j)
{
	return j->broken;
}

/* ---- lines -------------------------------------------------------------------------------------------------- */

static size_t digits_from(struct str s, size_t off)
{
	while (off < s.n && s.p[off] >= '0' && s.p[off] <= '9')
		off++;
	return off;
}

/* Numbers whose one spelling this is, told without reading them back: whole ones, and decimals with a few places. */
static bool is_plain_number(struct str s)
{
	size_t point = digits_from(s, 0), end = point < s.n && s.p[point] == '.' ? digits_from(s, point + 1) : point;
	if (point == 0 || end != s.n || s.n >= 16 || (s.p[0] == '0' && point > 1))
		return false;
	size_t places = point < s.n ? s.n - point - 1 : 0;
	return places == 0 ? point == s.n && s.p[0] != '0' : places <= 4 && s.p[s.n - 1] != '0';
}

/* JSON keeps the value of a number, not its spelling (0.930): one that would not come back as it is goes as text. */
static bool keeps_spelling(const struct node *n)
{
	if (n->quoted || is_plain_number(n->text) || node_is_absent(n))
		return true;
	struct buf json = {0};
	struct node *back = NULL;
	buf_addc(&json, '[');
	json_write(&json, n);
	buf_addc(&json, ']');
	bool kept = json_read(buf_str(&json), NULL, 1, &back, NULL) && node_equal(back->items[0], n);
	node_free(back);
	buf_free(&json);
	return kept;
}

/* As json_write(), of what comes back as it is. */
static void write_value(struct buf *out, const struct node *n)
{
	if (n->kind == NODE_SCALAR) {
		if (keeps_spelling(n))
			json_write(out, n);
		else
			json_write_text(out, n->text);
		return;
	}
	buf_addc(out, n->kind == NODE_MAP ? '{' : '[');
	for (size_t i = 0; i < n->n; i++) {
		if (i)
			buf_addc(out, ',');
		if (n->kind == NODE_MAP) {
			json_write_text(out, n->keys[i]);
			buf_addc(out, ':');
		}
		write_value(out, n->items[i]);
	}
	buf_addc(out, n->kind == NODE_MAP ? '}' : ']');
}

/* A file name that is no UTF-8 is also spelt byte for byte. */
static void add_digits(struct buf *out, struct str name)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < name.n; i++) {
		buf_addc(out, digits[(unsigned char)name.p[i] >> 4]);
		buf_addc(out, digits[(unsigned char)name.p[i] & 15]);
	}
}

static void spell_name(struct node *map, struct str key)
{
	struct str name = node_get_text(map, key);
	struct buf hex = {0};
	if (utf8_valid(name))
		return;
	add_digits(&hex, name);
	node_put_text(map, S("bytes"), buf_str(&hex));
	buf_free(&hex);
}

static void write_text_of(struct buf *out, const char *key, struct str text)
{
	buf_addf(out, "\"%s\":", key);
	json_write_text(out, text);
}

static void write_state(struct buf *out, const char *key, const struct node *state)
{
	buf_adds(out, key);
	if (state)
		write_value(out, state);
	else
		buf_adds(out, "null");
}

static void write_op(struct buf *out, const struct op *op)
{
	buf_adds(out, "{\"file\":");
	json_write_text(out, str_of(op->file));
	buf_adds(out, ",\"kind\":");
	json_write_text(out, str_of(item_kind_name(op->kind)));
	buf_adds(out, ",\"id\":");
	json_write_text(out, str_of(op->id));
	write_state(out, ",\"was\":", op->was);
	write_state(out, ",\"set\":", op->set);
	if (!utf8_valid(str_of(op->file))) {
		buf_adds(out, ",\"bytes\":\"");
		add_digits(out, str_of(op->file));
		buf_addc(out, '"');
	}
	buf_addc(out, '}');
}

static void write_group(struct buf *out, const struct group *g)
{
	buf_addf(out, "{\"n\":%llu,", (unsigned long long)g->n);
	write_text_of(out, "t", str_of(g->time));
	buf_addc(out, ',');
	write_text_of(out, "by", str_of(g->by));
	buf_addc(out, ',');
	write_text_of(out, "what", str_of(g->what));
	buf_adds(out, ",\"ops\":[");
	for (size_t i = 0; i < g->n_ops; i++) {
		buf_adds(out, i ? "," : "");
		write_op(out, &g->ops[i]);
	}
	buf_addc(out, ']');
	if (g->undo)
		buf_adds(out, ",\"undo\":true");
	if (g->of) {
		buf_addc(out, ',');
		write_text_of(out, "of", str_of(g->of));
	}
	buf_addc(out, '}');
}

/* Ends a line that begins at `from` with crc and newline. */
static void end_line(struct buf *out, size_t from)
{
	uint32_t crc = journal_crc(str_sub(buf_str(out), from, out->n));
	out->n--; /* the closing brace */
	buf_addf(out, ",\"crc\":\"%08x\"}\n", crc);
}

/* What was written of a line that failed is taken away again.  Where that fails too the journal cannot be added to:
 * behind half a line nothing is read. */
static void take_back(struct journal *j)
{
	if (io_get()->ftruncate(j->fd, j->good) != 0)
		j->broken = true;
}

static bool sync_line(struct journal *j)
{
	while (io_get()->fdatasync(j->fd) != 0) {
		if (errno == EINTR)
			continue;
		/* Some file systems cannot sync; then writing is all there is. */
		if (errno == EINVAL || errno == ENOSYS)
			return true;
		/* Never again on this file: the kernel may have dropped what it could not write and say yes next
		 * time. */
		j->broken = true;
		return false;
	}
	return true;
}

/* Takes the bytes of n lines. */
static bool append_bytes(struct journal *j, struct buf *line, size_t n, struct error *err)
{
	struct error cause = {0};
	bool good = !j->broken && io_write_all(j->fd, buf_str(line), &cause);
	if (good && !sync_line(j)) {
		error_errno(&cause, NULL, "sync");
		good = false;
	}
	if (good) {
		j->good += (off_t)line->n;
		j->lines += n;
	} else {
		take_back(j);
		error_set(err, ERROR_IO, j->path, "%s; nothing was changed, try again when there is room",
		          cause.message ? cause.message : "this journal takes no more");
	}
	error_clear(&cause);
	buf_free(line);
	return good;
}

bool journal_append_all(struct journal *j, struct node **lines, size_t n, struct error *err)
{
	struct buf bytes = {0};
	for (size_t i = 0; i < n; i++) {
		size_t from = bytes.n;
		spell_name(lines[i], S("saving"));
		spell_name(lines[i], S("conflict"));
		spell_name(lines[i], S("resolved"));
		write_value(&bytes, lines[i]);
		end_line(&bytes, from);
		node_free(lines[i]);
	}
	return append_bytes(j, &bytes, n, err);
}

bool journal_append_group(struct journal *j, const struct group *g, struct error *err)
{
	struct buf line = {0};
	write_group(&line, g);
	end_line(&line, 0);
	return append_bytes(j, &line, 1, err);
}

bool journal_append(struct journal *j, struct node *map, struct error *err)
{
	return journal_append_all(j, &map, 1, err);
}

int journal_claim(const char *path)
{
	int fd = io_open(path, O_RDWR | O_APPEND | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC, 0);
	if (fd < 0)
		fd = io_open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC, 0);
	if (fd < 0 || lock_file(fd))
		return fd;
	(void)io_get()->close(fd);
	return -1;
}

/* Whether the last byte is the end of a line, or there is none. */
static bool ends_a_line(int fd, off_t size)
{
	char last;
	ssize_t got;
	if (size == 0)
		return true;
	do
		got = io_get()->pread(fd, &last, 1, size - 1);
	while (got < 0 && errno == EINTR);
	return got == 1 && last == '\n';
}

bool journal_close_claimed(int claim, const char *path, size_t size, uint64_t n)
{
	struct stat st;
	struct journal j = {.fd = claim, .path = (char *)(uintptr_t)path};
	if (journal_is_closed(path))
		return true;
	if (io_get()->fstat(claim, &st) != 0 || (size_t)st.st_size != size)
		return false;
	j.good = st.st_size;
	/* Half a line is ended and not cut off: were its writer alive after all, where there are no locks, it would
	 * finish it. */
	if (!ends_a_line(claim, st.st_size)) {
		if (!io_write_all(claim, S("\n"), NULL))
			return false;
		j.good++;
	}
	struct node *line = node_map();
	node_put(line, S("n"), node_number(n));
	node_put(line, S("closed"), node_plain(S("true")));
	node_put(line, S("at"), node_number((uint64_t)j.good));
	return journal_append(&j, line, NULL);
}
