/* import: see import.h. */
#include "annotations/formats/import.h"

#include <errno.h>
#include <string.h>

/* ---- names -------------------------------------------------------------------------------------------------- */

static const char *part_refused(struct str part)
{
	if (part.n == 0)
		return "it has an empty part";
	if (str_eq(part, S("..")))
		return "it leads out of the folder";
	if (part.p[0] == '.')
		return "dot files are no articles";
	return NULL;
}

bool import_read(const char *path, size_t limit, struct buf *out, struct error *err)
{
	return strcmp(path, "-") == 0 ? io_read_fd(0, "standard input", limit, out, err)
	                              : io_read_file(path, limit, out, NULL, err);
}

bool import_name(struct str *file, const char **why)
{
	*why = NULL;
	if (str_starts(*file, S("./")))
		*file = str_sub(*file, 2, file->n);
	for (size_t i = 0; i < file->n; i++)
		if ((unsigned char)file->p[i] < ' ' || file->p[i] == 0x7F)
			*why = "it has a control character";
	if (file->n == 0)
		*why = "it is empty";
	else if (file->p[0] == '/')
		*why = "it is absolute; names are relative to the folder";
	else if (str_ends(*file, S(".yaml")))
		*why = "a .yaml file is a sidecar, no article";
	for (size_t from = 0; from <= file->n && !*why;) {
		size_t slash = str_byte(*file, '/', from);
		slash = slash == NOWHERE ? file->n : slash;
		*why = part_refused(str_sub(*file, from, slash));
		from = slash + 1;
	}
	return !*why;
}

/* No folder on the way may be a link: whoever wrote the name must not choose where it ends. */
static bool check_folders(const char *root, struct str file, struct error *err)
{
	bool fine = true;
	for (size_t slash = str_byte(file, '/', 0); fine && slash != NOWHERE; slash = str_byte(file, '/', slash + 1)) {
		char *part = str_dup(str_sub(file, 0, slash));
		char *path = io_join(root, part);
		struct stat st;
		if (io_get()->lstat(path, &st) == 0 && !S_ISDIR(st.st_mode))
			fine = error_set(err, ERROR_KIND, path, "a folder is wanted here, not a %s",
			                 S_ISLNK(st.st_mode) ? "symbolic link" : "file");
		mem_free(path);
		mem_free(part);
	}
	return fine;
}

/* ---- articles ----------------------------------------------------------------------------------------------- */

static bool create_article(const char *path, struct str text, struct error *err)
{
	char *folder = io_folder_of(path);
	bool fine = io_make_folder(folder, err) && io_create_file(path, text, err);
	mem_free(folder);
	return fine;
}

/* For a dry run: an article that exists in memory only. */
static struct doc *make_doc(struct corpus *c, struct str file, struct str text)
{
	struct doc *d = mem_alloc(sizeof *d);
	d->corpus = c;
	d->file = str_dup(file);
	d->article = article_of(text);
	d->set = set_new(d->article, corpus_schema(c));
	return d;
}

static void free_made_doc(struct doc *d)
{
	set_free(d->set);
	article_free(d->article);
	mem_free(d->file);
	mem_free(d);
}

static bool check_text(struct doc *d, const char *path, const struct str *text, struct error *err)
{
	if (!text || str_eq(article_text(d->article), *text))
		return true;
	return error_set(err, ERROR_TEXT, path,
	                 "the article that is there reads otherwise than the text given; it is left as it is");
}

static bool open_target(struct import_job *job, struct str file, const struct str *text, const char *path,
                        struct error *err)
{
	struct import_target *t = job->target;
	struct corpus *c = session_corpus(job->session);
	struct stat st;
	bool missing = io_get()->lstat(path, &st) != 0 && (errno == ENOENT || errno == ENOTDIR);
	if (missing && !text)
		return error_set(err, ERROR_MISSING, path, "there is no such article, and no text to make it of");
	if (missing && job->dry_run) {
		t->doc = make_doc(c, file, *text);
		t->made = true;
	} else {
		if (missing && !(session_begin(job->session, err) && create_article(path, *text, err)))
			return false;
		t->doc = session_doc(job->session, file, err);
		if (!t->doc)
			return false;
	}
	job->counts.created += missing;
	if (t->doc->trouble.code != ERROR_NONE) {
		const struct error *e = &t->doc->trouble;
		return error_at(err, e->code, e->path, e->line, e->column,
		                "%s; nothing is imported for this article until that is mended", e->message);
	}
	return check_text(t->doc, path, text, err);
}

static void let_go(struct import_job *job)
{
	struct import_target *t = job->target;
	if (t->doc && t->made)
		free_made_doc(t->doc);
	else if (t->doc)
		session_drop(job->session, t->doc);
	strmap_free(&t->known);
	mem_free(t);
	job->target = NULL;
}

static void know_all(struct import_target *t)
{
	struct set *s = t->doc->set;
	for (enum item_kind kind = ITEM_SPAN; kind < ITEM_KINDS; kind++) {
		for (size_t i = 0; i < set_items(s, kind); i++) {
			struct str id = set_item_id(s, kind, i);
			import_know(t, kind, id, set_node(s, kind, id));
		}
	}
}

