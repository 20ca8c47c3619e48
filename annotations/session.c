/* session.c: open articles, the journal and changes; see session.h. */
#include "annotations/session.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>

#include "annotations/session_internal.h"
#include "model/sha256.h"

#define LARGE_SIDECAR ((off_t)256 << 10) /* takes longer to read than a screen to draw */

/* ---- opening and closing ------------------------------------------------------------------------------------ */

static char *folder_elsewhere(const char *root)
{
	char *real = io_real_path(root, NULL), *state = state_folder();
	char *hash = sha256_of(str_of(real ? real : root));
	struct buf name = {0};
	buf_adds(&name, "journal/");
	buf_add(&name, str_sub(str_of(hash), 0, 16));
	char *folder = io_join(state, name.p);
	buf_free(&name);
	mem_free(hash);
	mem_free(state);
	mem_free(real);
	return folder;
}

void session_folders(const struct corpus *c, char **here, char **elsewhere)
{
	*here = io_join(corpus_root(c), ".zhupi/journal");
	*elsewhere = folder_elsewhere(corpus_root(c));
}

bool session_open(struct corpus *c, bool read_only, struct session **out, struct error *err)
{
	(void)err; /* nothing that is missing or cannot be read keeps from reading the articles */
	struct session *s = mem_alloc(sizeof(*s));
	s->corpus = c;
	s->read_only = read_only;
	session_folders(c, &s->folder, &s->elsewhere);
	s->path = mem_dup("");
	(void)replay_find(s, false);
	*out = s;
	return true;
}

static bool append_closed(struct session *s, struct error *err)
{
	struct node *line = node_map();
	node_put(line, S("n"), node_number(s->n));
	node_put(line, S("closed"), node_plain(S("true")));
	return session_append(s, line, err);
}

/* Journals that broke: what stands in them was decided and is in the sidecars by now. */
static bool close_retired(struct session *s)
{
	while (s->n_retired) {
		struct journal *j = s->retired[s->n_retired - 1];
		char *path = mem_dup(journal_path(j));
		/* Through another descriptor: on its own a sync would lie. */
		int claim = io_open(path, O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0);
		struct stat st;
		bool good = claim >= 0 && io_get()->fstat(claim, &st) == 0 &&
		            journal_close_claimed(claim, path, (size_t)st.st_size, s->n);
		if (claim >= 0)
			(void)io_get()->close(claim);
		mem_free(path);
		if (!good)
			return false;
		journal_free(j);
		s->n_retired--;
	}
	return true;
}

static bool has_dirty(const struct session *s)
{
	for (size_t i = 0; i < s->n_docs; i++)
		if (s->docs[i]->dirty)
			return true;
	return false;
}

bool session_close(struct session *s, struct error *err)
{
	if (!session_save_all(s, err))
		return false;
	if (!s->journal && !s->n_retired)
		return true;
	/* What waits for a person's choice is found again by the next session, from a journal that is not closed; and one
	 * that could not be closed is found again together with this one, which says what became of it. */
	if (!replay_close(s) || session_has_conflicts(s, NULL) || has_dirty(s) || !s->journal || !close_retired(s))
		return true;
	if (!append_closed(s, err))
		return false;
	journal_free(s->journal);
	s->journal = NULL;
	return true;
}

void session_free(struct session *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n_docs; i++)
		doc_free(s->docs[i]);
	for (size_t i = 0; i < s->n_retired; i++)
		journal_free(s->retired[i]);
	journal_free(s->journal);
	made_free(&s->made);
	undo_forget(s);
	replay_free(s);
	for (size_t i = 0; i < s->n_settled; i++)
		mem_free(s->settled[i]);
	mem_free(s->settled);
	conflicts_free(s);
	mem_free(s->docs);
	mem_free(s->retired);
	mem_free(s->folder);
	mem_free(s->elsewhere);
	mem_free(s->path);
	mem_free(s);
}

struct corpus *session_corpus(const struct session *s)
{
	return s->corpus;
}

void session_watch(struct session *s, const struct session_watcher *w)
{
	s->watcher = *w;
}

uint64_t session_saved(const struct session *s)
{
	return s->n;
}

const char *session_journal(const struct session *s)
{
	return s->path;
}

bool session_journal_elsewhere(const struct session *s)
{
	return s->is_elsewhere;
}

/* ---- documents ---------------------------------------------------------------------------------------------- */

struct doc *session_open_doc(const struct session *s, struct str file)
{
	for (size_t i = 0; i < s->n_docs; i++)
		if (str_eq(str_of(s->docs[i]->file), file))
			return s->docs[i];
	return NULL;
}

