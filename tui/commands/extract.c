/* extract: proposes spans, relations and fields: into sidecars, as JSONL, or as text with reasons. */
#include "tui/commands/extract_with.h"

#include <string.h>

#include "annotations/extract/extract_article.h"
#include "annotations/formats/lines.h"
#include "annotations/extract/proposal_json.h"
#include "annotations/json.h"
#include "annotations/zone_words.h"
#include "tui/commands/articles.h"

#define TOGETHER 32 /* articles whose proposals are one group in the journal, and one wait for the disk */

struct extract_run {
	const struct command_line *line;
	struct pack *pack;
	struct extractor *extractor;
	struct extraction found;
	struct zone_rules words;
	struct learned *learned;  /* of that corpus; NULL: nothing */
	struct proposal_options options;
	struct session *session;  /* of the corpus that is being worked on; NULL where nothing is written */
	struct group *group;      /* what waits to be written, of these articles */
	struct doc *open[TOGETHER];
	size_t n_open;
	struct proposal_counts counts;
	struct extract_with with;
	struct answers answers;      /* of external extractors, for the article at hand */
	const struct schema *schema; /* of the corpus at hand */
	struct str language;         /* of the corpus at hand, or empty */
	bool answered_well;          /* every extractor did, for the article at hand */
	struct buf object;           /* of JSONL, scratch */
	struct strmap met;           /* files that were worked on, where there are several operands */
	uint64_t articles, changed;
	bool dry, explain, jsonl;
	bool waits;                  /* something is in the journal that no sidecar would take */
	int status;
};

static bool label_is_wanted(void *ctx, struct str label)
{
	struct str list = str_of(command_option(((struct extract_run *)ctx)->line, "--label"));
	while (list.n) {
		size_t comma = str_byte(list, ',', 0);
		if (str_eq(str_sub(list, 0, comma == NOWHERE ? list.n : comma), label))
			return true;
		list = comma == NOWHERE ? STR_NONE : str_sub(list, comma + 1, list.n);
	}
	return false;
}

/* ---- answers ------------------------------------------------------------------------------------------------ */

static void explain_lost(const struct extract_run *r, struct article *a, const char *path, const struct lost *l)
{
	const struct class *classes = r->pack->classes;
	size_t line, column;
	article_line_column(a, l->off, &line, &column);
	struct str text = str_sub(article_text(a), l->off, l->end), won = str_sub(article_text(a), l->winner_off, l->winner_end);
	struct str label = classes[l->class].name, winner = classes[l->winner].name, rule = rule_name(r->pack, l->rule);
	command_out("%s:%zu:%zu:   lost: %.*s %.*s (%.*s) against %.*s %.*s\n", path, line, column, (int)label.n, label.p, (int)text.n, text.p,
	            (int)rule.n, rule.p, (int)winner.n, winner.p, (int)won.n, won.p);
}

/* By and score, as another extractor that found the same span changes them. */
static struct node *joint_source(const struct extract_run *r, struct article *a, const struct found *f)
{
	struct node *source = node_map();
	struct buf score = {0};
	buf_addf(&score, "%u.%02u", f->score / 1000u, f->score % 1000u / 10u);
	node_put_text(source, S("by"), S(EXTRACTOR_NAME));
	node_put_text(source, S("score"), buf_str(&score));
	answers_agree(r->options.seen_ctx, article_cp(a, f->off), article_cp(a, f->end), r->pack->classes[f->class].name, source);
	buf_free(&score);
	return source;
}

/* .93 of 0.93, as on the screens. */
static struct str short_score(struct str score)
{
	return str_starts(score, S("0.")) ? str_sub(score, 1, score.n) : score;
}

/* Those that the built-in extractor did not find too. */
static uint64_t print_answers(const struct extract_run *r, struct article *a, const char *path, bool print)
{
	uint64_t n = 0;
	for (size_t i = 0; i < r->answers.n_spans; i++) {
		const struct answer_span *s = &r->answers.spans[i];
		if (s->taken || (r->options.wanted && !label_is_wanted(r->options.ctx, str_of(s->label))))
			continue;
		n++;
		if (!print)
			continue;
		size_t line, column, off = article_off(a, s->start);
		struct str text = str_sub(article_text(a), off, article_off(a, s->end));
		article_line_column(a, off, &line, &column);
		command_out("%s:%zu:%zu: %s ", path, line, column, s->label);
		if (s->score != SCORE_NONE)
			command_out("%s.%02u ", s->score == 1000 ? "1" : "", s->score % 1000u / 10u);
		command_out("%.*s (%s)\n", (int)text.n, text.p, s->by);
	}
	return n;
}

