/* world.c: see world.h. */
#include "operations.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "model/sha256.h"

struct shared *shared;
void (*claim_seen)(size_t claim, enum claim_state state);
void (*put_seen)(const char *path, const char *text);
static char *folder;

void world_make_shared(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
}

void complain(const char *format, ...)
{
	va_list args;
	if (shared->complaint[0])
		return;
	va_start(args, format);
	(void)vsnprintf(shared->complaint, sizeof(shared->complaint), format, args);
	va_end(args);
}

bool was_good(const char *format, ...)
{
	struct buf all = {0};
	va_list args;
	if (!shared->complaint[0])
		return true;
	va_start(args, format);
	buf_addv(&all, format, args);
	va_end(args);
	buf_addf(&all, ": %s", shared->complaint);
	(void)snprintf(shared->complaint, sizeof(shared->complaint), "%s", all.p);
	buf_free(&all);
	return false;
}

/* ---- files ---------------------------------------------------------------------------------------------------- */

void put_file(const char *path, const char *text)
{
	struct buf temp = {0};
	buf_addf(&temp, "%s.other", path);
	int fd = open(temp.p, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	size_t n = strlen(text);
	if (fd < 0 || write(fd, text, n) != (ssize_t)n || close(fd) != 0 || rename(temp.p, path) != 0) {
		perror(path);
		_exit(2);
	}
	if (put_seen)
		put_seen(path, text);
	buf_free(&temp);
}

char *get_file(const char *path)
{
	struct buf bytes = {0};
	if (!io_read_file(path, (size_t)1 << 28, &bytes, NULL, NULL))
		return NULL;
	return buf_take(&bytes);
}

char *hash_of_file(const char *path)
{
	char *text = get_file(path);
	char *hash = text ? sha256_of(str_of(text)) : mem_dup("");
	mem_free(text);
	return hash;
}

static bool is_version(const char *hash)
{
	for (size_t i = 0; i < shared->n_versions; i++)
		if (strcmp(shared->versions[i], hash) == 0)
			return true;
	return false;
}

void note_version(const char *path)
{
	char *hash = hash_of_file(path);
	if (hash[0] && !is_version(hash) && shared->n_versions < MOST_VERSIONS)
		(void)snprintf(shared->versions[shared->n_versions++], 65, "%s", hash);
	mem_free(hash);
}

/* ---- the folder ----------------------------------------------------------------------------------------------- */

static void empty_folder(const char *path)
{
	DIR *dir = opendir(path);
	for (const struct dirent *e; dir && (e = readdir(dir));) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		char *whole = io_join(path, e->d_name);
		if (unlink(whole) != 0) {
			empty_folder(whole);
			(void)rmdir(whole);
		}
		mem_free(whole);
	}
	if (dir)
		(void)closedir(dir);
}

void world_empty(void)
{
	empty_folder(".");
}

void world_enter(unsigned worker)
{
	const char *tmp = getenv("TMPDIR");
	if (!tmp || !tmp[0])
		tmp = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"; /* thousands of syncs are not for a disk */
	struct buf path = {0};
	buf_addf(&path, "%s/zhupi-fault-%u-XXXXXX", tmp, worker);
	folder = buf_take(&path);
	if (!mkdtemp(folder) || chdir(folder) != 0 || setenv("XDG_STATE_HOME", folder, 1) != 0 ||
	    setenv("XDG_CONFIG_HOME", folder, 1) != 0) {
		perror(folder);
		exit(2);
	}
}

void world_leave(void)
{
	empty_folder(folder);
	(void)!chdir("/");
	(void)rmdir(folder);
	mem_free(folder);
}

const char *world_folder(void)
{
	return folder;
}

static const char spans[] = "status: reviewing\n"
			    "spans:\n"
			    "- id: bpost # a comment that stays\n"
			    "  label: ORG\n"
			    "  at: [[5, 11]]\n"
			    "  text: 开封市委书记\n"
			    "  verdict: undecided\n"
			    "  source: {by: zh-report, rule: post, score: 0.71}\n"
			    "  colour: unknown to us\n"
			    "- id: cgao2\n"
			    "  label: PERSON\n"
			    "  at: [[11, 14]]\n"
			    "  text: 高建军\n"
			    "  verdict: undecided\n"
			    "  source: {by: zh-report, rule: name-after-post, score: 0.93}\n"
			    "- id: dlu33\n"
			    "  label: PERSON\n"
			    "  at: [[24, 27]]\n"
			    "  text: 卢志军\n"
			    "  verdict: undecided\n"
			    "  source: {by: zh-report, rule: list, score: 0.5}\n"
			    "unknown: [1, 2]\n";

