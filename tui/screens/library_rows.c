/* The tree of folders, the order within each, and the rows: see library.h. */
#include <stdlib.h>

#include "model/collate.h"
#include "tui/screens/library.h"

#define ALL_OPEN 500 /* a corpus of no more articles starts with every folder open */
#define UNKNOWN_LAST UINT64_MAX

/* ---- what is known of one article ------------------------------------------------------------------------------ */

bool library_unread(const struct library *l, const struct entry *e)
{
	return !(e->known && e->status == STATUS_DONE) && !places_get(l->places, e->file).seen;
}

enum article_state library_state(const struct library *l, const struct entry *e)
{
	if (!e->known)
		return STATE_UNKNOWN;
	if (e->failed)
		return STATE_BROKEN;
	return article_state(e->status, e->decided, places_get(l->places, e->file).seen);
}

bool library_passes(const struct library *l, const struct entry *e)
{
	switch (l->filter) {
	case FILTER_UNREAD:
		return library_unread(l, e);
	case FILTER_REVIEWING:
		return library_state(l, e) == STATE_REVIEWING;
	case FILTER_DONE:
		return library_state(l, e) == STATE_DONE;
	case FILTER_FLAGGED:
		return e->known && (e->flagged || e->failed);
	case FILTER_ALL:
	case LIBRARY_FILTERS:
		break;
	}
	return true;
}

bool library_untitled(const struct entry *e)
{
	return !e->known || e->title == NULL || *e->title == 0;
}

struct str library_title(const struct entry *e)
{
	if (!library_untitled(e))
		return str_of(e->title);
	size_t from = e->file.n;
	while (from > 0 && e->file.p[from - 1] != '/')
		from--;
	return str_sub(e->file, from, e->file.n);
}

/* Digits from *at on, at most `most` of them; how many. */
static size_t digits(struct str s, size_t *at, size_t most, uint32_t *out)
{
	size_t n = 0;
	*out = 0;
	while (n < most && *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9') {
		*out = *out * 10 + (uint32_t)(s.p[*at] - '0');
		++*at;
		++n;
	}
	return n;
}

static void skip_others(struct str s, size_t *at)
{
	while (*at < s.n && (s.p[*at] < '0' || s.p[*at] > '9'))
		++*at;
}

uint32_t library_day(struct str date)
{
	size_t at = 0;
	uint32_t year, month, day;
	skip_others(date, &at);
	if (digits(date, &at, 4, &year) != 4)
		return 0;
	bool together = at < date.n && date.p[at] >= '0' && date.p[at] <= '9';
	skip_others(date, &at);
	size_t n = digits(date, &at, 2, &month);
	if (n == 0 || (together && n != 2) || month < 1 || month > 12)
		return 0;
	skip_others(date, &at);
	if (digits(date, &at, 2, &day) == 0 || day < 1 || day > 31)
		day = 0; /* a month alone sorts before its days */
	return year * 10000 + month * 100 + day;
}

/* ---- the tree -------------------------------------------------------------------------------------------------- */

/* Folders by path, while the tree is built: open addressing, at most half full. */
struct folder_table {
	uint32_t *slots; /* folder + 1; 0: free */
	size_t size;
};

static uint64_t hash_of(struct str s)
{
	uint64_t h = 0xcbf29ce484222325u; /* FNV-1a */
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
	return h;
}

static size_t table_slot(const struct folder_table *t, const struct library *l, struct str path)
{
	size_t i = (size_t)hash_of(path) & (t->size - 1);
	while (t->slots[i] != 0 && !str_eq(l->folders[t->slots[i] - 1].path, path))
		i = (i + 1) & (t->size - 1);
	return i;
}

static void table_grow(struct folder_table *t, const struct library *l)
{
	if (t->size >= 2 * (l->n_folders + 1))
		return;
	t->size = t->size == 0 ? 64 : t->size * 2;
	mem_free(t->slots);
	t->slots = mem_array(t->size, sizeof(*t->slots));
	for (size_t i = 0; i < l->n_folders; i++)
		t->slots[table_slot(t, l, l->folders[i].path)] = (uint32_t)(i + 1);
}

