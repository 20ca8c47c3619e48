/* brat_conf: annotation.conf, visual.conf and kb_shortcuts.conf become the schema of a zhupi.yaml; see brat.h.
 *
 * annotation.conf: sections [entities] (old files: [spans]), [relations], [events], [attributes]; tabs at the start tell
 * the hierarchy; `!Type` cannot be annotated; `<POG>=A|B` names a list; <ENTITY>, <EVENT>, <ANY> are lists of their own.
 * Entities and events become labels, the roles of events relations from their triggers. Source: brat's configuration
 * manual.
 *
 * What a schema has no place for (the hierarchy, how many arguments a role takes, <OVERLAP>, colors of arcs …) is told,
 * and the lines of the three files are kept under `brat` of the zhupi.yaml.  As long as its schema is as it was made of
 * them, they go out again as they came; of one that was edited only which labels are events is taken from them. */
#include <string.h>

#include "annotations/formats/brat.h"
#include "annotations/yaml_read.h"
#include "annotations/yaml_write.h"
#include "model/utf8.h"

#define CONF_SIZE  ((size_t)4 << 20)
#define KEPT_SIZE  (CONFIG_SIZE / 2) /* of all three, so that the zhupi.yaml can be read */
#define MACRO_DEEP 8

struct conf {
	struct node *labels;     /* name -> map: event, color, key, help */
	struct node *relations;  /* type -> map: from, to (maps of names) */
	struct node *attributes; /* name -> map: on, values (maps of names) */
	struct node *macros;     /* <NAME> -> its text */
	struct import_job *job;  /* that is told what a schema cannot say; NULL: nobody */
};

static void tell(const struct conf *c, const char *what)
{
	if (c->job)
		record_noted(c->job, "annotation.conf: %s, kept for brat alone", what);
}

bool brat_is_conf(const char *path)
{
	const char *name = io_name_of(path);
	return strcmp(name, "annotation.conf") == 0;
}

/* ---- lines ---------------------------------------------------------------------------------------------------- */

static void take_label(struct conf *c, struct str section, struct str line);

