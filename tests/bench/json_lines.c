/* What jansson alone needs to read the lines of a file, and with `write` to write them too, for the bench of formats. */
#define _GNU_SOURCE
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool put(const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);
	bool fine = text && puts(text) >= 0;
	free(text);
	return fine;
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	bool fine = true, write = argc == 3 && strcmp(argv[2], "write") == 0;
	FILE *f = argc >= 2 ? fopen(argv[1], "r") : NULL;
	while (f && fine && (n = getline(&line, &room, f)) > 0) {
		json_error_t e;
		json_t *value = json_loadb(line, (size_t)n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &e);
		fine = value && (!write || put(value));
		json_decref(value);
	}
	free(line);
	return !f || !fine || fclose(f) != 0;
}
