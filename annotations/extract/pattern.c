/* pattern.c: compiles; see pattern.h and, for the language, rules.h. */
#include "annotations/extract/pattern.h"

#include <string.h>

#include "annotations/extract/pattern_parse.h"
#include "model/fold.h"

#define DEPTH_MAX 12

bool parse_fail(struct compiler *c, size_t at, const char *message)
{
	return error_at(c->err, ERROR_SYNTAX, NULL, 0, utf8_count(str_sub(c->text, 0, at)) + 1, "%s", message);
}

size_t parse_add_step(struct compiler *c, struct op_step s)
{
	struct pattern *p = c->p;
	if (p->n == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 64;
		p->steps = mem_grow(p->steps, p->cap, sizeof *p->steps);
	}
	p->steps[p->n] = s;
	return p->n++;
}

void class_list_add(class_id **list, size_t *n, size_t *cap, class_id class)
{
	for (size_t i = 0; i < *n; i++)
		if ((*list)[i] == class)
			return;
	if (*n == *cap) {
		*cap = *cap ? *cap * 2 : 8;
		*list = mem_grow(*list, *cap, sizeof **list);
	}
	(*list)[(*n)++] = class;
}

void parse_add_range(struct set *s, codepoint from, codepoint to)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 8;
		s->ranges = mem_grow(s->ranges, s->cap, sizeof *s->ranges);
	}
	s->ranges[s->n++] = (struct range){from, to};
}

size_t parse_add_set(struct compiler *c, struct set set)
{
	struct pattern *p = c->p;
	if (p->n_sets == p->cap_sets) {
		p->cap_sets = p->cap_sets ? p->cap_sets * 2 : 8;
		p->sets = mem_grow(p->sets, p->cap_sets, sizeof *p->sets);
	}
	p->sets[p->n_sets] = set;
	return p->n_sets++;
}

codepoint parse_peek(struct compiler *c)
{
	codepoint cp;
	while (utf8_step(c->text, c->at, &cp)) {
		if (!cp_is_space(cp))
			return cp;
		c->at += utf8_step(c->text, c->at, &cp);
	}
	return 0;
}

codepoint parse_take(struct compiler *c)
{
	codepoint cp = parse_peek(c);
	if (cp)
		c->at += utf8_step(c->text, c->at, NULL);
	return cp;
}

static bool take_if(struct compiler *c, const char *word)
{
	if (!parse_peek(c) || !str_starts(str_sub(c->text, c->at, c->text.n), str_of(word)))
		return false;
	c->at += strlen(word);
	return true;
}

unsigned parse_kind(codepoint cp)
{
	switch (cp) {
	case 'h':
		return KIND_HAN;
	case 'd':
		return KIND_DIGIT;
	case 'n':
		return KIND_NUMERAL;
	case 's':
		return KIND_SPACE;
	case 'p':
		return KIND_MARK;
	default:
		return 0;
	}
}

static codepoint fold_pattern(codepoint cp)
{
	return fold_cp(cp);
}

/* After `[`. */
bool parse_set(struct compiler *c, struct set *out)
{
	size_t open = c->at;
	codepoint cp, last = 0;
	out->negated = take_if(c, "^");
	for (;;) {
		size_t step = utf8_step(c->text, c->at, &cp);
		if (!step)
			return parse_fail(c, open, "this [ has no ]");
		c->at += step;
		if (cp == ']')
			return true;
		if (cp == '\\') {
			c->at += utf8_step(c->text, c->at, &cp);
			unsigned kind = parse_kind(cp);
			out->kinds |= kind;
			if (kind)
				continue;
		} else if (cp == '-' && last && c->at < c->text.n && c->text.p[c->at] != ']') {
			c->at += utf8_step(c->text, c->at, &cp);
			if (cp < last)
				return parse_fail(c, c->at, "a range that runs backwards");
			out->ranges[out->n - 1].to = cp;
			last = 0;
			continue;
		} else if (cp == ' ') {
			continue;
		}
		last = fold_pattern(cp);
		parse_add_range(out, last, last);
	}
}

static bool name_char(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '-';
}

struct str parse_name(struct compiler *c)
{
	size_t from = c->at;
	while (c->at < c->text.n && name_char(c->text.p[c->at]))
		c->at++;
	return str_sub(c->text, from, c->at);
}

/* `>` and a number; a `>` alone closes a named part. */
bool parse_has_bound(const struct compiler *c)
{
	return c->at + 1 < c->text.n && c->text.p[c->at] == '>' && c->text.p[c->at + 1] >= '0' && c->text.p[c->at + 1] <= '9';
}

