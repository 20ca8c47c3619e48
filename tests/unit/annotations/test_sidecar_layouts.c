/* sidecar: a file in any layout says the same by lines and by libyaml's events, and takes a decision.
 *
 * The files are one of our own, changed at every byte and every line in some way.  A comment in front is enough to have
 * one read by events; the reader by lines must say the same of it or leave it to them. */
#include "edit_fixture.h"

#define SAMPLE                                                                                                         \
	"status: reviewing\n"                                                                                          \
	"spans:\n"                                                                                                     \
	"- id: bpost\n"                                                                                                \
	"  label: ORG\n"                                                                                               \
	"  at: [[5, 11]]\n"                                                                                            \
	"  text: 开封市委书记\n"                                                                                       \
	"  context: [三月十二日, \"高建军强调,要筑\"]\n"                                                               \
	"  verdict: corrected\n"                                                                                       \
	"  source: {by: zh-report, rule: post, score: 0.71}\n"                                                         \
	"  original: {label: POST, at: [[5, 11]]}\n"                                                                   \
	"  judged: {by: alice, \"on\": \"2026-11-22T06:31:07Z\"}\n"                                                    \
	"  attributes: {role: chair}\n"                                                                                \
	"  flag: unsure\n"                                                                                             \
	"- id: cgao2\n"                                                                                                \
	"  label: PERSON\n"                                                                                            \
	"  at: [[11, 14]]\n"                                                                                           \
	"  text: 高建军\n"                                                                                             \
	"  verdict: accepted\n"                                                                                        \
	"  source: {by: alice}\n"                                                                                      \
	"  judged: {by: alice}\n"                                                                                      \
	"- {id: dlu33, label: PERSON, at: [[24, 27]], text: 卢志军, verdict: undecided}\n"                             \
	"relations:\n"                                                                                                 \
	"- {id: r2222, type: holds, args: {from: cgao2, to: bpost}, verdict: undecided}\n"                             \
	"fields:\n"                                                                                                    \
	"- {id: f2222, name: title, value: 防线, spans: [cgao2], verdict: accepted}\n"                                 \
	"- {id: f3333, name: source, value: 报, verdict: rejected, flag: \"\"}\n"                                      \
	"- {id: f4444, name: published, value: \"2022-03-14\", verdict: undecided, flag: x}\n"                         \
	"zones:\n"                                                                                                     \
	"- {at: [0, 23], kind: body}\n"                                                                                \
	"notes:\n"                                                                                                     \
	"- {id: n2222, text: \"a \\\"note\\\"\\r\\U0001F600\", by: alice}\n"                                                         \
	"mine: [1, {a: b}]\n"

struct seen {
	struct article *article;
	struct schema *schema;
	struct set *set;
	struct sidecar *sidecar;
	struct findings findings;
	struct sidecar_summary summary;
	char *encoding;
	bool good, summed;
};

static void look(struct seen *s, const char *path)
{
	*s = (struct seen){.article = article_of(S(ARTICLE_TEXT)), .schema = test_schema()};
	s->set = set_new(s->article, s->schema);
	s->good = sidecar_load(path, "a.txt", s->set, &s->sidecar, &s->findings, NULL);
	s->summed = sidecar_summary(path, &s->summary, NULL);
	s->encoding = sidecar_encoding(path);
}

