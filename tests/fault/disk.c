/* disk.c: see disk.h. */
#include "disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BLOCK 512
#define MOST_EFFECTS 8192
#define MOST_FILES 256
#define MOST_BYTES ((size_t)4 << 20)
#define NAME 200

enum effect_kind { MADE, WRITTEN, CUT, RENAMED, EXCHANGED, LINKED, UNLINKED, FOLDER, SYNCED, FOLDER_SYNCED, CLAIMED };

struct effect {
	enum effect_kind kind;
	int file, second;          /* inodes */
	char name[NAME], to[NAME]; /* without ./ */
	size_t at, n;              /* of the file */
	size_t bytes;              /* place in the record's bytes */
};

struct file {
	char name[NAME]; /* at first */
	bool folder;
	size_t bytes, n;
};

/* In memory that the recording child shares with its parent. */
static struct record {
	struct effect effects[MOST_EFFECTS];
	size_t n;
	struct file first[MOST_FILES];
	size_t n_first;
	char bytes[MOST_BYTES];
	size_t n_bytes;
	size_t first_claims; /* made before, all of them saved */
} *record;

/* While recording: what is open, and what has which name. */
static struct {
	int file[1024]; /* by descriptor; -1: not known */
	size_t at[1024];
	char folder[1024][NAME];
	struct {
		char name[NAME];
		int file;
	} names[MOST_FILES];
	size_t n_names;
	size_t sizes[MOST_FILES];
	int files;
} live;

void disk_make(void)
{
	record = mmap(NULL, sizeof(*record), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (record == MAP_FAILED) {
		perror("mmap");
		_exit(2);
	}
}

static void plain_name(char *to, const char *path)
{
	size_t root = strlen(world_folder());
	if (strncmp(path, world_folder(), root) == 0)
		path += root;
	size_t n = 0;
	while (*path && n + 1 < NAME) {
		bool starts = n == 0 || to[n - 1] == '/';
		if (starts && path[0] == '/')
			path++;
		else if (starts && path[0] == '.' && (path[1] == '/' || path[1] == '\0'))
			path++;
		else
			to[n++] = *path++;
	}
	while (n && to[n - 1] == '/')
		n--;
	to[n] = '\0';
}

static void folder_of(char *to, const char *name)
{
	const char *slash = strrchr(name, '/');
	size_t n = slash ? (size_t)(slash - name) : 0;
	memcpy(to, name, n);
	to[n] = '\0';
}

static size_t keep_bytes(const void *bytes, size_t n)
{
	size_t at = record->n_bytes;
	if (at + n > MOST_BYTES)
		_exit(2);
	memcpy(record->bytes + at, bytes, n);
	record->n_bytes += n;
	return at;
}

static struct effect *add(enum effect_kind kind)
{
	if (record->n == MOST_EFFECTS)
		_exit(2);
	struct effect *e = &record->effects[record->n++];
	*e = (struct effect){.kind = kind};
	return e;
}

static int *file_named(const char *name)
{
	for (size_t i = 0; i < live.n_names; i++)
		if (strcmp(live.names[i].name, name) == 0)
			return &live.names[i].file;
	return NULL;
}

static void give_name(const char *name, int file)
{
	int *there = file_named(name);
	if (there) {
		*there = file;
		return;
	}
	(void)snprintf(live.names[live.n_names].name, NAME, "%s", name);
	live.names[live.n_names++].file = file;
}

static void take_name(const char *name)
{
	int *there = file_named(name);
	if (there)
		*there = -1;
}

/* ---- what is there at first ------------------------------------------------------------------------------------- */

static void read_folder(const char *path)
{
	DIR *dir = opendir(path[0] ? path : ".");
	for (const struct dirent *e; dir && (e = readdir(dir));) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		char *whole = path[0] ? io_join(path, e->d_name) : mem_dup(e->d_name);
		struct file *f = &record->first[record->n_first++];
		*f = (struct file){.folder = e->d_type == DT_DIR};
		(void)snprintf(f->name, NAME, "%s", whole);
		if (f->folder) {
			read_folder(whole);
		} else {
			char *text = get_file(whole);
			f->n = strlen(text);
			f->bytes = keep_bytes(text, f->n);
			live.sizes[record->n_first - 1] = f->n;
			give_name(whole, (int)(f - record->first));
			mem_free(text);
		}
		mem_free(whole);
	}
	if (dir)
		(void)closedir(dir);
}

void disk_record(void)
{
	record->n = record->n_first = record->n_bytes = 0;
	record->first_claims = shared->n_claims;
	memset(&live, 0, sizeof(live));
	memset(live.file, 0xff, sizeof(live.file));
	read_folder("");
	live.files = (int)record->n_first;
}

/* ---- recording -------------------------------------------------------------------------------------------------- */

