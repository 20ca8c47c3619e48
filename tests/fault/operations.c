/* operations.c: see operations.h. */
#include "operations.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "annotations/extract/extract_article.h"
#include "annotations/extract/proposal.h"
#include "annotations/formats/import.h"
#include "annotations/zone_words.h"

#define SEED 20261122u

/* ---- the session ------------------------------------------------------------------------------------------------ */

/* A failure must say why, and where that is a file, which. */
static bool told(struct work *w, bool good, struct error *err)
{
	if (!good && (!err->message || !err->message[0])) {
		w->told = false;
		complain("something failed and nothing was said");
	}
	if (!good && err->code == ERROR_IO && !err->path)
		complain("of which file: %s", err->message);
	if (!good)
		(void)snprintf(w->last, sizeof(w->last), "%s: %s", err->path ? err->path : "", err->message ? err->message : "");
	error_clear(err);
	return good;
}

static bool open_session(struct work *w)
{
	struct error err = {0};
	if (!w->corpus && !told(w, corpus_open(".", "alice", &w->corpus, &err), &err))
		return false;
	return w->session || told(w, session_open(w->corpus, false, &w->session, &err), &err);
}

void work_drop(struct work *w)
{
	if (w->session)
		session_free(w->session);
	if (w->corpus)
		corpus_free(w->corpus);
	w->session = NULL;
	w->corpus = NULL;
}

bool work_close(struct work *w)
{
	struct error err = {0};
	if (!w->session)
		return true;
	if (!told(w, session_close(w->session, &err), &err))
		return false;
	work_drop(w);
	return true;
}

/* A document that can be written; one whose sidecar could not be read is looked at again, as when the program idles. */
static struct doc *open_doc(struct work *w, const char *file)
{
	struct error err = {0};
	struct doc *d = open_session(w) ? session_doc(w->session, str_of(file), &err) : NULL;
	if (d && d->trouble.code != ERROR_NONE)
		(void)session_refresh(w->session, d, NULL, NULL);
	(void)told(w, d != NULL || !w->session, &err);
	return d;
}

/* Whether the last that was claimed of this item is that value, and was told to be saved. */
static bool is_done(const char *file, const char *id, int value)
{
	for (size_t i = shared->n_claims; i-- > 0;) {
		const struct claim *c = &shared->claims[i];
		if (strcmp(c->file, file) == 0 && strcmp(c->id, id) == 0 && c->value == value && c->state == CLAIM_SAVED)
			return true;
	}
	return false;
}

static bool commit(struct work *w, bool built, struct group *g, const char *file, const char *id, int value,
		   struct error *err)
{
	if (!built) {
		group_free(g);
		return told(w, false, err);
	}
	size_t claim = claim_begin(file, id, value);
	bool good = session_commit(w->session, g, err);
	claim_end(claim, good);
	if (good)
		shared->saved = (unsigned)session_saved(w->session);
	return told(w, good, err);
}

static bool decide(struct work *w, const char *file, const char *id, enum verdict v)
{
	struct error err = {0};
	struct doc *d = open_doc(w, file);
	if (!d)
		return false;
	struct group *g = group_new("alice");
	bool built = edit_verdict(g, d, ITEM_SPAN, str_of(id), v, &err);
	return commit(w, built, g, file, id, v, &err);
}

static bool note(struct work *w, const char *file, const char *text)
{
	struct error err = {0};
	struct doc *d = is_done(file, text, 1) ? NULL : open_doc(w, file);
	if (!d)
		return is_done(file, text, 1);
	struct group *g = group_new("alice");
	struct buf whole = {0};
	buf_adds(&whole, text);
	/* A line of several blocks of the disk. */
	for (int i = 0; strncmp(text, "long", 4) == 0 && i < 70; i++)
		buf_adds(&whole, " 会议记录要点");
	bool built = edit_add_note(g, d, buf_str(&whole), NULL, &err);
	buf_free(&whole);
	return commit(w, built, g, file, text, 1, &err);
}

static bool save(struct work *w, const char *file)
{
	struct error err = {0};
	struct doc *d = open_doc(w, file);
	return d && told(w, session_save(w->session, d, NULL, &err), &err);
}

