/* sidecar: unusual files changed, saved and merged: what nobody touched stays, what does not fit is refused. */
#include <fcntl.h>

#include "sidecar_fixture.h"

static void assert_installs(struct loaded *l)
{
	struct error err = {0};
	assert_good(install(l, &err), &err);
}

static void assert_has(struct loaded *l, const char *part)
{
	char *out = render(l);
	if (!strstr(out, part))
		print_error("not there: %s\nin: %s\n", part, out);
	assert_non_null(strstr(out, part));
	mem_free(out);
}

/* ---- what stays -------------------------------------------------------------------------------------------------- */

static void test_comments_of_a_file_without_keys_stay_in_front(void **state)
{
	(void)state;
	static const struct {
		const char *text, *start;
	} cases[] = {
	    {"# mine\n\n  # and this\n", "# mine\n\n  # and this\nzhupi: 1\n"},
	    {"# mine", "# mine\nzhupi: 1\n"},
	    {"\n", "\nzhupi: 1\n"},
	    {"~\n", "zhupi: 1\n"},
	    {"--- # nothing\n", "zhupi: 1\n"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct loaded l;
		load(&l, cases[i].text);
		if (!l.good) { /* a scalar that is not nothing */
			assert_int_equal(l.err.code, ERROR_SCHEMA);
			unload(&l);
			continue;
		}
		change(&l, ITEM_ARTICLE, "", "{status: done}");
		char *out = render(&l);
		assert_ptr_equal(strstr(out, cases[i].start), out);
		assert_non_null(strstr(out, "\nstatus: done\n"));
		mem_free(out);
		assert_installs(&l);
		unload(&l);
		load(&l, NULL);
		assert_int_equal(set_status(l.set), STATUS_DONE);
		unload(&l);
		(void)unlink("a.txt.yaml");
	}
}

/* A value without quotes may be a number or a date to whoever put it there: it stays as it is spelt. */
static void test_unknown_values_of_a_touched_record(void **state)
{
	(void)state;
	static const char *const values[] = {"0x1F",  "1.5e+3", "~",    "a_b",     "'q'",  "", "+1", "-1", "1-1",
	                                     "2022-03-14", "x y", "Z9", "a/b", "@", "`", "[1, b]", "{c: 0d}"};
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		struct loaded l, again;
		struct buf text = {0};
		struct error err = {0};
		buf_addf(&text,
		         "zhupi: 1\nspans:\n- id: bpost\n  label: ORG\n  at: [[5, 11]]\n  text: 开封市委书记\n  mystery: "
		         "%s\n  verdict: undecided\n  17: x\n",
		         values[i]);
		load(&l, text.p);
		if (!l.good) { /* no YAML at all */
			assert_true(values[i][0] == '@' || values[i][0] == '`');
			unload(&l);
			buf_free(&text);
			continue;
		}
		struct node *before = node_copy(node_get(set_node(l.set, ITEM_SPAN, S("bpost")), S("mystery")));
		change(&l, ITEM_SPAN, "bpost", "{verdict: accepted}");
		bool as_it_is = strchr("0123456789aZ~", values[i][0]) && values[i][0] && !strpbrk(values[i], " /");
		struct buf line = {0};
		buf_addf(&line, "  mystery: %s\n", values[i]);
		if (as_it_is)
			assert_has(&l, line.p);
		assert_good(install(&l, &err), &err);
		load(&again, NULL);
		assert_true(node_equal(node_get(set_node(again.set, ITEM_SPAN, S("bpost")), S("mystery")), before));
		assert_true(str_eq(node_get_text(set_node(again.set, ITEM_SPAN, S("bpost")), S("17")), S("x")));
		unload(&again);
		unload(&l);
		node_free(before);
		buf_free(&line);
		buf_free(&text);
	}
}

