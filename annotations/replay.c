/* replay.c: what unclosed journals say that is not in sidecars; see session.h.
 *
 * The changes of an item, over all such journals, are one story: the values that each key had, from the first `was` to
 * the last `set`.  Whatever value of the story the sidecar has, the last one follows from it; a value that is not of
 * the story was set by somebody else and is left for a person to choose.
 *
 * Who only looks replays in memory.  Who changes something first claims these journals, brings what they say into the
 * sidecars and closes them: so the work of a dead session is carried on by one other, before anything new is built on
 * it, and the rest find it on disk. */
#include <stdlib.h>
#include <string.h>

#include "annotations/session_internal.h"
#include "model/io.h"

/* ---- finding ------------------------------------------------------------------------------------------------ */

/* Whether it is to be kept.  claim: a journal that nobody holds is taken over. */
static bool look_at(struct session *s, struct journal_file *f, const char *path, bool claim)
{
	if (journal_is_closed(path))
		return false;
	int fd = claim ? journal_claim(path) : -1;
	/* Once more: the one who held it may have closed it meanwhile. */
	if (journal_is_closed(path) || !journal_read(path, STR_NONE, f, NULL)) {
		if (f->unreadable && !s->unread)
			s->unread = mem_dup(path);
		if (fd >= 0)
			(void)io_get()->close(fd);
		return false;
	}
	f->claim = fd;
	f->claimed = fd >= 0;
	f->live = claim ? fd < 0 : journal_is_live(path);
	s->crashed |= f->claimed && !f->closed;
	if (!f->closed && (f->n_lines || f->live))
		return true;
	if (f->claimed && !f->closed)
		(void)journal_close_claimed(fd, path, f->size, 0);
	journal_file_free(f);
	return false;
}

static void find(struct session *s, bool claim)
{
	struct journal_list list = {0};
	journal_list_add(&list, s->folder);
	journal_list_add(&list, s->elsewhere);
	journal_list_sort(&list);
	mem_free(s->unread);
	s->unread = NULL;
	s->crashed = false;
	s->found = mem_array(list.n + 1, sizeof(*s->found));
	s->n_found = 0;
	if (list.partial)
		s->unread = mem_dup(s->folder);
	for (size_t i = 0; i < list.n; i++)
		s->n_found += look_at(s, &s->found[s->n_found], list.paths[i], claim);
	journal_list_free(&list);
}

static void free_found(struct journal_file *found, size_t n)
{
	for (size_t i = 0; i < n; i++)
		journal_file_free(&found[i]);
	mem_free(found);
}

void replay_free(struct session *s)
{
	free_found(s->found, s->n_found);
	mem_free(s->unread);
	s->found = NULL;
	s->unread = NULL;
	s->n_found = 0;
}

static const struct journal_file *next_to_replay(const struct journal_file *found, size_t n, size_t *i)
{
	while (*i < n && found[*i].live)
		++*i;
	return *i < n ? &found[(*i)++] : NULL;
}

/* A lock belongs to the descriptor: claimed twice by one process it looks as if another one held it. */
static void let_go(struct journal_file *found, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (found[i].claimed)
			(void)io_get()->close(found[i].claim);
		found[i].claimed = false;
	}
}

bool replay_find(struct session *s, bool claim)
{
	struct journal_file *before = s->found;
	size_t n_before = s->n_found, i = 0, k = 0;
	let_go(before, n_before);
	find(s, claim);
	bool same = true;
	for (;;) {
		const struct journal_file *a = next_to_replay(before, n_before, &i),
		                          *b = next_to_replay(s->found, s->n_found, &k);
		same = a && b ? strcmp(a->name, b->name) == 0 && a->n_lines == b->n_lines : !a && !b;
		if (!a || !b || !same)
			break;
	}
	free_found(before, n_before);
	return !same;
}

/* ---- where to start ----------------------------------------------------------------------------------------- */

static struct journal_file *find_journal(struct session *s, struct str name)
{
	for (size_t i = 0; i < s->n_found; i++)
		if (str_eq(str_of(s->found[i].name), name))
			return &s->found[i];
	return NULL;
}

