/* app_part.c: sidecars that have a second name, a hard link: saving writes a new file under the first name, and the
 * other keeps the old one.  Asked once for each file and session, before the first save.  And what is told of files that
 * parted in a crash; see app.h. */
#include <string.h>

#include "model/io.h"
#include "tui/app.h"

static bool may_part(void *ctx, const char *file)
{
	struct app *a = ctx;
	for (size_t i = 0; i < a->parting.n; i++)
		if (strcmp(a->parting.list[i].file, file) == 0)
			return a->parting.list[i].may;
	if (!a->parting.wanted)
		a->parting.wanted = mem_dup(file);
	return false;
}

static void kept(void *ctx, const char *path)
{
	app_say(ctx, "%s: what another program wrote while a session was killed; compare it with the file of that name", path);
}

void app_part_watch(struct app *a)
{
	session_watch(a->session, &(struct session_watcher){may_part, kept, a});
}

/* Takes what waited for the answer. */
static void go_on(struct app *a)
{
	struct parting *p = &a->parting;
	struct screen *after = p->after;
	enum answer answer = p->answer;
	p->after = NULL;
	p->answer = PASS;
	if (answer != PASS)
		app_answer(a, after, answer);
}

static void answered(struct screen *s, char key)
{
	struct app *a = s->app;
	struct parting *p = &a->parting;
	struct error err = {0};
	p->list = mem_grow(p->list, p->n + 1, sizeof(*p->list));
	p->list[p->n++] = (struct parted){p->wanted, key == 'w'};
	p->wanted = NULL;
	if (key != 'w')
		app_say(a, "Left in the journal, which the next session asks about again");
	else if (session_save_all(a->session, &err))
		app_say(a, "Written; the other name keeps what was in it");
	else
		app_error(a, &err);
	go_on(a);
}

/* Keys that mean something else neither answer nor dismiss it: it comes when a pause has begun. */
void app_part_ask(struct app *a)
{
	struct parting *p = &a->parting;
	struct screen *s = app_top(a);
	if (!p->wanted || !s || a->asking.label || (s->ops->editing && s->ops->editing(s)))
		return;
	char *path = corpus_sidecar_path(a->corpus, str_of(p->wanted));
	struct buf question = {0};
	buf_addf(&question, "w write, Esc later?  %s has a second name (a hard link), which will keep what is in it now",
	         io_name_of(path));
	app_insist(a, s, question.p, "w", answered);
	buf_free(&question);
	mem_free(path);
}

bool app_part_first(struct app *a, struct screen *s, enum answer answer)
{
	struct parting *p = &a->parting;
	if (!a->session || a->read_only)
		return false;
	/* What cannot be written is told when the session is closed. */
	(void)session_save_all(a->session, NULL);
	if (!p->wanted)
		return false;
	p->after = s;
	p->answer = answer;
	return true;
}

void app_part_free(struct app *a)
{
	struct parting *p = &a->parting;
	for (size_t i = 0; i < p->n; i++)
		mem_free(p->list[i].file);
	mem_free(p->list);
	mem_free(p->wanted);
	*p = (struct parting){0};
}