static void print_spans(const struct extract_run *r, struct article *a, const char *path)
{
	for (size_t i = 0; i < r->found.n; i++) {
		const struct found *f = &r->found.spans[i];
		struct str label = r->pack->classes[f->class].name, rule = rule_name(r->pack, f->rule), why = rule_why(r->pack, f->rule);
		struct str text = str_sub(article_text(a), f->off, f->end);
		size_t line, column;
		if (r->options.wanted && !label_is_wanted(r->options.ctx, label))
			continue;
		article_line_column(a, f->off, &line, &column);
		struct node *source = joint_source(r, a, f);
		struct str by = node_get_text(source, S("by")), score = short_score(node_get_text(source, S("score")));
		bool joint = !str_eq(by, S(EXTRACTOR_NAME));
		command_out("%s:%zu:%zu: %.*s %.*s %.*s", path, line, column, (int)label.n, label.p, (int)score.n, score.p, (int)text.n, text.p);
		if (f->value)
			command_out(" = %s", f->value);
		command_out(" (%.*s%s%.*s", joint ? (int)by.n : 0, by.p, joint ? ": " : "", (int)rule.n, rule.p);
		command_out("%s%.*s)\n", r->explain && why.n ? ": " : "", r->explain ? (int)why.n : 0, why.p);
		node_free(source);
	}
	for (size_t i = 0; r->explain && i < r->found.n_lost; i++)
		explain_lost(r, a, path, &r->found.lost[i]);
	for (size_t i = 0; r->explain && i < r->found.n_fields; i++)
		command_out("%s: field %s: %s\n", path, r->found.fields[i].name, r->found.fields[i].value);
	for (size_t i = 0; r->explain && i < r->found.n_relations; i++) {
		const struct fact_relation *k = &r->found.relations[i];
		struct str from = str_sub(article_text(a), r->found.spans[k->from].off, r->found.spans[k->from].end);
		struct str to = str_sub(article_text(a), r->found.spans[k->to].off, r->found.spans[k->to].end);
		command_out("%s: relation %s: %.*s, %.*s\n", path, k->type, (int)from.n, from.p, (int)to.n, to.p);
	}
}

static void print_object(struct extract_run *r, struct article *a, const char *key, struct str name)
{
	buf_clear(&r->object);
	proposal_write_json(&r->object, &r->options, &r->found, &r->answers, a, key, name);
	buf_addc(&r->object, '\n');
	command_out_raw(buf_str(&r->object));
}

static void warn_of_slow_rules(const struct extract_run *r, const char *path)
{
	struct str name = rule_name(r->pack, r->found.slow_rule);
	command_warn("%s: the rule %.*s takes too long here and was left out of the rest; make it simpler, for example a+ for (a+)+", path, (int)name.n, name.p);
	if (r->found.slow_rules > 1)
		command_warn("%s: so were %zu more rules", path, r->found.slow_rules - 1);
}

/* ---- one article -------------------------------------------------------------------------------------------- */

static bool find_builtin(struct extract_run *r, struct article *a, struct set *judged)
{
	bool fine = extract_article(r->extractor, a, judged, &r->words, r->learned, command_interrupted, &r->found);
	if (fine && r->found.slow_rules)
		warn_of_slow_rules(r, article_path(a));
	return fine;
}

/* path: for messages, and where the article has none of its own. */
static bool find_in(struct extract_run *r, struct article *a, struct set *judged, struct str id, const char *path)
{
	answers_free(&r->answers);
	r->answered_well = true;
	if (extractors_builtin(r->with.extractors) && !find_builtin(r, a, judged))
		return false;
	if (extractors_external(r->with.extractors))
		r->answered_well = extract_with_ask(&r->with, a, id, r->language, path, r->schema, &r->answers);
	return !command_interrupted();
}

/* Writes what waits, and lets go of the articles. */
static bool write_waiting(struct extract_run *r, struct error *err)
{
	bool fine = true;
	if (r->group) {
		fine = session_commit(r->session, r->group, err);
		r->group = NULL;
		if (fine && !session_save_all(r->session, err)) {
			r->waits = true;
			fine = false;
		}
		session_forget(r->session);
	}
	for (size_t i = 0; i < r->n_open; i++)
		session_drop(r->session, r->open[i]);
	r->n_open = 0;
	return fine;
}

static bool propose_into(struct extract_run *r, struct doc *d, struct error *err)
{
	struct group *g = group_new(corpus_annotator(d->corpus));
	bool fine = proposal_add(&r->options, &r->found, d, g, &r->counts, err) &&
	            answers_propose(&r->answers, &r->options, d, g, &r->counts, err);
	if (fine && !group_empty(g)) {
		r->changed++;
		if (!r->group)
			r->group = group_new(corpus_annotator(d->corpus));
		group_move(r->group, g);
	}
	group_free(g);
	return fine;
}

