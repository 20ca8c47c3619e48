/* export: what is known of articles, in a form for other programs. */
#include "annotations/formats/format.h"

#include <string.h>
#include <unistd.h>

#include "model/utf8.h"
#include "tui/commands/articles.h"

struct export_run {
	const struct command_line *line;
	const struct format *format;
	const char *path; /* of -o, or NULL */
	struct io_new *file; /* at path, when it is whole; NULL: standard output, or a folder */
	bool broken; /* nothing more can be written */
	struct export_job job;
};

/* ---- where it goes ------------------------------------------------------------------------------------------ */

/* A file or a pipe gets the bytes as the format has them; a terminal would obey them. */
static void put_out(struct str bytes)
{
	struct buf shown = {0};
	if (!isatty(STDOUT_FILENO)) {
		command_out_raw(bytes);
		return;
	}
	for (size_t off = 0; off < bytes.n;) {
		size_t end = str_byte(bytes, '\n', off);
		struct str line = str_sub(bytes, off, end == NOWHERE ? bytes.n : end + 1);
		bool cr = str_ends(line, S("\r\n"));
		visible_add(&shown, str_sub(line, 0, line.n - (cr ? 2 : 0)), true);
		buf_adds(&shown, cr ? "\n" : "");
		off += line.n;
	}
	command_out_raw(buf_str(&shown));
	buf_free(&shown);
}

static bool write_out(void *ctx, struct str bytes, struct error *err)
{
	struct export_run *r = ctx;
	if (!r->path) {
		put_out(bytes);
		return command_flush(err);
	}
	return io_new_write(r->file, bytes, err);
}

/* A file that is there may be an article: it is never written over. */
static bool open_out(struct export_run *r, struct error *err)
{
	struct stat st;
	if (r->format->folder && !r->path)
		return error_set(err, ERROR_USAGE, NULL, "%s is one file for each article; say where they go: -o FOLDER",
		                 r->format->name);
	if (!r->path || r->format->folder)
		return true;
	if (io_get()->lstat(r->path, &st) == 0)
		return error_set(
		    err, ERROR_EXISTS, r->path,
		    "this file exists already and is left as it is; choose another name, or > in the shell");
	return io_new_open(r->path, &r->file, err);
}

/* Whether what is there already is just that. */
static bool same_file(const char *path, struct str bytes)
{
	struct buf there = {0};
	struct error err = {0};
	bool same = io_read_file(path, bytes.n + 1, &there, NULL, &err) && str_eq(buf_str(&there), bytes);
	error_clear(&err);
	buf_free(&there);
	return same;
}

static bool create_file(const char *path, struct str bytes, struct error *err)
{
	struct error cause = {0};
	/* Whole or not there; how long it stays is for who made it to see: it can be made again. */
	if (io_create_file_of_many(path, bytes, &cause))
		return true;
	bool fine = cause.code == ERROR_EXISTS && same_file(path, bytes);
	if (!fine)
		error_set(err, cause.code, cause.path, "%s", cause.message);
	error_clear(&cause);
	return fine;
}

static bool write_file(void *ctx, const char *name, struct str bytes, struct error *err)
{
	struct export_run *r = ctx;
	char *path = io_join(r->path, name), *folder = io_folder_of(path);
	bool fine = io_make_folder(folder, err) && create_file(path, bytes, err);
	mem_free(folder);
	mem_free(path);
	return fine;
}

static bool close_out(struct export_run *r, struct error *err)
{
	struct io_new *file = r->file;
	r->file = NULL;
	if (!file)
		return true;
	if (!r->broken)
		return io_new_install(file, err);
	io_new_drop(file);
	return true;
}

/* ---- the run ------------------------------------------------------------------------------------------------ */

static bool visit(void *ctx, struct corpus *c, struct session *s, struct str file, const char *path)
{
	struct export_run *r = ctx;
	struct error err = {0};
	(void)c;
	(void)path;
	if (r->broken)
		return false;
	struct doc *d = session_doc(s, file, &err);
	bool fine = d && d->trouble.code == ERROR_NONE;
	if (d && !fine) {
		command_error(r->line, &d->trouble);
	} else if (d && !r->format->export(&r->job, d, &err)) {
		/* An article that cannot go out leaves the others alone. */
		r->broken = err.code != ERROR_OVERLAP && err.code != ERROR_EXISTS;
		fine = false;
	}
	if (err.code != ERROR_NONE)
		command_error(r->line, &err);
	if (d)
		session_drop(s, d);
	return fine;
}

static bool has_word(struct str list, struct str word)
{
	for (;;) {
		size_t comma = str_byte(list, ',', 0);
		if (str_eq(str_sub(list, 0, comma == NOWHERE ? list.n : comma), word))
			return true;
		if (comma == NOWHERE)
			return false;
		list = str_sub(list, comma + 1, list.n);
	}
}