static bool starts_open(const struct library *l, struct str path)
{
	struct buf name = {0};
	buf_adds(&name, "folder:");
	buf_add(&name, path);
	struct str value = places_setting(l->places, buf_str(&name));
	bool open = value.n > 0 ? str_eq(value, S("open")) : corpus_listed(l->corpus) && l->n_entries <= ALL_OPEN;
	buf_free(&name);
	return open;
}

static size_t add_folder(struct library *l, struct folder_table *t, struct str path, size_t parent)
{
	if (l->n_folders == l->cap_folders) {
		l->cap_folders = l->cap_folders == 0 ? 16 : l->cap_folders * 2;
		l->folders = mem_grow(l->folders, l->cap_folders, sizeof(*l->folders));
	}
	size_t i = l->n_folders;
	bool root = parent == NOWHERE;
	l->folders[i] = (struct library_folder){
		.path = arena_dup(&l->names, path),
		.parent = parent,
		.child = NOWHERE,
		.last = NOWHERE,
		.sibling = NOWHERE,
		.depth = root || l->folders[parent].parent == NOWHERE ? 0 : l->folders[parent].depth + 1,
		.open = root || starts_open(l, path),
	};
	if (!root) {
		struct library_folder *above = &l->folders[parent];
		if (above->child == NOWHERE)
			above->child = i;
		else
			l->folders[above->last].sibling = i;
		above->last = i;
	}
	l->n_folders++;
	table_grow(t, l);
	t->slots[table_slot(t, l, path)] = (uint32_t)(i + 1);
	return i;
}

/* The folder of a file, made with those around it where it is new; before: that of another file, mostly the same. */
static size_t folder_for(struct library *l, struct folder_table *t, struct str file, size_t before)
{
	size_t end = file.n;
	while (end > 0 && file.p[end - 1] != '/')
		end--;
	struct str path = str_sub(file, 0, end > 0 ? end - 1 : 0);
	if (str_eq(l->folders[before].path, path))
		return before;
	/* Upwards to the nearest one that is there, then down again making the others. */
	struct str known = path;
	size_t folder = 0;
	while (known.n > 0) {
		uint32_t slot = t->slots[table_slot(t, l, known)];
		if (slot != 0) {
			folder = slot - 1;
			break;
		}
		size_t cut = known.n;
		while (cut > 0 && known.p[cut - 1] != '/')
			cut--;
		known = str_sub(known, 0, cut > 0 ? cut - 1 : 0);
	}
	while (known.n < path.n) {
		size_t next = str_byte(path, '/', known.n + (known.n > 0));
		known = str_sub(path, 0, next == NOWHERE ? path.n : next);
		folder = add_folder(l, t, known, folder);
	}
	return folder;
}

void library_tree(struct library *l)
{
	/* What is current is known by its path: every index may change. */
	size_t entry = library_entry_at(l, l->line);
	size_t at = library_folder_at(l, l->line);
	bool there = entry != NOWHERE && entry < corpus_count(l->corpus);
	char *file = there ? str_dup(corpus_entry(l->corpus, entry)->file) : NULL;
	char *path = at != NOWHERE ? str_dup(l->folders[at].path) : NULL;

	arena_free(&l->names);
	l->names = (struct arena){0};
	l->n_folders = 0;
	l->n_rows = 0;
	l->n_entries = corpus_count(l->corpus);
	mem_free(l->folder_of);
	l->folder_of = mem_array(l->n_entries + 1, sizeof(*l->folder_of));

	struct folder_table table = {0};
	table_grow(&table, l);
	(void)add_folder(l, &table, S(""), NOWHERE);
	for (size_t i = 0, folder = 0; i < l->n_entries; i++) {
		folder = folder_for(l, &table, corpus_entry(l->corpus, i)->file, folder);
		l->folder_of[i] = (uint32_t)folder;
	}
	library_count(l);
	library_sort(l);

	if (file != NULL && corpus_find(l->corpus, str_of(file)) != NOWHERE) {
		(void)library_go_entry(l, corpus_find(l->corpus, str_of(file)));
	} else if (path != NULL) {
		uint32_t slot = table.slots[table_slot(&table, l, str_of(path))];
		size_t line = slot != 0 ? library_folder_line(l, slot - 1) : NOWHERE;
		if (line != NOWHERE)
			library_go_line(l, line);
	}
	mem_free(table.slots);
	mem_free(file);
	mem_free(path);
}

