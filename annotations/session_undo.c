/* session_undo.c: undo and redo; see session.h.
 *
 * Groups in the order in which they were done tell what can be undone: one that is neither undo nor redo goes on the
 * stack of the done, an undo takes the one that it is of from there to the stack of the undone, a redo takes it back,
 * and anything new empties the stack of the undone. */
#include <string.h>

#include "annotations/json.h"
#include "annotations/session_internal.h"

#define LAST_SESSIONS                                                                                                  \
	64 /* whose journals are read when no article says which matter: a year of them would take too long */

void undone_free(struct undone *u)
{
	mem_free(u->file);
	mem_free(u->id);
	mem_free(u->what);
	*u = (struct undone){0};
}

void undo_forget(struct session *s)
{
	made_free(&s->earlier);
	for (size_t i = 0; i < s->n_read; i++)
		journal_file_free(&s->read[i]);
	mem_free(s->read);
	mem_free(s->earlier_file);
	s->read = NULL;
	s->n_read = 0;
	s->earlier_file = NULL;
}

/* ---- earlier sessions --------------------------------------------------------------------------------------- */

/* file "": any. */
static bool touches(const struct group *g, const char *file)
{
	for (size_t i = 0; i < g->n_ops; i++)
		if (!*file || strcmp(g->ops[i].file, file) == 0)
			return true;
	return false;
}

static bool is_own_journal(const struct session *s, const char *path)
{
	for (size_t i = 0; i < s->n_retired; i++)
		if (strcmp(journal_path(s->retired[i]), path) == 0)
			return true;
	return s->journal && strcmp(journal_path(s->journal), path) == 0;
}

static bool is_claimed(const struct session *s, const char *path)
{
	for (size_t i = 0; i < s->n_found; i++)
		if (s->found[i].claimed && strcmp(s->found[i].path, path) == 0)
			return true;
	return false;
}

/* An import or an extraction: it only adds what nobody has judged.  Whoever presses u once too often in the browser did
 * not mean that. */
static bool only_proposes(const struct group *g)
{
	bool proposes = false;
	for (size_t i = 0; i < g->n_ops; i++) {
		const struct op *op = &g->ops[i];
		if (op->kind == ITEM_ARTICLE)
			continue;
		if (op->was || !str_eq(node_get_text(op->set, S("verdict")), S("undecided")))
			return false;
		proposes = true;
	}
	return proposes;
}

static void take_earlier(struct session *s, const struct journal_file *f, const char *file)
{
	for (size_t i = 0; i < f->n_lines; i++) {
		struct group *g = f->lines[i].group;
		if (g && strcmp(g->by, corpus_annotator(s->corpus)) == 0 && touches(g, file) && !only_proposes(g))
			made_add(&s->earlier, g, f->name, false);
	}
}

/* All that this annotator did to that article in sessions that have ended, closed or not.  Without an article, in the
 * library: to any, in the last sessions. */
static bool load_earlier(struct session *s, const char *file, struct error *err)
{
	if (s->earlier_file && strcmp(s->earlier_file, file) == 0)
		return true;
	undo_forget(s);
	s->earlier_file = mem_dup(file);
	struct journal_list list = {0};
	struct buf name = {0};
	if (*file)
		json_write_text(&name, str_of(file));
	journal_list_add(&list, s->folder);
	journal_list_add(&list, s->elsewhere);
	journal_list_sort(&list);
	s->read = mem_array(list.n + 1, sizeof(*s->read));
	bool good = true;
	for (size_t i = !*file && list.n > LAST_SESSIONS ? list.n - LAST_SESSIONS : 0; good && i < list.n; i++) {
		struct journal_file *f = &s->read[s->n_read];
		struct error cause = {0};
		if (is_own_journal(s, list.paths[i]))
			continue;
		if (!journal_read(list.paths[i], buf_str(&name), f, &cause)) {
			/* Without it something else would be taken for the last thing done. */
			good = !f->unreadable || error_set(err, cause.code, cause.path, "%s", cause.message);
			error_clear(&cause);
			continue;
		}
		/* What another process at work did is its own to undo: here it may not even have arrived. */
		if (is_claimed(s, list.paths[i]) || !journal_is_live(list.paths[i]))
			take_earlier(s, f, file);
		s->n_read++;
	}
	buf_free(&name);
	journal_list_free(&list);
	if (!good)
		undo_forget(s);
	return good;
}

/* ---- stacks ------------------------------------------------------------------------------------------------- */

/* Something done or undone: the group whose inverse is next, and what it is all about. */
struct standing {
	const struct group *group;
	const char *ref;  /* of the group that was first done */
	const char *what; /* of that group */
};

struct stack {
	struct standing *list;
	size_t n, cap;
};

struct stacks {
	struct stack done, undone;
};

static void push(struct stack *k, struct standing one)
{
	if (k->n == k->cap) {
		k->cap = k->cap ? 2 * k->cap : 32;
		k->list = mem_grow(k->list, k->cap, sizeof(*k->list));
	}
	k->list[k->n++] = one;
}

/* From the top, where it nearly always is. */
static const char *take_out(struct stack *k, const char *ref)
{
	for (size_t i = k->n; i-- > 0;) {
		if (strcmp(k->list[i].ref, ref) != 0)
			continue;
		const char *what = k->list[i].what;
		k->n--;
		memmove(&k->list[i], &k->list[i + 1], (k->n - i) * sizeof(*k->list));
		return what;
	}
	return NULL;
}

