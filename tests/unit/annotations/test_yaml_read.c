/* yaml_read: trees, events with byte ranges, and what hostile text may cost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "annotations/yaml_read.h"
#include "model/utf8.h"
#include "tests/unit/hang_fixture.h"

/* A hostile megabyte takes 100 ms, under sanitizers some 2 s; what is quadratic takes longer than this. */
#define HOSTILE_SIZE ((size_t)1 << 20)
#define HOSTILE_SECONDS 8

static struct node *read_good(const char *text)
{
	struct node *n = NULL;
	struct error err = {0};
	bool good = yaml_read(str_of(text), "t.yaml", &n, &err);
	if (!good)
		print_error("%zu:%zu: %s\n", err.line, err.column, err.message);
	assert_true(good);
	assert_non_null(n);
	return n;
}

static void assert_bad(struct str text, enum error_code code, size_t line, size_t column)
{
	struct node *n = NULL;
	struct error err = {0};
	assert_false(yaml_read(text, "t.yaml", &n, &err));
	assert_null(n);
	assert_string_equal(error_code_name(err.code), error_code_name(code));
	assert_int_equal(err.line, line);
	assert_int_equal(err.column, column);
	assert_string_equal(err.path, "t.yaml");
	assert_true(strlen(err.message) > 8);
	error_clear(&err);
}

static void assert_text(const struct node *n, const char *text)
{
	assert_non_null(n);
	assert_int_equal(n->kind, NODE_SCALAR);
	assert_true(str_eq(n->text, str_of(text)));
}

/* ---- trees -------------------------------------------------------------------------------------------------- */

static void test_tree(void **state)
{
	(void)state;
	struct node *n = read_good("a: 一二\nb:\n- x\n- \"y\\tz\"\nc: {d: [1, '2'], e: {}}\nf:\n");
	assert_int_equal(n->kind, NODE_MAP);
	assert_int_equal(n->n, 4);
	assert_text(node_get(n, S("a")), "一二");
	const struct node *b = node_get(n, S("b"));
	assert_int_equal(b->kind, NODE_LIST);
	assert_text(b->items[0], "x");
	assert_false(b->items[0]->quoted);
	assert_text(b->items[1], "y\tz");
	assert_true(b->items[1]->quoted);
	assert_int_equal(b->items[1]->line, 4);
	assert_int_equal(b->items[1]->column, 3);
	const struct node *d = node_get(node_get(n, S("c")), S("d"));
	uint64_t number = 0;
	assert_true(node_is_number(d->items[0], &number));
	assert_int_equal(number, 1);
	assert_false(node_is_number(d->items[1], &number));
	assert_int_equal(node_get(node_get(n, S("c")), S("e"))->kind, NODE_MAP);
	assert_text(node_get(n, S("f")), "");
	assert_int_equal(node_get(n, S("f"))->line, 6);
	assert_int_equal(node_get(n, S("f"))->column, 1);
	node_free(n);
}

static void test_values_are_text(void **state)
{
	(void)state;
	struct node *n = read_good("a: no\nb: ~\nc: 017\nd: 2022-03-14\ne: 1e3\n<<: =\n");
	assert_text(node_get(n, S("a")), "no");
	assert_text(node_get(n, S("b")), "~");
	assert_text(node_get(n, S("c")), "017");
	uint64_t number;
	assert_false(node_is_number(node_get(n, S("c")), &number));
	assert_text(node_get(n, S("d")), "2022-03-14");
	assert_text(node_get(n, S("<<")), "=");
	node_free(n);
}

static void test_empty(void **state)
{
	(void)state;
	const char *const empty[] = {"", "\n\n", "# nothing\n", "---\n", "---\n...\n", "\xEF\xBB\xBF", "%YAML 1.1\n---\n", "\r\n"};
	for (size_t i = 0; i < COUNT_OF(empty); i++) {
		struct node *n = read_good(empty[i]);
		assert_int_equal(n->kind, NODE_MAP);
		assert_int_equal(n->n, 0);
		node_free(n);
	}
	struct node *n = NULL;
	assert_true(yaml_read(STR_NONE, NULL, &n, NULL));
	node_free(n);
}

