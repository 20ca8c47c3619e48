/* conll_layout: which columns a file of tokens has; see conll_in.h.
 *
 * What divides them is a tab where lines have tabs, else blanks.  The column of tags is the last one in which every
 * value is a tag; where the lines are numbered and all columns behind the token are tags, each is a layer of its own
 * (GermEval 2014).  A line of words that all end in a bar and a tag is a sentence (spaCy's .iob).  Without such a
 * column: brackets where the parse and the names are brackets (CoNLL-2012); a tree where lines are numbered and as
 * long as those of a treebank; labels without a scheme where a column has O among names in capitals. */
#include <string.h>

#include "annotations/formats/conll_in.h"

#define SNIFF_LINES 2000

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

size_t conll_split(struct str line, bool tabs, struct str *fields)
{
	size_t n = 0, at = 0;
	while (at < line.n) {
		size_t end = at;
		while (end < line.n && (tabs ? line.p[end] != '\t' : !is_blank(line.p[end])))
			end++;
		if (tabs || end > at) {
			if (n < CONLL_MOST)
				fields[n] = str_sub(line, at, end);
			n++;
		}
		at = end + 1;
	}
	return n;
}

bool conll_split_word(struct str word, size_t columns, struct str *fields)
{
	for (size_t i = columns; i-- > 1;) {
		size_t bar = word.n;
		while (bar && word.p[bar - 1] != '|')
			bar--;
		if (bar < 2) /* a token has at least a character */
			return false;
		fields[i] = str_sub(word, bar, word.n);
		word.n = bar - 1;
	}
	fields[0] = word;
	return true;
}

bool conll_next_line(struct str file, size_t *at, struct str *line)
{
	if (*at >= file.n)
		return false;
	size_t end = str_byte(file, '\n', *at);
	*line = str_sub(file, *at, end == NOWHERE ? file.n : end);
	*at = end == NOWHERE ? file.n : end + 1;
	while (line->n && (is_blank(line->p[line->n - 1]) || line->p[line->n - 1] == '\r'))
		line->n--;
	return true;
}

bool conll_is_start(const struct conll_layout *l, struct str line)
{
	return str_starts(line, S("-DOCSTART-")) ||
	       (l->kind == CONLL_BRACKETS && str_starts(line, S("#begin document"))) ||
	       (l->kind == CONLL_TREE && (str_eq(line, S("# newdoc")) || str_starts(line, S("# newdoc "))));
}

/* A mark of SGML around documents or sentences among them. */
static bool says_nothing(struct str line)
{
	return line.n == 0 || str_starts(line, S("-DOCSTART-")) || (line.p[0] == '<' && line.p[line.n - 1] == '>');
}

/* ---- what the values are like ------------------------------------------------------------------------------- */

struct column {
	size_t tagged, outside, numbered, labelled, bracketed, empty, named;
};

struct sniff {
	size_t by_count[CONLL_COLUMNS + 1];
	size_t lines;
	struct column columns[CONLL_COLUMNS];
};

static bool is_number(struct str s)
{
	uint64_t n;
	return str_number(s, &n);
}

/* A word's number, the first and last of several (2-3), that of one that is not there (2.1). */
static bool is_word_number(struct str s)
{
	size_t mark = str_byte(s, '-', 0);
	mark = mark == NOWHERE ? str_byte(s, '.', 0) : mark;
	return is_number(str_sub(s, 0, mark == NOWHERE ? s.n : mark)) && (mark == NOWHERE || is_number(str_sub(s, mark + 1, s.n)));
}

/* A label that stands without a scheme: O, PERSON, GPE_LOC. */
static bool is_label(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'A' && s.p[i] <= 'Z') || (i && (s.p[i] == '_' || s.p[i] == '-'))))
			return false;
	return s.n > 0;
}

/* CoNLL-2012: *, (X*, (X), (X(Y*, *), X*)) of a parse. */
static bool is_bracketed(struct str s)
{
	return str_byte(s, '*', 0) != NOWHERE || (s.n > 2 && s.p[0] == '(' && s.p[s.n - 1] == ')');
}

static size_t most_common(const struct sniff *s)
{
	size_t best = 0;
	for (size_t i = 1; i <= CONLL_COLUMNS; i++)
		if (s->by_count[i] > s->by_count[best])
			best = i;
	return best;
}

