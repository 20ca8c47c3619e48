/* config.c: see config.h.  Folders: XDG Base Directory Specification 0.8 (relative values of its variables are
 * ignored). */
#include "annotations/config.h"

#include <stdlib.h>

#include "annotations/config_schema.h"
#include "annotations/config_value.h"
#include "annotations/pack.h"
#include "annotations/yaml_read.h"
#include "model/io.h"
#include "model/utf8.h"

#define CONFIG_FORMAT   1
#define ANNOTATOR_BYTES 64

struct str config_report_schema(void)
{
	return pack_file("report/schema.yaml");
}

struct str config_init_text(void)
{
	return pack_file("init.yaml");
}

void config_warnings_free(struct config_warnings *w)
{
	for (size_t i = 0; i < w->n; i++)
		error_clear(&w->list[i]);
	mem_free(w->list);
	*w = (struct config_warnings){0};
}

static bool read_tree(const char *path, struct node **out, struct error *err)
{
	struct buf bytes = {0};
	bool good = io_read_file(path, CONFIG_SIZE, &bytes, NULL, err) && yaml_read(buf_str(&bytes), path, out, err);
	buf_free(&bytes);
	return good;
}

static void replace(char **at, struct str text)
{
	mem_free(*at);
	*at = str_dup(text);
}

/* ---- zhupi.yaml ----------------------------------------------------------------------------------------------- */

static void add_pattern(struct corpus_config *c, struct str pattern)
{
	c->articles = mem_grow(c->articles, c->n_articles + 1, sizeof(*c->articles));
	c->articles[c->n_articles++] = str_dup(pattern);
}

static void drop_patterns(struct corpus_config *c)
{
	for (size_t i = 0; i < c->n_articles; i++)
		mem_free(c->articles[i]);
	mem_free(c->articles);
	c->articles = NULL;
	c->n_articles = 0;
}

static bool corpus_defaults(struct corpus_config *c, struct error *err)
{
	*c = (struct corpus_config){.schema = schema_new(), .language = mem_dup("")};
	add_pattern(c, S("**/*.txt"));
	return config_schema_builtin(c->schema, err);
}

void corpus_config_free(struct corpus_config *c)
{
	schema_free(c->schema);
	mem_free(c->language);
	drop_patterns(c);
	for (size_t i = 0; i < c->n_extractors; i++)
		mem_free(c->extractors[i]);
	mem_free(c->extractors);
	config_warnings_free(&c->warnings);
	*c = (struct corpus_config){0};
}

/* Letters, digits, `-`, `_` and `.`, not in front: what can be no path and no option. */
static bool is_plain_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		bool mark = c == '-' || c == '_' || c == '.';
		if (!letter && !(mark && i > 0))
			return false;
	}
	return name.n > 0;
}

static bool read_name(const struct config_source *from, const struct node *n, const char *what, struct str *name)
{
	if (!config_text(from, n, what, name))
		return false;
	return is_plain_name(*name) ||
	       config_fail(from, n, ERROR_SCHEMA, "%s must be a name (letters, digits, - _ .), not `%s`", what, name->p);
}

static bool read_language(const struct config_source *from, const struct node *map, struct corpus_config *c)
{
	const struct node *n = config_get(map, S("language"));
	struct str name;
	if (!n)
		return true;
	if (!read_name(from, n, "language", &name))
		return false;
	replace(&c->language, name);
	return true;
}

static bool add_extractor(const struct config_source *from, const struct node *n, struct corpus_config *c)
{
	struct str name;
	if (!read_name(from, n, "extractor", &name))
		return false;
	c->extractors = mem_grow(c->extractors, c->n_extractors + 1, sizeof(*c->extractors));
	c->extractors[c->n_extractors++] = str_dup(name);
	return true;
}

/* One name or a list of them. */
static bool read_extractor_names(const struct config_source *from, const struct node *map, struct corpus_config *c)
{
	const struct node *n = config_get(map, S("extractor"));
	if (!n)
		return true;
	if (n->kind != NODE_LIST)
		return add_extractor(from, n, c);
	for (size_t i = 0; i < n->n; i++)
		if (!add_extractor(from, n->items[i], c))
			return false;
	return true;
}

