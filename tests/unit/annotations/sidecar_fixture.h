/* What the tests of sidecars share: one loaded beside the article of edit_fixture.h, changed and rendered. */
#ifndef ZHUPI_TESTS_SIDECAR_FIXTURE_H
#define ZHUPI_TESTS_SIDECAR_FIXTURE_H

#include "annotations/yaml_read.h"
#include "edit_fixture.h"

struct loaded {
	struct article *article;
	struct schema *schema;
	struct set *set;
	struct sidecar *sidecar;
	struct findings findings;
	struct error err;
	bool good;
};

static inline void load_text(struct loaded *l, const char *article, const char *sidecar)
{
	*l = (struct loaded){0};
	if (sidecar)
		put("a.txt.yaml", sidecar);
	l->article = article_of(str_of(article));
	l->schema = test_schema();
	l->set = set_new(l->article, l->schema);
	l->good = sidecar_load("a.txt.yaml", "a.txt", l->set, &l->sidecar, &l->findings, &l->err);
}

static inline void load(struct loaded *l, const char *sidecar)
{
	load_text(l, ARTICLE_TEXT, sidecar);
}

static inline void unload(struct loaded *l)
{
	set_free(l->set);
	sidecar_free(l->sidecar);
	findings_free(&l->findings);
	error_clear(&l->err);
	article_free(l->article);
	schema_free(l->schema);
}

static inline char *render(struct loaded *l)
{
	struct buf out = {0};
	sidecar_render(l->sidecar, l->set, &out);
	return buf_take(&out);
}

static inline void assert_renders(struct loaded *l, const char *text)
{
	char *out = render(l);
	if (strcmp(out, text) != 0)
		print_error("rendered:\n%s\n--- instead of\n%s\n", out, text);
	assert_string_equal(out, text);
	mem_free(out);
}

/* Applies keys given as a YAML map. */
static inline void change(struct loaded *l, enum item_kind kind, const char *id, const char *keys)
{
	struct node *map;
	struct error err = {0};
	assert_good(yaml_read(str_of(keys), NULL, &map, &err), &err);
	assert_good(set_change(l->set, kind, str_of(id), map, &err), &err);
	node_free(map);
}

static inline void add(struct loaded *l, enum item_kind kind, const char *id, const char *text)
{
	struct node *map;
	struct error err = {0};
	assert_good(yaml_read(str_of(text), NULL, &map, &err), &err);
	assert_good(set_add(l->set, kind, str_of(id), map, &err), &err);
	node_free(map);
}

static inline char *replaced(const char *text, const char *old, const char *now)
{
	const char *at = strstr(text, old);
	struct buf out = {0};
	assert_non_null(at);
	buf_add(&out, (struct str){text, (size_t)(at - text)});
	buf_adds(&out, now);
	buf_adds(&out, at + strlen(old));
	return buf_take(&out);
}

static inline bool install(struct loaded *l, struct error *err)
{
	char *out = render(l);
	bool good = sidecar_install(l->sidecar, l->set, str_of(out), err);
	mem_free(out);
	return good;
}

#endif
