/* How well the built-in pack does on reports with gold spans: those of tests/extract/reports, written for it, and
 * the five real ones beside the repository where they are.  Each also (glossed ones a second time) in traditional
 * script with a gloss at every fifth character.  Prints the tables; fails where a floor is not reached, and where
 * the scores of the proposals promise more than comes true.  With EXTRACT_CALIBRATE in the environment
 * (tests/extract/run --calibrate) it prints the score of each rule that follows from the counts; EXTRACT_GOLD names
 * a folder of more gold in the form of the five real reports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "annotations/compare.h"
#include "annotations/extract/extract.h"
#include "annotations/json.h"
#include "annotations/zone_words.h"
#include "model/fold.h"
#include "model/io.h"
#include "model/pinyin.h"

#define REPORTS "tests/extract/reports"
#define SEEDS "../shared/seeds"
#define FLOOR_REPORTS 9600 /* per ten thousand, micro F1 */
#define FLOOR_SEEDS 9900
#define FLOOR_LABEL 9500   /* of the seeds, where ten or more gold spans are; of the reports: */
#define FLOOR_REPORTS_LABEL 8800
#define LOSS_MOST 200      /* of traditional script with glosses */
#define FIRST_LOOKS "tests/extract/first-looks.txt"
#define BAND_LEAST 20      /* proposals of one tenth of score below which their rate says nothing */
#define SCORE_TOP 0.995
#define KNOWN 3            /* proposals on gold that the rules were made with that weigh as much as one on a report not seen before */
#define PRIOR 8            /* proposals at the rate of its label that a rule is credited with */

struct bench {
	struct pack *pack;
	struct extractor *extractor;
	struct zone_rules words;
	struct compared_source gold, system, gold_glossed, system_glossed;
};

/* An article and its gold in code points. */
struct report {
	struct buf text;
	struct compared_article gold;
};

static void add_gold(struct report *r, struct compared_span s)
{
	if (r->gold.n == r->gold.cap) {
		r->gold.cap = r->gold.cap ? r->gold.cap * 2 : 64;
		r->gold.spans = mem_grow(r->gold.spans, r->gold.cap, sizeof *r->gold.spans);
	}
	r->gold.spans[r->gold.n++] = s;
}

static void report_free(struct report *r)
{
	buf_free(&r->text);
	mem_free(r->gold.spans);
}

/* `{LABEL|text}`, up to a line `%%`; see tests/extract/reports/README.md. */
static void read_markup(struct str file, struct report *r)
{
	size_t open[16], depth = 0, cp = 0, fields = str_find(file, S("\n%%\n"), 0);
	struct str body = str_sub(file, 0, fields == NOWHERE ? file.n : fields + 1);
	for (size_t i = 0; i < body.n;) {
		size_t bar = i + 1;
		while (body.p[i] == '{' && bar < body.n && body.p[bar] >= 'A' && body.p[bar] <= 'Z')
			bar++;
		if (body.p[i] == '{' && bar > i + 1 && bar < body.n && body.p[bar] == '|' && depth < COUNT_OF(open)) {
			open[depth++] = r->gold.n;
			add_gold(r, (struct compared_span){.label = str_sub(body, i + 1, bar), .start = (uint32_t)cp, .score = SCORE_NONE});
			i = bar + 1;
		} else if (body.p[i] == '}' && depth) {
			r->gold.spans[open[--depth]].end = (uint32_t)cp;
			i++;
		} else {
			size_t step = utf8_step(body, i, NULL);
			buf_add(&r->text, str_sub(body, i, i + step));
			i += step;
			cp++;
		}
	}
	assert_int_equal(depth, 0);
}

