/* zones_split.c: bylines within lines, and what the header line shows; see zones.h and zones_split.h. */
#include "model/zones_split.h"

#define DATELINE_MOST 16 /* code points before the bracket of a dateline */
#define CREDIT_MOST 60   /* within brackets */
#define VALUE_MOST 20    /* of a byline's label */
#define REST_LEAST 20    /* what must follow for a line to be divided */

/* Whether [i, end) names who wrote or edited the article. */
static bool has_credit(const struct folded *f, size_t i, size_t end, const struct matcher *m)
{
	size_t lengths[ZONE_WORDS];

	for (; i < end; i++)
		if (matcher_at(m, f, i, lengths) && (lengths[ZONE_WORD_AUTHOR] || lengths[ZONE_WORD_CREDIT]))
			return true;
	return false;
}

/* `本报讯(记者李铮 冯芸)`: the index after the bracket, or 0. */
static size_t dateline(const struct folded *f, const struct matcher *m)
{
	size_t open = 0, close;

	while (open < f->n && f->cp[open] != '(' && open < DATELINE_MOST) {
		if (cp_is_one_of(f->cp[open], "。,;!?“\""))
			return 0;
		open++;
	}
	if (open >= f->n || f->cp[open] != '(')
		return 0;
	for (close = open; close < f->n && f->cp[close] != ')'; close++)
		if (close - open > CREDIT_MOST || cp_is_one_of(f->cp[close], "。;!?"))
			return 0;
	if (close == f->n || !has_credit(f, open, close, m))
		return 0;
	return close + 1;
}

/* A date with a clock time, or labels with their values, before the text begins: the index after them, or 0. */
static size_t byline_start(const struct folded *f, const struct matcher *m)
{
	size_t at = 0, done = 0, lengths[ZONE_WORDS];
	bool labelled = false;

	for (;;) {
		bool full = false, clock = false;
		size_t n = moment_at(f, at, &full, &clock);

		if (n && full && (clock || labelled)) {
			at += n;
			done = at;
			at += blanks_at(f, at);
			labelled = false;
			continue;
		}
		if (at >= f->n || !matcher_at(m, f, at, lengths))
			return done;
		n = 0;
		for (size_t k = 0; k <= ZONE_WORD_CREDIT; k++)
			n = lengths[k] > n ? lengths[k] : n;
		if (!n || at + n >= f->n || f->cp[at + n] != ':')
			return done;
		at += n + 1;
		at += blanks_at(f, at);
		labelled = true;
		if (moment_at(f, at, &full, &clock))
			continue;
		for (n = 0; at + n < f->n && f->cp[at + n] != ' '; n++)
			if (n > VALUE_MOST || cp_is_one_of(f->cp[at + n], "。,;!?"))
				return done;
		at += n;
		done = at;
		at += blanks_at(f, at);
	}
}

/* `…召开。(河南日报记者 冯芸)`: the index of the bracket, or f->n. */
static size_t credit_at_end(const struct folded *f, const struct matcher *m)
{
	size_t open = f->n;

	if (f->n == 0 || !cp_is_one_of(f->cp[f->n - 1], ")]】〕"))
		return f->n;
	while (open > 0 && !cp_is_one_of(f->cp[open - 1], "([【〔")) {
		open--;
		if (f->n - open > CREDIT_MOST || cp_is_one_of(f->cp[open], "。;!?"))
			return f->n;
	}
	if (open < 2 || !has_credit(f, open, f->n, m))
		return f->n;
	open--;
	for (size_t before = open; before > 0; before--)
		if (f->cp[before - 1] != ' ')
			return cp_is_one_of(f->cp[before - 1], "。!?;.…”」』") ? open : f->n;
	return f->n;
}

static void split_line(const struct line *line, const struct folded *f, const struct matcher *m, struct zones *out)
{
	size_t start, end;

	start = dateline(f, m);
	if (!start)
		start = byline_start(f, m);
	start += start ? blanks_at(f, start) : 0;
	if (start == f->n && start > 0) {
		zones_add(out, line->off, line->end, ZONE_BYLINE);
		return;
	}
	if (start + REST_LEAST > f->n)
		start = 0;
	end = credit_at_end(f, m);
	zones_add(out, line->off, start ? f->off[start] : line->off, ZONE_BYLINE);
	zones_add(out, start ? f->off[start] : line->off, end < f->n ? f->off[end] : line->end, ZONE_BODY);
	zones_add(out, end < f->n ? f->off[end] : line->end, line->end, ZONE_BYLINE);
}