static bool parse_class(struct compiler *c, class_id *class, uint16_t *value)
{
	struct str name = parse_name(c);
	uint64_t number = 0;
	*value = 0;
	*class = CLASS_NONE;
	if (!name.n)
		return parse_fail(c, c->at, "a name of a list or class must follow @");
	*class = c->name(c->ctx, name);
	if (*class == CLASS_NONE)
		return parse_fail(c, c->at, "too many classes");
	if (parse_has_bound(c)) {
		c->at++;
		if (!str_number(parse_name(c), &number) || number > UINT16_MAX)
			return parse_fail(c, c->at, "a number up to 65535 must follow >");
		*value = (uint16_t)number;
	}
	return true;
}

static bool parse_group(struct compiler *c)
{
	if (take_if(c, "?="))
		return parse_look(c, false, false);
	if (take_if(c, "?!"))
		return parse_look(c, false, true);
	if (take_if(c, "?<="))
		return parse_look(c, true, false);
	if (take_if(c, "?<!"))
		return parse_look(c, true, true);
	size_t open = c->at - 1;
	if (!parse_alternatives(c))
		return false;
	return parse_take(c) == ')' || parse_fail(c, open, "this ( has no )");
}

static bool parse_named(struct compiler *c)
{
	size_t open = c->at;
	struct str name = parse_name(c);
	if (!name.n || !take_if(c, ":"))
		return parse_fail(c, open, "a named part reads <NAME: …>");
	class_id class = c->name(c->ctx, name);
	if (class == CLASS_NONE)
		return parse_fail(c, open, "too many classes");
	class_list_add(&c->p->groups, &c->p->n_groups, &c->p->cap_groups, class);
	parse_add_step(c, (struct op_step){.code = OP_OPEN, .a = class});
	if (!parse_alternatives(c))
		return false;
	if (parse_take(c) != '>')
		return parse_fail(c, open, "this < has no >");
	parse_add_step(c, (struct op_step){.code = OP_CLOSE, .a = class});
	return true;
}

static bool parse_escape(struct compiler *c)
{
	codepoint cp;
	size_t step = utf8_step(c->text, c->at, &cp);
	if (!step)
		return parse_fail(c, c->at, "nothing follows this \\");
	c->at += step;
	unsigned kind = parse_kind(cp);
	if (cp == 'b' || cp == 'B') {
		parse_add_step(c, (struct op_step){.code = OP_WORD, .negated = cp == 'B'});
		return true;
	}
	if (!kind) {
		parse_add_step(c, (struct op_step){.code = OP_CHAR, .a = fold_pattern(cp)});
		return true;
	}
	parse_add_step(c, (struct op_step){.code = OP_SET, .a = (uint32_t)parse_add_set(c, (struct set){.kinds = kind})});
	return true;
}

static bool parse_atom(struct compiler *c)
{
	size_t from = c->at;
	codepoint cp = parse_take(c);
	struct set set = {0};
	class_id class = CLASS_NONE;
	uint16_t value = 0;
	switch (cp) {
	case '(':
		return parse_group(c);
	case '<':
		return parse_named(c);
	case '[':
		if (!parse_set(c, &set)) {
			mem_free(set.ranges);
			return false;
		}
		parse_add_step(c, (struct op_step){.code = OP_SET, .a = (uint32_t)parse_add_set(c, set)});
		return true;
	case '@':
		if (!parse_class(c, &class, &value))
			return false;
		parse_add_step(c, (struct op_step){.code = OP_CLASS, .a = class, .value = value});
		return true;
	case '.':
		parse_add_step(c, (struct op_step){.code = OP_ANY});
		return true;
	case '^':
		parse_add_step(c, (struct op_step){.code = OP_BOL});
		return true;
	case '$':
		parse_add_step(c, (struct op_step){.code = OP_EOL});
		return true;
	case '\\':
		return parse_escape(c);
	case '?': case '*': case '+': case '{': case '}': case ']': case '>':
		return parse_fail(c, from, "nothing stands before this sign that it could repeat or close; \\ in front makes it a character");
	default:
		parse_add_step(c, (struct op_step){.code = OP_CHAR, .a = fold_pattern(cp)});
		return true;
	}
}

static bool parse_number(struct compiler *c, size_t *out)
{
	uint64_t n;
	size_t from = c->at;
	while (c->at < c->text.n && c->text.p[c->at] >= '0' && c->text.p[c->at] <= '9')
		c->at++;
	if (!str_number(str_sub(c->text, from, c->at), &n) || n > PATTERN_REACH)
		return parse_fail(c, from, "a count from 0 to 255 is wanted here");
	*out = (size_t)n;
	return true;
}

