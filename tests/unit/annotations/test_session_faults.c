/* session: every call to the system that can fail, failing; what was committed is there afterwards. */
#include "session_fixture.h"

#include <errno.h>

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

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)
	const struct CMUnitTest tests[] = {
	    CASE(test_every_fault_keeps_what_was_committed),
	    CASE(test_what_was_not_synced_was_not_done),
	    CASE(test_clock_set_back),
	    CASE(test_session_goes_on_after_a_full_disk),
	    CASE(test_journal_elsewhere_where_the_corpus_cannot_be_written),
	};
	return cmocka_run_group_tests_name("session_faults", tests, NULL, NULL);
}
