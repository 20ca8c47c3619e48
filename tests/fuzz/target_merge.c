/* Merge: three maps as JSON, base, ours, theirs, divided by lines `%%`; an empty part is an item that is not there. */
#include "annotations/json.h"
#include "annotations/merge.h"
#include "tests/fuzz/fuzz.h"

static bool read_part(struct str *rest, struct node **out)
{
	struct error err = {0};
	struct str part = str_trim(fuzz_part(rest));
	*out = NULL;
	if (!part.n)
		return true;
	if (json_read(part, "part", 1, out, &err) && (*out)->kind == NODE_MAP)
		return true;
	node_free(*out);
	*out = NULL;
	error_clear(&err);
	return false;
}

static enum merge_result merged(const struct node *base, const struct node *ours, const struct node *theirs,
                                struct node **out)
{
	*out = NULL;
	return merge_item(base, ours, theirs, out);
}

/* Equal, but for who decided the same. */
static bool alike(const struct node *a, const struct node *b)
{
	struct node *x = node_copy(a), *y = node_copy(b);
	if (x && y) {
		node_put(x, S("judged"), NULL);
		node_put(y, S("judged"), NULL);
	}
	bool same = node_equal(x, y);
	node_free(x);
	node_free(y);
	return same;
}

/* The laws that a merge must keep. */
static void check_laws(const struct node *b, const struct node *o, const struct node *t)
{
	struct node *one, *other;
	HOLDS(merged(b, o, o, &one) != MERGE_CONFLICT); /* both alike is no conflict */
	HOLDS(node_equal(one, o));
	node_free(one);
	HOLDS(merged(b, o, b, &one) != MERGE_CONFLICT); /* only we changed it */
	HOLDS(node_equal(one, o));
	node_free(one);
	HOLDS(merged(b, b, t, &one) != MERGE_CONFLICT); /* only they did */
	HOLDS(node_equal(one, t));
	node_free(one);
	enum merge_result here = merged(b, o, t, &one), there = merged(b, t, o, &other);
	HOLDS((here == MERGE_CONFLICT) == (there == MERGE_CONFLICT));
	if (here != MERGE_CONFLICT)
		HOLDS(alike(one, other));
	struct node *again;
	if (here != MERGE_CONFLICT) { /* what was merged stays so */
		HOLDS(merged(b, one, t, &again) != MERGE_CONFLICT);
		HOLDS(node_equal(again, one));
		node_free(again);
	}
	node_free(one);
	node_free(other);
}

void fuzz_merge(struct str input)
{
	struct node *parts[3] = {NULL, NULL, NULL};
	bool good = true;
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		good = read_part(&input, &parts[i]) && good;
	if (good)
		check_laws(parts[0], parts[1], parts[2]);
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		node_free(parts[i]);
}
