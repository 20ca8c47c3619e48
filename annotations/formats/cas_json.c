/* cas_json: UIMA CAS as JSON 0.4.0: keys that begin with % are the format's, with @ references, with # numbers that
 * JSON has no spelling for; the rest are features.  Structures stand in a list, or in an object by id; arrays stand
 * apart. Source: Apache UIMA Java SDK, JSON CAS serialisation, version 0.4.0. */
#include "annotations/formats/cas_formats.h"

#include "annotations/formats/jsonl.h"
#include "annotations/json.h"

/* ---- in --------------------------------------------------------------------------------------------------------- */

static void read_type(struct cas *c, struct str name, const struct node *type)
{
	struct str super = node_get_text(type, S("%SUPER_TYPE"));
	if (super.n)
		cas_add_type(c, name, super);
	for (size_t i = 0; type->kind == NODE_MAP && i < type->n; i++) {
		struct str range = node_get_text(type->items[i], S("%RANGE"));
		if (range.n)
			cas_add_feature(c, name, type->keys[i], range);
	}
}

static void read_types(struct cas *c, const struct node *types)
{
	for (size_t i = 0; types && types->kind == NODE_MAP && i < types->n; i++)
		read_type(c, types->keys[i], types->items[i]);
}

static void read_sofa(struct cas *c, struct str id, const struct node *in)
{
	const struct node *text = node_get(in, S("sofaString"));
	struct cas_view *view = cas_add_view(c, id, node_get_text(in, S("sofaID")));
	if (!text || text->kind != NODE_SCALAR || !text->quoted)
		return;
	view->has_text = true;
	view->text = arena_dup(&c->memory, text->text);
}

static void read_references(struct cas *c, struct cas_fs *fs, struct str feature, const struct node *ids)
{
	if (ids->kind == NODE_SCALAR && !node_is_absent(ids))
		cas_refer(c, fs, feature, ids->text, false);
	for (size_t i = 0; ids->kind == NODE_LIST && i < ids->n; i++)
		if (ids->items[i]->kind == NODE_SCALAR && !node_is_absent(ids->items[i]))
			cas_refer(c, fs, feature, ids->items[i]->text, true);
}

static void read_elements(struct cas *c, struct cas_fs *fs, const struct node *elements)
{
	bool values = cas_range_is_value(fs->type) || !cas_is_array(fs->type);
	if (elements->kind != NODE_LIST)
		return;
	if (values)
		cas_put(c, fs, S("elements"), node_copy(elements));
	else
		read_references(c, fs, S("elements"), elements);
}

/* Of a feature that is no list of scalars and no scalar nothing can be kept. */
static void read_value(struct cas *c, struct cas_fs *fs, struct str feature, const struct node *value)
{
	bool flat = value->kind != NODE_MAP;
	for (size_t i = 0; value->kind == NODE_LIST && i < value->n; i++)
		flat = flat && value->items[i]->kind == NODE_SCALAR;
	if (flat && !node_is_absent(value))
		cas_put(c, fs, feature, node_copy(value));
}

static void read_feature(struct cas *c, struct cas_fs *fs, struct str key, const struct node *value)
{
	char mark = key.n ? key.p[0] : ' ';
	struct str name = str_sub(key, 1, key.n);
	if (str_eq(key, S("%ELEMENTS")))
		read_elements(c, fs, value);
	else if (str_eq(key, S("@sofa")))
		fs->sofa = arena_dup(&c->memory, node_scalar(value));
	else if (mark == '@')
		read_references(c, fs, name, value);
	else if (mark == '#' || mark == '^')
		read_value(c, fs, name, value);
	else if (mark != '%')
		read_value(c, fs, key, value);
}

static bool offset(const struct node *in, const char *plain, const char *anchor, uint64_t *out)
{
	const struct node *n = node_get(in, str_of(plain));
	return node_is_number(n ? n : node_get(in, str_of(anchor)), out);
}

static void read_structure(struct cas *c, struct str id, const struct node *in)
{
	struct str type = node_get_text(in, S("%TYPE"));
	if (str_eq(type, S("uima.cas.Sofa"))) {
		read_sofa(c, id, in);
		return;
	}
	struct cas_fs *fs = cas_add(c, id, type);
	fs->line = in->line;
	for (size_t i = 0; i < in->n; i++)
		read_feature(c, fs, in->keys[i], in->items[i]);
	fs->placed = offset(in, "begin", "^begin", &fs->begin) && offset(in, "end", "^end", &fs->end) && fs->sofa.n;
	node_put(fs->features, S("begin"), fs->placed ? NULL : node_copy(node_get(fs->features, S("begin"))));
	node_put(fs->features, S("end"), fs->placed ? NULL : node_copy(node_get(fs->features, S("end"))));
}