static void test_end_of_document(void **state)
{
	(void)state;
	struct node *n = read_good("---\na: 1\n... # the end\n\n# 注\n...\n");
	assert_text(node_get(n, S("a")), "1");
	node_free(n);
	assert_bad(S("a: 1\n---\nb: 2\n"), ERROR_SYNTAX, 2, 1);
	assert_bad(S("a: 1\n...\nb: 2\n"), ERROR_SYNTAX, 3, 1);
	assert_bad(S("[一]\n]\n"), ERROR_SYNTAX, 2, 1);
	assert_bad(S("[1]\n  x\n"), ERROR_SYNTAX, 2, 3);
	assert_bad(S("---\n---\n"), ERROR_SYNTAX, 2, 1);
}

/* ---- what is refused ----------------------------------------------------------------------------------------- */

static void test_syntax_errors(void **state)
{
	(void)state;
	assert_bad(S("a: [1, 2\n"), ERROR_SYNTAX, 2, 1);
	assert_bad(S("a: 1\n b: 2\n"), ERROR_SYNTAX, 2, 3);
	assert_bad(S("一: \"二\n"), ERROR_SYNTAX, 2, 1);
	assert_bad(S("一: 二: 三\n"), ERROR_SYNTAX, 1, 5);
	assert_bad(S("a:\n\t- b\n"), ERROR_SYNTAX, 2, 1);
	assert_bad(S("a: \"\\q\"\n"), ERROR_SYNTAX, 1, 5);
	assert_bad(S("? [a]\n: b\n"), ERROR_SYNTAX, 1, 3);
	assert_bad(S("{{a: 1}: 2}\n"), ERROR_SYNTAX, 1, 2);
	assert_bad(S("一二\x01"), ERROR_SYNTAX, 1, 3);
	assert_bad(S("a: \0"), ERROR_SYNTAX, 1, 4);
}

static void test_values_are_data(void **state)
{
	(void)state;
	assert_bad(S("a: &x 1\n"), ERROR_SYNTAX, 1, 4);
	assert_bad(S("a: *x\n"), ERROR_SYNTAX, 1, 4);
	assert_bad(S("a: &x [1]\n"), ERROR_SYNTAX, 1, 4);
	assert_bad(S("- &x {a: 1}\n"), ERROR_SYNTAX, 1, 3);
	assert_bad(S("a: !!str 1\n"), ERROR_SYNTAX, 1, 4);
	assert_bad(S("a: ! 1\n"), ERROR_SYNTAX, 1, 4);
	assert_bad(S("a: !x [1]\n"), ERROR_SYNTAX, 1, 4);
	assert_bad(S("a: !python/object/apply:os.system [id]\n"), ERROR_SYNTAX, 1, 4);
	assert_bad(S("- !!map {a: 1}\n"), ERROR_SYNTAX, 1, 3);
	assert_bad(S("%TAG ! tag:x,2000:\n---\na: 1\n"), ERROR_SYNTAX, 1, 1);
	assert_bad(S("\xEF\xBB\xBF%TAG ! tag:x,2000:\n---\na: 1\n"), ERROR_SYNTAX, 1, 1);
	assert_bad(S("%YAML 3.0\n---\na: 1\n"), ERROR_SYNTAX, 1, 1);
}

static void test_duplicate_keys(void **state)
{
	(void)state;
	assert_bad(S("a: 1\nb: 2\na: 3\n"), ERROR_DUPLICATE, 3, 4);
	assert_bad(S("x: {一: 1, 一: 2}\n"), ERROR_DUPLICATE, 1, 14);
	assert_bad(S("a: 1\n\"a\":\n- 2\n"), ERROR_DUPLICATE, 2, 1);
	struct buf many = {0};
	for (int i = 0; i < 1000; i++)
		buf_addf(&many, "k%d: 1\n", i);
	buf_adds(&many, "k500: 2\nk400: 2\n");
	assert_bad(buf_str(&many), ERROR_DUPLICATE, 1001, 7);
	buf_free(&many);
}