/* Traditional characters; at every fifth ideograph one of its readings in brackets, with a tone mark. */
static void gloss(const struct report *from, struct report *to)
{
	struct str text = buf_str(&from->text);
	size_t n = utf8_count(text), cp = 0, out = 0, han = 0;
	uint32_t *start = mem_array(n + 1, sizeof *start), *end = mem_array(n + 1, sizeof *end);
	codepoint c;
	for (size_t off = 0, step; (step = utf8_step(text, off, &c)) != 0; off += step, cp++) {
		unsigned readings[PINYIN_MOST];
		start[cp] = (uint32_t)out;
		utf8_add(&to->text, fold_hant(c));
		end[cp] = (uint32_t)++out;
		if (!cp_is_han(c) || ++han % 5 || !pinyin_readings(c, readings))
			continue;
		struct str syllable = pinyin_syllable(readings[0]);
		size_t vowel = 0;
		while (vowel < syllable.n && !strchr("aeo", syllable.p[vowel]))
			vowel++;
		if (vowel == syllable.n)
			continue;
		buf_addc(&to->text, '(');
		buf_add(&to->text, str_sub(syllable, 0, vowel + 1));
		buf_adds(&to->text, "\xCC\x81");
		buf_add(&to->text, str_sub(syllable, vowel + 1, syllable.n));
		buf_addc(&to->text, ')');
		out += syllable.n + 3;
	}
	for (size_t i = 0; i < from->gold.n; i++) {
		struct compared_span s = from->gold.spans[i];
		s.start = start[s.start];
		s.end = end[s.end - 1];
		add_gold(to, s);
	}
	mem_free(start);
	mem_free(end);
}

static void add_article(struct compared_source *s, struct str name, const struct compared_article *spans)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 16;
		s->articles = mem_grow(s->articles, s->cap, sizeof *s->articles);
	}
	struct compared_article *a = &s->articles[s->n++];
	*a = (struct compared_article){.name = arena_dup(&s->memory, name), .n = spans->n, .cap = spans->n};
	a->spans = mem_array(spans->n + 1, sizeof *a->spans);
	for (size_t i = 0; i < spans->n; i++) {
		a->spans[i] = spans->spans[i];
		a->spans[i].label = arena_dup(&s->memory, a->spans[i].label);
	}
}

static void run_extractor(struct bench *b, struct compared_source *out, struct str name, struct str text)
{
	struct extraction x = {0};
	struct zones zones = {0};
	struct report found = {0};
	struct article *a = article_of(text);
	zones_find(text, &b->words, &zones);
	assert_true(extract(b->extractor, text, &zones, &b->words, NULL, &x));
	for (size_t i = 0; i < x.n; i++)
		add_gold(&found, (struct compared_span){.label = b->pack->classes[x.spans[i].class].name, .start = (uint32_t)article_cp(a, x.spans[i].off),
		                                        .end = (uint32_t)article_cp(a, x.spans[i].end), .score = x.spans[i].score,
		                                        .rule = rule_name(b->pack, x.spans[i].rule)});
	add_article(out, name, &found.gold);
	report_free(&found);
	article_free(a);
	zones_free(&zones);
	extraction_free(&x);
}

static void try_report(struct bench *b, struct str name, struct report *r)
{
	struct report glossed = {0};
	gloss(r, &glossed);
	add_article(&b->gold, name, &r->gold);
	run_extractor(b, &b->system, name, buf_str(&r->text));
	add_article(&b->gold_glossed, name, &glossed.gold);
	run_extractor(b, &b->system_glossed, name, buf_str(&glossed.text));
	report_free(&glossed);
}

static struct comparison finish(struct compared_source *gold, struct compared_source *system)
{
	struct comparison c;
	compared_sort(gold);
	compared_sort(system);
	compare(gold, system, &c);
	return c;
}

static void print_tally(const struct tally *t)
{
	print_message("# %-9.*s %4llu gold %4llu system  P .%04u R .%04u F1 .%04u\n", (int)t->name.n, t->name.p, (unsigned long long)t->gold,
	              (unsigned long long)t->system, tally_precision(t), tally_recall(t), tally_f1(t));
}

