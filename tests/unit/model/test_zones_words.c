/* Words of zones beside a plain search for each of them, with words and lines at random. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/zones_line.h"

#define WORDS 6 /* of each kind */
#define LINE 40

static uint32_t seed;

static size_t any(size_t below)
{
	seed = seed * 1664525u + 1013904223u; /* Numerical Recipes, 7.1 */
	return (seed >> 8) % below;
}

/* The last two have the remainders of two others, by 4096 and by 64. */
static const codepoint letters[] = {0x7532, 0x4E59, 0x4E19, 'a', 'b', ':', 0x6532, 0x4E99};

struct word {
	codepoint cp[3];
	size_t n;
};

static bool is_letter(codepoint cp)
{
	return cp >= 'a' && cp <= 'z';
}

static size_t plain_length(const struct word *w, const struct folded *f, size_t i)
{
	size_t at = i;
	if (is_letter(w->cp[0]) && i > 0 && is_letter(f->cp[i - 1]))
		return 0;
	for (size_t k = 0; k < w->n; k++) {
		if (k > 0 && cp_is_han(w->cp[k]) && cp_is_han(w->cp[k - 1]))
			while (at < f->n && f->cp[at] == ' ')
				at++;
		if (at == f->n || f->cp[at++] != w->cp[k])
			return 0;
	}
	return is_letter(w->cp[w->n - 1]) && at < f->n && is_letter(f->cp[at]) ? 0 : at - i;
}

static void check_line(const struct matcher *m, struct word words[ZONE_WORDS][WORDS], const struct folded *f)
{
	for (size_t i = 0; i < f->n; i++) {
		size_t lengths[ZONE_WORDS];
		bool wanted = false, got = matcher_at(m, f, i, lengths);
		for (size_t k = 0; k < ZONE_WORDS; k++) {
			size_t longest = 0;
			for (size_t n = 0; n < WORDS; n++) {
				size_t length = plain_length(&words[k][n], f, i);
				longest = length > longest ? length : longest;
			}
			wanted = wanted || longest;
			if (got)
				assert_int_equal(lengths[k], longest);
		}
		assert_int_equal(got, wanted);
	}
}

static void words_at_random(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 200; round++) {
		struct zone_rules rules = {0};
		struct word words[ZONE_WORDS][WORDS];
		seed = round * 7919;
		for (size_t k = 0; k < ZONE_WORDS; k++) {
			rules.words[k] = mem_array(WORDS, sizeof *rules.words[k]);
			rules.count[k] = WORDS;
			for (size_t i = 0; i < WORDS; i++) {
				struct buf text = {0};
				words[k][i].n = any(8) ? 2 + any(2) : 1;
				for (size_t n = 0; n < words[k][i].n; n++)
					utf8_add(&text, words[k][i].cp[n] = letters[any(COUNT_OF(letters))]);
				rules.words[k][i] = (struct str){text.p, text.n};
			}
		}
		zone_rules_prepare(&rules);
		for (size_t line = 0; line < 10; line++) {
			codepoint cp[LINE];
			struct folded f = {.cp = cp, .n = 1 + any(LINE)};
			for (size_t i = 0; i < f.n; i++)
				cp[i] = any(4) ? letters[any(COUNT_OF(letters))] : ' ';
			check_line(rules.matcher, words, &f);
		}
		zone_rules_release(&rules);
		for (size_t k = 0; k < ZONE_WORDS; k++) {
			for (size_t i = 0; i < WORDS; i++)
				mem_free((char *)(uintptr_t)rules.words[k][i].p);
			mem_free(rules.words[k]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(words_at_random)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
