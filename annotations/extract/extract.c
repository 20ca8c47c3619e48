/* extract.c: see extract.h. */
#include "annotations/extract/extract_internal.h"

#include <stdlib.h>
#include <string.h>

#define SCORE_REPEATED 850
#define LEARNT_MAX 4096 /* strings of one article */

struct extractor *extractor_new(const struct pack *p)
{
	struct extractor *e = mem_alloc(sizeof *e);
	e->pack = p;
	e->steps = mem_grow(NULL, p->n_rules + 1, sizeof *e->steps);
	return e;
}

void extractor_free(struct extractor *e)
{
	if (!e)
		return;
	window_free(&e->window);
	lattice_free(&e->lattice);
	pattern_matcher_free(&e->matcher);
	sets_met_free(&e->met);
	lexicon_free(e->learnt);
	mem_free(e->starts);
	mem_free(e->words);
	mem_free(e->taken);
	mem_free(e->steps);
	buf_free(&e->text);
	mem_free(e);
}

void extractor_explain(struct extractor *e, bool on)
{
	e->explain = on;
}

struct str rule_name(const struct pack *p, uint16_t rule)
{
	if (rule == RULE_LIST)
		return S("list");
	if (rule == RULE_LEARNED)
		return S("learned");
	return rule == RULE_REPEATED ? S("repeated") : p->rules[rule].name;
}

struct str rule_why(const struct pack *p, uint16_t rule)
{
	if (rule == RULE_LIST)
		return S("a word of a list");
	if (rule == RULE_LEARNED)
		return S("accepted more often than rejected in this corpus, by learned.yaml");
	return rule == RULE_REPEATED ? S("found for sure elsewhere in this article") : p->rules[rule].why;
}

struct str rule_why_of_name(const struct pack *p, struct str name)
{
	static const uint16_t others[] = {RULE_LIST, RULE_REPEATED, RULE_LEARNED};
	for (size_t i = 0; i < COUNT_OF(others); i++)
		if (str_eq(rule_name(p, others[i]), name))
			return rule_why(p, others[i]);
	for (size_t i = 0; i < p->n_rules; i++)
		if (str_eq(p->rules[i].name, name))
			return p->rules[i].why;
	return STR_NONE;
}

struct found *extraction_add(struct extraction *x, struct found f)
{
	if (x->n == x->cap) {
		x->cap = x->cap ? x->cap * 2 : 64;
		x->spans = mem_grow(x->spans, x->cap, sizeof *x->spans);
	}
	x->spans[x->n] = f;
	return &x->spans[x->n++];
}

struct str found_text(const struct extraction *x, const struct found *f)
{
	return str_sub(buf_str(&x->texts), f->text, f->text_end);
}

static void extraction_clear(struct extraction *x)
{
	for (size_t i = 0; i < x->n; i++)
		mem_free(x->spans[i].value);
	for (size_t i = 0; i < x->n_fields; i++)
		mem_free(x->fields[i].value);
	x->n = x->n_lost = x->n_fields = x->n_relations = x->slow_rules = 0;
	buf_clear(&x->texts);
}

void extraction_free(struct extraction *x)
{
	extraction_clear(x);
	mem_free(x->spans);
	mem_free(x->lost);
	mem_free(x->fields);
	mem_free(x->relations);
	buf_free(&x->texts);
	*x = (struct extraction){0};
}

/* ---- rules over one window ---------------------------------------------------------------------------------- */

static void learn(struct extractor *e, class_id class, size_t start, size_t end)
{
	if (end - start < 2 || end - start > LEXICON_WORD)
		return;
	if (!e->learnt)
		e->learnt = lexicon_new(false, 0);
	if (lexicon_words(e->learnt) < LEARNT_MAX)
		(void)lexicon_add(e->learnt, e->window.cp + start, end - start, class, 0);
}

static void add_hit(struct extractor *e, uint16_t rule, class_id class, size_t start, size_t end)
{
	const struct rule *r = &e->pack->rules[rule];
	if (end > start)
		lattice_add(&e->lattice, class, start, end, rule, r->score, r->over);
}

static void match_at(struct extractor *e, uint16_t rule, size_t at)
{
	const struct rule *r = &e->pack->rules[rule];
	size_t end = pattern_match(r->pattern, &e->matcher, &e->lattice, at);
	if (end == NOWHERE)
		return;
	for (size_t i = 0; i < e->matcher.n_groups; i++) {
		const struct group_match *g = &e->matcher.groups[i];
		add_hit(e, rule, g->class, g->start, g->end);
	}
	if (r->as == CLASS_NONE)
		return;
	add_hit(e, rule, r->as, at, end);
	for (size_t i = 0; i < e->matcher.n_ends; i++)
		if (e->matcher.ends[i] != end)
			add_hit(e, rule, r->as, at, e->matcher.ends[i]);
}

