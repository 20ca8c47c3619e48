/* score: how well one source of spans agrees with another that is taken for the truth. */
#include "annotations/compare.h"

#include <string.h>

#include "tui/commands/articles.h"
#include "tui/commands/table.h"

static bool is_stream(const char *path)
{
	struct str p = str_of(path);
	return strcmp(path, "-") == 0 || str_ends(p, S(".jsonl")) || str_ends(p, S(".json"));
}

/* ---- sources ------------------------------------------------------------------------------------------------ */

/* An article that nobody has begun is not one in which nothing is right: one without a sidecar, and of the truth one with
 * nothing but proposals. */
static bool is_begun(const struct corpus *c, struct str file, const struct set *set, enum compared_as as)
{
	struct stat st;
	char *sidecar = corpus_sidecar_path(c, file);
	bool there = io_get()->stat(sidecar, &st) == 0;
	mem_free(sidecar);
	if (set_status(set) != STATUS_NONE)
		return true;
	if (as == COMPARED_GOLD && set_spans(set))
		return set_counts(set)->spans[VERDICT_UNDECIDED] < set_spans(set);
	return there || set_spans(set);
}

/* A source that is read, and what is to be told of it. */
struct reading {
	struct compared_source *into;
	enum compared_as as;
	uint64_t undecided; /* spans of the truth that nobody has judged */
};

static bool check_annotator(const struct corpus *c, const char *annotator, struct error *err)
{
	if (!annotator || corpus_settings(c)->independent)
		return true;
	return error_set(err, ERROR_USAGE, corpus_root(c),
	                 "%s has no sidecars of their own here: annotators share one (annotators: in zhupi.yaml)", annotator);
}

static void add_article(struct reading *r, const struct corpus *c, struct str file, struct set *set)
{
	if (!is_begun(c, file, set, r->as))
		return;
	r->undecided += r->as == COMPARED_GOLD ? set_counts(set)->spans[VERDICT_UNDECIDED] : 0;
	compared_add_set(r->into, set, file, r->as);
}

static bool add_corpus(struct reading *r, const char *path, const char *annotator, struct error *err)
{
	struct corpus *c = NULL;
	struct session *session = NULL;
	bool fine = annotator ? corpus_open(path, annotator, &c, err) : command_corpus(path, &c, NULL, err);
	fine = fine && check_annotator(c, annotator, err) && session_open(c, true, &session, err);
	for (size_t i = 0; fine && i < corpus_count(c); i++) {
		struct doc *d = session_doc(session, corpus_entry(c, i)->file, err);
		fine = d != NULL;
		if (d) {
			add_article(r, c, corpus_entry(c, i)->file, d->set);
			session_drop(session, d);
		}
		command_progress("reading", i + 1, corpus_count(c));
	}
	if (session)
		session_free(session);
	if (c)
		corpus_free(c);
	return fine;
}

/* A corpus, FOLDER@ANNOTATOR, JSONL or JSON.  Whoever names an annotator asks what they decided, not what was proposed to
 * them. */
static bool add_source(struct reading *r, const char *path, struct error *err)
{
	if (is_stream(path))
		return compared_add_jsonl(r->into, path, r->as, err);
	struct stat st;
	const char *at = strrchr(path, '@');
	if (!at || io_get()->stat(path, &st) == 0)
		return add_corpus(r, path, NULL, err);
	char *folder = str_dup(str_sub(str_of(path), 0, (size_t)(at - path)));
	r->as = COMPARED_GOLD;
	bool fine = add_corpus(r, folder, at + 1, err);
	mem_free(folder);
	return fine;
}

/* ---- answers ------------------------------------------------------------------------------------------------ */

/* Rounded, but 1.000 only when all of it is. */
static void table_share(struct table *t, unsigned share)
{
	unsigned rounded = (share + 5) / 10;
	if (rounded == 1000 && share < 10000)
		rounded = 999;
	table_cell(t, "%u.%03u", rounded / 1000u, rounded % 1000u);
}

/* Of the proposals of a tenth of score, per ten thousand. */
static unsigned band_precision(const struct comparison *c, size_t band)
{
	return (unsigned)(c->bands[band].exact * 10000u / c->bands[band].system);
}