/* Lines of each journal that the sidecar on disk is known to contain: those before the line that announced it, and
 * those from which that journal started. */
static size_t *lines_contained(struct session *s, const struct doc *d)
{
	size_t *contained = mem_array(s->n_found + 1, sizeof(*contained));
	struct str hash = str_of(sidecar_hash(d->sidecar));
	for (size_t i = 0; hash.n && i < s->n_found; i++) {
		const struct journal_file *f = &s->found[i];
		size_t saved = 0;
		for (size_t k = 0; k < f->n_lines; k++)
			if (f->lines[k].kind == JOURNAL_SAVING &&
			    str_eq(node_get_text(f->lines[k].map, S("saving")), str_of(d->file)) &&
			    str_eq(node_get_text(f->lines[k].map, S("sha256")), hash))
				saved = k + 1;
		if (saved > contained[i])
			contained[i] = saved;
		for (size_t k = 0; k < saved; k++) {
			uint64_t lines;
			if (f->lines[k].kind != JOURNAL_RECOVERS ||
			    !str_number(node_get_text(f->lines[k].map, S("lines")), &lines))
				continue;
			struct journal_file *from = find_journal(s, node_get_text(f->lines[k].map, S("recovers")));
			if (from && lines > contained[from - s->found])
				contained[from - s->found] = (size_t)lines;
		}
	}
	return contained;
}

/* ---- stories ------------------------------------------------------------------------------------------------ */

struct step {
	const struct op *op;
	const struct group *group;
	uint64_t place;
};

struct story {
	struct step *steps;
	size_t n, cap;
};

/* Lines of all journals in one order. */
static uint64_t place_of(size_t journal, size_t line)
{
	return (uint64_t)journal << 32 | line;
}

static void add_steps(struct story *all, const struct group *g, const char *file, uint64_t place)
{
	for (size_t i = 0; i < g->n_ops; i++) {
		if (strcmp(g->ops[i].file, file) != 0)
			continue;
		if (all->n == all->cap) {
			all->cap = all->cap ? 2 * all->cap : 16;
			all->steps = mem_grow(all->steps, all->cap, sizeof(*all->steps));
		}
		all->steps[all->n++] = (struct step){&g->ops[i], g, place};
	}
}

static int compare_items(const struct op *a, const struct op *b)
{
	return a->kind != b->kind ? (a->kind < b->kind ? -1 : 1) : strcmp(a->id, b->id);
}

static int compare_steps(const void *x, const void *y)
{
	const struct step *a = x, *b = y;
	int order = compare_items(a->op, b->op);
	return order ? order : (a->place > b->place) - (a->place < b->place);
}

/* The keys that the story leaves behind; NULL when the item is gone.  *whole: they are all of the item. */
static struct node *story_end(const struct step *steps, size_t n, bool *whole)
{
	struct node *end = NULL;
	*whole = false;
	for (size_t i = 0; i < n; i++) {
		const struct op *op = steps[i].op;
		if (!op->set || !op->was || !end) {
			node_free(end);
			end = node_copy(op->set);
			*whole = op->set && !op->was;
			continue;
		}
		for (size_t k = 0; k < op->set->n; k++)
			node_put(end, op->set->keys[k], node_copy(op->set->items[k]));
	}
	return end;
}

static bool same_value(const struct node *a, const struct node *b)
{
	bool no_a = !a || node_is_absent(a), no_b = !b || node_is_absent(b);
	return no_a || no_b ? no_a && no_b : node_equal(a, b);
}

/* Whether the key had this value at some time of the story. */
static bool in_story(const struct step *steps, size_t n, struct str key, const struct node *value)
{
	for (size_t i = 0; i < n; i++) {
		const struct op *op = steps[i].op;
		/* A whole map speaks of every key, another only of those that it has. */
		bool added = !op->was, removed = !op->set;
		if (op->was && (removed || node_get(op->was, key)) && same_value(node_get(op->was, key), value))
			return true;
		if (op->set && (added || node_get(op->set, key)) && same_value(node_get(op->set, key), value))
			return true;
	}
	return false;
}