void world_fresh(void)
{
	empty_folder(".");
	put_file("zhupi.yaml", "zhupi: 1\n");
	put_file("a.txt", ARTICLE_A);
	put_file("b.txt", ARTICLE_B);
	struct buf sidecar = {0};
	char *hash = sha256_of(S(ARTICLE_A));
	buf_addf(&sidecar,
		 "zhupi: 1\narticle: {file: a.txt, sha256: \"%s\", bytes: %zu, length: 49, encoding: utf-8, newlines: "
		 "lf}\nschema: report\n%s",
		 hash, sizeof(ARTICLE_A) - 1, spans);
	put_file("a.txt.yaml", sidecar.p);
	mem_free(hash);
	buf_free(&sidecar);
	memset(shared, 0, sizeof(*shared));
	note_version("a.txt.yaml");
}

/* ---- claims --------------------------------------------------------------------------------------------------- */

size_t claim_begin(const char *file, const char *id, int value)
{
	if (shared->n_claims == MOST_CLAIMS) {
		complain("the test has too many claims");
		return 0;
	}
	struct claim *c = &shared->claims[shared->n_claims];
	(void)snprintf(c->file, sizeof(c->file), "%s", file);
	(void)snprintf(c->id, sizeof(c->id), "%s", id);
	c->value = value;
	c->state = CLAIM_TRYING;
	if (claim_seen)
		claim_seen(shared->n_claims, c->state);
	return shared->n_claims++;
}

void claim_end(size_t claim, bool saved)
{
	shared->claims[claim].state = saved ? CLAIM_SAVED : CLAIM_FAILED;
	if (claim_seen)
		claim_seen(claim, shared->claims[claim].state);
}

static int first_value(const struct claim *c)
{
	static const char *const there[] = {"bpost", "cgao2", "dlu33"};
	for (size_t i = 0; i < COUNT_OF(there); i++)
		if (strcmp(c->file, "a.txt") == 0 && strcmp(c->id, there[i]) == 0)
			return VERDICT_UNDECIDED;
	return GONE;
}

static bool same_item(const struct claim *a, const struct claim *b)
{
	return strcmp(a->file, b->file) == 0 && strcmp(a->id, b->id) == 0;
}

/* What the disk may say: a bit for each value. */
static unsigned allowed(const struct claim *of)
{
	unsigned bits = 1u << (first_value(of) + 1);
	for (size_t i = 0; i < shared->n_claims; i++) {
		const struct claim *c = &shared->claims[i];
		if (!same_item(c, of))
			continue;
		unsigned bit = 1u << (c->value + 1);
		bits = c->state == CLAIM_SAVED ? bit : bits | bit;
	}
	return bits;
}

static int value_there(struct doc *d, const char *id)
{
	size_t span = set_find_span(d->set, str_of(id));
	if (span != NOWHERE)
		return set_span(d->set, span)->verdict;
	for (size_t i = 0; i < set_notes(d->set); i++)
		if (str_starts(set_note(d->set, i)->text, str_of(id)))
			return 1;
	return GONE;
}

static void check_claim(struct session *s, const struct claim *c, const char *when)
{
	char *path = io_join(".", c->file);
	bool there = access(path, F_OK) == 0;
	mem_free(path);
	struct error err = {0};
	struct doc *d = there ? session_doc(s, str_of(c->file), &err) : NULL;
	int value = d ? value_there(d, c->id) : GONE;
	if (there && (!d || d->trouble.code != ERROR_NONE || d->findings.n))
		complain("%s: %s cannot be used: %s", when, c->file,
			 !d                                  ? err.message
			 : d->trouble.code != ERROR_NONE ? d->trouble.message
							 : d->findings.list[0].error.message);
	if (!(allowed(c) & 1u << (value + 1)))
		complain("%s: %s of %s is %d, and may be %#x", when, c->id, c->file, value, allowed(c));
	error_clear(&err);
}

/* ---- looking ---------------------------------------------------------------------------------------------------- */

struct opened {
	struct session *session;
};

static bool open_world(struct opened *o, bool read_only, const char *when)
{
	struct error err = {0};
	static struct corpus *lasting; /* settings and schema, which take longer to read than all the rest */
	*o = (struct opened){0};
	if ((lasting || corpus_open(".", "alice", &lasting, &err)) && session_open(lasting, read_only, &o->session, &err))
		return true;
	complain("%s: cannot be opened: %s", when, err.message ? err.message : "");
	error_clear(&err);
	return false;
}

static void close_world(struct opened *o, const char *when)
{
	struct error err = {0};
	if (!session_close(o->session, &err))
		complain("%s: cannot be closed: %s: %s", when, err.path ? err.path : "", err.message ? err.message : "");
	error_clear(&err);
	session_free(o->session);
}

static void check_all(struct session *s, const char *when)
{
	for (size_t i = 0; i < shared->n_claims; i++)
		check_claim(s, &shared->claims[i], when);
	if (session_conflicts(s))
		complain("%s: a choice is asked for about %s of %s: %s", when, session_conflict(s, 0)->id,
			 session_conflict(s, 0)->file, session_conflict(s, 0)->why);
}