static bool leaves_corpus(struct str pattern)
{
	if (pattern.p[0] == '/')
		return true;
	for (size_t from = 0; from <= pattern.n;) {
		size_t end = str_byte(pattern, '/', from);
		if (end == NOWHERE)
			end = pattern.n;
		if (str_eq(str_sub(pattern, from, end), S("..")))
			return true;
		from = end + 1;
	}
	return false;
}

static bool read_pattern(const struct config_source *from, const struct node *n, struct corpus_config *c)
{
	struct str pattern;
	if (!config_text(from, n, "a pattern of articles", &pattern))
		return false;
	if (leaves_corpus(pattern))
		return config_fail(from, n, ERROR_SCHEMA,
		                   "`%s` leads out of the corpus; patterns are relative to this file's folder",
		                   pattern.p);
	if (pattern.n > 1024 || c->n_articles == 100)
		return config_fail(from, n, ERROR_LIMIT, "at most 100 patterns of at most 1024 bytes");
	add_pattern(c, pattern);
	return true;
}

static bool read_articles(const struct config_source *from, const struct node *map, struct corpus_config *c)
{
	const struct node *n = config_get(map, S("articles"));
	if (!n)
		return true;
	if (n->kind == NODE_MAP)
		return config_is(from, n, NODE_LIST, "articles");
	drop_patterns(c);
	if (n->kind == NODE_SCALAR)
		return read_pattern(from, n, c);
	for (size_t i = 0; i < n->n; i++)
		if (!read_pattern(from, n->items[i], c))
			return false;
	return true;
}

static bool read_version(const struct config_source *from, const struct node *map)
{
	const struct node *n = config_get(map, S("zhupi"));
	uint64_t version = 0;
	if (!n)
		return true;
	if (!node_is_number(n, &version) || version == 0)
		return config_fail(from, n, ERROR_SCHEMA, "zhupi must be the number of the format, %d", CONFIG_FORMAT);
	if (version > CONFIG_FORMAT)
		return config_fail(from, n, ERROR_VERSION, "written for a newer zhupi (format %llu, this one knows %d)",
		                   (unsigned long long)version, CONFIG_FORMAT);
	return true;
}

static bool read_annotators(const struct config_source *from, const struct node *map, struct corpus_config *c)
{
	static const char *const names[] = {"shared", "independent"};
	const struct node *n = config_get(map, S("annotators"));
	size_t i;
	if (!n)
		return true;
	if (!config_choice(from, n, "annotators", names, COUNT_OF(names), &i))
		return false;
	c->independent = i == 1;
	return true;
}

/* Without `schema:` the built-in one stays; with it, everything stands there (or is extended there). */
static bool read_schema(const struct config_source *from, const struct node *map, struct corpus_config *c)
{
	const struct node *n = config_get(map, S("schema"));
	if (!n)
		return true;
	struct schema *s = schema_new();
	if (!config_schema_read(from, n, s)) {
		schema_free(s);
		return false;
	}
	schema_free(c->schema);
	c->schema = s;
	return true;
}

static bool read_learning(const struct config_source *from, const struct node *map, struct corpus_config *c)
{
	const struct node *n = config_get(map, S("learning"));
	bool on = true;
	bool good = !n || config_flag(from, n, "learning", &on);
	c->no_learning = !on;
	return good;
}

static void warn_of_own_keys(const struct config_source *from, const struct node *map)
{
	static const struct str own[] = {{"keys", 4}, {"extractors", 10}, {"palette", 7}, {"lanes", 5}, {"advance", 7}};
	for (size_t i = 0; i < COUNT_OF(own); i++) {
		const struct node *n = node_get(map, own[i]);
		if (n)
			config_warn(from, n, ERROR_SCHEMA,
			            "`%s` has no effect in a corpus; it belongs in your own config.yaml", own[i].p);
	}
}

static bool read_corpus(const struct config_source *from, const struct node *map, struct corpus_config *c)
{
	static const char *const known[] = {"zhupi", "language",   "articles", "annotators", "extractor", "schema", "learning",
	                                    "keys",  "extractors", "palette",  "lanes",      "advance", "brat"};
	if (!config_is(from, map, NODE_MAP, "zhupi.yaml"))
		return false;
	config_unknown(from, map, known, COUNT_OF(known));
	warn_of_own_keys(from, map);
	return read_version(from, map) && read_language(from, map, c) &&
	       read_articles(from, map, c) && read_annotators(from, map, c) &&
	       read_extractor_names(from, map, c) &&
	       read_learning(from, map, c) && read_schema(from, map, c);
}

