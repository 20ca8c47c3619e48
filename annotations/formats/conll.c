/* conll: one token to a line with its tag in a column, an empty line after each sentence (CoNLL-2000, 2002, 2003 and
 * all that look like them, character by character for Chinese); other columns of CoNLL: conll_tree.c.
 *
 * There are no offsets: see align.h.  Which columns there are, what divides them, which of them is the token and which
 * the tag, and the scheme of tags (tags.h) are found in the file: conll_layout.c.  -DOCSTART- begins another article.  A
 * `#` line of fewer columns is a comment.  Where the article is made of the tokens, how they were cut is kept, so that
 * the file comes back as it was. */
#include <string.h>

#include "annotations/formats/conll.h"
#include "annotations/formats/conll_in.h"
#include "model/utf8.h"

#define CONLL_LIMIT ((size_t)1 << 30)

static void add_token(struct conll_reading *r, const struct str *fields, size_t line)
{
	const struct conll_layout *l = &r->layout;
	if (r->tokens.n * l->n_tags + l->n_tags > r->cap_tags) {
		r->cap_tags = r->cap_tags ? r->cap_tags * 2 : 1024 * CONLL_LAYERS;
		r->tags = mem_grow(r->tags, r->cap_tags, sizeof *r->tags);
	}
	for (size_t i = 0; i < l->n_tags; i++)
		r->tags[r->tokens.n * l->n_tags + i] = fields[l->tags[i]];
	align_add(&r->tokens, fields[l->token], line, r->sentence);
	r->sentence = false;
}

/* CoNLL-U's last column: SpaceAfter=No|NER=B-PER. */
static struct str name_among(struct str misc)
{
	for (size_t from = 0; from < misc.n;) {
		size_t end = str_byte(misc, '|', from);
		struct str part = str_sub(misc, from, end == NOWHERE ? misc.n : end);
		if (str_starts(part, S("NER=")))
			return str_sub(part, strlen("NER="), part.n);
		from += part.n + 1;
	}
	return S("O");
}

static bool tag_of(struct conll_reading *r, size_t i, size_t layer, char *place, struct str *label, struct str *tag)
{
	*tag = r->tags[i * r->layout.n_tags + layer];
	if (r->layout.misc)
		*tag = name_among(*tag);
	if (r->layout.plain) {
		bool outside = str_eq(*tag, S("O")) || str_eq(*tag, S("_"));
		*place = outside ? 'O' : 'I';
		*label = outside ? STR_NONE : *tag;
		return true;
	}
	if (!tag_parse(*tag, place, label)) {
		*place = 'O';
		*label = STR_NONE;
		return record_fail(&r->record, r->tokens.list[i].line, 1, ERROR_SYNTAX,
		                   "`%.*s` is no tag; O, B-LABEL, I-LABEL … are", (int)(tag->n < 40 ? tag->n : 40), tag->p);
	}
	if (*place != 'O' && !r->separator)
		r->separator = tag->p[1];
	return true;
}

void conll_add_span(struct conll_reading *r, size_t first, size_t end, struct str label)
{
	const struct align_token *t = r->tokens.list;
	for (size_t i = first; i < end; i++) {
		if (t[i].off != NOWHERE)
			continue;
		record_fail(&r->record, t[i].line, 1, ERROR_TEXT,
		            "'%.*s' does not stand in the article here, so that its %.*s has no place", (int)t[i].form.n,
		            t[i].form.p, (int)label.n, label.p);
		return;
	}
	struct buf plain = {0};
	record_add_plain(&plain, label);
	r->record.line = t[first].line;
	record_add_span(&r->record, STR_NONE, buf_str(&plain), t[first].from, t[end - 1].to);
	buf_free(&plain);
}

static void take_layer(struct conll_reading *r, size_t layer)
{
	struct tag_evidence *e = &r->evidence;
	struct str label, tag, open = STR_NONE;
	size_t first = NOWHERE;
	char place;
	for (size_t i = 0; i < r->tokens.n; i++) {
		bool ends, starts;
		(void)tag_of(r, i, layer, &place, &label, &tag);
		if (r->tokens.list[i].sentence) {
			if (first != NOWHERE)
				conll_add_span(r, first, i, open);
			first = NOWHERE;
			tags_sentence_end(e);
		}
		tags_next(e, tag, place, label, &ends, &starts);
		if (ends && first != NOWHERE) {
			conll_add_span(r, first, i, open);
			first = NOWHERE;
		}
		if (starts) {
			first = i;
			open = label;
		}
	}
	if (first != NOWHERE)
		conll_add_span(r, first, r->tokens.n, open);
	tags_sentence_end(e);
}

/* How the article that was made of the tokens is to be cut again, its lines being sentences: where blanks are, character by
 * character, as it falls; NULL: it was not made of them. */