static void check_floors(struct bench *b, unsigned floor, unsigned label_floor)
{
	struct comparison plain = finish(&b->gold, &b->system), glossed = finish(&b->gold_glossed, &b->system_glossed);
	for (size_t i = 0; i < plain.labels.n; i++)
		print_tally(&plain.labels.list[i]);
	print_tally(&plain.all);
	print_message("# in traditional script with glosses:\n");
	print_tally(&glossed.all);
	assert_true(tally_f1(&plain.all) >= floor);
	assert_true(tally_f1(&glossed.all) + LOSS_MOST >= tally_f1(&plain.all));
	for (size_t i = 0; i < plain.labels.n; i++)
		if (plain.labels.list[i].gold >= 10)
			assert_true(tally_f1(&plain.labels.list[i]) >= label_floor);
	comparison_free(&plain);
	comparison_free(&glossed);
}

static void bench_open(struct bench *b)
{
	struct error err = {0};
	*b = (struct bench){0};
	if (!pack_load(NULL, &b->pack, &err))
		fail_msg("%s:%zu:%zu: %s", err.path, err.line, err.column, err.message);
	assert_true(zone_words_load(&b->words, &err));
	b->extractor = extractor_new(b->pack);
}

static void bench_close(struct bench *b)
{
	compared_free(&b->gold);
	compared_free(&b->system);
	compared_free(&b->gold_glossed);
	compared_free(&b->system_glossed);
	extractor_free(b->extractor);
	zone_words_free(&b->words);
	pack_free(b->pack);
}

static bool visit_report(void *ctx, struct str relative)
{
	struct buf path = {0}, bytes = {0};
	struct report r = {0};
	if (!str_ends(relative, S(".txt")))
		return true;
	buf_addf(&path, "%s/%.*s", REPORTS, (int)relative.n, relative.p);
	assert_true(io_read_file(path.p, 1 << 20, &bytes, NULL, NULL));
	read_markup(buf_str(&bytes), &r);
	try_report(ctx, relative, &r);
	report_free(&r);
	buf_free(&path);
	buf_free(&bytes);
	return true;
}

static void test_reports(void **state)
{
	(void)state;
	struct bench b;
	bench_open(&b);
	if (!io_walk(REPORTS, visit_report, NULL, &b, NULL)) {
		print_message("no %s here\n", REPORTS);
		bench_close(&b);
		skip();
	}
	check_floors(&b, FLOOR_REPORTS, FLOOR_REPORTS_LABEL);
	bench_close(&b);
}

struct seeds {
	struct bench *bench;
	const char *folder;
};

static bool visit_seed(void *ctx, struct str relative)
{
	const struct seeds *seeds = ctx;
	struct buf path = {0}, bytes = {0}, text = {0};
	struct report r = {0};
	struct node *gold = NULL;
	uint64_t start, end;
	if (!str_ends(relative, S(".gold.json")))
		return true;
	buf_addf(&path, "%s/%.*s", seeds->folder, (int)relative.n, relative.p);
	assert_true(io_read_file(path.p, 1 << 20, &bytes, NULL, NULL));
	assert_true(json_read(buf_str(&bytes), path.p, 1, &gold, NULL));
	buf_clear(&path);
	buf_addf(&path, "%s/%.*s.txt", seeds->folder, (int)(relative.n - strlen(".gold.json")), relative.p);
	assert_true(io_read_file(path.p, 1 << 20, &text, NULL, NULL));
	buf_add(&r.text, buf_str(&text));
	const struct node *spans = node_get(gold, S("spans"));
	for (size_t i = 0; i < spans->n; i++) {
		assert_true(node_is_number(node_get(spans->items[i], S("start")), &start) && node_is_number(node_get(spans->items[i], S("end")), &end));
		add_gold(&r, (struct compared_span){.label = node_get_text(spans->items[i], S("label")), .start = (uint32_t)start, .end = (uint32_t)end,
		                                    .score = SCORE_NONE});
	}
	try_report(seeds->bench, relative, &r);
	report_free(&r);
	node_free(gold);
	buf_free(&path);
	buf_free(&bytes);
	buf_free(&text);
	return true;
}

static void test_seeds(void **state)
{
	(void)state;
	struct bench b;
	bench_open(&b);
	if (!io_walk(SEEDS, visit_seed, NULL, &(struct seeds){&b, SEEDS}, NULL) || !b.gold.n) {
		print_message("no %s here\n", SEEDS);
		bench_close(&b);
		skip();
	}
	check_floors(&b, FLOOR_SEEDS, FLOOR_LABEL);
	bench_close(&b);
}