void library_count(struct library *l)
{
	l->dated = false;
	for (size_t i = 0; i < l->n_folders; i++)
		l->folders[i].totals = (struct library_totals){0};
	for (size_t i = 0; i < l->n_entries; i++) {
		const struct entry *e = corpus_entry(l->corpus, i);
		struct library_totals *t = &l->folders[l->folder_of[i]].totals;
		t->articles++;
		if (!e->known)
			continue;
		t->known++;
		l->dated = l->dated || (e->date != NULL && *e->date != 0);
		t->done += e->status == STATUS_DONE;
		t->decided += e->decided;
		t->proposed += e->proposed;
	}
	/* A folder stands after the one around it. */
	for (size_t i = l->n_folders; i-- > 1;) {
		const struct library_totals *t = &l->folders[i].totals;
		struct library_totals *above = &l->folders[l->folders[i].parent].totals;
		above->articles += t->articles;
		above->known += t->known;
		above->done += t->done;
		above->decided += t->decided;
		above->proposed += t->proposed;
	}
	l->facts = corpus_facts(l->corpus);
	l->complete = corpus_known(l->corpus) == l->n_entries;
}

/* ---- the order ------------------------------------------------------------------------------------------------- */

struct keyed {
	uint64_t key;
	uint32_t entry;
};

static int by_key(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->entry < y->entry ? -1 : x->entry > y->entry; /* the corpus is in order of names */
}

static uint64_t key_of(const struct library *l, const struct entry *e)
{
	if (!e->known)
		return UNKNOWN_LAST;
	uint64_t day;
	switch (l->order) {
	case ORDER_DATE:
		day = library_day(str_of(e->date));
		return day == 0 ? UNKNOWN_LAST - 1 : 99999999 - day; /* the newest first */
	case ORDER_STATUS:
		return (uint64_t)library_state(l, e);
	case ORDER_PROGRESS:
		if (e->status == STATUS_DONE)
			return 1001;
		return e->proposed == 0 ? 0 : (uint64_t)e->decided * 1000 / e->proposed;
	case ORDER_NAME:
	case ORDER_TITLE:
	case LIBRARY_ORDERS:
		break;
	}
	return 0;
}

struct titled {
	struct str key; /* of the title, as a reader sorts (collate.h) */
	uint32_t entry;
};

static int by_title(const void *a, const void *b)
{
	const struct titled *x = a, *y = b;
	int c = str_cmp(x->key, y->key);
	return c != 0 ? c : x->entry < y->entry ? -1 : x->entry > y->entry;
}

/* Turns titles into keys: the place of each among all. */
static void key_titles(const struct library *l, struct keyed *keys)
{
	struct collator *collator = collator_new();
	struct arena memory = {0};
	struct buf key = {0};
	struct titled *list = mem_array(l->n_entries + 1, sizeof(*list));
	for (size_t i = 0; i < l->n_entries; i++) {
		buf_clear(&key);
		collate_key(collator, library_title(corpus_entry(l->corpus, i)), &key);
		list[i] = (struct titled){arena_dup(&memory, buf_str(&key)), (uint32_t)i};
	}
	qsort(list, l->n_entries, sizeof(*list), by_title);
	for (size_t i = 0; i < l->n_entries; i++)
		if (keys[list[i].entry].key != UNKNOWN_LAST)
			keys[list[i].entry].key = i;
	mem_free(list);
	buf_free(&key);
	arena_free(&memory);
	collator_free(collator);
}

