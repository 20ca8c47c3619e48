/* What the tests of sessions share: one open on the folder's only article, and what a reviewer does there. */
#ifndef ZHUPI_TESTS_SESSION_FIXTURE_H
#define ZHUPI_TESTS_SESSION_FIXTURE_H

#include "annotations/journal.h"
#include "edit_fixture.h"

struct open_session {
	struct corpus *corpus;
	struct session *session;
	struct doc *doc;
};

static inline void open_as(struct open_session *o, const char *by, bool read_only)
{
	struct error err = {0};
	assert_good(corpus_open(".", by, &o->corpus, &err), &err);
	assert_good(session_open(o->corpus, read_only, &o->session, &err), &err);
	o->doc = session_doc(o->session, S("a.txt"), &err);
	assert_good(o->doc != NULL, &err);
}

static inline void open_one(struct open_session *o)
{
	open_as(o, "alice", false);
}

/* As when the process is killed: nothing more is written. */
static inline void abandon(struct open_session *o)
{
	session_free(o->session);
	corpus_free(o->corpus);
}

static inline void close_one(struct open_session *o)
{
	struct error err = {0};
	assert_good(session_close(o->session, &err), &err);
	abandon(o);
}

static inline struct group *group_of(const struct open_session *o)
{
	return group_new(corpus_annotator(o->corpus));
}

static inline void commit(struct open_session *o, struct group *g)
{
	struct error err = {0};
	assert_good(session_commit(o->session, g, &err), &err);
}

static inline void judge(struct open_session *o, const char *id, enum verdict v)
{
	struct group *g = group_of(o);
	struct error err = {0};
	assert_good(edit_verdict(g, o->doc, ITEM_SPAN, str_of(id), v, &err), &err);
	commit(o, g);
}

static inline void relabel(struct open_session *o, const char *id, const char *label)
{
	struct group *g = group_of(o);
	struct error err = {0};
	uint16_t index = schema_intern(corpus_schema(o->corpus), str_of(label));
	assert_good(edit_label(g, o->doc, str_of(id), index, true, &err), &err);
	commit(o, g);
}

static inline void flag(struct open_session *o, const char *id, const char *reason)
{
	struct group *g = group_of(o);
	struct error err = {0};
	assert_good(edit_flag(g, o->doc, ITEM_SPAN, str_of(id), str_of(reason), &err), &err);
	commit(o, g);
}

static inline enum verdict verdict_of(const struct open_session *o, const char *id)
{
	size_t i = set_find_span(o->doc->set, str_of(id));
	assert_int_not_equal(i, NOWHERE);
	return set_span(o->doc->set, i)->verdict;
}

static inline void save(struct open_session *o)
{
	struct error err = {0};
	assert_good(session_save(o->session, o->doc, NULL, &err), &err);
}

static inline char *rendered(const struct open_session *o)
{
	struct buf out = {0};
	sidecar_render(o->doc->sidecar, o->doc->set, &out);
	return buf_take(&out);
}

static inline void assert_clean_undo(struct open_session *o, const char *what)
{
	struct undone u;
	struct error err = {0};
	assert_good(session_undo(o->session, S("a.txt"), &u, &err), &err);
	assert_string_equal(u.what, what);
	undone_free(&u);
}

static inline size_t count_journals(void)
{
	struct journal_list l = {0};
	journal_list_add(&l, ".zhupi/journal");
	size_t n = l.n;
	journal_list_free(&l);
	return n;
}

static inline void clean_folder(void)
{
	assert_int_equal(system("rm -rf .zhupi journal zhupi a.txt.yaml .a.txt.yaml.*"), 0);
}

#endif