/* How far from a start what is needed may be. */
static size_t reach_of(const struct lattice *l, const struct rule_need *need)
{
	size_t longest = 0;
	if (need->open || need->steps >= PATTERN_REACH)
		return PATTERN_REACH;
	for (size_t i = 0; i < need->n_passed; i++)
		longest = l->longest[need->passed[i]] > longest ? l->longest[need->passed[i]] : longest;
	size_t reach = need->steps + need->hits * longest;
	return reach < PATTERN_REACH ? reach : PATTERN_REACH;
}

/* Where a rule may begin, as bits; false: nowhere. */
static bool find_starts(struct extractor *e, const struct rule *r)
{
	const size_t words = e->lattice.words;
	if (words > e->cap_starts) {
		e->cap_starts = words + 16;
		e->starts = mem_grow(e->starts, e->cap_starts, sizeof *e->starts);
	}
	if (r->anywhere)
		memset(e->starts, 0xFF, words * sizeof *e->starts);
	else
		memcpy(e->starts, sets_starts(&e->met, r->starts), words * sizeof *e->starts);
	if (r->bounded) {
		const uint64_t *behind = sets_ends(&e->met, r->behind);
		uint64_t any = 0;
		for (size_t k = 0; k < words; k++)
			any |= e->starts[k] &= behind[k] | (k == 0 && r->edge);
		if (!any)
			return false;
	}
	for (size_t i = 0; i < r->n_needs; i++)
		if (!starts_keep_near(e->starts, sets_starts(&e->met, r->needs[i].set), words, reach_of(&e->lattice, &r->needs[i])))
			return false;
	return true;
}

/* More than was left: the rule has no part in the rest of the article. */
static void take_steps(struct extractor *e, uint16_t rule, uint64_t steps, struct extraction *x)
{
	if (steps < e->steps[rule]) {
		e->steps[rule] -= steps;
		return;
	}
	e->steps[rule] = 0;
	if (x->slow_rules++ == 0)
		x->slow_rule = rule;
}

static void run_pattern(struct extractor *e, uint16_t rule, struct extraction *x)
{
	const struct rule *r = &e->pack->rules[rule];
	if (!find_starts(e, r))
		return;
	pattern_prepare(r->pattern, &e->matcher, e->steps[rule]);
	/* A match may grow the lattice, never its bits: those were taken before. */
	for (size_t k = 0; k < e->lattice.words; k++)
		for (uint64_t bits = e->starts[k]; bits; bits &= bits - 1) {
			size_t at = k * 64 + (size_t)__builtin_ctzll(bits);
			if (at < e->window.n)
				match_at(e, rule, at);
		}
	take_steps(e, rule, e->matcher.steps, x);
}

static size_t element_of(const struct extractor *e, size_t off)
{
	return utf8_count(str_sub(buf_str(&e->text), 0, off));
}

static void run_regex(struct extractor *e, uint16_t rule, struct extraction *x)
{
	const struct rule *r = &e->pack->rules[rule];
	struct error err = {0};
	size_t off, end, from = 0;
	buf_clear(&e->text);
	window_add_text(&e->window, 0, e->window.n, &e->text);
	regex_text(r->regex, buf_str(&e->text), e->steps[rule]);
	while (regex_next(r->regex, from, &off, &end, &err)) {
		size_t group_off = off, group_end = end;
		(void)regex_named(r->regex, "span", &group_off, &group_end);
		add_hit(e, rule, r->as, element_of(e, group_off), element_of(e, group_end));
		/* A search from within a character would find the same again, for ever. */
		size_t step = utf8_step(buf_str(&e->text), end, NULL);
		from = end > off ? end : end + (step ? step : 1);
	}
	/* ICU's stack may run out before the steps do. */
	take_steps(e, rule, err.code == ERROR_NONE ? regex_steps(r->regex) : e->steps[rule], x);
	error_clear(&err);
}

static void run_rules(struct extractor *e, struct extraction *x)
{
	sets_begin(&e->met, &e->pack->sets, &e->lattice);
	for (size_t i = sets_next_rule(&e->met, 0); i != NOWHERE; i = sets_next_rule(&e->met, i + 1)) {
		const struct rule *r = &e->pack->rules[i];
		if (!(r->zones >> e->window.zone & 1) || !e->steps[i])
			continue;
		if (r->pattern)
			run_pattern(e, (uint16_t)i, x);
		else
			run_regex(e, (uint16_t)i, x);
	}
}

static bool was_chosen(const struct extractor *e, const struct extraction *x, size_t from, const struct hit *h)
{
	size_t off, end;
	window_range(&e->window, h->start, h->end, &off, &end);
	for (size_t i = from; i < x->n; i++)
		if (x->spans[i].off == off && x->spans[i].end == end && x->spans[i].class == h->class)
			return true;
	return false;
}

