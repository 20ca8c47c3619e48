/* seeds: the five real articles and their gold, for tests that measure against them.  They lie beside the repository, not in
 * it: a test that needs them skips with a message where they are not there. */
#ifndef ZHUPI_TESTS_SEEDS_H
#define ZHUPI_TESTS_SEEDS_H

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "model/article.h"
#include "model/utf8.h"

#define SEEDS 5

struct gold_range {
	size_t off, end; /* bytes */
	char kind[16];
};

struct seed {
	struct article *article;
	struct str text;
	json_t *gold;
};

static const char *const seed_names[SEEDS] = {"000_3775aef20d54bd08", "001_efbd5da72d8b69dd", "002_5750a7db3f7608e5",
                                              "003_c445f6354bdc2edf", "004_0330e86b6ddd853c"};

static inline bool seed_open(size_t i, struct seed *out)
{
	struct buf path = {0};

	*out = (struct seed){0};
	buf_addf(&path, "../shared/seeds/%s.txt", seed_names[i]);
	if (!article_open(path.p, NULL, &out->article, NULL)) {
		print_message("no %s here\n", path.p);
		buf_free(&path);
		return false;
	}
	buf_clear(&path);
	buf_addf(&path, "../shared/seeds/%s.gold.json", seed_names[i]);
	out->gold = json_load_file(path.p, 0, NULL);
	buf_free(&path);
	assert_non_null(out->gold);
	out->text = article_text(out->article);
	return true;
}

static inline void seed_close(struct seed *s)
{
	json_decref(s->gold);
	article_free(s->article);
}

/* Range number i of a list of the gold ("zones", "noise"); false beyond its end. */
static inline bool seed_range(const struct seed *s, const char *list, size_t i, struct gold_range *out)
{
	json_t *item = json_array_get(json_object_get(s->gold, list), i);

	if (!item)
		return false;
	out->off = article_off(s->article, (size_t)json_integer_value(json_object_get(item, "start")));
	out->end = article_off(s->article, (size_t)json_integer_value(json_object_get(item, "end")));
	snprintf(out->kind, sizeof out->kind, "%s", json_string_value(json_object_get(item, "kind")));
	return true;
}

#endif
