/* zone_words: see zone_words.h. */
#include "annotations/zone_words.h"

#include "annotations/pack.h"
#include "annotations/yaml_block.h"
#include "model/fold.h"

#define PACK "zh-report/zones.yaml"

static const char *const names[ZONE_WORDS] = {"byline",  "source", "author",   "credit", "title",   "notice", "legal",
                                              "related", "share",  "platform", "nav",    "section", "ticker",  "publisher"};

static bool kind_of(struct str key, enum zone_word *out)
{
	for (size_t k = 0; k < ZONE_WORDS; k++)
		if (str_eq(key, str_of(names[k]))) {
			*out = (enum zone_word)k;
			return true;
		}
	return false;
}

void zone_words_free(struct zone_rules *rules)
{
	zone_rules_release(rules);
	for (size_t k = 0; k < ZONE_WORDS; k++) {
		for (size_t i = 0; i < rules->count[k]; i++)
			mem_free((char *)(uintptr_t)rules->words[k][i].p);
		mem_free(rules->words[k]);
	}
	*rules = (struct zone_rules){0};
}

static bool read_list(const struct node *list, const char *path, enum zone_word kind, struct zone_rules *out, struct error *err)
{
	if (list->kind != NODE_LIST)
		return error_at(err, ERROR_SCHEMA, path, list->line, list->column, "%s must be a list of words", names[kind]);
	out->words[kind] = mem_array(list->n + 1, sizeof *out->words[kind]);
	for (size_t i = 0; i < list->n; i++) {
		const struct node *item = list->items[i];
		struct buf folded = {0};

		if (item->kind != NODE_SCALAR || item->text.n == 0)
			return error_at(err, ERROR_SCHEMA, path, item->line, item->column, "a word of %s must be text", names[kind]);
		fold_add(&folded, item->text);
		out->words[kind][out->count[kind]++] = (struct str){folded.p, folded.n};
	}
	return true;
}

static bool read_lists(const struct node *root, const char *path, struct zone_rules *out, struct error *err)
{
	if (root->kind != NODE_MAP)
		return error_at(err, ERROR_SCHEMA, path, root->line, root->column, "zone words must be a map of lists");
	for (size_t i = 0; i < root->n; i++) {
		enum zone_word kind;

		if (!kind_of(root->keys[i], &kind))
			return error_at(err, ERROR_SCHEMA, path, root->items[i]->line, root->items[i]->column,
			                "%.*s is no kind of zone words; the first is %s", (int)root->keys[i].n, root->keys[i].p, names[0]);
		if (!read_list(root->items[i], path, kind, out, err))
			return false;
	}
	return true;
}

bool zone_words_read(struct str yaml, const char *path, struct zone_rules *out, struct error *err)
{
	struct zone_rules rules = {0};
	struct node *root;
	bool fine;

	if (!yaml_block_or_read(yaml, path, &root, err))
		return false;
	fine = read_lists(root, path, &rules, err);
	node_free(root);
	if (fine) {
		*out = rules;
		zone_rules_prepare(out);
	} else {
		zone_words_free(&rules);
	}
	return fine;
}

bool zone_words_load(struct zone_rules *out, struct error *err)
{
	return zone_words_read(pack_file(PACK), PACK, out, err);
}
