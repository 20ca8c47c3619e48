/* xmi_in: UIMA CAS as XMI.  A feature's value is text in XMI, also where it means other structures: the type system
 * tells, if there is one beside the file (TypeSystem.xml, typesystem.xml, NAME-typesystem.xml); without one the
 * features that DKPro and WebAnno use so, and lists of numbers that all name links, are references. */
#include "annotations/formats/cas_formats.h"

#include <string.h>

#include "annotations/formats/xml.h"

#define XMI_SPACE "http://www.omg.org/XMI"

struct reading {
	struct cas *cas;
	struct cas_fs *fs;   /* the element that is open below the root */
	size_t depth;        /* of the element that is open; 1: the root */
	struct buf text;     /* of a child of it */
	struct error *error; /* what is wrong beyond XML */
};

/* ---- names -------------------------------------------------------------------------------------------------- */

/* "http:///webanno/custom.ecore" and "Span": webanno.custom.Span. */
static void add_type(struct buf *out, struct str space, struct str name)
{
	struct str path = str_starts(space, S("http:///")) ? str_sub(space, sizeof("http:///") - 1, space.n) : space;
	if (str_ends(path, S(".ecore")))
		path.n -= sizeof(".ecore") - 1;
	if (!str_eq(path, S("uima/noNamespace")) && path.n) {
		for (size_t i = 0; i < path.n; i++)
			buf_addc(out, path.p[i] == '/' ? '.' : path.p[i]);
		buf_addc(out, '.');
	}
	buf_add(out, name);
}

static struct str attribute(const struct xml_element *e, const char *name)
{
	for (size_t i = 0; i < e->n; i++)
		if (str_eq(e->attributes[i].name, str_of(name)) && e->attributes[i].value.p)
			return e->attributes[i].value;
	return STR_NONE;
}

/* ---- elements ------------------------------------------------------------------------------------------------- */

static void take_sofa(struct reading *r, const struct xml_element *e)
{
	struct str text = attribute(e, "sofaString");
	struct cas_view *view = cas_add_view(r->cas, attribute(e, "id"), attribute(e, "sofaID"));
	if (!text.p)
		return;
	view->has_text = true;
	view->text = arena_dup(&r->cas->memory, text);
}

static void take_attribute(struct reading *r, const struct xml_attribute *a, bool *begin, bool *end)
{
	struct cas_fs *fs = r->fs;
	if (str_eq(a->space, S(XMI_SPACE)))
		return;
	if (str_eq(a->name, S("sofa")))
		fs->sofa = arena_dup(&r->cas->memory, a->value);
	else if (str_eq(a->name, S("begin")) && str_number(a->value, &fs->begin))
		*begin = true;
	else if (str_eq(a->name, S("end")) && str_number(a->value, &fs->end))
		*end = true;
	else
		cas_put_text(r->cas, fs, a->name, a->value);
}

static void take_structure(struct reading *r, const struct xml_element *e, struct str type)
{
	bool begin = false, end = false;
	r->fs = cas_add(r->cas, attribute(e, "id"), type);
	r->fs->line = e->line;
	for (size_t i = 0; i < e->n; i++)
		take_attribute(r, &e->attributes[i], &begin, &end);
	r->fs->placed = begin && end && r->fs->sofa.n;
}

static void on_open(void *ctx, const struct xml_element *e)
{
	struct reading *r = ctx;
	struct buf type = {0};
	r->depth++;
	buf_clear(&r->text);
	if (r->depth == 1 && !str_eq(e->name, S("XMI")))
		error_at(r->error, ERROR_SCHEMA, NULL, e->line, 0, "the outermost element is no xmi:XMI");
	if (r->depth != 2)
		return;
	r->fs = NULL;
	add_type(&type, e->space, e->name);
	if (str_eq(buf_str(&type), S("uima.cas.Sofa")))
		take_sofa(r, e);
	else if (!str_eq(buf_str(&type), S("uima.cas.View")) && !str_eq(buf_str(&type), S("uima.cas.NULL")))
		take_structure(r, e, buf_str(&type));
	buf_free(&type);
}

static void on_text(void *ctx, struct str text)
{
	struct reading *r = ctx;
	if (r->depth == 3)
		buf_add(&r->text, text);
}

/* Each string of an array is an element of its own. */
static void on_close(void *ctx, const struct xml_element *e)
{
	struct reading *r = ctx;
	if (r->depth == 3 && r->fs) {
		struct node *list = node_get(r->fs->features, e->name);
		if (!list || list->kind != NODE_LIST) {
			list = node_list();
			cas_put(r->cas, r->fs, e->name, list);
		}
		node_add(list, node_text(buf_str(&r->text)));
	}
	r->depth--;
}

/* ---- what refers -------------------------------------------------------------------------------------------- */

static const struct cas_fs *find(const struct cas *c, struct str id)
{
	struct str index;
	uint64_t at = 0;
	return strmap_get(&c->ids, id, &index) && str_number(index, &at) && at < c->n ? c->fs[at] : NULL;
}

static bool next_word(struct str *rest, struct str *word)
{
	*rest = str_trim(*rest);
	size_t end = 0;
	while (end < rest->n && rest->p[end] != ' ')
		end++;
	*word = str_sub(*rest, 0, end);
	*rest = str_sub(*rest, end, rest->n);
	return word->n > 0;
}