static const char *cut_of(const struct conll_reading *r)
{
	const struct align_tokens *t = &r->tokens;
	if (!t->made)
		return NULL;
	for (size_t i = 1; i < t->n; i++)
		if (t->list[i].off == t->list[i - 1].end)
			return t->characters ? "characters" : "any";
	return "blanks";
}

static void tell_layout(struct conll_reading *r)
{
	const struct conll_layout *l = &r->layout;
	struct node *kept = record_keep(&r->record, r->record.object);
	const char *scheme = l->plain ? "labels without a scheme" : tag_scheme_name(tags_scheme(&r->evidence));
	const char *columns = l->sentences ? "a sentence to a line" : l->tabs ? "columns divided by tabs" : "columns divided by blanks";
	if (r->separator && !l->plain)
		node_put_text(kept, S("scheme"), str_of(scheme));
	if (r->separator && r->separator != '-')
		node_put_text(kept, S("tag"), (struct str){&r->separator, 1});
	node_put_text(kept, S("separator"), l->tabs ? S("tab") : S("space"));
	if (cut_of(r))
		node_put_text(kept, S("tokens"), str_of(cut_of(r)));
	if (l->kind == CONLL_TAGS)
		record_noted(r->job, "tags are %s%s, %s", scheme,
		             tags_clean(&r->evidence) ? "" : " with some that the scheme would have otherwise", columns);
	else
		record_noted(r->job, "columns are those of %s: %s, %s", l->name,
		             l->kind == CONLL_TREE ? "parts of speech and dependencies" : "names in brackets", columns);
}

static char *article_name(const struct conll_reading *r)
{
	char *name = record_name(r->job);
	if (r->articles < 2 || r->job->text)
		return name;
	struct buf out = {0};
	buf_add(&out, str_sub(str_of(name), 0, strlen(name) - 4));
	buf_addf(&out, "-%0*zu.txt", r->articles > 999 ? 6 : 3, r->number);
	mem_free(name);
	return buf_take(&out);
}

static bool none_found(const struct conll_reading *r)
{
	size_t missing = 0;
	for (size_t i = 0; i < r->tokens.n; i++)
		missing += r->tokens.list[i].off == NOWHERE;
	return missing * 2 > r->tokens.n;
}

static void take_article(struct conll_reading *r)
{
	if (r->layout.kind == CONLL_TREE)
		conll_take_tree(r);
	else if (r->layout.kind == CONLL_BRACKETS)
		conll_take_brackets(r);
	else
		for (size_t i = 0; i < r->layout.n_tags; i++)
			take_layer(r, i);
}

/* The tokens so far are an article. */
static bool end_article(struct conll_reading *r, struct error *err)
{
	struct error failed = {0};
	if (!r->tokens.n)
		return true;
	r->number++;
	char *name = article_name(r);
	bool fine = align_record(&r->record, name, &r->tokens, &failed);
	if (fine && none_found(r))
		fine = error_at(&failed, ERROR_TEXT, r->path, r->tokens.list[0].line, 1,
		                "most tokens do not stand in %s: it is another article; nothing of it is taken", name);
	if (fine) {
		take_article(r);
		tell_layout(r);
		if (r->layout.columns > r->layout.token + 1 + r->layout.n_tags)
			losses_add(&r->job->losses, r->tokens.n, "tokens with other columns");
		fine = record_take(&r->record, err);
	} else {
		r->job->counts.objects++;
		r->job->counts.failed++;
		r->job->hooks.failed(r->job->hooks.ctx, &failed);
		record_drop(&r->record);
		fine = true;
	}
	r->tokens.n = 0;
	r->record = record_new(r->job, r->path, 0);
	mem_free(name);
	return fine;
}

/* ---- files ---------------------------------------------------------------------------------------------------- */

static size_t count_articles(const struct conll_layout *l, struct str file)
{
	size_t n = 0, at = 0;
	struct str line;
	while (conll_next_line(file, &at, &line))
		n += conll_is_start(l, line);
	return n;
}

static bool only_blanks(struct str s)
{
	return str_trim(s).n == 0 || str_eq(s, S("\xE3\x80\x80")) || str_eq(s, S("\xC2\xA0"));
}

/* A comment, or a mark of SGML around documents and sentences. */
static bool is_aside(const struct conll_layout *l, struct str line, size_t n)
{
	return (line.p[0] == '#' && (n != l->columns || l->kind == CONLL_TREE)) ||
	       (line.p[0] == '<' && line.p[line.n - 1] == '>' && n < l->columns);
}

static void take_sentence(struct conll_reading *r, struct str line, size_t number)
{
	const struct conll_layout *l = &r->layout;
	struct str fields[CONLL_COLUMNS];
	r->sentence = true;
	for (size_t at = 0, end; at < line.n; at = end + 1) {
		for (end = at; end < line.n && line.p[end] != ' ' && line.p[end] != '\t';)
			end++;
		struct str word = str_sub(line, at, end);
		if (word.n && conll_split_word(word, l->columns, fields))
			add_token(r, fields, number);
		else if (word.n)
			record_fail(&r->record, number, utf8_count(str_sub(line, 0, at)) + 1, ERROR_SYNTAX,
			            "a word reads here: %s", l->columns == 3 ? "TOKEN|POS|TAG" : "TOKEN|TAG");
	}
}

