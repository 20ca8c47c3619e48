/* app_extract.c: extraction while a person goes on working; see screen.h. */
#include "annotations/extract/extract_article.h"
#include "annotations/extract/extractors.h"
#include "annotations/extract/proposal.h"
#include "model/io.h"
#include "tui/app.h"

enum {
	RENEW_MS = 300, /* the screen on top is told of news no more often */
	RATE_MS = 2000, /* a rate that is younger says nothing */
	REASONS = 3     /* told at the end; the others are counted */
};

struct waiting {
	char *file;
	bool unless_done;
};

struct extracting {
	struct pack *pack;           /* NULL until it is needed */
	struct extractor *extractor;
	struct extractors *chosen;   /* NULL until it is needed; programs run until the corpus is closed */
	struct extraction found;
	struct learned *learned;     /* as it was when the first of those that wait was asked for; NULL: nothing */
	struct waiting *files;       /* in the order asked for */
	size_t n, cap, next;
	struct article *asked;       /* of next, while programs are asked: a copy, as the screen that shows it may go meanwhile */
	struct answers answers;
	size_t failed, left_done;
	struct buf reasons;          /* what went wrong, the article's name before each */
	size_t n_reasons;
	struct proposal_counts counts;
	int64_t began_ms, told_ms;
};

/* ---- what is needed --------------------------------------------------------------------------------------------- */

static void add_reason(struct extracting *e, const char *file, struct error *err)
{
	if (e->n_reasons++ < REASONS)
		buf_addf(&e->reasons, "%s%s: %s", e->reasons.n ? "; " : "", file, err->message ? err->message : error_code_name(err->code));
	error_clear(err);
}

static void tell_of_answer(void *ctx, struct error *err)
{
	struct extracting *e = ctx;
	add_reason(e, e->files[e->next].file, err);
}

static struct extracting *needed(struct app *a, struct error *err)
{
	if (!a->extracting)
		a->extracting = mem_alloc(sizeof(*a->extracting));
	struct extracting *e = a->extracting;
	if (!e->pack && pack_load(NULL, &e->pack, err))
		e->extractor = extractor_new(e->pack);
	return e->pack ? e : NULL;
}

/* Those that the corpus names. */
static bool choose(struct app *a, struct extracting *e, struct error *err)
{
	struct process_watch unheard = {0};
	struct answer_reports reports = {.tell = tell_of_answer, .ctx = e};
	const struct corpus_config *settings = corpus_settings(a->corpus);
	if (!e->chosen)
		e->chosen = extractors_new(&a->config, EXTERNAL_LIMIT_MS, &unheard, &reports);
	return extractors_choose(e->chosen, (const char *const *)settings->extractors, settings->n_extractors, err);
}

static void forget_asked(struct extracting *e)
{
	if (e->asked)
		extractors_stop(e->chosen);
	article_free(e->asked);
	e->asked = NULL;
	answers_free(&e->answers);
}

static void forget_files(struct extracting *e)
{
	forget_asked(e);
	for (size_t i = 0; i < e->n; i++)
		mem_free(e->files[i].file);
	e->n = e->next = e->failed = e->left_done = e->n_reasons = 0;
	buf_clear(&e->reasons);
	e->counts = (struct proposal_counts){0};
}

static bool learn(struct app *a, struct extracting *e, struct error *err)
{
	learned_free(e->learned);
	e->learned = NULL;
	if (corpus_settings(a->corpus)->no_learning)
		return true;
	char *path = learned_path(a->corpus);
	bool fine = learned_read(path, &e->learned, err);
	mem_free(path);
	if (fine)
		learned_prepare(e->learned, e->pack);
	return fine;
}

/* With the first of those that wait. */
static bool prepare(struct app *a, struct extracting *e, struct error *err)
{
	e->began_ms = io_now_ms();
	return choose(a, e, err) && learn(a, e, err);
}

bool app_extract(struct app *a, struct str file, bool unless_done)
{
	struct error err = {0};
	struct extracting *e = needed(a, &err);
	if (!e || (e->n == 0 && !prepare(a, e, &err))) {
		app_error(a, &err);
		return false;
	}
	if (e->n == e->cap) {
		e->cap = e->cap ? e->cap * 2 : 16;
		e->files = mem_grow(e->files, e->cap, sizeof(*e->files));
	}
	e->files[e->n++] = (struct waiting){str_dup(file), unless_done};
	return true;
}

