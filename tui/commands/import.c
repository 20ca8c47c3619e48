/* import: articles and proposals from files of other programs. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "annotations/formats/import.h"

#include "tui/commands/articles.h"

struct import_run {
	const struct command_line *line;
	const struct format *format; /* --from; NULL: each file's own */
	struct corpus *corpus;
	struct import_job job;
	char *folder;
	const char *verdict; /* --verdict */
	int status;
	bool taken, refused; /* whether a file went in, and whether one of a folder did not */
};

/* ---- hooks -------------------------------------------------------------------------------------------------- */

static void on_failed(void *ctx, struct error *e)
{
	struct import_run *r = ctx;
	command_error(r->line, e);
}

static bool on_asked(void *ctx)
{
	(void)ctx;
	return command_interrupted();
}

static void on_progress(void *ctx, uint64_t done)
{
	(void)ctx;
	command_progress("articles", done, 0);
}

/* ---- what came of it ---------------------------------------------------------------------------------------- */

static void add_count(struct buf *out, uint64_t count, const char *one, const char *many)
{
	if (count == 0)
		return;
	buf_addf(out, "%s%llu %s", out->n ? ", " : "", (unsigned long long)count, count == 1 ? one : many);
}

static void print_summary(const struct import_run *r)
{
	const struct import_counts *n = &r->job.counts;
	struct buf items = {0}, line = {0};
	add_count(&items, n->items[ITEM_SPAN], "span", "spans");
	add_count(&items, n->items[ITEM_RELATION], "relation", "relations");
	add_count(&items, n->items[ITEM_FIELD], "field value", "field values");
	add_count(&items, n->items[ITEM_NOTE], "note", "notes");
	add_count(&items, n->items[ITEM_ZONE], "zone", "zones");
	buf_addf(&line, "%s%llu of %llu articles changed, %llu new: %s", r->job.dry_run ? "would be: " : "",
	         (unsigned long long)n->changed, (unsigned long long)(n->objects), (unsigned long long)n->created,
	         items.n ? items.p : "nothing added");
	if (n->decided)
		buf_addf(&line, "; %llu decided", (unsigned long long)n->decided);
	if (n->there)
		buf_addf(&line, "; %llu %s there already", (unsigned long long)n->there, n->there == 1 ? "was" : "were");
	if (n->failed)
		buf_addf(&line, "; %llu with errors", (unsigned long long)n->failed);
	if (n->objects) /* else it was settings, or nothing */
		command_warn("%s", line.p);
	buf_free(&line);
	if (n->zones_as_found)
		command_warn("zones that are found anyway, not stored: %llu", (unsigned long long)n->zones_as_found);
	for (size_t i = 0; i < r->job.notices.n; i++) {
		unsigned long long count = r->job.notices.list[i].count;
		if (count == 1)
			command_warn("%s", r->job.notices.list[i].what);
		else
			command_warn("%s (%llu times)", r->job.notices.list[i].what, count);
	}
	for (size_t i = 0; i < r->job.losses.n; i++)
		command_warn("not carried: %s, %llu times", r->job.losses.list[i].what,
		             (unsigned long long)r->job.losses.list[i].count);
	buf_free(&items);
}

static void print_json(const struct import_run *r)
{
	const struct import_counts *n = &r->job.counts;
	struct node *o = node_map(), *lost = node_map(), *noted = node_map();
	node_put(o, S("objects"), node_number(n->objects));
	node_put(o, S("failed"), node_number(n->failed));
	node_put(o, S("created"), node_number(n->created));
	node_put(o, S("changed"), node_number(n->changed));
	node_put(o, S("spans"), node_number(n->items[ITEM_SPAN]));
	node_put(o, S("relations"), node_number(n->items[ITEM_RELATION]));
	node_put(o, S("fields"), node_number(n->items[ITEM_FIELD]));
	node_put(o, S("notes"), node_number(n->items[ITEM_NOTE]));
	node_put(o, S("zones"), node_number(n->items[ITEM_ZONE]));
	node_put(o, S("decided"), node_number(n->decided));
	node_put(o, S("there"), node_number(n->there));
	node_put(o, S("zones_as_found"), node_number(n->zones_as_found));
	for (size_t i = 0; i < r->job.losses.n; i++)
		node_append(lost, str_of(r->job.losses.list[i].what), node_number(r->job.losses.list[i].count));
	node_put(o, S("not_carried"), lost);
	for (size_t i = 0; i < r->job.notices.n; i++)
		node_append(noted, str_of(r->job.notices.list[i].what), node_number(r->job.notices.list[i].count));
	node_put(o, S("noted"), noted);
	node_put(o, S("dry_run"), node_plain(r->job.dry_run ? S("true") : S("false")));
	command_out_node(o);
}

/* ---- the run ------------------------------------------------------------------------------------------------ */

static bool check_folder(const char *folder, struct error *err)
{
	struct stat st;
	if (io_get()->stat(folder, &st) != 0)
		return error_set(err, ERROR_MISSING, folder, "there is no such folder; zhupi init makes one");
	return S_ISDIR(st.st_mode) ||
	       error_set(err, ERROR_KIND, folder, "the last argument must be the folder of the corpus, this is a file");
}

