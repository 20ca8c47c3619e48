/* config: the built-in schema, zhupi.yaml, config.yaml, and what is wrong with them, by line and column. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "annotations/config.h"
#include "annotations/pack.h"
#include "annotations/yaml_read.h"
#include "model/io.h"

/* ---- a folder for each test --------------------------------------------------------------------------------- */

struct place {
	char *folder, *file;
};

static int set_up(void **state)
{
	struct place *p = mem_alloc(sizeof(*p));
	const char *tmp = getenv("TMPDIR");
	struct buf folder = {0};
	buf_addf(&folder, "%s/zhupi-config-XXXXXX", tmp && tmp[0] ? tmp : "/tmp");
	p->folder = buf_take(&folder);
	*state = p;
	if (!mkdtemp(p->folder))
		return -1;
	p->file = io_join(p->folder, "zhupi.yaml");
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;
	(void)unlink(p->file);
	int gone = rmdir(p->folder);
	mem_free(p->file);
	mem_free(p->folder);
	mem_free(p);
	return gone;
}

static void write_file(const char *path, const char *text)
{
	(void)unlink(path);
	assert_true(io_create_file(path, str_of(text), NULL));
}

static struct corpus_config read_good(const struct place *p, const char *text)
{
	struct corpus_config c;
	struct error err = {0};
	write_file(p->file, text);
	bool good = corpus_config_read(p->file, &c, &err);
	if (!good)
		print_error("%zu:%zu: %s\n", err.line, err.column, err.message);
	assert_true(good);
	return c;
}

static void assert_bad(const struct place *p, const char *text, enum error_code code, size_t line, size_t column)
{
	struct corpus_config c;
	struct error err = {0};
	write_file(p->file, text);
	assert_false(corpus_config_read(p->file, &c, &err));
	if (err.line != line || err.column != column)
		print_error("%s\n%zu:%zu: %s\n", text, err.line, err.column, err.message);
	assert_string_equal(error_code_name(err.code), error_code_name(code));
	assert_string_equal(err.path, p->file);
	assert_int_equal(err.line, line);
	assert_int_equal(err.column, column);
	/* The defaults stay, so that the articles can be read. */
	assert_int_equal(c.schema->n_labels, 10);
	assert_int_equal(c.n_articles, 1);
	error_clear(&err);
	corpus_config_free(&c);
}

static const struct label *label_of(const struct corpus_config *c, const char *name)
{
	size_t i = schema_label(c->schema, str_of(name));
	assert_true(i != NOWHERE);
	return &c->schema->labels[i];
}

/* ---- what is built in --------------------------------------------------------------------------------------- */

static void assert_sensible(const struct schema *s)
{
	for (size_t i = 0; i < s->n_labels; i++) {
		const struct label *label = &s->labels[i];
		assert_true(label->known && label->zh.n && label->help.n && label->key);
		assert_true(label->color != COLOR_DEFAULT);
		assert_true(i == 0 || label->color != s->labels[i - 1].color);
		for (size_t j = 0; j < i; j++)
			assert_true(label->key != s->labels[j].key);
	}
}

static void test_built_in(void **state)
{
	(void)state;
	static const char *const names[] = {"PERSON", "POST", "ORG", "PLACE", "TIME", "MEETING", "MEASURE", "SLOGAN", "QUANTITY", "DISEASE"};
	static const char *const relations[] = {"holds", "chairs", "speaks-at", "attends", "held-on", "works-for"};
	static const char *const fields[] = {"title", "published", "source", "editor", "reporters", "chair", "speakers", "attendees", "meetings"};
	struct corpus_config c;
	struct error err = {0};
	assert_true(corpus_config_read(NULL, &c, &err));
	const struct schema *s = c.schema;
	assert_true(str_eq(s->name, S("report")));
	assert_int_equal(s->n_labels, COUNT_OF(names));
	for (size_t i = 0; i < COUNT_OF(names); i++)
		assert_true(str_eq(s->labels[i].name, str_of(names[i])));
	assert_sensible(s);
	assert_int_equal(label_of(&c, "MEASURE")->layer, LAYER_CONTAINER);
	assert_int_equal(label_of(&c, "SLOGAN")->layer, LAYER_CONTAINER);
	assert_int_equal(label_of(&c, "PERSON")->layer, LAYER_FLAT);
	assert_int_equal(s->n_relations, COUNT_OF(relations));
	for (size_t i = 0; i < COUNT_OF(relations); i++)
		assert_int_equal(schema_relation(s, str_of(relations[i])), i);
	assert_true(label_list_has(&s->relations[4].from, 5) && s->relations[4].from.n == 1);
	assert_true(label_list_has(&s->relations[4].to, 4) && !label_list_has(&s->relations[4].to, 5));
	assert_int_equal(s->n_fields, COUNT_OF(fields));
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		assert_int_equal(schema_field(s, str_of(fields[i])), i);
	assert_true(s->fields[4].list && !s->fields[5].list);
	assert_int_equal(s->attributes[schema_attribute(s, S("role"))].n_values, 6);
	assert_int_equal(s->attributes[schema_attribute(s, S("iso"))].n_values, 0);
	assert_string_equal(c.articles[0], "**/*.txt");
	assert_string_equal(c.language, "");
	assert_false(c.independent);
	corpus_config_free(&c);
}

