/* init: a commented zhupi.yaml to start from. */
#include "tui/commands/command.h"

static int run(const struct command_line *l)
{
	const char *folder = command_operand(l, 0);
	struct error err = {0};
	char *path = io_join(folder, "zhupi.yaml");
	io_recover(folder, false, NULL);
	bool fine = io_make_folder(folder, &err) && io_create_file(path, config_init_text(), &err);
	if (fine && command_json(l)) {
		struct node *o = node_map();
		node_put_text(o, S("created"), str_of(path));
		command_out_node(o);
	} else if (fine) {
		command_warn("%s is there; open the folder with: zhupi %s", path, folder);
	} else {
		command_error(l, &err);
	}
	mem_free(path);
	return fine ? EXIT_DONE : EXIT_FAILED;
}

const struct command init_command = {
    .name = "init",
    .arguments = "DIR",
    .summary = "write a commented zhupi.yaml",
    .description =
        "The file says which articles belong to the corpus, who annotates, and what may be said: labels, attributes, "
        "relations, "
        "fields. Every line is explained in it. DIR is made where it is missing; a zhupi.yaml that is there is left as "
        "it is.\n\n"
        "A folder needs no zhupi.yaml: then every *.txt is an article and the schema is the built-in report.",
    .least = 1,
    .most = 1,
    .run = run,
};
