/* cas_out: what goes out becomes a CAS; the mapping stands in cas.h. */
#include "annotations/formats/cas.h"

#include <stdlib.h>

#include "annotations/formats/cas_tokens.h"
#include "annotations/formats/places.h"

#define SOFA "1"

struct making {
	bool rows; /* of cas_out_options */
	const struct outgoing *o;
	struct cas *cas;
	uint32_t *utf16;
	struct cas_fs **spans; /* those of the outgoing spans */
	struct tokens tokens;
	size_t next_id;
	struct strmap links; /* span and chain -> index of the structure that is its link there */
};

static struct str attribute(const struct node *map, const char *name)
{
	return node_get_text(node_get(map, S("attributes")), str_of(name));
}

static struct cas_fs *add(struct making *m, struct str type)
{
	struct buf id = {0};
	buf_addf(&id, "%zu", m->next_id++);
	struct cas_fs *fs = cas_add(m->cas, buf_str(&id), type);
	buf_free(&id);
	return fs;
}

static struct cas_fs *add_placed(struct making *m, struct str type, size_t off, size_t end)
{
	struct cas_fs *fs = add(m, type);
	fs->sofa = S(SOFA);
	fs->placed = true;
	fs->begin = m->utf16[off];
	fs->end = m->utf16[end];
	return fs;
}

static void point(struct making *m, struct cas_fs *fs, struct str feature, struct cas_fs *to, bool list)
{
	cas_refer(m->cas, fs, feature, to->id, list);
	fs->refs[fs->n_refs - 1].to = to;
}

/* ---- types and features --------------------------------------------------------------------------------------- */

/* The layer, spelt so that it is a type's name. */
static struct str type_of(struct making *m, const struct node *map, const char *otherwise)
{
	struct str layer = attribute(map, "layer");
	struct buf name = {0};
	if (layer.n)
		cas_add_name(&name, layer, true);
	else
		buf_adds(&name, otherwise);
	struct str type = arena_dup(&m->cas->memory, buf_str(&name));
	buf_free(&name);
	return type;
}

static bool is_mapping(struct str attribute_name)
{
	static const char *const words[] = {"layer", "chain", "slot", "reference"};
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_eq(attribute_name, str_of(words[i])))
			return true;
	return false;
}

/* A feature that names annotations and is an attribute here cannot have its own name. */
static void put_attributes(struct making *m, const struct node *map, struct cas_fs *fs, struct str naming)
{
	const struct node *attributes = node_get(map, S("attributes"));
	for (size_t i = 0; attributes && attributes->kind == NODE_MAP && i < attributes->n; i++) {
		struct str key = attributes->keys[i];
		struct buf name = {0};
		if (is_mapping(key))
			continue;
		if (str_eq(key, naming))
			buf_addf(&name, "_x%X_%.*s", (unsigned)key.p[0], (int)key.n - 1, key.p + 1);
		else
			cas_add_name(&name, key, false);
		cas_put_text(m->cas, fs, buf_str(&name), node_scalar(attributes->items[i]));
		buf_free(&name);
	}
	if (node_get_text(map, S("note")).n)
		cas_put_text(m->cas, fs, S("note"), node_get_text(map, S("note")));
}

/* The name goes into the feature for it, unless it is the type's own because there was none. */
static void put_name(struct making *m, const struct node *map, struct cas_fs *fs, struct str naming, struct str name)
{
	bool own = attribute(map, "layer").n && str_eq(name, cas_short(fs->type));
	if (!own)
		cas_put_text(m->cas, fs, naming, name);
}

static void put_link(struct making *m, const struct node *map, struct cas_fs *fs)
{
	const struct node *links = node_get(map, S("links"));
	struct buf identifier = {0};
	if (!links || links->kind != NODE_LIST || !links->n || !str_eq(fs->type, S(CAS_ENTITY)))
		return;
	struct str db = node_get_text(links->items[0], S("db"));
	buf_add(&identifier, db);
	buf_adds(&identifier, db.n ? ":" : "");
	buf_add(&identifier, node_get_text(links->items[0], S("id")));
	cas_put_text(m->cas, fs, S("identifier"), buf_str(&identifier));
	buf_free(&identifier);
}

/* ---- tokens and sentences --------------------------------------------------------------------------------------- */

static bool is_token_span(const struct record_span *s)
{
	return str_eq(attribute(s->map, "layer"), S(CAS_TOKEN)) && s->fragments[0].off < s->fragments[s->n - 1].end;
}