static void count_columns(struct str file, bool tabs, struct sniff *s)
{
	struct str line, fields[CONLL_MOST];
	for (size_t at = 0, n = 0; n < SNIFF_LINES && conll_next_line(file, &at, &line);) {
		/* A comment has no tabs. */
		if (says_nothing(line) || (tabs && line.p[0] == '#' && str_byte(line, '\t', 0) == NOWHERE))
			continue;
		size_t count = conll_split(line, tabs, fields);
		s->by_count[count < CONLL_COLUMNS ? count : CONLL_COLUMNS]++;
		n++;
	}
}

static void look_at(struct column *c, struct str value)
{
	struct str label;
	char place;
	c->tagged += tag_parse(value, &place, &label);
	c->outside += str_eq(value, S("O"));
	c->numbered += is_word_number(value);
	c->labelled += is_label(value);
	c->bracketed += is_bracketed(value);
	c->empty += str_eq(value, S("_"));
	c->named += str_starts(value, S("NER=")) || str_find(value, S("|NER="), 0) != NOWHERE;
}

/* Lines of at least so many columns; of just so many where they do not vary. */
static void look_at_values(struct str file, bool tabs, size_t columns, bool varies, struct sniff *s)
{
	struct str line, fields[CONLL_MOST];
	s->lines = 0;
	memset(s->columns, 0, sizeof s->columns);
	for (size_t at = 0; s->lines < SNIFF_LINES && conll_next_line(file, &at, &line);) {
		size_t n = says_nothing(line) || line.p[0] == '#' ? 0 : conll_split(line, tabs, fields);
		/* A token can be a #. */
		n = !says_nothing(line) && line.p[0] == '#' && !varies ? conll_split(line, tabs, fields) : n;
		if (n < columns || (n != columns && !varies))
			continue;
		s->lines++;
		for (size_t i = 0; i < columns; i++)
			look_at(&s->columns[i], fields[i]);
	}
}

/* A line or two may be broken. */
static bool nearly_all(size_t n, size_t of)
{
	return of && n * 50 >= of * 49;
}

/* ---- layouts ------------------------------------------------------------------------------------------------ */

static bool choose_tags(struct conll_layout *l, const struct sniff *s)
{
	size_t last = NOWHERE;
	l->token = l->columns > 2 && nearly_all(s->columns[0].numbered, s->lines) ? 1 : 0;
	for (size_t i = l->token + 1; i < l->columns; i++)
		if (nearly_all(s->columns[i].tagged, s->lines))
			last = i;
	bool layers = l->token == 1 && last + 1 == l->columns && l->columns - 2 <= CONLL_LAYERS;
	for (size_t i = 2; layers && i < l->columns; i++)
		layers = nearly_all(s->columns[i].tagged, s->lines);
	for (size_t i = 2; layers && i < l->columns; i++)
		l->tags[l->n_tags++] = i;
	if (!layers && last != NOWHERE)
		l->tags[l->n_tags++] = last;
	return l->n_tags > 0;
}

/* The last column will do in any writing; one before it must look like names of labels. */
static bool choose_plain(struct conll_layout *l, const struct sniff *s)
{
	for (size_t i = l->columns; i-- > l->token + 1;) {
		const struct column *c = &s->columns[i];
		if (c->outside * 5 < s->lines || (i + 1 < l->columns && !nearly_all(c->labelled, s->lines)))
			continue;
		l->plain = true;
		l->tags[l->n_tags++] = i;
		return true;
	}
	return false;
}

/* Document, part, number of the word, word, part of speech, parse … names at the tenth. */
static bool choose_brackets(struct str file, bool tabs, struct conll_layout *l, struct sniff *s)
{
	enum { PART = 1, WORD = 2, TOKEN = 3, PARSE = 5, NAMES = 10, LEAST = 12 };
	look_at_values(file, tabs, LEAST, true, s);
	if (!nearly_all(s->columns[PART].numbered, s->lines) || !nearly_all(s->columns[WORD].numbered, s->lines) ||
	    !nearly_all(s->columns[PARSE].bracketed, s->lines) || !nearly_all(s->columns[NAMES].bracketed, s->lines))
		return false;
	*l = (struct conll_layout){.kind = CONLL_BRACKETS,
	                           .name = "CoNLL-2012",
	                           .tabs = tabs,
	                           .columns = LEAST,
	                           .varies = true,
	                           .token = TOKEN,
	                           .tags = {NAMES},
	                           .n_tags = 1};
	return true;
}

