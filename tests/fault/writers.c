/* writers.c: eight processes on one sidecar, with locks and without, killed or not: what one of them reported is there. */
#include "runner.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define WRITERS 8
#define DECISIONS 500 /* of each */
#define BETWEEN_SAVES 25

static volatile unsigned char (*told_done)[DECISIONS]; /* shared by all */

static void name_of(char *text, size_t n, unsigned writer, unsigned decision)
{
	(void)snprintf(text, n, "w%u-%03u", writer, decision);
}

static bool decide_one(struct session *s, struct doc *d, const char *by, const char *text, struct error *err)
{
	struct group *g = group_new(by);
	if (edit_add_note(g, d, str_of(text), NULL, err))
		return session_commit(s, g, err);
	group_free(g);
	return false;
}

/* Goes on where it was killed. Ends with a status that tells what failed. */
static void write_all(unsigned writer, const struct fault *f)
{
	char by[16];
	struct corpus *c = NULL;
	struct session *s = NULL;
	struct doc *d = NULL;
	struct error err = {0};
	(void)snprintf(by, sizeof(by), "writer%u", writer);
	fault_start(f, (uint64_t)getpid());
	if (!corpus_open(".", by, &c, &err) || !session_open(c, false, &s, &err) || !(d = session_doc(s, S("b.txt"), &err)))
		_exit(1);
	for (unsigned i = 0; i < DECISIONS; i++) {
		char text[24];
		if (told_done[writer][i])
			continue;
		name_of(text, sizeof(text), writer, i);
		/* What was on the screen may be so no longer (the first note says that the article is being reviewed). */
		for (int attempt = 0; !decide_one(s, d, by, text, &err); attempt++) {
			if (err.code != ERROR_CONFLICT || attempt == 3) {
				complain("writer %u, decision %u: %s", writer, i, err.message);
				_exit(2);
			}
			error_clear(&err);
		}
		told_done[writer][i] = 1;
		if (i % BETWEEN_SAVES == writer && !session_save(s, d, NULL, &err) && err.code != ERROR_CONFLICT) {
			complain("writer %u cannot save: %s", writer, err.message);
			_exit(3);
		}
		error_clear(&err);
	}
	/* Too many others at the same moment is no loss: the rest stays in the journal. */
	if (!session_close(s, &err) && err.code != ERROR_CONFLICT)
		complain("writer %u cannot close: %s", writer, err.message);
	_exit(shared->complaint[0] ? 4 : 0);
}

static pid_t start_writer(unsigned writer, const struct fault *f)
{
	pid_t child = fork();
	if (child == 0)
		write_all(writer, f);
	return child;
}

/* Kills one now and then, and starts it again. */
static unsigned run_writers(const struct fault *f, bool kill_them)
{
	pid_t pids[WRITERS];
	unsigned left = WRITERS, kills = 0, random = (unsigned)fault_seed();
	for (unsigned w = 0; w < WRITERS; w++)
		pids[w] = start_writer(w, f);
	while (left) {
		int status;
		if (kill_them && kills < 200 * fault_scale()) {
			random = random * 1103515245u + 12345u;
			(void)usleep(500 + random / 65536 % 8000); /* the moment is the point; nothing waits for it */
			pid_t victim = pids[random / 65536 % WRITERS];
			if (victim > 0 && kill(victim, SIGKILL) == 0)
				kills++;
		}
		pid_t gone = waitpid(-1, &status, kill_them ? WNOHANG : 0);
		for (unsigned w = 0; gone > 0 && w < WRITERS; w++) {
			if (pids[w] != gone)
				continue;
			bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
			if (!killed && status != 0)
				complain("writer %u ended with %d", w, status);
			pids[w] = killed ? start_writer(w, f) : 0;
			left -= !killed;
		}
	}
	return kills;
}