static void test_encoding(void **state)
{
	(void)state;
	assert_bad(S("a: 一\nb: 二\xFF\n"), ERROR_ENCODING, 2, 5);
	assert_bad(S("a: \xED\xA0\x80\n"), ERROR_ENCODING, 1, 4);
	assert_bad(S("\xFF\xFE" "a\0:\0 \0b\0"), ERROR_ENCODING, 1, 1);
	assert_bad(S("\xFE\xFF\0a\0:"), ERROR_ENCODING, 1, 1);
	assert_bad(S("a: \xC4\xE3\xBA\xC3\n"), ERROR_ENCODING, 1, 4);
	assert_bad(S("a: b\xE4\xB8"), ERROR_ENCODING, 1, 5);
}

static void test_conflict_markers(void **state)
{
	(void)state;
	assert_bad(S("a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> other\n"), ERROR_CONFLICT, 2, 1);
	assert_bad(S("<<<<<<< HEAD\r\nb: 2\r\n=======\r\nb: 3\r\n>>>>>>> other\r\n"), ERROR_CONFLICT, 1, 1);
	assert_bad(S("a: 1\n||||||| base\n"), ERROR_CONFLICT, 2, 1);
	assert_bad(S("a: 1\n=======\n"), ERROR_CONFLICT, 2, 1);
	assert_bad(S("a: 1\n======="), ERROR_CONFLICT, 2, 1);
	assert_bad(S("a: 1\n=======\r\nb: 2"), ERROR_CONFLICT, 2, 1);
	assert_bad(S("a: 1\n>>>>>>> 0123abc (x)\n"), ERROR_CONFLICT, 2, 1);
	assert_bad(S("a: \"one\n<<<<<<< HEAD\n two\"\n"), ERROR_CONFLICT, 2, 1);
	/* Not markers: not at the start of a line, or of another length. */
	struct node *n = read_good("a: \" <<<<<<< HEAD\"\n# =======\nb: =======\n\"<<<<<<<\": 1\n\"========\": 2\n");
	assert_int_equal(n->n, 4);
	node_free(n);
	n = read_good("a:\n  \"x\n  ======= y\"\n");
	node_free(n);
}

/* What looks like a mark of git or a directive and is none, and directives behind each end of a line that libyaml knows. */
static void test_lines_that_look_like_others(void **state)
{
	(void)state;
	static const char *const ends[] = {"", "\n", "a: b\r", "# \xC2\x85", "# \xE2\x80\xA8", "# \xE2\x80\xA9", "\n\xEF\xBB\xBF"};
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		struct buf text = {0};
		struct node *n = NULL;
		struct error err = {0};
		buf_addf(&text, "%s%%TAG ! tag:x:\n---\n", ends[i]);
		assert_false(yaml_read(buf_str(&text), "t.yaml", &n, &err));
		assert_int_equal(err.code, ERROR_SYNTAX);
		assert_non_null(strstr(err.message, "%TAG"));
		error_clear(&err);
		buf_free(&text);
	}
	struct node *n = read_good("a: 5%TAG\n=========: b\n'======= x': c\n<<: d\n");
	assert_text(node_get(n, S("a")), "5%TAG");
	assert_text(node_get(n, S("=========")), "b");
	node_free(n);
	/* Lines end at CR alone too. */
	assert_bad(S("a: 1\rb: [\r"), ERROR_SYNTAX, 3, 1);
	assert_bad(S("a: 1\rb: !\r"), ERROR_SYNTAX, 2, 4);
	assert_bad(S("a: ! b\n"), ERROR_SYNTAX, 1, 4);
	yaml_reader_free(NULL);
}