/* ---- operations ------------------------------------------------------------------------------------------------- */

static bool first_save(struct work *w)
{
	bool good = note(w, "b.txt", "one") & save(w, "b.txt");
	good &= note(w, "b.txt", "two") & note(w, "a.txt", "three");
	return work_close(w) && good;
}

static bool replace(struct work *w)
{
	bool good = decide(w, "a.txt", "bpost", VERDICT_ACCEPTED) & save(w, "a.txt");
	good &= decide(w, "a.txt", "cgao2", VERDICT_REJECTED) & decide(w, "a.txt", "dlu33", VERDICT_ACCEPTED);
	good &= save(w, "a.txt") & decide(w, "a.txt", "cgao2", VERDICT_ACCEPTED);
	return work_close(w) && good;
}

static bool append(struct work *w)
{
	bool good = decide(w, "a.txt", "bpost", VERDICT_ACCEPTED) & note(w, "b.txt", "one");
	good &= decide(w, "a.txt", "cgao2", VERDICT_REJECTED) & decide(w, "a.txt", "bpost", VERDICT_REJECTED);
	good &= note(w, "b.txt", "two") & decide(w, "a.txt", "dlu33", VERDICT_ACCEPTED);
	return good;
}

static bool replay(struct work *w)
{
	bool good = decide(w, "a.txt", "dlu33", VERDICT_REJECTED) & note(w, "b.txt", "three");
	return work_close(w) && good;
}

static bool undo(struct work *w)
{
	struct error err = {0};
	bool good = note(w, "a.txt", "one") & save(w, "a.txt");
	if (!is_done("a.txt", "one", GONE) && good) {
		size_t claim = claim_begin("a.txt", "one", GONE);
		bool undone = session_undo(w->session, S("a.txt"), NULL, &err);
		claim_end(claim, undone);
		good = told(w, undone, &err);
	}
	if (good && !is_done("a.txt", "dlu33", VERDICT_UNDECIDED)) {
		size_t claim = claim_begin("a.txt", "dlu33", VERDICT_UNDECIDED);
		bool undone = session_undo(w->session, S("a.txt"), NULL, &err);
		claim_end(claim, undone);
		good = told(w, undone, &err);
	}
	return work_close(w) && good;
}

static bool long_lines(struct work *w)
{
	bool good = note(w, "b.txt", "long one") & save(w, "b.txt") & note(w, "b.txt", "long two");
	good &= decide(w, "a.txt", "cgao2", VERDICT_ACCEPTED) & note(w, "a.txt", "long three") & save(w, "a.txt");
	return work_close(w) && good;
}

/* What another program does: the sidecar with one more verdict in it. */
static void write_as_another(void)
{
	char *text = get_file("a.txt.yaml");
	char *at = text ? strstr(text, "verdict: undecided") : NULL;
	if (shared->foreign || !at) {
		mem_free(text);
		return;
	}
	struct buf changed = {0};
	buf_add(&changed, (struct str){text, (size_t)(at - text)});
	buf_adds(&changed, "verdict: accepted\n  judged: {by: bob, on: 2026-11-22T06:00:00Z}");
	buf_adds(&changed, at + strlen("verdict: undecided"));
	put_file("a.txt.yaml", changed.p);
	shared->foreign = true;
	claim_end(claim_begin("a.txt", "bpost", VERDICT_ACCEPTED), true);
	buf_free(&changed);
	mem_free(text);
}

static bool merge(struct work *w)
{
	bool good = decide(w, "a.txt", "cgao2", VERDICT_ACCEPTED);
	if (good)
		write_as_another();
	good &= save(w, "a.txt") & decide(w, "a.txt", "dlu33", VERDICT_REJECTED);
	return work_close(w) && good;
}

static struct {
	struct pack *pack;
	struct zone_rules words;
} loaded;

void operations_load(void)
{
	struct error err = {0};
	if (!pack_load(NULL, &loaded.pack, &err) || !zone_words_load(&loaded.words, &err)) {
		(void)fprintf(stderr, "%s\n", err.message);
		exit(2);
	}
}

