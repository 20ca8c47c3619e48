/* xmi_out: an article as XMI, and the types that all of them use as a type system description beside them. */
#include "annotations/formats/cas_formats.h"

#include "annotations/formats/xml.h"

struct writing {
	const struct cas *cas;
	struct node *spaces; /* package -> prefix */
	struct buf out;
	size_t replaced;
};

static struct str package_of(struct str type)
{
	struct str last = cas_short(type);
	return str_sub(type, 0, type.n > last.n ? type.n - last.n - 1 : 0);
}

static struct str prefix_of(struct writing *w, struct str type)
{
	struct str package = package_of(type);
	struct buf prefix = {0};
	if (!node_get(w->spaces, package)) {
		struct str last = package.n ? cas_short(package) : S("none");
		buf_addf(&prefix, "%.*s%zu", (int)last.n, last.p, w->spaces->n);
		node_put_text(w->spaces, package, buf_str(&prefix));
		buf_free(&prefix);
	}
	return node_get_text(w->spaces, package);
}

static void add_spaces(struct writing *w)
{
	for (size_t i = 0; i < w->cas->n; i++)
		(void)prefix_of(w, w->cas->fs[i]->type);
	for (size_t i = 0; i < w->spaces->n; i++) {
		struct str package = w->spaces->keys[i], prefix = w->spaces->items[i]->text;
		buf_addf(&w->out, " xmlns:%.*s=\"http:///", (int)prefix.n, prefix.p);
		for (size_t k = 0; k < package.n; k++)
			buf_addc(&w->out, package.p[k] == '.' ? '/' : package.p[k]);
		buf_adds(&w->out, package.n ? ".ecore\"" : "uima/noNamespace.ecore\"");
	}
}

static void add_attribute(struct writing *w, struct str name, struct str value)
{
	buf_addf(&w->out, " %.*s=\"", (int)name.n, name.p);
	w->replaced += xml_add_text(&w->out, value);
	buf_addc(&w->out, '"');
}

/* References under one feature are one attribute. */
static void add_references(struct writing *w, const struct cas_fs *fs)
{
	for (size_t i = 0; i < fs->n_refs; i++) {
		struct str feature = fs->refs[i].feature;
		bool met = false;
		for (size_t k = 0; k < i && !met; k++)
			met = str_eq(fs->refs[k].feature, feature);
		if (met)
			continue;
		struct buf ids = {0};
		for (size_t k = i; k < fs->n_refs; k++) {
			if (!str_eq(fs->refs[k].feature, feature))
				continue;
			buf_adds(&ids, ids.n ? " " : "");
			buf_add(&ids, fs->refs[k].to->id);
		}
		add_attribute(w, feature, buf_str(&ids));
		buf_free(&ids);
	}
}

static void add_structure(struct writing *w, const struct cas_fs *fs)
{
	struct str prefix = prefix_of(w, fs->type), name = cas_short(fs->type);
	buf_addf(&w->out, "  <%.*s:%.*s xmi:id=\"%.*s\"", (int)prefix.n, prefix.p, (int)name.n, name.p, (int)fs->id.n,
	         fs->id.p);
	if (fs->sofa.n)
		add_attribute(w, S("sofa"), fs->sofa);
	if (fs->placed)
		buf_addf(&w->out, " begin=\"%llu\" end=\"%llu\"", (unsigned long long)fs->begin,
		         (unsigned long long)fs->end);
	for (size_t i = 0; i < fs->features->n; i++)
		add_attribute(w, fs->features->keys[i], node_scalar(fs->features->items[i]));
	add_references(w, fs);
	buf_adds(&w->out, "/>\n");
}

static void add_views(struct writing *w)
{
	for (size_t i = 0; i < w->cas->n_views; i++) {
		const struct cas_view *v = &w->cas->views[i];
		buf_addf(&w->out,
		         "  <cas:Sofa xmi:id=\"%.*s\" sofaNum=\"%zu\" sofaID=\"%.*s\" mimeType=\"text\" sofaString=\"",
		         (int)v->id.n, v->id.p, i + 1, (int)v->name.n, v->name.p);
		w->replaced += xml_add_text(&w->out, v->text);
		buf_addf(&w->out, "\"/>\n  <cas:View sofa=\"%.*s\" members=\"", (int)v->id.n, v->id.p);
		for (size_t k = 0, n = 0; k < w->cas->n; k++)
			if (w->cas->fs[k]->sofa.n)
				buf_addf(&w->out, "%s%.*s", n++ ? " " : "", (int)w->cas->fs[k]->id.n,
				         w->cas->fs[k]->id.p);
		buf_adds(&w->out, "\"/>\n");
	}
}

