/* yaml_events: what libyaml takes to read files bare: each is read whole, then its events are asked for and dropped.
 * The yardstick of `make bench`, compiled by it.  usage: yaml_events < LIST, a path a line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

static int read_events(const unsigned char *bytes, size_t n)
{
	yaml_parser_t parser;
	yaml_event_t event;
	int more = 1, good = 1;
	if (!yaml_parser_initialize(&parser))
		return 0;
	yaml_parser_set_input_string(&parser, bytes, n);
	while (more && (good = yaml_parser_parse(&parser, &event))) {
		more = event.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return good;
}

int main(void)
{
	char path[4096];
	unsigned char *bytes = NULL;
	size_t room = 0;
	while (fgets(path, sizeof(path), stdin)) {
		path[strcspn(path, "\n")] = '\0';
		FILE *f = fopen(path, "rb");
		if (!f || fseek(f, 0, SEEK_END) != 0)
			return 2;
		size_t n = (size_t)ftell(f);
		rewind(f);
		if (n > room && !(bytes = realloc(bytes, room = n)))
			return 2;
		if (fread(bytes, 1, n, f) != n || fclose(f) != 0 || !read_events(bytes, n))
			return 2;
	}
	free(bytes);
	return 0;
}