static bool visit_into_sidecar(struct extract_run *r, struct str file, struct error *err)
{
	struct doc *d = session_doc(r->session, file, err);
	bool fine = d != NULL;
	if (!fine)
		return false;
	if (doc_read_only(d)) {
		command_error(r->line, &d->trouble);
		fine = false;
	}
	if (fine && find_in(r, d->article, d->set, file, article_path(d->article)))
		fine = propose_into(r, d, err) && r->answered_well;
	r->open[r->n_open++] = d;
	/* What a slow program has found is not kept waiting for others. */
	bool waits = r->n_open < TOGETHER && !extractors_external(r->with.extractors);
	return (waits || write_waiting(r, err)) && fine;
}

static bool visit(void *ctx, struct corpus *c, struct session *s, struct str file, const char *path)
{
	struct extract_run *r = ctx;
	struct error err = {0};
	bool fine;
	(void)c, (void)s;
	if (r->session) {
		fine = visit_into_sidecar(r, file, &err);
	} else {
		char *sidecar = corpus_sidecar_path(c, file), *encoding = sidecar_encoding(sidecar);
		struct article *a = NULL;
		fine = article_open(path, encoding, &a, &err);
		if (fine && find_in(r, a, NULL, file, path)) {
			if (r->jsonl)
				print_object(r, a, "file", file);
			else
				print_spans(r, a, path);
			r->counts.spans += r->found.n + print_answers(r, a, path, !r->jsonl);
			r->counts.relations += r->found.n_relations + r->answers.n_relations;
			r->counts.fields += r->found.n_fields + r->answers.n_fields;
		}
		if (fine) {
			article_free(a);
			fine = r->answered_well;
		}
		mem_free(sidecar);
		mem_free(encoding);
	}
	r->articles++;
	if (err.code != ERROR_NONE)
		command_error(r->line, &err);
	return fine;
}

static bool close_session(struct extract_run *r)
{
	struct error err = {0};
	if (!r->session)
		return true;
	bool fine = write_waiting(r, &err);
	fine = session_close(r->session, fine ? &err : NULL) && fine;
	session_free(r->session);
	r->session = NULL;
	if (!fine)
		command_error(r->line, &err);
	return fine;
}

/* What was found before must not stay where the built-in extractor is not asked. */
static bool choose_for(struct extract_run *r, const struct corpus_config *corpus, struct error *err)
{
	extraction_free(&r->found);
	return extract_with_choose(&r->with, corpus, err);
}

/* What was learned in that corpus, counted anew where that is asked for. */
static bool learn(struct extract_run *r, struct corpus *c, bool writes, struct error *err)
{
	bool count = command_option(r->line, "--learn") != NULL;
	bool use = !corpus_settings(c)->no_learning && !command_option(r->line, "--no-learned");
	if (!count && !use)
		return true;
	char *path = learned_path(c);
	bool fine = learned_read(path, &r->learned, err);
	if (fine && count)
		fine = learned_count(r->learned, c, command_interrupted, err) && (!writes || learned_write(r->learned, path, err));
	mem_free(path);
	if (fine && use && !learned_is_empty(r->learned)) {
		learned_prepare(r->learned, r->pack);
		return true;
	}
	learned_free(r->learned);
	r->learned = NULL;
	return fine;
}

/* A label that the schema does not have would find nothing in silence. */
static bool labels_are_known(const struct extract_run *r, const struct schema *schema, struct error *err)
{
	const char *labels = command_option(r->line, "--label");
	struct str list = str_of(labels);
	while (labels && list.n) {
		size_t comma = str_byte(list, ',', 0);
		struct str name = str_sub(list, 0, comma);
		if (schema_label(schema, name) == NOWHERE)
			return error_set(err, ERROR_USAGE, NULL, "--label: the schema %.*s has no label %.*s", (int)schema->name.n,
			                 schema->name.p, (int)name.n, name.p);
		list = comma == NOWHERE ? STR_NONE : str_sub(list, comma + 1, list.n);
	}
	return true;
}

