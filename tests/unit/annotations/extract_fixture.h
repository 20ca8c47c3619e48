/* What the tests of rule packs share: an article's text, its zones, and what a pack finds in it. */
#ifndef ZHUPI_TESTS_EXTRACT_FIXTURE_H
#define ZHUPI_TESTS_EXTRACT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "annotations/extract/extract.h"

/* {0} before the first use. */
struct run_of_pack {
	struct extractor *extractor;
	struct extraction found;
	struct zones zones;
};

/* A pack of one file, test.yaml. */
static inline struct pack *read_pack(const char *yaml)
{
	struct str files[] = {S("test.yaml"), str_of(yaml)};
	struct error err = {0};
	struct pack *p = NULL;
	if (!pack_read(files, 1, &p, &err))
		fail_msg("%zu:%zu: %s", err.line, err.column, err.message);
	return p;
}

static inline void find_in(struct run_of_pack *f, const struct pack *p, struct str text)
{
	struct zone_rules words = {0};
	f->extractor = extractor_new(p);
	zones_find(text, &words, &f->zones);
	assert_true(extract(f->extractor, text, &f->zones, &words, NULL, &f->found));
}

static inline void run_free(struct run_of_pack *f)
{
	zones_free(&f->zones);
	extraction_free(&f->found);
	extractor_free(f->extractor);
}

#endif
