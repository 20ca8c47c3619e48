/* replay_fixture: what the tests of replaying share beside session_fixture.h: the journal of a session that is no more,
 * made line by line, with checksums that are right. */
#ifndef ZHUPI_TESTS_REPLAY_FIXTURE_H
#define ZHUPI_TESTS_REPLAY_FIXTURE_H

#include <errno.h>
#include <stdio.h>

#include "session_fixture.h"

/* One op on a span, and what it may set: JSON. */
#define SPAN(file, id, was, set)                                                                                       \
	"{\"file\":\"" file "\",\"kind\":\"span\",\"id\":\"" id "\",\"was\":" was ",\"set\":" set "}"
#define VERDICT(v) "{\"verdict\":\"" v "\"}"
/* As THREE_SPANS has it, and one that it has not. */
#define GAO(verdict)                                                                                                   \
	"{\"id\":\"cgao2\",\"label\":\"PERSON\",\"at\":[[11,14]],\"text\":\"高建军\","                              \
	"\"context\":[\"二日开封市委书记\",\"强调,要筑牢防线\"],\"verdict\":\"" verdict "\","                          \
	"\"source\":{\"by\":\"zh-report\",\"rule\":\"name-after-post\",\"score\":0.93}}"
#define NEW(verdict)                                                                                                   \
	"{\"id\":\"fnew2\",\"label\":\"PERSON\",\"at\":[[29,32]],\"text\":\"主持会\",\"verdict\":\"" verdict "\"}"

static struct buf journal; /* what say() adds to and put_journal() empties */

/* One line of the journal at hand; body without its closing brace. */
static inline void say(const char *body)
{
	struct buf whole = {0};
	buf_addf(&whole, "%s}", body);
	buf_addf(&journal, "%s,\"crc\":\"%08x\"}\n", body, journal_crc(buf_str(&whole)));
	buf_free(&whole);
}

/* n: of the group, and its second of time; rest: further keys, each with its comma before it; op: its ops. */
static inline void say_group(int n, const char *rest, const char *op)
{
	struct buf body = {0};
	buf_addf(&body, "{\"n\":%d,\"t\":\"2026-11-22T06:31:%02dZ\",\"by\":\"bob\",\"what\":\"w%d\"%s,\"ops\":[%s]", n,
	         n, n, rest, op);
	say(body.p);
	buf_free(&body);
}

/* Puts the journal at hand where that of a session that died would be, and begins another. */
static inline void put_journal(const char *name)
{
	struct buf path = {0};
	assert_true(io_make_folder(".zhupi/journal", NULL));
	buf_addf(&path, ".zhupi/journal/%s.jsonl", name);
	put(path.p, journal.p);
	buf_free(&path);
	buf_free(&journal);
}

static inline bool has(const struct open_session *o, const char *id)
{
	return set_find_span(o->doc->set, str_of(id)) != NOWHERE;
}

#endif