static bool has_large_sidecar(const struct session *s, struct str file)
{
	struct stat st;
	char *path = corpus_sidecar_path(s->corpus, file);
	bool large = io_get()->stat(path, &st) == 0 && st.st_size > LARGE_SIDECAR;
	mem_free(path);
	return large;
}

/* File names also come from journals, which others can write. */
static bool leads_out(struct str file)
{
	for (size_t at = 0, end; at <= file.n; at = end + 1) {
		end = str_byte(file, '/', at);
		end = end == NOWHERE ? file.n : end;
		if (end == at || str_eq(str_sub(file, at, end), S("..")))
			return true;
	}
	return false;
}

static struct doc *open_doc(struct session *s, struct str file, struct error *err)
{
	struct doc *d = session_open_doc(s, file);
	if (d)
		return d;
	if (leads_out(file)) {
		char *name = str_dup(file);
		error_set(err, ERROR_USAGE, name, "this is no article inside the corpus");
		mem_free(name);
		return NULL;
	}
	if (!doc_open_text(s->corpus, file, &d, err))
		return NULL;
	if (s->n_docs == s->cap_docs) {
		s->cap_docs = s->cap_docs ? 2 * s->cap_docs : 4;
		s->docs = mem_grow(s->docs, s->cap_docs, sizeof(struct doc *));
	}
	s->docs[s->n_docs++] = d;
	return d;
}

/* The library's row of an article that is open. */
static void note_entry(struct session *s, const struct doc *d)
{
	size_t entry = corpus_find(s->corpus, str_of(d->file));
	if (entry != NOWHERE)
		corpus_note(s->corpus, entry, d->set);
}

struct doc *session_doc(struct session *s, struct str file, struct error *err)
{
	struct doc *d = open_doc(s, file, err);
	if (d && d->unread) {
		doc_read_sidecar(d);
		replay_doc(s, d);
	}
	return d;
}

struct doc *session_doc_text(struct session *s, struct str file, struct error *err)
{
	return has_large_sidecar(s, file) ? open_doc(s, file, err) : session_doc(s, file, err);
}

bool session_start_over(struct session *s, struct error *err)
{
	bool good = true;
	conflicts_free(s);
	for (size_t i = 0; i < s->n_docs; i++) {
		struct doc *d = s->docs[i];
		if (d->unread)
			continue;
		/* One that cannot be read now keeps what it has; saving will look at the file again. */
		if (!doc_reload(d, err)) {
			good = false;
			continue;
		}
		replay_doc(s, d);
		note_entry(s, d);
	}
	return good;
}

static bool saves(const struct session *s)
{
	return !s->read_only && s->n > 0;
}

void session_drop(struct session *s, struct doc *d)
{
	if (d->dirty && (!saves(s) || !session_save(s, d, NULL, NULL) || d->dirty) && s->n > 0)
		return; /* stays open, to be written when that is possible again */
	for (size_t i = 0; i < s->n_docs; i++)
		if (s->docs[i] == d) {
			s->docs[i] = s->docs[--s->n_docs];
			break;
		}
	doc_free(d);
}

/* ---- turns -------------------------------------------------------------------------------------------------- */

static int open_lock(const char *journals)
{
	char *folder = io_folder_of(journals), *path = io_join(folder, "lock");
	int fd =
	    io_make_folder(folder, NULL) ? io_open(path, O_RDWR | O_CREAT | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC, 0666) : -1;
	mem_free(path);
	mem_free(folder);
	return fd;
}

static void wait_for_lock(int fd)
{
	/* Where there are no locks (ENOLCK) waiting does not bring them. */
	for (int waited = 0; waited < TURN_WAIT && io_get()->flock(fd, LOCK_EX | LOCK_NB) != 0; waited += 5) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			break;
		(void)io_get()->poll(NULL, 0, 5);
	}
}

struct turn session_take_turn(const struct session *s)
{
	const char *folder = s->folder;
	struct turn turn = {open_lock(folder), NULL};
	if (turn.fd < 0) {
		folder = s->elsewhere;
		turn.fd = open_lock(folder);
	}
	if (turn.fd < 0)
		return turn;
	wait_for_lock(turn.fd);
	char *beside = io_folder_of(folder), *link = io_join(beside, "turn");
	if (io_lock_name(link, TURN_WAIT))
		turn.link = link;
	else
		mem_free(link);
	mem_free(beside);
	return turn;
}

void session_end_turn(struct turn *turn)
{
	if (turn->link)
		io_unlock_name(turn->link);
	if (turn->fd >= 0)
		(void)io_get()->close(turn->fd);
	mem_free(turn->link);
	*turn = (struct turn){-1, NULL};
}

/* ---- the journal -------------------------------------------------------------------------------------------- */