static void add_tokens(struct making *m)
{
	struct cas_sentences sentences = {0};
	cas_find_tokens(m->o, m->rows, &m->tokens, &sentences);
	for (size_t i = 0; i < m->tokens.n; i++)
		add_placed(m, S(CAS_TOKEN), m->tokens.list[i].off, m->tokens.list[i].end)->is_token = true;
	for (size_t i = 0; i < sentences.n; i++)
		add_placed(m, S(CAS_SENTENCE), sentences.list[i].off, sentences.list[i].end)->is_token = true;
	mem_free(sentences.list);
}

/* The structure of a token that is also a span. */
static struct cas_fs *find_token(const struct making *m, const struct record_span *s)
{
	size_t i = tokens_at(&m->tokens, s->fragments[0].off);
	if (i < m->tokens.n && m->tokens.list[i].off == s->fragments[0].off &&
	    m->tokens.list[i].end == s->fragments[s->n - 1].end)
		return m->cas->fs[i + 1]; /* behind what tells of the document */
	return NULL;
}

static bool among(const struct node *list, struct str type)
{
	for (size_t i = 0; list->kind == NODE_LIST && i < list->n; i++)
		if (str_eq(node_scalar(list->items[i]), type))
			return true;
	return false;
}

static bool refers(const struct cas_fs *fs, struct str feature)
{
	for (size_t i = 0; i < fs->n_refs; i++)
		if (str_eq(fs->refs[i].feature, feature))
			return true;
	return false;
}

/* Tokens refer to what is said at their place (pos, lemma), where those of the file did. */
static void point_tokens(struct making *m)
{
	const struct node *features = node_get(record_kept(m->o->job, m->o->top), S(CAS_TOKEN_FEATURES));
	for (size_t i = 0; i < m->o->n_spans && features && features->kind == NODE_MAP; i++) {
		struct cas_fs *fs = m->spans[i], *token = fs->is_span ? find_token(m, &m->o->spans[i]) : NULL;
		for (size_t k = 0; token && k < features->n; k++)
			if (among(features->items[k], fs->type) && !refers(token, features->keys[k]))
				point(m, token, features->keys[k], fs, false);
	}
}

/* What is said of a token goes with it; a row of a token has no columns for that. */
static void put_token(struct making *m, const struct record_span *s, struct cas_fs *fs)
{
	size_t before = fs->features ? fs->features->n : 0;
	put_name(m, s->map, fs, cas_naming(fs->type), s->label);
	put_attributes(m, s->map, fs, cas_naming(fs->type));
	if (m->rows && fs->features && fs->features->n > before)
		losses_add(&m->o->job->losses, 1, "tokens with attributes, labels or notes of their own");
}

/* ---- spans and relations ---------------------------------------------------------------------------------------- */

static struct cas_fs *make_span(struct making *m, const struct record_span *s)
{
	struct cas_fs *fs = is_token_span(s) ? find_token(m, s) : NULL;
	struct str chain = attribute(s->map, "chain");
	uint64_t number = 0;
	if (fs) {
		put_token(m, s, fs);
		return fs;
	}
	fs = add_placed(m, type_of(m, s->map, CAS_ENTITY), s->fragments[0].off, s->fragments[s->n - 1].end);
	fs->is_span = true;
	if (chain.n && str_number(chain, &number))
		fs->chain = (size_t)number;
	struct str naming = fs->chain ? S("referenceType") : cas_naming(fs->type);
	put_name(m, s->map, fs, naming, s->label);
	put_link(m, s->map, fs);
	put_attributes(m, s->map, fs, naming);
	return fs;
}

static void make_slot(struct making *m, const struct record_relation *r, struct str slot)
{
	struct cas_fs *host = m->spans[r->from];
	struct buf feature = {0};
	struct cas_fs *link = add(m, type_of(m, r->map, "webanno.custom.Link"));
	cas_add_name(&feature, slot, false);
	if (!str_eq(r->type, slot))
		cas_put_text(m->cas, link, S("role"), r->type);
	point(m, link, S("target"), m->spans[r->to], false);
	put_attributes(m, r->map, link, S("role"));
	point(m, host, buf_str(&feature), link, true);
	buf_free(&feature);
}