static bool extract_one(struct work *w, const char *file)
{
	struct error err = {0};
	struct doc *d = open_doc(w, file);
	if (!d)
		return false;
	struct extraction found = {0};
	struct extractor *e = extractor_new(loaded.pack);
	struct proposal_options options = {.pack = loaded.pack};
	struct proposal_counts counts = {0};
	struct group *g = group_new("alice");
	bool good = extract_article(e, d->article, d->set, &loaded.words, NULL, NULL, &found) &&
		    proposal_add(&options, &found, d, g, &counts, &err);
	if (good)
		good = session_commit(w->session, g, &err);
	else
		group_free(g);
	extraction_free(&found);
	extractor_free(e);
	return told(w, good, &err);
}

static bool extract_into_sidecars(struct work *w)
{
	struct error err = {0};
	bool good = extract_one(w, "a.txt") & extract_one(w, "b.txt");
	if (w->session) {
		good &= told(w, session_save_all(w->session, &err), &err);
		session_forget(w->session);
	}
	return work_close(w) && good;
}

static void on_failed(void *ctx, struct error *e)
{
	*(bool *)ctx = true;
	error_clear(e);
}

static bool not_interrupted(void *ctx)
{
	(void)ctx;
	return false;
}

static void no_progress(void *ctx, uint64_t done)
{
	(void)ctx;
	(void)done;
}

/* One object more for the article that is there, one article that is new, one in a folder that is new. */
static const char objects[] =
	"{\"file\":\"a.txt\",\"spans\":[{\"id\":\"kspan\",\"start\":0,\"end\":5,\"label\":\"TIME\",\"verdict\":\"accepted\"}]}\n"
	"{\"file\":\"c.txt\",\"text\":\"会议纪要\\n卢志军主持。\\n\",\"spans\":[{\"id\":\"kluzj\",\"start\":5,\"end\":8,\"label\":\"PERSON\"}]}\n"
	"{\"file\":\"sub/d.txt\",\"text\":\"会议纪要\\n卢志军主持。\\n\",\"spans\":[{\"id\":\"kluzj\",\"start\":5,\"end\":8,\"label\":\"PERSON\"}]}\n";

static bool prepare_import(struct work *w)
{
	(void)w;
	put_file("objects.jsonl", objects);
	return true;
}

static bool import(struct work *w)
{
	struct error err = {0};
	bool failed = false;
	if (!open_session(w))
		return false;
	struct import_job job = {.session = w->session,
				 .folder = "",
				 .format = &jsonl_format,
				 .name = "objects.jsonl",
				 .hooks = {&failed, on_failed, not_interrupted, no_progress}};
	static const struct {
		const char *file, *id;
		int value;
	} brought[] = {{"a.txt", "kspan", VERDICT_ACCEPTED},
		       {"c.txt", "kluzj", VERDICT_UNDECIDED},
		       {"sub/d.txt", "kluzj", VERDICT_UNDECIDED}};
	size_t first = shared->n_claims;
	for (size_t i = 0; i < COUNT_OF(brought); i++)
		(void)claim_begin(brought[i].file, brought[i].id, brought[i].value);
	bool good = jsonl_format.import(&job, "objects.jsonl", &err);
	import_end(&job);
	good = told(w, good, &err) && !failed && !job.unsaved && work_close(w);
	for (size_t i = first; good && i < shared->n_claims; i++)
		claim_end(i, true);
	losses_free(&job.losses);
	losses_free(&job.notices);
	return good;
}

static bool write_new(void *ctx, struct str bytes, struct error *err)
{
	return io_new_write(ctx, bytes, err);
}

static bool export_a(struct work *w, struct io_new *out)
{
	struct error err = {0};
	struct export_job job = {.format = &jsonl_format, .write = write_new, .ctx = out};
	for (size_t v = 0; v < VERDICTS; v++)
		job.verdicts[v] = true;
	struct doc *d = open_doc(w, "a.txt");
	bool good = d && d->trouble.code == ERROR_NONE && jsonl_format.export(&job, d, &err);
	losses_free(&job.losses);
	return d ? told(w, good || d->trouble.code != ERROR_NONE, &err) && good : false;
}