/* What is behind the number and the word in treebanks, by how many columns there are at least. */
static bool choose_tree(struct str file, bool tabs, struct conll_layout *l, struct sniff *s)
{
	static const struct conll_layout known[] = {
	    {.name = "CoNLL-2009", .columns = 14, .varies = true, .form2 = NOWHERE, .pos = 4, .pos2 = 5, .head = 8, .head2 = 9, .relation = 10},
	    {.name = "CoNLL-2008", .columns = 11, .varies = true, .form2 = 5, .pos = 3, .pos2 = 4, .head = 8, .head2 = 8, .relation = 9},
	    {.name = "CoNLL-X or CoNLL-U", .columns = 10, .form2 = NOWHERE, .pos = 3, .pos2 = 4, .head = 6, .head2 = 6, .relation = 7},
	    {.name = "CoreNLP", .columns = 7, .form2 = NOWHERE, .pos = 3, .pos2 = NOWHERE, .head = 5, .head2 = 5, .relation = 6},
	};
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		const struct conll_layout *k = &known[i];
		look_at_values(file, tabs, k->columns, k->varies, s);
		if (s->lines == 0 || !nearly_all(s->columns[0].numbered, s->lines))
			continue;
		const struct column *head = &s->columns[k->head], *relation = &s->columns[k->relation];
		const struct column *head2 = &s->columns[k->head2];
		if (!nearly_all(head->numbered + head->empty, s->lines) || relation->numbered > relation->empty ||
		    !nearly_all(head2->numbered + head2->empty, s->lines))
			continue;
		*l = *k;
		l->kind = CONLL_TREE;
		l->tabs = tabs;
		l->token = 1;
		if (!s->columns[k->columns - 1].named)
			return true;
		l->kind = CONLL_TAGS; /* names stand among what else is said of words */
		l->misc = true;
		l->tags[l->n_tags++] = k->columns - 1;
		return true;
	}
	return false;
}

static bool choose_sentences(struct str file, struct conll_layout *l)
{
	struct str line, words[CONLL_MOST], fields[3], label;
	size_t all = 0, tagged = 0, three = 0, lines = 0;
	char place;
	for (size_t at = 0; lines < SNIFF_LINES / 10 && conll_next_line(file, &at, &line);) {
		size_t n = says_nothing(line) ? 0 : conll_split(line, false, words);
		lines += n > 0;
		for (size_t i = 0; i < n && i < CONLL_MOST; i++, all++) {
			tagged += conll_split_word(words[i], 2, fields) && tag_parse(fields[1], &place, &label);
			three += conll_split_word(words[i], 3, fields);
		}
	}
	*l = (struct conll_layout){.kind = CONLL_TAGS, .sentences = true, .n_tags = 1};
	l->columns = nearly_all(three, all) ? 3 : 2;
	l->tags[0] = l->columns - 1;
	return nearly_all(tagged, all);
}

bool conll_sniff(struct str file, struct conll_layout *out)
{
	struct sniff tabs = {0}, blanks = {0};
	if (choose_sentences(file, out))
		return true;
	*out = (struct conll_layout){0};
	count_columns(file, true, &tabs);
	count_columns(file, false, &blanks);
	out->tabs = most_common(&tabs) > 1;
	struct sniff *s = out->tabs ? &tabs : &blanks;
	out->columns = most_common(s);
	if (out->columns < 2)
		return false;
	if (out->columns < CONLL_COLUMNS) {
		look_at_values(file, out->tabs, out->columns, false, s);
		if (choose_tags(out, s))
			return true;
	}
	struct conll_layout tagged = *out;
	if (choose_brackets(file, out->tabs, out, s))
		return true;
	if (tagged.columns < CONLL_COLUMNS) {
		look_at_values(file, tagged.tabs, tagged.columns, false, s);
		if (choose_plain(&tagged, s)) {
			*out = tagged;
			return true;
		}
	}
	return choose_tree(file, tagged.tabs, out, s);
}
