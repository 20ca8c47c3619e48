/* YAML: what yaml_read reads is written by yaml_write and read back the same; what yaml_quick reads, it reads as
 * yaml_read does. */
#include "annotations/yaml_quick.h"
#include "annotations/yaml_read.h"
#include "annotations/yaml_write.h"
#include "tests/fuzz/fuzz.h"

static void round_trip(const struct node *n)
{
	struct buf out = {0}, again = {0};
	struct error err = {0};
	struct node *back = NULL;
	yaml_write_flow(&out, n, false);
	SUCCEEDS(yaml_read(buf_str(&out), "back", &back, &err), &err);
	HOLDS(node_equal(n, back));
	yaml_write_flow(&again, back, false);
	HOLDS(str_eq(buf_str(&out), buf_str(&again)));
	struct quick q = {.text = buf_str(&out), .line = 1};
	HOLDS(quick_may_read(q.text));
	struct node *quick = quick_value(&q);
	HOLDS(!quick || node_equal(quick, n));
	node_free(quick);
	node_free(back);
	buf_free(&out);
	buf_free(&again);
}

void fuzz_yaml(struct str input)
{
	struct error err = {0};
	struct node *n = NULL, *quick = NULL;
	bool good = yaml_read(input, "input", &n, &err);
	if (good)
		round_trip(n);
	else
		fuzz_error(&err);
	struct quick q = {.text = input, .line = 1};
	if (quick_may_read(input) && (quick = quick_value(&q)) && (q.off == input.n || (quick_line_end(&q) && q.off == input.n))) {
		HOLDS(good);
		HOLDS(node_equal(quick, n));
	}
	node_free(quick);
	node_free(n);
}