void zones_split(const struct line *lines, size_t n, const struct folded *folded, const struct matcher *m, struct zones *out)
{
	for (size_t i = 0; i < n; i++) {
		if (lines[i].kind == ZONE_BODY && lines[i].folded != NOWHERE) {
			struct folded f = line_folded(&lines[i], folded);
			split_line(&lines[i], &f, m, out);
		} else {
			zones_add(out, lines[i].off, lines[i].end, lines[i].kind);
		}
	}
}

/* ---- the header line -------------------------------------------------------------------------------------- */

static struct zone range(const struct folded *f, size_t from, size_t to, enum zone_kind kind)
{
	while (to > from && f->cp[to - 1] == ' ')
		to--;
	return (struct zone){f->off[from], f->off[to], kind};
}

/* The index after the labels of that kind at the start of the line; 0 for none. */
static size_t label_end(const struct folded *f, const struct matcher *m, enum zone_word kind)
{
	size_t lengths[ZONE_WORDS], i = 0;

	while (i < f->n && cp_is_one_of(f->cp[i], " -*·[(【"))
		i++;
	if (i >= f->n || !matcher_at(m, f, i, lengths) || !lengths[kind])
		return 0;
	i += lengths[kind];
	i += blanks_at(f, i);
	return i < f->n && f->cp[i] == ':' ? i + 1 + blanks_at(f, i + 1) : 0;
}

static void look_at_title(struct headline *h, const struct folded *f, const struct matcher *m)
{
	size_t label = label_end(f, m, ZONE_WORD_TITLE);

	if (f->n == 0 || label >= f->n || (h->title.end && (label || h->title.kind == ZONE_TITLE)))
		return;
	/* A title after a label stands in for one only as long as no other is found. */
	h->title = range(f, label, f->n, label ? ZONE_BYLINE : ZONE_TITLE);
}

/* Where the value that begins at i ends: before two blanks, a bar, a bracket, a date or the next label. */
static size_t value_end(const struct folded *f, const struct matcher *m, size_t i)
{
	size_t lengths[ZONE_WORDS], at = i;

	for (; at < f->n; at++) {
		if (cp_is_one_of(f->cp[at], " |)]】(") || (at > i && date_at(f, at, NULL)))
			return at;
		if (!matcher_at(m, f, at, lengths))
			continue;
		for (size_t k = 0; k <= ZONE_WORD_CREDIT; k++)
			if (lengths[k] && at + lengths[k] < f->n && f->cp[at + lengths[k]] == ':')
				return at;
	}
	return at;
}

static void look_at_byline(struct headline *h, const struct folded *f, const struct matcher *m)
{
	size_t lengths[ZONE_WORDS];

	for (size_t i = 0; i < f->n; i++) {
		bool full = false, clock = false;
		size_t n = h->date.end ? 0 : moment_at(f, i, &full, &clock);

		if (n && full)
			h->date = range(f, i, i + n, ZONE_BYLINE);
		if (h->source.end || !matcher_at(m, f, i, lengths) || !lengths[ZONE_WORD_SOURCE])
			continue;
		i += lengths[ZONE_WORD_SOURCE];
		i += blanks_at(f, i);
		if (i >= f->n || f->cp[i] != ':')
			continue;
		i += 1 + blanks_at(f, i + 1);
		if (i < value_end(f, m, i))
			h->source = range(f, i, value_end(f, m, i), ZONE_BYLINE);
		i--;
	}
}

struct headline zones_headline(struct str text, const struct zones *z, const struct zone_rules *rules)
{
	struct headline h = {0};
	const struct matcher *m = matcher_of(rules);
	struct noise_facts facts = noise_facts_of(text);
	struct folded f = {0};

	for (size_t i = 0; i < z->n; i++) {
		if (z->list[i].kind != ZONE_TITLE && z->list[i].kind != ZONE_BYLINE)
			continue;
		for (size_t off = z->list[i].off; off < z->list[i].end;) {
			size_t end = str_byte(str_sub(text, 0, z->list[i].end), '\n', off);

			end = end == NOWHERE ? z->list[i].end : end + 1;
			folded_line(&f, text, off, end, facts);
			if (z->list[i].kind == ZONE_TITLE)
				look_at_title(&h, &f, m);
			else
				look_at_byline(&h, &f, m);
			off = end;
		}
	}
	h.title.kind = ZONE_TITLE;
	folded_free(&f);
	matcher_done(m, rules);
	return h;
}