/* Two records in a spelling of their own, written over, saved and undone in turns. */
static void test_spellings_come_back(void **state)
{
	(void)state;
#define INDENTED                                                                                                       \
	"zhupi: 1\nspans:\n   - {id: bpost, label: ORG, at: [[5,11]], text: '开封市委书记', verdict: undecided}\n"     \
	"   - {id: cgao2, label: PERSON, at: [[11,14]], text: '高建军', verdict: undecided}\n"
	struct loaded l;
	load(&l, INDENTED);
	for (int round = 0; round < 2; round++) {
		change(&l, ITEM_SPAN, "bpost", "{verdict: rejected}");
		assert_installs(&l);
		change(&l, ITEM_SPAN, "cgao2", "{verdict: accepted}");
		assert_installs(&l);
		change(&l, ITEM_SPAN, "bpost", "{verdict: undecided}");
		assert_has(&l, "   - {id: bpost, label: ORG, at: [[5,11]], text: '开封市委书记', verdict: undecided}\n");
		assert_installs(&l);
		change(&l, ITEM_SPAN, "cgao2", "{verdict: undecided}");
		assert_has(&l, "   - {id: cgao2, label: PERSON, at: [[11,14]], text: '高建军', verdict: undecided}\n");
		assert_installs(&l);
	}
	/* A note is of another kind, though it be called alike. */
	add(&l, ITEM_NOTE, "bpost", "{id: bpost, text: x}");
	assert_has(&l, "notes:\n- {id: bpost, text: x}\n");
	assert_installs(&l);
	unload(&l);
}

/* What is no record stays where it is in a list that is written anew. */
static void test_lists_with_what_is_no_record(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    "zhupi: 1\nspans: [x, {}, {id: bpost, label: ORG, at: [[5, 11]], text: 开封市委书记, verdict: undecided}]\n",
	    "zhupi: 1\nspans:\n- x\n- {}\n- [1, 2]\n-\n- {id: bpost, label: ORG, at: [[5, 11]], text: 开封市委书记, "
	    "verdict: undecided}\n",
	    "zhupi: 1\nspans:\n- x\n-\n\n  id: bpost\n  label: ORG\n  at: [[5, 11]]\n  text: 开封市委书记\n  verdict: "
	    "undecided\n",
	    "{zhupi: 1, spans: [x, {id: bpost, label: ORG, at: [[5, 11]], text: 开封市委书记, verdict: undecided}]}\n",
	};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct loaded l, again;
		load(&l, texts[i]);
		assert_good(l.good, &l.err);
		assert_true(l.findings.n > 0);
		change(&l, ITEM_SPAN, "bpost", "{verdict: accepted}");
		assert_installs(&l);
		load(&again, NULL);
		assert_good(again.good, &again.err);
		assert_int_equal(again.findings.n, l.findings.n);
		assert_true(str_eq(node_get_text(set_node(again.set, ITEM_SPAN, S("bpost")), S("verdict")), S("accepted")));
		unload(&again);
		unload(&l);
	}
}

