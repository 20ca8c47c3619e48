/* cas: structures, views and references, see cas.h. */
#include "annotations/formats/cas.h"

#define LIST_LIMIT 1000000 /* elements of a linked list, which may run in a circle */

/* ---- building ----------------------------------------------------------------------------------------------- */

void cas_free(struct cas *c)
{
	for (size_t i = 0; i < c->n; i++) {
		node_free(c->fs[i]->features);
		mem_free(c->fs[i]->refs);
	}
	mem_free(c->fs);
	mem_free(c->views);
	strmap_free(&c->types);
	strmap_free(&c->ids);
	node_free(c->kept);
	arena_free(&c->memory);
	*c = (struct cas){0};
}

struct cas_fs *cas_add(struct cas *c, struct str id, struct str type)
{
	struct cas_fs *fs = arena_alloc(&c->memory, sizeof *fs);
	struct buf index = {0};
	fs->id = arena_dup(&c->memory, id);
	fs->type = arena_dup(&c->memory, type);
	fs->features = node_map();
	if (c->n == c->cap) {
		c->cap = c->cap ? c->cap * 2 : 64;
		c->fs = mem_grow(c->fs, c->cap, sizeof *c->fs);
	}
	buf_addf(&index, "%zu", c->n);
	if (id.n)
		strmap_put(&c->ids, id, buf_str(&index));
	buf_free(&index);
	c->fs[c->n++] = fs;
	return fs;
}

struct cas_view *cas_add_view(struct cas *c, struct str id, struct str name)
{
	c->views = mem_grow(c->views, c->n_views + 1, sizeof *c->views);
	c->views[c->n_views] = (struct cas_view){.id = arena_dup(&c->memory, id), .name = arena_dup(&c->memory, name)};
	return &c->views[c->n_views++];
}

void cas_put(struct cas *c, struct cas_fs *fs, struct str feature, struct node *value)
{
	(void)c;
	node_put(fs->features, feature, value);
}

void cas_put_text(struct cas *c, struct cas_fs *fs, struct str feature, struct str text)
{
	cas_put(c, fs, feature, node_text(text));
}

void cas_refer(struct cas *c, struct cas_fs *fs, struct str feature, struct str id, bool list)
{
	if (fs->n_refs == fs->cap_refs) {
		fs->cap_refs = fs->cap_refs ? fs->cap_refs * 2 : 4;
		fs->refs = mem_grow(fs->refs, fs->cap_refs, sizeof *fs->refs);
	}
	fs->refs[fs->n_refs++] =
	    (struct cas_ref){.feature = arena_dup(&c->memory, feature), .id = arena_dup(&c->memory, id), .list = list};
}

/* ---- references --------------------------------------------------------------------------------------------- */

static struct cas_fs *find(const struct cas *c, struct str id)
{
	struct str index;
	uint64_t at = 0;
	if (!strmap_get(&c->ids, id, &index) || !str_number(index, &at) || at >= c->n)
		return NULL;
	return c->fs[at];
}

static const struct cas_ref *ref_named(const struct cas_fs *fs, struct str feature)
{
	for (size_t i = 0; fs && i < fs->n_refs; i++)
		if (str_eq(fs->refs[i].feature, feature))
			return &fs->refs[i];
	return NULL;
}

/* Values of an array or list that stands apart go into a list of values of what refers to it. */
static void take_values(struct cas *c, struct cas_fs *fs, struct str feature, const struct cas_fs *array)
{
	struct node *list = node_list();
	size_t steps = 0;
	if (node_get(array->features, S("elements"))) {
		const struct node *elements = node_get(array->features, S("elements"));
		for (size_t i = 0; elements->kind == NODE_LIST && i < elements->n; i++)
			node_add(list, node_copy(elements->items[i]));
	}
	while (array && steps++ < LIST_LIMIT) {
		const struct node *head = node_get(array->features, S("head"));
		const struct cas_ref *tail = ref_named(array, S("tail"));
		if (head)
			node_add(list, node_copy(head));
		array = tail ? find(c, tail->id) : NULL;
	}
	cas_put(c, fs, feature, list);
}

static void take_refs(struct cas *c, struct cas_fs *fs, struct str feature, const struct cas_fs *array)
{
	size_t steps = 0;
	for (size_t i = 0; i < array->n_refs; i++)
		if (str_eq(array->refs[i].feature, S("elements")))
			cas_refer(c, fs, feature, array->refs[i].id, true);
	while (array && steps++ < LIST_LIMIT) {
		const struct cas_ref *head = ref_named(array, S("head")), *tail = ref_named(array, S("tail"));
		if (head)
			cas_refer(c, fs, feature, head->id, true);
		array = tail ? find(c, tail->id) : NULL;
	}
}

static bool holds_refs(struct str type)
{
	return str_eq(type, S("uima.cas.FSArray")) || str_eq(type, S("uima.cas.NonEmptyFSList")) ||
	       str_eq(type, S("uima.cas.EmptyFSList")) || str_eq(type, S("uima.cas.FSList")) || (str_ends(type, S("[]")) && !cas_range_is_value(type));
}

static void resolve(struct cas *c, struct cas_fs *fs)
{
	size_t n = fs->n_refs, kept = 0;
	bool *apart = mem_array(n + 1, sizeof *apart);
	for (size_t i = 0; i < n; i++) {
		struct str feature = fs->refs[i].feature;
		struct cas_fs *to = find(c, fs->refs[i].id);
		fs->refs[i].to = to;
		apart[i] = to && cas_is_array(to->type) && !cas_is_array(fs->type);
		if (!apart[i])
			continue;
		if (holds_refs(to->type))
			take_refs(c, fs, feature, to);
		else
			take_values(c, fs, feature, to);
	}
	for (size_t i = 0; i < fs->n_refs; i++) {
		if (i < n && apart[i])
			continue;
		fs->refs[kept] = fs->refs[i];
		fs->refs[kept].to = find(c, fs->refs[i].id);
		kept++;
	}
	fs->n_refs = kept;
	mem_free(apart);
}

void cas_resolve(struct cas *c)
{
	for (size_t i = 0; i < c->n; i++)
		resolve(c, c->fs[i]);
}
