/* conll_tree: spans that are written otherwise than as tags: brackets, and words of treebanks; see conll_in.h.
 *
 * Of a treebank each word becomes a span with its part of speech for a label and, from the word that it depends on, a
 * relation; the roots are the words that no relation ends in.  The words of one token (CoNLL-U's 2-3) are one span, with
 * all their parts of speech, `VERB+PART`. */
#include <string.h>

#include "annotations/formats/conll_in.h"

/* ---- brackets ------------------------------------------------------------------------------------------------- */

struct bracket {
	struct str label;
	size_t first;
};

struct brackets {
	struct bracket *open;
	size_t n, cap;
};

static void push(struct brackets *b, struct str label, size_t first)
{
	if (b->n == b->cap) {
		b->cap = b->cap ? b->cap * 2 : 16;
		b->open = mem_grow(b->open, b->cap, sizeof *b->open);
	}
	b->open[b->n++] = (struct bracket){label, first};
}

static void take_cell(struct conll_reading *r, struct brackets *b, size_t i, struct str cell)
{
	for (size_t at = 0; at < cell.n;) {
		size_t end = at + 1;
		if (cell.p[at] == '(') {
			while (end < cell.n && !strchr("()*", cell.p[end]))
				end++;
			push(b, str_sub(cell, at + 1, end), i);
		} else if (cell.p[at] == ')' && b->n) {
			struct bracket last = b->open[--b->n];
			conll_add_span(r, last.first, i + 1, last.label);
		} else if (cell.p[at] != '*') {
			record_fail(&r->record, r->tokens.list[i].line, 1, ERROR_SYNTAX,
			            "`%.*s` is no bracket that is opened and closed in its sentence", (int)cell.n, cell.p);
			return;
		}
		at = end;
	}
}

static void tell_open(struct conll_reading *r, struct brackets *b)
{
	for (; b->n; b->n--)
		record_fail(&r->record, r->tokens.list[b->open[b->n - 1].first].line, 1, ERROR_SYNTAX,
		            "the bracket of `%.*s` is not closed before its sentence ends", (int)b->open[b->n - 1].label.n,
		            b->open[b->n - 1].label.p);
}

void conll_take_brackets(struct conll_reading *r)
{
	struct brackets b = {0};
	for (size_t i = 0; i < r->tokens.n; i++) {
		if (r->tokens.list[i].sentence)
			tell_open(r, &b);
		take_cell(r, &b, i, r->tags[i]);
	}
	tell_open(r, &b);
	mem_free(b.open);
}

/* ---- trees ---------------------------------------------------------------------------------------------------- */

static struct str field(const struct str *fields, size_t n, size_t i)
{
	return i < n && !str_eq(fields[i], S("_")) ? fields[i] : STR_NONE;
}

static struct str either(const struct str *fields, size_t n, size_t i, size_t k)
{
	struct str first = field(fields, n, i);
	return first.n ? first : field(fields, n, k);
}

static void add_word(struct conll_reading *r, struct conll_word word)
{
	struct conll_words *w = &r->words;
	if (w->n == w->cap) {
		w->cap = w->cap ? w->cap * 2 : 1024;
		w->list = mem_grow(w->list, w->cap, sizeof *w->list);
	}
	w->list[w->n++] = word;
}

static bool no_space_after(const struct conll_layout *l, const struct str *fields, size_t n)
{
	return l->columns == 10 && n == 10 && str_find(fields[9], S("SpaceAfter=No"), 0) != NOWHERE;
}

