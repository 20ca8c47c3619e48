/* JSON: what is read is written and read back the same, to the byte the second time. */
#include "annotations/json.h"
#include "tests/fuzz/fuzz.h"

void fuzz_json(struct str input)
{
	struct error err = {0};
	struct node *n = NULL, *back = NULL;
	struct buf out = {0}, again = {0};
	if (!json_read(input, "input", 1, &n, &err)) {
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