static void test_init_text(void **state)
{
	struct place *p = *state;
	char *text = str_dup(config_init_text());
	struct corpus_config c = read_good(p, text);
	assert_int_equal(c.warnings.n, 0);
	assert_int_equal(c.schema->n_labels, 10);
	corpus_config_free(&c);
	/* With every comment taken off that hides a key, it must still be right. */
	struct buf open = {0};
	struct str whole = str_of(text);
	for (size_t from = 0; from < whole.n;) {
		size_t end = str_byte(whole, '\n', from);
		struct str line = str_sub(whole, from, end);
		bool hidden = line.n > 1 && line.p[0] == '#' && (line.p[1] != ' ' || str_starts(line, S("#  ")));
		buf_add(&open, hidden ? str_sub(line, 1, line.n) : line);
		buf_addc(&open, '\n');
		from = end + 1;
	}
	c = read_good(p, open.p);
	assert_int_equal(c.warnings.n, 0);
	assert_int_equal(c.schema->n_labels, 11);
	assert_int_equal(label_of(&c, "LAW")->key, 'w');
	assert_string_equal(c.language, "zh");
	assert_int_equal(c.n_extractors, 1);
	assert_string_equal(c.extractors[0], "zh-report");
	assert_true(schema_field(c.schema, S("laws")) != NOWHERE);
	corpus_config_free(&c);
	buf_free(&open);
	mem_free(text);
}

static void test_packs(void **state)
{
	(void)state;
	assert_true(pack_count() >= 2);
	for (size_t i = 0; i < pack_count(); i++) {
		struct node *n = NULL;
		struct error err = {0};
		struct str text = pack_file(pack_name(i));
		bool good = yaml_read(text, pack_name(i), &n, &err);
		if (!good)
			print_error("%s:%zu:%zu: %s\n", pack_name(i), err.line, err.column, err.message);
		assert_true(good && text.n > 0 && text.p[text.n] == '\0');
		node_free(n);
	}
	assert_null(pack_file("nothing.yaml").p);
}

/* ---- zhupi.yaml --------------------------------------------------------------------------------------------- */

static void test_settings(void **state)
{
	struct place *p = *state;
	struct corpus_config c = read_good(p, "zhupi: 1\nlanguage: zh-Hans\narticles: [\"**/*.txt\", a/*.md]\nannotators: independent\n"
	                                      "extractor: my-rules\n");
	assert_string_equal(c.language, "zh-Hans");
	assert_int_equal(c.n_articles, 2);
	assert_string_equal(c.articles[1], "a/*.md");
	assert_true(c.independent);
	assert_int_equal(c.n_extractors, 1);
	assert_string_equal(c.extractors[0], "my-rules");
	assert_int_equal(c.schema->n_labels, 10);
	corpus_config_free(&c);
	c = read_good(p, "extractor: [zh-report, mine]\n");
	assert_int_equal(c.n_extractors, 2);
	assert_string_equal(c.extractors[0], "zh-report");
	assert_string_equal(c.extractors[1], "mine");
	corpus_config_free(&c);
	c = read_good(p, "");
	assert_int_equal(c.schema->n_labels, 10);
	corpus_config_free(&c);
	c = read_good(p, "articles: x.txt\nschema:\nlanguage:\n");
	assert_string_equal(c.articles[0], "x.txt");
	corpus_config_free(&c);
}