static bool stranger_to_story(const struct step *steps, size_t n, const struct node *now)
{
	for (size_t i = 0; i < now->n; i++)
		if (!in_story(steps, n, now->keys[i], now->items[i]))
			return true;
	return false;
}

/* ---- replaying ---------------------------------------------------------------------------------------------- */

static bool resolved_since(const struct session *s, const char *file, const struct op *op, uint64_t place)
{
	for (size_t i = 0; i < s->n_found; i++)
		for (size_t k = 0; k < s->found[i].n_lines; k++) {
			const struct journal_line *line = &s->found[i].lines[k];
			if (place_of(i, k) > place && line->kind == JOURNAL_RESOLVED &&
			    str_eq(node_get_text(line->map, S("resolved")), str_of(file)) &&
			    str_eq(node_get_text(line->map, S("kind")), str_of(item_kind_name(op->kind))) &&
			    str_eq(node_get_text(line->map, S("id")), str_of(op->id)))
				return true;
		}
	return false;
}

static void leave_choice(struct session *s, struct doc *d, const struct step *last, const struct node *now,
                         const struct node *end)
{
	if (resolved_since(s, d->file, last->op, last->place))
		return;
	struct node *mine = end ? node_copy(now ? now : end) : NULL;
	for (size_t i = 0; mine && i < end->n; i++)
		node_put(mine, end->keys[i], node_is_absent(end->items[i]) ? NULL : node_copy(end->items[i]));
	session_add_conflict(s, d->file, last->op->kind, str_of(last->op->id), mine, node_copy(now), last->group->by,
	                     "changed on disk since this was decided");
}

/* Keys that the story leaves behind and that may be set on what is there now.  *clash: some may not. */
static struct node *keys_to_set(const struct step *steps, size_t n, const struct node *now, const struct node *end,
                                bool *clash)
{
	struct node *keys = node_map();
	*clash = false;
	for (size_t i = 0; i < end->n; i++) {
		const struct node *value = node_get(now, end->keys[i]);
		if (same_value(value, end->items[i]))
			continue;
		if (in_story(steps, n, end->keys[i], value))
			node_put(keys, end->keys[i], node_copy(end->items[i]));
		else if (!str_eq(end->keys[i], S("judged")))
			*clash = true;
	}
	return keys;
}

static bool replay_keys(struct session *s, struct doc *d, const struct step *steps, size_t n, const struct node *end)
{
	const struct step *last = &steps[n - 1];
	struct node *now = node_copy(set_node(d->set, last->op->kind, str_of(last->op->id)));
	bool clash, applied = false;
	struct node *keys = keys_to_set(steps, n, now, end, &clash);
	/* Half of a decision is none: where a key clashes the item stays as it is on disk until somebody chooses. */
	if (clash)
		leave_choice(s, d, last, now, end);
	else if (keys->n)
		applied = set_change(d->set, last->op->kind, str_of(last->op->id), keys, NULL);
	node_free(keys);
	node_free(now);
	return applied;
}

static bool replay_item(struct session *s, struct doc *d, const struct step *steps, size_t n)
{
	const struct op *last = steps[n - 1].op;
	struct str id = str_of(last->id);
	bool whole, applied = false;
	struct node *end = story_end(steps, n, &whole);
	const struct node *now = set_node(d->set, last->kind, id);
	if (!now) {
		if (end && whole)
			applied = set_add(d->set, last->kind, id, end, NULL);
		else if (end)
			leave_choice(s, d, &steps[n - 1], NULL, end);
	} else if (end) {
		applied = replay_keys(s, d, steps, n, end);
	} else if (stranger_to_story(steps, n, now)) {
		leave_choice(s, d, &steps[n - 1], now, NULL);
	} else {
		applied = set_remove(d->set, last->kind, id);
	}
	node_free(end);
	return applied;
}

