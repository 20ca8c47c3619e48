/* formats: the table of formats. */
#include "annotations/formats/format.h"

#include "tui/commands/command.h"

static const char *carry_name(unsigned carry)
{
	return carry == CARRY_ALL ? "all" : carry == CARRY_PART ? "part" : "none";
}

/* What goes out, feature by feature; a format that is only read loses nothing on the way out. */
static struct node *matrix(const struct format *f)
{
	struct node *map = node_map();
	for (enum feature k = 0; k < FEATURES; k++)
		node_put_text(map, str_of(feature_name(k)), str_of(carry_name(f->carry[k])));
	return map;
}

static void print_carry(const struct format *f, enum carry carry, const char *title)
{
	struct buf line = {0};
	for (enum feature k = 0; k < FEATURES; k++)
		if (f->carry[k] == carry)
			buf_addf(&line, "%s%s", line.n ? ", " : "", feature_name(k));
	if (line.n)
		command_out("  %s %s\n", title, line.p);
	buf_free(&line);
}

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
	node_put_text(o, S("suffixes"), str_of(f->suffixes));
	node_put(o, S("folder"), node_plain(f->folder ? S("true") : S("false")));
	if (f->export)
		node_put(o, S("out"), matrix(f));
	command_out_node(o);
}

static void print_text(const struct format *f)
{
	command_out("%s (%s%s%s)\n", f->name, f->import ? "in" : "", f->import && f->export ? ", " : "",
	            f->export ? "out" : "");
	command_out("  %s\n", f->summary);
	if (*f->unit)
		command_out("  offsets  %s\n", f->unit);
	if (f->suffixes)
		command_out("  files    %s%s\n", f->suffixes, f->export && f->folder ? " (a folder of them)" : "");
	command_out("  carries  %s\n  loses    %s\n", f->carries, f->loses);
	if (!f->export)
		return;
	print_carry(f, CARRY_PART, "in part ");
	print_carry(f, CARRY_NONE, "left out");
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
