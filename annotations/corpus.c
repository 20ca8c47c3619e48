/* corpus.c: the names of a corpus; what the articles hold is corpus_know.c's.  See corpus.h. */
#include "annotations/corpus.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "annotations/corpus_internal.h"
#include "annotations/glob.h"
#include "annotations/zone_words.h"
#include "model/io.h"

#define CONFIG_NAME "zhupi.yaml"

/* ---- the list ------------------------------------------------------------------------------------------------ */

static void entry_clear(struct entry *e)
{
	mem_free(e->title);
	mem_free(e->date);
	mem_free(e->source);
}

void listing_free(struct listing *l)
{
	for (size_t i = 0; i < l->n; i++)
		entry_clear(&l->list[i]);
	mem_free(l->list);
	mem_free(l->keys);
	buf_free(&l->key_bytes);
	arena_free(&l->names);
	*l = (struct listing){0};
}

/* Part by part, so that what is in one folder stays together whatever its name sorts beside; the zero between sorts
 * before all that a name may hold. */
static void add_key(const struct corpus *c, struct str file, struct buf *out)
{
	for (size_t from = 0; from <= file.n;) {
		size_t slash = str_byte(file, '/', from);
		size_t end = slash == NOWHERE ? file.n : slash;
		collate_key(c->collator, str_sub(file, from, end), out);
		buf_addc(out, '\0');
		from = end + 1;
	}
}

static void listing_add(const struct corpus *c, struct listing *l, struct str file)
{
	if (l->n == l->cap) {
		l->cap = l->cap ? 2 * l->cap : 64;
		l->list = mem_grow(l->list, l->cap, sizeof(*l->list));
		l->keys = mem_grow(l->keys, l->cap, sizeof(*l->keys));
	}
	size_t off = l->key_bytes.n;
	add_key(c, file, &l->key_bytes);
	l->keys[l->n] = (struct key_range){off, l->key_bytes.n - off};
	l->list[l->n++] = (struct entry){.file = arena_dup(&l->names, file)};
}

static struct str key_at(const struct listing *l, struct key_range range)
{
	return str_sub(buf_str(&l->key_bytes), range.off, range.off + range.n);
}

static int compare_keys(const void *a, const void *b, void *ctx)
{
	const struct listing *l = ctx;
	return str_cmp(key_at(l, l->keys[*(const size_t *)a]), key_at(l, l->keys[*(const size_t *)b]));
}

static void listing_sort(struct listing *l)
{
	size_t *order = mem_array(l->n, sizeof(*order));
	for (size_t i = 0; i < l->n; i++)
		order[i] = i;
	qsort_r(order, l->n, sizeof(*order), compare_keys, l);
	struct entry *list = mem_array(l->n, sizeof(*list));
	struct key_range *keys = mem_array(l->n, sizeof(*keys));
	for (size_t i = 0; i < l->n; i++) {
		list[i] = l->list[order[i]];
		keys[i] = l->keys[order[i]];
	}
	mem_free(order);
	mem_free(l->list);
	mem_free(l->keys);
	l->list = list;
	l->keys = keys;
	l->cap = l->n;
}

struct visit {
	struct corpus *corpus;
	struct listing *listing;
	struct buf file;
};

/* Sidecars and settings are never articles. */
static bool is_article(const struct corpus *c, struct str file)
{
	if (str_ends(file, S(".yaml")))
		return false;
	for (size_t i = 0; i < c->config.n_articles; i++)
		if (glob_match(str_of(c->config.articles[i]), file))
			return true;
	return false;
}

static bool visit_file(void *ctx, struct str relative)
{
	struct visit *v = ctx;
	buf_clear(&v->file);
	if (v->corpus->below[0])
		buf_addf(&v->file, "%s/", v->corpus->below);
	buf_add(&v->file, relative);
	if (is_article(v->corpus, buf_str(&v->file)))
		listing_add(v->corpus, v->listing, buf_str(&v->file));
	return true;
}

