/* files.c: what stands around a sidecar: links, owners, modes, access lists, attributes; and what may stand where zhupi's
 * own files are wanted. */
#include "runner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#define SIDECAR "a.txt.yaml"

/* The operation that saves a.txt three times. */
static const struct operation *saving(void)
{
	return &operations[1];
}

static void run_plain(void *ctx)
{
	struct work w = {.told = true};
	fault_start(&(struct fault){.at = ~0ul}, SEED);
	shared->done = ((const struct operation *)ctx)->run(&w);
	if (!shared->done)
		complain("%s", w.last);
}

/* Saves; true when it said that it did.  Where it did not, the complaint is why. */
static bool save_now(void)
{
	shared->done = false;
	int status = in_fork(run_plain, (void *)(uintptr_t)saving(), 20);
	if (status != 0)
		complain("ended with %d", status);
	return shared->done;
}

static bool run_command(const char *command)
{
	return system(command) == 0;
}

static void report_good(const char *what)
{
	bool good = was_good("%s", what);
	report(good, "%s%s", what, good ? "" : ": not so");
	if (!good)
		printf("# %s\n", shared->complaint);
	shared->complaint[0] = '\0';
}

/* ---- what is kept ----------------------------------------------------------------------------------------------- */

static struct stat stat_of(const char *path)
{
	struct stat st = {0};
	if (lstat(path, &st) != 0)
		complain("%s is not there", path);
	return st;
}

static void modes_and_owners(void)
{
	static const mode_t modes[] = {0600, 0640, 0644, 0664, 0666, 0606, 0700, 0755, 02664, 04700};
	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		char what[80];
		world_fresh();
		if ((geteuid() == 0 && chown(SIDECAR, 12345, 54321) != 0) || chmod(SIDECAR, modes[i]) != 0)
			complain("the test cannot set it");
		struct stat before = stat_of(SIDECAR);
		(void)save_now();
		struct stat after = stat_of(SIDECAR);
		if (after.st_mode != before.st_mode || after.st_uid != before.st_uid || after.st_gid != before.st_gid)
			complain("%o of %u:%u became %o of %u:%u", before.st_mode, before.st_uid, before.st_gid, after.st_mode,
			         after.st_uid, after.st_gid);
		if (after.st_ino == before.st_ino)
			complain("written in place");
		(void)snprintf(what, sizeof(what), "mode %04o is kept, with owner and group", (unsigned)modes[i]);
		report_good(what);
	}
}

static void set_group_folder(void)
{
	world_fresh();
	if (chmod(".", 02775) != 0 || (geteuid() == 0 && chown(".", (uid_t)-1, 54321) != 0))
		complain("the test cannot set the folder's group");
	struct stat before = stat_of(SIDECAR);
	(void)save_now();
	if (before.st_gid != stat_of(SIDECAR).st_gid)
		complain("the group became that of the folder");
	if (chown(".", (uid_t)-1, getegid()) != 0 || chmod(".", 0700) != 0)
		complain("the test cannot set the folder's group back");
	report_good("a file in a set-group-id folder keeps its group");
}

static void attributes(void)
{
	/* An access list as the kernel has it: version 2; owner rw-, user 4242 rw-, group r--, mask rw-, others ---. */
	static const unsigned char list[] = {2, 0, 0, 0, 1, 0, 6, 0, 0xff, 0xff, 0xff, 0xff, 2, 0, 6, 0, 0x92, 0x10, 0, 0,
	                                     4, 0, 4, 0, 0xff, 0xff, 0xff, 0xff, 0x10, 0, 6, 0, 0xff, 0xff, 0xff, 0xff,
	                                     0x20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff};
	static const struct {
		const char *name;
		const void *value;
		size_t n;
	} kept[] = {{"user.review", "second reading", 14}, {"user.empty", "", 0}, {"system.posix_acl_access", list, sizeof(list)}};
	for (size_t i = 0; i < COUNT_OF(kept); i++) {
		unsigned char there[256];
		world_fresh();
		if (setxattr(SIDECAR, kept[i].name, kept[i].value, kept[i].n, 0) != 0) {
			report(true, "%s # SKIP not on this file system: %s", kept[i].name, strerror(errno));
			continue;
		}
		struct stat before = stat_of(SIDECAR);
		(void)save_now();
		ssize_t n = getxattr(SIDECAR, kept[i].name, there, sizeof(there));
		if (n != (ssize_t)kept[i].n || memcmp(there, kept[i].value, kept[i].n) != 0)
			complain("it is not what it was");
		if (stat_of(SIDECAR).st_mode != before.st_mode)
			complain("the mode is not what it was");
		report_good(kept[i].name);
	}
}

static int no_attributes(int fd, const char *name, const void *value, size_t n, int flags)
{
	(void)fd, (void)name, (void)value, (void)n, (void)flags;
	errno = EPERM;
	return -1;
}

