/* session_save.c: sidecars written and merged; see session.h. */
#include <string.h>

#include "annotations/session_internal.h"
#include "model/sha256.h"

#define REPLACE_WAIT 20 /* milliseconds, for who replaces it to come to an end */
#define ATTEMPTS 5 /* a sidecar that changes each time between merging and installing is not fought over for ever */

/* ---- merging what is on disk -------------------------------------------------------------------------------- */

struct merging {
	struct session *s;
	struct doc *d;
};

static void on_conflict(void *ctx, enum item_kind kind, struct str id, const struct node *mine,
                        const struct node *theirs)
{
	struct merging *m = ctx;
	session_add_conflict(m->s, m->d->file, kind, id, node_copy(mine), node_copy(theirs),
	                     corpus_annotator(m->s->corpus), "changed by two people at once");
}

static void take_merged(struct doc *d, struct set *fresh, struct sidecar *sidecar, struct findings *findings)
{
	set_become(d->set, fresh);
	sidecar_free(d->sidecar);
	d->sidecar = sidecar;
	findings_free(&d->findings);
	d->findings = *findings;
	d->dirty = sidecar_has_changes(d->set);
}

/* A sidecar that was there and is not: removed, or in the middle of being replaced? */
static bool is_being_replaced(const struct doc *d, const struct sidecar *fresh)
{
	const char *path = sidecar_path(d->sidecar);
	struct stat st;
	return sidecar_hash(d->sidecar)[0] && !sidecar_hash(fresh)[0] &&
	       (io_is_aside(path) || io_get()->lstat(path, &st) == 0);
}

bool session_refresh(struct session *s, struct doc *d, bool *changed, struct error *err)
{
	if (changed)
		*changed = false;
	/* What the system could not read, or not even look for, may look the same when it can. */
	if (d->unread || (d->trouble.code != ERROR_IO && !sidecar_changed_on_disk(d->sidecar)))
		return true;
	if (d->trouble.code != ERROR_NONE) {
		/* It could not be understood; perhaps somebody has repaired it. */
		bool repaired = doc_reload(d, NULL);
		if (repaired)
			replay_doc(s, d);
		if (changed)
			*changed = repaired;
		return true;
	}
	if (s->n == 0 && !s->journal) {
		/* Nothing of its own: nothing to merge. */
		(void)replay_find(s, false);
		if (changed)
			*changed = true;
		return session_start_over(s, err);
	}
	struct set *fresh = set_new(d->article, set_schema(d->set));
	struct sidecar *sidecar = NULL;
	struct findings findings = {0};
	bool good = sidecar_load(sidecar_path(d->sidecar), io_name_of(d->file), fresh, &sidecar, &findings, err);
	if (good && is_being_replaced(d, sidecar)) {
		/* Who did not come to the end of it is helped. */
		char *folder = io_folder_of(sidecar_path(d->sidecar));
		io_recover(folder, false, &(struct io_keeper){s->watcher.kept, s->watcher.ctx});
		mem_free(folder);
		(void)io_get()->poll(NULL, 0, REPLACE_WAIT);
		good = error_set(err, ERROR_CONFLICT, sidecar_path(d->sidecar), "another program is replacing this file");
	}
	if (!good) {
		/* Ours stays as it is, here and in the journal, until the file can be read again. */
		set_free(fresh);
		sidecar_free(sidecar);
		findings_free(&findings);
		return false;
	}
	struct merging m = {s, d};
	sidecar_merge(d->set, fresh, &(struct sidecar_merger){on_conflict, &m});
	take_merged(d, fresh, sidecar, &findings);
	size_t entry = corpus_find(s->corpus, str_of(d->file));
	if (entry != NOWHERE)
		corpus_note(s->corpus, entry, d->set);
	if (changed)
		*changed = true;
	return true;
}

/* ---- saving ------------------------------------------------------------------------------------------------- */

static struct node *announcement(const struct session *s, const struct doc *d, const char *hash)
{
	struct node *line = node_map();
	node_put(line, S("n"), node_number(s->n));
	node_put_text(line, S("saving"), str_of(d->file));
	node_put_text(line, S("sha256"), str_of(hash));
	return line;
}

bool session_settled(const struct session *s, const char *file)
{
	for (size_t i = 0; i < s->n_settled; i++)
		if (strcmp(s->settled[i], file) == 0)
			return true;
	return false;
}

static void session_settle(struct session *s, const char *file)
{
	if (s->n_found == 0 || session_settled(s, file))
		return;
	s->settled = mem_grow(s->settled, s->n_settled + 1, sizeof(char *));
	s->settled[s->n_settled++] = mem_dup(file);
}

/* Whether the file may part from a second name that it has. */
static bool may_write(const struct session *s, const struct doc *d)
{
	return !s->watcher.may_part || !sidecar_has_second_name(d->sidecar) || s->watcher.may_part(s->watcher.ctx, d->file);
}