static void print_tallies(const struct comparison *c)
{
	static const char *const heads[] = {"label", "gold", "system", "exact", "P", "R", "F1", "overlap P", "overlap R", "missed", "wrong", "boundary", "label"};
	struct table t = {.columns = COUNT_OF(heads)};
	for (size_t i = 0; i < COUNT_OF(heads); i++)
		table_cell(&t, "%s", heads[i]);
	for (size_t i = 0; i <= c->labels.n; i++) {
		const struct tally *k = i < c->labels.n ? &c->labels.list[i] : &c->all;
		table_cell(&t, "%.*s", (int)k->name.n, k->name.p);
		table_number(&t, k->gold);
		table_number(&t, k->system);
		table_number(&t, k->exact);
		table_share(&t, tally_precision(k));
		table_share(&t, tally_recall(k));
		table_share(&t, tally_f1(k));
		table_share(&t, tally_overlap_precision(k));
		table_share(&t, tally_overlap_recall(k));
		for (enum difference d = MISSED; d < DIFFERENCES; d++)
			table_number(&t, k->errors[d]);
	}
	table_print(&t);
}

static void print_rules(const struct comparison *c)
{
	struct table t = {.columns = 4};
	if (c->rules.n) {
		command_out("\n");
		table_cell(&t, "rule");
		table_cell(&t, "spans");
		table_cell(&t, "right");
		table_cell(&t, "P");
		for (size_t i = 0; i < c->rules.n; i++) {
			const struct tally *k = &c->rules.list[i];
			table_cell(&t, "%.*s", (int)k->name.n, k->name.p);
			table_number(&t, k->system);
			table_number(&t, k->exact);
			table_share(&t, tally_precision(k));
		}
		table_print(&t);
	}
	struct table bands = {.columns = 4};
	bool any = false;
	for (size_t i = 0; i < SCORE_BANDS; i++) {
		if (!c->bands[i].system)
			continue;
		if (!any) {
			command_out("\n");
			table_cell(&bands, "score");
			table_cell(&bands, "spans");
			table_cell(&bands, "right");
			table_cell(&bands, "P");
		}
		any = true;
		table_cell(&bands, "%u.%u", (unsigned)i / 10, (unsigned)i % 10);
		table_number(&bands, c->bands[i].system);
		table_number(&bands, c->bands[i].exact);
		table_share(&bands, band_precision(c, i));
	}
	if (any)
		table_print(&bands);
}

static void print_pair(const struct compared_pair *p)
{
	const struct compared_span *s = p->gold ? p->gold : p->system;
	command_out("%.*s:%u-%u: %s %.*s %.*s", (int)p->article->name.n, p->article->name.p, s->start, s->end, difference_name(p->difference),
	            (int)s->label.n, s->label.p, (int)s->text.n, s->text.p);
	if (p->gold && p->system && p->difference != SAME)
		command_out(", system: %.*s %.*s", (int)p->system->label.n, p->system->label.p, (int)p->system->text.n, p->system->text.p);
	if (p->system && p->system->rule.n)
		command_out(" (%.*s)", (int)p->system->rule.n, p->system->rule.p);
	command_out("\n");
}

static void put_share(struct node *map, const char *key, unsigned share)
{
	struct buf text = {0};
	buf_addf(&text, "%u.%04u", share / 10000u, share % 10000u);
	node_put(map, str_of(key), node_plain(buf_str(&text)));
	buf_free(&text);
}

static void tally_json(const struct tally *k, const char *kind)
{
	struct node *map = node_map();
	node_put_text(map, str_of(kind), k->name);
	node_put(map, S("gold"), node_number(k->gold));
	node_put(map, S("system"), node_number(k->system));
	node_put(map, S("exact"), node_number(k->exact));
	put_share(map, "precision", tally_precision(k));
	put_share(map, "recall", tally_recall(k));
	put_share(map, "f1", tally_f1(k));
	put_share(map, "overlap_precision", tally_overlap_precision(k));
	put_share(map, "overlap_recall", tally_overlap_recall(k));
	/* "label" is taken: by the name of the label. */
	for (enum difference d = MISSED; d < DIFFERENCES; d++)
		node_put(map, d == LABEL ? S("other_label") : str_of(difference_name(d)), node_number(k->errors[d]));
	command_out_node(map);
}

static void pair_json(const struct compared_pair *p)
{
	struct node *map = node_map();
	const struct compared_span *ends[] = {p->gold, p->system};
	static const char *const keys[] = {"gold", "system"};
	node_put_text(map, S("difference"), str_of(difference_name(p->difference)));
	node_put_text(map, S("article"), p->article->name);
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		if (!ends[i])
			continue;
		struct node *span = node_map();
		node_put(span, S("start"), node_number(ends[i]->start));
		node_put(span, S("end"), node_number(ends[i]->end));
		node_put_text(span, S("label"), ends[i]->label);
		node_put_text(span, S("text"), ends[i]->text);
		if (ends[i]->rule.n)
			node_put_text(span, S("rule"), ends[i]->rule);
		node_put(map, str_of(keys[i]), span);
	}
	command_out_node(map);
}

