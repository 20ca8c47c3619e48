/* show: an article as the browser renders it, as text.
 *
 * Rows are laid out, drawn and written a screenful at a time: what is held of an article of any size is its bytes and one
 * small grid. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "annotations/json.h"
#include "tui/commands/articles.h"
#include "tui/textview.h"

enum { CHUNK_ROWS = 64, WIDTH_DEFAULT = 80, WIDTH_LEAST = 8, WIDTH_MOST = 10000, JSON_CHUNK = 65536 };

struct show {
	const struct command_line *line;
	int width;
	bool color, lanes;
	bool uncut; /* nobody gave a width: the header is as long as it is */
	struct reading_options reading;
	size_t shown; /* articles so far */
};

/* ---- options --------------------------------------------------------------------------------------------------- */

static int terminal_width(void)
{
	struct winsize size;
	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= WIDTH_LEAST)
		return size.ws_col;
	return WIDTH_DEFAULT;
}

static bool wants_color(const char *option)
{
	if (option != NULL && strcmp(option, "auto") != 0)
		return strcmp(option, "always") == 0;
	const char *none = getenv("NO_COLOR"), *term = getenv("TERM");
	return isatty(STDOUT_FILENO) && (none == NULL || *none == 0) && term != NULL && strcmp(term, "dumb") != 0;
}

static bool options_read(const struct command_line *l, struct show *s, struct error *err)
{
	const char *width = command_option(l, "--width"), *script = command_option(l, "--script");
	uint64_t cells = 0;
	s->line = l;
	s->uncut = width == NULL && !isatty(STDOUT_FILENO);
	if (width == NULL)
		s->width = terminal_width();
	else if (str_number(str_of(width), &cells) && cells >= WIDTH_LEAST && cells <= WIDTH_MOST)
		s->width = (int)cells;
	else
		return error_set(err, ERROR_USAGE, NULL, "--width takes a number of columns from %d to %d, not `%s`",
		                 WIDTH_LEAST, WIDTH_MOST, width);
	s->color = wants_color(command_option(l, "--color"));
	s->lanes = command_option(l, "--lanes") != NULL;
	s->reading.raw = command_option(l, "--raw") != NULL;
	if (script != NULL && strcmp(script, "hans") == 0)
		s->reading.script = SCRIPT_HANS;
	if (script != NULL && strcmp(script, "hant") == 0)
		s->reading.script = SCRIPT_HANT;
	return true;
}

/* ---- what both ways of showing know of an article -------------------------------------------------------------- */

struct shown {
	struct doc *doc;
	struct reading *reading;
	struct str title, date, source; /* of the corpus; the title at least its file name */
	size_t decided, proposed;
};

static void count_spans(struct shown *a)
{
	const struct counts *n = set_counts(a->doc->set);
	for (size_t v = 0; v < VERDICTS; v++)
		a->proposed += n->spans[v];
	a->decided = a->proposed - n->spans[VERDICT_UNDECIDED];
}

static void look_up(struct shown *a, struct corpus *c, struct str file)
{
	size_t i = corpus_find(c, file);
	a->title = str_of(io_name_of(a->doc->file));
	if (i == NOWHERE)
		return;
	(void)corpus_know(c, i); /* what is wrong with the sidecar is told by the doc */
	const struct entry *e = corpus_entry(c, i);
	if (e->title != NULL && *e->title != 0)
		a->title = str_of(e->title);
	a->date = str_of(e->date);
	a->source = str_of(e->source);
}

/* ---- as text --------------------------------------------------------------------------------------------------- */

static void header_text(const struct shown *a, struct buf *out)
{
	const struct str parts[] = {a->title, a->date, a->source};
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		if (parts[i].n > 0 && out->n > 0)
			buf_adds(out, " · ");
		size_t from = out->n;
		buf_add(out, parts[i]);
		/* 2022-03-14T10:07:18 as people write it */
		for (size_t k = from; i == 1 && k < out->n; k++)
			if (out->p[k] == 'T')
				out->p[k] = ' ';
	}
}

static void print_header(const struct show *s, const struct shown *a)
{
	struct grid g = {.ambiguous = 1};
	struct buf text = {0}, out = {0};
	header_text(a, &text);
	/* A pipe has no width that a title should be cut at. */
	int whole = (int)text_width(buf_str(&text), 1), cols = s->uncut && whole > s->width ? whole : s->width;
	grid_resize(&g, 2, cols);
	(void)grid_text(&g, 0, 0, cols, buf_str(&text), (struct style){COLOR_DEFAULT, STYLE_BOLD});
	buf_clear(&text);
	buf_adds(&text, status_name(set_status(a->doc->set)));
	if (a->proposed > 0)
		buf_addf(&text, "%s%zu of %zu spans judged", text.n > 0 ? ", " : "", a->decided, a->proposed);
	(void)grid_text(&g, 1, 0, cols, buf_str(&text), PLAIN);
	grid_dump(&g, &out, s->color);
	command_out_raw(buf_str(&out));
	if (text.n > 0)
		command_out("\n");
	buf_free(&text);
	buf_free(&out);
	grid_free(&g);
}

