/* Two patterns that ought to find the same, on texts at random. */
#ifndef ZHUPI_TESTS_PATTERN_FIXTURE_H
#define ZHUPI_TESTS_PATTERN_FIXTURE_H

#include "extract_fixture.h"

static uint32_t seed;

static size_t any(size_t below)
{
	seed = seed * 1664525u + 1013904223u; /* Numerical Recipes, 7.1 */
	return (seed >> 8) % below;
}

static const char *const letters[] = {"甲", "乙", "丙", "丁", "，"};

static struct pack *pack_of(const char *match)
{
	struct buf yaml = {0};
	struct error err = {0};
	struct pack *p = NULL;
	buf_addf(&yaml, "labels:\n- {name: A, layer: flat}\nlists:\n  w: 丙丁 丁\n  v: 乙甲 丙丁乙 甲\nrules:\n- {name: r, as: A, match: '%s'}\n", match);
	struct str files[] = {S("test.yaml"), buf_str(&yaml)};
	if (!pack_read(files, 1, &p, &err))
		fail_msg("%s: %zu: %s", match, err.column, err.message);
	buf_free(&yaml);
	return p;
}

static char *found_by(const struct pack *p, struct str text)
{
	struct run_of_pack run = {0};
	struct buf out = {0};
	find_in(&run, p, text);
	for (size_t i = 0; i < run.found.n; i++)
		buf_addf(&out, "%u-%u;", run.found.spans[i].off, run.found.spans[i].end);
	run_free(&run);
	return buf_take(&out);
}

static void check_texts(const char *one, const char *other)
{
	struct pack *fast = pack_of(one), *plain = pack_of(other);
	for (size_t round = 0; round < 12; round++) {
		struct buf text = {0};
		for (size_t n = 1 + any(24); n > 0; n--)
			buf_adds(&text, letters[any(COUNT_OF(letters))]);
		char *got = found_by(fast, buf_str(&text)), *wanted = found_by(plain, buf_str(&text));
		if (strcmp(got, wanted) != 0)
			fail_msg("%s: %s: %s, but %s by %s", buf_str(&text).p, one, got, wanted, other);
		mem_free(got);
		mem_free(wanted);
		buf_free(&text);
	}
	pack_free(fast);
	pack_free(plain);
}

#endif
