/* Three whole sidecars, base, ours, theirs, divided by lines `%%`: ours is brought onto theirs as when a file changed on
 * disk.  Every item is then what the merge of it alone says, what clashes is told and nothing else; what is judged on one
 * side stays, keys that nobody knows too; the result is written and read back; merging once more changes nothing; and the
 * other way round the same comes of it. */
#include "annotations/merge.h"
#include "annotations/sidecar.h"
#include "tests/fuzz/fuzz.h"

struct loaded {
	struct set *set;
	struct sidecar *sidecar;
	struct findings findings;
	struct error err;
	bool good;
};

static struct article *article;
static struct schema *schema;

static void make_schema(void)
{
	static const char *const names[] = {"PERSON", "POST", "ORG", "PLACE", "TIME"};
	if (schema)
		return;
	article = article_of(S(FUZZ_ARTICLE));
	schema = schema_new();
	for (size_t i = 0; i < COUNT_OF(names); i++)
		schema_add_label(schema, str_of(names[i]))->known = true;
}

/* Good: every item of the file is one of the set. */
static void load(struct loaded *l, const char *path)
{
	*l = (struct loaded){.set = set_new(article, schema)};
	l->good = sidecar_load(path, "a.txt", l->set, &l->sidecar, &l->findings, &l->err);
	for (size_t i = 0; i < l->findings.n; i++) {
		enum error_code code = l->findings.list[i].error.code;
		l->good &= code != ERROR_DUPLICATE && code != ERROR_SCHEMA && code != ERROR_SYNTAX;
	}
}

static void unload(struct loaded *l)
{
	set_free(l->set);
	sidecar_free(l->sidecar);
	findings_free(&l->findings);
	error_clear(&l->err);
}

/* ---- ours, as changed since base was loaded ----------------------------------------------------------------- */

static void put_item(struct set *set, enum item_kind kind, struct str id, const struct node *wanted)
{
	struct error err = {0};
	const struct node *now = set_node(set, kind, id);
	if (node_equal(now, wanted))
		return;
	if (!now) {
		SUCCEEDS(set_add(set, kind, id, wanted, &err), &err);
		return;
	}
	struct node *keys = node_map();
	for (size_t i = 0; i < wanted->n; i++)
		node_put(keys, wanted->keys[i], node_copy(wanted->items[i]));
	for (size_t i = 0; i < now->n; i++)
		if (!node_get(wanted, now->keys[i]))
			node_put(keys, now->keys[i], node_absent());
	SUCCEEDS(set_change(set, kind, id, keys, &err), &err);
	node_free(keys);
}

static void become(struct set *set, struct set *wanted)
{
	for (enum item_kind kind = ITEM_SPAN; kind < ITEM_KINDS; kind++) {
		for (size_t i = set_items(set, kind); i-- > 0;) {
			char *id = str_dup(set_item_id(set, kind, i));
			if (!set_has(wanted, kind, str_of(id)))
				HOLDS(set_remove(set, kind, str_of(id)));
			mem_free(id);
		}
		for (size_t i = 0; i < set_items(wanted, kind); i++) {
			struct str id = set_item_id(wanted, kind, i);
			put_item(set, kind, id, set_node(wanted, kind, id));
		}
	}
	put_item(set, ITEM_ARTICLE, STR_NONE, set_node(wanted, ITEM_ARTICLE, STR_NONE));
}

/* ---- the merge and what must hold of it --------------------------------------------------------------------- */

/* Of each clash its kind and id, a line each. */
static void note_clash(void *ctx, enum item_kind kind, struct str id, const struct node *mine, const struct node *theirs)
{
	struct buf *told = ctx;
	HOLDS(!node_equal(mine, theirs));
	buf_addf(told, "\n%d ", (int)kind);
	buf_add(told, id);
	buf_addc(told, '\n');
}

static bool told_of(const struct buf *told, enum item_kind kind, struct str id)
{
	struct buf line = {0};
	buf_addf(&line, "\n%d ", (int)kind);
	buf_add(&line, id);
	buf_addc(&line, '\n');
	bool there = str_find(buf_str(told), buf_str(&line), 0) != NOWHERE;
	buf_free(&line);
	return there;
}

/* Equal, but for who decided the same, and for what is said of the text. */
static bool alike(const struct node *a, const struct node *b)
{
	struct node *x = node_copy(a), *y = node_copy(b);
	for (size_t i = 0; x && y && i < 2; i++) {
		static const struct str beside[] = {S("judged"), S("article")};
		node_put(x, beside[i], NULL);
		node_put(y, beside[i], NULL);
	}
	bool same = node_equal(x, y);
	node_free(x);
	node_free(y);
	return same;
}

