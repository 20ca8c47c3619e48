/* Configuration: the first byte says whose: `u` the user's own, else a zhupi.yaml with its schema.  Whatever it says the
 * defaults or better are there, and a schema's indices are within it. */
#include "annotations/config.h"
#include "annotations/glob.h"
#include "tests/fuzz/fuzz.h"

static void check_labels(const struct schema *s, const struct label_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		HOLDS(l->list[i] < s->n_labels);
}

static void check_schema(struct schema *s)
{
	HOLDS(s->n_labels <= SCHEMA_LABELS);
	for (size_t i = 0; i < s->n_labels; i++) {
		HOLDS(schema_label(s, s->labels[i].name) == i);
		HOLDS(s->labels[i].color < COLORS && s->labels[i].layer <= LAYER_FREE);
	}
	for (size_t i = 0; i < s->n_attributes; i++)
		check_labels(s, &s->attributes[i].on);
	for (size_t i = 0; i < s->n_relations; i++) {
		HOLDS(schema_relation(s, s->relations[i].name) != NOWHERE);
		check_labels(s, &s->relations[i].from);
		check_labels(s, &s->relations[i].to);
	}
	for (size_t i = 0; i < s->n_fields; i++) {
		HOLDS(schema_field(s, s->fields[i].name) != NOWHERE);
		check_labels(s, &s->fields[i].from);
	}
}

static void of_corpus(struct str input)
{
	struct corpus_config c;
	struct error err = {0};
	fuzz_put("zhupi.yaml", input);
	if (!corpus_config_read("zhupi.yaml", &c, &err))
		fuzz_error(&err);
	HOLDS(c.schema && c.language);
	check_schema(c.schema);
	for (size_t i = 0; i < c.n_articles; i++)
		(void)glob_match(str_of(c.articles[i]), S("a/report 一.txt"));
	for (size_t i = 0; i < c.warnings.n; i++)
		HOLDS(c.warnings.list[i].message);
	corpus_config_free(&c);
}

static void of_user(struct str input)
{
	struct user_config u;
	struct error err = {0};
	fuzz_put("zhupi/config.yaml", input);
	if (!user_config_read(&u, &err))
		fuzz_error(&err);
	HOLDS(u.annotator && annotator_fits(str_of(u.annotator)));
	HOLDS(u.palette && u.ambiguous_width <= 2 && u.lanes >= -1 && u.lanes <= 1);
	user_config_free(&u);
}

void fuzz_config(struct str input)
{
	fuzz_folder();
	if (fuzz_byte(&input) == 'u')
		of_user(input);
	else
		of_corpus(input);
}