static void test_own_schema(void **state)
{
	struct place *p = *state;
	struct corpus_config c = read_good(p, "schema:\n"
	                                      "  name: laws\n"
	                                      "  labels:\n"
	                                      "  - {name: LAW, zh: 法规, key: w, color: red, layer: flat, help: x}\n"
	                                      "  - COURT\n"
	                                      "  - {name: 判决}\n"
	                                      "  - {name: W}\n"
	                                      "  relations: [{type: cites, from: COURT, to: [LAW, 判决]}]\n"
	                                      "  attributes: [{name: year, on: LAW}, {name: side, values: [pro, con]}]\n"
	                                      "  fields: [title, {name: laws, list: yes, from: [LAW]}]\n");
	const struct schema *s = c.schema;
	assert_true(str_eq(s->name, S("laws")));
	assert_int_equal(s->n_labels, 4);
	assert_int_equal(label_of(&c, "LAW")->color, COLOR_RED);
	assert_true(str_eq(label_of(&c, "LAW")->zh, S("法规")));
	assert_int_equal(label_of(&c, "COURT")->key, 'c');
	assert_int_equal(label_of(&c, "COURT")->layer, LAYER_FREE);
	assert_int_equal(label_of(&c, "判决")->key, 'a');
	assert_int_equal(label_of(&c, "W")->key, 'b');
	assert_true(s->relations[0].from.list[0] == 1 && s->relations[0].to.n == 2);
	assert_int_equal(s->attributes[1].n_values, 2);
	assert_true(str_eq(s->attributes[1].values[1], S("con")));
	assert_true(s->fields[1].list && !s->fields[0].list);
	corpus_config_free(&c);
}

static void test_extended_schema(void **state)
{
	struct place *p = *state;
	struct corpus_config c = read_good(p, "schema:\n"
	                                      "  extends: report\n"
	                                      "  labels:\n"
	                                      "  - {name: PERSON, color: red, help: mine}\n"
	                                      "  - {name: PARTY, key: p}\n"
	                                      "  attributes: [{name: role, values: [host]}]\n"
	                                      "  relations: [{type: holds, to: [POST, PARTY]}]\n"
	                                      "  fields: [{name: chair, list: true}]\n");
	assert_int_equal(c.schema->n_labels, 11);
	assert_true(str_eq(c.schema->name, S("report")));
	const struct label *person = label_of(&c, "PERSON");
	assert_int_equal(person->color, COLOR_RED);
	assert_true(str_eq(person->help, S("mine")) && str_eq(person->zh, S("人名")));
	assert_int_equal(person->layer, LAYER_FLAT);
	assert_int_equal(label_of(&c, "PARTY")->key, 'p');
	assert_true(person->key != 'p' && person->key != 0);
	assert_int_equal(c.schema->n_relations, 6);
	assert_int_equal(c.schema->relations[0].from.n, 1);
	assert_true(label_list_has(&c.schema->relations[0].to, 10));
	assert_int_equal(c.schema->attributes[schema_attribute(c.schema, S("role"))].n_values, 1);
	assert_true(c.schema->fields[schema_field(c.schema, S("chair"))].list);
	assert_int_equal(c.schema->fields[schema_field(c.schema, S("chair"))].from.n, 1);
	corpus_config_free(&c);
}

static void test_unknown_keys(void **state)
{
	struct place *p = *state;
	struct corpus_config c = read_good(p, "zhupi: 1\nlanguaje: zh\nkeys: {accept: y}\nextractors: {a: [rm, -rf]}\n"
	                                      "schema: {extends: report, lables: [], labels: [{name: X, colour: red}]}\n");
	static const size_t lines[] = {2, 3, 4, 5, 5};
	assert_int_equal(c.warnings.n, COUNT_OF(lines));
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		assert_int_equal(c.warnings.list[i].line, lines[i]);
		assert_true(c.warnings.list[i].column > 0);
		assert_string_equal(c.warnings.list[i].path, p->file);
	}
	assert_int_equal(c.schema->n_labels, 11);
	corpus_config_free(&c);
}

