/* formats_fixture: what the tests of the interchange formats share: corpora of their own, imports and exports in
 * memory, and what is said of an article as lines that can be compared, which is how a round trip is judged;
 * formats_cases_fixture.h has articles to do that with.
 *
 * A bench has a folder of its own for each test; what functions return as char * the caller frees. */
#ifndef ZHUPI_TESTS_FORMATS_FIXTURE_H
#define ZHUPI_TESTS_FORMATS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "annotations/formats/record.h"
#include "annotations/formats/format.h"
#include "annotations/json.h"

struct bench {
	char *path;     /* a folder of its own */
	size_t corpora; /* made so far */
};

static inline int open_bench(void **state)
{
	struct bench *b = mem_alloc(sizeof *b);
	b->path = mem_dup("/tmp/zhupi-formats-XXXXXX");
	assert_non_null(mkdtemp(b->path));
	*state = b;
	return 0;
}

static inline int close_bench(void **state)
{
	struct bench *b = *state;
	struct buf command = {0};
	buf_addf(&command, "rm -rf '%s'", b->path);
	assert_int_equal(system(command.p), 0);
	buf_free(&command);
	mem_free(b->path);
	mem_free(b);
	return 0;
}

/* ---- imports ------------------------------------------------------------------------------------------------ */

struct heard {
	size_t failures;
	enum error_code last;
	size_t line;
	struct import_counts counts;
	struct losses losses, notices;
	char *message; /* of the first */
};

static inline void heard_free(struct heard *h)
{
	losses_free(&h->losses);
	losses_free(&h->notices);
	mem_free(h->message);
	*h = (struct heard){0};
}

static inline void on_failed(void *ctx, struct error *e)
{
	struct heard *h = ctx;
	h->failures++;
	h->last = e->code;
	h->line = e->line;
	assert_non_null(e->message);
	if (!h->message)
		h->message = mem_dup(e->message);
	error_clear(e);
}

static inline bool never(void *ctx)
{
	(void)ctx;
	return false;
}

static inline void on_progress(void *ctx, uint64_t done)
{
	(void)ctx;
	(void)done;
}

static inline char *new_corpus(struct bench *b)
{
	struct buf path = {0};
	buf_addf(&path, "%s/corpus-%zu", b->path, b->corpora++);
	assert_true(io_make_folder(path.p, NULL));
	return buf_take(&path);
}

static inline char *put_file(struct bench *b, const char *name, struct str bytes)
{
	char *path = io_join(b->path, name), *folder = io_folder_of(path);
	assert_true(io_make_folder(folder, NULL));
	assert_true(io_replace_file(path, bytes, NULL));
	mem_free(folder);
	return path;
}

/* Imports a file into the corpus; false: as a whole it could not be read. */
static inline bool import_file(const char *corpus, const struct format *f, const char *path, const char *name,
                               struct heard *h)
{
	struct error err = {0};
	struct corpus *c = NULL;
	assert_true(corpus_open(corpus, "tester", &c, NULL));
	struct import_job job = {.folder = "",
	                         .format = f,
	                         .name = name,
	                         .verdict = f->judged ? verdict_name(VERDICT_ACCEPTED) : NULL,
	                         .hooks = {h, on_failed, never, on_progress}};
	assert_true(session_open(c, false, &job.session, NULL));
	bool fine = f->import(&job, path, &err);
	if (!fine) {
		assert_true(err.code != ERROR_NONE);
		h->last = err.code;
		if (!h->message)
			h->message = mem_dup(err.message);
	}
	error_clear(&err);
	if (!session_close(job.session, &err))
		fail_msg("%s: %s", path, err.message);
	session_free(job.session);
	corpus_free(c);
	h->counts = job.counts;
	losses_free(&h->losses);
	losses_free(&h->notices);
	h->losses = job.losses;
	h->notices = job.notices;
	return fine;
}

static inline bool import_bytes(struct bench *b, const char *corpus, const struct format *f, const char *name,
                                struct str bytes, struct heard *h)
{
	char *path = put_file(b, name, bytes);
	bool fine = import_file(corpus, f, path, name, h);
	mem_free(path);
	return fine;
}

/* ---- exports ------------------------------------------------------------------------------------------------ */

struct pot {
	struct buf out;     /* what was written to the stream */
	const char *folder; /* for files */
	struct buf names;   /* of the files, each with a newline */
};

static inline bool pot_write(void *ctx, struct str bytes, struct error *err)
{
	struct pot *p = ctx;
	(void)err;
	buf_add(&p->out, bytes);
	return true;
}

static inline bool pot_write_file(void *ctx, const char *name, struct str bytes, struct error *err)
{
	struct pot *p = ctx;
	char *path = io_join(p->folder, name), *folder = io_folder_of(path);
	buf_addf(&p->names, "%s\n", name);
	bool fine = io_make_folder(folder, err) && io_create_file(path, bytes, err);
	mem_free(folder);
	mem_free(path);
	return fine;
}

