/* Journals: lines as a session writes them, given their right crc here, beside a small corpus.  Whoever only looks writes
 * nothing; who changes something brings it all into sidecars, and the next one finds the same. */

#include "annotations/journal.h"
#include "annotations/session.h"
#include "tests/fuzz/fuzz.h"

#define JOURNAL ".zhupi/journal/20260101T000000Z-host-1-aaaa.jsonl"
#define SIDECAR                                                                                                        \
	"zhupi: 1\nschema: report\nstatus: reviewing\nspans:\n"                                                      \
	"- id: bpost\n  label: ORG\n  at: [[5, 11]]\n  text: 开封市委书记\n  verdict: undecided\n"                         \
	"- id: cgao2\n  label: PERSON\n  at: [[11, 14]]\n  text: 高建军\n  verdict: undecided\n"

/* A line that ends with a brace gets the crc that it should have; others stay, to be refused. */
static void sign(struct str lines, struct buf *out)
{
	for (size_t off = 0; off < lines.n;) {
		size_t end = str_byte(lines, '\n', off);
		struct str line = str_sub(lines, off, end);
		bool whole = str_ends(line, S("}")) && line.n > 2 && str_find(line, S("\"crc\""), 0) == NOWHERE;
		buf_add(out, str_sub(line, 0, whole ? line.n - 1 : line.n));
		if (whole)
			buf_addf(out, ",\"crc\":\"%08x\"}", journal_crc(line));
		if (end != NOWHERE)
			buf_addc(out, '\n');
		off = end == NOWHERE ? lines.n : end + 1;
	}
}

static void check_file(void)
{
	struct journal_file f = {0};
	struct error err = {0};
	if (!journal_read(JOURNAL, STR_NONE, &f, &err))
		fuzz_error(&err);
	for (size_t i = 0; i < f.n_lines; i++)
		HOLDS(f.lines[i].kind == JOURNAL_GROUP ? f.lines[i].group != NULL : f.lines[i].map != NULL);
	(void)journal_is_closed(JOURNAL);
	journal_file_free(&f);
}

struct seen {
	struct buf state;
	size_t conflicts;
};

static void see(struct doc *d, struct session *s, struct seen *out)
{
	*out = (struct seen){.conflicts = session_conflicts(s)};
	buf_addf(&out->state, "%s", status_name(set_status(d->set)));
	for (size_t i = 0; i < set_spans(d->set); i++) {
		const struct span *span = set_span(d->set, i);
		buf_addf(&out->state, " %.*s %s %u-%u", (int)span->id.n, span->id.p, verdict_name(span->verdict), span->off,
		         span->end);
	}
}

/* Its files are always the same, so that one serves all inputs: opening one costs most. */
static struct corpus *corpus(void)
{
	static struct corpus *c;
	struct error err = {0};
	if (!c)
		SUCCEEDS(corpus_open(".", "tester", &c, &err), &err);
	return c;
}

/* Opens the corpus as a session; change: also undoes, decides and closes. */
static void visit(bool change, struct seen *out)
{
	struct error err = {0};
	struct corpus *c = corpus();
	struct session *s = NULL;
	SUCCEEDS(session_open(c, !change, &s, &err), &err);
	struct doc *d = session_doc(s, S("a.txt"), &err);
	HOLDS(d);
	for (size_t i = 0; i < session_conflicts(s); i++)
		HOLDS(session_conflict(s, i)->file && session_conflict(s, i)->id);
	if (change) {
		struct group *g = group_new("tester");
		if (edit_add_note(g, d, S("a note"), NULL, &err))
			SUCCEEDS(session_commit(s, g, &err), &err);
		else
			group_free(g);
		error_clear(&err);
		struct undone u = {0};
		if (session_undo(s, S("a.txt"), &u, &err)) {
			undone_free(&u);
			SUCCEEDS(session_redo(s, S("a.txt"), &u, &err), &err);
		}
		undone_free(&u);
		error_clear(&err);
		while (session_conflicts(s) && session_resolve(s, 0, true, &err))
			continue;
		error_clear(&err);
		d = session_doc(s, S("a.txt"), &err);
		HOLDS(d);
	}
	see(d, s, out);
	SUCCEEDS(session_close(s, &err), &err);
	session_free(s);
}

static void check_history(void)
{
	struct history h = {0};
	struct error err = {0};
	if (!history_of(corpus(), S("a.txt"), &h, &err))
		fuzz_error(&err);
	history_free(&h);
}

void fuzz_journal(struct str input)
{
	struct buf bytes = {0}, before = {0}, after = {0};
	struct seen looked, changed, next;
	fuzz_folder();
	fuzz_empty();
	sign(input, &bytes);
	fuzz_put("a.txt", S(FUZZ_ARTICLE));
	fuzz_put("a.txt.yaml", S(SIDECAR));
	fuzz_put(JOURNAL, buf_str(&bytes));
	check_file();
	check_history();
	visit(false, &looked);
	fuzz_get("a.txt.yaml", &before);
	HOLDS(str_eq(buf_str(&before), S(SIDECAR)));
	fuzz_get(JOURNAL, &after);
	HOLDS(str_eq(buf_str(&after), buf_str(&bytes)));
	visit(true, &changed);
	visit(false, &next);
	HOLDS(str_eq(buf_str(&changed.state), buf_str(&next.state)));
	buf_free(&looked.state);
	buf_free(&changed.state);
	buf_free(&next.state);
	buf_free(&bytes);
	buf_free(&before);
	buf_free(&after);
}
