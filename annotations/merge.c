/* merge.c: see merge.h.
 *
 * What is said of an item falls into its decision (label, place, verdict …), which is taken whole from one side because
 * half of one and half of another would be a decision that nobody made, and its other keys, each of which is merged by
 * itself. */
#include "annotations/merge.h"

static bool in_decision(struct str key)
{
	static const char *const keys[] = {"label", "at",    "text", "context", "original", "verdict",
	                                   "value", "spans", "type", "args",    "kind"};
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (str_eq(key, str_of(keys[i])))
			return true;
	return false;
}

/* `judged` says who decided and when: it goes with the decision and is no difference by itself. */
static bool goes_with_decision(struct str key)
{
	return in_decision(key) || str_eq(key, S("judged"));
}

/* Maps whose keys are merged one by one; every other value is taken whole. */
static bool merges_inside(struct str key)
{
	return str_eq(key, S("attributes"));
}

static bool decision_in(const struct node *a, const struct node *b)
{
	for (size_t i = 0; a && i < a->n; i++)
		if (in_decision(a->keys[i]) && !node_equal(a->items[i], node_get(b, a->keys[i])))
			return false;
	return true;
}

static bool same_decision(const struct node *a, const struct node *b)
{
	return decision_in(a, b) && decision_in(b, a);
}

static enum merge_result worse(enum merge_result a, enum merge_result b)
{
	return a > b ? a : b;
}

static void take_decision(const struct node *ours, struct node *out)
{
	for (size_t i = out->n; i-- > 0;)
		if (goes_with_decision(out->keys[i]) && !node_get(ours, out->keys[i]))
			node_put(out, out->keys[i], NULL);
	for (size_t i = 0; i < ours->n; i++)
		if (goes_with_decision(ours->keys[i]))
			node_put(out, ours->keys[i], node_copy(ours->items[i]));
}

static enum merge_result merge_decision(const struct node *base, const struct node *ours, const struct node *theirs,
                                        struct node *out)
{
	if (same_decision(ours, theirs)) {
		/* Alike; who judged it last on one side only is worth keeping. */
		if (node_equal(node_get(base, S("judged")), node_get(theirs, S("judged"))))
			take_decision(ours, out);
		return MERGE_SAME;
	}
	if (same_decision(base, ours))
		return MERGE_SAME;
	if (!same_decision(base, theirs))
		return MERGE_CONFLICT;
	take_decision(ours, out);
	return MERGE_TAKEN;
}

static enum merge_result merge_other_keys(const struct node *base, const struct node *ours, const struct node *theirs,
                                          struct node *out, bool all);

static enum merge_result merge_key(const struct node *base, const struct node *ours, const struct node *theirs,
                                   struct str key, struct node *out)
{
	const struct node *b = node_get(base, key), *o = node_get(ours, key), *t = node_get(theirs, key);
	if (node_equal(o, t) || node_equal(b, o))
		return MERGE_SAME;
	if (node_equal(b, t)) {
		node_put(out, key, node_copy(o));
		return MERGE_TAKEN;
	}
	if (merges_inside(key) && o && t && o->kind == NODE_MAP && t->kind == NODE_MAP)
		return merge_other_keys(b, o, t, node_get(out, key), true);
	return MERGE_CONFLICT;
}

static enum merge_result merge_other_keys(const struct node *base, const struct node *ours, const struct node *theirs,
                                          struct node *out, bool all)
{
	enum merge_result result = MERGE_SAME;
	for (size_t i = 0; i < ours->n; i++)
		if (all || !goes_with_decision(ours->keys[i]))
			result = worse(result, merge_key(base, ours, theirs, ours->keys[i], out));
	/* Keys that we removed. */
	for (size_t i = 0; base && base->kind == NODE_MAP && i < base->n; i++)
		if ((all || !goes_with_decision(base->keys[i])) && !node_get(ours, base->keys[i]))
			result = worse(result, merge_key(base, ours, theirs, base->keys[i], out));
	return result;
}

enum merge_result merge_item(const struct node *base, const struct node *ours, const struct node *theirs,
                             struct node **out)
{
	*out = NULL;
	if (node_equal(ours, theirs) || node_equal(base, ours)) {
		*out = node_copy(theirs);
		return MERGE_SAME;
	}
	if (node_equal(base, theirs)) {
		*out = node_copy(ours);
		return MERGE_TAKEN;
	}
	*out = node_copy(theirs);
	if (!ours || !theirs)
		return MERGE_CONFLICT;
	enum merge_result decision = merge_decision(base, ours, theirs, *out);
	return worse(decision, merge_other_keys(base, ours, theirs, *out, false));
}