static void write_cas(struct writing *w)
{
	buf_adds(&w->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xmi:XMI xmi:version=\"2.0\""
	                  " xmlns:xmi=\"http://www.omg.org/XMI\" xmlns:cas=\"http:///uima/cas.ecore\"");
	add_spaces(w);
	buf_adds(&w->out, ">\n  <cas:NULL xmi:id=\"0\"/>\n");
	for (size_t i = 0; i < w->cas->n; i++)
		add_structure(w, w->cas->fs[i]);
	add_views(w);
	buf_adds(&w->out, "</xmi:XMI>\n");
}

/* ---- the type system --------------------------------------------------------------------------------------------- */

static void add_element(struct buf *out, const char *name, struct str text)
{
	buf_addf(out, "<%s>", name);
	(void)xml_add_text(out, text);
	buf_addf(out, "</%s>", name);
}

static void add_feature(struct buf *out, struct str name, struct str range)
{
	bool list = str_ends(range, S("[]"));
	buf_adds(out, "        <featureDescription>");
	add_element(out, "name", name);
	buf_adds(out, "<description/>");
	add_element(out, "rangeTypeName", list ? S("uima.cas.FSArray") : range);
	if (list)
		add_element(out, "elementType", str_sub(range, 0, range.n - 2));
	buf_adds(out, "</featureDescription>\n");
}

static void add_type(struct buf *out, struct str name, const struct node *type)
{
	const struct node *features = node_get(type, S("features"));
	buf_adds(out, "    <typeDescription>\n      ");
	add_element(out, "name", name);
	buf_adds(out, "<description/>");
	add_element(out, "supertypeName", node_get_text(type, S("super")));
	buf_adds(out, "\n      <features>\n");
	for (size_t i = 0; i < features->n; i++)
		add_feature(out, features->keys[i], node_scalar(features->items[i]));
	buf_adds(out, "      </features>\n    </typeDescription>\n");
}

static void merge_types(struct node *all, const struct node *types)
{
	for (size_t i = 0; i < types->n; i++) {
		struct node *known = node_get(all, types->keys[i]);
		const struct node *features = node_get(types->items[i], S("features"));
		if (!known) {
			node_put(all, types->keys[i], node_copy(types->items[i]));
			continue;
		}
		for (size_t k = 0; k < features->n; k++)
			node_put(node_get(known, S("features")), features->keys[k], node_copy(features->items[k]));
	}
}

bool xmi_end(struct export_job *job, struct error *err)
{
	struct node *types = job->state;
	struct buf out = {0};
	bool fine = true;
	buf_adds(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<typeSystemDescription "
	               "xmlns=\"http://uima.apache.org/resourceSpecifier\">\n  <types>\n");
	for (size_t i = 0; types && i < types->n; i++)
		add_type(&out, types->keys[i], types->items[i]);
	buf_adds(&out, "  </types>\n</typeSystemDescription>\n");
	if (types && types->n)
		fine = job->write_file(job->ctx, "TypeSystem.xml", buf_str(&out), err);
	buf_free(&out);
	node_free(types);
	job->state = NULL;
	return fine;
}

bool xmi_export(struct export_job *job, struct doc *d, struct error *err)
{
	struct outgoing o;
	struct cas cas = {0};
	if (!outgoing_make(job, d, &o, err))
		return false;
	cas_make(&o, (struct cas_out_options){0}, &cas);
	struct writing w = {.cas = &cas, .spaces = node_map()};
	struct node *types = cas_describe(&cas);
	write_cas(&w);
	if (w.replaced)
		losses_add(&job->losses, w.replaced, "characters that XML cannot hold");
	if (!job->state)
		job->state = node_map();
	merge_types(job->state, types);
	char *name = record_file(&o, ".xmi");
	bool fine = job->write_file(job->ctx, name, buf_str(&w.out), err);
	job->articles += fine;
	mem_free(name);
	node_free(types);
	node_free(w.spaces);
	buf_free(&w.out);
	cas_free(&cas);
	outgoing_free(&o);
	return fine;
}
