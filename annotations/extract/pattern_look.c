/* pattern_look.c: compiles the looks of patterns.
 *
 * Most alternatives of looks are single characters, classes and words.  Those can be told without running a program, so they become one step, OP_LOOK, and only
 * the others a nested program: what must not match may be divided among steps, for none of its alternatives may. */
#include <string.h>

#include "annotations/extract/pattern_parse.h"
#include "model/fold.h"

/* Where the alternatives of a look begin in the text, and where the look ends: at its `)`. */
struct alternatives {
	size_t *list, n, cap;
	size_t end;
};

static void add_place(struct alternatives *a, size_t place)
{
	if (a->n == a->cap) {
		a->cap = a->cap ? a->cap * 2 : 16;
		a->list = mem_grow(a->list, a->cap, sizeof *a->list);
	}
	a->list[a->n++] = place;
}

/* Goes to the `|` or `)` that ends the alternative; false: there is none, or it has a named part. */
static bool skip_alternative(struct compiler *c)
{
	size_t open = 0;
	for (; c->at < c->text.n; c->at++) {
		char ch = c->text.p[c->at];
		if (ch == '\\')
			c->at++;
		else if (ch == '[')
			while (c->at < c->text.n && c->text.p[c->at] != ']')
				c->at += c->text.p[c->at] == '\\' ? 2 : 1;
		else if (ch == '<' && c->text.p[c->at - 1] != '?')
			return false;
		else if (ch == '(')
			open++;
		else if (open == 0 && (ch == '|' || ch == ')'))
			return true;
		else if (ch == ')')
			open--;
	}
	return false;
}

/* Whether the alternative is a group of alternatives and nothing else: these stand for it. */
static bool is_group(struct compiler *c)
{
	const size_t start = c->at;
	bool group = parse_take(c) == '(' && parse_peek(c) != '?';
	group = group && skip_alternative(c);
	while (group && c->text.p[c->at] == '|') {
		c->at++;
		group = skip_alternative(c);
	}
	c->at++;
	group = group && (parse_peek(c) == '|' || parse_peek(c) == ')');
	c->at = start;
	return group;
}

/* False: this is no list of alternatives that end with a `)`; parsing it tells why. */
static bool find_alternatives(struct compiler *c, struct alternatives *a)
{
	for (;;) {
		parse_peek(c);
		if (is_group(c)) {
			parse_take(c);
			if (!find_alternatives(c, a))
				return false;
			c->at = a->end + 1;
			parse_peek(c);
		} else {
			add_place(a, c->at);
			if (!skip_alternative(c))
				return false;
		}
		a->end = c->at;
		if (c->text.p[c->at] == ')')
			return true;
		c->at++;
	}
}

/* ---- what needs no program --------------------------------------------------------------------------------------------- */

static void add_word(struct look *look, const codepoint *word, size_t n)
{
	look->words = mem_grow(look->words, look->n_words + n + 1, sizeof *look->words);
	look->words[look->n_words++] = (codepoint)n;
	memcpy(look->words + look->n_words, word, n * sizeof *word);
	look->n_words += n;
}

/* A character that stands for itself; 0: it does not, or none is there. */
static codepoint take_plain(struct compiler *c)
{
	codepoint cp = parse_peek(c);
	if (cp == 0 || strchr("(.<|)@[^$?*+{}]>", (int)(cp < 128 ? cp : 'x')))
		return 0;
	parse_take(c);
	if (cp != '\\')
		return fold_cp(cp);
	cp = parse_take(c);
	return cp == 'b' || cp == 'B' || parse_kind(cp) ? 0 : fold_cp(cp);
}

#define WORD_MAX 32 /* characters of a word of a look */

/* Characters side by side: one is added to the set, several are a word. */
static bool take_word(struct compiler *c, struct look *look, struct set *set)
{
	codepoint word[WORD_MAX];
	size_t n = 0;
	for (codepoint cp; n < WORD_MAX && (cp = take_plain(c)) != 0;)
		word[n++] = cp;
	codepoint end = parse_peek(c);
	if (n == 0 || (end != '|' && end != ')'))
		return false;
	if (n == 1)
		parse_add_range(set, word[0], word[0]);
	else
		add_word(look, word, n);
	return true;
}

