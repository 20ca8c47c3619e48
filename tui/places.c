/* places.c: see places.h.
 *
 * The file is lines of words divided by tabs, in which %XX stands for a byte that is a control or `%`:
 *   zhupi-places 1 / root PATH / place OFF SPAN FILE / set NAME VALUE
 * A line that is not understood is passed over; a file of another version counts as empty. */
#include "tui/places.h"

#include <stdlib.h>
#include <string.h>

#include "annotations/config.h"
#include "model/io.h"
#include "model/sha256.h"

#define FILE_LIMIT ((size_t)64 << 20)
#define HEADER S("zhupi-places 1\n")
#define WORDS 4

struct entry_place {
	char *file, *span;
	size_t off;
};

struct setting {
	char *name, *value;
};

struct places {
	char *path, *root;
	struct entry_place *list; /* sorted by file */
	size_t n, cap;
	struct setting *settings;
	size_t n_settings;
	bool changed;
};

/* ---- entries ------------------------------------------------------------------------------------------------ */

/* Where file is or would be. */
static size_t slot_of(const struct places *p, struct str file, bool *there)
{
	size_t low = 0, high = p->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_cmp(str_of(p->list[middle].file), file);
		if (order == 0) {
			*there = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*there = false;
	return low;
}

static struct entry_place *make_entry(struct places *p, struct str file)
{
	bool there;
	size_t slot = slot_of(p, file, &there);
	if (there)
		return &p->list[slot];
	if (p->n == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 64;
		p->list = mem_grow(p->list, p->cap, sizeof(*p->list));
	}
	memmove(&p->list[slot + 1], &p->list[slot], (p->n - slot) * sizeof(*p->list));
	p->list[slot] = (struct entry_place){.file = str_dup(file), .span = mem_dup("")};
	p->n++;
	return &p->list[slot];
}

struct article_place places_get(const struct places *p, struct str file)
{
	bool there;
	size_t slot = slot_of(p, file, &there);
	if (!there)
		return (struct article_place){0};
	return (struct article_place){.seen = true, .off = p->list[slot].off, .span = str_of(p->list[slot].span)};
}

void places_set(struct places *p, struct str file, size_t off, struct str span)
{
	bool there;
	(void)slot_of(p, file, &there);
	struct entry_place *e = make_entry(p, file);
	if (there && e->off == off && str_eq(str_of(e->span), span))
		return;
	char *copy = str_dup(span);
	mem_free(e->span);
	e->span = copy;
	e->off = off;
	p->changed = true;
}

void places_unread(struct places *p, struct str file)
{
	bool there;
	size_t slot = slot_of(p, file, &there);
	if (!there)
		return;
	mem_free(p->list[slot].file);
	mem_free(p->list[slot].span);
	memmove(&p->list[slot], &p->list[slot + 1], (p->n - slot - 1) * sizeof(*p->list));
	p->n--;
	p->changed = true;
}

static struct setting *find_setting(const struct places *p, struct str name)
{
	for (size_t i = 0; i < p->n_settings; i++)
		if (str_eq(str_of(p->settings[i].name), name))
			return &p->settings[i];
	return NULL;
}

struct str places_setting(const struct places *p, struct str name)
{
	const struct setting *s = find_setting(p, name);
	return s ? str_of(s->value) : STR_NONE;
}

void places_set_setting(struct places *p, struct str name, struct str value)
{
	struct setting *s = find_setting(p, name);
	if (s && str_eq(str_of(s->value), value))
		return;
	if (!s) {
		p->settings = mem_grow(p->settings, p->n_settings + 1, sizeof(*p->settings));
		s = &p->settings[p->n_settings++];
		*s = (struct setting){.name = str_dup(name)};
	}
	char *copy = str_dup(value);
	mem_free(s->value);
	s->value = copy;
	p->changed = true;
}

/* ---- the file ----------------------------------------------------------------------------------------------- */

static void add_word(struct buf *out, struct str word)
{
	for (size_t i = 0; i < word.n; i++) {
		unsigned char c = (unsigned char)word.p[i];
		if (c < 0x20 || c == 0x7F || c == '%')
			buf_addf(out, "%%%02X", c);
		else
			buf_addc(out, (char)c);
	}
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void unescape(struct buf *out, struct str word)
{
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] == '%' && i + 2 < word.n && hex_digit(word.p[i + 1]) >= 0 &&
		    hex_digit(word.p[i + 2]) >= 0) {
			buf_addc(out, (char)(hex_digit(word.p[i + 1]) * 16 + hex_digit(word.p[i + 2])));
			i += 2;
		} else {
			buf_addc(out, word.p[i]);
		}
	}
}