/* What cannot be kept refuses, with the reason, and the file stays. */
static void attributes_that_cannot_be_kept(void)
{
	struct io table = io_system;
	struct error err = {0};
	table.fsetxattr = no_attributes;
	world_fresh();
	if (setxattr(SIDECAR, "user.review", "x", 1, 0) != 0) {
		report(true, "attributes that cannot be kept # SKIP not on this file system");
		return;
	}
	char *before = hash_of_file(SIDECAR);
	io_swap(&table);
	bool done = io_replace_file(SIDECAR, S("new"), &err);
	io_swap(&io_system);
	char *after = hash_of_file(SIDECAR);
	report(!done && err.message && strcmp(before, after) == 0, "an attribute that cannot be kept refuses the save: %s",
	       err.message ? err.message : "nothing was said");
	error_clear(&err);
	mem_free(before);
	mem_free(after);
}

/* ---- links ------------------------------------------------------------------------------------------------------ */

static void one_link(const char *what, const char *set_up, bool wanted, const char *check)
{
	world_fresh();
	if (!run_command(set_up))
		complain("the test cannot make it");
	bool done = save_now();
	if (!wanted && !done)
		shared->complaint[0] = '\0';
	if (done != wanted)
		complain(wanted ? "it was not saved" : "it was saved");
	if (!run_command(check))
		complain("afterwards it is not as it should be");
	report_good(what);
	(void)run_command("rm -rf ../zhupi-outside");
}

static void links(void)
{
	one_link("a link inside the corpus stays, its target is written",
	         "mkdir real && mv a.txt.yaml real/s.yaml && ln -s real/s.yaml a.txt.yaml", true,
	         "[ -L a.txt.yaml ] && grep -q 'verdict: accepted' real/s.yaml");
	one_link("a chain of links stays",
	         "mkdir real && mv a.txt.yaml real/s.yaml && ln -s s.yaml real/t.yaml && ln -s real/t.yaml a.txt.yaml", true,
	         "[ -L a.txt.yaml ] && [ -L real/t.yaml ] && grep -q 'verdict: accepted' real/s.yaml");
	one_link("a link out of the corpus is not written through",
	         "mkdir ../zhupi-outside && mv a.txt.yaml ../zhupi-outside/s.yaml && ln -s ../zhupi-outside/s.yaml a.txt.yaml",
	         false, "[ -L a.txt.yaml ] && ! grep -q 'verdict: accepted' ../zhupi-outside/s.yaml");
	one_link("a link to nothing is left alone", "rm a.txt.yaml && ln -s nothing a.txt.yaml", false,
	         "[ -L a.txt.yaml ] && [ ! -e nothing ]");
	one_link("links in a circle are left alone", "rm a.txt.yaml && ln -s b.yaml a.txt.yaml && ln -s a.txt.yaml b.yaml", false,
	         "[ -L a.txt.yaml ] && [ -L b.yaml ]");
	one_link("of two names for a file the other keeps the old one", "ln a.txt.yaml other.yaml", true,
	         "grep -q 'verdict: undecided' other.yaml && ! cmp -s a.txt.yaml other.yaml");
	one_link("a read-only file is left alone", "chmod 0444 a.txt.yaml", false, "! grep -q 'verdict: accepted' a.txt.yaml");
}

/* ---- a second name ------------------------------------------------------------------------------------------ */

static struct {
	bool may;
	unsigned asked;
} parting;

static bool may_part(void *ctx, const char *file)
{
	(void)ctx;
	if (strcmp(file, "a.txt") != 0)
		complain("asked about %s", file);
	parting.asked++;
	return parting.may;
}

/* Decides, saves, closes. */
static void run_asked(void *ctx)
{
	struct error err = {0};
	struct corpus *c = NULL;
	struct session *s = NULL;
	struct doc *d = NULL;
	struct group *g = group_new("alice");
	(void)ctx;
	if (!corpus_open(".", "alice", &c, &err) || !session_open(c, false, &s, &err) || !(d = session_doc(s, S("a.txt"), &err)))
		_exit(1);
	session_watch(s, &(struct session_watcher){.may_part = may_part});
	size_t claim = claim_begin("a.txt", "bpost", VERDICT_ACCEPTED);
	bool good = edit_verdict(g, d, ITEM_SPAN, S("bpost"), VERDICT_ACCEPTED, &err) && session_commit(s, g, &err);
	claim_end(claim, good);
	if (!good || !session_save(s, d, NULL, &err) || d->dirty == parting.may || !session_save_all(s, &err) ||
	    !session_close(s, &err))
		complain("not held for an answer: %s", err.message ? err.message : "");
	if (parting.may ? parting.asked != 1 : parting.asked == 0)
		complain("asked %u times", parting.asked);
	session_free(s);
	corpus_free(c);
}

static void one_answer(bool may, const char *check, const char *what)
{
	world_fresh();
	if (!run_command("ln a.txt.yaml other.yaml"))
		complain("the test cannot make it");
	parting.may = may;
	parting.asked = 0;
	if (in_fork(run_asked, NULL, 20) != 0)
		complain("it ended");
	if (!run_command(check))
		complain("the two names are not as they should be");
	check_world(&(struct expected_files){0});
	report_good(what);
}