static bool ends(struct compiler *c)
{
	codepoint cp = parse_peek(c);
	return cp == '|' || cp == ')';
}

/* False, with nothing added: the alternative at `place` needs a program. */
static bool take_simple(struct compiler *c, size_t place, bool behind, struct look *look, struct set *set)
{
	struct set one = {0};
	c->at = place;
	codepoint cp = parse_peek(c);
	bool fine = false;
	if (cp == '@') {
		parse_take(c);
		struct str name = parse_name(c);
		fine = name.n && !parse_has_bound(c) && ends(c);
		if (fine)
			class_list_add(&look->classes, &look->n, &look->cap, c->name(c->ctx, name));
	} else if (cp == (behind ? '^' : '$')) {
		parse_take(c);
		fine = ends(c);
		look->edge = look->edge || fine;
	} else if (cp == '[') {
		parse_take(c);
		fine = parse_set(c, &one) && !one.negated && ends(c);
		for (size_t i = 0; fine && i < one.n; i++)
			parse_add_range(set, one.ranges[i].from, one.ranges[i].to);
	} else if (cp == '\\') {
		parse_take(c);
		one.kinds = parse_kind(parse_take(c));
		fine = one.kinds && ends(c);
	}
	set->kinds |= fine ? one.kinds : 0;
	mem_free(one.ranges);
	if (fine)
		return true;
	error_clear(c->err);
	c->at = place;
	return take_word(c, look, set);
}

static void add_look(struct compiler *c, struct look look, bool behind, bool negated)
{
	struct pattern *p = c->p;
	if (p->n_looks == p->cap_looks) {
		p->cap_looks = p->cap_looks ? p->cap_looks * 2 : 8;
		p->looks = mem_grow(p->looks, p->cap_looks, sizeof *p->looks);
	}
	p->looks[p->n_looks] = look;
	parse_add_step(c, (struct op_step){.code = OP_LOOK, .negated = negated, .behind = behind, .a = (uint32_t)p->n_looks++});
}

/* Adds the step for what is simple, and leaves in *a the rest.  What must match is not divided: one of all alternatives is enough. */
static void divide(struct compiler *c, struct alternatives *a, bool behind, bool negated)
{
	struct look look = {0};
	struct set set = {0};
	struct alternatives rest = {.end = a->end};
	look.set = NOWHERE;
	for (size_t i = 0; i < a->n; i++)
		if (!take_simple(c, a->list[i], behind, &look, &set))
			add_place(&rest, a->list[i]);
	if (rest.n == a->n || (rest.n && !negated)) {
		mem_free(set.ranges);
		mem_free(look.classes);
		mem_free(look.words);
		mem_free(rest.list);
		return;
	}
	if (set.n || set.kinds)
		look.set = parse_add_set(c, set);
	add_look(c, look, behind, negated);
	mem_free(a->list);
	*a = rest;
}

bool parse_look(struct compiler *c, bool behind, bool negated)
{
	struct pattern *p = c->p;
	struct alternatives a = {0};
	const size_t start = c->at;
	bool listed = find_alternatives(c, &a), fine = true;
	if (listed)
		divide(c, &a, behind, negated);
	if (!listed || a.n) {
		size_t head = parse_add_step(c, (struct op_step){.code = behind ? OP_BEHIND : OP_AHEAD, .negated = negated});
		c->at = start;
		fine = listed ? parse_alternatives_at(c, a.list, a.n) : parse_alternatives(c);
		if (fine && !listed)
			fine = parse_peek(c) == ')' || parse_fail(c, c->at, "a ( without its )");
		if (!listed)
			a.end = c->at;
		parse_add_step(c, (struct op_step){.code = OP_MATCH});
		p->steps[head].a = (uint32_t)p->n;
	}
	c->at = a.end + 1;
	mem_free(a.list);
	return fine;
}