static bool is_there(const struct corpus *c, struct str file)
{
	struct stat st;
	char *path = corpus_article_path(c, file);
	bool there = io_get()->lstat(path, &st) == 0;
	mem_free(path);
	return there;
}

/* The name in the corpus: below the folder that was given, or, as an export of a folder within a corpus has it, from
 * its root. The caller frees it. */
static char *name_in_corpus(const struct import_job *job, struct str file, bool create)
{
	struct corpus *c = session_corpus(job->session);
	char *given = str_dup(file), *below = io_join(job->folder, given);
	bool from_root = *job->folder && !create && !is_there(c, str_of(below)) && is_there(c, file);
	if (!*job->folder || from_root) {
		mem_free(below);
		return given;
	}
	mem_free(given);
	return below;
}

static bool begin(struct import_job *job, struct str file, const struct str *text, struct error *err)
{
	struct corpus *c = session_corpus(job->session);
	bool same = job->target && str_eq(str_of(job->target->doc->file), file);
	if (!same)
		import_end(job);
	char *path = corpus_article_path(c, file);
	bool fine = true;
	if (same) {
		fine = check_text(job->target->doc, path, text, err);
	} else {
		job->target = mem_alloc(sizeof *job->target);
		job->target->before = job->counts;
		fine = check_folders(corpus_root(c), file, err) && open_target(job, file, text, path, err);
		if (fine)
			know_all(job->target);
		else
			let_go(job);
	}
	mem_free(path);
	return fine;
}

bool import_begin(struct import_job *job, struct str file, const struct str *text, struct error *err)
{
	char *name = name_in_corpus(job, file, text != NULL);
	bool fine = begin(job, str_of(name), text, err);
	mem_free(name);
	return fine;
}

bool import_create(struct import_job *job, struct str file, struct str text, struct error *err)
{
	struct corpus *c = session_corpus(job->session);
	char *name = name_in_corpus(job, file, true), *path = corpus_article_path(c, str_of(name));
	bool fine = !is_there(c, str_of(name)) ||
	            error_set(err, ERROR_EXISTS, path, "this file exists already and is left as it is");
	fine = fine && begin(job, str_of(name), &text, err);
	mem_free(path);
	mem_free(name);
	return fine;
}

/* What could not be written is not counted as taken. */
static void take_back_counts(struct import_job *job)
{
	struct import_counts now = job->counts;
	job->counts = job->target->before;
	job->counts.objects = now.objects;
	job->counts.created = now.created;
	job->counts.failed = now.failed;
}

bool import_commit(struct import_job *job, struct group *g, struct error *err)
{
	if (group_empty(g) || job->dry_run) {
		job->target->changed |= !group_empty(g);
		group_free(g);
		return true;
	}
	if (!session_commit_for_good(job->session, g, err)) {
		take_back_counts(job);
		return false;
	}
	job->target->changed = true;
	return true;
}

void import_end(struct import_job *job)
{
	struct error err = {0};
	bool merged = false;
	if (!job->target)
		return;
	job->counts.changed += job->target->changed;
	if (job->target->changed && !job->dry_run && !session_save(job->session, job->target->doc, &merged, &err)) {
		take_back_counts(job);
		job->counts.failed++;
		job->unsaved = true;
		job->hooks.failed(job->hooks.ctx, &err);
	}
	let_go(job);
}

/* ---- what is the same --------------------------------------------------------------------------------------- */

#define SEPARATOR '\x1f'

static void add_at(struct buf *out, const struct node *at)
{
	for (size_t i = 0; at && at->kind == NODE_LIST && i < at->n; i++) {
		const struct node *pair = at->items[i];
		if (pair->kind == NODE_LIST && pair->n == 2) {
			buf_add(out, node_scalar(pair->items[0]));
			buf_addc(out, '-');
			buf_add(out, node_scalar(pair->items[1]));
			buf_addc(out, ',');
		}
	}
}

static void add_part(struct buf *out, struct str part)
{
	buf_addc(out, SEPARATOR);
	buf_add(out, part);
}

void identity_span(struct buf *out, struct str label, const struct node *at)
{
	buf_addc(out, 's');
	add_part(out, label);
	buf_addc(out, SEPARATOR);
	add_at(out, at);
}

void identity_place(struct buf *out, struct str label, uint64_t start, uint64_t end)
{
	buf_addc(out, 's');
	add_part(out, label);
	buf_addc(out, SEPARATOR);
	buf_addn(out, start);
	buf_addc(out, '-');
	buf_addn(out, end);
	buf_addc(out, ',');
}

void identity_extent(struct buf *out, const struct node *at, struct str label)
{
	size_t last = at && at->kind == NODE_LIST ? at->n : 0;
	buf_addc(out, 'e');
	add_part(out, label);
	if (last == 0 || at->items[0]->n != 2 || at->items[last - 1]->n != 2)
		return;
	add_part(out, node_scalar(at->items[0]->items[0]));
	add_part(out, node_scalar(at->items[last - 1]->items[1]));
}