/* ---- one article ---------------------------------------------------------------------------------------------- */

static bool propose(struct app *a, struct doc *d, struct error *err)
{
	struct extracting *e = a->extracting;
	struct proposal_options options = {.pack = e->pack, .seen = answers_agree, .seen_ctx = &e->answers};
	struct group *g = group_new(corpus_annotator(a->corpus));
	bool fine = true;
	if (extractors_builtin(e->chosen)) {
		(void)extract_article(e->extractor, d->article, d->set, corpus_zone_rules(a->corpus), e->learned, NULL, &e->found);
		fine = proposal_add(&options, &e->found, d, g, &e->counts, err);
	}
	if (!fine || !answers_propose(&e->answers, &options, d, g, &e->counts, err)) {
		group_free(g);
		return false;
	}
	if (group_empty(g)) {
		group_free(g);
		return true;
	}
	return session_commit(a->session, g, err) && session_save(a->session, d, NULL, err);
}

/* The screens that show the article; answers whether there are any. */
static bool refresh_shown(struct app *a, struct str file)
{
	bool shown = false;
	for (size_t i = 0; i < a->n_levels; i++) {
		struct screen *s = &a->levels[i]->screen;
		if (!str_eq(app_level_file(a, i), file))
			continue;
		shown = true;
		if (s->ops->refresh)
			s->ops->refresh(s);
	}
	return shown;
}

static void let_go(struct app *a, struct doc *d, struct str file)
{
	size_t entry = corpus_find(a->corpus, file);
	if (entry != NOWHERE)
		corpus_note(a->corpus, entry, d->set);
	if (!refresh_shown(a, file))
		session_drop(a->session, d);
}

enum progress { ON_THE_WAY, THROUGH, FAILED };

static enum progress fail(struct extracting *e, struct error *err)
{
	if (err->code != ERROR_NONE)
		add_reason(e, e->files[e->next].file, err);
	return FAILED;
}

/* What is to be done with an article that is open; when programs are to be asked they are, first. */
static enum progress work_on(struct app *a, struct doc *d, struct error *err)
{
	struct extracting *e = a->extracting;
	const struct waiting *w = &e->files[e->next];
	if (doc_read_only(d)) {
		error_set(err, ERROR_SCHEMA, w->file, "its sidecar cannot be used: `zhupi check` says why");
		return FAILED;
	}
	if (w->unless_done && set_status(d->set) == STATUS_DONE) {
		e->left_done++;
		return THROUGH;
	}
	if (extractors_external(e->chosen) && !e->asked) {
		e->asked = article_of(article_text(d->article));
		extractors_begin(e->chosen, e->asked, str_of(w->file), str_of(corpus_settings(a->corpus)->language), w->file,
		                 corpus_schema(a->corpus), &e->answers);
		return ON_THE_WAY;
	}
	if (e->asked && !str_eq(article_text(e->asked), article_text(d->article))) {
		error_set(err, ERROR_SCHEMA, w->file, "it was changed while it was extracted");
		return FAILED;
	}
	return propose(a, d, err) ? THROUGH : FAILED;
}

static enum progress visit(struct app *a)
{
	struct extracting *e = a->extracting;
	struct str file = str_of(e->files[e->next].file);
	struct error err = {0};
	struct doc *d = session_doc(a->session, file, &err);
	if (!d)
		return fail(e, &err);
	enum progress progress = work_on(a, d, &err);
	let_go(a, d, file);
	return progress == FAILED ? fail(e, &err) : progress;
}

/* A slice; the built-in extractor takes an article in one. */
static enum progress extract_one(struct app *a, int64_t until_ms)
{
	struct extracting *e = a->extracting;
	if (!e->asked) {
		enum progress progress = visit(a);
		if (progress != ON_THE_WAY)
			return progress;
	}
	int64_t left = until_ms - io_now_ms();
	bool well;
	if (!extractors_step(e->chosen, left > 0 ? left : 0, &well))
		return ON_THE_WAY;
	enum progress progress = visit(a);
	bool nothing = !well && !extractors_builtin(e->chosen) && e->answers.asked == 0;
	forget_asked(e);
	return nothing ? FAILED : progress;
}

/* ---- all that wait -------------------------------------------------------------------------------------------- */