/* What was undone or redone, from the words of the group that did so: what did it first is in a journal not read yet. */
static const char *subject(const char *what)
{
	while (strncmp(what, "undo: ", 6) == 0 || strncmp(what, "redo: ", 6) == 0)
		what += 6;
	return what;
}

static void walk(struct stacks *k, const struct made_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct made *m = &l->list[i];
		const struct group *g = m->group;
		if (!g->of) {
			k->undone.n = 0;
			push(&k->done, (struct standing){g, m->ref, g->what});
			continue;
		}
		const char *what = take_out(g->undo ? &k->done : &k->undone, g->of);
		push(g->undo ? &k->undone : &k->done, (struct standing){g, g->of, what ? what : subject(g->what)});
	}
}

static void stacks_free(struct stacks *k)
{
	mem_free(k->done.list);
	mem_free(k->undone.list);
}

/* ---- undo and redo ------------------------------------------------------------------------------------------ */

static const struct op *op_to_show(const struct group *g)
{
	for (size_t i = 0; i < g->n_ops; i++)
		if (g->ops[i].kind != ITEM_ARTICLE)
			return &g->ops[i];
	return g->n_ops ? &g->ops[0] : NULL;
}

static bool changed_since(struct doc *d, const struct op *op, const char *verb, const char *what, struct error *err)
{
	const struct node *map = set_node(d->set, op->kind, str_of(op->id));
	char *by = str_dup(node_get_text(node_get(map, S("judged")), S("by")));
	struct buf text = {0};
	buf_add(&text, node_get_text(map, S("text")));
	if (!map)
		error_set(err, ERROR_CONFLICT, d->file, "cannot %s “%s”: it was removed since", verb, what);
	else
		error_set(err, ERROR_CONFLICT, d->file, "cannot %s “%s”: %s %s was changed since%s%s", verb, what,
		          item_kind_name(op->kind), text.n ? text.p : op->id, *by ? " by " : "", by);
	buf_free(&text);
	mem_free(by);
	return false;
}

/* The inverse of a group, as far as it still says something; NULL when somebody changed what it is about. */
static struct group *turned_round(struct session *s, const struct standing *one, const char *verb, struct error *err)
{
	struct group *all = group_inverse(one->group), *g = group_new(corpus_annotator(s->corpus));
	bool good = true;
	for (size_t i = 0; i < all->n_ops && good; i++) {
		struct op *op = &all->ops[i];
		struct doc *d = session_doc(s, str_of(op->file), err);
		if (!d) {
			good = false;
			break;
		}
		enum op_state state = op_state(d->set, op);
		if (state == OP_BEFORE)
			group_add_op(g, op->file, op->kind, str_of(op->id), node_copy(op->was), node_copy(op->set));
		else if (state == OP_OTHER && op->kind != ITEM_ARTICLE)
			good = changed_since(d, op, verb, one->what, err);
	}
	group_free(all);
	if (good)
		return g;
	group_free(g);
	return NULL;
}

static void tell(struct undone *out, const struct standing *one)
{
	const struct op *op = op_to_show(one->group);
	*out = (struct undone){.file = mem_dup(op ? op->file : ""),
	                       .id = mem_dup(op ? op->id : ""),
	                       .what = mem_dup(one->what),
	                       .kind = op ? op->kind : ITEM_ARTICLE};
}

static bool turn(struct session *s, const struct standing *one, bool undo, struct undone *out, struct error *err)
{
	const char *verb = undo ? "undo" : "redo";
	struct group *g = turned_round(s, one, verb, err);
	if (!g)
		return false;
	struct buf what = {0};
	buf_addf(&what, "%s: %s", verb, one->what);
	g->what = buf_take(&what);
	g->undo = undo;
	g->of = mem_dup(one->ref);
	if (out)
		tell(out, one);
	if (session_commit(s, g, err))
		return true;
	if (out)
		undone_free(out);
	return false;
}

/* The topmost; what was only proposed in other articles than `file` ("": any) is passed over: an extraction goes on in
 * the others while a person judges this one, and u means the last judgement. */
static const struct standing *next_in(const struct stack *stack, const char *file)
{
	for (size_t i = stack->n; i-- > 0;) {
		const struct group *g = stack->list[i].group;
		if (touches(g, file) || !only_proposes(g))
			return &stack->list[i];
	}
	return NULL;
}

static bool step(struct session *s, struct str file, bool undo, struct undone *out, struct error *err)
{
	struct stacks k = {0};
	struct stack *stack = undo ? &k.done : &k.undone;
	if (out)
		*out = (struct undone){0};
	if (s->read_only)
		return error_set(err, ERROR_USAGE, NULL, "opened for reading only: nothing can be changed");
	walk(&k, &s->made);
	char *name = str_dup(file);
	const struct standing *next = next_in(stack, name);
	bool loaded = next || load_earlier(s, name, err);
	if (!next && loaded) {
		k.done.n = k.undone.n = 0;
		walk(&k, &s->earlier);
		walk(&k, &s->made);
		next = next_in(stack, name);
	}
	bool good = !loaded ? false
	            : next  ? turn(s, next, undo, out, err)
	                    : error_set(err, ERROR_MISSING, NULL, undo ? "Nothing is left to undo" : "Nothing is left to redo");
	if (!next)
		undo_forget(s); /* the journals are asked again: one may have been out of reach, or its process at work */
	mem_free(name);
	stacks_free(&k);
	return good;
}

bool session_undo(struct session *s, struct str file, struct undone *out, struct error *err)
{
	return step(s, file, true, out, err);
}

bool session_redo(struct session *s, struct str file, struct undone *out, struct error *err)
{
	return step(s, file, false, out, err);
}