static bool read_structures(struct cas *c, const struct node *top, const char *path, struct error *err)
{
	const struct node *all = node_get(top, S("%FEATURE_STRUCTURES"));
	if (!all && (node_get(top, S("%TYPES")) || node_get(top, S("%VIEWS"))))
		return true; /* an empty one */
	bool fine = all && all->kind != NODE_SCALAR;
	for (size_t i = 0; fine && i < all->n; i++) {
		const struct node *in = all->items[i];
		struct str id = all->kind == NODE_MAP ? all->keys[i] : node_get_text(in, S("%ID"));
		fine = in->kind == NODE_MAP && node_get_text(in, S("%TYPE")).n;
		if (fine)
			read_structure(c, id, in);
		else
			error_at(err, ERROR_SCHEMA, path, in->line, in->column, "a feature structure needs a %%TYPE");
	}
	return fine || error_set(err, ERROR_SCHEMA, path, "this is no CAS: it has no list %%FEATURE_STRUCTURES");
}

static bool import(struct import_job *job, const char *path, struct error *err)
{
	struct cas cas = {0};
	struct buf bytes = {0};
	struct node *top = NULL;
	bool fine = import_read(path, CAS_LIMIT, &bytes, err) && json_read(buf_str(&bytes), path, 1, &top, err);
	if (fine) {
		jsonl_locate(buf_str(&bytes), 1, 1, top);
		read_types(&cas, node_get(top, S("%TYPES")));
		fine = read_structures(&cas, top, path, err);
	}
	if (fine) {
		cas_resolve(&cas);
		fine = cas_take(job, &cas, path, err);
		import_end(job);
	}
	node_free(top);
	buf_free(&bytes);
	cas_free(&cas);
	return fine;
}

/* ---- out -------------------------------------------------------------------------------------------------------- */

struct writing {
	struct node *structures;
	size_t next_id;
};

static struct node *id_node(struct str id)
{
	return node_plain(id);
}

static void put_key(struct node *out, char mark, struct str name, struct node *value)
{
	struct buf key = {0};
	buf_addc(&key, mark);
	buf_add(&key, name);
	node_put(out, buf_str(&key), value);
	buf_free(&key);
}

/* A list of references is an array of its own. */
static void put_array(struct writing *w, struct node *out, const struct cas_fs *fs, struct str feature)
{
	struct node *array = node_map(), *elements = node_list();
	struct buf type = {0};
	for (size_t i = 0; i < fs->n_refs; i++) {
		if (!str_eq(fs->refs[i].feature, feature))
			continue;
		node_add(elements, id_node(fs->refs[i].to->id));
		buf_clear(&type);
		buf_add(&type, fs->refs[i].to->placed ? S("uima.tcas.Annotation") : fs->refs[i].to->type);
		buf_adds(&type, "[]");
	}
	put_key(out, '@', feature, node_number(w->next_id));
	node_put(array, S("%ID"), node_number(w->next_id++));
	node_put_text(array, S("%TYPE"), buf_str(&type));
	node_put(array, S("%ELEMENTS"), elements);
	node_add(w->structures, array);
	buf_free(&type);
}

static void put_references(struct writing *w, struct node *out, const struct cas_fs *fs)
{
	for (size_t i = 0; i < fs->n_refs; i++) {
		bool met = false;
		for (size_t k = 0; k < i && !met; k++)
			met = str_eq(fs->refs[k].feature, fs->refs[i].feature);
		if (met)
			continue;
		if (fs->refs[i].list)
			put_array(w, out, fs, fs->refs[i].feature);
		else
			put_key(out, '@', fs->refs[i].feature, id_node(fs->refs[i].to->id));
	}
}

