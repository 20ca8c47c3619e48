/* session_conflict.c: what waits for a person's choice; see session.h. */
#include <string.h>

#include "annotations/session_internal.h"

static void conflict_clear(struct conflict *c)
{
	mem_free(c->file);
	mem_free(c->id);
	mem_free(c->by);
	mem_free(c->why);
	node_free(c->mine);
	node_free(c->theirs);
}

void conflicts_free(struct session *s)
{
	for (size_t i = 0; i < s->n_conflicts; i++)
		conflict_clear(&s->conflicts[i]);
	mem_free(s->conflicts);
	s->conflicts = NULL;
	s->n_conflicts = s->cap_conflicts = 0;
}

static bool is_about(const struct conflict *c, const char *file, enum item_kind kind, struct str id)
{
	return c->kind == kind && strcmp(c->file, file) == 0 && str_eq(str_of(c->id), id);
}

static struct conflict *place_for(struct session *s, const char *file, enum item_kind kind, struct str id)
{
	for (size_t i = 0; i < s->n_conflicts; i++)
		if (is_about(&s->conflicts[i], file, kind, id)) {
			conflict_clear(&s->conflicts[i]);
			return &s->conflicts[i];
		}
	if (s->n_conflicts == s->cap_conflicts) {
		s->cap_conflicts = s->cap_conflicts ? 2 * s->cap_conflicts : 4;
		s->conflicts = mem_grow(s->conflicts, s->cap_conflicts, sizeof(*s->conflicts));
	}
	return &s->conflicts[s->n_conflicts++];
}

void session_add_conflict(struct session *s, const char *file, enum item_kind kind, struct str id, struct node *mine,
                          struct node *theirs, const char *by, const char *why)
{
	*place_for(s, file, kind, id) = (struct conflict){.file = mem_dup(file),
	                                                  .id = str_dup(id),
	                                                  .kind = kind,
	                                                  .mine = mine,
	                                                  .theirs = theirs,
	                                                  .by = mem_dup(by),
	                                                  .why = mem_dup(why)};
}

bool session_has_conflicts(const struct session *s, const char *file)
{
	for (size_t i = 0; i < s->n_conflicts; i++)
		if (!file || strcmp(s->conflicts[i].file, file) == 0)
			return true;
	return false;
}

size_t session_conflicts(const struct session *s)
{
	return s->n_conflicts;
}

const struct conflict *session_conflict(const struct session *s, size_t i)
{
	return i < s->n_conflicts ? &s->conflicts[i] : NULL;
}

/* ---- in the journal ----------------------------------------------------------------------------------------- */

static struct node *state_node(const struct node *state)
{
	return state ? node_copy(state) : node_absent();
}

static struct node *line_about(const struct session *s, const struct conflict *c, const char *verb)
{
	struct node *line = node_map();
	node_put(line, S("n"), node_number(s->n));
	node_put_text(line, str_of(verb), str_of(c->file));
	node_put_text(line, S("kind"), str_of(item_kind_name(c->kind)));
	node_put_text(line, S("id"), str_of(c->id));
	return line;
}

bool session_note_conflicts(struct session *s, const char *file, struct error *err)
{
	for (size_t i = 0; i < s->n_conflicts; i++) {
		const struct conflict *c = &s->conflicts[i];
		if (strcmp(c->file, file) != 0)
			continue;
		struct node *line = line_about(s, c, "conflict");
		node_put(line, S("mine"), state_node(c->mine));
		node_put(line, S("theirs"), state_node(c->theirs));
		node_put_text(line, S("by"), str_of(c->by));
		node_put_text(line, S("why"), str_of(c->why));
		if (!session_append(s, line, err))
			return false;
	}
	return true;
}

/* ---- choosing ----------------------------------------------------------------------------------------------- */

/* The change from what is there to what was chosen. */
static struct group *choice(struct session *s, struct doc *d, const struct conflict *c)
{
	struct group *g = group_new(corpus_annotator(s->corpus));
	const struct node *now = set_node(d->set, c->kind, str_of(c->id));
	struct node *was = NULL, *set = NULL;
	if (now && c->mine) {
		was = node_map();
		set = node_map();
		for (size_t i = 0; i < c->mine->n; i++) {
			const struct node *before = node_get(now, c->mine->keys[i]);
			if (node_equal(before, c->mine->items[i]))
				continue;
			node_put(was, c->mine->keys[i], before ? node_copy(before) : node_absent());
			node_put(set, c->mine->keys[i], node_copy(c->mine->items[i]));
		}
		for (size_t i = 0; i < now->n; i++)
			if (!node_get(c->mine, now->keys[i])) {
				node_put(was, now->keys[i], node_copy(now->items[i]));
				node_put(set, now->keys[i], node_absent());
			}
	} else {
		was = node_copy(now);
		set = node_copy(c->mine);
	}
	if (was || set)
		group_add_op(g, c->file, c->kind, str_of(c->id), was, set);
	g->what = mem_dup("choose own version");
	return g;
}

static bool resolve(struct session *s, struct doc *d, const struct conflict *c, bool mine, struct error *err)
{
	if (mine && !session_commit(s, choice(s, d, c), err))
		return false;
	return session_append(s, line_about(s, c, "resolved"), err);
}

bool session_resolve(struct session *s, size_t i, bool mine, struct error *err)
{
	if (i >= s->n_conflicts)
		return error_set(err, ERROR_MISSING, NULL, "there is no such choice");
	if (s->read_only)
		return error_set(err, ERROR_USAGE, NULL, "opened for reading only: nothing can be changed");
	/* Beginning may find that there is nothing left to choose. */
	char *file = mem_dup(s->conflicts[i].file), *id = mem_dup(s->conflicts[i].id);
	enum item_kind kind = s->conflicts[i].kind;
	struct doc *d = session_begin(s, err) ? session_doc(s, str_of(file), err) : NULL;
	bool good = d != NULL;
	for (i = 0; i < s->n_conflicts && !is_about(&s->conflicts[i], file, kind, str_of(id)); i++)
		;
	if (good && i < s->n_conflicts) {
		good = resolve(s, d, &s->conflicts[i], mine, err);
		if (good) {
			conflict_clear(&s->conflicts[i]);
			s->n_conflicts--;
			memmove(&s->conflicts[i], &s->conflicts[i + 1], (s->n_conflicts - i) * sizeof(*s->conflicts));
		}
	}
	mem_free(file);
	mem_free(id);
	return good;
}
