/* history.c: who decided what and when, from journals and sidecars; see session.h. */
#include <stdlib.h>
#include <string.h>

#include "annotations/edit_internal.h"
#include "annotations/journal.h"
#include "annotations/json.h"
#include "annotations/session.h"
#include "annotations/session_internal.h"

void history_free(struct history *h)
{
	for (size_t i = 0; i < h->n; i++) {
		mem_free(h->list[i].time);
		mem_free(h->list[i].by);
		mem_free(h->list[i].what);
		mem_free(h->list[i].id);
		mem_free(h->list[i].from);
	}
	mem_free(h->list);
	*h = (struct history){0};
}

static void add_event(struct history *h, struct event e)
{
	if (h->n == h->cap) {
		h->cap = h->cap ? 2 * h->cap : 32;
		h->list = mem_grow(h->list, h->cap, sizeof(*h->list));
	}
	h->list[h->n++] = e;
}

/* ---- from journals ------------------------------------------------------------------------------------------ */

static const struct op *op_on(const struct group *g, const char *file, size_t *n)
{
	const struct op *found = NULL;
	*n = 0;
	for (size_t i = 0; i < g->n_ops; i++)
		if (strcmp(g->ops[i].file, file) == 0) {
			found = !found || found->kind == ITEM_ARTICLE ? &g->ops[i] : found;
			*n += g->ops[i].kind != ITEM_ARTICLE;
		}
	return found;
}

struct names {
	char **list;
	size_t n, cap;
};

/* Events, the groups that they tell of, and the judgements that journals know of. */
struct tale {
	struct history *h;
	struct doc *doc;
	const char *file;
	struct names refs; /* parallel to the events of journals */
	struct names told; /* sorted when all journals were read */
};

static void add_taken(struct names *names, struct buf *name)
{
	if (names->n == names->cap) {
		names->cap = names->cap ? 2 * names->cap : 32;
		names->list = mem_grow(names->list, names->cap, sizeof(*names->list));
	}
	names->list[names->n++] = buf_take(name);
}

static void free_names(struct names *names)
{
	for (size_t i = 0; i < names->n; i++)
		mem_free(names->list[i]);
	mem_free(names->list);
}

/* One judgement: of what item, by whom, when. */
static void add_judgement(struct buf *out, struct str id, const struct node *judged)
{
	buf_add(out, id);
	buf_addc(out, '\n');
	buf_add(out, node_get_text(judged, S("by")));
	buf_addc(out, '\n');
	buf_add(out, node_get_text(judged, S("on")));
}

static void note_judgements(struct tale *t, const struct group *g)
{
	for (size_t i = 0; i < g->n_ops; i++) {
		const struct node *judged = node_get(g->ops[i].set, S("judged"));
		if (!judged || strcmp(g->ops[i].file, t->file) != 0)
			continue;
		struct buf name = {0};
		add_judgement(&name, str_of(g->ops[i].id), judged);
		add_taken(&t->told, &name);
	}
}

static void note_ref(struct tale *t, const char *journal, uint64_t n)
{
	struct buf ref = {0};
	buf_addf(&ref, "%s:%llu", journal, (unsigned long long)n);
	add_taken(&t->refs, &ref);
}

static void mark(struct tale *t, const struct group *g)
{
	/* What is undone was mostly done a moment ago. */
	for (size_t i = t->refs.n; i-- > 0;)
		if (strcmp(t->refs.list[i], g->of) == 0) {
			t->h->list[i].undone = g->undo;
			return;
		}
}

/* Label, field or type, and what it says. */
static void add_item(struct buf *out, const struct doc *d, const struct node *map)
{
	struct str name = node_get_text(map, S("label"));
	struct buf text = {0};
	if (!name.n)
		name = node_get_text(map, node_get(map, S("name")) ? S("name") : S("type"));
	edit_text_of(d, map, &text);
	buf_adds(out, name.n ? " " : "");
	buf_add(out, name);
	buf_adds(out, text.n ? " " : "");
	buf_add(out, buf_str(&text));
	buf_free(&text);
}

/* What a group that changed other articles as well did in this one: its own words tell of the first. */
static char *what_here(const struct tale *t, const struct group *g, const struct op *op, size_t n)
{
	struct str what = str_of(g->what);
	struct buf out = {0};
	const struct node *map = set_node(t->doc->set, op->kind, str_of(op->id));
	if (!map || strcmp(g->ops[0].file, g->ops[g->n_ops - 1].file) == 0)
		return mem_dup(g->what);
	buf_add(&out, str_sub(what, 0, str_byte(what, ' ', 0)));
	add_item(&out, t->doc, map);
	if (n > 1)
		buf_addf(&out, " and %zu more", n - 1);
	return buf_take(&out);
}