/* All entries in the order, whatever their folder. */
static void order_all(const struct library *l, struct keyed *keys)
{
	for (size_t i = 0; i < l->n_entries; i++)
		keys[i] = (struct keyed){key_of(l, corpus_entry(l->corpus, i)), (uint32_t)i};
	if (l->order == ORDER_TITLE)
		key_titles(l, keys);
	if (l->order != ORDER_NAME)
		qsort(keys, l->n_entries, sizeof(*keys), by_key);
	if (!l->reversed)
		return;
	size_t n = l->n_entries; /* what is not known stays last */
	while (n > 0 && keys[n - 1].key == UNKNOWN_LAST && l->order != ORDER_NAME)
		n--;
	for (size_t i = 0, j = n; i + 1 < j; i++) {
		struct keyed k = keys[i];
		keys[i] = keys[--j];
		keys[j] = k;
	}
}

static size_t deepest(const struct library *l, size_t folder)
{
	while (l->folders[folder].child != NOWHERE)
		folder = l->folders[folder].child;
	return folder;
}

/* Gives each folder its slice of `sorted`: those inside it first, then its own. */
static void lay_out_slices(struct library *l)
{
	for (size_t i = 0; i < l->n_folders; i++)
		l->folders[i].n = 0;
	for (size_t i = 0; i < l->n_entries; i++)
		l->folders[l->folder_of[i]].n++;
	size_t at = 0;
	for (size_t f = deepest(l, 0); f != NOWHERE;) {
		l->folders[f].from = at;
		at += l->folders[f].n;
		l->folders[f].n = 0; /* counts up again as it is filled */
		f = l->folders[f].sibling != NOWHERE ? deepest(l, l->folders[f].sibling) : l->folders[f].parent;
	}
}

void library_sort(struct library *l)
{
	l->sorted = mem_grow(l->sorted, l->n_entries + 1, sizeof(*l->sorted));
	l->rank_of = mem_grow(l->rank_of, l->n_entries + 1, sizeof(*l->rank_of));
	lay_out_slices(l);
	struct keyed *keys = mem_array(l->n_entries + 1, sizeof(*keys));
	order_all(l, keys);
	for (size_t i = 0; i < l->n_entries; i++) {
		struct library_folder *f = &l->folders[l->folder_of[keys[i].entry]];
		size_t rank = f->from + f->n++;
		l->sorted[rank] = keys[i].entry;
		l->rank_of[keys[i].entry] = (uint32_t)rank;
	}
	mem_free(keys);
	l->stale = false;
	l->sorted_ms = io_now_ms();
	library_fill(l);
}

/* ---- the rows -------------------------------------------------------------------------------------------------- */

static void add_row(struct library *l, size_t index, bool folder)
{
	if (l->n_rows == l->cap_rows) {
		l->cap_rows = l->cap_rows == 0 ? 256 : l->cap_rows * 2;
		l->rows = mem_grow(l->rows, l->cap_rows, sizeof(*l->rows));
	}
	l->rows[l->n_rows++] = (struct library_row){(uint32_t)index, folder};
}

static void count_shown(struct library *l)
{
	for (size_t i = 0; i < l->n_folders; i++)
		l->folders[i].shown = 0;
	for (size_t i = 0; i < l->n_entries; i++)
		l->folders[l->folder_of[i]].shown += library_passes(l, corpus_entry(l->corpus, i));
	for (size_t i = l->n_folders; i-- > 1;)
		l->folders[l->folders[i].parent].shown += l->folders[i].shown;
}

static void add_articles(struct library *l, size_t folder)
{
	const struct library_folder *f = &l->folders[folder];
	for (size_t i = 0; f->open && i < f->n; i++) {
		size_t entry = l->sorted[f->from + i];
		if (library_passes(l, corpus_entry(l->corpus, entry)))
			add_row(l, entry, false);
	}
}