/* All rows, CHUNK_ROWS at a time. */
static bool print_rows(const struct show *s, const struct shown *a, struct textview *v, int cols, struct error *err)
{
	struct paint_request paint = {.set = a->doc->set, .current = NOWHERE};
	struct grid g = {.ambiguous = 1};
	struct buf out = {0};
	bool ok = true;
	for (long moved = CHUNK_ROWS; ok && moved == CHUNK_ROWS && !command_interrupted();) {
		struct place next = layout_move(v->layout, v->top, CHUNK_ROWS, &moved);
		int rows = moved == CHUNK_ROWS ? CHUNK_ROWS : (int)moved + 1;
		struct rect r = {0, 0, rows * (1 + v->lanes), cols};
		grid_resize(&g, r.rows, r.cols);
		(void)textview_draw(v, &paint, &g, r);
		buf_clear(&out);
		grid_dump(&g, &out, s->color);
		command_out_raw(buf_str(&out));
		ok = command_flush(err);
		v->top = next;
	}
	buf_free(&out);
	grid_free(&g);
	return ok;
}

static bool print_text(const struct show *s, const struct shown *a, struct error *err)
{
	int cols = s->width < LAYOUT_MEASURE ? s->width : LAYOUT_MEASURE;
	struct textview v = {
		.layout = layout_new(a->reading, (unsigned)cols, 1),
		.lanes = s->lanes,
		.color = s->color,
		.schema = set_schema(a->doc->set),
	};
	if (s->shown > 0)
		command_out("\n");
	print_header(s, a);
	bool ok = article_text(a->doc->article).n == 0 || print_rows(s, a, &v, cols, err);
	layout_free(v.layout);
	return ok && command_flush(err);
}

/* ---- as JSON --------------------------------------------------------------------------------------------------- */

static struct node *span_node(const struct shown *a, const struct span *span)
{
	struct article *article = a->doc->article;
	struct node *o = node_map();
	struct buf text = {0};
	node_put_text(o, S("id"), span->id);
	node_put_text(o, S("label"), set_schema(a->doc->set)->labels[span->label].name);
	if (span->anchoring == ANCHOR_LOST) {
		node_put(o, S("lost"), node_plain(S("true")));
	} else if (span->n_fragments == 1) {
		node_put(o, S("start"), node_number(article_cp(article, span->off)));
		node_put(o, S("end"), node_number(article_cp(article, span->end)));
	} else {
		struct node *list = node_list();
		for (size_t i = 0; i < span->n_fragments; i++)
			node_add(list, node_pair(article_cp(article, span->fragments[i].off),
			                         article_cp(article, span->fragments[i].end)));
		node_put(o, S("fragments"), list);
	}
	set_span_text(a->doc->set, span, &text);
	node_put_text(o, S("text"), buf_str(&text));
	node_put_text(o, S("verdict"), str_of(verdict_name(span->verdict)));
	buf_free(&text);
	return o;
}

static void print_spans(const struct shown *a)
{
	struct buf out = {0};
	command_out_raw(S(",\"spans\":["));
	for (size_t i = 0; i < set_spans(a->doc->set); i++) {
		struct node *o = span_node(a, set_span(a->doc->set, i));
		buf_clear(&out);
		if (i > 0)
			buf_addc(&out, ',');
		json_write(&out, o);
		command_out_raw(buf_str(&out));
		node_free(o);
	}
	command_out_raw(S("]"));
	buf_free(&out);
}

/* The reading text as one JSON string, block by block.  What is folded is left out: its line is the browser's, not the
 * article's. */