static inline struct export_job export_job_of(const struct format *f, struct pot *p)
{
	struct export_job job = {.format = f, .text = true, .write = pot_write, .write_file = pot_write_file, .ctx = p};
	for (enum verdict v = 0; v < VERDICTS; v++)
		job.verdicts[v] = f->every_verdict || verdict_keeps(v);
	return job;
}

/* Calls each() for every article of the corpus, by name. */
static inline void each_article(const char *corpus, void (*each)(void *ctx, struct doc *d), void *ctx)
{
	struct corpus *c = NULL;
	struct session *s = NULL;
	assert_true(corpus_open(corpus, "tester", &c, NULL));
	assert_true(session_open(c, true, &s, NULL));
	struct error err = {0};
	DIR *folder = opendir(corpus);
	char *names[512];
	size_t n = 0;
	for (struct dirent *e; (e = readdir(folder)) && n < COUNT_OF(names);)
		if (e->d_name[0] != '.' && str_ends(str_of(e->d_name), S(".txt")))
			names[n++] = mem_dup(e->d_name);
	closedir(folder);
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++)
			if (strcmp(names[i], names[k]) > 0) {
				char *swap = names[i];
				names[i] = names[k];
				names[k] = swap;
			}
	for (size_t i = 0; i < n; i++) {
		struct doc *d = session_doc(s, str_of(names[i]), &err);
		assert_non_null(d);
		assert_int_equal(d->trouble.code, ERROR_NONE);
		each(ctx, d);
		session_drop(s, d);
		mem_free(names[i]);
	}
	assert_true(session_close(s, NULL));
	session_free(s);
	corpus_free(c);
}

static inline void export_one(void *ctx, struct doc *d)
{
	struct export_job *job = ctx;
	struct error err = {0};
	if (!job->format->export(job, d, &err))
		fail_msg("%s: %s", d->file, err.message);
}

static inline void export_corpus(const char *corpus, const struct format *f, struct pot *p, struct losses *losses)
{
	struct export_job job = export_job_of(f, p);
	assert_true(!f->begin || f->begin(&job, NULL));
	each_article(corpus, export_one, &job);
	assert_true(!f->end || f->end(&job, NULL));
	*losses = job.losses;
}

static inline void pot_free(struct pot *p)
{
	buf_free(&p->out);
	buf_free(&p->names);
}

/* ---- what is said, as lines ----------------------------------------------------------------------------------- */

struct saying {
	const struct format *outgoing; /* what of it this format takes with it */
	const struct format *compared; /* only what this one carries whole */
	bool layers;                   /* attributes that say what UIMA type it was */
	struct buf out;
};

static inline bool whole(const struct saying *s, enum feature f)
{
	return s->compared->carry[f] == CARRY_ALL;
}

static inline void say_parts(struct saying *s, const struct node *map, struct buf *out)
{
	const struct node *attributes = node_get(map, S("attributes"));
	if (attributes && attributes->n && whole(s, FEATURE_ATTRIBUTES)) {
		struct node *sorted = node_map();
		for (size_t i = 0; i < attributes->n; i++)
			if (s->layers || (!str_eq(attributes->keys[i], S("layer"))))
				node_put(sorted, attributes->keys[i], node_copy(attributes->items[i]));
		for (size_t i = 0; i < sorted->n; i++)
			for (size_t k = i + 1; k < sorted->n; k++)
				if (str_cmp(sorted->keys[i], sorted->keys[k]) > 0) {
					struct str key = sorted->keys[i];
					struct node *item = sorted->items[i];
					sorted->keys[i] = sorted->keys[k];
					sorted->items[i] = sorted->items[k];
					sorted->keys[k] = key;
					sorted->items[k] = item;
				}
		buf_addc(out, ' ');
		json_write(out, sorted);
		node_free(sorted);
	}
	if (node_get_text(map, S("note")).n && whole(s, FEATURE_ITEM_NOTES)) {
		buf_adds(out, " note ");
		json_write_text(out, node_get_text(map, S("note")));
	}
	if (node_get(map, S("links")) && whole(s, FEATURE_LINKS)) {
		buf_adds(out, " links ");
		json_write(out, node_get(map, S("links")));
	}
}

static inline void say_span(struct saying *s, const struct record_span *span, struct buf *out)
{
	for (size_t i = 0; i < span->n; i++)
		buf_addf(out, "%s%zu-%zu", i ? "," : "", span->fragments[i].start, span->fragments[i].stop);
	buf_addc(out, ' ');
	json_write_text(out, span->label);
	say_parts(s, span->map, out);
}

