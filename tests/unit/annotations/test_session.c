/* session: what was committed is found again whatever fails, undone and redone, saved, merged with what others
 * wrote. */
#include "edit_fixture.h"

#include <errno.h>

#include "annotations/journal.h"

struct open_session {
	struct corpus *corpus;
	struct session *session;
	struct doc *doc;
};

static void open_as(struct open_session *o, const char *by, bool read_only)
{
	struct error err = {0};
	assert_good(corpus_open(".", by, &o->corpus, &err), &err);
	assert_good(session_open(o->corpus, read_only, &o->session, &err), &err);
	o->doc = session_doc(o->session, S("a.txt"), &err);
	assert_good(o->doc != NULL, &err);
}

static void open_one(struct open_session *o)
{
	open_as(o, "alice", false);
}

/* As when the process is killed: nothing more is written. */
static void abandon(struct open_session *o)
{
	session_free(o->session);
	corpus_free(o->corpus);
}

static void close_one(struct open_session *o)
{
	struct error err = {0};
	assert_good(session_close(o->session, &err), &err);
	abandon(o);
}

static struct group *group_of(const struct open_session *o)
{
	return group_new(corpus_annotator(o->corpus));
}

static void commit(struct open_session *o, struct group *g)
{
	struct error err = {0};
	assert_good(session_commit(o->session, g, &err), &err);
}

static void judge(struct open_session *o, const char *id, enum verdict v)
{
	struct group *g = group_of(o);
	struct error err = {0};
	assert_good(edit_verdict(g, o->doc, ITEM_SPAN, str_of(id), v, &err), &err);
	commit(o, g);
}

static void relabel(struct open_session *o, const char *id, const char *label)
{
	struct group *g = group_of(o);
	struct error err = {0};
	uint16_t index = schema_intern(corpus_schema(o->corpus), str_of(label));
	assert_good(edit_label(g, o->doc, str_of(id), index, true, &err), &err);
	commit(o, g);
}

static void flag(struct open_session *o, const char *id, const char *reason)
{
	struct group *g = group_of(o);
	struct error err = {0};
	assert_good(edit_flag(g, o->doc, ITEM_SPAN, str_of(id), str_of(reason), &err), &err);
	commit(o, g);
}

static enum verdict verdict_of(const struct open_session *o, const char *id)
{
	size_t i = set_find_span(o->doc->set, str_of(id));
	assert_int_not_equal(i, NOWHERE);
	return set_span(o->doc->set, i)->verdict;
}

static void save(struct open_session *o)
{
	struct error err = {0};
	assert_good(session_save(o->session, o->doc, NULL, &err), &err);
}

static char *rendered(const struct open_session *o)
{
	struct buf out = {0};
	sidecar_render(o->doc->sidecar, o->doc->set, &out);
	return buf_take(&out);
}

static void assert_clean_undo(struct open_session *o, const char *what)
{
	struct undone u;
	struct error err = {0};
	assert_good(session_undo(o->session, S("a.txt"), &u, &err), &err);
	assert_string_equal(u.what, what);
	undone_free(&u);
}

static size_t count_journals(void)
{
	struct journal_list l = {0};
	journal_list_add(&l, ".zhupi/journal");
	size_t n = l.n;
	journal_list_free(&l);
	return n;
}

/* ---- looking leaves no trace ------------------------------------------------------------------------------------- */

static void test_looking_writes_nothing(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	char *before = get("a.txt.yaml");
	struct open_session o;
	open_one(&o);
	assert_int_equal(set_spans(o.doc->set), 3);
	save(&o);
	close_one(&o);
	assert_file("a.txt.yaml", before);
	assert_int_not_equal(access(".zhupi", F_OK), 0);
	mem_free(before);
}

static void test_read_only_refuses(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session o;
	open_as(&o, "alice", true);
	struct group *g = group_of(&o);
	assert_true(edit_verdict(g, o.doc, ITEM_SPAN, S("cgao2"), VERDICT_ACCEPTED, NULL));
	assert_false(session_commit(o.session, g, NULL));
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_UNDECIDED);
	close_one(&o);
	assert_int_not_equal(access(".zhupi", F_OK), 0);
}

