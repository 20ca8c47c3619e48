/* JSON: what is read is written and read back the same, to the byte the second time; what json_quick reads, it reads as
 * jansson does. */
#include "annotations/json.h"
#include "annotations/json_quick.h"
#include "tests/fuzz/fuzz.h"

static bool same(const struct node *a, const struct node *b)
{
	if (a->kind != b->kind || a->n != b->n || a->quoted != b->quoted || !str_eq(a->text, b->text))
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!same(a->items[i], b->items[i]) || (a->kind == NODE_MAP && !str_eq(a->keys[i], b->keys[i])))
			return false;
	return true;
}

/* n: as jansson has it; NULL: it refused. */
static void compare(struct str input, const struct node *n)
{
	struct json_quick reading, skipping;
	struct node *quick = json_quick_start(&reading, input) ? json_quick_value(&reading) : NULL;
	bool whole = quick && json_quick_at_end(&reading);
	HOLDS(!whole || (n && same(quick, n)));
	bool skipped = json_quick_start(&skipping, input) && json_quick_skip(&skipping, NULL) && json_quick_at_end(&skipping);
	HOLDS(!skipped || whole);
	json_quick_end(&reading);
	json_quick_end(&skipping);
	node_free(quick);
}

void fuzz_json(struct str input)
{
	struct error err = {0};
	struct node *n = NULL, *back = NULL;
	struct buf out = {0}, again = {0};
	bool fine = json_read_whole(input, "input", 1, &n, &err);
	compare(input, n);
	if (!fine) {
		fuzz_error(&err);
		return;
	}
	json_write(&out, n);
	SUCCEEDS(json_read(buf_str(&out), "back", 1, &back, &err), &err);
	HOLDS(node_equal(n, back));
	json_write(&again, back);
	HOLDS(str_eq(buf_str(&out), buf_str(&again)));
	node_free(back);
	node_free(n);
	buf_free(&out);
	buf_free(&again);
}