static void make_relation(struct making *m, const struct record_relation *r)
{
	const struct record_span *to = &m->o->spans[r->to];
	struct cas_fs *fs =
	    add_placed(m, type_of(m, r->map, CAS_RELATION), to->fragments[0].off, to->fragments[to->n - 1].end);
	struct str naming = cas_naming(fs->type);
	put_name(m, r->map, fs, naming, r->type);
	put_attributes(m, r->map, fs, naming);
	point(m, fs, S("Governor"), m->spans[r->from], false);
	point(m, fs, S("Dependent"), m->spans[r->to], false);
}

static bool has_next(const struct cas_fs *fs)
{
	for (size_t i = 0; i < fs->n_refs; i++)
		if (str_eq(fs->refs[i].feature, S("next")))
			return true;
	return false;
}

static void link_key(struct buf *out, const struct cas_fs *span, size_t chain)
{
	buf_addf(out, "%.*s %zu", (int)span->id.n, span->id.p, chain);
}

/* The link that a span is in a chain: itself, or one more like it where it is in several. */
static struct cas_fs *link_in(struct making *m, struct cas_fs *span, size_t chain)
{
	struct buf key = {0}, place = {0};
	struct str known;
	uint64_t at = 0;
	struct cas_fs *fs = span;
	link_key(&key, span, chain);
	if (span->chain == chain) {
		buf_clear(&key);
	} else if (strmap_get(&m->links, buf_str(&key), &known) && str_number(known, &at)) {
		fs = m->cas->fs[at];
	} else {
		buf_addf(&place, "%zu", m->cas->n);
		strmap_put(&m->links, buf_str(&key), buf_str(&place));
		fs = add(m, span->type);
		fs->sofa = span->sofa;
		fs->placed = true;
		fs->begin = span->begin;
		fs->end = span->end;
		fs->chain = chain;
		for (size_t i = 0; i < span->features->n; i++)
			if (!str_eq(span->features->keys[i], S("referenceRelation")))
				cas_put(m->cas, fs, span->features->keys[i], node_copy(span->features->items[i]));
	}
	buf_free(&place);
	buf_free(&key);
	return fs;
}

/* Two links of one chain, of which neither has its place in it yet. */
static bool make_next(struct making *m, const struct record_relation *r)
{
	struct cas_fs *from = m->spans[r->from], *to = m->spans[r->to];
	uint64_t chain = 0;
	if (!str_number(attribute(r->map, "chain"), &chain) || !from->chain || !to->chain || from == to ||
	    !str_eq(from->type, to->type))
		return false;
	from = link_in(m, from, (size_t)chain);
	to = link_in(m, to, (size_t)chain);
	if (has_next(from) || to->in_chain)
		return false;
	if (!str_eq(r->type, S("next")))
		cas_put_text(m->cas, from, S("referenceRelation"), r->type);
	point(m, from, S("next"), to, false);
	to->in_chain = true;
	return true;
}

static void make_connection(struct making *m, const struct record_relation *r)
{
	struct str slot = attribute(r->map, "slot"), reference = attribute(r->map, "reference");
	struct buf feature = {0};
	if (slot.n) {
		make_slot(m, r, slot);
	} else if (reference.n) {
		cas_add_name(&feature, r->type, false);
		point(m, m->spans[r->from], buf_str(&feature), m->spans[r->to], str_eq(reference, S("list")));
	} else if (!make_next(m, r)) {
		make_relation(m, r);
	}
	buf_free(&feature);
}

static uint64_t order_of(const struct outgoing *o, size_t relation)
{
	uint64_t n = 0;
	(void)node_is_number(node_get(record_kept(o->job, o->relations[relation].map), S(CAS_ORDER)), &n);
	return n;
}

static int by_order(const void *a, const void *b, void *ctx)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	uint64_t m = order_of(ctx, x), n = order_of(ctx, y);
	return m == n ? (x > y) - (x < y) : m < n ? -1 : 1;
}

static void make_connections(struct making *m)
{
	size_t n = m->o->n_relations, *order = mem_array(n + 1, sizeof *order);
	for (size_t i = 0; i < n; i++)
		order[i] = i;
	qsort_r(order, n, sizeof *order, by_order, (void *)m->o);
	for (size_t i = 0; i < n; i++)
		make_connection(m, &m->o->relations[order[i]]);
	mem_free(order);
}