/* Calls take() for each line that says something, with its section. */
static void each_line(struct conf *c, struct str file, void (*take)(struct conf *c, struct str section, struct str line))
{
	struct str section = STR_NONE;
	for (size_t at = 0; at < file.n;) {
		size_t end = str_byte(file, '\n', at);
		struct str whole = str_sub(file, at, end == NOWHERE ? file.n : end), line = str_trim(whole);
		at = end == NOWHERE ? file.n : end + 1;
		if (line.n == 0 || line.p[0] == '#' || line.p[0] == '-')
			continue;
		if (whole.p[0] == '\t' && take == take_label)
			tell(c, "types below others");
		if (line.p[0] == '[' && line.p[line.n - 1] == ']')
			section = str_sub(line, 1, line.n - 1);
		else
			take(c, section, line);
	}
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The first word; *rest is what follows. */
static struct str first_word(struct str line, struct str *rest)
{
	size_t n = 0;
	while (n < line.n && !is_blank(line.p[n]))
		n++;
	*rest = str_trim(str_sub(line, n, line.n));
	return str_sub(line, 0, n);
}

/* ---- annotation.conf ------------------------------------------------------------------------------------------ */

static void add_all(const struct conf *c, struct node *to, const char *kind)
{
	for (size_t i = 0; i < c->labels->n; i++)
		if (!kind || node_get(c->labels->items[i], str_of(kind)))
			node_put_text(to, c->labels->keys[i], S("1"));
}

/* A|<POG>|<ENTITY>; an empty list is every label. */
static void add_types(const struct conf *c, struct node *to, struct str list, unsigned depth)
{
	for (size_t at = 0; at <= list.n;) {
		size_t end = str_byte(list, '|', at);
		struct str name = str_trim(str_sub(list, at, end == NOWHERE ? list.n : end));
		at = end == NOWHERE ? list.n + 1 : end + 1;
		const struct node *macro = node_get(c->macros, name);
		if (macro && depth < MACRO_DEEP)
			add_types(c, to, macro->text, depth + 1);
		else if (str_eq(name, S("<ENTITY>")))
			add_all(c, to, "entity");
		else if (str_eq(name, S("<EVENT>")))
			add_all(c, to, "event");
		else if (str_eq(name, S("<ANY>")))
			add_all(c, to, NULL);
		else if (node_get(c->labels, name))
			node_put_text(to, name, S("1"));
	}
}

static void take_label(struct conf *c, struct str section, struct str line)
{
	struct str rest, name = first_word(line, &rest);
	bool event = str_eq(section, S("events"));
	size_t equals = str_byte(line, '=', 0);
	if (name.n && name.p[0] == '<' && equals != NOWHERE) {
		node_put_text(c->macros, str_trim(str_sub(line, 0, equals)), str_trim(str_sub(line, equals + 1, line.n)));
		return;
	}
	if (!event && !str_eq(section, S("entities")) && !str_eq(section, S("spans")))
		return;
	if (name.n > 1 && name.p[0] == '!')
		tell(c, "types that cannot be annotated");
	else if (name.n)
		node_put_text(node_child(c->labels, name, NODE_MAP), event ? S("event") : S("entity"), S("1"));
}

/* Role?:Type|Type of an event; Arg1:Type of a relation. The role loses its count. */
static bool take_arg(const struct conf *c, struct str arg, struct str *role, struct str *types)
{
	size_t colon = str_byte(arg, ':', 0);
	if (colon == NOWHERE)
		return false;
	size_t n = colon;
	size_t brace = str_byte(str_sub(arg, 0, colon), '{', 0);
	n = brace == NOWHERE ? n : brace;
	while (n && strchr("?*+ ", arg.p[n - 1]))
		n--;
	*role = str_sub(arg, 0, n);
	*types = str_trim(str_sub(arg, colon + 1, arg.n));
	if (n && arg.p[0] == '<')
		tell(c, "settings in < >");
	else if (n < colon)
		tell(c, "how many arguments a role takes");
	return n && arg.p[0] != '<';
}

static void take_event_role(struct conf *c, struct str event, struct str role, struct str types)
{
	struct node *relation = node_child(c->relations, role, NODE_MAP);
	node_put_text(relation, S("role"), S("1"));
	node_put_text(node_child(relation, S("from"), NODE_MAP), event, S("1"));
	add_types(c, node_child(relation, S("to"), NODE_MAP), types, 0);
}

static void take_relation_arg(struct conf *c, struct str type, size_t i, struct str types)
{
	add_types(c, node_child(node_child(c->relations, type, NODE_MAP), i ? S("to") : S("from"), NODE_MAP), types, 0);
}

static void take_attribute_arg(struct conf *c, struct str name, struct str role, struct str types)
{
	struct node *attribute = node_child(c->attributes, name, NODE_MAP);
	if (!str_eq(role, S("Value"))) {
		add_types(c, node_child(attribute, S("on"), NODE_MAP), types, 0);
		return;
	}
	struct node *values = node_child(attribute, S("values"), NODE_MAP);
	for (size_t at = 0; at < types.n;) {
		size_t end = str_byte(types, '|', at);
		node_put_text(values, str_trim(str_sub(types, at, end == NOWHERE ? types.n : end)), S("1"));
		at = end == NOWHERE ? types.n : end + 1;
	}
}

static void take_args(struct conf *c, struct str section, struct str line)
{
	struct str rest, name = first_word(line, &rest), role, types;
	size_t n = 0;
	if (name.n && name.p[0] == '<' && str_byte(line, '=', 0) == NOWHERE)
		tell(c, "settings in < >");
	if (name.n && (name.p[0] == '<' || name.p[0] == '!'))
		return;
	for (size_t at = 0; at < rest.n;) {
		size_t end = str_byte(rest, ',', at);
		struct str arg = str_trim(str_sub(rest, at, end == NOWHERE ? rest.n : end));
		at = end == NOWHERE ? rest.n : end + 1;
		if (!take_arg(c, arg, &role, &types))
			continue;
		if (str_eq(section, S("events")))
			take_event_role(c, name, role, types);
		else if (str_eq(section, S("relations")))
			take_relation_arg(c, name, n++, types);
		else if (str_eq(section, S("attributes")))
			take_attribute_arg(c, name, role, types);
	}
}

/* ---- visual.conf, kb_shortcuts.conf --------------------------------------------------------------------------- */

static int hex_at(struct str s, size_t i)
{
	char c = i < s.n ? s.p[i] : 'g';
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The terminal's color that comes nearest: by which of red, green and blue stand out. */
static const char *nearest_color(struct str hex)
{
	int v[3], low = 255, high = 0;
	for (size_t i = 0; i < 3; i++) {
		if (hex_at(hex, i * 2) < 0 || hex_at(hex, i * 2 + 1) < 0)
			return NULL;
		v[i] = hex_at(hex, i * 2) * 16 + hex_at(hex, i * 2 + 1);
		low = v[i] < low ? v[i] : low;
		high = v[i] > high ? v[i] : high;
	}
	static const char *const colors[8] = {"white", "red", "green", "yellow", "blue", "magenta", "cyan", "white"};
	unsigned which = 0;
	for (size_t i = 0; i < 3; i++)
		which |= v[i] * 2 > low + high ? 1u << i : 0;
	return high - low < 24 ? "white" : colors[which];
}

static void take_visual(struct conf *c, struct str section, struct str line)
{
	struct str rest, name = first_word(line, &rest);
	struct node *label = (struct node *)(uintptr_t)node_get(c->labels, name);
	if (!label)
		return;
	size_t at = str_find(rest, S("bgColor:#"), 0), bar = str_byte(rest, '|', 0);
	if (str_eq(section, S("drawing")) && at != NOWHERE) {
		const char *color = nearest_color(str_sub(rest, at + 9, rest.n));
		if (color)
			node_put_text(label, S("color"), str_of(color));
	} else if (str_eq(section, S("labels")) && bar == 0) {
		size_t end = str_byte(rest, '|', 1);
		struct str shown = str_trim(str_sub(rest, 1, end == NOWHERE ? rest.n : end));
		if (!str_eq(shown, name))
			node_put_text(label, S("help"), shown);
	}
}

static void take_key(struct conf *c, struct str section, struct str line)
{
	struct str name, key = first_word(line, &name);
	struct node *label = (struct node *)(uintptr_t)node_get(c->labels, name);
	bool letter = key.n == 1 && ((key.p[0] >= 'a' && key.p[0] <= 'z') || (key.p[0] >= 'A' && key.p[0] <= 'Z'));
	(void)section;
	for (size_t i = 0; letter && i < c->labels->n; i++)
		letter = !str_eq(node_get_text(c->labels->items[i], S("key")), key);
	if (label && letter)
		node_put_text(label, S("key"), key);
}

/* ---- zhupi.yaml ----------------------------------------------------------------------------------------------- */

static void add_names(struct buf *out, const char *key, const struct node *names)
{
	if (!names || names->n == 0)
		return;
	buf_addf(out, ", %s: [", key);
	for (size_t i = 0; i < names->n; i++) {
		buf_adds(out, i ? ", " : "");
		yaml_write_text(out, names->keys[i]);
	}
	buf_addc(out, ']');
}

/* A list that names every label says no more than none. */
static const struct node *unless_all(const struct conf *c, const struct node *names)
{
	return names && names->n == c->labels->n ? NULL : names;
}

static void add_labels(struct buf *out, const struct conf *c)
{
	static const char *const keys[] = {"key", "color", "help"};
	buf_adds(out, "  labels:\n");
	for (size_t i = 0; i < c->labels->n; i++) {
		buf_adds(out, "  - {name: ");
		yaml_write_text(out, c->labels->keys[i]);
		for (size_t k = 0; k < COUNT_OF(keys); k++) {
			struct str value = node_get_text(c->labels->items[i], str_of(keys[k]));
			if (value.n) {
				buf_addf(out, ", %s: ", keys[k]);
				yaml_write_text(out, value);
			}
		}
		buf_adds(out, "}\n");
	}
}

static void write_schema(struct buf *out, const struct conf *c)
{
	buf_adds(out, "# The schema is made from brat's annotation.conf.\nzhupi: 1\nschema:\n  name: brat\n");
	add_labels(out, c);
	if (c->attributes->n)
		buf_adds(out, "  attributes:\n");
	for (size_t i = 0; i < c->attributes->n; i++) {
		const struct node *a = c->attributes->items[i], *values = node_get(a, S("values"));
		buf_adds(out, "  - {name: ");
		yaml_write_text(out, c->attributes->keys[i]);
		add_names(out, "on", unless_all(c, node_get(a, S("on"))));
		if (values)
			add_names(out, "values", values);
		else
			buf_adds(out, ", values: [\"true\"]");
		buf_adds(out, "}\n");
	}
	if (c->relations->n)
		buf_adds(out, "  relations:\n");
	for (size_t i = 0; i < c->relations->n; i++) {
		const struct node *r = c->relations->items[i];
		buf_adds(out, "  - {type: ");
		yaml_write_text(out, c->relations->keys[i]);
		add_names(out, "from", unless_all(c, node_get(r, S("from"))));
		add_names(out, "to", unless_all(c, node_get(r, S("to"))));
		buf_adds(out, "}\n");
	}
}

/* ---- the three files ------------------------------------------------------------------------------------------ */

static const char *const names[] = {"annotation.conf", "visual.conf", "kb_shortcuts.conf"};
#define FILES COUNT_OF(names)

static void read_conf(struct conf *c, const struct buf *files)
{
	*c = (struct conf){node_map(), node_map(), node_map(), node_map(), c->job};
	each_line(c, buf_str(&files[0]), take_label); /* types may be named before they stand there */
	each_line(c, buf_str(&files[0]), take_args);
	each_line(c, buf_str(&files[1]), take_visual);
	each_line(c, buf_str(&files[2]), take_key);
}

static void free_conf(struct conf *c, struct buf *files)
{
	node_free(c->labels);
	node_free(c->relations);
	node_free(c->attributes);
	node_free(c->macros);
	for (size_t i = 0; i < FILES; i++)
		buf_free(&files[i]);
}

/* Line by line, for people who read the file. */
static void add_kept(struct buf *out, const struct buf *files)
{
	size_t all = 0;
	bool valid = true;
	for (size_t i = 0; i < FILES; i++) {
		all += files[i].n;
		valid = valid && utf8_valid(buf_str(&files[i]));
	}
	if (all > KEPT_SIZE || !valid)
		return;
	buf_adds(out, "# What brat's settings said, for exports to brat; without effect here.\nbrat:\n");
	for (size_t i = 0; i < FILES; i++) {
		struct str s = buf_str(&files[i]);
		if (s.n)
			buf_addf(out, "  %s:\n", names[i]);
		for (size_t at = 0; s.n && at <= s.n;) { /* an empty one behind the last newline */
			size_t end = str_byte(s, '\n', at);
			struct str line = str_sub(s, at, end == NOWHERE ? s.n : end);
			at = end == NOWHERE ? s.n + 1 : end + 1;
			buf_adds(out, "  - ");
			yaml_write_text(out, line);
			buf_addc(out, '\n');
		}
	}
}

static char *yaml_path(const struct corpus *c)
{
	return io_join(corpus_root(c), "zhupi.yaml");
}

static bool write_zhupi_yaml(struct import_job *job, const struct conf *c, const struct buf *files, struct error *err)
{
	char *path = yaml_path(session_corpus(job->session));
	struct buf out = {0};
	struct stat st;
	bool fine = true;
	write_schema(&out, c);
	add_kept(&out, files);
	if (io_get()->lstat(path, &st) == 0)
		record_noted(job, "annotation.conf not taken, because the corpus has a zhupi.yaml, which is never written: edit its "
		                  "schema, or import into a folder without one");
	else if (job->dry_run || (fine = io_create_file(path, buf_str(&out), err)))
		record_noted(job, "zhupi.yaml made from annotation.conf");
	buf_free(&out);
	mem_free(path);
	return fine;
}

bool brat_conf_import(struct import_job *job, const char *path, struct error *err)
{
	struct conf c = {.job = job};
	struct buf files[FILES] = {{0}};
	char *folder = io_folder_of(path);
	bool fine = io_read_file(path, CONF_SIZE, &files[0], NULL, err);
	for (size_t i = 1; fine && i < FILES; i++) {
		char *file = io_join(folder, names[i]);
		struct error missing = {0};
		fine = io_read_file(file, CONF_SIZE, &files[i], NULL, &missing) || missing.code == ERROR_MISSING ||
		       error_set(err, missing.code, file, "%s", missing.message);
		error_clear(&missing);
		mem_free(file);
	}
	read_conf(&c, files);
	fine = fine && (c.labels->n ? write_zhupi_yaml(job, &c, files, err)
	                            : error_set(err, ERROR_SYNTAX, path, "no [entities] or [events] are in it"));
	free_conf(&c, files);
	mem_free(folder);
	return fine;
}

/* ---- on the way out --------------------------------------------------------------------------------------------- */

static void kept_file(const struct node *kept, const char *name, struct buf *out)
{
	const struct node *lines = node_get(kept, str_of(name));
	for (size_t i = 0; lines && lines->kind == NODE_LIST && i < lines->n; i++) {
		buf_adds(out, i ? "\n" : "");
		buf_add(out, node_scalar(lines->items[i]));
	}
}

bool brat_conf_kept(const struct corpus *corpus, struct buf *annotation, struct buf *visual, struct buf *shortcuts,
                    struct brat_used *u)
{
	struct buf yaml = {0}, made = {0}, files[FILES] = {{0}};
	struct node *top = NULL;
	struct conf c = {0};
	char *path = yaml_path(corpus);
	struct error err = {0};
	if (io_read_file(path, CONFIG_SIZE, &yaml, NULL, &err))
		(void)yaml_read(buf_str(&yaml), path, &top, &err);
	for (size_t i = 0; i < FILES; i++)
		kept_file(node_get(top, S("brat")), names[i], &files[i]);
	read_conf(&c, files);
	write_schema(&made, &c);
	bool same = files[0].n && str_starts(buf_str(&yaml), buf_str(&made));
	for (size_t i = 0; i < c.relations->n; i++) {
		const struct node *from = node_get(c.relations->items[i], S("from"));
		for (size_t k = 0; node_get(c.relations->items[i], S("role")) && k < from->n; k++)
			if (node_get(node_get(c.labels, from->keys[k]), S("event")))
				brat_use_role(u, from->keys[k], c.relations->keys[i]);
	}
	if (same) {
		buf_add(annotation, buf_str(&files[0]));
		buf_add(visual, buf_str(&files[1]));
		buf_add(shortcuts, buf_str(&files[2]));
	}
	free_conf(&c, files);
	node_free(top);
	buf_free(&made);
	buf_free(&yaml);
	error_clear(&err);
	mem_free(path);
	return same;
}
