/* conll_out: articles as tagged tokens; see conll.h. */
#include "annotations/formats/conll.h"

#include <string.h>

#include "model/segment.h"
#include "model/utf8.h"

struct cutting {
	const struct outgoing *o;
	struct conll_tokens *out;
	struct segmenter *segmenter;
	size_t span;   /* the first that ends behind the place */
	bool words;
	bool blanks;   /* tokens end where blanks are, and nowhere else */
	bool lines;    /* sentences are lines */
	bool sentence; /* the next token is the first of one */
};

static bool blank_at(struct str text, size_t off, size_t *bytes)
{
	codepoint cp = 0;
	*bytes = utf8_step(text, off, &cp);
	return cp_is_space(cp) || cp < ' ' || cp == 0xFEFF || cp == 0x200B || cp == 0x7F || (cp >= 0x2028 && cp <= 0x2029);
}

static size_t span_off(const struct cutting *c)
{
	return c->span < c->o->n_spans ? c->o->spans[c->span].fragments[0].off : NOWHERE;
}

static size_t span_end(const struct cutting *c)
{
	return c->span < c->o->n_spans ? c->o->spans[c->span].fragments[0].end : NOWHERE;
}

static void add(struct cutting *c, size_t off, size_t end)
{
	struct conll_tokens *t = c->out;
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 1024;
		t->list = mem_grow(t->list, t->cap, sizeof *t->list);
	}
	bool inside = off >= span_off(c) && off < span_end(c);
	bool first = inside && (t->n == 0 || t->list[t->n - 1].span != c->span);
	size_t at = !inside || first ? 0 : t->list[t->n - 1].at + 1;
	t->list[t->n++] = (struct conll_token){off, end, inside ? c->span : NOWHERE, at, 0, c->sentence};
	c->sentence = false;
}

/* How far the token that starts at off goes. */
static size_t token_end(const struct cutting *c, size_t off)
{
	struct str text = c->o->text;
	size_t end = c->blanks  ? text.n
	             : c->words ? segment_next(c->segmenter, BY_WORD, off)
	                        : cluster_next(text, off);
	size_t from = span_off(c), to = span_end(c), bytes;
	if (from > off && from < end)
		end = from;
	if (to > off && to < end)
		end = to;
	for (size_t at = off; at < end; at += bytes)
		if (blank_at(text, at, &bytes) && at > off)
			return at;
	return end;
}

static size_t sentence_end(const struct cutting *c, size_t off)
{
	size_t line = c->lines ? str_byte(c->o->text, '\n', off) : NOWHERE;
	if (c->lines)
		return line == NOWHERE ? c->o->text.n : line + 1;
	return segment_next(c->segmenter, BY_SENTENCE, off);
}

static void cut(struct cutting *c)
{
	struct str text = c->o->text;
	size_t sentence = 0, bytes;
	c->sentence = true;
	for (size_t off = 0; off < text.n;) {
		while (c->span < c->o->n_spans && span_end(c) <= off)
			c->span++;
		bool within = off > span_off(c) && off < span_end(c);
		if (off >= sentence) {
			c->sentence |= !within;
			sentence = within ? sentence : sentence_end(c, off);
		}
		if (blank_at(text, off, &bytes)) {
			off += bytes;
			continue;
		}
		size_t end = token_end(c, off);
		add(c, off, end);
		off = end;
	}
}

static void count_losses(const struct outgoing *o, struct conll_tokens *t)
{
	size_t *tokens = mem_array(o->n_spans + 1, sizeof *tokens), bytes;
	for (size_t i = 0; i < t->n; i++)
		if (t->list[i].span != NOWHERE)
			tokens[t->list[i].span]++;
	for (size_t i = 0; i < t->n; i++)
		if (t->list[i].span != NOWHERE)
			t->list[i].of = tokens[t->list[i].span];
	for (size_t i = 0; i < o->n_spans; i++) {
		const struct record_fragment *f = &o->spans[i].fragments[0];
		if (!tokens[i])
			losses_add(&o->job->losses, 1, "spans of nothing but blanks");
		else if (blank_at(o->text, f->off, &bytes) || blank_at(o->text, utf8_back(o->text, f->end), &bytes))
			losses_add(&o->job->losses, 1, "blanks at the ends of spans");
	}
	mem_free(tokens);
}

void conll_tokens_of(const struct outgoing *o, struct conll_tokens *out)
{
	bool han = article_has_han(o->doc->article);
	struct cutting c = {.o = o, .out = out, .segmenter = segmenter_new(han)};
	const struct node *kept = record_kept(o->job, o->top);
	struct str scheme = o->job->scheme ? str_of(o->job->scheme) : node_get_text(kept, S("scheme"));
	struct str tag = node_get_text(kept, S("tag"));
	*out = (struct conll_tokens){.separator = tag.n == 1 && tag.p[0] == '_' ? '_' : '-'};
	if (!tag_scheme_of_name(scheme, &out->scheme))
		out->scheme = TAGS_BIO;
	struct str tokens = o->job->level ? STR_NONE : node_get_text(kept, S("tokens"));
	c.words = o->job->level ? strcmp(o->job->level, "word") == 0 : !han;
	c.blanks = str_eq(tokens, S("blanks"));
	c.lines = tokens.n > 0;
	if (str_eq(tokens, S("characters")))
		c.words = false;
	segment_text(c.segmenter, o->text);
	cut(&c);
	segmenter_free(c.segmenter);
	count_losses(o, out);
}

void conll_tokens_free(struct conll_tokens *t)
{
	mem_free(t->list);
	*t = (struct conll_tokens){0};
}

/* Whether token i is in a span with this label. */
static bool labelled(const struct outgoing *o, const struct conll_tokens *t, size_t i, struct str label)
{
	return t->list[i].span != NOWHERE && str_eq(o->spans[t->list[i].span].label, label);
}

void conll_tag(struct buf *out, const struct outgoing *o, const struct conll_tokens *t, size_t i)
{
	const struct conll_token *k = &t->list[i];
	if (k->span == NOWHERE) {
		buf_addc(out, 'O');
		return;
	}
	struct str label = o->spans[k->span].label;
	bool after = k->at == 0 && i && !k->sentence && labelled(o, t, i - 1, label);
	bool next = k->at + 1 == k->of && i + 1 < t->n && !t->list[i + 1].sentence && labelled(o, t, i + 1, label);
	tag_add(out, t->scheme, t->separator, label, k->at, k->of, after, next);
}

bool conll_export(struct export_job *job, struct doc *d, struct error *err)
{
	struct outgoing o;
	struct conll_tokens t;
	struct buf file = {0};
	if (!outgoing_make(job, d, &o, err))
		return false;
	conll_tokens_of(&o, &t);
	struct str kept = node_get_text(record_kept(job, o.top), S("separator"));
	struct str separator = job->separator ? str_of(job->separator) : kept;
	for (size_t i = 0; i < t.n; i++) {
		if (i && t.list[i].sentence)
			buf_addc(&file, '\n');
		buf_add(&file, str_sub(o.text, t.list[i].off, t.list[i].end));
		buf_addc(&file, str_eq(separator, S("tab")) ? '\t' : ' ');
		conll_tag(&file, &o, &t, i);
		buf_addc(&file, '\n');
	}
	if (t.n)
		buf_addc(&file, '\n');
	char *name = record_file(&o, ".conll");
	bool fine = job->write_file(job->ctx, name, buf_str(&file), err);
	job->articles += fine;
	mem_free(name);
	buf_free(&file);
	conll_tokens_free(&t);
	outgoing_free(&o);
	return fine;
}