static inline int by_line(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static inline void add_sorted(struct buf *out, char **lines, size_t n)
{
	qsort(lines, n, sizeof *lines, by_line);
	for (size_t i = 0; i < n; i++) {
		buf_addf(out, "%s\n", lines[i]);
		mem_free(lines[i]);
	}
	mem_free(lines);
}

static inline void say(void *ctx, struct doc *d)
{
	struct saying *s = ctx;
	struct pot ignored = {0};
	struct export_job job = export_job_of(s->outgoing, &ignored);
	for (enum verdict v = 0; v < VERDICTS; v++)
		job.verdicts[v] = verdict_keeps(v) || !s->outgoing->judged;
	struct outgoing o;
	assert_true(outgoing_make(&job, d, &o, NULL));
	char **lines = mem_array(o.n_spans + o.n_relations + o.n_fields + o.n_notes + 1, sizeof *lines);
	size_t n = 0;
	buf_addf(&s->out, "# %s\n", d->file);
	json_write_text(&s->out, o.text);
	buf_addc(&s->out, '\n');
	for (size_t i = 0; i < o.n_spans; i++) {
		struct buf line = {0};
		say_span(s, &o.spans[i], &line);
		lines[n++] = buf_take(&line);
	}
	for (size_t i = 0; i < o.n_relations && whole(s, FEATURE_RELATIONS); i++) {
		struct buf line = {0};
		buf_adds(&line, "relation ");
		json_write_text(&line, o.relations[i].type);
		buf_adds(&line, " (");
		say_span(s, &o.spans[o.relations[i].from], &line);
		buf_adds(&line, ") (");
		say_span(s, &o.spans[o.relations[i].to], &line);
		buf_adds(&line, ")");
		say_parts(s, o.relations[i].map, &line);
		lines[n++] = buf_take(&line);
	}
	for (size_t i = 0; i < o.n_fields && whole(s, FEATURE_FIELDS); i++) {
		struct buf line = {0};
		buf_addf(&line, "field %.*s = %.*s", (int)o.fields[i].name.n, o.fields[i].name.p,
		         (int)o.fields[i].value.n, o.fields[i].value.p);
		lines[n++] = buf_take(&line);
	}
	for (size_t i = 0; i < o.n_notes && whole(s, FEATURE_NOTES); i++) {
		struct buf line = {0};
		buf_adds(&line, "note ");
		json_write_text(&line, node_get_text(o.notes[i], S("text")));
		lines[n++] = buf_take(&line);
	}
	add_sorted(&s->out, lines, n);
	losses_free(&job.losses);
	outgoing_free(&o);
}

/* What of the corpus goes out by `outgoing`, as far as `compared` carries it whole. The caller frees it. */
static inline char *say_corpus(const char *corpus, const struct format *outgoing, const struct format *compared,
                               bool layers)
{
	struct saying s = {.outgoing = outgoing, .compared = compared, .layers = layers};
	each_article(corpus, say, &s);
	return buf_take(&s.out);
}

/* Takes the files of the pot whose names end in the suffix into a corpus. */
static inline void import_files(const char *corpus, const struct format *f, const struct pot *p, const char *suffix,
                                struct heard *h)
{
	for (size_t from = 0; from < p->names.n;) {
		size_t end = str_byte(buf_str(&p->names), '\n', from);
		char *name = str_dup(str_sub(buf_str(&p->names), from, end)), *path = io_join(p->folder, name);
		struct heard one = {0};
		if (str_ends(str_of(name), str_of(suffix)) && !import_file(corpus, f, path, name, &one))
			fail_msg("%s: %s", name, one.message);
		h->failures += one.failures;
		if (one.message && !h->message)
			h->message = mem_dup(one.message);
		heard_free(&one);
		mem_free(path);
		mem_free(name);
		from = end + 1;
	}
}

/* Takes what the pot holds into a new corpus. */
static inline char *import_pot(struct bench *b, const struct format *f, const struct pot *p, const char *suffix,
                               struct heard *h)
{
	char *corpus = new_corpus(b);
	if (!f->folder) {
		struct buf name = {0};
		buf_addf(&name, "again%s", suffix);
		if (!import_bytes(b, corpus, f, name.p, buf_str(&p->out), h))
			fail_msg("%s: %s\n%s", f->name, h->message, p->out.p);
		buf_free(&name);
		return corpus;
	}
	import_files(corpus, f, p, suffix, h);
	return corpus;
}

/* Writes a corpus in the format, reads that into another, and compares what they say. */
static inline void expect_round_trip(struct bench *b, const char *corpus, const struct format *f, const char *suffix)
{
	char *folder = new_corpus(b);
	struct pot p = {.folder = folder};
	struct losses losses = {0};
	struct heard h = {0};
	export_corpus(corpus, f, &p, &losses);
	char *again = import_pot(b, f, &p, suffix, &h);
	char *was = say_corpus(corpus, f, f, true), *is = say_corpus(again, &jsonl_format, f, true);
	if (h.failures)
		fail_msg("%s: %zu failures, first: %s\n%s", f->name, h.failures, h.message, p.out.p ? p.out.p : "");
	const char *wd = was, *id = is;
	while (*wd && *wd == *id) {
		wd++;
		id++;
	}
	if (strcmp(was, is) != 0)
		print_message("first difference:\n  was %.200s\n  is %.200s\n", wd, id);
	if (strcmp(was, is) != 0)
		fail_msg("%s\n---- was\n%s\n---- is\n%s\n---- file\n%s", f->name, was, is, p.out.p ? p.out.p : folder);
	mem_free(was);
	mem_free(is);
	mem_free(again);
	mem_free(folder);
	losses_free(&losses);
	heard_free(&h);
	pot_free(&p);
}

#endif