/* Keeps git from taking journals for part of the corpus. */
static void write_gitignore(const struct session *s)
{
	char *path = io_join(corpus_root(s->corpus), ".zhupi/.gitignore");
	(void)io_create_file(path, S("*\n"), NULL);
	mem_free(path);
}

static bool note_start(const struct session *s, const char *name, size_t lines, struct error *err)
{
	struct node *line = node_map();
	node_put(line, S("n"), node_number(s->n));
	node_put_text(line, S("recovers"), str_of(name));
	node_put(line, S("lines"), node_number(lines));
	return journal_append(s->journal, line, err);
}

/* A journal also says from which unclosed ones its session starts: what it saves contains theirs. */
static bool note_starts(const struct session *s, struct error *err)
{
	for (size_t i = 0; i < s->n_found; i++)
		if (!s->found[i].live && !note_start(s, s->found[i].name, s->found[i].n_lines, err))
			return false;
	for (size_t i = 0; i < s->n_retired; i++)
		/* One more: the line that broke it was never done, whether it is there or not. */
		if (!note_start(s, journal_name(s->retired[i]), journal_lines(s->retired[i]) + 1, err))
			return false;
	return true;
}

/* Here, else elsewhere; when neither can be written the first says why. */
static bool create_journal(struct session *s, struct error *err)
{
	struct journal_list list = {0};
	journal_list_add(&list, s->folder);
	journal_list_add(&list, s->elsewhere);
	journal_list_sort(&list);
	if (list.partial) {
		/* The new name has to come after all the others, or what it says is replayed before what they say. */
		journal_list_free(&list);
		return error_set(err, ERROR_IO, s->folder, "the journals here cannot be listed; nothing was changed, try again");
	}
	struct str last = list.n ? str_of(io_name_of(list.paths[list.n - 1])) : STR_NONE;
	struct error first = {0};
	bool here = journal_create(s->folder, last, &s->journal, &first);
	bool good = here || journal_create(s->elsewhere, last, &s->journal, NULL);
	if (!good)
		error_set(err, first.code, first.path, "%s", first.message);
	error_clear(&first);
	journal_list_free(&list);
	s->is_elsewhere = good && !here;
	return good;
}

static bool open_journal(struct session *s, struct error *err)
{
	if (!create_journal(s, err))
		return false;
	bool here = !s->is_elsewhere;
	if (here)
		write_gitignore(s);
	if (!note_starts(s, err)) {
		/* A journal that does not say where it starts from would be replayed over what it starts from. */
		journal_discard(s->journal);
		s->journal = NULL;
		return false;
	}
	mem_free(s->path);
	s->path = mem_dup(journal_path(s->journal));
	return true;
}

static void retire_journal(struct session *s)
{
	s->retired = mem_grow(s->retired, s->n_retired + 1, sizeof(struct journal *));
	s->retired[s->n_retired++] = s->journal;
	s->journal = NULL;
}

bool session_ready(struct session *s, struct error *err)
{
	if (s->journal && journal_broken(s->journal))
		retire_journal(s);
	return s->journal || open_journal(s, err);
}

bool session_append_all(struct session *s, struct node **lines, size_t n, struct error *err)
{
	if (session_ready(s, err))
		return journal_append_all(s->journal, lines, n, err);
	for (size_t i = 0; i < n; i++)
		node_free(lines[i]);
	return false;
}

bool session_append(struct session *s, struct node *line, struct error *err)
{
	return session_append_all(s, &line, 1, err);
}

/* ---- changes ------------------------------------------------------------------------------------------------ */

void made_add(struct made_list *l, struct group *g, const char *journal, bool owned)
{
	if (l->n == l->cap) {
		l->cap = l->cap ? 2 * l->cap : 16;
		l->list = mem_grow(l->list, l->cap, sizeof(*l->list));
	}
	struct buf ref = {0};
	buf_addf(&ref, "%s:%llu", journal, (unsigned long long)g->n);
	l->list[l->n++] = (struct made){.group = g, .ref = buf_take(&ref), .owned = owned};
}

void made_free(struct made_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->list[i].owned)
			group_free(l->list[i].group);
		mem_free(l->list[i].ref);
	}
	mem_free(l->list);
	*l = (struct made_list){0};
}

static bool check_op(struct session *s, const struct op *op, struct error *err)
{
	struct doc *d = session_doc(s, str_of(op->file), err);
	if (!d)
		return false;
	if (d->trouble.code == ERROR_IO)
		(void)session_refresh(s, d, NULL, NULL);
	if (doc_read_only(d))
		return error_set(err, d->trouble.code != ERROR_NONE ? d->trouble.code : ERROR_SCHEMA, op->file,
		                 "this article can only be read: %s",
		                 d->trouble.message ? d->trouble.message : "its sidecar cannot be used");
	if (op_state(d->set, op) == OP_OTHER)
		return error_set(err, ERROR_CONFLICT, op->file, "%s %s is no longer what it was when this was decided",
		                 item_kind_name(op->kind), op->id);
	return true;
}