/* ---- the journal ------------------------------------------------------------------------------------------------- */

static void test_crc_is_the_usual_one(void **state)
{
	(void)state;
	assert_int_equal(journal_crc(S("123456789")), 0xCBF43926u);
}

static void test_killed_session_is_found_again(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	char *before = get("a.txt.yaml");
	struct open_session o;
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	relabel(&o, "bpost", "POST");
	assert_int_equal(session_saved(o.session), 2);
	char *expected = rendered(&o);
	abandon(&o);
	assert_file("a.txt.yaml", before);
	assert_file(".zhupi/.gitignore", "*\n");
	open_one(&o);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_ACCEPTED);
	assert_int_equal(verdict_of(&o, "bpost"), VERDICT_CORRECTED);
	assert_int_equal(session_conflicts(o.session), 0);
	char *again = rendered(&o);
	assert_string_equal(again, expected);
	/* Still only looked at. */
	close_one(&o);
	assert_file("a.txt.yaml", before);
	assert_int_equal(count_journals(), 1);
	/* A session that writes brings all of it into the sidecar and closes the old journal. */
	open_one(&o);
	judge(&o, "dlu33", VERDICT_REJECTED);
	close_one(&o);
	open_one(&o);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_ACCEPTED);
	assert_int_equal(verdict_of(&o, "dlu33"), VERDICT_REJECTED);
	assert_false(o.doc->dirty);
	abandon(&o);
	struct journal_list l = {0};
	journal_list_add(&l, ".zhupi/journal");
	assert_int_equal(l.n, 2);
	for (size_t i = 0; i < l.n; i++)
		assert_true(journal_is_closed(l.paths[i]));
	journal_list_free(&l);
	mem_free(again);
	mem_free(expected);
	mem_free(before);
}

/* JSON has one spelling for a number; what was read is written back as it was. */
static void test_numbers_keep_their_spelling(void **state)
{
	(void)state;
	put_corpus(NULL);
	struct open_session o;
	open_one(&o);
	struct node *map = node_map(), *source = node_map(), *at = node_list(), *pair = node_list();
	node_add(pair, node_number(0));
	node_add(pair, node_number(5));
	node_add(at, pair);
	node_put_text(source, S("by"), S("x"));
	node_put(source, S("score"), node_plain(S("0.930")));
	node_put(source, S("version"), node_plain(S("99999999999999999999999")));
	node_put_text(map, S("id"), S("xxxx2"));
	node_put_text(map, S("label"), S("TIME"));
	node_put(map, S("at"), at);
	node_put(map, S("source"), source);
	struct group *g = group_of(&o);
	assert_true(edit_propose(g, o.doc, ITEM_SPAN, map, NULL, NULL));
	commit(&o, g);
	abandon(&o);
	open_one(&o);
	const struct node *read = node_get(set_node(o.doc->set, ITEM_SPAN, S("xxxx2")), S("source"));
	assert_true(node_equal(read, source));
	/* What an earlier session only proposed is not taken back by a key. */
	struct error err = {0};
	assert_false(session_undo(o.session, S("a.txt"), NULL, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	error_clear(&err);
	assert_int_equal(set_spans(o.doc->set), 1);
	abandon(&o);
	node_free(map);
}

static void test_half_a_line_ends_the_journal(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session o;
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	judge(&o, "dlu33", VERDICT_ACCEPTED);
	char *path = mem_dup(session_journal(o.session));
	abandon(&o);
	char *text = get(path);
	size_t n = strlen(text), first = (size_t)(strchr(text, '\n') - text) + 1;
	for (size_t cut = n; cut-- > first;) {
		assert_int_equal(truncate(path, (off_t)cut), 0);
		if (cut % 7 && cut > first + 3)
			continue;
		open_one(&o);
		assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_ACCEPTED);
		assert_int_equal(verdict_of(&o, "dlu33"), VERDICT_UNDECIDED);
		abandon(&o);
	}
	/* Well-formed, but not what was written. */
	memcpy(strstr(text, "accepted"), "rejected", 8);
	put(path, text);
	open_one(&o);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_UNDECIDED);
	abandon(&o);
	mem_free(text);
	mem_free(path);
}