static void tell_group(struct tale *t, const struct group *g, const char *journal)
{
	size_t n;
	const struct op *op = op_on(g, t->file, &n);
	if (!op)
		return;
	note_judgements(t, g);
	if (g->of) {
		mark(t, g);
		return;
	}
	add_event(t->h, (struct event){.time = mem_dup(g->time),
	                               .by = mem_dup(g->by),
	                               .what = what_here(t, g, op, n),
	                               .id = mem_dup(op->id),
	                               .kind = op->kind,
	                               .from = mem_dup(journal)});
	note_ref(t, journal, g->n);
}

static void tell_journals(struct tale *t, struct corpus *c)
{
	struct journal_list list = {0};
	struct buf name = {0};
	char *here, *elsewhere;
	session_folders(c, &here, &elsewhere);
	json_write_text(&name, str_of(t->file));
	journal_list_add(&list, here);
	journal_list_add(&list, elsewhere);
	journal_list_sort(&list);
	for (size_t i = 0; i < list.n; i++) {
		struct journal_file f;
		if (!journal_read(list.paths[i], buf_str(&name), &f, NULL))
			continue;
		for (size_t k = 0; k < f.n_lines; k++)
			if (f.lines[k].group)
				tell_group(t, f.lines[k].group, f.name);
		journal_file_free(&f);
	}
	journal_list_free(&list);
	buf_free(&name);
	mem_free(here);
	mem_free(elsewhere);
}

/* ---- from the sidecar --------------------------------------------------------------------------------------- */

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void tell_item(struct tale *t, enum item_kind kind, struct str id, const struct node *map)
{
	const struct node *judged = node_get(map, S("judged"));
	struct buf what = {0};
	buf_add(&what, node_get_text(map, S("verdict")));
	add_item(&what, t->doc, map);
	add_event(t->h, (struct event){.time = str_dup(node_get_text(judged, S("on"))),
	                               .by = str_dup(node_get_text(judged, S("by"))),
	                               .what = buf_take(&what),
	                               .id = str_dup(id),
	                               .kind = kind,
	                               .from = mem_dup("sidecar")});
}

static void tell_sidecar(struct tale *t)
{
	struct set *set = t->doc->set;
	if (t->told.n)
		qsort(t->told.list, t->told.n, sizeof(*t->told.list), compare_names);
	for (enum item_kind kind = ITEM_SPAN; kind <= ITEM_FIELD; kind++)
		for (size_t i = 0; i < set_items(set, kind); i++) {
			struct str id = set_item_id(set, kind, i);
			const struct node *map = set_node(set, kind, id), *judged = node_get(map, S("judged"));
			if (!judged)
				continue;
			struct buf name = {0};
			add_judgement(&name, id, judged);
			if (!t->told.n || !bsearch(&name.p, t->told.list, t->told.n, sizeof(name.p), compare_names))
				tell_item(t, kind, id, map);
			buf_free(&name);
		}
}

/* ---- the whole ---------------------------------------------------------------------------------------------- */

static int compare_events(const void *a, const void *b)
{
	const struct event *x = a, *y = b;
	return strcmp(x->time, y->time);
}

/* Merge sort keeps events of one second in the order of their lines, which qsort would not. */
static void sort_events(struct event *list, struct event *room, size_t n)
{
	if (n < 2)
		return;
	size_t half = n / 2, i = 0, j = half, k = 0;
	sort_events(list, room, half);
	sort_events(list + half, room, n - half);
	while (i < half && j < n)
		room[k++] = compare_events(&list[i], &list[j]) <= 0 ? list[i++] : list[j++];
	while (i < half)
		room[k++] = list[i++];
	while (j < n)
		room[k++] = list[j++];
	memcpy(list, room, n * sizeof(*list));
}

bool history_of(struct corpus *c, struct str file, struct history *out, struct error *err)
{
	struct doc *d;
	*out = (struct history){0};
	if (!doc_open(c, file, &d, err))
		return false;
	struct tale t = {.h = out, .doc = d, .file = d->file};
	tell_journals(&t, c);
	tell_sidecar(&t);
	struct event *room = mem_array(out->n + 1, sizeof(*room));
	sort_events(out->list, room, out->n);
	mem_free(room);
	free_names(&t.refs);
	free_names(&t.told);
	doc_free(d);
	return true;
}