static bool list_articles(struct corpus *c, struct listing *l, struct error *err)
{
	if (c->single) {
		listing_add(c, l, str_of(c->single));
		return true;
	}
	struct visit v = {.corpus = c, .listing = l};
	char *folder = c->below[0] ? io_join(c->root, c->below) : mem_dup(c->root);
	bool good = io_walk(folder, visit_file, NULL, &v, err);
	mem_free(folder);
	buf_free(&v.file);
	if (good && l->n > 1)
		listing_sort(l);
	return good;
}

/* ---- where the corpus is ---------------------------------------------------------------------------------------- */

static bool has_config(const char *folder)
{
	struct stat st;
	char *path = io_join(folder, CONFIG_NAME);
	bool there = io_get()->stat(path, &st) == 0 && S_ISREG(st.st_mode);
	mem_free(path);
	return there;
}

/* The nearest folder at or above `real` (absolute, without links) with a zhupi.yaml; `real` itself when there is none.
 */
static char *find_root(const char *real)
{
	struct str folder = str_of(real);
	for (;;) {
		char *candidate = str_dup(folder.n ? folder : S("/"));
		if (has_config(candidate))
			return candidate;
		mem_free(candidate);
		if (folder.n == 0)
			return mem_dup(real);
		while (folder.n && folder.p[folder.n - 1] != '/')
			folder.n--;
		if (folder.n)
			folder.n--;
	}
}

/* `given` with its last part taken off; false where that is no plain name. */
static bool take_part(struct str *given)
{
	while (given->n > 1 && given->p[given->n - 1] == '/')
		given->n--;
	size_t start = given->n;
	while (start > 0 && given->p[start - 1] != '/')
		start--;
	struct str part = str_sub(*given, start, given->n);
	if (part.n == 0 || str_eq(part, S(".")) || str_eq(part, S("..")))
		return false;
	given->n = start > 1 ? start - 1 : start;
	return true;
}

/* The root as the user would spell it: what was given less the parts below the root, where that is the same folder;
 * else its real path.  Messages then show the path that was typed. */
static char *spell_root(const char *given, const char *root, const char *below)
{
	struct str spelt = str_of(given);
	bool plain = true;
	for (struct str rest = str_of(below); plain && rest.n;) {
		plain = take_part(&spelt);
		size_t slash = str_byte(rest, '/', 0);
		rest = slash == NOWHERE ? STR_NONE : str_sub(rest, slash + 1, rest.n);
	}
	char *candidate = str_dup(spelt.n ? spelt : S("."));
	char *real = plain ? io_real_path(candidate, NULL) : NULL;
	bool same = real && strcmp(real, root) == 0;
	mem_free(real);
	if (same)
		return candidate;
	mem_free(candidate);
	return mem_dup(root);
}

static bool find_place(struct corpus *c, const char *folder, struct error *err)
{
	char *real = io_real_path(folder, err);
	if (!real)
		return false;
	char *root = find_root(real);
	size_t skip = strcmp(root, "/") == 0 ? 1 : strlen(root) + 1;
	c->below = mem_dup(strlen(real) > strlen(root) ? real + skip : "");
	c->root = spell_root(folder, root, c->below);
	c->name = mem_dup(strcmp(root, "/") == 0 ? "/" : io_name_of(root));
	mem_free(root);
	mem_free(real);
	return true;
}

static bool read_settings(struct corpus *c, struct error *err)
{
	char *path = io_join(c->root, CONFIG_NAME);
	bool good = corpus_config_read(has_config(c->root) ? path : NULL, &c->config, err);
	mem_free(path);
	return good && zone_words_load(&c->rules, err);
}

static bool check_annotator(const char *annotator, struct error *err)
{
	if (annotator_fits(str_of(annotator)))
		return true;
	return error_set(err, ERROR_USAGE, NULL, "`%s` cannot be an annotator's name: it becomes part of file names",
	                 annotator);
}