void conll_add_tree_line(struct conll_reading *r, const struct str *fields, size_t n, size_t line)
{
	const struct conll_layout *l = &r->layout;
	struct str id = fields[0], form = fields[l->token];
	size_t dash = str_byte(id, '-', 0);
	uint64_t number = 0;
	bool sentence = r->sentence;
	if (str_byte(id, '.', 0) != NOWHERE) {
		losses_add(&r->job->losses, 1, "words that are not in the text");
		return;
	}
	(void)str_number(str_sub(id, 0, dash == NOWHERE ? id.n : dash), &number);
	if (sentence)
		r->words.until = 0;
	bool within = dash == NOWHERE && number <= r->words.until;
	if (!within) {
		/* CoNLL-2008: the parts of a word with a hyphen. */
		bool part = str_eq(form, S("_")) && field(fields, n, l->form2).n;
		align_add(&r->tokens, part ? fields[l->form2] : form, line, r->sentence);
		struct align_token *token = &r->tokens.list[r->tokens.n - 1];
		token->close = part && !r->sentence;
		token->close_after = no_space_after(l, fields, n);
		r->sentence = false;
	}
	if (dash != NOWHERE) {
		(void)str_number(str_sub(id, dash + 1, id.n), &r->words.until);
		return;
	}
	add_word(r, (struct conll_word){id, either(fields, n, l->pos, l->pos2), field(fields, n, l->head),
	                                field(fields, n, l->relation), r->tokens.n - 1, line, sentence});
}

/* The words of one token, from `from` on, are a span; where relations need ends, also without a part of speech. */
static size_t take_token(struct conll_reading *r, size_t from, bool depends)
{
	const struct conll_word *w = r->words.list;
	const struct align_token *t = &r->tokens.list[w[from].token];
	struct buf label = {0}, id = {0};
	size_t i = from;
	for (; i < r->words.n && w[i].token == w[from].token; i++) {
		if (w[i].pos.n && label.n)
			buf_addc(&label, '+');
		record_add_plain(&label, w[i].pos);
	}
	if (label.n == 0 && depends)
		buf_adds(&label, "Token");
	buf_addf(&id, "#%zu", w[from].token);
	r->record.line = t->line;
	if (label.n && t->off != NOWHERE)
		record_add_span(&r->record, buf_str(&id), buf_str(&label), t->from, t->to);
	else if (label.n)
		record_fail(&r->record, t->line, 1, ERROR_TEXT,
		            "'%.*s' does not stand in the article here, so that its %.*s has no place", (int)t->form.n,
		            t->form.p, (int)label.n, label.p);
	buf_free(&label);
	buf_free(&id);
	return i;
}

static void take_relations(struct conll_reading *r, size_t first, size_t end)
{
	const struct conll_word *w = r->words.list;
	for (size_t i = first; i < end; i++) {
		size_t k = first;
		while (k < end && !str_eq(w[k].id, w[i].head))
			k++;
		bool missing = k == end && w[i].head.n && !str_eq(w[i].head, S("0"));
		if (missing)
			record_fail(&r->record, w[i].line, 1, ERROR_REFERENCE, "word %.*s of this sentence, which this one "
			            "depends on, is not there", (int)w[i].head.n, w[i].head.p);
		if (k == end || w[i].relation.n == 0 || w[i].token == w[k].token ||
		    r->tokens.list[w[i].token].off == NOWHERE || r->tokens.list[w[k].token].off == NOWHERE)
			continue;
		struct buf from = {0}, to = {0}, type = {0};
		buf_addf(&from, "#%zu", w[k].token);
		buf_addf(&to, "#%zu", w[i].token);
		record_add_plain(&type, w[i].relation);
		record_add_relation(&r->record, STR_NONE, buf_str(&type), buf_str(&from), buf_str(&to));
		buf_free(&from);
		buf_free(&to);
		buf_free(&type);
	}
}

void conll_take_tree(struct conll_reading *r)
{
	bool depends = false;
	for (size_t i = 0; i < r->words.n && !depends; i++)
		depends = r->words.list[i].relation.n > 0;
	for (size_t i = 0; i < r->words.n;)
		i = take_token(r, i, depends);
	for (size_t first = 0; first < r->words.n;) {
		size_t end = first + 1;
		while (end < r->words.n && !r->words.list[end].sentence)
			end++;
		take_relations(r, first, end);
		first = end;
	}
	r->words.n = 0;
}
