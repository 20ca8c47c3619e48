/* formats: the table of formats. */
#include "annotations/formats/format.h"

#include "tui/commands/command.h"

static void print_json(const struct format *f)
{
	struct node *o = node_map();
	node_put_text(o, S("name"), str_of(f->name));
	node_put(o, S("import"), node_plain(f->import ? S("true") : S("false")));
	node_put(o, S("export"), node_plain(f->export ? S("true") : S("false")));
	node_put_text(o, S("summary"), str_of(f->summary));
	node_put_text(o, S("unit"), str_of(f->unit));
	node_put_text(o, S("carries"), str_of(f->carries));
	node_put_text(o, S("loses"), str_of(f->loses));
	command_out_node(o);
}

static void print_text(const struct format *f)
{
	command_out("%s (%s%s%s)\n", f->name, f->import ? "in" : "", f->import && f->export ? ", " : "",
	            f->export ? "out" : "");
	command_out("  %s\n", f->summary);
	if (*f->unit)
		command_out("  offsets  %s\n", f->unit);
	command_out("  carries  %s\n  loses    %s\n", f->carries, f->loses);
}

static int run(const struct command_line *l)
{
	for (size_t i = 0; formats[i]; i++) {
		if (command_json(l)) {
			print_json(formats[i]);
			continue;
		}
		if (i)
			command_out("\n");
		print_text(formats[i]);
	}
	return EXIT_DONE;
}

const struct command formats_command = {
    .name = "formats",
    .arguments = "",
    .summary = "list what each format carries and loses",
    .most = 0,
    .run = run,
};