/* How often what stands before is to come: least, most (NOWHERE: without end). */
static bool parse_count(struct compiler *c, size_t *least, size_t *most)
{
	*least = *most = 1;
	if (take_if(c, "?")) {
		*least = 0;
	} else if (take_if(c, "*")) {
		*least = 0;
		*most = NOWHERE;
	} else if (take_if(c, "+")) {
		*most = NOWHERE;
	} else if (take_if(c, "{")) {
		if (!parse_number(c, least))
			return false;
		*most = *least;
		if (take_if(c, ",") && !parse_number(c, most))
			return false;
		if (!take_if(c, "}") || *most < *least)
			return parse_fail(c, c->at, "a count reads {m,n} with m not above n");
	}
	return true;
}

static void set_split(struct compiler *c, size_t split, size_t inside, size_t behind, bool lazy)
{
	c->p->steps[split].a = (uint32_t)(lazy ? behind : inside);
	c->p->steps[split].b = (uint32_t)(lazy ? inside : behind);
}

static bool has_target(const struct op_step *s)
{
	return s->code == OP_SPLIT || s->code == OP_JUMP || s->code == OP_AHEAD || s->code == OP_BEHIND;
}

/* Targets within steps that stood at `from` and now stand `by` further. */
static void relocate(struct op_step *steps, size_t n, size_t from, size_t by)
{
	for (size_t i = 0; i < n; i++) {
		if (has_target(&steps[i]) && steps[i].a >= from)
			steps[i].a += (uint32_t)by;
		if (steps[i].code == OP_SPLIT && steps[i].b >= from)
			steps[i].b += (uint32_t)by;
	}
}

/* Puts a split in front of the steps from `first` on. */
static size_t insert_split(struct compiler *c, size_t first)
{
	size_t n = c->p->n - first;
	parse_add_step(c, (struct op_step){.code = OP_SPLIT});
	memmove(c->p->steps + first + 1, c->p->steps + first, n * sizeof *c->p->steps);
	relocate(c->p->steps + first + 1, n, first, 1);
	c->p->steps[first] = (struct op_step){.code = OP_SPLIT};
	return first;
}

/* Adds a copy of steps that were compiled to stand at `from`. */
static void add_copy(struct compiler *c, const struct op_step *steps, size_t n, size_t from)
{
	size_t at = c->p->n;
	for (size_t i = 0; i < n; i++)
		parse_add_step(c, steps[i]);
	relocate(c->p->steps + at, n, from, at - from);
}

/* Repeats the atom that was compiled at `first`; `from`: its place in the text. */
static bool repeat(struct compiler *c, size_t from, size_t first, size_t least, size_t most, bool lazy)
{
	size_t n = c->p->n - first, copies = most == NOWHERE ? least + 1 : most;
	if (copies * (n + 1) > PATTERN_STATES)
		return parse_fail(c, from, "this pattern is too large; smaller counts help");
	struct op_step *atom = mem_array(n, sizeof *atom);
	size_t *splits = mem_array(copies + 1, sizeof *splits);
	memcpy(atom, c->p->steps + first, n * sizeof *atom);
	c->p->n = first;
	for (size_t i = 0; i < least; i++)
		add_copy(c, atom, n, first);
	for (size_t i = least; i < copies; i++) {
		splits[i] = parse_add_step(c, (struct op_step){.code = OP_SPLIT});
		add_copy(c, atom, n, first);
	}
	if (most == NOWHERE)
		parse_add_step(c, (struct op_step){.code = OP_JUMP, .a = (uint32_t)splits[least]});
	for (size_t i = least; i < copies; i++)
		set_split(c, splits[i], splits[i] + 1, c->p->n, lazy);
	mem_free(splits);
	mem_free(atom);
	return true;
}

static bool parse_piece(struct compiler *c)
{
	parse_peek(c);
	size_t atom = c->at, first = c->p->n, least, most;
	if (!parse_atom(c) || !parse_count(c, &least, &most))
		return false;
	if (c->p->n > PATTERN_STATES)
		return parse_fail(c, atom, "this pattern is too large");
	if (least == 1 && most == 1)
		return true;
	return repeat(c, atom, first, least, most, take_if(c, "?"));
}

static bool parse_sequence(struct compiler *c)
{
	for (;;) {
		codepoint cp = parse_peek(c);
		if (cp == 0 || cp == '|' || cp == ')' || cp == '>')
			return true;
		if (!parse_piece(c))
			return false;
	}
}

/* Jumps from the ends of alternatives to behind the last one. */
struct jumps {
	size_t *list, n, cap;
};

