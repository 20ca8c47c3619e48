/* Writes pinyin_table.h to standard output from pinyin_readings.txt on standard input.  Runs at build only.
 *
 * The names of the syllables as they come (they must be sorted), then one packed entry for each character and reading,
 * sorted: the character above PINYIN_BITS bits of the syllable's number. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BITS 10
#define MOST 4      /* PINYIN_MOST of model/pinyin.h */
#define LETTERS 6   /* PINYIN_LETTERS */
#define SYLLABLES (1u << BITS)

static int fail(const char *why, const char *what)
{
	fprintf(stderr, "pinyin_readings.txt: %s: %s\n", why, what);
	return 1;
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The table holds well-formed UTF-8 of three or four bytes; 0 for anything else. */
static uint32_t next_character(const unsigned char **at)
{
	const unsigned char *p = *at;
	unsigned length = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 0;
	uint32_t cp = length == 4 ? p[0] & 7u : p[0] & 15u;

	if (!length)
		return 0;
	for (unsigned i = 1; i < length; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
		cp = cp << 6 | (p[i] & 63u);
	}
	*at += length;
	return cp;
}

struct entries {
	uint32_t *list;
	size_t n, cap;
};

static int entries_add(struct entries *e, uint32_t cp, uint32_t number)
{
	if (e->n == e->cap) {
		size_t cap = e->cap ? e->cap * 2 : 65536;
		uint32_t *list = realloc(e->list, cap * sizeof *list);

		if (!list)
			return fail("out of memory", "entries");
		e->list = list;
		e->cap = cap;
	}
	e->list[e->n++] = cp << BITS | number;
	return 0;
}

static int read_line(char *line, char *before, uint32_t number, struct entries *e)
{
	char *tab = strchr(line, '\t');
	const unsigned char *at;

	if (!tab)
		return fail("no tab", line);
	*tab = '\0';
	if (number >= SYLLABLES || strlen(line) > LETTERS || strcmp(before, line) >= 0)
		return fail("too many, too long or not sorted", line);
	memcpy(before, line, strlen(line) + 1);
	printf("\t\"%s\",\n", line);
	for (at = (const unsigned char *)tab + 1; *at;) {
		uint32_t cp = next_character(&at);

		if (!cp)
			return fail("no character of three or four bytes", line);
		if (entries_add(e, cp, number))
			return 1;
	}
	return 0;
}

static int write_entries(struct entries *e)
{
	qsort(e->list, e->n, sizeof *e->list, by_value);
	printf("static const uint32_t pinyin_entries[] = {");
	for (size_t i = 0; i < e->n; i++) {
		if (i >= MOST && e->list[i] >> BITS == e->list[i - MOST] >> BITS)
			return fail("a character has more readings than PINYIN_MOST", "");
		printf("%s%lu,", i % 10 ? " " : "\n\t", (unsigned long)e->list[i]);
	}
	printf("\n};\n");
	return 0;
}

int main(void)
{
	struct entries e = {0};
	char before[LETTERS + 1] = "";
	uint32_t number = 0;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int failed = 0;

	printf("/* Made by model/gen/pinyin_make.c; do not edit. */\n#define PINYIN_BITS %d\n", BITS);
	printf("static const char *const pinyin_names[] = {\n");
	while (!failed && (n = getline(&line, &cap, stdin)) > 0) {
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		if (line[0] != '#')
			failed = read_line(line, before, number++, &e);
	}
	printf("};\n\n");
	failed = failed || write_entries(&e);
	free(line);
	free(e.list);
	if (fflush(stdout) != 0)
		return fail("cannot write", "the table");
	return failed;
}
