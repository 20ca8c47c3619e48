/* What the tests of sidecars, edits and sessions share: a folder of their own, a small article, files put and read. */
#ifndef ZHUPI_TESTS_EDIT_FIXTURE_H
#define ZHUPI_TESTS_EDIT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "annotations/edit.h"
#include "annotations/session.h"
#include "annotations/sidecar.h"
#include "model/io.h"
#include "model/sha256.h"

/* 0 开 … 5 开封市委书记 11 高建军 14 强调 …; the second line starts at 25. */
#define ARTICLE_TEXT "三月十二日开封市委书记高建军强调,要筑牢防线。\n卢志军主持会议,高建军出席。\n杨克俊、付磊参加。\n"

static inline int folder_set_up(void **state)
{
	const char *tmp = getenv("TMPDIR");
	struct buf folder = {0};
	buf_addf(&folder, "%s/zhupi-edit-XXXXXX", tmp && tmp[0] ? tmp : "/tmp");
	char *path = buf_take(&folder);
	*state = path;
	if (!mkdtemp(path) || chdir(path) != 0)
		return -1;
	return setenv("XDG_STATE_HOME", path, 1);
}

static inline int folder_tear_down(void **state)
{
	struct buf command = {0};
	buf_addf(&command, "chmod -R u+rwx '%s'; rm -rf '%s'", (char *)*state, (char *)*state);
	int gone = chdir("/") | system(command.p);
	buf_free(&command);
	mem_free(*state);
	return gone;
}

static inline void put(const char *path, const char *text)
{
	(void)unlink(path);
	assert_true(io_create_file(path, str_of(text), NULL));
}

/* Whole content; "" when there is no such file. */
static inline char *get(const char *path)
{
	struct buf bytes = {0};
	(void)io_read_file(path, (size_t)1 << 28, &bytes, NULL, NULL);
	return buf_take(&bytes);
}

static inline void assert_file(const char *path, const char *text)
{
	char *there = get(path);
	if (strcmp(there, text) != 0)
		print_error("%s:\n%s\n--- instead of\n%s\n", path, there, text);
	assert_string_equal(there, text);
	mem_free(there);
}

static inline void assert_good(bool good, struct error *err)
{
	if (!good)
		print_error("%s:%zu:%zu: %s: %s\n", err->path ? err->path : "", err->line, err->column,
		            error_code_name(err->code), err->message ? err->message : "");
	assert_true(good);
}

static inline struct schema *test_schema(void)
{
	static const char *const names[] = {"PERSON", "POST", "ORG", "PLACE", "TIME"};
	struct schema *s = schema_new();
	s->name = arena_dup(&s->memory, S("report"));
	for (size_t i = 0; i < COUNT_OF(names); i++)
		schema_add_label(s, str_of(names[i]))->known = true;
	return s;
}

/* The article of ARTICLE_TEXT with its head as a sidecar writes it, then `rest`. */
static inline char *sidecar_text(const char *rest)
{
	struct buf out = {0};
	char *hash = sha256_of(S(ARTICLE_TEXT));
	buf_addf(&out,
	         "zhupi: 1\narticle: {file: a.txt, sha256: \"%s\", bytes: %zu, length: 49, encoding: utf-8, newlines: "
	         "lf}\nschema: report\n%s",
	         hash, sizeof(ARTICLE_TEXT) - 1, rest);
	mem_free(hash);
	return buf_take(&out);
}

/* One proposal at each of these: PERSON 高建军, POST 开封市委书记 (as ORG), PERSON 卢志军. */
#define THREE_SPANS                                                                                                    \
	"status: reviewing\n"                                                                                          \
	"spans:\n"                                                                                                     \
	"- id: bpost\n"                                                                                                \
	"  label: ORG\n"                                                                                               \
	"  at: [[5, 11]]\n"                                                                                            \
	"  text: 开封市委书记\n"                                                                                 \
	"  context: [三月十二日, \"高建军强调,要筑\"]\n"                                                   \
	"  verdict: undecided\n"                                                                                       \
	"  source: {by: zh-report, rule: post, score: 0.71}\n"                                                         \
	"- id: cgao2\n"                                                                                                \
	"  label: PERSON\n"                                                                                            \
	"  at: [[11, 14]]\n"                                                                                           \
	"  text: 高建军\n"                                                                                          \
	"  context: [二日开封市委书记, \"强调,要筑牢防线\"]\n"                                          \
	"  verdict: undecided\n"                                                                                       \
	"  source: {by: zh-report, rule: name-after-post, score: 0.93}\n"                                              \
	"- id: dlu33\n"                                                                                                \
	"  label: PERSON\n"                                                                                            \
	"  at: [[24, 27]]\n"                                                                                           \
	"  text: 卢志军\n"                                                                                          \
	"  context: [\"\", \"主持会议,高建军\"]\n"                                                              \
	"  verdict: undecided\n"                                                                                       \
	"  source: {by: zh-report, rule: list, score: 0.5}\n"

static inline void put_corpus(const char *sidecar_rest)
{
	put("a.txt", ARTICLE_TEXT);
	put("zhupi.yaml", "zhupi: 1\n");
	if (sidecar_rest) {
		char *text = sidecar_text(sidecar_rest);
		put("a.txt.yaml", text);
		mem_free(text);
	}
}

#endif