/* ---- what scores are worth ---------------------------------------------------------------------------------- */

/* Right and wrong proposals of a rule on reports nobody had looked at: lines `NAME RIGHT PROPOSED` of FIRST_LOOKS. */
static void first_looks(struct str file, struct str rule, double *right, double *proposed)
{
	struct buf line = {0};
	*right = *proposed = 0;
	buf_addf(&line, "\n%.*s ", (int)rule.n, rule.p);
	size_t at = str_find(file, buf_str(&line), 0);
	if (at != NOWHERE) {
		char *end;
		*right = (double)strtoul(file.p + at + line.n, &end, 10);
		*proposed = (double)strtoul(end, NULL, 10);
	}
	buf_free(&line);
}

static struct str label_of_rule(const struct compared_source *system, struct str rule)
{
	for (size_t i = 0; i < system->n; i++)
		for (size_t k = 0; k < system->articles[i].n; k++)
			if (str_eq(system->articles[i].spans[k].rule, rule))
				return system->articles[i].spans[k].label;
	return STR_NONE;
}

/* At first looks, over all rules of the label. */
static double rate_of_label(const struct bench *b, const struct comparison *c, struct str file, struct str label)
{
	double right = 1, proposed = 1;
	for (size_t i = 0; i < c->rules.n; i++) {
		double r, p;
		if (!str_eq(label_of_rule(&b->system, c->rules.list[i].name), label))
			continue;
		first_looks(file, c->rules.list[i].name, &r, &p);
		right += r;
		proposed += p;
	}
	return right / proposed;
}

/* First looks count in full, gold that the rules were made with by a third. */
static void print_scores(const struct bench *b, const struct comparison *c)
{
	struct buf file = {0};
	assert_true(io_read_file(FIRST_LOOKS, 1 << 20, &file, NULL, NULL));
	print_message("# rule, right of proposed at first looks, right of proposed now, score that follows\n");
	for (size_t i = 0; i < c->rules.n; i++) {
		const struct tally *t = &c->rules.list[i];
		double right, proposed, prior = rate_of_label(b, c, buf_str(&file), label_of_rule(&b->system, t->name));
		first_looks(buf_str(&file), t->name, &right, &proposed);
		double score = (right + (double)t->exact / KNOWN + prior * PRIOR) / (proposed + (double)t->system / KNOWN + PRIOR);
		print_message("score %.*s %.0f/%.0f %llu/%llu %.0f\n", (int)t->name.n, t->name.p, right, proposed, (unsigned long long)t->exact,
		              (unsigned long long)t->system, score > SCORE_TOP ? SCORE_TOP * 1000 : score * 1000);
	}
	buf_free(&file);
}

static void test_scores(void **state)
{
	(void)state;
	struct bench b;
	const char *more = getenv("EXTRACT_GOLD");
	bench_open(&b);
	(void)io_walk(REPORTS, visit_report, NULL, &b, NULL);
	(void)io_walk(SEEDS, visit_seed, NULL, &(struct seeds){&b, SEEDS}, NULL);
	if (more)
		assert_true(io_walk(more, visit_seed, NULL, &(struct seeds){&b, more}, NULL));
	struct comparison c = finish(&b.gold, &b.system);
	for (unsigned i = 0; i < SCORE_BANDS; i++) {
		if (c.bands[i].system)
			print_message("# score .%u: %llu proposals, %llu right\n", i, (unsigned long long)c.bands[i].system, (unsigned long long)c.bands[i].exact);
		if (c.bands[i].system >= BAND_LEAST)
			assert_true(c.bands[i].exact * 10 >= c.bands[i].system * i);
	}
	if (getenv("EXTRACT_CALIBRATE"))
		print_scores(&b, &c);
	comparison_free(&c);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_reports), cmocka_unit_test(test_seeds), cmocka_unit_test(test_scores)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
