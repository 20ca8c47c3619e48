/* tokens: see tokens.h. */
#include "annotations/formats/tokens.h"

#include "model/segment.h"
#include "model/utf8.h"

/* What of spans lies at an offset. */
#define STARTS 1u
#define ENDS   2u
#define EMPTY  4u

static uint8_t *marks_of(const struct outgoing *o)
{
	uint8_t *marks = mem_array(o->text.n + 1, 1);
	for (size_t i = 0; i < o->n_spans; i++) {
		for (size_t k = 0; k < o->spans[i].n; k++) {
			const struct record_fragment *f = &o->spans[i].fragments[k];
			marks[f->off] |= f->off == f->end ? EMPTY : STARTS;
			marks[f->end] |= f->off == f->end ? EMPTY : ENDS;
		}
	}
	return marks;
}

static bool is_blank(struct str text, size_t off)
{
	codepoint cp = 0;
	return utf8_step(text, off, &cp) > 0 && (cp_is_space(cp) || cp < ' ' || cp == 0xFEFF);
}

/* Letters and digits that run together. */
static bool is_running(struct str text, size_t off)
{
	codepoint cp = 0;
	return utf8_step(text, off, &cp) > 0 && cp_is_word(cp) && !cp_is_han(cp) && !(cp >= 0x3040 && cp <= 0x30FF);
}

static void add(struct tokens *t, struct token token)
{
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 256;
		t->list = mem_grow(t->list, t->cap, sizeof *t->list);
	}
	t->list[t->n++] = token;
}

/* The end of the cluster at off, or of a part of it where a span ends within and that must not be. */
static size_t piece_end(struct str text, const uint8_t *marks, size_t off, bool exact)
{
	size_t end = cluster_next(text, off), step = off;
	while (exact && step < end) {
		step += utf8_step(text, step, NULL);
		if (marks[step] & (STARTS | ENDS))
			return step;
	}
	return end;
}

static bool blank_is_token(struct str text, const uint8_t *marks, size_t off, size_t end)
{
	bool lonely = end == text.n || is_blank(text, end);
	for (size_t i = off + 1; i < end; i++) /* within CRLF */
		if (marks[i])
			return true;
	return (marks[off] & STARTS) || (marks[end] & ENDS) || ((marks[end] & EMPTY) && lonely) ||
	       ((marks[off] & EMPTY) && off == 0);
}

static void take_blank(struct tokens *t, struct str text, const uint8_t *marks, size_t off, size_t end, bool exact)
{
	bool token = blank_is_token(text, marks, off, end);
	struct token *last = t->n ? &t->list[t->n - 1] : NULL;
	if (exact && !token && end == off + 1 && text.p[off] == ' ' && last && last->end == off)
		last->space = true;
	else if (exact || token)
		add(t, (struct token){.off = off, .end = end, .blank = true});
}

void tokens_find(const struct outgoing *o, enum token_mode mode, struct tokens *out)
{
	bool exact = mode == TOKENS_EXACT, running = false;
	uint8_t *marks = marks_of(o);
	for (size_t off = 0, end; off < o->text.n; off = end) {
		end = piece_end(o->text, marks, off, exact);
		bool runs = is_running(o->text, off);
		if (is_blank(o->text, off))
			take_blank(out, o->text, marks, off, end, exact);
		else if (runs && running && !(exact && (marks[off] & (STARTS | ENDS))))
			out->list[out->n - 1].end = end;
		else
			add(out, (struct token){.off = off, .end = end});
		running = runs;
	}
	mem_free(marks);
}

void tokens_free(struct tokens *t)
{
	mem_free(t->list);
	*t = (struct tokens){0};
}

size_t tokens_at(const struct tokens *t, size_t off)
{
	size_t low = 0, high = t->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (t->list[middle].end > off)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

size_t tokens_before(const struct tokens *t, size_t end)
{
	size_t low = 0, high = t->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (t->list[middle].off >= end)
			high = middle;
		else
			low = middle + 1;
	}
	return low ? low - 1 : NOWHERE;
}