static bool has_target(const struct cas_fs *fs)
{
	for (size_t i = 0; i < fs->n_refs; i++)
		if (str_eq(fs->refs[i].feature, S("target")))
			return true;
	return node_get(fs->features, S("target")) != NULL;
}

/* The features of slots: ids of links, which have a target and no place. */
static bool names_links(const struct cas *c, struct str value)
{
	struct str word;
	size_t n = 0;
	while (next_word(&value, &word)) {
		const struct cas_fs *to = find(c, word);
		if (!to || to->placed || !has_target(to))
			return false;
		n++;
	}
	return n > 0;
}

static bool refers_by_name(const struct cas_fs *fs, struct str feature)
{
	static const char *const names[] = {"first", "next", "target", "tail"};
	static const char *const of_token[] = {"parent", "lemma", "stem", "pos", "morph", "form", "syntacticFunction"};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_eq(feature, str_of(names[i])))
			return true;
	for (size_t i = 0; str_eq(fs->type, S(CAS_TOKEN)) && i < COUNT_OF(of_token); i++)
		if (str_eq(feature, str_of(of_token[i])))
			return true;
	return str_eq(feature, S("head")) && str_eq(fs->type, S("uima.cas.NonEmptyFSList"));
}

static bool refers(const struct cas *c, const struct cas_fs *fs, struct str feature, struct str value, bool *list)
{
	struct str range = cas_range(c, fs->type, feature);
	*list = str_eq(fs->type, S("uima.cas.FSArray")) || cas_is_array(range);
	if (range.n)
		return !cas_range_is_value(range);
	if (*list)
		return str_eq(feature, S("elements"));
	if (str_eq(feature, S("Governor")) || str_eq(feature, S("Dependent")))
		return true;
	if (refers_by_name(fs, feature))
		return find(c, value) != NULL;
	*list = names_links(c, value);
	return *list;
}

/* Moves what refers from the values to the references. */
static void find_references(struct cas *c, struct cas_fs *fs)
{
	for (size_t i = 0; i < fs->features->n;) {
		struct str feature = fs->features->keys[i], value = node_scalar(fs->features->items[i]), word;
		bool list = false;
		if (fs->features->items[i]->kind != NODE_SCALAR || !refers(c, fs, feature, value, &list)) {
			i++;
			continue;
		}
		struct str kept = arena_dup(&c->memory, feature);
		while (next_word(&value, &word))
			cas_refer(c, fs, kept, word, list);
		node_put(fs->features, kept, NULL);
	}
}

/* ---- files -------------------------------------------------------------------------------------------------- */

static void read_types(struct cas *c, const char *path)
{
	char *folder = io_folder_of(path);
	struct buf own = {0};
	struct str stem = str_of(io_name_of(path));
	if (str_ends(stem, S(".xmi")))
		stem.n -= sizeof(".xmi") - 1;
	buf_addf(&own, "%.*s-typesystem.xml", (int)stem.n, stem.p);
	const char *const names[] = {own.p, "TypeSystem.xml", "typesystem.xml"};
	bool found = false;
	for (size_t i = 0; i < COUNT_OF(names) && !found; i++) {
		struct buf xml = {0};
		char *beside = io_join(folder, names[i]);
		found =
		    io_read_file(beside, CAS_LIMIT, &xml, NULL, NULL) && cas_read_types(c, buf_str(&xml), beside, NULL);
		mem_free(beside);
		buf_free(&xml);
	}
	buf_free(&own);
	mem_free(folder);
}

static bool read_xmi(struct cas *c, struct str xml, const char *path, struct error *err)
{
	struct error wrong = {0};
	struct reading r = {.cas = c, .error = &wrong};
	const struct xml_hooks hooks = {&r, on_open, on_text, on_close};
	bool fine = xml_read(xml, path, &hooks, err);
	if (fine && wrong.code)
		fine = error_at(err, wrong.code, path, wrong.line, 0, "%s", wrong.message);
	error_clear(&wrong);
	buf_free(&r.text);
	return fine;
}

static bool import(struct import_job *job, const char *path, struct error *err)
{
	struct cas cas = {0};
	struct buf xml = {0};
	bool fine = import_read(path, CAS_LIMIT, &xml, err) && read_xmi(&cas, buf_str(&xml), path, err);
	buf_free(&xml);
	if (fine) {
		if (strcmp(path, "-") != 0)
			read_types(&cas, path);
		for (size_t i = 0; i < cas.n; i++)
			find_references(&cas, cas.fs[i]);
		cas_resolve(&cas);
		fine = cas_take(job, &cas, path, err);
		import_end(job);
	}
	cas_free(&cas);
	return fine;
}

static unsigned recognise(struct str start, const char *name)
{
	(void)name;
	return str_find(start, S("<xmi:XMI"), 0) != NOWHERE ? 95 : 0;
}

const struct format xmi_format = {
    .name = "xmi",
    .summary = "UIMA CAS as XMI, which INCEpTION, DKPro and other UIMA programs read and write",
    .suffixes = ".xmi",
    .unit = "UTF-16 code units, half-open",
    .carries = "annotations of any type with their features, relations, slots, chains, links, notes; tokens "
               "and sentences as they were",
    .loses = "fragments, fields, notes of the article, verdicts, scores; types of features, what else tokens say",
    .carry = CAS_CARRIES,
    .judged = true,
    .folder = true,
    .recognise = recognise,
    .import = import,
    .export = xmi_export,
    .end = xmi_end,
};
