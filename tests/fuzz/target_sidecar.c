/* Sidecars: any bytes load or are refused without a trace; without a change they are written as they were read; with one
 * they read back as what was meant; the quick summary says what the whole says. */
#include "annotations/sidecar.h"
#include "model/utf8.h"
#include "tests/fuzz/fuzz.h"

struct loaded {
	struct article *article;
	struct schema *schema;
	struct set *set;
	struct sidecar *sidecar;
	struct findings findings;
	struct error err;
	bool good;
};

static void load(struct loaded *l, const char *path)
{
	static const char *const names[] = {"PERSON", "POST", "ORG", "PLACE", "TIME"};
	*l = (struct loaded){.article = article_of(S(FUZZ_ARTICLE)), .schema = schema_new()};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		schema_add_label(l->schema, str_of(names[i]))->known = true;
	l->set = set_new(l->article, l->schema);
	l->good = sidecar_load(path, "a.txt", l->set, &l->sidecar, &l->findings, &l->err);
	for (size_t i = 0; i < l->findings.n; i++)
		HOLDS(l->findings.list[i].error.message && l->findings.list[i].error.code != ERROR_NONE);
}

static void unload(struct loaded *l)
{
	set_free(l->set);
	sidecar_free(l->sidecar);
	findings_free(&l->findings);
	error_clear(&l->err);
	article_free(l->article);
	schema_free(l->schema);
}

static void check_span(const struct span *s, struct str text)
{
	HOLDS(s->id.n && s->n_fragments);
	HOLDS(s->verdict < VERDICTS && s->anchoring <= ANCHOR_LOST);
	if (s->anchoring == ANCHOR_LOST)
		return;
	HOLDS(s->off == s->fragments[0].off && s->end == s->fragments[s->n_fragments - 1].end && s->end <= text.n);
	for (size_t i = 0; i < s->n_fragments; i++) {
		const struct fragment *f = &s->fragments[i];
		HOLDS(f->off <= f->end && utf8_boundary(text, f->off) && utf8_boundary(text, f->end));
		HOLDS(i == 0 || s->fragments[i - 1].end <= f->off);
	}
}

static void check_items(struct set *set, struct str text)
{
	for (size_t i = 0; i < set_spans(set); i++) {
		check_span(set_span(set, i), text);
		HOLDS(set_find_span(set, set_span(set, i)->id) == i);
	}
	for (enum item_kind kind = ITEM_SPAN; kind < ITEM_KINDS; kind++)
		for (size_t i = 0; i < set_items(set, kind); i++) {
			struct str id = set_item_id(set, kind, i);
			HOLDS(set_has(set, kind, id));
			HOLDS(set_node(set, kind, id));
		}
}

static void check_summary(const char *path, struct set *set)
{
	struct sidecar_summary sum = {0};
	struct error err = {0};
	if (!sidecar_summary(path, &sum, &err)) {
		fuzz_error(&err);
		return;
	}
	const struct counts *c = set_counts(set);
	size_t proposed = 0;
	for (size_t v = 0; v < VERDICTS; v++)
		proposed += c->spans[v];
	HOLDS(sum.status == set_status(set));
	HOLDS(sum.proposed == proposed && sum.decided == proposed - c->spans[VERDICT_UNDECIDED]);
	mem_free(sum.title);
	mem_free(sum.date);
	mem_free(sum.source);
}

/* Whether all items of a are in b with equal maps, but for `but` of kind span. */
static void check_same(struct set *a, struct set *b, struct str but)
{
	for (enum item_kind kind = ITEM_SPAN; kind < ITEM_KINDS; kind++) {
		HOLDS(set_items(a, kind) == set_items(b, kind));
		for (size_t i = 0; i < set_items(a, kind); i++) {
			struct str id = set_item_id(a, kind, i);
			HOLDS(set_has(b, kind, id));
			if (kind != ITEM_SPAN || !str_eq(id, but))
				HOLDS(node_equal(set_node(a, kind, id), set_node(b, kind, id)));
		}
	}
}

/* Accepts one span and adds another: what is written reads back as that, all else as it was. */
static void change(struct loaded *l, struct str input)
{
	struct error err = {0};
	struct buf out = {0};
	struct str id = STR_NONE;
	struct node *keys = node_map();
	node_put_text(keys, S("verdict"), S("accepted"));
	node_put_text(keys, S("note"), S("no: 'x'\n"));
	size_t n = set_spans(l->set);
	if (n)
		id = set_span(l->set, input.n % n)->id;
	char *held = str_dup(id);
	id = str_of(held);
	if (n)
		SUCCEEDS(set_change(l->set, ITEM_SPAN, id, keys, &err), &err);
	else
		node_put(keys, S("verdict"), NULL);
	if (!set_has(l->set, ITEM_SPAN, S("qqq23"))) {
		struct node *map = node_map();
		node_put_text(map, S("id"), S("qqq23"));
		node_put_text(map, S("label"), S("PERSON"));
		struct node *at = node_list(), *pair = node_list();
		node_add(pair, node_number(11));
		node_add(pair, node_number(14));
		node_add(at, pair);
		node_put(map, S("at"), at);
		node_put_text(map, S("text"), S("高建军"));
		node_put_text(map, S("verdict"), S("accepted"));
		SUCCEEDS(set_add(l->set, ITEM_SPAN, S("qqq23"), map, &err), &err);
		node_free(map);
	}
	HOLDS(sidecar_has_changes(l->set));
	sidecar_render(l->sidecar, l->set, &out);
	if (sidecar_install(l->sidecar, l->set, buf_str(&out), &err)) {
		struct loaded back;
		load(&back, "a.txt.yaml");
		HOLDS(back.good);
		check_same(l->set, back.set, STR_NONE);
		if (n)
			HOLDS(set_span(back.set, set_find_span(back.set, id))->verdict == VERDICT_ACCEPTED);
		unload(&back);
	} else {
		fuzz_error(&err);
	}
	mem_free(held);
	node_free(keys);
	buf_free(&out);
}

void fuzz_sidecar(struct str input)
{
	struct loaded l;
	struct buf out = {0};
	fuzz_folder();
	fuzz_put("a.txt.yaml", input);
	load(&l, "a.txt.yaml");
	if (l.good) {
		check_items(l.set, article_text(l.article));
		if (!l.findings.n) /* the summary counts broken records too: they are there */
			check_summary("a.txt.yaml", l.set);
		if (!sidecar_has_changes(l.set)) {
			sidecar_render(l.sidecar, l.set, &out);
			HOLDS(str_eq(buf_str(&out), input));
		}
		change(&l, input);
	} else {
		fuzz_error(&l.err);
		HOLDS(sidecar_read_only(l.sidecar));
		HOLDS(set_spans(l.set) == 0 && set_fields(l.set) == 0);
	}
	buf_free(&out);
	unload(&l);
}
