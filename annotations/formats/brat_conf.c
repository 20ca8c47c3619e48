/* brat_conf: annotation.conf, visual.conf and kb_shortcuts.conf become the schema of a zhupi.yaml; see brat.h.
 *
 * annotation.conf: sections [entities] (old files: [spans]), [relations], [events], [attributes]; tabs at the start tell
 * the hierarchy; `!Type` cannot be annotated; `<POG>=A|B` names a list; <ENTITY>, <EVENT>, <ANY> are lists of their own.
 * Entities and events become labels, the roles of events relations from their triggers. Source: brat's configuration
 * manual. */
#include <string.h>

#include "annotations/formats/brat.h"
#include "annotations/yaml_write.h"

#define CONF_SIZE  ((size_t)4 << 20)
#define MACRO_DEEP 8

struct conf {
	struct node *labels;     /* name -> map: event, color, key, help */
	struct node *relations;  /* type -> map: from, to (maps of names) */
	struct node *attributes; /* name -> map: on, values (maps of names) */
	struct node *macros;     /* <NAME> -> its text */
};

bool brat_is_conf(const char *path)
{
	const char *name = io_name_of(path);
	return strcmp(name, "annotation.conf") == 0;
}

/* ---- lines ---------------------------------------------------------------------------------------------------- */

/* Calls take() for each line that says something, with its section. */
static void each_line(struct conf *c, struct str file, void (*take)(struct conf *c, struct str section, struct str line))
{
	struct str section = STR_NONE;
	for (size_t at = 0; at < file.n;) {
		size_t end = str_byte(file, '\n', at);
		struct str line = str_trim(str_sub(file, at, end == NOWHERE ? file.n : end));
		at = end == NOWHERE ? file.n : end + 1;
		if (line.n == 0 || line.p[0] == '#' || line.p[0] == '-')
			continue;
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

static struct node *entry(struct node *map, struct str name)
{
	struct node *there = (struct node *)(uintptr_t)node_get(map, name);
	if (there)
		return there;
	there = node_map();
	node_put(map, name, there);
	return there;
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
	if (name.n > 1 && name.p[0] != '!')
		node_put_text(entry(c->labels, name), event ? S("event") : S("entity"), S("1"));
}

/* Role?:Type|Type of an event; Arg1:Type of a relation. The role loses its count. */
static bool take_arg(struct str arg, struct str *role, struct str *types)
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
	return n && arg.p[0] != '<';
}

static void take_event_role(struct conf *c, struct str event, struct str role, struct str types)
{
	struct node *relation = entry(c->relations, role);
	node_put_text(entry(relation, S("from")), event, S("1"));
	add_types(c, entry(relation, S("to")), types, 0);
}

static void take_relation_arg(struct conf *c, struct str type, size_t i, struct str types)
{
	add_types(c, entry(entry(c->relations, type), i ? S("to") : S("from")), types, 0);
}

static void take_attribute_arg(struct conf *c, struct str name, struct str role, struct str types)
{
	struct node *attribute = entry(c->attributes, name);
	if (!str_eq(role, S("Value"))) {
		add_types(c, entry(attribute, S("on")), types, 0);
		return;
	}
	struct node *values = entry(attribute, S("values"));
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
	if (name.n && (name.p[0] == '<' || name.p[0] == '!'))
		return;
	for (size_t at = 0; at < rest.n;) {
		size_t end = str_byte(rest, ',', at);
		struct str arg = str_trim(str_sub(rest, at, end == NOWHERE ? rest.n : end));
		at = end == NOWHERE ? rest.n : end + 1;
		if (!take_arg(arg, &role, &types))
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
	static const char *const names[8] = {"white", "red", "green", "yellow", "blue", "magenta", "cyan", "white"};
	unsigned which = 0;
	for (size_t i = 0; i < 3; i++)
		which |= v[i] * 2 > low + high ? 1u << i : 0;
	return high - low < 24 ? "white" : names[which];
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

/* A file beside annotation.conf, where there is one. */
static void take_beside(struct conf *c, const char *path, const char *name,
                        void (*take)(struct conf *c, struct str section, struct str line))
{
	char *folder = io_folder_of(path), *file = io_join(folder, name);
	struct buf bytes = {0};
	struct error err = {0};
	if (io_read_file(file, CONF_SIZE, &bytes, NULL, &err))
		each_line(c, buf_str(&bytes), take);
	error_clear(&err);
	buf_free(&bytes);
	mem_free(file);
	mem_free(folder);
}

static bool write_zhupi_yaml(struct import_job *job, const struct conf *c, struct error *err)
{
	char *path = io_join(corpus_root(session_corpus(job->session)), "zhupi.yaml");
	struct buf out = {0};
	struct stat st;
	bool fine = true;
	write_schema(&out, c);
	if (io_get()->lstat(path, &st) == 0)
		record_noted(job, "annotation.conf not taken, because the corpus has a zhupi.yaml");
	else if (job->dry_run || (fine = io_create_file(path, buf_str(&out), err)))
		record_noted(job, "zhupi.yaml made from annotation.conf");
	buf_free(&out);
	mem_free(path);
	return fine;
}

bool brat_conf_import(struct import_job *job, const char *path, struct error *err)
{
	struct conf c = {node_map(), node_map(), node_map(), node_map()};
	struct buf file = {0};
	bool fine = io_read_file(path, CONF_SIZE, &file, NULL, err);
	if (fine) {
		each_line(&c, buf_str(&file), take_label); /* types may be named before they stand there */
		each_line(&c, buf_str(&file), take_args);
		take_beside(&c, path, "visual.conf", take_visual);
		take_beside(&c, path, "kb_shortcuts.conf", take_key);
		fine = c.labels->n ? write_zhupi_yaml(job, &c, err)
		                   : error_set(err, ERROR_SYNTAX, path, "no [entities] or [events] are in it");
	}
	buf_free(&file);
	node_free(c.labels);
	node_free(c.relations);
	node_free(c.attributes);
	node_free(c.macros);
	return fine;
}