static void see_open(int fd, const char *name, long long flags)
{
	int *there = file_named(name);
	live.file[fd] = -1;
	live.folder[fd][0] = '\0';
	if (flags & O_DIRECTORY) {
		live.file[fd] = -2;
		(void)snprintf(live.folder[fd], NAME, "%s", name);
		return;
	}
	if ((!there || *there < 0) && (flags & O_CREAT)) {
		struct effect *e = add(MADE);
		e->file = live.files++;
		(void)snprintf(e->name, NAME, "%s", name);
		live.sizes[e->file] = 0;
		give_name(name, e->file);
		there = file_named(name);
	}
	if (!there || *there < 0)
		return;
	live.file[fd] = *there;
	live.at[fd] = flags & O_APPEND ? SIZE_MAX : 0;
	if (flags & O_TRUNC) {
		struct effect *e = add(CUT);
		e->file = *there;
		live.sizes[e->file] = 0;
	}
}

static void see_write(int fd, const char *bytes, size_t n)
{
	int file = live.file[fd];
	if (file < 0)
		return;
	bool append = live.at[fd] == SIZE_MAX;
	size_t at = append ? live.sizes[file] : live.at[fd];
	for (size_t done = 0; done < n;) {
		size_t part = BLOCK - (at + done) % BLOCK;
		part = part < n - done ? part : n - done;
		struct effect *e = add(WRITTEN);
		e->file = file;
		e->at = at + done;
		e->n = part;
		e->bytes = keep_bytes(bytes + done, part);
		done += part;
	}
	if (at + n > live.sizes[file])
		live.sizes[file] = at + n;
	if (!append)
		live.at[fd] += n;
}

static void see_names(enum call c, const char *from, const char *to, long long flags)
{
	bool exchange = c == CALL_RENAMEAT2 && (flags & RENAME_EXCHANGE);
	int *a = file_named(from), *b = file_named(to);
	struct effect *e = add(c == CALL_LINK ? LINKED : exchange ? EXCHANGED : RENAMED);
	e->file = a ? *a : -1;
	e->second = b ? *b : -1;
	(void)snprintf(e->name, NAME, "%s", from);
	(void)snprintf(e->to, NAME, "%s", to);
	int file = e->file, second = e->second;
	give_name(to, file);
	if (exchange)
		give_name(from, second);
	else if (c != CALL_LINK)
		take_name(from);
}

static void see_sync(int fd)
{
	int file = live.file[fd];
	if (file == -1)
		return;
	struct effect *e = add(file == -2 ? FOLDER_SYNCED : SYNCED);
	e->file = file;
	(void)snprintf(e->name, NAME, "%s", live.folder[fd]);
}

void disk_seen(enum call c, int fd, const char *path, const char *other, const void *bytes, long long n, int result)
{
	char name[NAME] = "", to[NAME] = "";
	if (path)
		plain_name(name, path);
	if (other)
		plain_name(to, other);
	switch (c) {
	case CALL_OPEN:
		see_open(result, name, n);
		break;
	case CALL_WRITE:
		see_write(fd, bytes, (size_t)n);
		break;
	case CALL_FSYNC:
	case CALL_FDATASYNC:
		see_sync(fd);
		break;
	case CALL_FTRUNCATE:
		if (live.file[fd] >= 0) {
			struct effect *e = add(CUT);
			e->file = live.file[fd];
			e->n = live.sizes[e->file] = (size_t)n;
		}
		break;
	case CALL_RENAME:
	case CALL_RENAMEAT2:
	case CALL_LINK:
		see_names(c, name, to, n);
		break;
	case CALL_UNLINK:
		take_name(name);
		(void)snprintf(add(UNLINKED)->name, NAME, "%s", name);
		break;
	case CALL_MKDIR:
		(void)snprintf(add(FOLDER)->name, NAME, "%s", name);
		break;
	case CALL_CLOSE:
		live.file[fd] = -1;
		break;
	default:
		break;
	}
}

void disk_claim(size_t claim, enum claim_state state)
{
	struct effect *e = add(CLAIMED);
	e->at = claim;
	e->n = (size_t)state;
}

void disk_put(const char *path, const char *text)
{
	char name[NAME], folder[NAME];
	plain_name(name, path);
	folder_of(folder, name);
	size_t n = strlen(text);
	int file = live.files++;
	struct effect *e = add(WRITTEN);
	e->file = file;
	e->n = n;
	e->bytes = keep_bytes(text, n);
	live.sizes[file] = n;
	add(SYNCED)->file = file;
	e = add(RENAMED);
	e->file = file;
	(void)snprintf(e->to, NAME, "%s", name);
	(void)snprintf(e->name, NAME, "%.190s.other", name);
	give_name(name, file);
	(void)snprintf(add(FOLDER_SYNCED)->name, NAME, "%s", folder);
}

/* ---- what a loss of power leaves ---------------------------------------------------------------------------- */