/* Each link that none comes before begins a chain. */
static void make_chains(struct making *m)
{
	size_t number = 0;
	for (size_t i = 0, n = m->cas->n; i < n; i++) {
		struct cas_fs *fs = m->cas->fs[i];
		struct buf type = {0};
		if (!fs->chain || fs->in_chain)
			continue;
		struct str stem = fs->type;
		if (str_ends(stem, S("Link")))
			stem.n -= 4;
		buf_addf(&type, "%.*sChain", (int)stem.n, stem.p);
		struct cas_fs *chain = add(m, buf_str(&type));
		chain->sofa = S(SOFA);
		chain->number = ++number;
		point(m, chain, S("first"), fs, false);
		buf_free(&type);
	}
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

/* As the file had it, or DKPro's, which names the article. */
static void make_document(struct making *m)
{
	struct cas_view *view = cas_add_view(m->cas, S(SOFA), S("_InitialView"));
	const struct node *kept = node_get(record_kept(m->o->job, m->o->top), S(CAS_DOCUMENT));
	struct str language = node_get_text(m->o->top, S("language")), type = node_get_text(kept, S("type"));
	view->has_text = true;
	view->text = arena_dup(&m->cas->memory, m->o->text);
	struct cas_fs *document = add_placed(m, type.n ? type : S(CAS_METADATA), 0, m->o->text.n);
	for (size_t i = 0; type.n && i < kept->n; i++)
		if (!str_eq(kept->keys[i], S("type")) && !node_is_absent(kept->items[i]))
			cas_put_text(m->cas, document, kept->keys[i], node_scalar(kept->items[i]));
	if (!type.n) {
		cas_put_text(m->cas, document, S("documentId"), str_of(m->o->file));
		cas_put_text(m->cas, document, S("documentTitle"), str_of(m->o->file));
	}
	if (language.n || !type.n)
		cas_put_text(m->cas, document, S("language"), language.n ? language : S("x-unspecified"));
	document->is_token = true;
	document->is_document = true;
}

void cas_make(const struct outgoing *out, struct cas_out_options options, struct cas *c)
{
	struct making m = {.o = out, .cas = c, .utf16 = utf16_table(out->text), .next_id = 2};
	m.rows = options.rows;
	make_document(&m);
	add_tokens(&m);
	m.spans = mem_array(out->n_spans + 1, sizeof(struct cas_fs *));
	for (size_t i = 0; i < out->n_spans; i++)
		m.spans[i] = make_span(&m, &out->spans[i]);
	make_connections(&m);
	make_chains(&m);
	point_tokens(&m);
	strmap_free(&m.links);
	mem_free(m.spans);
	mem_free(m.utf16);
	tokens_free(&m.tokens);
}

/* ---- types ------------------------------------------------------------------------------------------------------ */

static void describe(const struct cas_fs *fs, struct node *types)
{
	if (str_starts(fs->type, S("uima.tcas.")))
		return;
	struct node *type = node_child(types, fs->type, NODE_MAP), *features = node_child(type, S("features"), NODE_MAP);
	bool metadata = fs->is_document;
	node_put_text(type, S("super"),
	              metadata     ? S("uima.tcas.DocumentAnnotation")
	              : fs->placed ? S("uima.tcas.Annotation")
	              : fs->sofa.n ? S("uima.cas.AnnotationBase")
	                           : S("uima.cas.TOP"));
	for (size_t i = 0; i < fs->features->n; i++)
		if (!metadata || !str_eq(fs->features->keys[i], S("language")))
			node_put_text(features, fs->features->keys[i], S("uima.cas.String"));
	for (size_t i = 0; i < fs->n_refs; i++) {
		const struct cas_ref *ref = &fs->refs[i];
		struct str to = ref->to->placed ? S("uima.tcas.Annotation") : ref->to->type;
		struct buf range = {0};
		buf_add(&range, to);
		buf_adds(&range, ref->list ? "[]" : "");
		node_put_text(features, ref->feature, buf_str(&range));
		buf_free(&range);
	}
}

static int by_key(const void *a, const void *b, void *ctx)
{
	const struct node *map = ctx;
	return str_cmp(map->keys[*(const size_t *)a], map->keys[*(const size_t *)b]);
}

struct node *cas_describe(const struct cas *c)
{
	struct node *types = node_map(), *sorted = node_map();
	for (size_t i = 0; i < c->n; i++)
		describe(c->fs[i], types);
	size_t *order = mem_array(types->n + 1, sizeof *order);
	for (size_t i = 0; i < types->n; i++)
		order[i] = i;
	qsort_r(order, types->n, sizeof *order, by_key, types);
	for (size_t i = 0; i < types->n; i++)
		node_put(sorted, types->keys[order[i]], node_copy(types->items[order[i]]));
	mem_free(order);
	node_free(types);
	return sorted;
}