static void test_bad_settings(void **state)
{
	struct place *p = *state;
	assert_bad(p, "zhupi: 2\n", ERROR_VERSION, 1, 8);
	assert_bad(p, "zhupi: one\n", ERROR_SCHEMA, 1, 8);
	assert_bad(p, "zhupi: 0\n", ERROR_SCHEMA, 1, 8);
	assert_bad(p, "- zhupi\n", ERROR_SCHEMA, 1, 1);
	assert_bad(p, "text\n", ERROR_SCHEMA, 1, 1);
	assert_bad(p, "annotators: alone\n", ERROR_SCHEMA, 1, 13);
	assert_bad(p, "annotators: [shared]\n", ERROR_SCHEMA, 1, 1);
	assert_bad(p, "extractor: /bin/sh\n", ERROR_SCHEMA, 1, 12);
	assert_bad(p, "extractor: \"a b\"\n", ERROR_SCHEMA, 1, 12);
	assert_bad(p, "extractor: --x\n", ERROR_SCHEMA, 1, 12);
	assert_bad(p, "language: ../zh\n", ERROR_SCHEMA, 1, 11);
	assert_bad(p, "articles: [a.txt, ../b.txt]\n", ERROR_SCHEMA, 1, 19);
	assert_bad(p, "articles: /etc/*\n", ERROR_SCHEMA, 1, 11);
	assert_bad(p, "articles: [a/../../b]\n", ERROR_SCHEMA, 1, 12);
	assert_bad(p, "articles: [\"\"]\n", ERROR_SCHEMA, 1, 12);
	assert_bad(p, "articles: {a: b}\n", ERROR_SCHEMA, 1, 1);
	assert_bad(p, "articles: [[a]]\n", ERROR_SCHEMA, 1, 12);
	assert_bad(p, "a: 1\na: 2\n", ERROR_DUPLICATE, 2, 4);
	assert_bad(p, "a: [\n", ERROR_SYNTAX, 2, 1);
	assert_bad(p, "<<<<<<< HEAD\nzhupi: 1\n", ERROR_CONFLICT, 1, 1);
	assert_bad(p, "language: \xFF\n", ERROR_ENCODING, 1, 11);
}

static void test_bad_schema(void **state)
{
	struct place *p = *state;
	assert_bad(p, "schema: report\n", ERROR_SCHEMA, 1, 9);
	assert_bad(p, "schema: {extends: other}\n", ERROR_REFERENCE, 1, 19);
	assert_bad(p, "schema:\n  labels: {a: b}\n", ERROR_SCHEMA, 2, 3);
	assert_bad(p, "schema:\n  labels:\n  - {zh: 人}\n", ERROR_SCHEMA, 3, 5);
	assert_bad(p, "schema:\n  labels:\n  - [A]\n", ERROR_SCHEMA, 3, 5);
	assert_bad(p, "schema:\n  labels:\n  - {name: A}\n  - A\n", ERROR_DUPLICATE, 4, 5);
	assert_bad(p, "schema:\n  labels:\n  - {name: A, key: ab}\n", ERROR_SCHEMA, 3, 20);
	assert_bad(p, "schema:\n  labels:\n  - {name: A, key: 1}\n", ERROR_SCHEMA, 3, 20);
	assert_bad(p, "schema:\n  labels:\n  - {name: A, key: x}\n  - {name: B, key: x}\n", ERROR_DUPLICATE, 4, 20);
	assert_bad(p, "schema:\n  labels:\n  - {name: 人, color: purple}\n", ERROR_SCHEMA, 3, 22);
	assert_bad(p, "schema:\n  labels:\n  - {name: A, layer: none}\n", ERROR_SCHEMA, 3, 22);
	assert_bad(p, "schema: {relations: [{from: A}]}\n", ERROR_SCHEMA, 1, 22);
	assert_bad(p, "schema: {relations: [{type: r, from: NONE}]}\n", ERROR_REFERENCE, 1, 38);
	assert_bad(p, "schema: {extends: report, attributes: [{name: a, on: [PERSON, NONE]}]}\n", ERROR_REFERENCE, 1, 63);
	assert_bad(p, "schema: {attributes: [{name: a, values: x}]}\n", ERROR_SCHEMA, 1, 41);
	assert_bad(p, "schema: {fields: [{name: a, list: maybe}]}\n", ERROR_SCHEMA, 1, 35);
	assert_bad(p, "schema: {fields: [a, b, a]}\n", ERROR_DUPLICATE, 1, 25);
	struct buf many = {0};
	buf_adds(&many, "schema:\n  labels:\n");
	for (int i = 0; i < 1001; i++)
		buf_addf(&many, "  - L%d\n", i);
	assert_bad(p, many.p, ERROR_LIMIT, 2, 3);
	buf_free(&many);
}