/* Where the row that was current is now: its own, else that of the closed folder around it, else the same place. */
static size_t line_of_row(const struct library *l, struct library_row was, size_t line)
{
	size_t found = NOWHERE;
	for (size_t i = 0; i < l->n_rows && found == NOWHERE; i++)
		if (l->rows[i].folder == was.folder && l->rows[i].index == was.index)
			found = i;
	size_t folder = was.folder ? l->folders[was.index].parent : l->folder_of[was.index];
	bool hidden = !was.folder && !library_passes(l, corpus_entry(l->corpus, was.index));
	for (; found == NOWHERE && !hidden && folder != NOWHERE; folder = l->folders[folder].parent)
		found = library_folder_line(l, folder);
	return found != NOWHERE ? found : line;
}

void library_fill(struct library *l)
{
	bool had = l->line < l->n_rows;
	struct library_row was = had ? l->rows[l->line] : (struct library_row){0};
	count_shown(l);
	l->n_rows = 0;
	for (size_t f = 0; f != NOWHERE;) {
		const struct library_folder *folder = &l->folders[f];
		if (f != 0 && folder->shown > 0)
			add_row(l, f, true);
		if (folder->open && folder->shown > 0 && folder->child != NOWHERE) {
			f = folder->child;
			continue;
		}
		while (f != NOWHERE) {
			add_articles(l, f);
			if (l->folders[f].sibling != NOWHERE)
				break;
			f = l->folders[f].parent;
		}
		if (f != NOWHERE)
			f = l->folders[f].sibling;
	}
	library_go_line(l, had ? line_of_row(l, was, l->line) : l->line);
}

void library_go_line(struct library *l, size_t line)
{
	l->line = l->n_rows == 0 ? 0 : line < l->n_rows ? line : l->n_rows - 1;
}

size_t library_entry_at(const struct library *l, size_t line)
{
	return line < l->n_rows && !l->rows[line].folder ? l->rows[line].index : NOWHERE;
}

size_t library_folder_at(const struct library *l, size_t line)
{
	if (line >= l->n_rows)
		return NOWHERE;
	return l->rows[line].folder ? l->rows[line].index : l->folder_of[l->rows[line].index];
}

size_t library_folder_line(const struct library *l, size_t folder)
{
	for (size_t i = 0; i < l->n_rows; i++)
		if (l->rows[i].folder && l->rows[i].index == folder)
			return i;
	return NOWHERE;
}

size_t library_rank_at(const struct library *l, size_t line)
{
	size_t entry = library_entry_at(l, line), folder = library_folder_at(l, line);
	if (entry != NOWHERE)
		return l->rank_of[entry];
	return folder == NOWHERE ? 0 : l->folders[deepest(l, folder)].from;
}

void library_open_folder(struct library *l, size_t folder, bool open)
{
	if (l->folders[folder].open == open)
		return;
	l->folders[folder].open = open;
	struct buf name = {0};
	buf_adds(&name, "folder:");
	buf_add(&name, l->folders[folder].path);
	places_set_setting(l->places, buf_str(&name), open ? S("open") : S("closed"));
	buf_free(&name);
}

bool library_go_entry(struct library *l, size_t entry)
{
	if (entry >= l->n_entries || !library_passes(l, corpus_entry(l->corpus, entry)))
		return false;
	bool opened = false;
	for (size_t f = l->folder_of[entry]; f != NOWHERE; f = l->folders[f].parent) {
		opened = opened || !l->folders[f].open;
		library_open_folder(l, f, true);
	}
	if (opened)
		library_fill(l);
	for (size_t i = 0; i < l->n_rows; i++) {
		if (l->rows[i].folder || l->rows[i].index != entry)
			continue;
		l->line = i;
		return true;
	}
	return false;
}

void library_free_rows(struct library *l)
{
	arena_free(&l->names);
	mem_free(l->folders);
	mem_free(l->folder_of);
	mem_free(l->sorted);
	mem_free(l->rank_of);
	mem_free(l->rows);
}