static bool print_reading(const struct shown *a, struct error *err)
{
	struct str raw = article_text(a->doc->article);
	struct buf shown = {0}, json = {0};
	struct pieces pieces = {0};
	size_t start, end;
	bool ok = true;
	command_out_raw(S(",\"text\":\""));
	for (size_t off = 0; ok && off < raw.n && reading_block(a->reading, off, &start, &end); off = end) {
		if (reading_folded(a->reading, start))
			continue;
		(void)reading_show(a->reading, start, end, &shown, &pieces);
		if (end > start && raw.p[end - 1] == '\n')
			buf_addc(&shown, '\n');
		buf_clear(&json);
		json_write_text(&json, buf_str(&shown));
		command_out_raw(str_sub(buf_str(&json), 1, json.n - 1)); /* without its quotes */
		if (end / JSON_CHUNK != start / JSON_CHUNK)
			ok = command_flush(err);
	}
	command_out_raw(S("\""));
	pieces_free(&pieces);
	buf_free(&shown);
	buf_free(&json);
	return ok;
}

static bool print_json(const struct shown *a, struct error *err)
{
	struct article *article = a->doc->article;
	struct node *o = node_map();
	struct buf out = {0};
	node_put_text(o, S("file"), str_of(a->doc->file));
	node_put_text(o, S("title"), a->title);
	node_put_text(o, S("date"), a->date);
	node_put_text(o, S("source"), a->source);
	node_put_text(o, S("status"), str_of(status_name(set_status(a->doc->set))));
	node_put(o, S("decided"), node_number(a->decided));
	node_put(o, S("proposed"), node_number(a->proposed));
	node_put_text(o, S("encoding"), str_of(article_encoding(article)));
	node_put_text(o, S("newlines"), str_of(article_newlines(article)));
	node_put(o, S("bytes"), node_number(article_bytes(article)));
	node_put(o, S("length"), node_number(article_length(article)));
	json_write(&out, o);
	node_free(o);
	command_out_raw(str_sub(buf_str(&out), 0, out.n - 1)); /* the object stays open for what is long */
	buf_free(&out);
	print_spans(a);
	bool ok = print_reading(a, err);
	command_out_raw(S("}\n"));
	return command_flush(err) && ok;
}

/* ---- the command ----------------------------------------------------------------------------------------------- */

static void tell(const struct show *s, const struct error *e)
{
	char *path = e->path != NULL ? mem_dup(e->path) : NULL;
	struct error copy = {e->code, path, e->line, e->column, mem_dup(e->message)};
	command_error(s->line, &copy);
}

static bool visit(void *ctx, struct corpus *c, struct session *session, struct str file, const char *path)
{
	struct show *s = ctx;
	struct error err = {0};
	struct shown a = {.doc = session_doc(session, file, &err)};
	(void)path;
	if (a.doc == NULL) {
		command_error(s->line, &err);
		return false;
	}
	bool ok = a.doc->trouble.code == ERROR_NONE;
	if (!ok)
		tell(s, &a.doc->trouble); /* the article is shown all the same */
	look_up(&a, c, file);
	a.reading = reading_new(a.doc->article, corpus_zone_rules(c));
	reading_set_options(a.reading, s->reading);
	count_spans(&a);
	bool printed = command_json(s->line) ? print_json(&a, &err) : print_text(s, &a, &err);
	if (!printed)
		command_error(s->line, &err);
	s->shown++;
	reading_free(a.reading);
	session_drop(session, a.doc);
	return ok && printed;
}

static int run(const struct command_line *l)
{
	struct show s = {0};
	struct error err = {0};
	if (!options_read(l, &s, &err)) {
		command_error(l, &err);
		return EXIT_FAILED;
	}
	struct article_visitor v = {.ctx = &s, .visit = visit, .session = true};
	return command_each_article(l, &v);
}

static const struct option options[] = {
	{"--width", "N", NULL, "columns; the terminal's, else 80; a row of text takes at most 72"},
	{"--color", "WHEN", "auto always never", "spans in the colours of their labels; auto: on a terminal, without NO_COLOR"},
	{"--script", "SCRIPT", "raw hans hant", "as written, simplified, traditional"},
	{"--raw", NULL, NULL, "everything as it stands in the file: glosses, mojibake, navigation, notices"},
	{"--lanes", NULL, NULL, "a row with the edges of the spans under each row of text"},
	{NULL, NULL, NULL, NULL},
};

const struct command show_command = {
	.name = "show",
	.arguments = "ARTICLE…",
	.summary = "print articles as the browser renders them",
	.description = "Title, date and source, status and spans decided of all, then the text as it is read: glosses and "
	               "mojibake hidden, navigation and notices folded to a line, unless --raw asks for everything. Marks "
	               "stand for what cannot be shown: no control character of an article reaches the terminal. With --json "
	               "one object for each article: file, title, date, source, status, decided, proposed, encoding, newlines, "
	               "bytes, length, spans with offsets in code points of the file's text, and the reading text without what "
	               "is folded.",
	.options = options,
	.least = 1,
	.most = SIZE_MAX,
	.run = run,
};