/* Of the hits of rules that are sure, those of that class that won, and those of classes that are no label.  from:
 * the first span of this window. */
static void learn_hits(struct extractor *e, const struct extraction *x, size_t from)
{
	for (size_t i = 0; i < e->lattice.n; i++) {
		const struct hit *h = &e->lattice.hits[i];
		if (h->rule >= e->pack->n_rules || e->pack->rules[h->rule].sure == CLASS_NONE)
			continue;
		const struct rule *r = &e->pack->rules[h->rule];
		if (e->pack->classes[h->class].label ? h->class == r->sure && was_chosen(e, x, from, h) : r->as == h->class || r->as == CLASS_NONE)
			learn(e, r->sure, h->start, h->end);
	}
}

static void work_window(struct extractor *e, struct extraction *x, size_t window, bool again)
{
	lattice_reset(&e->lattice, &e->window, e->pack->n_classes);
	lattice_scan(&e->lattice, e->pack->lexicon, e->pack->uses, RULE_LIST, 0);
	if (again && e->learnt)
		lattice_scan(&e->lattice, e->learnt, e->pack->uses, RULE_REPEATED, SCORE_REPEATED);
	run_rules(e, x);
	size_t first = x->n;
	choose_spans(e, x, (uint32_t)window);
	if (!again)
		learn_hits(e, x, first);
}

/* ---- an article --------------------------------------------------------------------------------------------- */

/* Whether one of the spans [first, last) is that one, or a larger one round it. */
static bool was_seen(const struct extraction *x, size_t first, size_t last, size_t off, size_t end, class_id class)
{
	for (size_t k = first; k < last; k++) {
		const struct found *f = &x->spans[k];
		bool same = f->class == class && f->off == off && f->end == end;
		if (same || (f->off <= off && f->end >= end && f->end - f->off > end - off))
			return true;
	}
	return false;
}

/* Whether what was learnt stands in this window where the first pass saw nothing of the kind. */
static bool has_news(struct extractor *e, const struct extraction *x, size_t first, size_t last)
{
	const struct lexicon_out *outs = lexicon_outs(e->learnt);
	size_t n = lexicon_scan(e->learnt, e->window.cp, e->window.n, &e->words, &e->cap_words);
	for (size_t i = 0; i < n; i++) {
		size_t off, end;
		window_range(&e->window, e->words[i].start, e->words[i].end, &off, &end);
		for (uint32_t o = e->words[i].out; o; o = outs[o - 1].next)
			if (!was_seen(x, first, last, off, end, outs[o - 1].class))
				return true;
	}
	return false;
}

static void second_pass(struct extractor *e, struct str text, const struct zones *zones, struct noise_facts facts, struct extraction *x)
{
	struct extraction first = *x;
	size_t next = 0;
	x->spans = NULL;
	x->n = x->cap = 0;
	x->lost = NULL;
	x->n_lost = x->cap_lost = 0;
	for (size_t from = 0; window_fill(&e->window, text, zones, facts, from); from = e->window.to) {
		size_t last = next;
		while (last < first.n && first.spans[last].window == from)
			last++;
		if (e->window.n && (e->explain || has_news(e, &first, next, last)))
			work_window(e, x, from, true);
		else
			for (size_t i = next; i < last; i++)
				extraction_add(x, first.spans[i]);
		next = last;
	}
	mem_free(first.spans);
	mem_free(first.lost);
}

static int by_place(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	if (x->off != y->off)
		return x->off < y->off ? -1 : 1;
	return x->end == y->end ? 0 : x->end > y->end ? -1 : 1;
}

static void drop_spans(struct extraction *x)
{
	size_t kept = 0;
	for (size_t i = 0; i < x->n; i++)
		if (!x->spans[i].dropped)
			x->spans[kept++] = x->spans[i];
	x->n = kept;
}

bool extract(struct extractor *e, struct str text, const struct zones *zones, const struct zone_rules *words, bool (*stop)(void), struct extraction *out)
{
	struct noise_facts facts = noise_facts_of(text);
	extraction_clear(out);
	for (size_t i = 0; i < e->pack->n_rules; i++)
		e->steps[i] = RULE_STEPS + RULE_STEPS_BYTE * (uint64_t)text.n;
	window_begin(&e->window);
	lexicon_free(e->learnt);
	e->learnt = NULL;
	for (size_t from = 0; window_fill(&e->window, text, zones, facts, from); from = e->window.to) {
		if (stop && stop())
			return false;
		if (e->window.n)
			work_window(e, out, from, false);
	}
	if (e->learnt || e->explain)
		second_pass(e, text, zones, facts, out);
	choose_series(e->pack, out);
	drop_spans(out);
	if (out->n)
		qsort(out->spans, out->n, sizeof *out->spans, by_place);
	values_fill(e->pack, out);
	facts_find(e, out, text, zones, words, facts);
	return true;
}