static void test_saved_part_is_not_replayed(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session o;
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	save(&o);
	judge(&o, "dlu33", VERDICT_ACCEPTED);
	abandon(&o);
	open_one(&o);
	assert_int_equal(verdict_of(&o, "dlu33"), VERDICT_ACCEPTED);
	assert_true(o.doc->dirty);
	abandon(&o);
}

/* A crashed session's decision, taken back by the next one that crashes too, stays taken back. */
static void test_two_crashes_in_a_row(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session o;
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	abandon(&o);
	for (int saved = 0; saved < 2; saved++) {
		open_one(&o);
		judge(&o, "cgao2", VERDICT_UNDECIDED);
		if (saved)
			save(&o);
		abandon(&o);
		open_one(&o);
		assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_UNDECIDED);
		judge(&o, "cgao2", VERDICT_ACCEPTED);
		if (saved)
			save(&o);
		abandon(&o);
		open_one(&o);
		assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_ACCEPTED);
		assert_int_equal(session_conflicts(o.session), 0);
		abandon(&o);
	}
}

static void test_live_journal_is_not_replayed(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session a, b;
	open_one(&a);
	judge(&a, "cgao2", VERDICT_ACCEPTED);
	open_as(&b, "bob", false);
	assert_int_equal(verdict_of(&b, "cgao2"), VERDICT_UNDECIDED);
	abandon(&b);
	close_one(&a);
}

/* ---- faults: every nth call fails, once or from then on ---------------------------------------------------------- */

static struct fault {
	struct io table;
	int left; /* calls until the fault */
	bool for_ever;
	bool hit;
	bool torn; /* a write that fails writes half first */
} fault;

static bool fails(void)
{
	if (fault.left > 0 && --fault.left == 0) {
		fault.hit = true;
		fault.left = fault.for_ever ? 1 : 0;
		errno = EIO;
		return true;
	}
	return false;
}

static ssize_t fault_write(int fd, const void *from, size_t n)
{
	if (!fails())
		return io_system.write(fd, from, n);
	if (fault.torn && n > 1)
		(void)!io_system.write(fd, from, n / 2);
	errno = ENOSPC;
	return -1;
}

static int fault_fsync(int fd)
{
	return fails() ? -1 : io_system.fsync(fd);
}

static int fault_fdatasync(int fd)
{
	return fails() ? -1 : io_system.fdatasync(fd);
}

static int fault_ftruncate(int fd, off_t size)
{
	return fails() ? -1 : io_system.ftruncate(fd, size);
}

static int fault_rename(const char *from, const char *to)
{
	return fails() ? -1 : io_system.rename(from, to);
}

static int fault_link(const char *from, const char *to)
{
	return fails() ? -1 : io_system.link(from, to);
}

static int fault_open(const char *path, int flags, mode_t mode)
{
	return fails() ? -1 : io_system.open(path, flags, mode);
}

static const struct io *start_faults(int left, bool for_ever, bool torn)
{
	fault = (struct fault){.table = io_system, .left = left, .for_ever = for_ever, .torn = torn};
	fault.table.write = fault_write;
	fault.table.fsync = fault_fsync;
	fault.table.fdatasync = fault_fdatasync;
	fault.table.ftruncate = fault_ftruncate;
	fault.table.rename = fault_rename;
	fault.table.link = fault_link;
	fault.table.open = fault_open;
	return io_swap(&fault.table);
}

struct promise {
	enum verdict verdicts[3];
	bool certain[3]; /* false: the change failed, and either state may be found */
};

static const char *const three[3] = {"bpost", "cgao2", "dlu33"};