/* Nothing is sorted by the place of what has none. */
static void test_new_spans_beside_lost_ones(void **state)
{
	(void)state;
#define LOST "- {id: blost, label: ORG, at: [[5, 11]], text: 不在文中的字, verdict: undecided}\n"
#define ODD  "- {id: bodd2, label: ORG, verdict: undecided}\n"
	static const struct {
		const char *stays, *behind;
	} cases[] = {
	    {LOST, ""},
	    {ODD, ""},
	    {LOST ODD, "- {id: dlu33, label: PERSON, at: [[24, 27]], text: 卢志军, verdict: undecided}\n"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct loaded l, again;
		struct buf text = {0};
		buf_addf(&text, "zhupi: 1\nspans:\n%s%s", cases[i].stays, cases[i].behind);
		load(&l, text.p);
		buf_free(&text);
		assert_good(l.good, &l.err);
		add(&l, ITEM_SPAN, "cgao2", "{id: cgao2, label: PERSON, at: [[11, 14]], text: 高建军, verdict: accepted}");
		add(&l, ITEM_SPAN, "clost", "{id: clost, label: PERSON, at: [[11, 14]], text: 也不在文中, verdict: accepted}");
		add(&l, ITEM_SPAN, "alost", "{id: alost, label: PERSON, at: [[11, 14]], text: 更不在文中, verdict: accepted}");
		assert_has(&l, cases[i].stays);
		assert_installs(&l);
		load(&again, NULL);
		assert_true(set_has(again.set, ITEM_SPAN, S("cgao2")) && set_has(again.set, ITEM_SPAN, S("clost")) &&
		            set_has(again.set, ITEM_SPAN, S("alost")));
		assert_true(again.findings.n >= 1);
		unload(&again);
		unload(&l);
	}
}

static void test_top_values(void **state)
{
	(void)state;
	struct loaded l;
	/* A new key; an article that is no map, and one with keys of others. */
	load(&l, "zhupi: 1\nmine: {a: 1}\n");
	change(&l, ITEM_ARTICLE, "", "{theirs: [1, x], mine: {a: 2}}");
	assert_has(&l, "mine: {a: 2}\n");
	assert_has(&l, "theirs: [1, x]\n");
	assert_installs(&l);
	unload(&l);
	load(&l, "zhupi: 1\narticle: none\n");
	change(&l, ITEM_ARTICLE, "", "{status: done}");
	assert_has(&l, "article: {file: a.txt, sha256: ");
	assert_installs(&l);
	unload(&l);
	load(&l, "zhupi: 1\narticle: {bytes: 1, url: x}\n");
	change(&l, ITEM_ARTICLE, "", "{status: done}");
	assert_has(&l, "newlines: lf, url: x}\n");
	unload(&l);
	/* A schema without a name is not named. */
	load(&l, "zhupi: 1\n");
	l.schema->name = STR_NONE;
	change(&l, ITEM_ARTICLE, "", "{status: done}");
	char *out = render(&l);
	assert_null(strstr(out, "schema"));
	mem_free(out);
	unload(&l);
	/* While a span is lost the article stays that against which it was found. */
	load(&l, "zhupi: 1\narticle: {bytes: 1}\nspans:\n" LOST);
	change(&l, ITEM_ARTICLE, "", "{status: reviewing}");
	assert_has(&l, "article: {bytes: 1}\n");
	unload(&l);
}

static void test_many_findings(void **state)
{
	(void)state;
	struct buf text = {0};
	buf_adds(&text, "zhupi: 1\nspans:\n");
	for (int i = 0; i < 1100; i++)
		buf_addf(&text, "- {id: b%d, verdict: undecided}\n", i);
	struct loaded l;
	load(&l, text.p);
	assert_good(l.good, &l.err);
	assert_int_equal(l.findings.n, 1000);
	unload(&l);
	buf_free(&text);
	/* More keys than one grows for at first, and a finding about no item. */
	for (int i = 0; i < 40; i++)
		buf_addf(&text, "key%d: x\n", i);
	load(&l, text.p);
	assert_good(l.good, &l.err);
	assert_int_equal(l.findings.n, 1);
	assert_string_equal(l.findings.list[0].item, "");
	findings_add(&l.findings, NULL, ERROR_TEXT, "p", 1, 2, "%s", "m");
	assert_string_equal(l.findings.list[1].item, "");
	change(&l, ITEM_ARTICLE, "", "{status: done}");
	assert_has(&l, text.p);
	unload(&l);
	buf_free(&text);
}

/* ---- what is refused --------------------------------------------------------------------------------------------- */

static void test_only_what_reads_back_is_installed(void **state)
{
	(void)state;
	static const struct {
		const char *old, *now, *about;
	} cases[] = {
	    {"reviewing", "done", "article"},
	    {"- id: dlu33\n", "- id: dlu34\n", "dlu33"},
	    {"- id: dlu33\n", "- idd: dlu33\n", "dlu33"},
	    {"  text: 卢志军\n", "  text: 卢志\n", "dlu33"},
	    {"spans:\n", "spans:\n- {id: xtra2, label: ORG, at: [[5, 11]], text: 开封市委书记, verdict: undecided}\n",
	     "article"},
	    {"spans:\n", "spans: [\n", NULL},
	};
	char *text = sidecar_text(THREE_SPANS);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct loaded l;
		struct error err = {0};
		load(&l, text);
		char *other = replaced(text, cases[i].old, cases[i].now);
		assert_false(sidecar_install(l.sidecar, l.set, str_of(other), &err));
		if (cases[i].about)
			assert_non_null(strstr(err.message, cases[i].about));
		assert_true(err.code == ERROR_SCHEMA || err.code == ERROR_SYNTAX);
		assert_file("a.txt.yaml", text);
		error_clear(&err);
		mem_free(other);
		unload(&l);
	}
	/* A long id is told in part. */
	struct loaded l;
	struct error err = {0};
	load(&l, "zhupi: 1\nnotes:\n- {id: abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz, text: x}\n");
	assert_false(sidecar_install(l.sidecar, l.set, S("zhupi: 1\n"), &err));
	assert_non_null(strstr(err.message, "note abcdefghijklmnopqrstuvwxyzabcdefghijklmn would"));
	error_clear(&err);
	unload(&l);
	mem_free(text);
}