static void look_away(struct seen *s)
{
	set_free(s->set);
	sidecar_free(s->sidecar);
	findings_free(&s->findings);
	mem_free(s->summary.title);
	mem_free(s->summary.date);
	mem_free(s->summary.source);
	mem_free(s->encoding);
	article_free(s->article);
	schema_free(s->schema);
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_items(struct set *a, struct set *b)
{
	for (enum item_kind kind = ITEM_SPAN; kind < ITEM_KINDS; kind++) {
		if (set_items(a, kind) != set_items(b, kind))
			return false;
		for (size_t i = 0; i < set_items(a, kind); i++) {
			struct str id = set_item_id(a, kind, i);
			if (!node_equal(set_node(a, kind, id), set_node(b, kind, id)))
				return false;
		}
	}
	for (size_t i = 0; i < set_spans(a); i++) {
		const struct span *x = set_span(a, i), *y = set_span(b, i);
		if (x->off != y->off || x->end != y->end || x->verdict != y->verdict || x->label != y->label ||
		    x->anchoring != y->anchoring || x->human != y->human || x->flagged != y->flagged ||
		    x->score != y->score)
			return false;
	}
	return node_equal(set_node(a, ITEM_ARTICLE, STR_NONE), set_node(b, ITEM_ARTICLE, STR_NONE));
}

static const char *difference(const struct seen *a, const struct seen *b)
{
	const struct sidecar_summary *x = &a->summary, *y = &b->summary;
	if (a->good != b->good)
		return "one of them is refused";
	if (a->findings.n != b->findings.n)
		return "other findings";
	if (!same_items(a->set, b->set))
		return "other items";
	if (sidecar_article_changed(a->sidecar) != sidecar_article_changed(b->sidecar))
		return "another article";
	if (!same_text(a->encoding, b->encoding))
		return "another encoding";
	if (a->summed != b->summed)
		return "one has no summary";
	if (a->summed && (x->status != y->status || x->proposed != y->proposed || x->decided != y->decided ||
	                  x->flagged != y->flagged || !same_text(x->title, y->title) || !same_text(x->date, y->date) ||
	                  !same_text(x->source, y->source)))
		return "another summary";
	return NULL;
}

/* Whoever can read a file can decide something in it, and the rest stays as it was. */
static const char *trouble_with_a_decision(struct seen *s)
{
	if (!s->good || sidecar_read_only(s->sidecar) || set_spans(s->set) == 0)
		return NULL;
	struct buf out = {0};
	struct node *keys = node_map();
	char *id = str_dup(set_span(s->set, 0)->id);
	size_t n = set_spans(s->set);
	node_put_text(keys, S("note"), S("seen"));
	const char *trouble = NULL;
	if (!set_change(s->set, ITEM_SPAN, str_of(id), keys, NULL)) {
		trouble = "it cannot be changed";
	} else {
		sidecar_render(s->sidecar, s->set, &out);
		if (!sidecar_install(s->sidecar, s->set, buf_str(&out), NULL))
			trouble = "it cannot be saved";
		else if (set_spans(s->set) != n)
			trouble = "spans were lost";
		else if (!str_eq(node_get_text(set_node(s->set, ITEM_SPAN, str_of(id)), S("note")), S("seen")))
			trouble = "the note was lost";
	}
	mem_free(id);
	node_free(keys);
	buf_free(&out);
	return trouble;
}

static size_t faults;

static void check(struct str text)
{
	struct buf behind = {0};
	struct seen by_lines, by_events;
	struct str mark = str_starts(text, S("\xEF\xBB\xBF")) ? str_sub(text, 0, 3) : STR_NONE;
	buf_add(&behind, mark);
	buf_adds(&behind, "# by events\n");
	buf_add(&behind, str_sub(text, mark.n, text.n));
	(void)unlink("lines.yaml");
	(void)unlink("events.yaml");
	assert_true(io_create_file("lines.yaml", text, NULL));
	assert_true(io_create_file("events.yaml", buf_str(&behind), NULL));
	look(&by_lines, "lines.yaml");
	look(&by_events, "events.yaml");
	const char *trouble = difference(&by_lines, &by_events);
	if (!trouble)
		trouble = trouble_with_a_decision(&by_lines);
	if (!trouble)
		trouble = trouble_with_a_decision(&by_events);
	if (trouble && faults++ < 3)
		print_error("%s:\n%.*s\n", trouble, (int)text.n, text.p);
	look_away(&by_events);
	look_away(&by_lines);
	buf_free(&behind);
}

static void check_parts(struct str a, const char *between, struct str b)
{
	struct buf text = {0};
	buf_add(&text, a);
	buf_adds(&text, between);
	buf_add(&text, b);
	check(buf_str(&text));
	buf_free(&text);
}

static void test_every_byte(void **state)
{
	(void)state;
	static const char *const others[] = {"",   " ", ":",  "- ", "[",  "]",   "{",  "}",  ",", "'",   "\"", "#",
	                                     "\n", "0", "\r", "x",  "\t", ": ", "  ", "\\", "~", "\r\n", "- {"};
	char *text = sidecar_text(SAMPLE);
	struct str all = str_of(text);
	faults = 0;
	check(all);
	size_t turn = 0;
	for (size_t at = 0; at < all.n; at++)
		if (((unsigned char)text[at] & 0xC0) != 0x80) {
			size_t next = at + 1;
			while (((unsigned char)text[next] & 0xC0) == 0x80)
				next++;
			check_parts(str_sub(all, 0, at), "", str_sub(all, next, all.n));
			check_parts(str_sub(all, 0, at), others[turn++ % COUNT_OF(others)], str_sub(all, next, all.n));
			check_parts(str_sub(all, 0, at), others[turn++ % COUNT_OF(others)], str_sub(all, at, all.n));
			if (at % 5 == 0)
				check(str_sub(all, 0, at));
		}
	assert_int_equal(faults, 0);
	mem_free(text);
}

static void test_every_line(void **state)
{
	(void)state;
	static const char *const before[] = {" ",   "  ",  "    ",   "- ",       "-\n  ",   "- - ",     "# ", "\n", " \n",
	                                     "...\n", "---\n", "x: y\n", "spans:\n", "zhupi: 2\n", "? ", "\xEF\xBB\xBF",
	                                     "  id: cgao2\n", "  flag: \"\"\n", "  source: {by: a, by: b}\n",
	                                     "  source: [by]\n", "  source: {score: 1, score: 2}\n", "  at: [[\"5\", 11]]\n",
	                                     "  at: [[05, 11]]\n", "  at: [[5,11]]\n", "  at: [[5, 4294967296]]\n"};
	static const char *const behind[] = {" ", " # so", "\r", "\n\n", " x", ", x", " [", "\xC2\x85", "\xE2\x80\xA8"};
	char *text = sidecar_text(SAMPLE);
	struct str all = str_of(text);
	faults = 0;
	for (size_t at = 0, end; at < all.n; at = end + 1) {
		end = str_byte(all, '\n', at);
		struct str head = str_sub(all, 0, at), tail = str_sub(all, at, all.n), rest = str_sub(all, end + 1, all.n);
		check_parts(head, "", rest);
		check_parts(str_sub(all, 0, end + 1), "", tail);
		for (size_t i = 0; i < COUNT_OF(before); i++)
			check_parts(head, before[i], tail);
		for (size_t i = 0; i < COUNT_OF(behind); i++)
			check_parts(str_sub(all, 0, end), behind[i], str_sub(all, end, all.n));
		/* In place of it. */
		for (size_t i = COUNT_OF(before); i-- > 9;)
			check_parts(head, before[i], rest);
	}
	assert_int_equal(faults, 0);
	mem_free(text);
}

static void test_other_layouts(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    "",
	    "\n",
	    "~\n",
	    "\"\"\n",
	    "\xEF\xBB\xBF",
	    "\xEF\xBB\xBF# only this\n",
	    "# only this\n\n   # and this",
	    "# only this\n- x",
	    "- x\n",
	    "x\n",
	    "{}",
	    "{zhupi: 1}",
	    "zhupi: [1]\n",
	    "zhupi: 2\n",
	    "zhupi: 0\n",
	    "zhupi: x\n",
	    "spans: []\n",
	    "spans: [",
	    "spans:\n- [a]\n",
	    "spans:\n- a\n",
	    "spans: x\n",
	    "status: [done]\n",
	    "status: done\n",
	    "status: {a: b}\n",
	    "article: x\n",
	    "article: {encoding: big5}\n",
	    "article:\n  encoding: big5\n",
	    "article: {\"encoding\": \"\"}\nspans: [\n",
	    "notes:\n- {id: n2222, text: x}\narticle: {encoding: big5}\n",
	    "fields:\n- {name: title, value: a}\n- {name: title, value: b}\n- {name: title}\n- {name: source, value: [c]}\n",
	    "fields:\n- name: title\n  name: title\n",
	    "fields:\n- {id: f2222, name: title, value: {a: [b, {c: d}]}, flag: [x]}\n",
	};
	faults = 0;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		check(str_of(texts[i]));
		/* Each cut anywhere. */
		for (size_t n = 0; n < strlen(texts[i]); n++)
			check((struct str){texts[i], n});
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)
	const struct CMUnitTest tests[] = {
	    CASE(test_every_byte),
	    CASE(test_every_line),
	    CASE(test_other_layouts),
	};
	return cmocka_run_group_tests_name("sidecar_layouts", tests, NULL, NULL);
}