bool corpus_config_read(const char *path, struct corpus_config *out, struct error *err)
{
	if (!corpus_defaults(out, err))
		return false;
	if (!path)
		return true;
	struct config_source from = {.path = path, .warnings = &out->warnings, .err = err};
	struct node *map = NULL;
	bool good = read_tree(path, &map, err) && read_corpus(&from, map, out);
	node_free(map);
	if (good)
		return true;
	struct corpus_config defaults;
	if (corpus_defaults(&defaults, NULL)) {
		corpus_config_free(out);
		*out = defaults;
	}
	return false;
}

/* ---- config.yaml ---------------------------------------------------------------------------------------------- */

/* $variable/zhupi/name, else ~/fallback/zhupi/name; "" where there is neither. */
static char *user_path(const char *variable, const char *fallback, const char *name)
{
	const char *base = getenv(variable), *home = getenv("HOME");
	struct buf path = {0};
	if (base && base[0] == '/')
		buf_adds(&path, base);
	else if (home && home[0] == '/')
		buf_addf(&path, "%s/%s", home, fallback);
	else
		return mem_dup("");
	buf_addf(&path, "/zhupi%s%s", name[0] ? "/" : "", name);
	return buf_take(&path);
}

char *state_folder(void)
{
	return user_path("XDG_STATE_HOME", ".local/state", "");
}

bool annotator_fits(struct str name)
{
	codepoint cp = 0, last = 0;
	if (name.n == 0 || name.n > ANNOTATOR_BYTES || name.p[0] == '.' || name.p[0] == '-')
		return false;
	for (size_t off = 0, step; (step = utf8_step(name, off, &cp)); off += step) {
		if (cp_is_hidden(cp) || cp == '/' || (off == 0 && cp_is_space(cp)))
			return false;
		last = cp;
	}
	return !cp_is_space(last);
}

static void user_defaults(struct user_config *c)
{
	struct str user = str_of(getenv("USER"));
	*c = (struct user_config){.path = user_path("XDG_CONFIG_HOME", ".config", "config.yaml"),
	                          .annotator = str_dup(annotator_fits(user) ? user : S("anonymous")),
	                          .palette = mem_dup(""),
	                          .lanes = -1,
	                          .advance = true};
}

void user_config_free(struct user_config *c)
{
	for (size_t i = 0; i < c->n_keys; i++) {
		mem_free(c->keys[i].action);
		mem_free(c->keys[i].keys);
	}
	mem_free(c->keys);
	mem_free(c->path);
	mem_free(c->annotator);
	mem_free(c->palette);
	node_free(c->extractors);
	config_warnings_free(&c->warnings);
	*c = (struct user_config){0};
}

static bool read_annotator(const struct config_source *from, const struct node *map, struct user_config *c)
{
	const struct node *n = config_get(map, S("annotator"));
	struct str name;
	if (!n)
		return true;
	if (!config_text(from, n, "annotator", &name))
		return false;
	if (!annotator_fits(name))
		return config_fail(from, n, ERROR_SCHEMA,
		                   "annotator becomes part of file names: at most %d bytes, no slash, no "
		                   "invisible character, no dot or dash in front",
		                   ANNOTATOR_BYTES);
	replace(&c->annotator, name);
	return true;
}

/* One key or several: text, or a list whose texts are joined with blanks. */
static bool read_key(const struct config_source *from, struct str action, const struct node *n, struct user_config *c)
{
	struct buf keys = {0};
	struct str key;
	bool good = n->kind != NODE_MAP || config_is(from, n, NODE_LIST, action.p);
	if (good && n->kind == NODE_SCALAR) {
		good = config_text(from, n, action.p, &key);
		if (good)
			buf_add(&keys, key);
	}
	for (size_t i = 0; good && n->kind == NODE_LIST && i < n->n; i++) {
		good = config_text(from, n->items[i], action.p, &key);
		if (good)
			buf_addf(&keys, "%s%s", i ? " " : "", key.p);
	}
	if (!good) {
		buf_free(&keys);
		return false;
	}
	c->keys = mem_grow(c->keys, c->n_keys + 1, sizeof(*c->keys));
	c->keys[c->n_keys++] = (struct key_setting){
	    .action = str_dup(action), .keys = buf_take(&keys), .line = n->line, .column = n->column};
	return true;
}