static void test_a_link_to_nothing(void **state)
{
	(void)state;
	struct loaded l;
	struct error err = {0};
	(void)unlink("a.txt.yaml");
	load(&l, NULL);
	assert_true(l.good);
	change(&l, ITEM_ARTICLE, "", "{status: done}");
	assert_int_equal(symlink("nothing", "a.txt.yaml"), 0);
	assert_false(install(&l, &err));
	assert_int_equal(err.code, ERROR_IO);
	assert_non_null(strstr(err.message, "leads to no file"));
	error_clear(&err);
	(void)unlink("a.txt.yaml");
	/* Made by somebody else in the last instant, or a link to what somebody made. */
	put("other.yaml", "");
	assert_int_equal(symlink("other.yaml", "a.txt.yaml"), 0);
	assert_false(install(&l, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	error_clear(&err);
	unload(&l);
}

static void test_a_summary_that_cannot_be_read(void **state)
{
	(void)state;
	struct sidecar_summary summary;
	struct error err = {0};
	assert_false(sidecar_summary(".", &summary, &err));
	assert_int_equal(err.code, ERROR_KIND);
	assert_string_equal(summary.title, "");
	mem_free(summary.title);
	mem_free(summary.date);
	mem_free(summary.source);
	error_clear(&err);
}

/* ---- whether it changed ------------------------------------------------------------------------------------------ */

static struct stat pretended;
static int opened;
static bool no_clock;

static int pretend_stat(const char *path, struct stat *st)
{
	(void)path;
	*st = pretended;
	return 0;
}

static int counting_open(const char *path, int flags, mode_t mode)
{
	opened++;
	return io_system.open(path, flags, mode);
}

static int late_clock(clockid_t which, struct timespec *now)
{
	int result = io_system.clock(which, now);
	now->tv_sec += 60;
	return no_clock ? -1 : result;
}

/* The times are only a hint that spares reading; what counts is the content. */
static void test_times_are_only_a_hint(void **state)
{
	(void)state;
	struct io table = io_system;
	table.clock = late_clock;
	table.stat = pretend_stat;
	table.open = counting_open;
	for (int other = 0; other < 7; other++) {
		struct loaded l;
		char *text = sidecar_text(THREE_SPANS);
		put("a.txt.yaml", text);
		no_clock = other == 6;
		io_swap(&table);
		load(&l, NULL);
		(void)io_system.stat("a.txt.yaml", &pretended);
		pretended.st_dev += other == 1;
		pretended.st_ino += other == 2;
		pretended.st_size += other == 3;
		pretended.st_mtim.tv_nsec += other == 4 ? 1 : 0;
		pretended.st_ctim.tv_nsec += other == 5 ? 1 : 0;
		opened = 0;
		assert_false(sidecar_changed_on_disk(l.sidecar));
		assert_int_equal(opened > 0, other > 0);
		io_swap(&io_system);
		char *changed = replaced(text, "卢志军", "卢志君");
		put("a.txt.yaml", changed);
		io_swap(&table);
		assert_int_equal(sidecar_changed_on_disk(l.sidecar), other > 0);
		io_swap(&io_system);
		unload(&l);
		mem_free(changed);
		mem_free(text);
	}
}

static void test_one_that_is_gone_changed(void **state)
{
	(void)state;
	struct io table = io_system;
	struct loaded l;
	char *text = sidecar_text(THREE_SPANS);
	no_clock = false;
	table.clock = late_clock;
	io_swap(&table);
	load(&l, text);
	(void)unlink("a.txt.yaml");
	assert_true(sidecar_changed_on_disk(l.sidecar));
	io_swap(&io_system);
	assert_false(sidecar_has_second_name(l.sidecar));
	put("a.txt.yaml", text);
	assert_false(sidecar_has_second_name(l.sidecar));
	assert_int_equal(link("a.txt.yaml", "b.txt.yaml"), 0);
	assert_true(sidecar_has_second_name(l.sidecar));
	unload(&l);
	(void)unlink("a.txt.yaml");
	load(&l, NULL);
	assert_false(sidecar_has_second_name(l.sidecar));
	unload(&l);
	mem_free(text);
}

/* ---- merging ----------------------------------------------------------------------------------------------------- */

static int conflicts;
static enum item_kind conflict_kind;

static void count_conflict(void *ctx, enum item_kind kind, struct str id, const struct node *mine,
                           const struct node *theirs)
{
	(void)ctx, (void)id, (void)mine, (void)theirs;
	conflict_kind = kind;
	conflicts++;
}

static void test_keys_of_the_file_are_merged(void **state)
{
	(void)state;
	static const struct {
		const char *mine, *theirs, *merged;
		int conflicts;
	} cases[] = {
	    {"{status: done}", "{mine: 2}", "mine: 2\nstatus: done\n", 0},
	    {"{mine: 2}", "{mine: 3}", "mine: 3\n", 1},
	    {"{mine: null}", "{status: done}", "status: done\n", 0},
	    {"{mine: 2}", "{mine: 2}", "mine: 2\n", 0},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct loaded ours, theirs;
		char *text = sidecar_text("mine: 1\n");
		load(&ours, text);
		load(&theirs, text);
		assert_false(sidecar_has_changes(ours.set));
		change(&ours, ITEM_ARTICLE, "", cases[i].mine);
		change(&theirs, ITEM_ARTICLE, "", cases[i].theirs);
		assert_true(sidecar_has_changes(ours.set));
		conflicts = 0;
		sidecar_merge(ours.set, theirs.set, &(struct sidecar_merger){count_conflict, NULL});
		assert_int_equal(conflicts, cases[i].conflicts);
		assert_true(conflicts == 0 || conflict_kind == ITEM_ARTICLE);
		assert_has(&theirs, cases[i].merged);
		unload(&ours);
		unload(&theirs);
		mem_free(text);
	}
}

/* What was added and removed again is nothing; what was removed is removed there too. */
static void test_items_are_merged(void **state)
{
	(void)state;
	struct loaded ours, theirs;
	char *text = sidecar_text(THREE_SPANS);
	load(&ours, text);
	load(&theirs, text);
	add(&ours, ITEM_NOTE, "n2222", "{id: n2222, text: x}");
	add(&ours, ITEM_NOTE, "n3333", "{id: n3333, text: y}");
	assert_true(set_remove(ours.set, ITEM_NOTE, S("n2222")));
	assert_true(set_remove(ours.set, ITEM_SPAN, S("cgao2")));
	change(&ours, ITEM_SPAN, "bpost", "{source: null, note: z}");
	change(&theirs, ITEM_SPAN, "dlu33", "{verdict: accepted}");
	conflicts = 0;
	sidecar_merge(ours.set, theirs.set, &(struct sidecar_merger){count_conflict, NULL});
	assert_int_equal(conflicts, 0);
	assert_false(set_has(theirs.set, ITEM_NOTE, S("n2222")));
	assert_true(set_has(theirs.set, ITEM_NOTE, S("n3333")));
	assert_false(set_has(theirs.set, ITEM_SPAN, S("cgao2")));
	assert_null(node_get(set_node(theirs.set, ITEM_SPAN, S("bpost")), S("source")));
	assert_true(str_eq(node_get_text(set_node(theirs.set, ITEM_SPAN, S("dlu33")), S("verdict")), S("accepted")));
	assert_installs(&theirs);
	unload(&ours);
	unload(&theirs);
	mem_free(text);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)
	const struct CMUnitTest tests[] = {
	    CASE(test_comments_of_a_file_without_keys_stay_in_front),
	    CASE(test_unknown_values_of_a_touched_record),
	    CASE(test_spellings_come_back),
	    CASE(test_lists_with_what_is_no_record),
	    CASE(test_new_spans_beside_lost_ones),
	    CASE(test_top_values),
	    CASE(test_many_findings),
	    CASE(test_only_what_reads_back_is_installed),
	    CASE(test_a_link_to_nothing),
	    CASE(test_a_summary_that_cannot_be_read),
	    CASE(test_times_are_only_a_hint),
	    CASE(test_one_that_is_gone_changed),
	    CASE(test_keys_of_the_file_are_merged),
	    CASE(test_items_are_merged),
	};
	return cmocka_run_group_tests_name("sidecar_saving", tests, NULL, NULL);
}