/* A few decisions with saves between; what was committed is promised. */
static void work_under_faults(struct open_session *o, struct promise *p)
{
	static const enum verdict script[][3] = {{0, VERDICT_ACCEPTED, 1},
	                                         {1, VERDICT_REJECTED, 0},
	                                         {2, VERDICT_ACCEPTED, 1},
	                                         {1, VERDICT_ACCEPTED, 1},
	                                         {0, VERDICT_UNDECIDED, 0}};
	for (size_t i = 0; i < COUNT_OF(script); i++) {
		struct group *g = group_of(o);
		size_t span = script[i][0];
		assert_true(edit_verdict(g, o->doc, ITEM_SPAN, str_of(three[span]), script[i][1], NULL));
		struct error err = {0};
		bool nothing = group_empty(g), good = session_commit(o->session, g, &err);
		assert_true(good || err.message);
		error_clear(&err);
		if (good)
			p->verdicts[span] = script[i][1];
		if (!nothing)
			p->certain[span] = good;
		assert_int_equal(verdict_of(o, three[span]), p->verdicts[span]);
		if (script[i][2])
			(void)session_save(o->session, o->doc, NULL, NULL);
	}
}

static bool readable(const char *path)
{
	struct article *a = article_of(S(ARTICLE_TEXT));
	struct schema *schema = test_schema();
	struct set *set = set_new(a, schema);
	struct sidecar *sidecar = NULL;
	bool good = sidecar_load(path, "a.txt", set, &sidecar, NULL, NULL) && set_spans(set) == 3;
	set_free(set);
	sidecar_free(sidecar);
	schema_free(schema);
	article_free(a);
	return good;
}

static void clean_folder(void)
{
	assert_int_equal(system("rm -rf .zhupi journal zhupi a.txt.yaml .a.txt.yaml.*"), 0);
}

static void test_every_fault_keeps_what_was_committed(void **state)
{
	(void)state;
	for (int mode = 0; mode < 4; mode++) {
		for (int left = 1;; left++) {
			clean_folder();
			put_corpus(THREE_SPANS);
			struct open_session o;
			struct promise p = {0};
			for (size_t i = 0; i < 3; i++)
				p.certain[i] = true;
			open_one(&o);
			start_faults(left, mode & 1, mode & 2);
			work_under_faults(&o, &p);
			io_swap(&io_system);
			bool hit = fault.hit;
			abandon(&o);
			assert_true(readable("a.txt.yaml"));
			open_one(&o);
			for (size_t i = 0; i < 3; i++)
				if (p.certain[i] && verdict_of(&o, three[i]) != p.verdicts[i]) {
					print_error("mode %d, fault %d: %s is %s, not %s\n", mode, left, three[i],
					            verdict_name(verdict_of(&o, three[i])),
					            verdict_name(p.verdicts[i]));
					fail();
				}
			assert_int_equal(session_conflicts(o.session), 0);
			/* And work goes on. */
			judge(&o, "bpost", VERDICT_REJECTED);
			close_one(&o);
			open_one(&o);
			assert_int_equal(verdict_of(&o, "bpost"), VERDICT_REJECTED);
			assert_false(o.doc->dirty);
			abandon(&o);
			if (!hit)
				break;
			assert_true(left < 400);
		}
	}
}

/* The data may be in the file by then: what counts is that nobody was told so. */
static int no_sync(int fd)
{
	(void)fd;
	errno = EIO;
	return -1;
}

static void test_what_was_not_synced_was_not_done(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session o;
	open_one(&o);
	judge(&o, "bpost", VERDICT_ACCEPTED);
	struct io table = io_system;
	table.fdatasync = no_sync;
	io_swap(&table);
	struct group *g = group_of(&o);
	assert_true(edit_verdict(g, o.doc, ITEM_SPAN, S("cgao2"), VERDICT_ACCEPTED, NULL));
	assert_false(session_commit(o.session, g, NULL));
	assert_int_equal(session_saved(o.session), 1);
	char *first = mem_dup(session_journal(o.session));
	io_swap(&io_system);
	/* Never again on that file. */
	judge(&o, "dlu33", VERDICT_ACCEPTED);
	assert_string_not_equal(session_journal(o.session), first);
	mem_free(first);
	abandon(&o);
	open_one(&o);
	assert_int_equal(verdict_of(&o, "bpost"), VERDICT_ACCEPTED);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_UNDECIDED);
	assert_int_equal(verdict_of(&o, "dlu33"), VERDICT_ACCEPTED);
	abandon(&o);
}

