/* What jansson alone needs to read the lines of a file, for the bench of formats. */
#define _GNU_SOURCE
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	FILE *f = argc == 2 ? fopen(argv[1], "r") : NULL;
	while (f && (n = getline(&line, &room, f)) > 0) {
		json_error_t e;
		json_t *value = json_loadb(line, (size_t)n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &e);
		if (!value)
			return 1;
		json_decref(value);
	}
	free(line);
	return !f || fclose(f) != 0;
}