static void test_missing_file(void **state)
{
	struct place *p = *state;
	struct corpus_config c;
	struct error err = {0};
	assert_false(corpus_config_read(p->file, &c, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	assert_int_equal(c.schema->n_labels, 10);
	corpus_config_free(&c);
	error_clear(&err);
	assert_false(corpus_config_read(p->folder, &c, &err));
	assert_int_equal(err.code, ERROR_KIND);
	corpus_config_free(&c);
	error_clear(&err);
}

/* ---- config.yaml -------------------------------------------------------------------------------------------- */

struct home {
	struct place *place;
	char *zhupi, *file;
};

static struct home make_home(struct place *p)
{
	struct home h = {.place = p, .zhupi = io_join(p->folder, "zhupi")};
	h.file = io_join(h.zhupi, "config.yaml");
	assert_true(io_make_folder(h.zhupi, NULL));
	assert_int_equal(setenv("XDG_CONFIG_HOME", p->folder, 1), 0);
	assert_int_equal(setenv("USER", "王伟", 1), 0);
	return h;
}

static void leave_home(struct home *h)
{
	(void)unlink(h->file);
	assert_int_equal(rmdir(h->zhupi), 0);
	mem_free(h->file);
	mem_free(h->zhupi);
}

static void test_user_defaults(void **state)
{
	struct home h = make_home(*state);
	struct user_config c;
	assert_true(user_config_read(&c, NULL));
	assert_string_equal(c.path, h.file);
	assert_string_equal(c.annotator, "王伟");
	assert_string_equal(c.palette, "");
	assert_int_equal(c.lanes, -1);
	assert_true(c.advance);
	assert_int_equal(c.ambiguous_width, 0);
	assert_null(c.extractors);
	user_config_free(&c);
	assert_int_equal(setenv("USER", "../x", 1), 0);
	assert_true(user_config_read(&c, NULL));
	assert_string_equal(c.annotator, "anonymous");
	user_config_free(&c);
	leave_home(&h);
}

static void test_user_settings(void **state)
{
	struct home h = make_home(*state);
	struct user_config c;
	struct error err = {0};
	write_file(h.file, "annotator: alice\nkeys:\n  accept: \"y Enter\"\n  reject: [x, n]\nextractors: {mine: [python3, run.py, \"\"]}\n"
	                   "palette: 256\nlanes: 1\nadvance: off\nambiguous-width: 2\nfuture: 1\n");
	bool good = user_config_read(&c, &err);
	if (!good)
		print_error("%s\n", err.message);
	assert_true(good);
	assert_string_equal(c.annotator, "alice");
	assert_int_equal(c.n_keys, 2);
	assert_string_equal(c.keys[0].action, "accept");
	assert_string_equal(c.keys[0].keys, "y Enter");
	assert_int_equal(c.keys[0].line, 3);
	assert_int_equal(c.keys[0].column, 11);
	assert_string_equal(c.keys[1].keys, "x n");
	assert_int_equal(node_get(c.extractors, S("mine"))->n, 3);
	assert_string_equal(c.palette, "256");
	assert_int_equal(c.lanes, 1);
	assert_false(c.advance);
	assert_int_equal(c.ambiguous_width, 2);
	assert_int_equal(c.warnings.n, 1);
	user_config_free(&c);
	leave_home(&h);
}

static void test_bad_user_settings(void **state)
{
	static const struct {
		const char *text;
		size_t line, column;
	} cases[] = {
		{"annotator: a/b\n", 1, 12},     {"annotator: .a\n", 1, 12},          {"annotator: \"a\\u202Eb\"\n", 1, 12},
		{"annotator: \"a \"\n", 1, 12},  {"annotator: [a]\n", 1, 1},          {"keys: [y]\n", 1, 1},
		{"keys: {accept: {a: b}}\n", 1, 8}, {"keys: {accept: [[a]]}\n", 1, 17}, {"extractors: {a: \"rm -rf\"}\n", 1, 17},
		{"extractors: {a: []}\n", 1, 14}, {"extractors: {\"a/b\": [x]}\n", 1, 14}, {"extractors: {a: [\"\"]}\n", 1, 18},
		{"palette: 16\n", 1, 10},        {"lanes: 2\n", 1, 8},                {"advance: 1\n", 1, 10},
		{"ambiguous-width: 3\n", 1, 18}, {"- a\n", 1, 1},                     {"a: \"\n", 2, 1},
	};
	struct home h = make_home(*state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct user_config c;
		struct error err = {0};
		write_file(h.file, cases[i].text);
		assert_false(user_config_read(&c, &err));
		if (err.line != cases[i].line || err.column != cases[i].column)
			print_error("%s%zu:%zu: %s\n", cases[i].text, err.line, err.column, err.message);
		assert_int_equal(err.line, cases[i].line);
		assert_int_equal(err.column, cases[i].column);
		assert_string_equal(err.path, h.file);
		assert_string_equal(c.annotator, "王伟");
		assert_int_equal(c.n_keys, 0);
		error_clear(&err);
		user_config_free(&c);
	}
	leave_home(&h);
}

static void test_folders(void **state)
{
	(void)state;
	assert_int_equal(setenv("HOME", "/home/a", 1), 0);
	assert_int_equal(setenv("XDG_STATE_HOME", "/state", 1), 0);
	char *folder = state_folder();
	assert_string_equal(folder, "/state/zhupi");
	mem_free(folder);
	/* The specification: a relative path there is to be ignored. */
	assert_int_equal(setenv("XDG_STATE_HOME", "state", 1), 0);
	folder = state_folder();
	assert_string_equal(folder, "/home/a/.local/state/zhupi");
	mem_free(folder);
	assert_int_equal(unsetenv("HOME") | unsetenv("XDG_CONFIG_HOME") | unsetenv("XDG_STATE_HOME"), 0);
	folder = state_folder();
	assert_string_equal(folder, "");
	mem_free(folder);
	struct user_config c;
	assert_true(user_config_read(&c, NULL));
	assert_string_equal(c.path, "");
	user_config_free(&c);
}

static void test_annotator_names(void **state)
{
	(void)state;
	static const char *const good[] = {"alice", "王伟", "a b", "o'neill", "x.y"};
	static const char *const bad[] = {"", ".", "..", "-x", "a/b", " a", "a ", "a\n", "a\x1B", "a\xE2\x80\x8B", "a\xFF", "a\xE3\x80\x80"};
	for (size_t i = 0; i < COUNT_OF(good); i++)
		assert_true(annotator_fits(str_of(good[i])));
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(annotator_fits(str_of(bad[i])));
	char longest[66];
	memset(longest, 'a', sizeof(longest));
	assert_true(annotator_fits((struct str){longest, 64}));
	assert_false(annotator_fits((struct str){longest, 65}));
}

/* Anything at all in either file: an error or not, never a crash, always the defaults after an error. */
static void test_random_files(void **state)
{
	struct place *p = *state;
	static const char *const words[] = {"zhupi: 1\n", "schema:\n", "  labels:\n", "  - ", "{name: A, ", "key: x, ", "color: red}\n", "extends: report\n",
	                                    "  extends: report\n", "articles: ", "[", "]", "{", "}", "\n", "- ", "name: ", "relations: ", "from: ", "A", "一",
	                                    ", ", ": ", "\"", "on: [", "  fields: [a, {name: b}]\n", "  attributes:\n", "annotators: shared\n", "\xFF", "\\"};
	uint64_t seed = 0xF00D;
	struct buf text = {0};
	for (int round = 0; round < 1500; round++) {
		buf_clear(&text);
		for (int i = 0; i < 10; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			buf_adds(&text, words[(seed >> 33) % COUNT_OF(words)]);
		}
		struct corpus_config c;
		struct error err = {0};
		write_file(p->file, text.p);
		bool good = corpus_config_read(p->file, &c, &err);
		assert_true(good || (err.line > 0 && err.column > 0));
		assert_non_null(c.schema);
		error_clear(&err);
		corpus_config_free(&c);
	}
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_built_in),
		cmocka_unit_test_setup_teardown(test_init_text, set_up, tear_down),
		cmocka_unit_test(test_packs),
		cmocka_unit_test_setup_teardown(test_settings, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_own_schema, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_extended_schema, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unknown_keys, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_bad_settings, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_bad_schema, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_missing_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_user_defaults, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_user_settings, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_bad_user_settings, set_up, tear_down),
		cmocka_unit_test(test_folders),
		cmocka_unit_test(test_annotator_names),
		cmocka_unit_test_setup_teardown(test_random_files, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