size_t disk_steps(void)
{
	return record->n + 1;
}

static bool is_data(const struct effect *e)
{
	return e->kind == WRITTEN || e->kind == CUT;
}

static bool is_name(const struct effect *e)
{
	return e->kind == MADE || e->kind == RENAMED || e->kind == EXCHANGED || e->kind == LINKED || e->kind == UNLINKED ||
	       e->kind == FOLDER;
}

static bool is_open(size_t i, size_t step)
{
	const struct effect *e = &record->effects[i];
	char folder[NAME];
	if (!is_data(e) && !is_name(e))
		return false;
	folder_of(folder, e->name);
	for (size_t k = i + 1; k < step; k++) {
		const struct effect *s = &record->effects[k];
		if (is_data(e) && s->kind == SYNCED && s->file == e->file)
			return false;
		if (is_name(e) && s->kind == FOLDER_SYNCED && strcmp(s->name, folder) == 0)
			return false;
	}
	return true;
}

size_t disk_open_effects(size_t step)
{
	size_t n = 0;
	for (size_t i = 0; i < step; i++)
		n += !is_open(i, step) ? 0u : record->effects[i].kind == WRITTEN ? 2u : 1u;
	return n;
}

/* A disk while it is put together. */
static struct {
	struct buf data[MOST_FILES];
	struct {
		char name[NAME];
		int file; /* -1: gone; -2: a folder */
	} names[2 * MOST_FILES];
	size_t n_names;
} disk;

static void set_name(const char *name, int file)
{
	for (size_t i = 0; i < disk.n_names; i++)
		if (strcmp(disk.names[i].name, name) == 0) {
			disk.names[i].file = file;
			return;
		}
	(void)snprintf(disk.names[disk.n_names].name, NAME, "%s", name);
	disk.names[disk.n_names++].file = file;
}

static void make_size(struct buf *data, size_t n)
{
	while (data->n < n)
		buf_addc(data, '\0');
}

static void apply(const struct effect *e)
{
	struct buf *data = &disk.data[e->file >= 0 ? e->file : 0];
	switch (e->kind) {
	case MADE:
	case FOLDER:
		set_name(e->name, e->kind == MADE ? e->file : -2);
		break;
	case WRITTEN:
		make_size(data, e->at + e->n);
		memcpy(data->p + e->at, record->bytes + e->bytes, e->n);
		break;
	case CUT:
		make_size(data, e->n);
		data->n = e->n;
		break;
	case EXCHANGED:
		set_name(e->to, e->file);
		set_name(e->name, e->second);
		break;
	case RENAMED:
		set_name(e->to, e->file);
		set_name(e->name, -1);
		break;
	case LINKED:
		set_name(e->to, e->file);
		break;
	case UNLINKED:
		set_name(e->name, -1);
		break;
	default:
		break;
	}
}

static void first_state(void)
{
	disk.n_names = 0;
	for (size_t i = 0; i < MOST_FILES; i++)
		buf_clear(&disk.data[i]);
	for (size_t i = 0; i < record->n_first; i++) {
		const struct file *f = &record->first[i];
		set_name(f->name, f->folder ? -2 : (int)i);
		if (!f->folder)
			buf_add(&disk.data[i], (struct str){record->bytes + f->bytes, f->n});
	}
}

static void write_disk(void)
{
	/* Folders first: in the order of their names a folder comes before what is in it. */
	for (size_t i = 0; i < disk.n_names; i++)
		if (disk.names[i].file == -2)
			(void)mkdir(disk.names[i].name, 0755);
	for (size_t i = 0; i < disk.n_names; i++) {
		if (disk.names[i].file < 0)
			continue;
		/* In a folder that never came to be nothing is found. */
		int fd = open(disk.names[i].name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
		if (fd < 0)
			continue;
		const struct buf *data = &disk.data[disk.names[i].file];
		if (write(fd, data->p ? data->p : "", data->n) != (ssize_t)data->n)
			complain("the test cannot write %s", disk.names[i].name);
		(void)close(fd);
	}
}

void disk_rebuild(size_t step, bool (*choice)(void *ctx, size_t nth), void *ctx)
{
	size_t open = 0;
	first_state();
	shared->n_claims = record->first_claims;
	for (size_t i = 0; i < step; i++) {
		const struct effect *e = &record->effects[i];
		if (e->kind == CLAIMED) {
			shared->claims[e->at].state = (enum claim_state)e->n;
			shared->n_claims = e->at >= shared->n_claims ? e->at + 1 : shared->n_claims;
			continue;
		}
		if (!is_open(i, step)) {
			apply(e);
			continue;
		}
		bool arrived = choice(ctx, open++), longer = e->kind == WRITTEN && choice(ctx, open++);
		if (arrived)
			apply(e);
		else if (longer)
			make_size(&disk.data[e->file], e->at + e->n);
	}
	world_empty();
	write_disk();
}