static bool export_to_file(struct work *w)
{
	struct error err = {0};
	struct io_new *out = NULL;
	bool opened = io_new_open("out.jsonl", &out, &err);
	if (err.code == ERROR_EXISTS) {
		error_clear(&err);
		return work_close(w);
	}
	if (!told(w, opened, &err))
		return false;
	if (!export_a(w, out)) {
		io_new_drop(out);
		return false;
	}
	return told(w, io_new_install(out, &err), &err) && work_close(w);
}

/* zhupi init, and learned.yaml counted anew. */
static bool configure(struct work *w)
{
	struct error err = {0};
	struct str config = S("zhupi: 1\nlanguage: zh\n"), learned = S("learned: 1\ncounted:\n");
	io_recover("fresh/corpus", false, NULL);
	io_recover(".", false, NULL);
	bool good = told(w, io_make_folder("fresh/corpus", &err), &err);
	if (good && access("fresh/corpus/zhupi.yaml", F_OK) != 0)
		good = told(w, io_create_file("fresh/corpus/zhupi.yaml", config, &err), &err);
	good &= told(w, io_replace_file("learned.yaml", learned, &err), &err);
	good &= told(w, io_replace_file("learned.yaml", S("learned: 1\n"), &err), &err);
	return good;
}

const struct operation operations[] = {
	{"first save", NULL, first_save, false, false, false},
	{"replace", NULL, replace, false, false, true},
	{"append", NULL, append, false, false, false},
	{"replay", append, replay, false, false, false},
	{"undo after a crash", append, undo, false, false, false},
	{"long lines", NULL, long_lines, false, false, false},
	{"merge-save", NULL, merge, false, true, false},
	{"import", prepare_import, import, false, false, true},
	{"export", NULL, export_to_file, true, false, false},
	{"extract", NULL, extract_into_sidecars, false, false, false},
	{"configure", NULL, configure, true, false, false},
	{NULL, NULL, NULL, false, false, false},
};

size_t operations_count(void)
{
	return COUNT_OF(operations) - 1;
}

/* ---- running them ----------------------------------------------------------------------------------------------- */

int wait_for(long pid)
{
	int status = 0;
	if (pid < 0 || waitpid((pid_t)pid, &status, 0) < 0) {
		perror("fork");
		_exit(2);
	}
	return WIFSIGNALED(status) ? 256 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void note_installed(enum call c, int fd, const char *path, const char *other, const void *bytes, long long n, int r)
{
	(void)fd, (void)path, (void)bytes, (void)n, (void)r;
	if ((c == CALL_RENAME || c == CALL_RENAMEAT2 || c == CALL_LINK) && other) {
		/* The test's own look is not one of the calls. */
		const struct io *table = io_swap(&io_system);
		note_version(other);
		io_swap(table);
	}
}

void operation_set_up(const struct operation *o)
{
	world_fresh();
	if (!o->prepare)
		return;
	pid_t child = fork();
	if (child == 0) {
		struct work w = {.told = true};
		fault_start(&(struct fault){.seen = note_installed}, SEED + 1);
		_exit(o->prepare(&w) ? 0 : 1);
	}
	if (wait_for(child) != 0)
		complain("%s cannot be prepared", o->name);
}

unsigned long operation_dry(const struct operation *o, const struct fault *lesser, unsigned char *names, size_t most)
{
	unsigned long *calls = mmap(NULL, sizeof(*calls) + most, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (calls == MAP_FAILED)
		return 0;
	operation_set_up(o);
	pid_t child = fork();
	if (child == 0) {
		struct work w = {.told = true};
		struct fault none = lesser ? *lesser : (struct fault){0};
		none.seen = note_installed;
		none.at = ~0ul;
		fault_start(&none, SEED);
		bool good = o->run(&w);
		*calls = fault_calls();
		for (unsigned long i = 0; i < *calls && i < most; i++)
			((unsigned char *)(calls + 1))[i] = (unsigned char)fault_call_at(i + 1);
		_exit(good ? 0 : 1);
	}
	int status = wait_for(child);
	unsigned long n = status == 0 ? *calls : 0;
	if (names)
		memcpy(names, calls + 1, most);
	(void)munmap(calls, sizeof(*calls) + most);
	if (status)
		complain("%s does not work even without faults: %d", o->name, status);
	return shared->complaint[0] ? 0 : n;
}
