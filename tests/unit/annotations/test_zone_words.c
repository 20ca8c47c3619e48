/* The built-in words of zones: what they make of the seeds and of pages made up here, and files of
 * words that are wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "annotations/zone_words.h"
#include "model/io.h"
#include "tests/unit/model/seeds.h"

static struct zone_rules rules;

static int load(void **state)
{
	(void)state;
	return zone_words_load(&rules, NULL) ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	zone_words_free(&rules);
	return 0;
}

/* ---- the seeds ---------------------------------------------------------------------------------------------- */

static void the_seeds(void **state)
{
	(void)state;
	for (size_t i = 0; i < SEEDS; i++) {
		struct zones found = {0};
		struct gold_range gold;
		struct seed s;
		size_t right = 0, all = 0, folded = 0;

		if (!seed_open(i, &s))
			skip();
		zones_find(s.text, &rules, &found);
		for (size_t z = 0; seed_range(&s, "zones", z, &gold); z++) {
			enum zone_kind kind;

			assert_true(zone_of_name(str_of(gold.kind), &kind));
			for (size_t off = gold.off, n; off < gold.end; off += n) {
				enum zone_kind got = zones_at(&found, off)->kind;

				n = utf8_step(s.text, off, NULL);
				all++;
				right += got == kind;
				folded += zone_is_furniture(got) && !zone_is_furniture(kind);
			}
		}
		print_message("%s: %zu of %zu code points in their zone, %zu wrongly folded\n", seed_names[i], right, all, folded);
		assert_true(right * 1000 >= all * 980);
		assert_int_equal(folded, 0);
		zones_free(&found);
		seed_close(&s);
	}
}

/* ---- pages ---------------------------------------------------------------------------------------------------- */

/* A page under tests/unit/annotations/pages: each line begins with the letter of its zone (b body, t title, y
 * byline, n nav, c notice, r related, s share, k ticker, - whatever) and a bar. */
static enum zone_kind kind_of_letter(char c)
{
	static const char letters[] = "btyncrsk";

	return (enum zone_kind)(strchr(letters, c) - letters);
}

struct score {
	size_t right, all, folded;
};

static void check_page(const char *path, struct score *total)
{
	struct buf file = {0}, text = {0};
	struct zones found = {0};
	struct score page = {0};

	assert_true(io_read_file(path, 1 << 20, &file, NULL, NULL));
	for (size_t off = 0, end; off < file.n; off = end) {
		end = str_byte(buf_str(&file), '\n', off) + 1;
		assert_true(end > off + 2 && file.p[off + 1] == '|');
		buf_add(&text, str_sub(buf_str(&file), off + 2, end));
	}
	zones_find(buf_str(&text), &rules, &found);
	for (size_t off = 0, at = 0, end; off < file.n; off = end) {
		struct str line;
		enum zone_kind kind, got;
		size_t points;

		end = str_byte(buf_str(&file), '\n', off) + 1;
		line = str_sub(buf_str(&file), off + 2, end - 1);
		points = utf8_count(str_trim(line));
		if (points && file.p[off] != '-') {
			kind = kind_of_letter(file.p[off]);
			got = zones_at(&found, at + line.n / 2)->kind;
			page.all += points;
			page.right += got == kind ? points : 0;
			page.folded += zone_is_furniture(got) && !zone_is_furniture(kind) ? points : 0;
			if (got != kind)
				print_message("%s: %s for %s: %.*s\n", path, zone_name(got), zone_name(kind), (int)line.n, line.p);
		}
		at += line.n + 1;
	}
	print_message("%s: %zu of %zu, %zu wrongly folded\n", path, page.right, page.all, page.folded);
	total->right += page.right;
	total->all += page.all;
	total->folded += page.folded;
	zones_free(&found);
	buf_free(&file);
	buf_free(&text);
}

static bool visit_page(void *ctx, struct str relative)
{
	struct buf path = {0};

	buf_addf(&path, "tests/unit/annotations/pages/%.*s", (int)relative.n, relative.p);
	if (str_ends(relative, S(".page")))
		check_page(path.p, ctx);
	buf_free(&path);
	return true;
}

static void pages(void **state)
{
	struct score total = {0};

	(void)state;
	assert_true(io_walk("tests/unit/annotations/pages", visit_page, NULL, &total, NULL));
	print_message("all pages: %zu of %zu, %zu wrongly folded\n", total.right, total.all, total.folded);
	assert_int_equal(total.folded, 0);
	assert_true(total.right * 1000 >= total.all * 980);
}

/* ---- the file ----------------------------------------------------------------------------------------------- */

static void check_error(const char *yaml, size_t line, const char *message)
{
	struct zone_rules out = {0};
	struct error err = {0};

	assert_false(zone_words_read(str_of(yaml), "zones.yaml", &out, &err));
	assert_int_equal(err.code, ERROR_SCHEMA);
	assert_int_equal(err.line, line);
	assert_string_equal(err.message, message);
	error_clear(&err);
}

static void bad_files(void **state)
{
	(void)state;
	check_error("nav: 首页\n", 1, "nav must be a list of words");
	check_error("nav:\n- 首页\nfoo:\n- a\n", 3, "foo is no kind of zone words; the first is byline");
	check_error("nav:\n- [首页]\n", 2, "a word of nav must be text");
	check_error("- nav\n", 1, "zone words must be a map of lists");
}

static void words_are_folded(void **state)
{
	struct zone_rules out = {0};

	(void)state;
	assert_true(zone_words_read(S("nav: [首頁, ＨＯＭＥ]\n"), "zones.yaml", &out, NULL));
	assert_int_equal(out.count[ZONE_WORD_NAV], 2);
	assert_true(str_eq(out.words[ZONE_WORD_NAV][0], S("首页")));
	assert_true(str_eq(out.words[ZONE_WORD_NAV][1], S("home")));
	zone_words_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_seeds),
	    cmocka_unit_test(pages),
	    cmocka_unit_test(bad_files),
	    cmocka_unit_test(words_are_folded),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
