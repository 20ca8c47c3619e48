/* brat_line: the lines of brat's files taken apart; see brat.h. */
#include "annotations/formats/brat.h"

#include "model/utf8.h"

#define MOST_FRAGMENTS 1000

bool brat_line(struct str line, struct str *id, struct str *rest)
{
	size_t tab = str_byte(line, '\t', 0);
	if (tab == NOWHERE || tab == 0)
		return false;
	*id = str_sub(line, 0, tab);
	*rest = str_sub(line, tab + 1, line.n);
	return true;
}

size_t brat_number(struct str id)
{
	size_t number = 0;
	if (id.n < 2 || id.n > 12)
		return NOWHERE;
	for (size_t i = 1; i < id.n; i++) {
		if (id.p[i] < '0' || id.p[i] > '9')
			return NOWHERE;
		number = number * 10 + (size_t)(id.p[i] - '0');
	}
	return number;
}

static bool take_number(struct str s, size_t *at, uint64_t *out)
{
	size_t from = *at;
	*out = 0;
	for (; *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9' && *at - from < 18; ++*at)
		*out = *out * 10 + (uint64_t)(s.p[*at] - '0');
	return *at > from;
}

static bool take_byte(struct str s, size_t *at, char c)
{
	if (*at >= s.n || s.p[*at] != c)
		return false;
	++*at;
	return true;
}

static bool take_fragment(struct str places, size_t *at, struct brat_fragment *f, const char **why)
{
	if (!take_number(places, at, &f->start) || !take_byte(places, at, ' ') || !take_number(places, at, &f->end)) {
		*why = "its offsets must be numbers: START END, or START END;START END";
		return false;
	}
	if (f->end >= f->start)
		return true;
	*why = "its end lies before its start";
	return false;
}

static bool take_fragments(struct str places, struct brat_bound *out, const char **why)
{
	size_t room = 1, at = 0;
	for (size_t i = 0; (i = str_byte(places, ';', i)) != NOWHERE; i++)
		room++;
	if (room > MOST_FRAGMENTS) {
		*why = "it has too many fragments";
		return false;
	}
	if (room > 1)
		out->more = mem_array(room, sizeof *out->more);
	do {
		if (!take_fragment(places, &at, out->more ? &out->more[out->n] : &out->one, why))
			return false;
		out->n++;
	} while (take_byte(places, &at, ';'));
	if (at == places.n)
		return true;
	*why = "something stands behind its offsets; a tab must come before the text";
	return false;
}

bool brat_bound(struct str rest, struct brat_bound *out, const char **why)
{
	size_t tab = str_byte(rest, '\t', 0), blank = str_byte(rest, ' ', 0);
	*out = (struct brat_bound){0};
	if (blank == NOWHERE || blank == 0 || (tab != NOWHERE && blank > tab)) {
		*why = "a text-bound line reads: T1, tab, TYPE START END, tab, text";
		return false;
	}
	struct str places = str_sub(rest, blank + 1, tab == NOWHERE ? rest.n : tab);
	out->type = str_sub(rest, 0, blank);
	if (tab != NOWHERE)
		out->text = str_sub(rest, tab + 1, rest.n);
	if (take_fragments(places, out, why))
		return true;
	mem_free(out->more);
	*out = (struct brat_bound){0};
	return false;
}

size_t brat_words(struct str s, struct str *words, size_t most)
{
	size_t n = 0, at = 0;
	while (n < most) {
		while (at < s.n && s.p[at] == ' ')
			at++;
		if (at == s.n)
			break;
		size_t end = n + 1 == most ? s.n : str_byte(s, ' ', at);
		end = end == NOWHERE ? s.n : end;
		words[n++] = str_sub(s, at, end);
		at = end;
	}
	return n;
}

bool brat_pair(struct str word, struct str *role, struct str *target)
{
	size_t colon = str_byte(word, ':', 0);
	if (colon == NOWHERE || colon == 0 || colon + 1 == word.n)
		return false;
	*role = str_sub(word, 0, colon);
	*target = str_sub(word, colon + 1, word.n);
	return true;
}

struct str brat_role(struct str role)
{
	size_t n = role.n;
	while (n > 1 && role.p[n - 1] >= '0' && role.p[n - 1] <= '9')
		n--;
	return str_sub(role, 0, n);
}

/* ---- written -------------------------------------------------------------------------------------------------- */

/* Fragments cut at newlines. */
struct parts {
	struct str text;
	struct record_fragment *list;
	size_t n;
};

static void add_part(struct parts *p, size_t off, size_t end, size_t *cp, size_t from)
{
	size_t start = *cp + utf8_count(str_sub(p->text, from, off)), stop = start + utf8_count(str_sub(p->text, off, end));
	p->list = mem_grow(p->list, p->n + 1, sizeof *p->list);
	p->list[p->n++] = (struct record_fragment){off, end, start, stop};
	*cp = stop;
}

static void cut_fragment(struct parts *p, const struct record_fragment *f)
{
	size_t cp = f->start, counted = f->off, at = f->off;
	while (at < f->end) {
		size_t end = at;
		while (end < f->end && p->text.p[end] != '\n' && p->text.p[end] != '\r')
			end++;
		if (end > at) {
			add_part(p, at, end, &cp, counted);
			counted = end;
		}
		at = end + 1;
	}
}

static void add_places(struct buf *out, const struct record_fragment *f, size_t n, struct str text)
{
	for (size_t i = 0; i < n; i++)
		buf_addf(out, "%s%zu %zu", i ? ";" : " ", f[i].start, f[i].stop);
	buf_addc(out, '\t');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_addc(out, ' ');
		buf_add(out, str_sub(text, f[i].off, f[i].end));
	}
}

void brat_add_bound(struct buf *out, struct str id, struct str type, const struct record_fragment *fragments, size_t n,
                    struct str text)
{
	struct parts p = {.text = text};
	bool cut = false;
	for (size_t i = 0; i < n && !cut; i++) {
		struct str part = str_sub(text, fragments[i].off, fragments[i].end);
		cut = str_byte(part, '\n', 0) != NOWHERE || str_byte(part, '\r', 0) != NOWHERE;
	}
	for (size_t i = 0; i < n && cut; i++)
		cut_fragment(&p, &fragments[i]);
	buf_add(out, id);
	buf_addc(out, '\t');
	record_add_word(out, type);
	if (p.n)
		add_places(out, p.list, p.n, text);
	else if (cut) /* nothing but newlines: a place without text */
		add_places(out, &(struct record_fragment){fragments->off, fragments->off, fragments->start, fragments->start},
		           1, text);
	else
		add_places(out, fragments, n, text);
	mem_free(p.list);
}

void brat_add_relation(struct buf *out, struct str id, struct str type, struct str from, struct str to)
{
	buf_add(out, id);
	buf_addc(out, '\t');
	record_add_word(out, type);
	buf_adds(out, " Arg1:");
	buf_add(out, from);
	buf_adds(out, " Arg2:");
	buf_add(out, to);
	buf_addc(out, '\t');
}