static time_t set_clock;

static int backward_clock(clockid_t which, struct timespec *now)
{
	int result = io_system.clock(which, now);
	if (which == CLOCK_REALTIME)
		*now = (struct timespec){.tv_sec = set_clock};
	return result;
}

static void test_clock_set_back(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct io table = io_system;
	table.clock = backward_clock;
	io_swap(&table);
	static const enum verdict verdicts[] = {VERDICT_ACCEPTED, VERDICT_REJECTED, VERDICT_UNDECIDED,
	                                        VERDICT_ACCEPTED};
	for (size_t i = 0; i < COUNT_OF(verdicts); i++) {
		set_clock = 1700000000 - (time_t)i * 3600;
		struct open_session o;
		open_one(&o);
		judge(&o, "cgao2", verdicts[i]);
		abandon(&o);
		open_one(&o);
		assert_int_equal(verdict_of(&o, "cgao2"), verdicts[i]);
		assert_int_equal(session_conflicts(o.session), 0);
		abandon(&o);
	}
	struct open_session o;
	open_one(&o);
	for (size_t i = COUNT_OF(verdicts) - 1; i-- > 0;) {
		assert_true(session_undo(o.session, S("a.txt"), NULL, NULL));
		assert_int_equal(verdict_of(&o, "cgao2"), verdicts[i]);
	}
	abandon(&o);
	io_swap(&io_system);
}

static void test_session_goes_on_after_a_full_disk(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session o;
	open_one(&o);
	judge(&o, "bpost", VERDICT_ACCEPTED);
	start_faults(1, true, true);
	struct group *g = group_of(&o);
	struct error err = {0};
	assert_true(edit_verdict(g, o.doc, ITEM_SPAN, S("cgao2"), VERDICT_ACCEPTED, NULL));
	assert_false(session_commit(o.session, g, &err));
	assert_non_null(err.message);
	error_clear(&err);
	io_swap(&io_system);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_UNDECIDED);
	judge(&o, "dlu33", VERDICT_ACCEPTED);
	assert_int_equal(session_saved(o.session), 2);
	abandon(&o);
	open_one(&o);
	assert_int_equal(verdict_of(&o, "bpost"), VERDICT_ACCEPTED);
	assert_int_equal(verdict_of(&o, "dlu33"), VERDICT_ACCEPTED);
	abandon(&o);
}

static void test_journal_elsewhere_where_the_corpus_cannot_be_written(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	put(".zhupi", "a file is in the way\n");
	struct open_session o;
	open_one(&o);
	judge(&o, "bpost", VERDICT_ACCEPTED);
	assert_true(session_journal_elsewhere(o.session));
	abandon(&o);
	open_one(&o);
	assert_int_equal(verdict_of(&o, "bpost"), VERDICT_ACCEPTED);
	abandon(&o);
}

/* ---- undo -------------------------------------------------------------------------------------------------------- */

