/* history.c: who decided what and when, from journals and sidecars; see session.h. */
#include <stdlib.h>
#include <string.h>

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

static const struct op *op_on(const struct group *g, const char *file)
{
	const struct op *found = NULL;
	for (size_t i = 0; i < g->n_ops; i++)
		if (strcmp(g->ops[i].file, file) == 0 && (!found || found->kind == ITEM_ARTICLE))
			found = &g->ops[i];
	return found;
}

/* Events and the groups that they tell of. */
struct tale {
	struct history *h;
	const char *file;
	char **refs; /* parallel to the events of journals */
	size_t n, cap;
};

static void note_ref(struct tale *t, const char *journal, uint64_t n)
{
	if (t->n == t->cap) {
		t->cap = t->cap ? 2 * t->cap : 32;
		t->refs = mem_grow(t->refs, t->cap, sizeof(*t->refs));
	}
	struct buf ref = {0};
	buf_addf(&ref, "%s:%llu", journal, (unsigned long long)n);
	t->refs[t->n++] = buf_take(&ref);
}

static void mark(struct tale *t, const struct group *g)
{
	/* What is undone was mostly done a moment ago. */
	for (size_t i = t->n; i-- > 0;)
		if (strcmp(t->refs[i], g->of) == 0) {
			t->h->list[i].undone = g->undo;
			return;
		}
}

static void tell_group(struct tale *t, const struct group *g, const char *journal)
{
	const struct op *op = op_on(g, t->file);
	if (!op)
		return;
	if (g->of) {
		mark(t, g);
		return;
	}
	add_event(t->h, (struct event){.time = mem_dup(g->time),
	                               .by = mem_dup(g->by),
	                               .what = mem_dup(g->what),
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

static int compare_ids(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Ids that a journal tells of, sorted; borrowed. */
static char **ids_told(const struct history *h)
{
	char **ids = mem_array(h->n + 1, sizeof(*ids));
	for (size_t i = 0; i < h->n; i++)
		ids[i] = h->list[i].id;
	if (h->n)
		qsort(ids, h->n, sizeof(*ids), compare_ids);
	return ids;
}

static void tell_item(struct history *h, enum item_kind kind, struct str id, const struct node *map)
{
	const struct node *judged = node_get(map, S("judged"));
	struct str label = node_get_text(map, S("label"));
	struct buf what = {0};
	buf_add(&what, node_get_text(map, S("verdict")));
	if (label.n == 0)
		label = node_get_text(map, kind == ITEM_FIELD ? S("name") : S("type"));
	if (label.n) {
		buf_addc(&what, ' ');
		buf_add(&what, label);
	}
	struct str text = node_get_text(map, kind == ITEM_FIELD ? S("value") : S("text"));
	if (text.n) {
		buf_addc(&what, ' ');
		buf_add(&what, text);
	}
	add_event(h, (struct event){.time = str_dup(node_get_text(judged, S("on"))),
	                            .by = str_dup(node_get_text(judged, S("by"))),
	                            .what = buf_take(&what),
	                            .id = str_dup(id),
	                            .kind = kind,
	                            .from = mem_dup("sidecar")});
}

static void tell_sidecar(struct tale *t, struct doc *d)
{
	size_t told = t->h->n;
	char **ids = ids_told(t->h);
	for (enum item_kind kind = ITEM_SPAN; kind <= ITEM_FIELD; kind++)
		for (size_t i = 0; i < set_items(d->set, kind); i++) {
			char *id = str_dup(set_item_id(d->set, kind, i));
			bool known = told && bsearch(&id, ids, told, sizeof(*ids), compare_ids);
			const struct node *map = known ? NULL : set_node(d->set, kind, str_of(id));
			if (node_get(map, S("judged")))
				tell_item(t->h, kind, str_of(id), map);
			mem_free(id);
		}
	mem_free(ids);
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
	struct tale t = {.h = out, .file = d->file};
	tell_journals(&t, c);
	tell_sidecar(&t, d);
	struct event *room = mem_array(out->n + 1, sizeof(*room));
	sort_events(out->list, room, out->n);
	mem_free(room);
	for (size_t i = 0; i < t.n; i++)
		mem_free(t.refs[i]);
	mem_free(t.refs);
	doc_free(d);
	return true;
}