static bool install(struct session *s, struct doc *d, struct error *err)
{
	struct buf bytes = {0};
	sidecar_render(d->sidecar, d->set, &bytes);
	char *hash = sha256_of(buf_str(&bytes));
	sidecar_keep_within(d->sidecar, corpus_root(s->corpus));
	bool same = bytes.n == 0 || strcmp(hash, sidecar_hash(d->sidecar)) == 0;
	bool held = !same && !may_write(s, d);
	bool good = same || held || (session_note_conflicts(s, d->file, err) &&
	                             session_append(s, announcement(s, d, hash), err) &&
	                             sidecar_install(d->sidecar, d->set, buf_str(&bytes), err));
	if (good && !held) {
		d->dirty = false;
		session_settle(s, d->file);
	}
	mem_free(hash);
	buf_free(&bytes);
	return good;
}

static bool try_to_write(struct session *s, struct doc *d, bool *merged, struct error *err)
{
	bool changed = false;
	struct turn turn = s->has_turn ? (struct turn){-1, NULL} : session_take_turn(s);
	bool good = session_refresh(s, d, &changed, err) && install(s, d, err);
	session_end_turn(&turn);
	*merged |= changed;
	return good;
}

bool session_write_doc(struct session *s, struct doc *d, bool *merged, struct error *err)
{
	for (int i = 0; i < ATTEMPTS; i++) {
		struct error cause = {0};
		bool good = try_to_write(s, d, merged, &cause),
		     again = cause.code == ERROR_CONFLICT && i + 1 < ATTEMPTS;
		if (!good && !again)
			error_at(err, cause.code, cause.path, cause.line, cause.column, "%s", cause.message);
		error_clear(&cause);
		if (good || !again)
			return good;
	}
	return false;
}

bool session_save(struct session *s, struct doc *d, bool *merged, struct error *err)
{
	bool ignored;
	if (!merged)
		merged = &ignored;
	*merged = false;
	/* What was only recovered is written by a session that also changes something: looking leaves no trace. */
	if (!d->dirty || s->read_only || s->n == 0)
		return true;
	return session_write_doc(s, d, merged, err);
}

/* ---- many at once ------------------------------------------------------------------------------------------- */

struct pending {
	struct doc *d;
	struct buf bytes;
};

/* Renders what is to be written; false: nothing of this article, or not together with others. */
static bool prepare(struct session *s, struct doc *d, struct pending *p, struct node **line)
{
	if (!d->dirty || !session_refresh(s, d, NULL, NULL) || !d->dirty)
		return false;
	*p = (struct pending){.d = d};
	sidecar_render(d->sidecar, d->set, &p->bytes);
	char *hash = sha256_of(buf_str(&p->bytes));
	bool good = p->bytes.n && strcmp(hash, sidecar_hash(d->sidecar)) != 0 && may_write(s, d) &&
	            session_note_conflicts(s, d->file, NULL);
	if (good)
		*line = announcement(s, d, hash);
	else
		buf_free(&p->bytes);
	mem_free(hash);
	return good;
}

/* Installs what was announced; of new files each folder is synced once. */
static bool install_all(struct session *s, struct pending *list, size_t n, struct error *err)
{
	const char *last = NULL;
	bool good = true;
	for (size_t i = 0; i < n; i++) {
		struct doc *d = list[i].d;
		bool created = false;
		sidecar_keep_within(d->sidecar, corpus_root(s->corpus));
		if (!sidecar_install_of_many(d->sidecar, d->set, buf_str(&list[i].bytes), &created, NULL))
			continue;
		d->dirty = false;
		session_settle(s, d->file);
		if (!created)
			continue;
		const char *path = sidecar_path(d->sidecar);
		struct str folder = str_sub(str_of(path), 0, strlen(path) - strlen(io_name_of(path)));
		if (last && !str_eq(folder, str_sub(str_of(last), 0, strlen(last) - strlen(io_name_of(last)))))
			good &= io_sync_folder_of(last, err);
		last = path;
	}
	return (!last || io_sync_folder_of(last, err)) && good;
}

/* Writes dirty articles with one sync of the journal for all of them.  What cannot be written stays dirty. */
static bool save_together(struct session *s, bool pause, struct error *err)
{
	struct pending *list = mem_array(s->n_docs + 1, sizeof(*list));
	struct node **lines = mem_array(s->n_docs + 1, sizeof(struct node *));
	size_t n = 0;
	struct turn turn = session_take_turn(s);
	for (size_t i = 0; i < s->n_docs; i++)
		n += !(pause && s->docs[i]->rests) && prepare(s, s->docs[i], &list[n], &lines[n]);
	bool good = n == 0 || !session_append_all(s, lines, n, NULL) || install_all(s, list, n, err);
	session_end_turn(&turn);
	for (size_t i = 0; i < n; i++)
		buf_free(&list[i].bytes);
	mem_free(list);
	mem_free(lines);
	return good;
}

static bool save_all(struct session *s, bool pause, struct error *err)
{
	bool good = s->read_only || s->n == 0 || s->n_docs < 2 || save_together(s, pause, err);
	/* Those that are left one by one, which says why they cannot be written. */
	for (size_t i = 0; i < s->n_docs; i++)
		good &= (pause && s->docs[i]->rests) || session_save(s, s->docs[i], NULL, err);
	return good;
}

bool session_save_all(struct session *s, struct error *err)
{
	return save_all(s, false, err);
}

bool session_save_in_pause(struct session *s, struct error *err)
{
	return save_all(s, true, err);
}