static void add_count(struct buf *out, uint64_t n, const char *what, const char *before)
{
	buf_addf(out, "%s%llu %s%s", before, (unsigned long long)n, what, n == 1 ? "" : "s");
}

static void say_counts(struct app *a, const char *how)
{
	const struct extracting *e = a->extracting;
	const struct proposal_counts *c = &e->counts;
	struct buf text = {0};
	/* Of one article alone the reason says it all. */
	if (e->n == 1 && e->failed) {
		app_say(a, "%s", e->reasons.p ? e->reasons.p : "");
		a->message.is_error = true;
		return;
	}
	add_count(&text, e->next - e->failed - e->left_done, "article", how);
	if (c->spans + c->relations + c->fields) {
		add_count(&text, c->spans, "span", ": ");
		add_count(&text, c->relations, "relation", ", ");
		add_count(&text, c->fields, "field", ", ");
		buf_adds(&text, " proposed");
	} else {
		buf_adds(&text, ": nothing new");
	}
	if (c->there)
		buf_addf(&text, "; %llu there already", (unsigned long long)c->there);
	if (e->left_done)
		buf_addf(&text, "; %zu done left alone", e->left_done);
	if (e->failed)
		buf_addf(&text, "; %zu not extracted", e->failed);
	if (e->n_reasons)
		buf_addf(&text, "; %s", e->reasons.p);
	if (e->n_reasons > REASONS)
		buf_addf(&text, "; and %zu more, `zhupi extract` tells all", e->n_reasons - REASONS);
	app_say(a, "%s", text.p);
	a->message.is_error = e->n_reasons > 0;
	buf_free(&text);
}

static void tell_top(struct app *a)
{
	struct screen *s = app_top(a);
	a->extracting->told_ms = io_now_ms();
	if (s && s->ops->context == IN_LIBRARY && s->ops->refresh)
		s->ops->refresh(s);
}

static void finish(struct app *a, const char *how)
{
	say_counts(a, how);
	forget_files(a->extracting);
	tell_top(a);
}

bool app_extract_cancel(struct app *a)
{
	if (!a->extracting || a->extracting->n == 0)
		return false;
	finish(a, "Stopped after ");
	return true;
}

/* From a second on they are counted by the second, slower ones by the minute. */
static void add_rate(const struct extracting *e, struct buf *out)
{
	uint64_t took = (uint64_t)(io_now_ms() - e->began_ms), second = e->next * 1000u / (took + 1), minute = e->next * 60000u / (took + 1);
	if (took < RATE_MS || e->next == 0)
		return;
	buf_addf(out, ", %llu/%s", (unsigned long long)(second ? second : minute), second ? "s" : "min");
}

void app_extract_progress(const struct app *a, struct buf *out)
{
	const struct extracting *e = a->extracting;
	if (!e || e->n == 0)
		return;
	buf_addf(out, "extracting %zu/%zu", e->next, e->n);
	add_rate(e, out);
	if (e->n_reasons)
		buf_addf(out, ", %zu wrong", e->n_reasons);
}

bool app_extract_work(struct app *a, int64_t until_ms)
{
	struct extracting *e = a->extracting;
	if (!e || e->n == 0)
		return true;
	do {
		enum progress progress = extract_one(a, until_ms);
		if (progress == ON_THE_WAY)
			continue;
		e->failed += progress == FAILED;
		e->next++;
	} while (e->next < e->n && io_now_ms() < until_ms);
	if (e->next == e->n) {
		finish(a, "Extracted ");
		return true;
	}
	if (io_now_ms() - e->told_ms >= RENEW_MS)
		tell_top(a);
	return false;
}

struct str app_rule_why(struct app *a, struct str rule)
{
	struct error err = {0};
	struct extracting *e = needed(a, &err);
	error_clear(&err);
	return e ? rule_why_of_name(e->pack, rule) : STR_NONE;
}

void app_extract_free(struct app *a)
{
	struct extracting *e = a->extracting;
	a->extracting = NULL;
	if (!e)
		return;
	forget_files(e);
	extractors_free(e->chosen);
	buf_free(&e->reasons);
	mem_free(e->files);
	learned_free(e->learned);
	extraction_free(&e->found);
	extractor_free(e->extractor);
	pack_free(e->pack);
	mem_free(e);
}