/* A file beyond the limit is refused by its size: of this one there is no byte. */
static void test_too_large_a_file(void **state)
{
	(void)state;
	size_t n = YAML_FILE + 1;
	char *bytes = mmap(NULL, n, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	assert_true(bytes != MAP_FAILED);
	struct node *tree = NULL;
	struct error err = {0};
	assert_false(yaml_read((struct str){bytes, n}, "t.yaml", &tree, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	error_clear(&err);
	assert_int_equal(munmap(bytes, n), 0);
}

static void test_limits(void **state)
{
	(void)state;
	assert_bad(S("[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]"), ERROR_LIMIT, 1, 17);
	struct node *n = read_good("[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]");
	node_free(n);
	assert_bad(S("- - - - - - - - - - - - - - - - - 1\n"), ERROR_LIMIT, 1, 33);
	struct buf text = {0};
	buf_adds(&text, "一: 1\nlong: ");
	for (size_t i = 0; i < YAML_SCALAR; i++)
		buf_addc(&text, 'x');
	n = read_good(text.p);
	node_free(n);
	buf_addc(&text, 'x');
	assert_bad(buf_str(&text), ERROR_LIMIT, 2, 7);
	buf_free(&text);
}

/* ---- events -------------------------------------------------------------------------------------------------- */

static void test_ranges(void **state)
{
	(void)state;
	const char *text = "\xEF\xBB\xBF# 註\r\nspans:\r\n- id: 𠮷野\r\n  at: [[1, 2]]\r\n  \"k\": 'q'\r\n- {}\r\n";
	static const struct {
		enum yaml_kind kind;
		const char *raw;
		size_t line, column;
		unsigned depth;
	} expected[] = {
		{YAML_MAP_START, "", 2, 1, 0},   {YAML_SCALAR_EVENT, "spans", 2, 1, 1}, {YAML_LIST_START, "-", 3, 1, 1},
		{YAML_MAP_START, "", 3, 3, 2},   {YAML_SCALAR_EVENT, "id", 3, 3, 3},    {YAML_SCALAR_EVENT, "𠮷野", 3, 7, 3},
		{YAML_SCALAR_EVENT, "at", 4, 3, 3}, {YAML_LIST_START, "[", 4, 7, 3},    {YAML_LIST_START, "[", 4, 8, 4},
		{YAML_SCALAR_EVENT, "1", 4, 9, 5}, {YAML_SCALAR_EVENT, "2", 4, 12, 5},  {YAML_LIST_END, "]", 4, 13, 4},
		{YAML_LIST_END, "]", 4, 14, 3},  {YAML_SCALAR_EVENT, "\"k\"", 5, 3, 3}, {YAML_SCALAR_EVENT, "'q'", 5, 8, 3},
		{YAML_MAP_END, "", 6, 1, 2},     {YAML_MAP_START, "{", 6, 3, 2},        {YAML_MAP_END, "}", 6, 4, 2},
		{YAML_LIST_END, "", 7, 1, 1},    {YAML_MAP_END, "", 7, 1, 0},
	};
	struct yaml_reader *r = yaml_reader_new(str_of(text), "t.yaml");
	struct yaml_event e;
	for (size_t i = 0; i < COUNT_OF(expected); i++) {
		assert_true(yaml_next(r, &e, NULL));
		assert_int_equal(e.kind, expected[i].kind);
		struct str raw = str_sub(str_of(text), e.off, e.end);
		if (!str_eq(raw, str_of(expected[i].raw)))
			print_error("event %zu: `%.*s`, not `%s`\n", i, (int)raw.n, raw.p, expected[i].raw);
		assert_true(str_eq(raw, str_of(expected[i].raw)));
		assert_int_equal(e.line, expected[i].line);
		assert_int_equal(e.column, expected[i].column);
		assert_int_equal(e.depth, expected[i].depth);
	}
	assert_true(yaml_next(r, &e, NULL));
	assert_int_equal(e.kind, YAML_END);
	assert_int_equal(e.end, strlen(text));
	struct error err = {0};
	assert_false(yaml_next(r, &e, &err));
	error_clear(&err);
	yaml_reader_free(r);
}

/* What stands at a plain scalar's range is its text where it is on one line; a quoted one read by itself is the same again. */
static bool range_fits(struct str raw, const struct yaml_event *e)
{
	if (!e->quoted)
		return str_find(raw, S("\n"), 0) != NOWHERE || str_find(raw, S("\r"), 0) != NOWHERE ||
		       str_find(raw, S("\xC2\x85"), 0) != NOWHERE || str_find(raw, S("\xE2\x80\xA8"), 0) != NOWHERE ||
		       str_eq(raw, e->text);
	if (raw.n && (raw.p[0] == '|' || raw.p[0] == '>'))
		return true;
	struct node *again = NULL;
	bool fits = yaml_read(raw, NULL, &again, NULL) && again->quoted && str_eq(node_scalar(again), e->text);
	node_free(again);
	return fits;
}

/* And ranges go forward. */
static void check_scalar_ranges(struct str text)
{
	struct yaml_reader *r = yaml_reader_new(text, "t.yaml");
	struct yaml_event e;
	size_t before = 0;
	while (yaml_next(r, &e, NULL) && e.kind != YAML_END) {
		assert_true(e.off >= before && e.end >= e.off && e.end <= text.n);
		assert_true(utf8_boundary(text, e.off) && utf8_boundary(text, e.end));
		before = e.off;
		struct str raw = str_sub(text, e.off, e.end);
		bool fits = e.kind != YAML_SCALAR_EVENT || range_fits(raw, &e);
		if (!fits)
			print_error("`%.*s` of `%.*s`\n", (int)raw.n, raw.p, (int)text.n, text.p);
		assert_true(fits);
	}
	yaml_reader_free(r);
}

static void test_scalar_ranges(void **state)
{
	(void)state;
	check_scalar_ranges(S("一: 二三 # 四\n五: '六''七'\n\"八\\u4e00\": [九, 十 百, \"千\"]\n萬:\n- 𠮷\n-   億\n\xC2\x85- x\n"));
	check_scalar_ranges(S("a: 1\r\n\r\n# x\r\nb:   2\r\nc: [  3 ,4]\r\n"));
	check_scalar_ranges(S("? k\n: v\n? k2\nk3:\n  - a: b\n    c: d\n  - e\n"));
	check_scalar_ranges(S("[a: b, {c, d: e}, ? f : g]\n"));
}

static void test_tree_from_events(void **state)
{
	(void)state;
	struct str text = S("spans:\n- {id: a, at: [[1, 2]]}\n- id: b\n");
	struct yaml_reader *r = yaml_reader_new(text, "t.yaml");
	struct yaml_event e;
	for (int i = 0; i < 3; i++)
		assert_true(yaml_next(r, &e, NULL));
	assert_int_equal(e.kind, YAML_LIST_START);
	struct node *item = NULL;
	assert_true(yaml_next(r, &e, NULL) && yaml_tree(r, &e, &item, NULL));
	assert_text(node_get(item, S("id")), "a");
	node_free(item);
	assert_true(yaml_next(r, &e, NULL) && yaml_tree(r, &e, &item, NULL));
	assert_text(node_get(item, S("id")), "b");
	node_free(item);
	assert_true(yaml_next(r, &e, NULL));
	assert_int_equal(e.kind, YAML_LIST_END);
	yaml_reader_free(r);
}

/* ---- hostile text --------------------------------------------------------------------------------------------- */

static void repeat(struct buf *out, struct str piece, size_t size)
{
	while (out->n < size)
		buf_add(out, piece);
}

static void test_hostile(void **state)
{
	(void)state;
	static const struct {
		struct str start, piece;
	} families[] = {
#define FAMILY(start, piece) {{start, sizeof(start) - 1}, {piece, sizeof(piece) - 1}}
		FAMILY("", "["),       FAMILY("", "{"),        FAMILY("", "{a: "),     FAMILY("", "[\n"),     FAMILY("", "- "),
		FAMILY("", "? "),      FAMILY("", "a: "),      FAMILY("", "!"),        FAMILY("", "&a "),     FAMILY("", "*a "),
		FAMILY("", "!!a "),    FAMILY("", "%TAG !a! b\n"), FAMILY("", "%YAML 1.1\n"), FAMILY("", " "), FAMILY("", "\n"),
		FAMILY("", "#"),       FAMILY("", "# \n"),     FAMILY("\"", "\\"),     FAMILY("'", "'"),      FAMILY("\"", "\n"),
		FAMILY("", "---\n"),   FAMILY("", "...\n"),    FAMILY("a: |\n", " \n"), FAMILY("a: >\n", " x\n"), FAMILY("", "a\n"),
		FAMILY("", ","),       FAMILY("[", ","),       FAMILY("[", "a,"),      FAMILY("{", "a,"),     FAMILY("", ":"),
		FAMILY("", "\xE4\xB8\x80"), FAMILY("", "\xF0\xA0\xAE\xB7\n"), FAMILY("[", "[],"), FAMILY("[", "{},"), FAMILY("", "- a\n"),
		FAMILY("", "\t"),      FAMILY("", "\r"),       FAMILY("", "\xC2\x85"), FAMILY("", "\xEF\xBB\xBF"), FAMILY("a:\n", "- - b\n"),
		FAMILY("%", "a"),      FAMILY("!", "%41"),     FAMILY("[", "\"a\" "),  FAMILY("[", "? "),     FAMILY("[", "a: b,"),
#undef FAMILY
	};
	struct buf text = {0};
	for (size_t i = 0; i < COUNT_OF(families); i++) {
		buf_clear(&text);
		buf_add(&text, families[i].start);
		repeat(&text, families[i].piece, HOSTILE_SIZE);
		struct node *n = NULL;
		struct error err = {0};
		hang_guard(HOSTILE_SECONDS);
		bool good = yaml_read(buf_str(&text), "t.yaml", &n, &err);
		hang_guard(0);
		assert_true(good || (err.line > 0 && err.column > 0));
		node_free(n);
		error_clear(&err);
	}
	buf_free(&text);
}

/* Keys that differ, then twice the same at the end: looking for duplicates must not compare all with all. */
static void test_many_keys(void **state)
{
	(void)state;
	struct buf text = {0};
	for (int i = 0; i < 100000; i++)
		buf_addf(&text, "key%d: 1\n", i);
	hang_guard(HOSTILE_SECONDS);
	struct node *n = NULL;
	assert_true(yaml_read(buf_str(&text), "t.yaml", &n, NULL));
	struct node *copy = node_copy(n);
	assert_true(node_equal(n, copy));
	hang_guard(0);
	node_free(copy);
	node_free(n);
	buf_free(&text);
}

/* libyaml compares each directive with all before it; 80,000 different ones take it over 10 s. */
static void test_many_directives(void **state)
{
	(void)state;
	struct buf text = {0};
	for (int i = 0; text.n < HOSTILE_SIZE; i++)
		buf_addf(&text, "%%TAG !%d! b\n", i);
	hang_guard(HOSTILE_SECONDS);
	assert_bad(buf_str(&text), ERROR_SYNTAX, 1, 1);
	hang_guard(0);
	buf_free(&text);
}

/* xorshift64 (Marsaglia 2003): the same on every machine. */
static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static void test_random_text(void **state)
{
	(void)state;
	static const char *const words[] = {
		"zhupi: 1\n", "- ", "? ", ": ", ": ", "\n", "\n  ", "[", "]", "{", "}", ", ", "\"", "'", "\\u4e00", "一", "𠮷", "&a ", "*a", "!t ",
		"|\n", ">-\n", "#", " ", "\t", "\r\n", "a", "id", "17", "\xFF", "\xE4", "\xC2\x85", "\xE2\x80\xA8", "\xEF\xBB\xBF", "%YAML 1.1\n",
		"---\n", "...\n", "<<<<<<< a\n", "=======\n", "\x01", "~", "<<", "@", "`", "spans:\n", "- {id: a, at: [[1, 2]]}\n",
	};
	uint64_t seed = 0x5eed;
	struct buf text = {0};
	size_t accepted = 0;
	for (int round = 0; round < 40000; round++) {
		buf_clear(&text);
		size_t pieces = next_random(&seed) % 14;
		for (size_t i = 0; i < pieces; i++)
			buf_adds(&text, words[next_random(&seed) % COUNT_OF(words)]);
		struct node *n = NULL;
		struct error err = {0};
		bool good = yaml_read(buf_str(&text), "t.yaml", &n, &err);
		accepted += good;
		if (good)
			check_scalar_ranges(buf_str(&text));
		else
			assert_true(err.code != ERROR_NONE && err.line > 0 && err.column > 0);
		node_free(n);
		error_clear(&err);
	}
	buf_free(&text);
	assert_true(accepted > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tree),           cmocka_unit_test(test_values_are_text),
		cmocka_unit_test(test_empty),          cmocka_unit_test(test_end_of_document),
		cmocka_unit_test(test_syntax_errors),  cmocka_unit_test(test_values_are_data),
		cmocka_unit_test(test_duplicate_keys), cmocka_unit_test(test_encoding),
		cmocka_unit_test(test_conflict_markers), cmocka_unit_test(test_lines_that_look_like_others), cmocka_unit_test(test_too_large_a_file), cmocka_unit_test(test_limits),
		cmocka_unit_test(test_ranges),         cmocka_unit_test(test_scalar_ranges),
		cmocka_unit_test(test_tree_from_events), cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_many_keys), cmocka_unit_test(test_many_directives),     cmocka_unit_test(test_random_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