static bool check_group(struct session *s, const struct group *g, struct error *err)
{
	if (s->read_only)
		return error_set(err, ERROR_USAGE, NULL, "opened for reading only: nothing can be changed");
	for (size_t i = 0; i < g->n_ops; i++)
		if (!check_op(s, &g->ops[i], err))
			return false;
	return true;
}

static bool write_group(struct session *s, struct group *g, struct error *err)
{
	if (!session_ready(s, err))
		return false;
	group_finish(g);
	mem_free(g->time);
	g->time = io_utc();
	g->n = s->n + 1;
	if (!journal_append_group(s->journal, g, err))
		return false;
	s->n++;
	return true;
}

/* for_good: what the ops hold goes over into the sets. */
static bool apply_group(struct session *s, struct group *g, bool for_good, struct error *err)
{
	bool good = true;
	for (size_t i = 0; i < g->n_ops; i++) {
		struct doc *d = session_open_doc(s, str_of(g->ops[i].file));
		d->dirty = true;
		good &= for_good ? op_apply_last(d->set, &g->ops[i], err) : op_apply(d->set, &g->ops[i], err);
	}
	/* Once for each article: ops of one article mostly stand together. */
	for (size_t i = 0; i < g->n_ops; i++) {
		if (i && strcmp(g->ops[i].file, g->ops[i - 1].file) == 0)
			continue;
		note_entry(s, session_open_doc(s, str_of(g->ops[i].file)));
	}
	return good;
}

/* Temporary files of processes that are no more: everywhere after a session that was killed; where this one works
 * always, for what a disk that failed for a while kept from being removed. */
static void recover_files(struct session *s)
{
	struct io_keeper keeper = {s->watcher.kept, s->watcher.ctx};
	char *hidden = io_join(corpus_root(s->corpus), ".zhupi"), *last = NULL;
	io_recover(hidden, false, &keeper);
	mem_free(hidden);
	if (s->crashed)
		io_recover(corpus_root(s->corpus), true, &keeper);
	for (size_t i = 0; !s->crashed && i < s->n_docs; i++) {
		char *folder = io_folder_of(sidecar_path(s->docs[i]->sidecar));
		if (!last || strcmp(folder, last) != 0)
			io_recover(folder, false, &keeper);
		mem_free(last);
		last = folder;
	}
	mem_free(last);
}

/* Takes over what dead sessions left.  *other: something else is there than what this session has read. */
static bool take_over(struct session *s, bool *other, struct error *err)
{
	*other = replay_find(s, true);
	if (s->unread) {
		/* Who decides without it would contradict it. */
		error_set(err, ERROR_IO, s->unread,
		          "decisions of an earlier session stand in this journal, and it cannot be read; nothing is "
		          "changed before it can be");
		return false;
	}
	recover_files(s);
	return session_ready(s, err);
}

bool session_begin(struct session *s, struct error *err)
{
	if (s->journal || s->n)
		return true;
	struct turn turn = session_take_turn(s);
	s->has_turn = true;
	bool other, good = take_over(s, &other, err);
	for (size_t i = 0; i < s->n_docs && !other; i++)
		other = !s->docs[i]->unread && sidecar_changed_on_disk(s->docs[i]->sidecar);
	/* What is shown stays while it is not known what else there is. */
	if (other && !s->unread)
		(void)session_start_over(s, NULL);
	if (good)
		(void)replay_close(s);
	s->has_turn = false;
	session_end_turn(&turn);
	return good;
}

void session_forget(struct session *s)
{
	made_free(&s->made);
}

static bool commit(struct session *s, struct group *g, bool for_good, struct error *err)
{
	/* An undo that finds all as it should be is still one: the next goes further back. */
	if (group_empty(g) && !g->of) {
		group_free(g);
		return true;
	}
	/* In memory as it will be read from the disk: a byte that is no character would never be saved. */
	for (size_t i = 0; i < g->n_ops; i++)
		node_mend(g->ops[i].set);
	bool good = check_group(s, g, err) && session_begin(s, err) && check_group(s, g, err);
	if (!good || !write_group(s, g, err)) {
		group_free(g);
		return false;
	}
	good = apply_group(s, g, for_good, err);
	if (for_good)
		group_free(g);
	else
		made_add(&s->made, g, journal_name(s->journal), true);
	return good;
}

bool session_commit(struct session *s, struct group *g, struct error *err)
{
	return commit(s, g, false, err);
}

bool session_commit_for_good(struct session *s, struct group *g, struct error *err)
{
	return commit(s, g, true, err);
}