static void test_undo_and_redo(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	char *before = get("a.txt.yaml");
	struct open_session o;
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	relabel(&o, "bpost", "POST");
	char *both = rendered(&o);
	assert_clean_undo(&o, "ORG → POST 开封市委书记");
	assert_clean_undo(&o, "accept PERSON 高建军");
	char *none = rendered(&o);
	assert_string_equal(none, before);
	struct error err = {0};
	struct undone u;
	assert_false(session_undo(o.session, S("a.txt"), &u, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	error_clear(&err);
	assert_good(session_redo(o.session, S("a.txt"), &u, &err), &err);
	assert_string_equal(u.what, "accept PERSON 高建军");
	assert_string_equal(u.id, "cgao2");
	undone_free(&u);
	assert_good(session_redo(o.session, S("a.txt"), &u, &err), &err);
	undone_free(&u);
	char *again = rendered(&o);
	assert_string_equal(again, both);
	assert_false(session_redo(o.session, S("a.txt"), &u, NULL));
	/* Redone ones can be undone again, and something new ends what could be redone. */
	assert_clean_undo(&o, "ORG → POST 开封市委书记");
	judge(&o, "dlu33", VERDICT_ACCEPTED);
	assert_false(session_redo(o.session, S("a.txt"), &u, NULL));
	assert_clean_undo(&o, "accept PERSON 卢志军");
	assert_clean_undo(&o, "accept PERSON 高建军");
	mem_free(before);
	mem_free(both);
	mem_free(none);
	mem_free(again);
	close_one(&o);
}

static void test_undo_goes_on_after_a_restart(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	char *before = get("a.txt.yaml");
	struct open_session o;
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	judge(&o, "dlu33", VERDICT_REJECTED);
	close_one(&o);
	open_one(&o);
	relabel(&o, "bpost", "POST");
	abandon(&o);
	open_as(&o, "bob", false);
	assert_false(session_undo(o.session, S("a.txt"), NULL, NULL));
	abandon(&o);
	open_one(&o);
	assert_clean_undo(&o, "ORG → POST 开封市委书记");
	/* In the library, where no article is open, the last thing done anywhere goes back. */
	struct undone last;
	assert_true(session_undo(o.session, STR_NONE, &last, NULL));
	assert_string_equal(last.what, "reject PERSON 卢志军");
	assert_string_equal(last.file, "a.txt");
	undone_free(&last);
	close_one(&o);
	open_one(&o);
	assert_clean_undo(&o, "accept PERSON 高建军");
	assert_false(session_undo(o.session, S("a.txt"), NULL, NULL));
	close_one(&o);
	assert_file("a.txt.yaml", before);
	open_one(&o);
	struct undone u;
	struct error err = {0};
	assert_good(session_redo(o.session, S("a.txt"), &u, &err), &err);
	assert_string_equal(u.what, "accept PERSON 高建军");
	undone_free(&u);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_ACCEPTED);
	close_one(&o);
	mem_free(before);
}

static void test_undo_is_refused_where_somebody_changed_it(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session a, b;
	open_one(&a);
	judge(&a, "cgao2", VERDICT_ACCEPTED);
	close_one(&a);
	open_as(&b, "bob", false);
	judge(&b, "cgao2", VERDICT_REJECTED);
	close_one(&b);
	open_one(&a);
	struct error err = {0};
	struct undone u;
	assert_false(session_undo(a.session, S("a.txt"), &u, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	assert_non_null(strstr(err.message, "bob"));
	assert_int_equal(verdict_of(&a, "cgao2"), VERDICT_REJECTED);
	error_clear(&err);
	close_one(&a);
}

/* ---- several writers --------------------------------------------------------------------------------------------- */

static void test_two_sessions_on_one_sidecar(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session a, b;
	open_one(&a);
	open_as(&b, "bob", false);
	judge(&a, "cgao2", VERDICT_ACCEPTED);
	judge(&b, "dlu33", VERDICT_REJECTED);
	relabel(&b, "bpost", "POST");
	save(&a);
	bool merged = false;
	struct error err = {0};
	assert_good(session_save(b.session, b.doc, &merged, &err), &err);
	assert_true(merged);
	assert_int_equal(session_conflicts(b.session), 0);
	assert_good(session_refresh(a.session, a.doc, &merged, &err), &err);
	assert_true(merged);
	for (int i = 0; i < 2; i++) {
		const struct open_session *o = i ? &b : &a;
		assert_int_equal(verdict_of(o, "cgao2"), VERDICT_ACCEPTED);
		assert_int_equal(verdict_of(o, "dlu33"), VERDICT_REJECTED);
		assert_int_equal(verdict_of(o, "bpost"), VERDICT_CORRECTED);
	}
	assert_clean_undo(&a, "accept PERSON 高建军");
	close_one(&a);
	assert_good(session_refresh(b.session, b.doc, &merged, &err), &err);
	assert_int_equal(verdict_of(&b, "cgao2"), VERDICT_UNDECIDED);
	close_one(&b);
}

static void test_both_versions_of_a_conflict_are_kept(void **state)
{
	(void)state;
	for (int mine = 0; mine < 2; mine++) {
		clean_folder();
		put_corpus(THREE_SPANS);
		struct open_session a, b;
		open_one(&a);
		open_as(&b, "bob", false);
		judge(&a, "cgao2", VERDICT_ACCEPTED);
		judge(&b, "cgao2", VERDICT_REJECTED);
		flag(&b, "cgao2", "who is this");
		save(&a);
		save(&b);
		assert_int_equal(session_conflicts(b.session), 1);
		const struct conflict *c = session_conflict(b.session, 0);
		assert_string_equal(c->id, "cgao2");
		assert_true(str_eq(node_get_text(c->mine, S("verdict")), S("rejected")));
		assert_true(str_eq(node_get_text(c->theirs, S("verdict")), S("accepted")));
		assert_int_equal(verdict_of(&b, "cgao2"), VERDICT_ACCEPTED);
		/* What does not clash is there. */
		assert_true(set_span(b.doc->set, set_find_span(b.doc->set, S("cgao2")))->flagged);
		close_one(&a);
		close_one(&b);
		/* It waits for a choice over a restart. */
		open_as(&b, "bob", false);
		assert_int_equal(session_conflicts(b.session), 1);
		struct error err = {0};
		assert_good(session_resolve(b.session, 0, mine, &err), &err);
		assert_int_equal(session_conflicts(b.session), 0);
		assert_int_equal(verdict_of(&b, "cgao2"), mine ? VERDICT_REJECTED : VERDICT_ACCEPTED);
		/* Chosen is chosen, also when the session ends at once. */
		abandon(&b);
		open_as(&b, "bob", false);
		assert_int_equal(session_conflicts(b.session), 0);
		assert_int_equal(verdict_of(&b, "cgao2"), mine ? VERDICT_REJECTED : VERDICT_ACCEPTED);
		judge(&b, "dlu33", VERDICT_ACCEPTED);
		close_one(&b);
		open_as(&b, "bob", false);
		assert_int_equal(session_conflicts(b.session), 0);
		assert_int_equal(verdict_of(&b, "cgao2"), mine ? VERDICT_REJECTED : VERDICT_ACCEPTED);
		abandon(&b);
	}
}

static void test_replay_onto_a_file_that_somebody_changed(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	struct open_session a, b;
	open_one(&a);
	judge(&a, "cgao2", VERDICT_ACCEPTED);
	judge(&a, "dlu33", VERDICT_ACCEPTED);
	abandon(&a);
	char *text = get("a.txt.yaml");
	struct buf changed = {0};
	const char *at = strstr(strstr(text, "cgao2"), "undecided");
	buf_add(&changed, (struct str){text, (size_t)(at - text)});
	buf_adds(&changed, "rejected");
	buf_adds(&changed, at + strlen("undecided"));
	put("a.txt.yaml", changed.p);
	open_one(&b);
	assert_int_equal(verdict_of(&b, "cgao2"), VERDICT_REJECTED);
	assert_int_equal(verdict_of(&b, "dlu33"), VERDICT_ACCEPTED);
	assert_int_equal(session_conflicts(b.session), 1);
	struct error err = {0};
	assert_good(session_resolve(b.session, 0, true, &err), &err);
	assert_int_equal(verdict_of(&b, "cgao2"), VERDICT_ACCEPTED);
	close_one(&b);
	open_one(&b);
	assert_int_equal(session_conflicts(b.session), 0);
	assert_int_equal(verdict_of(&b, "cgao2"), VERDICT_ACCEPTED);
	abandon(&b);
	buf_free(&changed);
	mem_free(text);
}

static void test_malformed_in_between_is_not_written_over(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	char *text = get("a.txt.yaml");
	struct open_session o;
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	put("a.txt.yaml", "zhupi: 1\n<<<<<<< ours\n");
	struct error err = {0};
	assert_false(session_save(o.session, o.doc, NULL, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	assert_file("a.txt.yaml", "zhupi: 1\n<<<<<<< ours\n");
	error_clear(&err);
	put("a.txt.yaml", text);
	save(&o);
	assert_false(o.doc->dirty);
	close_one(&o);
	open_one(&o);
	assert_int_equal(verdict_of(&o, "cgao2"), VERDICT_ACCEPTED);
	abandon(&o);
	mem_free(text);
}

static void test_repaired_file_can_be_used_again(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS);
	char *text = get("a.txt.yaml");
	put("a.txt.yaml", "zhupi: 1\nspans: [\n");
	struct open_session o;
	open_one(&o);
	assert_true(doc_read_only(o.doc));
	bool changed = true;
	assert_true(session_refresh(o.session, o.doc, &changed, NULL));
	assert_false(changed);
	struct group *g = group_of(&o);
	assert_false(edit_verdict(g, o.doc, ITEM_SPAN, S("cgao2"), VERDICT_ACCEPTED, NULL));
	group_free(g);
	g = group_of(&o);
	assert_true(edit_add_note(g, o.doc, S("note"), NULL, NULL));
	assert_false(session_commit(o.session, g, NULL));
	put("a.txt.yaml", text);
	assert_true(session_refresh(o.session, o.doc, &changed, NULL));
	assert_true(changed);
	assert_false(doc_read_only(o.doc));
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	close_one(&o);
	mem_free(text);
}

/* ---- history ----------------------------------------------------------------------------------------------------- */

static void test_history(void **state)
{
	(void)state;
	put_corpus(THREE_SPANS "- id: fold2\n  label: PERSON\n  at: [[43, 46]]\n  text: 杨克俊\n  context: [\"\", "
	                       "\"、付磊参加。\"]\n  verdict: accepted\n"
	                       "  judged: {by: carol, \"on\": \"2020-01-01T00:00:00Z\"}\n");
	struct open_session o;
	open_one(&o);
	judge(&o, "cgao2", VERDICT_ACCEPTED);
	judge(&o, "dlu33", VERDICT_REJECTED);
	assert_clean_undo(&o, "reject PERSON 卢志军");
	close_one(&o);
	open_one(&o);
	struct history h;
	struct error err = {0};
	assert_good(history_of(o.corpus, S("a.txt"), &h, &err), &err);
	assert_int_equal(h.n, 3);
	assert_string_equal(h.list[0].by, "carol");
	assert_string_equal(h.list[0].from, "sidecar");
	assert_string_equal(h.list[1].what, "accept PERSON 高建军");
	assert_false(h.list[1].undone);
	assert_string_equal(h.list[2].what, "reject PERSON 卢志军");
	assert_true(h.list[2].undone);
	history_free(&h);
	abandon(&o);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)
	const struct CMUnitTest tests[] = {
	    CASE(test_looking_writes_nothing),
	    CASE(test_read_only_refuses),
	    CASE(test_crc_is_the_usual_one),
	    CASE(test_killed_session_is_found_again),
	    CASE(test_numbers_keep_their_spelling),
	    CASE(test_half_a_line_ends_the_journal),
	    CASE(test_saved_part_is_not_replayed),
	    CASE(test_two_crashes_in_a_row),
	    CASE(test_live_journal_is_not_replayed),
	    CASE(test_every_fault_keeps_what_was_committed),
	    CASE(test_what_was_not_synced_was_not_done),
	    CASE(test_clock_set_back),
	    CASE(test_session_goes_on_after_a_full_disk),
	    CASE(test_journal_elsewhere_where_the_corpus_cannot_be_written),
	    CASE(test_undo_and_redo),
	    CASE(test_undo_goes_on_after_a_restart),
	    CASE(test_undo_is_refused_where_somebody_changed_it),
	    CASE(test_two_sessions_on_one_sidecar),
	    CASE(test_both_versions_of_a_conflict_are_kept),
	    CASE(test_replay_onto_a_file_that_somebody_changed),
	    CASE(test_malformed_in_between_is_not_written_over),
	    CASE(test_repaired_file_can_be_used_again),
	    CASE(test_history),
	};
	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
