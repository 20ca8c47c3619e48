/* app_extract.c: extraction while a person goes on working; see screen.h. */
#include "annotations/extract/extract_article.h"
#include "annotations/extract/proposal.h"
#include "model/io.h"
#include "tui/app.h"

#define RENEW_MS 300 /* the screen on top is told of news no more often */

struct waiting {
	char *file;
	bool unless_done;
};

struct extracting {
	struct pack *pack;           /* NULL until it is needed */
	struct extractor *extractor;
	struct extraction found;
	struct learned *learned;     /* as it was when the first of those that wait was asked for; NULL: nothing */
	struct waiting *files;       /* in the order asked for */
	size_t n, cap, next;
	size_t failed, left_done;
	struct proposal_counts counts;
	int64_t told_ms;
};

static struct extracting *needed(struct app *a, struct error *err)
{
	if (!a->extracting)
		a->extracting = mem_alloc(sizeof(*a->extracting));
	struct extracting *e = a->extracting;
	if (!e->pack && pack_load(NULL, &e->pack, err))
		e->extractor = extractor_new(e->pack);
	return e->pack ? e : NULL;
}

static void forget_files(struct extracting *e)
{
	for (size_t i = 0; i < e->n; i++)
		mem_free(e->files[i].file);
	e->n = e->next = e->failed = e->left_done = 0;
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

void app_extract(struct app *a, struct str file, bool unless_done)
{
	struct error err = {0};
	struct extracting *e = needed(a, &err);
	if (!e || (e->n == 0 && !learn(a, e, &err))) {
		app_error(a, &err);
		return;
	}
	if (e->n == e->cap) {
		e->cap = e->cap ? e->cap * 2 : 16;
		e->files = mem_grow(e->files, e->cap, sizeof(*e->files));
	}
	e->files[e->n++] = (struct waiting){str_dup(file), unless_done};
}

/* ---- one article ---------------------------------------------------------------------------------------------- */

static bool propose(struct app *a, struct doc *d, struct error *err)
{
	struct extracting *e = a->extracting;
	struct proposal_options options = {.pack = e->pack};
	struct group *g = group_new(corpus_annotator(a->corpus));
	(void)extract_article(e->extractor, d->article, d->set, corpus_zone_rules(a->corpus), e->learned, NULL, &e->found);
	if (!proposal_add(&options, &e->found, d, g, &e->counts, err)) {
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

static bool extract_one(struct app *a, const struct waiting *w, struct error *err)
{
	struct str file = str_of(w->file);
	struct doc *d = session_doc(a->session, file, err);
	if (!d)
		return false;
	bool fine = true, skipped = w->unless_done && set_status(d->set) == STATUS_DONE;
	if (doc_read_only(d))
		fine = error_set(err, ERROR_SCHEMA, w->file, "its sidecar cannot be used: `zhupi check` says why");
	else if (!skipped)
		fine = propose(a, d, err);
	a->extracting->left_done += skipped;
	size_t entry = corpus_find(a->corpus, file);
	if (entry != NOWHERE)
		corpus_note(a->corpus, entry, d->set);
	if (!refresh_shown(a, file))
		session_drop(a->session, d);
	return fine;
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
		buf_addf(&text, "; %zu not extracted: `zhupi extract` says why", e->failed);
	app_say(a, "%s", text.p);
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

void app_extract_progress(const struct app *a, struct buf *out)
{
	const struct extracting *e = a->extracting;
	if (e && e->n)
		buf_addf(out, "extracting %zu/%zu", e->next, e->n);
}

bool app_extract_work(struct app *a, int64_t until_ms)
{
	struct extracting *e = a->extracting;
	if (!e || e->n == 0)
		return true;
	do {
		struct error err = {0};
		bool fine = extract_one(a, &e->files[e->next++], &err);
		e->failed += !fine;
		/* Of one article alone the reason has room. */
		if (!fine && e->n == 1) {
			app_error(a, &err);
			forget_files(e);
			return true;
		}
		error_clear(&err);
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
	mem_free(e->files);
	learned_free(e->learned);
	extraction_free(&e->found);
	extractor_free(e->extractor);
	pack_free(e->pack);
	mem_free(e);
}