void check_claims(const char *when)
{
	struct opened o;
	if (!open_world(&o, true, when))
		return;
	check_all(o.session, when);
	close_world(&o, when);
}

static void decide_something(struct opened *o, const char *text, const char *when)
{
	struct error err = {0};
	struct doc *d = session_doc(o->session, S("b.txt"), &err);
	struct group *g = group_new("alice");
	bool good = d && edit_add_note(g, d, str_of(text), NULL, &err);
	size_t claim = claim_begin("b.txt", text, 1);
	if (good)
		good = session_commit(o->session, g, &err);
	else
		group_free(g);
	claim_end(claim, good);
	if (!good)
		complain("%s: cannot be changed: %s: %s", when, err.path ? err.path : "", err.message ? err.message : "");
	error_clear(&err);
}

static bool is_temporary(struct str name)
{
	return str_ends(name, S(".tmp")) || str_ends(name, S(".swap")) || str_ends(name, S(".aside"));
}

static size_t count_litter(const char *path, char **example)
{
	size_t n = 0;
	DIR *dir = opendir(path);
	for (const struct dirent *e; dir && (e = readdir(dir));) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		char *whole = io_join(path, e->d_name);
		if (e->d_type == DT_DIR) {
			n += count_litter(whole, example);
		} else if (e->d_name[0] == '.' && is_temporary(str_of(e->d_name)) &&
			   !strstr(e->d_name, "---")) { /* (made when the system did not tell its name) */
			n++;
			if (example && !*example)
				*example = mem_dup(whole);
		}
		mem_free(whole);
	}
	if (dir)
		(void)closedir(dir);
	return n;
}

static void check_no_litter(const char *when)
{
	char *example = NULL;
	if (count_litter(".", &example))
		complain("%s: %s was left", when, example);
	mem_free(example);
}

static void check_articles(bool may_be_empty)
{
	static const struct {
		const char *path, *text;
		bool must;
	} articles[] = {{"a.txt", ARTICLE_A, true},
			{"b.txt", ARTICLE_B, true},
			{"c.txt", ARTICLE_C, false},
			{"sub/d.txt", ARTICLE_C, false}};
	for (size_t i = 0; i < COUNT_OF(articles); i++) {
		char *text = get_file(articles[i].path);
		bool empty = may_be_empty && text && !text[0];
		if (!empty && (text ? strcmp(text, articles[i].text) != 0 : articles[i].must))
			complain("the article %s is not what it was", articles[i].path);
		mem_free(text);
	}
}

static void check_versions(bool may_be_empty)
{
	static const char *const sidecars[] = {"a.txt.yaml", "b.txt.yaml", "c.txt.yaml", "sub/d.txt.yaml", "learned.yaml",
					       "out.jsonl"};
	for (size_t i = 0; i < COUNT_OF(sidecars); i++) {
		char *hash = hash_of_file(sidecars[i]);
		struct stat st;
		bool empty = may_be_empty && stat(sidecars[i], &st) == 0 && st.st_size == 0;
		if (hash[0] && !is_version(hash) && !empty)
			complain("%s is neither the old nor a new file", sidecars[i]);
		mem_free(hash);
	}
}

static void check_closed(const char *when)
{
	struct journal_list l = {0};
	char *here = io_join(".", ".zhupi/journal");
	journal_list_add(&l, here);
	for (size_t i = 0; i < l.n; i++)
		if (!journal_is_closed(l.paths[i]))
			complain("%s: %s is not closed", when, l.paths[i]);
	journal_list_free(&l);
	mem_free(here);
}

void check_world(const struct expected_files *e)
{
	struct opened o;
	check_articles(e->lesser);
	if (e->versions)
		check_versions(e->lesser);
	size_t litter = count_litter(".", NULL), most = e->most_litter ? e->most_litter : 1;
	if (litter > (e->litter ? most : 0))
		complain("%zu temporary files were left", litter);
	if (!e->lesser)
		check_claims("looking");
	if (e->again && !e->again(&(struct work){.told = true}))
		complain("it cannot be done again");
	if (shared->complaint[0] || !open_world(&o, false, "restart"))
		return;
	if (!e->lesser)
		check_all(o.session, "restart");
	decide_something(&o, "after the restart", "restart");
	check_all(o.session, "after the restart");
	close_world(&o, "restart");
	check_no_litter("after the restart");
	check_articles(false);
	if (!e->unlocked)
		check_closed("after the restart");
	if (shared->complaint[0] || !open_world(&o, false, "second restart"))
		return;
	decide_something(&o, "after that", "second restart");
	check_all(o.session, "second restart");
	close_world(&o, "second restart");
	/* All of it is in the sidecars by now. */
	if (rename(".zhupi", "journals.gone") == 0)
		check_claims("from the sidecars alone");
}