static void choose_verdicts(struct export_run *r)
{
	const char *list = command_option(r->line, "--verdict");
	for (enum verdict v = 0; v < VERDICTS; v++)
		r->job.verdicts[v] = list ? has_word(str_of(list), str_of(verdict_name(v)))
		                          : r->format->every_verdict || verdict_keeps(v);
}

static void print_losses(const struct export_run *r)
{
	for (size_t i = 0; i < r->job.losses.n; i++)
		command_warn("not carried: %s, %llu times", r->job.losses.list[i].what,
		             (unsigned long long)r->job.losses.list[i].count);
}

static void take_options(struct export_run *r)
{
	const char *overlap = command_option(r->line, "--on-overlap");
	r->job.format = r->format;
	r->job.text = command_option(r->line, "--text") != NULL;
	r->job.for_spreadsheet = command_option(r->line, "--for-spreadsheet") != NULL;
	r->job.scheme = command_option(r->line, "--scheme");
	r->job.level = command_option(r->line, "--level");
	r->job.separator = command_option(r->line, "--separator");
	r->job.on_overlap = !overlap || strcmp(overlap, "longest") == 0 ? OVERLAP_LONGEST
	                    : strcmp(overlap, "first") == 0             ? OVERLAP_FIRST
	                                                                : OVERLAP_ERROR;
	r->job.write = write_out;
	r->job.write_file = write_file;
	r->job.ctx = r;
	choose_verdicts(r);
}

static int write_articles(struct export_run *r, struct error *err)
{
	struct article_visitor v = {.ctx = r, .visit = visit, .session = true, .doing = r->path ? "articles" : NULL};
	if (r->format->begin && !r->format->begin(&r->job, err)) {
		r->broken = true;
		return EXIT_FAILED;
	}
	int status = command_each_article(r->line, &v);
	if (r->format->end && !r->format->end(&r->job, err))
		r->broken = true;
	return status;
}

static int run(const struct command_line *l)
{
	const char *name = command_option(l, "--to");
	struct export_run r = {
	    .line = l, .format = name ? format_find(name) : NULL, .path = command_option(l, "-o")};
	struct error err = {0};
	if (!r.format || !r.format->export)
		error_set(&err, ERROR_USAGE, NULL, "%s; zhupi formats lists them",
		          name ? "this format cannot be exported" : "say what to write: --to FORMAT");
	if (err.code != ERROR_NONE || !open_out(&r, &err)) {
		command_error(l, &err);
		return EXIT_FAILED;
	}
	take_options(&r);
	int status = write_articles(&r, &err);
	if (err.code != ERROR_NONE)
		command_error(l, &err);
	if (!close_out(&r, &err))
		command_error(l, &err);
	print_losses(&r);
	if (r.broken || err.code != ERROR_NONE)
		status = EXIT_FAILED;
	else if (status == EXIT_DONE && r.job.losses.n && command_option(l, "--strict"))
		status = EXIT_FINDINGS;
	losses_free(&r.job.losses);
	return status;
}

static const struct option options[] = {
    {"--to", "FORMAT", FORMATS_OUT, "what to write; zhupi formats tells more"},
    {"-o", "FILE", NULL, "into a new file instead of standard output; for formats of many files, into this folder"},
    {"--text", NULL, NULL, "the articles' texts too, so that import can make the articles"},
    {"--verdict", "LIST", "undecided accepted corrected rejected",
     "only items with these verdicts, commas between; default: all in jsonl, else accepted,corrected"},
    {"--on-overlap", "WHICH", "longest first error",
     "of spans that overlap where the format cannot have both; default: longest"},
    {"--scheme", "NAME", "BIO IOB1 IOE1 IOE2 BIOES BMES BILOU", "of tags (conll); default: BIO"},
    {"--level", "LEVEL", "char word", "of tokens (conll, hf); default: char for text with Han"},
    {"--separator", "NAME", "tab space", "between columns (conll); default: a blank"},
    {"--for-spreadsheet", NULL, NULL, "csv, tsv: a quote before what a spreadsheet would take for a formula"},
    {"--strict", NULL, NULL, "exit status 1 when something could not be carried"},
    {NULL, NULL, NULL, NULL},
};

const struct command export_command = {
    .name = "export",
    .arguments = "--to FORMAT PATH…",
    .summary = "write articles and what is said of them for other programs",
    .description = "jsonl: one object a line for each article, with all verdicts, who judged, what was proposed, "
                   "scores, sources, attributes, links, notes; the form "
                   "that import --from jsonl reads. Exported, imported into an empty corpus and exported again it is "
                   "the same, byte for byte.\n\n"
                   "The gold alone: zhupi export --to jsonl --verdict accepted,corrected DIR",
    .options = options,
    .least = 1,
    .most = SIZE_MAX,
    .run = run,
};