static bool read_keys(const struct config_source *from, const struct node *map, struct user_config *c)
{
	const struct node *n = config_get(map, S("keys"));
	if (!n)
		return true;
	if (!config_is(from, n, NODE_MAP, "keys"))
		return false;
	for (size_t i = 0; i < n->n; i++)
		if (!read_key(from, n->keys[i], n->items[i], c))
			return false;
	return true;
}

/* Run as they stand, never through a shell: a command line in one piece is a mistake worth telling. */
static bool check_extractor(const struct config_source *from, struct str name, const struct node *n)
{
	struct str word;
	if (!is_plain_name(name))
		return config_fail(from, n, ERROR_SCHEMA, "an extractor's name is letters, digits, - _ ., not `%s`",
		                   name.p);
	if (n->kind != NODE_LIST || n->n == 0)
		return config_fail(from, n, ERROR_SCHEMA, "the extractor `%s` must be a list: [program, argument, …]",
		                   name.p);
	for (size_t i = 0; i < n->n; i++) {
		if (!config_is(from, n->items[i], NODE_SCALAR, "an argument"))
			return false;
		if ((i == 0 || str_byte(n->items[i]->text, '\0', 0) != NOWHERE) &&
		    !config_text(from, n->items[i], "a program", &word))
			return false;
	}
	return true;
}

static bool read_extractors(const struct config_source *from, const struct node *map, struct user_config *c)
{
	const struct node *n = config_get(map, S("extractors"));
	if (!n)
		return true;
	if (!config_is(from, n, NODE_MAP, "extractors"))
		return false;
	for (size_t i = 0; i < n->n; i++)
		if (!check_extractor(from, n->keys[i], n->items[i]))
			return false;
	c->extractors = node_copy(n);
	return true;
}

static bool read_view(const struct config_source *from, const struct node *map, struct user_config *c)
{
	static const char *const palettes[] = {"auto", "8", "256", "none"}, *const lanes[] = {"auto", "0", "1"};
	static const char *const widths[] = {"ask", "1", "2"};
	const struct node *palette = config_get(map, S("palette")), *lane = config_get(map, S("lanes"));
	const struct node *advance = config_get(map, S("advance")), *width = config_get(map, S("ambiguous-width"));
	size_t i = 0;
	if (palette) {
		if (!config_choice(from, palette, "palette", palettes, COUNT_OF(palettes), &i))
			return false;
		replace(&c->palette, str_of(i == 0 ? "" : palettes[i]));
	}
	if (lane) {
		if (!config_choice(from, lane, "lanes", lanes, COUNT_OF(lanes), &i))
			return false;
		c->lanes = (int)i - 1;
	}
	if (width) {
		if (!config_choice(from, width, "ambiguous-width", widths, COUNT_OF(widths), &i))
			return false;
		c->ambiguous_width = (unsigned)i;
	}
	return !advance || config_flag(from, advance, "advance", &c->advance);
}

static bool read_user(const struct config_source *from, const struct node *map, struct user_config *c)
{
	static const char *const known[] = {"annotator", "keys",    "extractors",     "palette",
	                                    "lanes",     "advance", "ambiguous-width"};
	if (!config_is(from, map, NODE_MAP, "config.yaml"))
		return false;
	config_unknown(from, map, known, COUNT_OF(known));
	return read_annotator(from, map, c) && read_keys(from, map, c) && read_extractors(from, map, c) &&
	       read_view(from, map, c);
}

bool user_config_read(struct user_config *out, struct error *err)
{
	user_defaults(out);
	if (!out->path[0])
		return true;
	struct config_source from = {.path = out->path, .warnings = &out->warnings, .err = err};
	struct node *map = NULL;
	struct error missing = {0};
	bool there = io_identify(out->path, &(struct io_identity){0}, &missing) || missing.code != ERROR_MISSING;
	error_clear(&missing);
	if (!there)
		return true;
	bool good = read_tree(out->path, &map, err) && read_user(&from, map, out);
	node_free(map);
	if (!good) {
		user_config_free(out);
		user_defaults(out);
	}
	return good;
}