/* Divides a line at its tabs and undoes the escapes; answers how many words there are. */
static size_t split(struct str line, struct buf words[WORDS])
{
	size_t n = 0, off = 0;
	while (n < WORDS) {
		size_t tab = str_byte(line, '\t', off);
		buf_clear(&words[n]);
		unescape(&words[n++], str_sub(line, off, tab));
		if (tab == NOWHERE)
			break;
		off = tab + 1;
	}
	return n;
}

static void read_line(struct places *p, struct str line, struct buf words[WORDS])
{
	uint64_t off;
	size_t n = split(line, words);
	struct str kind = buf_str(&words[0]);
	if (n == 4 && str_eq(kind, S("place")) && str_number(buf_str(&words[1]), &off))
		places_set(p, buf_str(&words[3]), (size_t)off, buf_str(&words[2]));
	else if (n == 3 && str_eq(kind, S("set")))
		places_set_setting(p, buf_str(&words[1]), buf_str(&words[2]));
}

static void read_all(struct places *p, struct str all)
{
	struct buf words[WORDS] = {{0}};
	if (!str_starts(all, HEADER))
		return;
	for (size_t off = HEADER.n; off < all.n;) {
		size_t end = str_byte(all, '\n', off);
		read_line(p, str_sub(all, off, end), words);
		off = end == NOWHERE ? all.n : end + 1;
	}
	for (size_t i = 0; i < WORDS; i++)
		buf_free(&words[i]);
	p->changed = false;
}

struct places *places_open(const char *corpus_root)
{
	struct places *p = mem_alloc(sizeof(*p));
	struct buf name = {0}, all = {0};
	struct error err = {0};
	char *real = realpath(corpus_root, NULL), *folder = state_folder();
	p->root = mem_dup(real ? real : corpus_root);
	free(real);
	char *hash = sha256_of(str_of(p->root));
	buf_addf(&name, "%s/places/%.16s", folder, hash);
	p->path = buf_take(&name);
	if (io_read_file(p->path, FILE_LIMIT, &all, NULL, &err))
		read_all(p, buf_str(&all));
	error_clear(&err);
	buf_free(&all);
	mem_free(hash);
	mem_free(folder);
	return p;
}

static void write_all(const struct places *p, struct buf *out)
{
	buf_add(out, HEADER);
	buf_adds(out, "root\t");
	add_word(out, str_of(p->root));
	buf_addc(out, '\n');
	for (size_t i = 0; i < p->n; i++) {
		buf_addf(out, "place\t%zu\t", p->list[i].off);
		add_word(out, str_of(p->list[i].span));
		buf_addc(out, '\t');
		add_word(out, str_of(p->list[i].file));
		buf_addc(out, '\n');
	}
	for (size_t i = 0; i < p->n_settings; i++) {
		buf_adds(out, "set\t");
		add_word(out, str_of(p->settings[i].name));
		buf_addc(out, '\t');
		add_word(out, str_of(p->settings[i].value));
		buf_addc(out, '\n');
	}
}

bool places_save(struct places *p, struct error *err)
{
	if (!p->changed)
		return true;
	struct buf all = {0};
	write_all(p, &all);
	char *folder = io_folder_of(p->path);
	io_recover(folder, false, NULL);
	bool ok = io_make_folder(folder, err) && io_replace_file(p->path, buf_str(&all), err);
	mem_free(folder);
	buf_free(&all);
	p->changed = !ok;
	return ok;
}

void places_free(struct places *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n; i++) {
		mem_free(p->list[i].file);
		mem_free(p->list[i].span);
	}
	for (size_t i = 0; i < p->n_settings; i++) {
		mem_free(p->settings[i].name);
		mem_free(p->settings[i].value);
	}
	mem_free(p->list);
	mem_free(p->settings);
	mem_free(p->path);
	mem_free(p->root);
	mem_free(p);
}