/* One operand, one corpus, one session. */
static int run_operand(struct extract_run *r, const char *operand)
{
	struct error err = {0};
	struct corpus *c = NULL;
	int status = EXIT_DONE;
	bool writes = !r->dry && !r->explain && !r->jsonl;
	char *named = command_article_of(operand);
	if (!command_corpus(named, &c, NULL, &err) || !labels_are_known(r, corpus_schema(c), &err) || !learn(r, c, writes, &err) ||
	    !choose_for(r, corpus_settings(c), &err) ||
	    (writes && !command_session(c, &r->session, &err))) {
		command_error(r->line, &err);
		status = EXIT_FAILED;
	}
	if (c) {
		r->schema = corpus_schema(c);
		r->language = str_of(corpus_settings(c)->language);
	}
	size_t n = status == EXIT_DONE ? corpus_count(c) : 0;
	bool several = command_operands(r->line) > 1;
	if (status == EXIT_DONE && n == 0)
		command_warn_empty(c, operand);
	for (size_t i = 0; i < n && !command_interrupted(); i++) {
		struct str file = corpus_entry(c, i)->file;
		char *path = corpus_article_path(c, file);
		bool again = several && command_met(&r->met, path);
		if (!again && !visit(r, c, NULL, file, path))
			status = EXIT_FINDINGS;
		mem_free(path);
		command_progress("extracting", i + 1, n);
	}
	if (!close_session(r) && status == EXIT_DONE)
		status = EXIT_FINDINGS;
	learned_free(r->learned);
	r->learned = NULL;
	if (c)
		corpus_free(c);
	mem_free(named);
	return command_interrupted() ? EXIT_INTERRUPTED : status;
}

/* ---- a stream ----------------------------------------------------------------------------------------------- */

static bool stream_line(struct extract_run *r, struct str line, const char *name, size_t number)
{
	struct error err = {0};
	struct node *object = NULL;
	if (!json_read(line, name, number, &object, &err)) {
		command_error(r->line, &err);
		return false;
	}
	struct str text = node_get_text(object, S("text"));
	bool has_file = node_get_text(object, S("file")).n > 0, fine = node_get(object, S("text")) != NULL;
	if (fine) {
		struct article *a = article_of(text);
		struct str id = node_get_text(object, has_file ? S("file") : S("id"));
		struct buf place = {0};
		buf_addf(&place, "%s:%zu", name, number);
		r->language = node_get_text(object, S("language"));
		fine = find_in(r, a, NULL, id.n ? id : buf_str(&place), place.p);
		if (fine)
			print_object(r, a, has_file ? "file" : "id", id);
		fine = fine && r->answered_well;
		buf_free(&place);
		article_free(a);
	} else {
		error_at(&err, ERROR_SCHEMA, name, number, 1, "an object needs a text to extract from");
		command_error(r->line, &err);
	}
	node_free(object);
	return fine;
}

static bool stop_waiting(void *ctx)
{
	(void)ctx;
	return command_interrupted();
}

static int run_stream(struct extract_run *r)
{
	struct error err = {0};
	struct str line;
	bool fatal = false;
	int status = EXIT_DONE;
	struct corpus_config defaults = {0};
	struct lines *in = NULL;
	if (!corpus_config_read(NULL, &defaults, &err) || !labels_are_known(r, defaults.schema, &err) ||
	    !choose_for(r, NULL, &err) || !(in = lines_open("-", stop_waiting, NULL, &err))) {
		command_error(r->line, &err);
		corpus_config_free(&defaults);
		return EXIT_FAILED;
	}
	r->schema = defaults.schema;
	for (enum line_result got; !command_interrupted() && (got = lines_next(in, &line, &fatal, &err)) != LINE_END;) {
		if (got == LINE_INTERRUPTED)
			break;
		if (got == LINE_FAILED) {
			command_error(r->line, &err);
			status = EXIT_FINDINGS;
			if (fatal)
				break;
		} else if (str_trim(line).n && !stream_line(r, line, lines_name(in), lines_number(in))) {
			status = EXIT_FINDINGS;
		}
		/* A reader at the other end of a pipe waits for each answer. */
		if (!command_flush(&err)) {
			command_error(r->line, &err);
			status = EXIT_FAILED;
			break;
		}
	}
	lines_close(in);
	corpus_config_free(&defaults);
	return command_interrupted() ? EXIT_INTERRUPTED : status;
}