static void take_line(struct conll_reading *r, struct str line, size_t number)
{
	if (r->layout.sentences) {
		take_sentence(r, line, number);
		return;
	}
	const struct conll_layout *l = &r->layout;
	struct str fields[CONLL_MOST];
	size_t n = conll_split(line, l->tabs, fields);
	if (is_aside(l, line, n))
		return;
	if (n == l->columns || (n > l->columns && l->varies)) {
		if (l->kind == CONLL_TREE)
			conll_add_tree_line(r, fields, n < CONLL_MOST ? n : CONLL_MOST, number);
		else if (!only_blanks(fields[l->token]))
			add_token(r, fields, number);
		return;
	}
	/* The tag of a blank, which is no token. */
	if (n + 1 == l->columns && (line.p[0] == ' ' || line.p[0] == '\t'))
		return;
	record_fail(&r->record, number, 1, ERROR_SYNTAX, "this line has %zu column%s where the others have %zu", n,
	            n == 1 ? "" : "s", l->columns);
}

static bool take_file(struct conll_reading *r, struct str file, struct error *err)
{
	struct str line;
	if (str_starts(file, S("\xEF\xBB\xBF")))
		file = str_sub(file, 3, file.n);
	if (!conll_sniff(file, &r->layout))
		return error_set(err, ERROR_SYNTAX, r->path,
		                 "no column of tags is found (lines of TOKEN TAG, tags like O, B-LABEL, I-LABEL), nor the "
		                 "columns of CoNLL-X, CoNLL-U, 2008, 2009, 2012");
	r->articles = count_articles(&r->layout, file);
	r->sentence = true;
	for (size_t at = 0, number = 1; conll_next_line(file, &at, &line); number++) {
		if (conll_is_start(&r->layout, line)) {
			r->sentence = true;
			if (!r->job->text && !end_article(r, err))
				return false;
		} else if (line.n == 0) {
			r->sentence = true;
		} else {
			take_line(r, line, number);
		}
		if (number % 4096 == 0 && r->job->hooks.interrupted(r->job->hooks.ctx))
			return true;
	}
	return end_article(r, err);
}

static bool import(struct import_job *job, const char *path, struct error *err)
{
	struct conll_reading r = {.job = job, .path = path, .record = record_new(job, path, 0)};
	struct buf file = {0};
	bool fine = import_read(path, CONLL_LIMIT, &file, err) &&
	            take_file(&r, buf_str(&file), err);
	job->counts.failed += r.record.failed; /* lines behind the last article */
	record_drop(&r.record);
	align_free(&r.tokens);
	mem_free(r.tags);
	mem_free(r.words.list);
	buf_free(&file);
	import_end(job);
	job->hooks.progress(job->hooks.ctx, job->counts.objects);
	return fine;
}

static unsigned recognise(struct str start, const char *name)
{
	struct conll_layout l;
	struct str n = str_of(name), head = start;
	bool named = str_ends(n, S(".conll")) || str_ends(n, S(".iob")) || str_ends(n, S(".bio")) ||
	             str_ends(n, S(".bmes")) || str_ends(n, S(".bioes")) || str_ends(n, S(".conllu"));
	/* The last line may be cut. */
	if (head.n == RECOGNISE_BYTES)
		while (head.n && head.p[head.n - 1] != '\n')
			head.n--;
	if (str_starts(start, S("{")) || str_starts(start, S("#FORMAT=")) || str_starts(start, S("<")) || !conll_sniff(head, &l))
		return named ? 30 : 0;
	return l.plain ? (named ? 60 : 15) : named ? 90 : l.kind == CONLL_TREE ? 50 : 70;
}

const struct format conll_format = {
    .name = "conll",
    .summary = "a token and its tag to a line: CoNLL-2002, CoNLL-2003, BIO, IOB1, IOE1, IOE2, BIOES, BMES, BILOU, by "
               "characters or words; in also CoNLL-2012 and, with dependencies, CoNLL-X, CoNLL-U, 2008, 2009",
    .suffixes = ".conll .conllu .iob .bio .bmes .bioes",
    .unit = "",
    .carries = "spans that do not overlap and that begin and end with a character that is no blank; best with the "
               "article (--text)",
    .loses = "blanks of the text; relations, attributes, notes, links, fields, ids, verdicts; other columns of a file "
             "that comes in",
    .carry = {[FEATURE_NEWLINE] = CARRY_ALL},
    .judged = true,
    .folder = true,
    .recognise = recognise,
    .import = import,
    .export = conll_export,
};
