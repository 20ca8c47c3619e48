/* main: the command line of the browser, and the way to the commands. */
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "model/io.h"
#include "tui/app.h"
#include "tui/commands/articles.h"
#include "tui/commands/near.h"
#include "tui/headless.h"
#include "tui/term.h"

enum { SLICE_MS = 8, FRAME_MS = 100, LONG_MS = 60000 };

struct arguments {
	bool read_only;
	const char *headless; /* COLSxROWS or NULL */
	char **paths;
	int n_paths;
};

static int fail(struct error *err)
{
	command_error(NULL, err);
	return EXIT_FAILED;
}

/* ---- the world around --------------------------------------------------------------------------------------- */

/* A descriptor that is closed would be given to the next file opened, and error text would land in a sidecar. */
static void open_standard_files(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", fd == STDIN_FILENO ? O_RDONLY : O_RDWR) != fd)
			_exit(EXIT_FAILED);
}

/* The locale as the environment names it. */
static const char *named_locale(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return value;
	}
	return "C";
}

static bool says_utf8(const char *locale)
{
	const char *codeset = strchr(locale, '.');
	return codeset && (strncasecmp(codeset, ".utf-8", 6) == 0 || strncasecmp(codeset, ".utf8", 5) == 0);
}

enum charset { CHARSET_UTF8, CHARSET_ASCII, CHARSET_OTHER };

/* Numbers are read and written as in C whatever the locale.  Where nothing is set, characters are UTF-8 all the same,
 * and only marks are ASCII: most terminals show UTF-8 whether or not the environment says so.  A UTF-8 locale that is
 * not installed is as good as one that is. */
static enum charset start_locale(void)
{
	bool installed = setlocale(LC_ALL, "") != NULL;
	(void)setlocale(LC_NUMERIC, "C");
	if (installed && strcmp(nl_langinfo(CODESET), "UTF-8") == 0)
		return CHARSET_UTF8;
	const char *name = named_locale();
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return CHARSET_OTHER;
	if (says_utf8(name))
		return CHARSET_UTF8;
	return strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0 ? CHARSET_ASCII : CHARSET_OTHER;
}

/* ---- the browser -------------------------------------------------------------------------------------------- */

static void work(struct app *a, int64_t *drawn, bool *finished)
{
	*finished = app_work(a, io_now_ms() + SLICE_MS);
	if (!*finished && !app_draw_due(a) && io_now_ms() - *drawn < FRAME_MS)
		return;
	app_draw(a);
	*drawn = io_now_ms();
}

/* One event, one frame; long work in between. */
static void loop(struct app *a)
{
	bool finished = false;
	app_draw(a);
	int64_t drawn = io_now_ms();
	while (app_running(a)) {
		struct input in;
		if (term_next(&in, finished ? LONG_MS : 0)) {
			app_handle(a, &in);
			finished = false;
			if (app_running(a))
				app_draw(a);
			drawn = io_now_ms();
		} else if (!finished) {
			work(a, &drawn, &finished);
		}
	}
}

/* Several paths are opened one after the other, until the person quits. */
static bool browse_all(struct app *a, const struct arguments *args, struct error *err)
{
	for (int i = 0; i < args->n_paths; i++) {
		a->more_paths = i + 1 < args->n_paths;
		if (!app_open(a, args->paths[i], err))
			return false;
		loop(a);
		bool stop = app_quitting(a);
		if (!app_close(a, err))
			return false;
		if (stop)
			break;
	}
	return true;
}

static int browse_terminal(struct app *a, const struct arguments *args, enum charset charset)
{
	struct error err = {0};
	if (charset == CHARSET_OTHER) {
		error_set(&err, ERROR_USAGE, NULL,
		          "the locale %s is not UTF-8: set LC_ALL=C.UTF-8, in a terminal that shows UTF-8",
		          named_locale());
		return fail(&err);
	}
	mem_on_exhausted(term_restore);
	if (!term_open(app_config(a), charset == CHARSET_ASCII, &err)) {
		term_close();
		return fail(&err);
	}
	app_attach(a, term_platform());
	bool ok = browse_all(a, args, &err);
	int status = term_exit_status();
	term_close();
	mem_on_exhausted(NULL);
	if (!ok)
		return fail(&err);
	return status;
}

/* Without a terminal: the article, or the first one of the folder, as `show` prints it. */
static int print_path(char *path)
{
	struct error err = {0};
	struct corpus *c = NULL;
	if (!corpus_open(path, "", &c, &err))
		return fail(&err);
	if (!corpus_count(c)) {
		corpus_free(c);
		error_set(&err, ERROR_MISSING, path,
		          "no article here: articles are *.txt unless zhupi.yaml says otherwise");
		return fail(&err);
	}
	char *article = corpus_article_path(c, corpus_entry(c, 0)->file);
	corpus_free(c);
	int status = command_main(command_find("show"), 1, &article);
	mem_free(article);
	return status;
}

