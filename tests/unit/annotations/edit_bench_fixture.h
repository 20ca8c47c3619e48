/* edit_bench_fixture: what the tests of edits share beside edit_fixture.h: an open article whose groups are applied at
 * once, without a journal, and looks at what became of an item. */
#ifndef ZHUPI_TESTS_EDIT_BENCH_FIXTURE_H
#define ZHUPI_TESTS_EDIT_BENCH_FIXTURE_H

#include "annotations/yaml_read.h"
#include "edit_fixture.h"

/* What is open on the only article of the folder that folder_set_up() made; nothing is saved unless a test says so. */
struct bench {
	struct corpus *corpus;
	struct session *session;
	struct doc *doc;
};

static inline void open_bench(struct bench *b)
{
	struct error err = {0};
	assert_good(corpus_open(".", "alice", &b->corpus, &err), &err);
	assert_good(session_open(b->corpus, false, &b->session, &err), &err);
	b->doc = session_doc(b->session, S("a.txt"), &err);
	assert_good(b->doc != NULL, &err);
}

static inline void close_bench(struct bench *b)
{
	session_free(b->session);
	corpus_free(b->corpus);
}

/* The number of a label by its name, made when it is new. */
static inline uint16_t label(const struct bench *b, const char *name)
{
	return schema_intern(corpus_schema(b->corpus), str_of(name));
}

/* Applies a group directly and frees it: the journal has its own tests.  What it was called; the caller frees it. */
static inline char *apply(struct bench *b, struct group *g)
{
	struct error err = {0};
	for (size_t i = 0; i < g->n_ops; i++) {
		assert_int_equal(op_state(b->doc->set, &g->ops[i]), OP_BEFORE);
		assert_good(op_apply(b->doc->set, &g->ops[i], &err), &err);
		assert_int_equal(op_state(b->doc->set, &g->ops[i]), OP_AFTER);
	}
	group_finish(g);
	char *what = mem_dup(g->what);
	group_free(g);
	return what;
}

static inline struct group *start(void)
{
	return group_new("alice");
}

static inline void assert_what(struct bench *b, struct group *g, const char *what)
{
	char *said = apply(b, g);
	assert_string_equal(said, what);
	mem_free(said);
}

static inline const struct node *span(struct bench *b, const char *id)
{
	return set_node(b->doc->set, ITEM_SPAN, str_of(id));
}

/* yaml: the value that the key must have, NULL: it must not be there. */
static inline void assert_key(const struct node *map, const char *key, const char *yaml)
{
	struct node *expected = NULL;
	if (yaml)
		assert_true(yaml_read(str_of(yaml), NULL, &expected, NULL));
	const struct node *there = node_get(map, str_of(key));
	if (!node_equal(there, expected))
		print_error("%s is %.*s, not %s\n", key, (int)node_scalar(there).n,
		            node_scalar(there).p ? node_scalar(there).p : "", yaml ? yaml : "absent");
	assert_true(node_equal(there, expected));
	node_free(expected);
}

/* from, to: code points, half-open. */
static inline struct fragment piece(const struct bench *b, size_t from, size_t to)
{
	return (struct fragment){(uint32_t)article_off(b->doc->article, from),
	                         (uint32_t)article_off(b->doc->article, to)};
}

/* A call that gets &err_ and must succeed. */
#define OK(call)                                                                                                       \
	do {                                                                                                           \
		struct error err_ = {0};                                                                               \
		assert_good((call), &err_);                                                                            \
	} while (0)

#endif