static void second_name(void)
{
	one_answer(true, "grep -q 'verdict: accepted' a.txt.yaml && ! grep -q 'verdict: accepted' other.yaml",
	           "a second name is asked about once; with consent it keeps the old version");
	one_answer(false, "[ a.txt.yaml -ef other.yaml ] && ! grep -q 'verdict: accepted' a.txt.yaml",
	           "without consent both names stay one file, and the decision in the journal");
}

/* ---- hostile files ---------------------------------------------------------------------------------------------- */

static void hostile_files(void)
{
	static const char *const set_ups[] = {
		"mkdir -p .zhupi && mkfifo .zhupi/lock",
		"mkdir -p .zhupi && ln -s /etc/passwd .zhupi/lock",
		"mkdir -p .zhupi/lock",
		"mkdir -p .zhupi && head -c 9000 /dev/urandom >.zhupi/lock",
		"mkdir -p .zhupi && ln -s nobody .zhupi/turn",
		"mkdir -p .zhupi && mkfifo .zhupi/turn",
		"mkdir -p .zhupi/turn/x",
		"mkdir -p .zhupi && head -c 9000 /dev/urandom >.zhupi/turn",
		"mkdir -p .zhupi/journal && mkfifo .zhupi/journal/a.jsonl",
		"mkdir -p .zhupi/journal && ln -s /dev/zero .zhupi/journal/a.jsonl",
		"mkdir -p .zhupi/journal/a.jsonl",
		"mkdir -p .zhupi/journal && head -c 9000 /dev/urandom >.zhupi/journal/a.jsonl",
		"mkdir -p .zhupi/journal && ln -s ../../a.txt .zhupi/journal/z.jsonl",
		"mkdir -p .zhupi/journal && truncate -s 1T .zhupi/journal/z.jsonl",
		"mkdir -p .zhupi j && ln -s ../j .zhupi/journal",
		"echo a file >.zhupi",
		"mkfifo .a.txt.yaml.000000-000000-000000-1-bbbbbbbbbb.tmp",
		"ln -s /etc/passwd .a.txt.yaml.000000-000000-000000-1-bbbbbbbbbb.tmp",
		"mkdir .a.txt.yaml.000000-000000-000000-1-bbbbbbbbbb.tmp",
		"mkdir -p .zhupi && mkfifo .zhupi/.gitignore",
	};
	for (size_t i = 0; i < COUNT_OF(set_ups); i++) {
		world_fresh();
		if (!run_command(set_ups[i]))
			complain("the test cannot do it");
		(void)save_now();
		check_claims("afterwards");
		if (!shared->done)
			complain("nothing was saved");
		report_good(set_ups[i]);
	}
}

/* ---- another program in between --------------------------------------------------------------------------------- */

static unsigned slipped;

static void slip_in(const char *path)
{
	if (strstr(path, SIDECAR) == NULL || slipped)
		return;
	char *text = get_file(SIDECAR), *at = text ? strstr(text, "colour: unknown") : NULL;
	if (at) {
		memcpy(at, "colour: crimson", 15);
		slipped++;
		put_file(SIDECAR, text);
	}
	mem_free(text);
}

static void slip_in_first(const char *path)
{
	if (strstr(path, "b.txt.yaml") == NULL || slipped)
		return;
	slipped++;
	put_file("b.txt.yaml", "zhupi: 1\nnotes:\n- {id: nbbb2, text: from another, by: bob}\n");
}

static void run_slipped(void *ctx)
{
	struct work w = {.told = true};
	bool first = *(bool *)ctx;
	fault_start(&(struct fault){.at = ~0ul, .before_install = first ? slip_in_first : slip_in}, SEED);
	shared->done = first ? operations[0].run(&w) : saving()->run(&w);
	if (!shared->done)
		complain("%s", w.last);
	if (!slipped)
		complain("the test did not slip in");
}

/* In the last instant, after the hash was looked at: without an exchange of names it would be lost. */
static void between_look_and_name(bool first)
{
	world_fresh();
	slipped = 0;
	int status = in_fork(run_slipped, &first, 20);
	char *text = get_file(first ? "b.txt.yaml" : SIDECAR);
	if (status != 0)
		complain("ended with %d", status);
	if (!text || !strstr(text, first ? "from another" : "colour: crimson"))
		complain("what the other program wrote is lost");
	mem_free(text);
	check_world(&(struct expected_files){0});
	report_good(first ? "a file made between the last look and the first save is merged"
	                  : "a version written between the last look and the exchange is merged");
}

void test_files(void)
{
	world_make_shared();
	world_enter(97);
	modes_and_owners();
	set_group_folder();
	attributes();
	attributes_that_cannot_be_kept();
	links();
	second_name();
	hostile_files();
	between_look_and_name(false);
	between_look_and_name(true);
	world_leave();
}