/* ---- the command -------------------------------------------------------------------------------------------- */

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void print_counts(const struct extract_run *r)
{
	if (command_json(r->line)) {
		struct node *map = node_map();
		node_put(map, S("articles"), node_number(r->articles));
		node_put(map, S("changed"), node_number(r->changed));
		node_put(map, S("spans"), node_number(r->counts.spans));
		node_put(map, S("relations"), node_number(r->counts.relations));
		node_put(map, S("fields"), node_number(r->counts.fields));
		node_put(map, S("there"), node_number(r->counts.there));
		command_out_node(map);
		return;
	}
	command_out("%llu article%s: %llu span%s, %llu relation%s, %llu field%s %s", (unsigned long long)r->articles,
	            plural(r->articles), (unsigned long long)r->counts.spans, plural(r->counts.spans),
	            (unsigned long long)r->counts.relations, plural(r->counts.relations), (unsigned long long)r->counts.fields,
	            plural(r->counts.fields), r->dry ? "found" : "proposed");
	if (r->counts.there)
		command_out("; %llu %s there already", (unsigned long long)r->counts.there, r->counts.there == 1 ? "was" : "were");
	if (r->waits)
		command_out("; what could not be written is kept in the journal");
	command_out("\n");
}

static int run_operands(struct extract_run *r)
{
	int worst = EXIT_DONE;
	for (size_t i = 0; i < command_operands(r->line) && worst != EXIT_INTERRUPTED; i++) {
		const char *operand = command_operand(r->line, i);
		int status = strcmp(operand, "-") == 0 ? run_stream(r) : run_operand(r, operand);
		worst = status > worst ? status : worst;
	}
	if (!r->jsonl && !r->explain && (worst != EXIT_FAILED || r->articles))
		print_counts(r);
	return worst;
}

static int run(const struct command_line *l)
{
	const char *to = command_option(l, "--to");
	struct extract_run r = {.line = l, .dry = command_option(l, "--dry-run") != NULL, .explain = command_option(l, "--explain") != NULL};
	struct error err = {0};
	bool stream = false;
	for (size_t i = 0; i < command_operands(l); i++)
		stream = stream || strcmp(command_operand(l, i), "-") == 0;
	r.jsonl = to || stream;
	if (!extract_with_open(&r.with, l, &err) || !pack_load(command_option(l, "--pack"), &r.pack, &err) || !zone_words_load(&r.words, &err)) {
		command_error(l, &err);
		extract_with_close(&r.with);
		pack_free(r.pack);
		return EXIT_FAILED;
	}
	r.extractor = extractor_new(r.pack);
	extractor_explain(r.extractor, r.explain);
	r.options = (struct proposal_options){.pack = r.pack, .wanted = command_option(l, "--label") ? label_is_wanted : NULL, .ctx = &r,
	                                      .seen = answers_agree, .seen_ctx = &r.answers};
	int status = run_operands(&r);
	strmap_free(&r.met);
	extraction_free(&r.found);
	answers_free(&r.answers);
	buf_free(&r.object);
	extract_with_close(&r.with);
	extractor_free(r.extractor);
	zone_words_free(&r.words);
	pack_free(r.pack);
	return status;
}

static const struct option options[] = {
	{"--to", "FORMAT", "jsonl", "print what is found as one JSON object for each article; nothing is written"},
	{"--dry-run", NULL, NULL, "print what is found and how much; nothing is written"},
	{"--explain", NULL, NULL, "print each span with its rule and the reason, and what lost against it; nothing is written"},
	{"--label", "LABELS", NULL, "only these, separated by commas"},
	{"--pack", "DIR", NULL, "a folder of rule files: those named as built-in ones take their place, others are added"},
	{"--with", "NAME", NULL, "ask this extractor (" EXTRACTOR_NAME ": the built-in one); several times: all of them, agreement raises a score"},
	{"--timeout", "SECONDS", NULL, "how long another program may take for an article, 60 where nothing is said"},
	{"--learn", NULL, NULL, "first count in all sidecars of the corpus which strings were accepted and rejected, into learned.yaml"},
	{"--no-learned", NULL, NULL, "leave learned.yaml out of account"},
	{NULL, NULL, NULL, NULL},
};

const struct command extract_command = {
	.name = "extract",
	.arguments = "PATH…|-",
	.summary = "propose spans, relations and fields by rules",
	.description = "Reads the articles and adds what the rules find to their sidecars as undecided proposals. What a person judged is never touched, and "
	               "what was rejected does not come back.\n\n"
	               "With learned.yaml at the root of the corpus (--learn makes and renews it) strings accepted more often than rejected are proposed "
	               "where no rule found anything, and those rejected twice and never accepted are no longer proposed.\n\n"
	               "With - one JSON object a line is read from standard input ({\"id\" or \"file\", \"text\"}) and one a line is written, in order.\n\n"
	               "--with asks other programs, whose commands stand in your own config.yaml (extractors: {NAME: [program, argument]}); a corpus can only name "
	               "one (extractor: NAME in zhupi.yaml). What such a program does wrong is told for the article concerned, and the run goes on.",
	.options = options,
	.least = 1,
	.most = SIZE_MAX,
	.run = run,
};