static int print_paths(const struct arguments *args)
{
	int worst = EXIT_DONE;
	for (int i = 0; i < args->n_paths; i++) {
		int status = print_path(args->paths[i]);
		worst = status > worst ? status : worst;
	}
	return worst;
}

static bool check_path(const char *path, struct error *err)
{
	struct stat st;
	if (io_get()->stat(path, &st) == 0)
		return true;
	if (errno == ENOENT && command_find(path))
		return error_set(err, ERROR_USAGE, NULL, "a command stands in front of everything else: zhupi %s …", path);
	if (errno != ENOENT || !*path || strchr(path, '/') || strchr(path, '.'))
		return error_errno(err, path, "open");
	for (size_t i = 0; commands[i]; i++)
		if (near_is_meant(str_of(path), str_of(commands[i]->name)))
			return error_set(err, ERROR_MISSING, path, "no file here and no command has this name; zhupi %s is one",
			                 commands[i]->name);
	return error_set(err, ERROR_MISSING, path, "no file here and no command has this name: zhupi --help lists them");
}

/* Of a sidecar's path its article's, and that once: a shell's `dir/a*` names both, one after the other.  What stands in
 * out->paths then belongs to the caller. */
static bool find_articles(const struct arguments *args, struct arguments *out, struct error *err)
{
	for (int i = 0; i < args->n_paths; i++)
		if (!check_path(args->paths[i], err))
			return false;
	for (int i = 0; i < args->n_paths; i++) {
		char *path = command_article_of(args->paths[i]);
		if (out->n_paths && strcmp(out->paths[out->n_paths - 1], path) == 0)
			mem_free(path);
		else
			out->paths[out->n_paths++] = path;
	}
	return true;
}

static int browse_paths(const struct arguments *args, enum charset charset)
{
	struct error err = {0};
	if (!args->headless && !isatty(STDOUT_FILENO))
		return print_paths(args);
	struct app *a = app_new(args->read_only, &err);
	if (!a)
		return fail(&err);
	int status =
	    args->headless ? headless_run(a, args->headless, args->paths[0]) : browse_terminal(a, args, charset);
	app_free(a);
	return status;
}

static int browse(const struct arguments *given, enum charset charset)
{
	struct error err = {0};
	struct arguments args = *given;
	args.n_paths = 0;
	args.paths = mem_array((size_t)given->n_paths, sizeof(*args.paths));
	int status = find_articles(given, &args, &err) ? browse_paths(&args, charset) : fail(&err);
	for (int i = 0; i < args.n_paths; i++)
		mem_free(args.paths[i]);
	mem_free(args.paths);
	return status;
}

/* ---- the command line --------------------------------------------------------------------------------------- */

static int help(void)
{
	struct error err = {0};
	command_overview();
	command_out("\n%s", headless_help);
	return command_flush(&err) ? EXIT_DONE : fail(&err);
}

static int version(void)
{
	struct error err = {0};
	command_out("zhupi %s\n", ZHUPI_VERSION);
	return command_flush(&err) ? EXIT_DONE : fail(&err);
}

static bool read_option(struct arguments *args, char **argv, int *i, struct error *err)
{
	if (strcmp(argv[*i], "--read") == 0) {
		args->read_only = true;
	} else if (strcmp(argv[*i], "--headless") == 0) {
		args->headless = argv[*i + 1];
		if (!args->headless)
			return error_set(err, ERROR_USAGE, NULL, "--headless needs a size, as in 80x24");
		(*i)++;
	} else {
		return error_set(err, ERROR_USAGE, NULL, "there is no option %s: zhupi --help lists them", argv[*i]);
	}
	return true;
}

int main(int argc, char **argv)
{
	static char here[] = ".";
	char *only_here[] = {here};
	struct arguments args = {0};
	struct error err = {0};
	mem_start();
	open_standard_files();
	/* A file that may not grow is an error like any other, and no death. */
	(void)signal(SIGXFSZ, SIG_IGN);
	enum charset charset = start_locale();
	const struct command *c = argc > 1 ? command_find(argv[1]) : NULL;
	if (c)
		return command_main(c, argc - 2, argv + 2);
	args.paths = argv + 1; /* they move up to where options stood */
	bool options = true;
	for (int i = 1; i < argc; i++) {
		if (!options || argv[i][0] != '-' || !argv[i][1])
			args.paths[args.n_paths++] = argv[i];
		else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return help();
		else if (strcmp(argv[i], "--version") == 0)
			return version();
		else if (strcmp(argv[i], "--") == 0)
			options = false;
		else if (!read_option(&args, argv, &i, &err))
			return fail(&err);
	}
	if (!args.n_paths) {
		args.paths = only_here;
		args.n_paths = 1;
	}
	return browse(&args, charset);
}