void identity_relation(struct buf *out, struct str type, struct str from, struct str to)
{
	buf_addc(out, 'r');
	add_part(out, type);
	add_part(out, from);
	add_part(out, to);
}

void identity_field(struct buf *out, struct str name, struct str value)
{
	buf_addc(out, 'f');
	add_part(out, name);
	add_part(out, value);
}

void identity_note(struct buf *out, struct str text)
{
	buf_addc(out, 'n');
	add_part(out, text);
}

/* Where the one after this is written down; of no id: where the last one is. */
static void link_key(struct buf *key, struct str identity, struct str id)
{
	buf_addf(key, "+%zu", identity.n);
	add_part(key, identity);
	add_part(key, id);
}

bool import_next_same(const struct import_target *t, struct str identity, struct str id, struct str *next)
{
	struct buf key = {0};
	link_key(&key, identity, id);
	bool found = strmap_get(&t->known, buf_str(&key), next);
	buf_free(&key);
	return found;
}

bool import_is_same(const struct import_target *t, struct str identity, struct str id)
{
	struct str other;
	return (strmap_get(&t->known, identity, &other) && str_eq(other, id)) ||
	       import_next_same(t, identity, id, &other) ||
	       (import_next_same(t, identity, STR_NONE, &other) && str_eq(other, id));
}

static void put_one_more(struct import_target *t, struct str identity, struct str id)
{
	struct str last;
	struct buf key = {0};
	if (import_is_same(t, identity, id))
		return;
	if (!import_next_same(t, identity, STR_NONE, &last))
		(void)strmap_get(&t->known, identity, &last);
	link_key(&key, identity, last);
	strmap_put(&t->known, buf_str(&key), id);
	buf_clear(&key);
	link_key(&key, identity, STR_NONE);
	strmap_set(&t->known, buf_str(&key), id);
	buf_free(&key);
}

static void put_and_clear(struct import_target *t, struct buf *key, struct str id)
{
	if (!strmap_get(&t->known, buf_str(key), NULL))
		strmap_put(&t->known, buf_str(key), id);
	else if (key->p[0] != 'e') /* of a place the first will do */
		put_one_more(t, buf_str(key), id);
	buf_clear(key);
}

static void know_span(struct import_target *t, struct buf *key, struct str id, struct str label, const struct node *at)
{
	identity_span(key, label, at);
	put_and_clear(t, key, id);
	if (!t->extents)
		return;
	identity_extent(key, at, label);
	put_and_clear(t, key, id);
	identity_extent(key, at, STR_NONE);
	put_and_clear(t, key, id);
}

static void know_spans(struct import_target *t, struct buf *key, struct str id, const struct node *map)
{
	const struct node *original = node_get(map, S("original"));
	struct str label = node_get_text(map, S("label"));
	const struct node *at = node_get(map, S("at"));
	know_span(t, key, id, label, at);
	if (!original)
		return;
	struct str label_was = node_get_text(original, S("label"));
	const struct node *at_was = node_get(original, S("at"));
	know_span(t, key, id, label_was.n ? label_was : label, at_was ? at_was : at);
}

static void know_field(struct import_target *t, struct buf *key, struct str id, const struct node *map)
{
	const struct node *original = node_get(map, S("original"));
	struct str name = node_get_text(map, S("name"));
	identity_field(key, name, node_get_text(map, S("value")));
	put_and_clear(t, key, id);
	if (!original || !node_get(original, S("value")))
		return;
	identity_field(key, name, node_get_text(original, S("value")));
	put_and_clear(t, key, id);
}

void import_know(struct import_target *t, enum item_kind kind, struct str id, const struct node *map)
{
	struct buf key = {0};
	const struct node *args = node_get(map, S("args"));
	switch (kind) {
	case ITEM_SPAN:
		know_spans(t, &key, id, map);
		break;
	case ITEM_RELATION:
		identity_relation(&key, node_get_text(map, S("type")), node_get_text(args, S("from")),
		                  node_get_text(args, S("to")));
		put_and_clear(t, &key, id);
		break;
	case ITEM_FIELD:
		know_field(t, &key, id, map);
		break;
	case ITEM_NOTE:
		identity_note(&key, node_get_text(map, S("text")));
		put_and_clear(t, &key, id);
		break;
	case ITEM_ZONE: /* found by its id, which is its extent */
	case ITEM_ARTICLE:
	case ITEM_KINDS:
		break;
	}
	buf_free(&key);
}

void import_know_extents(struct import_target *t, const struct group *g)
{
	struct buf key = {0};
	if (t->extents)
		return;
	t->extents = true;
	for (size_t i = 0; i < set_spans(t->doc->set); i++) {
		struct str id = set_span(t->doc->set, i)->id;
		know_spans(t, &key, id, set_node(t->doc->set, ITEM_SPAN, id));
	}
	for (size_t i = 0; i < g->n_ops; i++)
		if (g->ops[i].kind == ITEM_SPAN && g->ops[i].set && !g->ops[i].was)
			know_spans(t, &key, str_of(g->ops[i].id), g->ops[i].set);
	buf_free(&key);
}