static void print_comparison(const struct command_line *l, const struct comparison *c)
{
	const char *show = command_option(l, "--show");
	if (show) {
		for (size_t i = 0; i < c->n; i++)
			if (strcmp(difference_name(c->pairs[i].difference), show) == 0)
				(command_json(l) ? pair_json : print_pair)(&c->pairs[i]);
		return;
	}
	if (!command_json(l)) {
		print_tallies(c);
		print_rules(c);
		return;
	}
	for (size_t i = 0; i < c->labels.n; i++)
		tally_json(&c->labels.list[i], "label");
	for (size_t i = 0; i < c->rules.n; i++) {
		struct node *map = node_map();
		node_put_text(map, S("rule"), c->rules.list[i].name);
		node_put(map, S("system"), node_number(c->rules.list[i].system));
		node_put(map, S("exact"), node_number(c->rules.list[i].exact));
		command_out_node(map);
	}
	for (size_t i = 0; i < SCORE_BANDS; i++) {
		if (!c->bands[i].system)
			continue;
		struct node *map = node_map();
		put_share(map, "score", (unsigned)i * 1000u);
		node_put(map, S("system"), node_number(c->bands[i].system));
		node_put(map, S("exact"), node_number(c->bands[i].exact));
		put_share(map, "precision", band_precision(c, i));
		command_out_node(map);
	}
	tally_json(&c->all, "label");
}

static void warn_of_undecided(const struct reading *r, const char *option)
{
	if (r->undecided)
		command_warn("spans of %s that are undecided: %llu; they count as if they were not there", option,
		             (unsigned long long)r->undecided);
}

static void warn_of_articles(const struct comparison *c)
{
	if (c->missing)
		command_warn("articles that --system does not have: %zu; all their spans count as missed", c->missing);
	if (c->unscored)
		command_warn("articles that --gold does not have: %zu; they are left out", c->unscored);
}

static int run(const struct command_line *l)
{
	const char *gold = command_option(l, "--gold"), *system = command_option(l, "--system"), *label = command_option(l, "--label");
	struct compared_source g = {.label = str_of(label)}, s = {.label = str_of(label)};
	struct reading read_gold = {&g, COMPARED_GOLD, 0}, read_system = {&s, COMPARED_SYSTEM, 0};
	struct error err = {0};
	struct comparison c;
	bool fine = (gold && system) || error_set(&err, ERROR_USAGE, NULL, "say what to compare: --gold G --system S");
	fine = fine && add_source(&read_gold, gold, &err) && add_source(&read_system, system, &err);
	if (fine) {
		compared_sort(&g);
		compared_sort(&s);
		compare(&g, &s, &c);
		warn_of_articles(&c);
		warn_of_undecided(&read_gold, "--gold");
		warn_of_undecided(&read_system, "--system");
		if (label && !c.all.gold && !c.all.system)
			command_warn("no span has the label %s", label);
		print_comparison(l, &c);
		comparison_free(&c);
	} else {
		command_error(l, &err);
	}
	compared_free(&g);
	compared_free(&s);
	return fine ? EXIT_DONE : EXIT_FAILED;
}

static const struct option options[] = {
	{"--gold", "G", NULL, "what is right: a folder, FOLDER@ANNOTATOR, a .jsonl or .json file, or - for standard input"},
	{"--system", "S", NULL, "what is scored, of the same kinds: of FOLDER@ANNOTATOR what they decided, else proposals as they were made"},
	{"--label", "LABEL", NULL, "this label alone"},
	{"--show", "KIND", "same missed wrong boundary label", "list the spans behind a figure"},
	{NULL, NULL, NULL, NULL},
};

const struct command score_command = {
	.name = "score",
	.arguments = "--gold G --system S",
	.summary = "precision, recall and F1 of one source of spans against another",
	.description = "Exact and overlapping agreement by label, and how many proposals of each rule and of each tenth of score (0.9: 0.90 to 0.99) were right; "
	               "boundary errors (same label, another extent) and label errors (same extent, another label) apart. --show lists the spans of one kind. "
	               "Articles that G does not have, or in which it has decided nothing, are left out; of those that S does not have all is missed. "
	               "Two annotators are compared with --gold DIR@ONE --system DIR@OTHER; F1 is the same the other way round.",
	.options = options,
	.least = 0,
	.most = 0,
	.run = run,
};