/* Where folder lies below the root of its corpus. */
static char *folder_in_corpus(const char *folder, const char *root, struct error *err)
{
	char *real = io_real_path(folder, err), *top = real ? io_real_path(root, err) : NULL, *below = NULL;
	if (top) {
		size_t n = strlen(top);
		while (n && top[n - 1] == '/')
			n--;
		below = mem_dup(strlen(real) > n ? real + n + 1 : "");
	}
	mem_free(top);
	mem_free(real);
	return below;
}

static bool open_job(struct import_run *r, const char *folder, struct error *err)
{
	if (!check_folder(folder, err) || !command_corpus(folder, &r->corpus, NULL, err))
		return false;
	r->folder = folder_in_corpus(folder, corpus_root(r->corpus), err);
	if (!r->folder)
		return false;
	r->job = (struct import_job){
	    .folder = r->folder,
	    .by = command_option(r->line, "--by"),
	    .text = command_option(r->line, "--text"),
	    .dry_run = command_option(r->line, "--dry-run") != NULL,
	    .hooks = {r, on_failed, on_asked, on_progress},
	};
	return r->job.dry_run ? session_open(r->corpus, true, &r->job.session, err)
	                      : command_session(r->corpus, &r->job.session, err);
}

static bool read_start(const char *path, struct buf *start, struct error *err)
{
	int fd = io_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	ssize_t got = 0;
	if (fd < 0)
		return error_errno(err, path, "open");
	buf_reserve(start, RECOGNISE_BYTES);
	do {
		got = io_get()->read(fd, start->p + start->n, RECOGNISE_BYTES - start->n);
		start->n += got > 0 ? (size_t)got : 0;
	} while (got > 0 && start->n < RECOGNISE_BYTES);
	bool fine = got >= 0 || error_errno(err, path, "read");
	(void)io_get()->close(fd); /* only read from: nothing can be lost */
	return fine;
}

/* The format of one file: what was said, else what it looks like. */
static const struct format *format_of(const struct import_run *r, const char *path, struct error *err)
{
	if (r->format)
		return r->format;
	if (strcmp(path, "-") == 0) {
		error_set(err, ERROR_USAGE, NULL, "say what standard input is: --from FORMAT");
		return NULL;
	}
	struct buf start = {0};
	bool fine = read_start(path, &start, err);
	const struct format *f = fine ? format_recognise(buf_str(&start), path, err) : NULL;
	buf_free(&start);
	return f;
}

/* A file of a folder that says too little costs itself: that is a finding, when another was taken in.  What the system
 * refuses is no finding. */
static void count_refused(struct import_run *r, enum error_code code, bool of_folder)
{
	if (of_folder && code != ERROR_IO && code != ERROR_USAGE)
		r->refused = true;
	else
		r->status = EXIT_FAILED;
}

static void import_file(struct import_run *r, const char *path, const char *name, bool of_folder)
{
	struct error err = {0};
	const struct format *f = format_of(r, path, &err);
	bool fine = f != NULL;
	if (fine) {
		r->job.format = f;
		r->job.name = name;
		r->job.verdict = r->verdict ? r->verdict : f->judged ? verdict_name(VERDICT_ACCEPTED) : NULL;
		fine = f->import(&r->job, path, &err);
		import_end(&r->job);
	}
	if (fine) {
		r->taken = true;
		return;
	}
	enum error_code code = err.code;
	command_error(r->line, &err);
	count_refused(r, code, of_folder);
}

/* ---- folders ------------------------------------------------------------------------------------------------ */

struct file_list {
	const struct import_run *run;
	const char *root;
	char **names;
	size_t n;
};

static bool has_suffix(const struct format *f, struct str name)
{
	struct str list = str_of(f->suffixes);
	for (size_t at = 0; at < list.n;) {
		size_t end = str_byte(list, ' ', at);
		end = end == NOWHERE ? list.n : end;
		if (str_ends(name, str_sub(list, at, end)))
			return true;
		at = end + 1;
	}
	return false;
}

static bool belongs(const struct file_list *l, struct str name)
{
	struct error err = {0};
	if (l->run->format && l->run->format->suffixes)
		return has_suffix(l->run->format, name);
	char *file = str_dup(name), *path = io_join(l->root, file);
	struct buf start = {0};
	const struct format *f = NULL;
	if (read_start(path, &start, &err))
		f = format_recognise(buf_str(&start), path, &err);
	error_clear(&err);
	buf_free(&start);
	mem_free(path);
	mem_free(file);
	return f && (!l->run->format || f == l->run->format);
}