static unsigned count_missing(struct doc *d)
{
	unsigned missing = 0;
	bool(*there)[DECISIONS] = mem_array(WRITERS, sizeof(*there));
	for (size_t i = 0; i < set_notes(d->set); i++) {
		unsigned writer, decision;
		char *text = str_dup(set_note(d->set, i)->text);
		if (sscanf(text, "w%u-%u", &writer, &decision) == 2 && writer < WRITERS && decision < DECISIONS)
			there[writer][decision] = true;
		mem_free(text);
	}
	for (unsigned w = 0; w < WRITERS; w++)
		for (unsigned i = 0; i < DECISIONS; i++)
			missing += told_done[w][i] && !there[w][i];
	mem_free(there);
	return missing;
}

static void check_all_there(const char *when, const char *mode, bool read_only)
{
	struct corpus *c = NULL;
	struct session *s = NULL;
	struct doc *d = NULL;
	struct error err = {0};
	bool good = corpus_open(".", "reader", &c, &err) && session_open(c, read_only, &s, &err) &&
	            (d = session_doc(s, S("b.txt"), &err)) && d->trouble.code == ERROR_NONE;
	unsigned missing = good ? count_missing(d) : 0;
	report(good && missing == 0 && session_conflicts(s) == 0, "%s, %s: %u of %u lost, %zu choices asked for%s%s", mode, when,
	       missing, WRITERS * DECISIONS, s ? session_conflicts(s) : 0, err.message ? ": " : "", err.message ? err.message : "");
	for (size_t i = 0; s && i < session_conflicts(s); i++) {
		const struct conflict *k = session_conflict(s, i);
		printf("# a choice: %s %s by %s: %s; mine: %s; theirs: %s\n", item_kind_name(k->kind), k->id, k->by, k->why,
		       k->mine ? node_get_text(k->mine, S("text")).p : "gone", k->theirs ? node_get_text(k->theirs, S("text")).p : "gone");
	}
	if (!read_only && good) {
		good = decide_one(s, d, "reader", "after all", &err) && session_close(s, &err);
		report(good, "%s: taken over by the next session%s%s", mode, good ? "" : ": ", err.message ? err.message : "");
	}
	error_clear(&err);
	if (s)
		session_free(s);
	if (c)
		corpus_free(c);
}

static void one_mode(const char *mode, const struct fault *f, bool kill_them)
{
	world_make_shared();
	world_enter(98);
	world_fresh();
	memset((void *)(uintptr_t)told_done, 0, sizeof(*told_done) * WRITERS);
	unsigned kills = run_writers(f, kill_them);
	report(!shared->complaint[0], "%s: %u processes of %u decisions on one sidecar, %u killed%s%s", mode, WRITERS, DECISIONS,
	       kills, shared->complaint[0] ? ": " : "", shared->complaint);
	check_all_there("after the last", mode, false);
	if (rename(".zhupi", "journals.gone") != 0)
		report(false, "%s: there are no journals", mode);
	check_all_there("in the sidecar alone", mode, true);
	world_leave();
}

void test_writers(void)
{
	told_done = mmap(NULL, sizeof(*told_done) * WRITERS, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (told_done == MAP_FAILED) {
		report(false, "no memory to share");
		return;
	}
	for (unsigned long i = 0; i < fault_scale(); i++) {
		one_mode("locks", &(struct fault){0}, false);
		one_mode("no locks", &(struct fault){.no_locks = true}, false);
		one_mode("locks that lock nothing", &(struct fault){.false_locks = true}, false);
		one_mode("names cannot be exchanged", &(struct fault){.no_exchange = EINVAL}, false);
		one_mode("names cannot be exchanged, locks that lock nothing", &(struct fault){.no_exchange = EINVAL, .false_locks = true}, false);
		one_mode("times that stand still", &(struct fault){.frozen_times = true, .false_locks = true}, false);
		one_mode("killed at random", &(struct fault){0}, true);
		one_mode("killed at random, locks that lock nothing", &(struct fault){.false_locks = true}, true);
	}
	(void)munmap((void *)(uintptr_t)told_done, sizeof(*told_done) * WRITERS);
}
