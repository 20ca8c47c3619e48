/* corpus.c: where a corpus is, opening and looking again; see corpus.h.  corpus_list.c has the names, corpus_know.c what
 * the articles hold. */
#include "annotations/corpus.h"

#include <string.h>

#include "annotations/corpus_internal.h"
#include "annotations/zone_words.h"
#include "model/io.h"

#define CONFIG_NAME "zhupi.yaml"

/* ---- where the corpus is ---------------------------------------------------------------------------------------- */

static bool has_config(const char *folder)
{
	struct stat st;
	char *path = io_join(folder, CONFIG_NAME);
	bool there = io_get()->stat(path, &st) == 0 && S_ISREG(st.st_mode);
	mem_free(path);
	return there;
}

/* The nearest folder at or above `real` (absolute, without links) with a zhupi.yaml; `real` itself when there is none. */
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
	return good && read_settings(c, err) && listing_start(c, &c->entries, err);
}

bool corpus_open_at_once(const char *path, const char *annotator, struct corpus **out, struct error *err)
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

bool corpus_open(const char *path, const char *annotator, struct corpus **out, struct error *err)
{
	return corpus_open_at_once(path, annotator, out, err) && corpus_list(*out, INT64_MAX);
}

bool corpus_list(struct corpus *c, int64_t until_ms)
{
	return listing_step(c, &c->entries, until_ms);
}

bool corpus_listed(const struct corpus *c)
{
	return c->entries.n_open == 0;
}

void entry_clear(struct entry *e)
{
	mem_free(e->title);
	mem_free(e->date);
	mem_free(e->source);
	mem_free(e->opening);
}

void corpus_free(struct corpus *c)
{
	if (!c)
		return;
	listing_free(&c->entries);
	listing_free(&c->fresh);
	recall_free(c->recall);
	collator_free(c->collator);
	zone_words_free(&c->rules);
	corpus_config_free(&c->config);
	mem_free(c->root);
	mem_free(c->name);
	mem_free(c->annotator);
	mem_free(c->below);
	mem_free(c->single);
	held_folder_release(&c->held);
	buf_free(&c->held.path);
	buf_free(&c->held.name);
	mem_free(c);
}

/* What was known of the files that are still there is taken over; both lists are in the same order. */
static void carry_over(struct corpus *c, struct listing *old, struct listing *now)
{
	size_t i = 0, j = 0;
	c->known = c->titled = 0;
	while (i < old->n && j < now->n) {
		int order = listing_compare(c, old->list[i].file, now->list[j].file);
		if (order == 0) {
			struct str file = now->list[j].file;
			now->list[j] = old->list[i];
			now->list[j].file = file;
			old->list[i].title = old->list[i].date = old->list[i].source = old->list[i].opening = NULL;
			c->known += now->list[j].known;
			c->titled += now->list[j].titled;
		}
		i += order <= 0;
		j += order >= 0;
	}
}

bool corpus_rescan(struct corpus *c, int64_t until_ms, struct error *err)
{
	if (!corpus_listed(c))
		return corpus_list(c, until_ms);
	if (!c->rescanning && !listing_start(c, &c->fresh, err))
		return true;
	c->rescanning = true;
	if (!listing_step(c, &c->fresh, until_ms))
		return false;
	c->rescanning = false;
	carry_over(c, &c->entries, &c->fresh);
	listing_free(&c->entries);
	c->entries = c->fresh;
	c->fresh = (struct listing){0};
	c->next = c->next_untitled = 0;
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

char *corpus_article_path(const struct corpus *c, struct str file)
{
	char *name = str_dup(file);
	char *path = io_join(c->root, name);
	mem_free(name);
	return path;
}

void corpus_add_suffix(const struct corpus *c, struct buf *path)
{
	if (c->config.independent)
		buf_addf(path, ".%s", c->annotator);
	buf_adds(path, ".yaml");
}

char *corpus_sidecar_path(const struct corpus *c, struct str file)
{
	struct buf path = {0};
	char *article = corpus_article_path(c, file);
	buf_adds(&path, article);
	corpus_add_suffix(c, &path);
	mem_free(article);
	return buf_take(&path);
}