/* Choices that a session left open when it ended, unless what came later decided them. */
static void replay_conflicts(struct session *s, struct doc *d)
{
	for (size_t i = 0; i < s->n_found; i++)
		for (size_t k = 0; !s->found[i].live && !s->found[i].closed && k < s->found[i].n_lines; k++) {
			const struct journal_line *line = &s->found[i].lines[k];
			enum item_kind kind;
			if (line->kind != JOURNAL_CONFLICT ||
			    !str_eq(node_get_text(line->map, S("conflict")), str_of(d->file)) ||
			    !item_kind_of_name(node_get_text(line->map, S("kind")), &kind))
				continue;
			char *id = str_dup(node_get_text(line->map, S("id"))),
			     *by = str_dup(node_get_text(line->map, S("by")));
			struct op op = {.file = d->file, .kind = kind, .id = id};
			const struct node *mine = node_get(line->map, S("mine")),
			                  *now = set_node(d->set, kind, str_of(id));
			mine = node_is_absent(mine) ? NULL : mine;
			if (!resolved_since(s, d->file, &op, place_of(i, k)) && !node_equal(mine, now))
				session_add_conflict(s, d->file, kind, str_of(id), node_copy(mine), node_copy(now), by,
				                     "changed by two people at once");
			mem_free(id);
			mem_free(by);
		}
}

void replay_doc(struct session *s, struct doc *d)
{
	/* An article that was written, closed and opened again holds what was found: replaying it would do again what
	 * was undone since. */
	if (s->n_found == 0 || doc_read_only(d) || session_settled(s, d->file))
		return;
	struct story all = {0};
	size_t *contained = lines_contained(s, d);
	for (size_t i = 0; i < s->n_found; i++)
		for (size_t k = contained[i]; !s->found[i].live && !s->found[i].closed && k < s->found[i].n_lines; k++)
			if (s->found[i].lines[k].kind == JOURNAL_GROUP)
				add_steps(&all, s->found[i].lines[k].group, d->file, place_of(i, k));
	if (all.n)
		qsort(all.steps, all.n, sizeof(*all.steps), compare_steps);
	for (size_t from = 0, to; from < all.n; from = to) {
		for (to = from + 1; to < all.n && compare_items(all.steps[from].op, all.steps[to].op) == 0;)
			to++;
		d->dirty |= replay_item(s, d, all.steps + from, to - from);
	}
	replay_conflicts(s, d);
	mem_free(all.steps);
	mem_free(contained);
}

/* ---- closing ------------------------------------------------------------------------------------------------ */

static bool save_file(struct session *s, const char *file)
{
	struct doc *d = session_doc(s, str_of(file), NULL);
	bool merged = false;
	if (!d || doc_read_only(d) || (d->dirty && !session_write_doc(s, d, &merged, NULL)))
		return false;
	return !d->dirty && !session_has_conflicts(s, file);
}

/* Choices that wait are in a journal that is not closed, though it may have nothing else of that article. */
static bool chosen(struct session *s, const struct journal_line *line)
{
	char *file = str_dup(node_get_text(line->map, S("conflict")));
	bool none = session_doc(s, str_of(file), NULL) && !session_has_conflicts(s, file);
	mem_free(file);
	return none;
}

static bool save_files(struct session *s, const struct journal_file *f)
{
	for (size_t i = 0; i < f->n_lines; i++) {
		const struct group *g = f->lines[i].group;
		if (f->lines[i].kind == JOURNAL_CONFLICT && !chosen(s, &f->lines[i]))
			return false;
		for (size_t k = 0; g && k < g->n_ops; k++) {
			bool again = k && strcmp(g->ops[k].file, g->ops[k - 1].file) == 0;
			if (!again && !save_file(s, g->ops[k].file))
				return false;
		}
	}
	return true;
}

bool replay_close(struct session *s)
{
	bool all = true;
	for (size_t i = 0; i < s->n_found; i++) {
		struct journal_file *f = &s->found[i];
		if (!f->claimed || f->closed)
			continue;
		/* Claimed are only those that say something. */
		f->closed = save_files(s, f) &&
		            journal_close_claimed(f->claim, f->path, f->size, f->lines[f->n_lines - 1].n);
		all &= f->closed;
	}
	return all;
}