/* What was opened: a folder, or an article in it. */
static bool open_path(struct corpus *c, const char *path, struct error *err)
{
	struct stat st;
	if (io_get()->stat(path, &st) != 0)
		return error_errno(err, path, "open");
	if (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode))
		return error_set(err, ERROR_KIND, path, "neither a folder nor a file");
	bool file = S_ISREG(st.st_mode);
	char *folder = file ? io_folder_of(path) : mem_dup(path);
	bool good = find_place(c, folder, err);
	mem_free(folder);
	if (good && file)
		c->single = c->below[0] ? io_join(c->below, io_name_of(path)) : mem_dup(io_name_of(path));
	return good && read_settings(c, err) && list_articles(c, &c->entries, err);
}

bool corpus_open(const char *path, const char *annotator, struct corpus **out, struct error *err)
{
	*out = NULL;
	if (!annotator || !annotator[0])
		annotator = "anonymous";
	if (!check_annotator(annotator, err))
		return false;
	struct corpus *c = mem_alloc(sizeof(*c));
	c->annotator = mem_dup(annotator);
	c->collator = collator_new();
	if (!open_path(c, path, err)) {
		corpus_free(c);
		return false;
	}
	*out = c;
	return true;
}

void corpus_free(struct corpus *c)
{
	if (!c)
		return;
	listing_free(&c->entries);
	collator_free(c->collator);
	zone_words_free(&c->rules);
	corpus_config_free(&c->config);
	mem_free(c->root);
	mem_free(c->name);
	mem_free(c->annotator);
	mem_free(c->below);
	mem_free(c->single);
	mem_free(c);
}

/* What was known of the files that are still there is taken over; both lists are in the same order. */
static void carry_over(struct corpus *c, struct listing *old, struct listing *now)
{
	size_t i = 0, j = 0;
	c->known = 0;
	while (i < old->n && j < now->n) {
		int order = str_cmp(key_at(old, old->keys[i]), key_at(now, now->keys[j]));
		if (order == 0) {
			struct str file = now->list[j].file;
			now->list[j] = old->list[i];
			now->list[j].file = file;
			old->list[i].title = old->list[i].date = old->list[i].source = NULL;
			c->known += now->list[j].known;
		}
		i += order <= 0;
		j += order >= 0;
	}
}

bool corpus_rescan(struct corpus *c, struct error *err)
{
	struct listing now = {0};
	if (!list_articles(c, &now, err)) {
		listing_free(&now);
		return false;
	}
	carry_over(c, &c->entries, &now);
	listing_free(&c->entries);
	c->entries = now;
	c->next = c->want = c->want_end = 0;
	return true;
}

/* ---- asking ---------------------------------------------------------------------------------------------------- */

const char *corpus_root(const struct corpus *c)
{
	return c->root;
}

const char *corpus_name(const struct corpus *c)
{
	return c->name;
}

const char *corpus_annotator(const struct corpus *c)
{
	return c->annotator;
}

struct schema *corpus_schema(struct corpus *c)
{
	return c->config.schema;
}

const struct zone_rules *corpus_zone_rules(const struct corpus *c)
{
	return &c->rules;
}

const struct corpus_config *corpus_settings(const struct corpus *c)
{
	return &c->config;
}

size_t corpus_count(const struct corpus *c)
{
	return c->entries.n;
}

const struct entry *corpus_entry(const struct corpus *c, size_t i)
{
	return &c->entries.list[i];
}

size_t corpus_find(const struct corpus *c, struct str file)
{
	const struct listing *l = &c->entries;
	struct buf key = {0};
	add_key(c, file, &key);
	size_t low = 0, high = l->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_cmp(key_at(l, l->keys[middle]), buf_str(&key)) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	bool found = low < l->n && str_eq(key_at(l, l->keys[low]), buf_str(&key));
	buf_free(&key);
	return found ? low : NOWHERE;
}

char *corpus_article_path(const struct corpus *c, struct str file)
{
	char *name = str_dup(file);
	char *path = io_join(c->root, name);
	mem_free(name);
	return path;
}

char *corpus_sidecar_path(const struct corpus *c, struct str file)
{
	struct buf path = {0};
	char *article = corpus_article_path(c, file);
	buf_adds(&path, article);
	if (c->config.independent)
		buf_addf(&path, ".%s", c->annotator);
	buf_adds(&path, ".yaml");
	mem_free(article);
	return buf_take(&path);
}