static bool add_name(void *ctx, struct str relative)
{
	struct file_list *l = ctx;
	if (belongs(l, relative)) {
		l->names = mem_grow(l->names, l->n + 1, sizeof *l->names);
		l->names[l->n++] = str_dup(relative);
	}
	return !command_interrupted();
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void import_folder(struct import_run *r, const char *root)
{
	struct file_list l = {.run = r, .root = root};
	struct error err = {0};
	if (io_walk(root, add_name, NULL, &l, &err) && l.n == 0 && !command_interrupted())
		error_set(&err, ERROR_MISSING, root, "no file in this folder is %s%s", r->format ? "of the format " : "of a "
		          "format that is recognised", r->format ? r->format->name : "");
	if (l.n)
		qsort(l.names, l.n, sizeof *l.names, by_name);
	for (size_t i = 0; i < l.n; i++) {
		char *path = io_join(root, l.names[i]);
		if (!command_interrupted())
			import_file(r, path, l.names[i], true);
		mem_free(path);
		mem_free(l.names[i]);
	}
	mem_free(l.names);
	if (err.code == ERROR_NONE)
		return;
	command_error(r->line, &err);
	r->status = EXIT_FAILED;
}

static void import_files(struct import_run *r)
{
	size_t n = command_operands(r->line) - 1;
	for (size_t i = 0; i < n && !command_interrupted(); i++) {
		const char *path = command_operand(r->line, i);
		struct stat st;
		if (strcmp(path, "-") != 0 && io_get()->stat(path, &st) == 0 && S_ISDIR(st.st_mode))
			import_folder(r, path);
		else
			import_file(r, path, strcmp(path, "-") == 0 ? "stdin" : io_name_of(path), false);
	}
	command_progress(NULL, 0, 0);
}

static void close_job(struct import_run *r)
{
	struct error err = {0};
	if (r->job.session && !session_close(r->job.session, &err)) {
		if (r->job.unsaved) /* it was tried again, and told before */
			error_clear(&err);
		else
			command_error(r->line, &err);
		r->status = EXIT_FAILED;
	}
	if (r->job.session)
		session_free(r->job.session);
	if (r->corpus)
		corpus_free(r->corpus);
	losses_free(&r->job.losses);
	losses_free(&r->job.notices);
	mem_free(r->folder);
}

static int run(const struct command_line *l)
{
	const char *name = command_option(l, "--from");
	struct import_run r = {.line = l, .format = name ? format_find(name) : NULL, .status = EXIT_DONE};
	struct error err = {0};
	r.verdict = command_option(l, "--verdict");
	if (name && (!r.format || !r.format->import))
		error_set(&err, ERROR_USAGE, NULL, "this format cannot be imported; zhupi formats lists them");
	if (err.code != ERROR_NONE || !open_job(&r, command_operand(l, command_operands(l) - 1), &err)) {
		command_error(l, &err);
		close_job(&r);
		return EXIT_FAILED;
	}
	import_files(&r);
	if (command_json(l))
		print_json(&r);
	else
		print_summary(&r);
	if (r.status == EXIT_DONE && r.refused)
		r.status = r.taken ? EXIT_FINDINGS : EXIT_FAILED;
	if (r.status == EXIT_DONE && (r.job.counts.failed || (r.job.losses.n && command_option(l, "--strict"))))
		r.status = EXIT_FINDINGS;
	close_job(&r);
	return r.status;
}

static const struct option options[] = {
    {"--from", "FORMAT", FORMATS_IN, "what the files are; zhupi formats tells more; default: recognised by content"},
    {"--text", "FILE", NULL, "the article of files that bring no text of their own (CoNLL), or a folder of such"},
    {"--verdict", "VERDICT", "undecided accepted rejected",
     "of what brings none; default: accepted from formats that people annotate in, else undecided"},
    {"--by", "NAME", NULL, "who proposes, for what does not say so itself; default: the format's name"},
    {"--dry-run", NULL, NULL, "read and check everything, write nothing"},
    {"--strict", NULL, NULL, "exit status 1 also when something could not be carried"},
    {NULL, NULL, NULL, NULL},
};

const struct command import_command = {
    .name = "import",
    .arguments = "FILE… DIR",
    .summary = "take in articles and proposed spans",
    .description = "The files (- is standard input) are read into the corpus at DIR. What comes without a verdict is a "
                   "proposal for a person to judge. "
                   "Imported again, nothing is there twice, what a person judged stays as it was judged, and what was "
                   "rejected stays rejected.\n\n"
                   "jsonl: one object a line for each article: file (or id, then <id>.txt), text where there is no "
                   "such article yet, spans with start, "
                   "end, label, text, score; fields; relations. Offsets are code points of the text, half-open. They "
                   "are checked: a span whose text is not "
                   "what stands at its offsets is reported and left out, the rest goes in. The result of any extractor "
                   "is made so: "
                   "jq -c . *.json | zhupi import --from jsonl - DIR\n\n"
                   "html: pages saved from the web become text articles of the same name, with title, date and source "
                   "as field values to be judged.\n\n"
                   "epub: a book becomes a folder of articles, one for each chapter that has text, numbered as in its "
                   "order of reading: book.epub becomes book/001.txt, book/002.txt …\n\n"
                   "An article that exists is never written.",
    .options = options,
    .least = 2,
    .most = SIZE_MAX,
    .run = run,
};