static void add_structure(struct writing *w, const struct cas_fs *fs)
{
	struct node *out = node_map();
	node_put(out, S("%ID"), id_node(fs->id));
	node_put_text(out, S("%TYPE"), fs->type);
	if (fs->sofa.n)
		node_put(out, S("@sofa"), id_node(fs->sofa));
	if (fs->placed) {
		node_put(out, S("begin"), node_number(fs->begin));
		node_put(out, S("end"), node_number(fs->end));
	}
	for (size_t i = 0; i < fs->features->n; i++)
		node_put(out, fs->features->keys[i], node_copy(fs->features->items[i]));
	put_references(w, out, fs);
	node_add(w->structures, out);
}

static struct node *types_node(const struct cas *c)
{
	struct node *types = cas_describe(c), *out = node_map();
	for (size_t i = 0; i < types->n; i++) {
		const struct node *features = node_get(types->items[i], S("features"));
		struct node *type = node_map();
		node_put_text(type, S("%NAME"), types->keys[i]);
		node_put_text(type, S("%SUPER_TYPE"), node_get_text(types->items[i], S("super")));
		for (size_t k = 0; k < features->n; k++) {
			struct node *feature = node_map();
			node_put_text(feature, S("%NAME"), features->keys[k]);
			node_put_text(feature, S("%RANGE"), node_scalar(features->items[k]));
			node_put(type, features->keys[k], feature);
		}
		node_put(out, types->keys[i], type);
	}
	node_free(types);
	return out;
}

static void add_sofa(struct writing *w, const struct cas_view *view)
{
	struct node *sofa = node_map();
	node_put(sofa, S("%ID"), id_node(view->id));
	node_put_text(sofa, S("%TYPE"), S("uima.cas.Sofa"));
	node_put(sofa, S("sofaNum"), node_number(1));
	node_put_text(sofa, S("sofaID"), view->name);
	node_put_text(sofa, S("mimeType"), S("text"));
	node_put_text(sofa, S("sofaString"), view->text);
	node_add(w->structures, sofa);
}

static struct node *views_node(const struct cas *c)
{
	struct node *views = node_map(), *view = node_map(), *members = node_list();
	for (size_t i = 0; i < c->n; i++)
		if (c->fs[i]->sofa.n)
			node_add(members, id_node(c->fs[i]->id));
	node_put(view, S("%SOFA"), id_node(c->views[0].id));
	node_put(view, S("%MEMBERS"), members);
	node_put(views, c->views[0].name, view);
	return views;
}

static struct node *cas_node(const struct cas *c)
{
	struct writing w = {.structures = node_list(), .next_id = c->n + 2};
	struct node *top = node_map();
	add_sofa(&w, &c->views[0]);
	for (size_t i = 0; i < c->n; i++)
		add_structure(&w, c->fs[i]);
	node_put(top, S("%TYPES"), types_node(c));
	node_put(top, S("%FEATURE_STRUCTURES"), w.structures);
	node_put(top, S("%VIEWS"), views_node(c));
	return top;
}

static bool export(struct export_job *job, struct doc *d, struct error *err)
{
	struct outgoing o;
	struct cas cas = {0};
	struct buf out = {0};
	if (!outgoing_make(job, d, &o, err))
		return false;
	cas_make(&o, (struct cas_out_options){0}, &cas);
	struct node *top = cas_node(&cas);
	json_write(&out, top);
	buf_addc(&out, '\n');
	char *name = record_file(&o, ".json");
	bool fine = job->write_file(job->ctx, name, buf_str(&out), err);
	job->articles += fine;
	mem_free(name);
	node_free(top);
	buf_free(&out);
	cas_free(&cas);
	outgoing_free(&o);
	return fine;
}

static unsigned recognise(struct str start, const char *name)
{
	(void)name;
	return str_starts(str_trim(start), S("{")) && (str_find(start, S("\"%FEATURE_STRUCTURES\""), 0) != NOWHERE ||
	                                               str_find(start, S("\"%TYPES\""), 0) != NOWHERE)
	           ? 95
	           : 0;
}

const struct format cas_json_format = {
    .name = "cas-json",
    .summary = "UIMA CAS as JSON 0.4, which INCEpTION and DKPro read and write",
    .suffixes = ".json",
    .unit = "UTF-16 code units, half-open",
    .carries = "annotations of any type with their features, relations, slots, chains, links, notes; tokens "
               "and sentences as they were",
    .loses = "fragments, fields, notes of the article, verdicts, scores; types of features, what else tokens say",
    .carry = CAS_CARRIES,
    .judged = true,
    .folder = true,
    .recognise = recognise,
    .import = import,
    .export = export,
};