/* Another alternative follows that one: a split goes in front of it. */
static void end_alternative(struct compiler *c, size_t first, struct jumps *j)
{
	size_t split = insert_split(c, first);
	if (j->n == j->cap) {
		j->cap = j->cap ? j->cap * 2 : 8;
		j->list = mem_grow(j->list, j->cap, sizeof *j->list);
	}
	j->list[j->n++] = parse_add_step(c, (struct op_step){.code = OP_JUMP});
	set_split(c, split, split + 1, c->p->n, false);
}

static void end_alternatives(struct compiler *c, struct jumps *j)
{
	for (size_t i = 0; i < j->n; i++)
		c->p->steps[j->list[i]].a = (uint32_t)c->p->n;
	mem_free(j->list);
}

bool parse_alternatives(struct compiler *c)
{
	struct jumps jumps = {0};
	bool fine = ++c->depth <= DEPTH_MAX || parse_fail(c, c->at, "groups nested too deeply");
	while (fine) {
		size_t first = c->p->n;
		fine = parse_sequence(c);
		if (!fine || parse_peek(c) != '|')
			break;
		parse_take(c);
		end_alternative(c, first, &jumps);
	}
	end_alternatives(c, &jumps);
	c->depth--;
	return fine;
}

bool parse_alternatives_at(struct compiler *c, const size_t *places, size_t n)
{
	struct jumps jumps = {0};
	bool fine = ++c->depth <= DEPTH_MAX || parse_fail(c, c->at, "groups nested too deeply");
	for (size_t i = 0; i < n && fine; i++) {
		size_t first = c->p->n;
		c->at = places[i];
		fine = parse_sequence(c);
		if (fine && i + 1 < n)
			end_alternative(c, first, &jumps);
	}
	end_alternatives(c, &jumps);
	c->depth--;
	return fine;
}

static bool compile_part(struct compiler *c, struct str text, bool look, bool behind, bool negated)
{
	if (!text.n && look)
		return true;
	c->text = text;
	c->at = 0;
	if (!look)
		return parse_alternatives(c) && (parse_peek(c) == 0 || parse_fail(c, c->at, "a ) or > that closes nothing"));
	/* A simple look ends with the bracket that a part has not: given one, all looks are parsed alike. */
	struct buf closed = {0};
	buf_add(&closed, text);
	buf_addc(&closed, ')');
	c->text = buf_str(&closed);
	bool fine = parse_look(c, behind, negated);
	if (fine && parse_peek(c))
		fine = parse_fail(c, c->at, "a ) that closes nothing");
	buf_free(&closed);
	return fine;
}

bool pattern_compile(const struct pattern_source *source, class_of_name *name, void *ctx, struct pattern **out, size_t *part,
                     struct error *err)
{
	struct pattern *p = mem_alloc(sizeof *p);
	struct compiler c = {.p = p, .name = name, .ctx = ctx, .err = err};
	p->longest = source->longest || source->all;
	p->all = source->all;
	*out = NULL;
	const struct {
		struct str text;
		size_t part;
		bool look, behind, negated;
	} parts[] = {
		{source->before, 1, true, true, false}, {source->not_before, 2, true, true, true}, {source->match, 0, false, false, false},
		{source->after, 3, true, false, false}, {source->not_after, 4, true, false, true},
	};
	bool fine = true;
	for (size_t i = 0; i < COUNT_OF(parts) && fine; i++) {
		*part = parts[i].part;
		fine = compile_part(&c, parts[i].text, parts[i].look, parts[i].behind, parts[i].negated);
	}
	if (fine) {
		parse_add_step(&c, (struct op_step){.code = OP_MATCH});
		*part = 0;
		fine = pattern_plan(p) || error_at(err, ERROR_SYNTAX, NULL, 0, 1, "this pattern could match nothing at all");
	}
	if (fine)
		*out = p;
	else
		pattern_free(p);
	return fine;
}

void pattern_free(struct pattern *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n_sets; i++)
		mem_free(p->sets[i].ranges);
	for (size_t i = 0; i < p->n_looks; i++) {
		mem_free(p->looks[i].classes);
		mem_free(p->looks[i].words);
	}
	mem_free(p->steps);
	mem_free(p->sets);
	mem_free(p->looks);
	items_free(&p->starts);
	items_free(&p->behind);
	for (size_t i = 0; i < p->n_needs; i++) {
		items_free(&p->needs[i].items);
		mem_free(p->needs[i].passed);
	}
	mem_free(p->needs);
	mem_free(p->groups);
	mem_free(p->glances);
	mem_free(p);
}
