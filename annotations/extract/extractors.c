/* extractors.c: see extractors.h. */
#include "annotations/extract/extractors.h"

struct extractors {
	const struct user_config *user;
	int64_t limit_ms;
	struct process_watch watch;
	struct answer_reports reports;
	struct external **all; /* made so far */
	size_t n_all;
	struct external **use; /* chosen, in the order of asking; borrowed from `all` */
	size_t n_use;
	bool builtin;
	/* the article at hand */
	struct article *article;
	char *id, *language;
	const char *path;
	const struct schema *schema;
	struct answers *into;
	size_t next; /* of `use` */
	bool begun;  /* that one was asked */
	bool well;
};

struct extractors *extractors_new(const struct user_config *user, int64_t limit_ms, const struct process_watch *watch,
                                  const struct answer_reports *reports)
{
	struct extractors *x = mem_alloc(sizeof(*x));
	*x = (struct extractors){.user = user, .limit_ms = limit_ms, .watch = *watch, .reports = *reports, .builtin = true};
	return x;
}

void extractors_free(struct extractors *x)
{
	if (!x)
		return;
	extractors_stop(x);
	for (size_t i = 0; i < x->n_all; i++)
		external_free(x->all[i]);
	mem_free(x->all);
	mem_free(x->use);
	mem_free(x);
}

/* ---- choosing ------------------------------------------------------------------------------------------------- */

static struct external *find_or_make(struct extractors *x, struct str name)
{
	struct node *commands_of = x->user->extractors;
	for (size_t i = 0; i < x->n_all; i++)
		if (str_eq(str_of(external_name(x->all[i])), name))
			return x->all[i];
	for (size_t i = 0; commands_of && i < commands_of->n; i++) {
		if (!str_eq(commands_of->keys[i], name))
			continue;
		struct process_watch watch = x->watch;
		watch.ctx = &commands_of->keys[i];
		x->all = mem_grow(x->all, x->n_all + 1, sizeof(*x->all));
		return x->all[x->n_all++] = external_new(name, commands_of->items[i], x->limit_ms, &watch);
	}
	return NULL;
}

static bool is_used(const struct extractors *x, const struct external *e)
{
	for (size_t i = 0; i < x->n_use; i++)
		if (x->use[i] == e)
			return true;
	return false;
}

static bool use(struct extractors *x, const char *name, struct error *err)
{
	if (str_eq(str_of(name), S(EXTRACTOR_NAME))) {
		x->builtin = true;
		return true;
	}
	struct external *e = find_or_make(x, str_of(name));
	if (!e)
		return error_set(err, ERROR_MISSING, x->user->path[0] ? x->user->path : "config.yaml",
		                 "there is no extractor %s, which zhupi.yaml or --with names; say here which program it is: `extractors: {%s: [program, argument]}`", name, name);
	if (is_used(x, e))
		return true;
	x->use = mem_grow(x->use, x->n_use + 1, sizeof(*x->use));
	x->use[x->n_use++] = e;
	return external_start(e, err);
}

bool extractors_choose(struct extractors *x, const char *const *names, size_t n, struct error *err)
{
	x->n_use = 0;
	x->builtin = n == 0;
	for (size_t i = 0; i < n; i++)
		if (!use(x, names[i], err))
			return false;
	return true;
}

bool extractors_builtin(const struct extractors *x)
{
	return x->builtin;
}

bool extractors_external(const struct extractors *x)
{
	return x->n_use > 0;
}

/* ---- asking --------------------------------------------------------------------------------------------------- */

void extractors_begin(struct extractors *x, struct article *a, struct str id, struct str language, const char *path, const struct schema *schema,
                      struct answers *into)
{
	extractors_stop(x);
	x->article = a;
	x->id = str_dup(id);
	x->language = str_dup(language.n ? language : article_has_han(a) ? S("zh") : S("und"));
	x->path = path;
	x->schema = schema;
	x->into = into;
	x->next = 0;
	x->well = true;
}

static bool was_stopped(const struct extractors *x)
{
	return x->watch.stop && x->watch.stop();
}

static void take(struct extractors *x, const struct external *e, struct node *answer, struct error *err)
{
	if (answer)
		x->well = answers_add(x->into, answer, external_name(e), x->article, x->path, x->schema, &x->reports) && x->well;
	else
		x->well = false;
	node_free(answer);
	if (err->code != ERROR_NONE)
		x->reports.tell(x->reports.ctx, err);
}

bool extractors_step(struct extractors *x, int64_t wait_ms, bool *well)
{
	if (x->next < x->n_use && !was_stopped(x)) {
		struct external *e = x->use[x->next];
		struct node *answer = NULL;
		struct error err = {0};
		if (!x->begun)
			external_begin(e, str_of(x->id), article_text(x->article), str_of(x->language));
		x->begun = true;
		if (!external_step(e, wait_ms, x->path, &answer, &err))
			return false;
		x->begun = false;
		x->next++;
		take(x, e, answer, &err);
	}
	if (x->next < x->n_use && !was_stopped(x))
		return false;
	*well = x->well && !was_stopped(x);
	extractors_stop(x);
	return true;
}

void extractors_stop(struct extractors *x)
{
	if (x->begun)
		external_stop(x->use[x->next]);
	x->begun = false;
	mem_free(x->id);
	mem_free(x->language);
	x->id = x->language = NULL;
	x->article = NULL;
}