static void merge_into(const char *base, const char *ours, const char *theirs, struct loaded *out, struct buf *told)
{
	struct loaded b, o;
	load(&b, base);
	load(&o, ours);
	load(out, theirs);
	become(b.set, o.set);
	sidecar_merge(b.set, out->set, &(struct sidecar_merger){note_clash, told});
	unload(&b);
	unload(&o);
}

static void check_item(struct loaded v[3], struct set *result, const struct buf *told, enum item_kind kind, struct str id)
{
	const struct node *b = set_node(v[0].set, kind, id), *o = set_node(v[1].set, kind, id), *t = set_node(v[2].set, kind, id);
	struct node *expected = NULL;
	bool clash = merge_item(b, o, t, &expected) == MERGE_CONFLICT;
	if (kind != ITEM_ARTICLE) { /* what is said of the text is no change */
		HOLDS(clash == told_of(told, kind, id));
		HOLDS(node_equal(set_node(result, kind, id), expected));
	}
	const struct node *now = set_node(result, kind, id);
	if (!clash && o && t && node_equal(b, t))
		HOLDS(alike(now, o));
	if (!clash && o && t && node_equal(b, o))
		HOLDS(alike(now, t));
	node_free(expected);
}

static void check_items(struct loaded v[3], struct set *result, const struct buf *told)
{
	for (size_t side = 0; side < 3; side++)
		for (enum item_kind kind = ITEM_SPAN; kind < ITEM_KINDS; kind++)
			for (size_t i = 0; i < set_items(v[side].set, kind); i++)
				check_item(v, result, told, kind, set_item_id(v[side].set, kind, i));
	check_item(v, result, told, ITEM_ARTICLE, STR_NONE);
}

static void check_same(struct set *a, struct set *b)
{
	for (enum item_kind kind = ITEM_SPAN; kind < ITEM_KINDS; kind++) {
		HOLDS(set_items(a, kind) == set_items(b, kind));
		for (size_t i = 0; i < set_items(a, kind); i++) {
			struct str id = set_item_id(a, kind, i);
			HOLDS(set_has(b, kind, id) && alike(set_node(a, kind, id), set_node(b, kind, id)));
		}
	}
	HOLDS(alike(set_node(a, ITEM_ARTICLE, STR_NONE), set_node(b, ITEM_ARTICLE, STR_NONE)));
}

/* As theirs.yaml, which is read back. */
static void check_written(struct loaded *result)
{
	struct buf bytes = {0};
	struct error err = {0};
	struct loaded back;
	sidecar_render(result->sidecar, result->set, &bytes);
	if (sidecar_install(result->sidecar, result->set, buf_str(&bytes), &err)) {
		load(&back, "theirs.yaml");
		HOLDS(back.good || !bytes.n);
		check_same(result->set, back.set);
		unload(&back);
	} else {
		fuzz_error(&err);
	}
	buf_free(&bytes);
}

static void check_merge(struct loaded v[3])
{
	struct loaded result, other, again;
	struct buf told = {0}, told_other = {0}, told_again = {0};
	merge_into("base.yaml", "theirs.yaml", "ours.yaml", &other, &told_other);
	merge_into("base.yaml", "ours.yaml", "theirs.yaml", &result, &told);
	HOLDS((told.n == 0) == (told_other.n == 0));
	check_items(v, result.set, &told);
	if (!told.n)
		check_same(result.set, other.set);
	check_written(&result);
	merge_into("base.yaml", "ours.yaml", "theirs.yaml", &again, &told_again);
	if (!told.n && result.good) {
		HOLDS(told_again.n == 0);
		HOLDS(!sidecar_has_changes(again.set));
	}
	unload(&result);
	unload(&other);
	unload(&again);
	buf_free(&told);
	buf_free(&told_other);
	buf_free(&told_again);
}

void fuzz_sidecars(struct str input)
{
	static const char *const names[] = {"base.yaml", "ours.yaml", "theirs.yaml"};
	struct loaded v[3];
	bool good = true;
	fuzz_folder();
	make_schema();
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		fuzz_put(names[i], fuzz_part(&input));
		load(&v[i], names[i]);
		good &= v[i].good;
	}
	if (good)
		check_merge(v);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		unload(&v[i]);
}
