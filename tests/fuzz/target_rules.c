/* Rule packs: a YAML file and a text, divided by a line `%%`; what is proposed lies within the text. */
#include "annotations/extract/extract.h"
#include "model/utf8.h"
#include "tests/fuzz/fuzz.h"

static void check_proposed(const struct extraction *x, const struct pack *p, struct str text)
{
	for (size_t i = 0; i < x->n; i++) {
		const struct found *f = &x->spans[i];
		HOLDS(f->off < f->end && f->end <= text.n);
		HOLDS(utf8_boundary(text, f->off) && utf8_boundary(text, f->end));
		HOLDS(f->text <= f->text_end && f->text_end <= x->texts.n);
		HOLDS(f->class < p->n_classes && f->zone < ZONE_KINDS);
		HOLDS(rule_name(p, f->rule).n);
		HOLDS(i == 0 || x->spans[i - 1].off <= f->off);
	}
	for (size_t i = 0; i < x->n_relations; i++)
		HOLDS(x->relations[i].from < x->n && x->relations[i].to < x->n);
	for (size_t i = 0; i < x->n_fields; i++)
		HOLDS(x->fields[i].end <= text.n && (x->fields[i].span == UINT32_MAX || x->fields[i].span < x->n));
}

void fuzz_rules(struct str input)
{
	struct str files[] = {S("fuzz.yaml"), fuzz_part(&input)};
	struct error err = {0};
	struct pack *p = NULL;
	if (!pack_read(files, 1, &p, &err)) {
		fuzz_error(&err);
		return;
	}
	struct extractor *e = extractor_new(p);
	struct extraction x = {0};
	struct zones zones = {0};
	struct zone_rules words = {0};
	extractor_explain(e, true);
	zones_find(input, &words, &zones);
	HOLDS(extract(e, input, &zones, &words, NULL, &x));
	check_proposed(&x, p, input);
	zones_free(&zones);
	extraction_free(&x);
	extractor_free(e);
	pack_free(p);
}
